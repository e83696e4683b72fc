"""The JSON form of a filter, which batch delete over REST takes. Here the key of the value says what is compared, not the property."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from weaviate_orm.local.filters.clauses import JOINING, Clause, Operator, Step
from weaviate_orm.local.filters.operands import GeoRange, Operand, Several
from weaviate_orm.local.refusals import Refused

__all__ = ["read_where"]

Json = Any  # JSON has no narrower type

_OPERATORS: Final = {operator.label: operator for operator in Operator}


def read_where(collection: str, where: Mapping[str, Json]) -> Clause:
    """Read a filter about a collection.

    Raises:
        Refused: an operator, a path or a value that is none.
    """
    name = where.get("operator") or ""
    operator = _OPERATORS.get(name)
    if operator is None:
        raise Refused(f"unrecognized operator: {name}")
    try:
        return _joining(collection, operator, where) if operator in JOINING else _leaf(collection, operator, where)
    except Refused as refused:
        raise refused.prefixed("invalid where filter: ") from None


def _joining(collection: str, operator: Operator, where: Mapping[str, Json]) -> Clause:
    advice = "switch to compare operator (eg. Equal, NotEqual, etc.)"
    if where.get("path") is not None:
        raise Refused(f"operator '{operator.label}' not compatible with field 'path', remove 'path' or {advice}")
    if any(_is_given(where, key) for key in _VALUES):
        raise Refused(
            f"operator '{operator.label}' not compatible with field 'value<Type>', remove value field or {advice}"
        )
    children: list[Mapping[str, Json]] = where.get("operands") or []
    if not children:
        raise Refused(f"operator '{operator.label}', but no operands set - add at least one operand")
    operands: list[Clause] = []
    for place, child in enumerate(children):
        try:
            operands.append(read_where(collection, child))
        except Refused as refused:
            raise refused.prefixed(f"operand {place}: ") from None
    return Clause(operator, operands=tuple(operands))


def _leaf(collection: str, operator: Operator, where: Mapping[str, Json]) -> Clause:
    given = [key for key in _VALUES if _is_given(where, key)]
    operands = [_VALUES[key][1](where[key]) for key in given]
    if len(given) > 1:
        shown = json.dumps({"operands": None, **where}, separators=(",", ":"), sort_keys=True)
        raise Refused(f"found more than one values the clause '{shown}'")
    if not given:
        raise Refused(f"got operator '{operator.label}', but no value<Type> field set")
    path = _path(collection, where.get("path") or [])
    return Clause(operator, path, _VALUES[given[0]][0], operands[0])


def _path(collection: str, names: list[str]) -> tuple[Step, ...]:
    if not names:
        raise Refused("field 'path': must have at least one element")
    if len(names) % 2 == 0:
        raise Refused(f"missing an argument after '{names[-1]}'")
    return tuple(Step(*pair) for pair in zip((collection, *names[1::2]), names[::2], strict=True))


def _is_given(where: Mapping[str, Json], key: str) -> bool:
    value = where.get(key)
    return value is not None and (value != [] if key.endswith("Array") else True)


def _geo(value: Json) -> Operand:
    distance, center = value.get("distance"), value.get("geoCoordinates")
    if distance is None:
        raise Refused("valueGeoRange: field 'distance' must be set")
    metres = float(distance.get("max") or 0)
    if metres < 0:
        raise Refused("valueGeoRange: field 'distance.max' must be a positive number")
    if center is None:
        raise Refused("valueGeoRange: field 'geoCoordinates' must be set")
    return GeoRange(float(center.get("latitude") or 0), float(center.get("longitude") or 0), metres)


def _several(kind: str, each: Callable[[Json], Any]) -> Callable[[Json], Operand]:
    return lambda values: Several(kind, tuple(map(each, values)))


_VALUES: Final[Mapping[str, tuple[str, Callable[[Json], Operand]]]] = {
    "valueInt": ("int", int),
    "valueNumber": ("number", float),
    "valueText": ("text", str),
    "valueDate": ("date", str),
    "valueBoolean": ("boolean", bool),
    "valueIntArray": ("int", _several("int", int)),
    "valueNumberArray": ("number", _several("float64", float)),
    "valueTextArray": ("text", _several("string", str)),
    "valueDateArray": ("date", _several("string", str)),
    "valueBooleanArray": ("boolean", _several("bool", bool)),
    "valueGeoRange": ("geoCoordinates", _geo),
    "valueString": ("text", str),  # the old name of text
    "valueStringArray": ("text", _several("string", str)),
}
"""Data type that a value is compared as, and how it is read, by key."""
