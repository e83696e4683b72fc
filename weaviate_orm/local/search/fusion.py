"""Hybrid search: a ranking by words and one by vectors become one, with the server's words about how."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cmp_to_key
from itertools import pairwise
from uuid import UUID

import numpy as np

from weaviate_orm.local.objects import Floats, Ints
from weaviate_orm.local.ranking import Ranking

__all__ = ["ResultSet", "float32_text", "fuse_ranked", "fuse_relative", "keep_near"]

_RANKED_FROM = 60

_SAME = 1e-14
"""Scores whose difference has a smaller square count as equal."""


@dataclass(frozen=True, slots=True)
class ResultSet:
    """What one of the two searches found.

    Attributes:
        name: as it stands in explanations: ``"keyword,bm25"``, ``"vector,hybridVector"``, ``"vector,nearVector"``, ``"vector,nearText"``.
        weight: of its scores: alpha of the vectors, 1 - alpha of the words.
        rows: best first.
        values: by rank, high is best: BM25 scores, or 1 - distance.
        distances: by rank; ``None`` for words.
    """

    name: str
    weight: float
    rows: Ints
    values: Floats
    distances: Floats | None = None

    @classmethod
    def of_vectors(cls, name: str, weight: float, ranking: Ranking) -> ResultSet:
        """Make one of a ranking by distance."""
        assert ranking.distances is not None
        return cls(name, weight, ranking.rows, np.float32(1) - ranking.distances, ranking.distances)

    @classmethod
    def of_words(cls, name: str, weight: float, ranking: Ranking) -> ResultSet:
        """Make one of a ranking by score."""
        assert ranking.scores is not None
        return cls(name, weight, ranking.rows, ranking.scores)


def fuse_ranked(sets: Sequence[ResultSet], id_at: Callable[[int], bytes], *, explain: bool = True) -> Ranking:
    """Give each row the sum of weight / (60 + rank), the first rank being 0.

    Args:
        sets: the one by vectors before the one by words, as the server has them; the last one that has a row decides ties.
        id_at: the uuid of a row, for explanations and for the order of equal rows.
        explain: whether to make explanations.
    """
    scores = [
        (each.weight / (np.arange(len(each.rows)) + _RANKED_FROM).astype(np.float64)).astype(np.float32)
        for each in sets
    ]
    return _fused(sets, scores, id_at, _explain_ranked if explain else None)


def fuse_relative(sets: Sequence[ResultSet], id_at: Callable[[int], bytes], *, explain: bool = True) -> Ranking:
    """Give each row the sum of its values, each set's stretched to 0..1 and weighted. Equal values of a whole set count as 1.

    Arguments as for :func:`fuse_ranked`.
    """
    scores: list[Floats] = []
    for each in sets:
        weight = np.float32(each.weight)
        stretched = np.ones(len(each.values), dtype=np.float32)
        if len(each.values) and (span := np.ptp(each.values)) != 0:
            stretched = (each.values - each.values.min()) / span
        scores.append(weight * stretched)
    return _fused(sets, scores, id_at, _explain_relative if explain else None)


def keep_near(sets: Sequence[ResultSet], largest: float) -> list[ResultSet]:
    """Drop what is farther than a distance by vectors, from both sets.

    Without a set by vectors, nothing is dropped.
    """
    vectors = next((each for each in sets if each.distances is not None), None)
    if vectors is None or vectors.distances is None:
        return list(sets)
    near = vectors.rows[vectors.distances <= np.float32(largest)]
    return [_restricted(each, near) for each in sets]


def _restricted(each: ResultSet, rows: Ints) -> ResultSet:
    there = np.isin(each.rows, rows)
    distances = None if each.distances is None else each.distances[there]
    return replace(each, rows=each.rows[there], values=each.values[there], distances=distances)


def float32_text(value: np.float32 | float) -> str:
    """Write a float32 as the server's explanations do: the shortest digits that give it back, an exponent below 1e-4 and from 1e6 on."""
    number = np.float32(value)
    if not np.isfinite(number):
        return "NaN" if np.isnan(number) else "+Inf" if number > 0 else "-Inf"
    if number == 0:
        return "-0" if np.signbit(number) else "0"
    if np.float32(1e-4) <= abs(number) < np.float32(1e6):  # numpy 1 would compare as float64
        return np.format_float_positional(number, unique=True, trim="-")
    return np.format_float_scientific(number, unique=True, trim="-", exp_digits=2)


_Explain = Callable[[str, UUID, np.float32, np.float32, str], str]
"""Name of the set, uuid, value, score, and the explanation by the sets before -> the explanation with this set."""


def _explain_ranked(name: str, id: UUID, value: np.float32, score: np.float32, before: str) -> str:
    return f"{before}\nHybrid (Result Set {name}) Document {id} contributed {float32_text(score)} to the score"


def _explain_relative(name: str, id: UUID, value: np.float32, score: np.float32, before: str) -> str:
    text = (
        f"\nHybrid (Result Set {name}) Document {id}: "
        f"original score {float32_text(value)}, normalized score: {float32_text(score)}"
    )
    return f"{text} - {before}" if before else text


def _fused(
    sets: Sequence[ResultSet], scores: Sequence[Floats], id_at: Callable[[int], bytes], explain: _Explain | None
) -> Ranking:
    """Add up the scores, and order by them, then by the value in the last set, both descending, then by uuid."""
    if not sets:
        return Ranking(np.empty(0, dtype=np.int64), scores=np.empty(0, dtype=np.float32))
    rows: Ints = np.unique(np.concatenate([each.rows for each in sets]))
    totals = np.zeros(len(rows), dtype=np.float32)
    values = np.zeros(len(rows), dtype=np.float32)
    explanations: dict[int, str] = {}
    for each, own in zip(sets, scores, strict=True):
        places = np.searchsorted(rows, each.rows)
        totals[places] += own
        values[places] = each.values
        if explain is not None:
            for row, value, score in zip(each.rows.tolist(), each.values, own, strict=True):
                before = explanations.get(row, "")
                explanations[row] = explain(each.name, UUID(bytes=id_at(row)), value, score, before)

    ids = [id_at(row) for row in rows.tolist()]
    order = np.array(_best_first(totals.tolist(), values.tolist(), ids), dtype=np.int64)
    return Ranking(rows[order], scores=totals[order], explanations=explanations)


def _best_first(totals: Sequence[float], values: Sequence[float], ids: Sequence[bytes]) -> list[int]:
    """Give the places in the order of totals, then of values, both descending, then of ids. Nearly equal numbers count as equal."""
    places = range(len(ids))
    order = sorted(places, key=lambda place: (-totals[place], -values[place], ids[place]))
    if all(_is_clear(totals, values, one, other) for one, other in pairwise(order)):
        return order

    def compare(one: int, other: int) -> int:
        for numbers in (totals, values):
            if not (numbers[other] - numbers[one]) ** 2 < _SAME:
                return -1 if numbers[one] > numbers[other] else 1
        return -1 if ids[one] < ids[other] else 1

    # "Nearly equal" is no order of its own: what comes out depends on what is compared with what, starting from the order of rows.
    return sorted(places, key=cmp_to_key(compare))


def _is_clear(totals: Sequence[float], values: Sequence[float], one: int, other: int) -> bool:
    """Tell whether two numbers that decide are either equal or clearly different; not-a-numbers and infinities are not clear."""
    apart = totals[one] - totals[other]
    if apart == 0:
        apart = values[one] - values[other]
    return apart == 0 or _SAME <= apart * apart < math.inf
