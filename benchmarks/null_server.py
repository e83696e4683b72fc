"""A server that does no work, so that what is measured against it is the client.

REST answers what a client asks while it connects. gRPC answers every Search with the same prepared bytes and every
BatchObjects with success, without parsing the request. It prints its two ports as one line of JSON and ends when its
standard input is closed, so it cannot outlive whoever started it.

    python -m benchmarks.null_server --hits 10
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Callable
from concurrent import futures
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc

from benchmarks import data

_META = {
    "hostname": "http://[::]:8080",
    "version": "1.39.3",
    "modules": {},
    "grpcMaxMessageSize": 104858000,
}
_SERVING = b"\x08\x01"  # HealthCheckResponse: field 1, status, SERVING
_UNLIMITED = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]


class _Rest(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections open

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        match path.removeprefix("/v1").strip("/").split("/"):
            case ["meta"]:
                self._reply(200, _META)
            case [".well-known", "live" | "ready"]:
                self._reply(200, None)
            case ["schema"]:
                self._reply(200, {"classes": [data.schema()]})
            case ["schema", collection]:
                self._reply(200, data.schema(collection))
            case _:
                self._reply(404, None)

    def _reply(self, status: int, body: object) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: standard output carries the ports."""


class _Grpc(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpcio is not typed
    def __init__(self, replies: dict[str, bytes]) -> None:
        self._handlers = {
            method: grpc.unary_unary_rpc_method_handler(_always(reply)) for method, reply in replies.items()
        }

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        return self._handlers.get(handler_call_details.method)


def _always(reply: bytes) -> Callable[[bytes, object], bytes]:
    return lambda request, context: reply


def main() -> None:
    """Serve until standard input is closed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.null_server")
    parser.add_argument("--hits", type=int, default=10, help="objects in the reply to a search (default 10)")
    parser.add_argument("--no-vectors", action="store_true", help="leave the vectors out of the reply")
    options = parser.parse_args()

    reply = data.search_reply(options.hits, with_vectors=not options.no_vectors)
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8), options=_UNLIMITED)
    replies = {
        "/weaviate.v1.Weaviate/Search": reply.SerializeToString(),
        "/weaviate.v1.Weaviate/BatchObjects": b"",
        "/grpc.health.v1.Health/Check": _SERVING,
    }
    server.add_generic_rpc_handlers([_Grpc(replies)])
    grpc_port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    rest = ThreadingHTTPServer(("127.0.0.1", 0), _Rest)
    threading.Thread(target=rest.serve_forever, daemon=True).start()

    print(json.dumps({"http": rest.server_port, "grpc": grpc_port}), flush=True)
    sys.stdin.read()
    rest.shutdown()
    rest.server_close()
    server.stop(grace=None).wait()


if __name__ == "__main__":
    main()
