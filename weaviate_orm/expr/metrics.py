"""Metrics of an aggregation: what users write, ``Article.word_count.mean()``, as a frozen value with the type of its result.

Which property has which metrics, the types of ``self`` say to a checker, and one table says at run time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar, overload

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.nodes import Attribute, Link, PropertySubject

__all__ = ["Holds", "HoldsTwice", "Measured", "Metric", "TopOccurrence", "check_metric", "count", "pointing_to"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U_co = TypeVar("U_co", covariant=True)
Element = TypeVar("Element")

Ordered: TypeAlias = float | date | Enum
Text: TypeAlias = str | Enum


@dataclass(frozen=True, slots=True)
class Metric(Generic[T_co]):
    """One number, or the like, that is computed over many objects: ``Article.word_count.mean()``. ``compute()`` takes it.

    Attributes:
        subject: the property or reference; ``None`` where the objects themselves are counted.
        name: the method that made it: ``"mean"``.
        limit: of top occurrences: how many.
    """

    subject: Attribute | Link | None
    name: str
    limit: int | None = None

    def __str__(self) -> str:
        call = f"{self.name}({'' if self.limit is None else f'limit={self.limit}'})"
        return call if self.subject is None else f"{self.subject}.{call}"


@dataclass(frozen=True, slots=True)
class TopOccurrence(Generic[T_co]):
    """A value of a text property, and in how many places it stands."""

    value: T_co
    count: int


class Holds(Protocol[T_co]):
    """A property of this type, seen covariantly: an ``Expression[list[str]]`` holds a ``Collection[str] | None``."""

    def _holds(self) -> T_co: ...


class HoldsTwice(Protocol[T_co, U_co]):
    """A property of this type, said twice: the first restricts what there is a metric of, and out of the second comes its result.

    One would do but for mypy, to which a type parameter in the type of ``self`` restricts nothing.
    """

    def _holds(self) -> T_co: ...
    def _holds_too(self) -> U_co: ...


_EVERY = ("count", "type")
METRICS: dict[str, tuple[str, ...]] = {
    "int": (*_EVERY, "sum", "mean", "median", "mode", "min", "max"),
    "number": (*_EVERY, "sum", "mean", "median", "mode", "min", "max"),
    "date": (*_EVERY, "median", "mode", "min", "max"),
    "text": (*_EVERY, "top_occurrences"),
    "boolean": (*_EVERY, "total_true", "total_false", "percentage_true", "percentage_false"),
}
"""The metrics that the server has, by data type; those of a list are of its elements."""


def check_metric(where: str, base: str, data_type: str, name: str) -> None:
    """Refuse a metric that the server does not have for a data type.

    Raises:
        InvalidQueryError: says what there is instead.
    """
    known = METRICS.get(base)
    if known is None:
        raise InvalidQueryError(
            f"{where} is {data_type}, which the server cannot aggregate; it aggregates {', '.join(METRICS)} and lists of these.",
            field=where,
        )
    if name not in known:
        there_is = ", ".join(f"{each}()" for each in known)
        raise InvalidQueryError(f"{where} is {data_type}, which has no {name}(). There is {there_is}.", field=where)


def count() -> Metric[int]:
    """Count the objects themselves: ``session.aggregate(Article).compute(count())``."""
    return Metric(None, "count")


def pointing_to(link: Link) -> Metric[list[str]]:
    """Give the collections that a reference leads to."""
    return Metric(link, "pointing_to")


class Measured(Generic[T]):
    """The metrics of a property. The values are those of all objects that the aggregation selects, every element of lists."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _holds(self) -> T: ...
        def _holds_too(self) -> T: ...

    def count(self) -> Metric[int]:
        """Count the values; objects without one do not count, of lists every element does."""
        return _metric(self, "count")

    def type(self) -> Metric[str]:
        """Give the data type as the collection has it: ``"text[]"``."""
        return _metric(self, "type")

    # To mypy they overlap for a property that holds nothing but None, which there is not.
    @overload
    def sum(self: Holds[int | Collection[int] | None]) -> Metric[int | None]: ...  # type: ignore[overload-overlap]  # as said above
    @overload
    def sum(self: Holds[float | Collection[float] | None]) -> Metric[float | None]: ...
    def sum(self: Holds[object]) -> Metric[float | None]:
        """Add the numbers up; ``None`` when there are none. The server adds as float64, so integers beyond 2**53 lose digits."""
        return _metric(self, "sum")

    def mean(self: Holds[float | Collection[float] | None]) -> Metric[float | None]:
        """Give the mean of the numbers; ``None`` when there are none."""
        return _metric(self, "mean")

    @overload
    def median(self: Holds[float | Collection[float] | None]) -> Metric[float | None]: ...
    @overload
    def median(self: Holds[date | None]) -> Metric[T | None]: ...
    @overload
    def median(
        self: HoldsTwice[Collection[date] | None, Collection[Element] | None],
    ) -> Metric[Element | None]: ...
    def median(self: Holds[object]) -> Metric[object]:
        """Give the middle of the numbers or dates, between the middle two of an even count; ``None`` when there are none.

        The server counts nanoseconds in 64 bits: a date before 1677-09-21 or after 2262-04-11 it takes for another one.
        """
        return _metric(self, "median")

    @overload
    def mode(self: Holds[Ordered | None]) -> Metric[T | None]: ...
    @overload
    def mode(self: HoldsTwice[Collection[Ordered] | None, Collection[Element] | None]) -> Metric[Element | None]: ...
    def mode(self: Holds[object]) -> Metric[object]:
        """Give the most frequent number or date; ``None`` when there are none. Of equally frequent numbers the smallest."""
        return _metric(self, "mode")

    @overload
    def min(self: Holds[Ordered | None]) -> Metric[T | None]: ...
    @overload
    def min(self: HoldsTwice[Collection[Ordered] | None, Collection[Element] | None]) -> Metric[Element | None]: ...
    def min(self: Holds[object]) -> Metric[object]:
        """Give the smallest number or earliest date; ``None`` when there are none. Dates as of ``median()``."""
        return _metric(self, "min")

    @overload
    def max(self: Holds[Ordered | None]) -> Metric[T | None]: ...
    @overload
    def max(self: HoldsTwice[Collection[Ordered] | None, Collection[Element] | None]) -> Metric[Element | None]: ...
    def max(self: Holds[object]) -> Metric[object]:
        """Give the largest number or latest date; ``None`` when there are none. Dates as of ``median()``."""
        return _metric(self, "max")

    @overload
    def top_occurrences(self: Holds[Text], limit: int = ...) -> Metric[list[TopOccurrence[T]]]: ...
    @overload
    def top_occurrences(
        self: HoldsTwice[Text | None, Element | None], limit: int = ...
    ) -> Metric[list[TopOccurrence[Element]]]: ...
    @overload
    def top_occurrences(
        self: HoldsTwice[Collection[Text] | None, Collection[Element] | None], limit: int = ...
    ) -> Metric[list[TopOccurrence[Element]]]: ...
    def top_occurrences(self: Holds[object], limit: int = 5) -> Metric[object]:
        """Give the most frequent texts with their counts, most frequent first; equally frequent ones in the order of the texts.

        Texts are compared whole, whatever the tokenization.

        Raises:
            InvalidQueryError: a limit below 1, or beyond 32 bits.
        """
        if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit < 2**31:
            raise InvalidQueryError(
                f"top_occurrences() takes a whole number from 1 to 2,147,483,647 as limit, got {limit!r}."
            )
        return _metric(self, "top_occurrences", limit)

    def total_true(self: Holds[bool | Collection[bool] | None]) -> Metric[int]:
        """Count the values that are true."""
        return _metric(self, "total_true")

    def total_false(self: Holds[bool | Collection[bool] | None]) -> Metric[int]:
        """Count the values that are false."""
        return _metric(self, "total_false")

    def percentage_true(self: Holds[bool | Collection[bool] | None]) -> Metric[float | None]:
        """Give the share of values that are true, from 0 to 1; ``None`` when there are none."""
        return _metric(self, "percentage_true")

    def percentage_false(self: Holds[bool | Collection[bool] | None]) -> Metric[float | None]:
        """Give the share of values that are false, from 0 to 1; ``None`` when there are none."""
        return _metric(self, "percentage_false")


def _metric(measured: object, name: str, limit: int | None = None) -> Metric[Any]:  # the methods say of what
    subject = getattr(measured, "_subject", None)
    if not isinstance(subject, PropertySubject):
        raise InvalidQueryError(f"{subject} has no {name}(): the server aggregates stored properties only.")
    attribute = subject.attribute
    check_metric(str(attribute), attribute.base, attribute.data_type, name)
    return Metric(attribute, name, limit)
