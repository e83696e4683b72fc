"""What a filter compares with: values as the server's language sees them, read from messages and texts, with its words for bad ones."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from weaviate_orm.local.go_text import number_text
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.storage.clock import nanoseconds
from weaviate_orm.local.writing.values import normalized_uuid

__all__ = [
    "GeoRange",
    "Operand",
    "Several",
    "go_type",
    "read_instant",
    "read_number",
    "read_uuid",
    "whole",
]


@dataclass(frozen=True, slots=True)
class GeoRange:
    """A circle: degrees and metres."""

    latitude: float
    longitude: float
    distance: float


@dataclass(frozen=True, slots=True)
class Several:
    """A list of values; ``kind`` is the server's name of their type, known also when there are none."""

    kind: str
    values: tuple[bool, ...] | tuple[int, ...] | tuple[float, ...] | tuple[str, ...]


Operand: TypeAlias = bool | int | float | str | GeoRange | Several

_TYPES: Final[dict[type, str]] = {
    bool: "bool",
    int: "int",
    float: "float64",
    str: "string",
    GeoRange: "filters.GeoRange",
}


def go_type(value: Operand) -> str:
    """Give the name of a value's type as error texts have it."""
    return f"[]{value.kind}" if isinstance(value, Several) else _TYPES[type(value)]


_DECIMAL: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WORDS: Final = re.compile(r"[+-]?(inf|infinity)|nan", re.ASCII | re.IGNORECASE)


def read_number(text: str, wanted: str) -> float:
    """Read a number that came as text.

    Args:
        text: what came.
        wanted: how the error text names what was expected: ``"a number value, but could not parse string '{}' as float"``.

    Raises:
        Refused: the text is no number, or too large for one.
    """
    if _WORDS.fullmatch(text):
        return float(text)
    if not _DECIMAL.fullmatch(text):
        raise Refused(f'expected {wanted.format(text)}: strconv.ParseFloat: parsing "{text}": invalid syntax')
    number = float(text)
    if math.isinf(number):
        raise Refused(f'expected {wanted.format(text)}: strconv.ParseFloat: parsing "{text}": value out of range')
    return number


def whole(number: float) -> int:
    """Give a whole number that came as another.

    Raises:
        Refused: it has a fraction, is not finite, or does not fit in 64 bits.
    """
    if not math.isfinite(number):
        raise Refused(f"filtering for integer, but received a non-finite number {number_text(number)}")
    if not -(2.0**63) <= number < 2.0**63:
        raise Refused(f"filtering for integer, but received a value out of range {number_text(number)}")
    if number != math.trunc(number):
        raise Refused(f"filtering for integer, but received a floating point number {number_text(number)}")
    return int(number)


_LAYOUT: Final = "2006-01-02T15:04:05Z07:00"
# What stands before an element, the element as the layout names it, its pattern, and the numbers it may have.
_ELEMENTS: Final[Sequence[tuple[str, str, re.Pattern[str], str, range]]] = (
    ("", "2006", re.compile(r"\d{4}", re.ASCII), "year", range(10_000)),
    ("-", "01", re.compile(r"\d\d", re.ASCII), "month", range(1, 13)),
    ("-", "02", re.compile(r"\d\d", re.ASCII), "day", range(100)),  # judged at the end, with the month
    ("T", "15", re.compile(r"\d\d?", re.ASCII), "hour", range(24)),
    (":", "04", re.compile(r"\d\d", re.ASCII), "minute", range(60)),
    (":", "05", re.compile(r"\d\d", re.ASCII), "second", range(60)),
)
_FRACTION: Final = re.compile(r"[.,]\d+", re.ASCII)
_ZONE: Final = re.compile(r"Z|[+-]\d\d:\d\d", re.ASCII)


def read_instant(text: str) -> int:
    """Give the nanoseconds since 1970 of an RFC3339 text, as int64 holds them.

    Raises:
        Refused: with Go's words about what does not fit.
    """
    rest = text
    parts: list[str] = []
    for before, name, pattern, word, numbers in _ELEMENTS:
        if not rest.startswith(before):
            raise _bad_time(text, rest, before)
        rest = rest[len(before) :]
        match = pattern.match(rest)
        if match is None:
            raise _bad_time(text, rest, name)
        if int(match[0]) not in numbers:
            raise _time_refusal(f"parsing time {_quoted(text)}: {word} out of range")
        parts.append(match[0].zfill(2))
        rest = rest[match.end() :]
    fraction = _FRACTION.match(rest)
    if fraction is not None:
        rest = rest[fraction.end() :]
    zone = _ZONE.match(rest)
    if zone is None:
        raise _bad_time(text, rest, "Z07:00")
    if zone.end() < len(rest):
        raise _time_refusal(f"parsing time {_quoted(text)}: extra text: {_quoted(rest[zone.end() :])}")
    year, month, day, hour, minute, second = parts
    digits = fraction[0].replace(",", ".") if fraction is not None else ""
    try:
        return nanoseconds(f"{year}-{month}-{day}T{hour}:{minute}:{second}{digits}{zone[0]}")
    except ValueError:
        raise _time_refusal(f"parsing time {_quoted(text)}: day out of range") from None


def _bad_time(text: str, rest: str, element: str) -> Refused:
    return _time_refusal(
        f"parsing time {_quoted(text)} as {_quoted(_LAYOUT)}: cannot parse {_quoted(rest)} as {_quoted(element)}"
    )


def _time_refusal(reason: str) -> Refused:
    return Refused(f"trying parse time as RFC3339 string: {reason}")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if " " <= each <= "~" else _bytes_of(each) for each in escaped) + '"'


def _bytes_of(character: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in character.encode(errors="surrogateescape"))


def read_uuid(text: str) -> str:
    """Give the canonical form of a uuid in any form that the server takes.

    Raises:
        Refused: the text is none.
    """
    try:
        return normalized_uuid(text)
    except ValueError as error:
        raise Refused(f"parse uuid filter value: {error}") from None
