"""What the suite runs against: the ``backend`` parameter is the only place that knows; no case does.

A backend is where objects are stored, and the colour of the session. An asynchronous one is driven through ``awaited``, so that the cases
are the same. Cases of ``messages/`` have no session and hence no colour; their parameter is the ``store`` alone.

A case that needs something which not every backend has says so by name, ``@pytest.mark.requires("credentials")``, and is not collected for
the others. ``docs/conformance.md`` is generated from what is collected and shows every such gap.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import pytest
from awaited import awaited
from exchanges import over_ports
from models_behind import engine_with_models
from zoo import created

from weaviate_orm import AsyncSession, InProcess, Session, WeaviateModel
from weaviate_orm.testing.servers import serve_target
from weaviate_orm.transport.base import Exchange
from weaviate_orm.transport.in_process import AsyncInProcessTransport, InProcessTransport

if TYPE_CHECKING:
    from real_server import RealServer

REQUIREMENTS = {
    "a connection": "what may fail between a client and a server; the same code whatever answers",
    "credentials": "API keys and roles",
    "a synchronous session": "calls of the session out of an iterable that it is reading",
    "metadata of providers": "what a generative provider reports; the engine's generators are functions that give a text alone",
    "missing modules": "vectorizers that are not enabled: the engine answers every text2vec module",
}
"""What a case may require, by name."""

Store: TypeAlias = Literal["memory", "file", "served", "server"]
STORES: tuple[Store, ...] = get_args(Store)

LACKS: dict[Store, frozenset[str]] = {
    "memory": frozenset({"a connection", "credentials", "metadata of providers", "missing modules"}),
    "file": frozenset({"a connection", "credentials", "metadata of providers", "missing modules"}),
    "served": frozenset({"a connection", "credentials", "metadata of providers", "missing modules"}),
    "server": frozenset(),
}
"""What each store does not have."""


@dataclass(frozen=True, slots=True)
class Backend:
    """Where objects are stored, and in which colour the session talks to it."""

    store: Store
    colour: Literal["sync", "async"]

    def __str__(self) -> str:
        return f"{self.store}-{self.colour}"


BACKENDS = (*(Backend(store, "sync") for store in STORES), *(Backend(store, "async") for store in STORES))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "requires(*names): run only on backends that have these")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a backend lacks by name."""
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        required = {name for marker in item.iter_markers("requires") for name in marker.args}
        assert required <= REQUIREMENTS.keys(), f"{item.nodeid} requires something that REQUIREMENTS does not name"
        (left_out if required & _lacking(item) else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def _lacking(item: pytest.Item) -> frozenset[str]:
    callspec = getattr(item, "callspec", None)
    parameters = {} if callspec is None else callspec.params
    backend = parameters.get("backend")
    if isinstance(backend, Backend):
        return LACKS[backend.store] | ({"a synchronous session"} if backend.colour == "async" else set())
    return LACKS[parameters["store"]] if "store" in parameters else frozenset()


@pytest.fixture(scope="session", params=BACKENDS, ids=str)
def backend(request: pytest.FixtureRequest) -> Backend:
    """Every combination that the suite covers."""
    found: Backend = request.param
    return found


@pytest.fixture(scope="session")
def session(
    backend: Backend, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Session]:
    """A session on the backend, shared by the run: every test brings collections of its own and takes them away."""
    with _target(backend.store, request, tmp_path_factory) as (target, grpc_port):
        if backend.colour == "sync":
            with Session(target, grpc_port=grpc_port) as session:
                yield session
        else:
            with awaited(AsyncSession(target, grpc_port=grpc_port)) as session:
                yield session


@contextmanager
def _target(
    store: Store, request: pytest.FixtureRequest, folders: pytest.TempPathFactory
) -> Generator[tuple[str | InProcess, int | None]]:
    match store:
        case "memory":
            yield engine_with_models(), None
        case "file":
            yield engine_with_models(folders.mktemp("engine") / "conformance.db"), None
        case "served":
            with serve_target(engine_with_models()) as served:
                yield served.url, served.grpc_port
        case "server":
            server: RealServer = request.getfixturevalue("weaviate_server")
            yield server.url, server.grpc_port


@pytest.fixture(scope="session")
def models_url(backend: Backend, request: pytest.FixtureRequest) -> str:
    """Where the backend reaches the models of ``examples/inference_service``: the base URL of a generative provider."""
    return _models_url(backend.store, request)


def _models_url(store: Store, request: pytest.FixtureRequest) -> str:
    if store != "server":
        return "http://models.invalid"  # an engine has its generator as a function, and reads no URL
    server: RealServer = request.getfixturevalue("weaviate_server")
    if server.inference_url is None:
        pytest.fail("WEAVIATE_TEST_INFERENCE_URL must say where the server of WEAVIATE_TEST_URL reaches the models")
    return server.inference_url


@pytest.fixture(autouse=True)
def _from_the_file(request: pytest.FixtureRequest) -> None:
    """Read a file anew before every test, so that what a test sees was in the file and not only in memory."""
    if "session" in request.fixturenames and request.getfixturevalue("backend").store == "file":
        transport = request.getfixturevalue("session")._runner.transport
        if isinstance(transport, AsyncInProcessTransport):
            transport = transport.inner
        assert isinstance(transport, InProcessTransport)
        transport.reopen()


@pytest.fixture(scope="session", params=STORES)
def store(request: pytest.FixtureRequest) -> Store:
    """Where the objects of a case without a session are."""
    found: Store = request.param
    return found


@pytest.fixture(scope="session")
def exchange(
    store: Store, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Exchange]:
    """Messages in, messages out, on the store: without models and sessions, for what these do not reach."""
    with _target(store, request, tmp_path_factory) as (target, grpc_port):
        if isinstance(target, str):
            assert grpc_port is not None
            with over_ports(target, grpc_port) as exchange:
                yield exchange
            return
        transport = InProcessTransport(target)
        yield transport.engine()
        transport.close()


@pytest.fixture(scope="session")
def store_models_url(store: Store, request: pytest.FixtureRequest) -> str:
    """``models_url`` for the cases of messages."""
    return _models_url(store, request)


@pytest.fixture
def create(session: Session) -> Iterator[Callable[..., None]]:
    """``create(Model, ...)`` makes collections for the length of a test."""
    with ExitStack() as stack:

        def make(*models: type[WeaviateModel]) -> None:
            stack.enter_context(created(session, *models))

        yield make
