"""``Session`` and its queries: thin synchronous shells. What they do is decided in ``flows/``; here it is only driven."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from weaviate_orm.transport.base import Transport, drive
from weaviate_orm.transport.opening import Opening, open_transport
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
    from weaviate_orm.repository import Repository

__all__ = ["Query", "SchemaHandle", "ServerHandle", "Session", "TenantsHandle"]

R = TypeVar("R")
M = TypeVar("M", bound=WeaviateModel)
P = TypeVar("P", bound=BaseModel)
R_co = TypeVar("R_co", bound=BaseModel, covariant=True)


@dataclass(frozen=True, slots=True)
class _Runner:
    """What sessions, queries and handles share: the connection and how calls go through it."""

    transport: Transport
    retry: Retry
    scope: Scope
    verified: set[type] = field(default_factory=set[type])

    def run(self, flow: Flow[R]) -> R:
        return drive(flow, self.transport)

    def send(self, call: Call[R]) -> R:
        return drive(retrying(call, self.retry), self.transport)


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
        self._runner = _Runner(transport, retry or Retry(), Scope())
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

    def insert(self, instance: WeaviateModel) -> UUID:
        """Store a new object; give its id.

        Raises:
            ObjectExistsError: an object with this id exists.
            InvalidValueError: a value cannot be stored; nothing was sent.
            CollectionNotFoundError: the collection was not created.
            SchemaMismatchError: the collection lacks something of the model, or has it otherwise.
        """
        runner = self._runner
        return runner.run(insert_object(stored_object(instance), runner.scope, runner.verified, runner.retry))

    def insert_many(self, instances: Iterable[M], *, on_failure: Literal["raise", "report"] = "raise") -> LoadReport[M]:
        """Store many objects, of any models, in messages under the server's limit; objects whose ids exist are replaced.

        Every object is either stored or in the report with its error; one bad object does not stop the others.

        Args:
            instances: any iterable; it is consumed as messages are sent.
            on_failure: raise when an object failed, or leave it to the caller to look at the report.

        Raises:
            LoadError: objects failed; its ``report`` has each with its position and error. The others are stored.
        """
        flow = load_objects(
            instances,
            self._runner.scope,
            retry=self._runner.retry,
            verified=self._runner.verified,
            server=self._runner.transport.server,
        )
        return checked_report(self._runner.run(flow), on_failure)

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
        return self._runner.send(compile_delete(model_info(model), object_id, self._runner.scope))

    def count(self, model: type[WeaviateModel]) -> int:
        """Give the number of objects of a model."""
        return self._runner.send(compile_count(model_info(model), None, self._runner.scope))

    def query(self, model: type[M]) -> Query[M]:
        """Begin a query over a model."""
        return Query(Statement(model_info(model)), self._runner)

    def repository(self, model: type[M], *, where: Condition | None = None, limit: int | None = None) -> Repository[M]:
        """Give this session's verbs for one model.

        Args:
            model: the class of its objects.
            where: a condition of every query of the repository.
            limit: of every query that has no other.
        """
        from weaviate_orm.repository import Repository  # it is built on sessions

        return Repository(self, model, where=where, limit=limit)


class Query(Builder[R_co]):
    """An immutable query of a ``Session``. Every method of the builder gives a new one; the terminals below run it."""

    __slots__ = ("_runner",)

    def __init__(self, statement: Statement, runner: _Runner) -> None:
        super().__init__(statement)
        self._runner = runner

    def _with(self, statement: Statement) -> Self:
        return type(self)(statement, self._runner)

    def as_(self, shape: type[P]) -> Query[P]:
        """Give results as another pydantic class that has some of the model's fields; only those travel.

        Raises:
            InvalidQueryError: the class has a field that the model has not, or of another type.
        """
        return Query(self._projected(shape), self._runner)

    def all(self) -> list[Hit[R_co]]:
        """Give all hits: best first after a search, in the order asked for otherwise.

        Raises:
            InvalidQueryError: without a limit, more than 10,000 objects match.
        """
        return self._run(fetch)

    def __iter__(self) -> Iterator[Hit[R_co]]:
        """Go over all hits, as ``all()`` gives them."""
        return iter(self.all())

    def first(self) -> Hit[R_co] | None:
        """Give the first hit, or ``None``."""
        return self._run(fetch_first)

    def one(self) -> Hit[R_co]:
        """Give the only hit.

        Raises:
            NoResultError: there is none.
            MultipleResultsError: there is more than one.
        """
        return self._run(fetch_one)

    def objects(self) -> list[R_co]:
        """Give the objects of all hits, without what the server says about them."""
        return [hit.object for hit in self.all()]

    def count(self) -> int:
        """Give how many objects fulfil the conditions, whatever limit and offset say.

        Raises:
            InvalidQueryError: the query has a search, which ranks all objects and excludes none.
        """
        return self._run(count_matches)

    def explain(self) -> str:
        """Give the request that the query becomes, as text. Nothing is sent."""
        return explain_call(compile_search(self._statement, self._runner.scope))

    def _run(self, flow: Callable[[Statement, Scope, Retry], Flow[R]]) -> R:
        return self._runner.run(flow(self._statement, self._runner.scope, self._runner.retry))


class SchemaHandle:
    """The collections of a database."""

    __slots__ = ("_runner",)

    def __init__(self, runner: _Runner) -> None:
        self._runner = runner

    def create(self, *what: Creatable, exist_ok: bool = False) -> None:
        """Create collections, in whatever order their references need.

        Args:
            what: models, configurations, or mappings as the server's REST interface takes them.
            exist_ok: pass over collections that exist already, without comparing them (``check()`` does).

        Raises:
            ModelDefinitionError: the server would refuse the collection; nothing was sent.
            CollectionNotFoundError: a reference leads to a collection that is neither given nor there.
            CollectionExistsError: a collection exists already.
        """
        self._runner.run(create_collections(what, exist_ok=exist_ok, retry=self._runner.retry))

    def check(self, *models: type[WeaviateModel]) -> list[Difference]:
        """Compare models with their collections; an empty list means that they fit.

        Raises:
            CollectionNotFoundError: a model has no collection.
        """
        return self._runner.run(check_models(models, self._runner.retry))

    def get(self, what: Named) -> CollectionConfig | None:
        """Give the configuration of a collection as the server has it, or ``None``."""
        return self._runner.send(compile_get_collection(collection_name(what)))

    def list(self) -> list[CollectionConfig]:
        """Give the configurations of all collections, by name."""
        return self._runner.send(compile_list_collections())

    def exists(self, what: Named) -> bool:
        """Tell whether a collection exists."""
        return self._runner.send(compile_collection_exists(collection_name(what)))

    def drop(self, *what: Named) -> None:
        """Delete collections with all their objects. Those that do not exist are passed over."""
        self._runner.verified.clear()
        self._runner.run(drop_collections(what, self._runner.retry))


class TenantsHandle:
    """The tenants of one model's collection.

    Tenants are given by name or as ``Tenant`` values. A call that names none does nothing; a name that no tenant can have is refused
    before anything is sent, with an ``InvalidValueError``. Many are sent in several requests, so an error can come when the first of
    them are done already.
    """

    __slots__ = ("_info", "_runner")

    def __init__(self, runner: _Runner, info: ModelInfo) -> None:
        self._runner = runner
        self._info = info

    def create(self, *tenants: str | Tenant) -> None:
        """Create tenants, active unless given otherwise: ``create("acme", Tenant("globex", "INACTIVE"))``.

        Those that exist stay as they are, whatever status is given for them.

        Raises:
            InvalidValueError: a status other than ``"ACTIVE"`` and ``"INACTIVE"``, or two for one name; nothing was sent.
        """
        self._runner.run(create_tenants(self._info, new_tenants(tenants), self._runner.retry))

    def list(self) -> list[Tenant]:
        """Give all tenants, by name."""
        return self._runner.send(compile_list_tenants(self._info))

    def get(self, name: str) -> Tenant | None:
        """Give a tenant, or ``None``."""
        return self._runner.send(compile_get_tenant(self._info, checked_tenant(name)))

    def exists(self, name: str) -> bool:
        """Tell whether a tenant exists, whatever its status."""
        return self._runner.send(compile_tenant_exists(self._info, checked_tenant(name)))

    def delete(self, *tenants: str | Tenant) -> None:
        """Delete tenants with all their objects, whatever their status. Those that do not exist are passed over."""
        self._runner.run(delete_tenants(self._info, tenant_names(tenants), self._runner.retry))

    def activate(self, *tenants: str | Tenant) -> None:
        """Make tenants active, so that their objects can be read and written.

        One that was offloaded is ``"ONLOADING"`` until its objects are back on the server's disk; this does not wait for it.

        Raises:
            TenantError: a tenant does not exist; others of the call may have been switched.
        """
        self._runner.run(switch_tenants(self._info, tenant_names(tenants), "ACTIVE", self._runner.retry))

    def deactivate(self, *tenants: str | Tenant) -> None:
        """Make tenants inactive: their objects stay on the server's disk, take no memory, and cannot be read or written.

        Raises:
            TenantError: a tenant does not exist; others of the call may have been switched.
        """
        self._runner.run(switch_tenants(self._info, tenant_names(tenants), "INACTIVE", self._runner.retry))

    def offload(self, *tenants: str | Tenant) -> None:
        """Move the objects of tenants to cloud storage. They are ``"OFFLOADING"`` until it is done; this does not wait for it.

        Raises:
            TenantError: a tenant does not exist; others of the call may have been switched.
            UnsupportedFeatureError: the server runs without the module ``offload-s3``, as the engine in this process always does.
        """
        self._runner.run(switch_tenants(self._info, tenant_names(tenants), "OFFLOADED", self._runner.retry))


class ServerHandle:
    """The server behind a session."""

    __slots__ = ("_runner",)

    def __init__(self, runner: _Runner) -> None:
        self._runner = runner

    def live(self) -> bool:
        """Tell whether the server's process answers."""
        return self._runner.send(live())

    def ready(self) -> bool:
        """Tell whether the server takes requests."""
        return self._runner.send(ready())

    def meta(self) -> ServerInfo:
        """Give version, modules and limits."""
        return self._runner.send(meta())
