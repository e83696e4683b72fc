"""What is made of a ranking, as messages: reranking, boosts and diversity."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from weaviate_orm.query.boosting import Boosting, Fulfillment, Magnitude, NumberDecay, TimeDecay
from weaviate_orm.query.combinations import words_of
from weaviate_orm.query.ranking import Diversity
from weaviate_orm.query.search import Hybrid
from weaviate_orm.query.statement import Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.features import Feature
from weaviate_orm.wire.filters import fill_filter
from weaviate_orm.wire.writing import instant_text

__all__ = ["duration_text", "ranking_features", "set_ranking"]

_CURVES = {
    "exponential": pb.Boost.DECAY_CURVE_EXPONENTIAL,
    "gauss": pb.Boost.DECAY_CURVE_GAUSS,
    "linear": pb.Boost.DECAY_CURVE_LINEAR,
}

_MODIFIERS = {
    "log1p": pb.Boost.PROPERTY_VALUE_MODIFIER_LOG1P,
    "sqrt": pb.Boost.PROPERTY_VALUE_MODIFIER_SQRT,
}

_DIVERSIFIED = (
    "near_vector",
    "near_text",
    "hybrid_search",
    "near_object",
    "near_image",
    "near_audio",
    "near_video",
    "near_depth",
    "near_thermal",
    "near_imu",
)
"""The searches among whose results diversity chooses; a request has one of them."""


def set_ranking(request: pb.SearchRequest, statement: Statement) -> None:
    """Write what a statement makes of the ranking. The search is in the request already."""
    if statement.rerank is not None:
        request.rerank.property = statement.rerank.property.name
        # Without a query the server compares the texts with nothing, whatever was searched.
        query = statement.rerank.query or words_of(statement)
        if query is not None:
            request.rerank.query = query
    if statement.boost is not None:
        _set_boost(request, statement.boost)
    if statement.diversity is not None:
        _set_diversity(request, statement.diversity)


def ranking_features(statement: Statement) -> tuple[Feature, ...]:
    """Give the features that the ranking needs and not every supported server has."""
    boosted = () if statement.boost is None else (Feature.BOOST,)
    if statement.diversity is None:
        return boosted
    return (*boosted, Feature.MMR_IN_HYBRID if isinstance(statement.search, Hybrid) else Feature.MMR)


def duration_text(duration: timedelta) -> str:
    """Give a duration as the server reads it, in its largest whole unit: ``"7d"``, ``"36h"``, ``"90m"``, ``"45s"``, ``"1.5s"``."""
    seconds, rest = divmod(duration, timedelta(seconds=1))
    if rest:
        return f"{seconds}.{rest.microseconds:06}".rstrip("0") + "s"
    unit, size = next((unit, size) for unit, size in _UNITS if seconds % size == 0)
    return f"{seconds // size}{unit}" if seconds else "0s"


_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def _set_boost(request: pb.SearchRequest, boosting: Boosting) -> None:
    message = request.boost
    for each in boosting.boosts:
        condition = message.conditions.add()
        if each.weight != 1:
            condition.weight = each.weight
        _CONDITIONS[type(each.what)](condition, each.what)
    if boosting.weight is not None:
        message.weight = boosting.weight
    if boosting.depth is not None:
        message.depth = boosting.depth
    # What is not asked for counts as missing, without a word.
    asked = request.properties.non_ref_properties
    asked.extend([each for each in boosting.properties if each not in asked])


def _fulfillment(message: pb.Boost.Condition, what: Fulfillment) -> None:
    fill_filter(message.filter, what.node)


def _time_decay(message: pb.Boost.Condition, what: TimeDecay) -> None:
    decay = message.time_decay
    decay.property = what.attribute.name
    decay.origin = "now" if what.origin is None else instant_text(what.origin)
    decay.scale = duration_text(what.scale)
    if what.offset is not None:
        decay.offset = duration_text(what.offset)
    _set_curve(decay, what)


def _number_decay(message: pb.Boost.Condition, what: NumberDecay) -> None:
    decay = message.numeric_decay
    decay.property = what.attribute.name
    decay.origin = what.origin
    decay.scale = what.scale
    if what.offset is not None:
        decay.offset = what.offset
    _set_curve(decay, what)


def _set_curve(
    message: pb.Boost.TimeDecayFunction | pb.Boost.NumericDecayFunction, what: TimeDecay | NumberDecay
) -> None:
    if what.curve is not None:
        message.curve = _CURVES[what.curve]
    if what.decay is not None:
        message.decay_value = what.decay


def _magnitude(message: pb.Boost.Condition, what: Magnitude) -> None:
    message.property_value.property = what.attribute.name
    if what.modifier is not None:
        message.property_value.modifier = _MODIFIERS[what.modifier]


_CONDITIONS: dict[type, Callable[[pb.Boost.Condition, Any], None]] = {  # each takes the clause it stands beside
    Fulfillment: _fulfillment,
    TimeDecay: _time_decay,
    NumberDecay: _number_decay,
    Magnitude: _magnitude,
}


def _set_diversity(request: pb.SearchRequest, diversity: Diversity) -> None:
    message: Any = request  # names out of a table, all of which have the field
    search = getattr(message, next(each for each in _DIVERSIFIED if message.HasField(each)))
    search.selection.mmr.limit = diversity.limit
    search.selection.mmr.balance = diversity.balance
