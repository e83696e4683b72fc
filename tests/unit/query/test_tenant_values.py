"""Tenants as values, and what the verbs make of their arguments before anything is sent."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from zoo import Book, Loan

from weaviate_orm import (
    InvalidQueryError,
    InvalidValueError,
    MultiTenancy,
    Property,
    Reference,
    Tenant,
    TenantError,
    WeaviateModel,
    reference,
)
from weaviate_orm.model.info import model_info
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.requests import by_id_statement
from weaviate_orm.query.statement import Statement
from weaviate_orm.query.tenants import new_tenants, tenant_names, tenants_model


class Town(WeaviateModel):
    name: Property[str]


class Room(WeaviateModel, multi_tenancy=MultiTenancy()):
    name: Property[str]


class House(WeaviateModel, multi_tenancy=MultiTenancy()):
    town: Reference[Town] = reference()
    room: Reference[Room] = reference()
    beside: Reference[House | None] = reference()


class Hut(WeaviateModel, multi_tenancy=MultiTenancy(enabled=False)):
    town: Reference[Town] = reference()


def test_a_tenant_is_a_value() -> None:
    tenant = Tenant("acme")
    assert (tenant.name, tenant.status) == ("acme", "ACTIVE")
    assert {tenant, Tenant("acme", "ACTIVE")} == {tenant}
    assert tenant != Tenant("acme", "INACTIVE")
    with pytest.raises(FrozenInstanceError):
        tenant.status = "INACTIVE"  # type: ignore[misc]


@pytest.mark.parametrize("status", ["HOT", "active", "", None, 1])
def test_there_are_five_statuses(status: Any) -> None:
    with pytest.raises(InvalidValueError, match="one of ACTIVE, INACTIVE, OFFLOADED, OFFLOADING, ONLOADING, not"):
        Tenant("acme", status)


@pytest.mark.parametrize("name", ["", "a b", "a\n", "é", "a" * 65, 1, None, ["a", "b"]])
def test_names_that_no_tenant_can_have(name: Any) -> None:
    for make in (Tenant, lambda each: tenant_names([each]), lambda each: new_tenants([each])):
        with pytest.raises(InvalidValueError, match="A tenant's name is 1 to 64"):
            make(name)


def test_names_come_once_and_in_order() -> None:
    assert tenant_names(["b", Tenant("a", "OFFLOADED"), "b", "a", "A" * 64]) == ["b", "a", "A" * 64]
    assert tenant_names([]) == []


def test_new_tenants_come_once_and_in_order() -> None:
    asleep = Tenant("z", "INACTIVE")
    assert new_tenants(["b", asleep, Tenant("b"), asleep, "a"]) == [Tenant("b"), asleep, Tenant("a")]
    assert new_tenants([]) == []


@pytest.mark.parametrize("given", [["a", Tenant("a", "INACTIVE")], [Tenant("a", "INACTIVE"), "a"]])
def test_one_tenant_in_two_statuses(given: list[str | Tenant]) -> None:
    with pytest.raises(InvalidValueError, match=r"'a' is given twice, as \w+ and as \w+"):
        new_tenants(given)


@pytest.mark.parametrize("status", ["OFFLOADED", "OFFLOADING", "ONLOADING"])
def test_statuses_in_which_no_tenant_is_created(status: Any) -> None:
    with pytest.raises(InvalidValueError, match=rf"'a' is given as {status}.*offload\(\)"):
        new_tenants([Tenant("a", status)])


def test_models_without_tenants_have_no_handle() -> None:
    assert tenants_model(Loan) is model_info(Loan)
    for model in (Book, Hut):
        with pytest.raises(TenantError, match=rf"{model.__name__} has no tenants.*MultiTenancy\(\)") as refused:
            tenants_model(model)
        assert refused.value.collection == model_info(model).collection


# What is included from a tenant has to be in it.


def test_what_has_no_tenants_is_not_included_from_what_has() -> None:
    houses = Builder[House](Statement(model_info(House)))
    for refuse in (
        lambda: houses.include(House.town),
        lambda: houses.include(House.room, House.beside.include(House.town)),
        lambda: by_id_statement(House, [House.town], with_vectors=False),
    ):
        with pytest.raises(
            InvalidQueryError,
            match=r"House\.town leads from House, which has tenants, to Town, which has none.*"
            r"House\.town\.has\(\.\.\.\), or give both models tenants",
        ) as refused:
            refuse()
        assert refused.value.field == "House.town"


def test_what_is_in_the_tenant_is_included() -> None:
    houses = Builder[House](Statement(model_info(House)))
    houses.include(House.room, House.beside.include(House.room))
    houses.where(House.town.has(Town.name == "Ulm"))
    Builder[Hut](Statement(model_info(Hut))).include(Hut.town)
