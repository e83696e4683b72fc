"""What the engine says about itself where it differs from a server: exact counts, and the modules that were given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from weaviate_orm._version import SERVER_VERSION
from weaviate_orm.local.engine import Engine
from weaviate_orm.local.services import Services
from weaviate_orm.wire.call import RestReply


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine(services=Services(embedder={"text2vec-openai": lambda texts: [[1.0] for _ in texts]}))
    yield engine
    engine.close()


def call(engine: Engine, method: str, path: str, body: object = None, **query: str) -> RestReply:
    return engine.rest(method, path, query=query, body=body)


def shards(engine: Engine, path: str) -> tuple[list[tuple[str, int]], dict[str, int]]:
    (node,) = call(engine, "GET", path, output="verbose").body["nodes"]
    return [(shard["name"], shard["objectCount"]) for shard in node["shards"] or ()], node["stats"]


def test_modules_are_those_that_answer(engine: Engine) -> None:
    body = call(engine, "GET", "/meta").body

    assert body["version"] == SERVER_VERSION
    assert "text2vec-openai" in body["modules"]
    assert "text2vec-cohere" not in body["modules"]


def test_objects_are_counted_at_once(engine: Engine) -> None:
    schema: dict[str, Any] = {"class": "Shared", "vectorizer": "none", "multiTenancyConfig": {"enabled": True}}
    call(engine, "POST", "/schema", schema)
    call(engine, "POST", "/schema/Shared/tenants", [{"name": "b"}, {"name": "a"}])
    for _ in range(3):
        call(engine, "POST", "/objects", {"class": "Shared", "tenant": "a"})

    assert shards(engine, "/nodes/Shared") == ([("a", 3), ("b", 0)], {"objectCount": 3, "shardCount": 2})
    call(engine, "PUT", "/schema/Shared/tenants", [{"name": "a", "activityStatus": "COLD"}])
    assert shards(engine, "/nodes/Shared") == ([("b", 0)], {"objectCount": 0, "shardCount": 1})


def test_no_shards_are_none(engine: Engine) -> None:
    assert shards(engine, "/nodes") == ([], {"objectCount": 0, "shardCount": 0})
    assert call(engine, "GET", "/nodes", output="verbose").body["nodes"][0]["shards"] is None
