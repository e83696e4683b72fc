"""The streams of an ``AsyncSession``: the shells of ``streams.py``, awaited, name by name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from weaviate_orm.flows.streaming import count_rest, next_page
from weaviate_orm.query.frames import as_pandas, as_polars, need
from weaviate_orm.query.page import HitColumn, Page
from weaviate_orm.query.results import Hit
from weaviate_orm.query.statement import Statement
from weaviate_orm.query.streaming import Cursor, begin_stream, describe_stream
from weaviate_orm.runner import AsyncRunner
from weaviate_orm.wire.pages import table_of

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["AsyncStream"]

R_co = TypeVar("R_co", covariant=True)


class AsyncStream(Generic[R_co]):
    """As ``Stream``: ``async for hit in query.stream()``."""

    __slots__ = ("_begin", "_keep", "_runner")

    def __init__(
        self,
        statement: Statement,
        runner: AsyncRunner,
        page_size: int,
        after: UUID | None,
        keep: Callable[[Any], bool] | None,  # of the query's class of objects
    ) -> None:
        self._begin: Cursor = begin_stream(statement, page_size, after, keep)
        self._keep = keep
        self._runner = runner

    async def __aiter__(self) -> AsyncIterator[Hit[R_co]]:
        """As ``Stream.__iter__``."""
        async for page in self.pages():
            for hit in page:
                yield hit

    async def objects(self) -> AsyncIterator[R_co]:
        """As ``Stream.objects``."""
        async for hit in self:
            yield hit.object

    async def pages(self) -> AsyncIterator[Page[R_co]]:
        """As ``Stream.pages``."""
        cursor: Cursor | None = self._begin
        while cursor is not None:
            step = await self._runner.run(next_page(cursor, self._keep, self._runner.scope, self._runner.retry))
            if step is None:
                return
            page, cursor = step
            yield page

    async def count(self) -> int:
        """As ``Stream.count``."""
        return await self._runner.run(count_rest(self._begin, self._keep, self._runner.scope, self._runner.retry))

    async def to_arrow(self, *, metadata: Sequence[HitColumn] = ()) -> pa.Table:
        """As ``Stream.to_arrow``."""
        need("pyarrow", "arrow")
        from weaviate_orm.wire.tables import joined

        nothing = table_of(self._begin.statement)([], metadata)
        return joined([nothing, *[page.to_arrow(metadata=metadata) async for page in self.pages()]])

    async def to_pandas(self, *, metadata: Sequence[HitColumn] = ()) -> pd.DataFrame:
        """As ``Stream.to_pandas``."""
        need("pandas", "pandas")
        return as_pandas(await self.to_arrow(metadata=metadata))

    async def to_polars(self, *, metadata: Sequence[HitColumn] = ()) -> pl.DataFrame:
        """As ``Stream.to_polars``."""
        need("polars", "polars")
        return as_polars(await self.to_arrow(metadata=metadata))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {describe_stream(self._begin)}>"
