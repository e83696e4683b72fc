"""Deleting by conditions: call by call, with failures, and with errors on the way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from scripted_calls import ONCE, Answer, ScriptedTransport, run
from zoo import Book, Loan

from weaviate_orm import (
    Boost,
    DeletedObject,
    DeleteReport,
    InvalidQueryError,
    PermissionDeniedError,
    Property,
    RequestTimeoutError,
    ServerUnavailableError,
    ServerUnreachableError,
    TenantError,
    Vector,
    WeaviateModel,
    prop,
    vector,
)
from weaviate_orm.flows.connect import CONNECT
from weaviate_orm.flows.deleting import delete_matches
from weaviate_orm.flows.retry import Retry
from weaviate_orm.model.info import model_info
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.filters import compile_filter

MOST = 10_000


class Thing(WeaviateModel):
    title: Property[str]
    size: Property[int] = prop(default=0)
    embedding: Vector = vector()


NAMED = replace(Statement(model_info(Book)), condition=(Book.title == "t").node)
LENT = replace(Statement(model_info(Loan)), condition=(Loan.title == "t").node)


class Shelf:
    """A collection of so many objects, some of which cannot be deleted, that deletes a share of them in each call."""

    def __init__(self, objects: int, stuck: int = 0, error: dict[int, Exception] | None = None) -> None:
        self.loose = objects - stuck
        self.stuck = stuck
        self.errors = error or {}
        self.transport = ScriptedTransport(self.answer)

    def answer(self, call: Any) -> Answer:
        if error := self.errors.get(len(self.transport.calls)):
            return error
        request: pb.BatchDeleteRequest = call.request
        matches = self.loose + self.stuck
        failed = min(self.stuck, MOST)
        successful = min(self.loose, MOST - failed)
        reply = pb.BatchDeleteReply(matches=matches, failed=failed, successful=successful)
        if request.verbose:
            for number in range(failed):
                reply.objects.add(uuid=UUID(int=number).bytes, successful=False, error="read-only")
            for number in range(successful):
                reply.objects.add(uuid=UUID(int=MOST + number).bytes, successful=True, error="")
        if request.dry_run:
            return reply
        self.loose -= successful
        return reply

    def delete(self, statement: Statement = NAMED, *, dry_run: bool = False, verbose: bool = False) -> DeleteReport:
        return run(delete_matches(statement, Scope(), ONCE, dry_run=dry_run, verbose=verbose), self.transport)

    @property
    def calls(self) -> int:
        return len(self.transport.calls)


def test_one_call() -> None:
    shelf = Shelf(3)
    assert shelf.delete() == DeleteReport(3, 3, 0)
    assert shelf.transport.requests("BatchDelete") == [
        pb.BatchDeleteRequest(collection="ZooBook", filters=compile_filter((Book.title == "t").node))
    ]


def test_tenant_and_consistency() -> None:
    shelf = Shelf(1)
    flow = delete_matches(LENT, Scope("acme", "ALL"), ONCE, dry_run=False, verbose=False)
    run(flow, shelf.transport)
    (request,) = shelf.transport.requests("BatchDelete")
    assert request.tenant == "acme"
    assert request.consistency_level == pb.ConsistencyLevel.CONSISTENCY_LEVEL_ALL
    with pytest.raises(TenantError):
        shelf.delete(LENT)


def test_nothing_to_delete() -> None:
    shelf = Shelf(0)
    assert shelf.delete() == DeleteReport()
    assert shelf.calls == 1


@pytest.mark.parametrize(("objects", "calls"), [(MOST, 1), (MOST + 1, 2), (3 * MOST, 3), (3 * MOST + 5, 4)])
def test_what_one_call_deletes_has_an_end(objects: int, calls: int) -> None:
    shelf = Shelf(objects)
    assert shelf.delete() == DeleteReport(objects, objects, 0)
    assert (shelf.loose, shelf.calls) == (0, calls)


def test_verbose_names_every_object() -> None:
    report = Shelf(2).delete(verbose=True)
    assert report.objects == (
        DeletedObject(UUID(int=MOST), True, None),
        DeletedObject(UUID(int=MOST + 1), True, None),
    )


class TestFailures:
    def test_they_are_tried_once_more_and_then_named(self) -> None:
        shelf = Shelf(5, stuck=2)
        report = shelf.delete()
        assert (report.matches, report.successful, report.failed) == (5, 3, 2)
        assert report.objects == (
            DeletedObject(UUID(int=0), False, "read-only"),
            DeletedObject(UUID(int=1), False, "read-only"),
        )
        assert [each.verbose for each in shelf.transport.requests("BatchDelete")] == [False, True]

    def test_they_do_not_stop_the_others(self) -> None:
        shelf = Shelf(25_000, stuck=10)
        report = shelf.delete()
        assert (report.matches, report.successful, report.failed) == (25_000, 24_990, 10)
        assert [each.id.int for each in report.objects] == list(range(10))

    def test_so_many_that_the_rest_is_not_tried(self) -> None:
        shelf = Shelf(MOST + 500, stuck=MOST)
        report = shelf.delete()
        assert (report.matches, report.successful, report.failed) == (MOST + 500, 0, MOST)
        assert shelf.calls == 2

    def test_verbose_knows_them_at_once(self) -> None:
        shelf = Shelf(3, stuck=1)
        report = shelf.delete(verbose=True)
        assert shelf.calls == 1
        assert [each.successful for each in report.objects] == [True, True, False]
        assert str(report) == f"2 of 3 deleted, 1 failed; first failure: {UUID(int=0)}: read-only"

    def test_what_goes_at_the_second_try(self) -> None:
        shelf = Shelf(3, stuck=1)
        answer = shelf.answer

        def mended(call: Any) -> Answer:
            reply = answer(call)
            shelf.loose, shelf.stuck = shelf.loose + shelf.stuck, 0
            return reply

        shelf.transport.script = mended
        assert shelf.delete() == DeleteReport(3, 3, 0)


class TestDryRun:
    def test_nothing_is_deleted(self) -> None:
        shelf = Shelf(5)
        report = shelf.delete(dry_run=True, verbose=True)
        assert shelf.loose == 5
        assert (report.matches, report.successful, len(report.objects), report.dry_run) == (5, 5, 5, True)
        assert str(report) == "5 of 5 would be deleted, 0 failed"

    def test_more_than_one_call_deletes_are_counted_in_one(self) -> None:
        shelf = Shelf(25_000)
        assert shelf.delete(dry_run=True) == DeleteReport(25_000, 25_000, 0, dry_run=True)
        assert shelf.calls == 1


class TestErrors:
    def test_a_timeout_on_the_way_says_how_far_it_came(self) -> None:
        shelf = Shelf(30_000, error={3: RequestTimeoutError("No answer in time.")})
        with pytest.raises(
            RequestTimeoutError,
            match=r"No answer in time\. Before that, 20,000 objects were deleted\. Whether .* not known",
        ):
            shelf.delete()

    def test_a_timeout_of_the_first_call_may_have_deleted(self) -> None:
        shelf = Shelf(5, error={1: RequestTimeoutError("No answer in time.")})
        with pytest.raises(RequestTimeoutError, match=r"Before that, 0 objects were deleted\. Whether .* is not known"):
            shelf.delete()

    def test_a_refusal_on_the_way(self) -> None:
        shelf = Shelf(30_000, error={2: PermissionDeniedError("No.")})
        with pytest.raises(PermissionDeniedError, match=r"^No\. Before that, 10,000 objects were deleted\.$"):
            shelf.delete()

    def test_a_refusal_of_the_first_call_says_nothing_more(self) -> None:
        shelf = Shelf(5, error={1: PermissionDeniedError("No.")})
        with pytest.raises(PermissionDeniedError, match=r"^No\.$"):
            shelf.delete()

    def test_a_connection_that_never_was(self) -> None:
        shelf = Shelf(5, error={1: ServerUnreachableError("Nobody listens.", operation=CONNECT)})
        with pytest.raises(ServerUnreachableError) as caught:
            shelf.delete()
        assert caught.value.message == "Nobody listens."

    def test_a_call_is_sent_again_when_the_server_was_away(self) -> None:
        shelf = Shelf(5, error={1: ServerUnavailableError("Not now.")})
        flow = delete_matches(NAMED, Scope(), Retry(attempts=2), dry_run=False, verbose=False)
        assert run(flow, shelf.transport) == DeleteReport(5, 5, 0)
        assert shelf.calls == 2


def of(model: type[WeaviateModel] = Thing) -> Builder[Any]:
    return Builder(Statement(model_info(model)))


SOME = of().where(Thing.size > 3)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (of(), r"has no conditions.*session.schema.drop\(Thing\)"),
        (of().near_vector([1.0]), "has no conditions"),
        (SOME.near_vector([1.0]), "does not go with a search"),
        (SOME.bm25("x"), "does not go with a search"),
        (SOME.limit(1), r"does not go with limit\(\)"),
        (SOME.offset(1), r"does not go with offset\(\)"),
        (SOME.order_by(Thing.size), r"does not go with order_by\(\)"),
        (SOME.auto_limit(1), r"does not go with auto_limit\(\)"),
        (SOME.rerank(Thing.title, query="x"), r"does not go with rerank\(\)"),
        (SOME.boost(Boost.value(Thing.size)), r"does not go with boost\(\)"),
        (SOME.diversify(limit=1), r"does not go with diversify\(\)"),
    ],
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_what_conditions_alone_do_not_say(query: Builder[Any], message: str, dry_run: bool) -> None:
    shelf = Shelf(5)
    with pytest.raises(InvalidQueryError, match=message):
        shelf.delete(query._statement, dry_run=dry_run)
    assert not shelf.calls


def test_how_the_objects_are_loaded_does_not_matter() -> None:
    shelf = Shelf(1)
    assert shelf.delete(SOME.with_vectors().offset(0)._statement).successful == 1
