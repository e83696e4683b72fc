from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import stores
from hypothesis import given, settings
from hypothesis import strategies as st

from weaviate_orm.local.filters.filtering import checked_filter, matching, matching_where, select
from weaviate_orm.local.filters.operands import read_instant
from weaviate_orm.local.objects import Beacon, StoredObject
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.storage.changes import PutCollection, PutObject, PutTenant
from weaviate_orm.local.storage.database import Database
from weaviate_orm.local.text.missing_index import MissingIndex
from weaviate_orm.wire import _pb as pb

Filters = pb.Filters

_FIELDS = {bool: "value_boolean", int: "value_int", float: "value_number", str: "value_text"}
_ARRAYS: dict[type, tuple[str, Callable[..., Any]]] = {
    bool: ("value_boolean_array", pb.BooleanArray),
    int: ("value_int_array", pb.IntArray),
    float: ("value_number_array", pb.NumberArray),
    str: ("value_text_array", pb.TextArray),
}


def leaf(target: str | pb.FilterTarget, operator: str, value: Any = None) -> pb.Filters:
    """Make a filter with one comparison; a tuple is a circle."""
    message = Filters(operator=Filters.Operator.Value(f"OPERATOR_{operator}"))
    message.target.CopyFrom(pb.FilterTarget(property=target) if isinstance(target, str) else target)
    if isinstance(value, tuple):
        latitude, longitude, distance = value
        message.value_geo.CopyFrom(pb.GeoCoordinatesFilter(latitude=latitude, longitude=longitude, distance=distance))
    elif isinstance(value, list):
        field, array = _ARRAYS[type(value[0]) if value else str]
        getattr(message, field).CopyFrom(array(values=value))
    elif value is not None:
        setattr(message, _FIELDS[type(value)], value)
    return message


def joined(operator: str, *filters: pb.Filters) -> pb.Filters:
    return Filters(operator=Filters.Operator.Value(f"OPERATOR_{operator}"), filters=filters)


def behind(reference: str, inner: str | pb.FilterTarget, collection: str = "") -> pb.FilterTarget:
    target = pb.FilterTarget(property=inner) if isinstance(inner, str) else inner
    if collection:
        several = pb.FilterReferenceMultiTarget(on=reference, target=target, target_collection=collection)
        return pb.FilterTarget(multi_target=several)
    return pb.FilterTarget(single_target=pb.FilterReferenceSingleTarget(on=reference, target=target))


def count_of(reference: str) -> pb.FilterTarget:
    return pb.FilterTarget(count=pb.FilterReferenceCount(on=reference))


INVERTED = {"indexNullState": True, "indexPropertyLength": True, "indexTimestamps": True}
OBJECTS: list[dict[str, Any]] = [
    {
        "title": "The red Fox-glove",
        "tags": ["red fox", "Blue"],
        "serial": "7b2c1d9e-0000-4000-8000-000000000001",
        "count": 7,
        "counts": [1, 2],
        "price": 0.5,
        "open": True,
        "day": "2024-05-01T14:00:00+02:00",
        "place": {"latitude": 0, "longitude": 1},
    },
    {
        "title": "fox",
        "tags": [],
        "serial": "7b2c1d9e-0000-4000-8000-000000000002",
        "count": 2**53,
        "counts": [],
        "price": -2.25,
        "open": False,
        "day": "2024-05-01T12:00:00.000000001Z",
        "place": {"latitude": 0, "longitude": -179.5},
    },
    {"title": "", "counts": [7], "prices": [0.5, 7], "opens": [True, False], "days": ["1999-01-01T00:00:00Z"]},
    {},
    {"title": "dead fox", "count": 7},
]
AUTHORS: list[dict[str, Any]] = [{"title": "Ada"}, {"title": "Bob", "count": 3}]


def opened(**more: dict[str, bool]) -> Database:
    database = stores.open_database()
    database.commit([PutCollection(stores.collection_json("Author", {"title": "text", "count": "int"}))])
    body = stores.collection_json("Article", invertedIndexConfig=INVERTED)
    extra: list[dict[str, Any]] = [
        stores.property_json("whole", "text", tokenization="field", indexFilterable=False),
        stores.property_json("ranged", "int", indexFilterable=False, indexRangeFilters=True),
        stores.property_json("bare", "int", indexFilterable=False),
        {"name": "either", "dataType": ["Author", "Article"], "indexFilterable": True},
    ]
    body["properties"] += extra
    database.commit([PutCollection(body | more)])
    database.commit([stores.put(50 + number, "Author", **values) for number, values in enumerate(AUTHORS)])
    objects = [stores.put(number + 1, **values) for number, values in enumerate(OBJECTS)]
    objects[0].object.references["author"] = [Beacon("Author", stores.id_of(50)), Beacon("Author", stores.id_of(51))]
    objects[1].object.references["author"] = [Beacon("Author", stores.id_of(51))]
    objects[1].object.references["either"] = [Beacon("Author", stores.id_of(50))]
    database.commit(objects)
    database.commit([stores.put(9, whole="Red fox", ranged=3), stores.drop(5)])
    return database


DATABASE = opened()


def found(filters: pb.Filters, database: Database = DATABASE) -> list[int]:
    """Give the numbers of the objects that a filter finds."""
    collection = database.collections["Article"]
    shard = collection.shard("")
    rows = matching(database, collection, shard, "", filters)
    assert rows.shape == (shard.size,)
    return [int.from_bytes(shard.id_at(row)) for row in np.flatnonzero(rows).tolist()]


def refusal(filters: pb.Filters, database: Database = DATABASE) -> str:
    with pytest.raises(Refused) as refused:
        found(filters, database)
    return refused.value.text


@pytest.mark.parametrize(
    ("name", "operator", "value", "expected"),
    [
        ("title", "EQUAL", "RED fox", [1]),
        ("title", "EQUAL", "the fox", [1, 2]),
        ("title", "NOT_EQUAL", "red fox", [3, 4, 9]),
        ("title", "LIKE", "f?x", [1, 2]),
        ("title", "LIKE", "the gl*", [1]),
        ("title", "LIKE", "*l*v*", [1]),
        ("title", "GREATER_THAN", "glove", [1]),
        ("title", "GREATER_THAN_EQUAL", "glove", [1]),
        ("title", "LESS_THAN", "fox", []),
        ("title", "LESS_THAN_EQUAL", "fox", [1, 2]),
        ("title", "CONTAINS_ANY", ["glove", "nope"], [1]),
        ("title", "CONTAINS_ANY", ["the", "glove"], [1]),
        ("title", "CONTAINS_ALL", ["fox", "red"], [1]),
        ("title", "CONTAINS_NONE", ["red", "nope"], [2, 3, 4, 9]),
        ("title", "IS_NULL", True, [3, 4, 9]),
        ("title", "IS_NULL", False, [1, 2]),
        ("tags", "EQUAL", "blue red", [1]),
        ("tags", "IS_NULL", True, [2, 3, 4, 9]),
        ("whole", "EQUAL", " Red fox ", [9]),
        ("whole", "EQUAL", "", []),
        ("whole", "LIKE", "R* f?x", [9]),
        ("serial", "EQUAL", "7B2C1D9E000040008000000000000001", [1]),
        ("serial", "GREATER_THAN", "7b2c1d9e-0000-4000-8000-000000000001", [2]),
        ("serial", "IS_NULL", False, [1, 2]),
        ("count", "EQUAL", 7, [1]),
        ("count", "EQUAL", 7.0, [1]),
        ("count", "EQUAL", "7", [1]),
        ("count", "NOT_EQUAL", 7, [2, 3, 4, 9]),
        ("count", "EQUAL", 2**53 + 1, []),
        ("count", "LESS_THAN", 2**53 + 1, [1, 2]),
        ("count", "GREATER_THAN", 2**53 - 1, [2]),
        ("count", "LESS_THAN_EQUAL", 7, [1]),
        ("count", "CONTAINS_ANY", [7, 8], [1]),
        ("count", "CONTAINS_ANY", [7.0], [1]),
        ("count", "CONTAINS_NONE", [7], [2, 3, 4, 9]),
        ("counts", "EQUAL", 7, [3]),
        ("counts", "GREATER_THAN", 1, [1, 3]),
        ("counts", "CONTAINS_ALL", [1, 2], [1]),
        ("counts", "IS_NULL", True, [2, 4, 9]),
        ("price", "LESS_THAN", 1, [1, 2]),
        ("price", "EQUAL", "0.5", [1]),
        ("price", "LESS_THAN", float("nan"), [2]),
        ("price", "GREATER_THAN", float("nan"), [1]),
        ("prices", "CONTAINS_ALL", [0.5, 7.0], [3]),
        ("open", "EQUAL", False, [2]),
        ("open", "GREATER_THAN", False, [1]),
        ("opens", "CONTAINS_ALL", [True, False], [3]),
        ("day", "EQUAL", "2024-05-01T12:00:00Z", [1]),
        ("day", "GREATER_THAN", "2024-05-01T12:00:00Z", [2]),
        ("days", "CONTAINS_ANY", ["1999-01-01T01:00:00+01:00"], [3]),
        ("ranged", "GREATER_THAN", 2, [9]),
        ("ranged", "NOT_EQUAL", 4, [9]),
        ("ranged", "CONTAINS_NONE", [3], [1, 2, 3, 4]),
        ("place", "WITHIN_GEO_RANGE", (0.0, 0.0, 111_194.94), [1]),
        ("place", "WITHIN_GEO_RANGE", (0.0, 0.0, 111_194.0), []),
        ("place", "WITHIN_GEO_RANGE", (0.0, 180.0, 60_000.0), [2]),
        ("place", "WITHIN_GEO_RANGE", (0.0, 1.0, -1.0), []),
        ("place", "IS_NULL", True, []),
        ("len(title)", "EQUAL", 17, [1]),
        ("len(title)", "EQUAL", 0, [3, 4, 9]),
        ("len(tags)", "LESS_THAN", 2, [2, 3, 4, 9]),
        ("len(author)", "NOT_EQUAL", 0, [1, 2]),
        ("len(serial)", "GREATER_THAN_EQUAL", 0, [3, 4, 9]),
        ("len(serial)", "NOT_EQUAL", 0, [1, 2]),
        ("author", "EQUAL", 1, [2]),
        ("author", "IS_NULL", False, [1, 2]),
        ("_id", "EQUAL", "00000000-0000-0000-0000-000000000002", [2]),
        ("_id", "EQUAL", "00000000000000000000000000000002", []),
        ("_id", "LIKE", "*-?????????00[29]", []),
        ("_id", "LIKE", "*9", [9]),
        ("_id", "LESS_THAN", "00000000-0000-0000-0000-000000000003", [1, 2]),
        ("_id", "CONTAINS_ANY", ["00000000-0000-0000-0000-000000000002", "x"], [2]),
        ("_creationTimeUnix", "EQUAL", "1970-01-01T00:00:00.002Z", [2]),
        ("_lastUpdateTimeUnix", "NOT_EQUAL", "1970-01-01T00:00:00.002Z", [2, 3, 4, 9]),
        ("_creationTimeUnix", "GREATER_THAN", "1970-01-01T00:00:00.010Z", [2, 3, 4, 9]),  # as texts: "2" > "10"
    ],
)
def test_comparisons(name: str, operator: str, value: Any, expected: list[int]) -> None:
    assert found(leaf(name, operator, value)) == expected


@pytest.mark.parametrize(
    ("target", "operator", "value", "expected"),
    [
        (behind("author", "title"), "EQUAL", "bob", [1, 2]),
        (behind("author", "title"), "NOT_EQUAL", "bob", [1]),
        (behind("Author", "title"), "CONTAINS_ALL", ["ada", "bob"], [1]),
        (behind("author", "title"), "CONTAINS_NONE", ["ada"], [2, 3, 4, 9]),
        (behind("author", "count"), "GREATER_THAN", 2, [1, 2]),
        (behind("author", "_id"), "EQUAL", "00000000-0000-0000-0000-000000000032", [1]),
        (behind("either", "title", "Author"), "EQUAL", "ada", [2]),
        (behind("either", "title", "Article"), "EQUAL", "fox", []),
        (count_of("author"), "GREATER_THAN", 1, [1]),
        (count_of("author"), "LESS_THAN", 1, [3, 4, 9]),
        (count_of("author"), "LESS_THAN", -1, [1, 2, 3, 4, 9]),
    ],
)
def test_references(target: pb.FilterTarget, operator: str, value: Any, expected: list[int]) -> None:
    assert found(leaf(target, operator, value)) == expected


def test_the_old_way_to_name_a_property() -> None:
    assert found(Filters(operator=Filters.OPERATOR_EQUAL, on=["count"], value_int=7)) == [1]
    assert found(Filters(operator=Filters.OPERATOR_EQUAL, on=["author", "Author", "title"], value_text="ada")) == [1]


def test_joining() -> None:
    fox, seven = leaf("title", "EQUAL", "fox"), leaf("count", "EQUAL", 7)
    assert found(joined("AND", fox, seven)) == [1]
    assert found(joined("OR", fox, leaf("_id", "LIKE", "*9"))) == [1, 2, 9]
    assert found(joined("NOT", fox)) == [3, 4, 9]
    assert found(joined("NOT", joined("NOT", fox))) == [1, 2]
    assert found(joined("AND", fox)) == [1, 2]
    assert found(joined("OR", joined("NOT", fox), joined("AND", fox, joined("NOT", seven)))) == [2, 3, 4, 9]


NESTED = "filtering on nested properties is a preview feature"
STOPWORDS = "invalid search term, only stopwords provided."


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        (leaf("nope", "EQUAL", 1), "no such prop with name 'nope' found in class 'Article'"),
        (leaf("count", "EQUAL"), "unknown value type <nil>"),
        (leaf("count", "UNSPECIFIED", 1), "unknown filter operator OPERATOR_UNSPECIFIED"),
        (Filters(operator=Filters.OPERATOR_EQUAL, value_int=1), "paths needs to have a uneven number"),
        (Filters(operator=Filters.OPERATOR_EQUAL, on=["a", "B"], value_int=1), "number of components: property, class"),
        (leaf(pb.FilterTarget(), "EQUAL", 1), "unknown target type "),
        (leaf("count", "EQUAL", 2.5), "filtering for integer, but received a floating point number 2.5"),
        (leaf("count", "EQUAL", 1e300), "filtering for integer, but received a value out of range 1e+300"),
        (leaf("count", "EQUAL", "x"), "could not parse string 'x' as int: strconv.ParseFloat: parsing \"x\": invalid"),
        (leaf("price", "EQUAL", "1_0"), "expected a number value, but could not parse string '1_0' as float"),
        (leaf("count", "EQUAL", True), "expected value to be int, got bool"),
        (leaf("price", "EQUAL", [1.5]), "expected value to be float64, got []float64"),
        (leaf("title", "EQUAL", 5), "expected value to be string, got 'int'"),
        (leaf("title", "IS_NULL", "x"), "expected value to be bool, got string"),
        (leaf("day", "EQUAL", "x"), 'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'),
        (leaf("serial", "EQUAL", "x"), "parse uuid filter value: invalid UUID length: 1"),
        (leaf("serial", "LIKE", "x"), 'operator "Like" cannot be used on uuid/uuid[] props'),
        (leaf("count", "LIKE", 1), "error parsing regexp"),
        (leaf("count", "CONTAINS_ANY", ["1"]), "extract contains values: value type should be []int but is []string"),
        (leaf("count", "CONTAINS_ANY", 1), "extract contains values: value type should be []int but is int"),
        (leaf("title", "CONTAINS_ANY", []), f"extract contains values: {STOPWORDS}"),
        (leaf("title", "CONTAINS_ALL", []), 'no children for operator "And"'),
        (leaf("title", "CONTAINS_NONE", []), 'nested NOT query: no children for operator "Or"'),
        (leaf("title", "EQUAL", "the"), STOPWORDS),
        (leaf("title", "CONTAINS_ANY", ["the", "a"]), STOPWORDS),
        (leaf("title", "CONTAINS_ALL", ["fox", "a"]), f"nested query: nested clause at pos 1: {STOPWORDS}"),
        (leaf("data", "EQUAL", "x"), 'data type "blob" not supported in query'),
        (leaf("address", "IS_NULL", True), NESTED),
        (leaf("address.city", "EQUAL", "x"), NESTED),
        (leaf("place", "EQUAL", (0.0, 0.0, 1.0)), "bucket for prop place not found - is it indexed?"),
        (leaf("place", "WITHIN_GEO_RANGE", "x"), "interface {} is string, not filters.GeoRange"),
        (leaf("bare", "EQUAL", 1), "Filtering by property 'bare' requires inverted index."),
        (leaf("bare", "IS_NULL", True), "bucket for prop bare_nullState not found"),
        (leaf("ranged", "LIKE", 1), "bucket for prop ranged not found"),
        (leaf("len(count)", "EQUAL", 1), "bucket for prop count_propertyLength not found"),
        (leaf("len(title)", "EQUAL", -1), "Can only filter for positive property length got -1 instead"),
        (leaf("len(title)", "LIKE", 1), "Filtering for property length supports operators (not) equal"),
        (leaf("_id", "EQUAL", 5), "expected value to be string, got 'int'"),
        (leaf("_creationTimeUnix", "EQUAL", 5), "expected value to be string or time.Time, got 'int'"),
        (leaf(behind("either", "title"), "EQUAL", "x"), "single target, got [Author Article] for either "),
        (leaf(behind("author", "nope"), "EQUAL", "x"), "no such prop with name 'nope' found in class 'Author'"),
        (leaf(behind("either", "title", "Nope"), "EQUAL", "x"), "could not find class Nope in schema"),
        (leaf(behind("author", "title"), "EQUAL", "a"), "nested request to fetch matching IDs: object search at index"),
        (leaf(count_of("title"), "EQUAL", 1), 'cannot use "valueInt" on type "text", use "valueText" instead'),
        (joined("AND"), 'no children for operator "And"'),
        (joined("NOT", *[leaf("count", "EQUAL", 1)] * 2), 'too many children for operator "Not". Expected 1, given 2'),
        (
            joined("AND", leaf("count", "EQUAL", 1), joined("NOT", leaf("len(count)", "EQUAL", 1))),
            "resolve doc ids for prop/value pair: nested AND/OR query: nested child 1: nested NOT query: bucket for prop",
        ),
        (
            joined("OR", leaf("len(title)", "EQUAL", -1), leaf("count", "EQUAL", 1), leaf("serial", "LIKE", "x")),
            "child operand at position 0: Can only filter for positive property length got -1 instead, "
            "child operand at position 2: operator",
        ),
    ],
)
def test_refusals(filters: pb.Filters, text: str) -> None:
    assert text in refusal(filters)


def test_indexes_that_a_collection_lacks() -> None:
    database = opened(invertedIndexConfig={})
    assert "Nullstate must be indexed to be filterable!" in refusal(leaf("title", "IS_NULL", True), database)
    assert "Property length must be indexed" in refusal(leaf("len(title)", "EQUAL", 1), database)
    times = leaf("_creationTimeUnix", "EQUAL", "2024-01-01T00:00:00Z")
    assert "Timestamps must be indexed to be filterable!" in refusal(times, database)


def test_a_missing_value_has_a_length_only_where_null_states_are_kept() -> None:
    database = opened(invertedIndexConfig={"indexPropertyLength": True})
    assert found(leaf("len(title)", "EQUAL", 0), database) == [3]
    assert found(leaf("len(title)", "NOT_EQUAL", 0), database) == [1, 2, 4, 9]


def test_a_missing_index_keeps_its_bare_text() -> None:
    collection = DATABASE.collections["Article"]
    clause = checked_filter(DATABASE, collection, joined("AND", leaf("bare", "EQUAL", 1)))
    with pytest.raises(MissingIndex) as refused:
        select(DATABASE, collection, collection.shard(""), "", clause)
    assert refused.value.text == f"nested query: nested clause at pos 0: {refused.value.bare}"
    assert refused.value.bare.startswith("Filtering by property 'bare'")


def test_references_stay_in_their_tenant() -> None:
    database = stores.open_database()
    author = stores.collection_json("Author", {"title": "text"}, multiTenancyConfig={"enabled": True})
    article = stores.collection_json("Article", {"author": "Author"}, multiTenancyConfig={"enabled": True})
    database.commit([PutCollection(author), PutCollection(article)])
    for tenant in ("one", "two"):
        database.commit([PutTenant("Author", tenant, "HOT"), PutTenant("Article", tenant, "HOT")])
        stored = StoredObject(stores.id_of(1), references={"author": [Beacon("Author", stores.id_of(50))]})
        database.commit([PutObject("Article", tenant, stored)])
    database.commit([stores.put(50, "Author", "one", title="Ada")])
    collection = database.collections["Article"]
    filters = leaf(behind("author", "title"), "EQUAL", "ada")
    assert matching(database, collection, collection.shard("one"), "one", filters).tolist() == [True]
    assert matching(database, collection, collection.shard("two"), "two", filters).tolist() == [False]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"operator": "Equal", "path": ["count"], "valueInt": 7}, [1]),
        ({"operator": "Like", "path": ["title"], "valueString": "f*"}, [1, 2]),
        ({"operator": "ContainsAny", "path": ["counts"], "valueIntArray": [2, 7]}, [1, 3]),
        ({"operator": "Equal", "path": ["author", "Author", "title"], "valueText": "ada"}, [1]),
        ({"operator": "Equal", "path": ["id"], "valueText": "00000000-0000-0000-0000-000000000002"}, [2]),
        ({"operator": "Equal", "path": ["_creationTimeUnix"], "valueText": "2"}, [2]),
        (
            {
                "operator": "WithinGeoRange",
                "path": ["place"],
                "valueGeoRange": {
                    "geoCoordinates": {"latitude": 0, "longitude": 1},
                    "distance": {"max": 1},
                },
            },
            [1],
        ),
        (
            {
                "operator": "And",
                "operands": [
                    {"operator": "Equal", "path": ["title"], "valueText": "fox"},
                    {"operator": "Not", "operands": [{"operator": "Equal", "path": ["open"], "valueBoolean": True}]},
                ],
            },
            [2],
        ),
    ],
)
def test_json_filters(where: dict[str, Any], expected: list[int]) -> None:
    collection = DATABASE.collections["Article"]
    shard = collection.shard("")
    rows = np.flatnonzero(matching_where(DATABASE, collection, shard, "", where))
    assert [int.from_bytes(shard.id_at(row)) for row in rows.tolist()] == expected


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ({"operator": "Nope"}, "unrecognized operator: Nope"),
        ({"operator": "And", "operands": []}, "invalid where filter: operator 'And', but no operands set"),
        ({"operator": "And", "path": ["x"]}, "not compatible with field 'path'"),
        ({"operator": "Or", "valueInt": 1}, "not compatible with field 'value<Type>'"),
        ({"operator": "Equal", "path": ["count"]}, "got operator 'Equal', but no value<Type> field set"),
        ({"operator": "Equal", "valueInt": 1}, "field 'path': must have at least one element"),
        ({"operator": "Equal", "path": ["author", "Author"], "valueInt": 1}, "missing an argument after 'Author'"),
        (
            {"operator": "Equal", "path": ["count"], "valueInt": 1, "valueText": "x"},
            'found more than one values the clause \'{"operands":null,"operator":"Equal","path":["count"],"valueInt":1,',
        ),
        (
            {"operator": "Equal", "path": ["price"], "valueInt": 1},
            'data type filter cannot use "valueInt" on type "number", use "valueNumber" instead',
        ),
        (
            {"operator": "Equal", "path": ["author"], "valueText": "x"},
            'Property "author" is a ref prop to the class "Author"',
        ),
        (
            {"operator": "Equal", "path": ["_creationTimeUnix"], "valueText": "x"},
            "expected value to be timestamp, got 'x'",
        ),
    ],
)
def test_json_refusals(where: dict[str, Any], text: str) -> None:
    collection = DATABASE.collections["Article"]
    with pytest.raises(Refused) as refused:
        matching_where(DATABASE, collection, collection.shard(""), "", where)
    assert text in refused.value.text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2024-13-01T00:00:00Z", "month out of range"),
        ("2024-02-30T00:00:00Z", "day out of range"),
        ("2024-01-01T24:00:00Z", "hour out of range"),
        ("2024-01-01T00:60:00Z", "minute out of range"),
        ("2024-01-01", 'cannot parse "" as "T"'),
        ("2024-01-01T00:00:00", 'cannot parse "" as "Z07:00"'),
        ("2024-01-01T00:00:00Zé", 'extra text: "\\xc3\\xa9"'),
        ("20240101T000000Z", 'cannot parse "0101T000000Z" as "-"'),
    ],
)
def test_times_that_are_none(text: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        read_instant(text)
    assert refused.value.text.startswith("trying parse time as RFC3339 string: parsing time ")
    assert refused.value.text.endswith(reason)


def test_times() -> None:
    assert read_instant("1970-01-01T0:00:01.5Z") == 1_500_000_000
    assert read_instant("1970-01-01T01:00:00,000000001+01:00") == 1


@settings(max_examples=80)
@given(st.text("ab?*", max_size=6), st.lists(st.text("ab", max_size=5), min_size=1, max_size=6))
def test_patterns_match_like_plain_globs(pattern: str, texts: list[str]) -> None:
    def fits(pattern: str, text: str) -> bool:
        if not pattern:
            return not text
        if pattern[0] == "*":
            return any(fits(pattern[1:], text[cut:]) for cut in range(len(text) + 1))
        return bool(text) and pattern[0] in ("?", text[0]) and fits(pattern[1:], text[1:])

    database = stores.open_database()
    body = stores.collection_json("Article")
    body["properties"] = [stores.property_json("title", "text", tokenization="field")]
    database.commit([PutCollection(body)])
    database.commit([stores.put(number + 1, title=text) for number, text in enumerate(texts)])
    expected = [number + 1 for number, text in enumerate(texts) if fits(pattern, text)]
    assert found(leaf("title", "LIKE", pattern), database) == expected
