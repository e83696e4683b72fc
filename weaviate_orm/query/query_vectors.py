"""What the targets of a search are compared with: one vector for all of them, or for each its own, one or several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from weaviate_orm.errors import InvalidQueryError, InvalidValueError
from weaviate_orm.model.arrays import as_vector
from weaviate_orm.model.info import ModelInfo, VectorInfo
from weaviate_orm.query.targets import AnyVector, SearchTarget, Targets, each_once, resolved_targets

if TYPE_CHECKING:
    import numpy.typing as npt

    from weaviate_orm.model.arrays import FloatArray

    QueryVectors: TypeAlias = FloatArray | tuple[tuple[FloatArray, ...], ...]

__all__ = ["check_weights", "resolved_vectors"]

V = TypeVar("V", bound=AnyVector)


def resolved_vectors(
    model: ModelInfo,
    given: npt.ArrayLike | Mapping[V, npt.ArrayLike],
    target: SearchTarget | None,
    method: str,
) -> tuple[Targets, QueryVectors]:
    """Give the targets of a search by vectors, and what each is compared with.

    Raises:
        InvalidValueError: no finite vector of the shape that its target has.
        InvalidQueryError: targets and vectors do not fit each other, or another number of dimensions than declared.
    """
    if not isinstance(given, Mapping):
        targets = resolved_targets(model, target, method)
        kinds = {each.multi for each in targets.vectors}
        if len(kinds) > 1:
            raise InvalidQueryError(
                f"{method} cannot compare one vector with {targets.describe(model)}, of which some are multi-vectors. Give each its "
                f"own: {method[:-1]}{{target: vector, ...}})."
            )
        array = _one_vector(model, targets.vectors[0], given, method)
        for each in targets.vectors:
            _check_dimensions(model, each, array)
        check_weights(model, targets, method)
        return targets, array
    if not given:
        raise InvalidQueryError(
            f"{method} got an empty mapping; give at least one vector: {{{model.name}.embedding: [...]}}."
        )
    own = dict(zip(each_once(model, given), given.values(), strict=True))
    targets = Targets(tuple(own)) if target is None else resolved_targets(model, target, method)
    if own.keys() != set(targets.vectors):
        raise InvalidQueryError(
            f"{method} got vectors for {Targets(tuple(own)).describe(model)}, but the target is {targets.describe(model)}. Name the "
            "same ones in both, or leave target out."
        )
    vectors = tuple(_several_vectors(model, each, own[each], method) for each in targets.vectors)
    check_weights(model, targets, method, tuple(map(len, vectors)))
    if targets.combination is None and len(vectors) == len(vectors[0]) == 1:
        return targets, vectors[0][0]
    for each, several in zip(targets.vectors, vectors, strict=True):
        if each.name is None and len(several) > 1:
            raise InvalidQueryError(
                f"{model.name}.{each.field} has no name in the collection, so it takes one vector only."
            )
    return targets, vectors


def check_weights(model: ModelInfo, targets: Targets, method: str, numbers: Sequence[int] = ()) -> None:
    """Refuse weights that are not as many as the vectors that each target is compared with; without numbers that is one.

    Raises:
        InvalidQueryError: names the target.
    """
    for position, weights in enumerate(targets.weights):
        number = numbers[position] if numbers else 1
        if len(weights) != number:
            raise InvalidQueryError(
                f"{method}: {model.name}.{targets.vectors[position].field} is compared with {_count(number, 'vector')}, but has "
                f"{_count(len(weights), 'weight')} in {targets.describe(model)}. Every vector needs a weight."
            )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("s" if number != 1 else "")


def _one_vector(model: ModelInfo, vector: VectorInfo, given: npt.ArrayLike, method: str) -> FloatArray:
    if not vector.multi and _depth(given) == 2:
        raise InvalidValueError(
            f"{method} takes an array of shape (dimensions,), got several rows. To compare {model.name}.{vector.field} with several "
            f"vectors, give {{{model.name}.{vector.field}: [first, second]}}."
        )
    return _own(given, vector, method)


def _own(given: npt.ArrayLike, vector: VectorInfo, where: str) -> FloatArray:
    """Give a copy: queries never change, and the caller may fill his array anew for the next one."""
    return as_vector(given, multi=vector.multi, where=where).copy()


def _several_vectors(model: ModelInfo, vector: VectorInfo, given: npt.ArrayLike, method: str) -> tuple[FloatArray, ...]:
    where = f"{method}, {model.name}.{vector.field},"
    rank = 2 if vector.multi else 1
    several = list(given) if isinstance(given, Iterable) and _depth(given) == rank + 1 else [given]
    if not several:
        raise InvalidValueError(f"{where} got no vector at all; give it at least one.")
    arrays = tuple(_own(each, vector, where) for each in several)
    for array in arrays:
        _check_dimensions(model, vector, array)
    return arrays


def _depth(given: Any) -> int:  # whatever array, buffer or list it is
    """Give how deeply numbers are nested, by the first of them: 1 for a vector, 2 for rows; 0 for what is no array."""
    ndim = getattr(given, "ndim", None)
    if isinstance(ndim, int):
        return ndim
    if isinstance(given, list | tuple):
        return 1 + (_depth(given[0]) if given else 0)
    return 0


def _check_dimensions(model: ModelInfo, vector: VectorInfo, array: FloatArray) -> None:
    dimensions = array.shape[-1]
    if vector.options.dimensions not in (None, dimensions):
        raise InvalidQueryError(
            f"{model.name}.{vector.field} is declared with {vector.options.dimensions} dimensions, the vector searched has {dimensions}."
        )
