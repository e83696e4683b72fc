"""The tenants of a collection: added, switched on and off, deleted, and listed over gRPC."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.storage.changes import DropTenant, PutTenant
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Collection, Database

__all__ = ["add_tenants", "drop_tenants", "listed_tenants", "normalized_status", "tenants_get", "update_tenants"]

_NAME: Final = re.compile(r"[A-Za-z0-9\-_]{1,64}", re.ASCII)
_MOST_AT_ONCE: Final = 100
_OLD_NAMES: Final = {"ACTIVE": "HOT", "INACTIVE": "COLD", "OFFLOADED": "FROZEN"}
_STATUSES: Final = {
    "HOT": pb.TenantActivityStatus.TENANT_ACTIVITY_STATUS_HOT,
    "COLD": pb.TenantActivityStatus.TENANT_ACTIVITY_STATUS_COLD,
}

Tenant = Mapping[str, str]
"""``name`` and maybe ``activityStatus``, as REST has them."""


def normalized_status(status: str) -> str:
    """Give the old name of a status, which the server uses everywhere."""
    return _OLD_NAMES.get(status, status)


def add_tenants(database: Database, name: str, tenants: Sequence[Tenant]) -> None:
    """Add tenants to a collection; those that it has stay as they are.

    Raises:
        Refused: a name or status that no tenant can have, or a collection without tenants.
    """
    _check_names(tenants)
    _check_statuses(tenants, optional=True)
    collection = _with_tenants(database, name, "TYPE_ADD_TENANT")
    added = [tenant for tenant in tenants if tenant["name"] not in collection.tenants]
    if added:
        database.commit(
            [
                PutTenant(collection.schema.name, one["name"], normalized_status(one.get("activityStatus") or "HOT"))
                for one in added
            ]
        )


def update_tenants(database: Database, name: str, tenants: Sequence[Tenant]) -> list[dict[str, str]]:
    """Give tenants another status; give what they have then.

    Raises:
        Refused: a name or status that no tenant can have, too many tenants, or one that is not there; the others are changed then too.
    """
    if len(tenants) > _MOST_AT_ONCE:
        raise Refused(
            f"maximum number of tenants allowed to be updated simultaneously is {_MOST_AT_ONCE}. Please reduce the number of "
            "tenants in your request and try again"
        )
    _check_names(tenants)
    _check_statuses(tenants, optional=False)
    collection = _with_tenants(database, name, "TYPE_UPDATE_TENANT")
    known = [tenant for tenant in tenants if tenant["name"] in collection.tenants]
    changed = [
        PutTenant(collection.schema.name, tenant["name"], status)
        for tenant in known
        if collection.tenants[tenant["name"]] != (status := normalized_status(tenant["activityStatus"]))
    ]
    if changed:
        database.commit(changed)
    missing = [tenant["name"] for tenant in tenants if tenant["name"] not in collection.tenants]
    if missing:
        raise Refused(f"updating schema: TYPE_UPDATE_TENANT: shard not found: {', '.join(missing)}")
    return [{"name": one["name"], "activityStatus": collection.tenants[one["name"]]} for one in known]


def drop_tenants(database: Database, name: str, tenants: Sequence[str]) -> None:
    """Delete tenants with their objects; unknown ones are passed over.

    Raises:
        Refused: an empty name, or a collection without tenants.
    """
    for index, tenant in enumerate(tenants):
        if not tenant:
            raise Refused(f"empty tenant name at index {index}")
    collection = _with_tenants(database, name, "TYPE_DELETE_TENANT")
    known = dict.fromkeys(tenant for tenant in tenants if tenant in collection.tenants)
    if known:
        database.commit([DropTenant(collection.schema.name, tenant) for tenant in known])


def listed_tenants(database: Database, name: str) -> Mapping[str, str]:
    """Give a collection's tenants with their status.

    Raises:
        Refused: there is no such collection, or it has no tenants.
    """
    prefix = "failed to execute query: could not get tenants: could not get tenants: "
    collection = database.find(name)
    if collection is None:
        raise Refused(prefix + "class not found")
    if not collection.schema.multi_tenancy:
        raise Refused(f'{prefix}multi-tenancy is not enabled for class "{collection.schema.name}"')
    return collection.tenants


def tenants_get(database: Database, request: pb.TenantsGetRequest) -> pb.TenantsGetReply:
    """Answer TenantsGet: all tenants, or those of the given names that there are.

    Raises:
        Refused: no collection or names given, or a collection without tenants.
    """
    try:
        if not request.collection:
            raise Refused("missing collection ")
        wanted = list(request.names.values) if request.HasField("names") else None
        if wanted is not None and not wanted:
            raise Refused("must specify at least one tenant name")
        tenants = listed_tenants(database, request.collection)
    except Refused as refusal:
        raise refusal.prefixed("get tenants: ") from None
    reply = pb.TenantsGetReply()
    for name in tenants if wanted is None else wanted:
        if name in tenants:
            reply.tenants.add(name=name, activity_status=_STATUSES[tenants[name]])
    return reply


def _with_tenants(database: Database, name: str, what: str) -> Collection:
    collection = database.find(name)
    if collection is None:
        raise Refused(f"updating schema: {what}: class not found")
    if not collection.schema.multi_tenancy:
        raise Refused(f'updating schema: {what}: multi-tenancy is not enabled for class "{collection.schema.name}"')
    return collection


def _check_names(tenants: Sequence[Tenant]) -> None:
    seen: set[str] = set()
    for index, tenant in enumerate(tenants):
        name = tenant.get("name", "")
        if not name:
            raise Refused(f"tenant name at index {index}: empty tenant name")
        if _NAME.fullmatch(name) is None:
            raise Refused(
                f"tenant name at index {index}:  '{name}' is not a valid tenant name. should only contain alphanumeric "
                "characters (a-z, A-Z, 0-9), underscore (_), and hyphen (-), with a length between 1 and 64 characters"
            )
        if name in seen:
            raise Refused(f"tenant name {name} existed multiple times")
        seen.add(name)


def _check_statuses(tenants: Sequence[Tenant], *, optional: bool) -> None:
    wrong: list[str] = []
    for tenant in tenants:
        status = normalized_status(tenant.get("activityStatus", ""))
        if status == "FROZEN":
            raise Refused("can't offload tenants, because offload-s3 module is not enabled")
        if status in _STATUSES or (optional and not status):
            continue
        wrong.append(f"invalid activity status '{status}' for tenant \"{tenant['name']}\"")
    if wrong:
        raise Refused(", ".join(wrong))
