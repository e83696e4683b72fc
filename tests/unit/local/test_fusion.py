"""Hybrid fusion against sums in plain Python, and the server's words for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.objects import Floats
from weaviate_orm.local.ranking import Ranking
from weaviate_orm.local.search.fusion import ResultSet, float32_text, fuse_ranked, fuse_relative, keep_near


def floats(values: Sequence[float]) -> Floats:
    return np.array(values, dtype=np.float32)


def id_at(row: int) -> bytes:
    return UUID(int=1000 - row).bytes  # larger rows have smaller ids


def words(weight: float, **by_row: float) -> ResultSet:
    """``words(0.5, r3=2.0)``: row 3 with score 2."""
    rows = [int(name[1:]) for name in by_row]
    return ResultSet.of_words(
        "keyword,bm25", weight, Ranking(np.array(rows, dtype=np.int64), scores=floats(list(by_row.values())))
    )


def vectors(weight: float, **by_row: float) -> ResultSet:
    rows = [int(name[1:]) for name in by_row]
    ranking = Ranking(np.array(rows, dtype=np.int64), distances=floats(list(by_row.values())))
    return ResultSet.of_vectors("vector,hybridVector", weight, ranking)


def by_row(ranking: Ranking) -> dict[int, float]:
    assert ranking.scores is not None
    return dict(zip(ranking.rows.tolist(), ranking.scores.tolist(), strict=True))


RANKED = st.dictionaries(st.integers(0, 9), st.integers(0, 50).map(lambda number: number / 10), max_size=8)


@given(near=RANKED, said=RANKED, alpha=st.sampled_from([0.25, 0.5, 0.75, 2.0]))
def test_sums(near: dict[int, float], said: dict[int, float], alpha: float) -> None:
    near = dict(sorted(near.items(), key=lambda item: item[1]))
    said = dict(sorted(said.items(), key=lambda item: -item[1]))
    sets = [
        vectors(alpha, **{f"r{row}": value for row, value in near.items()}),
        words(1 - alpha, **{f"r{row}": value for row, value in said.items()}),
    ]
    ranks = [list(near), list(said)]
    values = [{row: 1 - distance for row, distance in near.items()}, said]
    weights = [alpha, 1 - alpha]
    ranked: dict[int, float] = {}
    relative: dict[int, float] = {}
    for rows, value, weight in zip(ranks, values, weights, strict=True):
        least, most = (min(value.values()), max(value.values())) if value else (0, 0)
        for rank, row in enumerate(rows):
            ranked[row] = ranked.get(row, 0) + weight / (60 + rank)
            part = (value[row] - least) / (most - least) if most > least else 1
            relative[row] = relative.get(row, 0) + weight * part
    for fuse, expected in ((fuse_ranked, ranked), (fuse_relative, relative)):
        found = fuse(sets, id_at)
        assert by_row(found) == pytest.approx(expected, abs=1e-5)
        scores = list(by_row(found).values())
        assert all(one >= other - 2e-7 for one, other in pairwise(scores))
        assert set(found.explanations) == set(expected)
        assert not fuse(sets, id_at, explain=False).explanations


def test_explanations_of_ranks() -> None:
    found = fuse_ranked([vectors(0.5, r1=0.1, r2=0.2), words(0.5, r2=3.0)], id_at)
    assert found.rows.tolist() == [2, 1]
    assert found.explanations == {
        1: f"\nHybrid (Result Set vector,hybridVector) Document {UUID(int=999)} contributed 0.008333334 to the score",
        2: f"\nHybrid (Result Set vector,hybridVector) Document {UUID(int=998)} contributed 0.008196721 to the score"
        f"\nHybrid (Result Set keyword,bm25) Document {UUID(int=998)} contributed 0.008333334 to the score",
    }


def test_explanations_of_relative_scores() -> None:
    found = fuse_relative([vectors(0.25, r1=0.5, r2=1.5), words(0.75, r2=0.25)], id_at)
    assert found.rows.tolist() == [2, 1]
    assert found.explanations == {
        1: f"\nHybrid (Result Set vector,hybridVector) Document {UUID(int=999)}: "
        "original score 0.5, normalized score: 0.25",
        2: f"\nHybrid (Result Set keyword,bm25) Document {UUID(int=998)}: original score 0.25, normalized score: 0.75"
        f" - \nHybrid (Result Set vector,hybridVector) Document {UUID(int=998)}: "
        "original score -0.5, normalized score: 0",
    }


@pytest.mark.parametrize("fuse", [fuse_ranked, fuse_relative])
def test_equal_scores_go_by_the_last_value_then_by_uuid(fuse: Callable[..., Ranking]) -> None:
    # In relative fusion 1 and 2 have 0.5 of one set each; in the other case they have the same two ranks.
    sets = [vectors(0.5, r1=0.0, r2=1.0), words(0.5, r2=4.0, r1=2.0)]
    assert fuse(sets, id_at).rows.tolist() == [2, 1]
    same = [words(1.0, r1=1.0), vectors(1.0, r2=0.0)]
    assert fuse(same, id_at).rows.tolist() == [2, 1]
    assert fuse(same, lambda row: bytes([row] * 16)).rows.tolist() == [1, 2]


def test_nearly_equal_scores_count_as_equal() -> None:
    just_below = float(np.nextafter(np.float32(0.5), np.float32(0)))
    found = fuse_relative([words(1.0, r1=1.0, r2=0.5, r3=just_below, r4=0.0)], id_at)
    assert found.rows.tolist() == [1, 3, 2, 4]


@pytest.mark.parametrize("fuse", [fuse_ranked, fuse_relative])
def test_explanations_are_made_when_asked_for(fuse: Callable[..., Ranking]) -> None:
    sets = [vectors(0.5, r1=0.0, r2=1.0), words(0.5, r2=4.0, r1=2.0)]
    assert set(fuse(sets, id_at).explanations) == {1, 2}
    silent = fuse(sets, id_at, explain=False)
    assert silent.explanations == {}
    assert by_row(silent) == by_row(fuse(sets, id_at))


def test_nothing_found() -> None:
    assert len(fuse_ranked([], id_at)) == 0
    assert len(fuse_relative([vectors(1.0), words(0.0)], id_at)) == 0


def test_a_largest_distance_drops_words_too() -> None:
    near = vectors(0.5, r1=0.1, r2=0.7, r3=0.71)
    said = words(0.5, r3=3.0, r2=2.0, r9=1.0)
    kept = keep_near([near, said], float(np.float32(0.7)))
    assert [each.rows.tolist() for each in kept] == [[1, 2], [2]]
    assert [each.rows.tolist() for each in keep_near([near, said], 0.0)] == [[], []]
    assert keep_near([said], 0.1) == [said]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (1, "1"),
        (-0.5, "-0.5"),
        (0.1, "0.1"),
        (0.008333334, "0.008333334"),
        (1e-4, "0.0001"),
        (2.5e-5, "2.5e-05"),
        (490419.06, "490419.06"),
        (-1961679.2, "-1.9616792e+06"),
        (1e21, "1e+21"),
        (float("nan"), "NaN"),
        (float("inf"), "+Inf"),
        (float("-inf"), "-Inf"),
        (-0.0, "-0"),
    ],
)
def test_numbers_as_the_server_writes_them(number: float, text: str) -> None:
    assert float32_text(number) == text
