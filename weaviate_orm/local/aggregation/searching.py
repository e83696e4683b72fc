"""Searches that choose the objects to aggregate: near something, or hybrid. One target vector at most; ranks play no part.

A request is read (``read_search``), then made ready before any shard is looked at (``prepare``: the query's vector, the limits),
then run on the shard (``rows``): the server finds its mistakes in that order.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from weaviate_orm.local.objects import Bools, Ints, Vector
from weaviate_orm.local.ranking import Ranking
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.search.near_vectors import read_near_vector, read_vectors
from weaviate_orm.local.search.query_vectors import (
    check_modules,
    check_moves,
    check_near_text,
    kind_of,
    media_name,
    medium_of,
    vector_of_input,
    vector_of_medium,
    vector_of_object,
    vector_of_text,
)
from weaviate_orm.local.text.keyword import keyword_search
from weaviate_orm.local.vectors.targets import Combination, read_combination
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.schema.parsed import CollectionSchema
    from weaviate_orm.local.storage.database import Collection, Database
    from weaviate_orm.local.storage.shard import Shard

__all__ = ["Search", "read_search"]

_DEFAULT_HYBRID: Final = 100
_DEFAULT_ALPHA: Final = 0.75
_BOUNDLESS: Final = "must provide certainty or objectLimit with vector search"


class Search(ABC):
    """A search of an Aggregate request.

    Attributes:
        target: name of the vector that is compared; ``""`` for the unnamed one.
        limit: objects at most; ``None`` for no limit.
        certainty: what objects must have at least, 0 for no such bound. Distances become certainties as if all were cosine distances.
        grouped: whether the objects are grouped, which changes words of errors.
    """

    def __init__(self, target: str, request: pb.AggregateRequest) -> None:
        self.target = target
        self.limit: int | None = request.object_limit if request.HasField("object_limit") else None
        self.certainty = 0.0
        self.grouped = request.HasField("group_by")

    @abstractmethod
    def prepare(self, database: Database, collection: Collection, tenant: str) -> None:
        """Find the query's vector where it takes more than reading it, and see whether the search has an end.

        Raises:
            Refused: it has none, or there is no such vector.
        """

    @abstractmethod
    def rows(self, shard: Shard, allowed: Bools | None) -> Ints | None:
        """Give the rows found, in any order; ``None`` when there is nothing to compare with, which makes the search none."""

    def bound(self, message: Any) -> None:  # all near_* messages have the same two fields
        """Take over the threshold of a message."""
        if message.certainty:
            self.certainty = message.certainty
        elif message.HasField("distance"):
            self.certainty = _certainty_of(message.distance)

    def check_end(self) -> None:
        """See whether the search has an end.

        Raises:
            Refused: neither a limit nor a certainty other than 0, which a distance of 2 is too.
        """
        if self.limit is None and self.certainty == 0:
            raise Refused(_BOUNDLESS)

    def nearest(self, shard: Shard, vector: Vector, allowed: Bools | None) -> Ranking:
        """Give the rows near to a vector, nearest first, as far as limit and certainty go.

        Raises:
            Refused: the vector does not fit, or a negative certainty is the only bound.
        """
        if self.limit is None and self.certainty <= 0:
            raise Refused(_BOUNDLESS)
        limit = shard.size if self.limit is None else self.limit
        if allowed is not None and not allowed.any():  # the server does not even look at the vector then
            return Ranking(np.empty(0, dtype=np.int64), distances=np.empty(0, dtype=np.float32))
        multi = shard.schema.vectors[self.target].multi
        if vector.ndim == 2 and not multi:
            raise Refused("multivector search is not enabled")
        try:
            # one plain vector for multi-vectors only gets here in a hybrid search
            found = shard.vectors(self.target).nearest(np.atleast_2d(vector) if multi else vector, limit, allowed)
        except Refused as refusal:
            # the index speaks as in Search; here only a search by distance alone has these words, and some in front
            words = Refused(refusal.text.removeprefix("multi ").removeprefix("vector search: "))
            raise words.prefixed("aggregate search by vector: vector search: " if self.limit is None else "") from None
        return _within(found, np.float32(1 - self.certainty) * np.float32(2)) if self.certainty > 0 else found


def _within(ranking: Ranking, largest: np.float32) -> Ranking:
    """Give the rows up to a distance."""
    assert ranking.distances is not None
    return ranking.cut(0, int(np.count_nonzero(ranking.distances <= largest)))


def _certainty_of(distance: float) -> float:
    return 1 - distance / 2


class _Near(Search):
    """A search for what is near to one vector."""

    vector: Vector | None = None

    def rows(self, shard: Shard, allowed: Bools | None) -> Ints | None:
        if self.vector is None or not self.vector.size:
            return None
        try:
            return self.nearest(shard, self.vector, allowed).rows
        except Refused as refusal:
            raise refusal.prefixed("failed to perform vector search: " if self.grouped else "") from None


class _NearVector(_Near):
    def __init__(self, schema: CollectionSchema, target: str, request: pb.AggregateRequest) -> None:
        super().__init__(target, request)
        near = request.near_vector
        try:
            self.vector = _only_vector(schema, near, target)
        except Refused as refusal:
            raise refusal.prefixed("parse near vector: ") from None
        _refuse_both("near_vector", near)
        self.bound(near)

    def prepare(self, database: Database, collection: Collection, tenant: str) -> None:
        self.check_end()


class _NearObject(_Near):
    def __init__(self, target: str, request: pb.AggregateRequest) -> None:
        super().__init__(target, request)
        near = request.near_object
        if not near.id:
            raise Refused("near_object: id is required")
        _refuse_both("near_object", near)
        self.id = near.id
        self.bound(near)

    def prepare(self, database: Database, collection: Collection, tenant: str) -> None:
        try:
            self.vector = vector_of_object(collection, tenant, self.id, self.target)
        except Refused as refusal:
            raise refusal.prefixed("nearObject params: ") from None
        self.check_end()


class _NearText(_Near):
    def __init__(self, target: str, request: pb.AggregateRequest) -> None:
        super().__init__(target, request)
        self.message = request.near_text
        check_moves(self.message)
        self.bound(self.message)

    def prepare(self, database: Database, collection: Collection, tenant: str) -> None:
        message = self.message
        check_modules(collection.schema, "nearText")
        check_near_text(message)
        if message.query:  # without, there is nothing to compare with, and everything is aggregated
            try:
                self.vector = vector_of_text(database, collection, tenant, message, self.target)
            except Refused as refusal:
                raise refusal.prefixed("vectorize params: ") from None
        self.check_end()


class _NearMedia(_Near):
    def __init__(self, target: str, request: pb.AggregateRequest, search: str) -> None:
        super().__init__(target, request)
        self._search = search
        self._message: Any = getattr(request, search)  # all of these have the same thresholds
        _refuse_both(search, self._message)
        self.bound(self._message)

    def prepare(self, database: Database, collection: Collection, tenant: str) -> None:
        check_modules(collection.schema, media_name(self._search), kind=kind_of(self._search))
        medium_of(self._search, self._message)
        try:
            self.vector = vector_of_medium(database, collection.schema, self._search, self._message, self.target)
        except Refused as refusal:
            raise refusal.prefixed("vectorize params: ") from None
        self.check_end()


class _Hybrid(Search):
    """Keywords and nearness: whatever either finds."""

    def __init__(self, database: Database, schema: CollectionSchema, target: str, request: pb.AggregateRequest) -> None:
        super().__init__(target, request)
        self._database = database
        message = self.message = request.hybrid
        if message.HasField("near_text"):
            check_moves(message.near_text)
        self.given = read_vectors("hybrid", message.vectors, message.vector_bytes, message.vector)
        self.query_vector = self.given
        if message.HasField("near_vector"):
            self.query_vector = _only_vector(schema, message.near_vector, target)
        if message.HasField("vector_distance"):
            self.certainty = _certainty_of(message.vector_distance)
        elif message.HasField("near_vector") and _is_bounded(message.near_vector):
            self.bound(message.near_vector)
        elif message.HasField("near_text"):
            self.bound(message.near_text)
        if not message.use_alpha_param:
            self.alpha = message.alpha
        else:
            self.alpha = message.alpha_param if message.HasField("alpha_param") else _DEFAULT_ALPHA

    def prepare(self, database: Database, collection: Collection, tenant: str) -> None:
        if self.given is None:
            self.check_end()
        else:
            self.certainty = 0.0  # with a vector of its own, only the cut-off distance counts
        if self.limit is None:
            self.limit = _DEFAULT_HYBRID

    def rows(self, shard: Shard, allowed: Bools | None) -> Ints:
        try:
            return self._found(shard, allowed)
        except Refused as refusal:
            raise refusal.prefixed("hybrid search: " if self.grouped else "") from None

    def _found(self, shard: Shard, allowed: Bools | None) -> Ints:
        message = self.message
        by_words = np.empty(0, dtype=np.int64)
        if self.alpha < 1 and message.query:
            by_words = self._by_words(shard, allowed)
        if self.alpha <= 0:
            return by_words
        vector = self.query_vector
        if vector is None or not vector.size:
            # a near_text without words makes the server fail; here it is a search for nothing
            words = "".join(message.near_text.query[:1]) if message.HasField("near_text") else message.query
            try:
                vector = vector_of_input(self._database, shard.schema, self.target, words)
            except Refused as refusal:
                raise refusal.prefixed("get vector input from modules provider: ") from None
        try:
            near = self.nearest(shard, vector, allowed)
        except Refused as refusal:
            words = "aggregate grouped dense search: " if self.grouped else "aggregate dense search: "
            raise refusal.prefixed(f"dense search: {words}") from None
        if message.HasField("vector_distance"):
            # words alone do not bring in what is too far away
            return _within(near, np.float32(message.vector_distance)).rows
        return np.union1d(by_words, near.rows)

    def _by_words(self, shard: Shard, allowed: Bools | None) -> Ints:
        message = self.message
        operator = message.bm25_search_operator if message.HasField("bm25_search_operator") else None
        texts = [one.name for one in shard.schema.properties.values() if one.data_type == "text" and one.searchable]
        try:
            return keyword_search(
                shard,
                message.query,
                texts,
                operator=operator,
                allowed=allowed,
                limit=self.limit or 0,
                explain=False,
                text_only=True,
            ).rows
        except Refused as refusal:
            raise refusal.prefixed("sparse search: aggregate sparse search: bm25 objects: ") from None


def read_search(database: Database, schema: CollectionSchema, request: pb.AggregateRequest) -> Search | None:
    """Read the search of a request; ``None`` if it has none.

    Raises:
        Refused: it asks for something that does not exist, or for several targets.
    """
    kind = request.WhichOneof("search")
    if kind is None:
        return None
    message = getattr(request, kind)
    targets: pb.Targets | None = message.targets if message.HasField("targets") else None
    names = list(message.target_vectors if targets is None else targets.target_vectors)
    read_combination(targets)
    target = _only_target(schema, names)
    match kind:
        case "near_vector":
            return _NearVector(schema, target, request)
        case "near_object":
            return _NearObject(target, request)
        case "near_text":
            return _NearText(target, request)
        case "hybrid":
            return _Hybrid(database, schema, target, request)
        case _:
            return _NearMedia(target, request, kind)


def _only_target(schema: CollectionSchema, names: Sequence[str]) -> str:
    if not names and not schema.has_unnamed_vector:
        if len(schema.vectors) > 1:
            raise Refused(
                f"extract target vectors: class {schema.name} has multiple vectors, but no target vectors were provided"
            )
        names = list(schema.vectors)
    for name in names:
        if not name or name not in schema.vectors:
            raise Refused(
                f"extract target vectors: class {schema.name} does not have named vector {name} configured. "
                f"Available named vectors map[{' '.join(schema.named_vectors)}]"
            )
    if len(names) > 1:
        raise Refused("found more than one target vector for aggregation")
    return names[0] if names else ""


def _only_vector(schema: CollectionSchema, near: pb.NearVector, target: str) -> Vector:
    """Give the query of a near_vector; of several for the one target, the first."""
    return read_near_vector(schema, near, [target], Combination.MINIMUM, [])[0].vector


def _is_bounded(message: pb.NearVector) -> bool:
    return bool(message.certainty) or message.HasField("distance")


def _refuse_both(where: str, message: Any) -> None:  # all near_* messages have the same two fields
    if message.HasField("distance") and message.HasField("certainty"):
        raise Refused(f"{where}: cannot provide distance and certainty")
