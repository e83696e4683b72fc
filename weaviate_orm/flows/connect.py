"""The first exchange with a server, in two steps: who answers on the REST port, then whether the gRPC port serves.

They are two flows because the gRPC channel is made with the message size that the first one learns. Their errors say which of the two
ports failed, and carry the operation ``"connect"``, by which ``retry.py`` knows not to repeat them.
"""

from __future__ import annotations

from weaviate_orm.errors import (
    RequestTimeoutError,
    ServerTooOldError,
    ServerUnavailableError,
    TransportError,
    UnsupportedFeatureError,
    WeaviateError,
)
from weaviate_orm.wire.call import Flow, ask
from weaviate_orm.wire.features import MINIMUM_VERSION
from weaviate_orm.wire.server import ServerInfo, health, meta

__all__ = ["CONNECT", "identify", "probe_grpc"]

CONNECT = "connect"
"""The operation that errors of these flows carry."""


def identify() -> Flow[ServerInfo]:
    """Find out over REST who answers, and refuse a server that is too old.

    Raises:
        ServerTooOldError: below the least supported version.
        ProtocolError: something other than Weaviate answered.
        AuthenticationError, PermissionDeniedError: the credentials were refused.
        ServerUnreachableError, ServerUnavailableError, RequestTimeoutError: nothing useful on the REST port.
    """
    try:
        server = yield from ask(meta())
    except WeaviateError as error:
        error.operation = CONNECT
        raise
    if server.release < MINIMUM_VERSION:
        least = ".".join(map(str, MINIMUM_VERSION))
        raise ServerTooOldError(
            f"The server is Weaviate {server.version}; this library needs {least} or newer. Upgrade the server.",
            operation=CONNECT,
        )
    return server


def probe_grpc(server: ServerInfo, *, rest_address: str, grpc_address: str) -> Flow[None]:
    """Make sure that the gRPC port serves, after ``identify`` found the REST port working.

    Args:
        server: what ``identify`` gave.
        rest_address: the REST host and port, for the message.
        grpc_address: the gRPC host and port, for the message.

    Raises:
        ServerUnreachableError: nobody answers on the gRPC port.
        ServerUnavailableError: gRPC answers that it does not serve.
        RequestTimeoutError: no answer in time, as behind a firewall that drops packets.
    """
    found = f"REST at {rest_address} answers (Weaviate {server.version}), but gRPC at {grpc_address} does not"
    advice = "Weaviate needs both ports. If gRPC is published elsewhere, pass grpc_port=."
    try:
        serving = yield from ask(health())
    except (TransportError, UnsupportedFeatureError) as error:
        reason = "a firewall may be dropping the packets" if isinstance(error, RequestTimeoutError) else ""
        error._reword(f"{found}{': ' + reason if reason else ''}. {advice} {error.message}")
        error.operation = CONNECT
        raise
    except WeaviateError as error:
        error.operation = CONNECT
        raise
    if not serving:
        raise ServerUnavailableError(
            f"gRPC at {grpc_address} answers that it does not serve. The server may be starting or stopping; try again.",
            operation=CONNECT,
        )
