"""What the tests of the bookshop share: a database with its books."""

from __future__ import annotations

import pytest
from bookshop import Author, Book, stock

from weaviate_orm import Session

ADA, GRACE = Author(name="Ada Lovelace"), Author(name="Grace Hopper")


@pytest.fixture
def books() -> dict[str, Book]:
    """The books by title."""
    shelf = [
        Book(title="Analytical engines", price=20, subjects=["machines"], author=ADA, taste=[1.0, 0.0]),
        Book(title="Notes on engines", price=35, subjects=["machines", "letters"], author=ADA, taste=[0.9, 0.1]),
        Book(title="Compilers for everybody", price=50, subjects=["programs"], author=GRACE, taste=[0.1, 1.0]),
    ]
    return {book.title: book for book in shelf}


@pytest.fixture
def shop(weaviate_session: Session, books: dict[str, Book]) -> Session:
    """A session on a database that has the books: the engine in memory, or the server of ``--weaviate-url``."""
    weaviate_session.schema.create(Author, Book)
    assert stock(weaviate_session, books.values()) == 3
    return weaviate_session
