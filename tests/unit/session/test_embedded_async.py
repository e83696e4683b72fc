"""An asynchronous session that starts its own server: started and stopped beside the loop, and never left behind."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, ClassVar, Self

import pytest
from book_server import book_server
from loops import LOOPS, Run, Stepped, no_sockets, runner
from scripted_server import ScriptedServer
from zoo import Book

import weaviate_orm.embedded
from weaviate_orm import AsyncSession, ConfigurationError, Embedded, EmbeddedError, SessionClosedError
from weaviate_orm.embedded import EmbeddedServer


@dataclass
class StartedServer:
    """Stands in for ``EmbeddedServer``: leads to a scripted server, and records its life."""

    http_port: int
    grpc_port: int
    stopped: int = 0
    running: bool = True
    log: str = "its log"
    started: ClassVar[list[StartedServer]] = []
    behind: ClassVar[ScriptedServer]
    may_start: ClassVar[Event]
    starting: ClassVar[Event]
    fails: ClassVar[bool] = False

    @classmethod
    def start(cls, version: str | None = None, **options: Any) -> Self:
        cls.starting.set()
        assert cls.may_start.wait(30)
        if cls.fails:
            raise EmbeddedError("no luck")
        server = cls(cls.behind.http_port, cls.behind.grpc_port)
        cls.started.append(server)
        return server

    def stop(self) -> None:
        self.stopped += 1
        self.running = False


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[StartedServer]]:
    with book_server() as behind:
        for name, value in {"started": [], "behind": behind, "may_start": Event(), "starting": Event()}.items():
            monkeypatch.setattr(StartedServer, name, value, raising=False)
        StartedServer.may_start.set()
        monkeypatch.setattr(weaviate_orm.embedded, "EmbeddedServer", StartedServer)
        yield StartedServer
        StartedServer.may_start.set()


@pytest.fixture(params=LOOPS)
def run(request: pytest.FixtureRequest) -> Run:
    return runner(LOOPS[request.param])


def test_one_server_for_all_first_calls(server: type[StartedServer], run: Run) -> None:
    async def main() -> None:
        async with AsyncSession(Embedded()) as session:
            assert "not started" in repr(session)
            assert await asyncio.gather(*(session.count(Book) for _ in range(5))) == [2] * 5
        assert await no_sockets(server.behind)

    run(main())
    assert [each.stopped for each in server.started] == [1]


def test_a_session_that_is_closed_starts_nothing(server: type[StartedServer], run: Run) -> None:
    async def main() -> None:
        session = AsyncSession(Embedded())
        await session.close()
        await session.close()
        with pytest.raises(SessionClosedError):
            await session.count(Book)

    run(main())
    assert server.started == []


def test_a_start_that_fails_fails_every_first_call_and_may_be_tried_again(
    server: type[StartedServer], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with AsyncSession(Embedded()) as session:
            monkeypatch.setattr(server, "fails", True)
            found = await asyncio.gather(*(session.count(Book) for _ in range(3)), return_exceptions=True)
            assert [type(each) for each in found] == [EmbeddedError] * 3
            monkeypatch.setattr(server, "fails", False)
            assert await session.count(Book) == 2

    run(main())
    assert [each.stopped for each in server.started] == [1]


@pytest.mark.parametrize("onwards", [False, True], ids=["once", "again and again"])
def test_cancelling_at_every_await(server: type[StartedServer], run: Run, onwards: bool) -> None:
    async def main() -> None:
        for at in range(1, 200):
            server.started.clear()
            session = AsyncSession(Embedded())
            work = Stepped(session.count(Book), at, onwards=onwards)
            task = asyncio.create_task(work.run())
            await asyncio.wait([task])
            assert task.cancelled() == work.reached
            running = [each for each in server.started if each.running]
            # Either the start was undone, or the session has the server and stops it.
            assert len(running) <= 1
            assert await session.count(Book) == 2
            await session.close()
            assert [each.stopped for each in server.started] == [1] * len(server.started), f"cancelled at await {at}"
            del task
            assert await no_sockets(server.behind), f"cancelled at await {at}"
            if not work.reached:
                assert at > 10
                break

    run(main())


@pytest.mark.parametrize("onwards", [False, True], ids=["once", "again and again"])
def test_cancelling_a_close_stops_the_server(server: type[StartedServer], run: Run, onwards: bool) -> None:
    async def main() -> None:
        for at in range(1, 50):
            session = AsyncSession(Embedded())
            assert await session.count(Book) == 2
            work = Stepped(session.close(), at, onwards=onwards)
            task = asyncio.create_task(work.run())
            await asyncio.wait([task])
            assert server.started[-1].stopped == 1
            assert task.cancelled() == work.reached
            if not work.reached:
                break

    run(main())


def test_closing_while_it_starts_waits_and_stops_it(server: type[StartedServer], run: Run) -> None:
    server.may_start.clear()

    async def main() -> None:
        session = AsyncSession(Embedded())
        calls = [asyncio.create_task(session.count(Book)) for _ in range(2)]
        await asyncio.to_thread(server.starting.wait, 30)
        closing = asyncio.create_task(session.close())
        await asyncio.sleep(0)
        with pytest.raises(SessionClosedError):  # new calls hear of it at once
            await session.count(Book)
        server.may_start.set()
        await closing
        found = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(each) for each in found] == [SessionClosedError] * 2

    run(main())
    assert [each.stopped for each in server.started] == [1]


def test_another_loop_is_refused(server: type[StartedServer], run: Run) -> None:
    session = AsyncSession(Embedded())

    async def main() -> None:
        assert await session.count(Book) == 2
        with pytest.raises(ConfigurationError, match="another event loop"):
            await asyncio.to_thread(asyncio.run, session.count(Book))
        await session.close()

    run(main())


def test_a_real_process_does_not_outlive_a_start_that_is_cancelled(
    fake_binary: Path, tmp_path: Path, vanishes: Callable[[int], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    pids: list[int] = []
    start = EmbeddedServer.start

    def watching(*arguments: Any, **options: Any) -> EmbeddedServer:
        server = start(*arguments, **options)
        pids.append(server.pid)
        return server

    monkeypatch.setattr(EmbeddedServer, "start", watching)

    async def main() -> None:
        target = Embedded(binary=fake_binary, data_path=tmp_path / "data")
        session = AsyncSession(target)
        starting = asyncio.create_task(session.server.meta())
        await asyncio.sleep(0.05)
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        assert len(pids) == 1
        with pytest.raises(ProcessLookupError):  # when the cancellation comes out, it has ended
            os.kill(pids[0], 0)
        assert (await session.server.meta()).version == "9.8.7"
        await session.close()

    runner()(main())
    assert len(pids) == 2
    assert all(vanishes(each) for each in pids)
