"""Vectors as users hold them: float32 arrays, one-dimensional for a vector, two-dimensional for a multi-vector.

numpy is imported on first use, which keeps the import of the package light.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from weaviate_orm.errors import InvalidValueError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray: TypeAlias = npt.NDArray[np.float32]

__all__ = ["NOT_LOADED", "LazyVector", "as_vector", "is_sound"]


class LazyVector:
    """A vector of a reply that is decoded when the attribute is first read.

    Attributes:
        decode: takes the reply's part that holds the vectors, and the vector's name there.
        source: that part.
        name: the vector's name in the collection; ``None`` for the unnamed one.
    """

    __slots__ = ("decode", "name", "source")

    def __init__(
        self, decode: Callable[[Any, str | None], FloatArray | None], source: object, name: str | None
    ) -> None:
        # Any: the part is a message, which this room does not know
        self.decode = decode
        self.source = source
        self.name = name

    def load(self) -> FloatArray | None:
        """Give the array, or ``None`` when the object has no such vector."""
        return self.decode(self.source, self.name)

    # A copy would not be NOT_LOADED any more, and its object would be stored without the vector that the stored one has.

    def __copy__(self) -> LazyVector:
        return self

    def __deepcopy__(self, memo: object) -> LazyVector:
        return self  # the part of the reply is never changed

    def __reduce__(self) -> str | tuple[Any, ...]:  # pickle's own form
        # By name where there is nothing to decode; otherwise as the array, because messages of a private pool cannot be pickled.
        return "NOT_LOADED" if self is NOT_LOADED else (_itself, (self.load(),))


def _none(source: object, name: str | None) -> None:
    return None


def _itself(array: FloatArray | None) -> FloatArray | None:
    return array


NOT_LOADED = LazyVector(_none, None, None)
"""Stands for a vector that the query did not ask for and that only the caller could give again; it reads as ``None``."""


def is_sound(array: Any, *, multi: bool) -> bool:  # whatever an instance holds
    """Tell, at little cost, whether something already is what ``as_vector`` makes: finite float32 of the right rank."""
    import numpy as np

    dtype = getattr(array, "dtype", None)
    if dtype is None or dtype.str != "<f4" or array.ndim != (2 if multi else 1) or not array.size:
        return False
    return b"\0" not in np.isfinite(array).tobytes()  # half the time of .all()


# Kinds of numpy types that it would convert to numbers: text, complex numbers, times.
_NO_NUMBERS = frozenset("UScmM")


def as_vector(value: npt.ArrayLike, *, multi: bool, where: str) -> FloatArray:
    """Give a contiguous float32 array.

    Args:
        value: any array, buffer or (nested) list of numbers. Shape ``(dimensions,)``, or ``(rows, dimensions)`` when ``multi``.
        multi: whether rows are expected.
        where: for messages: ``Article.embedding``.

    Raises:
        InvalidValueError: not numbers, another shape, empty, or with a NaN or infinite component.
    """
    import numpy as np

    if type(value) is np.ndarray and is_sound(value, multi=multi):
        return np.ascontiguousarray(value)  # what most programs have; the rest below takes four times as long
    try:
        given = np.asarray(value)  # refuses ragged lists
        if given.dtype.kind in _NO_NUMBERS:
            raise TypeError(f"{given.dtype} is no number")
        with np.errstate(over="ignore"):  # what does not fit into float32 becomes infinite, and is refused below
            array = np.ascontiguousarray(given, dtype="<f4")
    except (TypeError, ValueError) as error:
        raise InvalidValueError(f"{where} takes an array of numbers, got {type(value).__name__}: {error}") from None
    rank = 2 if multi else 1
    if given.ndim != rank:
        shape = "(rows, dimensions)" if multi else "(dimensions,)"
        hint = " Declare it as MultiVector for rows of vectors." if given.ndim == 2 and not multi else ""
        raise InvalidValueError(f"{where} takes an array of shape {shape}, got shape {given.shape}.{hint}")
    if array.size == 0:
        raise InvalidValueError(f"{where} got an empty vector. Leave the vector out (None) when there is none.")
    if not np.isfinite(array).all():
        position = np.argwhere(~np.isfinite(array))[0].tolist()
        found = array[tuple(position)]
        raise InvalidValueError(f"{where} takes finite numbers, got {found} at position {position}.")
    return array
