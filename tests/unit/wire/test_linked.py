"""What is asked of references: the requests it takes, and how their replies become one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pytest
from pydantic import BaseModel

from weaviate_orm import (
    FromHit,
    Inclusion,
    Property,
    Reference,
    ReferenceNotLoadedError,
    References,
    Vector,
    WeaviateModel,
    reference,
    references,
    vector,
)
from weaviate_orm.model.attributes import as_inclusion
from weaviate_orm.model.info import model_info
from weaviate_orm.query.projection import project
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.hydrate import compile_hydrate
from weaviate_orm.wire.identity import result_id_text
from weaviate_orm.wire.linked import Choice, join, linked, name_targets, remove, requests, suspects
from weaviate_orm.wire.requested import asked, set_links


class Person(WeaviateModel, collection="LinkedPerson"):
    name: Property[str]
    boss: Reference[Person | None] = reference()
    face: Vector = vector()


class Topic(WeaviateModel, collection="LinkedTopic"):
    word: Property[str]
    links: References[Person | Topic] = references()
    meaning: Vector = vector()


class Page(WeaviateModel, collection="LinkedPage"):
    title: Property[str]
    about: References[Person | Topic] = references()
    one: Reference[Person | Topic | None] = reference(name="theOne")
    author: Reference[Person | None] = reference()
    editor: Reference[Person | None] = reference()
    related: References[Page] = references()


def rows(*inclusions: Any) -> list[str]:
    """Give what each request asks, as text: ``about>Person(boss>Person)`` and with a ``+`` where only more references are asked for."""

    def shown(choice: Choice) -> str:
        inner = ", ".join(map(shown, choice.links))
        plus = "" if choice.whole else "+"
        return f"{choice.reference.field}>{choice.target.info.name}{plus}" + (f"({inner})" if inner else "")

    found = requests(model_info(Page), None, tuple(map(as_inclusion, inclusions)))
    return [" ".join(map(shown, row)) for row in found]


def test_one_request_where_every_reference_has_one_target() -> None:
    assert rows() == [""]
    assert rows(Page.author, Page.editor) == ["author>Person editor>Person"]
    assert rows(Page.author.include(Person.boss)) == ["author>Person(boss>Person)"]


def test_one_request_a_target() -> None:
    assert rows(Page.about, Page.one) == ["about>Person one>Person", "about>Topic one>Topic"]
    assert rows(Page.author, Page.one) == ["author>Person one>Person", "one>Topic"]


def test_several_targets_at_depth() -> None:
    assert rows(Page.about.include(Topic.links)) == [
        "about>Person",
        "about>Topic(links>Person)",
        "about>Topic+(links>Topic)",
    ]


def test_references_whose_objects_the_server_would_mix_up_go_apart() -> None:
    """It reads an object once a request, with the references that one of those leading to it asks for."""
    assert rows(Page.author.include(Person.boss), Page.editor) == ["author>Person(boss>Person)", "editor>Person"]
    assert rows(Page.author.include(Person.boss), Page.editor.include(Person.boss)) == [
        "author>Person(boss>Person) editor>Person(boss>Person)"
    ]


def test_what_is_asked_for_below_is_asked_for_above() -> None:
    """The server reads an object that comes on two levels with what the upper one asks for."""
    below = Page.related.include(Page.related.include(Page.author.include(Person.boss)))
    (row,) = requests(model_info(Page), None, (below,))
    (upper,) = row
    assert [(each.reference.field, each.extra) for each in upper.links] == [("related", False), ("author", True)]
    assert [(each.reference.field, each.extra) for each in upper.links[0].links] == [("author", False)]
    # What was only asked for to have it below is taken out again.
    person = item(P, 3, name="p")
    reply = item(
        "",
        1,
        held(
            "related",
            item(
                "",
                2,
                held("related", item("", 4, held("author", person), title="b")),
                held("author", person),
                title="a",
            ),
        ),
    )
    name_targets(reply, row)
    (related,) = reply.ref_props[0].properties
    assert [len(each.properties) for each in related.ref_props] == [1, 0]
    assert len(related.ref_props[0].properties[0].ref_props[0].properties) == 1


def message(*inclusions: Inclusion) -> pb.PropertiesRequest:
    return asked(model_info(Page), None, inclusions, (), ()).properties


def test_vectors_are_asked_for_wherever_a_reference_leads_to_the_collection() -> None:
    with_face = Page.author.include(with_vectors=[Person.face])
    author, editor = message(with_face, as_inclusion(Page.editor)).ref_properties
    assert list(author.metadata.vectors) == list(editor.metadata.vectors) == ["face"]
    (alone,) = message(as_inclusion(Page.editor)).ref_properties
    assert not alone.metadata.vectors
    every = requests(model_info(Page), None, (Page.about.include(with_vectors=True),))
    found = []
    for row in every:
        request = pb.PropertiesRequest()
        set_links(request, row)
        found += [(each.target_collection, list(each.metadata.vectors)) for each in request.ref_properties]
    assert found == [("LinkedPerson", ["face"]), ("LinkedTopic", ["meaning"])]


def test_ids_alone() -> None:
    (author,) = message(Page.author.ids()).ref_properties
    assert author.metadata == pb.MetadataRequest(uuid=True)
    assert author.HasField("properties")  # left out, it would mean all
    assert author.properties == pb.PropertiesRequest()


class PersonCard(BaseModel):
    name: str
    since: Annotated[datetime, FromHit("created_at")]
    face: Annotated[npt.NDArray[np.float32] | None, FromHit()]


class TopicCard(BaseModel):
    word: str


class PageCard(BaseModel):
    about: list[PersonCard | TopicCard]
    author: PersonCard | None


def test_a_projection_asks_for_its_fields_alone() -> None:
    info = model_info(Page)
    request = asked(info, project(info, PageCard), (), (), ()).properties
    assert not request.non_ref_properties
    about, author = request.ref_properties
    assert (about.target_collection, author.target_collection) == ("LinkedPerson", "")
    for each in (about, author):
        assert list(each.properties.non_ref_properties) == ["name"]
        assert each.metadata == pb.MetadataRequest(uuid=True, creation_time_unix=True, vectors=["face"])


# Joining replies


def identified(number: int) -> pb.MetadataResult:
    return pb.MetadataResult(id=str(UUID(int=number)))


def item(collection: str, number: int, *refs: pb.RefPropertiesResult, **fields: str) -> pb.PropertiesResult:
    return pb.PropertiesResult(
        target_collection=collection,
        metadata=identified(number),
        non_ref_props=pb.Properties(fields={name: pb.Value(text_value=each) for name, each in fields.items()}),
        ref_props=refs,
    )


def held(name: str, *items: pb.PropertiesResult) -> pb.RefPropertiesResult:
    return pb.RefPropertiesResult(prop_name=name, properties=items)


P, T = "LinkedPerson", "LinkedTopic"


def joined(inclusions: tuple[Inclusion, ...], *replies: pb.PropertiesResult) -> pb.PropertiesResult:
    asked_rows = requests(model_info(Page), None, inclusions)
    assert len(asked_rows) == len(replies)
    first, *others = replies
    name_targets(first, asked_rows[0])
    for choices, reply in zip(asked_rows[1:], others, strict=True):
        join(first, reply, choices)
    return first


def page(*inclusions: Inclusion, reply: pb.PropertiesResult) -> Page:
    found = compile_hydrate(model_info(Page), None, inclusions, ())(reply, identified(1))
    assert isinstance(found, Page)
    return found


def test_objects_come_by_target_and_then_as_stored() -> None:
    inclusion = as_inclusion(Page.about)
    one = item("", 1, held("about", item("Alias", 5, name="b"), item("Alias", 4, name="a")), title="t")
    two = item("", 1, held("about", item("Other", 7, word="c"), item("Other", 6, word="d")))
    found = page(inclusion, reply=joined((inclusion,), one, two)).about
    assert [(type(each), each.id.int) for each in found] == [(Person, 5), (Person, 4), (Topic, 7), (Topic, 6)]


def test_a_property_that_only_a_later_reply_has() -> None:
    inclusion = as_inclusion(Page.one)
    found = joined((inclusion,), item("", 1, title="t"), item("", 1, held("theOne", item("", 6, word="d"))))
    assert isinstance(page(inclusion, reply=found).one, Topic)


def test_references_behind_references() -> None:
    inclusion = Page.about.include(Topic.links)
    one = item("", 1, held("about", item("", 2, name="p")), title="t")
    # The same topic twice: a list may hold a reference more than once.
    twice = [item("", 3, held("links", item("", 4, name="inner")), word="outer") for _ in range(2)]
    two = item("", 1, held("about", *twice))
    three = item("", 1, held("about", *(item("", 3, held("links", item("", 5, word="q"))) for _ in range(2))))
    person, *topics = page(inclusion, reply=joined((inclusion,), one, two, three)).about
    assert person.id.int == 2
    assert [[each.id.int for each in topic.links] for topic in topics if isinstance(topic, Topic)] == [[4, 5], [4, 5]]


def test_ids_that_several_targets_have_are_suspects() -> None:
    inclusion = Page.about.include(Topic.links)
    info, links = model_info(Page), linked(model_info(Page), None, (inclusion,))
    reply = item(
        "",
        1,
        held(
            "about",
            item(P, 2, name="p"),
            item(P, 3, name="p"),
            item(T, 3, held("links", item(T, 4, word="x"), item(P, 4, name="y")), word="t"),
        ),
    )
    found = list(suspects(info, reply, "s", links))
    assert [
        (each.source.name, each.reference.field, each.target.name, each.id[-1], source[-1]) for each, source in found
    ] == [
        ("Page", "about", "Person", "3", "s"),
        ("Page", "about", "Topic", "3", "s"),
        ("Topic", "links", "Topic", "4", "3"),
        ("Topic", "links", "Person", "4", "3"),
    ]
    remove(info, reply, "s", links, {found[0], found[2]})
    about = reply.ref_props[0].properties
    assert [(each.target_collection, result_id_text(each.metadata)[-1]) for each in about] == [(P, "2"), (T, "3")]
    assert [each.target_collection for each in about[1].ref_props[0].properties] == [P]


def test_an_id_that_a_reference_holds_of_two_targets() -> None:
    """The server gives each of the objects for each time that the reference holds the id."""
    inclusion = Page.about.include(Topic.links)
    info, links = model_info(Page), linked(model_info(Page), None, (inclusion,))
    persons, topics = [item(P, 3, name="p") for _ in range(2)], [item(T, 3, word="t") for _ in range(2)]
    twice = [item(P, 2, name="held twice") for _ in range(2)]
    reply = item("", 1, held("about", *persons, *twice, *topics))
    remove(info, reply, "s", links, set())
    about = reply.ref_props[0].properties
    assert [(each.target_collection, result_id_text(each.metadata)[-1]) for each in about] == [
        (P, "3"),
        (P, "2"),
        (P, "2"),
        (T, "3"),
    ]


# From the reply to objects


def test_ids_are_known_and_objects_are_not() -> None:
    inclusions = (Page.author.ids(), Page.about.ids())
    reply = item("", 1, held("author", item("", 2)), held("about", item(P, 3), item(T, 4)), title="t")
    found = page(*inclusions, reply=reply)
    assert Page.author.id_of(found) == UUID(int=2)
    assert [each.int for each in Page.about.ids_of(found)] == [3, 4]
    for field in ("author", "about"):
        with pytest.raises(ReferenceNotLoadedError, match=rf"Page\.{field} holds ids, not loaded objects.*include"):
            getattr(found, field)
    assert Page.author.id_of(page(*inclusions, reply=item("", 1, title="t"))) is None


def test_vectors_of_referenced_objects() -> None:
    raw = np.array([1, 2], "<f4").tobytes()
    author = item("", 2, name="p")
    author.metadata.vectors.add(name="face", vector_bytes=raw)
    reply = item("", 1, held("author", author), title="t")
    found = page(Page.author.include(with_vectors=True), reply=reply).author
    assert found is not None
    assert found.face is not None
    assert found.face.tolist() == [1, 2]
    without = page(as_inclusion(Page.author), reply=reply).author
    assert without is not None
    assert without.face is None


def test_projected_references() -> None:
    info = model_info(Page)
    hydrate = compile_hydrate(info, project(info, PageCard), (), ())
    person = item(P, 2, name="p")
    person.metadata.creation_time_unix = 1000
    person.metadata.creation_time_unix_present = True
    found = hydrate(item("", 1, held("about", person, item(T, 3, word="w"))), identified(1))
    assert found.author is None
    first, second = found.about
    assert (type(first), first.name, first.since.timestamp(), first.face) == (PersonCard, "p", 1.0, None)
    assert second == TopicCard(word="w")
