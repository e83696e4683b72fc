"""Tenants as values, and the arguments of the verbs that create, switch and delete them. Both colours of session share them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from weaviate_orm.errors import InvalidValueError, TenantError
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.info import ModelInfo, model_info
from weaviate_orm.query.checks import checked_tenant, has_tenants

__all__ = ["Tenant", "TenantStatus", "new_tenants", "tenant_names", "tenants_model"]

TenantStatus: TypeAlias = Literal["ACTIVE", "INACTIVE", "OFFLOADED", "OFFLOADING", "ONLOADING"]
"""Where a tenant's objects are, in the words of servers from 1.26 on; older ones are read into them."""

_CREATED: Final = ("ACTIVE", "INACTIVE")


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant of a collection.

    Attributes:
        name: 1 to 64 letters, digits, '-' and '_'.
        status: ``"ACTIVE"``: its objects can be read and written. ``"INACTIVE"``: they are on the server's disk and cannot.
            ``"OFFLOADED"``: they are in cloud storage. ``"OFFLOADING"`` and ``"ONLOADING"``: they are on the way there and back.

    Raises:
        InvalidValueError: no tenant can have this name, or there is no such status.
    """

    name: str
    status: TenantStatus = "ACTIVE"

    def __post_init__(self) -> None:
        checked_tenant(self.name)
        if self.status not in get_args(TenantStatus):
            raise InvalidValueError(
                f"A tenant's status is one of {', '.join(get_args(TenantStatus))}, not {self.status!r:.80}."
            )


def tenants_model(model: type[WeaviateModel]) -> ModelInfo:
    """Give a model whose objects belong to tenants.

    Raises:
        TenantError: the model declares none.
    """
    info = model_info(model)
    if not has_tenants(info):
        raise TenantError(
            f"{info.name} has no tenants. Declare them: class {info.name}(WeaviateModel, multi_tenancy=MultiTenancy()). "
            "A collection gets them when it is created and not later.",
            collection=info.collection,
        )
    return info


def tenant_names(given: Iterable[str | Tenant]) -> list[str]:
    """Give the names, each once and in the order given: named twice in one request, the server refuses it.

    Raises:
        InvalidValueError: no tenant can have this name.
    """
    return list(dict.fromkeys(each.name if isinstance(each, Tenant) else checked_tenant(each) for each in given))


def new_tenants(given: Iterable[str | Tenant]) -> list[Tenant]:
    """Give the tenants to create, each once and in the order given; those given by name are active.

    Raises:
        InvalidValueError: no tenant can have this name or be created in this status, or two statuses are given for one.
    """
    found: dict[str, Tenant] = {}
    for each in given:
        tenant = each if isinstance(each, Tenant) else Tenant(each)
        if tenant.status not in _CREATED:
            raise InvalidValueError(
                f"A tenant is created ACTIVE or INACTIVE, and {tenant.name!r} is given as {tenant.status}. "
                "Create it first, then offload() it."
            )
        known = found.setdefault(tenant.name, tenant)
        if known != tenant:
            raise InvalidValueError(
                f"The tenant {tenant.name!r} is given twice, as {known.status} and as {tenant.status}. Give it once."
            )
    return list(found.values())
