"""Run as a program with two ports: it evaluates what the documentation writes with the client, a line each, and prints what fails."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import weaviate
from weaviate.classes import aggregate, config, data, generate, query


def main(http_port: int, grpc_port: int) -> None:
    """Evaluate the lines of the standard input."""
    client = weaviate.connect_to_custom(
        http_host="127.0.0.1",
        http_port=http_port,
        http_secure=False,
        grpc_host="127.0.0.1",
        grpc_port=grpc_port,
        grpc_secure=False,
        skip_init_checks=True,
    )
    names: dict[str, Any] = {
        name: value
        for module in (aggregate, config, data, generate, query)
        for name, value in vars(module).items()
        if not name.startswith("_")
    }
    names |= {
        "id": UUID(int=7),
        "ids": [UUID(int=7), UUID(int=8)],
        "timedelta": timedelta,
        "t": datetime(2024, 5, 1, tzinfo=UTC),
        "a": query.Filter.by_property("title").equal("a"),
        "b": query.Filter.by_property("title").equal("b"),
        "object": None,
        "TypedDict": None,
        "TypeError": TypeError,
    }
    with client:
        names["articles"] = client.collections.use("Article")
        for line in sys.stdin.read().splitlines():
            # A step of a chain stands for itself; arguments are those of a call.
            code = f"query.Filter.by_property('a'){line}" if line.startswith(".") else line
            for each in (code, f"dict({code})"):
                try:
                    compiled = compile(each, line, "eval")
                except SyntaxError:
                    continue
                try:
                    eval(compiled, {**names, "query": query})
                except Exception as error:
                    print(f"{line}: {error!r}")
                break
            else:
                print(f"{line}: no Python")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
