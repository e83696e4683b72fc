"""Query vectors out of all the fields that may carry them."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import pytest

from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema, VectorSchema
from weaviate_orm.local.search.near_vectors import read_near_vector, read_vector, read_vectors
from weaviate_orm.local.vectors.targets import Combination
from weaviate_orm.wire import _pb as pb

NAMED = CollectionSchema(
    "Thing", {}, {}, {"a": VectorSchema("a"), "b": VectorSchema("b"), "m": VectorSchema("m", multi=True)}
)
LEGACY = CollectionSchema("Thing", {}, {}, {"": VectorSchema("")})


def packed(*numbers: float) -> bytes:
    return struct.pack(f"<{len(numbers)}f", *numbers)


def matrix(width: int, *numbers: float) -> pb.Vectors:
    return pb.Vectors(vector_bytes=struct.pack("<H", width) + packed(*numbers), type=pb.Vectors.VECTOR_TYPE_MULTI_FP32)


def read(
    near: pb.NearVector,
    names: Sequence[str],
    combination: Combination = Combination.MINIMUM,
    weights: Sequence[float] = (),
    schema: CollectionSchema = NAMED,
) -> list[tuple[str, object, float]]:
    queries = read_near_vector(schema, near, names, combination, weights)
    assert all(query.vector.dtype == np.float32 for query in queries)
    return [(query.target, query.vector.tolist(), query.weight) for query in queries]


def test_the_newest_field_counts() -> None:
    vectors = [pb.Vectors(vector_bytes=packed(1))]
    assert read_vectors("x", vectors, packed(2), [3.0]) == [1]
    assert read_vectors("x", [], packed(2), [3.0]) == [2]
    assert read_vectors("x", [], b"", [3.0]) == [3]
    assert read_vectors("x", [], b"", []) is None


def test_matrices() -> None:
    assert read_vector(matrix(2, 1, 2, 3, 4)).tolist() == [[1, 2], [3, 4]]
    assert read_vector(matrix(2, 1, 2, 3)).tolist() == [[1, 2]]
    with pytest.raises(Refused, match="dimension cannot be 0"):
        read_vector(matrix(0, 1))


@pytest.mark.parametrize(
    "near",
    [
        pb.NearVector(vector=[1, 2]),
        pb.NearVector(vector_bytes=packed(1, 2)),
        pb.NearVector(vector_bytes=packed(1, 2) + b"xx"),
        pb.NearVector(vectors=[pb.Vectors(vector_bytes=packed(1, 2))]),
        pb.NearVector(vector_for_targets=[pb.VectorForTarget(vector_bytes=packed(1, 2))]),
        pb.NearVector(vector_per_target={"": packed(1, 2)}),
    ],
)
def test_one_vector(near: pb.NearVector) -> None:
    assert read(near, [""], schema=LEGACY) == [("", [1, 2], 1)]


def test_one_vector_for_several_targets() -> None:
    near = pb.NearVector(vector=[1])
    assert read(near, ["a", "b"], Combination.MANUAL, [0.5, 2]) == [("a", [1], 0.5), ("b", [1], 2)]


def test_each_target_its_own() -> None:
    near = pb.NearVector(
        vector_for_targets=[
            pb.VectorForTarget(
                name="a", vectors=[pb.Vectors(vector_bytes=packed(1)), pb.Vectors(vector_bytes=packed(2))]
            ),
            pb.VectorForTarget(name="b", vectors=[matrix(1, 3, 4)]),
            pb.VectorForTarget(name="m", vectors=[matrix(2, 5, 6)]),
        ]
    )
    found = read(near, ["a", "a", "b", "m"], Combination.AVERAGE, [0.25] * 4)
    assert [(name, vector) for name, vector, _ in found] == [
        ("a", [1]),
        ("a", [2]),
        ("b", [3]),
        ("b", [4]),
        ("m", [[5, 6]]),
    ]
    assert {weight for *_, weight in found} == {0.2}


@pytest.mark.parametrize(
    ("near", "names", "text"),
    [
        (pb.NearVector(), ["a"], "near_vector: vector is required"),
        (pb.NearVector(vectors=[pb.Vectors()] * 2), ["a"], "near_vector: only 1 vector supported, found 2 vectors"),
        (
            pb.NearVector(vector=[1]),
            ["m"],
            "near_vector: provided vector is a regular vector but vector index supports multi vectors",
        ),
        (
            pb.NearVector(vectors=[matrix(1, 1)]),
            ["a"],
            "near_vector: provided vector is a multi vector but vector index supports regular vectors",
        ),
        (pb.NearVector(vectors=[matrix(0)]), ["a"], "near_vector: extract vector: dimension cannot be 0"),
        (
            pb.NearVector(vector=[1], vector_per_target={"a": packed(1)}),
            ["a"],
            "near_vector: either vector or VectorPerTarget must be provided, not both",
        ),
        (
            pb.NearVector(vector_per_target={"a": packed(1)}),
            ["a", "b"],
            "near_vector: vector per target must be provided for all targets",
        ),
        (
            pb.NearVector(vector_per_target={"c": packed(1)}),
            ["a"],
            "near_vector: vector for target a is required. All target vectors: [a] all vectors for targets [c]",
        ),
        (
            pb.NearVector(vector_for_targets=[pb.VectorForTarget(name="b"), pb.VectorForTarget(name="a")]),
            ["a", "b"],
            "near_vector: vector for target a is required. All target vectors: [a b] all vectors for targets [b a]",
        ),
        (
            pb.NearVector(vector_for_targets=[pb.VectorForTarget(name="a")]),
            ["a", "b"],
            "near_vector: vector for target must have the same lengths as target vectors",
        ),
    ],
)
def test_what_does_not_fit(near: pb.NearVector, names: list[str], text: str) -> None:
    with pytest.raises(Refused) as caught:
        read(near, names)
    assert caught.value.text == text
