"""What comes with the objects: references, nested objects, vectors and metadata, or less than everything."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel
from zoo import Article, Author, Company, Document, Legacy

from weaviate_orm import FromHit

from .common import Intent
from .models import Exhibit, Shelf, Title, TitleAndBody, exhibits

__all__ = ["INTENTS", "SECOND"]


class Name(BaseModel):
    name: str


class Card(BaseModel):
    title: str
    author: Name


class Dated(BaseModel):
    name: str
    created_at: Annotated[datetime, FromHit()]


class DatedCard(BaseModel):
    title: str
    author: Dated


class City(BaseModel):
    city: str


class Seat(BaseModel):
    name: str
    seat: City | None


class Nothing(BaseModel):
    """No property at all."""


INTENTS: dict[str, Intent] = {
    "included references": lambda s: s.query(Article).include(Article.author).limit(5).all(),
    "references of all properties": lambda s: s.query(Author).include(Author.publisher).limit(5).all(),
    "several references": lambda s: s.query(Article).include(Article.author, Article.related).limit(5).all(),
    "references behind references": lambda s: (
        s.query(Article).include(Article.author.include(Author.publisher)).limit(5).all()
    ),
    "references three deep": lambda s: (
        s.query(Article).include(Article.author.include(Author.mentor.include(Author.publisher))).limit(5).all()
    ),
    "only the ids of references": lambda s: s.query(Article).include(Article.author.ids()).limit(5).all(),
    "references with their vectors": lambda s: (
        s.query(Article).include(Article.related.include(with_vectors=True)).limit(5).all()
    ),
    "references to several collections": lambda s: s.query(Shelf).include(Shelf.items).limit(5).all(),
    "references to the second of several collections": lambda s: s.query(Shelf).include(Shelf.items).limit(5).all(),
    "references of a search": lambda s: s.query(Article).near_text("a").include(Article.author).limit(5).all(),
    "some properties of references": lambda s: s.query(Article).as_(Card).limit(5).all(),
    "metadata of references": lambda s: s.query(Article).as_(DatedCard).limit(5).all(),
    "nested objects": lambda s: s.query(Company).limit(5).all(),
    "some properties of nested objects": lambda s: s.query(Company).as_(Seat).limit(5).all(),
    "all vectors": lambda s: s.query(Document).with_vectors().limit(5).all(),
    "one vector": lambda s: s.query(Document).with_vectors(Document.style).limit(5).all(),
    "whatever vectors there are": lambda s: s.query(Document).with_vectors().limit(5).all(),
    "vectors of a search": lambda s: (
        s.query(Document).near_vector([1, 2, 3], target=Document.meaning).with_vectors(Document.meaning).limit(5).all()
    ),
    "the vector without a name": lambda s: s.query(Legacy).with_vectors().limit(5).all(),
    "some properties": lambda s: exhibits(s).as_(TitleAndBody).all(),
    "one property": lambda s: exhibits(s).as_(Title).all(),
    "no properties": lambda s: exhibits(s).as_(Nothing).all(),
    "metadata in full": lambda s: (
        exhibits(s).near_text("a", target=Exhibit.meaning).check_consistency().as_(TitleAndBody).all()
    ),
}

SECOND = "references to the second of several collections"
"""The intent whose second request is the one compared: a call a target."""
