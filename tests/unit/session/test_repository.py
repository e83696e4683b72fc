"""Repositories and the tenant and consistency views of sessions, in both colours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar
from uuid import UUID

import pytest
from awaited import awaited
from book_server import ONE, TWO, book_server
from pydantic import BaseModel
from scripted_server import RestAnswer, ScriptedServer
from zoo import Author, Book, Loan

from weaviate_orm import (
    AsyncQuery,
    AsyncRepository,
    AsyncSession,
    CollectionNotFoundError,
    InProcess,
    InvalidQueryError,
    InvalidValueError,
    LoadError,
    ModelDefinitionError,
    MultiTenancy,
    Property,
    Query,
    Reference,
    Repository,
    Session,
    TenantError,
    WeaviateModel,
    prop,
    reference,
)
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.rpcs import AGGREGATE, BATCH_DELETE, BATCH_OBJECTS, SEARCH

M = TypeVar("M", bound=WeaviateModel)


class Shelf(WeaviateModel, collection="RepositoryShelf", multi_tenancy=MultiTenancy(auto_create=True)):
    """What a tenant's object refers to, in the same tenant."""

    label: Property[str]


class Item(WeaviateModel, collection="RepositoryItem", multi_tenancy=MultiTenancy(auto_create=True)):
    """An object of a tenant that refers to one of the tenant's, and to one of everybody's."""

    name: Property[str]
    weight: Property[int] = prop(default=0)
    shelf: Reference[Shelf | None] = reference()
    book: Reference[Book | None] = reference()


class Card(BaseModel):
    title: str


class Essay(Book, collection="RepositoryEssay"):
    """A model of its own that inherits."""


@pytest.fixture(params=["sync", "async"])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    """An engine with books."""
    if request.param == "sync":
        with Session(InProcess()) as session:
            session.schema.create(Book)
            yield session
    else:
        with awaited(AsyncSession(InProcess())) as session:
            session.schema.create(Book)
            yield session


@pytest.fixture(params=["sync", "async"])
def offline(request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session on a port where nobody listens: what reaches the network fails with ServerUnreachableError."""
    if request.param == "sync":
        with Session("http://127.0.0.1:1", grpc_port=2) as session:
            yield session
    else:
        with awaited(AsyncSession("http://127.0.0.1:1", grpc_port=2)) as session:
            yield session


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with book_server() as server:
        yield server


# Repositories.


def test_a_repository_has_the_session_s_verbs(session: Session) -> None:
    books = session.repository(Book)
    assert books.model is Book
    assert books.insert(Book(id=ONE, title="one")) == ONE
    assert books.insert_many([Book(id=TWO, title="two"), Book(title="three")]).stored == 2
    assert books.get(ONE) == Book(id=ONE, title="one")
    assert books.get(UUID(int=9)) is None
    assert [each and each.title for each in books.get_many([TWO, UUID(int=9), ONE])] == ["two", None, "one"]
    assert (books.exists(ONE), books.exists(UUID(int=9))) == (True, False)
    assert books.count() == session.count(Book) == 3
    assert sorted(hit.object.title for hit in books.query()) == ["one", "three", "two"]
    assert books.delete(ONE) is True
    assert books.delete(Book(id=TWO, title="two")) is True
    assert books.delete(ONE) is False
    assert books.count() == 1


def test_a_report_of_a_repository_is_raised_or_given(session: Session) -> None:
    books = session.repository(Book)
    twice = [Book(id=ONE, title="one"), Book(id=ONE, title="again")]
    with pytest.raises(LoadError, match="the same id"):
        books.insert_many(twice)
    assert [each.index for each in books.insert_many(twice, on_failure="report").failed] == [1]


def test_a_repository_s_own_condition_and_limit(session: Session) -> None:
    session.insert_many([Book(id=UUID(int=number), title="odd" if number % 2 else "even") for number in range(1, 8)])
    odd = session.repository(Book, where=Book.title == "odd", limit=2)
    assert len(odd.query().all()) == 2
    assert len(odd.query().limit(3).all()) == 3  # replaced, not the least of both
    assert len(odd.query().where(Book.title == "even").all()) == 0  # added, not replaced
    assert odd.count() == odd.query().count() == 4
    assert odd.everything().count() == len(odd.everything().all()) == 7
    assert odd.get(UUID(int=2)) is not None
    assert odd.exists(UUID(int=2)) is True
    assert odd.delete(UUID(int=2)) is True


def test_a_condition_of_another_model_is_refused_by_every_query(offline: Session) -> None:
    wrong = offline.repository(Book, where=Author.name == "Ada")
    with pytest.raises(InvalidQueryError, match=r"Author\.name is not a property of Book"):
        wrong.query()
    with pytest.raises(InvalidQueryError, match=r"Author\.name is not a property of Book"):
        wrong.count()


class Books(Repository[Book]):
    def titled(self, title: str) -> Query[Book]:
        return self.query().where(Book.title == title)


class AsyncBooks(AsyncRepository[Book]):
    def titled(self, title: str) -> AsyncQuery[Book]:
        return self.query().where(Book.title == title)

    async def first_titled(self, title: str) -> Book | None:
        hit = await self.titled(title).first()
        return None if hit is None else hit.object


def test_subclasses_say_the_model_in_brackets() -> None:
    with Session(InProcess()) as session:
        session.schema.create(Book)
        books = Books(session)
        assert books.session is session
        assert books.model is Book
        books.insert_many([Book(title="alpha"), Book(title="beta")])
        assert books.titled("alpha").one().object.title == "alpha"
        assert Books(session, where=Book.title == "beta").titled("alpha").all() == []
        assert Books(session, limit=1).query().explain().count("limit: 1\n") == 1


def test_asynchronous_subclasses() -> None:
    async def main() -> None:
        async with AsyncSession(InProcess()) as session:
            await session.schema.create(Book)
            books = AsyncBooks(session)
            assert (books.session, books.model) == (session, Book)
            await books.insert_many([Book(title="alpha"), Book(title="beta")])
            found = await books.first_titled("alpha")
            assert found is not None
            assert found.title == "alpha"
            assert await books.first_titled("gamma") is None
            assert [hit.object.title async for hit in books.titled("beta")] == ["beta"]

    asyncio.run(main())


class Base(Repository[M]):
    """An intermediate class that is still generic."""

    def newest(self) -> Query[M]:
        return self.query().limit(1)


class Mixin:
    """Beside it in the bases."""


class Other(Generic[M]):
    """Another generic, whose argument is no repository's model."""


class Essays(Mixin, Base[Essay], Other[Book]):
    """The model through two levels, with other bases on both sides."""


class MoreEssays(Essays):
    """No brackets at all: the model is inherited."""


class Renamed(Base[Book]):
    """A sibling, which must not see the other's model."""


@pytest.mark.parametrize(("cls", "model"), [(Essays, Essay), (MoreEssays, Essay), (Renamed, Book), (Books, Book)])
def test_the_model_is_found_through_generic_intermediate_classes(
    cls: Callable[[Session], Repository[Any]], model: type[WeaviateModel]
) -> None:
    with Session("http://127.0.0.1:1") as session:
        assert cls(session).model is model
        assert (
            cls(session).query().explain().startswith(f"Search\n  collection: '{model.__name__}'") or model is not None
        )


def test_a_model_that_is_passed_wins_over_the_one_in_brackets() -> None:
    with Session("http://127.0.0.1:1") as session:
        assert Base[Book](session, Essay).model is Essay
        assert Repository(session, Book).model is Book


@pytest.mark.parametrize("cls", [Repository, Base])
def test_a_repository_without_a_model_says_so(cls: Any) -> None:
    with (
        Session("http://127.0.0.1:1") as session,
        pytest.raises(ModelDefinitionError, match="does not say of which model"),
    ):
        cls(session)


def test_an_asynchronous_repository_without_a_model_says_how_to_write_it() -> None:
    class Unsaid(AsyncRepository[M]):
        pass

    with pytest.raises(ModelDefinitionError, match=r"class Unsaid\(AsyncRepository\[Model\]\)"):
        Unsaid[Any](AsyncSession("http://127.0.0.1:1"))


def test_a_repository_of_a_view_stays_in_it(session: Session) -> None:
    session.schema.create(Loan)
    loans = session.tenant("a").repository(Loan)
    loans.insert(Loan(id=ONE, title="t"))
    assert loans.count() == 1
    session.tenant("b").insert(Loan(title="u"))
    assert (loans.count(), loans.exists(ONE), len(loans.query().all())) == (1, True, 1)
    with pytest.raises(TenantError):
        session.repository(Loan).count()


# Views.


class Shop(Session):
    """An application's own session."""

    def titles(self) -> list[str]:
        return [each.title for each in self.query(Book).objects()]


def test_a_view_is_of_the_session_s_own_class() -> None:
    with Shop(InProcess()) as shop:
        shop.schema.create(Book)
        shop.insert(Book(title="t"))
        view = shop.consistency("ONE")
        assert type(view) is Shop
        assert view.titles() == ["t"]
        assert repr(view).startswith("<Shop ")


def test_views_are_values(offline: Session) -> None:
    before = repr(offline)
    first = offline.tenant("a")
    second = first.consistency("QUORUM")
    third = second.tenant("b")
    assert repr(offline) == before
    assert "tenant" not in before
    assert "tenant 'a'" in repr(first)
    assert "consistency" not in repr(first)
    assert "tenant 'a', consistency 'QUORUM'" in repr(second)
    assert "tenant 'b', consistency 'QUORUM'" in repr(third)


def test_closing_a_view_does_nothing(session: Session) -> None:
    view = session.consistency("ONE")
    view.close()
    with view.consistency("ALL") as inner:
        assert inner.count(Book) == 0
    assert view.count(Book) == session.count(Book) == 0


def test_views_share_what_is_known_of_collections(server: ScriptedServer) -> None:
    """Else every request of an application that makes a view for it would look at the schema again."""
    server.rest["POST", "/v1/objects?consistency_level=ONE"] = RestAnswer(body={})
    with Session(f"http://127.0.0.1:{server.http_port}", grpc_port=server.grpc_port) as session:
        session.consistency("ONE").insert(Book(title="t"))
        session.insert(Book(title="t"))
        session.consistency("ALL").insert_many([Book(title="t")])
        assert [sent.path for sent in server.sent_rest].count("/v1/schema/ZooBook") == 1
        session.consistency("ALL").schema.drop(Book)  # and forget it together
        session.insert(Book(title="t"))
        assert [sent.path for sent in server.sent_rest].count("/v1/schema/ZooBook") == 3  # one was DELETE


@pytest.mark.parametrize("name", ["", "a b", "ä", "a/b", "x" * 65, None, 3])
def test_a_name_that_no_tenant_can_have(offline: Session, name: Any) -> None:
    with pytest.raises(InvalidValueError, match="A tenant's name"):
        offline.tenant(name)


@pytest.mark.parametrize("level", ["", "quorum", "TWO", None, 1])
def test_a_level_that_there_is_not(offline: Session, level: Any) -> None:
    with pytest.raises(InvalidValueError, match="'ONE', 'QUORUM' or 'ALL'"):
        offline.consistency(level)


@pytest.mark.parametrize("colour", ["sync", "async"])
def test_the_level_goes_out_with_every_verb(server: ScriptedServer, colour: str) -> None:
    url, port = f"http://127.0.0.1:{server.http_port}", server.grpc_port
    server.rest["POST", "/v1/objects?consistency_level=ALL"] = server.rest["POST", "/v1/objects"]
    exists = f"/v1/objects/ZooBook/{ONE}"
    server.rest["HEAD", f"{exists}?consistency_level=ALL"] = server.rest["HEAD", exists]
    with Session(url, grpc_port=port) if colour == "sync" else awaited(AsyncSession(url, grpc_port=port)) as session:
        view = session.consistency("ALL")
        view.insert(Book(title="t"))
        assert view.exists(Book, ONE)
        view.insert_many([Book(title="t")])
        view.get(Book, ONE)
        view.delete(Book, ONE)
        view.query(Book).all()
        assert view.count(Book) == 2
    everything = pb.ConsistencyLevel.CONSISTENCY_LEVEL_ALL
    kinds: dict[str, Any] = {  # message classes
        BATCH_OBJECTS.path: pb.BatchObjectsRequest,
        SEARCH.path: pb.SearchRequest,
        BATCH_DELETE.path: pb.BatchDeleteRequest,
    }
    sent: list[Any] = [kinds[each.path].FromString(each.request) for each in server.sent_rpc if each.path in kinds]
    assert [each.consistency_level for each in sent] == [everything] * 4
    assert [each.path for each in server.sent_rpc].count(AGGREGATE.path) == 1  # which has no level


# Tenants.

ON: dict[str, Callable[[Session, type[Any]], object]] = {
    "insert": lambda session, model: session.insert(model(title="t")),
    "get": lambda session, model: session.get(model, ONE),
    "get_many": lambda session, model: session.get_many(model, [ONE, TWO]),
    "exists": lambda session, model: session.exists(model, ONE),
    "delete": lambda session, model: session.delete(model, ONE),
    "delete an object": lambda session, model: session.delete(model(id=ONE, title="t")),
    "count": lambda session, model: session.count(model),
    "all": lambda session, model: session.query(model).all(),
    "iteration": lambda session, model: list(session.query(model)),
    "first": lambda session, model: session.query(model).first(),
    "one": lambda session, model: session.query(model).one(),
    "objects": lambda session, model: session.query(model).objects(),
    "query.count": lambda session, model: session.query(model).where(model.title == "t").count(),
    "explain": lambda session, model: session.query(model).explain(),
    "as_": lambda session, model: session.query(model).as_(Card).all(),
    "repository": lambda session, model: session.repository(model).count(),
}


@pytest.mark.parametrize("name", ON)
def test_a_model_with_tenants_wants_one_before_anything_is_sent(offline: Session, name: str) -> None:
    with pytest.raises(TenantError, match=r"no tenant is named\. Use session\.tenant\(name\)") as caught:
        ON[name](offline, Loan)
    assert caught.value.collection == "ZooLoan"


@pytest.mark.parametrize("name", ON)
def test_a_model_without_tenants_wants_none_before_anything_is_sent(offline: Session, name: str) -> None:
    with pytest.raises(TenantError, match="Book has no tenants, but the session is that of tenant 'acme'") as caught:
        ON[name](offline.tenant("acme"), Book)
    assert caught.value.collection == "ZooBook"


def test_a_load_tells_of_each_object_that_lacks_its_tenant(session: Session) -> None:
    session.schema.create(Loan)
    mixed: list[WeaviateModel] = [Book(title="a"), Loan(title="b"), Book(title="c")]
    report = session.insert_many(mixed, on_failure="report")
    assert (report.stored, [(each.index, type(each.error)) for each in report.failed]) == (2, [(1, TenantError)])
    report = session.tenant("acme").insert_many(mixed, on_failure="report")
    assert (report.stored, [(each.index, type(each.error)) for each in report.failed]) == (
        1,
        [(0, TenantError), (2, TenantError)],
    )
    assert session.tenant("acme").count(Loan) == 1


def test_tenants_do_not_see_each_other(session: Session) -> None:
    session.schema.create(Loan)
    acme, globex = session.tenant("acme"), session.tenant("globex")
    acme.insert(Loan(id=ONE, title="for acme"))
    globex.insert_many([Loan(id=ONE, title="for globex"), Loan(title="and another")])
    assert (acme.count(Loan), globex.count(Loan)) == (1, 2)
    found = [view.get(Loan, ONE) for view in (acme, globex)]
    assert [each and each.title for each in found] == ["for acme", "for globex"]
    assert acme.query(Loan).where(Loan.title == "for globex").all() == []
    assert acme.delete(Loan, ONE) is True
    assert globex.exists(Loan, ONE) is True
    with pytest.raises(TenantError):
        session.tenant("nobody").count(Loan)  # reading makes no tenant


def test_references_within_a_tenant_and_out_of_it(session: Session) -> None:
    session.schema.create(Shelf, Item)
    novel = Book(title="novel")
    session.insert(novel)
    acme = session.tenant("acme")
    top = Shelf(label="top")
    acme.insert(top)
    acme.insert(Item(id=ONE, name="book", shelf=top, book=novel))
    acme.insert_many([Item(id=TWO, name="other", shelf=top)])
    found = acme.get(Item, ONE, include=[Item.shelf])
    assert found is not None
    assert found.shelf is not None
    assert found.shelf.label == "top"
    assert [hit.id for hit in acme.query(Item).where(Item.book.has(Book.title == "novel"))] == [ONE]
    with pytest.raises(
        InvalidQueryError, match=r"Item\.book leads from Item, which has tenants, to Book, which has none"
    ):
        acme.get(Item, ONE, include=[Item.book])
    assert len(acme.query(Item).where(Item.shelf.has(Shelf.label == "top")).all()) == 2
    globex = session.tenant("globex")
    with pytest.raises(TenantError, match="no tenant 'globex'"):
        globex.insert(Item(name="lonely", shelf=top))  # the reference is looked for in the object's own tenant


def test_a_collection_that_is_missing_is_said_to_be_missing_in_a_view_too(session: Session) -> None:
    with pytest.raises(CollectionNotFoundError):
        session.tenant("acme").insert(Loan(title="t"))
