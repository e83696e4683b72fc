"""The Search RPC: a request is read, rows are found and ranked, and put into a reply.

The stages are those of a server, in its order: search, autocut, boost, diversity, page, rerank, generate, thresholds. Groups are made of
the rows that a vector search finds, but of the page that a keyword or hybrid search ends with.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from weaviate_orm.local.filters.sorting import check_sort
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.search.generating import write_generated, write_generated_group
from weaviate_orm.local.search.grouping import group_found, group_page, write_group
from weaviate_orm.local.search.hits import Hit, hits_of
from weaviate_orm.local.search.hybrid_search import fused
from weaviate_orm.local.search.keyword_search import keyword_page
from weaviate_orm.local.search.listing import list_page
from weaviate_orm.local.search.plan import MAXIMUM, Plan, check_cursor, read_plan
from weaviate_orm.local.search.profiling import write_profile
from weaviate_orm.local.search.replies import ResultWriter, UnresolvedReference
from weaviate_orm.local.search.stages import boosted, cut_at_jump, diversified, extended, page_of
from weaviate_orm.local.search.vector_search import check_certainty, near_page, within_threshold
from weaviate_orm.local.text.missing_index import MissingIndex
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Database

__all__ = ["search"]

_CONCURRENT = "explorer: get class: concurrentTargetVectorSearch: explorer: get class: "


def search(database: Database, request: pb.SearchRequest) -> pb.SearchReply:
    """Answer a search.

    Raises:
        Refused: in the server's words.
        Unsupported: it needs what the engine does not have.
    """
    started = perf_counter()
    plan = read_plan(database, request)
    check_certainty(plan)
    if request.sort_by:
        check_sort(plan.schema, request.sort_by)
    check_cursor(plan)
    hits = _found(plan)
    reply = pb.SearchReply(generative_grouped_result="")
    if request.metadata.query_profile:
        write_profile(plan, perf_counter() - started, reply)
    _write(plan, hits, reply)
    reply.took = perf_counter() - started
    return reply


def _found(plan: Plan) -> list[Hit]:
    """Give the results; each is the first member of its group where the request asks for groups."""
    if plan.has("bm25_search"):
        return _keyword(plan)
    if plan.is_near:
        return _near(plan)
    if plan.has("hybrid_search"):
        return _hybrid(plan)
    return _listed(plan)


def _window(plan: Plan) -> tuple[int, int]:
    """Give offset and limit of what is fetched: a boost and diversity look at more than the page."""
    if plan.mmr is not None:
        return 0, _reach(plan)
    return (plan.offset, plan.limit) if plan.boost is None else (0, _reach(plan))


def _reach(plan: Plan) -> int:
    """Give how many candidates make the page: up to its end, or as many as a boost ranks."""
    needed = plan.offset + plan.limit
    return needed if plan.boost is None else plan.boost.fetched(needed)


def _listed(plan: Plan) -> list[Hit]:
    offset, limit = _window(plan)
    try:
        hits = hits_of(list_page(plan, offset, limit, "explorer: list class: search: "))
    except MissingIndex as refusal:
        raise Refused(refusal.bare) from None
    # Without a filter the server reads whole objects; sorted ones only when it returns any of their properties.
    whole = plan.clause is None and (bool(plan.chosen) or not plan.request.sort_by)
    for hit in hits:
        hit.whole = whole
    if plan.boost is not None:
        hits = page_of(plan, boosted(plan, hits, "score"))
    if hits and plan.request.HasField("group_by"):
        raise Refused("group is not present map[]")
    return extended(plan, hits, "explorer: list class: extend: ")


def _keyword(plan: Plan) -> list[Hit]:
    offset, limit = _window(plan)
    try:
        hits = hits_of(keyword_page(plan, offset, limit))
    except MissingIndex as refusal:
        raise Refused(refusal.bare) from None
    for hit in hits:
        hit.whole = bool(plan.chosen)  # a search by words reads whole objects where it returns anything of them
    if plan.boost is not None:
        hits = page_of(plan, boosted(plan, hits, "score"))
    hits = extended(plan, hits, "explorer: get class: extend: ")
    return group_page(plan.shard(), plan.request.group_by, hits) if plan.request.HasField("group_by") else hits


def _near(plan: Plan) -> list[Hit]:
    offset, limit = _window(plan)
    hits = hits_of(near_page(plan, offset, limit))
    if plan.request.HasField("group_by"):
        hits = group_found(plan.shard(), plan.request.group_by, hits)
    hits = cut_at_jump(plan, hits[offset : offset + limit], "distance")
    if plan.boost is not None:
        hits = boosted(plan, hits, "distance")
    if plan.mmr is not None:
        hits = diversified(plan, page_of(plan, hits), "distance" if plan.boost is None else "score")
        hits = extended(plan, hits, "explorer: get class: extend: ")
    else:
        if plan.boost is not None:
            hits = page_of(plan, hits)
        hits = extended(plan, hits, f"{_CONCURRENT}extend: ")
    distances = np.array([hit.distance for hit in hits], dtype=np.float32)
    return [hit for hit, kept in zip(hits, within_threshold(plan, distances).tolist(), strict=True) if kept]


def _hybrid(plan: Plan) -> list[Hit]:
    offset, limit = _window(plan)
    depth = plan.limit if plan.mmr is None and plan.boost is None else _reach(plan)
    ranking, of_words = fused(plan, depth)
    hits = hits_of(ranking)
    if plan.chosen:
        for hit in hits:
            hit.whole = hit.row in of_words
    if plan.mmr is not None:
        hits = cut_at_jump(plan, hits, "score")
        if plan.boost is not None:
            hits = boosted(plan, hits[: _reach(plan)], "score")
        hits = diversified(plan, page_of(plan, hits), "score")
    else:
        hits = cut_at_jump(plan, hits[: min(offset + limit, MAXIMUM)], "score")[offset : offset + limit]
    if plan.request.HasField("group_by"):
        hits = group_page(plan.shard(), plan.request.group_by, hits)
    if plan.boost is not None and plan.mmr is None:
        hits = page_of(plan, boosted(plan, hits, "score"))
    return extended(plan, hits, "explorer: list class: extend: ")


def _write(plan: Plan, hits: list[Hit], reply: pb.SearchReply) -> None:
    if not hits:
        return
    near = plan.is_near
    writer = ResultWriter(
        plan.database, plan.collection, plan.tenant, plan.chosen, plan.metadata, ranked_by_distance=near
    )
    try:
        _write_results(plan, writer, hits, reply)
    except UnresolvedReference as refusal:
        known = plan.has("bm25_search", "hybrid_search")
        where = "explorer: get class: vector search: " if known else "explorer: list class: search: "
        raise refusal.prefixed(f"{_CONCURRENT}vector search: " if near else where) from None


def _write_results(plan: Plan, writer: ResultWriter, hits: list[Hit], reply: pb.SearchReply) -> None:
    if plan.request.HasField("group_by"):
        for hit in hits:
            _write_group(writer, hit, reply)
        return
    reranked = plan.request.HasField("rerank")
    generation = plan.generation
    results = [reply.results.add() for _ in hits]
    writer.write(hits, results)
    if not reranked and generation is None:
        return
    for hit, target in zip(hits, results, strict=True):
        if reranked:
            target.metadata.rerank_score = hit.rerank_score or 0.0
            target.metadata.rerank_score_present = True
        # The server forgets the (empty) answer where nothing else is known of a result.
        if generation is not None and (writer.knows_more or reranked or hit.generated is not None):
            write_generated(generation, hit, target)
    if generation is not None:
        write_generated_group(generation, hits, reply)


def _write_group(writer: ResultWriter, hit: Hit, reply: pb.SearchReply) -> None:
    target = reply.group_by_results.add()
    write_group(writer, hit, target)
    if hit.rerank_score is not None:
        target.rerank.score = hit.rerank_score
    if hit.generated is not None:
        if hit.generated.single:
            target.generative.result = hit.generated.single
        if hit.generated.grouped:
            reply.generative_grouped_result = hit.generated.grouped
