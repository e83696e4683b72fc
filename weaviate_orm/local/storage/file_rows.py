"""The tables of the engine's file, and objects as rows of them.

Properties and references are JSON as UTF-8 bytes; vectors are little-endian float32 one after the other, and a *layout* says whose they
are and of which shape: ``[["embedding",384],["tokens",7,128]]``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from weaviate_orm.local.objects import Beacon, StoredObject, Vector

__all__ = ["APPLICATION_ID", "FORMAT_VERSION", "OBJECT_COLUMNS", "TABLES", "ObjectRow", "from_rows", "to_row"]

APPLICATION_ID: Final = 0x57764F72
"""``WvOr``: what tells the engine's files from other SQLite files."""

FORMAT_VERSION: Final = 1
"""To be raised when an older library could not read what this one writes."""

TABLES: Final = (
    "CREATE TABLE collections (name TEXT PRIMARY KEY, json TEXT NOT NULL)",
    "CREATE TABLE aliases (alias TEXT PRIMARY KEY, collection TEXT NOT NULL)",
    "CREATE TABLE shards (number INTEGER PRIMARY KEY, collection TEXT NOT NULL, tenant TEXT NOT NULL, name TEXT NOT NULL,"
    " status TEXT NOT NULL, UNIQUE (collection, tenant))",
    # Rows lie in the order of writing, which is the order of a shard's rows in memory.
    "CREATE TABLE objects (place INTEGER PRIMARY KEY, shard INTEGER NOT NULL, id BLOB NOT NULL, sequence INTEGER NOT NULL,"
    " created INTEGER NOT NULL, updated INTEGER NOT NULL, properties BLOB NOT NULL, refs BLOB, layout TEXT, vectors BLOB,"
    " UNIQUE (shard, id))",
)

OBJECT_COLUMNS: Final = "shard, id, sequence, created, updated, properties, refs, layout, vectors"

ObjectRow: TypeAlias = tuple[int, bytes, int, int, int, bytes, bytes | None, str | None, bytes | None]
"""The values of ``OBJECT_COLUMNS``."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_layouts: dict[str, list[tuple[str, tuple[int, ...], int]]] = {}


def to_row(shard: int, stored: StoredObject) -> ObjectRow:
    """Give the row of an object."""
    refs = layout = vectors = None
    if stored.references:
        refs = _bytes({name: [[to, id.hex()] for to, id in beacons] for name, beacons in stored.references.items()})
    if stored.vectors:
        layout = _encode([[name, *vector.shape] for name, vector in stored.vectors.items()])
        vectors = b"".join([vector.astype("<f4", copy=False).tobytes() for vector in stored.vectors.values()])
    properties = _bytes(stored.properties)
    return shard, stored.id, stored.sequence, stored.created, stored.updated, properties, refs, layout, vectors


def from_rows(rows: Sequence[ObjectRow]) -> list[StoredObject]:
    """Give the objects of rows; their vectors are read-only.

    Raises:
        ValueError: what is in a row makes no sense.
    """
    # As one list: reading each alone takes twice as long, and every object would have its own copy of the properties' names.
    bodies = _value(b"[" + b",".join([row[5] for row in rows]) + b"]")
    if len(bodies) != len(rows):
        raise ValueError(f"expected the properties of {len(rows)} objects, got those of {len(bodies)}")
    objects: list[StoredObject] = []
    for row, properties in zip(rows, bodies, strict=True):
        _, id, sequence, created, updated, _, refs, layout, vectors = row
        if len(id) != 16:
            raise ValueError(f"expected an id of 16 bytes, got {len(id)}")
        objects.append(
            StoredObject(
                id,
                properties,
                {} if refs is None else _references(refs),
                {} if layout is None or vectors is None else _vectors(layout, vectors),
                created,
                updated,
                sequence,
            )
        )
    return objects


def _references(data: bytes) -> dict[str, list[Beacon]]:
    return {name: [Beacon(to, bytes.fromhex(id)) for to, id in beacons] for name, beacons in _value(data).items()}


def _vectors(layout: str, data: bytes) -> dict[str, Vector]:
    parts = _layouts.get(layout)
    if parts is None:
        parts = [(name, tuple(shape), int(np.prod(shape))) for name, *shape in json.loads(layout)]
        if len(_layouts) < 1000:  # multi-vectors have as many layouts as lengths
            _layouts[layout] = parts
    numbers = np.frombuffer(data, "<f4").astype(np.float32, copy=False)
    if len(parts) == 1 and parts[0][2] == len(numbers):
        name, shape, _ = parts[0]
        return {name: numbers if len(shape) == 1 else numbers.reshape(shape)}
    vectors: dict[str, Vector] = {}
    start = 0
    for name, shape, count in parts:
        vectors[name] = numbers[start : start + count].reshape(shape)
        start += count
    if start != len(numbers):
        raise ValueError(f"expected {start} numbers in vectors, got {len(numbers)}")
    return vectors


def _bytes(value: Mapping[str, Any]) -> bytes:  # JSON has no narrower type
    # A text from REST may hold half of a surrogate pair, which plain UTF-8 refuses.
    return _encode(value).encode("utf-8", "surrogatepass")


def _value(data: bytes) -> Any:  # JSON has no narrower type
    return json.loads(data.decode("utf-8", "surrogatepass"))
