"""JSON of any type, narrowed: an object with text keys, or a list, or nothing of the kind."""

from __future__ import annotations

from weaviate_orm.local.plain import is_list, is_mapping
from weaviate_orm.local.schema.parsed import Json

__all__ = ["as_list", "as_object", "part"]


def as_object(value: object) -> Json | None:
    """Give a JSON object, ``None`` for anything else."""
    return value if is_mapping(value) else None


def as_list(value: object) -> list[object] | None:
    """Give a JSON list, ``None`` for anything else."""
    return value if is_list(value) else None


def part(body: Json, key: str) -> Json:
    """Give the object under a key; an empty one when there is none."""
    return as_object(body.get(key)) or {}
