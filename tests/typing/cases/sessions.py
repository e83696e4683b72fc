"""What a session's verbs take and give."""

from collections.abc import Iterator
from typing import assert_type
from uuid import UUID, uuid4

from weaviate_orm import (
    ApiKey,
    Cloud,
    CollectionConfig,
    Difference,
    Embedded,
    LoadError,
    LoadFailure,
    LoadReport,
    Local,
    Session,
    Timeouts,
    WeaviateError,
)

from .zoo import Article, Author, Card, Essay


def opening() -> None:
    """Targets and options."""
    with Session("http://localhost:8080", auth=ApiKey("k"), grpc_port=1, timeout=3, headers={"a": "b"}) as session:
        assert_type(session, Session)
    Session()
    Session(Local())
    Session(Embedded(), timeout=Timeouts())
    Session(Cloud("https://x.weaviate.cloud"), auth=ApiKey("k"))
    Session(8080)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Session("http://localhost", auth="key")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Session("http://localhost", api_key="key")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Session("http://localhost", timeout="3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Session("http://localhost", headers=["a"])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Session("http://localhost", ApiKey("k"))  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def generated(author: Author) -> Iterator[Article]:
    """Loading takes any iterable."""
    yield Article(title="a", body="b", source="c", author=author)


def writing(session: Session, article: Article, author: Author, essay: Essay) -> None:
    """Inserting gives ids and reports."""
    assert_type(session.insert(article), UUID)
    assert_type(session.insert_many([article]), LoadReport[Article])
    assert_type(session.insert_many(generated(author)), LoadReport[Article])
    assert_type(session.insert_many([article], on_failure="report"), LoadReport[Article])
    report = session.insert_many([article])
    assert_type(report.stored, int)
    assert_type(report.failed, list[LoadFailure[Article]])
    assert_type(report.elapsed, float)
    for failure in report.failed:
        assert_type(failure.index, int)
        assert_type(failure.object, Article)
        assert_type(failure.error, WeaviateError)
    session.insert([article])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.insert(Article)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.insert({"title": "x"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.insert(Card(title="a", word_count=1))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.insert_many(article)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    session.insert_many(["x"])  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    session.insert_many([article], on_failure="ignore")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.insert_many([article], on_error="raise")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    report.titel  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def failing(session: Session, error: LoadError[Article]) -> None:
    """The error of a load carries its report."""
    assert_type(error.report, LoadReport[Article])
    assert_type(error.report.failed[0].object.title, str)
    try:
        session.insert_many([])
    except LoadError as caught:
        assert_type(caught.report.stored, int)
        assert_type(caught.report.failed[0].index, int)
        # mypy fills in Any where an except clause names a generic class, whatever its default.
        assert_type(caught.report.failed[0].object.id, UUID)  # type: ignore[assert-type]
    except WeaviateError as caught:
        assert_type(caught.message, str)
        assert_type(caught.collection, str | None)
        assert_type(caught.object_id, UUID | None)
        caught.report  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def reading(session: Session, id: UUID) -> None:
    """Single objects by id."""
    assert_type(session.get(Article, id), Article | None)
    assert_type(session.get(Article, id, include=[Article.author], with_vectors=True), Article | None)
    assert_type(session.get(Article, id, include=[Article.author.include(Author.mentor)]), Article | None)
    assert_type(session.get_many(Article, [id]), list[Article | None])
    assert_type(session.exists(Article, id), bool)
    assert_type(session.count(Article), int)
    session.get(Article, id).title  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    session.get(Article, "x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.get("Article", id)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.get(Card, id)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    session.get(Article, id, include=["author"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    session.get_many(Article, id)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.exists(Article)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    session.count("Article")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def deleting(session: Session, article: Article) -> None:
    """An object, or a model and an id."""
    assert_type(session.delete(article), bool)
    assert_type(session.delete(Article, uuid4()), bool)
    session.delete(Article)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    session.delete(article, uuid4())  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    session.delete(Article, "x")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    session.delete(uuid4())  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]


def schema(session: Session) -> None:
    """Collections by model, configuration or name."""
    session.schema.create(Author, Article)
    session.schema.create(CollectionConfig(name="Plain"), {"class": "Json"}, exist_ok=True)
    assert_type(session.schema.check(Article), list[Difference])
    assert_type(session.schema.get(Article), CollectionConfig | None)
    assert_type(session.schema.list(), list[CollectionConfig])
    assert_type(session.schema.exists("Article"), bool)
    session.schema.drop(Article, "Author")
    session.schema.create("Article")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.schema.create([Author, Article])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.schema.create(Card)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.schema.check("Article")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.schema.drop(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.schema.exists(Article(title="a", body="b", source="c"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.shema  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def server(session: Session) -> None:
    """The server behind it."""
    assert_type(session.server.live(), bool)
    assert_type(session.server.ready(), bool)
    session.server.meta().verzion  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
