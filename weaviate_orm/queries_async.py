"""The queries of an ``AsyncSession``: the shells of ``queries.py``, awaited, name by name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Self, TypeVar

from pydantic import BaseModel

from weaviate_orm.flows.results import count_matches, fetch, fetch_first, fetch_one
from weaviate_orm.flows.retry import Retry
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.results import Hit
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.runner import AsyncRunner
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.explain import explain_call
from weaviate_orm.wire.search import compile_search

__all__ = ["AsyncQuery"]

R = TypeVar("R")
M = TypeVar("M", bound=WeaviateModel)
P = TypeVar("P", bound=BaseModel)
R_co = TypeVar("R_co", bound=BaseModel, covariant=True)


class AsyncQuery(Builder[R_co]):
    """An immutable query of an ``AsyncSession``. Every method of the builder gives a new one; the terminals below are awaited."""

    __slots__ = ("_runner",)

    def __init__(self, statement: Statement, runner: AsyncRunner) -> None:
        super().__init__(statement)
        self._runner = runner

    def _with(self, statement: Statement) -> Self:
        return type(self)(statement, self._runner)

    def as_(self, shape: type[P]) -> AsyncQuery[P]:
        """As ``Query.as_``."""
        return AsyncQuery(self._projected(shape), self._runner)

    async def all(self) -> list[Hit[R_co]]:
        """As ``Query.all``."""
        return await self._run(fetch)

    async def __aiter__(self) -> AsyncIterator[Hit[R_co]]:
        """Go over all hits, as ``all()`` gives them: ``async for hit in query``."""
        for hit in await self.all():
            yield hit

    async def first(self) -> Hit[R_co] | None:
        """As ``Query.first``."""
        return await self._run(fetch_first)

    async def one(self) -> Hit[R_co]:
        """As ``Query.one``."""
        return await self._run(fetch_one)

    async def objects(self) -> list[R_co]:
        """As ``Query.objects``."""
        return [hit.object for hit in await self.all()]

    async def count(self) -> int:
        """As ``Query.count``."""
        return await self._run(count_matches)

    def explain(self) -> str:
        """As ``Query.explain``."""
        return explain_call(compile_search(self._statement, self._runner.scope))

    async def _run(self, flow: Callable[[Statement, Scope, Retry], Flow[R]]) -> R:
        return await self._runner.run(flow(self._statement, self._runner.scope, self._runner.retry))
