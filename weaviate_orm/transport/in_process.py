"""Calls answered by an engine inside this process, in both colours."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from weaviate_orm._version import SERVER_VERSION
from weaviate_orm.errors import SessionClosedError
from weaviate_orm.transport.base import answer
from weaviate_orm.transport.loops import LoopBound, to_its_end
from weaviate_orm.transport.settings import InProcess
from weaviate_orm.wire.call import Call
from weaviate_orm.wire.server import ServerInfo, meta

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from weaviate_orm.local.engine import Engine

__all__ = ["AsyncInProcessTransport", "InProcessTransport"]

R = TypeVar("R")


class InProcessTransport:
    """Answers calls by an engine that it makes with the first call. Safe to use from several threads."""

    def __init__(self, target: InProcess) -> None:
        self._target = target
        self._lock = Lock()
        self._engine: Engine | None = None
        self._server: ServerInfo | None = None
        self._closed = False

    @property
    def server(self) -> ServerInfo | None:
        """What the engine says of itself; ``None`` before the first call."""
        return self._server

    def connect(self) -> ServerInfo:
        """Make the engine now, in place of with the first call.

        Raises:
            ConfigurationError: the file cannot be used.
        """
        return answer(self.engine(), meta())

    def send(self, call: Call[R], /) -> R:
        """Answer one call."""
        return answer(self.engine(), call)

    def reopen(self) -> None:
        """Close the engine, so that the next call reads the file anew. What is in memory alone is gone."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def close(self) -> None:
        """Give back the file and the memory; closing twice does nothing."""
        with self._lock:
            self._closed = True
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def __repr__(self) -> str:
        place = "in memory" if self._target.path is None else str(self._target.path)
        state = "closed" if self._closed else "not opened" if self._engine is None else f"as Weaviate {SERVER_VERSION}"
        return f"<InProcessTransport {place}, {state}>"

    def engine(self) -> Engine:
        """Give the engine, made now if no call has made it.

        Raises:
            ConfigurationError: the file cannot be used.
            SessionClosedError: the transport is closed.
        """
        made = self._engine
        if made is not None:
            return made
        with self._lock:
            if self._closed:
                raise SessionClosedError("The session was closed; open a new one.")
            if self._engine is None:
                # The engine brings numpy and SQLite; only who uses it pays for them.
                from weaviate_orm.local.engine import Engine
                from weaviate_orm.local.services import Services

                target = self._target
                services = Services(target.embedder, target.reranker, target.generator)
                engine = Engine(None if target.path is None else Path(target.path).expanduser(), services=services)
                self._server = answer(engine, meta())
                self._engine = engine
            return self._engine


class AsyncInProcessTransport:
    """``InProcessTransport``, awaited: every call runs in a thread, so a long scan holds nobody up.

    A call that is cancelled runs to its end in its thread, as it would on a server.

    Attributes:
        inner: what answers.
    """

    def __init__(self, target: InProcess) -> None:
        self.inner = InProcessTransport(target)
        self._bound = LoopBound()
        self._threads: ThreadPoolExecutor | None = None
        self._closed = False

    @property
    def server(self) -> ServerInfo | None:
        """As ``InProcessTransport.server``."""
        return self.inner.server

    async def send(self, call: Call[R], /) -> R:
        """As ``InProcessTransport.send``."""
        import asyncio

        if self._closed:
            raise SessionClosedError("The session was closed; open a new one.")
        self._bound.check()
        if self._threads is None:
            from concurrent.futures import ThreadPoolExecutor

            self._threads = ThreadPoolExecutor(thread_name_prefix="weaviate_orm")
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.inner.send, call)

    async def close(self) -> None:
        """As ``InProcessTransport.close``; waits for the calls in flight."""
        import asyncio

        self._closed = True
        threads, self._threads = self._threads, None

        def end() -> None:
            if threads is not None:
                threads.shutdown()
            self.inner.close()

        await to_its_end(asyncio.to_thread(end))

    def __repr__(self) -> str:
        return repr(self.inner).replace("<InProcess", "<AsyncInProcess", 1)
