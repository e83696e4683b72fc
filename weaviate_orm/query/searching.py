"""What queries and aggregations share: conditions and searches, each a step that gives a new query."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.nodes import And, PropertySubject
from weaviate_orm.expr.operators import Condition, Expression
from weaviate_orm.model.arrays import as_vector
from weaviate_orm.model.attributes import MultiVector, Vector
from weaviate_orm.model.info import ModelInfo, PropertyInfo, VectorInfo
from weaviate_orm.query.checks import check_condition, checked_id, embeds_text
from weaviate_orm.query.search import Bm25, Fusion, Hybrid, NearObject, NearText, NearVector, Search, Threshold
from weaviate_orm.query.statement import Statement

if TYPE_CHECKING:
    import numpy.typing as npt

    from weaviate_orm.model.base import WeaviateModel

__all__ = ["Searching"]


class Searching:
    """A statement over one model that can be narrowed by conditions and ranked by one search."""

    __slots__ = ("_statement",)

    def __init__(self, statement: Statement) -> None:
        self._statement = statement

    def _with(self, statement: Statement) -> Self:
        """Give the same kind of query with another statement."""
        return type(self)(statement)

    def where(self, *conditions: Condition | None) -> Self:
        """Keep only objects that fulfil all the conditions, those of earlier calls included. ``None`` is left out.

        Raises:
            InvalidQueryError: a condition is about another model, or needs an index that the model does not declare.
        """
        node = self._statement.condition
        for condition in conditions:
            if condition is None:
                continue
            if not isinstance(condition, Condition):
                raise InvalidQueryError(
                    f"where() takes conditions such as {self._statement.info.name}.id == ..., got {condition!r}. A comparison "
                    "of plain Python values is decided before it gets here."
                )
            check_condition(self._statement.info, condition.node)
            node = condition.node if node is None else And((node, condition.node))
        return self._with(replace(self._statement, condition=node))

    def near_text(
        self,
        query: str | Sequence[str],
        *,
        target: Vector | MultiVector | None = None,
        distance: float | None = None,
        certainty: float | None = None,
    ) -> Self:
        """Rank by nearness to the meaning of a text, nearest first. The collection's vectorizer module embeds it.

        Args:
            query: one concept or several, of which the mean is searched.
            target: the vector searched; needed when the model has several.
            distance: leave out results farther away. Applied by the server after the limit.
            certainty: leave out results less certain; cosine distance only.

        Raises:
            InvalidQueryError: an empty text, no or an unknown target, both thresholds, or a second search.
        """
        concepts = tuple(query) if isinstance(query, Sequence) and not isinstance(query, str) else (query,)
        if not concepts or any(not isinstance(each, str) or not each.strip() for each in concepts):
            raise InvalidQueryError(f"near_text() takes a text or a list of texts that are not empty, got {query!r}.")
        vector = self._target(target, "near_text()")
        if vector is not None and not embeds_text(vector):
            name = self._statement.info.name
            raise InvalidQueryError(
                f"near_text() needs a vectorizer, but {name}.{vector.field} holds vectors that you give yourself. "
                f"Use near_vector(), or declare {vector.field} with a module: vector(text2vec_...())."
            )
        return self._search(NearText(concepts, vector, _threshold("near_text()", distance, certainty)))

    def near_vector(
        self,
        vector: npt.ArrayLike,
        *,
        target: Vector | MultiVector | None = None,
        distance: float | None = None,
        certainty: float | None = None,
    ) -> Self:
        """Rank by nearness to a vector, nearest first.

        Args:
            vector: any array, buffer or list of numbers, shape ``(dimensions,)``; for a multi-vector ``(rows, dimensions)``.
            target: the vector searched; needed when the model has several.
            distance: leave out results farther away. Applied by the server after the limit.
            certainty: leave out results less certain; cosine distance only.

        Raises:
            InvalidValueError: not a finite vector of that shape.
            InvalidQueryError: no or an unknown target, both thresholds, or a second search.
        """
        info = self._target(target, "near_vector()")
        multi = info is not None and info.multi
        array = as_vector(vector, multi=multi, where="near_vector()")
        _check_dimensions(self._statement.info, info, array.shape[-1])
        return self._search(NearVector(array, info, _threshold("near_vector()", distance, certainty)))

    def near_object(
        self,
        other: WeaviateModel | UUID,
        *,
        target: Vector | MultiVector | None = None,
        distance: float | None = None,
        certainty: float | None = None,
    ) -> Self:
        """Rank by nearness to a stored object's vector, nearest first; the object itself comes first, at distance 0.

        Args:
            other: the object or its id.
            target: the vector searched; needed when the model has several.
            distance: leave out results farther away. Applied by the server after the limit.
            certainty: leave out results less certain; cosine distance only.

        Raises:
            InvalidQueryError: no or an unknown target, both thresholds, or a second search.
        """
        object_id = checked_id(getattr(other, "id", other), "near_object()")
        info = self._target(target, "near_object()")
        return self._search(NearObject(object_id, info, _threshold("near_object()", distance, certainty)))

    def bm25(self, query: str, *, properties: Sequence[Expression[Any]] = ()) -> Self:  # of any text-like type
        """Rank by keywords (BM25F), best first.

        Args:
            query: the words to search for; how it is split, each property's tokenization says.
            properties: the properties searched; all searchable ones when empty.

        Raises:
            InvalidQueryError: an empty query, a property that is not searchable, or a second search.
        """
        if not isinstance(query, str) or not query.strip():
            raise InvalidQueryError(f"bm25() takes a text that is not empty, got {query!r}.")
        return self._search(Bm25(query, self._searched(properties, "bm25()")))

    def hybrid(
        self,
        query: str,
        *,
        alpha: float = 0.75,
        vector: npt.ArrayLike | None = None,
        properties: Sequence[Expression[Any]] = (),  # of any text-like type
        fusion: Fusion = Fusion.RELATIVE_SCORE,
        target: Vector | MultiVector | None = None,
        max_vector_distance: float | None = None,
    ) -> Self:
        """Rank by keywords and meaning together, best first.

        Args:
            query: the text for both parts.
            alpha: weight of the vector part: 0 is keywords only, 1 vectors only; the server's default is 0.75.
            vector: searched instead of the text's own vector; needed when the model's vectors are self-provided.
            properties: for the keyword part; all searchable ones when empty.
            fusion: how the two rankings are joined.
            target: the vector searched; needed when the model has several.
            max_vector_distance: leave out results whose vector is farther away, found by keyword or not.

        Raises:
            InvalidValueError: not a finite vector.
            InvalidQueryError: alpha outside 0..1, no or an unknown target, no vector where one is needed, or a second search.
        """
        if not isinstance(query, str):
            raise InvalidQueryError(f"hybrid() takes a text, got {query!r}.")
        if not isinstance(alpha, int | float) or not 0 <= alpha <= 1:
            raise InvalidQueryError(
                f"hybrid() takes an alpha from 0 (keywords only) to 1 (vectors only), got {alpha!r}."
            )
        info: VectorInfo | None
        if alpha == 0 and target is None:
            # Only keywords count, but of several vectors the server wants one named all the same.
            info = next(iter(self._statement.info.vectors.values()), None)
        else:
            info = self._target(target, "hybrid()")
        array = None
        if vector is not None:
            array = as_vector(vector, multi=info is not None and info.multi, where="hybrid()")
            _check_dimensions(self._statement.info, info, array.shape[-1])
        elif alpha > 0 and info is not None and not embeds_text(info):
            raise InvalidQueryError(
                f"hybrid() needs vector=..., because {self._statement.info.name}.{info.field} holds vectors that you give "
                "yourself, so the server cannot embed the text. Or use bm25()."
            )
        searched = self._searched(properties, "hybrid()")
        return self._search(Hybrid(query, alpha, array, searched, fusion, info, max_vector_distance))

    def _search(self, search: Search) -> Self:
        if self._statement.search is not None:
            raise InvalidQueryError(
                "The query has a search already; it takes one. hybrid() joins keywords and vectors in one search."
            )
        if self._statement.order:
            raise InvalidQueryError("A search does not go with order_by(); it ranks by itself. Leave one of them out.")
        return self._with(replace(self._statement, search=search))

    def _target(self, target: Vector | MultiVector | None, method: str) -> VectorInfo | None:
        info = self._statement.info
        if target is not None:
            return info.vector_of(target)
        if not info.vectors:
            raise InvalidQueryError(
                f"{method} needs a vector, but {info.name} declares none: embedding: Vector = vector(...)"
            )
        if len(info.vectors) > 1:
            choices = " or ".join(f"{info.name}.{each}" for each in info.vectors)
            raise InvalidQueryError(
                f"{info.name} has several vectors; say which one {method} searches: target={choices}."
            )
        return next(iter(info.vectors.values()))

    def _searched(self, properties: Sequence[Expression[Any]], method: str) -> tuple[PropertyInfo, ...]:  # any type
        info = self._statement.info
        found: list[PropertyInfo] = []
        for each in properties:
            subject = each._subject if isinstance(each, Expression) else None
            if (
                not isinstance(subject, PropertySubject)
                or not issubclass(info.model, subject.attribute.owner)
                or subject.attribute.field not in info.properties
            ):
                texts = (one.field for one in info.properties.values() if one.data_type.base == "text")
                raise InvalidQueryError(
                    f"{method} takes properties of {info.name}, such as {info.name}.{next(texts, 'title')}; got {each!r}."
                )
            searched = info.properties[subject.attribute.field]
            if searched.data_type.base != "text" or searched.options.searchable is False:
                raise InvalidQueryError(
                    f"{method} searches text; {info.name}.{searched.field} is {searched.data_type.name}"
                    + (", declared with searchable=False." if searched.data_type.base == "text" else "."),
                    field=f"{info.name}.{searched.field}",
                )
            found.append(searched)
        return tuple(found)


_ANY = Threshold()


def _threshold(method: str, distance: float | None, certainty: float | None) -> Threshold:
    if distance is None and certainty is None:
        return _ANY
    for name, value in (("distance", distance), ("certainty", certainty)):
        if value is not None and (not isinstance(value, int | float) or math.isnan(value)):
            raise InvalidQueryError(f"{method} takes a number as {name}, got {value!r}.")
    if distance is not None and certainty is not None:
        raise InvalidQueryError(f"{method} takes distance or certainty, not both.")
    if certainty is not None and not 0 <= certainty <= 1:
        raise InvalidQueryError(f"{method} takes a certainty from 0 to 1, got {certainty!r}.")
    return Threshold(distance, certainty)


def _check_dimensions(model: ModelInfo, info: VectorInfo | None, dimensions: int) -> None:
    if info is not None and info.options.dimensions not in (None, dimensions):
        raise InvalidQueryError(
            f"{model.name}.{info.field} is declared with {info.options.dimensions} dimensions, the vector searched has {dimensions}."
        )
