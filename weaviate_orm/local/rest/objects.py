"""REST: objects one by one, and lists of them. The paths without a collection are deprecated, and still answered."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from weaviate_orm.local.go_text import Origin
from weaviate_orm.local.objects import StoredObject
from weaviate_orm.local.refusals import Refused, RestShape, ServiceFailed, Unsupported
from weaviate_orm.local.rest.listing import list_objects
from weaviate_orm.local.rest.object_json import included_vectors, rest_object
from weaviate_orm.local.rest.requests import ObjectBody, check_consistency, id_in_path, object_body
from weaviate_orm.local.routing import RestRequest, Route
from weaviate_orm.local.schema.names import capitalized
from weaviate_orm.local.storage.changes import DropObject
from weaviate_orm.local.writing.lookup import object_anywhere, object_exists, stored_object
from weaviate_orm.local.writing.updates import merge_object
from weaviate_orm.local.writing.values import uuid_bytes
from weaviate_orm.local.writing.writes import (
    READ_ONLY,
    Draft,
    checked_properties,
    create_tenants,
    fitting_collection,
    put_one,
    taken_vectors,
    vectorized,
)
from weaviate_orm.wire.call import RestReply

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Collection, Database

__all__ = ["ROUTES"]

_MISSING = Refused(http=404, shape=RestShape.EMPTY)


def _validated(database: Database, collection: Collection, body: ObjectBody, id: bytes) -> Draft:
    """Give the object of a body when its values and vectors fit the collection.

    Raises:
        Refused: they do not.
    """
    try:
        schema = collection.schema
        vectors = taken_vectors(schema, body.vector, body.vectors)
        checked = checked_properties(database, schema, body.values, body.tenant, Origin.REST)
    except Refused as refusal:
        raise refusal.prefixed("invalid object: ") from None
    return Draft(collection, body.tenant, StoredObject(id, *checked, vectors))


# Writing


def _create(database: Database, request: RestRequest) -> RestReply:
    body = object_body(request)
    check_consistency(request)
    if not body.collection:
        raise Refused("invalid object: the given class is empty")
    id = uuid_bytes(body.id) if body.id else uuid4().bytes
    collection = database.find(body.collection)
    if body.id and collection is not None:
        _check_unused(database, collection, body, id)
    try:
        collection = fitting_collection(database, body.collection, body.values, Origin.REST, create=True)
    except Refused as refusal:
        raise refusal.prefixed("invalid object: ") from None
    create_tenants(database, [(collection, body.tenant)])
    draft = _validated(database, collection, body, id)
    draft.stored.created = draft.stored.updated = database.now()
    _vectorize(database, draft)
    put_one(database, draft)
    reply = rest_object(draft.collection.schema, draft.stored, tenant=draft.tenant, vectors=True)
    reply["id"] = body.id.lower() or reply["id"]
    return RestReply(200, reply)


def _check_unused(database: Database, collection: Collection, body: ObjectBody, id: bytes) -> None:
    try:
        taken = object_exists(database, collection.schema.name, id, body.tenant)
    except Refused as refusal:
        if "tenant not found" in refusal.text:  # it may be made yet
            return
        raise
    if taken:
        raise Refused(f"id '{body.id}' already exists")


def _vectorize(database: Database, draft: Draft, prefix: str = "") -> None:
    refusal = vectorized(database, [draft])[0]
    if refusal is None:
        return
    if isinstance(refusal, Unsupported | ServiceFailed):
        raise refusal
    target = next(each.name for each in draft.collection.schema.vectors.values() if each.module != "none")
    where = f"vectorize target vector {target}: " if target else ""
    raise Refused(f"{prefix}{where}update vector: {refusal.text}", http=500)


def _replace(database: Database, request: RestRequest) -> RestReply:
    id = id_in_path(request)
    body = object_body(request)
    check_consistency(request)
    if body.id != request.variables["id"]:
        raise Refused("invalid update: field 'id' is immutable")
    if not body.collection:
        raise Refused("invalid object: the given class is empty")
    try:
        found = stored_object(database, body.collection, id, body.tenant)
    except Refused as refusal:
        raise refusal.prefixed("repo: object by id: ") from None
    if found is None:
        raise _MISSING
    collection, previous = found
    try:
        collection = fitting_collection(database, body.collection, body.values, Origin.REST, create=False)
    except Refused as refusal:
        raise Refused("invalid object: " + refusal.text) from None
    draft = _validated(database, collection, body, id)
    draft.previous = previous
    draft.stored.created, draft.stored.updated = previous.created, database.now()
    _vectorize(database, draft, "update object: ")
    put_one(database, draft)
    reply = rest_object(collection.schema, draft.stored, tenant=draft.tenant, vectors=True)
    if body.properties is None:
        del reply["properties"]
    return RestReply(200, reply)


def _merge(database: Database, request: RestRequest) -> RestReply:
    id = id_in_path(request)
    if request.body is None:
        return RestReply(400, None)
    body = ObjectBody(request.body)
    check_consistency(request)
    merge_object(database, request.variables.get("collection", body.collection), id, body)
    return RestReply(204, None)


def _validate(database: Database, request: RestRequest) -> RestReply:
    body = object_body(request)
    collection = database.find(body.collection)
    if not body.id:
        raise Refused("invalid object: invalid UUID length: 0")
    if collection is None:
        raise Refused(f'invalid object: class "{capitalized(body.collection)}" not found in schema')
    _validated(database, collection, body, uuid_bytes(body.id))
    return RestReply(200, None)


def _delete(database: Database, request: RestRequest) -> RestReply:
    id = id_in_path(request)
    check_consistency(request)
    tenant = request.query.get("tenant", "")
    name = request.variables.get("collection")
    if name is None:
        _delete_everywhere(database, id)
        return RestReply(204, None)
    collection = database.find(name)
    if collection is None:
        missing = f"could not delete object from vector repo: delete from non-existing index for {capitalized(name)}"  # noqa: S608 - no SQL
        raise Refused(missing, http=500)
    index = f'delete from index "{collection.schema.name.lower()}": '  # noqa: S608 - no SQL
    try:
        shard = collection.shard(tenant)
    except Refused as refusal:
        raise refusal.prefixed(f"delete object from vector repo: {index}determine shard: ") from None
    if tenant in collection.readonly:
        where = f'delete local object: shard="{collection.shard_names[tenant]}": '
        raise Refused(f"could not delete object from vector repo: {index}{where}{READ_ONLY}", http=500)
    if shard.row(id) is not None:
        database.commit([DropObject(collection.schema.name, tenant, id)])
    return RestReply(204, None)


def _delete_everywhere(database: Database, id: bytes) -> None:
    try:
        if object_anywhere(database, id, "") is None:
            raise _MISSING
    except Refused as refusal:
        raise refusal.prefixed("repo: object by id: ") if refusal.text else refusal from None
    database.commit(
        [
            DropObject(name, "", id)
            for name, collection in sorted(database.collections.items())
            if not collection.schema.multi_tenancy and collection.shard("").row(id) is not None
        ]
    )


# Reading


def _get(database: Database, request: RestRequest) -> RestReply:
    id = id_in_path(request)
    name = request.variables.get("collection")
    tenant = request.query.get("tenant", "")
    if name is not None and "include" in request.query and database.find(name) is None:
        raise _MISSING
    vectors = included_vectors(request)
    check_consistency(request)
    try:
        found = object_anywhere(database, id, tenant) if name is None else stored_object(database, name, id, tenant)
    except Refused as refusal:
        raise refusal.prefixed("repo: object by id: ") from None
    if found is None:
        raise _MISSING
    collection, stored = found
    body = rest_object(collection.schema, stored, tenant=tenant, vectors=vectors)
    body["vectorWeights"] = None
    return RestReply(200, body)


def _exists(database: Database, request: RestRequest) -> RestReply:
    try:
        id = id_in_path(request)
        check_consistency(request)
        name = request.variables.get("collection", "")
        collection = database.find(name)
        if name and collection is None:
            return RestReply(404, None)
        real = "" if collection is None else collection.schema.name
        found = object_exists(database, real, id, request.query.get("tenant", ""))
    except Refused as refusal:
        return RestReply(refusal.http, None)  # HEAD has no body
    return RestReply(204 if found else 404, None)


def _list(database: Database, request: RestRequest) -> RestReply:
    return RestReply(200, list_objects(database, request))


ROUTES = (
    Route("GET", "/objects", _list),
    Route("POST", "/objects", _create, writes=True),
    Route("POST", "/objects/validate", _validate),
    *(
        Route(method, path, handler, writes)
        for path in ("/objects/{collection}/{id}", "/objects/{id}")
        for method, handler, writes in (
            ("GET", _get, False),
            ("HEAD", _exists, False),
            ("PUT", _replace, True),
            ("PATCH", _merge, True),
            ("DELETE", _delete, True),
        )
    ),
)
