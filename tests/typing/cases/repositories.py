"""Repositories and the tenant and consistency views of sessions, in both colours."""

from typing import TypeVar, assert_type
from uuid import UUID

from weaviate_orm import (
    AsyncQuery,
    AsyncRepository,
    AsyncSession,
    Hit,
    LoadReport,
    Query,
    Repository,
    Session,
    WeaviateModel,
)

from .zoo import Article, Author, Card, Essay

M = TypeVar("M", bound=WeaviateModel)


class Articles(Repository[Article]):
    """An application's own queries."""

    def long(self, words: int) -> Query[Article]:
        """Builders begin with ``query()``."""
        return self.query().where(Article.word_count > words)


class AsyncArticles(AsyncRepository[Article]):
    """The same, awaited."""

    def long(self, words: int) -> AsyncQuery[Article]:
        """Builders begin with ``query()``."""
        return self.query().where(Article.word_count > words)


class Base(Repository[M]):
    """Still generic."""

    def some(self) -> list[M]:
        """Of whatever model."""
        return self.query().limit(3).objects()


class Essays(Base[Essay]):
    """The model, two levels down."""


class Shop(Session):
    """An application's own session."""


class AsyncShop(AsyncSession):
    """The same, awaited."""


def verbs(session: Session, article: Article, author: Author, id: UUID) -> None:
    """The session's, without the model."""
    articles = session.repository(Article)
    assert_type(articles, Repository[Article])
    assert_type(articles.model, type[Article])
    assert_type(articles.insert(article), UUID)
    assert_type(articles.insert_many([article], on_failure="report"), LoadReport[Article])
    assert_type(articles.get(id), Article | None)
    assert_type(articles.get(id, include=[Article.author], with_vectors=True), Article | None)
    assert_type(articles.get_many([id]), list[Article | None])
    assert_type(articles.exists(id), bool)
    assert_type(articles.delete(id), bool)
    assert_type(articles.delete(article), bool)
    assert_type(articles.count(), int)
    assert_type(articles.query(), Query[Article])
    assert_type(articles.everything().as_(Card), Query[Card])
    assert_type(session.repository(Article, where=Article.word_count > 1, limit=3), Repository[Article])
    articles.insert(author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    articles.insert_many([author])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    articles.delete(author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    articles.delete(Article, id)  # type: ignore[call-arg, arg-type]  # pyright: ignore[reportCallIssue]
    articles.get("x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.repository(Card)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    session.repository("Article")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.repository(Article, where=True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.repository(Article, where=Article.title == 1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.repository(Article, limit="3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def subclasses(session: Session, asynchronous: AsyncSession, essay: Essay, article: Article) -> None:
    """They need no more than a session, of their own colour."""
    assert_type(Articles(session).long(3).all(), list[Hit[Article]])
    assert_type(Articles(session).model, type[Article])
    assert_type(Essays(session).some(), list[Essay])
    Essays(session).insert(essay)
    Essays(session).insert(article)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Articles(asynchronous)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    AsyncArticles(session)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Articles(session).longest(3)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


async def awaited(session: AsyncSession, article: Article, author: Author, id: UUID) -> None:
    """The same, awaited."""
    articles = session.repository(Article)
    assert_type(articles, AsyncRepository[Article])
    assert_type(await articles.insert(article), UUID)
    assert_type(await articles.insert_many([article]), LoadReport[Article])
    assert_type(await articles.get(id), Article | None)
    assert_type(await articles.get_many([id]), list[Article | None])
    assert_type(await articles.exists(id), bool)
    assert_type(await articles.delete(article), bool)
    assert_type(await articles.count(), int)
    assert_type(articles.query(), AsyncQuery[Article])
    assert_type(await AsyncArticles(session).long(3).first(), Hit[Article] | None)
    await articles.insert(author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    articles.insert(article)  # type: ignore[unused-coroutine]  # pyright: ignore[reportUnusedCoroutine]
    articles.count() + 1  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]


def views(session: Session, asynchronous: AsyncSession, shop: Shop, other: AsyncShop) -> None:
    """Views are sessions of the class that they come from."""
    assert_type(session.tenant("acme"), Session)
    assert_type(session.consistency("QUORUM"), Session)
    assert_type(session.tenant("acme").consistency("ALL").count(Article), int)
    assert_type(asynchronous.tenant("acme"), AsyncSession)
    assert_type(shop.tenant("acme").consistency("ONE"), Shop)
    assert_type(other.consistency("ONE"), AsyncShop)
    session.consistency("quorum")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.consistency(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    asynchronous.consistency("TWO")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.tenant(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.tenant()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    session.tenant("acme", "globex")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
