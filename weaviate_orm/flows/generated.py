"""The terminals of a query with prompts: a search, and the texts that come with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.flows.linked import searched
from weaviate_orm.flows.results import check_complete, only, up_to_two
from weaviate_orm.flows.retry import Retry
from weaviate_orm.query.combinations import limited
from weaviate_orm.query.generated import Generated, GeneratedGroups, GenerativeHit
from weaviate_orm.query.statement import Scope, Statement, changed
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.generative import compile_generated, compile_generated_groups

__all__ = ["fetch_first_generated", "fetch_generated", "fetch_generated_groups", "fetch_one_generated"]

# The class of the hits is the query's type parameter, which the sessions put back.


def fetch_generated(statement: Statement, scope: Scope, retry: Retry) -> Flow[Generated[Any]]:
    """Give all hits with their texts, and the text about all of them.

    Raises:
        InvalidQueryError: a query without a limit has more results than the server gives at once.
    """
    found = yield from _fetch(statement, scope, retry)
    yield from check_complete(statement, len(found), scope, retry)
    return found


def fetch_first_generated(statement: Statement, scope: Scope, retry: Retry) -> Flow[GenerativeHit[Any] | None]:
    """Give the first hit with its text, or ``None``.

    Raises:
        InvalidQueryError: there is no prompt for each object.
    """
    found = yield from _fetch(limited(_about_each(statement, "first()"), 1), scope, retry)
    return found[0] if found else None


def fetch_one_generated(statement: Statement, scope: Scope, retry: Retry) -> Flow[GenerativeHit[Any]]:
    """Give the only hit with its text.

    Raises:
        NoResultError: there is none.
        MultipleResultsError: there is more than one.
        InvalidQueryError: there is no prompt for each object.
    """
    return only(statement, (yield from _fetch(up_to_two(_about_each(statement, "one()")), scope, retry)))


def fetch_generated_groups(statement: Statement, scope: Scope, retry: Retry) -> Flow[GeneratedGroups[Any, Any]]:
    """Give all groups with their texts, and the text about all of them.

    Raises:
        InvalidQueryError: there is no search, or one of which the server groups by other properties only.
    """
    return (yield from searched(compile_generated_groups(statement, scope), statement, scope, retry))


def _fetch(statement: Statement, scope: Scope, retry: Retry) -> Flow[Generated[Any]]:
    return (yield from searched(compile_generated(statement, scope), statement, scope, retry))


def _about_each(statement: Statement, terminal: str) -> Statement:
    """Give the statement without the task for all of them, whose answer a single hit has no place for."""
    generation = statement.generation
    if generation is None or generation.single is None:
        raise InvalidQueryError(
            f"{terminal} gives one hit with the text about it, but generate() was given no single=... prompt. "
            "all() gives the text about all hits together."
        )
    return changed(statement, generation=replace(generation, grouped=None, properties=()))
