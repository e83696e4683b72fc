"""``AsyncSession``: the shell of ``session.py``, awaited, name by name. A test compares the two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, overload
from uuid import UUID

from pydantic import BaseModel

from weaviate_orm.aggregations_async import AsyncAggregation
from weaviate_orm.events import Event
from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.expr.operators import Condition, Expression
from weaviate_orm.flows.events import (
    update_with_events,
    with_delete_events,
    with_insert_events,
    with_replace_events,
)
from weaviate_orm.flows.linking import add_link, add_links, remove_link, set_links
from weaviate_orm.flows.load import load_objects
from weaviate_orm.flows.objects import fetch_by_id, insert_object
from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.flows.updating import replace_object, upsert_object
from weaviate_orm.handles_async import AsyncSchemaHandle, AsyncServerHandle, AsyncTenantsHandle
from weaviate_orm.model.attributes import MultiVector, Reference, References, Vector
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.info import model_info
from weaviate_orm.queries_async import AsyncQuery
from weaviate_orm.query.aggregation import EVERYTHING
from weaviate_orm.query.checks import ConsistencyLevel, checked_consistency, checked_tenant
from weaviate_orm.query.linking import NewLink, link_end, link_ends, link_place
from weaviate_orm.query.requests import (
    by_id_statement,
    checked_moment,
    checked_report,
    deleted_object,
    stored_object,
    updated_fields,
)
from weaviate_orm.query.results import LoadReport
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.query.tenants import tenants_model
from weaviate_orm.runner import AsyncRunner
from weaviate_orm.transport.opening import Opening, open_async_transport
from weaviate_orm.transport.settings import Credentials, Target, Timeouts, Tls
from weaviate_orm.wire.aggregate import compile_count
from weaviate_orm.wire.objects import compile_delete, compile_exists

if TYPE_CHECKING:
    from weaviate_orm.repository import AsyncRepository

__all__ = ["AsyncSession"]

R = TypeVar("R")
M = TypeVar("M", bound=WeaviateModel)
P = TypeVar("P", bound=BaseModel)
L = TypeVar("L", bound=NewLink)
E = TypeVar("E", bound=Event[WeaviateModel])
R_co = TypeVar("R_co", bound=BaseModel, covariant=True)


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
        self._runner = AsyncRunner(transport, retry or Retry(), Scope())
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

    def listen(self, event: type[E], function: Callable[[E], object], /) -> None:
        """As ``Session.listen``; coroutine functions are awaited, one after the other."""
        self._runner.hooks.listeners.add(event, function)

    def listens_for(self, event: type[E], /) -> Callable[[Callable[[E], R]], Callable[[E], R]]:
        """As ``Session.listens_for``."""

        def registered(function: Callable[[E], R]) -> Callable[[E], R]:
            self._runner.hooks.listeners.add(event, function)
            return function

        return registered

    def stop_listening(self, event: type[E], function: Callable[[E], object], /) -> None:
        """As ``Session.stop_listening``."""
        self._runner.hooks.listeners.discard(event, function)

    async def insert(self, instance: WeaviateModel) -> UUID:
        """As ``Session.insert``."""
        runner = self._runner
        flow = insert_object(stored_object(instance), runner.scope, runner.verified, runner.retry)
        return await runner.run(with_insert_events(flow, instance, "insert", runner.scope, runner.hooks))

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
            hooks=self._runner.hooks,
        )
        return checked_report(await self._runner.run(flow), on_failure)

    async def upsert(self, instance: WeaviateModel) -> UUID:
        """As ``Session.upsert``."""
        runner = self._runner
        flow = upsert_object(stored_object(instance), runner.scope, runner.verified, runner.retry)
        return await runner.run(with_insert_events(flow, instance, "upsert", runner.scope, runner.hooks))

    async def replace(self, instance: WeaviateModel) -> None:
        """As ``Session.replace``."""
        runner = self._runner
        flow = replace_object(stored_object(instance), runner.scope, runner.verified, runner.retry)
        await runner.run(with_replace_events(flow, instance, runner.scope, runner.hooks))

    async def update(
        self,
        instance: WeaviateModel,
        *,
        fields: Sequence[Expression[Any] | Reference[Any] | References[Any] | Vector | MultiVector]
        | None = None,  # of any type
        unchanged_since: datetime | None = None,
    ) -> bool:
        """As ``Session.update``."""
        runner, names = self._runner, updated_fields(stored_object(instance), fields)
        moment = checked_moment(unchanged_since)
        flow = update_with_events(instance, names, moment, runner.scope, runner.verified, runner.retry, runner.hooks)
        return await runner.run(flow)

    async def link(
        self,
        source: WeaviateModel | UUID,
        reference: References[R] | Reference[R],
        target: R | UUID | tuple[type[R], UUID],
        /,
    ) -> None:
        """As ``Session.link``."""
        runner, place = self._runner, link_place(source, reference, "link()")
        end = link_end(place, target, "link()")
        await runner.run(add_link(place, end, runner.scope, runner.verified, runner.retry))

    async def unlink(
        self,
        source: WeaviateModel | UUID,
        reference: References[R] | Reference[R],
        target: R | UUID | tuple[type[R], UUID],
        /,
    ) -> None:
        """As ``Session.unlink``."""
        runner, place = self._runner, link_place(source, reference, "unlink()")
        end = link_end(place, target, "unlink()")
        await runner.run(remove_link(place, end, runner.scope, runner.verified, runner.retry))

    async def set_links(
        self,
        source: WeaviateModel | UUID,
        reference: References[R] | Reference[R],
        targets: Sequence[R | UUID | tuple[type[R], UUID]],
        /,
    ) -> None:
        """As ``Session.set_links``."""
        runner, place = self._runner, link_place(source, reference, "set_links()")
        ends = link_ends(place, targets, "set_links()")
        await runner.run(set_links(place, ends, runner.scope, runner.verified, runner.retry))

    async def link_many(self, links: Iterable[L], *, on_failure: Literal["raise", "report"] = "raise") -> LoadReport[L]:
        """As ``Session.link_many``."""
        runner = self._runner
        flow = add_links(links, runner.scope, verified=runner.verified, retry=runner.retry)
        return checked_report(await runner.run(flow), on_failure, "reference")

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
        runner, instance = self._runner, what if isinstance(what, WeaviateModel) else None
        flow = retrying(compile_delete(model_info(model), object_id, runner.scope), runner.retry)
        return await runner.run(with_delete_events(flow, model, object_id, instance, runner.scope, runner.hooks))

    async def count(self, model: type[WeaviateModel]) -> int:
        """As ``Session.count``."""
        return await self._runner.send(compile_count(model_info(model), None, self._runner.scope))

    def query(self, model: type[M]) -> AsyncQuery[M]:
        """As ``Session.query``."""
        return AsyncQuery(Statement(model_info(model)), self._runner)

    def aggregate(self, model: type[M]) -> AsyncAggregation[M]:
        """As ``Session.aggregate``."""
        return AsyncAggregation(Statement(model_info(model)), EVERYTHING, self._runner)

    def repository(
        self, model: type[M], *, where: Condition | None = None, limit: int | None = None
    ) -> AsyncRepository[M]:
        """As ``Session.repository``."""
        from weaviate_orm.repository import AsyncRepository  # it is built on sessions

        return AsyncRepository(self, model, where=where, limit=limit)
