"""What a recording shows, and that everything a session hands out goes through it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from scripted_calls import Answer, ScriptedTransport, stored_schema
from zoo import Author, Publisher

import weaviate_orm.session
from weaviate_orm import (
    CollectionExistsError,
    Retry,
    ServerError,
    ServerUnavailableError,
    ServerUnreachableError,
    Session,
)
from weaviate_orm.testing import created, failing, forgetting, recording
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall, RestCall, RestReply
from weaviate_orm.wire.status import RpcRefused

Script = Callable[[Any], Answer]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[[Script], tuple[Session, ScriptedTransport]]:
    """Give a session that a script answers, with what the script was asked."""

    def make(script: Script) -> tuple[Session, ScriptedTransport]:
        transport = ScriptedTransport(script)
        monkeypatch.setattr(weaviate_orm.session, "open_transport", lambda *_, **__: transport)
        return Session("http://localhost:1", retry=Retry(attempts=2, first_delay=0)), transport

    return make


Opened = Callable[[Script], tuple[Session, ScriptedTransport]]


def found(call: GrpcCall[Any] | RestCall[Any]) -> Answer:
    if isinstance(call, RestCall):
        return stored_schema(Author)(call)
    return pb.SearchReply(results=[pb.SearchResult(metadata=pb.MetadataResult(id=str(UUID(int=1)), id_as_bytes=b""))])


def empty(call: GrpcCall[Any] | RestCall[Any]) -> Answer:
    return stored_schema(Author)(call) if isinstance(call, RestCall) else pb.SearchReply()


def refused(call: GrpcCall[Any] | RestCall[Any]) -> Answer:
    return RpcRefused("UNKNOWN", "no luck")


def test_a_call_is_shown(opened: Opened) -> None:
    session, _ = opened(empty)
    with recording(session) as calls:
        assert session.query(Author).where(Author.name == "Ada").limit(3).all() == []
    (call,) = calls
    assert (call.operation, call.collection, call.status, call.error) == ("Search", "ZooAuthor", "OK", None)
    assert isinstance(call.request, pb.SearchRequest)
    assert (call.request.limit, call.request.filters.value_text) == (3, "Ada")
    assert call.reply == pb.SearchReply()
    assert not call.is_write
    assert call.seconds >= 0
    assert call.text.startswith("Search\n  collection: 'ZooAuthor'")
    assert "value_text: 'Ada'" in repr(call)
    assert "-> OK in" in repr(call)


def test_a_rest_call_is_shown(opened: Opened) -> None:
    session, _ = opened(lambda call: RestReply(404 if call.method == "GET" else 200, {"class": "ZooPublisher"}))
    with recording(session) as calls:
        session.schema.create(Publisher)
        assert not session.schema.exists(Publisher)
    assert calls.operations == ["POST /v1/schema", "GET /v1/schema/ZooPublisher"]
    create, exists = calls
    body: Any = create.request
    assert (body["class"], create.reply, create.status) == ("ZooPublisher", {"class": "ZooPublisher"}, 200)
    assert (exists.request, exists.status, exists.is_write) == (None, 404, False)
    assert calls.writes == [create]
    assert '"class": "ZooPublisher"' in create.text
    assert len(create.text) < 3_000


def test_a_refusal_is_shown_with_its_error(opened: Opened) -> None:
    session, _ = opened(refused)
    with recording(session) as calls, pytest.raises(ServerError):
        session.query(Author).all()
    (call,) = calls
    assert isinstance(call.error, ServerError)
    assert (call.reply, call.status) == (None, "UNKNOWN")
    assert "no luck" in repr(calls)


def test_repeated_calls_are_shown_each(opened: Opened) -> None:
    answers: list[Answer] = [RpcRefused("UNAVAILABLE", "starting"), pb.SearchReply()]
    session, _ = opened(lambda call: answers.pop(0))
    with recording(session) as calls:
        session.query(Author).all()
    assert [each.status for each in calls] == ["UNAVAILABLE", "OK"]


def test_what_was_handed_out_before_is_shown_too(opened: Opened) -> None:
    session, _ = opened(empty)
    query, schema, view = session.query(Author), session.schema, session.consistency("ONE")
    with recording(session) as calls:
        query.first()
        schema.exists(Author)
        view.query(Author).first()
    assert calls.operations == ["Search", "GET /v1/schema/ZooAuthor", "Search"]


def test_nothing_is_shown_before_and_after(opened: Opened) -> None:
    session, transport = opened(empty)
    query = session.query(Author)
    query.all()
    with recording(session) as calls:
        during = session.consistency("ONE").query(Author)
    query.all()
    during.all()
    session.query(Author).all()
    assert len(calls) == 0
    assert repr(calls) == "<Recording: no calls>"
    assert "send" not in vars(transport)


def test_recordings_of_recordings(opened: Opened) -> None:
    """They may even end in another order than they began."""
    session, transport = opened(empty)
    outer, inner = recording(session), recording(session)
    first = outer.__enter__()
    session.query(Author).all()
    second = inner.__enter__()
    session.query(Author).all()
    outer.__exit__(None, None, None)
    session.query(Author).all()
    inner.__exit__(None, None, None)
    session.query(Author).all()
    assert (len(first), len(second)) == (2, 2)
    assert "send" not in vars(transport)


def test_a_recording_is_a_sequence(opened: Opened) -> None:
    session, _ = opened(empty)
    with recording(session) as calls:
        session.query(Author).all()
        assert len(calls) == 1
        session.schema.exists(Author)
        assert [each.operation for each in calls.of("Search")] == ["Search"]
        assert calls[-1] is calls[1:][0]
        assert calls.seconds >= calls[0].seconds
        calls.clear()
    assert calls.operations == []


# --- errors on demand --------------------------------------------------------------------------------------------------


def test_calls_fail_on_demand(opened: Opened) -> None:
    session, transport = opened(empty)
    error = ServerError("no luck")
    with failing(session, error, operation="Search"):
        with pytest.raises(ServerError) as caught:
            session.query(Author).all()
        assert caught.value is error
        assert transport.calls == [], "nothing was sent"
        assert session.schema.exists(Author)
    session.query(Author).all()
    assert transport.names == ["GET /schema/ZooAuthor", "Search"]


def test_calls_fail_a_number_of_times(opened: Opened) -> None:
    """The session repeats what a server could not take, and so it does here."""
    session, _ = opened(empty)
    with failing(session, ServerUnavailableError("starting"), times=1), recording(session) as calls:
        assert session.query(Author).all() == []
    assert [type(each.error) for each in calls] == [ServerUnavailableError, type(None)]


# --- collections that go away ------------------------------------------------------------------------------------------


class Schema:
    """A server that knows collections by name and nothing else."""

    def __init__(self, *names: str) -> None:
        self.names = set(names)

    def __call__(self, call: RestCall[Any]) -> Answer:
        name = call.path.rpartition("/")[2]
        if call.method == "POST":
            name = str(call.body["class"])  # type: ignore[index]  # a mapping, as far as this test goes
            if name in self.names:
                return RestReply(422, {"error": [{"message": f"class name {name} already exists"}]})
            self.names.add(name)
            return RestReply(200, call.body)
        if call.method == "DELETE":
            self.names.discard(name)
            return RestReply(200, None)
        return RestReply(200, {"classes": []})


def test_what_was_created_is_dropped_and_nothing_else(opened: Opened) -> None:
    schema = Schema("Old")
    session, transport = opened(schema)
    with forgetting(session):
        session.schema.create(Author)
        assert schema.names == {"Old", "ZooAuthor"}
    assert schema.names == {"Old"}
    assert "send" not in vars(transport)


def test_what_was_there_before_stays(opened: Opened) -> None:
    schema = Schema("ZooAuthor")
    session, _ = opened(schema)
    with pytest.raises(CollectionExistsError), created(session, Author):
        pass
    with forgetting(session):
        session.schema.create(Author, exist_ok=True)
    assert schema.names == {"ZooAuthor"}


def test_what_was_created_is_dropped_after_a_failure(opened: Opened) -> None:
    schema = Schema()
    session, _ = opened(schema)
    with pytest.raises(ZeroDivisionError), created(session, Author):
        raise ZeroDivisionError
    assert schema.names == set()


def test_what_may_have_been_created_is_dropped(opened: Opened) -> None:
    """The server created it, and its answer was lost."""
    schema = Schema()

    def loses(call: RestCall[Any]) -> Answer:
        answer = schema(call)
        return ServerUnreachableError("the connection broke") if call.method == "POST" else answer

    session, _ = opened(loses)
    with forgetting(session), pytest.raises(ServerUnreachableError):
        session.schema.create(Author)
    assert schema.names == set()
