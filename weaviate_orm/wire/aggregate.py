"""Counting objects, which is all of aggregation that sessions need so far."""

from __future__ import annotations

from weaviate_orm.expr.nodes import Node
from weaviate_orm.model.info import ModelInfo
from weaviate_orm.query.statement import Scope
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall
from weaviate_orm.wire.features import Feature
from weaviate_orm.wire.filters import compile_filter, needed_features
from weaviate_orm.wire.rpcs import AGGREGATE
from weaviate_orm.wire.scopes import check_tenant

__all__ = ["compile_count"]


def compile_count(info: ModelInfo, condition: Node | None, scope: Scope) -> GrpcCall[int]:
    """Count the objects that fulfil a condition, or all of them.

    Raises:
        TenantError: a tenant is missing, or one too many.
    """
    check_tenant(info, scope)
    request = pb.AggregateRequest(collection=info.collection, tenant=scope.tenant or "", objects_count=True)
    if condition is not None:
        request.filters.CopyFrom(compile_filter(condition))

    def read(reply: pb.AggregateReply) -> int:
        return reply.single_result.objects_count

    return GrpcCall(AGGREGATE, request, read, info.collection, (Feature.AGGREGATE, *needed_features(condition)))
