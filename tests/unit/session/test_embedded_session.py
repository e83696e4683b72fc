"""A session that starts its own server: guarded by a key that nobody else knows, and that is never shown."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest
from scripted_server import RestAnswer, ScriptedServer, scripted_server

import weaviate_orm.embedded
from weaviate_orm import Embedded, EmbeddedError, Session, SessionClosedError, WeaviateError
from weaviate_orm.embedded import EmbeddedServer


@dataclass
class StartedServer:
    """Stands in for ``EmbeddedServer``: leads to a scripted server, and records what it was started with."""

    http_port: int
    grpc_port: int
    environment: dict[str, str] = field(repr=False)
    stopped: int = 0
    url: str = "http://127.0.0.1"
    started: ClassVar[list[StartedServer]] = []
    behind: ClassVar[ScriptedServer]

    @classmethod
    def start(cls, version: str | None = None, *, environment: dict[str, str], **options: Any) -> Self:
        server = cls(cls.behind.http_port, cls.behind.grpc_port, environment)
        cls.started.append(server)
        return server

    def stop(self) -> None:
        self.stopped += 1


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[StartedServer]]:
    with scripted_server() as behind:
        behind.rest["GET", "/v1/.well-known/live"] = RestAnswer()
        monkeypatch.setattr(StartedServer, "started", [])
        monkeypatch.setattr(StartedServer, "behind", behind, raising=False)
        monkeypatch.setattr(weaviate_orm.embedded, "EmbeddedServer", StartedServer)
        yield StartedServer


def key_of(server: StartedServer) -> str:
    return server.environment["AUTHENTICATION_APIKEY_ALLOWED_KEYS"]


def test_nothing_starts_before_the_first_call(server: type[StartedServer]) -> None:
    with Session(Embedded()) as session:
        assert "not started" in repr(session)
    assert server.started == []


def test_the_server_wants_a_key_and_the_session_gives_it(server: type[StartedServer]) -> None:
    with Session(Embedded(environment={"ENABLE_MODULES": "a-module"})) as session:
        session.server.live()
        session.server.live()
    (started,) = server.started
    assert started.environment["ENABLE_MODULES"] == "a-module"
    assert started.environment["AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED"] == "false"
    assert started.environment["AUTHENTICATION_APIKEY_ENABLED"] == "true"
    key = key_of(started)
    assert len(key) >= 32
    sent = server.behind
    assert {each.headers["authorization"] for each in sent.sent_rest} == {f"Bearer {key}"}
    assert all(("authorization", f"Bearer {key}") in each.metadata for each in sent.sent_rpc)
    assert sent.sent_rpc
    assert started.stopped == 1


def test_every_session_has_a_key_of_its_own(server: type[StartedServer]) -> None:
    for _ in range(2):
        with Session(Embedded()) as session:
            session.server.live()
    first, second = server.started
    assert key_of(first) != key_of(second)


def test_an_environment_that_says_who_may_come_in_is_left_alone(server: type[StartedServer]) -> None:
    environment = {"AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": "true"}
    with Session(Embedded(environment=environment)) as session:
        session.server.live()
    assert server.started[0].environment == environment
    assert all("authorization" not in each.headers for each in server.behind.sent_rest)


def test_the_key_is_never_shown(server: type[StartedServer]) -> None:
    refused = RestAnswer(401, {"error": [{"message": "unauthorized: invalid api key"}]})
    session = Session(Embedded())
    session.server.live()
    server.behind.rest["GET", "/v1/schema"] = refused
    server.behind.rest["GET", "/v1/schema/Book"] = RestAnswer(500, b"<html>")
    key = key_of(server.started[0])
    shown = [repr(session), str(session), repr(session.__dict__), repr(vars(session._runner.transport))]
    for call in (session.schema.list, lambda: session.schema.get("Book")):
        with pytest.raises(WeaviateError) as caught:
            call()
        error = caught.value
        shown += [str(error), repr(error), repr(vars(error)), "".join(traceback.format_exception(error))]
    session.close()
    with pytest.raises(SessionClosedError) as closed:
        session.server.live()
    shown += [repr(session), "".join(traceback.format_exception(closed.value))]
    assert not [each for each in shown if key in each]


def test_the_key_is_not_in_the_environment_of_this_process(server: type[StartedServer]) -> None:
    with Session(Embedded()) as session:
        session.server.live()
        assert key_of(server.started[0]) not in "\n".join(os.environ.values())


def test_a_closed_session_starts_nothing(server: type[StartedServer]) -> None:
    session = Session(Embedded())
    session.close()
    session.close()
    with pytest.raises(SessionClosedError):
        session.server.live()
    assert server.started == []


def test_a_server_that_cannot_start_shows_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the real starter: a file that ends at once."""
    keys: list[str] = []
    start = EmbeddedServer.start

    def watching(*arguments: Any, environment: dict[str, str], **options: Any) -> EmbeddedServer:
        keys.append(environment["AUTHENTICATION_APIKEY_ALLOWED_KEYS"])
        return start(*arguments, environment=environment, **options)

    monkeypatch.setattr(EmbeddedServer, "start", watching)
    script = tmp_path / "weaviate-server"
    script.write_text("#!/bin/sh\nexit 3\n")
    script.chmod(0o755)
    with Session(Embedded(binary=script, data_path=tmp_path / "data")) as session:
        with pytest.raises(EmbeddedError) as caught:
            session.server.live()
        shown = [
            str(caught.value),
            repr(vars(caught.value)),
            "".join(traceback.format_exception(caught.value)),
            repr(session),
        ]
    (key,) = keys
    assert not [each for each in shown if key in each]
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert not [each for each in files if key in each.read_text(errors="replace")]
