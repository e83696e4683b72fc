"""Listeners: who is told of what, in which order, and what becomes of what they change and raise. Against the engine in memory."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from scripted_calls import ONCE, SERVER, ScriptedTransport, run, stored_schema

from weaviate_orm import (
    AsyncSession,
    InvalidValueError,
    LoadError,
    ObjectExistsError,
    ObjectNotFoundError,
    Property,
    ServerUnreachableError,
    Session,
    UsageError,
    WeaviateError,
    WeaviateModel,
    prop,
)
from weaviate_orm.events import (
    MODELS,
    AfterDelete,
    AfterInsert,
    AfterUpdate,
    BeforeDelete,
    BeforeInsert,
    BeforeUpdate,
    Event,
    listen,
    listens_for,
    stop_listening,
)
from weaviate_orm.flows.events import Hooks
from weaviate_orm.flows.load import CHUNK_OBJECTS, load_objects
from weaviate_orm.query.statement import Scope
from weaviate_orm.testing import recording
from weaviate_orm.wire.call import GrpcCall


class Named(WeaviateModel, abstract=True):
    name: Property[str]


class Plant(Named):
    height: Property[int] = prop(default=0)
    notes: Property[list[str]] = prop(default_factory=list)
    seen_by: Property[str | None] = prop(default=None)


class Animal(Named):
    legs: Property[int] = prop(default=4)


ONE, TWO = UUID(int=1), UUID(int=2)
Act: TypeAlias = Callable[[], object]
EVENTS: list[type[Event[Plant]]] = [
    BeforeInsert[Plant],
    AfterInsert[Plant],
    BeforeUpdate[Plant],
    AfterUpdate[Plant],
    BeforeDelete[Plant],
    AfterDelete[Plant],
]


@pytest.fixture
def session() -> Iterator[Session]:
    with Session() as session:
        session.schema.create(Plant, Animal)
        yield session


@pytest.fixture(autouse=True)
def _nobody_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODELS, "_by_kind", {})


class Refusal(Exception):
    """What listeners of these tests raise."""


def refuse(event: Event[WeaviateModel]) -> None:
    raise Refusal(f"not {event.id.int}")


def test_every_verb_tells_before_and_after(session: Session) -> None:
    told: list[tuple[str, object]] = []

    def note(event: Event[WeaviateModel]) -> None:
        assert event.model is Plant
        assert (event.id, event.tenant) == (ONE, None)
        assert getattr(event, "object", None) in (plant, None)
        there = session.exists(Plant, ONE)
        told.append((f"{type(event).__name__} {there}", getattr(event, "verb", None)))

    for event in EVENTS:
        session.listen(event, note)
    plant = Plant(id=ONE, name="oak")
    session.insert(plant)
    assert told == [("BeforeInsert False", "insert"), ("AfterInsert True", "insert")]
    told.clear()
    session.upsert(plant)
    assert told == [("BeforeInsert True", "upsert"), ("AfterInsert True", "upsert")]
    told.clear()
    session.replace(plant)
    assert told == [("BeforeUpdate True", "replace"), ("AfterUpdate True", "replace")]
    told.clear()
    plant.height = 3
    session.update(plant)
    assert told == [("BeforeUpdate True", "update"), ("AfterUpdate True", "update")]
    told.clear()
    assert session.update(plant) is False
    assert told == [], "there was nothing to send"
    assert session.delete(plant)
    assert told == [("BeforeDelete True", None), ("AfterDelete False", None)]
    told.clear()
    assert session.delete(Plant, ONE) is False
    assert told == [("BeforeDelete False", None)], "nothing was deleted"
    told.clear()
    session.insert_many([plant])
    assert told == [("BeforeInsert False", "insert_many"), ("AfterInsert True", "insert_many")]
    told.clear()
    session.query(Plant).where(Plant.name == "oak").delete()
    assert told == []


def test_a_delete_by_id_has_no_object(session: Session) -> None:
    seen: list[WeaviateModel | None] = []
    session.listen(BeforeDelete[Plant], lambda event: seen.append(event.object))
    session.listen(AfterDelete[Plant], lambda event: seen.append(event.object))
    plants = [Plant(id=ONE, name="oak"), Plant(id=TWO, name="ash")]
    session.insert_many(plants)
    session.delete(Plant, ONE)
    session.delete(plants[1])
    assert seen == [None, None, plants[1], plants[1]]


def test_models_come_before_sessions_and_bases_before_subclasses(session: Session) -> None:
    order: list[str] = []

    def told(name: str) -> Any:
        return lambda event: order.append(name)

    session.listen(BeforeInsert[Plant], told("session, plant"))
    session.listen(BeforeInsert[WeaviateModel], told("session, any"))
    listen(BeforeInsert[Plant], told("plant"))
    listen(BeforeInsert[Animal], told("animal"))
    listen(BeforeInsert[Named], told("named"))
    listen(BeforeInsert[Plant], told("plant again"))
    session.insert(Plant(name="oak"))
    assert order == ["named", "plant", "plant again", "session, any", "session, plant"]


def test_sessions_keep_to_themselves_and_views_share(session: Session) -> None:
    seen: list[Event[WeaviateModel]] = []
    listens = session.consistency("ONE").listens_for(BeforeInsert[Plant])(seen.append)
    with Session() as other:
        other.schema.create(Plant)
        other.insert(Plant(name="oak"))
    assert seen == []
    session.insert(Plant(name="oak"))
    session.repository(Plant).insert(Plant(name="ash"))
    assert len(seen) == 2
    session.stop_listening(BeforeInsert[Plant], listens)
    session.insert(Plant(name="elm"))
    assert len(seen) == 2


def test_listening_twice_is_listening_once_and_ends(session: Session) -> None:
    seen: list[Event[WeaviateModel]] = []
    note = listens_for(BeforeInsert[Plant])(seen.append)
    listen(BeforeInsert[Plant], note)
    session.insert(Plant(name="oak"))
    assert len(seen) == 1
    stop_listening(BeforeInsert[Plant], note)
    assert not MODELS
    session.insert(Plant(name="oak"))
    assert len(seen) == 1
    with pytest.raises(InvalidValueError, match=r"does not listen for BeforeInsert\[Plant\] here"):
        stop_listening(BeforeInsert[Plant], note)


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (BeforeInsert, r"BeforeInsert of which model\? .*BeforeInsert\[WeaviateModel\]"),
        (Event[Plant], "There are BeforeInsert, AfterInsert"),
        (Plant, r"such as BeforeInsert\[Article\], got"),
        ("BeforeInsert", r"got 'BeforeInsert'"),
        (BeforeInsert[Plant | Animal], "takes one model class"),
        (BeforeInsert[int], "takes one model class"),  # type: ignore[type-var]  # pyright: ignore[reportInvalidTypeArguments]
    ],
)
def test_what_is_no_event_of_a_model(event: Any, message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        listen(event, refuse)
    with pytest.raises(InvalidValueError, match=message):
        stop_listening(event, refuse)


def test_what_is_no_function() -> None:
    nothing: Any = "stamp"
    with pytest.raises(InvalidValueError, match="A listener is a function that takes the event, got 'stamp'"):
        listen(BeforeInsert[Plant], nothing)


def test_events_do_not_change() -> None:
    event = BeforeDelete(Plant, ONE, None, None)
    with pytest.raises(FrozenInstanceError):
        event.id = TWO  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


# What listeners change.


def test_what_is_assigned_before_is_stored(session: Session) -> None:
    @session.listens_for(BeforeInsert[Plant])
    def stamp(event: BeforeInsert[Plant]) -> None:
        event.object.seen_by = event.verb

    plants = [Plant(id=UUID(int=number), name="oak") for number in range(3)]
    session.insert(plants[0])
    session.upsert(plants[1])
    session.insert_many([plants[2]])
    found = session.get_many(Plant, [each.id for each in plants])
    assert [each.seen_by for each in found if each] == ["insert", "upsert", "insert_many"]
    assert [session.update(each) for each in plants] == [False] * 3, "they are stored as they are"


def changed(event: BeforeUpdate[Plant]) -> None:
    event.object.seen_by = "listener"
    event.object.notes.append("touched")


def test_what_is_changed_before_an_update_is_sent_too(session: Session) -> None:
    fields: list[tuple[str, ...]] = []
    session.listen(BeforeUpdate[Plant], changed)
    session.listen(BeforeUpdate[Plant], lambda event: fields.append(event.fields))
    session.listen(AfterUpdate[Plant], lambda event: fields.append(event.fields))
    plant = Plant(id=ONE, name="oak")
    session.insert(plant)
    plant.height = 3
    assert session.update(plant)
    found = session.get(Plant, ONE)
    assert found == plant
    assert found is not None
    assert (found.height, found.seen_by, found.notes) == (3, "listener", ["touched"])
    assert fields == [("height",), ("height", "notes", "seen_by")]
    assert session.update(plant) is False


@pytest.mark.parametrize("known", [True, False])
def test_what_is_changed_before_an_update_of_fields_is_sent_too(session: Session, known: bool) -> None:
    session.listen(BeforeUpdate[Plant], changed)
    session.insert(Plant(id=ONE, name="oak", height=1))
    plant = session.get(Plant, ONE) if known else Plant(id=ONE, name="unused", height=9)
    assert plant is not None
    plant.height, plant.name = 3, "not sent"
    session.update(plant, fields=[Plant.height])
    found = session.get(Plant, ONE)
    assert found is not None
    assert (found.name, found.height, found.seen_by, found.notes) == ("oak", 3, "listener", ["touched"])


def test_what_is_assigned_before_a_replace_is_stored(session: Session) -> None:
    session.listen(BeforeUpdate[Plant], changed)
    plant = Plant(id=ONE, name="oak")
    session.insert(plant)
    session.replace(plant)
    found = session.get(Plant, ONE)
    assert found is not None
    assert found.seen_by == "listener"


@pytest.mark.parametrize("verb", ["update", "fields", "replace"])
def test_an_update_keeps_the_id(session: Session, verb: str) -> None:
    def another(event: BeforeUpdate[Plant]) -> None:
        event.object.id = TWO

    session.listen(BeforeUpdate[Plant], another)
    plant = Plant(id=ONE, name="oak")
    session.insert(plant)
    plant.height = 3
    acts: dict[str, Act] = {
        "update": lambda: session.update(plant),
        "fields": lambda: session.update(plant, fields=[Plant.height]),
        "replace": lambda: session.replace(plant),
    }
    with (
        recording(session) as recorded,
        pytest.raises(InvalidValueError, match=r"changed Plant\.id .*Nothing was sent"),
    ):
        acts[verb]()
    assert list(recorded) == []


# What listeners raise.


@pytest.mark.parametrize("verb", ["insert", "upsert", "replace", "update", "delete", "delete by id"])
def test_what_is_raised_before_stops_the_operation(session: Session, verb: str) -> None:
    plant = Plant(id=ONE, name="oak")
    if verb not in ("insert", "upsert"):
        session.insert(plant)
    plant.height = 3
    session.listen(BeforeInsert[Plant], refuse)
    session.listen(BeforeUpdate[Plant], refuse)
    session.listen(BeforeDelete[Plant], refuse)
    acts: dict[str, Act] = {
        "insert": lambda: session.insert(plant),
        "upsert": lambda: session.upsert(plant),
        "replace": lambda: session.replace(plant),
        "update": lambda: session.update(plant),
        "delete": lambda: session.delete(plant),
        "delete by id": lambda: session.delete(Plant, ONE),
    }
    with recording(session) as recorded, pytest.raises(Refusal, match="not 1") as caught:
        acts[verb]()
    assert list(recorded) == []
    assert "Nothing was sent of the Plant 00000000" in caught.value.__notes__[0]
    if verb == "update":
        session.stop_listening(BeforeUpdate[Plant], refuse)
        assert session.update(plant), "it still counts as changed"


def test_what_is_raised_after_says_what_is_done(session: Session) -> None:
    seen: list[object] = []
    session.listen(AfterInsert[Plant], refuse)
    session.listen(AfterInsert[Plant], seen.append)
    session.listen(AfterDelete[Plant], refuse)
    plant = Plant(id=ONE, name="oak")
    with pytest.raises(Refusal) as caught:
        session.insert(plant)
    assert caught.value.__notes__ == [f"The listener 'refuse' of AfterInsert raised this. The Plant {ONE} is stored."]
    assert seen == [], "those behind it are not called"
    assert session.exists(Plant, ONE)
    assert session.update(plant) is False, "it counts as stored"
    with pytest.raises(Refusal) as caught:
        session.delete(plant)
    assert caught.value.__notes__[0].endswith(f"The Plant {ONE} is deleted.")
    assert not session.exists(Plant, ONE)


def test_nobody_is_told_of_what_failed(session: Session) -> None:
    seen: list[object] = []
    session.listen(AfterInsert[Plant], seen.append)
    session.listen(AfterUpdate[Plant], seen.append)
    session.upsert(Plant(id=ONE, name="oak"))
    seen.clear()
    with pytest.raises(ObjectExistsError):
        session.insert(Plant(id=ONE, name="oak"))
    with pytest.raises(ObjectNotFoundError):
        session.replace(Plant(id=TWO, name="oak"))
    assert seen == []


# Many.


def test_refused_objects_are_reported_and_the_others_stored(session: Session) -> None:
    def odd(event: BeforeInsert[Plant]) -> None:
        if event.object.height % 2:
            raise Refusal("odd")
        if event.object.height == 4:
            raise InvalidValueError("four")

    after: list[int] = []
    session.listen(BeforeInsert[Plant], odd)
    session.listen(AfterInsert[Plant], lambda event: after.append(event.object.height))
    plants = [Plant(name="oak", height=number) for number in range(6)]
    report = session.insert_many(iter(plants), on_failure="report")
    assert (report.stored, [each.index for each in report.failed]) == (2, [1, 3, 4, 5])
    assert report.failed[0].object is plants[1]
    error = report.failed[0].error
    assert type(error) is WeaviateError
    assert error.message == "A listener of BeforeInsert[Plant] did not let the object pass: Refusal: odd"
    assert (error.object_id, error.collection) == (plants[1].id, "Plant")
    assert isinstance(error.__cause__, Refusal)
    assert type(report.failed[2].error) is InvalidValueError
    assert after == [0, 2]
    assert session.count(Plant) == 2
    with pytest.raises(LoadError, match="4 of 6 objects were not stored"):
        session.insert_many(plants)


def test_a_last_object_that_is_refused(session: Session) -> None:
    session.listen(BeforeInsert[Animal], refuse)
    report = session.insert_many([Plant(id=ONE, name="oak"), Animal(id=TWO, name="cat")], on_failure="report")
    assert (report.stored, [each.index for each in report.failed]) == (1, [1])
    report = session.insert_many([Animal(id=TWO, name="cat")], on_failure="report")
    assert (report.stored, [each.index for each in report.failed]) == (0, [0])


def test_listeners_that_raise_after_many_are_reported(session: Session) -> None:
    def second(event: AfterInsert[Plant]) -> None:
        if event.object.height == 1:
            raise Refusal("after")

    session.listen(AfterInsert[Plant], second)
    plants = [Plant(name="oak", height=number) for number in range(3)]
    report = session.insert_many(plants, on_failure="report")
    assert (report.stored, report.failed) == (3, [])
    assert [(each.index, each.object, type(each.error)) for each in report.listener_failures] == [
        (1, plants[1], Refusal)
    ]
    with pytest.raises(
        LoadError, match=r"^All 3 objects were stored, but .* 1 of them; object 1: Refusal: after"
    ) as caught:
        session.insert_many(plants)
    assert caught.value.report.stored == 3
    assert isinstance(caught.value.__cause__, Refusal)


def test_an_iterable_that_raises_behind_a_refused_object(session: Session) -> None:
    session.listen(BeforeInsert[Plant], refuse)

    def given() -> Iterator[Plant]:
        yield Plant(id=ONE, name="oak")
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine") as caught:
        session.insert_many(given())
    assert caught.value.__notes__ == ["insert_many() had stored 0 objects by then, and 1 had failed."]


def test_nobody_is_told_of_what_is_not_sent_any_more() -> None:
    hooks = Hooks(awaits=False)
    told: list[str] = []
    hooks.listeners.add(BeforeInsert[Plant], lambda event: told.append("before"))
    hooks.listeners.add(AfterInsert[Plant], lambda event: told.append("after"))
    schema = stored_schema(Plant)
    transport = ScriptedTransport(
        lambda call: ServerUnreachableError("gone") if isinstance(call, GrpcCall) else schema(call)
    )
    plants = [Plant(name="oak") for _ in range(CHUNK_OBJECTS + 5)]
    report = run(load_objects(plants, Scope(), retry=ONCE, verified=set(), server=SERVER, hooks=hooks), transport)
    assert (report.stored, len(report.failed)) == (0, len(plants))
    assert told == ["before"] * CHUNK_OBJECTS


# Colours.


async def later(event: Event[WeaviateModel]) -> None:
    raise AssertionError("never run")


class Object:
    async def __call__(self, event: Event[WeaviateModel]) -> None:
        raise AssertionError("never run")


@pytest.mark.parametrize("function", [later, functools.partial(later), Object()], ids=["plain", "partial", "object"])
@pytest.mark.parametrize("kind", [BeforeInsert, AfterInsert])
def test_a_synchronous_session_refuses_coroutine_functions(session: Session, kind: Any, function: Any) -> None:
    listen(kind[Plant], function)
    with (
        recording(session) as recorded,
        pytest.raises(
            UsageError, match=r"is a coroutine function, which only an AsyncSession can run\. Nothing was sent"
        ),
    ):
        session.insert(Plant(name="oak"))
    assert list(recorded) == []
    report = session.insert_many([Plant(name="oak"), Animal(name="cat")], on_failure="report")
    assert (report.stored, [type(each.error) for each in report.failed]) == (1, [UsageError])


def test_a_synchronous_session_refuses_what_has_to_be_awaited(session: Session) -> None:
    session.listen(BeforeInsert[Plant], lambda event: later(event))
    with pytest.raises(UsageError, match="gave something to await"):
        session.insert(Plant(id=ONE, name="oak"))
    assert not session.exists(Plant, ONE)


def test_an_asynchronous_session_awaits() -> None:
    async def main() -> None:
        order: list[str] = []
        async with AsyncSession() as session:
            await session.schema.create(Plant)

            @session.listens_for(BeforeInsert[Plant])
            async def first(event: BeforeInsert[Plant]) -> None:
                await asyncio.sleep(0)
                order.append(f"{event.verb} {await session.exists(Plant, event.id)}")
                event.object.height += 1

            session.listen(BeforeInsert[Plant], lambda event: order.append("second"))

            @session.listens_for(AfterInsert[Plant])
            async def last(event: AfterInsert[Plant]) -> None:
                order.append(f"after {await session.exists(Plant, event.id)}")

            plant = Plant(name="oak")
            await session.insert(plant)
            await session.insert_many([plant])
            found = await session.get(Plant, plant.id)
        assert order == ["insert False", "second", "after True", "insert_many True", "second", "after True"]
        assert found is not None
        assert found.height == 2

    asyncio.run(main())


def test_cancelled_in_a_listener_nothing_is_sent() -> None:
    async def main() -> None:
        async with AsyncSession() as session:
            await session.schema.create(Plant)
            reached = asyncio.Event()

            @session.listens_for(BeforeInsert[Plant])
            async def wait(event: BeforeInsert[Plant]) -> None:
                reached.set()
                await asyncio.Event().wait()

            task = asyncio.create_task(session.insert(Plant(id=ONE, name="oak")))
            await reached.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert not await session.exists(Plant, ONE)

    asyncio.run(main())
