"""What a server says about itself over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from exchanges import call_rest

from weaviate_orm.transport.base import Exchange


def identifier(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def node(exchange: Exchange, path: str, **query: str) -> dict[str, Any]:
    """Ask for the nodes, and give the only one."""
    reply = call_rest(exchange, "GET", path, **query)
    assert reply.status == 200, reply
    (found,) = reply.body["nodes"]
    assert isinstance(found, dict)
    return found


def test_meta(exchange: Exchange) -> None:
    reply = call_rest(exchange, "GET", "/meta")

    assert reply.status == 200
    assert set(reply.body) == {"grpcMaxMessageSize", "hostname", "modules", "version"}
    assert reply.body["version"].startswith("1.")
    assert reply.body["grpcMaxMessageSize"] == 104_858_000
    assert isinstance(reply.body["modules"], dict)
    assert isinstance(reply.body["hostname"], str)


@pytest.mark.parametrize("path", ["/.well-known/live", "/.well-known/ready"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_live_and_ready(exchange: Exchange, method: str, path: str) -> None:
    reply = call_rest(exchange, method, path)

    assert (reply.status, reply.body) == (200, None)


def test_there_is_no_login(exchange: Exchange) -> None:
    reply = call_rest(exchange, "GET", "/.well-known/openid-configuration")
    assert (reply.status, reply.body) == (404, None)
    reply = call_rest(exchange, "GET", "/users/own-info")
    assert (reply.status, reply.body) == (401, None)


def test_links(exchange: Exchange) -> None:
    reply = call_rest(exchange, "GET", "/")

    assert reply.status == 200
    assert {"/v1/meta", "/v1/schema", "/v1/.well-known/ready"} <= {link["href"] for link in reply.body["links"]}


def test_no_tasks(exchange: Exchange) -> None:
    reply = call_rest(exchange, "GET", "/tasks")

    assert (reply.status, reply.body) == (200, {})


@pytest.mark.parametrize("path", ["/meta", "/nodes", "/cluster/statistics"])
def test_only_reading(exchange: Exchange, path: str) -> None:
    reply = call_rest(exchange, "POST", path)

    assert reply.status == 405
    assert reply.body == {"code": 405, "message": "method POST is not allowed, but [GET] are"}


def test_statistics_of_a_cluster_of_one(exchange: Exchange) -> None:
    reply = call_rest(exchange, "GET", "/cluster/statistics")
    (found,) = reply.body["statistics"]

    assert reply.body["synchronized"] is True
    assert (found["status"], found["ready"], found["dbLoaded"], found["open"]) == ("HEALTHY", True, True, True)
    assert found["leaderId"] == found["name"]
    assert found["raft"]["state"] == "Leader"
    assert found["raft"]["numPeers"] == "0"


@pytest.mark.parametrize("query", [{}, {"output": ""}, {"output": "minimal"}])
def test_the_node(exchange: Exchange, query: dict[str, str]) -> None:
    found = node(exchange, "/nodes", **query)

    assert set(found) >= {"batchStats", "name", "operationalMode", "shards", "status", "version"}
    assert (found["status"], found["operationalMode"], found["shards"]) == ("HEALTHY", "ReadWrite", None)
    assert set(found["batchStats"]) == {"queueLength", "ratePerSecond"}
    assert found["version"] == call_rest(exchange, "GET", "/meta").body["version"]
    assert "stats" not in found


def test_the_shards_of_a_collection(exchange: Exchange, fresh: Callable[[str], str]) -> None:
    name = fresh("Shards")
    assert call_rest(exchange, "POST", "/schema", {"class": name, "vectorizer": "none"}).status == 200
    shards = call_rest(exchange, "GET", f"/schema/{name}/shards").body

    found = node(exchange, f"/nodes/{name}", output="verbose")
    assert found["stats"] == {"objectCount": 0, "shardCount": 1}
    assert found["shards"] == [
        {
            "asyncReplicationStatus": [],
            "class": name,
            "compressed": False,
            "loaded": True,
            "name": shards[0]["name"],
            "numberOfReplicas": 1,
            "objectCount": 0,
            "replicationFactor": 1,
            "vectorIndexingStatus": "READY",
            "vectorQueueLength": 0,
        }
    ]
    assert node(exchange, f"/nodes/{name}")["shards"] is None
    assert node(exchange, f"/nodes/{name[0].lower()}{name[1:]}", output="verbose")["stats"]["shardCount"] == 1
    assert node(exchange, f"/nodes/{name}", output="verbose", shardName="nope")["shards"] is None
    everything = node(exchange, "/nodes", output="verbose")
    assert name in {shard["class"] for shard in everything["shards"]}
    assert everything["stats"]["shardCount"] == len(everything["shards"])


def test_tenants_are_shards_while_they_are_active(exchange: Exchange, fresh: Callable[[str], str]) -> None:
    name = fresh("Tenants")
    schema = {"class": name, "vectorizer": "none", "multiTenancyConfig": {"enabled": True}}
    assert call_rest(exchange, "POST", "/schema", schema).status == 200
    tenants = [{"name": "one"}, {"name": "two"}, {"name": "cold", "activityStatus": "COLD"}]
    assert call_rest(exchange, "POST", f"/schema/{name}/tenants", tenants).status == 200

    found = node(exchange, f"/nodes/{name}", output="verbose")
    assert [shard["name"] for shard in found["shards"]] == ["one", "two"]
    only = node(exchange, f"/nodes/{name}", output="verbose", shardName="two")
    assert [shard["name"] for shard in only["shards"]] == ["two"]
    assert only["stats"]["shardCount"] == 1


def test_a_read_only_shard(exchange: Exchange, fresh: Callable[[str], str]) -> None:
    name = fresh("ReadOnly")
    assert call_rest(exchange, "POST", "/schema", {"class": name, "vectorizer": "none"}).status == 200
    (shard,) = call_rest(exchange, "GET", f"/schema/{name}/shards").body
    assert call_rest(exchange, "PUT", f"/schema/{name}/shards/{shard['name']}", {"status": "READONLY"}).status == 200

    assert node(exchange, f"/nodes/{name}", output="verbose")["shards"][0]["vectorIndexingStatus"] == "READONLY"


def test_nodes_refuse_what_does_not_exist(exchange: Exchange) -> None:
    for name in ("Nope", "nope"):
        reply = call_rest(exchange, "GET", f"/nodes/{name}")
        assert (reply.status, reply.body) == (404, {"error": [{"message": 'class "Nope" not found'}]})
    for path in ("/nodes", "/nodes/Nope"):
        reply = call_rest(exchange, "GET", path, output="loud")
        assert reply.status == 422
        assert reply.body == {
            "error": [{"message": 'invalid output: "loud", possible values are: "minimal", "verbose"'}]
        }
