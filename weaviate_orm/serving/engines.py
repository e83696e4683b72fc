"""What is served: anything that answers messages as the engine does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from google.protobuf.message import Message

from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import Patience, RestReply, Rpc

__all__ = ["Answering"]


class Answering(Protocol):
    """The face of ``local.engine.Engine``. Called from several threads at once."""

    def unary(self, rpc: Rpc, request: Message, /) -> Message:
        """Answer one gRPC request; ``RpcRefused`` carries another status than OK."""
        ...

    def rest(
        self, method: str, path: str, /, *, query: Mapping[str, str | None], body: object, patience: Patience
    ) -> RestReply:
        """Answer one REST request below ``/v1``, whatever the status."""
        ...

    def stream(self, requests: Iterator[pb.BatchStreamRequest], /) -> Iterator[pb.BatchStreamReply]:
        """Answer a BatchStream; ``RpcRefused`` carries another status than OK."""
        ...
