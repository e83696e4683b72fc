"""What goes wrong, and what the user is told: every row of the table in ``docs/errors.md``, on the real thing.

Each situation raises here what its row says: the class, and the message, in which the page may leave out parts with an ellipsis.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias
from uuid import UUID, uuid4

import pytest
from pydantic import Field, ValidationError
from scripted_server import RestAnswer, dead_port, scripted_server
from zoo import created, unique_name

from weaviate_orm import (
    ApiKey,
    AuthenticationError,
    CollectionNotFoundError,
    Embedder,
    GeoCoordinate,
    HydrationError,
    InProcess,
    LoadError,
    ModelDefinitionError,
    PermissionDeniedError,
    Property,
    Reference,
    SchemaMismatchError,
    ServerTooOldError,
    ServerUnreachableError,
    Session,
    SessionClosedError,
    TransportError,
    UsageError,
    Vector,
    VectorDimensionError,
    WeaviateError,
    WeaviateModel,
    prop,
    reference,
    vector,
)
from weaviate_orm.modules import text2vec_ollama, text2vec_transformers

if TYPE_CHECKING:
    from real_server import RealServer, SecuredServer

PAGE = Path(__file__).resolve().parents[2] / "docs" / "errors.md"


class Author(WeaviateModel, collection=unique_name("Author")):
    name: Property[str]


class Article(WeaviateModel, collection=unique_name("Article")):
    title: Property[str]
    word_count: Property[int] = prop(default=0)
    published: Property[datetime] = prop(default=datetime(2024, 1, 1, tzinfo=UTC))
    author: Reference[Author] = reference()
    embedding: Vector = vector()


class Page(WeaviateModel, collection=unique_name("Page")):
    embedding: Vector = vector(dimensions=3)


class Missing(WeaviateModel, collection=unique_name("Missing")):
    title: Property[str]


class Ollama(WeaviateModel, collection=unique_name("Ollama")):
    title: Property[str]
    embedding: Vector = vector(text2vec_ollama())


class Vectorized(WeaviateModel):
    title: Property[str]
    embedding: Vector = vector(text2vec_transformers())


# Other views of the collection of articles.
class Story(WeaviateModel, collection=Article.__weaviate_options__.collection):
    title: Property[str]
    body: Property[str]


class LongArticle(WeaviateModel, collection=Article.__weaviate_options__.collection):
    title: Property[str]
    word_count: Property[Annotated[int, Field(ge=1000)]]


ARTICLE = Article(title="Analytical engines", word_count=12, embedding=[1, 2, 3])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a situation happens."""

    session: Session
    request: pytest.FixtureRequest

    @property
    def server(self) -> RealServer:
        found: RealServer = self.request.getfixturevalue("weaviate_server")
        return found

    @property
    def secured(self) -> SecuredServer:
        found: SecuredServer = self.request.getfixturevalue("secured_server")
        return found

    def stranger(self, key: str | None) -> Session:
        """Give a session on the secured server."""
        auth = None if key is None else ApiKey(key)
        return Session(self.secured.url, grpc_port=self.secured.grpc_port, auth=auth)


Situation: TypeAlias = Callable[[Place], object]


def _closed(place: Place) -> object:
    session = Session(place.server.url, grpc_port=place.server.grpc_port)
    session.count(Article)
    session.close()
    return session.count(Article)


def _dead_rest(place: Place) -> object:
    with dead_port() as port, Session(f"http://127.0.0.1:{port}", grpc_port=place.server.grpc_port) as session:
        return session.count(Article)


def _dead_grpc(place: Place) -> object:
    with dead_port() as port, Session(place.server.url, grpc_port=port) as session:
        return session.count(Article)


def _answering(meta: dict[str, object]) -> Situation:
    def connect(place: Place) -> object:
        with scripted_server() as scripted:
            scripted.rest["GET", "/v1/meta"] = RestAnswer(body=meta)
            with Session(f"http://127.0.0.1:{scripted.http_port}", grpc_port=scripted.grpc_port) as session:
                return session.count(Article)

    return connect


def _with_key(key: str | None) -> Situation:
    def count(place: Place) -> object:
        with place.stranger(key) as session:
            return session.count(Article)

    return count


def _powerless(place: Place) -> object:
    with place.stranger(place.secured.powerless_api_key) as session:
        return session.count(Article)


def _file_in_use(place: Place) -> object:
    path = place.request.getfixturevalue("tmp_path_factory").mktemp("engine") / "articles.db"
    with Session(path) as first, Session(path) as second:
        first.schema.list()
        return second.schema.list()


def _foreign_file(place: Place) -> object:
    path: Path = place.request.getfixturevalue("tmp_path_factory").mktemp("engine") / "notes.db"
    path.write_text("Notes, and no database. " * 50)
    with Session(path) as session:
        return session.schema.list()


def _embedded_by(embedder: Embedder | None) -> Situation:
    def insert(place: Place) -> object:
        with Session(InProcess(embedder=embedder)) as session:
            session.schema.create(Vectorized)
            return session.insert(Vectorized(title="x"))

    return insert


def _unknown(**values: Any) -> Situation:  # what an unchecked program passes
    return lambda place: Article(**values)


def _read_reference(place: Place) -> object:
    found = place.session.get(Article, ARTICLE.id)
    assert found is not None
    return found.author


def _capital(place: Place) -> object:
    class Wrong(WeaviateModel):
        Title: Property[str]

    return Wrong


_anything: Any = Article  # past the type checkers, which refuse most of what follows
_a_number: Any = "100"

# In the order of the page.
SITUATIONS: dict[str, Situation] = {
    # Models
    "A name that the server would change": _capital,
    # Values
    "A field that the model has not": _unknown(titel="x", title="y"),
    "The same in an expression": lambda place: _anything.titel,
    "A vector of another length than declared": lambda place: Page(embedding=[1, 2]),
    "NaN in a vector": lambda place: Page(embedding=[1, float("nan"), 3]),
    "A datetime without a time zone": lambda place: place.session.insert(
        Article(title="x", published=datetime(2024, 5, 1))
    ),
    "A whole number beyond 2**53": lambda place: place.session.insert(Article(title="x", word_count=2**60)),
    "A place that is not on Earth": lambda place: GeoCoordinate(100, 0),
    # Queries
    "A value of the wrong type": lambda place: Article.word_count > _a_number,
    "An operator that the type has not": lambda place: _anything.word_count.like("1*"),
    "A naive datetime in a condition": lambda place: Article.published > datetime(2024, 5, 1),
    "A moment that the server cannot order by": lambda place: Article.published < datetime(9999, 12, 31, tzinfo=UTC),
    "An empty list": lambda place: Article.title.in_([]),
    "`and` in place of `&`": lambda place: (Article.title == "x") and (Article.word_count > 1),
    "A truth value as a condition": lambda place: place.session.query(Article).where(_anything is None),  # type: ignore[arg-type]  # on purpose
    "A condition on another model": lambda place: place.session.query(Article).where(Author.name == "Ada"),
    "A condition that needs an index": lambda place: place.session.query(Article).where(Article.title.is_null()),
    "A searched vector of another length than declared": lambda place: place.session.query(Page).near_vector([1, 2]),
    "NaN in a searched vector": lambda place: place.session.query(Page).near_vector([1, 2, float("nan")]),
    "`near_text()` without a vectorizer": lambda place: place.session.query(Article).near_text("engines"),
    "An order beside a search": lambda place: place.session.query(Article).bm25("engines").order_by(Article.title),
    "A second search": lambda place: place.session.query(Article).bm25("engines").near_vector([1, 2, 3]),
    "Groups without a search": lambda place: place.session.query(Article).group_by(Article.title).all(),
    "A placeholder of a prompt that is no property": lambda place: place.session.query(Article).generate(
        single="{titel}"
    ),
    "An aggregation of a whole search": lambda place: (
        place.session.aggregate(Article).near_vector([1, 2, 3]).compute(Article.word_count.mean())
    ),
    "A metric that the type has not": lambda place: Article.title.mean(),  # type: ignore[misc]  # on purpose: what a checker would have refused
    "A stream in another order": lambda place: place.session.query(Article).order_by(Article.title).stream(),
    "Deleting without a condition": lambda place: place.session.query(Article).delete(),
    "Too far into a result": lambda place: place.session.query(Article).offset(10_000).limit(10),
    "Nothing but stopwords": lambda place: place.session.query(Article).where(Article.title == "the").all(),
    "`one()` without a result": lambda place: place.session.query(Article).where(Article.title == "nobody").one(),
    "A reference that was not included": _read_reference,
    # Objects
    "An id that is taken": lambda place: place.session.insert(Article(id=ARTICLE.id, title="x")),
    "A reference to an object that is not there": lambda place: place.session.insert(
        Article(title="x", author=UUID(int=7))
    ),
    "A vector of another length than those stored": lambda place: place.session.insert(
        Article(title="x", embedding=[1, 2])
    ),
    "The same in a search": lambda place: place.session.query(Article).near_vector([1, 2]).all(),
    "`near_object()` of an object that is not there": lambda place: (
        place.session.query(Article).near_object(UUID(int=7)).all()
    ),
    "Bad objects among many": lambda place: place.session.insert_many(
        [Article(title="x", published=datetime(2024, 5, 1)), Article(title="y")]
    ),
    "Changing an object that is not there": lambda place: place.session.update(
        Article(id=UUID(int=7), title="x"), fields=[Article.title]
    ),
    "Changing one that was changed meanwhile": lambda place: place.session.update(
        Article(id=ARTICLE.id, title="x"), fields=[Article.title], unchanged_since=datetime(2024, 5, 1, tzinfo=UTC)
    ),
    "Changing one that nothing is known of": lambda place: place.session.update(Article(title="x")),
    "A reference to an object of another model": lambda place: place.session.link(ARTICLE, _anything.author, ARTICLE),
    "A stored object that does not fit its model": lambda place: (
        place.session.query(LongArticle).where(LongArticle.word_count == ARTICLE.word_count).all()
    ),
    # Collections
    "A collection that does not exist, in a query": lambda place: place.session.query(Missing).all(),
    "The same in a write": lambda place: place.session.insert(Missing(title="x")),
    "A collection that exists already": lambda place: place.session.schema.create(Author),
    "A collection without the model's property, in a write": lambda place: place.session.insert(
        Story(title="x", body="y")
    ),
    "The same in a query": lambda place: place.session.query(Story).all(),
    "A module that the server runs without": lambda place: place.session.schema.create(Ollama),
    # Connections
    "A closed session": _closed,
    "Nobody on the REST port": _dead_rest,
    "Nobody on the gRPC port": _dead_grpc,
    "No credentials": _with_key(None),
    "Wrong credentials": _with_key("not-the-key"),
    "Credentials without the permission": _powerless,
    "A server that is too old": _answering({"version": "1.26.4"}),
    "Something else on the REST port": _answering({"name": "shop"}),
    "A URL without its scheme": lambda place: Session("localhost:8080/path"),
    # The engine in the process
    "A file that another session has open": _file_in_use,
    "A file that is something else": _foreign_file,
    "A vectorizer without an embedder": _embedded_by(None),
    "An embedder that fails": _embedded_by(lambda texts: [[1.0 / 0.0] for _ in texts]),
}


REQUIRES = {
    "A module that the server runs without": ("missing modules",),
    **dict.fromkeys(("A closed session", "Nobody on the REST port", "Nobody on the gRPC port"), ("a connection",)),
    **dict.fromkeys(("A server that is too old", "Something else on the REST port"), ("a connection",)),
    **dict.fromkeys(("No credentials", "Wrong credentials", "Credentials without the permission"), ("credentials",)),
}
"""What some situations need that not every backend has."""


def situations(names: Iterable[str]) -> Sequence[object]:
    """Give parameters that run where they can."""
    return [pytest.param(each, marks=pytest.mark.requires(*REQUIRES.get(each, ()))) for each in names]


def documented() -> dict[str, tuple[str, str]]:
    """Give class and message of every row of the page's table, by situation."""
    found: dict[str, tuple[str, str]] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [each.strip().replace(r"\|", "|") for each in re.split(r"(?<!\\)\|", line)]
        if len(cells) == 5 and re.fullmatch(r"`[A-Za-z.]+Error`", cells[2]):
            found[cells[1]] = (cells[2].strip("`"), cells[3])
    return found


def normal(text: str) -> str:
    """Give a message without what differs from run to run, and on one line."""
    text = re.sub(r"(?i)\b([a-z]+)_[0-9a-f]{8}_\d+\b", r"\1", text)  # the names of these tests' collections
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "<address>", text)
    return " ".join(text.split())


@pytest.fixture(scope="module")
def place(session: Session, request: pytest.FixtureRequest) -> Iterator[Place]:
    with created(session, Author, Article, Page):
        session.insert(ARTICLE)
        yield Place(session, request)


def test_the_page_has_these_situations() -> None:
    assert list(documented()) == list(SITUATIONS)


@pytest.mark.parametrize("situation", situations(SITUATIONS))
def test_what_the_user_is_told(place: Place, situation: str) -> None:
    before = place.session.count(Article)
    kind, message = documented()[situation]
    with pytest.raises(Exception) as raised:  # noqa: PT011 - the class is compared below
        SITUATIONS[situation](place)
    assert type(raised.value).__name__ == kind.removeprefix("pydantic.")
    pattern = ".*".join(re.escape(part) for part in normal(message.strip("`")).split("…"))
    assert re.fullmatch(pattern, normal(str(raised.value)))
    stored = isinstance(raised.value, LoadError) and raised.value.report.stored
    assert place.session.count(Article) == before + stored


# The data that programs need


def caught(place: Place, situation: str) -> WeaviateError:
    with pytest.raises(WeaviateError) as raised:
        SITUATIONS[situation](place)
    return raised.value


def test_errors_know_where_they_happened(place: Place) -> None:
    collection = Article.__weaviate_options__.collection
    refused = caught(place, "A datetime without a time zone")
    assert (refused.collection, refused.field) == (collection, "Article.published")
    assert isinstance(refused.object_id, UUID)
    taken = caught(place, "An id that is taken")
    assert (taken.object_id, taken.operation, taken.status) == (ARTICLE.id, "POST /v1/objects", 422)
    absent = caught(place, "A collection that does not exist, in a query")
    assert (absent.collection, absent.operation) == (Missing.__weaviate_options__.collection, "Search")
    unreadable = caught(place, "A stored object that does not fit its model")
    assert isinstance(unreadable, HydrationError)
    assert (unreadable.collection, unreadable.field, unreadable.object_id) == (collection, "word_count", ARTICLE.id)


def test_one_unreadable_object_does_not_hide_what_it_is(place: Place) -> None:
    assert place.session.get(Article, ARTICLE.id) is not None
    with pytest.raises(HydrationError, match=r"word_count: Input should be greater than or equal to 1000"):
        place.session.get(LongArticle, ARTICLE.id)


KINDS: dict[str, tuple[type[Exception], ...]] = {
    "A closed session": (SessionClosedError, UsageError),
    "Nobody on the REST port": (ServerUnreachableError, TransportError, ConnectionError),
    "Nobody on the gRPC port": (ServerUnreachableError, TransportError, ConnectionError),
    "Wrong credentials": (AuthenticationError,),
    "Credentials without the permission": (PermissionDeniedError,),
    "A server that is too old": (ServerTooOldError,),
    "A collection that does not exist, in a query": (CollectionNotFoundError, LookupError),
    "A vector of another length than those stored": (VectorDimensionError, ValueError),
    "A collection without the model's property, in a write": (SchemaMismatchError,),
    "A name that the server would change": (ModelDefinitionError, TypeError),
    "A value of the wrong type": (UsageError, ValueError),
}


@pytest.mark.parametrize("situation", situations(KINDS))
def test_the_kinds_of_errors(place: Place, situation: str) -> None:
    """A program that catches a branch of the tree catches what belongs there."""
    error = caught(place, situation)
    assert all(isinstance(error, kind) for kind in KINDS[situation])


@pytest.mark.parametrize("situation", situations(["Wrong credentials", "Credentials without the permission"]))
def test_keys_are_in_no_error(place: Place, situation: str) -> None:
    error = caught(place, situation)
    seen: list[BaseException] = [error]
    while (cause := seen[-1].__cause__ or seen[-1].__context__) is not None:
        seen.append(cause)
    text = " ".join(f"{each!r} {each}" for each in seen)
    assert "not-the-key" not in text
    assert place.secured.powerless_api_key not in text


def test_the_session_works_after_every_error(place: Place) -> None:
    for situation in ("Nothing but stopwords", "The same in a search", "The same in a query"):
        caught(place, situation)
    with ExitStack() as stack:
        stack.callback(place.session.delete, Article, marker := uuid4())
        place.session.insert(Article(id=marker, title="still here"))
        assert place.session.exists(Article, marker)


def test_a_wrong_type_in_the_constructor_is_pydantics_error() -> None:
    with pytest.raises(ValidationError, match="word_count"):
        Article(title="x", word_count=_a_number + "!")
