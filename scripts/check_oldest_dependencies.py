"""Prove that the package works with the oldest release of every dependency that pyproject.toml allows.

    python scripts/check_oldest_dependencies.py [pytest arguments]

Makes a temporary virtual environment with exactly those releases and runs the unit tests that need no server there. Needs pip and a package
index.
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
TESTS = ("model", "expr", "query", "schema", "wire", "flows")


def oldest(requirement: str) -> str:
    """Give ``"pydantic==2.11"`` for ``"pydantic>=2.11,<3"``."""
    found = re.match(r"([\w.-]+)>=([\d.]+)", requirement)
    if found is None:
        raise SystemExit(f"{requirement!r} names no oldest release")
    return f"{found[1]}=={found[2]}.*" if found[2].count(".") < 2 else f"{found[1]}=={found[2]}"


def main(arguments: Sequence[str]) -> int:
    """Install and test; give the exit code of the tests."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pins = [oldest(each) for each in project["project"]["dependencies"]]
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder, "bin", "python"))
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *pins, "pytest", "pytest-randomly", "hypothesis"], check=True)
        print(" ".join(pins), flush=True)
        folders = [str(ROOT / "tests" / "unit" / each) for each in TESTS]
        # -W: what an old release warns of is no fault of ours.
        command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "default", *folders, *arguments]
        return subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": ""}, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
