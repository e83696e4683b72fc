"""MaxSim over a shard against loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.objects import Vector
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import VectorSchema
from weaviate_orm.local.vectors import multi_vector_index
from weaviate_orm.local.vectors.multi_vector_index import MultiVectorIndex


def index(distance: str = "cosine") -> MultiVectorIndex:
    return MultiVectorIndex(VectorSchema("", distance=distance, multi=True))


def plain(query: Vector, stored: Vector, *, aligned: bool) -> float:
    total = 0.0
    for one in query.tolist():
        length = sum(number**2 for number in one) ** 0.5 if aligned else 1.0
        best = max(sum(a * b for a, b in zip(one, other, strict=True)) for other in stored.tolist())
        total += best / length if length else 0.0
    return -total


ROWS = st.lists(st.lists(st.integers(-3, 3).map(float), min_size=2, max_size=2), min_size=1, max_size=4).map(
    lambda rows: np.array(rows, dtype=np.float32)
)


@given(
    distance=st.sampled_from(["cosine", "dot", "l2-squared"]),
    vectors=st.lists(st.none() | ROWS, min_size=1, max_size=20),
    removed=st.sets(st.integers(0, 19)),
    allowed=st.none() | st.lists(st.booleans(), min_size=20, max_size=20),
    query=ROWS,
    limit=st.integers(1, 8),
    compact=st.booleans(),
)
def test_nearest(
    distance: str,
    vectors: list[Vector | None],
    removed: set[int],
    allowed: list[bool] | None,
    query: Vector,
    limit: int,
    compact: bool,
) -> None:
    made = index(distance)
    stored: dict[int, Vector] = {}
    for row, vector in enumerate(vectors):
        if vector is not None:
            made.put(row, vector)
            stored[row] = vector
    for row in removed:
        made.remove(row)
        stored.pop(row, None)
    if compact:
        kept = [row for row in range(20) if row not in removed]
        made.compact(np.array(kept, dtype=np.int64))
        stored = {new: stored[old] for new, old in enumerate(kept) if old in stored}
    expected = {
        row: plain(query, vector, aligned=distance == "cosine")
        for row, vector in stored.items()
        if allowed is None or allowed[row]
    }
    ranking = made.nearest(query, limit, None if allowed is None else np.array(allowed))
    assert ranking.distances is not None
    assert ranking.distances.tolist() == pytest.approx([expected[row] for row in ranking.rows.tolist()], abs=1e-4)
    assert ranking.distances.tolist() == pytest.approx(sorted(expected.values())[:limit], abs=1e-4)
    assert made.has(20).tolist() == [row in stored for row in range(20)]
    assert len(made) == len(stored)
    for row, vector in stored.items():
        found = made.get(row)
        assert found is not None
        assert found.tolist() == vector.tolist()


def test_several_segments_and_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multi_vector_index, "_SEGMENT_BYTES", 4 * 3 * 100)
    monkeypatch.setattr(multi_vector_index, "_PRODUCT_BYTES", 4 * 2 * 17)
    random = np.random.default_rng(5)
    vectors = [random.standard_normal((random.integers(1, 30), 3)).astype(np.float32) for _ in range(60)]
    vectors.append(random.standard_normal((150, 3)).astype(np.float32))  # larger than a segment
    made = index("dot")
    for row, vector in enumerate(vectors):
        made.put(row, vector)
    assert len(made._segments) > 3
    query = random.standard_normal((2, 3)).astype(np.float32)
    expected = [plain(query, vector, aligned=False) for vector in vectors]
    ranking = made.nearest(query, 100, None)
    assert sorted(ranking.rows.tolist()) == list(range(61))
    assert ranking.distances == pytest.approx(np.sort(expected), rel=1e-4)
    for row in range(0, 60, 2):
        made.remove(row)
    kept = [*range(1, 60, 2), 60]
    made.compact(np.array(kept))
    again = made.nearest(query, 100, None)
    assert again.distances == pytest.approx(np.sort([expected[row] for row in kept]), rel=1e-4)


def test_what_does_not_fit() -> None:
    made = index()
    made.check(np.ones((2, 5), dtype=np.float32))
    made.put(0, np.ones((2, 3), dtype=np.float32))
    with pytest.raises(Refused, match="AddBatch called on multivector index"):
        made.check(np.ones(3, dtype=np.float32))
    with pytest.raises(Refused, match=r"multi vector with length 2 at position 0\. Existing nodes have .* length 3"):
        made.check(np.ones((2, 2), dtype=np.float32))
    with pytest.raises(Refused, match="3 vs 2: vector lengths don't match"):
        made.nearest(np.ones((1, 2), dtype=np.float32), 1, None)
    made.put(1, np.empty((0, 3), dtype=np.float32))
    assert made.get(1) is None


def test_an_empty_index_takes_any_query() -> None:
    made = index()
    assert len(made.nearest(np.ones((1, 2), dtype=np.float32), 3, None)) == 0
    assert np.isnan(made.distances(np.ones((1, 2), dtype=np.float32), np.array([0, 7]))).all()


def test_skipped() -> None:
    made = MultiVectorIndex(VectorSchema("", multi=True, skip=True))
    made.put(0, np.ones((2, 3), dtype=np.float32))
    with pytest.raises(Refused, match="cannot vector-search"):
        made.nearest(np.ones((2, 3), dtype=np.float32), 1, None)
