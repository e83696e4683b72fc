"""Runs contenders against each other and prints what they cost.

A benchmark file names its contenders, each a function that does some work and gives a ``Sample``. Every sample is taken in a
fresh process, because two clients in one process share protobuf's pools, the import time and the peak of memory. The
processes take turns (A B C A B C ...), so a noisy minute hits all alike; ratios are taken within a turn and then their median.

    python -m benchmarks.decode --rounds 5 --json decode.json
    python -m benchmarks.decode --contender official --server 127.0.0.1:8080:50051      one sample as a line of JSON

The module itself imports nothing outside the standard library: whatever it loads would be paid by every contender.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path

__all__ = ["Address", "Benchmark", "Contender", "Sample", "main", "measure", "null_server", "peak_memory"]

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = "official"
_PACKAGES = ("weaviate-client", "protobuf", "grpcio", "pydantic", "numpy")


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server of a benchmark listens."""

    http: int
    grpc: int
    host: str = "127.0.0.1"

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read ``host:http:grpc``."""
        host, http, grpc = text.rsplit(":", 2)
        return cls(int(http), int(grpc), host)

    def __str__(self) -> str:
        return f"{self.host}:{self.http}:{self.grpc}"

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.http}"


@dataclass(frozen=True, slots=True)
class Sample:
    """What one process measured.

    Attributes:
        operations: how many units of work the times below cover.
        wall_s: seconds on the clock.
        cpu_s: processor seconds of this process, all threads, without the server.
        peak_rss_mb: largest resident size of the process so far, in 2**20 bytes.
    """

    operations: int
    wall_s: float
    cpu_s: float
    peak_rss_mb: float


# Given the server, or None for a benchmark that needs none.
Contender = Callable[[Address], Sample]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What is compared.

    Attributes:
        name: as in ``--benchmark``.
        title: what the figures are about, sizes included.
        unit: what one operation is: ``"query"``.
        contenders: by name; ``"official"`` is what ratios are against.
        server: opens the server for as long as the benchmark lasts.
    """

    name: str
    title: str
    unit: str
    contenders: Mapping[str, Contender]
    server: Callable[[], AbstractContextManager[Address]] = field(default=lambda: nullcontext(Address(0, 0)))


def peak_memory() -> float:
    """Give the largest resident size of this process in 2**20 bytes."""
    # Linux passes ru_maxrss on from the parent through exec; VmHWM belongs to this process alone.
    with contextlib.suppress(OSError):
        found = re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
        if found:
            return int(found[1]) / 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if platform.system() == "Darwin" else 1 << 10)


def measure(action: Callable[[], object], *, operations: int, repeat: int, warm_up: int = 1) -> Sample:
    """Run ``action`` ``warm_up`` times unmeasured, then ``repeat`` times; each run is ``operations`` units of work."""
    for _ in range(warm_up):
        action()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(repeat):
        action()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Sample(operations * repeat, wall, cpu, peak_memory())


@contextlib.contextmanager
def null_server(hits: int, *, with_vectors: bool = True) -> Iterator[Address]:
    """Run a server that answers every search with the same ``hits`` objects and every batch with success."""
    command = [sys.executable, "-m", "benchmarks.null_server", "--hits", str(hits)]
    if not with_vectors:
        command.append("--no-vectors")
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None or process.stdin is None:
            raise RuntimeError("the null server was started without pipes")
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the null server ended with {process.wait()} before it listened")
        ports = json.loads(line)
        try:
            yield Address(ports["http"], ports["grpc"])
        finally:
            process.stdin.close()  # is how it is told to end
            process.wait(timeout=10)


def main(*benchmarks: Benchmark) -> None:
    """Run the benchmarks that the command line asks for."""
    caller = sys.modules["__main__"].__spec__
    if caller is None:
        raise SystemExit("Run it as a module, from the root of the repository: python -m benchmarks.decode")
    parser = argparse.ArgumentParser(prog=f"python -m {caller.name}")
    parser.add_argument("--rounds", type=int, default=5, help="samples of each contender (default 5)")
    parser.add_argument("--benchmark", choices=[one.name for one in benchmarks], help="only this one")
    parser.add_argument("--only", help="contenders to run, separated by commas")
    parser.add_argument("--json", type=Path, help="also write everything measured to this file")
    parser.add_argument("--contender", help="take one sample in this process and print it as JSON")
    parser.add_argument("--server", type=Address.parse, default=Address(0, 0), help="host:http:grpc, with --contender")
    options = parser.parse_args()
    chosen = [one for one in benchmarks if options.benchmark in (None, one.name)]
    if options.contender:
        print(json.dumps(asdict(chosen[0].contenders[options.contender](options.server))))
        return
    only = options.only.split(",") if options.only else None
    results = []
    for benchmark in chosen:
        names = [name for name in benchmark.contenders if only is None or name in only]
        result = _compare(benchmark, names, options.rounds, caller.name)
        print(_table(benchmark, result), flush=True)
        results.append(
            {"benchmark": benchmark.name, "title": benchmark.title, "unit": benchmark.unit, **result.to_json()}
        )
    if options.json:
        options.json.write_text(json.dumps({"machine": _machine(), "results": results}, indent=2) + "\n")
    if any(result["failures"] for result in results):
        raise SystemExit("Some contenders failed; the last line of what each said is below its table.")


@dataclass(frozen=True, slots=True)
class _Result:
    """Samples by contender, one for each round, and why a contender gave none."""

    samples: dict[str, list[Sample]]
    failures: dict[str, str]

    def median(self, name: str, value: Callable[[Sample], float]) -> float:
        return statistics.median(value(sample) for sample in self.samples[name])

    def ratio(self, name: str, value: Callable[[Sample], float]) -> float | None:
        """How many times as much the official client costs: above 1, ``name`` is the cheaper."""
        reference = self.samples.get(REFERENCE)
        if not reference:
            return None
        pairs = zip(reference, self.samples[name], strict=False)
        return statistics.median(value(theirs) / max(value(its), 1e-12) for theirs, its in pairs)

    def to_json(self) -> dict[str, dict[str, object]]:
        return {
            "contenders": {
                name: {
                    "wall_s_per_unit": self.median(name, _wall),
                    "cpu_s_per_unit": self.median(name, _cpu),
                    "peak_rss_mb": self.median(name, _memory),
                    "official_over_this": {
                        "wall": self.ratio(name, _wall),
                        "cpu": self.ratio(name, _cpu),
                        "peak_rss": self.ratio(name, _memory),
                    },
                    "samples": [asdict(sample) for sample in samples],
                }
                for name, samples in self.samples.items()
            },
            "failures": dict(self.failures),
        }


def _wall(sample: Sample) -> float:
    return sample.wall_s / sample.operations


def _cpu(sample: Sample) -> float:
    return sample.cpu_s / sample.operations


def _memory(sample: Sample) -> float:
    return sample.peak_rss_mb


def _compare(benchmark: Benchmark, names: Sequence[str], rounds: int, module: str) -> _Result:
    samples: dict[str, list[Sample]] = {}
    failures: dict[str, str] = {}
    with benchmark.server() as address:
        for _ in range(rounds):
            for name in names:
                if name in failures:
                    continue
                command = [sys.executable, "-m", module, "--benchmark", benchmark.name, "--contender", name]
                command += ["--server", str(address)]
                run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
                if run.returncode:
                    failures[name] = (run.stderr.strip().splitlines() or [f"exit status {run.returncode}"])[-1]
                    samples.pop(name, None)
                else:
                    sample = Sample(**json.loads(run.stdout.splitlines()[-1]))
                    samples.setdefault(name, []).append(sample)
    return _Result(samples, failures)


def _table(benchmark: Benchmark, result: _Result) -> str:
    head = ["contender", f"wall / {benchmark.unit}", f"CPU / {benchmark.unit}", "peak MB", "official ÷ it: wall", "CPU"]
    rows = [head]
    for name in result.samples:
        wall, cpu = result.ratio(name, _wall), result.ratio(name, _cpu)
        rows.append(
            [
                name,
                _seconds(result.median(name, _wall)),
                _seconds(result.median(name, _cpu)),
                f"{result.median(name, _memory):.0f}",
                _times(wall),
                _times(cpu),
            ]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [f"\n{benchmark.title}"]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("  " + "   ".join(cells))
    lines += [f"  {name}: {reason}" for name, reason in result.failures.items()]
    return "\n".join(lines)


def _times(ratio: float | None) -> str:
    if ratio is None:
        return ""
    return f"{ratio:.2f}" if ratio < 1_000 else "> 1,000"


def _seconds(value: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if value >= size:
            return f"{value / size:.2f} {unit}"
    return f"{value * 1e6:.1f} µs"


def _machine() -> dict[str, object]:
    versions: dict[str, str | None] = {}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = None
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "packages": versions,
    }
