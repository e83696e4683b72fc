"""Setting references of stored objects, and noting it on the instances that were given."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar, cast
from uuid import UUID

from weaviate_orm.errors import InvalidValueError, WeaviateError
from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.flows.schema import ensure_collection
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.changes import change_links, linked_texts
from weaviate_orm.query.linking import LinkEnd, LinkPlace, NewLink, link_end, link_place
from weaviate_orm.query.results import LoadFailure, LoadReport
from weaviate_orm.query.statement import Scope
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.links import compile_add_links, compile_link, compile_set_links, compile_unlink
from weaviate_orm.wire.scopes import check_tenant
from weaviate_orm.wire.status import error_for_text

__all__ = ["add_link", "add_links", "remove_link", "set_links"]

L = TypeVar("L", bound=NewLink)

_CHUNK = 1000
"""References of one request."""


def add_link(place: LinkPlace, end: LinkEnd, scope: Scope, verified: set[type], retry: Retry) -> Flow[None]:
    """Add a reference; where only one fits, it replaces the one that is there.

    Raises:
        ObjectNotFoundError: one of the two objects is not stored.
        CollectionNotFoundError, SchemaMismatchError: see ``ensure_collection``.
    """
    if not place.reference.many:
        return (yield from set_links(place, [end], scope, verified, retry))
    call = compile_link(place, end, scope)
    yield from ensure_collection(place.info.model, verified, retry)
    yield from retrying(call, retry)
    _note(place, lambda held: [*held, end.held])


def remove_link(place: LinkPlace, end: LinkEnd, scope: Scope, verified: set[type], retry: Retry) -> Flow[None]:
    """Remove all references from one object to another; there need not be one.

    Raises:
        ObjectNotFoundError: the object that refers is not stored.
        CollectionNotFoundError, SchemaMismatchError: see ``ensure_collection``.
    """
    call = compile_unlink(place, end, scope)
    yield from ensure_collection(place.info.model, verified, retry)
    yield from retrying(call, retry)
    gone = str(end.id)
    _note(place, lambda held: [each for each in held if linked_texts([each]) != [gone]])


def set_links(place: LinkPlace, ends: list[LinkEnd], scope: Scope, verified: set[type], retry: Retry) -> Flow[None]:
    """Replace all references of a property.

    Raises:
        ObjectNotFoundError: one of the objects is not stored.
        CollectionNotFoundError, SchemaMismatchError: see ``ensure_collection``.
    """
    call = compile_set_links(place, ends, scope)
    yield from ensure_collection(place.info.model, verified, retry)
    yield from retrying(call, retry)
    _note(place, lambda held: [each.held for each in ends], whatever=True)


def _note(
    place: LinkPlace, change: Callable[[list[Any]], list[WeaviateModel | UUID]], *, whatever: bool = False
) -> None:
    if place.instance is not None:
        change_links(place.instance, place.reference.field, many=place.reference.many, change=change, whatever=whatever)


def add_links(
    links: Iterable[L],
    scope: Scope,
    *,
    verified: set[type],
    retry: Retry,
    clock: Callable[[], float] = time.perf_counter,
) -> Flow[LoadReport[L]]:
    """Add many references, and give an account of each. Whether the targets are stored is not looked at by the server.

    When a request fails as a whole, those after it are not sent but reported with the same error.
    """
    started = clock()
    stored = 0
    failed: list[LoadFailure[L]] = []
    broken: WeaviateError | None = None
    for chunk in _chunks(links):
        sound: list[tuple[int, L, LinkPlace, LinkEnd]] = []
        for index, link in chunk:
            try:
                if broken is not None:
                    raise broken
                place, end = _checked(link)
                check_tenant(place.info, scope)
                yield from ensure_collection(place.info.model, verified, retry)
                sound.append((index, link, place, end))
            except WeaviateError as error:
                failed.append(LoadFailure(index, link, error))
        if not sound:
            continue
        try:
            errors = yield from retrying(compile_add_links([(place, end) for _, _, place, end in sound], scope), retry)
        except WeaviateError as error:
            broken = error
            failed += [LoadFailure(index, link, error) for index, link, _, _ in sound]
            continue
        stored += len(sound) - len(errors)
        for position, (index, link, place, end) in enumerate(sound):
            if position in errors:
                failed.append(LoadFailure(index, link, _refusal(place, errors[position])))
            else:
                _follow(place, end)
    failed.sort(key=lambda failure: failure.index)
    return LoadReport(stored, failed, clock() - started)


def _follow(place: LinkPlace, end: LinkEnd) -> None:
    _note(place, lambda held: [*held, end.held])


def _chunks(links: Iterable[L]) -> Iterator[list[tuple[int, L]]]:
    numbered = enumerate(links)
    while chunk := list(islice(numbered, _CHUNK)):
        yield chunk


def _checked(link: object) -> tuple[LinkPlace, LinkEnd]:
    given = (
        cast("tuple[object, ...]", link) if isinstance(link, tuple) else ()
    )  # isinstance leaves the elements unknown
    if len(given) != 3:
        raise InvalidValueError(f"link_many() takes triples (object, reference, target), got {link!r:.80}")
    source, reference, target = given
    place = link_place(source, reference, "link_many()")
    return place, link_end(place, target, "link_many()")


def _refusal(place: LinkPlace, text: str) -> WeaviateError:
    error = error_for_text(text, operation="POST /v1/batch/references", collection=place.info.collection)
    if error.object_id is None:
        error.object_id = place.source
    return error
