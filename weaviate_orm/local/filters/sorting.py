"""Sorting rows by properties, as the server compares: missing values are smallest, text ignores case, arrays go element by element."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from heapq import nlargest, nsmallest
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.filters.clauses import ID_NAMES, TIME_NAMES, property_named
from weaviate_orm.local.objects import Bools, Ints, Value
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema
from weaviate_orm.local.storage.columns import GeoColumn, NumberColumn, TextColumn
from weaviate_orm.local.storage.columns_base import Column
from weaviate_orm.local.storage.columns_numbers import ScalarNumberColumn
from weaviate_orm.local.text.tokenize import lower
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.storage.shard import Shard

__all__ = ["check_sort", "sort_rows"]

_Ranks: TypeAlias = npt.NDArray[np.float64] | npt.NDArray[np.int64]
"""Numbers in the order of the values, one a row."""


def check_sort(schema: CollectionSchema, keys: Sequence[pb.SortBy]) -> None:
    """Check sort keys against the schema.

    Raises:
        Refused: a key is unknown, a uuid, a reference, or no single name; all such keys in one text.
    """
    problems: list[str] = []
    for place, key in enumerate(keys):
        try:
            _check_key(schema, key.path)
        except Refused as refused:
            problems.append(f"sort parameter at position {place}: {refused.text}")
    if problems:
        raise Refused(f"invalid 'sort' parameter: {', '.join(problems)}")


def _check_key(schema: CollectionSchema, path: Sequence[str]) -> None:
    if not path:
        raise Refused("path parameter cannot be empty")
    if len(path) > 1:
        raise Refused("sorting by reference not supported, path must have exactly one argument")
    name = path[0]
    if name in ID_NAMES or name in TIME_NAMES:
        return
    property = property_named(schema, name)
    if property.element == "uuid":
        raise Refused(
            f'prop "{property.name}" is of type uuid/uuid[]: sorting by uuid is currently not supported - '
            "if you believe it should be, please open a feature request on github.com/weaviate/weaviate"
        )
    if property.is_reference:
        raise Refused(
            f'sorting by reference not supported, property "{name}" is a ref prop to the class "{property.targets[0]}"'
        )


def sort_rows(shard: Shard, rows: Ints, keys: Sequence[pb.SortBy], *, limit: int | None) -> Ints:
    """Give rows in the order of the keys; rows that tie keep the order they came in.

    Args:
        shard: whose rows they are.
        rows: any live rows.
        keys: the first one counts most.
        limit: at most so many rows.

    Raises:
        Refused: as ``check_sort`` does.
    """
    check_sort(shard.schema, keys)
    ranks: list[_Ranks] = []
    for key in keys:
        # By the first key alone most rows fall out; what comes behind them in any case needs no exact rank.
        found = _ranks(shard, rows, key.path[0], _Part(limit, key.ascending) if not ranks else _ALL)
        signed = [each if key.ascending else -each for each in found]
        if signed and not ranks:
            places = _candidates(signed[0], limit)
            rows, signed = rows[places], [each[places] for each in signed]
        ranks += signed
    if not ranks:
        return rows[:limit]
    return rows[np.lexsort(ranks[::-1])[:limit]]


@dataclass(frozen=True, slots=True)
class _Part:
    """How many of the first rows need exact ranks, and whether the least come first; ``None`` is all of them."""

    limit: int | None
    ascending: bool


_ALL = _Part(None, True)


def _candidates(ranks: _Ranks, limit: int | None) -> Ints:
    """Give the places that can be among the first ``limit``, by the first key alone."""
    if limit is None or not 0 < limit < len(ranks):
        return np.arange(len(ranks))
    last = np.partition(ranks, limit - 1)[limit - 1]
    return np.flatnonzero(ranks <= last)


def _ranks(shard: Shard, rows: Ints, name: str, part: _Part) -> list[_Ranks]:
    """Give what a key sorts by; the first counts most."""
    if name in ID_NAMES:
        # Two halves, moved from unsigned to signed so that they can be negated.
        halves = shard.uuids()[rows].view(">u8").astype(np.uint64)
        signed = (halves ^ np.uint64(1 << 63)).view(np.int64)
        return [_dense(signed[:, 0]), _dense(signed[:, 1])]
    if name in TIME_NAMES:
        return [(shard.created if name == TIME_NAMES[0] else shard.updated)[rows]]
    property = property_named(shard.schema, name)
    column = shard.column(property.name)
    if isinstance(column, ScalarNumberColumn):
        return [_number_ranks(column, rows)]
    if isinstance(column, GeoColumn):
        present = column.present[rows]
        degrees = column.coordinates[rows].astype(np.float64)
        return [np.where(present, degrees[:, place], -np.inf) for place in (1, 0)]  # longitude counts most there
    read = _KEYS.get(property.data_type)
    if read is None:  # objects: taken, and without effect
        return []
    return [_ordered(read(column, rows), part)]


def _number_ranks(column: ScalarNumberColumn, rows: Ints) -> _Ranks:
    numbers = column.numbers[rows]
    present: Bools = column.present[rows]
    if numbers.dtype.kind == "i":
        return _dense(np.where(present, numbers, np.iinfo(np.int64).min))
    return np.where(present, numbers, -np.inf)


def _dense(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Number values by their order: the least int64 has no negative."""
    return np.unique(numbers, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _ordered(values: Sequence[Hashable | None], part: _Part) -> npt.NDArray[np.int64]:
    """Number values by their order, 0 for none. Those behind the part that is wanted share a number: comparing texts is what takes long."""
    present: Any = [value for value in values if value is not None]  # of one type that has an order
    behind = 0
    if part.limit is not None and 0 < part.limit < len(present):
        pick = nsmallest if part.ascending else nlargest
        present = pick(part.limit, present)
        behind = len(present) + 1 if part.ascending else 0
    places: dict[Hashable | None, int] = {value: place for place, value in enumerate(sorted(set(present)), 1)}
    places[None] = 0
    return np.fromiter((places.get(value, behind) for value in values), np.int64, len(values))


_ESCAPED: Final = re.compile('["\\\\<>&\x00-\x1f\u2028\u2029]')
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _key(text: str) -> str:
    """Give what a text compares by: its JSON form without case, since the server compares what it has on disk."""
    if _ESCAPED.search(text):
        text = _ESCAPED.sub(lambda found: _ESCAPES.get(found[0], f"\\u{ord(found[0]):04x}"), text)
    return lower(text)


def _texts(column: Column, rows: Ints) -> list[Hashable | None]:
    if isinstance(column, TextColumn):
        return [_key(texts[0]) if texts else None for texts in map(column.texts, rows.tolist())]
    return [None if value is None else _key(value) for value in map(column.value, rows.tolist())]


def _lists(column: Column, rows: Ints) -> list[Hashable | None]:
    assert isinstance(column, TextColumn)
    return [tuple(map(_key, texts)) or None for texts in map(column.texts, rows.tolist())]


def _number_lists(column: Column, rows: Ints) -> list[Hashable | None]:
    assert isinstance(column, NumberColumn)
    numbers, owners = column.flat()
    starts, stops = np.searchsorted(owners, rows, "left"), np.searchsorted(owners, rows, "right")
    return [
        tuple(numbers[start:stop].tolist()) or None for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
    ]


def _phones(column: Column, rows: Ints) -> list[Hashable | None]:
    values: list[Value | None] = list(map(column.value, rows.tolist()))
    return [None if value is None else (value.get("countryCode", 0), value.get("national", 0)) for value in values]


_KEYS: Final[dict[str, Callable[[Column, Ints], list[Hashable | None]]]] = {
    "text": _texts,
    "blob": _texts,
    "blobHash": _texts,
    "text[]": _lists,
    "int[]": _number_lists,
    "number[]": _number_lists,
    "boolean[]": _number_lists,
    "date[]": _number_lists,
    "phoneNumber": _phones,
}
"""What values compare by, by data type; empty arrays count as missing."""
