"""A server as a transport: owns both halves of a connection, opens them on the first call and closes them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from threading import Lock
from types import TracebackType
from typing import Self, TypeVar

from google.protobuf.message import Message

from weaviate_orm.errors import ConfigurationError, ServerUnreachableError, SessionClosedError
from weaviate_orm.flows.connect import identify, probe_grpc
from weaviate_orm.transport.base import answer, drive
from weaviate_orm.transport.grpc import GrpcExchange
from weaviate_orm.transport.http import HttpExchange
from weaviate_orm.transport.settings import ConnectionSettings
from weaviate_orm.wire.call import Call, GrpcCall, Patience, RestReply, Rpc
from weaviate_orm.wire.features import require
from weaviate_orm.wire.server import ServerInfo

__all__ = ["RemoteTransport", "forked", "say_lost"]

R = TypeVar("R")


class RemoteTransport:
    """Answers calls by a server. Nothing is opened or sent before the first call; safe to use from several threads.

    A process that forks opens its own after the fork: neither half survives one.

    Raises:
        SessionClosedError: by every call after ``close()``.
        ConfigurationError: by every call in a child of the process that opened it.
    """

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._connection: _Connection | None = None
        self._process: int | None = None
        self._closed = False

    @property
    def settings(self) -> ConnectionSettings:
        """What it was made with."""
        return self._settings

    @property
    def server(self) -> ServerInfo | None:
        """The connected server; ``None`` before the first call."""
        connection = self._connection
        return None if connection is None else connection.server

    def connect(self) -> ServerInfo:
        """Open the connection now, in place of with the first call.

        Raises:
            WeaviateError: as in ``flows/connect.py``.
        """
        return self._opened().server

    def send(self, call: Call[R], /) -> R:
        """Answer one call.

        Raises:
            UnsupportedFeatureError: the server is too old for what the call needs; nothing was sent.
        """
        connection = self._opened()
        if isinstance(call, GrpcCall):
            for feature in call.needs:
                require(feature, connection.server)
        try:
            return connection.send(call)
        except ServerUnreachableError as error:
            say_lost(error)
            raise

    def close(self) -> None:
        """End the connection; closing twice does nothing. Calls in flight in other threads fail."""
        if self._process not in (None, os.getpid()):
            # The connection is the parent's: closing it here would end it there, and the lock may be held by a thread that is gone.
            self._connection = None
            self._closed = True
            return
        with self._lock:
            self._closed = True
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        state = (
            "closed" if self._closed else "not connected" if self.server is None else f"Weaviate {self.server.version}"
        )
        return f"<RemoteTransport {self._settings.http.url}, gRPC {self._settings.grpc.address}, {state}>"

    def _opened(self) -> _Connection:
        if self._process not in (None, os.getpid()):
            raise forked()
        connection = self._connection
        if connection is not None:
            return connection
        with self._lock:
            if self._closed:
                raise SessionClosedError("The session was closed; open a new one.")
            if self._connection is None:
                self._process = os.getpid()
                connection = _Connection(self._settings)
                try:
                    connection.open()
                except BaseException:
                    connection.close()
                    self._process = None
                    raise
                self._connection = connection
            return self._connection


def say_lost(error: ServerUnreachableError) -> None:
    """Reword what happens to a connection that worked: to look for a wrong port, as at a first call, would lead astray."""
    error._reword(f"The connection worked before and is lost now. {error.message}")


def forked() -> ConfigurationError:
    """Give the error of a session that came through a fork."""
    return ConfigurationError(
        "The process forked after this session had connected, and neither the connection nor gRPC itself "
        "survives a fork. Close every session before the fork, or open the first one in the child, for example in "
        "gunicorn's post_fork hook or without --preload."
    )


class _Connection:
    """Both halves as one: an exchange, and the bare transport that the connect flows run on."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._http = HttpExchange(settings)
        self._grpc: GrpcExchange | None = None
        self._server: ServerInfo | None = None

    @property
    def server(self) -> ServerInfo:
        if self._server is None:
            raise RuntimeError("the connection is not open yet")
        return self._server

    def open(self) -> None:
        settings = self._settings
        server = drive(identify(), self)
        self._grpc = GrpcExchange(settings, server.max_message_size)
        drive(probe_grpc(server, rest_address=settings.http.address, grpc_address=settings.grpc.address), self)
        self._server = server

    def send(self, call: Call[R], /) -> R:
        return answer(self, call)

    def unary(self, rpc: Rpc, request: Message, /) -> Message:
        if self._grpc is None:
            raise RuntimeError("gRPC is used before identify() told its message size")
        return self._grpc.unary(rpc, request)

    def rest(
        self, method: str, path: str, /, *, query: Mapping[str, str | None], body: object, patience: Patience
    ) -> RestReply:
        return self._http.rest(method, path, query=query, body=body, patience=patience)

    def close(self) -> None:
        if self._grpc is not None:
            self._grpc.close()
        self._http.close()
