"""Boosts: the arithmetic against plain Python, and what the server refuses."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.search.boosting import apply_boost, read_boost
from weaviate_orm.local.services import Services
from weaviate_orm.local.storage.changes import PutCollection
from weaviate_orm.local.storage.database import Database
from weaviate_orm.wire import _pb as pb

Condition = pb.Boost.Condition
DAY = 86_400_000
NOW = 1_704_499_200_000  # 2024-01-06T00:00:00Z


@pytest.fixture(scope="module")
def database() -> Database:
    types = {"t": "text", "n": "number", "i": "int", "d": "date", "b": "boolean", "u": "uuid", "a": "int[]"}
    made = Database(Services(embedder=None))
    made.commit(
        [
            PutCollection(
                {
                    "class": "Thing",
                    "properties": [{"name": name, "dataType": [kind]} for name, kind in types.items()],
                    "vectorizer": "none",
                }
            )
        ]
    )
    return made


def final(
    database: Database, boost: pb.Boost, scores: Sequence[float], properties: Sequence[dict[str, Any]]
) -> dict[int, float]:
    """Give the score of each candidate, checking that they come in order."""
    read = read_boost(database, database.collection("Thing").schema, boost)
    ids = [bytes([200 - number] * 16) for number in range(len(scores))]
    order, found = apply_boost(read, np.array(scores, dtype=np.float32), properties, ids, now=NOW)
    assert found.tolist() == sorted(found.tolist(), reverse=True)
    assert sorted(order.tolist()) == list(range(len(scores)))
    return dict(zip(order.tolist(), found.tolist(), strict=True))


def values(database: Database, condition: Condition, properties: Sequence[dict[str, Any]]) -> list[float]:
    """Give the condition's own numbers: with weight 1 the final ones are these, stretched."""
    boost = pb.Boost(conditions=[condition], weight=1)
    found = final(database, boost, [0] * (len(properties)), properties)
    return [found[number] for number in range(len(properties))]


def is_(name: str, operator: pb.Filters.Operator, **value: Any) -> pb.Filters:
    return pb.Filters(operator=operator, target=pb.FilterTarget(property=name), **value)


@given(
    scores=st.lists(st.integers(-9, 9).map(lambda number: number / 2), min_size=1, max_size=8),
    weights=st.tuples(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.sampled_from([-1.0, 0.0, 0.5, 2.0])),
    data=st.data(),
)
def test_blending(database: Database, scores: list[float], weights: tuple[float, float], data: st.DataObject) -> None:
    count = len(scores)
    numbers = data.draw(st.lists(st.none() | st.integers(-4, 4), min_size=count, max_size=count))
    flags = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
    properties: list[dict[str, Any]] = [
        {"b": flag} | ({} if number is None else {"i": number}) for flag, number in zip(flags, numbers, strict=True)
    ]
    weight, second = weights
    boost = pb.Boost(
        weight=weight,
        conditions=[
            Condition(filter=is_("b", pb.Filters.OPERATOR_EQUAL, value_boolean=True), weight=second),
            Condition(property_value=pb.Boost.PropertyValueFunction(property="i")),
        ],
    )

    def stretched(given: Sequence[float]) -> list[float]:
        least, most = min(given), max(given)
        return [(each - least) / (most - least) if most > least else 1.0 for each in given]

    present = [number for number in numbers if number is not None]
    by_value = dict(zip(present, stretched(present), strict=True)) if present else {}
    factor = second or 1
    boosts = [
        (factor * flag + (0.0 if number is None else by_value[number])) / (abs(factor) + 1)
        for flag, number in zip(flags, numbers, strict=True)
    ]
    combined = [
        (1 - weight) * primary + weight * boost for primary, boost in zip(stretched(scores), boosts, strict=True)
    ]
    if max(combined) - min(combined) < 1e-6:  # rounding would be stretched to 0..1
        return
    found = final(database, boost, scores, properties)
    assert [found[number] for number in range(count)] == pytest.approx(stretched(combined), abs=1e-4)


def test_equal_scores_go_by_uuid(database: Database) -> None:
    boost = pb.Boost(conditions=[Condition(property_value=pb.Boost.PropertyValueFunction(property="i"))])
    read = read_boost(database, database.collection("Thing").schema, boost)
    order, scores = apply_boost(read, np.zeros(3, dtype=np.float32), [{}] * 3, [b"c", b"a", b"b"], now=0)
    assert order.tolist() == [1, 2, 0]
    assert scores.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("name", "operator", "value", "fulfilled"),
    [
        ("t", "EQUAL", {"value_text": "red fox"}, [0]),
        ("t", "EQUAL", {"value_text": "red"}, []),
        ("t", "NOT_EQUAL", {"value_text": "red fox"}, [1]),
        ("i", "GREATER_THAN", {"value_int": 3}, [1]),
        ("i", "GREATER_THAN_EQUAL", {"value_int": 3}, [0, 1]),
        ("n", "LESS_THAN", {"value_int": 2}, [0]),
        ("i", "EQUAL", {"value_text": "3"}, [0]),
        ("b", "EQUAL", {"value_boolean": False}, [1]),
        ("b", "GREATER_THAN", {"value_boolean": False}, []),
        ("d", "LESS_THAN", {"value_text": "2024-01-02T00:00:00Z"}, [0]),
        ("a", "EQUAL", {"value_int": 1}, []),
        ("_id", "EQUAL", {"value_text": "00000000-0000-0000-0000-000000000001"}, []),
    ],
)
def test_filters_compare_whole_values(
    database: Database, name: str, operator: str, value: dict[str, Any], fulfilled: list[int]
) -> None:
    properties: list[dict[str, Any]] = [
        {"t": "red fox", "i": 3, "n": 1.5, "b": True, "d": "2024-01-01T00:00:00Z", "a": [1]},
        {"t": "dog", "i": 4, "n": 2.5, "b": False, "d": "2024-01-03T00:00:00Z", "a": [2]},
        {},
    ]
    condition = Condition(filter=is_(name, pb.Filters.Operator.Value(f"OPERATOR_{operator}"), **value))
    expected = [float(number in fulfilled) if fulfilled else 1.0 for number in range(3)]
    assert values(database, condition, properties) == expected


def test_joined_filters(database: Database) -> None:
    large = is_("i", pb.Filters.OPERATOR_GREATER_THAN, value_int=3)
    true = is_("b", pb.Filters.OPERATOR_EQUAL, value_boolean=True)
    properties: list[dict[str, Any]] = [{"i": 4, "b": True}, {"i": 4, "b": False}, {"i": 1, "b": True}, {}]
    for operator, filters, expected in (
        ("AND", [large, true], [1, 0, 0, 0]),
        ("OR", [large, true], [1, 1, 1, 0]),
        ("NOT", [large], [0, 0, 1, 1]),
    ):
        joined = pb.Filters(operator=pb.Filters.Operator.Value(f"OPERATOR_{operator}"), filters=filters)
        assert values(database, Condition(filter=joined), properties) == expected


@pytest.mark.parametrize(
    ("modifier", "function"),
    [
        (pb.Boost.PROPERTY_VALUE_MODIFIER_UNSPECIFIED, lambda value: value),
        (pb.Boost.PROPERTY_VALUE_MODIFIER_LOG1P, lambda value: math.log1p(max(0, value))),
        (pb.Boost.PROPERTY_VALUE_MODIFIER_SQRT, lambda value: math.sqrt(max(0, value))),
    ],
)
def test_values(database: Database, modifier: pb.Boost.PropertyValueModifier, function: Any) -> None:
    condition = Condition(property_value=pb.Boost.PropertyValueFunction(property="n", modifier=modifier))
    given = [-2.0, 0.5, 7.0]
    raw = [function(value) for value in given]
    expected = [(value - min(raw)) / (max(raw) - min(raw)) for value in raw]
    found = values(database, condition, [*({"n": value} for value in given), {}])
    assert found == pytest.approx([*expected, 0], abs=1e-6)


CURVES: Mapping[pb.Boost.DecayCurve, Callable[[float, float], float]] = {
    pb.Boost.DECAY_CURVE_UNSPECIFIED: lambda parts, decay: decay**parts,
    pb.Boost.DECAY_CURVE_EXPONENTIAL: lambda parts, decay: decay**parts,
    pb.Boost.DECAY_CURVE_GAUSS: lambda parts, decay: math.exp(math.log(decay) * parts**2),
    pb.Boost.DECAY_CURVE_LINEAR: lambda parts, decay: max(0.0, 1 - (1 - decay) * parts),
}


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("decay", [None, 0.2])
def test_decay(database: Database, curve: pb.Boost.DecayCurve, decay: float | None) -> None:
    numeric = pb.Boost.NumericDecayFunction(property="i", origin=5, scale=2, offset=1, curve=curve, decay_value=decay)
    distances = [0, 1, 2, 4, 9]
    numbers = [CURVES[curve](max(0, each - 1) / 2, decay or 0.5) for each in distances]
    # The one without the property has 0; it makes the scale of what is stretched the whole of 0..1.
    properties: list[dict[str, Any]] = [*({"i": 5 - each} for each in distances), {}]
    found = values(database, Condition(numeric_decay=numeric), properties)
    assert found == pytest.approx([*numbers, 0], abs=1e-6)
    for scale, offset, origin in (("2d", "1d", "now"), ("48h", "24h", "2024-01-06"), ("47h60m", "1440m", "")):
        time = pb.Boost.TimeDecayFunction(
            property="d", scale=scale, offset=offset, origin=origin, curve=curve, decay_value=decay
        )
        dates = [f"2024-01-{6 + each:02d}T00:00:00Z" for each in distances]
        dated: list[dict[str, Any]] = [*({"d": date} for date in dates), {}]
        assert values(database, Condition(time_decay=time), dated) == pytest.approx([*numbers, 0], abs=1e-6)


@pytest.mark.parametrize("given", [{"scale": "abc"}, {"scale": "-1d"}, {"scale": "1d", "origin": "soon"}])
def test_decay_that_makes_no_sense_counts_nothing(database: Database, given: dict[str, Any]) -> None:
    condition = Condition(time_decay=pb.Boost.TimeDecayFunction(property="d", **given))
    assert values(database, condition, [{"d": "2024-01-06T00:00:00Z"}, {}]) == [1, 1]


def test_depth(database: Database) -> None:
    condition = Condition(property_value=pb.Boost.PropertyValueFunction(property="i"))
    thing = database.collection("Thing").schema
    assert read_boost(database, thing, pb.Boost(conditions=[condition])).fetched(10) == 100
    assert read_boost(database, thing, pb.Boost(conditions=[condition], depth=3)).fetched(10) == 10
    assert read_boost(database, thing, pb.Boost(conditions=[condition], depth=50_000)).fetched(10) == 10_000
    assert read_boost(database, thing, pb.Boost(conditions=[condition], weight=0)).fetched(10) == 10


VALUE = Condition(property_value=pb.Boost.PropertyValueFunction(property="i"))


@pytest.mark.parametrize(
    ("boost", "text"),
    [
        (pb.Boost(), "boost: at least one condition is required"),
        (pb.Boost(conditions=[VALUE] * 21), "boost: too many conditions (21), maximum is 20"),
        (pb.Boost(conditions=[VALUE], weight=2), "boost: weight must be between 0 and 1, got 2.000000"),
        (pb.Boost(conditions=[VALUE], weight=-0.5), "boost: weight must be between 0 and 1, got -0.500000"),
        (
            pb.Boost(conditions=[VALUE, Condition()]),
            "boost condition[1]: exactly one of 'filter', 'decay', or 'property_value' must be set",
        ),
        (
            pb.Boost(conditions=[Condition(property_value=pb.Boost.PropertyValueFunction(property="t"))]),
            'boost condition[0] property_value: property "t" must be of type int or number, got text',
        ),
        (
            pb.Boost(conditions=[Condition(property_value=pb.Boost.PropertyValueFunction())]),
            "boost condition[0] property_value: property is required",
        ),
        (
            pb.Boost(conditions=[Condition(numeric_decay=pb.Boost.NumericDecayFunction(property="a.b", scale=1))]),
            'boost condition[0] numeric_decay: nested property "a.b" is not supported',
        ),
        (
            pb.Boost(conditions=[Condition(numeric_decay=pb.Boost.NumericDecayFunction(property="i"))]),
            "boost condition[0] numeric_decay: scale must be > 0",
        ),
        (
            pb.Boost(
                conditions=[
                    Condition(numeric_decay=pb.Boost.NumericDecayFunction(property="i", scale=1, decay_value=2))
                ]
            ),
            "boost condition[0] decay: decay_value must be between 0 and 1, got 2.000000",
        ),
        (
            pb.Boost(conditions=[Condition(numeric_decay=pb.Boost.NumericDecayFunction(property="zz", scale=1))]),
            "boost condition[0] numeric_decay: no such prop with name 'zz' found in class 'Thing' in the schema. "
            "Check your schema files for which properties in this class are available",
        ),
        (
            pb.Boost(conditions=[Condition(time_decay=pb.Boost.TimeDecayFunction(property="i", scale="1d"))]),
            'boost condition[0] time_decay: property "i" must be of type date, got int',
        ),
        (
            pb.Boost(conditions=[Condition(time_decay=pb.Boost.TimeDecayFunction(property="d"))]),
            "boost condition[0] decay: scale is required",
        ),
        (
            pb.Boost(conditions=[Condition(filter=is_("t", pb.Filters.OPERATOR_LIKE, value_text="r*"))]),
            "boost condition[0] filter: operator Like is not supported in boost conditions",
        ),
        (
            pb.Boost(conditions=[Condition(filter=is_("i", pb.Filters.OPERATOR_EQUAL, value_number=6.5))]),
            "boost condition[0] filter: filtering for integer, but received a floating point number 6.5",
        ),
    ],
)
def test_refusals(database: Database, boost: pb.Boost, text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_boost(database, database.collection("Thing").schema, boost)
    assert refused.value.text == text
