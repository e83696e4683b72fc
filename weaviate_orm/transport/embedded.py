"""A server that a session starts with its first call and stops when it is closed, in both colours."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from weaviate_orm.errors import EmbeddedError, ServerUnreachableError, SessionClosedError
from weaviate_orm.transport.loops import LoopBound, in_thread, to_its_end
from weaviate_orm.transport.remote import RemoteTransport
from weaviate_orm.transport.remote_async import AsyncRemoteTransport
from weaviate_orm.transport.settings import ApiKey, ConnectionSettings, Credentials, Embedded, Local
from weaviate_orm.wire.call import Call
from weaviate_orm.wire.server import ServerInfo

if TYPE_CHECKING:
    from weaviate_orm.embedded import EmbeddedServer

__all__ = ["AsyncEmbeddedTransport", "EmbeddedTransport"]

R = TypeVar("R")
Connect: TypeAlias = Callable[[Local, Credentials | None], ConnectionSettings]


class EmbeddedTransport:
    """Answers calls by a server that it starts with the first call and stops when it is closed.

    Raises:
        EmbeddedError: by the first call, when no server can be had or started.
    """

    def __init__(self, target: Embedded, connect: Connect) -> None:
        self._target = target
        self._connect = connect
        self._lock = Lock()
        self._server: EmbeddedServer | None = None
        self._remote: RemoteTransport | None = None
        self._closed = False

    @property
    def server(self) -> ServerInfo | None:
        """The connected server; ``None`` before the first call."""
        return None if self._remote is None else self._remote.server

    def send(self, call: Call[R], /) -> R:
        """Answer one call.

        Raises:
            EmbeddedError: the server has ended by itself.
        """
        try:
            return self.start().send(call)
        except ServerUnreachableError as error:
            server = self._server
            if server is None or server.running:
                raise
            raise _ended(server) from error

    def connect(self) -> ServerInfo:
        """Start the server and connect, in place of with the first call."""
        return self.start().connect()

    def start(self) -> RemoteTransport:
        """Give the connection to the server, starting both if that has not happened."""
        remote = self._remote
        if remote is not None:
            return remote
        with self._lock:
            if self._closed:
                raise SessionClosedError("The session was closed; open a new one.")
            if self._remote is None:
                self._server, local, key = _start(self._target)
                self._remote = RemoteTransport(self._connect(local, key))
            return self._remote

    def close(self) -> None:
        """Disconnect and stop the server; closing twice does nothing."""
        with self._lock:
            self._closed = True
            remote, server = self._remote, self._server
            self._server = None
        if remote is not None:
            remote.close()
        if server is not None:
            server.stop()

    def __repr__(self) -> str:
        state = "closed" if self._closed else "not started" if self._server is None else repr(self._server)
        return f"<EmbeddedTransport Weaviate {self._target.version}, {state}>"


class AsyncEmbeddedTransport:
    """``EmbeddedTransport``, awaited. The server is started and stopped in a thread; who cancels the start waits until it is undone."""

    def __init__(self, target: Embedded, connect: Connect) -> None:
        self._target = target
        self._connect = connect
        self._bound = LoopBound()
        self._server: EmbeddedServer | None = None
        self._remote: AsyncRemoteTransport | None = None
        self._closed = False

    @property
    def server(self) -> ServerInfo | None:
        """As ``EmbeddedTransport.server``."""
        return None if self._remote is None else self._remote.server

    async def send(self, call: Call[R], /) -> R:
        """As ``EmbeddedTransport.send``."""
        try:
            return await (await self.start()).send(call)
        except ServerUnreachableError as error:
            server = self._server
            if server is None or server.running:
                raise
            raise _ended(server) from error

    async def connect(self) -> ServerInfo:
        """As ``EmbeddedTransport.connect``."""
        return await (await self.start()).connect()

    async def start(self) -> AsyncRemoteTransport:
        """As ``EmbeddedTransport.start``."""
        remote = self._remote
        if remote is not None:
            return remote
        self._refuse_closed()
        async with self._bound.lock():
            self._refuse_closed()
            if self._remote is None:
                server, local, key = await in_thread(partial(_start, self._target), lambda started: started[0].stop())
                self._server = server
                self._remote = AsyncRemoteTransport(self._connect(local, key))
            return self._remote

    async def close(self) -> None:
        """As ``EmbeddedTransport.close``."""
        self._closed = True
        async with self._bound.lock():
            remote, server = self._remote, self._server
            self._server = None
            await to_its_end(_end(remote, server))

    def __repr__(self) -> str:
        state = "closed" if self._closed else "not started" if self._server is None else repr(self._server)
        return f"<AsyncEmbeddedTransport Weaviate {self._target.version}, {state}>"

    def _refuse_closed(self) -> None:
        if self._closed:
            raise SessionClosedError("The session was closed; open a new one.")


async def _end(remote: AsyncRemoteTransport | None, server: EmbeddedServer | None) -> None:
    import asyncio

    try:
        if remote is not None:
            await remote.close()
    finally:
        if server is not None:
            await asyncio.to_thread(server.stop)


def _start(target: Embedded) -> tuple[EmbeddedServer, Local, ApiKey | None]:
    """Start a server; give it with where it listens and the key that it wants."""
    from weaviate_orm.embedded import EmbeddedServer

    environment, key = _guarded(target.environment or {})
    server = EmbeddedServer.start(
        target.version,
        binary=_path(target.binary),
        data_path=_path(target.data_path),
        http_port=target.http_port,
        grpc_port=target.grpc_port,
        environment=environment,
        startup_timeout=target.startup_timeout,
    )
    return server, Local("127.0.0.1", server.http_port, server.grpc_port), key


def _ended(server: EmbeddedServer) -> EmbeddedError:
    return EmbeddedError(
        f"The server that this session started has ended; its log is {server.log}. Close the session and open a new one.",
        log=str(server.log),
    )


def _guarded(environment: Mapping[str, str]) -> tuple[dict[str, str], ApiKey | None]:
    """Give the server's environment with a key that only this session knows, unless it says itself who may come in.

    REST listens on loopback, but the server binds gRPC to every interface and has no setting for it, so an open server would be
    everybody's.
    """
    if any(name.startswith("AUTHENTICATION_") for name in environment):
        return dict(environment), None
    import secrets

    key = secrets.token_urlsafe(32)
    guard = {
        "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": "false",
        "AUTHENTICATION_APIKEY_ENABLED": "true",
        "AUTHENTICATION_APIKEY_ALLOWED_KEYS": key,
        "AUTHENTICATION_APIKEY_USERS": "embedded",
    }
    return {**environment, **guard}, ApiKey(key)


def _path(value: str | os.PathLike[str] | None) -> Path | None:
    return None if value is None else Path(value)
