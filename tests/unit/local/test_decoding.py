"""The fast way of decoding an object gives what the plain way gives, or says that it cannot."""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.go_text import Origin
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema, PropertySchema, VectorSchema
from weaviate_orm.local.writing.decoding import Decoder, fits_schema, plain_object, vectors_of
from weaviate_orm.local.writing.values import property_check
from weaviate_orm.wire import _pb as pb

TYPES = (
    "text",
    "int",
    "number",
    "boolean",
    "date",
    "uuid",
    "blob",
    "text[]",
    "int[]",
    "number[]",
    "boolean[]",
    "date[]",
)
NESTED = {"t": PropertySchema("t", "text"), "n": PropertySchema("n", "number")}
SCHEMA = CollectionSchema(
    "Article",
    {},
    {
        **{each.replace("[]", "s"): PropertySchema(each.replace("[]", "s"), each) for each in TYPES},
        "place": PropertySchema("place", "geoCoordinates"),
        "object": PropertySchema("object", "object", nested=NESTED),
        "objects": PropertySchema("objects", "object[]", nested=NESTED),
    },
    {"": VectorSchema("")},
)
DECODER = Decoder(SCHEMA)


def value(plain: Any) -> pb.StructValue:  # what JSON can hold
    found = pb.StructValue()
    match plain:
        case None:
            found.null_value = pb.StructNullValue.NULL_VALUE
        case bool():
            found.bool_value = plain
        case float():
            found.number_value = plain
        case str():
            found.string_value = plain
        case list():
            found.list_value.SetInParent()
            for each in plain:
                found.list_value.values.add().CopyFrom(value(each))
        case _:
            found.struct_value.SetInParent()
            for name, each in plain.items():
                found.struct_value.fields[name].CopyFrom(value(each))
    return found


def message(**properties: object) -> pb.BatchObject.Properties:
    found = pb.BatchObject.Properties()
    found.non_ref_properties.SetInParent()
    for name, each in properties.items():
        found.non_ref_properties.fields[name].CopyFrom(value(each))
    return found


def test_an_ordinary_object() -> None:
    given = message(
        text="hello",
        int=3.0,
        number=0.5,
        boolean=True,
        date="2024-01-01T00:00:00+00:00",
        place={"latitude": 1.0, "longitude": 2.0},
    )
    given.text_array_properties.add(prop_name="texts", values=["a", "b"])
    given.int_array_properties.add(prop_name="ints", values=[1, 2**53 + 1])
    given.number_array_properties.add(prop_name="numbers", values_bytes=struct.pack("<2d", 1.0, 2.5))
    given.boolean_array_properties.add(prop_name="booleans", values=[True, False])
    given.text_array_properties.add(prop_name="dates", values=["2024-01-01T00:00:00.50Z"])
    inner = given.object_properties.add(prop_name="object")
    inner.value.non_ref_properties.fields["t"].string_value = "inside"
    given.object_array_properties.add(prop_name="objects").values.add().SetInParent()
    assert DECODER.decode(given) == {
        "text": "hello",
        "int": 3,
        "number": 0.5,
        "boolean": True,
        "date": "2024-01-01T00:00:00Z",
        "place": {"latitude": 1.0, "longitude": 2.0},
        "texts": ["a", "b"],
        "ints": [1, 2**53],
        "numbers": [1.0, 2.5],
        "booleans": [True, False],
        "dates": ["2024-01-01T00:00:00.5Z"],
        "object": {"t": "inside"},
        "objects": [{}],
    }


def test_what_counts_as_nothing_in_python_is_something() -> None:
    given = message(text="", int=0.0, number=0.0, boolean=False, uuid=None)
    given.empty_list_props.append("texts")
    assert DECODER.decode(given) == {"text": "", "int": 0, "number": 0.0, "boolean": False, "texts": []}


def test_the_first_letter_may_be_large() -> None:
    assert DECODER.decode(message(Text="x")) == {"text": "x"}
    assert DECODER.decode(message(TEXT="x")) is None


@pytest.mark.parametrize(
    "given",
    [
        message(unknown="x"),
        message(texts=[1.0, "a"]),
        message(text=[None]),
        message(object={"unknown": 1.0}),
        message(place={"latitude": [1.0], "longitude": 1.0}),
    ],
)
def test_what_auto_schema_must_see(given: pb.BatchObject.Properties) -> None:
    assert DECODER.decode(given) is None
    assert not fits_schema(SCHEMA, plain_object(given))


json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.sampled_from(["t", "n", "latitude"]), inner)),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(sorted(SCHEMA.properties)), json, max_size=3))
def test_both_ways_give_the_same(properties: dict[str, object]) -> None:
    given_message = message(**properties)
    plain = plain_object(given_message)
    expected: object
    try:
        expected = {
            name: property_check(SCHEMA, name, Origin.GRPC)(each) for name, each in plain.items() if each is not None
        }
    except Refused as refused:
        expected = refused.text
    found: object
    try:
        found = DECODER.decode(given_message)
    except Refused as refused:
        found = refused.text
    if found is None:
        assert not fits_schema(SCHEMA, plain)
    elif isinstance(expected, str):
        assert isinstance(found, str)  # which of several mistakes comes first is not the same
    else:
        assert found == expected


def test_vectors_are_copied_out_of_the_message() -> None:
    given = pb.BatchObject(vector_bytes=struct.pack("<2f", 1, 2))
    given.vectors.add(name="a", vector_bytes=struct.pack("<2f", 3, 4))
    given.vectors.add(
        name="m",
        vector_bytes=struct.pack("<H4f", 2, 1, 2, 3, 4),
        type=pb.Vectors.VECTOR_TYPE_MULTI_FP32,
    )
    bare, named = vectors_of(given)
    assert bare is not None
    assert bare.tolist() == [1, 2]
    assert bare.flags.writeable
    assert named["a"].tolist() == [3, 4]
    assert named["m"].tolist() == [[1, 2], [3, 4]]
    assert {each.dtype for each in (bare, *named.values())} == {np.dtype(np.float32)}


def test_bytes_that_are_left_over() -> None:
    given = pb.BatchObject(vector_bytes=b"\0\0\0")
    given.vectors.add(name="m", vector_bytes=b"\2\0\0", type=pb.Vectors.VECTOR_TYPE_MULTI_FP32)
    bare, named = vectors_of(given)
    assert bare is not None
    assert (bare.size, named["m"].shape) == (0, (0, 2))
    given.vectors[0].vector_bytes = b"\0\0"
    with pytest.raises(Refused, match="dimension cannot be 0"):
        vectors_of(given)


def test_the_older_form_of_vectors() -> None:
    bare, named = vectors_of(pb.BatchObject(vector=[1, 2]))
    assert bare is not None
    assert (bare.tolist(), named) == ([1, 2], {})


@pytest.mark.parametrize(("number", "name"), [(math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity")])
def test_numbers_that_json_has_not(number: float, name: str) -> None:
    with pytest.raises(Refused, match=f"requires a float, the given value is '{name}'"):
        DECODER.decode(message(number=number))
    given = pb.BatchObject.Properties()
    given.number_array_properties.add(prop_name="numbers", values_bytes=struct.pack("<2d", 1.0, number))
    with pytest.raises(Refused, match="unsupported value"):
        DECODER.decode(given)
