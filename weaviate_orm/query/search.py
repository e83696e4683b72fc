"""The searches, as frozen clauses. Each says how objects are ranked; a query has at most one.

Every search by vectors has ``targets``; what it compares them with is its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

if TYPE_CHECKING:
    from weaviate_orm.model.arrays import FloatArray
    from weaviate_orm.model.info import PropertyInfo
    from weaviate_orm.query.query_vectors import QueryVectors
    from weaviate_orm.query.search_options import Fusion, Words
    from weaviate_orm.query.targets import Targets
    from weaviate_orm.types import MediaKind

__all__ = [
    "Bm25",
    "Hybrid",
    "Movement",
    "NearMedia",
    "NearObject",
    "NearText",
    "NearVector",
    "Search",
    "Searched",
    "Threshold",
]


@dataclass(frozen=True, slots=True)
class Threshold:
    """How near a result must be: a largest distance, or a least certainty (cosine only, ``1 - distance / 2``)."""

    distance: float | None = None
    certainty: float | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """Where a near_text is moved to or away from, and how far: half the force of the way."""

    force: float
    concepts: tuple[str, ...]
    ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, eq=False)
class NearText:
    """Nearest to the meaning of one or more concepts; of several, to their mean."""

    concepts: tuple[str, ...]
    targets: Targets
    threshold: Threshold
    move_to: Movement | None = None
    move_away: Movement | None = None


@dataclass(frozen=True, slots=True, eq=False)
class NearVector:
    """Nearest to a vector: float32, shape ``(dimensions,)``, or ``(rows, dimensions)`` for a multi-vector.

    Attributes:
        vectors: one for all targets; or a tuple with the vectors of each target, one or several, in the order of the targets.
        targets: what they are compared with.
        threshold: how near.
    """

    vectors: QueryVectors
    targets: Targets
    threshold: Threshold


@dataclass(frozen=True, slots=True, eq=False)
class NearObject:
    """Nearest to an object's vector; the object itself comes first, at distance 0."""

    id: UUID
    targets: Targets
    threshold: Threshold


@dataclass(frozen=True, slots=True, eq=False)
class NearMedia:
    """Nearest to an image, a sound or another medium. ``data`` is base64, without a data URL's beginning."""

    kind: MediaKind
    data: str
    targets: Targets
    threshold: Threshold


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """A property that keywords are looked for in, and what its score is multiplied with."""

    property: PropertyInfo
    weight: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Bm25:
    """Keyword search. No properties means all searchable ones; no ``words`` that one word is enough."""

    query: str
    properties: tuple[Searched, ...]
    words: Words | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Hybrid:
    """Keyword and vector search joined.

    Attributes:
        query: the text for both; empty for a search by vectors alone.
        alpha: weight of the vector part, 0 (keywords only) to 1 (vectors only).
        vector: searched instead of the text's own vector: one for all targets, or a search whose targets are these.
        properties: for the keyword part; none means all searchable ones.
        words: how many of the words are needed; ``None`` for one.
        fusion: how the rankings are joined.
        targets: the vectors searched.
        max_vector_distance: results farther away are left out.
    """

    query: str
    alpha: float
    vector: FloatArray | NearText | NearVector | None
    properties: tuple[Searched, ...]
    words: Words | None
    fusion: Fusion
    targets: Targets
    max_vector_distance: float | None


Search: TypeAlias = NearText | NearVector | NearObject | NearMedia | Bm25 | Hybrid
