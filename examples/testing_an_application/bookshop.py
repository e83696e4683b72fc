"""A small application: the models of a bookshop and what its pages show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from weaviate_orm import Property, Reference, Session, Vector, WeaviateError, WeaviateModel, prop, reference, vector


class Author(WeaviateModel):
    """Who wrote a book."""

    name: Property[str]


class Book(WeaviateModel):
    """What the shop sells."""

    title: Property[str]
    price: Property[float]
    subjects: Property[list[str]] = prop(default_factory=list, tokenization="field")
    author: Reference[Author] = reference()
    taste: Vector = vector()  # made by the shop's own model from what readers buy together


@dataclass(frozen=True)
class Shelf:
    """What a page shows."""

    heading: str
    lines: list[str]


def stock(session: Session, books: Iterable[Book]) -> int:
    """Store books and their authors; give how many books."""
    kept = list(books)
    session.insert_many({book.author.id: book.author for book in kept}.values())
    return session.insert_many(kept).stored


def search_page(session: Session, words: str, *, at_most: float | None = None) -> Shelf:
    """Show the books that answer a search best."""
    query = session.query(Book).bm25(words).include(Book.author).limit(3)
    if at_most is not None:
        query = query.where(Book.price <= at_most)
    try:
        hits = query.all()
    except WeaviateError:
        return Shelf("Our search is taking a break. Please try again later.", [])
    return Shelf(f"{len(hits)} books for {words!r}", [f"{hit.object.title}, {hit.object.author.name}" for hit in hits])


def similar_page(session: Session, book: Book) -> Shelf:
    """Show what readers of a book like too."""
    hits = session.query(Book).near_object(book.id).limit(3).all()
    return Shelf(f"Readers of {book.title} also like", [hit.object.title for hit in hits if hit.id != book.id])
