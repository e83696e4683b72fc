"""The aggregations of a ``Session``: thin synchronous shells, of which the terminal sends one call."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Generic, Self, TypeVar, overload
from uuid import UUID

from weaviate_orm.expr.metrics import Holds, Metric
from weaviate_orm.expr.operators import Expression
from weaviate_orm.model.attributes import Reference, References
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.query.aggregation import AggregateGroup, AggregationBuilder, Measuring
from weaviate_orm.query.statement import Statement
from weaviate_orm.runner import Runner
from weaviate_orm.wire.aggregate import compile_aggregate, compile_grouped_aggregate
from weaviate_orm.wire.explain import explain_call

__all__ = ["Aggregation", "GroupedAggregation"]

K = TypeVar("K")
K_co = TypeVar("K_co", covariant=True)
Text = TypeVar("Text", bound=str)
Element = TypeVar("Element")
M_co = TypeVar("M_co", bound=WeaviateModel, covariant=True)
V1 = TypeVar("V1")
V2 = TypeVar("V2")
V3 = TypeVar("V3")
V4 = TypeVar("V4")
V5 = TypeVar("V5")
V6 = TypeVar("V6")
V7 = TypeVar("V7")
V8 = TypeVar("V8")

# Python has no way to write "the tuple of these metrics' types" but one signature for every number of metrics.


class Aggregation(AggregationBuilder, Generic[M_co]):
    """A measurement of a ``Session`` over the objects of one model. Every method gives a new one; ``compute()`` runs it::

    total, longest = session.aggregate(Article).compute(count(), Article.word_count.max())
    """

    __slots__ = ("_runner",)

    def __init__(self, statement: Statement, measuring: Measuring, runner: Runner) -> None:
        super().__init__(statement, measuring)
        self._runner = runner

    def _make(self, statement: Statement, measuring: Measuring) -> Self:
        return type(self)(statement, measuring, self._runner)

    @overload
    def group_by(
        self, by: Reference[Any] | References[Any], *, limit: int | None = ...
    ) -> GroupedAggregation[UUID, M_co]: ...
    @overload
    def group_by(self, by: Expression[Text], *, limit: int | None = ...) -> GroupedAggregation[Text, M_co]: ...
    @overload
    def group_by(self, by: Holds[Text | None], *, limit: int | None = ...) -> GroupedAggregation[Text, M_co]: ...
    @overload
    def group_by(
        self, by: Holds[Collection[Element] | None], *, limit: int | None = ...
    ) -> GroupedAggregation[Element, M_co]: ...
    @overload
    def group_by(self, by: Holds[K | None], *, limit: int | None = ...) -> GroupedAggregation[K, M_co]: ...
    def group_by(self, by: object, *, limit: int | None = None) -> GroupedAggregation[object, M_co]:
        """Measure the objects of each value of a property, or of each object that a reference leads to, by themselves.

        The key of a group has the property's type; of a list every element makes a group. Objects without a value are left out.

        Args:
            by: the property or reference.
            limit: give at most this many groups, the largest; the server's default is 100.

        Raises:
            InvalidQueryError: nothing of the model that makes groups, or a limit below 1.
        """
        return GroupedAggregation(self._statement, self._grouped(by, limit), self._runner)

    @overload
    def compute(self, m1: Metric[V1], /) -> V1: ...
    @overload
    def compute(self, m1: Metric[V1], m2: Metric[V2], /) -> tuple[V1, V2]: ...
    @overload
    def compute(self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], /) -> tuple[V1, V2, V3]: ...
    @overload
    def compute(self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], m4: Metric[V4], /) -> tuple[V1, V2, V3, V4]: ...
    @overload
    def compute(
        self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], m4: Metric[V4], m5: Metric[V5], /
    ) -> tuple[V1, V2, V3, V4, V5]: ...
    @overload
    def compute(
        self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], m4: Metric[V4], m5: Metric[V5], m6: Metric[V6], /
    ) -> tuple[V1, V2, V3, V4, V5, V6]: ...
    @overload
    def compute(
        self,
        m1: Metric[V1],
        m2: Metric[V2],
        m3: Metric[V3],
        m4: Metric[V4],
        m5: Metric[V5],
        m6: Metric[V6],
        m7: Metric[V7],
        /,
    ) -> tuple[V1, V2, V3, V4, V5, V6, V7]: ...
    @overload
    def compute(
        self,
        m1: Metric[V1],
        m2: Metric[V2],
        m3: Metric[V3],
        m4: Metric[V4],
        m5: Metric[V5],
        m6: Metric[V6],
        m7: Metric[V7],
        m8: Metric[V8],
        /,
    ) -> tuple[V1, V2, V3, V4, V5, V6, V7, V8]: ...
    @overload
    def compute(
        self,
        m1: Metric[object],
        m2: Metric[object],
        m3: Metric[object],
        m4: Metric[object],
        m5: Metric[object],
        m6: Metric[object],
        m7: Metric[object],
        m8: Metric[object],
        m9: Metric[object],
        /,
        *more: Metric[object],
    ) -> tuple[object, ...]: ...
    def compute(self, *metrics: Metric[object]) -> object:
        """Give the value of a metric, or a tuple of the values of several, in their order; a checker knows up to 8 by type.

        Raises:
            InvalidQueryError: no metric, one of another model, or one that the server does not compute for that property or search.
        """
        return self._runner.send(compile_aggregate(self._statement, self._measuring, metrics, self._runner.scope))

    def explain(self, *metrics: Metric[object]) -> str:
        """Give the request that the aggregation becomes, as text. Nothing is sent."""
        return explain_call(compile_aggregate(self._statement, self._measuring, metrics, self._runner.scope))


class GroupedAggregation(AggregationBuilder, Generic[K_co, M_co]):
    """A measurement of a ``Session`` by groups, as ``Aggregation.group_by()`` makes it. ``K`` is the type of their keys."""

    __slots__ = ("_runner",)

    def __init__(self, statement: Statement, measuring: Measuring, runner: Runner) -> None:
        super().__init__(statement, measuring)
        self._runner = runner

    def _make(self, statement: Statement, measuring: Measuring) -> Self:
        return type(self)(statement, measuring, self._runner)

    @overload
    def compute(self, m1: Metric[V1], /) -> list[AggregateGroup[K_co, V1]]: ...
    @overload
    def compute(self, m1: Metric[V1], m2: Metric[V2], /) -> list[AggregateGroup[K_co, tuple[V1, V2]]]: ...
    @overload
    def compute(
        self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], /
    ) -> list[AggregateGroup[K_co, tuple[V1, V2, V3]]]: ...
    @overload
    def compute(
        self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], m4: Metric[V4], /
    ) -> list[AggregateGroup[K_co, tuple[V1, V2, V3, V4]]]: ...
    @overload
    def compute(
        self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], m4: Metric[V4], m5: Metric[V5], /
    ) -> list[AggregateGroup[K_co, tuple[V1, V2, V3, V4, V5]]]: ...
    @overload
    def compute(
        self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], m4: Metric[V4], m5: Metric[V5], m6: Metric[V6], /
    ) -> list[AggregateGroup[K_co, tuple[V1, V2, V3, V4, V5, V6]]]: ...
    @overload
    def compute(
        self,
        m1: Metric[V1],
        m2: Metric[V2],
        m3: Metric[V3],
        m4: Metric[V4],
        m5: Metric[V5],
        m6: Metric[V6],
        m7: Metric[V7],
        /,
    ) -> list[AggregateGroup[K_co, tuple[V1, V2, V3, V4, V5, V6, V7]]]: ...
    @overload
    def compute(
        self,
        m1: Metric[V1],
        m2: Metric[V2],
        m3: Metric[V3],
        m4: Metric[V4],
        m5: Metric[V5],
        m6: Metric[V6],
        m7: Metric[V7],
        m8: Metric[V8],
        /,
    ) -> list[AggregateGroup[K_co, tuple[V1, V2, V3, V4, V5, V6, V7, V8]]]: ...
    @overload
    def compute(
        self,
        m1: Metric[object],
        m2: Metric[object],
        m3: Metric[object],
        m4: Metric[object],
        m5: Metric[object],
        m6: Metric[object],
        m7: Metric[object],
        m8: Metric[object],
        m9: Metric[object],
        /,
        *more: Metric[object],
    ) -> list[AggregateGroup[K_co, tuple[object, ...]]]: ...
    def compute(self, *metrics: Metric[object]) -> object:
        """Give the groups, largest first, each with the value of a metric, or a tuple of the values of several.

        Raises:
            InvalidQueryError: no metric, one of another model, or one that the server does not compute for that property or search.
        """
        return self._runner.send(
            compile_grouped_aggregate(self._statement, self._measuring, metrics, self._runner.scope)
        )

    def explain(self, *metrics: Metric[object]) -> str:
        """Give the request that the aggregation becomes, as text. Nothing is sent."""
        return explain_call(compile_grouped_aggregate(self._statement, self._measuring, metrics, self._runner.scope))
