"""The harness with a real Weaviate: the servers that the fixtures hand out are what they say."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

from real_server import MODULES, PROVIDERS_WITH_KEYS

from weaviate_orm.embedded import DEFAULT_VERSION
from weaviate_orm.embedded.readiness import grpc_serves, reported_version, rest_is_ready

if TYPE_CHECKING:
    from real_server import RealServer, SecuredServer

CLASS = "HarnessNote"


def ask(port: int, method: str, path: str, body: object = None, key: str | None = None) -> tuple[int, str]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        reply = connection.getresponse()
        return reply.status, reply.read().decode()
    finally:
        connection.close()


def test_the_server_serves_both_ways(weaviate_server: RealServer) -> None:
    assert rest_is_ready(weaviate_server.http_port)
    assert grpc_serves(weaviate_server.grpc_port)
    assert weaviate_server.version == reported_version(weaviate_server.http_port) == DEFAULT_VERSION


def test_it_vectorizes_with_the_inference_service(weaviate_server: RealServer) -> None:
    port = weaviate_server.http_port
    schema = {
        "class": CLASS,
        "properties": [{"name": "text", "dataType": ["text"]}],
        "vectorConfig": {"text": {"vectorizer": {"text2vec-transformers": {}}, "vectorIndexType": "hnsw"}},
    }
    status, reply = ask(port, "POST", "/v1/schema", schema)
    assert status == 200, reply
    try:
        status, reply = ask(port, "POST", "/v1/objects", {"class": CLASS, "properties": {"text": "a duck"}})
        assert status == 200, reply
        assert len(json.loads(reply)["vectors"]["text"]) == 256
    finally:
        ask(port, "DELETE", f"/v1/schema/{CLASS}")


def test_the_secured_server_wants_a_key(secured_server: SecuredServer) -> None:
    port = secured_server.http_port
    assert grpc_serves(secured_server.grpc_port)
    assert ask(port, "GET", "/v1/schema")[0] == 401
    assert ask(port, "GET", "/v1/schema", key="wrong")[0] == 401
    assert ask(port, "GET", "/v1/schema", key=secured_server.api_key)[0] == 200
    assert ask(port, "POST", "/v1/schema", {"class": CLASS}, key=secured_server.powerless_api_key)[0] == 403
    assert secured_server.api_key not in repr(secured_server)


def test_the_compose_file_has_the_same_modules() -> None:
    compose = (Path(__file__).resolve().parents[3] / "docker-compose.yml").read_text()
    assert f" {','.join(MODULES)}\n" in compose
    assert all(f"{provider}_APIKEY: any" in compose for provider in PROVIDERS_WITH_KEYS)
