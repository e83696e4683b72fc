"""The terminals of a query: what they ask for, and what they refuse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from scripted_calls import ONCE, Answer, ScriptedTransport, run
from zoo import Book, Loan

from weaviate_orm import InvalidQueryError, MultipleResultsError, NoResultError, ServerUnavailableError
from weaviate_orm.flows.results import count_matches, fetch, fetch_first, fetch_one
from weaviate_orm.flows.retry import Retry
from weaviate_orm.model.info import model_info
from weaviate_orm.query.search import Bm25
from weaviate_orm.query.statement import MOST_RESULTS, Scope, Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.filters import compile_filter

BOOKS = Statement(model_info(Book))
SEARCHED = replace(BOOKS, search=Bm25("x", ()))
NAMED = replace(BOOKS, condition=(Book.title == "t").node)
LOANS = Statement(model_info(Loan))
LENT = replace(LOANS, condition=(Loan.title == "t").node)


def library(number: int) -> ScriptedTransport:
    """A collection of so many books."""

    def script(call: Any) -> Answer:
        if call.rpc.name == "Aggregate":
            return pb.AggregateReply(single_result=pb.AggregateReply.Single(objects_count=number))
        limit = call.request.limit or 10
        reply = pb.SearchReply()
        for position in range(call.request.offset, min(number, call.request.offset + limit)):
            added = reply.results.add()
            added.metadata.id_as_bytes = UUID(int=position).bytes
            added.properties.non_ref_props.fields["title"].text_value = "t"
        return reply

    return ScriptedTransport(script)


def test_all_hits_come_in_one_call() -> None:
    transport = library(3)
    hits = run(fetch(LOANS, Scope("acme"), ONCE), transport)
    assert [hit.id.int for hit in hits] == [0, 1, 2]
    assert transport.names == ["Search"]
    assert transport.requests("Search")[0].tenant == "acme"


@pytest.mark.parametrize("offset", [None, 0, 100])
def test_exactly_as_many_as_the_server_gives_are_all(offset: int | None) -> None:
    transport = library(MOST_RESULTS)
    assert len(run(fetch(replace(BOOKS, offset=offset), Scope(), ONCE), transport)) == MOST_RESULTS - (offset or 0)
    assert transport.names == ["Search", "Aggregate"]


@pytest.mark.parametrize("offset", [None, 100])
def test_more_than_the_server_gives_is_refused_and_not_cut(offset: int | None) -> None:
    transport = library(MOST_RESULTS + 1)
    with pytest.raises(InvalidQueryError, match=r"has 10,001 results; the server gives at most 10,000.*limit\(\)"):
        run(fetch(replace(LENT, offset=offset), Scope("acme"), ONCE), transport)
    (counted,) = transport.requests("Aggregate")
    assert counted.filters == compile_filter((Loan.title == "t").node)
    assert counted.tenant == "acme"


@pytest.mark.parametrize("statement", [replace(BOOKS, limit=MOST_RESULTS), SEARCHED])
def test_who_asked_for_a_part_or_the_best_is_not_refused(statement: Statement) -> None:
    transport = library(MOST_RESULTS + 1)
    run(fetch(statement, Scope(), ONCE), transport)
    assert transport.names == ["Search"]


def test_first_asks_for_one() -> None:
    transport = library(5)
    hit = run(fetch_first(replace(BOOKS, limit=100, offset=2), Scope(), ONCE), transport)
    assert hit is not None
    assert hit.id.int == 2
    assert [(each.limit, each.offset) for each in transport.requests("Search")] == [(1, 2)]
    assert run(fetch_first(BOOKS, Scope(), ONCE), library(0)) is None


def test_one_asks_for_two_to_know_that_there_is_one() -> None:
    transport = library(1)
    assert run(fetch_one(replace(BOOKS, limit=100), Scope(), ONCE), transport).id.int == 0
    assert [each.limit for each in transport.requests("Search")] == [2]
    with pytest.raises(NoResultError, match=r"^Book has no result") as none:
        run(fetch_one(BOOKS, Scope(), ONCE), library(0))
    assert none.value.collection == "ZooBook"
    with pytest.raises(MultipleResultsError, match=r"Book\.where\(.*\) has more than one result; first\(\)"):
        run(fetch_one(NAMED, Scope(), ONCE), library(2))


def test_one_of_a_query_limited_to_one_is_that_one() -> None:
    assert run(fetch_one(replace(BOOKS, limit=1), Scope(), ONCE), library(2)).id.int == 0


def test_count_counts_by_conditions_whatever_limit_and_offset_say() -> None:
    transport = library(7)
    assert run(count_matches(replace(LENT, limit=2, offset=5), Scope("acme"), ONCE), transport) == 7
    assert transport.requests("Aggregate") == [
        pb.AggregateRequest(
            collection="ZooLoan", tenant="acme", objects_count=True, filters=compile_filter((Loan.title == "t").node)
        )
    ]
    assert run(count_matches(BOOKS, Scope(), ONCE), transport) == 7
    assert not transport.requests("Aggregate")[1].HasField("filters")


def test_count_of_a_search_is_refused() -> None:
    transport = library(7)
    with pytest.raises(InvalidQueryError, match=r"count\(\) counts by conditions; Book\.bm25\('x'\) has a search"):
        run(count_matches(SEARCHED, Scope(), ONCE), transport)
    assert transport.calls == []


@pytest.mark.parametrize("terminal", [fetch, fetch_first, fetch_one, count_matches])
def test_every_terminal_tries_again_when_the_server_is_away(terminal: Any) -> None:
    answering = library(1).script
    errors = iter([ServerUnavailableError("busy"), ServerUnavailableError("busy")])

    def script(call: Any) -> Answer:
        return next(errors, None) or answering(call)

    transport = ScriptedTransport(script)
    run(terminal(BOOKS, Scope(), Retry(attempts=3, first_delay=0.0)), transport)
    assert len(transport.calls) == 3


def test_one_looks_no_farther_than_the_server_gives() -> None:
    transport = library(0)
    with pytest.raises(NoResultError):
        run(fetch_one(replace(BOOKS, offset=MOST_RESULTS - 1), Scope(), ONCE), transport)
    assert transport.requests("Search")[0].limit == 1


@pytest.mark.parametrize("flow", [fetch, fetch_first, fetch_one])
def test_an_offset_that_leaves_nothing_is_refused(flow: Any) -> None:
    transport = library(20_000)
    with pytest.raises(InvalidQueryError, match=r"offset\(10000\) leaves nothing to give"):
        run(flow(replace(BOOKS, offset=MOST_RESULTS), Scope(), ONCE), transport)
    assert transport.calls == []
