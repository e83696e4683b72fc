"""What a search inside a shard gives: rows in rank order with what ranked them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from weaviate_orm.local.objects import Floats, Ints

__all__ = ["Ranking"]


@dataclass(slots=True)
class Ranking:
    """Rows of one shard, best first; arrays of equal length.

    Attributes:
        rows: int64, shape ``(n,)``.
        distances: of a vector search, float32, 0 is nearest.
        scores: of a keyword or hybrid search, float32, high is best.
        explanations: the server's text about a score, by row.
    """

    rows: Ints
    distances: Floats | None = None
    scores: Floats | None = None
    explanations: Mapping[int, str] = field(default_factory=dict[int, str])

    def __len__(self) -> int:
        return len(self.rows)

    def cut(self, start: int, stop: int | None) -> Ranking:
        """Give the part from one rank up to another."""
        part = slice(start, stop)
        return Ranking(
            self.rows[part],
            None if self.distances is None else self.distances[part],
            None if self.scores is None else self.scores[part],
            self.explanations,
        )
