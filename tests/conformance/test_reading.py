"""Reading objects without a search: order, pages, references, projections, terminals, and what happens to single objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import Enum
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel
from zoo import created, unique_name

from weaviate_orm import (
    InvertedIndex,
    MultipleResultsError,
    NoResultError,
    ObjectExistsError,
    ObjectNotFoundError,
    Property,
    Reference,
    ReferenceNotLoadedError,
    References,
    Session,
    Vector,
    WeaviateModel,
    created_at,
    prop,
    reference,
    references,
    updated_at,
    vector,
)


class Kind(Enum):
    NEW = "new"
    OLD = "old"


class City(WeaviateModel, collection=unique_name("City")):
    name: Property[str]
    twin: Reference[City | None] = reference()
    neighbours: References[City] = references()


class Tenant(WeaviateModel, collection=unique_name("Resident")):
    name: Property[str]
    city: Reference[City] = reference()


class Row(WeaviateModel, collection=unique_name("Row"), inverted_index=InvertedIndex(null_state=True)):
    name: Property[str | None] = prop(default=None)
    whole: Property[int | None] = prop(default=None)
    number: Property[float | None] = prop(default=None)
    truth: Property[bool | None] = prop(default=None)
    moment: Property[datetime | None] = prop(default=None)
    names: Property[list[str] | None] = prop(default=None)
    kind: Property[Kind] = prop(default=Kind.NEW)


ROWS = [
    Row(
        id=UUID(int=(index * 7) % 12 + 1),
        name=(None, "b", "A", "a", "C", "")[index % 6],
        whole=None if index % 4 == 3 else index % 3,
        number=None if index == 2 else -index / 2,
        truth=(None, True, False)[index % 3],
        moment=None if index == 5 else datetime(2024, 1, 12 - index, tzinfo=UTC),
        names=(None, [], ["b"], ["B", "a"])[index % 4],
        kind=Kind.OLD if index % 2 else Kind.NEW,
    )
    for index in range(12)
]
BY_ID = sorted(ROWS, key=lambda row: row.id.bytes)

CITIES = [City(id=UUID(int=index + 1), name=name) for index, name in enumerate(("Ost", "West", "Nord"))]


@pytest.fixture(scope="module", autouse=True)
def _data(session: Session) -> Iterator[None]:
    with created(session, City, Tenant, Row):
        for row in ROWS:  # one by one, so that the times of creation follow the order
            session.insert(row)
        session.insert_many(CITIES)
        ost, west, nord = CITIES
        session.insert_many(
            [
                City(id=ost.id, name="Ost", twin=west, neighbours=[west, nord]),
                City(id=west.id, name="West", twin=nord, neighbours=[ost]),
            ]
        )
        session.insert_many([Tenant(id=UUID(int=1), name="Ada", city=ost), Tenant(id=UUID(int=2), name="Bob")])
        yield


def positions(rows: list[Row]) -> list[int]:
    known = {row.id: index for index, row in enumerate(ROWS)}
    return [known[row.id] for row in rows]


# Order and pages


def test_without_an_order_objects_come_by_id(session: Session) -> None:
    assert session.query(Row).objects() == BY_ID


def test_with_a_condition_objects_come_as_they_were_stored(session: Session) -> None:
    assert session.query(Row).where(Row.id != uuid4()).objects() == ROWS


ORDERS: dict[str, Callable[[Row], tuple[bool, object]]] = {
    "name": lambda row: (row.name is not None, (row.name or "").lower()),
    "whole": lambda row: (row.whole is not None, row.whole or 0),
    "number": lambda row: (row.number is not None, row.number or 0.0),
    "truth": lambda row: (row.truth is not None, bool(row.truth)),
    "moment": lambda row: (row.moment is not None, row.moment or datetime.min.replace(tzinfo=UTC)),
}


@pytest.mark.parametrize("field", ORDERS)
@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
def test_order_by_one_key(session: Session, field: str, descending: bool) -> None:
    """Missing values count as smallest, text ignores case, ties keep the order without a sort key."""
    key = getattr(Row, field)
    wanted = sorted(BY_ID, key=ORDERS[field], reverse=descending)
    if descending:  # Python keeps the order of ties when it reverses, as the server does
        assert wanted == sorted(BY_ID, key=ORDERS[field], reverse=True)
    got = session.query(Row).order_by(key.desc() if descending else key).objects()
    assert positions(got) == positions(wanted)


def test_order_by_several_keys(session: Session) -> None:
    got = session.query(Row).order_by(Row.whole.desc(), Row.name.asc(), Row.number.desc()).objects()
    wanted = sorted(BY_ID, key=ORDERS["number"], reverse=True)
    wanted = sorted(wanted, key=ORDERS["name"])
    wanted = sorted(wanted, key=ORDERS["whole"], reverse=True)
    assert positions(got) == positions(wanted)


def test_order_by_id_and_times(session: Session) -> None:
    query = session.query(Row)
    assert query.order_by(Row.id.desc()).objects() == BY_ID[::-1]
    for key in (created_at, updated_at):
        times = [hit.created_at for hit in query.order_by(key)]
        assert times == sorted(each for each in times if each is not None)
        assert [hit.created_at for hit in query.order_by(key.desc())] == times[::-1]


def test_a_later_order_replaces_an_earlier(session: Session) -> None:
    query = session.query(Row).order_by(Row.name)
    assert query.order_by(Row.id).objects() == BY_ID
    assert query.order_by().objects() == BY_ID


def test_pages(session: Session) -> None:
    query = session.query(Row).order_by(Row.number.desc())
    whole = query.objects()
    assert len(whole) == len(ROWS)
    assert [row for start in range(0, 12, 5) for row in query.offset(start).limit(5).objects()] == whole
    assert query.offset(9).objects() == whole[9:]
    assert query.offset(12).all() == []


def test_a_query_is_a_value(session: Session) -> None:
    base = session.query(Row)
    base.where(Row.whole == 1).limit(1).order_by(Row.name)
    assert len(base.all()) == len(ROWS)


# Terminals


def test_terminals(session: Session) -> None:
    query = session.query(Row)
    assert [hit.object for hit in query] == query.objects() == [hit.object for hit in query.all()]
    first = query.first()
    assert first is not None
    assert first.object == BY_ID[0]
    assert first.id == BY_ID[0].id
    assert (first.distance, first.certainty, first.score, first.explain_score, first.rerank_score) == (None,) * 5
    assert query.where(Row.id == ROWS[3].id).one().object == ROWS[3]
    assert query.limit(2).offset(3).count() == len(ROWS) == session.count(Row)


def test_nothing_found(session: Session) -> None:
    query = session.query(Row).where(Row.whole > 1000)
    assert query.all() == query.objects() == list(query) == []
    assert query.first() is None
    assert query.count() == 0
    with pytest.raises(NoResultError, match=r"Row.*whole > 1000"):
        query.one()


def test_more_than_one_found(session: Session) -> None:
    with pytest.raises(MultipleResultsError, match=r"first\(\)"):
        session.query(Row).one()
    assert session.query(Row).limit(1).one().object == BY_ID[0]


# Projections


class Card(BaseModel):
    id: UUID
    name: str | None
    kind: Kind
    names: list[str] = []


class Short(BaseModel):
    whole: int | None


def test_projections(session: Session) -> None:
    hits = session.query(Row).order_by(Row.number).as_(Card).all()
    wanted = sorted(BY_ID, key=ORDERS["number"])
    assert [hit.object for hit in hits] == [
        Card(id=row.id, name=row.name, kind=row.kind, names=row.names or []) for row in wanted
    ]
    assert [hit.id for hit in hits] == [row.id for row in wanted]
    assert session.query(Row).as_(Short).where(Row.whole == 2).objects() == [Short(whole=2)] * 3


# References


def test_one_reference(session: Session) -> None:
    ada, bob = session.query(Tenant).include(Tenant.city).objects()
    assert ada.city.name == "Ost"
    assert Tenant.city.id_of(ada) == CITIES[0].id
    assert Tenant.city.id_of(bob) is None
    with pytest.raises(ReferenceNotLoadedError, match=r"Tenant\.city refers to nothing"):
        bob.city


def test_a_reference_that_was_not_asked_for(session: Session) -> None:
    ada = session.get(Tenant, UUID(int=1))
    assert ada is not None
    with pytest.raises(ReferenceNotLoadedError, match=r"\.include\(Tenant\.city\)") as refused:
        ada.city
    assert refused.value.object_id == ada.id
    with pytest.raises(ReferenceNotLoadedError):
        Tenant.city.id_of(ada)


def test_several_references_to_the_same_model(session: Session) -> None:
    ost = session.query(City).where(City.name == "Ost").include(City.twin, City.neighbours).one().object
    assert ost.twin is not None
    assert ost.twin.name == "West"
    assert [city.name for city in ost.neighbours] == ["West", "Nord"]
    nord = session.query(City).where(City.name == "Nord").include(City.twin, City.neighbours).one().object
    assert nord.twin is None
    assert nord.neighbours == []
    assert City.neighbours.ids_of(ost) == [CITIES[1].id, CITIES[2].id]


def test_nested_references(session: Session) -> None:
    asked = Tenant.city.include(City.twin.include(City.twin), City.neighbours)
    ada = session.query(Tenant).include(asked).where(Tenant.name == "Ada").one().object
    assert ada.city.twin is not None
    assert ada.city.twin.twin is not None
    assert ada.city.twin.twin.name == "Nord"
    assert [city.name for city in ada.city.neighbours] == ["West", "Nord"]
    with pytest.raises(ReferenceNotLoadedError):
        ada.city.twin.neighbours


def test_a_reference_to_what_was_deleted_is_none(session: Session, create: Callable[..., None]) -> None:
    class Target(WeaviateModel, collection=unique_name("Target")):
        name: Property[str]

    class Source(WeaviateModel, collection=unique_name("Source")):
        one: Reference[Target | None] = reference()
        many: References[Target] = references()

    create(Target, Source)
    kept, lost = Target(name="kept"), Target(name="lost")
    session.insert_many([kept, lost])
    source = Source(one=lost, many=[kept, lost])
    session.insert(source)
    assert session.delete(lost)
    read = session.get(Source, source.id, include=[Source.one, Source.many])
    assert read is not None
    assert read.one is None
    assert [each.name for each in read.many] == ["kept"]


def test_a_reference_to_several_models(session: Session, create: Callable[..., None]) -> None:
    class Cat(WeaviateModel, collection=unique_name("Cat")):
        name: Property[str]

    class Dog(WeaviateModel, collection=unique_name("Dog")):
        weight: Property[int]

    class Owner(WeaviateModel, collection=unique_name("Owner")):
        name: Property[str]
        pet: Reference[Cat | Dog | None] = reference()
        pets: References[Cat | Dog] = references()

    create(Owner, Cat, Dog)
    tom, rex = Cat(name="Tom"), Dog(weight=9)
    session.insert_many([tom, rex])
    ada = Owner(name="Ada", pet=rex, pets=[tom, rex])
    bob = Owner(name="Bob", pet=tom)
    session.insert(ada)
    session.insert_many([bob])
    query = session.query(Owner)
    assert query.where(Owner.pet.has(Dog.weight > 5)).one().id == ada.id
    assert query.where(Owner.pet.has(Cat.name == "Tom")).one().id == bob.id
    assert query.where(Owner.pets.has(Cat.name == "Tom"), Owner.pets.has(Dog.weight == 9)).one().id == ada.id
    assert query.where(Owner.pets.count() == 2).one().id == ada.id
    assert query.include(Owner.pets).where(Owner.id == ada.id).one().object.pets == [tom, rex]


# Single objects


def test_get_many_keeps_the_order_and_the_gaps(session: Session) -> None:
    nobody = uuid4()
    ids = [ROWS[4].id, nobody, ROWS[1].id, ROWS[4].id]
    assert session.get_many(Row, ids) == [ROWS[4], None, ROWS[1], ROWS[4]]
    assert session.get_many(Row, []) == []
    assert session.get(Row, nobody) is None


def test_get_many_of_more_ids_than_one_call_takes(session: Session, create: Callable[..., None]) -> None:
    class Tiny(WeaviateModel, collection=unique_name("Tiny")):
        number: Property[int]

    create(Tiny)
    stored = [Tiny(number=number) for number in range(1200)]
    session.insert_many(stored)
    ids = [each.id for each in reversed(stored)]
    found = session.get_many(Tiny, ids)
    assert [each and each.number for each in found] == list(range(1199, -1, -1))
    assert len(session.query(Tiny).all()) == 1200  # no limit means all of them


def test_insert_exists_delete(session: Session, create: Callable[..., None]) -> None:
    class Single(WeaviateModel, collection=unique_name("Single")):
        name: Property[str]
        embedding: Vector = vector()

    create(Single)
    one, other = Single(name="one", embedding=[1, 2]), Single(name="other")
    assert not session.exists(Single, one.id)
    assert session.insert(one) == one.id
    assert session.exists(Single, one.id)
    with pytest.raises(ObjectExistsError, match=str(one.id)) as refused:
        session.insert(Single(id=one.id, name="again"))
    assert refused.value.object_id == one.id
    assert session.get(Single, one.id, with_vectors=True) == one
    session.insert(other)
    assert session.delete(one) is True
    assert session.delete(one) is False
    assert session.delete(Single, other.id) is True
    assert not session.exists(Single, other.id)
    assert session.count(Single) == 0


def test_a_reference_to_an_object_that_is_not_there_is_refused(session: Session) -> None:
    nobody = uuid4()
    with pytest.raises(ObjectNotFoundError, match=str(nobody)):
        session.insert(Tenant(name="Cyd", city=nobody))
