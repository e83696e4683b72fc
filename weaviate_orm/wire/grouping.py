"""From a statement with a grouping to a search request, and from the reply to typed groups."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import UUID

from weaviate_orm.errors import HydrationError, ProtocolError
from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.model.info import ModelInfo, PropertyInfo, ReferenceInfo, VectorInfo
from weaviate_orm.query.grouping import Group, GroupedHit, check_grouping
from weaviate_orm.query.projection import Projection
from weaviate_orm.query.statement import ANYWHERE, Scope, Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall
from weaviate_orm.wire.collector import read_rows
from weaviate_orm.wire.hydrate import compile_hydrate, read_vectors
from weaviate_orm.wire.rpcs import SEARCH
from weaviate_orm.wire.scalars import ReadText, compile_text
from weaviate_orm.wire.search import SCORED, search_needs, search_request

__all__ = ["beacon_id", "compile_groups", "grouped_request"]


def compile_groups(statement: Statement, scope: Scope = ANYWHERE) -> GrpcCall[list[Group[Any, Any]]]:
    """Give the call for a statement with a grouping; its result is the groups, in the order of their best hits.

    Raises:
        InvalidQueryError: there is no search, or one of which the server groups by other properties only.
    """
    request, grouping = grouped_request(statement, scope), statement.grouping
    assert grouping is not None
    read = _groups_reader(
        statement.info,
        statement.projection,
        statement.inclusions,
        statement.vectors,
        grouping.subject,
        # The numbers that the server gives for keyword and hybrid searches are no distances.
        not isinstance(statement.search, SCORED),
    )
    return GrpcCall(SEARCH, request, read, statement.info.collection, search_needs(statement))


def grouped_request(statement: Statement, scope: Scope = ANYWHERE) -> pb.SearchRequest:
    """Give the request message for a statement with a grouping.

    Raises:
        InvalidQueryError: there is no search, or one of which the server groups by other properties only.
    """
    check_grouping(statement)
    request, grouping = search_request(statement, scope), statement.grouping
    assert grouping is not None
    message = request.group_by
    message.path.append(grouping.subject.name)
    message.number_of_groups = grouping.groups
    message.objects_per_group = grouping.per_group
    return request


@lru_cache(maxsize=2048)
def _groups_reader(
    info: ModelInfo,
    projection: Projection | None,
    inclusions: tuple[Inclusion, ...],
    wanted: tuple[VectorInfo, ...],
    subject: PropertyInfo | ReferenceInfo,
    by_distance: bool,
) -> Callable[[pb.SearchReply], list[Group[Any, Any]]]:
    hydrate = compile_hydrate(info, projection, inclusions, wanted)
    vectors = read_vectors(wanted)
    read_key = _key_reader(info, subject)

    def read_group(group: pb.GroupByResult) -> Group[Any, Any]:
        key = read_key(group.name)
        hits = [
            GroupedHit(hydrate(each.properties, metadata), metadata, vectors, key)
            for each in group.objects
            for metadata in (each.metadata,)
        ]
        return Group(
            key,
            hits,
            group.number_of_objects,
            group.min_distance if by_distance else None,
            group.max_distance if by_distance else None,
            group.rerank.score if group.HasField("rerank") else None,
        )

    def groups(reply: pb.SearchReply) -> list[Group[Any, Any]]:
        return list(map(read_group, reply.group_by_results))

    return lambda reply: read_rows(groups, reply, sum(len(each.objects) for each in reply.group_by_results))


def _key_reader(info: ModelInfo, subject: PropertyInfo | ReferenceInfo) -> ReadText:
    if isinstance(subject, ReferenceInfo):
        return lambda name: beacon_id(name) if name else None
    read, missing = compile_text(info, subject), _missing(info, subject)
    return lambda name: read(name) if name else missing()


def _missing(info: ModelInfo, subject: PropertyInfo) -> Callable[[], Any]:  # whatever the model says of a missing value
    """Give what makes the key of the objects without a value: what an object has in its place."""
    if subject.data_type.optional or subject.data_type.array:
        return lambda: None
    if subject.data_type.base == "text" and not subject.data_type.overridden:
        read = compile_text(info, subject)
        return lambda: read("")  # an empty text, which the property may well hold
    if not subject.required:
        field = info.model.__pydantic_fields__[subject.field]
        return lambda: field.get_default(call_default_factory=True)

    def refuse() -> Any:
        where = f"{info.name}.{subject.field}"
        raise HydrationError(
            f"{where} is required, but the collection has objects without it, which make a group of their own. "
            "Allow None or give a default, or mend the objects.",
            field=where,
        )

    return refuse


def beacon_id(beacon: str) -> UUID:
    """Give the id out of the text that stands for a reference: ``weaviate://localhost/Author/<id>``."""
    try:
        return UUID(beacon.rpartition("/")[2])
    except ValueError:
        raise ProtocolError(f"The reply has a group of the reference {beacon!r}, which ends with no id.") from None
