"""What a search hands from stage to stage once its rows are known: hits, alone or as groups."""

from __future__ import annotations

from dataclasses import dataclass

from weaviate_orm.local.ranking import Ranking

__all__ = ["Generated", "Group", "Hit", "hits_of"]


@dataclass(slots=True)
class Hit:
    """A row, and what the search found out about it.

    Attributes:
        row: in the shard.
        distance: of a vector search.
        score: of a keyword or hybrid search, or after a boost; 0 in all others.
        explanation: of the score.
        group: what the row is the first member of.
        rerank_score: of the reranker.
        generated: texts written about it.
        whole: whether the search read all of its properties, and not only those that are returned: boosts and images look at them.
    """

    row: int
    distance: float | None = None
    score: float = 0.0
    explanation: str = ""
    group: Group | None = None
    rerank_score: float | None = None
    generated: Generated | None = None
    whole: bool = False


@dataclass(slots=True)
class Group:
    """Objects that have a value in common.

    Attributes:
        name: the value as text.
        members: best first, at least one.
        spread: whether the last member's distance counts as the largest; otherwise the first one's does.
    """

    name: str
    members: list[Hit]
    spread: bool = True


@dataclass(slots=True)
class Generated:
    """What a generator wrote.

    Attributes:
        single: about one object.
        single_prompt: the whole prompt of it.
        grouped: about all of them; kept with the first one.
        grouped_prompt: the whole prompt of it.
    """

    single: str | None = None
    single_prompt: str = ""
    grouped: str | None = None
    grouped_prompt: str = ""


def hits_of(ranking: Ranking) -> list[Hit]:
    """Give the hits of a ranking, best first."""
    rows: list[int] = ranking.rows.tolist()
    explanations = ranking.explanations
    hits = [Hit(row) for row in rows]
    if ranking.distances is not None:
        for hit, distance in zip(hits, ranking.distances.tolist(), strict=True):
            hit.distance = distance
    if ranking.scores is not None:
        for hit, score in zip(hits, ranking.scores.tolist(), strict=True):
            hit.score = score
    if explanations:
        for hit in hits:
            hit.explanation = explanations.get(hit.row, "")
    return hits
