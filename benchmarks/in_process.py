"""The in-process engine beside a real server, qdrant-client's local mode, and bare numpy.

Each contender loads the same objects (384-dimensional vectors, a short text, a category, a year) in a fresh process and answers the same
questions; contenders take turns, so that a noisy minute hits all alike. ``floor`` is a matrix product and a partition, which nothing
that compares with every vector can beat.

    python -m benchmarks.in_process --objects 10000,100000 --rounds 3 --json in_process.json

``qdrant`` needs the package ``qdrant-client``, which is not among this repository's own: ``pip install qdrant-client``. A contender that
cannot run is named below the table, with the reason.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.harness import ROOT, Address
from benchmarks.in_process_contenders import CONTENDERS, IMPORT, START, Figures
from benchmarks.in_process_data import raw_bytes

ENGINE = "engine"
SERVER = "server"
TASKS = (
    IMPORT,
    START,
    "load",
    "memory",
    "near_vector",
    "near_vector, filtered",
    "bm25",
    "hybrid",
    "aggregate by group",
)

Samples = dict[str, list[Figures]]


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.in_process", description=__doc__.partition("\n")[0])
    parser.add_argument("--objects", default="10000,100000", help="sizes, separated by commas (default 10000,100000)")
    parser.add_argument("--rounds", type=int, default=3, help="samples of each contender (default 3)")
    parser.add_argument("--only", help="contenders to run, separated by commas")
    parser.add_argument("--json", type=Path, help="also write everything measured to this file")
    parser.add_argument("--contender", choices=CONTENDERS, help="take one sample in this process and print it as JSON")
    parser.add_argument("--server", type=Address.parse, default=Address(0, 0), help="host:http:grpc, with --contender")
    options = parser.parse_args()
    sizes = [int(size) for size in options.objects.split(",")]
    if options.contender:
        print(json.dumps(CONTENDERS[options.contender](sizes[0], options.server)))
        return
    names = options.only.split(",") if options.only else list(CONTENDERS)
    everything: dict[str, object] = {}
    for objects in sizes:
        samples, failures = _take_turns(names, objects, options.rounds)
        print(_table(objects, samples, failures), flush=True)
        everything[str(objects)] = {"samples": samples, "failures": failures, "raw_bytes": raw_bytes(objects)}
    if options.json:
        options.json.write_text(json.dumps(everything, indent=2) + "\n")


def _take_turns(names: Sequence[str], objects: int, rounds: int) -> tuple[Samples, dict[str, str]]:
    """Give the samples of each contender, and why one gave none."""
    samples: Samples = {}
    failures: dict[str, str] = {}
    with ExitStack() as stack:
        address = Address(0, 0)
        if SERVER in names:
            from benchmarks.real_server import real_server

            try:
                address = stack.enter_context(real_server())
            except Exception as error:  # whatever keeps a server from starting, the others can run
                failures[SERVER] = f"{type(error).__name__}: {error}"
        for _ in range(rounds):
            for name in names:
                if name in failures:
                    continue
                command = [sys.executable, "-m", "benchmarks.in_process", "--contender", name]
                command += ["--objects", str(objects), "--server", str(address)]
                run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
                if run.returncode:
                    failures[name] = (run.stderr.strip().splitlines() or [f"exit status {run.returncode}"])[-1]
                    samples.pop(name, None)
                else:
                    samples.setdefault(name, []).append(json.loads(run.stdout.splitlines()[-1]))
    return samples, failures


def _table(objects: int, samples: Samples, failures: Mapping[str, str]) -> str:
    raw = raw_bytes(objects)
    medians = {name: _medians(figures) for name, figures in samples.items()}
    ratios = [name for name in medians if name != ENGINE] if ENGINE in medians else []
    rows = [["", *medians, *(f"{name} ÷ engine" for name in ratios)]]
    for task in TASKS:
        if not any(task in figures for figures in medians.values()):
            continue
        row = [task]
        for figures in medians.values():
            row.append(_shown(task, figures[task], raw) if task in figures else "")
        for name in ratios:
            both = task in medians[name] and task in medians[ENGINE]
            row.append(f"{medians[name][task] / medians[ENGINE][task]:.2f}" if both else "")
        rows.append(row)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [f"\n{objects:,} objects; memory is over what is stored, {raw / 2**20:.0f} MB of vectors and properties"]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("  " + "   ".join(cells))
    lines += [f"  NOT MEASURED: {name}: {reason}" for name, reason in failures.items()]
    return "\n".join(lines)


def _medians(samples: Sequence[Figures]) -> Figures:
    return {task: statistics.median(sample[task] for sample in samples) for task in samples[0]}


def _shown(task: str, value: float, raw: int) -> str:
    if task == "memory":
        return f"{value / raw:.2f}x"
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if value >= size:
            return f"{value / size:.2f} {unit}"
    return f"{value * 1e6:.0f} µs"


if __name__ == "__main__":
    main()
