"""The descriptors of a model's fields: an expression on the class, a value on the instance.

To a type checker they are generic descriptors. At run time the annotation ``Property[str]`` validates as plain ``str``; the instance
holds plain values, and the metaclass gives the expression on class access (``base.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, get_args, overload
from uuid import UUID

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, SerializationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticUndefined, core_schema

from weaviate_orm.errors import InvalidQueryError, InvalidValueError, ModelDefinitionError
from weaviate_orm.expr.metrics import Metric, pointing_to
from weaviate_orm.expr.nodes import Embedding, Inclusion, Link
from weaviate_orm.expr.operators import Condition, Expression, Quantity, has, reference_count
from weaviate_orm.model.arrays import LazyVector, as_vector
from weaviate_orm.model.links import link_schema, linked_ids, unset_link
from weaviate_orm.model.options import PropertyOptions, ReferenceOptions, VectorOptions

if TYPE_CHECKING:
    import numpy.typing as npt

    from weaviate_orm.model.arrays import FloatArray
    from weaviate_orm.model.base import WeaviateModel
    from weaviate_orm.schema.config import TextAnalyzer, Tokenization
    from weaviate_orm.schema.indexes import VectorIndex
    from weaviate_orm.schema.modules import AnyVectorizer

__all__ = ["MultiVector", "Property", "Reference", "References", "Vector", "prop", "reference", "references", "vector"]

T = TypeVar("T")
M = TypeVar("M")


class Property(Expression[T]):
    """A stored property: ``title: Property[str]``.

    On the class it is a typed expression, ``Article.title == "x"``; on an instance it is the value, a ``str``.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type[object]) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: type[object]) -> T: ...
        def __get__(self, instance: object | None, owner: type[object]) -> Self | T: ...

        # Plain: both checkers take the constructor's parameter type from it.
        def __set__(self, instance: object, value: T) -> None: ...

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler.generate_schema(_argument(source, "Property[str]"))


def _not_in_prompts(name: str) -> str:
    return f"{name} cannot stand in a prompt: the server fills in stored properties only. For a readout, write repr({name})."


class _VectorField:
    """What ``Vector`` and ``MultiVector`` share at run time. On the class it names a target for searches."""

    __slots__ = ("_field", "_name", "_owner")

    _multi = False

    def __init__(self, owner: type[object], field: str, name: str | None) -> None:
        self._owner = owner
        self._field = field
        self._name = name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._owner.__name__}.{self._field}>"

    def __format__(self, format_spec: str) -> str:
        """Refuse: an f-string with it was meant as a prompt."""
        raise InvalidQueryError(_not_in_prompts(f"{self._owner.__name__}.{self._field}"))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        multi = cls._multi
        where = handler.field_name or cls.__name__

        def check(value: npt.ArrayLike | None) -> FloatArray | LazyVector | None:
            if value is None or isinstance(value, LazyVector):
                return value
            return as_vector(value, multi=multi, where=where)

        def dump(value: FloatArray | LazyVector | None, info: SerializationInfo) -> object:
            array = value.load() if isinstance(value, LazyVector) else value
            return array if array is None or info.mode != "json" else array.tolist()

        return core_schema.no_info_plain_validator_function(
            check,
            serialization=core_schema.plain_serializer_function_ser_schema(
                dump, info_arg=True, return_schema=core_schema.any_schema()
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        numbers: CoreSchema = core_schema.list_schema(core_schema.float_schema())
        return handler(core_schema.nullable_schema(core_schema.list_schema(numbers) if cls._multi else numbers))


class Vector(_VectorField):
    """An embedding of the object: ``embedding: Vector = vector(text2vec_openai(), source=["title"])``.

    On the class it is a target for searches; on an instance a float32 array of shape ``(dimensions,)``, or ``None`` when the object has
    none or the query did not ask for it (``with_vectors()``). Any array, buffer or list of numbers can be assigned.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type[object]) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: type[object]) -> FloatArray | None: ...
        def __get__(self, instance: object | None, owner: type[object]) -> Self | FloatArray | None: ...

        def __set__(self, instance: object, value: npt.ArrayLike | None) -> None: ...


class MultiVector(_VectorField):
    """A late-interaction embedding: one vector a token. ``Vector``'s twin, with arrays of shape ``(tokens, dimensions)``.

    Needs server 1.29.
    """

    __slots__ = ()

    _multi = True

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type[object]) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: type[object]) -> FloatArray | None: ...
        def __get__(self, instance: object | None, owner: type[object]) -> Self | FloatArray | None: ...

        def __set__(self, instance: object, value: npt.ArrayLike | None) -> None: ...


class _LinkField:
    """What ``Reference`` and ``References`` share: filters through the reference, and including it."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._link}>"

    def __format__(self, format_spec: str) -> str:
        """Refuse: an f-string with it was meant as a prompt."""
        raise InvalidQueryError(_not_in_prompts(str(self._link)))

    if not TYPE_CHECKING:  # to checkers these are errors already: a comparison gives bool, which where() does not take

        def __eq__(self, other):
            raise InvalidQueryError(
                f"{self._link} is a reference and has no value to compare. Ask through it, {self._link}.has(Model.id == ...), or "
                f"for none at all, {self._link}.count() == 0.",
                field=str(self._link),
            )

        __ne__ = __eq__
        __hash__ = object.__hash__

        def __getattr__(self, name):
            if name.startswith("_"):
                raise AttributeError(name)
            raise AttributeError(
                f"{self._link} is a reference and has no {name!r}. Filter through it, {self._link}.has(Model.{name} == ...), or load it "
                f"with include({self._link})."
            )

    def has(self, condition: Condition) -> Condition:
        """Hold where the reference leads to an object that fulfils the condition: ``Article.author.has(Author.name == "Ada")``."""
        from weaviate_orm.model.info import link_target  # info builds these objects

        return has(self._link, condition, link_target(self._link, condition))

    def count(self) -> Quantity[int]:
        """Give the number of references, to compare: ``Article.author.count() > 0``. None at all counts as 0."""
        return reference_count(self._link)

    def pointing_to(self) -> Metric[list[str]]:
        """Give, in an aggregation, the collections that the reference leads to."""
        return pointing_to(self._link)

    def include(
        self,
        *nested: Reference[Any] | References[Any] | Inclusion,  # any target type
        with_vectors: bool | Sequence[Vector | MultiVector] = False,
    ) -> Inclusion:
        """Load the referenced objects with their own references: ``Article.author.include(Author.employer)``.

        Args:
            nested: references of the referenced objects.
            with_vectors: load their vectors too, all or those named: ``[Author.portrait]``.
        """
        vectors = with_vectors if isinstance(with_vectors, bool) else _embeddings(self._link, with_vectors)
        return Inclusion(self._link, tuple(as_inclusion(each) for each in nested), vectors)

    def ids(self) -> Inclusion:
        """Load nothing but the ids of the referenced objects: ``query.include(Article.author.ids())``.

        ``id_of()`` or ``ids_of()`` gives them; reading the reference raises ``ReferenceNotLoadedError``.
        """
        return Inclusion(self._link, ids_only=True)


class Reference(_LinkField, Generic[T]):
    """A reference to at most one object of another collection: ``author: Reference[Author] = reference()``.

    On an instance it is the object, once a query included it. Assign an object or an id. ``Reference[Author | None]`` says that it may be
    missing, and gives ``None`` then; otherwise a missing one raises ``ReferenceNotLoadedError``.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type[object]) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: type[object]) -> T: ...
        def __get__(self, instance: object | None, owner: type[object]) -> Self | T: ...

        def __set__(self, instance: object, value: T | UUID) -> None: ...

    def id_of(self, instance: WeaviateModel) -> UUID | None:
        """Give the id that an instance refers to without loading the object; ``None`` when it refers to nothing.

        Raises:
            ReferenceNotLoadedError: the query did not include the reference.
        """
        ids = linked_ids(instance, self._link)
        return ids[0] if ids else None

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return link_schema(_argument(source, "Reference[Author]"), many=False)


class References(_LinkField, Generic[M]):
    """References to any number of objects: ``articles: References["Article"] = references()``.

    On an instance it is the list of objects, once a query included it. Assign a list of objects or ids.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type[object]) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: type[object]) -> list[M]: ...
        def __get__(self, instance: object | None, owner: type[object]) -> Self | list[M]: ...

        def __set__(self, instance: object, value: Sequence[M | UUID]) -> None: ...

    def ids_of(self, instance: WeaviateModel) -> list[UUID]:
        """Give the ids that an instance refers to, without loading the objects.

        Raises:
            ReferenceNotLoadedError: the query did not include the references.
        """
        return linked_ids(instance, self._link)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return link_schema(_argument(source, "References[Article]"), many=True)


def as_inclusion(value: Reference[Any] | References[Any] | Inclusion) -> Inclusion:  # any target type
    """Give the inclusion that a reference stands for in ``include()``.

    Raises:
        InvalidQueryError: no reference.
    """
    if isinstance(value, Inclusion):
        return value
    if not isinstance(value, _LinkField):
        raise InvalidQueryError(f"include() takes references of a model, such as Article.author, got {value!r}.")
    return Inclusion(value._link)


def as_link(value: object, verb: str) -> Link:
    """Give the link that a reference of a model stands for.

    Raises:
        InvalidValueError: no reference.
    """
    if not isinstance(value, _LinkField):
        raise InvalidValueError(f"{verb} takes a reference of a model, such as Article.author, got {value!r:.80}.")
    return value._link


def _embeddings(link: Link, vectors: Sequence[Vector | MultiVector]) -> tuple[Embedding, ...]:
    named = tuple(vectors) if isinstance(vectors, Sequence) else (vectors,)
    for each in named:
        if not isinstance(each, _VectorField):
            raise InvalidQueryError(
                f"{link}.include() takes with_vectors=True, or a list of vectors of the model that {link} leads to, got {each!r}."
            )
    return tuple(Embedding(each._owner, each._field) for each in named)


def _argument(source: object, example: str) -> object:
    arguments = get_args(source)
    if not arguments:
        raise ModelDefinitionError(f"Say what the field holds: {example}.")
    return arguments[0]


# The three functions below stand on the right of an annotated field, so checkers need them to fit any type: they return Any, as
# pydantic.Field does.


def prop(
    *,
    default: Any = ...,
    default_factory: Callable[[], Any] | None = None,
    name: str | None = None,
    description: str | None = None,
    tokenization: Tokenization | None = None,
    filterable: bool | None = None,
    searchable: bool | None = None,
    range_filters: bool | None = None,
    skip_vectorization: bool | None = None,
    vectorize_name: bool | None = None,
    text_analyzer: TextAnalyzer | None = None,
    data_type: str | None = None,
) -> Any:
    """Say more about a property than its type. Options that are not given are left to the server.

    Args:
        default: value when the constructor gets none, and when a stored object has none; an optional property is then ``None``.
        default_factory: called for that value instead.
        name: the property's name in the collection, when it is not the field's.
        description: kept with the collection.
        tokenization: how text is split for filters and keyword search; the server's default is ``"word"``.
        filterable: whether ``where()`` can use it (server default: yes).
        searchable: whether keyword search covers it; text only (server default: yes).
        range_filters: an extra index for ``<`` and ``>`` on int, number and date (server default: no).
        skip_vectorization: leave it out of what the vectorizer reads.
        vectorize_name: put the property's name before its value for the vectorizer.
        text_analyzer: how words are folded before they are compared; text only (server 1.37).
        data_type: the Weaviate data type for a Python type that the table has not; pydantic then converts to and from JSON.
    """
    options = PropertyOptions(
        name=name,
        data_type=data_type,
        tokenization=tokenization,
        filterable=filterable,
        searchable=searchable,
        range_filters=range_filters,
        skip_vectorization=skip_vectorization,
        vectorize_name=vectorize_name,
        text_analyzer=text_analyzer,
    )
    if default_factory is not None:
        return _field(options, default_factory=default_factory, description=description)
    return _field(options, default=PydanticUndefined if default is ... else default, description=description)


def vector(
    vectorizer: AnyVectorizer | None = None,
    *,
    source: Sequence[str] = (),
    index: VectorIndex | None = None,
    dimensions: int | None = None,
    name: str | None = None,
    unnamed: bool = False,
) -> Any:
    """Declare a vector of the model.

    Args:
        vectorizer: a module of ``weaviate_orm.modules`` that the server embeds with; without one you give the vectors.
        source: the fields whose text is embedded, by Python name; all text properties when empty.
        index: ``hnsw()``, ``flat()``, ... of ``weaviate_orm``; the server's default otherwise.
        dimensions: the length of every vector, checked when one is assigned.
        name: the vector's name in the collection, when it is not the field's.
        unnamed: the single vector without a name that collections of older servers have.
    """
    options = VectorOptions(
        vectorizer=vectorizer,
        source=(source,) if isinstance(source, str) else tuple(source),
        index=index,
        name=name,
        unnamed=unnamed,
        dimensions=dimensions,
    )
    return _field(options, default=None)


def reference(*, name: str | None = None, description: str | None = None) -> Any:
    """Declare a reference to at most one object.

    Args:
        name: the property's name in the collection, when it is not the field's.
        description: kept with the collection.
    """
    return _field(ReferenceOptions(name, description), default_factory=unset_link, description=description)


def references(*, name: str | None = None, description: str | None = None) -> Any:
    """Declare references to any number of objects.

    Args:
        name: the property's name in the collection, when it is not the field's.
        description: kept with the collection.
    """
    return _field(ReferenceOptions(name, description), default_factory=list, description=description)


def _field(options: PropertyOptions | VectorOptions | ReferenceOptions, **arguments: Any) -> Any:
    field = Field(**arguments)
    field.metadata.append(options)  # pydantic keeps metadata it does not know, and copies it to subclasses
    return field
