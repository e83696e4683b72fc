"""The models: plain callables, which ``InProcess`` takes as they are and which the service puts behind HTTP.

Each is a function of its arguments alone, so a server and the in-process engine that use them agree to the last digit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

__all__ = ["KINDS", "MODEL", "GenerationError", "Kind", "MediaEmbedder", "TextGenerator", "count_tokens", "rerank"]

MODEL = "wordllama l2_supercat_256"

Kind: TypeAlias = Literal["image", "audio", "video", "depth", "thermal", "imu"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Vectors: TypeAlias = npt.NDArray[np.float32]


class MediaEmbedder:
    """Gives vectors of 256 float32 numbers, not normalized; texts and media that say the same are near each other."""

    def __call__(self, texts: list[str], /) -> Vectors:
        """Give WordLlama's vector of each text; zeros for an empty one."""
        return np.array([_embed(text) for text in texts], dtype=np.float32).reshape(len(texts), 256)

    def embed_media(self, kind: Kind, media: Sequence[bytes], /) -> Vectors:
        """Give the vector of each medium of one kind, for its bytes.

        Bytes that are a text have the vector of this text behind the name of the kind, as a caption would: ``b"a red fox"`` as an image
        is near ``"a red fox"``, and as a sound elsewhere but not far. Other bytes have how often each of the 256 occurs.
        """
        return np.array([_embed_medium(kind, each) for each in media], dtype=np.float32).reshape(len(media), 256)


def rerank(query: str, documents: list[str], /) -> list[float]:
    """Give the cosine between the query and each document; the shorter document is a little better."""
    near = _embed(query)
    return [_cosine(near, _embed(each)) - len(each) * 1e-6 for each in documents]


class GenerationError(Exception):
    """A prompt asked for a failure.

    Attributes:
        status: the HTTP status that was asked for.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"the prompt asked for status {status}")
        self.status = status


class TextGenerator:
    """Repeats the first eight words of a prompt, and a mark that no other prompt has.

    A prompt with the words ``fail with status 503`` raises ``GenerationError``, for tests of what follows.
    """

    def __call__(self, prompt: str, /) -> str:
        """Answer a prompt."""
        return self.generate_with_images(prompt, [])

    def generate_with_images(self, prompt: str, images: Sequence[bytes], /) -> str:
        """Answer a prompt about images; the answer says how many, and the mark depends on each."""
        failure = re.search(r"fail with status ([45]\d\d)", prompt)
        if failure is not None:
            raise GenerationError(int(failure[1]))
        mark = hashlib.sha256(b"\0".join([prompt.encode(errors="replace"), *images])).hexdigest()[:8]
        seen = f" of {len(images)} images" if images else ""
        return f"{' '.join(prompt.split()[:8])}{seen} [{mark}]"


def count_tokens(text: str) -> int:
    """Give the number of words, which stand in for tokens."""
    return len(text.split())


@cache
def _word_llama() -> Any:  # the package has no types
    import wordllama

    return wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)


def _embed(text: str) -> Vectors:
    # JSON may hold half of a surrogate pair, which no tokenizer takes.
    vector: Vectors = _word_llama().embed(text.encode(errors="replace").decode())[0]
    return vector


def _embed_medium(kind: Kind, medium: bytes) -> Vectors:
    try:
        text = medium.decode()
    except UnicodeDecodeError:
        counts = np.bincount(np.frombuffer(medium, dtype=np.uint8), minlength=256).astype(np.float32)
        return np.roll(counts, KINDS.index(kind))
    return _embed(f"{kind}: {text}")


def _cosine(left: Vectors, right: Vectors) -> float:
    lengths = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(left @ right) / lengths if lengths else 0.0
