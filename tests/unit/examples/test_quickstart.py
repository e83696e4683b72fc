"""The quickstart as a user runs it, on a real server with real embeddings: what is asked has known answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import quickstart
from quickstart import PythonMember, PythonModule
from standard_library import MemberDoc, ModuleDoc, read_standard_library

from weaviate_orm import Session

if TYPE_CHECKING:
    from real_server import RealServer

KNOWN_ANSWERS = {
    "run another program and read its output": "subprocess",
    "read and write zip archives": "zipfile",
    "compare two texts and show the differences": "difflib",
}


@pytest.fixture(scope="module")
def session(weaviate_server: RealServer) -> Iterator[Session]:
    """A session with everything loaded, by the example's own function."""
    with Session(weaviate_server.url, grpc_port=weaviate_server.grpc_port) as session:
        session.schema.drop(PythonModule, PythonMember)
        try:
            for report in quickstart.load(session):
                assert report.failed == []
            yield session
        finally:
            session.schema.drop(PythonModule, PythonMember)


def expected_counts() -> tuple[int, int]:
    documents = list(read_standard_library())
    members = {each.qualified_name for each in documents if isinstance(each, MemberDoc)}
    return sum(isinstance(each, ModuleDoc) for each in documents), len(members)


def test_everything_is_stored(session: Session) -> None:
    modules, members = expected_counts()
    assert modules > 100
    assert members > 2000
    assert (session.count(PythonModule), session.count(PythonMember)) == (modules, members)


def test_the_questions_have_known_answers() -> None:
    assert set(quickstart.QUESTIONS) == set(KNOWN_ANSWERS)


@pytest.mark.parametrize("question", KNOWN_ANSWERS)
def test_the_known_answer_is_among_the_first_hits(session: Session, question: str) -> None:
    members = quickstart.ask(session, question)
    modules = quickstart.ask_modules(session, question)
    assert len(members) == len(modules) == 5
    for hits in ([hit.distance for hit in members], [hit.distance for hit in modules]):
        assert None not in hits
        assert hits == sorted(hits, key=lambda distance: distance or 0.0)
    found = {hit.object.module.name for hit in members} | {hit.object.name for hit in modules}
    assert KNOWN_ANSWERS[question] in found


def test_each_member_comes_with_its_module(session: Session) -> None:
    for hit in quickstart.ask(session, "read and write zip archives", limit=20):
        assert hit.object.qualified_name.startswith(f"{hit.object.module.name}.")
        assert hit.object.module.summary


def test_loading_again_replaces_and_does_not_double(session: Session) -> None:
    modules, members = expected_counts()
    before = quickstart.ask_modules(session, "read and write zip archives", limit=3)
    for report in quickstart.load(session):
        assert report.failed == []
    assert (session.count(PythonModule), session.count(PythonMember)) == (modules, members)
    after = quickstart.ask_modules(session, "read and write zip archives", limit=3)
    assert [hit.object for hit in after] == [hit.object for hit in before]


def test_the_program_prints_the_answers(
    session: Session,
    weaviate_server: RealServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("WEAVIATE_URL", weaviate_server.url)
    monkeypatch.setenv("WEAVIATE_GRPC_PORT", str(weaviate_server.grpc_port))
    monkeypatch.delenv("WEAVIATE_API_KEY", raising=False)
    assert quickstart.main() == 0
    printed = capsys.readouterr().out
    assert f"Connected to Weaviate {weaviate_server.version}." in printed
    for question, answer in KNOWN_ANSWERS.items():
        assert question in printed
        assert answer in printed.partition(question)[2].partition("\n\n")[0]
