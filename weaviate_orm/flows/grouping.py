"""The terminal of a query with a grouping."""

from __future__ import annotations

from typing import Any

from weaviate_orm.flows.linked import searched
from weaviate_orm.flows.retry import Retry
from weaviate_orm.query.grouping import Group
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.grouping import compile_groups

__all__ = ["fetch_groups"]


# Keys and objects have the types that the query's parameters say; the sessions put them back.
def fetch_groups(statement: Statement, scope: Scope, retry: Retry) -> Flow[list[Group[Any, Any]]]:
    """Give all groups, in the order of their best hits.

    Raises:
        InvalidQueryError: there is no search, or one of which the server groups by other properties only.
    """
    return (yield from searched(compile_groups(statement, scope), statement, scope, retry))
