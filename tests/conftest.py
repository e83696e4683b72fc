"""Fixtures of the whole suite: one real server a run, the embeddings behind it, and a fake server for what a real one never does.

Where no server can be had, the tests that need one are skipped and the end of the run says so; with ``CI=true`` they fail instead.
``WEAVIATE_TEST_URL`` with ``WEAVIATE_TEST_GRPC_PORT`` names a running server to use, with ``WEAVIATE_TEST_INFERENCE_URL`` for where that
one reaches the models beside it; ``WEAVIATE_TEST_SECURED_URL`` with ``WEAVIATE_TEST_SECURED_GRPC_PORT`` names a secured one.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

# Time says nothing about a property: a machine that does other things as well is slow now and then.
hypothesis.settings.register_profile(
    "patient",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large],
)
hypothesis.settings.load_profile("patient")

_TESTS = Path(__file__).resolve().parent
# --import-mode=importlib leaves sys.path alone; these two folders hold modules that tests share.
sys.path[:0] = [str(_TESTS / "support"), str(_TESTS.parent / "examples")]

import real_server  # noqa: E402 - found through the line above
from inference_service import start_inference_service  # noqa: E402 - the same

from weaviate_orm.errors import EmbeddedError  # noqa: E402 - the same

_UNAVAILABLE = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def inference_url() -> Iterator[str]:
    """URL of the models of ``examples/inference_service``: embeddings of 256 numbers, a reranker and a generator."""
    with start_inference_service() as url:
        yield url


@pytest.fixture(scope="session")
def weaviate_binary(request: pytest.FixtureRequest) -> Path:
    """A server file to run. Skips where there is none, or fails where ``CI=true``."""
    try:
        return real_server.find_binary()
    except EmbeddedError as error:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(f"CI=true, and no Weaviate server can be had: {error}", pytrace=False)
        request.config.stash[_UNAVAILABLE] = str(error)
        pytest.skip("no Weaviate server can be had on this machine")


@pytest.fixture(scope="session")
def weaviate_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[real_server.RealServer]:
    """A real server, shared by the whole run and open to everybody: leave no collections behind."""
    running = real_server.external("WEAVIATE_TEST")
    if running is not None:
        yield running
        return
    binary: Path = request.getfixturevalue("weaviate_binary")
    url: str = request.getfixturevalue("inference_url")
    with real_server.unsecured(binary, inference_url=url, backups=tmp_path_factory.mktemp("backups")) as server:
        yield server


@pytest.fixture(scope="session")
def secured_server(request: pytest.FixtureRequest) -> Iterator[real_server.SecuredServer]:
    """A real server that wants an API key, shared by the whole run and started on first use."""
    running = real_server.external("WEAVIATE_TEST_SECURED")
    if running is not None:
        yield real_server.SecuredServer(running.url, running.http_port, running.grpc_port, running.version, None)
        return
    with real_server.secured(request.getfixturevalue("weaviate_binary")) as server:
        yield server


@pytest.fixture
def fake_binary(tmp_path: Path) -> Path:
    """An executable that behaves as fake_server.py describes."""
    script = tmp_path / "fake" / "weaviate-server"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{_TESTS / "support" / "fake_server.py"}" "$@"\n')
    script.chmod(0o755)
    return script


@pytest.fixture
def vanishes() -> Callable[[int], bool]:
    """Wait until a process has ended; False when it has not after half a minute."""

    def wait(pid: int) -> bool:
        for _ in range(600):
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return True
            time.sleep(0.05)
        return False

    return wait


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say loudly that half of the suite did not run."""
    reason = config.stash.get(_UNAVAILABLE, None)
    if reason is not None:
        terminalreporter.section("THE REAL-SERVER HALF OF THIS SUITE WAS SKIPPED", sep="!", red=True, bold=True)
        terminalreporter.line(reason)
