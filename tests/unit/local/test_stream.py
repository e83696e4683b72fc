"""BatchStream: which reply follows which request, and who waits for whom."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

import pytest

from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.create import created
from weaviate_orm.local.schema.surroundings import World
from weaviate_orm.local.services import Services
from weaviate_orm.local.storage.changes import PutCollection
from weaviate_orm.local.storage.database import Database
from weaviate_orm.local.writing.stream import Pace, batch_stream
from weaviate_orm.wire import _pb as pb

Request = pb.BatchStreamRequest
START = Request(start=Request.Start())
STOP = Request(stop=Request.Stop())
TIMEOUT = 30.0


def identifier(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


@pytest.fixture
def database() -> Iterator[Database]:
    found = Database(Services())
    properties = [{"name": "title", "dataType": ["text"]}, {"name": "self", "dataType": ["Article"]}]
    body = {"class": "Article", "vectorizer": "none", "properties": properties}
    found.commit([PutCollection(created(body, World.of(found)))])
    yield found
    found.close()


def article(number: int, title: object = "x") -> pb.BatchObject:
    found = pb.BatchObject(collection="Article", uuid=identifier(number))
    field = found.properties.non_ref_properties.fields["title"]
    if isinstance(title, str):
        field.string_value = title
    else:
        field.number_value = 1.0
    return found


def data(*objects: pb.BatchObject, references: list[pb.BatchReference] | None = None) -> Request:
    return Request(
        data=Request.Data(
            objects=Request.Data.Objects(values=objects),
            references=Request.Data.References(values=references or []),
        )
    )


def shown(reply: pb.BatchStreamReply) -> tuple[Any, ...]:  # a message's parts
    match reply.WhichOneof("message"):
        case "acks":
            return ("acks", *reply.acks.uuids, *reply.acks.beacons)
        case "results":
            return (
                "results",
                {each.uuid or each.beacon: each.error for each in reply.results.errors},
                [each.uuid or each.beacon for each in reply.results.successes],
            )
        case "backoff":
            return ("backoff", reply.backoff.batch_size)
        case kind:
            return (kind,)


def replies(database: Database, *requests: Request) -> list[tuple[Any, ...]]:
    return [shown(reply) for reply in batch_stream(database, iter(requests))]


def test_every_message_is_acknowledged_and_has_its_results(database: Database) -> None:
    reference = pb.BatchReference(
        name="self", from_collection="Article", from_uuid=identifier(1), to_uuid=identifier(1)
    )
    unknown = pb.BatchReference(name="zz", from_collection="Article", from_uuid=identifier(1), to_uuid=identifier(1))
    start = f"weaviate://localhost/Article/{identifier(1)}"
    assert replies(
        database,
        START,
        data(article(1), article(2, 1.0)),
        data(),
        data(references=[reference, unknown]),
        STOP,
        data(article(3)),
    ) == [
        ("started",),
        ("acks", identifier(1), identifier(2)),
        (
            "results",
            {identifier(2): "invalid text property 'title' on class 'Article': not a string, but float64"},
            [identifier(1)],
        ),
        ("acks", f"{start}/self", f"{start}/zz"),
        ("results", {f"{start}/zz": "property zz does not exist for class Article"}, [f"{start}/self"]),
        ("acks", identifier(3)),
        ("results", {}, [identifier(3)]),
    ]
    assert len(database.collection("Article").shard("")) == 2


def test_a_whole_group_may_fail(database: Database) -> None:
    tenancy = {"enabled": True, "autoTenantCreation": True}
    body = {"class": "Shop", "vectorizer": "none", "multiTenancyConfig": tenancy}
    database.commit([PutCollection(created(body, World.of(database)))])
    bad = pb.BatchObject(collection="Shop", uuid=identifier(2), tenant="a b")
    _, _, (_, errors, successes) = replies(database, START, data(article(1), bad))
    assert successes == [identifier(1)]
    assert list(errors) == [identifier(2)]
    assert errors[identifier(2)].startswith("auto create tenants: ")


@pytest.mark.parametrize(
    ("requests", "before", "text"),
    [
        ([], 0, "initial stream message receive: EOF"),
        ([STOP], 0, "first message must be a start message"),
        ([data()], 0, "first message must be a start message"),
        ([START, START], 1, "invalid batch send request: data field is nil"),
        ([START, Request()], 1, "invalid batch send request: data field is nil"),
    ],
)
def test_requests_out_of_order(database: Database, requests: list[Request], before: int, text: str) -> None:
    seen: list[pb.BatchStreamReply] = []
    with pytest.raises(Refused) as refused:
        seen.extend(batch_stream(database, iter(requests)))
    assert refused.value.text == text
    assert [shown(reply) for reply in seen] == [("started",)][:before]


def test_an_error_of_the_client_comes_through(database: Database) -> None:
    def broken() -> Iterator[Request]:
        yield START
        raise ConnectionResetError("gone")

    stream = batch_stream(database, broken())
    assert shown(next(stream)) == ("started",)
    with pytest.raises(ConnectionResetError, match="gone"):
        next(stream)


def test_a_slow_consumer_holds_up_nobody_else(database: Database) -> None:
    stream = batch_stream(database, iter([START, data(article(1)), data(article(2)), data(article(3))]))
    assert [shown(next(stream))[0] for _ in range(2)] == ["started", "acks"]
    with database.writing():  # another writer gets the lock while a reply waits to be taken
        pass
    assert [shown(each)[0] for each in stream] == ["results", "acks", "results", "acks", "results"]


def test_a_silent_producer_holds_up_nobody(database: Database) -> None:
    requests: SimpleQueue[Request | None] = SimpleQueue()
    stream = batch_stream(database, iter(requests.get, None))
    requests.put(START)
    requests.put(data(article(1)))
    assert [shown(next(stream))[0] for _ in range(3)] == ["started", "acks", "results"]
    with database.writing():
        pass
    requests.put(None)
    assert list(stream) == []


def test_a_consumer_that_leaves(database: Database) -> None:
    before = set(threading.enumerate())
    stream = batch_stream(database, iter([START, *(data(article(number)) for number in range(50))]))
    assert [shown(next(stream))[0] for _ in range(2)] == ["started", "acks"]
    close: Callable[[], None] = stream.close  # type: ignore[attr-defined]  # it is a generator
    close()
    own = [each for each in threading.enumerate() if each not in before and each.name == "weaviate-orm-batch-stream"]
    for thread in own:
        thread.join(TIMEOUT)
    assert [each.name for each in own if each.is_alive()] == []


def test_a_database_that_is_closed(database: Database) -> None:
    requests: SimpleQueue[Request | None] = SimpleQueue()
    stream = batch_stream(database, iter(requests.get, None))
    requests.put(START)
    assert shown(next(stream)) == ("started",)
    database.close()
    assert [shown(each) for each in stream] == [("shutting_down",)]
    requests.put(None)
    with pytest.raises(Refused) as refused:
        next(batch_stream(database, iter([START])))
    assert refused.value.grpc == "UNAVAILABLE"


def test_backoff_comes_from_time_to_time(database: Database) -> None:
    seconds = iter(range(1000))
    stream = batch_stream(
        database, iter([START, data(article(1))]), clock=lambda: float(next(seconds)), backoff_seconds=2.0
    )
    kinds = [shown(each)[0] for each in stream]
    assert [kind for kind in kinds if kind != "backoff"] == ["started", "acks", "results"]
    assert "backoff" in kinds


@pytest.mark.parametrize(
    ("seconds", "sizes"),
    [
        (0.1, [225, 250, 275]),
        (5.0, [175, 150, 125, 100, 100]),
        (1.0, [200, 200]),
    ],
)
def test_pace(seconds: float, sizes: list[int]) -> None:
    pace = Pace()
    assert pace.batch_size == 200
    found: list[int] = []
    for _ in sizes:
        pace.took(seconds)
        found.append(pace.batch_size)
    assert found == sizes


def test_pace_has_bounds() -> None:
    pace = Pace()
    for _ in range(100):
        pace.took(0.0)
    assert pace.batch_size == 1000
