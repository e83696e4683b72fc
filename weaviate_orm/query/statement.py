"""A query as one immutable value, ready to be compiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from weaviate_orm.expr.nodes import Inclusion, Node, SortKey
from weaviate_orm.model.info import ModelInfo, VectorInfo
from weaviate_orm.query.boosting import Boosting
from weaviate_orm.query.generation import Generation
from weaviate_orm.query.grouping import Grouping
from weaviate_orm.query.projection import Projection
from weaviate_orm.query.ranking import Diversity, Rerank
from weaviate_orm.query.search import Search

if TYPE_CHECKING:
    from dataclasses import replace as changed  # the checkers know its parameters

__all__ = ["ANYWHERE", "MOST_RESULTS", "Scope", "Statement", "changed"]

MOST_RESULTS = 10_000
"""What offset and limit may add up to: the server's QUERY_MAXIMUM_RESULTS unless it was started with another."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where calls go within a collection: the tenant, and how many replicas must agree. ``None`` leaves it to the server."""

    tenant: str | None = None
    consistency: str | None = None

    def __str__(self) -> str:
        given = {"tenant": self.tenant, "consistency": self.consistency}
        return "".join(f", {name} {value!r}" for name, value in given.items() if value is not None)


ANYWHERE = Scope()
"""No tenant, and the server's own consistency level."""


@dataclass(frozen=True, eq=False)  # no slots: see changed()
class Statement:
    """Everything that a query says.

    Attributes:
        info: the model queried.
        projection: the class the results have, when it is not the model.
        search: how objects are ranked.
        condition: what they must fulfil.
        limit: most results; ``None`` leaves it to the server for a search (10), and means all of them otherwise.
        offset: results to leave out first.
        order: sort keys, most important first.
        inclusions: references to load.
        vectors: vectors to load.
        auto_limit: cut after so many jumps of distance or score.
        after: begin behind this id, in the order of ids.
        rerank: what a reranker reads.
        boost: conditions that raise or lower scores.
        diversity: choose results that differ from each other.
        grouping: give groups of results.
        generation: let a generative model read the results.
        consistency_checked: compare the replicas of every result.
    """

    info: ModelInfo
    projection: Projection | None = None
    search: Search | None = None
    condition: Node | None = None
    limit: int | None = None
    offset: int | None = None
    order: tuple[SortKey, ...] = ()
    inclusions: tuple[Inclusion, ...] = ()
    vectors: tuple[VectorInfo, ...] = ()
    auto_limit: int | None = None
    after: UUID | None = None
    rerank: Rerank | None = None
    boost: Boosting | None = None
    diversity: Diversity | None = None
    grouping: Grouping | None = None
    generation: Generation | None = None
    consistency_checked: bool = False


if not TYPE_CHECKING:

    def _begin(self, info, **values):
        # Every query begins with one, and setting sixteen attributes of a frozen class costs more than all else of that. What is not given
        # is the class's own default.
        self.__dict__["info"] = info
        self.__dict__.update(values)

    Statement.__init__ = _begin

    def changed(statement, **changes):
        """Give the statement with other values, as ``dataclasses.replace`` does, in a tenth of the time: every step of a query calls it."""
        new = object.__new__(Statement)
        new.__dict__.update(statement.__dict__)
        new.__dict__.update(changes)
        return new
