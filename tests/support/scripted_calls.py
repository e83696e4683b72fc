"""A transport without a network: a test's function answers each call with a reply message, a REST reply or an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from google.protobuf.message import Message

from weaviate_orm.errors import SessionClosedError
from weaviate_orm.flows.retry import Retry
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.info import model_info
from weaviate_orm.schema.from_model import collection_config
from weaviate_orm.schema.json import to_json
from weaviate_orm.transport.base import answer, drive
from weaviate_orm.wire.call import Call, Flow, GrpcCall, Patience, RestCall, RestReply, Rpc
from weaviate_orm.wire.server import ServerInfo

__all__ = ["ONCE", "SERVER", "Answer", "ScriptedTransport", "run", "stored_schema"]

R = TypeVar("R")

Answer: TypeAlias = Message | RestReply | Exception
Answering: TypeAlias = Callable[[Any], Answer]  # takes a call of whatever result

ONCE = Retry(attempts=1)
SERVER = ServerInfo("1.39.3")


@dataclass
class ScriptedTransport:
    """Answers calls by a function, as a server connection would by a server: replies are read and refusals mapped as everywhere.

    Attributes:
        script: takes the call; an exception that it gives is raised as the exchange's.
        server: who answers.
        calls: every call, first to last.
        closed: how often it was closed.
    """

    script: Answering
    server: ServerInfo | None = SERVER
    calls: list[GrpcCall[Any] | RestCall[Any]] = field(default_factory=list)
    closed: int = 0

    def send(self, call: Call[R], /) -> R:
        if self.closed:
            raise SessionClosedError("The session was closed; open a new one.")
        self.calls.append(call)
        return answer(_Exchange(self.script(call)), call)

    def close(self) -> None:
        self.closed += 1

    def __repr__(self) -> str:
        return "<ScriptedTransport>"

    @property
    def names(self) -> list[str]:
        """Each call as ``"Search"`` or ``"GET /schema"``."""
        return [each.rpc.name if isinstance(each, GrpcCall) else f"{each.method} {each.path}" for each in self.calls]

    def requests(self, name: str) -> list[Any]:  # of the message class that the method takes
        """Give the request messages of one gRPC method."""
        return [each.request for each in self.calls if isinstance(each, GrpcCall) and each.rpc.name == name]


@dataclass
class _Exchange:
    reply: Answer

    def unary(self, rpc: Rpc, request: Message, /) -> Message:
        if isinstance(self.reply, Exception):
            raise self.reply
        assert isinstance(self.reply, rpc.reply), f"the script answers {rpc.name} with {type(self.reply).__name__}"
        return self.reply

    def rest(
        self, method: str, path: str, /, *, query: Mapping[str, str | None], body: object, patience: Patience
    ) -> RestReply:
        if isinstance(self.reply, Exception):
            raise self.reply
        assert isinstance(self.reply, RestReply), f"the script answers {method} {path} with {type(self.reply).__name__}"
        return self.reply


def run(flow: Flow[R], transport: ScriptedTransport) -> R:
    """Run a flow without waiting where it pauses."""
    return drive(flow, transport, sleep=lambda seconds: None)


def stored_schema(*models: type[WeaviateModel]) -> Answering:
    """Give a script that answers like a server which has the collections of these models and nothing else; gRPC is refused."""
    configs = {model_info(each).collection: to_json(collection_config(model_info(each))) for each in models}

    def script(call: Call[Any]) -> Answer:
        assert isinstance(call, RestCall), call
        if call.method == "GET" and call.path == "/schema":
            return RestReply(200, {"classes": list(configs.values())})
        if call.method == "GET" and call.path.startswith("/schema/"):
            found = configs.get(call.path.removeprefix("/schema/"))
            return RestReply(404, None) if found is None else RestReply(200, found)
        return RestReply(200, {})

    return script
