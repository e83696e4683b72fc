"""Plain values, as JSON decodes to: tests of their kind that type checkers follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

__all__ = ["is_list", "is_mapping"]


def is_mapping(value: object) -> TypeGuard[dict[str, Any]]:  # JSON has no narrower type
    """Tell whether a value is an object of JSON."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[list[Any]]:  # JSON has no narrower type
    """Tell whether a value is an array of JSON."""
    return isinstance(value, list)
