"""What queries and bulk operations give back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from uuid import UUID

from weaviate_orm.errors import WeaviateError

if TYPE_CHECKING:
    from weaviate_orm.model.arrays import FloatArray

__all__ = ["Hit", "ListenerFailure", "LoadFailure", "LoadReport"]

R_co = TypeVar("R_co", covariant=True)
M = TypeVar("M")


class HitMetadata(Protocol):
    """What a reply says about a result besides its properties; each value only counts when its ``..._present`` is set."""

    @property
    def id(self) -> str: ...
    @property
    def id_as_bytes(self) -> bytes: ...
    @property
    def distance(self) -> float: ...
    @property
    def distance_present(self) -> bool: ...
    @property
    def certainty(self) -> float: ...
    @property
    def certainty_present(self) -> bool: ...
    @property
    def score(self) -> float: ...
    @property
    def score_present(self) -> bool: ...
    @property
    def explain_score(self) -> str: ...
    @property
    def explain_score_present(self) -> bool: ...
    @property
    def rerank_score(self) -> float: ...
    @property
    def rerank_score_present(self) -> bool: ...
    @property
    def is_consistent(self) -> bool: ...
    @property
    def is_consistent_present(self) -> bool: ...
    @property
    def creation_time_unix(self) -> int: ...
    @property
    def creation_time_unix_present(self) -> bool: ...
    @property
    def last_update_time_unix(self) -> int: ...
    @property
    def last_update_time_unix_present(self) -> bool: ...


class Hit(Generic[R_co]):
    """One result: the object, and what the server says about how it was found. Metadata is decoded when it is read.

    Attributes:
        object: the model's (or projection's) instance.
    """

    __slots__ = ("_metadata", "_vectors", "object")

    object: R_co

    def __init__(
        self, object: R_co, metadata: HitMetadata, vectors: Callable[[HitMetadata], Mapping[str, FloatArray]]
    ) -> None:
        self.object = object
        self._metadata = metadata
        self._vectors = vectors

    @property
    def id(self) -> UUID:
        """The object's id."""
        raw = self._metadata.id_as_bytes
        return UUID(bytes=raw.rjust(16, b"\0")) if raw else UUID(self._metadata.id)

    @property
    def distance(self) -> float | None:
        """Distance from what was searched, smaller is nearer; ``None`` unless the search is by vector alone."""
        return self._metadata.distance if self._metadata.distance_present else None

    @property
    def certainty(self) -> float | None:
        """``1 - distance / 2``, for the cosine distance only; ``None`` otherwise."""
        return self._metadata.certainty if self._metadata.certainty_present else None

    @property
    def score(self) -> float | None:
        """Score of a keyword, hybrid or boosted search, larger is better; ``None`` otherwise."""
        return self._metadata.score if self._metadata.score_present else None

    @property
    def explain_score(self) -> str | None:
        """How the score of a keyword or hybrid search came about, in the server's words; ``None`` otherwise."""
        return self._metadata.explain_score if self._metadata.explain_score_present else None

    @property
    def rerank_score(self) -> float | None:
        """Score that a reranker gave; ``None`` when none was asked."""
        return self._metadata.rerank_score if self._metadata.rerank_score_present else None

    @property
    def is_consistent(self) -> bool | None:
        """Whether all replicas hold the same; ``None`` without ``check_consistency()``, and where there is one replica only."""
        return self._metadata.is_consistent if self._metadata.is_consistent_present else None

    @property
    def vectors(self) -> Mapping[str, FloatArray]:
        """The vectors that ``with_vectors()`` asked for, by field name: float32, shape ``(dimensions,)`` or ``(rows, dimensions)``."""
        return self._vectors(self._metadata)

    @property
    def created_at(self) -> datetime | None:
        """When the object was created, in UTC, to the millisecond."""
        return _instant(self._metadata.creation_time_unix) if self._metadata.creation_time_unix_present else None

    @property
    def updated_at(self) -> datetime | None:
        """When the object was last written, in UTC, to the millisecond."""
        return _instant(self._metadata.last_update_time_unix) if self._metadata.last_update_time_unix_present else None

    def __repr__(self) -> str:
        found = ((name, getattr(self, name)) for name in ("distance", "certainty", "score", "rerank_score"))
        shown = "".join(f", {name}={value:.6g}" for name, value in found if value is not None)
        return f"Hit({self.object!r}{shown})"


def _instant(milliseconds: int) -> datetime:
    # Servers of long ago gave the update time in nanoseconds.
    seconds = milliseconds / 1e9 if milliseconds >= 10**14 else milliseconds / 1e3
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(frozen=True, slots=True)
class LoadFailure(Generic[M]):
    """An object that was not stored.

    Attributes:
        index: its position in what was given, from 0.
        object: the object itself.
        error: why.
    """

    index: int
    object: M
    error: WeaviateError


@dataclass(frozen=True, slots=True)
class ListenerFailure(Generic[M]):
    """An object that was stored, and whose listener raised after that.

    Attributes:
        index: its position in what was given, from 0.
        object: the object itself.
        error: what the listener raised.
    """

    index: int
    object: M
    error: Exception


@dataclass(frozen=True, slots=True)
class LoadReport(Generic[M]):
    """What became of the objects of a bulk operation: each is stored, or in ``failed``.

    Attributes:
        stored: how many objects are stored.
        failed: the others, in the order they were given.
        elapsed: seconds from the first to the last.
        listener_failures: stored objects whose ``AfterInsert`` listeners raised.
    """

    stored: int = 0
    failed: list[LoadFailure[M]] = field(default_factory=list["LoadFailure[M]"])
    elapsed: float = 0.0
    listener_failures: list[ListenerFailure[M]] = field(default_factory=list["ListenerFailure[M]"])

    def __str__(self) -> str:
        rate = f" in {self.elapsed:.2f} s" if self.elapsed else ""
        text = f"{self.stored} stored, {len(self.failed)} failed{rate}"
        return (
            text if not self.failed else f"{text}; first failure: object {self.failed[0].index}: {self.failed[0].error}"
        )
