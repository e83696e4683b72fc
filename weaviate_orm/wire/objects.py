"""Objects on their way to the server: one at a time over REST, many at a time in a batch message.

An encoder is compiled once a model. It fills a message's objects in place, and tells which object is at fault when a value cannot be
stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote
from uuid import UUID

from weaviate_orm.errors import InvalidValueError, ObjectNotFoundError, TenantError, WeaviateError
from weaviate_orm.model.arrays import NOT_LOADED, LazyVector, as_vector, is_sound
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.info import ModelInfo, ReferenceInfo, model_info
from weaviate_orm.model.links import LinkState
from weaviate_orm.query.checks import checked_id
from weaviate_orm.query.statement import Scope
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall, Patience, RestCall, RestReply
from weaviate_orm.wire.rpcs import BATCH_DELETE, BATCH_OBJECTS
from weaviate_orm.wire.scopes import CONSISTENCY, check_tenant
from weaviate_orm.wire.vectors import encode, vector_type
from weaviate_orm.wire.writing import Plain, Writer, compile_plain, compile_writer

if TYPE_CHECKING:
    from weaviate_orm.model.arrays import FloatArray

__all__ = [
    "ObjectEncoder",
    "batch_message",
    "check_stored",
    "compile_batch",
    "compile_delete",
    "compile_exists",
    "compile_insert",
    "object_encoder",
    "object_path",
]


@dataclass(frozen=True, slots=True)
class _Part:
    field: str
    name: str
    plain: Plain
    write: Writer
    mutable: bool


class ObjectEncoder:
    """Turns a model's instances into objects of the protocol.

    Raises (both methods):
        InvalidValueError: names model, field and id of the object whose value cannot be stored, and why.
    """

    __slots__ = ("_by_field", "_parts", "_references", "_vectors", "_writers", "info", "mutable")

    def __init__(self, info: ModelInfo) -> None:
        self.info = info
        self._parts = [_part(info, each.field) for each in info.properties.values()]
        self._by_field = {part.field: part for part in self._parts}
        self._writers = tuple((part.field, part.write) for part in self._parts)
        # Fields whose values may be changed without an assignment.
        self.mutable = tuple(part.field for part in self._parts if part.mutable)
        self._references = tuple(info.references.values())
        self._vectors = tuple((each.field, each.name) for each in info.vectors.values())

    def fill(self, target: pb.BatchObject, instance: WeaviateModel, tenant: str | None) -> None:
        """Fill a batch message's object in place."""
        data = instance.__dict__
        target.uuid = str(data["id"])
        target.collection = self.info.collection
        if tenant is not None:
            target.tenant = tenant
        properties = target.properties
        fields = properties.non_ref_properties.fields
        field = "id"
        try:
            for field, write in self._writers:
                value = data[field]
                if value is not None:
                    write(fields, properties, value)
        except (InvalidValueError, TypeError, ValueError, AttributeError, KeyError) as error:
            raise self._refusal(instance, field, error) from error
        for field, name in self._vectors:
            array = self._array(instance, field)
            if array is None:
                continue
            if name is None:
                target.vector_bytes = encode(array)
            else:
                target.vectors.add(name=name, vector_bytes=encode(array), type=vector_type(array))
        for reference in self._references:
            for collection, ids in self._linked(instance, reference):
                if collection is None:
                    properties.single_target_ref_props.add(prop_name=reference.name, uuids=ids)
                else:
                    properties.multi_target_ref_props.add(
                        prop_name=reference.name, uuids=ids, target_collection=collection
                    )

    def body(self, instance: WeaviateModel, tenant: str | None) -> dict[str, Any]:
        """Give the object as REST takes it."""
        data = instance.__dict__
        properties: dict[str, Any] = {}
        field = "id"
        try:
            for part in self._parts:
                field = part.field
                value = data[field]
                if value is not None:
                    properties[part.name] = part.plain(value)
        except (InvalidValueError, TypeError, ValueError, AttributeError, KeyError) as error:
            raise self._refusal(instance, field, error) from error
        for reference in self._references:
            beacons = self.beacons(instance, reference)
            if beacons:
                properties[reference.name] = beacons
        body: dict[str, Any] = {"class": self.info.collection, "id": str(data["id"]), "properties": properties}
        arrays = {name: self._array(instance, field) for field, name in self._vectors}
        vectors = {name: array.tolist() for name, array in arrays.items() if array is not None}
        if None in vectors:
            body["vector"] = vectors[None]
        elif vectors:
            body["vectors"] = vectors
        if tenant is not None:
            body["tenant"] = tenant
        return body

    def beacons(self, instance: WeaviateModel, reference: ReferenceInfo) -> list[dict[str, str]]:
        """Give what a reference leads to as REST takes it."""
        return [
            {"beacon": f"weaviate://localhost/{collection or self._only_target(reference)}/{each}"}
            for collection, ids in self._linked(instance, reference)
            for each in ids
        ]

    def plain(self, instance: WeaviateModel, field: str) -> tuple[str, object]:
        """Give a property's name in the collection and its value as JSON has it; ``None`` when there is none."""
        part = self._by_field[field]
        try:
            value = instance.__dict__[field]
            return part.name, None if value is None else part.plain(value)
        except (InvalidValueError, TypeError, ValueError, AttributeError, KeyError) as error:
            raise self._refusal(instance, field, error) from error

    def vector(self, instance: WeaviateModel, field: str) -> list[Any] | None:
        """Give a vector as JSON has it."""
        array = self._array(instance, field)
        return None if array is None else array.tolist()

    def dimensions(self, instance: WeaviateModel) -> Iterator[tuple[str, int]]:
        """Give the field and number of dimensions of each vector that an instance has."""
        for field, _ in self._vectors:
            held = instance.__dict__.get(field)
            # One that came past validation may have no shape; fill() makes an array of it, or refuses it.
            shape = getattr(held.load() if isinstance(held, LazyVector) else held, "shape", None)
            if shape:
                yield field, shape[-1]

    def _only_target(self, reference: ReferenceInfo) -> str:
        return model_info(reference.targets[0]).collection

    def _linked(self, instance: WeaviateModel, reference: ReferenceInfo) -> list[tuple[str | None, list[str]]]:
        """Give the ids a reference leads to, by target collection; the collection is ``None`` when there is only one."""
        held: object = instance.__dict__.get(reference.field)  # an object, an id, a list of them, or a state
        if held is LinkState.NOT_INCLUDED:
            raise self._not_loaded(instance, reference.field, f"include({self.info.name}.{reference.field})")
        if held is None or isinstance(held, LinkState):
            return []
        linked = cast("list[WeaviateModel | UUID]", held if isinstance(held, list) else [held])  # no state
        if not linked:
            return []
        for each in linked:
            if not isinstance(each, UUID) and type(each) not in reference.targets:
                self._check_target(instance, reference, type(each))
        if len(reference.targets) == 1:
            return [(None, [str(each if isinstance(each, UUID) else each.id) for each in linked])]
        found: dict[str, list[str]] = {}
        for each in linked:
            if isinstance(each, UUID):
                names = " or ".join(target.__name__ for target in reference.targets)
                raise self._refusal(
                    instance,
                    reference.field,
                    InvalidValueError(f"an id does not say whether it is of {names}; give the object itself"),
                )
            found.setdefault(model_info(type(each)).collection, []).append(str(each.id))
        return list(found.items())

    def _check_target(self, instance: WeaviateModel, reference: ReferenceInfo, linked: type[WeaviateModel]) -> None:
        """Refuse an object of a subclass with a collection of its own, into which the reference does not lead."""
        if model_info(linked).collection in {model_info(each).collection for each in reference.targets}:
            return
        names = " | ".join(each.__name__ for each in reference.targets)
        kind = "References" if reference.many else "Reference"
        reason = (
            f"the reference leads to {names}, but a {linked.__name__} is kept in a collection of its own. "
            f"Declare {kind}[{names} | {linked.__name__}], or {linked.__name__} with collection={reference.targets[0].__name__!r}"
        )
        raise self._refusal(instance, reference.field, InvalidValueError(reason))

    def _not_loaded(self, instance: WeaviateModel, field: str, way: str) -> InvalidValueError:
        return self._refusal(
            instance,
            field,
            InvalidValueError(
                "it was read without it, and storing the object replaces the stored one, which has it. "
                f"Read it with {way} first, or assign what it shall be"
            ),
        )

    def _array(self, instance: WeaviateModel, field: str) -> FloatArray | None:
        """Give the vector that an instance holds; one that came with a query may not be decoded yet."""
        held: FloatArray | LazyVector | None = instance.__dict__.get(field)
        if held is NOT_LOADED:
            raise self._not_loaded(instance, field, "with_vectors()")
        if isinstance(held, LazyVector):
            return held.load()
        if held is None or is_sound(held, multi=self.info.vectors[field].multi):
            return held
        try:  # it came past validation, or was changed in place
            return as_vector(held, multi=self.info.vectors[field].multi, where="the vector")
        except InvalidValueError as error:
            raise self._refusal(instance, field, error) from error

    def _refusal(self, instance: WeaviateModel, field: str, error: Exception) -> InvalidValueError:
        where = f"{self.info.name}.{field}"
        if isinstance(error, WeaviateError):
            reason = error.message
        elif field not in instance.__dict__:
            reason = "the object has no value for it, which only happens past validation (model_construct())"
        else:
            declared = self.info.properties[field].data_type.name
            reason = f"it is declared as {declared}, and {instance.__dict__[field]!r:.80} is no such value ({error})"
        return InvalidValueError(
            f"{where} cannot be stored: {reason} (object {instance.id})",
            collection=self.info.collection,
            field=where,
            object_id=instance.id,
        )


def _part(info: ModelInfo, field: str) -> _Part:
    each = info.properties[field]
    annotation = info.model.model_fields[field].annotation
    plain = compile_plain(each, annotation)
    kind = each.data_type
    write = compile_writer(each.name, kind, plain if kind.overridden else None)
    return _Part(field, each.name, plain, write, kind.array or kind.overridden or kind.base == "object")


@lru_cache(maxsize=1024)
def object_encoder(model: type[WeaviateModel]) -> ObjectEncoder:
    """Give the encoder of a model, compiled on first use."""
    return ObjectEncoder(model_info(model))


def object_path(info: ModelInfo, object_id: UUID) -> str:
    """Give the path of an object below ``/v1``."""
    return f"/objects/{quote(info.collection, safe='')}/{object_id}"


def check_stored(reply: RestReply, info: ModelInfo, object_id: UUID, operation: str) -> None:
    """Take the reply to a change of an object that must be there.

    Raises:
        ObjectNotFoundError: it is not. The reply is the same when the collection is gone, which was there before.
    """
    if reply.status == 404:
        raise ObjectNotFoundError(
            f"There is no {info.name} {object_id}, so nothing was changed. insert() or upsert() stores it.",
            collection=info.collection,
            object_id=object_id,
            operation=operation,
            status=404,
        )


def compile_insert(instance: WeaviateModel, scope: Scope) -> RestCall[UUID]:
    """Store one new object. Unlike a batch, the server refuses an id that exists.

    Raises:
        InvalidValueError: a value that cannot be sent.
        TenantError: a tenant is missing, or one too many.
    """
    encoder = object_encoder(type(instance))
    check_tenant(encoder.info, scope)
    object_id = checked_id(instance.id, "insert()")

    def read(reply: RestReply) -> UUID:
        return object_id

    return RestCall(
        "POST",
        "/objects",
        read,
        query={"consistency_level": scope.consistency},
        body=encoder.body(instance, scope.tenant),
        patience=Patience.INSERT,
        collection=encoder.info.collection,
    )


def compile_batch(message: pb.BatchObjectsRequest, collection: str | None) -> GrpcCall[dict[int, str]]:
    """Store or replace the objects of a batch message; give the server's errors by position in the message."""

    def read(reply: pb.BatchObjectsReply) -> dict[int, str]:
        return {each.index: each.error for each in reply.errors}

    return GrpcCall(BATCH_OBJECTS, message, read, collection)


def batch_message(scope: Scope) -> pb.BatchObjectsRequest:
    """Give an empty batch message."""
    message = pb.BatchObjectsRequest()
    if scope.consistency is not None:
        message.consistency_level = CONSISTENCY[scope.consistency]
    return message


def compile_exists(info: ModelInfo, object_id: UUID, scope: Scope) -> RestCall[bool]:
    """Ask whether an object exists.

    Raises:
        InvalidValueError: the id is no UUID.
        TenantError: a tenant is missing, or one too many. From the reply: the tenant is unknown or inactive.
    """
    check_tenant(info, scope)
    path = object_path(info, checked_id(object_id, "exists()"))

    def read(reply: RestReply) -> bool:
        if reply.status == 422:
            raise _refused_scope(info, scope, f"HEAD /v1{path}")
        return reply.status == 204

    return RestCall(
        "HEAD",
        path,
        read,
        query={"tenant": scope.tenant, "consistency_level": scope.consistency},
        accept=frozenset({204, 404, 422}),
        repeatable=True,
        collection=info.collection,
    )


def _refused_scope(info: ModelInfo, scope: Scope, operation: str) -> TenantError:
    """What a 422 means that has no text, as replies to HEAD have none: id and consistency level were checked, so it is the tenant."""
    if scope.tenant is None:
        message = (
            f"The collection {info.collection} keeps its objects by tenant, and {info.name} declares none. "
            f"session.schema.check({info.name}) shows how they differ."
        )
    else:
        message = (
            f"The tenant {scope.tenant!r} of {info.name} does not exist or is not active; the server does not say which. "
            f"session.tenants({info.name}).get({scope.tenant!r}) does; create({scope.tenant!r}) or activate({scope.tenant!r}) helps."
        )
    return TenantError(message, collection=info.collection, operation=operation, status=422)


def compile_delete(info: ModelInfo, object_id: UUID, scope: Scope) -> GrpcCall[bool]:
    """Delete an object; give whether there was one.

    Raises:
        TenantError: a tenant is missing, or one too many.
    """
    check_tenant(info, scope)
    request = pb.BatchDeleteRequest(
        collection=info.collection,
        filters=pb.Filters(
            operator=pb.Filters.OPERATOR_EQUAL,
            target=pb.FilterTarget(property="_id"),
            value_text=str(object_id),
        ),
    )
    if scope.tenant is not None:
        request.tenant = scope.tenant
    if scope.consistency is not None:
        request.consistency_level = CONSISTENCY[scope.consistency]

    def read(reply: pb.BatchDeleteReply) -> bool:
        return reply.successful > 0

    return GrpcCall(BATCH_DELETE, request, read, info.collection)
