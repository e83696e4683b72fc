"""Maximal marginal relevance: of a window of results those that are near the query and far from each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from weaviate_orm.local.objects import Floats, Ints, Vector
from weaviate_orm.local.vectors.distances import distances_between

__all__ = ["distances_of_scores", "select_diverse"]


def select_diverse(
    relevance: Floats, vectors: Sequence[Vector | None], *, distance: str, limit: int, balance: float
) -> Ints:
    """Choose results, each the best of ``-balance * relevance + (1 - balance) * distance to the nearest chosen``.

    Stored vectors are compared as they are: cosine is right for vectors of length one only, as on the server.

    Args:
        relevance: of the candidates in rank order, shape ``(n,)``: distances to the query, or :func:`distances_of_scores`.
        vectors: of the same; ``None`` for a candidate without one, which keeps its rank.
        distance: the target's.
        limit: results at most.
        balance: 1 for relevance alone, 0 for diversity alone.

    Returns:
        Positions among the candidates, in the new order. With no vector at all it is the old one.
    """
    limit = min(limit, len(vectors))
    with_vector = [position for position, vector in enumerate(vectors) if vector is not None]
    if not with_vector:
        return np.arange(limit)
    places = sum(vectors[position] is not None for position in range(limit))
    stacked = np.stack([vector for vector in vectors if vector is not None])
    chosen = iter(_chosen(relevance[with_vector], stacked, distance, places, np.float32(balance)))
    order = [
        position if vectors[position] is None else with_vector[next(chosen)]  # one is chosen for each place
        for position in range(limit)
    ]
    return np.array(order, dtype=np.int64)


def distances_of_scores(scores: Floats, vectors: Sequence[Vector | None]) -> Floats:
    """Give 1 - score for scores stretched to 0..1 over the candidates that have a vector; 0 for all when these are equal."""
    there = np.array([vector is not None for vector in vectors], dtype=np.bool_)
    if not there.any():
        return np.zeros_like(scores)
    least, range_ = scores[there].min(), np.ptp(scores[there])
    if not range_ > 0:
        return np.zeros_like(scores)
    distances: Floats = np.float32(1) - (scores - least) / range_
    return distances


def _chosen(relevance: Floats, vectors: Floats, distance: str, count: int, balance: np.float32) -> list[int]:
    """Choose ``count`` of the vectors. Of equal ones the first in rank is chosen."""
    if not count:
        return []
    open_ = np.ones(len(vectors), dtype=np.bool_)
    spread = np.full(len(vectors), np.inf, dtype=np.float32)
    pick = int(np.argmin(relevance))
    picks = [pick]
    while len(picks) < count:
        open_[pick] = False
        np.minimum(spread, distances_between(distance, vectors, vectors[pick]), out=spread)
        values = -balance * relevance + (np.float32(1) - balance) * spread
        pick = int(np.argmax(np.where(open_, values, -np.inf)))
        picks.append(pick)
    return picks
