"""Reading objects by id, any number of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from weaviate_orm.expr.nodes import Comparison, IdSubject, Operator
from weaviate_orm.flows.linked import fetch_page
from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.flows.schema import ensure_collection
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.changes import storing
from weaviate_orm.query.checks import checked_id
from weaviate_orm.query.results import Hit
from weaviate_orm.query.statement import Scope, Statement, changed
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.objects import compile_insert
from weaviate_orm.wire.updates import snapshot

__all__ = ["fetch_by_id", "insert_object"]

_PER_CALL = 1000  # a filter of more ids is slower than several calls


def insert_object(instance: WeaviateModel, scope: Scope, verified: set[type], retry: Retry) -> Flow[UUID]:
    """Store one new object; give its id.

    Raises:
        ObjectExistsError: the id is taken.
        CollectionNotFoundError, SchemaMismatchError: see ``ensure_collection``.
    """
    call = compile_insert(instance, scope)  # refuses bad values before anything is sent
    with storing(instance, snapshot(instance)):
        yield from ensure_collection(type(instance), verified, retry)
        return (yield from retrying(call, retry))


def fetch_by_id(statement: Statement, ids: Sequence[UUID], scope: Scope, retry: Retry) -> Flow[dict[UUID, Any]]:
    """Give the objects with these ids, by id; ids that no object has are not in it.

    Raises:
        InvalidValueError: an id is no UUID.
    """
    for each in ids:
        checked_id(each, "get()")
    found: dict[UUID, Any] = {}  # the session knows the class
    subject = IdSubject(statement.info.model)
    for start in range(0, len(ids), _PER_CALL):
        part = tuple(ids[start : start + _PER_CALL])
        operator, operand = (Operator.EQUAL, part[0]) if len(part) == 1 else (Operator.CONTAINS_ANY, part)
        asked = changed(statement, condition=Comparison(subject, operator, operand), limit=len(part))
        hits: list[Hit[Any]] = yield from fetch_page(asked, scope, retry)
        found.update((hit.id, hit.object) for hit in hits)
    return found
