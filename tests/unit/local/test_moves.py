"""Means and moves of vectors."""

from __future__ import annotations

import numpy as np
import pytest

from weaviate_orm.local.objects import Vector
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.vectors.moves import mean, move_away, move_to, target_of_move


def floats(*numbers: float) -> Vector:
    return np.array(numbers, dtype=np.float32)


def test_mean() -> None:
    assert mean([floats(1, 2, 3), floats(2, 3, 5)]).tolist() == [1.5, 2.5, 4]
    assert mean([floats(1, 2, 3), floats(3)]).tolist() == [2, 2, 3]
    with pytest.raises(ValueError, match="no vectors"):
        mean([])


def test_concepts_count_as_one() -> None:
    concepts, objects = [floats(2, 0), floats(4, 0)], [floats(0, 6), floats(0, 0)]
    assert target_of_move(concepts, objects).tolist() == [1, 2]
    assert target_of_move([], objects).tolist() == [0, 3]
    assert target_of_move(concepts, []).tolist() == [3, 0]


def test_moves() -> None:
    assert move_to(floats(2, 0), floats(0, 4), 1).tolist() == [1, 2]
    assert move_to(floats(2, 0), floats(0, 4), 0.5).tolist() == [1.5, 1]
    assert move_away(floats(2, 0), floats(0, 4), 1).tolist() == [3, -2]
    assert move_away(floats(2, 0), floats(0, 4), 4).tolist() == [6, -8]
    assert move_to(floats(2, 0), floats(0, 4), 1).dtype == np.float32


def test_refusals() -> None:
    with pytest.raises(Refused, match=r"^movement: force must be between 0 and 1: got 1\.500000$"):
        move_to(floats(1), floats(1), 1.5)
    with pytest.raises(Refused, match=r"force must be 0 or positive: got -1\.000000"):
        move_away(floats(1), floats(1), -1)
    with pytest.raises(Refused, match="vector lengths don't match: got 1 and 2"):
        move_to(floats(1), floats(1, 2), 1)
    for move in (move_to, move_away):
        with pytest.raises(Refused, match="not applicable for multivector embeddings"):
            move(np.ones((1, 2), dtype=np.float32), np.ones((1, 2), dtype=np.float32), 0.5)
