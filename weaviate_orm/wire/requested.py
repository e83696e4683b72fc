"""The part of a search request that says what to answer with: properties, references, metadata and vectors."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.model.datatypes import NestedField
from weaviate_orm.model.info import ModelInfo, PropertyInfo, VectorInfo
from weaviate_orm.query.projection import Projection
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.linked import Choice, requests, vectors_asked

__all__ = ["DISTANCES", "SCORES", "asked", "set_links", "set_object"]

# What the server measures, by kind of search: fields of the request's metadata.
SCORES = ("score", "explain_score")
DISTANCES = ("distance", "certainty")

_TIMES = {"created_at": "creation_time_unix", "updated_at": "last_update_time_unix"}


@lru_cache(maxsize=2048)
def asked(
    info: ModelInfo,
    projection: Projection | None,
    inclusions: tuple[Inclusion, ...],
    vectors: tuple[VectorInfo, ...],
    measures: tuple[str, ...],
) -> pb.SearchRequest:
    """Give the part of a request that says what to answer with. It is the same for many queries; who takes it copies it."""
    request = pb.SearchRequest(collection=info.collection, uses_123_api=True, uses_125_api=True, uses_127_api=True)
    properties = info.properties.values() if projection is None else projection.properties
    _set_properties(request.properties, properties)
    set_links(request.properties, requests(info, projection, inclusions)[0])
    _set_metadata(request.metadata, vectors, measures)
    return request


def _set_properties(message: pb.PropertiesRequest, properties: Iterable[PropertyInfo]) -> None:
    # Named one by one: "all properties" would leave out blobs, and bring those that the model does not know.
    message.SetInParent()
    for each in properties:
        if each.data_type.base == "object":
            set_object(message.object_properties.add(), each.name, each.data_type.nested)
        else:
            message.non_ref_properties.append(each.name)


def set_links(message: pb.PropertiesRequest, choices: tuple[Choice, ...]) -> None:
    """Write what a request asks of references."""
    _set_links(message, choices, vectors_asked(choices))


def _set_links(
    message: pb.PropertiesRequest, choices: tuple[Choice, ...], vectors: dict[str, tuple[VectorInfo, ...]]
) -> None:
    for choice in choices:
        target = choice.target
        inner = message.ref_properties.add(reference_property=choice.reference.name)
        if len(choice.reference.targets) > 1:
            inner.target_collection = target.info.collection
        inner.metadata.uuid = True
        if choice.whole:
            for time in target.times:
                setattr(inner.metadata, _TIMES[time], True)
            _set_properties(inner.properties, target.properties)
        _set_vectors(inner.metadata, vectors[target.info.collection])
        inner.properties.SetInParent()
        _set_links(inner.properties, choice.links, vectors)


def set_object(message: pb.ObjectPropertiesRequest, name: str, fields: tuple[NestedField, ...]) -> None:
    """Write what a request asks of an object property: all of its fields."""
    message.prop_name = name
    for each in fields:
        if each.data_type.base == "object":
            set_object(message.object_properties.add(), each.name, each.data_type.nested)
        else:
            message.primitive_properties.append(each.name)


def _set_metadata(message: pb.MetadataRequest, vectors: tuple[VectorInfo, ...], measures: tuple[str, ...]) -> None:
    message.uuid = True
    message.creation_time_unix = True
    message.last_update_time_unix = True
    for measure in measures:
        setattr(message, measure, True)
    _set_vectors(message, vectors)


def _set_vectors(message: pb.MetadataRequest, vectors: tuple[VectorInfo, ...]) -> None:
    for vector in vectors:
        if vector.name is None:
            message.vector = True
        else:
            message.vectors.append(vector.name)
