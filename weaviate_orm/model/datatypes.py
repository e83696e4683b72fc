"""From a Python annotation to a Weaviate data type.

One table of scalar types; arrays, ``None``, ``Annotated``, enums, literals and nested models are peeled off around it.
"""

from __future__ import annotations

import types
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin
from uuid import UUID

from pydantic import AliasChoices, BaseModel, RootModel
from typing_extensions import TypeAliasType

from weaviate_orm.errors import ModelDefinitionError
from weaviate_orm.types import BlobHash, GeoCoordinate, PhoneNumber

__all__ = ["ARRAYS", "DataType", "NestedField", "input_key", "refuse_extra", "resolve"]

# The order matters where a Python type is a subclass of another: bool before int, datetime before date.
_SCALARS: tuple[tuple[type, str], ...] = (
    (str, "text"),
    (bool, "boolean"),
    (int, "int"),
    (float, "number"),
    (datetime, "date"),
    (date, "date"),
    (UUID, "uuid"),
    (bytes, "blob"),
    (GeoCoordinate, "geoCoordinates"),
    (PhoneNumber, "phoneNumber"),
    (BlobHash, "blobHash"),
)

ARRAYS = frozenset({"text", "int", "number", "boolean", "date", "uuid", "object"})
_NESTABLE = frozenset({"text", "int", "number", "boolean", "date", "uuid", "blob", "object"})
_CONTAINERS: dict[object, type] = {list: list, set: set, frozenset: frozenset, tuple: tuple, Sequence: list}


@dataclass(frozen=True, slots=True)
class DataType:
    """A Weaviate data type and the Python type it stands for.

    Attributes:
        base: the data type without array marks: ``"text"``.
        array: whether it is an array of that.
        optional: whether the Python type allows ``None``.
        python: the scalar Python type: ``str``, an enum class, a nested model class; ``object`` when ``data_type=`` overrode the table.
        container: ``list``, ``set``, ``frozenset`` or ``tuple`` for an array.
        nested: the fields of an object type.
        overridden: whether ``prop(data_type=...)`` named it, so that pydantic does the conversion.
    """

    base: str
    array: bool = False
    optional: bool = False
    python: type = object
    container: type | None = None
    nested: tuple[NestedField, ...] = ()
    overridden: bool = False

    @property
    def name(self) -> str:
        """The name as the server knows it: ``"text[]"``."""
        return self.base + "[]" if self.array else self.base


@dataclass(frozen=True, slots=True)
class NestedField:
    """A field of a nested model: ``key`` is what pydantic takes on input, ``name`` the property's name in the collection."""

    field: str
    key: str
    name: str
    data_type: DataType
    required: bool
    description: str | None = None


def resolve(annotation: object, where: str, override: str | None = None) -> DataType:
    """Give the data type for an annotation.

    Args:
        annotation: the ``T`` of ``Property[T]``, evaluated.
        where: for messages: ``Article.tags``.
        override: the value of ``prop(data_type=...)``.

    Raises:
        ModelDefinitionError: no data type stands for the annotation.
    """
    optional, inner = _peel(annotation, where)
    if override is not None:
        base, array = (override[:-2], True) if override.endswith("[]") else (override, False)
        return DataType(base, array=array, optional=optional, overridden=True)
    container, element = _element(inner, where)
    if container is None:
        scalar = _scalar(inner, where)
        return DataType(scalar.base, optional=optional, python=scalar.python, nested=scalar.nested)
    element_optional, element = _peel(element, where)
    if element_optional:
        raise ModelDefinitionError(f"{where}: a list cannot hold None; the server has no null inside arrays.")
    scalar = _scalar(element, where)
    if scalar.base not in ARRAYS:
        raise ModelDefinitionError(f"{where}: the server has no arrays of {scalar.base}. Use a list of nested models.")
    return DataType(
        scalar.base, array=True, optional=optional, python=scalar.python, container=container, nested=scalar.nested
    )


def _peel(annotation: object, where: str) -> tuple[bool, object]:
    """Take off Annotated, NewType, type aliases and None; give whether None was among them, and the rest."""
    optional = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif isinstance(annotation, NewType):
            annotation = annotation.__supertype__
        elif isinstance(annotation, TypeAliasType):
            annotation = annotation.__value__
        elif origin in (Union, types.UnionType):
            members = [member for member in get_args(annotation) if member is not type(None)]
            if len(members) < len(get_args(annotation)):
                optional = True
            if len(members) != 1:
                shown = " | ".join(getattr(member, "__name__", str(member)) for member in members)
                raise ModelDefinitionError(
                    f"{where}: a property has one data type, {shown} would need several. Split it into several properties."
                )
            annotation = members[0]
        else:
            return optional, annotation


def _element(annotation: object, where: str) -> tuple[type | None, object]:
    origin = get_origin(annotation)
    if annotation in _CONTAINERS:
        raise ModelDefinitionError(f"{where}: say what the list holds, such as list[str].")
    container = _CONTAINERS.get(origin)
    if container is None:
        return None, annotation
    arguments = get_args(annotation)
    if container is tuple and (len(arguments) != 2 or arguments[1] is not Ellipsis):
        raise ModelDefinitionError(f"{where}: a tuple must be of one type and any length: tuple[str, ...].")
    return container, arguments[0]


def _scalar(annotation: object, where: str) -> DataType:
    shown = getattr(annotation, "__name__", annotation)
    if get_origin(annotation) is Literal:
        return _of_values(get_args(annotation), object, where)
    if isinstance(annotation, type):
        if issubclass(annotation, Enum):
            return _of_values(tuple(member.value for member in annotation), annotation, where)
        if issubclass(annotation, BaseModel):
            return DataType("object", python=annotation, nested=_nested(annotation, where))
        for python, base in _SCALARS:
            if issubclass(annotation, python):
                return DataType(base, python=python)
    known = (
        "str, int, float, bool, datetime, date, UUID, bytes, GeoCoordinate, PhoneNumber, BlobHash, an Enum, a Literal"
    )
    raise ModelDefinitionError(
        f"{where}: no Weaviate data type stands for {shown}. Use {known}, a pydantic "
        "model, a list of these, or name the data type with prop(data_type='text') and let pydantic convert it."
    )


def _of_values(values: Sequence[object], python: type, where: str) -> DataType:
    """Give the type of an enum or a literal by its values, which must agree."""
    bases = {next((base for kind, base in _SCALARS if isinstance(value, kind)), "") for value in values}
    if len(bases) != 1 or not bases <= {"text", "int", "number", "boolean"}:
        raise ModelDefinitionError(
            f"{where}: the values of an Enum or Literal must all be str, or all be int: {list(values)!r}"
        )
    return DataType(bases.pop(), python=python)


_open: list[type] = []  # nested models being resolved, to notice one inside itself


def _nested(model: type[BaseModel], where: str) -> tuple[NestedField, ...]:
    if model in _open:
        raise ModelDefinitionError(f"{where}: {model.__name__} contains itself; nested objects have a fixed depth.")
    if hasattr(model, "__weaviate_options__"):
        raise ModelDefinitionError(
            f"{where}: {model.__name__} has a collection of its own. Point to it with Reference[{model.__name__}], "
            "or use a plain pydantic model for a nested object."
        )
    if issubclass(model, RootModel):
        raise ModelDefinitionError(
            f"{where}: {model.__name__} is a RootModel, which has no named fields. Use a model with fields, or its inner type."
        )
    refuse_extra(model, where)
    _open.append(model)
    try:
        fields = tuple(_nested_field(model, name, where) for name in model.model_fields)
    finally:
        _open.pop()
    if not fields:
        raise ModelDefinitionError(f"{where}: {model.__name__} has no fields; a nested object needs at least one.")
    return fields


def _nested_field(model: type[BaseModel], name: str, where: str) -> NestedField:
    info = model.model_fields[name]
    inside = f"{where}.{name}"
    data_type = resolve(info.annotation, inside)
    if data_type.base not in _NESTABLE:
        raise ModelDefinitionError(f"{inside}: {data_type.name} cannot stand inside a nested object.")
    if name[0].isupper():
        raise ModelDefinitionError(
            f"{inside}: the server lower-cases the first letter of a property, so the value would be lost. "
            f"Name the field {name[0].lower() + name[1:]!r}; an alias may keep the other name for input."
        )
    return NestedField(name, input_key(model, name), name, data_type, info.is_required(), info.description)


def input_key(model: type[BaseModel], field: str) -> str:
    """Give the key under which pydantic takes a field's value on input.

    Raises:
        ModelDefinitionError: only paths into other values lead to the field.
    """
    config, info = model.model_config, model.model_fields[field]
    alias = info.validation_alias if info.validation_alias is not None else info.alias
    if alias is None or config.get("validate_by_alias") is False:
        return field
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
    plain = next((each for each in choices if isinstance(each, str)), None)
    if plain is None and (config.get("populate_by_name") or config.get("validate_by_name")):
        return field
    if plain is None:
        raise ModelDefinitionError(
            f"{model.__name__}.{field}: a field that is read needs a validation alias that is one plain name."
        )
    return plain


def refuse_extra(model: type[BaseModel], where: str) -> None:
    """Refuse a class that takes values it has no field for, because nothing would store them.

    Raises:
        ModelDefinitionError: says what to write instead.
    """
    if model.model_config.get("extra") == "allow":
        raise ModelDefinitionError(
            f"{where}: {model.__name__} has extra='allow', but a collection has properties for declared fields only, so what else "
            "is given would be lost. Declare the fields, or set extra='forbid' or extra='ignore'."
        )


def union_members(annotation: Any) -> tuple[bool, tuple[Any, ...]]:  # annotations have no static type
    """Give whether ``None`` is among the members of a union, and the other members."""
    if get_origin(annotation) in (Union, types.UnionType):
        arguments = get_args(annotation)
        return type(None) in arguments, tuple(each for each in arguments if each is not type(None))
    return False, (annotation,)
