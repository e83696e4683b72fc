from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.storage.clock import milliseconds_now, nanoseconds

_1970 = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("1970-01-01T00:00:00.1234567899Z", 123_456_789),
        ("1970-01-01T01:30:00+01:30", 0),
        ("1969-12-31T22:00:00-02:00", 0),
        ("1969-12-31T23:59:59.999999999Z", -1),
        ("2262-04-11T23:47:16.854775807Z", 2**63 - 1),
        ("1677-09-21T00:12:43.145224192Z", -(2**63)),
        # Beyond int64 as Go's time.Time.UnixNano has it.
        ("2262-04-11T23:47:16.854775808Z", -(2**63)),
        ("0001-01-01T00:00:00Z", -6795364578871345152),
        ("0000-01-01T00:00:00Z", (-62167219200 * 10**9 + 2**63) % 2**64 - 2**63),
        ("9999-12-31T23:59:59Z", (253402300799 * 10**9 + 2**63) % 2**64 - 2**63),
    ],
)
def test_nanoseconds(text: str, expected: int) -> None:
    assert nanoseconds(text) == expected


@given(st.datetimes(datetime(1700, 1, 1), datetime(2250, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_nanoseconds_agree_with_datetime(local: datetime, minutes: int) -> None:
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    text = f"{local.isoformat()}{sign}{hours:02}:{rest:02}"
    instant = local.replace(tzinfo=UTC) - timedelta(minutes=minutes)
    assert nanoseconds(text) == (instant - _1970) // timedelta(microseconds=1) * 1000


@pytest.mark.parametrize(
    "text", ["", "2024-01-01", "2024-01-01T00:00:00", "2024-13-01T00:00:00Z", "٢٠٢٤-01-01T00:00:00Z"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        nanoseconds(text)


def test_now_is_in_milliseconds() -> None:
    assert milliseconds_now() == pytest.approx(datetime.now(UTC).timestamp() * 1000, abs=60_000)
