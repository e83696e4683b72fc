"""The queries of an ``AsyncSession``: the shells of ``queries.py``, awaited, name by name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload
from uuid import UUID

from pydantic import BaseModel

from weaviate_orm.expr.metrics import Holds
from weaviate_orm.expr.operators import Expression
from weaviate_orm.flows.deleting import delete_matches
from weaviate_orm.flows.grouping import fetch_groups
from weaviate_orm.flows.results import any_match, count_matches, fetch, fetch_first, fetch_one, fetch_profile
from weaviate_orm.flows.retry import Retry
from weaviate_orm.flows.streaming import fetch_as_page
from weaviate_orm.model.attributes import Reference, References
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.queries_generative_async import AsyncGenerativeGroupedQuery, AsyncGenerativeQuery
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.deleting import DeleteReport
from weaviate_orm.query.generation import generating
from weaviate_orm.query.grouping import Group
from weaviate_orm.query.media import Media
from weaviate_orm.query.page import Page
from weaviate_orm.query.profile import QueryProfile
from weaviate_orm.query.results import Hit
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.query.streaming import PAGE_SIZE
from weaviate_orm.runner import AsyncRunner
from weaviate_orm.streams_async import AsyncStream
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.explain import explain_call
from weaviate_orm.wire.grouping import compile_groups
from weaviate_orm.wire.search import compile_search

if TYPE_CHECKING:
    from weaviate_orm.generative.provider import Provider

__all__ = ["AsyncGroupedQuery", "AsyncQuery"]

R = TypeVar("R")
M = TypeVar("M", bound=WeaviateModel)
P = TypeVar("P", bound=BaseModel)
K = TypeVar("K")
K_co = TypeVar("K_co", covariant=True)
Text = TypeVar("Text", bound=str | None)
Element = TypeVar("Element")
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

    @overload
    def group_by(
        self, by: Reference[Any] | References[Any], *, groups: int = ..., per_group: int = ...
    ) -> AsyncGroupedQuery[UUID | None, R_co]: ...
    @overload
    def group_by(
        self, by: Expression[Text], *, groups: int = ..., per_group: int = ...
    ) -> AsyncGroupedQuery[Text, R_co]: ...
    @overload
    def group_by(
        self, by: Holds[Collection[Element] | None], *, groups: int = ..., per_group: int = ...
    ) -> AsyncGroupedQuery[Element | None, R_co]: ...
    @overload
    def group_by(self, by: Expression[K], *, groups: int = ..., per_group: int = ...) -> AsyncGroupedQuery[K, R_co]: ...
    def group_by(self, by: object, *, groups: int = 10, per_group: int = 10) -> AsyncGroupedQuery[object, R_co]:
        """As ``Query.group_by``."""
        return AsyncGroupedQuery(self._grouped(by, groups, per_group), self._runner)

    def generate(
        self,
        *,
        single: str | None = None,
        grouped: str | None = None,
        grouped_properties: Sequence[Expression[Any]] = (),  # of any type
        provider: Provider | None = None,
        images: Sequence[Media] = (),
        image_properties: Sequence[Expression[bytes] | Expression[bytes | None]] = (),
        debug: bool = False,
        metadata: bool = False,
    ) -> AsyncGenerativeQuery[R_co]:
        """As ``Query.generate``."""
        return AsyncGenerativeQuery(
            generating(
                self._statement,
                single=single,
                grouped=grouped,
                grouped_properties=grouped_properties,
                provider=provider,
                images=images,
                image_properties=image_properties,
                debug=debug,
                metadata=metadata,
            ),
            self._runner,
        )

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

    async def page(self) -> Page[R_co]:
        """As ``Query.page``."""
        return await self._run(fetch_as_page)

    def stream(
        self, *, page_size: int = PAGE_SIZE, after: UUID | None = None, keep: Callable[[R_co], bool] | None = None
    ) -> AsyncStream[R_co]:
        """As ``Query.stream``: ``async for hit in query.stream()``."""
        return AsyncStream(self._statement, self._runner, page_size, after, keep)

    async def count(self) -> int:
        """As ``Query.count``."""
        return await self._run(count_matches)

    async def exists(self) -> bool:
        """As ``Query.exists``."""
        return await self._run(any_match)

    async def delete(self, *, dry_run: bool = False, verbose: bool = False) -> DeleteReport:
        """As ``Query.delete``."""
        runner = self._runner
        return await runner.run(
            delete_matches(self._statement, runner.scope, runner.retry, dry_run=dry_run, verbose=verbose)
        )

    async def profile(self) -> QueryProfile[R_co]:
        """As ``Query.profile``."""
        return await self._run(fetch_profile)

    def explain(self) -> str:
        """As ``Query.explain``."""
        return explain_call(compile_search(self._statement, self._runner.scope))

    async def _run(self, flow: Callable[[Statement, Scope, Retry], Flow[R]]) -> R:
        return await self._runner.run(flow(self._statement, self._runner.scope, self._runner.retry))


class AsyncGroupedQuery(Builder[R_co], Generic[K_co, R_co]):
    """A query of an ``AsyncSession`` that gives groups, as ``AsyncQuery.group_by()`` makes it. ``K`` is the type of their keys."""

    __slots__ = ("_runner",)

    def __init__(self, statement: Statement, runner: AsyncRunner) -> None:
        super().__init__(statement)
        self._runner = runner

    def _with(self, statement: Statement) -> Self:
        return type(self)(statement, self._runner)

    def as_(self, shape: type[P]) -> AsyncGroupedQuery[K_co, P]:
        """As ``Query.as_``."""
        return AsyncGroupedQuery(self._projected(shape), self._runner)

    def generate(
        self,
        *,
        single: str | None = None,
        grouped: str | None = None,
        grouped_properties: Sequence[Expression[Any]] = (),  # of any type
        provider: Provider | None = None,
        images: Sequence[Media] = (),
        image_properties: Sequence[Expression[bytes] | Expression[bytes | None]] = (),
    ) -> AsyncGenerativeGroupedQuery[K_co, R_co]:
        """As ``GroupedQuery.generate``."""
        return AsyncGenerativeGroupedQuery(
            generating(
                self._statement,
                single=single,
                grouped=grouped,
                grouped_properties=grouped_properties,
                provider=provider,
                images=images,
                image_properties=image_properties,
            ),
            self._runner,
        )

    async def all(self) -> list[Group[K_co, R_co]]:
        """As ``GroupedQuery.all``."""
        return await self._runner.run(fetch_groups(self._statement, self._runner.scope, self._runner.retry))

    async def __aiter__(self) -> AsyncIterator[Group[K_co, R_co]]:
        """Go over all groups, as ``all()`` gives them: ``async for group in query``."""
        for group in await self.all():
            yield group

    def explain(self) -> str:
        """As ``Query.explain``."""
        return explain_call(compile_groups(self._statement, self._runner.scope))
