"""Write ``docs/conformance.md``: every case of the conformance suite, and where it runs; with ``--check``, tell whether the page is right.

Nothing is run: the page lists what is collected, and all that is collected has to pass for the suite to be green.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SUITE = ROOT / "tests" / "conformance"
PAGE = ROOT / "docs" / "conformance.md"

STORES = ("memory", "file", "served", "server")

INTRODUCTION = """# Conformance

One suite holds the [in-process engine](in-process.md) to a real Weaviate server: the same cases run on both, with the same expected values
and errors. This page is generated from the suite by `scripts/conformance_table.py`; what it lists has to pass on every run of
`scripts/test`.

- *memory*, *file*: the engine inside the process. The file is closed and read anew before every test.
- *served*: the engine behind real ports, as `weaviate-orm serve` puts it.
- *server*: Weaviate {version}.

A number is how many inputs the case has there; many of these draw further values at random (Hypothesis). Words in place of a number say
what the backend lacks for the case; *once* is a case that needs no backend.
"""


@dataclass
class Case:
    """One test function: inputs by store, and what it requires."""

    inputs: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    requires: set[str] = field(default_factory=set)


class Collector:
    """A pytest plugin that remembers what is collected and what is left out."""

    def __init__(self) -> None:
        self.files: dict[Path, dict[str, Case]] = defaultdict(lambda: defaultdict(Case))
        self.titles: dict[Path, str] = {}
        self.problems: list[str] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            case = self._case(item)
            store = self._store(item)
            if store is not None:
                case.inputs[store] += 1

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        for item in items:
            self._case(item).requires |= {name for marker in item.iter_markers("requires") for name in marker.args}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problems.append(str(report.longrepr))

    def _case(self, item: pytest.Item) -> Case:
        assert isinstance(item, pytest.Function)
        text = item.getparent(pytest.Module).obj.__doc__ or item.path.stem  # type: ignore[union-attr]  # a function is in a module
        self.titles[item.path] = text.strip().splitlines()[0]
        return self.files[item.path][item.originalname]

    @staticmethod
    def _store(item: pytest.Item) -> str | None:
        callspec = getattr(item, "callspec", None)
        parameters = {} if callspec is None else callspec.params
        backend = parameters.get("backend", parameters.get("store"))
        return None if backend is None else str(backend).partition("-")[0]


def collect() -> Collector:
    """Collect the suite without running it."""
    found = Collector()
    with contextlib.redirect_stdout(io.StringIO()):
        status = pytest.main(["--collect-only", "-q", "-p", "no:randomly", str(SUITE)], plugins=[found])
    if status != pytest.ExitCode.OK or found.problems:
        sys.exit("the suite cannot be collected:\n" + "\n".join(found.problems))
    return found


def page(found: Collector, version: str) -> str:
    """Give the page's text."""
    cases = [case for functions in found.files.values() for case in functions.values()]
    totals = ", ".join(f"{sum(case.inputs[store] for case in cases):,} on {store}" for store in STORES)
    lines = [INTRODUCTION.format(version=version), f"{len(cases)} cases with inputs: {totals}.", ""]
    for path in sorted(found.files, key=lambda each: each.relative_to(SUITE).as_posix()):
        functions = found.files[path]
        lines += [f"## {found.titles[path].rstrip('.')}", "", f"`{path.relative_to(ROOT).as_posix()}`", ""]
        lines += ["| case | " + " | ".join(STORES) + " |", "|---|" + "---:|" * len(STORES)]
        for name, case in sorted(functions.items()):
            cells = [str(case.inputs[store]) if case.inputs[store] else missing(case) for store in STORES]
            lines.append(f"| {name.removeprefix('test_').replace('_', ' ')} | " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines)


def missing(case: Case) -> str:
    """Say why a case does not run somewhere."""
    return ", ".join(sorted(case.requires)) or "once"


def main() -> int:
    """Write or check the page."""
    found = collect()
    from weaviate_orm._version import SERVER_VERSION  # after pytest, which wants to be the first to import the package

    text = page(found, SERVER_VERSION)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        print("docs/conformance.md is out of date; run: python scripts/conformance_table.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
