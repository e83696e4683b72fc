"""A statement as text, for ``repr`` and ``explain()``."""

from __future__ import annotations

from collections.abc import Iterator

from weaviate_orm.expr.text import describe
from weaviate_orm.query.search import Bm25, Hybrid, NearObject, NearText, NearVector, Search
from weaviate_orm.query.statement import Statement

__all__ = ["describe_statement"]


def describe_statement(statement: Statement) -> str:
    """Give the query in the words it was written in: ``Article.near_text('x').where(...).limit(5)``."""
    return ".".join([statement.info.name, *_parts(statement)])


def _parts(statement: Statement) -> Iterator[str]:
    if statement.projection is not None:
        yield f"as_({statement.projection.shape.__name__})"
    if statement.search is not None:
        yield _search(statement.search)
    if statement.condition is not None:
        yield f"where({describe(statement.condition)})"
    if statement.order:
        yield f"order_by({', '.join(map(str, statement.order))})"
    if statement.offset is not None:
        yield f"offset({statement.offset})"
    if statement.limit is not None:
        yield f"limit({statement.limit})"
    if statement.inclusions:
        yield f"include({', '.join(map(str, statement.inclusions))})"
    if statement.vectors:
        yield f"with_vectors({', '.join(f'{statement.info.name}.{each.field}' for each in statement.vectors)})"


def _search(search: Search) -> str:
    match search:
        case NearText():
            shown = search.concepts[0] if len(search.concepts) == 1 else list(search.concepts)
            return f"near_text({shown!r})"
        case NearVector():
            return f"near_vector(<shape {search.vector.shape}>)"
        case NearObject():
            return f"near_object({search.id})"
        case Bm25():
            return f"bm25({search.query!r})"
        case Hybrid():
            return f"hybrid({search.query!r}, alpha={search.alpha:g})"
