"""JSON of any type, narrowed: an object with text keys, or a list; checkers cannot follow ``isinstance`` into the elements."""

from __future__ import annotations

from typing import cast

from weaviate_orm.local.schema.parsed import Json

__all__ = ["as_list", "as_object", "go_type", "part"]


def as_object(value: object) -> Json | None:
    """Give a JSON object, ``None`` for anything else."""
    return cast(Json, value) if isinstance(value, dict) else None  # keys of JSON are texts


def as_list(value: object) -> list[object] | None:
    """Give a JSON list, ``None`` for anything else."""
    return cast(list[object], value) if isinstance(value, list) else None  # elements may be anything


def part(body: Json, key: str) -> Json:
    """Give the object under a key; an empty one when there is none."""
    return as_object(body.get(key)) or {}


def go_type(value: object) -> str:
    """Give the server's name for the type of a value, which some of its errors tell."""
    match value:
        case None:
            return "<nil>"
        case bool():
            return "bool"
        case int() | float():
            return "json.Number"
        case str():
            return "string"
        case list():
            return "[]interface {}"
        case _:
            return "map[string]interface {}"
