"""Target vectors as messages: which vectors a search compares with, with what, and how the distances become one.

Two lists depend on each other's order. ``weights_for_targets`` repeats, place by place, the names of ``target_vectors``; and
``vector_for_targets`` has one entry for each of these names, in their order, without the repetitions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from weaviate_orm.query.targets import Combination, Targets
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.vectors import encode, vector_type

if TYPE_CHECKING:
    from weaviate_orm.query.query_vectors import QueryVectors

__all__ = ["set_targets", "set_vectors"]

_COMBINATIONS: Mapping[Combination, pb.CombinationMethod] = {
    "minimum": pb.CombinationMethod.COMBINATION_METHOD_TYPE_MIN,
    "sum": pb.CombinationMethod.COMBINATION_METHOD_TYPE_SUM,
    "average": pb.CombinationMethod.COMBINATION_METHOD_TYPE_AVERAGE,
    "manual_weights": pb.CombinationMethod.COMBINATION_METHOD_TYPE_MANUAL,
    "relative_score": pb.CombinationMethod.COMBINATION_METHOD_TYPE_RELATIVE_SCORE,
}


def set_targets(message: pb.Targets, targets: Targets, vectors: QueryVectors | None = None) -> None:
    """Name the targets. ``vectors`` are what each is compared with, where a search says that.

    A target compared with several vectors is named as often: otherwise a server refuses a search that has only this one target, because
    it takes that for a search by a single distance.
    """
    counts = tuple(map(len, vectors)) if isinstance(vectors, tuple) else (1,) * len(targets.vectors)
    for position, (target, count) in enumerate(zip(targets.vectors, counts, strict=True)):
        if target.name is None:
            return  # the unnamed vector of older collections, which is the only one
        message.target_vectors.extend([target.name] * count)
        if targets.weights:
            for weight in targets.weights[position]:
                message.weights_for_targets.add(target=target.name, weight=weight)
    if targets.combination is not None:
        message.combination = _COMBINATIONS[targets.combination]


def set_vectors(message: pb.NearVector, targets: Targets, vectors: QueryVectors) -> None:
    """Say what the targets are compared with: one vector for all, or for each its own."""
    if not isinstance(vectors, tuple):
        message.vectors.add(vector_bytes=encode(vectors), type=vector_type(vectors))
        return
    for target, several in zip(targets.vectors, vectors, strict=True):
        name = target.name or ""
        each = message.vector_for_targets.add(name=name)
        for array in several:
            each.vectors.add(name=name, vector_bytes=encode(array), type=vector_type(array))
