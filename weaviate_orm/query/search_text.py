"""A search as text, in the words it was written in; vectors and media by their size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from weaviate_orm.model.info import ModelInfo
from weaviate_orm.query.search import (
    Bm25,
    Hybrid,
    Movement,
    NearMedia,
    NearObject,
    NearText,
    NearVector,
    Search,
    Searched,
    Threshold,
)
from weaviate_orm.query.search_options import Fusion, Words
from weaviate_orm.query.targets import Targets

if TYPE_CHECKING:
    from weaviate_orm.query.query_vectors import QueryVectors

__all__ = ["describe_search"]


def describe_search(info: ModelInfo, search: Search) -> str:
    """Give a search as text: ``near_text('x', target=Article.embedding)``. A target that goes without saying is left out."""
    match search:
        case NearText():
            name, arguments = "near_text", _near_text(search)
        case NearVector():
            name, arguments = "near_vector", iter((_vectors(info, search.targets, search.vectors),))
        case NearObject():
            name, arguments = "near_object", iter((str(search.id),))
        case NearMedia():
            # Four characters of base64 are three bytes.
            size = f"<{len(search.data) * 3 // 4 - search.data.count('=')} bytes>"
            name = "near_image" if search.kind == "image" else "near_media"
            arguments = iter((size,) if search.kind == "image" else (size, f"kind={search.kind!r}"))
        case Bm25():
            return _call("bm25", [repr(search.query), *_keywords(info, search.properties, search.words)])
        case Hybrid():
            return _call("hybrid", _hybrid(info, search))
    return _call(name, [*arguments, *_target(info, search.targets), *_threshold(search.threshold)])


def _call(name: str, arguments: list[str]) -> str:
    return f"{name}({', '.join(arguments)})"


def _near_text(search: NearText) -> Iterator[str]:
    yield repr(search.concepts[0] if len(search.concepts) == 1 else list(search.concepts))
    for name, movement in (("move_to", search.move_to), ("move_away", search.move_away)):
        if movement is not None:
            yield f"{name}={_move(movement)}"


def _move(movement: Movement) -> str:
    parts = [f"force={movement.force:g}"]
    if movement.concepts:
        parts.append(f"concepts={list(movement.concepts)!r}")
    if movement.ids:
        parts.append(f"objects=[{', '.join(map(str, movement.ids))}]")
    return _call("Move", parts)


def _vectors(info: ModelInfo, targets: Targets, vectors: QueryVectors) -> str:
    if not isinstance(vectors, tuple):
        return f"<shape {vectors.shape}>"
    shown: list[str] = []
    for target, several in zip(targets.vectors, vectors, strict=True):
        shapes = ", ".join(f"<shape {each.shape}>" for each in several)
        shown.append(f"{info.name}.{target.field}: {shapes if len(several) == 1 else f'[{shapes}]'}")
    return f"{{{', '.join(shown)}}}"


def _target(info: ModelInfo, targets: Targets) -> Iterator[str]:
    if targets.vectors and (len(info.vectors) > 1 or targets.combination is not None):
        yield f"target={targets.describe(info)}"


def _threshold(threshold: Threshold) -> Iterator[str]:
    if threshold.distance is not None:
        yield f"distance={threshold.distance:g}"
    if threshold.certainty is not None:
        yield f"certainty={threshold.certainty:g}"


def _keywords(info: ModelInfo, properties: tuple[Searched, ...], words: Words | None) -> Iterator[str]:
    if properties:
        yield f"properties=[{', '.join(_property(info, each) for each in properties)}]"
    if words is not None:
        yield f"operator={words}"


def _property(info: ModelInfo, searched: Searched) -> str:
    name = f"{info.name}.{searched.property.field}"
    return name if searched.weight is None else f"{name}.weighted({searched.weight:g})"


def _hybrid(info: ModelInfo, search: Hybrid) -> list[str]:
    arguments = [repr(search.query or None), f"alpha={search.alpha:g}"]
    vector = search.vector
    if isinstance(vector, NearText):
        arguments.append(f"vector={_call('HybridVector.near_text', list(_near_text(vector)))}")
    elif isinstance(vector, NearVector):
        shown = [_vectors(info, search.targets, vector.vectors), *_threshold(vector.threshold)]
        arguments.append(f"vector={_call('HybridVector.near_vector', shown)}")
    elif vector is not None:
        arguments.append(f"vector=<shape {vector.shape}>")
    arguments += _keywords(info, search.properties, search.words)
    if search.fusion is not Fusion.RELATIVE_SCORE:
        arguments.append(f"fusion={search.fusion}")
    arguments += _target(info, search.targets)
    if search.max_vector_distance is not None:
        arguments.append(f"max_vector_distance={search.max_vector_distance:g}")
    return arguments
