"""Keyword search: scores to the sixth digit, computed here from the formula; which objects, in what order, and what is refused."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from exchanges import call_rest

from weaviate_orm.transport.base import Exchange
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.status import RpcRefused

Names = Callable[[str], str]
Options = pb.SearchOperatorOptions

PROPERTIES: list[dict[str, Any]] = [
    {"name": "title", "dataType": ["text"]},
    {"name": "body", "dataType": ["text"]},
    {"name": "tags", "dataType": ["text[]"]},
    {"name": "lower", "dataType": ["text"], "tokenization": "lowercase"},
    {"name": "folded", "dataType": ["text"], "textAnalyzer": {"asciiFold": True}},
    {"name": "hidden", "dataType": ["text"], "indexSearchable": False},
    {"name": "count", "dataType": ["int"]},
]


def store(exchange: Exchange, name: str, objects: Sequence[dict[str, Any]], **more: Any) -> None:
    """Store objects whose ids go down from 100."""
    body = {"class": name, "properties": PROPERTIES, **more}
    assert call_rest(exchange, "POST", "/schema", body).status == 200
    batch = [
        {"class": name, "id": str(UUID(int=100 - number)), "properties": values}
        for number, values in enumerate(objects)
    ]
    for each in batch:  # one by one: a batch is stored in no order
        assert call_rest(exchange, "POST", "/objects", each).status == 200


def search(
    exchange: Exchange,
    name: str,
    query: str,
    *properties: str,
    operator: pb.SearchOperatorOptions | None = None,
    limit: int = 100,
    filters: pb.Filters | None = None,
) -> list[tuple[int, float, str]]:
    """Give the numbers of the objects found with score and explanation."""
    request = pb.SearchRequest(
        collection=name,
        bm25_search=pb.BM25(query=query, properties=properties, search_operator=operator),
        filters=filters,
        limit=limit,
        metadata=pb.MetadataRequest(uuid=True, score=True, explain_score=True),
        uses_123_api=True,
        uses_125_api=True,
        uses_127_api=True,
    )
    reply = exchange.unary(rpcs.SEARCH, request)
    assert isinstance(reply, pb.SearchReply)
    return [
        (100 - UUID(each.metadata.id).int, each.metadata.score, each.metadata.explain_score) for each in reply.results
    ]


def numbers(found: list[tuple[int, float, str]]) -> list[int]:
    return [number for number, _, _ in found]


class Formula:
    """BM25F in plain Python, over words of texts."""

    def __init__(self, objects: Sequence[dict[str, Any]], *, k1: float = 1.2, b: float = 0.75) -> None:
        self.objects = objects
        self.k1 = k1
        self.b = b

    def words(self, number: int, name: str) -> list[str]:
        value = self.objects[number].get(name) or ""
        return re.findall(r"\w+", " ".join(value if isinstance(value, list) else [value]).lower())

    def score(self, number: int, query: str, weights: dict[str, float]) -> float:
        total = 0.0
        for term, repeated in Counter(re.findall(r"\w+", query.lower())).items():
            having = [sum(term in self.words(other, name) for other in range(len(self.objects))) for name in weights]
            occurring = [count for count in having if count]
            if not occurring:
                continue
            count = sum(occurring) // len(occurring)
            idf = math.log(1 + (len(self.objects) - count + 0.5) / (count + 0.5))
            for name, weight in weights.items():
                lengths = [len(self.words(other, name)) for other in range(len(self.objects))]
                filled = [length for length in lengths if length]
                frequency = self.words(number, name).count(term)
                if frequency:
                    damping = self.k1 * (1 - self.b + self.b * lengths[number] / (sum(filled) / len(filled)))
                    total += weight * idf * repeated * frequency / (frequency + damping)
        return total


FOXES: list[dict[str, Any]] = [
    {"title": "red fox", "body": "the fox sleeps", "tags": ["fox red", "sky"]},
    {"title": "fox fox fox glove glove", "body": ""},
    {"title": "", "tags": []},
    {"body": "red red wine"},
    {"title": "a blue sky over a red sea", "tags": ["red"]},
    {"count": 1},
    {"title": "glove"},
]


@pytest.mark.parametrize(
    ("query", "weights"),
    [
        ("fox", {"title": 1.0}),
        ("fox red", {"title": 1.0}),
        ("Fox red fox nope", {"title": 1.0}),
        ("red fox", {"title": 1.0, "body": 1.0}),
        ("red fox", {"title": 2.0, "body": 0.5, "tags": -1.0}),
        ("glove sky", {"tags": 3.0, "title": 1.0}),
    ],
)
def test_scores(exchange: Exchange, fresh: Names, query: str, weights: dict[str, float]) -> None:
    name = fresh("Keyword")
    store(exchange, name, FOXES)
    found = search(exchange, name, query, *(f"{each}^{weight}" for each, weight in weights.items()))
    formula = Formula(FOXES)
    expected = {
        number: formula.score(number, query, weights)
        for number in range(len(FOXES))
        if any(set(formula.words(number, each)) & set(query.lower().split()) for each in weights)
    }
    assert {number: score for number, score, _ in found} == pytest.approx(expected, rel=1e-6, abs=1e-7)
    assert [score for _, score, _ in found] == sorted((score for _, score, _ in found), reverse=True)


def test_the_collection_sets_the_parameters(exchange: Exchange, fresh: Names) -> None:
    name = fresh("Keyword")
    store(exchange, name, FOXES, invertedIndexConfig={"bm25": {"k1": 2.5, "b": 0.25}})
    formula = Formula(FOXES, k1=2.5, b=0.25)
    for number, score, _ in search(exchange, name, "fox glove", "title"):
        assert score == pytest.approx(formula.score(number, "fox glove", {"title": 1}), rel=1e-6)


def test_order_and_limit(exchange: Exchange, fresh: Names) -> None:
    name = fresh("Keyword")
    store(exchange, name, [{"title": "fox"}] * 5 + [{"title": "sky"}])
    assert numbers(search(exchange, name, "fox", "title")) == [4, 3, 2, 1, 0]  # by id
    assert numbers(search(exchange, name, "fox", "title", limit=2)) == [1, 0]  # the first stored


def test_a_property_scores_a_few_more_than_the_limit_only(exchange: Exchange, fresh: Names) -> None:
    name = fresh("Keyword")
    objects: list[dict[str, Any]] = [{"title": "fox " * (30 - number), "body": "sea"} for number in range(30)]
    objects[20]["body"] = "fox fox"
    store(exchange, name, objects)
    weights = {"title": 1.0, "body": 2.0}
    every = {number: score for number, score, _ in search(exchange, name, "fox", "title^1", "body^2")}
    assert every[20] == pytest.approx(Formula(objects).score(20, "fox", weights), rel=1e-6)
    [(best, score, _)] = search(exchange, name, "fox", "title^1", "body^2", limit=1)
    assert best == 20
    idf = Formula(objects).score(20, "fox", weights) - score  # what its title would have added
    assert idf > 0.01


def test_filters_change_no_score(exchange: Exchange, fresh: Names) -> None:
    name = fresh("Keyword")
    store(exchange, name, [{**each, "count": number} for number, each in enumerate(FOXES)])
    filters = pb.Filters(
        operator=pb.Filters.OPERATOR_GREATER_THAN, target=pb.FilterTarget(property="count"), value_int=0
    )
    every = {number: score for number, score, _ in search(exchange, name, "fox", "title")}
    some = {number: score for number, score, _ in search(exchange, name, "fox", "title", filters=filters)}
    assert some == {1: every[1]}


def test_how_many_words(exchange: Exchange, fresh: Names) -> None:
    name = fresh("Keyword")
    store(
        exchange,
        name,
        [
            {"title": "red fox", "body": "glove"},
            {"title": "red fox glove"},
            {"title": "red"},
            {"title": "red", "body": "fox"},
        ],
    )

    def having(query: str, operator: Options.Operator, **more: int) -> list[int]:
        options = Options(operator=operator, **more)
        return sorted(numbers(search(exchange, name, query, "title", "body", operator=options)))

    assert having("red fox glove", Options.OPERATOR_AND) == [1]
    assert having("red fox the", Options.OPERATOR_AND, minimum_or_tokens_match=1) == [0, 1]
    assert having("red fox glove", Options.OPERATOR_OR, minimum_or_tokens_match=2) == [0, 1]
    assert having("red red", Options.OPERATOR_OR, minimum_or_tokens_match=2) == []
    assert having("red fox glove", Options.OPERATOR_AND_CROSS) == [0, 1]
    assert having("red fox", Options.OPERATOR_AND_CROSS) == [0, 1, 3]
    assert having("red nope", Options.OPERATOR_AND_CROSS) == []


def test_words_of_a_query_are_made_for_each_property(exchange: Exchange, fresh: Names) -> None:
    name = fresh("Keyword")
    store(exchange, name, [{"lower": "Fox-glove"}, {"title": "fox-glove"}, {"folded": "fóx"}, {"hidden": "fox"}])
    assert sorted(numbers(search(exchange, name, "FOX-glove"))) == [0, 1, 2]
    assert numbers(search(exchange, name, "fóx")) == [2]
    assert numbers(search(exchange, name, "the a")) == []
    assert numbers(search(exchange, name, "!!")) == []


def test_explanations(exchange: Exchange, fresh: Names) -> None:
    name = fresh("Keyword")
    store(exchange, name, FOXES)
    [first, *_] = search(exchange, name, "fox glove", "title", limit=1)
    assert first[0] == 1
    assert sorted(first[2].split(", ")) == [
        "",
        "BM25F_fox_frequency:3",
        "BM25F_fox_propLength:5",
        "BM25F_glove_frequency:2",
        "BM25F_glove_propLength:5",
    ]


@pytest.mark.parametrize("property", ["count", "nope", "hidden^2"])
def test_properties_that_cannot_be_searched(exchange: Exchange, fresh: Names, property: str) -> None:
    name = fresh("Keyword")
    store(exchange, name, [])
    with pytest.raises(RpcRefused) as refused:
        search(exchange, name, "fox", property)
    assert refused.value.details == (
        f"Searching by property '{property}' requires inverted index. "
        f"Is `indexSearchable` option of property '{property}' enabled? Set it to `true` or leave empty"
    )


def test_other_refusals(exchange: Exchange, fresh: Names) -> None:
    name = fresh("Keyword")
    store(exchange, name, FOXES)
    with pytest.raises(RpcRefused, match=r"keyword search \(bm25\) must have query set"):
        search(exchange, name, "")
    with pytest.raises(RpcRefused, match="OPERATOR_AND_CROSS requires all searched properties to share the same tok"):
        search(exchange, name, "fox", "title", "lower", operator=Options(operator=Options.OPERATOR_AND_CROSS))
