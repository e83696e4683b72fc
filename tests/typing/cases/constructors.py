"""The constructor's parameters: names, types, and which of them may be left out."""

from datetime import UTC, datetime
from typing import Generic, TypeVar, assert_type
from uuid import uuid4

import numpy as np

from weaviate_orm import Property, WeaviateModel, prop

from .zoo import Article, Author, Essay, Genre, Publisher

author = Author(name="Ada")
assert_type(author, Author)

Article(title="a", body="b", source="c")
Article(
    id=uuid4(),
    title="a",
    body="b",
    source="c",
    revision=2,
    word_count=3,
    rating=4,
    draft=True,
    published=datetime.now(UTC),
    tags=["x"],
    pages=[1],
    genre=Genre.OPINION,
    status="closed",
    subtitle="s",
    copy_="c",
    highlighted=True,
    author=author,
    editor=None,
    publisher=Publisher(title="p"),
    reviewers=[author, uuid4()],
    embedding=np.zeros(3),
    tokens=[[1.0], [2.0]],
)
Article(title="a", body="b", source="c", author=author.id, embedding=[1, 2, 3])
Essay(title="a", body="b", source="c", word_count=3)

# Required: no prop() with a default, inherited ones included.
Author()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
Article(title="a", body="b")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
Essay(title="a", body="b")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]

# Misspelt, positional.
Author(nam="Ada")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
Article(titel="a", body="b", source="c")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
Author("Ada")  # type: ignore[arg-type, call-arg]  # pyright: ignore[reportCallIssue]

# Of another type.
Author(name=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Author(name=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Article(title="a", body="b", source=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Article(title="a", body="b", source="c", word_count="3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Article(title="a", body="b", source="c", tags="x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Article(title="a", body="b", source="c", status="ajar")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Article(title="a", body="b", source="c", genre="news")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Article(title="a", body="b", source="c", author="Ada")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Article(title="a", body="b", source="c", author=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Article(title="a", body="b", source="c", reviewers=author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Article(title="a", body="b", source="c", reviewers=["Ada"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
Article(title="a", body="b", source="c", highlighted="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Article(title="a", body="b", source="c", id="not a UUID")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Article(title="a", body="b", source="c", heading="computed")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]

# A default is a keyword, so that checkers see it; an unknown option of prop() is refused.
prop("default")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
prop(tokenisation="word")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
prop(tokenization="letters")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

T = TypeVar("T")


class Envelope(WeaviateModel, Generic[T]):
    """A generic model keeps its parameter."""

    payload: Property[T]
    note: Property[str] = prop(default="")


class Letter(Envelope[str]):
    """One of texts."""


assert_type(Letter(payload="x").payload, str)
# mypy refuses class access to anything that has a class-level type variable in it, descriptors included, but knows its type.
assert_type(Letter.payload, Property[str])  # type: ignore[misc]
Letter(payload=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
