"""Projections: the hit's metadata, vectors and referenced objects keep the types that the class declares."""

from datetime import datetime
from typing import Annotated, assert_type
from uuid import UUID

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

from weaviate_orm import AsyncSession, FromHit, Hit, Inclusion, Query, Session

from .zoo import Article, Author, Publisher


class AuthorCard(BaseModel):
    """A part of what a reference leads to."""

    name: str
    since: Annotated[datetime, FromHit("created_at")]


class PublisherCard(BaseModel):
    """Another target."""

    title: str


class CityCard(BaseModel):
    """A part of a nested object."""

    city: str


class Found(BaseModel):
    """What comes from the article, from the hit and from behind references."""

    title: str
    address: CityCard | None
    distance: Annotated[float | None, FromHit()]
    points: Annotated[float | None, FromHit("score")]
    embedding: Annotated[npt.NDArray[np.float32] | None, FromHit()]
    author: AuthorCard
    editor: AuthorCard | None
    publisher: AuthorCard | PublisherCard
    reviewers: list[AuthorCard]


def projected(session: Session) -> None:
    """Every field has the type that was written."""
    query = session.query(Article).near_text("x").as_(Found)
    assert_type(query, Query[Found])
    for hit in query:
        assert_type(hit, Hit[Found])
        assert_type(hit.object.distance, float | None)
        assert_type(hit.object.points, float | None)
        assert_type(hit.object.embedding, npt.NDArray[np.float32] | None)
        assert_type(hit.object.address, CityCard | None)
        assert_type(hit.object.author.name, str)
        assert_type(hit.object.author.since, datetime)
        assert_type(hit.object.editor, AuthorCard | None)
        assert_type(hit.object.publisher, AuthorCard | PublisherCard)
        assert_type(hit.object.reviewers, list[AuthorCard])
        hit.object.body  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        hit.object.author.born  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    FromHit(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.query(Article).as_(Found())  # type: ignore[arg-type, call-arg]  # pyright: ignore[reportArgumentType, reportCallIssue]


async def awaited(session: AsyncSession) -> None:
    """The same in the other colour."""
    assert_type(await session.query(Article).as_(Found).objects(), list[Found])


def inclusions(session: Session, article: Article) -> None:
    """What may be said about what references lead to."""
    assert_type(Article.author.ids(), Inclusion)
    assert_type(Article.reviewers.ids(), Inclusion)
    assert_type(Article.author.include(Author.mentor.ids(), with_vectors=True), Inclusion)
    assert_type(Article.author.include(with_vectors=[Article.embedding, Article.tokens]), Inclusion)
    session.query(Article).include(Article.author.ids(), Article.publisher)
    assert_type(article.publisher, Author | Publisher)
    assert_type(Article.publisher.id_of(article), UUID | None)
    Article.author.include(with_vectors=Article.author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Article.author.include(with_vectors=["embedding"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    Article.author.include(vectors=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Article.author.ids(Author.mentor)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
