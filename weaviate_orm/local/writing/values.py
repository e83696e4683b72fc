"""Values on their way in: one check for each data type, which gives the canonical value (``objects.py``) or the server's refusal.

A check is compiled for each property of a collection. Values come as plain Python: what JSON decodes to, or what ``decoding.py`` takes
out of a message. Back out to JSON there is one function, :func:`rest_value`.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final, TypeAlias

from weaviate_orm.local.go_text import (
    Origin,
    float32_number,
    go_type,
    number_text,
    plain_text,
    quoted_text,
    rest_number,
)
from weaviate_orm.local.objects import Value
from weaviate_orm.local.plain import is_float32, is_float64, is_list, is_mapping
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema, PropertySchema
from weaviate_orm.local.writing.phones import normalized_phone

__all__ = [
    "Check",
    "compile_check",
    "normalized_date",
    "normalized_uuid",
    "property_check",
    "rest_value",
    "uuid_bytes",
    "uuid_text",
]

_Given: TypeAlias = Any  # what a client sent
Check: TypeAlias = Callable[[_Given], Value]
"""Gives the canonical value, or raises Refused with the server's words."""

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


# Ids


def uuid_bytes(text: str) -> bytes:
    """Give the 16 bytes of a uuid in any form that the server takes: with and without dashes, in braces, as urn.

    Raises:
        ValueError: the text is none; the message is the server's.
    """
    match len(text):
        case 36:
            plain = text
        case 38:
            plain = text[1:-1]  # whatever the first and last character are
        case 32:
            return _hexadecimal(text)
        case 45:
            if text[:9].lower() != "urn:uuid:":
                raise ValueError(f'invalid urn prefix: "{text[:9]}"')
            plain = text[9:]
        case _:
            raise ValueError(f"invalid UUID length: {len(text.encode())}")
    if not plain[8] == plain[13] == plain[18] == plain[23] == "-":
        raise ValueError("invalid UUID format")
    digits = plain.replace("-", "")
    return _hexadecimal(digits if len(digits) == 32 else "")


def _hexadecimal(digits: str) -> bytes:
    try:
        found = bytes.fromhex(digits)
    except ValueError:
        found = b""
    if len(found) != 16:  # fromhex passes over blanks
        raise ValueError("invalid UUID format")
    return found


def uuid_text(id: bytes) -> str:
    """Give a uuid in its canonical form."""
    digits = id.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def normalized_uuid(text: str) -> str:
    """Give a uuid in its canonical form.

    Raises:
        ValueError: the text is none.
    """
    return uuid_text(uuid_bytes(text))


# Dates

_DATE: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII
)


def normalized_date(text: str) -> str:
    """Give an RFC 3339 date as the server returns it: at most nine digits after the second, no zeros at their end, UTC as ``Z``.

    Raises:
        ValueError: the text is no such date.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute, second, fraction, sign, hours, minutes = match.groups()
    if not 1 <= int(month) <= 12:
        raise ValueError(text)
    days = monthrange(int(year) or 400, int(month))[1]  # Go has a year 0; the calendar repeats every 400 years
    if not (1 <= int(day) <= days and int(hour) < 24 and int(minute) < 60 and int(second) < 60):
        raise ValueError(text)
    if sign and not (int(hours) < 24 and int(minutes) < 60):
        raise ValueError(text)
    digits = (fraction or "")[:9].rstrip("0")
    zone = f"{sign}{hours}:{minutes}" if sign and (hours, minutes) != ("00", "00") else "Z"
    return f"{year}-{month}-{day}T{hour:0>2}:{minute}:{second}{'.' if digits else ''}{digits}{zone}"


# Scalars: each takes the value and where it came from.


def _text(value: _Given, origin: Origin) -> Value:
    if isinstance(value, str):
        return value
    raise Refused(f"not a string, but {go_type(value, origin)}")


def _integer(value: _Given, origin: Origin) -> Value:
    if isinstance(value, int) and not isinstance(value, bool):
        if _SMALLEST <= value <= _LARGEST:
            return int(float(value))  # the server keeps float64
        raise Refused(f"the JSON number '{value}' could not be converted to an int")
    if isinstance(value, float):
        if origin is Origin.REST:
            raise Refused(f"the JSON number '{value!r}' could not be converted to an int")
        if value.is_integer() and _SMALLEST <= value <= _LARGEST:
            return int(value)
    raise Refused(f"requires an integer, the given value is '{plain_text(value, origin)}'")


def _number(value: _Given, origin: Origin) -> Value:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if origin is Origin.REST and not is_float64(value):
            raise Refused(f"the JSON number '{value}' could not be converted to a float")
        return float(value)
    raise Refused(f"requires a float, the given value is '{plain_text(value, origin)}'")


def _boolean(value: _Given, origin: Origin) -> Value:
    if isinstance(value, bool):
        return value
    raise Refused(f"not a bool, but {go_type(value, origin)}")


def _date(value: _Given, origin: Origin) -> Value:
    if isinstance(value, str):
        try:
            return normalized_date(value)
        except ValueError:
            pass
    shown = plain_text(value, origin)
    raise Refused(f"requires a string with a RFC3339 formatted date, but the given value is '{shown}'")


def _uuid(value: _Given, origin: Origin) -> Value:
    if isinstance(value, str):
        try:
            return normalized_uuid(value)
        except ValueError:
            pass
    raise Refused(f"requires a string of UUID format, but the given value is '{plain_text(value, origin)}'")


_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})", re.ASCII)


def _blob(value: _Given, origin: Origin) -> Value:
    if not isinstance(value, str):
        raise Refused(f"not a blob base64 string, but {go_type(value, origin)}")
    if _BASE64.fullmatch(value) is None:
        raise Refused("not a valid blob base64 string")
    return value


def _blob_hash(value: _Given, origin: Origin) -> Value:
    return sha256(_blob(value, origin).encode()).hexdigest()


def _place(value: _Given, origin: Origin) -> Value:
    if not is_mapping(value):
        raise Refused(f"geoCoordinates must be a map, but got: {go_type(value, origin)}")
    given: Mapping[str, _Given] = value
    for name in ("longitude", "latitude"):
        if name not in given:
            raise Refused(f"geoCoordinates is missing required field '{name}'")
    longitude = _degrees("longitude", given["longitude"], origin)
    return {"latitude": _degrees("latitude", given["latitude"], origin), "longitude": longitude}


def _degrees(name: str, value: _Given, origin: Origin) -> float:
    if is_float32(value):
        return float32_number(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        shown = number_text(math.inf if value > 0 else -math.inf if value < 0 else math.nan)
        raise Refused(f"marshal object to binary: json: unsupported value: {shown}", http=500)
    raise Refused(f"invalid {name}: must be json.Number or float, but got {go_type(value, origin)}")


def _phone(value: _Given, origin: Origin) -> Value:
    if not is_mapping(value):
        raise Refused(f"phoneNumber must be a map, but got: {go_type(value, origin)}")
    given: Mapping[str, _Given] = value
    if "input" not in given:
        raise Refused("phoneNumber is missing required field 'input'")
    for name in ("input", "defaultCountry"):
        if not isinstance(given.get(name, ""), str):
            raise Refused(f"phoneNumber.{name} must be a string")
    return normalized_phone(given["input"], given.get("defaultCountry", ""))


_Scalar: TypeAlias = Callable[[_Given, Origin], Value]

# Per data type: the check, and the server's word for it. Arrays have words of their own, and number[] calls itself integer in part.
_SCALARS: Final[Mapping[str, tuple[_Scalar, str]]] = {
    "text": (_text, "text"),
    "string": (_text, "string"),
    "int": (_integer, "integer"),
    "number": (_number, "number"),
    "boolean": (_boolean, "boolean"),
    "date": (_date, "date"),
    "uuid": (_uuid, "uuid"),
    "geoCoordinates": (_place, "geoCoordinates"),
    "phoneNumber": (_phone, "phoneNumber"),
    "blob": (_blob, "blob"),
    "blobHash": (_blob_hash, "blobHash"),
}
_ARRAYS: Final[Mapping[str, tuple[str, str, str]]] = {  # the property's, the list's and the element's word
    "text[]": ("text", "a text", "text"),
    "string[]": ("string", "a string", "string"),
    "int[]": ("integer", "an integer", "integer"),
    "number[]": ("number", "an integer", "integer"),
    "boolean[]": ("boolean", "a boolean", "boolean"),
    "date[]": ("date", "a date", "date"),
    "uuid[]": ("uuid", "a uuid", "uuid"),
}


# Properties


def property_check(schema: CollectionSchema, name: str, origin: Origin) -> Check:
    """Give the check of a property that is no reference.

    Raises:
        Refused: the collection has no such property.
    """
    found = schema.properties.get(name)
    if found is None:
        raise Refused(
            f"no such prop with name '{name}' found in class '{schema.name}' in the schema. Check your schema files for which "
            "properties in this class are available"
        )
    return compile_check(found, schema.name, origin)


def compile_check(of: PropertySchema, collection: str, origin: Origin, path: str | None = None) -> Check:
    """Give the check of a property; ``path`` is its name with those of the objects around it."""
    where = f"property '{path or of.name}' on class '{collection}'"
    if of.element == "object":
        return _object_check(of, collection, origin, path or of.name, where)
    if of.is_array:
        return _array_check(of, origin, where)
    scalar, word = _SCALARS[of.data_type]

    def check(value: _Given) -> Value:
        try:
            return scalar(value, origin)
        except Refused as refusal:
            raise refusal.prefixed(f"invalid {word} {where}: ") from None

    return check


def _array_check(of: PropertySchema, origin: Origin, where: str) -> Check:
    scalar, _ = _SCALARS[of.element]
    word, list_word, element_word = _ARRAYS[of.data_type]

    def check(value: _Given) -> Value:
        if not is_list(value):
            text = f"invalid {word} array {where}: not {list_word} array, but {go_type(value, origin)}"
            raise Refused(text)
        elements: list[_Given] = value
        try:
            return [scalar(element, origin) for element in elements]
        except Refused:
            shown = quoted_text(elements, origin)
            raise Refused(f"invalid {word} array {where}: invalid {element_word} array value: {shown}") from None

    return check


def _object_check(of: PropertySchema, collection: str, origin: Origin, path: str, where: str) -> Check:
    checks = {name: compile_check(nested, collection, origin, f"{path}.{name}") for name, nested in of.nested.items()}

    def one(value: _Given) -> dict[str, Value]:
        if not is_mapping(value):
            raise Refused(f"object must be a map, but got: {go_type(value, origin)}")
        given: Mapping[str, _Given] = value
        found: dict[str, Value] = {}
        for name, each in given.items():
            nested = checks.get(name)
            if nested is None:
                raise Refused(f"unknown property '{path}.{name}'")
            try:
                found[name] = None if each is None else nested(each)  # the server keeps null inside of objects
            except Refused as refusal:
                raise refusal.prefixed(f"property '{path}.{name}': ") from None
        return found

    def many(value: _Given) -> list[dict[str, Value]]:
        if not is_list(value):
            raise Refused(f"not an object array, but {go_type(value, origin)}")
        elements: list[_Given] = value
        found: list[dict[str, Value]] = []
        for index, element in enumerate(elements):
            try:
                found.append(one(element))
            except Refused as refusal:
                raise refusal.prefixed(f"invalid object '{index}' in array: ") from None
        return found

    inner = many if of.is_array else one

    def check(value: _Given) -> Value:
        try:
            return inner(value)
        except Refused as refusal:
            raise refusal.prefixed(f"invalid {of.data_type} {where}: ") from None

    return check


# The way out


def rest_value(of: PropertySchema, value: Value) -> Any:  # JSON has no narrower type
    """Give a canonical value, no reference, as REST has it in JSON."""
    match of.element:
        case "number":
            return [rest_number(each) for each in value] if of.is_array else rest_number(value)
        case "geoCoordinates":
            return {name: rest_number(float32_number(degrees)) for name, degrees in value.items()}
        case "object":
            return [_rest_object(of, each) for each in value] if of.is_array else _rest_object(of, value)
        case _:
            return value


def _rest_object(of: PropertySchema, value: Mapping[str, Value]) -> dict[str, Any]:
    return {
        name: each if each is None or name not in of.nested else rest_value(of.nested[name], each)
        for name, each in value.items()
    }
