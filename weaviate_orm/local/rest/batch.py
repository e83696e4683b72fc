"""REST: objects and references in batches; the table has deletions, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from weaviate_orm.local.go_text import Origin
from weaviate_orm.local.objects import StoredObject
from weaviate_orm.local.plain import is_list, is_mapping
from weaviate_orm.local.refusals import Refused, RestShape
from weaviate_orm.local.rest.deletion import delete_objects
from weaviate_orm.local.rest.object_json import rest_object, rest_vectors
from weaviate_orm.local.rest.requests import ObjectBody, check_consistency, required, unparsable
from weaviate_orm.local.routing import RestRequest, Route
from weaviate_orm.local.writing.beacons import is_uri
from weaviate_orm.local.writing.references import Link, Linked, add_references
from weaviate_orm.local.writing.values import uuid_bytes, uuid_text
from weaviate_orm.local.writing.writes import (
    Draft,
    checked_properties,
    create_tenants,
    fitting_collection,
    put_many,
    taken_vectors,
)
from weaviate_orm.wire.call import RestReply

if TYPE_CHECKING:
    from weaviate_orm.local.schema.parsed import Json
    from weaviate_orm.local.storage.database import Collection, Database

__all__ = ["ROUTES"]


def _result(refusal: Refused | None) -> Json:
    if refusal is None:
        return {"status": "SUCCESS"}
    return {"status": "FAILED", "errors": {"error": [{"message": refusal.text}]}}


# Objects


def _put(database: Database, request: RestRequest) -> RestReply:
    body = required(request)
    if not is_mapping(body):
        raise unparsable(body, "value of type batch.BatchObjectsCreateBody")
    given = body
    elements: Any = given.get("objects")
    if elements is not None and not is_list(elements):
        raise unparsable(elements, "struct field BatchObjectsCreateBody.objects of type []*models.Object")
    bodies = [ObjectBody(each, f"body.objects.{place}.") for place, each in enumerate(elements or ())]
    check_consistency(request)
    if not bodies:
        raise Refused("invalid param 'objects': cannot be empty, need at least one object for batching")
    ids = [uuid_bytes(each.id) if each.id else uuid4().bytes for each in bodies]
    tenants: dict[tuple[Collection, str], None] = {}
    drafts = [_draft(database, each, id, tenants) for each, id in zip(bodies, ids, strict=True)]
    try:
        create_tenants(database, tenants)
    except Refused as refusal:
        raise refusal.prefixed("auto create tenants: ") from None
    refusals = put_many(database, drafts)
    now = database.now()
    return RestReply(
        200,
        [
            {**_echo(database, each, id, draft, now), "deprecations": None, "result": _result(refusal)}
            for each, id, draft, refusal in zip(bodies, ids, drafts, refusals, strict=True)
        ],
    )


def _draft(
    database: Database, body: ObjectBody, id: bytes, tenants: dict[tuple[Collection, str], None]
) -> Draft | Refused:
    try:
        if not body.collection:
            raise Refused("object has an empty class")
        collection = fitting_collection(database, body.collection, body.values, Origin.REST, create=True)
        tenants[collection, body.tenant] = None
        vectors = taken_vectors(collection.schema, body.vector, body.vectors)
        checked = checked_properties(database, collection.schema, body.values, body.tenant, Origin.REST)
    except Refused as refusal:
        return refusal
    return Draft(collection, body.tenant, StoredObject(id, *checked, vectors))


def _echo(database: Database, body: ObjectBody, id: bytes, draft: Draft | Refused, now: int) -> Json:
    """Give an object as the reply has it: as it is stored, or as it came when it was refused."""
    if isinstance(draft, Draft):
        draft.stored.created = draft.stored.created or now
        draft.stored.updated = draft.stored.updated or now
        stored = rest_object(draft.collection.schema, draft.stored, tenant=body.tenant, vectors=True)
        return {**stored, "id": body.id or uuid_text(id)}
    collection = database.find(body.collection)
    echo: Json = {
        "class": body.collection if collection is None else collection.schema.name,
        "creationTimeUnix": now,
        "id": body.id or uuid_text(id),
        "lastUpdateTimeUnix": now,
        "properties": {} if body.properties is None else body.properties,
    }
    if body.tenant:
        echo["tenant"] = body.tenant
    vectors = dict(body.vectors)
    if body.vector is not None:
        vectors[""] = body.vector
    return {**echo, **rest_vectors(vectors)}


# References


def _link(database: Database, request: RestRequest) -> RestReply:
    body = required(request)
    if not is_list(body):
        raise unparsable(body, "value of type []*models.BatchReference")
    elements = body
    links = [_read_link(each, place) for place, each in enumerate(elements)]
    check_consistency(request)
    return RestReply(200, [_linked(each) for each in add_references(database, links)])


def _read_link(element: object, place: int) -> Link:
    if not is_mapping(element):
        raise unparsable(element, "value of type models.BatchReference")
    given = element
    for name in ("from", "to", "tenant"):
        value = given.get(name)
        if value is not None and not isinstance(value, str):
            raise unparsable(value, f"struct field BatchReference.{name} of type string")
    for name in ("from", "to"):
        text = given.get(name) or ""
        if not is_uri(text):
            where = f"{place}.{name}" if place else name
            message = f'{where} in body must be of type uri: "{text}"'
            raise Refused(message, shape=RestShape.CODE, code=601)
    return Link(given.get("from") or "", given.get("to") or "", given.get("tenant") or "")


def _linked(linked: Linked) -> Json:
    body: Json = {"result": _result(linked.refusal)}
    if linked.source is not None:
        body["from"] = linked.source.text
    if linked.target is not None:
        body["to"] = linked.target.text
    return body


ROUTES = (
    Route("POST", "/batch/objects", _put, writes=True),
    Route("DELETE", "/batch/objects", delete_objects, writes=True),
    Route("POST", "/batch/references", _link, writes=True),
)
