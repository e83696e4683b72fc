"""Event loops for tests: a run that must leave nothing behind, cancellation at any await, and what a server's clients keep open."""

from __future__ import annotations

import asyncio
import gc
import inspect
import sys
import types
from collections.abc import Callable, Coroutine, Generator
from typing import Any, Generic, Protocol, TypeVar

import psutil
from scripted_server import ScriptedServer

__all__ = ["LOOPS", "Run", "Stepped", "client_sockets", "no_sockets", "runner", "settled"]

R = TypeVar("R")
T = TypeVar("T")

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {"asyncio": asyncio.new_event_loop}
if sys.platform != "win32":  # where uvloop does not exist
    import uvloop

    LOOPS["uvloop"] = uvloop.new_event_loop

_SECONDS = 60.0  # nothing here takes a tenth of it; a hang shall fail and not stay


class Run(Protocol):
    """Runs a coroutine on a loop of its own; the test fails when it hangs, or leaves a task or a complaint of the loop."""

    def __call__(self, work: Coroutine[Any, Any, R], /) -> R: ...


def runner(factory: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop, *, debug: bool = False) -> Run:
    """Give what runs coroutines on loops of one kind."""

    def run(work: Coroutine[Any, Any, R], /) -> R:
        complaints: list[dict[str, Any]] = []

        async def guarded() -> R:
            asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))
            async with asyncio.timeout(_SECONDS):
                result = await work
            assert await settled() == set()
            return result

        with asyncio.Runner(debug=debug, loop_factory=factory) as loop:
            result = loop.run(guarded())
        gc.collect()  # what is left open complains when it is collected, and shall do so here
        assert [each for each in complaints if not _of_grpcio(each)] == []
        return result

    return run


def _of_grpcio(complaint: dict[str, Any]) -> bool:
    """Tell grpcio's known complaint from ours: all loops of a process share one pipe that wakes them, and who comes second finds it empty.

    Nothing is lost by that (the loop is woken again for what is its own), but any other loop that is open, such as the one that drives the
    conformance suite, makes it appear at random.
    """
    return isinstance(complaint.get("exception"), BlockingIOError) and "PollerCompletionQueue._handle_events" in str(
        complaint.get("message")
    )


async def settled() -> set[asyncio.Task[Any]]:
    """Give the tasks that are left besides this one, when those that only have to hear of their end have heard."""
    left: set[asyncio.Task[Any]] = set()
    for _ in range(100):
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if not left:
            break
        await asyncio.sleep(0.01)
    return left


class Stepped(Generic[R]):
    """Runs a coroutine and does something at one of its awaits, the first of which is 1: by default it cancels its task.

    The awaits of tasks that this package starts for the coroutine count too. The task is waiting when it is cancelled, as when a timeout
    ends just there.

    Attributes:
        reached: whether there were so many awaits.
    """

    def __init__(
        self, work: Coroutine[Any, Any, R], at: int, act: Callable[[], object] | None = None, *, onwards: bool = False
    ) -> None:
        """``onwards`` acts at every further await too, those of the clean-up included, as anyio does with cancellations."""
        self._work = work
        self._at = at
        self._act = act
        self._onwards = onwards
        self._count = 0
        self.reached = False

    async def run(self) -> R:
        """Await the coroutine."""
        task = asyncio.current_task()
        assert task is not None
        self._act = self._act or task.cancel
        loop = asyncio.get_running_loop()
        loop.set_task_factory(self._new_task)
        try:
            return await self._watched(self._work)
        finally:
            loop.set_task_factory(None)
            self._act = None  # nothing here shall keep the task and its error

    def _new_task(self, loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> asyncio.Task[Any]:
        # Not grpcio's: it finds its calls by looking into the frames of their tasks.
        frame = work.cr_frame if inspect.iscoroutine(work) else None
        ours = frame is not None and frame.f_globals["__name__"].startswith(("weaviate_orm.", "httpx."))
        task = asyncio.Task(self._watched(work) if ours else work, loop=loop, **options)
        if ours:
            task.add_done_callback(lambda _: work.close())  # one that was cancelled before its first step never began
        return task

    async def _watched(self, work: Coroutine[Any, Any, T]) -> T:
        result: T = await self._steps(work)
        return result

    @types.coroutine
    def _steps(self, work: Coroutine[Any, Any, T]) -> Generator[Any, Any, T]:
        steps = work.__await__()
        value: Any = None
        error: BaseException | None = None
        while True:
            try:
                waited_for = steps.send(value) if error is None else steps.throw(error)
            except StopIteration as end:
                result: T = end.value
                return result
            finally:
                error = None  # or it would hold itself, by its traceback and this frame
            self._count += 1
            if self._count == self._at or (self._onwards and self._count > self._at):
                self.reached = True
                assert self._act is not None
                self._act()
            value = None
            try:
                value = yield waited_for
            except BaseException as thrown:
                error = thrown


def client_sockets(server: ScriptedServer) -> list[Any]:
    """Give this process's connections to a server, seen from the client's side."""
    ports = {server.http_port, server.grpc_port}
    return [
        each
        for each in psutil.Process().net_connections("tcp")
        if each.raddr and each.raddr.port in ports and each.status not in ("TIME_WAIT", "NONE")
    ]


async def no_sockets(server: ScriptedServer) -> bool:
    """Tell whether nothing is connected to the server any more, giving gRPC's own threads the time to let go."""
    for _ in range(500):
        if not client_sockets(server):
            return True
        await asyncio.sleep(0.01)
    return False
