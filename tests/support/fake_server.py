"""Stands in for a Weaviate server: takes its arguments and environment, serves its two health checks, and misbehaves on demand.

``FAKE`` is a list of words: ``die`` (at once), ``lose-port`` (end as a server does whose port is taken, until the file ``FAKE_LOST`` holds
more lines than ``FAKE_LOSES``), ``no-rest``, ``no-grpc``, ``deaf`` (to SIGTERM), ``child`` (start a process and leave it behind).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import grpc


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/v1/.well-known/ready":
            self.send_response(503 if "no-rest" in FAKE else 200)
            self.end_headers()
        elif self.path == "/v1/meta":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"version": "9.8.7"}).encode())


class Health(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpcio has no types
    def service(self, details: Any) -> Any:  # Any: grpcio has no types
        if details.method != "/grpc.health.v1.Health/Check" or "no-grpc" in FAKE:
            return None
        return grpc.unary_unary_rpc_method_handler(lambda request, context: b"\x08\x01")


def lose_port() -> None:
    lost = Path(os.environ["FAKE_LOST"])
    with lost.open("a") as file:
        file.write(f"{PORT} {os.environ['GRPC_PORT']}\n")
    if len(lost.read_text().splitlines()) <= int(os.environ["FAKE_LOSES"]):
        sys.exit(f"listen tcp 127.0.0.1:{PORT}: bind: address already in use")


def main() -> None:
    data = Path(os.environ["PERSISTENCE_DATA_PATH"])
    (data / "seen.json").write_text(
        json.dumps({"environment": dict(os.environ), "folder": os.getcwd(), "arguments": sys.argv[1:]})
    )
    print('{"level":"info","msg":"fake starting","build":"x"}', flush=True)
    if "die" in FAKE:
        print('{"level":"fatal","msg":"cannot go on","error":"no luck"}', file=sys.stderr, flush=True)
        sys.exit(3)
    if "lose-port" in FAKE:
        lose_port()
    if "child" in FAKE:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        (data / "child").write_text(str(child.pid))
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, signal.SIG_IGN if "deaf" in FAKE else lambda *_: stopping.set())
    health = grpc.server(ThreadPoolExecutor(2), handlers=(Health(),))
    health.add_insecure_port(f"127.0.0.1:{os.environ['GRPC_PORT']}")
    health.start()
    rest = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    threading.Thread(target=rest.serve_forever, daemon=True).start()
    stopping.wait()
    (data / "stopped").touch()
    os._exit(0)


if __name__ == "__main__":
    FAKE = os.environ.get("FAKE", "").split()
    PORT = int(sys.argv[sys.argv.index("--port") + 1])
    main()
