"""What columns are made of: arrays that grow at the end in amortised constant time a row, and shrink to chosen rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.objects import Ints

__all__ = ["GrowingArray", "Lengths", "PackedTexts", "Spans"]

Lengths: TypeAlias = npt.NDArray[np.int32]

Scalar = TypeVar("Scalar", bound=np.generic)


class GrowingArray(Generic[Scalar]):
    """One array whose first axis grows.

    Attributes:
        view: what has been put in so far, read-only, shape ``(len(self), *width)``. It stays valid, but short, when more is put in.
    """

    __slots__ = ("_buffer", "_dtype", "_size", "_width", "view")

    def __init__(self, dtype: type[Scalar], *width: int) -> None:
        self._dtype = dtype
        self._width = width
        self._size = 0
        self._buffer: npt.NDArray[Scalar] = np.empty((0, *width), dtype)
        self.view: npt.NDArray[Scalar] = self._buffer
        self._show()

    def __len__(self) -> int:
        return self._size

    def extend(self, values: npt.ArrayLike, count: int) -> None:
        """Put ``count`` rows at the end; ``values`` has that many, or is one value that all of them get."""
        start, stop = self._size, self._size + count
        if stop > len(self._buffer):
            # What is reserved and not yet written takes no memory from the machine, only addresses.
            larger: npt.NDArray[Scalar] = np.empty((max(stop, start + start // 2, 16), *self._width), self._dtype)
            larger[:start] = self._buffer[:start]
            self._buffer = larger
        self._buffer[start:stop] = values
        self._size = stop
        self._show()

    def set(self, row: int, value: Scalar | float) -> None:
        """Change one row."""
        self._buffer[row] = value

    def keep(self, rows: Ints) -> None:
        """Keep these rows only, in this order, and give back the memory of the others."""
        self._buffer = self._buffer[rows]
        self._size = len(rows)
        self._show()

    def _show(self) -> None:
        self.view = self._buffer[: self._size]
        self.view.flags.writeable = False


class Spans:
    """Where the elements of each row lie when those of all rows lie flat, one row's after the other's."""

    __slots__ = ("_lengths", "_starts", "_stop")

    def __init__(self) -> None:
        self._lengths = GrowingArray(np.int32)
        self._starts = GrowingArray(np.int64)
        self._stop = 0

    @property
    def lengths(self) -> Lengths:
        """How many elements each row has, shape ``(rows,)``."""
        return self._lengths.view

    def extend(self, lengths: Sequence[int]) -> None:
        """Put rows at the end that have so many elements."""
        counts = np.array(lengths, np.int64)
        ends = self._stop + np.cumsum(counts)
        self._starts.extend(ends - counts, len(counts))
        self._lengths.extend(counts, len(counts))
        self._stop = int(ends[-1]) if len(counts) else self._stop

    def span(self, row: int) -> tuple[int, int]:
        """Give the place of a row's first element, and the place after its last."""
        start = int(self._starts.view[row])
        return start, start + int(self._lengths.view[row])

    def bounds(self, rows: Ints) -> tuple[list[int], list[int]]:
        """Give the spans of many rows: places of the first elements, and places after the last ones."""
        starts = self._starts.view[rows]
        return starts.tolist(), (starts + self._lengths.view[rows]).tolist()

    def rows(self) -> Ints:
        """Give the row of each element."""
        return np.repeat(np.arange(len(self._lengths), dtype=np.int64), self._lengths.view)

    def places(self, rows: Ints) -> Ints:
        """Give the places of the elements of many rows, row after row."""
        lengths = self._lengths.view[rows].astype(np.int64)
        new_starts = np.cumsum(lengths) - lengths
        return np.repeat(self._starts.view[rows] - new_starts, lengths) + np.arange(int(lengths.sum()), dtype=np.int64)

    def keep(self, rows: Ints) -> Ints:
        """Keep these rows only, and give the places of their elements, row after row, which are to be kept too."""
        places = self.places(rows)
        lengths = self._lengths.view[rows].astype(np.int64)
        new_starts = np.cumsum(lengths) - lengths
        self._lengths.keep(rows)
        self._starts = GrowingArray(np.int64)
        self._starts.extend(new_starts, len(rows))
        self._stop = len(places)
        return places


class PackedTexts:
    """Texts as UTF-8, one after the other: a Python string takes some fifty bytes more than its letters."""

    __slots__ = ("_bytes", "_spans")

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._spans = Spans()

    def __len__(self) -> int:
        return len(self._spans.lengths)

    def __getitem__(self, place: int) -> str:
        start, stop = self._spans.span(place)
        return self._bytes[start:stop].decode("utf-8", _HALVES)

    def texts(self, places: Ints) -> list[str]:
        """Give many texts."""
        packed = self._bytes
        spans = zip(*self._spans.bounds(places), strict=True)
        return [packed[start:stop].decode("utf-8", _HALVES) for start, stop in spans]

    def encoded(self, places: Ints) -> list[bytes]:
        """Give many texts as UTF-8, which sorts as the texts do."""
        packed = bytes(self._bytes)
        return [packed[start:stop] for start, stop in zip(*self._spans.bounds(places), strict=True)]

    @staticmethod
    def decoded(encoded: bytes) -> str:
        """Give the text of what ``encoded`` gave."""
        return encoded.decode("utf-8", _HALVES)

    def extend(self, texts: Sequence[str]) -> None:
        """Put texts at the end."""
        joined = "".join(texts)
        if joined.isascii():
            self._spans.extend([len(text) for text in texts])
            self._bytes += joined.encode()
        else:
            encoded = [text.encode("utf-8", _HALVES) for text in texts]
            self._spans.extend([len(text) for text in encoded])
            self._bytes += b"".join(encoded)

    def keep(self, places: Ints) -> None:
        """Keep the texts at these places only, in this order."""
        kept = self._spans.keep(places)
        self._bytes = bytearray(np.frombuffer(self._bytes, np.uint8)[kept])


_HALVES = "surrogatepass"
"""JSON may carry half of a surrogate pair, which UTF-8 refuses unless told so."""
