"""What include() may say about what references lead to."""

from __future__ import annotations

from typing import Any

import pytest

from weaviate_orm import (
    Inclusion,
    InvalidQueryError,
    Property,
    Reference,
    References,
    Vector,
    WeaviateModel,
    reference,
    references,
    vector,
)
from weaviate_orm.model.attributes import as_inclusion
from weaviate_orm.model.info import model_info
from weaviate_orm.query.checks import check_inclusion, merged


class Plain(WeaviateModel, collection="InclusionPlain"):
    name: Property[str]


class Person(WeaviateModel, collection="InclusionPerson"):
    boss: Reference[Person | None] = reference()
    face: Vector = vector()
    voice: Vector = vector()


class Page(WeaviateModel, collection="InclusionPage"):
    author: Reference[Person] = reference()
    about: References[Person | Plain] = references()
    plain: Reference[Plain] = reference()
    face: Vector = vector()


def checked(inclusion: Inclusion) -> str:
    check_inclusion(model_info(Page), inclusion)
    return str(inclusion)


def test_what_may_be_said_reads_as_it_was_written() -> None:
    assert checked(as_inclusion(Page.about)) == "Page.about"
    assert checked(Page.author.ids()) == "Page.author.ids()"
    assert checked(Page.author.include(with_vectors=True)) == "Page.author.include(with_vectors=True)"
    both = Page.about.include(Person.boss.ids(), with_vectors=[Person.face, Person.voice])
    assert checked(both) == "Page.about.include(Person.boss.ids(), with_vectors=[Person.face, Person.voice])"
    assert checked(Page.about.include(Person.boss)) == "Page.about.include(Person.boss)"


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: Page.author.include(with_vectors=[Page.face]),
            r"leads to Person, which Page\.face does not belong to",
        ),
        (lambda: Page.plain.include(with_vectors=True), r"Page\.plain leads to Plain, which declares no vector"),
        (
            lambda: Page.author.include(with_vectors=["face"]),  # type: ignore[list-item]  # on purpose
            r"list of vectors of the model that Page\.author leads to",
        ),
        (lambda: Page.plain.include(Person.boss), r"Page\.plain leads to Plain, which Person\.boss does not belong to"),
        (lambda: Person.boss.ids(), r"Person\.boss is not a property of Page"),
    ],
)
def test_refusals(build: Any, message: str) -> None:
    with pytest.raises(InvalidQueryError, match=message):
        checked(build())


def test_asked_for_twice_is_asked_for_once_with_all_of_it() -> None:
    def both(*inclusions: Any) -> str:
        (found,) = merged(map(as_inclusion, inclusions))
        return str(found)

    link = Page.author
    assert both(link.ids(), link.ids()) == "Page.author.ids()"
    assert both(link.ids(), link) == both(link, link.ids()) == "Page.author"
    faces, voices = link.include(with_vectors=[Person.face]), link.include(with_vectors=[Person.voice])
    assert both(faces, link) == both(link, faces, faces) == "Page.author.include(with_vectors=[Person.face])"
    assert both(faces, voices) == "Page.author.include(with_vectors=[Person.face, Person.voice])"
    assert both(faces, link.include(with_vectors=True)) == "Page.author.include(with_vectors=True)"
    nested = link.include(Person.boss.include(Person.boss))
    assert both(nested, link.include(Person.boss.ids())) == "Page.author.include(Person.boss.include(Person.boss))"
