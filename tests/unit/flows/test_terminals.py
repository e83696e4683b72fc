"""exists() and profile() as flows, and first() and one() of queries whose page is made as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from scripted_calls import ONCE, Answer, ScriptedTransport, run
from zoo import Book

from weaviate_orm import InvalidQueryError
from weaviate_orm.flows.results import any_match, fetch, fetch_first, fetch_one, fetch_profile
from weaviate_orm.model.info import model_info
from weaviate_orm.query.ranking import Rerank
from weaviate_orm.query.search import Bm25
from weaviate_orm.query.statement import MOST_RESULTS, Scope, Statement
from weaviate_orm.wire import _pb as pb

INFO = model_info(Book)
BOOKS = Statement(INFO)
RANKED = replace(BOOKS, search=Bm25("x", ()), limit=20, rerank=Rerank(INFO.properties["title"], None))


def library(number: int) -> ScriptedTransport:
    def script(call: Any) -> Answer:
        reply = pb.SearchReply()
        for position in range(min(number, call.request.limit or 10)):
            added = reply.results.add()
            added.metadata.id_as_bytes = UUID(int=position).bytes
            added.properties.non_ref_props.fields["title"].text_value = "t"
        if call.request.metadata.query_profile:
            reply.query_profile.shards.add(name="book", node="node1")
        return reply

    return ScriptedTransport(script)


@pytest.mark.parametrize(("number", "found"), [(0, False), (1, True), (5, True)])
def test_exists(number: int, found: bool) -> None:
    transport = library(number)
    assert run(any_match(BOOKS, Scope(), ONCE), transport) is found
    assert [each.limit for each in transport.requests("Search")] == [1]


def test_profile() -> None:
    transport = library(3)
    profile = run(fetch_profile(BOOKS, Scope(), ONCE), transport)
    assert [each.id.int for each in profile.hits] == [0, 1, 2]
    assert [each.name for each in profile.shards] == ["book"]
    assert transport.names == ["Search"]


def test_a_reranked_page_is_fetched_whole_for_its_first_result() -> None:
    transport = library(1)
    run(fetch_first(RANKED, Scope(), ONCE), transport)
    run(fetch_one(RANKED, Scope(), ONCE), transport)
    assert [each.limit for each in transport.requests("Search")] == [20, 20]


def test_behind_a_cursor_what_is_full_may_not_be_all() -> None:
    behind = replace(BOOKS, after=UUID(int=3))
    assert len(run(fetch(behind, Scope(), ONCE), library(MOST_RESULTS - 1))) == MOST_RESULTS - 1
    transport = library(MOST_RESULTS)
    with pytest.raises(InvalidQueryError, match=r"gives 10,000 results.*pages with limit\(\), or.*stream\(\)"):
        run(fetch(behind, Scope(), ONCE), transport)
    assert len(run(fetch(replace(behind, limit=MOST_RESULTS), Scope(), ONCE), transport)) == MOST_RESULTS
