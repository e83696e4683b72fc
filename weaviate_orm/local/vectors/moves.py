"""What near_text compares with: the mean of its concepts' vectors, drawn towards some things and away from others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from weaviate_orm.local.objects import Vector
from weaviate_orm.local.refusals import Refused

__all__ = ["mean", "move_away", "move_to", "target_of_move"]

_HALF = np.float32(0.5)


def mean(vectors: Sequence[Vector]) -> Vector:
    """Give the mean of vectors, added up in float32 in their order. Of vectors of several lengths the missing numbers do not count.

    Raises:
        ValueError: there are none.
    """
    if not vectors:
        raise ValueError("the mean of no vectors was asked for")
    if len(vectors) == 1:
        return vectors[0]
    longest = max(len(vector) for vector in vectors)
    total = np.zeros(longest, dtype=np.float32)
    counts = np.zeros(longest, dtype=np.float32)
    for vector in vectors:
        total[: len(vector)] += vector
        counts[: len(vector)] += 1
    return total / counts


def target_of_move(concepts: Sequence[Vector], objects: Sequence[Vector]) -> Vector:
    """Give what a move draws to or from: the mean of the objects' vectors and of one vector for all concepts together.

    Raises:
        ValueError: there are neither concepts nor objects.
    """
    return mean([*([mean(concepts)] if concepts else []), *objects])


def move_to(vector: Vector, target: Vector, force: float) -> Vector:
    """Draw a vector towards a target: with force 1 it ends half-way.

    Raises:
        Refused: a force outside 0..1, a target of another length, or a multi-vector.
    """
    if vector.ndim != 1:
        raise Refused("move to operations are not applicable for multivector embeddings")
    _check_lengths("movement", vector, target)
    if not 0 <= force <= 1:
        raise Refused(f"movement: force must be between 0 and 1: got {force:f}")
    part = np.float32(force) * _HALF
    moved: Vector = np.add(np.multiply(vector, np.float32(1) - part), np.multiply(target, part))
    return moved


def move_away(vector: Vector, target: Vector, force: float) -> Vector:
    """Push a vector away from a target: with force 1 by half of the distance between them.

    Raises:
        Refused: a negative force, a target of another length, or a multi-vector.
    """
    if vector.ndim != 1:
        raise Refused("move away from operations are not applicable for multivector embeddings")
    _check_lengths("movement (moveAwayFrom)", vector, target)
    if force < 0:
        raise Refused(f"movement (moveAwayFrom): force must be 0 or positive: got {force:f}")
    moved: Vector = np.add(vector, np.multiply(vector - target, np.float32(force) * _HALF))
    return moved


def _check_lengths(where: str, vector: Vector, target: Vector) -> None:
    if len(vector) != len(target):
        raise Refused(f"{where}: vector lengths don't match: got {len(vector)} and {len(target)}")
