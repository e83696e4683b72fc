"""The gRPC port as one handler: finds the method, reads the request, hands it to the engine, turns refusals into statuses.

grpcio ships no types, and is imported when a server starts; what is used of it is described by the protocols here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from google.protobuf.message import DecodeError, Message

from weaviate_orm.serving.access import Access
from weaviate_orm.serving.engines import Answering
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.call import Rpc
from weaviate_orm.wire.status import RpcRefused

if TYPE_CHECKING:
    from typing import NoReturn

__all__ = ["STREAM_PATH", "RpcHandler"]

STREAM_PATH = "/weaviate.v1.Weaviate/BatchStream"

_log = logging.getLogger("weaviate_orm.serving")

_UNARY: Mapping[str, tuple[Rpc, type[Message]]] = {
    rpc.path: (rpc, request)
    for rpc, request in (
        (rpcs.SEARCH, pb.SearchRequest),
        (rpcs.AGGREGATE, pb.AggregateRequest),
        (rpcs.TENANTS_GET, pb.TenantsGetRequest),
        (rpcs.BATCH_OBJECTS, pb.BatchObjectsRequest),
        (rpcs.BATCH_REFERENCES, pb.BatchReferencesRequest),
        (rpcs.BATCH_DELETE, pb.BatchDeleteRequest),
    )
}

_HEALTH = "/grpc.health.v1.Health/"
_SERVING = b"\x08\x01"
# A map with one entry: "weaviate" is SERVING.
_SERVICES = b"\x0a\x0e\x0a\x08weaviate\x12\x02" + _SERVING
_KNOWN_SERVICES = ("weaviate.v1.Weaviate", "grpc.health.v1.Health")


class _Context(Protocol):
    """The part of grpc.ServicerContext that is used."""

    def abort(self, code: Any, details: str) -> NoReturn: ...  # grpc.StatusCode, an untyped enum


class _Details(Protocol):
    """The part of grpc.HandlerCallDetails that is used."""

    method: str
    invocation_metadata: tuple[tuple[str, str], ...]


class RpcHandler:
    """Answers every gRPC method of the server. It is what ``grpc.GenericRpcHandler`` asks for, without being one."""

    def __init__(self, engine: Answering, access: Access) -> None:
        import grpc  # pyright: ignore[reportMissingTypeStubs]  # grpcio ships none; imported on first use

        self._grpc: Any = grpc  # untyped
        self._engine = engine
        self._access = access

    def service(self, details: _Details) -> Any:  # grpc.RpcMethodHandler, untyped
        """Give how a call is answered, by its path and metadata."""
        path = details.method
        if path.startswith(_HEALTH):
            return self._health(path)
        streams = path == STREAM_PATH
        refused = self._access.refusal(_authorization(details))
        if refused is not None:
            return self._refuse(*(("UNAUTHENTICATED", refused) if streams else ("UNKNOWN", f"extract auth: {refused}")))
        if streams:
            return self._grpc.stream_stream_rpc_method_handler(
                self._stream, pb.BatchStreamRequest.FromString, _serialize
            )
        found = _UNARY.get(path)
        if found is None:
            return self._unknown(path)
        return self._grpc.unary_unary_rpc_method_handler(self._unary(*found), None, _serialize)

    def _unary(self, rpc: Rpc, request_class: type[Message]) -> Callable[[bytes, _Context], Message]:
        def answer(content: bytes, context: _Context) -> Message:
            try:
                request = request_class.FromString(content)
            except DecodeError:
                text = "grpc: error unmarshalling request: proto: cannot parse invalid wire-format data"
                self._abort(context, "INTERNAL", text)
            try:
                return self._engine.unary(rpc, request)
            except RpcRefused as refusal:
                self._abort(context, refusal.status, refusal.details)
            except Exception as error:
                _log.exception("%s", rpc.name)
                self._abort(context, "INTERNAL", f"{type(error).__name__}: {error}")

        return answer

    def _stream(self, requests: Iterator[pb.BatchStreamRequest], context: _Context) -> Iterator[pb.BatchStreamReply]:
        try:
            yield from self._engine.stream(requests)
        except RpcRefused as refusal:
            self._abort(context, refusal.status, refusal.details)
        except self._grpc.RpcError:
            return  # the client is gone, or the server stops
        except Exception as error:
            _log.exception("BatchStream")
            self._abort(context, "INTERNAL", f"{type(error).__name__}: {error}")

    def _health(self, path: str) -> Any:  # as service()
        match path.removeprefix(_HEALTH):
            case "Check":
                return self._grpc.unary_unary_rpc_method_handler(_serving)
            case "List":
                return self._grpc.unary_unary_rpc_method_handler(_services)
            case "Watch":
                return self._grpc.unary_stream_rpc_method_handler(_watched)
            case _:
                return self._unknown(path)

    def _unknown(self, path: str) -> Any:  # as service()
        service, _, method = path.removeprefix("/").rpartition("/")
        known = service in _KNOWN_SERVICES
        text = f"unknown method {method} for service {service}" if known else f"unknown service {service}"
        return self._refuse("UNIMPLEMENTED", text)

    def _refuse(self, status: str, text: str) -> Any:  # as service()
        # As a stream on both sides it fits every kind of call.
        def refuse(requests: object, context: _Context) -> Iterator[bytes]:
            self._abort(context, status, text)

        return self._grpc.stream_stream_rpc_method_handler(refuse)

    def _abort(self, context: _Context, status: str, text: str) -> NoReturn:
        context.abort(self._grpc.StatusCode[status], text)


def _serving(request: bytes, context: _Context) -> bytes:
    return _SERVING  # for any service's name, and even where the request makes no sense, as the server


def _services(request: bytes, context: _Context) -> bytes:
    return _SERVICES


def _watched(request: bytes, context: _Context) -> Iterator[bytes]:
    yield _SERVING  # and no more: the server ends the call


def _authorization(details: _Details) -> str | None:
    return next((value for name, value in details.invocation_metadata if name == "authorization"), None)


def _serialize(message: Message) -> bytes:
    return message.SerializeToString()
