"""Search inside the process: what only the engine has (the caller's own reranker and generator) and what it has not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from weaviate_orm.local.engine import Engine
from weaviate_orm.local.services import Services
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.call import Patience
from weaviate_orm.wire.status import RpcRefused


def engine(modules: dict[str, object], services: Services, **others: object) -> Engine:
    made = Engine(services=services)
    body = {
        "class": "Thing",
        "vectorizer": "none",
        "moduleConfig": modules,
        "properties": [{"name": "title", "dataType": ["text"]}],
        **others,
    }
    assert made.rest("POST", "/schema", query={}, body=body, patience=Patience.QUERY).status == 200
    for number, title in enumerate(("one", "two", "three"), 1):
        stored = {
            "class": "Thing",
            "id": f"{number:02x}000000-0000-4000-8000-000000000000",
            "properties": {"title": title},
            "vector": [1.0, float(number)],
        }
        assert made.rest("POST", "/objects", query={}, body=stored, patience=Patience.QUERY).status == 200
    return made


def search(made: Engine, **fields: object) -> pb.SearchReply:
    request = pb.SearchRequest(collection="Thing", uses_127_api=True, **fields)  # type: ignore[arg-type]  # any fields
    reply = made.unary(rpcs.SEARCH, request)
    assert isinstance(reply, pb.SearchReply)
    return reply


def titles(reply: pb.SearchReply) -> list[str]:
    return [hit.properties.non_ref_props.fields["title"].text_value for hit in reply.results]


def test_the_callers_reranker_is_asked_once_a_page() -> None:
    asked: list[tuple[str, list[str]]] = []

    def rerank(query: str, documents: list[str]) -> Sequence[float]:
        asked.append((query, documents))
        return [0.5, 2, 1]

    made = engine({"reranker-cohere": {}}, Services(reranker=rerank))
    reply = search(made, rerank=pb.Rerank(property="title", query="which?"))
    assert asked == [("which?", ["one", "two", "three"])]
    assert titles(reply) == ["two", "three", "one"]
    assert [hit.metadata.rerank_score for hit in reply.results] == [2, 1, 0.5]


def test_a_reranker_that_fails_says_so() -> None:
    def rerank(query: str, documents: list[str]) -> Sequence[float]:
        raise ValueError("no idea")

    made = engine({"reranker-cohere": {}}, Services(reranker=rerank))
    with pytest.raises(RpcRefused, match="no idea"):
        search(made, rerank=pb.Rerank(property="title"))


def test_a_reranker_that_nobody_gave_is_not_there() -> None:
    made = engine({"reranker-cohere": {}}, Services())
    with pytest.raises(RpcRefused) as caught:
        search(made, rerank=pb.Rerank(property="title"))
    assert caught.value.status == "UNIMPLEMENTED"
    assert caught.value.details.startswith("The in-process engine does not have ")


def test_the_callers_generator_and_its_prompts() -> None:
    made = engine({"generative-openai": {}}, Services(generator=str.upper))
    single = pb.GenerativeSearch.Single(prompt="say {title}", debug=True)
    grouped = pb.GenerativeSearch.Grouped(task="all", debug=True)
    reply = search(made, generative=pb.GenerativeSearch(single=single, grouped=grouped), limit=2)
    values = [hit.generative.values[0] for hit in reply.results]
    assert [(value.result, value.debug.full_prompt) for value in values] == [
        ("SAY ONE", "say one"),
        ("SAY TWO", "say two"),
    ]
    (whole,) = reply.generative_grouped_results.values
    assert whole.result == 'ALL: [{"TITLE":"ONE"},{"TITLE":"TWO"}]'
    assert whole.debug.full_prompt == "say one"  # a server, too, keeps but one prompt
    reply = search(made, generative=pb.GenerativeSearch(grouped=grouped), limit=2)
    assert reply.generative_grouped_results.values[0].debug.full_prompt == 'all: [{"title":"one"},{"title":"two"}]'


def test_the_request_may_name_the_generator() -> None:
    made = engine({}, Services(generator={"generative-cohere": str.upper}))
    provider = pb.GenerativeProvider(cohere=pb.GenerativeCohere(), return_metadata=True)
    single = pb.GenerativeSearch.Single(prompt="{title}", queries=[provider])
    reply = search(made, generative=pb.GenerativeSearch(single=single), limit=1)
    (value,) = reply.results[0].generative.values
    assert value.result == "ONE"
    assert value.HasField("metadata")  # but nothing is known to put into it
    assert value.metadata.WhichOneof("kind") is None


def test_searches_by_images_need_a_server() -> None:
    made = engine({"multi2vec-clip": {"imageFields": ["title"]}}, Services())
    with pytest.raises(RpcRefused, match="could not vectorize input for collection Thing with search-type nearImage"):
        search(made, near_image=pb.NearImageSearch(image="aGVsbG8="))


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({}, {"object"}),
        ({"near_vector": pb.NearVector(vector=[1.0, 0.0])}, {"vector"}),
        ({"bm25_search": pb.BM25(query="one")}, {"keyword"}),
        ({"hybrid_search": pb.Hybrid(query="one", vector=[1.0, 0.0], alpha=0.5)}, {"keyword", "vector"}),
        ({"hybrid_search": pb.Hybrid(query="one", alpha=0)}, {"keyword"}),
        ({"hybrid_search": pb.Hybrid(vector=[1.0, 0.0], alpha=1)}, {"vector"}),
    ],
)
def test_a_query_profile_says_what_was_measured_and_nothing_made_up(fields: dict[str, object], kinds: set[str]) -> None:
    made = engine({}, Services())
    reply = search(made, metadata=pb.MetadataRequest(query_profile=True), **fields)
    (shard,) = reply.query_profile.shards
    assert shard.name.startswith("thing_")
    assert set(shard.searches) == kinds
    for profile in shard.searches.values():
        assert list(profile.details) == ["total_took"]
        assert 0 < float(profile.details["total_took"].removesuffix("µs")) <= reply.took * 1e6


def test_a_query_profile_comes_only_when_it_is_asked_for() -> None:
    reply = search(engine({}, Services()))
    assert not reply.HasField("query_profile")
    assert reply.took > 0
