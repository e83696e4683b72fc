"""BatchStream: objects and references as they come, with an acknowledgement and a result for each message.

Two rules: the lock is never held while a reply waits to be taken, and requests are read by a thread of their own, one ahead, so that a
consumer that is slow and a producer that is silent hold up nobody but themselves.
"""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from weaviate_orm.errors import SessionClosedError
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.writing.batches import batch_objects, batch_references
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Database

__all__ = ["Pace", "batch_stream"]

_BACKOFF_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 0.25
"""How often a silent stream looks whether the database was closed."""

_Results = pb.BatchStreamReply.Results


class Pace:
    """How many items a client should send at once: a moving average that aims at one second for a message.

    Attributes:
        batch_size: what a Backoff message says, 100 to 1000.
    """

    def __init__(self) -> None:
        self._seconds = 1.0
        self._items = 200.0

    @property
    def batch_size(self) -> int:
        """Items for each message."""
        return math.ceil(self._items)

    def took(self, seconds: float) -> None:
        """Learn from a message that took so long."""
        self._seconds += 0.25 * (seconds - self._seconds)
        if abs(self._seconds - 1.0) > 0.1:
            self._items += 25.0 if self._seconds < 1.0 else -25.0  # a quarter of a step of 100
        self._items = min(max(self._items, 100.0), 1000.0)


def batch_stream(
    database: Database,
    requests: Iterator[pb.BatchStreamRequest],
    *,
    clock: Callable[[], float] = time.monotonic,
    backoff_seconds: float = _BACKOFF_SECONDS,
) -> Iterator[pb.BatchStreamReply]:
    """Answer a stream: Started, then Acks and Results for each message with data, Backoff from time to time.

    The client ends it by ending its requests. When the database is closed, ShuttingDown is the last reply.

    Args:
        database: where to store.
        requests: the client's messages; a Start is first.
        clock: gives seconds.
        backoff_seconds: between two Backoff messages.

    Raises:
        Refused: the first message is no Start, or a later one says nothing.
    """
    if _is_closed(database):
        raise Refused("not accepting new streams: context canceled", grpc="UNAVAILABLE")
    first = next(requests, None)
    if first is None:
        raise Refused("initial stream message receive: EOF")
    if not first.HasField("start"):
        raise Refused("first message must be a start message")
    yield pb.BatchStreamReply(started=pb.BatchStreamReply.Started())
    pace, reader = Pace(), _Reader(requests)
    level = first.start.consistency_level if first.start.HasField("consistency_level") else None
    due = clock() + backoff_seconds
    try:
        while True:
            now = clock()
            if now >= due:
                due = now + backoff_seconds
                yield pb.BatchStreamReply(backoff=pb.BatchStreamReply.Backoff(batch_size=pace.batch_size))
            try:
                request = reader.next(min(_LOOK_SECONDS, max(due - now, 0.0)))
            except queue.Empty:
                request = None
            if _is_closed(database):
                yield pb.BatchStreamReply(shutting_down=pb.BatchStreamReply.ShuttingDown())
                return
            if request is None:
                continue
            if isinstance(request, _End):
                if request.error is not None:
                    raise request.error
                return
            if request.HasField("stop"):
                continue  # only an announcement: the client ends its side when it has sent all
            if not request.HasField("data"):
                raise Refused("invalid batch send request: data field is nil")
            objects, references = request.data.objects.values, request.data.references.values
            if not objects and not references:
                continue
            yield pb.BatchStreamReply(
                acks=pb.BatchStreamReply.Acks(
                    uuids=[each.uuid for each in objects], beacons=[_beacon(each) for each in references]
                )
            )
            begin = clock()
            try:
                results = _stored(database, objects, references, level)
            except SessionClosedError:
                continue  # the next look says so to the client
            pace.took(clock() - begin)
            yield pb.BatchStreamReply(results=results)
    finally:
        reader.stop()


def _is_closed(database: Database) -> bool:
    try:
        with database.reading():
            return False
    except SessionClosedError:
        return True


# Requests


@dataclass(frozen=True, slots=True)
class _End:
    """There are no more requests; the error is why, unless the client ended them."""

    error: Exception | None = None


class _Reader:
    """Takes requests from an iterator that may block, in a thread, one ahead of who asks for them."""

    def __init__(self, requests: Iterator[pb.BatchStreamRequest]) -> None:
        self._requests = requests
        self._read: queue.Queue[pb.BatchStreamRequest | _End] = queue.Queue(maxsize=1)
        self._stopped = threading.Event()
        # A daemon: an iterator that blocks for good must not keep the process.
        threading.Thread(target=self._run, name="weaviate-orm-batch-stream", daemon=True).start()

    def next(self, seconds: float) -> pb.BatchStreamRequest | _End:
        """Give the next request.

        Raises:
            queue.Empty: none came in time.
        """
        return self._read.get(timeout=seconds) if seconds > 0 else self._read.get_nowait()

    def stop(self) -> None:
        """Read no further."""
        self._stopped.set()

    def _run(self) -> None:
        try:
            for request in self._requests:
                if not self._hand_over(request):
                    return
            self._hand_over(_End())
        except Exception as error:
            self._hand_over(_End(error))

    def _hand_over(self, item: pb.BatchStreamRequest | _End) -> bool:
        while not self._stopped.is_set():
            try:
                self._read.put(item, timeout=_LOOK_SECONDS)
            except queue.Full:
                continue
            return True
        return False


# Storing


@np.errstate(all="ignore")  # as for all that the engine answers
def _stored(
    database: Database,
    objects: Sequence[pb.BatchObject],
    references: Sequence[pb.BatchReference],
    level: pb.ConsistencyLevel | None,
) -> pb.BatchStreamReply.Results:
    """Store what a message brings, objects first; give what became of each."""
    results = _Results()
    failed: dict[int, str] = {}
    by_collection: dict[str, list[int]] = {}
    for place, message in enumerate(objects):
        by_collection.setdefault(message.collection, []).append(place)
    for places in by_collection.values():
        request = pb.BatchObjectsRequest(objects=[objects[place] for place in places], consistency_level=level)
        try:
            with database.writing():
                reply = batch_objects(database, request)
        except Refused as refusal:
            failed.update(dict.fromkeys(places, refusal.text))
            continue
        failed.update({places[each.index]: each.error for each in reply.errors})
    for place, message in enumerate(objects):
        if place in failed:
            results.errors.add(error=failed[place], uuid=message.uuid)
        else:
            results.successes.add(uuid=message.uuid)
    if references:
        _link(database, references, results)
    return results


def _link(database: Database, references: Sequence[pb.BatchReference], results: pb.BatchStreamReply.Results) -> None:
    with database.writing():
        reply = batch_references(database, pb.BatchReferencesRequest(references=references))
    failed = {each.index: each.error for each in reply.errors}
    for place, message in enumerate(references):
        if place in failed:
            results.errors.add(error=failed[place], beacon=_beacon(message))
        else:
            results.successes.add(beacon=_beacon(message))


def _beacon(message: pb.BatchReference) -> str:
    return f"weaviate://localhost/{message.from_collection}/{message.from_uuid}/{message.name}"
