"""The session's verbs over a scripted transport: each gives exactly these calls, and nothing more."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from scripted_calls import Answer, Answering, ScriptedTransport, stored_schema
from zoo import Article, Author, Book, Document

import weaviate_orm.session
from weaviate_orm import (
    ApiKey,
    InvalidQueryError,
    InvalidValueError,
    LoadError,
    ReferenceNotLoadedError,
    Session,
    SessionClosedError,
    WeaviateModel,
)
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall, RestReply

ONE, TWO = UUID(int=1), UUID(int=2)
SECRET = "s3cr3t-of-a-test"


def hits(*books: tuple[UUID, str]) -> pb.SearchReply:
    reply = pb.SearchReply()
    for object_id, title in books:
        added = reply.results.add()
        added.metadata.id_as_bytes = object_id.bytes
        added.properties.non_ref_props.fields["title"].text_value = title
    return reply


def server(**replies: Answer) -> Answering:
    """A server with the collections of the zoo that answers gRPC methods with these replies, and REST paths beside the schema."""
    schema = stored_schema(Article, Author, Book, Document)

    def script(call: Any) -> Answer:
        if isinstance(call, GrpcCall):
            return replies[call.rpc.name]
        if call.method == "HEAD":
            return RestReply(204 if call.path.endswith(str(ONE)) else 404, None)
        if call.path == "/meta":
            return RestReply(200, {"version": "1.39.3", "modules": {"b": {}, "a": {}}})
        return schema(call)

    return script


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Session, ScriptedTransport]]:
    """Give a session on a server that answers with these replies, and the transport below it."""

    def connect(**replies: Answer) -> tuple[Session, ScriptedTransport]:
        transport = ScriptedTransport(server(**replies))
        monkeypatch.setattr(weaviate_orm.session, "open_transport", lambda *arguments, **options: transport)
        return Session("http://127.0.0.1:1"), transport

    return connect


Connect = Callable[..., tuple[Session, ScriptedTransport]]


def test_a_session_sends_nothing_by_itself(connected: Connect) -> None:
    session, transport = connected()
    with session:
        repr(session)
        _ = session.schema, session.server
        query = session.query(Book).where(Book.title == "t").limit(1)
        assert "Book" in repr(query)
        assert query.explain().startswith("Search\n  collection: 'ZooBook'")
    assert transport.calls == []
    assert transport.closed == 1


# Writing.


def test_insert(connected: Connect) -> None:
    session, transport = connected()
    assert session.insert(Book(id=ONE, title="t")) == ONE
    assert session.insert(Book(id=TWO, title="t")) == TWO
    assert transport.names == ["GET /schema/ZooBook", "POST /objects", "POST /objects"]


@pytest.mark.parametrize("what", [None, "Book", Book, {"title": "t"}])
def test_insert_takes_instances_alone(connected: Connect, what: Any) -> None:
    session, transport = connected()
    with pytest.raises(InvalidValueError, match=f"Expected an instance of a model, got {type(what).__name__}"):
        session.insert(what)
    assert transport.calls == []


def test_insert_many(connected: Connect) -> None:
    session, transport = connected(BatchObjects=pb.BatchObjectsReply())
    report = session.insert_many(Book(title=str(number)) for number in range(3))
    assert (report.stored, report.failed) == (3, [])
    assert transport.names == ["GET /schema/ZooBook", "BatchObjects"]


def test_insert_many_raises_with_the_report_unless_told_otherwise(connected: Connect) -> None:
    error = pb.BatchObjectsReply.BatchError(index=1, error="no room")
    session, _ = connected(BatchObjects=pb.BatchObjectsReply(errors=[error]))
    books = [Book(title=str(number)) for number in range(3)]
    with pytest.raises(
        LoadError, match=r"^1 of 3 objects were not stored; object 1: .*no room.*\.report\.failed"
    ) as caught:
        session.insert_many(books)
    assert caught.value.report.stored == 2
    assert [(each.index, each.object) for each in caught.value.report.failed] == [(1, books[1])]
    report = session.insert_many(books, on_failure="report")
    assert (report.stored, len(report.failed)) == (2, 1)


def test_delete_by_object_and_by_model_and_id(connected: Connect) -> None:
    session, transport = connected(BatchDelete=pb.BatchDeleteReply(matches=1, successful=1))
    assert session.delete(Book(id=ONE, title="t")) is True
    assert session.delete(Book, ONE) is True
    first, second = transport.requests("BatchDelete")
    assert first == second
    assert (first.collection, first.filters.value_text, first.filters.target.property) == ("ZooBook", str(ONE), "_id")


@pytest.mark.parametrize("arguments", [(Book,), (Book, "x"), ("Book", ONE), (None,)])
def test_delete_takes_nothing_else(connected: Connect, arguments: tuple[Any, ...]) -> None:
    session, transport = connected()
    with pytest.raises(InvalidValueError):
        session.delete(*arguments)
    assert transport.calls == []


# Reading.


def test_get(connected: Connect) -> None:
    session, transport = connected(Search=hits((ONE, "one")))
    assert session.get(Book, ONE) == Book(id=ONE, title="one")
    assert session.get(Book, TWO) is None
    assert [each.filters.value_text for each in transport.requests("Search")] == [str(ONE), str(TWO)]


def test_get_many_keeps_the_order_and_the_gaps(connected: Connect) -> None:
    session, _ = connected(Search=hits((ONE, "one"), (TWO, "two")))
    found = session.get_many(Book, [TWO, UUID(int=3), ONE, TWO])
    assert [each and each.title for each in found] == ["two", None, "one", "two"]
    assert session.get_many(Book, []) == []


def test_get_with_references_and_vectors(connected: Connect) -> None:
    reply = pb.SearchReply()
    added = reply.results.add()
    added.metadata.id_as_bytes = ONE.bytes
    for name in ("title", "body"):
        added.properties.non_ref_props.fields[name].text_value = name
    session, transport = connected(Search=reply)
    article = session.get(
        Article, ONE, include=[Article.author, Article.related.include(Article.author)], with_vectors=True
    )
    (request,) = transport.requests("Search")
    assert list(request.metadata.vectors) == ["embedding"]
    assert [each.reference_property for each in request.properties.ref_properties] == ["author", "related"]
    assert article is not None
    assert article.related == []
    assert article.embedding is None
    with pytest.raises(InvalidQueryError, match=r"Author\.mentor"):
        session.get(Article, ONE, include=[Author.mentor])
    plain = session.get(Article, ONE)
    assert plain is not None
    with pytest.raises(ReferenceNotLoadedError):
        plain.author


def test_exists(connected: Connect) -> None:
    session, transport = connected()
    assert session.exists(Book, ONE) is True
    assert session.exists(Book, TWO) is False
    assert transport.names == [f"HEAD /objects/ZooBook/{ONE}", f"HEAD /objects/ZooBook/{TWO}"]


def test_count(connected: Connect) -> None:
    session, transport = connected(Aggregate=pb.AggregateReply(single_result=pb.AggregateReply.Single(objects_count=7)))
    assert session.count(Book) == 7
    assert session.query(Book).where(Book.title == "t").count() == 7
    first, second = transport.requests("Aggregate")
    assert first == pb.AggregateRequest(collection="ZooBook", objects_count=True)
    assert second.filters.value_text == "t"


def test_the_terminals_of_a_query(connected: Connect) -> None:
    session, transport = connected(Search=hits((ONE, "one")))
    query = session.query(Book).where(Book.title == "one")
    assert [hit.object.title for hit in query] == ["one"]
    assert [hit.id for hit in query.all()] == [ONE]
    assert query.objects() == [Book(id=ONE, title="one")]
    assert query.one().id == ONE
    first = query.first()
    assert first is not None
    assert first.id == ONE
    assert [each.limit for each in transport.requests("Search")] == [10_000] * 3 + [2, 1]


def test_a_query_is_a_value(connected: Connect) -> None:
    session, transport = connected(Search=hits())
    query = session.query(Book)
    narrowed = query.where(Book.title == "t").limit(3)
    query.all()
    narrowed.all()
    query.all()
    first, second, third = transport.requests("Search")
    assert first == third
    assert not first.HasField("filters")
    assert (second.limit, second.HasField("filters")) == (3, True)


# The collections and the server.


def test_schema(connected: Connect) -> None:
    session, transport = connected()
    session.schema.create(Book)
    assert session.schema.exists(Book) is True
    assert session.schema.exists("Nothing") is False
    found = session.schema.get(Book)
    assert found is not None
    assert found.name == "ZooBook"
    assert session.schema.get("Nothing") is None
    assert [each.name for each in session.schema.list()] == ["ZooArticle", "ZooAuthor", "ZooBook", "ZooDocument"]
    assert session.schema.check(Book, Document) == []
    session.schema.drop(Book, "Nothing")
    assert transport.names == [
        "POST /schema",
        "GET /schema/ZooBook",
        "GET /schema/Nothing",
        "GET /schema/ZooBook",
        "GET /schema/Nothing",
        "GET /schema",
        "GET /schema/ZooBook",
        "GET /schema/ZooDocument",
        "DELETE /schema/ZooBook",
        "DELETE /schema/Nothing",
    ]


def test_after_a_drop_the_collection_is_looked_at_again(connected: Connect) -> None:
    """Otherwise a server with auto-schema would make up a collection."""
    session, transport = connected()
    session.insert(Book(title="t"))
    session.schema.drop(Book)
    session.insert(Book(title="t"))
    assert transport.names.count("GET /schema/ZooBook") == 2


def test_server(connected: Connect) -> None:
    session, transport = connected()
    assert session.server.live() is True
    assert session.server.ready() is True
    meta = session.server.meta()
    assert (meta.version, meta.modules) == ("1.39.3", ("a", "b"))
    assert transport.names == ["GET /.well-known/live", "GET /.well-known/ready", "GET /meta"]


def test_two_sessions_do_not_know_each_other(connected: Connect) -> None:
    first, one = connected()
    second, two = connected()
    first.insert(Book(title="t"))
    second.insert(Book(title="t"))
    assert one.names == two.names == ["GET /schema/ZooBook", "POST /objects"]
    first.close()
    second.insert(Book(title="t"))


# Closing.

VERBS: dict[str, Callable[[Session], object]] = {
    "insert": lambda session: session.insert(Book(title="t")),
    "get": lambda session: session.get(Book, ONE),
    "get_many": lambda session: session.get_many(Book, [ONE]),
    "exists": lambda session: session.exists(Book, ONE),
    "delete": lambda session: session.delete(Book, ONE),
    "count": lambda session: session.count(Book),
    "query": lambda session: session.query(Book).all(),
    "query.count": lambda session: session.query(Book).count(),
    "schema.create": lambda session: session.schema.create(Book),
    "schema.list": lambda session: session.schema.list(),
    "schema.drop": lambda session: session.schema.drop(Book),
    "server.meta": lambda session: session.server.meta(),
    "insert_many": lambda session: session.insert_many([Book(title="t")]),
}


@pytest.mark.parametrize("name", VERBS)
def test_a_closed_session_refuses_every_verb(name: str) -> None:
    """With the real transport: it refuses before it opens anything."""
    session = Session("http://127.0.0.1:1", grpc_port=2)
    session.close()
    session.close()
    with pytest.raises(SessionClosedError, match="closed"):
        VERBS[name](session)


def test_leaving_the_block_closes_whatever_happened(connected: Connect) -> None:
    session, transport = connected()
    with pytest.raises(ZeroDivisionError), session:
        raise ZeroDivisionError
    assert transport.closed == 1


def test_an_empty_insert_many_is_no_reason_to_connect(connected: Connect) -> None:
    session, transport = connected()
    assert session.insert_many([]).stored == 0
    assert transport.calls == []


# Secrets.


def test_no_repr_or_error_shows_a_secret() -> None:
    with Session(
        "http://127.0.0.1:1", grpc_port=2, auth=ApiKey(SECRET), headers={"X-OpenAI-Api-Key": SECRET + "-header"}
    ) as session:
        shown = [repr(session), str(session), repr(session.__dict__), repr(session.query(Book)), repr(session.schema)]
        with pytest.raises(Exception, match=r"127\.0\.0\.1") as caught:
            session.count(Book)
        error = caught.value
        shown += [str(error), repr(error), repr(vars(error)), "".join(traceback.format_exception(error))]
    assert not [each for each in shown if SECRET in each]


def test_the_repr_says_where_it_leads() -> None:
    with Session("http://127.0.0.1:1", grpc_port=2) as session:
        assert "127.0.0.1:1" in repr(session)
        assert "127.0.0.1:2" in repr(session)
        assert repr(session).startswith("<Session ")


def test_models_that_have_no_collection_are_refused_before_the_network(connected: Connect) -> None:
    class Base(WeaviateModel, abstract=True):
        pass

    session, transport = connected()
    with pytest.raises(TypeError, match="Base is abstract"):
        session.query(Base)
    assert transport.calls == []
