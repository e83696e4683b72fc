"""Aggregations as messages: what is to be measured, and the numbers that come back, with the types that the metrics promise."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from weaviate_orm.errors import HydrationError, ProtocolError
from weaviate_orm.expr.metrics import Metric, TopOccurrence
from weaviate_orm.expr.nodes import Node
from weaviate_orm.model.info import ModelInfo, PropertyInfo, ReferenceInfo
from weaviate_orm.query.aggregation import AggregateGroup, AskedMetric, Measuring, asked_metrics, check_aggregation
from weaviate_orm.query.statement import ANYWHERE, Scope, Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall
from weaviate_orm.wire.features import Feature
from weaviate_orm.wire.filters import compile_filter, needed_features
from weaviate_orm.wire.grouping import beacon_id
from weaviate_orm.wire.rpcs import AGGREGATE
from weaviate_orm.wire.scalars import compile_scalar
from weaviate_orm.wire.scopes import check_tenant
from weaviate_orm.wire.searches import SEARCHES, search_features

__all__ = ["compile_aggregate", "compile_count", "compile_grouped_aggregate"]

Part: TypeAlias = pb.AggregateReply.Aggregations.Aggregation
"""What a reply says about one property."""

# The type of a metric's value is the parameter of Metric, which the sessions put back.
ReadValue: TypeAlias = Callable[[int, Mapping[str, Part]], Any]
"""From the number of objects and the parts by property to the value of a metric."""


def compile_count(info: ModelInfo, condition: Node | None, scope: Scope) -> GrpcCall[int]:
    """Count the objects that fulfil a condition, or all of them.

    Raises:
        TenantError: a tenant is missing, or one too many.
    """
    check_tenant(info, scope)
    request = pb.AggregateRequest(collection=info.collection, tenant=scope.tenant or "", objects_count=True)
    if condition is not None:
        request.filters.CopyFrom(compile_filter(condition))

    def read(reply: pb.AggregateReply) -> int:
        return reply.single_result.objects_count

    return GrpcCall(AGGREGATE, request, read, info.collection, (Feature.AGGREGATE, *needed_features(condition)))


def compile_aggregate(
    statement: Statement,
    measuring: Measuring,
    metrics: Sequence[Metric[object]],
    scope: Scope = ANYWHERE,
) -> GrpcCall[Any]:
    """Give the call that measures all objects that a statement selects; its result is the value of the metric, or a tuple of several.

    Raises:
        InvalidQueryError: the server does not measure this, or not in this selection.
        TenantError: a tenant is missing, or one too many.
    """
    asked = asked_metrics(statement, metrics)
    values = _values_reader(statement.info, asked)

    def read(reply: pb.AggregateReply) -> Any:
        single = reply.single_result
        return values(single.objects_count, single.aggregations.aggregations)

    return _call(statement, measuring, asked, scope, read)


def compile_grouped_aggregate(
    statement: Statement,
    measuring: Measuring,
    metrics: Sequence[Metric[object]],
    scope: Scope = ANYWHERE,
) -> GrpcCall[list[AggregateGroup[Any, Any]]]:
    """Give the call that measures the objects of each value of a property; its result is the groups, largest first.

    Raises:
        InvalidQueryError: the server does not measure this, or not in this selection.
        TenantError: a tenant is missing, or one too many.
    """
    asked, by = asked_metrics(statement, metrics), measuring.by
    assert by is not None
    values, key = _values_reader(statement.info, asked), _key_reader(statement.info, by)

    def read(reply: pb.AggregateReply) -> list[AggregateGroup[Any, Any]]:
        return [
            AggregateGroup(
                key(group.grouped_by),
                group.objects_count,
                values(group.objects_count, group.aggregations.aggregations),
            )
            for group in reply.grouped_results.groups
        ]

    return _call(statement, measuring, asked, scope, read)


def _call(
    statement: Statement,
    measuring: Measuring,
    asked: Sequence[AskedMetric],
    scope: Scope,
    read: Callable[[pb.AggregateReply], Any],
) -> GrpcCall[Any]:
    info, condition, search = statement.info, statement.condition, statement.search
    check_tenant(info, scope)
    check_aggregation(statement, measuring, asked)
    request = pb.AggregateRequest(collection=info.collection, tenant=scope.tenant or "", objects_count=True)
    _set_metrics(request, asked)
    if measuring.object_limit is not None:
        request.object_limit = measuring.object_limit
    if measuring.by is not None:
        request.group_by.collection = info.collection
        request.group_by.property = measuring.by.name
        if measuring.groups is not None:
            request.limit = measuring.groups
    if condition is not None:
        request.filters.CopyFrom(compile_filter(condition))
    if search is not None:
        SEARCHES[type(search)](request, search)
    needs = (Feature.AGGREGATE, *needed_features(condition), *search_features(search))
    return GrpcCall(AGGREGATE, request, read, info.collection, needs)


# Names of fields, where they are not the names of our methods; the misspelling is the protocol's.
_FIELDS = {"min": "minimum", "max": "maximum", "top_occurrences": "top_occurences"}


def _kind(subject: PropertyInfo | ReferenceInfo) -> str:
    """Give the member of the messages' oneof: it has the name of the data type."""
    return "reference" if isinstance(subject, ReferenceInfo) else subject.data_type.base


def _set_metrics(request: pb.AggregateRequest, asked: Iterable[AskedMetric]) -> None:
    parts: dict[str, pb.AggregateRequest.Aggregation] = {}
    for each in asked:
        if each.subject is None:
            continue
        part = parts.get(each.subject.name)
        if part is None:
            part = parts[each.subject.name] = request.aggregations.add(property=each.subject.name)
        wanted = getattr(part, _kind(each.subject))
        setattr(wanted, _FIELDS.get(each.name, each.name), True)
        if each.limit is not None:
            # One part a property; who asked for fewer takes the first of the reply.
            wanted.top_occurences_limit = max(each.limit, wanted.top_occurences_limit)
        if isinstance(each.subject, ReferenceInfo):
            wanted.type = True  # otherwise the server gives beacons, or nothing at all
        elif each.name == "type":
            wanted.count = True  # alone, the type is not answered for numbers and dates


def _values_reader(info: ModelInfo, asked: Sequence[AskedMetric]) -> Callable[[int, Iterable[Part]], Any]:
    readers = [_value_reader(info, each) for each in asked]
    only = readers[0] if len(readers) == 1 else None

    def read(count: int, aggregations: Iterable[Part]) -> Any:
        parts = {each.property: each for each in aggregations}  # they come in any order
        if only is not None:
            return only(count, parts)
        return tuple([each(count, parts) for each in readers])

    return read


def _value_reader(info: ModelInfo, asked: AskedMetric) -> ReadValue:
    subject = asked.subject
    if subject is None:
        return lambda count, parts: count
    kind, field, where = _kind(subject), _FIELDS.get(asked.name, asked.name), f"{info.name}.{subject.field}"
    property_name, nothing, convert = subject.name, _NOTHING.get(asked.name), _converter(info, asked)
    repeated = isinstance(subject, ReferenceInfo)

    def read(count: int, parts: Mapping[str, Part]) -> Any:
        part = parts.get(property_name)
        member = None if part is None else part.WhichOneof("aggregation")
        if member is None:
            return nothing() if nothing is not None else None
        if member != kind:
            raise HydrationError(
                f"{where} is declared as {kind}, but the collection aggregates it as {member}. "
                "Compare the model with the collection: session.schema.check(...)",
                field=where,
            )
        values = getattr(part, kind)
        if not repeated and not values.HasField(field):
            return nothing() if nothing is not None else None
        return convert(getattr(values, field))

    return read


_NOTHING: dict[str, Callable[[], Any]] = {
    "count": int,
    "total_true": int,
    "total_false": int,
    "type": str,
    "top_occurrences": list,
    "pointing_to": list,
}
"""What makes the value of a metric that the reply leaves out because there are no values; of the others it is ``None``."""


def _converter(info: ModelInfo, asked: AskedMetric) -> Callable[[Any], Any]:
    subject, name = asked.subject, asked.name
    if name == "pointing_to":
        return list
    if name in ("percentage_true", "percentage_false"):
        return lambda share: None if math.isnan(share) else share
    assert isinstance(subject, PropertyInfo)
    scalar = compile_scalar(info, subject)
    if name == "top_occurrences":
        limit = asked.limit
        return lambda found: [TopOccurrence(scalar(each.value), each.occurs) for each in found.items[:limit]]
    if name in ("mode", "min", "max") or (name == "median" and subject.data_type.base == "date"):
        return scalar
    return lambda value: value


_KEYS = frozenset({"text", "int", "number", "boolean"})


def _key_reader(
    info: ModelInfo, by: PropertyInfo | ReferenceInfo
) -> Callable[[pb.AggregateReply.Group.GroupedBy], Any]:
    scalar = beacon_id if isinstance(by, ReferenceInfo) else compile_scalar(info, by)

    def read(grouped: pb.AggregateReply.Group.GroupedBy) -> Any:
        kind = grouped.WhichOneof("value")
        if kind not in _KEYS:
            raise ProtocolError(
                f"The reply has a group of {info.name}.{by.field} by {kind or 'nothing'}; expected one value."
            )
        return scalar(getattr(grouped, kind))

    return read
