"""The gRPC half of a connection, in both colours: one channel, its metadata, and every failure of grpcio turned into ours.

grpcio is imported when a channel is opened, never with this module: it costs 60 ms and starts threads.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from google.protobuf.message import DecodeError, Message

from weaviate_orm._version import __version__
from weaviate_orm.errors import (
    ConfigurationError,
    RequestTimeoutError,
    ServerUnreachableError,
    SessionClosedError,
    WeaviateError,
)
from weaviate_orm.transport.settings import ChannelOption, ConnectionSettings, Tls, seconds_for
from weaviate_orm.wire.call import Rpc
from weaviate_orm.wire.status import RpcRefused

__all__ = [
    "CLIENT_NAME",
    "AsyncGrpcExchange",
    "GrpcExchange",
    "channel_options",
    "grpc_failure",
    "metadata",
    "read_tls_files",
]

CLIENT_NAME = f"weaviate-typed-orm/{__version__}"
"""What both protocols send as ``x-weaviate-client``."""

Metadata = tuple[tuple[str, str], ...]

# grpcio's own words for "nobody answered", which it gives the same UNAVAILABLE as a server's refusal.
_NO_CONNECTION = re.compile(
    r"failed to connect to all addresses|DNS resolution failed|name resolution|connection refused|connection reset"
    r"|socket closed|broken pipe|connection attempt timed out|GOAWAY|endpoint closing|tcp handshaker|keepalive watchdog"
    r"|transport closed|connection aborted|end of TCP stream|stream removed",
    re.IGNORECASE,
)


class _Method(Protocol):
    def __call__(self, request: Message, *, timeout: float, metadata: Metadata) -> Message: ...


class _Channel(Protocol):
    """The part of grpc.Channel that is used; grpcio ships no types."""

    def unary_unary(
        self,
        method: str,
        request_serializer: Callable[[Message], bytes],
        response_deserializer: Callable[[bytes], Message],
    ) -> _Method: ...

    def close(self) -> None: ...


class _AsyncMethod(Protocol):
    def __call__(self, request: Message, *, timeout: float, metadata: Metadata) -> Awaitable[bytes]: ...


class _AsyncChannel(Protocol):
    """The part of grpc.aio.Channel that is used."""

    def unary_unary(
        self,
        method: str,
        request_serializer: Callable[[Message], bytes],
        response_deserializer: None,
    ) -> _AsyncMethod: ...

    async def close(self) -> None: ...


class _RpcFailure(Protocol):
    """The part of grpc.RpcError, in both colours, that is used."""

    def code(self) -> Any: ...  # grpc.StatusCode, an untyped enum

    def details(self) -> str | None: ...


def metadata(settings: ConnectionSettings) -> Metadata:
    """Give the headers that every call carries, names in lower case, ``authorization`` last. REST sends the same."""
    entries = [("x-weaviate-client", CLIENT_NAME)]
    if settings.cloud:
        entries.append(("x-weaviate-cluster-url", f"https://{settings.http.host}"))
    names = {name for name, _ in settings.headers}
    entries = [entry for entry in entries if entry[0] not in names]
    entries += sorted(settings.headers, key=lambda header: header[0] == "authorization")
    if settings.credentials is not None:
        entries.append(("authorization", f"Bearer {settings.credentials.secret}"))
    return tuple(entries)


def channel_options(settings: ConnectionSettings, max_message_size: int) -> list[ChannelOption]:
    """Give the channel's arguments; the user's come last, and grpcio lets the last win."""
    options: list[ChannelOption] = [
        ("grpc.max_send_message_length", max_message_size),
        ("grpc.max_receive_message_length", max_message_size),
        ("grpc.enable_retries", 0),  # flows/retry.py is the only one that repeats
        # A server in Go drops connections that are pinged more often than every 5 minutes.
        ("grpc.keepalive_time_ms", 310_000),
        ("grpc.keepalive_timeout_ms", 20_000),
        # grpcio would wait up to 2 minutes before it tries a restarted server again.
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.min_reconnect_backoff_ms", max(100, int(settings.timeouts.connect * 1000))),
        ("grpc.max_reconnect_backoff_ms", 2_000),
    ]
    if not settings.trust_env or settings.grpc.is_loopback:
        options.append(("grpc.enable_http_proxy", 0))
    return [*options, *settings.channel_options]


class GrpcExchange:
    """Sends unary calls over one channel. Safe to use from several threads, not across a fork.

    Making one imports grpcio and opens the channel; the connection itself is made by the first call.
    """

    def __init__(self, settings: ConnectionSettings, max_message_size: int) -> None:
        import grpc  # pyright: ignore[reportMissingTypeStubs]  # grpcio ships none; imported on first use

        self._settings = settings
        self._metadata = metadata(settings)
        self._methods: dict[str, _Method] = {}
        self._closed = False
        self._rpc_error: type[Exception] = grpc.RpcError
        options = channel_options(settings, max_message_size)
        address = settings.grpc.address
        self._channel: _Channel
        if settings.grpc.secure:
            credentials: Any = grpc.ssl_channel_credentials(*read_tls_files(settings.tls))  # pyright: ignore[reportUnknownMemberType]  # untyped
            self._channel = grpc.secure_channel(address, credentials, options)  # pyright: ignore[reportUnknownMemberType]  # untyped
        else:
            self._channel = grpc.insecure_channel(address, options)  # pyright: ignore[reportUnknownMemberType]  # untyped

    def unary(self, rpc: Rpc, request: Message, /) -> Message:
        """Send one request and give its reply.

        Raises:
            RpcRefused: the server answered with another status than OK.
            ServerUnreachableError: nobody answers on the port, or the connection broke.
            RequestTimeoutError: no reply within the call's timeout.
            SessionClosedError: closed, or closed meanwhile.
        """
        method = self._methods.get(rpc.path)
        if method is None:
            # Two threads may both make one; the second replaces an equal first.
            method = self._channel.unary_unary(rpc.path, _serialize, rpc.reply.FromString)
            self._methods[rpc.path] = method
        try:
            return method(request, timeout=seconds_for(rpc.patience, self._settings.timeouts), metadata=self._metadata)
        except self._rpc_error as error:
            raise grpc_failure(error, rpc, self._settings) from error  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # untyped in grpcio
        except ValueError as error:
            if self._closed:
                raise _closed(rpc) from error
            raise

    def close(self) -> None:
        """End the connection; calls in flight fail."""
        self._closed = True
        self._channel.close()


class AsyncGrpcExchange:
    """``GrpcExchange``, awaited, for the event loop that is running when it is made.

    Args:
        settings: of the connection.
        max_message_size: bytes, either way.
        tls_files: what ``read_tls_files`` gives; reading them would block the loop.
    """

    def __init__(
        self, settings: ConnectionSettings, max_message_size: int, tls_files: Sequence[bytes | None] = ()
    ) -> None:
        import asyncio  # a tenth of this package's import time, and a synchronous program has no use for it

        import grpc  # pyright: ignore[reportMissingTypeStubs]  # grpcio ships none; imported on first use
        import grpc.aio  # pyright: ignore[reportMissingTypeStubs]  # the same

        self._settings = settings
        self._metadata = metadata(settings)
        self._methods: dict[str, _AsyncMethod] = {}
        self._closed = False
        self._rpc_error: type[Exception] = grpc.RpcError
        self._usage_error: type[Exception] = grpc.aio.UsageError
        self._cancelled = asyncio.CancelledError
        self._current_task = asyncio.current_task
        options = channel_options(settings, max_message_size)
        address = settings.grpc.address
        channel: Any  # half typed in grpcio: what it says of deserializers is not what it does
        if settings.grpc.secure:
            credentials: Any = grpc.ssl_channel_credentials(*tls_files)  # pyright: ignore[reportUnknownMemberType]  # untyped
            channel = grpc.aio.secure_channel(address, credentials, options)  # pyright: ignore[reportUnknownMemberType]  # untyped
        else:
            channel = grpc.aio.insecure_channel(address, options)  # pyright: ignore[reportUnknownMemberType]  # untyped
        self._channel: _AsyncChannel = channel

    async def unary(self, rpc: Rpc, request: Message, /) -> Message:
        """As ``GrpcExchange.unary``. Cancelling it cancels the call on the server too."""
        method = self._methods.get(rpc.path)
        if method is None:
            # The reply is decoded here: grpc.aio would give None for one that it cannot decode.
            method = self._methods[rpc.path] = self._channel.unary_unary(rpc.path, _serialize, None)
        reply: bytes | None = None
        try:
            reply = await method(
                request, timeout=seconds_for(rpc.patience, self._settings.timeouts), metadata=self._metadata
            )
        except self._rpc_error as error:
            if self._closed:
                raise _closed(rpc) from error
            raise grpc_failure(error, rpc, self._settings) from error  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # untyped in grpcio
        except self._usage_error as error:  # the channel was closed under the call
            if self._closed:
                raise _closed(rpc) from error
            raise
        except self._cancelled as error:
            # grpcio cancels what is in flight when its channel is closed, which must not look as if the task had been cancelled.
            task = self._current_task()
            if not self._closed or task is None or task.cancelling():
                # grpcio's frames know the call, whose task knows the error: a circle that would keep the connection open after close().
                error.__context__ = None
                raise error.with_traceback(None) from None
        if (
            reply is None
        ):  # not from within the except clause: an error that knows the call would keep the connection open
            raise _closed(rpc)
        try:
            return rpc.reply.FromString(reply)
        except DecodeError as error:
            raise RpcRefused("INTERNAL", f"Exception deserializing response: {error}") from error

    async def close(self) -> None:
        """As ``GrpcExchange.close``."""
        self._closed = True
        await self._channel.close()


def grpc_failure(error: _RpcFailure, rpc: Rpc, settings: ConnectionSettings) -> WeaviateError | RpcRefused:
    """Tell what a failed call means: the connection's trouble is an error of ours, the server's words an ``RpcRefused``."""
    status = str(error.code().name)
    details = settings.conceal(error.details() or "")
    address = settings.grpc.address
    match status:
        case "UNAVAILABLE" if _NO_CONNECTION.search(details):
            return ServerUnreachableError(
                f"No gRPC connection to {address}. {_reason(details, secure=settings.grpc.secure)} (grpcio: {details[:300]})",
                operation=rpc.name,
                status=status,
            )
        case "DEADLINE_EXCEEDED":
            seconds = seconds_for(rpc.patience, settings.timeouts)
            return RequestTimeoutError(
                f"No reply from gRPC at {address} within {seconds:g} s. "
                f"Raise it with Timeouts({rpc.patience.value}=...) if the call needs longer.",
                operation=rpc.name,
                status=status,
            )
        case "CANCELLED" if "channel closed" in details.lower():
            return _closed(rpc)
        case _:
            return RpcRefused(status, details)


def _reason(details: str, *, secure: bool) -> str:
    lowered = details.lower()
    if "http1" in lowered or "parsing http/2" in lowered:
        return "What listens there speaks HTTP/1.1: it is the REST port, or a proxy that does not pass gRPC on."
    if "certificate" in lowered and "wrong_version_number" not in lowered:
        return "The server's certificate is not trusted; pass tls=Tls(authority=...) for a private authority."
    if "handshake" in lowered or "ssl" in lowered:
        return "It does not speak TLS there; use http:// or another grpc_port=."
    if "dns" in lowered or "name resolution" in lowered:
        return "The host name is unknown; check its spelling."
    hint = "" if secure else " or the server may want TLS (https://),"
    return f"The server may be down, the port may be another (grpc_port=),{hint} or a firewall closes it."


def _closed(rpc: Rpc) -> SessionClosedError:
    return SessionClosedError("The session was closed; open a new one.", operation=rpc.name)


def _serialize(message: Message) -> bytes:
    return message.SerializeToString()


def read_tls_files(tls: Tls | None) -> Sequence[bytes | None]:
    """Read the files in the order that grpcio takes them: authority, key, certificate."""
    if tls is None:
        return (None, None, None)
    try:
        return tuple(
            None if path is None else Path(path).read_bytes() for path in (tls.authority, tls.key, tls.certificate)
        )
    except OSError as error:
        raise ConfigurationError(f"A file of Tls(...) cannot be read: {error}.") from error
