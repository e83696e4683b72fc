"""What a search compares with when the request has no vector: an object's, or what a module makes of texts.

Shared by Search and Aggregate. Refusals have the server's words from the inside; the callers put theirs in front.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, get_args

import numpy as np

from weaviate_orm.local.objects import Vector
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.media import MEDIA_KINDS, reads_texts
from weaviate_orm.local.schema.modules import MODULES, Family
from weaviate_orm.local.schema.parsed import CollectionSchema
from weaviate_orm.local.vectors.moves import move_away, move_to, target_of_move
from weaviate_orm.local.writing.embedding import media_vector, query_vector
from weaviate_orm.local.writing.values import uuid_bytes
from weaviate_orm.types import MediaKind
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Collection, Database

__all__ = [
    "check_modules",
    "check_moves",
    "check_near_text",
    "check_targets",
    "kind_of",
    "media_name",
    "medium_of",
    "vector_of_input",
    "vector_of_medium",
    "vector_of_object",
    "vector_of_text",
]

_BIGRAM: Final = "text2vec-bigram"
_KINDS: Final[Mapping[str, MediaKind]] = {f"near_{kind}": kind for kind in get_args(MediaKind)}
_WORDS: Final = {"depth": "thermal"}
"""What the server calls kinds of media in a word about a failure, where it is another one."""


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


def check_modules(schema: CollectionSchema, search: str, *, kind: MediaKind | None = None) -> None:
    """See whether some module of the collection can do a search.

    Args:
        schema: of the collection.
        search: as the server names it: ``"nearText"``.
        kind: of the media that it compares with; ``None`` for texts.

    Raises:
        Refused: the collection has no such module.
    """
    if not any(_compares(vector.module, kind) for vector in schema.vectors.values()):
        raise Refused(
            f"could not vectorize input for collection {schema.name} with search-type {search}. "
            "Make sure a vectorizer module is configured for this collection"
        )


def _compares(module: str, kind: MediaKind | None) -> bool:
    """Tell whether a module makes vectors of the texts of a search, or of media of a kind."""
    if kind is not None:
        return kind in MEDIA_KINDS.get(module, ())
    known = MODULES.get(module)
    if known is None or module == _BIGRAM or (module in MEDIA_KINDS and not reads_texts(module)):
        return False
    return known.family in (Family.TEXT, Family.MULTI_VECTOR, Family.MEDIA)


def media_name(search: str) -> str:
    """Give the server's name of a search by media: ``near_image`` -> ``nearImage``."""
    return "nearIMU" if search == "near_imu" else "near" + search.removeprefix("near_").capitalize()


def kind_of(search: str) -> MediaKind:
    """Give the kind of media that a search compares with: ``near_image`` -> ``image``."""
    return _KINDS[search]


def medium_of(search: str, message: Any) -> str:  # each message has a field of its own name
    """Give the medium in base64 of a search's message.

    Raises:
        Refused: there is none.
    """
    medium: str = getattr(message, _KINDS[search])
    if not medium:
        raise Refused(f"'{media_name(search)}.{_KINDS[search]}' needs to be defined")
    return medium


def vector_of_medium(
    database: Database, schema: CollectionSchema, search: str, message: Any, target: str
) -> Vector:  # as in medium_of
    """Give the vector of a search by media.

    Raises:
        Refused: the target has no module for such media, or the medium is no base64.
        Unsupported: no embedder of media answers for the module.
        ServiceFailed: the embedder failed.
    """
    kind, medium = _KINDS[search], medium_of(search, message)
    if not _compares(schema.vectors[target].module, kind):
        bounded = str(message.HasField("distance")).lower()
        raise Refused(
            f"could not vectorize input for collection {schema.name} with search-type {media_name(search)}, targetVector "
            f"{target} and parameters &{{{medium} {message.certainty:g} {message.distance:g} {bounded} [{target}]}}. "
            "Make sure a vectorizer module is configured for this class"
        )
    try:
        data = b64decode(medium, validate=True)
    except ValueError as error:
        # The server leaves this to its modules' services, each of which has its own words behind these.
        raise Refused(f"vectorize params: vectorize {_WORDS.get(kind, kind)}: media must be base64: {error}") from None
    return media_vector(database, schema, target, kind, data)


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
        if not _compares(schema.vectors[target].module, None):
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
