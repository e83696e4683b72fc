"""Bulk loading with scripted replies: how objects are cut into messages, and that each is accounted for whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_calls import ONCE, Answer, ScriptedTransport, run, stored_schema
from zoo import Author, Book, Document, Everything, Loan, Page

from weaviate_orm import (
    CollectionNotFoundError,
    InvalidValueError,
    LoadReport,
    MessageTooLargeError,
    ObjectNotFoundError,
    SchemaMismatchError,
    ServerError,
    ServerUnavailableError,
    ServerUnreachableError,
    VectorDimensionError,
    WeaviateModel,
)
from weaviate_orm.flows import load
from weaviate_orm.flows.load import CHUNK_BYTES, CHUNK_OBJECTS, load_objects
from weaviate_orm.flows.retry import Retry
from weaviate_orm.query.statement import Scope
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall, RestReply
from weaviate_orm.wire.server import ServerInfo
from weaviate_orm.wire.status import RpcRefused

MODELS = (Book, Author, Page, Document, Everything)
Outcome = Callable[[pb.BatchObjectsRequest], Answer]


def stored(request: pb.BatchObjectsRequest) -> Answer:
    return pb.BatchObjectsReply()


def failing(errors: dict[int, str]) -> Outcome:
    error = pb.BatchObjectsReply.BatchError
    return lambda request: pb.BatchObjectsReply(errors=[error(index=i, error=text) for i, text in errors.items()])


def raising(error: Exception) -> Outcome:
    return lambda request: error


def transport(*outcomes: Outcome, models: Sequence[type[WeaviateModel]] = MODELS) -> ScriptedTransport:
    """A server with these collections, whose batch replies are as told, and successes afterwards."""
    schema = stored_schema(*models)
    remaining = iter(outcomes)

    def script(call: Any) -> Answer:
        if not isinstance(call, GrpcCall):
            return schema(call)
        assert isinstance(call.request, pb.BatchObjectsRequest)
        return next(remaining, stored)(call.request)

    return ScriptedTransport(script)


def report(
    objects: Any,
    sent: ScriptedTransport | None = None,
    *,
    scope: Scope | None = None,
    retry: Retry = ONCE,
    limit: int | None = None,
    verified: set[type] | None = None,
) -> LoadReport[Any]:
    server = ServerInfo("1.39.3") if limit is None else ServerInfo("1.39.3", max_message_size=limit)
    flow = load_objects(
        objects,
        scope or Scope(),
        retry=retry,
        verified=set() if verified is None else verified,
        server=server,
        clock=lambda: 0.0,
    )
    return run(flow, sent if sent is not None else transport())


def books(number: int, size: int = 1, start: int = 0) -> list[Book]:
    return [Book(id=UUID(int=start + index + 1), title="x" * size) for index in range(number)]


def sizes(sent: ScriptedTransport) -> list[int]:
    return [len(each.objects) for each in sent.requests("BatchObjects")]


def ids(sent: ScriptedTransport) -> list[int]:
    return [UUID(each.uuid).int for request in sent.requests("BatchObjects") for each in request.objects]


# Messages.


def test_nothing_to_store_sends_nothing() -> None:
    sent = transport()
    assert report([], sent) == LoadReport(0, [], 0.0)
    assert sent.calls == []


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, [1]),
        (CHUNK_OBJECTS, [CHUNK_OBJECTS]),
        (CHUNK_OBJECTS + 1, [CHUNK_OBJECTS, 1]),
        (2 * CHUNK_OBJECTS, [CHUNK_OBJECTS] * 2),
    ],
)
def test_a_message_has_at_most_so_many_objects(number: int, expected: list[int]) -> None:
    sent = transport()
    assert report(books(number), sent).stored == number
    assert sizes(sent) == expected
    assert ids(sent) == list(range(1, number + 1))


LIMIT = 100_000
MOST = LIMIT - 64 * 1024


def test_a_message_stays_below_the_servers_limit() -> None:
    sent = transport()
    found = report(books(20, size=9_000), sent, limit=LIMIT)
    assert found.stored == 20
    assert ids(sent) == list(range(1, 21))
    assert sizes(sent) == [3] * 6 + [2]
    assert all(request.ByteSize() < LIMIT for request in sent.requests("BatchObjects"))


def test_a_message_stays_below_our_own_limit_where_the_servers_is_higher() -> None:
    sent = transport()
    assert report(books(5, size=CHUNK_BYTES // 2 - 1000), sent).stored == 5
    assert sizes(sent) == [2, 2, 1]


def test_an_object_larger_than_our_own_limit_goes_alone() -> None:
    sent = transport()
    big = Book(id=UUID(int=100), title="x" * (CHUNK_BYTES + 1))
    found = report([*books(2), big, *books(2, start=10)], sent)
    assert found.stored == 5
    assert ids(sent) == [1, 2, 100, 11, 12]
    assert [each for each in sizes(sent) if each] == sizes(sent)


def test_an_object_that_the_server_cannot_take_fails_alone() -> None:
    sent = transport()
    big = Book(id=UUID(int=100), title="x" * MOST)
    found = report([*books(2), big, *books(2, start=10)], sent, limit=LIMIT)
    assert found.stored == 4
    (failure,) = found.failed
    assert (failure.index, failure.object) == (2, big)
    assert isinstance(failure.error, MessageTooLargeError)
    assert failure.error.object_id == big.id
    assert "the server accepts 34,464" in str(failure.error)
    assert "GRPC_MAX_MESSAGE_SIZE" in str(failure.error)
    assert ids(sent) == [1, 2, 11, 12]


def test_models_may_be_mixed_and_each_is_checked_once() -> None:
    sent = transport()
    verified: set[type] = set()
    objects = [*books(2), Author(id=UUID(int=50), name="a"), *books(2, start=10)]
    assert report(objects, sent, verified=verified).stored == 5
    assert sorted(sent.names) == ["BatchObjects", "GET /schema/ZooAuthor", "GET /schema/ZooBook"]
    assert sent.names[-1] == "BatchObjects"
    assert verified == {Book, Author}
    again = transport()
    report(objects, again, verified=verified)
    assert again.names == ["BatchObjects"]


def test_tenant_and_consistency_are_in_every_message() -> None:
    sent = transport()
    loans = (Loan(title="t") for _ in range(CHUNK_OBJECTS + 1))
    report(loans, sent, scope=Scope("acme", "QUORUM"), verified={Loan})
    requests = sent.requests("BatchObjects")
    assert len(requests) == 2
    assert all(each.consistency_level == pb.ConsistencyLevel.CONSISTENCY_LEVEL_QUORUM for each in requests)
    assert {each.tenant for request in requests for each in request.objects} == {"acme"}


def test_a_message_of_another_server_limit_is_asked_for() -> None:
    schema = stored_schema(*MODELS)

    def script(call: Any) -> Answer:
        if isinstance(call, GrpcCall):
            return pb.BatchObjectsReply()
        body = {"version": "1.39.3", "grpcMaxMessageSize": LIMIT}
        return RestReply(200, body) if call.path == "/meta" else schema(call)

    sent = ScriptedTransport(script)
    flow = load_objects(books(20, size=9_000), Scope(), retry=ONCE, verified=set())
    assert run(flow, sent).stored == 20
    assert sent.names[0] == "GET /meta"
    assert sizes(sent) == [3] * 6 + [2]


def test_objects_are_taken_from_an_iterator_as_they_are_sent() -> None:
    sent = transport()
    taken_before_each_message: list[int] = []
    taken = 0

    def source() -> Iterator[Book]:
        nonlocal taken
        for each in books(2 * CHUNK_OBJECTS):
            taken += 1
            yield each

    script = sent.script

    def watching(call: Any) -> Answer:
        if isinstance(call, GrpcCall):
            taken_before_each_message.append(taken)
        return script(call)

    sent.script = watching
    report(source(), sent)
    assert taken_before_each_message == [CHUNK_OBJECTS, 2 * CHUNK_OBJECTS]


# Objects that cannot be sent.


def test_the_same_id_twice_is_refused_for_the_second() -> None:
    sent = transport()
    first, second = Book(id=UUID(int=1), title="a"), Book(id=UUID(int=1), title="b")
    found = report([first, Book(id=UUID(int=2), title="c"), second], sent)
    assert found.stored == 2
    (failure,) = found.failed
    assert (failure.index, failure.object) == (2, second)
    assert isinstance(failure.error, InvalidValueError)
    assert "the same id 00000000-0000-0000-0000-000000000001 as object 0" in str(failure.error)
    assert ids(sent) == [1, 2]


def test_the_same_id_in_a_later_message_is_refused_too() -> None:
    sent = transport()
    found = report([*books(CHUNK_OBJECTS), *books(1)], sent)
    assert [each.index for each in found.failed] == [CHUNK_OBJECTS]
    assert sizes(sent) == [CHUNK_OBJECTS]


def test_one_id_may_stand_in_two_collections() -> None:
    found = report([Book(id=UUID(int=1), title="a"), Author(id=UUID(int=1), name="b")])
    assert (found.stored, found.failed) == (2, [])


def test_a_vector_of_another_length_than_those_before_is_refused() -> None:
    objects = [
        Page(title="a", embedding=[1, 2]),
        Page(title="b"),
        Page(title="c", embedding=[1, 2, 3]),
        Page(title="d", embedding=[3, 4]),
        Document(title="e", style=[1, 2, 3]),
        Document(title="f", tokens=[[1, 2], [3, 4]]),
        Document(title="g", tokens=[[1, 2, 3]]),
    ]
    found = report(objects)
    assert found.stored == 5
    assert [each.index for each in found.failed] == [2, 6]
    errors = [each.error for each in found.failed]
    assert all(isinstance(each, VectorDimensionError) for each in errors)
    assert [each.field for each in errors] == ["Page.embedding", "Document.tokens"]
    assert "has 3 dimensions here, but 2 in the objects before" in str(errors[0])


@pytest.mark.parametrize("stranger", [None, {"title": "x"}, "Book", 5, Book])
def test_what_is_no_model_instance_is_refused(stranger: object) -> None:
    found = report([*books(1), stranger, *books(1, start=10)])
    assert found.stored == 2
    (failure,) = found.failed
    assert (failure.index, failure.object) == (1, stranger)
    assert isinstance(failure.error, InvalidValueError)
    assert f"got {type(stranger).__name__}" in str(failure.error)


def test_a_value_that_cannot_be_stored_leaves_no_trace_in_the_message() -> None:
    sent = transport()
    bad = Everything(id=UUID(int=2), text="half written", numbers=[float("nan")])
    found = report([Everything(id=UUID(int=1)), bad, Everything(id=UUID(int=3))], sent)
    assert found.stored == 2
    (failure,) = found.failed
    assert (failure.index, failure.object) == (1, bad)
    assert failure.error.field == "Everything.numbers"
    assert ids(sent) == [1, 3]


def test_a_refused_object_does_not_keep_its_id_from_a_good_one() -> None:
    """The second object could be stored: the first one with its id never will be."""
    bad, good = Everything(id=UUID(int=1), number=float("nan")), Everything(id=UUID(int=1), number=1.0)
    found = report([bad, good])
    assert (found.stored, [each.index for each in found.failed]) == (1, [0])


def test_a_refused_objects_dimensions_do_not_count() -> None:
    bad = Page.model_construct(id=UUID(int=1), title="\ud800", embedding=np.ones(3, "<f4"))
    good = [Page(title="a", embedding=[1, 2]), Page(title="b", embedding=[1, 2])]
    found = report([bad, *good])
    assert (found.stored, [each.index for each in found.failed]) == (2, [0])


def test_an_error_of_the_iterable_is_the_callers() -> None:
    def source() -> Iterator[Book]:
        yield from books(CHUNK_OBJECTS + 1)
        raise OSError("the file ends here")

    sent = transport()
    with pytest.raises(OSError, match="the file ends here"):
        report(source(), sent)
    assert sizes(sent) == [CHUNK_OBJECTS]


# What the server refuses.


def test_errors_of_the_server_belong_to_the_right_objects() -> None:
    """Positions in the message are not positions in what was given once some could not be sent."""
    objects = [
        Everything(id=UUID(int=1), number=float("nan")),
        Everything(id=UUID(int=2)),
        "stranger",
        Everything(id=UUID(int=4)),
        Everything(id=UUID(int=5)),
    ]
    sent = transport(failing({1: "invalid text property: no such thing", 0: "vector lengths don't match: 3 vs 2"}))
    found = report(objects, sent)
    assert ids(sent) == [2, 4, 5]
    assert found.stored == 1
    assert [each.index for each in found.failed] == [0, 1, 2, 3]
    assert [each.object for each in found.failed] == objects[:4]
    first, second = found.failed[1].error, found.failed[3].error
    assert (first.object_id, second.object_id) == (UUID(int=2), UUID(int=4))
    assert isinstance(first, ServerError)
    assert isinstance(second, ServerError)
    assert "no such thing" in str(second)
    assert (second.operation, second.collection) == ("BatchObjects", "ZooEverything")


def test_an_error_keeps_the_object_that_the_server_names() -> None:
    nowhere = UUID(int=99)
    text = f"invalid cref: 'cref' ZooEverything:author: no object with id {nowhere} found"
    (failure,) = report([Everything(id=UUID(int=1))], transport(failing({0: text}))).failed
    assert failure.object.id == UUID(int=1)
    assert isinstance(failure.error, ObjectNotFoundError)
    assert failure.error.object_id == nowhere


def test_a_message_that_the_server_does_not_answer_ends_the_sending() -> None:
    sent = transport(stored, raising(ServerUnreachableError("gone", operation="BatchObjects")))
    objects = [*books(CHUNK_OBJECTS * 2), "stranger", *books(CHUNK_OBJECTS, start=CHUNK_OBJECTS * 2)]
    found = report(objects, sent)
    assert found.stored == CHUNK_OBJECTS
    assert sizes(sent) == [CHUNK_OBJECTS, CHUNK_OBJECTS]
    assert [each.index for each in found.failed] == list(range(CHUNK_OBJECTS, 3 * CHUNK_OBJECTS + 1))
    kinds = {type(each.error) for each in found.failed}
    assert kinds == {ServerUnreachableError, InvalidValueError}
    assert all(each.object is objects[each.index] for each in found.failed)


def test_a_message_that_the_server_refuses_ends_the_sending() -> None:
    sent = transport(raising(RpcRefused("UNKNOWN", "something broke")))
    found = report(books(CHUNK_OBJECTS + 1), sent)
    assert found.stored == 0
    assert len(found.failed) == CHUNK_OBJECTS + 1
    assert {type(each.error) for each in found.failed} == {ServerError}
    assert len(sizes(sent)) == 1


def test_a_server_that_is_away_for_a_moment_is_tried_again() -> None:
    away = raising(ServerUnavailableError("busy", operation="BatchObjects"))
    sent = transport(away, away)
    assert report(books(3), sent, retry=Retry(attempts=3, first_delay=0.0)) == LoadReport(3, [], 0.0)
    assert sizes(sent) == [3, 3, 3]


def test_a_missing_collection_fails_its_objects_before_anything_is_sent() -> None:
    sent = transport(models=[Author])
    found = report([*books(2)], sent)
    assert [type(each.error) for each in found.failed] == [CollectionNotFoundError] * 2
    assert sizes(sent) == []


def test_a_collection_that_differs_fails_its_objects_before_anything_is_sent() -> None:
    class Other(WeaviateModel, collection="ZooBook"):
        pass

    sent = transport(models=[Other])
    found = report(books(2), sent)
    assert [type(each.error) for each in found.failed] == [SchemaMismatchError] * 2
    assert sizes(sent) == []


# The account.

_OBJECTS = st.lists(st.sampled_from(["good", "nan", "stranger", "twice", "large"]), max_size=24)
_OUTCOMES = st.lists(st.sampled_from(["stored", "some", "all", "away", "refused"]), max_size=8)


@settings(deadline=None)
@given(kinds=_OBJECTS, outcomes=_OUTCOMES, chunk=st.integers(1, 5))
def test_every_object_is_stored_or_reported_once(kinds: list[str], outcomes: list[str], chunk: int) -> None:
    objects: list[object] = []
    for index, kind in enumerate(kinds):
        match kind:
            case "good":
                objects.append(Everything(id=UUID(int=index + 1)))
            case "nan":
                objects.append(Everything(id=UUID(int=index + 1), number=float("nan")))
            case "stranger":
                objects.append(index)
            case "twice":
                objects.append(Everything(id=UUID(int=1000)))
            case _:
                objects.append(Everything(id=UUID(int=index + 1), text="x" * MOST))
    kept: set[int] = set()

    def outcome(kind: str) -> Outcome:
        def respond(request: pb.BatchObjectsRequest) -> Answer:
            if kind == "away":
                return ServerUnreachableError("gone", operation="BatchObjects")
            if kind == "refused":
                return RpcRefused("UNKNOWN", "no")
            failed = {"stored": [], "some": range(0, len(request.objects), 2), "all": range(len(request.objects))}[kind]
            kept.update(UUID(each.uuid).int for index, each in enumerate(request.objects) if index not in failed)
            return failing(dict.fromkeys(failed, "no"))(request)

        return respond

    # The last one repeats, so that every message is judged.
    sent = transport(*map(outcome, outcomes), *[outcome("stored")] * 30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "CHUNK_OBJECTS", chunk)
        found = report(objects, sent, limit=LIMIT)
    positions = [each.index for each in found.failed]
    assert found.stored + len(found.failed) == len(objects)
    assert positions == sorted(set(positions))
    assert all(each.object is objects[each.index] for each in found.failed)
    missing = {
        each.id.int for index, each in enumerate(objects) if index not in positions and isinstance(each, Everything)
    }
    assert missing == kept
    assert all(size <= chunk for size in sizes(sent))


def test_objects_of_a_model_without_a_collection_do_not_stop_the_others() -> None:
    sent = transport(models=[Book])
    given = [each for number in range(3) for each in (Book(title=f"b{number}"), Author(name=f"a{number}"))]
    found = report(iter(given), sent)
    assert found.stored == 3
    assert [(each.index, each.object, type(each.error)) for each in found.failed] == [
        (index, given[index], CollectionNotFoundError) for index in (1, 3, 5)
    ]
    assert [[each.uuid for each in request.objects] for request in sent.requests("BatchObjects")] == [
        [str(given[index].id) for index in (0, 2, 4)]
    ]


def test_a_refusal_of_a_message_names_the_right_object_when_others_were_taken_out() -> None:
    sent = transport(failing({1: "no"}), models=[Book])
    given = [Author(name="a"), Book(title="b"), Author(name="c"), Book(title="d")]
    assert [(each.index, each.object) for each in report(given, sent).failed] == [
        (0, given[0]),
        (2, given[2]),
        (3, given[3]),
    ]


def test_an_id_that_came_past_validation_fails_alone() -> None:
    given = [Book.model_construct(id="x", title="a"), Book(title="b")]
    found = report(given)
    assert (found.stored, [(each.index, type(each.error)) for each in found.failed]) == (1, [(0, InvalidValueError)])


def test_an_exception_of_the_iterable_says_what_was_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "CHUNK_OBJECTS", 2)

    def ending_early() -> Iterator[Book]:
        yield from books(3)
        raise RuntimeError("the file ended early")

    with pytest.raises(RuntimeError, match="ended early") as caught:
        report(ending_early())
    assert caught.value.__notes__ == ["insert_many() had stored 2 objects by then, and 0 had failed."]
