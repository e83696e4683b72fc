"""From what a user writes to the request that is sent, for ten typical queries: nothing is sent and nothing comes back.

Each contender writes the query anew every time, as an application does, and stops where the request would leave.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.harness import Address, Benchmark, Sample, main, measure, null_server

REPEAT = 3_000
TITLES = {
    "list": "Ten objects",
    "near_text": "near_text",
    "near_vector": "near_vector, 384 numbers",
    "bm25": "bm25 over two properties",
    "hybrid": "hybrid",
    "group_by": "near_text in groups",
    "rerank": "near_text, reranked",
    "include": "Objects with a reference",
    "sort": "Objects in an order of two keys",
    "filters": "near_text with five conditions",
}


def official(query: str) -> Callable[[Address], Sample]:
    def run(server: Address) -> Sample:
        from benchmarks import compile_official

        with compile_official.building(server, query) as build:
            return measure(build, operations=1, repeat=REPEAT, warm_up=200)

    return run


def ours(query: str) -> Callable[[Address], Sample]:
    def run(server: Address) -> Sample:
        from benchmarks import compile_ours

        with compile_ours.building(server, query) as build:
            return measure(build, operations=1, repeat=REPEAT, warm_up=200)

    return run


BENCHMARKS = [
    Benchmark(
        name=name,
        title=f"{title}: from Python to the request",
        unit="query",
        contenders={"official": official(name), "ours": ours(name)},
        server=lambda: null_server(hits=1, with_vectors=False),
    )
    for name, title in TITLES.items()
]

if __name__ == "__main__":
    main(*BENCHMARKS)
