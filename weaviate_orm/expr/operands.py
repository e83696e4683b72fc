"""The check of what a subject is compared with, before anything is sent.

One table: data type -> what it takes and how that is normalised. The operand in the tree is then one of ``str``, ``int``, ``float``,
``bool``, ``datetime`` (aware), ``UUID`` or a tuple of one of them, whatever the user wrote.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import cast
from uuid import UUID

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.nodes import Attribute, Operator

__all__ = ["LARGEST_INT", "check_instant", "check_operand", "check_operands", "check_operator"]

# The server keeps every int as a float64, so only these survive unchanged.
LARGEST_INT = 2**53

# The server orders dates as nanoseconds in 64 bits, and wraps around outside of these without an error.
_FIRST_INSTANT = datetime(1677, 9, 21, 0, 12, 43, 145_225, tzinfo=UTC)
_LAST_INSTANT = datetime(2262, 4, 11, 23, 47, 16, 854_775, tzinfo=UTC)

_EQUALITY = frozenset({Operator.EQUAL, Operator.NOT_EQUAL})
_CONTAINS = frozenset({Operator.CONTAINS_ANY, Operator.CONTAINS_ALL, Operator.CONTAINS_NONE})
_ORDER = frozenset({Operator.LESS, Operator.LESS_EQUAL, Operator.GREATER, Operator.GREATER_EQUAL})
_SCALAR = _EQUALITY | _CONTAINS | _ORDER | {Operator.IS_NULL}

# What the server answers for each data type; everything else it refuses.
_OPERATORS: dict[str, frozenset[Operator]] = {
    "text": _SCALAR | {Operator.LIKE},
    "int": _SCALAR,
    "number": _SCALAR,
    "boolean": _SCALAR,
    "date": _SCALAR,
    "uuid": _SCALAR,
    "geoCoordinates": frozenset({Operator.WITHIN}),
}

_NONE: frozenset[Operator] = frozenset()


def check_operator(attribute: Attribute, operator: Operator) -> None:
    """Refuse an operator that the server has not for this data type.

    Raises:
        InvalidQueryError: always names the property, its type and what can be used instead.
    """
    allowed = _OPERATORS.get(attribute.base, _NONE)
    if operator in allowed:
        if attribute.array and operator in _EQUALITY:
            raise InvalidQueryError(
                f"{attribute} is {attribute.data_type}: a whole list cannot be compared. "
                "Use contains_all(), contains_any() or contains_none().",
                field=str(attribute),
            )
        return
    if not allowed:
        raise InvalidQueryError(
            f"{attribute} is {attribute.data_type}: the server cannot filter by this data type.", field=str(attribute)
        )
    usable = ", ".join(sorted(each.value for each in allowed))
    raise InvalidQueryError(
        f"{attribute} is {attribute.data_type}: {operator.value!r} does not apply to it. It takes {usable}.",
        field=str(attribute),
    )


def check_operand(subject: object, base: str, value: object) -> object:
    """Give the operand in its normal form.

    Args:
        subject: for the error message: ``Article.word_count``.
        base: the data type, or ``"uuid"`` for an id, ``"date"`` for a timestamp, ``"int"`` for a length or count.
        value: what the user wrote.

    Raises:
        InvalidQueryError: the value is of another type, or cannot be stored by the server.
    """
    if isinstance(value, Enum):
        value = value.value
    expected, normalise = _NORMAL[base]
    try:
        return normalise(value)
    except _RefusedError as refusal:
        raise InvalidQueryError(
            f"{subject} takes {expected}, got {value!r} ({type(value).__name__}){refusal.why}", field=str(subject)
        ) from None


def check_instant(subject: object, operator: Operator, operand: datetime) -> None:
    """Refuse an order by a moment that the server cannot order by.

    Raises:
        InvalidQueryError: the moment is outside the years 1677 to 2262.
    """
    if operator in _ORDER and not _FIRST_INSTANT <= operand <= _LAST_INSTANT:
        raise InvalidQueryError(
            f"{subject}: the server orders dates from 1677-09-21 to 2262-04-11 only and would find wrong objects for "
            f"{operand.isoformat()}. Leave the condition out where it holds for every date anyway, or use ==.",
            field=str(subject),
        )


_LISTED = {
    Operator.CONTAINS_ANY: "contains_any() or in_()",
    Operator.CONTAINS_ALL: "contains_all()",
    Operator.CONTAINS_NONE: "contains_none() or not_in()",
}


def check_operands(subject: object, base: str, values: object, operator: Operator) -> tuple[object, ...]:
    """Give a list of operands in their normal form.

    Raises:
        InvalidQueryError: no list, an empty one, or a value of the wrong type.
    """
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise InvalidQueryError(
            f"{subject}: {_LISTED[operator]} takes a list of values, got {values!r}.", field=str(subject)
        )
    given = cast("Iterable[object]", values)  # isinstance leaves the elements unknown
    checked = tuple(check_operand(subject, base, value) for value in given)
    if not checked:
        raise InvalidQueryError(
            f"{subject}: {_LISTED[operator]} got an empty list, which the server refuses. "
            "Leave the condition out (where() accepts None) when there is nothing to compare with.",
            field=str(subject),
        )
    return checked


class _RefusedError(Exception):
    def __init__(self, why: str = "") -> None:
        self.why = why


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _RefusedError
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise _RefusedError(f"; it cannot be encoded: {error.reason} at position {error.start}") from None
    return str(value)


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _RefusedError
    if abs(value) > LARGEST_INT:
        raise _RefusedError("; the server keeps integers as float64, which are exact up to 2**53")
    return int(value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _RefusedError
    try:
        number = float(value)
    except OverflowError:
        raise _RefusedError("; the server keeps float64, which has no number of that size") from None
    if not math.isfinite(number):
        raise _RefusedError("; it must be finite")
    return number


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise _RefusedError
    return value


def _instant(value: object) -> datetime:
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise _RefusedError(
                "; it has no time zone. Give one, such as datetime(2024, 5, 1, tzinfo=timezone.utc) or value.astimezone()"
            )
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    raise _RefusedError


def _uuid(value: object) -> UUID:
    if isinstance(value, UUID):
        return value
    if isinstance(value, str):
        try:
            return UUID(value)
        except ValueError:
            raise _RefusedError from None
    raise _RefusedError


_NORMAL: dict[str, tuple[str, Callable[[object], object]]] = {
    "text": ("text (str)", _text),
    "int": ("a whole number (int)", _integer),
    "number": ("a number (int or float)", _number),
    "boolean": ("a truth value (bool)", _boolean),
    "date": ("an aware datetime", _instant),
    "uuid": ("a UUID", _uuid),
}
