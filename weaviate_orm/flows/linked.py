"""A search as the calls it takes: one, and one more for each further target model of the references that it loads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.query.results import Hit
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import Flow, GrpcCall
from weaviate_orm.wire.further import PER_CALL, compile_further, compile_suspect, found, whole_reply
from weaviate_orm.wire.identity import result_id_text
from weaviate_orm.wire.linked import Suspect, join, linked, name_targets, remove, requests, suspects
from weaviate_orm.wire.search import compile_search

__all__ = ["fetch_page", "searched"]

R = TypeVar("R")


def fetch_page(statement: Statement, scope: Scope, retry: Retry) -> Flow[list[Hit[Any]]]:
    """Give the hits of a statement; the class of their objects is the query's type parameter, which the sessions put back."""
    return (yield from searched(compile_search(statement, scope), statement, scope, retry))


def searched(call: GrpcCall[R], statement: Statement, scope: Scope, retry: Retry) -> Flow[R]:
    """Give the result of a statement's search, whatever the call makes of the reply.

    References with several target models take one call for each target, counted along the deepest include; those beside each other go
    together. The further calls ask for the objects found, by id, a thousand in a call. An id that exists in several of the targets takes
    one more call for each of them, to tell which one is meant.
    """
    if not statement.inclusions and statement.projection is None:
        return (yield from retrying(call, retry))
    asked = requests(statement.info, statement.projection, statement.inclusions)
    if len(asked) == 1:
        return (yield from retrying(call, retry))
    unread = GrpcCall(call.rpc, call.request, whole_reply, call.collection, call.needs)
    received = yield from retrying(unread, retry)
    reply = pb.SearchReply()
    reply.CopyFrom(received)  # an engine or a recorder may keep its own
    results: dict[str, list[pb.SearchResult]] = {}
    for each in found(reply):
        name_targets(each.properties, asked[0])
        results.setdefault(result_id_text(each.metadata), []).append(each)
    for choices in asked[1:]:
        for ids in _parts(list(results)):
            more = yield from retrying(compile_further(statement, scope, choices, ids), retry)
            for addition in more.results:
                for each in results[result_id_text(addition.metadata)]:
                    join(each.properties, addition.properties, choices)
    yield from _without_mistaken(statement, results, scope, retry)
    return call.read(reply)


def _without_mistaken(
    statement: Statement, results: dict[str, list[pb.SearchResult]], scope: Scope, retry: Retry
) -> Flow[None]:
    """Take out the objects that have the id of a referenced one, but are of another of the reference's targets."""
    info = statement.info
    links = linked(info, statement.projection, statement.inclusions)
    sources: dict[Suspect, dict[str, None]] = {}
    for id_, same in results.items():
        for each in same:
            for suspect, source in suspects(info, each.properties, id_, links):
                sources.setdefault(suspect, {})[source] = None
    if not sources:
        return
    refuted: set[tuple[Suspect, str]] = set()
    for suspect, several in sources.items():
        for ids in _parts(list(several)):
            meant = yield from retrying(compile_suspect(suspect, ids, scope), retry)
            refuted.update((suspect, source) for source in ids if source not in meant)
    for id_, same in results.items():
        for each in same:
            remove(info, each.properties, id_, links, refuted)


def _parts(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + PER_CALL] for start in range(0, len(ids), PER_CALL)]
