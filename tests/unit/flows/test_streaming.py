"""Streams: what each page asks for, where a stream ends, and what does not go with one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from scripted_calls import ONCE, Answer, ScriptedTransport
from zoo import Article, Book, Loan, unique_name

from weaviate_orm import (
    InvalidQueryError,
    InvalidValueError,
    MultiTenancy,
    ObjectTimeToLive,
    Property,
    ProtocolError,
    Query,
    ServerUnavailableError,
    TenantError,
    WeaviateModel,
)
from weaviate_orm.flows.retry import Retry
from weaviate_orm.model.info import model_info
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.runner import Runner
from weaviate_orm.wire import _pb as pb


def shelf(ids: list[int], expired: frozenset[int] = frozenset()) -> ScriptedTransport:
    """A collection of objects with these ids, of which the expired ones are counted but left out of results."""

    def behind(request: Any) -> list[int]:
        after = UUID(request.after).int if request.after else 0
        for leaf in [request.filters, *request.filters.filters]:
            if leaf.target.property == "_id":
                assert leaf.operator == pb.Filters.OPERATOR_GREATER_THAN
                after = UUID(leaf.value_text).int
        return [each for each in sorted(ids) if each > after]

    def script(call: Any) -> Answer:
        if call.rpc.name == "Aggregate":
            number = len(behind(call.request.filters and _Fake(call.request.filters)))
            return pb.AggregateReply(single_result=pb.AggregateReply.Single(objects_count=number))
        reply = pb.SearchReply()
        for number in behind(call.request)[: call.request.limit]:
            if number not in expired:
                added = reply.results.add()
                added.metadata.id = str(UUID(int=number))
                added.properties.non_ref_props.fields["title"].text_value = f"t{number}"
        return reply

    return ScriptedTransport(script)


class _Fake:
    """The filters of an aggregation, seen as a search's."""

    after = ""

    def __init__(self, filters: pb.Filters) -> None:
        self.filters = filters


def query(transport: ScriptedTransport, model: type[WeaviateModel] = Book, retry: Retry = ONCE) -> Query[Any]:
    return Query(Statement(model_info(model)), Runner(transport, retry, Scope()))


def numbers(stream: Any) -> list[int]:
    return [hit.id.int for hit in stream]


def test_without_conditions_pages_are_the_cursors() -> None:
    transport = shelf([1, 2, 3, 4, 5])
    assert numbers(query(transport).stream(page_size=2)) == [1, 2, 3, 4, 5]
    requests = transport.requests("Search")
    assert [each.after for each in requests] == ["", *(str(UUID(int=number)) for number in (2, 4, 5))]
    assert {each.limit for each in requests} == {2}
    assert not any(each.HasField("filters") or each.sort_by or each.offset for each in requests)


def test_with_conditions_pages_are_sorted_by_id_behind_the_last_one() -> None:
    transport = shelf([1, 2, 3])
    assert numbers(query(transport).where(Book.title == "t").stream(page_size=2)) == [1, 2, 3]
    first, second, third = transport.requests("Search")
    for each in (first, second, third):
        assert each.after == ""
        assert [(key.path[:], key.ascending) for key in each.sort_by] == [(["_id"], True)]
    assert first.filters.target.property == "title"
    assert second.filters.operator == pb.Filters.OPERATOR_AND
    assert [each.target.property for each in second.filters.filters] == ["title", "_id"]
    assert third.filters.filters[1].value_text == str(UUID(int=3))


def test_nothing_is_asked_before_it_is_wanted_nor_after_the_loop_was_left() -> None:
    transport = shelf([1, 2, 3, 4])
    stream = query(transport).stream(page_size=2)
    pages = stream.pages()
    assert transport.names == []
    assert [hit.id.int for hit in next(pages)] == [1, 2]
    assert transport.names == ["Search"]
    for hit in stream:  # a stream begins anew each time
        assert hit.id.int == 1
        break
    assert transport.names == ["Search"] * 2


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1]), (3, [2, 1]), (4, [2, 2]), (9, [2, 2, 2, 2])])
def test_no_more_is_asked_for_than_the_limit(limit: int, sizes: list[int]) -> None:
    transport = shelf([1, 2, 3, 4, 5])
    assert numbers(query(transport).limit(limit).stream(page_size=2)) == [1, 2, 3, 4, 5][:limit]
    assert [each.limit for each in transport.requests("Search")] == sizes


def test_what_is_kept_counts_against_the_limit() -> None:
    transport = shelf(list(range(1, 20)))
    stream = query(transport).limit(3).stream(page_size=4, keep=lambda book: int(book.title[1:]) % 5 == 0)
    pages = list(stream.pages())
    assert [[hit.id.int for hit in page] for page in pages] == [[5], [10], [15]]
    assert [page.last_id and page.last_id.int for page in pages] == [8, 12, 15]
    assert {each.limit for each in transport.requests("Search")} == {4}


def test_a_page_that_cannot_be_had_is_tried_again() -> None:
    inner = shelf([1, 2, 3])
    failures = [ServerUnavailableError("away")]
    transport = ScriptedTransport(
        lambda call: failures.pop() if failures and call.request.after else inner.script(call)
    )
    retry = Retry(attempts=2, first_delay=0, max_delay=0)
    assert numbers(query(transport, retry=retry).stream(page_size=2)) == [1, 2, 3]
    assert len(transport.calls) == 4


def test_an_answer_that_does_not_move_on_is_an_error() -> None:
    """And no endless loop."""
    reply = shelf([1, 2]).script
    transport = ScriptedTransport(lambda call: pb.SearchReply.FromString(_first(reply)))
    with pytest.raises(ProtocolError, match="would never end"):
        list(query(transport).stream(page_size=2))


def _first(script: Callable[[Any], Answer]) -> bytes:
    transport = ScriptedTransport(script)
    query(transport).limit(2).all()
    answer = script(transport.calls[0])
    assert isinstance(answer, pb.SearchReply)
    return answer.SerializeToString()


class Fleeting(
    WeaviateModel, collection=unique_name("Fleeting"), object_ttl=ObjectTimeToLive(seconds=60, filter_expired=True)
):
    title: Property[str]


def test_expired_objects_do_not_end_a_stream() -> None:
    ids = list(range(1, 41))
    transport = shelf(ids, expired=frozenset(range(3, 30)))
    pages = [[hit.id.int for hit in page] for page in query(transport, Fleeting).stream(page_size=2).pages()]
    assert pages == [[1, 2], [30, 31], [32, 33], [34, 35], [36, 37], [38, 39], [40]]
    # Short pages go on, empty ones reach further: 2, 8, 32.
    assert [each.limit for each in transport.requests("Search")][:5] == [2, 2, 8, 32, 2]
    limited = query(shelf(ids, expired=frozenset(range(3, 30))), Fleeting).limit(4).stream(page_size=2)
    assert numbers(limited) == [1, 2, 30, 31]


def test_more_expired_objects_than_can_be_skipped() -> None:
    transport = shelf([1, 2], expired=frozenset({1, 2}))
    with pytest.raises(InvalidQueryError, match="have expired and are not deleted yet"):
        list(query(transport, Fleeting).stream(page_size=10_000))


def test_count() -> None:
    transport = shelf([1, 2, 3, 4])
    assert query(transport).stream().count() == 4
    assert query(transport).stream(after=UUID(int=1)).count() == 3
    assert query(transport).limit(2).stream().count() == 2
    assert transport.names == ["Aggregate"] * 3
    with pytest.raises(InvalidQueryError, match="when they have been read"):
        query(transport).stream(keep=lambda book: True).count()


BOOKS = query(shelf([]))
REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "search": (lambda: BOOKS.bm25("x"), "a search ranks objects"),
    "order": (lambda: BOOKS.order_by(Book.title), r"order_by\(\) asks for an order"),
    "offset": (lambda: BOOKS.offset(3), r"offset\(\) counts objects.*stream\(after="),
    "rerank": (lambda: query(shelf([]), Article).rerank(Article.title, query="x"), r"rerank\(\) orders results anew"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_go_with_a_stream(name: str) -> None:
    make, reason = REFUSED[name]
    with pytest.raises(InvalidQueryError, match=reason):
        make().stream()


@pytest.mark.parametrize("size", [0, -1, 10_001, True, 2.5, "10", None])
def test_page_sizes(size: Any) -> None:
    with pytest.raises(InvalidQueryError, match="page_size from 1 to 10,000"):
        BOOKS.stream(page_size=size)


def test_where_to_begin_and_what_to_keep() -> None:
    with pytest.raises(InvalidValueError, match=r"stream\(after=...\) takes the id as a UUID"):
        BOOKS.stream(after="x")  # type: ignore[arg-type]  # no UUID
    with pytest.raises(InvalidQueryError, match=r"stream\(keep=...\) takes a function"):
        BOOKS.stream(keep=Book.title == "x")  # type: ignore[arg-type]  # a condition
    transport = shelf([1, 2, 3])
    behind = query(transport).after(UUID(int=1))
    assert numbers(behind.stream()) == [2, 3]
    with pytest.raises(InvalidQueryError, match="behind an id already"):
        behind.stream(after=UUID(int=2))


def test_tenants_are_checked() -> None:
    with pytest.raises(TenantError):
        list(query(shelf([]), Loan).stream())
    assert isinstance(model_info(Loan).options.multi_tenancy, MultiTenancy)


def test_repr() -> None:
    stream = BOOKS.where(Book.title == "x").limit(5).stream(page_size=2, after=UUID(int=1))
    assert repr(stream) == (f"<Stream Book.where(Book.title == 'x').limit(5).stream(page_size=2, after={UUID(int=1)})>")
    assert inspect.isgenerator(stream.pages())
