"""Query vectors as requests carry them, in old and new fields, and the targets that they are compared with."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from weaviate_orm.local.objects import Floats, Vector
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema
from weaviate_orm.local.vectors.targets import Combination, TargetQuery, weights_for
from weaviate_orm.wire import _pb as pb

__all__ = ["read_near_vector", "read_vector", "read_vectors"]

_Held: TypeAlias = "Vector | list[Vector]"
"""What is given for a target: one vector, or several."""


def _floats(packed: bytes) -> Floats:
    return np.frombuffer(packed, "<f4", count=len(packed) // 4).astype(np.float32)


def read_vector(message: pb.Vectors) -> Vector:
    """Give one vector: shape ``(dimensions,)``, or ``(rows, dimensions)`` for a multi-vector; empty for no bytes.

    Raises:
        Refused: the type is unknown, or rows without numbers.
    """
    packed = message.vector_bytes
    if message.type in (pb.Vectors.VECTOR_TYPE_UNSPECIFIED, pb.Vectors.VECTOR_TYPE_SINGLE_FP32):
        return _floats(packed)
    if message.type != pb.Vectors.VECTOR_TYPE_MULTI_FP32:
        raise Refused("cannot extract vector: unknown vector type: protocol.Vectors_VectorType")
    if not packed:
        return np.empty((0, 0), dtype=np.float32)
    (width,) = struct.unpack_from("<H", packed)
    if not width:
        raise Refused("extract vector: dimension cannot be 0")
    numbers = _floats(packed[2:])
    rows = len(numbers) // width
    return numbers[: rows * width].reshape(rows, width)


def read_vectors(where: str, vectors: Sequence[pb.Vectors], packed: bytes, numbers: Sequence[float]) -> Vector | None:
    """Give the one vector of a message that has three fields for it, the newest first; ``None`` when all are empty.

    Raises:
        Refused: several vectors, or one that is broken. ``where`` is named in front: ``"near_vector"``.
    """
    if len(vectors) > 1:
        raise Refused(f"{where}: only 1 vector supported, found {len(vectors)} vectors")
    if vectors:
        try:
            return read_vector(vectors[0])
        except Refused as refusal:
            raise refusal.prefixed(f"{where}: ") from None
    if packed:
        return _floats(packed)
    return np.array(numbers, dtype=np.float32) if numbers else None


def read_near_vector(
    schema: CollectionSchema,
    near: pb.NearVector,
    names: Sequence[str],
    combination: Combination,
    weights: Sequence[float],
) -> list[TargetQuery]:
    """Give the queries of a near_vector: one vector for all targets, or each target's own.

    Args:
        schema: of the collection.
        near: the message.
        names: the targets, ``[""]`` for the unnamed one; a name may repeat.
        combination: how their distances are combined.
        weights: of the targets, one by one; none for a combination without weights.

    Raises:
        Refused: no vector at all, or vectors that do not fit the targets.
    """
    vector = read_vectors("near_vector", near.vectors, near.vector_bytes, near.vector)
    if vector is not None:
        if near.vector_per_target:
            raise Refused("near_vector: either vector or VectorPerTarget must be provided, not both")
        for name in names:
            _check_rank(schema, name, vector)
        return _queries(names, [vector] * len(names), weights)
    if near.vector_for_targets:
        return _for_targets(schema, near.vector_for_targets, names, combination, weights)
    if near.vector_per_target:
        return _queries(names, _per_target(near, names), weights)
    raise Refused("near_vector: vector is required")


def _check_rank(schema: CollectionSchema, name: str, vector: Vector) -> None:
    multi = schema.vectors[name].multi
    if vector.ndim == 2 and not multi:
        raise Refused("near_vector: provided vector is a multi vector but vector index supports regular vectors")
    if vector.ndim == 1 and multi:
        raise Refused("near_vector: provided vector is a regular vector but vector index supports multi vectors")


def _queries(names: Sequence[str], vectors: Sequence[Vector], weights: Sequence[float]) -> list[TargetQuery]:
    if not weights:
        return [TargetQuery(name, vector) for name, vector in zip(names, vectors, strict=True)]
    return [TargetQuery(*each) for each in zip(names, vectors, weights, strict=True)]


def _per_target(near: pb.NearVector, names: Sequence[str]) -> list[Vector]:
    given = near.vector_per_target
    if len(given) != len(names):
        raise Refused("near_vector: vector per target must be provided for all targets")
    for name in names:
        if name not in given:
            raise _missing(name, names, list(given))
    return [_floats(given[name]) for name in names]


def _missing(name: str, names: Sequence[str], given: Sequence[str]) -> Refused:
    return Refused(
        f"near_vector: vector for target {name} is required. All target vectors: [{' '.join(names)}] "
        f"all vectors for targets [{' '.join(given)}]"
    )


def _for_targets(
    schema: CollectionSchema,
    given: Sequence[pb.VectorForTarget],
    names: Sequence[str],
    combination: Combination,
    weights: Sequence[float],
) -> list[TargetQuery]:
    several = bool(given[0].vectors)
    if several:  # each target once, with all its vectors
        names = list(dict.fromkeys(names))
    if len(given) != len(names):
        raise Refused("near_vector: vector for target must have the same lengths as target vectors")
    expanded: list[str] = []
    vectors: list[Vector] = []
    for position, (each, name) in enumerate(zip(given, names, strict=True)):
        if each.name != name:
            raise _missing(name, names, [one.name for one in given])
        found = _expanded(schema, name, _held(position, each))
        expanded += [name] * len(found)
        vectors += found
    if not vectors:
        raise Refused("near_vector: vector is required")  # all are matrices without rows
    if several and combination not in (Combination.MANUAL, Combination.RELATIVE_SCORE):
        weights = weights_for(combination, len(vectors))
    if weights and len(weights) != len(vectors):
        raise Refused("number of weights in join does not match number of results")
    return _queries(expanded, vectors, weights)


def _held(position: int, message: pb.VectorForTarget) -> _Held:
    if not message.vectors:
        return _floats(message.vector_bytes)
    held: list[Vector] = []
    for number, each in enumerate(message.vectors):
        try:
            held.append(read_vector(each))
        except Refused as refusal:
            prefix = f"near_vector: vector for targets: extract vectors[{position}]: vectors[{number}]: "
            raise refusal.prefixed(prefix) from None
    matrices = [each for each in held if each.ndim == 2]
    return matrices or held  # single vectors beside matrices are dropped, as in the server


def _expanded(schema: CollectionSchema, name: str, held: _Held) -> list[Vector]:
    """Give the vectors of a target one by one; a matrix for a target of plain vectors is a list of them."""
    if not isinstance(held, list):
        return [held]
    multi = schema.vectors[name].multi
    if multi and held[0].ndim == 1:  # several plain vectors for a target of matrices are one matrix
        return [np.stack(held)]
    if not multi and held[0].ndim == 2:
        return [row for matrix in held for row in matrix]
    return held
