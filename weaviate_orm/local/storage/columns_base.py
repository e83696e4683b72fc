"""What every column has in common: the property it belongs to, which rows have a value, and the life of a row.

A column has one entry a row of its shard. ``columns.py`` lists the kinds and makes the one that a property needs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from weaviate_orm.local.objects import Bools, Ints, Value
from weaviate_orm.local.schema.parsed import PropertySchema
from weaviate_orm.local.storage.arrays import GrowingArray, Lengths

__all__ = ["Column"]


class Column(ABC):
    """The values of one property of one shard.

    The arrays have one entry a row, dead rows included; mask them with ``shard.live``.

    Attributes:
        property: as the schema has it now.
    """

    def __init__(self, property: PropertySchema) -> None:
        self.property = property
        self._present = GrowingArray(np.bool_)

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self._present)

    @property
    def present(self) -> Bools:
        """Shape ``(size,)``: whether the row has a value; ``""`` and ``[]`` are values."""
        return self._present.view

    @property
    def lengths(self) -> Lengths:
        """Shape ``(size,)``: runes of a text, elements of an array, number of references; 0 for all else and for no value."""
        return np.broadcast_to(np.int32(0), (self.size,))

    @abstractmethod
    def value(self, row: int) -> Value | None:
        """Give the value of a row as ``objects.py`` describes values. Mappings are the stored ones: not to be changed."""

    def values(self, rows: Ints) -> list[Value | None]:
        """Give the values of many rows, as :meth:`value` does."""
        present = self._present.view[rows]
        if present.all():
            return self._values_of(rows)
        values = iter(self._values_of(rows[present]))
        return [next(values) if there else None for there in present.tolist()]

    def _values_of(self, rows: Ints) -> list[Value | None]:
        """Give the values of rows that have one."""
        return [self.value(row) for row in rows.tolist()]

    # What follows is called by the shard only.

    def extend(self, values: Sequence[Value | None]) -> None:
        """Put the values of new rows at the end; ``None`` for no value."""
        count = len(values)
        if not count:
            return
        missing = values.count(None)
        if missing == count:
            present: Bools | bool = False
        elif missing == 0:
            present = True
        else:
            present = np.fromiter((value is not None for value in values), np.bool_, count)
        self._add(values)
        self._present.extend(present, count)

    def skip(self, count: int) -> None:
        """Put rows without a value at the end."""
        self.extend([None] * count)

    @abstractmethod
    def _add(self, values: Sequence[Value | None]) -> None:
        """Store the values of new rows, before ``present`` knows of them."""

    def forget(self, row: int) -> None:  # noqa: B027 - most columns leave the values of dead rows where they are
        """Take note that a row died."""

    def keep(self, rows: Ints) -> None:
        """Keep these rows only; ``rows[i]`` becomes row ``i``."""
        self._present.keep(rows)

    def alter(self, property: PropertySchema, live: Ints) -> None:
        """Take another configuration of the same property; its data type stays."""
        self.property = property
