from __future__ import annotations

from functools import cmp_to_key
from typing import Any

import numpy as np
import pytest
import stores
from hypothesis import given, settings
from hypothesis import strategies as st

from weaviate_orm.local.filters.sorting import check_sort, sort_rows
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.storage.changes import PutCollection
from weaviate_orm.local.storage.shard import Shard
from weaviate_orm.wire import _pb as pb


def shard_of(*objects: dict[str, Any]) -> Shard:
    database = stores.open_database()
    database.commit([PutCollection(stores.collection_json("Article"))])
    database.commit([stores.put(100 - number, **values) for number, values in enumerate(objects)])
    return database.collections["Article"].shard("")


def order(shard: Shard, *keys: str, limit: int | None = None) -> list[int]:
    messages = [pb.SortBy(path=[key.removeprefix("-")], ascending=not key.startswith("-")) for key in keys]
    found: list[int] = sort_rows(shard, np.arange(shard.size), messages, limit=limit).tolist()
    return found


@pytest.mark.parametrize(
    ("name", "values", "ascending"),
    [
        ("count", [7, None, -1, 2**53], [1, 2, 0, 3]),
        ("price", [0.5, -0.5, None, 1e300], [2, 1, 0, 3]),
        ("open", [True, None, False], [1, 2, 0]),
        ("day", ["2024-01-01T01:00:00+02:00", "2023-12-31T23:30:00Z", None], [2, 0, 1]),
        ("title", ["banana", "Apple", None, "", "cherry"], [2, 3, 1, 0, 4]),
        ("title", ["b a", "b\ta", "ba"], [0, 1, 2]),  # a tab is \t where the server looks
        ("tags", [["b"], ["a", "z"], [], None, ["A"]], [2, 3, 4, 1, 0]),
        ("counts", [[2], [1, 5], [1], [], None], [3, 4, 2, 1, 0]),
        ("opens", [[True], [False, True], [False]], [2, 1, 0]),
        ("days", [["2024-01-02T00:00:00Z"], ["2024-01-01T00:00:00Z"] * 2], [1, 0]),
        (
            "place",
            [{"latitude": 9, "longitude": 1}, {"latitude": 0, "longitude": 2}, {"latitude": 3, "longitude": 1}, None],
            [3, 2, 0, 1],
        ),
        ("phone", [{"countryCode": 49, "national": 5}, {"countryCode": 1, "national": 9}, None], [2, 1, 0]),
        ("data", ["b", "A", None], [2, 1, 0]),
        ("address", [{"city": "b"}, {"city": "a"}, None], [0, 1, 2]),
    ],
)
def test_orders(name: str, values: list[Any], ascending: list[int]) -> None:
    shard = shard_of(*({} if value is None else {name: value} for value in values))
    assert order(shard, name) == ascending
    if name != "address":
        assert order(shard, f"-{name}") == (
            ascending[::-1] if name != "tags" and name != "counts" else _descending(name)
        )
    for limit in range(len(values)):
        assert order(shard, name, limit=limit) == ascending[:limit]


def _descending(name: str) -> list[int]:
    # The two that have nothing tie, and keep their order.
    return {"tags": [0, 1, 4, 2, 3], "counts": [0, 1, 2, 3, 4]}[name]


def test_ties_keep_the_order_they_came_in_and_further_keys_break_them() -> None:
    shard = shard_of({"title": "b", "count": 1}, {"title": "a", "count": 2}, {"title": "B", "count": 0}, {"title": "A"})
    assert order(shard, "title") == [1, 3, 0, 2]
    assert order(shard, "-title") == [0, 2, 1, 3]
    assert order(shard, "title", "count") == [3, 1, 2, 0]
    assert order(shard, "title", "-count", limit=3) == [1, 3, 0]
    messages = [pb.SortBy(path=["title"], ascending=True)]
    assert sort_rows(shard, np.array([2, 0, 3]), messages, limit=None).tolist() == [3, 2, 0]


def test_ids_and_times() -> None:
    shard = shard_of({}, {}, {})  # ids and times go down
    assert order(shard, "_id") == order(shard, "id") == order(shard, "_creationTimeUnix") == [2, 1, 0]
    assert order(shard, "-_id") == order(shard, "-_lastUpdateTimeUnix") == [0, 1, 2]


def test_refusals_name_every_bad_key() -> None:
    shard = shard_of({})
    keys = [["serial"], ["title"], ["author"], ["nope"], [], ["author", "Author", "name"]]
    with pytest.raises(Refused) as refusal:
        check_sort(shard.schema, [pb.SortBy(path=path) for path in keys])
    assert refusal.value.text == (
        "invalid 'sort' parameter: sort parameter at position 0: "
        'prop "serial" is of type uuid/uuid[]: sorting by uuid is currently not supported - if you believe it should be, '
        "please open a feature request on github.com/weaviate/weaviate, "
        "sort parameter at position 2: sorting by reference not supported, "
        'property "author" is a ref prop to the class "Author", '
        "sort parameter at position 3: no such prop with name 'nope' found in class 'Article' in the schema. "
        "Check your schema files for which properties in this class are available, "
        "sort parameter at position 4: path parameter cannot be empty, "
        "sort parameter at position 5: sorting by reference not supported, path must have exactly one argument"
    )


VALUES = {
    "count": st.integers(-2, 2),
    "price": st.sampled_from([0.0, -1.5, 2.5]),
    "title": st.sampled_from(["", "a", "A", "b", "é", "É"]),
    "tags": st.lists(st.sampled_from(["a", "A", "b"]), max_size=2),
}
OBJECTS = st.lists(
    st.fixed_dictionaries({}, optional=VALUES),
    min_size=1,
    max_size=9,
)
KEYS = st.lists(st.tuples(st.sampled_from(sorted(VALUES)), st.booleans()), min_size=1, max_size=3)


def _plain(value: Any) -> Any:
    if value is None or value == []:
        return ()
    texts = [
        each.lower() if isinstance(each, str) else each for each in (value if isinstance(value, list) else [value])
    ]
    return tuple(texts)


@settings(max_examples=60)
@given(OBJECTS, KEYS, st.integers(1, 9))
def test_sorting_is_a_stable_comparison(
    objects: list[dict[str, Any]], keys: list[tuple[str, bool]], limit: int
) -> None:
    def compare(one: int, other: int) -> int:
        for name, descending in keys:
            left, right = _plain(objects[one].get(name)), _plain(objects[other].get(name))
            if left != right:
                return (-1 if left < right else 1) * (-1 if descending else 1)
        return 0

    shard = shard_of(*objects)
    expected = sorted(range(len(objects)), key=cmp_to_key(compare))
    names = [f"-{name}" if descending else name for name, descending in keys]
    assert order(shard, *names) == expected
    assert order(shard, *names, limit=limit) == expected[:limit]
