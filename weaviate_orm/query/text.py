"""A statement as text, for ``repr`` and ``explain()``."""

from __future__ import annotations

from collections.abc import Iterator

from weaviate_orm.expr.text import describe
from weaviate_orm.query.boosting import Boosting
from weaviate_orm.query.search_text import describe_search
from weaviate_orm.query.statement import Statement

__all__ = ["describe_statement"]


def describe_statement(statement: Statement) -> str:
    """Give the query in the words it was written in: ``Article.near_text('x').where(...).limit(5)``."""
    return ".".join([statement.info.name, *_parts(statement)])


def _parts(statement: Statement) -> Iterator[str]:
    if statement.projection is not None:
        yield f"as_({statement.projection.shape.__name__})"
    if statement.search is not None:
        yield describe_search(statement.info, statement.search)
    if statement.condition is not None:
        yield f"where({describe(statement.condition)})"
    if statement.order:
        yield f"order_by({', '.join(map(str, statement.order))})"
    if statement.after is not None:
        yield f"after({statement.after})"
    if statement.offset is not None:
        yield f"offset({statement.offset})"
    if statement.limit is not None:
        yield f"limit({statement.limit})"
    if statement.grouping is not None:
        grouping = statement.grouping
        where = f"{statement.info.name}.{grouping.subject.field}"
        yield f"group_by({where}, groups={grouping.groups}, per_group={grouping.per_group})"
    if statement.auto_limit is not None:
        yield f"auto_limit({statement.auto_limit})"
    if statement.boost is not None:
        yield f"boost({_boosting(statement.boost)})"
    if statement.diversity is not None:
        yield f"diversify(limit={statement.diversity.limit}, balance={statement.diversity.balance:g})"
    if statement.rerank is not None:
        asked = "" if statement.rerank.query is None else f", query={statement.rerank.query!r}"
        yield f"rerank({statement.info.name}.{statement.rerank.property.field}{asked})"
    if statement.generation is not None:
        yield str(statement.generation)
    if statement.consistency_checked:
        yield "check_consistency()"
    if statement.inclusions:
        yield f"include({', '.join(map(str, statement.inclusions))})"
    if statement.vectors and statement.projection is None:
        yield f"with_vectors({', '.join(f'{statement.info.name}.{each.field}' for each in statement.vectors)})"


def _boosting(boost: Boosting) -> str:
    options = {"weight": boost.weight, "depth": boost.depth}
    given = (f"{name}={value:g}" for name, value in options.items() if value is not None)
    return ", ".join([*map(repr, boost.boosts), *given])
