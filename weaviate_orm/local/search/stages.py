"""What happens to the hits of any search, one stage after the other: autocut, boost, diversity, rerank and generate."""

from __future__ import annotations

from typing import Literal

import numpy as np

from weaviate_orm.local.objects import Floats, Value
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.search.boosting import apply_boost
from weaviate_orm.local.search.cutting import autocut
from weaviate_orm.local.search.diversity import distances_of_scores, select_diverse
from weaviate_orm.local.search.generating import generate
from weaviate_orm.local.search.hits import Hit
from weaviate_orm.local.search.plan import Plan
from weaviate_orm.local.search.reranking import rerank

__all__ = ["RankedBy", "boosted", "cut_at_jump", "diversified", "extended", "page_of"]

RankedBy = Literal["distance", "score"]


def page_of(plan: Plan, hits: list[Hit]) -> list[Hit]:
    """Give the page that the request asks for."""
    return hits[plan.offset : plan.offset + plan.limit]


def _values(hits: list[Hit], by: RankedBy) -> Floats:
    values = [hit.distance or 0.0 for hit in hits] if by == "distance" else [hit.score for hit in hits]
    return np.array(values, dtype=np.float32)


def cut_at_jump(plan: Plan, hits: list[Hit], by: RankedBy) -> list[Hit]:
    """Give the hits before a jump of what ranks them, where the request asks for that."""
    jumps = plan.request.autocut
    return hits[: autocut(_values(hits, by), jumps)] if jumps > 0 else hits


def boosted(plan: Plan, hits: list[Hit], by: RankedBy) -> list[Hit]:
    """Give the hits in the order of scores that the boost's conditions have a part in.

    Conditions see the properties that are returned, and all of a whole hit that is no group.

    Args:
        plan: has the boost, if any.
        hits: the candidates.
        by: what ranks them so far.
    """
    if plan.boost is None or not hits:
        return hits
    shard = plan.shard()
    columns = [(name, shard.column(name)) for name in plan.schema.properties]
    returned = {each.name for each in plan.chosen}
    properties: list[dict[str, Value]] = [
        {
            name: value
            for name, column in columns
            if (name in returned or (hit.whole and hit.group is None)) and (value := column.value(hit.row)) is not None
        }
        for hit in hits
    ]
    scores = -_values(hits, by) if by == "distance" else _values(hits, by)
    order, final = apply_boost(
        plan.boost, scores, properties, [shard.id_at(hit.row) for hit in hits], now=plan.database.now()
    )
    positions: list[int] = order.tolist()
    ranked = [hits[position] for position in positions]
    for hit, score in zip(ranked, final.tolist(), strict=True):
        hit.score = score
    return ranked


def diversified(plan: Plan, hits: list[Hit], by: RankedBy) -> list[Hit]:
    """Give those of a window of hits that are near the query and far from each other; ``by`` says what is near."""
    mmr = plan.mmr
    if mmr is None or not hits:
        return hits
    target = plan.targets[0]
    index = plan.shard().vectors(target)
    vectors = [index.get(hit.row) for hit in hits]
    values = _values(hits, by)
    relevance = values if by == "distance" else distances_of_scores(values, vectors)
    distance = plan.schema.vectors[target].distance
    chosen = select_diverse(relevance, vectors, distance=distance, limit=mmr.limit, balance=mmr.balance)
    return [hits[position] for position in chosen.tolist()]


def extended(plan: Plan, hits: list[Hit], where: str) -> list[Hit]:
    """Give the hits as a reranker orders them, with what a generator writes about them, where the request asks for that.

    Args:
        plan: what is asked for.
        hits: the page.
        where: what the server puts in front of a setting that is missing.

    Raises:
        Refused: the collection has no such module, or the module failed.
        Unsupported: nothing was given that does what the module does.
    """
    shard, services = plan.shard(), plan.database.services
    try:
        if plan.request.HasField("rerank"):
            hits = rerank(services, shard, plan.request.rerank, hits)
        if plan.generation is not None:
            generate(services, shard, plan.generation, hits, {each.name for each in plan.chosen})
    except Refused as refusal:
        known = refusal.text.startswith(("extend ", "unknown capability"))
        raise (refusal.prefixed(where) if known else refusal) from None
    return hits
