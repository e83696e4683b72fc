"""References of stored objects: adding, removing and replacing them, one property at a time or many in one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from weaviate_orm.errors import ProtocolError
from weaviate_orm.query.linking import LinkEnd, LinkPlace
from weaviate_orm.query.statement import Scope
from weaviate_orm.wire.call import Patience, RestCall, RestReply
from weaviate_orm.wire.objects import check_stored, object_path
from weaviate_orm.wire.scopes import check_tenant

__all__ = ["compile_add_links", "compile_link", "compile_set_links", "compile_unlink"]


def compile_link(place: LinkPlace, end: LinkEnd, scope: Scope) -> RestCall[None]:
    """Add a reference to those that are there.

    Raises (as those below):
        TenantError: a tenant is missing, or one too many.
    """
    # Sent twice it would be there twice.
    return _call("POST", place, _to(end), scope, repeatable=False)


def compile_unlink(place: LinkPlace, end: LinkEnd, scope: Scope) -> RestCall[None]:
    """Remove every reference to an object; there need not be one."""
    return _call("DELETE", place, _to(end), scope, repeatable=True)


def compile_set_links(place: LinkPlace, ends: Sequence[LinkEnd], scope: Scope) -> RestCall[None]:
    """Replace all references of a property."""
    return _call("PUT", place, [_to(each) for each in ends], scope, repeatable=True)


def _call(method: str, place: LinkPlace, body: object, scope: Scope, *, repeatable: bool) -> RestCall[None]:
    check_tenant(place.info, scope)
    path = f"{object_path(place.info, place.source)}/references/{quote(place.reference.name, safe='')}"
    return RestCall(
        method,
        path,
        lambda reply: check_stored(reply, place.info, place.source, f"{method} /v1{path}"),
        query={"tenant": scope.tenant, "consistency_level": scope.consistency},
        body=body,
        accept=frozenset({200, 204, 404}),
        patience=Patience.INSERT,
        repeatable=repeatable,
        collection=place.info.collection,
    )


def compile_add_links(links: Sequence[tuple[LinkPlace, LinkEnd]], scope: Scope) -> RestCall[dict[int, str]]:
    """Add many references, of any objects; give the server's errors by position.

    Raises:
        TenantError: a tenant is missing, or one too many.
    """
    body: list[dict[str, str]] = []
    for place, end in links:
        check_tenant(place.info, scope)
        source = f"weaviate://localhost/{place.info.collection}/{place.source}/{place.reference.name}"
        tenant = {} if scope.tenant is None else {"tenant": scope.tenant}
        body.append({"from": source, "to": _to(end)["beacon"], **tenant})

    def read(reply: RestReply) -> dict[int, str]:
        results: list[dict[str, Any]] = reply.body
        if len(results) != len(body):
            raise ProtocolError(
                f"The server was given {len(body)} references, and tells what became of {len(results)}."
            )
        return {
            position: _error(each["result"])
            for position, each in enumerate(results)
            if each["result"].get("status") == "FAILED"
        }

    return RestCall(
        "POST",
        "/batch/references",
        read,
        query={"consistency_level": scope.consistency},
        body=body,
        patience=Patience.INSERT,
    )


def _error(result: Mapping[str, Any]) -> str:
    texts: list[str] = [each.get("message", "") for each in result["errors"]["error"]]
    return "; ".join(texts)


def _to(end: LinkEnd) -> dict[str, str]:
    return {"beacon": f"weaviate://localhost/{end.collection}/{end.id}"}
