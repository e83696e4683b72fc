"""The queries of an ``AsyncSession`` whose results a generative model reads: the shells of ``queries_generative.py``, awaited."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from typing import Any, Generic, Self, TypeVar, overload
from uuid import UUID

from pydantic import BaseModel

from weaviate_orm.expr.metrics import Holds
from weaviate_orm.expr.operators import Expression
from weaviate_orm.flows.generated import (
    fetch_first_generated,
    fetch_generated,
    fetch_generated_groups,
    fetch_one_generated,
)
from weaviate_orm.flows.retry import Retry
from weaviate_orm.model.attributes import Reference, References
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.generated import Generated, GeneratedGroups, GenerativeGroup, GenerativeHit
from weaviate_orm.query.generation import check_generation
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.runner import AsyncRunner
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.explain import explain_call
from weaviate_orm.wire.generative import compile_generated, compile_generated_groups

__all__ = ["AsyncGenerativeGroupedQuery", "AsyncGenerativeQuery"]

R = TypeVar("R")
P = TypeVar("P", bound=BaseModel)
K = TypeVar("K")
K_co = TypeVar("K_co", covariant=True)
Text = TypeVar("Text", bound=str | None)
Element = TypeVar("Element")
R_co = TypeVar("R_co", bound=BaseModel, covariant=True)


class AsyncGenerativeQuery(Builder[R_co]):
    """A query with prompts: what ``AsyncQuery.generate`` gives. As ``GenerativeQuery``, awaited."""

    __slots__ = ("_runner",)

    def __init__(self, statement: Statement, runner: AsyncRunner) -> None:
        check_generation(statement)
        super().__init__(statement)
        self._runner = runner

    def _with(self, statement: Statement) -> Self:
        return type(self)(statement, self._runner)

    def as_(self, shape: type[P]) -> AsyncGenerativeQuery[P]:
        """As ``GenerativeQuery.as_``."""
        return AsyncGenerativeQuery(self._projected(shape), self._runner)

    @overload
    def group_by(
        self, by: Reference[Any] | References[Any], *, groups: int = ..., per_group: int = ...
    ) -> AsyncGenerativeGroupedQuery[UUID | None, R_co]: ...
    @overload
    def group_by(
        self, by: Expression[Text], *, groups: int = ..., per_group: int = ...
    ) -> AsyncGenerativeGroupedQuery[Text, R_co]: ...
    @overload
    def group_by(
        self, by: Holds[Collection[Element] | None], *, groups: int = ..., per_group: int = ...
    ) -> AsyncGenerativeGroupedQuery[Element | None, R_co]: ...
    @overload
    def group_by(
        self, by: Expression[K], *, groups: int = ..., per_group: int = ...
    ) -> AsyncGenerativeGroupedQuery[K, R_co]: ...
    def group_by(
        self, by: object, *, groups: int = 10, per_group: int = 10
    ) -> AsyncGenerativeGroupedQuery[object, R_co]:
        """As ``GenerativeQuery.group_by``."""
        return AsyncGenerativeGroupedQuery(self._grouped(by, groups, per_group), self._runner)

    async def all(self) -> Generated[R_co]:
        """As ``GenerativeQuery.all``."""
        return await self._run(fetch_generated)

    async def __aiter__(self) -> AsyncIterator[GenerativeHit[R_co]]:
        """Go over all hits, as ``all()`` gives them: ``async for hit in query``."""
        for hit in await self.all():
            yield hit

    async def first(self) -> GenerativeHit[R_co] | None:
        """As ``GenerativeQuery.first``."""
        return await self._run(fetch_first_generated)

    async def one(self) -> GenerativeHit[R_co]:
        """As ``GenerativeQuery.one``."""
        return await self._run(fetch_one_generated)

    def explain(self) -> str:
        """As ``GenerativeQuery.explain``."""
        return explain_call(compile_generated(self._statement, self._runner.scope))

    async def _run(self, flow: Callable[[Statement, Scope, Retry], Flow[R]]) -> R:
        return await self._runner.run(flow(self._statement, self._runner.scope, self._runner.retry))


class AsyncGenerativeGroupedQuery(Builder[R_co], Generic[K_co, R_co]):
    """A query with prompts that gives groups: what ``group_by()`` after ``generate()`` makes, or the other way round."""

    __slots__ = ("_runner",)

    def __init__(self, statement: Statement, runner: AsyncRunner) -> None:
        check_generation(statement)
        super().__init__(statement)
        self._runner = runner

    def _with(self, statement: Statement) -> Self:
        return type(self)(statement, self._runner)

    def as_(self, shape: type[P]) -> AsyncGenerativeGroupedQuery[K_co, P]:
        """As ``Query.as_``."""
        return AsyncGenerativeGroupedQuery(self._projected(shape), self._runner)

    async def all(self) -> GeneratedGroups[K_co, R_co]:
        """As ``GenerativeGroupedQuery.all``."""
        return await self._runner.run(fetch_generated_groups(self._statement, self._runner.scope, self._runner.retry))

    async def __aiter__(self) -> AsyncIterator[GenerativeGroup[K_co, R_co]]:
        """Go over all groups, as ``all()`` gives them: ``async for group in query``."""
        for group in await self.all():
            yield group

    def explain(self) -> str:
        """As ``Query.explain``."""
        return explain_call(compile_generated_groups(self._statement, self._runner.scope))
