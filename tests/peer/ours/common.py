"""How our half is heard: sessions whose calls are kept in place of being sent, and the values that both halves use."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias, TypeVar
from uuid import UUID

from google.protobuf.message import Message

from weaviate_orm import Session
from weaviate_orm.flows.retry import Retry
from weaviate_orm.query.statement import Scope
from weaviate_orm.runner import Runner
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import Call, GrpcCall
from weaviate_orm.wire.server import ServerInfo

__all__ = ["FILE", "ID", "MAY", "MEDIUM", "NOON", "OTHER", "Intent", "heard", "requested"]

R = TypeVar("R")

Intent: TypeAlias = Callable[[Session], object]
"""What a user writes. The first request that it sends is the one compared."""

ID, OTHER = UUID(int=7), UUID(int=8)
MAY = datetime(2024, 5, 1, 12, 30, 15, 250000, UTC)
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
MEDIUM = "AP8Q"  # base64 of three bytes
FILE = Path(__file__).parents[1] / "official" / "medium.bin"


class _Heard(Exception):
    """Enough was sent."""


@dataclass
class _Listener:
    """A transport that keeps requests, up to the one that is wanted. Those before it are answered with one object."""

    wanted: int
    server: ServerInfo | None = None
    requests: list[Message | None] = field(default_factory=list)
    """``None`` for one over REST."""

    def send(self, call: Call[R], /) -> R:
        self.requests.append(call.request if isinstance(call, GrpcCall) else None)
        if len(self.requests) == self.wanted or not isinstance(call, GrpcCall):
            raise _Heard
        found = pb.SearchResult(metadata=pb.MetadataResult(id=str(ID)))
        return call.read(pb.SearchReply(results=[found]))

    def close(self) -> None:
        pass


def heard(intent: Intent, *, wanted: int = 1) -> list[Message | None]:
    """Give what an intent sends, up to so many requests; ``None`` stands for one over REST, after which nothing is heard."""
    listener = _Listener(wanted)
    session = Session("http://localhost:1")
    session._runner = Runner(listener, Retry(), Scope())
    with suppress(_Heard):
        intent(session)
    return listener.requests


def requested(intent: Intent, *, position: int = 1) -> Message:
    """Give the request that comes at a position among those that an intent sends."""
    sent = heard(intent, wanted=position)
    assert len(sent) == position, f"only {len(sent)} requests were sent"
    message = sent[-1]
    assert message is not None, "a request over REST is not compared"
    return message
