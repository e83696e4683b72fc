"""The typed face of the tree: what users write about a field, and the conditions and sort keys that come of it.

``T`` is the field's Python type. Operators take a ``T``, so a wrong-typed operand is an error in the editor: the checker falls back to
``object.__eq__``, which gives ``bool``, which ``where()`` does not take. Operators that only some types have restrict ``self`` instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.metrics import Holds, Measured
from weaviate_orm.expr.nodes import (
    And,
    Attribute,
    Comparison,
    CountSubject,
    IdSubject,
    LengthSubject,
    Link,
    Node,
    Not,
    Operator,
    Or,
    PropertySubject,
    SortKey,
    Subject,
    Through,
    TimeSubject,
    Within,
)
from weaviate_orm.expr.operands import check_instant, check_operand, check_operands, check_operator
from weaviate_orm.expr.text import describe
from weaviate_orm.types import GeoCoordinate

__all__ = [
    "Condition",
    "Expression",
    "Quantity",
    "Sort",
    "Weighted",
    "all_of",
    "any_of",
    "created_at",
    "has",
    "updated_at",
]

T = TypeVar("T")
Element = TypeVar("Element")


class Condition:
    """What an object must fulfil. Combine conditions with ``&``, ``|`` and ``~``; give them to ``where()``.

    ``None`` beside ``&`` or ``|`` is left out, so that optional parts of a filter need no branches.
    """

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node

    def __and__(self, other: Condition | None) -> Condition:
        if other is None:
            return self
        if not isinstance(other, Condition):
            return NotImplemented
        return Condition(And((*_flat(And, self.node), *_flat(And, other.node))))

    def __or__(self, other: Condition | None) -> Condition:
        if other is None:
            return self
        if not isinstance(other, Condition):
            return NotImplemented
        return Condition(Or((*_flat(Or, self.node), *_flat(Or, other.node))))

    __rand__ = __and__
    __ror__ = __or__

    def __invert__(self) -> Condition:
        return Condition(self.node.node if isinstance(self.node, Not) else Not(self.node))

    def __bool__(self) -> NoReturn:
        # `a and b` would silently drop a, `not a` would always be False.
        raise TypeError(
            f"The condition {describe(self.node)} has no truth value before the server answers. "
            "Use & for and, | for or, ~ for not, each side in parentheses; in_() for `in`."
        )

    def __repr__(self) -> str:
        return f"<Condition {describe(self.node)}>"


def _flat(kind: type[And] | type[Or], node: Node) -> tuple[Node, ...]:
    return node.nodes if isinstance(node, And | Or) and type(node) is kind else (node,)


def all_of(*conditions: Condition | None) -> Condition | None:
    """Give the condition that all of these hold; ``None`` when there are none. ``None`` members are left out."""
    nodes = tuple(condition.node for condition in conditions if condition is not None)
    return _combined(And, nodes)


def any_of(*conditions: Condition | None) -> Condition | None:
    """Give the condition that any of these holds; ``None`` when there are none. ``None`` members are left out."""
    nodes = tuple(condition.node for condition in conditions if condition is not None)
    return _combined(Or, nodes)


def _combined(kind: type[And] | type[Or], nodes: tuple[Node, ...]) -> Condition | None:
    if not nodes:
        return None
    return Condition(nodes[0] if len(nodes) == 1 else kind(nodes))


class Sort:
    """One key of an order: ``Article.published.desc()``."""

    __slots__ = ("key",)

    def __init__(self, key: SortKey) -> None:
        self.key = key

    def __repr__(self) -> str:
        return f"<Sort {self.key}>"


@dataclass(frozen=True, slots=True, repr=False)
class Weighted:
    """A property and what it counts in a keyword search: ``Article.title.weighted(3)``.

    Attributes:
        expression: the property.
        weight: what its share of the score is multiplied with; a property without a weight has 1.
    """

    expression: Expression[Any]  # of any text-like type
    weight: float

    def __repr__(self) -> str:
        return f"<Weighted {self.expression._subject} by {self.weight:g}>"


class Quantity(Generic[T]):
    """What can be compared and ordered: the common part of properties, lengths, counts and timestamps."""

    __slots__ = ("_base", "_subject")

    _subject: Subject
    _base: str

    def __init__(self, subject: Subject, base: str) -> None:
        self._subject = subject
        self._base = base

    # The two overrides narrow object's parameter on purpose: it is what makes a wrong-typed comparison an error.
    def __eq__(self, other: T | None) -> Condition:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return self._compare(Operator.EQUAL, other)

    def __ne__(self, other: T | None) -> Condition:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return self._compare(Operator.NOT_EQUAL, other)

    def __lt__(self, other: T) -> Condition:
        return self._compare(Operator.LESS, other)

    def __le__(self, other: T) -> Condition:
        return self._compare(Operator.LESS_EQUAL, other)

    def __gt__(self, other: T) -> Condition:
        return self._compare(Operator.GREATER, other)

    def __ge__(self, other: T) -> Condition:
        return self._compare(Operator.GREATER_EQUAL, other)

    __hash__ = object.__hash__

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"{self._subject} on the class is an expression and has no truth value. Compare it with something."
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._subject}>"

    if not TYPE_CHECKING:  # to checkers these are errors already

        def __and__(self, other):
            raise TypeError(
                f"{self._subject} stands beside & or |, which bind tighter than comparisons: put each comparison in parentheses, "
                "(a > 1) & (b == 2)."
            )

        __rand__ = __or__ = __ror__ = __and__

        def __contains__(self, other):
            raise TypeError(
                f"`in` cannot be asked of {self._subject} before the server answers. Use {self._subject}.contains_any([...]) for "
                f"lists, or {self._subject}.like('*...*') for text."
            )

    def _compare(self, operator: Operator, other: object) -> Condition:
        self._check(operator)
        subject = self._subject
        operand = check_operand(subject, self._base, other)
        if isinstance(operand, datetime):
            check_instant(subject, operator, operand)
        return Condition(Comparison(subject, operator, operand))

    def _check(self, operator: Operator) -> None:
        """Refuse operators that the subject does not have; a plain quantity has all comparisons."""


class Expression(Quantity[T], Measured[T]):
    """A property of a model, as read from the class: ``Article.title``."""

    __slots__ = ()

    def __format__(self, format_spec: str) -> str:
        """Give the placeholder of a prompt, ``f"Sum up {Article.body}"``: the property's name in the collection, in braces.

        Raises:
            InvalidQueryError: no stored property, or a format besides.
        """
        if not isinstance(self._subject, PropertySubject):
            raise InvalidQueryError(
                f"{self._subject} cannot stand in a prompt: the server fills in stored properties only."
            )
        if format_spec:
            raise InvalidQueryError(
                f"{self._subject} takes no format in a prompt, got {format_spec!r}: the server fills in the value as it is."
            )
        return f"{{{self._subject.attribute.name}}}"

    def _check(self, operator: Operator) -> None:
        subject = self._subject
        if isinstance(subject, PropertySubject):
            check_operator(subject.attribute, operator)
            if not subject.attribute.filterable:
                raise InvalidQueryError(
                    f"{subject} is declared with filterable=False, so the collection cannot filter by it.",
                    field=str(subject),
                )
        elif operator in (Operator.LIKE, Operator.IS_NULL, Operator.WITHIN):
            raise InvalidQueryError(f"{subject} does not take {operator.value!r}.", field=str(subject))

    def _compare(self, operator: Operator, other: object) -> Condition:
        if other is None and operator in (Operator.EQUAL, Operator.NOT_EQUAL):
            return self.is_null(operator is Operator.EQUAL)
        return super()._compare(operator, other)

    def _contains(self, operator: Operator, values: object) -> Condition:
        self._check(operator)
        return Condition(
            Comparison(self._subject, operator, check_operands(self._subject, self._base, values, operator))
        )

    def in_(self, values: Iterable[T]) -> Condition:
        """Hold where the value equals one of these; text equality goes by tokens, as ``==`` does.

        Raises:
            InvalidQueryError: the list is empty or a value has the wrong type.
        """
        return self._contains(Operator.CONTAINS_ANY, values)

    def not_in(self, values: Iterable[T]) -> Condition:
        """Hold where the value equals none of these, or is missing (needs server 1.33).

        Raises:
            InvalidQueryError: the list is empty or a value has the wrong type.
        """
        return self._contains(Operator.CONTAINS_NONE, values)

    def contains_any(self: Holds[Collection[Element] | None], values: Collection[Element]) -> Condition:
        """Hold where the list has at least one of these.

        Raises:
            InvalidQueryError: the list is empty or a value has the wrong type.
        """
        return _expression(self)._contains(Operator.CONTAINS_ANY, values)

    def contains_all(self: Holds[Collection[Element] | None], values: Collection[Element]) -> Condition:
        """Hold where the list has every one of these.

        Raises:
            InvalidQueryError: the list is empty or a value has the wrong type.
        """
        return _expression(self)._contains(Operator.CONTAINS_ALL, values)

    def contains_none(self: Holds[Collection[Element] | None], values: Collection[Element]) -> Condition:
        """Hold where the list has none of these, or is missing (needs server 1.33).

        Raises:
            InvalidQueryError: the list is empty or a value has the wrong type.
        """
        return _expression(self)._contains(Operator.CONTAINS_NONE, values)

    def like(self: Holds[str | Collection[str] | None], pattern: str) -> Condition:
        """Hold where the text matches a pattern: ``?`` is one character, ``*`` any run of them.

        The pattern is matched against a token, not against the whole text; what a token is, the property's tokenization says.
        There is no escape for ``?`` and ``*``.
        """
        return _expression(self)._compare(Operator.LIKE, pattern)

    def weighted(self: Holds[str | Enum | Collection[str | Enum] | None], weight: float) -> Weighted:
        """Give the property with what it counts in a keyword search: ``bm25(text, properties=[Article.title.weighted(3)])``.

        Raises:
            InvalidQueryError: the weight is not a finite number above 0.
        """
        expression = _expression(self)
        if not isinstance(weight, int | float) or not 0 < weight <= _LARGEST_WEIGHT:
            raise InvalidQueryError(
                f"{expression._subject}.weighted() takes a number above 0, got {weight!r}. A property that shall not count "
                "is left out of the search.",
                field=str(expression._subject),
            )
        return Weighted(expression, float(weight))

    def is_null(self, null: bool = True) -> Condition:
        """Hold where the property is missing (or, with ``False``, present). Empty text and empty lists count as missing.

        The collection must index null states: declare an optional property, or ``inverted_index=InvertedIndex(null_state=True)``.
        """
        self._check(Operator.IS_NULL)
        return Condition(Comparison(self._subject, Operator.IS_NULL, null))

    def length(self: Holds[str | Collection[object] | None]) -> Quantity[int]:
        """Give the number of characters of a text, or of elements of a list; a missing one has length 0.

        The collection must index lengths: ``inverted_index=InvertedIndex(property_length=True)``.
        """
        expression = _expression(self)
        attribute = expression._attribute("length()")
        if attribute.base != "text" and not attribute.array:
            raise InvalidQueryError(f"{attribute} is {attribute.data_type}: only texts and lists have a length.")
        return Quantity(LengthSubject(attribute), "int")

    def within(self: Holds[GeoCoordinate | None], center: GeoCoordinate, *, metres: float) -> Condition:
        """Hold for places at most this many metres from a place, along the surface of a sphere of radius 6,371 km."""
        expression = _expression(self)
        expression._check(Operator.WITHIN)
        if metres < 0:
            raise InvalidQueryError(
                f"{expression._subject}.within() takes a distance of at least 0 metres, got {metres!r}"
            )
        return Condition(
            Comparison(expression._subject, Operator.WITHIN, Within(center.latitude, center.longitude, float(metres)))
        )

    def asc(self) -> Sort:
        """Sort by this, smallest first, missing values first of all. Text ignores case."""
        return self._sort(ascending=True)

    def desc(self) -> Sort:
        """Sort by this, largest first, missing values last. Text ignores case."""
        return self._sort(ascending=False)

    def _sort(self, *, ascending: bool) -> Sort:
        subject = self._subject
        if not isinstance(subject, PropertySubject | IdSubject | TimeSubject):
            raise InvalidQueryError(f"{subject} cannot be sorted by.")
        if isinstance(subject, PropertySubject) and subject.attribute.base not in _SORTABLE:
            raise InvalidQueryError(
                f"{subject} is {subject.attribute.data_type}: the server sorts by text, numbers, booleans and dates only.",
                field=str(subject),
            )
        return Sort(SortKey(subject, ascending))

    def _attribute(self, wanted: str) -> Attribute:
        if not isinstance(self._subject, PropertySubject):
            raise InvalidQueryError(f"{self._subject} has no {wanted}.")
        return self._subject.attribute


_LARGEST_WEIGHT = 1e300  # a weight beyond no float holds

_SORTABLE = frozenset({"text", "int", "number", "boolean", "date"})


def _expression(holder: Holds[T]) -> Expression[T]:
    # The protocol narrows self for the checkers; at run time nothing else than an Expression gets here.
    assert isinstance(holder, Expression)
    return holder


def has(link: Link, condition: Condition, target: type[object]) -> Condition:
    """Give the condition that a reference leads to an object that fulfils another condition."""
    return Condition(Through(link, condition.node, target))


def reference_count(link: Link) -> Quantity[int]:
    """Give the number of references as a quantity; a missing reference counts as 0."""
    return Quantity(CountSubject(link), "int")


created_at: Expression[datetime] = Expression(TimeSubject("created_at"), "date")
"""When the object was created, to the millisecond.

Filters need ``inverted_index=InvertedIndex(timestamps=True)``; sorting does not.
"""

updated_at: Expression[datetime] = Expression(TimeSubject("updated_at"), "date")
"""When the object was last written, to the millisecond.

Filters need ``inverted_index=InvertedIndex(timestamps=True)``; sorting does not.
"""
