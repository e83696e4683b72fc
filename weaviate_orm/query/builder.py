"""The builder: an immutable query that grows by methods, each of which gives a new one.

``Builder`` has everything that does not talk to a server; the two sessions add the terminals in their own colour.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from pydantic import BaseModel

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.expr.operators import Expression, Sort
from weaviate_orm.model.attributes import MultiVector, Reference, References, Vector, as_inclusion
from weaviate_orm.query.checks import check_inclusion, check_order, merged
from weaviate_orm.query.projection import project
from weaviate_orm.query.searching import Searching
from weaviate_orm.query.statement import MOST_RESULTS, Statement

if TYPE_CHECKING:
    pass

__all__ = ["Builder"]

R_co = TypeVar("R_co", bound=BaseModel, covariant=True)


class Builder(Searching, Generic[R_co]):
    """A query over one model. ``R`` is the class of its results' objects."""

    __slots__ = ()

    def _projected(self, shape: type[BaseModel]) -> Statement:
        if self._statement.inclusions or self._statement.vectors:
            raise InvalidQueryError(
                f"as_({shape.__name__}) gives plain properties; include() and with_vectors() go with whole objects only."
            )
        return replace(self._statement, projection=project(self._statement.info, shape))

    def limit(self, limit: int) -> Self:
        """Give at most this many results.

        Without a limit a search gives the server's default, 10; a query without a search gives all, up to 10,000.

        Raises:
            InvalidQueryError: below 1, or over 10,000 together with the offset.
        """
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            raise InvalidQueryError(f"limit() takes a whole number from 1 on, got {limit!r}.")
        return self._paged(replace(self._statement, limit=limit))

    def offset(self, offset: int) -> Self:
        """Leave out this many results first.

        Raises:
            InvalidQueryError: below 0, or over 10,000 together with the limit.
        """
        if isinstance(offset, bool) or not isinstance(offset, int) or offset < 0:
            raise InvalidQueryError(f"offset() takes a whole number from 0 on, got {offset!r}.")
        return self._paged(replace(self._statement, offset=offset))

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
        if order and self._statement.search is not None:
            raise InvalidQueryError(
                "order_by() does not go with a search, which ranks by itself. Leave one of them out."
            )
        return self._with(replace(self._statement, order=order))

    def include(self, *references: Reference[Any] | References[Any] | Inclusion) -> Self:  # to any model
        """Load these references with the objects: ``include(Article.author)``; their own with ``Article.author.include(...)``.

        Raises:
            InvalidQueryError: a reference of another model, or a query with a projection.
        """
        if self._statement.projection is not None:
            raise InvalidQueryError("include() goes with whole objects; a query with as_() gives plain properties.")
        inclusions = tuple(as_inclusion(each) for each in references)
        for each in inclusions:
            check_inclusion(self._statement.info, each)
        return self._with(replace(self._statement, inclusions=merged((*self._statement.inclusions, *inclusions))))

    def with_vectors(self, *vectors: Vector | MultiVector) -> Self:
        """Load these vectors with the objects, or all when none is named. They are decoded when first read.

        Raises:
            InvalidQueryError: a vector of another model, or a model without vectors.
        """
        info = self._statement.info
        if self._statement.projection is not None:
            raise InvalidQueryError(
                "with_vectors() goes with whole objects; a query with as_() gives plain properties."
            )
        chosen = tuple(info.vector_of(each) for each in vectors) or tuple(info.vectors.values())
        if not chosen:
            raise InvalidQueryError(f"{info.name} declares no vector to load.")
        return self._with(replace(self._statement, vectors=chosen))

    def __repr__(self) -> str:
        from weaviate_orm.query.text import describe_statement

        return f"<{type(self).__name__} {describe_statement(self._statement)}>"

    def _paged(self, statement: Statement) -> Self:
        total = (statement.limit or 0) + (statement.offset or 0)
        if total > MOST_RESULTS:
            raise InvalidQueryError(
                f"offset and limit add up to {total:,}; the server gives at most {MOST_RESULTS:,} results of a query."
            )
        return self._with(statement)
