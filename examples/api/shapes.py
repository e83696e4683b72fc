"""What travels over HTTP besides the models: parameters, and the shapes of answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.models import Article, Author, Topic
from weaviate_orm import Hit

__all__ = [
    "ArticleCard",
    "ArticleFilter",
    "ArticlePage",
    "ArticleRead",
    "Found",
    "Health",
    "ListParameters",
    "LoadSummary",
    "NewCustomer",
    "NotStored",
    "SearchParameters",
]


class ArticleFilter(BaseModel):
    """Conditions that go with every list and search; those left out do not count."""

    model_config = ConfigDict(extra="forbid")  # a misspelt parameter would find too much

    topic: Topic | None = None
    tag: list[str] = Field(default_factory=list, description="All of these tags.")
    since: AwareDatetime | None = Field(None, description="Published then or later; with a time zone.")
    author: str | None = Field(None, description="The author's whole name.")


class ListParameters(ArticleFilter):
    """A page of a list."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    offset: Annotated[int, Field(ge=0)] = 0


class SearchParameters(ArticleFilter):
    """What to search."""

    q: str = Field(min_length=1, description="A question or a few words.")
    by: Literal["meaning", "both"] = Field("meaning", description="'both' is meaning and keywords: a hybrid search.")
    limit: Annotated[int, Field(ge=1, le=50)] = 5


class ArticleCard(BaseModel):
    """What lists show of an article: a projection, so only this leaves the database."""

    id: UUID
    title: str
    topic: Topic
    published: datetime | None


class ArticleRead(BaseModel):
    """A whole article with its author, and without the embedding, which is of no use to readers."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    body: str
    topic: Topic
    tags: list[str]
    published: datetime | None
    author: Author | None


class ArticlePage(BaseModel):
    """A part of a list. ``next_offset`` is missing on the last page."""

    items: list[ArticleCard]
    total: int
    next_offset: int | None


class Found(BaseModel):
    """A result of a search: nearer is smaller for ``distance``, better is larger for ``score``; a search gives one of them."""

    article: ArticleRead
    distance: float | None
    score: float | None

    @classmethod
    def of(cls, hit: Hit[Article]) -> Found:
        """Make the shape of a hit."""
        article = ArticleRead.model_validate(hit.object)
        return cls(article=article, distance=hit.distance, score=hit.score)


class NotStored(BaseModel):
    """An article that was not stored: its position in the request, from 0, and why."""

    index: int
    id: UUID
    error: str
    detail: str


class LoadSummary(BaseModel):
    """What became of many articles."""

    stored: int
    failed: list[NotStored]


class NewCustomer(BaseModel):
    """A customer to be."""

    name: str = Field(description="1 to 64 letters, digits, '-' and '_'.", examples=["acme"])


class Health(BaseModel):
    """Whether the database can be used, and which version it is."""

    ready: bool
    version: str
