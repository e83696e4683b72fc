"""The pytest plugin: a session and a server for tests, on the in-process engine or, by one option, on a real server.

pytest loads this module, and the package with it, at every start on a machine that has the library; what else the fixtures need is
imported by them.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from weaviate_orm.session import Session
    from weaviate_orm.session_async import AsyncSession
    from weaviate_orm.testing.servers import ServerAddress
    from weaviate_orm.transport.settings import ApiKey, InProcess

__all__ = [
    "weaviate_async_sessions",
    "weaviate_in_process",
    "weaviate_server",
    "weaviate_session",
    "weaviate_sessions",
]

_DEFAULT_GRPC_PORT = 50051


class _RealServer(NamedTuple):
    url: str
    grpc_port: int


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that lead the fixtures to a real server."""
    group = parser.getgroup("weaviate_orm")
    group.addoption(
        "--weaviate-url",
        metavar="URL",
        help="run the tests of weaviate_session and weaviate_server on this server; "
        "an empty text is the in-process engine, whatever WEAVIATE_TEST_URL and the ini file say",
    )
    group.addoption("--weaviate-grpc-port", type=int, metavar="PORT", help="its gRPC port; 50051 otherwise")
    parser.addini("weaviate_url", "as --weaviate-url, which wins, as does the variable WEAVIATE_TEST_URL", default="")
    parser.addini(
        "weaviate_grpc_port",
        "as --weaviate-grpc-port, which wins, as does the variable WEAVIATE_TEST_GRPC_PORT",
        default="",
    )


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say which server is used, when it is a real one."""
    real = _real_server(config)
    return None if real is None else f"weaviate: {real.url}, gRPC port {real.grpc_port}"


@pytest.fixture(scope="session")
def weaviate_in_process() -> InProcess:
    """The engine that stands in for a server. Override it to give the engine an embedder, a reranker or a generator."""
    from weaviate_orm.transport.settings import InProcess

    return InProcess()


@pytest.fixture(scope="session")
def weaviate_sessions(
    request: pytest.FixtureRequest,
) -> Callable[[], AbstractContextManager[Session]]:
    """What makes the sessions of ``weaviate_session``, for fixtures that live longer than a test::

    @pytest.fixture(scope="module")
    def catalogue(weaviate_sessions):
        with weaviate_sessions() as session:
            ...
            yield session
    """
    from weaviate_orm.session import Session
    from weaviate_orm.testing.sessions import forgetting

    target: InProcess = request.getfixturevalue("weaviate_in_process")
    real = _real_server(request.config)

    @contextmanager
    def opened() -> Generator[Session]:
        if real is None:
            with Session(target) as session:
                yield session
            return
        with Session(real.url, grpc_port=real.grpc_port, auth=_credentials()) as session, forgetting(session):
            yield session

    return opened


@pytest.fixture(scope="session")
def weaviate_async_sessions(
    request: pytest.FixtureRequest,
) -> Callable[[], AbstractAsyncContextManager[AsyncSession]]:
    """``weaviate_sessions`` for asynchronous code, whatever runs its tests::

    async def test_front_page(weaviate_async_sessions):
        async with weaviate_async_sessions() as session:
            ...
    """
    from weaviate_orm.session_async import AsyncSession
    from weaviate_orm.testing.sessions import forgetting_async

    target: InProcess = request.getfixturevalue("weaviate_in_process")
    real = _real_server(request.config)

    @asynccontextmanager
    async def opened() -> AsyncGenerator[AsyncSession]:
        if real is None:
            async with AsyncSession(target) as session:
                yield session
            return
        async with (
            AsyncSession(real.url, grpc_port=real.grpc_port, auth=_credentials()) as session,
            forgetting_async(session),
        ):
            yield session

    return opened


@pytest.fixture
def weaviate_session(weaviate_sessions: Callable[[], AbstractContextManager[Session]]) -> Generator[Session]:
    """A session on an empty database: a new engine in memory for each test. On a real server, the collections that the test creates
    through this session are dropped after it; what was there before stays."""
    with weaviate_sessions() as session:
        yield session


@pytest.fixture(scope="session")
def weaviate_server(request: pytest.FixtureRequest) -> Generator[ServerAddress]:
    """Address of a server, for code that brings its own client; one for the whole run, so tests remove what they create."""
    from weaviate_orm.testing.servers import ServerAddress, serve_target

    real = _real_server(request.config)
    if real is None:
        with serve_target(request.getfixturevalue("weaviate_in_process")) as address:
            yield address
        return
    from urllib.parse import urlsplit

    url = urlsplit(real.url)
    http_port = url.port or (443 if url.scheme == "https" else 80)
    yield ServerAddress(real.url, http_port, real.grpc_port, in_process=False)


def _credentials() -> ApiKey | None:
    from weaviate_orm.transport.settings import ApiKey

    key = os.environ.get("WEAVIATE_TEST_API_KEY")
    return ApiKey(key) if key else None


def _real_server(config: pytest.Config) -> _RealServer | None:
    """The command line wins over the environment, and that over the ini file."""
    given: str | None = config.getoption("--weaviate-url")
    url = given if given is not None else os.environ.get("WEAVIATE_TEST_URL") or str(config.getini("weaviate_url"))
    if not url:
        return None
    port: int | None = config.getoption("--weaviate-grpc-port")
    if port is None:
        text = os.environ.get("WEAVIATE_TEST_GRPC_PORT") or str(config.getini("weaviate_grpc_port"))
        if text and not text.isdecimal():
            raise pytest.UsageError(f"weaviate_grpc_port is a number, not {text!r}")
        port = int(text) if text else _DEFAULT_GRPC_PORT
    return _RealServer(url.rstrip("/"), port)
