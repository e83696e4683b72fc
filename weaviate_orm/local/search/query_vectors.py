"""What a search compares with when the request has no vector: an object's, or what a module makes of texts.

Shared by Search and Aggregate. Refusals have the server's words from the inside; the callers put theirs in front.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from weaviate_orm.local.capabilities import unsupported
from weaviate_orm.local.objects import Vector
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.modules import MODULES, Family
from weaviate_orm.local.schema.parsed import CollectionSchema
from weaviate_orm.local.vectors.moves import move_away, move_to, target_of_move
from weaviate_orm.local.writing.embedding import query_vector
from weaviate_orm.local.writing.values import uuid_bytes
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Collection, Database

__all__ = [
    "check_modules",
    "check_moves",
    "check_near_text",
    "check_targets",
    "vector_of_input",
    "vector_of_object",
    "vector_of_text",
]

_BIGRAM: Final = "text2vec-bigram"


def vector_of_object(collection: Collection, tenant: str, id: str, target: str) -> Vector:
    """Give the stored vector of an object.

    Raises:
        Refused: there is no such object, or it has no such vector.
    """
    row = _row(collection, tenant, id)
    shard = collection.shard(tenant)
    if row is None:
        raise Refused(f"nearObject search-object with id {id} not found")
    vector = shard.vectors(target).get(row)
    if vector is None or not vector.size:
        if target:
            raise Refused(f"vector not found for target: {target}")
        raise Refused(f"nearObject search-object with id {id} has no vector")
    return vector


def _row(collection: Collection, tenant: str, id: str) -> int | None:
    try:
        shard = collection.shard(tenant)
        try:
            return shard.row(uuid_bytes(id))
        except ValueError as error:
            raise Refused(f'parse uuid "{id}": {error}') from None
    except Refused as refusal:
        raise refusal.prefixed(f"search index {collection.schema.name.lower()}: determine shard: ") from None


def check_modules(schema: CollectionSchema, search: str, *, media: bool) -> None:
    """See whether some module of the collection can do a search.

    Args:
        schema: of the collection.
        search: as the server names it: ``"nearText"``.
        media: whether it compares with images, sound or the like.

    Raises:
        Refused: the collection has no such module.
        Unsupported: it has one, and the engine does not.
    """
    families = {_family(vector.module) for vector in schema.vectors.values()}
    if media and Family.MEDIA in families:
        raise unsupported("media_vectorizers")
    if media or not families & {Family.TEXT, Family.MULTI_VECTOR, Family.MEDIA}:
        raise Refused(
            f"could not vectorize input for collection {schema.name} with search-type {search}. "
            "Make sure a vectorizer module is configured for this collection"
        )


def _family(module: str) -> Family | None:
    """Give what a module makes vectors of; ``None`` for those that take no texts of a search."""
    known = MODULES.get(module)
    return None if known is None or module == _BIGRAM else known.family


def check_near_text(near: pb.NearTextSearch, *, objects: bool = True) -> None:
    """See whether a near_text makes sense. ``objects`` tells whether moves to objects count.

    Raises:
        Refused: a move leads nowhere, or there are two thresholds.
    """
    for name, given in (("moveTo", "move_to"), ("moveAwayFrom", "move_away")):
        move: pb.NearTextSearch.Move = getattr(near, given)
        if move.force > 0 and not move.concepts and not (objects and move.uuids):
            raise Refused(f"'nearText.{name}' parameter needs to have defined either 'concepts' or 'objects' fields")
    if objects and near.certainty and near.HasField("distance"):
        raise Refused("nearText cannot provide both distance and certainty")


def check_moves(near: pb.NearTextSearch) -> None:
    """See whether the objects that a near_text moves to and away from have ids.

    Raises:
        Refused: one has not.
    """
    for move in (near.move_away, near.move_to):
        for each in move.uuids:
            try:
                uuid_bytes(each)
            except ValueError as error:
                raise Refused(str(error)) from None


def vector_of_text(
    database: Database,
    collection: Collection,
    tenant: str,
    near: pb.NearTextSearch,
    target: str,
    *,
    objects: bool = True,
) -> Vector:
    """Give the vector of a near_text's concepts after its moves.

    Args:
        database: has the embedders.
        collection: whose module makes the vector.
        tenant: where the objects of moves are.
        near: the message.
        target: the vector that it is for.
        objects: whether moves to objects count; in hybrid search they do not.

    Returns:
        Without concepts a vector without numbers, which finds everything.

    Raises:
        Refused: the module failed, or a move leads to what is not there.
        Unsupported: no embedder answers for the module.
    """
    schema = collection.schema
    if not near.query:
        return np.empty(0, dtype=np.float32)
    vector = _embedded(database, schema, target, near.query, "vectorize keywords: ")
    moves = (("move to", near.move_to, move_to), ("move away from", near.move_away, move_away))
    for name, move, apply in moves:
        ids = move.uuids if objects else ()
        if move.force <= 0 or not (move.concepts or ids):
            continue
        prefix = f"vectorize {name}: "
        concepts = (
            [_embedded(database, schema, target, move.concepts, f"{prefix}vectorize move to: ")]
            if move.concepts
            else []
        )
        try:
            there = [vector_of_object(collection, tenant, id, target) for id in ids]
        except Refused as refusal:
            raise refusal.prefixed(prefix) from None
        vector = apply(vector, target_of_move(concepts, there), move.force)
    return vector


def _embedded(database: Database, schema: CollectionSchema, target: str, texts: Sequence[str], prefix: str) -> Vector:
    try:
        return query_vector(database, schema, target, texts)
    except Refused as refusal:
        # What the engine lacks says so itself; all else gets the server's words in front.
        raise (refusal if refusal.grpc == "UNIMPLEMENTED" else refusal.prefixed(prefix)) from None


def check_targets(schema: CollectionSchema, near: pb.NearTextSearch, targets: Sequence[str], limit: int) -> None:
    """See whether each target of a near_text has a module.

    Raises:
        Refused: one has none.
    """
    for target in targets:
        if _family(schema.vectors[target].module) is None:
            raise Refused(
                f"could not vectorize input for collection {schema.name} with search-type nearText, targetVector {target} "
                f"and parameters {_printed(schema.name, near, targets, limit)}. "
                "Make sure a vectorizer module is configured for this class"
            )


def _printed(collection: str, near: pb.NearTextSearch, targets: Sequence[str], limit: int) -> str:
    """Give the parameters as Go prints them."""

    def move(message: pb.NearTextSearch.Move) -> str:
        objects = " ".join(f"{{{id} weaviate://localhost/{collection}/{id}}}" for id in message.uuids)
        return f"{{[{' '.join(message.concepts)}] {message.force:g} [{objects}]}}"

    distance = str(near.HasField("distance")).lower()
    return (
        f"&{{[{' '.join(near.query)}] {limit} {move(near.move_to)} {move(near.move_away)} "
        f"{near.certainty:g} {near.distance:g} {distance} false false [{' '.join(targets)}]}}"
    )


def vector_of_input(database: Database, schema: CollectionSchema, target: str, text: str) -> Vector:
    """Give the vector of the text of a hybrid search.

    Raises:
        Refused: the target has no module, or it failed.
        Unsupported: no embedder answers for the module.
    """
    return query_vector(database, schema, target, [text])
