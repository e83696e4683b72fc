"""Stored objects by id: in one collection, or in whichever has it, as class-less beacons and deprecated paths want."""

from __future__ import annotations

from typing import TYPE_CHECKING

from weaviate_orm.local.objects import StoredObject
from weaviate_orm.local.refusals import Refused

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Collection, Database

__all__ = ["object_anywhere", "object_exists", "stored_object"]


def stored_object(database: Database, name: str, id: bytes, tenant: str) -> tuple[Collection, StoredObject] | None:
    """Give an object with its collection; ``None`` when one of them is not there.

    Raises:
        Refused: tenancy and request disagree.
    """
    collection = database.find(name)
    if collection is None:
        return None
    try:
        shard = collection.shard(tenant)
    except Refused as refusal:
        raise refusal.prefixed(f"search index {collection.schema.name.lower()}: determine shard: ") from None
    row = shard.row(id)
    return None if row is None else (collection, shard.object_at(row))


def object_anywhere(database: Database, id: bytes, tenant: str) -> tuple[Collection, StoredObject] | None:
    """Give an object of whatever collection, as the deprecated paths do.

    Raises:
        Refused: it is not there, and might be in a collection whose tenancy and the request disagree.
    """
    refusal: Refused | None = None
    for name in sorted(database.collections):
        try:
            found = stored_object(database, name, id, tenant)
        except Refused as refused:
            refusal = refusal or refused
            continue
        if found is not None:
            return found
    if refusal is not None:
        raise refusal
    return None


def object_exists(database: Database, collection: str, id: bytes, tenant: str) -> bool:
    """Tell whether there is an object; without a name, in whatever collection.

    Raises:
        Refused: tenancy and request disagree.
    """
    if not collection:
        return _anywhere(database, id, tenant)
    found = database.collections.get(collection)
    if found is None:  # an index goes by its name in small letters
        folded = collection.lower()
        found = next((each for name, each in database.collections.items() if name.lower() == folded), None)
    return found is not None and _holds(found, id, tenant, "")


def _anywhere(database: Database, id: bytes, tenant: str) -> bool:
    # The server asks its collections in random order and fails at the first that wants another tenancy; here, only when none has it.
    refusal: Refused | None = None
    for _, collection in sorted(database.collections.items()):
        try:
            if _holds(collection, id, tenant, f"search index {collection.schema.name.lower()}: "):
                return True
        except Refused as refused:
            refusal = refusal or refused
    if refusal is not None:
        raise refusal
    return False


def _holds(collection: Collection, id: bytes, tenant: str, prefix: str) -> bool:
    try:
        shard = collection.shard(tenant)
    except Refused as refusal:
        raise refusal.prefixed(f"{prefix}determine shard: ") from None
    return shard.row(id) is not None
