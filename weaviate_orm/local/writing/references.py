"""References of stored objects: added, replaced and taken away one by one, or appended many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from weaviate_orm.local.objects import Beacon, StoredObject, Value
from weaviate_orm.local.refusals import Refused, RestShape
from weaviate_orm.local.schema.names import check_collection_name, check_property_name, uncapitalized
from weaviate_orm.local.storage.changes import PutObject
from weaviate_orm.local.writing.beacons import Source, Target, existing_target, parse_source, parse_target
from weaviate_orm.local.writing.lookup import object_anywhere, object_exists, stored_object
from weaviate_orm.local.writing.values import uuid_bytes, uuid_text
from weaviate_orm.local.writing.writes import READ_ONLY, same_vectors, set_centroids
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.schema.parsed import CollectionSchema, PropertySchema
    from weaviate_orm.local.storage.database import Collection, Database

__all__ = [
    "Link",
    "Linked",
    "Place",
    "add_reference",
    "add_references",
    "batch_beacons",
    "remove_reference",
    "replace_references",
    "worded",
]


def worded(message: str, code: int, refusal: Refused | str) -> Refused:
    """Give a refusal in the words of the newer REST calls: ``msg:.. code:.. err:..``. Code 400 is sent as 422, 404 without a body."""
    text = refusal.text if isinstance(refusal, Refused) else refusal
    if code == 404:
        return Refused(http=404, shape=RestShape.EMPTY)
    return Refused(f"msg:{message} code:{code} err:{text}", http=422 if code == 400 else code)


# One by one


class Place(NamedTuple):
    """A reference property of an object; ``collection`` is ``""`` on the deprecated paths."""

    collection: str
    id: bytes
    property: str
    tenant: str


def add_reference(database: Database, place: Place, beacon: str) -> None:
    """Append a reference.

    Raises:
        Refused: the property, the object or its target is not there; in the words of REST.
    """
    name = place.collection
    if not name:
        name = _deprecated_name(database, place, 400, "source object deprecated")
    collection = _collection(database, name, place.property)
    try:
        target = _local(beacon)
        of = _reference_property(collection.schema, place.property)
    except Refused as refusal:
        raise worded("validate inputs", 400, refusal) from None
    target = _with_collection(of, target)
    try:
        existing_target(database, target, place.tenant, "validate reference")
    except Refused as refusal:
        raise worded("validate existence", 400, refusal) from None
    try:
        shard = collection.shard(place.tenant)
    except Refused as refusal:
        raise worded("source object", 422, refusal.prefixed("determine shard: ")) from None
    row = shard.row(place.id)
    if row is None:
        raise worded("source object", 404, "")
    try:
        _check_tenancy(database, collection, place.id, target, place.tenant)
    except Refused as refusal:
        raise worded("multi-tenancy violation", 500, refusal) from None
    stored = shard.object_at(row)
    _append(stored, of, target.beacon)
    _recentre(database, collection, place.tenant, stored)
    _store(database, collection, place.tenant, stored, "add reference to repo")


def replace_references(database: Database, place: Place, beacons: Sequence[str]) -> None:
    """Give a reference property other targets.

    Raises:
        Refused: the property, the object or a target is not there; in the words of REST.
    """
    try:
        found = (
            stored_object(database, place.collection, place.id, place.tenant)
            if place.collection
            else object_anywhere(database, place.id, place.tenant)
        )
    except Refused as refusal:
        raise worded("source object", 422, refusal.prefixed("repo: object by id: ")) from None
    if found is None:
        if place.collection:
            raise worded("source object", 404, "")
        missing = f"no object with id '{uuid_text(place.id)}'"
        raise worded("source object deprecated", 400, missing)
    collection, stored = found
    _collection(database, collection.schema.name, place.property)
    try:
        targets = [_local(beacon) for beacon in beacons]
        of = _reference_property(collection.schema, place.property)
    except Refused as refusal:
        raise worded("bad inputs", 400, refusal) from None
    targets = [_with_collection(of, target) for target in targets]
    try:
        for target in targets:
            existing_target(database, target, place.tenant, "validate reference")
    except Refused as refusal:
        raise worded("validate existence", 400, refusal) from None
    stored.references[of.name] = [target.beacon for target in targets]
    _store(database, collection, place.tenant, stored, "repo.putobject")


def remove_reference(database: Database, place: Place, beacon: str) -> None:
    """Take away all references that lead to a target.

    Raises:
        Refused: the property or the object is not there; in the words of REST.
    """
    try:
        target = parse_target(beacon)
    except Refused as refusal:
        raise worded("cannot parse beacon", 400, refusal) from None
    name = place.collection or _deprecated_name(database, place, 404, "source object")
    collection = _collection(database, name, place.property)
    try:
        found = stored_object(database, name, place.id, place.tenant)
    except Refused as refusal:
        raise worded("source object", 422, refusal.prefixed("repo: object by id: ")) from None
    if found is None:
        raise worded("source object", 404, "")
    _, stored = found
    try:
        of = _reference_property(collection.schema, place.property)
    except Refused as refusal:
        raise worded("bad inputs", 400 if place.collection else 404, refusal) from None
    target = _with_collection(of, target)
    before = stored.references.get(of.name, [])
    after = [each for each in before if each.text != f"weaviate://{target.host}/{_path(target)}"]
    if len(after) < len(before):
        stored.references[of.name] = after
        _recentre(database, collection, place.tenant, stored)
        _store(database, collection, place.tenant, stored, "repo.putobject")


def _path(target: Target) -> str:
    return f"{target.collection}/{target.id}" if target.collection else target.id


def _deprecated_name(database: Database, place: Place, missing: int, message: str) -> str:
    try:
        found = object_anywhere(database, place.id, place.tenant)
    except Refused as refusal:
        raise worded(message, 422, refusal.prefixed("repo: object by id: ")) from None
    if found is None:
        raise worded(message, missing, f"no object with id '{uuid_text(place.id)}'")
    return found[0].schema.name


def _collection(database: Database, name: str, property: str) -> Collection:
    """Give the collection when the names could be those of a collection and a property."""
    name = name[:1].upper() + name[1:]
    try:
        check_collection_name(name)
        check_property_name(property)
    except Refused as refusal:
        raise worded(refusal.text, 400, refusal) from None
    found = database.find(name)
    if found is None:
        raise worded("collection not found", 400, f'collection "{name}" not found in schema')
    return found


def _local(beacon: str) -> Target:
    try:
        target = parse_target(beacon)
    except Refused as refusal:
        raise refusal.prefixed("invalid reference: ") from None
    if target.host != "localhost":
        raise Refused("unrecognized cross-ref ref format")
    return target


def _reference_property(schema: CollectionSchema, name: str) -> PropertySchema:
    of = schema.properties.get(name)
    if of is None:
        raise Refused(
            f"no such prop with name '{name}' found in class '{schema.name}' in the schema. Check your schema files for which "
            "properties in this class are available"
        )
    if not of.is_reference:
        raise Refused(f"property '{name}' is not a reference-type")
    return of


def _with_collection(of: PropertySchema, target: Target) -> Target:
    """Fill in the collection where there is only one."""
    return target._replace(collection=of.targets[0]) if not target.collection and len(of.targets) == 1 else target


def _append(stored: StoredObject, of: PropertySchema, beacon: Beacon) -> None:
    beacons = [*stored.references.get(of.name, []), beacon]
    stored.references[of.name] = list(dict.fromkeys(beacons)) if of.disable_duplicates else beacons


def _recentre(database: Database, collection: Collection, tenant: str, stored: StoredObject) -> None:
    """Make the vectors anew that are means of what references lead to."""
    before = dict(stored.vectors)
    try:
        set_centroids(database, collection.schema, tenant, stored)
    except Refused as refusal:
        raise worded("update ref vector", 500, refusal) from None
    if not same_vectors(before, stored.vectors):
        stored.sequence = 0


def _store(database: Database, collection: Collection, tenant: str, stored: StoredObject, message: str) -> None:
    name = collection.schema.name
    if tenant in collection.readonly:
        shard = f'shard="{collection.shard_names[tenant]}"'
        raise worded(message, 500, f"import into index {name.lower()}: put local object: {shard}: {READ_ONLY}")
    stored.updated = database.now()
    database.commit([PutObject(name, tenant, stored)])


def _check_tenancy(database: Database, source: Collection, id: bytes, target: Target, tenant: str) -> None:
    """See that a reference stays inside of a tenant, or leads out of one into a collection without.

    Raises:
        Refused: it does not, or one end is not there.
    """
    name = source.schema.name
    if not target.collection:
        if not tenant:
            return
        raise Refused("multi-target references require the class name in the target beacon url")
    collection = database.collections.get(target.collection)
    if collection is None:
        raise Refused(f'target class "{name}" not found in schema')  # the server names the source, too
    if not source.schema.multi_tenancy:
        if collection.schema.multi_tenancy:
            raise Refused(
                "invalid reference: cannot reference a multi-tenant enabled class from a non multi-tenant enabled class"
            )
        return
    _check_end(database, "source", source, id, tenant)
    _check_end(database, "target", collection, uuid_bytes(target.id), tenant if collection.schema.multi_tenancy else "")


def _check_end(database: Database, end: str, collection: Collection, id: bytes, tenant: str) -> None:
    where = f"{collection.schema.name}/{uuid_text(id)}"
    try:
        found = object_exists(database, collection.schema.name, id, tenant)
    except Refused as refusal:
        raise refusal.prefixed(f"{end}: get object {where}: ") from None
    if not found:
        raise Refused(f'{end}: object {where} not found for tenant "{tenant}"')


# Many at once


class Link(NamedTuple):
    """A reference to append: beacons of the reference and of its target."""

    source: str
    target: str
    tenant: str


@dataclass(slots=True)
class Linked:
    """What became of a reference.

    Attributes:
        source: its beacon, ``None`` where it was none.
        target: the beacon of its target, with its collection where that is clear; ``None`` where it was none.
        tenant: of the object.
        refusal: why it was not stored.
    """

    source: Source | None
    target: Target | None
    tenant: str
    refusal: Refused | None = None


def batch_beacons(message: pb.BatchReference) -> Link:
    """Give a message's reference as REST has it."""
    start = "weaviate://localhost/"
    middle = f"{message.to_collection}/" if message.HasField("to_collection") else ""
    return Link(
        f"{start}{message.from_collection}/{message.from_uuid}/{message.name}",
        f"{start}{middle}{message.to_uuid}",
        message.tenant,
    )


def add_references(database: Database, links: Sequence[Link]) -> list[Linked]:
    """Append references in one commit. Whether targets exist is looked at only where tenants are.

    Raises:
        Refused: there are none.
    """
    if not links:
        raise Refused("invalid params: length cannot be 0, need at least one reference for batching")
    results = [_read(link) for link in links]
    changed: dict[tuple[str, str, bytes], StoredObject] = {}
    for result in results:
        if result.refusal is None:
            try:
                _add_one(database, result, changed)
            except Refused as refusal:
                result.refusal = refusal
    if changed:
        now = database.now()
        database.commit(
            [PutObject(name, tenant, replace(stored, updated=now)) for (name, tenant, _), stored in changed.items()]
        )
    return results


def _read(link: Link) -> Linked:
    reasons: list[str] = []
    result = Linked(None, None, link.tenant)
    try:
        result.source = parse_source(link.source)
        if result.source.host != "localhost":
            reasons.append(f"source class must always point to the local peer, but got {result.source.host}")
    except Refused as refusal:
        reasons.append(refusal.text)
    try:
        target = parse_target(link.target)
        result.target = target._replace(id=target.id.lower())
        if target.host != "localhost":
            reasons.append(
                "importing network references in batch is not possible. Please perform a regular non-batch import for network "
                f"references, got peer {target.host}"
            )
    except Refused as refusal:
        reasons.append(refusal.text)
    if reasons:
        result.refusal = Refused(", ".join(reasons))
    return result


def _add_one(database: Database, result: Linked, changed: dict[tuple[str, str, bytes], StoredObject]) -> None:
    source, target, tenant = result.source, result.target, result.tenant
    assert source is not None
    assert target is not None
    collection = database.find(source.collection)
    if collection is None:
        raise Refused(f'source class "{source.collection}" not found in schema')
    schema = collection.schema
    if not target.collection:
        of = schema.properties.get(uncapitalized(source.name))
        if of is None:
            raise Refused(f"property {uncapitalized(source.name)} does not exist for class {schema.name}")
        if len(of.targets) < 2:
            target = target._replace(collection=of.targets[0] if of.targets else of.data_type)
            result.target = target
    id = uuid_bytes(source.id)
    _check_tenancy(database, collection, id, target, tenant)
    shard = collection.shard(tenant)
    if tenant in collection.readonly:
        raise Refused(READ_ONLY)
    key = (schema.name, tenant, id)
    stored = changed.get(key)
    if stored is None:
        row = shard.row(id)
        if row is None:
            raise Refused(f"ref batch: object with id {source.id} not found")
        stored = shard.object_at(row)
    of = schema.properties.get(source.name)
    if of is None:
        raise Refused(f"ref batch: property '{source.name}' not found in schema")
    if not of.is_reference:
        kind = _go_kind(stored.properties.get(of.name))
        raise Refused(f"ref batch: prop {of.name} is present, but not a ref, got: {kind}")
    _append(stored, of, target.beacon)
    changed[key] = stored


def _go_kind(value: Value) -> str:
    """Give the server's type of a stored value."""
    match value:
        case bool():
            return "bool"
        case int() | float():
            return "float64"
        case list():
            return "[]interface {}"
        case dict():
            return "map[string]interface {}"
        case _:
            return "string"
