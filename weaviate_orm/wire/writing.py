"""Property values on their way out: one table of plain forms, and the writers that put them into a message.

A plain form is what JSON can hold: text, number, truth value, mapping. REST sends it as it is; a batch message has it in a ``Struct``,
with arrays in lists of their own beside it. The writers of a model are compiled once and then only fetch and store.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from weaviate_orm.errors import InvalidValueError
from weaviate_orm.expr.operands import LARGEST_INT
from weaviate_orm.model.datatypes import DataType, NestedField
from weaviate_orm.model.info import PropertyInfo
from weaviate_orm.types import BlobHash, GeoCoordinate, PhoneNumber
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from google.protobuf.internal.containers import MessageMap

__all__ = ["Target", "Writer", "compile_plain", "compile_writer", "instant_text"]

Target: TypeAlias = pb.BatchObject.Properties | pb.ObjectPropertiesValue
Plain: TypeAlias = Callable[[Any], Any]  # from a validated value to JSON; both ends are only known at run time
Fields: TypeAlias = "MessageMap[str, pb.StructValue]"
# Takes the Struct's fields, fetched once an object, the message around them for lists and objects, and the value.
Writer: TypeAlias = Callable[[Fields, Target, Any], None]


def _text(value: str) -> str:
    if not value.isascii():
        value.encode()  # a lone surrogate fails here, where the field is known, and not when the request is written
    return value


def _texts(values: Iterable[str]) -> list[str]:
    found = list(values)
    _text("".join(found))
    return found


def _integer(value: int) -> int:
    if not -LARGEST_INT <= value <= LARGEST_INT:
        raise InvalidValueError(f"the server keeps integers as float64, exact up to 2**53; got {value}")
    return value


def _number(value: float) -> float:
    if not math.isfinite(value):
        raise InvalidValueError(f"a number must be finite, got {value}")
    return value


def instant_text(value: datetime | date) -> str:
    """Give a date as RFC 3339 text; a plain date is midnight UTC.

    Raises:
        InvalidValueError: a datetime without a time zone, or one that UTC cannot express.
    """
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), UTC)
    offset = value.utcoffset()
    if offset is None:
        raise InvalidValueError(
            f"a datetime needs a time zone, got {value.isoformat()}; "
            "give one, such as datetime.now(timezone.utc) or value.astimezone()"
        )
    if offset.seconds % 60 or offset.microseconds:
        try:
            value = value.astimezone(UTC)  # RFC 3339 offsets are whole minutes
        except OverflowError:
            raise InvalidValueError(
                f"an offset of whole minutes is needed, and {value.isoformat()} is outside the years 1 to 9999 in UTC"
            ) from None
    return value.isoformat()


def _blob(value: bytes) -> str:
    if not value:
        raise InvalidValueError("the server takes no empty blob; give None where there is nothing")
    return b64encode(value).decode("ascii")


def _blob_hash(value: BlobHash) -> str:
    if value.data is None:
        raise InvalidValueError("only the digest is known; write the bytes with BlobHash.of(data)")
    return _blob(value.data)


def _geo(value: GeoCoordinate) -> dict[str, float]:
    return {"latitude": value.latitude, "longitude": value.longitude}


def _phone(value: PhoneNumber) -> dict[str, str]:
    found = {"input": value.input}
    if value.default_country is not None:
        found["defaultCountry"] = value.default_country
    return found


Member: TypeAlias = Literal["string_value", "number_value", "bool_value", "struct_value"]


@dataclass(frozen=True, slots=True)
class _Form:
    """How a scalar of a data type is written: its plain form, the member of a Struct value, the message list of its arrays."""

    plain: Plain
    member: Member
    array: str = ""


_FORMS: dict[str, _Form] = {
    "text": _Form(_text, "string_value", "text_array_properties"),
    "int": _Form(_integer, "number_value", "int_array_properties"),
    "number": _Form(_number, "number_value", "number_array_properties"),
    "boolean": _Form(lambda value: value, "bool_value", "boolean_array_properties"),
    "date": _Form(instant_text, "string_value", "text_array_properties"),
    "uuid": _Form(str, "string_value", "text_array_properties"),
    "blob": _Form(_blob, "string_value"),
    "blobHash": _Form(_blob_hash, "string_value"),
    "geoCoordinates": _Form(_geo, "struct_value"),
    "phoneNumber": _Form(_phone, "struct_value"),
}


def _enum_value(plain: Plain) -> Plain:
    # A model with use_enum_values holds the bare value.
    return lambda value: plain(value.value if isinstance(value, Enum) else value)


def _scalar(data_type: DataType) -> Plain:
    if data_type.base == "object":
        return _object_plain(data_type.nested)
    plain = _FORMS[data_type.base].plain
    return _enum_value(plain) if issubclass(data_type.python, Enum) else plain


_NUMBERS: dict[str, Plain] = {
    "int": lambda value: _integer(int(value) if isinstance(value, str) else value),
    "number": lambda value: _number(float(value)),
}


def compile_plain(info: PropertyInfo, annotation: Any) -> Plain:  # annotations have no static type
    """Give the function from a validated value of a property to its plain form."""
    if info.data_type.overridden:
        adapter: TypeAdapter[Any] = TypeAdapter(annotation)
        number = _NUMBERS.get(info.data_type.base)
        if number is None:
            return lambda value: adapter.dump_python(value, mode="json")
        # pydantic has some numbers as text in JSON, Decimal for one.
        if info.data_type.array:
            return lambda value: [number(each) for each in adapter.dump_python(value, mode="json")]
        return lambda value: number(adapter.dump_python(value, mode="json"))
    return _plain(info.data_type)


def _plain(data_type: DataType) -> Plain:
    scalar = _scalar(data_type)
    if not data_type.array:
        return scalar
    if scalar is _text:
        return _texts
    return lambda values: [scalar(value) for value in values]


def _nested_values(value: Any) -> dict[str, Any]:  # a validated nested model, whatever its class
    if isinstance(value, BaseModel):
        return vars(value)
    raise InvalidValueError(f"a nested object is a pydantic model, got {type(value).__name__}")


def _object_plain(fields: Iterable[NestedField]) -> Plain:
    parts = [(each.field, each.name, _plain(each.data_type)) for each in fields]

    def plain(value: object) -> dict[str, object]:
        data = _nested_values(value)
        return {name: form(data[field]) for field, name, form in parts if data.get(field) is not None}

    return plain


def compile_writer(name: str, data_type: DataType, plain: Plain | None = None) -> Writer:
    """Give the function that puts a value into a message under this property name.

    Args:
        name: the property's name in the collection.
        data_type: what it holds.
        plain: gives the plain form instead of the table, for a type that pydantic converts.
    """
    if data_type.base == "object":
        return (_object_array_writer if data_type.array else _object_writer)(name, data_type.nested)
    form = _FORMS[data_type.base]
    if data_type.array:
        elements = plain or _plain(data_type)
        return _array_writer(name, form, elements)
    return _scalar_writer(name, form.member, plain or _scalar(data_type))


def _scalar_writer(name: str, member: Member, plain: Plain) -> Writer:
    # One closure a member: a set attribute is twice as fast as setattr, and this runs once a value.
    if member == "string_value":

        def write(fields: Fields, target: Target, value: Any) -> None:
            fields[name].string_value = plain(value)

        def write_text(fields: Fields, target: Target, value: str) -> None:
            fields[name].string_value = value

        return write_text if plain is _text else write
    if member == "number_value":

        def write_number(fields: Fields, target: Target, value: Any) -> None:
            fields[name].number_value = plain(value)

        return write_number
    if member == "bool_value":

        def write_truth(fields: Fields, target: Target, value: Any) -> None:
            fields[name].bool_value = plain(value)

        return write_truth

    def write_mapping(fields: Fields, target: Target, value: Any) -> None:
        fields[name].struct_value.update(plain(value))

    return write_mapping


def _array_writer(name: str, form: _Form, elements: Plain) -> Writer:
    if form.array == "number_array_properties":
        import struct

        def write_numbers(fields: Fields, target: Target, values: Any) -> None:
            plain = elements(values)
            if plain:
                packed = struct.pack(f"<{len(plain)}d", *plain)
                target.number_array_properties.add(prop_name=name, values_bytes=packed)
            else:
                target.empty_list_props.append(name)

        return write_numbers

    if form.array == "text_array_properties":

        def write_texts(fields: Fields, target: Target, values: Any) -> None:
            plain = elements(values)
            if plain:
                target.text_array_properties.add(prop_name=name, values=plain)
            else:
                target.empty_list_props.append(name)

        return write_texts

    array = form.array

    def write(fields: Fields, target: Target, values: Any) -> None:
        plain = elements(values)
        if plain:
            getattr(target, array).add(prop_name=name, values=plain)
        else:
            target.empty_list_props.append(name)

    return write


def _inner_writer(nested: Iterable[NestedField]) -> Callable[[pb.ObjectPropertiesValue, Any], None]:
    parts = [(each.field, compile_writer(each.name, each.data_type)) for each in nested]

    def write(target: pb.ObjectPropertiesValue, value: Any) -> None:
        data = _nested_values(value)
        fields = target.non_ref_properties.fields
        for field, write_part in parts:
            part = data.get(field)
            if part is not None:
                write_part(fields, target, part)

    return write


def _object_writer(name: str, nested: Iterable[NestedField]) -> Writer:
    inner = _inner_writer(nested)

    def write(fields: Fields, target: Target, value: Any) -> None:
        added = target.object_properties.add(prop_name=name)
        added.value.SetInParent()
        inner(added.value, value)

    return write


def _object_array_writer(name: str, nested: Iterable[NestedField]) -> Writer:
    inner = _inner_writer(nested)

    def write(fields: Fields, target: Target, values: Any) -> None:
        if not values:
            target.empty_list_props.append(name)
            return
        added = target.object_array_properties.add(prop_name=name)
        for value in values:
            inner(added.values.add(), value)

    return write


def plain_operand(value: object) -> object:
    """Give a filter's operand in its plain form: dates and ids as text."""
    if isinstance(value, datetime):
        return instant_text(value)
    return str(value) if isinstance(value, UUID) else value
