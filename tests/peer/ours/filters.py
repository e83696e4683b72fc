"""Every condition on every kind of subject."""

from __future__ import annotations

from zoo import Article, Author, Book, Place, Publisher

from weaviate_orm import Condition, GeoCoordinate, WeaviateModel, all_of, any_of, created_at, updated_at

from .common import ID, MAY, NOON, OTHER, Intent
from .models import Shelf, Types

__all__ = ["INTENTS"]


def where(*conditions: Condition | None, model: type[WeaviateModel] = Article) -> Intent:
    return lambda s: s.query(model).where(*conditions).limit(5).all()


def types(condition: Condition) -> Intent:
    return where(condition, model=Types)


INTENTS: dict[str, Intent] = {
    "equal": where(Article.title == "t"),
    "equal number": types(Types.number == 1.5),
    "equal truth": types(Types.truth == False),  # noqa: E712 - a condition
    "equal date": types(Types.instant == MAY),
    "equal uuid": types(Types.identity == OTHER),
    "not equal": where(Article.title != "t"),
    "not equal truth": types(Types.truth != True),  # noqa: E712 - a condition
    "not equal number": types(Types.number != 0.5),
    "less": where(Article.word_count < 5),
    "less or equal": where(Article.word_count <= 5),
    "less number": types(Types.number < 0.5),
    "greater": where(Article.word_count > 5),
    "greater or equal": where(Article.word_count >= 5),
    "greater text": types(Types.text >= "m"),
    "like": where(Article.title.like("a*")),
    "missing": where(Article.published.is_null()),
    "present": where(Article.published.is_null(False)),
    "after": where(Article.published > MAY),
    "contains any": where(Article.tags.contains_any(["a", "b"])),
    "contains all": where(Article.tags.contains_all(["a", "b"])),
    "contains none": where(Article.tags.contains_none(["a", "b"])),
    "contains truths": types(Types.truths.contains_any([True, False])),
    "one of whole numbers": where(Article.word_count.in_([1, 2])),
    "one of numbers": types(Types.number.in_([0.5, 1.5])),
    "one of dates": types(Types.instant.in_([MAY, MAY.replace(year=2025)])),
    "one of uuids": types(Types.identity.in_([ID, OTHER])),
    "none of whole numbers": where(Article.word_count.not_in([1, 2])),
    "length": where(Article.title.length() > 3),
    "length of a list": where(Article.tags.length() == 0),
    "by id": where(Article.id == ID),
    "by another id": where(Article.id != ID),
    "by ids": where(Article.id.in_([ID, OTHER])),
    "by none of ids": where(Article.id.not_in([ID, OTHER])),
    "created after": where(created_at > MAY),
    "created before": where(created_at < MAY),
    "created then": where(created_at == NOON),
    "updated before": where(updated_at <= MAY),
    "updated since": where(updated_at >= MAY),
    "within": where(Place.where.within(GeoCoordinate(52.5, -13.25), metres=1500), model=Place),
    "and": where((Article.title == "t") & (Article.word_count == 1)),
    "or": where((Article.title == "t") | (Article.word_count == 1)),
    "not": where(~(Article.title == "t")),
    "all of": where(all_of(Article.title == "t", Article.id == ID, Article.id == OTHER)),
    "any of": where(any_of(Article.title == "t", Article.id == ID, Article.id == OTHER)),
    "nested logic": where(
        all_of(
            Article.title == "t",
            (Article.word_count < 1) | (Article.word_count > 9),
            ~Article.body.like("x*"),
        )
    ),
    "behind a reference": where(Article.author.has(Author.name == "Ada")),
    "behind two references": where(Article.author.has(Author.publisher.has(Publisher.name == "P"))),
    "id behind a reference": where(Article.author.has(Author.id == OTHER)),
    "number of references": where(Article.related.count() >= 2),
    "number of references behind a reference": where(Article.author.has(Author.articles.count() == 0)),
    "behind one of several targets": where(Shelf.items.has(Author.name == "Ada"), model=Shelf),
    "behind the other of several targets": where(Shelf.items.has(Book.title.like("A*")), model=Shelf),
}
