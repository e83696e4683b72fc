"""Every metric of every type, over all objects, over what conditions and searches select, and by groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum, IntEnum
from typing import Any, get_args
from uuid import UUID

import pytest
from zoo import created, unique_name

from weaviate_orm import (
    AggregateGroup,
    GeoCoordinate,
    HybridVector,
    InvalidQueryError,
    Metric,
    MultiTenancy,
    Property,
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
from weaviate_orm.modules import multi2vec_bind, text2vec_transformers
from weaviate_orm.types import MediaKind


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Rank(IntEnum):
    LOW = 1
    HIGH = 2


class Maker(WeaviateModel, collection=unique_name("Maker")):
    name: Property[str]


class Engine(WeaviateModel, collection=unique_name("Engine")):
    """Something of every type that can be measured."""

    name: Property[str] = prop(name="nameOfIt")
    note: Property[str | None] = prop(default=None)
    colour: Property[Colour | None] = prop(default=None, tokenization="field")
    teeth: Property[int | None] = prop(default=None)
    rank: Property[Rank | None] = prop(default=None)
    weight: Property[float | None] = prop(default=None)
    sold: Property[bool | None] = prop(default=None)
    built: Property[datetime | None] = prop(default=None)
    shown: Property[date | None] = prop(default=None)
    tags: Property[list[str]] = prop(default_factory=list)
    sizes: Property[set[int]] = prop(default_factory=set)
    marks: Property[list[float]] = prop(default_factory=list)
    flags: Property[list[bool]] = prop(default_factory=list)
    days: Property[list[date]] = prop(default_factory=list)
    empty: Property[int | None] = prop(default=None)
    blank: Property[str | None] = prop(default=None)
    never: Property[datetime | None] = prop(default=None)
    maybe: Property[bool | None] = prop(default=None)
    hidden: Property[int | None] = prop(default=None, filterable=False)
    place: Property[GeoCoordinate | None] = prop(default=None)
    code: Property[UUID | None] = prop(default=None)
    maker: Reference[Maker | None] = reference()
    plain: Vector = vector()
    other: Vector = vector()


class Dish(WeaviateModel, collection=unique_name("Dish")):
    """Embedded by the server."""

    name: Property[str]
    price: Property[int]
    embedding: Vector = vector(text2vec_transformers(vectorize_collection_name=False), source=["name"])


class Recording(WeaviateModel, collection=unique_name("Recording")):
    """One medium of each kind; the tests' module embeds the same bytes otherwise for every kind."""

    kind: Property[str]
    image: Property[bytes | None] = prop(default=None)
    audio: Property[bytes | None] = prop(default=None)
    video: Property[bytes | None] = prop(default=None)
    depth: Property[bytes | None] = prop(default=None)
    thermal: Property[bytes | None] = prop(default=None)
    imu: Property[bytes | None] = prop(default=None)
    heard: Vector = vector(
        multi2vec_bind(
            image_fields=["image"],
            audio_fields=["audio"],
            video_fields=["video"],
            depth_fields=["depth"],
            thermal_fields=["thermal"],
            imu_fields=["imu"],
        )
    )


class Part(WeaviateModel, collection=unique_name("Part"), multi_tenancy=MultiTenancy(enabled=True)):
    teeth: Property[int]


ADA, BEA = Maker(name="Ada"), Maker(name="Bea")
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
SECOND = datetime(2020, 1, 3, 2, tzinfo=timezone(timedelta(hours=2)))
ENGINES = [
    Engine(
        name="difference engine",
        note="brass",
        colour=Colour.RED,
        teeth=10,
        rank=Rank.LOW,
        weight=1.5,
        sold=True,
        built=FIRST,
        shown=date(2020, 1, 1),
        tags=["old", "brass"],
        sizes={1, 2},
        marks=[0.5, 1.0],
        flags=[True, False],
        days=[date(2020, 1, 1), date(2020, 1, 3)],
        hidden=3,
        code=UUID(int=1),
        maker=ADA,
        plain=[1, 0],
        other=[1, 0],
    ),
    Engine(
        name="analytical engine",
        note="brass",
        colour=Colour.BLUE,
        teeth=10,
        rank=Rank.HIGH,
        weight=2.0,
        sold=False,
        built=SECOND,
        shown=date(2020, 1, 4),
        tags=["old"],
        sizes={2},
        maker=ADA,
        plain=[1, 0.5],
        other=[1, 0],
    ),
    Engine(
        name="steam engine", note="iron", teeth=-3, rank=Rank.HIGH, sold=True, maker=BEA, plain=[1, 1], other=[1, 0]
    ),
    Engine(name="loom", plain=[0, 1], other=[1, 0]),
]


@pytest.fixture(scope="module", autouse=True)
def _data(session: Session) -> Iterator[None]:
    with created(session, Maker, Engine, Part, Dish):
        session.insert_many(
            [Dish(name="apple pie", price=4), Dish(name="pear pie", price=5), Dish(name="train", price=90)]
        )
        session.insert_many([ADA, BEA])
        session.insert_many(ENGINES)
        session.tenants(Part).create("one", "two")
        session.tenant("one").insert_many([Part(teeth=1), Part(teeth=2)])
        yield


# Each with the value over all of the objects above.
METRICS: list[tuple[Metric[Any], object]] = [
    (count(), 4),
    (Engine.name.count(), 4),
    (Engine.name.type(), "text"),
    (Engine.note.count(), 3),
    (Engine.note.top_occurrences(), [TopOccurrence("brass", 2), TopOccurrence("iron", 1)]),
    (Engine.note.top_occurrences(limit=1), [TopOccurrence("brass", 2)]),
    (Engine.colour.count(), 2),
    (Engine.colour.top_occurrences(), [TopOccurrence(Colour.BLUE, 1), TopOccurrence(Colour.RED, 1)]),
    (Engine.teeth.count(), 3),
    (Engine.teeth.type(), "int"),
    (Engine.teeth.sum(), 17),
    (Engine.teeth.mean(), pytest.approx(17 / 3)),
    (Engine.teeth.median(), 10.0),
    (Engine.teeth.mode(), 10),
    (Engine.teeth.min(), -3),
    (Engine.teeth.max(), 10),
    (Engine.rank.mode(), Rank.HIGH),
    (Engine.rank.min(), Rank.LOW),
    (Engine.rank.sum(), 5),
    (Engine.rank.median(), 2.0),
    (Engine.weight.count(), 2),
    (Engine.weight.type(), "number"),
    (Engine.weight.sum(), 3.5),
    (Engine.weight.mean(), 1.75),
    (Engine.weight.median(), 1.75),
    (Engine.weight.mode(), 1.5),
    (Engine.weight.min(), 1.5),
    (Engine.weight.max(), 2.0),
    (Engine.sold.count(), 3),
    (Engine.sold.type(), "boolean"),
    (Engine.sold.total_true(), 2),
    (Engine.sold.total_false(), 1),
    (Engine.sold.percentage_true(), pytest.approx(2 / 3)),
    (Engine.sold.percentage_false(), pytest.approx(1 / 3)),
    (Engine.built.count(), 2),
    (Engine.built.type(), "date"),
    (Engine.built.min(), FIRST),
    (Engine.built.max(), SECOND),
    (Engine.built.median(), datetime(2020, 1, 2, tzinfo=UTC)),
    (Engine.shown.min(), date(2020, 1, 1)),
    (Engine.shown.max(), date(2020, 1, 4)),
    (Engine.shown.median(), date(2020, 1, 2)),
    (Engine.tags.count(), 3),
    (Engine.tags.type(), "text[]"),
    (Engine.tags.top_occurrences(), [TopOccurrence("old", 2), TopOccurrence("brass", 1)]),
    (Engine.sizes.count(), 3),
    (Engine.sizes.sum(), 5),
    (Engine.sizes.mode(), 2),
    (Engine.sizes.max(), 2),
    (Engine.marks.mean(), 0.75),
    (Engine.marks.min(), 0.5),
    (Engine.flags.count(), 2),
    (Engine.flags.total_true(), 1),
    (Engine.days.count(), 2),
    (Engine.days.min(), date(2020, 1, 1)),
    (Engine.days.median(), date(2020, 1, 2)),
    (Engine.maker.pointing_to(), [Maker.__name__]),
    (Engine.empty.count(), 0),
    (Engine.empty.type(), "int"),
    (Engine.never.type(), "date"),
    *((metric, None) for metric in (Engine.empty.sum(), Engine.empty.mean(), Engine.empty.mode(), Engine.empty.max())),
    (Engine.blank.count(), 0),
    (Engine.blank.top_occurrences(), []),
    (Engine.never.count(), 0),
    *((metric, None) for metric in (Engine.never.median(), Engine.never.mode(), Engine.never.min())),
    (Engine.maybe.count(), 0),
    (Engine.maybe.total_true(), 0),
    (Engine.maybe.percentage_true(), None),
    (Engine.maybe.percentage_false(), None),
]
METRICS = [
    (metric, [Maker.__weaviate_options__.collection]) if metric.name == "pointing_to" else (metric, value)
    for metric, value in METRICS
]


def compute(session: Session, metrics: list[Metric[Any]]) -> tuple[object, ...]:
    """As many metrics as a test wants, more than the signatures can tell the types of."""
    aggregation: Any = session.aggregate(Engine)
    found: tuple[object, ...] = aggregation.compute(*metrics)
    return found


def test_every_metric_at_once(session: Session) -> None:
    found = compute(session, [metric for metric, _ in METRICS])
    for (metric, wanted), value in zip(METRICS, found, strict=True):
        assert value == wanted, str(metric)
        assert type(value) is type(wanted) or not isinstance(wanted, int | str | date | list | None), str(metric)


def test_each_metric_alone(session: Session) -> None:
    """What the server leaves out when nothing else is asked for."""
    for metric, wanted in METRICS:
        assert session.aggregate(Engine).compute(metric) == wanted, str(metric)


def test_what_of_equally_frequent_dates_is_the_mode(session: Session) -> None:
    assert session.aggregate(Engine).compute(Engine.built.mode()) in (FIRST, SECOND)
    assert session.aggregate(Engine).where(Engine.teeth == 10, Engine.weight < 2).compute(Engine.shown.mode()) == date(
        2020, 1, 1
    )


def test_conditions(session: Session) -> None:
    aggregation = session.aggregate(Engine).where(Engine.note == "brass")
    assert aggregation.compute(count(), Engine.teeth.sum(), Engine.hidden.max()) == (2, 20, 3)
    nothing = session.aggregate(Engine).where(Engine.note == "gold")
    assert nothing.compute(count(), Engine.teeth.sum(), Engine.note.top_occurrences(), Engine.sold.count()) == (
        0,
        None,
        [],
        0,
    )


def test_searches(session: Session) -> None:
    aggregation, target = session.aggregate(Engine), Engine.plain
    assert aggregation.near_vector([1, 0], target=target).object_limit(2).compute(count(), Engine.weight.sum()) == (
        2,
        3.5,
    )
    assert aggregation.near_vector([1, 0], target=target, distance=0.35).compute(count()) == 3
    assert aggregation.near_vector([1, 0], target=target, certainty=0.9).compute(Engine.name.count()) == 2
    assert aggregation.object_limit(3).near_object(ENGINES[3], target=target).compute(Engine.teeth.max()) == 10
    near = aggregation.near_vector([1, 0], target=target).where(Engine.sold == True)  # noqa: E712  an expression
    assert near.object_limit(10).compute(Engine.name.top_occurrences()) == [
        TopOccurrence("difference engine", 1),
        TopOccurrence("steam engine", 1),
    ]


def test_searches_that_the_server_embeds(session: Session) -> None:
    aggregation = session.aggregate(Dish)
    near = aggregation.near_text("apple pie").object_limit(2)
    assert near.compute(count(), Dish.price.max()) == (2, 5)
    groups = near.group_by(Dish.price).compute(Dish.name.count())
    assert sorted((each.key, each.count, each.values) for each in groups) == [(4, 1, 1), (5, 1, 1)]
    assert aggregation.near_text("apple pie", distance=0.01).compute(Dish.name.top_occurrences()) == [
        TopOccurrence("apple pie", 1)
    ]
    assert aggregation.hybrid("pie", alpha=0.5).object_limit(2).compute(Dish.price.sum()) == 9
    inner = aggregation.hybrid("train", alpha=0.5, vector=HybridVector.near_text("pie")).object_limit(2)
    assert inner.compute(Dish.price.max(), count()) == (90, 3)


def test_media(session: Session, create: Callable[..., None]) -> None:
    create(Recording)
    kinds: tuple[MediaKind, ...] = get_args(MediaKind)
    for kind in kinds:
        recording = Recording(kind=kind)
        setattr(recording, kind, b"a bell rings")
        session.insert(recording)
    recordings = session.aggregate(Recording)
    for kind in kinds:
        top, own = Recording.kind.top_occurrences(), [TopOccurrence(kind, 1)]
        assert recordings.near_media(b"a bell rings", kind=kind, distance=0.01).compute(count(), top) == (1, own)
        assert recordings.near_media(b"a bell rings", kind=kind).object_limit(1).compute(top) == own
        certain = recordings.near_media(b"a bell rings", kind=kind, certainty=0.99).group_by(Recording.kind)
        assert certain.compute(count()) == [AggregateGroup(kind, 1, 1)]
    assert recordings.near_image(b"a bell rings").object_limit(2).compute(count()) == 2


def test_hybrid_searches(session: Session) -> None:
    aggregation = session.aggregate(Engine)
    assert aggregation.hybrid("engine", alpha=0, target=Engine.plain).object_limit(10).compute(count()) == 3
    # Two of each part, and what is in either counts.
    both = aggregation.hybrid("loom", alpha=0.5, vector=[1, 0], target=Engine.plain)
    assert both.object_limit(2).compute(count()) == 3
    assert both.compute(count()) == 4


# Largest first; groups of one size come in any order.
BY_TYPE: list[tuple[Any, dict[object, int]]] = [
    (Engine.name, {"difference engine": 1, "analytical engine": 1, "steam engine": 1, "loom": 1}),
    (Engine.note, {"brass": 2, "iron": 1}),
    (Engine.colour, {Colour.RED: 1, Colour.BLUE: 1}),
    (Engine.teeth, {10: 2, -3: 1}),
    (Engine.rank, {Rank.HIGH: 2, Rank.LOW: 1}),
    (Engine.weight, {1.5: 1, 2.0: 1}),
    (Engine.sold, {True: 2, False: 1}),
    (Engine.built, {FIRST: 1, SECOND: 1}),
    (Engine.shown, {date(2020, 1, 1): 1, date(2020, 1, 4): 1}),
    (Engine.tags, {"old": 2, "brass": 1}),
    (Engine.sizes, {2: 2, 1: 1}),
    (Engine.marks, {0.5: 1, 1.0: 1}),
    (Engine.flags, {True: 1, False: 1}),
    (Engine.days, {date(2020, 1, 1): 1, date(2020, 1, 3): 1}),
    (Engine.code, {UUID(int=1): 1}),
    (Engine.maker, {ADA.id: 2, BEA.id: 1}),
    (Engine.empty, {}),
]


def test_groups_of_every_type(session: Session) -> None:
    for by, wanted in BY_TYPE:
        groups = session.aggregate(Engine).group_by(by).compute(count())
        assert {group.key: group.values for group in groups} == wanted, str(by)
        assert {type(group.key) for group in groups} == set(map(type, wanted)), str(by)
        assert [group.count for group in groups] == sorted(wanted.values(), reverse=True), str(by)


def test_metrics_of_groups(session: Session) -> None:
    groups = session.aggregate(Engine).group_by(Engine.note)
    assert groups.compute(Engine.teeth.sum(), Engine.built.max(), Engine.maybe.count()) == [
        AggregateGroup("brass", 2, (20, SECOND, 0)),
        AggregateGroup("iron", 1, (-3, None, 0)),
    ]
    assert groups.where(Engine.teeth > 0).compute(Engine.name.count()) == [AggregateGroup("brass", 2, 2)]


def test_a_limit_of_groups(session: Session) -> None:
    assert session.aggregate(Engine).group_by(Engine.note, limit=1).compute(count()) == [AggregateGroup("brass", 2, 2)]


def test_groups_of_a_search(session: Session) -> None:
    near = session.aggregate(Engine).near_vector([1, 0], target=Engine.plain).object_limit(2)
    assert near.group_by(Engine.note).compute(Engine.weight.max()) == [AggregateGroup("brass", 2, 2.0)]


def test_tenants(session: Session) -> None:
    assert session.tenant("one").aggregate(Part).compute(count(), Part.teeth.sum()) == (2, 3)
    assert session.tenant("two").aggregate(Part).compute(count(), Part.teeth.sum()) == (0, None)
    with pytest.raises(TenantError):
        session.aggregate(Part).compute(count())


def test_a_repository_measures_its_own(session: Session) -> None:
    repository = session.repository(Engine, where=Engine.note == "brass")
    assert repository.aggregate().compute(count()) == 2


def test_what_is_refused_is_not_sent(session: Session) -> None:
    aggregation = session.aggregate(Engine)
    with pytest.raises(InvalidQueryError, match="object_limit"):
        aggregation.near_vector([1, 0], target=Engine.plain).compute(count())
    with pytest.raises(InvalidQueryError, match="over all objects only"):
        aggregation.where(Engine.teeth > 0).group_by(Engine.maker).compute(count())
    with pytest.raises(InvalidQueryError, match="filterable=False"):
        aggregation.compute(Engine.hidden.max())
    with pytest.raises(InvalidQueryError, match="not several"):
        aggregation.near_vector([1, 0], target=[Engine.plain, Engine.other]).object_limit(1).compute(count())
