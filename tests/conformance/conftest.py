"""What the suite runs against: the ``backend`` parameter is the only place that knows; no case does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pytest
from exchanges import over_ports
from zoo import created

from weaviate_orm import Session, WeaviateModel
from weaviate_orm.transport.base import Exchange

if TYPE_CHECKING:
    from real_server import RealServer


@dataclass(frozen=True, slots=True)
class Backend:
    """Where objects are stored, and in which colour the session talks to it."""

    store: Literal["server"]
    colour: Literal["sync"]

    def __str__(self) -> str:
        return f"{self.store}-{self.colour}"


BACKENDS = (Backend("server", "sync"),)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "requires(*names): run only on backends that have these")


@pytest.fixture(scope="session", params=BACKENDS, ids=str)
def backend(request: pytest.FixtureRequest) -> Backend:
    """Every combination that the suite covers."""
    found: Backend = request.param
    return found


@pytest.fixture(scope="session")
def session(backend: Backend, request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session on the backend, shared by the run: every test brings collections of its own and takes them away."""
    server: RealServer = request.getfixturevalue("weaviate_server")
    with Session(server.url, grpc_port=server.grpc_port) as session:
        yield session


@pytest.fixture(scope="session")
def exchange(backend: Backend, request: pytest.FixtureRequest) -> Iterator[Exchange]:
    """Messages in, messages out, on the backend: without models and sessions, for what these do not reach."""
    server: RealServer = request.getfixturevalue("weaviate_server")
    with over_ports(server.url, server.grpc_port) as exchange:
        yield exchange


@pytest.fixture
def create(session: Session) -> Iterator[Callable[..., None]]:
    """``create(Model, ...)`` makes collections for the length of a test."""
    with ExitStack() as stack:

        def make(*models: type[WeaviateModel]) -> None:
            stack.enter_context(created(session, *models))

        yield make
