"""``Session``: a thin synchronous shell. What it does is decided in ``flows/``; here it is only driven."""

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

from weaviate_orm.aggregations import Aggregation
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
from weaviate_orm.handles import SchemaHandle, ServerHandle, TenantsHandle
from weaviate_orm.model.attributes import MultiVector, Reference, References, Vector
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.info import model_info
from weaviate_orm.queries import Query
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
from weaviate_orm.runner import Runner
from weaviate_orm.transport.opening import Opening, open_transport
from weaviate_orm.transport.settings import Credentials, Target, Timeouts, Tls
from weaviate_orm.wire.aggregate import compile_count
from weaviate_orm.wire.objects import compile_delete, compile_exists

if TYPE_CHECKING:
    from weaviate_orm.repository import Repository

__all__ = ["Session"]

R = TypeVar("R")
M = TypeVar("M", bound=WeaviateModel)
P = TypeVar("P", bound=BaseModel)
L = TypeVar("L", bound=NewLink)
E = TypeVar("E", bound=Event[WeaviateModel])
R_co = TypeVar("R_co", bound=BaseModel, covariant=True)


class Session:
    """A connection to a database, through which models are stored and queried. Safe to use from several threads.

    Nothing is opened before the first call. Use it as a context manager, or call ``close()``::

        with Session("http://localhost:8080") as session:
            session.schema.create(Article)
            session.insert(Article(title="Analytical engines"))

    Args:
        target: a server's URL, or ``Local(...)``, ``Cloud(...)``, ``Custom(...)``, ``Embedded(...)``; a file's path, such as
            ``"./articles.db"``, or ``InProcess(...)`` for the engine inside this process. When nothing is given, the ``WEAVIATE_URL``
            of the environment, and where that is not set, an engine in memory.
        auth: ``ApiKey(...)`` or ``BearerToken(...)``; the ``WEAVIATE_API_KEY`` of the environment when nothing is given.
        headers: sent with every call, such as the keys of model providers.
        grpc_port: the gRPC port beside a URL; 50051 otherwise.
        timeout: seconds for each call, or ``Timeouts(...)`` to tell kinds of calls apart.
        retry: how often calls are repeated that the server could not take.
        tls: certificates, when the system's are not enough.
        trust_env: use the proxies that the environment names.
        allow_insecure_api_key: send credentials unencrypted to another machine.

    Raises:
        ConfigurationError: the target or an option cannot work.
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
        transport = open_transport(target, opening)
        self._runner = Runner(transport, retry or Retry(), Scope())
        self._is_view = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._runner.transport!r}{self._runner.scope}>"

    def close(self) -> None:
        """End the connection, and stop the server if this session started one. Closing twice does nothing.

        Views made by ``tenant()`` and ``consistency()`` share the connection of the session they come from, and closing one does nothing.
        """
        if not self._is_view:
            self._runner.transport.close()

    def tenant(self, name: str) -> Self:
        """Give a view of this session in which every call goes to one tenant. It shares the connection.

        Raises:
            InvalidValueError: no tenant can have this name.
        """
        return self._view(replace(self._runner.scope, tenant=checked_tenant(name)))

    def consistency(self, level: ConsistencyLevel) -> Self:
        """Give a view of this session in which so many replicas must agree on every call. It shares the connection.

        Args:
            level: ``"ONE"``, ``"QUORUM"`` or ``"ALL"``.

        Raises:
            InvalidValueError: another level.
        """
        return self._view(replace(self._runner.scope, consistency=checked_consistency(level)))

    def _view(self, scope: Scope) -> Self:
        view = copy(self)
        view._runner = replace(self._runner, scope=scope)
        view._is_view = True
        return view

    @property
    def schema(self) -> SchemaHandle:
        """The collections: create, read, check and drop them."""
        return SchemaHandle(self._runner)

    @property
    def server(self) -> ServerHandle:
        """The server itself: whether it is there, and what it is."""
        return ServerHandle(self._runner)

    def tenants(self, model: type[WeaviateModel]) -> TenantsHandle:
        """The tenants of a model: create, read, switch and delete them. Whether this is a view of one tenant makes no difference.

        Raises:
            TenantError: the model has no tenants.
        """
        return TenantsHandle(self._runner, tenants_model(model))

    def listen(self, event: type[E], function: Callable[[E], object], /) -> None:
        """Call a function at every such event in this session and its views: ``session.listen(BeforeInsert[Article], stamp)``.

        Listeners of the model, by ``events.listen()``, come before those of the session.

        Args:
            event: an event of a model and its subclasses; ``BeforeInsert[WeaviateModel]`` is that of all models.
            function: takes the event; may be a coroutine function when the session is asynchronous.

        Raises:
            InvalidValueError: no event of a model, or no function.
        """
        self._runner.hooks.listeners.add(event, function)

    def listens_for(self, event: type[E], /) -> Callable[[Callable[[E], R]], Callable[[E], R]]:
        """``listen()`` as a decorator, which gives the function back: ``@session.listens_for(BeforeInsert[Article])``."""

        def registered(function: Callable[[E], R]) -> Callable[[E], R]:
            self._runner.hooks.listeners.add(event, function)
            return function

        return registered

    def stop_listening(self, event: type[E], function: Callable[[E], object], /) -> None:
        """Take back what ``listen()`` or ``listens_for()`` of this session or a view did with the same event and function.

        Raises:
            InvalidValueError: the function does not listen for it.
        """
        self._runner.hooks.listeners.discard(event, function)

    def insert(self, instance: WeaviateModel) -> UUID:
        """Store a new object; give its id.

        Raises:
            ObjectExistsError: an object with this id exists.
            InvalidValueError: a value cannot be stored; nothing was sent.
            CollectionNotFoundError: the collection was not created.
            SchemaMismatchError: the collection lacks something of the model, or has it otherwise.
        """
        runner = self._runner
        flow = insert_object(stored_object(instance), runner.scope, runner.verified, runner.retry)
        return runner.run(with_insert_events(flow, instance, "insert", runner.scope, runner.hooks))

    def insert_many(self, instances: Iterable[M], *, on_failure: Literal["raise", "report"] = "raise") -> LoadReport[M]:
        """Store many objects, of any models, in messages under the server's limit; objects whose ids exist are replaced.

        Every object is either stored or in the report with its error; one bad object does not stop the others.

        Args:
            instances: any iterable; it is consumed as messages are sent.
            on_failure: raise when an object failed, or leave it to the caller to look at the report.

        Raises:
            LoadError: objects failed; its ``report`` has each with its position and error. The others are stored. Or all are stored, and
                listeners raised after that.
        """
        flow = load_objects(
            instances,
            self._runner.scope,
            retry=self._runner.retry,
            verified=self._runner.verified,
            server=self._runner.transport.server,
            hooks=self._runner.hooks,
        )
        return checked_report(self._runner.run(flow), on_failure)

    def upsert(self, instance: WeaviateModel) -> UUID:
        """Store an object whether or not its id exists; give its id.

        An object that exists is replaced as a whole, as with ``insert_many()``: what this one leaves out is gone, and it counts as
        created now.

        Raises:
            InvalidValueError: a value cannot be stored, or a reference or vector was not loaded; nothing was sent.
            ObjectNotFoundError: a reference leads to an object that is not stored.
            CollectionNotFoundError: the collection was not created.
            SchemaMismatchError: the collection lacks something of the model, or has it otherwise.
        """
        runner = self._runner
        flow = upsert_object(stored_object(instance), runner.scope, runner.verified, runner.retry)
        return runner.run(with_insert_events(flow, instance, "upsert", runner.scope, runner.hooks))

    def replace(self, instance: WeaviateModel) -> None:
        """Replace a stored object as a whole; the time of its creation stays.

        Raises:
            ObjectNotFoundError: no object has this id.
            InvalidValueError: a value cannot be stored, or a reference or vector was not loaded; nothing was sent.
            CollectionNotFoundError: the collection was not created.
            SchemaMismatchError: the collection lacks something of the model, or has it otherwise.
        """
        runner = self._runner
        flow = replace_object(stored_object(instance), runner.scope, runner.verified, runner.retry)
        runner.run(with_replace_events(flow, instance, runner.scope, runner.hooks))

    def update(
        self,
        instance: WeaviateModel,
        *,
        fields: Sequence[Expression[Any] | Reference[Any] | References[Any] | Vector | MultiVector]
        | None = None,  # of any type
        unchanged_since: datetime | None = None,
    ) -> bool:
        """Send what changed of a stored object; tell whether there was something to send.

        What was assigned, or changed in place in a list or nested object, since this object was read or stored, is sent, and nothing
        else is touched. ``None`` removes a property. Each changed reference takes a call of its own, so that a failure may leave the
        first calls done; a second ``update()`` then sends all of it again.

        Args:
            instance: the object.
            fields: exactly these instead, such as ``[Article.title]``; needed when the object was neither read nor stored by a
                session, and for an array changed in place.
            unchanged_since: a moment, such as ``hit.updated_at``: write only if the stored object was not updated later. The check
                and the write are two calls, so that an update between them goes unnoticed.

        Raises:
            ObjectNotFoundError: no object has this id.
            StaleObjectError: the stored object was updated later; nothing was sent.
            InvalidValueError: a value cannot be stored, or what changed is not known; nothing was sent.
            CollectionNotFoundError: the collection was not created.
            SchemaMismatchError: the collection lacks something of the model, or has it otherwise.
        """
        runner, names = self._runner, updated_fields(stored_object(instance), fields)
        moment = checked_moment(unchanged_since)
        flow = update_with_events(instance, names, moment, runner.scope, runner.verified, runner.retry, runner.hooks)
        return runner.run(flow)

    def link(
        self,
        source: WeaviateModel | UUID,
        reference: References[R] | Reference[R],
        target: R | UUID | tuple[type[R], UUID],
        /,
    ) -> None:
        """Let one stored object refer to another: ``session.link(article, Article.author, ada)``.

        Where the reference leads to one object at most, the new one replaces the old. In a list it is added at the end, a second time
        if it is there already. An instance given as ``source`` follows, unless its reference was not loaded.

        Args:
            source: the object that refers, or its id.
            reference: of its class.
            target: what it shall refer to: the object, its id, or ``(Model, id)`` when there are several models.

        Raises:
            ObjectNotFoundError: one of the two is not stored.
            InvalidValueError: they do not fit the reference; nothing was sent.
            CollectionNotFoundError: the collection was not created.
            SchemaMismatchError: the collection lacks something of the model, or has it otherwise.
        """
        runner, place = self._runner, link_place(source, reference, "link()")
        end = link_end(place, target, "link()")
        runner.run(add_link(place, end, runner.scope, runner.verified, runner.retry))

    def unlink(
        self,
        source: WeaviateModel | UUID,
        reference: References[R] | Reference[R],
        target: R | UUID | tuple[type[R], UUID],
        /,
    ) -> None:
        """Let a stored object no longer refer to another. It does not matter whether it did.

        Args and errors are those of ``link()``; the target need not be stored.
        """
        runner, place = self._runner, link_place(source, reference, "unlink()")
        end = link_end(place, target, "unlink()")
        runner.run(remove_link(place, end, runner.scope, runner.verified, runner.retry))

    def set_links(
        self,
        source: WeaviateModel | UUID,
        reference: References[R] | Reference[R],
        targets: Sequence[R | UUID | tuple[type[R], UUID]],
        /,
    ) -> None:
        """Let a stored object refer to exactly these, in this order; an empty list lets it refer to nothing.

        Args and errors are those of ``link()``.
        """
        runner, place = self._runner, link_place(source, reference, "set_links()")
        ends = link_ends(place, targets, "set_links()")
        runner.run(set_links(place, ends, runner.scope, runner.verified, runner.retry))

    def link_many(self, links: Iterable[L], *, on_failure: Literal["raise", "report"] = "raise") -> LoadReport[L]:
        """Add many references, of any objects: ``session.link_many((each, Article.author, ada) for each in articles)``.

        Every one is either stored or in the report with its error; one bad reference does not stop the others. They are added, so a
        reference that leads to one object at most must be empty before. Unlike with ``link()``, the server does not look whether the
        targets are stored.

        Args:
            links: triples of what ``link()`` takes; any iterable, consumed as requests are sent.
            on_failure: raise when a reference failed, or leave it to the caller to look at the report.

        Raises:
            LoadError: references failed; its ``report`` has each with its position and error. The others are stored.
        """
        runner = self._runner
        flow = add_links(links, runner.scope, verified=runner.verified, retry=runner.retry)
        return checked_report(runner.run(flow), on_failure, "reference")

    def get(
        self,
        model: type[M],
        id: UUID,
        *,
        include: Sequence[Reference[Any] | References[Any] | Inclusion] = (),  # to any model
        with_vectors: bool = False,
    ) -> M | None:
        """Give the object with an id, or ``None``.

        Args:
            model: its class.
            id: its id.
            include: references to load with it.
            with_vectors: load its vectors too.
        """
        return self.get_many(model, [id], include=include, with_vectors=with_vectors)[0]

    def get_many(
        self,
        model: type[M],
        ids: Sequence[UUID],
        *,
        include: Sequence[Reference[Any] | References[Any] | Inclusion] = (),  # to any model
        with_vectors: bool = False,
    ) -> list[M | None]:
        """Give the objects with these ids, in the same order; ``None`` where there is none.

        Args:
            model: their class.
            ids: any number of ids.
            include: references to load with them.
            with_vectors: load their vectors too.
        """
        statement = by_id_statement(model, include, with_vectors=with_vectors)
        found = self._runner.run(fetch_by_id(statement, ids, self._runner.scope, self._runner.retry))
        return [found.get(each) for each in ids]

    def exists(self, model: type[WeaviateModel], id: UUID) -> bool:
        """Tell whether an object with this id exists."""
        return self._runner.send(compile_exists(model_info(model), id, self._runner.scope))

    @overload
    def delete(self, what: WeaviateModel, /) -> bool: ...
    @overload
    def delete(self, what: type[WeaviateModel], id: UUID, /) -> bool: ...
    def delete(self, what: WeaviateModel | type[WeaviateModel], id: UUID | None = None, /) -> bool:
        """Delete an object, given as itself or by model and id; tell whether there was one."""
        model, object_id = deleted_object(what, id)
        runner, instance = self._runner, what if isinstance(what, WeaviateModel) else None
        flow = retrying(compile_delete(model_info(model), object_id, runner.scope), runner.retry)
        return runner.run(with_delete_events(flow, model, object_id, instance, runner.scope, runner.hooks))

    def count(self, model: type[WeaviateModel]) -> int:
        """Give the number of objects of a model."""
        return self._runner.send(compile_count(model_info(model), None, self._runner.scope))

    def query(self, model: type[M]) -> Query[M]:
        """Begin a query over a model."""
        return Query(Statement(model_info(model)), self._runner)

    def aggregate(self, model: type[M]) -> Aggregation[M]:
        """Begin a measurement of the objects of a model: counts, sums, means, the most frequent values."""
        return Aggregation(Statement(model_info(model)), EVERYTHING, self._runner)

    def repository(self, model: type[M], *, where: Condition | None = None, limit: int | None = None) -> Repository[M]:
        """Give this session's verbs for one model.

        Args:
            model: the class of its objects.
            where: a condition of every query of the repository.
            limit: of every query that has no other.
        """
        from weaviate_orm.repository import Repository  # it is built on sessions

        return Repository(self, model, where=where, limit=limit)
