"""Hypothesis strategies for the zoo: values that the server keeps unchanged, as wide as it keeps them, and instances made of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TypeVar
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from zoo import Dimensions, Everything, Part, Required

from weaviate_orm import BlobHash, GeoCoordinate, PhoneNumber

__all__ = [
    "LARGEST_INT",
    "ON_A_SERVER",
    "dates",
    "objects_of_any_kind",
    "instants",
    "numbers",
    "parts",
    "places",
    "complete_objects",
    "texts",
    "wholes",
]

T = TypeVar("T")

LARGEST_INT = 2**53
"""The server keeps integers as float64."""

ON_A_SERVER = settings(
    deadline=None,  # each example is a few calls to a process that shares the machine
    max_examples=25,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
"""For properties whose every example goes to a server."""

# What transports and storage are known to trip over, among text of any kind.
_AWKWARD_TEXTS = (
    "",
    " ",
    "\n",
    "\r\n\t",
    "\x01\x1b\x1f\x7f",
    "\x85\u2028\u2029\ufeff",
    "\ufffe\uffff",
    "\"quoted\" 'twice' \\ back",
    '{"json": null}',
    "<b>&amp;</b>",
    "e\u0301 \u00e9",
    "\U0001f469\u200d\U0001f52c \U0001f1f3\U0001f1f1",
    "null",
    "2024-01-01T00:00:00Z",
    "00000000-0000-0000-0000-000000000000",
)
_AWKWARD_NUMBERS = (0.0, -0.0, 0.1, 5e-324, -5e-324, 1.7976931348623157e308, 1e21, 1e20, 1e-7, float(LARGEST_INT))


def texts() -> st.SearchStrategy[str]:
    """Text without NUL and lone surrogates."""
    anything = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
    return st.sampled_from(_AWKWARD_TEXTS) | anything


def wholes() -> st.SearchStrategy[int]:
    """Integers that survive as float64."""
    return st.integers(-LARGEST_INT, LARGEST_INT) | st.sampled_from(
        [0, 1, -1, LARGEST_INT, -LARGEST_INT, 2**31, -(2**31)]
    )


def numbers() -> st.SearchStrategy[float]:
    """Finite floats."""
    return st.sampled_from(_AWKWARD_NUMBERS) | st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    """Aware datetimes of the years 1 to 9999 with offsets of whole minutes."""
    minutes = draw(st.sampled_from([0, 60, -480, 345, 765, 1439, -1439]) | st.integers(-1439, 1439))
    zone = UTC if minutes == 0 else timezone(timedelta(minutes=minutes))
    return draw(st.datetimes()).replace(tzinfo=zone)


def dates() -> st.SearchStrategy[date]:
    """Days of the years 1 to 9999."""
    return st.dates()


def places() -> st.SearchStrategy[GeoCoordinate]:
    """Places whose degrees are float32, as the server keeps them."""
    return st.builds(GeoCoordinate, st.floats(-90, 90, width=32), st.floats(-180, 180, width=32))


def phones() -> st.SearchStrategy[PhoneNumber]:
    """Numbers that can exist: the server refuses others."""
    return st.sampled_from(
        [
            PhoneNumber(input="020 1234567", default_country="NL"),
            PhoneNumber(input="+31 20 1234567"),
            PhoneNumber(input="+49 30 901820", default_country="NL"),
            PhoneNumber(input="(212) 555-0123", default_country="us"),
        ]
    )


def blobs() -> st.SearchStrategy[bytes]:
    """Bytes; the server takes no empty blob."""
    return st.binary(min_size=1, max_size=40)


def missing_or(values: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | values


def lists(values: st.SearchStrategy[T]) -> st.SearchStrategy[list[T]]:
    return st.lists(values, max_size=4)


def sizes() -> st.SearchStrategy[Dimensions]:
    return st.builds(Dimensions, width=numbers(), height=numbers(), label=missing_or(texts()))


def parts() -> st.SearchStrategy[Part]:
    """Nested objects with every data type inside, two levels deep."""
    return st.builds(
        Part,
        name=texts(),
        count=missing_or(wholes()),
        weight=missing_or(numbers()),
        spare=missing_or(st.booleans()),
        made=missing_or(instants()),
        serial=missing_or(st.uuids()),
        drawing=missing_or(blobs()),
        names=missing_or(lists(texts())),
        counts=missing_or(lists(wholes())),
        weights=missing_or(lists(numbers())),
        flags=missing_or(lists(st.booleans())),
        dates=missing_or(lists(instants())),
        serials=missing_or(lists(st.uuids())),
        size=missing_or(sizes()),
        sizes=missing_or(lists(sizes())),
    )


_ids: st.SearchStrategy[UUID] = st.uuids(version=4)  # random ones: every example's objects stay in the collection


def objects_of_any_kind() -> st.SearchStrategy[Everything]:
    """Objects with any subset of all data types."""
    return st.builds(
        Everything,
        id=_ids,
        text=missing_or(texts()),
        whole=missing_or(wholes()),
        number=missing_or(numbers()),
        truth=missing_or(st.booleans()),
        instant=missing_or(instants()),
        day=missing_or(dates()),
        identity=missing_or(st.uuids()),
        place=missing_or(places()),
        phone=missing_or(phones()),
        blob=missing_or(blobs()),
        blob_hash=missing_or(blobs().map(BlobHash.of)),
        part=missing_or(parts()),
        texts=missing_or(lists(texts())),
        wholes=missing_or(lists(wholes())),
        numbers=missing_or(lists(numbers())),
        truths=missing_or(lists(st.booleans())),
        instants=missing_or(lists(instants())),
        days=missing_or(lists(dates())),
        identities=missing_or(lists(st.uuids())),
        parts=missing_or(st.lists(parts(), max_size=2)),
    )


def complete_objects() -> st.SearchStrategy[Required]:
    """Objects whose every property has a value, zeros and empty ones among them."""
    return st.builds(
        Required,
        id=_ids,
        text=texts(),
        whole=wholes(),
        number=numbers(),
        truth=st.booleans(),
        instant=instants(),
        identity=st.uuids(),
        blob=blobs(),
        texts=lists(texts()),
        wholes=lists(wholes()),
        numbers=lists(numbers()),
        truths=lists(st.booleans()),
        instants=lists(instants()),
        identities=lists(st.uuids()),
    )
