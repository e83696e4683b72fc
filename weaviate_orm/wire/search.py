"""From a statement to a search request, and from the reply to typed hits."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.nodes import IdSubject, Inclusion, PropertySubject, SortKey
from weaviate_orm.model.datatypes import NestedField
from weaviate_orm.model.info import ModelInfo, PropertyInfo, VectorInfo, model_info
from weaviate_orm.query.projection import Projection
from weaviate_orm.query.results import Hit
from weaviate_orm.query.search import Bm25, Fusion, Hybrid, NearObject, NearText, NearVector, Threshold
from weaviate_orm.query.statement import ANYWHERE, MOST_RESULTS, Scope, Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall
from weaviate_orm.wire.collector import collector_paused
from weaviate_orm.wire.features import Feature
from weaviate_orm.wire.filters import TIMES, compile_filter, needed_features
from weaviate_orm.wire.hydrate import compile_hydrate, nested_for, read_vectors
from weaviate_orm.wire.rpcs import SEARCH
from weaviate_orm.wire.scopes import CONSISTENCY, check_tenant
from weaviate_orm.wire.vectors import encode, vector_type

__all__ = ["compile_search", "search_request"]


_MANY = 100  # results from which on the collector would run at least once


def compile_search(
    statement: Statement, scope: Scope = ANYWHERE
) -> GrpcCall[list[Hit[Any]]]:  # the builder knows the class
    """Give the call for a statement; its result is the hits, best (or first) first."""
    read = _hits_reader(statement.info, statement.projection, statement.inclusions, statement.vectors)
    return GrpcCall(SEARCH, search_request(statement, scope), read, statement.info.collection, _needs(statement))


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

    def read(reply: pb.SearchReply) -> list[Hit[Any]]:
        if len(reply.results) < _MANY:
            return hits(reply)
        with collector_paused():
            return hits(reply)

    return read


def _needs(statement: Statement) -> tuple[Feature, ...]:
    needed = needed_features(statement.condition)
    search = statement.search
    if isinstance(search, NearVector) or (isinstance(search, Hybrid) and search.vector is not None):
        needed = (*needed, Feature.VECTORS_MESSAGE)
    return needed


def search_request(statement: Statement, scope: Scope = ANYWHERE) -> pb.SearchRequest:
    """Give the request message for a statement.

    Raises:
        InvalidQueryError: the offset leaves nothing of what the server gives at most.
        TenantError: a tenant is missing, or one too many.
    """
    info = statement.info
    check_tenant(info, scope)
    if (statement.offset or 0) >= MOST_RESULTS:
        raise InvalidQueryError(
            f"{info.name}: offset({statement.offset}) leaves nothing to give; the server gives at most {MOST_RESULTS:,} results of a "
            "query, those left out included. Narrow it with where().",
            collection=info.collection,
        )
    request = pb.SearchRequest()
    search = statement.search
    measures = () if search is None else _SCORES if isinstance(search, Bm25 | Hybrid) else _DISTANCES
    request.CopyFrom(_asked(info, statement.projection, statement.inclusions, statement.vectors, measures))
    # A query without a search means all objects; 0 leaves the number to the server.
    request.limit = statement.limit or (0 if search is not None else MOST_RESULTS - (statement.offset or 0))
    request.offset = statement.offset or 0
    if scope.tenant is not None:
        request.tenant = scope.tenant
    if scope.consistency is not None:
        request.consistency_level = CONSISTENCY[scope.consistency]
    if statement.condition is not None:
        request.filters.CopyFrom(compile_filter(statement.condition))
    for key in statement.order:
        request.sort_by.add(ascending=key.ascending, path=[_sort_name(key)])
    if search is not None:
        _SEARCHES[type(search)](request, search)
    return request


# What the server measures, by kind of search: fields of the request's metadata.
_SCORES = ("score", "explain_score")
_DISTANCES = ("distance", "certainty")


@lru_cache(maxsize=2048)
def _asked(
    info: ModelInfo,
    projection: Projection | None,
    inclusions: tuple[Inclusion, ...],
    vectors: tuple[VectorInfo, ...],
    measures: tuple[str, ...],
) -> pb.SearchRequest:
    """Give the part of a request that says what to answer with. It is the same for many queries; who takes it copies it."""
    request = pb.SearchRequest(collection=info.collection, uses_123_api=True, uses_125_api=True, uses_127_api=True)
    properties = info.properties.values() if projection is None else projection.properties
    _set_properties(request.properties, tuple(properties), info, inclusions)
    _set_metadata(request.metadata, vectors, measures)
    return request


def _sort_name(key: SortKey) -> str:
    match key.subject:
        case PropertySubject(attribute):
            return attribute.name
        case IdSubject():
            return "_id"
        case _:
            return TIMES[key.subject.name]


def _set_properties(
    message: pb.PropertiesRequest,
    properties: tuple[PropertyInfo, ...],
    info: ModelInfo,
    inclusions: tuple[Inclusion, ...],
) -> None:
    # Named one by one: "all properties" would leave out blobs, and bring those that the model does not know.
    message.SetInParent()
    for each in properties:
        if each.data_type.base == "object":
            _set_object(message.object_properties.add(), each.name, each.data_type.nested)
        else:
            message.non_ref_properties.append(each.name)
    for inclusion in inclusions:
        reference = info.references[inclusion.link.field]
        for target in reference.targets:
            inner = message.ref_properties.add(reference_property=reference.name)
            if len(reference.targets) > 1:
                inner.target_collection = model_info(target).collection
            inner.metadata.uuid = True
            target_info = model_info(target)
            _set_properties(
                inner.properties, tuple(target_info.properties.values()), target_info, nested_for(target, inclusion)
            )


def _set_object(message: pb.ObjectPropertiesRequest, name: str, fields: tuple[NestedField, ...]) -> None:
    message.prop_name = name
    for each in fields:
        if each.data_type.base == "object":
            _set_object(message.object_properties.add(), each.name, each.data_type.nested)
        else:
            message.primitive_properties.append(each.name)


def _set_metadata(message: pb.MetadataRequest, vectors: tuple[VectorInfo, ...], measures: tuple[str, ...]) -> None:
    message.uuid = True
    message.creation_time_unix = True
    message.last_update_time_unix = True
    for measure in measures:
        setattr(message, measure, True)
    for vector in vectors:
        if vector.name is None:
            message.vector = True
        else:
            message.vectors.append(vector.name)


def _set_target(targets: pb.Targets, target: VectorInfo | None) -> None:
    if target is not None and target.name is not None:
        targets.target_vectors.append(target.name)


def _set_threshold(message: pb.NearTextSearch | pb.NearVector | pb.NearObject, threshold: Threshold) -> None:
    if threshold.distance is not None:
        message.distance = threshold.distance
    if threshold.certainty is not None:
        message.certainty = threshold.certainty


def _near_text(request: pb.SearchRequest, search: NearText) -> None:
    message = request.near_text
    message.query.extend(search.concepts)
    _set_target(message.targets, search.target)
    _set_threshold(message, search.threshold)


def _near_vector(request: pb.SearchRequest, search: NearVector) -> None:
    message = request.near_vector
    message.vectors.add(vector_bytes=encode(search.vector), type=vector_type(search.vector))
    _set_target(message.targets, search.target)
    _set_threshold(message, search.threshold)


def _near_object(request: pb.SearchRequest, search: NearObject) -> None:
    message = request.near_object
    message.id = str(search.id)
    _set_target(message.targets, search.target)
    _set_threshold(message, search.threshold)


def _bm25(request: pb.SearchRequest, search: Bm25) -> None:
    request.bm25_search.query = search.query
    request.bm25_search.properties.extend(each.name for each in search.properties)


_FUSIONS = {
    Fusion.RELATIVE_SCORE: pb.Hybrid.FUSION_TYPE_RELATIVE_SCORE,
    Fusion.RANKED: pb.Hybrid.FUSION_TYPE_RANKED,
}


def _hybrid(request: pb.SearchRequest, search: Hybrid) -> None:
    message = request.hybrid_search
    message.query = search.query
    # Three generations of servers read alpha from different fields; the same number in all of them is right for each.
    message.alpha = search.alpha
    message.alpha_param = search.alpha
    message.use_alpha_param = True
    message.fusion_type = _FUSIONS[search.fusion]
    message.properties.extend(each.name for each in search.properties)
    if search.vector is not None:
        message.vectors.add(vector_bytes=encode(search.vector), type=vector_type(search.vector))
    _set_target(message.targets, search.target)
    if search.max_vector_distance is not None:
        message.vector_distance = search.max_vector_distance


_SEARCHES: dict[type, Callable[[pb.SearchRequest, Any], None]] = {  # each takes the clause it stands beside
    NearText: _near_text,
    NearVector: _near_vector,
    NearObject: _near_object,
    Bm25: _bm25,
    Hybrid: _hybrid,
}
