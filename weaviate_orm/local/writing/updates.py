"""PATCH: some properties and vectors of a stored object, the rest as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weaviate_orm.local.go_text import Origin
from weaviate_orm.local.objects import StoredObject
from weaviate_orm.local.refusals import Refused, Unsupported
from weaviate_orm.local.schema.names import uncapitalized
from weaviate_orm.local.storage.changes import PutObject
from weaviate_orm.local.writing.lookup import stored_object
from weaviate_orm.local.writing.references import worded
from weaviate_orm.local.writing.writes import (
    READ_ONLY,
    Draft,
    Way,
    check_vectors,
    checked_properties,
    fitting_collection,
    numbered,
    taken_vectors,
    vectorized,
)

if TYPE_CHECKING:
    from weaviate_orm.local.rest.requests import ObjectBody
    from weaviate_orm.local.storage.database import Collection, Database

__all__ = ["merge_object"]


def merge_object(database: Database, name: str, id: bytes, body: ObjectBody) -> None:
    """Change an object: given properties replace those of their name, ``null`` takes one away, references are appended.

    Vectors stay when none are given; modules make theirs anew when the text has changed.

    Raises:
        Refused: there is no such object, or a value or vector does not fit; in the words of REST.
    """
    if not name:
        raise worded("bad request", 400, "empty class")
    try:
        found = stored_object(database, name, id, body.tenant)
    except Refused as refusal:
        raise worded("repo.object", 422, refusal) from None
    if found is None:
        raise worded("not found", 404, "")
    previous = found[1]
    plain = _values(body)
    try:
        collection = fitting_collection(database, name, plain, Origin.REST, create=False)
    except Refused as refusal:
        raise worded("bad request", 400, refusal.prefixed("invalid object: ")) from None
    schema = collection.schema
    try:
        vectors = taken_vectors(schema, body.vector, body.vectors)
        properties, references = checked_properties(database, schema, plain, body.tenant, Origin.REST)
    except Refused as refusal:
        raise worded("bad request", 400, refusal) from None
    stored = StoredObject(
        id,
        {**previous.properties, **properties},
        {name: list(beacons) for name, beacons in previous.references.items()},
        {
            **{
                target: vector
                for target, vector in previous.vectors.items()
                if target not in schema.vectors or schema.vectors[target].module == "none"
            },
            **vectors,
        },
        previous.created,
        database.now(),
    )
    for name, beacons in references.items():
        if beacons:
            together = [*stored.references.get(name, []), *beacons]
            single = schema.properties[name].disable_duplicates
            stored.references[name] = list(dict.fromkeys(together)) if single else together
    draft = Draft(collection, body.tenant, stored, previous, previous.properties.keys() - properties.keys())
    # The server looks at the text of properties that this very request takes away.
    problem = vectorized(database, [draft])[0]
    if isinstance(problem, Unsupported):
        raise problem
    if problem is not None:
        raise worded("merge and vectorize", 500, problem)
    for given, value in plain.items():
        if value is None:
            stored.properties.pop(uncapitalized(given), None)
            stored.references.pop(uncapitalized(given), None)  # checked_properties passed it over
    _store(database, collection, draft)


def _values(body: ObjectBody) -> dict[str, Any]:  # JSON
    try:
        return body.values
    except Refused as refusal:
        raise worded("bad request", 400, refusal) from None


def _store(database: Database, collection: Collection, draft: Draft) -> None:
    name, tenant = collection.schema.name, draft.tenant
    where = f'merge into index {name.lower()}: update local object: shard="{collection.shard_names[tenant]}": '
    if tenant in collection.readonly:
        raise worded("repo.merge", 500, where + READ_ONLY)
    try:
        check_vectors(collection.shard(tenant), draft.stored, Way.MERGE)
    except Refused as refusal:
        raise worded("repo.merge", 500, refusal.prefixed(where)) from None
    database.commit([PutObject(name, tenant, numbered(draft))])
