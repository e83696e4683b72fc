"""Objects one at a time and by id: which calls, and what becomes of their replies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from scripted_calls import ONCE, Answer, ScriptedTransport, run, stored_schema
from zoo import Book, Everything, Loan

from weaviate_orm import CollectionNotFoundError, InvalidValueError, ObjectExistsError
from weaviate_orm.flows.objects import fetch_by_id, insert_object
from weaviate_orm.model.info import model_info
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import RestCall, RestReply


def library(there: set[int]) -> ScriptedTransport:
    """A collection of books with these ids, which answers in the opposite order of asking."""

    def script(call: Any) -> Answer:
        filters = call.request.filters
        asked = [filters.value_text] if filters.value_text else list(filters.value_text_array.values)
        assert filters.target.property == "_id"
        assert call.request.limit == len(asked)
        reply = pb.SearchReply()
        for each in reversed(asked):
            object_id = UUID(each)
            if object_id.int in there:
                added = reply.results.add()
                added.metadata.id_as_bytes = object_id.bytes
                added.properties.non_ref_props.fields["title"].text_value = f"title {object_id.int}"
        return reply

    return ScriptedTransport(script)


def fetched(transport: ScriptedTransport, ids: list[UUID]) -> dict[UUID, Any]:
    return run(fetch_by_id(Statement(model_info(Book)), ids, Scope(), ONCE), transport)


@pytest.mark.parametrize(
    ("number", "parts"), [(0, []), (1, [1]), (2, [2]), (1000, [1000]), (1001, [1000, 1]), (2500, [1000, 1000, 500])]
)
def test_ids_are_asked_for_a_thousand_at_a_time(number: int, parts: list[int]) -> None:
    transport = library(set(range(number)))
    ids = [UUID(int=each) for each in range(number)]
    found = fetched(transport, ids)
    assert {each: book.title for each, book in found.items()} == {each: f"title {each.int}" for each in ids}
    assert [each.limit for each in transport.requests("Search")] == parts


def test_one_id_is_an_equality_and_several_are_a_list() -> None:
    transport = library(set())
    fetched(transport, [UUID(int=1)])
    fetched(transport, [UUID(int=1), UUID(int=2)])
    one, two = transport.requests("Search")
    assert one.filters.operator == pb.Filters.OPERATOR_EQUAL
    assert two.filters.operator == pb.Filters.OPERATOR_CONTAINS_ANY


def test_ids_that_no_object_has_are_left_out() -> None:
    assert fetched(library({2}), [UUID(int=1), UUID(int=2)]).keys() == {UUID(int=2)}


def test_the_scope_is_in_every_call() -> None:
    transport = library(set())
    ids = [UUID(int=each) for each in range(1001)]
    run(fetch_by_id(Statement(model_info(Loan)), ids, Scope("acme", "ALL"), ONCE), transport)
    assert {(each.tenant, each.consistency_level) for each in transport.requests("Search")} == {
        ("acme", pb.ConsistencyLevel.CONSISTENCY_LEVEL_ALL)
    }


def test_insert_looks_at_the_collection_first() -> None:
    transport = ScriptedTransport(stored_schema(Book))
    verified: set[type] = set()
    for number in (1, 2):
        book = Book(id=UUID(int=number), title="t")
        assert run(insert_object(book, Scope(), verified, ONCE), transport) == book.id
    assert transport.names == ["GET /schema/ZooBook", "POST /objects", "POST /objects"]


def test_a_value_that_cannot_be_stored_is_refused_before_anything_is_sent() -> None:
    transport = ScriptedTransport(stored_schema(Everything))
    with pytest.raises(InvalidValueError, match=r"Everything\.number"):
        run(insert_object(Everything(number=float("inf")), Scope(), set(), ONCE), transport)
    assert transport.calls == []


def test_without_a_collection_nothing_is_written() -> None:
    transport = ScriptedTransport(stored_schema())
    with pytest.raises(CollectionNotFoundError):
        run(insert_object(Book(title="t"), Scope(), set(), ONCE), transport)
    assert transport.names == ["GET /schema/ZooBook"]


def test_an_id_that_is_taken_is_an_error_of_its_own() -> None:
    schema = stored_schema(Book)

    def script(call: Any) -> Answer:
        assert isinstance(call, RestCall)
        if call.method == "POST":
            message = "id '00000000-0000-0000-0000-000000000001' already exists"
            return RestReply(422, {"error": [{"message": message}]})
        return schema(call)

    with pytest.raises(ObjectExistsError) as caught:
        run(insert_object(Book(id=UUID(int=1), title="t"), Scope(), set(), ONCE), ScriptedTransport(script))
    assert caught.value.collection == "ZooBook"


@pytest.mark.parametrize("bad", [str(UUID(int=1)), None], ids=repr)
def test_an_id_that_is_no_uuid_is_refused(bad: Any) -> None:
    # Its text would find the object, under an id that is not equal to it.
    transport = library({1})
    with pytest.raises(InvalidValueError, match=r"takes the id as a UUID, got .* UUID\(\.\.\.\)"):
        fetched(transport, [UUID(int=1), bad])
    assert transport.calls == []


def test_an_object_whose_id_is_no_uuid_is_not_sent() -> None:
    transport = ScriptedTransport(stored_schema(Book))
    with pytest.raises(InvalidValueError, match=r"insert\(\) takes the id as a UUID, got 'x'"):
        run(insert_object(Book.model_construct(id="x", title="a"), Scope(), set(), ONCE), transport)
    assert transport.calls == []
