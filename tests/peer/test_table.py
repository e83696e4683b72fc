"""The table "from the official client" is true: what it writes for us runs, and what it writes for the client is Python of its names."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from weaviate_orm import Session

from .answering import answering_server
from .ours.common import heard

PAGE = Path(__file__).parents[2] / "docs" / "from_the_official_client.md"


def cells() -> list[tuple[str, str, str]]:
    """Give all rows of the page: what, official client, here."""
    found: list[tuple[str, str, str]] = []
    for line in PAGE.read_text().splitlines():
        if line.startswith("| ") and not line.startswith(("| what |", "| provider |")):
            what, official, here = re.split(r"(?<!\\)\|", line.strip("|"))
            found.append((what.strip(), official.replace("\\|", "|"), here.replace("\\|", "|")))
    return found


def codes(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def preamble() -> str:
    """Give the page's block of declarations, without what comes of a session."""
    block = PAGE.read_text().partition("```python\n")[2].partition("```")[0]
    return block.partition("session = ")[0]


def expression(code: str) -> CodeType | None:
    """Give code that stands for itself; ``None`` for names, arguments and annotations in a sentence."""
    try:
        tree = ast.parse(code, mode="eval")
    except SyntaxError:
        return None
    complete = isinstance(tree.body, ast.Call | ast.Compare | ast.BinOp | ast.UnaryOp) and "..." not in code
    return compile(tree, code, "eval") if complete else None


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """Give what the page declares: classes of whatever kind."""
    found: dict[str, Any] = {"__name__": "from_the_official_client"}
    exec(compile(preamble(), str(PAGE), "exec", dont_inherit=True), found)
    return found


def test_what_one_writes_here_runs(names: dict[str, Any]) -> None:
    """What is no terminal is built; what is one gets as far as its request."""
    failures: dict[str, str] = {}
    for code in sorted({each for _, _, here in cells() for each in codes(here)}):
        compiled = expression(code)
        if compiled is not None:
            try:
                heard(partial(_written, compiled, names))
            except Exception as error:
                failures[code] = repr(error)
    assert failures == {}


def _written(code: CodeType, names: dict[str, Any], session: Session) -> object:
    article = names["Article"]
    query = session.query(article)
    near = query.near_text("engines", target=article.embedding)
    return eval(code, {**names, "session": session, "query": query, "near": near})


def test_what_one_writes_here_is_typed(tmp_path: Path) -> None:
    """No word of it is an error in the editor."""
    block = PAGE.read_text().partition("```python\n")[2].partition("```")[0]
    written = sorted({each for _, _, here in cells() for each in codes(here) if expression(each)})
    program = tmp_path / "from_the_official_client.py"
    program.write_text("\n".join([block, *written, ""]))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(program)],
        cwd=PAGE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_most_of_the_page_is_run() -> None:
    """Otherwise a mistake in finding the code would make every page right."""
    rows = cells()
    assert len(rows) > 111  # as many options as the two have in common, by the inventory of the client
    assert sum(any(expression(code) for code in codes(here)) for _, _, here in rows) > len(rows) * 0.9


def test_what_one_writes_with_the_client_runs() -> None:
    """Calls are made, against a server that answers nothing much; arguments are made into values."""
    written = sorted({each for _, official, _ in cells() for each in codes(official) if "..." not in each})
    assert len(written) > 100
    with answering_server() as server:
        done = subprocess.run(
            [sys.executable, "-m", "official.page", str(server.http_port), str(server.grpc_port)],
            input="\n".join(written),
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
