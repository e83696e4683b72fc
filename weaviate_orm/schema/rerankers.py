# ruff: noqa: N801 - the classes are the constructors that users call, see modules.py
"""The table of rerankers; what an entry is, and the options that many share, are explained in ``modules.py``."""

from __future__ import annotations

from weaviate_orm.schema.modules import Reranker, entry

__all__ = [
    "reranker_cohere",
    "reranker_contextualai",
    "reranker_dummy",
    "reranker_jinaai",
    "reranker_nvidia",
    "reranker_transformers",
    "reranker_voyageai",
]


@entry("reranker-cohere")
class reranker_cohere(Reranker):
    """Orders results by Cohere."""

    model: str | None = None
    base_url: str | None = None


@entry("reranker-contextualai", since="1.34.0")
class reranker_contextualai(Reranker):
    """Orders results by Contextual AI.

    Attributes:
        instruction: what to prefer.
        top_n: how many results are kept.
    """

    model: str | None = None
    instruction: str | None = None
    top_n: int | None = None


@entry("reranker-dummy")
class reranker_dummy(Reranker):
    """Orders results by their length, in the server itself. For tests."""


@entry("reranker-jinaai")
class reranker_jinaai(Reranker):
    """Orders results by Jina AI."""

    model: str | None = None


@entry("reranker-nvidia", since="1.28.5")
class reranker_nvidia(Reranker):
    """Orders results by NVIDIA NIM."""

    model: str | None = None
    base_url: str | None = None


@entry("reranker-transformers")
class reranker_transformers(Reranker):
    """Orders results by a cross-encoder container beside the server."""


@entry("reranker-voyageai")
class reranker_voyageai(Reranker):
    """Orders results by Voyage AI."""

    model: str | None = None
