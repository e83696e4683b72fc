"""A server on loopback whose every answer a test writes: REST by ``http.server``, gRPC by generic handlers. It records what it is sent."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, TypeAlias

import grpc

from weaviate_orm.transport.settings import ConnectionSettings, Endpoint, Timeouts

__all__ = ["META", "RestAnswer", "RpcAnswer", "RpcStatus", "ScriptedServer", "dead_port", "scripted_server"]

META = {
    "version": "1.39.3",
    "grpcMaxMessageSize": 1_000_000,
    "modules": {"b-module": {}, "a-module": {}},
    "hostname": "h",
}
HEALTH_PATH = "/grpc.health.v1.Health/Check"


@dataclass(frozen=True)
class RestAnswer:
    status: int = 200
    body: object = None
    """bytes go out as they are, ``None`` as no body, anything else as JSON."""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RpcStatus:
    name: str
    details: str = ""


RpcAnswer: TypeAlias = bytes | RpcStatus | Callable[[], bytes]
"""An encoded reply, a status, or a function that gives the reply when it is done waiting."""


@dataclass(frozen=True)
class SentRest:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class SentRpc:
    path: str
    metadata: tuple[tuple[str, str], ...]
    request: bytes


class ScriptedServer:
    """Answers meta and health like a server unless told otherwise.

    Attributes:
        rest: answers by method and path; a function is called for each request.
        rpc: answers by gRPC path; a list is used up one by one.
        sent_rest: every REST request, first to last.
        sent_rpc: every gRPC request, first to last.
    """

    def __init__(self) -> None:
        self.rest: dict[tuple[str, str], RestAnswer | Callable[[], RestAnswer]] = {
            ("GET", "/v1/meta"): RestAnswer(body=META)
        }
        self.rpc: dict[str, RpcAnswer | list[RpcAnswer]] = {HEALTH_PATH: b"\x08\x01"}
        self.sent_rest: list[SentRest] = []
        self.sent_rpc: list[SentRpc] = []
        self._connections: list[socket.socket] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self._grpc: Any = grpc.server(ThreadPoolExecutor(8), handlers=[self._rpc_handler()])
        self.http_port: int = self._http.server_address[1]
        self.grpc_port: int = self._grpc.add_insecure_port("127.0.0.1:0")
        self._grpc.start()

    def close(self) -> None:
        self._grpc.stop(None).wait()
        self._http.shutdown()
        self._http.server_close()
        for connection in self._connections:  # kept alive by clients; a stopped server answers nobody
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def settings(self, *, timeouts: Timeouts | None = None, **changes: Any) -> ConnectionSettings:
        return ConnectionSettings(
            http=Endpoint("127.0.0.1", self.http_port),
            grpc=Endpoint("127.0.0.1", self.grpc_port),
            timeouts=timeouts or Timeouts(),
            **changes,
        )

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                server._connections.append(self.connection)

            def answer(self) -> None:
                sent = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                server.sent_rest.append(SentRest(self.command, self.path, headers, sent))
                answer = server.rest.get((self.command, self.path), RestAnswer(404))
                if not isinstance(answer, RestAnswer):
                    answer = answer()
                body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
                body = b"" if answer.body is None else body
                try:
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.send_header("content-length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True  # the client's patience ended first

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler

    def _rpc_handler(self) -> Any:
        server = self

        class Handler(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpcio is untyped
            def service(self, details: Any) -> Any:
                if details.method not in server.rpc:
                    return None

                def answer(request: bytes, context: Any) -> bytes:
                    metadata = tuple((entry.key, entry.value) for entry in details.invocation_metadata)
                    server.sent_rpc.append(SentRpc(details.method, metadata, request))
                    scripted = server.rpc[details.method]
                    now = scripted.pop(0) if isinstance(scripted, list) else scripted
                    if isinstance(now, RpcStatus):
                        context.abort(getattr(grpc.StatusCode, now.name), now.details)
                    return now if isinstance(now, bytes) else now()  # type: ignore[operator]  # abort() never returns

                return grpc.unary_unary_rpc_method_handler(answer)

        return Handler()


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    try:
        yield server
    finally:
        server.close()


@contextmanager
def dead_port() -> Iterator[int]:
    """A port that is taken, so that nobody else gets it, and refuses connections."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]
