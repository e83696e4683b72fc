"""Comparisons take the field's own type and give conditions; anything else is an error where it is used."""

from datetime import UTC, datetime
from typing import assert_type
from uuid import uuid4

from weaviate_orm import Condition, GeoCoordinate, Quantity, Session, created_at

from .zoo import Article, Author, Essay, Genre

now = datetime.now(UTC)

assert_type(Article.title == "x", Condition)
assert_type(Article.title != "x", Condition)
assert_type(Article.title == None, Condition)  # noqa: E711  means is_null()
assert_type(Article.word_count < 1, Condition)
assert_type(Article.word_count <= 1, Condition)
assert_type(Article.word_count > 1, Condition)
assert_type(Article.word_count >= 1, Condition)
assert_type(Article.rating > 3, Condition)
assert_type(Article.draft == True, Condition)  # noqa: E712  an expression
assert_type(Article.published > now, Condition)
assert_type(Article.published == None, Condition)  # noqa: E711  means is_null()
assert_type(Article.published != None, Condition)  # noqa: E711  means is_null(False)
assert_type(Article.published.is_null(), Condition)
assert_type(Article.genre == Genre.NEWS, Condition)
assert_type(Article.status == "open", Condition)
assert_type(Article.id == uuid4(), Condition)
assert_type(Article.import_id == uuid4(), Condition)
assert_type(Essay.source == "x", Condition)
assert_type(created_at > now, Condition)
assert_type(5 < Article.word_count, Condition)  # noqa: SIM300  a reflected comparison

assert_type(Article.title.in_(["a", "b"]), Condition)
assert_type(Article.title.in_({"a"}), Condition)
assert_type(Article.word_count.in_(range(3)), Condition)
assert_type(Article.word_count.not_in([1]), Condition)
assert_type(Article.published.in_([now]), Condition)
assert_type(Article.id.in_([uuid4()]), Condition)
assert_type(Article.genre.in_([Genre.NEWS]), Condition)
assert_type(Article.tags.contains_any(["a"]), Condition)
assert_type(Article.tags.contains_all(["a"]), Condition)
assert_type(Article.tags.contains_none(["a"]), Condition)
assert_type(Article.pages.contains_any([1]), Condition)
assert_type(Article.title.like("a*"), Condition)
assert_type(Article.tags.like("a*"), Condition)
assert_type(Article.subtitle.like("a*"), Condition)
assert_type(Article.title.length(), Quantity[int])
assert_type(Article.title.length() > 3, Condition)
assert_type(Article.subtitle.length() > 3, Condition)
assert_type(Article.tags.length() == 0, Condition)
assert_type(Article.pages.length() == 0, Condition)
assert_type(Article.place.within(GeoCoordinate(52.0, 5.0), metres=100), Condition)
assert_type(Article.reviewers.count() >= 2, Condition)


def refused(session: Session, author: Author) -> None:
    """A wrong-typed operand."""
    query = session.query(Article)
    query.where(Article.author == author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportUnnecessaryComparison]
    query.where(Article.embedding == [1.0])  # type: ignore[arg-type, comparison-overlap]  # pyright: ignore[reportArgumentType, reportUnnecessaryComparison]
    query.where(Article.title == 1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(Article.title != 1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(Article.word_count == "1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(Article.published == "2024-05-01")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(Article.id == "not a UUID")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(Article.tags == "a")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(Article.title == Article.body)  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownArgumentType]
    query.where(Article.title.length() == "3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(Article.reviewers.count() == "3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(created_at == 3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(Essay.source == 1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(Article.genre == "news")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Article.title < 1  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
    Article.word_count < "1"  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
    Article.word_count >= None  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
    Article.published > "2024-05-01"  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
    Article.title.in_([1])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    Article.word_count.in_(["1"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    Article.word_count.in_(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Article.word_count.not_in(["1"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    Article.tags.contains_any([1])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    Article.tags.contains_all([1])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    Article.tags.contains_none([1])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    Article.pages.contains_any(["1"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    Article.title.like(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Article.place.within((52.0, 5.0), metres=100)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Article.place.within(GeoCoordinate(52.0, 5.0), 100)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def not_for_this_type() -> None:
    """Operators that only some types have."""
    Article.word_count.like("1*")  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.published.like("2024*")  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.pages.like("1*")  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.word_count.length()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.published.length()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.title.within(GeoCoordinate(52.0, 5.0), metres=100)  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.word_count.contains_any([1])  # type: ignore[arg-type, misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.author.like("x")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.embedding.in_([])  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.title.length().like("x")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
