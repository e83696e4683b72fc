"""What searches can be told, as values that users write: fusion, operator, movement, and the vector part of a hybrid search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from uuid import UUID

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.query.checks import MOST_IN_INT32, checked_text, is_number
from weaviate_orm.query.targets import AnyVector

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Fusion", "HybridVector", "Move", "Words", "checked_concepts"]

V = TypeVar("V", bound=AnyVector)


class Fusion(Enum):
    """How hybrid search joins its two rankings."""

    RELATIVE_SCORE = "relative score"
    RANKED = "ranked"


@dataclass(frozen=True, slots=True, repr=False)
class Words:
    """How many of a query's words a result must have: ``bm25("red fox", operator=Words.every())``. Needs server 1.31.

    Made by the class methods. Words are what the property's tokenization makes of the query, without stopwords.

    Attributes:
        kind: which of the three.
        minimum: how many words at least, for ``any``.
    """

    kind: Literal["any", "every", "every_across_properties"]
    minimum: int = 1

    def __post_init__(self) -> None:
        whole = isinstance(self.minimum, int) and not isinstance(self.minimum, bool)
        if not whole or not 1 <= self.minimum <= MOST_IN_INT32:
            raise InvalidQueryError(f"Words.any() takes a whole number from 1 on as minimum, got {self.minimum!r}.")

    @classmethod
    def any(cls, *, minimum: int = 1) -> Words:
        """At least so many of the words, in one property. One is what a search asks for anyway, on every server."""
        return cls("any", minimum)

    @classmethod
    def every(cls) -> Words:
        """All the words, in one property."""
        return cls("every")

    @classmethod
    def every_across_properties(cls) -> Words:
        """All the words, each in any property. Needs properties of the same tokenization, and server 1.39 (1.38.8, 1.37.15)."""
        return cls("every_across_properties")

    def __repr__(self) -> str:
        return f"Words.{self.kind}({f'minimum={self.minimum}' if self.minimum > 1 else ''})"


def checked_concepts(given: str | Sequence[str], method: str) -> tuple[str, ...]:
    """Give texts whose meaning is searched.

    Raises:
        InvalidQueryError: none, or one that is empty or no text.
    """
    concepts = tuple(given) if isinstance(given, Sequence) and not isinstance(given, str) else (given,)
    if not concepts or any(not isinstance(each, str) or not each.strip() for each in concepts):
        raise InvalidQueryError(f"{method} takes a text or a list of texts that are not empty, got {given!r}.")
    for each in concepts:
        checked_text(each, method)
    return concepts


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """Shift what ``near_text()`` searches towards (or away from) other concepts and objects.

    Several of them count as their mean. ``Move(concepts="music", force=0.5)`` as ``move_to`` moves a quarter of the way: half the force.

    Attributes:
        force: how far, above 0; for ``move_to`` at most 1.
        concepts: a text or several.
        objects: stored objects of the model searched, or their ids.
    """

    force: float
    concepts: str | Sequence[str] = ()
    objects: Sequence[WeaviateModel | UUID] = ()

    def __post_init__(self) -> None:
        if not is_number(self.force) or self.force <= 0:
            raise InvalidQueryError(f"Move() takes a force above 0, got {self.force!r}.")
        if isinstance(self.objects, WeaviateModel | UUID) or not isinstance(self.objects, Sequence):
            raise InvalidQueryError(f"Move() takes a list of objects or ids as objects, got {self.objects!r:.80}.")
        if not isinstance(self.concepts, Sequence) or len(self.concepts):
            checked_concepts(self.concepts, "Move()")
        elif not self.objects:
            raise InvalidQueryError("Move() takes concepts, objects or both, got neither.")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HybridVector:
    """The vector part of ``hybrid()`` as a search of its own: ``hybrid("fox", vector=HybridVector.near_text("animals"))``.

    Made by the class methods.

    Attributes:
        query: the text or texts of ``near_text()``.
        vector: what ``near_vector()`` was given.
        move_to: for ``near_text()``.
        move_away: for ``near_text()``.
        distance: for ``near_vector()``.
    """

    query: str | Sequence[str] | None = None
    vector: npt.ArrayLike | Mapping[Any, npt.ArrayLike] | None = None  # by vectors, which hybrid() checks
    move_to: Move | None = None
    move_away: Move | None = None
    distance: float | None = None

    def __post_init__(self) -> None:
        by_text, by_vector = self.query is not None, self.vector is not None
        if by_text == by_vector:
            raise InvalidQueryError(
                "A HybridVector searches either texts or a vector: HybridVector.near_text(...) or HybridVector.near_vector(...), got "
                + ("both." if by_text else "None.")
            )

    @classmethod
    def near_text(
        cls, query: str | Sequence[str], *, move_to: Move | None = None, move_away: Move | None = None
    ) -> HybridVector:
        """Search other texts than the keywords. Thresholds are not for it, the server ignores them: use ``max_vector_distance``.

        Args:
            query: one concept or several, of which the mean is searched.
            move_to: concepts to move towards; the server ignores objects here, so they are refused.
            move_away: concepts to move away from.
        """
        return cls(query=query, move_to=move_to, move_away=move_away)

    @classmethod
    def near_vector(
        cls, vector: npt.ArrayLike | Mapping[V, npt.ArrayLike], *, distance: float | None = None
    ) -> HybridVector:
        """Search a vector, within a distance.

        Args:
            vector: as for ``Query.near_vector()``.
            distance: leave objects farther away out of the vector part; keywords may still find them.
        """
        return cls(vector=vector, distance=distance)

    def __repr__(self) -> str:
        return f"HybridVector.{'near_text' if self.query is not None else 'near_vector'}(...)"
