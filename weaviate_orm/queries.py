"""The queries of a ``Session``: thin synchronous shells, of which each terminal drives a flow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload
from uuid import UUID

from pydantic import BaseModel

from weaviate_orm.expr.metrics import Holds
from weaviate_orm.expr.operators import Expression
from weaviate_orm.flows.deleting import delete_matches
from weaviate_orm.flows.grouping import fetch_groups
from weaviate_orm.flows.results import any_match, count_matches, fetch, fetch_first, fetch_one, fetch_profile
from weaviate_orm.flows.retry import Retry
from weaviate_orm.flows.streaming import fetch_as_page
from weaviate_orm.model.attributes import Reference, References
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.queries_generative import GenerativeGroupedQuery, GenerativeQuery
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.deleting import DeleteReport
from weaviate_orm.query.generation import generating
from weaviate_orm.query.grouping import Group
from weaviate_orm.query.media import Media
from weaviate_orm.query.page import Page
from weaviate_orm.query.profile import QueryProfile
from weaviate_orm.query.results import Hit
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.query.streaming import PAGE_SIZE
from weaviate_orm.runner import Runner
from weaviate_orm.streams import Stream
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.explain import explain_call
from weaviate_orm.wire.grouping import compile_groups
from weaviate_orm.wire.search import compile_search

if TYPE_CHECKING:
    from weaviate_orm.generative.provider import Provider

__all__ = ["GroupedQuery", "Query"]

R = TypeVar("R")
M = TypeVar("M", bound=WeaviateModel)
P = TypeVar("P", bound=BaseModel)
K = TypeVar("K")
K_co = TypeVar("K_co", covariant=True)
Text = TypeVar("Text", bound=str | None)
Element = TypeVar("Element")
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

    @overload
    def group_by(
        self, by: Reference[Any] | References[Any], *, groups: int = ..., per_group: int = ...
    ) -> GroupedQuery[UUID | None, R_co]: ...
    @overload
    def group_by(
        self, by: Expression[Text], *, groups: int = ..., per_group: int = ...
    ) -> GroupedQuery[Text, R_co]: ...
    @overload
    def group_by(
        self, by: Holds[Collection[Element] | None], *, groups: int = ..., per_group: int = ...
    ) -> GroupedQuery[Element | None, R_co]: ...
    @overload
    def group_by(self, by: Expression[K], *, groups: int = ..., per_group: int = ...) -> GroupedQuery[K, R_co]: ...
    def group_by(self, by: object, *, groups: int = 10, per_group: int = 10) -> GroupedQuery[object, R_co]:
        """Give what the search finds in groups of one value each, by a property or a reference: ``group_by(Article.category)``.

        The key of a group has the property's type; of a list every element makes a group, of a reference the id does. ``limit()``, or
        the server's default of 10, says how many objects are found before they are grouped; it bounds the groups too. ``offset()``
        leaves out groups after a search by vector, and objects after the others.

        Args:
            by: the property or reference. After ``bm25()`` and ``hybrid()`` text, date and uuid only, and objects without are left out.
            groups: give at most this many groups.
            per_group: give at most this many hits in each.

        Raises:
            InvalidQueryError: nothing of the model that makes groups, or a number below 1; and when it runs, a query without a search.
        """
        return GroupedQuery(self._grouped(by, groups, per_group), self._runner)

    def generate(
        self,
        *,
        single: str | None = None,
        grouped: str | None = None,
        grouped_properties: Sequence[Expression[Any]] = (),  # of any type
        provider: Provider | None = None,
        images: Sequence[Media] = (),
        image_properties: Sequence[Expression[bytes] | Expression[bytes | None]] = (),
        debug: bool = False,
        metadata: bool = False,
    ) -> GenerativeQuery[R_co]:
        """Have a generative model read the results: ``generate(single=f"Sum up {Article.body}")``.

        An f-string names properties, and the server puts each object's values in their place. It has no way to write a word in braces
        otherwise; braces around anything that is no plain word stay as they are. Needs server 1.27.14.

        Args:
            single: what to ask about each result. All of them must have a value for the properties named.
            grouped: what to ask about all results together. Their properties follow as JSON; a property named in the task itself is the
                value of the first result that has one. Beside ``rerank()`` they come in the order of the search or of the reranker, as
                chance has it.
            grouped_properties: the properties that follow; all but blobs when empty.
            provider: whose model answers, a value of ``weaviate_orm.generative``; the collection's own module when left out.
            images: shown to the model with every prompt.
            image_properties: the properties that hold images to be shown: each result's own with its prompt, those of all with the task.
            debug: give the filled prompts too, ``GenerativeHit.generation.prompt``.
            metadata: give what the provider reports too, ``GenerativeHit.generation.metadata``.

        Raises:
            InvalidQueryError: no prompt or an empty one, a placeholder or property that the model has not, images or metadata that the
                provider has not, or an order beside it.
            InvalidValueError: an image that is none.
            OSError: an image's file cannot be read.
        """
        return GenerativeQuery(
            generating(
                self._statement,
                single=single,
                grouped=grouped,
                grouped_properties=grouped_properties,
                provider=provider,
                images=images,
                image_properties=image_properties,
                debug=debug,
                metadata=metadata,
            ),
            self._runner,
        )

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

    def page(self) -> Page[R_co]:
        """Give all hits as a page: what ``all()`` gives, which can be had as columns too: ``query.page().to_pandas()``.

        Raises:
            InvalidQueryError: without a limit, more than 10,000 objects match.
        """
        return self._run(fetch_as_page)

    def stream(
        self, *, page_size: int = PAGE_SIZE, after: UUID | None = None, keep: Callable[[R_co], bool] | None = None
    ) -> Stream[R_co]:
        """Give all results, however many, in the order of their ids, a page at a time: ``for hit in query.stream()``.

        ``limit()`` bounds the stream, ``include()``, ``with_vectors()`` and ``as_()`` say what comes. Conditions are the server's work,
        but each page then costs as much as going through all ids behind the last one; without any, pages cost the same throughout.

        Args:
            page_size: objects a request, at most 10,000. A page is held in memory.
            after: begin behind this id, where an earlier stream ended.
            keep: give only objects of which this function says so. It runs here: every object travels.

        Raises:
            InvalidQueryError: the query has a search or an order, or something else that does not go with a stream.
            InvalidValueError: ``after`` is no UUID.
        """
        return Stream(self._statement, self._runner, page_size, after, keep)

    def count(self) -> int:
        """Give how many objects fulfil the conditions, whatever limit and offset say.

        Raises:
            InvalidQueryError: the query has a search, which ranks all objects and excludes none.
        """
        return self._run(count_matches)

    def exists(self) -> bool:
        """Tell whether the query has a result, by the cheapest request: at most one id comes back."""
        return self._run(any_match)

    def delete(self, *, dry_run: bool = False, verbose: bool = False) -> DeleteReport:
        """Delete all objects that fulfil the conditions, however many they are.

        Objects that the server could not delete are in the report: ``failed`` counts them, ``objects`` says why.

        Args:
            dry_run: delete nothing, and count what would be deleted.
            verbose: have every object in the report, not only those that failed.

        Raises:
            InvalidQueryError: there are no conditions; or a search, an order, a limit or another step that chooses among what fulfils them.
            WeaviateError: a call failed; the message says how many objects were deleted before.
        """
        runner = self._runner
        return runner.run(delete_matches(self._statement, runner.scope, runner.retry, dry_run=dry_run, verbose=verbose))

    def profile(self) -> QueryProfile[R_co]:
        """Give all hits, and what every shard did for them in which time (server 1.36.9).

        Raises:
            InvalidQueryError: as of ``all()``.
            UnsupportedFeatureError: the server is too old.
        """
        return self._run(fetch_profile)

    def explain(self) -> str:
        """Give the request that the query becomes, as text. Nothing is sent."""
        return explain_call(compile_search(self._statement, self._runner.scope))

    def _run(self, flow: Callable[[Statement, Scope, Retry], Flow[R]]) -> R:
        return self._runner.run(flow(self._statement, self._runner.scope, self._runner.retry))


class GroupedQuery(Builder[R_co], Generic[K_co, R_co]):
    """A query of a ``Session`` that gives groups, as ``Query.group_by()`` makes it. ``K`` is the type of their keys."""

    __slots__ = ("_runner",)

    def __init__(self, statement: Statement, runner: Runner) -> None:
        super().__init__(statement)
        self._runner = runner

    def _with(self, statement: Statement) -> Self:
        return type(self)(statement, self._runner)

    def as_(self, shape: type[P]) -> GroupedQuery[K_co, P]:
        """As ``Query.as_``."""
        return GroupedQuery(self._projected(shape), self._runner)

    def generate(
        self,
        *,
        single: str | None = None,
        grouped: str | None = None,
        grouped_properties: Sequence[Expression[Any]] = (),  # of any type
        provider: Provider | None = None,
        images: Sequence[Media] = (),
        image_properties: Sequence[Expression[bytes] | Expression[bytes | None]] = (),
    ) -> GenerativeGroupedQuery[K_co, R_co]:
        """Have a generative model read the groups, as ``Query.generate``: of each the best hit.

        Args:
            single: what to ask about each group. The best hit of all of them must have a value for the properties named.
            grouped: what to ask about all groups together.
            grouped_properties: the properties of the best hits that follow; all but blobs when empty.
            provider: whose model answers; the collection's own module when left out.
            images: shown to the model with every prompt.
            image_properties: the properties of the best hits that hold images to be shown.

        Raises:
            InvalidQueryError: no prompt or an empty one, a placeholder or property that the model has not, or images that the provider
                does not take.
            InvalidValueError: an image that is none.
            OSError: an image's file cannot be read.
        """
        return GenerativeGroupedQuery(
            generating(
                self._statement,
                single=single,
                grouped=grouped,
                grouped_properties=grouped_properties,
                provider=provider,
                images=images,
                image_properties=image_properties,
            ),
            self._runner,
        )

    def all(self) -> list[Group[K_co, R_co]]:
        """Give all groups, in the order of their best hits.

        Raises:
            InvalidQueryError: there is no search, or a keyword or hybrid one and the values are no text, date or uuid.
        """
        return self._runner.run(fetch_groups(self._statement, self._runner.scope, self._runner.retry))

    def __iter__(self) -> Iterator[Group[K_co, R_co]]:
        """Go over all groups, as ``all()`` gives them."""
        return iter(self.all())

    def explain(self) -> str:
        """Give the request that the query becomes, as text. Nothing is sent."""
        return explain_call(compile_groups(self._statement, self._runner.scope))
