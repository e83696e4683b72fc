"""Models that the cases share: every kind of field, inheritance, forward references and cycles."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, computed_field, field_validator

from weaviate_orm import (
    GeoCoordinate,
    MultiVector,
    Property,
    Reference,
    References,
    Transient,
    Vector,
    WeaviateModel,
    prop,
    reference,
    references,
    vector,
)
from weaviate_orm.modules import text2vec_openai


class Genre(Enum):
    """A closed set of texts."""

    NEWS = "news"
    OPINION = "opinion"


class Address(BaseModel):
    """A nested object."""

    city: str
    street: str | None = None


class Author(WeaviateModel):
    """Reached from articles, and leads back to them."""

    name: Property[str]
    born: Property[int | None] = prop(default=None)
    articles: References[Article] = references()
    mentor: Reference[Author | None] = reference()


class Publisher(WeaviateModel):
    """A second target of a reference."""

    title: Property[str]


class Stored(WeaviateModel, abstract=True):
    """What several models have."""

    source: Property[str]
    revision: Property[int] = prop(default=1)


class Article(Stored, key=("title",)):
    """One field of every kind."""

    title: Property[str]
    body: Property[str] = prop(tokenization="word")
    word_count: Property[int] = prop(default=0, range_filters=True)
    rating: Property[float] = prop(default=0.0)
    draft: Property[bool] = prop(default=False)
    published: Property[datetime | None] = prop(default=None)
    tags: Property[list[str]] = prop(default_factory=list)
    pages: Property[list[int] | None] = prop(default=None)
    place: Property[GeoCoordinate | None] = prop(default=None)
    genre: Property[Genre] = prop(default=Genre.NEWS)
    status: Property[Literal["open", "closed"]] = prop(default="open")
    import_id: Property[UUID | None] = prop(default=None)
    address: Property[Address | None] = prop(default=None)
    subtitle: Property[Annotated[str | None, Field(max_length=80)]] = prop(default=None)
    copy_: Property[str | None] = prop(name="copy", default=None)
    highlighted: Annotated[bool, Transient] = False
    author: Reference[Author] = reference()
    editor: Reference[Author | None] = reference()
    publisher: Reference[Author | Publisher] = reference()
    reviewers: References[Author] = references()
    embedding: Vector = vector(text2vec_openai(), source=["title", "body"])
    tokens: MultiVector = vector()

    @field_validator("title")
    @classmethod
    def _no_newline(cls, value: str) -> str:
        return value.replace("\n", " ")

    @computed_field  # type: ignore[prop-decorator]  # as pydantic's documentation has it
    @property
    def heading(self) -> str:
        """Derived, not stored."""
        return self.title.upper()


class Essay(Article, collection="Essays"):
    """Inherits every field, and declares one again."""

    word_count: Property[int] = prop(default=500)
    style: Property[str] = prop(default="plain")


class Card(BaseModel):
    """A projection of an article."""

    title: str
    word_count: int
