"""Hybrid search: words and vectors search on their own, and their results become one ranking."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from typing import Final

import numpy as np

from weaviate_orm.local.ranking import Ranking
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.search.fusion import ResultSet, fuse_ranked, fuse_relative, keep_near
from weaviate_orm.local.search.keyword_search import search_words
from weaviate_orm.local.search.plan import MAXIMUM, Plan, queries_of
from weaviate_orm.local.search.query_vectors import check_modules, check_near_text, vector_of_input
from weaviate_orm.local.search.vector_search import search_near, texts_vectors, within_threshold
from weaviate_orm.local.vectors.targets import TargetQuery
from weaviate_orm.wire import _pb as pb

__all__ = ["alpha_of", "fused"]

_DEFAULT_ALPHA: Final = 0.75
_LEAST: Final = 100
"""What each of the two searches looks for at least."""

_NEAR: Final = "explorer: get class: "


def fused(plan: Plan, depth: int) -> tuple[Ranking, Set[int]]:
    """Give the fused ranking of words and vectors, as long as both searches make it, and the rows that the search by words found.

    Rows that the vector search was the last to find have their distance, all others 0: groups show it.

    Args:
        plan: what is asked for.
        depth: what each of the two searches looks for, at least.

    Raises:
        Refused: either search fails.
    """
    hybrid = plan.request.hybrid_search
    alpha = alpha_of(hybrid)
    depth = max(_LEAST, depth)
    name, queries = _queries(plan) if alpha > 0 else ("", [])
    words = search_words(plan, hybrid, min(depth, MAXIMUM)) if alpha < 1 else None
    sets: list[ResultSet] = []
    distances: dict[int, float] = {}
    of_words: frozenset[int] = frozenset()
    if queries:
        near = _near(plan, queries, depth)
        sets.append(ResultSet.of_vectors(name, alpha, near))
        if near.distances is not None:
            distances = dict(zip(near.rows.tolist(), near.distances.tolist(), strict=True))
    if words is not None:
        sets.append(ResultSet.of_words("keyword,bm25", 1 - alpha, words))
        # An object counts as the search by words found it, where both did: groups show no distance of it.
        of_words = frozenset(words.rows.tolist())
        distances.update(dict.fromkeys(of_words, 0.0))
    if hybrid.HasField("vector_distance"):
        sets = keep_near(sets, hybrid.vector_distance)
    shard = plan.shard()
    fuse = fuse_ranked if hybrid.fusion_type == pb.Hybrid.FUSION_TYPE_RANKED else fuse_relative
    ranking = fuse(sets, shard.id_at, explain=plan.metadata.explain_score)
    ranking.distances = np.array([distances.get(row, 0.0) for row in ranking.rows.tolist()], dtype=np.float32)
    return ranking, of_words


def alpha_of(hybrid: pb.Hybrid) -> float:
    """Give the share of the vectors, from whichever field the client writes it to."""
    if not hybrid.use_alpha_param:
        return hybrid.alpha
    return hybrid.alpha_param if hybrid.HasField("alpha_param") else _DEFAULT_ALPHA


def _near(plan: Plan, queries: list[TargetQuery], depth: int) -> Ranking:
    """Search by vectors, within the threshold of a near_vector."""
    ranking = search_near(plan, queries, 0, depth, f"{_NEAR}vector search: ")
    assert ranking.distances is not None
    kept = within_threshold(plan, ranking.distances)
    return Ranking(ranking.rows[kept], distances=ranking.distances[kept])


def _ranked_as(plan: Plan, query: TargetQuery) -> TargetQuery:
    """Give a query of the rank that its target has: a plain vector for multi-vectors, which hybrid search lets through, is one row."""
    return replace(query, vector=np.atleast_2d(query.vector)) if plan.schema.vectors[query.target].multi else query


def _queries(plan: Plan) -> tuple[str, list[TargetQuery]]:
    """Give the query vectors, and the name that explanations have for where they come from."""
    hybrid = plan.request.hybrid_search
    if hybrid.HasField("near_vector") and hybrid.near_vector.certainty and hybrid.near_vector.distance:
        raise Refused(
            f"{_NEAR}vectorize search vector: found 'certainty' and 'distance' set in nearVector "
            "which are conflicting, choose one instead"
        )
    if plan.queries is not None:
        name = "vector,nearVector" if hybrid.HasField("near_vector") else "vector,hybridVector"
        return name, [_ranked_as(plan, each) for each in plan.queries]
    if hybrid.HasField("near_text"):
        try:
            check_modules(plan.schema, "nearText")
            check_near_text(hybrid.near_text, objects=False)
        except Refused as refusal:
            raise refusal.prefixed(f"{_NEAR}vectorize search vector: ") from None
        return "vector,nearText", queries_of(plan, texts_vectors(plan, hybrid.near_text, "", objects=False))
    vectors = [vector_of_input(plan.database, plan.schema, target, hybrid.query) for target in plan.targets]
    return "vector,hybridVector", queries_of(plan, vectors)
