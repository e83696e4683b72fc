"""The asynchronous transport of the engine in this process: its threads, its end, and the loop that it does not hold up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from loops import LOOPS, Run, runner
from zoo import Book, Page

from weaviate_orm import AsyncSession, ConfigurationError, InProcess, SessionClosedError
from weaviate_orm.transport.in_process import AsyncInProcessTransport
from weaviate_orm.wire.server import meta


@pytest.fixture(params=LOOPS)
def run(request: pytest.FixtureRequest) -> Run:
    return runner(LOOPS[request.param])


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Event, Event]]:
    """Let every call wait in its thread: the events say that one has begun, and let them go on."""
    begun, go_on = Event(), Event()
    send = AsyncInProcessTransport(InProcess()).inner.send.__func__  # type: ignore[attr-defined]  # of whatever transport

    def waiting(self: Any, call: Any) -> Any:
        begun.set()
        go_on.wait(30)
        return send(self, call)

    monkeypatch.setattr("weaviate_orm.transport.in_process.InProcessTransport.send", waiting)
    yield begun, go_on
    go_on.set()


_before: set[threading.Thread] = set()


@pytest.fixture(autouse=True)
def _threads_of_others() -> None:
    """Other tests of the same run may keep a session open."""
    _before.clear()
    _before.update(threading.enumerate())


def threads() -> list[str]:
    started = [each for each in threading.enumerate() if each not in _before]
    return [each.name for each in started if each.name.startswith("weaviate_orm")]


def test_nothing_is_made_before_the_first_call_and_nothing_is_left(run: Run) -> None:
    async def main() -> None:
        transport = AsyncInProcessTransport(InProcess())
        assert threads() == []
        assert "not opened" in repr(transport)
        assert (await transport.send(meta())).version == "1.39.3"
        assert threads() != []
        await transport.close()
        await transport.close()
        assert threads() == []
        assert "closed" in repr(transport)
        with pytest.raises(SessionClosedError):
            await transport.send(meta())
        assert threads() == []

    run(main())


def test_another_loop_is_refused(run: Run) -> None:
    transport = AsyncInProcessTransport(InProcess())
    run(_sent(transport))
    with pytest.raises(ConfigurationError, match="another event loop"):
        run(_sent(transport))
    run(transport.close())  # it has no connections, so anybody may


async def _sent(transport: AsyncInProcessTransport) -> None:
    await transport.send(meta())


def test_closing_waits_for_calls_in_flight(run: Run, slow: tuple[Event, Event]) -> None:
    begun, go_on = slow

    async def main() -> None:
        transport = AsyncInProcessTransport(InProcess())
        calling = asyncio.create_task(transport.send(meta()))
        await asyncio.to_thread(begun.wait, 30)
        closing = asyncio.create_task(transport.close())
        await asyncio.sleep(0)
        with pytest.raises(SessionClosedError):  # at once, and not behind the one that still runs
            await transport.send(meta())
        assert not closing.done()
        go_on.set()
        assert (await calling).version == "1.39.3"
        await closing

    run(main())


def test_a_call_that_is_cancelled_ends_in_its_thread(run: Run, slow: tuple[Event, Event]) -> None:
    begun, go_on = slow

    async def main() -> None:
        transport = AsyncInProcessTransport(InProcess())
        calling = asyncio.create_task(transport.send(meta()))
        await asyncio.to_thread(begun.wait, 30)
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
        go_on.set()
        assert (await transport.send(meta())).version == "1.39.3"
        await transport.close()
        assert threads() == []

    run(main())


def test_a_file_is_free_when_the_session_has_closed(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        for number in range(3):
            async with AsyncSession(tmp_path / "books.db") as session:
                await session.schema.create(Book, exist_ok=True)
                assert await session.count(Book) == number
                await session.insert(Book(title="t"))

    run(main())


def test_many_calls_at_once(run: Run) -> None:
    async def main() -> None:
        async with AsyncSession(InProcess()) as session:
            await session.schema.create(Book)
            await asyncio.gather(*(session.insert(Book(title=str(number))) for number in range(50)))
            assert await asyncio.gather(*(session.count(Book) for _ in range(50))) == [50] * 50

    run(main())


def test_a_call_that_takes_long_does_not_hold_up_the_loop(run: Run, slow: tuple[Event, Event]) -> None:
    begun, go_on = slow

    async def main() -> None:
        async with AsyncSession(InProcess()) as session:
            calling = asyncio.create_task(session.schema.create(Book))
            await asyncio.to_thread(begun.wait, 30)
            for _ in range(20):
                await asyncio.sleep(0.001)
            assert not calling.done()
            go_on.set()
            await calling
            assert await session.count(Book) == 0

    run(main())


def test_a_long_scan_lets_the_loop_go_on(run: Run) -> None:
    """A ticker that runs beside many searches gets its turns; held up by each of them, it would have one a search."""

    async def main() -> None:
        vectors = np.random.default_rng(7).normal(size=(3_000, 128)).astype(np.float32)
        async with AsyncSession(InProcess()) as session:
            await session.schema.create(Page)
            await session.insert_many(Page(title="t", embedding=each) for each in vectors)
            enough = asyncio.Event()

            async def search() -> None:
                for _ in range(3):
                    await session.query(Page).near_vector(vectors[0]).limit(10).all()
                enough.set()
                while True:
                    await session.query(Page).near_vector(vectors[0]).limit(10).all()

            searching = [asyncio.create_task(search()) for _ in range(2)]
            for _ in range(50):
                await asyncio.sleep(0.001)
            await enough.wait()
            for each in searching:
                each.cancel()
            await asyncio.wait(searching)

    run(main())
