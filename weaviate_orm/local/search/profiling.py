"""What a search took, in the words of a server's query profile."""

from __future__ import annotations

from weaviate_orm.local.rest.server import NODE_NAME
from weaviate_orm.local.search.hybrid_search import alpha_of
from weaviate_orm.local.search.plan import Plan
from weaviate_orm.wire import _pb as pb

__all__ = ["write_profile"]


def write_profile(plan: Plan, seconds: float, reply: pb.SearchReply) -> None:
    """Write the profile of the one shard that was searched: the kinds of search and how long they took together."""
    shard = reply.query_profile.shards.add(name=plan.shard_id, node=NODE_NAME)
    for kind in _kinds(plan):
        shard.searches[kind].details["total_took"] = f"{seconds * 1e6:.3f}µs"


def _kinds(plan: Plan) -> tuple[str, ...]:
    if plan.has("bm25_search"):
        return ("keyword",)
    if plan.is_near:
        return ("vector",)
    if plan.has("hybrid_search"):
        alpha = alpha_of(plan.request.hybrid_search)
        return (*(("keyword",) if alpha != 1 else ()), *(("vector",) if alpha != 0 else ()))
    return ("object",)
