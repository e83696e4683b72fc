"""The real servers that tests run against: what a test is handed, and how each is had.

Tests take the fixtures ``weaviate_server`` and ``secured_server`` of ``tests/conftest.py`` and annotate them with the classes here; this
folder is on ``sys.path``, so ``from real_server import RealServer`` works in every test file.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from weaviate_orm.embedded import DEFAULT_VERSION, EmbeddedServer
from weaviate_orm.embedded.binary import BinaryFinder
from weaviate_orm.embedded.readiness import grpc_serves, reported_version, rest_is_ready

__all__ = ["RealServer", "SecuredServer", "external", "find_binary", "secured", "unsecured"]

MODULES = (
    "text2vec-transformers",
    "text2vec-bigram",
    "multi2vec-bind",
    "multi2vec-clip",
    "ref2vec-centroid",
    "reranker-transformers",
    "reranker-dummy",
    "generative-openai",
    "generative-anthropic",
    "generative-cohere",
    "generative-mistral",
    "generative-ollama",
    "generative-dummy",
    "backup-filesystem",
)
PROVIDERS_WITH_KEYS = ("ANTHROPIC", "COHERE", "MISTRAL", "OPENAI")
"""Providers of generative modules that want an API key, as their environment variables name them."""

_ROOT, _NOBODY = "test-root", "test-nobody"


@dataclass(frozen=True, slots=True)
class RealServer:
    """A server that is ready.

    Attributes:
        url: of REST.
        http_port: of REST.
        grpc_port: of gRPC.
        version: ``"1.39.3"``.
        log: what the server prints; ``None`` when this run did not start it.
        inference_url: where this server reaches the models of ``examples/inference_service``; ``None`` when it has none.
    """

    url: str
    http_port: int
    grpc_port: int
    version: str
    log: Path | None
    inference_url: str | None = None


@dataclass(frozen=True, slots=True)
class SecuredServer(RealServer):
    """A server that refuses anonymous callers. Role-based access control is on: the user of ``api_key`` may do everything, the one of
    ``powerless_api_key`` has no role."""

    api_key: str = field(default=f"{_ROOT}-key", repr=False)
    powerless_api_key: str = field(default=f"{_NOBODY}-key", repr=False)
    user: str = _ROOT
    powerless_user: str = _NOBODY


def find_binary() -> Path:
    """Give a server file, fetched or built where needed.

    Raises:
        EmbeddedError: there is none to be had on this machine.
    """
    return BinaryFinder(DEFAULT_VERSION, environ=os.environ).find()


@contextmanager
def unsecured(binary: Path, *, inference_url: str, backups: Path) -> Generator[RealServer]:
    """Start a server that is open to everybody, with every module that works without internet."""
    environment = {
        "BACKUP_FILESYSTEM_PATH": str(backups),
        "BIND_INFERENCE_API": inference_url,
        "CLIP_INFERENCE_API": inference_url,
        "CLIP_WAIT_FOR_STARTUP": "false",
        "ENABLE_MODULES": ",".join(MODULES),
        "RERANKER_INFERENCE_API": inference_url,
        "RERANKER_WAIT_FOR_STARTUP": "false",
        "TRANSFORMERS_INFERENCE_API": inference_url,
        **{f"{provider}_APIKEY": "any" for provider in PROVIDERS_WITH_KEYS},
    }
    with _started(binary, environment) as server:
        yield RealServer(server.url, server.http_port, server.grpc_port, server.version, server.log, inference_url)


@contextmanager
def secured(binary: Path) -> Generator[SecuredServer]:
    """Start a server with two users and no anonymous access."""
    environment = {
        "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": "false",
        "AUTHENTICATION_APIKEY_ENABLED": "true",
        "AUTHENTICATION_APIKEY_ALLOWED_KEYS": f"{_ROOT}-key,{_NOBODY}-key",
        "AUTHENTICATION_APIKEY_USERS": f"{_ROOT},{_NOBODY}",
        "AUTHENTICATION_DB_USERS_ENABLED": "true",
        "AUTHORIZATION_RBAC_ENABLED": "true",
        "AUTHORIZATION_RBAC_ROOT_USERS": _ROOT,
    }
    with _started(binary, environment) as server:
        yield SecuredServer(server.url, server.http_port, server.grpc_port, server.version, server.log)


def external(prefix: str) -> RealServer | None:
    """Give the running server that ``{prefix}_URL`` and ``{prefix}_GRPC_PORT`` name, or ``None`` where they name none.

    ``{prefix}_INFERENCE_URL`` is where that server reaches the models.
    """
    url = os.environ.get(f"{prefix}_URL")
    if not url:
        return None
    http_port = urlsplit(url).port or 80
    grpc_port = int(os.environ.get(f"{prefix}_GRPC_PORT") or 50051)
    if not rest_is_ready(http_port):
        raise RuntimeError(f"{prefix}_URL={url} is not a Weaviate server on this machine that is ready")
    if not grpc_serves(grpc_port):
        raise RuntimeError(f"nothing serves gRPC on port {grpc_port}; set {prefix}_GRPC_PORT to the gRPC port of {url}")
    version = reported_version(http_port) or DEFAULT_VERSION
    return RealServer(
        url.rstrip("/"), http_port, grpc_port, version, None, os.environ.get(f"{prefix}_INFERENCE_URL") or None
    )


def _started(binary: Path, environment: Mapping[str, str]) -> EmbeddedServer:
    # Sorting by an index that is still being flushed may give another order than sorting by value.
    return EmbeddedServer.start(
        binary=binary, environment={"INVERTED_SORTER_DISABLED": "true", **environment}, startup_timeout=120
    )
