"""Which calls are repeated, how long it waits in between, and when it gives up; no clock, no server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from weaviate_orm.errors import (
    ConfigurationError,
    RequestTimeoutError,
    ServerError,
    ServerUnavailableError,
    ServerUnreachableError,
    WeaviateError,
)
from weaviate_orm.flows.connect import CONNECT
from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.transport.base import adrive, drive
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import Call, Flow, GrpcCall, RestCall, ask, pause
from weaviate_orm.wire.rpcs import BATCH_REFERENCES, SEARCH
from weaviate_orm.wire.server import ServerInfo

REPEATABLE: Call[Any] = GrpcCall(SEARCH, pb.SearchRequest(), lambda reply: reply)
ONCE: Call[Any] = GrpcCall(BATCH_REFERENCES, pb.BatchReferencesRequest(), lambda reply: reply)
REST_REPEATABLE: Call[Any] = RestCall("GET", "/schema", lambda reply: reply, repeatable=True)
REST_ONCE: Call[Any] = RestCall("POST", "/schema", lambda reply: reply)


class Scripted:
    """A transport that gives or raises what it is told, and a sleep and a clock that only count."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.calls: list[Call[Any]] = []
        self.pauses: list[float] = []
        self.now = 0.0

    @property
    def server(self) -> ServerInfo | None:
        return None

    def send(self, call: Call[Any], /) -> Any:
        self.calls.append(call)
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        pass

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def run(self, flow: Flow[Any]) -> Any:
        return drive(flow, self, self.sleep)


class ScriptedAsync:
    """``Scripted``, awaited."""

    def __init__(self, *answers: object) -> None:
        self.inner = Scripted(*answers)

    @property
    def server(self) -> ServerInfo | None:
        return None

    async def send(self, call: Call[Any], /) -> Any:
        return self.inner.send(call)

    async def close(self) -> None:
        pass

    async def sleep(self, seconds: float) -> None:
        self.inner.sleep(seconds)


def unavailable() -> ServerUnavailableError:
    return ServerUnavailableError("Away.", operation="Search", status="UNAVAILABLE")


@pytest.mark.parametrize("call", [REPEATABLE, REST_REPEATABLE])
@pytest.mark.parametrize("error", [ServerUnavailableError, ServerUnreachableError])
def test_passing_trouble_is_waited_for(call: Call[Any], error: type[WeaviateError]) -> None:
    transport = Scripted(error("Away."), error("Away."), "reply")
    assert transport.run(retrying(call, Retry(), random=lambda: 0.0, clock=lambda: transport.now)) == "reply"
    assert transport.calls == [call] * 3
    assert transport.pauses == [0.1, 0.2]


@pytest.mark.parametrize("call", [ONCE, REST_ONCE])
def test_what_may_not_be_sent_twice_is_not(call: Call[Any]) -> None:
    transport = Scripted(unavailable())
    with pytest.raises(ServerUnavailableError) as caught:
        transport.run(retrying(call, Retry()))
    assert len(transport.calls) == 1
    assert "attempts" not in str(caught.value)


@pytest.mark.parametrize(
    "error", [RequestTimeoutError("Late."), ServerError("No."), ConfigurationError("No."), KeyError("x")]
)
def test_other_errors_are_not_repeated(error: Exception) -> None:
    transport = Scripted(error)
    with pytest.raises(type(error)) as caught:
        transport.run(retrying(REPEATABLE, Retry()))
    assert caught.value is error
    assert len(transport.calls) == 1


def test_a_failed_first_connection_is_not_repeated() -> None:
    transport = Scripted(ServerUnreachableError("Nobody.", operation=CONNECT))
    with pytest.raises(ServerUnreachableError):
        transport.run(retrying(REPEATABLE, Retry()))
    assert (len(transport.calls), transport.pauses) == (1, [])


def test_the_last_error_keeps_its_class_and_counts_the_attempts() -> None:
    transport = Scripted(*[unavailable() for _ in range(4)], ServerUnreachableError("Gone.", operation="Search"))
    with pytest.raises(ServerUnreachableError) as caught:
        transport.run(retrying(REPEATABLE, Retry(attempts=5, jitter=0), clock=lambda: transport.now))
    assert str(caught.value) == "Gone. Gave up after 5 attempts in 1.5 s. [Search]"
    assert caught.value.args == (caught.value.message,)
    assert transport.pauses == [0.1, 0.2, 0.4, 0.8]


@pytest.mark.parametrize("random", [0.0, 0.25, 1.0])
def test_delays_double_up_to_the_longest_and_jitter_only_shortens(random: float) -> None:
    policy = Retry(attempts=8, first_delay=1, max_delay=10, jitter=0.5, budget=1000)
    transport = Scripted(*[unavailable() for _ in range(8)])
    with pytest.raises(ServerUnavailableError):
        transport.run(retrying(REPEATABLE, policy, random=lambda: random, clock=lambda: transport.now))
    factor = 1 - 0.5 * random
    assert transport.pauses == pytest.approx([1 * factor, 2 * factor, 4 * factor, 8 * factor, *[10 * factor] * 3])


def test_a_delay_far_out_does_not_overflow() -> None:
    assert Retry().delay(100_000, 0.0) == 5.0


def test_no_attempt_starts_after_the_budget() -> None:
    policy = Retry(attempts=100, first_delay=4, max_delay=4, jitter=0, budget=10)
    transport = Scripted(*[unavailable() for _ in range(100)])
    with pytest.raises(ServerUnavailableError, match=r"after 3 attempts in 8\.0 s"):
        transport.run(retrying(REPEATABLE, policy, clock=lambda: transport.now))
    assert transport.pauses == [4, 4]


def test_the_time_that_calls_take_counts_too() -> None:
    transport = Scripted()

    def slow(call: Call[Any], /) -> Any:
        transport.calls.append(call)
        transport.now += 20
        raise unavailable()

    transport.send = slow  # type: ignore[method-assign]  # the one slow transport
    with pytest.raises(ServerUnavailableError, match="after 2 attempts"):
        transport.run(retrying(REPEATABLE, Retry(), clock=lambda: transport.now))


def test_one_attempt_never_waits() -> None:
    transport = Scripted(unavailable())
    with pytest.raises(ServerUnavailableError):
        transport.run(retrying(REPEATABLE, Retry(attempts=1)))
    assert transport.pauses == []


def both(call: Call[str]) -> Flow[list[str]]:
    """A flow that uses everything: a result, an error that it handles, a pause, a return value."""
    first = yield from ask(call)
    try:
        second = yield from ask(call)
    except ServerError as error:
        second = f"handled {error}"
    yield from pause(1.5)
    return [first, second]


SCRIPTS: list[Callable[[], list[object]]] = [
    lambda: ["a", "b"],
    lambda: ["a", ServerError("no")],
    lambda: ["a", unavailable()],
    lambda: [KeyError("k")],
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_both_drivers_do_the_same(script: Callable[[], list[object]]) -> None:
    def outcome(run: Callable[[], object]) -> object:
        try:
            return run()
        except Exception as error:
            return repr(error)

    blocking, waiting = Scripted(*script()), ScriptedAsync(*script())
    call: Call[str] = RestCall("GET", "/x", lambda reply: str(reply.body))
    left = outcome(lambda: drive(both(call), blocking, blocking.sleep))
    right = outcome(lambda: asyncio.run(adrive(both(call), waiting, waiting.sleep)))
    assert left == right
    assert blocking.calls == waiting.inner.calls
    assert blocking.pauses == waiting.inner.pauses


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt(), asyncio.CancelledError()])
def test_an_interrupt_closes_the_flow_and_sends_nothing_more(interrupt: BaseException) -> None:
    closed: list[bool] = []

    def careful() -> Flow[None]:
        try:
            yield from ask(REPEATABLE)
        except Exception:  # what a flow may do about errors is not for interrupts
            yield from ask(REPEATABLE)
        finally:
            closed.append(True)

    blocking, waiting = Scripted(interrupt), ScriptedAsync(interrupt)
    with pytest.raises(type(interrupt)):
        blocking.run(careful())
    assert (closed, len(blocking.calls)) == ([True], 1)

    async def main() -> None:
        with pytest.raises(type(interrupt)):
            await adrive(careful(), waiting, waiting.sleep)

    asyncio.run(main())
    assert (closed, len(waiting.inner.calls)) == ([True, True], 1)


def test_a_stop_iteration_of_a_reader_is_no_result() -> None:
    transport = Scripted(StopIteration("not a result"))
    with pytest.raises(RuntimeError, match="StopIteration"):
        transport.run(ask(REPEATABLE))
