"""Beacons, the URIs of objects: read as the server reads them, and looked up.

``weaviate://localhost/{collection}/{id}`` leads to an object, ``weaviate://localhost/{id}`` to one in any collection, and
``weaviate://localhost/{collection}/{id}/{property}`` is a reference of an object.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from weaviate_orm.local.go_text import Origin, go_syntax, go_type, plain_text
from weaviate_orm.local.objects import Beacon
from weaviate_orm.local.plain import is_list, is_mapping
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.writing.lookup import object_exists
from weaviate_orm.local.writing.values import uuid_bytes

if TYPE_CHECKING:
    from weaviate_orm.local.schema.parsed import CollectionSchema, PropertySchema
    from weaviate_orm.local.storage.database import Database

__all__ = ["Source", "Target", "check_inline", "existing_target", "is_uri", "parse_source", "parse_target"]

_BAD_URI = "invalid cref URI: %!w(<nil>)"


class Target(NamedTuple):
    """What a beacon says: ``collection`` is ``""`` when it names none, ``id`` is as it was written."""

    host: str
    collection: str
    id: str

    @property
    def text(self) -> str:
        """The beacon, with the id in small letters."""
        middle = f"{self.collection}/" if self.collection else ""
        return f"weaviate://{self.host}/{middle}{self.id.lower()}"

    @property
    def beacon(self) -> Beacon:
        """The beacon as it is stored."""
        return Beacon(self.collection, uuid_bytes(self.id))


class Source(NamedTuple):
    """What the beacon of a reference says."""

    host: str
    collection: str
    id: str
    name: str

    @property
    def text(self) -> str:
        """The beacon."""
        return f"weaviate://{self.host}/{self.collection}/{self.id}/{self.name}"


def is_uri(text: str) -> bool:
    """Tell whether REST takes a text for a URI: anything with a scheme or a path from the root, without blanks."""
    if not text or any(character.isspace() for character in text):
        return not text
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme) or text.startswith("/")


def _path(text: str) -> tuple[str, str]:
    try:
        parts = urlsplit(text)
    except ValueError:
        raise Refused(_BAD_URI) from None
    return parts.netloc, unquote(parts.path)


def parse_target(text: str) -> Target:
    """Read the beacon of an object.

    Raises:
        Refused: it is none; in the server's words.
    """
    host, path = _path(text)
    if not path:
        raise Refused(_BAD_URI)
    segments = path.split("/")
    if len(segments) not in (2, 3):
        raise Refused(f"invalid cref URI: path must be of format '<class>/<uuid>', but got '{path}'")
    id = segments[-1]
    try:
        uuid_bytes(id)
    except ValueError:
        raise Refused(f"invalid cref URI: {len(segments) - 1}nd path segment must be uuid, but got '{id}'") from None
    return Target(host, segments[1] if len(segments) == 3 else "", id)


def parse_source(text: str) -> Source:
    """Read the beacon of a reference.

    Raises:
        Refused: it is none; in the server's words.
    """
    host, path = _path(text)
    segments = path.split("/")
    if len(segments) != 4:
        raise Refused(
            "invalid cref URI: must use long-form: path must be of format '/<className>/<uuid>/<propertyName>', but got "
            f"'{path}'"
        )
    _, collection, id, name = segments
    try:
        uuid_bytes(id)
    except ValueError:
        raise Refused(f"invalid cref URI: 2nd path segment must be uuid, but got '{name}'") from None
    if not collection:
        raise Refused("className cannot be empty")
    if collection[0].islower():
        raise Refused(f"className must start with an uppercase letter, but got {collection}")
    if not name:
        raise Refused("property cannot be empty")
    return Source(host, collection, id, name)


def existing_target(database: Database, target: Target, tenant: str, what: str) -> None:
    """See that a beacon leads somewhere, from an object of a tenant: in that tenant or in a collection without.

    Args:
        database: where to look.
        target: the beacon.
        tenant: of the object that refers, ``""`` for none.
        what: begins the message: ``"validate reference"``.

    Raises:
        Refused: there is no such object, or tenancy is in the way.
    """
    id = uuid_bytes(target.id)
    try:
        found = object_exists(database, target.collection, id, tenant)
    except Refused as refusal:
        if not tenant:
            raise
        try:
            found = object_exists(database, target.collection, id, "")
        except Refused:
            raise refusal from None
    if not found:
        raise Refused(f"{what}: no object with id {target.id.lower()} found")


def check_inline(
    database: Database, schema: CollectionSchema, of: PropertySchema, value: Any, tenant: str, origin: Origin
) -> list[Beacon]:  # value: what a client sent
    """Give the references that an object brings along: a list of mappings with ``beacon``.

    Raises:
        Refused: they are no references, or lead nowhere; in the server's words.
    """
    if not is_list(value):
        raise Refused(f"reference property is not a slice {plain_text(value, origin)}")
    elements: list[Any] = value
    targets: list[Target] = []
    for element in elements:
        if not is_mapping(element):
            raise Refused("reference property is not a map: map[string]interface {}")
        given: Mapping[str, Any] = element
        text = given.get("beacon")
        if not isinstance(text, str):
            raise Refused(f"beacon property is not a string: {go_type(text, origin)}")
        target = parse_target(text)
        if not target.collection and len(of.targets) == 1:
            target = Target("localhost", of.targets[0], target.id)
        targets.append(target)
    try:
        for element, target in zip(elements, targets, strict=True):
            _check_target(database, schema, of, element, target, tenant)
    except Refused as refusal:
        raise refusal.prefixed("invalid cref: ") from None
    return [target.beacon for target in targets]


def _check_target(
    database: Database,
    schema: CollectionSchema,
    of: PropertySchema,
    element: Mapping[str, Any],
    target: Target,
    tenant: str,
) -> None:
    others = {key: each for key, each in element.items() if key != "href"}
    if len(others) != 1:
        raise Refused(
            "only direct references supported at the moment, concept references not supported yet: class "
            f"'{schema.name}' with property '{of.name}' requires exactly 1 arguments: 'beacon'. Check your input schema, got: "
            f"{go_syntax(others)}"
        )
    if target.host != "localhost":
        raise Refused("unrecognized cross-ref ref format")
    existing_target(database, target, tenant, f"'cref' {schema.name}:{of.name}")
