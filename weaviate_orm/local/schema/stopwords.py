"""The server's presets of stopwords."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["PRESETS"]

_ENGLISH = (
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this "
    "to was will with"
)

PRESETS: Final[Mapping[str, frozenset[str]]] = {"en": frozenset(_ENGLISH.split()), "none": frozenset()}
"""Words by name of the preset, as Weaviate 1.39 has them."""
