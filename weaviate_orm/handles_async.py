"""What an ``AsyncSession`` gives for collections, tenants and the server: the shells of ``handles.py``, awaited."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

from weaviate_orm.flows.schema import (
    Creatable,
    Named,
    check_models,
    collection_name,
    create_collections,
    drop_collections,
)
from weaviate_orm.flows.tenants import create_tenants, delete_tenants, switch_tenants
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.info import ModelInfo
from weaviate_orm.query.checks import checked_tenant
from weaviate_orm.query.tenants import Tenant, new_tenants, tenant_names
from weaviate_orm.runner import AsyncRunner
from weaviate_orm.schema.config import CollectionConfig
from weaviate_orm.schema.diff import Difference
from weaviate_orm.wire.schema import compile_collection_exists, compile_get_collection, compile_list_collections
from weaviate_orm.wire.server import ServerInfo, live, meta, ready
from weaviate_orm.wire.tenants import compile_get_tenant, compile_list_tenants, compile_tenant_exists

__all__ = ["AsyncSchemaHandle", "AsyncTenantsHandle", "AsyncServerHandle"]

R = TypeVar("R")
M = TypeVar("M", bound=WeaviateModel)
P = TypeVar("P", bound=BaseModel)
R_co = TypeVar("R_co", bound=BaseModel, covariant=True)


class AsyncSchemaHandle:
    """The collections of a database."""

    __slots__ = ("_runner",)

    def __init__(self, runner: AsyncRunner) -> None:
        self._runner = runner

    async def create(self, *what: Creatable, exist_ok: bool = False) -> None:
        """As ``SchemaHandle.create``."""
        await self._runner.run(create_collections(what, exist_ok=exist_ok, retry=self._runner.retry))

    async def check(self, *models: type[WeaviateModel]) -> list[Difference]:
        """As ``SchemaHandle.check``."""
        return await self._runner.run(check_models(models, self._runner.retry))

    async def get(self, what: Named) -> CollectionConfig | None:
        """As ``SchemaHandle.get``."""
        return await self._runner.send(compile_get_collection(collection_name(what)))

    async def list(self) -> list[CollectionConfig]:
        """As ``SchemaHandle.list``."""
        return await self._runner.send(compile_list_collections())

    async def exists(self, what: Named) -> bool:
        """As ``SchemaHandle.exists``."""
        return await self._runner.send(compile_collection_exists(collection_name(what)))

    async def drop(self, *what: Named) -> None:
        """As ``SchemaHandle.drop``."""
        self._runner.verified.clear()
        await self._runner.run(drop_collections(what, self._runner.retry))


class AsyncTenantsHandle:
    """The tenants of one model's collection."""

    __slots__ = ("_info", "_runner")

    def __init__(self, runner: AsyncRunner, info: ModelInfo) -> None:
        self._runner = runner
        self._info = info

    async def create(self, *tenants: str | Tenant) -> None:
        """As ``TenantsHandle.create``."""
        await self._runner.run(create_tenants(self._info, new_tenants(tenants), self._runner.retry))

    async def list(self) -> list[Tenant]:
        """As ``TenantsHandle.list``."""
        return await self._runner.send(compile_list_tenants(self._info))

    async def get(self, name: str) -> Tenant | None:
        """As ``TenantsHandle.get``."""
        return await self._runner.send(compile_get_tenant(self._info, checked_tenant(name)))

    async def exists(self, name: str) -> bool:
        """As ``TenantsHandle.exists``."""
        return await self._runner.send(compile_tenant_exists(self._info, checked_tenant(name)))

    async def delete(self, *tenants: str | Tenant) -> None:
        """As ``TenantsHandle.delete``."""
        await self._runner.run(delete_tenants(self._info, tenant_names(tenants), self._runner.retry))

    async def activate(self, *tenants: str | Tenant) -> None:
        """As ``TenantsHandle.activate``."""
        await self._runner.run(switch_tenants(self._info, tenant_names(tenants), "ACTIVE", self._runner.retry))

    async def deactivate(self, *tenants: str | Tenant) -> None:
        """As ``TenantsHandle.deactivate``."""
        await self._runner.run(switch_tenants(self._info, tenant_names(tenants), "INACTIVE", self._runner.retry))

    async def offload(self, *tenants: str | Tenant) -> None:
        """As ``TenantsHandle.offload``."""
        await self._runner.run(switch_tenants(self._info, tenant_names(tenants), "OFFLOADED", self._runner.retry))


class AsyncServerHandle:
    """The server behind a session."""

    __slots__ = ("_runner",)

    def __init__(self, runner: AsyncRunner) -> None:
        self._runner = runner

    async def live(self) -> bool:
        """As ``ServerHandle.live``."""
        return await self._runner.send(live())

    async def ready(self) -> bool:
        """As ``ServerHandle.ready``."""
        return await self._runner.send(ready())

    async def meta(self) -> ServerInfo:
        """As ``ServerHandle.meta``."""
        return await self._runner.send(meta())
