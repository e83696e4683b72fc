"""A projection: a pydantic class with some of a model's fields, so that only those travel.

A field has the name of a property, of a nested object's property, or of a reference; those of objects and references are pydantic classes
of their own, with as few fields as they like. What ``FromHit`` marks comes from the hit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel
from typing_extensions import TypeAliasType

from weaviate_orm.errors import InvalidQueryError, ModelDefinitionError, near_names
from weaviate_orm.model.datatypes import DataType, input_key, resolve, union_members
from weaviate_orm.model.info import ModelInfo, PropertyInfo, ReferenceInfo, VectorInfo, model_info
from weaviate_orm.query.checks import check_targets
from weaviate_orm.query.from_hit import HIT_ATTRIBUTES, Measure, hit_mark, measured, vector_of

__all__ = ["ProjectedLink", "ProjectedVector", "Projection", "check_grouped", "project"]


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """The class whose instances a query gives, and what of the model they need.

    Attributes:
        info: the model.
        shape: the class.
        properties: of the model, each with the key and optionality that the projection's own field has.
        id_key: the key of the projection's ``id`` field, if it has one.
        measures: fields filled from the hit.
        vectors: fields filled with vectors.
        links: fields filled with what references lead to.
    """

    info: ModelInfo
    shape: type[BaseModel]
    properties: tuple[PropertyInfo, ...]
    id_key: str | None
    measures: tuple[Measure, ...] = ()
    vectors: tuple[ProjectedVector, ...] = ()
    links: tuple[ProjectedLink, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ProjectedVector:
    """A field that holds a vector; ``key`` is the name under which pydantic takes it."""

    key: str
    vector: VectorInfo
    optional: bool


@dataclass(frozen=True, slots=True, eq=False)
class ProjectedLink:
    """A field that holds what a reference leads to.

    Attributes:
        key: the name under which pydantic takes the value.
        reference: of the model.
        targets: one projection for each of the reference's targets, in their order.
        optional: whether a missing one is given as ``None``; otherwise it is left out, so that the default applies.
    """

    key: str
    reference: ReferenceInfo
    targets: tuple[Projection, ...]
    optional: bool


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
    return _projected(model_info(model), shape, ())


def _projected(info: ModelInfo, shape: type[BaseModel], around: tuple[type[BaseModel], ...]) -> Projection:
    """Give a projection. ``around`` are the classes it is nested in, which it must not contain again."""
    if hasattr(shape, "__weaviate_options__"):
        raise InvalidQueryError(
            f"as_({shape.__name__}): a projection is a plain pydantic class (BaseModel), not a model with a collection."
        )
    if shape in around:
        raise InvalidQueryError(
            f"{shape.__name__} contains itself; a projection has a fixed depth. Write a class for the inner one."
        )
    if not shape.__pydantic_complete__:
        shape.model_rebuild()
    properties: list[PropertyInfo] = []
    measures: list[Measure] = []
    vectors: list[ProjectedVector] = []
    links: list[ProjectedLink] = []
    id_key: str | None = None
    for name, field in shape.model_fields.items():
        where = f"{shape.__name__}.{name}"
        try:
            key = input_key(shape, name)
        except ModelDefinitionError as error:
            raise InvalidQueryError(error.message, field=where) from None
        mark = hit_mark(field, name)
        if mark is not None and mark in info.vectors:
            vector = vector_of(info, field, where, mark)
            vectors.append(ProjectedVector(key, vector, union_members(field.annotation)[0]))
        elif mark is not None:
            measures.append(measured(info, field, where, key, mark, linked=bool(around)))
        elif name == "id":
            if field.annotation is not UUID:
                raise InvalidQueryError(f"{where} must be a UUID, as {info.name}.id is.")
            id_key = key
        elif name in info.references:
            reference = info.references[name]
            check_targets(info, reference)
            optional, classes = _classes(field.annotation, where, reference)
            if reference.optional and not optional and field.is_required():
                raise InvalidQueryError(
                    f"{where} must allow None (or have a default), because {info.name}.{name} may be missing."
                )
            links.append(ProjectedLink(key, reference, _targets(reference, classes, where, (*around, shape)), optional))
        elif name in info.properties:
            source = info.properties[name]
            data_type = _data_type(field.annotation, where, source)
            _check_type(data_type, source.data_type, where, f"{info.name}.{name}", required=field.is_required())
            properties.append(
                PropertyInfo(name, key, source.name, data_type, field.is_required(), source.description, source.options)
            )
        else:
            raise _unknown(info, name, where)
    return Projection(info, shape, tuple(properties), id_key, tuple(measures), tuple(vectors), tuple(links))


def check_grouped(projection: Projection) -> None:
    """Refuse what members of groups do not have.

    Raises:
        InvalidQueryError: a time that may not be missing.
    """
    for each in projection.measures:
        if each.required and each.attribute != "id":
            where = f"{projection.shape.__name__}.{each.key}"
            raise InvalidQueryError(
                f"{where} must allow None (or have a default), because the server gives no {each.attribute} of objects in groups.",
                field=where,
            )


def _unknown(info: ModelInfo, name: str, where: str) -> InvalidQueryError:
    if name in HIT_ATTRIBUTES or name in info.vectors:
        return InvalidQueryError(
            f"{where}: {name} belongs to the hit, not to {info.name}'s properties. Mark it: "
            f"{name}: Annotated[..., FromHit()].",
            field=where,
        )
    return InvalidQueryError(
        f"{where}: {info.name} has no property {name!r}.{near_names(name, [*info.properties, *info.references])} "
        f"A projection has the names of {info.name}'s properties."
    )


def _data_type(annotation: object, where: str, source: PropertyInfo) -> DataType:
    try:
        return resolve(annotation, where, source.options.data_type)
    except ModelDefinitionError as error:
        raise InvalidQueryError(error.message, field=where) from None


def _check_type(data_type: DataType, source: DataType, where: str, of: str, *, required: bool) -> None:
    """Refuse a field that cannot hold what the property may have, at every depth of a nested object."""
    if data_type.name != source.name:
        raise InvalidQueryError(f"{where} is {data_type.name}, but {of} is {source.name}.", field=where)
    if source.optional and not data_type.optional and required:
        raise InvalidQueryError(
            f"{where} must allow None (or have a default), because {of} may be missing.", field=where
        )
    known = {each.field: each for each in source.nested}
    for each in data_type.nested:
        inner = f"{data_type.python.__name__}.{each.field}"
        if each.name not in known:
            raise InvalidQueryError(
                f"{inner}: {source.python.__name__} has no field {each.field!r}.{near_names(each.field, known)} "
                f"{where} picks from the fields of {of}.",
                field=inner,
            )
        of_inner = f"{source.python.__name__}.{each.field}"
        _check_type(each.data_type, known[each.name].data_type, inner, of_inner, required=each.required)


# References


def _plain(annotation: object) -> object:
    """Take off Annotated and type aliases."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif isinstance(annotation, TypeAliasType):
            annotation = annotation.__value__
        else:
            return annotation


_LISTS: tuple[object, ...] = (list, tuple, Sequence)


def _classes(annotation: object, where: str, reference: ReferenceInfo) -> tuple[bool, tuple[type[BaseModel], ...]]:
    """Give whether a reference's field allows None, and the classes it holds."""
    optional, members = union_members(_plain(annotation))
    if reference.many:
        whole = _plain(members[0])
        arguments = get_args(whole)
        if len(members) != 1 or get_origin(whole) not in _LISTS or not arguments:
            raise InvalidQueryError(
                f"{where} holds what many references lead to: declare it as a list of a pydantic class with some of "
                f"{_names(reference)}'s fields.",
                field=where,
            )
        _, members = union_members(_plain(arguments[0]))
    found: list[type[BaseModel]] = []
    for each in map(_plain, members):
        shown = _shown(each)
        if not isinstance(each, type) or not issubclass(each, BaseModel):
            raise InvalidQueryError(
                f"{where} holds what a reference leads to, which {shown} is not: declare it as a pydantic class with some of "
                f"{_names(reference)}'s fields.",
                field=where,
            )
        found.append(each)
    return optional, tuple(found)


def _shown(annotation: object) -> str:
    return "a list of them" if get_origin(annotation) in _LISTS else str(getattr(annotation, "__name__", annotation))


def _names(reference: ReferenceInfo) -> str:
    return " or ".join(each.__name__ for each in reference.targets)


def _targets(
    reference: ReferenceInfo, classes: tuple[type[BaseModel], ...], where: str, around: tuple[type[BaseModel], ...]
) -> tuple[Projection, ...]:
    """Give each target's projection: onto the first of the classes that fits it.

    Raises:
        InvalidQueryError: a target that no class fits, or a class that is of no use.
    """
    targets = [model_info(each) for each in reference.targets]
    if len(classes) == 1:
        return tuple(_projected(each, classes[0], around) for each in targets)
    found: list[Projection] = []
    for target in targets:
        failures: dict[str, str] = {}
        for shape in classes:
            try:
                found.append(_projected(target, shape, around))
                break
            except InvalidQueryError as error:
                failures[shape.__name__] = error.message
        else:
            why = " ".join(f"As {name}: {text}" for name, text in failures.items())
            raise InvalidQueryError(f"{where}: none of its classes fits {target.name}. {why}", field=where)
    for shape in classes:
        if all(each.shape is not shape for each in found):
            raise InvalidQueryError(
                f"{where}: no object would be a {shape.__name__}, because the classes before it fit all of {_names(reference)}.",
                field=where,
            )
    return tuple(found)
