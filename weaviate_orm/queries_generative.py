"""The queries of a ``Session`` whose results a generative model reads: thin synchronous shells, as in ``queries.py``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, Generic, Self, TypeVar, overload
from uuid import UUID

from pydantic import BaseModel

from weaviate_orm.expr.metrics import Holds
from weaviate_orm.expr.operators import Expression
from weaviate_orm.flows.generated import (
    fetch_first_generated,
    fetch_generated,
    fetch_generated_groups,
    fetch_one_generated,
)
from weaviate_orm.flows.retry import Retry
from weaviate_orm.model.attributes import Reference, References
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.generated import Generated, GeneratedGroups, GenerativeGroup, GenerativeHit
from weaviate_orm.query.generation import check_generation
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.runner import Runner
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.explain import explain_call
from weaviate_orm.wire.generative import compile_generated, compile_generated_groups

__all__ = ["GenerativeGroupedQuery", "GenerativeQuery"]

R = TypeVar("R")
P = TypeVar("P", bound=BaseModel)
K = TypeVar("K")
K_co = TypeVar("K_co", covariant=True)
Text = TypeVar("Text", bound=str | None)
Element = TypeVar("Element")
R_co = TypeVar("R_co", bound=BaseModel, covariant=True)


class GenerativeQuery(Builder[R_co]):
    """A query with prompts: what ``Query.generate`` gives. Every method of the builder gives a new one; the terminals below run it.

    The model is asked once for each result (``single``) and once for all of them (``grouped``), so a limit saves time and money.
    """

    __slots__ = ("_runner",)

    def __init__(self, statement: Statement, runner: Runner) -> None:
        check_generation(statement)
        super().__init__(statement)
        self._runner = runner

    def _with(self, statement: Statement) -> Self:
        return type(self)(statement, self._runner)

    def as_(self, shape: type[P]) -> GenerativeQuery[P]:
        """Give results as another pydantic class that has some of the model's fields. What the prompts name need not be among them.

        Raises:
            InvalidQueryError: the class has a field that the model has not, or of another type.
        """
        return GenerativeQuery(self._projected(shape), self._runner)

    @overload
    def group_by(
        self, by: Reference[Any] | References[Any], *, groups: int = ..., per_group: int = ...
    ) -> GenerativeGroupedQuery[UUID | None, R_co]: ...
    @overload
    def group_by(
        self, by: Expression[Text], *, groups: int = ..., per_group: int = ...
    ) -> GenerativeGroupedQuery[Text, R_co]: ...
    @overload
    def group_by(
        self, by: Holds[Collection[Element] | None], *, groups: int = ..., per_group: int = ...
    ) -> GenerativeGroupedQuery[Element | None, R_co]: ...
    @overload
    def group_by(
        self, by: Expression[K], *, groups: int = ..., per_group: int = ...
    ) -> GenerativeGroupedQuery[K, R_co]: ...
    def group_by(self, by: object, *, groups: int = 10, per_group: int = 10) -> GenerativeGroupedQuery[object, R_co]:
        """Give groups of one value each with their texts, as ``Query.group_by`` does; the model reads the best hit of each group.

        Raises:
            InvalidQueryError: nothing of the model that makes groups, a number below 1, or ``generate(debug=True)`` or ``metadata=True``,
                which the server does not give of groups; and when it runs, a query without a search.
        """
        return GenerativeGroupedQuery(self._grouped(by, groups, per_group), self._runner)

    def all(self) -> Generated[R_co]:
        """Give all hits with the texts about each and about all: best first after a search, in the order asked for otherwise.

        Raises:
            InvalidQueryError: without a limit, more than 10,000 objects match.
            ServerError: the model failed, or an object has no value for a property that the ``single`` prompt names.
            UnsupportedFeatureError: neither the query nor the collection has a provider that the server knows.
        """
        return self._run(fetch_generated)

    def __iter__(self) -> Iterator[GenerativeHit[R_co]]:
        """Go over all hits, as ``all()`` gives them."""
        return iter(self.all())

    def first(self) -> GenerativeHit[R_co] | None:
        """Give the first hit with the text about it, or ``None``. Nothing is asked about the others.

        Raises:
            InvalidQueryError: there is no ``single`` prompt.
        """
        return self._run(fetch_first_generated)

    def one(self) -> GenerativeHit[R_co]:
        """Give the only hit with the text about it.

        Raises:
            NoResultError: there is none.
            MultipleResultsError: there is more than one.
            InvalidQueryError: there is no ``single`` prompt.
        """
        return self._run(fetch_one_generated)

    def explain(self) -> str:
        """Give the request that the query becomes, as text. Nothing is sent."""
        return explain_call(compile_generated(self._statement, self._runner.scope))

    def _run(self, flow: Callable[[Statement, Scope, Retry], Flow[R]]) -> R:
        return self._runner.run(flow(self._statement, self._runner.scope, self._runner.retry))


class GenerativeGroupedQuery(Builder[R_co], Generic[K_co, R_co]):
    """A query with prompts that gives groups: what ``group_by()`` after ``generate()`` makes, or the other way round."""

    __slots__ = ("_runner",)

    def __init__(self, statement: Statement, runner: Runner) -> None:
        check_generation(statement)
        super().__init__(statement)
        self._runner = runner

    def _with(self, statement: Statement) -> Self:
        return type(self)(statement, self._runner)

    def as_(self, shape: type[P]) -> GenerativeGroupedQuery[K_co, P]:
        """As ``Query.as_``."""
        return GenerativeGroupedQuery(self._projected(shape), self._runner)

    def all(self) -> GeneratedGroups[K_co, R_co]:
        """Give all groups with the texts about each and about all, in the order of their best hits.

        Raises:
            InvalidQueryError: there is no search, or a keyword or hybrid one and the values are no text, date or uuid.
            ServerError: the model failed, or the best hit of a group has no value for a property that the ``single`` prompt names.
            UnsupportedFeatureError: neither the query nor the collection has a provider that the server knows.
        """
        return self._runner.run(fetch_generated_groups(self._statement, self._runner.scope, self._runner.retry))

    def __iter__(self) -> Iterator[GenerativeGroup[K_co, R_co]]:
        """Go over all groups, as ``all()`` gives them."""
        return iter(self.all())

    def explain(self) -> str:
        """Give the request that the query becomes, as text. Nothing is sent."""
        return explain_call(compile_generated_groups(self._statement, self._runner.scope))
