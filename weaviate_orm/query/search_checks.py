"""What a model can say about a search before it is sent: thresholds, modules, properties, objects of other models."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.nodes import PropertySubject
from weaviate_orm.expr.operators import Expression, Weighted
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.info import ModelInfo, VectorInfo, model_info
from weaviate_orm.query.checks import checked_id, embeds_text, is_number
from weaviate_orm.query.search import Movement, Searched, Threshold
from weaviate_orm.query.search_options import Move, Words
from weaviate_orm.query.targets import Targets
from weaviate_orm.schema.indexes import dynamic, flat, hfresh, hnsw
from weaviate_orm.schema.modules import CustomModule
from weaviate_orm.schema.options import option_fields
from weaviate_orm.types import MediaKind

__all__ = [
    "check_embeds_media",
    "check_embeds_text",
    "checked_distance",
    "checked_movement",
    "checked_properties",
    "checked_threshold",
    "checked_words",
    "searched_id",
]

_ANY: Final = Threshold()


def checked_threshold(
    model: ModelInfo,
    targets: Targets,
    method: str,
    distance: float | None,
    certainty: float | None,
    *,
    joined: bool = False,
) -> Threshold:
    """Give how near results must be.

    Args:
        model: for messages.
        targets: of the search.
        method: for messages.
        distance: the largest.
        certainty: the least.
        joined: whether one target is compared with several vectors.

    Raises:
        InvalidQueryError: no numbers, both, or a certainty where the server has none.
    """
    if distance is None and certainty is None:
        return _ANY
    if distance is not None and certainty is not None:
        raise InvalidQueryError(f"{method} takes distance or certainty, not both.")
    if certainty is None:
        return Threshold(checked_distance(distance, method, "distance"))
    if not is_number(certainty):
        raise InvalidQueryError(f"{method} takes a number as certainty, got {certainty!r}.")
    if not 0 <= certainty <= 1:
        raise InvalidQueryError(f"{method} takes a certainty from 0 to 1, got {certainty!r}.")
    if joined or len(targets.vectors) != 1:
        raise InvalidQueryError(
            f"{method} searches {targets.describe(model)} by several distances, which have no certainty. Use distance=."
        )
    vector = targets.vectors[0]
    if vector.multi:
        raise InvalidQueryError(
            f"{method}: {model.name}.{vector.field} is a multi-vector, whose distances are sums and have no certainty. Use distance=."
        )
    declared = _declared_distance(vector)
    if declared not in (None, "cosine"):
        raise InvalidQueryError(
            f"{method}: a certainty goes with the cosine distance only; {model.name}.{vector.field} is declared with {declared!r}. "
            "Use distance=."
        )
    return Threshold(None, certainty)


def checked_distance(value: float | None, method: str, name: str) -> float | None:
    """Give a largest distance.

    Raises:
        InvalidQueryError: no number.
    """
    if value is not None and not (is_number(value) or (isinstance(value, float) and math.isinf(value))):
        raise InvalidQueryError(f"{method} takes a number as {name}, got {value!r}.")
    return value


def _declared_distance(vector: VectorInfo) -> str | None:
    index = vector.options.index
    return index.distance if isinstance(index, hnsw | flat | dynamic | hfresh) else None


_NO_TEXTS: Final = frozenset({"img2vec-neural", "ref2vec-centroid"})
"""Modules that make vectors of objects and none of a text that is searched."""


def check_embeds_text(model: ModelInfo, targets: Targets, method: str, otherwise: str) -> None:
    """Refuse to search a text's meaning where the server makes no vector of texts.

    Args:
        model: for messages.
        targets: of the search.
        method: for messages.
        otherwise: what to do where the vectors are self-provided.

    Raises:
        InvalidQueryError: names the vector.
    """
    for vector in targets.vectors:
        if not embeds_text(vector):
            raise InvalidQueryError(
                f"{method} needs {otherwise.format(model=model.name, field=vector.field)}",
                field=f"{model.name}.{vector.field}",
            )
        module = vector.options.vectorizer.module if vector.options.vectorizer is not None else ""
        if module in _NO_TEXTS:
            raise InvalidQueryError(
                f"{method}: the module of {model.name}.{vector.field}, {module}, makes no vectors of texts. Use near_object(), "
                + ("near_image() or near_vector()." if module == "img2vec-neural" else "or near_vector()."),
                field=f"{model.name}.{vector.field}",
            )


def check_embeds_media(model: ModelInfo, targets: Targets, kind: MediaKind, method: str) -> None:
    """Refuse to search by a medium that a vector's module does not embed.

    Raises:
        InvalidQueryError: names the vector.
    """
    for vector in targets.vectors:
        vectorizer = vector.options.vectorizer
        if isinstance(vectorizer, CustomModule) or (
            vectorizer is not None and any(each.name == f"{kind}_fields" for each in option_fields(type(vectorizer)))
        ):
            continue
        has = "no module" if not embeds_text(vector) or vectorizer is None else f"the module {vectorizer.module}"
        raise InvalidQueryError(
            f"{method} needs a module that embeds {kind} data, such as multi2vec_bind or another with {kind}_fields; "
            f"{model.name}.{vector.field} has {has}.",
            field=f"{model.name}.{vector.field}",
        )


def searched_id(model: ModelInfo, other: WeaviateModel | UUID, method: str) -> UUID:
    """Give the id of a stored object of the model.

    Raises:
        InvalidQueryError: an object of another collection.
        InvalidValueError: neither an object nor an id.
    """
    if not isinstance(other, WeaviateModel):
        return checked_id(other, method)
    collection = model_info(type(other)).collection
    if collection != model.collection:
        raise InvalidQueryError(
            f"{method} looks for objects of {model.name} (collection {model.collection}), got a {type(other).__name__} of the "
            f"collection {collection}."
        )
    return other.id


def checked_movement(
    model: ModelInfo, move: Move | None, method: str, name: str, *, objects: bool = True
) -> Movement | None:
    """Give a movement.

    Args:
        model: whose objects it may name.
        move: as users write it.
        method: for messages.
        name: of the parameter.
        objects: whether the server looks at objects.

    Raises:
        InvalidQueryError: no Move, one that is too strong, or one with objects where the server ignores them.
    """
    if move is None:
        return None
    if not isinstance(move, Move):
        raise InvalidQueryError(f"{method} takes Move(force=..., concepts=[...]) as {name}, got {move!r:.80}.")
    if name == "move_to" and move.force > 1:
        raise InvalidQueryError(f"{method} takes a force of at most 1 as {name}, got {move.force!r}.")
    if move.objects and not objects:
        raise InvalidQueryError(f"{method}: the server moves by concepts only inside hybrid(); {name} has objects.")
    concepts = (move.concepts,) if isinstance(move.concepts, str) and move.concepts else tuple(move.concepts)
    return Movement(float(move.force), concepts, tuple(searched_id(model, each, method) for each in move.objects))


def checked_properties(
    model: ModelInfo, properties: Sequence[Expression[Any] | Weighted], method: str
) -> tuple[Searched, ...]:  # of any text-like type
    """Give the properties that keywords are looked for in.

    Raises:
        InvalidQueryError: no list, or one is of another model, is no text, or is declared not searchable.
    """
    if isinstance(properties, Expression | Weighted | str):
        raise InvalidQueryError(
            f"{method} takes a list as properties, also of one: properties=[...]; got {properties!r}."
        )
    return tuple(_searched(model, each, method) for each in properties)


def _searched(model: ModelInfo, given: object, method: str) -> Searched:
    expression = given.expression if isinstance(given, Weighted) else given
    subject = expression._subject if isinstance(expression, Expression) else None
    if (
        not isinstance(subject, PropertySubject)
        or not issubclass(model.model, subject.attribute.owner)
        or subject.attribute.field not in model.properties
    ):
        texts = (each.field for each in model.properties.values() if each.data_type.base == "text")
        raise InvalidQueryError(
            f"{method} takes properties of {model.name}, such as {model.name}.{next(texts, 'title')}; got {given!r}."
        )
    found = model.properties[subject.attribute.field]
    if found.data_type.base != "text" or found.options.searchable is False:
        raise InvalidQueryError(
            f"{method} searches text; {model.name}.{found.field} is {found.data_type.name}"
            + (", declared with searchable=False." if found.data_type.base == "text" else "."),
            field=f"{model.name}.{found.field}",
        )
    return Searched(found, given.weight if isinstance(given, Weighted) else None)


def checked_words(
    operator: Words | None, method: str, model: ModelInfo, properties: Sequence[Searched]
) -> Words | None:
    """Give how many words are needed.

    Args:
        operator: as users write it.
        method: for messages.
        model: for messages.
        properties: that are searched.

    Raises:
        InvalidQueryError: no ``Words``, or words across properties whose text is split in different ways.
    """
    if operator is not None and not isinstance(operator, Words):
        raise InvalidQueryError(
            f"{method} takes Words.any(minimum=...), Words.every() or Words.every_across_properties() as operator, got {operator!r:.80}."
        )
    if operator is not None and operator.kind == "every_across_properties":
        _check_alike(model, properties, method)
    return operator


def _check_alike(model: ModelInfo, properties: Sequence[Searched], method: str) -> None:
    split = {each.property.field: each.property.options.tokenization or "word" for each in properties}
    if len(set(split.values())) > 1:
        shown = ", ".join(f"{model.name}.{field} ({tokenization!r})" for field, tokenization in split.items())
        raise InvalidQueryError(
            f"{method}: Words.every_across_properties() needs properties of one tokenization, got {shown}. Leave some out, or use "
            "Words.every()."
        )
