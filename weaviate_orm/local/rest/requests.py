"""What the handlers of objects, references and batches ask of a REST request before they look at it: the server's generated checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from weaviate_orm.local.objects import Vector
from weaviate_orm.local.plain import is_float32, is_list, is_mapping
from weaviate_orm.local.refusals import Refused, RestShape
from weaviate_orm.local.routing import RestRequest
from weaviate_orm.local.writing.beacons import is_uri
from weaviate_orm.local.writing.values import uuid_bytes

__all__ = [
    "ObjectBody",
    "beacon_of",
    "check_consistency",
    "id_in_path",
    "json_type",
    "object_body",
    "required",
    "unparsable",
    "whole_number",
]

Json = dict[str, Any]  # JSON has no narrower type


def required(request: RestRequest, name: str = "body") -> Any:  # JSON has no narrower type
    """Give the body.

    Raises:
        Refused: there is none.
    """
    if request.body is None:
        raise Refused(f"{name} in body is required", shape=RestShape.CODE, code=602)
    return request.body


def json_type(value: object) -> str:
    """Give the JSON type of a value."""
    match value:
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def unparsable(value: object, into: str, name: str = "body") -> Refused:
    """Give the refusal of a body in which a value is not what it must be."""
    kind = json_type(value)
    if kind == "number" and into.endswith(("float32", "float64", "int64")):
        kind = f"number {value}"  # a number all the same, but not one of these
    text = f'parsing {name} body from "" failed, because json: cannot unmarshal {kind} into Go {into}'
    return Refused(text, http=400, shape=RestShape.CODE)


def id_in_path(request: RestRequest) -> bytes:
    """Give the id of the path.

    Raises:
        Refused: it is no uuid.
    """
    text = request.variables["id"]
    try:
        return uuid_bytes(text)
    except ValueError:
        raise _wrong_format("id in path", "uuid", text) from None


def whole_number(request: RestRequest, name: str) -> int | None:
    """Give a number of the query, ``None`` when it was not given.

    Raises:
        Refused: it is no number.
    """
    text = request.query.get(name)
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        raise _wrong_format(f"{name} in query", "int64", text) from None


def _wrong_format(place: str, kind: str, text: str) -> Refused:
    return Refused(f'{place} must be of type {kind}: "{text}"', shape=RestShape.CODE, code=601)


def check_consistency(request: RestRequest) -> None:
    """See that the consistency level is one; all of them mean the same here.

    Raises:
        Refused: it is none.
    """
    level = request.query.get("consistency_level")
    if level is not None and level not in ("ONE", "QUORUM", "ALL"):
        raise Refused(
            f"unrecognized consistency level '{level}', try one of the following: ['ONE', 'QUORUM', 'ALL']", http=400
        )
    if level and request.query.get("node_name"):
        raise Refused("consistency_level and node_name are mutually exclusive", http=400)


def beacon_of(body: object, place: str = "") -> str:
    """Give the beacon of a reference's body, ``""`` when there is none.

    Raises:
        Refused: the body is no reference.
    """
    if not is_mapping(body):
        raise unparsable(body, "value of type models.SingleRef")
    given = body
    for name in ("beacon", "class", "href"):
        value = given.get(name)
        if value is not None and not isinstance(value, str):
            raise unparsable(value, f"struct field SingleRef.{name} of type string")
    for name in ("beacon", "class", "href"):
        if not is_uri(given.get(name) or ""):
            raise _wrong_format(f"{place}{name} in body", "uri", given[name])
    return given.get("beacon") or ""


class ObjectBody:
    """An object as REST gives it, looked at as far as the schema is not needed.

    Attributes:
        collection: ``""`` when it was not given.
        id: as it was written, ``""`` when it was not given.
        tenant: ``""`` for none.
        properties: as they came; ``None`` when they were not given.
        vector: the bare vector.
        vectors: by name.
    """

    __slots__ = ("collection", "id", "properties", "tenant", "vector", "vectors")

    def __init__(self, body: object, place: str = "") -> None:
        """Look at a body.

        Args:
            body: decoded JSON.
            place: before the names of fields in messages: ``"body.objects.0."``.

        Raises:
            Refused: a field has not the type that it must have.
        """
        if not is_mapping(body):
            raise unparsable(body, "value of type models.Object")
        given = body
        self.collection = self._text(given, "class")
        self.id = self._text(given, "id")
        self.tenant = self._text(given, "tenant")
        self.properties: Any = given.get("properties")  # checked with the schema
        self.vector = _vector(given.get("vector"))
        self.vectors = _vectors(given.get("vectors"))
        if self.id:
            try:
                uuid_bytes(self.id)
            except ValueError:
                raise _wrong_format(f"{place}id in body", "uuid", self.id) from None

    @staticmethod
    def _text(given: Json, name: str) -> str:
        value = given.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise unparsable(value, f"struct field Object.{name} of type string")
        return value

    @property
    def values(self) -> Json:
        """The properties.

        Raises:
            Refused: they are no mapping.
        """
        if self.properties is None:
            return {}
        if is_mapping(self.properties):
            return self.properties
        from weaviate_orm.local.go_text import Origin, plain_text

        shown = plain_text(self.properties, Origin.REST)
        raise Refused(f"could not recognize object's properties: {shown}")


def object_body(request: RestRequest) -> ObjectBody:
    """Give the object in a request.

    Raises:
        Refused: there is none.
    """
    return ObjectBody(required(request))


def _vector(value: object) -> Vector | None:
    if value is None:
        return None
    if not is_list(value):
        raise unparsable(value, "struct field Object.vector of type models.C11yVector")
    numbers = _numbers(value)
    if numbers is None:
        wrong = next(each for each in value if not is_float32(each))
        raise unparsable(wrong, "struct field Object.vector of type float32")
    return numbers


def _numbers(elements: Sequence[object]) -> Vector | None:
    """Give numbers as float32; ``None`` if any of them is no such number."""
    if all(type(each) is float for each in elements):
        # As they are nearly always, and then numpy can look at all at once.
        with np.errstate(over="ignore"):
            numbers = np.array(elements, np.float32)
        return numbers if np.isfinite(numbers).all() else None
    return np.array(elements, np.float32) if all(map(is_float32, elements)) else None


def _vectors(value: object) -> dict[str, Vector]:
    if value is None:
        return {}
    if not is_mapping(value):
        raise unparsable(value, "struct field Object.vectors of type map[string]json.RawMessage")
    given = value
    return {name: _named_vector(name, each) for name, each in given.items() if each is not None}


def _named_vector(name: str, value: object) -> Vector:
    if is_list(value):
        elements = value
        numbers = _numbers(elements)
        if numbers is not None:
            return numbers
        rows = [each for each in elements if is_list(each)]
        if len(rows) == len(elements) and all(is_float32(each) for row in rows for each in row):
            return _matrix(rows)
    text = f"vectors: cannot unmarshal vector into either []float32 or [][]float32 for target vector {name}"
    raise Refused(f'parsing body body from "" failed, because {text}', http=400, shape=RestShape.CODE)


def _matrix(rows: Sequence[Sequence[object]]) -> Vector:
    for position, row in enumerate(rows):
        if not row or len(row) != len(rows[0]):
            raise Refused(
                f"new node has a multi vector with length {len(row)} at position {position}. "
                f"Existing nodes have vectors with length {len(rows[0])}",
                http=500,
            )
    return np.array(rows, np.float32)
