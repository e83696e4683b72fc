"""Rows of a shard -> groups by the values of one property, the largest first.

Every element of an array is a group of its own; an object is in a group once, however often it has the value.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from weaviate_orm.local.aggregation.values import OpenColumn
from weaviate_orm.local.go_text import number_text
from weaviate_orm.local.objects import Ints
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import PropertySchema
from weaviate_orm.local.storage.arrays import PackedTexts
from weaviate_orm.local.storage.columns import Column, ReferenceColumn, TextColumn
from weaviate_orm.local.storage.shard import Shard
from weaviate_orm.wire import _pb as pb

__all__ = ["DEFAULT_GROUPS", "ValueGroup", "group_rows", "grouped_by", "shown"]

DEFAULT_GROUPS: Final = 100
"""How many groups a request gets that says nothing about it."""

_NO_KEYS: Final = {"geoCoordinates": "*models.GeoCoordinates", "phoneNumber": "*models.PhoneNumber"}


Key = TypeVar("Key", bound=Hashable)


class _Ungroupable(Refused):
    """The values cannot be grouped by. The server finds that out beside its usual ways: its words stand alone."""

    def prefixed(self, prefix: str) -> Refused:
        return self


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """Rows that have a value in common: ascending, each once. Integers come as ``float``, as the server has them."""

    value: str | float | bool
    rows: Ints


def group_rows(shard: Shard, name: str, rows: Ints, limit: int, *, selected: bool) -> list[ValueGroup]:
    """Group rows by the values of a property, the largest groups first; rows without a value are in none.

    Groups of equal size come in any order from a server; here the smaller number, or the value seen first, is in front.

    Args:
        shard: whose rows these are.
        name: of the property; one that does not exist groups nothing.
        rows: ascending.
        selected: whether the rows were chosen by a filter or a search.
        limit: how many groups at most. 0 gives one: the server gives one or none then, as its map happens to be ordered.

    Raises:
        Refused: values of this type cannot be grouped by; references cannot either, of rows that were selected.
    """
    found = shard.schema.properties.get(name)
    if found is None:
        return []
    column = shard.column(name)
    rows = rows[column.present[rows]]
    if not len(rows):
        return []
    if found.element == "object" or (found.is_reference and selected):
        # The server fails at mappings, which references are too when it reads chosen objects; with these words.
        text = "panic occurred: hash of unhashable type: map[string]interface {}"
        raise Refused(f"identify groups: scan: {text}") if selected else _Ungroupable(text)
    if found.data_type in _NO_KEYS:
        raise _Ungroupable(f"prepare reply: groupedBy: unrecognized grouped by value type: {_NO_KEYS[found.data_type]}")
    values: Sequence[str | float | bool]
    if found.element in ("int", "number", "boolean"):
        opened = OpenColumn(shard, name)
        numbers, owners = opened.flat
        places = opened.places(rows)
        owners = owners[places]
        distinct, codes = np.unique(numbers[places].astype(np.float64), return_inverse=True)
        as_numbers: list[float] = distinct.tolist()
        values = [bool(each) for each in as_numbers] if found.element == "boolean" else as_numbers
    else:
        values, codes, owners = _encode(column, found, rows)
    # values[codes[i]] is a value of the row owners[i]
    if found.is_array or found.is_reference:
        pairs = np.unique(codes.astype(np.int64) * shard.size + owners)
        codes, owners = np.divmod(pairs, shard.size)
    order = np.argsort(codes, kind="stable")
    counts = np.bincount(codes, minlength=len(values))
    ends = np.cumsum(counts)
    largest = np.argsort(-counts, kind="stable")[: max(limit, 1)]
    groups: list[ValueGroup] = []
    for place in largest:
        code = int(place)
        groups.append(ValueGroup(values[code], owners[order[ends[code] - counts[code] : ends[code]]]))
    return groups


def _encode(column: Column, found: PropertySchema, rows: Ints) -> tuple[Sequence[str], Ints, Ints]:
    """Number the values of rows: the values, and for each occurrence its number and its row."""
    if isinstance(column, TextColumn):
        encoded, owners = column.encoded(rows)
        distinct, codes = _numbered(encoded)
        return [PackedTexts.decoded(each) for each in distinct], codes, owners
    listed: list[int] = rows.tolist()
    lists: list[list[str]]
    if isinstance(column, ReferenceColumn):
        lists = [[beacon.text for beacon in column.beacons(row) or ()] for row in listed]
    elif found.is_array:
        lists = [column.value(row) or [] for row in listed]
    else:
        lists = [[str(column.value(row))] for row in listed]
    values, codes = _numbered([value for each in lists for value in each])
    return values, codes, np.repeat(rows, [len(each) for each in lists])


def _numbered(values: Sequence[Key]) -> tuple[list[Key], Ints]:
    """Give the distinct values, the first seen first, and of each value its place among them."""
    numbers = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return list(numbers), np.fromiter(map(numbers.__getitem__, values), dtype=np.int64, count=len(values))


def grouped_by(name: str, value: str | float | bool) -> pb.AggregateReply.Group.GroupedBy:
    """Give the value of a group as the reply has it."""
    found = pb.AggregateReply.Group.GroupedBy(path=[name])
    if isinstance(value, str):
        found.text = value
    elif isinstance(value, bool):
        found.boolean = value
    else:
        found.number = value
    return found


def shown(value: str | float | bool) -> str:
    """Give a group's value as the server writes it into its errors."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value)
