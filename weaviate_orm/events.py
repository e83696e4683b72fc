"""Events of storing, and who listens to them: before and after objects are inserted, updated and deleted.

``listen(BeforeInsert[Article], function)`` hears every session's inserts of ``Article`` and its subclasses, ``session.listen(...)`` those
of one session. The flows in ``flows/events.py`` make the events and tell the listeners.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, Literal, TypeVar, get_args, get_origin
from uuid import UUID

from weaviate_orm.errors import InvalidValueError
from weaviate_orm.model.base import WeaviateModel

__all__ = [
    "AfterDelete",
    "AfterInsert",
    "AfterUpdate",
    "BeforeDelete",
    "BeforeInsert",
    "BeforeUpdate",
    "Event",
    "listen",
    "listens_for",
    "stop_listening",
]

M_co = TypeVar("M_co", bound=WeaviateModel, covariant=True)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Event(Generic[M_co]):
    """What all events say. ``BeforeInsert[Article]`` and its like are listened for, not this.

    Attributes:
        model: the object's class.
        id: the object's id.
        tenant: whose object it is; ``None`` without tenants.
    """

    model: type[M_co]
    id: UUID
    tenant: str | None


@dataclass(frozen=True, slots=True)
class BeforeInsert(Event[M_co]):
    """An object is about to be stored as a whole. What a listener assigns is stored with it; what it raises stops the insert.

    Attributes:
        object: the object.
        verb: what the session was asked for.
    """

    object: M_co
    verb: Literal["insert", "insert_many", "upsert"]


@dataclass(frozen=True, slots=True)
class AfterInsert(Event[M_co]):
    """An object was stored as a whole.

    Attributes:
        object: the object.
        verb: what the session was asked for.
    """

    object: M_co
    verb: Literal["insert", "insert_many", "upsert"]


@dataclass(frozen=True, slots=True)
class BeforeUpdate(Event[M_co]):
    """A stored object is about to be changed. What a listener assigns is sent too; what it raises stops the update.

    Attributes:
        object: the object.
        verb: what the session was asked for.
        fields: names of the fields that were to be sent when the first listener was called; of ``replace()``, all that are stored.
    """

    object: M_co
    verb: Literal["update", "replace"]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AfterUpdate(Event[M_co]):
    """A stored object was changed.

    Attributes:
        object: the object.
        verb: what the session was asked for.
        fields: names of the fields that were sent, those that listeners assigned included; of ``replace()``, all that are stored.
    """

    object: M_co
    verb: Literal["update", "replace"]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BeforeDelete(Event[M_co]):
    """An object is about to be deleted. What a listener raises stops that.

    Attributes:
        object: the object; ``None`` when the session was given an id.
    """

    object: M_co | None


@dataclass(frozen=True, slots=True)
class AfterDelete(Event[M_co]):
    """An object was deleted; there is no such event where there was none.

    Attributes:
        object: the object; ``None`` when the session was given an id.
    """

    object: M_co | None


E = TypeVar("E", bound=Event[WeaviateModel])

# What a listener takes depends on what it listens for, which listen() checks.
Listener = Callable[[Any], object]

_KINDS = (BeforeInsert, AfterInsert, BeforeUpdate, AfterUpdate, BeforeDelete, AfterDelete)


class Listeners:
    """Who listens for what. Safe to read while other threads change it."""

    __slots__ = ("_by_kind", "_lock")

    def __init__(self) -> None:
        self._by_kind: dict[type, dict[type, tuple[Listener, ...]]] = {}  # never changed, only replaced
        self._lock = Lock()

    def __bool__(self) -> bool:
        return bool(self._by_kind)

    def heard_by(self, kind: type, model: type) -> tuple[Listener, ...]:
        """Give who listens for this kind of event of a model: base classes' listeners first, then in the order they came."""
        models = self._by_kind.get(kind)
        if models is None:
            return ()
        return tuple(each for base in reversed(model.__mro__) for each in models.get(base, ()))

    def add(self, event: type[Event[Any]], function: Listener) -> None:  # of any model
        """Let a function listen; a second time changes nothing."""
        kind, model = _kind_and_model(event)
        if not callable(function):
            raise InvalidValueError(f"A listener is a function that takes the event, got {function!r:.80}.")
        with self._lock:
            there = self._by_kind.get(kind, {})
            known = there.get(model, ())
            if function not in known:
                self._by_kind = {**self._by_kind, kind: {**there, model: (*known, function)}}

    def discard(self, event: type[Event[Any]], function: Listener) -> None:  # of any model
        """Let a function no longer listen.

        Raises:
            InvalidValueError: it does not.
        """
        kind, model = _kind_and_model(event)
        with self._lock:
            there = self._by_kind.get(kind, {})
            left = tuple(each for each in there.get(model, ()) if each != function)
            if len(left) == len(there.get(model, ())):
                raise InvalidValueError(
                    f"{listener_name(function)} does not listen for {kind.__name__}[{model.__name__}] here. What listen() was given, by "
                    "the same session if by any, stops listening."
                )
            models = {key: value for key, value in {**there, model: left}.items() if value}
            self._by_kind = {key: value for key, value in {**self._by_kind, kind: models}.items() if value}


MODELS = Listeners()
"""Who listens to models, whatever the session."""


def _kind_and_model(event: type[Event[Any]]) -> tuple[type, type[WeaviateModel]]:
    kind, arguments = get_origin(event), get_args(event)
    if kind is None and event in _KINDS:
        raise InvalidValueError(
            f"{event.__name__} of which model? Listen for {event.__name__}[Article], or for {event.__name__}[WeaviateModel] to hear all."
        )
    if kind not in _KINDS:
        known = ", ".join(each.__name__ for each in _KINDS)
        raise InvalidValueError(
            f"What is listened for is an event of a model, such as BeforeInsert[Article], got {event!r:.80}. There are {known}."
        )
    model = arguments[0]
    if not (isinstance(model, type) and issubclass(model, WeaviateModel)):
        raise InvalidValueError(f"{kind.__name__}[...] takes one model class, got {model!r:.80}.")
    return kind, model


def listener_name(function: object) -> str:
    """Give a listener's name for messages."""
    return repr(getattr(function, "__qualname__", function))


def listen(event: type[E], function: Callable[[E], object], /) -> None:
    """Call a function at every such event of a model and its subclasses, in whatever session: ``listen(BeforeInsert[Article], stamp)``.

    A function that listens already is not called twice.

    Args:
        event: an event of a model; ``BeforeInsert[WeaviateModel]`` is that of all models.
        function: takes the event. Coroutine functions are for asynchronous sessions alone; others refuse the operation.

    Raises:
        InvalidValueError: no event of a model, or no function.
    """
    MODELS.add(event, function)


def listens_for(event: type[E], /) -> Callable[[Callable[[E], R]], Callable[[E], R]]:
    """``listen()`` as a decorator, which gives the function back: ``@listens_for(BeforeInsert[Article])``."""

    def registered(function: Callable[[E], R]) -> Callable[[E], R]:
        MODELS.add(event, function)
        return function

    return registered


def stop_listening(event: type[E], function: Callable[[E], object], /) -> None:
    """Take back what ``listen()`` or ``listens_for()`` did with the same event and function.

    Raises:
        InvalidValueError: the function does not listen for it.
    """
    MODELS.discard(event, function)
