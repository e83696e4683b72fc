"""Names: from Python to the collection, and those that cannot be used."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pydantic import BaseModel

from weaviate_orm.errors import ModelDefinitionError

__all__ = ["check_collection", "check_field", "check_property", "check_vector"]

_COLLECTION = re.compile(r"[A-Z][_0-9A-Za-z]{0,254}")
_PROPERTY = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,230}")
_VECTOR = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,229}")
_RESERVED = frozenset({"id", "_id", "_additional", "vector"})
_RESERVED_ENDINGS = ("_searchable", "_rangeable", "_temp", "__meta_count", "_propertyLength", "_nullState")

# What a field would hide on instances or on the class.
_TAKEN = frozenset(name for name in (*dir(BaseModel), *dir(type(BaseModel))) if not name.startswith("_"))


def check_field(model: str, field: str) -> None:
    """Refuse a field name that pydantic's base class or metaclass uses.

    Raises:
        ModelDefinitionError: says how to keep the name in the collection.
    """
    if field in _TAKEN:
        raise ModelDefinitionError(
            f"{model}.{field}: pydantic models use this name themselves. "
            f"Name the field {field}_ and keep the property's name: {field}_: Property[...] = prop(name={field!r})",
            field=f"{model}.{field}",
        )


def check_collection(model: str, name: str) -> None:
    """Refuse a collection name that the server refuses.

    Raises:
        ModelDefinitionError: the name breaks the server's rule.
    """
    if not _COLLECTION.fullmatch(name) or name.lower() == "raft":
        raise ModelDefinitionError(
            f"{model}: {name!r} cannot name a collection: a capital letter first, then letters, digits and underscores, "
            "at most 255 in all, and not 'Raft'. Choose one with class "
            f"{model}(WeaviateModel, collection='...')."
        )


def check_property(where: str, name: str) -> None:
    """Refuse a property name that the server refuses or changes.

    Raises:
        ModelDefinitionError: the name is reserved, malformed or begins with a capital letter.
    """
    if name in _RESERVED or name.endswith(_RESERVED_ENDINGS):
        raise ModelDefinitionError(
            f"{where}: the server reserves the property name {name!r}. Choose another with name='...'.", field=where
        )
    if not _PROPERTY.fullmatch(name):
        raise ModelDefinitionError(
            f"{where}: {name!r} cannot name a property: letters, digits and underscores, not a digit first, at most 231.",
            field=where,
        )
    if name[0].isupper():
        raise ModelDefinitionError(
            f"{where}: the server lower-cases the first letter of a property, so {name!r} would come back as "
            f"{name[0].lower() + name[1:]!r}. Say so yourself with name={name[0].lower() + name[1:]!r}.",
            field=where,
        )


def check_vector(where: str, name: str) -> None:
    """Refuse a vector name that the server refuses.

    Raises:
        ModelDefinitionError: the name is malformed.
    """
    if not _VECTOR.fullmatch(name):
        raise ModelDefinitionError(
            f"{where}: {name!r} cannot name a vector: letters, digits and underscores, not a digit first, at most 230.",
            field=where,
        )


def check_unique(model: str, names: Iterable[tuple[str, str]]) -> None:
    """Refuse two fields whose names in the collection differ at most by case.

    Args:
        names: pairs of field and name in the collection.

    Raises:
        ModelDefinitionError: names both fields.
    """
    seen: dict[str, str] = {}
    for field, name in names:
        other = seen.setdefault(name.lower(), field)
        if other != field:
            raise ModelDefinitionError(
                f"{model}.{field} and {model}.{other} have the same name in the collection ({name!r}); "
                "the server ignores case here."
            )
