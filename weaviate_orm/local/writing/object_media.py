"""From an object's texts and media to its vector: what the server's modules of media read, and how they put it together."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from weaviate_orm.local.objects import Floats, StoredObject, Value
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.media import MEDIA_KINDS, fields_of, reads_texts, weights_of
from weaviate_orm.local.schema.parsed import CollectionSchema, VectorSchema
from weaviate_orm.types import MediaKind

if TYPE_CHECKING:
    from weaviate_orm.local.services import Services

__all__ = ["ObjectMedia", "combined", "compared", "embed", "read_media"]

_TEXTS: Final = ("text", "text[]")
_BLOBS: Final = ("blob", "blobHash")
_COMPARES_TEXTS: Final = "multi2vec-bind"
"""The one module that makes a new vector when any text changes, be it one of its fields or not."""


@dataclass(frozen=True, slots=True)
class ObjectMedia:
    """What a module reads of one object, in order.

    Attributes:
        texts: from the properties for texts.
        media: in base64, from the properties for each kind.
    """

    texts: list[str] = field(default_factory=list[str])
    media: dict[MediaKind, list[str]] = field(default_factory=dict["MediaKind", list[str]])

    def __bool__(self) -> bool:
        return bool(self.texts or any(self.media.values()))


def read_media(schema: CollectionSchema, vector: VectorSchema, stored: StoredObject) -> ObjectMedia:
    """Give what the module of a target reads: properties by name, each for every kind that its settings say."""
    texts = fields_of(vector.settings, "text") if reads_texts(vector.module) else []
    kinds: dict[MediaKind, list[str]] = {kind: fields_of(vector.settings, kind) for kind in MEDIA_KINDS[vector.module]}
    found = ObjectMedia()
    for kind in kinds:
        found.media[kind] = []
    for name in sorted(stored.properties, key=str.encode):
        of, value = schema.properties.get(name), stored.properties[name]
        if of is None or of.data_type not in (*_TEXTS, *_BLOBS):
            continue
        if of.is_array:
            found.texts.extend(value if name in texts else ())
            continue
        if name in texts:
            found.texts.append(value)
        for kind, names in kinds.items():
            if name in names:
                found.media[kind].append(value)
    return found


def compared(schema: CollectionSchema, vector: VectorSchema, stored: StoredObject) -> dict[str, Value]:
    """Give what the server compares with the stored object, to keep its vector when nothing has changed."""
    media = {name for kind in ("text", *MEDIA_KINDS[vector.module]) for name in fields_of(vector.settings, kind)}
    texts = vector.module == _COMPARES_TEXTS
    return {
        name: value
        for name, value in stored.properties.items()
        if name in media
        or (texts and (of := schema.properties.get(name)) is not None and of.data_type in (*_TEXTS, *_BLOBS))
    }


def embed(
    services: Services, module: str, wanted: Sequence[ObjectMedia]
) -> tuple[Mapping[str, Floats], Mapping[tuple[MediaKind, str], Floats]]:
    """Give the vectors of all texts and of all media, each made once, in one call a kind.

    Raises:
        Refused: bytes that are no base64.
        Unsupported: no embedder of media answers for the module.
        ServiceFailed: the embedder failed, or gave something else.
    """
    texts = list(dict.fromkeys(text for each in wanted for text in each.texts))
    of_texts = dict(zip(texts, services.embed(module, texts), strict=True))
    of_media: dict[tuple[MediaKind, str], Floats] = {}
    for kind in MEDIA_KINDS[module]:
        media = list(dict.fromkeys(medium for each in wanted for medium in each.media[kind]))
        vectors = services.embed_media(module, kind, [_bytes(medium) for medium in media])
        of_media.update(zip(((kind, medium) for medium in media), vectors, strict=True))
    return of_texts, of_media


def combined(
    vector: VectorSchema,
    read: ObjectMedia,
    of_texts: Mapping[str, Floats],
    of_media: Mapping[tuple[MediaKind, str], Floats],
) -> Floats:
    """Give the vector of an object: the mean of its vectors, each times its weight. Without any it has no numbers.

    The server gives weights out in order, whichever fields an object has, and fails when they do not suffice; so does this.

    Raises:
        Refused: fewer weights than texts and media, or one that is no number.
    """
    vectors = [of_texts[text] for text in read.texts]
    vectors += [of_media[kind, medium] for kind, media in read.media.items() for medium in media]
    if not vectors:
        return np.empty(0, dtype=np.float32)
    try:
        weights = weights_of(vector.module, dict(vector.settings))
    except ValueError as error:
        raise Refused(str(error), http=500) from None
    if weights is not None and len(weights) < len(vectors):
        raise Refused(
            f"{len(vectors)} texts and media, those in lists counted one by one, have only {len(weights)} weights",
            http=500,
        )
    total = np.zeros(max(map(len, vectors)), dtype=np.float32)
    counts = np.zeros(len(total), dtype=np.float32)
    for place, each in enumerate(vectors):
        total[: len(each)] += each if weights is None else each * weights[place]
        counts[: len(each)] += 1
    return total / counts


def _bytes(medium: str) -> bytes:
    try:
        return b64decode(medium, validate=True)
    except ValueError as error:
        raise Refused(f"media must be base64: {error}", http=500) from None
