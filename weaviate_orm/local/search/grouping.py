"""Results in groups by the values of a property. Groups stand in the order in which their first member was found.

A vector search groups by anything, keyword and hybrid search by texts only, as the server does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from weaviate_orm.local.go_json import json_text
from weaviate_orm.local.objects import Value
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import PropertySchema
from weaviate_orm.local.search.hits import Group, Hit
from weaviate_orm.local.search.replies import ResultWriter, UnresolvedReference
from weaviate_orm.local.writing.values import rest_value
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.storage.shard import Shard

__all__ = ["group_found", "group_page", "write_group"]

_ValuesOf: TypeAlias = "Callable[[Value | None], Sequence[str]]"
"""The names of the groups that a value belongs to; none leaves its object out."""

_TEXTS: Final = ("text", "string", "uuid", "date", "blob", "blobHash")


def group_found(shard: Shard, request: pb.GroupBy, hits: Sequence[Hit]) -> list[Hit]:
    """Give the first members of groups by a property of any type, of all that a vector search found.

    No value makes the group ``""``, and each element of an array belongs to a group of its own.
    """
    name = request.path[0]
    of = shard.schema.properties.get(name)
    if of is None:  # a path into an object, which nothing is found at
        return _grouped(hits, lambda row: None, _nothing, request, spread=True)
    return _grouped(hits, shard.column(name).value, _any_values(of), request, spread=True)


def group_page(shard: Shard, request: pb.GroupBy, hits: Sequence[Hit]) -> list[Hit]:
    """Give the first members of groups by a property that holds texts, of a page; objects without a value are left out.

    Raises:
        Refused: the property holds lists of objects.
    """
    name = request.path[0]
    of = shard.schema.properties.get(name)
    if of is None or (of.element not in _TEXTS and of.data_type != "object[]"):
        return []
    values_of = _no_texts(name) if of.data_type == "object[]" else _text_values
    return _grouped(hits, shard.column(name).value, values_of, request, spread=False)


def _any_values(of: PropertySchema) -> _ValuesOf:
    if of.is_reference:
        return _beacons

    def names(value: Value | None) -> Sequence[str]:
        if value is None or value == []:
            return [""]
        shown: Sequence[Value] = rest_value(of, value) if of.is_array else [rest_value(of, value)]
        return [_name(each) for each in shown]

    return names


def _nothing(value: Value | None) -> Sequence[str]:
    return [""]


def _beacons(value: Value | None) -> Sequence[str]:
    return [each.text for each in value] if value else [""]


def _name(value: Value) -> str:
    text = json_text(value)
    return text[1:-1] if isinstance(value, str) else text  # the server takes the bytes between the quotation marks


def _text_values(value: Value | None) -> Sequence[str]:
    if value is None:
        return ()
    return [value] if isinstance(value, str) else value


def _no_texts(name: str) -> _ValuesOf:
    def refuse(value: Value | None) -> Sequence[str]:
        if value:
            raise Refused(
                f"failed to extract groupBy values for property {name}: "
                "array element at index 0 is not a string: map[string]interface {}"
            )
        return ()

    return refuse


def _grouped(
    hits: Iterable[Hit],
    read: Callable[[int], Value | None],
    values_of: _ValuesOf,
    request: pb.GroupBy,
    *,
    spread: bool,
) -> list[Hit]:
    """Put hits, best first, into at most as many groups of as many members as requested."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        for name in values_of(read(hit.row)):
            members = groups.get(name)
            if members is None:
                if request.objects_per_group < 1:
                    continue
                if len(groups) >= request.number_of_groups:
                    break  # the further values of this object are not looked at
                groups[name] = [hit]
            elif len(members) < request.objects_per_group:
                members.append(hit)
    # An object may be the first of several groups.
    return [replace(members[0], group=Group(name, members, spread)) for name, members in groups.items()]


def write_group(writer: ResultWriter, hit: Hit, target: pb.GroupByResult) -> None:
    """Write the group whose first member a hit is."""
    found = hit.group
    assert found is not None
    target.name = found.name
    target.number_of_objects = len(found.members)
    first = found.members[0].distance or 0.0
    target.min_distance = first
    target.max_distance = (found.members[-1].distance or 0.0) if found.spread else first
    try:
        writer.write_members(found.members, [target.objects.add() for _ in found.members])
    except UnresolvedReference:
        raise
    except Refused as refusal:
        raise refusal.prefixed("extracting hits from group: ") from None
