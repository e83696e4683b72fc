"""What include() brings: references to several models, ids alone, vectors, and references side by side that share objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from zoo import created, unique_name

from weaviate_orm import (
    Property,
    Reference,
    ReferenceNotLoadedError,
    References,
    Session,
    Vector,
    WeaviateModel,
    prop,
    reference,
    references,
    vector,
)


class Person(WeaviateModel, collection=unique_name("Person")):
    name: Property[str]
    boss: Reference[Person | None] = reference()
    face: Vector = vector()


class Topic(WeaviateModel, collection=unique_name("Topic")):
    name: Property[str]
    links: References[Person | Topic] = references()
    meaning: Vector = vector()


class Page(WeaviateModel, collection=unique_name("Page")):
    title: Property[str] = prop(tokenization="field")
    about: References[Person | Topic] = references()
    best: Reference[Person | Topic | None] = reference()
    author: Reference[Person | None] = reference()
    editors: References[Person] = references()
    related: References[Page] = references()
    embedding: Vector = vector()


def number(value: int) -> UUID:
    return UUID(int=value)


ADA, BOB = (Person(id=number(each), name=f"P{each}", face=[each, 1]) for each in (1, 2))
SAME_ID_PERSON = Person(id=number(9), name="P9", face=[9, 1])
SAME_ID_TOPIC = Topic(id=number(9), name="T9", meaning=[9, 1])
INNER = Topic(id=number(3), name="T3", links=[SAME_ID_TOPIC, ADA], meaning=[3, 1])
OUTER = Topic(id=number(4), name="T4", links=[BOB, INNER], meaning=[4, 1])
FIRST = Page(
    id=number(11),
    title="first",
    about=[OUTER, BOB, SAME_ID_TOPIC, ADA],
    best=SAME_ID_TOPIC,
    author=ADA,
    editors=[ADA, BOB],
    embedding=[1, 0],
)
SECOND = Page(id=number(12), title="second", about=[ADA, SAME_ID_PERSON], best=SAME_ID_PERSON, embedding=[1, 1])
THIRD = Page(id=number(13), title="third", embedding=[0, 1])

FOURTH = Page(id=number(14), title="fourth", author=BOB, related=[FIRST])
FIFTH = Page(id=number(15), title="fifth", author=BOB, related=[FIRST, FOURTH])


@pytest.fixture(scope="module", autouse=True)
def _data(session: Session) -> Iterator[None]:
    with created(session, Person, Topic, Page):
        session.insert_many([ADA, BOB, SAME_ID_PERSON])
        session.insert_many([Person(id=ADA.id, name=ADA.name, boss=BOB, face=ADA.face)])
        session.insert_many([SAME_ID_TOPIC])
        session.insert(INNER)
        session.insert(OUTER)
        session.insert_many([FIRST, SECOND, THIRD])
        session.insert(FOURTH)
        session.insert(FIFTH)
        yield


def names(objects: Any) -> list[str]:
    return [each.name for each in objects]


def test_several_models_by_model_and_then_as_stored(session: Session) -> None:
    """An id that a person and a topic have is the one that is meant."""
    hits = session.query(Page).near_vector([1, 0]).include(Page.about, Page.best).all()
    assert [hit.object.title for hit in hits] == ["first", "second", "third"]
    assert [names(hit.object.about) for hit in hits] == [["P2", "P1", "T4", "T9"], ["P1", "P9"], []]
    assert [None if hit.object.best is None else hit.object.best.name for hit in hits] == ["T9", "P9", None]
    assert [type(each) for each in hits[0].object.about] == [Person, Person, Topic, Topic]
    assert hits[1].distance == pytest.approx(1 - 2**-0.5, abs=1e-6)


def test_one_id_of_several_models(session: Session) -> None:
    """For each of the two the server gives both."""
    both = Page(id=number(16), title="both", about=[ADA, SAME_ID_TOPIC, SAME_ID_PERSON])
    session.insert(both)
    try:
        query = session.query(Page).where(Page.id == both.id)
        assert names(query.include(Page.about).one().object.about) == ["P1", "P9", "T9"]
        found = query.include(Page.about.ids()).one().object
        assert Page.about.ids_of(found) == [ADA.id, SAME_ID_PERSON.id, SAME_ID_TOPIC.id]
    finally:
        session.delete(both)


def test_a_filter_looks_at_the_model_too(session: Session) -> None:
    query = session.query(Page).order_by(Page.title)
    assert [each.title for each in query.where(Page.best.has(Person.id == number(9))).objects()] == ["second"]
    assert [each.title for each in query.where(Page.best.has(Topic.id == number(9))).objects()] == ["first"]


def test_several_models_in_groups(session: Session) -> None:
    query = session.query(Page).near_vector([1, 0]).include(Page.about)
    groups = query.group_by(Page.title, groups=2, per_group=1).all()
    assert [names(group.hits[0].object.about) for group in groups] == [["P2", "P1", "T4", "T9"], ["P1", "P9"]]


def test_several_models_in_every_terminal(session: Session) -> None:
    query = session.query(Page).where(Page.title == "first").include(Page.about)
    wanted = ["P2", "P1", "T4", "T9"]
    assert [names(hit.object.about) for hit in query] == [wanted]
    assert names(query.one().object.about) == wanted
    first = query.first()
    assert first is not None
    assert names(first.object.about) == wanted
    assert [names(each.about) for each in query.objects()] == [wanted]
    got = session.get(Page, FIRST.id, include=[Page.about])
    assert got is not None
    assert names(got.about) == wanted
    several = session.get_many(Page, [THIRD.id, FIRST.id], include=[Page.about])
    assert [None if each is None else names(each.about) for each in several] == [[], wanted]


def test_several_models_at_depth(session: Session) -> None:
    deep = Page.about.include(Topic.links.include(Topic.links, Person.boss), with_vectors=[Topic.meaning])
    page = session.query(Page).where(Page.title == "first").include(deep).one().object
    outer = page.about[2]
    assert isinstance(outer, Topic)
    assert outer.meaning is not None
    assert outer.meaning.tolist() == [4, 1]
    assert names(outer.links) == ["P2", "T3"]
    bob, inner = outer.links
    assert isinstance(bob, Person)
    assert isinstance(inner, Topic)
    assert bob.boss is None
    assert inner.meaning is None
    assert names(inner.links) == ["P1", "T9"]


def test_ids_alone(session: Session) -> None:
    inclusions = [Page.about.ids(), Page.best.ids(), Page.editors.ids(), Page.author.ids()]
    first, second, third = (
        session.query(Page).where(Page.related.count() == 0).order_by(Page.title).include(*inclusions).objects()
    )
    assert Page.about.ids_of(first) == [BOB.id, ADA.id, OUTER.id, SAME_ID_TOPIC.id]
    assert [Page.best.id_of(each) for each in (first, second, third)] == [SAME_ID_TOPIC.id, SAME_ID_PERSON.id, None]
    assert Page.editors.ids_of(first) == [ADA.id, BOB.id]
    assert [Page.author.id_of(each) for each in (first, second)] == [ADA.id, None]
    with pytest.raises(ReferenceNotLoadedError, match=r"Page\.author holds ids.*include\(Page\.author\)"):
        first.author


def test_vectors_of_referenced_objects(session: Session) -> None:
    """Also of an object that another reference leads to, behind which no vectors are asked for."""
    query = session.query(Page).where(Page.title == "first")
    page = query.include(Page.editors.include(with_vectors=True), Page.author).one().object
    assert [None if each.face is None else each.face.tolist() for each in page.editors] == [[1, 1], [2, 1]]
    assert page.author is not None
    assert page.author.face is None


def test_references_side_by_side_that_share_objects(session: Session) -> None:
    """Each brings the references that were asked for behind it; the server alone would give those of one of the two."""
    query = session.query(Page).where(Page.title == "first")
    for _ in range(3):
        page = query.include(Page.author.include(Person.boss), Page.editors).one().object
        assert page.author is not None
        assert page.author.boss is not None
        assert page.author.boss.name == "P2"
        assert names(page.editors) == ["P1", "P2"]
        with pytest.raises(ReferenceNotLoadedError):
            page.editors[0].boss


def test_an_object_on_two_levels(session: Session) -> None:
    """The lower one has what was asked for there, although the server alone would give it what the upper one asks for."""
    below = Page.related.include(Page.related.include(Page.author.include(Person.boss)))
    page = session.query(Page).where(Page.title == "fifth").include(below).one().object
    first, fourth = page.related
    assert first.related == []
    with pytest.raises(ReferenceNotLoadedError):
        first.author
    (again,) = fourth.related
    assert again.author is not None
    assert again.author.boss is not None
    assert again.author.boss.name == "P2"
