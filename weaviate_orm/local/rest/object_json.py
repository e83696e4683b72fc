"""A stored object as REST has it in JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from weaviate_orm.local.go_text import float32_numbers
from weaviate_orm.local.objects import Beacon, StoredObject, Vector
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.writing.values import rest_value, uuid_text

if TYPE_CHECKING:
    from weaviate_orm.local.routing import RestRequest
    from weaviate_orm.local.schema.parsed import CollectionSchema, Json

__all__ = ["included_vectors", "rest_object", "rest_references", "rest_vectors"]


def included_vectors(request: RestRequest) -> bool:
    """Tell whether a request's ``include`` asks for vectors.

    Raises:
        Refused: it asks for something that is not there.
    """
    include = request.query.get("include")
    if include is None:
        return False
    parts = include.split(",")
    for part in parts:
        if part not in ("vector", "classification"):
            raise Refused(f"unrecognized property '{part}' in ?include list", http=400)
    return "vector" in parts


def rest_object(schema: CollectionSchema, stored: StoredObject, *, tenant: str, vectors: bool) -> Json:
    """Give an object's JSON.

    Args:
        schema: of its collection.
        stored: the object.
        tenant: to be named in it, ``""`` for none.
        vectors: whether to give them, too.
    """
    properties: dict[str, Any] = {  # JSON
        name: rest_value(schema.properties[name], value) for name, value in stored.properties.items()
    }
    for name, beacons in stored.references.items():
        properties[name] = rest_references(beacons)
    body: Json = {
        "class": schema.name,
        "creationTimeUnix": stored.created,
        "id": uuid_text(stored.id),
        "lastUpdateTimeUnix": stored.updated,
        "properties": properties,
    }
    if tenant:
        body["tenant"] = tenant
    if vectors:
        body.update(rest_vectors(stored.vectors))
    return body


def rest_references(beacons: Iterable[Beacon]) -> list[dict[str, str]]:
    """Give references as REST has them."""
    return [{"beacon": beacon.text, "href": beacon.href} for beacon in beacons]


def rest_vectors(vectors: Mapping[str, Vector]) -> Json:
    """Give the members ``vector`` and ``vectors``, without those that would be empty."""
    body: Json = {}
    named = {name: float32_numbers(vector) for name, vector in vectors.items() if name and vector.size}
    if named:
        body["vectors"] = named
    if "" in vectors and vectors[""].size:
        body["vector"] = float32_numbers(vectors[""])
    return body
