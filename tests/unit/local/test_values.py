"""Checks of values: what is accepted becomes the canonical form, what is refused has the server's words."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.go_text import Origin, float32_number
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import PropertySchema
from weaviate_orm.local.storage.clock import nanoseconds
from weaviate_orm.local.writing.values import (
    compile_check,
    normalized_date,
    normalized_uuid,
    rest_value,
    uuid_bytes,
    uuid_text,
)

PLAIN = "00000000-0000-4000-8000-000000000007"
NESTED = {
    "t": PropertySchema("t", "text"),
    "n": PropertySchema("n", "int"),
    "d": PropertySchema("d", "date"),
    "o": PropertySchema("o", "object", nested={"b": PropertySchema("b", "boolean")}),
}


def checked(data_type: str, value: Any, origin: Origin = Origin.REST) -> Any:  # what JSON can hold
    nested = NESTED if data_type.startswith("object") else {}
    return compile_check(PropertySchema("p", data_type, nested=nested), "Article", origin)(value)


def refusal(data_type: str, value: Any, origin: Origin = Origin.REST) -> str:
    with pytest.raises(Refused) as refused:
        checked(data_type, value, origin)
    return refused.value.text


@pytest.mark.parametrize(
    ("data_type", "given_value", "stored"),
    [
        ("text", "", ""),
        ("int", 2**53 + 1, 2**53),
        ("int", -5, -5),
        ("number", 3, 3.0),
        ("boolean", False, False),
        ("date", "2024-05-01T12:00:00.120+00:00", "2024-05-01T12:00:00.12Z"),
        ("uuid", "{" + PLAIN.upper() + "}", PLAIN),
        (
            "geoCoordinates",
            {"latitude": 100.123456789, "longitude": -200, "x": 1},
            {"latitude": 100.12346, "longitude": -200.0},
        ),
        ("blob", "aGVsbG8=", "aGVsbG8="),
        ("blobHash", "aGVsbG8=", "333d6b3a3c1f5db6c9bdda5939b136986d170f4649172a68368d54ecb44c2ff2"),
        ("text[]", ["", "a"], ["", "a"]),
        ("int[]", [1, 2], [1, 2]),
        ("number[]", [1, 2.5], [1.0, 2.5]),
        ("date[]", ["2024-05-01T12:00:00+00:00"], ["2024-05-01T12:00:00Z"]),
        ("uuid[]", ["urn:uuid:" + PLAIN], [PLAIN]),
        ("boolean[]", [], []),
        (
            "object",
            {"t": None, "n": 1, "d": "2024-05-01T12:00:00.0Z"},
            {"t": None, "n": 1, "d": "2024-05-01T12:00:00Z"},
        ),
        ("object[]", [{}, {"o": {"b": True}}], [{}, {"o": {"b": True}}]),
    ],
)
def test_what_is_stored(data_type: str, given_value: object, stored: object) -> None:
    found = checked(data_type, given_value)
    assert found == stored
    assert type(found) is type(stored)


@pytest.mark.parametrize(
    ("data_type", "value", "from_json", "from_message"),
    [
        ("text", 1.5, "not a string, but json.Number", "not a string, but float64"),
        ("text", {}, "not a string, but map[string]interface {}", None),
        ("text", ["a"], "not a string, but []interface {}", None),
        ("int", "abc", "requires an integer, the given value is 'abc'", None),
        ("int", 1.5, "the JSON number '1.5' could not be converted to an int", "requires an integer, the given value is '1.5'"),
        ("int", 1e300, "the JSON number '1e+300' could not be converted to an int", "requires an integer, the given value is '1e+300'"),
        ("int", True, "requires an integer, the given value is 'true'", None),
        ("number", "x", "requires a float, the given value is 'x'", None),
        ("boolean", 1.0, "not a bool, but json.Number", "not a bool, but float64"),
        ("date", "2024-01-01", "requires a string with a RFC3339 formatted date, but the given value is '2024-01-01'", None),
        ("date", {"b": 1.0, "a": [None]}, "requires a string with a RFC3339 formatted date, but the given value is 'map[a:[<nil>] b:1.0]'",
         "requires a string with a RFC3339 formatted date, but the given value is 'map[a:[<nil>] b:1]'"),
        ("uuid", "abc", "requires a string of UUID format, but the given value is 'abc'", None),
        ("geoCoordinates", "x", "geoCoordinates must be a map, but got: string", None),
        ("geoCoordinates", {}, "geoCoordinates is missing required field 'longitude'", None),
        ("geoCoordinates", {"longitude": 1.0, "latitude": "a"}, "invalid latitude: must be json.Number or float, but got string", None),
        ("phoneNumber", 1.0, "phoneNumber must be a map, but got: json.Number", "phoneNumber must be a map, but got: float64"),
        ("phoneNumber", {}, "phoneNumber is missing required field 'input'", None),
        ("phoneNumber", {"input": 1.0}, "phoneNumber.input must be a string", None),
        ("phoneNumber", {"input": "1", "defaultCountry": 1.0}, "phoneNumber.defaultCountry must be a string", None),
        ("blob", "", "not a valid blob base64 string", None),
        ("blobHash", "abc", "not a valid blob base64 string", None),
        ("object", [], "object must be a map, but got: []interface {}", None),
        ("object", {"zz": 1.0}, "unknown property 'p.zz'", None),
        ("object[]", {}, "not an object array, but map[string]interface {}", None),
    ],
)  # fmt: skip
def test_what_is_refused(data_type: str, value: object, from_json: str, from_message: str | None) -> None:
    word = {"int": "integer"}.get(data_type, data_type)
    start = f"invalid {word} property 'p' on class 'Article': "
    assert refusal(data_type, value) == start + from_json
    assert refusal(data_type, value, Origin.GRPC) == start + (from_message or from_json)


@pytest.mark.parametrize(
    ("data_type", "value", "from_json", "from_message"),
    [
        ("text[]", [1.5], "invalid text array value: [1.5]", "invalid text array value: [%!s(float64=1.5)]"),
        ("text[]", [1], "invalid text array value: [1]", "invalid text array value: [%!s(int64=1)]"),
        ("number[]", ["a", True], "invalid integer array value: [a %!s(bool=true)]", None),
        ("int[]", "x", "not an integer array, but string", None),
        ("number[]", "x", "not an integer array, but string", None),
        ("date[]", ["x"], "invalid date array value: [x]", None),
        ("uuid[]", {}, "not a uuid array, but map[string]interface {}", None),
        ("boolean[]", ["x"], "invalid boolean array value: [x]", None),
    ],
)
def test_what_is_refused_in_arrays(data_type: str, value: object, from_json: str, from_message: str | None) -> None:
    word = {"int[]": "integer"}.get(data_type, data_type.removesuffix("[]"))
    start = f"invalid {word} array property 'p' on class 'Article': "
    assert refusal(data_type, value) == start + from_json
    assert refusal(data_type, value, Origin.GRPC) == start + (from_message or from_json)


def test_refusals_name_the_path_into_objects() -> None:
    end = "property 'p.o.b': invalid boolean property 'p.o.b' on class 'Article': not a bool, but string"
    inner = f"property 'p.o': invalid object property 'p.o' on class 'Article': {end}"
    assert refusal("object", {"o": {"b": "x"}}) == f"invalid object property 'p' on class 'Article': {inner}"
    text = refusal("object[]", [{}, {"t": 1.0}])
    assert "invalid object '1' in array: property 'p.t': invalid text property 'p.t'" in text


# Ids


@pytest.mark.parametrize(
    "text",
    [PLAIN, PLAIN.upper(), PLAIN.replace("-", ""), "{" + PLAIN + "}", "(" + PLAIN + ")", "URN:UUID:" + PLAIN],
)
def test_forms_of_uuids(text: str) -> None:
    assert normalized_uuid(text) == PLAIN


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "invalid UUID length: 0"),
        ("ä" * 10, "invalid UUID length: 20"),
        ("x" * 36, "invalid UUID format"),
        (PLAIN.replace("-", "_"), "invalid UUID format"),
        (" " * 32, "invalid UUID format"),
        ("0" * 30 + "  ", "invalid UUID format"),
        ("url:uuid:" + PLAIN, 'invalid urn prefix: "url:uuid:"'),
    ],
)
def test_texts_that_are_no_uuids(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        uuid_bytes(text)


@given(st.uuids())
def test_uuids_there_and_back(id: UUID) -> None:
    assert uuid_bytes(str(id)) == id.bytes
    assert uuid_text(id.bytes) == str(id)


# Dates


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
        ("2024-01-01T00:00:00.123456789123+02:00", "2024-01-01T00:00:00.123456789+02:00"),
        ("2024-01-01T00:00:00,5Z", "2024-01-01T00:00:00.5Z"),
        ("2024-01-01T00:00:00.000-00:00", "2024-01-01T00:00:00Z"),
        ("0000-02-29T00:00:00Z", "0000-02-29T00:00:00Z"),
        ("2024-01-01T4:00:00Z", "2024-01-01T04:00:00Z"),
    ],
)
def test_dates_that_are_taken(text: str, stored: str) -> None:
    assert normalized_date(text) == stored
    assert normalized_date(stored) == stored


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-01t00:00:00z",
        "2024-01-01T00:00:00",
        "2024-02-30T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T23:59:60Z",
        "2024-01-01T00:00:00+25:00",
        "2024-1-1T00:00:00Z",
        "2024-01-01T00:00:00.Z",
        "٢٠٢٤-01-01T00:00:00Z",
    ],
)
def test_dates_that_are_not_taken(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        normalized_date(text)


@given(st.datetimes(min_value=datetime(1700, 1, 1), max_value=datetime(2200, 1, 1)), st.integers(-1439, 1439))
def test_a_stored_date_is_the_same_moment(local: datetime, minutes: int) -> None:
    text = local.replace(tzinfo=timezone(timedelta(minutes=minutes))).isoformat()
    assert nanoseconds(normalized_date(text)) == nanoseconds(text)


# The way out


@pytest.mark.parametrize(
    ("data_type", "value", "json"),
    [
        ("number", 5.0, "5"),
        ("number", -0.0, "0"),
        ("number", 1e21, "1e+21"),
        ("number", 12345678901234567000.0, "12345678901234567000"),
        ("number[]", [1.0, 2.5], "[1, 2.5]"),
        (
            "geoCoordinates",
            {"latitude": float(float32_number(1.1)), "longitude": 2.0},
            "{'latitude': 1.1, 'longitude': 2}",
        ),
        ("text", "x", "x"),
        ("blob", "aGVsbG8=", "aGVsbG8="),
    ],
)
def test_numbers_in_json(data_type: str, value: object, json: str) -> None:
    assert str(rest_value(PropertySchema("p", data_type), value)) == json


def test_numbers_in_objects() -> None:
    of = PropertySchema("p", "object[]", nested={"x": PropertySchema("x", "number")})
    assert str(rest_value(of, [{"x": 1.0}, {"x": None}, {}])) == "[{'x': 1}, {'x': None}, {}]"


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_float32_numbers_lead_back(value: float) -> None:
    assert math.isclose(float32_number(value), value, rel_tol=1e-6, abs_tol=1e-45)


@given(
    st.one_of(
        st.text(), st.floats(), st.booleans(), st.none(), st.lists(st.text()), st.dictionaries(st.text(), st.text())
    )
)
def test_anything_is_stored_or_refused(value: object) -> None:
    for data_type in ("text", "int", "number", "boolean", "date", "uuid", "geoCoordinates", "blob", "text[]", "object"):
        with suppress(Refused):
            checked(data_type, value, Origin.GRPC)
