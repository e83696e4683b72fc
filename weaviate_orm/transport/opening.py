"""From a session's target to a transport that is not open yet."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from weaviate_orm.errors import EmbeddedError, ServerUnreachableError, SessionClosedError
from weaviate_orm.flows.retry import Retry
from weaviate_orm.transport.remote import RemoteTransport
from weaviate_orm.transport.settings import (
    ApiKey,
    ConnectionSettings,
    Credentials,
    Embedded,
    Local,
    Target,
    Timeouts,
    Tls,
)
from weaviate_orm.transport.target import resolve_target
from weaviate_orm.wire.call import Call
from weaviate_orm.wire.server import ServerInfo

if TYPE_CHECKING:
    from weaviate_orm.embedded import EmbeddedServer

__all__ = ["EmbeddedTransport", "open_transport"]

R = TypeVar("R")


def open_transport(
    target: str | Target | None,
    *,
    auth: Credentials | None,
    headers: Mapping[str, str] | None,
    grpc_port: int | None,
    timeout: float | Timeouts | None,
    retry: Retry | None,
    tls: Tls | None,
    trust_env: bool,
    allow_insecure_api_key: bool,
) -> RemoteTransport | EmbeddedTransport:
    """Give the transport for a session's arguments. Nothing is opened or started.

    Raises:
        ConfigurationError: something that cannot work.
    """

    def resolve(
        target: str | Target | None, grpc_port: int | None, auth: Credentials | None
    ) -> ConnectionSettings | Embedded:
        return resolve_target(
            target,
            grpc_port=grpc_port,
            auth=auth,
            headers=headers,
            timeouts=Timeouts(query=timeout, insert=timeout) if isinstance(timeout, int | float) else timeout,
            retry=retry,
            tls=tls,
            trust_env=trust_env,
            allow_insecure_api_key=allow_insecure_api_key,
        )

    def resolve_local(local: Local, key: Credentials | None) -> ConnectionSettings:
        settings = resolve(local, None, key or auth)
        assert isinstance(settings, ConnectionSettings)
        return settings

    settings = resolve(target, grpc_port, auth)
    if isinstance(settings, Embedded):
        return EmbeddedTransport(settings, resolve_local)
    return RemoteTransport(settings)


class EmbeddedTransport:
    """Answers calls by a server that it starts with the first call and stops when it is closed.

    Raises:
        EmbeddedError: by the first call, when no server can be had or started.
    """

    def __init__(self, target: Embedded, connect: Callable[[Local, Credentials | None], ConnectionSettings]) -> None:
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
            raise EmbeddedError(
                f"The server that this session started has ended; its log is {server.log}. Close the session and open a new one.",
                log=str(server.log),
            ) from error

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
                from weaviate_orm.embedded import EmbeddedServer

                target = self._target
                environment, key = _guarded(target.environment or {})
                self._server = EmbeddedServer.start(
                    target.version,
                    binary=_path(target.binary),
                    data_path=_path(target.data_path),
                    http_port=target.http_port,
                    grpc_port=target.grpc_port,
                    environment=environment,
                    startup_timeout=target.startup_timeout,
                )
                local = Local("127.0.0.1", self._server.http_port, self._server.grpc_port)
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
