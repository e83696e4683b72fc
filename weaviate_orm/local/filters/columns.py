"""Which rows of a shard fulfil one comparison: a function for each kind of column, all operators in tables.

All give shape ``(size,)`` and may include dead rows; ``filtering.py`` takes those out at the end.
"""

from __future__ import annotations

import math
import operator as comparison
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.filters.clauses import Operator
from weaviate_orm.local.filters.operands import GeoRange
from weaviate_orm.local.objects import Bools, Floats, Ints
from weaviate_orm.local.text.token_index import TokenIndex

if TYPE_CHECKING:
    from weaviate_orm.local.storage.columns import NumberColumn
    from weaviate_orm.local.storage.shard import Shard

__all__ = ["count_rows", "geo_rows", "id_rows", "number_rows", "time_rows", "token_rows"]

_Compare = Callable[[Any, Any], Any]  # on arrays, on numbers and on texts

_COMPARE: Final[dict[Operator, _Compare]] = {
    Operator.EQUAL: comparison.eq,
    Operator.NOT_EQUAL: comparison.ne,
    Operator.LESS_THAN: comparison.lt,
    Operator.LESS_THAN_EQUAL: comparison.le,
    Operator.GREATER_THAN: comparison.gt,
    Operator.GREATER_THAN_EQUAL: comparison.ge,
}
_LESS: Final = (Operator.LESS_THAN, Operator.LESS_THAN_EQUAL)
_GREATER: Final = (Operator.GREATER_THAN, Operator.GREATER_THAN_EQUAL)

_NOT_A_NUMBER: Final = float(np.array(0x0007_FFFF_FFFF_FFFF, np.int64).view(np.float64))
"""What NaN compares like: the server's order of the bits puts it there, right above 0."""


def _none(size: int) -> Bools:
    return np.zeros(size, np.bool_)


def number_rows(column: NumberColumn, operator: Operator, operand: float, *, range_only: bool) -> Bools:
    """Compare numbers, booleans (as 0 and 1) and dates (as nanoseconds); of an array any element counts.

    ``NOT_EQUAL`` finds rows without a value too, except where the property has the index for ranges only.
    """
    if operator is Operator.NOT_EQUAL:
        others = ~number_rows(column, Operator.EQUAL, operand, range_only=range_only)
        return others & column.present if range_only else others
    if operator not in _COMPARE:
        return _none(column.size)
    if isinstance(operand, float) and math.isnan(operand):
        operand = _NOT_A_NUMBER
    return column.select(lambda numbers: _compare_numbers(numbers, operator, operand))


def _compare_numbers(numbers: npt.NDArray[Any], operator: Operator, operand: float) -> Bools:  # float64 or int64
    if numbers.dtype.kind == "f" and isinstance(operand, int):
        # Not every int is a float. What lies between two floats compares as one of them.
        rounded = float(operand)
        if rounded != operand:
            if operator is Operator.EQUAL:
                return _none(len(numbers))
            if rounded > operand:
                operator = Operator.LESS_THAN if operator in _LESS else Operator.GREATER_THAN_EQUAL
            else:
                operator = Operator.LESS_THAN_EQUAL if operator in _LESS else Operator.GREATER_THAN
        operand = rounded
    found: Bools = _COMPARE[operator](numbers, operand)
    return found


def count_rows(lengths: npt.NDArray[np.int32], operator: Operator, operand: int) -> Bools:
    """Compare lengths, and numbers of references. A negative number is above all, as it has no sign on the server."""
    if operator in (Operator.LIKE, Operator.IS_NULL):
        operator = Operator.EQUAL  # of the bytes of a number, there
    if operator not in _COMPARE:
        return _none(len(lengths))
    found: Bools = _COMPARE[operator](lengths, operand if operand >= 0 else 2**31 - 1)
    return found


def token_rows(index: TokenIndex, size: int, operator: Operator, token: str) -> Bools:
    """Compare tokens by their bytes, or with a pattern; any token of a row counts."""
    found = _none(size)
    if operator in (Operator.EQUAL, Operator.NOT_EQUAL):
        found[index.rows(token)] = True
        return ~found if operator is Operator.NOT_EQUAL else found
    if operator is Operator.LIKE:
        tokens: Iterable[str] = _like(token, index.starting_with(re.split("[?*]", token, maxsplit=1)[0]))
    elif operator in _COMPARE:
        inclusive = operator in (Operator.LESS_THAN_EQUAL, Operator.GREATER_THAN_EQUAL)
        tokens = index.ordered(token, above=operator in _GREATER, inclusive=inclusive)
    else:
        return found
    found[index.rows_of_any(tokens)] = True
    return found


def _like(pattern: str, texts: Iterable[str]) -> Iterable[str]:
    fits = _like_pattern(pattern).fullmatch
    return (text for text in texts if fits(text))


@lru_cache(maxsize=256)
def _like_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a pattern with ``?`` for one character and ``*`` for any; neither stands for a line break."""
    first, *others = ("".join("." if each == "?" else re.escape(each) for each in part) for part in pattern.split("*"))
    if not others:
        return re.compile(first)
    # The leftmost place of each part is as good as any other, so no part is tried again: time stays linear in the stars.
    middle = "".join(f"(?>.*?{part})" for part in others[:-1] if part)
    return re.compile(f"{first}{middle}.*{others[-1]}")


def id_rows(shard: Shard, operator: Operator, text: str) -> Bools:
    """Compare the ids as texts; what is not written in lower case with dashes equals none."""
    if operator in (Operator.EQUAL, Operator.NOT_EQUAL, Operator.IS_NULL):
        found = _none(shard.size)
        row = shard.row(UUID(text).bytes) if _ID.fullmatch(text) else None
        if row is not None:
            found[row] = True
        return ~found if operator is Operator.NOT_EQUAL else found
    texts = _id_texts(shard.uuids())
    if operator is Operator.LIKE:
        fits = _like_pattern(text).fullmatch
        return np.fromiter((fits(each.decode()) is not None for each in texts.tolist()), np.bool_, len(texts))
    if operator not in _COMPARE:
        return _none(shard.size)
    found_text: Bools = _COMPARE[operator](texts, np.bytes_(text.encode()))
    return found_text


_ID: Final = re.compile("-".join(f"[0-9a-f]{{{count}}}" for count in (8, 4, 4, 4, 12)))
_HEX: Final = np.frombuffer(b"0123456789abcdef", np.uint8)


def _id_texts(ids: npt.NDArray[np.uint8]) -> npt.NDArray[np.bytes_]:
    """Give ids, shape ``(size, 16)``, as texts of 36 characters."""
    digits = np.empty((len(ids), 32), np.uint8)
    digits[:, 0::2] = _HEX[ids >> 4]
    digits[:, 1::2] = _HEX[ids & 15]
    texts = np.full((len(ids), 36), ord("-"), np.uint8)
    for start, stop, dashes in ((0, 8, 0), (8, 12, 1), (12, 16, 2), (16, 20, 3), (20, 32, 4)):
        texts[:, start + dashes : stop + dashes] = digits[:, start:stop]
    return texts.view("S36")[:, 0]


def time_rows(milliseconds: Ints, operator: Operator, operand: str) -> Bools:
    """Compare the times of creation or of the last change with decimal milliseconds.

    The server compares them as texts: no time of today is after 2000-01-01, whose number is a digit shorter and starts higher.
    """
    if operator in (Operator.EQUAL, Operator.NOT_EQUAL, Operator.IS_NULL):
        equal: Bools = milliseconds == int(operand)
        return ~equal if operator is Operator.NOT_EQUAL else equal
    distinct, places = np.unique(milliseconds, return_inverse=True)
    texts = map(str, distinct.tolist())
    if operator is Operator.LIKE:
        fits = _like_pattern(operand).fullmatch
        chosen = [fits(each) is not None for each in texts]
    elif operator in _COMPARE:
        compare = _COMPARE[operator]
        chosen = [bool(compare(each, operand)) for each in texts]
    else:
        return _none(len(milliseconds))
    return np.array(chosen, np.bool_)[places.reshape(-1)]


_EARTH_RADIUS: Final = 6_371_000.0
_HALF_TURN: Final = np.float32(180)
_PI: Final = np.float32(math.pi)


def geo_rows(coordinates: Floats, circle: GeoRange) -> Bools:
    """Give the rows within a distance on the sphere, the edge included; shape of coordinates ``(size, 2)``, NaN for none.

    Rounded where the server rounds to float32, so that edges agree.
    """
    latitude, longitude = np.float32(circle.latitude), np.float32(circle.longitude)
    with np.errstate(invalid="ignore"):
        here = np.float64(latitude * _PI / _HALF_TURN)
        there = (coordinates[:, 0] * _PI / _HALF_TURN).astype(np.float64)
        north = (coordinates[:, 0] - latitude).astype(np.float64) * math.pi / 180
        east = (coordinates[:, 1] - longitude).astype(np.float64) * math.pi / 180
        half = np.sin(north / 2) ** 2 + np.cos(here) * np.cos(there) * np.sin(east / 2) ** 2
        metres = (_EARTH_RADIUS * 2 * np.arctan2(np.sqrt(half), np.sqrt(1 - half))).astype(np.float32)
        within: Bools = metres <= np.float32(circle.distance)
    return within
