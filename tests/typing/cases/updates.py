"""Updates name fields of the model; links lead where the reference does."""

from datetime import datetime
from typing import assert_type
from uuid import UUID

from weaviate_orm import AsyncSession, LoadReport, Repository, Session

from .zoo import Article, Author, Publisher


def whole(session: Session, articles: Repository[Article], article: Article, author: Author) -> None:
    """The whole object, or what changed."""
    assert_type(session.upsert(article), UUID)
    session.replace(article)
    assert_type(session.update(article), bool)
    assert_type(session.update(article, fields=[Article.title, Article.tags, Article.embedding, Article.author]), bool)
    session.update(article, fields=[Article.reviewers, Article.tokens], unchanged_since=datetime.now())
    session.upsert(Article)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.update(article, fields=["title"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    session.update(article, unchanged_since="now")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(articles.upsert(article), UUID)
    assert_type(articles.update(article, fields=[Article.title]), bool)
    articles.replace(author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def links(session: Session, articles: Repository[Article], article: Article, author: Author, some: UUID) -> None:
    """Objects, ids, or models and ids."""
    session.link(article, Article.author, author)
    session.link(some, Article.author, some)
    session.link(article, Article.reviewers, (Author, some))
    session.link(article, Article.editor, author)
    session.unlink(article, Article.reviewers, author)
    session.set_links(article, Article.reviewers, [author, author])
    session.set_links(article, Article.reviewers, [some])
    session.set_links(article, Article.reviewers, [(Author, some)])
    session.set_links(article, Article.reviewers, [])
    session.set_links(article, Article.author, [])
    articles.link(article, Article.author, author)
    session.link(article, Article.author, article)  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
    session.link(article, Article.title, author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.link(article, Article.reviewers, "x")  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
    session.link(article, Article.reviewers, (Publisher, some))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.set_links(article, Article.reviewers, author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def many(session: Session, pairs: list[tuple[Article, UUID]]) -> None:
    """The report holds what was given."""
    report = session.link_many((each, Article.author, id) for each, id in pairs)
    assert_type(report.stored, int)
    assert_type(report.failed[0].object[0], Article)
    assert_type(report.failed[0].object[2], UUID)
    session.link_many(pairs)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]


async def awaited(session: AsyncSession, article: Article, author: Author) -> None:
    """The same, awaited."""
    assert_type(await session.upsert(article), UUID)
    assert_type(await session.update(article, fields=[Article.title]), bool)
    await session.replace(article)
    await session.link(article, Article.author, author)
    await session.set_links(article, Article.reviewers, [author])
    await session.link(article, Article.author, article)  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
    report = await session.link_many([(article, Article.author, author)])
    assert_type(report.stored, int)
    assert isinstance(report, LoadReport)
