"""The web service of examples/api, whole: HTTP in, HTTP out, on the engine in memory and on a real server."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import httpx
import pytest
from api.application import create_app
from api.models import Article, Author
from api.problems import ANSWERS, answer_to
from api.repository import WELCOME
from awaited import Loop
from fastapi import FastAPI

import weaviate_orm
from weaviate_orm import (
    AsyncSession,
    CollectionNotFoundError,
    InProcess,
    ObjectNotFoundError,
    RequestTimeoutError,
    ServerUnreachableError,
    Session,
    WeaviateError,
)
from weaviate_orm.testing import failing

if TYPE_CHECKING:
    from real_server import RealServer

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@dataclass
class Service:
    """The application, started, and a client for it: each call is a request. Tests are no coroutines, so one loop serves them all."""

    app: FastAPI
    loop: Loop
    client: httpx.AsyncClient
    customers: Iterator[str] = field(default_factory=lambda: (f"customer-{number}" for number in range(1000)))

    def ask(self, method: str, path: str, status: int = 200, **options: Any) -> Any:  # httpx's options; any JSON
        """Send a request; give the answer's JSON, whose status must be this one."""
        answer = self.loop.run(self.client.request(method, path, **options))
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def sign_up(self) -> str:
        """Give the path of a new customer."""
        name = next(self.customers)
        assert self.ask("POST", "/customers", 201, json={"name": name}) == {"name": name}
        return f"/customers/{name}"

    @property
    def session(self) -> AsyncSession:
        session: AsyncSession = self.app.state.session
        return session


@pytest.fixture(scope="module", params=["in process", "server"])
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    """The service with its samples, run through its whole life."""
    app, drop = create_app(InProcess(), samples=True), None
    if request.param == "server":
        server: RealServer = request.getfixturevalue("weaviate_server")
        app = create_app(server.url, grpc_port=server.grpc_port, samples=True)
        drop = server
        _drop(server)
    loop, opened = Loop(), AsyncExitStack()
    try:
        loop.run(opened.enter_async_context(app.router.lifespan_context(app)))
        transport = httpx.ASGITransport(app)
        yield Service(app, loop, httpx.AsyncClient(transport=transport, base_url="http://service.test"))
    finally:
        loop.run(opened.aclose())
        loop.close()
        if drop is not None:
            _drop(drop)


def _drop(server: RealServer) -> None:
    with Session(server.url, grpc_port=server.grpc_port) as session:
        session.schema.drop(Article, Author)


def article(title: str = "A title", **more: object) -> dict[str, object]:
    return {"title": title, "body": f"{title} and no more.", "topic": "science", **more}


def titles(found: list[dict[str, Any]]) -> list[str]:
    return [each["article"]["title"] for each in found]


# --- search --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("batteries that store energy", "A battery of iron and air"),
        ("sleeping sea animals", "How octopuses dream"),
        ("rising cost of food", "The price of bread"),
        ("a concert on the water", "An opera about the tide"),
    ],
)
@pytest.mark.parametrize("by", ["meaning", "both"])
def test_a_question_finds_its_answer(service: Service, question: str, title: str, by: str) -> None:
    found = service.ask("GET", "/customers/acme/articles/search", params={"q": question, "by": by, "limit": 3})
    assert titles(found)[0] == title
    assert len(found) == 3
    ranked, unused = ("distance", "score") if by == "meaning" else ("score", "distance")
    ranks = [each[ranked] for each in found]
    assert ranks == sorted(ranks, reverse=by == "both")
    assert [each[unused] for each in found] == [None] * 3


def test_results_come_with_their_authors(service: Service) -> None:
    found = service.ask("GET", "/customers/acme/articles/search", params={"q": "energy"})
    authors = {each["article"]["title"]: each["article"]["author"] for each in found}
    assert len(authors) == 5
    assert authors["Solar roofs for stations"] is None
    desk = Author(name="The science desk")
    assert authors["A battery of iron and air"] == {"id": str(desk.id), "name": "The science desk"}


def test_customers_find_their_own_articles_only(service: Service) -> None:
    found = service.ask("GET", "/customers/globex/articles/search", params={"q": "a battery of iron and air"})
    assert titles(found) == ["Quarterly figures of the docks"]


def test_similar_articles(service: Service) -> None:
    roofs = uuid5(NAMESPACE_URL, "Solar roofs for stations")
    found = service.ask("GET", f"/customers/acme/articles/{roofs}/similar", params={"limit": 4})
    assert titles(found)[0] == "A battery of iron and air"
    assert len(found) == 4
    assert "Solar roofs for stations" not in titles(found)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"topic": "science"}, {"A battery of iron and air", "How octopuses dream"}),
        ({"tag": "energy"}, {"A battery of iron and air", "Solar roofs for stations"}),
        ({"tag": ["energy", "trains"]}, {"Solar roofs for stations"}),
        ({"since": "2026-03-09T00:00:00Z"}, {"How octopuses dream", "Solar roofs for stations"}),
        ({"author": "The city desk"}, {"The price of bread", "An opera about the tide"}),
        ({"author": "The city desk", "topic": "culture"}, {"An opera about the tide"}),
        ({"author": "The city"}, set()),
    ],
)
def test_filters(service: Service, parameters: Mapping[str, Any], expected: set[str]) -> None:
    listed = service.ask("GET", "/customers/acme/articles", params=parameters)
    assert {each["title"] for each in listed["items"]} == expected
    assert listed["total"] == len(expected)
    found = service.ask("GET", "/customers/acme/articles/search", params={"q": "news", **parameters})
    assert set(titles(found)) == expected


# --- lists ---------------------------------------------------------------------------------------------------------------


def test_pages(service: Service) -> None:
    articles = f"{service.sign_up()}/articles"
    dates = [f"2026-05-{day:02}T00:00:00Z" for day in range(1, 5)]
    many = [article(f"Number {day}", published=date) for day, date in enumerate(dates, start=1)]
    assert service.ask("POST", f"{articles}/batch", json=many) == {"stored": 4, "failed": []}
    seen: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = service.ask("GET", articles, params={"limit": 2, "offset": offset})
        assert page["total"] == 5
        seen += [each["title"] for each in page["items"]]
        offset = page["next_offset"]
    assert seen == ["Number 4", "Number 3", "Number 2", "Number 1", "Welcome"]
    assert set(page["items"][0]) == {"id", "title", "topic", "published"}


def test_a_page_behind_the_last_is_empty(service: Service) -> None:
    page = service.ask("GET", f"{service.sign_up()}/articles", params={"offset": 1})
    assert page == {"items": [], "total": 1, "next_offset": None}


def test_authors_are_listed_by_name(service: Service) -> None:
    authors = f"{service.sign_up()}/authors"
    for name in ("Zoe", "Ada"):
        service.ask("POST", authors, 201, json={"name": name})
    assert [each["name"] for each in service.ask("GET", authors)] == ["Ada", "The editors", "Zoe"]


# --- writes --------------------------------------------------------------------------------------------------------------


def test_an_article_is_stored_read_and_deleted(service: Service) -> None:
    customer = service.sign_up()
    articles = f"{customer}/articles"
    author = service.ask("POST", f"{customer}/authors", 201, json={"name": "Grace"})["id"]
    assert author == str(Author(name="Grace").id)
    given = article("On compilers", tags=["programs"], published="2026-06-01T12:00:00+02:00", author=author)
    created = service.ask("POST", articles, 201, json=given)
    assert {**created, "id": None} == {
        **given,
        "id": None,
        "author": {"id": author, "name": "Grace"},
    }
    assert service.ask("GET", f"{articles}/{created['id']}") == created
    service.ask("DELETE", f"{articles}/{created['id']}", 204)
    for method in ("GET", "DELETE"):
        problem = service.ask(method, f"{articles}/{created['id']}", 404)
        assert problem == {
            "error": "ObjectNotFoundError",
            "detail": f"Nothing is stored with the id {created['id']}.",
        }


def test_many_articles_with_a_report_of_those_that_failed(service: Service) -> None:
    articles = f"{service.sign_up()}/articles"
    nobody = str(uuid4())
    taken = str(uuid4())
    many = [
        article("one", id=taken),
        article("two", id=taken),
        article("three", author=nobody),
        article("four", published="2026-06-01T12:00:00"),
        article("five"),
    ]
    report = service.ask("POST", f"{articles}/batch", json=many)
    assert report["stored"] == 2
    assert [(each["index"], each["error"]) for each in report["failed"]] == [
        (1, "InvalidValueError"),
        (2, "ObjectNotFoundError"),
        (3, "InvalidValueError"),
    ]
    assert report["failed"][0]["id"] == taken
    assert report["failed"][1]["detail"] == "The author given is not stored."
    assert "needs a time zone" in report["failed"][2]["detail"]
    assert {each["title"] for each in service.ask("GET", articles)["items"]} == {"Welcome", "one", "five"}


# --- tenants -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "articles", None),
        ("GET", "articles/search?q=news", None),
        ("GET", f"articles/{WELCOME}", None),
        ("GET", f"articles/{WELCOME}/similar", None),
        ("DELETE", f"articles/{WELCOME}", None),
        ("POST", "articles", article()),
        ("POST", "articles/batch", [article()]),
        ("GET", "authors", None),
        ("POST", "authors", {"name": "Ada"}),
    ],
)
class TestCustomers:
    def test_unknown(self, service: Service, method: str, path: str, body: object) -> None:
        problem = service.ask(method, f"/customers/nobody/{path}", 404, json=body)
        assert problem == {
            "error": "TenantError",
            "detail": "There is no such customer; POST /customers makes one.",
        }

    def test_impossible(self, service: Service, method: str, path: str, body: object) -> None:
        problem = service.ask(method, f"/customers/no body/{path}", 422, json=body)
        assert problem["error"] == "InvalidValueError"
        assert "'no body'" in problem["detail"]


def test_a_customer_signs_up_once_and_with_a_name_that_can_be(service: Service) -> None:
    name = service.sign_up().removeprefix("/customers/")
    problem = service.ask("POST", "/customers", 409, json={"name": name})
    assert problem == {"error": "ObjectExistsError", "detail": f"The id {WELCOME} is taken."}
    assert service.ask("POST", "/customers", 422, json={"name": "a b"})["error"] == "InvalidValueError"
    service.sign_up()  # the same id again, in another tenant


# --- what is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "error", "detail"),
    [
        (article(topic="sports"), "RequestValidationError", "body.topic: Input should be 'business', "),
        ({"title": "No body", "topic": "science"}, "RequestValidationError", "body.body: Field required"),
        (article(titel="x"), "RequestValidationError", "body.titel: Extra inputs are not permitted"),
        (article(embedding=[1.0, "x"]), "RequestValidationError", "body.embedding: "),
        (article(published="2026-06-01T12:00:00"), "InvalidValueError", "Article.published cannot be stored: a dat"),
        (article(embedding=[1.0, 2.0]), "VectorDimensionError", "The embedding has another length than those stored."),
        (article(author=str(UUID(int=9))), "ObjectNotFoundError", "The author given is not stored."),
    ],
)
def test_an_article_that_cannot_be(service: Service, body: object, error: str, detail: str) -> None:
    problem = service.ask("POST", "/customers/acme/articles", 422, json=body)
    assert problem["error"] == error
    assert problem["detail"].startswith(detail)
    assert service.ask("GET", "/customers/acme/articles")["total"] == 5


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("", "RequestValidationError"),
        ("q=", "RequestValidationError"),
        ("q=news&topik=science", "RequestValidationError"),
        ("q=news&limit=0", "RequestValidationError"),
        ("q=news&since=2026-03-09T00:00:00", "RequestValidationError"),
        ("q=%20", "InvalidQueryError"),
    ],
)
def test_a_search_that_cannot_be(service: Service, query: str, error: str) -> None:
    problem = service.ask("GET", f"/customers/acme/articles/search?{query}", 422)
    assert problem["error"] == error
    assert problem["detail"]


def test_a_page_too_far_away(service: Service) -> None:
    problem = service.ask("GET", "/customers/acme/articles?offset=10000", 422)
    assert problem["error"] == "InvalidQueryError"
    assert "10,000" in problem["detail"]


def test_what_is_not_there(service: Service) -> None:
    assert service.ask("GET", f"/customers/acme/articles/{uuid4()}/similar", 404)["error"] == "ObjectNotFoundError"
    assert (
        service.ask("POST", "/customers/acme/authors", 409, json={"name": "The city desk"})["error"]
        == "ObjectExistsError"
    )


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ServerUnreachableError("No connection to REST at 10.0.0.7:8080."), 503),
        (RequestTimeoutError("No reply within 30 s from 10.0.0.7."), 504),
        (CollectionNotFoundError("There is no collection 10.0.0.7."), 500),
    ],
)
def test_trouble_with_the_database_is_logged_and_not_told(
    service: Service, caplog: pytest.LogCaptureFixture, error: WeaviateError, status: int
) -> None:
    with caplog.at_level(logging.ERROR, "api.problems"), failing(service.session, error, operation="Search"):
        problem = service.ask("GET", "/customers/acme/articles/search?q=news", status)
    assert problem["error"] == type(error).__name__
    assert "10.0.0.7" not in problem["detail"]
    assert [each.exc_info[1] for each in caplog.records if each.exc_info] == [error]
    assert len(service.ask("GET", "/customers/acme/articles/search?q=news")) == 5


def test_the_service_goes_on_while_others_ask(service: Service) -> None:
    async def ask_all() -> list[httpx.Response]:
        path = "/customers/{}/articles/search"
        asked = (
            service.client.get(path.format(each), params={"q": "sea"}) for each in ["acme", "globex", "nobody"] * 5
        )
        return await asyncio.gather(*asked)

    assert [each.status_code for each in service.loop.run(ask_all())] == [200, 200, 404] * 5


# --- the table of errors -------------------------------------------------------------------------------------------------


def test_every_error_of_the_library_has_an_answer() -> None:
    classes = [
        each
        for each in vars(weaviate_orm).values()
        if isinstance(each, type) and issubclass(each, WeaviateError) and each.__init__ is WeaviateError.__init__
    ]
    assert len(classes) > 20
    for each in classes:
        status, problem = answer_to(each("A text."))
        assert (400 <= status < 500) == (each in ANSWERS and ANSWERS[each].status < 500), each
        assert problem.error == each.__name__
        assert problem.detail


def test_a_reference_to_nothing_is_the_requests_fault() -> None:
    nobody = UUID(int=7)
    assert answer_to(ObjectNotFoundError("", object_id=nobody))[0] == 404
    assert answer_to(ObjectNotFoundError("", object_id=nobody, field="author"))[0] == 422


# --- the page and the program --------------------------------------------------------------------------------------------


def test_the_openapi_page_shows_the_models(service: Service) -> None:
    assert service.loop.run(service.client.get("/docs")).status_code == 200
    described = service.ask("GET", "/openapi.json")
    schemas = described["components"]["schemas"]
    given = schemas["Article"]
    assert given["description"].startswith("An article of one customer.")
    assert given["required"] == ["title", "body", "topic"]
    assert given["properties"]["topic"]["enum"] == ["business", "culture", "science"]
    assert {"type": "string", "format": "uuid"} in given["properties"]["author"]["anyOf"]
    assert {"$ref": "#/components/schemas/Author"} in schemas["ArticleRead"]["properties"]["author"]["anyOf"]
    assert "embedding" not in schemas["ArticleRead"]["properties"]
    search = described["paths"]["/customers/{customer}/articles/search"]["get"]
    assert {each["name"] for each in search["parameters"]} == {
        *("customer", "topic", "tag", "since", "author", "q", "by", "limit"),
    }
    for status in ("404", "422", "503"):
        shape = search["responses"][status]["content"]["application/json"]["schema"]
        assert shape == {"$ref": "#/components/schemas/Problem"}


def test_health(service: Service) -> None:
    about = service.ask("GET", "/health")
    assert about == {"ready": True, "version": service.loop.run(service.session.server.meta()).version}


def test_the_program_keeps_its_data_in_a_file(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WEAVIATE_")}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "api", "--port", str(port), "--database", str(tmp_path / "news.db")]
    for options, status in (([], 201), (["--no-samples"], 409)):
        program = subprocess.Popen(
            [*command, *options], cwd=EXAMPLES, env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
                _wait(client, program)
                assert client.post("/customers", json={"name": "initech"}).status_code == status
                assert client.get("/customers/acme/articles").json()["total"] == 5
        finally:
            program.terminate()
            printed, _ = program.communicate(timeout=30)
        assert f"http://127.0.0.1:{port}/docs" in printed


def _wait(client: httpx.Client, program: subprocess.Popen[str]) -> None:
    for _ in range(600):
        assert program.poll() is None, "the program ended by itself"
        try:
            assert client.get("/health").status_code == 200
        except httpx.ConnectError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the program did not answer in 30 seconds")
