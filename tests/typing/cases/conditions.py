"""Conditions are joined with ``&``, ``|`` and ``~``, and have no truth value."""

from typing import assert_type

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
    query.where(True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(text == "x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(1 < 2)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where("title == 'x'")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(Article.draft)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(long, True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where([long, named])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(title="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    query.where("x" in Article.tags)  # type: ignore[arg-type, operator]  # pyright: ignore[reportArgumentType, reportOperatorIssue]
    all_of(True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    any_of([long])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    long & True  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
    long | (text == "x")  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
    not long  # pyright: ignore[reportGeneralTypeIssues]
    query.where(not long)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportGeneralTypeIssues]
