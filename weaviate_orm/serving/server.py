"""The two ports and their life: bound together, ready when ``start()`` returns, drained and gone when ``stop()`` does."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from weaviate_orm.errors import ConfigurationError
from weaviate_orm.serving.access import Access, is_loopback, resolve_host
from weaviate_orm.serving.engines import Answering
from weaviate_orm.serving.rest import RestApplication
from weaviate_orm.serving.rpc import RpcHandler
from weaviate_orm.wire.server import DEFAULT_MESSAGE_SIZE

if TYPE_CHECKING:
    import uvicorn

__all__ = ["DEFAULT_HOST", "EngineServer"]

DEFAULT_HOST = "127.0.0.1"

_REST_WORKERS = 16
_GRPC_WORKERS = 40
"""A worker for each call in flight, and one for each open BatchStream as long as it is open."""

_DRAIN = 5.0
"""Seconds that calls in flight get to end."""


class EngineServer:
    """An engine behind a REST and a gRPC port. Whoever made the engine closes it, after ``stop()``.

    Nothing listens before ``start()``, or before it is entered as a context manager.

    Args:
        engine: what answers.
        host: a name or address of this machine; loopback unless said otherwise.
        http_port: the REST port; 0 is a free one.
        grpc_port: the gRPC port; 0 is a free one.
        api_keys: only who sends one of these may come in; nobody has to when there are none.
        anonymous: let a host that other machines can reach be open to everybody.

    Raises:
        ConfigurationError: the host or a key cannot work, or uvicorn is not installed.
    """

    def __init__(
        self,
        engine: Answering,
        *,
        host: str = DEFAULT_HOST,
        http_port: int = 0,
        grpc_port: int = 0,
        api_keys: Iterable[str] = (),
        anonymous: bool = False,
    ) -> None:
        access = Access(tuple(api_keys))
        for name, port in (("http_port", http_port), ("grpc_port", grpc_port)):
            if isinstance(port, bool) or not 0 <= port <= 65535:
                raise ConfigurationError(f"{name} is a number from 0, a free port, to 65535, not {port!r}.")
        if http_port == grpc_port != 0:
            raise ConfigurationError(f"REST and gRPC need a port each; both are {http_port}.")
        _require_uvicorn()
        self._engine = engine
        self._access = access
        self._address = resolve_host(host, protected=bool(access.keys), anonymous=anonymous)
        self._host = host
        self._wanted = (http_port, grpc_port)
        self._ports: tuple[int, int] | None = None
        self._stack: ExitStack | None = None

    @property
    def host(self) -> str:
        """The host as it was given."""
        return self._host

    @property
    def http_port(self) -> int:
        """The REST port."""
        return self._running()[0]

    @property
    def grpc_port(self) -> int:
        """The gRPC port."""
        return self._running()[1]

    @property
    def url(self) -> str:
        """The REST URL: ``"http://127.0.0.1:8080"``."""
        return f"http://{self._at(self.http_port)}"

    def start(self) -> Self:
        """Listen on both ports; both answer when this returns.

        Raises:
            ConfigurationError: a port is taken or not allowed.
        """
        if self._stack is not None:
            return self
        http_port, grpc_port = self._wanted
        with ExitStack() as stack:
            listener = stack.enter_context(_listener(self._address, http_port, "REST"))
            bound = self._start_grpc(stack, grpc_port)
            self._start_rest(stack, listener)
            self._ports = (listener.getsockname()[1], bound)
            self._stack = stack.pop_all()
        return self

    def stop(self) -> None:
        """Take no more calls, let those in flight end for a few seconds, and free the ports. Stopping twice does nothing."""
        stack, self._stack, self._ports = self._stack, None, None
        if stack is not None:
            stack.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        if self._ports is None:
            return "<EngineServer, not running>"
        return f"<EngineServer {self.url}, gRPC {self._at(self.grpc_port)}>"

    def _running(self) -> tuple[int, int]:
        if self._ports is None:
            raise ConfigurationError("The server is not running, so it has no ports; start() it first.")
        return self._ports

    def _at(self, port: int) -> str:
        return f"[{self._host}]:{port}" if ":" in self._host else f"{self._host}:{port}"

    def _start_grpc(self, stack: ExitStack, port: int) -> int:
        import grpc  # pyright: ignore[reportMissingTypeStubs]  # grpcio ships none; imported on first use

        workers = stack.enter_context(ThreadPoolExecutor(_GRPC_WORKERS, thread_name_prefix="weaviate-orm-grpc"))
        options = [
            ("grpc.max_send_message_length", DEFAULT_MESSAGE_SIZE),
            ("grpc.max_receive_message_length", DEFAULT_MESSAGE_SIZE),
            ("grpc.so_reuseport", 0),  # otherwise two servers may share a port, each getting some of the calls
        ]
        handlers: Any = (RpcHandler(self._engine, self._access),)  # untyped
        server: Any = grpc.server(workers, handlers=handlers, options=options)  # pyright: ignore[reportUnknownMemberType]  # untyped
        if port:  # of a port that is taken grpc's core writes a line of its own to the standard error
            _listener(self._address, port, "gRPC").close()
        address = f"[{self._address}]:{port}" if ":" in self._address else f"{self._address}:{port}"
        try:
            bound = int(server.add_insecure_port(address))
        except RuntimeError as error:
            raise _unusable("gRPC", port, self._host) from error
        if not bound:  # what older grpcio gives in place of an error
            raise _unusable("gRPC", port, self._host)
        server.start()
        stack.callback(lambda: server.stop(_DRAIN).wait())
        return bound

    def _start_rest(self, stack: ExitStack, listener: socket.socket) -> None:
        workers = stack.enter_context(ThreadPoolExecutor(_REST_WORKERS, thread_name_prefix="weaviate-orm-rest"))
        application = RestApplication(
            self._engine,
            workers,
            self._access,
            guarded=is_loopback((self._address,)) and not self._access.keys,
            max_body_size=DEFAULT_MESSAGE_SIZE,
        )
        running = _Rest(application, listener)
        running.start()
        stack.callback(running.stop)


class _Rest:
    """uvicorn in a thread with an event loop of its own."""

    def __init__(self, application: RestApplication, listener: socket.socket) -> None:
        import uvicorn

        ready = self._ready = Event()

        class Server(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                ready.set()

        config = uvicorn.Config(
            application,
            interface="asgi3",
            lifespan="off",
            ws="none",
            loop="asyncio",
            server_header=False,
            # Loggers are the program's: with these uvicorn leaves them as they are.
            log_config=None,
            log_level=None,
            access_log=True,
            timeout_graceful_shutdown=int(_DRAIN),
        )
        self._server: uvicorn.Server = Server(config)
        self._listener = listener
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._serve, name="weaviate-orm-rest", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()

    def _serve(self) -> None:
        try:
            asyncio.run(self._server.serve(sockets=[self._listener]))
        except BaseException as failure:  # handed to the thread that waits in start()
            self._failure = failure
        finally:
            self._ready.set()


def _listener(address: str, port: int, protocol: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
    except OSError as error:
        listener.close()
        raise _unusable(protocol, port, address) from error
    return listener


def _unusable(protocol: str, port: int, host: str) -> ConfigurationError:
    return ConfigurationError(
        f"The {protocol} port {port} of {host} cannot be used: another program listens there, or the system does not allow it. "
        "Take another, or 0 for a free one."
    )


def _require_uvicorn() -> None:
    try:
        import uvicorn  # noqa: F401  # pyright: ignore[reportUnusedImport]  # whether it is there
    except ImportError as error:
        raise ConfigurationError(
            "Serving the engine on ports needs uvicorn: pip install 'weaviate-typed-orm[cli]'."
        ) from error
