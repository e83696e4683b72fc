"""What is stored: an object in the one form that REST, gRPC, the store and the file share.

A *value* is what JSON has: text, ``bool``, ``int`` (data type int), ``float`` (data type number), lists of these, and mappings:
``date`` is the text as it came, ``uuid`` lower-case with dashes, ``geoCoordinates`` ``{"latitude": .., "longitude": ..}`` (rounded to
float32), ``phoneNumber`` the mapping that the server returns, ``blob`` base64 text. A property without a value is absent, never ``None``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

import numpy as np
import numpy.typing as npt

__all__ = ["Beacon", "Bools", "Floats", "Ints", "StoredObject", "Value", "Vector"]

Value: TypeAlias = Any
"""A value as the module says. JSON has no narrower type that checkers follow through nested lists."""

Floats: TypeAlias = npt.NDArray[np.float32]
Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Vector: TypeAlias = npt.NDArray[np.float32]
"""float32; shape ``(dimensions,)``, or ``(rows, dimensions)`` as a multi-vector."""


class Beacon(NamedTuple):
    """Where a reference leads: ``weaviate://localhost/{collection}/{id}``. ``collection`` is ``""`` in a beacon that has none."""

    collection: str
    id: bytes

    @property
    def text(self) -> str:
        """The beacon as the wire writes it."""
        middle = f"{self.collection}/" if self.collection else ""
        return f"weaviate://localhost/{middle}{UUID(bytes=self.id)}"

    @property
    def href(self) -> str:
        """The path that REST gives beside the beacon."""
        middle = f"{self.collection}/" if self.collection else ""
        return f"/v1/objects/{middle}{UUID(bytes=self.id)}"


@dataclass(slots=True)
class StoredObject:
    """One object as a shard takes and gives it.

    Attributes:
        id: the 16 bytes of its uuid.
        properties: values by property, references excluded; see the module.
        references: beacons by reference property, in order; an empty list differs from an absent one.
        vectors: by name of the target; ``""`` is the unnamed vector of a collection without named ones.
        created: milliseconds since 1970, UTC.
        updated: the same.
        sequence: the server's docID, by which filtered results are ordered; 0 lets the shard give the next one.
    """

    id: bytes
    properties: dict[str, Value] = field(default_factory=dict[str, Value])
    references: dict[str, list[Beacon]] = field(default_factory=dict[str, "list[Beacon]"])
    vectors: dict[str, Vector] = field(default_factory=dict[str, Vector])
    created: int = 0
    updated: int = 0
    sequence: int = 0

    @property
    def uuid(self) -> UUID:
        """The id as Python writes it."""
        return UUID(bytes=self.id)
