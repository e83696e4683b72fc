"""Which vectors a search compares with, and how the distances to several become one.

``TargetVectors`` is what users write. ``Targets`` is what a clause holds: the same with the model's own descriptions of the vectors, each
once, and in the order in which they are sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, TypeVar

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.model.attributes import MultiVector, Vector
from weaviate_orm.model.info import ModelInfo, VectorInfo
from weaviate_orm.query.checks import is_number

__all__ = ["AnyVector", "Combination", "SearchTarget", "TargetVectors", "Targets", "each_once", "resolved_targets"]


class AnyVector(Protocol):
    """A vector of a model, as read from its class: a ``Vector`` or a ``MultiVector``."""

    _owner: type[object]
    _field: str


# Keys of a mapping are invariant: without a variable ``dict[Vector, float]`` would fit no parameter. Its bound is what mypy finds common
# to both kinds in ``{Article.embedding: ..., Article.tokens: ...}``.
V = TypeVar("V", bound=AnyVector)


Combination: TypeAlias = Literal["minimum", "sum", "average", "manual_weights", "relative_score"]
"""How distances to several vectors become one: the methods of ``TargetVectors``, by name."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class TargetVectors:
    """Several vectors to search at once, and how their distances are joined; ``target=`` of every vector search takes it.

    Made by the class methods: ``TargetVectors.average(Article.title_vector, Article.body_vector)``. A plain list of vectors means
    ``minimum``. But for ``minimum``, objects without one of the vectors are not found, and the server looks at so many objects a vector as
    the query's limit says: what is near in the whole but not in any single vector is found with a larger limit.

    Attributes:
        combination: how distances are joined.
        vectors: the vectors searched, as read from the model's class.
        weights: of each of them, one for every vector it is compared with; empty without weights.
    """

    combination: Combination
    vectors: tuple[AnyVector, ...]
    weights: tuple[tuple[float, ...], ...] = ()

    def __post_init__(self) -> None:
        if not self.vectors:
            raise InvalidQueryError(f"TargetVectors.{self.combination}() takes at least one vector of a model.")
        for each in self.vectors:
            _check_vector(self.combination, each)

    @classmethod
    def minimum(cls, *vectors: Vector | MultiVector) -> TargetVectors:
        """Take the smallest distance."""
        return cls("minimum", vectors)

    @classmethod
    def sum(cls, *vectors: Vector | MultiVector) -> TargetVectors:
        """Add the distances."""
        return cls("sum", vectors)

    @classmethod
    def average(cls, *vectors: Vector | MultiVector) -> TargetVectors:
        """Take the mean of the distances."""
        return cls("average", vectors)

    @classmethod
    def manual_weights(cls, weights: Mapping[V, float | Sequence[float]]) -> TargetVectors:
        """Add the distances, each multiplied with its weight.

        Args:
            weights: by vector; a list of weights where several vectors are compared with one, in their order. They need not add up to 1,
                and the server leaves them alone when a single distance is all there is.
        """
        return cls("manual_weights", *_checked_weights("manual_weights", weights))

    @classmethod
    def relative_score(cls, weights: Mapping[V, float | Sequence[float]]) -> TargetVectors:
        """Stretch each vector's distances to 0..1 over what was found, then add them by weight.

        Args:
            weights: as for ``manual_weights()``.
        """
        return cls("relative_score", *_checked_weights("relative_score", weights))

    def __repr__(self) -> str:
        shown: Iterable[str] = (f"{each._owner.__name__}.{each._field}" for each in self.vectors)
        if not self.weights:
            return f"TargetVectors.{self.combination}({', '.join(shown)})"
        pairs = (f"{name}: {_shown(weights)}" for name, weights in zip(shown, self.weights, strict=True))
        return f"TargetVectors.{self.combination}({{{', '.join(pairs)}}})"


def _check_vector(method: str, vector: object) -> None:
    if not isinstance(vector, Vector | MultiVector):
        raise InvalidQueryError(
            f"TargetVectors.{method}() takes vectors of a model, such as Article.embedding, got {vector!r}."
        )


def _checked_weights(
    method: str, weights: Mapping[V, float | Sequence[float]]
) -> tuple[tuple[V, ...], tuple[tuple[float, ...], ...]]:
    if not isinstance(weights, Mapping):
        raise InvalidQueryError(
            f"TargetVectors.{method}() takes a mapping from vectors to weights, {{Article.embedding: 1.0}}, got {weights!r}."
        )
    found: list[tuple[float, ...]] = []
    for vector, given in weights.items():
        _check_vector(method, vector)
        several = tuple(given) if isinstance(given, Sequence) else (given,)
        if not several or not all(map(is_number, several)):
            raise InvalidQueryError(
                f"TargetVectors.{method}() takes a number, or a list of numbers, for each vector; got {given!r} for {vector!r}."
            )
        found.append(tuple(float(each) for each in several))
    return tuple(weights), tuple(found)


def _shown(weights: Sequence[float]) -> str:
    return f"{weights[0]:g}" if len(weights) == 1 else f"[{', '.join(f'{each:g}' for each in weights)}]"


SearchTarget: TypeAlias = Vector | MultiVector | Sequence[Vector | MultiVector] | TargetVectors
"""What ``target=`` takes: one vector, a list (the smallest distance counts), or ``TargetVectors``."""


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """The vectors that a search compares with.

    Attributes:
        vectors: each once; none for a hybrid search of keywords alone over a model without vectors.
        combination: how distances are joined; ``None`` leaves it to the server, which takes the smallest.
        weights: of each vector, one for every vector it is compared with; empty without weights.
    """

    vectors: tuple[VectorInfo, ...]
    combination: Combination | None = None
    weights: tuple[tuple[float, ...], ...] = ()

    def describe(self, model: ModelInfo) -> str:
        """Give them as a user would write them."""
        names = [f"{model.name}.{each.field}" for each in self.vectors]
        if self.combination is None:
            return names[0] if len(names) == 1 else f"[{', '.join(names)}]"
        if self.weights:
            pairs = (f"{name}: {_shown(weights)}" for name, weights in zip(names, self.weights, strict=True))
            return f"TargetVectors.{self.combination}({{{', '.join(pairs)}}})"
        return f"TargetVectors.{self.combination}({', '.join(names)})"


def resolved_targets(model: ModelInfo, target: SearchTarget | None, method: str) -> Targets:
    """Give the vectors that a search compares with; the model's only one when none is named.

    Raises:
        InvalidQueryError: none is named where the model has several or none, one belongs to another model, or one is named twice.
    """
    if target is None:
        return Targets((_only_vector(model, method),))
    if isinstance(target, TargetVectors):
        return Targets(each_once(model, target.vectors), target.combination, target.weights)
    if isinstance(target, Vector | MultiVector | str) or not isinstance(target, Sequence):
        return Targets((model.vector_of(target),))
    if not target:
        raise InvalidQueryError(f"{method} got an empty list as target; name the vectors to search, or leave it out.")
    return Targets(each_once(model, target))


def _only_vector(model: ModelInfo, method: str) -> VectorInfo:
    if not model.vectors:
        raise InvalidQueryError(
            f"{method} needs a vector, but {model.name} declares none: embedding: Vector = vector(...)"
        )
    if len(model.vectors) > 1:
        choices = " or ".join(f"{model.name}.{each}" for each in model.vectors)
        raise InvalidQueryError(
            f"{model.name} has several vectors; say which one {method} searches: target={choices}. "
            "A list of them, or TargetVectors, searches several."
        )
    return next(iter(model.vectors.values()))


def each_once(model: ModelInfo, targets: Iterable[object]) -> tuple[VectorInfo, ...]:
    """Give the model's vectors that expressions name.

    Raises:
        InvalidQueryError: one is of another model, or named twice.
    """
    found = tuple(map(model.vector_of, targets))
    for position, each in enumerate(found):
        if each in found[:position]:
            raise InvalidQueryError(
                f"{model.name}.{each.field} is named twice among the targets. To compare it with several vectors, give these in a "
                f"mapping: near_vector({{{model.name}.{each.field}: [first, second]}})."
            )
    return found
