"""A stream of pages: each is one flow, so that nothing is open between two of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from weaviate_orm.errors import InvalidQueryError, ProtocolError
from weaviate_orm.flows.linked import searched
from weaviate_orm.flows.results import check_complete
from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.query.page import Page
from weaviate_orm.query.statement import MOST_RESULTS, Scope, Statement
from weaviate_orm.query.streaming import Cursor
from weaviate_orm.wire.aggregate import compile_count
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.pages import compile_page

__all__ = ["count_rest", "fetch_as_page", "next_page"]

# The class of the hits is the query's type parameter, which the sessions put back.


def fetch_as_page(statement: Statement, scope: Scope, retry: Retry) -> Flow[Page[Any]]:
    """Give all hits of a query as a page.

    Raises:
        InvalidQueryError: a query without a limit has more results than the server gives at once.
    """
    page = yield from searched(compile_page(statement, scope), statement, scope, retry)
    yield from check_complete(statement, len(page), scope, retry)
    return page


def next_page(
    cursor: Cursor, keep: Callable[[Any], bool] | None, scope: Scope, retry: Retry
) -> Flow[tuple[Page[Any], Cursor | None] | None]:
    """Give the next page with at least one hit and where the stream stands behind it, or ``None`` at its end.

    A page may be short without being the last: objects that are due to expire are left out after they were counted. So the end is where
    nothing comes.

    Raises:
        InvalidQueryError: nothing comes although there are more objects.
    """
    while True:
        statement = cursor.page()
        call = compile_page(statement, scope, keep, cursor.most)
        page = yield from searched(call, statement, scope, retry)
        if page.last_id is not None:
            if cursor.after is not None and page.last_id <= cursor.after:
                raise ProtocolError(
                    f"A page of {statement.info.collection} behind {cursor.after} ends with {page.last_id}, which is not behind it; the "
                    "stream would never end. Does something between here and the server answer instead of it?",
                    collection=statement.info.collection,
                )
            onward = cursor.advanced(page.last_id, len(page))
            if len(page):
                return page, onward
            assert onward is not None  # nothing was given
            cursor = onward
            continue
        wider = yield from _past_expired(cursor, scope, retry)
        if wider is None:
            return None
        cursor = wider


def _past_expired(cursor: Cursor, scope: Scope, retry: Retry) -> Flow[Cursor | None]:
    """Give a cursor that reaches further, when nothing came because all objects that were looked at have expired."""
    info = cursor.statement.info
    expiry = info.options.object_ttl
    if expiry is None or not expiry.filter_expired:
        return None
    if not (yield from retrying(compile_count(info, cursor.rest(), scope), retry)):
        return None
    asked = cursor.reach or cursor.page_size
    if asked == MOST_RESULTS:
        raise InvalidQueryError(
            f"The next {MOST_RESULTS:,} objects of {info.collection} behind {cursor.after} have expired and are not deleted yet, "
            "and a stream cannot see past them. Go on when the server has deleted them, or ask for what has not expired with where().",
            collection=info.collection,
        )
    return replace(cursor, reach=min(asked * 4, MOST_RESULTS))


def count_rest(cursor: Cursor, keep: Callable[[Any], bool] | None, scope: Scope, retry: Retry) -> Flow[int]:
    """Give how many objects a stream has.

    Raises:
        InvalidQueryError: objects are left out only when they have been read.
    """
    if keep is not None:
        raise InvalidQueryError(
            f"How many objects of {cursor.statement.info.name} keep=... leaves is known when they have been read: "
            "sum(1 for _ in stream). The server counts what where() says."
        )
    total = yield from retrying(compile_count(cursor.statement.info, cursor.rest(), scope), retry)
    return total if cursor.left is None else min(total, cursor.left)
