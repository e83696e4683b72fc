"""A few realistic models that all tests share: together they use every data type and every way to declare a field.

The collections are named after the classes, so a test that creates them on a real server drops them afterwards. A test that needs a model
of its own gives it a name from ``unique_name``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum, IntEnum
from itertools import count
from typing import Annotated, Literal
from uuid import UUID, uuid4

from pydantic import BaseModel, Field, computed_field, field_validator

from weaviate_orm import (
    BlobHash,
    GeoCoordinate,
    InvertedIndex,
    MultiTenancy,
    MultiVector,
    PhoneNumber,
    Property,
    Reference,
    References,
    Session,
    Transient,
    Vector,
    WeaviateModel,
    flat,
    hnsw,
    prop,
    reference,
    references,
    vector,
)
from weaviate_orm.modules import multi2vec_bind, text2vec_transformers

__all__ = [
    "ALL_MODELS",
    "Address",
    "Article",
    "Author",
    "Book",
    "Company",
    "Contact",
    "Dimensions",
    "Document",
    "Everything",
    "Exhibit",
    "Legacy",
    "Line",
    "Loan",
    "Mood",
    "Order",
    "Page",
    "Part",
    "Person",
    "Place",
    "Priority",
    "Product",
    "Publisher",
    "Required",
    "Timestamped",
    "created",
    "unique_name",
]

_ALL_INDEXES = InvertedIndex(timestamps=True, null_state=True, property_length=True)

_run = uuid4().hex[:8]
_numbers = count()


def unique_name(name: str) -> str:
    """Give a collection name that no other test has, in this run or another one on the same server."""
    return f"{name}_{_run}_{next(_numbers)}"


@contextmanager
def created(session: Session, *models: type[WeaviateModel]) -> Iterator[None]:
    """Create the collections of models, and drop them afterwards."""
    try:
        session.schema.create(*models)
        yield
    finally:
        session.schema.drop(*models)


# A library of texts: references of every kind, and embeddings that the server makes.


class Publisher(WeaviateModel, collection="ZooPublisher"):
    """Who prints."""

    name: Property[str]
    city: Property[str | None] = prop(default=None, tokenization="field")


class Author(WeaviateModel, collection="ZooAuthor"):
    """Who writes; some have a teacher, who is an author too."""

    name: Property[str] = prop(tokenization="field")
    born: Property[int | None] = prop(default=None)
    mentor: Reference[Author | None] = reference()
    publisher: Reference[Publisher | None] = reference()
    articles: References[Article] = references(description="What they wrote.")


class Article(WeaviateModel, collection="ZooArticle", inverted_index=_ALL_INDEXES):
    """News articles."""

    title: Property[str]
    body: Property[str] = prop(tokenization="word")
    word_count: Property[int] = prop(default=0, range_filters=True)
    published: Property[datetime | None] = prop(default=None)
    tags: Property[list[str]] = prop(default_factory=list)
    author: Reference[Author] = reference()
    related: References[Article] = references()
    embedding: Vector = vector(text2vec_transformers(vectorize_collection_name=False), source=["title", "body"])


# Every data type.


class Dimensions(BaseModel):
    width: float
    height: float
    label: str | None = None


class Part(BaseModel):
    """Every data type that may stand inside an object."""

    name: str
    count: int | None = None
    weight: float | None = None
    spare: bool | None = None
    made: datetime | None = None
    serial: UUID | None = None
    drawing: bytes | None = None
    names: list[str] | None = None
    counts: list[int] | None = None
    weights: list[float] | None = None
    flags: list[bool] | None = None
    dates: list[datetime] | None = None
    serials: list[UUID] | None = None
    size: Dimensions | None = None
    sizes: list[Dimensions] | None = None


class Everything(WeaviateModel, collection="ZooEverything", inverted_index=_ALL_INDEXES):
    """Every data type, each of which may be missing."""

    text: Property[str | None] = prop(default=None)
    whole: Property[int | None] = prop(default=None)
    number: Property[float | None] = prop(default=None)
    truth: Property[bool | None] = prop(default=None)
    instant: Property[datetime | None] = prop(default=None)
    day: Property[date | None] = prop(default=None)
    identity: Property[UUID | None] = prop(default=None)
    place: Property[GeoCoordinate | None] = prop(default=None)
    phone: Property[PhoneNumber | None] = prop(default=None)
    blob: Property[bytes | None] = prop(default=None)
    blob_hash: Property[BlobHash | None] = prop(default=None)
    part: Property[Part | None] = prop(default=None)
    texts: Property[list[str] | None] = prop(default=None)
    wholes: Property[list[int] | None] = prop(default=None)
    numbers: Property[list[float] | None] = prop(default=None)
    truths: Property[list[bool] | None] = prop(default=None)
    instants: Property[list[datetime] | None] = prop(default=None)
    days: Property[list[date] | None] = prop(default=None)
    identities: Property[list[UUID] | None] = prop(default=None)
    parts: Property[list[Part] | None] = prop(default=None)


class Required(WeaviateModel, collection="ZooRequired"):
    """The same types where none may be missing and the zero of each is a value."""

    text: Property[str]
    whole: Property[int]
    number: Property[float]
    truth: Property[bool]
    instant: Property[datetime]
    identity: Property[UUID]
    blob: Property[bytes]
    texts: Property[list[str]]
    wholes: Property[list[int]]
    numbers: Property[list[float]]
    truths: Property[list[bool]]
    instants: Property[list[datetime]]
    identities: Property[list[UUID]]


class Place(WeaviateModel, collection="ZooPlace"):
    """Somewhere on Earth."""

    name: Property[str] = prop(tokenization="field")
    where: Property[GeoCoordinate]


# Ways to declare a field.


class Mood(Enum):
    CALM = "calm"
    LOUD = "very loud"


class Priority(IntEnum):
    LOW = 1
    HIGH = 9


class Product(WeaviateModel, collection="ZooProduct", key=("maker", "sku")):
    """What a shop sells; the key decides the id."""

    maker: Property[str] = prop(tokenization="field")
    sku: Property[int]
    price: Property[Annotated[float, Field(gt=0)]]
    mood: Property[Mood] = prop(default=Mood.CALM)
    priority: Property[Priority] = prop(default=Priority.LOW)
    size: Property[Literal["S", "M", "L"]] = prop(default="M", tokenization="field")
    moods: Property[list[Mood]] = prop(default_factory=list)
    colours: Property[set[str]] = prop(default_factory=set)
    codes: Property[tuple[int, ...]] = prop(default=())
    labels: Property[frozenset[str]] = prop(default=frozenset())
    highlighted: Annotated[bool, Transient] = False

    @field_validator("maker")
    @classmethod
    def _stripped(cls, value: str) -> str:
        return value.strip()

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def name(self) -> str:
        return f"{self.maker} {self.sku}"


class Contact(BaseModel):
    kind: Literal["mail", "phone"]
    value: str


class Address(BaseModel):
    street: str
    city: str
    contacts: list[Contact] = []


class Company(WeaviateModel, collection="ZooCompany"):
    """Nested objects two levels deep, one and many."""

    name: Property[str]
    seat: Property[Address | None] = prop(default=None)
    branches: Property[list[Address]] = prop(default_factory=list)


class Line(WeaviateModel, collection="ZooLine"):
    """Other names in the collection than in Python."""

    text: Property[str] = prop(name="lineText", tokenization="field")
    copy_: Property[int] = prop(name="copy", default=1)
    number: Property[int | None] = prop(name="lineNumber", default=None)
    parent: Reference[Line | None] = reference(name="parentLine")
    meaning: Vector = vector(name="lineMeaning", dimensions=3)


class Timestamped(WeaviateModel, abstract=True, inverted_index=InvertedIndex(timestamps=True)):
    """A base without a collection of its own."""

    written: Property[datetime]
    note: Property[str | None] = prop(default=None)


class Order(Timestamped, collection="ZooOrder"):
    """A heir."""

    total: Property[float] = prop(default=0.0)


class Person(Timestamped, collection="ZooPerson"):
    """Another heir, which narrows an inherited field."""

    name: Property[str]
    note: Property[str | None] = prop(default="none yet", tokenization="field")


# Vectors.


class Document(WeaviateModel, collection="ZooDocument"):
    """Several vectors of several kinds."""

    title: Property[str]
    meaning: Vector = vector(index=hnsw(distance="cosine"), dimensions=3)
    style: Vector = vector(index=flat(distance="l2-squared"))
    tokens: MultiVector = vector(index=hnsw(distance="dot"))


class Page(WeaviateModel, collection="ZooPage"):
    """One vector that the caller gives."""

    title: Property[str]
    embedding: Vector = vector()


class Legacy(WeaviateModel, collection="ZooLegacy"):
    """The vector without a name of older collections."""

    title: Property[str]
    embedding: Vector = vector(unnamed=True)


class Exhibit(WeaviateModel, collection="ZooExhibit"):
    """What a museum shows, by media of every kind and one vector of all of them together."""

    title: Property[str | None] = prop(default=None)
    picture: Property[bytes | None] = prop(default=None)
    sound: Property[bytes | None] = prop(default=None)
    film: Property[bytes | None] = prop(default=None)
    relief: Property[bytes | None] = prop(default=None)
    heat: Property[bytes | None] = prop(default=None)
    motion: Property[bytes | None] = prop(default=None)
    embedding: Vector = vector(
        multi2vec_bind(
            text_fields=["title"],
            image_fields=["picture"],
            audio_fields=["sound"],
            video_fields=["film"],
            depth_fields=["relief"],
            thermal_fields=["heat"],
            imu_fields=["motion"],
        )
    )


class Book(WeaviateModel, collection="ZooBook"):
    """No vector at all."""

    title: Property[str]


class Loan(WeaviateModel, collection="ZooLoan", multi_tenancy=MultiTenancy(auto_create=True)):
    """A book that is lent: every library, a tenant, has its own."""

    title: Property[str]


ALL_MODELS: tuple[type[WeaviateModel], ...] = (
    Publisher,
    Author,
    Article,
    Everything,
    Required,
    Place,
    Product,
    Company,
    Line,
    Order,
    Person,
    Document,
    Page,
    Legacy,
    Book,
)
