"""The mean of the vectors of referenced objects."""

from __future__ import annotations

import numpy as np
import pytest

from weaviate_orm.local.objects import Beacon, StoredObject, Vector
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import VectorSchema
from weaviate_orm.local.writing.centroid import MODULE, centroid, mean

TARGET = VectorSchema("v", module=MODULE, settings={"referenceProperties": ["likes", "likes"]})


def vector(*values: float) -> Vector:
    return np.array(values, np.float32)


def beacon(number: int) -> Beacon:
    return Beacon("Thing", bytes([number] * 16))


STORED = {
    beacon(1): StoredObject(beacon(1).id, vectors={"": vector(1, 2, 3)}),
    beacon(2): StoredObject(beacon(2).id, vectors={"": vector(3, 2, 2)}),
    beacon(3): StoredObject(beacon(3).id, vectors={"named": vector(9, 9, 9)}),
    beacon(4): StoredObject(beacon(4).id, vectors={"": vector(1, 2)}),
}


def of(*numbers: int, property: str = "likes") -> Vector | None:
    stored = StoredObject(bytes(16), references={property: [beacon(number) for number in numbers]})
    return centroid(TARGET, stored, STORED.get)


def test_the_mean_counts_every_reference_once_each_time_it_stands_there() -> None:
    for numbers, expected in (((1,), (1, 2, 3)), ((1, 2), (2, 2, 2.5)), ((1, 1, 2), (5 / 3, 2, 8 / 3))):
        found = of(*numbers)
        assert found is not None
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_objects_without_the_unnamed_vector_do_not_count() -> None:
    assert of() is None
    assert of(3) is None
    found = of(3, 1)
    assert found is not None
    assert found.tolist() == [1, 2, 3]


def test_other_references_do_not_count() -> None:
    assert of(1, property="hates") is None


def test_vectors_of_different_length_are_refused() -> None:
    with pytest.raises(Refused, match="found vectors of different length: 3 and 2"):
        of(1, 4)


def test_a_reference_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(Refused, match=r"find object with beacon .*: not found"):
        of(7)


def test_the_mean_leaves_its_input_alone() -> None:
    first = vector(1, 1)
    mean([first, vector(3, 3)])
    assert first.tolist() == [1, 1]
