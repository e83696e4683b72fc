"""Ranks a page of results again: by what a reranker says of one of their properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.search.hits import Hit
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.services import Services
    from weaviate_orm.local.storage.shard import Shard

__all__ = ["rerank"]


def rerank(services: Services, shard: Shard, request: pb.Rerank, hits: list[Hit]) -> list[Hit]:
    """Give the hits by descending score of the reranker, each with its score; equal ones keep their order.

    A document is the text of the property that the request names; what is no text, or missing, is an empty document.

    Raises:
        Refused: the collection has no reranker, or no property is named.
        Unsupported: nothing was given that does what the collection's reranker does.
    """
    if not hits:
        return hits
    module = shard.schema.reranker
    if module is None:
        raise Refused("unknown capability: rerank")
    if not request.property:
        raise Refused("extend rerank: no properties provided")
    documents = [""] * len(hits)
    if (
        request.property in shard.schema.properties
    ):  # else it is a nested one, which the server fetches and does not find
        read = shard.column(request.property).value
        values = [read(hit.row) for hit in hits]
        documents = [value if isinstance(value, str) else "" for value in values]
    for hit, score in zip(hits, services.rerank(module, request.query, documents), strict=True):
        hit.rerank_score = score
    return sorted(hits, key=lambda hit: -(hit.rerank_score or 0.0))
