"""exists(), delete() and profile() through sessions."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from zoo import unique_name

from weaviate_orm import (
    DeletedObject,
    InvalidQueryError,
    InvertedIndex,
    MultiTenancy,
    Property,
    Session,
    Vector,
    WeaviateModel,
    prop,
    vector,
)


class Note(WeaviateModel, collection=unique_name("Note"), inverted_index=InvertedIndex(null_state=True)):
    text: Property[str]
    rank: Property[int] = prop(default=0)
    embedding: Vector = vector()


class Letter(WeaviateModel, collection=unique_name("Letter"), multi_tenancy=MultiTenancy()):
    text: Property[str]


NOTES = [
    Note(id=UUID(int=number + 1), text=f"word number{number}", rank=number, embedding=[1, number])
    for number in range(8)
]


def ids(*numbers: int) -> set[UUID]:
    return {UUID(int=number + 1) for number in numbers}


@pytest.fixture
def notes(session: Session, create: Callable[..., None]) -> Session:
    create(Note)
    session.insert_many(NOTES)
    return session


def test_exists(notes: Session) -> None:
    query = notes.query(Note)
    assert query.exists()
    assert query.offset(7).exists()
    assert not query.offset(8).exists()
    assert query.where(Note.rank > 6).exists()
    assert not query.where(Note.rank > 7).exists()
    assert query.bm25("number3").exists()
    assert not query.bm25("nothing").exists()
    assert query.near_vector([1, 0], distance=0.01).exists()
    assert not query.near_vector([-1, 0], distance=0.01).exists()
    assert query.after(UUID(int=7)).exists()
    assert not query.after(UUID(int=8)).exists()
    assert query.order_by(Note.rank).with_vectors().exists()


def test_delete(notes: Session) -> None:
    query = notes.query(Note)
    some = query.where(Note.rank < 3)
    rehearsed = some.delete(dry_run=True, verbose=True)
    assert (rehearsed.matches, rehearsed.successful, rehearsed.failed, rehearsed.dry_run) == (3, 3, 0, True)
    assert {each.id for each in rehearsed.objects} == ids(0, 1, 2)
    assert query.count() == 8

    report = some.delete()
    assert (report.matches, report.successful, report.failed, report.objects) == (3, 3, 0, ())
    assert some.delete().matches == 0
    assert query.count() == 5

    named = query.where((Note.rank == 4) | Note.id.in_(ids(6))).delete(verbose=True)
    assert set(named.objects) == {DeletedObject(each, True, None) for each in ids(4, 6)}
    assert {hit.id for hit in query} == ids(3, 5, 7)
    assert {hit.id for hit in query.near_vector([1, 0])} == ids(3, 5, 7)
    assert {hit.id for hit in query.bm25("word")} == ids(3, 5, 7)


def test_nothing_is_deleted_by_mistake(notes: Session) -> None:
    query = notes.query(Note)
    for refused in (query, query.where(Note.rank > 1).limit(1), query.where(Note.rank > 1).bm25("word")):
        with pytest.raises(InvalidQueryError):
            refused.delete()
    assert query.count() == 8


def test_delete_in_one_tenant(session: Session, create: Callable[..., None]) -> None:
    create(Letter)
    session.tenants(Letter).create("acme", "globex")
    for name in ("acme", "globex"):
        session.tenant(name).insert_many([Letter(text="one"), Letter(text="two")])
    assert session.tenant("acme").query(Letter).where(Letter.text == "one").delete().successful == 1
    assert session.tenant("acme").query(Letter).count() == 1
    assert session.tenant("globex").query(Letter).count() == 2
    assert not session.tenant("acme").query(Letter).where(Letter.text == "one").exists()
    assert session.tenant("globex").query(Letter).where(Letter.text == "one").exists()


def test_profile(notes: Session) -> None:
    query = notes.query(Note)
    kinds = {
        "listing": (query.limit(2), {"object"}),
        "condition": (query.where(Note.rank > 2), {"object"}),
        "order": (query.order_by(Note.rank), {"object"}),
        "vector": (query.near_vector([1, 0]).limit(3), {"vector"}),
        "object": (query.near_object(UUID(int=3)), {"vector"}),
        "words": (query.bm25("word"), {"keyword"}),
        "hybrid": (query.hybrid("word", vector=[1, 0]), {"keyword", "vector"}),
        "words alone": (query.hybrid("word", alpha=0), {"keyword"}),
        "vectors alone": (query.hybrid("word", alpha=1, vector=[1, 0]), {"vector"}),
        "nothing": (query.bm25("nothing"), {"keyword"}),
    }
    for name, (profiled, searches) in kinds.items():
        profile = profiled.profile()
        assert [hit.id for hit in profile.hits] == [hit.id for hit in profiled.all()], name
        (shard,) = profile.shards
        assert shard.node
        assert shard.name.startswith(Note.__name__.lower()), name
        assert set(shard.searches) == searches, name
        assert all(details["total_took"].endswith("s") for details in shard.searches.values()), name
