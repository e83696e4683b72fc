"""Filters as messages: what models cannot say, the words of refusals, and random filters against plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from exchanges import call_rest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weaviate_orm.transport.base import Exchange
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.status import RpcRefused

Names = Callable[[str], str]
Filters = pb.Filters

COLLECTION = "FilterMessage"
TARGET = "FilterMessageTarget"

_FIELDS = {bool: "value_boolean", int: "value_int", float: "value_number", str: "value_text"}
_ARRAYS: dict[type, tuple[str, Callable[..., Any]]] = {
    bool: ("value_boolean_array", pb.BooleanArray),
    int: ("value_int_array", pb.IntArray),
    float: ("value_number_array", pb.NumberArray),
    str: ("value_text_array", pb.TextArray),
}

PROPERTIES: list[dict[str, Any]] = [
    {"name": "words", "dataType": ["text"]},
    {"name": "whole", "dataType": ["text"], "tokenization": "field", "indexFilterable": False},
    {"name": "tags", "dataType": ["text[]"], "tokenization": "whitespace"},
    {"name": "count", "dataType": ["int"]},
    {"name": "ranged", "dataType": ["int"], "indexFilterable": False, "indexRangeFilters": True},
    {"name": "bare", "dataType": ["int"], "indexFilterable": False},
    {"name": "price", "dataType": ["number"]},
    {"name": "open", "dataType": ["boolean"]},
    {"name": "day", "dataType": ["date"]},
    {"name": "code", "dataType": ["uuid"]},
    {"name": "counts", "dataType": ["int[]"]},
    {"name": "place", "dataType": ["geoCoordinates"]},
    {"name": "data", "dataType": ["blob"]},
    {"name": "address", "dataType": ["object"], "nestedProperties": [{"name": "city", "dataType": ["text"]}]},
    {"name": "author", "dataType": [TARGET]},
    {"name": "either", "dataType": [TARGET, COLLECTION]},
]
CODE = "7b2c1d9e-0000-4000-8000-000000000001"
OBJECTS: list[dict[str, Any]] = [
    {
        "words": "The red Fox-glove",
        "whole": "Red fox",
        "tags": ["Red fox", "blue"],
        "count": 7,
        "ranged": 3,
        "price": 0.5,
        "open": True,
        "day": "2024-05-01T14:00:00+02:00",
        "code": CODE,
        "counts": [1, 2],
        "place": {"latitude": 0, "longitude": 1},
        "address": {"city": "Ghent"},
    },
    {"words": "fox", "count": 2**53, "price": -2.25, "open": False, "tags": ["Red"], "counts": [2]},
    {"words": "", "price": 0.0, "counts": []},
    {},
]


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


def behind(reference: str, inner: str, collection: str = "") -> pb.FilterTarget:
    target = pb.FilterTarget(property=inner)
    if collection:
        several = pb.FilterReferenceMultiTarget(on=reference, target=target, target_collection=collection)
        return pb.FilterTarget(multi_target=several)
    return pb.FilterTarget(single_target=pb.FilterReferenceSingleTarget(on=reference, target=target))


@pytest.fixture(scope="module")
def stored(exchange: Exchange) -> Iterator[Exchange]:
    """The objects, numbered from 1, on every backend."""
    for name in (COLLECTION, TARGET):
        call_rest(exchange, "DELETE", f"/schema/{name}")
    body: dict[str, Any] = {"class": TARGET, "properties": [{"name": "name", "dataType": ["text"]}]}
    assert call_rest(exchange, "POST", "/schema", body).status == 200
    inverted = {"indexNullState": True, "indexPropertyLength": True, "indexTimestamps": True}
    body = {"class": COLLECTION, "properties": PROPERTIES, "invertedIndexConfig": inverted}
    assert call_rest(exchange, "POST", "/schema", body).status == 200
    for number, name in enumerate(("Ada", "Bob")):
        body = {"class": TARGET, "id": str(UUID(int=50 + number)), "properties": {"name": name}}
        assert call_rest(exchange, "POST", "/objects", body).status == 200
    references: dict[int, dict[str, tuple[int, ...]]] = {1: {"author": (50, 51)}, 2: {"author": (51,), "either": (50,)}}
    for number, values in enumerate(OBJECTS, 1):
        beacons = {
            name: [{"beacon": f"weaviate://localhost/{TARGET}/{UUID(int=each)}"} for each in ids]
            for name, ids in references.get(number, {}).items()
        }
        body = {"class": COLLECTION, "id": str(UUID(int=number)), "properties": {**values, **beacons}}
        assert call_rest(exchange, "POST", "/objects", body).status == 200
    yield exchange
    for name in (COLLECTION, TARGET):
        call_rest(exchange, "DELETE", f"/schema/{name}")


def found(exchange: Exchange, filters: pb.Filters) -> list[int]:
    """Give the numbers of the objects that a filter finds, in the order of the reply."""
    request = pb.SearchRequest(
        collection=COLLECTION,
        filters=filters,
        limit=100,
        metadata=pb.MetadataRequest(uuid=True),
        uses_123_api=True,
        uses_125_api=True,
        uses_127_api=True,
    )
    reply = exchange.unary(rpcs.SEARCH, request)
    assert isinstance(reply, pb.SearchReply)
    return [UUID(each.metadata.id).int for each in reply.results]


@pytest.mark.parametrize(
    ("target", "operator", "value", "expected"),
    [
        ("words", "EQUAL", "RED fox", [1]),
        ("words", "NOT_EQUAL", "red fox", [3, 4]),
        ("words", "LIKE", "the gl*", [1]),
        ("words", "GREATER_THAN", "fox", [1]),
        ("words", "CONTAINS_ANY", ["the", "glove"], [1]),
        ("words", "CONTAINS_NONE", ["red", "nope"], [2, 3, 4]),
        ("words", "IS_NULL", True, [3, 4]),
        ("whole", "EQUAL", " Red fox ", [1]),
        ("whole", "LIKE", "R* f?x", [1]),
        ("tags", "EQUAL", "blue Red", [1]),
        ("count", "EQUAL", "7", [1]),
        ("count", "EQUAL", 7.0, [1]),
        ("count", "LESS_THAN", 2**53 + 1, [1, 2]),
        ("count", "NOT_EQUAL", 7, [2, 3, 4]),
        ("ranged", "NOT_EQUAL", 4, [1]),
        ("ranged", "IS_NULL", True, [2, 3, 4]),
        ("ranged", "CONTAINS_NONE", [3], [2, 3, 4]),
        ("price", "EQUAL", "0.5", [1]),
        ("price", "EQUAL", -0.0, [3]),
        ("price", "LESS_THAN", float("nan"), [2, 3]),
        ("price", "GREATER_THAN", float("nan"), [1]),
        ("open", "GREATER_THAN", False, [1]),
        ("open", "LIKE", True, [1]),
        ("day", "EQUAL", "2024-05-01T12:00:00Z", [1]),
        ("code", "EQUAL", CODE.replace("-", "").upper(), [1]),
        ("code", "EQUAL", f"urn:uuid:{CODE}", [1]),
        ("code", "IS_NULL", False, [1]),
        ("counts", "CONTAINS_ALL", [1, 2], [1]),
        ("counts", "IS_NULL", True, [3, 4]),
        ("place", "WITHIN_GEO_RANGE", (0.0, 0.0, 111_194.94), [1]),
        ("place", "WITHIN_GEO_RANGE", (0.0, 0.0, 111_194.0), []),
        ("place", "IS_NULL", True, []),
        ("count", "WITHIN_GEO_RANGE", 7, []),
        ("len(words)", "EQUAL", "17", [1]),
        ("len(code)", "EQUAL", 0, [2, 3, 4]),
        ("len(code)", "NOT_EQUAL", 0, [1]),
        ("len(author)", "GREATER_THAN", 1, [1]),
        ("author", "EQUAL", 1, [2]),
        ("author", "IS_NULL", True, [3, 4]),
        ("_id", "LIKE", "*-0000-*2", [2]),
        ("_id", "EQUAL", str(UUID(int=2)).replace("-", ""), []),
        ("_id", "CONTAINS_ANY", [str(UUID(int=2)), "x"], [2]),
        ("_creationTimeUnix", "GREATER_THAN", "2020-01-01T00:00:00Z", [1, 2, 3, 4]),
        ("_creationTimeUnix", "GREATER_THAN", "2000-01-01T00:00:00Z", []),  # texts are compared: "17.." < "94.."
        ("_lastUpdateTimeUnix", "LESS_THAN", "2100-01-01T00:00:00Z", [1, 2, 3, 4]),
        (behind("author", "name"), "EQUAL", "bob", [1, 2]),
        (behind("Author", "name"), "CONTAINS_ALL", ["ada", "bob"], [1]),
        (behind("author", "name"), "CONTAINS_ANY", ["the", "ada"], [1]),
        (behind("author", "name"), "CONTAINS_NONE", ["ada"], [2, 3, 4]),
        (behind("author", "_id"), "EQUAL", str(UUID(int=50)), [1]),
        (behind("either", "name", TARGET), "EQUAL", "ada", [2]),
        (behind("either", "words", COLLECTION), "EQUAL", "fox", []),
        (pb.FilterTarget(count=pb.FilterReferenceCount(on="author")), "LESS_THAN", 1, [3, 4]),
        (pb.FilterTarget(count=pb.FilterReferenceCount(on="author")), "LESS_THAN", -1, [1, 2, 3, 4]),
    ],
)
def test_comparisons(
    stored: Exchange, target: str | pb.FilterTarget, operator: str, value: Any, expected: list[int]
) -> None:
    assert found(stored, leaf(target, operator, value)) == expected


def test_the_old_way_to_name_a_property(stored: Exchange) -> None:
    assert found(stored, Filters(operator=Filters.OPERATOR_EQUAL, on=["count"], value_int=7)) == [1]
    path = ["author", TARGET, "name"]
    assert found(stored, Filters(operator=Filters.OPERATOR_EQUAL, on=path, value_text="ada")) == [1]


NESTED = "filtering on nested properties is a preview feature, disabled by default; "
STOPWORDS = "invalid search term, only stopwords provided. Stopwords can be configured in class.invertedIndexConfig"
TIME = "trying parse time as RFC3339 string: parsing time"


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        (leaf("nope", "EQUAL", 1), f"no such prop with name 'nope' found in class '{COLLECTION}' in the schema."),
        (leaf("id", "EQUAL", "x"), "no such prop with name 'id' found"),
        (leaf("count", "EQUAL"), "unknown value type <nil>"),
        (leaf("count", "UNSPECIFIED", 1), "unknown filter operator OPERATOR_UNSPECIFIED"),
        (Filters(operator=Filters.OPERATOR_EQUAL, value_int=1), "paths needs to have a uneven number of components"),
        (leaf(pb.FilterTarget(), "EQUAL", 1), "unknown target type"),
        (leaf("count", "EQUAL", 2.5), "filtering for integer, but received a floating point number 2.5"),
        (leaf("count", "EQUAL", 1e300), "filtering for integer, but received a value out of range 1e+300"),
        (
            leaf("count", "EQUAL", " 1"),
            "could not parse string ' 1' as int: strconv.ParseFloat: parsing \" 1\": invalid",
        ),
        (leaf("count", "EQUAL", True), ": expected value to be int, got bool"),
        (leaf("price", "EQUAL", [1]), ": expected value to be float64, got []int"),
        (leaf("words", "EQUAL", ["a"]), ": expected value to be string, got '[]string'"),
        (leaf("words", "IS_NULL", 1), ": expected value to be bool, got int"),
        (leaf("day", "EQUAL", "x"), f'{TIME} "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'),
        (leaf("day", "EQUAL", "2024-02-30T00:00:00Z"), f'{TIME} "2024-02-30T00:00:00Z": day out of range'),
        (leaf("day", "EQUAL", "2024-01-01T00:00:00Z1"), f'{TIME} "2024-01-01T00:00:00Z1": extra text: "1"'),
        (leaf("code", "EQUAL", "x"), "parse uuid filter value: invalid UUID length: 1"),
        (leaf("code", "LIKE", CODE), 'operator "Like" cannot be used on uuid/uuid[] props'),
        (
            leaf("count", "LIKE", 1),
            "parse like value: compile regex from 'like' string: error parsing regexp: invalid UTF-8",
        ),
        (leaf("count", "CONTAINS_ANY", ["1"]), "extract contains values: value type should be []int but is []string"),
        (leaf("words", "CONTAINS_ALL", []), 'resolve doc ids for prop/value pair: no children for operator "And"'),
        (leaf("words", "CONTAINS_NONE", []), 'nested NOT query: no children for operator "Or"'),
        (leaf("words", "EQUAL", "the"), STOPWORDS),
        (
            leaf("words", "CONTAINS_ALL", ["fox", "a"]),
            f"contains values: nested query: nested clause at pos 1: {STOPWORDS}",
        ),
        (leaf("data", "EQUAL", "x"), 'data type "blob" not supported in query'),
        (leaf("address.city", "EQUAL", "x"), NESTED),
        (leaf("place", "EQUAL", (0.0, 0.0, 1.0)), "bucket for prop place not found - is it indexed?"),
        (leaf("bare", "EQUAL", 1), "Filtering by property 'bare' requires inverted index."),
        (leaf("bare", "IS_NULL", True), "bucket for prop bare_nullState not found - is it indexed?"),
        (leaf("ranged", "LIKE", 1), "bucket for prop ranged not found - is it indexed?"),
        (leaf("len(count)", "EQUAL", 1), "bucket for prop count_propertyLength not found - is it indexed?"),
        (leaf("len(words)", "EQUAL", -1), "Can only filter for positive property length got -1 instead"),
        (leaf("len(words)", "LIKE", 1), "(not) equal and greater/less than (equal), got 10 instead"),
        (leaf("_creationTimeUnix", "EQUAL", 5), "expected value to be string or time.Time, got 'int'"),
        (leaf(behind("either", "name"), "EQUAL", "x"), f"single target, got [{TARGET} {COLLECTION}] for either"),
        (leaf(behind("author", "nope"), "EQUAL", "x"), f"no such prop with name 'nope' found in class '{TARGET}'"),
        (leaf(behind("either", "name", "Nope"), "EQUAL", "x"), "could not find class Nope in schema"),
        (leaf(behind("author", "name"), "EQUAL", "a"), "nested request to fetch matching IDs: object search at index"),
        (joined("AND"), 'no children for operator "And"'),
        (joined("NOT", *[leaf("count", "EQUAL", 1)] * 2), 'too many children for operator "Not". Expected 1, given 2'),
        (
            joined("AND", leaf("count", "EQUAL", 1), joined("NOT", leaf("len(count)", "EQUAL", 1))),
            "resolve doc ids for prop/value pair: nested AND/OR query: nested child 1: nested NOT query: bucket for prop",
        ),
        (
            joined("OR", leaf("len(words)", "EQUAL", -1), leaf("count", "EQUAL", 1), leaf("code", "LIKE", "x")),
            "child operand at position 0: Can only filter for positive property length got -1 instead, "
            "child operand at position 2: operator",
        ),
    ],
)
def test_refusals(stored: Exchange, filters: pb.Filters, text: str) -> None:
    with pytest.raises(RpcRefused) as refused:
        found(stored, filters)
    assert text in refused.value.details


# Random filters; each with what it means for an object.

Meaning = Callable[[dict[str, Any]], bool]
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "EQUAL": lambda one, other: bool(one == other),
    "LESS_THAN": lambda one, other: bool(one < other),
    "LESS_THAN_EQUAL": lambda one, other: bool(one <= other),
    "GREATER_THAN": lambda one, other: bool(one > other),
    "GREATER_THAN_EQUAL": lambda one, other: bool(one >= other),
}
_OPERANDS: dict[str, st.SearchStrategy[Any]] = {
    "count": st.sampled_from([7, 0, 2**53]) | st.integers(-(2**53), 2**53),
    "price": st.sampled_from([0.0, 0.5, -2.25]) | st.floats(allow_nan=False, allow_infinity=False),
    "open": st.booleans(),
    "counts": st.integers(0, 3),
}


def _elements(values: dict[str, Any], name: str) -> list[Any]:
    value = values.get(name, [])
    return value if isinstance(value, list) else [value]


@st.composite
def leaves(draw: st.DrawFn) -> tuple[pb.Filters, Meaning]:
    name = draw(st.sampled_from(sorted(_OPERANDS)))
    operand = draw(_OPERANDS[name])
    kind = draw(
        st.sampled_from([*_COMPARISONS, "NOT_EQUAL", "CONTAINS_ANY", "CONTAINS_ALL", "CONTAINS_NONE", "IS_NULL"])
    )
    if kind in _COMPARISONS:
        compare = _COMPARISONS[kind]
        return leaf(name, kind, operand), lambda values: any(compare(each, operand) for each in _elements(values, name))
    if kind == "NOT_EQUAL":
        return leaf(name, kind, operand), lambda values: operand not in _elements(values, name)
    if kind == "IS_NULL":
        wanted = draw(st.booleans())
        return leaf(name, kind, wanted), lambda values: (not _elements(values, name)) == wanted
    several = draw(st.lists(_OPERANDS[name], min_size=1, max_size=3))
    if kind == "CONTAINS_ALL":
        return leaf(name, kind, several), lambda values: set(several) <= set(_elements(values, name))
    some = kind == "CONTAINS_ANY"
    return leaf(name, kind, several), lambda values: bool(set(several) & set(_elements(values, name))) == some


def _join(operator: str, parts: list[tuple[pb.Filters, Meaning]]) -> tuple[pb.Filters, Meaning]:
    each = all if operator == "AND" else any
    return joined(operator, *(part[0] for part in parts)), lambda values: each(part[1](values) for part in parts)


TREES = st.recursive(
    leaves(),
    lambda parts: st.one_of(
        st.builds(_join, st.sampled_from(["AND", "OR"]), st.lists(parts, min_size=1, max_size=3)),
        parts.map(lambda part: (joined("NOT", part[0]), lambda values: not part[1](values))),
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TREES)
def test_random_filters(stored: Exchange, tree: tuple[pb.Filters, Meaning]) -> None:
    filters, holds = tree
    assert found(stored, filters) == [number for number, values in enumerate(OBJECTS, 1) if holds(values)]
