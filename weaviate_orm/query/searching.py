"""What queries and aggregations share: conditions and searches, each a step that gives a new query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.nodes import And, Node
from weaviate_orm.expr.operators import Condition, Expression, Weighted
from weaviate_orm.model.attributes import MultiVector, Vector
from weaviate_orm.query.checks import check_condition, checked_text
from weaviate_orm.query.media import Media, checked_kind, media_text
from weaviate_orm.query.query_vectors import check_weights, resolved_vectors
from weaviate_orm.query.search import Hybrid, NearMedia, NearObject, NearText, NearVector, Search, Threshold
from weaviate_orm.query.search_checks import (
    check_embeds_media,
    check_embeds_text,
    checked_distance,
    checked_movement,
    checked_properties,
    checked_threshold,
    checked_words,
    searched_id,
)
from weaviate_orm.query.search_options import Fusion, HybridVector, Move, Words, checked_concepts
from weaviate_orm.query.statement import Statement, changed
from weaviate_orm.query.targets import AnyVector, SearchTarget, Targets, resolved_targets
from weaviate_orm.types import MediaKind

if TYPE_CHECKING:
    import numpy.typing as npt

    from weaviate_orm.model.arrays import FloatArray
    from weaviate_orm.model.base import WeaviateModel

__all__ = ["Searching"]

V = TypeVar("V", bound=AnyVector)

_DEFAULT_ALPHA = (
    0.75  # the server's own; always said, because older servers take another one for an alpha that is left out
)


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
        statement = self._statement
        nodes: list[Node] = [] if statement.condition is None else [statement.condition]
        for condition in conditions:
            if condition is None:
                continue
            if not isinstance(condition, Condition):
                raise InvalidQueryError(
                    f"where() takes conditions such as {self._statement.info.name}.id == ..., got {condition!r}. A comparison "
                    "of plain Python values is decided before it gets here."
                )
            check_condition(statement.info, condition.node)
            nodes.append(condition.node)
        node = And(tuple(nodes)) if len(nodes) > 1 else nodes[0] if nodes else None
        return self._with(changed(statement, condition=node))

    def near_text(
        self,
        query: str | Sequence[str],
        *,
        target: SearchTarget | None = None,
        distance: float | None = None,
        certainty: float | None = None,
        move_to: Move | None = None,
        move_away: Move | None = None,
    ) -> Self:
        """Rank by nearness to the meaning of a text, nearest first. The collection's vectorizer module embeds it.

        Args:
            query: one concept or several, of which the mean is searched.
            target: the vector searched, or several; needed when the model has several.
            distance: leave out results farther away. Applied by the server after the limit.
            certainty: leave out results less certain; for one vector with the cosine distance only.
            move_to: concepts and objects that the search is moved towards.
            move_away: concepts and objects that it is moved away from.

        Raises:
            InvalidQueryError: an empty text, no or an unknown target, one without a module, both thresholds, a movement that the server
                refuses, or a second search.
        """
        concepts = checked_concepts(query, "near_text()")
        targets = self._targets(target, "near_text()")
        self._check_embeds_text(targets, "near_text()")
        info = self._statement.info
        return self._search(
            NearText(
                concepts,
                targets,
                checked_threshold(info, targets, "near_text()", distance, certainty),
                checked_movement(info, move_to, "near_text()", "move_to"),
                checked_movement(info, move_away, "near_text()", "move_away"),
            )
        )

    def near_vector(
        self,
        vector: npt.ArrayLike | Mapping[V, npt.ArrayLike],
        *,
        target: SearchTarget | None = None,
        distance: float | None = None,
        certainty: float | None = None,
    ) -> Self:
        """Rank by nearness to a vector, nearest first.

        Args:
            vector: any array, buffer or list of numbers, shape ``(dimensions,)``; for a multi-vector ``(rows, dimensions)``. Or a mapping
                from each target to its own vector or a list of several, ``{Article.title_vector: [0.1, 0.2], ...}``.
            target: the vector searched, or several; needed when the model has several and ``vector`` is no mapping.
            distance: leave out results farther away. Applied by the server after the limit.
            certainty: leave out results less certain; for one vector with the cosine distance only.

        Raises:
            InvalidValueError: not a finite vector of that shape.
            InvalidQueryError: no or an unknown target, vectors or weights for others than the targets, both thresholds, or a second
                search.
        """
        return self._search(self._near_vector(vector, target, "near_vector()", distance, certainty))

    def near_object(
        self,
        other: WeaviateModel | UUID,
        *,
        target: SearchTarget | None = None,
        distance: float | None = None,
        certainty: float | None = None,
    ) -> Self:
        """Rank by nearness to a stored object's vector, nearest first; the object itself comes first, at distance 0.

        Args:
            other: the object or its id.
            target: the vector searched, or several; needed when the model has several.
            distance: leave out results farther away. Applied by the server after the limit.
            certainty: leave out results less certain; for one vector with the cosine distance only.

        Raises:
            InvalidValueError: neither an object nor an id.
            InvalidQueryError: an object of another collection, no or an unknown target, both thresholds, or a second search.
        """
        info = self._statement.info
        object_id = searched_id(info, other, "near_object()")
        targets = self._targets(target, "near_object()")
        threshold = checked_threshold(info, targets, "near_object()", distance, certainty)
        return self._search(NearObject(object_id, targets, threshold))

    def near_image(
        self,
        image: Media,
        *,
        target: Vector | MultiVector | None = None,
        distance: float | None = None,
        certainty: float | None = None,
    ) -> Self:
        """Rank by nearness to an image, nearest first. The collection's module for images embeds it.

        Args:
            image: its bytes, the path of a file, a file opened in binary mode, or base64 text. Files are read at once.
            target: the vector searched; needed when the model has several. The server takes one for media, not more.
            distance: leave out results farther away. Applied by the server after the limit.
            certainty: leave out results less certain; cosine distance only.

        Raises:
            InvalidValueError: no data, or text that is not base64.
            InvalidQueryError: no or an unknown target, one whose module takes no images, both thresholds, or a second search.
            OSError: the file cannot be read.
        """
        return self._near_media(image, "image", "near_image()", target, distance, certainty)

    def near_media(
        self,
        media: Media,
        *,
        kind: MediaKind,
        target: Vector | MultiVector | None = None,
        distance: float | None = None,
        certainty: float | None = None,
    ) -> Self:
        """Rank by nearness to a sound, a video or another medium, nearest first. The collection's module for it embeds it.

        Args:
            media: its bytes, the path of a file, a file opened in binary mode, or base64 text. Files are read at once.
            kind: what it is; ``imu`` is the motion data of inertial sensors.
            target: the vector searched; needed when the model has several. The server takes one for media, not more.
            distance: leave out results farther away. Applied by the server after the limit.
            certainty: leave out results less certain; cosine distance only.

        Raises:
            InvalidValueError: no data, or text that is not base64.
            InvalidQueryError: an unknown kind, no or an unknown target, one whose module does not take that kind, both thresholds, or a
                second search.
            OSError: the file cannot be read.
        """
        return self._near_media(media, checked_kind(kind), "near_media()", target, distance, certainty)

    def hybrid(
        self,
        query: str | None,
        *,
        alpha: float | None = None,
        vector: npt.ArrayLike | Mapping[V, npt.ArrayLike] | HybridVector | None = None,
        properties: Sequence[Expression[Any] | Weighted] = (),  # of any text-like type
        operator: Words | None = None,
        fusion: Fusion = Fusion.RELATIVE_SCORE,
        target: SearchTarget | None = None,
        max_vector_distance: float | None = None,
    ) -> Self:
        """Rank by keywords and meaning together, best first.

        Args:
            query: the text for both parts; ``None`` searches by ``vector`` alone.
            alpha: weight of the vector part: 0 is keywords only, 1 vectors only. 0.75 when nothing is said, 1 without a query.
            vector: searched instead of the text's own vector; needed when the model's vectors are self-provided. As for
                ``near_vector()``, or ``HybridVector`` for a search of its own.
            properties: for the keyword part; all searchable ones when empty. ``Article.title.weighted(3)`` counts threefold.
            operator: how many of the words the keyword part needs; one when nothing is said.
            fusion: how the two rankings are joined.
            target: the vector searched, or several; needed when the model has several.
            max_vector_distance: leave out results whose vector is farther away, found by keyword or not.

        Raises:
            InvalidValueError: not a finite vector.
            InvalidQueryError: alpha outside 0..1, no or an unknown target, neither query nor vector, no vector where one is needed, or a
                second search.
        """
        if query is not None and not isinstance(query, str):
            raise InvalidQueryError(f"hybrid() takes a text or None, got {query!r}.")
        text = query if query is not None and query.strip() else ""
        if not text and vector is None:
            raise InvalidQueryError(f"hybrid() takes a text, a vector or both, got the text {query!r} alone.")
        checked_text(text, "hybrid()")
        if alpha is None:
            alpha = _DEFAULT_ALPHA if text else 1.0
        elif not isinstance(alpha, int | float) or not 0 <= alpha <= 1:
            raise InvalidQueryError(
                f"hybrid() takes an alpha from 0 (keywords only) to 1 (vectors only), got {alpha!r}."
            )
        if not text and alpha == 0:
            raise InvalidQueryError(
                "hybrid() has no text and counts keywords only (alpha=0), so it would find nothing. Give it a text, or leave alpha out."
            )
        if not isinstance(fusion, Fusion):
            raise InvalidQueryError(f"hybrid() takes Fusion.RELATIVE_SCORE or Fusion.RANKED as fusion, got {fusion!r}.")
        info = self._statement.info
        targets, searched = self._vector_part(vector, target, alpha)
        keywords = checked_properties(info, properties, "hybrid()")
        return self._search(
            Hybrid(
                text,
                alpha,
                searched,
                keywords,
                checked_words(operator, "hybrid()", info, keywords),
                fusion,
                targets,
                checked_distance(max_vector_distance, "hybrid()", "max_vector_distance"),
            )
        )

    def _search(self, search: Search) -> Self:
        """Take a search. Every search passes here, so a subclass refuses here those that it cannot have."""
        if self._statement.search is not None:
            raise InvalidQueryError(
                "The query has a search already; it takes one. hybrid() joins keywords and vectors in one search."
            )
        if self._statement.order:
            raise InvalidQueryError("A search does not go with order_by(); it ranks by itself. Leave one of them out.")
        return self._with(changed(self._statement, search=search))

    def _targets(self, target: SearchTarget | None, method: str) -> Targets:
        """Give the targets of a search that compares each with one vector."""
        targets = resolved_targets(self._statement.info, target, method)
        if targets.weights:
            check_weights(self._statement.info, targets, method)
        return targets

    def _check_embeds_text(self, targets: Targets, method: str) -> None:
        check_embeds_text(
            self._statement.info,
            targets,
            method,
            "a vectorizer, but {model}.{field} holds vectors that you give yourself. Use near_vector(), or declare {field} with a "
            "module: vector(text2vec_...()).",
        )

    def _near_vector(
        self,
        vector: npt.ArrayLike | Mapping[V, npt.ArrayLike],
        target: SearchTarget | None,
        method: str,
        distance: float | None = None,
        certainty: float | None = None,
    ) -> NearVector:
        info = self._statement.info
        targets, vectors = resolved_vectors(info, vector, target, method)
        joined = isinstance(vectors, tuple)
        return NearVector(
            vectors, targets, checked_threshold(info, targets, method, distance, certainty, joined=joined)
        )

    def _near_media(
        self,
        media: Media,
        kind: MediaKind,
        method: str,
        target: Vector | MultiVector | None,
        distance: float | None,
        certainty: float | None,
    ) -> Self:
        info = self._statement.info
        targets = self._targets(target, method)
        if len(targets.vectors) > 1:
            raise InvalidQueryError(
                f"{method} searches one vector, which is all that the server takes for media; got {targets.describe(info)}."
            )
        check_embeds_media(info, targets, kind, method)
        threshold = checked_threshold(info, targets, method, distance, certainty)
        return self._search(NearMedia(kind, media_text(media, method), targets, threshold))

    def _vector_part(
        self,
        vector: npt.ArrayLike | Mapping[V, npt.ArrayLike] | HybridVector | None,
        target: SearchTarget | None,
        alpha: float,
    ) -> tuple[Targets, FloatArray | NearText | NearVector | None]:
        """Give the targets of a hybrid search, and what is searched instead of its text."""
        info = self._statement.info
        if vector is None:
            if alpha == 0 and target is None:
                # Only keywords count, but of several vectors the server wants one named all the same.
                return Targets(tuple(info.vectors.values())[:1]), None
            targets = self._targets(target, "hybrid()")
            if alpha > 0:
                check_embeds_text(
                    info,
                    targets,
                    "hybrid()",
                    "vector=..., because {model}.{field} holds vectors that you give yourself, so the server cannot embed the text. "
                    "Or use bm25().",
                )
            return targets, None
        if not isinstance(vector, HybridVector):
            near = self._near_vector(vector, target, "hybrid()")
            return near.targets, near if isinstance(near.vectors, tuple) else near.vectors
        if vector.vector is not None:
            near = self._near_vector(vector.vector, target, "HybridVector.near_vector()", vector.distance)
            return near.targets, near
        method = "HybridVector.near_text()"
        concepts = checked_concepts(vector.query or (), method)
        targets = self._targets(target, method)
        self._check_embeds_text(targets, method)
        to = checked_movement(info, vector.move_to, method, "move_to", objects=False)
        away = checked_movement(info, vector.move_away, method, "move_away", objects=False)
        return targets, NearText(concepts, targets, Threshold(), to, away)
