"""Columns hold what the typed objects of the same page hold, whatever the type, without making any."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from scripted_calls import ONCE, ScriptedTransport
from strategies import complete_objects, objects_of_any_kind
from zoo import (
    Address,
    Company,
    Contact,
    Document,
    Everything,
    Legacy,
    Mood,
    Priority,
    Product,
    Publisher,
    Required,
    unique_name,
)

from weaviate_orm import (
    BlobHash,
    ConfigurationError,
    FromHit,
    GeoCoordinate,
    HydrationError,
    InvalidQueryError,
    PhoneNumber,
    Property,
    Query,
    Reference,
    References,
    Session,
    WeaviateModel,
    prop,
    reference,
    references,
)
from weaviate_orm.model.info import model_info
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.runner import Runner
from weaviate_orm.wire import _pb as pb


@pytest.fixture
def session() -> Iterator[Session]:
    with Session() as session:
        session.schema.create(Everything, Required, Product, Company, Document, Legacy, Publisher)
        yield session


def plain(value: Any) -> Any:  # of any property's type
    """Give a value of a model as a cell of a table has it."""
    match value:
        case Enum():
            return value.value
        case UUID():
            return str(value)
        case BlobHash():
            return value.digest
        case GeoCoordinate():
            return {"latitude": value.latitude, "longitude": value.longitude}
        case PhoneNumber():
            return {name: getattr(value, name) for name in PhoneNumber.__dataclass_fields__}
        case BaseModel():
            return {name: plain(getattr(value, name)) for name in type(value).model_fields}
        case list() | tuple():
            return [plain(each) for each in value]
        case set() | frozenset():
            return sorted(map(plain, value))
        case _:
            return value


def expected(model: type[WeaviateModel], instance: WeaviateModel) -> dict[str, Any]:
    found = {name: plain(getattr(instance, name)) for name in model_info(model).properties}
    return {"id": str(instance.id), **found}


EXAMPLES = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


@EXAMPLES
@given(st.lists(objects_of_any_kind(), max_size=4, unique_by=lambda each: each.id))
def test_every_data_type(session: Session, instances: list[Everything]) -> None:
    session.schema.drop(Everything)
    session.schema.create(Everything)
    session.insert_many(instances)
    page = session.query(Everything).page()
    assert page.to_arrow().to_pylist() == [expected(Everything, each) for each in page.objects()]
    assert len(page) == len(instances)


@EXAMPLES
@given(st.lists(complete_objects(), max_size=4, unique_by=lambda each: each.id))
def test_zeros_and_empty_values(session: Session, instances: list[Required]) -> None:
    session.schema.drop(Required)
    session.schema.create(Required)
    session.insert_many(instances)
    page = session.query(Required).page()
    assert page.to_arrow().to_pylist() == [expected(Required, each) for each in page.objects()]
    assert len(page) == len(instances)


def test_types_are_those_of_the_declaration() -> None:
    """Also of a page without rows."""
    with Session() as session:
        session.schema.create(Everything)
        schema = session.query(Everything).page().to_arrow().schema
    instant = pa.timestamp("us", tz="UTC")
    types = {name: schema.field(name).type for name in schema.names}
    assert next(iter(types)) == "id"
    assert {name: types[name] for name in ("id", "text", "whole", "number", "truth", "instant", "day", "blob")} == {
        "id": pa.string(),
        "text": pa.string(),
        "whole": pa.int64(),
        "number": pa.float64(),
        "truth": pa.bool_(),
        "instant": instant,
        "day": pa.date32(),
        "blob": pa.binary(),
    }
    assert types["wholes"] == pa.list_(pa.int64())
    assert types["instants"] == pa.list_(instant)
    assert types["days"] == pa.list_(pa.date32())
    assert pa.types.is_struct(types["part"])
    assert types["part"].field("counts").type == pa.list_(pa.int64())
    assert types["parts"].value_type == types["part"]


def test_enums_sets_and_nested_objects(session: Session) -> None:
    products = [
        Product(maker="a", sku=1, price=1.5, mood=Mood.LOUD, colours={"red"}, codes=(3, 4), priority=Priority.HIGH),
        Product(maker="b", sku=2, price=2.5, moods=[Mood.CALM, Mood.LOUD]),
    ]
    session.insert_many(products)
    page = session.query(Product).page()
    assert page.to_arrow().to_pylist() == [expected(Product, each) for each in page.objects()]
    companies = [
        Company(name="none"),
        Company(
            name="one",
            seat=Address(street="s", city="c", contacts=[Contact(kind="mail", value="x")]),
            branches=[Address(street="t", city="d"), Address(street="u", city="e")],
        ),
    ]
    session.insert_many(companies)
    page_of_companies = session.query(Company).page()
    assert page_of_companies.to_arrow().to_pylist() == [expected(Company, each) for each in page_of_companies.objects()]


DOCUMENTS = [
    Document(id=UUID(int=1), title="none"),
    Document(id=UUID(int=2), title="all", meaning=[1, 2, 3], style=[4, 5], tokens=[[1, 2], [3, 4]]),
    Document(id=UUID(int=3), title="some", meaning=[4, 5, 6], tokens=[[5, 6]]),
]


def test_vectors_of_every_kind(session: Session) -> None:
    session.insert_many(DOCUMENTS)
    query = session.query(Document).with_vectors()
    table = query.page().to_arrow()
    assert table.schema.field("meaning").type == pa.list_(pa.float32(), 3)
    assert table.schema.field("tokens").type == pa.list_(pa.list_(pa.float32(), 2))
    assert table.column("meaning").to_pylist() == [None, [1, 2, 3], [4, 5, 6]]
    assert table.column("style").to_pylist() == [None, [4, 5], None]
    assert table.column("tokens").to_pylist() == [None, [[1, 2], [3, 4]], [[5, 6]]]
    # The first page knows no lengths, and the whole has them.
    whole = query.stream(page_size=1).to_arrow()
    assert whole.to_pylist() == table.to_pylist()
    assert whole.schema == table.schema
    assert whole.column("style").num_chunks > 1
    session.insert(Legacy(title="t", embedding=[1, 2]))
    assert session.query(Legacy).with_vectors().page().to_arrow().column("embedding").to_pylist() == [[1, 2]]


class Cat(WeaviateModel, collection=unique_name("Cat")):
    name: Property[str]


class Dog(WeaviateModel, collection=unique_name("Dog")):
    age: Property[int]


class Owner(WeaviateModel, collection=unique_name("Owner")):
    name: Property[str]
    pet: Reference[Cat | Dog | None] = reference()
    friends: References[Cat] = references()


class PetCard(BaseModel):
    name: str


class OwnerCard(BaseModel):
    friends: list[PetCard]
    name: str
    seen: Annotated[datetime, FromHit("created_at")]


def test_references() -> None:
    with Session() as session:
        session.schema.create(Cat, Dog, Owner)
        cat, dog = Cat(name="Tom"), Dog(age=3)
        session.insert(cat)
        session.insert(dog)
        owners = [
            Owner(id=UUID(int=1), name="none"),
            Owner(id=UUID(int=2), name="cat", pet=cat, friends=[cat]),
            Owner(id=UUID(int=3), name="dog", pet=dog),
        ]
        session.insert_many(owners)
        query = session.query(Owner)
        tom = {"id": str(cat.id), "name": "Tom"}
        table = query.include(Owner.pet, Owner.friends).page().to_arrow()
        assert table.column("pet").to_pylist() == [
            None,
            {"Cat": tom, "Dog": None},
            {"Cat": None, "Dog": {"id": str(dog.id), "age": 3}},
        ]
        assert table.column("friends").to_pylist() == [[], [tom], []]
        ids = query.include(Owner.friends.ids()).page().to_arrow()
        assert ids.column("friends").to_pylist() == [[], [{"id": str(cat.id)}], []]
        cards = query.as_(OwnerCard).page()
        assert cards.to_arrow().to_pylist() == [{"id": str(hit.id), **hit.object.model_dump()} for hit in cards]
        assert cards.to_arrow().column_names == ["id", "friends", "name", "seen"]


def scripted(model: type[WeaviateModel], *results: pb.SearchResult) -> Query[Any]:
    transport = ScriptedTransport(lambda call: pb.SearchReply(results=results))
    return Query(Statement(model_info(model)), Runner(transport, ONCE, Scope()))


def result(**values: pb.Value) -> pb.SearchResult:
    made = pb.SearchResult()
    made.metadata.id = str(UUID(int=1))
    for name, value in values.items():
        made.properties.non_ref_props.fields[name].CopyFrom(value)
    return made


class Inside(BaseModel):
    depth: int = 5
    marks: list[Mood] = [Mood.LOUD]


class Defaults(WeaviateModel, collection=unique_name("Defaults")):
    text: Property[str] = prop(default="d")
    whole: Property[int] = prop(default=7)
    mood: Property[Mood] = prop(default=Mood.LOUD)
    since: Property[datetime] = prop(default=datetime(2024, 1, 1, tzinfo=UTC))
    day: Property[date] = prop(default=date(2024, 1, 1))
    place: Property[GeoCoordinate] = prop(default=GeoCoordinate(1, 2))
    identity: Property[UUID] = prop(default=UUID(int=9))
    blob: Property[bytes] = prop(default=b"xy")
    numbers: Property[list[float]] = prop(default_factory=lambda: [1.5, 2.5])
    wholes: Property[list[int]] = prop(default_factory=list)
    inside: Property[Inside] = prop(default_factory=Inside)
    several: Property[list[Inside]] = prop(default_factory=lambda: [Inside(depth=1)])
    maybe: Property[str | None] = prop(default="not this")


def test_what_is_missing_has_the_models_default() -> None:
    page = scripted(
        Defaults, result(), result(text=pb.Value(text_value=""), inside=pb.Value(object_value=pb.Properties()))
    ).page()
    objects = page.objects()
    assert objects[0].maybe is None  # as hits have it
    assert page.to_arrow().to_pylist() == [expected(Defaults, each) for each in objects]


class Strict(WeaviateModel, collection=unique_name("Strict")):
    text: Property[str]
    wholes: Property[list[int] | None] = prop(default=None)
    made: Property[datetime | None] = prop(default=None)


def test_dates_of_every_form() -> None:
    forms = [
        "2024-05-01T12:00:00Z",
        "2024-05-01T14:00:00.5+02:00",
        "2024-05-01T12:00:00.123456789Z",
        "0001-01-01T00:00:00Z",
    ]
    text = pb.Value(text_value="t")
    page = scripted(Strict, *(result(text=text, made=pb.Value(date_value=each)) for each in forms)).page()
    assert page.to_arrow().column("made").to_pylist() == [each.made for each in page.objects()]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "no Strict.text, which Strict demands"),
        ({"text": pb.Value(int_value=3)}, "Strict.text is declared as text, but the collection holds int"),
        (
            {"text": pb.Value(text_value="t"), "wholes": pb.Value(text_value="t")},
            r"Strict.wholes is declared as int\[\], but the collection holds text",
        ),
        (
            {
                "text": pb.Value(text_value="t"),
                "wholes": pb.Value(list_value=pb.ListValue(text_values=pb.TextValues(values=["a"]))),
            },
            "list of another type",
        ),
    ],
)
def test_what_does_not_fit_is_an_error_as_for_hits(values: dict[str, pb.Value], message: str) -> None:
    page = scripted(Strict, result(**values)).page()
    with pytest.raises(HydrationError, match=message):
        page.to_arrow()
    with pytest.raises(HydrationError):
        page.objects()


def test_no_instance_is_made_for_columns(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.insert(Publisher(name="p"))
    page = session.query(Publisher).page()
    monkeypatch.setattr(page, "_read", None)  # what would make the hits
    assert page.to_arrow().num_rows == len(page) == 1
    assert "1 hits" in repr(page)


class Scored(WeaviateModel, collection=unique_name("Scored")):
    score: Property[int]


def test_metadata_beside_a_property_of_its_name() -> None:
    found = result(score=pb.Value(int_value=3))
    found.metadata.score, found.metadata.score_present = 0.5, True
    page = scripted(Scored, found).page()
    assert page.to_arrow(metadata=["score"]).to_pylist() == [{"id": str(UUID(int=1)), "score": 3, "hit_score": 0.5}]
    with pytest.raises(InvalidQueryError, match=r"'scor'.*score"):
        page.to_arrow(metadata=["scor"])  # type: ignore[list-item]  # a name that checkers refuse
    with pytest.raises(InvalidQueryError, match=r"^metadata takes a list of names, also of one: metadata=\['score'\]"):
        page.to_arrow(metadata="score")  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    ("library", "method", "extra"),
    [("pyarrow", "to_arrow", "arrow"), ("pandas", "to_pandas", "pandas"), ("polars", "to_polars", "polars")],
)
def test_a_missing_library_is_named(
    session: Session, monkeypatch: pytest.MonkeyPatch, library: str, method: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    for source in (session.query(Publisher).page(), session.query(Publisher).stream()):
        with pytest.raises(ConfigurationError, match=rf"{method}\(\) needs {library}.*weaviate-typed-orm\[{extra}\]"):
            getattr(source, method)()


def test_frames(session: Session) -> None:
    session.insert_many(DOCUMENTS)
    query = session.query(Document).with_vectors(Document.meaning)
    page = query.page()
    for frame in (page.to_pandas(), query.stream().to_pandas()):
        assert frame["title"].tolist() == [each.title for each in page.objects()]
        np.testing.assert_array_equal(np.stack(frame["meaning"].dropna().tolist()), [[1, 2, 3], [4, 5, 6]])
    for polars in (page.to_polars(), query.stream().to_polars()):
        assert polars["meaning"].to_list() == [None, [1, 2, 3], [4, 5, 6]]


class Stock(BaseModel):
    price: Annotated[float, Field(gt=0)]
    sku: int


def test_projections(session: Session) -> None:
    session.insert_many([Product(maker="a", sku=1, price=1.5), Product(maker="b", sku=2, price=2.5)])
    page = session.query(Product).as_(Stock).page()
    assert page.to_arrow().column_names == ["id", "price", "sku"]
    assert page.to_arrow().drop_columns(["id"]).to_pylist() == [each.model_dump() for each in page.objects()]
