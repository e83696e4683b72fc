"""Single values outside of objects, such as the key of a group or the mode of a property, as the model declares them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeAlias, get_args
from uuid import UUID

from pydantic import TypeAdapter

from weaviate_orm.errors import HydrationError
from weaviate_orm.model.datatypes import DataType
from weaviate_orm.model.info import ModelInfo, PropertyInfo
from weaviate_orm.wire.reading import _day, _instant

__all__ = ["ReadScalar", "ReadText", "compile_scalar", "compile_text"]

# Which type comes out is what the model says, which only the expression's type parameter knows.
ReadScalar: TypeAlias = Callable[[Any], Any]
ReadText: TypeAlias = Callable[[str], Any]


@lru_cache(maxsize=1024)
def compile_scalar(info: ModelInfo, subject: PropertyInfo) -> ReadScalar:
    """Give the function from a value as the server gives it (dates and uuids as text) to the type that the model declares.

    For a list, the value is one of its elements.

    Raises (the function):
        HydrationError: the type does not take the value, as an enum without such a member.
    """
    where = f"{info.name}.{subject.field}"
    kinds, plain, declared = _KINDS[subject.data_type.base], _plain(subject.data_type, where), _declared(info, subject)

    def read(value: Any) -> Any:
        if not isinstance(value, kinds):
            raise _unfit(where, value)
        try:
            given = plain(value) if plain is not None else value
            return declared(given) if declared is not None else given
        except (ValueError, OverflowError):  # pydantic's and enums' refusals are ValueErrors too
            raise _unfit(where, value) from None

    return read


@lru_cache(maxsize=1024)
def compile_text(info: ModelInfo, subject: PropertyInfo) -> ReadText:
    """Give the function from a value that the server wrote as text, whatever its type, to the type that the model declares.

    Raises (the function):
        HydrationError: the text is no such value, or the type does not take it.
    """
    where = f"{info.name}.{subject.field}"
    scalar = compile_scalar(info, subject)
    parse = _PARSERS.get(subject.data_type.base)
    if parse is None:
        return scalar

    def read(text: str) -> Any:
        try:
            value = parse(text)
        except (ValueError, OverflowError):
            raise _unfit(where, text) from None
        return scalar(value)

    return read


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return int(float(text))  # the server holds numbers as floats, and writes large ones as 1e+21


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


_PARSERS: dict[str, Callable[[str], object]] = {"int": _integer, "number": float, "boolean": _boolean}


# What the server gives for each data type; integers come as doubles where they are keys.
_KINDS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "date": (str,),
    "uuid": (str,),
    "int": (int, float),
    "number": (int, float),
    "boolean": (bool,),
}


def _plain(data_type: DataType, where: str) -> ReadScalar | None:
    match data_type.base:
        case "date":
            day = data_type.python is not object and not issubclass(data_type.python, datetime)
            read = _day if day else _instant
            return lambda text: read(text, where)
        case "uuid":
            return UUID
        case "int":
            return int
        case _:
            return None


def _declared(info: ModelInfo, subject: PropertyInfo) -> Callable[[Any], Any] | None:
    """Give what makes the declared type of a plain value, for the types that are not plain themselves."""
    data_type = subject.data_type
    if data_type.overridden:
        # pydantic converts; it knows the property as a whole, so an element is given as a list of one.
        annotation = get_args(info.model.__pydantic_fields__[subject.field].annotation)[0]
        validate = TypeAdapter[Any](annotation).validate_python
        if data_type.array:
            return lambda value: next(iter(validate([value])))
        return validate
    return data_type.python if issubclass(data_type.python, Enum) else None


def _unfit(where: str, value: object) -> HydrationError:
    return HydrationError(
        f"{where} has the value {value!r} in the collection, which the model's type does not take. Objects were written by other "
        "means, or the type lost a member: allow the value, or mend the objects.",
        field=where,
    )
