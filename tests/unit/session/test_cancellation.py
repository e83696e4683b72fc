"""Cancelling at every await of an operation: nothing stays open, no task is left, and the session works on or is closed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from book_server import ONE, book_server
from loops import LOOPS, Run, Stepped, no_sockets, runner, settled
from scripted_server import ScriptedServer
from zoo import Book

import weaviate_orm.flows.load
from weaviate_orm import AsyncSession, InProcess, SessionClosedError
from weaviate_orm.flows.retry import Retry

Operation = Callable[[AsyncSession], Awaitable[object]]


async def insert_many(session: AsyncSession) -> object:
    return await session.insert_many([Book(title=str(number)) for number in range(5)])


async def iterate(session: AsyncSession) -> object:
    return [hit.id async for hit in session.query(Book)]


async def stream(session: AsyncSession) -> object:
    return [hit.id async for hit in session.query(Book).limit(2).stream()]


OPERATIONS: dict[str, Operation] = {
    "server.meta": lambda session: session.server.meta(),
    "insert": lambda session: session.insert(Book(title="t")),
    "insert_many": insert_many,
    "get": lambda session: session.get(Book, ONE),
    "exists": lambda session: session.exists(Book, ONE),
    "delete": lambda session: session.delete(Book, ONE),
    "query": lambda session: session.query(Book).all(),
    "iteration": iterate,
    "stream": stream,
    "schema.create": lambda session: session.schema.create(Book, exist_ok=True),
    "repository": lambda session: session.repository(Book).count(),
    "view": lambda session: session.consistency("ONE").count(Book),
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    monkeypatch.setattr(weaviate_orm.flows.load, "CHUNK_OBJECTS", 2)  # five objects then take three messages
    with book_server() as server:
        yield server


@pytest.fixture(params=LOOPS)
def run(request: pytest.FixtureRequest) -> Run:
    return runner(LOOPS[request.param])


def opened(server: ScriptedServer) -> AsyncSession:
    return AsyncSession(f"http://127.0.0.1:{server.http_port}", grpc_port=server.grpc_port)


async def outcome(work: Stepped[Any]) -> type[BaseException] | None:
    """Run in a task of its own, which may then be cancelled; give the class of its error.

    Not the error: grpcio keeps a connection as long as a call of it is known, and the frames of the error know it.
    """
    task = asyncio.create_task(work.run())
    await asyncio.wait([task])
    if task.cancelled():
        return asyncio.CancelledError
    error = task.exception()
    return None if error is None else type(error)


@pytest.mark.parametrize("onwards", [False, True], ids=["once", "again and again"])
def test_connecting_that_is_cancelled(server: ScriptedServer, run: Run, onwards: bool) -> None:
    async def main() -> None:
        for at in range(1, 200):
            session = opened(server)
            work = Stepped(session.count(Book), at, onwards=onwards)
            ended = await outcome(work)
            if not work.reached:
                assert ended is None
                assert at > 10, "the way to the server has more awaits than that"
                await session.close()
                break
            assert ended is asyncio.CancelledError, f"cancelled at await {at}, and {ended} came of it"
            assert await session.count(Book) == 2, f"cancelled at await {at}"
            await session.close()
            assert await no_sockets(server), f"cancelled at await {at}"

    run(main())


@pytest.mark.parametrize("onwards", [False, True], ids=["once", "again and again"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_that_is_cancelled(server: ScriptedServer, run: Run, name: str, onwards: bool) -> None:
    async def main() -> None:
        async with opened(server) as session:
            await session.count(Book)
            for at in range(1, 200):
                session._runner.verified.clear()  # so that every round takes the same way
                work = Stepped(_coroutine(OPERATIONS[name](session)), at, onwards=onwards)
                ended = await outcome(work)
                assert await session.count(Book) == 2, f"cancelled at await {at}"
                assert await settled() == set(), f"cancelled at await {at}"
                if not work.reached:
                    assert ended is None
                    assert at > 1
                    break
                assert ended is asyncio.CancelledError, f"cancelled at await {at}, and {ended} came of it"
        assert await no_sockets(server)

    run(main())


@pytest.mark.parametrize("onwards", [False, True], ids=["once", "again and again"])
def test_a_close_that_is_cancelled_closes(server: ScriptedServer, run: Run, onwards: bool) -> None:
    async def main() -> None:
        for at in range(1, 50):
            session = opened(server)
            await session.count(Book)
            await session.exists(Book, ONE)
            work = Stepped(_coroutine(session.close()), at, onwards=onwards)
            ended = await outcome(work)
            assert await no_sockets(server), f"cancelled at await {at}"
            with pytest.raises(SessionClosedError):
                await session.count(Book)
            if not work.reached:
                assert ended is None
                assert at > 1
                break
            assert ended is asyncio.CancelledError

    run(main())


def test_leaving_the_block_by_cancellation_closes(server: ScriptedServer, run: Run) -> None:
    async def main() -> None:
        for at in range(1, 200):

            async def use() -> None:
                async with opened(server) as session:
                    await session.insert(Book(title="t"))
                    await session.query(Book).all()

            work = Stepped(use(), at, onwards=True)
            ended = await outcome(work)
            assert await no_sockets(server), f"cancelled at await {at}"
            if not work.reached:
                assert ended is None
                break
            assert ended is asyncio.CancelledError

    run(main())


def test_who_waits_for_an_opening_that_is_cancelled_opens_it_then(server: ScriptedServer, run: Run) -> None:
    async def main() -> None:
        for at in range(1, 200):
            session = opened(server)
            waiting: list[asyncio.Task[int]] = []

            tasks: list[asyncio.Task[object]] = []

            def cancel(
                session: AsyncSession = session,
                waiting: list[asyncio.Task[int]] = waiting,
                tasks: list[asyncio.Task[object]] = tasks,
            ) -> None:
                waiting.append(asyncio.create_task(session.count(Book)))
                tasks[0].cancel()

            work = Stepped(_coroutine(session.count(Book)), at, cancel)
            opening = asyncio.create_task(work.run())
            tasks.append(opening)
            await asyncio.gather(opening, return_exceptions=True)
            assert [await each for each in waiting] == [2] * work.reached, f"cancelled at await {at}"
            await session.close()
            assert await no_sockets(server)
            if not work.reached:
                break

    run(main())


def test_a_query_that_runs_out_of_patience_does_not_hold_up_the_others(server: ScriptedServer, run: Run) -> None:
    async def main() -> None:
        async with opened(server) as session:
            await session.count(Book)
            for _ in range(20):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0):
                        await session.query(Book).all()
            assert await asyncio.gather(*(session.count(Book) for _ in range(20))) == [2] * 20

    run(main())


def test_a_pause_between_attempts_can_be_cancelled(run: Run) -> None:
    """With nobody at the other end: the first attempt fails at once when it has connected before."""

    async def main() -> None:
        with book_server() as server:
            session = AsyncSession(
                f"http://127.0.0.1:{server.http_port}",
                grpc_port=server.grpc_port,
                retry=Retry(first_delay=1000, max_delay=1000, budget=10_000),
            )
            await session.count(Book)
        async with session:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5):
                    await session.count(Book)

    run(main())


# In this process.


@pytest.mark.parametrize("onwards", [False, True], ids=["once", "again and again"])
def test_the_engine_in_this_process(run: Run, onwards: bool) -> None:
    async def main() -> None:
        session = AsyncSession(InProcess())
        await session.schema.create(Book)
        await session.insert(Book(id=ONE, title="t"))
        for name in ("insert_many", "get", "exists", "query", "iteration", "repository", "view"):
            for at in range(1, 50):
                work = Stepped(_coroutine(OPERATIONS[name](session)), at, onwards=onwards)
                ended = await outcome(work)
                assert await session.exists(Book, ONE)
                if not work.reached:
                    assert ended is None
                    assert at > 1
                    break
                assert ended is asyncio.CancelledError
        await session.close()
        with pytest.raises(SessionClosedError):
            await session.count(Book)

    run(main())


@pytest.mark.parametrize("onwards", [False, True], ids=["once", "again and again"])
def test_closing_the_engine_in_this_process(run: Run, onwards: bool) -> None:
    async def main() -> None:
        for at in range(1, 50):
            session = AsyncSession(InProcess())
            await session.schema.create(Book)
            work = Stepped(_coroutine(session.close()), at, onwards=onwards)
            ended = await outcome(work)
            with pytest.raises(SessionClosedError):
                await session.count(Book)
            await session.close()
            if not work.reached:
                assert ended is None
                assert at > 1
                break
            assert ended is asyncio.CancelledError

    run(main())


async def _coroutine(work: Awaitable[object]) -> object:
    return await work
