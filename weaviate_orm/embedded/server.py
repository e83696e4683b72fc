"""``EmbeddedServer``: one real server from start to stop."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from weaviate_orm._version import SERVER_VERSION
from weaviate_orm.embedded.binary import BinaryFinder
from weaviate_orm.embedded.environment import server_environment
from weaviate_orm.embedded.log import ServerLog
from weaviate_orm.embedded.ports import ServerPorts, choose_ports
from weaviate_orm.embedded.process import SupervisedProcess
from weaviate_orm.embedded.readiness import grpc_serves, reported_version, rest_is_ready
from weaviate_orm.errors import EmbeddedError

__all__ = ["DEFAULT_VERSION", "EmbeddedServer"]

DEFAULT_VERSION = SERVER_VERSION

_logger = logging.getLogger(__name__)

_PORT_ATTEMPTS = 5
_POLL_SECONDS = 0.05
# How Go words EADDRINUSE, on Linux and macOS alike.
_PORT_TAKEN = b"address already in use"


class EmbeddedServer:
    """A real Weaviate server, run as a child of this process on loopback.

    It ends with ``stop()``, with the ``with`` block, with the interpreter, and when this process is killed. A fork of this process cannot
    stop it. For development, tests and small applications: one node, no TLS. REST listens on loopback, but the server binds gRPC to
    every interface and has no setting for it, and without authentication, which ``environment`` turns on, it is open to whoever reaches
    that port. A ``Session(Embedded())`` turns it on by itself.

        with EmbeddedServer.start() as server:
            session = Session(server.url, grpc_port=server.grpc_port)

    Attributes:
        http_port: TCP port of REST.
        grpc_port: TCP port of gRPC.
        url: of REST: ``"http://127.0.0.1:PORT"``.
        log: file that the server's output goes to; with a temporary data folder it is removed by ``stop()``.
        pid: process id of the server.
        version: as the server reports it, or as asked for where it tells only authenticated callers.
    """

    def __init__(
        self, process: SupervisedProcess, ports: ServerPorts, *, log: Path, version: str, temporary: Path | None
    ) -> None:
        """Take over a running process; ``start()`` is what callers use."""
        self.http_port = ports.http
        self.grpc_port = ports.grpc
        self.url = f"http://127.0.0.1:{ports.http}"
        self.log = log
        self.pid = process.pid
        self.version = version
        self._process = process
        self._temporary = temporary
        self._owner = os.getpid()
        self._stopped = False
        atexit.register(self.stop)

    @property
    def running(self) -> bool:
        """Whether the server has neither been stopped nor ended by itself."""
        return not self._stopped and self._process.poll() is None

    @classmethod
    def start(
        cls,
        version: str = DEFAULT_VERSION,
        *,
        binary: Path | None = None,
        data_path: Path | None = None,
        http_port: int | None = None,
        grpc_port: int | None = None,
        environment: Mapping[str, str] | None = None,
        startup_timeout: float = 60.0,
    ) -> EmbeddedServer:
        """Find or fetch the server, start it, and wait until REST and gRPC both serve.

        Args:
            version: server version, as ``"1.39.3"``.
            binary: server file to run instead of looking for one; its version is then its own.
            data_path: folder to keep the data in, created when missing; ``None`` for a temporary one that ``stop()`` removes.
            http_port: ``None`` for a free one.
            grpc_port: ``None`` for a free one.
            environment: the server's own settings, such as ``{"ENABLE_MODULES": "text2vec-transformers"}``; they win over the defaults.
                Of this process's environment only paths, locale, proxies and certificates are passed on.
            startup_timeout: seconds from start to ready. Downloading or building the server, needed once for a version, is not counted.

        Raises:
            EmbeddedError: no server could be had, a named port or the data folder cannot be used, or the server ended or was not ready in
                time; the message then quotes the end of its log.
            ConfigurationError: ``environment`` names a variable that is set by an argument.
        """
        if os.name != "posix":
            raise EmbeddedError(
                "an embedded Weaviate server needs Linux or macOS. Start the server elsewhere (Docker, WSL) and give its URL instead."
            )
        program = BinaryFinder(version, environ=os.environ).find(binary)
        for _ in range(_PORT_ATTEMPTS - 1):
            ports = choose_ports(http_port, grpc_port)
            try:
                return cls._launch(program, version, ports, data_path, environment or {}, startup_timeout)
            except _PortLostError as error:
                if data_path is None and error.log is not None:
                    shutil.rmtree(Path(error.log).parent, ignore_errors=True)
                _logger.info("a port of the Weaviate server was taken before it could bind it; trying others")
        return cls._launch(
            program, version, choose_ports(http_port, grpc_port), data_path, environment or {}, startup_timeout
        )

    @classmethod
    def _launch(
        cls,
        program: Path,
        version: str,
        ports: ServerPorts,
        data_path: Path | None,
        overrides: Mapping[str, str],
        startup_timeout: float,
    ) -> EmbeddedServer:
        temporary: Path | None = None
        if data_path is None:
            folder = temporary = Path(tempfile.mkdtemp(prefix="weaviate_orm-"))
            data = folder / "data"
        else:
            folder = data = data_path.expanduser().absolute()
        process: SupervisedProcess | None = None
        try:
            variables = server_environment(ports, data, overrides=overrides, parent=os.environ)
            log = _prepare(data, folder)
            process = SupervisedProcess(
                [str(program), "--host", "127.0.0.1", "--port", str(ports.http), "--scheme", "http"],
                environment=variables,
                # Not the caller's folder: a weaviate.conf.json that lies there is not meant for this server.
                folder=data,
                log=log.path,
                lock=data / "weaviate_orm.lock",
                remove=temporary,
            )
            _wait_until_ready(process, ports, log, startup_timeout)
            reported = reported_version(ports.http)
        except BaseException as error:
            if process is not None:
                process.stop()
            if temporary is not None:
                # The error names the log, so that stays.
                shutil.rmtree(data if isinstance(error, EmbeddedError) else temporary, ignore_errors=True)
            raise
        if reported is not None and reported != version:
            _logger.warning("asked for Weaviate %s, but %s is version %s", version, program, reported)
        return cls(process, ports, log=log.path, version=reported or version, temporary=temporary)

    def stop(self) -> None:
        """Shut the server down and wait until it has ended: SIGTERM first, SIGKILL after 30 seconds.

        Removes the data folder when it was a temporary one. Does nothing when called again, or in a fork of the process that started it.
        """
        if self._stopped or os.getpid() != self._owner:
            return
        self._stopped = True
        atexit.unregister(self.stop)
        self._process.stop()
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def __enter__(self) -> EmbeddedServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        state = "stopped" if self._stopped else f"pid {self.pid}"
        return f"<EmbeddedServer {self.version} at {self.url}, gRPC port {self.grpc_port}, {state}>"


class _PortLostError(EmbeddedError):
    """The server ended because somebody took one of its ports between choosing and binding."""


def _prepare(data: Path, folder: Path) -> ServerLog:
    try:
        data.mkdir(parents=True, exist_ok=True)
        return ServerLog(folder / "weaviate_orm.log")
    except OSError as error:
        raise EmbeddedError(
            f"cannot keep the server's data in {data}: {error}. Give data_path= a folder that can be written."
        ) from error


def _wait_until_ready(process: SupervisedProcess, ports: ServerPorts, log: ServerLog, startup_timeout: float) -> None:
    deadline = time.monotonic() + startup_timeout
    rest = False
    while True:
        status = process.poll()
        if status is not None:
            kind = _PortLostError if _PORT_TAKEN in log.tail() else EmbeddedError
            raise kind(
                f"the Weaviate server ended with status {status} before it was ready. {log.quote()}", log=str(log.path)
            )
        rest = rest or rest_is_ready(ports.http)
        # The server binds REST last. If somebody else answers there, ours is about to end, and the next round sees it.
        if rest and grpc_serves(ports.grpc) and process.poll() is None:
            return
        if time.monotonic() >= deadline:
            silent = "gRPC" if rest else "REST"
            raise EmbeddedError(
                f"the Weaviate server was not ready within {startup_timeout:g} seconds: {silent} does not serve yet. "
                f"Raise startup_timeout, or see what it waits for. {log.quote()}",
                log=str(log.path),
            )
        time.sleep(_POLL_SECONDS)
