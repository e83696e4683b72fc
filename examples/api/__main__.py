"""Serve the application on this machine: ``python -m api``, in the folder ``examples``; ``scripts/api`` does both."""

from __future__ import annotations

import argparse
import os

import uvicorn

from api.application import create_app


def main() -> None:
    """Read the arguments and serve until ctrl-C."""
    parser = argparse.ArgumentParser(prog="api", description="Articles of a news agency's customers, over HTTP.")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; only this machine reaches the default"
    )
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--database", metavar="FILE", help="file that keeps the data, such as news.db; in memory otherwise"
    )
    parser.add_argument("--no-samples", action="store_true", help="start without the articles of acme and globex")
    given = parser.parse_args()
    grpc_port = os.environ.get("WEAVIATE_GRPC_PORT")
    # Without a file, the library uses the server of WEAVIATE_URL, or memory where that is not set.
    app = create_app(given.database, grpc_port=int(grpc_port) if grpc_port else None, samples=not given.no_samples)
    print(
        f"The documentation page: http://{given.host}:{given.port}/docs", flush=True
    )  # who reads a pipe wants to know it now
    uvicorn.run(app, host=given.host, port=given.port, log_level="warning")


if __name__ == "__main__":
    main()
