"""``RemoteTransport``'s awaited twin. It belongs to one event loop, and whatever blocks at opening runs beside it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Self, TypeVar

from google.protobuf.message import Message

from weaviate_orm.errors import ServerUnreachableError, SessionClosedError
from weaviate_orm.flows.connect import identify, probe_grpc
from weaviate_orm.transport.base import adrive, answer_async
from weaviate_orm.transport.grpc import AsyncGrpcExchange, read_tls_files
from weaviate_orm.transport.http import AsyncHttpExchange
from weaviate_orm.transport.loops import LoopBound, to_its_end
from weaviate_orm.transport.remote import forked, say_lost
from weaviate_orm.transport.settings import ConnectionSettings
from weaviate_orm.wire.call import Call, GrpcCall, Patience, RestReply, Rpc
from weaviate_orm.wire.features import require
from weaviate_orm.wire.server import ServerInfo

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["AsyncRemoteTransport"]

R = TypeVar("R")


class AsyncRemoteTransport:
    """Answers calls by a server. Nothing is opened or sent before the first call, which ties it to the running event loop.

    Safe to use from several tasks of that loop, and to cancel at every await.

    Raises:
        SessionClosedError: by every call after ``close()``.
        ConfigurationError: by every call from another event loop, or in a child of the process that opened it.
    """

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._bound = LoopBound()
        self._connection: _AsyncConnection | None = None
        self._opening: _AsyncConnection | None = None
        self._process: int | None = None
        self._closed = False

    @property
    def server(self) -> ServerInfo | None:
        """The connected server; ``None`` before the first call."""
        connection = self._connection
        return None if connection is None else connection.server

    async def connect(self) -> ServerInfo:
        """As ``RemoteTransport.connect``."""
        return (await self._opened()).server

    async def send(self, call: Call[R], /) -> R:
        """As ``RemoteTransport.send``."""
        connection = await self._opened()
        if isinstance(call, GrpcCall):
            for feature in call.needs:
                require(feature, connection.server)
        try:
            return await answer_async(connection, call)
        except ServerUnreachableError as error:
            say_lost(error)
            raise

    async def close(self) -> None:
        """End the connection; closing twice does nothing. Calls in flight in other tasks fail, that which opens it included.

        Raises:
            ConfigurationError: the connection belongs to another event loop.
        """
        connection = self._connection or self._opening
        if connection is None or self._process != os.getpid():  # the parent's connection is not ours to close
            self._closed = True
            return
        self._bound.check()
        self._closed = True
        self._connection = None
        await to_its_end(connection.close())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        state = (
            "closed" if self._closed else "not connected" if self.server is None else f"Weaviate {self.server.version}"
        )
        return f"<AsyncRemoteTransport {self._settings.http.url}, gRPC {self._settings.grpc.address}, {state}>"

    async def _opened(self) -> _AsyncConnection:
        if self._process not in (None, os.getpid()):
            raise forked()
        connection = self._connection
        if connection is not None:
            self._bound.check()
            return connection
        self._refuse_closed()
        async with self._bound.lock():
            self._refuse_closed()
            if self._connection is None:
                self._process = os.getpid()
                connection = self._opening = _AsyncConnection(self._settings)
                try:
                    await connection.open()
                    self._refuse_closed()  # by another task, in the last moment
                except BaseException:
                    self._process = None
                    await to_its_end(connection.close())
                    raise
                finally:
                    self._opening = None
                self._connection = connection
            return self._connection

    def _refuse_closed(self) -> None:
        if self._closed:
            raise _closed()


class _AsyncConnection:
    """Both halves as one: an exchange, and the bare transport that the connect flows run on."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._http: AsyncHttpExchange | None = None
        self._grpc: AsyncGrpcExchange | None = None
        self._server: ServerInfo | None = None
        self._closed = False

    @property
    def server(self) -> ServerInfo:
        if self._server is None:
            raise RuntimeError("the connection is not open yet")
        return self._server

    async def open(self) -> None:
        import asyncio

        settings = self._settings
        self._http = await asyncio.to_thread(AsyncHttpExchange, settings)  # reads certificates
        self._refuse_closed()
        server = await adrive(identify(), self)
        files = await asyncio.to_thread(_before_grpc, settings)
        self._refuse_closed()
        self._grpc = AsyncGrpcExchange(settings, server.max_message_size, files)
        await adrive(probe_grpc(server, rest_address=settings.http.address, grpc_address=settings.grpc.address), self)
        self._server = server

    async def send(self, call: Call[R], /) -> R:
        return await answer_async(self, call)

    async def unary(self, rpc: Rpc, request: Message, /) -> Message:
        if self._grpc is None:
            raise RuntimeError("gRPC is used before identify() told its message size")
        return await self._grpc.unary(rpc, request)

    async def rest(
        self, method: str, path: str, /, *, query: Mapping[str, str | None], body: object, patience: Patience
    ) -> RestReply:
        if self._http is None:
            raise RuntimeError("REST is used before open()")
        return await self._http.rest(method, path, query=query, body=body, patience=patience)

    async def close(self) -> None:
        self._closed = True
        try:
            if self._grpc is not None:
                await self._grpc.close()
        finally:
            if self._http is not None:
                await self._http.close()

    def _refuse_closed(self) -> None:
        if self._closed:
            raise _closed()


def _closed() -> SessionClosedError:
    return SessionClosedError("The session was closed; open a new one.")


def _before_grpc(settings: ConnectionSettings) -> tuple[bytes | None, ...]:
    """Do what would hold up the loop: import grpcio, which takes 60 ms, and read the files."""
    import grpc.aio  # noqa: F401  # pyright: ignore[reportMissingTypeStubs, reportUnusedImport]  # grpcio ships none

    return tuple(read_tls_files(settings.tls)) if settings.grpc.secure else ()
