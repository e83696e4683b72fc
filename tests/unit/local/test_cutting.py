"""Thresholds and autocut."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.objects import Floats
from weaviate_orm.local.ranking import Ranking
from weaviate_orm.local.search.cutting import autocut, certainties, cut_at_jumps, not_below_certainty, within_distance


def floats(*numbers: float) -> Floats:
    return np.array(numbers, dtype=np.float32)


@pytest.mark.parametrize(
    ("values", "jumps", "kept"),
    [
        ([0.1, 0.1, 0.9, 0.9, 0.9], 1, 2),
        ([0.1, 0.11, 0.12, 0.5, 0.51, 0.9, 0.91], 1, 3),
        ([0.1, 0.11, 0.12, 0.5, 0.51, 0.9, 0.91], 2, 5),
        ([0.1, 0.11, 0.12, 0.5, 0.51, 0.9, 0.91], 3, 7),
        ([0.1, 0.2, 0.3, 0.4], 1, 4),
        ([0.1, 0.1, 0.1], 1, 3),
        ([0.1], 1, 1),
        ([], 1, 0),
        ([0.1, 0.9], 1, 2),
        ([9, 8.9, 8.8, 2, 1], 1, 3),
        ([0.1, 0.1, 0.1, 0.9], 1, 3),
    ],
)
def test_autocut(values: list[float], jumps: int, kept: int) -> None:
    assert autocut(floats(*values), jumps) == kept


@given(st.lists(st.floats(0, 2, width=32), min_size=3, max_size=20).map(sorted), st.integers(1, 3))
def test_autocut_against_the_definition(values: list[float], jumps: int) -> None:
    kept = autocut(floats(*values), jumps)
    assert 1 <= kept <= len(values)
    if values[0] == values[-1]:
        assert kept == len(values)
    else:
        assert kept == autocut(floats(*values), jumps + 1) or kept < autocut(floats(*values), jumps + 1)
        if kept < len(values):  # something rises there
            assert values[kept] > values[kept - 1]


def test_cutting_a_ranking() -> None:
    ranking = Ranking(np.arange(5), distances=floats(0.1, 0.1, 0.9, 0.9, 0.9))
    assert cut_at_jumps(ranking, 1).rows.tolist() == [0, 1]
    assert cut_at_jumps(ranking, 0) is ranking
    scored = Ranking(np.arange(5), scores=floats(9, 8, 7.9, 7.8, 1))
    assert cut_at_jumps(scored, 1).rows.tolist() == [0, 1, 2, 3]


def test_a_largest_distance_is_inclusive_with_a_tolerance() -> None:
    distances = floats(0, 0.5, 0.5000005, 0.50001, math.nan)
    assert within_distance(distances, 0.5).tolist() == [True, True, True, False, False]
    assert within_distance(floats(-3, 0), 0).tolist() == [True, True]


def test_certainty() -> None:
    assert certainties(floats(0, 1, 2)).tolist() == [1, 0.5, 0]
    distances = floats(0, 0.4, 0.5, 2, 2.5)
    assert not_below_certainty(distances, 0.8).tolist() == [True, True, False, False, True]
