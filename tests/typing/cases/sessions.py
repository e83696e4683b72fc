"""What a session's verbs take and give."""

from collections.abc import Iterator
from uuid import UUID, uuid4

from typing_extensions import assert_type

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
    Session(8080)  # BAD
    Session("http://localhost", auth="key")  # BAD
    Session("http://localhost", api_key="key")  # BAD
    Session("http://localhost", timeout="3")  # BAD
    Session("http://localhost", headers=["a"])  # BAD
    Session("http://localhost", ApiKey("k"))  # BAD


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
    session.insert([article])  # BAD
    session.insert(Article)  # BAD
    session.insert({"title": "x"})  # BAD
    session.insert(Card(title="a", word_count=1))  # BAD
    session.insert_many(article)  # BAD
    session.insert_many(["x"])  # BAD
    session.insert_many([article], on_failure="ignore")  # BAD
    session.insert_many([article], on_error="raise")  # BAD
    report.titel  # BAD


def failing(session: Session, error: LoadError[Article]) -> None:
    """The error of a load carries its report."""
    assert_type(error.report, LoadReport[Article])
    assert_type(error.report.failed[0].object.title, str)
    try:
        session.insert_many([])
    except LoadError as caught:
        print(caught.report.stored, caught.report.failed[0].index)
    except WeaviateError as caught:
        assert_type(caught.message, str)
        assert_type(caught.collection, str | None)
        assert_type(caught.object_id, UUID | None)
        caught.report  # BAD


def reading(session: Session, id: UUID) -> None:
    """Single objects by id."""
    assert_type(session.get(Article, id), Article | None)
    assert_type(session.get(Article, id, include=[Article.author], with_vectors=True), Article | None)
    assert_type(session.get(Article, id, include=[Article.author.include(Author.mentor)]), Article | None)
    assert_type(session.get_many(Article, [id]), list[Article | None])
    assert_type(session.exists(Article, id), bool)
    assert_type(session.count(Article), int)
    session.get(Article, id).title  # BAD
    session.get(Article, "x")  # BAD
    session.get("Article", id)  # BAD
    session.get(Card, id)  # BAD
    session.get(Article, id, include=["author"])  # BAD
    session.get_many(Article, id)  # BAD
    session.exists(Article)  # BAD
    session.count("Article")  # BAD


def deleting(session: Session, article: Article) -> None:
    """An object, or a model and an id."""
    assert_type(session.delete(article), bool)
    assert_type(session.delete(Article, uuid4()), bool)
    session.delete(Article)  # BAD
    session.delete(article, uuid4())  # BAD
    session.delete(Article, "x")  # BAD
    session.delete(uuid4())  # BAD


def schema(session: Session) -> None:
    """Collections by model, configuration or name."""
    session.schema.create(Author, Article)
    session.schema.create(CollectionConfig(name="Plain"), {"class": "Json"}, exist_ok=True)
    assert_type(session.schema.check(Article), list[Difference])
    assert_type(session.schema.get(Article), CollectionConfig | None)
    assert_type(session.schema.list(), list[CollectionConfig])
    assert_type(session.schema.exists("Article"), bool)
    session.schema.drop(Article, "Author")
    session.schema.create("Article")  # BAD
    session.schema.create([Author, Article])  # BAD
    session.schema.create(Card)  # BAD
    session.schema.check("Article")  # BAD
    session.schema.drop(1)  # BAD
    session.schema.exists(Article(title="a", body="b", source="c"))  # BAD
    session.shema  # BAD


def server(session: Session) -> None:
    """The server behind it."""
    assert_type(session.server.live(), bool)
    assert_type(session.server.ready(), bool)
    session.server.meta().verzion  # BAD
