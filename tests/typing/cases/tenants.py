"""What the handle of a model's tenants takes and gives, in both colours."""

from typing import Literal, assert_type

from weaviate_orm import AsyncSession, AsyncTenantsHandle, Session, Tenant, TenantsHandle

from .zoo import Article, Card


def values() -> None:
    """Tenants are frozen, and have five statuses."""
    tenant = Tenant("acme")
    Tenant("acme", "INACTIVE")
    assert_type(tenant.name, str)
    assert_type(tenant.status, Literal["ACTIVE", "INACTIVE", "OFFLOADED", "OFFLOADING", "ONLOADING"])
    Tenant("acme", "HOT")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Tenant()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    tenant.status = "ACTIVE"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    if tenant.status == "COLD":  # type: ignore[comparison-overlap]  # pyright: ignore[reportUnnecessaryComparison]
        pass


def handle(session: Session) -> None:
    """Tenants are given by name or as values, and asked for by name."""
    tenants = session.tenants(Article)
    assert_type(tenants, TenantsHandle)
    tenants.create("acme", Tenant("globex", "INACTIVE"))
    assert_type(tenants.list(), list[Tenant])
    assert_type(tenants.get("acme"), Tenant | None)
    assert_type(tenants.exists("acme"), bool)
    tenants.activate("acme", *tenants.list())
    tenants.deactivate("acme")
    tenants.offload("acme")
    tenants.delete("acme", Tenant("globex"))
    session.tenants("Article")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.tenants(Card)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.tenants()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    tenants.create(["acme"])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    tenants.delete(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    tenants.get(Tenant("acme"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    tenants.get("acme").name  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    tenants.freeze("acme")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


async def awaited(session: AsyncSession) -> None:
    """The same, awaited; the handle itself is not."""
    tenants = session.tenants(Article)
    assert_type(tenants, AsyncTenantsHandle)
    await tenants.create("acme", Tenant("globex", "INACTIVE"))
    assert_type(await tenants.list(), list[Tenant])
    assert_type(await tenants.get("acme"), Tenant | None)
    assert_type(await tenants.exists("acme"), bool)
    await tenants.activate("acme", *await tenants.list())
    await tenants.deactivate("acme")
    await tenants.offload("acme")
    await tenants.delete("acme")
    await session.tenants(Article)  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
    await tenants.create(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    tenants.list().sort()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
