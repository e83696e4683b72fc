"""Boost: results of a search are ranked again by conditions on their properties, blended with the score that they had."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from weaviate_orm.local.filters.clauses import JOINING, Clause, Operator, property_named, read_filters
from weaviate_orm.local.objects import Floats, Ints, Value
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema
from weaviate_orm.local.storage.clock import nanoseconds
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Database

__all__ = ["Boost", "apply_boost", "read_boost"]

_MOST_CONDITIONS = 20
_DEPTH = 100
_MOST_RESULTS = 10_000

Properties: TypeAlias = Mapping[str, Value]

_Condition: TypeAlias = Callable[[Sequence[Properties], int], Sequence[float]]
"""Properties of the candidates, and now in milliseconds -> a number from 0 to 1 for each."""


@dataclass(frozen=True, slots=True)
class Boost:
    """What a request asks for.

    Attributes:
        weight: of the conditions against the score before, 0..1; with 0 nothing is done.
        depth: candidates that are ranked again; ``None`` for the server's default.
        conditions: each with its weight; a negative one moves what fulfils it down.
    """

    weight: float
    depth: int | None
    conditions: tuple[tuple[float, _Condition], ...]

    def fetched(self, needed: int) -> int:
        """Give how many candidates the search is to give when so many results are needed, the offset included."""
        return needed if self.weight <= 0 else max(needed, min(self.depth or _DEPTH, _MOST_RESULTS))


def apply_boost(
    boost: Boost, scores: Floats, properties: Sequence[Properties], ids: Sequence[bytes], *, now: int
) -> tuple[Ints, Floats]:
    """Rank candidates again.

    Args:
        boost: with a weight above 0.
        scores: of the candidates; of a vector search their distances, negative.
        properties: of the same, those that the request returns: conditions do not see others.
        ids: their uuids, by which equal ones are ordered.
        now: milliseconds since 1970, for dates compared with now.

    Returns:
        Positions of the candidates, best first, and their scores from 1 to 0 in that order.
    """
    weight = np.float32(boost.weight)
    combined: Floats = np.add(
        np.multiply(_stretched(scores), np.float32(1) - weight), np.multiply(_boosts(boost, properties, now), weight)
    )
    final = _stretched(combined)
    order = sorted(range(len(ids)), key=lambda position: (-final[position], ids[position]))
    return np.array(order, dtype=np.int64), final[order]


def _boosts(boost: Boost, properties: Sequence[Properties], now: int) -> Floats:
    total = np.zeros(len(properties), dtype=np.float32)
    weights = np.float32(0)
    for weight, condition in boost.conditions:
        factor = np.float32(weight or 1)
        total += factor * np.array(condition(properties, now), dtype=np.float32)
        weights += abs(factor)
    return total / weights


def _stretched(values: Floats) -> Floats:
    """Give values from 0 to 1; 1 when all are equal."""
    if not len(values):
        return values
    span = np.ptp(values)
    return (values - values.min()) / span if span > 0 else np.ones_like(values)


# Reading


def read_boost(database: Database, schema: CollectionSchema, message: pb.Boost) -> Boost:
    """Read what a request asks for.

    Raises:
        Refused: a condition that is none, or that does not fit its property, or numbers outside their bounds.
    """
    weight = message.weight if message.HasField("weight") else 0.5
    depth = message.depth if message.HasField("depth") else None
    read = [
        _read_condition(database, schema, one, f"boost condition[{place}]")
        for place, one in enumerate(message.conditions)
    ]
    if not read:
        raise Refused("boost: at least one condition is required")
    if len(read) > _MOST_CONDITIONS:
        raise Refused(f"boost: too many conditions ({len(read)}), maximum is {_MOST_CONDITIONS}")
    if not 0 <= weight <= 1:
        raise Refused(f"boost: weight must be between 0 and 1, got {weight:f}")
    for check, _ in read:
        check()
    weights = [one.weight if one.HasField("weight") else 1.0 for one in message.conditions]
    conditions = tuple((weight, condition) for weight, (_, condition) in zip(weights, read, strict=True))
    return Boost(weight, depth, conditions)


_Read: TypeAlias = "tuple[Callable[[], None], _Condition]"
"""The server checks some things only after it has read all conditions: that check, and the condition."""


def _read_condition(database: Database, schema: CollectionSchema, message: pb.Boost.Condition, where: str) -> _Read:
    match message.WhichOneof("condition"):
        case "filter":
            return _read_filter(database, schema, message.filter, f"{where} filter")
        case "time_decay":
            return _read_time_decay(schema, message.time_decay, where)
        case "numeric_decay":
            return _read_numeric_decay(schema, message.numeric_decay, where)
        case "property_value":
            name = message.property_value.property
            _check_property(schema, name, f"{where} property_value", ("int", "number"))
            return _nothing, _property_value(name, message.property_value.modifier)
        case _:
            raise Refused(f"{where}: exactly one of 'filter', 'decay', or 'property_value' must be set")


def _nothing() -> None:
    pass


def _check_property(schema: CollectionSchema, name: str, where: str, types: tuple[str, ...]) -> None:
    if not name:
        raise Refused(f"{where}: property is required")
    if "." in name:
        raise Refused(f'{where}: nested property "{name}" is not supported')
    try:
        property = property_named(schema, name)
    except Refused as refused:
        raise refused.prefixed(f"{where}: ") from None
    data_type = property.targets[0] if property.is_reference else property.data_type
    if data_type not in types:
        raise Refused(f'{where}: property "{name}" must be of type {" or ".join(types)}, got {data_type}')


# Filters

_COMPARISONS: Mapping[Operator, Callable[[Any, Any], bool]] = {  # of two texts, or of two numbers
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.GREATER_THAN: operator.gt,
    Operator.GREATER_THAN_EQUAL: operator.ge,
    Operator.LESS_THAN: operator.lt,
    Operator.LESS_THAN_EQUAL: operator.le,
}


def _read_filter(database: Database, schema: CollectionSchema, message: pb.Filters, where: str) -> _Read:
    try:
        clause = read_filters(database, schema.name, message)
    except Refused as refused:
        raise refused.prefixed(f"{where}: ") from None

    def condition(properties: Sequence[Properties], now: int) -> list[float]:
        return [float(_matches(clause, each)) for each in properties]

    return lambda: _check_operators(clause, where), condition


def _check_operators(clause: Clause, where: str) -> None:
    if clause.operator not in JOINING and clause.operator not in _COMPARISONS:
        raise Refused(f"{where}: operator {clause.operator.label} is not supported in boost conditions")
    for each in clause.operands or ():
        _check_operators(each, where)


def _matches(clause: Clause, properties: Properties) -> bool:
    """Compare whole values, without tokens: a text with a text, a date too, a number with a number, a boolean with a boolean."""
    if clause.operands is not None:
        match clause.operator:
            case Operator.AND:
                return all(_matches(each, properties) for each in clause.operands)
            case Operator.OR:
                return any(_matches(each, properties) for each in clause.operands)
            case _:
                return bool(clause.operands) and not _matches(clause.operands[0], properties)
    value, operand = properties.get(clause.path[0].property), clause.operand
    if isinstance(value, bool) or isinstance(operand, bool):
        if clause.operator not in (Operator.EQUAL, Operator.NOT_EQUAL):
            return False
        comparable = isinstance(value, bool) and isinstance(operand, bool)
    elif isinstance(value, str):
        comparable = isinstance(operand, str)
    else:
        comparable = isinstance(value, int | float) and isinstance(operand, int | float)
    return comparable and _COMPARISONS[clause.operator](value, operand)


# Values of properties


def _property_value(name: str, modifier: pb.Boost.PropertyValueModifier) -> _Condition:
    def modified(value: float) -> float:
        match modifier:
            case pb.Boost.PROPERTY_VALUE_MODIFIER_LOG1P:
                return math.log1p(max(0.0, value))
            case pb.Boost.PROPERTY_VALUE_MODIFIER_SQRT:
                return math.sqrt(max(0.0, value))
            case _:
                return value

    def condition(properties: Sequence[Properties], now: int) -> list[float]:
        values = [None if (value := each.get(name)) is None else modified(float(value)) for each in properties]
        present = [value for value in values if value is not None]
        if not present:
            return [0.0] * len(values)
        least, span = min(present), max(present) - min(present)
        return [0.0 if value is None else (value - least) / span if span > 0 else 1.0 for value in values]

    return condition


# Decay


@dataclass(frozen=True, slots=True)
class _Decay:
    """1 near the origin, less with the distance: ``value`` at ``scale`` beyond ``offset``."""

    curve: pb.Boost.DecayCurve
    scale: float
    offset: float
    value: float

    def at(self, distance: float) -> float:
        beyond = max(0.0, distance - self.offset)
        if beyond == 0:
            return 1.0
        parts = beyond / self.scale
        match self.curve:
            case pb.Boost.DECAY_CURVE_GAUSS:
                return math.exp(math.log(self.value) * parts * parts)
            case pb.Boost.DECAY_CURVE_LINEAR:
                return max(0.0, 1 - (1 - self.value) * parts)
            case _:
                return math.pow(self.value, parts)


def _decay_value(message: pb.Boost.TimeDecayFunction | pb.Boost.NumericDecayFunction) -> float:
    return message.decay_value if message.HasField("decay_value") else 0.5


def _check_decay_value(value: float, where: str) -> None:
    if not 0 <= value <= 1:
        raise Refused(f"{where} decay: decay_value must be between 0 and 1, got {value:f}")


def _read_numeric_decay(schema: CollectionSchema, message: pb.Boost.NumericDecayFunction, where: str) -> _Read:
    _check_property(schema, message.property, f"{where} numeric_decay", ("int", "number"))
    if message.scale <= 0:
        raise Refused(f"{where} numeric_decay: scale must be > 0")
    value = _decay_value(message)
    decay = _Decay(message.curve, message.scale, message.offset, value or 0.5)
    name, origin = message.property, message.origin

    def condition(properties: Sequence[Properties], now: int) -> list[float]:
        found = [each.get(name) for each in properties]
        return [0.0 if value is None else decay.at(abs(float(value) - origin)) for value in found]

    return lambda: _check_decay_value(value, where), condition


def _read_time_decay(schema: CollectionSchema, message: pb.Boost.TimeDecayFunction, where: str) -> _Read:
    _check_property(schema, message.property, f"{where} time_decay", ("date",))
    value = _decay_value(message)
    scale = _duration(message.scale)
    offset = _duration(message.offset) if message.HasField("offset") else 0.0
    decay = _Decay(message.curve, scale or 0.0, offset or 0.0, value or 0.5)
    name, text = message.property, message.origin or "now"

    def check() -> None:
        if not message.scale:
            raise Refused(f"{where} decay: scale is required")
        _check_decay_value(value, where)

    def condition(properties: Sequence[Properties], now: int) -> list[float]:
        origin = now * 1_000_000 if text == "now" else _instant(text)
        if origin is None or decay.scale <= 0:  # the server takes any text, and counts nothing
            return [0.0] * len(properties)
        instants = [None if (date := each.get(name)) is None else _instant(date) for each in properties]
        return [0.0 if instant is None else decay.at(float(abs(instant - origin))) for instant in instants]

    return check, condition


def _instant(text: str) -> int | None:
    """Give the nanoseconds since 1970 of a date, with a time or an offset from UTC or without."""
    for rest in ("", "Z", "T00:00:00Z"):
        try:
            return nanoseconds(text + rest)
        except ValueError:
            continue
    return None


_UNITS: Final = {
    "d": 86_400e9,
    "h": 3_600e9,
    "m": 60e9,
    "s": 1e9,
    "ms": 1e6,
    "us": 1e3,
    "µs": 1e3,
    "μs": 1e3,
    "ns": 1.0,
}
_DAYS = re.compile(r"(\d+(?:\.\d+)?)d", re.ASCII)
_DURATION = re.compile(r"([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)", re.ASCII)
_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)


def _duration(text: str) -> float | None:
    """Give the nanoseconds of ``"7d"``, ``"1h30m"``, or a plain number; ``None`` for anything else."""
    if not text:
        return 0.0
    if days := _DAYS.fullmatch(text):
        return float(days[1]) * _UNITS["d"]
    if parts := _DURATION.fullmatch(text):
        total = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(parts[2]))
        return -total if parts[1] == "-" else total
    try:
        return float(text)
    except ValueError:
        return None
