"""REST: deletion of all objects that a filter lets through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from weaviate_orm.local.filters.filtering import select
from weaviate_orm.local.filters.rules import check_filter
from weaviate_orm.local.filters.where import read_where
from weaviate_orm.local.plain import is_float32, is_float64, is_list, is_mapping
from weaviate_orm.local.refusals import Refused, RestShape
from weaviate_orm.local.rest.requests import check_consistency, required, unparsable
from weaviate_orm.local.routing import RestRequest
from weaviate_orm.local.schema.names import capitalized
from weaviate_orm.local.writing.batches import MOST_DELETED, delete_rows
from weaviate_orm.local.writing.values import uuid_text
from weaviate_orm.wire.call import RestReply

if TYPE_CHECKING:
    from weaviate_orm.local.filters.clauses import Clause
    from weaviate_orm.local.schema.parsed import Json
    from weaviate_orm.local.storage.database import Collection, Database

__all__ = ["delete_objects"]

_GO_ZERO_TIME: Final = -62_135_596_800_000
_OPERATORS: Final = (
    "And Or Equal Like NotEqual GreaterThan GreaterThanEqual LessThan LessThanEqual WithinGeoRange IsNull ContainsAny ContainsAll "
    "ContainsNone Not"
)
_GO_TYPES: Final = {
    "string": str,
    "bool": bool,
    "models.BatchDeleteMatch": dict,
    "models.WhereFilter": dict,
    "models.WhereFilterGeoRange": dict,
    "models.WhereFilterGeoRangeDistance": dict,
    "models.GeoCoordinates": dict,
}
_WHERE_FIELDS: Final = {
    "operator": "string",
    "valueText": "string",
    "valueString": "string",
    "valueDate": "string",
    "valueBoolean": "bool",
    "valueInt": "int64",
    "valueNumber": "float64",
    "valueGeoRange": "models.WhereFilterGeoRange",
}
_WHERE_LISTS: Final = {
    "path": "string",
    "operands": "models.WhereFilter",
    "valueTextArray": "string",
    "valueStringArray": "string",
    "valueDateArray": "string",
    "valueBooleanArray": "bool",
    "valueIntArray": "int64",
    "valueNumberArray": "float64",
}


def delete_objects(database: Database, request: RestRequest) -> RestReply:
    """Answer a deletion.

    Raises:
        Refused: no filter, or one that does not fit; no such collection or tenant; the shard takes no writes.
    """
    given = required(request)
    if not is_mapping(given):
        raise unparsable(given, "value of type models.BatchDelete")
    match = _field(given, "match", "BatchDelete.match", "models.BatchDeleteMatch")
    output = _field(given, "output", "BatchDelete.output", "string") or "minimal"
    dry_run = bool(_field(given, "dryRun", "BatchDelete.dryRun", "bool"))
    moment = _field(given, "deletionTimeUnixMilli", "BatchDelete.deletionTimeUnixMilli", "int64")
    name: str = ""
    where: Json | None = None
    if match is not None:
        name = _field(match, "class", "BatchDeleteMatch.match.class", "string") or ""
        where = _field(match, "where", "BatchDeleteMatch.match.where", "models.WhereFilter")
    if where is not None:
        _check_where(where)
        _check_operators(where)
    check_consistency(request)
    try:
        if match is None:
            raise Refused("empty match clause")
        if not name:
            raise Refused("empty match.class clause")
        if where is None:
            raise Refused("empty match.where clause")
        collection = database.find(name)
        if collection is None:
            raise Refused(f"failed to get class: {capitalized(name)}")
        clause = _read(database, collection, where)
        if output not in ("minimal", "verbose"):
            raise Refused(f'invalid output: "{output}", possible values are: "minimal", "verbose"', http=500)
    except Refused as refusal:
        raise refusal.prefixed("validate: ") from None
    tenant = request.query.get("tenant", "")
    try:
        shard = collection.shard(tenant)
        rows = select(database, collection, shard, tenant, clause).nonzero()[0]
    except Refused as refusal:
        raise refusal.prefixed("batch delete objects: cannot find objects: ") from None
    deletion = delete_rows(database, collection, tenant, shard, rows, dry_run=dry_run)
    status = "DRYRUN" if dry_run else "SUCCESS"
    objects = [{"id": uuid_text(id), "status": status} for id in deletion.ids]
    return RestReply(
        200,
        {
            "deletionTimeUnixMilli": _GO_ZERO_TIME if moment is None else moment,
            "dryRun": dry_run,
            "match": {"class": collection.schema.name, "where": _where_echo(where)},
            "output": output,
            "results": {
                "failed": 0,
                "limit": MOST_DELETED,
                "matches": deletion.matches,
                "objects": objects if objects and output == "verbose" else None,
                "successful": 0 if dry_run else len(deletion.ids),
            },
        },
    )


def _is(value: object, kind: str) -> bool:
    match kind:
        case "float64":
            return is_float64(value)
        case "float32":
            return is_float32(value)
        case "int64":
            return type(value) is int and -(2**63) <= value < 2**63
        case _:
            return type(value) is _GO_TYPES[kind]


def _field(given: Json, name: str, field: str, kind: str) -> Any:  # as ``kind`` says
    value = given.get(name)
    if value is not None and not _is(value, kind):
        raise unparsable(value, f"struct field {field} of type {kind}")
    return value


def _check_where(where: Json) -> None:
    """See that the parts of a filter are of their kinds.

    Raises:
        Refused: one is not.
    """
    start = "WhereFilter.match.where."
    for name, kind in _WHERE_FIELDS.items():
        _field(where, name, start + name, kind)
    _check_geo(where.get("valueGeoRange") or {})
    for name, kind in _WHERE_LISTS.items():
        elements = where.get(name)
        if elements is None:
            continue
        pointer = "*" if kind == "models.WhereFilter" else ""
        if not is_list(elements):
            raise unparsable(elements, f"struct field {start}{name} of type []{pointer}{kind}")
        for element in elements:
            if not _is(element, kind):
                raise unparsable(element, f"struct field {start}{name} of type {kind}")
            if kind == "models.WhereFilter":
                _check_where(element)


def _check_geo(given: Json) -> None:
    place = "match.where.valueGeoRange."
    distance = _field(given, "distance", f"WhereFilterGeoRange.{place}distance", "models.WhereFilterGeoRangeDistance")
    _field(distance or {}, "max", f"WhereFilterGeoRangeDistance.{place}distance.max", "float64")
    center = _field(given, "geoCoordinates", f"WhereFilterGeoRange.{place}geoCoordinates", "models.GeoCoordinates")
    for name in ("latitude", "longitude"):
        _field(center or {}, name, f"GeoCoordinates.{place}geoCoordinates.{name}", "float32")


def _read(database: Database, collection: Collection, where: Json) -> Clause:
    try:
        clause = read_where(collection.schema.name, where)
    except Refused as refusal:
        raise Refused(f"failed to parse where filter: {refusal.text}") from None
    try:
        check_filter(database, clause)
    except Refused as refusal:
        raise Refused(f"invalid where filter: {refusal.text}") from None
    return clause


def _check_operators(where: Json, place: str = "match.match.where") -> None:
    operator = where.get("operator")
    if operator and operator not in _OPERATORS.split():
        text = f"{place}.operator in body should be one of [{_OPERATORS}]"
        raise Refused(text, shape=RestShape.CODE, code=606)
    operands: list[Json] = where.get("operands") or []
    for index, operand in enumerate(operands):
        _check_operators(operand, f"{place}.operands.{index}")


def _where_echo(where: Json) -> Json:
    operands: list[Json] | None = where.get("operands")
    return {
        **where,
        "path": where.get("path"),
        "operands": [_where_echo(each) for each in operands] if operands else None,
    }
