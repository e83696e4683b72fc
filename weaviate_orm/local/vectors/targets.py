"""Searches over several target vectors, or with several query vectors for one: each on its own, then one distance for each object."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.objects import Bools, Floats, Ints, Vector
from weaviate_orm.local.ranking import Ranking
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.vectors.distances import nearest_positions
from weaviate_orm.local.vectors.multi_vector_index import MultiVectorIndex
from weaviate_orm.local.vectors.vector_index import VectorIndex
from weaviate_orm.wire import _pb as pb

__all__ = ["Combination", "TargetQuery", "nearest", "read_combination", "weights_for"]


class Combination(Enum):
    """How the distances of an object become one."""

    MINIMUM = "minimum"
    """The smallest; an object that lacks some of the vectors is ranked by the others."""

    SUM = "sum"
    AVERAGE = "average"
    MANUAL = "manual"
    """These three: distance times weight, added up. An object that lacks one of the vectors is not found."""

    RELATIVE_SCORE = "relative score"
    """As before, with the distances of each target stretched to 0..1 over the candidates first."""


@dataclass(frozen=True, slots=True)
class TargetQuery:
    """One query vector.

    Attributes:
        target: name of the stored vector; several queries may have the same.
        vector: what its vectors are compared with.
        weight: of the distance; without meaning for ``MINIMUM``.
    """

    target: str
    vector: Vector
    weight: float = 1.0


_METHODS = {
    pb.CombinationMethod.COMBINATION_METHOD_UNSPECIFIED: Combination.MINIMUM,
    pb.CombinationMethod.COMBINATION_METHOD_TYPE_MIN: Combination.MINIMUM,
    pb.CombinationMethod.COMBINATION_METHOD_TYPE_SUM: Combination.SUM,
    pb.CombinationMethod.COMBINATION_METHOD_TYPE_AVERAGE: Combination.AVERAGE,
    pb.CombinationMethod.COMBINATION_METHOD_TYPE_MANUAL: Combination.MANUAL,
    pb.CombinationMethod.COMBINATION_METHOD_TYPE_RELATIVE_SCORE: Combination.RELATIVE_SCORE,
}


def read_combination(targets: pb.Targets | None) -> tuple[Combination, list[float]]:
    """Read how a request combines its targets: the combination, and the weight of each of ``targets.target_vectors``.

    Raises:
        Refused: an unknown combination, or weights that do not fit the targets one by one.
    """
    if targets is None:
        return Combination.MINIMUM, []
    method = _METHODS.get(targets.combination)
    if method is None:
        raise Refused(f"extract target vectors: unknown combination method {targets.combination}")
    names = targets.target_vectors
    if method not in (Combination.MANUAL, Combination.RELATIVE_SCORE):
        return method, weights_for(method, len(names))
    if len(targets.weights_for_targets) != len(names):
        raise Refused(
            f"extract target vectors: number of weights ({len(targets.weights_for_targets)}) "
            f"does not match number of targets ({len(names)})"
        )
    for given, name in zip(targets.weights_for_targets, names, strict=True):
        if given.target != name:
            raise Refused(f"extract target vectors: target vector {given.target} not found in target vectors")
    return method, [given.weight for given in targets.weights_for_targets]


def weights_for(combination: Combination, count: int) -> list[float]:
    """Give the weights that a combination without weights of its own means for so many query vectors."""
    return [1 / max(count, 1) if combination is Combination.AVERAGE else 1.0] * count


def nearest(
    index_of: Callable[[str], VectorIndex | MultiVectorIndex],
    queries: Sequence[TargetQuery],
    combination: Combination,
    *,
    limit: int,
    allowed: Bools | None,
    largest: float = 0.0,
) -> Ranking:
    """Find the rows nearest to the queries, nearest first.

    Like the server, each target is searched with the limit on its own, and only what one of these searches finds is looked at again: a
    row that is nearest by the sum alone may be missing.

    Args:
        index_of: the vectors of a target.
        queries: at least one.
        combination: how the distances become one; without meaning for one query.
        limit: rows at most.
        allowed: shape ``(rows,)``, which ones may be found; ``None`` for all.
        largest: rows beyond this combined distance are left out *before* the limit; 0 for no such distance. One query alone, and
            relative scores, pay no heed to it, as on the server; the caller cuts those afterwards.

    Raises:
        Refused: a query does not fit its index.
    """
    found = [index_of(query.target).nearest(query.vector, limit, allowed) for query in queries]
    if len(found) == 1:
        return found[0]
    rows: Ints = np.unique(np.concatenate([each.rows for each in found]))
    distances = _distances(index_of, queries, found, rows, exact=combination is not Combination.MINIMUM)
    if combination is Combination.MINIMUM:
        combined: Floats = np.fmin.reduce(distances, axis=0)
    else:
        whole = ~np.isnan(distances).any(axis=0)
        rows, distances = rows[whole], distances[:, whole]
        weights = np.array([query.weight for query in queries], dtype=np.float32)
        if combination is Combination.RELATIVE_SCORE:
            distances = _stretched(distances)
        combined = _added(distances, weights)
    if largest > 0 and combination is not Combination.RELATIVE_SCORE:
        kept = ~(combined > np.float32(largest))
        rows, combined = rows[kept], combined[kept]
    best = nearest_positions(combined, limit)
    return Ranking(rows[best], distances=combined[best])


def _distances(
    index_of: Callable[[str], VectorIndex | MultiVectorIndex],
    queries: Sequence[TargetQuery],
    found: Sequence[Ranking],
    rows: Ints,
    *,
    exact: bool,
) -> Floats:
    """Give the distance of each query (first axis) to each row, those that a search did not find looked up when ``exact``."""
    distances = np.full((len(queries), len(rows)), np.nan, dtype=np.float32)
    for number, (query, ranking) in enumerate(zip(queries, found, strict=True)):
        distances[number, np.searchsorted(rows, ranking.rows)] = ranking.distances
        missing = np.flatnonzero(np.isnan(distances[number]))
        if exact and missing.size:
            distances[number, missing] = index_of(query.target).distances(query.vector, rows[missing])
    return distances


def _stretched(distances: Floats) -> Floats:
    """Give the distances of each query from 0 to 1; 1 where all are equal."""
    if not distances.size:
        return distances
    least = distances.min(axis=1, keepdims=True)
    span = distances.max(axis=1, keepdims=True) - least
    stretched = np.ones_like(distances)
    np.divide(distances - least, span, out=stretched, where=span > 0)
    return stretched


def _added(distances: Floats, weights: npt.NDArray[np.float32]) -> Floats:
    """Give the weighted sums over the queries, added up one after the other in float32 as the server does."""
    combined = np.zeros(distances.shape[1], dtype=np.float32)
    for each, weight in zip(distances, weights, strict=True):
        combined += weight * each
    return combined
