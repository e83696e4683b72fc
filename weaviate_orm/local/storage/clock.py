"""Time as the engine has it: milliseconds since 1970 for its own stamps, nanoseconds for ``date`` values."""

from __future__ import annotations

import re
import time
from datetime import date
from typing import Final

__all__ = ["milliseconds_now", "nanoseconds"]

_RFC3339: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
_DAY_1970: Final = date(1970, 1, 1).toordinal()
_DAYS_IN_400_YEARS: Final = 146_097


def milliseconds_now() -> int:
    """Give the milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def nanoseconds(text: str) -> int:
    """Give the int64 that the server compares an RFC3339 date by: nanoseconds since 1970, UTC.

    Outside of what int64 holds (before 1677, after 2262) the number wraps around as Go's ``UnixNano`` does; digits after the ninth are cut.

    Raises:
        ValueError: the text is not a date of that form.
    """
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise ValueError(f"expected a date like '2006-01-02T15:04:05.999999999Z', got {text!r}")
    year, month, day, hour, minute, second, fraction, sign, offset_hours, offset_minutes = match.groups()
    if year == "0000":  # Go has a year 0, Python starts at 1; the calendar repeats every 400 years
        days = date(400, int(month), int(day)).toordinal() - _DAYS_IN_400_YEARS
    else:
        days = date(int(year), int(month), int(day)).toordinal()
    seconds = (days - _DAY_1970) * 86_400 + int(hour) * 3_600 + int(minute) * 60 + int(second)
    if sign:
        offset = int(offset_hours) * 3_600 + int(offset_minutes) * 60
        seconds -= offset if sign == "+" else -offset
    total = seconds * 1_000_000_000
    if fraction:
        total += int(fraction[:9].ljust(9, "0"))
    return (total + 2**63) % 2**64 - 2**63
