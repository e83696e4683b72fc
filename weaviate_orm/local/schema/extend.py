"""Changes of single properties: a new one, an index dropped, and nested properties that auto-schema adds."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import partial
from typing import Final

from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.modules import check_property_modules, fill_properties
from weaviate_orm.local.schema.names import check_reserved_ending, schema_refused, uncapitalized
from weaviate_orm.local.schema.narrowing import part
from weaviate_orm.local.schema.parsed import Json
from weaviate_orm.local.schema.properties import Surroundings, check_properties, is_object, migrate, with_defaults
from weaviate_orm.local.schema.shapes import COLLECTION, PROPERTY, decode, decode_body, encode
from weaviate_orm.local.schema.surroundings import World

__all__ = ["INDEXES", "extended", "merged", "read_property", "with_nested", "without_index"]

INDEXES: Final = {
    "filterable": "indexFilterable",
    "searchable": "indexSearchable",
    "rangeFilters": "indexRangeFilters",
    "rangeable": "indexRangeFilters",
}
"""Indexes of a property by their names in paths."""


def read_property(body: object) -> Json:
    """Read the body of a new property."""
    return copy.deepcopy(decode_body(PROPERTY, body, "body"))


def extended(current: Json, properties: Sequence[Json], world: World) -> tuple[Json, list[Json]]:
    """Give the JSON of a collection with new properties, and theirs.

    Args:
        current: the collection's complete JSON.
        properties: decoded properties; completed in place.
        world: the collections that there are.

    Raises:
        Refused: with the server's words.
    """
    old: list[Json] = current.get("properties") or []
    taken = {one["name"].lower() for one in old}
    for one in properties:
        _start(one)
        check_reserved_ending(one["name"])
    _complete(current, properties, world, taken)
    written = [encode(PROPERTY, one) for one in properties]
    return {**current, "properties": [*old, *written]}, written


def merged(current: Json, properties: Sequence[Json], world: World) -> Json:
    """Give the JSON of a collection with properties that auto-schema found: new ones, or nested ones of those that there are.

    ``current`` itself is returned when there is nothing new.
    """
    old: dict[str, Json] = {one["name"]: one for one in current.get("properties") or ()}
    found: dict[str, Json] = {}
    for one in properties:
        name = uncapitalized(one["name"])
        known = found.get(name) or old.get(name)
        if known is None:
            found[name] = one
        elif is_object(known):
            nested = with_nested(known.get("nestedProperties") or [], one.get("nestedProperties") or [])
            if nested is not None:
                found[name] = {**known, "nestedProperties": nested}
    if not found:
        return current
    changes = [copy.deepcopy(decode(PROPERTY, one)) for one in found.values()]
    taken = {name.lower() for name in old}
    for one in changes:
        _start(one)
        if one["name"].lower() not in taken:
            check_reserved_ending(one["name"])
    _complete(current, changes, world, set())
    written = {one["name"]: encode(PROPERTY, one) for one in changes}
    kept = [written.pop(name, one) for name, one in old.items()]
    # The server knows names in another letter case as the same property, and changes nothing.
    return {**current, "properties": [*kept, *(one for name, one in written.items() if name.lower() not in taken)]}


def _start(one: Json) -> None:
    if not one.get("name"):
        raise schema_refused("property must contain name")
    one["name"] = uncapitalized(one["name"])
    if one.get("dataType") is None:
        raise schema_refused("property must contain dataType")


def _complete(current: Json, properties: Sequence[Json], world: World, taken: set[str]) -> None:
    collection = decode(COLLECTION, current)
    with_defaults(properties)
    fill_properties(collection, list(properties))
    around = Surroundings(
        collection=current["class"],
        taken=taken,
        known=world.collections,
        presets=part(part(current, "invertedIndexConfig"), "stopwordPresets"),
        check_modules=partial(check_property_modules, collection),
    )
    for one in properties:
        check_properties([one], around)
    migrate(properties)


def with_nested(old: Sequence[Json], new: Sequence[Json]) -> list[Json] | None:
    """Give nested properties with new ones among them at any depth; ``None`` when there are none."""
    places = {one["name"]: place for place, one in enumerate(old)}
    result = list(old)
    changed = False
    for one in new:
        place = places.get(one["name"])
        if place is None:
            places[one["name"]] = len(result)
            result.append(one)
            changed = True
        elif is_object(result[place]):
            nested = with_nested(result[place].get("nestedProperties") or [], one.get("nestedProperties") or [])
            if nested is not None:
                result[place] = {**result[place], "nestedProperties": nested}
                changed = True
    return result if changed else None


def without_index(current: Json, name: str, index: str) -> Json:
    """Give the JSON of a collection without one index of a property; ``current`` itself when there was none.

    Raises:
        Refused: there is no such property.
    """
    properties: list[Json] = current.get("properties") or []
    one = next((one for one in properties if one["name"] == name), None)
    if one is None:
        raise Refused(f"property name {name}: not found")
    flag = INDEXES[index]
    if not one.get(flag):
        return current
    changed = {**one, flag: False}
    return {**current, "properties": [changed if other is one else other for other in properties]}
