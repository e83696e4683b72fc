"""Searches of Aggregate that need a module: with an embedder of the user's own, and without any."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from weaviate_orm.local.engine import Engine
from weaviate_orm.local.services import Services
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.status import RpcRefused

MODULE = "text2vec-transformers"
WORDS = ["apple", "pear", "car"]


def embed(texts: list[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """One dimension a word, and one that all texts share."""
    return np.array([[*(float(word in text) for word in WORDS), 0.1] for text in texts], dtype=np.float32)


def engine_with(services: Services) -> Engine:
    engine = Engine(services=services)
    schema = {
        "class": "Thing",
        "vectorizer": MODULE,
        "properties": [{"name": "text", "dataType": ["text"]}],
        "moduleConfig": {MODULE: {"vectorizeClassName": False}},
    }
    assert engine.rest("POST", "/schema", query={}, body=schema).status == 200
    return engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = engine_with(Services(embedder=embed))
    for text in ("apple pie", "pear cake", "car", "apple and pear"):
        stored = {"class": "Thing", "properties": {"text": text}}
        assert engine.rest("POST", "/objects", query={}, body=stored).status == 200
    yield engine
    engine.close()


def texts(engine: Engine, **request: Any) -> set[str]:
    by = pb.AggregateRequest.GroupBy(property="text")
    reply = engine.unary(rpcs.AGGREGATE, pb.AggregateRequest(collection="Thing", group_by=by, **request))
    assert isinstance(reply, pb.AggregateReply)
    return {group.grouped_by.text for group in reply.grouped_results.groups}


def refusal(engine: Engine, **request: Any) -> RpcRefused:
    with pytest.raises(RpcRefused) as refused:
        engine.unary(rpcs.AGGREGATE, pb.AggregateRequest(collection="Thing", **request))
    return refused.value


def test_near_text(engine: Engine) -> None:
    near = pb.NearTextSearch(query=["apple"])

    assert texts(engine, near_text=near, object_limit=1) == {"apple pie"}
    assert texts(engine, near_text=pb.NearTextSearch(query=["apple"], distance=0.5)) == {"apple pie", "apple and pear"}
    assert texts(engine, near_text=pb.NearTextSearch(query=["apple"], certainty=0.75)) == {
        "apple pie",
        "apple and pear",
    }


def test_near_text_moves(engine: Engine) -> None:
    move = pb.NearTextSearch.Move(force=1, concepts=["pear"])

    assert texts(engine, near_text=pb.NearTextSearch(query=["apple"], move_to=move), object_limit=1) == {
        "apple and pear"
    }


def test_near_text_for_nothing_is_no_search(engine: Engine) -> None:
    assert len(texts(engine, near_text=pb.NearTextSearch(), object_limit=1)) == 4


def test_hybrid_embeds_its_query(engine: Engine) -> None:
    assert texts(engine, hybrid=pb.Hybrid(query="pear", alpha=1), object_limit=1) == {"pear cake"}
    assert texts(
        engine, hybrid=pb.Hybrid(query="pie", alpha=0.5, near_text=pb.NearTextSearch(query=["car"])), object_limit=1
    ) == {
        "apple pie",
        "car",
    }


@pytest.mark.parametrize(
    ("near", "text"),
    [
        (pb.NearTextSearch(query=["x"]), "aggregate: must provide certainty or objectLimit with vector search"),
        (
            pb.NearTextSearch(query=["x"], certainty=0.5, distance=0.1),
            "aggregate: nearText cannot provide both distance and certainty",
        ),
        (
            pb.NearTextSearch(query=["x"], move_to=pb.NearTextSearch.Move(force=0.5)),
            "aggregate: 'nearText.moveTo' parameter needs to have defined either 'concepts' or 'objects' fields",
        ),
        (
            pb.NearTextSearch(query=["x"], move_away=pb.NearTextSearch.Move(force=0.5, uuids=["x"])),
            "parse params: invalid UUID length: 1",
        ),
    ],
)
def test_near_texts_that_make_no_sense(engine: Engine, near: pb.NearTextSearch, text: str) -> None:
    assert refusal(engine, near_text=near).details == text


def test_media(engine: Engine) -> None:
    assert refusal(engine, near_image=pb.NearImageSearch(image="aGk="), object_limit=1).details == (
        "aggregate: could not vectorize input for collection Thing with search-type nearImage. "
        "Make sure a vectorizer module is configured for this collection"
    )


@pytest.mark.parametrize(
    "request_",
    [
        {"near_text": pb.NearTextSearch(query=["x"])},
        {"hybrid": pb.Hybrid(query="x", alpha=0.5)},
        {"hybrid": pb.Hybrid(query="x", alpha=0.5), "group_by": pb.AggregateRequest.GroupBy(property="text")},
    ],
)
def test_what_is_missing_says_so_in_its_own_words(request_: dict[str, Any]) -> None:
    engine = engine_with(Services(embedder=None))
    try:
        refused = refusal(engine, object_limit=1, **request_)
    finally:
        engine.close()

    assert refused.status == "UNIMPLEMENTED"
    assert refused.details.startswith("The in-process engine does not have")
