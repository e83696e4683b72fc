"""The constructor's parameters: names, types, and which of them may be left out."""

from datetime import UTC, datetime
from typing import Generic, TypeVar
from uuid import uuid4

import numpy as np
from typing_extensions import assert_type

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
Author()  # BAD
Article(title="a", body="b")  # BAD
Essay(title="a", body="b")  # BAD

# Misspelt, positional.
Author(nam="Ada")  # BAD
Article(titel="a", body="b", source="c")  # BAD
Author("Ada")  # BAD

# Of another type.
Author(name=1)  # BAD
Author(name=None)  # BAD
Article(title="a", body="b", source=1)  # BAD
Article(title="a", body="b", source="c", word_count="3")  # BAD
Article(title="a", body="b", source="c", tags="x")  # BAD
Article(title="a", body="b", source="c", status="ajar")  # BAD
Article(title="a", body="b", source="c", genre="news")  # BAD
Article(title="a", body="b", source="c", author="Ada")  # BAD
Article(title="a", body="b", source="c", author=None)  # BAD
Article(title="a", body="b", source="c", reviewers=author)  # BAD
Article(title="a", body="b", source="c", reviewers=["Ada"])  # BAD
Article(title="a", body="b", source="c", highlighted="yes")  # BAD
Article(title="a", body="b", source="c", id="not a UUID")  # BAD
Article(title="a", body="b", source="c", heading="computed")  # BAD

# A default is a keyword, so that checkers see it; an unknown option of prop() is refused.
prop("default")  # BAD
prop(tokenisation="word")  # BAD
prop(tokenization="letters")  # BAD

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
Letter(payload=1)  # BAD
