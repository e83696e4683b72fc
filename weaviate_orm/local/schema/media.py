"""Modules that make vectors of images, sound and other media: which kinds each knows, and its settings about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from weaviate_orm.local.go_text import Origin, go_type
from weaviate_orm.local.objects import Floats
from weaviate_orm.local.schema.narrowing import as_list, part
from weaviate_orm.local.schema.parsed import Json
from weaviate_orm.types import MediaKind

__all__ = ["MEDIA_KINDS", "check_media", "fields_of", "reads_texts", "weights_of"]

_IMAGES: Final[tuple[MediaKind, ...]] = ("image",)

MEDIA_KINDS: Final[Mapping[str, tuple[MediaKind, ...]]] = {
    "img2vec-neural": _IMAGES,
    "multi2vec-aws": _IMAGES,
    "multi2vec-bind": ("image", "audio", "video", "imu", "thermal", "depth"),
    "multi2vec-clip": _IMAGES,
    "multi2vec-cohere": _IMAGES,
    "multi2vec-google": ("image", "video", "audio"),
    "multi2vec-palm": ("image", "video", "audio"),
    "multi2vec-jinaai": _IMAGES,
    "multi2vec-nvidia": _IMAGES,
    "multi2vec-twelvelabs": _IMAGES,
    "multi2vec-voyageai": ("image", "video"),
}
"""By module, in the order in which the server puts their vectors together, behind those of texts."""

_CHECKED: Final = ("text", "image")
"""Kinds whose settings the server looks at when a collection is made, whatever other kinds the module knows."""


def reads_texts(module: str) -> bool:
    """Tell whether a module of media makes vectors of texts too."""
    return module != "img2vec-neural"


def _kinds(module: str) -> Iterator[str]:
    if reads_texts(module):
        yield "text"
    yield from MEDIA_KINDS[module]


def fields_of(settings: Mapping[str, object], kind: str) -> list[str]:
    """Give the properties that hold media of a kind, or texts."""
    return [name for name in as_list(settings.get(f"{kind}Fields")) or () if isinstance(name, str)]


def weights_of(module: str, settings: Json) -> Floats | None:
    """Give the weights of the fields, summed up to 1, in the order of their kinds; ``None`` where none has one.

    Raises:
        ValueError: one is no number.
    """
    weights = [
        _number(each)
        for kind in _kinds(module)
        for each in as_list(part(settings, "weights").get(f"{kind}Fields")) or ()
    ]
    if not weights:
        return None
    found = np.asarray(weights, dtype=np.float32)
    # The server adds up one by one, and multiplies by what one is to the sum.
    total = np.float32(0)
    for weight in found:
        total += weight
    return found * (np.float32(1) / total)


def check_media(module: str, settings: Json) -> None:
    """See whether the fields and their weights make sense.

    Raises:
        ValueError: with the server's words.
    """
    wrong: list[str] = []
    if not reads_texts(module) and "imageFields" not in settings:
        wrong.append("imageFields not present")
    for kind in _CHECKED:
        if f"{kind}Fields" not in settings or (kind == "text" and not reads_texts(module)):
            continue
        count = 0
        try:
            count = _checked_fields(kind, settings[f"{kind}Fields"])
        except ValueError as error:
            wrong.append(str(error))
        try:
            if reads_texts(module):
                _check_weights(kind, settings, count)
        except ValueError as error:
            wrong.append(str(error))
    if wrong:
        raise ValueError(", ".join(wrong))


def _checked_fields(kind: str, given: object) -> int:
    names = as_list(given)
    if names is None:
        raise ValueError(f"{kind}Fields must be an array")
    if not names:
        raise ValueError(f"must contain at least one {kind} field name in {kind}Fields")
    for name in names:
        if not isinstance(name, str):
            raise ValueError(f"{kind}Field must be a string")
        if not name:
            raise ValueError(f"{kind}Field values cannot be empty")
    return len(names)


def _check_weights(kind: str, settings: Json, count: int) -> None:
    weights = as_list(part(settings, "weights").get(f"{kind}Fields"))
    if weights is None:
        return
    if len(weights) != count:
        raise ValueError(f"weights.{kind}Fields does not equal number of {kind}Fields")
    for weight in weights:
        _number(weight)


def _number(weight: object) -> float:
    if isinstance(weight, bool) or not isinstance(weight, int | float | str):
        raise ValueError(f"unrecognized type: {go_type(weight, Origin.REST)}")
    try:
        return float(weight)
    except ValueError:
        raise ValueError(f'strconv.ParseFloat: parsing "{weight}": invalid syntax') from None
