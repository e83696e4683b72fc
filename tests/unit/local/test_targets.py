"""Combinations of target vectors against a loop over all rows, with limits that let every row in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.objects import Vector
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import VectorSchema
from weaviate_orm.local.vectors.targets import Combination, TargetQuery, nearest, read_combination, weights_for
from weaviate_orm.local.vectors.vector_index import VectorIndex
from weaviate_orm.wire import _pb as pb

METHOD = pb.CombinationMethod


def squared(one: Sequence[float], other: Sequence[float]) -> float:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def indexes(vectors: Mapping[str, Mapping[int, Sequence[float]]]) -> dict[str, VectorIndex]:
    made = {name: VectorIndex(VectorSchema(name, distance="l2-squared")) for name in vectors}
    for name, by_row in vectors.items():
        for row, vector in by_row.items():
            made[name].put(row, np.array(vector, dtype=np.float32))
    return made


def query(target: str, *numbers: float, weight: float = 1.0) -> TargetQuery:
    vector: Vector = np.array(numbers, dtype=np.float32)
    return TargetQuery(target, vector, weight)


POINT = st.tuples(st.integers(-3, 3), st.integers(-3, 3))
BY_ROW = st.dictionaries(st.integers(0, 9), POINT, min_size=1)


def plain(
    combination: Combination, by_target: Sequence[Mapping[int, float]], weights: Sequence[float]
) -> dict[int, float]:
    rows = {row for each in by_target for row in each}
    if combination is Combination.MINIMUM:
        return {row: min(each[row] for each in by_target if row in each) for row in rows}
    whole = [row for row in rows if all(row in each for each in by_target)]
    stretched: list[dict[int, float]] = []
    for each in by_target:
        values = {row: each[row] for row in whole}
        if combination is Combination.RELATIVE_SCORE and values:
            least, most = min(values.values()), max(values.values())
            values = {row: (value - least) / (most - least) if most > least else 1.0 for row, value in values.items()}
        stretched.append(values)
    return {row: sum(w * each[row] for w, each in zip(weights, stretched, strict=True)) for row in whole}


@pytest.mark.parametrize("combination", Combination)
@given(
    a=BY_ROW, b=BY_ROW, queries=st.tuples(POINT, POINT, POINT), weights=st.tuples(*[st.sampled_from([0.5, 1, 2])] * 3)
)
def test_combinations(
    combination: Combination,
    a: dict[int, tuple[int, int]],
    b: dict[int, tuple[int, int]],
    queries: tuple[tuple[int, int], ...],
    weights: tuple[float, ...],
) -> None:
    made = indexes({"a": a, "b": b})
    names = ["a", "b", "a"]  # two queries for one target
    asked = [query(name, *vector, weight=weight) for name, vector, weight in zip(names, queries, weights, strict=True)]
    stored = {"a": a, "b": b}
    distances = [
        {row: squared(vector, point) for row, vector in stored[name].items()}
        for name, point in zip(names, queries, strict=True)
    ]
    expected = plain(combination, distances, weights)
    ranking = nearest(made.__getitem__, asked, combination, limit=20, allowed=None)
    assert ranking.distances is not None
    assert dict(zip(ranking.rows.tolist(), ranking.distances.tolist(), strict=True)) == pytest.approx(
        expected, abs=1e-4
    )
    assert ranking.distances.tolist() == sorted(ranking.distances.tolist())


def test_one_query_is_a_plain_search() -> None:
    made = indexes({"a": {0: (0, 0), 1: (1, 0), 4: (3, 0)}})
    ranking = nearest(made.__getitem__, [query("a", 1, 0)], Combination.SUM, limit=2, allowed=None, largest=0.5)
    assert ranking.rows.tolist() == [1, 0]  # a threshold is the caller's business here


def test_each_target_is_searched_with_the_limit() -> None:
    """Row 2 is nearest by the sum, and the nearest of no target alone: like on the server it is not found."""
    made = indexes({"a": {0: (0, 0), 1: (9, 0), 2: (2, 0)}, "b": {0: (9, 0), 1: (0, 0), 2: (2, 0)}})
    asked = [query("a", 0, 0), query("b", 0, 0)]
    one = nearest(made.__getitem__, asked, Combination.SUM, limit=1, allowed=None)
    assert one.rows.tolist() == [0]
    assert one.distances is not None
    assert one.distances.tolist() == [81]  # the second distance was looked up
    assert nearest(made.__getitem__, asked, Combination.SUM, limit=3, allowed=None).rows.tolist() == [2, 0, 1]


def test_filters_and_thresholds() -> None:
    made = indexes({"a": {row: (row, 0) for row in range(6)}, "b": {row: (0, row) for row in range(6)}})
    asked = [query("a", 0, 0), query("b", 0, 0)]
    allowed = np.array([False, True, True, False, True, True])
    found = nearest(made.__getitem__, asked, Combination.SUM, limit=9, allowed=allowed, largest=32)
    assert found.rows.tolist() == [1, 2, 4]
    relative = nearest(made.__getitem__, asked, Combination.RELATIVE_SCORE, limit=9, allowed=allowed, largest=0.1)
    assert relative.rows.tolist() == [1, 2, 4, 5]


def test_reading_combinations() -> None:
    assert read_combination(None) == (Combination.MINIMUM, [])
    for method, combination, weights in (
        (METHOD.COMBINATION_METHOD_UNSPECIFIED, Combination.MINIMUM, [1, 1]),
        (METHOD.COMBINATION_METHOD_TYPE_MIN, Combination.MINIMUM, [1, 1]),
        (METHOD.COMBINATION_METHOD_TYPE_SUM, Combination.SUM, [1, 1]),
        (METHOD.COMBINATION_METHOD_TYPE_AVERAGE, Combination.AVERAGE, [0.5, 0.5]),
    ):
        assert read_combination(pb.Targets(target_vectors=["a", "b"], combination=method)) == (combination, weights)
    given = [pb.WeightsForTarget(target="a", weight=0.25), pb.WeightsForTarget(target="b", weight=4)]
    manual = pb.Targets(
        target_vectors=["a", "b"], combination=METHOD.COMBINATION_METHOD_TYPE_MANUAL, weights_for_targets=given
    )
    assert read_combination(manual) == (Combination.MANUAL, [0.25, 4])
    assert weights_for(Combination.AVERAGE, 4) == [0.25] * 4


def test_weights_that_do_not_fit() -> None:
    relative = METHOD.COMBINATION_METHOD_TYPE_RELATIVE_SCORE
    with pytest.raises(Refused, match=r"number of weights \(0\) does not match number of targets \(2\)"):
        read_combination(pb.Targets(target_vectors=["a", "b"], combination=relative))
    with pytest.raises(Refused, match="target vector c not found in target vectors"):
        read_combination(
            pb.Targets(
                target_vectors=["a"],
                combination=relative,
                weights_for_targets=[pb.WeightsForTarget(target="c", weight=1)],
            )
        )
