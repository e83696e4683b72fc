"""The streams of a ``Session``: thin synchronous shells over the flows of ``flows/streaming.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from weaviate_orm.flows.streaming import count_rest, next_page
from weaviate_orm.query.frames import as_pandas, as_polars, need
from weaviate_orm.query.page import HitColumn, Page
from weaviate_orm.query.results import Hit
from weaviate_orm.query.statement import Statement
from weaviate_orm.query.streaming import Cursor, begin_stream, describe_stream
from weaviate_orm.runner import Runner
from weaviate_orm.wire.pages import table_of

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["Stream"]

R_co = TypeVar("R_co", covariant=True)


class Stream(Generic[R_co]):
    """All results of a query, however many, in the order of their ids. Iterating reads a page at a time and keeps one.

    A stream is a value: every iteration begins anew. Nothing is open between two pages, so a loop may be left at any point; it goes on
    behind any object with ``query.stream(after=id)``. What is stored or deleted while a stream runs may or may not be seen; every other
    object comes exactly once.
    """

    __slots__ = ("_begin", "_keep", "_runner")

    def __init__(
        self,
        statement: Statement,
        runner: Runner,
        page_size: int,
        after: UUID | None,
        keep: Callable[[Any], bool] | None,  # of the query's class of objects
    ) -> None:
        self._begin: Cursor = begin_stream(statement, page_size, after, keep)
        self._keep = keep
        self._runner = runner

    def __iter__(self) -> Iterator[Hit[R_co]]:
        """Go over the hits."""
        for page in self.pages():
            yield from page

    def objects(self) -> Iterator[R_co]:
        """Go over the objects, without what the server says about them."""
        for hit in self:
            yield hit.object

    def pages(self) -> Iterator[Page[R_co]]:
        """Go over the pages, none of which is empty. ``page.last_id`` is where a later stream can go on.

        Raises (while going on):
            InvalidQueryError: more than 10,000 objects in a row have expired and are not deleted yet.
        """
        cursor: Cursor | None = self._begin
        while cursor is not None:
            step = self._runner.run(next_page(cursor, self._keep, self._runner.scope, self._runner.retry))
            if step is None:
                return
            page, cursor = step
            yield page

    def count(self) -> int:
        """Give how many objects the stream has at this moment, without reading them.

        Raises:
            InvalidQueryError: the stream has ``keep=...``, which the server cannot count.
        """
        return self._runner.run(count_rest(self._begin, self._keep, self._runner.scope, self._runner.retry))

    def to_arrow(self, *, metadata: Sequence[HitColumn] = ()) -> pa.Table:
        """Give all pages as one Arrow table, a chunk a page; columns as ``Page.to_arrow`` has them.

        Raises:
            ConfigurationError: pyarrow is not installed.
            HydrationError: a value is missing or of another type than declared.
            InvalidQueryError: a name in ``metadata`` that hits do not have.
        """
        need("pyarrow", "arrow")
        from weaviate_orm.wire.tables import joined

        nothing = table_of(self._begin.statement)([], metadata)
        return joined([nothing, *(page.to_arrow(metadata=metadata) for page in self.pages())])

    def to_pandas(self, *, metadata: Sequence[HitColumn] = ()) -> pd.DataFrame:
        """Give all pages as one pandas frame with Arrow's types (``ArrowDtype``).

        Raises:
            ConfigurationError: pandas or pyarrow is not installed.
            HydrationError, InvalidQueryError: as ``to_arrow``.
        """
        need("pandas", "pandas")
        return as_pandas(self.to_arrow(metadata=metadata))

    def to_polars(self, *, metadata: Sequence[HitColumn] = ()) -> pl.DataFrame:
        """Give all pages as one polars frame.

        Raises:
            ConfigurationError: polars or pyarrow is not installed.
            HydrationError, InvalidQueryError: as ``to_arrow``.
        """
        need("polars", "polars")
        return as_polars(self.to_arrow(metadata=metadata))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {describe_stream(self._begin)}>"
