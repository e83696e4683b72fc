"""Storing many objects: chunks under the server's message limit, and an account of every object."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from weaviate_orm.errors import (
    CollectionNotFoundError,
    InvalidValueError,
    MessageTooLargeError,
    SchemaMismatchError,
    ServerError,
    TransportError,
    VectorDimensionError,
    WeaviateError,
)
from weaviate_orm.flows.events import Hooks, ListenedLoad
from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.flows.schema import ensure_collection
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.changes import remember
from weaviate_orm.query.checks import checked_id
from weaviate_orm.query.requests import stored_object
from weaviate_orm.query.results import ListenerFailure, LoadFailure, LoadReport
from weaviate_orm.query.statement import Scope
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import Flow, Notify
from weaviate_orm.wire.objects import ObjectEncoder, batch_message, compile_batch, object_encoder
from weaviate_orm.wire.scopes import check_tenant
from weaviate_orm.wire.server import ServerInfo, meta
from weaviate_orm.wire.status import error_for_text
from weaviate_orm.wire.updates import snapshot

__all__ = ["CHUNK_BYTES", "CHUNK_OBJECTS", "load_objects"]

M = TypeVar("M", bound=WeaviateModel)

CHUNK_OBJECTS = 1000
"""Most objects of one message."""

CHUNK_BYTES = 16 * 1024 * 1024
"""Most bytes of one message, unless the server's limit is lower: larger ones only take memory, here and there."""

_ENVELOPE = 64 * 1024  # what a message has besides its objects, with room to spare


@dataclass(slots=True)
class _Chunk(Generic[M]):
    """A message, and for each of its objects the position it was given at, and itself."""

    message: pb.BatchObjectsRequest
    given: list[tuple[int, M]] = field(default_factory=list["tuple[int, M]"])
    models: set[type[WeaviateModel]] = field(default_factory=set["type[WeaviateModel]"])
    size: int = 0

    @property
    def collection(self) -> str | None:
        return self.message.objects[0].collection if self.given else None

    def full(self) -> bool:
        return len(self.given) >= CHUNK_OBJECTS

    def without(self, homeless: Mapping[type[WeaviateModel], WeaviateError]) -> list[LoadFailure[M]]:
        """Take out the objects of these models, which have no fitting collection; give them as failures."""
        if self.models.isdisjoint(homeless):
            return []
        kept = [position for position, (_, each) in enumerate(self.given) if type(each) not in homeless]
        failures = [
            LoadFailure(index, each, homeless[type(each)]) for index, each in self.given if type(each) in homeless
        ]
        message = pb.BatchObjectsRequest()
        message.CopyFrom(self.message)
        del message.objects[:]
        message.objects.extend(self.message.objects[position] for position in kept)
        self.message, self.given = message, [self.given[position] for position in kept]
        return failures


def load_objects(
    objects: Iterable[M],
    scope: Scope,
    *,
    retry: Retry,
    verified: set[type],
    server: ServerInfo | None = None,
    hooks: Hooks | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Flow[LoadReport[M]]:
    """Store objects, replacing those whose ids exist, and give an account of each.

    An exception of the iterable itself passes through, with a note of how many objects were stored by then.
    When the server cannot be reached any more, the objects that follow are not sent but reported as failed with the same error.

    Args:
        objects: instances of any models.
        retry: for each chunk.
        verified: the models whose collections were looked at already.
        server: the connected server, whose message limit counts; it is asked when it is not known yet.
        hooks: who is told of each object; nobody when not given.
        clock: seconds, for the report.
    """
    given: object = objects
    if isinstance(given, WeaviateModel):
        # A pydantic model is iterable too: over its fields.
        raise InvalidValueError(
            f"insert_many() takes an iterable of objects, got one {type(given).__name__}. Use insert(), or give a list."
        )
    started = clock()
    if server is None:
        server = yield from retrying(meta(), retry)
    stored = 0
    failed: list[LoadFailure[M]] = []
    broken: WeaviateError | None = None
    homeless: dict[type[WeaviateModel], ServerError] = {}
    listening = ListenedLoad(hooks, scope) if hooks is not None and hooks.anybody() else None
    unheard: list[ListenerFailure[M]] = []
    chunks = _chunks(objects, scope, server.max_message_size, failed, listening)
    while True:
        try:
            chunk = yield from _following(chunks, silent=broken is not None)
        except BaseException as error:  # the caller's own iterable; who catches it wants to know where things stand
            error.add_note(f"insert_many() had stored {stored} objects by then, and {len(failed)} had failed.")
            raise
        if chunk is None:
            break
        if broken is None:
            try:
                for model in chunk.models - homeless.keys():
                    try:
                        yield from ensure_collection(model, verified, retry)
                    except (CollectionNotFoundError, SchemaMismatchError) as error:
                        homeless[model] = error
                failed += chunk.without(homeless)
                if not chunk.given:
                    continue
                errors = yield from retrying(compile_batch(chunk.message, chunk.collection), retry)
            except (TransportError, ServerError) as error:
                failed += [LoadFailure(index, instance, error) for index, instance in chunk.given]
                broken = error
            else:
                stored += len(chunk.given) - len(errors)
                for position, (_, instance) in enumerate(chunk.given):
                    if position not in errors:
                        remember(instance, snapshot(instance))
                failed += [_failure(*chunk.given[position], text) for position, text in errors.items()]
                if listening is not None:
                    for position, (index, instance) in enumerate(chunk.given):
                        raised = None if position in errors else (yield from listening.after(instance))
                        if raised is not None:
                            unheard.append(ListenerFailure(index, instance, raised))
        else:
            failed += [LoadFailure(index, instance, broken) for index, instance in chunk.given]
    failed.sort(key=lambda failure: failure.index)
    return LoadReport(stored, failed, clock() - started, unheard)


def _following(chunks: Generator[_Chunk[M] | Notify, Any, None], *, silent: bool) -> Flow[_Chunk[M] | None]:
    """Give the next message. Listeners of its objects are called on the way, unless it is not going to be sent."""
    step = next(chunks, None)
    while isinstance(step, Notify):
        raised: Exception | None = None
        if not silent:
            try:
                yield step
            except Exception as error:
                raised = error
        try:
            step = next(chunks) if raised is None else chunks.throw(raised)
        except StopIteration:
            return None
    return step


def _failure(index: int, instance: M, text: str) -> LoadFailure[M]:
    collection = object_encoder(type(instance)).info.collection
    error = error_for_text(text, operation="BatchObjects", collection=collection)
    if error.object_id is None:  # a text that names one means what the object refers to
        error.object_id = instance.id
    return LoadFailure(index, instance, error)


def _chunks(
    objects: Iterable[M], scope: Scope, limit: int, failed: list[LoadFailure[M]], listening: ListenedLoad | None
) -> Generator[_Chunk[M] | Notify, Any, None]:
    """Cut objects into messages, telling listeners of each; those that cannot be sent go to ``failed``."""
    checks = _Checks(scope)
    most = limit - _ENVELOPE
    chunk: _Chunk[M] = _Chunk(batch_message(scope))
    for index, instance in enumerate(objects):
        if listening is not None:
            refusal = yield from listening.before(instance)
            if refusal is not None:
                failed.append(LoadFailure(index, instance, refusal))
                continue
        target = chunk.message.objects.add()
        try:
            encoder = checks.encoder(index, instance)
            encoder.fill(target, instance, scope.tenant)
            size = target.ByteSize()
            if size > most:
                raise _too_large(encoder, instance, size, most)
        except WeaviateError as error:
            del chunk.message.objects[-1]
            checks.forget(index, instance)
            failed.append(LoadFailure(index, instance, error))
            continue
        if chunk.given and chunk.size + size > min(CHUNK_BYTES, most):
            following: _Chunk[M] = _Chunk(batch_message(scope))
            following.message.objects.add().CopyFrom(target)
            del chunk.message.objects[-1]
            yield chunk
            chunk = following
        chunk.given.append((index, instance))
        chunk.models.add(type(instance))
        chunk.size += size
        if chunk.full():
            yield chunk
            chunk = _Chunk(batch_message(scope))
    if chunk.given:
        yield chunk


def _too_large(encoder: ObjectEncoder, instance: WeaviateModel, size: int, most: int) -> MessageTooLargeError:
    return MessageTooLargeError(
        f"The object {instance.id} of {encoder.info.name} takes {size:,} bytes; the server accepts {most:,}. "
        "Store less in one object, or start the server with a larger GRPC_MAX_MESSAGE_SIZE.",
        collection=encoder.info.collection,
        object_id=instance.id,
    )


class _Kind:
    """What is known of one model's objects in a call: how they are encoded, how long their vectors are, and which ids were seen.

    ``first`` gives the position at which an id of the collection came first; models of the same collection share it.
    """

    __slots__ = ("dimensions", "encoder", "first")

    def __init__(self, encoder: ObjectEncoder, first: dict[int, int]) -> None:
        self.encoder = encoder
        self.first = first
        self.dimensions: dict[str, tuple[int, int]] = {}  # by field, and which object said so


class _Checks:
    """What can be said of an object by those before it in the same call."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._kinds: dict[type, _Kind] = {}
        self._first: dict[
            str, dict[int, int]
        ] = {}  # a collection's ids, by their number: it hashes quicker than a UUID

    def encoder(self, index: int, instance: WeaviateModel) -> ObjectEncoder:
        """Give the object's encoder.

        Raises:
            InvalidValueError: no model instance, or its id came before.
            VectorDimensionError: its vector has another length than those before.
            TenantError: a tenant is missing, or one too many.
        """
        kind = self._kinds.get(type(instance)) or self._new_kind(instance)
        first = kind.first.setdefault(checked_id(instance.id, "insert_many()").int, index)
        if first != index:
            # In one message the server would keep the last one and drop the others without a word.
            raise InvalidValueError(
                f"The object has the same id {instance.id} as object {first} of this call, so only one of them could be kept.",
                collection=kind.encoder.info.collection,
                object_id=instance.id,
            )
        for name, dimensions in kind.encoder.dimensions(instance):
            expected, _ = kind.dimensions.setdefault(name, (dimensions, index))
            if dimensions != expected:
                raise _mismatch(kind.encoder, instance, name, dimensions, expected)
        return kind.encoder

    def forget(self, index: int, instance: object) -> None:
        """Take back what an object said that is not sent after all, so that it decides nothing about those behind it."""
        kind = self._kinds.get(type(instance))
        if kind is None or not isinstance(instance, WeaviateModel):
            return
        number: int = getattr(instance.id, "int", -1)  # what came past validation may be no UUID
        if kind.first.get(number) == index:
            del kind.first[number]
        for name in [name for name, (_, origin) in kind.dimensions.items() if origin == index]:
            del kind.dimensions[name]

    def _new_kind(self, instance: WeaviateModel) -> _Kind:
        encoder = object_encoder(type(stored_object(instance)))
        check_tenant(encoder.info, self._scope)
        first = self._first.setdefault(encoder.info.collection, {})
        return self._kinds.setdefault(type(instance), _Kind(encoder, first))


def _mismatch(
    encoder: ObjectEncoder, instance: WeaviateModel, field: str, dimensions: int, expected: int
) -> VectorDimensionError:
    where = f"{encoder.info.name}.{field}"
    return VectorDimensionError(
        f"{where} has {dimensions} dimensions here, but {expected} in the objects before; all vectors of a collection "
        "have the same number.",
        collection=encoder.info.collection,
        field=where,
        object_id=instance.id,
    )
