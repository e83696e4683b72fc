"""Tenant and consistency level of a request."""

from __future__ import annotations

from weaviate_orm.wire import _pb as pb

__all__ = ["CONSISTENCY"]

CONSISTENCY = {
    "ONE": pb.ConsistencyLevel.CONSISTENCY_LEVEL_ONE,
    "QUORUM": pb.ConsistencyLevel.CONSISTENCY_LEVEL_QUORUM,
    "ALL": pb.ConsistencyLevel.CONSISTENCY_LEVEL_ALL,
}
