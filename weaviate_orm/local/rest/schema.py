"""REST: collections, their properties and indexes, and the state of their shards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from weaviate_orm.local.refusals import Refused, RestShape
from weaviate_orm.local.routing import RestRequest, Route
from weaviate_orm.local.schema.create import created
from weaviate_orm.local.schema.extend import INDEXES, extended, read_property, without_index
from weaviate_orm.local.schema.names import capitalized, schema_refused
from weaviate_orm.local.schema.parsed import Json
from weaviate_orm.local.schema.shapes import SHARD_STATUS, decode_body
from weaviate_orm.local.schema.surroundings import World
from weaviate_orm.local.schema.update import updated
from weaviate_orm.local.storage.changes import DropCollection, PutCollection, SetShardStatus
from weaviate_orm.wire.call import RestReply

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Collection, Database

__all__ = ["ROUTES"]

_STATUSES: Final = ("READY", "READONLY")


def _list(database: Database, request: RestRequest) -> RestReply:
    return RestReply(200, {"classes": [one.schema.json for one in database.collections.values()]})


def _create(database: Database, request: RestRequest) -> RestReply:
    json = created(request.body, World.of(database))
    database.commit([PutCollection(json)])
    return RestReply(200, json)


def _get(database: Database, request: RestRequest) -> RestReply:
    found = database.find(request.variables["collection"])
    if found is None:
        raise Refused(http=404, shape=RestShape.EMPTY)
    return RestReply(200, found.schema.json)


def _real(database: Database, request: RestRequest) -> Collection | None:
    """Give the collection of the path; the server follows aliases to read only."""
    return database.collections.get(capitalized(request.variables["collection"]))


def _update(database: Database, request: RestRequest) -> RestReply:
    found = _real(database, request)
    if found is None and request.body is not None:
        raise Refused(http=404, shape=RestShape.EMPTY)
    current: Json = {} if found is None else found.schema.json
    shard = None if found is None else next(iter(found.shard_names.values()), None)
    update = updated(current, request.body, World.of(database), shard)
    database.commit([PutCollection(update.json)])
    return RestReply(200, update.reply)


def _delete(database: Database, request: RestRequest) -> RestReply:
    found = _real(database, request)
    if found is not None:
        database.commit([DropCollection(found.schema.name)])
    return RestReply(200, None)


def _add_property(database: Database, request: RestRequest) -> RestReply:
    one = read_property(request.body)
    found = _real(database, request)
    if found is None:
        raise schema_refused(_unknown(request))
    json, (written,) = extended(found.schema.json, [one], World.of(database))
    database.commit([PutCollection(json)])
    return RestReply(200, written)


def _unknown(request: RestRequest) -> str:
    return f'class "{capitalized(request.variables["collection"])}": not found'


def _drop_index(database: Database, request: RestRequest) -> RestReply:
    index = request.variables["index"]
    if index not in INDEXES:
        text = f"indexName in path should be one of [{' '.join(INDEXES)}]"
        raise Refused(text, shape=RestShape.CODE, code=606)
    found = _real(database, request)
    if found is None:
        raise Refused(_unknown(request))
    json = without_index(found.schema.json, request.variables["property"], index)
    if json is not found.schema.json:
        database.commit([PutCollection(json)])
    return RestReply(200, None)


def _indexes(database: Database, request: RestRequest) -> RestReply:
    found = database.find(request.variables["collection"])
    if found is None:
        raise Refused(http=404, shape=RestShape.EMPTY)
    properties: list[Json] = found.schema.json.get("properties") or []
    return RestReply(
        200, {"collection": found.schema.name, "properties": [_property_indexes(one) for one in properties]}
    )


def _property_indexes(one: Json) -> Json:
    tokenization: Json = {"tokenization": one["tokenization"]} if one.get("tokenization") else {}
    indexes: list[Json] = []
    if one.get("indexFilterable"):
        indexes.append({"type": "filterable", "status": "ready", **tokenization})
    if one.get("indexSearchable"):
        indexes.append({"type": "searchable", "status": "ready", "algorithm": "blockmax", **tokenization})
    if one.get("indexRangeFilters"):
        indexes.append({"type": "rangeFilters", "status": "ready"})
    described: Json = {"description": one["description"]} if one.get("description") else {}
    return {"name": one["name"], "dataType": one["dataType"][0], "indexes": indexes or None, **described}


def _shards(database: Database, request: RestRequest) -> RestReply:
    found = database.find(request.variables["collection"])
    if found is None:
        name = capitalized(request.variables["collection"])
        raise Refused(f"cannot get shards status for a non-existing index for {name}: not found", http=404)
    only = request.query.get("tenant", "")
    replies: list[Json] = []
    for tenant, shard in found.shard_names.items():
        if only and shard != only:
            continue
        if found.tenants.get(tenant, "HOT") != "HOT":
            raise Refused(f"shard {shard}: status code: 500 body: (local {shard} shard not found\n)", http=500)
        status = "READONLY" if tenant in found.readonly else "READY"
        replies.append({"name": shard, "status": status, "vectorQueueSize": 0})
    return RestReply(200, replies)


def _set_shard(database: Database, request: RestRequest) -> RestReply:
    given: str = decode_body(SHARD_STATUS, request.body, "body").get("status", "")
    prefix = "updating db: TYPE_UPDATE_SHARD_STATUS: "
    found = _real(database, request)
    if found is None:
        name = capitalized(request.variables["collection"])
        raise Refused(f"{prefix}cannot update shard status to a non-existing index for {name}: not found", http=404)
    if given.upper() not in _STATUSES:
        raise Refused(f"{prefix}{given}: invalid storage status", http=500)
    for tenant, shard in found.shard_names.items():
        if shard == request.variables["shard"] and found.tenants.get(tenant, "HOT") == "HOT":
            database.commit([SetShardStatus(found.schema.name, tenant, given.upper())])
    return RestReply(200, {"status": given})


ROUTES: Final = (
    Route("GET", "/schema", _list),
    Route("POST", "/schema", _create, writes=True),
    Route("GET", "/schema/{collection}", _get),
    Route("PUT", "/schema/{collection}", _update, writes=True),
    Route("DELETE", "/schema/{collection}", _delete, writes=True),
    Route("POST", "/schema/{collection}/properties", _add_property, writes=True),
    Route("DELETE", "/schema/{collection}/properties/{property}/index/{index}", _drop_index, writes=True),
    Route("GET", "/schema/{collection}/indexes", _indexes),
    Route("GET", "/schema/{collection}/shards", _shards),
    Route("PUT", "/schema/{collection}/shards/{shard}", _set_shard, writes=True),
)
"""Collections; their tenants are in ``tenants.py``, refusals of what servers do not do by default in ``capabilities.py``."""
