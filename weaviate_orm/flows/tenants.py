"""Creating, switching and deleting any number of tenants: in requests of a size that the server takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.model.info import ModelInfo
from weaviate_orm.query.tenants import Tenant, TenantStatus
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.tenants import compile_create_tenants, compile_delete_tenants, compile_switch_tenants

__all__ = ["MOST_SWITCHED", "MOST_WRITTEN", "create_tenants", "delete_tenants", "switch_tenants"]

MOST_SWITCHED = 100
"""Tenants whose status the server changes in one request, at most."""

MOST_WRITTEN = 1000
"""Tenants that are created or deleted in one request. The server has no limit; its cluster agrees on each request as a whole."""

T = TypeVar("T")


def create_tenants(info: ModelInfo, tenants: Sequence[Tenant], retry: Retry) -> Flow[None]:
    """Create tenants; those that exist stay as they are."""
    for some in _cut(tenants, MOST_WRITTEN):
        yield from retrying(compile_create_tenants(info, some), retry)


def switch_tenants(info: ModelInfo, names: Sequence[str], status: TenantStatus, retry: Retry) -> Flow[None]:
    """Give tenants a status.

    Raises:
        TenantError: one does not exist. The server has switched the others of its request; later requests were not sent.
    """
    for some in _cut(names, MOST_SWITCHED):
        yield from retrying(compile_switch_tenants(info, some, status), retry)


def delete_tenants(info: ModelInfo, names: Sequence[str], retry: Retry) -> Flow[None]:
    """Delete tenants with all their objects; those that do not exist are passed over."""
    for some in _cut(names, MOST_WRITTEN):
        yield from retrying(compile_delete_tenants(info, some), retry)


def _cut(given: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (given[start : start + size] for start in range(0, len(given), size))
