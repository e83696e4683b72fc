"""Many references: cut into requests, and an account of each whatever happens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from scripted_calls import ONCE, Answer, ScriptedTransport, run, stored_schema

from weaviate_orm import (
    InvalidValueError,
    Property,
    Reference,
    ServerUnreachableError,
    StaleObjectError,
    WeaviateModel,
    reference,
)
from weaviate_orm.flows.linking import add_links
from weaviate_orm.flows.updating import update_object
from weaviate_orm.query.linking import NewLink
from weaviate_orm.query.statement import Scope
from weaviate_orm.wire.call import RestCall, RestReply


class Node(WeaviateModel):
    name: Property[str]
    next: Reference[Node | None] = reference()


SCHEMA = stored_schema(Node)


def linking(failing_from: int | None = None) -> ScriptedTransport:
    """Take all references but those of the object 7; the connection breaks with the request of this number."""
    requests = 0

    def script(call: Any) -> Answer:
        nonlocal requests
        assert isinstance(call, RestCall)
        if call.path != "/batch/references":
            return SCHEMA(call)
        requests += 1
        if failing_from is not None and requests >= failing_from:
            return ServerUnreachableError("gone")
        assert isinstance(call.body, list)
        failed = {
            "status": "FAILED",
            "errors": {"error": [{"message": f"ref batch: object with id {UUID(int=7)} not found"}]},
        }
        mine = f"weaviate://localhost/Node/{UUID(int=7)}/next"
        return RestReply(
            200, [{"result": failed if each["from"] == mine else {"status": "SUCCESS"}} for each in call.body]
        )

    return ScriptedTransport(script)


def links(number: int) -> list[NewLink]:
    return [(UUID(int=each), Node.next, UUID(int=each + 1)) for each in range(number)]


def test_a_thousand_at_a_time() -> None:
    transport = linking()
    report = run(add_links(links(2001), Scope(), verified=set(), retry=ONCE), transport)
    bodies = [each.body for each in transport.calls if isinstance(each, RestCall) and each.path == "/batch/references"]
    assert [len(each) for each in bodies if isinstance(each, list)] == [1000, 1000, 1]
    assert (report.stored, [each.index for each in report.failed]) == (2000, [7])
    assert report.failed[0].error.object_id == UUID(int=7)


def test_after_a_broken_connection_nothing_is_sent_and_all_is_reported() -> None:
    transport = linking(failing_from=2)
    given = links(3000)
    node = Node(name="x")
    given[1500] = (node, Node.next, UUID(int=1))
    report = run(add_links(given, Scope(), verified=set(), retry=ONCE), transport)
    assert report.stored == 999
    assert [each.index for each in report.failed] == [7, *range(1000, 3000)]
    assert all(each.object is given[each.index] for each in report.failed)
    assert transport.names.count("POST /batch/references") == 2
    assert Node.next.id_of(node) is None


@pytest.mark.parametrize(
    "bad", [None, (UUID(int=1), Node.next), "abc", (UUID(int=1), Node.name, UUID(int=2))], ids=repr
)
def test_what_is_no_link_is_a_failure(bad: Any) -> None:
    transport = linking()
    report = run(add_links([bad, *links(1)], Scope(), verified=set(), retry=ONCE), transport)
    assert report.stored == 1
    assert [(each.index, type(each.error)) for each in report.failed] == [(0, InvalidValueError)]


def test_an_update_that_is_refused_or_empty_sends_nothing() -> None:
    def script(call: Any) -> Answer:
        if call.method == "GET" and call.path.startswith("/objects/"):
            return RestReply(200, {"lastUpdateTimeUnix": 1_000})
        return SCHEMA(call)

    node, nothing = Node(name="x"), ScriptedTransport(script)
    assert run(update_object(node, [], None, Scope(), set(), ONCE), nothing) is False
    assert nothing.calls == []
    for moment, written in ((datetime.fromtimestamp(0.999, UTC), False), (datetime.fromtimestamp(1, UTC), True)):
        transport = ScriptedTransport(script)
        flow = update_object(node, ["name"], moment, Scope(), {Node}, ONCE)
        if written:
            assert run(flow, transport) is True
        else:
            with pytest.raises(StaleObjectError, match="1970-01-01T00:00:01"):
                run(flow, transport)
        assert transport.names == [f"GET /objects/Node/{node.id}", *([f"PATCH /objects/Node/{node.id}"] * written)]
