"""Maximal marginal relevance against the definition, candidate by candidate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.objects import Vector
from weaviate_orm.local.search.diversity import distances_of_scores, select_diverse


def raw_cosine(one: Vector, other: Vector) -> float:
    return max(0.0, 1 - float(one @ other))


def plain(relevance: list[float], vectors: list[Vector], limit: int, balance: float) -> list[int]:
    chosen: list[int] = []
    while len(chosen) < min(limit, len(vectors)):
        values = {
            place: -relevance[place]
            if not chosen
            else -balance * relevance[place]
            + (1 - balance) * min(raw_cosine(vectors[place], vectors[other]) for other in chosen)
            for place in range(len(vectors))
            if place not in chosen
        }
        chosen.append(max(values, key=lambda place: (values[place], -place)))
    return chosen


@given(
    points=st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2)), min_size=1, max_size=9),
    limit=st.integers(1, 10),
    balance=st.sampled_from([0.0, 0.25, 0.5, 1.0]),
    data=st.data(),
)
def test_selection(points: list[tuple[int, int]], limit: int, balance: float, data: st.DataObject) -> None:
    """Whole numbers and powers of two, so that both sides are exact."""
    relevance = sorted(data.draw(st.lists(st.integers(0, 8), min_size=len(points), max_size=len(points))))
    vectors = [np.array(point, dtype=np.float32) for point in points]
    found = select_diverse(
        np.array(relevance, dtype=np.float32), vectors, distance="cosine", limit=limit, balance=balance
    )
    assert found.tolist() == plain([float(each) for each in relevance], vectors, limit, balance)


def test_those_without_a_vector_keep_their_place() -> None:
    near, far, same = (np.array(vector, dtype=np.float32) for vector in ((1, 0), (-1, 0), (1, 0)))
    found = select_diverse(
        np.array([0, 0, 0.1, 0.2], dtype=np.float32), [None, near, same, far], distance="cosine", limit=3, balance=0
    )
    assert found.tolist() == [0, 1, 3]
    nothing = select_diverse(np.zeros(3, dtype=np.float32), [None] * 3, distance="cosine", limit=2, balance=0.5)
    assert nothing.tolist() == [0, 1]


def test_scores_become_distances() -> None:
    vector = np.ones(2, dtype=np.float32)
    scores = np.array([9, 5, 3, 1], dtype=np.float32)
    assert distances_of_scores(scores, [None, vector, vector, vector]).tolist()[1:] == pytest.approx([0, 0.5, 1])
    assert distances_of_scores(scores[:1], [vector]).tolist() == [0]
    assert distances_of_scores(scores, [None] * 4).tolist() == [0] * 4
