"""The queries of a ``Session``: thin synchronous shells, of which each terminal drives a flow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Self, TypeVar

from pydantic import BaseModel

from weaviate_orm.flows.results import count_matches, fetch, fetch_first, fetch_one
from weaviate_orm.flows.retry import Retry
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.results import Hit
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.runner import Runner
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.explain import explain_call
from weaviate_orm.wire.search import compile_search

__all__ = ["Query"]

R = TypeVar("R")
M = TypeVar("M", bound=WeaviateModel)
P = TypeVar("P", bound=BaseModel)
R_co = TypeVar("R_co", bound=BaseModel, covariant=True)


class Query(Builder[R_co]):
    """An immutable query of a ``Session``. Every method of the builder gives a new one; the terminals below run it."""

    __slots__ = ("_runner",)

    def __init__(self, statement: Statement, runner: Runner) -> None:
        super().__init__(statement)
        self._runner = runner

    def _with(self, statement: Statement) -> Self:
        return type(self)(statement, self._runner)

    def as_(self, shape: type[P]) -> Query[P]:
        """Give results as another pydantic class that has some of the model's fields; only those travel.

        Raises:
            InvalidQueryError: the class has a field that the model has not, or of another type.
        """
        return Query(self._projected(shape), self._runner)

    def all(self) -> list[Hit[R_co]]:
        """Give all hits: best first after a search, in the order asked for otherwise.

        Raises:
            InvalidQueryError: without a limit, more than 10,000 objects match.
        """
        return self._run(fetch)

    def __iter__(self) -> Iterator[Hit[R_co]]:
        """Go over all hits, as ``all()`` gives them."""
        return iter(self.all())

    def first(self) -> Hit[R_co] | None:
        """Give the first hit, or ``None``."""
        return self._run(fetch_first)

    def one(self) -> Hit[R_co]:
        """Give the only hit.

        Raises:
            NoResultError: there is none.
            MultipleResultsError: there is more than one.
        """
        return self._run(fetch_one)

    def objects(self) -> list[R_co]:
        """Give the objects of all hits, without what the server says about them."""
        return [hit.object for hit in self.all()]

    def count(self) -> int:
        """Give how many objects fulfil the conditions, whatever limit and offset say.

        Raises:
            InvalidQueryError: the query has a search, which ranks all objects and excludes none.
        """
        return self._run(count_matches)

    def explain(self) -> str:
        """Give the request that the query becomes, as text. Nothing is sent."""
        return explain_call(compile_search(self._statement, self._runner.scope))

    def _run(self, flow: Callable[[Statement, Scope, Retry], Flow[R]]) -> R:
        return self._runner.run(flow(self._statement, self._runner.scope, self._runner.retry))
