"""Deterministic ids: the same key values give the same id, in every process and every version of this library.

The id is a version-5 UUID over a canonical text of the key: per value its type tag, its length and itself, in the declared order. So
``1`` and ``"1"`` differ, and so do ``("ab", "c")`` and ``("a", "bc")``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import Enum
from uuid import UUID, uuid5

from weaviate_orm.errors import InvalidValueError

__all__ = ["NAMESPACE", "key_id"]

NAMESPACE = UUID("6f1d3f3c-0d3e-5a52-9d0e-5f2b7c1a9e44")


def key_id(values: Iterable[object]) -> UUID:
    """Give the id for the values of a key.

    Raises:
        InvalidValueError: a value has no canonical form: a naive datetime, or a type that is no key.
    """
    return uuid5(NAMESPACE, "".join(f"{tag}{len(text)}:{text}" for tag, text in map(_tagged, values)))


def _tagged(value: object) -> tuple[str, str]:
    match value:
        case Enum():
            return _tagged(value.value)
        case None:
            return "n", ""
        case bool():
            return "b", str(int(value))
        case str():
            return "s", value
        case int():
            return "i", str(value)
        case float():
            return "f", repr(value)
        case UUID():
            return "u", str(value)
        case datetime():
            if value.utcoffset() is None:
                raise InvalidValueError(f"A key needs a datetime with a time zone, got {value!r}.")
            return "t", value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return "d", value.isoformat()
        case _:
            raise InvalidValueError(f"A key is made of plain values, got {type(value).__name__}.")
