"""``group_by()`` of queries: the type of the key is the property's, an element's for lists, an id's for references."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, assert_type
from uuid import UUID

from weaviate_orm import AsyncGroupedQuery, AsyncSession, Group, GroupedHit, GroupedQuery, Session

from .zoo import Article, Author, Card, Genre


def keys(session: Session) -> None:
    """One line for every kind of property."""
    query = session.query(Article).near_text("x")
    assert_type(query.group_by(Article.title), GroupedQuery[str, Article])
    assert_type(query.group_by(Article.word_count), GroupedQuery[int, Article])
    assert_type(query.group_by(Article.rating), GroupedQuery[float, Article])
    assert_type(query.group_by(Article.draft), GroupedQuery[bool, Article])
    assert_type(query.group_by(Article.published), GroupedQuery[datetime | None, Article])
    assert_type(query.group_by(Article.import_id), GroupedQuery[UUID | None, Article])
    assert_type(query.group_by(Article.genre), GroupedQuery[Genre, Article])
    assert_type(query.group_by(Article.status), GroupedQuery[Literal["open", "closed"], Article])
    # An object may have an empty list, and makes a group of None then.
    assert_type(query.group_by(Article.tags), GroupedQuery[str | None, Article])
    assert_type(query.group_by(Article.pages), GroupedQuery[int | None, Article])
    assert_type(query.group_by(Article.author), GroupedQuery[UUID | None, Article])
    assert_type(session.query(Author).group_by(Author.articles), GroupedQuery[UUID | None, Author])


def builder(session: Session) -> None:
    """Steps keep the type, whatever their order."""
    grouped = session.query(Article).group_by(Article.title, groups=3, per_group=2)
    assert_type(grouped.near_vector([1.0]).where(Article.draft == False).limit(3), GroupedQuery[str, Article])  # noqa: E712 - an expression, not a truth value
    assert_type(grouped.as_(Card), GroupedQuery[str, Card])
    assert_type(session.query(Article).as_(Card).group_by(Article.title), GroupedQuery[str, Card])


def results(session: Session) -> None:
    """Groups know their key, and their hits do too."""
    grouped = session.query(Article).near_text("x").group_by(Article.genre)
    assert_type(grouped.all(), list[Group[Genre, Article]])
    assert_type(iter(grouped), Iterator[Group[Genre, Article]])
    for group in grouped:
        assert_type(group.key, Genre)
        assert_type(group.objects, list[Article])
        assert_type(group.min_distance, float | None)
        assert_type(group.rerank_score, float | None)
        for hit in group:
            assert_type(hit, GroupedHit[Genre, Article])
            assert_type(hit.group, Genre)
            assert_type(hit.object.title, str)


async def awaited(session: AsyncSession) -> None:
    """The same, awaited."""
    grouped = session.query(Article).near_text("x").group_by(Article.tags)
    assert_type(grouped, AsyncGroupedQuery[str | None, Article])
    assert_type(grouped.as_(Card), AsyncGroupedQuery[str | None, Card])
    assert_type(await grouped.all(), list[Group[str | None, Article]])
    async for group in grouped:
        assert_type(group, Group[str | None, Article])


def widened(group: Group[str, Article]) -> Group[str | None, Article]:
    """Groups are only read from, so a narrower one fits."""
    return group


def mistakes(session: Session) -> None:
    """What is no property, and what a grouped query does not have."""
    query = session.query(Article)
    query.group_by("title")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    query.group_by(Article.embedding)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    query.group_by(Article.title).one()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
