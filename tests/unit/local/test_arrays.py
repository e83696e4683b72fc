from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.storage.arrays import GrowingArray, PackedTexts, Spans


def test_growing_array_keeps_what_was_put_in() -> None:
    array = GrowingArray(np.int64)
    for number in range(100):
        array.extend([number, -number], 2)
    assert array.view.tolist() == [value for number in range(100) for value in (number, -number)]
    assert len(array) == 200


def test_growing_array_takes_one_value_for_many_rows() -> None:
    array = GrowingArray(np.bool_)
    array.extend(True, 3)
    array.extend(False, 1)
    assert array.view.tolist() == [True, True, True, False]


def test_growing_array_of_rows_with_a_width() -> None:
    array = GrowingArray(np.float32, 2)
    assert array.view.shape == (0, 2)
    array.extend([[1, 2], [3, 4]], 2)
    assert array.view.tolist() == [[1, 2], [3, 4]]


def test_growing_array_does_not_copy_at_every_row() -> None:
    array = GrowingArray(np.int64)
    buffers: set[int] = set()
    for number in range(10_000):
        array.extend(number, 1)
        buffers.add(array.view.__array_interface__["data"][0])
    assert len(buffers) < 30


def test_views_are_read_only_and_earlier_ones_stay_valid() -> None:
    array = GrowingArray(np.int64)
    array.extend([1, 2], 2)
    view = array.view
    array.extend(range(100), 100)
    assert view.tolist() == [1, 2]
    with pytest.raises(ValueError, match="read-only"):
        array.view[0] = 5


def test_growing_array_changes_one_row_and_keeps_chosen_ones() -> None:
    array = GrowingArray(np.int64)
    array.extend([1, 2, 3, 4], 4)
    array.set(2, 30)
    array.keep(np.array([0, 2]))
    array.extend([5], 1)
    assert array.view.tolist() == [1, 30, 5]


@given(st.lists(st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=5), max_size=5))
def test_spans_find_the_elements_of_each_row(batches: list[list[list[int]]]) -> None:
    spans = Spans()
    flat: list[int] = []
    for batch in batches:
        spans.extend([len(row) for row in batch])
        flat += [element for row in batch for element in row]
    rows = [row for batch in batches for row in batch]
    assert [flat[slice(*spans.span(number))] for number in range(len(rows))] == rows
    assert spans.lengths.tolist() == [len(row) for row in rows]
    assert spans.rows().tolist() == [number for number, row in enumerate(rows) for _ in row]


@given(st.lists(st.tuples(st.lists(st.integers(0, 9), max_size=4), st.booleans())))
def test_spans_keep_chosen_rows(rows: list[tuple[list[int], bool]]) -> None:
    spans = Spans()
    spans.extend([len(row) for row, _ in rows])
    flat = [element for row, _ in rows for element in row]
    places = spans.keep(np.array([number for number, (_, kept) in enumerate(rows) if kept], np.int64))
    flat = [flat[place] for place in places.tolist()]
    spans.extend([2])
    flat += [41, 42]
    expected = [row for row, kept in rows if kept] + [[41, 42]]
    assert [flat[slice(*spans.span(number))] for number in range(len(expected))] == expected


_texts = st.text(st.characters(exclude_categories=[]), max_size=6)  # half surrogate pairs too


@given(st.lists(st.lists(_texts)), st.data())
def test_packed_texts_give_back_what_was_put_in(batches: list[list[str]], data: st.DataObject) -> None:
    packed = PackedTexts()
    for batch in batches:
        packed.extend(batch)
    texts = [text for batch in batches for text in batch]
    assert [packed[place] for place in range(len(packed))] == texts
    kept = sorted(data.draw(st.sets(st.integers(0, len(texts) - 1)))) if texts else []
    packed.keep(np.array(kept, np.int64))
    packed.extend(["end"])
    assert [packed[place] for place in range(len(packed))] == [texts[place] for place in kept] + ["end"]
