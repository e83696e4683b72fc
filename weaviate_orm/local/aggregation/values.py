"""The values of one property over the rows of a group, taken from its column.

A column is laid open once a request; a group's values are then gathered in time that depends on the group alone,
so that many groups cost no more than one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.objects import Ints, Value
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.storage.columns import NumberColumn, ReferenceColumn, TextColumn
from weaviate_orm.local.storage.columns_numbers import Numbers
from weaviate_orm.local.storage.shard import Shard

__all__ = ["AggregatedValues", "DateValues", "OpenColumn", "text_of_instant"]


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def text_of_instant(nanoseconds: int) -> str:
    """Give an instant as the server writes it: UTC, no more digits of the second than it takes."""
    seconds, fraction = divmod(nanoseconds, 1_000_000_000)
    moment = (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    digits = f".{fraction:09d}".rstrip("0") if fraction else ""
    return f"{moment}{digits}Z"


class DateValues:
    """Dates: int64 nanoseconds since 1970, shape ``(n,)``, and the text of each."""

    def __init__(self, instants: Ints, column: NumberColumn | None, rows: Ints, elements: Ints) -> None:
        self.instants = instants
        self._column = column
        self._rows = rows
        self._elements = elements

    def __len__(self) -> int:
        return len(self.instants)

    def text(self, position: int) -> str:
        """Give one date as it was stored; in UTC when what was stored was not asked for."""
        if self._column is None:
            return text_of_instant(int(self.instants[position]))
        value: Value = self._column.value(int(self._rows[position]))
        return str(value[int(self._elements[position])] if self._column.property.is_array else value)


class OpenColumn:
    """One property of a shard, laid open for many groups."""

    def __init__(self, shard: Shard, name: str) -> None:
        self.shard = shard
        self.property = shard.schema.properties[name]
        self.column = shard.column(name)

    @cached_property
    def flat(self) -> tuple[Numbers, Ints]:
        """All numbers with the row of each, rows ascending."""
        assert isinstance(self.column, NumberColumn)
        return self.column.flat()

    @cached_property
    def starts(self) -> Ints:
        """Where each row's numbers begin in ``flat``; one entry more than there are rows."""
        _, rows = self.flat
        starts = np.zeros(self.shard.size + 1, dtype=np.int64)
        np.cumsum(np.bincount(rows, minlength=self.shard.size), out=starts[1:])
        return starts

    def places(self, rows: Ints) -> Ints:
        """Give the places in ``flat`` of the numbers of rows, row by row."""
        starts = self.starts[rows]
        counts = self.starts[rows + 1] - starts
        before = np.cumsum(counts) - counts
        return np.repeat(starts - before, counts) + np.arange(int(counts.sum()), dtype=np.int64)

    def select(self, rows: Ints | None) -> AggregatedValues:
        """Take the values of some rows, or of all live ones without looking at what was stored (see AggregatedValues)."""
        return AggregatedValues(self, rows)


class AggregatedValues:
    """A property's values over some rows.

    With ``rows=None`` the server reads its indexes instead of the objects: dates come back as instants then, and without an index
    there is nothing to read. Arrays and texts are never in such an index, so for these the two are the same.
    """

    def __init__(self, opened: OpenColumn, rows: Ints | None) -> None:
        found = opened.property
        if rows is None and not found.is_array and found.element != "text" and not found.filterable:
            raise Refused(f"could not find bucket for prop {found.name}")
        self._opened = opened
        self._from_index = rows is None and not found.is_array
        self._rows = np.flatnonzero(opened.shard.live) if rows is None else rows

    def numbers(self) -> npt.NDArray[np.float64]:
        """Numbers, and booleans as 0 and 1: in the order in which the server adds them up."""
        values, _ = self._opened.flat
        taken = values[self._opened.places(self._rows)].astype(np.float64)
        return np.sort(taken) if self._from_index else taken

    def texts(self) -> list[bytes]:
        """Whole texts, as UTF-8."""
        column = self._opened.column
        assert isinstance(column, TextColumn)
        return column.encoded(self._rows)[0]

    def dates(self) -> DateValues:
        """Dates with their texts."""
        opened = self._opened
        assert isinstance(opened.column, NumberColumn)
        places = opened.places(self._rows)
        values, rows = opened.flat
        owners = rows[places]
        stored = None if self._from_index else opened.column
        return DateValues(values[places].astype(np.int64), stored, owners, places - opened.starts[owners])

    def beacons(self) -> list[str]:
        """Texts of the references.

        Raises:
            Refused: an object has not exactly one; the server cannot count these.
        """
        column = self._opened.column
        assert isinstance(column, ReferenceColumn)
        found: list[str] = []
        for row in self._rows[column.present[self._rows]].tolist():
            beacons = column.beacons(row) or []
            if len(beacons) != 1:
                sequence = int(self._opened.shard.sequence[row]) - 1  # the server counts from 0
                raise Refused(
                    f"properties view tx: scan: scan object {sequence}: analyze object {sequence}: "
                    "failed to add prop value: expected list with length 1, got int"
                )
            found.append(beacons[0].text)
        return found
