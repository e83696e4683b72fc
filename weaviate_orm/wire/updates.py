"""Changing stored objects: replacing, upserting, merging, and what an instance's changes are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

from pydantic import ValidationError

from weaviate_orm.errors import InvalidValueError, WeaviateError
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.changes import StoredForms, assigned, linked_texts, stored
from weaviate_orm.model.info import ModelInfo, model_info
from weaviate_orm.model.links import LinkState
from weaviate_orm.query.checks import checked_id
from weaviate_orm.query.statement import Scope
from weaviate_orm.wire.call import GrpcCall, Patience, RestCall, RestReply
from weaviate_orm.wire.objects import (
    ObjectEncoder,
    batch_message,
    check_stored,
    compile_batch,
    object_encoder,
    object_path,
)
from weaviate_orm.wire.scopes import check_tenant
from weaviate_orm.wire.status import error_for_text

__all__ = [
    "baseline",
    "changed_fields",
    "compile_replace",
    "compile_update",
    "compile_updated_at",
    "compile_upsert",
    "snapshot",
]


def snapshot(instance: WeaviateModel, *, references: bool = True) -> StoredForms:
    """Give what can be changed in place, as it is now.

    Raises:
        InvalidValueError: a value cannot be stored.
    """
    encoder = object_encoder(type(instance))
    forms = StoredForms({field: _form(encoder, instance, field) for field in encoder.mutable})
    for reference in encoder.info.references.values():
        held: object = instance.__dict__.get(reference.field)
        if references and reference.many and isinstance(held, list):
            forms[reference.field] = linked_texts(cast("list[object]", held))  # isinstance leaves the elements unknown
    return forms


def _form(encoder: ObjectEncoder, instance: WeaviateModel, field: str) -> object:
    form: Any = encoder.plain(instance, field)[1]
    # Equal sets may give their elements in different orders.
    return sorted(form, key=repr) if isinstance(instance.__dict__[field], set | frozenset) else form


def baseline(instance: WeaviateModel) -> StoredForms | None:
    """Give what could be changed in place as it was stored; ``None`` when nothing is known of the stored object."""
    known = stored(instance)
    if known is None or isinstance(known, StoredForms):
        return known
    encoder = object_encoder(type(instance))
    links = {
        each.field: linked_texts(known[each.field]) for each in encoder.info.references.values() if each.field in known
    }
    if not encoder.mutable:
        return StoredForms(links)
    row = {key: value for key, value in known.items() if key not in links}
    try:  # the model's own validation may have made other values of those that were read
        origin: WeaviateModel = type(instance).__pydantic_validator__.validate_python(row, strict=False)
    except ValidationError:  # it takes a value once, and not again; then all of them count as changed
        return StoredForms(links)
    return StoredForms({**snapshot(origin, references=False), **links})


def changed_fields(instance: WeaviateModel) -> list[str]:
    """Give the fields that were assigned, or changed in place, since an instance was read or stored.

    Raises:
        InvalidValueError: nothing is known of the stored object, or the id was changed.
    """
    info = object_encoder(type(instance)).info
    before = baseline(instance)
    if before is None:
        raise InvalidValueError(
            f"This {info.name} was neither read nor stored by a session (a copy was not, either), so what changed is not known. "
            f"Name it, update(..., fields=[{info.name}...]), or store all of it with replace() or upsert().",
            collection=info.collection,
            object_id=instance.id,
        )
    names = assigned(instance)
    if "id" in names:
        raise InvalidValueError(
            f"{info.name}.id was assigned since the object was read or stored, and ids cannot be changed. "
            "Store it as a new object with insert(), and delete the other one.",
            collection=info.collection,
            field=f"{info.name}.id",
            object_id=instance.id,
        )
    now = snapshot(instance)
    return [
        each
        for each in (*info.properties, *info.vectors, *info.references)
        if each in names or (each in now and now[each] != before.get(each))
    ]


def compile_upsert(instance: WeaviateModel, scope: Scope) -> GrpcCall[WeaviateError | None]:
    """Store an object, or replace the one with its id; the call gives the server's refusal. A batch of one, as no REST call does so.

    Raises:
        InvalidValueError: a value that cannot be sent.
        TenantError: a tenant is missing, or one too many.
    """
    encoder = object_encoder(type(instance))
    check_tenant(encoder.info, scope)
    checked_id(instance.id, "upsert()")
    message = batch_message(scope)
    encoder.fill(message.objects.add(), instance, scope.tenant)
    call = compile_batch(message, encoder.info.collection)

    def read(reply: Any) -> WeaviateError | None:  # the message of the call
        errors = call.read(reply)
        if not errors:
            return None
        error = error_for_text(errors[0], operation="BatchObjects", collection=encoder.info.collection)
        if error.object_id is None:  # a text that names one means what the object refers to
            error.object_id = instance.id
        return error

    return GrpcCall(call.rpc, call.request, read, call.collection)


def compile_replace(instance: WeaviateModel, scope: Scope) -> RestCall[None]:
    """Replace a stored object. The server answers 404 when there is none.

    Raises:
        InvalidValueError: a value that cannot be sent.
        TenantError: a tenant is missing, or one too many.
    """
    encoder = object_encoder(type(instance))
    check_tenant(encoder.info, scope)
    path = object_path(encoder.info, checked_id(instance.id, "replace()"))
    return _write("PUT", path, instance, scope, encoder.body(instance, scope.tenant))


def compile_update(instance: WeaviateModel, fields: Iterable[str], scope: Scope) -> list[RestCall[None]]:
    """Give the calls that bring fields of a stored object to what the instance holds.

    One merges properties and vectors; it would append references, so each of those takes a call of its own.

    Raises:
        InvalidValueError: a value that cannot be sent, or a field that was not loaded.
        TenantError: a tenant is missing, or one too many.
    """
    encoder = object_encoder(type(instance))
    info = encoder.info
    check_tenant(info, scope)
    path = object_path(info, checked_id(instance.id, "update()"))
    properties: dict[str, object] = {}
    vectors: dict[str | None, list[Any]] = {}
    links: list[RestCall[None]] = []
    for field in fields:
        if field in info.properties:
            name, value = encoder.plain(instance, field)
            properties[name] = value  # None is sent as null, which removes it
        elif field in info.vectors:
            vectors[info.vectors[field].name] = _sent_vector(encoder, instance, field)
        else:
            reference = info.references[field]
            if instance.__dict__.get(field) is LinkState.NOT_INCLUDED:
                raise InvalidValueError(
                    f"{info.name}.{field} was not loaded, so there is nothing to update it with. Assign what it shall be.",
                    collection=info.collection,
                    field=f"{info.name}.{field}",
                    object_id=instance.id,
                )
            beacons = encoder.beacons(instance, reference)
            links.append(_write("PUT", f"{path}/references/{reference.name}", instance, scope, beacons, in_query=True))
    if not (properties or vectors):
        return links
    body: dict[str, Any] = {"class": info.collection, "id": str(instance.id), "properties": properties}
    if None in vectors:
        body["vector"] = vectors[None]
    elif vectors:
        body["vectors"] = vectors
    if scope.tenant is not None:
        body["tenant"] = scope.tenant
    return [_write("PATCH", path, instance, scope, body), *links]


def _sent_vector(encoder: ObjectEncoder, instance: WeaviateModel, field: str) -> list[Any]:
    vector = encoder.vector(instance, field)
    if vector is None:
        where = f"{encoder.info.name}.{field}"
        raise InvalidValueError(
            f"{where} is None, and the server has no update that removes a vector. replace() stores the object without it.",
            collection=encoder.info.collection,
            field=where,
            object_id=instance.id,
        )
    return vector


def compile_updated_at(info: ModelInfo, object_id: UUID, scope: Scope) -> RestCall[int]:
    """Ask when an object was last updated, in milliseconds since 1970. The server answers 404 when there is none."""

    path = object_path(info, object_id)

    def read(reply: RestReply) -> int:
        check_stored(reply, info, object_id, f"GET /v1{path}")
        moment: int = reply.body["lastUpdateTimeUnix"]
        return moment

    return RestCall(
        "GET",
        path,
        read,
        query={"tenant": scope.tenant, "consistency_level": scope.consistency},
        accept=frozenset({200, 404}),
        repeatable=True,
        collection=info.collection,
    )


def _write(
    method: str,
    path: str,
    instance: WeaviateModel,
    scope: Scope,
    body: dict[str, Any] | Sequence[object],
    *,
    in_query: bool = False,
) -> RestCall[None]:
    """Give a call that leaves the same state however often it is sent."""
    info, object_id = model_info(type(instance)), instance.id
    return RestCall(
        method,
        path,
        lambda reply: check_stored(reply, info, object_id, f"{method} /v1{path}"),
        query={"tenant": scope.tenant if in_query else None, "consistency_level": scope.consistency},
        body=body,
        accept=frozenset({200, 204, 404}),
        patience=Patience.INSERT,
        repeatable=True,
        collection=info.collection,
    )
