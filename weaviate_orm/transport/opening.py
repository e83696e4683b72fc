"""From a session's target to a transport that is not open yet, in either colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from weaviate_orm.flows.retry import Retry
from weaviate_orm.transport.base import AsyncTransport, Transport
from weaviate_orm.transport.embedded import AsyncEmbeddedTransport, EmbeddedTransport
from weaviate_orm.transport.in_process import AsyncInProcessTransport, InProcessTransport
from weaviate_orm.transport.remote import RemoteTransport
from weaviate_orm.transport.remote_async import AsyncRemoteTransport
from weaviate_orm.transport.settings import (
    ConnectionSettings,
    Credentials,
    Embedded,
    InProcess,
    Local,
    Target,
    Timeouts,
    Tls,
)
from weaviate_orm.transport.target import resolve_target

__all__ = ["Opening", "open_async_transport", "open_transport"]


@dataclass(frozen=True, slots=True)
class Opening:
    """A session's arguments besides its target; ``Session`` says what each means."""

    auth: Credentials | None = None
    headers: Mapping[str, str] | None = None
    grpc_port: int | None = None
    timeout: float | Timeouts | None = None
    retry: Retry | None = None
    tls: Tls | None = None
    trust_env: bool = True
    allow_insecure_api_key: bool = False

    def resolve(self, target: str | Path | Target | None) -> ConnectionSettings | Embedded | InProcess:
        """Give what the target and the arguments mean together.

        Raises:
            ConfigurationError: something that cannot work.
        """
        return self._resolve(target, self.auth, self.grpc_port)

    def embedded(self, local: Local, key: Credentials | None) -> ConnectionSettings:
        """Give the settings of a connection to a server that the session has started itself."""
        settings = self._resolve(local, key or self.auth, None)
        assert isinstance(settings, ConnectionSettings)
        return settings

    def _resolve(
        self, target: str | Path | Target | None, auth: Credentials | None, grpc_port: int | None
    ) -> ConnectionSettings | Embedded | InProcess:
        timeout = self.timeout
        return resolve_target(
            target,
            grpc_port=grpc_port,
            auth=auth,
            headers=self.headers,
            timeouts=Timeouts(query=timeout, insert=timeout) if isinstance(timeout, int | float) else timeout,
            retry=self.retry,
            tls=self.tls,
            trust_env=self.trust_env,
            allow_insecure_api_key=self.allow_insecure_api_key,
        )


def open_transport(target: str | Path | Target | None, opening: Opening) -> Transport:
    """Give the transport for a session's arguments. Nothing is opened or started.

    Raises:
        ConfigurationError: something that cannot work.
    """
    match opening.resolve(target):
        case Embedded() as embedded:
            return EmbeddedTransport(embedded, opening.embedded)
        case InProcess() as engine:
            return InProcessTransport(engine)
        case settings:
            return RemoteTransport(settings)


def open_async_transport(target: str | Path | Target | None, opening: Opening) -> AsyncTransport:
    """``open_transport`` for an asynchronous session."""
    match opening.resolve(target):
        case Embedded() as embedded:
            return AsyncEmbeddedTransport(embedded, opening.embedded)
        case InProcess() as engine:
            return AsyncInProcessTransport(engine)
        case settings:
            return AsyncRemoteTransport(settings)
