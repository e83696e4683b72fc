"""How far vectors are from each other: the five distances of a server, in float32 as there, over many rows at once.

Every function takes vectors as they are. Cosine distance here is that of vectors of length one; who stores others brings their lengths
in (``vector_index.py``) or, as the server in MMR, does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.objects import Floats

__all__ = [
    "distances_between",
    "inverse_length",
    "inverse_lengths",
    "inverse_lengths_of",
    "nearest_positions",
    "normalized",
    "squared_length",
    "squared_lengths",
]

_BLOCK_NUMBERS = 96 * 1024
"""Of a temporary: small enough for the second-level cache, large enough to hide the loop; 25 % slower at a quarter and at four times."""


def distances_between(distance: str, matrix: Floats, query: Floats) -> Floats:
    """Give the distance of every row to the query.

    Args:
        distance: ``"cosine"``, ``"dot"``, ``"l2-squared"``, ``"manhattan"`` or ``"hamming"``.
        matrix: shape ``(n, d)``.
        query: shape ``(d,)``.

    Returns:
        Shape ``(n,)``. Cosine is 1 - a·b and never below 0; dot is -a·b.
    """
    return _KERNELS[distance](matrix, query)


def inverse_length(vector: Floats) -> float:
    """Give 1 / length, or 0 for a vector of zeros (and for one whose squares leave float32, like the server)."""
    squares = squared_length(vector)
    return squares**-0.5 if 0 < squares < np.inf else 0.0


def squared_length(vector: Floats) -> float:
    """Give the sum of the squares; infinity beyond float32."""
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.dot(vector, vector))


def squared_lengths(vectors: Sequence[Floats]) -> npt.NDArray[np.float64]:
    """Give :func:`squared_length` of each of some vectors, shape ``(n,)``."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.array([np.dot(vector, vector) for vector in vectors], dtype=np.float64)


def inverse_lengths_of(vectors: Sequence[Floats]) -> npt.NDArray[np.float64]:
    """Give :func:`inverse_length` of each of some vectors, shape ``(n,)``."""
    squares = squared_lengths(vectors)
    return np.where(squares > 0, squares, np.inf) ** -0.5


def inverse_lengths(matrix: Floats) -> Floats:
    """Give :func:`inverse_length` of every row of a matrix, shape ``(n,)``."""
    with np.errstate(over="ignore", divide="ignore"):
        squares = np.einsum("ij,ij->i", matrix, matrix)
        inverse = np.where(squares > 0, squares, np.inf) ** np.float32(-0.5)
    return inverse.astype(np.float32, copy=False)


def normalized(vector: Floats) -> Floats:
    """Give the vector with length one, of any shape ``(..., d)``; zeros stay zeros."""
    if vector.ndim == 1:
        lengths: Floats | np.float32 = np.float32(inverse_length(vector))
    else:
        lengths = inverse_lengths(vector)[:, np.newaxis]
    found: Floats = vector * lengths
    return found


def nearest_positions(distances: Floats, limit: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Give the positions of the smallest distances, ascending; equal ones in the order of positions, not-a-numbers last."""
    if limit <= 0:
        return np.empty(0, dtype=np.int64)
    if limit < len(distances):
        largest = np.partition(distances, limit - 1)[limit - 1]
        candidates = np.flatnonzero(~(distances > largest))
        return candidates[np.argsort(distances[candidates], kind="stable")[:limit]]
    return np.argsort(distances, kind="stable")


def _cosine(matrix: Floats, query: Floats) -> Floats:
    found: Floats = np.maximum(np.float32(1) - matrix @ query, np.float32(0))
    return found


def _dot(matrix: Floats, query: Floats) -> Floats:
    return -(matrix @ query)


def _square(block: Floats, query: Floats, out: Floats) -> None:
    np.subtract(block, query, out=out)
    np.square(out, out=out)


def _absolute(block: Floats, query: Floats, out: Floats) -> None:
    np.subtract(block, query, out=out)
    np.abs(out, out=out)


def _differs(block: Floats, query: Floats, out: Floats) -> None:
    np.not_equal(block, query, out=out, casting="unsafe")


def _summed(step: Callable[[Floats, Floats, Floats], None]) -> Callable[[Floats, Floats], Floats]:
    """Make a distance of one that is taken number by number and added up, in blocks that stay in the cache."""

    def distance(matrix: Floats, query: Floats) -> Floats:
        rows, dimensions = matrix.shape
        found = np.empty(rows, dtype=np.float32)
        height = max(1, min(rows, _BLOCK_NUMBERS // max(dimensions, 1)))
        space = np.empty((height, dimensions), dtype=np.float32)
        ones = np.ones(dimensions, dtype=np.float32)
        for start in range(0, rows, height):
            block = matrix[start : start + height]
            step(block, query, space[: len(block)])
            np.dot(space[: len(block)], ones, out=found[start : start + height])
        return found

    return distance


_KERNELS: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "cosine": _cosine,
    "dot": _dot,
    "l2-squared": _summed(_square),
    "manhattan": _summed(_absolute),
    "hamming": _summed(_differs),
}
