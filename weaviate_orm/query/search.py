"""The searches, as frozen clauses. Each says how objects are ranked; a query has at most one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

if TYPE_CHECKING:
    from weaviate_orm.model.arrays import FloatArray
    from weaviate_orm.model.info import PropertyInfo, VectorInfo

__all__ = ["Bm25", "Fusion", "Hybrid", "NearObject", "NearText", "NearVector", "Search", "Threshold"]


class Fusion(Enum):
    """How hybrid search joins its two rankings."""

    RELATIVE_SCORE = "relative score"
    RANKED = "ranked"


@dataclass(frozen=True, slots=True)
class Threshold:
    """How near a result must be: a largest distance, or a least certainty (cosine only, ``1 - distance / 2``)."""

    distance: float | None = None
    certainty: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class NearText:
    """Nearest to the meaning of one or more concepts; of several, to their mean."""

    concepts: tuple[str, ...]
    target: VectorInfo | None
    threshold: Threshold


@dataclass(frozen=True, slots=True, eq=False)
class NearVector:
    """Nearest to a vector: float32, shape ``(dimensions,)``, or ``(rows, dimensions)`` for a multi-vector."""

    vector: FloatArray
    target: VectorInfo | None
    threshold: Threshold


@dataclass(frozen=True, slots=True, eq=False)
class NearObject:
    """Nearest to an object's vector; the object itself comes first, at distance 0."""

    id: UUID
    target: VectorInfo | None
    threshold: Threshold


@dataclass(frozen=True, slots=True, eq=False)
class Bm25:
    """Keyword search. No properties means all searchable ones."""

    query: str
    properties: tuple[PropertyInfo, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Hybrid:
    """Keyword and vector search joined.

    Attributes:
        query: the text for both.
        alpha: weight of the vector part, 0 (keywords only) to 1 (vectors only).
        vector: searched instead of the text's own vector.
        properties: for the keyword part; none means all searchable ones.
        fusion: how the rankings are joined.
        target: the vector searched.
        max_vector_distance: results farther away are left out.
    """

    query: str
    alpha: float
    vector: FloatArray | None
    properties: tuple[PropertyInfo, ...]
    fusion: Fusion
    target: VectorInfo | None
    max_vector_distance: float | None


Search: TypeAlias = NearText | NearVector | NearObject | Bm25 | Hybrid
