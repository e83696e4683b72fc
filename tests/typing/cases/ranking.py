"""Cuts, boosts, diversity and reranking keep the query's type; deleting, asking and profiling give their own."""

from datetime import UTC, datetime, timedelta
from typing import assert_type
from uuid import UUID

from weaviate_orm import (
    AsyncSession,
    Boost,
    DeletedObject,
    DeleteReport,
    Hit,
    Query,
    QueryProfile,
    Session,
    ShardProfile,
)

from .zoo import Article, Card


def steps(session: Session, id: UUID) -> None:
    """Every step gives the same kind of query."""
    query = session.query(Article)
    assert_type(query.near_text("x").auto_limit(1), Query[Article])
    assert_type(query.after(id), Query[Article])
    assert_type(query.rerank(Article.body), Query[Article])
    assert_type(query.rerank(Article.status, query="x"), Query[Article])
    assert_type(query.boost(Boost.value(Article.word_count), weight=0.5, depth=50), Query[Article])
    assert_type(query.diversify(limit=3, balance=0.5), Query[Article])
    assert_type(query.as_(Card).rerank(Article.body), Query[Card])
    query.auto_limit("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.after(str(id))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.rerank(Article.word_count)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.rerank(Article.tags)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.rerank("body")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.boost(Article.word_count > 3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.diversify(3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    query.diversify(balance=0.5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def boosts() -> None:
    """What a boost takes goes by the property's type."""
    assert_type(Boost.value(Article.word_count), Boost)
    assert_type(Boost.value(Article.rating, modifier="log1p", weight=2), Boost)
    assert_type(Boost.where(Article.draft == False, weight=-1), Boost)  # noqa: E712 - an expression, not a truth value
    assert_type(Boost.where((Article.word_count > 3) & ~(Article.status == "open")), Boost)
    assert_type(Boost.decay(Article.word_count, scale=10), Boost)
    assert_type(Boost.decay(Article.rating, scale=2.5, origin=5, offset=1, curve="gauss", decay=0.25), Boost)
    assert_type(Boost.decay(Article.published, scale=timedelta(7)), Boost)
    assert_type(
        Boost.decay(Article.published, scale=timedelta(7), origin=datetime.now(UTC), offset=timedelta(1)), Boost
    )
    Boost.value(Article.title)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Boost.value(Article.published)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Boost.value(Article.pages)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Boost.value(Article.word_count, modifier="log")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Boost.where(True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Boost.where(Article.word_count == "x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Boost.decay(Article.published, scale=7)  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
    Boost.decay(Article.word_count, scale=timedelta(7))  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
    Boost.decay(Article.word_count, scale=7, origin=datetime.now(UTC))  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    Boost.decay(Article.title, scale=7)  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
    Boost.decay(Article.word_count)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]


def terminals(session: Session) -> None:
    """What the terminals give."""
    query = session.query(Article).where(Article.word_count > 3)
    assert_type(query.exists(), bool)
    report = query.delete(dry_run=True, verbose=True)
    assert_type(report, DeleteReport)
    assert_type(report.objects, tuple[DeletedObject, ...])
    assert_type(report.objects[0].id, UUID)
    assert_type(report.objects[0].error, str | None)
    profile = query.profile()
    assert_type(profile, QueryProfile[Article])
    assert_type(profile.hits, list[Hit[Article]])
    assert_type(profile.shards, tuple[ShardProfile, ...])
    assert_type(query.as_(Card).profile(), QueryProfile[Card])
    query.delete(True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def awaited(session: AsyncSession) -> None:
    """The same, awaited."""
    query = session.query(Article).where(Article.word_count > 3)
    assert_type(await query.exists(), bool)
    assert_type(await query.delete(), DeleteReport)
    assert_type(await query.profile(), QueryProfile[Article])
