"""``session.aggregate()``: which property has which metrics, and the types of what ``compute()`` gives."""

from datetime import datetime
from typing import Literal, assert_type
from uuid import UUID

from weaviate_orm import (
    AggregateGroup,
    Aggregation,
    AsyncAggregation,
    AsyncGroupedAggregation,
    AsyncSession,
    GroupedAggregation,
    Metric,
    Session,
    TopOccurrence,
    count,
)

from .zoo import Article, Author, Genre


def metrics() -> None:
    """Every metric of every kind of property."""
    assert_type(count(), Metric[int])
    assert_type(Article.title.count(), Metric[int])
    assert_type(Article.title.type(), Metric[str])
    assert_type(Article.word_count.sum(), Metric[int | None])
    assert_type(Article.rating.sum(), Metric[float | None])
    assert_type(Article.pages.sum(), Metric[int | None])
    assert_type(Article.word_count.mean(), Metric[float | None])
    assert_type(Article.pages.mean(), Metric[float | None])
    assert_type(Article.word_count.median(), Metric[float | None])
    assert_type(Article.published.median(), Metric[datetime | None])
    assert_type(Article.word_count.mode(), Metric[int | None])
    assert_type(Article.rating.mode(), Metric[float | None])
    assert_type(Article.pages.mode(), Metric[int | None])
    assert_type(Article.published.mode(), Metric[datetime | None])
    assert_type(Article.word_count.min(), Metric[int | None])
    assert_type(Article.published.max(), Metric[datetime | None])
    assert_type(Article.title.top_occurrences(), Metric[list[TopOccurrence[str]]])
    assert_type(Article.tags.top_occurrences(limit=3), Metric[list[TopOccurrence[str]]])
    assert_type(Article.genre.top_occurrences(), Metric[list[TopOccurrence[Genre]]])
    assert_type(Article.status.top_occurrences(), Metric[list[TopOccurrence[Literal["open", "closed"]]]])
    assert_type(Article.draft.total_true(), Metric[int])
    assert_type(Article.draft.total_false(), Metric[int])
    assert_type(Article.draft.percentage_true(), Metric[float | None])
    assert_type(Article.draft.percentage_false(), Metric[float | None])
    assert_type(Article.author.pointing_to(), Metric[list[str]])


def values(session: Session) -> None:
    """One metric gives its value, several a tuple."""
    aggregation = session.aggregate(Article)
    assert_type(aggregation, Aggregation[Article])
    assert_type(aggregation.where(Article.draft == True).object_limit(3), Aggregation[Article])  # noqa: E712 - an expression, not a truth value
    assert_type(aggregation.near_text("x", distance=0.3), Aggregation[Article])
    assert_type(aggregation.compute(count()), int)
    assert_type(aggregation.compute(Article.word_count.mean()), float | None)
    assert_type(aggregation.compute(count(), Article.word_count.mean()), tuple[int, float | None])
    assert_type(
        aggregation.compute(count(), Article.word_count.max(), Article.title.top_occurrences()),
        tuple[int, int | None, list[TopOccurrence[str]]],
    )
    found = aggregation.compute(count(), count(), count(), count(), count(), count(), count(), Article.published.min())
    assert_type(found, tuple[int, int, int, int, int, int, int, datetime | None])
    number, top, truth = count(), Article.title.top_occurrences(), Article.draft.total_true()
    # More than eight have no types of their own.
    nine = aggregation.compute(top, number, number, number, number, number, number, truth, Article.published.min())
    assert_type(nine, tuple[object, ...])
    ten = aggregation.group_by(Article.genre).compute(
        top, number, number, number, number, number, number, truth, number, number
    )
    assert_type(ten, list[AggregateGroup[Genre, tuple[object, ...]]])


def groups(session: Session) -> None:
    """Objects without a value make no group, so no key is None."""
    aggregation = session.aggregate(Article)
    assert_type(aggregation.group_by(Article.title), GroupedAggregation[str, Article])
    assert_type(aggregation.group_by(Article.status), GroupedAggregation[Literal["open", "closed"], Article])
    assert_type(aggregation.group_by(Article.genre), GroupedAggregation[Genre, Article])
    assert_type(aggregation.group_by(Article.published), GroupedAggregation[datetime, Article])
    assert_type(aggregation.group_by(Article.tags), GroupedAggregation[str, Article])
    assert_type(aggregation.group_by(Article.pages, limit=3), GroupedAggregation[int, Article])
    assert_type(aggregation.group_by(Article.author), GroupedAggregation[UUID, Article])
    grouped = aggregation.group_by(Article.genre).where(Article.draft == True)  # noqa: E712 - an expression, not a truth value
    assert_type(grouped.compute(count()), list[AggregateGroup[Genre, int]])
    for group in grouped.compute(count(), Article.word_count.sum()):
        assert_type(group, AggregateGroup[Genre, tuple[int, int | None]])
        assert_type(group.key, Genre)
        assert_type(group.values[1], int | None)


async def awaited(session: AsyncSession) -> None:
    """The same, awaited."""
    aggregation = session.aggregate(Article)
    assert_type(aggregation, AsyncAggregation[Article])
    assert_type(await aggregation.compute(count(), Article.rating.sum()), tuple[int, float | None])
    assert_type(aggregation.group_by(Article.tags), AsyncGroupedAggregation[str, Article])
    assert_type(await aggregation.group_by(Article.tags).compute(count()), list[AggregateGroup[str, int]])
    number = count()
    nine = await aggregation.compute(
        number, number, number, number, number, number, number, number, Article.tags.type()
    )
    assert_type(nine, tuple[object, ...])
    rows = await aggregation.group_by(Article.tags).compute(
        number, number, number, number, number, number, number, number, number
    )
    assert_type(rows, list[AggregateGroup[str, tuple[object, ...]]])


def mistakes(session: Session) -> None:
    """A metric that a property's type does not have, and what is no metric."""
    Article.title.mean()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.title.max()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.tags.min()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.word_count.top_occurrences()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.word_count.total_true()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.published.mean()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.place.sum()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    session.aggregate(Article).compute(Article.title)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    number = count()
    session.aggregate(Article).compute(number, number, number, number, number, number, number, number, Article.title)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    session.aggregate(Article).compute()  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    session.aggregate(Author).bm25("x")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    session.aggregate(Author).order_by(Author.name)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
