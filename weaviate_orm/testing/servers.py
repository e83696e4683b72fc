"""The engine behind ports, for tests of code that brings its own client."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from weaviate_orm.transport.in_process import InProcessTransport
from weaviate_orm.transport.settings import InProcess
from weaviate_orm.types import Embedder, Reranker
from weaviate_orm.types import Generator as TextGenerator

__all__ = ["ServerAddress", "serve", "serve_target"]


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a server listens.

    Attributes:
        url: of REST: ``"http://127.0.0.1:8080"``.
        http_port: the REST port.
        grpc_port: the gRPC port.
        in_process: whether it is the engine of this process.
    """

    url: str
    http_port: int
    grpc_port: int
    in_process: bool = True


@contextmanager
def serve(
    path: str | os.PathLike[str] | None = None,
    *,
    http_port: int = 0,
    grpc_port: int = 0,
    embedder: Embedder | Mapping[str, Embedder] | Literal["automatic"] | None = "automatic",
    reranker: Reranker | None = None,
    generator: TextGenerator | None = None,
) -> Generator[ServerAddress]:
    """Serve an engine on two ports of 127.0.0.1, for clients of any kind, in threads of this process::

        with serve() as server, Session(server.url, grpc_port=server.grpc_port) as session:
            ...

    Args:
        path: the file that keeps the data; ``None`` keeps it in memory.
        http_port: the REST port; 0 is a free one.
        grpc_port: the gRPC port; 0 is a free one.
        embedder: as in ``InProcess``.
        reranker: as in ``InProcess``.
        generator: as in ``InProcess``.

    Raises:
        ConfigurationError: a port or the file cannot be used, or uvicorn (extra ``cli``) is not installed.
    """
    place = None if path is None else Path(path)
    target = InProcess(place, embedder=embedder, reranker=reranker, generator=generator)
    with serve_target(target, http_port=http_port, grpc_port=grpc_port) as address:
        yield address


@contextmanager
def serve_target(target: InProcess, *, http_port: int = 0, grpc_port: int = 0) -> Generator[ServerAddress]:
    """``serve``, of an engine that a target describes."""
    from weaviate_orm.serving.server import EngineServer

    transport = InProcessTransport(target)
    try:
        with EngineServer(transport.engine(), http_port=http_port, grpc_port=grpc_port) as server:
            yield ServerAddress(server.url, server.http_port, server.grpc_port)
    finally:
        transport.close()
