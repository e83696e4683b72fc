"""What ``import`` costs in a fresh interpreter: seconds and peak memory, compiled bytecode at hand.

python -m benchmarks.import_time
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.harness import ROOT, Address, Benchmark, Contender, Sample, main

# Reads VmHWM where there is one: ru_maxrss would be the parent's when the parent is the larger.
_PROGRAM = """
import sys, time
wall, cpu = time.perf_counter(), time.process_time()
{statement}
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
sys.path.insert(0, {root!r})
from benchmarks.harness import peak_memory
import json
print(json.dumps([wall, cpu, peak_memory()]))
"""
_BYTECODE = "BENCHMARK_BYTECODE"


def _importing(statement: str) -> Contender:
    def run(server: Address) -> Sample:
        # An editable install may be forbidden to write bytecode; a user's machine is not.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = os.environ[_BYTECODE]
        command = [sys.executable, "-W", "ignore", "-c", _PROGRAM.format(statement=statement, root=str(ROOT))]
        for _ in range(2):  # the first one compiles
            output = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True).stdout
        wall, cpu, peak = json.loads(output)
        return Sample(1, wall, cpu, peak)

    return run


@contextmanager
def _bytecode_folder() -> Iterator[Address]:
    """Share one folder of bytecode between the contenders; no server is needed."""
    with tempfile.TemporaryDirectory(prefix="benchmark-bytecode-") as folder:
        os.environ[_BYTECODE] = folder
        try:
            yield Address(0, 0)
        finally:
            del os.environ[_BYTECODE]


_STATEMENTS: dict[str, Callable[[Address], Sample]] = {
    "official": _importing("import weaviate"),
    "ours": _importing("import weaviate_orm"),
    "pydantic": _importing("import pydantic; pydantic.BaseModel"),
    "bare": _importing("pass"),
}

BENCHMARK = Benchmark(
    name="import_time",
    title="Import in a fresh interpreter",
    unit="import",
    contenders=_STATEMENTS,
    server=_bytecode_folder,
)

if __name__ == "__main__":
    main(BENCHMARK)
