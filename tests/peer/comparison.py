"""Two requests field by field, and the table of what legitimately differs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

__all__ = ["Difference", "compare", "fields_of", "fields_set", "flat"]


@dataclass(frozen=True)
class Difference:
    """Fields that may differ: whose path matches, in the intents whose name matches (in all, when none is given).

    ``ours`` and ``theirs`` are the values, ``None`` for a field that is not set; any value when they are not given.
    """

    path: str
    reason: str
    ours: object = ...
    theirs: object = ...
    intents: str = ".*"

    def covers(self, intent: str, path: str, ours: object, theirs: object) -> bool:
        return (
            re.fullmatch(self.intents, intent) is not None
            and re.fullmatch(self.path, path) is not None
            and self.ours in (..., ours)
            and self.theirs in (..., theirs)
        )


UNORDERED = frozenset(
    {
        "weaviate.v1.BatchObject.Properties.empty_list_props",
        "weaviate.v1.BatchObject.Properties.int_array_properties",
        "weaviate.v1.BatchObject.Properties.text_array_properties",
        "weaviate.v1.BatchObject.vectors",
        "weaviate.v1.MetadataRequest.vectors",
        "weaviate.v1.ObjectPropertiesRequest.object_properties",
        "weaviate.v1.ObjectPropertiesRequest.primitive_properties",
        "weaviate.v1.PropertiesRequest.non_ref_properties",
        "weaviate.v1.PropertiesRequest.object_properties",
        "weaviate.v1.PropertiesRequest.ref_properties",
    }
)
"""Repeated fields whose order says nothing; the client sends properties in the order of a Python set."""


def flat(message: Message, path: str = "") -> Iterator[tuple[str, object]]:
    """Give every field that is set, by its path; a message by its own path as well."""
    for field, value in message.ListFields():
        name = f"{path}.{field.name}" if path else field.name
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            entries = [(f"{name}[{key}]", value[key]) for key in sorted(value)]
        elif isinstance(value, Message | str | bytes | bool | int | float):
            entries = [(name, value)]
        else:
            elements = sorted(value, key=_sortable) if field.full_name in UNORDERED else value
            entries = [(f"{name}[{position}]", each) for position, each in enumerate(elements)]
        for where, each in entries:
            if isinstance(each, Message):
                yield where, "a message"
                yield from flat(each, where)
            else:
                yield where, each


def _sortable(element: object) -> str:
    return str(sorted(map(str, flat(element)))) if isinstance(element, Message) else str(element)


def compare(
    intent: str, ours: Message, theirs: Message, differences: Iterable[Difference]
) -> tuple[list[str], set[Difference]]:
    """Give what differs without being in the table, and the lines of the table that were needed."""
    mine, other = dict(flat(ours)), dict(flat(theirs))
    unexplained: list[str] = []
    used: set[Difference] = set()
    for path in sorted(mine.keys() | other.keys()):
        one, two = mine.get(path), other.get(path)
        if one == two and type(one) is type(two):
            continue
        found = [each for each in differences if each.covers(intent, path, one, two)]
        used.update(found)
        if not found:
            unexplained.append(f"{path}: ours {one!r}, theirs {two!r}")
    return unexplained, used


def fields_of(kind: type[Message]) -> set[str]:
    """Give the names of all fields of a message and of those within it."""
    found: set[str] = set()
    outermost = kind.DESCRIPTOR
    assert isinstance(outermost, Descriptor)  # whichever implementation of protobuf's has made it
    waiting = [outermost]
    while waiting:
        for field in waiting.pop().fields:
            if field.full_name not in found:
                found.add(field.full_name)
                waiting.extend(_inner(field))
    return found


def fields_set(message: Message) -> set[str]:
    """Give the names of the fields of a message that are set, and of those within it."""
    found: set[str] = set()
    for field, value in message.ListFields():
        found.add(field.full_name)
        for inner in _inner(field):
            if inner.GetOptions().map_entry:
                found.update(each.full_name for each in inner.fields)
            else:
                for each in [value] if isinstance(value, Message) else value:
                    found |= fields_set(each)
    return found


def _inner(field: FieldDescriptor) -> list[Descriptor]:
    """Give the message that a field holds, if it is one of ours."""
    kind = field.message_type
    return [] if kind is None or kind.full_name.startswith("google.") else [kind]
