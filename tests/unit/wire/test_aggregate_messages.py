"""Metrics as parts of a request, and the values of replies."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from enum import Enum, IntEnum
from typing import Any
from uuid import UUID

import pytest
from zoo import Article

from weaviate_orm import (
    AggregateGroup,
    HydrationError,
    Metric,
    MultiTenancy,
    Property,
    ProtocolError,
    Reference,
    Session,
    TenantError,
    TopOccurrence,
    Vector,
    WeaviateModel,
    count,
    prop,
    reference,
    vector,
)
from weaviate_orm.query.aggregation import AggregationBuilder
from weaviate_orm.query.statement import Scope
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.aggregate import compile_aggregate, compile_grouped_aggregate
from weaviate_orm.wire.call import GrpcCall
from weaviate_orm.wire.features import Feature


class Hue(Enum):
    RED = "red"


class Step(IntEnum):
    ONE = 1


class Thing(WeaviateModel):
    """Something of every type that can be measured."""

    name: Property[str] = prop(name="nameOfIt")
    hue: Property[Hue | None] = prop(default=None)
    whole: Property[int | None] = prop(default=None)
    step: Property[Step | None] = prop(default=None)
    number: Property[float | None] = prop(default=None)
    truth: Property[bool | None] = prop(default=None)
    instant: Property[datetime | None] = prop(default=None)
    day: Property[date | None] = prop(default=None)
    wholes: Property[list[int]] = prop(default_factory=list)
    parent: Reference[Thing | None] = reference()
    embedding: Vector = vector()


class Kept(WeaviateModel, multi_tenancy=MultiTenancy(enabled=True)):
    name: Property[str]


Ask = pb.AggregateRequest.Aggregation
Part = pb.AggregateReply.Aggregations.Aggregation
Top = Part.Text.TopOccurrences.TopOccurrence
THINGS = Session().aggregate(Thing)
ID = UUID(int=5)


def compiled(aggregation: AggregationBuilder, *metrics: Metric[object], scope: Scope | None = None) -> GrpcCall[Any]:
    build = compile_aggregate if aggregation._measuring.by is None else compile_grouped_aggregate
    return build(aggregation._statement, aggregation._measuring, metrics, scope or Scope())


def requested(aggregation: AggregationBuilder, *metrics: Metric[object]) -> pb.AggregateRequest:
    request = compiled(aggregation, *metrics).request
    assert isinstance(request, pb.AggregateRequest)
    return request


def test_the_least_request() -> None:
    call = compiled(THINGS, count())
    assert call.request == pb.AggregateRequest(collection="Thing", objects_count=True)
    assert (call.collection, call.needs) == ("Thing", (Feature.AGGREGATE,))


@pytest.mark.parametrize(
    ("metric", "part"),
    [
        (Thing.name.count(), Ask(property="nameOfIt", text=Ask.Text(count=True))),
        (
            Thing.name.top_occurrences(),
            Ask(property="nameOfIt", text=Ask.Text(top_occurences=True, top_occurences_limit=5)),
        ),
        (Thing.name.type(), Ask(property="nameOfIt", text=Ask.Text(type=True, count=True))),
        (Thing.whole.type(), Ask(property="whole", int=Ask.Integer(type=True, count=True))),
        (Thing.whole.min(), Ask(property="whole", int=Ask.Integer(minimum=True))),
        (Thing.wholes.max(), Ask(property="wholes", int=Ask.Integer(maximum=True))),
        (Thing.number.sum(), Ask(property="number", number=Ask.Number(sum=True))),
        (Thing.truth.total_false(), Ask(property="truth", boolean=Ask.Boolean(total_false=True))),
        (Thing.day.median(), Ask(property="day", date=Ask.Date(median=True))),
        (Thing.parent.pointing_to(), Ask(property="parent", reference=Ask.Reference(type=True, pointing_to=True))),
    ],
    ids=str,
)
def test_one_metric(metric: Metric[object], part: Ask) -> None:
    assert list(requested(THINGS, metric).aggregations) == [part]


def test_a_property_is_asked_for_once() -> None:
    metrics = Thing.whole.sum(), count(), Thing.name.top_occurrences(limit=2), Thing.whole.mean(), Thing.whole.sum()
    tops = Thing.name.top_occurrences(limit=9), Thing.name.top_occurrences(limit=3)
    request = requested(THINGS, *metrics, *tops)
    assert list(request.aggregations) == [
        Ask(property="whole", int=Ask.Integer(sum=True, mean=True)),
        Ask(property="nameOfIt", text=Ask.Text(top_occurences=True, top_occurences_limit=9)),
    ]


def test_what_is_selected() -> None:
    search = THINGS.near_vector([1.0]).where(Thing.whole == 3).object_limit(4)
    grouped = search.group_by(Thing.hue, limit=2)
    request = requested(grouped, count())
    assert request.object_limit == 4
    assert request.limit == 2
    assert request.group_by == pb.AggregateRequest.GroupBy(collection="Thing", property="hue")
    assert request.filters.target.property == "whole"
    assert list(request.near_vector.targets.target_vectors) == ["embedding"]
    assert compiled(grouped, count()).needs == (Feature.AGGREGATE, Feature.VECTORS_MESSAGE)
    assert not requested(THINGS.group_by(Thing.hue), count()).HasField("limit")


def test_the_searches() -> None:
    articles = Session().aggregate(Article)
    assert requested(articles.near_text("x", distance=0.5), count()).near_text.query == ["x"]
    assert requested(articles.near_object(ID, distance=0.5), count()).near_object.id == str(ID)
    assert requested(articles.hybrid("x").object_limit(1), count()).hybrid.query == "x"


def test_tenants() -> None:
    kept = Session().aggregate(Kept)
    call = compiled(kept, count(), scope=Scope(tenant="one"))
    assert call.request == pb.AggregateRequest(collection="Kept", tenant="one", objects_count=True)
    with pytest.raises(TenantError):
        compiled(kept, count())


def reply(*parts: Part, objects: int = 0) -> pb.AggregateReply:
    aggregations = pb.AggregateReply.Aggregations(aggregations=parts)
    single = pb.AggregateReply.Single(objects_count=objects, aggregations=aggregations)
    return pb.AggregateReply(single_result=single)


@pytest.mark.parametrize(
    ("metric", "part", "value"),
    [
        (Thing.name.count(), Part(property="nameOfIt", text=Part.Text(count=3)), 3),
        (Thing.name.type(), Part(property="nameOfIt", text=Part.Text(type="text")), "text"),
        (Thing.whole.sum(), Part(property="whole", int=Part.Integer(sum=-3)), -3),
        (Thing.whole.sum(), Part(property="whole", int=Part.Integer(sum=0)), 0),
        (Thing.whole.sum(), Part(property="whole", int=Part.Integer(count=0)), None),
        (Thing.whole.median(), Part(property="whole", int=Part.Integer(median=1.5)), 1.5),
        (Thing.step.max(), Part(property="step", int=Part.Integer(maximum=1)), Step.ONE),
        (Thing.step.mean(), Part(property="step", int=Part.Integer(mean=1)), 1.0),
        (Thing.number.min(), Part(property="number", number=Part.Number(minimum=0.5)), 0.5),
        (Thing.truth.percentage_true(), Part(property="truth", boolean=Part.Boolean(percentage_true=math.nan)), None),
        (Thing.truth.percentage_false(), Part(property="truth", boolean=Part.Boolean(percentage_false=0.25)), 0.25),
        (Thing.truth.total_true(), Part(property="truth", boolean=Part.Boolean(total_true=2)), 2),
        (Thing.instant.max(), Part(property="instant", date=Part.Date(maximum="2020-01-02T00:00:00Z")), datetime(2020, 1, 2, tzinfo=UTC)),
        (Thing.day.median(), Part(property="day", date=Part.Date(median="2020-01-02T12:00:00Z")), date(2020, 1, 2)),
        (Thing.day.mode(), Part(property="day", date=Part.Date(count=0)), None),
        (Thing.parent.pointing_to(), Part(property="parent", reference=Part.Reference(pointing_to=["Thing"])), ["Thing"]),
    ],
    ids=str,
)  # fmt: skip
def test_one_value(metric: Metric[object], part: Part, value: object) -> None:
    found = compiled(THINGS, metric).read(reply(part, objects=9))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        (Thing.whole.count(), 0),
        (Thing.whole.mean(), None),
        (Thing.truth.total_true(), 0),
        (Thing.truth.percentage_true(), None),
        (Thing.name.top_occurrences(), []),
        (Thing.instant.min(), None),
        (Thing.parent.pointing_to(), []),
    ],
    ids=str,
)
def test_what_a_reply_leaves_out(metric: Metric[object], value: object) -> None:
    assert compiled(THINGS, metric).read(reply()) == value
    assert compiled(THINGS, metric, count()).read(reply(Part(property="nothing"))) == (value, 0)


def test_top_occurrences_of_several_lengths() -> None:
    items = [Top(value=f"{index}", occurs=9 - index) for index in range(4)]
    part = Part(property="nameOfIt", text=Part.Text(top_occurences=Part.Text.TopOccurrences(items=items)))
    metrics = Thing.name.top_occurrences(limit=1), Thing.name.top_occurrences(limit=4)
    short, long = compiled(THINGS, *metrics).read(reply(part))
    assert short == [TopOccurrence("0", 9)]
    assert long == [TopOccurrence(f"{index}", 9 - index) for index in range(4)]


def test_parts_come_in_any_order() -> None:
    parts = Part(property="whole", int=Part.Integer(sum=1)), Part(property="number", number=Part.Number(sum=2.5))
    for order in (parts, parts[::-1]):
        assert compiled(THINGS, Thing.number.sum(), count(), Thing.whole.sum()).read(reply(*order, objects=3)) == (
            2.5,
            3,
            1,
        )


def test_values_that_do_not_fit() -> None:
    unknown = Part.Text.TopOccurrences(items=[Top(value="blue", occurs=1)])
    with pytest.raises(HydrationError, match=r"Thing\.hue has the value 'blue' in the collection"):
        compiled(THINGS, Thing.hue.top_occurrences()).read(
            reply(Part(property="hue", text=Part.Text(top_occurences=unknown)))
        )
    with pytest.raises(
        HydrationError, match=r"Thing\.whole is declared as int, but the collection aggregates it as text"
    ):
        compiled(THINGS, Thing.whole.sum()).read(reply(Part(property="whole", text=Part.Text(count=1))))


Grouped = pb.AggregateReply.Group.GroupedBy


def groups(*found: tuple[Grouped, int]) -> pb.AggregateReply:
    each = [pb.AggregateReply.Group(grouped_by=by, objects_count=objects) for by, objects in found]
    return pb.AggregateReply(grouped_results=pb.AggregateReply.Grouped(groups=each))


@pytest.mark.parametrize(
    ("by", "grouped", "key"),
    [
        (Thing.hue, Grouped(text="red"), Hue.RED),
        (Thing.whole, Grouped(number=3.0), 3),  # as the server gives integers
        (Thing.step, Grouped(number=1.0), Step.ONE),
        (Thing.wholes, Grouped(int=4), 4),
        (Thing.number, Grouped(number=0.0), 0.0),
        (Thing.truth, Grouped(boolean=False), False),
        (Thing.day, Grouped(text="2020-01-02T00:00:00Z"), date(2020, 1, 2)),
        (Thing.parent, Grouped(text=f"weaviate://localhost/Thing/{ID}"), ID),
    ],
    ids=str,
)
def test_keys(by: Any, grouped: Grouped, key: object) -> None:
    (group,) = compiled(THINGS.group_by(by), count()).read(groups((grouped, 2)))
    assert group == AggregateGroup(key, 2, 2)
    assert type(group.key) is type(key)


def test_groups_with_several_values() -> None:
    call = compiled(THINGS.group_by(Thing.hue), count(), Thing.whole.sum())
    assert call.read(groups((Grouped(text="red"), 2))) == [AggregateGroup(Hue.RED, 2, (2, None))]
    assert call.read(pb.AggregateReply()) == []


@pytest.mark.parametrize("grouped", [Grouped(), Grouped(texts=pb.TextArray(values=["red"]))])
def test_keys_that_are_no_value(grouped: Grouped) -> None:
    with pytest.raises(ProtocolError, match=r"a group of Thing\.hue by (nothing|texts); expected one value"):
        compiled(THINGS.group_by(Thing.hue), count()).read(groups((grouped, 1)))


@pytest.mark.parametrize(
    ("by", "grouped"),
    [(Thing.hue, Grouped(text="blue")), (Thing.whole, Grouped(text="x")), (Thing.day, Grouped(number=1))],
)
def test_keys_that_do_not_fit(by: Any, grouped: Grouped) -> None:
    with pytest.raises(HydrationError):
        compiled(THINGS.group_by(by), count()).read(groups((grouped, 1)))
