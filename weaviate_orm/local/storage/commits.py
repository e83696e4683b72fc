"""Looks through the changes of a commit before anything is written: what cannot be applied must fail while nothing has happened yet."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping, Sequence

from weaviate_orm.local.objects import StoredObject
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema, parse_collection
from weaviate_orm.local.storage.changes import (
    Change,
    DropCollection,
    DropObject,
    DropTenant,
    PutCollection,
    PutObject,
    PutTenant,
    SetShardStatus,
)
from weaviate_orm.local.storage.collection import Collection
from weaviate_orm.local.storage.shard import Shard

__all__ = ["Outlook"]

_BASE62 = string.digits + string.ascii_letters


class Outlook:
    """What will be stored after some changes, as far as later changes of the same commit depend on it.

    Attributes:
        shard_names: names made for the shards of new collections without multi-tenancy, by collection.
    """

    def __init__(self, collections: Mapping[str, Collection]) -> None:
        self.shard_names: dict[str, str] = {}
        self._collections = collections
        self._changed: dict[str, _Ahead | None] = {}
        self._numbered: list[StoredObject] = []

    def take(self, changes: Sequence[Change]) -> None:
        """Look through changes and number the new objects.

        Raises:
            LookupError: a change names a collection, tenant or property that will not be there: the handler's mistake.
            Refused: a vector is not as long as the others of its target.
        """
        for change in changes:
            match change:
                case PutObject(collection, tenant, stored):
                    self._put(self._ahead(collection), tenant, stored)
                case DropObject(collection, tenant) | SetShardStatus(collection, tenant):
                    self._ahead(collection).check_tenant(tenant)
                case PutCollection(json):
                    self._put_collection(parse_collection(json))
                case DropCollection(name):
                    self._changed[name] = None
                case PutTenant(collection, name):
                    self._ahead(collection).tenants.add(name)
                case DropTenant(collection, name):
                    self._ahead(collection).drop_tenant(name)
                case _:
                    pass

    def undo(self) -> None:
        """Take back the numbers that objects were given."""
        for stored in self._numbered:
            stored.sequence = 0

    def _ahead(self, name: str) -> _Ahead:
        if name not in self._changed:
            collection = self._collections.get(name)
            self._changed[name] = None if collection is None else _Ahead(collection.schema, collection)
        ahead = self._changed[name]
        if ahead is None:
            raise LookupError(f"a change is for collection {name!r}, which is not there")
        return ahead

    def _put_collection(self, schema: CollectionSchema) -> None:
        existing = self._collections.get(schema.name)
        known = self._changed.get(schema.name) if schema.name in self._changed else existing
        if known is not None:
            self._ahead(schema.name).schema = schema
            return
        self._changed[schema.name] = _Ahead(schema, None)
        if not schema.multi_tenancy:
            self.shard_names[schema.name] = "".join(secrets.choice(_BASE62) for _ in range(12))

    def _put(self, ahead: _Ahead, tenant: str, stored: StoredObject) -> None:
        ahead.check_tenant(tenant)
        schema = ahead.schema
        known = schema.properties.keys()
        if not (stored.properties.keys() <= known and stored.references.keys() <= known):
            unknown = next(name for name in (*stored.properties, *stored.references) if name not in known)
            raise LookupError(f"object {stored.uuid} has {unknown!r}, which is no property of {schema.name}")
        for name, vector in stored.vectors.items():
            target = schema.vectors.get(name)
            if target is None:
                raise LookupError(f"object {stored.uuid} has a vector {name!r}, which {schema.name} has not")
            if target.skip or not vector.size:
                continue
            expected = ahead.dimensions.setdefault((tenant, name), vector.shape[-1])
            shard = ahead.shard(tenant)
            if shard is not None and name in shard.schema.vectors:
                shard.vectors(name).check(vector)
            if vector.shape[-1] != expected or vector.ndim != 1 + target.multi:
                raise Refused(
                    f"new node has a vector with length {vector.shape[-1]}. Existing nodes have vectors with length "
                    f"{expected}: vector dimensions do not match the index dimensions",
                    http=500,
                )
        if not stored.sequence:
            stored.sequence = ahead.next_sequence(tenant)
            self._numbered.append(stored)


class _Ahead:
    """One collection as it will be."""

    def __init__(self, schema: CollectionSchema, collection: Collection | None) -> None:
        self.schema = schema
        self.dimensions: dict[tuple[str, str], int] = {}
        self._collection = collection
        self._next: dict[str, int] = {}
        self._dropped: set[str] = set()
        self.tenants: set[str] = set() if schema.multi_tenancy else {""}
        if collection is not None:
            self.tenants = set(collection.shard_names)

    def shard(self, tenant: str) -> Shard | None:
        """Give the shard that is there now, if its objects stay."""
        if self._collection is None or tenant in self._dropped or tenant not in self._collection.shard_names:
            return None
        return self._collection.stored(tenant)

    def check_tenant(self, tenant: str) -> None:
        """See whether there is a shard for a tenant."""
        if tenant not in self.tenants:
            raise LookupError(f"a change is for tenant {tenant!r} of {self.schema.name}, which is not there")

    def drop_tenant(self, tenant: str) -> None:
        """Forget a tenant and its objects."""
        self.tenants.discard(tenant)
        self._dropped.add(tenant)
        self._next.pop(tenant, None)
        self.dimensions = {key: value for key, value in self.dimensions.items() if key[0] != tenant}

    def next_sequence(self, tenant: str) -> int:
        """Give the number of the next new object of a tenant."""
        shard = self.shard(tenant)
        number = self._next.get(tenant) or (1 if shard is None else shard.next_sequence)
        self._next[tenant] = number + 1
        return number
