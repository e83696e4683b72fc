"""Names of collections, aliases, properties and vectors: how the server spells them, and which it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from weaviate_orm.local.refusals import Refused, RestShape

__all__ = [
    "capitalized",
    "check_collection_name",
    "check_nested_name",
    "check_property_name",
    "check_reserved_ending",
    "check_unused",
    "check_vector_name",
    "schema_refused",
    "uncapitalized",
]

_COLLECTION_LENGTH: Final = 255
_PROPERTY_LENGTH: Final = 231
_VECTOR_LENGTH: Final = 230
_COLLECTION: Final = re.compile(r"[A-Z][_0-9A-Za-z]{0,254}")
_PROPERTY: Final = r"[_A-Za-z][_0-9A-Za-z]{0,230}"
_NESTED: Final = r"[_A-Za-z][_0-9A-Za-z]*"
_VECTOR: Final = r"[_A-Za-z][_0-9A-Za-z]{0,229}"
_RESERVED: Final = ("_additional", "_id", "id")
_RESERVED_ENDINGS: Final = ("_searchable", "_rangeable", "_temp", "__meta_count", "_propertyLength", "_nullState")
_WORKING_FOLDERS: Final = ("reindex", "ingest", "backup", "map")


def schema_refused(text: str) -> Refused:
    """Give the refusal of a write to the schema: 422, with the body that those have."""
    return Refused(text, shape=RestShape.SCHEMA)


def capitalized(name: str) -> str:
    """Give the name of a collection or alias as stored: the first letter in upper case."""
    return name[:1].upper() + name[1:]


def uncapitalized(name: str) -> str:
    """Give the name of a top-level property as stored: the first letter in lower case."""
    return name[:1].lower() + name[1:]


def check_collection_name(name: str, thing: str = "class") -> None:
    """Refuse what cannot be the name of a collection or, as ``thing``, of an alias."""
    if len(name.encode()) > _COLLECTION_LENGTH:
        raise schema_refused(
            f"'{name}' is not a valid {thing} name. Name should not be longer than {_COLLECTION_LENGTH} characters"
        )
    if not _COLLECTION.fullmatch(name):
        raise schema_refused(f"'{name}' is not a valid {thing} name")


def check_unused(name: str, collections: Iterable[str], aliases: Iterable[str]) -> None:
    """Refuse a name that a collection or an alias has, in any letter case."""
    for thing, taken in (("class", collections), ("alias", aliases)):
        for other in taken:
            if other == name:
                raise schema_refused(f"{thing} name {name} already exists")
            if other.casefold() == name.casefold():
                raise schema_refused(f'class already exists: found similar {thing} "{other}"')


def check_property_name(name: str) -> None:
    """Refuse what cannot be the name of a property."""
    if len(name.encode()) > _PROPERTY_LENGTH:
        raise schema_refused(
            f"'{name}' is not a valid property name. Name should not be longer than {_PROPERTY_LENGTH} characters"
        )
    if not re.fullmatch(_PROPERTY, name):
        raise schema_refused(
            f"'{name}' is not a valid property name. Property names in Weaviate are restricted to valid GraphQL names, "
            f"which must be “/{_PROPERTY}/”"
        )
    if name in _RESERVED:
        raise schema_refused(f"'{name}' is a reserved property name")


def check_reserved_ending(name: str) -> None:
    """Refuse the name of a new property that the server's files for another one could have."""
    for ending in _RESERVED_ENDINGS:
        if name.endswith(ending):
            raise schema_refused(
                f"'{name}' is not a valid property name: suffix '{ending}' is reserved for internal indices"
            )
    _, found, rest = name.partition("__")
    if found and re.sub(r"_[0-9]+$", "", rest).rpartition("_")[2] in _WORKING_FOLDERS:
        raise schema_refused(
            f"'{name}' is not a valid property name: it reads as a working directory a migration derives from another "
            "property's name"
        )


def check_nested_name(name: str, parent: str) -> None:
    """Refuse what cannot be the name of a property inside an object; ``parent`` is the dotted path to that."""
    if not re.fullmatch(_NESTED, name):
        raise schema_refused(
            f"'{name}' is not a valid nested property name of '{parent}'. NestedProperty names in Weaviate are "
            f"restricted to valid GraphQL names, which must be “/{_NESTED}/”"
        )


def check_vector_name(name: str) -> None:
    """Refuse what cannot be the name of a vector."""
    if len(name.encode()) > _VECTOR_LENGTH:
        raise schema_refused(
            f'class.VectorConfig target vector name "{name}" is not valid. Target vector name should not be longer than '
            f"{_VECTOR_LENGTH} characters."
        )
    if not re.fullmatch(_VECTOR, name):
        raise schema_refused(
            f'class.VectorConfig target vector name "{name}" is not valid, in Weaviate target vector names are restricted '
            f"to valid GraphQL names, which must be “/{_VECTOR}/”."
        )
