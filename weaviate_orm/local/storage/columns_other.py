"""Columns of all that is neither text nor number: coordinates, references, and values that are only kept and given back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from weaviate_orm.local.objects import Beacon, Bools, Floats, Ints, Value
from weaviate_orm.local.schema.parsed import PropertySchema
from weaviate_orm.local.storage.arrays import GrowingArray, Lengths, Spans
from weaviate_orm.local.storage.columns_base import Column

__all__ = ["GeoColumn", "PlainColumn", "ReferenceColumn"]


class GeoColumn(Column):
    """Coordinates as float32, like the server."""

    def __init__(self, property: PropertySchema) -> None:
        super().__init__(property)
        self._degrees = GrowingArray(np.float32, 2)

    @property
    def coordinates(self) -> Floats:
        """Shape ``(size, 2)``: latitude and longitude in degrees; NaN for no value."""
        return self._degrees.view

    def value(self, row: int) -> Value | None:
        """Give latitude and longitude of a row."""
        if not self._present.view[row]:
            return None
        latitude, longitude = self._degrees.view[row].tolist()
        return {"latitude": latitude, "longitude": longitude}

    def _add(self, values: Sequence[Value | None]) -> None:
        pairs = [(None, None) if value is None else (value["latitude"], value["longitude"]) for value in values]
        self._degrees.extend(np.array(pairs, np.float32), len(values))

    def keep(self, rows: Ints) -> None:
        """Keep these rows only; ``rows[i]`` becomes row ``i``."""
        super().keep(rows)
        self._degrees.keep(rows)


class ReferenceColumn(Column):
    """References: where each leads, flat, one row's after the other's."""

    def __init__(self, property: PropertySchema) -> None:
        super().__init__(property)
        self._spans = Spans()
        self._ids = GrowingArray(np.uint8, 16)
        self._collections = GrowingArray(np.int32)
        self._names: list[str] = []
        self._codes: dict[str, int] = {}

    @property
    def lengths(self) -> Lengths:
        """Shape ``(size,)``: number of references; 0 for no value."""
        return self._spans.lengths

    def value(self, row: int) -> Value | None:
        """Give what ``beacons`` gives."""
        return self.beacons(row)

    def beacons(self, row: int) -> list[Beacon] | None:
        """Give the references of a row in order; an empty list differs from ``None``."""
        if not self._present.view[row]:
            return None
        places = slice(*self._spans.span(row))
        ids = self._ids.view[places].tobytes()
        return [
            Beacon(self._names[code], ids[16 * place : 16 * place + 16])
            for place, code in enumerate(self._collections.view[places].tolist())
        ]

    def sources(self, ids: Iterable[bytes], collection: str | None = None) -> Bools:
        """Give the rows, shape ``(size,)``, that refer to any of these objects, in whatever collection when none is named.

        A reference that was stored without a collection counts for each.
        """
        found = np.zeros(self.size, np.bool_)
        wanted = np.frombuffer(b"".join(ids), "S16")
        if len(wanted) and len(self._ids):
            # Fixed 16 bytes: numpy's cutting of trailing zeros changes no comparison.
            hits = np.isin(self._ids.view.reshape(-1).view("S16"), wanted)
            if collection is not None:
                codes = [self._codes[each] for each in ("", collection) if each in self._codes]
                hits &= np.isin(self._collections.view, codes)
            found[self._spans.rows()[hits]] = True
        return found

    def _add(self, values: Sequence[Value | None]) -> None:
        self._spans.extend([0 if value is None else len(value) for value in values])
        beacons: list[Beacon] = [beacon for value in values if value is not None for beacon in value]
        if beacons:
            ids = np.frombuffer(b"".join(beacon.id for beacon in beacons), np.uint8).reshape(-1, 16)
            self._ids.extend(ids, len(beacons))
            self._collections.extend([self._code(beacon.collection) for beacon in beacons], len(beacons))

    def keep(self, rows: Ints) -> None:
        """Keep these rows only; ``rows[i]`` becomes row ``i``."""
        super().keep(rows)
        places = self._spans.keep(rows)
        self._ids.keep(places)
        self._collections.keep(places)

    def _code(self, collection: str) -> int:
        code = self._codes.get(collection)
        if code is None:
            code = self._codes[collection] = len(self._names)
            self._names.append(collection)
        return code


class PlainColumn(Column):
    """Values that no query looks into: blobs, phone numbers, objects."""

    def __init__(self, property: PropertySchema) -> None:
        super().__init__(property)
        self._values: list[Value | None] = []

    def value(self, row: int) -> Value | None:
        """Give the stored value itself: not to be changed."""
        return self._values[row]

    def _add(self, values: Sequence[Value | None]) -> None:
        self._values += values

    def forget(self, row: int) -> None:
        """Free the row's value."""
        self._values[row] = None

    def keep(self, rows: Ints) -> None:
        """Keep these rows only; ``rows[i]`` becomes row ``i``."""
        super().keep(rows)
        values = self._values
        self._values = [values[row] for row in rows.tolist()]
