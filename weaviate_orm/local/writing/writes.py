"""The one place where validated input becomes stored objects: tenants, vectors, numbers and the commit.

The ways in are many (gRPC batch, REST one by one and in batches); each makes drafts, hands them in here, and words what comes back as its
part of the server does.
"""

from __future__ import annotations

from collections.abc import Collection as Collected
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np

from weaviate_orm.local.go_text import Origin
from weaviate_orm.local.objects import Beacon, StoredObject, Value, Vector
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.auto import completed
from weaviate_orm.local.schema.names import capitalized, uncapitalized
from weaviate_orm.local.schema.surroundings import World
from weaviate_orm.local.storage.changes import PutObject
from weaviate_orm.local.writing.beacons import check_inline
from weaviate_orm.local.writing.centroid import MODULE as CENTROID
from weaviate_orm.local.writing.centroid import centroid
from weaviate_orm.local.writing.decoding import fits_schema
from weaviate_orm.local.writing.embedding import vectorize
from weaviate_orm.local.writing.lookup import stored_object
from weaviate_orm.local.writing.tenants import add_tenants
from weaviate_orm.local.writing.values import property_check, uuid_text

if TYPE_CHECKING:
    from weaviate_orm.local.schema.parsed import CollectionSchema
    from weaviate_orm.local.storage.database import Collection, Database
    from weaviate_orm.local.storage.shard import Shard

__all__ = [
    "READ_ONLY",
    "Draft",
    "Way",
    "checked_properties",
    "check_vectors",
    "create_tenants",
    "fitting_collection",
    "numbered",
    "put_many",
    "put_one",
    "same_vectors",
    "set_centroids",
    "taken_vectors",
    "vectorized",
    "writable",
]

READ_ONLY = "store is read-only due to: manually set by user"


@dataclass(slots=True)
class Draft:
    """An object that may be stored as far as its values go.

    Attributes:
        collection: where it belongs.
        tenant: ``""`` for none.
        stored: without vectors that modules make, timestamps and number.
        previous: what it replaces.
        carried: the properties that a PATCH took over from it.
    """

    collection: Collection
    tenant: str
    stored: StoredObject
    previous: StoredObject | None = None
    carried: Set[str] = frozenset()


# What belongs to an object


def fitting_collection(
    database: Database, name: str, plain: Mapping[str, Any], origin: Origin, *, create: bool
) -> Collection:  # plain: what a client sent
    """Give a collection that has all of an object's properties, added or made if it has not.

    Args:
        database: where the collection is.
        name: of the collection, or an alias.
        plain: the object's values as they came.
        origin: where they came from.
        create: whether it may be made.

    Raises:
        Refused: a value has no data type, or a name cannot be that of a property or collection.
    """
    found = database.find(name)
    if found is not None and fits_schema(found.schema, plain):
        return found
    changes = completed(
        None if found is None else found.schema.json,
        capitalized(name) if found is None else found.schema.name,
        [plain],
        world=World.of(database),
        may_create=create,
        owner_of=lambda id: _owner(database, id),
        typed=origin is Origin.GRPC,
    )
    if changes:
        database.commit(changes)
    return database.collection(name)


def _owner(database: Database, id: UUID) -> str | None:
    for name in sorted(database.collections):
        collection = database.collections[name]
        if not collection.schema.multi_tenancy and collection.shard("").row(id.bytes) is not None:
            return name
    return None


def checked_properties(
    database: Database, schema: CollectionSchema, plain: Mapping[str, Any], tenant: str, origin: Origin
) -> tuple[dict[str, Value], dict[str, list[Beacon]]]:
    """Give the canonical properties and the references of an object; what is null is left out.

    Raises:
        Refused: a value does not fit its data type, or a reference leads nowhere.
    """
    properties: dict[str, Value] = {}
    references: dict[str, list[Beacon]] = {}
    for given, value in plain.items():
        if value is None:
            continue
        name = uncapitalized(given)
        of = schema.properties.get(name)
        if of is not None and of.is_reference:
            references[name] = check_inline(database, schema, of, value, tenant, origin)
        else:
            properties[name] = property_check(schema, name, origin)(value)
    return properties, references


def taken_vectors(schema: CollectionSchema, bare: Vector | None, named: Mapping[str, Vector]) -> dict[str, Vector]:
    """Give an object's vectors by target. ``default`` means the unnamed one, a bare vector the only named one.

    Raises:
        Refused: a target that the collection has not.
    """
    name = schema.name
    rest = dict(named)
    if schema.has_unnamed_vector and "default" in rest:
        bare = rest.pop("default")
        if bare.ndim != 1:
            raise Refused("vector default has to be a float32 array")
    if bare is not None and bare.size and not schema.has_unnamed_vector:
        if len(schema.vectors) != 1:
            raise Refused(f"collection {name} configuration does not have single vector index")
        return dict.fromkeys(schema.vectors, bare)
    for target in rest:
        if target not in schema.vectors:
            raise Refused(f"collection {name} does not have configuration for vector {target}")
    if bare is not None:
        rest[""] = bare
    return {target: vector for target, vector in rest.items() if vector.size}


def create_tenants(database: Database, wanted: Iterable[tuple[Collection, str]]) -> None:
    """Make the tenants that collections with ``autoTenantCreation`` have not.

    Raises:
        Refused: a name that no tenant can have.
    """
    missing: dict[str, dict[str, None]] = {}
    for collection, tenant in wanted:
        if collection.schema.auto_tenant_creation and collection.schema.multi_tenancy:
            missing.setdefault(collection.schema.name, {})[tenant] = None
    for name, tenants in missing.items():
        try:
            add_tenants(database, name, [{"name": tenant} for tenant in tenants])
        except Refused as refusal:
            raise refusal.prefixed(f'auto-tenant: add tenants to collection "{name}": ') from None


# Before the commit


def writable(collection: Collection, tenant: str) -> Shard:
    """Give the shard that a write goes to.

    Raises:
        Refused: tenancy and request disagree, the tenant is unknown or cold, or the shard takes no writes.
    """
    shard = collection.shard(tenant)
    if tenant in collection.readonly:
        raise Refused(READ_ONLY, http=500)
    return shard


class Way(Enum):
    """Which call a vector comes with; each has words of its own for one that does not fit."""

    BATCH = "batch"
    PUT = "put"
    MERGE = "merge"


def check_vectors(shard: Shard, stored: StoredObject, way: Way, ahead: dict[str, int] | None = None) -> None:
    """See whether an object's vectors fit those of its shard.

    Args:
        shard: where they go.
        stored: the object.
        way: what it comes with.
        ahead: dimensions of vectors that come earlier in the same commit, by target; added to.

    Raises:
        Refused: another length or rank.
    """
    for target, vector in stored.vectors.items():
        index = shard.vectors(target)
        multi = shard.schema.vectors[target].multi
        try:
            if not vector.size:
                raise Refused("cannot insert vector of dimension 0", http=500)
            index.check(vector)
            if ahead is not None and index.dimensions is None and not shard.schema.vectors[target].skip:
                _check_ahead(ahead, target, vector)
        except Refused as refusal:
            prefix = _rank_words if vector.ndim != 1 + multi else _length_words
            raise refusal.prefixed(prefix(shard, stored, target, way, multi=vector.ndim == 2)) from None


def _length_words(shard: Shard, stored: StoredObject, target: str, way: Way, *, multi: bool) -> str:
    id = uuid_text(stored.id)
    kind = "multi " if multi else ""
    if way is Way.MERGE:
        where = f" for target vector {target}" if target else ""
        return f"validate {kind}vector index for update of {id}{where}: "
    words = (
        f"Validate vector index {target} for target {kind}vector {id}: "
        if target
        else f"Validate vector index for {id}: "
    )
    return words if way is Way.BATCH else "store object in LSM store: " + words


def _rank_words(shard: Shard, stored: StoredObject, target: str, way: Way, *, multi: bool) -> str:
    kind = "multi " if multi else ""
    number = f"insert doc id {shard.next_sequence} to"
    if way is Way.BATCH:
        return f"insert to {kind}vector index: {number} {kind}vector index for target vector {target}: "
    return f"update {kind}vector index for target vector {target}: {number} vector index: "


def _check_ahead(ahead: dict[str, int], target: str, vector: Vector) -> None:
    dimensions = vector.shape[-1]
    expected = ahead.setdefault(target, dimensions)
    if dimensions != expected:
        raise Refused(
            f"new node has a vector with length {dimensions}. Existing nodes have vectors with length {expected}: vector "
            "dimensions do not match the index dimensions",
            http=500,
        )


def vectorized(database: Database, drafts: Sequence[Draft]) -> list[Refused | None]:
    """Let modules make the vectors that are missing, all of a collection at once; give each draft's refusal."""
    refusals: list[Refused | None] = [None] * len(drafts)
    groups: dict[str, list[int]] = {}
    for place, draft in enumerate(drafts):
        if any(vector.module != "none" for vector in draft.collection.schema.vectors.values()):
            groups.setdefault(draft.collection.schema.name, []).append(place)
    for places in groups.values():
        found = vectorize(
            database,
            drafts[places[0]].collection.schema,
            [drafts[place].stored for place in places],
            [drafts[place].previous for place in places],
            carried=[drafts[place].carried for place in places],
        )
        for place, refusal in zip(places, found, strict=True):
            draft = drafts[place]
            try:
                set_centroids(
                    database, draft.collection.schema, draft.tenant, draft.stored, given=draft.stored.vectors.keys()
                )
            except Refused as refused:
                refusal = refusal or refused
            refusals[place] = refusal
    return refusals


def set_centroids(
    database: Database, schema: CollectionSchema, tenant: str, stored: StoredObject, *, given: Collected[str] = ()
) -> None:
    """Make the vectors that are means of what an object's references lead to, but for the targets that were ``given`` one.

    Raises:
        Refused: an object is missing, or their vectors differ in length.
    """

    def find(beacon: Beacon) -> StoredObject | None:
        collection = database.find(beacon.collection)
        multi = collection is not None and collection.schema.multi_tenancy
        found = stored_object(database, beacon.collection, beacon.id, tenant if multi else "")
        return None if found is None else found[1]

    for target in schema.vectors.values():
        if target.module != CENTROID or target.name in given:
            continue
        vector = centroid(target, stored, find)
        if vector is None:
            stored.vectors.pop(target.name, None)
        else:
            stored.vectors[target.name] = vector


def numbered(draft: Draft) -> StoredObject:
    """Give the object with the number it replaces another by: the same while neither vectors nor places change, else a new one."""
    previous, stored = draft.previous, draft.stored
    stored.sequence = 0
    if (
        previous is not None
        and same_vectors(previous.vectors, stored.vectors)
        and _same_places(draft.collection.schema, draft)
    ):
        stored.sequence = previous.sequence
    return stored


def same_vectors(one: Mapping[str, Vector], other: Mapping[str, Vector]) -> bool:
    """Tell whether two objects have equal vectors."""
    return one.keys() == other.keys() and all(np.array_equal(vector, other[target]) for target, vector in one.items())


def _same_places(schema: CollectionSchema, draft: Draft) -> bool:
    before = {} if draft.previous is None else draft.previous.properties
    after = draft.stored.properties
    return all(
        _float32_place(before.get(name)) == _float32_place(after.get(name))
        for name, of in schema.properties.items()
        if of.data_type == "geoCoordinates"
    )


def _float32_place(value: Value | None) -> tuple[float, ...] | None:
    return None if value is None else tuple(float(np.float32(value[name])) for name in ("latitude", "longitude"))


# Many at once


def put_many(database: Database, drafts: Sequence[Draft | Refused]) -> list[Refused | None]:
    """Store the objects of a batch in one commit; give each one's refusal, in the words of the server's batches.

    Of several with one id the last is stored. An existing object is replaced as a whole, and counts as made now.

    Args:
        database: where to store.
        drafts: the objects; one that was refused already stands for itself.

    Raises:
        Refused: a tenant's name is none, where collections make their tenants by themselves; then nothing is stored.
    """
    refusals: list[Refused | None] = [each if isinstance(each, Refused) else None for each in drafts]
    shards: dict[tuple[str, str], Shard | Refused] = {}
    latest: dict[tuple[str, str, bytes], int] = {}
    for place, draft in enumerate(drafts):
        if isinstance(draft, Refused):
            continue
        key = (draft.collection.schema.name, draft.tenant)
        if key not in shards:
            shards[key] = _writable_or_refusal(draft.collection, draft.tenant)
        shard = shards[key]
        if isinstance(shard, Refused):
            refusals[place] = shard
        else:
            latest[(*key, draft.stored.id)] = place
    chosen: list[tuple[int, Draft, Shard]] = []
    for (name, tenant, id), place in sorted(latest.items(), key=lambda entry: entry[1]):
        draft, shard = drafts[place], shards[name, tenant]
        assert isinstance(draft, Draft)
        assert not isinstance(shard, Refused)
        row = shard.row(id)
        if row is not None:
            draft.previous = shard.object_at(row)
        chosen.append((place, draft, shard))
    changes: list[PutObject] = []
    now = database.now()
    ahead: dict[tuple[str, str], dict[str, int]] = {}
    for (place, draft, shard), refusal in zip(
        chosen, vectorized(database, [draft for _, draft, _ in chosen]), strict=True
    ):
        try:
            if refusal is not None:
                raise refusal
            key = (draft.collection.schema.name, draft.tenant)
            check_vectors(shard, draft.stored, Way.BATCH, ahead.setdefault(key, {}))
        except Refused as refused:
            refusals[place] = refused
            continue
        draft.stored.created = draft.stored.updated = now
        changes.append(PutObject(draft.collection.schema.name, draft.tenant, numbered(draft)))
    if changes:
        database.commit(changes)
    return refusals


def _writable_or_refusal(collection: Collection, tenant: str) -> Shard | Refused:
    try:
        return writable(collection, tenant)
    except Refused as refusal:
        return refusal


# One alone


def put_one(database: Database, draft: Draft) -> None:
    """Store one object, ready but for its number.

    Raises:
        Refused: there is no such tenant, the shard takes no writes, or a vector does not fit; in the words of REST.
    """
    collection, tenant = draft.collection, draft.tenant
    name = collection.schema.name
    index = f"put object: import into index {name.lower()}: "
    try:
        shard = collection.shard(tenant)
    except Refused as refusal:
        raise refusal.prefixed(index + "determine shard: ") from None
    local = f'{index}put local object: shard="{collection.shard_names[tenant]}": '
    if tenant in collection.readonly:
        raise Refused(local + READ_ONLY, http=500)
    try:
        check_vectors(shard, draft.stored, Way.PUT)
    except Refused as refusal:
        raise refusal.prefixed(local) from None
    database.commit([PutObject(name, tenant, numbered(draft))])
