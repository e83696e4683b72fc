"""Boosts: what raises or lowers some results of a query. Users make them with ``Boost``; ``Boosting`` is the clause of a query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, TypeVar, cast, get_args, overload

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.nodes import Attribute, Comparison, Node, Operator, PropertySubject, Through, leaves
from weaviate_orm.expr.operands import check_operand
from weaviate_orm.expr.operators import Condition, Expression
from weaviate_orm.expr.text import describe
from weaviate_orm.query.checks import check_condition, declared_property, is_number

if TYPE_CHECKING:
    from weaviate_orm.model.info import ModelInfo

__all__ = [
    "MOST_BOOSTS",
    "Boost",
    "Boosting",
    "Curve",
    "Fulfillment",
    "Held",
    "Magnitude",
    "Modifier",
    "NumberDecay",
    "TimeDecay",
    "boosting",
]

MOST_BOOSTS = 20
"""How many boosts the server takes in one query."""

T_co = TypeVar("T_co", covariant=True)

Curve: TypeAlias = Literal["exponential", "gauss", "linear"]
"""How a boost falls with the distance from its origin."""

Modifier: TypeAlias = Literal["log1p", "sqrt"]
"""What dampens a value that spans orders of magnitude."""

_COMPARISONS = frozenset(
    {
        Operator.EQUAL,
        Operator.NOT_EQUAL,
        Operator.LESS,
        Operator.LESS_EQUAL,
        Operator.GREATER,
        Operator.GREATER_EQUAL,
    }
)


class Held(Protocol[T_co]):
    """A property of this type, seen covariantly: an ``Expression[int]`` holds a ``float | None``."""

    if TYPE_CHECKING:

        def _holds(self) -> T_co: ...


@dataclass(frozen=True, slots=True)
class Fulfillment:
    """1 for an object that fulfils a condition, 0 for others."""

    node: Node

    def __str__(self) -> str:
        return f"where({describe(self.node)})"


@dataclass(frozen=True, slots=True)
class TimeDecay:
    """1 at a moment (``None`` is now), less before and after it; optional parts are left to the server."""

    attribute: Attribute
    scale: timedelta
    origin: datetime | None
    offset: timedelta | None
    curve: Curve | None
    decay: float | None

    def __str__(self) -> str:
        return f"decay({self.attribute}, scale={self.scale!r})"


@dataclass(frozen=True, slots=True)
class NumberDecay:
    """1 at a number, less below and above it; optional parts are left to the server."""

    attribute: Attribute
    scale: float
    origin: float
    offset: float | None
    curve: Curve | None
    decay: float | None

    def __str__(self) -> str:
        return f"decay({self.attribute}, scale={self.scale:g}, origin={self.origin:g})"


@dataclass(frozen=True, slots=True)
class Magnitude:
    """0 for the smallest value among the candidates to 1 for the largest."""

    attribute: Attribute
    modifier: Modifier | None

    def __str__(self) -> str:
        return f"value({self.attribute})"


@dataclass(frozen=True, slots=True, repr=False)
class Boost:
    """What raises (or, with a negative weight, lowers) some results of a query; ``query.boost()`` takes any number of them.

    Made by the static methods ``where()``, ``decay()`` and ``value()``. Each gives every candidate a number from 0 to 1, and an object
    without the property a 0; the weighted mean of them is blended with the score of the search. Nothing is left out of the results.

    Attributes:
        what: what the number comes from.
        weight: its share among the boosts of the query.
    """

    what: Fulfillment | TimeDecay | NumberDecay | Magnitude
    weight: float = 1.0

    def __post_init__(self) -> None:
        weight: object = self.weight
        if not is_number(weight) or weight == 0:
            raise InvalidQueryError(
                f"The weight of a boost is its share among the others, such as 2.0, or negative to push down; it is never 0 "
                f"(leave the boost out instead). Got {weight!r}."
            )

    @staticmethod
    def where(condition: Condition, *, weight: float = 1.0) -> Boost:
        """Count 1 for objects that fulfil a condition.

        The server looks at whole values: text is equal when every character is (upper case and spaces too), and dates are compared as
        they were written, so write them all in one time zone.

        Args:
            condition: comparisons of the model's own properties by ``==``, ``!=``, ``<``, ``<=``, ``>`` and ``>=``, joined by ``&``, ``|``
                and ``~``.
            weight: share among the boosts; a negative one pushes down.

        Raises:
            InvalidQueryError: another operator, a list, a reference, or a weight of 0.
        """
        if not isinstance(condition, Condition):
            raise InvalidQueryError(
                f"Boost.where() takes a condition such as Article.category == 'news', got {condition!r}."
            )
        for leaf in leaves(condition.node):
            _check_comparison(leaf)
        return Boost(Fulfillment(condition.node), weight)

    @overload
    @staticmethod
    def decay(
        property: Held[date | None],
        *,
        scale: timedelta,
        origin: datetime | None = None,
        offset: timedelta | None = None,
        curve: Curve | None = None,
        decay: float | None = None,
        weight: float = 1.0,
    ) -> Boost: ...
    @overload
    @staticmethod
    def decay(
        property: Held[float | None],
        *,
        scale: float,
        origin: float | None = None,
        offset: float | None = None,
        curve: Curve | None = None,
        decay: float | None = None,
        weight: float = 1.0,
    ) -> Boost: ...
    @staticmethod
    def decay(
        property: Held[date | float | None],
        *,
        scale: timedelta | float,
        origin: datetime | float | None = None,
        offset: timedelta | float | None = None,
        curve: Curve | None = None,
        decay: float | None = None,
        weight: float = 1.0,
    ) -> Boost:
        """Count 1 at an origin, and less the farther away a date or a number is.

        Args:
            property: a date, an int or a number.
            scale: the distance at which the count has fallen to ``decay``; a ``timedelta`` for dates.
            origin: the best value; now for dates and 0 for numbers when left out.
            offset: a distance up to which it stays 1; ``scale`` begins there.
            curve: ``"exponential"`` (the server's default), ``"gauss"`` or ``"linear"``, which ends at 0.
            decay: what is left at ``scale``, above 0 and up to 1; the server's default is 0.5.
            weight: share among the boosts; a negative one pushes down.

        Raises:
            InvalidQueryError: a property of another type, a scale that is not above 0, or another number out of its range.
        """
        attribute = _attribute(property, "Boost.decay()", ("date", "int", "number"))
        if curve is not None and curve not in get_args(Curve):
            raise InvalidQueryError(f"Boost.decay() takes 'exponential', 'gauss' or 'linear' as curve, got {curve!r}.")
        if decay is not None and not (is_number(decay) and 0 < decay <= 1):
            raise InvalidQueryError(
                f"Boost.decay() takes a decay above 0 and up to 1: what is left at the scale. Got {decay!r}."
            )
        if attribute.base == "date":
            return Boost(_time_decay(attribute, scale, origin, offset, curve, decay), weight)
        return Boost(_number_decay(attribute, scale, origin, offset, curve, decay), weight)

    @staticmethod
    def value(property: Held[float | None], *, modifier: Modifier | None = None, weight: float = 1.0) -> Boost:
        """Count from 0 for the smallest value among the candidates to 1 for the largest.

        Args:
            property: an int or a number.
            modifier: ``"log1p"`` or ``"sqrt"`` dampens large values first; negative ones are 0 then.
            weight: share among the boosts; a negative one pushes down.

        Raises:
            InvalidQueryError: a property of another type, an unknown modifier, or a weight of 0.
        """
        attribute = _attribute(property, "Boost.value()", ("int", "number"))
        if modifier is not None and modifier not in get_args(Modifier):
            raise InvalidQueryError(f"Boost.value() takes 'log1p' or 'sqrt' as modifier, or None, got {modifier!r}.")
        return Boost(Magnitude(attribute, modifier), weight)

    def __repr__(self) -> str:
        text = f"Boost.{self.what}"
        return text if self.weight == 1 else f"{text[:-1]}, weight={self.weight:g})"


@dataclass(frozen=True, slots=True, eq=False)
class Boosting:
    """All boosts of a query.

    Attributes:
        boosts: one or more.
        weight: of the boosts against the search's own score, 0 to 1; ``None`` for the server's default, 0.5.
        depth: candidates that are boosted; ``None`` for the server's default, 100.
        properties: that the boosts read, by their names in the collection. The server sees only those that are asked for.
    """

    boosts: tuple[Boost, ...]
    weight: float | None
    depth: int | None
    properties: tuple[str, ...]


def boosting(info: ModelInfo, boosts: tuple[Boost, ...], weight: float | None, depth: int | None) -> Boosting:
    """Give the clause of boosts of one model's properties.

    Raises:
        InvalidQueryError: none or too many, one about another model, or a number out of its range.
    """
    if not 1 <= len(boosts) <= MOST_BOOSTS:
        raise InvalidQueryError(f"boost() takes 1 to {MOST_BOOSTS} boosts, got {len(boosts)}.")
    if weight is not None and not (is_number(weight) and 0 <= weight <= 1):
        raise InvalidQueryError(
            f"boost() takes a weight from 0 (the search alone) to 1 (the boosts alone), got {weight!r}."
        )
    if depth is not None and (isinstance(depth, bool) or not isinstance(depth, int) or not 1 <= depth <= _DEEPEST):
        raise InvalidQueryError(
            f"boost() takes as depth how many candidates are boosted, 1 to {_DEEPEST:,}, got {depth!r}."
        )
    names: dict[str, None] = {}
    for each in boosts:
        if not isinstance(each, Boost):
            raise InvalidQueryError(
                f"boost() takes Boost.where(...), Boost.decay(...) and Boost.value(...), got {each!r}."
            )
        if isinstance(each.what, Fulfillment):
            check_condition(info, each.what.node)
            read = [_compared(leaf) for leaf in leaves(each.what.node)]
        else:
            read = [each.what.attribute]
        for attribute in read:
            names[declared_property(info, attribute).name] = None
    return Boosting(boosts, weight, depth, tuple(names))


_DEEPEST = 10_000  # the server cuts off what is beyond its QUERY_MAXIMUM_RESULTS


def _check_comparison(leaf: Comparison | Through) -> None:
    if isinstance(leaf, Through):
        raise InvalidQueryError(
            f"Boost.where() looks at an object's own properties, not through {leaf.link}.has(...).",
            field=str(leaf.link),
        )
    if leaf.operator not in _COMPARISONS:
        raise InvalidQueryError(
            f"Boost.where({describe(leaf)}): boosts compare by ==, !=, <, <=, > and >= only.", field=str(leaf.subject)
        )
    if not isinstance(leaf.subject, PropertySubject):
        raise InvalidQueryError(f"Boost.where() looks at properties; {leaf.subject} is none.", field=str(leaf.subject))
    if leaf.subject.attribute.array:
        raise InvalidQueryError(
            f"Boost.where(): {leaf.subject} is {leaf.subject.attribute.data_type}, and a list never fulfils the condition of a boost.",
            field=str(leaf.subject),
        )


def _compared(leaf: Comparison | Through) -> Attribute:
    assert isinstance(leaf, Comparison)  # where() let nothing else through
    assert isinstance(leaf.subject, PropertySubject)
    return leaf.subject.attribute


def _attribute(property: object, method: str, types: tuple[str, ...]) -> Attribute:
    """Give the attribute behind an expression of one of these data types."""
    subject = property._subject if isinstance(property, Expression) else None
    wanted = f"{', '.join(types[:-1])} or {types[-1]}"
    if not isinstance(subject, PropertySubject):
        raise InvalidQueryError(f"{method} takes a property of type {wanted}, such as Article.likes, got {property!r}.")
    if subject.attribute.data_type not in types:
        raise InvalidQueryError(
            f"{method} takes a property of type {wanted}; {subject} is {subject.attribute.data_type}.",
            field=str(subject),
        )
    return subject.attribute


def _time_decay(
    attribute: Attribute, scale: object, origin: object, offset: object, curve: Curve | None, decay: float | None
) -> TimeDecay:
    if not isinstance(scale, timedelta) or scale <= timedelta():
        raise InvalidQueryError(
            f"Boost.decay({attribute}) takes a timedelta above 0 as scale, got {scale!r}.", field=str(attribute)
        )
    if offset is not None and (not isinstance(offset, timedelta) or offset < timedelta()):
        raise InvalidQueryError(
            f"Boost.decay({attribute}) takes a timedelta from 0 on as offset, got {offset!r}.", field=str(attribute)
        )
    moment = None if origin is None else check_operand(f"Boost.decay({attribute}): the origin", "date", origin)
    return TimeDecay(attribute, scale, cast("datetime | None", moment), offset, curve, decay)  # of "date" nothing else


def _number_decay(
    attribute: Attribute, scale: object, origin: object, offset: object, curve: Curve | None, decay: float | None
) -> NumberDecay:
    distance = _number(attribute, "scale", scale)
    if distance <= 0:
        raise InvalidQueryError(f"Boost.decay({attribute}) takes a scale above 0, got {scale!r}.", field=str(attribute))
    free = None if offset is None else _number(attribute, "offset", offset)
    if free is not None and free < 0:
        raise InvalidQueryError(
            f"Boost.decay({attribute}) takes an offset from 0 on, got {offset!r}.", field=str(attribute)
        )
    best = 0.0 if origin is None else _number(attribute, "origin", origin)
    return NumberDecay(attribute, distance, best, free, curve, decay)


def _number(attribute: Attribute, name: str, value: object) -> float:
    if not is_number(value):
        raise InvalidQueryError(
            f"Boost.decay({attribute}) takes a finite number as {name}, got {value!r}.", field=str(attribute)
        )
    return float(cast("float", value))  # as is_number() says
