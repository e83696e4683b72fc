"""An asynchronous session with the face of a synchronous one, so that one suite runs in both colours.

The surface test holds both to the same names and parameters, so nothing here knows any of them: what comes back awaitable is awaited on an
event loop in a thread of its own, and what belongs to the asynchronous half is wrapped again.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import AsyncIterator, Coroutine, Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from weaviate_orm import AsyncQuery, AsyncSession, Session

__all__ = ["Loop", "awaited"]

R = TypeVar("R")

_ASYNCHRONOUS = (
    "weaviate_orm.session_async",
    "weaviate_orm.aggregations_async",
    "weaviate_orm.queries_async",
    "weaviate_orm.queries_generative_async",
    "weaviate_orm.handles_async",
    "weaviate_orm.runner",
    "weaviate_orm.repository",
    "weaviate_orm.streams_async",
)


class Loop:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="event loop of the tests", daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:
        """Run a coroutine to its end and give its result."""
        if threading.current_thread() is self._thread:
            coroutine.close()
            raise RuntimeError("called from a coroutine of the same loop, which would wait for itself")
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    def close(self) -> None:
        """End the loop and its thread."""
        self.run(self.loop.shutdown_asyncgens())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


async def _collected(values: AsyncIterator[R]) -> list[R]:
    return [each async for each in values]


class _Awaited:
    """One object of the asynchronous half, its methods called as those of the synchronous half are."""

    def __init__(self, inner: object, loop: Loop) -> None:
        self._inner = inner
        self._loop = loop

    def __getattr__(self, name: str) -> Any:  # whatever the other half has
        value = getattr(self._inner, name)
        if not inspect.ismethod(value):
            return self._plain(value)

        def call(*arguments: Any, **options: Any) -> Any:
            return self._plain(value(*arguments, **options))

        return call

    def _plain(self, value: Any) -> Any:
        if inspect.iscoroutine(value):
            value = self._loop.run(value)
        if inspect.isasyncgen(value):
            value = iter(self._loop.run(_collected(value)))
        return _Awaited(value, self._loop) if type(value).__module__ in _ASYNCHRONOUS else value

    def __iter__(self) -> Iterator[Any]:
        async def everything() -> list[Any]:
            return [each async for each in cast("AsyncQuery[Any]", self._inner)]  # nothing else is iterated over

        return iter(self._loop.run(everything()))

    def __enter__(self) -> _Awaited:
        return self

    def __exit__(self, *exception: object) -> None:
        self._loop.run(cast(AsyncSession, self._inner).close())  # nothing else is a context

    def __repr__(self) -> str:
        return repr(self._inner)


@contextmanager
def awaited(session: AsyncSession) -> Generator[Session]:
    """Give an asynchronous session as a synchronous one; it is closed at the end."""
    loop = Loop()
    try:
        with _Awaited(session, loop) as wrapped:
            yield cast(Session, wrapped)  # by the same names, which tests/surface proves
    finally:
        loop.close()
