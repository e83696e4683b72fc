"""What each data type becomes on its way out: in a batch message and in a REST body, and what cannot go out at all."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import AfterValidator, BaseModel, Field, HttpUrl
from zoo import Address, Company, Contact, Dimensions, Everything, Line, Mood, Part, Priority, Product

from weaviate_orm import BlobHash, GeoCoordinate, InvalidValueError, PhoneNumber, Property, WeaviateModel, prop
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.objects import object_encoder
from weaviate_orm.wire.writing import instant_text

Properties = pb.BatchObject.Properties
ID = UUID(int=7)
PLUS_TWO = timezone(timedelta(hours=2))


def message_of(instance: WeaviateModel) -> pb.BatchObject.Properties:
    target = pb.BatchObject()
    object_encoder(type(instance)).fill(target, instance, None)
    return target.properties


def json_of(instance: WeaviateModel) -> dict[str, Any]:
    properties: dict[str, Any] = object_encoder(type(instance)).body(instance, None)["properties"]
    return properties


def scalar(name: str, value: pb.StructValue) -> pb.BatchObject.Properties:
    return Properties(non_ref_properties=pb.Struct(fields={name: value}))


def text(name: str, value: str) -> pb.BatchObject.Properties:
    return scalar(name, pb.StructValue(string_value=value))


def number(name: str, value: float) -> pb.BatchObject.Properties:
    return scalar(name, pb.StructValue(number_value=value))


def mapping(name: str, **fields: pb.StructValue) -> pb.BatchObject.Properties:
    return scalar(name, pb.StructValue(struct_value=pb.Struct(fields=fields)))


@dataclass(frozen=True)
class Case:
    field: str
    value: object
    json: object
    message: pb.BatchObject.Properties
    """Compared without the empty Struct that every object has."""


def doubles(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}d", *values)


CASES = [
    Case("text", "Grüße 日本", "Grüße 日本", text("text", "Grüße 日本")),
    Case("text", "", "", text("text", "")),
    Case("whole", 2**53, 2**53, number("whole", 2.0**53)),
    Case("whole", -(2**53), -(2**53), number("whole", -(2.0**53))),
    Case("whole", 0, 0, number("whole", 0)),
    Case("number", 0.1, 0.1, number("number", 0.1)),
    Case("number", 0.0, 0.0, number("number", 0.0)),
    Case("truth", True, True, scalar("truth", pb.StructValue(bool_value=True))),
    Case("truth", False, False, scalar("truth", pb.StructValue(bool_value=False))),
    Case(
        "instant",
        datetime(2024, 5, 1, 12, 30, 15, 123456, PLUS_TWO),
        "2024-05-01T12:30:15.123456+02:00",
        text("instant", "2024-05-01T12:30:15.123456+02:00"),
    ),
    Case("day", date(2024, 5, 1), "2024-05-01T00:00:00+00:00", text("day", "2024-05-01T00:00:00+00:00")),
    Case("identity", ID, str(ID), text("identity", str(ID))),
    Case(
        "place",
        GeoCoordinate(52.5, -13.25),
        {"latitude": 52.5, "longitude": -13.25},
        mapping("place", latitude=pb.StructValue(number_value=52.5), longitude=pb.StructValue(number_value=-13.25)),
    ),
    Case(
        "phone",
        PhoneNumber(input="020 1234567", default_country="NL", national=5, valid=True),
        {"input": "020 1234567", "defaultCountry": "NL"},
        mapping(
            "phone", input=pb.StructValue(string_value="020 1234567"), defaultCountry=pb.StructValue(string_value="NL")
        ),
    ),
    Case(
        "phone",
        PhoneNumber(input="+31 20 1234567"),
        {"input": "+31 20 1234567"},
        mapping("phone", input=pb.StructValue(string_value="+31 20 1234567")),
    ),
    Case("blob", b"\x00\xff\x10", "AP8Q", text("blob", "AP8Q")),
    Case("blob_hash", BlobHash.of(b"\x00\xff\x10"), "AP8Q", text("blob_hash", "AP8Q")),
    Case(
        "texts",
        ["b", "", "b"],
        ["b", "", "b"],
        Properties(text_array_properties=[pb.TextArrayProperties(prop_name="texts", values=["b", "", "b"])]),
    ),
    Case(
        "wholes",
        [3, 0, -(2**53)],
        [3, 0, -(2**53)],
        Properties(int_array_properties=[pb.IntArrayProperties(prop_name="wholes", values=[3, 0, -(2**53)])]),
    ),
    Case(
        "numbers",
        [0.5, 0.0, -1e300],
        [0.5, 0.0, -1e300],
        Properties(
            number_array_properties=[
                pb.NumberArrayProperties(prop_name="numbers", values_bytes=doubles(0.5, 0.0, -1e300))
            ]
        ),
    ),
    Case(
        "truths",
        [False, True],
        [False, True],
        Properties(boolean_array_properties=[pb.BooleanArrayProperties(prop_name="truths", values=[False, True])]),
    ),
    Case(
        "instants",
        [datetime(2024, 5, 1, tzinfo=UTC)],
        ["2024-05-01T00:00:00+00:00"],
        Properties(
            text_array_properties=[pb.TextArrayProperties(prop_name="instants", values=["2024-05-01T00:00:00+00:00"])]
        ),
    ),
    Case(
        "days",
        [date(1, 1, 1)],
        ["0001-01-01T00:00:00+00:00"],
        Properties(
            text_array_properties=[pb.TextArrayProperties(prop_name="days", values=["0001-01-01T00:00:00+00:00"])]
        ),
    ),
    Case(
        "identities",
        [ID],
        [str(ID)],
        Properties(text_array_properties=[pb.TextArrayProperties(prop_name="identities", values=[str(ID)])]),
    ),
    *(
        Case(name, [], [], Properties(empty_list_props=[name]))
        for name in ("texts", "wholes", "numbers", "truths", "instants", "days", "identities", "parts")
    ),
    Case(
        "part",
        Part(name="bolt", count=0, spare=False, sizes=[Dimensions(width=0.0, height=2.5)], counts=[], dates=[]),
        {
            "name": "bolt",
            "count": 0,
            "spare": False,
            "sizes": [{"width": 0.0, "height": 2.5}],
            "counts": [],
            "dates": [],
        },
        Properties(
            object_properties=[
                pb.ObjectProperties(
                    prop_name="part",
                    value=pb.ObjectPropertiesValue(
                        non_ref_properties=pb.Struct(
                            fields={
                                "name": pb.StructValue(string_value="bolt"),
                                "count": pb.StructValue(number_value=0),
                                "spare": pb.StructValue(bool_value=False),
                            }
                        ),
                        empty_list_props=["counts", "dates"],
                        object_array_properties=[
                            pb.ObjectArrayProperties(
                                prop_name="sizes",
                                values=[
                                    pb.ObjectPropertiesValue(
                                        non_ref_properties=pb.Struct(
                                            fields={
                                                "width": pb.StructValue(number_value=0.0),
                                                "height": pb.StructValue(number_value=2.5),
                                            }
                                        )
                                    )
                                ],
                            )
                        ],
                    ),
                )
            ]
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.field}={case.value!r:.30}")
def test_a_value_is_written_as_its_data_type_asks(case: Case) -> None:
    instance = Everything(id=ID, **{case.field: case.value})  # type: ignore[arg-type]  # the field is only known at run time
    assert json_of(instance) == {case.field: case.json}
    message = message_of(instance)
    expected = Properties()
    expected.CopyFrom(case.message)
    expected.non_ref_properties.SetInParent()
    message.non_ref_properties.SetInParent()
    assert message == expected


def test_the_table_has_every_data_type() -> None:
    assert {case.field for case in CASES} == set(Everything.model_fields) - {"id"}


def test_missing_values_are_not_sent() -> None:
    assert json_of(Everything()) == {}
    assert not message_of(Everything()).ListFields() or message_of(Everything()) == Properties(
        non_ref_properties=pb.Struct()
    )


def test_nested_objects_two_levels_deep_inside_a_list() -> None:
    address = Address(
        street="Main", city="Oslo", contacts=[Contact(kind="mail", value="a@b"), Contact(kind="phone", value="")]
    )
    company = Company(name="C", seat=address, branches=[address, Address(street="", city="Rome")])
    as_json = {
        "street": "Main",
        "city": "Oslo",
        "contacts": [{"kind": "mail", "value": "a@b"}, {"kind": "phone", "value": ""}],
    }
    assert json_of(company) == {
        "name": "C",
        "seat": as_json,
        "branches": [as_json, {"street": "", "city": "Rome", "contacts": []}],
    }
    message = message_of(company)
    seat = message.object_properties[0].value
    (branches,) = message.object_array_properties
    assert branches.prop_name == "branches"
    assert branches.values[0] == seat
    assert seat.object_array_properties[0].prop_name == "contacts"
    written = [
        (each.non_ref_properties.fields["kind"].string_value, each.non_ref_properties.fields["value"].string_value)
        for each in seat.object_array_properties[0].values
    ]
    assert written == [("mail", "a@b"), ("phone", "")]
    assert list(branches.values[1].empty_list_props) == ["contacts"]


def test_enums_literals_sets_and_tuples_are_written_as_their_values() -> None:
    product = Product(
        maker="ACME",
        sku=5,
        price=1.5,
        mood=Mood.LOUD,
        priority=Priority.HIGH,
        size="L",
        moods=[Mood.CALM, Mood.LOUD],
        colours={"red"},
        codes=(3, 1),
        labels=frozenset({"x"}),
        highlighted=True,
    )
    assert json_of(product) == {
        "maker": "ACME",
        "sku": 5,
        "price": 1.5,
        "mood": "very loud",
        "priority": 9,
        "size": "L",
        "moods": ["calm", "very loud"],
        "colours": ["red"],
        "codes": [3, 1],
        "labels": ["x"],
    }
    message = message_of(product)
    fields = message.non_ref_properties.fields
    assert (fields["mood"].string_value, fields["priority"].number_value, fields["size"].string_value) == (
        "very loud",
        9,
        "L",
    )
    arrays = {each.prop_name: list(each.values) for each in message.text_array_properties}
    assert arrays == {"moods": ["calm", "very loud"], "colours": ["red"], "labels": ["x"]}
    assert [(each.prop_name, list(each.values)) for each in message.int_array_properties] == [("codes", [3, 1])]
    assert "highlighted" not in fields  # transient
    assert "name" not in fields  # computed


def test_a_model_that_holds_the_values_of_its_enums_writes_them_too() -> None:
    class Shop(WeaviateModel, use_enum_values=True):
        mood: Property[Mood]
        moods: Property[list[Mood]]

    shop = Shop(mood=Mood.LOUD, moods=[Mood.LOUD])
    assert json_of(shop) == {"mood": "very loud", "moods": ["very loud"]}
    assert message_of(shop).non_ref_properties.fields["mood"].string_value == "very loud"


def test_properties_go_under_their_names_in_the_collection() -> None:
    assert json_of(Line(text="t", copy_=2, number=3)) == {"lineText": "t", "copy": 2, "lineNumber": 3}
    assert set(message_of(Line(text="t", number=3)).non_ref_properties.fields) == {"lineText", "copy", "lineNumber"}


def _mail(value: str) -> str:
    if "@" not in value:
        raise ValueError("no mail address")
    return value.lower()


class Inner(BaseModel):
    amount: int


class Invoice(WeaviateModel):
    """Types of which the table knows nothing: pydantic converts them."""

    total: Property[Decimal] = prop(data_type="text")
    page: Property[HttpUrl] = prop(data_type="text")
    mail: Property[Annotated[str, AfterValidator(_mail)]] = prop(default="a@b")
    span: Property[timedelta] = prop(data_type="text")
    parts: Property[list[Decimal]] = prop(data_type="text[]")
    due: Property[Decimal | None] = prop(data_type="text", default=None)
    ratio: Property[Annotated[Decimal, Field(gt=0)]] = prop(data_type="text", default=Decimal("0.5"))


def test_overridden_types_are_converted_by_pydantic() -> None:
    invoice = Invoice(
        total=Decimal("10.50"),
        page=HttpUrl("https://example.org/a"),
        mail="Ada@Example.org",
        span=timedelta(minutes=90),
        parts=[Decimal("1.10"), Decimal(2)],
    )
    expected = {
        "total": "10.50",
        "page": "https://example.org/a",
        "mail": "ada@example.org",
        "span": "PT1H30M",
        "parts": ["1.10", "2"],
        "ratio": "0.5",
    }
    assert json_of(invoice) == expected
    message = message_of(invoice)
    fields = {name: value.string_value for name, value in message.non_ref_properties.fields.items()}
    assert fields | {"parts": list(message.text_array_properties[0].values)} == expected
    assert list(message_of(invoice.model_copy(update={"parts": []})).empty_list_props) == ["parts"]


def test_an_overridden_type_whose_values_do_not_fit_is_refused_with_the_field() -> None:
    class Odd(WeaviateModel):
        total: Property[timedelta] = prop(data_type="number")  # ISO 8601 text in JSON

    with pytest.raises(InvalidValueError, match=r"Odd\.total cannot be stored: it is declared as number") as caught:
        message_of(Odd(id=ID, total=timedelta(seconds=1)))
    assert (caught.value.field, caught.value.object_id) == ("Odd.total", ID)


def test_numbers_that_pydantic_has_as_text_in_json_are_stored_as_numbers() -> None:
    class Money(WeaviateModel):
        price: Property[Decimal] = prop(data_type="number")
        pieces: Property[Decimal] = prop(data_type="int")
        parts: Property[list[Decimal]] = prop(data_type="number[]")

    money = Money(id=ID, price=Decimal("1.50"), pieces=Decimal(3), parts=[Decimal("0.25"), Decimal(2)])
    assert json_of(money) == {"price": 1.5, "pieces": 3, "parts": [0.25, 2.0]}
    message = message_of(money)
    assert {name: value.number_value for name, value in message.non_ref_properties.fields.items()} == {
        "price": 1.5,
        "pieces": 3,
    }
    for build in (json_of, message_of):
        with pytest.raises(InvalidValueError, match=r"Money\.pieces cannot be stored"):
            build(money.model_copy(update={"pieces": Decimal("1.5")}))


class Wave(Enum):
    HIGH = 2**60


class Tall(WeaviateModel):
    wave: Property[Wave] = prop(default=Wave.HIGH)


REFUSALS = [
    (
        Everything(id=ID, instant=datetime(2024, 5, 1)),
        "Everything.instant",
        "needs a time zone, got 2024-05-01T00:00:00",
    ),
    (Everything(id=ID, instants=[datetime(2024, 5, 1)]), "Everything.instants", "needs a time zone"),
    (Everything(id=ID, whole=2**53 + 1), "Everything.whole", "exact up to 2**53; got 9007199254740993"),
    (Everything(id=ID, whole=-(2**53) - 1), "Everything.whole", "exact up to 2**53"),
    (Everything(id=ID, wholes=[0, 2**53 + 1]), "Everything.wholes", "exact up to 2**53"),
    (Everything(id=ID, whole=2**80), "Everything.whole", "exact up to 2**53"),
    (Everything(id=ID, number=float("nan")), "Everything.number", "must be finite, got nan"),
    (Everything(id=ID, numbers=[1.0, float("-inf")]), "Everything.numbers", "must be finite, got -inf"),
    (Everything(id=ID, blob_hash=BlobHash(digest="ab")), "Everything.blob_hash", "only the digest is known"),
    (Everything(id=ID, blob=b""), "Everything.blob", "no empty blob"),
    (Everything(id=ID, blob_hash=BlobHash.of(b"")), "Everything.blob_hash", "no empty blob"),
    (Everything.model_construct(id=ID, text="a\ud800"), "Everything.text", "surrogates not allowed"),
    (Everything.model_construct(id=ID, texts=["a", "\ud800"]), "Everything.texts", "surrogates not allowed"),
    (Everything(id=ID, part=Part(name="", made=datetime(2024, 5, 1))), "Everything.part", "needs a time zone"),
    (Everything(id=ID, part=Part(name="", count=2**53 + 1)), "Everything.part", "exact up to 2**53"),
    (Everything(id=ID, parts=[Part(name="", weight=float("nan"))]), "Everything.parts", "must be finite"),
    (
        Everything.model_construct(id=ID, part={"name": "x"}),
        "Everything.part",
        "a nested object is a pydantic model, got dict",
    ),
    (Everything.model_construct(id=ID, whole="five"), "Everything.whole", ""),
    (Everything.model_construct(id=ID, instant="soon"), "Everything.instant", ""),
    (Tall(id=ID), "Tall.wave", "exact up to 2**53"),
]


@pytest.mark.parametrize("way", ["message", "json"])
@pytest.mark.parametrize(("instance", "field", "reason"), REFUSALS, ids=lambda value: str(value)[:40])
def test_what_cannot_be_stored_is_refused_with_model_field_id_and_reason(
    instance: WeaviateModel, field: str, reason: str, way: str
) -> None:
    write = partial(message_of if way == "message" else json_of, instance)
    with pytest.raises(InvalidValueError) as caught:
        write()
    error = caught.value
    assert str(error).startswith(f"{field} cannot be stored: ")
    assert reason in str(error)
    assert str(ID) in str(error)
    assert (error.field, error.object_id, error.collection) == (
        field,
        ID,
        object_encoder(type(instance)).info.collection,
    )


def test_a_lone_surrogate_inside_a_nested_object_is_refused() -> None:
    part = Part.model_construct(name="\ud800")
    with pytest.raises(InvalidValueError, match=r"Everything\.part cannot be stored"):
        message_of(Everything.model_construct(id=ID, part=part))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2024, 2, 29), "2024-02-29T00:00:00+00:00"),
        (datetime(1, 1, 1, tzinfo=PLUS_TWO), "0001-01-01T00:00:00+02:00"),
        (datetime(2024, 1, 1, tzinfo=timezone(-timedelta(hours=9, minutes=30))), "2024-01-01T00:00:00-09:30"),
        # RFC 3339 has no seconds in offsets, as zones of before the railways have: the same instant in UTC.
        (datetime(1890, 1, 1, tzinfo=timezone(timedelta(minutes=19, seconds=32))), "1889-12-31T23:40:28+00:00"),
    ],
)
def test_dates_are_rfc_3339(value: date, expected: str) -> None:
    assert instant_text(value) == expected


def test_an_instant_that_rfc_3339_cannot_express_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="years 1 to 9999"):
        instant_text(datetime(1, 1, 1, tzinfo=timezone(timedelta(seconds=30))))
