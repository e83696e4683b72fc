"""Tenants: read over gRPC, whose refusals have words where those of HEAD have none; created, switched and deleted over REST."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal
from urllib.parse import quote

from weaviate_orm.errors import ProtocolError
from weaviate_orm.model.info import ModelInfo
from weaviate_orm.query.tenants import Tenant, TenantStatus
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall, Patience, RestCall, RestReply
from weaviate_orm.wire.rpcs import TENANTS_GET

__all__ = [
    "compile_create_tenants",
    "compile_delete_tenants",
    "compile_get_tenant",
    "compile_list_tenants",
    "compile_switch_tenants",
    "compile_tenant_exists",
]

# Servers send the old words, those up to UNFREEZING; the protocol has the new ones as well.
_STATUSES: Final[Mapping[int, TenantStatus]] = {
    pb.TenantActivityStatus.TENANT_ACTIVITY_STATUS_HOT: "ACTIVE",
    pb.TenantActivityStatus.TENANT_ACTIVITY_STATUS_COLD: "INACTIVE",
    pb.TenantActivityStatus.TENANT_ACTIVITY_STATUS_FROZEN: "OFFLOADED",
    pb.TenantActivityStatus.TENANT_ACTIVITY_STATUS_FREEZING: "OFFLOADING",
    pb.TenantActivityStatus.TENANT_ACTIVITY_STATUS_UNFREEZING: "ONLOADING",
    pb.TenantActivityStatus.TENANT_ACTIVITY_STATUS_ACTIVE: "ACTIVE",
    pb.TenantActivityStatus.TENANT_ACTIVITY_STATUS_INACTIVE: "INACTIVE",
    pb.TenantActivityStatus.TENANT_ACTIVITY_STATUS_OFFLOADED: "OFFLOADED",
    pb.TenantActivityStatus.TENANT_ACTIVITY_STATUS_OFFLOADING: "OFFLOADING",
    pb.TenantActivityStatus.TENANT_ACTIVITY_STATUS_ONLOADING: "ONLOADING",
}


def compile_list_tenants(info: ModelInfo) -> GrpcCall[list[Tenant]]:
    """Read all tenants of a collection, sorted by name."""
    request = pb.TenantsGetRequest(collection=info.collection)
    return GrpcCall(TENANTS_GET, request, lambda reply: _tenants(info, reply), info.collection)


def compile_get_tenant(info: ModelInfo, name: str) -> GrpcCall[Tenant | None]:
    """Read one tenant; ``None`` when there is none of that name."""

    def read(reply: pb.TenantsGetReply) -> Tenant | None:
        return next((each for each in _tenants(info, reply) if each.name == name), None)

    return GrpcCall(TENANTS_GET, _named(info, name), read, info.collection)


def compile_tenant_exists(info: ModelInfo, name: str) -> GrpcCall[bool]:
    """Ask whether a tenant exists, whatever its status."""

    def read(reply: pb.TenantsGetReply) -> bool:
        return any(each.name == name for each in reply.tenants)

    return GrpcCall(TENANTS_GET, _named(info, name), read, info.collection)


def compile_create_tenants(info: ModelInfo, tenants: Sequence[Tenant]) -> RestCall[None]:
    """Create tenants; the server leaves those that exist as they are, so sending it again does no harm."""
    return _write("POST", info, [{"name": each.name, "activityStatus": each.status} for each in tenants])


def compile_switch_tenants(info: ModelInfo, names: Sequence[str], status: TenantStatus) -> RestCall[None]:
    """Give tenants a status; the server takes up to 100 in one request."""
    return _write("PUT", info, [{"name": each, "activityStatus": status} for each in names])


def compile_delete_tenants(info: ModelInfo, names: Sequence[str]) -> RestCall[None]:
    """Delete tenants with all their objects; the server passes over those that do not exist."""
    return _write("DELETE", info, list(names))


def _named(info: ModelInfo, name: str) -> pb.TenantsGetRequest:
    return pb.TenantsGetRequest(collection=info.collection, names=pb.TenantNames(values=[name]))


def _tenants(info: ModelInfo, reply: pb.TenantsGetReply) -> list[Tenant]:
    return sorted((_tenant(info, each) for each in reply.tenants), key=lambda tenant: tenant.name)


def _tenant(info: ModelInfo, sent: pb.Tenant) -> Tenant:
    status = _STATUSES.get(sent.activity_status)
    if status is None:
        raise ProtocolError(
            f"The tenant {sent.name!r} of {info.collection} has the status {sent.activity_status}, which this version does not know.",
            collection=info.collection,
            operation=TENANTS_GET.name,
        )
    return Tenant(sent.name, status)


def _write(method: Literal["POST", "PUT", "DELETE"], info: ModelInfo, body: object) -> RestCall[None]:
    def read(reply: RestReply) -> None:
        return None

    return RestCall(
        method,
        f"/schema/{quote(info.collection, safe='')}/tenants",
        read,
        body=body,
        patience=Patience.INSERT,
        repeatable=True,
        collection=info.collection,
    )
