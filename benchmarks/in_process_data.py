"""What the contenders of ``in_process`` store and ask: short texts, a category, a year and a 384-dimensional vector.

Everything is made chunk by chunk from seeds: what a contender needs in memory is then its own, not the benchmark's.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["CATEGORIES", "CHUNK", "DIMENSIONS", "LIMIT", "Chunk", "chunks", "query_texts", "query_vectors", "raw_bytes"]

DIMENSIONS = 384
CHUNK = 1_000
LIMIT = 10
CATEGORIES = [f"category {number}" for number in range(20)]
QUERIES = 50

_WORDS = [
    f"{start}{end}{number}"
    for start in ("ka", "lo", "mi", "nu", "pe")
    for end in ("ra", "so", "ti", "vu")
    for number in range(250)
]
_WORDS_IN_TEXT = 8
_EACH_TEXT = 8
"""Bytes of a year, which JSON and all contenders hold as a number of that size."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Objects, in parallel sequences. ``vectors``: float32, shape ``(len(texts), DIMENSIONS)``, of length one."""

    first: int
    texts: list[str]
    categories: list[str]
    years: list[int]
    vectors: NDArray[np.float32]

    def id(self, index: int) -> uuid.UUID:
        """Give the id of an object, the same every time."""
        return uuid.UUID(int=(self.first + index) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128, version=4)


def chunks(objects: int) -> Iterator[Chunk]:
    """Yield the same objects every time; words are as unevenly frequent as in language."""
    frequency = 1 / np.arange(1, len(_WORDS) + 1)
    frequency /= frequency.sum()
    for first in range(0, objects, CHUNK):
        random = np.random.default_rng(first)
        count = min(CHUNK, objects - first)
        words = random.choice(len(_WORDS), (count, _WORDS_IN_TEXT), p=frequency)
        yield Chunk(
            first,
            [" ".join(_WORDS[word] for word in row) for row in words.tolist()],
            [CATEGORIES[number] for number in random.integers(0, len(CATEGORIES), count).tolist()],
            random.integers(1950, 2025, count).tolist(),
            _unit(random.standard_normal((count, DIMENSIONS), dtype=np.float32)),
        )


def query_vectors() -> NDArray[np.float32]:
    """Give the vectors that are searched for: shape ``(QUERIES, DIMENSIONS)``."""
    return _unit(np.random.default_rng(10**9).standard_normal((QUERIES, DIMENSIONS), dtype=np.float32))


def query_texts() -> list[str]:
    """Give what keywords are searched for: one frequent word and one that is less so."""
    random = np.random.default_rng(10**9 + 1)
    pairs = zip(random.integers(0, 20, QUERIES).tolist(), random.integers(20, 1_000, QUERIES).tolist(), strict=True)
    return [f"{_WORDS[frequent]} {_WORDS[rare]}" for frequent, rare in pairs]


def raw_bytes(objects: int) -> int:
    """Give the size of what is stored: vectors, texts in UTF-8, and 8 bytes a number."""
    texts = sum(len(text) for chunk in chunks(objects) for text in (*chunk.texts, *chunk.categories))
    return objects * (4 * DIMENSIONS + _EACH_TEXT) + texts


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths: NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True).astype(np.float32)
    return vectors / lengths
