"""References of stored objects: ``link``, ``unlink``, ``set_links`` and ``link_many``, and the instances that were given."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from zoo import unique_name

from weaviate_orm import (
    InvalidValueError,
    LoadError,
    MultiTenancy,
    ObjectNotFoundError,
    Property,
    Reference,
    ReferenceNotLoadedError,
    References,
    Session,
    Tenant,
    TenantError,
    WeaviateModel,
    reference,
    references,
)
from weaviate_orm.query.linking import NewLink


class Person(WeaviateModel, collection=unique_name("Person")):
    name: Property[str]


class Club(WeaviateModel, collection=unique_name("Club")):
    name: Property[str]


class Event(WeaviateModel, collection=unique_name("Event")):
    title: Property[str]
    host: Reference[Person | None] = reference()
    guests: References[Person] = references()
    makers: References[Person | Club] = references()


class Task(WeaviateModel, collection=unique_name("Task"), multi_tenancy=MultiTenancy()):
    text: Property[str]
    after: References[Task] = references()


@pytest.fixture(autouse=True)
def _collections(create: Callable[..., None]) -> None:
    create(Person, Club, Event)


def ids(session: Session, event: UUID) -> tuple[UUID | None, list[UUID], list[UUID]]:
    """Give host, guests and makers as they are stored."""
    found = session.get(Event, event, include=[Event.host, Event.guests, Event.makers])
    assert found is not None
    return Event.host.id_of(found), Event.guests.ids_of(found), Event.makers.ids_of(found)


def held(event: Event) -> tuple[UUID | None, list[UUID], list[UUID]]:
    """Give the same of an instance."""
    return Event.host.id_of(event), Event.guests.ids_of(event), Event.makers.ids_of(event)


def test_links_of_one_object(session: Session) -> None:
    ada, bob, club = Person(name="Ada"), Person(name="Bob"), Club(name="Chess")
    event = Event(title="Opening")
    session.insert_many([ada, bob, club])
    session.insert(event)

    session.link(event, Event.host, ada)
    session.link(event, Event.host, bob.id)  # the only one, so the first is gone
    session.link(event, Event.guests, ada)
    session.link(event, Event.guests, bob.id)
    session.link(event, Event.guests, ada)
    session.link(event, Event.makers, club)
    session.link(event, Event.makers, (Person, ada.id))
    # Targets come by model, in the order in which the reference declares these.
    assert ids(session, event.id) == (bob.id, [ada.id, bob.id, ada.id], [ada.id, club.id])
    assert held(event) == (bob.id, [ada.id, bob.id, ada.id], [club.id, ada.id])
    assert session.update(event) is False

    session.unlink(event, Event.host, ada)  # it leads elsewhere
    session.unlink(event, Event.guests, ada)  # both of them
    session.unlink(event, Event.guests, ada)
    session.unlink(event, Event.makers, (Club, club.id))
    assert ids(session, event.id) == held(event) == (bob.id, [bob.id], [ada.id])
    session.unlink(event, Event.host, bob)
    session.set_links(event, Event.guests, [ada.id, bob.id])
    session.set_links(event, Event.makers, [])
    assert ids(session, event.id) == held(event) == (None, [ada.id, bob.id], [])
    session.set_links(event, Event.host, [ada])
    assert event.host is ada
    assert session.update(event) is False

    # What is pending stays pending.
    event.guests = [bob]
    session.link(event, Event.guests, ada)
    assert ids(session, event.id)[1] == [ada.id, bob.id, ada.id]
    assert session.update(event) is True
    assert ids(session, event.id)[1] == [bob.id, ada.id]


def test_an_instance_that_was_read(session: Session) -> None:
    ada, bob, event = Person(name="Ada"), Person(name="Bob"), Event(title="Opening")
    session.insert_many([ada, bob, event])
    session.link(event.id, Event.guests, ada)
    partly = session.get(Event, event.id, include=[Event.guests])
    assert partly is not None
    session.link(partly, Event.guests, bob)
    session.link(partly, Event.makers, bob)
    assert partly.guests == [ada, bob]
    with pytest.raises(ReferenceNotLoadedError, match="makers was not loaded"):
        _ = partly.makers
    session.set_links(partly, Event.makers, [ada])
    assert partly.makers == [ada]
    assert session.update(partly) is False


def test_ends_that_are_not_there(session: Session) -> None:
    ada, event = Person(name="Ada"), Event(title="Opening")
    session.insert_many([ada, event])
    nobody, nowhere = Person(name="Bob"), uuid4()
    with pytest.raises(ObjectNotFoundError, match=str(nobody.id)):
        session.link(event, Event.guests, nobody)
    assert event.guests == []
    with pytest.raises(ObjectNotFoundError, match=str(nobody.id)):
        session.set_links(event, Event.guests, [ada, nobody])
    for change in (session.link, session.unlink):
        with pytest.raises(ObjectNotFoundError, match=f"There is no Event {nowhere}") as missing:
            change(nowhere, Event.guests, ada)
        assert missing.value.object_id == nowhere
    with pytest.raises(ObjectNotFoundError, match=str(nowhere)):
        session.set_links(nowhere, Event.host, [])
    assert ids(session, event.id) == (None, [], [])


def test_what_does_not_fit_is_not_sent(session: Session) -> None:
    ada, club, event = Person(name="Ada"), Club(name="Chess"), Event(title="Opening")
    wrong: list[tuple[object, object, object, str]] = [
        (ada, Event.guests, ada, r"Event\.guests is a reference of Event: link\(\) takes one of those.*got Person"),
        (event, Event.title, ada, r"link\(\) takes a reference of a model, such as Article.author"),
        (event, Event.guests, club, r"Event\.guests cannot be set: the reference leads to Person, and not to Club"),
        (event, Event.guests, None, r"takes a Person, an id \(UUID\) or \(Model, id\), got None"),
        (event, Event.makers, ada.id, r"does not say whether it is of Person or Club"),
        (event, Event.makers, (Event, ada.id), r"leads to Person or Club, and not to Event"),
        (event, Event.guests, (ada.id, Person), r"takes a Person, an id"),
    ]
    for source, link, target, text in wrong:
        with pytest.raises(InvalidValueError, match=text):
            session.link(source, link, target)  # type: ignore[arg-type]  # what a program without a type checker does
    with pytest.raises(InvalidValueError, match="leads to one object, got 2"):
        session.set_links(event, Event.host, [ada, ada])
    with pytest.raises(InvalidValueError, match="takes a list of objects or ids, got Person"):
        session.set_links(event, Event.guests, ada)  # type: ignore[arg-type]  # on purpose: what a checker would have refused


def test_many_links(session: Session) -> None:
    people = [Person(name=str(number)) for number in range(3)]
    club, event, lost = Club(name="Chess"), Event(title="Opening"), Event(title="Lost")
    session.insert_many([*people, club, event])
    assert session.link_many([]).stored == 0
    links: list[NewLink] = [
        (event, Event.guests, people[0]),
        (lost, Event.guests, people[0]),
        (event, Event.host, people[1].id),
        (event, Event.guests, club),
        (event.id, Event.makers, (Club, club.id)),
        (event, Event.guests, people[2]),
    ]
    report = session.link_many((each for each in links), on_failure="report")
    assert report.stored == 4
    assert [(each.index, type(each.error)) for each in report.failed] == [
        (1, ObjectNotFoundError),
        (3, InvalidValueError),
    ]
    assert [each.object for each in report.failed] == [links[1], links[3]]
    assert report.failed[0].error.object_id == lost.id
    assert ids(session, event.id) == (people[1].id, [people[0].id, people[2].id], [club.id])
    assert Event.guests.ids_of(event) == [people[0].id, people[2].id]
    assert Event.guests.ids_of(lost) == []
    assert session.update(event) is False
    with pytest.raises(LoadError, match="1 of 2 references were not stored; reference 1:"):
        session.link_many([links[0], links[1]])


def test_tenants(session: Session, create: Callable[..., None]) -> None:
    create(Task)
    session.tenants(Task).create(Tenant("one"), Tenant("two"))
    one, two = session.tenant("one").consistency("QUORUM"), session.tenant("two")
    first, second = Task(text="first"), Task(text="second")
    for view in (one, two):
        view.insert_many([Task(id=first.id, text="first"), Task(id=second.id, text="second")])
    one.link(second, Task.after, first)
    one.link_many([(first.id, Task.after, second)])
    two.set_links(first, Task.after, [first, second])
    two.unlink(first, Task.after, first)

    def after(view: Session, task: Task) -> list[UUID]:
        found = view.get(Task, task.id, include=[Task.after])
        assert found is not None
        return Task.after.ids_of(found)

    assert (after(one, first), after(one, second)) == ([second.id], [first.id])
    assert (after(two, first), after(two, second)) == ([second.id], [])
    with pytest.raises(TenantError, match="no tenant is named"):
        session.link(first, Task.after, second)
    report = session.link_many([(first, Task.after, second)], on_failure="report")
    assert [type(each.error) for each in report.failed] == [TenantError]
