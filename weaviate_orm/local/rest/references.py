"""REST: the references of one object; the paths without a collection are deprecated, and still answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from weaviate_orm.local.plain import is_list
from weaviate_orm.local.rest.requests import beacon_of, check_consistency, id_in_path, required, unparsable
from weaviate_orm.local.routing import RestRequest, Route
from weaviate_orm.local.writing.references import Place, add_reference, remove_reference, replace_references
from weaviate_orm.wire.call import RestReply

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Database

__all__ = ["ROUTES"]


def _place(request: RestRequest) -> Place:
    return Place(
        request.variables.get("collection", ""),
        id_in_path(request),
        request.variables["property"],
        request.query.get("tenant", ""),
    )


def _add(database: Database, request: RestRequest) -> RestReply:
    place, beacon = _place(request), beacon_of(required(request))
    check_consistency(request)
    add_reference(database, place, beacon)
    return RestReply(200, None)


def _replace(database: Database, request: RestRequest) -> RestReply:
    place, body = _place(request), required(request)
    if not is_list(body):
        raise unparsable(body, "value of type models.MultipleRef")
    beacons = [beacon_of(element, f"{index}.") for index, element in enumerate(body)]
    check_consistency(request)
    replace_references(database, place, beacons)
    return RestReply(200, None)


def _remove(database: Database, request: RestRequest) -> RestReply:
    place, beacon = _place(request), beacon_of(required(request))
    check_consistency(request)
    remove_reference(database, place, beacon)
    return RestReply(204, None)


_PATHS = ("/objects/{collection}/{id}/references/{property}", "/objects/{id}/references/{property}")

ROUTES = tuple(
    Route(method, path, handler, writes=True)
    for path in _PATHS
    for method, handler in (("POST", _add), ("PUT", _replace), ("DELETE", _remove))
)
