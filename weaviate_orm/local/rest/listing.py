"""REST: lists of objects, of one collection or of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from weaviate_orm.local.filters.sorting import check_sort, sort_rows
from weaviate_orm.local.objects import Ints
from weaviate_orm.local.refusals import Refused, RestShape
from weaviate_orm.local.rest.object_json import included_vectors, rest_object
from weaviate_orm.local.rest.requests import whole_number
from weaviate_orm.local.writing.references import worded
from weaviate_orm.local.writing.values import uuid_bytes
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.routing import RestRequest
    from weaviate_orm.local.schema.parsed import Json
    from weaviate_orm.local.storage.database import Collection, Database
    from weaviate_orm.local.storage.shard import Shard

__all__ = ["list_objects"]

_DEFAULT_LIMIT = 10
_MOST = 10_000


def list_objects(database: Database, request: RestRequest) -> Json:
    """Give the body of a list.

    Raises:
        Refused: no such collection or tenant, or parameters that exclude each other.
    """
    limit, offset = whole_number(request, "limit"), whole_number(request, "offset") or 0
    vectors = included_vectors(request)
    name = request.query.get("class")
    if not name:
        return _list_all(database, request, offset, limit, vectors)
    try:
        _check_extent(offset, limit)
    except Refused as refusal:
        raise worded("offset or limit", 400, refusal) from None
    collection = database.find(name)
    if collection is None:
        raise Refused(http=404, shape=RestShape.EMPTY)
    try:
        shard = collection.shard(request.query.get("tenant", ""))
    except Refused as refusal:
        raise worded(f"search index {collection.schema.name.lower()}", 422, refusal) from None
    keys = _keys(request)
    try:
        check_sort(collection.schema, keys)
    except Refused as refusal:
        raise worded("sorting", 400, refusal.text.removeprefix("invalid 'sort' parameter: ")) from None
    rows = _after(request, shard, limit, offset, keys)
    start, stop = max(offset, 0), max(offset, 0) + _wanted(limit)
    if keys:
        rows = sort_rows(shard, rows, keys, limit=stop)
    return _body([_one(collection, shard, int(row), vectors) for row in rows[start:stop]])


def _wanted(limit: int | None) -> int:
    return _DEFAULT_LIMIT if limit is None else max(limit, 0)


def _check_extent(offset: int, limit: int | None) -> None:
    wanted = _DEFAULT_LIMIT if limit is None else limit
    if offset + wanted > _MOST:
        raise Refused(
            f"query maximum results exceeded: the total limit calculated from the provided offset '{offset}' and limit '{wanted}' "
            f"exceeds the configured value for QUERY_MAXIMUM_RESULTS '{_MOST}'. If you've supplied a negative offset or limit, "
            "this may be an underflow error"
        )


def _keys(request: RestRequest) -> list[pb.SortBy]:
    names = request.query.get("sort")
    if names is None:
        return []
    orders = request.query.get("order", "").split(",")
    return [
        pb.SortBy(path=[name], ascending=place >= len(orders) or orders[place] != "desc")
        for place, name in enumerate(names.split(","))
    ]


def _after(request: RestRequest, shard: Shard, limit: int | None, offset: int, keys: list[pb.SortBy]) -> Ints:
    """Give the rows in the order of their ids, from the one after the cursor on.

    Raises:
        Refused: the cursor is none, or stands beside what it excludes.
    """
    rows = shard.in_uuid_order()
    after = request.query.get("after")
    if after is None:
        return rows
    problem = None
    if keys:
        problem = "sort cannot be set with after and limit parameters"
    elif offset:
        problem = "offset cannot be set with after and limit parameters"
    elif limit is None or limit < 0:
        problem = "limit parameter must be set"
    if after and problem is None:
        try:
            first = uuid_bytes(after)
        except ValueError as error:
            problem = f"after parameter '{after}' is not a valid uuid: {error}"
        else:
            return _above(shard, rows, first)
    if problem is not None:
        raise worded("cursor api: invalid 'after' parameter", 400, problem)
    return rows


def _above(shard: Shard, rows: Ints, id: bytes) -> Ints:
    low, high = 0, len(rows)
    while low < high:
        middle = (low + high) // 2
        if shard.id_at(int(rows[middle])) <= id:
            low = middle + 1
        else:
            high = middle
    return rows[low:]


def _list_all(database: Database, request: RestRequest, offset: int, limit: int | None, vectors: bool) -> Json:
    try:
        _check_extent(offset, limit)
        if "after" in request.query:
            raise Refused("after parameter not allowed, cursor must be specific to one class, set class query param")
    except Refused as refusal:
        raise Refused("list objects: " + refusal.text, http=500) from None
    tenant = request.query.get("tenant", "")
    found: list[tuple[Collection, Shard, int]] = []
    for _, collection in sorted(database.collections.items()):
        if collection.schema.multi_tenancy != bool(tenant) or (tenant and tenant not in collection.tenants):
            continue
        shard = collection.shard(tenant)
        found += [(collection, shard, int(row)) for row in shard.in_uuid_order()]
    start = max(offset, 0)
    body = _body([_one(*each, vectors) for each in found[start : start + _wanted(limit)]])
    del body["deprecations"]
    return {"deprecations": None, **body}


def _one(collection: Collection, shard: Shard, row: int, vectors: bool) -> Json:
    body = rest_object(collection.schema, shard.object_at(row), tenant="", vectors=vectors)
    body["vectorWeights"] = None
    return body


def _body(objects: list[Json]) -> Json:
    body: Json = {"deprecations": [], "objects": objects}
    if objects:
        body["totalResults"] = len(objects)
    return body
