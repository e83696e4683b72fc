"""From a statement to a search request, and from the reply to typed hits."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.nodes import IdSubject, Inclusion, PropertySubject, SortKey
from weaviate_orm.model.info import ModelInfo, VectorInfo
from weaviate_orm.query.combinations import check_whole, depends_on_limit
from weaviate_orm.query.profile import QueryProfile, ShardProfile
from weaviate_orm.query.projection import Projection
from weaviate_orm.query.results import Hit
from weaviate_orm.query.search import Bm25, Hybrid
from weaviate_orm.query.statement import ANYWHERE, MOST_RESULTS, Scope, Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall
from weaviate_orm.wire.collector import read_rows
from weaviate_orm.wire.features import Feature
from weaviate_orm.wire.filters import TIMES, fill_filter, needed_features
from weaviate_orm.wire.hydrate import compile_hydrate, read_vectors
from weaviate_orm.wire.ranking import ranking_features, set_ranking
from weaviate_orm.wire.requested import DISTANCES, SCORES, asked
from weaviate_orm.wire.rpcs import SEARCH
from weaviate_orm.wire.scopes import CONSISTENCY, check_tenant
from weaviate_orm.wire.searches import SEARCHES, search_features

__all__ = ["SCORED", "compile_exists", "compile_profile", "compile_search", "search_needs", "search_request"]


def compile_search(
    statement: Statement, scope: Scope = ANYWHERE
) -> GrpcCall[list[Hit[Any]]]:  # the builder knows the class
    """Give the call for a statement; its result is the hits, best (or first) first."""
    read = _hits_reader(statement.info, statement.projection, statement.inclusions, statement.vectors)
    return GrpcCall(SEARCH, search_request(statement, scope), read, statement.info.collection, search_needs(statement))


def compile_profile(statement: Statement, scope: Scope = ANYWHERE) -> GrpcCall[QueryProfile[Any]]:
    """Give the call for a statement that also says what each shard did."""
    search = compile_search(statement, scope)
    # A new message each time, which nobody else has seen yet.
    assert isinstance(search.request, pb.SearchRequest)
    search.request.metadata.query_profile = True

    def read(reply: pb.SearchReply) -> QueryProfile[Any]:
        shards = (
            ShardProfile(each.name, each.node, {kind: dict(found.details) for kind, found in each.searches.items()})
            for each in reply.query_profile.shards
        )
        return QueryProfile(search.read(reply), tuple(shards))

    return GrpcCall(SEARCH, search.request, read, search.collection, (*search.needs, Feature.QUERY_PROFILE))


def compile_exists(statement: Statement, scope: Scope = ANYWHERE) -> GrpcCall[bool]:
    """Give the cheapest call that tells whether a statement has a result: one id where one is enough, and nothing that only orders."""
    check_whole(statement)
    whole = depends_on_limit(statement)
    boost = statement.boost if whole else None
    reduced = Statement(
        statement.info,
        search=statement.search,
        condition=statement.condition,
        limit=statement.limit if whole else 1,
        offset=statement.offset,
        after=statement.after,
        boost=boost,
    )
    request = search_request(reduced, scope)
    request.properties.Clear()
    request.properties.SetInParent()  # without it, all properties come
    if boost is not None:
        request.properties.non_ref_properties.extend(boost.properties)
    request.metadata.Clear()
    request.metadata.uuid = True
    return GrpcCall(SEARCH, request, _has_results, statement.info.collection, search_needs(reduced))


def _has_results(reply: pb.SearchReply) -> bool:
    return len(reply.results) > 0


@lru_cache(maxsize=2048)
def _hits_reader(
    info: ModelInfo,
    projection: Projection | None,
    inclusions: tuple[Inclusion, ...],
    wanted: tuple[VectorInfo, ...],
) -> Callable[[pb.SearchReply], list[Hit[Any]]]:
    hydrate = compile_hydrate(info, projection, inclusions, wanted)
    vectors = read_vectors(wanted)

    def hits(reply: pb.SearchReply) -> list[Hit[Any]]:
        return [
            Hit(hydrate(result.properties, metadata), metadata, vectors)
            for result in reply.results
            for metadata in (result.metadata,)
        ]

    return lambda reply: read_rows(hits, reply, len(reply.results))


def search_needs(statement: Statement) -> tuple[Feature, ...]:
    """Give what the server must have for a statement."""
    needed = (*needed_features(statement.condition), *search_features(statement.search))
    if statement.boost is not None or statement.diversity is not None:
        needed += ranking_features(statement)
    return needed


def search_request(statement: Statement, scope: Scope = ANYWHERE) -> pb.SearchRequest:
    """Give the request message for a statement.

    Raises:
        InvalidQueryError: a step lacks what it needs, or the offset leaves nothing of what the server gives at most.
        TenantError: a tenant is missing, or one too many.
    """
    info = statement.info
    check_tenant(info, scope)
    check_whole(statement)
    if (statement.offset or 0) >= MOST_RESULTS:
        raise InvalidQueryError(
            f"{info.name}: offset({statement.offset}) leaves nothing to give; the server gives at most {MOST_RESULTS:,} results of a "
            "query, those left out included. Narrow it with where().",
            collection=info.collection,
        )
    request = pb.SearchRequest()
    search = statement.search
    measures = _measures(statement)
    request.CopyFrom(asked(info, statement.projection, statement.inclusions, statement.vectors, measures))
    # A query without a search means all objects; 0 leaves the number to the server.
    request.limit = statement.limit or (0 if search is not None else MOST_RESULTS - (statement.offset or 0))
    if statement.offset:
        request.offset = statement.offset
    if statement.auto_limit is not None:
        request.autocut = statement.auto_limit
    if statement.after is not None:
        request.after = str(statement.after)
    if scope.tenant is not None:
        request.tenant = scope.tenant
    if scope.consistency is not None:
        request.consistency_level = CONSISTENCY[scope.consistency]
    if statement.condition is not None:
        fill_filter(request.filters, statement.condition)
    for key in statement.order:
        request.sort_by.add(ascending=key.ascending, path=[_sort_name(key)])
    if search is not None:
        SEARCHES[type(search)](request, search)
    if statement.rerank is not None or statement.boost is not None or statement.diversity is not None:
        set_ranking(request, statement)
    return request


def _measures(statement: Statement) -> tuple[str, ...]:
    """Give what the server measures."""
    ranked = _rank_measures(statement)
    return (*ranked, "is_consistent") if statement.consistency_checked else ranked


def _rank_measures(statement: Statement) -> tuple[str, ...]:
    # A boost makes a score of whatever ranked before.
    if statement.search is None:
        return () if statement.boost is None else _BOOSTED
    if isinstance(statement.search, SCORED):
        return SCORES
    return DISTANCES if statement.boost is None else _BOOSTED_DISTANCES


SCORED = (Bm25, Hybrid)
"""The searches whose results have scores and no distances."""
_BOOSTED = ("score",)
_BOOSTED_DISTANCES = (*DISTANCES, *_BOOSTED)


def _sort_name(key: SortKey) -> str:
    match key.subject:
        case PropertySubject(attribute):
            return attribute.name
        case IdSubject():
            return "_id"
        case _:
            return TIMES[key.subject.name]
