"""Where a stream stands, and what it can be made of.

There are two ways past the 10,000 results that a query gives. Without conditions the server's cursor reads objects in the order of their
ids from a given one on, at the same cost for every page. The cursor takes no conditions; with them, each page is a query of its own for the
objects behind the last id, sorted by id (a keyset). Ids only ascend, so both give every object at most once, and miss none that is there
from beginning to end, whatever is stored or deleted meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.nodes import And, Comparison, IdSubject, Node, Operator, SortKey
from weaviate_orm.query.checks import checked_id
from weaviate_orm.query.statement import MOST_RESULTS, Statement, changed
from weaviate_orm.query.text import describe_statement

__all__ = ["PAGE_SIZE", "Cursor", "begin_stream", "describe_stream"]

PAGE_SIZE = 1_000
"""Objects a page unless the caller says otherwise. Every page costs a call, and one with conditions a walk over all ids behind it: pages of
100 take half as long again without conditions and six times as long with them, and larger ones save next to nothing, while the answer with
a vector of 1,536 numbers an object stays below 10 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Cursor:
    """Where a stream stands between two pages.

    Attributes:
        statement: what every page asks for.
        page_size: objects a page.
        after: the last id read so far.
        left: how many objects are still to be given; ``None`` for all.
        exact: whether no more than ``left`` need be asked for, because every object read is given.
        reach: how many objects to ask for instead, when a page came out empty and is not the last.
    """

    statement: Statement
    page_size: int
    after: UUID | None
    left: int | None
    exact: bool = True
    reach: int = 0

    @property
    def most(self) -> int:
        """How many objects the next page may have."""
        return self.page_size if self.left is None else min(self.page_size, self.left)

    def page(self) -> Statement:
        """Give the query of the next page."""
        size = self.reach or (self.most if self.exact else self.page_size)
        if self.statement.condition is None:
            return changed(self.statement, limit=size, after=self.after)
        order = (SortKey(IdSubject(self.statement.info.model), ascending=True),)
        return changed(self.statement, limit=size, order=order, condition=self.rest(), after=None)

    def rest(self) -> Node | None:
        """Give the condition that the objects still to come fulfil."""
        condition = self.statement.condition
        if self.after is None:
            return condition
        behind = Comparison(IdSubject(self.statement.info.model), Operator.GREATER, self.after)
        return behind if condition is None else And((condition, behind))

    def advanced(self, last_id: UUID, given: int) -> Cursor | None:
        """Give where the stream stands behind a page, or ``None`` when its limit is reached."""
        left = None if self.left is None else self.left - given
        return None if left == 0 else replace(self, after=last_id, left=left, reach=0)


def begin_stream(
    statement: Statement, page_size: int, after: UUID | None, keep: Callable[[Any], bool] | None
) -> Cursor:
    """Give where a stream of the query begins.

    Args:
        statement: the query.
        page_size: objects a page.
        after: begin behind this id.
        keep: leaves objects out when they have been read.

    Raises:
        InvalidQueryError: the query asks for something that does not go with a stream, or a page size outside 1 to 10,000.
        InvalidValueError: ``after`` is no UUID.
    """
    name = statement.info.name
    if isinstance(page_size, bool) or not isinstance(page_size, int) or not 1 <= page_size <= MOST_RESULTS:
        raise InvalidQueryError(f"stream() takes a page_size from 1 to {MOST_RESULTS:,}, got {page_size!r}.")
    for step, given, reason in (
        ("a search", statement.search, "ranks objects, and there is no way on behind the 10,000th"),
        ("order_by()", statement.order, "asks for an order, and a stream has that of the ids"),
        ("offset()", statement.offset, "counts objects, and a stream goes on from an id: stream(after=...)"),
        ("auto_limit()", statement.auto_limit, "cuts where scores jump, and a stream has no scores"),
        ("rerank()", statement.rerank, "orders results anew, and a stream goes on from the last id of a page"),
        ("boost()", statement.boost, "orders results anew, and a stream goes on from the last id of a page"),
        ("diversify()", statement.diversity, "chooses among ranked results, and a stream gives all"),
        ("group_by()", statement.grouping, "makes groups of a search's results"),
        ("generate()", statement.generation, "reads the results of one query"),
    ):
        if given:
            raise InvalidQueryError(
                f"stream() goes through the objects of {name} by their ids; {step} {reason}. Leave it out, or run the query "
                "with all()."
            )
    if keep is not None and not callable(keep):
        raise InvalidQueryError(
            f"stream(keep=...) takes a function that says of an object whether to give it, got {keep!r}. Conditions on "
            f"{name}'s properties go into where()."
        )
    if after is not None:
        checked_id(after, "stream(after=...)")
        if statement.after is not None:
            raise InvalidQueryError("The query begins behind an id already: leave out after() or stream(after=...).")
    first = after or statement.after
    return Cursor(changed(statement, limit=None, after=None), page_size, first, statement.limit, exact=keep is None)


def describe_stream(cursor: Cursor) -> str:
    """Give the stream in the words it was written in: ``Article.where(...).limit(5).stream(page_size=1000)``."""
    after = "" if cursor.after is None else f", after={cursor.after}"
    return f"{describe_statement(changed(cursor.statement, limit=cursor.left))}.stream(page_size={cursor.page_size}{after})"
