"""Tables of other libraries, which are optional: each is imported when it is first asked for, and named when it is missing.

Everything becomes an Arrow table first, so that a value is decoded in one place and has one type; pandas and polars take the table over.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from weaviate_orm.errors import ConfigurationError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["as_pandas", "as_polars", "need"]


def need(library: str, extra: str) -> Any:  # a module, of which the checkers would know nothing
    """Give an optional library.

    Raises:
        ConfigurationError: it is not installed; names the extra that brings it.
    """
    try:
        return import_module(library)
    except ModuleNotFoundError as error:
        if error.name != library:  # it is there, and lacks something itself
            raise
        raise ConfigurationError(
            f"to_{extra}() needs {library}, which is not installed: pip install 'weaviate-typed-orm[{extra}]'."
        ) from None


def as_pandas(table: pa.Table) -> pd.DataFrame:
    """Give the table as a frame whose columns keep Arrow's types, so that a whole number next to a missing one stays whole.

    Raises:
        ConfigurationError: pandas is not installed.
    """
    untyped: Any = table  # what its methods take and give depends on whose stubs are installed
    frame: pd.DataFrame = untyped.to_pandas(types_mapper=need("pandas", "pandas").ArrowDtype)
    return frame


def as_polars(table: pa.Table) -> pl.DataFrame:
    """Give the table as a frame, without copying what polars can share.

    Raises:
        ConfigurationError: polars is not installed.
    """
    frame: pl.DataFrame = need("polars", "polars").from_arrow(table)  # of an array it would make a Series
    return frame
