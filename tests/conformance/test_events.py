"""Listeners of a session: told before and after, and what they change is what is stored."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from zoo import unique_name

from weaviate_orm import MultiTenancy, Property, Session, WeaviateModel, prop
from weaviate_orm.events import AfterDelete, AfterInsert, AfterUpdate, BeforeDelete, BeforeInsert, BeforeUpdate


class Parcel(WeaviateModel, collection=unique_name("Parcel")):
    to: Property[str]
    weight: Property[int] = prop(default=0)
    seen: Property[list[str]] = prop(default_factory=list)


class Locker(WeaviateModel, collection=unique_name("Locker"), multi_tenancy=MultiTenancy()):
    code: Property[str]


ONE = UUID(int=1)


@pytest.fixture
def listening(session: Session, create: Callable[..., None]) -> Session:
    """The session is shared, so that listeners are for models of this file alone and hear nothing after it."""
    create(Parcel, Locker)
    return session


def test_what_listeners_change_is_stored(listening: Session) -> None:
    def stamp(event: BeforeInsert[Parcel] | BeforeUpdate[Parcel]) -> None:
        event.object.seen.append(event.verb)

    listening.listen(BeforeInsert[Parcel], stamp)
    listening.listen(BeforeUpdate[Parcel], stamp)
    try:
        parcel = Parcel(id=ONE, to="Ada")
        listening.insert(parcel)
        parcel.weight = 2
        listening.update(parcel)
        listening.replace(parcel)
        listening.upsert(parcel)
        listening.insert_many([parcel])
    finally:
        listening.stop_listening(BeforeInsert[Parcel], stamp)
        listening.stop_listening(BeforeUpdate[Parcel], stamp)
    found = listening.get(Parcel, ONE)
    assert found is not None
    assert (found.weight, found.seen) == (2, ["insert", "update", "replace", "upsert", "insert_many"])


def test_after_means_that_it_is_done(listening: Session) -> None:
    told: list[tuple[str, UUID, bool]] = []

    def note(event: AfterInsert[Parcel] | AfterUpdate[Parcel] | AfterDelete[Parcel]) -> None:
        told.append((type(event).__name__, event.id, event.object is not None))

    listening.listen(AfterInsert[Parcel], note)
    listening.listen(AfterUpdate[Parcel], note)
    listening.listen(AfterDelete[Parcel], note)
    try:
        parcel = Parcel(id=ONE, to="Ada")
        listening.insert(parcel)
        parcel.to = "Bob"
        listening.update(parcel)
        listening.update(parcel)
        listening.delete(Parcel, ONE)
        listening.delete(Parcel, ONE)
    finally:
        listening.stop_listening(AfterInsert[Parcel], note)
        listening.stop_listening(AfterUpdate[Parcel], note)
        listening.stop_listening(AfterDelete[Parcel], note)
    assert told == [("AfterInsert", ONE, True), ("AfterUpdate", ONE, True), ("AfterDelete", ONE, False)]


def test_a_refusal_leaves_everything_as_it_was(listening: Session) -> None:
    def refuse(event: BeforeInsert[Parcel] | BeforeDelete[Parcel]) -> None:
        if event.object is None or event.object.to == "nobody":
            raise PermissionError("not this one")

    listening.listen(BeforeInsert[Parcel], refuse)
    listening.listen(BeforeDelete[Parcel], refuse)
    try:
        report = listening.insert_many(
            [Parcel(id=ONE, to="Ada"), Parcel(to="nobody"), Parcel(to="Bob")], on_failure="report"
        )
        with pytest.raises(PermissionError, match="not this one"):
            listening.delete(Parcel, ONE)
    finally:
        listening.stop_listening(BeforeInsert[Parcel], refuse)
        listening.stop_listening(BeforeDelete[Parcel], refuse)
    assert (report.stored, [each.index for each in report.failed]) == (2, [1])
    assert listening.count(Parcel) == 2


def test_views_share_listeners_and_events_name_the_tenant(listening: Session) -> None:
    told: list[str | None] = []

    def note(event: BeforeInsert[Locker]) -> None:
        told.append(event.tenant)

    listening.tenants(Locker).create("acme", "globex")
    listening.listen(BeforeInsert[Locker], note)
    try:
        listening.tenant("acme").insert(Locker(code="1"))
        listening.tenant("globex").insert_many([Locker(code="2")])
    finally:
        listening.stop_listening(BeforeInsert[Locker], note)
    assert told == ["acme", "globex"]
