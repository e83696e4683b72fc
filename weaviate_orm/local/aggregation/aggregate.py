"""The Aggregate RPC: which objects, in which groups, and what is computed over each group's properties.

Which objects is decided in ``searching.py`` and ``filters/``, groups in ``grouping.py``, numbers in
``metrics.py``. The server has two ways through its data, and replies and errors differ in small things: *everything* is read
from indexes, a *selection* (filter, search or group) from the stored objects.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from weaviate_orm.local.aggregation.grouping import DEFAULT_GROUPS, group_rows, grouped_by, shown
from weaviate_orm.local.aggregation.metrics import (
    Asked,
    asked_metrics,
    declared_type,
    kind_of,
    measure,
    no_such_property,
)
from weaviate_orm.local.aggregation.searching import Search, read_search
from weaviate_orm.local.aggregation.values import OpenColumn
from weaviate_orm.local.filters.clauses import Clause, read_filters
from weaviate_orm.local.filters.filtering import select
from weaviate_orm.local.filters.rules import check_filter
from weaviate_orm.local.objects import Bools, Ints
from weaviate_orm.local.refusals import Refused
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Collection, Database
    from weaviate_orm.local.storage.shard import Shard

__all__ = ["aggregate"]

Part: TypeAlias = pb.AggregateReply.Aggregations.Aggregation


def aggregate(database: Database, request: pb.AggregateRequest) -> pb.AggregateReply:
    """Answer one Aggregate request.

    Raises:
        Refused: with the server's words.
    """
    started = time.perf_counter()
    try:
        chosen = _read(database, request)
    except Refused as refusal:
        raise refusal.prefixed("parse params: ") from None
    try:
        reply = _answer(chosen, request)
    except Refused as refusal:
        raise refusal.prefixed("aggregate: ") from None
    reply.took = time.perf_counter() - started
    return reply


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which objects a request is about."""

    database: Database
    collection: Collection
    tenant: str
    clause: Clause | None
    search: Search | None

    def rows(self, shard: Shard) -> Ints | None:
        """Give the rows, ascending; ``None`` for everything."""
        allowed: Bools | None = None
        if self.clause is not None:
            try:
                allowed = select(self.database, self.collection, shard, self.tenant, self.clause)
            except Refused as refusal:
                raise refusal.prefixed("retrieve doc IDs from searcher: ") from None
        found = None if self.search is None else self.search.rows(shard, allowed)
        if found is not None:
            return np.sort(found)
        return None if allowed is None else np.flatnonzero(allowed)


def _read(database: Database, request: pb.AggregateRequest) -> _Chosen:
    collection = database.find(request.collection)
    if collection is None:
        name = request.collection[:1].upper() + request.collection[1:]
        raise Refused(f"could not find class {name} in schema")
    clause: Clause | None = None
    if request.HasField("filters"):
        try:
            clause = read_filters(database, collection.schema.name, request.filters)
        except Refused as refusal:
            raise refusal.prefixed("extract filters: ") from None
        try:
            check_filter(database, clause)
        except Refused as refusal:
            raise refusal.prefixed("validate filters: ") from None
    return _Chosen(database, collection, request.tenant, clause, read_search(database, collection.schema, request))


def _answer(chosen: _Chosen, request: pb.AggregateRequest) -> pb.AggregateReply:
    collection, tenant = chosen.collection, chosen.tenant
    if chosen.search is not None:
        chosen.search.prepare(chosen.database, collection, tenant)
    shard = collection.shard(tenant)
    wishes = [asked_metrics(each) for each in request.aggregations]
    typed = frozenset(each.property for each in wishes if "type" in each.metrics)
    # Of two wishes about one property the later one holds, except that either may ask for the type.
    measures = _Measures(shard, list({each.property: each for each in wishes}.values()), typed)
    try:
        answer = _grouped if request.HasField("group_by") else _single
        reply = answer(chosen, shard, measures, request)
    except Refused as refusal:
        raise refusal.prefixed(f"shard {collection.shard_names[tenant]}: ") from None
    for each in wishes:
        if each.property in typed and each.property not in shard.schema.properties:
            raise no_such_property(shard.schema, each.property)  # there was no group to find that out before
    return reply


def _grouped(chosen: _Chosen, shard: Shard, measures: _Measures, request: pb.AggregateRequest) -> pb.AggregateReply:
    reply = pb.AggregateReply()
    name = request.group_by.property
    limit = request.limit if request.HasField("limit") else DEFAULT_GROUPS
    try:
        rows = chosen.rows(shard)
    except Refused as refusal:
        raise refusal.prefixed("identify groups: ") from None
    selected = rows is not None
    rows = np.flatnonzero(shard.live) if rows is None else rows
    for number, group in enumerate(group_rows(shard, name, rows, limit, selected=selected)):
        try:
            parts = measures.selection(group.rows)
        except Refused as refusal:
            raise refusal.prefixed(f"aggregate group {number} ({shown(group.value)}): aggregate properties: ") from None
        one = reply.grouped_results.groups.add(objects_count=len(group.rows), grouped_by=grouped_by(name, group.value))
        if parts:
            one.aggregations.aggregations.extend(parts)
    return reply


def _single(chosen: _Chosen, shard: Shard, measures: _Measures, request: pb.AggregateRequest) -> pb.AggregateReply:
    reply = pb.AggregateReply()
    rows = chosen.rows(shard)
    count = len(shard) if rows is None else len(rows)
    reply.single_result.objects_count = count if request.objects_count else 0
    try:
        parts = measures.everything() if rows is None else measures.selection(rows)
    except Refused as refusal:
        raise refusal.prefixed("aggregate properties: ") from None
    if parts:
        reply.single_result.aggregations.aggregations.extend(parts)
    return reply


class _Measures:
    """What was asked of the properties of one shard, for as many groups as there are."""

    def __init__(self, shard: Shard, asked: Sequence[Asked], typed: frozenset[str]) -> None:
        self._shard = shard
        self._asked = asked
        self._typed = typed
        self._opened: dict[str, OpenColumn] = {}

    def everything(self) -> list[Part]:
        """Compute over all objects. References give only the collections that they lead to, if their type is asked for."""
        schema = self._shard.schema
        parts: list[Part] = []
        for asked in self._asked:
            name = asked.property
            try:
                if kind_of(schema, name) != "reference":
                    parts.append(self._part(asked, None))
                    continue
            except Refused as refusal:
                raise refusal.prefixed(f"property {name}: ") from None
            if name in self._typed:
                part = Part(property=name)
                part.reference.type = declared_type(schema.properties[name])
                part.reference.pointing_to.extend(schema.properties[name].targets)
                parts.append(part)
        return parts

    def selection(self, rows: Ints) -> list[Part]:
        """Compute over some objects."""
        for asked in self._asked:
            try:
                kind_of(self._shard.schema, asked.property)
            except Refused as refusal:
                raise refusal.prefixed(f"prepare aggregators for props: property {asked.property}: ") from None
        return [self._part(asked, rows) for asked in self._asked]

    def _part(self, asked: Asked, rows: Ints | None) -> Part:
        name = asked.property
        found = self._shard.schema.properties[name]
        opened = self._opened.get(name)
        if opened is None:
            opened = self._opened[name] = OpenColumn(self._shard, name)
        return measure(found, opened.select(rows), asked, declared_type(found) if name in self._typed else "")
