"""What ``prop()``, ``vector()``, ``reference()`` and the class keywords say about a field or a collection, as values.

They ride in pydantic's field metadata, which pydantic copies with the field when a model is inherited.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    from weaviate_orm.model.arrays import FloatArray
    from weaviate_orm.schema.config import (
        InvertedIndex,
        MultiTenancy,
        ObjectTimeToLive,
        Replication,
        Sharding,
        TextAnalyzer,
        Tokenization,
    )
    from weaviate_orm.schema.indexes import VectorIndex
    from weaviate_orm.schema.modules import AnyVectorizer, GenerativeModule, Reranker

__all__ = ["CollectionOptions", "PropertyOptions", "ReferenceOptions", "Transient", "VectorOptions"]


class Transient:
    """Marks a plain pydantic field that is not stored: ``highlighted: Annotated[bool, Transient] = False``."""


@dataclass(frozen=True, slots=True)
class PropertyOptions:
    """What ``prop()`` says beyond the default value; ``None`` leaves the decision to the server."""

    name: str | None = None
    data_type: str | None = None
    tokenization: Tokenization | None = None
    filterable: bool | None = None
    searchable: bool | None = None
    range_filters: bool | None = None
    skip_vectorization: bool | None = None
    vectorize_name: bool | None = None
    text_analyzer: TextAnalyzer | None = None


@dataclass(frozen=True, slots=True)
class VectorOptions:
    """What ``vector()`` says."""

    vectorizer: AnyVectorizer | None = None
    source: tuple[str, ...] = ()
    index: VectorIndex | None = None
    name: str | None = None
    unnamed: bool = False
    dimensions: int | None = None

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        if self.dimensions is None:
            return schema
        return core_schema.no_info_after_validator_function(self._check_dimensions, schema)

    def _check_dimensions(self, value: FloatArray | None) -> FloatArray | None:
        if value is not None and value.shape[-1] != self.dimensions:
            # ValueError, because pydantic adds the field's name and collects all errors of the object.
            raise ValueError(
                f"the vector is declared with {self.dimensions} dimensions, got {value.shape[-1]}; "
                "encode it with the model that the collection's other vectors come from"
            )
        return value


@dataclass(frozen=True, slots=True)
class ReferenceOptions:
    """What ``reference()`` and ``references()`` say."""

    name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionOptions:
    """What the keywords of a model class say; ``None`` leaves the decision to the server."""

    collection: str | None = None
    abstract: bool = False
    key: tuple[str, ...] = ()
    inverted_index: InvertedIndex | None = None
    multi_tenancy: MultiTenancy | None = None
    replication: Replication | None = None
    sharding: Sharding | None = None
    object_ttl: ObjectTimeToLive | None = None
    generative: GenerativeModule | None = None
    reranker: Reranker | None = None
