"""Conditions are joined with ``&``, ``|`` and ``~``, and have no truth value."""

from typing_extensions import assert_type

from weaviate_orm import Condition, Session, all_of, any_of

from .zoo import Article

long = Article.word_count > 100
named = Article.title == "x"
maybe: Condition | None = None

assert_type(long & named, Condition)
assert_type(long | named, Condition)
assert_type(~long, Condition)
assert_type((long | named) & ~named, Condition)
assert_type(long & None, Condition)
assert_type(None | long, Condition)
assert_type(all_of(long, None, named), Condition | None)
assert_type(any_of(), Condition | None)


def accepted(session: Session, optional: Condition | None) -> None:
    """Conditions, and ``None`` where a filter has an optional part."""
    query = session.query(Article)
    query.where()
    query.where(long)
    query.where(long, named, None)
    query.where(optional)
    query.where(all_of(long, optional))


def refused(session: Session, text: str) -> None:
    """What Python has decided already, and what is no condition."""
    query = session.query(Article)
    query.where(True)  # BAD
    query.where(text == "x")  # BAD
    query.where(1 < 2)  # BAD
    query.where("title == 'x'")  # BAD
    query.where(Article.draft)  # BAD
    query.where(long, True)  # BAD
    query.where([long, named])  # BAD
    query.where(title="x")  # BAD
    query.where("x" in Article.tags)  # BAD
    all_of(True)  # BAD
    any_of([long])  # BAD
    long & True  # BAD
    long | (text == "x")  # BAD
    not long  # pyright: ignore[reportGeneralTypeIssues]
    query.where(not long)  # BAD
