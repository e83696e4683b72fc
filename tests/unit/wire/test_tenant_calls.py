"""The calls about tenants, what is read from their replies, and what a refusal without words means."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from zoo import Book, Loan

from weaviate_orm import ProtocolError, Tenant, TenantError
from weaviate_orm.model.info import model_info
from weaviate_orm.query.statement import Scope
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import Patience, RestReply
from weaviate_orm.wire.objects import compile_exists
from weaviate_orm.wire.rpcs import TENANTS_GET
from weaviate_orm.wire.tenants import (
    compile_create_tenants,
    compile_delete_tenants,
    compile_get_tenant,
    compile_list_tenants,
    compile_switch_tenants,
    compile_tenant_exists,
)

LOAN = model_info(Loan)
ID = UUID(int=1)


def reply(**statuses: int) -> pb.TenantsGetReply:
    found = pb.TenantsGetReply()
    for name, status in statuses.items():
        # A number that the enumeration does not name, as a newer server would send it, is kept as it is.
        found.tenants.append(pb.Tenant.FromString(b"\n\x01" + name.encode() + b"\x10" + bytes([status])))
    return found


def test_all_tenants_are_asked_for_without_names() -> None:
    call = compile_list_tenants(LOAN)
    assert (call.rpc, call.collection) == (TENANTS_GET, "ZooLoan")
    assert call.request == pb.TenantsGetRequest(collection="ZooLoan")
    assert isinstance(call.request, pb.TenantsGetRequest)
    assert call.request.WhichOneof("params") is None  # an empty list of names is refused
    assert call.read(reply()) == []


def test_tenants_are_sorted_by_name() -> None:
    found = compile_list_tenants(LOAN).read(reply(c=1, a=2, B=1))
    assert found == [Tenant("B"), Tenant("a", "INACTIVE"), Tenant("c")]


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (1, "ACTIVE"),
        (2, "INACTIVE"),
        (4, "OFFLOADED"),
        (5, "ONLOADING"),
        (6, "OFFLOADING"),
        (7, "ACTIVE"),
        (8, "INACTIVE"),
        (9, "OFFLOADED"),
        (10, "OFFLOADING"),
        (11, "ONLOADING"),
    ],
)
def test_statuses_are_read_from_old_and_new_words(number: int, status: Any) -> None:
    assert compile_list_tenants(LOAN).read(reply(a=number)) == [Tenant("a", status)]
    assert compile_get_tenant(LOAN, "a").read(reply(a=number)) == Tenant("a", status)
    assert compile_tenant_exists(LOAN, "a").read(reply(a=number)) is True


@pytest.mark.parametrize("number", [0, 3, 12])
def test_a_status_that_is_not_known(number: int) -> None:
    with pytest.raises(ProtocolError, match=f"'a' of ZooLoan has the status {number}") as refused:
        compile_list_tenants(LOAN).read(reply(a=number))
    assert (refused.value.collection, refused.value.operation) == ("ZooLoan", "TenantsGet")


def test_one_tenant_is_asked_for_by_name() -> None:
    request = pb.TenantsGetRequest(collection="ZooLoan", names=pb.TenantNames(values=["a"]))
    got, exists = compile_get_tenant(LOAN, "a"), compile_tenant_exists(LOAN, "a")
    assert got.request == exists.request == request
    assert got.read(reply()) is None
    assert exists.read(reply()) is False
    assert got.read(reply(b=1)) is None
    assert exists.read(reply(b=1)) is False


def test_writes_go_over_rest_and_may_be_repeated() -> None:
    for call, method, body in (
        (
            compile_create_tenants(LOAN, [Tenant("a"), Tenant("b", "INACTIVE")]),
            "POST",
            [{"name": "a", "activityStatus": "ACTIVE"}, {"name": "b", "activityStatus": "INACTIVE"}],
        ),
        (compile_switch_tenants(LOAN, ["a"], "OFFLOADED"), "PUT", [{"name": "a", "activityStatus": "OFFLOADED"}]),
        (compile_delete_tenants(LOAN, ("a", "b")), "DELETE", ["a", "b"]),
    ):
        assert (call.method, call.path, call.body) == (method, "/schema/ZooLoan/tenants", body)
        assert (call.repeatable, call.patience, call.collection) == (True, Patience.INSERT, "ZooLoan")
        assert call.accept == {200}
        assert call.read(RestReply(200, [])) is None


# --- HEAD, whose refusals have no words ----------------------------------------------------------------------------------


def test_an_object_exists_or_not() -> None:
    call = compile_exists(LOAN, ID, Scope(tenant="acme"))
    assert (call.read(RestReply(204, None)), call.read(RestReply(404, None))) == (True, False)


def test_a_refusal_without_words_is_about_the_tenant() -> None:
    with pytest.raises(
        TenantError, match=r"'acme' of Loan does not exist or is not active.*session\.tenants\(Loan\)"
    ) as refused:
        compile_exists(LOAN, ID, Scope(tenant="acme")).read(RestReply(422, None))
    error = refused.value
    assert (error.collection, error.operation, error.status) == ("ZooLoan", f"HEAD /v1/objects/ZooLoan/{ID}", 422)


def test_a_refusal_without_words_and_without_a_tenant() -> None:
    call = compile_exists(model_info(Book), ID, Scope())
    with pytest.raises(TenantError, match=r"ZooBook keeps its objects by tenant.*session\.schema\.check\(Book\)"):
        call.read(RestReply(422, None))
