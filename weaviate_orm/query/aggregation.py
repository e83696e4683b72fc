"""The builder of aggregations: which objects are measured, and in which groups. The metrics come with the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.metrics import Metric, check_metric
from weaviate_orm.expr.nodes import Link
from weaviate_orm.model.info import ModelInfo, PropertyInfo, ReferenceInfo
from weaviate_orm.query.checks import MOST_IN_INT32
from weaviate_orm.query.grouping import grouped_subject
from weaviate_orm.query.search import Bm25, Hybrid, NearMedia, NearObject, NearText, NearVector
from weaviate_orm.query.searching import Searching
from weaviate_orm.query.statement import Statement
from weaviate_orm.query.text import describe_statement

__all__ = [
    "EVERYTHING",
    "AggregateGroup",
    "AggregationBuilder",
    "AskedMetric",
    "Measuring",
    "asked_metrics",
    "check_aggregation",
]

K_co = TypeVar("K_co", covariant=True)
V_co = TypeVar("V_co", covariant=True)

_MOST_OBJECTS = 10_000_000
"""The server sets memory aside for as many objects as a search may find, and ends when there is not enough (seen in 1.39.3)."""


@dataclass(frozen=True, slots=True, eq=False)
class Measuring:
    """What an aggregation says besides the statement.

    Attributes:
        object_limit: measure at most this many of the objects that a search finds.
        by: make a group of each of its values.
        groups: the most groups; ``None`` leaves it to the server (100).
    """

    object_limit: int | None = None
    by: PropertyInfo | ReferenceInfo | None = None
    groups: int | None = None


EVERYTHING = Measuring()
"""No groups, and no limit of objects."""


@dataclass(frozen=True, slots=True)
class AggregateGroup(Generic[K_co, V_co]):
    """The objects that share one value of a property, measured.

    Attributes:
        key: the value, as the model declares it; the id for a reference.
        count: how many objects the group has.
        values: what was computed: the value of the metric, or a tuple of the values of several, in their order.
    """

    key: K_co
    count: int
    values: V_co


class AggregationBuilder(Searching):
    """An aggregation over one model: all objects, or those that conditions and a search select."""

    __slots__ = ("_measuring",)

    def __init__(self, statement: Statement, measuring: Measuring) -> None:
        super().__init__(statement)
        self._measuring = measuring

    def _make(self, statement: Statement, measuring: Measuring) -> Self:
        """Give the same kind of aggregation with another statement or measuring."""
        raise NotImplementedError

    def _with(self, statement: Statement) -> Self:
        return self._make(statement, self._measuring)

    def object_limit(self, limit: int) -> Self:
        """Measure only the first objects that the search finds: every search ranks all objects.

        A hybrid search takes so many from each of its two parts, and measures what is in either. Without a search it does nothing.

        Raises:
            InvalidQueryError: below 1, or over 10,000,000.
        """
        checked = _checked(limit, "object_limit()", _MOST_OBJECTS)
        return self._make(self._statement, replace(self._measuring, object_limit=checked))

    def _grouped(self, by: object, limit: int | None) -> Measuring:
        groups = None if limit is None else _checked(limit, "group_by()", MOST_IN_INT32)
        return replace(self._measuring, by=grouped_subject(self._statement.info, by), groups=groups)

    if not TYPE_CHECKING:  # to checkers it is an error already

        def __getattr__(self, name):
            if name != "bm25":
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            raise AttributeError(
                "bm25() cannot select what an aggregation measures: the server has no keyword search there. Use hybrid(..., alpha=0) "
                "with object_limit(), which searches by keywords alone, or a condition such as like()."
            )

    def __repr__(self) -> str:
        parts, measuring = [describe_statement(self._statement)], self._measuring
        if measuring.object_limit is not None:
            parts.append(f"object_limit({measuring.object_limit})")
        if measuring.by is not None:
            limit = "" if measuring.groups is None else f", limit={measuring.groups}"
            parts.append(f"group_by({self._statement.info.name}.{measuring.by.field}{limit})")
        return f"<{type(self).__name__} {'.'.join(parts)}>"


def _checked(value: int, method: str, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise InvalidQueryError(f"{method} takes a whole number from 1 to {most:,} as limit, got {value!r}.")
    return value


def check_aggregation(statement: Statement, measuring: Measuring, asked: Sequence[AskedMetric]) -> None:
    """Refuse a selection that the server does not measure.

    Raises:
        InvalidQueryError: several target vectors, a search that does not say where it ends, or groups of a reference or metrics of many
            references in part of the objects.
    """
    search, info = statement.search, statement.info
    in_part = search is not None or statement.condition is not None
    for each in asked:
        if isinstance(each.subject, ReferenceInfo) and each.subject.many and (in_part or measuring.by is not None):
            where = f"{info.name}.{each.subject.field}"
            raise InvalidQueryError(
                f"{where}.{each.name}() goes with no where(), search or group_by(): the server then fails at objects with more than one "
                "reference. Ask for it alone; it is the same for all objects.",
                field=where,
            )
    if isinstance(measuring.by, ReferenceInfo) and in_part:
        where = f"{info.name}.{measuring.by.field}"
        raise InvalidQueryError(
            f"group_by({where}) does not go with {'a search' if search is not None else 'where()'}: the server makes groups of a "
            "reference over all objects only. Leave the condition or search out, or group by a property.",
            field=where,
        )
    if search is None:
        return
    assert not isinstance(search, Bm25), "an aggregation has no bm25()"
    if len(search.targets.vectors) > 1:
        names = ", ".join(f"{info.name}.{each.field}" for each in search.targets.vectors)
        raise InvalidQueryError(f"An aggregation searches one vector, not several ({names}). Say one: target=...")
    searched = search.vector if isinstance(search, Hybrid) else search
    vectors = searched.vectors if isinstance(searched, NearVector) else ()
    if isinstance(vectors, tuple) and any(len(several) > 1 for several in vectors):
        names = ", ".join(f"{info.name}.{each.field}" for each in search.targets.vectors)
        raise InvalidQueryError(f"An aggregation searches near one vector of {names}, not several: give one of them.")
    if measuring.object_limit is None and not _ends(search):
        raise InvalidQueryError(
            "A search ranks all objects, so an aggregation has to know how many of them count: add object_limit(n)"
            + (", or give the query's own vector." if isinstance(search, Hybrid) else ", distance= or certainty=."),
        )


def _ends(search: NearText | NearVector | NearObject | NearMedia | Hybrid) -> bool:
    """Tell whether a search says by itself which results count."""
    if isinstance(search, Hybrid):
        if not isinstance(search.vector, NearText | NearVector):
            return search.vector is not None  # the server then takes 100 of each part
        search = search.vector
    threshold = search.threshold
    # The server makes a certainty of the distance, and takes one of 0 or less for none.
    return bool(threshold.certainty) or (threshold.distance is not None and threshold.distance < 2)


@dataclass(frozen=True, slots=True, eq=False)
class AskedMetric:
    """A metric with the model's own description of what it is about; ``None`` for the objects themselves."""

    subject: PropertyInfo | ReferenceInfo | None
    name: str
    limit: int | None


def asked_metrics(statement: Statement, metrics: Sequence[Metric[object]]) -> list[AskedMetric]:
    """Give what is to be computed.

    Raises:
        InvalidQueryError: there is nothing, something else than a metric, or a metric of another model or of a property that the
            server cannot aggregate.
    """
    info = statement.info
    if not metrics:
        raise InvalidQueryError(f"compute() takes metrics, such as count() or {_example(info)}; it got none.")
    return [_asked_metric(statement, each) for each in metrics]


def _asked_metric(statement: Statement, metric: Metric[object]) -> AskedMetric:
    info = statement.info
    if not isinstance(metric, Metric):
        raise InvalidQueryError(f"compute() takes metrics, such as count() or {_example(info)}; got {metric!r}.")
    subject = metric.subject
    if subject is None:
        return AskedMetric(None, metric.name, None)
    known = info.references if isinstance(subject, Link) else info.properties
    if not issubclass(info.model, subject.owner) or subject.field not in known:
        raise InvalidQueryError(f"{metric} is not of {info.name}, which the aggregation is over.", field=str(subject))
    if isinstance(subject, Link):
        return AskedMetric(info.references[subject.field], metric.name, None)
    own, where = info.properties[subject.field], f"{info.name}.{subject.field}"
    check_metric(where, own.data_type.base, own.data_type.name, metric.name)
    if own.options.filterable is False and statement.condition is None and statement.search is None:
        raise InvalidQueryError(
            f"{where} is declared with filterable=False, and the server computes over all objects from the index that filters use. "
            "Select objects with where() or a search, for which it reads the objects, or leave the property filterable.",
            field=where,
        )
    return AskedMetric(own, metric.name, metric.limit)


def _example(info: ModelInfo) -> str:
    return next((f"{info.name}.{each.field}.count()" for each in info.properties.values()), "Model.field.mean()")
