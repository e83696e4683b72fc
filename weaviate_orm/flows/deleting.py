"""Deleting by conditions, however many objects fulfil them."""

from __future__ import annotations

from dataclasses import replace

from weaviate_orm.errors import TransportError, WeaviateError
from weaviate_orm.flows.connect import CONNECT
from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.query.deleting import DeletedObject, DeleteReport
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.deleting import compile_delete

__all__ = ["delete_matches"]


def delete_matches(
    statement: Statement, scope: Scope, retry: Retry, *, dry_run: bool, verbose: bool
) -> Flow[DeleteReport]:
    """Delete what fulfils the conditions, call by call until nothing is left or nothing goes any more.

    A call that was sent again after the connection broke counts only what the second sending found.

    Raises:
        InvalidQueryError: the query has no conditions, or chooses among what fulfils them.
        WeaviateError: a call failed; the message says how many objects were deleted before.
    """
    if dry_run:
        report = yield from retrying(compile_delete(statement, scope, dry_run=True, verbose=verbose), retry)
        # The server counts one call's share; a real run goes on until nothing is left.
        return replace(report, successful=report.matches - report.failed)
    deleted = 0
    gone: list[DeletedObject] = []
    named = verbose
    while True:
        call = compile_delete(statement, scope, dry_run=False, verbose=named)
        try:
            part = yield from retrying(call, retry)
        except WeaviateError as error:
            _say_how_far(error, deleted)
            raise
        deleted += part.successful
        if verbose:
            gone += (each for each in part.objects if each.successful)
        left = max(part.matches - part.successful, 0)
        if left > part.failed and part.successful:
            continue  # what one call deletes has an end
        if part.failed and not named:
            named = True  # once more: they may go now, and if not, the server says why of each
            continue
        failures = (each for each in part.objects if not each.successful)
        return DeleteReport(deleted + left, deleted, part.failed, (*gone, *failures))


def _say_how_far(error: WeaviateError, deleted: int) -> None:
    """Add to an error what was done before it."""
    sent = isinstance(error, TransportError) and error.operation != CONNECT
    if deleted or sent:
        unknown = " Whether the call that failed deleted objects too is not known." if sent else ""
        error._reword(f"{error.message} Before that, {deleted:,} objects were deleted.{unknown}")
