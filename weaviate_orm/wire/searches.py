"""The searches as messages: one function a kind, in one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from weaviate_orm.model.info import VectorInfo
from weaviate_orm.query.search import Bm25, Fusion, Hybrid, NearObject, NearText, NearVector, Threshold
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.vectors import encode, vector_type

__all__ = ["SEARCHES"]


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


SEARCHES: dict[type, Callable[[pb.SearchRequest, Any], None]] = {  # each takes the clause it stands beside
    NearText: _near_text,
    NearVector: _near_vector,
    NearObject: _near_object,
    Bm25: _bm25,
    Hybrid: _hybrid,
}
