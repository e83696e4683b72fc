"""Sorting: every data type, missing values, several keys, and the keys that nothing can be sorted by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from exchanges import call_rest

from weaviate_orm.transport.base import Exchange
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.status import RpcRefused

Names = Callable[[str], str]

TYPES = ("text", "text[]", "int", "int[]", "number", "boolean", "boolean[]", "date", "date[]", "geoCoordinates", "uuid")


def property_name(data_type: str) -> str:
    return data_type.lower().replace("[]", "_array")


def store(exchange: Exchange, name: str, objects: list[dict[str, Any]]) -> None:
    properties: list[dict[str, Any]] = [{"name": property_name(each), "dataType": [each]} for each in TYPES]
    properties.append({"name": "ref", "dataType": [name]})
    assert call_rest(exchange, "POST", "/schema", {"class": name, "properties": properties}).status == 200
    batch = [
        {"class": name, "id": str(UUID(int=number + 1)), "properties": values} for number, values in enumerate(objects)
    ]
    reply = call_rest(exchange, "POST", "/batch/objects", {"objects": batch})
    assert [each["result"]["status"] for each in reply.body] == ["SUCCESS"] * len(objects)


def order(exchange: Exchange, name: str, *keys: str, limit: int = 100) -> list[int]:
    messages = [pb.SortBy(path=[key.removeprefix("-")], ascending=not key.startswith("-")) for key in keys]
    request = pb.SearchRequest(
        collection=name,
        sort_by=messages,
        limit=limit,
        metadata=pb.MetadataRequest(uuid=True),
        uses_123_api=True,
        uses_125_api=True,
        uses_127_api=True,
    )
    reply = exchange.unary(rpcs.SEARCH, request)
    assert isinstance(reply, pb.SearchReply)
    return [UUID(each.metadata.id).int for each in reply.results]


@pytest.mark.parametrize(
    ("data_type", "values", "ascending"),
    [
        ("text", ["banana", "Apple", None, "", "cherry", "apple"], [3, 4, 2, 6, 1, 5]),
        ("text", ["b a", "b\ta", "ba", "É", "é"], [1, 2, 3, 4, 5]),
        ("text[]", [["b"], ["a", "z"], None, ["A"]], [3, 4, 2, 1]),
        ("int", [7, None, -1, 2**53], [2, 3, 1, 4]),
        ("int[]", [[2], [1, 5], [1], None], [4, 3, 2, 1]),
        ("number", [0.5, -0.5, None, 1e300], [3, 2, 1, 4]),
        ("boolean", [True, None, False], [2, 3, 1]),
        ("boolean[]", [[True], [False, True], [False]], [3, 2, 1]),
        ("date", ["2024-01-01T01:00:00+02:00", "2023-12-31T22:30:00Z", None], [3, 2, 1]),
        ("date[]", [["2024-01-02T00:00:00Z"], ["2024-01-01T00:00:00Z"] * 2], [2, 1]),
        ("geoCoordinates", [(9, 1), (0, 2), (3, 1), None], [4, 3, 1, 2]),
    ],
)
def test_orders(exchange: Exchange, fresh: Names, data_type: str, values: list[Any], ascending: list[int]) -> None:
    name, key = fresh("Sorted"), property_name(data_type)
    if data_type == "geoCoordinates":
        values = [each and {"latitude": each[0], "longitude": each[1]} for each in values]
    store(exchange, name, [{} if value is None else {key: value} for value in values])
    assert order(exchange, name, key) == ascending
    assert order(exchange, name, key, limit=2) == ascending[:2]
    if len({str(value).lower() for value in values}) == len(values):
        assert order(exchange, name, f"-{key}") == ascending[::-1]


def test_several_keys(exchange: Exchange, fresh: Names) -> None:
    name = fresh("Sorted")
    store(exchange, name, [{"text": "b", "int": 1}, {"text": "a", "int": 2}, {"text": "B", "int": 0}, {"text": "A"}])
    assert order(exchange, name, "text") == [2, 4, 1, 3]
    assert order(exchange, name, "-text") == [1, 3, 2, 4]
    assert order(exchange, name, "text", "int") == [4, 2, 3, 1]
    assert order(exchange, name, "text", "-int") == [2, 4, 1, 3]
    assert order(exchange, name, "-_id") == [4, 3, 2, 1]
    assert order(exchange, name, "id") == [1, 2, 3, 4]


def test_keys_that_nothing_can_be_sorted_by(exchange: Exchange, fresh: Names) -> None:
    name = fresh("Sorted")
    store(exchange, name, [{}])
    with pytest.raises(RpcRefused) as refused:
        order(exchange, name, "uuid", "text", "ref", "nope")
    assert refused.value.details == (
        "invalid 'sort' parameter: sort parameter at position 0: "
        'prop "uuid" is of type uuid/uuid[]: sorting by uuid is currently not supported - if you believe it should be, '
        "please open a feature request on github.com/weaviate/weaviate, "
        "sort parameter at position 2: sorting by reference not supported, "
        f'property "ref" is a ref prop to the class "{name}", '
        f"sort parameter at position 3: no such prop with name 'nope' found in class '{name}' in the schema. "
        "Check your schema files for which properties in this class are available"
    )
