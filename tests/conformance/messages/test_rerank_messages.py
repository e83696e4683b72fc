"""Results ranked again by a reranker. The dummy one counts the bytes of a document."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from exchanges import call_rest
from inference_service.models import rerank

from weaviate_orm.transport.base import Exchange
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.status import RpcRefused

Fresh = Callable[[str], str]

TITLES = ("short", "a much longer title", "éééé", None, "short")


@pytest.fixture
def create(exchange: Exchange, fresh: Fresh) -> Callable[[dict[str, object]], str]:
    def make(modules: dict[str, object]) -> str:
        name = fresh("Ranked")
        properties = [{"name": "title", "dataType": ["text"]}, {"name": "rank", "dataType": ["int"]}]
        body = {"class": name, "vectorizer": "none", "moduleConfig": modules, "properties": properties}
        assert call_rest(exchange, "POST", "/schema", body).status == 200
        for number, title in enumerate(TITLES, 1):
            stored = {
                "class": name,
                "id": f"{number:02x}000000-0000-4000-8000-000000000000",
                "properties": {"rank": number} | ({} if title is None else {"title": title}),
                "vector": [1.0, number / 10],
            }
            assert call_rest(exchange, "POST", "/objects", stored).status == 200
        return name

    return make


@pytest.fixture
def ranked(create: Callable[[dict[str, object]], str]) -> str:
    return create({"reranker-dummy": {}})


def search(exchange: Exchange, collection: str, **fields: object) -> pb.SearchReply:
    request = pb.SearchRequest(collection=collection, uses_127_api=True, **fields)  # type: ignore[arg-type]  # any fields
    request.metadata.uuid = True
    reply = exchange.unary(rpcs.SEARCH, request)
    assert isinstance(reply, pb.SearchReply)
    return reply


def scores(reply: pb.SearchReply) -> list[tuple[int, float]]:
    assert all(hit.metadata.rerank_score_present for hit in reply.results)
    return [(int(hit.metadata.id[:2], 16), hit.metadata.rerank_score) for hit in reply.results]


def test_the_page_is_ranked_again(exchange: Exchange, ranked: str) -> None:
    by_title = pb.Rerank(property="title", query="whatever")
    nothing = pb.PropertiesRequest()
    reply = search(exchange, ranked, rerank=by_title, properties=nothing)
    assert [score for _, score in scores(reply)] == [19, 8, 5, 5, 0]
    assert [number for number, _ in scores(reply)][:2] == [2, 3]
    assert scores(search(exchange, ranked, rerank=by_title, limit=2)) == [(2, 19), (1, 5)]
    assert scores(search(exchange, ranked, rerank=by_title, limit=2, offset=2)) == [(3, 8), (4, 0)]
    # What the reranker reads is returned too.
    assert set(reply.results[0].properties.non_ref_props.fields) == {"title"}


@pytest.mark.parametrize(
    "fields",
    [
        {"near_vector": pb.NearVector(vector=[1.0, 0.0])},
        {"bm25_search": pb.BM25(query="short title")},
        {"hybrid_search": pb.Hybrid(query="short", vector=[1.0, 0.0], alpha=0.5)},
    ],
)
def test_after_any_search(exchange: Exchange, ranked: str, fields: dict[str, object]) -> None:
    reply = search(exchange, ranked, rerank=pb.Rerank(property="title"), **fields)
    assert scores(reply)[0] == (2, 19)


def test_other_types_are_empty_documents(exchange: Exchange, ranked: str) -> None:
    reply = search(exchange, ranked, rerank=pb.Rerank(property="rank"))
    assert {score for _, score in scores(reply)} == {0}


def test_groups_have_the_score_of_their_first_member(exchange: Exchange, ranked: str) -> None:
    near = pb.NearVector(vector=[1.0, 0.0])
    group_by = pb.GroupBy(path=["title"], number_of_groups=9, objects_per_group=9)
    reply = search(exchange, ranked, near_vector=near, group_by=group_by, rerank=pb.Rerank(property="title"))
    assert [(group.name, group.rerank.score) for group in reply.group_by_results] == [
        ("a much longer title", 19),
        ("éééé", 8),
        ("short", 5),
        ("", 0),
    ]


def test_scores_of_a_model(exchange: Exchange, create: Callable[[dict[str, object]], str]) -> None:
    name = create({"reranker-transformers": {}})
    for query in ("how long is it?", ""):
        reply = search(exchange, name, rerank=pb.Rerank(property="title", query=query))
        expected = sorted(rerank(query, [title or "" for title in TITLES]), reverse=True)
        assert [score for _, score in scores(reply)] == expected
    assert scores(search(exchange, name, rerank=pb.Rerank(property="title", query="a title")))[0][0] == 2


def refusal(exchange: Exchange, collection: str, **fields: object) -> str:
    with pytest.raises(RpcRefused) as caught:
        search(exchange, collection, **fields)
    return caught.value.details


def test_what_cannot_be_ranked_by(exchange: Exchange, ranked: str) -> None:
    assert refusal(exchange, ranked, rerank=pb.Rerank()) == (
        "explorer: list class: extend: extend rerank: no properties provided"
    )
    assert refusal(exchange, ranked, rerank=pb.Rerank(property="nothing")).startswith(
        "no such prop with name 'nothing'"
    )


def test_a_collection_without_a_reranker(exchange: Exchange, create: Callable[[dict[str, object]], str]) -> None:
    plain = create({})
    by_title = pb.Rerank(property="title")
    capability = "unknown capability: rerank"
    assert refusal(exchange, plain, rerank=by_title) == f"explorer: list class: extend: {capability}"
    words = pb.BM25(query="short")
    assert refusal(exchange, plain, rerank=by_title, bm25_search=words) == f"explorer: get class: extend: {capability}"
    near = pb.NearVector(vector=[1.0, 0.0])
    assert refusal(exchange, plain, rerank=by_title, near_vector=near) == (
        f"explorer: get class: concurrentTargetVectorSearch: explorer: get class: extend: {capability}"
    )
    nothing = pb.BM25(query="zebra")
    assert not search(exchange, plain, rerank=by_title, bm25_search=nothing).results
