"""Plain values, as JSON decodes to: tests of their kind that type checkers follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeGuard

__all__ = ["is_float32", "is_float64", "is_list", "is_mapping"]

_BEYOND_FLOAT32: Final = 2**128 - 2**103
_BEYOND_FLOAT64: Final = 2**1024 - 2**970
"""From here on, numbers would be rounded to infinity."""


def is_mapping(value: object) -> TypeGuard[dict[str, Any]]:  # JSON has no narrower type
    """Tell whether a value is an object of JSON."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[list[Any]]:  # JSON has no narrower type
    """Tell whether a value is an array of JSON."""
    return isinstance(value, list)


def is_float32(value: object) -> TypeGuard[int | float]:
    """Tell whether a value is a number that a float32 can hold, rounded. Whole numbers of JSON have no end in Python."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _BEYOND_FLOAT32


def is_float64(value: object) -> TypeGuard[int | float]:
    """Tell whether a value is a number that a float64 can hold, rounded."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _BEYOND_FLOAT64
