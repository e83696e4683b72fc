"""``python -m examples.inference_service``: serve until interrupted."""

from __future__ import annotations

import argparse
import os
import select
import sys
import threading
from pathlib import Path

# The modules name each other as ``inference_service``, wherever this is started from.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from inference_service.models import MediaEmbedder
from inference_service.server import InferenceServer


def main() -> None:
    """Read the command line, load the model, say the address and serve."""
    parser = argparse.ArgumentParser(
        prog="inference_service",
        description="Serve small models to Weaviate's modules: see examples/inference_service.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback only)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    parser.add_argument(
        "--with-parent", action="store_true", help="end when standard input closes or the parent process ends"
    )
    options = parser.parse_args()
    MediaEmbedder()(["loads the model before the address is said"])
    with InferenceServer(options.host, options.port) as server:
        if options.with_parent:
            threading.Thread(target=end_with_parent, daemon=True).start()
        host, port = server.server_address[:2]
        print(f"http://{host if isinstance(host, str) else host.decode()}:{port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("stopped")


def end_with_parent() -> None:
    """End this process when its parent closes our standard input or dies."""
    parent = os.getppid()
    while os.getppid() == parent:
        readable, _, _ = select.select([sys.stdin], [], [], 0.5)
        if readable and not os.read(sys.stdin.fileno(), 4096):
            break
    os._exit(0)


if __name__ == "__main__":
    main()
