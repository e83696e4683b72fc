"""The builder: an immutable query that grows by methods, each of which gives a new one.

``Builder`` has everything that does not talk to a server; the two sessions add the terminals in their own colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, Self, TypeVar

from pydantic import BaseModel

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.expr.operators import Expression, Sort, Weighted
from weaviate_orm.model.attributes import MultiVector, Reference, References, Vector, as_inclusion
from weaviate_orm.query.checks import check_inclusion, check_order, checked_text, merged
from weaviate_orm.query.combinations import check_parts
from weaviate_orm.query.grouping import grouping_of
from weaviate_orm.query.projection import project
from weaviate_orm.query.ranked import Ranked
from weaviate_orm.query.search import Bm25
from weaviate_orm.query.search_checks import checked_properties, checked_words
from weaviate_orm.query.search_options import Words
from weaviate_orm.query.statement import MOST_RESULTS, Statement, changed

__all__ = ["Builder"]

R_co = TypeVar("R_co", bound=BaseModel, covariant=True)


class Builder(Ranked, Generic[R_co]):
    """A query over one model. ``R`` is the class of its results' objects."""

    __slots__ = ()

    def __init__(self, statement: Statement) -> None:
        check_parts(statement)
        self._statement = statement  # what super() would do, at three times the price for every step of a query

    def _projected(self, shape: type[BaseModel]) -> Statement:
        statement = self._statement
        if statement.inclusions or (statement.vectors and statement.projection is None):
            raise InvalidQueryError(
                f"as_({shape.__name__}) says what comes, and include() and with_vectors() go with whole objects: give {shape.__name__} a "
                "field of the reference's name with a pydantic class, or of the vector's name marked with FromHit()."
            )
        projection = project(statement.info, shape)
        return changed(statement, projection=projection, vectors=tuple(each.vector for each in projection.vectors))

    def _grouped(self, by: object, groups: int, per_group: int) -> Statement:
        return changed(self._statement, grouping=grouping_of(self._statement.info, by, groups, per_group))

    def bm25(
        self,
        query: str,
        *,
        properties: Sequence[Expression[Any] | Weighted] = (),  # of any text-like type
        operator: Words | None = None,
    ) -> Self:
        """Rank by keywords (BM25F), best first.

        Args:
            query: the words to search for; how it is split, each property's tokenization says.
            properties: the properties searched; all searchable ones when empty. ``Article.title.weighted(3)`` counts threefold.
            operator: how many of the words are needed; one when nothing is said.

        Raises:
            InvalidQueryError: an empty query, a property that is not searchable, no ``Words``, or a second search.
        """
        if not isinstance(query, str) or not query.strip():
            raise InvalidQueryError(f"bm25() takes a text that is not empty, got {query!r}.")
        checked_text(query, "bm25()")
        searched = checked_properties(self._statement.info, properties, "bm25()")
        return self._search(Bm25(query, searched, checked_words(operator, "bm25()", self._statement.info, searched)))

    def limit(self, limit: int) -> Self:
        """Give at most this many results.

        Without a limit a search gives the server's default, 10; a query without a search gives all, up to 10,000.

        Raises:
            InvalidQueryError: below 1, or over 10,000 together with the offset.
        """
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            raise InvalidQueryError(f"limit() takes a whole number from 1 on, got {limit!r}.")
        return self._paged(changed(self._statement, limit=limit))

    def offset(self, offset: int) -> Self:
        """Leave out this many results first.

        Raises:
            InvalidQueryError: below 0, or over 10,000 together with the limit.
        """
        if isinstance(offset, bool) or not isinstance(offset, int) or offset < 0:
            raise InvalidQueryError(f"offset() takes a whole number from 0 on, got {offset!r}.")
        return self._paged(changed(self._statement, offset=offset))

    def order_by(self, *keys: Sort | Expression[Any]) -> Self:  # of any sortable type
        """Sort by these keys, the first being the most important; replaces an earlier order.

        A bare expression sorts ascending. Objects without the property count as smallest. Not possible together with a search.

        Raises:
            InvalidQueryError: a key is of another model or cannot be sorted by, or the query has a search.
        """
        sorts = [each.asc() if isinstance(each, Expression) else each for each in keys]
        name = self._statement.info.name
        for each in sorts:
            if not isinstance(each, Sort):
                raise InvalidQueryError(
                    f"order_by() takes properties of {name}, such as {name}.id.desc(), got {each!r}."
                )
        order = tuple(each.key for each in sorts)
        check_order(self._statement.info, order)
        return self._with(changed(self._statement, order=order))

    def include(self, *references: Reference[Any] | References[Any] | Inclusion) -> Self:  # to any model
        """Load these references with the objects: ``include(Article.author)``; their own with ``Article.author.include(...)``.

        Raises:
            InvalidQueryError: a reference of another model, or a query with a projection.
        """
        if self._statement.projection is not None:
            raise InvalidQueryError(
                "include() goes with whole objects; a query with as_() gives what the class says. Give it a field of the reference's "
                "name whose type is a pydantic class with some of the referenced model's fields."
            )
        inclusions = tuple(as_inclusion(each) for each in references)
        for each in inclusions:
            check_inclusion(self._statement.info, each)
        return self._with(changed(self._statement, inclusions=merged((*self._statement.inclusions, *inclusions))))

    def with_vectors(self, *vectors: Vector | MultiVector) -> Self:
        """Load these vectors with the objects, or all when none is named. They are decoded when first read.

        Raises:
            InvalidQueryError: a vector of another model, or a model without vectors.
        """
        info = self._statement.info
        if self._statement.projection is not None:
            raise InvalidQueryError(
                "with_vectors() goes with whole objects; a query with as_() gives what the class says. Give it a field of the vector's "
                "name: Annotated[npt.NDArray[np.float32] | None, FromHit()]."
            )
        chosen = tuple(info.vector_of(each, "with_vectors()") for each in vectors) or tuple(info.vectors.values())
        if not chosen:
            raise InvalidQueryError(f"{info.name} declares no vector to load.")
        return self._with(changed(self._statement, vectors=chosen))

    def check_consistency(self) -> Self:
        """Have the server compare the replicas of every result, for ``Hit.is_consistent``. It costs a round among them.

        A collection of one replica has nothing to compare. Reading from several in the first place is ``session.consistency("QUORUM")``.
        """
        return self._with(changed(self._statement, consistency_checked=True))

    def __repr__(self) -> str:
        from weaviate_orm.query.text import describe_statement

        return f"<{type(self).__name__} {describe_statement(self._statement)}>"

    def _paged(self, statement: Statement) -> Self:
        total = (statement.limit or 0) + (statement.offset or 0)
        if total > MOST_RESULTS:
            raise InvalidQueryError(
                f"offset and limit add up to {total:,}; the server gives at most {MOST_RESULTS:,} results of a query. "
                "stream() goes through more; itertools.islice() ends it where you like."
            )
        return self._with(statement)
