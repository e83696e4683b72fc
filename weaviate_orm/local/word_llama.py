"""The embedder that needs no download: WordLlama, whose package carries its weights. Loaded when the first text comes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.objects import Floats

__all__ = ["WordLlamaEmbedder", "word_llama_installed"]

_DIMENSIONS = 256
_CHARACTERS = 1 << 16
"""Of the texts that are embedded at once, each counted as long as the longest: that many, at most, times 1 KB is what it takes."""


class _Model(Protocol):
    """What is used of WordLlama."""

    def embed(self, texts: list[str], /) -> npt.ArrayLike: ...


def word_llama_installed() -> bool:
    """Tell whether the package is there, without importing it."""
    return find_spec("wordllama") is not None


class WordLlamaEmbedder:
    """Gives 256 float32 numbers a text, not of length one; zeros for an empty text. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: _Model | None = None

    def __call__(self, texts: list[str]) -> Floats:
        """Give the vectors of texts, shape ``(len(texts), 256)``."""
        found = np.zeros((len(texts), _DIMENSIONS), dtype=np.float32)
        with self._lock:  # loading once; and the tokenizer's padding is a setting of its own
            if self._model is None:
                self._model = _load()
            for positions in _parts(texts):
                # A JSON text may hold half of a surrogate pair, which no tokenizer takes.
                found[positions] = self._model.embed(
                    [texts[each].encode(errors="replace").decode() for each in positions]
                )
        return found


def _load() -> _Model:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    import wordllama  # pyright: ignore[reportMissingTypeStubs]  # it ships none

    # Its import configures logging, which is the application's to do.
    root.handlers[:] = handlers
    root.setLevel(level)
    model: _Model = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
    return model


def _parts(texts: list[str]) -> Iterator[list[int]]:
    """Give positions of texts of similar length, the empty ones left out: shorter ones are filled up to the longest."""
    part: list[int] = []
    for position in sorted((each for each, text in enumerate(texts) if text), key=lambda each: len(texts[each])):
        if part and (len(part) + 1) * len(texts[position]) > _CHARACTERS:
            yield part
            part = []
        part.append(position)
    if part:
        yield part
