"""What is remembered of stored objects is seen by nobody else, and follows calls that fail."""

from __future__ import annotations

import pickle
from copy import copy, deepcopy

import pytest
from zoo import Book

from weaviate_orm import Session
from weaviate_orm.model.changes import StoredForms, assigned, remember, stored, storing


def test_nothing_is_remembered_of_an_object_that_is_made() -> None:
    book = Book(title="a")
    book.title = "b"
    assert (stored(book), assigned(book)) == (None, set())


def test_assignments_are_remembered_beside_the_fields() -> None:
    book, other = Book(title="a"), Book(title="b")
    other.id = book.id
    remember(book, StoredForms())
    book.title = "b"
    assert assigned(book) == {"title"}
    assert book == other
    assert book.model_dump() == other.model_dump()
    assert repr(book) == repr(other)
    assert "weaviate" not in str(vars(book))
    assert book.model_fields_set == {*other.model_fields_set} - {"id"}


@pytest.mark.parametrize(
    "copied", [copy, deepcopy, Book.model_copy, lambda book: pickle.loads(pickle.dumps(book))], ids=range(4)
)
def test_a_copy_is_a_stranger(copied: object) -> None:
    assert callable(copied)
    book = Book(title="a")
    remember(book, StoredForms())
    book.title = "b"
    again = copied(book)
    assert again == book
    assert stored(again) is None
    assert assigned(again) == set()


def test_what_fails_leaves_things_as_they_were() -> None:
    book = Book(title="a")

    def fail(book: Book) -> None:
        with storing(book, StoredForms()):
            book.title = "c"
            raise OSError("the power is off")

    with pytest.raises(OSError, match="power"):
        fail(book)
    assert stored(book) is None
    forms = StoredForms(tags=["x"])
    remember(book, forms)
    book.id = book.id
    with pytest.raises(OSError, match="power"):
        fail(book)
    assert stored(book) is forms
    assert assigned(book) == {"id", "title"}


def test_what_changes_while_it_is_stored_still_counts() -> None:
    book = Book(title="a")
    with storing(book, StoredForms(), {"id"}):
        book.title = "b"
    assert assigned(book) == {"id", "title"}


def test_every_way_of_storing_remembers() -> None:
    with Session() as session:
        session.schema.create(Book)
        books = [Book(title=str(number)) for number in range(4)]
        session.insert(books[0])
        session.insert_many(books[1:3])
        session.upsert(books[3])
        for book in [*books, *session.query(Book).objects()]:
            assert session.update(book) is False
            book.title = "changed"
            assert session.update(book) is True
        assert {each.title for each in session.query(Book).objects()} == {"changed"}
