"""What a server says about itself: the meta, live, ready and health calls, and the value that holds the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, cast

from weaviate_orm.errors import ProtocolError
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall, Patience, RestCall, RestReply
from weaviate_orm.wire.rpcs import HEALTH

__all__ = [
    "DEFAULT_MESSAGE_SIZE",
    "ServerInfo",
    "Version",
    "health",
    "json_object",
    "live",
    "meta",
    "parse_version",
    "ready",
]

Version = tuple[int, int, int]

DEFAULT_MESSAGE_SIZE = 104_858_000
"""Bytes of one gRPC message, as servers before they published the number accepted it."""

_LEADING_NUMBERS = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """The connected server.

    Attributes:
        version: as the server writes it, suffixes included: ``"1.39.0-rc.1"``.
        max_message_size: bytes of one gRPC message, either way.
        modules: names of the enabled modules, sorted.
        hostname: the address that the server believes it has.
    """

    version: str
    max_message_size: int = DEFAULT_MESSAGE_SIZE
    modules: tuple[str, ...] = ()
    hostname: str = ""

    @property
    def release(self) -> Version:
        """The three leading numbers of the version, which is what versions are compared by."""
        return parse_version(self.version)


def parse_version(text: str) -> Version:
    """Give the three leading numbers of a version: ``"1.39.0-rc.1"`` is ``(1, 39, 0)``.

    Raises:
        ProtocolError: the text does not start with a version.
    """
    found = _LEADING_NUMBERS.match(text)
    if found is None:
        raise ProtocolError(f"Expected a version such as '1.39.3' from the server, got {text[:80]!r}.")
    return int(found[1]), int(found[2]), int(found[3] or 0)


def meta() -> RestCall[ServerInfo]:
    """Ask for version, message size and modules. The reading raises ProtocolError when it is not Weaviate that answered."""
    return RestCall("GET", "/meta", _read_meta, patience=Patience.INIT, repeatable=True)


def live() -> RestCall[bool]:
    """Ask whether the server's process answers."""
    return RestCall("GET", "/.well-known/live", _is_ok, accept=_YES_OR_NO, patience=Patience.INIT, repeatable=True)


def ready() -> RestCall[bool]:
    """Ask whether the server takes requests; False while it starts or stops."""
    return RestCall("GET", "/.well-known/ready", _is_ok, accept=_YES_OR_NO, patience=Patience.INIT, repeatable=True)


def health() -> GrpcCall[bool]:
    """Ask whether the gRPC port serves."""
    return GrpcCall(HEALTH, pb.HealthCheckRequest(), _is_serving)


_YES_OR_NO = frozenset({200, 503})
_SERVING = 1  # grpc.health.v1.HealthCheckResponse.ServingStatus


def _is_ok(reply: RestReply) -> bool:
    return reply.status == 200


def _is_serving(reply: Any) -> bool:  # a reply message's class is only known at run time
    return bool(reply.status == _SERVING)


def _read_meta(reply: RestReply) -> ServerInfo:
    body = json_object(reply.body)
    version, size, hostname = body.get("version"), body.get("grpcMaxMessageSize"), body.get("hostname")
    if not isinstance(version, str) or _LEADING_NUMBERS.match(version) is None:
        raise ProtocolError(
            f"This is not a Weaviate server: expected a JSON object with a version, got {str(reply.body)[:80]!r}. "
            "Check host and port.",
            operation="GET /v1/meta",
            status=reply.status,
        )
    return ServerInfo(
        version=version,
        max_message_size=size if isinstance(size, int) and size > 0 else DEFAULT_MESSAGE_SIZE,
        modules=tuple(sorted(json_object(body.get("modules")))),
        hostname=hostname if isinstance(hostname, str) else "",
    )


def json_object(value: object) -> dict[str, object]:
    """Give a JSON value as an object; an empty one when it is anything else."""
    # The cast says what JSON guarantees and isinstance cannot: keys are strings.
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}
