"""Changing objects that are stored, and noting on the instances that they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from weaviate_orm.errors import StaleObjectError
from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.flows.schema import ensure_collection
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.changes import StoredForms, assigned, storing
from weaviate_orm.model.info import model_info
from weaviate_orm.query.statement import Scope
from weaviate_orm.wire.call import Flow, RestCall
from weaviate_orm.wire.updates import (
    baseline,
    changed_fields,
    compile_replace,
    compile_update,
    compile_updated_at,
    compile_upsert,
    snapshot,
)

__all__ = ["replace_object", "update_object", "upsert_object"]


def upsert_object(instance: WeaviateModel, scope: Scope, verified: set[type], retry: Retry) -> Flow[UUID]:
    """Store an object, whether or not its id exists; give its id.

    Raises:
        CollectionNotFoundError, SchemaMismatchError: see ``ensure_collection``.
        ServerError: the server refuses the object.
    """
    call = compile_upsert(instance, scope)  # refuses bad values before anything is sent
    object_id = instance.id
    with storing(instance, snapshot(instance)):
        yield from ensure_collection(type(instance), verified, retry)
        error = yield from retrying(call, retry)
        if error is not None:
            raise error
    return object_id


def replace_object(instance: WeaviateModel, scope: Scope, verified: set[type], retry: Retry) -> Flow[None]:
    """Replace a stored object.

    Raises:
        ObjectNotFoundError: there is none with its id.
        CollectionNotFoundError, SchemaMismatchError: see ``ensure_collection``.
    """
    call = compile_replace(instance, scope)
    with storing(instance, snapshot(instance)):
        yield from ensure_collection(type(instance), verified, retry)
        yield from retrying(call, retry)


def update_object(
    instance: WeaviateModel,
    fields: Sequence[str] | None,
    unchanged_since: datetime | None,
    scope: Scope,
    verified: set[type],
    retry: Retry,
) -> Flow[bool]:
    """Send what changed, or the given fields; give whether there was something to send.

    Raises:
        ObjectNotFoundError: there is no object with its id.
        StaleObjectError: the stored object was updated after ``unchanged_since``.
        InvalidValueError: see ``changed_fields`` and ``compile_update``.
        CollectionNotFoundError, SchemaMismatchError: see ``ensure_collection``.
    """
    sent = changed_fields(instance) if fields is None else fields
    calls = compile_update(instance, sent, scope)
    if not calls:
        return False
    before = baseline(instance)
    if before is None:  # what the fields were that are not sent stays unknown
        yield from _send(instance, calls, unchanged_since, scope, verified, retry)
        return True
    now = snapshot(instance)
    forms = StoredForms({**before, **{each: now[each] for each in sent if each in now}})
    with storing(instance, forms, assigned(instance) - set(sent)):
        yield from _send(instance, calls, unchanged_since, scope, verified, retry)
    return True


def _send(
    instance: WeaviateModel,
    calls: Sequence[RestCall[None]],
    unchanged_since: datetime | None,
    scope: Scope,
    verified: set[type],
    retry: Retry,
) -> Flow[None]:
    yield from ensure_collection(type(instance), verified, retry)
    if unchanged_since is not None:
        yield from _check_time(instance, unchanged_since, scope, retry)
    for call in calls:
        yield from retrying(call, retry)


def _check_time(instance: WeaviateModel, unchanged_since: datetime, scope: Scope, retry: Retry) -> Flow[None]:
    info = model_info(type(instance))
    found = yield from retrying(compile_updated_at(info, instance.id, scope), retry)
    if found > round(unchanged_since.timestamp() * 1000):
        moment = datetime.fromtimestamp(found / 1000, UTC)
        raise StaleObjectError(
            f"The {info.name} {instance.id} was updated at {moment.isoformat()}, after {unchanged_since.isoformat()}. "
            "Nothing was sent; read the object again, and repeat the change on what it is now.",
            collection=info.collection,
            object_id=instance.id,
        )
