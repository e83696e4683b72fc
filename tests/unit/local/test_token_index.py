from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.schema.parsed import Analyzer
from weaviate_orm.local.text.token_index import TokenIndex

WORDS = st.lists(st.sampled_from(["red", "fox", "glove"]), max_size=6)


def filled(*texts: str | list[str] | None) -> TokenIndex:
    index = TokenIndex(Analyzer("word"))
    for row, text in enumerate(texts):
        if text is not None:
            index.add(row, [text] if isinstance(text, str) else text)
    index.extend(len(texts))
    return index


@given(st.lists(st.lists(WORDS, max_size=3), max_size=8), st.integers(0, 8))
def test_rows_added_together_count_as_if_added_one_by_one(documents: list[list[list[str]]], split: int) -> None:
    texts = [[" ".join(words) for words in document] for document in documents]
    together = TokenIndex(Analyzer("word"))
    together.add_many(texts[:split])
    together.add_many(texts[split:])
    alone = filled(*texts)
    assert together.lengths.tolist() == alone.lengths.tolist()
    assert together.average_length == alone.average_length
    for word in ("red", "fox", "glove"):
        assert together.rows(word).tolist() == alone.rows(word).tolist()
        assert together.frequencies(word).tolist() == alone.frequencies(word).tolist()


def test_rows_frequencies_and_lengths() -> None:
    index = filled("red fox red", None, "", ["fox", "glove fox"], None)
    assert index.rows("red").tolist() == [0]
    assert index.frequencies("red").tolist() == [2]
    assert index.rows("fox").tolist() == [0, 3]
    assert index.frequencies("fox").tolist() == [1, 2]
    assert index.rows("nope").tolist() == []
    assert index.frequencies("nope").tolist() == []
    assert index.lengths.tolist() == [3, 0, 0, 3, 0]
    assert index.average_length == 3  # of the rows that have tokens
    assert sorted(index.tokens()) == index.sorted_tokens() == ["fox", "glove", "red"]


def test_dead_rows_leave_the_counts_and_stay_in_the_postings() -> None:
    index = filled("red fox red", "red", "")
    index.remove(0, ["red fox red"])
    index.remove(2, [""])
    assert index.live_count("red") == 1
    assert index.live_count("fox") == 0
    assert index.live_count("nope") == 0
    assert index.average_length == 1
    assert index.rows("red").tolist() == [0, 1]
    index.remove(1, ["red"])
    assert index.average_length == 0


def test_without_an_analyzer_values_are_tokens() -> None:
    index = TokenIndex(None)
    index.add(0, ["A b", "a B"])
    index.add(2, ["A b"])
    assert index.rows("A b").tolist() == [0, 2]
    assert index.lengths.tolist() == [2, 0, 1]


def test_what_was_handed_out_does_not_keep_the_index_from_growing() -> None:
    index = filled("red", "red")
    rows, frequencies = index.postings("red")
    lengths = index.lengths
    index.add(2, ["red red"])
    assert (rows.tolist(), frequencies.tolist(), lengths.tolist()) == ([0, 1], [1, 1], [1, 1])
    assert index.frequencies("red").tolist() == [1, 1, 2]


def test_ranges_of_tokens() -> None:
    index = filled("b", "a", "ab", "é")
    assert index.starting_with("a") == ["a", "ab"]
    assert index.starting_with("") == ["a", "ab", "b", "é"]
    assert index.starting_with("c") == []
    assert index.ordered("ab", above=True, inclusive=True) == ["ab", "b", "é"]
    assert index.ordered("ab", above=True, inclusive=False) == ["b", "é"]
    assert index.ordered("ab", above=False, inclusive=True) == ["a", "ab"]
    assert index.ordered("ab", above=False, inclusive=False) == ["a"]
    index.add(4, ["aa"])
    assert index.starting_with("a") == ["a", "aa", "ab"]
    assert sorted(index.rows_of_any(["a", "é", "nope"]).tolist()) == [1, 3]
    assert index.rows_of_any([]).tolist() == []


@given(st.lists(WORDS, min_size=1, max_size=12), st.sets(st.integers(0, 11)))
def test_an_index_counts_like_a_counter(documents: list[list[str]], dead: set[int]) -> None:
    index = filled(*(" ".join(words) for words in documents))
    dead = {row for row in dead if row < len(documents)}
    for row in dead:
        index.remove(row, [" ".join(documents[row])])
    counts = [Counter(words) for words in documents]
    for word in ("red", "fox", "glove"):
        expected = {row: count[word] for row, count in enumerate(counts) if count[word]}
        rows, frequencies = index.postings(word)
        assert dict(zip(rows.tolist(), frequencies.tolist(), strict=True)) == expected
        assert index.rows(word).tolist() == list(expected)
        assert index.frequencies(word).tolist() == list(expected.values())
        assert index.live_count(word) == len(expected.keys() - dead)
    lengths = [len(words) for row, words in enumerate(documents) if row not in dead and words]
    assert index.average_length == pytest.approx(sum(lengths) / len(lengths) if lengths else 0)
