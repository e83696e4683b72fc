"""A projection: a pydantic class with some of a model's fields, so that only those travel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from pydantic import BaseModel

from weaviate_orm.errors import InvalidQueryError, ModelDefinitionError, near_names
from weaviate_orm.model.datatypes import input_key, resolve
from weaviate_orm.model.info import ModelInfo, PropertyInfo, model_info

__all__ = ["Projection", "project"]


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """The class whose instances a query gives, and the properties of the model that they need.

    Attributes:
        shape: the class.
        properties: of the model, each with the key and optionality that the projection's own field has.
        id_key: the key of the projection's ``id`` field, if it has one.
    """

    shape: type[BaseModel]
    properties: tuple[PropertyInfo, ...]
    id_key: str | None


def project(info: ModelInfo, shape: type[BaseModel]) -> Projection:
    """Give the projection of a model onto a class.

    Raises:
        InvalidQueryError: the class has a field that the model has not, or of another type.
    """
    if not isinstance(shape, type) or not issubclass(shape, BaseModel):
        raise InvalidQueryError(f"as_() takes a pydantic class with some of {info.name}'s fields, got {shape!r}.")
    return _project(info.model, shape)


@lru_cache(maxsize=512)
def _project(model: type[object], shape: type[BaseModel]) -> Projection:
    info = model_info(model)
    if hasattr(shape, "__weaviate_options__"):
        raise InvalidQueryError(
            f"as_({shape.__name__}): a projection is a plain pydantic class (BaseModel), not a model with a collection."
        )
    properties: list[PropertyInfo] = []
    id_key: str | None = None
    for name, field in shape.model_fields.items():
        where = f"{shape.__name__}.{name}"
        try:
            key = input_key(shape, name)
        except ModelDefinitionError as error:
            raise InvalidQueryError(error.message, field=where) from None
        if name == "id":
            if field.annotation is not UUID:
                raise InvalidQueryError(f"{where} must be a UUID, as {info.name}.id is.")
            id_key = key
            continue
        source = info.properties.get(name)
        if source is None:
            raise InvalidQueryError(
                f"{where}: {info.name} has no property {name!r}.{near_names(name, info.properties)} "
                f"A projection has the names of {info.name}'s properties."
            )
        try:
            data_type = resolve(field.annotation, where, source.options.data_type)
        except ModelDefinitionError as error:
            raise InvalidQueryError(error.message, field=where) from None
        if data_type.name != source.data_type.name:
            raise InvalidQueryError(f"{where} is {data_type.name}, but {info.name}.{name} is {source.data_type.name}.")
        if source.data_type.optional and not data_type.optional and field.is_required():
            raise InvalidQueryError(
                f"{where} must allow None (or have a default), because {info.name}.{name} may be missing."
            )
        properties.append(
            PropertyInfo(name, key, source.name, data_type, field.is_required(), source.description, source.options)
        )
    return Projection(shape, tuple(properties), id_key)
