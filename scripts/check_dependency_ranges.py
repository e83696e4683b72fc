"""Prove that the package works at both ends of the ranges of its dependencies.

    python scripts/check_dependency_ranges.py [oldest] [newest] [-- pytest arguments]

For each end a temporary virtual environment gets those releases of what pyproject.toml depends on, and runs the unit tests that need no
server. The development environment cannot stand for the newest: the official client, a peer in tests, holds protobuf and grpcio back.
Needs pip and a package index.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ("model", "expr", "query", "schema", "wire", "flows", "transport", "session", "local")
EXTRAS = ("arrow", "pandas", "polars")
BESIDES = ("pytest", "pytest-randomly", "hypothesis", "phonenumbers", "psutil", "uvloop")
# The embeddings have a range of numpy of their own.
LEFT_OUT = "not word_llama and not leaves_logging_alone"
# Old releases of grpcio and httpx keep the connection of a call that was cancelled until the garbage collector comes.
LEFT_OUT_OF_OLDEST = f"{LEFT_OUT} and not cancel and not closing_under_calls"


def oldest(requirement: str) -> str:
    """Give ``"pydantic==2.11.0"`` for ``"pydantic>=2.11.0,<3"``, and ``"numpy==1.26.*"`` for ``"numpy>=1.26,<3"``."""
    found = re.match(r"([\w.-]+)>=([\d.]+)", requirement)
    if found is None:
        raise SystemExit(f"{requirement!r} names no oldest release")
    return f"{found[1]}=={found[2]}" + (".*" if found[2].count(".") < 2 else "")


def check(end: str, requirements: Sequence[str], arguments: Sequence[str]) -> bool:
    """Install and test one end of the ranges; tell whether the tests pass."""
    wanted = [oldest(each) for each in requirements] if end == "oldest" else list(requirements)
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder, "bin", "python"))
        pip = [python, "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", *wanted, *BESIDES], check=True)
        names = re.compile("|".join(re.match(r"[\w.-]+", each)[0] for each in requirements))  # type: ignore[index]  # all match
        listed = subprocess.run([*pip, "freeze"], check=True, capture_output=True, text=True).stdout.split()
        print(f"{end}: {' '.join(each for each in listed if names.match(each))}", flush=True)
        folders = [str(ROOT / "tests" / "unit" / each) for each in TESTS]
        # -W: what another release warns of is no fault of ours.
        command = [
            python,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-W",
            "default",
            "-k",
            LEFT_OUT_OF_OLDEST if end == "oldest" else LEFT_OUT,
            *folders,
            *arguments,
        ]
        # An empty PATH, so that nothing of the development environment is found.
        return subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": ""}, check=False).returncode == 0


def main(arguments: Sequence[str]) -> int:
    """Check the ends that are named, or both; give the exit code."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    ends = [each for each in arguments if each in ("oldest", "newest")] or ["oldest", "newest"]
    passed_on = [each for each in arguments if each not in ("oldest", "newest", "--")]
    extras = project["project"]["optional-dependencies"]
    requirements = list(
        dict.fromkeys([*project["project"]["dependencies"], *(each for name in EXTRAS for each in extras[name])])
    )
    results = [check(end, requirements, passed_on) for end in ends]
    return 0 if all(results) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
