"""The terminals of a query: one call, and what is made of its hits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from weaviate_orm.errors import InvalidQueryError, MultipleResultsError, NoResultError
from weaviate_orm.flows.linked import fetch_page, searched
from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.query.combinations import limited
from weaviate_orm.query.profile import QueryProfile
from weaviate_orm.query.results import Hit
from weaviate_orm.query.statement import MOST_RESULTS, Scope, Statement
from weaviate_orm.query.text import describe_statement
from weaviate_orm.wire.aggregate import compile_count
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.search import compile_exists, compile_profile

__all__ = [
    "any_match",
    "check_complete",
    "count_matches",
    "fetch",
    "fetch_first",
    "fetch_one",
    "fetch_profile",
    "only",
    "up_to_two",
]

H = TypeVar("H")

# The class of the hits is the query's type parameter, which the sessions put back.


def fetch(statement: Statement, scope: Scope, retry: Retry) -> Flow[list[Hit[Any]]]:
    """Give all hits.

    Raises:
        InvalidQueryError: a query without a limit has more results than the server gives at once.
    """
    hits = yield from fetch_page(statement, scope, retry)
    yield from check_complete(statement, len(hits), scope, retry)
    return hits


def check_complete(statement: Statement, found: int, scope: Scope, retry: Retry) -> Flow[None]:
    """Refuse to pass off as all results what are only the first of them.

    Raises:
        InvalidQueryError: a query without a limit has more results than the server gives at once.
    """
    unlimited = statement.limit is None and statement.search is None
    if unlimited and found == MOST_RESULTS - (statement.offset or 0):
        if statement.after is not None:
            raise InvalidQueryError(
                f"{describe_statement(statement)} gives {MOST_RESULTS:,} results, the most that the server gives at once, and there may "
                "be more. Take pages with limit(), or go through all with stream().",
                collection=statement.info.collection,
            )
        total = yield from retrying(compile_count(statement.info, statement.condition, scope), retry)
        if total > MOST_RESULTS:
            raise InvalidQueryError(
                f"{describe_statement(statement)} has {total:,} results; the server gives at most {MOST_RESULTS:,} of a query. "
                "Go through all with stream(), narrow it with where(), or take a part with limit().",
                collection=statement.info.collection,
            )


def fetch_first(statement: Statement, scope: Scope, retry: Retry) -> Flow[Hit[Any] | None]:
    """Give the first hit, or ``None``."""
    hits = yield from fetch_page(limited(statement, 1), scope, retry)
    return hits[0] if hits else None


def fetch_one(statement: Statement, scope: Scope, retry: Retry) -> Flow[Hit[Any]]:
    """Give the only hit.

    Raises:
        NoResultError: there is none.
        MultipleResultsError: there is more than one.
    """
    return only(statement, (yield from fetch_page(up_to_two(statement), scope, retry)))


def up_to_two(statement: Statement) -> Statement:
    """Give the statement for whether there is exactly one result."""
    return limited(statement, min(2, statement.limit or 2, MOST_RESULTS - (statement.offset or 0)))


def only(statement: Statement, found: Sequence[H]) -> H:
    """Give the only one of a statement's results.

    Raises:
        NoResultError: there is none.
        MultipleResultsError: there is more than one.
    """
    if not found:
        raise NoResultError(f"{describe_statement(statement)} has no result.", collection=statement.info.collection)
    if len(found) > 1:
        raise MultipleResultsError(
            f"{describe_statement(statement)} has more than one result; first() gives the first of them.",
            collection=statement.info.collection,
        )
    return found[0]


def fetch_profile(statement: Statement, scope: Scope, retry: Retry) -> Flow[QueryProfile[Any]]:
    """Give the hits, and what finding them took.

    Raises:
        InvalidQueryError: as of ``fetch()``.
        UnsupportedFeatureError: the server is too old.
    """
    profile = yield from searched(compile_profile(statement, scope), statement, scope, retry)
    yield from check_complete(statement, len(profile.hits), scope, retry)
    return profile


def any_match(statement: Statement, scope: Scope, retry: Retry) -> Flow[bool]:
    """Tell whether the query has a result."""
    return (yield from retrying(compile_exists(statement, scope), retry))


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
