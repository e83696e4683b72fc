"""What the engine says about itself: as a single node that is healthy, ready, and open to anonymous users.

Counts in ``/nodes`` are exact; a server counts only what it has written to disk there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from weaviate_orm._version import SERVER_VERSION
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.routing import RestRequest, Route
from weaviate_orm.wire.call import RestReply
from weaviate_orm.wire.server import DEFAULT_MESSAGE_SIZE

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Collection, Database

__all__ = ["NODE_NAME", "ROUTES"]

Json = dict[str, Any]  # JSON has no narrower type

NODE_NAME: Final = "node1"
"""The only node, as a single server calls itself."""

_HOSTNAME: Final = "in-process"
_OUTPUTS: Final = ("minimal", "verbose")
_LINKS: Final[tuple[tuple[str, str], ...]] = (
    ("/v1/meta", "version, modules and limits"),
    ("/v1/schema", "all collections"),
    ("/v1/schema{/:className}", "one collection"),
    ("/v1/objects{/:id}", "objects"),
    ("/v1/.well-known/live", "200 when alive"),
    ("/v1/.well-known/ready", "200 when requests are taken"),
    ("/v1/.well-known/openid-configuration", "404: there is no login"),
)


def _root(database: Database, request: RestRequest) -> RestReply:
    return RestReply(200, {"links": [{"href": href, "name": name} for href, name in _LINKS]})


def _meta(database: Database, request: RestRequest) -> RestReply:
    body: Json = {
        "grpcMaxMessageSize": DEFAULT_MESSAGE_SIZE,
        "hostname": _HOSTNAME,
        "modules": {name: {} for name in database.services.modules()},
        "version": SERVER_VERSION,
    }
    return RestReply(200, body)


def _yes(database: Database, request: RestRequest) -> RestReply:
    return RestReply(200, None)


def _no_openid(database: Database, request: RestRequest) -> RestReply:
    return RestReply(404, None)


def _no_user(database: Database, request: RestRequest) -> RestReply:
    return RestReply(401, None)


def _no_tasks(database: Database, request: RestRequest) -> RestReply:
    return RestReply(200, {})


def _nodes(database: Database, request: RestRequest) -> RestReply:
    verbose = _is_verbose(request)
    # a shard name is for one collection only; the server does not look at it here
    return _node(list(database.collections.values()), None, verbose=verbose)


def _nodes_of_collection(database: Database, request: RestRequest) -> RestReply:
    verbose = _is_verbose(request)
    name = request.variables["collection"]
    found = database.find(name)
    if found is None:
        raise Refused(f'class "{name[:1].upper()}{name[1:]}" not found', http=404)
    return _node([found], request.query.get("shardName") or None, verbose=verbose)


def _is_verbose(request: RestRequest) -> bool:
    output = request.query.get("output") or "minimal"
    if output not in _OUTPUTS:
        raise Refused(f'invalid output: "{output}", possible values are: "minimal", "verbose"')
    return output == "verbose"


def _node(collections: list[Collection], shard_name: str | None, *, verbose: bool) -> RestReply:
    node: Json = {
        "batchStats": {"queueLength": 0, "ratePerSecond": 0},
        "name": NODE_NAME,
        "operationalMode": "ReadWrite",
        "shards": None,
        "status": "HEALTHY",
        "version": SERVER_VERSION,
    }
    if verbose:
        shards = [shard for collection in collections for shard in _shards(collection)]
        shards = [shard for shard in shards if shard_name in (None, shard["name"])]
        shards.sort(key=lambda shard: (shard["class"], shard["name"]))
        node["shards"] = shards or None
        node["stats"] = {"objectCount": sum(shard["objectCount"] for shard in shards), "shardCount": len(shards)}
    return RestReply(200, {"nodes": [node]})


def _shards(collection: Collection) -> list[Json]:
    """Give the shards that are in use; those of inactive tenants are not."""
    return [
        {
            "asyncReplicationStatus": [],
            "class": collection.schema.name,
            "compressed": False,
            "loaded": True,
            "name": collection.shard_names[tenant],
            "numberOfReplicas": 1,
            "objectCount": len(shard),
            "replicationFactor": 1,
            "vectorIndexingStatus": "READONLY" if tenant in collection.readonly else "READY",
            "vectorQueueLength": 0,
        }
        for tenant, shard in collection.shards()
        if collection.tenants.get(tenant, "HOT") == "HOT"
    ]


def _statistics(database: Database, request: RestRequest) -> RestReply:
    """Give what the consensus of a cluster of one looks like."""
    raft: Json = {
        "appliedIndex": "0",
        "commitIndex": "0",
        "fsmPending": "0",
        "lastContact": "0",
        "lastLogIndex": "0",
        "lastLogTerm": "0",
        "lastSnapshotIndex": "0",
        "lastSnapshotTerm": "0",
        "latestConfiguration": [{"address": _HOSTNAME, "id": NODE_NAME, "suffrage": 0}],
        "latestConfigurationIndex": "0",
        "numPeers": "0",
        "protocolVersion": "3",
        "protocolVersionMax": "3",
        "protocolVersionMin": "0",
        "snapshotVersionMax": "1",
        "snapshotVersionMin": "0",
        "state": "Leader",
        "term": "0",
    }
    node: Json = {
        "bootstrapped": True,
        "candidates": {},
        "dbLoaded": True,
        "isVoter": True,
        "leaderAddress": _HOSTNAME,
        "leaderId": NODE_NAME,
        "name": NODE_NAME,
        "open": True,
        "raft": raft,
        "ready": True,
        "status": "HEALTHY",
    }
    return RestReply(200, {"statistics": [node], "synchronized": True})


ROUTES: Final = (
    Route("GET", "/", _root),
    Route("GET", "/meta", _meta),
    Route("GET", "/.well-known/live", _yes),
    Route("HEAD", "/.well-known/live", _yes),
    Route("GET", "/.well-known/ready", _yes),
    Route("HEAD", "/.well-known/ready", _yes),
    Route("GET", "/.well-known/openid-configuration", _no_openid),
    Route("GET", "/nodes", _nodes),
    Route("GET", "/nodes/{collection}", _nodes_of_collection),
    Route("GET", "/cluster/statistics", _statistics),
    Route("GET", "/tasks", _no_tasks),
    Route("GET", "/users/own-info", _no_user),
)
"""What ``engine.py`` puts into its table."""
