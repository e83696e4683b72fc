"""The steps of a query that change what is made of a search's ranking: where it is cut, and who has a say in it."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.nodes import PropertySubject
from weaviate_orm.expr.operators import Expression
from weaviate_orm.query.boosting import Boost, Held, boosting
from weaviate_orm.query.checks import MOST_IN_INT32, checked_id, checked_text, declared_property
from weaviate_orm.query.ranking import Diversity, Rerank
from weaviate_orm.query.searching import Searching
from weaviate_orm.query.statement import changed

__all__ = ["Ranked"]


class Ranked(Searching):
    """A query whose ranking can be cut, boosted, diversified and reranked. The server does it in this order, boosts first."""

    __slots__ = ()

    def auto_limit(self, jumps: int) -> Self:
        """End the results where the distance (or score) jumps, within the limit.

        Args:
            jumps: how many groups of near results are kept; 1 ends before the first jump. A search without a jump keeps all.

        Raises:
            InvalidQueryError: below 1; or, when the query runs, without a search.
        """
        if isinstance(jumps, bool) or not isinstance(jumps, int) or not 1 <= jumps <= MOST_IN_INT32:
            raise InvalidQueryError(f"auto_limit() takes a number of jumps from 1 on, got {jumps!r}.")
        return self._with(changed(self._statement, auto_limit=jumps))

    def after(self, id: UUID) -> Self:
        """Begin behind this id: a query without search, conditions and order gives objects in the order of their ids.

        With ``limit()`` that makes pages of any depth. ``stream()`` does it for you.

        Args:
            id: usually of the last object of the page before; there need not be such an object.

        Raises:
            InvalidValueError: no UUID.
            InvalidQueryError: together with where(), a search, order_by(), offset(), boost() or rerank().
        """
        return self._with(changed(self._statement, after=checked_id(id, "after()")))

    def rerank(self, property: Held[str | None], *, query: str | None = None) -> Self:
        """Let the collection's reranker read one property of the results, and order them by what it says; see ``hit.rerank_score``.

        Only the results that the limit lets through are reranked. An object without the property is read as an empty text.

        Args:
            property: a text.
            query: what the texts are compared with; left out, the words of the search itself.

        Raises:
            InvalidQueryError: a property of another model or type, or an empty query; or, when the query runs, no query where the search
                has no words.
        """
        info = self._statement.info
        subject = property._subject if isinstance(property, Expression) else None
        if not isinstance(subject, PropertySubject):
            raise InvalidQueryError(f"rerank() takes a text property of {info.name}, got {property!r}.")
        read = declared_property(info, subject.attribute)
        if subject.attribute.data_type != "text":
            raise InvalidQueryError(
                f"A reranker reads text; {subject} is {subject.attribute.data_type}, of which the server gives it nothing.",
                field=str(subject),
            )
        if query is not None and (not isinstance(query, str) or not query.strip()):
            raise InvalidQueryError(f"rerank() takes a text that is not empty as query, or None, got {query!r}.")
        if query is not None:
            checked_text(query, "rerank()")
        return self._with(changed(self._statement, rerank=Rerank(read, query)))

    def boost(self, *boosts: Boost, weight: float | None = None, depth: int | None = None) -> Self:
        """Blend the score of the search with boosts, which raise or lower results by their properties; replaces earlier boosts.

        ``hit.score`` is the blended score then, 1 for the first and 0 for the last of the candidates; a distance stays what it was.

        Args:
            boosts: up to 20: ``Boost.where(...)``, ``Boost.decay(...)``, ``Boost.value(...)``.
            weight: of the boosts against the search: 0 is the search alone, 1 the boosts alone; the server's default is 0.5.
            depth: how many candidates of the search are boosted; the server's default is 100, and limit plus offset at least.

        Raises:
            InvalidQueryError: none or too many, one about another model, or a number out of its range.
        """
        return self._with(changed(self._statement, boost=boosting(self._statement.info, boosts, weight, depth)))

    def diversify(self, *, limit: int, balance: float = 0.5) -> Self:
        """Choose, among the results that ``limit()`` lets through, some that differ from each other (maximal marginal relevance).

        Args:
            limit: how many to choose; at most what ``limit()`` says.
            balance: 1 counts nearness to the query alone, 0 difference from the results chosen before alone.

        Raises:
            InvalidQueryError: a number out of its range, a keyword search or a multi-vector; or, when the query runs, no vector search or
                no limit() that is at least as large.
        """
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            raise InvalidQueryError(f"diversify() takes a limit from 1 on, got {limit!r}.")
        if isinstance(balance, bool) or not isinstance(balance, int | float) or not 0 <= balance <= 1:
            raise InvalidQueryError(
                f"diversify() takes a balance from 0 (difference alone) to 1 (relevance alone), got {balance!r}."
            )
        return self._with(changed(self._statement, diversity=Diversity(limit, balance)))
