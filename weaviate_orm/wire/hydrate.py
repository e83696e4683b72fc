"""From a result message to a model's instance: a reader compiled once for a model (or projection) and what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ValidationError

from weaviate_orm.errors import HydrationError, InvalidValueError, ProtocolError
from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.model.arrays import NOT_LOADED, LazyVector
from weaviate_orm.model.datatypes import input_key
from weaviate_orm.model.info import ModelInfo, PropertyInfo, ReferenceInfo, VectorInfo, model_info
from weaviate_orm.model.links import LinkState
from weaviate_orm.query.checks import embeds_text
from weaviate_orm.query.projection import Projection
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.reading import compile_reader
from weaviate_orm.wire.rows import Cell, compile_row
from weaviate_orm.wire.vectors import decode_named, decode_vectors

if TYPE_CHECKING:
    from weaviate_orm.model.arrays import FloatArray

__all__ = ["Hydrate", "compile_hydrate", "read_vectors"]

# Which class comes out is decided by the statement's type parameter, which this room does not see.
Hydrate: TypeAlias = Callable[[pb.PropertiesResult, pb.MetadataResult], Any]


def read_vectors(vectors: tuple[VectorInfo, ...]) -> Callable[[Any], Mapping[str, FloatArray]]:
    """Give the function from a result's metadata to its vectors by field name."""
    fields = {each.name: each.field for each in vectors}

    def read(metadata: pb.MetadataResult) -> Mapping[str, FloatArray]:
        return {fields[name]: array for name, array in decode_vectors(metadata).items() if name in fields}

    return read


@lru_cache(maxsize=2048)
def compile_hydrate(
    info: ModelInfo,
    projection: Projection | None,
    inclusions: tuple[Inclusion, ...],
    vectors: tuple[VectorInfo, ...],
) -> Hydrate:
    """Give the function from one result to an instance.

    Raises (the function):
        HydrationError: a value is missing or of another type than declared, or fails the model's validation.
    """
    if projection is None:
        return _compile_model(info, inclusions, vectors)
    return _compile_plain(info, projection.shape, projection.properties, projection.id_key)


def _cells(info: ModelInfo, properties: tuple[PropertyInfo, ...]) -> list[Cell]:
    return [
        Cell(
            each.key,
            each.name,
            each.data_type,
            compile_reader(each.data_type, f"{info.name}.{each.field}"),
            each.data_type.optional,
        )
        for each in properties
    ]


def _compile_plain(
    info: ModelInfo, shape: type[BaseModel], properties: tuple[PropertyInfo, ...], id_key: str | None
) -> Hydrate:
    fill = compile_row(_cells(info, properties))
    # Straight to the validator: the constructor would add two Python frames a row. Lax, because enums and sets come as plain
    # values and lists whatever the model's own strictness is.
    validate = shape.__pydantic_validator__.validate_python

    def hydrate(result: pb.PropertiesResult, metadata: pb.MetadataResult) -> Any:
        # The text of the id, which the validator reads quicker than Python makes a UUID of the bytes.
        data: dict[str, Any] = {} if id_key is None else {id_key: metadata.id or _padded(metadata)}
        try:
            fill(result.non_ref_props.fields, data)
            return validate(data, strict=False)
        except (ValidationError, HydrationError, InvalidValueError) as error:
            raise _failure(info, shape, UUID(metadata.id) if metadata.id else _padded(metadata), error) from error

    return hydrate


def _padded(metadata: pb.MetadataResult) -> UUID:
    # Old servers passed ids through a number and lost leading zero bytes.
    if not metadata.id_as_bytes:
        raise ProtocolError("The reply has a result without an id.")
    return UUID(bytes=metadata.id_as_bytes.rjust(16, b"\0"))


def _failure(info: ModelInfo, shape: type[BaseModel], identity: UUID, error: Exception) -> HydrationError:
    if isinstance(error, ValidationError):
        details = error.errors(include_url=False, include_input=False)
        field = ".".join(str(part) for part in details[0]["loc"])
        reason = "; ".join(f"{'.'.join(map(str, each['loc'])) or shape.__name__}: {each['msg']}" for each in details)
    else:
        field, reason = getattr(error, "field", None) or "", str(error)
    return HydrationError(
        f"The object {identity} of {info.collection} does not fit {shape.__name__}: {reason}. "
        "Either the model asks for more than the stored object has, or it was written by other means: "
        "give the field a default or allow None, or mend the object.",
        collection=info.collection,
        field=field,
        object_id=identity,
    )


def _compile_model(info: ModelInfo, inclusions: tuple[Inclusion, ...], vectors: tuple[VectorInfo, ...]) -> Hydrate:
    plain = _compile_plain(info, info.model, tuple(info.properties.values()), input_key(info.model, "id"))
    included = {each.link.field: each for each in inclusions}
    missing = tuple(each for each in info.references if each not in included)
    links = tuple(_compile_link(info.references[field], each) for field, each in included.items())
    wanted = tuple((each.field, each.name) for each in vectors)
    # A server that embeds makes its vectors again; the others would be lost if the object were stored as it is.
    unloaded = tuple(each.field for each in info.vectors.values() if each not in vectors and not embeds_text(each))
    # What says of every object that it was not asked for.
    absent: dict[str, object] = {
        **dict.fromkeys(missing, LinkState.NOT_INCLUDED),
        **dict.fromkeys(unloaded, NOT_LOADED),
    }
    if not (absent or links or wanted):
        return plain

    def hydrate(result: pb.PropertiesResult, metadata: pb.MetadataResult) -> Any:
        instance = plain(result, metadata)
        data = instance.__dict__
        data.update(absent)
        for link in links:
            link(result, data)
        for field, name in wanted:
            data[field] = LazyVector(decode_named, metadata, name)
        return instance

    return hydrate


def _compile_link(
    reference: ReferenceInfo, inclusion: Inclusion
) -> Callable[[pb.PropertiesResult, dict[str, Any]], None]:
    # By collection, because a reference to several models gives results of each; with one model the answer's name does not matter,
    # as it is the real one even where the model names an alias.
    readers = {
        model_info(target).collection: compile_hydrate(model_info(target), None, nested_for(target, inclusion), ())
        for target in reference.targets
    }
    only = next(iter(readers.values())) if len(readers) == 1 else None

    def link(result: pb.PropertiesResult, data: dict[str, Any]) -> None:
        found = [
            (only or readers[each.target_collection])(each, each.metadata)
            for properties in result.ref_props
            if properties.prop_name == reference.name
            for each in properties.properties
        ]
        if reference.many:
            data[reference.field] = found
        else:
            data[reference.field] = found[0] if found else None

    return link


def nested_for(target: type[object], inclusion: Inclusion) -> tuple[Inclusion, ...]:
    """Give the nested inclusions that belong to one of a reference's target models."""
    return tuple(each for each in inclusion.nested if issubclass(target, each.link.owner))
