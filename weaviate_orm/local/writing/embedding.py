"""From texts and media to vectors, for objects that are written and for queries: which targets a module fills, with what.

In one call a module, or of a module of media one a kind.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from weaviate_orm.local.objects import StoredObject, Vector
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.media import MEDIA_KINDS
from weaviate_orm.local.schema.parsed import CollectionSchema, VectorSchema
from weaviate_orm.local.vectors.moves import mean
from weaviate_orm.local.writing.centroid import MODULE as CENTROID
from weaviate_orm.local.writing.object_media import combined, compared, embed, read_media
from weaviate_orm.local.writing.object_text import object_text
from weaviate_orm.types import MediaKind

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Database

__all__ = ["media_vector", "query_vector", "vectorize"]

_WITHOUT_TEXT = ("none", CENTROID)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A vector that is still to be made: of which object, for which target, from which text."""

    position: int
    target: str
    text: str


def vectorize(
    database: Database,
    schema: CollectionSchema,
    objects: Sequence[StoredObject],
    previous: Sequence[StoredObject | None],
    *,
    carried: Sequence[Collection[str]] = (),
) -> list[Refused | None]:
    """Fill the vectors that modules make, where an object has none of its own.

    An object whose text is that of the stored one keeps the vector of that one, also when that is none.

    Args:
        database: has the services.
        schema: of the objects' collection.
        objects: changed in place.
        previous: what is stored under the same ids, in the same order; ``None`` for nothing.
        carried: of each object the properties that a PATCH took over from storage; the server reads their dates and uuids as texts.

    Returns:
        For each object what the server would say is wrong, without the words that it puts in front: ``vectorize target vector ..:
        update vector:`` of a single write.
    """
    errors: list[Refused | None] = [None] * len(objects)
    wanted: dict[str, list[_Wanted]] = {}
    for target in schema.vectors.values():
        if target.module in _WITHOUT_TEXT:
            continue
        if target.module in MEDIA_KINDS:
            _vectorize_media(database, schema, target, objects, previous, errors)
            continue
        for position, stored in enumerate(objects):
            if _is_given(stored, target.name):
                continue
            before = previous[position]
            if before is not None and object_text(schema, target, before) == object_text(schema, target, stored):
                _set(stored, target.name, before.vectors.get(target.name))
                continue
            text = object_text(schema, target, stored, carried=carried[position] if carried else ())
            if text:
                wanted.setdefault(target.module, []).append(_Wanted(position, target.name, text))
    for module, each in wanted.items():
        _embed(database, module, each, objects, errors)
    return errors


def query_vector(database: Database, schema: CollectionSchema, target: str, texts: Sequence[str]) -> Vector:
    """Give what a search by texts compares a target with: the mean of their vectors, or the rows of all their multi-vectors.

    Raises:
        Refused: the target has no vectorizer, or its embedder failed.
        Unsupported: no embedder answers for the vectorizer.
    """
    vector = schema.vectors[target]
    if vector.module in _WITHOUT_TEXT:
        raise Refused(
            f"VectorFromInput was called without vectorizer on class {schema.name} for input {' '.join(texts)}"
        )
    vectors = database.services.embed(vector.module, texts)
    return np.concatenate(vectors) if vectors[0].ndim == 2 else mean(vectors)


def media_vector(database: Database, schema: CollectionSchema, target: str, kind: MediaKind, medium: bytes) -> Vector:
    """Give what a search by a medium compares a target with.

    Raises:
        Unsupported: no embedder of media answers for the vectorizer.
        ServiceFailed: the embedder failed, or gave something else.
    """
    return database.services.embed_media(schema.vectors[target].module, kind, [medium])[0]


def _is_given(stored: StoredObject, target: str) -> bool:
    given = stored.vectors.get(target)
    return given is not None and given.size > 0


def _vectorize_media(
    database: Database,
    schema: CollectionSchema,
    target: VectorSchema,
    objects: Sequence[StoredObject],
    previous: Sequence[StoredObject | None],
    errors: list[Refused | None],
) -> None:
    """Fill one target of a module of media."""
    places: list[int] = []
    for place, stored in enumerate(objects):
        before = previous[place]
        if _is_given(stored, target.name):
            continue
        if before is not None and compared(schema, target, before) == compared(schema, target, stored):
            _set(stored, target.name, before.vectors.get(target.name))
        else:
            places.append(place)
    read = [read_media(schema, target, objects[place]) for place in places]
    try:
        of_texts, of_media = embed(database.services, target.module, read)
    except Refused as refusal:
        for place in places:
            errors[place] = errors[place] or refusal
        return
    for place, each in zip(places, read, strict=True):
        try:
            vector = combined(target, each, of_texts, of_media)
        except Refused as refusal:
            errors[place] = errors[place] or refusal
            continue
        # The server refuses an object that leaves a named vector empty, and stores it without a vector that has no name.
        _set(objects[place], target.name, vector if vector.size or target.name else None)


def _embed(
    database: Database,
    module: str,
    wanted: Sequence[_Wanted],
    objects: Sequence[StoredObject],
    errors: list[Refused | None],
) -> None:
    """Make vectors in one call; equal texts are sent once. Whatever goes wrong is wrong for all objects of the call."""
    texts = list(dict.fromkeys(each.text for each in wanted))
    try:
        vectors = dict(zip(texts, database.services.embed(module, texts), strict=True))
    except Refused as refusal:
        for each in wanted:
            errors[each.position] = errors[each.position] or refusal
        return
    for each in wanted:
        objects[each.position].vectors[each.target] = vectors[each.text]


def _set(stored: StoredObject, target: str, vector: Vector | None) -> None:
    if vector is None:
        stored.vectors.pop(target, None)
    else:
        stored.vectors[target] = vector
