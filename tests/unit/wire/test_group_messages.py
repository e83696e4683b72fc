"""A grouping as part of a search request, and the groups of replies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any
from uuid import UUID

import pytest
from zoo import Article

from weaviate_orm import (
    Group,
    HydrationError,
    Property,
    ProtocolError,
    Reference,
    Session,
    Vector,
    WeaviateModel,
    prop,
    reference,
    vector,
)
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.grouping import compile_groups
from weaviate_orm.wire.search import compile_search


class Mood(Enum):
    CALM = "calm"


class Step(IntEnum):
    ONE = 1


class Thing(WeaviateModel):
    """Keys of every type; those without ``None`` may be missing in the collection all the same."""

    name: Property[str]
    note: Property[str | None] = prop(default=None)
    mood: Property[Mood | None] = prop(default=None)
    step: Property[Step | None] = prop(default=None)
    whole: Property[int]
    standard: Property[int] = prop(default=7)
    fresh: Property[str] = prop(default="new")
    number: Property[float]
    truth: Property[bool]
    price: Property[Decimal] = prop(data_type="text")
    prices: Property[list[Decimal]] = prop(data_type="text[]", default_factory=list)
    instant: Property[datetime | None] = prop(default=None)
    day: Property[date | None] = prop(default=None)
    days: Property[list[date]] = prop(default_factory=list)
    code: Property[UUID | None] = prop(default=None)
    parent: Reference[Thing | None] = reference()
    embedding: Vector = vector()


ID = UUID(int=5)


def read_key(by: Any, name: str) -> object:
    query = Session().query(Thing).near_vector([1.0]).group_by(by)
    (group,) = compile_groups(query._statement).read(pb.SearchReply(group_by_results=[pb.GroupByResult(name=name)]))
    key: object = group.key
    return key


def test_the_request() -> None:
    search = Session().query(Article).near_vector([1.0]).limit(5)
    request = compile_groups(search.group_by(Article.author, groups=3, per_group=2)._statement).request
    assert isinstance(request, pb.SearchRequest)
    assert request.group_by == pb.GroupBy(path=["author"], number_of_groups=3, objects_per_group=2)
    request.ClearField("group_by")
    assert request == compile_search(search._statement).request


@pytest.mark.parametrize(
    ("by", "name", "key"),
    [
        (Thing.name, "a b", "a b"),
        (Thing.mood, "calm", Mood.CALM),
        (Thing.step, "1", Step.ONE),
        (Thing.whole, "-3", -3),
        (Thing.whole, "1e+21", 10**21),
        (Thing.number, "1.5", 1.5),
        (Thing.number, "2.25e+22", 2.25e22),
        (Thing.truth, "true", True),
        (Thing.truth, "false", False),
        (Thing.price, "1.50", Decimal("1.50")),
        (Thing.prices, "1.50", Decimal("1.50")),
        (Thing.instant, "2020-01-02T03:04:05.678901Z", datetime(2020, 1, 2, 3, 4, 5, 678901, UTC)),
        (Thing.day, "2020-01-02T00:00:00Z", date(2020, 1, 2)),
        (Thing.days, "2020-01-02T00:00:00Z", date(2020, 1, 2)),
        (Thing.code, str(ID), ID),
        (Thing.parent, f"weaviate://localhost/Thing/{ID}", ID),
        (Thing.parent, f"weaviate://localhost/{ID}", ID),
    ],
    ids=str,
)
def test_keys(by: Any, name: str, key: object) -> None:
    found = read_key(by, name)
    assert found == key
    assert type(found) is type(key)


@pytest.mark.parametrize(
    ("by", "key"),
    [
        (Thing.note, None),
        (Thing.mood, None),
        (Thing.days, None),
        (Thing.parent, None),
        (Thing.name, ""),  # as the server puts empty texts into the same group
        (Thing.standard, 7),  # as an object without it has
        (Thing.fresh, ""),
    ],
    ids=str,
)
def test_keys_of_missing_values(by: Any, key: object) -> None:
    assert read_key(by, "") == key


@pytest.mark.parametrize(
    ("by", "name", "error", "message"),
    [
        (Thing.whole, "", HydrationError, r"Thing\.whole is required, but the collection has objects without it"),
        (Thing.mood, "loud", HydrationError, r"Thing\.mood has the value 'loud' in the collection"),
        (Thing.step, "2", HydrationError, r"Thing\.step has the value 2 "),
        (Thing.whole, "many", HydrationError, r"Thing\.whole has the value 'many'"),
        (Thing.whole, "+Inf", HydrationError, r"Thing\.whole has the value '\+Inf'"),
        (Thing.truth, "yes", HydrationError, r"Thing\.truth has the value 'yes'"),
        (Thing.price, "much", HydrationError, r"Thing\.price has the value 'much'"),
        (Thing.instant, "soon", HydrationError, r"Thing\.instant holds the date 'soon'"),
        (Thing.code, "none", HydrationError, r"Thing\.code has the value 'none'"),
        (Thing.parent, "nowhere", ProtocolError, "ends with no id"),
    ],
    ids=str,
)
def test_keys_that_do_not_fit(by: Any, name: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read_key(by, name)


def group_of(search: Callable[[Any], Any], **fields: Any) -> Group[Any, Any]:
    query = search(Session().query(Thing).group_by(Thing.name))
    reply = pb.SearchReply(group_by_results=[pb.GroupByResult(name="x", **fields)])
    (group,) = compile_groups(query._statement).read(reply)
    return group


def test_distances_are_of_searches_by_vector() -> None:
    numbers = {"number_of_objects": 3, "min_distance": 0.25, "max_distance": 0.5}
    near = group_of(lambda query: query.near_vector([1.0]), **numbers)
    assert (near.count, near.min_distance, near.max_distance) == (3, 0.25, 0.5)
    for search in (lambda query: query.bm25("x"), lambda query: query.hybrid("x", vector=[1.0])):
        group = group_of(search, **numbers)
        assert (group.count, group.min_distance, group.max_distance) == (3, None, None)


def test_what_a_reranker_gave() -> None:
    assert group_of(lambda query: query.bm25("x"), rerank=pb.RerankReply(score=0.5)).rerank_score == 0.5
    assert group_of(lambda query: query.bm25("x")).rerank_score is None


def test_no_groups() -> None:
    call = compile_groups(Session().query(Thing).bm25("x").group_by(Thing.name)._statement)
    assert call.read(pb.SearchReply()) == []
