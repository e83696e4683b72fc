"""Aggregate: metrics of every type, groups, searches that choose the objects, and the server's words when it refuses."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from exchanges import call_rest

from weaviate_orm.transport.base import Exchange
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.status import RpcRefused

Ask = pb.AggregateRequest.Aggregation
Part = pb.AggregateReply.Aggregations.Aggregation

NUMBERS = {
    "count": True,
    "type": True,
    "sum": True,
    "mean": True,
    "median": True,
    "mode": True,
    "minimum": True,
    "maximum": True,
}
DATES = {"count": True, "type": True, "median": True, "mode": True, "minimum": True, "maximum": True}
NEW_YEAR_IN_ROME = "2020-01-01T01:00:00+01:00"
SUMMER = "2021-06-01T12:00:00.123456Z"


def identifier(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def beacon(collection: str, number: int) -> dict[str, str]:
    return {"beacon": f"weaviate://localhost/{collection}/{identifier(number)}"}


PROPERTIES: list[dict[str, Any]] = [
    {"name": "title", "dataType": ["text"]},
    {"name": "tags", "dataType": ["text[]"]},
    {"name": "year", "dataType": ["int"]},
    {"name": "scores", "dataType": ["int[]"]},
    {"name": "price", "dataType": ["number"]},
    {"name": "prices", "dataType": ["number[]"]},
    {"name": "sold", "dataType": ["boolean"]},
    {"name": "flags", "dataType": ["boolean[]"]},
    {"name": "day", "dataType": ["date"]},
    {"name": "days", "dataType": ["date[]"]},
    {"name": "key", "dataType": ["uuid"]},
    {"name": "place", "dataType": ["geoCoordinates"]},
    {"name": "part", "dataType": ["object"], "nestedProperties": [{"name": "x", "dataType": ["int"]}]},
    {"name": "unindexed", "dataType": ["int"], "indexFilterable": False},
    {"name": "nothing", "dataType": ["int"]},
    {"name": "noDay", "dataType": ["date"]},
    {"name": "noTitle", "dataType": ["text"]},
    {"name": "noFlag", "dataType": ["boolean"]},
]
OBJECTS: list[tuple[dict[str, Any], list[float] | None]] = [
    (
        {
            "title": "red car",
            "tags": ["x", "y", "x"],
            "year": 2001,
            "scores": [1, 1, 2],
            "price": 1.5,
            "prices": [0.5, 0.25],
            "sold": True,
            "flags": [True, False, True],
            "day": NEW_YEAR_IN_ROME,
            "days": [NEW_YEAR_IN_ROME, SUMMER],
            "key": identifier(70),
            "place": {"latitude": 1.0, "longitude": 2.0},
            "part": {"x": 1},
            "unindexed": 5,
        },
        [1.0, 0.0],
    ),
    (
        {"title": "Red car", "tags": [], "year": 2001, "price": -2.5, "sold": False, "day": SUMMER, "scores": []},
        [1.0, 1.0],
    ),
    ({"title": "", "year": 1999, "price": 1.5, "sold": True, "tags": ["y"], "day": NEW_YEAR_IN_ROME}, [0.0, 1.0]),
    ({"title": "blue car", "year": 2010, "key": identifier(70), "unindexed": 7}, [-1.0, 0.0]),
    ({"scores": [5]}, None),
]


@pytest.fixture
def stock(exchange: Exchange, fresh: Callable[[str], str]) -> str:
    """A collection with all types; the first object refers to two others, the second to one."""
    target, name = fresh("Maker"), fresh("Stock")
    assert call_rest(exchange, "POST", "/schema", {"class": target, "vectorizer": "none"}).status == 200
    for number in (1, 2):
        assert call_rest(exchange, "POST", "/objects", {"class": target, "id": identifier(number)}).status == 200
    schema = {
        "class": name,
        "vectorizer": "none",
        "properties": [*PROPERTIES, {"name": "makers", "dataType": [target]}, {"name": "owner", "dataType": [target]}],
    }
    assert call_rest(exchange, "POST", "/schema", schema).status == 200
    for number, (properties, vector) in enumerate(OBJECTS, 1):
        references: dict[str, Any] = {}
        if number == 1:
            references = {"makers": [beacon(target, 1), beacon(target, 2)], "owner": [beacon(target, 2)]}
        elif number == 2:
            references = {"makers": [beacon(target, 1)]}
        stored = {"class": name, "id": identifier(number), "properties": properties | references, "vector": vector}
        reply = call_rest(exchange, "POST", "/objects", stored)
        assert reply.status == 200, reply
    return name


class Caller:
    """Asks about one collection."""

    def __init__(self, exchange: Exchange, collection: str) -> None:
        self.exchange = exchange
        self.collection = collection

    def reply(self, **request: Any) -> pb.AggregateReply:
        message = pb.AggregateRequest(**{"collection": self.collection, **request})
        found = self.exchange.unary(rpcs.AGGREGATE, message)
        assert isinstance(found, pb.AggregateReply)
        return found

    def parts(self, *aggregations: Ask, **request: Any) -> Mapping[str, Part]:
        found = self.reply(aggregations=aggregations, **request).single_result.aggregations.aggregations
        return {part.property: part for part in found}

    def part(self, aggregation: Ask, **request: Any) -> Part:
        (found,) = self.parts(aggregation, **request).values()
        return found

    def count(self, **request: Any) -> int:
        return self.reply(objects_count=True, **request).single_result.objects_count

    def groups(self, property: str, **request: Any) -> list[pb.AggregateReply.Group]:
        by = pb.AggregateRequest.GroupBy(collection=self.collection, property=property)
        return list(self.reply(group_by=by, **request).grouped_results.groups)

    def sizes(self, property: str, **request: Any) -> dict[Any, int]:
        found: dict[Any, int] = {}
        for group in self.groups(property, **request):
            assert list(group.grouped_by.path) == [property]
            kind = group.grouped_by.WhichOneof("value")
            assert kind is not None
            found[getattr(group.grouped_by, kind)] = group.objects_count
        return found

    def refusal(self, **request: Any) -> str:
        with pytest.raises(RpcRefused) as refused:
            self.reply(**request)
        assert refused.value.status == "UNKNOWN"
        return re.sub(r"shard \w+:", "shard *:", refused.value.details)


@pytest.fixture
def ask(exchange: Exchange, stock: str) -> Caller:
    return Caller(exchange, stock)


def number(property: str, **metrics: bool) -> Ask:
    return Ask(property=property, int=Ask.Integer(**(metrics or NUMBERS)))


def date(property: str) -> Ask:
    return Ask(property=property, date=Ask.Date(**DATES))


def text(property: str, **metrics: Any) -> Ask:
    return Ask(property=property, text=Ask.Text(**metrics))


def where(property: str, **value: Any) -> pb.Filters:
    return pb.Filters(operator=pb.Filters.OPERATOR_EQUAL, target=pb.FilterTarget(property=property), **value)


def packed(*numbers: float) -> bytes:
    return np.array(numbers, "<f4").tobytes()


CARS = where("title", value_text="car")
NONE = where("title", value_text="nobody")


# Metrics


def test_integers_of_everything_and_of_a_selection(ask: Caller) -> None:
    expected = Part.Integer(
        count=4, type="int", sum=8011, mean=2002.75, median=2001.0, mode=2001, minimum=1999, maximum=2010
    )

    assert ask.part(number("year")).int == expected
    assert ask.part(number("year"), filters=CARS).int == Part.Integer(
        count=3, type="int", sum=6012, mean=2004.0, median=2001.0, mode=2001, minimum=2001, maximum=2010
    )


def test_the_kind_follows_the_data_type(ask: Caller) -> None:
    parts = ask.parts(number("price"), number("title"), text("year", count=True), number("sold"))

    assert parts["price"].number == Part.Number(
        count=3, type="number", sum=0.5, mean=0.5 / 3, median=1.5, mode=1.5, minimum=-2.5, maximum=1.5
    )
    assert (parts["title"].text.count, parts["title"].text.type) == (4, "text")
    assert parts["year"].int == Part.Integer(count=4, type="")
    assert parts["sold"].boolean.total_true == 2


def test_elements_of_arrays_count_one_by_one(ask: Caller) -> None:
    parts = ask.parts(number("scores"), number("prices"))

    assert parts["scores"].int == Part.Integer(
        count=4, type="int[]", sum=9, mean=2.25, median=1.5, mode=1, minimum=1, maximum=5
    )
    assert parts["prices"].number == Part.Number(
        count=2, type="number[]", sum=0.75, mean=0.375, median=0.375, mode=0.25, minimum=0.25, maximum=0.5
    )


def test_booleans_give_everything_always(ask: Caller) -> None:
    parts = ask.parts(Ask(property="sold"), Ask(property="flags", boolean=Ask.Boolean(type=True)))

    assert parts["sold"].boolean == Part.Boolean(
        count=3, type="", total_true=2, total_false=1, percentage_true=2 / 3, percentage_false=1 / 3
    )
    assert parts["flags"].boolean == Part.Boolean(
        count=3, type="boolean[]", total_true=2, total_false=1, percentage_true=2 / 3, percentage_false=1 / 3
    )


def test_texts_count_whole_and_with_their_case(ask: Caller) -> None:
    title = ask.part(text("title")).text
    tags = ask.part(text("tags", top_occurences=True, top_occurences_limit=1, type=True)).text

    assert title.count == 4
    assert [(item.value, item.occurs) for item in title.top_occurences.items] == [
        ("", 1),
        ("Red car", 1),
        ("blue car", 1),
        ("red car", 1),
    ]
    assert (tags.count, tags.type) == (4, "text[]")
    assert [(item.value, item.occurs) for item in tags.top_occurences.items] == [("x", 2)]


def test_all_dates_are_in_utc_and_selected_ones_as_stored(ask: Caller) -> None:
    assert ask.part(date("day")).date == Part.Date(
        count=3,
        type="date",
        median="2020-01-01T00:00:00Z",
        mode="2020-01-01T00:00:00Z",
        minimum="2020-01-01T00:00:00Z",
        maximum=SUMMER,
    )
    assert ask.part(date("day"), filters=where("sold", value_boolean=True)).date == Part.Date(
        count=2,
        type="date",
        median=NEW_YEAR_IN_ROME,
        mode=NEW_YEAR_IN_ROME,
        minimum=NEW_YEAR_IN_ROME,
        maximum=NEW_YEAR_IN_ROME,
    )


def test_the_median_between_two_dates_is_an_instant_of_its_own(ask: Caller) -> None:
    found = ask.part(date("days")).date

    assert (found.count, found.minimum, found.maximum) == (2, NEW_YEAR_IN_ROME, SUMMER)
    assert found.median == "2020-09-15T18:00:00.061728Z"


@pytest.mark.parametrize("request_", [{}, {"filters": NONE}, {"filters": CARS}])
def test_nothing_to_compute(ask: Caller, request_: dict[str, Any]) -> None:
    parts = ask.parts(
        number("nothing"), date("noDay"), text("noTitle", top_occurences=True), Ask(property="noFlag"), **request_
    )

    assert parts["nothing"].int == Part.Integer(count=0, type="int")
    assert parts["noDay"].date == Part.Date(count=0, type="date")
    assert parts["noTitle"].text == Part.Text(count=0, type="")
    assert parts["noFlag"].boolean.count == 0
    assert math.isnan(parts["noFlag"].boolean.percentage_true)


def test_without_a_metric_there_is_not_even_a_type(ask: Caller) -> None:
    parts = ask.parts(number("year", type=True), Ask(property="day"), number("nothing", mean=True))

    assert {name: part.WhichOneof("aggregation") for name, part in parts.items()} == {
        "year": "int",
        "day": "date",
        "nothing": "int",
    }
    assert parts["year"].int == Part.Integer()
    assert parts["day"].date == Part.Date()
    assert parts["nothing"].int == Part.Integer()


def test_of_two_wishes_about_a_property_the_later_holds(ask: Caller) -> None:
    found = ask.reply(aggregations=[number("year", count=True, type=True), number("year", mean=True)])

    (part,) = found.single_result.aggregations.aggregations
    assert part.int == Part.Integer(type="int", mean=2002.75)


# References


def test_references_of_everything_are_collections_and_only_with_the_type(ask: Caller, exchange: Exchange) -> None:
    properties = call_rest(exchange, "GET", f"/schema/{ask.collection}").body["properties"]
    (target,) = (one["dataType"] for one in properties if one["name"] == "owner")
    typed = Ask(property="owner", reference=Ask.Reference(type=True, pointing_to=True))
    untyped = Ask(property="owner", reference=Ask.Reference(pointing_to=True))

    assert ask.part(typed).reference == Part.Reference(type="cref", pointing_to=target)
    assert ask.parts(untyped) == {}
    assert ask.part(typed, filters=CARS).reference == Part.Reference(type="cref", pointing_to=target)


def test_references_of_a_selection_are_beacons(ask: Caller) -> None:
    untyped = Ask(property="owner", reference=Ask.Reference(pointing_to=True))

    (found,) = ask.part(untyped, filters=CARS).reference.pointing_to
    assert re.fullmatch(rf"weaviate://localhost/\w+/{identifier(2)}", found)
    assert list(ask.part(untyped, filters=NONE).reference.pointing_to) == []


def test_several_references_of_an_object_cannot_be_aggregated(ask: Caller) -> None:
    several = Ask(property="makers", reference=Ask.Reference(pointing_to=True))

    assert re.fullmatch(
        r"aggregate: shard \*: aggregate properties: properties view tx: scan: scan object \d+: analyze object \d+: "
        r"failed to add prop value: expected list with length 1, got int",
        ask.refusal(aggregations=[several], filters=CARS),
    )


# Counts


def test_counts(ask: Caller) -> None:
    assert ask.count() == 5
    assert ask.count(filters=CARS) == 3
    assert ask.count(object_limit=1) == 5  # limits searches only
    assert ask.count(limit=1) == 5  # limits groups only


def test_what_was_not_asked_is_zero_or_absent(ask: Caller) -> None:
    single = ask.reply().single_result

    assert single.HasField("objects_count")
    assert single.objects_count == 0
    assert not single.HasField("aggregations")


# Groups


def test_groups_by_every_type(ask: Caller) -> None:
    assert ask.sizes("title") == {"red car": 1, "Red car": 1, "": 1, "blue car": 1}
    assert ask.sizes("year") == {2001.0: 2, 1999.0: 1, 2010.0: 1}
    assert ask.sizes("price") == {1.5: 2, -2.5: 1}
    assert ask.sizes("sold") == {True: 2, False: 1}
    assert ask.sizes("day") == {NEW_YEAR_IN_ROME: 2, SUMMER: 1}
    assert ask.sizes("key") == {identifier(70): 2}
    assert ask.sizes("unindexed") == {5.0: 1, 7.0: 1}
    assert {name[-36:]: size for name, size in ask.sizes("makers").items()} == {identifier(1): 2, identifier(2): 1}


def test_each_element_of_an_array_is_a_group(ask: Caller) -> None:
    assert ask.sizes("tags") == {"y": 2, "x": 1}
    assert ask.sizes("scores") == {1.0: 1, 2.0: 1, 5.0: 1}
    assert ask.sizes("flags") == {True: 1, False: 1}
    assert ask.sizes("days") == {NEW_YEAR_IN_ROME: 1, SUMMER: 1}


def test_numbers_group_as_numbers_and_the_largest_group_is_first(ask: Caller) -> None:
    groups = ask.groups("year")

    assert groups[0].grouped_by.number == 2001.0
    assert [group.objects_count for group in groups] == [2, 1, 1]
    assert [group.grouped_by.number for group in ask.groups("year", limit=1)] == [2001.0]


def test_metrics_of_groups(ask: Caller) -> None:
    groups = {
        group.grouped_by.boolean: group
        for group in ask.groups("sold", aggregations=[number("year"), number("nothing")])
    }
    parts = {part.property: part.int for part in groups[True].aggregations.aggregations}

    assert parts["year"] == Part.Integer(
        count=2, type="int", sum=4000, mean=2000.0, median=2000.0, mode=1999, minimum=1999, maximum=2001
    )
    assert parts["nothing"] == Part.Integer(count=0, type="int")
    assert not ask.groups("sold")[0].HasField("aggregations")


def test_groups_of_a_selection(ask: Caller) -> None:
    assert ask.sizes("year", filters=CARS) == {2001.0: 2, 2010.0: 1}


@pytest.mark.parametrize("property", ["nothing", "nope", ""])
def test_no_groups_no_result(ask: Caller, property: str) -> None:
    by = pb.AggregateRequest.GroupBy(collection=ask.collection, property=property)

    assert ask.reply(group_by=by).WhichOneof("result") is None


def test_what_cannot_be_grouped_by(ask: Caller) -> None:
    def refusal(property: str, **request: Any) -> str:
        return ask.refusal(group_by=pb.AggregateRequest.GroupBy(property=property), **request)

    unhashable = "panic occurred: hash of unhashable type: map[string]interface {}"
    assert refusal("part") == unhashable
    assert refusal("place") == "prepare reply: groupedBy: unrecognized grouped by value type: *models.GeoCoordinates"
    assert refusal("makers", filters=CARS) == f"aggregate: shard *: identify groups: scan: {unhashable}"


# Searches


def near(*numbers: float, **threshold: Any) -> pb.NearVector:
    return pb.NearVector(vector_bytes=packed(*numbers), **threshold)


BOUNDLESS = "must provide certainty or objectLimit with vector search"


def test_near_vector_with_limits(ask: Caller) -> None:
    assert ask.count(near_vector=near(1, 0), object_limit=2) == 2
    assert ask.count(near_vector=near(1, 0, distance=0.5)) == 2
    assert ask.count(near_vector=near(1, 0, certainty=0.75)) == 2
    assert ask.count(near_vector=near(1, 0, distance=0.5), object_limit=1) == 1
    assert ask.count(near_vector=near(1, 0, distance=1.9)) == 3
    assert ask.part(number("year", sum=True), near_vector=near(1, 0), object_limit=2).int.sum == 4002
    assert ask.sizes("year", near_vector=near(1, 0), object_limit=3) == {2001.0: 2, 1999.0: 1}
    assert ask.count(near_vector=near(1, 0), object_limit=3, filters=CARS) == 3


def test_near_vector_without_an_end(ask: Caller) -> None:
    """A distance becomes a certainty first: 2 is a certainty of nothing, and beyond that it is a negative one."""
    assert ask.refusal(near_vector=near(1, 0)) == f"aggregate: {BOUNDLESS}"
    assert ask.refusal(near_vector=near(1, 0, distance=2)) == f"aggregate: {BOUNDLESS}"
    assert ask.refusal(near_vector=near(1, 0, distance=2.5)) == f"aggregate: shard *: {BOUNDLESS}"
    assert ask.count(near_vector=near(1, 0, distance=2), object_limit=9) == 4


def test_near_object(ask: Caller) -> None:
    assert ask.count(near_object=pb.NearObject(id=identifier(1)), object_limit=2) == 2
    assert ask.count(near_object=pb.NearObject(id=identifier(1), distance=0.5)) == 2
    assert ask.refusal(near_object=pb.NearObject(id=identifier(1))) == f"aggregate: {BOUNDLESS}"


def test_hybrid_takes_what_either_part_finds(ask: Caller) -> None:
    assert ask.count(hybrid=pb.Hybrid(query="blue", alpha=0.5, vector_bytes=packed(1, 0)), object_limit=1) == 2
    assert ask.count(hybrid=pb.Hybrid(query="car", alpha=0.5, vector_bytes=packed(1, 0))) == 4
    assert ask.count(hybrid=pb.Hybrid(query="car", alpha=0), object_limit=9) == 3
    assert ask.count(hybrid=pb.Hybrid(query="y", alpha=0), object_limit=9) == 0  # text[] is not searched here
    near_enough = pb.Hybrid(query="car", alpha=0.5, vector_bytes=packed(1, 0), vector_distance=0.5)
    assert ask.count(hybrid=near_enough) == 2
    assert ask.refusal(hybrid=pb.Hybrid(query="car", alpha=0)) == f"aggregate: {BOUNDLESS}"


@pytest.mark.parametrize(
    ("search", "text"),
    [
        ({"near_vector": pb.NearVector()}, "parse params: parse near vector: near_vector: vector is required"),
        (
            {"near_vector": near(1, 0, certainty=0.5, distance=0.1)},
            "parse params: near_vector: cannot provide distance and certainty",
        ),
        ({"near_object": pb.NearObject()}, "parse params: near_object: id is required"),
        (
            {"near_object": pb.NearObject(id=identifier(99))},
            f"aggregate: nearObject params: nearObject search-object with id {identifier(99)} not found",
        ),
        (
            {"near_object": pb.NearObject(id=identifier(5))},
            f"aggregate: nearObject params: nearObject search-object with id {identifier(5)} has no vector",
        ),
        (
            {"near_vector": near(1, 0, 1), "object_limit": 2},
            "aggregate: shard *: knn search: distance between entrypoint and query node: 2 vs 3: vector lengths don't match",
        ),
        (
            {"near_vector": near(1, 0, 1, distance=0.5)},
            "aggregate: shard *: aggregate search by vector: vector search: "
            "knn search: distance between entrypoint and query node: 2 vs 3: vector lengths don't match",
        ),
        (
            {"hybrid": pb.Hybrid(query="car", alpha=0.5, vector_bytes=packed(1, 0, 1))},
            "aggregate: shard *: dense search: aggregate dense search: "
            "knn search: distance between entrypoint and query node: 2 vs 3: vector lengths don't match",
        ),
    ],
)
def test_searches_that_make_no_sense(ask: Caller, search: dict[str, Any], text: str) -> None:
    assert ask.refusal(**search) == text


def test_target_vectors(exchange: Exchange, fresh: Callable[[str], str]) -> None:
    name = fresh("Named")
    vectors = {target: {"vectorizer": {"none": {}}, "vectorIndexType": "hnsw"} for target in ("one", "two")}
    assert call_rest(exchange, "POST", "/schema", {"class": name, "vectorConfig": vectors}).status == 200
    for number in (1, 2):
        stored = {
            "class": name,
            "id": identifier(number),
            "vectors": {"one": [1, number]} | ({"two": [1, 2, 3]} if number == 1 else {}),
        }
        assert call_rest(exchange, "POST", "/objects", stored).status == 200
    ask = Caller(exchange, name)

    def targets(*names: str) -> pb.Targets:
        return pb.Targets(target_vectors=names)

    assert ask.count(near_vector=near(1, 1, targets=targets("one")), object_limit=9) == 2
    assert ask.count(near_vector=near(1, 2, 3, targets=targets("two")), object_limit=9) == 1
    assert ask.count(near_object=pb.NearObject(id=identifier(1), targets=targets("one")), object_limit=9) == 2
    assert ask.refusal(near_object=pb.NearObject(id=identifier(2), targets=targets("two"))) == (
        "aggregate: nearObject params: vector not found for target: two"
    )
    assert ask.refusal(near_vector=near(1, 1, targets=targets("one", "two"))) == (
        "parse params: found more than one target vector for aggregation"
    )
    assert ask.refusal(near_vector=near(1, 1)) == (
        f"parse params: extract target vectors: class {name} has multiple vectors, but no target vectors were provided"
    )
    assert ask.refusal(near_vector=near(1, 1, targets=targets("three"))).startswith(
        f"parse params: extract target vectors: class {name} does not have named vector three configured."
    )


# Refusals


def missing(collection: str, property: str) -> str:
    return (
        f"no such prop with name '{property}' found in class '{collection}' in the schema. "
        "Check your schema files for which properties in this class are available"
    )


def test_properties_that_cannot_be_aggregated(ask: Caller) -> None:
    def refusal(property: str, **request: Any) -> str:
        return ask.refusal(aggregations=[number(property)], **request)

    start = "aggregate: shard *: aggregate properties: "
    prepared = f"{start}prepare aggregators for props: "
    unknown = missing(ask.collection, "nope")
    assert refusal("nope") == f"{start}property nope: property nope: {unknown}"
    assert refusal("nope", filters=CARS) == f"{prepared}property nope: property nope: {unknown}"
    assert refusal("unindexed") == f"{start}property unindexed: could not find bucket for prop unindexed"
    assert refusal("key") == f"{start}property key: unrecoginzed dataType uuid"
    assert refusal("part", filters=CARS) == f"{prepared}property part: unrecoginzed dataType object"
    assert refusal("place") == f"{start}property place: dataType geoCoordinates can't be aggregated"
    assert ask.part(number("unindexed", sum=True), filters=CARS).int.sum == 12


def test_unknown_properties_of_groups(ask: Caller) -> None:
    unknown = missing(ask.collection, "nope")
    by_sold = pb.AggregateRequest.GroupBy(property="sold")
    by_nothing = pb.AggregateRequest.GroupBy(property="nothing")

    assert ask.refusal(aggregations=[number("nope", count=True)], group_by=by_sold) == (
        "aggregate: shard *: aggregate group 0 (true): aggregate properties: "
        f"prepare aggregators for props: property nope: property nope: {unknown}"
    )
    assert ask.reply(aggregations=[number("nope", count=True)], group_by=by_nothing).WhichOneof("result") is None
    assert ask.refusal(aggregations=[number("nope", type=True)], group_by=by_nothing) == f"aggregate: {unknown}"


def test_bad_filters(ask: Caller) -> None:
    assert ask.refusal(filters=where("nope", value_int=1)) == (
        f"parse params: extract filters: {missing(ask.collection, 'nope')}"
    )
    assert ask.refusal(filters=where("unindexed", value_int=1)) == (
        "aggregate: shard *: retrieve doc IDs from searcher: Filtering by property 'unindexed' requires inverted index. "
        "Is `indexFilterable` option of property 'unindexed' enabled? Set it to `true` or leave empty"
    )
    grouped = pb.AggregateRequest.GroupBy(property="sold")
    assert ask.refusal(filters=where("unindexed", value_int=1), group_by=grouped).startswith(
        "aggregate: shard *: identify groups: retrieve doc IDs from searcher: Filtering by property"
    )


def test_collections_that_do_not_exist(ask: Caller) -> None:
    assert ask.refusal(collection="Nope") == "parse params: could not find class Nope in schema"
    assert ask.refusal(collection="nope") == "parse params: could not find class Nope in schema"
    assert ask.count(collection=ask.collection[:1].lower() + ask.collection[1:]) == 5


def test_aliases(ask: Caller, exchange: Exchange, fresh: Callable[[str], str]) -> None:
    alias = fresh("Alias")
    assert call_rest(exchange, "POST", "/aliases", {"alias": alias, "class": ask.collection}).status == 200
    try:
        assert ask.count(collection=alias) == 5
    finally:
        call_rest(exchange, "DELETE", f"/aliases/{alias}")


# Tenants


def test_tenants(exchange: Exchange, fresh: Callable[[str], str]) -> None:
    name = fresh("Shared")
    schema = {
        "class": name,
        "vectorizer": "none",
        "multiTenancyConfig": {"enabled": True},
        "properties": [{"name": "year", "dataType": ["int"]}],
    }
    assert call_rest(exchange, "POST", "/schema", schema).status == 200
    tenants = [{"name": "full"}, {"name": "empty"}, {"name": "cold", "activityStatus": "COLD"}]
    assert call_rest(exchange, "POST", f"/schema/{name}/tenants", tenants).status == 200
    for number_ in (1, 2):
        stored = {"class": name, "tenant": "full", "id": identifier(number_), "properties": {"year": number_}}
        assert call_rest(exchange, "POST", "/objects", stored).status == 200
    ask = Caller(exchange, name)

    assert ask.count(tenant="full") == 2
    assert ask.count(tenant="empty") == 0
    assert ask.sizes("year", tenant="full") == {1.0: 1, 2.0: 1}
    for request in ({}, {"aggregations": [number("year")]}):
        assert ask.refusal(**request) == (
            f"aggregate: class {name} has multi-tenancy enabled, but request was without tenant"
        )
        assert ask.refusal(tenant="nope", **request) == 'aggregate: tenant not found: "nope"'
        assert ask.refusal(tenant="cold", **request) == "aggregate: tenant not active: 'cold'"
    assert ask.refusal(tenant="cold", near_object=pb.NearObject(id=identifier(1))) == (
        f"aggregate: nearObject params: search index {name.lower()}: determine shard: tenant not active: 'cold'"
    )


def test_a_tenant_where_there_are_none(ask: Caller) -> None:
    assert ask.refusal(tenant="somebody") == (
        f"aggregate: class {ask.collection} has multi-tenancy disabled, but request was with tenant"
    )
