"""The ends of a reference that is to be set, checked: which property of which object, and what it shall lead to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias, cast
from uuid import UUID

from weaviate_orm.errors import InvalidValueError
from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.model.attributes import as_link
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.info import ModelInfo, ReferenceInfo, model_info

__all__ = ["AnyReference", "LinkEnd", "LinkPlace", "NewLink", "link_end", "link_ends", "link_place"]


class AnyReference(Protocol):
    """What is a ``Reference`` or ``References``, of any model."""

    def ids(self) -> Inclusion: ...


NewLink: TypeAlias = tuple[
    WeaviateModel | UUID,
    AnyReference,
    WeaviateModel | UUID | tuple[type[WeaviateModel], UUID],
]
"""For ``link_many()``: the object that refers, its reference, and what that shall lead to."""


@dataclass(frozen=True, slots=True)
class LinkPlace:
    """A reference of one object.

    Attributes:
        info: the model of the object.
        reference: the reference.
        source: the object's id.
        instance: the object, when it was given as itself.
    """

    info: ModelInfo
    reference: ReferenceInfo
    source: UUID
    instance: WeaviateModel | None

    def __str__(self) -> str:
        return f"{self.info.name}.{self.reference.field}"


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """What a reference leads to. ``held`` is what an instance shall hold: the object itself, or its id."""

    collection: str
    id: UUID
    held: WeaviateModel | UUID


def link_place(source: object, reference: object, verb: str) -> LinkPlace:
    """Give the reference of an object.

    Args:
        source: an instance, or the id of one of the reference's model.
        reference: of the class.
        verb: for messages.

    Raises:
        InvalidValueError: no reference, neither an instance nor an id, or an instance of a model without this reference.
    """
    link = as_link(reference, verb)
    if isinstance(source, UUID):
        info = model_info(cast("type[WeaviateModel]", link.owner))  # expressions are only read from models
        return LinkPlace(info, info.references[link.field], source, None)
    if not isinstance(source, link.owner) or not isinstance(source, WeaviateModel):
        raise InvalidValueError(
            f"{link} is a reference of {link.owner.__name__}: {verb} takes one of those, or its id (UUID), as what refers, "
            f"got {type(source).__name__}: {source!r:.80}",
            field=str(link),
        )
    info = model_info(type(source))
    return LinkPlace(info, info.references[link.field], source.id, source)


def link_end(place: LinkPlace, target: object, verb: str) -> LinkEnd:
    """Give what a reference shall lead to: an instance, an id, or a model and an id.

    Raises:
        InvalidValueError: something else, an object of another model, or an id although there are several models.
    """
    collections = {model_info(each).collection: each for each in place.reference.targets}
    names = " or ".join(each.__name__ for each in place.reference.targets)
    if isinstance(target, UUID):
        if len(collections) > 1:
            raise _refusal(
                place, f"an id does not say whether it is of {names}; {verb} then takes the object or (Model, id)"
            )
        return LinkEnd(next(iter(collections)), target, target)
    model: type[WeaviateModel] | None = None
    identity: object = None
    held: object = None
    match target:
        case WeaviateModel():
            model, identity, held = type(target), target.id, target
        case (type() as given, UUID() as identity) if issubclass(given, WeaviateModel):
            model, held = given, identity
        case _:
            pass
    if model is None or not isinstance(identity, UUID) or not isinstance(held, WeaviateModel | UUID):
        raise _refusal(place, f"{verb} takes a {names}, an id (UUID) or (Model, id), got {target!r:.80}")
    collection = model_info(model).collection
    if collection not in collections:
        raise _refusal(place, f"the reference leads to {names}, and not to {model.__name__}")
    return LinkEnd(collection, identity, held)


def link_ends(place: LinkPlace, targets: object, verb: str) -> list[LinkEnd]:
    """Give all that a reference shall lead to.

    Raises:
        InvalidValueError: as ``link_end``; or no iterable, or several for a reference to one.
    """
    # A model is iterable, too, and a tuple may stand for one object.
    if isinstance(targets, WeaviateModel | str | bytes) or not isinstance(targets, Iterable):
        raise _refusal(place, f"{verb} takes a list of objects or ids, got {type(targets).__name__}")
    ends = [link_end(place, each, verb) for each in cast("Iterable[object]", targets)]  # isinstance leaves it unknown
    if len(ends) > 1 and not place.reference.many:
        raise _refusal(place, f"the reference leads to one object, got {len(ends)}")
    return ends


def _refusal(place: LinkPlace, reason: str) -> InvalidValueError:
    return InvalidValueError(
        f"{place} cannot be set: {reason}.",
        collection=place.info.collection,
        field=str(place),
        object_id=place.source,
    )
