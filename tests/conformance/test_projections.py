"""Projections: metadata of the hit, vectors, referenced objects at any depth, and parts of nested objects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pytest
from pydantic import BaseModel, ConfigDict
from zoo import created, unique_name

from weaviate_orm import (
    FromHit,
    MultiVector,
    Property,
    Reference,
    References,
    Session,
    Vector,
    WeaviateModel,
    prop,
    reference,
    references,
    vector,
)

Array = npt.NDArray[np.float32]


class Contact(BaseModel):
    kind: str
    value: str


class Address(BaseModel):
    street: str
    city: str | None = None
    contacts: list[Contact] = []


class Firm(WeaviateModel, collection=unique_name("Firm")):
    name: Property[str]
    address: Property[Address | None] = prop(default=None)


class Author(WeaviateModel, collection=unique_name("Author")):
    name: Property[str]
    born: Property[int | None] = prop(default=None)
    firm: Reference[Firm | None] = reference()
    portrait: Vector = vector()


class Article(WeaviateModel, collection=unique_name("Article")):
    title: Property[str]
    body: Property[str] = prop(default="")
    address: Property[Address | None] = prop(default=None)
    author: Reference[Author | None] = reference()
    related: References[Article] = references()
    about: References[Author | Firm] = references()
    embedding: Vector = vector()
    tokens: MultiVector = vector()


HOME = Address(street="Veldstraat", city="Ghent", contacts=[Contact(kind="mail", value="a@b")])
FIRM = Firm(id=UUID(int=1), name="Works", address=HOME)
ADA = Author(id=UUID(int=2), name="Ada", born=1815, firm=FIRM, portrait=[1, 2])
BOB = Author(id=UUID(int=3), name="Bob")
LAST = Article(id=UUID(int=4), title="garden flowers", body="roses", embedding=[0, 1])
FIRST = Article(
    id=UUID(int=5),
    title="analytical engine",
    body="gears",
    address=HOME,
    author=ADA,
    related=[LAST],
    about=[FIRM, BOB, ADA],
    embedding=[1, 0],
    tokens=[[1, 2], [3, 4]],
)


@pytest.fixture(scope="module", autouse=True)
def _data(session: Session) -> Iterator[None]:
    with created(session, Firm, Author, Article):
        session.insert_many([FIRM])
        session.insert_many([ADA, BOB])
        session.insert(LAST)
        session.insert(FIRST)
        yield


class Found(BaseModel):
    """Everything that a hit knows."""

    key: Annotated[UUID, FromHit("id")]
    distance: Annotated[float | None, FromHit()]
    certainty: Annotated[float | None, FromHit()]
    points: Annotated[float | None, FromHit("score")]
    why: Annotated[str | None, FromHit("explain_score")]
    reranked: Annotated[float, FromHit("rerank_score")] = -1.0
    made: Annotated[datetime, FromHit("created_at")]
    changed: Annotated[datetime, FromHit("updated_at")]


def test_what_the_hit_knows(session: Session) -> None:
    query = session.query(Article)
    searches = [
        query.near_vector([1, 0], target=Article.embedding),
        query.bm25("engine"),
        query.hybrid("engine", vector=[1, 0], target=Article.embedding),
        query,
    ]
    for each in searches:
        hits = each.as_(Found).all()
        assert hits
        for hit in hits:
            found = hit.object
            assert (found.key, found.distance, found.certainty) == (hit.id, hit.distance, hit.certainty)
            assert (found.points, found.why, found.reranked) == (hit.score, hit.explain_score, -1.0)
            assert (found.made, found.changed) == (hit.created_at, hit.updated_at)
    near, keyword, both, listed = (each.as_(Found).first() for each in searches)
    assert near is not None
    assert near.object.distance == pytest.approx(0, abs=1e-6)
    assert keyword is not None
    assert keyword.object.points
    assert both is not None
    assert both.object.why
    assert listed is not None
    assert (listed.object.distance, listed.object.points) == (None, None)


class Vectors(BaseModel):
    title: str
    embedding: Annotated[Array | None, FromHit()]
    rows: Annotated[Array | None, FromHit("tokens")]


def test_vectors(session: Session) -> None:
    last, first = session.query(Article).as_(Vectors).objects()
    assert first.embedding is not None
    assert first.embedding.tolist() == [1, 0]
    assert first.rows is not None
    assert first.rows.tolist() == [[1, 2], [3, 4]]
    assert last.rows is None


class ContactCard(BaseModel):
    value: str


class AddressCard(BaseModel):
    """``forbid`` shows that nothing else comes."""

    model_config = ConfigDict(extra="forbid")
    city: str | None
    contacts: list[ContactCard]


class FirmCard(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    address: AddressCard | None


class AuthorCard(BaseModel):
    id: UUID
    name: str
    born: int | None
    firm: FirmCard | None
    since: Annotated[datetime, FromHit("created_at")]
    portrait: Annotated[Array | None, FromHit()]


class Title(BaseModel):
    title: str


class Card(BaseModel):
    address: AddressCard | None
    author: AuthorCard | None
    related: list[Title]
    about: list[FirmCard | AuthorCard]


def test_what_references_lead_to_and_parts_of_objects(session: Session) -> None:
    last, first = session.query(Article).as_(Card).objects()
    assert (last.address, last.author, last.related, last.about) == (None, None, [], [])
    address = AddressCard(city="Ghent", contacts=[ContactCard(value="a@b")])
    firm = FirmCard(name="Works", address=address)
    assert first.address == address
    assert first.related == [Title(title="garden flowers")]
    author = first.author
    assert author is not None
    assert (author.id, author.name, author.born, author.firm) == (ADA.id, "Ada", 1815, firm)
    stored = session.query(Author).where(Author.id == ADA.id).one()
    assert author.since == stored.created_at
    assert author.portrait is not None
    assert author.portrait.tolist() == [1, 2]
    bob, ada, works = first.about  # authors come first, as the model says
    assert isinstance(bob, AuthorCard)
    assert isinstance(ada, AuthorCard)
    assert (bob.name, bob.firm, bob.portrait) == ("Bob", None, None)
    assert (ada.firm, works) == (firm, firm)
