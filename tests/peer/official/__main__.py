"""Send the requests of all intents to the server at two ports of this machine."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import weaviate

from . import aggregate, filters, generate, ranking, references, searches, targets, writing
from .common import Intent

AREAS: Mapping[str, Mapping[str, Intent]] = {
    "searches": searches.INTENTS,
    "filters": filters.INTENTS,
    "ranking": ranking.INTENTS,
    "targets": targets.INTENTS,
    "references": references.INTENTS,
    "generate": generate.INTENTS,
    "aggregate": aggregate.INTENTS,
    "batches": writing.BATCHES,
    "deletions": writing.DELETIONS,
    "tenants": writing.TENANTS,
}


def main(http_port: int, grpc_port: int) -> None:
    """Send the requests, each area's in order, and print what is sent."""
    client = weaviate.connect_to_custom(
        http_host="127.0.0.1",
        http_port=http_port,
        http_secure=False,
        grpc_host="127.0.0.1",
        grpc_port=grpc_port,
        grpc_secure=False,
        skip_init_checks=True,
    )
    with client:
        for area, intents in AREAS.items():
            for name, intent in intents.items():
                intent(client)
                print(f"{area}: {name}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
