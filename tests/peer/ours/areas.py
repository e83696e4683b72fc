"""All areas by name: a table of intents each, and how the request of one comes about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from google.protobuf.message import Message

from . import aggregate, beyond, filters, generate, ranking, references, searches, targets, writing
from .common import Intent, requested

__all__ = ["AREAS", "BEYOND"]

Area: TypeAlias = tuple[Mapping[str, object], Callable[[str], Message]]


def _of(intents: Mapping[str, Intent]) -> Area:
    return intents, lambda intent: requested(intents[intent], position=2 if intent == references.SECOND else 1)


AREAS: Mapping[str, Area] = {
    "searches": _of(searches.INTENTS),
    "filters": _of(filters.INTENTS),
    "ranking": _of(ranking.INTENTS),
    "targets": _of(targets.INTENTS),
    "references": _of(references.INTENTS),
    "generate": _of(generate.INTENTS),
    "aggregate": _of(aggregate.INTENTS),
    "batches": (writing.BATCHES, writing.batch),
    "deletions": _of(writing.DELETIONS),
    "tenants": _of(writing.TENANTS),
}

BEYOND: Area = _of(beyond.INTENTS)
"""What the client cannot say."""
