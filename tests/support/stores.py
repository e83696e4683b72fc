"""Small collections for tests of what the in-process engine stores."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import numpy as np

from weaviate_orm.local.objects import Beacon, StoredObject
from weaviate_orm.local.schema.parsed import Json, PropertySchema, parse_property
from weaviate_orm.local.services import Services
from weaviate_orm.local.storage.changes import DropObject, PutObject
from weaviate_orm.local.storage.database import Database

TYPES = {
    "title": "text",
    "tags": "text[]",
    "serial": "uuid",
    "serials": "uuid[]",
    "count": "int",
    "counts": "int[]",
    "price": "number",
    "prices": "number[]",
    "open": "boolean",
    "opens": "boolean[]",
    "day": "date",
    "days": "date[]",
    "place": "geoCoordinates",
    "phone": "phoneNumber",
    "data": "blob",
    "address": "object",
    "author": "Author",
}
"""One property of each kind."""


def property_json(name: str, data_type: str, **more: Any) -> Json:  # JSON has no narrower type
    """Give a property as REST does."""
    if data_type in ("text", "text[]"):
        more = {"tokenization": "word", "indexSearchable": True} | more
    return {"name": name, "dataType": [data_type], "indexFilterable": True} | more


def property_of(name: str, data_type: str, **more: Any) -> PropertySchema:  # JSON has no narrower type
    """Give a property as the engine reads it."""
    return parse_property(property_json(name, data_type, **more), {})


def vector_json(distance: str = "cosine", **index: Any) -> Json:  # JSON has no narrower type
    """Give a target vector that objects bring along."""
    return {
        "vectorizer": {"none": {}},
        "vectorIndexType": "hnsw",
        "vectorIndexConfig": {"distance": distance, **index},
    }


def collection_json(
    name: str, types: Mapping[str, str] = TYPES, *, vectors: Mapping[str, Json] | None = None, **more: Any
) -> Json:  # JSON has no narrower type
    """Give a complete configuration."""
    return {
        "class": name,
        "properties": [property_json(property, data_type) for property, data_type in types.items()],
        "vectorConfig": {"embedding": vector_json()} if vectors is None else vectors,
        **more,
    }


def open_database(path: str | os.PathLike[str] | None = None) -> Database:
    """Open a database without services whose clock stands still."""
    return Database(Services(), path=path, clock=lambda: 1_700_000_000_000)


def id_of(number: int) -> bytes:
    """Give the id with a number."""
    return UUID(int=number).bytes


def put(number: int, collection: str = "Article", tenant: str = "", **properties: Any) -> PutObject:  # canonical values
    """Give the change that stores an object with a vector made of its number."""
    vector = np.arange(number, number + 3, dtype=np.float32)
    stored = StoredObject(id_of(number), properties, {}, {"embedding": vector}, created=number, updated=number + 1)
    return PutObject(collection, tenant, stored)


def drop(number: int, collection: str = "Article", tenant: str = "") -> DropObject:
    """Give the change that deletes the object with a number."""
    return DropObject(collection, tenant, id_of(number))


def plain(stored: StoredObject) -> dict[str, Any]:
    """Give an object as something that compares: arrays as lists, and no sequence number."""
    return {
        "id": stored.id,
        "properties": stored.properties,
        "references": stored.references,
        "vectors": {name: vector.tolist() for name, vector in stored.vectors.items()},
        "created": stored.created,
        "updated": stored.updated,
    }


def contents(database: Database, collection: str = "Article", tenant: str = "") -> list[dict[str, Any]]:
    """Give all objects of a shard in the order of their rows."""
    shard = database.collections[collection].stored(tenant)
    return [plain(shard.object_at(row)) for row in range(shard.size) if shard.live[row]]


FULL: dict[str, Any] = {
    "title": "Ünïcödé 😀 text",
    "tags": ["red", "", "red"],
    "serial": "7b2c1d9e-0000-4000-8000-000000000001",
    "serials": ["7b2c1d9e-0000-4000-8000-000000000002"],
    "count": 2**53,
    "counts": [-1, 0, 7],
    "price": 0.1,
    "prices": [],
    "open": False,
    "opens": [True, False],
    "day": "2024-02-29T23:59:59.123456789+05:30",
    "days": ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.5Z"],
    "place": {"latitude": 52.5, "longitude": -13.25},
    "phone": {"input": "0171 1234567", "countryCode": 49, "valid": True},
    "data": "aGVsbG8=",
    "address": {"city": "Ghent", "codes": [1, 2.5, None]},
}
"""A value of each kind of ``TYPES`` but the reference."""

BEACONS = [Beacon("Author", id_of(7)), Beacon("", id_of(8)), Beacon("Author", id_of(7))]
