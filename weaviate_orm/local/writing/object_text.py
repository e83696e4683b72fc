"""The text of an object that a vectorizer reads: the server's choice of properties, their order, and how it writes values."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from weaviate_orm.local.go_json import json_text
from weaviate_orm.local.go_text import number_text
from weaviate_orm.local.objects import StoredObject, Value
from weaviate_orm.local.schema.parsed import CollectionSchema, PropertySchema, VectorSchema

__all__ = ["object_text", "split_name"]

_TEXTS = ("text", "text[]", "blob", "blobHash")
_STORED_TEXTS = (*_TEXTS, "date", "date[]", "uuid", "uuid[]")
"""What is text when the server reads it back from storage, to merge a PATCH into it. From a request, dates and uuids are no texts."""

_SOURCES = ("boolean", "boolean[]", "int", "int[]", "number", "number[]", "date", "object", "object[]")
"""What else is read when the vectorizer names its properties."""


def object_text(
    schema: CollectionSchema, vector: VectorSchema, stored: StoredObject, *, carried: Collection[str] = ()
) -> str:
    """Give the text that the vectorizer of a target reads; ``""`` when there is nothing to read.

    Args:
        schema: of the object's collection.
        vector: the target, with its settings.
        stored: the object.
        carried: properties that come from storage, not from the request.
    """
    parts: list[str] = []
    if _flag(vector.settings, "vectorizeClassName", default=True):
        parts.append(split_name(schema.name))
    for name in sorted(stored.properties, key=str.encode):
        property = schema.properties.get(name)
        if property is None or not _is_read(property, vector):
            continue
        texts = list(_texts(property, stored.properties[name], carried=name in carried, source=bool(vector.source)))
        if _flag(property.settings.get(vector.module) or {}, "vectorizePropertyName", default=False):
            texts = [f"{split_name(name)} {text}" for text in texts]
        parts += texts
    if not parts and not vector.source:
        parts.append(split_name(schema.name))
    return " ".join(parts)


def split_name(name: str) -> str:
    """Put spaces between the words of a name in camel case: ``myHTMLThing9`` becomes ``my HTML Thing 9``.

    A word ends where letters, digits and other characters meet, and before the capital that begins a word in small letters.
    """
    runs: list[str] = []
    before = 0
    for character in name:
        kind = 1 if character.islower() else 2 if character.isupper() else 3 if character.isdecimal() else 4
        if kind == before:
            runs[-1] += character
        else:
            runs.append(character)
        before = kind
    for place in range(len(runs) - 1):
        if runs[place][0].isupper() and runs[place + 1][0].islower():
            runs[place + 1] = runs[place][-1] + runs[place + 1]
            runs[place] = runs[place][:-1]
    return " ".join(run for run in runs if run)


def _flag(settings: Any, name: str, *, default: bool) -> bool:  # settings are JSON
    value = settings.get(name, default)
    return value if isinstance(value, bool) else default


def _is_read(property: PropertySchema, vector: VectorSchema) -> bool:
    if vector.source:
        return property.name in vector.source
    return not _flag(property.settings.get(vector.module) or {}, "skip", default=False)


def _texts(property: PropertySchema, value: Value, *, carried: bool, source: bool) -> Iterator[str]:
    if property.data_type in (_STORED_TEXTS if carried else _TEXTS):
        yield from value if property.is_array else [value]
    elif source and property.data_type in _SOURCES:
        match property.data_type:
            case "date":
                yield _without_fraction(value)
            case "object" | "object[]":
                if value != []:
                    yield json_text(value)
            case _:
                values: list[Value] = value if property.is_array else [value]
                yield from (json_text(each) if isinstance(each, bool) else number_text(float(each)) for each in values)


def _without_fraction(date: str) -> str:
    return re.sub(r"\.\d+", "", date, count=1)
