"""Objects of a batch message -> values: the fast way for what fits the schema at once, the plain way for all else.

Bulk loads spend their time here. So each property has a decoder of its own that asks a message for the member that its data type wants,
and only looks at what else there could be when that one is empty. What is out of the ordinary (unknown properties, lists inside of a
Struct, objects with unknown keys) is left to :func:`plain_object`, auto-schema and the checks of ``values.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import numpy as np

from weaviate_orm.local.go_text import Origin, number_text
from weaviate_orm.local.objects import Value, Vector
from weaviate_orm.local.plain import is_list, is_mapping
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.names import uncapitalized
from weaviate_orm.local.schema.parsed import CollectionSchema, PropertySchema
from weaviate_orm.local.writing.values import Check, compile_check
from weaviate_orm.wire import _pb as pb

__all__ = ["Decoder", "fits_schema", "plain_object", "plain_value", "vectors_of"]

_EXACT = 2**53
_NAMES: Final = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
_Plain: TypeAlias = Any  # what JSON can hold


class _OutOfTheOrdinary(Exception):  # noqa: N818 - a way out, no error
    """The object is for the plain way."""


_Decode: TypeAlias = Callable[[pb.StructValue], Value | None]


# The plain way


def plain_value(value: pb.StructValue) -> _Plain:
    """Give a Struct's value as plain Python; numbers are ``float``, but for those that JSON has not: they are text, as for the server."""
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "number_value":
            number = value.number_value
            return number if math.isfinite(number) else _NAMES[str(number)]
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return {name: plain_value(each) for name, each in value.struct_value.fields.items()}
        case "list_value":
            return [plain_value(each) for each in value.list_value.values]
        case _:
            return None


def plain_object(message: pb.BatchObject.Properties | pb.ObjectPropertiesValue) -> dict[str, _Plain]:
    """Give all values of an object as plain Python, references left out."""
    found: dict[str, _Plain] = {name: plain_value(each) for name, each in message.non_ref_properties.fields.items()}
    for truths in message.boolean_array_properties:
        found[truths.prop_name] = list(truths.values)
    for numbers in message.number_array_properties:
        found[numbers.prop_name] = _numbers(numbers)
    for texts in message.text_array_properties:
        found[texts.prop_name] = list(texts.values)
    for integers in message.int_array_properties:
        found[integers.prop_name] = list(integers.values)
    for inner in message.object_properties:
        found[inner.prop_name] = plain_object(inner.value)
    for several in message.object_array_properties:
        found[several.prop_name] = [plain_object(each) for each in several.values]
    for name in message.empty_list_props:
        found[name] = []
    return found


def _numbers(message: pb.NumberArrayProperties) -> list[float]:
    packed = message.values_bytes
    values = np.frombuffer(packed[: len(packed) // 8 * 8], "<f8") if packed else np.array(message.values, np.float64)
    found: list[float] = values.tolist()
    if not np.isfinite(values).all():
        wrong = next(each for each in found if not math.isfinite(each))
        raise Refused(f"marshal object to binary: json: unsupported value: {number_text(wrong)}")
    return found


def fits_schema(schema: CollectionSchema, plain: Mapping[str, _Plain]) -> bool:
    """Tell whether auto-schema would find nothing to add and nothing to complain about."""
    for name, value in plain.items():
        found = schema.properties.get(uncapitalized(name))
        if found is None or not _fits(found, value):
            return False
    return True


def _fits(of: PropertySchema, value: _Plain) -> bool:
    if is_mapping(value):
        given = value
        if of.element == "object":
            return all(name in of.nested and _fits(of.nested[name], each) for name, each in given.items())
        return not any(isinstance(each, list | Mapping) for each in given.values())
    if is_list(value):
        elements = value
        kinds: set[type] = {type(each) for each in elements}
        if kinds == {dict} and of.element == "object":
            return all(_fits(of, each) for each in elements)
        return len(kinds) <= 1 and not kinds & {dict, list, type(None)}
    return True


# The fast way


class Decoder:
    """Takes the values out of the objects of one collection."""

    def __init__(self, schema: CollectionSchema) -> None:
        self.schema = schema
        self._scalars: dict[str, tuple[str, _Decode]] = {}
        self._checks: dict[str, Check] = {}
        for name, of in schema.properties.items():
            if of.is_reference:
                continue
            check = self._checks[name] = compile_check(of, schema.name, Origin.GRPC)
            decode = _scalar_decoder(of, check)
            self._scalars[name] = (name, decode)
            self._scalars[name[:1].upper() + name[1:]] = (name, decode)

    def decode(self, message: pb.BatchObject.Properties) -> dict[str, Value] | None:
        """Give the values of an object; ``None`` when it is not that simple and has to go the plain way.

        Raises:
            Refused: a value does not fit its data type.
        """
        found: dict[str, Value] = {}
        scalars = self._scalars
        try:
            fields = message.non_ref_properties.fields
            for name in fields:  # not items(), which looks up each value through several calls
                known = scalars.get(name)
                if known is None:
                    return None
                decoded = known[1](fields[name])
                if decoded is not None:
                    found[known[0]] = decoded
            if message.text_array_properties:
                for texts in message.text_array_properties:
                    self._array(found, texts.prop_name, list(texts.values), "text[]")
            if message.number_array_properties:
                for numbers in message.number_array_properties:
                    self._array(found, numbers.prop_name, _numbers(numbers), "number[]")
            if message.int_array_properties:
                for integers in message.int_array_properties:
                    self._integers(found, integers.prop_name, list(integers.values))
            if message.boolean_array_properties:
                for truths in message.boolean_array_properties:
                    self._array(found, truths.prop_name, list(truths.values), "boolean[]")
            for inner in message.object_properties:
                self._object(found, inner.prop_name, plain_object(inner.value))
            for several in message.object_array_properties:
                self._object(found, several.prop_name, [plain_object(each) for each in several.values])
            for name in message.empty_list_props:
                self._array(found, name, [], "")
        except _OutOfTheOrdinary:
            return None
        return found

    def _array(self, found: dict[str, Value], name: str, values: list[_Plain], data_type: str) -> None:
        name = uncapitalized(name)
        of = self._property(name)
        found[name] = values if of.data_type == data_type else self._checks[name](values)

    def _integers(self, found: dict[str, Value], name: str, values: list[int]) -> None:
        exact = not values or (max(values) <= _EXACT and min(values) >= -_EXACT)
        self._array(found, name, values, "int[]" if exact else "")

    def _object(self, found: dict[str, Value], name: str, plain: _Plain) -> None:
        name = uncapitalized(name)
        if not _fits(self._property(name), plain):
            raise _OutOfTheOrdinary
        found[name] = self._checks[name](plain)

    def _property(self, name: str) -> PropertySchema:
        if name not in self._checks:
            raise _OutOfTheOrdinary
        return self.schema.properties[name]


def _scalar_decoder(of: PropertySchema, check: Check) -> _Decode:
    """Give the decoder of a property's value in a Struct."""

    def other(value: pb.StructValue) -> Value | None:
        plain = plain_value(value)
        if plain is None:
            return None
        if not _fits(of, plain):
            raise _OutOfTheOrdinary
        return check(plain)

    def text(value: pb.StructValue) -> Value | None:
        # A string that is there and not empty is a true value; the empty one, another kind or null take longer.
        return value.string_value or other(value)

    def number(value: pb.StructValue) -> Value | None:
        given = value.number_value
        return given if given and math.isfinite(given) else other(value)

    def integer(value: pb.StructValue) -> Value | None:
        given = value.number_value
        return int(given) if given and given.is_integer() and -_LARGEST < given < _LARGEST else other(value)

    def boolean(value: pb.StructValue) -> Value | None:
        return value.bool_value or other(value)

    def checked_text(value: pb.StructValue) -> Value | None:
        given = value.string_value
        return check(given) if given else other(value)

    match of.data_type:
        case "text" | "string":
            return text
        case "number":
            return number
        case "int":
            return integer
        case "boolean":
            return boolean
        case "date" | "uuid" | "blob" | "blobHash":
            return checked_text
        case _:
            return other


_LARGEST: Final = 2.0**63


# Vectors


def vectors_of(message: pb.BatchObject) -> tuple[Vector | None, dict[str, Vector]]:
    """Give the bare vector and the named ones of an object, copied out of the message.

    Raises:
        Refused: a multi-vector says that its rows are empty.
    """
    bare: Vector | None = None
    if message.vector_bytes:
        bare = _floats(message.vector_bytes)
    elif message.vector:
        bare = np.array(message.vector, np.float32)
    named: dict[str, Vector] = {}
    for vector in message.vectors:
        if vector.type == pb.Vectors.VECTOR_TYPE_MULTI_FP32:
            named[vector.name] = _matrix(vector.vector_bytes)
        else:
            named[vector.name] = _floats(vector.vector_bytes)
    return bare, named


def _floats(packed: bytes) -> Vector:
    return np.frombuffer(packed[: len(packed) // 4 * 4], "<f4").astype(np.float32)


def _matrix(packed: bytes) -> Vector:
    if not packed:
        return np.zeros((0, 0), np.float32)
    dimensions = int.from_bytes(packed[:2], "little")
    if dimensions == 0:
        raise Refused("dimension cannot be 0")
    rows = (len(packed) - 2) // (4 * dimensions)  # what is left over is left out
    body = np.frombuffer(packed[2 : 2 + 4 * rows * dimensions], "<f4")
    return body.astype(np.float32).reshape(rows, dimensions)
