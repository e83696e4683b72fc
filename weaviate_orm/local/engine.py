"""The way into the engine: two tables say which function answers which message, and whether it writes.

``Engine`` is an ``Exchange``: what a client would send to a server's ports goes in, what the server would answer comes out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from weaviate_orm.local.aggregation.aggregate import aggregate
from weaviate_orm.local.capabilities import unsupported_path
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
from weaviate_orm.local.writing.stream import batch_stream
from weaviate_orm.local.writing.tenants import tenants_get
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
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


_ANSWERS: Mapping[str, _Answer] = {
    rpcs.SEARCH.path: _Answer(search),
    rpcs.AGGREGATE.path: _Answer(aggregate),
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
            with database.writing() if answer.writes else database.reading():
                return answer.handler(database, request)
        except Refused as refusal:
            raise RpcRefused(refusal.grpc, refusal.text) from refusal

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
        """Answer one REST request below ``/v1``, whatever the status."""
        database = self._database
        given = {name: value for name, value in query.items() if value is not None}
        request = RestRequest(method, path, given, _through_json(body))
        try:
            foreign = unsupported_path(method, path)
            if foreign is not None:
                raise foreign
            route, variables = _ROUTER.find(request)
            request = RestRequest(method, path, given, request.body, variables)
            with database.writing() if route.writes else database.reading():
                reply = route.handler(database, request)
                return RestReply(reply.status, _through_json(reply.body))
        except Refused as refusal:
            return RestReply(refusal.http, refusal.body())

    def stream(self, requests: Iterator[pb.BatchStreamRequest], /) -> Iterator[pb.BatchStreamReply]:
        """Answer a BatchStream.

        Raises:
            RpcRefused: with status and words of a server.
        """
        try:
            yield from batch_stream(self._database, requests)
        except Refused as refusal:
            raise RpcRefused(refusal.grpc, refusal.text) from refusal

    def close(self) -> None:
        """Give back the file; closing twice does nothing."""
        self._database.close()

    def __repr__(self) -> str:
        return f"<Engine {self._database!r}>"


def _through_json(body: object) -> Any:  # JSON has no narrower type
    """Give what a server would have read: nothing is shared with the caller, and mappings and numbers are JSON's."""
    return None if body is None else json.loads(json.dumps(body))
