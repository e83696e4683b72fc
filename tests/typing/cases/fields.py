"""Class access gives the expression, instance access the value; misspelt names are errors on both."""

from datetime import datetime
from typing import Literal, assert_type
from uuid import UUID

import numpy as np
import numpy.typing as npt

from weaviate_orm import GeoCoordinate, MultiVector, Property, Reference, References, Vector

from .zoo import Address, Article, Author, Essay, Genre, Publisher, Stored


def on_the_class() -> None:
    """Expressions."""
    assert_type(Article.id, Property[UUID])
    assert_type(Article.title, Property[str])
    assert_type(Article.word_count, Property[int])
    assert_type(Article.rating, Property[float])
    assert_type(Article.draft, Property[bool])
    assert_type(Article.published, Property[datetime | None])
    assert_type(Article.tags, Property[list[str]])
    assert_type(Article.pages, Property[list[int] | None])
    assert_type(Article.place, Property[GeoCoordinate | None])
    assert_type(Article.genre, Property[Genre])
    assert_type(Article.status, Property[Literal["open", "closed"]])
    assert_type(Article.address, Property[Address | None])
    assert_type(Article.subtitle, Property[str | None])
    assert_type(Article.author, Reference[Author])
    assert_type(Article.editor, Reference[Author | None])
    assert_type(Article.publisher, Reference[Author | Publisher])
    assert_type(Article.reviewers, References[Author])
    assert_type(Author.articles, References[Article])
    assert_type(Article.embedding, Vector)
    assert_type(Article.tokens, MultiVector)
    Article.titel  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.title.upper()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.tags.append("x")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def inherited() -> None:
    """What a base class declares is the same on its subclasses."""
    assert_type(Stored.source, Property[str])
    assert_type(Article.source, Property[str])
    assert_type(Essay.source, Property[str])
    assert_type(Essay.revision, Property[int])
    assert_type(Essay.title, Property[str])
    assert_type(Essay.author, Reference[Author])
    assert_type(Essay.embedding, Vector)
    assert_type(Essay.word_count, Property[int])
    Essay.sauce  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def on_an_instance(article: Article, essay: Essay, author: Author) -> None:
    """Plain values."""
    assert_type(article.id, UUID)
    assert_type(article.title, str)
    assert_type(article.word_count, int)
    assert_type(article.published, datetime | None)
    assert_type(article.tags, list[str])
    assert_type(article.pages, list[int] | None)
    assert_type(article.place, GeoCoordinate | None)
    assert_type(article.genre, Genre)
    assert_type(article.status, Literal["open", "closed"])
    assert_type(article.subtitle, str | None)
    assert_type(article.author, Author)
    assert_type(article.author.name, str)
    assert_type(article.editor, Author | None)
    assert_type(article.publisher, Author | Publisher)
    assert_type(article.reviewers, list[Author])
    assert_type(author.articles, list[Article])
    assert_type(author.mentor, Author | None)
    assert_type(article.embedding, npt.NDArray[np.float32] | None)
    assert_type(article.tokens, npt.NDArray[np.float32] | None)
    assert_type(article.heading, str)
    assert_type(article.highlighted, bool)
    assert_type(essay.source, str)
    assert_type(essay.word_count, int)
    assert_type(essay.style, str)
    article.titel  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    article.author.nam  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    article.editor.name  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    article.title.like("x")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def assignment(article: Article, author: Author, array: npt.NDArray[np.float64]) -> None:
    """What a field takes: its own type, ids for references, anything array-like for vectors."""
    article.title = "x"
    article.published = None
    article.tags = ["a"]
    article.author = author
    article.author = author.id
    article.editor = None
    article.reviewers = [author, author.id]
    article.embedding = [1.0, 2.0]
    article.embedding = array
    article.embedding = None
    article.title = 1  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    article.title = None  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    article.tags = [1]  # type: ignore[list-item]  # pyright: ignore[reportAttributeAccessIssue]
    article.author = "Ada"  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    article.author = None  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    article.reviewers = author  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    article.embedding = Article.embedding  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    article.titel = "x"  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    article.heading = "x"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
