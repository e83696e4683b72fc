"""What sessions and everything they give share: the connection, and how calls go through it. One class a colour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from weaviate_orm.flows.events import Hooks
from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.query.statement import Scope
from weaviate_orm.transport.base import AsyncTransport, Transport, adrive, drive
from weaviate_orm.wire.call import Call, Flow

__all__ = ["AsyncRunner", "Runner"]

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Runner:
    """What sessions, queries and handles share: the connection and how calls go through it."""

    transport: Transport
    retry: Retry
    scope: Scope
    verified: set[type] = field(default_factory=set[type])
    hooks: Hooks = field(default_factory=lambda: Hooks(awaits=False))

    def run(self, flow: Flow[R]) -> R:
        return drive(flow, self.transport)

    def send(self, call: Call[R]) -> R:
        return drive(retrying(call, self.retry), self.transport)


@dataclass(frozen=True, slots=True)
class AsyncRunner:
    """What sessions, queries and handles share: the connection and how calls go through it."""

    transport: AsyncTransport
    retry: Retry
    scope: Scope
    verified: set[type] = field(default_factory=set[type])
    hooks: Hooks = field(default_factory=lambda: Hooks(awaits=True))

    async def run(self, flow: Flow[R]) -> R:
        return await adrive(flow, self.transport)

    async def send(self, call: Call[R]) -> R:
        return await adrive(retrying(call, self.retry), self.transport)
