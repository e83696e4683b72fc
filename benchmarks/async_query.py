"""Many small queries with the asynchronous clients: how many a second, how long one takes, and what the client computes for it.

Each query asks for ten hits with all metadata and no vectors. It is asked of a server that does nothing, so that what is measured is the
client, and of a real one; the servers are processes of their own. 1, 16 or 128 queries are in flight at a time. ``floor`` is bare grpc.aio
with a request that is built once and a reply that is parsed and no more.

    python -m benchmarks.async_query --rounds 5 --json async_query.json
    python -m benchmarks.async_query --server null --queries 1000 --in-flight 128

Every sample is a fresh process; contenders take turns, ratios are taken within a turn, and of both the median is shown.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

from benchmarks import data
from benchmarks.harness import REFERENCE, ROOT, Address, null_server

HITS = 10
STORED = 1_000
WARM_UP = 256


@dataclass(frozen=True, slots=True)
class Sample:
    """What one process measured.

    Attributes:
        throughput: queries a second.
        p50: seconds that half of the queries took at most, from asking to the last of its hits.
        p99: the same of 99 in 100.
        cpu: processor seconds of this process a query, all threads.
    """

    throughput: float
    p50: float
    p99: float
    cpu: float


Query = Callable[[], Awaitable[object]]
Contender = Callable[[Address, "Load"], Sample]


@dataclass(frozen=True, slots=True)
class Load:
    """How much is asked: ``queries`` in all, ``in_flight`` of them at a time."""

    queries: int
    in_flight: int

    async def measure(self, query: Query) -> Sample:
        """Ask, after a warm-up that is not measured."""
        await self._ask(query, max(WARM_UP, 2 * self.in_flight))
        wall, cpu = time.perf_counter(), time.process_time()
        latencies = await self._ask(query, self.queries)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        percentiles = statistics.quantiles(latencies, n=100, method="inclusive")
        return Sample(self.queries / wall, percentiles[49], percentiles[98], cpu / self.queries)

    async def _ask(self, query: Query, queries: int) -> list[float]:
        latencies: list[float] = []
        tickets = iter(range(queries))

        async def work() -> None:
            for _ in tickets:  # shared, so that whoever is free takes the next
                started = time.perf_counter()
                await query()
                latencies.append(time.perf_counter() - started)

        async with asyncio.TaskGroup() as group:
            for _ in range(self.in_flight):
                group.create_task(work())
        return latencies


def official(server: Address, load: Load) -> Sample:
    from benchmarks import official

    vector = data.vectors(1)[0]

    async def run() -> Sample:
        async with official.connect_async(server) as client:
            query = client.collections.use(data.COLLECTION).query
            return await load.measure(
                lambda: query.near_vector(
                    vector, limit=HITS, target_vector=data.VECTOR, return_metadata=official.everything()
                )
            )

    return asyncio.run(run())


def ours(server: Address, load: Load) -> Sample:
    from benchmarks import ours

    vector = data.vectors(1)[0]

    async def run() -> Sample:
        async with ours.connect_async(server) as session:
            return await load.measure(
                # Built anew each time, as with the official client.
                lambda: session.query(ours.Article).near_vector(vector, target=ours.Article.embedding).limit(HITS).all()
            )

    return asyncio.run(run())


def ours_same_query(server: Address, load: Load) -> Sample:
    from benchmarks import ours

    async def run() -> Sample:
        async with ours.connect_async(server) as session:
            query = session.query(ours.Article).near_vector(data.vectors(1)[0], target=ours.Article.embedding)
            return await load.measure(query.limit(HITS).all)

    return asyncio.run(run())


def floor(server: Address, load: Load) -> Sample:
    import grpc

    from benchmarks import stub

    async def run() -> Sample:
        request = data.search_request(HITS, with_vectors=False)
        async with grpc.aio.insecure_channel(f"{server.host}:{server.grpc}", stub.OPTIONS) as channel:
            search = stub.async_search(channel)
            return await load.measure(lambda: search(request))

    return asyncio.run(run())


CONTENDERS: Mapping[str, Contender] = {
    REFERENCE: official,
    "ours": ours,
    "ours, the same query": ours_same_query,
    "floor": floor,
}


@contextmanager
def _real_server() -> Iterator[Address]:
    from benchmarks import ours
    from benchmarks.real_server import fresh_collection, real_server

    with real_server() as address:
        fresh_collection(address)
        identifiers = (data.identifier(index) for index in range(STORED))
        with ours.connect(address) as session:
            session.insert_many(ours.stream(zip(identifiers, data.rows(STORED), data.vectors(STORED), strict=True)))
        yield address


SERVERS: Mapping[str, Callable[[], AbstractContextManager[Address]]] = {
    "null": lambda: null_server(hits=HITS, with_vectors=False),
    "real": _real_server,
}


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.async_query", description=__doc__.partition("\n")[0])
    parser.add_argument("--server", default="null,real", help="null, real, or both separated by a comma (default both)")
    parser.add_argument("--queries", default="1000,10000", help="how many, separated by commas (default 1000,10000)")
    parser.add_argument("--in-flight", default="1,16,128", help="at a time, separated by commas (default 1,16,128)")
    parser.add_argument("--rounds", type=int, default=3, help="samples of each contender (default 3)")
    parser.add_argument("--only", help="contenders to run, separated by semicolons")
    parser.add_argument("--json", type=Path, help="also write everything measured to this file")
    parser.add_argument("--contender", choices=CONTENDERS, help="take one sample in this process and print it as JSON")
    parser.add_argument("--address", type=Address.parse, default=Address(0, 0), help="host:http:grpc, with --contender")
    options = parser.parse_args()
    loads = [Load(*each) for each in product(_numbers(options.queries), _numbers(options.in_flight))]
    if options.contender:
        print(json.dumps(asdict(CONTENDERS[options.contender](options.address, loads[0]))))
        return
    names = options.only.split(";") if options.only else list(CONTENDERS)
    results: list[dict[str, object]] = []
    for server in options.server.split(","):
        with SERVERS[server]() as address:
            for load in loads:
                samples, failures = _take_turns(names, address, load, options.rounds)
                print(_table(server, load, samples, failures), flush=True)
                shown = {name: [asdict(each) for each in taken] for name, taken in samples.items()}
                results.append({"server": server, **asdict(load), "samples": shown, "failures": failures})
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")
    if any(result["failures"] for result in results):
        raise SystemExit("Some contenders failed; the last line of what each said is below its table.")


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",")]


def _take_turns(
    names: Sequence[str], address: Address, load: Load, rounds: int
) -> tuple[dict[str, list[Sample]], dict[str, str]]:
    """Give the samples of each contender, and why one gave none."""
    samples: dict[str, list[Sample]] = {}
    failures: dict[str, str] = {}
    for _ in range(rounds):
        for name in names:
            if name in failures:
                continue
            command = [sys.executable, "-m", "benchmarks.async_query", "--contender", name, "--address", str(address)]
            command += ["--queries", str(load.queries), "--in-flight", str(load.in_flight)]
            run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            if run.returncode:
                failures[name] = (run.stderr.strip().splitlines() or [f"exit status {run.returncode}"])[-1]
                samples.pop(name, None)
            else:
                samples.setdefault(name, []).append(Sample(**json.loads(run.stdout.splitlines()[-1])))
    return samples, failures


def _table(server: str, load: Load, samples: Mapping[str, Sequence[Sample]], failures: Mapping[str, str]) -> str:
    # Ratios are so that above 1 is better than the official client.
    columns: dict[str, Callable[[Sample, Sample], float]] = {
        "throughput": lambda its, theirs: its.throughput / theirs.throughput,
        "p50": lambda its, theirs: theirs.p50 / its.p50,
        "p99": lambda its, theirs: theirs.p99 / its.p99,
        "CPU": lambda its, theirs: theirs.cpu / its.cpu,
    }
    rows = [["", "queries / s", "p50", "p99", "CPU / query", *(f"better: {name}" for name in columns)]]
    for name, taken in samples.items():
        row = [name, f"{statistics.median(each.throughput for each in taken):,.0f}"]
        row.append(f"{statistics.median(each.p50 for each in taken) * 1e3:.2f} ms")
        row.append(f"{statistics.median(each.p99 for each in taken) * 1e3:.2f} ms")
        row.append(f"{statistics.median(each.cpu for each in taken) * 1e6:.0f} µs")
        pairs = list(zip(taken, samples.get(REFERENCE, ()), strict=False))
        for ratio in columns.values():
            row.append(f"{statistics.median(ratio(*pair) for pair in pairs):.2f}" if pairs else "")
        rows.append(row)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [f"\n{load.queries:,} queries, {load.in_flight} in flight, {server} server"]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("  " + "   ".join(cells))
    lines += [f"  NOT MEASURED: {name}: {reason}" for name, reason in failures.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
