"""A page of results: a sequence of hits that can be had as columns too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, overload
from uuid import UUID

from weaviate_orm.query.frames import as_pandas, as_polars, need
from weaviate_orm.query.results import Hit

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["HitColumn", "Page"]

R_co = TypeVar("R_co", covariant=True)

HitColumn: TypeAlias = Literal[
    "distance", "certainty", "score", "explain_score", "rerank_score", "is_consistent", "created_at", "updated_at"
]
"""What a hit knows besides its object, as a column."""


class Page(Sequence[Hit[R_co]]):
    """Hits in the order of the server's answer, decoded when they are first looked at.

    Columns are read from the answer itself: no instance of the model is made for them, numbers and vectors are never touched one by one.
    The first column is ``id`` (text); then come the properties, included references and loaded vectors by field name, and what
    ``metadata`` names, by that name (``hit_score`` where the model has a ``score`` of its own).

    Attributes:
        last_id: the id of the last object that was read for this page, where a stream can go on (``after=page.last_id``); ``None`` for an
            empty page.
    """

    __slots__ = ("_hits", "_read", "_results", "_table", "last_id")

    last_id: UUID | None

    def __init__(
        self,
        results: Sequence[Any],  # messages, which this room does not know
        read: Callable[[], list[Hit[R_co]]],
        table: Callable[[Sequence[Any], Sequence[HitColumn]], pa.Table],
        last_id: UUID | None,
    ) -> None:
        self._results = results
        self._read = read
        self._table = table
        self._hits: list[Hit[R_co]] | None = None
        self.last_id = last_id

    @overload
    def __getitem__(self, index: int) -> Hit[R_co]: ...
    @overload
    def __getitem__(self, index: slice) -> list[Hit[R_co]]: ...
    def __getitem__(self, index: int | slice) -> Hit[R_co] | list[Hit[R_co]]:
        """Give a hit, or a list of them."""
        if self._hits is None:
            self._hits = self._read()
        return self._hits[index]

    def __len__(self) -> int:
        """Give the number of hits."""
        return len(self._results)

    def objects(self) -> list[R_co]:
        """Give the objects of all hits, without what the server says about them."""
        return [hit.object for hit in self[:]]

    def to_arrow(self, *, metadata: Sequence[HitColumn] = ()) -> pa.Table:
        """Give the page as an Arrow table.

        Text, whole numbers (int64), numbers (float64) and truth values are themselves; dates are ``timestamp[us, UTC]`` (``date32`` for
        a ``date``), uuids text, blobs binary, arrays lists, nested objects and references structs, vectors ``fixed_size_list<float>``.
        Values are as stored: an enum is its value, and the model's own validators do not run.

        Args:
            metadata: what else of the hits becomes a column; null where the server said nothing.

        Raises:
            ConfigurationError: pyarrow is not installed.
            HydrationError: a value is missing or of another type than declared.
            InvalidQueryError: a name in ``metadata`` that hits do not have.
        """
        need("pyarrow", "arrow")
        return self._table(self._results, metadata)

    def to_pandas(self, *, metadata: Sequence[HitColumn] = ()) -> pd.DataFrame:
        """Give the page as a pandas frame with Arrow's types (``ArrowDtype``).

        Raises:
            ConfigurationError: pandas or pyarrow is not installed.
            HydrationError, InvalidQueryError: as ``to_arrow``.
        """
        need("pandas", "pandas")
        return as_pandas(self.to_arrow(metadata=metadata))

    def to_polars(self, *, metadata: Sequence[HitColumn] = ()) -> pl.DataFrame:
        """Give the page as a polars frame.

        Raises:
            ConfigurationError: polars or pyarrow is not installed.
            HydrationError, InvalidQueryError: as ``to_arrow``.
        """
        need("polars", "polars")
        return as_polars(self.to_arrow(metadata=metadata))

    def __repr__(self) -> str:
        return f"<Page of {len(self)} hits, last_id {self.last_id}>"
