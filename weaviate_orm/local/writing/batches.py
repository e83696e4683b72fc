"""The batch calls of gRPC: objects, references, deletion. One that is refused does not hold up the others."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from weaviate_orm.local.filters.filtering import checked_filter, select
from weaviate_orm.local.go_text import Origin
from weaviate_orm.local.objects import Ints, StoredObject
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.storage.changes import DropObject
from weaviate_orm.local.writing.decoding import Decoder, plain_object, vectors_of
from weaviate_orm.local.writing.references import add_references, batch_beacons
from weaviate_orm.local.writing.values import uuid_bytes
from weaviate_orm.local.writing.writes import (
    READ_ONLY,
    Draft,
    checked_properties,
    create_tenants,
    fitting_collection,
    put_many,
    taken_vectors,
)
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.schema.parsed import CollectionSchema
    from weaviate_orm.local.storage.database import Collection, Database
    from weaviate_orm.local.storage.shard import Shard

__all__ = ["MOST_DELETED", "Deletion", "batch_delete", "batch_objects", "batch_references", "delete_rows"]

MOST_DELETED = 10_000
"""How many objects one call deletes: the server's QUERY_MAXIMUM_RESULTS."""


# Objects


def batch_objects(database: Database, request: pb.BatchObjectsRequest) -> pb.BatchObjectsReply:
    """Store or replace the objects of a message in one commit; those that are refused are in the reply, by index.

    Raises:
        Refused: a tenant's name is none, where a collection makes its tenants by itself; then nothing is stored.
    """
    begin = time.perf_counter()
    reply = pb.BatchObjectsReply()
    for index, refusal in enumerate(_put_messages(database, request.objects)):
        if refusal is not None:
            reply.errors.add(index=index, error=refusal.text)
    reply.took = time.perf_counter() - begin
    return reply


def _put_messages(database: Database, messages: Sequence[pb.BatchObject]) -> list[Refused | None]:
    reader = _Reader(database)
    drafts = [reader.draft(message) for message in messages]
    try:
        create_tenants(database, reader.tenants)
    except Refused as refusal:
        raise refusal.prefixed("auto create tenants: ") from None
    return put_many(database, drafts)


@dataclass(slots=True)
class _Reader:
    """Makes drafts of messages; knows the decoder of each collection."""

    database: Database
    tenants: dict[tuple[Collection, str], None] = field(default_factory=dict["tuple[Collection, str]", None])
    _decoders: dict[str, tuple[Collection, Decoder]] = field(default_factory=dict[str, "tuple[Collection, Decoder]"])

    def draft(self, message: pb.BatchObject) -> Draft | Refused:
        """Give the object as far as it can be made without looking at what is stored, or why it cannot."""
        try:
            return self._draft(message)
        except Refused as refusal:
            return refusal

    def _draft(self, message: pb.BatchObject) -> Draft:
        tenant = message.tenant
        known = self._known(message.collection)
        properties = message.properties
        references: dict[str, list[Any]] = {}
        if known is not None and (properties.single_target_ref_props or properties.multi_target_ref_props):
            references = _reference_values(known[0].schema, properties)
        try:
            id = uuid_bytes(message.uuid)
        except ValueError as error:
            raise Refused(str(error)) from None
        bare, named = vectors_of(message)
        if known is not None:
            self.tenants[known[0], tenant] = None
            vectors = taken_vectors(known[0].schema, bare, named)
            values = known[1].decode(properties)
            if values is not None:
                draft = Draft(known[0], tenant, StoredObject(id, values, {}, vectors))
                if references:
                    _, draft.stored.references = checked_properties(
                        self.database, known[0].schema, references, tenant, Origin.GRPC
                    )
                return draft
        plain = {**plain_object(properties), **references}
        if not message.collection:
            raise Refused("object has an empty class")
        collection = fitting_collection(self.database, message.collection, plain, Origin.GRPC, create=True)
        self._decoders.pop(message.collection, None)
        self.tenants[collection, tenant] = None
        vectors = taken_vectors(collection.schema, bare, named)
        checked = checked_properties(self.database, collection.schema, plain, tenant, Origin.GRPC)
        return Draft(collection, tenant, StoredObject(id, *checked, vectors))

    def _known(self, name: str) -> tuple[Collection, Decoder] | None:
        known = self._decoders.get(name)
        if known is not None and known[1].schema is known[0].schema:
            return known
        collection = self.database.find(name)
        if collection is None:
            alias = name[:1].upper() + name[1:]
            missing = self.database.aliases.get(alias)
            if missing is not None:
                raise Refused(f'alias "{alias}" points to collection "{missing}" which does not exist')
            return None
        known = self._decoders[name] = (collection, Decoder(collection.schema))
        return known


def _reference_values(schema: CollectionSchema, properties: pb.BatchObject.Properties) -> dict[str, list[Any]]:
    """Give the references of a message in the form that REST has."""
    found: dict[str, list[Any]] = {}
    for single in properties.single_target_ref_props:
        targets = _targets(schema, single.prop_name)
        if len(targets) > 1:
            raise Refused(f"target is a multi-target reference, need single target [{' '.join(targets)}]")
        found[single.prop_name] = _beacons(targets[0], single.uuids)
    for several in properties.multi_target_ref_props:
        targets = _targets(schema, several.prop_name)
        if len(targets) < 2:
            raise Refused(f"target is a single-target reference, need multi-target [{' '.join(targets)}]")
        collection = several.target_collection[:1].upper() + several.target_collection[1:]
        found.setdefault(several.prop_name, []).extend(_beacons(collection, several.uuids))
    return found


def _targets(schema: CollectionSchema, name: str) -> Sequence[str]:
    of = schema.properties.get(name)
    if of is None:
        raise Refused(
            f"no such prop with name '{name}' found in class '{schema.name}' in the schema. Check your schema files for which "
            "properties in this class are available"
        )
    return of.targets or (of.data_type,)


def _beacons(collection: str, ids: Sequence[str]) -> list[dict[str, str]]:
    return [{"beacon": f"weaviate://localhost/{collection}/{id}"} for id in ids]


# References


def batch_references(database: Database, request: pb.BatchReferencesRequest) -> pb.BatchReferencesReply:
    """Append references to stored objects in one commit; those that are refused are in the reply, by index.

    Raises:
        Refused: there are none in the message.
    """
    begin = time.perf_counter()
    results = add_references(database, [batch_beacons(message) for message in request.references])
    reply = pb.BatchReferencesReply()
    for index, result in enumerate(results):
        if result.refusal is not None:
            reply.errors.add(index=index, error=result.refusal.text)
    reply.took = time.perf_counter() - begin
    return reply


# Deletion


@dataclass(frozen=True, slots=True)
class Deletion:
    """What a batch deletion found and did.

    Attributes:
        matches: all objects that the filter lets through.
        ids: those of them that were, or would be, deleted; at most ``MOST_DELETED``.
    """

    matches: int
    ids: Sequence[bytes]


def batch_delete(database: Database, request: pb.BatchDeleteRequest) -> pb.BatchDeleteReply:
    """Delete what a filter lets through, or count it.

    Raises:
        Refused: no filter, or one that does not fit; no such collection or tenant; the shard takes no writes.
    """
    begin = time.perf_counter()
    try:
        collection = database.find(request.collection)
        if collection is None:
            raise Refused(f"could not find class {request.collection} in schema")
        if not request.HasField("filters"):
            raise Refused("no filters in batch delete request")
    except Refused as refusal:
        raise refusal.prefixed("batch delete params: ") from None
    try:
        clause = checked_filter(database, collection, request.filters)
    except Refused as refusal:
        raise refusal.prefixed("batch delete params: ") from None
    tenant = request.tenant
    try:
        shard = collection.shard(tenant)
        rows = select(database, collection, shard, tenant, clause).nonzero()[0]
    except Refused as refusal:
        raise refusal.prefixed("batch delete: cannot find objects: ") from None
    deletion = delete_rows(database, collection, tenant, shard, rows, dry_run=request.dry_run)
    reply = pb.BatchDeleteReply(matches=deletion.matches, successful=len(deletion.ids))
    if request.verbose:
        for id in deletion.ids:
            reply.objects.add(uuid=id, successful=True, error="")
    reply.took = time.perf_counter() - begin
    return reply


def delete_rows(
    database: Database, collection: Collection, tenant: str, shard: Shard, rows: Ints, *, dry_run: bool
) -> Deletion:
    """Delete rows, in the order of their numbers and not more than the server does at once.

    Raises:
        Refused: the shard takes no writes.
    """
    ordered = rows[shard.sequence[rows].argsort()][:MOST_DELETED]
    ids = [shard.id_at(int(row)) for row in ordered]
    if ids and not dry_run:
        if tenant in collection.readonly:
            raise Refused(READ_ONLY)
        database.commit([DropObject(collection.schema.name, tenant, id) for id in ids])
    return Deletion(len(rows), ids)
