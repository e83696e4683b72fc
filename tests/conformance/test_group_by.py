"""Groups of results: which there are, what their keys are in Python, and what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel
from zoo import created, unique_name

from weaviate_orm import (
    Group,
    InvalidQueryError,
    Property,
    Reference,
    References,
    Session,
    Vector,
    WeaviateModel,
    prop,
    reference,
    references,
    vector,
)


class Shade(Enum):
    LIGHT = "light"
    DARK = "dark"


class Grade(Enum):
    FIRST = 1
    SECOND = 2


class Painter(WeaviateModel, collection=unique_name("Painter")):
    name: Property[str]


class Gallery(WeaviateModel, collection=unique_name("Gallery")):
    name: Property[str]


class Painting(WeaviateModel, collection=unique_name("Painting")):
    """Something of every type that makes groups."""

    title: Property[str]
    style: Property[str | None] = prop(default=None, name="styleOfIt")
    shade: Property[Shade | None] = prop(default=None)
    size: Property[Literal["small", "large"] | None] = prop(default=None)
    year: Property[int | None] = prop(default=None)
    grade: Property[Grade | None] = prop(default=None)
    height: Property[float | None] = prop(default=None)
    sold: Property[bool] = prop(default=False)
    price: Property[Decimal | None] = prop(default=None, data_type="text")
    finished: Property[datetime | None] = prop(default=None)
    shown: Property[date | None] = prop(default=None)
    code: Property[UUID | None] = prop(default=None)
    tags: Property[list[str]] = prop(default_factory=list)
    years: Property[set[int]] = prop(default_factory=set)
    marks: Property[list[float]] = prop(default_factory=list)
    flags: Property[list[bool]] = prop(default_factory=list)
    days: Property[list[date]] = prop(default_factory=list)
    codes: Property[list[UUID]] = prop(default_factory=list)
    shades: Property[list[Shade]] = prop(default_factory=list)
    painter: Reference[Painter | None] = reference()
    places: References[Gallery | Painter] = references()
    embedding: Vector = vector()


ADA, BEA = Painter(name="Ada"), Painter(name="Bea")
HALL = Gallery(name="Hall")
NOON = datetime(2020, 1, 2, 12, 30, tzinfo=UTC)
EARLIER = datetime(1999, 12, 31, 1, tzinfo=timezone(timedelta(hours=2)))
A, B, C, D = (
    Painting(
        title="apple blue",
        style="modern art",
        shade=Shade.LIGHT,
        size="small",
        year=2**40 + 1,
        grade=Grade.FIRST,
        height=1.5,
        sold=True,
        price=Decimal("1.50"),
        finished=NOON,
        shown=date(2020, 1, 2),
        code=UUID(int=7),
        tags=["sea", "ship"],
        years={1, 2},
        marks=[0.5, 1e30],
        flags=[True, False],
        days=[date(2020, 1, 2)],
        codes=[UUID(int=8), UUID(int=9)],
        shades=[Shade.LIGHT, Shade.DARK],
        painter=ADA,
        places=[HALL, BEA],
        embedding=[1, 0],
    ),
    Painting(title="apple red", style="modern art", year=-3, sold=True, tags=["sea"], painter=BEA, embedding=[1, 0.5]),
    Painting(title="apple", shade=Shade.DARK, finished=EARLIER, embedding=[1, 1]),
    Painting(title="pear", style="old", year=-3, height=0.0, grade=Grade.SECOND, painter=ADA, embedding=[0, 1]),
)


@pytest.fixture(scope="module", autouse=True)
def _data(session: Session) -> Iterator[None]:
    with created(session, Painter, Gallery, Painting):
        session.insert_many([ADA, BEA, HALL])
        session.insert_many([A, B, C, D])
        yield


def shape(groups: list[Group[Any, Painting]]) -> list[tuple[object, str]]:
    """Keys with the initials of what is in the groups."""
    names = {A.id: "A", B.id: "B", C.id: "C", D.id: "D"}
    return [(group.key, "".join(names[hit.object.id] for hit in group.hits)) for group in groups]


# In the order of the nearest hit, and within one object in the order of its elements.
BY_TYPE: list[tuple[Any, list[tuple[object, str]]]] = [
    (Painting.title, [("apple blue", "A"), ("apple red", "B"), ("apple", "C"), ("pear", "D")]),
    (Painting.style, [("modern art", "AB"), (None, "C"), ("old", "D")]),
    (Painting.shade, [(Shade.LIGHT, "A"), (None, "BD"), (Shade.DARK, "C")]),
    (Painting.size, [("small", "A"), (None, "BCD")]),
    (Painting.year, [(2**40 + 1, "A"), (-3, "BD"), (None, "C")]),
    (Painting.grade, [(Grade.FIRST, "A"), (None, "BC"), (Grade.SECOND, "D")]),
    (Painting.height, [(1.5, "A"), (None, "BC"), (0.0, "D")]),
    (Painting.sold, [(True, "AB"), (False, "CD")]),
    (Painting.price, [(Decimal("1.50"), "A"), (None, "BCD")]),
    (Painting.finished, [(NOON, "A"), (None, "BD"), (EARLIER, "C")]),
    (Painting.shown, [(date(2020, 1, 2), "A"), (None, "BCD")]),
    (Painting.code, [(UUID(int=7), "A"), (None, "BCD")]),
    (Painting.tags, [("sea", "AB"), ("ship", "A"), (None, "CD")]),
    (Painting.marks, [(0.5, "A"), (1e30, "A"), (None, "BCD")]),
    (Painting.flags, [(True, "A"), (False, "A"), (None, "BCD")]),
    (Painting.days, [(date(2020, 1, 2), "A"), (None, "BCD")]),
    (Painting.codes, [(UUID(int=8), "A"), (UUID(int=9), "A"), (None, "BCD")]),
    (Painting.shades, [(Shade.LIGHT, "A"), (Shade.DARK, "A"), (None, "BCD")]),
    (Painting.painter, [(ADA.id, "AD"), (BEA.id, "B"), (None, "C")]),
    (Painting.places, [(HALL.id, "A"), (BEA.id, "A"), (None, "BCD")]),
]


def test_keys_of_every_type(session: Session) -> None:
    for by, wanted in BY_TYPE:
        groups = session.query(Painting).near_vector([1, 0]).group_by(by).all()
        assert shape(groups) == wanted, str(by)
        assert [type(group.key) for group in groups] == [type(key) for key, _ in wanted], str(by)


def test_keys_of_a_set(session: Session) -> None:
    groups = session.query(Painting).near_vector([1, 0]).group_by(Painting.years).all()
    assert sorted(shape(groups)[:2], key=str) == [(1, "A"), (2, "A")]
    assert shape(groups)[2:] == [(None, "BCD")]


def test_what_a_group_says(session: Session) -> None:
    groups = session.query(Painting).near_vector([1, 0]).group_by(Painting.style, groups=2, per_group=1).all()
    assert shape(groups) == [("modern art", "A"), (None, "C")]
    first, second = groups
    assert (first.count, len(first), [each.title for each in first.objects]) == (1, 1, ["apple blue"])
    assert first.min_distance == first.max_distance == pytest.approx(0, abs=1e-6)
    assert second.min_distance == pytest.approx(1 - 0.5**0.5, abs=1e-6)
    (hit,) = second
    assert hit.group is None
    assert hit.distance == pytest.approx(1 - 0.5**0.5, abs=1e-6)
    assert (hit.score, hit.created_at, second.rerank_score) == (None, None, None)

    (near, _, _) = session.query(Painting).near_vector([1, 0]).group_by(Painting.style).all()
    assert [hit.group for hit in near] == ["modern art"] * 2
    assert (near.min_distance, near.max_distance) == (near.hits[0].distance, near.hits[1].distance)


def test_a_limit_is_of_what_is_grouped(session: Session) -> None:
    query = session.query(Painting).group_by(Painting.style).near_vector([1, 0])
    assert shape(query.limit(2).all()) == [("modern art", "AB")]
    # The offset is of groups, after a search by vector, of objects otherwise.
    assert shape(query.limit(2).offset(1).all()) == [(None, "C")]
    words = session.query(Painting).group_by(Painting.style).bm25("apple").where(Painting.style.is_null(False))
    (group,) = words.limit(2).offset(1).all()
    assert (group.key, len(group)) == ("modern art", 1)
    assert shape(query.where(Painting.sold == True).all()) == [("modern art", "AB")]  # noqa: E712  an expression


@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        (Painting.style, [("modern art", "AB")]),
        (Painting.finished, [(EARLIER, "C"), (NOON, "A")]),
        (Painting.code, [(UUID(int=7), "A")]),
        (Painting.tags, [("sea", "AB"), ("ship", "A")]),
    ],
    ids=str,
)
def test_keyword_and_hybrid_searches(session: Session, by: Any, wanted: list[tuple[object, str]]) -> None:
    """They leave out what has no value."""
    query = session.query(Painting).group_by(by)
    keyword = query.bm25("apple", properties=[Painting.title]).all()
    assert sorted((str(key), "".join(sorted(hits))) for key, hits in shape(keyword)) == sorted(
        (str(key), hits) for key, hits in wanted
    )
    assert {(group.min_distance, group.max_distance) for group in keyword} == {(None, None)}
    hybrid = query.hybrid("apple", vector=[1, 0], alpha=0.5, max_vector_distance=0.5).all()
    assert sorted((str(key), "".join(sorted(hits))) for key, hits in shape(hybrid)) == sorted(
        (str(key), hits) for key, hits in wanted
    )


def test_objects_with_references_and_vectors(session: Session) -> None:
    query = session.query(Painting).near_vector([1, 0]).group_by(Painting.painter)
    groups = query.include(Painting.painter, Painting.places).with_vectors().all()
    first = groups[0].hits[0]
    assert first.object.painter is not None
    assert first.object.painter.id == ADA.id
    assert {each.id for each in first.object.places} == {HALL.id, BEA.id}
    assert first.object.embedding is not None
    assert first.vectors["embedding"].tolist() == first.object.embedding.tolist() == [1, 0]
    assert groups[2].objects[0].painter is None


class Title(BaseModel):
    title: str


def test_a_projection(session: Session) -> None:
    query = session.query(Painting).near_vector([1, 0]).limit(2)
    for groups in (query.as_(Title).group_by(Painting.year).all(), query.group_by(Painting.year).as_(Title).all()):
        assert [(group.key, group.objects) for group in groups] == [
            (2**40 + 1, [Title(title="apple blue")]),
            (-3, [Title(title="apple red")]),
        ]


def test_iteration_and_nothing_found(session: Session) -> None:
    query = session.query(Painting).near_vector([1, 0]).group_by(Painting.sold)
    assert [group.key for group in query] == [True, False]
    assert query.where(Painting.title == "nothing like it").all() == []


def test_what_is_refused_is_not_sent(session: Session) -> None:
    query = session.query(Painting)
    with pytest.raises(InvalidQueryError, match=r"session\.aggregate"):
        query.group_by(Painting.style).all()
    with pytest.raises(InvalidQueryError, match="int, and every object would be left out"):
        query.bm25("apple").group_by(Painting.year).all()
