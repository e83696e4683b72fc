"""The ids of a shard's rows, and the row of an id."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.objects import Ints
from weaviate_orm.local.storage.arrays import GrowingArray

__all__ = ["RowIds", "Uuids"]

Uuids = npt.NDArray[np.uint8]
"""Shape ``(n, 16)``: the bytes of uuids."""

_NONE = -1
_REMOVED = -2
_SMALLEST = 64


class RowIds:
    """Ids by row, and a hash table of rows by id.

    A ``dict`` of bytes objects would take 130 bytes an object, as much as a small object's properties; this takes 16, and four to ten
    for the table, which is open-addressed: an id's place is its hash, or the next free one after it.
    """

    __slots__ = ("_bytes", "_found", "_mask", "_table", "_taken", "_uuids")

    def __init__(self) -> None:
        self._uuids = GrowingArray(np.uint8, 16)
        self._bytes = memoryview(b"")
        self._found = 0
        self._make_table(_SMALLEST)

    def __len__(self) -> int:
        """Give the number of ids that are not removed."""
        return self._found

    @property
    def uuids(self) -> Uuids:
        """The ids of all rows, those of removed ones included."""
        return self._uuids.view

    def at(self, row: int) -> bytes:
        """Give the id of a row."""
        return bytes(self._bytes[16 * row : 16 * row + 16])

    def row(self, id: bytes) -> int | None:
        """Give the row of an id."""
        place = self._place(id)
        return None if place is None else self._table[place]

    def extend(self, ids: Sequence[bytes]) -> None:
        """Put rows at the end; none of their ids is in."""
        start, count = len(self._uuids), len(ids)
        self._uuids.extend(np.frombuffer(b"".join(ids), np.uint8).reshape(count, 16), count)
        self._look()
        if 3 * (self._taken + count) > 2 * len(self._table):
            self._grow(self._found + count)
        self._insert(zip(ids, range(start, start + count), strict=True))
        self._found += count

    def remove(self, id: bytes) -> int | None:
        """Take an id out of the table, and give its row, where its bytes stay."""
        place = self._place(id)
        if place is None:
            return None
        row = self._table[place]
        self._table[place] = _REMOVED
        self._found -= 1
        return row

    def keep(self, rows: Ints) -> None:
        """Keep these rows only, all of them in the table; ``rows[i]`` becomes row ``i``."""
        self._uuids.keep(rows)
        self._look()
        self._found = len(rows)
        self._make_table(2 * len(rows))
        self._insert((self.at(row), row) for row in range(len(rows)))

    def _place(self, id: bytes) -> int | None:
        table, mask, ids = self._table, self._mask, self._bytes
        place = hash(id) & mask
        while (row := table[place]) != _NONE:
            if row >= 0 and bytes(ids[16 * row : 16 * row + 16]) == id:
                return place
            place = (place + 1) & mask
        return None

    def _insert(self, entries: Iterable[tuple[bytes, int]]) -> None:
        table, mask = self._table, self._mask
        for id, row in entries:
            place = hash(id) & mask
            while table[place] != _NONE:
                place = (place + 1) & mask
            table[place] = row
            self._taken += 1

    def _grow(self, count: int) -> None:
        rows = [row for row in self._table if row >= 0]
        self._make_table(2 * count)
        self._insert((self.at(row), row) for row in rows)

    def _make_table(self, count: int) -> None:
        size = _SMALLEST
        while size < count:
            size *= 2
        self._table = array("i", [_NONE]) * size
        self._mask = size - 1
        self._taken = 0

    def _look(self) -> None:
        # Bytes come out of it several times faster than out of an array.
        self._bytes = self._uuids.view.data.cast("B") if len(self._uuids) else memoryview(b"")
