"""Rows of a shard -> results of a reply: a writer compiled once for a request, then a loop over rows.

``selection.py`` says what is to be returned. Nothing here ranks or leaves out a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from weaviate_orm.local.objects import Ints, Value, Vector
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.search.hits import Hit
from weaviate_orm.local.search.reply_values import Fill, compile_fill
from weaviate_orm.local.search.selection import Chosen, Kind, Link, Metadata
from weaviate_orm.local.storage.columns import ReferenceColumn
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Collection, Database
    from weaviate_orm.local.storage.shard import Shard

__all__ = ["ResultWriter", "UnresolvedReference", "pack_vector"]

_NULL: Final = pb.StructNullValue.NULL_VALUE

_ReadValues: TypeAlias = "Callable[[Ints], Sequence[Value | None]]"
_WriteLink: TypeAlias = "Callable[[Sequence[int], Sequence[pb.PropertiesResult]], None]"


class UnresolvedReference(Refused):
    """A reference leads where the request's tenant cannot be looked for."""


def pack_vector(vector: Vector) -> bytes:
    """Give a vector's bytes: float32, little-endian; in front of a matrix the length of one row as uint16."""
    numbers = vector.astype("<f4", copy=False).tobytes()
    return numbers if vector.ndim == 1 else vector.shape[1].to_bytes(2, "little") + numbers


class ResultWriter:
    """Writes rows of one shard as results.

    Args:
        database: where references lead.
        collection: whose rows are written.
        tenant: ``""`` without multi-tenancy; references stay in it. The server cannot follow any into a collection without tenants.
        chosen: the properties.
        metadata: to be written.
        ranked_by_distance: whether hits of a vector search are written, which alone have a distance outside of groups.
    """

    def __init__(
        self,
        database: Database,
        collection: Collection,
        tenant: str,
        chosen: tuple[Chosen, ...],
        metadata: Metadata,
        *,
        ranked_by_distance: bool = False,
    ) -> None:
        self._shard = shard = collection.shard(tenant)
        self._collection = collection.schema.name
        self._metadata = metadata
        self._ranked_by_distance = ranked_by_distance
        self._vectors = [
            (name, shard.vectors(name)) for name in metadata.vectors if name and name in collection.schema.vectors
        ]
        self._unnamed = shard.vectors("") if metadata.vector else None
        cells: dict[str, tuple[str, _ReadValues, Fill]] = {}
        self._links: list[_WriteLink] = []
        self._linked = any(each.link is not None for each in chosen)
        first: dict[str, Link] = {}
        for each in chosen:
            if each.link is not None:
                self._links.append(_compile_link(database, shard, tenant, each, first.setdefault(each.name, each.link)))
            elif each.kind is not Kind.HIDDEN:
                # Of a property that is asked for twice the last form counts.
                cells[each.name] = _compile_cell(shard, each)
        self._cells = list(cells.values())

    @property
    def knows_more(self) -> bool:
        """Whether results have any metadata."""
        wanted = self._metadata
        return bool(
            wanted.id
            or wanted.vector
            or wanted.vectors
            or wanted.created
            or wanted.updated
            or wanted.score
            or wanted.explain_score
            or (self._ranked_by_distance and (wanted.distance or wanted.certainty))
        )

    def write(self, hits: Sequence[Hit], targets: Sequence[pb.SearchResult]) -> None:
        """Write rows with what the search found out about them."""
        self.write_properties([hit.row for hit in hits], [target.properties for target in targets])
        wanted = self._metadata
        metadatas = [target.metadata for target in targets]
        self.write_metadata([hit.row for hit in hits], metadatas)
        for hit, metadata in zip(hits, metadatas, strict=True):
            if self._ranked_by_distance and hit.distance is not None:
                if wanted.distance:
                    metadata.distance = hit.distance
                    metadata.distance_present = True
                if wanted.certainty:
                    metadata.certainty = 1 - hit.distance / 2
                    metadata.certainty_present = True
            if wanted.score:
                metadata.score = hit.score
                metadata.score_present = True
            if wanted.explain_score:
                metadata.explain_score = hit.explanation
                metadata.explain_score_present = True

    def write_members(self, hits: Sequence[Hit], targets: Sequence[pb.SearchResult]) -> None:
        """Write rows as members of a group, which have less metadata."""
        self.write_properties([hit.row for hit in hits], [target.properties for target in targets])
        metadatas = [target.metadata for target in targets]
        self._write_identity([hit.row for hit in hits], metadatas)
        if self._metadata.distance:
            for hit, metadata in zip(hits, metadatas, strict=True):
                metadata.distance = hit.distance or 0.0
                metadata.distance_present = True

    def write_properties(self, rows: Sequence[int], targets: Sequence[pb.PropertiesResult]) -> None:
        """Write values and references of rows, a property of all rows after the other."""
        for target in targets:
            target.target_collection = self._collection
        if self._cells:
            held = [target.non_ref_props.fields for target in targets]
            places = _places(rows)
            for name, read, fill in self._cells:
                for value, fields in zip(read(places), held, strict=True):
                    if value is None:
                        fields[name].null_value = _NULL
                    else:
                        fill(fields[name], value)
        if self._linked:
            for target in targets:
                target.ref_props_requested = True
            for write in self._links:
                write(rows, targets)

    def write_metadata(self, rows: Sequence[int], targets: Sequence[pb.MetadataResult]) -> None:
        """Write what is known of rows without a search. The messages are there even if they stay empty."""
        self._write_identity(rows, targets)
        wanted = self._metadata
        if wanted.created:
            for row, target in zip(rows, targets, strict=True):
                target.creation_time_unix = int(self._shard.created[row])
                target.creation_time_unix_present = True
        if wanted.updated:
            for row, target in zip(rows, targets, strict=True):
                target.last_update_time_unix = int(self._shard.updated[row])
                target.last_update_time_unix_present = True

    def _write_identity(self, rows: Sequence[int], targets: Sequence[pb.MetadataResult]) -> None:
        """Write ids and vectors."""
        for target in targets:
            target.SetInParent()
        if self._metadata.id:
            id_at = self._shard.id_at
            for row, target in zip(rows, targets, strict=True):
                id = id_at(row)
                target.id_as_bytes = id
                digits = id.hex()
                target.id = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
        if self._unnamed is not None:
            for vector, target in zip(self._unnamed.get_many(_places(rows)), targets, strict=True):
                if vector is not None:
                    target.vector_bytes = pack_vector(vector)
                    target.vector.extend(vector.tolist())  # the old field, which the server still fills too
        for name, index in self._vectors:
            for vector, target in zip(index.get_many(_places(rows)), targets, strict=True):
                if vector is not None and vector.size:
                    kind = pb.Vectors.VECTOR_TYPE_SINGLE_FP32 if vector.ndim == 1 else pb.Vectors.VECTOR_TYPE_MULTI_FP32
                    target.vectors.add(name=name, vector_bytes=pack_vector(vector), type=kind)


def _compile_cell(shard: Shard, chosen: Chosen) -> tuple[str, _ReadValues, Fill]:
    of = shard.schema.properties.get(chosen.name)
    if of is None:
        return chosen.name, lambda rows: [None] * len(rows), lambda target, value: None
    return chosen.name, shard.column(of.name).values, compile_fill(of, chosen)


def _places(rows: Sequence[int]) -> Ints:
    return np.array(rows, dtype=np.int64)


def _compile_link(database: Database, shard: Shard, tenant: str, chosen: Chosen, first: Link) -> _WriteLink:
    """Give the function that writes the objects a reference leads to, skipping those that are gone.

    A reference that is asked for more than once is, like in the server, looked up in the collection of the first request only; the
    others see the same objects, with the id as only metadata.
    """
    assert chosen.link is not None
    metadata = chosen.link.metadata if chosen.link is first else replace(Metadata(), id=chosen.link.metadata.id)
    target = database.collections[first.collection]
    name = chosen.name
    if name not in shard.schema.properties:
        return lambda rows, targets: None
    column = shard.column(name)
    if not isinstance(column, ReferenceColumn):
        return lambda rows, targets: None
    read = column.beacons
    if tenant and not target.schema.multi_tenancy:

        def refuse(rows: Sequence[int], targets: Sequence[pb.PropertiesResult]) -> None:
            if any(read(row) for row in rows):
                raise UnresolvedReference(
                    "resolve cross-refs: build reference cache: build request cache: fetch job list: "
                    f'index "{target.schema.name.lower()}": determine shard: class {target.schema.name} has multi-tenancy '
                    "disabled, but request was with tenant"
                )

        return refuse
    writer = ResultWriter(database, target, tenant, chosen.link.chosen, metadata)
    find = target.shard(tenant).row

    def write(rows: Sequence[int], targets: Sequence[pb.PropertiesResult]) -> None:
        there: list[int] = []
        places: list[pb.PropertiesResult] = []
        for row, result in zip(rows, targets, strict=True):
            beacons = read(row)
            if beacons is None:
                continue
            found = [linked for each in beacons if (linked := find(each.id)) is not None]
            if beacons and not found:  # none left; a list that was stored empty is there
                continue
            held = result.ref_props.add(prop_name=name).properties
            there += found
            places += [held.add() for _ in found]
        writer.write_properties(there, places)
        writer.write_metadata(there, [place.metadata for place in places])

    return write
