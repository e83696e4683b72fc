"""The objects of one collection and tenant, in columns.

A row is a position in all columns. Rows are only added; a deleted or replaced object leaves a dead row until compaction, which numbers the
rows anew. Rows are good as long as the database's lock is held. What changes a shard is called by ``Database.commit`` only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from weaviate_orm.local.objects import Beacon, Bools, Ints, StoredObject, Value, Vector
from weaviate_orm.local.schema.parsed import CollectionSchema, VectorSchema
from weaviate_orm.local.storage.arrays import GrowingArray
from weaviate_orm.local.storage.columns import Column, ReferenceColumn, make_column
from weaviate_orm.local.storage.ids import RowIds, Uuids
from weaviate_orm.local.storage.uuid_order import UuidOrder
from weaviate_orm.local.vectors.multi_vector_index import MultiVectorIndex
from weaviate_orm.local.vectors.vector_index import VectorIndex

__all__ = ["Shard"]

_COMPACTED_FROM = 1024
"""Rows below which dead ones are not worth the work."""


class Shard:
    """The objects of one collection and tenant.

    Attributes:
        schema: of the collection.
        size: rows, dead ones included; the length of all arrays.
        next_sequence: above all numbers in use.
    """

    def __init__(self, schema: CollectionSchema) -> None:
        self.schema = schema
        self.size = 0
        self.next_sequence = 1
        self._ids = RowIds()
        self._deaths = 0  # never goes down
        self._live = GrowingArray(np.bool_)
        self._sequence = GrowingArray(np.int64)
        self._created = GrowingArray(np.int64)
        self._updated = GrowingArray(np.int64)
        self._columns: dict[str, Column] = {name: make_column(property) for name, property in schema.properties.items()}
        self._vectors = {name: _make_index(vector) for name, vector in schema.vectors.items()}
        self._order = UuidOrder()

    def __len__(self) -> int:
        return len(self._ids)

    def __repr__(self) -> str:
        return f"<Shard of {self.schema.name}: {len(self)} objects in {self.size} rows>"

    @property
    def live(self) -> Bools:
        """Shape ``(size,)``: whether a row's object is there."""
        return self._live.view

    @property
    def sequence(self) -> Ints:
        """Shape ``(size,)``: the number by which filtered results are ordered."""
        return self._sequence.view

    @property
    def created(self) -> Ints:
        """Shape ``(size,)``: milliseconds since 1970."""
        return self._created.view

    @property
    def updated(self) -> Ints:
        """Shape ``(size,)``: milliseconds since 1970."""
        return self._updated.view

    def uuids(self) -> Uuids:
        """Give the ids of all rows, shape ``(size, 16)``."""
        return self._ids.uuids

    def row(self, id: bytes) -> int | None:
        """Give the live row of an object."""
        return self._ids.row(id)

    def id_at(self, row: int) -> bytes:
        """Give the 16 bytes of the uuid of a row."""
        return self._ids.at(row)

    def in_uuid_order(self) -> Ints:
        """Give the live rows in ascending order of their uuids' bytes; read-only."""
        return self._order.rows(self._ids.uuids, self._live.view, self._deaths)

    def column(self, name: str) -> Column:
        """Give the column of a property.

        Raises:
            KeyError: the schema has no such property.
        """
        return self._columns[name]

    def vectors(self, target: str) -> VectorIndex | MultiVectorIndex:
        """Give the vectors of a target; ``""`` is the unnamed one.

        Raises:
            KeyError: the schema has no such target.
        """
        return self._vectors[target]

    def object_at(self, row: int) -> StoredObject:
        """Give the object of a row, properties in the order of the schema. Mappings in it are the stored ones: not to be changed."""
        properties: dict[str, Value] = {}
        references: dict[str, list[Beacon]] = {}
        for name, column in self._columns.items():
            value = column.value(row)
            if value is None:
                continue
            if isinstance(column, ReferenceColumn):
                references[name] = value
            else:
                properties[name] = value
        vectors: dict[str, Vector] = {}
        for name, index in self._vectors.items():
            vector = index.get(row)
            if vector is not None:
                vectors[name] = vector
        return StoredObject(
            self.id_at(row),
            properties,
            references,
            vectors,
            int(self._created.view[row]),
            int(self._updated.view[row]),
            int(self._sequence.view[row]),
        )

    # What follows is called by Database.commit only.

    def put(self, stored: StoredObject) -> None:
        """Store an object in a new row; the one that had its id dies."""
        self.put_many([stored])

    def put_many(self, objects: Sequence[StoredObject]) -> None:
        """Store objects in new rows; of several with one id the last stays."""
        latest: dict[bytes, StoredObject] = {}
        for stored in objects:
            latest.pop(stored.id, None)  # it stands where its last one stands, as in the file
            latest[stored.id] = stored
        batch = list(latest.values())
        if len(self._ids):
            for id in latest:
                self._bury(id)
        start = self.size
        self._put_columns(batch)
        for name, index in self._vectors.items():
            there = [row for row, stored in enumerate(batch, start) if name in stored.vectors]
            index.put_many(there, [batch[row - start].vectors[name] for row in there])
        self.size = start + len(batch)
        self._compact_when_sparse()

    def _put_columns(self, batch: Sequence[StoredObject]) -> None:
        count = len(batch)
        self._ids.extend([one.id for one in batch])
        self._live.extend(True, count)
        self._created.extend([one.created for one in batch], count)
        self._updated.extend([one.updated for one in batch], count)
        sequences: list[int] = []
        for stored in batch:
            number = stored.sequence or self.next_sequence
            self.next_sequence = max(self.next_sequence, number + 1)
            sequences.append(number)
        self._sequence.extend(sequences, count)
        properties = [one.properties for one in batch]
        references = [one.references for one in batch]
        for name, column in self._columns.items():
            values = references if isinstance(column, ReferenceColumn) else properties
            column.extend([one.get(name) for one in values])

    def remove(self, id: bytes) -> bool:
        """Delete an object; tells whether it was there."""
        found = self._bury(id)
        if found:
            self._compact_when_sparse()
        return found

    def _bury(self, id: bytes) -> bool:
        row = self._ids.remove(id)
        if row is None:
            return False
        self._live.set(row, False)
        self._deaths += 1
        for column in self._columns.values():
            column.forget(row)
        for index in self._vectors.values():
            index.remove(row)
        return True

    def alter(self, schema: CollectionSchema) -> None:
        """Take another configuration of the same collection; objects have no values for what is new in it."""
        columns: dict[str, Column] = {}
        for name, property in schema.properties.items():
            column = self._columns.get(name)
            if column is None:
                column = make_column(property, self.size)
            elif column.property != property:
                column.alter(property, np.flatnonzero(self._live.view))
            columns[name] = column
        self._columns = columns
        self._vectors = {name: self._altered_index(one) for name, one in schema.vectors.items()}
        self.schema = schema

    def _altered_index(self, schema: VectorSchema) -> VectorIndex | MultiVectorIndex:
        index = self._vectors.get(schema.name)
        if index is None:
            return _make_index(schema)
        if index.schema.skip == schema.skip:
            index.schema = schema
            return index
        # Vectors that are only kept lie elsewhere than those that are searched.
        other = _make_index(schema)
        for row in np.flatnonzero(index.has(self.size)).tolist():
            vector = index.get(row)
            if vector is not None:
                other.put(row, vector)
        return other

    def _compact_when_sparse(self) -> None:
        if self.size < _COMPACTED_FROM or 2 * len(self._ids) >= self.size:
            return
        rows = np.flatnonzero(self._live.view)
        self._ids.keep(rows)
        for array in (self._live, self._sequence, self._created, self._updated):
            array.keep(rows)
        for column in self._columns.values():
            column.keep(rows)
        for index in self._vectors.values():
            index.compact(rows)
        self.size = len(rows)
        self._order = UuidOrder()


def _make_index(schema: VectorSchema) -> VectorIndex | MultiVectorIndex:
    return MultiVectorIndex(schema) if schema.multi else VectorIndex(schema)
