"""``WeaviateModel``: a pydantic model whose class attributes are expressions.

Two things pydantic does not expect need care. It looks attributes up on base classes while it builds a subclass, to find defaults and to
warn of shadowing, so expressions hide while a class is being built. And reading a reference or vector of an instance may have to refuse
or to decode, so those fields get a data descriptor on the class; plain properties stay plain entries of the instance's dictionary.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import FrameType
from typing import TYPE_CHECKING, Any, ClassVar, Unpack, cast
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.errors import PydanticUndefinedAnnotation
from typing_extensions import dataclass_transform

from weaviate_orm.errors import ModelDefinitionError, near_names
from weaviate_orm.model import names
from weaviate_orm.model.arrays import NOT_LOADED, LazyVector
from weaviate_orm.model.attributes import Property, prop
from weaviate_orm.model.info import ModelInfo, await_names, completed, elsewhere, is_complete, model_info, settle
from weaviate_orm.model.keys import key_id
from weaviate_orm.model.links import LinkState, read_many, read_one
from weaviate_orm.model.options import CollectionOptions

if TYPE_CHECKING:
    # Its private module is only named for the checkers; at run time the class is taken from BaseModel.
    from pydantic._internal._model_construction import ModelMetaclass
    from pydantic._internal._namespace_utils import MappingNamespace

    from weaviate_orm.schema.config import InvertedIndex, MultiTenancy, ObjectTimeToLive, Replication, Sharding
    from weaviate_orm.schema.modules import GenerativeModule, Reranker
else:
    ModelMetaclass = type(BaseModel)

__all__ = ["WeaviateModel"]


class _Building(threading.local):
    depth = 0


_building = _Building()


@contextmanager
def _class_under_construction() -> Generator[None, None, None]:
    _building.depth += 1
    try:
        yield
    finally:
        _building.depth -= 1


# Options that a subclass takes over from its parents; the collection's name and `abstract` are a class's own.
_INHERITED = (
    "key",
    "inverted_index",
    "multi_tenancy",
    "replication",
    "sharding",
    "object_ttl",
    "generative",
    "reranker",
)
_KEYWORDS = frozenset({"collection", "abstract", *_INHERITED})


@dataclass_transform(kw_only_default=True, field_specifiers=(prop, Field))
class _WeaviateModelMeta(ModelMetaclass):
    """Takes the collection's options from the class keywords, and gives expressions on class access."""

    # Checkers see the class keywords, and no __getattr__: a misspelt keyword or field stays an error. pyright looks for the keywords in
    # __new__; mypy looks for none where there is a metaclass, so wrong ones are refused at run time too.
    if TYPE_CHECKING:
        # pydantic's metaclass is a dataclass_transform, so pyright takes its subclass for a dataclass, and would make up a __new__ that
        # takes anything if there were no __init__.
        def __init__(cls, *arguments: object, **keywords: object) -> None: ...  # noqa: N805  # pyright: ignore[reportInconsistentConstructor]

        # Instances have no hash, but classes do; pyright would look at the former.
        def __hash__(cls) -> int: ...  # noqa: N805  a metaclass's self is a class

        def __new__(
            mcs,
            name: str,
            bases: tuple[type, ...],
            namespace: dict[str, Any],  # a class body holds anything
            *,
            collection: str | None = None,
            abstract: bool = False,
            key: str | tuple[str, ...] = (),
            inverted_index: InvertedIndex | None = None,
            multi_tenancy: MultiTenancy | None = None,
            replication: Replication | None = None,
            sharding: Sharding | None = None,
            object_ttl: ObjectTimeToLive | None = None,
            generative: GenerativeModule | None = None,
            reranker: Reranker | None = None,
            **config: Unpack[ConfigDict],  # pydantic's own class keywords
        ) -> type: ...
    else:

        def __new__(mcs, name, bases, namespace, **keywords):
            own = {each: keywords.pop(each) for each in list(keywords) if each in _KEYWORDS}
            _refuse_misspelt(name, keywords)
            for field in _declared(namespace):
                names.check_field(name, field)
            options = _options(name, bases, own)
            if options.key:
                namespace.setdefault("weaviate_key_id_", model_validator(mode="after")(_assign_key_id))
            if "__pydantic_reset_parent_namespace__" not in keywords:
                # pydantic would look for the class's surroundings one frame up, which is this function.
                namespace["__pydantic_parent_namespace__"] = _surroundings(sys._getframe(1))
                keywords["__pydantic_reset_parent_namespace__"] = False
            with _class_under_construction():
                namespace["__weaviate_options__"] = options
                cls = super().__new__(mcs, name, bases, namespace, **keywords)
                generic = cls.__pydantic_generic_metadata__
                # Envelope and Envelope[str] are bases; a class that names the latter as its base has a name for a collection.
                if generic["parameters"] or generic["origin"]:
                    type.__setattr__(
                        cls, "__weaviate_options__", CollectionOptions(**{**_values(options), "abstract": True})
                    )
            if not is_complete(cls):
                await_names(cls)
            settle(cls)
            if is_complete(cls):
                _finish(cls)
            return cls

        def __getattr__(cls, name):  # noqa: N805  a metaclass's self is a class
            if not _building.depth and not name.startswith("_"):
                info = cls.__dict__.get("__weaviate_info__")
                if info is not None and name in info.expressions:  # the usual case, several times a query
                    return info.expressions[name]
                fields = cls.__dict__.get("__pydantic_fields__", {})
                if name in fields:
                    try:
                        return model_info(cls).expressions[name]
                    except KeyError:
                        raise AttributeError(
                            f"{cls.__name__}.{name} is not stored, so there is no expression for it."
                        ) from None
                if not hasattr(type(cls), name) and "__weaviate_options__" in cls.__dict__:
                    raise AttributeError(f"{cls.__name__} has no field {name!r}.{near_names(name, fields)}")
            return super().__getattr__(name)

        def __dir__(cls):  # noqa: N805  a metaclass's self is a class
            return [*super().__dir__(), *cls.__dict__.get("__pydantic_fields__", {})]


def _refuse_misspelt(model: str, keywords: Iterable[str]) -> None:
    """Refuse a class keyword that is nearly one of ours. Others are pydantic's, or for a base class's ``__init_subclass__``."""
    for each in keywords:
        near = near_names(each, _KEYWORDS)
        if near and each not in ConfigDict.__annotations__:
            raise ModelDefinitionError(f"{model}: there is no class keyword {each!r}.{near}")


def _surroundings(frame: FrameType) -> dict[str, Any] | None:
    """Give the names around a class that is defined inside a function; those of a module pydantic finds by itself."""
    return None if frame.f_code.co_name == "<module>" else dict(frame.f_locals)


def _declared(namespace: dict[str, Any]) -> list[str]:
    """Give the annotated names of a class body. From Python 3.14 on they are behind a function."""
    annotations = namespace.get("__annotations__")
    if annotations is None:
        function = namespace.get("__annotate_func__") or namespace.get("__annotate__")
        if function is None:
            return []
        # Python 3.14 and later; the checkers look at 3.11.
        annotationlib: Any = import_module("annotationlib")
        annotations = annotationlib.call_annotate_function(function, annotationlib.Format.FORWARDREF)
    names: Iterable[str] = annotations
    return list(names)


def _values(options: CollectionOptions) -> dict[str, Any]:
    return {each: getattr(options, each) for each in CollectionOptions.__dataclass_fields__}


def _options(model: str, bases: tuple[type, ...], own: dict[str, Any]) -> CollectionOptions:
    values: dict[str, Any] = {}
    for base in reversed(bases):
        inherited = getattr(base, "__weaviate_options__", None)
        if isinstance(inherited, CollectionOptions):
            values.update({each: getattr(inherited, each) for each in _INHERITED if getattr(inherited, each)})
    key: object = own.get("key", ())  # not checked by mypy, see above
    if isinstance(key, str):
        own["key"] = (key,)
    elif not isinstance(key, tuple) or not all(isinstance(each, str) for each in cast("tuple[object, ...]", key)):
        raise ModelDefinitionError(f"{model}: key takes the name of a field or a tuple of names, got {key!r}.")
    return CollectionOptions(**{**values, **own})


def _finish(model: type[BaseModel]) -> None:
    """Check a complete model at once, and put the descriptors of its references and vectors in place."""
    completed(model)
    options = model.__dict__["__weaviate_options__"]
    # The names around the class were only needed to evaluate its annotations; they would keep a function's locals alive.
    type.__setattr__(model, "__pydantic_parent_namespace__", None)
    if options.abstract:
        return
    info = model_info(model)
    for reference in info.references.values():
        type.__setattr__(model, reference.field, _LinkAccess(reference.field, reference.many, reference.optional))
    for vector in info.vectors.values():
        type.__setattr__(model, vector.field, _VectorAccess(vector.field))


class _Access:
    """A data descriptor: reading goes through it although the value lies in the instance's dictionary."""

    __slots__ = ("field",)

    def __init__(self, field: str) -> None:
        self.field = field

    def __get__(self, instance: WeaviateModel | None, owner: type[WeaviateModel]) -> object:
        if instance is not None:
            return self.read(instance)
        if _building.depth:
            raise AttributeError(self.field)
        return model_info(owner).expressions[self.field]

    def __set__(self, instance: WeaviateModel, value: object) -> None:
        # pydantic's __setattr__ validates and writes to the dictionary; it never gets here.
        raise AttributeError(f"{type(instance).__name__}.{self.field} is set through validation")

    def read(self, instance: WeaviateModel) -> object:
        raise NotImplementedError


class _LinkAccess(_Access):
    __slots__ = ("many", "optional")

    def __init__(self, field: str, many: bool, optional: bool) -> None:
        super().__init__(field)
        self.many = many
        self.optional = optional

    def read(self, instance: WeaviateModel) -> object:
        if self.many:
            return read_many(instance, self.field)
        return read_one(instance, self.field, optional=self.optional)


class _VectorAccess(_Access):
    __slots__ = ()

    def read(self, instance: WeaviateModel) -> object:
        value = instance.__dict__.get(self.field)
        if value is NOT_LOADED:
            return None
        if isinstance(value, LazyVector):
            value = vars(instance)[self.field] = value.load()
        return value


_read_slot = object.__getattribute__  # which does not ask __getattr__ when there is nothing


def _assign_key_id(self: WeaviateModel) -> WeaviateModel:
    """Give a new object of a model with a key the id that its key stands for. An id that was given stays."""
    if "id" not in self.__pydantic_fields_set__:
        options: CollectionOptions = type(self).__weaviate_options__
        vars(self)["id"] = key_id(self.__dict__[each] for each in options.key)
        self.__pydantic_fields_set__.add("id")
    return self


class WeaviateModel(BaseModel, metaclass=_WeaviateModelMeta):
    """Base of every model: subclass it, and the class is a collection's schema, validation, query language and result type.

    Unknown fields are refused, and assignments are validated. The class keywords say what concerns the whole collection::

        class Article(WeaviateModel, key=("url",)):
            url: Property[str]
            title: Property[str]

    Args:
        collection: the collection's name, when it is not the class's.
        abstract: the class only serves as a base, and has no collection.
        key: fields whose values determine the id, so that importing the same thing again replaces it.
        inverted_index: which indexes filters find, and how keyword search ranks.
        multi_tenancy: whether each object belongs to a tenant.
        replication: how many copies the cluster keeps.
        sharding: how the collection is spread.
        object_ttl: when objects expire.
        generative: the module that ``generate()`` uses.
        reranker: the module that ``rerank()`` uses.

    Raises:
        ModelDefinitionError: the class cannot be represented by a collection; raised when the class is defined, or when the last
            class that it refers to is.
    """

    # What is stored, and what was assigned since, as far as this session knows: see changes.py. Slots, so that neither dumps nor
    # comparisons nor copies see them.
    __slots__ = ("__weaviate_assigned__", "__weaviate_stored__")

    model_config = ConfigDict(extra="forbid", validate_assignment=True, populate_by_name=True)

    __weaviate_options__: ClassVar[CollectionOptions]
    __weaviate_info__: ClassVar[ModelInfo]

    id: Property[UUID] = prop(default_factory=uuid4)

    @classmethod
    def model_rebuild(
        cls,
        *,
        force: bool = False,
        raise_errors: bool = True,
        _parent_namespace_depth: int = 2,
        _types_namespace: MappingNamespace | None = None,
    ) -> bool | None:
        """Evaluate annotations that named classes which did not exist yet; pydantic's method, called by itself on first use.

        A name that is still unknown is looked for among the models of all modules.

        Raises:
            PydanticUndefinedAnnotation: unless ``raise_errors`` is false, a name belongs to no model, or to several.
        """
        # One frame more lies between pydantic and whoever called.
        depth = _parent_namespace_depth + 1 if _parent_namespace_depth > 0 else 0
        # pydantic only needs a mapping that ``in`` and ``[]`` work with.
        namespace: dict[str, Any] | None = None if _types_namespace is None else dict(_types_namespace.items())
        while True:
            try:
                done = super().model_rebuild(force=force, _parent_namespace_depth=depth, _types_namespace=namespace)
                break
            except PydanticUndefinedAnnotation as error:
                name = error.name or ""
                # Names that the caller gives are all there is; settle() asks so while modules are still being imported.
                found = elsewhere(name, WeaviateModel) if _types_namespace is None else []
                if len(found) != 1 or name in (namespace or {}):
                    if raise_errors:
                        raise
                    return False
                namespace = {**(namespace or {}), name: found[0]}
        if done and is_complete(cls):
            _finish(cls)
        return done

    if not TYPE_CHECKING:  # a misspelt field stays an error to checkers

        def __setattr__(self, name, value):
            super().__setattr__(name, value)
            try:
                _read_slot(self, "__weaviate_stored__")
            except AttributeError:
                return
            try:
                _read_slot(self, "__weaviate_assigned__").add(name)
            except AttributeError:
                object.__setattr__(self, "__weaviate_assigned__", {name})

        def __getattr__(self, name):
            try:
                return super().__getattr__(name)
            except AttributeError:
                fields = type(self).__pydantic_fields__
                # A field is there, but was refused: a reference that was not loaded.
                hint = "" if name.startswith("_") or name in fields else near_names(name, fields)
                if not hint:
                    raise
            raise AttributeError(f"{type(self).__name__} has no field {name!r}.{hint}")

    def __eq__(self, other: object) -> bool:
        """Tell whether both are of one class and hold equal values.

        Vectors are equal when every component is, references when they lead to the same ids.
        """
        if type(self) is not type(other) or not isinstance(other, WeaviateModel):
            return NotImplemented
        mine, theirs = self.__dict__, other.__dict__
        vectors = model_info(type(self)).vectors
        if any(
            _comparable(mine, each) != _comparable(theirs, each) for each in {*mine, *theirs} if each not in vectors
        ):
            return False
        return all(_same_vector(getattr(self, each), getattr(other, each)) for each in vectors)

    __hash__ = None  # type: ignore[assignment]  # mutable, like every pydantic model that is not frozen

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:  # pydantic's signature
        for name, value in self.__dict__.items():
            if isinstance(value, LazyVector | LinkState):
                continue
            if isinstance(value, BaseModel) and name in model_info(type(self)).references:
                value = value.__dict__.get("id")
            shape = getattr(value, "shape", None)
            yield name, value if shape is None else _Shown(f"<vector of shape {shape}>")


def _comparable(values: Mapping[str, object], field: str) -> object:
    value = values.get(field)
    if isinstance(value, list):
        return [_linked_id(each) for each in cast("list[object]", value)]  # of anything
    return None if value is LinkState.UNSET else _linked_id(value)  # a reference to nothing, said or not


def _linked_id(value: object) -> object:
    # Not the objects: references may lead in circles.
    return value.__dict__["id"] if isinstance(value, WeaviateModel) else value


class _Shown(str):
    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _same_vector(one: Any, other: Any) -> bool:  # numpy arrays, whose import is put off
    if one is None or other is None:
        return one is other
    return one.shape == other.shape and bool((one == other).all())
