"""What a search is asked to return, checked against the schema: properties, references with requests of their own, metadata.

``choose`` and ``read_metadata`` turn the messages into frozen values; ``replies.py`` compiles these into writers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from weaviate_orm.local.filters.clauses import property_named
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema, PropertySchema
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Database

__all__ = [
    "Chosen",
    "Kind",
    "Link",
    "Metadata",
    "Targets",
    "certainty_refusal",
    "choose",
    "lower_first",
    "read_metadata",
]

_BLOBS = ("blob", "blobHash")
_OBJECTS = ("object", "object[]")


class Kind(Enum):
    """How a property is returned."""

    VALUE = "value"
    """As a value; a missing one is null."""

    OBJECT = "object"
    """As an object (or a list of them) with the parts that were chosen."""

    LINK = "link"
    """As the objects that it leads to."""

    HIDDEN = "hidden"
    """Not at all: it was only added for something that reads it."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One property to return.

    Attributes:
        name: the property's.
        kind: how it is returned.
        parts: of an object: its properties to return.
        link: of a reference: what of the objects that it leads to.
    """

    name: str
    kind: Kind
    parts: tuple[Chosen, ...] = ()
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """What to return of the objects that a reference leads to.

    Attributes:
        collection: the real name of the collection where these objects are looked up.
        chosen: their properties.
        metadata: of each of them.
    """

    collection: str
    chosen: tuple[Chosen, ...]
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Metadata:
    """Which metadata to return. ``vectors`` are names; ``vector`` is the unnamed one."""

    id: bool = False
    vector: bool = False
    vectors: tuple[str, ...] = ()
    created: bool = False
    updated: bool = False
    distance: bool = False
    certainty: bool = False
    score: bool = False
    explain_score: bool = False


@dataclass(frozen=True, slots=True)
class Targets:
    """The vectors that a search compares with, as far as they decide whether certainty can be returned.

    Attributes:
        names: as requested; empty for the only one.
        searched: whether the search has a vector part at all.
    """

    names: tuple[str, ...] = ()
    searched: bool = False


Properties: TypeAlias = Mapping[str, PropertySchema]


def lower_first(name: str) -> str:
    """Give a property's name as the server reads it: the first letter is lower case."""
    return name[:1].lower() + name[1:]


def _of_object(of: PropertySchema) -> Chosen:
    return Chosen(of.name, Kind.OBJECT, _all_values(of.nested.values()))


def _all_values(properties: Iterable[PropertySchema]) -> tuple[Chosen, ...]:
    """Choose everything except references and blobs."""
    return tuple(
        _of_object(each) if each.data_type in _OBJECTS else Chosen(each.name, Kind.VALUE)
        for each in properties
        if not each.is_reference and each.data_type not in _BLOBS
    )


def _parts(requests: Iterable[pb.ObjectPropertiesRequest]) -> tuple[Chosen, ...]:
    """Choose parts of objects. Names are not checked here; the server does not either."""
    return tuple(
        Chosen(
            lower_first(each.prop_name),
            Kind.OBJECT,
            (
                *(Chosen(lower_first(name), Kind.VALUE) for name in each.primitive_properties),
                *_parts(each.object_properties),
            ),
        )
        for each in requests
    )


def choose(
    database: Database, schema: CollectionSchema, request: pb.PropertiesRequest | None, targets: Targets
) -> tuple[Chosen, ...]:
    """Give the properties to return; ``None`` asks for all values that are no blobs.

    Raises:
        Refused: a property or collection does not exist, or a reference to several collections does not say which one.
    """
    if request is None:
        return _all_values(schema.properties.values())
    chosen: list[Chosen] = []
    if request.return_all_nonref_properties:
        chosen += _all_values(schema.properties.values())
    else:
        for each in request.non_ref_properties:
            name = lower_first(each)
            try:
                found = property_named(schema, name)
            except Refused as refusal:
                raise refusal.prefixed(f"get property by name {name} for class {schema.name}: ") from None
            nested = found.data_type in _OBJECTS
            chosen.append(Chosen(name, Kind.OBJECT, _of_object(found).parts) if nested else Chosen(name, Kind.VALUE))
    chosen += (_linked(database, schema, each, targets) for each in request.ref_properties)
    chosen += _parts(request.object_properties)
    return tuple(chosen)


def _linked(database: Database, schema: CollectionSchema, request: pb.RefPropertiesRequest, targets: Targets) -> Chosen:
    name = lower_first(request.reference_property)
    collection = _target(schema, name, request)
    found = database.collections.get(collection)
    if found is None:
        raise Refused(f"could not find class {collection} in schema")
    properties = request.properties if request.HasField("properties") else None
    try:
        chosen = choose(database, found.schema, properties, targets)
    except Refused as refusal:
        raise refusal.prefixed("extract properties request: ") from None
    metadata = read_metadata(found.schema, request.metadata, targets)
    return Chosen(name, Kind.LINK, link=Link(found.schema.name, chosen, metadata))


def _target(schema: CollectionSchema, name: str, request: pb.RefPropertiesRequest) -> str:
    found = property_named(schema, name)
    if not found.is_reference:
        return found.data_type  # the server takes a data type for a collection, and then does not find it
    if len(found.targets) == 1:
        return found.targets[0]
    if not request.target_collection:
        text = (
            f"multi target references from collection {schema.name} and property {request.reference_property} "
            f"with need an explicitlinked collection. Available linked collections are {_listed(found.targets)}"
        )
        raise Refused(text)
    return request.target_collection


def _listed(names: Sequence[str]) -> str:
    return f"[{' '.join(names)}]"


def certainty_refusal(schema: CollectionSchema, targets: tuple[str, ...]) -> Refused | None:
    """Tell why there is no certainty, ``None`` where there is one: for a single target that is compared by cosine."""
    if len(targets) > 1:
        return Refused("multiple target vectors are not supported with certainty")
    name = targets[0] if targets else ""
    vector = schema.vectors.get(name)
    if vector is None:
        return Refused(f"no vector index with name {name!r}")
    if vector.distance != "cosine":
        text = f"can't compute and return certainty when vector index is configured with {vector.distance} distance"
        return Refused(text)
    return None


def read_metadata(schema: CollectionSchema, request: pb.MetadataRequest, targets: Targets) -> Metadata:
    """Give what a request for metadata means in a collection; an empty one asks for nothing."""
    vectors = tuple(request.vectors)
    if request.vector and schema.named_vectors:
        vectors = schema.named_vectors
    certainty = request.certainty and targets.searched and certainty_refusal(schema, targets.names) is None
    return Metadata(
        id=request.uuid,
        vector=request.vector and schema.has_unnamed_vector,
        vectors=vectors,
        created=request.creation_time_unix,
        updated=request.last_update_time_unix,
        distance=request.distance,
        certainty=certainty,
        score=request.score,
        explain_score=request.explain_score,
    )
