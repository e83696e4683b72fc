"""The vectors of one target in one shard, found by comparing the query with every one of them: exact, and at the speed of memory.

A slot is a position in the matrix, a row one in the shard. They differ: rows without a vector take no slot, and the slot of a removed
vector is given to the next one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.objects import Bools, Floats, Ints, Vector
from weaviate_orm.local.ranking import Ranking
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import VectorSchema
from weaviate_orm.local.vectors.distances import (
    distances_between,
    inverse_lengths_of,
    nearest_positions,
    normalized,
    squared_lengths,
)
from weaviate_orm.local.vectors.matrix import GrowingMatrix, grown

__all__ = ["VectorIndex", "refuse_search_of_unindexed"]

_PRODUCT = 8
_SUM = 2
"""Rows are gathered instead of comparing all when at most one in so many is allowed: copying a row costs as much as seven products with
the query and as half of the distances that are added up number by number."""

_NO_ROW = -1


class VectorIndex:
    """Vectors of shape ``(dimensions,)`` by row.

    With ``skip`` in the schema vectors are kept, of whatever length, and cannot be searched, as on a server.

    Attributes:
        schema: of the target.
        dimensions: of every vector; ``None`` before the first.
    """

    def __init__(self, schema: VectorSchema) -> None:
        self.schema = schema
        self.dimensions: int | None = None
        self._matrix = GrowingMatrix(0)
        self._row_of: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)  # by slot; _NO_ROW where removed
        self._slot_of: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)  # by row; _NO_ROW without vector
        self._free: list[int] = []
        # By slot: 1 / length for cosine, squared length for l2-squared.
        self._lengths: Floats = np.empty(0, dtype=np.float32)
        self._unindexed: dict[int, Vector] = {}
        self._few = _SUM if schema.distance in ("manhattan", "hamming") else _PRODUCT

    def __len__(self) -> int:
        return len(self._unindexed) if self.schema.skip else self._matrix.size - len(self._free)

    def check(self, vector: Vector) -> None:
        """See whether the vector fits.

        Raises:
            Refused: another length than that of the vectors here, or a multi-vector.
        """
        if self.schema.skip:
            return
        if vector.ndim != 1:
            raise Refused("addMultiBatch called on non-multivector index", http=500)
        if self.dimensions is None or vector.size == self.dimensions:
            return
        if self.schema.index == "flat":
            text = f"insert called with a vector of the wrong size: {vector.size}. Saved length: {self.dimensions}"
        else:
            text = (
                f"new node has a vector with length {vector.size}. Existing nodes have vectors with length "
                f"{self.dimensions}: vector dimensions do not match the index dimensions"
            )
        raise Refused(text, http=500)

    def put(self, row: int, vector: Vector) -> None:
        """Store the vector of a row, which :meth:`check` has let through; an empty one means that there is none."""
        self.put_many([row], [vector])

    def put_many(self, rows: Sequence[int], vectors: Sequence[Vector]) -> None:
        """Store the vectors of several rows, none of them named twice, as :meth:`put` does one."""
        for row in self._having(rows):
            self.remove(row)
        if not all(vector.size for vector in vectors):
            there = [place for place, vector in enumerate(vectors) if vector.size]
            rows, vectors = [rows[place] for place in there], [vectors[place] for place in there]
        if not vectors:
            return
        if self.schema.skip:
            for row, vector in zip(rows, vectors, strict=True):
                self._unindexed[row] = np.array(vector, dtype=np.float32)
            return
        if self.dimensions is None:
            self.dimensions = vectors[0].size
            self._matrix = GrowingMatrix(self.dimensions)
        slots = self._written(vectors)
        self._row_of = grown(self._row_of, self._matrix.size, _NO_ROW)
        self._row_of[slots] = rows
        self._slot_of = grown(self._slot_of, max(rows) + 1, _NO_ROW)
        self._slot_of[rows] = slots
        if self.schema.distance in ("cosine", "l2-squared"):
            self._lengths = grown(self._lengths, self._matrix.size, 0)
            measure = inverse_lengths_of if self.schema.distance == "cosine" else squared_lengths
            self._lengths[slots] = measure(vectors)

    def _written(self, vectors: Sequence[Vector]) -> Ints:
        """Write vectors into free slots and then into new ones, and give the slots."""
        slots = np.empty(len(vectors), dtype=np.int64)
        reused = min(len(self._free), len(vectors))
        for place in range(reused):
            slots[place] = slot = self._free.pop()
            self._matrix.write(slot, vectors[place])
        first = self._matrix.extend(vectors[reused:])
        slots[reused:] = np.arange(first, self._matrix.size)
        return slots

    def _having(self, rows: Sequence[int]) -> list[int]:
        """Give those of some rows that have a vector."""
        if self.schema.skip:
            return [row for row in rows if row in self._unindexed]
        places = np.array(rows, dtype=np.int64)
        known = places[places < len(self._slot_of)]
        having: list[int] = known[self._slot_of[known] != _NO_ROW].tolist()
        return having

    def remove(self, row: int) -> None:
        """Forget the vector of a row, if it has one."""
        if self._unindexed.pop(row, None) is not None or row >= len(self._slot_of):
            return
        slot = int(self._slot_of[row])
        if slot != _NO_ROW:
            self._slot_of[row] = _NO_ROW
            self._row_of[slot] = _NO_ROW
            self._free.append(slot)

    def get(self, row: int) -> Vector | None:
        """Give a copy of the vector of a row as it was stored."""
        if self.schema.skip:
            return self._unindexed.get(row)
        if row >= len(self._slot_of) or self._slot_of[row] == _NO_ROW:
            return None
        return self._matrix.read(int(self._slot_of[row])).copy()

    def get_many(self, rows: Ints) -> list[Vector | None]:
        """Give what :meth:`get` gives of many rows."""
        if self.schema.skip or len(rows) == 1:
            return [self.get(row) for row in rows.tolist()]
        found: list[Vector | None] = [None] * len(rows)
        known = np.flatnonzero(rows < len(self._slot_of))
        slots = self._slot_of[rows[known]]
        there = slots != _NO_ROW
        known, slots = known[there], slots[there]
        for positions, block in self._matrix.gathered(slots):
            for place, vector in zip(known[positions].tolist(), block, strict=True):
                found[place] = vector
        return found

    def has(self, size: int) -> Bools:
        """Tell of the first ``size`` rows which have a vector, shape ``(size,)``."""
        found = np.zeros(size, dtype=np.bool_)
        if self.schema.skip:
            found[[row for row in self._unindexed if row < size]] = True
        else:
            known = min(size, len(self._slot_of))
            found[:known] = self._slot_of[:known] != _NO_ROW
        return found

    def compact(self, rows: Ints) -> None:
        """Number the rows anew: ``rows[i]`` is the old row of the new row ``i``; what is not named is gone."""
        if self.schema.skip:
            self._unindexed = {
                new: self._unindexed[old] for new, old in enumerate(rows.tolist()) if old in self._unindexed
            }
            return
        slots = np.full(len(rows), _NO_ROW, dtype=np.int64)
        known = rows < len(self._slot_of)
        slots[known] = self._slot_of[rows[known]]
        kept = np.flatnonzero(slots != _NO_ROW)
        used = np.zeros(self._matrix.size, dtype=np.bool_)
        used[slots[kept]] = True
        # The last vectors move into the holes before them, so that nothing is held twice.
        size = len(kept)
        holes, movers = np.flatnonzero(~used[:size]), size + np.flatnonzero(used[size:])
        moved = np.arange(self._matrix.size)
        moved[movers] = holes
        for hole, mover in zip(holes.tolist(), movers.tolist(), strict=True):
            self._matrix.write(hole, self._matrix.read(mover))
            if len(self._lengths):
                self._lengths[hole] = self._lengths[mover]
        self._matrix.truncate(size)
        self._free = []
        slots[kept] = moved[slots[kept]]
        self._slot_of = slots
        self._row_of = np.full(size, _NO_ROW, dtype=np.int64)
        self._row_of[slots[kept]] = kept
        self._lengths = self._lengths[:size].copy()

    def nearest(self, query: Vector, limit: int, allowed: Bools | None) -> Ranking:
        """Find the rows nearest to a query, nearest first.

        Args:
            query: shape ``(dimensions,)``, of any length for cosine.
            limit: rows at most.
            allowed: shape ``(rows,)``, which ones may be found; ``None`` for all.

        Raises:
            Refused: the query has other dimensions, or vectors are not indexed here.
        """
        self._check_query(query, filtered=allowed is not None)
        if not len(self):
            return Ranking(np.empty(0, dtype=np.int64), distances=np.empty(0, dtype=np.float32))
        with np.errstate(all="ignore"):  # numbers beyond float32 are as much the caller's wish as others
            if allowed is not None and (rows := np.flatnonzero(allowed)).size * self._few <= self._matrix.size:
                rows = rows[rows < len(self._slot_of)]
                slots = self._slot_of[rows]
                slots = slots[slots != _NO_ROW]
                distances = self._at(query, slots)
            else:
                slots, distances = self._everywhere(query, limit, self._open(allowed))
            best = nearest_positions(distances, limit)
        return Ranking(self._row_of[slots[best]], distances=distances[best])

    def distances(self, query: Vector, rows: Ints) -> Floats:
        """Give the distance of the query to each of these rows, not-a-number where a row has no vector.

        Raises:
            Refused: as in :meth:`nearest`.
        """
        self._check_query(query, filtered=True)
        found = np.full(len(rows), np.nan, dtype=np.float32)
        known = np.flatnonzero(rows < len(self._slot_of))
        slots = self._slot_of[rows[known]]
        there = slots != _NO_ROW
        if there.any():
            with np.errstate(all="ignore"):
                found[known[there]] = self._at(query, slots[there])
        return found

    def _check_query(self, query: Vector, *, filtered: bool) -> None:
        refuse_search_of_unindexed(self.schema)
        if self.dimensions is None or query.size == self.dimensions:
            return
        if self.schema.index == "flat":
            raise Refused(f"vector search: {query.size} vs {self.dimensions}: vector lengths don't match")
        where = "flat search" if filtered else "knn search"
        raise Refused(
            f"vector search: {where}: distance between entrypoint and query node: "
            f"{self.dimensions} vs {query.size}: vector lengths don't match"
        )

    def _open(self, allowed: Bools | None) -> Ints | None:
        """Give the slots that may be found; ``None`` for all."""
        row_of = self._row_of[: self._matrix.size]
        if allowed is None:
            return np.flatnonzero(row_of != _NO_ROW) if self._free else None
        known = row_of < len(allowed)
        if self._free:
            known &= row_of != _NO_ROW
        if known.all():
            return np.flatnonzero(allowed[row_of])
        slots = np.flatnonzero(known)
        return slots[allowed[row_of[slots]]]

    def _at(self, query: Vector, slots: Ints) -> Floats:
        """Give the distance of these slots."""
        found = np.empty(len(slots), dtype=np.float32)
        cosine = self.schema.distance == "cosine"
        compared = normalized(query) if cosine else query
        for positions, block in self._matrix.gathered(slots):
            if cosine:
                found[positions] = _cosine(block @ compared, self._lengths[slots[positions]])
            else:
                found[positions] = distances_between(self.schema.distance, block, compared)
        return found

    def _everywhere(self, query: Vector, limit: int, slots: Ints | None) -> tuple[Ints, Floats]:
        """Compare with all: slots, the nearest among them, with their distances. ``slots`` are those that may be found."""
        size = self._matrix.size
        match self.schema.distance:
            case "cosine":
                found = _cosine(self._products(normalized(query)), self._lengths[:size])
            case "dot":
                found = -self._products(query)
            case "l2-squared":
                return self._everywhere_squared(query, limit, slots)
            case distance:
                found = np.empty(size, dtype=np.float32)
                for start, block in self._matrix.blocks():
                    found[start : start + len(block)] = distances_between(distance, block, query)
        return (np.arange(size), found) if slots is None else (slots, found[slots])

    def _everywhere_squared(self, query: Vector, limit: int, slots: Ints | None) -> tuple[Ints, Floats]:
        """Find candidates by |a|² + |q|² - 2a·q, six times as fast as (a - q)² and inexact, then compare these exactly.

        The bound of the error is that of adding up d float32 numbers; with vectors far from zero and near each other it makes candidates
        of nearly all, and then all are compared exactly at once.
        """
        if slots is None:
            slots = np.arange(self._matrix.size)
        squares = self._lengths[slots] + np.float32(np.dot(query, query))
        slack = squares * np.float32(2.5 * (query.size + 8) * 2.0**-24)
        low = squares - np.float32(2) * self._products(query)[slots] - slack
        if limit < len(slots):
            bound = np.partition(low + 2 * slack, limit - 1)[limit - 1]
            slots = slots[~(low > bound)]
        if len(slots) * _SUM <= self._matrix.size:
            return slots, self._at(query, slots)
        exact = np.empty(self._matrix.size, dtype=np.float32)
        for start, block in self._matrix.blocks():
            exact[start : start + len(block)] = distances_between("l2-squared", block, query)
        return slots, exact[slots]

    def _products(self, query: Vector) -> Floats:
        """Give the dot product of every slot and the query."""
        found = np.empty(self._matrix.size, dtype=np.float32)
        for start, block in self._matrix.blocks():
            np.dot(block, query, out=found[start : start + len(block)])
        return found


def refuse_search_of_unindexed(schema: VectorSchema) -> None:
    """See whether the vectors are indexed.

    Raises:
        Refused: the schema says ``skip``.
    """
    if schema.skip:
        raise Refused("vector search: cannot vector-search on a class not vector-indexed")


def _cosine(products: Floats, inverse: Floats) -> Floats:
    """Give the distances of vectors whose products with a query of length one these are. An inverse length of 0 gives 1."""
    products *= inverse
    np.subtract(np.float32(1), products, out=products)
    return np.maximum(products, np.float32(0), out=products)
