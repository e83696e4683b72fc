"""From a model to the configuration of its collection."""

from __future__ import annotations

from dataclasses import replace

from weaviate_orm.errors import ModelDefinitionError
from weaviate_orm.model.datatypes import DataType, NestedField
from weaviate_orm.model.info import ModelInfo, PropertyInfo, ReferenceInfo, VectorInfo, model_info
from weaviate_orm.schema.check import validate
from weaviate_orm.schema.config import (
    CollectionConfig,
    GenerativeModule,
    InvertedIndex,
    MultiTenancy,
    ObjectTimeToLive,
    PropertyConfig,
    ReferenceConfig,
    Replication,
    Reranker,
    Sharding,
    VectorConfig,
)
from weaviate_orm.schema.indexes import as_multi_vector
from weaviate_orm.schema.modules import self_provided

__all__ = ["collection_config", "inverted_index"]

# mypy does not check the keywords of a class that has a metaclass, so a wrong value gets here.
_OPTIONS: dict[str, type] = {
    "inverted_index": InvertedIndex,
    "multi_tenancy": MultiTenancy,
    "replication": Replication,
    "sharding": Sharding,
    "object_ttl": ObjectTimeToLive,
    "generative": GenerativeModule,
    "reranker": Reranker,
}


def collection_config(info: ModelInfo) -> CollectionConfig:
    """Give the configuration that a model declares, checked.

    Raises:
        ModelDefinitionError: the server would refuse it.
    """
    options = info.options
    for name in _OPTIONS:
        _check_option(info, name)
    config = CollectionConfig(
        name=info.collection,
        description=info.description,
        properties=tuple(map(_property, info.properties.values())),
        references=tuple(map(_reference, info.references.values())),
        vectors=tuple(map(_vector, info.vectors.values())),
        generative=options.generative,
        reranker=options.reranker,
        inverted_index=inverted_index(info),
        multi_tenancy=options.multi_tenancy or MultiTenancy(enabled=False),
        replication=options.replication or Replication(),
        sharding=options.sharding,
        object_ttl=options.object_ttl,
    )
    validate(config)
    return config


def inverted_index(info: ModelInfo) -> InvertedIndex:
    """Give which indexes the collection has for filters.

    A model with an optional property gets the index of null states unless it says otherwise, because it cannot be added later.
    """
    _check_option(info, "inverted_index")
    declared = info.options.inverted_index or InvertedIndex()
    if declared.null_state is None and any(each.data_type.optional for each in info.properties.values()):
        return replace(declared, null_state=True)
    return declared


def _check_option(info: ModelInfo, name: str) -> None:
    value = getattr(info.options, name)
    if value is not None and not isinstance(value, _OPTIONS[name]):
        raise ModelDefinitionError(
            f"{info.name}: the class keyword {name} takes a value of {_OPTIONS[name].__name__}, got {value!r}."
        )


def _property(info: PropertyInfo) -> PropertyConfig:
    options = info.options
    return PropertyConfig(
        name=info.name,
        data_type=info.data_type.name,
        description=info.description,
        tokenization=options.tokenization,
        filterable=options.filterable,
        searchable=options.searchable,
        range_filters=options.range_filters,
        nested=_nested(info.data_type),
        skip_vectorization=options.skip_vectorization,
        vectorize_name=options.vectorize_name,
        text_analyzer=options.text_analyzer,
    )


def _nested(data_type: DataType) -> tuple[PropertyConfig, ...]:
    return tuple(map(_nested_property, data_type.nested))


def _nested_property(field: NestedField) -> PropertyConfig:
    return PropertyConfig(
        name=field.name,
        data_type=field.data_type.name,
        description=field.description,
        nested=_nested(field.data_type),
    )


def _reference(info: ReferenceInfo) -> ReferenceConfig:
    targets = tuple(model_info(each).collection for each in info.targets)
    return ReferenceConfig(name=info.name, targets=targets, description=info.description)


def _vector(info: VectorInfo) -> VectorConfig:
    return VectorConfig(
        name=info.name,
        vectorizer=info.options.vectorizer or self_provided(),
        index=as_multi_vector(info.options.index) if info.multi else info.options.index,
        source=info.source,
    )
