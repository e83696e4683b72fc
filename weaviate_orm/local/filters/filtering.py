"""Filters: which rows of a shard fulfil one, for the message of gRPC and for the JSON of batch delete.

Three steps, as on the server, because each has its own place in error texts: reading (``clauses.py``, ``where.py``),
checking (``rules.py``), and here, looking into a shard. What is asked of a property goes to ``columns.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from weaviate_orm.local.filters.clauses import (
    CONTAINS,
    ID_NAMES,
    JOINING,
    NESTED,
    TIME_NAMES,
    Clause,
    Operator,
    length_subject,
    property_named,
    read_filters,
)
from weaviate_orm.local.filters.columns import count_rows, geo_rows, id_rows, number_rows, time_rows, token_rows
from weaviate_orm.local.filters.operands import GeoRange, Operand, Several, go_type, read_instant, read_uuid
from weaviate_orm.local.filters.rules import NESTED_REFUSAL, check_filter
from weaviate_orm.local.filters.where import read_where
from weaviate_orm.local.objects import Bools
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema, PropertySchema
from weaviate_orm.local.storage.columns import GeoColumn, NumberColumn, PlainColumn, ReferenceColumn, TextColumn
from weaviate_orm.local.text.missing_index import not_countable, not_filterable
from weaviate_orm.local.text.tokenize import query_tokens, wildcard_tokens
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.storage.collection import Collection
    from weaviate_orm.local.storage.database import Database
    from weaviate_orm.local.storage.shard import Shard

__all__ = ["checked_filter", "checked_where", "matching", "matching_where", "select"]

_Plan: TypeAlias = Callable[[], Bools]
"""What is left to do after everything was looked up: gives rows, dead ones included."""


def matching(database: Database, collection: Collection, shard: Shard, tenant: str, filters: pb.Filters) -> Bools:
    """Give the live rows, shape ``(shard.size,)``, that fulfil a filter message.

    Raises:
        Refused: as ``checked_filter`` and ``select`` do.
    """
    return select(database, collection, shard, tenant, checked_filter(database, collection, filters))


def matching_where(
    database: Database, collection: Collection, shard: Shard, tenant: str, where: dict[str, Any]
) -> Bools:  # where is JSON
    """Give the live rows, shape ``(shard.size,)``, that fulfil the JSON filter of batch delete.

    Raises:
        Refused: as ``checked_where`` and ``select`` do.
    """
    return select(database, collection, shard, tenant, checked_where(database, collection, where))


def checked_filter(database: Database, collection: Collection, filters: pb.Filters) -> Clause:
    """Read a filter message and check it against the schema; a search does this before it looks into a shard.

    Raises:
        Refused: the filter is not one, names what is not there, or compares what cannot be compared.
    """
    clause = read_filters(database, collection.schema.name, filters)
    check_filter(database, clause)
    return clause


def checked_where(database: Database, collection: Collection, where: dict[str, Any]) -> Clause:  # where is JSON
    """Read the JSON filter of batch delete and check it against the schema.

    Raises:
        Refused: the filter is not one, names what is not there, or compares what cannot be compared.
    """
    clause = read_where(collection.schema.name, where)
    check_filter(database, clause)
    return clause


def select(database: Database, collection: Collection, shard: Shard, tenant: str, clause: Clause) -> Bools:
    """Give the live rows, shape ``(shard.size,)``, that fulfil a checked filter.

    Args:
        database: where references lead to.
        collection: the collection of the shard.
        shard: where to look.
        tenant: of the shard, and of what references lead to.
        clause: from ``checked_filter`` or ``checked_where``.

    Raises:
        Refused: an index is missing, or a value cannot be read; ``MissingIndex`` where the server passes the bare text up.
    """
    plan = _Planner(database, collection.schema, shard, tenant).plan(clause)
    try:
        rows = plan()
    except Refused as refused:
        raise refused.prefixed("resolve doc ids for prop/value pair: ") from None
    return rows & shard.live


class _OnlyStopwords(Refused):
    """A text of which no token is left to look for. It stays one behind prefixes: ``ContainsAny`` passes over such texts."""

    def __init__(self, prefix: str = "") -> None:
        super().__init__(
            f"{prefix}invalid search term, only stopwords provided. "
            "Stopwords can be configured in class.invertedIndexConfig.stopwords"
        )
        self._prefix = prefix

    def prefixed(self, prefix: str) -> _OnlyStopwords:
        """Give the same refusal with words in front."""
        return _OnlyStopwords(prefix + self._prefix)


@dataclass(frozen=True, slots=True)
class _Planner:
    """Turns clauses into plans for one shard."""

    database: Database
    schema: CollectionSchema
    shard: Shard
    tenant: str

    def plan(self, clause: Clause) -> _Plan:
        """Look up what a clause needs; all but missing buckets is refused here."""
        if clause.operator in JOINING:
            return partial(_joined, clause.operator, self._plans(clause.operator, clause.operands or ()))
        if clause.operator in CONTAINS:
            try:
                return self._contains(clause)
            except Refused as refused:
                raise refused.prefixed("extract contains values: ") from None
        name = clause.path[0].property
        operand = clause.operand
        assert operand is not None  # only nodes that join have none
        if name in ID_NAMES:
            return self._id(clause.operator, operand)
        if name in TIME_NAMES:
            return self._time(name, clause, operand)
        subject = length_subject(name)
        property = property_named(self.schema, name if subject is None else subject)
        if subject is not None:
            return self._length(property, clause, operand)
        return self._property(property, clause, operand)

    def _plans(self, operator: Operator, clauses: Sequence[Clause]) -> list[_Plan]:
        plans: list[_Plan] = []
        for place, clause in enumerate(clauses):
            try:
                plans.append(self.plan(clause))
            except _OnlyStopwords as refused:
                if operator is not Operator.CONTAINS_ANY:
                    raise refused.prefixed(f"nested query: nested clause at pos {place}: ") from None
            except Refused as refused:
                raise refused.prefixed(f"nested query: nested clause at pos {place}: ") from None
        if not plans and operator is Operator.CONTAINS_ANY:
            raise _OnlyStopwords
        return plans

    def _contains(self, clause: Clause) -> _Plan:
        kind, operand = clause.type, clause.operand
        assert operand is not None
        wanted = _LISTS.get(kind)
        if wanted is None:
            raise Refused(f"unsupported type 'schema.DataType' for '{int(clause.operator)}' operator")
        if not isinstance(operand, Several) or operand.kind != wanted:
            raise Refused(f"value type should be []{wanted} but is {go_type(operand)}")
        equals = [replace(clause, operator=Operator.EQUAL, operand=value) for value in operand.values]
        plans = self._plans(clause.operator, equals)
        match clause.operator:
            case Operator.CONTAINS_ALL:
                return partial(_joined, Operator.AND, plans)
            case Operator.CONTAINS_ANY:
                return partial(_joined, Operator.OR, plans)
            case _:
                return partial(_joined, Operator.NOT, [partial(_joined, Operator.OR, plans)])

    def _id(self, operator: Operator, operand: Operand) -> _Plan:
        if not isinstance(operand, str):
            raise Refused(f"expected value to be string, got '{go_type(operand)}'")
        return self._with_null_state(operator, partial(id_rows, self.shard, operator, operand))

    def _time(self, name: str, clause: Clause, operand: Operand) -> _Plan:
        if not isinstance(operand, str):
            types = "string" if clause.type == "text" else "string or time.Time"
            raise Refused(f"expected value to be {types}, got '{go_type(operand)}'")
        if clause.type == "date":
            operand = str(read_instant(operand) // 1_000_000)
        elif not operand.removeprefix("-").removeprefix("+").isdecimal():
            raise Refused(f"expected value to be timestamp, got '{operand}'")
        times = self.shard.created if name == TIME_NAMES[0] else self.shard.updated
        rows = self._with_null_state(clause.operator, partial(time_rows, times, clause.operator, operand))
        if self.schema.index_timestamps:
            return rows
        return _refusing(
            "Timestamps must be indexed to be filterable! "
            f"Add `IndexTimestamps: true` to the InvertedIndexConfig in {self.schema.name}"
        )

    def _length(self, property: PropertySchema, clause: Clause, operand: Operand) -> _Plan:
        if clause.type != "int":
            raise Refused(
                "failed to extract length of prop, unsupported type 'schema.DataType' "
                f"for length of prop '{property.name}'"
            )
        length = _int(operand)
        if not self.schema.index_property_length:
            return _refusing(
                "Property length must be indexed to be filterable! add `IndexPropertyLength: true` to the "
                f"invertedIndexConfig in {self.schema.name}.  "
                "Geo-coordinates, phone numbers and data blobs are not supported by property length."
            )
        if property.data_type in _WITHOUT_LENGTH or not _has_any_index(property):
            return _not_indexed(f"{property.name}_propertyLength")
        column = self.shard.column(property.name)
        # A missing value has the length 0 where null states are kept, else none. A uuid that is there never has one.
        known = np.zeros(column.size, np.bool_) if property.data_type == "uuid" else column.present
        if self.schema.index_null_state:
            known = known | ~column.present
        if clause.operator is Operator.NOT_EQUAL:
            return lambda: ~(count_rows(column.lengths, Operator.EQUAL, length) & known)
        return lambda: count_rows(column.lengths, clause.operator, length) & known

    def _property(self, property: PropertySchema, clause: Clause, operand: Operand) -> _Plan:
        if property.data_type in NESTED:
            raise Refused(NESTED_REFUSAL)
        if property.is_reference and len(clause.path) > 1:
            return self._reference(property, clause)
        if property.is_reference and clause.type == "int":
            count = _int(operand)
            if not _has_any_index(property):
                raise not_countable(property.name)
            rows = partial(count_rows, self.shard.column(property.name).lengths, clause.operator, count)
            return self._with_null_state(clause.operator, rows)
        if clause.operator is Operator.IS_NULL:
            return self._null(property, operand)
        if property.data_type == "geoCoordinates":
            return self._geo(property, clause, operand)
        if property.element == "uuid":
            return self._uuid(property, clause, operand)
        if property.element == "text":
            return self._text(property, clause, operand)
        return self._number(property, clause, operand)

    def _reference(self, property: PropertySchema, clause: Clause) -> _Plan:
        """Find the objects that fulfil the rest of the path, then the rows that refer to any of them."""
        collection = self.database.collections.get(clause.path[1].collection)
        if collection is None:
            raise Refused(f"could not find class {clause.path[1].collection} in schema")
        tenant = self.tenant if collection.schema.multi_tenancy else ""
        inner = replace(clause, path=clause.path[1:])
        try:
            shard = collection.shard(tenant)
            found = shard.uuids()[select(self.database, collection, shard, tenant, inner)]
        except Refused as refused:
            index = collection.schema.name.lower()
            where = f"object search at index {index}: local shard object search {index}_{collection.shard_names.get(tenant, '')}: "
            raise refused.prefixed(f"nested request to fetch matching IDs: {where}") from None
        if not property.filterable:
            missing = _not_indexed(property.name)
            return partial(_joined, Operator.OR, [missing] * 2) if len(found) else missing
        column = self.shard.column(property.name)
        assert isinstance(column, ReferenceColumn)
        return partial(column.sources, [row.tobytes() for row in found], collection.schema.name)

    def _null(self, property: PropertySchema, operand: Operand) -> _Plan:
        wanted = _bool(operand)
        if not _has_any_index(property):
            return self._with_null_state(Operator.IS_NULL, _not_indexed(f"{property.name}_nullState"))
        return self._with_null_state(Operator.IS_NULL, partial(self._null_rows, property.name, wanted))

    def _null_rows(self, name: str, wanted: bool) -> Bools:
        column = self.shard.column(name)
        match column:
            case GeoColumn() | PlainColumn():  # not kept there
                return np.zeros(self.shard.size, np.bool_)
            case _ if column.property.is_array or column.property.data_type in ("text", "reference"):
                filled = column.present & (column.lengths > 0)
            case _:
                filled = column.present
        return ~filled if wanted else filled

    def _geo(self, property: PropertySchema, clause: Clause, operand: Operand) -> _Plan:
        if clause.type != "geoCoordinates":
            raise Refused(f'prop "{property.name}" is of type geoCoordinates, it can onlybe used with geoRange filters')
        if not isinstance(operand, GeoRange):
            raise Refused(
                f"panic occurred: interface conversion: interface {{}} is {go_type(operand)}, not filters.GeoRange"
            )
        if clause.operator is not Operator.WITHIN_GEO_RANGE or not property.filterable:
            return _not_indexed(property.name)
        column = self.shard.column(property.name)
        assert isinstance(column, GeoColumn)
        return partial(geo_rows, column.coordinates, operand)

    def _uuid(self, property: PropertySchema, clause: Clause, operand: Operand) -> _Plan:
        if clause.type != "text":
            raise Refused(
                f'prop "{property.name}" is of type uuid, the uuid to filter on must be specified as a string '
                "(e.g. valueText:<uuid>)"
            )
        if not isinstance(operand, str):
            raise Refused(f"expected uuid filter value to be a string, got {go_type(operand)}")
        token = read_uuid(operand)
        if not property.filterable:
            raise not_filterable(property.name)
        return self._tokens(property, clause.operator, [token])

    def _text(self, property: PropertySchema, clause: Clause, operand: Operand) -> _Plan:
        if not isinstance(operand, str):
            raise Refused(f"expected value to be string, got '{go_type(operand)}'")
        if clause.type != "text":
            raise Refused(f"expected value type to be text, got {clause.type}")
        assert property.analyzer is not None  # every text has one
        read = wildcard_tokens if clause.operator is Operator.LIKE else query_tokens
        tokens = read(operand, property.analyzer)
        if not property.filterable and not property.searchable:
            raise not_filterable(property.name)
        if not tokens:
            raise _OnlyStopwords
        return self._tokens(property, clause.operator, tokens)

    def _tokens(self, property: PropertySchema, operator: Operator, tokens: Sequence[str]) -> _Plan:
        column = self.shard.column(property.name)
        assert isinstance(column, TextColumn)
        index = column.index
        assert index is not None  # built where the property is filterable or searchable
        plans = [
            partial(token_rows, index, self.shard.size, operator, token) if _is_text(token) else _NO_PATTERN
            for token in tokens
        ]
        return plans[0] if len(plans) == 1 else partial(_joined, Operator.AND, plans)

    def _number(self, property: PropertySchema, clause: Clause, operand: Operand) -> _Plan:
        read = _NUMBERS.get(clause.type)
        if read is None:
            raise Refused(f'data type "{clause.type}" not supported in query')
        number = read(operand)
        if not property.filterable and not property.range_filters:
            raise not_filterable(property.name)
        if not property.filterable and clause.operator in (Operator.LIKE, Operator.WITHIN_GEO_RANGE):
            return _not_indexed(property.name)
        operator = clause.operator
        if operator is Operator.LIKE:
            if clause.type != "boolean":
                return _NO_PATTERN
            operator = Operator.EQUAL  # of the byte of a boolean, there
        column = self.shard.column(property.name)
        if not isinstance(column, NumberColumn):  # a path through what is no reference compares other kinds
            return lambda: np.zeros(self.shard.size, np.bool_)
        return partial(number_rows, column, operator, number, range_only=not property.filterable)

    def _with_null_state(self, operator: Operator, plan: _Plan) -> _Plan:
        if operator is not Operator.IS_NULL or self.schema.index_null_state:
            return plan
        return _refusing(
            "Nullstate must be indexed to be filterable! Add `indexNullState: true` to the invertedIndexConfig"
        )


_LISTS: Final = {"text": "string", "int": "int", "number": "float64", "boolean": "bool", "date": "string"}
_WITHOUT_LENGTH: Final = (
    "geoCoordinates",
    "phoneNumber",
    "blob",
    "blobHash",
    "int",
    "number",
    "boolean",
    "date",
)


def _has_any_index(property: PropertySchema) -> bool:
    return property.filterable or property.searchable or property.range_filters


def _joined(operator: Operator, plans: Sequence[_Plan]) -> Bools:
    if not plans:
        raise Refused(f'no children for operator "{operator.label}"')
    if operator is Operator.NOT:
        if len(plans) > 1:
            raise Refused(f'too many children for operator "{operator.label}". Expected 1, given {len(plans)}')
        try:
            return ~plans[0]()
        except Refused as refused:
            raise refused.prefixed("nested NOT query: ") from None
    if len(plans) == 1:
        return plans[0]()
    joined: Bools | None = None
    for place, plan in enumerate(plans):
        try:
            rows = plan()
        except Refused as refused:
            raise refused.prefixed(f"nested AND/OR query: nested child {place}: ") from None
        if joined is None:
            joined = rows
        elif operator is Operator.AND:
            joined = joined & rows
        else:
            joined = joined | rows
    assert joined is not None  # there are several
    return joined


def _refusing(text: str) -> _Plan:
    def refuse() -> Bools:
        raise Refused(text)

    return refuse


def _not_indexed(name: str) -> _Plan:
    return _refusing(f"bucket for prop {name} not found - is it indexed?")


# The server takes the bytes of a number for a pattern, and cuts letters apart to make trigrams of one; the text ends with the pattern.
_NO_PATTERN: Final = _refusing(
    "read row: parse like value: compile regex from 'like' string: error parsing regexp: invalid UTF-8"
)


def _is_text(token: str) -> bool:
    return token.isascii() or not any("\ud800" <= each <= "\udfff" for each in token)


def _int(operand: Operand) -> int:
    if isinstance(operand, int) and not isinstance(operand, bool):
        return operand
    raise Refused(f"expected value to be int, got {go_type(operand)}")


def _float(operand: Operand) -> float:
    if isinstance(operand, float):
        return operand
    raise Refused(f"expected value to be float64, got {go_type(operand)}")


def _bool(operand: Operand) -> bool:
    if isinstance(operand, bool):
        return operand
    raise Refused(f"expected value to be bool, got {go_type(operand)}")


def _date(operand: Operand) -> int:
    if isinstance(operand, str):
        return read_instant(operand)
    raise Refused(f"expected value to be time.Time (or parseable string), got {go_type(operand)}")


_NUMBERS: Final[dict[str, Callable[[Operand], float]]] = {
    "int": _int,
    "number": _float,
    "boolean": _bool,
    "date": _date,
}
