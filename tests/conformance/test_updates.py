"""Changing one stored object: ``upsert``, ``replace`` and ``update``, and what each leaves as it was."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy, deepcopy
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import numpy as np
import numpy.typing as npt
import pytest
from pydantic import BaseModel
from zoo import unique_name

from weaviate_orm import (
    InvalidValueError,
    MultiTenancy,
    ObjectNotFoundError,
    Property,
    Reference,
    References,
    Session,
    StaleObjectError,
    Tenant,
    TenantError,
    Vector,
    WeaviateModel,
    prop,
    reference,
    references,
    vector,
)


class Address(BaseModel):
    city: str
    floors: list[int] = []


class Writer(WeaviateModel, collection=unique_name("Writer")):
    name: Property[str]


class Letter(WeaviateModel, collection=unique_name("Letter")):
    title: Property[str]
    body: Property[str | None] = prop(default=None, name="text")
    stars: Property[int] = prop(default=0)
    tags: Property[list[str]] = prop(default_factory=list)
    address: Property[Address | None] = prop(default=None)
    sent: Property[datetime | None] = prop(default=None)
    writer: Reference[Writer | None] = reference()
    answers: References[Letter] = references()
    subject: Vector = vector()
    tone: Vector = vector()


class Memo(WeaviateModel, collection=unique_name("Memo"), multi_tenancy=MultiTenancy()):
    text: Property[str]
    next: Reference[Memo | None] = reference()


@pytest.fixture(autouse=True)
def _collections(create: Callable[..., None]) -> None:
    create(Writer, Letter)


ADA, BOB = UUID(int=1), UUID(int=2)


def numbers(array: npt.NDArray[np.float32] | None) -> list[float] | None:
    return None if array is None else [float(each) for each in array]


def read(session: Session, object_id: UUID) -> Letter:
    """Give all of a letter."""
    found = session.get(Letter, object_id, include=[Letter.writer, Letter.answers], with_vectors=True)
    assert found is not None
    return found


def letter(session: Session) -> Letter:
    """Give a letter that is stored, as it was made."""
    session.insert_many([Writer(id=ADA, name="Ada"), Writer(id=BOB, name="Bob")])
    made = Letter(
        title="first",
        body="text",
        stars=3,
        tags=["a"],
        address=Address(city="Rome", floors=[1]),
        sent=datetime(2024, 5, 1, tzinfo=UTC),
        writer=ADA,
        subject=[1, 2],
        tone=[3, 4],
    )
    session.insert(made)
    return made


def test_what_was_assigned_or_changed_in_place_is_updated(session: Session) -> None:
    made = letter(session)
    session.insert(other := Letter(title="answer"))
    for known in (made, read(session, made.id)):
        assert session.update(known) is False
        # Another one changes everything that this one does not.
        session.update(
            Letter(id=made.id, title=f"not by {id(known)}", stars=9), fields=[Letter.title, Letter.stars, Letter.title]
        )
        known.body = None
        known.tags.append("b")
        assert known.address is not None
        known.address.floors.append(2)
        known.subject = [9, 9]
        known.writer = BOB
        known.answers.append(other)
        assert session.update(known) is True
        assert session.update(known) is False
        found = read(session, made.id)
        assert (found.title, found.stars, found.body) == (f"not by {id(known)}", 9, None)
        assert (found.tags, found.address) == (known.tags, known.address)
        assert found.sent == made.sent
        assert (Letter.writer.id_of(found), Letter.answers.ids_of(found)) == (BOB, Letter.answers.ids_of(known))
        assert numbers(found.subject) == [9, 9]
        assert numbers(found.tone) == [3, 4]
    assert found.tags == ["a", "b"]
    assert Letter.answers.ids_of(found) == [other.id]
    found.answers = []
    found.writer = None
    found.tags.clear()
    found.address = None
    assert session.update(found) is True
    emptied = read(session, made.id)
    assert (emptied.answers, emptied.writer, emptied.tags, emptied.address) == ([], None, [], None)


def test_what_was_not_loaded_stays(session: Session) -> None:
    made = letter(session)
    known = session.query(Letter).where(Letter.id == made.id).one().object
    known.title = "new"
    assert session.update(known) is True
    found = read(session, made.id)
    assert (found.title, Letter.writer.id_of(found)) == ("new", ADA)
    assert numbers(found.subject) == [1, 2]
    assert numbers(found.tone) == [3, 4]
    for store in (session.replace, session.upsert):
        with pytest.raises(InvalidValueError, match=r"it was read without it"):
            store(known)
    for field, text in ((Letter.subject, "read without it"), (Letter.writer, r"Letter\.writer was not loaded")):
        with pytest.raises(InvalidValueError, match=text):
            session.update(known, fields=[field])


def test_what_changed_must_be_known(session: Session) -> None:
    made = letter(session)
    strangers = (Letter(id=made.id, title="x"), copy(made), deepcopy(made), made.model_copy())
    for stranger in strangers:
        assert stranger.title == "x" or stranger == made
        with pytest.raises(InvalidValueError, match="neither read nor stored"):
            session.update(stranger)
    assert session.update(strangers[0], fields=[Letter.title]) is True
    with pytest.raises(
        InvalidValueError, match="neither read nor stored"
    ):  # of the other fields still nothing is known
        session.update(strangers[0])
    assert session.update(strangers[0], fields=[]) is False
    made.id = uuid4()
    with pytest.raises(InvalidValueError, match=r"Letter\.id was assigned"):
        session.update(made)
    with pytest.raises(InvalidValueError, match=r"Writer\.name is not a field of Letter"):
        session.update(made, fields=[Writer.name])
    with pytest.raises(InvalidValueError, match=r"Letter\.id is not a field|takes properties"):
        session.update(made, fields=[Letter.id])
    made.tone = None
    with pytest.raises(InvalidValueError, match=r"Letter\.tone is None.*replace\(\)"):
        session.update(made, fields=[Letter.tone])


def test_an_object_that_is_not_there(session: Session) -> None:
    nobody = Letter(title="x")
    with pytest.raises(ObjectNotFoundError, match=f"There is no Letter {nobody.id}") as missing:
        session.replace(nobody)
    assert (missing.value.object_id, missing.value.status) == (nobody.id, 404)
    for fields in ([Letter.title], [Letter.answers]):
        with pytest.raises(ObjectNotFoundError, match=str(nobody.id)):
            session.update(nobody, fields=fields)
    with pytest.raises(ObjectNotFoundError, match=str(nobody.id)):
        session.update(nobody, fields=[Letter.title], unchanged_since=datetime.now(UTC))
    with pytest.raises(InvalidValueError, match="neither read nor stored"):  # what failed does not count as stored
        session.update(nobody)


def test_a_failed_update_can_be_repeated(session: Session) -> None:
    made = letter(session)
    nowhere = uuid4()
    made.title, made.writer = "new", nowhere
    with pytest.raises(ObjectNotFoundError, match=str(nowhere)):
        session.update(made)
    made.stars = 7
    made.writer = BOB
    assert session.update(made) is True
    found = read(session, made.id)
    assert (found.title, found.stars, Letter.writer.id_of(found)) == ("new", 7, BOB)


def test_replace_and_upsert_leave_nothing_of_what_was(session: Session) -> None:
    made = letter(session)
    created = session.query(Letter).where(Letter.id == made.id).one().created_at
    session.replace(Letter(id=made.id, title="replaced", subject=[5, 5]))
    found = read(session, made.id)
    assert (found.title, found.body, found.tags, found.writer) == ("replaced", None, [], None)
    assert numbers(found.subject) == [5, 5]
    assert found.tone is None
    assert session.query(Letter).where(Letter.id == made.id).one().created_at == created

    fresh = Letter(id=made.id, title="upserted", writer=BOB, tone=[1, 1])
    assert session.upsert(fresh) == made.id
    found = read(session, made.id)
    assert (found.title, Letter.writer.id_of(found), found.subject) == ("upserted", BOB, None)
    fresh.tags.append("more")
    assert session.update(fresh) is True
    assert read(session, made.id).tags == ["more"]

    session.delete(made)
    assert session.upsert(fresh) == made.id
    assert read(session, made.id).tags == ["more"]
    with pytest.raises(ObjectNotFoundError) as dangling:
        session.upsert(Letter(title="x", writer=uuid4()))
    assert dangling.value.object_id is not None


def test_only_if_nobody_else_was_there(session: Session) -> None:
    made = letter(session)
    hit = session.query(Letter).where(Letter.id == made.id).one()
    assert hit.updated_at is not None
    hit.object.title = "mine"
    assert session.update(hit.object, unchanged_since=hit.updated_at) is True
    hit.object.title = "mine again"
    with pytest.raises(StaleObjectError, match=r"was updated at .*, after .*read the object again") as stale:
        session.update(hit.object, unchanged_since=hit.updated_at - timedelta(seconds=1))
    assert stale.value.object_id == made.id
    assert read(session, made.id).title == "mine"
    later = session.query(Letter).where(Letter.id == made.id).one().updated_at
    assert session.update(hit.object, unchanged_since=later) is True  # what was refused still counts as changed
    assert read(session, made.id).title == "mine again"
    with pytest.raises(InvalidValueError, match="time zone"):
        session.update(hit.object, unchanged_since=datetime(2024, 5, 1))


def test_tenants_and_consistency(session: Session, create: Callable[..., None]) -> None:
    create(Memo)
    session.tenants(Memo).create(Tenant("one"), Tenant("two"))
    one, two = session.tenant("one").consistency("ALL"), session.tenant("two")
    first = Memo(text="first")
    for view in (one, two):
        view.upsert(Memo(id=first.id, text="first"))
    one.replace(Memo(id=first.id, text="replaced"))
    known = one.get(Memo, first.id, include=[Memo.next])
    assert known is not None
    known.text, known.next = "updated", known
    assert one.update(known, unchanged_since=datetime.now(UTC) + timedelta(minutes=1)) is True
    found, other = one.get(Memo, first.id, include=[Memo.next]), two.get(Memo, first.id, include=[Memo.next])
    assert found is not None
    assert other is not None
    assert (found.text, Memo.next.id_of(found)) == ("updated", first.id)
    assert (other.text, other.next) == ("first", None)
    found.text = "x"
    for write in (session.upsert, session.replace, session.update):
        with pytest.raises(TenantError, match="no tenant is named"):
            write(found)
