from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import stores
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.objects import Beacon
from weaviate_orm.local.storage.columns import (
    ArrayNumberColumn,
    Column,
    GeoColumn,
    NumberColumn,
    PlainColumn,
    ReferenceColumn,
    ScalarNumberColumn,
    TextColumn,
    make_column,
)

KINDS: dict[str, type[Column]] = {
    "text": TextColumn,
    "text[]": TextColumn,
    "uuid": TextColumn,
    "uuid[]": TextColumn,
    "int": ScalarNumberColumn,
    "number": ScalarNumberColumn,
    "boolean": ScalarNumberColumn,
    "date": ScalarNumberColumn,
    "int[]": ArrayNumberColumn,
    "number[]": ArrayNumberColumn,
    "boolean[]": ArrayNumberColumn,
    "date[]": ArrayNumberColumn,
    "geoCoordinates": GeoColumn,
    "phoneNumber": PlainColumn,
    "blob": PlainColumn,
    "blobHash": PlainColumn,
    "object": PlainColumn,
    "object[]": PlainColumn,
    "Author": ReferenceColumn,
}

_dates = st.datetimes().map(lambda moment: moment.isoformat() + "Z")
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
_numbers = st.floats(allow_nan=False)
_ints = st.integers(-(2**53), 2**53)
_float32 = st.floats(width=32, allow_nan=False)
_beacons = st.builds(Beacon, st.sampled_from(["", "A", "B"]), st.integers(0, 5).map(stores.id_of))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": _texts,
    "text[]": st.lists(_texts, max_size=3),
    "uuid": st.uuids().map(str),
    "int": _ints,
    "int[]": st.lists(_ints, max_size=3),
    "number": _numbers,
    "number[]": st.lists(_numbers, max_size=3),
    "boolean": st.booleans(),
    "boolean[]": st.lists(st.booleans(), max_size=3),
    "date": _dates,
    "date[]": st.lists(_dates, max_size=3),
    "geoCoordinates": st.builds(lambda lat, lon: {"latitude": lat, "longitude": lon}, _float32, _float32),
    "object": st.dictionaries(_texts, _ints, max_size=2),
    "Author": st.lists(_beacons, max_size=3),
}


@pytest.mark.parametrize("data_type", KINDS)
def test_each_data_type_has_its_kind_of_column(data_type: str) -> None:
    column = make_column(stores.property_of("p", data_type), 3)
    assert type(column) is KINDS[data_type]
    assert column.size == 3
    assert column.present.tolist() == [False] * 3
    assert column.lengths.tolist() == [0] * 3
    assert [column.value(row) for row in range(3)] == [None] * 3


@given(st.sampled_from(sorted(VALUES)), st.data())
def test_values_come_back_after_additions_and_compaction(data_type: str, data: st.DataObject) -> None:
    value = st.none() | VALUES[data_type]
    batches = data.draw(st.lists(st.lists(value, max_size=5), max_size=4))
    column = make_column(stores.property_of("p", data_type))
    for batch in batches:
        column.extend(batch)
    values = [value for batch in batches for value in batch]
    _check(column, values)
    rows = sorted(data.draw(st.sets(st.integers(0, len(values) - 1)))) if values else []
    column.keep(np.array(rows, np.int64))
    more = data.draw(st.lists(value, max_size=3))
    column.extend(more)
    _check(column, [values[row] for row in rows] + more)


def _check(column: Column, values: list[Any]) -> None:
    given = [column.value(row) for row in range(column.size)]
    assert given == values
    assert [type(value) for value in given] == [type(value) for value in values]
    rows = [*range(column.size)][::-2]
    together = column.values(np.array(rows, np.int64))
    assert together == [values[row] for row in rows]
    assert [type(value) for value in together] == [type(values[row]) for row in rows]
    assert column.present.tolist() == [value is not None for value in values]
    measured = column.property.data_type == "text" or column.property.is_array or column.property.is_reference
    assert column.lengths.tolist() == [len(value) if measured and value is not None else 0 for value in values]


def numbers(data_type: str, values: list[Any]) -> NumberColumn:
    column = make_column(stores.property_of("p", data_type))
    assert isinstance(column, NumberColumn)
    column.extend(values)
    return column


def test_select_finds_rows_whose_value_fulfils_the_test() -> None:
    column = numbers("int", [1, None, 5, 3])
    assert column.select(lambda given: given >= 3).tolist() == [False, False, True, True]
    # A row without a value never does, not even when the test holds for whatever stands there.
    assert column.select(lambda given: ~(given >= 3)).tolist() == [True, False, False, False]


def test_select_finds_rows_of_which_any_element_fulfils_the_test() -> None:
    column = numbers("number[]", [[1.0, 9.0], None, [], [2.0], [9.0, 9.0]])
    assert column.select(lambda given: given > 5).tolist() == [True, False, False, False, True]
    assert column.select(lambda given: given != 9).tolist() == [True, False, False, True, False]


def test_booleans_compare_as_0_and_1() -> None:
    column = numbers("boolean", [True, False, None])
    assert column.select(lambda given: given == 0).tolist() == [False, True, False]
    flat, rows = column.flat()
    assert flat.tolist() == [1.0, 0.0]
    assert flat.dtype == np.float64
    assert rows.tolist() == [0, 1]


def test_dates_compare_as_nanoseconds_and_come_back_as_they_were_written() -> None:
    column = numbers("date", ["1970-01-01T01:00:00.000000002+01:00", None, "1970-01-01T00:00:00Z"])
    assert column.value(0) == "1970-01-01T01:00:00.000000002+01:00"
    flat, rows = column.flat()
    assert flat.tolist() == [2, 0]
    assert flat.dtype == np.int64
    assert rows.tolist() == [0, 2]
    assert column.select(lambda given: given == 0).tolist() == [False, False, True]


def test_flat_gives_the_row_of_each_element() -> None:
    flat, rows = numbers("int[]", [[4, 5], None, [], [6]]).flat()
    assert flat.tolist() == [4.0, 5.0, 6.0]
    assert rows.tolist() == [0, 0, 3]


def test_whole_numbers_are_stored_as_the_server_stores_them() -> None:
    column = numbers("int", [2**53 + 1, -(2**63)])
    assert [column.value(row) for row in (0, 1)] == [2**53, -(2**63)]


def test_coordinates_are_rounded_to_float32() -> None:
    column = make_column(stores.property_of("p", "geoCoordinates"))
    assert isinstance(column, GeoColumn)
    column.extend([{"latitude": 0.1, "longitude": -200.5}, None])
    assert column.value(0) == {"latitude": float(np.float32(0.1)), "longitude": -200.5}
    assert column.coordinates.dtype == np.float32
    assert np.isnan(column.coordinates[1]).all()


def test_references_are_found_by_where_they_lead() -> None:
    column = make_column(stores.property_of("p", "Author"))
    assert isinstance(column, ReferenceColumn)
    column.extend([stores.BEACONS, None, [], [Beacon("Author", stores.id_of(256))]])
    assert column.beacons(0) == stores.BEACONS
    assert column.beacons(1) is None
    assert column.beacons(2) == []
    assert column.sources([stores.id_of(8)]).tolist() == [True, False, False, False]
    assert column.sources([stores.id_of(256), stores.id_of(7)]).tolist() == [True, False, False, True]
    assert column.sources([stores.id_of(1), b"\x00" * 16]).tolist() == [False] * 4
    assert column.sources([]).tolist() == [False] * 4
    # Of a collection: its own references, and those that were stored without one.
    assert column.sources([stores.id_of(8), stores.id_of(256)], "Author").tolist() == [True, False, False, True]
    assert column.sources([stores.id_of(8), stores.id_of(256)], "Robot").tolist() == [True, False, False, False]


def test_references_to_ids_that_end_in_zero_bytes_are_told_apart() -> None:
    column = make_column(stores.property_of("p", "Author"))
    assert isinstance(column, ReferenceColumn)
    column.extend([[Beacon("A", b"\x01" + bytes(15))], [Beacon("A", b"\x01\x00\x01" + bytes(13))]])
    assert column.sources([b"\x01" + bytes(15)]).tolist() == [True, False]


def text_column(**settings: Any) -> TextColumn:
    column = make_column(stores.property_of("p", "text", **settings))
    assert isinstance(column, TextColumn)
    return column


def is_indexed(column: TextColumn) -> bool:
    return column.index is not None


def rows_with(column: TextColumn, token: str) -> list[int]:
    assert column.index is not None
    rows: list[int] = column.index.rows(token).tolist()
    return rows


def test_texts_are_indexed_under_their_rows() -> None:
    column = text_column()
    column.extend(["Red fish", None])
    column.extend([None, "", "blue fish"])
    assert rows_with(column, "fish") == [0, 4]
    assert column.index is not None
    assert column.index.lengths.tolist() == [2, 0, 0, 0, 2]


def test_a_dead_row_leaves_the_counts_and_compaction_leaves_its_postings_behind() -> None:
    column = text_column()
    column.extend(["red fish", "blue fish", None])
    column.forget(0)
    column.forget(2)
    assert column.index is not None
    assert column.index.live_count("fish") == 1
    column.keep(np.array([1, 2]))
    assert rows_with(column, "fish") == [0]
    assert rows_with(column, "red") == []


def test_arrays_of_texts_and_uuids_are_indexed_element_by_element() -> None:
    column = make_column(stores.property_of("p", "uuid[]"))
    assert isinstance(column, TextColumn)
    one, two = "00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000b"
    column.extend([[one, two], [], [two]])
    assert rows_with(column, two) == [0, 2]
    assert column.texts(0) == [one, two]
    assert column.texts(1) == []


def test_a_property_without_indexes_has_values_and_no_tokens() -> None:
    column = text_column(indexFilterable=False, indexSearchable=False)
    column.extend(["red fish"])
    column.forget(0)
    assert column.index is None
    assert column.value(0) == "red fish"


def test_the_index_goes_and_comes_with_the_flags_of_the_property() -> None:
    column = text_column()
    column.extend(["red fish", "red bird"])
    column.forget(0)
    column.alter(stores.property_of("p", "text", indexFilterable=False), np.array([1]))
    assert is_indexed(column)
    column.alter(stores.property_of("p", "text", indexFilterable=False, indexSearchable=False), np.array([1]))
    assert not is_indexed(column)
    column.alter(stores.property_of("p", "text", tokenization="field"), np.array([1]))
    assert rows_with(column, "red bird") == [1]
    assert rows_with(column, "red fish") == []
