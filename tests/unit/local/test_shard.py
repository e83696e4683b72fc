from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import stores

from weaviate_orm.local.objects import StoredObject
from weaviate_orm.local.schema.parsed import parse_collection
from weaviate_orm.local.storage.columns import TextColumn
from weaviate_orm.local.storage.shard import Shard


def shard_of(**more: Any) -> Shard:
    return Shard(parse_collection(stores.collection_json("Article", **more)))


def stored(number: int, **properties: Any) -> StoredObject:
    return stores.put(number, **properties).object


def test_an_object_comes_back_as_it_was_put() -> None:
    shard = shard_of()
    given = stored(5, **stores.FULL)
    given.references = {"author": stores.BEACONS}
    shard.put(given)
    row = shard.row(given.id)
    assert row == 0
    assert shard.id_at(0) == given.id
    assert stores.plain(shard.object_at(0)) == stores.plain(given)
    assert (shard.created.tolist(), shard.updated.tolist(), shard.sequence.tolist()) == ([5], [6], [1])
    assert list(shard.object_at(0).properties) == [name for name in stores.TYPES if name in stores.FULL]


def test_an_object_of_nothing_has_no_values() -> None:
    shard = shard_of()
    shard.put(StoredObject(stores.id_of(1)))
    assert shard.object_at(0) == StoredObject(stores.id_of(1), sequence=1)


def test_a_replaced_object_gets_a_new_row_and_the_next_number() -> None:
    shard = shard_of()
    shard.put_many([stored(1, title="old"), stored(2, title="other")])
    shard.put(stored(1, title="new"))
    assert shard.row(stores.id_of(1)) == 2
    assert shard.live.tolist() == [False, True, True]
    assert shard.sequence.tolist() == [1, 2, 3]
    assert len(shard) == 2
    assert shard.size == 3
    title = shard.column("title")
    assert isinstance(title, TextColumn)
    assert title.index is not None
    assert title.index.live_count("old") == 0


def test_numbers_that_are_given_are_kept_and_the_next_one_is_above_all() -> None:
    shard = shard_of()
    given = stored(1)
    given.sequence = 9
    shard.put(given)
    shard.put(stored(2))
    assert shard.sequence.tolist() == [9, 10]


def test_of_several_objects_with_one_id_the_last_stays() -> None:
    shard = shard_of()
    shard.put_many([stored(1, count=1), stored(2, count=2), stored(1, count=3)])
    row = shard.row(stores.id_of(1))
    assert row is not None
    assert row == 1
    assert shard.column("count").value(row) == 3
    assert len(shard) == 2


def test_removal() -> None:
    shard = shard_of()
    shard.put_many([stored(1), stored(2)])
    assert shard.remove(stores.id_of(1))
    assert not shard.remove(stores.id_of(1))
    assert shard.row(stores.id_of(1)) is None
    assert len(shard) == 1
    assert shard.vectors("embedding").has(2).tolist() == [False, True]
    found = shard.vectors("embedding").nearest(np.array([1, 2, 3], np.float32), 5, None)
    assert found.rows.tolist() == [1]


def test_unknown_names_are_key_errors() -> None:
    shard = shard_of()
    with pytest.raises(KeyError):
        shard.column("nope")
    with pytest.raises(KeyError):
        shard.vectors("")


def test_rows_in_uuid_order_follow_writes() -> None:
    shard = shard_of()
    shard.put_many([stored(number) for number in (5, 1, 9)])
    assert shard.in_uuid_order().tolist() == [1, 0, 2]
    shard.put_many([stored(number) for number in (7, 1)])
    shard.remove(stores.id_of(9))
    assert [shard.id_at(row)[-1] for row in shard.in_uuid_order()] == [1, 5, 7]


def test_compaction_leaves_live_objects_in_their_order() -> None:
    shard = shard_of()
    shard.put_many([stored(number, count=number, title=f"word{number}") for number in range(1200)])
    for number in range(700):
        shard.remove(stores.id_of(number))
    assert shard.size == 599  # 601 dead rows of 1200 were more than half; the other 99 died later
    assert len(shard) == 500
    rows = [shard.row(stores.id_of(number)) for number in range(700, 1200)]
    assert rows == list(range(99, 599))
    title = shard.column("title")
    assert isinstance(title, TextColumn)
    assert title.index is not None
    assert title.index.rows("word800").tolist() == [shard.row(stores.id_of(800))]
    vector = shard.vectors("embedding").get(99)
    assert vector is not None
    assert vector.tolist() == [700, 701, 702]
    assert shard.sequence[99] == 701
    shard.put(stored(5))
    assert shard.sequence[-1] == 1201


def test_altered_configurations_get_empty_columns_and_indexes() -> None:
    shard = shard_of()
    shard.put_many([stored(1, title="red fish"), stored(2, title="blue")])
    shard.remove(stores.id_of(2))
    body = stores.collection_json(
        "Article",
        stores.TYPES | {"subtitle": "text", "scores": "int[]"},
        vectors={"embedding": stores.vector_json(ef=7), "tokens": stores.vector_json(multivector={"enabled": True})},
    )
    body["properties"][0] |= {"indexFilterable": False, "indexSearchable": False}
    shard.alter(parse_collection(body))
    assert shard.column("subtitle").size == 2
    assert shard.column("scores").value(0) is None
    title = shard.column("title")
    assert isinstance(title, TextColumn)
    assert title.index is None
    assert title.value(0) == "red fish"
    assert shard.vectors("tokens").get(0) is None
    assert shard.vectors("embedding").schema is shard.schema.vectors["embedding"]
    more = stored(3, subtitle="new", scores=[1])
    more.vectors["tokens"] = np.ones((2, 4), np.float32)
    shard.put(more)
    assert stores.plain(shard.object_at(2)) == stores.plain(more)
    assert shard.vectors("embedding").get(0) is not None


def test_vectors_stay_when_their_search_is_turned_off_and_on() -> None:
    shard = shard_of()
    shard.put_many([stored(1), stored(2)])
    for skip in (True, False):
        shard.alter(
            parse_collection(stores.collection_json("Article", vectors={"embedding": stores.vector_json(skip=skip)}))
        )
        vector = shard.vectors("embedding").get(1)
        assert vector is not None
        assert vector.tolist() == [2, 3, 4]
    assert shard.vectors("embedding").nearest(np.ones(3, np.float32), 5, None).rows.tolist() == [1, 0]
