"""Every Python block of the documentation runs, and prints what the comment behind its ``print`` says.

The blocks of a page run in order, in one module of their own, against the real server of ``tests/conftest.py``. Three things are said
in the pages by a comment above a block:

- ``<!-- no-run: reason -->``: the block is not run and not type-checked.
- ``<!-- refused -->``: the type checkers refuse the block. It is not run, and the ``text`` block behind it holds what they say, one
  message a line: the checker, its words, and the rule in brackets. The rules are compared, the words change with every release.

``Session("http://localhost:8080")`` and ``Session(Local())``, which is how pages name a server, reach the tests' server instead:
``_at_the_tests_server`` is the one place that sees to it.
"""

from __future__ import annotations

import json
import linecache
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import TypeAlias, TypeVar

import pytest
from real_server import RealServer

import weaviate_orm.session
import weaviate_orm.session_async
from weaviate_orm import Local, Session
from weaviate_orm.transport.opening import Opening, open_async_transport, open_transport
from weaviate_orm.transport.settings import Target

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("**/*.md")])

_WRITTEN_ELSEWHERE = {"errors.md", "benchmarks.md"}  # pages that may come later than those that link to them

_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\s*$")
_MARK = re.compile(r"^<!-- (?P<mark>no-run: \S.*|refused) -->$")
_PRINTED = re.compile(r"print\(.*\)  # (?P<text>.+)$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. ``line`` is that of its first line in the page, from 1; ``mark`` is what the comment above it says."""

    line: int
    language: str
    text: str
    mark: str


def blocks(page: Path) -> list[Block]:
    """Give the fenced blocks of a page, in order."""
    found: list[Block] = []
    lines = page.read_text().splitlines()
    fence: re.Match[str] | None = None
    start = 0
    mark = ""
    for number, line in enumerate(lines):
        match = _FENCE.match(line)
        if fence is not None:
            if line.strip() == "```":
                indent = len(fence["indent"])
                text = "\n".join(each[indent:] for each in lines[start:number])
                found.append(Block(start + 1, fence["language"], text, mark))
                fence, mark = None, ""
        elif match:
            fence, start = match, number + 1
        elif line.strip():
            said = _MARK.match(line.strip())
            mark = said["mark"] if said else ""
    assert fence is None, f"{page}: the block of line {start} is not closed"
    return found


def python_blocks(page: Path) -> list[Block]:
    """Give the blocks that run."""
    return [each for each in blocks(page) if each.language == "python" and not each.mark]


def source(page: Path, shown: list[Block]) -> str:
    """Give the blocks as one program whose line numbers are the page's."""
    lines: list[str] = []
    for block in shown:
        lines += [""] * (block.line - 1 - len(lines)) + block.text.splitlines()
    return "\n".join(lines) + "\n"


R = TypeVar("R")
Place: TypeAlias = str | Path | Target | None

RUNNABLE = [page for page in PAGES if python_blocks(page)]


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.fixture
def _at_the_tests_server(
    weaviate_server: RealServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[None]:
    """Lead the pages' server to the tests', and drop what a page created there."""

    def led(opening: Callable[[Place, Opening], R]) -> Callable[[Place, Opening], R]:
        def redirected(target: Place, given: Opening) -> R:
            if target in ("http://localhost:8080", Local()):
                target, given = weaviate_server.url, replace(given, grpc_port=weaviate_server.grpc_port)
            return opening(target, given)

        return redirected

    monkeypatch.setattr(weaviate_orm.session, "open_transport", led(open_transport))
    monkeypatch.setattr(weaviate_orm.session_async, "open_async_transport", led(open_async_transport))
    monkeypatch.chdir(tmp_path)  # pages write files
    monkeypatch.delenv("WEAVIATE_API_KEY", raising=False)
    monkeypatch.setenv("CLUSTER_API_KEY", "a-key-of-nobody")
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-of-nobody")
    with Session("http://localhost:8080") as session:
        before = {each.name for each in session.schema.list()}
        yield
        session.schema.drop(*(each.name for each in session.schema.list() if each.name not in before))


@pytest.mark.parametrize("page", RUNNABLE, ids=_name)
@pytest.mark.usefixtures("_at_the_tests_server")
def test_python_blocks_run(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("documentation_" + page.stem.lower())
    monkeypatch.setitem(sys.modules, module.__name__, module)  # pydantic looks names up in a class's module
    program = source(page, python_blocks(page))
    lines = program.splitlines(keepends=True)
    monkeypatch.setitem(linecache.cache, str(page), (len(program), None, lines, str(page)))  # for tracebacks
    printed: list[tuple[int, str]] = []

    def note(*values: object) -> None:
        printed.append((sys._getframe(1).f_lineno, " ".join(map(str, values))))

    module.__dict__["print"] = note
    exec(compile(program, str(page), "exec"), module.__dict__)
    assert dict(_first_of_each_line(printed)) == _expected(program, dict(_first_of_each_line(printed)))


def _first_of_each_line(printed: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    seen: set[int] = set()
    for line, text in printed:
        if line not in seen:
            seen.add(line)
            yield line, text


def _expected(program: str, printed: Mapping[int, str]) -> dict[int, str]:
    """Give what each line should have printed: what its comment says, ``...`` being anything, or whatever it did print."""
    expected: dict[int, str] = {}
    for number, line in enumerate(program.splitlines(), start=1):
        said = _PRINTED.search(line)
        if said is None:
            if number in printed:
                expected[number] = printed[number]
            continue
        pattern = ".*".join(map(re.escape, said["text"].split("...")))
        found = printed.get(number)
        expected[number] = found if found is not None and re.fullmatch(pattern, found, re.DOTALL) else said["text"]
    return expected


def test_the_pages_have_blocks() -> None:
    assert {_name(page) for page in RUNNABLE} >= {"README.md", "docs/models.md", "docs/queries.md", "docs/typing.md"}


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        prose = re.sub(r"^ *```.*?^ *```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
        for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)", prose):
            there = page.parent / target if target else page
            if there.name in _WRITTEN_ELSEWHERE and not there.exists():
                continue
            assert there.exists(), f"{_name(page)} links to {target}"
            headings = re.findall(r"^#+ (.+)$", there.read_text(), flags=re.MULTILINE) if anchor else []
            slugs = [re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings]
            assert not anchor or anchor in slugs, f"{_name(page)} links to {target}#{anchor}"


# --- the type checkers -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Path]:
    """Each page's program as a file, with the blocks that the checkers refuse among the others."""
    folder = tmp_path_factory.mktemp("pages")
    written: dict[Path, Path] = {}
    for page in RUNNABLE:
        shown = [each for each in blocks(page) if each.language == "python" and each.mark in ("", "refused")]
        written[page] = folder / f"page_{page.stem.lower()}.py"
        written[page].write_text(source(page, shown))
    return written


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a checker about a line of a page."""

    page: Path
    line: int
    rule: str
    text: str


def _compare(checker: str, said: list[Said]) -> None:
    """Every message that a page shows comes, and no other."""
    left = list(said)
    for page in PAGES:
        every = blocks(page)
        for position, block in enumerate(every):
            if block.mark != "refused":
                continue
            answer = every[position + 1]
            assert answer.language == "text", f"{_name(page)}:{block.line}: no text block behind it"
            shown = [line for line in answer.text.splitlines() if line.startswith(f"{checker}: ")]
            lines = range(block.line, block.line + len(block.text.splitlines()))
            come = [each for each in left if each.page == page and each.line in lines]
            rules = sorted(line.rpartition("  [")[2].removesuffix("]") for line in shown)
            assert rules == sorted(each.rule for each in come), f"{_name(page)}:{block.line}: {checker} says {come}"
            left = [each for each in left if each not in come]
    assert not left, "\n".join(f"{_name(each.page)}:{each.line}: {checker} says {each.text}" for each in left)


def test_mypy_says_what_the_pages_say(programs: dict[Path, Path]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--output=json", "--no-error-summary", *map(str, programs.values())],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    pages = {file.name: page for page, file in programs.items()}
    messages = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode in (0, 1), run.stdout + run.stderr
    _compare(
        "mypy",
        [
            Said(pages[Path(each["file"]).name], each["line"], each["code"], each["message"])
            for each in messages
            if each["severity"] == "error"
        ],
    )


def test_pyright_says_what_the_pages_say(programs: dict[Path, Path]) -> None:
    folder = next(iter(programs.values())).parent
    settings = {"include": ["."], "typeCheckingMode": "standard", "pythonVersion": "3.11", "extraPaths": [str(ROOT)]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    run = subprocess.run(
        [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson", "--project", str(folder)],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert run.returncode in (0, 1), run.stdout + run.stderr
    pages = {file.name: page for page, file in programs.items()}
    _compare(
        "pyright",
        [
            Said(pages[Path(each["file"]).name], each["range"]["start"]["line"] + 1, each["rule"], each["message"])
            for each in json.loads(run.stdout)["generalDiagnostics"]
            if each["severity"] == "error"
        ],
    )
