"""What a write changes, as values: made by the handlers, written to the file and then applied to memory, all of a list or none.

A handler validates, makes changes, and hands them to ``Database.commit`` once; nothing else alters what is stored. They are tuples because
bulk loads make one for every object; what kind one is, its class says.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from weaviate_orm.local.objects import StoredObject
from weaviate_orm.local.schema.parsed import Json

__all__ = [
    "Change",
    "DropAlias",
    "DropCollection",
    "DropObject",
    "DropTenant",
    "PutAlias",
    "PutCollection",
    "PutObject",
    "PutTenant",
    "SetShardStatus",
]


class PutCollection(NamedTuple):
    """Create a collection, or give an existing one another configuration; its objects stay."""

    json: Json


class DropCollection(NamedTuple):
    """Delete a collection with its tenants and objects. Aliases that lead to it stay."""

    name: str


class PutAlias(NamedTuple):
    """Create an alias or lead it elsewhere."""

    alias: str
    collection: str


class DropAlias(NamedTuple):
    """Delete an alias."""

    alias: str


class PutTenant(NamedTuple):
    """Create a tenant or change its status: ``"HOT"`` or ``"COLD"``."""

    collection: str
    name: str
    status: str


class DropTenant(NamedTuple):
    """Delete a tenant with its objects."""

    collection: str
    name: str


class SetShardStatus(NamedTuple):
    """Make a shard ``"READONLY"`` or ``"READY"`` again. Like the server, forgotten when the engine is closed."""

    collection: str
    tenant: str
    status: str


class PutObject(NamedTuple):
    """Store an object, in place of the one with its id if there is one. ``tenant`` is ``""`` without multi-tenancy."""

    collection: str
    tenant: str
    object: StoredObject


class DropObject(NamedTuple):
    """Delete an object; nothing happens when there is none."""

    collection: str
    tenant: str
    id: bytes


Change: TypeAlias = (
    PutCollection
    | DropCollection
    | PutAlias
    | DropAlias
    | PutTenant
    | DropTenant
    | SetShardStatus
    | PutObject
    | DropObject
)
