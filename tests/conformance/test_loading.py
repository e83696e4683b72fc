"""``insert_many``: every object is stored or in the report, whatever is wrong with its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from zoo import unique_name

from weaviate_orm import (
    CollectionNotFoundError,
    InvalidValueError,
    LoadError,
    MessageTooLargeError,
    ObjectNotFoundError,
    Property,
    Reference,
    Session,
    Vector,
    VectorDimensionError,
    WeaviateModel,
    prop,
    reference,
    vector,
)
from weaviate_orm.flows import load


class Maker(WeaviateModel, collection=unique_name("Maker")):
    name: Property[str]


class Thing(WeaviateModel, collection=unique_name("Thing")):
    name: Property[str]
    made: Property[datetime | None] = prop(default=None)
    maker: Reference[Maker | None] = reference()
    embedding: Vector = vector()


@pytest.fixture(autouse=True)
def _collections(create: Callable[..., None]) -> None:
    create(Maker, Thing)


def test_a_report_when_all_is_well(session: Session) -> None:
    report = session.insert_many(Thing(name=str(number)) for number in range(5))
    assert (report.stored, report.failed) == (5, [])
    assert report.elapsed > 0
    assert session.count(Thing) == 5


def test_nothing_to_store(session: Session) -> None:
    report = session.insert_many(list[Thing]())
    assert (report.stored, report.failed) == (0, [])


def bad_batch(session: Session) -> tuple[list[Thing], dict[int, tuple[type[Exception], str]]]:
    """Give objects of which some are bad, each in its own way, and the error that each of those must get."""
    session.insert_many([Thing(name="first", embedding=[1, 2, 3])])
    nowhere, twice = uuid4(), uuid4()
    naive = Thing(name="naive", made=datetime(2024, 1, 1), embedding=[1, 2, 3])
    objects = [
        Thing(name="good 0", embedding=[1, 2, 3]),
        naive,
        Thing(name="good 2", made=datetime(2024, 1, 1, tzinfo=UTC)),
        Thing(name="dangling", maker=nowhere, embedding=[1, 2, 3]),
        Thing(id=twice, name="good 4", embedding=[3, 2, 1]),
        Thing(id=twice, name="same id", embedding=[1, 2, 3]),
        Thing(name="short", embedding=[1, 2]),
        Thing(name="good 7", embedding=[1, 1, 1]),
    ]
    return objects, {
        1: (InvalidValueError, "Thing.made.*time zone"),
        3: (ObjectNotFoundError, str(nowhere)),
        5: (InvalidValueError, f"same id {twice} as object 4"),
        6: (VectorDimensionError, "Thing.embedding has 2 dimensions here, but 3"),
    }


def test_bad_objects_are_reported_and_good_ones_stored(session: Session) -> None:
    objects, wrong = bad_batch(session)
    report = session.insert_many(objects, on_failure="report")
    assert report.stored == len(objects) - len(wrong)
    assert [each.index for each in report.failed] == sorted(wrong)
    for each in report.failed:
        kind, pattern = wrong[each.index]
        assert type(each.error) is kind
        assert each.object is objects[each.index]
        dangling = isinstance(each.error, ObjectNotFoundError)
        assert each.error.object_id == (Thing.maker.id_of(each.object) if dangling else each.object.id)
        assert each.error.collection == Thing.__weaviate_options__.collection
        with pytest.raises(kind, match=pattern):
            raise each.error
    stored = {hit.object.name for hit in session.query(Thing)}
    assert stored == {"first", *(each.name for each in objects if each.name.startswith("good"))}


def test_failures_are_raised_by_default(session: Session) -> None:
    objects, wrong = bad_batch(session)
    with pytest.raises(
        LoadError, match=rf"{len(wrong)} of {len(objects)} objects were not stored; object 1:"
    ) as failed:
        session.insert_many(objects)
    report = failed.value.report
    assert (report.stored, len(report.failed)) == (len(objects) - len(wrong), len(wrong))
    assert session.count(Thing) == report.stored + 1


def test_a_vector_that_does_not_fit_those_stored_before(session: Session) -> None:
    session.insert_many([Thing(name="first", embedding=[1, 2, 3])])
    short = Thing(name="short", embedding=[1, 2])
    report = session.insert_many([short, Thing(name="none")], on_failure="report")
    assert report.stored == 1
    assert type(report.failed[0].error) is VectorDimensionError
    assert "2 dimensions; those in the collection have 3" in str(report.failed[0].error)
    assert not session.exists(Thing, short.id)


def test_existing_ids_are_replaced_as_a_whole(session: Session) -> None:
    before = Thing(name="before", made=datetime(2024, 1, 1, tzinfo=UTC), embedding=[1, 2, 3])
    session.insert_many([before])
    after = Thing(id=before.id, name="after")
    report = session.insert_many([after])
    assert report.stored == 1
    assert session.get(Thing, before.id, with_vectors=True, include=[Thing.maker]) == Thing(
        id=before.id, name="after", maker=None
    )
    assert session.count(Thing) == 1


def test_several_models_in_one_call(session: Session) -> None:
    acme = Maker(name="Acme")
    session.insert_many([acme])
    mixed: list[WeaviateModel] = [Maker(name="Other"), Thing(name="x", maker=acme), Maker(name="Third")]
    assert session.insert_many(mixed).stored == 3
    assert session.count(Maker) == 3
    assert session.query(Thing).where(Thing.maker.has(Maker.name == "Acme")).count() == 1


def test_the_same_id_in_two_collections_is_no_duplicate(session: Session) -> None:
    shared = UUID(int=7)
    both: list[WeaviateModel] = [Maker(id=shared, name="m"), Thing(id=shared, name="t")]
    assert session.insert_many(both).stored == 2


def test_chunks_by_number(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "CHUNK_OBJECTS", 3)
    things = [Thing(name=str(number)) for number in range(10)]
    things[4].__dict__["made"] = datetime(2024, 1, 1)
    things[8] = Thing(id=things[0].id, name="late duplicate")
    report = session.insert_many(things, on_failure="report")
    assert [each.index for each in report.failed] == [4, 8]
    assert report.stored == session.count(Thing) == 8


def test_chunks_by_size(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "CHUNK_BYTES", 2_000)
    things = [Thing(name=str(number) * 700) for number in range(10)]
    assert session.insert_many(iter(things)).stored == 10
    assert {hit.object.name for hit in session.query(Thing)} == {each.name for each in things}


def test_an_object_larger_than_a_message(session: Session) -> None:
    report = session.insert_many([Thing(name="x" * 105_000_000), Thing(name="small")], on_failure="report")
    assert report.stored == 1
    assert [(each.index, type(each.error)) for each in report.failed] == [(0, MessageTooLargeError)]


@pytest.mark.requires("a synchronous session")
def test_objects_are_taken_as_they_come(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source is not read to its end before the first objects are stored."""
    monkeypatch.setattr(load, "CHUNK_OBJECTS", 2)
    seen: list[int] = []

    def source() -> Iterator[Thing]:
        for number in range(6):
            seen.append(session.count(Thing))
            yield Thing(name=str(number))

    session.insert_many(source())
    assert seen == [0, 0, 2, 2, 4, 4]


def test_a_model_without_a_collection_among_others(session: Session) -> None:
    class Absent(WeaviateModel, collection=unique_name("Absent")):
        name: Property[str]

    report = session.insert_many([Absent(name="x")], on_failure="report")
    assert report.stored == 0
    assert type(report.failed[0].error) is CollectionNotFoundError
    assert not session.schema.exists(Absent)


def test_what_is_no_object(session: Session) -> None:
    mixed: list[Any] = [Thing(name="a"), {"name": "b"}]  # as only an unchecked program can do
    report = session.insert_many(mixed, on_failure="report")
    assert report.stored == 1
    assert type(report.failed[0].error) is InvalidValueError
