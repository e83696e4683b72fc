"""What is computed over values: expectations are those of a server for the same values."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.aggregation.metrics import Asked, asked_metrics, kind_of, measure, most_frequent
from weaviate_orm.local.aggregation.values import OpenColumn, text_of_instant
from weaviate_orm.local.objects import Beacon, StoredObject
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema, PropertySchema
from weaviate_orm.local.storage.shard import Shard
from weaviate_orm.wire import _pb as pb

Part = pb.AggregateReply.Aggregations.Aggregation

NUMBERS = frozenset({"count", "sum", "mean", "median", "mode", "minimum", "maximum"})
DATES = frozenset({"count", "median", "mode", "minimum", "maximum"})


def shard_with(data_type: str, values: list[Any], **settings: Any) -> Shard:
    """A shard of objects with one property ``p``; ``None`` leaves it out."""
    found = PropertySchema("p", data_type, **settings)
    shard = Shard(CollectionSchema("C", {}, {"p": found}, {}))
    objects = [StoredObject(number.to_bytes(16, "big")) for number in range(1, len(values) + 1)]
    for stored, value in zip(objects, values, strict=True):
        if value is not None:
            target = stored.references if found.is_reference else stored.properties
            target["p"] = value
    if objects:
        shard.put_many(objects)
    return shard


def over(
    shard: Shard, metrics: frozenset[str], *, rows: list[int] | None = None, top: int = 5, data_type: str = ""
) -> Part:
    found = shard.schema.properties["p"]
    chosen = None if rows is None else np.array(rows, dtype=np.int64)
    return measure(found, OpenColumn(shard, "p").select(chosen), Asked("p", metrics, top), data_type)


def test_integers() -> None:
    part = over(shard_with("int", [3, None, 7, 3, -1]), NUMBERS, data_type="int")

    assert part.int == Part.Integer(count=4, type="int", sum=12, mean=3.0, median=3.0, mode=3, minimum=-1, maximum=7)


def test_median_of_an_even_number_of_values_is_between_the_middle_two() -> None:
    assert over(shard_with("int", [1, 2, 10, 20]), NUMBERS).int.median == 6.0


def test_of_equally_frequent_numbers_the_smallest_is_the_mode() -> None:
    assert over(shard_with("number", [2.5, -1.0, 2.5, -1.0, 9.0]), NUMBERS).number.mode == -1.0


def test_elements_of_arrays_count_one_by_one() -> None:
    part = over(shard_with("number[]", [[0.5, 0.5], [], None, [3.0]]), NUMBERS, data_type="number[]")

    assert part.number == Part.Number(
        count=3, type="number[]", sum=4.0, mean=4 / 3, median=0.5, mode=0.5, minimum=0.5, maximum=3.0
    )


def test_only_what_was_asked_for_is_given() -> None:
    assert over(shard_with("int", [1, 2]), frozenset({"mean"})).int == Part.Integer(type="", mean=1.5)


@pytest.mark.parametrize("metrics", [frozenset({"type"}), frozenset({"mean", "median"}), frozenset[str]()])
def test_no_number_no_type(metrics: frozenset[str]) -> None:
    """A server leaves all out, the requested type too, where there is nothing to compute, or nothing was asked."""
    part = over(shard_with("int", [None, None]), metrics, data_type="int")

    assert part.WhichOneof("aggregation") == "int"
    assert part.int == Part.Integer()


def test_the_count_of_nothing_is_zero() -> None:
    assert over(shard_with("int", []), NUMBERS, data_type="int").int == Part.Integer(count=0, type="int")
    assert over(shard_with("date", [None]), DATES, data_type="date").date == Part.Date(count=0, type="date")


def test_dead_rows_do_not_count() -> None:
    shard = shard_with("int", [5, 6, 7])
    shard.remove((2).to_bytes(16, "big"))

    assert over(shard, NUMBERS).int == Part.Integer(
        count=2, type="", sum=12, mean=6.0, median=6.0, mode=5, minimum=5, maximum=7
    )


def test_some_rows_only() -> None:
    shard = shard_with("int[]", [[1, 2], [3], None, [4, 5, 6]])

    assert over(shard, frozenset({"sum", "count"}), rows=[0, 2, 3]).int == Part.Integer(type="", sum=18, count=5)


def test_sums_beyond_what_an_integer_holds_become_the_smallest_one() -> None:
    part = over(shard_with("int", [2**62, 2**62]), frozenset({"sum", "maximum"}))

    assert (part.int.sum, part.int.maximum) == (-(2**63), 2**62)


def test_booleans_always_give_everything() -> None:
    part = over(shard_with("boolean[]", [[True, False, True], None, [True]]), frozenset())

    assert part.boolean == Part.Boolean(
        count=4, type="", total_true=3, total_false=1, percentage_true=0.75, percentage_false=0.25
    )


def test_shares_of_no_booleans_are_not_numbers() -> None:
    part = over(shard_with("boolean", [None]), frozenset({"type"}), data_type="boolean")

    assert (part.boolean.count, part.boolean.type, part.boolean.total_true) == (0, "boolean", 0)
    assert math.isnan(part.boolean.percentage_true)
    assert math.isnan(part.boolean.percentage_false)


def test_texts_count_as_they_are() -> None:
    part = over(shard_with("text", ["b", "A", "a", "", "b", None]), frozenset(), top=3)

    assert part.text.count == 5
    assert [(item.value, item.occurs) for item in part.text.top_occurences.items] == [("b", 2), ("", 1), ("A", 1)]


def test_without_texts_there_are_no_items() -> None:
    part = over(shard_with("text[]", [None, []]), frozenset({"top_occurences"}))

    assert part.text.HasField("count")
    assert not part.text.HasField("top_occurences")


@given(st.lists(st.text("abcä", max_size=2)), st.integers(0, 6))
def test_most_frequent_agrees_with_sorting_everything(texts: list[str], top: int) -> None:
    counts = Counter(text.encode() for text in texts)

    assert most_frequent(counts, top) == sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:top]


NEW_YEAR = "2020-01-01T00:00:00Z"
NEW_YEAR_IN_ROME = "2020-01-01T01:00:00+01:00"
SUMMER = "2021-06-01T12:00:00.12345600Z"


def test_all_dates_come_from_the_index_in_utc() -> None:
    shard = shard_with("date", [NEW_YEAR_IN_ROME, NEW_YEAR, SUMMER, NEW_YEAR_IN_ROME])

    assert over(shard, DATES, data_type="date").date == Part.Date(
        count=4, type="date", median=NEW_YEAR, mode=NEW_YEAR, minimum=NEW_YEAR, maximum="2021-06-01T12:00:00.123456Z"
    )


def test_some_dates_come_as_they_were_stored() -> None:
    """The mode tells texts apart, not instants."""
    shard = shard_with("date", [NEW_YEAR, NEW_YEAR_IN_ROME, SUMMER, NEW_YEAR_IN_ROME, "2020-01-01T00:00:00.0Z"])

    assert over(shard, DATES, rows=[0, 1, 2, 3, 4]).date == Part.Date(
        count=5, type="", median=NEW_YEAR_IN_ROME, mode=NEW_YEAR_IN_ROME, minimum=NEW_YEAR, maximum=SUMMER
    )


def test_arrays_of_dates_come_as_they_were_stored_even_when_all_are_asked_for() -> None:
    shard = shard_with("date[]", [[SUMMER, NEW_YEAR_IN_ROME], [], None, [SUMMER]])

    assert over(shard, DATES).date == Part.Date(
        count=3, type="", median=SUMMER, mode=SUMMER, minimum=NEW_YEAR_IN_ROME, maximum=SUMMER
    )


def test_the_median_between_two_dates_is_an_instant_in_utc() -> None:
    shard = shard_with("date[]", [["2020-01-01T00:00:00+01:00", "2020-01-01T00:00:01+01:00"]])

    assert over(shard, DATES).date.median == "2019-12-31T23:00:00.5Z"


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (1_500_000_000, "1970-01-01T00:00:01.5Z"),
        (-(2**63), "1677-09-21T00:12:43.145224192Z"),
        (2**63 - 1, "2262-04-11T23:47:16.854775807Z"),
    ],
)
def test_instants_as_text(nanoseconds: int, text: str) -> None:
    assert text_of_instant(nanoseconds) == text


def test_an_index_that_is_not_there_cannot_be_read() -> None:
    shard = shard_with("int", [1, 2], filterable=False)

    with pytest.raises(Refused) as refusal:
        over(shard, NUMBERS)
    assert refusal.value.text == "could not find bucket for prop p"
    assert over(shard, frozenset({"sum"}), rows=[0, 1]).int.sum == 3
    assert over(shard_with("int[]", [[1]], filterable=False), frozenset({"sum"})).int.sum == 1
    assert over(shard_with("text", ["x"], filterable=False), frozenset()).text.count == 1


def beacon(number: int) -> Beacon:
    return Beacon("T", number.to_bytes(16, "big"))


def test_references_give_each_beacon_once_or_the_collections() -> None:
    shard = shard_with("reference", [[beacon(9)], None, [beacon(8)], [beacon(9)]], targets=("T", "U"))

    assert over(shard, frozenset({"pointing_to"}), rows=[0, 1, 2, 3]).reference == Part.Reference(
        type="", pointing_to=[beacon(9).text, beacon(8).text]
    )
    assert over(shard, frozenset({"pointing_to"}), rows=[0], data_type="cref").reference == Part.Reference(
        type="cref", pointing_to=["T", "U"]
    )


def test_several_references_of_one_object_are_refused_as_a_server_does() -> None:
    shard = shard_with("reference", [[beacon(1)], [beacon(1), beacon(2)]], targets=("T",))

    with pytest.raises(Refused, match=r"scan object 1: analyze object 1: .* expected list with length 1, got int"):
        over(shard, frozenset(), rows=[0, 1])


@pytest.mark.parametrize(
    ("data_type", "text"),
    [
        ("uuid", "unrecoginzed dataType uuid"),
        ("uuid[]", "unrecoginzed dataType uuid[]"),
        ("blob", "unrecoginzed dataType blob"),
        ("object[]", "unrecoginzed dataType object[]"),
        ("geoCoordinates", "dataType geoCoordinates can't be aggregated"),
        ("phoneNumber", "dataType phoneNumber can't be aggregated"),
    ],
)
def test_types_without_aggregation(data_type: str, text: str) -> None:
    with pytest.raises(Refused) as refusal:
        kind_of(shard_with(data_type, []).schema, "p")
    assert refusal.value.text == text


def test_the_limit_of_texts_counts_only_where_they_are_asked_for() -> None:
    text = pb.AggregateRequest.Aggregation.Text
    ask = pb.AggregateRequest.Aggregation

    assert asked_metrics(ask(property="p", text=text(top_occurences=True, top_occurences_limit=2))).top == 2
    assert asked_metrics(ask(property="p", text=text(top_occurences_limit=2))).top == 5
    assert asked_metrics(ask(property="p")) == Asked("p", frozenset())


@given(st.lists(st.integers(-50, 50), min_size=1))
def test_numbers_agree_with_the_definition(values: list[int]) -> None:
    part = over(shard_with("int", values), NUMBERS)
    ordered, half = sorted(values), len(values) // 2
    middle = ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2

    assert part.int.median == middle
    assert part.int.mode == min(set(values), key=lambda value: (-values.count(value), value))
    assert (part.int.minimum, part.int.maximum, part.int.sum) == (min(values), max(values), sum(values))
