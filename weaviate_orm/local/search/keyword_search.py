"""Keyword search: what words find, ranked by BM25."""

from __future__ import annotations

from weaviate_orm.local.ranking import Ranking
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.search.cutting import cut_at_jumps
from weaviate_orm.local.search.listing import allowed_rows
from weaviate_orm.local.search.plan import Plan, check_page
from weaviate_orm.local.search.selection import lower_first
from weaviate_orm.local.text.keyword import keyword_search
from weaviate_orm.wire import _pb as pb

__all__ = ["keyword_page", "search_words"]


def keyword_page(plan: Plan, offset: int, limit: int) -> Ranking:
    """Give one page of a keyword search, after autocut.

    Raises:
        Refused: the request has a vector search too, or no words; or as :func:`search_words`.
    """
    request = plan.request
    if plan.is_near:
        raise Refused("conflict: both near<Media> and keyword-based (bm25) arguments present, choose one")
    if not request.bm25_search.query:
        raise Refused("keyword search (bm25) must have query set")
    try:
        check_page(offset, limit)
        ranking = search_words(plan, request.bm25_search, offset + limit)
    except Refused as refusal:
        raise refusal.prefixed("explorer: get class: vector search: ") from None
    return cut_at_jumps(ranking, request.autocut).cut(offset, offset + limit)


def search_words(plan: Plan, message: pb.BM25 | pb.Hybrid, limit: int) -> Ranking:
    """Give what the words of a keyword or hybrid search find.

    Raises:
        Refused: a property cannot be searched, the filter cannot be answered, or the tenant is not there.
    """
    index = f"object search at index {plan.index}: "
    if isinstance(message, pb.BM25):
        operator = message.search_operator if message.HasField("search_operator") else None
    else:
        operator = message.bm25_search_operator if message.HasField("bm25_search_operator") else None
    try:
        shard = plan.shard()
        if not message.properties and not any(each.searchable for each in plan.schema.properties.values()):
            raise Refused("No properties provided, and no indexed properties found in class")
    except Refused as refusal:
        raise refusal.prefixed(index) from None
    try:
        return keyword_search(
            shard,
            message.query,
            [lower_first(each) for each in message.properties],
            operator=operator,
            allowed=allowed_rows(plan, shard),
            limit=limit,
            explain=plan.metadata.explain_score and isinstance(message, pb.BM25),
        )
    except Refused as refusal:
        raise refusal.prefixed(f"{index}local shard object search {plan.shard_id}: ") from None
