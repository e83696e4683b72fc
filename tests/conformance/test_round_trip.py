"""What is written is read: every data type, through both ways to write and both ways to read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID, uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from strategies import LARGEST_INT, ON_A_SERVER, complete_objects, objects_of_any_kind
from zoo import (
    Address,
    Author,
    Book,
    Company,
    Contact,
    Document,
    Everything,
    Legacy,
    Line,
    Mood,
    Order,
    Part,
    Person,
    Priority,
    Product,
    Publisher,
    Required,
    created,
)

from weaviate_orm import BlobHash, GeoCoordinate, InvalidValueError, LoadError, PhoneNumber, Session, WeaviateModel


@pytest.fixture(scope="module", autouse=True)
def _collections(session: Session) -> Iterator[None]:
    with created(session, Everything, Required, Company, Product, Line, Order, Person, Document, Legacy, Book):
        yield


def exact(value: object) -> object:
    """Give a value so that equal means the same to the last bit: signs of zeros, offsets of times, kinds of containers."""
    if isinstance(value, BlobHash):
        return value.digest  # the bytes stay on the server
    if isinstance(value, PhoneNumber):
        return value.input, value.default_country and value.default_country.upper()
    if isinstance(value, GeoCoordinate):
        return value.latitude, value.longitude  # the sign of a zero degree means nothing
    if isinstance(value, BaseModel):
        return type(value), {name: exact(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, datetime):
        return value, value.utcoffset()
    if isinstance(value, list | tuple):
        return type(value), [exact(each) for each in value]
    if isinstance(value, Mapping):
        return {key: exact(each) for key, each in value.items()}
    return type(value), value


def insert_each(session: Session, objects: list[WeaviateModel]) -> None:
    for each in objects:
        assert session.insert(each) == each.id


def insert_together(session: Session, objects: list[WeaviateModel]) -> None:
    assert session.insert_many(objects).stored == len(objects)


Write = Callable[[Session, list[WeaviateModel]], None]
both_ways_to_write = pytest.mark.parametrize("write", [insert_each, insert_together])


def check_round_trip(session: Session, write: Write, objects: list[WeaviateModel]) -> None:
    model = type(objects[0])
    write(session, objects)
    ids = [each.id for each in objects]
    fetched = session.get_many(model, ids)
    queried = {hit.id: hit.object for hit in session.query(model).where(model.id.in_(ids))}
    for given_, got in zip(objects, fetched, strict=True):
        assert got is not None
        assert exact(got) == exact(given_)
        assert exact(queried[given_.id]) == exact(given_)


@both_ways_to_write
@ON_A_SERVER
@given(objects=st.lists(objects_of_any_kind(), min_size=1, max_size=12, unique_by=lambda each: each.id))
def test_every_data_type(session: Session, write: Write, objects: list[WeaviateModel]) -> None:
    check_round_trip(session, write, [each.model_copy(update={"id": uuid4()}) for each in objects])


@both_ways_to_write
@ON_A_SERVER
@given(objects=st.lists(complete_objects(), min_size=1, max_size=12, unique_by=lambda each: each.id))
def test_values_that_are_never_missing(session: Session, write: Write, objects: list[WeaviateModel]) -> None:
    check_round_trip(session, write, [each.model_copy(update={"id": uuid4()}) for each in objects])


FULL = Part(
    name="",
    count=LARGEST_INT,
    weight=-0.0,
    spare=False,
    made=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
    serial=UUID(int=0),
    drawing=b"\0",
    names=["", "b"],
    counts=[0, -LARGEST_INT],
    weights=[-0.0, 5e-324],
    flags=[False, True],
    dates=[datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone(-timedelta(hours=12)))],
    serials=[UUID(int=2**128 - 1)],
)
NOTHING = Part(name="", names=[], counts=[], weights=[], flags=[], dates=[], serials=[], sizes=[])

EDGES: dict[str, dict[str, object]] = {
    "nothing": {},
    "empty text": {"text": ""},
    "NUL": {"text": "a\0b", "texts": ["\0"]},
    "a long text": {"text": "x" * 100_000},
    "zeros": {"whole": 0, "number": 0.0, "truth": False},
    "minus zero": {"number": -0.0, "numbers": [-0.0, 0.0]},
    "largest": {"whole": LARGEST_INT, "number": 1.7976931348623157e308, "numbers": [1.7976931348623157e308]},
    "smallest": {"whole": -LARGEST_INT, "number": -5e-324, "wholes": [-LARGEST_INT, 0]},
    "first day": {"instant": datetime(1, 1, 1, tzinfo=UTC), "day": date(1, 1, 1)},
    "last day": {"instant": datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), "days": [date(9999, 12, 31)]},
    "one microsecond": {"instant": datetime(2024, 2, 29, 0, 0, 0, 1, tzinfo=timezone(timedelta(minutes=-1439)))},
    "no and all bits": {"identity": UUID(int=0), "identities": [UUID(int=2**128 - 1), UUID(int=0)]},
    "poles": {"place": GeoCoordinate(-90.0, 180.0)},
    "bytes": {"blob": bytes(range(256)), "blob_hash": BlobHash.of(b"\0")},
    "empty lists": {
        name: [] for name in ("texts", "wholes", "numbers", "truths", "instants", "days", "identities", "parts")
    },
    "full object": {"part": FULL},
    "object of empty lists": {"part": NOTHING},
    "objects": {"parts": [FULL, NOTHING, Part(name="x")]},
}


@both_ways_to_write
def test_edges(session: Session, write: Write) -> None:
    check_round_trip(session, write, [Everything.model_validate(values) for values in EDGES.values()])


@both_ways_to_write
def test_places_are_kept_as_float32(session: Session, write: Write) -> None:
    written = Everything(place=GeoCoordinate(52.3676, 4.9041))
    write(session, [written])
    read = session.get(Everything, written.id)
    assert read is not None
    assert read.place is not None
    assert read.place == GeoCoordinate(float(np.float32(52.3676)), float(np.float32(4.9041)))
    assert math.isclose(read.place.latitude, 52.3676, rel_tol=1e-7)


@both_ways_to_write
def test_the_server_explains_phone_numbers(session: Session, write: Write) -> None:
    written = Everything(phone=PhoneNumber(input="020 1234567", default_country="nl"))
    write(session, [written])
    read = session.get(Everything, written.id)
    assert read is not None
    assert read.phone == PhoneNumber(
        input="020 1234567",
        default_country="NL",
        country_code=31,
        national=201234567,
        national_formatted="020 123 4567",
        international_formatted="+31 20 123 4567",
        valid=True,
    )


@both_ways_to_write
def test_an_offset_with_seconds_becomes_utc(session: Session, write: Write) -> None:
    moment = datetime(2024, 1, 1, tzinfo=timezone(timedelta(minutes=1, seconds=30)))
    written = Everything(instant=moment)
    write(session, [written])
    read = session.get(Everything, written.id)
    assert read is not None
    assert read.instant == moment
    assert read.instant is not None
    assert read.instant.utcoffset() == timedelta(0)


UNSTORABLE: dict[str, tuple[dict[str, object], str]] = {
    "an integer beyond float64": ({"whole": LARGEST_INT + 1}, "Everything.whole"),
    "one in a list": ({"wholes": [1, -LARGEST_INT - 1]}, "Everything.wholes"),
    "one inside an object": ({"part": Part(name="p", count=2**60)}, "Everything.part"),
    "not a number": ({"number": math.nan}, "Everything.number"),
    "infinite": ({"numbers": [math.inf]}, "Everything.numbers"),
    "a naive datetime": ({"instant": datetime(2024, 1, 1)}, "Everything.instant"),
    "a moment that UTC has not": (
        {"instant": datetime(1, 1, 1, tzinfo=timezone(timedelta(seconds=90)))},
        "Everything.instant",
    ),
    "a lone surrogate": ({"text": "\ud800"}, "Everything.text"),
    "one in a list of texts": ({"texts": ["a", "\udfff"]}, "Everything.texts"),
    "an empty blob": ({"blob": b""}, "Everything.blob"),
    "a digest without its bytes": ({"blob_hash": BlobHash(digest="0" * 64)}, "Everything.blob_hash"),
}


@pytest.mark.parametrize(("values", "where"), UNSTORABLE.values(), ids=UNSTORABLE)
def test_what_cannot_be_stored_is_refused_by_name(session: Session, values: dict[str, object], where: str) -> None:
    bad = Everything()
    bad.__dict__.update(values)  # past validation, which refuses some of these before the wire layer can
    with pytest.raises(InvalidValueError, match=where) as refused:
        session.insert(bad)
    assert refused.value.object_id == bad.id
    report = session.insert_many([bad, Everything(text="good")], on_failure="report")
    assert report.stored == 1
    assert [(each.index, type(each.error), each.error.field) for each in report.failed] == [
        (0, InvalidValueError, where)
    ]
    assert not session.exists(Everything, bad.id)


@both_ways_to_write
def test_nested_models_and_lists_of_them(session: Session, write: Write) -> None:
    seat = Address(
        street="Kade 1", city="Delft", contacts=[Contact(kind="mail", value="a@b"), Contact(kind="phone", value="")]
    )
    bare = Address(street="", city="")
    check_round_trip(
        session,
        write,
        [
            Company(name="none"),
            Company(name="seat", seat=seat),
            Company(name="bare", seat=bare, branches=[bare]),
            Company(name="many", seat=bare, branches=[seat, bare, seat]),
        ],
    )


@both_ways_to_write
def test_enums_literals_sets_and_tuples(session: Session, write: Write) -> None:
    plain = Product(maker=" Acme ", sku=1, price=0.5)
    full = Product(
        maker="Acme",
        sku=2,
        price=1e-9,
        mood=Mood.LOUD,
        priority=Priority.HIGH,
        size="L",
        moods=[Mood.LOUD, Mood.CALM, Mood.LOUD],
        colours={"red", "green", ""},
        codes=(3, 1, 2),
        labels=frozenset({"x"}),
    )
    session.delete(plain)
    session.delete(full)
    check_round_trip(session, write, [plain, full])
    read = session.get(Product, full.id)
    assert read is not None
    assert read.mood is Mood.LOUD
    assert read.priority is Priority.HIGH
    assert isinstance(read.colours, set)
    assert isinstance(read.labels, frozenset)
    assert read.codes == (3, 1, 2)
    assert read.name == "Acme 2"


def test_what_is_transient_is_not_stored(session: Session) -> None:
    written = Product(maker="transient", sku=1, price=1.0, highlighted=True)
    session.insert(written)
    read = session.get(Product, written.id)
    assert read is not None
    assert read.highlighted is False
    assert read == written.model_copy(update={"highlighted": False})


def test_a_key_decides_the_id_and_replaces(session: Session) -> None:
    before = Product(maker="key", sku=1, price=1.0)
    after = Product(maker="key", sku=1, price=2.0)
    assert before.id == after.id != Product(maker="key", sku=2, price=1.0).id
    session.insert_many([before])
    session.insert_many([after])
    assert session.query(Product).where(Product.maker == "key").objects() == [after]


@both_ways_to_write
def test_other_names_in_the_collection(session: Session, write: Write) -> None:
    written = Line(text="To be", copy_=7, number=3, meaning=[1, 2, 3])
    write(session, [written])
    read = session.get(Line, written.id, with_vectors=True, include=[Line.parent])
    assert read is not None
    assert (read.text, read.copy_, read.number, read.parent) == ("To be", 7, 3, None)
    assert read.meaning is not None
    assert read.meaning.tolist() == [1, 2, 3]
    assert [hit.id for hit in session.query(Line).where(Line.id == written.id, Line.copy_ == 7)] == [written.id]


@both_ways_to_write
def test_heirs_of_an_abstract_model(session: Session, write: Write) -> None:
    written = datetime(2024, 5, 1, tzinfo=UTC)
    check_round_trip(session, write, [Order(written=written, total=1.5), Order(written=written, note="x")])
    check_round_trip(session, write, [Person(written=written, name="Ada"), Person(written=written, name="", note="")])


def test_none_is_stored_as_missing_and_read_as_none_not_as_the_default(session: Session) -> None:
    person = Person(written=datetime(2024, 5, 1, tzinfo=UTC), name="Ada", note=None)
    session.insert(person)
    read = session.get(Person, person.id)
    assert read is not None
    assert read.note is None


@both_ways_to_write
def test_vectors_come_back_as_they_were_given(session: Session, write: Write) -> None:
    numbers = np.random.default_rng(7)
    written = [
        Document(
            title=str(index),
            meaning=numbers.standard_normal(3),
            style=numbers.standard_normal(5).astype(np.float32),
            tokens=numbers.standard_normal((index + 1, 4)),
        )
        for index in range(3)
    ]
    bare = Document(title="no vector")
    write(session, [*written, bare])
    for each in written:
        read = session.get(Document, each.id, with_vectors=True)
        assert read == each
        assert read is not None
        assert read.tokens is not None
        assert read.tokens.dtype == np.float32
    read = session.get(Document, bare.id, with_vectors=True)
    assert read == bare


@both_ways_to_write
def test_the_vector_without_a_name(session: Session, write: Write) -> None:
    written = Legacy(title="old", embedding=[0.1, -0.2, 3e-9])
    write(session, [written])
    assert session.get(Legacy, written.id, with_vectors=True) == written
    without = session.get(Legacy, written.id)
    assert without is not None
    assert without.embedding is None


@both_ways_to_write
def test_ids_with_leading_zeros(session: Session, write: Write) -> None:
    ids = [UUID(int=index) for index in (0, 1, 256, 2**120)]
    for each in ids:
        session.delete(Book, each)
    check_round_trip(session, write, [Book(id=each, title=str(each)) for each in ids])


@both_ways_to_write
def test_references_by_object_and_by_id(session: Session, write: Write, create: Callable[..., None]) -> None:
    from zoo import Article  # its collection has a vectorizer, which only this test needs

    create(Publisher, Author, Article)
    press = Publisher(name="Press")
    ada = Author(name="Ada", publisher=press)
    bob = Author(name="Bob", publisher=press.id, mentor=ada)
    first, second = (Article(title=f"title {n}", body="body", author=ada) for n in "12")
    for each in (press, ada, bob, first, second):
        write(session, [each])
    last = Article(title="title 3", body="body", author=bob.id, related=[first, second.id])
    write(session, [last])
    read = session.get(
        Article, last.id, include=[Article.author.include(Author.mentor, Author.publisher), Article.related]
    )
    assert read is not None
    assert read.author.id == bob.id
    assert read.author.mentor is not None
    assert read.author.mentor.name == "Ada"
    assert read.author.publisher is not None
    assert read.author.publisher.name == "Press"
    assert [each.id for each in read.related] == [first.id, second.id]
    assert Article.author.id_of(read) == bob.id


def test_a_reference_to_nowhere_stops_neither_the_batch_nor_goes_unnoticed(
    session: Session, create: Callable[..., None]
) -> None:
    from zoo import Article

    create(Publisher, Author, Article)
    nowhere = uuid4()
    good, bad, last = Author(name="Ada"), Author(name="Bob", publisher=nowhere), Author(name="Cyd")
    with pytest.raises(LoadError, match=str(nowhere)) as failed:
        session.insert_many([good, bad, last])
    assert [(each.index, each.object) for each in failed.value.report.failed] == [(1, bad)]
    assert session.get_many(Author, [good.id, bad.id, last.id])[1] is None
    assert session.count(Author) == 2
