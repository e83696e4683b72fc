"""Grouping of results by a property: the clause, what it may name, and the groups that come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.nodes import PropertySubject
from weaviate_orm.expr.operators import Expression
from weaviate_orm.model.attributes import Reference, References
from weaviate_orm.model.info import ModelInfo, PropertyInfo, ReferenceInfo
from weaviate_orm.query.checks import MOST_IN_INT32
from weaviate_orm.query.projection import check_grouped
from weaviate_orm.query.results import Hit, HitMetadata
from weaviate_orm.query.search import Bm25, Hybrid

if TYPE_CHECKING:
    from weaviate_orm.model.arrays import FloatArray
    from weaviate_orm.query.statement import Statement

__all__ = ["Group", "GroupedHit", "Grouping", "check_grouping", "grouped_subject", "grouping_of"]

K_co = TypeVar("K_co", covariant=True)
R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """So many groups by a property's value, of so many objects each."""

    subject: PropertyInfo | ReferenceInfo
    groups: int
    per_group: int


class GroupedHit(Hit[R_co], Generic[K_co, R_co]):
    """A hit inside a group. Of the metadata the server gives the distance alone; what it says of the group is with the group.

    Attributes:
        group: the key of its group.
    """

    __slots__ = ("group",)

    group: K_co

    def __init__(
        self,
        object: R_co,
        metadata: HitMetadata,
        vectors: Callable[[HitMetadata], Mapping[str, FloatArray]],
        group: K_co,
    ) -> None:
        # What super() would do, at twice the price for every hit.
        self.object = object
        self._metadata = metadata
        self._vectors = vectors
        self.group = group


@dataclass(frozen=True, eq=False)
class Group(Generic[K_co, R_co]):
    """The results that share one value of a property. Iterating gives its hits.

    Attributes:
        key: the value, as the model declares it; the id for a reference; ``None`` for objects without a value. The server puts empty
            texts into one group with missing ones, which is ``None`` too where the model allows it.
        hits: best first; no more than were asked for a group.
        count: how many these are.
        min_distance: distance of the nearest hit; ``None`` unless the search is by vector alone.
        max_distance: distance of the farthest one, likewise.
        rerank_score: score that a reranker gave the group; ``None`` when none was asked.
    """

    key: K_co
    hits: Sequence[GroupedHit[K_co, R_co]]
    count: int
    min_distance: float | None = None
    max_distance: float | None = None
    rerank_score: float | None = None

    @property
    def objects(self) -> list[R_co]:
        """The objects of its hits."""
        return [hit.object for hit in self.hits]

    def __iter__(self) -> Iterator[GroupedHit[K_co, R_co]]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)


# What a group is of. Other values would come as JSON, blobs not at all.
_GROUPABLE = frozenset({"text", "int", "number", "boolean", "date", "uuid"})
# Keyword and hybrid searches leave out objects of which the value is no text to the server.
_AS_TEXT = frozenset({"text", "date", "uuid"})


def grouping_of(info: ModelInfo, by: object, groups: int, per_group: int) -> Grouping:
    """Give the clause for the arguments of ``group_by()``.

    Raises:
        InvalidQueryError: nothing of this model that can be grouped by, or a number below 1 or beyond 32 bits.
    """
    for name, value in (("groups", groups), ("per_group", per_group)):
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_IN_INT32:
            raise InvalidQueryError(
                f"group_by() takes a whole number from 1 to {MOST_IN_INT32:,} as {name}, got {value!r}."
            )
    return Grouping(grouped_subject(info, by), groups, per_group)


def grouped_subject(info: ModelInfo, by: object) -> PropertyInfo | ReferenceInfo:
    """Give the property or reference that a class-level expression names.

    Raises:
        InvalidQueryError: it is of another model, or its values make no groups.
    """
    if isinstance(by, Reference | References):
        link = by._link
        if issubclass(info.model, link.owner) and link.field in info.references:
            return info.references[link.field]
    elif isinstance(by, Expression) and isinstance(by._subject, PropertySubject):
        attribute = by._subject.attribute
        if issubclass(info.model, attribute.owner) and attribute.field in info.properties:
            found = info.properties[attribute.field]
            if found.data_type.base not in _GROUPABLE:
                raise InvalidQueryError(
                    f"{info.name}.{found.field} is {found.data_type.name}, of which the server makes no groups. Group by text, "
                    "int, number, boolean, date, uuid, lists of these, or a reference.",
                    field=f"{info.name}.{found.field}",
                )
            return found
    choices = ", ".join(f"{info.name}.{each}" for each in [*info.properties, *info.references])
    raise InvalidQueryError(f"group_by() takes a property or reference of {info.name} ({choices}), got {by!r}.")


def check_grouping(statement: Statement) -> None:
    """Refuse a grouping that the server does not answer, or answers by leaving objects out.

    Raises:
        InvalidQueryError: there is no search, or it is a keyword or hybrid one and the values are no texts.
    """
    grouping, name = statement.grouping, statement.info.name
    assert grouping is not None
    subject = grouping.subject
    if statement.search is None:
        raise InvalidQueryError(
            f"group_by({name}.{subject.field}) groups what a search found, and the query has none: add near_text(), near_vector(), "
            "bm25() or another. To count objects by value without a search, use session.aggregate().",
            collection=statement.info.collection,
        )
    if statement.projection is not None:
        check_grouped(statement.projection)
    if isinstance(statement.search, (Bm25, Hybrid)):
        kind = "a reference" if isinstance(subject, ReferenceInfo) else subject.data_type.name
        if isinstance(subject, ReferenceInfo) or subject.data_type.base not in _AS_TEXT:
            method = "bm25()" if isinstance(statement.search, Bm25) else "hybrid()"
            raise InvalidQueryError(
                f"group_by({name}.{subject.field}) after {method}: the server groups the results of keyword and hybrid searches by "
                f"text, date and uuid only; {name}.{subject.field} is {kind}, and every object would be left out. Search by vector, "
                "or group by another property.",
                field=f"{name}.{subject.field}",
            )
