"""Clauses that change the order or the choice of what a search found: reranking and diversity. Boosts have a room of their own."""

from __future__ import annotations

from dataclasses import dataclass

from weaviate_orm.model.info import PropertyInfo

__all__ = ["Diversity", "Rerank"]


@dataclass(frozen=True, slots=True, eq=False)
class Rerank:
    """Let a reranker read one property of the results and order them by it; without a query, by the search's own."""

    property: PropertyInfo
    query: str | None


@dataclass(frozen=True, slots=True)
class Diversity:
    """Maximal marginal relevance: so many results, chosen by relevance (1) or difference from each other (0)."""

    limit: int
    balance: float
