"""What a write changes, as values: made by the handlers, written to the file and then applied to memory, all of a list or none.

A handler validates, makes changes, and hands them to ``Database.commit`` once; nothing else alters what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

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


@dataclass(frozen=True, slots=True)
class PutCollection:
    """Create a collection, or give an existing one another configuration; its objects stay."""

    json: Json


@dataclass(frozen=True, slots=True)
class DropCollection:
    """Delete a collection with its tenants and objects. Aliases that lead to it stay."""

    name: str


@dataclass(frozen=True, slots=True)
class PutAlias:
    """Create an alias or lead it elsewhere."""

    alias: str
    collection: str


@dataclass(frozen=True, slots=True)
class DropAlias:
    """Delete an alias."""

    alias: str


@dataclass(frozen=True, slots=True)
class PutTenant:
    """Create a tenant or change its status: ``"HOT"`` or ``"COLD"``."""

    collection: str
    name: str
    status: str


@dataclass(frozen=True, slots=True)
class DropTenant:
    """Delete a tenant with its objects."""

    collection: str
    name: str


@dataclass(frozen=True, slots=True)
class SetShardStatus:
    """Make a shard ``"READONLY"`` or ``"READY"`` again. Like the server, forgotten when the engine is closed."""

    collection: str
    tenant: str
    status: str


@dataclass(frozen=True, slots=True)
class PutObject:
    """Store an object, in place of the one with its id if there is one. ``tenant`` is ``""`` without multi-tenancy."""

    collection: str
    tenant: str
    object: StoredObject


@dataclass(frozen=True, slots=True)
class DropObject:
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
