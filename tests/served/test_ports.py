"""The two ports before any engine: what is decoded, encoded, refused and given back. A fake engine stands behind them."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf.message import Message

from weaviate_orm import ConfigurationError
from weaviate_orm.serving.server import EngineServer
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import Patience, RestReply, Rpc
from weaviate_orm.wire.status import RpcRefused

NOBODY = "anonymous access not enabled. Please authenticate through one of the available methods: [API-keys]"


@dataclass
class FakeEngine:
    """Notes what it is asked and answers what it is told."""

    reply: RestReply | Exception = field(default_factory=lambda: RestReply(200, {"ok": True}))
    asked: list[tuple[str, str, dict[str, str | None], object]] = field(default_factory=list)
    waits: threading.Event | None = None
    asks: threading.Event = field(default_factory=threading.Event)

    def unary(self, rpc: Rpc, request: Message, /) -> Message:
        if isinstance(request, pb.SearchRequest) and request.collection == "Refused":
            raise RpcRefused("UNKNOWN", "could not find class Refused in schema")
        if isinstance(request, pb.SearchRequest) and request.collection == "Broken":
            raise ZeroDivisionError("by zero")
        self._wait()
        self.asked.append((rpc.name, "", {}, request))
        return pb.SearchReply(took=0.5) if rpc.name == "Search" else rpc.reply()

    def rest(
        self, method: str, path: str, /, *, query: Mapping[str, str | None], body: object, patience: Patience
    ) -> RestReply:
        self._wait()
        self.asked.append((method, path, dict(query), body))
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply

    def stream(self, requests: Iterator[pb.BatchStreamRequest], /) -> Iterator[pb.BatchStreamReply]:
        first = next(requests)
        if not first.HasField("start"):
            raise RpcRefused("UNKNOWN", "first message must be a start message")
        yield pb.BatchStreamReply(started=pb.BatchStreamReply.Started())
        for request in requests:
            uuids = [each.uuid for each in request.data.objects.values]
            yield pb.BatchStreamReply(acks=pb.BatchStreamReply.Acks(uuids=uuids))

    def _wait(self) -> None:
        self.asks.set()
        if self.waits is not None:
            assert self.waits.wait(10)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def server(engine: FakeEngine) -> Iterator[EngineServer]:
    with EngineServer(engine) as server:
        yield server


@pytest.fixture
def client(server: EngineServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client


@pytest.fixture
def channel(server: EngineServer) -> Iterator[Any]:
    with grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}") as channel:
        yield channel


def call(channel: Any, path: str, request: bytes = b"", **options: Any) -> bytes:
    reply: bytes = channel.unary_unary(path)(request, timeout=10, **options)
    return reply


def refusal(channel: Any, path: str, request: bytes = b"", **options: Any) -> tuple[str, str]:
    with pytest.raises(grpc.RpcError) as caught:
        call(channel, path, request, **options)
    return caught.value.code().name, caught.value.details()


# --- REST --------------------------------------------------------------------------------------------------------------


def test_a_request_reaches_the_engine(client: httpx.Client, engine: FakeEngine) -> None:
    answer = client.post("/v1/objects?consistency_level=ONE&tenant=a%20b&tenant=c+d&empty=", json={"class": "Größe"})
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert answer.headers["content-type"] == "application/json"
    assert engine.asked == [
        ("POST", "/objects", {"consistency_level": "ONE", "tenant": "c d", "empty": ""}, {"class": "Größe"})
    ]


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("/v1", "/"),
        ("/v1/", "/"),
        ("/v1/schema/", "/schema"),
        ("//v1//schema", "/schema"),
        ("/v1/schema/A%2FB/tenants/%C3%A4", "/schema/A%2FB/tenants/%C3%A4"),
    ],
)
def test_the_path_is_handed_on_undecoded(client: httpx.Client, engine: FakeEngine, path: str, below: str) -> None:
    client.get(httpx.URL(str(client.base_url).rstrip("/") + path))
    assert [each[1] for each in engine.asked] == [below]


def test_no_body_and_a_status_without_one(client: httpx.Client, engine: FakeEngine) -> None:
    engine.reply = RestReply(204, None)
    answer = client.delete("/v1/schema/Article")
    assert (answer.status_code, answer.content, "content-length" in answer.headers) == (204, b"", False)
    engine.reply = RestReply(404, None)
    answer = client.get("/v1/schema/Article")
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (404, b"", "0")
    assert "content-type" not in answer.headers
    assert [each[3] for each in engine.asked] == [None, None]


def test_head_has_the_headers_and_no_body(client: httpx.Client, engine: FakeEngine) -> None:
    answer = client.head("/v1/objects/A/1")
    assert (answer.status_code, answer.content) == (200, b"")
    assert engine.asked[0][0] == "HEAD"
    assert client.get("/v1/meta").json() == {"ok": True}, "the connection is still in step"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("check", ["live", "ready"])
def test_health_answers_every_method(client: httpx.Client, engine: FakeEngine, method: str, check: str) -> None:
    client.request(method, f"/v1/.well-known/{check}")
    assert engine.asked == [("GET", f"/.well-known/{check}", {}, None)]


def test_paths_outside(client: httpx.Client, engine: FakeEngine) -> None:
    answer = client.get("/nope")
    assert (answer.status_code, answer.json()) == (404, {"code": 404, "message": "path /nope was not found"})
    answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (301, "/v1")
    assert engine.asked == []


def test_malformed_json(client: httpx.Client, engine: FakeEngine) -> None:
    headers = {"content-type": "application/json; charset=utf-8"}
    answer = client.post("/v1/schema", content=b'{"class": nope}', headers=headers)
    assert answer.status_code == 400
    assert answer.json() == {
        "code": 400,
        "message": 'parsing objectClass body from "" failed, because '
        "invalid character 'o' in literal null (expecting 'u')",
    }
    assert engine.asked == []


@pytest.mark.parametrize(("method", "path"), [("GET", "/schema"), ("DELETE", "/schema/Article"), ("POST", "/nope")])
def test_a_body_that_nobody_reads_may_be_anything(
    client: httpx.Client, engine: FakeEngine, method: str, path: str
) -> None:
    assert client.request(method, f"/v1{path}", content=b'{"x":').status_code == 200
    assert engine.asked == [(method, path, {}, None)]


def test_delete_takes_a_body(client: httpx.Client, engine: FakeEngine) -> None:
    client.request("DELETE", "/v1/batch/objects", json={"match": {}})
    assert engine.asked == [("DELETE", "/batch/objects", {}, {"match": {}})]


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/yaml"])
def test_what_is_not_json_is_refused(client: httpx.Client, engine: FakeEngine, media_type: str) -> None:
    """A web page of somebody else can make a browser send these without asking, but not JSON."""
    answer = client.post("/v1/objects", content=b"{}", headers={"content-type": media_type})
    assert answer.status_code == 415
    assert answer.json()["message"] == f'unsupported media type "{media_type}", only [application/json] are allowed'
    assert client.post("/v1/objects", content=b"{}").json()["code"] == 415
    assert engine.asked == []


def test_an_empty_body_has_no_media_type(client: httpx.Client, engine: FakeEngine) -> None:
    client.post("/v1/objects")
    assert engine.asked == [("POST", "/objects", {}, None)]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "192.168.0.1:8080"])
def test_a_request_under_a_foreign_name_is_refused(client: httpx.Client, engine: FakeEngine, host: str) -> None:
    """A web page whose host name was led to loopback comes with its own name."""
    assert client.get("/v1/schema", headers={"host": host}).status_code == 403
    assert engine.asked == []


@pytest.mark.parametrize("host", ["localhost:1", "LOCALHOST", "[::1]:8080", "127.0.0.1", "weaviate.localhost"])
def test_a_request_under_a_name_of_this_machine(client: httpx.Client, host: str) -> None:
    assert client.get("/v1/schema", headers={"host": host}).status_code == 200


def test_the_size_of_a_body_is_bounded(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weaviate_orm.serving.server.DEFAULT_MESSAGE_SIZE", 1000)
    with EngineServer(engine) as server, httpx.Client(base_url=server.url, trust_env=False) as client:
        headers = {"content-type": "application/json"}
        assert client.post("/v1/objects", content=b" " * 998 + b"{}", headers=headers).status_code == 200
        assert client.post("/v1/objects", content=b" " * 999 + b"{}", headers=headers).status_code == 413
        chunks = iter([b" " * 600, b" " * 600])
        assert client.post("/v1/objects", content=chunks, headers=headers).status_code == 413
    assert len(engine.asked) == 1


def test_an_error_of_the_engine_is_a_reply(
    client: httpx.Client, engine: FakeEngine, caplog: pytest.LogCaptureFixture
) -> None:
    engine.reply = ZeroDivisionError("by zero")
    answer = client.get("/v1/schema")
    assert (answer.status_code, answer.json()) == (500, {"error": [{"message": "ZeroDivisionError: by zero"}]})
    assert "GET /v1/schema" in caplog.text
    engine.reply = RestReply(200, {"number": float("nan")})
    assert client.get("/v1/schema").status_code == 500


# --- gRPC --------------------------------------------------------------------------------------------------------------


def test_a_message_reaches_the_engine(channel: Any, engine: FakeEngine) -> None:
    request = pb.SearchRequest(collection="Article", limit=7)
    reply = call(channel, "/weaviate.v1.Weaviate/Search", request.SerializeToString())
    assert pb.SearchReply.FromString(reply) == pb.SearchReply(took=0.5)
    assert engine.asked == [("Search", "", {}, request)]


@pytest.mark.parametrize(
    "method", ["Search", "BatchObjects", "BatchReferences", "BatchDelete", "TenantsGet", "Aggregate"]
)
def test_every_method_is_there(channel: Any, engine: FakeEngine, method: str) -> None:
    call(channel, f"/weaviate.v1.Weaviate/{method}", compression=grpc.Compression.Gzip)
    assert [each[0] for each in engine.asked] == [method]


def test_refusals_are_statuses(channel: Any, caplog: pytest.LogCaptureFixture) -> None:
    def search(collection: str) -> tuple[str, str]:
        request = pb.SearchRequest(collection=collection).SerializeToString()
        return refusal(channel, "/weaviate.v1.Weaviate/Search", request)

    assert search("Refused") == ("UNKNOWN", "could not find class Refused in schema")
    assert caplog.text == ""
    assert search("Broken") == ("INTERNAL", "ZeroDivisionError: by zero")
    assert "Search" in caplog.text


def test_what_is_no_message_or_no_method(channel: Any) -> None:
    """The texts are a real server's."""
    assert refusal(channel, "/weaviate.v1.Weaviate/Search", b"\xff\xff") == (
        "INTERNAL",
        "grpc: error unmarshalling request: proto: cannot parse invalid wire-format data",
    )
    assert refusal(channel, "/weaviate.v1.Weaviate/Nope") == (
        "UNIMPLEMENTED",
        "unknown method Nope for service weaviate.v1.Weaviate",
    )
    assert refusal(channel, "/nope.v1.Weaviate/Search") == ("UNIMPLEMENTED", "unknown service nope.v1.Weaviate")


def test_health(channel: Any) -> None:
    """The bytes are a real server's."""
    assert call(channel, "/grpc.health.v1.Health/Check", b"\x0a\x03any") == b"\x08\x01"
    assert call(channel, "/grpc.health.v1.Health/List") == b"\n\x0e\n\x08weaviate\x12\x02\x08\x01"
    watched = channel.unary_stream("/grpc.health.v1.Health/Watch")(b"", timeout=10)
    assert list(watched) == [b"\x08\x01"]
    assert refusal(channel, "/grpc.health.v1.Health/Nope")[0] == "UNIMPLEMENTED"


def streaming(channel: Any, requests: Iterator[pb.BatchStreamRequest], **options: Any) -> Any:
    method = channel.stream_stream(
        "/weaviate.v1.Weaviate/BatchStream",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=pb.BatchStreamReply.FromString,
    )
    return method(requests, timeout=10, **options)


def start() -> pb.BatchStreamRequest:
    return pb.BatchStreamRequest(start=pb.BatchStreamRequest.Start())


def data(uuid: str) -> pb.BatchStreamRequest:
    objects = pb.BatchStreamRequest.Data.Objects(values=[pb.BatchObject(uuid=uuid)])
    return pb.BatchStreamRequest(data=pb.BatchStreamRequest.Data(objects=objects))


def test_a_stream_goes_both_ways_at_once(channel: Any) -> None:
    """Each reply comes while the requests go on, not after their end."""
    replied: list[str] = []
    steps = [threading.Event(), threading.Event()]

    def requests() -> Iterator[pb.BatchStreamRequest]:
        yield start()
        assert steps[0].wait(10)
        yield data("a")
        assert steps[1].wait(10)
        yield data("b")

    for number, reply in enumerate(streaming(channel, requests())):
        replied.append(reply.WhichOneof("message"))
        if number < len(steps):
            steps[number].set()
    assert replied == ["started", "acks", "acks"]


def test_a_stream_is_refused_with_a_status(channel: Any) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        list(streaming(channel, iter([data("a")])))
    assert (caught.value.code().name, caught.value.details()) == ("UNKNOWN", "first message must be a start message")


def test_a_stream_that_the_client_leaves_is_no_error(channel: Any, caplog: pytest.LogCaptureFixture) -> None:
    gone = threading.Event()

    def requests() -> Iterator[pb.BatchStreamRequest]:
        yield start()
        gone.wait(10)

    replies = streaming(channel, requests())
    next(replies)
    replies.cancel()
    gone.set()
    assert call(channel, "/grpc.health.v1.Health/Check") == b"\x08\x01"
    assert caplog.text == ""


# --- keys --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def locked(engine: FakeEngine) -> Iterator[EngineServer]:
    with EngineServer(engine, api_keys=["a-key"]) as server:
        yield server


def test_rest_wants_a_key(locked: EngineServer, engine: FakeEngine) -> None:
    with httpx.Client(base_url=locked.url, trust_env=False) as client:
        answer = client.get("/v1/meta")
        assert (answer.status_code, answer.json()) == (401, {"code": 401, "message": NOBODY})
        answer = client.get("/v1/meta", headers={"authorization": "Bearer other"})
        assert (answer.status_code, answer.json()["message"]) == (401, "unauthorized: invalid api key")
        assert engine.asked == []
        assert client.get("/v1/meta", headers={"authorization": "Bearer a-key"}).status_code == 200
        for open_to_all in ("/v1", "/v1/.well-known/ready", "/v1/.well-known/live"):
            assert client.get(open_to_all).status_code == 200
        assert client.get("/v1", headers={"host": "anything.example"}).status_code == 200


def test_grpc_wants_a_key(locked: EngineServer, engine: FakeEngine) -> None:
    path = "/weaviate.v1.Weaviate/Search"
    wrong, right = (("authorization", "Bearer other"),), (("authorization", "Bearer a-key"),)
    with grpc.insecure_channel(f"127.0.0.1:{locked.grpc_port}") as channel:
        assert refusal(channel, path) == ("UNKNOWN", f"extract auth: {NOBODY}")
        assert refusal(channel, path, metadata=wrong) == ("UNKNOWN", "extract auth: unauthorized: invalid api key")
        with pytest.raises(grpc.RpcError) as caught:
            list(streaming(channel, iter([start()]), metadata=wrong))
        assert (caught.value.code().name, caught.value.details()) == (
            "UNAUTHENTICATED",
            "unauthorized: invalid api key",
        )
        assert engine.asked == []
        call(channel, path, metadata=right)
        assert len(list(streaming(channel, iter([start()]), metadata=right))) == 1
        assert call(channel, "/grpc.health.v1.Health/Check") == b"\x08\x01"


# --- life --------------------------------------------------------------------------------------------------------------


_before: set[threading.Thread] = set()


@pytest.fixture(autouse=True)
def _threads_of_others() -> None:
    """Other tests of the same run may keep an engine served."""
    _before.clear()
    _before.update(threading.enumerate())


def ours() -> list[str]:
    started = [each for each in threading.enumerate() if each not in _before]
    return [each.name for each in started if each.name.startswith("weaviate-orm")]


def test_nothing_is_left(engine: FakeEngine) -> None:
    server = EngineServer(engine)
    assert (repr(server), ours()) == ("<EngineServer, not running>", [])
    with server:
        url, ports = server.url, (server.http_port, server.grpc_port)
        assert repr(server) == f"<EngineServer {url}, gRPC 127.0.0.1:{ports[1]}>"
        with httpx.Client(base_url=url, trust_env=False) as client:
            client.get("/v1/meta")
    assert ours() == []
    for port in ports:
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", port))
    server.stop()
    with pytest.raises(ConfigurationError, match="not running"):
        _ = server.url


def test_a_stopped_server_starts_again(engine: FakeEngine) -> None:
    server = EngineServer(engine)
    for _ in range(2):
        with server:
            assert httpx.get(f"{server.url}/v1/meta", trust_env=False).status_code == 200


def test_a_client_that_keeps_its_connection_does_not_hold_up_the_end(
    server: EngineServer, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/v1/meta")
    server.stop()
    assert "timeout graceful shutdown exceeded" not in caplog.text
    assert ours() == []


def test_calls_in_flight_end_first(server: EngineServer, engine: FakeEngine) -> None:
    engine.waits = threading.Event()
    answers: list[object] = []

    def rest() -> None:
        answers.append(httpx.get(f"{server.url}/v1/meta", trust_env=False, timeout=10).status_code)

    asking = threading.Thread(target=rest)
    asking.start()
    assert engine.asks.wait(10)
    stopping = threading.Thread(target=server.stop)
    stopping.start()
    engine.waits.set()
    asking.join(10)
    stopping.join(10)
    assert answers == [200]
    assert ours() == []


def test_a_port_that_is_taken_is_named(engine: FakeEngine, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        attempts: list[tuple[dict[str, Any], str]] = [({"http_port": port}, "REST"), ({"grpc_port": port}, "gRPC")]
        for options, protocol in attempts:
            with pytest.raises(ConfigurationError, match=f"The {protocol} port {port} of 127.0.0.1 cannot be used"):
                EngineServer(engine, **options).start()
            assert ours() == []
    assert capfd.readouterr().err == ""  # grpc's core would write there


def test_two_servers_never_share_a_port(server: EngineServer, engine: FakeEngine) -> None:
    attempts: list[dict[str, Any]] = [{"http_port": server.http_port}, {"grpc_port": server.grpc_port}]
    for options in attempts:
        with pytest.raises(ConfigurationError, match="cannot be used"):
            EngineServer(engine, **options).start()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"http_port": 70000}, "http_port is a number from 0"),
        ({"grpc_port": -1}, "grpc_port is a number from 0"),
        ({"http_port": 5000, "grpc_port": 5000}, "need a port each"),
        ({"host": "0.0.0.0"}, "everybody could read and change the data"),
        ({"api_keys": [""]}, "API key"),
    ],
)
def test_what_cannot_work(engine: FakeEngine, options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        EngineServer(engine, **options)


def test_given_ports_are_taken(engine: FakeEngine) -> None:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        ports = (one.getsockname()[1], two.getsockname()[1])
    with EngineServer(engine, http_port=ports[0], grpc_port=ports[1]) as server:
        assert (server.http_port, server.grpc_port) == ports
        assert json.loads(httpx.get(f"{server.url}/v1/meta", trust_env=False).content) == {"ok": True}
