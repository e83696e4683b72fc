"""``AsyncSession`` and its queries: the shells of ``session.py``, awaited, name by name. A test compares the two."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, overload
from uuid import UUID

from pydantic import BaseModel

from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.expr.operators import Condition
from weaviate_orm.flows.load import load_objects
from weaviate_orm.flows.objects import fetch_by_id, insert_object
from weaviate_orm.flows.results import count_matches, fetch, fetch_first, fetch_one
from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.flows.schema import (
    Creatable,
    Named,
    check_models,
    collection_name,
    create_collections,
    drop_collections,
)
from weaviate_orm.flows.tenants import create_tenants, delete_tenants, switch_tenants
from weaviate_orm.model.attributes import Reference, References
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.info import ModelInfo, model_info
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.checks import ConsistencyLevel, checked_consistency, checked_tenant
from weaviate_orm.query.requests import by_id_statement, checked_report, deleted_object, stored_object
from weaviate_orm.query.results import Hit, LoadReport
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.query.tenants import Tenant, new_tenants, tenant_names, tenants_model
from weaviate_orm.schema.config import CollectionConfig
from weaviate_orm.schema.diff import Difference
from weaviate_orm.transport.base import AsyncTransport, adrive
from weaviate_orm.transport.opening import Opening, open_async_transport
from weaviate_orm.transport.settings import Credentials, Target, Timeouts, Tls
from weaviate_orm.wire.aggregate import compile_count
from weaviate_orm.wire.call import Call, Flow
from weaviate_orm.wire.explain import explain_call
from weaviate_orm.wire.objects import compile_delete, compile_exists
from weaviate_orm.wire.schema import compile_collection_exists, compile_get_collection, compile_list_collections
from weaviate_orm.wire.search import compile_search
from weaviate_orm.wire.server import ServerInfo, live, meta, ready
from weaviate_orm.wire.tenants import compile_get_tenant, compile_list_tenants, compile_tenant_exists

if TYPE_CHECKING:
    from weaviate_orm.repository import AsyncRepository

__all__ = ["AsyncQuery", "AsyncSchemaHandle", "AsyncServerHandle", "AsyncSession", "AsyncTenantsHandle"]

R = TypeVar("R")
M = TypeVar("M", bound=WeaviateModel)
P = TypeVar("P", bound=BaseModel)
R_co = TypeVar("R_co", bound=BaseModel, covariant=True)


@dataclass(frozen=True, slots=True)
class _AsyncRunner:
    """What sessions, queries and handles share: the connection and how calls go through it."""

    transport: AsyncTransport
    retry: Retry
    scope: Scope
    verified: set[type] = field(default_factory=set[type])

    async def run(self, flow: Flow[R]) -> R:
        return await adrive(flow, self.transport)

    async def send(self, call: Call[R]) -> R:
        return await adrive(retrying(call, self.retry), self.transport)


class AsyncSession:
    """``Session``, awaited. Safe to use from several tasks of one event loop, and to cancel at every await.

    Nothing is opened before the first call, and that call ties the session to the running event loop. Use it as an asynchronous context
    manager, or call ``close()``::

        async with AsyncSession("http://localhost:8080") as session:
            await session.schema.create(Article)
            await session.insert(Article(title="Analytical engines"))

    The arguments are those of ``Session``. With the engine in this process, calls run in threads, so that they do not hold up the loop.

    Raises:
        ConfigurationError: the target or an option cannot work; or, by every call, the event loop is another one.
    """

    def __init__(
        self,
        target: str | Path | Target | None = None,
        *,
        auth: Credentials | None = None,
        headers: Mapping[str, str] | None = None,
        grpc_port: int | None = None,
        timeout: float | Timeouts | None = None,
        retry: Retry | None = None,
        tls: Tls | None = None,
        trust_env: bool = True,
        allow_insecure_api_key: bool = False,
    ) -> None:
        opening = Opening(auth, headers, grpc_port, timeout, retry, tls, trust_env, allow_insecure_api_key)
        transport = open_async_transport(target, opening)
        self._runner = _AsyncRunner(transport, retry or Retry(), Scope())
        self._is_view = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._runner.transport!r}{self._runner.scope}>"

    async def close(self) -> None:
        """As ``Session.close``."""
        if not self._is_view:
            await self._runner.transport.close()

    def tenant(self, name: str) -> Self:
        """As ``Session.tenant``."""
        return self._view(replace(self._runner.scope, tenant=checked_tenant(name)))

    def consistency(self, level: ConsistencyLevel) -> Self:
        """As ``Session.consistency``."""
        return self._view(replace(self._runner.scope, consistency=checked_consistency(level)))

    def _view(self, scope: Scope) -> Self:
        view = copy(self)
        view._runner = replace(self._runner, scope=scope)
        view._is_view = True
        return view

    @property
    def schema(self) -> AsyncSchemaHandle:
        """The collections: create, read, check and drop them."""
        return AsyncSchemaHandle(self._runner)

    @property
    def server(self) -> AsyncServerHandle:
        """The server itself: whether it is there, and what it is."""
        return AsyncServerHandle(self._runner)

    def tenants(self, model: type[WeaviateModel]) -> AsyncTenantsHandle:
        """As ``Session.tenants``."""
        return AsyncTenantsHandle(self._runner, tenants_model(model))

    async def insert(self, instance: WeaviateModel) -> UUID:
        """As ``Session.insert``."""
        runner = self._runner
        return await runner.run(insert_object(stored_object(instance), runner.scope, runner.verified, runner.retry))

    async def insert_many(
        self, instances: Iterable[M], *, on_failure: Literal["raise", "report"] = "raise"
    ) -> LoadReport[M]:
        """As ``Session.insert_many``. Cancelled, it leaves the objects stored that were sent by then."""
        flow = load_objects(
            instances,
            self._runner.scope,
            retry=self._runner.retry,
            verified=self._runner.verified,
            server=self._runner.transport.server,
        )
        return checked_report(await self._runner.run(flow), on_failure)

    async def get(
        self,
        model: type[M],
        id: UUID,
        *,
        include: Sequence[Reference[Any] | References[Any] | Inclusion] = (),  # to any model
        with_vectors: bool = False,
    ) -> M | None:
        """As ``Session.get``."""
        return (await self.get_many(model, [id], include=include, with_vectors=with_vectors))[0]

    async def get_many(
        self,
        model: type[M],
        ids: Sequence[UUID],
        *,
        include: Sequence[Reference[Any] | References[Any] | Inclusion] = (),  # to any model
        with_vectors: bool = False,
    ) -> list[M | None]:
        """As ``Session.get_many``."""
        statement = by_id_statement(model, include, with_vectors=with_vectors)
        found = await self._runner.run(fetch_by_id(statement, ids, self._runner.scope, self._runner.retry))
        return [found.get(each) for each in ids]

    async def exists(self, model: type[WeaviateModel], id: UUID) -> bool:
        """As ``Session.exists``."""
        return await self._runner.send(compile_exists(model_info(model), id, self._runner.scope))

    @overload
    async def delete(self, what: WeaviateModel, /) -> bool: ...
    @overload
    async def delete(self, what: type[WeaviateModel], id: UUID, /) -> bool: ...
    async def delete(self, what: WeaviateModel | type[WeaviateModel], id: UUID | None = None, /) -> bool:
        """As ``Session.delete``."""
        model, object_id = deleted_object(what, id)
        return await self._runner.send(compile_delete(model_info(model), object_id, self._runner.scope))

    async def count(self, model: type[WeaviateModel]) -> int:
        """As ``Session.count``."""
        return await self._runner.send(compile_count(model_info(model), None, self._runner.scope))

    def query(self, model: type[M]) -> AsyncQuery[M]:
        """As ``Session.query``."""
        return AsyncQuery(Statement(model_info(model)), self._runner)

    def repository(
        self, model: type[M], *, where: Condition | None = None, limit: int | None = None
    ) -> AsyncRepository[M]:
        """As ``Session.repository``."""
        from weaviate_orm.repository import AsyncRepository  # it is built on sessions

        return AsyncRepository(self, model, where=where, limit=limit)


class AsyncQuery(Builder[R_co]):
    """An immutable query of an ``AsyncSession``. Every method of the builder gives a new one; the terminals below are awaited."""

    __slots__ = ("_runner",)

    def __init__(self, statement: Statement, runner: _AsyncRunner) -> None:
        super().__init__(statement)
        self._runner = runner

    def _with(self, statement: Statement) -> Self:
        return type(self)(statement, self._runner)

    def as_(self, shape: type[P]) -> AsyncQuery[P]:
        """As ``Query.as_``."""
        return AsyncQuery(self._projected(shape), self._runner)

    async def all(self) -> list[Hit[R_co]]:
        """As ``Query.all``."""
        return await self._run(fetch)

    async def __aiter__(self) -> AsyncIterator[Hit[R_co]]:
        """Go over all hits, as ``all()`` gives them: ``async for hit in query``."""
        for hit in await self.all():
            yield hit

    async def first(self) -> Hit[R_co] | None:
        """As ``Query.first``."""
        return await self._run(fetch_first)

    async def one(self) -> Hit[R_co]:
        """As ``Query.one``."""
        return await self._run(fetch_one)

    async def objects(self) -> list[R_co]:
        """As ``Query.objects``."""
        return [hit.object for hit in await self.all()]

    async def count(self) -> int:
        """As ``Query.count``."""
        return await self._run(count_matches)

    def explain(self) -> str:
        """As ``Query.explain``."""
        return explain_call(compile_search(self._statement, self._runner.scope))

    async def _run(self, flow: Callable[[Statement, Scope, Retry], Flow[R]]) -> R:
        return await self._runner.run(flow(self._statement, self._runner.scope, self._runner.retry))


class AsyncSchemaHandle:
    """The collections of a database."""

    __slots__ = ("_runner",)

    def __init__(self, runner: _AsyncRunner) -> None:
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

    def __init__(self, runner: _AsyncRunner, info: ModelInfo) -> None:
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

    def __init__(self, runner: _AsyncRunner) -> None:
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
