"""What one exchange with a server is: a value. Nothing here sends anything.

A ``Call[R]`` is one request with one reply, and knows how to read the reply into an ``R``. An operation that needs several calls is a
``Flow[R]``: a generator that yields calls and is sent their results. ``reply = yield from ask(call)`` keeps the type of the reply.
The drivers in ``transport/base.py`` run both; a transport answers one call, so a server and an in-process engine are interchangeable.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from google.protobuf.message import Message

if TYPE_CHECKING:
    from weaviate_orm.wire.features import Feature

__all__ = ["Call", "Flow", "GrpcCall", "Notify", "Pause", "Patience", "RestCall", "RestReply", "Rpc", "ask", "pause"]

R = TypeVar("R")


class Patience(Enum):
    """Which of the configured timeouts bounds a call."""

    INIT = "init"
    QUERY = "query"
    INSERT = "insert"


@dataclass(frozen=True, slots=True)
class Rpc:
    """One unary gRPC method: its path, its reply's message class, and how it may be treated.

    Attributes:
        name: as in error messages: ``"Search"``.
        path: as on the wire: ``"/weaviate.v1.Weaviate/Search"``.
        reply: class of the reply message.
        patience: which timeout applies.
        repeatable: whether sending it twice leaves the same state as once, so that an UNAVAILABLE may be retried.
    """

    name: str
    path: str
    reply: type[Message]
    patience: Patience
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class GrpcCall(Generic[R]):
    """One unary gRPC request and how to read its reply.

    ``read`` takes the reply message of ``rpc.reply``; its parameter is ``Any`` because the message class is only known at run time.
    ``collection`` is for error messages; ``needs`` are the features that not every supported server has.
    """

    rpc: Rpc
    request: Message
    read: Callable[[Any], R]
    collection: str | None = None
    needs: tuple[Feature, ...] = ()


@dataclass(frozen=True, slots=True)
class RestReply:
    """Status and body of a REST reply. ``body`` is the decoded JSON, or ``None`` when the body was empty."""

    status: int
    body: Any  # JSON has no narrower type; readers narrow it


@dataclass(frozen=True, slots=True)
class RestCall(Generic[R]):
    """One REST request below ``/v1`` and how to read its reply.

    Attributes:
        method: ``"GET"``, ``"POST"``, ...
        path: below ``/v1``, each segment already percent-encoded: ``"/schema/Article"``.
        read: takes the reply whose status is in ``accept``; any other status is an error.
        query: query parameters; a ``None`` value is left out.
        body: JSON value to send, or ``None`` for no body.
        accept: statuses that ``read`` understands.
        patience: which timeout applies.
        repeatable: whether the request may be sent again when the connection broke.
        collection: for error messages.
    """

    method: str
    path: str
    read: Callable[[RestReply], R]
    query: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])
    body: object = None
    accept: frozenset[int] = frozenset({200})
    patience: Patience = Patience.QUERY
    repeatable: bool = False
    collection: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait this many seconds. A call, so that a flow with waits has no colour and tests need no clock."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Notify:
    """Call a function of the user's with an event, and await what it gives if that can be awaited. A step, so that a flow has no colour."""

    function: Callable[[Any], object]  # which event it takes is between the two
    event: object


Call: TypeAlias = GrpcCall[R] | RestCall[R]
# The calls of a flow have different reply types; ask() gives each its own back, so this is the only place that forgets it.
Flow: TypeAlias = Generator[GrpcCall[Any] | RestCall[Any] | Pause | Notify, Any, R]


def ask(call: Call[R]) -> Flow[R]:
    """Yield one call and give its result: ``reply = yield from ask(call)``."""
    reply: R = yield call
    return reply


def pause(seconds: float) -> Flow[None]:
    """Wait inside a flow: ``yield from pause(0.5)``."""
    yield Pause(seconds)
