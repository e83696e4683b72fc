"""Property values on their way out: one function for each data type that puts a canonical value into a ``Value`` message.

An empty list still says what it would hold, so that a reader can tell it from a list of another type.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from weaviate_orm.local.objects import Value
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import PropertySchema
from weaviate_orm.local.search.selection import Chosen, Kind
from weaviate_orm.wire import _pb as pb

__all__ = ["Fill", "compile_fill"]

Fill: TypeAlias = Callable[[pb.Value, Value], None]

_NULL: Final = pb.StructNullValue.NULL_VALUE

_FillObject: TypeAlias = Callable[[pb.Properties, Mapping[str, Value]], None]


def _text(target: pb.Value, value: str) -> None:
    target.text_value = value


def _integer(target: pb.Value, value: float) -> None:
    target.int_value = int(value)


def _number(target: pb.Value, value: float) -> None:
    target.number_value = value


def _boolean(target: pb.Value, value: bool) -> None:
    target.bool_value = value


def _date(target: pb.Value, value: str) -> None:
    target.date_value = value


def _uuid(target: pb.Value, value: str) -> None:
    target.uuid_value = value


def _blob(target: pb.Value, value: str) -> None:
    target.blob_value = value


def _place(target: pb.Value, value: Mapping[str, float]) -> None:
    target.geo_value.SetInParent()
    target.geo_value.latitude = value["latitude"]
    target.geo_value.longitude = value["longitude"]


def _phone(target: pb.Value, value: Mapping[str, Value]) -> None:
    phone = target.phone_value
    phone.SetInParent()
    phone.input = value.get("input", "")
    phone.default_country = value.get("defaultCountry", "")
    phone.country_code = value.get("countryCode", 0)
    phone.national = value.get("national", 0)
    phone.national_formatted = value.get("nationalFormatted", "")
    phone.international_formatted = value.get("internationalFormatted", "")
    phone.valid = value.get("valid", False)


def _texts(target: pb.Value, value: Sequence[str]) -> None:
    held = target.list_value.text_values
    held.SetInParent()
    held.values.extend(value)


def _integers(target: pb.Value, value: Sequence[float]) -> None:
    held = target.list_value.int_values
    held.SetInParent()
    held.values = struct.pack(f"<{len(value)}q", *map(int, value))


def _numbers(target: pb.Value, value: Sequence[float]) -> None:
    held = target.list_value.number_values
    held.SetInParent()
    held.values = struct.pack(f"<{len(value)}d", *value)


def _booleans(target: pb.Value, value: Sequence[bool]) -> None:
    held = target.list_value.bool_values
    held.SetInParent()
    held.values.extend(value)


def _dates(target: pb.Value, value: Sequence[str]) -> None:
    held = target.list_value.date_values
    held.SetInParent()
    held.values.extend(value)


def _uuids(target: pb.Value, value: Sequence[str]) -> None:
    held = target.list_value.uuid_values
    held.SetInParent()
    held.values.extend(value)


_FILLS: Final[Mapping[str, Fill]] = {
    "text": _text,
    "string": _text,
    "int": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "uuid": _uuid,
    "blob": _blob,
    "blobHash": _blob,
    "geoCoordinates": _place,
    "phoneNumber": _phone,
    "text[]": _texts,
    "string[]": _texts,
    "int[]": _integers,
    "number[]": _numbers,
    "boolean[]": _booleans,
    "date[]": _dates,
    "uuid[]": _uuids,
}

# The server's own names of what it cannot return in the way that was asked for.
_HELD_AS: Final[Mapping[str, str]] = {
    "int": "float64",
    "number": "float64",
    "boolean": "bool",
    "int[]": "[]float64",
    "number[]": "[]float64",
    "boolean[]": "[]bool",
    "text[]": "[]string",
    "date[]": "[]string",
    "uuid[]": "[]string",
    "geoCoordinates": "*models.GeoCoordinates",
    "phoneNumber": "*models.PhoneNumber",
    "reference": "models.MultipleRef",
    "object": "map[string]interface {}",
    "object[]": "[]interface {}",
}


def compile_fill(of: PropertySchema, chosen: Chosen) -> Fill:
    """Give the function for a property, returned as chosen.

    Raises (the function):
        Refused: it cannot be returned so: a reference as a value, a text as an object.
    """
    if chosen.kind is Kind.OBJECT:
        return _compile_object(of, chosen, "creating object value: ")
    fill = _FILLS.get(of.data_type)
    return fill or _refusing(of, f"creating primitive value for {of.name}: ")


def _refusing(of: PropertySchema, prefix: str) -> Fill:
    def refuse(target: pb.Value, value: Value) -> None:
        held = "[]interface {}" if of.is_array and not value else _HELD_AS.get(of.data_type, "string")
        raise Refused(f"{prefix}proto: invalid type: {held}")

    return refuse


def _compile_object(of: PropertySchema, chosen: Chosen, prefix: str) -> Fill:
    if of.data_type == "object":
        inner = _compile_parts(of, chosen, f"{prefix}creating nested object: ")

        def fill(target: pb.Value, value: Mapping[str, Value]) -> None:
            target.object_value.SetInParent()
            inner(target.object_value, value)

        return fill
    if of.data_type == "object[]":
        each = _compile_parts(of, chosen, f"{prefix}creating nested object array: ")

        def fill_all(target: pb.Value, value: Sequence[Mapping[str, Value]]) -> None:
            held = target.list_value.object_values
            held.SetInParent()
            for one in value:
                each(held.values.add(), one)

        return fill_all
    return _refusing(of, prefix)


def _compile_parts(of: PropertySchema, chosen: Chosen, prefix: str) -> _FillObject:
    if chosen.kind is not Kind.OBJECT:

        def refuse(target: pb.Properties, value: Mapping[str, Value]) -> None:
            raise Refused(f"{prefix}select property is not an object")

        return refuse
    # A part that the schema does not know is never held, so that the server does not notice either.
    parts = tuple(
        (each.name, _compile_part(of.nested[each.name], each, prefix))
        for each in chosen.parts
        if each.name in of.nested
    )

    def fill(target: pb.Properties, value: Mapping[str, Value]) -> None:
        fields = target.fields
        for name, put in parts:
            if name in value:
                held = value[name]
                if held is None:
                    fields[name].null_value = _NULL
                else:
                    put(fields[name], held)

    return fill


def _compile_part(of: PropertySchema, chosen: Chosen, prefix: str) -> Fill:
    if of.data_type in ("object", "object[]"):
        return _compile_object(of, chosen, f"{prefix}creating nested object value {of.name}: ")
    return _FILLS.get(of.data_type) or _refusing(of, f"{prefix}creating nested primitive value {of.name}: ")
