"""The part of a search request that says what to answer with: properties, references, metadata and vectors."""

from __future__ import annotations

from functools import lru_cache

from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.model.datatypes import NestedField
from weaviate_orm.model.info import ModelInfo, PropertyInfo, VectorInfo, model_info
from weaviate_orm.query.projection import Projection
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.hydrate import nested_for

__all__ = ["DISTANCES", "SCORES", "asked"]

# What the server measures, by kind of search: fields of the request's metadata.
SCORES = ("score", "explain_score")
DISTANCES = ("distance", "certainty")


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
    _set_properties(request.properties, tuple(properties), info, inclusions)
    _set_metadata(request.metadata, vectors, measures)
    return request


def _set_properties(
    message: pb.PropertiesRequest,
    properties: tuple[PropertyInfo, ...],
    info: ModelInfo,
    inclusions: tuple[Inclusion, ...],
) -> None:
    # Named one by one: "all properties" would leave out blobs, and bring those that the model does not know.
    message.SetInParent()
    for each in properties:
        if each.data_type.base == "object":
            _set_object(message.object_properties.add(), each.name, each.data_type.nested)
        else:
            message.non_ref_properties.append(each.name)
    for inclusion in inclusions:
        reference = info.references[inclusion.link.field]
        for target in reference.targets:
            inner = message.ref_properties.add(reference_property=reference.name)
            if len(reference.targets) > 1:
                inner.target_collection = model_info(target).collection
            inner.metadata.uuid = True
            target_info = model_info(target)
            _set_properties(
                inner.properties, tuple(target_info.properties.values()), target_info, nested_for(target, inclusion)
            )


def _set_object(message: pb.ObjectPropertiesRequest, name: str, fields: tuple[NestedField, ...]) -> None:
    message.prop_name = name
    for each in fields:
        if each.data_type.base == "object":
            _set_object(message.object_properties.add(), each.name, each.data_type.nested)
        else:
            message.primitive_properties.append(each.name)


def _set_metadata(message: pb.MetadataRequest, vectors: tuple[VectorInfo, ...], measures: tuple[str, ...]) -> None:
    message.uuid = True
    message.creation_time_unix = True
    message.last_update_time_unix = True
    for measure in measures:
        setattr(message, measure, True)
    for vector in vectors:
        if vector.name is None:
            message.vector = True
        else:
            message.vectors.append(vector.name)
