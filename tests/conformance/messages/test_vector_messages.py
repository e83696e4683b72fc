"""Searches by vectors, message for message: distances, thresholds, several targets, multi-vectors, hybrid, diversity and boost.

Expected numbers come from formulas in this file, over data that is the same in every run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pytest
from exchanges import call_rest

from weaviate_orm.transport.base import Exchange
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.status import RpcRefused

Floats = npt.NDArray[np.float32]
Fresh = Callable[[str], str]

COUNT = 20
_random = np.random.default_rng(39)
POINTS: Mapping[str, Floats] = {
    name: _random.integers(-3, 4, (COUNT, 4)).astype(np.float32) + np.float32(0.25) for name in ("a", "b", "c")
}
ROWS = [_random.integers(-3, 4, (number % 3 + 1, 3)).astype(np.float32) for number in range(COUNT)]
WORDS = ["red", "blue", "green", "fox", "dog"]
TEXTS = [" ".join(_random.choice(WORDS, 3)) for _ in range(COUNT)]
WITHOUT_B = {3, 11}


def uuid_of(number: int) -> str:
    return str(UUID(int=number + 1))


def number_of(id: str) -> int:
    return UUID(id).int - 1


def cosine(one: Floats, other: Floats) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return max(0.0, 1 - float(one @ other) / lengths) if lengths else 1.0


DISTANCES: Mapping[str, Callable[[Floats, Floats], float]] = {
    "cosine": cosine,
    "dot": lambda one, other: -float(one @ other),
    "l2-squared": lambda one, other: float(((one - other) ** 2).sum()),
    "manhattan": lambda one, other: float(np.abs(one - other).sum()),
    "hamming": lambda one, other: float((one != other).sum()),
}


def named(distance: str, *, index: str = "hnsw", **config: object) -> dict[str, Any]:
    return {
        "vectorizer": {"none": {}},
        "vectorIndexType": index,
        "vectorIndexConfig": {"distance": distance, **config},
    }


def packed(vector: Floats) -> pb.Vectors:
    if vector.ndim == 1:
        return pb.Vectors(vector_bytes=vector.astype("<f4").tobytes(), type=pb.Vectors.VECTOR_TYPE_SINGLE_FP32)
    head = vector.shape[1].to_bytes(2, "little")
    return pb.Vectors(vector_bytes=head + vector.astype("<f4").tobytes(), type=pb.Vectors.VECTOR_TYPE_MULTI_FP32)


def near(vector: Floats, *targets: str, **more: Any) -> pb.NearVector:
    message = pb.NearVector(vectors=[packed(vector)], **more)
    message.targets.target_vectors.extend(targets)
    return message


def search(exchange: Exchange, collection: str, *, limit: int = COUNT, **more: Any) -> list[pb.SearchResult]:
    request = pb.SearchRequest(
        collection=collection,
        limit=limit,
        uses_123_api=True,
        uses_127_api=True,
        metadata=pb.MetadataRequest(
            uuid=True, distance=True, certainty=more.pop("certainty", False), score=True, explain_score=True
        ),
        properties=pb.PropertiesRequest(return_all_nonref_properties=True),
        **more,
    )
    reply = exchange.unary(rpcs.SEARCH, request)
    assert isinstance(reply, pb.SearchReply)
    return list(reply.results)


def refusal(exchange: Exchange, collection: str, **more: Any) -> str:
    with pytest.raises(RpcRefused) as refused:
        search(exchange, collection, **more)
    return refused.value.details


def numbers(results: Sequence[pb.SearchResult]) -> list[int]:
    return [number_of(result.metadata.id) for result in results]


def by_distance(results: Sequence[pb.SearchResult]) -> dict[int, float]:
    return {number_of(result.metadata.id): result.metadata.distance for result in results}


def by_score(results: Sequence[pb.SearchResult]) -> dict[int, float]:
    return {number_of(result.metadata.id): result.metadata.score for result in results}


def check_nearest(results: Sequence[pb.SearchResult], expected: Mapping[int, float], limit: int = COUNT) -> None:
    """The distances are the objects' own, ascending, and the smallest there are; equal ones come in any order."""
    found = by_distance(results)
    assert list(found.values()) == pytest.approx([expected[number] for number in found], rel=1e-4, abs=1e-5)
    assert list(found.values()) == pytest.approx(sorted(expected.values())[:limit], rel=1e-4, abs=1e-5)


@pytest.fixture(scope="module")
def filled(exchange: Exchange) -> Iterator[str]:
    """A collection with three targets and a multi-vector; two objects lack ``b``."""
    name = "VectorMessages_filled"
    call_rest(exchange, "DELETE", f"/schema/{name}")
    body = {
        "class": name,
        "properties": [
            {"name": "text", "dataType": ["text"]},
            {"name": "number", "dataType": ["int"]},
            {"name": "day", "dataType": ["date"]},
        ],
        "vectorConfig": {
            "a": named("cosine"),
            "b": named("l2-squared"),
            "c": named("dot", index="flat"),
            "rows": named("cosine", multivector={"enabled": True}),
            "plain_rows": named("dot", multivector={"enabled": True}),
        },
    }
    assert call_rest(exchange, "POST", "/schema", body).status == 200
    objects = [
        {
            "class": name,
            "id": uuid_of(number),
            "properties": {
                "text": TEXTS[number],
                "number": number % 7,
                "day": f"2024-01-{number + 1:02d}T00:00:00Z",
            },
            "vectors": {
                **{
                    target: points[number].tolist()
                    for target, points in POINTS.items()
                    if target != "b" or number not in WITHOUT_B
                },
                "rows": ROWS[number].tolist(),
                "plain_rows": ROWS[number].tolist(),
            },
        }
        for number in range(COUNT)
    ]
    reply = call_rest(exchange, "POST", "/batch/objects", {"objects": objects})
    assert [each["result"]["status"] for each in reply.body] == ["SUCCESS"] * COUNT
    yield name
    call_rest(exchange, "DELETE", f"/schema/{name}")


# One target


@pytest.mark.parametrize("index", ["hnsw", "flat"])
@pytest.mark.parametrize("distance", DISTANCES)
def test_distances(exchange: Exchange, fresh: Fresh, distance: str, index: str) -> None:
    name = fresh("Distances")
    body = {
        "class": name,
        "vectorizer": "none",
        "vectorIndexType": index,
        "vectorIndexConfig": {"distance": distance},
        "properties": [{"name": "number", "dataType": ["int"]}],
    }
    assert call_rest(exchange, "POST", "/schema", body).status == 200
    points = [*POINTS["a"], np.zeros(4, dtype=np.float32)]
    for number, point in enumerate(points):
        one = {"class": name, "id": uuid_of(number), "properties": {"number": number}, "vector": point.tolist()}
        assert call_rest(exchange, "POST", "/objects", one).status == 200
    query = np.array([1.25, -2.75, 0.25, 3], dtype=np.float32)
    expected = {number: DISTANCES[distance](point, query) for number, point in enumerate(points)}
    for certainty in (False, True) if distance == "cosine" else (False,):
        results = search(exchange, name, limit=30, near_vector=near(query), certainty=certainty)
        check_nearest(results, expected, 30)
        for result in results:
            assert result.metadata.certainty_present is certainty
            if certainty:
                assert result.metadata.certainty == pytest.approx(1 - result.metadata.distance / 2, abs=1e-6)
    check_nearest(search(exchange, name, limit=5, near_vector=near(query)), expected, 5)
    few = pb.Filters(operator=pb.Filters.OPERATOR_LESS_THAN, target=pb.FilterTarget(property="number"), value_int=6)
    check_nearest(
        search(exchange, name, near_vector=near(query), filters=few),
        {number: each for number, each in expected.items() if number < 6},
    )
    threshold = sorted(expected.values())[7]
    found = search(exchange, name, limit=30, near_vector=near(query, distance=threshold))
    assert len(found) == sum(each <= threshold + 1e-5 * max(1, abs(threshold)) for each in expected.values())
    if distance == "cosine":
        found = search(exchange, name, limit=30, near_vector=near(query, certainty=0.6))
        assert len(found) == sum(1 - each / 2 >= 0.6 for each in expected.values())


def test_a_threshold_cuts_after_the_limit(exchange: Exchange, filled: str) -> None:
    query = POINTS["b"][0]
    expected = {
        number: DISTANCES["l2-squared"](point, query)
        for number, point in enumerate(POINTS["b"])
        if number not in WITHOUT_B
    }
    results = search(exchange, filled, limit=4, near_vector=near(query, "b", distance=1e6))
    check_nearest(results, expected, 4)
    assert numbers(search(exchange, filled, near_vector=near(query, "b", distance=0))) == [0]


@pytest.mark.parametrize("jumps", [1, 2])
def test_autocut(exchange: Exchange, fresh: Fresh, jumps: int) -> None:
    name = fresh("Autocut")
    body = {"class": name, "vectorizer": "none", "vectorIndexConfig": {"distance": "manhattan"}}
    assert call_rest(exchange, "POST", "/schema", body).status == 200
    places = [0, 0.1, 0.2, 5, 5.1, 9, 9.1, 9.2]
    for number, place in enumerate(places):
        one = {"class": name, "id": uuid_of(number), "vector": [place]}
        assert call_rest(exchange, "POST", "/objects", one).status == 200
    query = np.array([0], dtype=np.float32)
    results = search(exchange, name, near_vector=near(query), autocut=jumps)
    assert numbers(results) == list(range({1: 3, 2: 5}[jumps]))


def test_lengths_that_do_not_fit(exchange: Exchange, filled: str) -> None:
    text = refusal(exchange, filled, near_vector=near(np.ones(3, dtype=np.float32), "a"))
    assert "distance between entrypoint and query node: 4 vs 3: vector lengths don't match" in text
    text = refusal(exchange, filled, near_vector=near(np.ones(3, dtype=np.float32), "c"))
    assert "vector search: 3 vs 4: vector lengths don't match" in text
    reply = call_rest(exchange, "POST", "/objects", {"class": filled, "properties": {}, "vectors": {"a": [1.0, 2.0]}})
    assert reply.status == 500
    assert (
        "new node has a vector with length 2. Existing nodes have vectors with length 4: "
        "vector dimensions do not match the index dimensions"
    ) in str(reply.body)


def test_vectors_come_back_as_they_were_sent(exchange: Exchange, filled: str) -> None:
    body = call_rest(exchange, "GET", f"/objects/{filled}/{uuid_of(5)}", include="vector").body
    assert body["vectors"]["a"] == POINTS["a"][5].tolist()
    assert body["vectors"]["rows"] == ROWS[5].tolist()


# Multi-vectors


@pytest.mark.parametrize(("target", "aligned"), [("rows", True), ("plain_rows", False)])
def test_multi_vectors(exchange: Exchange, filled: str, target: str, aligned: bool) -> None:
    query = np.array([[1, 2, -1], [0, 3, 4]], dtype=np.float32)
    compared = query / np.linalg.norm(query, axis=1, keepdims=True) if aligned else query
    expected = {number: -float((compared @ rows.T).max(axis=1).sum()) for number, rows in enumerate(ROWS)}
    check_nearest(search(exchange, filled, near_vector=near(query, target)), expected)
    few = pb.Filters(operator=pb.Filters.OPERATOR_LESS_THAN, target=pb.FilterTarget(property="number"), value_int=2)
    check_nearest(
        search(exchange, filled, near_vector=near(query, target), filters=few),
        {number: each for number, each in expected.items() if number % 7 < 2},
    )


def test_kinds_that_do_not_fit(exchange: Exchange, filled: str) -> None:
    single, multi = np.ones(3, dtype=np.float32), np.ones((2, 4), dtype=np.float32)
    assert refusal(exchange, filled, near_vector=near(single, "rows")) == (
        "near_vector: provided vector is a regular vector but vector index supports multi vectors"
    )
    assert refusal(exchange, filled, near_vector=near(multi, "a")) == (
        "near_vector: provided vector is a multi vector but vector index supports regular vectors"
    )


# Several targets


METHOD = pb.CombinationMethod
EACH_METHOD = {
    "unspecified": METHOD.COMBINATION_METHOD_UNSPECIFIED,
    "minimum": METHOD.COMBINATION_METHOD_TYPE_MIN,
    "sum": METHOD.COMBINATION_METHOD_TYPE_SUM,
    "average": METHOD.COMBINATION_METHOD_TYPE_AVERAGE,
    "manual": METHOD.COMBINATION_METHOD_TYPE_MANUAL,
    "relative": METHOD.COMBINATION_METHOD_TYPE_RELATIVE_SCORE,
}


def combined(method: str, distances: Sequence[Mapping[int, float]], weights: Sequence[float]) -> dict[int, float]:
    """Give each object's distance from those of every target that it has."""
    everywhere = {number for each in distances for number in each}
    if method in ("unspecified", "minimum"):
        return {number: min(each[number] for each in distances if number in each) for number in everywhere}
    whole = [number for number in everywhere if all(number in each for each in distances)]
    factors = {"sum": [1.0] * len(distances), "average": [1 / len(distances)] * len(distances)}.get(method, weights)
    parts = [{number: each[number] for number in whole} for each in distances]
    if method == "relative":
        parts = [
            {
                number: (value - min(each.values())) / (max(each.values()) - min(each.values()))
                for number, value in each.items()
            }
            for each in parts
        ]
    return {number: sum(factor * each[number] for factor, each in zip(factors, parts, strict=True)) for number in whole}


TARGET_DISTANCES = {"a": "cosine", "b": "l2-squared", "c": "dot"}


def distances_to(target: str, query: Floats) -> dict[int, float]:
    return {
        number: DISTANCES[TARGET_DISTANCES[target]](point, query)
        for number, point in enumerate(POINTS[target])
        if target != "b" or number not in WITHOUT_B
    }


@pytest.mark.parametrize("method", EACH_METHOD)
def test_several_targets(exchange: Exchange, filled: str, method: str) -> None:
    names, weights = ["a", "b", "c"], [2.0, 0.25, 0.5]
    query = np.array([1, -2, 0.5, 3], dtype=np.float32)
    message = near(query, *names)
    message.targets.combination = EACH_METHOD[method]
    if method in ("manual", "relative"):
        for name, weight in zip(names, weights, strict=True):
            message.targets.weights_for_targets.add(target=name, weight=weight)
    expected = combined(method, [distances_to(name, query) for name in names], weights)
    check_nearest(search(exchange, filled, near_vector=message, limit=COUNT), expected)


@pytest.mark.parametrize("method", ["minimum", "sum", "average", "manual", "relative"])
def test_several_vectors_for_one_target(exchange: Exchange, filled: str, method: str) -> None:
    queries = [np.array(each, dtype=np.float32) for each in ([1, -2, 0.5, 3], [0, 1, 1, -1], [2, 2, -2, 0.5])]
    weights = [1.0, 0.5, 2.0]
    message = pb.NearVector(
        vector_for_targets=[
            pb.VectorForTarget(name="b", vectors=[packed(queries[0]), packed(queries[1])]),
            pb.VectorForTarget(name="c", vectors=[packed(queries[2])]),
        ]
    )
    message.targets.target_vectors.extend(["b", "b", "c"])
    message.targets.combination = EACH_METHOD[method]
    if method in ("manual", "relative"):
        for name, weight in zip(["b", "b", "c"], weights, strict=True):
            message.targets.weights_for_targets.add(target=name, weight=weight)
    distances = [distances_to(name, query) for name, query in zip(["b", "b", "c"], queries, strict=True)]
    check_nearest(search(exchange, filled, near_vector=message), combined(method, distances, weights))


def test_each_target_is_searched_with_the_limit(exchange: Exchange, filled: str) -> None:
    """What no target alone finds within the limit is not found by the sum either."""
    names = ["a", "c"]
    query = np.array([1, -2, 0.5, 3], dtype=np.float32)
    message = near(query, *names)
    message.targets.combination = EACH_METHOD["sum"]
    alone = [distances_to(name, query) for name in names]
    nearest = {number for each in alone for number in sorted(each, key=lambda number: each[number])[:3]}
    expected = {number: each for number, each in combined("sum", alone, []).items() if number in nearest}
    check_nearest(search(exchange, filled, near_vector=message, limit=3), expected, 3)


def test_targets_that_do_not_fit(exchange: Exchange, filled: str) -> None:
    query = np.ones(4, dtype=np.float32)
    message = near(query, "a", "b")
    message.targets.combination = EACH_METHOD["manual"]
    assert refusal(exchange, filled, near_vector=message).endswith(
        "number of weights (0) does not match number of targets (2)"
    )
    message.targets.weights_for_targets.add(target="a", weight=1)
    message.targets.weights_for_targets.add(target="c", weight=1)
    assert refusal(exchange, filled, near_vector=message).endswith("target vector c not found in target vectors")
    assert "does not have named vector zz configured" in refusal(exchange, filled, near_vector=near(query, "zz"))
    assert "has multiple vectors, but no target vectors were provided" in refusal(
        exchange, filled, near_vector=near(query)
    )


# Hybrid


def hybrid(query: str, vector: Floats, alpha: float, fusion: str, **more: Any) -> pb.Hybrid:
    message = pb.Hybrid(
        query=query,
        properties=["text"],
        alpha_param=alpha,
        use_alpha_param=True,
        alpha=alpha,
        vectors=[packed(vector)],
        fusion_type=pb.Hybrid.FusionType.Value(f"FUSION_TYPE_{fusion}"),
        **more,
    )
    message.targets.target_vectors.append("a")
    return message


def keyword_scores(exchange: Exchange, collection: str, query: str) -> dict[int, float]:
    return by_score(search(exchange, collection, bm25_search=pb.BM25(query=query, properties=["text"])))


def stretched(values: Mapping[int, float]) -> dict[int, float]:
    least, most = min(values.values()), max(values.values())
    return {number: (value - least) / (most - least) if most > least else 1.0 for number, value in values.items()}


@pytest.mark.parametrize("alpha", [0.0, 0.25, 0.5, 1.0, 2.0])
def test_relative_fusion(exchange: Exchange, filled: str, alpha: float) -> None:
    vector = np.array([1, -2, 0.5, 3], dtype=np.float32)
    near_ones = stretched({number: 1 - each for number, each in distances_to("a", vector).items()})
    said = stretched(keyword_scores(exchange, filled, "red fox"))
    expected: dict[int, float] = {}
    for weight, values in ((alpha, near_ones), (1 - alpha, said)):
        if weight > 0:
            for number, value in values.items():
                expected[number] = expected.get(number, 0) + weight * value
    results = search(exchange, filled, hybrid_search=hybrid("red fox", vector, alpha, "RELATIVE_SCORE"))
    found = by_score(results)
    assert found == pytest.approx(expected, abs=1e-4)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    for result in results:
        number = number_of(result.metadata.id)
        text = result.metadata.explain_score
        assert ("keyword,bm25" in text) == (alpha < 1 and number in said)
        assert ("vector,hybridVector" in text) == (alpha > 0)
        assert f"Document {result.metadata.id}: original score " in text
        assert not result.metadata.distance_present


@pytest.mark.parametrize("alpha", [0.0, 0.25, 0.75, 1.0])
def test_ranked_fusion(exchange: Exchange, filled: str, alpha: float) -> None:
    """Ranks of equal values are anybody's: these are left out of the comparison."""
    vector = np.array([1, -2, 0.5, 3], dtype=np.float32)
    by_vector = numbers(search(exchange, filled, near_vector=near(vector, "a")))
    words = keyword_scores(exchange, filled, "red fox")
    results = search(exchange, filled, hybrid_search=hybrid("red fox", vector, alpha, "RANKED"))
    found = by_score(results)
    for rank, number in enumerate(by_vector):
        if number not in words or alpha == 1:
            assert found.get(number, 0) == pytest.approx(alpha / (60 + rank), abs=1e-7)
    if alpha < 1:
        ranks = sorted(
            (score - (alpha / (60 + by_vector.index(number)) if alpha else 0)) / (1 - alpha)
            for number, score in found.items()
            if number in words
        )
        assert ranks == pytest.approx(sorted(1 / (60 + rank) for rank in range(len(words))), rel=1e-4)
    explained = results[0].metadata.explain_score
    part = f"\nHybrid (Result Set {'vector,hybridVector' if alpha else 'keyword,bm25'}) Document {results[0].metadata.id} contributed 0.0"
    assert explained.startswith(part)
    assert explained.endswith(" to the score")


@pytest.mark.parametrize("fusion", ["RANKED", "RELATIVE_SCORE"])
def test_a_largest_vector_distance(exchange: Exchange, filled: str, fusion: str) -> None:
    vector = np.array([1, -2, 0.5, 3], dtype=np.float32)
    distances = distances_to("a", vector)
    threshold = (sorted(distances.values())[5] + sorted(distances.values())[6]) / 2
    message = hybrid("red fox", vector, 0.5, fusion, vector_distance=threshold)
    found = search(exchange, filled, hybrid_search=message)
    assert set(numbers(found)) == {number for number, each in distances.items() if each <= threshold}


def test_hybrid_pages(exchange: Exchange, filled: str) -> None:
    message = hybrid("red fox", POINTS["a"][2], 0.4, "RELATIVE_SCORE")
    whole = numbers(search(exchange, filled, hybrid_search=message))
    assert numbers(search(exchange, filled, hybrid_search=message, limit=4, offset=3)) == whole[3:7]
    assert search(exchange, filled, hybrid_search=message, limit=4, offset=100) == []


# Diversity


def diverse(relevance: Sequence[float], vectors: Sequence[Floats], limit: int, balance: float) -> list[int]:
    """Cosine without lengths, as the server compares stored vectors."""
    chosen: list[int] = []
    while len(chosen) < min(limit, len(vectors)):
        worth = {
            place: -relevance[place]
            if not chosen
            else -balance * relevance[place]
            + (1 - balance) * min(max(0.0, 1 - float(vectors[place] @ vectors[other])) for other in chosen)
            for place in range(len(vectors))
            if place not in chosen
        }
        chosen.append(max(worth, key=lambda place: (round(worth[place], 5), -place)))
    return chosen


@pytest.mark.parametrize("balance", [None, 0.0, 0.5, 0.9, 1.0])
def test_diversity(exchange: Exchange, filled: str, balance: float | None) -> None:
    query = np.array([1, -2, 0.5, 3], dtype=np.float32)
    window = search(exchange, filled, limit=10, offset=2, near_vector=near(query, "a"))
    vectors = [POINTS["a"][number] for number in numbers(window)]
    relevance = [result.metadata.distance for result in window]
    chosen = diverse(relevance, vectors, 5, balance or 0)
    message = near(query, "a", selection=pb.Selection(mmr=pb.Selection.MMR(limit=5, balance=balance)))
    found = search(exchange, filled, limit=10, offset=2, near_vector=message)
    assert numbers(found) == [numbers(window)[place] for place in chosen]


def test_diversity_in_hybrid(exchange: Exchange, filled: str) -> None:
    message = hybrid("red fox", POINTS["a"][2], 0.5, "RELATIVE_SCORE")
    window = search(exchange, filled, limit=12, hybrid_search=message)
    relevance = [1 - each for each in stretched(by_score(window)).values()]
    vectors = [POINTS["a"][number] for number in numbers(window)]
    message.selection.mmr.limit = 6
    message.selection.mmr.balance = 0.75
    found = search(exchange, filled, limit=12, hybrid_search=message)
    assert numbers(found) == [numbers(window)[place] for place in diverse(relevance, vectors, 6, 0.75)]


@pytest.mark.parametrize(
    ("limit", "balance", "text"),
    [
        (0, 0.5, "MMR limit must be at least 1"),
        (9, 0.5, "MMR limit (9) cannot be larger than the query limit (5)"),
        (2, 1.5, "MMR balance must be between 0 and 1"),
    ],
)
def test_diversity_out_of_bounds(exchange: Exchange, filled: str, limit: int, balance: float, text: str) -> None:
    message = near(POINTS["a"][0], "a", selection=pb.Selection(mmr=pb.Selection.MMR(limit=limit, balance=balance)))
    assert refusal(exchange, filled, limit=5, near_vector=message) == text


# Boost


Condition = pb.Boost.Condition


def blended(primary: Mapping[int, float], boosts: Mapping[int, float], weight: float) -> dict[int, float]:
    whole = stretched(primary)
    return stretched({number: (1 - weight) * whole[number] + weight * boosts[number] for number in primary})


CONDITIONS: Mapping[str, tuple[Condition, Callable[[int], float]]] = {
    "filter": (
        Condition(
            filter=pb.Filters(
                operator=pb.Filters.OPERATOR_GREATER_THAN, target=pb.FilterTarget(property="number"), value_int=3
            )
        ),
        lambda number: float(number % 7 > 3),
    ),
    "text": (
        Condition(
            filter=pb.Filters(
                operator=pb.Filters.OPERATOR_EQUAL, target=pb.FilterTarget(property="text"), value_text=TEXTS[4]
            )
        ),
        lambda number: float(TEXTS[number] == TEXTS[4]),
    ),
    "value": (
        Condition(
            property_value=pb.Boost.PropertyValueFunction(
                property="number", modifier=pb.Boost.PROPERTY_VALUE_MODIFIER_SQRT
            )
        ),
        lambda number: math.sqrt(number % 7) / math.sqrt(6),
    ),
    "numeric decay": (
        Condition(
            numeric_decay=pb.Boost.NumericDecayFunction(
                property="number", origin=2, scale=2, offset=1, curve=pb.Boost.DECAY_CURVE_GAUSS
            )
        ),
        lambda number: math.exp(math.log(0.5) * (max(0, abs(number % 7 - 2) - 1) / 2) ** 2),
    ),
    "time decay": (
        Condition(
            time_decay=pb.Boost.TimeDecayFunction(property="day", origin="2024-01-05", scale="72h", decay_value=0.25)
        ),
        lambda number: 0.25 ** (abs(number - 4) / 3),
    ),
}


@pytest.mark.parametrize("weight", [None, 0.25, 1.0])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_boost(exchange: Exchange, filled: str, condition: str, weight: float | None) -> None:
    query = np.array([1, -2, 0.5, 3], dtype=np.float32)
    message, worth = CONDITIONS[condition]
    plain = distances_to("a", query)
    expected = blended(
        {number: -each for number, each in plain.items()},
        {number: worth(number) for number in plain},
        0.5 if weight is None else weight,
    )
    results = search(
        exchange, filled, near_vector=near(query, "a"), boost=pb.Boost(conditions=[message], weight=weight)
    )
    found = by_score(results)
    assert found == pytest.approx(expected, abs=1e-4)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert by_distance(results) == pytest.approx(plain, rel=1e-4, abs=1e-5)
    assert (
        search(
            exchange,
            filled,
            near_vector=near(query, "a"),
            limit=3,
            offset=2,
            boost=pb.Boost(conditions=[message], weight=weight),
        )
        == results[2:5]
    )


def test_several_boosts_and_depth(exchange: Exchange, filled: str) -> None:
    query = np.array([1, -2, 0.5, 3], dtype=np.float32)
    plain = distances_to("a", query)
    deep = sorted(plain, key=lambda number: plain[number])[:8]
    conditions = [Condition(), Condition()]
    conditions[0].CopyFrom(CONDITIONS["filter"][0])
    conditions[0].weight = -2
    conditions[1].CopyFrom(CONDITIONS["time decay"][0])
    boosts = {
        number: (-2 * CONDITIONS["filter"][1](number) + CONDITIONS["time decay"][1](number)) / 3 for number in deep
    }
    expected = blended({number: -plain[number] for number in deep}, boosts, 0.5)
    best = sorted(expected, key=lambda number: -expected[number])[:4]
    results = search(
        exchange, filled, near_vector=near(query, "a"), limit=4, boost=pb.Boost(conditions=conditions, depth=8)
    )
    assert by_score(results) == pytest.approx({number: expected[number] for number in best}, abs=1e-4)


def test_boost_of_words_and_of_hybrid(exchange: Exchange, filled: str) -> None:
    message, worth = CONDITIONS["numeric decay"]
    boost = pb.Boost(conditions=[message], weight=0.4)
    words = pb.BM25(query="red fox", properties=["text"])
    together = hybrid("red fox", POINTS["a"][2], 0.5, "RELATIVE_SCORE")
    for which in ({"bm25_search": words}, {"hybrid_search": together}):
        plain = by_score(search(exchange, filled, **which))
        expected = blended(plain, {number: worth(number) for number in plain}, 0.4)
        assert by_score(search(exchange, filled, boost=boost, **which)) == pytest.approx(expected, abs=1e-4)


def test_a_boost_sees_what_the_search_read(exchange: Exchange, filled: str) -> None:
    # Whole objects where words found them, if anything of them is returned; of vectors' finds, only what is returned.
    message, worth = CONDITIONS["numeric decay"]
    boost = pb.Boost(conditions=[message], weight=0.4)
    other = pb.PropertiesRequest(non_ref_properties=["text"])
    words = pb.BM25(query="red fox", properties=["text"])
    by_vector = near(np.array([1, -2, 0.5, 3], dtype=np.float32), "a")

    def found(properties: pb.PropertiesRequest, **which: Any) -> dict[int, float]:
        request = pb.SearchRequest(collection=filled, limit=COUNT, uses_127_api=True, properties=properties, **which)
        request.metadata.MergeFrom(pb.MetadataRequest(uuid=True, score=True, distance=True))
        reply = exchange.unary(rpcs.SEARCH, request)
        assert isinstance(reply, pb.SearchReply)
        return by_score(reply.results)

    plain = found(other, bm25_search=words)
    seen, unseen = {number: worth(number) for number in plain}, dict.fromkeys(plain, 0.0)
    assert found(other, bm25_search=words, boost=boost) == pytest.approx(blended(plain, seen, 0.4), abs=1e-4)
    nothing = pb.PropertiesRequest()
    assert found(nothing, bm25_search=words, boost=boost) == pytest.approx(blended(plain, unseen, 0.4), abs=1e-4)
    distances = distances_to("a", np.array([1, -2, 0.5, 3], dtype=np.float32))
    expected = blended({number: -each for number, each in distances.items()}, dict.fromkeys(distances, 0.0), 0.4)
    assert found(other, near_vector=by_vector, boost=boost) == pytest.approx(expected, abs=1e-4)


def test_boosts_that_make_no_sense(exchange: Exchange, filled: str) -> None:
    query = near(POINTS["a"][0], "a")
    like = pb.Filters(operator=pb.Filters.OPERATOR_LIKE, target=pb.FilterTarget(property="text"), value_text="r*")
    for boost, text in (
        (pb.Boost(), "boost: at least one condition is required"),
        (
            pb.Boost(conditions=[Condition(filter=like)]),
            "boost condition[0] filter: operator Like is not supported in boost conditions",
        ),
        (pb.Boost(conditions=[CONDITIONS["text"][0]], weight=2), "boost: weight must be between 0 and 1, got 2.000000"),
    ):
        assert refusal(exchange, filled, near_vector=query, boost=boost) == text


# Texts


MODULE = "text2vec-transformers"


@pytest.fixture(scope="module")
def texts(exchange: Exchange) -> Iterator[str]:
    """A collection whose objects a module gives vectors, and its name stays out of them."""
    name = "VectorMessages_texts"
    call_rest(exchange, "DELETE", f"/schema/{name}")
    body = {
        "class": name,
        "properties": [{"name": "text", "dataType": ["text"]}],
        "vectorConfig": {"v": {"vectorizer": {MODULE: {"vectorizeClassName": False}}, "vectorIndexType": "hnsw"}},
    }
    assert call_rest(exchange, "POST", "/schema", body).status == 200
    for number, text in enumerate(["apple pie", "the moons of Jupiter", "a bank loan", "striker", "bake a cake", ""]):
        one = {"class": name, "id": uuid_of(number), "properties": {"text": text}}
        assert call_rest(exchange, "POST", "/objects", one).status == 200
    yield name
    call_rest(exchange, "DELETE", f"/schema/{name}")


def vectors_of(exchange: Exchange, collection: str, count: int) -> list[Floats]:
    return [
        np.array(
            call_rest(exchange, "GET", f"/objects/{collection}/{uuid_of(number)}", include="vector").body["vectors"][
                "v"
            ],
            dtype=np.float32,
        )
        for number in range(count)
    ]


def test_concepts_and_moves(exchange: Exchange, texts: str) -> None:
    apple, moons, loan, striker, cake = vectors_of(exchange, texts, 5)
    without_text = call_rest(exchange, "GET", f"/objects/{texts}/{uuid_of(5)}", include="vector").body
    assert not without_text.get("vectors")
    stored = dict(enumerate([apple, moons, loan, striker, cake]))
    move = pb.NearTextSearch.Move
    for message, query in (
        (pb.NearTextSearch(query=["apple pie"]), apple),
        (pb.NearTextSearch(query=["apple pie", "striker"]), (apple + striker) / 2),
        (
            pb.NearTextSearch(query=["apple pie"], move_to=move(force=0.8, concepts=["striker", "a bank loan"])),
            apple * 0.6 + (striker + loan) / 2 * 0.4,
        ),
        (
            pb.NearTextSearch(
                query=["apple pie"], move_to=move(force=0.5, concepts=["striker"], uuids=[uuid_of(1), uuid_of(4)])
            ),
            apple * 0.75 + (striker + moons + cake) / 3 * 0.25,
        ),
        (
            pb.NearTextSearch(query=["apple pie"], move_away=move(force=3, uuids=[uuid_of(4)])),
            apple + 1.5 * (apple - cake),
        ),
        (
            pb.NearTextSearch(
                query=["striker"],
                move_to=move(force=1, concepts=["apple pie"]),
                move_away=move(force=1, concepts=["a bank loan"]),
            ),
            (striker + apple) / 2 * 1.5 - loan / 2,
        ),
        (pb.NearTextSearch(query=["apple pie"], move_to=move(force=0, concepts=["striker"])), apple),
    ):
        compared = np.asarray(query, dtype=np.float32)
        expected = {number: cosine(vector, compared) for number, vector in stored.items()}
        check_nearest(search(exchange, texts, near_text=message), expected)


def test_which_text_is_read(exchange: Exchange, fresh: Fresh) -> None:
    """The vector of an object is that of the text that is expected: the search for this text finds it at distance 0."""
    name = fresh("TextHTMLThing9X")
    named_settings: dict[str, dict[str, Any]] = {
        "everything": {},
        "sources": {"properties": ["words", "number", "flag", "day"], "vectorizeClassName": False},
    }
    types = {"words": "text[]", "text": "text", "number": "number", "flag": "boolean", "day": "date", "skipped": "text"}
    settings: dict[str, dict[str, bool]] = {
        "text": {"vectorizePropertyName": True},
        "skipped": {"skip": True},
    }
    body = {
        "class": name,
        "properties": [
            {"name": each, "dataType": [kind], "moduleConfig": {MODULE: settings.get(each, {})}}
            for each, kind in types.items()
        ],
        "vectorConfig": {
            target: {"vectorizer": {MODULE: given}, "vectorIndexType": "hnsw"}
            for target, given in named_settings.items()
        },
    }
    assert call_rest(exchange, "POST", "/schema", body).status == 200
    values = {
        "words": ["apple", "moons of Jupiter"],
        "text": "a bank loan",
        "number": 12345678.5,
        "flag": True,
        "day": "2024-01-02T03:04:05.678+01:00",
        "skipped": "striker",
    }
    one = {"class": name, "id": uuid_of(0), "properties": values}
    assert call_rest(exchange, "POST", "/objects", one).status == 200
    spoken = {"everything": "text a bank loan apple moons of Jupiter"}
    number = name.rpartition("_m")[2]
    spoken["everything"] = f"Text HTML Thing 9 X _ m {number} {spoken['everything']}"
    spoken["sources"] = "2024-01-02T03:04:05+01:00 true 1.23456785e+07 apple moons of Jupiter"
    for target, text in spoken.items():
        message = pb.NearTextSearch(query=[text])
        message.targets.target_vectors.append(target)
        (found,) = search(exchange, name, near_text=message)
        assert found.metadata.distance == pytest.approx(0, abs=1e-6)
        message.query[0] = f"{text} and more"
        (found,) = search(exchange, name, near_text=message)
        assert found.metadata.distance > 1e-4


def test_unchanged_text_keeps_the_vector(exchange: Exchange, texts: str) -> None:
    path = f"/objects/{texts}/{uuid_of(50)}"
    own = np.ones(256, dtype=np.float32).tolist()
    one = {"class": texts, "id": uuid_of(50), "properties": {"text": "striker"}, "vectors": {"v": own}}

    def vector() -> list[float]:
        found: list[float] = call_rest(exchange, "GET", path, include="vector").body["vectors"]["v"]
        return found

    try:
        assert call_rest(exchange, "POST", "/objects", one).status == 200
        assert vector() == own
        del one["vectors"]
        assert call_rest(exchange, "PUT", path, one).status == 200
        assert vector() == own
        assert call_rest(exchange, "PATCH", path, {**one, "properties": {"text": "apple pie"}}).status == 204
        assert vector() == pytest.approx(vectors_of(exchange, texts, 1)[0].tolist(), abs=1e-6)
    finally:
        call_rest(exchange, "DELETE", path)
