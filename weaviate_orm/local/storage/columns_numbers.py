"""Columns of ``int``, ``number``, ``boolean``, ``date`` and their arrays: numbers to compare by, and what makes values of them again.

Arrays lie flat, one row's elements after the other's; ``lengths`` and the place of each row's first element find them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.objects import Bools, Ints, Value
from weaviate_orm.local.schema.parsed import PropertySchema
from weaviate_orm.local.storage.arrays import GrowingArray, Lengths, PackedTexts, Spans
from weaviate_orm.local.storage.clock import nanoseconds
from weaviate_orm.local.storage.columns_base import Column

__all__ = ["ArrayNumberColumn", "NumberColumn", "Numbers", "ScalarNumberColumn"]

Numbers: TypeAlias = npt.NDArray[np.float64] | npt.NDArray[np.int64]
"""float64 for int, number and boolean (0 and 1), as the server stores them; int64 nanoseconds since 1970 for dates."""


class NumberColumn(Column):
    """Values that compare as numbers."""

    def __init__(self, property: PropertySchema) -> None:
        super().__init__(property)
        self._elements = _ELEMENTS[property.element]()

    @abstractmethod
    def select(self, test: Callable[[Numbers], Bools]) -> Bools:
        """Give the rows, shape ``(size,)``, of which any element fulfils the test."""

    @abstractmethod
    def flat(self) -> tuple[Numbers, Ints]:
        """Give all elements, and the row of each; those of one row stand together, rows ascend."""


class ScalarNumberColumn(NumberColumn):
    """One number a row; rows without a value hold a filler."""

    def value(self, row: int) -> Value | None:
        """Give the number, boolean or date text of a row."""
        return self._elements.values(slice(row, row + 1))[0] if self._present.view[row] else None

    def _values_of(self, rows: Ints) -> list[Value | None]:
        return [*self._elements.values(rows)]

    @property
    def numbers(self) -> Numbers:
        """Shape ``(size,)``: the number of each row; where ``present`` is false it means nothing."""
        return self._elements.numbers

    def select(self, test: Callable[[Numbers], Bools]) -> Bools:
        """Give the rows, shape ``(size,)``, whose value fulfils the test."""
        return test(self._elements.numbers) & self.present

    def flat(self) -> tuple[Numbers, Ints]:
        """Give all values, and the row of each, ascending."""
        rows = np.flatnonzero(self.present)
        return self._elements.numbers[rows], rows

    def _add(self, values: Sequence[Value | None]) -> None:
        self._elements.extend(values)

    def keep(self, rows: Ints) -> None:
        """Keep these rows only; ``rows[i]`` becomes row ``i``."""
        super().keep(rows)
        self._elements.keep(rows)


class ArrayNumberColumn(NumberColumn):
    """Any number of numbers a row."""

    def __init__(self, property: PropertySchema) -> None:
        super().__init__(property)
        self._spans = Spans()

    @property
    def lengths(self) -> Lengths:
        """Shape ``(size,)``: elements of each row; 0 for no value."""
        return self._spans.lengths

    def value(self, row: int) -> Value | None:
        """Give the list of a row."""
        return self._elements.values(slice(*self._spans.span(row))) if self._present.view[row] else None

    def select(self, test: Callable[[Numbers], Bools]) -> Bools:
        """Give the rows, shape ``(size,)``, of which any element fulfils the test."""
        numbers, rows = self.flat()
        selected = np.zeros(self.size, np.bool_)
        selected[rows[test(numbers)]] = True
        return selected

    def flat(self) -> tuple[Numbers, Ints]:
        """Give all elements, and the row of each; those of one row stand together, rows ascend."""
        return self._elements.numbers, self._spans.rows()

    def _add(self, values: Sequence[Value | None]) -> None:
        self._spans.extend([0 if value is None else len(value) for value in values])
        self._elements.extend([element for value in values if value is not None for element in value])

    def keep(self, rows: Ints) -> None:
        """Keep these rows only; ``rows[i]`` becomes row ``i``."""
        super().keep(rows)
        self._elements.keep(self._spans.keep(rows))


class _Elements(ABC):
    """A flat sequence of values of one data type."""

    @property
    @abstractmethod
    def numbers(self) -> Numbers:
        """What they compare by."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def values(self, places: slice | Ints) -> list[Value]:
        """Give those at some places as values."""

    @abstractmethod
    def extend(self, values: Sequence[Value | None]) -> None:
        """Put values at the end; ``None`` puts a filler."""

    @abstractmethod
    def keep(self, places: Ints) -> None:
        """Keep those at these places only, in this order."""


class _Floats(_Elements):
    """Numbers. Missing ones are NaN, which no comparison finds."""

    def __init__(self) -> None:
        self._numbers = GrowingArray(np.float64)

    @property
    def numbers(self) -> Numbers:
        return self._numbers.view

    def __len__(self) -> int:
        return len(self._numbers)

    def values(self, places: slice | Ints) -> list[Value]:
        values: list[Value] = self._numbers.view[places].tolist()
        return values

    def extend(self, values: Sequence[Value | None]) -> None:
        self._numbers.extend(np.array(values, np.float64), len(values))

    def keep(self, places: Ints) -> None:
        self._numbers.keep(places)


class _Integers(_Floats):
    """Whole numbers, stored as float64 as the server does: beyond 2**53 they are rounded."""

    def values(self, places: slice | Ints) -> list[Value]:
        return list(map(int, self._numbers.view[places].tolist()))


class _Booleans(_Elements):
    """Booleans."""

    def __init__(self) -> None:
        self._booleans = GrowingArray(np.bool_)

    @property
    def numbers(self) -> Numbers:
        return self._booleans.view.astype(np.float64)

    def __len__(self) -> int:
        return len(self._booleans)

    def values(self, places: slice | Ints) -> list[Value]:
        values: list[Value] = self._booleans.view[places].tolist()
        return values

    def extend(self, values: Sequence[Value | None]) -> None:
        self._booleans.extend(np.array(values, np.bool_), len(values))

    def keep(self, places: Ints) -> None:
        self._booleans.keep(places)


class _Dates(_Elements):
    """Dates: the text that was given, which is what comes back, and its nanoseconds."""

    def __init__(self) -> None:
        self._texts = PackedTexts()
        self._nanoseconds = GrowingArray(np.int64)

    @property
    def numbers(self) -> Numbers:
        return self._nanoseconds.view

    def __len__(self) -> int:
        return len(self._texts)

    def values(self, places: slice | Ints) -> list[Value]:
        if isinstance(places, slice):
            return [self._texts[place] for place in range(*places.indices(len(self)))]
        return [*self._texts.texts(places)]

    def extend(self, values: Sequence[Value | None]) -> None:
        count = len(values)
        numbers = np.fromiter((0 if text is None else nanoseconds(text) for text in values), np.int64, count)
        self._nanoseconds.extend(numbers, count)
        self._texts.extend(["" if text is None else text for text in values])

    def keep(self, places: Ints) -> None:
        self._texts.keep(places)
        self._nanoseconds.keep(places)


_ELEMENTS: dict[str, type[_Elements]] = {"int": _Integers, "number": _Floats, "boolean": _Booleans, "date": _Dates}
