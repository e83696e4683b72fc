"""A scripted server with the collection of ``zoo.Book`` and two books in it, which answers every verb of a session."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from uuid import UUID

from scripted_server import RestAnswer, ScriptedServer, scripted_server
from zoo import Book

from weaviate_orm.model.info import model_info
from weaviate_orm.schema.from_model import collection_config
from weaviate_orm.schema.json import to_json
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.rpcs import AGGREGATE, BATCH_DELETE, BATCH_OBJECTS, SEARCH

__all__ = ["ONE", "TWO", "book_server"]

ONE, TWO = UUID(int=1), UUID(int=2)


@contextmanager
def book_server() -> Generator[ScriptedServer]:
    found = pb.SearchReply()
    for object_id, title in ((ONE, "one"), (TWO, "two")):
        added = found.results.add()
        added.metadata.id_as_bytes = object_id.bytes
        added.properties.non_ref_props.fields["title"].text_value = title
    counted = pb.AggregateReply(single_result=pb.AggregateReply.Single(objects_count=2))
    stored = to_json(collection_config(model_info(Book)))
    with scripted_server() as server:
        server.rest.update(
            {
                ("GET", "/v1/schema"): RestAnswer(body={"classes": [stored]}),
                ("GET", "/v1/schema/ZooBook"): RestAnswer(body=stored),
                ("POST", "/v1/schema"): RestAnswer(body=stored),
                ("DELETE", "/v1/schema/ZooBook"): RestAnswer(),
                ("POST", "/v1/objects"): RestAnswer(body={}),
                ("HEAD", f"/v1/objects/ZooBook/{ONE}"): RestAnswer(204),
                ("GET", "/v1/.well-known/live"): RestAnswer(),
                ("GET", "/v1/.well-known/ready"): RestAnswer(),
            }
        )
        server.rpc.update(
            {
                SEARCH.path: found.SerializeToString(),
                AGGREGATE.path: counted.SerializeToString(),
                BATCH_OBJECTS.path: pb.BatchObjectsReply().SerializeToString(),
                BATCH_DELETE.path: pb.BatchDeleteReply(matches=1, successful=1).SerializeToString(),
            }
        )
        yield server
