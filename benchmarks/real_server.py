"""A real Weaviate server for the benchmarks that need one, and the few REST requests that set it up.

The server is found as ``EmbeddedServer`` finds it: named by WEAVIATE_BINARY, on the path, or fetched.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from benchmarks import data
from benchmarks.harness import Address

__all__ = ["fresh_collection", "real_server", "stored"]


@contextmanager
def real_server() -> Iterator[Address]:
    """Start a server with an empty data folder, and stop it at the end."""
    from weaviate_orm.embedded import EmbeddedServer

    with EmbeddedServer.start() as server:
        yield Address(server.http_port, server.grpc_port)


def fresh_collection(address: Address) -> None:
    """Drop the benchmark's collection, if there is one, and create it empty."""
    with suppress(urllib.error.HTTPError):  # 400 when there is none
        _request(address, "DELETE", f"/schema/{data.COLLECTION}")
    _request(address, "POST", "/schema", data.schema())


def stored(address: Address) -> int:
    """Count the objects of the benchmark's collection."""
    query = f"{{Aggregate{{{data.COLLECTION}{{meta{{count}}}}}}}}"
    reply = json.loads(_request(address, "POST", "/graphql", {"query": query}))
    return int(reply["data"]["Aggregate"][data.COLLECTION][0]["meta"]["count"])


def _request(address: Address, method: str, path: str, body: object = None) -> bytes:
    request = urllib.request.Request(
        f"{address.url}/v1{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as reply:
        content: bytes = reply.read()
        return content
