"""The aggregations of an ``AsyncSession``: the shells of ``aggregations.py``, awaited, name by name."""

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
from weaviate_orm.runner import AsyncRunner
from weaviate_orm.wire.aggregate import compile_aggregate, compile_grouped_aggregate
from weaviate_orm.wire.explain import explain_call

__all__ = ["AsyncAggregation", "AsyncGroupedAggregation"]

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


class AsyncAggregation(AggregationBuilder, Generic[M_co]):
    """A measurement of an ``AsyncSession`` over the objects of one model. Every method gives a new one; ``compute()`` is awaited."""

    __slots__ = ("_runner",)

    def __init__(self, statement: Statement, measuring: Measuring, runner: AsyncRunner) -> None:
        super().__init__(statement, measuring)
        self._runner = runner

    def _make(self, statement: Statement, measuring: Measuring) -> Self:
        return type(self)(statement, measuring, self._runner)

    @overload
    def group_by(
        self, by: Reference[Any] | References[Any], *, limit: int | None = ...
    ) -> AsyncGroupedAggregation[UUID, M_co]: ...
    @overload
    def group_by(self, by: Expression[Text], *, limit: int | None = ...) -> AsyncGroupedAggregation[Text, M_co]: ...
    @overload
    def group_by(self, by: Holds[Text | None], *, limit: int | None = ...) -> AsyncGroupedAggregation[Text, M_co]: ...
    @overload
    def group_by(
        self, by: Holds[Collection[Element] | None], *, limit: int | None = ...
    ) -> AsyncGroupedAggregation[Element, M_co]: ...
    @overload
    def group_by(self, by: Holds[K | None], *, limit: int | None = ...) -> AsyncGroupedAggregation[K, M_co]: ...
    def group_by(self, by: object, *, limit: int | None = None) -> AsyncGroupedAggregation[object, M_co]:
        """As ``Aggregation.group_by``."""
        return AsyncGroupedAggregation(self._statement, self._grouped(by, limit), self._runner)

    @overload
    async def compute(self, m1: Metric[V1], /) -> V1: ...
    @overload
    async def compute(self, m1: Metric[V1], m2: Metric[V2], /) -> tuple[V1, V2]: ...
    @overload
    async def compute(self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], /) -> tuple[V1, V2, V3]: ...
    @overload
    async def compute(
        self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], m4: Metric[V4], /
    ) -> tuple[V1, V2, V3, V4]: ...
    @overload
    async def compute(
        self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], m4: Metric[V4], m5: Metric[V5], /
    ) -> tuple[V1, V2, V3, V4, V5]: ...
    @overload
    async def compute(
        self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], m4: Metric[V4], m5: Metric[V5], m6: Metric[V6], /
    ) -> tuple[V1, V2, V3, V4, V5, V6]: ...
    @overload
    async def compute(
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
    async def compute(
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
    async def compute(
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
    async def compute(self, *metrics: Metric[object]) -> object:
        """As ``Aggregation.compute``."""
        return await self._runner.send(compile_aggregate(self._statement, self._measuring, metrics, self._runner.scope))

    def explain(self, *metrics: Metric[object]) -> str:
        """As ``Aggregation.explain``."""
        return explain_call(compile_aggregate(self._statement, self._measuring, metrics, self._runner.scope))


class AsyncGroupedAggregation(AggregationBuilder, Generic[K_co, M_co]):
    """A measurement of an ``AsyncSession`` by groups, as ``AsyncAggregation.group_by()`` makes it. ``K`` is the type of their keys."""

    __slots__ = ("_runner",)

    def __init__(self, statement: Statement, measuring: Measuring, runner: AsyncRunner) -> None:
        super().__init__(statement, measuring)
        self._runner = runner

    def _make(self, statement: Statement, measuring: Measuring) -> Self:
        return type(self)(statement, measuring, self._runner)

    @overload
    async def compute(self, m1: Metric[V1], /) -> list[AggregateGroup[K_co, V1]]: ...
    @overload
    async def compute(self, m1: Metric[V1], m2: Metric[V2], /) -> list[AggregateGroup[K_co, tuple[V1, V2]]]: ...
    @overload
    async def compute(
        self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], /
    ) -> list[AggregateGroup[K_co, tuple[V1, V2, V3]]]: ...
    @overload
    async def compute(
        self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], m4: Metric[V4], /
    ) -> list[AggregateGroup[K_co, tuple[V1, V2, V3, V4]]]: ...
    @overload
    async def compute(
        self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], m4: Metric[V4], m5: Metric[V5], /
    ) -> list[AggregateGroup[K_co, tuple[V1, V2, V3, V4, V5]]]: ...
    @overload
    async def compute(
        self, m1: Metric[V1], m2: Metric[V2], m3: Metric[V3], m4: Metric[V4], m5: Metric[V5], m6: Metric[V6], /
    ) -> list[AggregateGroup[K_co, tuple[V1, V2, V3, V4, V5, V6]]]: ...
    @overload
    async def compute(
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
    async def compute(
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
    async def compute(
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
    async def compute(self, *metrics: Metric[object]) -> object:
        """As ``GroupedAggregation.compute``."""
        return await self._runner.send(
            compile_grouped_aggregate(self._statement, self._measuring, metrics, self._runner.scope)
        )

    def explain(self, *metrics: Metric[object]) -> str:
        """As ``GroupedAggregation.explain``."""
        return explain_call(compile_grouped_aggregate(self._statement, self._measuring, metrics, self._runner.scope))
