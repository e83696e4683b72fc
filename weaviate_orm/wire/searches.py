"""The searches as messages: one function a kind, in one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from weaviate_orm.query.search import (
    Bm25,
    Hybrid,
    Movement,
    NearMedia,
    NearObject,
    NearText,
    NearVector,
    Search,
    Searched,
    Threshold,
)
from weaviate_orm.query.search_options import Fusion, Words
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.features import Feature
from weaviate_orm.wire.targets import set_targets, set_vectors
from weaviate_orm.wire.vectors import encode, vector_type

__all__ = ["SEARCHES", "Request", "search_features"]

Request: TypeAlias = pb.SearchRequest | pb.AggregateRequest
"""What has a search: both have the same messages for it, but an aggregation has no keyword search."""

_Near: TypeAlias = (
    pb.NearTextSearch
    | pb.NearVector
    | pb.NearObject
    | pb.NearImageSearch
    | pb.NearAudioSearch
    | pb.NearVideoSearch
    | pb.NearDepthSearch
    | pb.NearThermalSearch
    | pb.NearIMUSearch
)


def _set_threshold(message: _Near, threshold: Threshold) -> None:
    if threshold.distance is not None:
        message.distance = threshold.distance
    if threshold.certainty is not None:
        message.certainty = threshold.certainty


def _near_text(request: Request, search: NearText) -> None:
    _fill_near_text(request.near_text, search)
    set_targets(request.near_text.targets, search.targets)


def _fill_near_text(message: pb.NearTextSearch, search: NearText) -> None:
    message.query.extend(search.concepts)
    _set_threshold(message, search.threshold)
    if search.move_to is not None:
        _set_move(message.move_to, search.move_to)
    if search.move_away is not None:
        _set_move(message.move_away, search.move_away)


def _set_move(message: pb.NearTextSearch.Move, movement: Movement) -> None:
    message.force = movement.force
    message.concepts.extend(movement.concepts)
    message.uuids.extend(map(str, movement.ids))


def _near_vector(request: Request, search: NearVector) -> None:
    _fill_near_vector(request.near_vector, search)
    set_targets(request.near_vector.targets, search.targets, search.vectors)


def _fill_near_vector(message: pb.NearVector, search: NearVector) -> None:
    set_vectors(message, search.targets, search.vectors)
    _set_threshold(message, search.threshold)


def _near_object(request: Request, search: NearObject) -> None:
    message = request.near_object
    message.id = str(search.id)
    set_targets(message.targets, search.targets)
    _set_threshold(message, search.threshold)


def _near_media(request: Request, search: NearMedia) -> None:
    message: _Near = getattr(request, f"near_{search.kind}")  # which are named after the kinds, as their fields are
    setattr(message, search.kind, search.data)
    set_targets(message.targets, search.targets)
    _set_threshold(message, search.threshold)


def _property(searched: Searched) -> str:
    # Nine digits say every float32, which is what the server calculates with.
    return searched.property.name if searched.weight is None else f"{searched.property.name}^{searched.weight:.9g}"


_OPERATORS = {
    "any": pb.SearchOperatorOptions.OPERATOR_OR,
    "every": pb.SearchOperatorOptions.OPERATOR_AND,
    "every_across_properties": pb.SearchOperatorOptions.OPERATOR_AND_CROSS,
}


def _is_default(words: Words | None) -> bool:
    return words is None or (words.kind == "any" and words.minimum == 1)


def _set_words(message: pb.SearchOperatorOptions, words: Words) -> None:
    message.operator = _OPERATORS[words.kind]
    if words.kind == "any":
        message.minimum_or_tokens_match = words.minimum


def _bm25(request: Request, search: Bm25) -> None:
    assert isinstance(request, pb.SearchRequest), "an aggregation refuses keyword searches when it is built"
    message = request.bm25_search
    message.query = search.query
    message.properties.extend(map(_property, search.properties))
    if search.words is not None and not _is_default(search.words):
        _set_words(message.search_operator, search.words)


_FUSIONS = {
    Fusion.RELATIVE_SCORE: pb.Hybrid.FUSION_TYPE_RELATIVE_SCORE,
    Fusion.RANKED: pb.Hybrid.FUSION_TYPE_RANKED,
}


def _hybrid(request: Request, search: Hybrid) -> None:
    message = request.hybrid if isinstance(request, pb.AggregateRequest) else request.hybrid_search
    message.query = search.query
    # Three generations of servers read alpha from different fields; the same number in all of them is right for each.
    message.alpha = search.alpha
    message.alpha_param = search.alpha
    message.use_alpha_param = True
    message.fusion_type = _FUSIONS[search.fusion]
    message.properties.extend(map(_property, search.properties))
    if search.words is not None and not _is_default(search.words):
        _set_words(message.bm25_search_operator, search.words)
    # The targets of a search inside stand here, not in its own message.
    vector = search.vector
    if isinstance(vector, NearText):
        _fill_near_text(message.near_text, vector)
        set_targets(message.targets, search.targets)
    elif isinstance(vector, NearVector):
        _fill_near_vector(message.near_vector, vector)
        set_targets(message.targets, search.targets, vector.vectors)
    else:
        if vector is not None:
            message.vectors.add(vector_bytes=encode(vector), type=vector_type(vector))
        set_targets(message.targets, search.targets)
    if search.max_vector_distance is not None:
        message.vector_distance = search.max_vector_distance


SEARCHES: dict[type, Callable[[Request, Any], None]] = {  # each takes the clause it stands beside
    NearText: _near_text,
    NearVector: _near_vector,
    NearObject: _near_object,
    NearMedia: _near_media,
    Bm25: _bm25,
    Hybrid: _hybrid,
}


def search_features(search: Search | None) -> tuple[Feature, ...]:
    """Give what a search needs of the server."""
    match search:
        case NearVector():
            return (Feature.VECTORS_MESSAGE,)
        case Bm25():
            return _words_features(search.words)
        case Hybrid(vector=vector):
            own = vector is not None and not isinstance(vector, NearText)
            return (*((Feature.VECTORS_MESSAGE,) if own else ()), *_words_features(search.words))
        case _:
            return ()


def _words_features(words: Words | None) -> tuple[Feature, ...]:
    if words is None or _is_default(words):
        return ()
    return (Feature.BM25_AND_CROSS if words.kind == "every_across_properties" else Feature.BM25_OPERATOR,)
