"""What a transport is, what it needs below it, and the two drivers that run a flow on one.

Two protocols lie on top of each other. An ``Exchange`` moves messages: request in, reply out, and knows nothing of calls. A
``Transport`` answers a ``Call``; ``answer`` makes it from an exchange and is the only place where replies are read and refusals turned
into errors. A server connection and an in-process engine differ in their exchange alone.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, TypeVar

from google.protobuf.message import Message

from weaviate_orm.errors import UsageError
from weaviate_orm.wire.call import Call, Flow, GrpcCall, Notify, Patience, Pause, RestCall, RestReply, Rpc
from weaviate_orm.wire.server import ServerInfo
from weaviate_orm.wire.status import RpcRefused, error_for_rest, error_for_rpc

__all__ = [
    "AsyncExchange",
    "AsyncTransport",
    "Exchange",
    "Transport",
    "adrive",
    "answer",
    "answer_async",
    "drive",
]

R = TypeVar("R")


class Exchange(Protocol):
    """Moves one message to whoever answers, and the reply back."""

    def unary(self, rpc: Rpc, request: Message, /) -> Message:
        """Give the reply message of ``rpc.reply``.

        Raises:
            RpcRefused: the other side answered with a status that is not OK.
            TransportError: no answer.
        """
        ...

    def rest(
        self, method: str, path: str, /, *, query: Mapping[str, str | None], body: object, patience: Patience
    ) -> RestReply:
        """Give status and decoded body, whatever the status.

        Raises:
            TransportError: no answer.
            ProtocolError: an answer that Weaviate does not give, such as a web page.
        """
        ...


class AsyncExchange(Protocol):
    """``Exchange``, awaited."""

    async def unary(self, rpc: Rpc, request: Message, /) -> Message:
        """As ``Exchange.unary``."""
        ...

    async def rest(
        self, method: str, path: str, /, *, query: Mapping[str, str | None], body: object, patience: Patience
    ) -> RestReply:
        """As ``Exchange.rest``."""
        ...


class Transport(Protocol):
    """Answers calls. Safe to use from several threads."""

    @property
    def server(self) -> ServerInfo | None:
        """Who answers; ``None`` before the first call."""
        ...

    def send(self, call: Call[R], /) -> R:
        """Give the call's result.

        Raises:
            WeaviateError: the server refused, was not reached or made no sense; or the transport is closed.
        """
        ...

    def close(self) -> None:
        """Give everything back; closing twice does nothing."""
        ...


class AsyncTransport(Protocol):
    """``Transport``, awaited."""

    @property
    def server(self) -> ServerInfo | None:
        """As ``Transport.server``."""
        ...

    async def send(self, call: Call[R], /) -> R:
        """As ``Transport.send``."""
        ...

    async def close(self) -> None:
        """As ``Transport.close``."""
        ...


def answer(exchange: Exchange, call: Call[R]) -> R:
    """Send one call through an exchange and read its reply, or raise the error that the other side's refusal means."""
    if isinstance(call, GrpcCall):
        try:
            message = exchange.unary(call.rpc, call.request)
        except RpcRefused as refusal:
            raise error_for_rpc(refusal, operation=call.rpc.name, collection=call.collection) from refusal
        return call.read(message)
    reply = exchange.rest(call.method, call.path, query=call.query, body=call.body, patience=call.patience)
    return _read_rest(call, reply)


async def answer_async(exchange: AsyncExchange, call: Call[R]) -> R:
    """``answer``, awaited."""
    if isinstance(call, GrpcCall):
        try:
            message = await exchange.unary(call.rpc, call.request)
        except RpcRefused as refusal:
            raise error_for_rpc(refusal, operation=call.rpc.name, collection=call.collection) from refusal
        return call.read(message)
    reply = await exchange.rest(call.method, call.path, query=call.query, body=call.body, patience=call.patience)
    return _read_rest(call, reply)


def _read_rest(call: RestCall[R], reply: RestReply) -> R:
    if reply.status not in call.accept:
        raise error_for_rest(reply, method=call.method, path=call.path, collection=call.collection)
    return call.read(reply)


def drive(flow: Flow[R], transport: Transport, sleep: Callable[[float], None] = time.sleep) -> R:
    """Run a flow to its end. What a call raises is raised inside the flow, so that retries and clean-up are the flow's."""
    try:
        step = next(flow)
        while True:
            try:
                result: object = None
                if isinstance(step, Pause):
                    sleep(step.seconds)
                elif isinstance(step, Notify):
                    _notify(step)
                else:
                    result = transport.send(step)
            except Exception as error:
                step = flow.throw(error)
            else:
                step = flow.send(result)
    except StopIteration as end:
        value: R = end.value
        return value
    finally:
        flow.close()  # an interrupt leaves the flow suspended; its clean-up must not wait for the garbage collector


def _notify(step: Notify) -> None:
    told = step.function(step.event)
    if not inspect.isawaitable(told):
        return
    if inspect.iscoroutine(told):
        told.close()  # Python would warn that it was never awaited
    raise UsageError(
        f"The listener {step.function!r} gave something to await, which only an AsyncSession can do. Listen with a plain function."
    )


async def _pause(seconds: float) -> None:
    import asyncio  # a tenth of this package's import time, and a synchronous program has no use for it

    await asyncio.sleep(seconds)


async def adrive(flow: Flow[R], transport: AsyncTransport, sleep: Callable[[float], Awaitable[None]] = _pause) -> R:
    """``drive``, awaited; cancelling it closes the flow."""
    try:
        step = next(flow)
        while True:
            try:
                result: object = None
                if isinstance(step, Pause):
                    await sleep(step.seconds)
                elif isinstance(step, Notify):
                    told = step.function(step.event)
                    if inspect.isawaitable(told):
                        await told
                else:
                    result = await transport.send(step)
            except Exception as error:
                step = flow.throw(error)
            else:
                step = flow.send(result)
    except StopIteration as end:
        value: R = end.value
        return value
    finally:
        flow.close()
