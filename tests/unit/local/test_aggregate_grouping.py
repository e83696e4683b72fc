"""Rows into groups by value: sizes, order, arrays, and what cannot be grouped by."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.aggregation.grouping import group_rows, grouped_by, shown
from weaviate_orm.local.objects import Beacon, StoredObject
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema, PropertySchema
from weaviate_orm.local.storage.shard import Shard

LIMIT = 100


def shard_with(data_type: str, values: list[Any]) -> Shard:
    found = PropertySchema("p", data_type, targets=("T",) if data_type == "reference" else ())
    shard = Shard(CollectionSchema("C", {}, {"p": found}, {}))
    objects = [StoredObject(number.to_bytes(16, "big")) for number in range(1, len(values) + 1)]
    for stored, value in zip(objects, values, strict=True):
        if value is not None:
            (stored.references if found.is_reference else stored.properties)["p"] = value
    if objects:
        shard.put_many(objects)
    return shard


def groups(shard: Shard, limit: int = LIMIT, rows: list[int] | None = None) -> list[tuple[Any, list[int]]]:
    chosen = np.flatnonzero(shard.live) if rows is None else np.array(rows, dtype=np.int64)
    return [
        (group.value, group.rows.tolist()) for group in group_rows(shard, "p", chosen, limit, selected=rows is not None)
    ]


def test_the_largest_group_is_first_and_objects_without_a_value_are_in_none() -> None:
    assert groups(shard_with("text", ["a", "b", None, "b", ""])) == [("b", [1, 3]), ("a", [0]), ("", [4])]


def test_integers_become_numbers() -> None:
    found = groups(shard_with("int", [7, 3, 3]))

    assert found == [(3.0, [1, 2]), (7.0, [0])]
    assert all(type(value) is float for value, _ in found)


def test_booleans_stay_booleans() -> None:
    assert groups(shard_with("boolean", [True, False, True])) == [(True, [0, 2]), (False, [1])]
    assert grouped_by("p", groups(shard_with("boolean", [True]))[0][0]).boolean is True


@pytest.mark.parametrize(
    ("data_type", "arrays"),
    [("int[]", [[1, 1, 2], [2, 1], []]), ("text[]", [["x", "x", "y"], ["y", "x"], []])],
)
def test_each_element_is_a_group_and_an_object_counts_once_in_it(data_type: str, arrays: list[Any]) -> None:
    assert [rows for _, rows in groups(shard_with(data_type, arrays))] == [[0, 1], [0, 1]]


def test_dates_group_by_their_text() -> None:
    dates = ["2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00", "2020-01-01T00:00:00Z"]

    assert groups(shard_with("date", dates)) == [(dates[0], [0, 2]), (dates[1], [1])]


def test_references_group_by_beacon() -> None:
    one, two = (Beacon("T", bytes([number] * 16)) for number in (1, 2))

    assert groups(shard_with("reference", [[one], [two, one], [], None])) == [(one.text, [0, 1]), (two.text, [1])]


def test_only_rows_that_were_chosen() -> None:
    assert groups(shard_with("int", [1, 1, 2, 2, 2]), rows=[0, 1, 4]) == [(1.0, [0, 1]), (2.0, [4])]
    assert groups(shard_with("int", [1]), rows=[]) == []


def test_limits() -> None:
    shard = shard_with("int", [1, 2, 2, 3, 3, 3])

    assert [value for value, _ in groups(shard, 2)] == [3.0, 2.0]
    assert [value for value, _ in groups(shard, 0)] == [3.0]


def test_a_property_that_does_not_exist_groups_nothing() -> None:
    shard = shard_with("int", [1])

    assert group_rows(shard, "nope", np.array([0]), LIMIT, selected=False) == []


@pytest.mark.parametrize(
    ("data_type", "value", "text"),
    [
        ("object", {"x": 1}, "panic occurred: hash of unhashable type: map[string]interface {}"),
        (
            "geoCoordinates",
            {"latitude": 1.0, "longitude": 2.0},
            "prepare reply: groupedBy: unrecognized grouped by value type: *models.GeoCoordinates",
        ),
    ],
)
def test_what_cannot_be_grouped_by(data_type: str, value: Any, text: str) -> None:
    with pytest.raises(Refused) as refusal:
        groups(shard_with(data_type, [value]))
    assert refusal.value.prefixed("aggregate: ").text == text  # no prefix on the way up, as on the server
    assert groups(shard_with(data_type, [None])) == []


@pytest.mark.parametrize(("data_type", "value"), [("reference", [Beacon("T", bytes(16))]), ("object[]", [{"x": 1}])])
def test_a_server_cannot_group_chosen_objects_by_mappings(data_type: str, value: Any) -> None:
    with pytest.raises(Refused, match=r"^identify groups: scan: panic occurred: hash of unhashable type"):
        groups(shard_with(data_type, [value]), rows=[0])


@pytest.mark.parametrize(
    ("value", "text"), [("a b", "a b"), (True, "true"), (False, "false"), (3.0, "3"), (1.5, "1.5"), (1e21, "1e+21")]
)
def test_values_in_errors(value: Any, text: str) -> None:
    assert shown(value) == text


@given(st.lists(st.none() | st.lists(st.integers(0, 5), max_size=4), min_size=1))
def test_sizes_agree_with_counting(arrays: list[list[int] | None]) -> None:
    found = groups(shard_with("int[]", arrays))
    counts = Counter(value for array in arrays if array for value in set(array))

    assert {value: len(rows) for value, rows in found} == counts
    assert [len(rows) for _, rows in found] == sorted(counts.values(), reverse=True)
    for value, rows in found:
        assert rows == [row for row, array in enumerate(arrays) if array and value in array]
