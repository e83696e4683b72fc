"""The way into the engine: two tables say which function answers which message, and whether it writes.

``Engine`` is an ``Exchange``: what a client would send to a server's ports goes in, what the server would answer comes out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
from google.protobuf.message import Message

from weaviate_orm.local.capabilities import unsupported_path
from weaviate_orm.local.plain import is_list, is_mapping
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.rest import (
    aliases,
    batch,
    objects,
    references,
    schema,
    server,
    tenants,
    tokenize,
)
from weaviate_orm.local.routing import RestRequest, Router
from weaviate_orm.local.search.search import search
from weaviate_orm.local.services import Services
from weaviate_orm.local.storage.database import Database
from weaviate_orm.local.writing.batches import batch_delete, batch_objects, batch_references
from weaviate_orm.local.writing.tenants import tenants_get
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.bodies import encode_body
from weaviate_orm.wire.call import Patience, RestReply, Rpc
from weaviate_orm.wire.status import RpcRefused

__all__ = ["Engine"]


@dataclass(frozen=True, slots=True)
class _Answer:
    """How one gRPC method is answered. The messages' classes are only known at run time."""

    handler: Callable[[Database, Any], Message]
    writes: bool = False


def _health(database: Database, request: pb.HealthCheckRequest) -> pb.HealthCheckResponse:
    return pb.HealthCheckResponse(status=pb.HealthCheckResponse.SERVING)


def _aggregate(database: Database, request: pb.AggregateRequest) -> pb.AggregateReply:
    from weaviate_orm.local.aggregation.aggregate import aggregate  # a room of its own, which many programs never enter

    return aggregate(database, request)


_ANSWERS: Mapping[str, _Answer] = {
    rpcs.SEARCH.path: _Answer(search),
    rpcs.AGGREGATE.path: _Answer(_aggregate),
    rpcs.TENANTS_GET.path: _Answer(tenants_get),
    rpcs.BATCH_OBJECTS.path: _Answer(batch_objects, writes=True),
    rpcs.BATCH_REFERENCES.path: _Answer(batch_references, writes=True),
    rpcs.BATCH_DELETE.path: _Answer(batch_delete, writes=True),
    rpcs.HEALTH.path: _Answer(_health),
}

_ROUTER = Router(
    [
        *server.ROUTES,
        *schema.ROUTES,
        *aliases.ROUTES,
        *tenants.ROUTES,
        *objects.ROUTES,
        *references.ROUTES,
        *batch.ROUTES,
        *tokenize.ROUTES,
    ]
)


class Engine:
    """A database inside this process, in memory or in a file. Safe to use from several threads.

    Args:
        path: the file that keeps the data; ``None`` keeps it in memory only.
        services: what makes vectors, ranks again and writes texts.

    Raises:
        ConfigurationError: the file cannot be used: another process has it, or it is not such a file.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None, *, services: Services | None = None) -> None:
        self._database = Database(services or Services(), path=path)

    def unary(self, rpc: Rpc, request: Message, /) -> Message:
        """Answer one gRPC request.

        Raises:
            RpcRefused: with status and words of a server.
        """
        answer = _ANSWERS.get(rpc.path)
        if answer is None:
            raise RpcRefused("UNIMPLEMENTED", f"unknown method {rpc.name}")
        database = self._database
        try:
            with _quiet(), database.writing() if answer.writes else database.reading():
                return answer.handler(database, request)
        except Refused as refusal:
            raise RpcRefused(refusal.grpc, refusal.text) from refusal
        except RecursionError as error:
            raise RpcRefused("INVALID_ARGUMENT", _TOO_DEEP) from error

    def rest(
        self,
        method: str,
        path: str,
        /,
        *,
        query: Mapping[str, str | None],
        body: object,
        patience: Patience = Patience.QUERY,
    ) -> RestReply:
        """Answer one REST request below ``/v1``, whatever the status.

        Raises:
            InvalidValueError: the body cannot be written as JSON.
        """
        database = self._database
        given = {name: value for name, value in query.items() if value is not None}
        content = encode_body(body, f"{method} /v1{path}")
        try:
            # Through JSON: nothing is shared with the caller, and mappings and numbers are what a server would have read.
            request = RestRequest(method, path, given, None if content is None else json.loads(content))
            foreign = unsupported_path(method, path)
            if foreign is not None:
                raise foreign
            route, variables = _ROUTER.find(request)
            request = RestRequest(method, path, given, request.body, variables)
            with _quiet(), database.writing() if route.writes else database.reading():
                reply = route.handler(database, request)
                return RestReply(reply.status, _copied(reply.body))
        except Refused as refusal:
            return RestReply(refusal.http, refusal.body())
        except RecursionError:
            return RestReply(400, Refused(_TOO_DEEP).body())

    def stream(self, requests: Iterator[pb.BatchStreamRequest], /) -> Iterator[pb.BatchStreamReply]:
        """Answer a BatchStream.

        Raises:
            RpcRefused: with status and words of a server.
        """
        from weaviate_orm.local.writing.stream import batch_stream  # few programs need it

        try:
            yield from batch_stream(self._database, requests)
        except Refused as refusal:
            raise RpcRefused(refusal.grpc, refusal.text) from refusal

    def close(self) -> None:
        """Give back the file; closing twice does nothing."""
        self._database.close()

    def __repr__(self) -> str:
        return f"<Engine {self._database!r}>"


_TOO_DEEP = (
    "the request has too many conditions or values inside one another for the in-process engine: make it flatter"
)


def _quiet() -> AbstractContextManager[object]:
    """Keep numpy from warning about numbers beyond float32, which a request may well contain: the server computes on with them, too."""
    return np.errstate(all="ignore")


def _copied(body: Any) -> Any:  # JSON has no narrower type
    """Give what a client reads: nothing is shared with the engine."""
    if is_mapping(body):
        return {name: _copied(each) for name, each in body.items()}
    if is_list(body):
        return [_copied(each) for each in body]
    return body
