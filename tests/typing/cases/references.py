"""References: filters through them, inclusion, and ids without loading."""

from uuid import UUID

from typing_extensions import assert_type

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
    Article.author.ids_of(article)  # BAD
    Article.reviewers.id_of(article)  # BAD
    Article.author.id_of("x")  # BAD


def included(session: Session) -> None:
    """References, their own references, and nothing else."""
    query = session.query(Article)
    query.include(Article.author)
    query.include(Article.author, Article.reviewers, Article.editor)
    query.include(Article.author.include(Author.articles))
    query.include("author")  # BAD
    query.include(Article.title)  # BAD
    query.include(Author)  # BAD
    query.include(Article.embedding)  # BAD
    Article.author.include(Author.name)  # BAD


def refused(session: Session, article: Article) -> None:
    """``has()`` takes a condition, and a reference is not a property of its target."""
    Article.author.has(True)  # BAD
    Article.author.has(Author.name == 1)  # BAD
    Article.author.has("Ada")  # BAD
    Article.author.has(None)  # BAD
    Article.author.name  # BAD
    Article.title.has(Author.name == "Ada")  # BAD
    session.query(Article).where(Article.author)  # BAD
    article.author.has(Author.name == "Ada")  # BAD
