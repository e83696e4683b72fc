"""Whom the official client talks to: the engine behind ports, and a real server. The tests do not know which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from weaviate_orm.testing import ServerAddress, serve

if TYPE_CHECKING:
    from real_server import RealServer


@pytest.fixture(scope="session", params=["engine", "server"])
def served(request: pytest.FixtureRequest) -> Iterator[ServerAddress]:
    """A server that is ready; leave no collections behind."""
    if request.param == "server":
        server: RealServer = request.getfixturevalue("weaviate_server")
        yield ServerAddress(server.url, server.http_port, server.grpc_port, in_process=False)
        return
    with serve() as own:
        yield own
