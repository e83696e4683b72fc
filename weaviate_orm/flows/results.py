"""The terminals of a query: one call, and what is made of its hits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from weaviate_orm.errors import InvalidQueryError, MultipleResultsError, NoResultError
from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.query.results import Hit
from weaviate_orm.query.statement import MOST_RESULTS, Scope, Statement
from weaviate_orm.query.text import describe_statement
from weaviate_orm.wire.aggregate import compile_count
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.search import compile_search

__all__ = ["count_matches", "fetch", "fetch_first", "fetch_one"]

# The class of the hits is the query's type parameter, which the sessions put back.


def fetch(statement: Statement, scope: Scope, retry: Retry) -> Flow[list[Hit[Any]]]:
    """Give all hits.

    Raises:
        InvalidQueryError: a query without a limit has more results than the server gives at once.
    """
    hits = yield from retrying(compile_search(statement, scope), retry)
    unlimited = statement.limit is None and statement.search is None
    if unlimited and len(hits) == MOST_RESULTS - (statement.offset or 0):
        total = yield from retrying(compile_count(statement.info, statement.condition, scope), retry)
        if total > MOST_RESULTS:
            raise InvalidQueryError(
                f"{describe_statement(statement)} has {total:,} results; the server gives at most {MOST_RESULTS:,} of a query. "
                "Narrow it with where(), or take a part with limit().",
                collection=statement.info.collection,
            )
    return hits


def fetch_first(statement: Statement, scope: Scope, retry: Retry) -> Flow[Hit[Any] | None]:
    """Give the first hit, or ``None``."""
    hits = yield from retrying(compile_search(replace(statement, limit=1), scope), retry)
    return hits[0] if hits else None


def fetch_one(statement: Statement, scope: Scope, retry: Retry) -> Flow[Hit[Any]]:
    """Give the only hit.

    Raises:
        NoResultError: there is none.
        MultipleResultsError: there is more than one.
    """
    limit = min(2, statement.limit or 2, MOST_RESULTS - (statement.offset or 0))
    hits = yield from retrying(compile_search(replace(statement, limit=limit), scope), retry)
    if not hits:
        raise NoResultError(f"{describe_statement(statement)} has no result.", collection=statement.info.collection)
    if len(hits) > 1:
        raise MultipleResultsError(
            f"{describe_statement(statement)} has more than one result; first() gives the first of them.",
            collection=statement.info.collection,
        )
    return hits[0]


def count_matches(statement: Statement, scope: Scope, retry: Retry) -> Flow[int]:
    """Give how many objects fulfil the conditions, whatever limit and offset say.

    Raises:
        InvalidQueryError: the query has a search, which ranks all objects and excludes none.
    """
    if statement.search is not None:
        raise InvalidQueryError(
            f"count() counts by conditions; {describe_statement(statement)} has a search, which only ranks. Leave it out, "
            "or count what all() gives."
        )
    return (yield from retrying(compile_count(statement.info, statement.condition, scope), retry))
