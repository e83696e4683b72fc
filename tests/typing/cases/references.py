"""References: filters through them, inclusion, and ids without loading."""

from typing import assert_type
from uuid import UUID

from weaviate_orm import Condition, Inclusion, Quantity, Session

from .zoo import Article, Author, Publisher

assert_type(Article.author.has(Author.name == "Ada"), Condition)
assert_type(Article.editor.has(Author.name == "Ada"), Condition)
assert_type(Article.publisher.has(Publisher.title == "x"), Condition)
assert_type(Article.reviewers.has(Author.name == "Ada"), Condition)
assert_type(Article.author.has(Author.mentor.has(Author.born > 1815)), Condition)
assert_type(Article.author.count(), Quantity[int])
assert_type(Article.reviewers.count() > 2, Condition)
assert_type(Article.author.include(), Inclusion)
assert_type(Article.author.include(Author.articles, Author.mentor.include(Author.mentor)), Inclusion)


def ids(article: Article) -> None:
    """Ids are known without loading."""
    assert_type(Article.author.id_of(article), UUID | None)
    assert_type(Article.editor.id_of(article), UUID | None)
    assert_type(Article.reviewers.ids_of(article), list[UUID])
    Article.author.ids_of(article)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.reviewers.id_of(article)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.author.id_of("x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def included(session: Session) -> None:
    """References, their own references, and nothing else."""
    query = session.query(Article)
    query.include(Article.author)
    query.include(Article.author, Article.reviewers, Article.editor)
    query.include(Article.author.include(Author.articles))
    query.include("author")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.include(Article.title)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.include(Author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.include(Article.embedding)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Article.author.include(Author.name)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def refused(session: Session, article: Article) -> None:
    """``has()`` takes a condition, and a reference is not a property of its target."""
    Article.author.has(True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Article.author.has(Author.name == 1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Article.author.has("Ada")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Article.author.has(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Article.author.name  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.title.has(Author.name == "Ada")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    session.query(Article).where(Article.author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    article.author.has(Author.name == "Ada")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
