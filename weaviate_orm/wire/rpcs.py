"""The table of gRPC methods that this library calls."""

from __future__ import annotations

from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import Patience, Rpc

__all__ = ["AGGREGATE", "BATCH_DELETE", "BATCH_OBJECTS", "BATCH_REFERENCES", "HEALTH", "SEARCH", "TENANTS_GET"]

_SERVICE = "/weaviate.v1.Weaviate/"

SEARCH = Rpc("Search", _SERVICE + "Search", pb.SearchReply, Patience.QUERY)
AGGREGATE = Rpc("Aggregate", _SERVICE + "Aggregate", pb.AggregateReply, Patience.QUERY)
TENANTS_GET = Rpc("TenantsGet", _SERVICE + "TenantsGet", pb.TenantsGetReply, Patience.QUERY)
# A batch write is an upsert by id, so sending it again leaves the same objects.
BATCH_OBJECTS = Rpc("BatchObjects", _SERVICE + "BatchObjects", pb.BatchObjectsReply, Patience.INSERT)
# References are appended, so a second sending could leave them twice.
BATCH_REFERENCES = Rpc(
    "BatchReferences", _SERVICE + "BatchReferences", pb.BatchReferencesReply, Patience.INSERT, repeatable=False
)
BATCH_DELETE = Rpc("BatchDelete", _SERVICE + "BatchDelete", pb.BatchDeleteReply, Patience.INSERT)
HEALTH = Rpc("Health", "/grpc.health.v1.Health/Check", pb.HealthCheckResponse, Patience.INIT)
