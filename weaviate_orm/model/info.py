"""``ModelInfo``: the frozen description of a model that every later room works from. The only reader of pydantic's internals."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel
from pydantic.errors import PydanticUndefinedAnnotation
from pydantic.fields import FieldInfo

from weaviate_orm.errors import InvalidQueryError, ModelDefinitionError, near_names
from weaviate_orm.expr.nodes import Attribute, IdSubject, Link, PropertySubject, Through, leaves
from weaviate_orm.expr.operators import Condition
from weaviate_orm.model import names
from weaviate_orm.model.attributes import MultiVector, Property, Reference, References, Vector
from weaviate_orm.model.datatypes import DataType, input_key, refuse_extra, resolve, union_members
from weaviate_orm.model.options import CollectionOptions, PropertyOptions, ReferenceOptions, Transient, VectorOptions

if TYPE_CHECKING:
    from weaviate_orm.model.base import WeaviateModel

__all__ = ["ModelInfo", "PropertyInfo", "ReferenceInfo", "VectorInfo", "link_target", "model_info"]

Options = TypeVar("Options")


@dataclass(frozen=True, slots=True, eq=False)
class PropertyInfo:
    """A stored property.

    Attributes:
        field: the Python name.
        key: the name under which pydantic takes the value on input: the alias, if there is one.
        name: the property's name in the collection.
        data_type: what the annotation stands for.
        required: whether the constructor needs a value.
        description: kept with the collection.
        options: what ``prop()`` said.
    """

    field: str
    key: str
    name: str
    data_type: DataType
    required: bool
    description: str | None
    options: PropertyOptions


@dataclass(frozen=True, slots=True, eq=False)
class VectorInfo:
    """A vector. ``name`` is ``None`` for the unnamed vector of older collections."""

    field: str
    name: str | None
    multi: bool
    options: VectorOptions
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceInfo:
    """A reference property. ``targets`` are the model classes it may lead to."""

    field: str
    name: str
    many: bool
    optional: bool
    targets: tuple[type[WeaviateModel], ...]
    description: str | None


@dataclass(frozen=True, eq=False)
class ModelInfo:
    """What a model declares.

    Attributes:
        model: the class.
        collection: the collection's name.
        description: the class's own docstring.
        options: what the class keywords said.
        properties: by Python name, in declaration order; the id is not among them.
        vectors: by Python name.
        references: by Python name.
    """

    model: type[WeaviateModel]
    collection: str
    description: str | None
    options: CollectionOptions
    properties: Mapping[str, PropertyInfo] = field(repr=False)
    vectors: Mapping[str, VectorInfo] = field(repr=False)
    references: Mapping[str, ReferenceInfo] = field(repr=False)

    @property
    def name(self) -> str:
        """The class's name, for messages."""
        return self.model.__name__

    @cached_property
    def expressions(self) -> Mapping[str, object]:
        """What class access gives, by Python name."""
        found: dict[str, object] = {"id": Property[UUID](IdSubject(self.model), "uuid")}
        for info in self.properties.values():
            attribute = Attribute(
                self.model,
                info.field,
                info.name,
                info.data_type.base,
                info.data_type.array,
                _filterable(info),
            )
            found[info.field] = Property[object](PropertySubject(attribute), info.data_type.base)
        for vector in self.vectors.values():
            kind = MultiVector if vector.multi else Vector
            found[vector.field] = kind(self.model, vector.field, vector.name)
        for each in self.references.values():
            link = Link(self.model, each.field, each.name, each.many)
            found[each.field] = References[object](link) if each.many else Reference[object](link)
        return MappingProxyType(found)

    def vector_of(self, target: object, taker: str = "target") -> VectorInfo:
        """Give the vector that a class-level ``Vector`` expression names.

        Args:
            taker: what it was given to, for messages.

        Raises:
            InvalidQueryError: it belongs to another model, or is no vector.
        """
        if isinstance(target, Vector | MultiVector):
            if issubclass(self.model, target._owner) and target._field in self.vectors:
                return self.vectors[target._field]
            raise InvalidQueryError(f"{target._owner.__name__}.{target._field} is not a vector of {self.name}.")
        choices = ", ".join(f"{self.name}.{each}" for each in self.vectors) or "none, the model declares no vector"
        raise InvalidQueryError(f"{taker} takes a vector of {self.name} ({choices}), got {target!r}.")


def model_info(model: type[object]) -> ModelInfo:
    """Give the description of a model, building it on first use.

    Raises:
        ModelDefinitionError: not a model, an abstract one, one with a forward reference that cannot be resolved yet, or one that no
            collection can represent.
    """
    if not isinstance(model, type):
        raise ModelDefinitionError(f"Expected a model class, got {model!r:.80}.")
    known = model.__dict__.get("__weaviate_info__")
    if isinstance(known, ModelInfo):
        return known
    options = model.__dict__.get("__weaviate_options__")
    if not isinstance(options, CollectionOptions) or not issubclass(model, BaseModel):
        raise ModelDefinitionError(f"{getattr(model, '__name__', model)!r} is not a WeaviateModel.")
    if options.abstract:
        raise ModelDefinitionError(f"{model.__name__} is abstract and has no collection. Use one of its subclasses.")
    if not is_complete(model):
        _complete(model)
        return model_info(model)
    info = _build(model, options)
    # type.__setattr__ as such: the metaclass is for reading only.
    type.__setattr__(model, "__weaviate_info__", info)
    return info


_waiting: weakref.WeakSet[type[BaseModel]] = weakref.WeakSet()


def is_complete(model: type[BaseModel]) -> bool:
    """Tell whether every annotation of a model could be evaluated."""
    return bool(model.__pydantic_complete__) and all(_evaluated(each) for each in model.__pydantic_fields__.values())


def _evaluated(info: FieldInfo) -> bool:
    return bool(getattr(info, "_complete", True))  # only field infos of a forward reference are incomplete


def await_names(model: type[BaseModel]) -> None:
    """Remember a model whose annotations name a class that does not exist yet."""
    _waiting.add(model)


def settle(model: type[BaseModel]) -> None:
    """Try again to complete the models that may have waited for this one: those of the same module.

    A model of another module could only mean a class of the same name by accident; what such a model means is looked up when it is
    first used, when all modules have been imported.
    """
    for waiting in list(_waiting):
        if waiting.__module__ == model.__module__:
            waiting.model_rebuild(raise_errors=False, _types_namespace={**_scope(waiting), model.__name__: model})


def completed(model: type[BaseModel]) -> None:
    """Forget a model that waits no longer."""
    _waiting.discard(model)


def _scope(model: type[BaseModel]) -> dict[str, Any]:  # a namespace holds anything
    """Give the names that a model's annotations may use besides those of its module: the waiting models' own."""
    return {each.__name__: each for each in _waiting if each.__module__ == model.__module__}


def elsewhere(name: str, root: type[BaseModel]) -> list[type[BaseModel]]:
    """Give the models of this name in any module: what an import for type checkers alone, as cycles of modules need, may mean."""
    found: list[type[BaseModel]] = []
    for each in root.__subclasses__():
        found += [each] if each.__name__ == name else []
        found += elsewhere(name, each)
    return found


def _complete(model: type[BaseModel]) -> None:
    try:
        model.model_rebuild(_parent_namespace_depth=4)
    except PydanticUndefinedAnnotation as error:
        raise ModelDefinitionError(
            f"{model.__name__} names {error.name!r}, which is not defined where the model is, and which no single model in another "
            f"module is called. Define or import that class before the model is used, or call {model.__name__}.model_rebuild() "
            "where both are known."
        ) from error


def _build(model: type[BaseModel], options: CollectionOptions) -> ModelInfo:
    name = model.__name__
    collection = options.collection or name
    names.check_collection(name, collection)
    refuse_extra(model, name)
    properties: dict[str, PropertyInfo] = {}
    vectors: dict[str, VectorInfo] = {}
    references: dict[str, ReferenceInfo] = {}
    for field_name, info in model.__pydantic_fields__.items():
        where = f"{name}.{field_name}"
        annotation: Any = info.annotation  # annotations have no static type
        origin = get_origin(annotation) or annotation
        _check_kind(model, field_name, origin)
        if field_name == "id":
            if origin is not Property or get_args(annotation) != (UUID,):
                raise ModelDefinitionError(
                    f"{where}: the id is a UUID; declare it as id: Property[UUID] or leave it out."
                )
        elif origin is Property:
            properties[field_name] = _property(model, where, field_name, info, get_args(annotation)[0])
        elif origin in (Vector, MultiVector):
            vectors[field_name] = _vector(where, field_name, info, multi=origin is MultiVector)
        elif origin in (Reference, References):
            references[field_name] = _reference(where, field_name, info, get_args(annotation)[0], origin is References)
        elif any(each is Transient or isinstance(each, Transient) for each in info.metadata):
            if info.is_required():
                raise ModelDefinitionError(
                    f"{where} is not stored, so objects that are read have none: give it a default.", field=where
                )
        else:
            shown = _bare(annotation)
            raise ModelDefinitionError(
                f"{where} would not be stored: declare it as Property[{shown}] to store it, "
                f"or as Annotated[{shown}, Transient] to keep it out of the collection.",
                field=where,
            )
    stored = [(each.field, each.name) for each in properties.values()]
    names.check_unique(name, [*stored, *((each.field, each.name) for each in references.values())])
    names.check_unique(name, [(each.field, each.name or "default") for each in vectors.values()])
    for vector in vectors.values():
        _check_source(name, vector, properties)
    _check_key(name, options.key, properties)
    if len(vectors) > 1 and any(each.name is None for each in vectors.values()):
        raise ModelDefinitionError(f"{name}: a collection with an unnamed vector has no other vector.")
    return ModelInfo(
        model=cast("type[WeaviateModel]", model),  # every class with collection options is one
        collection=collection,
        description=_description(model),
        options=options,
        properties=MappingProxyType(properties),
        vectors=MappingProxyType({each: _renamed(vector, properties) for each, vector in vectors.items()}),
        references=MappingProxyType(references),
    )


def _bare(annotation: Any) -> str:  # annotations have no static type
    """Give an annotation as it would stand inside ``Property[...]``, also when ``Property`` stands inside it by mistake."""
    _, members = union_members(annotation)
    inner = [get_args(each)[0] if get_origin(each) is Property else each for each in members]
    if len(inner) < len(get_args(annotation)):
        inner.append(None)
    return " | ".join(each.__name__ if isinstance(each, type) else str(each) for each in inner)


_KINDS: tuple[object, ...] = (Property, Vector, MultiVector, Reference, References)


def _check_kind(model: type[BaseModel], field_name: str, kind: object) -> None:
    """Refuse a field that a base class declares as another kind: its code would still take the instance's value for that."""
    for base in model.__mro__[1:]:
        inherited = base.__dict__.get("__pydantic_fields__", {}).get(field_name)
        declared = get_origin(inherited.annotation) or inherited.annotation if inherited is not None else kind
        if declared is not kind and declared in _KINDS:
            raise ModelDefinitionError(
                f"{model.__name__}.{field_name} is declared as {getattr(kind, '__name__', kind)}, but {base.__name__} declares it as "
                f"{getattr(declared, '__name__', declared)}. Give it another name, or keep its kind.",
                field=f"{model.__name__}.{field_name}",
            )


def _description(model: type[BaseModel]) -> str | None:
    import inspect

    own = model.__dict__.get("__doc__")
    return inspect.cleandoc(own) or None if isinstance(own, str) else None


def _filterable(info: PropertyInfo) -> bool:
    """Tell whether an index answers filters; the ones for ranges and for keyword search do too."""
    options = info.options
    searchable = info.data_type.base == "text" and options.searchable is not False
    return options.filterable is not False or options.range_filters is True or searchable


def _found(info: FieldInfo, kind: type[Options]) -> Options | None:
    # The last one: a subclass that declares the field again appends its own.
    return next((each for each in reversed(info.metadata) if isinstance(each, kind)), None)


def _property(model: type[BaseModel], where: str, field_name: str, info: FieldInfo, annotation: object) -> PropertyInfo:
    options = _found(info, PropertyOptions) or PropertyOptions()
    property_name = options.name or field_name
    names.check_property(where, property_name)
    data_type = resolve(annotation, where, options.data_type)
    return PropertyInfo(
        field=field_name,
        key=input_key(model, field_name),
        name=property_name,
        data_type=data_type,
        required=info.is_required(),
        description=info.description,
        options=options,
    )


def _vector(where: str, field_name: str, info: FieldInfo, *, multi: bool) -> VectorInfo:
    options = _found(info, VectorOptions) or VectorOptions()
    if options.unnamed and (multi or options.name):
        raise ModelDefinitionError(f"{where}: an unnamed vector is a plain Vector and has no name.")
    name = None if options.unnamed else options.name or field_name
    if name is not None:
        names.check_vector(where, name)
    return VectorInfo(field_name, name, multi, options, options.source)


def _reference(where: str, field_name: str, info: FieldInfo, target: object, many: bool) -> ReferenceInfo:
    options = _found(info, ReferenceOptions) or ReferenceOptions()
    name = options.name or field_name
    names.check_property(where, name)
    optional, targets = union_members(target)
    if many and optional:
        raise ModelDefinitionError(f"{where}: a list of references cannot hold None.")
    for each in targets:
        if not isinstance(each, type) or not hasattr(each, "__weaviate_options__"):
            raise ModelDefinitionError(f"{where}: a reference leads to a WeaviateModel, not to {each!r}.")
    return ReferenceInfo(field_name, name, many, optional, targets, info.description or options.description)


def _check_source(model: str, vector: VectorInfo, properties: Mapping[str, PropertyInfo]) -> None:
    for source in vector.source:
        if source not in properties:
            raise ModelDefinitionError(
                f"{model}.{vector.field}: source={source!r} is not a property of {model}.{near_names(source, properties)}",
                field=f"{model}.{vector.field}",
            )
    if vector.source and vector.options.vectorizer is None:
        raise ModelDefinitionError(
            f"{model}.{vector.field}: source= says what the server embeds, but no vectorizer is named, so nothing would be. "
            "Name one, vector(text2vec_...(), source=...), or leave source out and give the vectors yourself.",
            field=f"{model}.{vector.field}",
        )


def _renamed(vector: VectorInfo, properties: Mapping[str, PropertyInfo]) -> VectorInfo:
    """Give the vector with its sources as the collection names them."""
    sources = tuple(properties[each].name for each in vector.source)
    return VectorInfo(vector.field, vector.name, vector.multi, vector.options, sources)


_KEY_TYPES = frozenset({"text", "int", "number", "boolean", "date", "uuid"})


def _check_key(model: str, key: tuple[str, ...], properties: Mapping[str, PropertyInfo]) -> None:
    for each in key:
        if each not in properties:
            raise ModelDefinitionError(
                f"{model}: key={each!r} is not a property of {model}.{near_names(each, properties)}"
            )
        data_type = properties[each].data_type
        if data_type.array or data_type.base not in _KEY_TYPES:
            raise ModelDefinitionError(f"{model}.{each} is {data_type.name}: a key is made of single plain values.")


def link_target(link: Link, condition: Condition) -> type[object]:
    """Give the model that the condition inside ``has()`` is about.

    Raises:
        InvalidQueryError: it is about a model that the reference does not lead to.
    """
    reference = model_info(link.owner).references[link.field]
    for leaf in leaves(condition.node):
        subject = leaf.link if isinstance(leaf, Through) else leaf.subject
        owner = subject.owner if isinstance(subject, Link) else _owner(subject)
        if owner is None:
            continue
        targets = [each for each in reference.targets if issubclass(each, owner)]
        if len(targets) > 1:
            raise _ambiguous(link, targets)
        if targets:
            return targets[0]
        names_ = " or ".join(each.__name__ for each in reference.targets)
        raise InvalidQueryError(
            f"{link} leads to {names_}, but the condition inside has() is about {owner.__name__} ({subject}).",
            field=str(link),
        )
    if len(reference.targets) == 1:
        return reference.targets[0]
    raise _ambiguous(link, reference.targets)


def _ambiguous(link: Link, targets: Sequence[type[object]]) -> InvalidQueryError:
    names_ = " or ".join(each.__name__ for each in targets)
    return InvalidQueryError(
        f"{link} may lead to {names_}, and the condition inside has() fits each, but the server looks into one collection only. "
        f"Say which with a property of that class: {link}.has({targets[0].__name__}.id == ...).",
        field=str(link),
    )


def _owner(subject: object) -> type[object] | None:
    if isinstance(subject, IdSubject):
        return subject.owner
    for name in ("attribute", "link"):
        part = getattr(subject, name, None)
        if part is not None:
            owner: type[object] = part.owner
            return owner
    return None


def owner_of(subject: object) -> type[object] | None:
    """Give the model that a subject belongs to; ``None`` for timestamps, which every model has."""
    return _owner(subject)
