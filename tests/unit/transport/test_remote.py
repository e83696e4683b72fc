"""A remote transport against scripted servers: what goes out on both ports, and what every failure of either becomes."""

from __future__ import annotations

import subprocess
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from scripted_server import META, RestAnswer, RpcStatus, ScriptedServer, dead_port, scripted_server

from weaviate_orm import errors as e
from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.transport.base import drive
from weaviate_orm.transport.grpc import CLIENT_NAME, channel_options, metadata
from weaviate_orm.transport.remote import RemoteTransport
from weaviate_orm.transport.settings import ApiKey, BearerToken, ConnectionSettings, Endpoint, Timeouts, Tls
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import Call, GrpcCall, Patience, RestCall, RestReply
from weaviate_orm.wire.rpcs import SEARCH
from weaviate_orm.wire.server import live, ready

SECRET = "s3cr3t-key-of-a-test"
SEARCH_REPLY: bytes = pb.SearchReply(took=1.5).SerializeToString()
QUICK = Timeouts(connect=2, init=2, query=0.2, insert=0.2)

search: GrpcCall[float] = GrpcCall(SEARCH, pb.SearchRequest(collection="C"), lambda reply: reply.took, collection="C")


def get(path: str = "/thing", **arguments: Any) -> RestCall[RestReply]:
    return RestCall("GET", path, lambda reply: reply, **arguments)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        server.rpc[SEARCH.path] = SEARCH_REPLY
        server.rest["GET", "/v1/thing"] = RestAnswer(body={"a": 1})
        yield server


@pytest.fixture
def transport(server: ScriptedServer) -> Iterator[RemoteTransport]:
    with RemoteTransport(server.settings(timeouts=QUICK)) as transport:
        yield transport


def test_nothing_is_sent_before_the_first_call(server: ScriptedServer, transport: RemoteTransport) -> None:
    assert transport.server is None
    assert (server.sent_rest, server.sent_rpc) == ([], [])
    assert "not connected" in repr(transport)


def test_the_first_call_connects_and_later_ones_do_not(server: ScriptedServer, transport: RemoteTransport) -> None:
    assert transport.send(search) == 1.5
    assert transport.send(get()).body == {"a": 1}
    assert transport.send(search) == 1.5
    assert [sent.path for sent in server.sent_rest] == ["/v1/meta", "/v1/thing"]
    assert [sent.path for sent in server.sent_rpc] == ["/grpc.health.v1.Health/Check", SEARCH.path, SEARCH.path]
    assert server.sent_rpc[1].request == search.request.SerializeToString()


def test_what_the_server_says_of_itself(transport: RemoteTransport) -> None:
    info = transport.connect()
    assert info == transport.server
    assert (info.version, info.release, info.max_message_size) == ("1.39.3", (1, 39, 3), 1_000_000)
    assert (info.modules, info.hostname) == (("a-module", "b-module"), "h")
    assert "Weaviate 1.39.3" in repr(transport)


@pytest.mark.parametrize("credentials", [ApiKey(SECRET), BearerToken(SECRET)])
def test_headers_and_credentials_go_out_on_both_ports(server: ScriptedServer, credentials: Any) -> None:
    settings = server.settings(credentials=credentials, headers=(("x-openai-api-key", "sk-1"),))
    with RemoteTransport(settings) as transport:
        transport.send(search)
    for sent in server.sent_rest:
        assert sent.headers["authorization"] == f"Bearer {SECRET}"
        assert sent.headers["x-openai-api-key"] == "sk-1"
        assert sent.headers["x-weaviate-client"] == CLIENT_NAME
        assert "x-weaviate-cluster-url" not in sent.headers
    for rpc in server.sent_rpc:
        own = [entry for entry in rpc.metadata if entry[0] != "user-agent"]
        assert own == [
            ("x-weaviate-client", CLIENT_NAME),
            ("x-openai-api-key", "sk-1"),
            ("authorization", f"Bearer {SECRET}"),
        ]


def test_the_cloud_is_told_its_own_address_and_authorization_comes_last() -> None:
    end = Endpoint("x.weaviate.cloud", 443, True)
    settings = ConnectionSettings(
        end,
        Endpoint("grpc-x.weaviate.cloud", 443, True),
        headers=(("authorization", "Bearer a"), ("x-b", "c")),
        cloud=True,
    )
    assert metadata(settings)[1:] == (
        ("x-weaviate-cluster-url", "https://x.weaviate.cloud"),
        ("x-b", "c"),
        ("authorization", "Bearer a"),
    )


def test_json_goes_out_and_paths_and_queries_stay_as_encoded(
    server: ScriptedServer, transport: RemoteTransport
) -> None:
    path = "/users/a%2Fb%3Ac"
    server.rest["POST", f"/v1{path}?tenant=t%26x"] = RestAnswer(200)
    call = RestCall("POST", path, lambda reply: reply, query={"tenant": "t&x", "left": None}, body={"ä": [1.5, None]})
    assert transport.send(call) == RestReply(200, None)
    assert server.sent_rest[-1].body == '{"ä":[1.5,null]}'.encode()
    assert server.sent_rest[-1].headers["content-type"] == "application/json"


def test_a_value_that_json_does_not_have_is_refused_before_sending(
    server: ScriptedServer, transport: RemoteTransport
) -> None:
    transport.connect()
    with pytest.raises(e.InvalidValueError, match="JSON"):
        transport.send(RestCall("POST", "/objects", lambda reply: reply, body={"v": float("nan")}))
    assert len(server.sent_rest) == 1


def test_statuses_that_a_call_accepts_reach_its_reader(server: ScriptedServer, transport: RemoteTransport) -> None:
    assert transport.send(get("/gone", accept=frozenset({200, 404}))) == RestReply(404, None)
    server.rest["GET", "/v1/.well-known/ready"] = RestAnswer(503)
    server.rest["GET", "/v1/.well-known/live"] = RestAnswer(200)
    assert (transport.send(ready()), transport.send(live())) == (False, True)


def test_a_refusal_over_rest_is_an_error_of_ours(server: ScriptedServer, transport: RemoteTransport) -> None:
    server.rest["GET", "/v1/thing"] = RestAnswer(422, {"error": [{"message": "could not find class Nope in schema"}]})
    with pytest.raises(e.CollectionNotFoundError) as caught:
        transport.send(get())
    assert (caught.value.status, caught.value.operation) == (422, "GET /v1/thing")


@pytest.mark.parametrize(
    ("status", "details", "kind"),
    [
        ("UNKNOWN", "could not find class Nope in schema", e.CollectionNotFoundError),
        ("UNKNOWN", "extract auth: unauthorized: invalid api key", e.AuthenticationError),
        ("UNAUTHENTICATED", "unauthorized", e.AuthenticationError),
        ("PERMISSION_DENIED", "rbac: forbidden", e.PermissionDeniedError),
        ("UNAVAILABLE", "maintenance mode is enabled", e.ServerUnavailableError),
        ("RESOURCE_EXHAUSTED", "objects count limit of 1 reached", e.UsageLimitError),
        ("RESOURCE_EXHAUSTED", "grpc: received message larger than max (9 vs. 5)", e.MessageTooLargeError),
        ("INTERNAL", "panic occurred", e.ServerError),
        ("CANCELLED", "by the server", e.ServerError),
    ],
)
def test_a_status_over_grpc_is_an_error_of_ours(
    server: ScriptedServer, transport: RemoteTransport, status: str, details: str, kind: type[e.WeaviateError]
) -> None:
    server.rpc[SEARCH.path] = RpcStatus(status, details)
    with pytest.raises(e.WeaviateError) as caught:
        transport.send(search)
    assert type(caught.value) is kind
    assert (caught.value.operation, caught.value.status) == ("Search", status)
    assert transport.server is not None


def test_an_unknown_method_and_a_strange_reply(server: ScriptedServer, transport: RemoteTransport) -> None:
    server.rpc[SEARCH.path] = b"\xff\xff\xff"
    with pytest.raises(e.ProtocolError, match="not the message"):
        transport.send(search)
    del server.rpc[SEARCH.path]
    with pytest.raises(e.UnsupportedFeatureError, match="does not know Search"):
        transport.send(search)


def test_messages_over_the_server_s_size_are_not_sent(server: ScriptedServer, transport: RemoteTransport) -> None:
    big = GrpcCall(SEARCH, pb.SearchRequest(collection="x" * 1_000_001), lambda reply: reply)
    with pytest.raises(e.MessageTooLargeError, match="one message may have 1000000"):
        transport.send(big)
    assert len(server.sent_rpc) == 1
    server.rpc[SEARCH.path] = b"x" * 1_000_001
    with pytest.raises(e.MessageTooLargeError, match="Ask for fewer"):
        transport.send(search)


def test_a_slow_answer_runs_out_of_time(server: ScriptedServer, transport: RemoteTransport) -> None:
    asked = Event()

    def wait_for_rest() -> RestAnswer:
        asked.wait(20)
        return RestAnswer()

    def wait_for_rpc() -> bytes:
        asked.wait(20)
        return b""

    server.rest["GET", "/v1/thing"], server.rpc[SEARCH.path] = wait_for_rest, wait_for_rpc
    try:
        with pytest.raises(e.RequestTimeoutError, match=r"REST at .* within 0\.2 s\. .*Timeouts\(query=\.\.\.\)"):
            transport.send(get())
        with pytest.raises(e.RequestTimeoutError, match=r"insert=\.\.\."):
            transport.send(get(patience=Patience.INSERT))
        with pytest.raises(e.RequestTimeoutError, match=r"gRPC at .* within 0\.2 s\. .*Timeouts\(query=\.\.\.\)"):
            transport.send(search)
    finally:
        asked.set()


HTML = b"<html><body>Welcome to the proxy</body></html>"


@pytest.mark.parametrize("status", [200, 400, 404, 422])
def test_a_web_page_is_not_weaviate(server: ScriptedServer, transport: RemoteTransport, status: int) -> None:
    server.rest["GET", "/v1/thing"] = RestAnswer(status, HTML)
    # 404 is accepted on purpose: a proxy's page must not read as "no such object".
    with pytest.raises(e.ProtocolError, match="not Weaviate, or a proxy") as caught:
        transport.send(get(accept=frozenset({200, 404})))
    assert "Welcome to the proxy" in str(caught.value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, e.AuthenticationError),
        (403, e.PermissionDeniedError),
        (413, e.MessageTooLargeError),
        (429, e.UsageLimitError),
        (500, e.ServerError),
        (502, e.ServerUnavailableError),
        (503, e.ServerUnavailableError),
        (504, e.ServerUnavailableError),
    ],
)
def test_a_proxy_s_page_with_a_status_that_says_enough(
    server: ScriptedServer, transport: RemoteTransport, status: int, kind: type[e.WeaviateError]
) -> None:
    server.rest["GET", "/v1/thing"] = RestAnswer(status, HTML)
    with pytest.raises(e.WeaviateError) as caught:
        transport.send(get())
    assert type(caught.value) is kind
    assert "Welcome to the proxy" in str(caught.value)


def test_a_redirect_is_named_without_what_follows_the_host(server: ScriptedServer, transport: RemoteTransport) -> None:
    server.rest["GET", "/v1/thing"] = RestAnswer(
        308, headers={"location": f"https://u:{SECRET}@else/where?token={SECRET}"}
    )
    with pytest.raises(e.ProtocolError, match=r"redirects to https://else\. ") as caught:
        transport.send(get())
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("body", [{"name": "another service"}, {"version": "web"}, {"version": 2}, ["a"], HTML, None])
def test_what_is_not_weaviate_is_said_when_connecting(
    server: ScriptedServer, transport: RemoteTransport, body: Any
) -> None:
    server.rest["GET", "/v1/meta"] = RestAnswer(200, body)
    with pytest.raises(e.ProtocolError, match=r"not (a )?Weaviate") as caught:
        transport.connect()
    assert caught.value.operation == "connect"


@pytest.mark.parametrize("version", ["1.26.9", "0.99.0", "1.26.9-rc.1", "v1.9.0"])
def test_a_server_that_is_too_old(server: ScriptedServer, transport: RemoteTransport, version: str) -> None:
    server.rest["GET", "/v1/meta"] = RestAnswer(body={**META, "version": version})
    with pytest.raises(e.ServerTooOldError) as caught:
        transport.connect()
    assert version in str(caught.value)
    assert "1.27.0" in str(caught.value)
    assert server.sent_rpc == []


@pytest.mark.parametrize("version", ["1.27.0", "1.27.0-rc.0", "1.39.0-rc.1-abcdef0", "2.0", "v1.40.1"])
def test_a_server_that_is_new_enough(server: ScriptedServer, transport: RemoteTransport, version: str) -> None:
    server.rest["GET", "/v1/meta"] = RestAnswer(body={"version": version})
    info = transport.connect()
    assert (info.version, info.max_message_size, info.modules) == (version, 104_858_000, ())


def test_a_dead_rest_port_is_named_at_once(server: ScriptedServer) -> None:
    with dead_port() as port:
        settings = ConnectionSettings(Endpoint("127.0.0.1", port), Endpoint("127.0.0.1", server.grpc_port))
        transport = RemoteTransport(settings)
        pauses: list[float] = []
        with pytest.raises(e.ServerUnreachableError, match=f"REST at 127.0.0.1:{port}") as caught:
            drive(retrying(search, Retry()), transport, pauses.append)
        assert isinstance(caught.value, ConnectionError)
        assert (pauses, transport.server) == ([], None)


def test_a_dead_grpc_port_is_named_and_rest_is_said_to_work(server: ScriptedServer) -> None:
    with dead_port() as port:
        settings = ConnectionSettings(Endpoint("127.0.0.1", server.http_port), Endpoint("127.0.0.1", port))
        transport = RemoteTransport(settings)
        pauses: list[float] = []
        with pytest.raises(e.ServerUnreachableError) as caught:
            drive(retrying(search, Retry()), transport, pauses.append)
        assert pauses == []
    said = str(caught.value)
    assert (
        f"REST at 127.0.0.1:{server.http_port} answers (Weaviate 1.39.3), but gRPC at 127.0.0.1:{port} does not" in said
    )
    assert "grpc_port=" in said


def test_the_rest_port_given_for_grpc(server: ScriptedServer) -> None:
    end = Endpoint("127.0.0.1", server.http_port)
    with pytest.raises(e.ServerUnreachableError, match=r"HTTP/1\.1: it is the REST port"):
        RemoteTransport(ConnectionSettings(end, end)).connect()


def test_the_grpc_port_given_for_rest(server: ScriptedServer) -> None:
    end = Endpoint("127.0.0.1", server.grpc_port)
    with pytest.raises((e.ProtocolError, e.ServerUnreachableError), match=f"127.0.0.1:{server.grpc_port}"):
        RemoteTransport(ConnectionSettings(end, end)).connect()


def test_tls_where_there_is_none(server: ScriptedServer) -> None:
    plain = server.settings(timeouts=QUICK)
    secure_rest = ConnectionSettings(Endpoint("127.0.0.1", server.http_port, True), plain.grpc, timeouts=QUICK)
    with pytest.raises(e.ServerUnreachableError, match="does not speak TLS"):
        RemoteTransport(secure_rest).connect()
    secure_grpc = ConnectionSettings(plain.http, Endpoint("127.0.0.1", server.grpc_port, True), timeouts=QUICK)
    with pytest.raises(e.ServerUnreachableError, match="does not speak TLS"):
        RemoteTransport(secure_grpc).connect()


def test_a_missing_certificate_file_is_a_mistake_of_configuration(server: ScriptedServer, tmp_path: Path) -> None:
    for rest_is_secure in (True, False):
        settings = ConnectionSettings(
            Endpoint("127.0.0.1", server.http_port, rest_is_secure),
            Endpoint("127.0.0.1", server.grpc_port, True),
            tls=Tls(authority=tmp_path / "none.pem"),
        )
        with pytest.raises(e.ConfigurationError, match="Tls"):
            RemoteTransport(settings).connect()


def test_grpc_that_does_not_serve(server: ScriptedServer, transport: RemoteTransport) -> None:
    server.rpc["/grpc.health.v1.Health/Check"] = b"\x08\x02"
    with pytest.raises(e.ServerUnavailableError, match="does not serve"):
        transport.connect()


def test_grpc_that_does_not_answer_in_time(server: ScriptedServer) -> None:
    done = Event()

    def wait() -> bytes:
        done.wait(20)
        return b""

    server.rpc["/grpc.health.v1.Health/Check"] = wait
    try:
        with pytest.raises(e.RequestTimeoutError, match=r"firewall .*Timeouts\(init="):
            RemoteTransport(server.settings(timeouts=Timeouts(init=0.2))).connect()
    finally:
        done.set()


def test_a_transport_connects_after_a_failure(server: ScriptedServer, transport: RemoteTransport) -> None:
    server.rest["GET", "/v1/meta"] = RestAnswer(503)
    with pytest.raises(e.ServerUnavailableError):
        transport.connect()
    server.rest["GET", "/v1/meta"] = RestAnswer(body=META)
    assert transport.send(search) == 1.5


def test_a_server_that_is_away_for_a_moment(server: ScriptedServer, transport: RemoteTransport) -> None:
    away = RpcStatus("UNAVAILABLE", "maintenance")
    server.rpc[SEARCH.path] = [away, away, SEARCH_REPLY]
    pauses: list[float] = []
    assert drive(retrying(search, Retry(), random=lambda: 1.0), transport, pauses.append) == 1.5
    assert pauses == [0.05, 0.1]


def test_a_connection_that_breaks_is_unreachable_not_unavailable() -> None:
    with scripted_server() as server:
        server.rpc[SEARCH.path] = SEARCH_REPLY
        transport = RemoteTransport(server.settings())
        transport.send(search)
    with transport:
        with pytest.raises(e.ServerUnreachableError, match="gRPC") as caught:
            transport.send(search)
        assert caught.value.operation == "Search"  # not "connect": a broken connection may be retried
        with pytest.raises(e.ServerUnreachableError, match="REST"):
            transport.send(get())


def test_closing_ends_it_for_good(server: ScriptedServer) -> None:
    transport = RemoteTransport(server.settings())
    with transport:
        transport.send(search)
    transport.close()
    calls: list[Call[Any]] = [search, get()]
    for call in calls:
        with pytest.raises(e.SessionClosedError):
            transport.send(call)
    assert transport.server is None
    assert "closed" in repr(transport)


def test_a_transport_closed_before_its_first_call_never_connects(server: ScriptedServer) -> None:
    transport = RemoteTransport(server.settings())
    transport.close()
    with pytest.raises(e.SessionClosedError):
        transport.send(search)
    assert server.sent_rest == []


def test_closing_under_a_call_ends_the_call(server: ScriptedServer) -> None:
    started, done = Event(), Event()

    def wait() -> bytes:
        started.set()
        done.wait(20)
        return b""

    server.rpc[SEARCH.path] = wait
    transport = RemoteTransport(server.settings())
    caught: list[Exception] = []

    def call() -> None:
        try:
            transport.send(search)
        except Exception as error:
            caught.append(error)

    thread = Thread(target=call)
    thread.start()
    assert started.wait(20)
    transport.close()
    thread.join(20)
    done.set()
    assert [type(error) for error in caught] == [e.SessionClosedError]


def test_threads_share_one_connection(server: ScriptedServer, transport: RemoteTransport) -> None:
    together = Barrier(8)

    def work(number: int) -> float:
        together.wait()
        return transport.send(search)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [1.5] * 8
    assert [sent.path for sent in server.sent_rest] == ["/v1/meta"]


def test_two_transports_at_once(server: ScriptedServer, transport: RemoteTransport) -> None:
    with scripted_server() as other_server:
        other_server.rpc[SEARCH.path] = pb.SearchReply(took=2.5).SerializeToString()
        with RemoteTransport(other_server.settings(credentials=ApiKey(SECRET))) as other:
            assert (transport.send(search), other.send(search), transport.send(search)) == (1.5, 2.5, 1.5)
    assert transport.send(search) == 1.5
    assert not any("authorization" in dict(sent.metadata) for sent in server.sent_rpc)


def test_no_error_shows_a_secret_even_when_the_server_quotes_it(server: ScriptedServer) -> None:
    settings = server.settings(
        timeouts=QUICK, credentials=ApiKey(SECRET), headers=(("x-provider-key", "provider-" + SECRET),)
    )
    quoting = f"unexpected header authorization: Bearer {SECRET}, x-provider-key: provider-{SECRET}"
    server.rpc[SEARCH.path] = [RpcStatus("UNKNOWN", quoting), RpcStatus("UNAVAILABLE", "socket closed " + quoting)]
    server.rest["GET", "/v1/thing"] = RestAnswer(500, {"error": [{"message": quoting}]})
    server.rest["GET", "/v1/page"] = RestAnswer(404, f"<p>{quoting}</p>".encode())
    with RemoteTransport(settings) as transport:
        calls: list[Call[Any]] = [search, search, get(), get("/page"), get("/missing")]
        for call in calls:
            with pytest.raises(e.WeaviateError) as caught:
                transport.send(call)
            assert SECRET not in str(caught.value)
            assert SECRET not in repr(caught.value)
            assert SECRET not in "".join(traceback.format_exception_only(caught.value))
        assert SECRET not in repr(transport)
        assert SECRET not in repr(transport.settings)


def test_channel_options_end_with_the_user_s() -> None:
    end = Endpoint("box", 1)
    settings = ConnectionSettings(end, end, channel_options=(("grpc.keepalive_time_ms", 7),))
    options = channel_options(settings, 99)
    assert options[-1] == ("grpc.keepalive_time_ms", 7)
    assert {
        ("grpc.max_send_message_length", 99),
        ("grpc.max_receive_message_length", 99),
        ("grpc.enable_retries", 0),
    } <= set(options)
    assert ("grpc.enable_http_proxy", 0) not in options
    assert ("grpc.enable_http_proxy", 0) in channel_options(ConnectionSettings(end, end, trust_env=False), 99)


def test_the_environment_s_proxy_is_not_asked_for_this_machine(
    server: ScriptedServer, transport: RemoteTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dead_port() as port:
        for name in ("http_proxy", "HTTP_PROXY", "grpc_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        for name in ("no_proxy", "NO_PROXY", "no_grpc_proxy"):
            monkeypatch.delenv(name, raising=False)
        assert transport.send(search) == 1.5


FORK = """
import os, sys
from weaviate_orm.errors import ConfigurationError
from weaviate_orm.transport.remote import RemoteTransport
from weaviate_orm.transport.settings import ConnectionSettings, Endpoint
from weaviate_orm.wire.server import ready, health

settings = ConnectionSettings(Endpoint("127.0.0.1", int(sys.argv[1])), Endpoint("127.0.0.1", int(sys.argv[2])))
unopened, opened = RemoteTransport(settings), RemoteTransport(settings)
if sys.argv[3] == "opened":
    opened.connect()
child = os.fork()
if child == 0:
    code = 1
    try:
        if sys.argv[3] == "opened":
            opened.send(health())
        else:
            code = 0 if unopened.send(health()) else 2
    except ConfigurationError as error:
        code = 0 if "fork" in str(error) and "after" in str(error) else 3
    opened.close()
    os._exit(code)
_, status = os.waitpid(child, 0)
if sys.argv[3] == "opened":
    assert opened.send(health()), "the parent's connection lives on"
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.parametrize("state", ["opened", "unopened"])
def test_a_connection_is_not_used_across_a_fork(server: ScriptedServer, state: str) -> None:
    command = [sys.executable, "-c", FORK, str(server.http_port), str(server.grpc_port), state]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_importing_and_resolving_loads_neither_grpcio_nor_httpx() -> None:
    code = (
        "import sys; from weaviate_orm.transport.remote import RemoteTransport; "
        "from weaviate_orm.transport.target import resolve_target; RemoteTransport(resolve_target('http://localhost:8080')); "
        "sys.exit('grpc' in sys.modules or 'httpx' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
