"""What asynchronous transports need of event loops: one loop each, and work that a cancellation must not leave half done."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from weaviate_orm.errors import ConfigurationError

if TYPE_CHECKING:
    import asyncio

__all__ = ["LoopBound", "in_thread", "to_its_end"]

R = TypeVar("R")


class LoopBound:
    """Ties something to the event loop that runs when it is first used.

    Connections belong to a loop; used from another, they would hang or fail with words that say nothing of the reason.
    """

    __slots__ = ("_lock", "_loop")

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock: asyncio.Lock | None = None

    def check(self) -> None:
        """Remember the running loop, or make sure that it is the remembered one.

        Raises:
            ConfigurationError: it is another one.
            RuntimeError: no loop is running.
        """
        import asyncio

        running = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = running
        elif self._loop is not running:
            raise ConfigurationError(
                "This AsyncSession is in use by another event loop, and its connections belong to that one. Open a session in each "
                "loop: inside the coroutine that asyncio.run() runs, or in the application's lifespan."
            )

    def lock(self) -> asyncio.Lock:
        """Give the lock of the running loop, one for all."""
        import asyncio

        self.check()
        if self._lock is None:
            self._lock = asyncio.Lock()
        return self._lock


async def to_its_end(work: Coroutine[Any, Any, R]) -> R:
    """Await work that must not be left half done. A cancellation, and any number of further ones, is raised when it has ended."""
    import asyncio

    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:  # anyio repeats it until its scope is left
            cancelled = error
    if cancelled is None:
        return task.result()
    if not task.cancelled():
        task.exception()  # counts as seen; what was cancelled asks for no result
    try:
        raise cancelled
    finally:
        cancelled = None  # or it would hold itself, by its traceback and this frame


async def in_thread(function: Callable[[], R], undo: Callable[[R], object]) -> R:
    """Run a function in a thread. Who cancels it waits until the function has ended and ``undo`` has taken back what it gave.

    A thread cannot be interrupted, so without ``undo`` nobody would own what it gives after a cancellation.
    """
    import asyncio

    lock, abandoned, given = Lock(), False, False

    def work() -> R:
        nonlocal given
        result = function()
        with lock:
            given = not abandoned
        if not given:
            undo(result)
        return result

    thread = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(thread)
    except asyncio.CancelledError:
        with lock:
            abandoned = True
        await to_its_end(_taken_back(thread, undo, lambda: given))
        raise


async def _taken_back(thread: asyncio.Future[R], undo: Callable[[R], object], given: Callable[[], bool]) -> None:
    import asyncio

    await asyncio.wait([thread])
    if thread.exception() is None and given():  # it had ended just before the cancellation
        await asyncio.to_thread(undo, thread.result())
