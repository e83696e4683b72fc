"""Vectors in a shard against one distance after the other in plain Python."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weaviate_orm.local.objects import Bools, Vector
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import VectorSchema
from weaviate_orm.local.vectors.matrix import GrowingMatrix
from weaviate_orm.local.vectors.vector_index import VectorIndex


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    lengths = math.hypot(*one) * math.hypot(*other)
    return max(0.0, 1 - sum(map(float.__mul__, one, other)) / lengths) if lengths else 1.0


PLAIN: dict[str, Callable[[Sequence[float], Sequence[float]], float]] = {
    "cosine": cosine,
    "dot": lambda one, other: -sum(a * b for a, b in zip(one, other, strict=True)),
    "l2-squared": lambda one, other: sum((a - b) ** 2 for a, b in zip(one, other, strict=True)),
    "manhattan": lambda one, other: sum(abs(a - b) for a, b in zip(one, other, strict=True)),
    "hamming": lambda one, other: float(sum(a != b for a, b in zip(one, other, strict=True))),
}
each_distance = pytest.mark.parametrize("distance", PLAIN)

POINT = st.lists(st.integers(-3, 3).map(float), min_size=3, max_size=3)


def index(distance: str = "cosine", **more: bool | str) -> VectorIndex:
    kind = more.get("index", "hnsw")
    return VectorIndex(VectorSchema("", distance=distance, skip=bool(more.get("skip")), index=str(kind)))


def floats(*numbers: float) -> Vector:
    return np.array(numbers, dtype=np.float32)


def filled(distance: str, vectors: Sequence[Sequence[float]]) -> VectorIndex:
    made = index(distance)
    for row, vector in enumerate(vectors):
        made.put(row, floats(*vector))
    return made


def check(found: VectorIndex, expected: dict[int, float], query: Vector, limit: int, allowed: Bools | None) -> None:
    ranking = found.nearest(query, limit, allowed)
    assert ranking.distances is not None
    assert ranking.distances.dtype == np.float32
    assert ranking.distances.tolist() == pytest.approx(
        [expected[row] for row in ranking.rows.tolist()], rel=1e-5, abs=1e-6
    )
    assert ranking.distances.tolist() == pytest.approx(sorted(expected.values())[:limit], rel=1e-5, abs=1e-6)
    assert len(set(ranking.rows.tolist())) == len(ranking)


@each_distance
@given(
    vectors=st.lists(st.one_of(st.none(), POINT), min_size=1, max_size=30),
    removed=st.sets(st.integers(0, 29)),
    allowed=st.none() | st.lists(st.booleans(), min_size=30, max_size=30),
    query=POINT,
    limit=st.integers(1, 12),
)
def test_nearest(
    distance: str,
    vectors: list[list[float] | None],
    removed: set[int],
    allowed: list[bool] | None,
    query: list[float],
    limit: int,
) -> None:
    made = index(distance)
    stored: dict[int, list[float]] = {}
    for row, vector in enumerate(vectors):
        if vector is not None:
            made.put(row, floats(*vector))
            stored[row] = vector
    for row in removed:
        made.remove(row)
        stored.pop(row, None)
    mask = None if allowed is None else np.array(allowed)
    expected = {
        row: PLAIN[distance](vector, query) for row, vector in stored.items() if allowed is None or allowed[row]
    }
    check(made, expected, floats(*query), limit, mask)
    assert made.has(30).tolist() == [row in stored for row in range(30)]
    assert len(made) == len(stored)


@each_distance
@pytest.mark.parametrize("share", [0.01, 0.2, 0.9])
def test_many(distance: str, share: float) -> None:
    """Enough to fill several segments of the matrix, and to take every way through a filtered search."""
    random = np.random.default_rng(3)
    vectors = random.standard_normal((700, 5)).astype(np.float32)
    vectors[::7] = np.round(vectors[::7])
    made = index(distance)
    made._matrix = GrowingMatrix(5, segment_bytes=4 * 5 * 64)
    made.dimensions = 5
    for row, vector in enumerate(vectors):
        made.put(2 * row, vector)
    for row in range(0, 1400, 6):
        made.remove(row)
    allowed = random.random(1400) < share
    query = vectors[3]
    expected = {
        2 * row: PLAIN[distance](vector.tolist(), query.tolist())
        for row, vector in enumerate(vectors)
        if 2 * row % 6 and allowed[2 * row]
    }
    check(made, expected, query, 10, allowed)
    rows = np.array([5000, 2, 4, 1, 0, 1396])
    alone = made.distances(query, rows)
    assert np.isnan(alone[[0, 3, 4]]).all()
    assert alone[[1, 2, 5]].tolist() == pytest.approx(
        [PLAIN[distance](vectors[row].tolist(), query.tolist()) for row in (1, 2, 698)], rel=1e-5, abs=1e-6
    )


def test_a_squared_distance_is_exact_far_from_zero() -> None:
    """The fast way subtracts large numbers there; candidates must not be lost by it."""
    random = np.random.default_rng(4)
    vectors = (1000 + random.standard_normal((500, 16))).astype(np.float32)
    made = filled("l2-squared", vectors.tolist())
    query = (1000 + random.standard_normal(16)).astype(np.float32)
    exact = ((vectors.astype(np.float64) - query) ** 2).sum(axis=1)
    ranking = made.nearest(query, 5, None)
    assert ranking.rows.tolist() == np.argsort(exact)[:5].tolist()
    assert ranking.distances == pytest.approx(np.sort(exact)[:5], rel=1e-4)
    assert made.nearest(vectors[7], 1, None).distances == pytest.approx([0], abs=0)


def test_cosine_of_zeros_and_of_long_vectors() -> None:
    made = filled("cosine", [[0, 0], [1e30, 1e30], [3, 4]])
    ranking = made.nearest(floats(6, 8), 3, None)
    assert ranking.rows[0] == 2
    assert ranking.distances == pytest.approx([0, 1, 1], abs=1e-6)
    zero = made.nearest(floats(0, 0), 3, None)
    assert zero.distances is not None
    assert zero.distances.tolist() == [1, 1, 1]


def test_stored_vectors_come_back_as_they_were() -> None:
    made = filled("cosine", [[3, 4], [0, 0]])
    first = made.get(0)
    assert first is not None
    assert first.tolist() == [3, 4]
    first[0] = 7
    assert made.get(0) is not None
    assert made.nearest(floats(3, 4), 1, None).distances == pytest.approx([0], abs=1e-6)
    assert made.get(2) is None


def test_a_replaced_vector_is_found_once() -> None:
    made = filled("l2-squared", [[1, 0], [2, 0]])
    made.put(0, floats(9, 0))
    ranking = made.nearest(floats(1, 0), 5, None)
    assert ranking.rows.tolist() == [1, 0]
    made.remove(1)
    made.put(5, floats(1, 0))
    assert made.nearest(floats(1, 0), 5, None).rows.tolist() == [5, 0]
    assert made._matrix.size == 2  # the freed slot was used again


@each_distance
@given(st.data())
@settings(max_examples=30)
def test_compaction_changes_nothing_but_numbers(distance: str, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 25))
    vectors = data.draw(st.lists(POINT, min_size=count, max_size=count))
    made = filled(distance, vectors)
    gone = data.draw(st.sets(st.integers(0, count - 1)))
    for row in gone:
        made.remove(row)
    kept = [row for row in range(count) if row not in gone]
    made.compact(np.array([*kept, count + 3], dtype=np.int64))
    query = floats(*data.draw(POINT))
    check(made, {new: PLAIN[distance](vectors[old], query.tolist()) for new, old in enumerate(kept)}, query, 50, None)
    assert made.has(len(kept) + 1).tolist() == [True] * len(kept) + [False]
    made.put(len(kept), floats(1, 1, 1))
    assert made.get(len(kept)) is not None
    assert len(made) == len(kept) + 1
    for new, old in enumerate(kept):
        vector = made.get(new)
        assert vector is not None
        assert vector.tolist() == vectors[old]


def test_lengths_that_do_not_fit() -> None:
    made = filled("cosine", [[1, 2, 3]])
    with pytest.raises(Refused) as refused:
        made.check(floats(1, 2))
    assert refused.value.text == (
        "new node has a vector with length 2. Existing nodes have vectors with length 3: "
        "vector dimensions do not match the index dimensions"
    )
    with pytest.raises(Refused, match="entrypoint and query node: 3 vs 2: vector lengths don't match"):
        made.nearest(floats(1, 2), 1, None)
    with pytest.raises(Refused, match="3 vs 2"):
        made.distances(floats(1, 2), np.array([0]))
    with pytest.raises(Refused, match="addMultiBatch called on non-multivector index"):
        made.check(np.ones((1, 3), dtype=np.float32))
    flat = index("dot", index="flat")
    flat.put(0, floats(1, 2, 3))
    with pytest.raises(Refused, match=r"insert called with a vector of the wrong size: 2\. Saved length: 3"):
        flat.check(floats(1, 2))
    with pytest.raises(Refused, match=r"^vector search: 2 vs 3: vector lengths don't match$"):
        flat.nearest(floats(1, 2), 1, None)


def test_an_empty_index_takes_any_query() -> None:
    made = index()
    assert len(made.nearest(floats(1, 2), 3, None)) == 0
    assert len(made.nearest(floats(1, 2), 3, np.zeros(4, dtype=np.bool_))) == 0
    assert np.isnan(made.distances(floats(1), np.array([0, 1]))).all()
    made.put(0, floats())
    assert made.dimensions is None
    assert len(made) == 0


def test_skipped_vectors_are_kept_and_not_searched() -> None:
    made = index(skip=True)
    made.check(floats(1, 2))
    made.put(0, floats(1, 2))
    made.put(1, floats(1, 2, 3))
    made.put(2, floats(5))
    made.remove(2)
    assert made.has(3).tolist() == [True, True, False]
    with pytest.raises(Refused, match="cannot vector-search on a class not vector-indexed"):
        made.nearest(floats(1, 2), 1, None)
    made.compact(np.array([1, 2]))
    kept = made.get(0)
    assert kept is not None
    assert kept.tolist() == [1, 2, 3]
    assert made.get(1) is None


def test_not_a_number_comes_last() -> None:
    made = filled("dot", [[math.nan, 1], [2, 0], [1, 0]])
    assert made.nearest(floats(1, 0), 2, None).rows.tolist() == [1, 2]
    assert made.nearest(floats(1, 0), 3, None).rows.tolist() == [1, 2, 0]


def test_growing_keeps_full_segments_where_they_are() -> None:
    matrix = GrowingMatrix(2, segment_bytes=2 * 4 * 100)
    for number in range(250):
        assert matrix.extend([floats(number, -number)]) == number
    blocks = [(start, block.shape) for start, block in matrix.blocks()]
    assert blocks == [(0, (100, 2)), (100, (100, 2)), (200, (50, 2))]
    first = next(block for _, block in matrix.blocks())
    matrix.extend([floats(0, 0)])
    assert np.shares_memory(first, next(block for _, block in matrix.blocks()))
    found = {
        int(slot): row.tolist()
        for slots in [np.array([249, 3, 100])]
        for positions, rows in matrix.gathered(slots)
        for slot, row in zip(slots[positions], rows, strict=True)
    }
    assert found == {249: [249, -249], 3: [3, -3], 100: [100, -100]}
    matrix.truncate(100)
    assert [start for start, _ in matrix.blocks()] == [0]
    assert matrix.extend([floats(1, 1)]) == 100


@given(st.lists(st.integers(0, 40), max_size=12))
def test_rows_added_together_lie_as_if_added_one_by_one(counts: list[int]) -> None:
    matrix = GrowingMatrix(1, segment_bytes=4 * 25)
    size = 0
    for count in counts:
        assert matrix.extend([floats(size + number) for number in range(count)]) == size
        size += count
    assert matrix.size == size
    assert [number for _, block in matrix.blocks() for number in block[:, 0].tolist()] == list(range(size))
    assert all(matrix.read(slot).tolist() == [slot] for slot in range(size))


@each_distance
def test_vectors_put_together_are_found_as_if_put_one_by_one(distance: str) -> None:
    random = np.random.default_rng(5)
    vectors = [*random.standard_normal((40, 3)).astype(np.float32), np.zeros(3, np.float32)]
    alone, together = filled(distance, []), filled(distance, [])
    for made in (alone, together):
        for row in range(6):
            made.put(row, floats(row, 1, 2))
        made.remove(2)
    rows = [3, *range(10, 10 + len(vectors))]  # one is replaced, one takes a free slot, one has no numbers
    given_vectors = [floats(9, 9, 9), *vectors[:-1], np.empty(0, np.float32)]
    for row, vector in zip(rows, given_vectors, strict=True):
        alone.put(row, vector)
    together.put_many(rows, given_vectors)
    assert len(alone) == len(together) == 45
    size = rows[-1] + 1
    assert alone.has(size).tolist() == together.has(size).tolist()
    query = floats(1, -1, 0.5)
    one, other = alone.nearest(query, 100, None), together.nearest(query, 100, None)
    assert one.distances is not None
    assert other.distances is not None
    assert dict(zip(one.rows.tolist(), one.distances.tolist(), strict=True)) == dict(
        zip(other.rows.tolist(), other.distances.tolist(), strict=True)
    )
    every = np.arange(size + 3)
    for made in (alone, together):
        for row, vector in zip(every.tolist(), made.get_many(every), strict=True):
            single = made.get(row)
            assert (vector is None) == (single is None)
            assert vector is None or single is None or vector.tolist() == single.tolist()


def test_the_first_segment_is_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weaviate_orm.local.vectors.matrix.FIRST_BYTES", 4 * 10)
    matrix = GrowingMatrix(1, segment_bytes=4 * 25)
    for number in range(70):
        matrix.extend([floats(number)])
    assert [(start, len(block)) for start, block in matrix.blocks()] == [(0, 10), (10, 25), (35, 25), (60, 10)]
    slots = np.array([0, 9, 10, 34, 35, 59, 60, 69])
    found = np.empty(len(slots))
    for positions, rows in matrix.gathered(slots):
        found[positions] = rows[:, 0]
    assert found.tolist() == slots.tolist()
    assert [matrix.read(slot).tolist() for slot in (9, 10, 69)] == [[9], [10], [69]]
    for size, blocks in ((61, 4), (60, 3), (35, 2), (10, 1), (0, 0)):
        matrix.truncate(size)
        assert len(list(matrix.blocks())) == blocks
        assert len(matrix._segments) == blocks
