"""What the tables share: the same values as in our half, and the client's handles."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from weaviate.classes.query import MetadataQuery

__all__ = [
    "ARTICLE",
    "EXHIBIT",
    "ID",
    "MAY",
    "NEAR",
    "NOON",
    "OTHER",
    "PLAIN",
    "SCORE",
    "Client",
    "Intent",
    "aggregates",
    "article",
    "articles",
    "document",
    "documents",
    "exhibits",
    "generates",
    "listed",
    "near",
    "scored",
]

ID, OTHER = UUID(int=7), UUID(int=8)
MAY = datetime(2024, 5, 1, 12, 30, 15, 250000, UTC)
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)

# Our half asks for these with every query of the kind.
PLAIN = MetadataQuery(creation_time=True, last_update_time=True)
NEAR = MetadataQuery(creation_time=True, last_update_time=True, distance=True, certainty=True)
SCORE = MetadataQuery(creation_time=True, last_update_time=True, score=True, explain_score=True)

ARTICLE = ["title", "body", "word_count", "published", "tags"]
EXHIBIT = ["title", "body", "category", "likes", "price", "shown", "published", "picture"]

article: dict[str, Any] = {"limit": 5, "return_properties": ARTICLE}
document: dict[str, Any] = {"limit": 5, "return_properties": ["title"]}
listed: dict[str, Any] = {"limit": 5, "return_properties": EXHIBIT, "return_metadata": PLAIN}
near: dict[str, Any] = {"limit": 5, "return_properties": EXHIBIT, "return_metadata": NEAR}
scored: dict[str, Any] = {"limit": 5, "return_properties": EXHIBIT, "return_metadata": SCORE}

Client: TypeAlias = Any  # the client's generics would say nothing here
Intent: TypeAlias = Callable[[Client], object]


def articles(client: Client) -> Any:
    return client.collections.use("ZooArticle").query


def documents(client: Client) -> Any:
    return client.collections.use("ZooDocument").query


def exhibits(client: Client) -> Any:
    return client.collections.use("PeerExhibit").query


def generates(client: Client) -> Any:
    return client.collections.use("PeerExhibit").generate


def aggregates(client: Client) -> Any:
    return client.collections.use("PeerExhibit").aggregate
