"""What a ``Session`` gives for collections, tenants and the server: thin synchronous shells."""

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
from weaviate_orm.runner import Runner
from weaviate_orm.schema.config import CollectionConfig
from weaviate_orm.schema.diff import Difference
from weaviate_orm.wire.schema import compile_collection_exists, compile_get_collection, compile_list_collections
from weaviate_orm.wire.server import ServerInfo, live, meta, ready
from weaviate_orm.wire.tenants import compile_get_tenant, compile_list_tenants, compile_tenant_exists

__all__ = ["SchemaHandle", "TenantsHandle", "ServerHandle"]

R = TypeVar("R")
M = TypeVar("M", bound=WeaviateModel)
P = TypeVar("P", bound=BaseModel)
R_co = TypeVar("R_co", bound=BaseModel, covariant=True)


class SchemaHandle:
    """The collections of a database."""

    __slots__ = ("_runner",)

    def __init__(self, runner: Runner) -> None:
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

    def __init__(self, runner: Runner, info: ModelInfo) -> None:
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

    def __init__(self, runner: Runner) -> None:
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
