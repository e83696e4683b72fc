"""Deleting by conditions, as a message; and its reply."""

from __future__ import annotations

from uuid import UUID

from weaviate_orm.query.deleting import DeletedObject, DeleteReport, check_deletion
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall
from weaviate_orm.wire.filters import fill_filter, needed_features
from weaviate_orm.wire.rpcs import BATCH_DELETE
from weaviate_orm.wire.scopes import CONSISTENCY, check_tenant

__all__ = ["compile_delete"]


def compile_delete(statement: Statement, scope: Scope, *, dry_run: bool, verbose: bool) -> GrpcCall[DeleteReport]:
    """Give the call that deletes what fulfils a statement's conditions; one call deletes 10,000 objects at most.

    Raises:
        InvalidQueryError: the statement has no conditions, or chooses among what fulfils them.
        TenantError: a tenant is missing, or one too many.
    """
    info, condition = statement.info, statement.condition
    check_tenant(info, scope)
    check_deletion(statement)
    assert condition is not None  # as was just checked
    request = pb.BatchDeleteRequest(collection=info.collection, verbose=verbose, dry_run=dry_run)
    fill_filter(request.filters, condition)
    if scope.tenant is not None:
        request.tenant = scope.tenant
    if scope.consistency is not None:
        request.consistency_level = CONSISTENCY[scope.consistency]

    def read(reply: pb.BatchDeleteReply) -> DeleteReport:
        objects = tuple(
            DeletedObject(UUID(bytes=each.uuid.rjust(16, b"\0")), each.successful, each.error or None)
            for each in reply.objects
        )
        return DeleteReport(reply.matches, reply.successful, reply.failed, objects, dry_run)

    return GrpcCall(BATCH_DELETE, request, read, info.collection, needed_features(condition))
