"""Whether a server on loopback serves: asked over REST and over gRPC, because the two come up at different times.

A connection that opens is no answer: the listening socket exists before the service behind it does.
"""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException
from typing import Protocol, cast

__all__ = ["grpc_serves", "reported_version", "rest_is_ready"]

_HOST = "127.0.0.1"
_SECONDS = 2.0
_HEALTH_CHECK = "/grpc.health.v1.Health/Check"
# HealthCheckResponse with field 1 (status) = 1 (SERVING).
_SERVING = b"\x08\x01"


def rest_is_ready(port: int) -> bool:
    """Say whether ``GET /v1/.well-known/ready`` answers 200."""
    status, _ = _get(port, "/v1/.well-known/ready")
    return status == 200


def reported_version(port: int) -> str | None:
    """Give the version that ``GET /v1/meta`` names, or ``None`` where it is not told, as to anonymous callers of a secured server."""
    status, body = _get(port, "/v1/meta")
    if status != 200:
        return None
    try:
        version: object = json.loads(body).get("version")
    except (ValueError, AttributeError):
        return None
    return version if isinstance(version, str) else None


def _get(port: int, path: str) -> tuple[int | None, bytes]:
    connection = HTTPConnection(_HOST, port, timeout=_SECONDS)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status, reply.read()
    except (OSError, HTTPException):
        return None, b""
    finally:
        connection.close()


class _UnaryCall(Protocol):
    """What a channel gives for one unary method; grpcio ships no types."""

    def __call__(self, request: bytes, *, timeout: float) -> bytes: ...


def grpc_serves(port: int) -> bool:
    """Say whether the gRPC health service answers that it serves."""
    import grpc  # imported late: 60 ms that only a program with an embedded server should pay

    options = [
        ("grpc.enable_http_proxy", 0),
        # Channels to one address share their connection attempts, and so the wait after a refused one, unless told not to.
        ("grpc.use_local_subchannel_pool", 1),
    ]
    with grpc.insecure_channel(f"{_HOST}:{port}", options=options) as channel:
        check = cast(_UnaryCall, channel.unary_unary(_HEALTH_CHECK))  # bytes in, bytes out: no serializers are given
        try:
            return check(b"", timeout=_SECONDS) == _SERVING
        except grpc.RpcError:
            return False
