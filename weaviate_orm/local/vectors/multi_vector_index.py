"""The multi-vectors of one target in one shard (late interaction): objects have several vectors, and so has a query.

The distance is MaxSim with its sign turned: of every query vector the largest dot product with a vector of the object, added up. Whatever
distance the schema names, products are taken; ``cosine`` brings the query's vectors to length one, and leaves the stored ones as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.objects import Bools, Floats, Ints, Vector
from weaviate_orm.local.ranking import Ranking
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import VectorSchema
from weaviate_orm.local.vectors.distances import nearest_positions, normalized
from weaviate_orm.local.vectors.matrix import grown
from weaviate_orm.local.vectors.vector_index import refuse_search_of_unindexed

__all__ = ["MultiVectorIndex"]

_FIRST_BYTES = 8 << 20
_SEGMENT_BYTES = 64 << 20
_SMALLEST = 64
_PRODUCT_BYTES = 4 << 20
"""Of the products of a query with part of a segment."""
_FEW = 4
_NO_ROW = -1


class _Segment:
    """Multi-vectors one behind the other, never moved; that of a removed row stays as a gap until compaction."""

    def __init__(self, capacity: int, dimensions: int) -> None:
        self.tokens: Floats = np.empty((capacity, dimensions), dtype=np.float32)
        self.used = 0
        self.starts: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)  # by place
        self.rows: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)  # by place; _NO_ROW in a gap
        self.places = 0

    def fits(self, count: int) -> bool:
        """Whether so many more vectors have room."""
        return self.used + count <= len(self.tokens)

    def append(self, row: int, vectors: Vector) -> int:
        """Store a multi-vector and give its place."""
        place = self.places
        self.starts = grown(self.starts, place + 1, 0)
        self.rows = grown(self.rows, place + 1, _NO_ROW)
        self.starts[place], self.rows[place] = self.used, row
        self.tokens[self.used : self.used + len(vectors)] = vectors
        self.used += len(vectors)
        self.places += 1
        return place

    def extent(self, place: int) -> slice:
        """Give where the vectors of a place are."""
        stop = self.starts[place + 1] if place + 1 < self.places else self.used
        return slice(int(self.starts[place]), int(stop))


class MultiVectorIndex:
    """Multi-vectors of shape ``(vectors, dimensions)`` by row; the face of :class:`VectorIndex`.

    Attributes:
        schema: of the target.
        dimensions: of every single vector; ``None`` before the first.
    """

    def __init__(self, schema: VectorSchema) -> None:
        self.schema = schema
        self.dimensions: int | None = None
        self._segments: list[_Segment] = []
        # By row: segment and place in it, _NO_ROW without vector.
        self._segment_of: npt.NDArray[np.int32] = np.empty(0, dtype=np.int32)
        self._place_of: npt.NDArray[np.int32] = np.empty(0, dtype=np.int32)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def check(self, vector: Vector) -> None:
        """See whether the multi-vector fits.

        Raises:
            Refused: vectors of another length than those here, or a single vector.
        """
        if vector.ndim != 2:
            raise Refused("AddBatch called on multivector index", http=500)
        if self.dimensions is not None and vector.shape[1] != self.dimensions:
            raise Refused(
                f"new node has a multi vector with length {vector.shape[1]} at position 0. "
                f"Existing nodes have vectors with length {self.dimensions}",
                http=500,
            )

    def put_many(self, rows: Sequence[int], vectors: Sequence[Vector]) -> None:
        """Store the multi-vectors of several rows, as :meth:`put` does one."""
        for row, vector in zip(rows, vectors, strict=True):
            self.put(row, vector)

    def put(self, row: int, vector: Vector) -> None:
        """Store the multi-vector of a row, which :meth:`check` has let through; an empty one means that there is none."""
        self.remove(row)
        if not vector.size:
            return
        dimensions: int = vector.shape[1]
        self.dimensions = dimensions
        number = self._room(len(vector), dimensions)
        self._segment_of = grown(self._segment_of, row + 1, _NO_ROW)
        self._place_of = grown(self._place_of, row + 1, _NO_ROW)
        self._segment_of[row] = number
        self._place_of[row] = self._segments[number].append(row, vector)
        self._count += 1

    def _room(self, count: int, dimensions: int) -> int:
        """Give the number of the segment that takes so many vectors. Only the first one is ever copied, while it is small."""
        whole = max(_SMALLEST, _SEGMENT_BYTES // (4 * dimensions))
        if self._segments:
            first = max(_SMALLEST, min(_FIRST_BYTES, _SEGMENT_BYTES) // (4 * dimensions))
            last = self._segments[-1]
            if last.fits(count):
                return len(self._segments) - 1
            if len(self._segments) == 1 and last.used + count <= first:
                larger = np.empty((min(first, max(2 * len(last.tokens), last.used + count)), dimensions), np.float32)
                larger[: last.used] = last.tokens[: last.used]
                last.tokens = larger
                return 0
            self._segments.append(_Segment(max(whole, count), dimensions))
        else:
            self._segments.append(_Segment(max(_SMALLEST, count), dimensions))
        return len(self._segments) - 1

    def remove(self, row: int) -> None:
        """Forget the multi-vector of a row, if it has one."""
        if row < len(self._segment_of) and (number := int(self._segment_of[row])) != _NO_ROW:
            self._segments[number].rows[self._place_of[row]] = _NO_ROW
            self._segment_of[row] = _NO_ROW
            self._count -= 1

    def get(self, row: int) -> Vector | None:
        """Give a copy of the multi-vector of a row as it was stored."""
        if row >= len(self._segment_of) or self._segment_of[row] == _NO_ROW:
            return None
        segment = self._segments[int(self._segment_of[row])]
        found: Vector = segment.tokens[segment.extent(int(self._place_of[row]))].copy()
        return found

    def get_many(self, rows: Ints) -> list[Vector | None]:
        """Give what :meth:`get` gives of many rows."""
        return [self.get(row) for row in rows.tolist()]

    def has(self, size: int) -> Bools:
        """Tell of the first ``size`` rows which have a multi-vector, shape ``(size,)``."""
        found = np.zeros(size, dtype=np.bool_)
        known = min(size, len(self._segment_of))
        found[:known] = self._segment_of[:known] != _NO_ROW
        return found

    def compact(self, rows: Ints) -> None:
        """Number the rows anew: ``rows[i]`` is the old row of the new row ``i``; what is not named is gone, and so are the gaps."""
        numbers = {int(old): new for new, old in enumerate(rows)}
        old_segments, self._segments = self._segments, []
        self._segment_of, self._place_of = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32)
        self._count = 0
        old_segments.reverse()
        while old_segments:  # each is given back before the next is read
            segment = old_segments.pop()
            for place, row in enumerate(segment.rows[: segment.places].tolist()):
                if row in numbers:
                    self.put(numbers[row], segment.tokens[segment.extent(place)])

    def nearest(self, query: Vector, limit: int, allowed: Bools | None) -> Ranking:
        """Find the rows nearest to a query, nearest first.

        Args:
            query: shape ``(vectors, dimensions)``.
            limit: rows at most.
            allowed: shape ``(rows,)``, which ones may be found; ``None`` for all.

        Raises:
            Refused: the query has other dimensions, or vectors are not indexed here.
        """
        self._check_query(query)
        if not self._count:
            return Ranking(np.empty(0, dtype=np.int64), distances=np.empty(0, dtype=np.float32))
        if allowed is not None and (rows := np.flatnonzero(allowed)).size * _FEW <= self._count:
            rows = rows[self.has(len(allowed))[rows]]
            distances = self.distances(query, rows)
        else:
            rows, distances = self._everywhere(query)
            open_ = rows != _NO_ROW
            if allowed is not None:
                open_ &= rows < len(allowed)
                open_[open_] = allowed[rows[open_]]
            rows, distances = rows[open_], distances[open_]
        best = nearest_positions(distances, limit)
        return Ranking(rows[best], distances=distances[best])

    def distances(self, query: Vector, rows: Ints) -> Floats:
        """Give the distance of the query to each of these rows, not-a-number where a row has no multi-vector.

        Raises:
            Refused: as in :meth:`nearest`.
        """
        self._check_query(query)
        compared = self._compared(query)
        found = np.full(len(rows), np.nan, dtype=np.float32)
        with np.errstate(all="ignore"):
            for position, row in enumerate(rows.tolist()):
                if row < len(self._segment_of) and (number := int(self._segment_of[row])) != _NO_ROW:
                    segment = self._segments[number]
                    tokens = segment.tokens[segment.extent(int(self._place_of[row]))]
                    found[position] = -(compared @ tokens.T).max(axis=1).sum()
        return found

    def _check_query(self, query: Vector) -> None:
        refuse_search_of_unindexed(self.schema)
        if self.dimensions is not None and query.shape[-1] != self.dimensions:
            raise Refused(
                "multi vector search: knn search: distance between entrypoint and query node: "
                f"{self.dimensions} vs {query.shape[-1]}: vector lengths don't match"
            )

    def _compared(self, query: Vector) -> Vector:
        return normalized(query) if self.schema.distance == "cosine" else query

    def _everywhere(self, query: Vector) -> tuple[Ints, Floats]:
        """Compare with all: the row of every place, gaps included, and its distance."""
        compared = self._compared(query)
        all_rows: list[npt.NDArray[np.int64]] = []
        all_distances: list[Floats] = []
        with np.errstate(all="ignore"):
            for segment in self._segments:
                starts = segment.starts[: segment.places]
                all_rows.append(segment.rows[: segment.places])
                # Places are taken together until their products fill the space that is set aside for them.
                step = max(1, _PRODUCT_BYTES // (4 * len(query)))
                first = 0
                while first < segment.places:
                    last = np.searchsorted(starts, int(starts[first]) + step).item()
                    last = max(first + 1, min(last, segment.places) - (last < segment.places))
                    stop = int(starts[last]) if last < segment.places else segment.used
                    products = compared @ segment.tokens[starts[first] : stop].T
                    best: Floats = np.maximum.reduceat(products, starts[first:last] - starts[first], axis=1)
                    all_distances.append(-best.sum(axis=0))
                    first = last
        return np.concatenate(all_rows), np.concatenate(all_distances)
