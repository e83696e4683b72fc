"""The calls that complete a search whose references have several target models; see ``linked.py``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from weaviate_orm.expr.nodes import And, Comparison, IdSubject, Link, Operator, Through
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall
from weaviate_orm.wire.identity import result_id_text
from weaviate_orm.wire.linked import Choice, Suspect
from weaviate_orm.wire.requested import set_links
from weaviate_orm.wire.rpcs import SEARCH
from weaviate_orm.wire.search import search_request

__all__ = ["PER_CALL", "compile_further", "compile_suspect", "found", "whole_reply"]

PER_CALL = 1000
"""Most ids in the filter of one call; a filter of more is slower than several calls."""


def whole_reply(reply: pb.SearchReply) -> pb.SearchReply:
    """Give the reply as it came: the reader of a call whose reply is joined with others first."""
    return reply


def _by_id(statement: Statement, scope: Scope) -> pb.SearchRequest:
    """Give a request that answers with nothing but ids."""
    request = search_request(statement, scope)
    request.properties.Clear()
    request.properties.SetInParent()
    request.metadata.Clear()
    request.metadata.uuid = True
    return request


def compile_further(
    statement: Statement, scope: Scope, choices: tuple[Choice, ...], ids: Sequence[str]
) -> GrpcCall[pb.SearchReply]:
    """Give the call for more references of objects that a search found."""
    info = statement.info
    condition = Comparison(IdSubject(info.model), Operator.CONTAINS_ANY, tuple(map(UUID, ids)))
    request = _by_id(Statement(info, condition=condition, limit=len(ids)), scope)
    set_links(request.properties, choices)
    return GrpcCall(SEARCH, request, whole_reply, info.collection)


def compile_suspect(suspect: Suspect, sources: Sequence[str], scope: Scope) -> GrpcCall[frozenset[str]]:
    """Give the call that tells which of the objects refer to a suspect; a filter looks at the collection of a reference too."""
    info, reference, target = suspect.source, suspect.reference, suspect.target.model
    link = Link(info.model, reference.field, reference.name, reference.many)
    leads_there = Through(link, Comparison(IdSubject(target), Operator.EQUAL, UUID(suspect.id)), target)
    one_of_them = Comparison(IdSubject(info.model), Operator.CONTAINS_ANY, tuple(map(UUID, sources)))
    request = _by_id(Statement(info, condition=And((one_of_them, leads_there)), limit=len(sources)), scope)
    return GrpcCall(SEARCH, request, _ids, info.collection)


def _ids(reply: pb.SearchReply) -> frozenset[str]:
    return frozenset(result_id_text(each.metadata) for each in reply.results)


def found(reply: pb.SearchReply) -> Iterator[pb.SearchResult]:
    """Give what a search found, in groups or not."""
    yield from reply.results
    for group in reply.group_by_results:
        yield from group.objects
