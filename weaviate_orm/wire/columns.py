"""Property values on their way into Arrow arrays: a whole column at a time, straight from the messages.

Neither a model's instance nor a Python list is made of an array of numbers: their bytes are joined and handed over. The rules for what is
missing are those of ``reading.py``: an optional property is null, another one has the model's default. Imported when the first table is
asked for, because pyarrow is optional.
"""

from __future__ import annotations

import struct
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from importlib import import_module
from itertools import chain, count
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from pydantic import BaseModel

from weaviate_orm.errors import HydrationError
from weaviate_orm.model.datatypes import DataType, NestedField
from weaviate_orm.model.info import PropertyInfo
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.reading import _LIST_MEMBERS, _empty, _instant
from weaviate_orm.wire.writing import compile_plain, instant_text

if TYPE_CHECKING:
    from google.protobuf.internal.containers import MessageMap

__all__ = ["INSTANT", "Array", "Column", "Type", "compile_column", "counted", "lists_of", "pa", "spread"]

Fields: TypeAlias = "MessageMap[str, pb.Value]"

# Untyped on purpose: pyarrow ships no types, and the stubs of others are versions behind and generic over what is known at run time only.
pa: Any = import_module("pyarrow")
Array: TypeAlias = Any
Type: TypeAlias = Any

INSTANT = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True, slots=True)
class Column:
    """A property, or a field of a nested object, that becomes a column.

    Attributes:
        field: the column's name.
        name: the property's name in the collection.
        data_type: what it holds.
        where: for messages: ``Article.tags``.
        default: gives the model's own value where a stored object has none and ``None`` is not allowed; ``None`` if that is it.
        inner: the fields of a nested object.
    """

    field: str
    name: str
    data_type: DataType
    where: str
    default: Callable[[], Any]  # of the field's type
    inner: tuple[Column, ...]

    def read(self, rows: Sequence[Fields]) -> Array:
        """Give the array, one value a row.

        Raises:
            HydrationError: a value is missing or of another type than declared.
        """
        cells = [fields[self.name] for fields in rows]
        if self.data_type.array:
            return self._lists(cells)
        return _SCALARS[self.data_type.base](self, cells)

    def filled(self) -> pb.Value | None:
        """Give what stands for a missing value: the model's default as a message, or ``None`` for null."""
        if self.data_type.optional:
            return None
        default = self.default()
        if default is None:
            return None
        value = pb.Value()
        _put(value, self, default)
        return value

    def present(self, cells: list[pb.Value], member: str, doubtful: Iterable[int]) -> list[int | None]:
        """Give the position of each value among those that are there; defaults are put into ``cells`` on the way.

        Args:
            cells: one message a row.
            member: the member that holds the data type.
            doubtful: the rows whose value may be missing.
        """
        missing: set[int] = set()
        for row in doubtful:
            if not _empty(cells[row], member, self.where, self.data_type.name):
                filled = self.filled()
                if filled is None:
                    missing.add(row)
                else:
                    cells[row] = filled
        return counted(row not in missing for row in range(len(cells)))

    def _lists(self, cells: list[pb.Value]) -> Array:
        member = _LIST_MEMBERS[self.data_type.base]
        held = attrgetter(f"list_value.{member}.values")
        positions = self.present(cells, "list_value", [row for row, cell in enumerate(cells) if not held(cell)])
        there = [cell for cell, position in zip(cells, positions, strict=True) if position is not None]
        for cell in there:
            kind = cell.list_value.WhichOneof("kind")
            if kind not in (None, member):
                raise HydrationError(
                    f"{self.where} is declared as {self.data_type.name}, but the collection holds a list of another type ({kind}). "
                    "Compare the model with the collection: session.schema.check(...)",
                    field=self.where,
                )
        parts = [held(cell) for cell in there]
        packed = _PACKED.get(self.data_type.base)
        if packed is not None:
            elements: Array = pa.array(np.frombuffer(b"".join(parts), dtype=packed))
            lengths = [len(part) // 8 for part in parts]
        else:
            flat = list(chain.from_iterable(parts))
            elements = self._objects(flat) if self.data_type.base == "object" else _convert(self, flat)
            lengths = [len(part) for part in parts]
        return spread(lists_of(elements, lengths), positions)

    def _objects(self, objects: Sequence[pb.Properties]) -> Array:
        rows = [each.fields for each in objects]
        if not self.inner:  # prop(data_type="object") says nothing of what is inside
            return pa.array([{} for _ in rows], type=pa.struct([]))
        return pa.StructArray.from_arrays(
            [each.read(rows) for each in self.inner], names=[each.field for each in self.inner]
        )


def lists_of(elements: Array, lengths: Sequence[int]) -> Array:
    """Give the lists that consecutive elements make, by their lengths."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return pa.ListArray.from_arrays(pa.array(offsets), elements)


def counted(there: Iterable[bool]) -> list[int | None]:
    """Give the position of each that is there among those that are, and ``None`` for the others."""
    positions = count()
    return [next(positions) if each else None for each in there]


def spread(array: Array, positions: Sequence[int | None]) -> Array:
    """Give an array with the elements at these positions, and null where there is none."""
    if len(positions) == len(array) and None not in positions:
        return array
    return array.take(pa.array(positions, type=pa.int64()))


# --- one reader a kind of scalar ---------------------------------------------------------------------------------------

_MEMBERS = {
    "text": "text_value",
    "int": "int_value",
    "number": "number_value",
    "boolean": "bool_value",
    "date": "date_value",
    "uuid": "uuid_value",
    "blob": "blob_value",
    "blobHash": "blob_value",
}
_TYPES: dict[str, Type] = {
    "text": pa.string(),
    "int": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "uuid": pa.string(),
    "blobHash": pa.string(),
}
_PACKED = {"int": "<i8", "number": "<f8"}


def _plain_column(column: Column, cells: list[pb.Value]) -> Array:
    member = _MEMBERS[column.data_type.base]
    held = attrgetter(member)
    values = list(map(held, cells))
    doubtful = [row for row, value in enumerate(values) if not value]
    for row in doubtful:
        if not _empty(cells[row], member, column.where, column.data_type.name):
            filled = column.filled()
            values[row] = None if filled is None else held(filled)
    return _convert(column, values)


def _convert(column: Column, values: list[Any]) -> Array:  # what the member holds, or None
    base = column.data_type.base
    if base == "date":
        return _dates(column, values)
    if base == "blob":
        return pa.array([None if each is None else b64decode(each) for each in values], type=pa.binary())
    return pa.array(values, type=_TYPES[base])


def _dates(column: Column, texts: list[str | None]) -> Array:
    instants: Array
    try:
        instants = pa.array(texts, type=pa.string()).cast(INSTANT)
    except pa.ArrowInvalid:  # more than six digits of a second, which datetime cuts off
        instants = pa.array([None if each is None else _instant(each, column.where) for each in texts], type=INSTANT)
    python = column.data_type.python
    return instants if python is object or issubclass(python, datetime) else instants.cast(pa.date32())


def _struct_column(
    member: str, make: Callable[[Column, list[Any]], Array]
) -> Callable[[Column, list[pb.Value]], Array]:
    def read(column: Column, cells: list[pb.Value]) -> Array:
        present = column.present(cells, member, [row for row, cell in enumerate(cells) if not _has(cell, member)])
        there = [getattr(cell, member) for cell, position in zip(cells, present, strict=True) if position is not None]
        return spread(make(column, there), present)

    return read


def _has(cell: pb.Value, member: str) -> bool:
    return cell.WhichOneof("kind") == member


def _places(column: Column, places: list[pb.GeoCoordinate]) -> Array:
    return pa.StructArray.from_arrays(
        [
            pa.array([each.latitude for each in places], type=pa.float64()),
            pa.array([each.longitude for each in places], type=pa.float64()),
        ],
        names=["latitude", "longitude"],
    )


_PHONE: tuple[tuple[str, Type], ...] = (
    ("input", pa.string()),
    ("default_country", pa.string()),
    ("country_code", pa.int64()),
    ("national", pa.int64()),
    ("national_formatted", pa.string()),
    ("international_formatted", pa.string()),
    ("valid", pa.bool_()),
)


def _phones(column: Column, phones: list[pb.PhoneNumber]) -> Array:
    arrays: list[Array] = []
    for name, kind in _PHONE:
        values = [getattr(each, name) for each in phones]
        if name == "default_country":
            values = [each or None for each in values]
        arrays.append(pa.array(values, type=kind))
    return pa.StructArray.from_arrays(arrays, names=[name for name, _ in _PHONE])


def _object_column(column: Column, objects: list[pb.Properties]) -> Array:
    return column._objects(objects)


_SCALARS: dict[str, Callable[[Column, list[pb.Value]], Array]] = {
    **dict.fromkeys(_MEMBERS, _plain_column),
    "geoCoordinates": _struct_column("geo_value", _places),
    "phoneNumber": _struct_column("phone_value", _phones),
    "object": _struct_column("object_value", _object_column),
}


# --- defaults ----------------------------------------------------------------------------------------------------------


def compile_column(property_: PropertyInfo, owner: type[BaseModel], where: str) -> Column:
    """Give the column of a model's property, or of a projection's; ``owner`` is the class that has the field."""
    return _column(property_.field, property_.name, property_.data_type, owner, where, property_)


def _column(
    field: str, name: str, data_type: DataType, owner: type[BaseModel], where: str, property_: PropertyInfo | None
) -> Column:
    def default() -> Any:
        info = owner.model_fields[field]
        if info.is_required() or info.default_factory_takes_validated_data:
            raise HydrationError(
                f"A stored object has no {where}, which {owner.__name__} demands. Give the field a default or allow None, or mend the "
                "object; the error that the object itself gives as a hit names its id.",
                field=where,
            )
        found = info.get_default(call_default_factory=True)
        if data_type.overridden and property_ is not None and found is not None:
            return compile_plain(property_, info.annotation)(found)
        return found

    nested: tuple[NestedField, ...] = data_type.nested
    python = data_type.python
    inner = tuple(
        _column(each.field, each.name, each.data_type, python, f"{where}.{each.field}", None)
        for each in nested
        if issubclass(python, BaseModel)
    )
    return Column(field, name, data_type, where, default, inner)


def _put(value: pb.Value, column: Column, held: Any) -> None:  # of the field's type
    """Put a Python value into a message, as a server gives it."""
    if column.data_type.array:
        _put_list(value.list_value, column, list(held))
        return
    if isinstance(held, Enum):
        held = held.value
    match column.data_type.base:
        case "text":
            value.text_value = held
        case "int":
            value.int_value = held
        case "number":
            value.number_value = held
        case "boolean":
            value.bool_value = held
        case "date":
            value.date_value = held if isinstance(held, str) else instant_text(held)
        case "uuid":
            value.uuid_value = str(held)
        case "blob":
            value.blob_value = held if isinstance(held, str) else b64encode(held).decode()
        case "blobHash":
            value.blob_value = held.digest
        case "geoCoordinates":
            value.geo_value.CopyFrom(pb.GeoCoordinate(latitude=held.latitude, longitude=held.longitude))
        case "phoneNumber":
            value.phone_value.CopyFrom(
                pb.PhoneNumber(**{name: getattr(held, name) for name, _ in _PHONE if getattr(held, name) is not None})
            )
        case _:
            _put_object(value.object_value, column, held)


def _put_object(target: pb.Properties, column: Column, held: object) -> None:
    target.SetInParent()
    for each in column.inner:
        part = getattr(held, each.field)
        if part is not None:
            _put(target.fields[each.name], each, part)


def _put_list(target: pb.ListValue, column: Column, held: list[Any]) -> None:
    target.SetInParent()
    values = [each.value if isinstance(each, Enum) else each for each in held]
    match column.data_type.base:
        case "int":
            target.int_values.values = struct.pack(f"<{len(values)}q", *values)
        case "number":
            target.number_values.values = struct.pack(f"<{len(values)}d", *values)
        case "text":
            target.text_values.values.extend(values)
        case "boolean":
            target.bool_values.values.extend(values)
        case "date":
            target.date_values.values.extend(instant_text(each) for each in values)
        case "uuid":
            target.uuid_values.values.extend(map(str, values))
        case _:
            for each in values:
                _put_object(target.object_values.values.add(), column, each)
