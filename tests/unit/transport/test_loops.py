"""What keeps asynchronous transports to one loop, and what a cancellation must not leave half done."""

from __future__ import annotations

import asyncio
from threading import Event

import pytest
from loops import LOOPS, Run, Stepped, runner

from weaviate_orm import ConfigurationError
from weaviate_orm.transport.loops import LoopBound, in_thread, to_its_end


@pytest.fixture(params=LOOPS)
def run(request: pytest.FixtureRequest) -> Run:
    return runner(LOOPS[request.param])


def test_the_first_loop_is_the_only_one(run: Run) -> None:
    bound = LoopBound()

    async def use() -> asyncio.Lock:
        bound.check()
        bound.check()
        assert bound.lock() is bound.lock()
        return bound.lock()

    run(use())
    with pytest.raises(ConfigurationError, match=r"another event loop.*asyncio\.run\(\).*lifespan"):
        run(use())


def test_outside_of_loops_there_is_nothing_to_remember() -> None:
    bound = LoopBound()
    with pytest.raises(RuntimeError, match="no running event loop"):
        bound.check()
    asyncio.run(_checked(bound))


async def _checked(bound: LoopBound) -> None:
    bound.check()


def test_work_ends_however_often_it_is_cancelled(run: Run) -> None:
    async def main() -> None:
        for at in range(1, 10):
            done: list[int] = []

            async def work(done: list[int] = done) -> str:
                for number in range(3):
                    await asyncio.sleep(0)
                    done.append(number)
                return "result"

            stepped = Stepped(to_its_end(work()), at, onwards=True)
            task = asyncio.create_task(stepped.run())
            await asyncio.wait([task])
            assert done == [0, 1, 2]
            assert task.cancelled() == stepped.reached
            if not stepped.reached:
                assert task.result() == "result"
                break

    run(main())


def test_what_the_work_raises_comes_out_unless_it_was_cancelled(run: Run) -> None:
    async def work() -> None:
        await asyncio.sleep(0)
        raise LookupError

    async def main() -> None:
        with pytest.raises(LookupError):
            await to_its_end(work())
        task = asyncio.create_task(to_its_end(work()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(main())


def test_a_thread_gives_its_result(run: Run) -> None:
    async def main() -> None:
        assert await in_thread(lambda: 3, undo=lambda result: pytest.fail("nobody cancelled")) == 3
        with pytest.raises(ZeroDivisionError):
            await in_thread(lambda: 1 / 0, undo=lambda result: None)

    run(main())


@pytest.mark.parametrize("times", [1, 3])
def test_what_a_cancelled_thread_gives_is_taken_back(run: Run, times: int) -> None:
    async def main() -> None:
        started, finish = Event(), Event()
        undone: list[str] = []

        def work() -> str:
            started.set()
            finish.wait(30)
            return "given"

        task = asyncio.create_task(in_thread(work, undone.append))
        await asyncio.to_thread(started.wait, 30)
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0)
        assert not task.done()  # it waits until what it began is undone
        finish.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert undone == ["given"]

    run(main())


def test_a_thread_that_fails_after_a_cancellation_has_nothing_to_take_back(run: Run) -> None:
    async def main() -> None:
        started, finish = Event(), Event()

        def work() -> str:
            started.set()
            finish.wait(30)
            raise LookupError

        task = asyncio.create_task(in_thread(work, lambda result: pytest.fail("there is none")))
        await asyncio.to_thread(started.wait, 30)
        task.cancel()
        finish.set()
        with pytest.raises(asyncio.CancelledError):  # and not LookupError, which would swallow it
            await task

    run(main())


def test_a_cancellation_as_the_thread_ends_takes_back_exactly_once(run: Run) -> None:
    async def main() -> None:
        for at in range(1, 20):
            given: list[int] = []
            undone: list[int] = []

            def work(given: list[int] = given) -> int:
                given.append(1)
                return 1

            stepped = Stepped(in_thread(work, undone.append), at, onwards=True)
            task = asyncio.create_task(stepped.run())
            await asyncio.wait([task])
            if not stepped.reached:
                assert (given, undone) == ([1], [])
                break
            assert task.cancelled()
            assert given == undone

    run(main())
