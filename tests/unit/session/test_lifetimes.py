"""Where sessions live: under a loop that runs already, in an application's lifespan, on either side of a fork, and beside other work."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from book_server import ONE, book_server
from loops import LOOPS, Run, no_sockets, runner
from scripted_server import ScriptedServer
from zoo import Book

import weaviate_orm.flows.load
from weaviate_orm import AsyncSession, InProcess, Session, SessionClosedError
from weaviate_orm.wire.rpcs import SEARCH

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with book_server() as server:
        yield server


@pytest.fixture(params=LOOPS)
def run(request: pytest.FixtureRequest) -> Run:
    return runner(LOOPS[request.param])


# A loop that runs already.


def test_a_synchronous_session_inside_a_running_loop(server: ScriptedServer, run: Run) -> None:
    """As in a notebook's cell."""

    async def cell() -> None:
        with Session(f"http://127.0.0.1:{server.http_port}", grpc_port=server.grpc_port) as session:
            session.insert(Book(title="t"))
            assert session.count(Book) == 2
            assert [hit.object.title for hit in session.query(Book)] == ["one", "two"]
        with Session(InProcess()) as engine:
            engine.schema.create(Book)
            assert engine.count(Book) == 0

    run(cell())


def test_both_colours_side_by_side(server: ScriptedServer, run: Run) -> None:
    async def main() -> None:
        url, port = f"http://127.0.0.1:{server.http_port}", server.grpc_port
        with Session(url, grpc_port=port) as session:
            async with AsyncSession(url, grpc_port=port) as asynchronous:
                both = await asyncio.gather(asynchronous.count(Book), asyncio.to_thread(session.count, Book))
                assert list(both) == [2, 2]
        assert await no_sockets(server)

    run(main())


# A web application.


class Application:
    """What a framework does: a lifespan around everything, and a task for each request, which may be cancelled."""

    def __init__(self, url: str, grpc_port: int) -> None:
        self.session = AsyncSession(url, grpc_port=grpc_port)  # at import time, outside of any loop

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        async with self.session:
            yield

    async def request(self, tenant: str | None) -> int:
        session = self.session.consistency("ONE") if tenant is None else self.session.tenant(tenant)
        async with session:  # a dependency that closes what it gives
            return await session.query(Book).where(Book.title == "t").count()


def test_a_lifespan_with_requests(server: ScriptedServer, run: Run) -> None:
    application = Application(f"http://127.0.0.1:{server.http_port}", server.grpc_port)

    async def main() -> None:
        async with application.lifespan():
            assert await asyncio.gather(*(application.request(None) for _ in range(20))) == [2] * 20
            gone = [asyncio.create_task(application.request(None)) for _ in range(20)]
            await asyncio.sleep(0)
            for each in gone:
                each.cancel()
            await asyncio.gather(*gone, return_exceptions=True)
            assert await application.request(None) == 2
        with pytest.raises(SessionClosedError):
            await application.request(None)
        assert await no_sockets(server)

    run(main())
    assert [each.path for each in server.sent_rest].count("/v1/meta") == 1


# Nothing holds up the loop.


def test_no_step_of_a_session_holds_up_the_loop(
    server: ScriptedServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the loop's own debug mode, while the server answers late. What is imported at the first call is looked at below."""
    monkeypatch.setattr(weaviate_orm.flows.load, "CHUNK_OBJECTS", 100)
    search = server.rpc[SEARCH.path]
    assert isinstance(search, bytes)

    def late() -> bytes:
        time.sleep(0.2)
        return search

    server.rpc[SEARCH.path] = late

    async def main() -> None:
        asyncio.get_running_loop().slow_callback_duration = 0.05
        async with AsyncSession(f"http://127.0.0.1:{server.http_port}", grpc_port=server.grpc_port) as session:
            await session.insert(Book(title="t"))
            await session.insert_many(Book(title=str(number)) for number in range(500))
            await asyncio.gather(*(session.query(Book).all() for _ in range(4)), session.get(Book, ONE))

    slow: list[str] = []
    for _ in range(4):  # a machine that is busy with something else may hold up anything once, but not at every turn
        caplog.clear()
        with caplog.at_level(logging.WARNING, "asyncio"):
            runner(debug=True)(main())
        slow = [record.getMessage() for record in caplog.records if "took" in record.getMessage()]
        if not slow:
            break
    assert slow == []


IMPORTS = """
    import asyncio, sys
    from weaviate_orm import AsyncSession, WeaviateModel, Property

    class Book(WeaviateModel, collection="ZooBook"):
        title: Property[str]

    heavy = ("grpc", "httpx", "ssl", "anyio._backends._asyncio", "grpc.aio")
    on_the_loop = []

    class Watcher:
        def find_spec(self, name, path=None, target=None):
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                return None
            if name in heavy:
                on_the_loop.append(name)
            return None

    async def main():
        async with AsyncSession(sys.argv[1], grpc_port=int(sys.argv[2])) as session:
            assert await session.count(Book) == 2

    sys.meta_path.insert(0, Watcher())
    asyncio.run(main())
    assert all(name in sys.modules for name in heavy), "the watcher would see nothing"
    assert on_the_loop == [], on_the_loop
"""

FORK = """
    import asyncio, os, sys
    from weaviate_orm import AsyncSession, ConfigurationError, Property, Session, WeaviateModel

    class Book(WeaviateModel, collection="ZooBook"):
        title: Property[str]

    url, port = sys.argv[1], int(sys.argv[2])

    def child(work):
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                work()
                status = 0
            except BaseException:
                import traceback

                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0

    def refused(call):
        try:
            call()
        except ConfigurationError as error:
            assert "forked after this session had connected" in str(error), error
            assert "post_fork" in str(error), error
        else:
            raise AssertionError("it went through")
"""

BEFORE = """
    session = Session(url, grpc_port=port)
    asynchronous = AsyncSession(url, grpc_port=port)

    def work():
        with session:
            assert session.count(Book) == 2

        async def main():
            async with asynchronous:
                assert await asynchronous.count(Book) == 2

        asyncio.run(main())

    child(work)
    child(work)
"""

AFTER = """
    session = Session(url, grpc_port=port)
    assert session.count(Book) == 2

    def work():
        refused(lambda: session.count(Book))
        refused(lambda: session.tenant("acme").schema.list())
        session.close()

    child(work)
    assert session.count(Book) == 2  # the parent's goes on, though the child has closed its copy
    session.close()
"""

CLOSED = """
    with Session(url, grpc_port=port) as session:
        assert session.count(Book) == 2

    def work():
        with Session(url, grpc_port=port) as other:
            assert other.count(Book) == 2

    child(work)
"""

AFTER_ASYNC = """
    session = AsyncSession(url, grpc_port=port)

    async def main():
        assert await session.count(Book) == 2

        def work():
            refused(lambda: asyncio.run(session.count(Book)))
            asyncio.run(session.close())

        child(work)
        assert await session.count(Book) == 2
        await session.close()

    asyncio.run(main())
"""


def in_a_process(server: ScriptedServer, *parts: str) -> None:
    """Run a script; a fork of the tests' own process would take pytest and the server's threads along."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "".join(map(textwrap.dedent, parts)),
            f"http://127.0.0.1:{server.http_port}",
            str(server.grpc_port),
            "x",
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_what_takes_long_to_import_is_imported_beside_the_loop(server: ScriptedServer) -> None:
    in_a_process(server, IMPORTS)


@pytest.mark.parametrize("case", [BEFORE, CLOSED, AFTER, AFTER_ASYNC], ids=["before", "closed", "sync", "async"])
def test_forks(server: ScriptedServer, case: str) -> None:
    in_a_process(server, FORK, case)
