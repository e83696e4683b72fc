"""A server for the official client: it records what it is sent and answers with next to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from google.protobuf.message import Message
from scripted_server import ScriptedServer, scripted_server

from weaviate_orm.wire import _pb as pb

__all__ = ["REQUESTS", "answering_server"]

_COUNTED = pb.AggregateReply(single_result=pb.AggregateReply.Single(objects_count=1))

REQUESTS: Mapping[str, tuple[type[Message], Message]] = {
    "Search": (pb.SearchRequest, pb.SearchReply()),
    "Aggregate": (pb.AggregateRequest, _COUNTED),
    "BatchObjects": (pb.BatchObjectsRequest, pb.BatchObjectsReply()),
    "BatchDelete": (pb.BatchDeleteRequest, pb.BatchDeleteReply()),
    "TenantsGet": (pb.TenantsGetRequest, pb.TenantsGetReply()),
}
"""By method: how a request is read, and what is answered."""


@contextmanager
def answering_server() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        for method, (_, reply) in REQUESTS.items():
            server.rpc[f"/weaviate.v1.Weaviate/{method}"] = reply.SerializeToString()
        yield server
