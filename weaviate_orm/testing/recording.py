"""A view of the calls that a piece of code makes."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any, overload

from google.protobuf.message import Message

from weaviate_orm.testing.intercepting import AnyCall, AnySession, Ending, intercepted, operation_of
from weaviate_orm.wire.call import GrpcCall, RestCall, RestReply
from weaviate_orm.wire.explain import explain_call

__all__ = ["RecordedCall", "Recording", "recording"]

_LONGEST_BODY = 2_000
"""Characters of a JSON body that a repr shows."""


@dataclass(frozen=True, slots=True, repr=False)
class RecordedCall:
    """One call, as it was sent and answered. Its repr is the request as a person reads it.

    Attributes:
        operation: what was called, as errors name it: ``"Search"``, ``"GET /v1/schema/Article"``.
        collection: the collection concerned; ``None`` where there is none or several.
        request: the message of a gRPC call, the JSON body of a REST call; ``None`` for no body. It is the one that was sent, so look
            and do not change it.
        query: the query parameters of a REST call.
        reply: the message of a gRPC call, the decoded JSON of a REST call; ``None`` for an empty one, and where ``error`` is set.
        status: the HTTP status of an answered REST call; ``"OK"`` for a gRPC call.
        error: what the call raised in place of giving a result.
        seconds: from sending to the result.
    """

    operation: str
    collection: str | None
    request: Message | Any  # JSON has no narrower type
    query: Mapping[str, str]
    reply: Message | Any  # as above
    status: int | str | None
    error: BaseException | None
    seconds: float
    _call: AnyCall = field(compare=False)

    @property
    def is_write(self) -> bool:
        """Whether the call may change what is stored."""
        if isinstance(self._call, GrpcCall):
            return self.operation.startswith("Batch")
        return self._call.method not in ("GET", "HEAD")

    @property
    def text(self) -> str:
        """The request, one field a line; vectors by their size."""
        call = self._call
        if isinstance(call, GrpcCall):
            return explain_call(call)
        lines = [self.operation, *(f"  {name}: {value!r}" for name, value in self.query.items())]
        if self.request is not None:
            body = json.dumps(self.request, indent=2, ensure_ascii=False, default=str)
            shown = body if len(body) <= _LONGEST_BODY else body[:_LONGEST_BODY] + "..."
            lines += [f"  {line}" for line in shown.splitlines()]
        return "\n".join(lines)

    def __repr__(self) -> str:
        outcome = repr(self.error) if self.error is not None else str(self.status)
        return f"<{self.text}\n-> {outcome} in {self.seconds * 1000:.1f} ms>"


class Recording(Sequence[RecordedCall]):
    """The calls so far, first to last. It grows as long as the code runs."""

    def __init__(self) -> None:
        self._calls: list[RecordedCall] = []

    @property
    def operations(self) -> list[str]:
        """What was called: ``["POST /v1/schema", "BatchObjects", "Search"]``."""
        return [each.operation for each in self._calls]

    @property
    def writes(self) -> list[RecordedCall]:
        """The calls that may change what is stored."""
        return [each for each in self._calls if each.is_write]

    @property
    def seconds(self) -> float:
        """How long all calls took together."""
        return sum(each.seconds for each in self._calls)

    def of(self, operation: str) -> list[RecordedCall]:
        """Give the calls of one operation, such as ``"Search"``."""
        return [each for each in self._calls if each.operation == operation]

    def clear(self) -> None:
        """Forget the calls so far."""
        self._calls.clear()

    @overload
    def __getitem__(self, index: int) -> RecordedCall: ...
    @overload
    def __getitem__(self, index: slice) -> list[RecordedCall]: ...
    def __getitem__(self, index: int | slice) -> RecordedCall | list[RecordedCall]:
        """Give a call by its position."""
        return self._calls[index]

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[RecordedCall]:
        """Go over the calls so far."""
        return iter(list(self._calls))

    def __repr__(self) -> str:
        if not self._calls:
            return "<Recording: no calls>"
        return "\n".join([f"<Recording: {len(self)} calls", *map(repr, self._calls)]) + ">"

    def _add(self, call: RecordedCall) -> None:
        self._calls.append(call)


@contextmanager
def recording(session: AnySession) -> Generator[Recording]:
    """Note every call of a session of either colour, those included that were repeated and those that failed::

        with recording(session) as calls:
            page = render_front_page(session)
        assert calls.operations == ["Search"]

    Everything that uses the session's connection is noted: its queries, handles and views, whenever they were made. What opens the
    connection is not a call of the code, and is not noted.
    """
    calls = Recording()

    def note(call: AnyCall) -> tuple[AnyCall, Ending]:
        replies: list[Any] = []  # a message or a RestReply, of which the call alone knows
        began = perf_counter()

        def read(reply: Any) -> Any:  # as above
            replies.append(reply)
            return call.read(reply)

        def end(error: BaseException | None) -> None:
            calls._add(_recorded(call, replies, error, perf_counter() - began))

        return replace(call, read=read), end

    with intercepted(session, note):
        yield calls


def _recorded(call: AnyCall, replies: list[Any], error: BaseException | None, seconds: float) -> RecordedCall:
    reply: Any = replies[0] if replies else None  # as in send()
    status: int | str | None = getattr(error, "status", None)
    if isinstance(reply, RestReply):
        reply, status = reply.body, reply.status
    elif replies:
        status = "OK"
    if isinstance(call, RestCall):
        request, query = call.body, {name: value for name, value in call.query.items() if value is not None}
    else:
        request, query = call.request, dict[str, str]()
    return RecordedCall(operation_of(call), call.collection, request, query, reply, status, error, seconds, call)
