"""One growing float32 matrix, in segments: what a vector index keeps its numbers in.

Growing a single array copies it, and holds it twice meanwhile. Here a full segment stays where it is and the next one is added; pages of
the last segment that nothing was written to take no memory. Only the first segment starts small and is copied while it grows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.objects import Floats, Ints

__all__ = ["GrowingMatrix", "grown"]

FIRST_BYTES = 8 << 20
SEGMENT_BYTES = 64 << 20
"""Of the first segment, and of each further one: few products with a query, each worth sharing among cores."""

_SMALLEST = 64

Entry = TypeVar("Entry", bound=np.generic)


def grown(array: npt.NDArray[Entry], size: int, fill: int) -> npt.NDArray[Entry]:
    """Give the array, or a larger copy of it, with at least ``size`` entries; new ones hold ``fill``."""
    if len(array) >= size:
        return array
    larger = np.full(max(size, len(array) + len(array) // 2, _SMALLEST), fill, dtype=array.dtype)
    larger[: len(array)] = array
    return larger


class GrowingMatrix:
    """Rows of float32 numbers; a slot is the position of one.

    Attributes:
        dimensions: numbers of a row.
        size: slots in use, from 0 on.
    """

    def __init__(self, dimensions: int, *, segment_bytes: int = SEGMENT_BYTES) -> None:
        self.dimensions = dimensions
        self.size = 0
        row_bytes = 4 * max(dimensions, 1)
        self._first_rows = max(1, min(FIRST_BYTES, segment_bytes) // row_bytes)
        self._segment_rows = max(1, segment_bytes // row_bytes)
        self._segments: list[Floats] = []

    def _place(self, slot: int) -> tuple[int, int]:
        """Give the segment of a slot, and the position in it."""
        if slot < self._first_rows:
            return 0, slot
        segment, position = divmod(slot - self._first_rows, self._segment_rows)
        return segment + 1, position

    def _start(self, segment: int) -> int:
        """Give the first slot of a segment."""
        return self._first_rows + (segment - 1) * self._segment_rows if segment else 0

    def extend(self, vectors: Sequence[Floats]) -> int:
        """Add rows and give the slot of the first."""
        first, done = self.size, 0
        while done < len(vectors):
            room = self._room(len(vectors) - done)
            np.concatenate(vectors[done : done + len(room)], out=room.reshape(-1))
            done += len(room)
            self.size += len(room)
        return first

    def _room(self, wanted: int) -> Floats:
        """Give the place of the next rows, as many as are wanted or as the segment takes."""
        segment, position = self._place(self.size)
        if segment == len(self._segments):
            rows = self._segment_rows if segment else min(max(_SMALLEST, wanted), self._first_rows)
            self._segments.append(np.empty((rows, self.dimensions), dtype=np.float32))
        elif position == len(self._segments[segment]):
            small = self._segments[segment]
            rows = min(max(2 * position, position + wanted), self._first_rows)
            larger = np.empty((rows, self.dimensions), dtype=np.float32)
            larger[: len(small)] = small
            self._segments[segment] = larger
        return self._segments[segment][position : position + wanted]

    def write(self, slot: int, vector: Floats) -> None:
        """Replace a row."""
        segment, position = self._place(slot)
        self._segments[segment][position] = vector

    def read(self, slot: int) -> Floats:
        """Give a row, as a view that later writes change."""
        segment, position = self._place(slot)
        row: Floats = self._segments[segment][position]
        return row

    def blocks(self) -> Iterator[tuple[int, Floats]]:
        """Go through all rows: the first slot of a block, and its rows as a view of shape ``(rows, dimensions)``."""
        for number, segment in enumerate(self._segments):
            start = self._start(number)
            if start < self.size:
                yield start, segment[: self.size - start]

    def gathered(self, slots: Ints) -> Iterator[tuple[Ints, Floats]]:
        """Go through some rows: positions in ``slots``, and copies of the rows that stand there."""
        if len(self._segments) == 1:
            yield np.arange(len(slots)), self._segments[0][slots]
            return
        numbers = np.maximum(slots - self._first_rows + self._segment_rows, 0) // self._segment_rows
        for number in np.unique(numbers).tolist():
            positions = np.flatnonzero(numbers == number)
            yield positions, self._segments[number][slots[positions] - self._start(number)]

    def truncate(self, size: int) -> None:
        """Forget the rows from a slot on, with the segments that only they needed."""
        self.size = size
        del self._segments[self._place(size - 1)[0] + 1 if size else 0 :]
