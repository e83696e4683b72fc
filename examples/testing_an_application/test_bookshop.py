"""The bookshop's tests. They run on the engine in memory, and with ``pytest --weaviate-url http://localhost:8080`` on a server."""

from __future__ import annotations

import httpx
import pytest
from bookshop import Book, Shelf, search_page, similar_page

from weaviate_orm import RequestTimeoutError, Session
from weaviate_orm.testing import ServerAddress, failing, recording


def test_the_best_answer_comes_first(shop: Session) -> None:
    page = search_page(shop, "notes about engines")
    assert page == Shelf(
        "2 books for 'notes about engines'", ["Notes on engines, Ada Lovelace", "Analytical engines, Ada Lovelace"]
    )


@pytest.mark.parametrize(
    ("at_most", "titles"), [(20, ["Analytical engines, Ada Lovelace"]), (19.99, []), (100, ["Compilers for everybody"])]
)
def test_a_price_limits_the_search(shop: Session, at_most: float, titles: list[str]) -> None:
    words = "compilers" if at_most == 100 else "engines"
    assert [line.removesuffix(", Grace Hopper") for line in search_page(shop, words, at_most=at_most).lines] == titles


def test_readers_also_like(shop: Session, books: dict[str, Book]) -> None:
    page = similar_page(shop, books["Analytical engines"])
    assert page.lines == ["Notes on engines", "Compilers for everybody"]


def test_every_test_has_its_own_books(shop: Session, books: dict[str, Book]) -> None:
    assert shop.delete(books["Analytical engines"])
    assert shop.count(Book) == 2


def test_a_page_is_one_search(shop: Session) -> None:
    with recording(shop) as calls:
        search_page(shop, "engines", at_most=30)
    assert calls.operations == ["Search"], calls


def test_the_page_of_a_search_that_takes_too_long(shop: Session) -> None:
    with failing(shop, RequestTimeoutError("No reply within 30 s."), operation="Search"):
        assert search_page(shop, "engines").lines == []
    assert search_page(shop, "engines").lines != []


def test_what_brings_its_own_client(weaviate_server: ServerAddress) -> None:
    answer = httpx.get(f"{weaviate_server.url}/v1/.well-known/ready", trust_env=False)
    assert answer.status_code == 200
