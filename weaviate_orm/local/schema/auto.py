"""Auto-schema: objects with unknown properties, or of an unknown collection -> the collection that fits them.

The writers call ``completed`` before they validate values. Types are guessed from values as the server guesses them: every number is
``number``, texts may be dates or uuids, mappings may be places, phone numbers or objects.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.create import created
from weaviate_orm.local.schema.extend import merged, with_nested
from weaviate_orm.local.schema.names import capitalized, uncapitalized
from weaviate_orm.local.schema.narrowing import as_list, as_object
from weaviate_orm.local.schema.parsed import Json
from weaviate_orm.local.schema.properties import is_object
from weaviate_orm.local.schema.surroundings import World
from weaviate_orm.local.storage.changes import Change, PutCollection

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Collection, Database

__all__ = ["completed", "extended"]

Value = Any
"""A value as REST or gRPC brought it. It has no narrower type."""

OwnerOf = Callable[[UUID], "str | None"]
"""Gives the collection of an object, for references that do not name it."""

_DATE: Final = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d([.,]\d+)?(Z|[+-]([01]\d|2[0-4]):[0-6]\d)"
)
_UUID_LENGTHS: Final = (32, 36, 38, 45)
_BEACON: Final = re.compile(r"weaviate://[^/]+/(?:([A-Za-z][_0-9A-Za-z]*)/)?([0-9a-fA-F-]{36})")
_MIXABLE: Final = ("text[]", "date[]", "uuid[]")
_SCALARS: Final = ("text", "number", "int", "boolean", "date", "uuid", "object")


def extended(database: Database, name: str, properties: Mapping[str, Value], *, typed: bool = False) -> Collection:
    """Give a collection that fits one object, after adding what it lacks, or after making it.

    Args:
        database: where the collection is.
        name: of the collection, or an alias.
        properties: the object's values as they came; see ``completed``.
        typed: whether whole numbers in lists are ``int``; see ``completed``.

    Raises:
        Refused: as ``completed`` does.
    """
    found = database.find(name)
    changes = completed(
        None if found is None else found.schema.json,
        name,
        [properties],
        world=World.of(database),
        may_create=True,
        owner_of=partial(_owner, database),
        typed=typed,
        now=database.now() / 1000,
    )
    if changes:
        database.commit(changes)
    return database.collection(name)


def _owner(database: Database, id: UUID) -> str | None:
    for name, collection in database.collections.items():
        if not collection.schema.multi_tenancy and collection.shard("").row(id.bytes) is not None:
            return name
    return None


def completed(
    current: Json | None,
    name: str,
    objects: Iterable[Mapping[str, Value]],
    *,
    world: World,
    may_create: bool,
    owner_of: OwnerOf = lambda _: None,
    typed: bool = False,
    now: float | None = None,
) -> list[Change]:
    """Give the change that makes a collection fit objects; none when it does already.

    Args:
        current: the collection's complete JSON, ``None`` when there is none.
        name: its name.
        objects: the properties of each object, references among them as lists of ``{"beacon": ...}``.
        world: the collections and aliases that there are; ``World.of(database)``.
        may_create: whether a missing collection is made.
        owner_of: gives the collection of an object, for beacons that do not name it.
        typed: whether whole numbers in lists are ``int``, as from gRPC's ``int_array_properties``; JSON's are ``number``.
        now: seconds since 1970, for the descriptions; the clock when left out.

    Raises:
        Refused: with the server's words, less the ``invalid object: `` that REST puts in front; status 500.
    """
    result = current
    guess = _Guess(typed, owner_of, time.asctime(time.localtime(now)))
    for properties in objects:
        if result is not None and _is_complete(result, properties):
            continue
        result = _fitted(result, name, properties, world, may_create, guess)
    return [] if result is None or result is current else [PutCollection(result)]


def _is_complete(current: Json, properties: Mapping[str, Value]) -> bool:
    """Whether a collection has all of an object's properties, as far as a glance shows: objects may have new ones inside."""
    known = {one["name"]: one for one in current.get("properties") or ()}
    for name, value in properties.items():
        one = known.get(uncapitalized(name))
        if one is None or (is_object(one) and value):
            return False
        # The server guesses types of known properties too, and refuses lists of several.
        elements = as_list(value) or ()
        if len({type(element) for element in elements}) > 1 or isinstance(next(iter(elements), 0), list | None):
            return False
    return True


def _fitted(
    current: Json | None, name: str, properties: Mapping[str, Value], world: World, may_create: bool, guess: _Guess
) -> Json:
    if current is None and not may_create:
        raise Refused("given class does not exist")
    found = guess.properties(properties, f"' on class '{capitalized(name) if current is None else current['class']}'")
    try:
        if current is not None:
            return merged(current, found, world)
        return created(
            {
                "class": name,
                "properties": found,
                "description": guess.description("property"),
                "vectorConfig": {"default": {"vectorizer": {"none": {}}}},
            },
            world,
        )
    except Refused as refused:
        action = "create" if current is None else "update"
        raise Refused(f"auto-schema: {action} collection: {refused.text}", http=500) from None


class _MismatchError(Exception):
    """A value of which no type can be guessed; the text is the server's."""


class _Guess:
    """Guesses the types of values."""

    __slots__ = ("_owner_of", "_time", "_typed")

    def __init__(self, typed: bool, owner_of: OwnerOf, moment: str) -> None:
        self._typed = typed
        self._owner_of = owner_of
        self._time = moment

    def description(self, thing: str) -> str:
        return f"This {thing} was generated by Weaviate's auto-schema feature on {self._time}"

    def properties(self, values: Mapping[str, Value], place: str) -> list[Json]:
        found: list[Json] = []
        for name, value in values.items():
            try:
                found.append(self._property(name, value, nested=False))
            except _MismatchError as mismatch:
                raise Refused(f"property '{name}{place}: {mismatch}", http=500) from None
        return found

    def _property(self, name: str, value: Value, *, nested: bool) -> Json:
        types = self._types(value, nested=nested)
        described = self.description("nested property" if nested else "property")
        found: Json = {"name": name, "dataType": types, "description": described}
        if (
            types == ["object"] and as_list(value) is None
        ):  # a reference through a property of objects seems to lead to "object"
            found["nestedProperties"] = self._nested(value)
        elif types == ["object[]"]:
            found["nestedProperties"] = self._nested_of_all(value)
        return found

    def _nested(self, values: Mapping[str, Value]) -> list[Json]:
        found: list[Json] = []
        for name, value in values.items():
            try:
                found.append(self._property(name, value, nested=True))
            except _MismatchError as mismatch:
                raise _MismatchError(f"nested property '{name}': {mismatch}") from None
        return found

    def _nested_of_all(self, objects: Sequence[Mapping[str, Value]]) -> list[Json]:
        merged_properties = self._nested(objects[0])
        for one in objects[1:]:
            known = {found["name"]: found for found in merged_properties}
            new = [
                self._property(name, value, nested=True)
                for name, value in one.items()
                if name not in known or is_object(known[name])
            ]
            merged_properties = with_nested(merged_properties, new) or merged_properties
        return merged_properties

    def _types(self, value: Value, *, nested: bool) -> list[str]:
        if value is None:
            return ["text"]
        elements = as_list(value)
        if elements is not None:
            return self._list_types(elements, nested=nested)
        mapping = as_object(value)
        if mapping is not None:
            return ["object" if nested else _kind_of_mapping(mapping)]
        kind = _scalar(value)
        if kind is None:
            raise _MismatchError(_unrecognized(value, () if nested else ("phoneNumber", "geoCoordinates")))
        return [kind]

    def _list_types(self, elements: list[Value], *, nested: bool) -> list[str]:
        if not elements:
            return ["text[]"]
        targets: list[str] = []
        first: str | None = None
        for index, element in enumerate(elements):
            kind = self._element(element, index, nested=nested)
            reference = kind.startswith("*")
            if index == 0:
                first = None if reference else kind
            if reference:
                if first is not None:
                    raise _MismatchError(
                        f"element [{index}]: mismatched data type - '{first.removesuffix('[]')}' expected, got reference"
                    )
                targets.append(kind[1:])
            elif first in _MIXABLE and kind in _MIXABLE:
                first = first if first == kind else "text[]"
            elif first is None:
                raise _MismatchError(
                    f"element [{index}]: mismatched data type - reference expected, got '{kind.removesuffix('[]')}'"
                )
            elif kind != first:
                raise _MismatchError(
                    f"element [{index}]: mismatched data type - '{first.removesuffix('[]')}' expected, got "
                    f"'{kind.removesuffix('[]')}'"
                )
        return targets if first is None else [first]

    def _element(self, element: Value, index: int, *, nested: bool) -> str:
        """Give the type of a list with such an element, or ``*`` and the collection that it refers to."""
        mapping = as_object(element)
        if mapping is not None:
            target = None if nested else self._target(mapping.get("beacon"))
            return "object[]" if target is None else f"*{target}"
        if self._typed and isinstance(element, int) and not isinstance(element, bool):
            return "int[]"
        kind = _scalar(element)
        if kind is None:
            raise _MismatchError(f"element [{index}]: {_unrecognized(element, () if nested else ('cref',))}")
        return f"{kind}[]"

    def _target(self, beacon: Value) -> str | None:
        match = _BEACON.fullmatch(beacon) if isinstance(beacon, str) else None
        if match is None:
            return None
        collection, id = match.groups()
        try:
            return collection or self._owner_of(UUID(id))
        except ValueError:
            return None


def _scalar(value: Value) -> str | None:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "date" if _is_date(value) else "uuid" if _is_uuid(value) else "text"
    return None


def _is_date(text: str) -> bool:
    if len(text) < 20 or not _DATE.fullmatch(text):
        return False
    try:
        datetime(int(text[:4]) or 4, int(text[5:7]), int(text[8:10]))
    except ValueError:
        return False
    return True


def _is_uuid(text: str) -> bool:
    if len(text) not in _UUID_LENGTHS:
        return False
    if len(text) == 45:
        if not text.lower().startswith("urn:uuid:"):
            return False
        text = text[9:]
    elif len(text) == 38:
        text = text[1:-1]
    digits = text if len(text) == 32 else text.replace("-", "")
    dashes = len(text) == 32 or all(text[place] == "-" for place in (8, 13, 18, 23))
    return dashes and len(digits) == 32 and all(character in "0123456789abcdefABCDEF" for character in digits)


def _kind_of_mapping(value: Mapping[str, Value]) -> str:
    if len(value) == 2 and value.get("latitude") is not None and value.get("longitude") is not None:
        return "geoCoordinates"
    if value.get("input") is not None and (len(value) == 1 or (len(value) == 2 and "defaultCountry" in value)):
        return "phoneNumber"
    return "object"


def _unrecognized(value: Value, more: tuple[str, ...]) -> str:
    allowed = "', '".join((*_SCALARS, *more))
    return f"unrecognized data type of value '{_shown(value)}' - one of '{allowed}' expected"


def _shown(value: Value) -> str:
    elements = as_list(value)
    if elements is not None:
        return f"[{' '.join(_shown(element) for element in elements)}]"
    return "<nil>" if value is None else str(value)
