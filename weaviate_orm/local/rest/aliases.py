"""REST: aliases, which are other names of collections. They stay when their collection goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from weaviate_orm.local.refusals import Refused, RestShape
from weaviate_orm.local.routing import RestRequest, Route
from weaviate_orm.local.schema.names import capitalized, check_collection_name
from weaviate_orm.local.schema.parsed import Json
from weaviate_orm.local.schema.shapes import ALIAS, decode_body
from weaviate_orm.local.storage.changes import DropAlias, PutAlias
from weaviate_orm.wire.call import RestReply

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Database

__all__ = ["ROUTES"]


def _reply(alias: str, collection: str) -> RestReply:
    return RestReply(200, {"alias": alias, "class": collection})


def _list(database: Database, request: RestRequest) -> RestReply:
    only = capitalized(request.query.get("class", ""))
    found: list[Json] = [
        {"alias": alias, "class": collection}
        for alias, collection in database.aliases.items()
        if not only or (collection == only and only in database.collections)
    ]
    return RestReply(200, {"aliases": found})


def _named(database: Database, request: RestRequest) -> str:
    """Give the alias of the path."""
    alias = capitalized(request.variables["alias"])
    if alias not in database.aliases:
        raise Refused(http=404, shape=RestShape.EMPTY)
    return alias


def _get(database: Database, request: RestRequest) -> RestReply:
    alias = _named(database, request)
    return _reply(alias, database.aliases[alias])


def _check_target(database: Database, collection: str) -> None:
    if collection not in database.collections:
        raise Refused(f'validation: target class "{collection}" does not exist')


def _create(database: Database, request: RestRequest) -> RestReply:
    body = decode_body(ALIAS, request.body, "body")
    alias, collection = capitalized(body.get("alias", "")), capitalized(body.get("class", ""))
    for name, thing in ((alias, "alias"), (collection, "class")):
        try:
            check_collection_name(name, thing)
        except Refused as refused:
            raise Refused(f"validation: {refused.text}") from None
    _check_target(database, collection)
    create = "updating schema: TYPE_CREATE_ALIAS: create alias: "
    if any(other.casefold() == alias.casefold() for other in database.aliases):
        raise Refused(f"validation: {create}{alias}, alias already exists")
    if alias in database.collections:
        raise Refused(f"{create}class {alias} already exists", http=500)
    database.commit([PutAlias(alias, collection)])
    return _reply(alias, collection)


def _replace(database: Database, request: RestRequest) -> RestReply:
    collection = capitalized(decode_body(ALIAS, request.body, "body").get("class", ""))
    alias = _named(database, request)
    _check_target(database, collection)
    database.commit([PutAlias(alias, collection)])
    return _reply(alias, collection)


def _delete(database: Database, request: RestRequest) -> RestReply:
    database.commit([DropAlias(_named(database, request))])
    return RestReply(204, None)


ROUTES: Final = (
    Route("GET", "/aliases", _list),
    Route("POST", "/aliases", _create, writes=True),
    Route("GET", "/aliases/{alias}", _get),
    Route("PUT", "/aliases/{alias}", _replace, writes=True),
    Route("DELETE", "/aliases/{alias}", _delete, writes=True),
)
"""Aliases."""
