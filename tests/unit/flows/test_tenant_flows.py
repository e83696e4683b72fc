"""Many tenants: how they are cut into requests, and what is sent again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scripted_calls import ONCE, Answer, ScriptedTransport, run
from zoo import Loan

from weaviate_orm import Retry, ServerUnreachableError, Tenant, TenantError
from weaviate_orm.flows.tenants import MOST_SWITCHED, MOST_WRITTEN, create_tenants, delete_tenants, switch_tenants
from weaviate_orm.model.info import model_info
from weaviate_orm.wire.call import Flow, RestReply

LOAN = model_info(Loan)
Writing = Callable[[list[str], Retry], Flow[None]]

WRITES: dict[str, tuple[Writing, int]] = {
    "create": (lambda names, retry: create_tenants(LOAN, [Tenant(each) for each in names], retry), MOST_WRITTEN),
    "switch": (lambda names, retry: switch_tenants(LOAN, names, "INACTIVE", retry), MOST_SWITCHED),
    "delete": (lambda names, retry: delete_tenants(LOAN, names, retry), MOST_WRITTEN),
}


def sent(transport: ScriptedTransport) -> list[list[str]]:
    bodies: list[Any] = [each.body for each in transport.calls]  # type: ignore[union-attr]  # all are over REST
    return [[each if isinstance(each, str) else each["name"] for each in body] for body in bodies]


def test_the_server_switches_a_hundred_at_once() -> None:
    assert MOST_SWITCHED == 100


@pytest.mark.parametrize("kind", WRITES)
@pytest.mark.parametrize("more", [-1, 0, 1])
def test_requests_have_the_size_that_the_server_takes(kind: str, more: int) -> None:
    write, size = WRITES[kind]
    names = [f"t{number}" for number in range(2 * size + more)]
    transport = ScriptedTransport(lambda call: RestReply(200, []))
    run(write(names, ONCE), transport)
    expected = {-1: [size, size - 1], 0: [size, size], 1: [size, size, 1]}
    assert [len(each) for each in sent(transport)] == expected[more]
    assert [name for each in sent(transport) for name in each] == names


@pytest.mark.parametrize("kind", WRITES)
def test_nothing_is_sent_for_nothing(kind: str) -> None:
    transport = ScriptedTransport(lambda call: RestReply(200, []))
    run(WRITES[kind][0]([], ONCE), transport)
    assert transport.calls == []


@pytest.mark.parametrize("kind", WRITES)
def test_a_broken_connection_is_tried_again(kind: str) -> None:
    answers: list[Answer] = [ServerUnreachableError("gone"), RestReply(200, [])]
    transport = ScriptedTransport(lambda call: answers.pop(0))
    run(WRITES[kind][0](["a"], Retry(attempts=2)), transport)
    assert sent(transport) == [["a"], ["a"]]


def test_a_refusal_ends_the_switching() -> None:
    text = "updating schema: TYPE_UPDATE_TENANT: shard not found: t1"
    transport = ScriptedTransport(lambda call: RestReply(422, {"error": [{"message": text}]}))
    with pytest.raises(TenantError, match=r"no tenant 't1'; create it with session\.tenants\(\.\.\.\)\.create\('t1'\)"):
        run(switch_tenants(LOAN, [f"t{number}" for number in range(150)], "ACTIVE", ONCE), transport)
    assert [len(each) for each in sent(transport)] == [100]
