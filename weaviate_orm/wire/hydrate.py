"""From a result message to a model's instance: a reader compiled once for a model (or projection) and what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ValidationError

from weaviate_orm.errors import HydrationError, InvalidValueError
from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.model.arrays import NOT_LOADED, LazyVector
from weaviate_orm.model.changes import keep_links, keep_row
from weaviate_orm.model.datatypes import input_key
from weaviate_orm.model.info import ModelInfo, PropertyInfo, ReferenceInfo, VectorInfo, model_info
from weaviate_orm.model.links import LinkState
from weaviate_orm.query.checks import embeds_text
from weaviate_orm.query.projection import Projection
from weaviate_orm.query.results import Hit
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.identity import id_from_bytes, result_id
from weaviate_orm.wire.linked import nested_for, vectors_for
from weaviate_orm.wire.reading import compile_reader
from weaviate_orm.wire.rows import Cell, compile_row
from weaviate_orm.wire.vectors import decode_named, decode_vectors

if TYPE_CHECKING:
    from weaviate_orm.model.arrays import FloatArray

__all__ = ["Hydrate", "compile_hydrate", "read_vectors"]

# Which class comes out is decided by the statement's type parameter, which this room does not see.
Hydrate: TypeAlias = Callable[[pb.PropertiesResult, pb.MetadataResult], Any]

Link: TypeAlias = Callable[[pb.PropertiesResult, dict[str, Any]], None]
"""Puts what a reference leads to into a mapping, as objects that are made already."""


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
    return _compile_projection(projection)


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
    info: ModelInfo,
    shape: type[BaseModel],
    properties: tuple[PropertyInfo, ...],
    id_key: str | None,
    keep: Callable[[Any, dict[str, Any]], None] | None = None,
    absent: Mapping[str, object] | None = None,
    given: Callable[[pb.PropertiesResult, pb.MetadataResult, dict[str, Any]], None] | None = None,
) -> Hydrate:
    """Give the function from one result to an instance.

    Args:
        info: the model, for messages.
        shape: the class of the instance.
        properties: what is read.
        id_key: where the id goes.
        keep: given each instance and the raw values that it was made of.
        absent: what each instance holds of fields that were not asked for.
        given: puts what is no property into the values of each instance, before they are validated.
    """
    fill = compile_row(_cells(info, properties))
    # Straight to the validator: the constructor would add two Python frames a row. Lax, because enums and sets come as plain
    # values and lists whatever the model's own strictness is.
    validate = shape.__pydantic_validator__.validate_python

    def hydrate(result: pb.PropertiesResult, metadata: pb.MetadataResult) -> Any:
        # The text of the id, which the validator reads quicker than Python makes a UUID of the bytes.
        data: dict[str, Any] = {} if id_key is None else {id_key: metadata.id or id_from_bytes(metadata)}
        if given is not None:
            given(result, metadata, data)
        try:
            fill(result.non_ref_props.fields, data)
            instance = validate(data, strict=False)
        except (ValidationError, HydrationError, InvalidValueError) as error:
            raise _failure(info, shape, result_id(metadata), error) from error
        if keep is not None:
            keep(instance, data)
        if absent:
            instance.__dict__.update(absent)
        return instance

    return hydrate


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
    properties = tuple(info.properties.values())
    included = {each.link.field: each for each in inclusions}
    missing = tuple(each for each in info.references if each not in included)
    links = tuple(_compile_link(info.references[field], each) for field, each in included.items())
    lists = tuple(each for each in included if info.references[each].many)
    wanted = tuple((each.field, each.name) for each in vectors)
    # A server that embeds makes its vectors again; the others would be lost if the object were stored as it is.
    unloaded = tuple(each.field for each in info.vectors.values() if each not in vectors and not embeds_text(each))
    # What says of every object that it was not asked for.
    absent: dict[str, object] = {
        **dict.fromkeys(missing, LinkState.NOT_INCLUDED),
        **dict.fromkeys(unloaded, NOT_LOADED),
    }
    plain = _compile_plain(info, info.model, properties, input_key(info.model, "id"), keep_row, absent)
    if not (links or wanted):
        return plain

    def hydrate(result: pb.PropertiesResult, metadata: pb.MetadataResult) -> Any:
        instance = plain(result, metadata)
        data = instance.__dict__
        for link in links:
            link(result, data)
        for field in lists:
            keep_links(instance, field, data[field])
        for field, name in wanted:
            data[field] = LazyVector(decode_named, metadata, name)
        return instance

    return hydrate


def _compile_link(reference: ReferenceInfo, inclusion: Inclusion) -> Link:
    readers: list[Hydrate] = []
    for target in map(model_info, reference.targets):
        nested, vectors = nested_for(target.model, inclusion), vectors_for(target, inclusion)
        readers.append(_read_id if inclusion.ids_only else compile_hydrate(target, None, nested, vectors))
    return _linked(reference, reference.field, readers, optional=True)


def _linked(reference: ReferenceInfo, key: str, readers: Sequence[Hydrate], *, optional: bool) -> Link:
    """Give the function that puts what a reference leads to under a key. ``readers`` are those of the reference's targets."""
    name, many = reference.name, reference.many
    # By collection, because a reference to several models gives results of each; with one model the answer's name does not matter,
    # as it is the real one even where the model names an alias.
    only = readers[0]
    by_collection = {
        model_info(target).collection: read for target, read in zip(reference.targets, readers, strict=True)
    }
    single = len(by_collection) == 1

    def link(result: pb.PropertiesResult, data: dict[str, Any]) -> None:
        found = [
            (only if single else by_collection[each.target_collection])(each, each.metadata)
            for properties in result.ref_props
            if properties.prop_name == name
            for each in properties.properties
        ]
        if many:
            data[key] = found
        elif found or optional:
            data[key] = found[0] if found else None

    return link


def _read_id(result: pb.PropertiesResult, metadata: pb.MetadataResult) -> UUID:
    return result_id(metadata)


def _compile_projection(projection: Projection) -> Hydrate:
    info = projection.info
    links = tuple(
        _linked(link.reference, link.key, [_compile_projection(each) for each in link.targets], optional=link.optional)
        for link in projection.links
    )
    measures = tuple((each.key, each.attribute, each.optional) for each in projection.measures)
    vectors = tuple((each.key, each.vector.name, each.optional) for each in projection.vectors)

    def more(result: pb.PropertiesResult, metadata: pb.MetadataResult, data: dict[str, Any]) -> None:
        for link in links:  # what does not fit there is told of the object there
            link(result, data)
        if measures:
            hit = Hit(None, metadata, _no_vectors)  # it knows how each is read
            for key, attribute, optional in measures:
                value = getattr(hit, attribute)
                if value is not None or optional:
                    data[key] = value
        for key, name, optional in vectors:
            value = decode_named(metadata, name)
            if value is not None or optional:
                data[key] = value

    given = more if links or measures or vectors else None
    return _compile_plain(info, projection.shape, projection.properties, projection.id_key, given=given)


def _no_vectors(metadata: object) -> Mapping[str, FloatArray]:
    return {}
