"""Property values on their way in: one table of readers, by data type.

A reader takes the ``Value`` of a property that its model declares with a known type, and fetches that member straight away. Only when the
member has its zero value does it look which member is set, to tell an empty text from a missing one, and a missing one from another type.
"""

from __future__ import annotations

import struct
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from weaviate_orm.errors import HydrationError
from weaviate_orm.model.datatypes import DataType, NestedField
from weaviate_orm.types import BlobHash, GeoCoordinate, PhoneNumber
from weaviate_orm.wire import _pb as pb

__all__ = ["Reader", "compile_reader"]

# What a reader gives is validated by the model afterwards, so its type is only known at run time. None: the property is missing.
Reader: TypeAlias = Callable[[pb.Value], Any]


def _mismatch(value: pb.Value, where: str, expected: str) -> HydrationError:
    kind = (value.WhichOneof("kind") or "nothing").removesuffix("_value")
    return HydrationError(
        f"{where} is declared as {expected}, but the collection holds {kind} there. "
        "Compare the model with the collection: session.schema.check(...)",
        field=where,
    )


def _empty(value: pb.Value, member: str, where: str, expected: str) -> bool:
    """Tell whether the member is set although it is zero; ``False`` when the property is missing.

    Raises:
        HydrationError: the value is of another type.
    """
    kind = value.WhichOneof("kind")
    if kind == member:
        return True
    if kind in (None, "null_value"):
        return False
    raise _mismatch(value, where, expected)


def _instant(text: str, where: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise _outside(text, where) from None


def _day(text: str, where: str) -> date:
    try:
        return _instant(text, where).astimezone(UTC).date()
    except OverflowError:  # an offset that leads out of the calendar
        raise _outside(text, where) from None


def _outside(text: str, where: str) -> HydrationError:
    return HydrationError(
        f"{where} holds the date {text!r}, which Python's datetime cannot represent (years 1 to 9999).", field=where
    )


def _read_text(where: str) -> Reader:
    def read(value: pb.Value) -> str | None:
        text = value.text_value
        return text or ("" if _empty(value, "text_value", where, "text") else None)

    return read


def _read_int(where: str) -> Reader:
    def read(value: pb.Value) -> int | None:
        number = value.int_value
        return number or (0 if _empty(value, "int_value", where, "int") else None)

    return read


def _read_number(where: str) -> Reader:
    def read(value: pb.Value) -> float | None:
        number = value.number_value
        return number or (number if _empty(value, "number_value", where, "number") else None)

    return read


def _read_boolean(where: str) -> Reader:
    def read(value: pb.Value) -> bool | None:
        return value.bool_value or (False if _empty(value, "bool_value", where, "boolean") else None)

    return read


def _read_date(where: str) -> Reader:
    parse = datetime.fromisoformat  # _instant() would be a call more

    def read(value: pb.Value) -> datetime | None:
        text = value.date_value
        if text:
            try:
                return parse(text)
            except ValueError:
                raise _outside(text, where) from None
        _empty(value, "date_value", where, "date")
        return None

    return read


def _read_day(where: str) -> Reader:
    def read(value: pb.Value) -> date | None:
        text = value.date_value
        if text:
            return _day(text, where)
        _empty(value, "date_value", where, "date")
        return None

    return read


def _read_uuid(where: str) -> Reader:
    def read(value: pb.Value) -> UUID | None:
        text = value.uuid_value
        if text:
            return UUID(text)
        _empty(value, "uuid_value", where, "uuid")
        return None

    return read


def _read_blob(where: str) -> Reader:
    def read(value: pb.Value) -> bytes | None:
        text = value.blob_value
        return b64decode(text) if text else (b"" if _empty(value, "blob_value", where, "blob") else None)

    return read


def _read_blob_hash(where: str) -> Reader:
    def read(value: pb.Value) -> BlobHash | None:
        digest = value.blob_value
        return BlobHash(digest=digest) if digest or _empty(value, "blob_value", where, "blobHash") else None

    return read


def _read_geo(where: str) -> Reader:
    def read(value: pb.Value) -> GeoCoordinate | None:
        if not value.HasField("geo_value"):
            _empty(value, "geo_value", where, "geoCoordinates")
            return None
        place = value.geo_value
        return GeoCoordinate(place.latitude, place.longitude)

    return read


def _read_phone(where: str) -> Reader:
    def read(value: pb.Value) -> PhoneNumber | None:
        if not value.HasField("phone_value"):
            _empty(value, "phone_value", where, "phoneNumber")
            return None
        phone = value.phone_value
        return PhoneNumber(
            input=phone.input,
            default_country=phone.default_country or None,
            country_code=phone.country_code,
            national=phone.national,
            national_formatted=phone.national_formatted,
            international_formatted=phone.international_formatted,
            valid=phone.valid,
        )

    return read


def _read_object(fields: tuple[NestedField, ...], where: str) -> Reader:
    inner = _compile_object(fields, where)

    def read(value: pb.Value) -> dict[str, Any] | None:
        if not value.HasField("object_value"):
            _empty(value, "object_value", where, "object")
            return None
        return inner(value.object_value)

    return read


def _compile_object(fields: tuple[NestedField, ...], where: str) -> Callable[[pb.Properties], dict[str, Any]]:
    # Missing keys are left out on the wire inside objects. As with whole rows, an optional one is None, whatever its default is;
    # of the others the nested model's own defaults apply.
    parts = [(each.key, each.name, compile_reader(each.data_type, f"{where}.{each.field}")) for each in fields]
    nothing = {each.key: None for each in fields if each.data_type.optional}

    def read(properties: pb.Properties) -> dict[str, Any]:
        held = properties.fields
        found = ((key, read_part(held[name])) for key, name, read_part in parts if name in held)
        return {**nothing, **{key: value for key, value in found if value is not None}}

    return read


def _integers(packed: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(packed) // 8}q", packed))


def _numbers(packed: bytes) -> list[float]:
    return list(struct.unpack(f"<{len(packed) // 8}d", packed))


def _list_of(data_type: DataType, where: str) -> Callable[[pb.ListValue], list[Any]]:
    """Give the function that fetches a list's elements."""
    base = data_type.base
    if base == "object":
        inner = _compile_object(data_type.nested, where)
        return lambda held: [inner(each) for each in held.object_values.values]
    if base == "date" and data_type.python is not object and not issubclass(data_type.python, datetime):
        return lambda held: [_day(each, where) for each in held.date_values.values]
    readers: dict[str, Callable[[pb.ListValue], list[Any]]] = {
        "text": lambda held: list(held.text_values.values),
        "int": lambda held: _integers(held.int_values.values),
        "number": lambda held: _numbers(held.number_values.values),
        "boolean": lambda held: list(held.bool_values.values),
        "date": lambda held: [_instant(each, where) for each in held.date_values.values],
        "uuid": lambda held: [UUID(each) for each in held.uuid_values.values],
    }
    return readers[base]


_LIST_MEMBERS = {
    "text": "text_values",
    "int": "int_values",
    "number": "number_values",
    "boolean": "bool_values",
    "date": "date_values",
    "uuid": "uuid_values",
    "object": "object_values",
}


def _read_list(data_type: DataType, where: str) -> Reader:
    elements = _list_of(data_type, where)
    member = _LIST_MEMBERS[data_type.base]

    def read(value: pb.Value) -> list[Any] | None:
        held = value.list_value
        found = elements(held)
        if found:
            return found
        if not _empty(value, "list_value", where, data_type.name):
            return None
        kind = held.WhichOneof("kind")
        if kind not in (None, member):
            raise HydrationError(
                f"{where} is declared as {data_type.name}, but the collection holds a list of another type ({kind}). "
                "Compare the model with the collection: session.schema.check(...)",
                field=where,
            )
        return []

    return read


_SCALARS: dict[str, Callable[[str], Reader]] = {
    "text": _read_text,
    "int": _read_int,
    "number": _read_number,
    "boolean": _read_boolean,
    "date": _read_date,
    "uuid": _read_uuid,
    "blob": _read_blob,
    "blobHash": _read_blob_hash,
    "geoCoordinates": _read_geo,
    "phoneNumber": _read_phone,
}


def compile_reader(data_type: DataType, where: str) -> Reader:
    """Give the reader for a data type. ``where`` is for messages: ``Article.tags``."""
    if data_type.array:
        return _read_list(data_type, where)
    if data_type.base == "object":
        return _read_object(data_type.nested, where)
    if data_type.base == "date" and data_type.python is not object and not issubclass(data_type.python, datetime):
        return _read_day(where)
    return _SCALARS[data_type.base](where)
