"""Tenant and consistency level of a request."""

from __future__ import annotations

from weaviate_orm.errors import TenantError
from weaviate_orm.model.info import ModelInfo
from weaviate_orm.query.checks import has_tenants
from weaviate_orm.query.statement import Scope
from weaviate_orm.wire import _pb as pb

__all__ = ["CONSISTENCY", "check_tenant"]

CONSISTENCY = {
    "ONE": pb.ConsistencyLevel.CONSISTENCY_LEVEL_ONE,
    "QUORUM": pb.ConsistencyLevel.CONSISTENCY_LEVEL_QUORUM,
    "ALL": pb.ConsistencyLevel.CONSISTENCY_LEVEL_ALL,
}


def check_tenant(info: ModelInfo, scope: Scope) -> None:
    """Make sure that a model with tenants is used with one, and a model without them without.

    Raises:
        TenantError: it is not; the server would say the same.
    """
    expected = has_tenants(info)
    if expected == (scope.tenant is not None):
        return
    if expected:
        message = f"Every object of {info.name} belongs to a tenant, and no tenant is named. Use session.tenant(name)."
    else:
        message = (
            f"{info.name} has no tenants, but the session is that of tenant {scope.tenant!r}. Use the session that it comes from, or "
            "declare the class with multi_tenancy=MultiTenancy()."
        )
    raise TenantError(message, collection=info.collection)
