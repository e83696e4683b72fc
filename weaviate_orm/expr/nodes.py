"""The frozen tree that an expression is until the compiler meets it.

A leaf compares a *subject* (a property, its length, an id, a timestamp, a reference count) with an operand; ``And``, ``Or`` and ``Not``
combine; ``Through`` says that its inner node is about the object at the other end of a reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

__all__ = [
    "And",
    "Attribute",
    "Comparison",
    "CountSubject",
    "Embedding",
    "IdSubject",
    "Inclusion",
    "LengthSubject",
    "Link",
    "Node",
    "Not",
    "Operator",
    "Or",
    "PropertySubject",
    "SortKey",
    "Subject",
    "Through",
    "TimeSubject",
    "Within",
    "leaves",
]


class Operator(Enum):
    """How a subject is compared; the value is the sign or word users know it by."""

    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="
    LIKE = "like"
    IS_NULL = "is null"
    WITHIN = "within"
    CONTAINS_ANY = "contains any of"
    CONTAINS_ALL = "contains all of"
    CONTAINS_NONE = "contains none of"

    # Every condition looks its operator up in tables, and an enum's own hash is a Python function.
    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class Attribute:
    """A property as a model declares it.

    Attributes:
        owner: the model class that the expression was read from.
        field: the Python name: ``"word_count"``.
        name: the property's name in the collection.
        base: the data type without array marks: ``"text"``, ``"int"``, ``"date"``, ...
        array: whether it is an array of that.
        filterable: whether the collection can filter by it.
    """

    owner: type[object]
    field: str
    name: str
    base: str
    array: bool
    filterable: bool = True

    @property
    def data_type(self) -> str:
        """The Weaviate data type: ``"text[]"``."""
        return self.base + "[]" if self.array else self.base

    def __str__(self) -> str:
        return f"{self.owner.__name__}.{self.field}"


@dataclass(frozen=True, slots=True)
class Link:
    """A reference property as a model declares it.

    Attributes:
        owner: the model class that the expression was read from.
        field: the Python name.
        name: the property's name in the collection.
        many: whether it is a list of references.
    """

    owner: type[object]
    field: str
    name: str
    many: bool

    def __str__(self) -> str:
        return f"{self.owner.__name__}.{self.field}"


@dataclass(frozen=True, slots=True)
class Embedding:
    """A vector as a model declares it.

    Attributes:
        owner: the model class that the expression was read from.
        field: the Python name.
    """

    owner: type[object]
    field: str

    def __str__(self) -> str:
        return f"{self.owner.__name__}.{self.field}"


@dataclass(frozen=True, slots=True)
class Inclusion:
    """References to load with the objects, and what to load with the loaded ones.

    Attributes:
        link: the reference.
        nested: references of the loaded objects.
        vectors: vectors of the loaded objects; ``True`` for all of them.
        ids_only: whether nothing but the ids of the objects is loaded.
    """

    link: Link
    nested: tuple[Inclusion, ...] = ()
    vectors: bool | tuple[Embedding, ...] = False
    ids_only: bool = False

    def __str__(self) -> str:
        if self.ids_only:
            return f"{self.link}.ids()"
        parts = list(map(str, self.nested))
        if not isinstance(self.vectors, bool):
            parts.append(f"with_vectors=[{', '.join(map(str, self.vectors))}]")
        elif self.vectors:
            parts.append("with_vectors=True")
        return f"{self.link}.include({', '.join(parts)})" if parts else str(self.link)


@dataclass(frozen=True, slots=True)
class PropertySubject:
    """The value of a property."""

    attribute: Attribute

    def __str__(self) -> str:
        return str(self.attribute)


@dataclass(frozen=True, slots=True)
class LengthSubject:
    """The number of characters of a text, or of elements of an array."""

    attribute: Attribute

    def __str__(self) -> str:
        return f"{self.attribute}.length()"


@dataclass(frozen=True, slots=True)
class CountSubject:
    """The number of references in a reference property."""

    link: Link

    def __str__(self) -> str:
        return f"{self.link}.count()"


@dataclass(frozen=True, slots=True)
class IdSubject:
    """The object's id."""

    owner: type[object]

    def __str__(self) -> str:
        return f"{self.owner.__name__}.id"


@dataclass(frozen=True, slots=True)
class TimeSubject:
    """When the object was created or last updated; of whatever model is queried."""

    name: str  # "created_at" or "updated_at"

    def __str__(self) -> str:
        return self.name


Subject: TypeAlias = PropertySubject | LengthSubject | CountSubject | IdSubject | TimeSubject


@dataclass(frozen=True, slots=True)
class Within:
    """Operand of WITHIN: a circle on Earth. ``distance`` in metres, inclusive."""

    latitude: float
    longitude: float
    distance: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A leaf. ``operand`` has been checked against the subject's type by ``operands.py``."""

    subject: Subject
    operator: Operator
    operand: object


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not that."""

    node: Node


@dataclass(frozen=True, slots=True)
class Through:
    """The inner node holds for an object that the reference leads to. ``target`` is the model it was asked about."""

    link: Link
    node: Node
    target: type[object]


Node: TypeAlias = Comparison | And | Or | Not | Through


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key of an order. Missing values count as smallest."""

    subject: PropertySubject | IdSubject | TimeSubject
    ascending: bool

    def __str__(self) -> str:
        return f"{self.subject}.{'asc' if self.ascending else 'desc'}()"


def leaves(node: Node) -> Iterator[Comparison | Through]:
    """Give what a condition is made of; what is behind a reference counts as one and is not entered."""
    match node:
        case Comparison() | Through():
            yield node
        case And(nodes) | Or(nodes):
            for inner in nodes:
                yield from leaves(inner)
        case Not(inner):
            yield from leaves(inner)
