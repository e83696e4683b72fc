"""The REST half of a connection, in both colours: one httpx client, JSON both ways, every failure of httpx turned into ours.

The only module that knows httpx, which is imported when a client is opened.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from weaviate_orm.errors import (
    ConfigurationError,
    ProtocolError,
    RequestTimeoutError,
    ServerUnreachableError,
    SessionClosedError,
    WeaviateError,
)
from weaviate_orm.transport.grpc import metadata
from weaviate_orm.transport.settings import ConnectionSettings, Tls, seconds_for
from weaviate_orm.wire.bodies import encode_body
from weaviate_orm.wire.call import Patience, RestReply

if TYPE_CHECKING:
    import asyncio
    import ssl

    import httpx

__all__ = ["AsyncHttpExchange", "HttpExchange", "decode_reply", "http_failures"]

# What stands between us and the server answers with these too, mostly as a web page; their meaning is in the status.
_FROM_PROXIES = frozenset({401, 403, 413, 429, 500, 502, 503, 504})


class HttpExchange:
    """Sends REST requests below ``/v1``. Safe to use from several threads, not across a fork.

    Making one imports httpx; connections are made by the calls and kept.
    """

    def __init__(self, settings: ConnectionSettings) -> None:
        import httpx

        self._settings = settings
        self._closed = False
        self._errors = httpx.HTTPError
        self._client = httpx.Client(**_client_options(settings))

    def rest(
        self, method: str, path: str, /, *, query: Mapping[str, str | None], body: object, patience: Patience
    ) -> RestReply:
        """Send one request and give status and body, whatever the status.

        Raises:
            ServerUnreachableError: nobody answers on the port, or the connection broke.
            RequestTimeoutError: no reply within the call's timeout.
            ProtocolError: a redirect or a web page: not Weaviate.
            SessionClosedError: closed, or closed meanwhile.
        """
        operation = f"{method} /v1{path}"
        with http_failures(self._settings, operation, patience):
            if self._closed:
                raise _closed(operation)
            request = _request(self._client, self._settings, method, path, query, body, patience)
            try:
                response = self._client.send(request)
            except (RuntimeError, self._errors) as error:
                # A RuntimeError is httpx's answer to a use after close(); grpcio's twin is in grpc.py.
                if self._closed:
                    raise _closed(operation) from error
                raise
        return decode_reply(response, self._settings, operation)

    def close(self) -> None:
        """End all connections."""
        self._closed = True
        self._client.close()


class AsyncHttpExchange:
    """``HttpExchange``, awaited. Making one reads certificates, so it is made in a thread; it belongs to the loop of its first call."""

    def __init__(self, settings: ConnectionSettings) -> None:
        import asyncio  # a tenth of this package's import time, and a synchronous program has no use for it

        import httpx

        # What httpx would import with the first request, on the loop and for 20 ms. Without it that is what happens.
        with suppress(ImportError):
            import_module("anyio._backends._asyncio")
        self._settings = settings
        self._closed = False
        self._new_task = asyncio.create_task
        self._current_task = asyncio.current_task
        self._wait = asyncio.wait
        self._cancelled = asyncio.CancelledError
        self._in_flight: set[asyncio.Task[httpx.Response]] = set()
        self._client = httpx.AsyncClient(**_client_options(settings))

    async def rest(
        self, method: str, path: str, /, *, query: Mapping[str, str | None], body: object, patience: Patience
    ) -> RestReply:
        """As ``HttpExchange.rest``."""
        operation = f"{method} /v1{path}"
        with http_failures(self._settings, operation, patience):
            if self._closed:
                raise _closed(operation)
            request = _request(self._client, self._settings, method, path, query, body, patience)
            # In a task, which close() can cancel: a client of httpx that is closed forgets the connections that it is about to make.
            sending = self._new_task(self._client.send(request))
            self._in_flight.add(sending)
            response: httpx.Response | None = None
            try:
                response = await sending
            except self._cancelled:
                if not self._ended_by_close():
                    raise
            finally:
                self._in_flight.discard(sending)
        if response is None:
            raise _closed(operation)
        return decode_reply(response, self._settings, operation)

    async def close(self) -> None:
        """As ``HttpExchange.close``."""
        self._closed = True
        for sending in self._in_flight:
            sending.cancel()
        if self._in_flight:
            await self._wait(self._in_flight)
        await self._client.aclose()

    def _ended_by_close(self) -> bool:
        """Tell whether it was ``close()`` that cancelled what the running task waited for, and not somebody the task itself."""
        task = self._current_task()
        return self._closed and task is not None and not task.cancelling()


def _client_options(settings: ConnectionSettings) -> dict[str, Any]:  # keyword arguments of both of httpx's clients
    return {
        "headers": dict(metadata(settings)),
        "verify": _verification(settings.tls) if settings.http.secure else True,
        "trust_env": settings.trust_env and not settings.http.is_loopback,
    }


def _request(
    client: httpx.Client | httpx.AsyncClient,
    settings: ConnectionSettings,
    method: str,
    path: str,
    query: Mapping[str, str | None],
    body: object,
    patience: Patience,
) -> httpx.Request:
    import httpx

    timeouts = settings.timeouts
    return client.build_request(
        method,
        f"{settings.http.url}/v1{path}",
        params={name: value for name, value in query.items() if value is not None} or None,
        content=encode_body(body, f"{method} /v1{path}"),
        headers=None if body is None else {"content-type": "application/json"},
        timeout=httpx.Timeout(seconds_for(patience, timeouts), connect=timeouts.connect),
    )


def decode_reply(response: httpx.Response, settings: ConnectionSettings, operation: str) -> RestReply:
    """Give status and decoded JSON of a response.

    Raises:
        ProtocolError: a redirect, or a body that is not JSON under a status that Weaviate answers with JSON.
    """
    status, address = response.status_code, settings.http.address
    if response.has_redirect_location:
        raise ProtocolError(
            f"{settings.http.url} redirects to {_origin(response.headers['location'])}. Use the address that it leads to.",
            operation=operation,
            status=status,
        )
    if not response.content:
        return RestReply(status, None)
    text = response.text
    try:
        # Concealed before decoding: a server may quote what it was sent.
        return RestReply(status, json.loads(text if status < 400 else settings.conceal(text)))
    except ValueError as error:
        excerpt = " ".join(settings.conceal(text[:1000]).split())[:120]
        if status in _FROM_PROXIES:
            return RestReply(status, {"message": f"(no JSON) {excerpt}"})
        raise ProtocolError(
            f"What answers at {address} is not Weaviate, or a proxy answers in its place: expected JSON, got {excerpt!r}. "
            "Check host and port.",
            operation=operation,
            status=status,
        ) from error


@contextmanager
def http_failures(settings: ConnectionSettings, operation: str, patience: Patience) -> Generator[None]:
    """Turn httpx's exceptions into ours. No message quotes a header."""
    import httpx

    address = settings.http.address
    try:
        yield
    except httpx.ConnectTimeout as error:
        raise ServerUnreachableError(
            f"No connection to REST at {address} within {settings.timeouts.connect:g} s (Timeouts.connect). "
            "The host may be down, or a firewall may be dropping the packets.",
            operation=operation,
        ) from error
    except httpx.TimeoutException as error:
        raise RequestTimeoutError(
            f"No reply from REST at {address} within {seconds_for(patience, settings.timeouts):g} s. "
            f"Raise it with Timeouts({patience.value}=...) if the call needs longer.",
            operation=operation,
        ) from error
    except (httpx.ConnectError, httpx.ProxyError) as error:
        said = settings.conceal(str(error))
        raise ServerUnreachableError(
            f"No connection to REST at {address}. {_reason(error, said)} ({said})", operation=operation
        ) from error
    except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL) as error:
        raise ConfigurationError(
            f"The request to {address} cannot be sent: {settings.conceal(str(error))}", operation=operation
        ) from error
    except httpx.RemoteProtocolError as error:
        raise _strange_reply(str(error), address, operation) from error
    except httpx.NetworkError as error:
        raise ServerUnreachableError(
            f"The connection to REST at {address} broke before the reply came.", operation=operation
        ) from error
    except httpx.HTTPError as error:
        raise ProtocolError(
            f"The reply of {address} cannot be read: {settings.conceal(str(error))}", operation=operation
        ) from error


def _strange_reply(said: str, address: str, operation: str) -> WeaviateError:
    if "disconnected" in said or "peer closed" in said:
        return ServerUnreachableError(
            f"The connection to REST at {address} broke before the reply came.", operation=operation
        )
    return ProtocolError(
        f"What answers at {address} does not speak HTTP/1.1 ({said}). Is it the gRPC port? REST is at 8080 unless configured "
        "otherwise.",
        operation=operation,
    )


def _reason(error: Exception, said: str) -> str:
    import httpx

    if isinstance(error, httpx.ProxyError):
        return "The proxy that the environment names does not pass it on; trust_env=False goes without."
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return "The server's certificate is not trusted; pass tls=Tls(authority=...) for a private authority."
    if "SSL" in said:
        return "It does not speak TLS there; use http:// or another port."
    if any(words in said for words in ("Name or service", "nodename", "getaddrinfo", "name resolution", "No address")):
        return "The host name is unknown; check its spelling."
    return "The server may be down, or listen on another host or port."


def _origin(location: str) -> str:
    """Scheme and host of a redirect's aim; what follows may hold a token."""
    try:
        url = urlsplit(location)
    except ValueError:
        return "another address"
    return f"{url.scheme}://{url.netloc.rpartition('@')[2]}" if url.netloc else "another path"


def _closed(operation: str) -> SessionClosedError:
    return SessionClosedError("The session was closed; open a new one.", operation=operation)


def _verification(tls: Tls | None) -> ssl.SSLContext | bool:
    if tls is None:
        return True
    import ssl

    try:
        context = ssl.create_default_context(cafile=None if tls.authority is None else str(tls.authority))
        if tls.certificate is not None and tls.key is not None:
            context.load_cert_chain(str(tls.certificate), str(tls.key))
    except OSError as error:  # ssl.SSLError is one too
        raise ConfigurationError(f"A file of Tls(...) cannot be used: {error}.") from error
    return context
