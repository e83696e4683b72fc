"""The quickstart as a user runs it, with real embeddings, in process and on a real server: what is asked has known answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import quickstart
from quickstart import PythonMember, PythonModule
from standard_library import MemberDoc, ModuleDoc, read_standard_library

from weaviate_orm import InProcess, Session

if TYPE_CHECKING:
    from real_server import RealServer

KNOWN_ANSWERS = {
    "run another program and read its output": "subprocess",
    "read and write zip archives": "zipfile",
    "compare two texts and show the differences": "difflib",
}


@pytest.fixture(scope="module", params=["in process", "server"])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session with everything loaded, by the example's own function."""
    with opened(request) as session:
        session.schema.drop(PythonModule, PythonMember)
        try:
            for report in quickstart.load(session):
                assert report.failed == []
            yield session
        finally:
            session.schema.drop(PythonModule, PythonMember)


def opened(request: pytest.FixtureRequest) -> Session:
    if request.param == "in process":
        return Session(InProcess())
    server: RealServer = request.getfixturevalue("weaviate_server")
    return Session(server.url, grpc_port=server.grpc_port)


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


def test_the_program_prints_the_same_answers_on_both(
    weaviate_server: RealServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable in ("WEAVIATE_URL", "WEAVIATE_GRPC_PORT", "WEAVIATE_API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    assert quickstart.main() == 0
    in_process = capsys.readouterr().out
    monkeypatch.setenv("WEAVIATE_URL", weaviate_server.url)
    monkeypatch.setenv("WEAVIATE_GRPC_PORT", str(weaviate_server.grpc_port))
    assert quickstart.main() == 0
    on_server = capsys.readouterr().out
    for printed, place in ((in_process, "in this process"), (on_server, weaviate_server.url)):
        assert f"Weaviate {weaviate_server.version} {place}." in printed
        for question, answer in KNOWN_ANSWERS.items():
            assert question in printed
            assert answer in printed.partition(question)[2].partition("\n\n")[0]
    assert answers(in_process) == answers(on_server)
    with Session(weaviate_server.url, grpc_port=weaviate_server.grpc_port) as session:
        session.schema.drop(PythonModule, PythonMember)


def answers(printed: str) -> str:
    """Give everything from the first question on, with the numbers rounded: float32 sums differ in the last digit."""
    shown = printed[printed.index(quickstart.QUESTIONS[0]) :]
    return re.sub(r"\d\.\d{3}", lambda number: f"{float(number[0]):.2f}", shown)
