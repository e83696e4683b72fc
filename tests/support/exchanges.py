"""Both sides of a comparison as bare exchanges: messages in, messages out, without models and sessions."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from google.protobuf.message import Message

from weaviate_orm.transport.base import Exchange
from weaviate_orm.transport.grpc import GrpcExchange
from weaviate_orm.transport.http import HttpExchange
from weaviate_orm.transport.settings import ConnectionSettings
from weaviate_orm.transport.target import resolve_target
from weaviate_orm.wire.call import Patience, RestReply, Rpc
from weaviate_orm.wire.server import DEFAULT_MESSAGE_SIZE

__all__ = ["RemoteExchange", "call_rest", "over_ports"]


class RemoteExchange:
    """A server's two ports, as one exchange."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._http = HttpExchange(settings)
        self._grpc = GrpcExchange(settings, DEFAULT_MESSAGE_SIZE)

    def unary(self, rpc: Rpc, request: Message, /) -> Message:
        return self._grpc.unary(rpc, request)

    def rest(
        self, method: str, path: str, /, *, query: Mapping[str, str | None], body: object, patience: Patience
    ) -> RestReply:
        return self._http.rest(method, path, query=query, body=body, patience=patience)

    def close(self) -> None:
        self._grpc.close()
        self._http.close()


@contextmanager
def over_ports(url: str, grpc_port: int) -> Generator[RemoteExchange]:
    """Connect to a server, without asking it anything."""
    settings = resolve_target(url, grpc_port=grpc_port, environment={})
    assert isinstance(settings, ConnectionSettings)
    exchange = RemoteExchange(settings)
    try:
        yield exchange
    finally:
        exchange.close()


def call_rest(exchange: Exchange, method: str, path: str, body: object = None, **query: str) -> RestReply:
    """Send one REST request, whatever the answer."""
    return exchange.rest(method, path, query=query, body=body, patience=Patience.QUERY)
