"""The REST port as an ASGI application: decodes a request, hands it to the engine in a worker thread, encodes the reply.

The engine knows the routes; what the real server decides before its routes is decided here, in its order: the two health checks, who may
come in, the size, the media type and the JSON of the body.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, quote

from weaviate_orm.errors import InvalidValueError
from weaviate_orm.serving.access import Access, is_loopback
from weaviate_orm.serving.bodies import MalformedBody, body_name, decode_body, encode_body
from weaviate_orm.serving.engines import Answering
from weaviate_orm.wire.call import Patience, RestReply

__all__ = ["RestApplication"]

Event: TypeAlias = Mapping[str, Any]  # ASGI's own: each event has other values
Receive: TypeAlias = Callable[[], Awaitable[Event]]
Send: TypeAlias = Callable[[Event], Awaitable[None]]

_log = logging.getLogger("weaviate_orm.serving")

_ALWAYS_OPEN = ("/", "/.well-known/live", "/.well-known/ready")
_READ = ("application/json",)
_HOME = {
    "links": {
        "href": "/v1",
        "name": "api v1",
        "documentationHref": "https://weaviate.io/developers/weaviate/current/",
    }
}


class _Disconnected(Exception):  # noqa: N818 - ends a request that nobody waits for
    pass


class _Refusal(Exception):  # noqa: N818 - becomes a reply
    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.reply = RestReply(status, {"code": status, "message": text})


@dataclass(frozen=True, slots=True)
class RestApplication:
    """An ASGI application for HTTP alone.

    Attributes:
        engine: answers.
        executor: where it does; the event loop must not wait for it.
        access: who may come in.
        guarded: answer only requests that call the server by a name of this machine. A web page can make a browser send requests to
            loopback under the page's own host name; without an API key nothing else would stop it.
        max_body_size: bytes of a request's body.
    """

    engine: Answering
    executor: Executor
    access: Access
    guarded: bool
    max_body_size: int

    async def __call__(self, scope: Event, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"only HTTP is served here, not {scope['type']}")  # uvicorn is told not to offer others
        method: str = scope["method"]
        try:
            reply = await self._reply(scope, receive)
        except _Refusal as refusal:
            reply = refusal.reply
        except _Disconnected:
            return
        await _send(send, method, reply)

    async def _reply(self, scope: Event, receive: Receive) -> RestReply:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        method: str = scope["method"]
        raw_path: bytes | None = scope.get("raw_path")
        path = quote(scope["path"]) if raw_path is None else raw_path.decode("latin-1")
        if self.guarded and not is_loopback((_host_name(headers.get("host", "localhost")),)):
            raise _Refusal(
                403, "this server answers requests to this machine alone, by the name localhost or its address"
            )
        parts = [part for part in path.split("/") if part]
        if not parts:
            return RestReply(301, _HOME)
        if parts[0] != "v1":
            raise _Refusal(404, f"path {path} was not found")
        below = "/" + "/".join(parts[1:])
        if below in _ALWAYS_OPEN[1:]:
            method = "GET"  # the server looks at the path alone
        elif below not in _ALWAYS_OPEN:
            refused = self.access.refusal(headers.get("authorization"))
            if refused is not None:
                raise _Refusal(401, refused)
        body = await self._body(method, below, headers, receive)
        # Of a parameter that is given twice the server takes the last.
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True, errors="replace"))
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.executor, self._ask, method, below, query, body)

    def _ask(self, method: str, path: str, query: Mapping[str, str], body: object) -> RestReply:
        try:
            return self.engine.rest(method, path, query=query, body=body, patience=Patience.QUERY)
        except InvalidValueError as error:  # a body at the edge of what can be nested
            return RestReply(400, {"code": 400, "message": error.message})
        except Exception as error:
            _log.exception("%s /v1%s", method, path)
            return RestReply(500, {"error": [{"message": f"{type(error).__name__}: {error}"}]})

    async def _body(self, method: str, path: str, headers: Mapping[str, str], receive: Receive) -> object:
        content = await self._content(headers, receive)
        name = body_name(method, path)
        if name is None or not content:
            return None
        media_type = (headers.get("content-type") or "application/octet-stream").partition(";")[0].strip().lower()
        if media_type not in _READ:
            raise _Refusal(415, f'unsupported media type "{media_type}", only [{" ".join(_READ)}] are allowed')
        try:
            return decode_body(content)
        except MalformedBody as error:
            raise _Refusal(400, f'parsing {name} body from "" failed, because {error}') from error

    async def _content(self, headers: Mapping[str, str], receive: Receive) -> bytes:
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self.max_body_size:
            raise self._too_large(int(length))
        content = bytearray()
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                raise _Disconnected
            content += event.get("body", b"")
            if len(content) > self.max_body_size:
                raise self._too_large(len(content))
            if not event.get("more_body", False):
                return bytes(content)

    def _too_large(self, size: int) -> _Refusal:
        return _Refusal(413, f"request body too large: {size} bytes, at most {self.max_body_size} are accepted")


async def _send(send: Send, method: str, reply: RestReply) -> None:
    status, content = reply.status, b""
    headers: list[tuple[bytes, bytes]] = []
    if reply.body is not None:
        try:
            content = encode_body(reply.body)
        except ValueError as error:
            _log.exception("a reply that is no JSON")
            status, content = 500, encode_body({"error": [{"message": f"the reply is no JSON: {error}"}]})
        headers.append((b"content-type", b"application/json"))
    if status == 301:
        headers.append((b"location", b"/v1"))
    if status not in (204, 304):
        headers.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else content})


def _host_name(header: str) -> str:
    """Give the host of a ``Host`` header: ``"[::1]:8080"`` -> ``"[::1]"``."""
    if header.startswith("["):
        return header.partition("]")[0] + "]"
    return header.partition(":")[0]
