from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import stores

from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.storage.changes import DropObject, PutCollection
from weaviate_orm.local.storage.shard import Shard
from weaviate_orm.local.text.keyword import keyword_search
from weaviate_orm.local.text.missing_index import MissingIndex
from weaviate_orm.wire import _pb as pb

Options = pb.SearchOperatorOptions
TEXTS = {"title": "text", "body": "text", "tags": "text[]", "count": "int"}


def shard_of(
    *objects: dict[str, Any], dead: Sequence[int] = (), properties: list[dict[str, Any]] | None = None
) -> Shard:
    """Store objects whose ids go down, so that the order of ids is not that of storing."""
    database = stores.open_database()
    body = stores.collection_json("Article", TEXTS)
    if properties is not None:
        body["properties"] = properties
    database.commit([PutCollection(body)])
    database.commit([stores.put(100 - number, **values) for number, values in enumerate(objects)])
    database.commit([DropObject("Article", "", stores.id_of(100 - number)) for number in dead])
    return database.collections["Article"].shard("")


def search(shard: Shard, query: str, *properties: str, limit: int = 0, **more: Any) -> list[tuple[int, float]]:
    arguments: dict[str, Any] = {"operator": None, "allowed": None, "explain": False} | more
    found = keyword_search(shard, query, properties, limit=limit, **arguments)
    assert found.scores is not None
    return list(zip(found.rows.tolist(), found.scores.tolist(), strict=True))


def rows(found: list[tuple[int, float]]) -> list[int]:
    return [row for row, _ in found]


def expected_score(documents: list[list[str]], number: int, query: dict[str, int]) -> float:
    """Compute BM25 as the formula has it, one property."""
    lengths = [len(words) for words in documents if words]
    average = sum(lengths) / len(lengths)
    score = 0.0
    for term, repeated in query.items():
        having = sum(term in words for words in documents)
        idf = math.log(1 + (len(documents) - having + 0.5) / (having + 0.5))
        frequency = documents[number].count(term)
        damping = 1.2 * (1 - 0.75 + 0.75 * len(documents[number]) / average)
        score += repeated * idf * frequency / (frequency + damping)
    return score


def test_scores_follow_the_formula() -> None:
    documents = [["red", "fox"], ["fox", "fox", "glove", "the"], [], ["red"], ["blue", "sky"]]
    shard = shard_of(*({"title": " ".join(words)} if words else {"title": ""} for words in documents))
    found = dict(search(shard, "Fox red fox the", "title"))
    assert sorted(found) == [0, 1, 3]
    for number, score in found.items():
        assert score == pytest.approx(expected_score(documents, number, {"fox": 2, "red": 1}), rel=1e-6)


def test_dead_objects_count_for_nothing() -> None:
    shard = shard_of({"title": "fox"}, {"title": "red fox"}, {"title": "sky"}, dead=[0])
    documents = [["red", "fox"], ["sky"]]
    [(row, score)] = search(shard, "fox", "title")
    assert row == 1
    assert score == pytest.approx(expected_score(documents, 0, {"fox": 1}))


def test_filters_choose_rows_and_change_no_score() -> None:
    shard = shard_of({"title": "fox"}, {"title": "red fox"}, {"title": "sky"})
    every = dict(search(shard, "fox", "title"))
    assert search(shard, "fox", "title", allowed=np.array([False, True, True])) == [(1, every[1])]


def test_equal_scores_go_by_id_and_the_first_stored_survive_a_limit() -> None:
    shard = shard_of(*[{"title": "fox"}] * 5, {"title": "sky"})
    assert rows(search(shard, "fox", "title")) == [4, 3, 2, 1, 0]
    assert rows(search(shard, "fox", "title", limit=2)) == [1, 0]


def test_weights() -> None:
    shard = shard_of({"title": "fox"}, {"title": "sky"})
    [(_, plain)] = search(shard, "fox", "title")
    for weight, factor in (("2", 2), ("0.5", 0.5), ("-1", -1), ("", 0), ("x", 0), ("2^9", 2), ("1e1", 10)):
        [(_, weighted)] = search(shard, "fox", f"title^{weight}")
        assert weighted == pytest.approx(factor * plain)
    [(_, weighted)] = search(shard, "fox", "title", "title^3")
    assert weighted == pytest.approx(3 * plain)


def test_properties_add_up_and_share_how_rare_a_term_is() -> None:
    shard = shard_of({"title": "fox", "body": "fox"}, {"title": "fox"}, {"title": "sky", "body": "sea"})
    found = dict(search(shard, "fox", "title", "body"))
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))  # (2 + 1) objects over two properties, rounded down
    assert found[1] == pytest.approx(idf / 2.2, rel=1e-6)
    assert found[0] == pytest.approx(2 * idf / 2.2, rel=1e-6)


def test_by_default_all_searchable_texts() -> None:
    shard = shard_of({"tags": ["red fox", "sky"]}, {"body": "fox"}, {"count": 1})
    assert sorted(rows(search(shard, "fox"))) == [0, 1]
    assert rows(search(shard, "fox", text_only=True)) == [1]


def test_how_many_terms_a_property_must_have() -> None:
    shard = shard_of(
        {"title": "red fox", "body": "glove"},
        {"title": "red fox glove"},
        {"title": "red"},
        {"title": "red", "body": "fox"},
    )

    def having(query: str, **options: Any) -> list[int]:
        return sorted(rows(search(shard, query, "title", "body", operator=Options(**options))))

    assert having("red fox glove", operator=Options.OPERATOR_AND) == [1]
    assert having("red fox the", operator=Options.OPERATOR_AND) == [0, 1]
    assert having("red fox glove", operator=Options.OPERATOR_OR, minimum_or_tokens_match=2) == [0, 1]
    assert having("red red", operator=Options.OPERATOR_OR, minimum_or_tokens_match=2) == []
    assert having("red fox glove", operator=Options.OPERATOR_AND_CROSS) == [0, 1]
    assert having("red fox", operator=Options.OPERATOR_AND_CROSS) == [0, 1, 3]
    assert having("red nope", operator=Options.OPERATOR_AND_CROSS) == []
    assert having("the", operator=Options.OPERATOR_AND_CROSS) == []


def test_crossing_needs_one_analyzer() -> None:
    properties = [
        stores.property_json("title", "text"),
        stores.property_json("body", "text", tokenization="lowercase"),
    ]
    shard = shard_of({"title": "fox"}, properties=properties)
    crossing = Options(operator=Options.OPERATOR_AND_CROSS)
    assert rows(search(shard, "fox", "title", operator=crossing)) == [0]
    with pytest.raises(Refused, match="share the same tokenization"):
        search(shard, "fox", operator=crossing)


def test_each_property_reads_the_query_its_own_way() -> None:
    properties = [
        stores.property_json("title", "text", tokenization="whitespace"),
        stores.property_json("body", "text", textAnalyzer={"asciiFold": True}),
    ]
    shard = shard_of({"title": "Fox"}, {"title": "fox"}, {"body": "fóx"}, properties=properties)
    assert sorted(rows(search(shard, "Fox"))) == [0, 2]


def test_nothing_is_left_of_stopwords() -> None:
    assert search(shard_of({"title": "the fox"}), "the a", "title") == []
    assert search(shard_of(), "fox", "title") == []


def test_explanations() -> None:
    shard = shard_of({"title": "red fox red"}, {"body": "fox"})
    found = keyword_search(shard, "fox red", ["title", "body"], operator=None, allowed=None, limit=0, explain=True)
    assert found.explanations[0] == (
        ", BM25F_fox_frequency:1, BM25F_fox_propLength:3, BM25F_red_frequency:2, BM25F_red_propLength:3"
    )
    assert found.explanations[1] == ", BM25F_fox_frequency:1, BM25F_fox_propLength:1"


@pytest.mark.parametrize("name", ["count", "nope", "nope^2"])
def test_what_cannot_be_searched_is_refused(name: str) -> None:
    with pytest.raises(MissingIndex) as refusal:
        search(shard_of(), "fox", name)
    assert refusal.value.text == (
        f"Searching by property '{name}' requires inverted index. "
        f"Is `indexSearchable` option of property '{name}' enabled? Set it to `true` or leave empty"
    )


def test_something_must_be_searchable() -> None:
    with pytest.raises(Refused, match="No properties provided, and no indexed properties found in class"):
        search(shard_of(properties=[stores.property_json("count", "int")]), "fox")
