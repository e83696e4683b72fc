"""Where a list of results ends before its limit: at a distance, at a certainty, or at a jump of its values (autocut)."""

from __future__ import annotations

import numpy as np

from weaviate_orm.local.objects import Bools, Floats
from weaviate_orm.local.ranking import Ranking

__all__ = ["autocut", "certainties", "cut_at_jumps", "not_below_certainty", "within_distance"]

_TOLERANCE = 1e-6


def within_distance(distances: Floats, largest: float) -> Bools:
    """Tell which distances are at most the largest one asked for, or a millionth above it."""
    values = distances.astype(np.float64)
    kept: Bools = (values <= largest) | (np.abs(values - largest) <= _TOLERANCE)
    return kept


def not_below_certainty(distances: Floats, least: float) -> Bools:
    """Tell which distances are certain enough.

    As the server has it, distances above 2, which only dot products of multi-vectors and other long vectors reach, are kept.
    """
    certain = np.float32(1) - distances / np.float32(2)
    kept: Bools = ~((certain < np.float32(least)) & (certain >= 0))
    return kept


def certainties(distances: Floats) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Give 1 - distance / 2, float64: 1 is identical, 0 opposite."""
    return 1 - distances.astype(np.float64) / 2


def autocut(values: Floats, jumps: int) -> int:
    """Give how many results stand before a jump.

    The values are drawn from (0, 0) to (1, 1); a jump is where they rise above the diagonal most, compared with both neighbours.

    Args:
        values: distances or scores in rank order.
        jumps: the one that ends the results; 1 for the first.

    Returns:
        All of them when there are fewer jumps.
    """
    count = len(values)
    if count <= 1:
        return count
    with np.errstate(divide="ignore", invalid="ignore"):  # equal values give not-a-number, which is no jump
        heights = (values - values[0]) / (values[-1] - values[0])
    above = heights - np.arange(count, dtype=np.float32) * (np.float32(1) / np.float32(count - 1))
    found = 0
    for position in range(1, count):
        # The last value has no right neighbour; the server takes the one before the left.
        other = position + 1 if position < count - 1 else position - 2
        if above[position] > above[position - 1] and above[position] > above[other]:
            found += 1
            if found >= jumps:
                return position
    return count


def cut_at_jumps(ranking: Ranking, jumps: int) -> Ranking:
    """Give the part of a ranking before a jump of its scores, or of its distances where it has no scores; all of it for 0 jumps."""
    values = ranking.scores if ranking.scores is not None else ranking.distances
    if jumps <= 0 or values is None:
        return ranking
    return ranking.cut(0, autocut(values, jumps))
