"""Streams: every object once, in the order of ids, whatever is asked for with them; and pages as columns."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import numpy as np
import pytest
from pydantic import BaseModel
from zoo import created, unique_name

from weaviate_orm import (
    InvalidQueryError,
    MultiTenancy,
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


class Shelf(WeaviateModel, collection=unique_name("Shelf")):
    name: Property[str] = prop(tokenization="field")


class Volume(WeaviateModel, collection=unique_name("Volume")):
    number: Property[int]
    even: Property[bool]
    tags: Property[list[str]] = prop(default_factory=list)
    shelf: Reference[Shelf | None] = reference()
    shelves: References[Shelf] = references()
    embedding: Vector = vector()


class Lent(WeaviateModel, collection=unique_name("Lent"), multi_tenancy=MultiTenancy(auto_create=True)):
    number: Property[int]


class Card(BaseModel):
    number: int


SHELF = Shelf(id=UUID(int=7), name="top")
# Ids whose order is that of their bytes, not of the numbers, and not the one they are stored in.
VOLUMES = [
    Volume(
        id=UUID(int=(number * 2654435761 % 2**32) << 96 | number),
        number=number,
        even=number % 2 == 0,
        tags=[f"t{number % 3}"] * (number % 3),
        shelf=SHELF if number % 4 else None,
        shelves=[SHELF] * (number % 2),
        embedding=np.array([number, 1, 2], dtype=np.float32) if number % 5 else None,
    )
    for number in range(57)
]
ORDERED = sorted(VOLUMES, key=lambda volume: volume.id.bytes)


@pytest.fixture(scope="module", autouse=True)
def _data(session: Session) -> Iterator[None]:
    with created(session, Shelf, Volume, Lent):
        session.insert(SHELF)
        session.insert_many(VOLUMES)
        for tenant in ("north", "south"):
            session.tenant(tenant).insert_many([Lent(number=number) for number in range(5 if tenant == "north" else 3)])
        yield


@pytest.mark.parametrize("page_size", [1, 10, 19, 57, 1_000])
def test_every_object_once_in_the_order_of_ids(session: Session, page_size: int) -> None:
    stream = session.query(Volume).stream(page_size=page_size)
    assert [hit.id for hit in stream] == [each.id for each in ORDERED]
    assert stream.count() == len(ORDERED)
    assert max(map(len, stream.pages())) == min(page_size, len(ORDERED))


@pytest.mark.parametrize("page_size", [1, 10, 100])
def test_conditions_are_the_servers_work(session: Session, page_size: int) -> None:
    query = session.query(Volume).where((Volume.even == True) | (Volume.number > 50))  # noqa: E712  an expression
    stream = query.stream(page_size=page_size)
    wanted = [each.id for each in ORDERED if each.even or each.number > 50]
    assert [hit.id for hit in stream] == wanted
    assert stream.count() == len(wanted) == query.count()
    assert [hit.id for hit in query.stream(page_size=page_size, after=wanted[4])] == wanted[5:]
    assert query.stream(after=wanted[4]).count() == len(wanted) - 5
    assert [hit.id for hit in query.limit(7).stream(page_size=3)] == wanted[:7]


def test_a_stream_goes_on_where_one_ended(session: Session) -> None:
    query = session.query(Volume)
    first = next(iter(query.stream(page_size=20).pages()))
    assert first.last_id == ORDERED[19].id
    rest = query.stream(page_size=20, after=first.last_id)
    assert [hit.id for hit in rest] == [each.id for each in ORDERED[20:]]
    assert rest.count() == 37
    # An id that is not stored is a place too.
    assert next(iter(query.stream(after=UUID(int=ORDERED[5].id.int + 1)))).id == ORDERED[6].id
    assert list(query.stream(after=UUID(int=2**128 - 1))) == []


def test_limit_bounds_the_stream(session: Session) -> None:
    for limit in (1, 10, 25, 57, 1_000):
        stream = session.query(Volume).limit(limit).stream(page_size=10)
        assert [hit.id for hit in stream] == [each.id for each in ORDERED[:limit]]
        assert stream.count() == min(limit, 57)


def test_what_is_kept_here(session: Session) -> None:
    query = session.query(Volume)
    odd = [each.id for each in ORDERED if not each.even]
    stream = query.stream(page_size=4, keep=lambda volume: not volume.even)
    assert [hit.id for hit in stream] == odd
    assert [hit.id for hit in query.limit(5).stream(page_size=4, keep=lambda volume: not volume.even)] == odd[:5]
    pages = list(query.limit(5).stream(page_size=4, keep=lambda volume: not volume.even).pages())
    assert pages[-1].last_id == odd[4]
    assert list(query.stream(keep=lambda volume: False)) == []
    with pytest.raises(InvalidQueryError, match="known when they have been read"):
        stream.count()


def test_what_comes_with_the_objects(session: Session) -> None:
    query = session.query(Volume).include(Volume.shelf, Volume.shelves).with_vectors()
    for volume, wanted in zip(query.stream(page_size=10).objects(), ORDERED, strict=True):
        assert (volume.number, volume.tags) == (wanted.number, wanted.tags)
        assert (None if volume.shelf is None else volume.shelf.name) == ("top" if wanted.number % 4 else None)
        assert [each.id for each in volume.shelves] == [SHELF.id] * (wanted.number % 2)
        assert (volume.embedding is None) == (wanted.embedding is None)
        if wanted.embedding is not None:
            np.testing.assert_array_equal(volume.embedding, wanted.embedding)
    assert list(session.query(Volume).as_(Card).stream(page_size=10).objects()) == [
        Card(number=each.number) for each in ORDERED
    ]


def test_tenants(session: Session) -> None:
    assert session.tenant("north").query(Lent).stream(page_size=2).count() == 5
    assert sorted(each.number for each in session.tenant("south").query(Lent).stream(page_size=2).objects()) == [
        0,
        1,
        2,
    ]


def test_objects_that_go_while_the_stream_runs(session: Session) -> None:
    with created(session, Going):
        for conditions in ((), (Going.number >= 0,)):
            session.insert_many([Going(id=UUID(int=number + 1), number=number) for number in range(12)])
            seen: list[int] = []
            for page in session.query(Going).where(*conditions).stream(page_size=3).pages():
                seen += [hit.object.number for hit in page]
                assert page.last_id is not None
                session.delete(Going, page.last_id)  # where the next page begins
                session.delete(Going, UUID(int=2))  # behind
                session.delete(Going, UUID(int=9))  # ahead
                session.delete(Going, UUID(int=10))
            assert sorted(set(seen)) == seen
            assert {0, 1, 2, 3, 4, 5, 6, 7, 10, 11} <= set(seen) <= set(range(12))
            session.schema.drop(Going)
            session.schema.create(Going)


class Going(WeaviateModel, collection=unique_name("Going")):
    number: Property[int]


def test_columns_are_the_objects_values(session: Session) -> None:
    query = session.query(Volume).include(Volume.shelf, Volume.shelves).with_vectors()
    table = query.stream(page_size=10).to_arrow(metadata=["created_at"])
    assert table.column_names == [
        "id", "number", "even", "tags", "shelf", "shelves", "embedding", "created_at",
    ]  # fmt: skip
    shelf = {"id": str(SHELF.id), "name": "top"}
    wanted = [
        {
            "id": str(each.id),
            "number": each.number,
            "even": each.even,
            "tags": each.tags,
            "shelf": shelf if each.number % 4 else None,
            "shelves": [shelf] * (each.number % 2),
            "embedding": None if each.embedding is None else each.embedding.tolist(),
        }
        for each in ORDERED
    ]
    assert table.drop_columns(["created_at"]).to_pylist() == wanted
    assert table.column("created_at").to_pylist() == [hit.created_at for hit in query.stream()]
    assert str(table.schema.field("embedding").type) == "fixed_size_list<item: float>[3]"
    page = session.query(Volume).where(Volume.number == 3).page()
    assert (len(page), page[0].object.number, page.last_id) == (1, 3, VOLUMES[3].id)
    assert page.to_pandas()["number"].tolist() == [3]
    assert page.to_polars()["tags"].to_list() == [[]]


def test_what_searches_say_is_a_column_on_request(session: Session) -> None:
    page = session.query(Volume).near_vector([3, 1, 2]).limit(4).page()
    table = page.to_arrow(metadata=["distance", "certainty", "score"])
    assert table.column("distance").to_pylist() == [hit.distance for hit in page]
    assert table.column("certainty").to_pylist() == [hit.certainty for hit in page]
    assert table.column("score").to_pylist() == [None] * 4
