"""The one place where tests step between a session, of either colour, and its transport."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeAlias

from weaviate_orm.session import Session
from weaviate_orm.session_async import AsyncSession
from weaviate_orm.wire.call import GrpcCall, RestCall

__all__ = ["AnyCall", "AnySession", "Ending", "Interceptor", "intercepted", "operation_of"]

AnyCall: TypeAlias = GrpcCall[Any] | RestCall[Any]  # of whatever result

AnySession: TypeAlias = Session | AsyncSession

Ending: TypeAlias = Callable[[BaseException | None], None]
"""Called when a call has ended, with what it raised."""

Interceptor: TypeAlias = Callable[[AnyCall], tuple[AnyCall, Ending]]
"""Called when a call begins: gives the call to send in its place, or raises so that nothing is sent."""

_lock = Lock()


@contextmanager
def intercepted(session: AnySession, interceptor: Interceptor) -> Generator[None]:
    """Lead every call over a session's connection through an interceptor, those of its views included. The last one comes first."""
    # A session's views, queries and handles have nothing but the transport in common, so it is the object itself whose send() is
    # replaced; the class stays as it is.
    transport = session._runner.transport
    members = vars(transport)
    with _lock:
        chain = members.get("send")
        if not isinstance(chain, _Chain):
            chain = (_AsyncChain if isinstance(session, AsyncSession) else _SyncChain)(transport.send)
            members["send"] = chain
        chain.interceptors = (interceptor, *chain.interceptors)
    try:
        yield
    finally:
        with _lock:
            chain.interceptors = tuple(each for each in chain.interceptors if each is not interceptor)
            if not chain.interceptors:
                members.pop("send", None)


class _Chain:
    """Stands where a transport's ``send`` stood."""

    def __init__(self, send: Callable[[AnyCall], Any]) -> None:  # Any: each call has another result
        self._send = send
        self.interceptors: tuple[Interceptor, ...] = ()

    @contextmanager
    def _sending(self, call: AnyCall) -> Generator[AnyCall]:
        """Give the call that is sent; tell those who saw it begin how it ended."""
        endings: list[Ending] = []
        failure: BaseException | None = None
        try:
            for interceptor in self.interceptors:
                call, ending = interceptor(call)
                endings.append(ending)
            yield call
        except BaseException as error:  # a cancelled call has ended too
            failure = error
            raise
        finally:
            for ending in reversed(endings):
                ending(failure)


class _SyncChain(_Chain):
    def __call__(self, call: AnyCall, /) -> Any:  # as above
        with self._sending(call) as sent:
            return self._send(sent)


class _AsyncChain(_Chain):
    async def __call__(self, call: AnyCall, /) -> Any:  # as above
        with self._sending(call) as sent:
            waiting: Awaitable[Any] = self._send(sent)
            return await waiting


def operation_of(call: AnyCall) -> str:
    """Give what errors call a call: ``"Search"``, ``"GET /v1/schema/Article"``."""
    return call.rpc.name if isinstance(call, GrpcCall) else f"{call.method} /v1{call.path}"
