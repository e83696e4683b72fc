"""An asynchronous remote transport against scripted servers, on asyncio's own loop and on uvloop.

What both colours share is proved in test_remote.py; here is what the asynchronous halves of gRPC and REST could do otherwise, and what only
event loops have: other loops, tasks that share a connection, and closing under them.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from loops import LOOPS, Run, Stepped, client_sockets, no_sockets, runner
from scripted_server import META, RestAnswer, RpcStatus, ScriptedServer, dead_port, scripted_server

from weaviate_orm import errors as e
from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.transport.base import adrive
from weaviate_orm.transport.grpc import CLIENT_NAME
from weaviate_orm.transport.remote_async import AsyncRemoteTransport
from weaviate_orm.transport.settings import ApiKey, ConnectionSettings, Endpoint, Timeouts, Tls
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import Call, GrpcCall, Patience, RestCall, RestReply
from weaviate_orm.wire.rpcs import HEALTH, SEARCH
from weaviate_orm.wire.server import ServerInfo

SECRET = "s3cr3t-key-of-a-test"
SEARCH_REPLY: bytes = pb.SearchReply(took=1.5).SerializeToString()
QUICK = Timeouts(connect=2, init=2, query=0.2, insert=0.2)

search: GrpcCall[float] = GrpcCall(SEARCH, pb.SearchRequest(collection="C"), lambda reply: reply.took, collection="C")


def get(path: str = "/thing", **arguments: Any) -> RestCall[RestReply]:
    return RestCall("GET", path, lambda reply: reply, **arguments)


@pytest.fixture(params=LOOPS)
def run(request: pytest.FixtureRequest) -> Run:
    return runner(LOOPS[request.param])


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        server.rpc[SEARCH.path] = SEARCH_REPLY
        server.rest["GET", "/v1/thing"] = RestAnswer(body={"a": 1})
        yield server


class Gate:
    """Lets a scripted server wait, on either port, until it is opened."""

    def __init__(self) -> None:
        self.asked = Event()
        self.opened = Event()

    def rpc(self) -> bytes:
        self.asked.set()
        self.opened.wait(30)
        return SEARCH_REPLY

    def health(self) -> bytes:
        self.rpc()
        return b"\x08\x01"

    def rest(self) -> RestAnswer:
        self.rpc()
        return RestAnswer(body=META)

    async def reached(self) -> None:
        """Wait until a request has come in."""
        assert await asyncio.to_thread(self.asked.wait, 30)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.opened.set()


async def ended(tasks: list[asyncio.Task[Any]]) -> list[type]:
    """Give the class of each task's error, and let go of the errors: grpcio keeps a connection as long as its calls, which they hold."""
    found = await asyncio.gather(*tasks, return_exceptions=True)
    tasks.clear()
    return [type(each) for each in found]


# Calls.


def test_nothing_is_sent_before_the_first_call(server: ScriptedServer, run: Run) -> None:
    async def main() -> None:
        async with AsyncRemoteTransport(server.settings()) as transport:
            assert transport.server is None
            assert "not connected" in repr(transport)

    run(main())
    assert (server.sent_rest, server.sent_rpc) == ([], [])


def test_the_first_call_connects_and_later_ones_do_not(server: ScriptedServer, run: Run) -> None:
    async def main() -> None:
        async with AsyncRemoteTransport(server.settings(credentials=ApiKey(SECRET))) as transport:
            assert await transport.send(search) == 1.5
            assert (await transport.send(get())).body == {"a": 1}
            assert await transport.send(search) == 1.5
            assert transport.server is not None
            assert transport.server.max_message_size == 1_000_000
            assert "Weaviate 1.39.3" in repr(transport)
            assert SECRET not in repr(transport)
            assert client_sockets(server)
        assert await no_sockets(server)

    run(main())
    assert [sent.path for sent in server.sent_rest] == ["/v1/meta", "/v1/thing"]
    assert [sent.path for sent in server.sent_rpc] == [HEALTH.path, SEARCH.path, SEARCH.path]
    for sent in server.sent_rest:
        assert sent.headers["authorization"] == f"Bearer {SECRET}"
        assert sent.headers["x-weaviate-client"] == CLIENT_NAME
    for rpc in server.sent_rpc:
        assert ("authorization", f"Bearer {SECRET}") in rpc.metadata
        assert ("x-weaviate-client", CLIENT_NAME) in rpc.metadata


def test_the_first_calls_of_many_tasks_open_one_connection(server: ScriptedServer, run: Run) -> None:
    async def main() -> None:
        async with AsyncRemoteTransport(server.settings()) as transport:
            assert await asyncio.gather(*(transport.send(search) for _ in range(32))) == [1.5] * 32
            assert len([each for each in client_sockets(server) if each.raddr.port == server.grpc_port]) == 1
        assert await no_sockets(server)

    run(main())
    assert [sent.path for sent in server.sent_rest] == ["/v1/meta"]
    assert [sent.path for sent in server.sent_rpc] == [HEALTH.path] + [SEARCH.path] * 32


def test_two_transports_at_once(server: ScriptedServer, run: Run) -> None:
    async def main() -> None:
        with scripted_server() as other_server:
            other_server.rpc[SEARCH.path] = pb.SearchReply(took=2.5).SerializeToString()
            async with AsyncRemoteTransport(server.settings()) as one:
                async with AsyncRemoteTransport(other_server.settings()) as other:
                    found = await asyncio.gather(one.send(search), other.send(search), one.send(search))
                    assert list(found) == [1.5, 2.5, 1.5]
                assert await one.send(search) == 1.5

    run(main())


# Refusals and failures.


@pytest.mark.parametrize(
    ("status", "details", "kind"),
    [
        ("UNKNOWN", "could not find class Nope in schema", e.CollectionNotFoundError),
        ("UNAUTHENTICATED", "unauthorized", e.AuthenticationError),
        ("PERMISSION_DENIED", "rbac: forbidden", e.PermissionDeniedError),
        ("UNAVAILABLE", "maintenance mode is enabled", e.ServerUnavailableError),
        ("RESOURCE_EXHAUSTED", "grpc: received message larger than max (9 vs. 5)", e.MessageTooLargeError),
        ("INTERNAL", "panic occurred", e.ServerError),
        ("CANCELLED", "by the server", e.ServerError),
    ],
)
def test_a_status_over_grpc_is_an_error_of_ours(
    server: ScriptedServer, run: Run, status: str, details: str, kind: type[e.WeaviateError]
) -> None:
    server.rpc[SEARCH.path] = RpcStatus(status, details)

    async def main() -> None:
        async with AsyncRemoteTransport(server.settings()) as transport:
            with pytest.raises(e.WeaviateError) as caught:
                await transport.send(search)
            assert type(caught.value) is kind
            assert (caught.value.operation, caught.value.status) == ("Search", status)
            assert transport.server is not None

    run(main())


def test_refusals_and_strange_replies_over_rest(server: ScriptedServer, run: Run) -> None:
    server.rest["GET", "/v1/no"] = RestAnswer(422, {"error": [{"message": "could not find class Nope in schema"}]})
    server.rest["GET", "/v1/page"] = RestAnswer(200, b"<html>Welcome</html>")
    server.rest["GET", "/v1/moved"] = RestAnswer(308, headers={"location": "https://else/where"})

    async def main() -> None:
        async with AsyncRemoteTransport(server.settings()) as transport:
            with pytest.raises(e.CollectionNotFoundError) as caught:
                await transport.send(get("/no"))
            assert (caught.value.status, caught.value.operation) == (422, "GET /v1/no")
            with pytest.raises(e.ProtocolError, match="not Weaviate, or a proxy"):
                await transport.send(get("/page"))
            with pytest.raises(e.ProtocolError, match=r"redirects to https://else\. "):
                await transport.send(get("/moved"))
            assert await transport.send(get("/gone", accept=frozenset({404}))) == RestReply(404, None)

    run(main())


def test_an_unknown_method_and_a_strange_reply(server: ScriptedServer, run: Run) -> None:
    async def main() -> None:
        async with AsyncRemoteTransport(server.settings()) as transport:
            server.rpc[SEARCH.path] = b"\xff\xff\xff"
            with pytest.raises(e.ProtocolError, match="not the message"):
                await transport.send(search)
            del server.rpc[SEARCH.path]
            with pytest.raises(e.UnsupportedFeatureError, match="does not know Search"):
                await transport.send(search)

    run(main())


def test_messages_over_the_server_s_size(server: ScriptedServer, run: Run) -> None:
    big = GrpcCall(SEARCH, pb.SearchRequest(collection="x" * 1_000_001), lambda reply: reply)

    async def main() -> None:
        async with AsyncRemoteTransport(server.settings()) as transport:
            with pytest.raises(e.MessageTooLargeError, match="one message may have 1000000"):
                await transport.send(big)
            assert len(server.sent_rpc) == 1
            server.rpc[SEARCH.path] = b"x" * 1_000_001
            with pytest.raises(e.MessageTooLargeError, match="Ask for fewer"):
                await transport.send(search)

    run(main())


def test_a_slow_answer_runs_out_of_time(server: ScriptedServer, run: Run, gate: Gate) -> None:
    server.rest["GET", "/v1/thing"], server.rpc[SEARCH.path] = gate.rest, gate.rpc

    async def main() -> None:
        async with AsyncRemoteTransport(server.settings(timeouts=QUICK)) as transport:
            with pytest.raises(e.RequestTimeoutError, match=r"REST at .* within 0\.2 s\. .*Timeouts\(query=\.\.\.\)"):
                await transport.send(get())
            with pytest.raises(e.RequestTimeoutError, match=r"insert=\.\.\."):
                await transport.send(get(patience=Patience.INSERT))
            with pytest.raises(e.RequestTimeoutError, match=r"gRPC at .* within 0\.2 s\. .*Timeouts\(query=\.\.\.\)"):
                await transport.send(search)
        assert await no_sockets(server)

    run(main())


def test_dead_ports_are_named_and_nothing_stays_open(server: ScriptedServer, run: Run) -> None:
    async def main() -> None:
        with dead_port() as port:
            pauses: list[float] = []

            async def wait(seconds: float) -> None:
                pauses.append(seconds)

            dead = Endpoint("127.0.0.1", port)
            no_rest = AsyncRemoteTransport(ConnectionSettings(dead, Endpoint("127.0.0.1", server.grpc_port)))
            with pytest.raises(e.ServerUnreachableError, match=f"REST at 127.0.0.1:{port}"):
                await adrive(retrying(search, Retry()), no_rest, wait)
            no_grpc = AsyncRemoteTransport(ConnectionSettings(Endpoint("127.0.0.1", server.http_port), dead))
            with pytest.raises(e.ServerUnreachableError, match=f"gRPC at 127.0.0.1:{port} does not"):
                await adrive(retrying(search, Retry()), no_grpc, wait)
            assert (pauses, no_rest.server, no_grpc.server) == ([], None, None)
            assert await no_sockets(server)  # though neither was closed: what failed to open has closed itself

    run(main())


def test_ports_and_protocols_that_are_mixed_up(server: ScriptedServer, run: Run) -> None:
    rest, rpc = Endpoint("127.0.0.1", server.http_port), Endpoint("127.0.0.1", server.grpc_port)
    secure_rest, secure_rpc = Endpoint("127.0.0.1", rest.port, True), Endpoint("127.0.0.1", rpc.port, True)

    async def main() -> None:
        for first, second, said in (
            (rest, rest, r"HTTP/1\.1: it is the REST port"),
            (rpc, rpc, f"127.0.0.1:{rpc.port}"),
            (secure_rest, rpc, "does not speak TLS"),
            (rest, secure_rpc, "does not speak TLS"),
        ):
            with pytest.raises((e.ProtocolError, e.ServerUnreachableError), match=said):
                await AsyncRemoteTransport(ConnectionSettings(first, second, timeouts=QUICK)).connect()
        assert await no_sockets(server)

    run(main())


def test_a_missing_certificate_file_is_a_mistake_of_configuration(
    server: ScriptedServer, run: Run, tmp_path: Path
) -> None:
    async def main() -> None:
        for rest_is_secure in (True, False):
            settings = ConnectionSettings(
                Endpoint("127.0.0.1", server.http_port, rest_is_secure),
                Endpoint("127.0.0.1", server.grpc_port, True),
                tls=Tls(authority=tmp_path / "none.pem"),
            )
            with pytest.raises(e.ConfigurationError, match="Tls"):
                await AsyncRemoteTransport(settings).connect()
        assert await no_sockets(server)

    run(main())


@pytest.mark.parametrize("version", ["1.26.9", "0.99.0"])
def test_a_server_that_is_too_old(server: ScriptedServer, run: Run, version: str) -> None:
    server.rest["GET", "/v1/meta"] = RestAnswer(body={**META, "version": version})

    async def main() -> None:
        with pytest.raises(e.ServerTooOldError, match=version):
            await AsyncRemoteTransport(server.settings()).connect()
        assert await no_sockets(server)

    run(main())
    assert server.sent_rpc == []


def test_a_transport_connects_after_a_failure(server: ScriptedServer, run: Run) -> None:
    async def main() -> None:
        async with AsyncRemoteTransport(server.settings()) as transport:
            server.rest["GET", "/v1/meta"] = RestAnswer(503)
            with pytest.raises(e.ServerUnavailableError):
                await transport.connect()
            server.rest["GET", "/v1/meta"] = RestAnswer(body=META)
            server.rpc[HEALTH.path] = b"\x08\x02"
            with pytest.raises(e.ServerUnavailableError, match="does not serve"):
                await transport.connect()
            server.rpc[HEALTH.path] = b"\x08\x01"
            assert await transport.send(search) == 1.5
        assert await no_sockets(server)

    run(main())


def test_a_failure_to_connect_is_everybody_s(server: ScriptedServer, run: Run) -> None:
    """Who waits for the one that opens must not wait for ever when that fails, and may succeed."""
    server.rest["GET", "/v1/meta"] = RestAnswer(503)

    async def main() -> None:
        async with AsyncRemoteTransport(server.settings()) as transport:
            found = await asyncio.gather(*(transport.send(search) for _ in range(5)), return_exceptions=True)
            assert [type(each) for each in found] == [e.ServerUnavailableError] * 5

    run(main())


def test_a_server_that_is_away_for_a_moment(server: ScriptedServer, run: Run) -> None:
    away = RpcStatus("UNAVAILABLE", "maintenance")
    server.rpc[SEARCH.path] = [away, away, SEARCH_REPLY]
    pauses: list[float] = []

    async def wait(seconds: float) -> None:
        pauses.append(seconds)

    async def main() -> None:
        async with AsyncRemoteTransport(server.settings()) as transport:
            assert await adrive(retrying(search, Retry(), random=lambda: 1.0), transport, wait) == 1.5

    run(main())
    assert pauses == [0.05, 0.1]


def test_a_connection_that_breaks_is_unreachable_not_unavailable(run: Run) -> None:
    async def main() -> None:
        with scripted_server() as server:
            server.rpc[SEARCH.path] = SEARCH_REPLY
            transport = AsyncRemoteTransport(server.settings())
            await transport.send(search)
        async with transport:
            with pytest.raises(e.ServerUnreachableError, match=r"worked before and is lost now.*gRPC") as caught:
                await transport.send(search)
            assert caught.value.operation == "Search"
            with pytest.raises(e.ServerUnreachableError, match=r"worked before and is lost now.*REST"):
                await transport.send(get())

    run(main())


def test_no_error_shows_a_secret_even_when_the_server_quotes_it(server: ScriptedServer, run: Run) -> None:
    quoting = f"unexpected header authorization: Bearer {SECRET}"
    server.rpc[SEARCH.path] = [RpcStatus("UNKNOWN", quoting), RpcStatus("UNAVAILABLE", "socket closed " + quoting)]
    server.rest["GET", "/v1/thing"] = RestAnswer(500, {"error": [{"message": quoting}]})

    async def main() -> None:
        async with AsyncRemoteTransport(server.settings(credentials=ApiKey(SECRET))) as transport:
            calls: list[Call[Any]] = [search, search, get(), get("/missing")]
            for call in calls:
                with pytest.raises(e.WeaviateError) as caught:
                    await transport.send(call)
                assert SECRET not in "".join(traceback.format_exception_only(caught.value))
                assert SECRET not in repr(caught.value)

    run(main())


# Closing.


def test_closing_ends_it_for_good(server: ScriptedServer, run: Run) -> None:
    async def main() -> None:
        transport = AsyncRemoteTransport(server.settings())
        async with transport:
            await transport.send(search)
        await transport.close()
        calls: list[Call[Any]] = [search, get()]
        for call in calls:
            with pytest.raises(e.SessionClosedError):
                await transport.send(call)
        assert transport.server is None
        assert "closed" in repr(transport)
        assert await no_sockets(server)

    run(main())


def test_a_transport_closed_before_its_first_call_never_connects(server: ScriptedServer, run: Run) -> None:
    transport = AsyncRemoteTransport(server.settings())
    run(transport.close())

    async def main() -> None:  # on another loop: that it is closed is what matters
        with pytest.raises(e.SessionClosedError):
            await transport.send(search)

    run(main())
    assert server.sent_rest == []


@pytest.mark.parametrize("port", ["grpc", "rest"])
def test_closing_under_calls_ends_them_as_closed_and_not_as_cancelled(
    server: ScriptedServer, run: Run, gate: Gate, port: str
) -> None:
    server.rpc[SEARCH.path], server.rest["GET", "/v1/thing"] = gate.rpc, gate.rest
    call: Call[Any] = search if port == "grpc" else get()

    async def main() -> None:
        transport = AsyncRemoteTransport(server.settings())
        await transport.connect()
        calls = [asyncio.create_task(transport.send(call)) for _ in range(3)]
        await gate.reached()
        await transport.close()
        assert await ended(calls) == [e.SessionClosedError] * 3
        assert await no_sockets(server)

    run(main())


@pytest.mark.parametrize("port", ["grpc", "rest"])
def test_a_task_that_is_cancelled_while_it_is_closed_stays_cancelled(
    server: ScriptedServer, run: Run, gate: Gate, port: str
) -> None:
    server.rpc[SEARCH.path], server.rest["GET", "/v1/thing"] = gate.rpc, gate.rest
    call: Call[Any] = search if port == "grpc" else get()

    async def main() -> None:
        transport = AsyncRemoteTransport(server.settings())
        await transport.connect()
        calling = asyncio.create_task(transport.send(call))
        await gate.reached()
        closing = asyncio.create_task(transport.close())
        calling.cancel()
        await closing
        with pytest.raises(asyncio.CancelledError):
            await calling

    run(main())


@pytest.mark.parametrize("step", ["meta", "health"])
def test_closing_while_opening_ends_that_too(server: ScriptedServer, run: Run, gate: Gate, step: str) -> None:
    """The one that opens and those that wait for it hear of it at once, and not when the server has answered."""
    if step == "meta":
        server.rest["GET", "/v1/meta"] = gate.rest
    else:
        server.rpc[HEALTH.path] = gate.health

    async def main() -> None:
        transport = AsyncRemoteTransport(server.settings())
        calls = [asyncio.create_task(transport.send(search)) for _ in range(3)]
        await gate.reached()
        await transport.close()
        assert await ended(calls) == [e.SessionClosedError] * 3
        assert transport.server is None
        assert await no_sockets(server)

    run(main())


def test_closing_at_every_await_of_opening(server: ScriptedServer, run: Run) -> None:
    async def main() -> None:
        for at in range(1, 200):
            transport = AsyncRemoteTransport(server.settings())
            closing: list[asyncio.Task[None]] = []

            def close(transport: AsyncRemoteTransport = transport, closing: list[asyncio.Task[None]] = closing) -> None:
                closing.append(asyncio.create_task(transport.close()))

            stepped = Stepped(transport.connect(), at, close)
            opening = asyncio.create_task(stepped.run())
            outcome = await ended([opening])
            await transport.close()
            await asyncio.gather(*closing)
            assert await no_sockets(server), f"closed at await {at}"
            if not stepped.reached:
                assert outcome == [ServerInfo]
                assert at > 5
                break
            # At the last await the reply may have come already; it is closed all the same.
            assert outcome in ([e.SessionClosedError], [ServerInfo]), f"closed at await {at}"

    run(main())


def test_many_close_at_once(server: ScriptedServer, run: Run) -> None:
    async def main() -> None:
        transport = AsyncRemoteTransport(server.settings())
        await transport.connect()
        await asyncio.gather(*(transport.close() for _ in range(5)))
        assert await no_sockets(server)

    run(main())


# Loops.


def test_another_loop_is_refused_and_the_first_one_goes_on(server: ScriptedServer, run: Run) -> None:
    transport = AsyncRemoteTransport(server.settings())

    async def main() -> None:
        await transport.send(search)
        for use in (transport.send(search), transport.connect(), transport.close()):
            with pytest.raises(e.ConfigurationError, match=r"another event loop.*lifespan"):
                await asyncio.to_thread(asyncio.run, use)
        assert await transport.send(search) == 1.5
        await transport.close()

    run(main())


def test_without_a_loop_nothing_is_remembered(server: ScriptedServer, run: Run) -> None:
    """A session that is made at import time has the loop of its first call."""
    transport = AsyncRemoteTransport(server.settings())

    async def main() -> None:
        async with transport:
            assert await transport.send(search) == 1.5

    run(main())
