"""Columns of ``text``, ``text[]``, ``uuid`` and ``uuid[]``: the values as they came, and the index of their tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from weaviate_orm.local.objects import Ints, Value
from weaviate_orm.local.schema.parsed import Analyzer, PropertySchema
from weaviate_orm.local.storage.arrays import GrowingArray, Lengths, PackedTexts, Spans
from weaviate_orm.local.storage.columns_base import Column
from weaviate_orm.local.text.token_index import TokenIndex

__all__ = ["TextColumn"]


class TextColumn(Column):
    """Texts, or lists of them; a uuid is its canonical text.

    Attributes:
        index: tokens of the values; ``None`` when the property is neither filterable nor searchable.
    """

    def __init__(self, property: PropertySchema) -> None:
        super().__init__(property)
        self.index = _make_index(property)
        self._texts = PackedTexts()
        # Of an array the elements of each row; else each row has one text.
        self._spans = Spans() if property.is_array else None
        self._runes = GrowingArray(np.int32)

    @property
    def lengths(self) -> Lengths:
        """Shape ``(size,)``: runes of a text, elements of an array; 0 for no value, and for a uuid, whose length the server has not."""
        if self._spans is not None:
            return self._spans.lengths
        return self._runes.view if self.property.data_type == "text" else super().lengths

    def value(self, row: int) -> Value | None:
        """Give the text or the list of texts of a row."""
        if not self._present.view[row]:
            return None
        return self._texts[row] if self._spans is None else self.texts(row)

    def _values_of(self, rows: Ints) -> list[Value | None]:
        return [*self._texts.texts(rows)] if self._spans is None else super()._values_of(rows)

    def texts(self, row: int) -> list[str]:
        """Give the texts of a row: one, several of an array, none without a value."""
        if not self._present.view[row]:
            return []
        start, stop = (row, row + 1) if self._spans is None else self._spans.span(row)
        return [self._texts[place] for place in range(start, stop)]

    def encoded(self, rows: Ints) -> tuple[list[bytes], Ints]:
        """Give the texts of many rows at once: as UTF-8, and the row of each. ``PackedTexts.decoded`` makes texts of them."""
        rows = rows[self._present.view[rows]]
        if self._spans is None:
            return self._texts.encoded(rows), rows
        return self._texts.encoded(self._spans.places(rows)), np.repeat(rows, self._spans.lengths[rows])

    def _add(self, values: Sequence[Value | None]) -> None:
        rows: list[Sequence[str]]
        if self._spans is None:
            texts = ["" if value is None else value for value in values]
            if self.property.data_type == "text":
                self._runes.extend([len(text) for text in texts], len(texts))
            self._texts.extend(texts)
            rows = [() if value is None else (value,) for value in values]
        else:
            self._spans.extend([0 if value is None else len(value) for value in values])
            self._texts.extend([text for value in values if value is not None for text in value])
            rows = [() if value is None else value for value in values]
        if self.index is not None:
            self.index.add_many(rows)

    def forget(self, row: int) -> None:
        """Take the row's tokens out of the counts."""
        if self.index is not None and self._present.view[row]:
            self.index.remove(row, self.texts(row))

    def keep(self, rows: Ints) -> None:
        """Keep these rows only, and index them anew."""
        super().keep(rows)
        if self._spans is None:
            self._texts.keep(rows)
            if self.property.data_type == "text":
                self._runes.keep(rows)
        else:
            self._texts.keep(self._spans.keep(rows))
        self._reindex(range(self.size))

    def alter(self, property: PropertySchema, live: Ints) -> None:
        """Take another configuration: an index may go or come, and its tokens change with the analyzer.

        Stopwords play no part in what is indexed, only in what is asked for.
        """
        before, self.property = self.property, property
        if _tokens_as(before) != _tokens_as(property):
            self._reindex(live.tolist())

    def _reindex(self, rows: Iterable[int]) -> None:
        self.index = _make_index(self.property)
        if self.index is not None:
            for row in rows:
                self.index.add(row, self.texts(row))
            self.index.extend(self.size)


def _make_index(property: PropertySchema) -> TokenIndex | None:
    return TokenIndex(property.analyzer) if property.filterable or property.searchable else None


def _tokens_as(property: PropertySchema) -> tuple[bool, Analyzer | None]:
    """Give what decides the tokens of a property's index."""
    analyzer = property.analyzer
    return property.filterable or property.searchable, analyzer and replace(analyzer, stopwords=frozenset())
