"""Telling listeners what happens to objects: flows around those that store, change and delete one.

Each function gives the flow itself when nobody listens, so that events cost nothing then. Listeners run between calls, never inside one, so
that what they raise is not taken for the server's.
"""

from __future__ import annotations

import inspect
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

from weaviate_orm.errors import InvalidValueError, UsageError, WeaviateError
from weaviate_orm.events import (
    MODELS,
    AfterDelete,
    AfterInsert,
    AfterUpdate,
    BeforeDelete,
    BeforeInsert,
    BeforeUpdate,
    Event,
    Listener,
    Listeners,
    listener_name,
)
from weaviate_orm.flows.retry import Retry
from weaviate_orm.flows.updating import update_object
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.info import ModelInfo, model_info
from weaviate_orm.query.statement import Scope
from weaviate_orm.wire.call import Flow, Notify
from weaviate_orm.wire.updates import changed_fields, snapshot

__all__ = [
    "Hooks",
    "ListenedLoad",
    "update_with_events",
    "with_delete_events",
    "with_insert_events",
    "with_replace_events",
]

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Heard:
    """Who listens to one operation."""

    before: tuple[Listener, ...]
    after: tuple[Listener, ...]


class Hooks:
    """Who listens to a session's operations: those who listen to models, and those who listen to this session.

    Args:
        awaits: whether coroutine functions can be run.
    """

    __slots__ = ("_awaits", "listeners")

    def __init__(self, *, awaits: bool) -> None:
        self._awaits = awaits
        self.listeners = Listeners()

    def anybody(self) -> bool:
        """Tell whether anybody listens for anything."""
        return bool(MODELS) or bool(self.listeners)

    def heard(self, model: type, before: type, after: type) -> Heard | None:
        """Give who listens to an operation on a model; ``None`` when nobody does.

        Raises:
            UsageError: a coroutine function listens, and this session is synchronous.
        """
        if not self.anybody():
            return None
        found = Heard(self._listeners(before, model), self._listeners(after, model))
        return found if found.before or found.after else None

    def _listeners(self, kind: type, model: type) -> tuple[Listener, ...]:
        found = (*MODELS.heard_by(kind, model), *self.listeners.heard_by(kind, model))
        if not self._awaits:
            for each in found:
                called: object = getattr(type(each), "__call__", None)  # noqa: B004  not whether, but what is called
                if inspect.iscoroutinefunction(each) or inspect.iscoroutinefunction(called):
                    raise UsageError(
                        f"{listener_name(each)} listens for {kind.__name__}[{model.__name__}] and is a coroutine function, which only an "
                        "AsyncSession can run. Nothing was sent; listen with a plain function, or on the asynchronous sessions."
                    )
        return found


def _tell(listeners: Sequence[Listener], event: Event[Any], note: str) -> Generator[Notify, Any, None]:
    """Call listeners one after the other; what one raises passes, with a note of what it means for the object."""
    for each in listeners:
        try:
            yield Notify(each, event)
        except Exception as error:
            error.add_note(f"The listener {listener_name(each)} of {type(event).__name__} raised this. {note}")
            raise


def _before(listeners: Sequence[Listener], event: Event[Any]) -> Generator[Notify, Any, None]:
    yield from _tell(listeners, event, f"Nothing was sent of the {event.model.__name__} {event.id}.")


def _after(
    listeners: Sequence[Listener], event: Event[Any], state: Literal["stored", "deleted"] = "stored"
) -> Generator[Notify, Any, None]:
    yield from _tell(listeners, event, f"The {event.model.__name__} {event.id} is {state}.")


def with_insert_events(
    flow: Flow[R], instance: WeaviateModel, verb: Literal["insert", "upsert"], scope: Scope, hooks: Hooks
) -> Flow[R]:
    """Tell listeners before and after a flow that stores an object. It must not have begun, so that it stores what they made of it.

    Raises:
        UsageError: see ``Hooks.heard``.
    """
    heard = hooks.heard(type(instance), BeforeInsert, AfterInsert)
    return flow if heard is None else _insert(flow, instance, verb, scope, heard)


def _insert(
    flow: Flow[R], instance: WeaviateModel, verb: Literal["insert", "upsert"], scope: Scope, heard: Heard
) -> Flow[R]:
    model = type(instance)
    yield from _before(heard.before, BeforeInsert(model, instance.id, scope.tenant, instance, verb))
    result = yield from flow
    yield from _after(heard.after, AfterInsert(model, instance.id, scope.tenant, instance, verb))
    return result


def with_replace_events(flow: Flow[None], instance: WeaviateModel, scope: Scope, hooks: Hooks) -> Flow[None]:
    """Tell listeners before and after a flow that replaces an object. It must not have begun.

    Raises:
        UsageError: see ``Hooks.heard``.
        InvalidValueError: a listener changed the id.
    """
    heard = hooks.heard(type(instance), BeforeUpdate, AfterUpdate)
    return flow if heard is None else _replace(flow, instance, scope, heard)


def _replace(flow: Flow[None], instance: WeaviateModel, scope: Scope, heard: Heard) -> Flow[None]:
    model, object_id = type(instance), instance.id
    names = _stored_fields(model_info(model))
    yield from _before(heard.before, BeforeUpdate(model, object_id, scope.tenant, instance, "replace", names))
    _check_id(instance, object_id)
    yield from flow
    yield from _after(heard.after, AfterUpdate(model, object_id, scope.tenant, instance, "replace", names))


def update_with_events(
    instance: WeaviateModel,
    fields: Sequence[str] | None,
    unchanged_since: datetime | None,
    scope: Scope,
    verified: set[type],
    retry: Retry,
    hooks: Hooks,
) -> Flow[bool]:
    """``update_object``, and tell listeners; when there is nothing to send they are not told.

    Raises:
        UsageError: see ``Hooks.heard``.
        InvalidValueError: a listener changed the id.
    """
    heard = hooks.heard(type(instance), BeforeUpdate, AfterUpdate)
    if heard is None:
        return update_object(instance, fields, unchanged_since, scope, verified, retry)
    return _update(instance, fields, unchanged_since, scope, verified, retry, heard)


def _update(
    instance: WeaviateModel,
    fields: Sequence[str] | None,
    unchanged_since: datetime | None,
    scope: Scope,
    verified: set[type],
    retry: Retry,
    heard: Heard,
) -> Flow[bool]:
    model, object_id = type(instance), instance.id
    sent = changed_fields(instance) if fields is None else fields
    if sent and heard.before:
        held = None if fields is None else _held(instance)
        event = BeforeUpdate(model, object_id, scope.tenant, instance, "update", tuple(sent))
        yield from _before(heard.before, event)
        _check_id(instance, object_id)
        sent = changed_fields(instance) if held is None else list(dict.fromkeys((*sent, *_touched(instance, held))))
    if not (yield from update_object(instance, sent, unchanged_since, scope, verified, retry)):
        return False
    yield from _after(heard.after, AfterUpdate(model, object_id, scope.tenant, instance, "update", tuple(sent)))
    return True


def _stored_fields(info: ModelInfo) -> tuple[str, ...]:
    return (*info.properties, *info.vectors, *info.references)


def _held(instance: WeaviateModel) -> tuple[dict[str, object], dict[str, object]]:
    """Give what an instance holds: the values themselves, and the forms of those that can be changed in place."""
    info = model_info(type(instance))
    for each in info.vectors:
        getattr(instance, each)  # decodes it, so that a listener who reads it changes nothing
    return {each: vars(instance).get(each) for each in _stored_fields(info)}, snapshot(instance)


def _touched(instance: WeaviateModel, held: tuple[dict[str, object], dict[str, object]]) -> list[str]:
    """Give the fields that were assigned or changed in place since. An instance that no session knows keeps no account of its own."""
    (values, forms), (values_now, forms_now) = held, _held(instance)
    return [each for each in values if values_now[each] is not values[each] or forms_now.get(each) != forms.get(each)]


def _check_id(instance: WeaviateModel, object_id: UUID) -> None:
    if instance.id != object_id:
        name = type(instance).__name__
        raise InvalidValueError(
            f"A listener of BeforeUpdate[{name}] changed {name}.id from {object_id} to {instance.id}; a stored object keeps its id. "
            "Nothing was sent.",
            collection=model_info(type(instance)).collection,
            field=f"{name}.id",
            object_id=object_id,
        )


def with_delete_events(
    flow: Flow[bool],
    model: type[WeaviateModel],
    object_id: UUID,
    instance: WeaviateModel | None,
    scope: Scope,
    hooks: Hooks,
) -> Flow[bool]:
    """Tell listeners before a flow that deletes an object, and after it if there was one.

    Raises:
        UsageError: see ``Hooks.heard``.
    """
    heard = hooks.heard(model, BeforeDelete, AfterDelete)
    return flow if heard is None else _delete(flow, model, object_id, instance, scope, heard)


def _delete(
    flow: Flow[bool],
    model: type[WeaviateModel],
    object_id: UUID,
    instance: WeaviateModel | None,
    scope: Scope,
    heard: Heard,
) -> Flow[bool]:
    yield from _before(heard.before, BeforeDelete(model, object_id, scope.tenant, instance))
    existed = yield from flow
    if existed:
        yield from _after(heard.after, AfterDelete(model, object_id, scope.tenant, instance), "deleted")
    return existed


class ListenedLoad:
    """Who listens to the objects of one ``insert_many()``, looked up once a model."""

    __slots__ = ("_heard", "_hooks", "_tenant")

    def __init__(self, hooks: Hooks, scope: Scope) -> None:
        self._hooks = hooks
        self._tenant = scope.tenant
        self._heard: dict[type, Heard | None] = {}

    def _of(self, model: type) -> Heard | None:
        try:
            return self._heard[model]
        except KeyError:
            found = self._heard[model] = self._hooks.heard(model, BeforeInsert, AfterInsert)
            return found

    def before(self, instance: WeaviateModel) -> Generator[Notify, Any, WeaviateError | None]:
        """Tell listeners that an object is about to be stored; give why it is not, if one of them raises."""
        model: type[WeaviateModel] = type(instance)
        try:
            heard = self._of(model)
            if heard is not None and heard.before:
                yield from _before(
                    heard.before, BeforeInsert(model, instance.id, self._tenant, instance, "insert_many")
                )
        except WeaviateError as error:
            return error
        except Exception as error:
            refusal = WeaviateError(
                f"A listener of BeforeInsert[{model.__name__}] did not let the object pass: {type(error).__name__}: {error}",
                collection=model_info(model).collection,
                object_id=instance.id,
            )
            refusal.__cause__ = error
            return refusal
        return None

    def after(self, instance: WeaviateModel) -> Generator[Notify, Any, Exception | None]:
        """Tell listeners that an object is stored; give what one of them raises."""
        model: type[WeaviateModel] = type(instance)
        heard = self._of(model)
        if heard is not None and heard.after:
            try:
                yield from _after(heard.after, AfterInsert(model, instance.id, self._tenant, instance, "insert_many"))
            except Exception as error:
                return error
        return None
