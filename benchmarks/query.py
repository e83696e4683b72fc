"""One small query: ten hits with all metadata and no vectors, on a server that does nothing.

Sequential with the synchronous clients, and 128 in flight with the asynchronous ones. The floors are a bare gRPC stub that
sends a request built once and parses the reply.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from benchmarks import data
from benchmarks.harness import Address, Benchmark, Sample, main, measure, null_server, peak_memory

HITS = 10
QUERIES = 1_000
IN_FLIGHT = 128


async def _measure_async(query: Callable[[], Awaitable[object]]) -> Sample:
    async def work(times: int) -> None:
        for _ in range(times):
            await query()

    await asyncio.gather(*(work(1) for _ in range(IN_FLIGHT)))  # warm up
    each = 2 * QUERIES // IN_FLIGHT
    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work(each) for _ in range(IN_FLIGHT)))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Sample(each * IN_FLIGHT, wall, cpu, peak_memory())


def official(server: Address) -> Sample:
    from benchmarks import official

    vector = data.vectors(1)[0]
    with official.connect(server) as client:
        query = client.collections.use(data.COLLECTION).query
        return measure(
            lambda: query.near_vector(
                vector,
                limit=HITS,
                target_vector=data.VECTOR,
                return_metadata=official.everything(),
            ),
            operations=1,
            repeat=QUERIES,
            warm_up=50,
        )


def official_async(server: Address) -> Sample:
    from benchmarks import official

    vector = data.vectors(1)[0]

    async def run() -> Sample:
        async with official.connect_async(server) as client:
            query = client.collections.use(data.COLLECTION).query
            return await _measure_async(
                lambda: query.near_vector(
                    vector,
                    limit=HITS,
                    target_vector=data.VECTOR,
                    return_metadata=official.everything(),
                )
            )

    return asyncio.run(run())


def ours(server: Address) -> Sample:
    from benchmarks import ours

    vector = data.vectors(1)[0]
    with ours.connect(server) as session:
        return measure(
            # Built anew each time, as the other clients do.
            lambda: session.query(ours.Article).near_vector(vector, target=ours.Article.embedding).limit(HITS).all(),
            operations=1,
            repeat=QUERIES,
            warm_up=50,
        )


def floor_stub(server: Address) -> Sample:
    from benchmarks import stub

    request = data.search_request(HITS, with_vectors=False)
    with stub.search(server) as search:
        return measure(lambda: search(request), operations=1, repeat=QUERIES, warm_up=50)


def floor_stub_async(server: Address) -> Sample:
    import grpc

    from benchmarks import stub

    async def run() -> Sample:
        request = data.search_request(HITS, with_vectors=False)
        async with grpc.aio.insecure_channel(f"{server.host}:{server.grpc}", stub.OPTIONS) as channel:
            search = stub.async_search(channel)
            return await _measure_async(lambda: search(request))

    return asyncio.run(run())


SEQUENTIAL = Benchmark(
    name="sequential",
    title=f"One query after the other, {HITS} hits, on a server that does nothing",
    unit="query",
    contenders={"official": official, "ours": ours, "floor-stub": floor_stub},
    server=lambda: null_server(hits=HITS, with_vectors=False),
)
CONCURRENT = Benchmark(
    name="concurrent",
    title=f"{IN_FLIGHT} queries in flight, {HITS} hits, on a server that does nothing",
    unit="query",
    contenders={"official": official_async, "floor-stub": floor_stub_async},
    server=lambda: null_server(hits=HITS, with_vectors=False),
)

if __name__ == "__main__":
    main(SEQUENTIAL, CONCURRENT)
