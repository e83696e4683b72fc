"""``AsyncSession`` and its queries: the results of ``Session``, awaited, and an ``await`` that is forgotten."""

from collections.abc import AsyncIterator
from typing import assert_type
from uuid import UUID

from weaviate_orm import (
    ApiKey,
    AsyncQuery,
    AsyncSession,
    CollectionConfig,
    Difference,
    Hit,
    InProcess,
    LoadReport,
    ServerInfo,
    Session,
    Timeouts,
)

from .zoo import Article, Author, Card, Essay


async def opening() -> None:
    """Targets and options are those of ``Session``."""
    async with AsyncSession("http://localhost:8080", auth=ApiKey("k"), timeout=Timeouts()) as session:
        assert_type(session, AsyncSession)
    AsyncSession()
    AsyncSession(InProcess())
    AsyncSession(8080)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    AsyncSession("http://localhost", api_key="k")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    with AsyncSession():  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
        print("wrong")
    async with Session():  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
        print("wrong")


async def writing(session: AsyncSession, article: Article, id: UUID) -> None:
    """Verbs that write."""
    assert_type(await session.insert(article), UUID)
    assert_type(await session.insert_many([article]), LoadReport[Article])
    assert_type(await session.insert_many([article], on_failure="report"), LoadReport[Article])
    assert_type(await session.delete(article), bool)
    assert_type(await session.delete(Article, id), bool)
    await session.insert({"title": "x"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await session.insert_many(article)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    await session.insert_many([article], on_failure="ignore")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await session.delete(Article)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]


async def reading(session: AsyncSession, id: UUID) -> None:
    """Verbs that read."""
    assert_type(await session.get(Article, id), Article | None)
    assert_type(await session.get(Article, id, include=[Article.author], with_vectors=True), Article | None)
    assert_type(await session.get_many(Article, [id]), list[Article | None])
    assert_type(await session.exists(Article, id), bool)
    assert_type(await session.count(Article), int)
    (await session.get(Article, id)).title  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    await session.get(Article, "x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await session.get(Card, id)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]


async def querying(session: AsyncSession) -> None:
    """Builders are not awaited, terminals are."""
    query = session.query(Article).where(Article.word_count > 1).near_text("x").limit(5)
    assert_type(query, AsyncQuery[Article])
    assert_type(query.as_(Card), AsyncQuery[Card])
    assert_type(await query.all(), list[Hit[Article]])
    assert_type(await query.first(), Hit[Article] | None)
    assert_type(await query.one(), Hit[Article])
    assert_type(await query.objects(), list[Article])
    assert_type(await query.count(), int)
    assert_type(query.explain(), str)
    assert_type(aiter(query), AsyncIterator[Hit[Article]])
    async for hit in query:
        assert_type(hit, Hit[Article])
        assert_type(hit.object.author.name, str)
        hit.object.titel  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    assert_type([card.object.title async for card in query.as_(Card)], list[str])
    list(query)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    articles: AsyncQuery[Article] = session.query(Essay)
    essays: AsyncQuery[Essay] = session.query(Article)  # type: ignore[arg-type]  # pyright: ignore[reportAssignmentType]
    print(articles, essays)


async def forgotten(session: AsyncSession, article: Article, id: UUID) -> None:
    """A call that is not awaited is no result, and one whose result is not even looked at is an error of its own."""
    session.insert(article)  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    session.close()  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    session.schema.create(Article)  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    session.query(Article).all()  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    session.get(Article, id).title  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    session.count(Article) + 1  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
    if session.exists(Article, id):  # pyright: ignore[reportUnnecessaryComparison]
        print("always")
    session.query(Article).all()[0]  # type: ignore[index]  # pyright: ignore[reportIndexIssue]
    await session.query(Article)  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
    await session.tenant("acme")  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]


async def handles(session: AsyncSession) -> None:
    """Collections and the server."""
    await session.schema.create(Author, Article)
    assert_type(await session.schema.check(Article), list[Difference])
    assert_type(await session.schema.get(Article), CollectionConfig | None)
    assert_type(await session.schema.list(), list[CollectionConfig])
    assert_type(await session.schema.exists("Article"), bool)
    await session.schema.drop(Article)
    assert_type(await session.server.live(), bool)
    assert_type(await session.server.meta(), ServerInfo)
    await session.schema.create("Article")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
