from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.storage.ids import RowIds
from weaviate_orm.local.storage.uuid_order import UuidOrder

_ids = st.lists(st.binary(min_size=16, max_size=16), unique=True, max_size=40)


def test_ten_thousand_ids_are_found_and_others_are_not() -> None:
    generator = random.Random(7)
    ids = [generator.randbytes(16) for _ in range(10_000)]
    table = RowIds()
    for start in range(0, len(ids), 700):
        table.extend(ids[start : start + 700])
    assert [table.row(id) for id in ids] == list(range(10_000))
    assert table.row(generator.randbytes(16)) is None
    assert table.at(123) == ids[123]
    assert table.uuids.shape == (10_000, 16)


def test_ids_that_come_and_go_do_not_fill_the_table() -> None:
    table = RowIds()
    for number in range(5_000):
        id = number.to_bytes(16, "big")
        table.extend([id])
        assert table.remove(id) == number
    assert len(table) == 0
    assert table.row(bytes(16)) is None


@given(_ids, st.data())
def test_removed_ids_are_gone_and_kept_rows_are_renumbered(ids: list[bytes], data: st.DataObject) -> None:
    table = RowIds()
    table.extend(ids)
    removed = data.draw(st.sets(st.sampled_from(ids))) if ids else set()
    for id in removed:
        assert table.remove(id) == ids.index(id)
        assert table.remove(id) is None
    assert [id for id in ids if table.row(id) is None] == [id for id in ids if id in removed]
    kept = [id for id in ids if id not in removed]
    table.keep(np.array([ids.index(id) for id in kept], np.int64))
    assert [table.row(id) for id in kept] == list(range(len(kept)))
    table.extend(sorted(removed))
    assert len(table) == len(ids)
    assert {table.at(row) for row in range(len(ids))} == set(ids)


@given(st.lists(st.tuples(_ids, st.integers(0, 3))))
def test_order_follows_additions_and_deaths(steps: list[tuple[list[bytes], int]]) -> None:
    order = UuidOrder()
    ids: list[bytes] = []
    live: list[bool] = []
    deaths = 0
    for fresh, dying in steps:
        added = [id for id in fresh if id not in ids]
        ids += added
        live += [True] * len(added)
        for row in [row for row in range(len(ids)) if live[row]][:dying]:
            live[row] = False
            deaths += 1
        uuids = np.frombuffer(b"".join(ids), np.uint8).reshape(-1, 16)
        expected = sorted((row for row in range(len(ids)) if live[row]), key=lambda row: ids[row])
        assert order.rows(uuids, np.array(live, np.bool_), deaths).tolist() == expected


def test_order_compares_all_sixteen_bytes_as_unsigned() -> None:
    ids = [bytes(15) + b"\x01", bytes(16), b"\xff" * 16, b"\x7f" + bytes(15), b"\x80" + bytes(15)]
    uuids = np.frombuffer(b"".join(ids), np.uint8).reshape(-1, 16)
    assert UuidOrder().rows(uuids, np.ones(5, np.bool_), 0).tolist() == [1, 0, 3, 4, 2]
