"""What each data type of a reply becomes, and what is refused because it is of another type than declared."""

from __future__ import annotations

import struct
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from zoo import Part

from weaviate_orm import BlobHash, GeoCoordinate, HydrationError, PhoneNumber
from weaviate_orm.model.datatypes import resolve
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.reading import Reader, compile_reader

ID = UUID(int=5)
Value = pb.Value


def reader(annotation: object) -> Reader:
    return compile_reader(resolve(annotation, "Model.field"), "Model.field")


def listed(**members: Any) -> pb.Value:
    return Value(list_value=pb.ListValue(**members))


def whole(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}q", *values)


def doubles(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}d", *values)


# What an object without any key is: its optional fields are None, as those of a row are.
NOTHING = {each: None for each in Part.model_fields if each != "name"}

VALUES: list[tuple[object, pb.Value, object]] = [
    (str, Value(text_value="Grüße"), "Grüße"),
    (int, Value(int_value=-(2**53)), -(2**53)),
    (float, Value(number_value=0.1), 0.1),
    (bool, Value(bool_value=True), True),
    (datetime, Value(date_value="2024-05-01T12:00:00Z"), datetime(2024, 5, 1, 12, tzinfo=UTC)),
    (date, Value(date_value="2024-05-01T00:00:00Z"), date(2024, 5, 1)),
    (date, Value(date_value="2024-05-01T01:00:00+02:00"), date(2024, 4, 30)),
    (UUID, Value(uuid_value=str(ID)), ID),
    (bytes, Value(blob_value="AP8Q"), b"\x00\xff\x10"),
    (BlobHash, Value(blob_value="ab12"), BlobHash(digest="ab12")),
    (GeoCoordinate, Value(geo_value=pb.GeoCoordinate(latitude=1.5, longitude=-2.5)), GeoCoordinate(1.5, -2.5)),
    (
        PhoneNumber,
        Value(
            phone_value=pb.PhoneNumber(
                input="020 1234567",
                default_country="NL",
                country_code=31,
                national=201234567,
                national_formatted="020 123 4567",
                international_formatted="+31 20 123 4567",
                valid=True,
            )
        ),
        PhoneNumber(
            input="020 1234567",
            default_country="NL",
            country_code=31,
            national=201234567,
            national_formatted="020 123 4567",
            international_formatted="+31 20 123 4567",
            valid=True,
        ),
    ),
    (list[str], listed(text_values=pb.TextValues(values=["b", "", "b"])), ["b", "", "b"]),
    (list[int], listed(int_values=pb.IntValues(values=whole(3, 0, -1))), [3, 0, -1]),
    (list[float], listed(number_values=pb.NumberValues(values=doubles(0.5, 0.0))), [0.5, 0.0]),
    (list[bool], listed(bool_values=pb.BoolValues(values=[False, True])), [False, True]),
    (
        list[datetime],
        listed(date_values=pb.DateValues(values=["2024-05-01T00:00:00Z"])),
        [datetime(2024, 5, 1, tzinfo=UTC)],
    ),
    (list[date], listed(date_values=pb.DateValues(values=["2024-05-01T00:00:00Z"])), [date(2024, 5, 1)]),
    (list[UUID], listed(uuid_values=pb.UuidValues(values=[str(ID)])), [ID]),
    (
        Part,
        Value(
            object_value=pb.Properties(
                fields={
                    "name": Value(text_value=""),
                    "count": Value(int_value=0),
                    "sizes": listed(
                        object_values=pb.ObjectValues(
                            values=[pb.Properties(fields={"width": Value(number_value=1.5), "label": Value()})]
                        )
                    ),
                    "size": Value(object_value=pb.Properties(fields={"height": Value(number_value=0.0)})),
                    "drawing": Value(blob_value="AP8Q"),
                    "of another program": Value(text_value="x"),
                }
            )
        ),
        {
            **NOTHING,
            "name": "",
            "count": 0,
            "sizes": [{"width": 1.5, "label": None}],
            "size": {"height": 0.0, "label": None},
            "drawing": b"\x00\xff\x10",
        },
    ),
    (
        list[Part],
        listed(
            object_values=pb.ObjectValues(
                values=[pb.Properties(fields={"name": Value(text_value="a")}), pb.Properties()]
            )
        ),
        [{**NOTHING, "name": "a"}, NOTHING],
    ),
]


@pytest.mark.parametrize(("annotation", "value", "expected"), VALUES, ids=lambda value: str(value)[:25])
def test_a_value_is_read_as_its_declared_type(annotation: object, value: pb.Value, expected: object) -> None:
    found = reader(annotation)(value)
    assert found == expected
    assert type(found) is type(expected)


ANNOTATIONS: list[Any] = [
    str,
    int,
    float,
    bool,
    datetime,
    date,
    UUID,
    bytes,
    BlobHash,
    GeoCoordinate,
    PhoneNumber,
    Part,
]
ARRAYS: list[Any] = [list[str], list[int], list[float], list[bool], list[datetime], list[date], list[UUID], list[Part]]


@pytest.mark.parametrize("annotation", ANNOTATIONS + ARRAYS, ids=str)
@pytest.mark.parametrize("value", [Value(), Value(null_value=0)], ids=["absent", "null"])  # type: ignore[arg-type]  # the only value
def test_a_missing_value_is_none(annotation: object, value: pb.Value) -> None:
    assert reader(annotation)(value) is None


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (str, Value(text_value=""), ""),
        (int, Value(int_value=0), 0),
        (float, Value(number_value=0.0), 0.0),
        (bool, Value(bool_value=False), False),
        (bytes, Value(blob_value=""), b""),
        (GeoCoordinate, Value(geo_value=pb.GeoCoordinate()), GeoCoordinate(0.0, 0.0)),
        (Part, Value(object_value=pb.Properties()), NOTHING),
        *((each, Value(list_value=pb.ListValue()), []) for each in ARRAYS),
        (list[str], listed(text_values=pb.TextValues()), []),
        (list[int], listed(int_values=pb.IntValues()), []),
    ],
    ids=str,
)
def test_zero_values_are_values(annotation: object, value: pb.Value, expected: object) -> None:
    found = reader(annotation)(value)
    assert found == expected
    assert type(found) is type(expected)


def test_negative_zero_stays_negative() -> None:
    assert str(reader(float)(Value(number_value=-0.0))) == "-0.0"


_OTHERS = {
    "text": Value(text_value=""),
    "int": Value(int_value=0),
    "number": Value(number_value=0.0),
    "bool": Value(bool_value=False),
    "date": Value(date_value=""),
    "uuid": Value(uuid_value=""),
    "blob": Value(blob_value=""),
    "geo": Value(geo_value=pb.GeoCoordinate()),
    "phone": Value(phone_value=pb.PhoneNumber()),
    "object": Value(object_value=pb.Properties()),
    "list": Value(list_value=pb.ListValue()),
}
_OWN = {
    str: "text",
    int: "int",
    float: "number",
    bool: "bool",
    datetime: "date",
    date: "date",
    UUID: "uuid",
    bytes: "blob",
    BlobHash: "blob",
    GeoCoordinate: "geo",
    PhoneNumber: "phone",
    Part: "object",
}


@pytest.mark.parametrize("annotation", ANNOTATIONS + ARRAYS, ids=str)
@pytest.mark.parametrize("kind", _OTHERS)
def test_another_type_is_refused_with_field_and_way_out(annotation: Any, kind: str) -> None:
    if kind == _OWN.get(annotation, "list"):
        return  # its own
    with pytest.raises(HydrationError) as caught:
        reader(annotation)(_OTHERS[kind])
    declared = resolve(annotation, "Model.field").name
    assert str(caught.value).startswith(
        f"Model.field is declared as {declared}, but the collection holds {kind} there."
    )
    assert "session.schema.check(...)" in str(caught.value)
    assert caught.value.field == "Model.field"


_LISTS = {
    "text_values": pb.ListValue(text_values=pb.TextValues(values=["a"])),
    "int_values": pb.ListValue(int_values=pb.IntValues(values=whole(1))),
    "number_values": pb.ListValue(number_values=pb.NumberValues(values=doubles(1))),
    "bool_values": pb.ListValue(bool_values=pb.BoolValues(values=[True])),
    "date_values": pb.ListValue(date_values=pb.DateValues(values=["2024-05-01T00:00:00Z"])),
    "uuid_values": pb.ListValue(uuid_values=pb.UuidValues(values=[str(ID)])),
    "object_values": pb.ListValue(object_values=pb.ObjectValues(values=[pb.Properties()])),
}
_OWN_LISTS = dict(
    zip(
        ARRAYS,
        [
            "text_values",
            "int_values",
            "number_values",
            "bool_values",
            "date_values",
            "date_values",
            "uuid_values",
            "object_values",
        ],
        strict=True,
    )
)


@pytest.mark.parametrize("annotation", ARRAYS, ids=str)
@pytest.mark.parametrize("kind", _LISTS)
def test_a_list_of_another_type_is_refused(annotation: Any, kind: str) -> None:
    if kind == _OWN_LISTS[annotation]:
        return
    with pytest.raises(HydrationError, match=rf"a list of another type \({kind}\).*schema\.check") as caught:
        reader(annotation)(Value(list_value=_LISTS[kind]))
    assert caught.value.field == "Model.field"


def test_another_type_inside_an_object_is_named_with_its_path() -> None:
    value = Value(
        object_value=pb.Properties(
            fields={"size": Value(object_value=pb.Properties(fields={"width": Value(text_value="x")}))}
        )
    )
    with pytest.raises(HydrationError, match=r"Model\.field\.size\.width is declared as number") as caught:
        reader(Part)(value)
    assert caught.value.field == "Model.field.size.width"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-01T12:00:00.123456789Z", datetime(2024, 5, 1, 12, 0, 0, 123456, UTC)),
        ("2024-05-01T12:00:00.1Z", datetime(2024, 5, 1, 12, 0, 0, 100000, UTC)),
        (
            "2024-05-01T12:00:00.000000001+05:45",
            datetime(2024, 5, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        ),
        ("2024-05-01T12:00:00-12:00", datetime(2024, 5, 1, 12, tzinfo=timezone(-timedelta(hours=12)))),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999999Z", datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)),
    ],
)
def test_dates_as_servers_keep_them(text: str, expected: datetime) -> None:
    found = reader(datetime)(Value(date_value=text))
    assert found == expected
    assert found.utcoffset() == expected.utcoffset()
    assert reader(list[datetime])(listed(date_values=pb.DateValues(values=[text, text]))) == [expected, expected]


@pytest.mark.parametrize("annotation", [datetime, date, list[datetime], list[date]], ids=str)
@pytest.mark.parametrize("text", ["0000-01-01T00:00:00Z", "12024-01-01T00:00:00Z", "soon"])
def test_dates_that_python_lacks_are_refused(annotation: object, text: str) -> None:
    value = listed(date_values=pb.DateValues(values=[text])) if annotation in ARRAYS else Value(date_value=text)
    with pytest.raises(HydrationError, match="years 1 to 9999") as caught:
        reader(annotation)(value)
    assert text in str(caught.value)
    assert caught.value.field == "Model.field"


@pytest.mark.parametrize("annotation", [date, list[date]], ids=str)
def test_a_day_that_is_outside_of_the_calendar_in_utc_is_refused(annotation: object) -> None:
    text = "0001-01-01T00:00:00+05:00"
    value = listed(date_values=pb.DateValues(values=[text])) if annotation in ARRAYS else Value(date_value=text)
    with pytest.raises(HydrationError, match="years 1 to 9999"):
        reader(annotation)(value)


def test_an_overridden_type_is_read_as_its_data_type() -> None:
    for name, value, expected in [
        ("text", Value(text_value="1.5"), "1.5"),
        ("text[]", listed(text_values=pb.TextValues(values=["1.5"])), ["1.5"]),
        ("date", Value(date_value="2024-05-01T00:00:00Z"), datetime(2024, 5, 1, tzinfo=UTC)),
        (
            "date[]",
            listed(date_values=pb.DateValues(values=["2024-05-01T00:00:00Z"])),
            [datetime(2024, 5, 1, tzinfo=UTC)],
        ),
    ]:
        assert compile_reader(resolve(complex, "Model.field", name), "Model.field")(value) == expected
