"""REST: the tenants of a collection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from weaviate_orm.local.plain import is_list, is_mapping
from weaviate_orm.local.refusals import Refused, RestShape
from weaviate_orm.local.rest.requests import required, unparsable
from weaviate_orm.local.routing import RestRequest, Route
from weaviate_orm.local.writing.tenants import (
    add_tenants,
    drop_tenants,
    listed_tenants,
    normalized_status,
    update_tenants,
)
from weaviate_orm.wire.call import RestReply

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Database

__all__ = ["ROUTES"]

_STATUSES: Final = "ACTIVE INACTIVE OFFLOADED OFFLOADING ONLOADING HOT COLD FROZEN FREEZING UNFREEZING"


def _tenants(request: RestRequest) -> list[dict[str, str]]:
    """Give the tenants in a body: name and status, what else there is left out.

    Raises:
        Refused: the body is no list of tenants.
    """
    body = required(request)
    if not is_list(body):
        raise unparsable(body, "value of type []*models.Tenant")
    elements = body
    found: list[dict[str, str]] = []
    for element in elements:
        if not is_mapping(element):
            raise unparsable(element, "value of type models.Tenant")
        given = element
        tenant: dict[str, str] = {}
        for name in ("name", "activityStatus"):
            value = given.get(name)
            if value is not None and not isinstance(value, str):
                raise unparsable(value, f"struct field Tenant.{name} of type string")
            if value:
                tenant[name] = value
        found.append(tenant)
    for place, tenant in enumerate(found):
        if tenant.get("activityStatus", "HOT") not in _STATUSES.split():
            where = f"{place}.activityStatus" if place else "activityStatus"
            text = f"{where} in body should be one of [{_STATUSES}]"
            raise Refused(text, shape=RestShape.CODE, code=606)
    return found


def _create(database: Database, request: RestRequest) -> RestReply:
    tenants = _tenants(request)
    add_tenants(database, request.variables["collection"], tenants)
    body = [
        {name: normalized_status(value) if name == "activityStatus" else value for name, value in tenant.items()}
        for tenant in tenants
    ]
    return RestReply(200, body)


def _update(database: Database, request: RestRequest) -> RestReply:
    return RestReply(200, update_tenants(database, request.variables["collection"], _tenants(request)))


def _delete(database: Database, request: RestRequest) -> RestReply:
    body = required(request, "tenants")
    if not is_list(body):
        raise unparsable(body, "value of type []string", "tenants")
    names = body
    for name in names:
        if not isinstance(name, str):
            raise unparsable(name, "value of type string", "tenants")
    drop_tenants(database, request.variables["collection"], names)
    return RestReply(200, None)


def _list(database: Database, request: RestRequest) -> RestReply:
    tenants = listed_tenants(database, request.variables["collection"])
    return RestReply(200, [{"activityStatus": status, "name": name} for name, status in tenants.items()])


def _get(database: Database, request: RestRequest) -> RestReply:
    name = request.variables["tenant"]
    status = listed_tenants(database, request.variables["collection"]).get(name)
    return RestReply(404, None) if status is None else RestReply(200, {"activityStatus": status, "name": name})


def _exists(database: Database, request: RestRequest) -> RestReply:
    try:
        return RestReply(_get(database, request).status, None)
    except Refused as refusal:
        return RestReply(refusal.http, None)


ROUTES = (
    Route("GET", "/schema/{collection}/tenants", _list),
    Route("POST", "/schema/{collection}/tenants", _create, writes=True),
    Route("PUT", "/schema/{collection}/tenants", _update, writes=True),
    Route("DELETE", "/schema/{collection}/tenants", _delete, writes=True),
    Route("GET", "/schema/{collection}/tenants/{tenant}", _get),
    Route("HEAD", "/schema/{collection}/tenants/{tenant}", _exists),
)
