"""Vector search: by a vector of the request, by the vector of an object, by texts that a module makes a vector of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from weaviate_orm.local.objects import Floats, Vector
from weaviate_orm.local.ranking import Ranking
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.search.cutting import not_below_certainty, within_distance
from weaviate_orm.local.search.listing import allowed_rows, list_page
from weaviate_orm.local.search.plan import Plan, check_page, queries_of
from weaviate_orm.local.search.query_vectors import (
    check_modules,
    check_near_text,
    check_targets,
    kind_of,
    media_name,
    medium_of,
    vector_of_medium,
    vector_of_object,
    vector_of_text,
)
from weaviate_orm.local.search.selection import certainty_refusal
from weaviate_orm.local.vectors.targets import TargetQuery, nearest
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.objects import Bools

__all__ = ["check_certainty", "near_page", "near_queries", "search_near", "texts_vectors", "within_threshold"]

_WHERE = "explorer: get class: "
_CONCURRENT = f"{_WHERE}concurrentTargetVectorSearch: "


def _threshold(plan: Plan) -> Any | None:  # all near_* messages have the same two fields
    """Give the message whose distance or certainty bounds the results."""
    request = plan.request
    if request.HasField("near_vector"):
        return request.near_vector
    if request.HasField("near_object"):
        return request.near_object
    if request.HasField("hybrid_search"):
        hybrid = request.hybrid_search
        return hybrid.near_vector if hybrid.HasField("near_vector") and not plan.is_near else None
    if request.HasField("near_text"):
        return request.near_text
    return next((getattr(request, each) for each in plan.media), None)


def check_certainty(plan: Plan) -> None:
    """See whether the search may be bounded by certainty.

    Raises:
        Refused: it is, and its vectors are not compared by cosine, or there are several targets.
    """
    near = _threshold(plan)
    if plan.metadata.certainty or (near is not None and plan.is_near and near.certainty):
        # Several vectors for one target count as several targets.
        names = plan.targets if plan.queries is None else [each.target for each in plan.queries]
        refusal = certainty_refusal(plan.schema, tuple(names))
        if refusal is not None:
            raise refusal


def within_threshold(plan: Plan, distances: Floats) -> Bools:
    """Tell which distances are within what the request asks for."""
    near = _threshold(plan)
    if near is not None and near.certainty and plan.is_near:
        return not_below_certainty(distances, near.certainty)
    if near is not None and near.HasField("distance"):
        return within_distance(distances, near.distance)
    return np.ones(len(distances), dtype=np.bool_)


def near_queries(plan: Plan) -> list[TargetQuery]:
    """Give the query vectors of a near_* search.

    Raises:
        Refused: several searches at once, no module for them, or no vector.
        Unsupported: a module that the engine does not have.
    """
    _check_searches(plan)
    if plan.queries is not None and plan.has("near_vector"):
        return plan.queries
    if plan.has("near_object"):
        return queries_of(plan, [_of_object(plan, target) for target in plan.targets])
    if plan.media:
        return queries_of(plan, [_of_medium(plan, plan.media[0], target) for target in plan.targets])
    return queries_of(plan, texts_vectors(plan, plan.request.near_text, _CONCURRENT, objects=True))


def _of_object(plan: Plan, target: str) -> Vector:
    try:
        return vector_of_object(plan.collection, plan.tenant, plan.request.near_object.id, target)
    except Refused as refusal:
        raise refusal.prefixed(f"{_CONCURRENT}{_WHERE}vectorize search vector: nearObject params: ") from None


def _of_medium(plan: Plan, search: str, target: str) -> Vector:
    try:
        return vector_of_medium(plan.database, plan.schema, search, getattr(plan.request, search), target)
    except Refused as refusal:
        raise refusal.prefixed(f"{_CONCURRENT}{_WHERE}vectorize search vector: vectorize params: ") from None


def texts_vectors(plan: Plan, near: pb.NearTextSearch, prefix: str, *, objects: bool) -> list[Vector]:
    """Give the vector of a near_text for each target. ``objects`` tells whether moves to objects count.

    Raises:
        Refused: a target has no module, or it failed, or a move leads to what is not there.
        Unsupported: no embedder answers for the module.
    """
    where = f"{prefix}{_WHERE}vectorize search vector: vectorize params: "
    try:
        check_targets(plan.schema, near, plan.targets, plan.limit)
    except Refused as refusal:
        raise refusal.prefixed(where) from None
    vectors: list[Vector] = []
    for target in plan.targets:
        try:
            vectors.append(vector_of_text(plan.database, plan.collection, plan.tenant, near, target, objects=objects))
        except Refused as refusal:
            raise refusal.prefixed(f"{where}vectorize params: ") from None
    return vectors


def _check_searches(plan: Plan) -> None:
    """See whether there is one search, and a module for it."""
    modules = [*plan.media, *(["near_text"] if plan.has("near_text") else [])]
    try:
        _check_conflicts(modules, plan.has("near_vector"), plan.has("near_object"))
        if plan.has("near_text"):
            check_modules(plan.schema, "nearText")
            check_near_text(plan.request.near_text)
        for each in plan.media:
            check_modules(plan.schema, media_name(each), kind=kind_of(each))
            medium_of(each, getattr(plan.request, each))
            if len(plan.targets) > 1:
                # The server's own slip: its words about depth are a copy of those about texts.
                name = "nearText" if each == "near_depth" else media_name(each)
                raise Refused(f"{name}.targetVectors cannot provide more than 1 target vector value")
    except Refused as refusal:
        raise refusal.prefixed(f"{_WHERE}vectorize params: ") from None


def _check_conflicts(modules: Sequence[str], vector: bool, object_: bool) -> None:
    conflict = "parameters which are conflicting, choose one instead"
    if len(modules) == 1 and vector and object_:
        raise Refused(f"found 'nearText' and 'nearVector' and 'nearObject' {conflict}")
    if len(modules) == 1 and vector:
        raise Refused(f"found both 'nearText' and 'nearVector' {conflict}")
    if len(modules) == 1 and object_:
        raise Refused(f"found both 'nearText' and 'nearObject' {conflict}")
    if vector and object_:
        raise Refused(f"found both 'nearVector' and 'nearObject' {conflict}")
    if len(modules) > 1:
        names = ", ".join(f"'{'nearText' if each == 'near_text' else media_name(each)}'" for each in modules)
        raise Refused(f"found more than one module params: {names} which are conflicting choose one instead")


def near_page(plan: Plan, offset: int, limit: int) -> Ranking:
    """Give the nearest rows of a near_* search up to the end of a page, thresholds aside.

    Raises:
        Refused: as :func:`near_queries` and :func:`search_near`.
    """
    queries = near_queries(plan)
    return search_near(plan, queries, offset, limit, f"{_CONCURRENT}{_WHERE}vector search: ")


def search_near(plan: Plan, queries: list[TargetQuery], offset: int, limit: int, prefix: str) -> Ranking:
    """Give the ``offset + limit`` rows nearest to the queries.

    A single query without numbers lists rows by id, at distance 0.

    Raises:
        Refused: a query does not fit its index, the filter cannot be answered, or the tenant is not there.
    """
    if len(queries) == 1 and not queries[0].vector.size:
        listed = list_page(plan, 0, offset + limit, prefix)
        return Ranking(listed.rows, distances=np.zeros(len(listed), dtype=np.float32))
    near = _threshold(plan)
    largest = 0.0
    if near is not None:
        largest = 2 * (1 - near.certainty) if near.certainty and plan.is_near else near.distance
    index = f"object vector search at index {plan.index}: "
    try:
        check_page(offset, limit)
        try:
            shard = plan.shard()
            where = f"shard {plan.shard_id}: "
            try:
                allowed = allowed_rows(plan, shard)
            except Refused as refusal:
                raise refusal.prefixed(f"{where}build inverted filter allow list: ") from None
            try:
                if any(each.vector.ndim > 1 and not plan.schema.vectors[each.target].multi for each in queries):
                    raise Refused("multi vector search: multivector search is not enabled")
                end = offset + limit
                return nearest(shard.vectors, queries, plan.combination, limit=end, allowed=allowed, largest=largest)
            except Refused as refusal:
                raise refusal.prefixed(where) from None
        except Refused as refusal:
            raise refusal.prefixed(index) from None
    except Refused as refusal:
        raise refusal.prefixed(prefix) from None
