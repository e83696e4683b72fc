"""What a refusal means: one table from the server's words to our errors, for gRPC, REST and per-object errors alike.

Weaviate sends nearly every refusal as gRPC UNKNOWN or HTTP 422 or 500, so that its text is the only thing to tell them apart by. The
texts below are those of 1.39.3; they stand behind prefixes that name internals, so patterns are searched for, not matched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import cast
from uuid import UUID

from weaviate_orm.errors import (
    AuthenticationError,
    CollectionExistsError,
    CollectionNotFoundError,
    MessageTooLargeError,
    ObjectExistsError,
    ObjectNotFoundError,
    PermissionDeniedError,
    ProtocolError,
    RequestTimeoutError,
    SchemaMismatchError,
    ServerError,
    ServerUnavailableError,
    TenantError,
    UnsupportedFeatureError,
    UsageLimitError,
    VectorDimensionError,
    WeaviateError,
)
from weaviate_orm.wire.call import RestReply
from weaviate_orm.wire.server import json_object

__all__ = ["ENGINE", "ENGINE_LACKS", "RpcRefused", "error_for_rest", "error_for_rpc", "error_for_text", "reply_text"]

ENGINE = "The in-process engine"
"""How the in-process engine begins what no server would say; such texts need no translation."""

ENGINE_LACKS = f"{ENGINE} does not have"
"""How it begins when it lacks something that a server has. What follows names it and the way out."""

_TOO_LARGE = re.compile(r"(\w+) message larger than max \((\d+) vs\. (\d+)\)")

_LONGEST_QUOTE = 400
"""Characters of a server's text that an error quotes."""

_LONGEST_SEARCHED = 8_000
"""Characters of a server's text in which its meaning is looked for."""


class RpcRefused(Exception):  # noqa: N818 - never reaches users; answer() turns it into an error of ours
    """The other side of an exchange answered with a gRPC status that is not OK.

    Attributes:
        status: name of the gRPC status: ``"UNKNOWN"``.
        details: the server's text.
    """

    def __init__(self, status: str, details: str) -> None:
        super().__init__(f"{status}: {details}")
        self.status = status
        self.details = details


@dataclass(frozen=True, slots=True)
class _Meaning:
    """One row: a text that contains ``pattern`` is an ``error``; ``advice`` may name the pattern's groups.

    The groups ``collection``, ``field`` and ``id`` also fill the error's attributes.
    """

    pattern: str
    error: type[WeaviateError]
    advice: str


def _row(pattern: str, error: type[WeaviateError], advice: str) -> _Meaning:
    return _Meaning(pattern, error, advice)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # On first use: most programs never see a refusal, and forty patterns would be a visible part of the import.
    return re.compile(pattern, re.IGNORECASE)


_CREATE = "Create it with session.schema.create(...), or check the name."
_NO_TENANT = "There is no tenant {tenant!r}; create it with session.tenants(...).create({tenant!r})."
_FLAG = "Collections keep their indexes as created: session.schema.check shows how this one differs from the model."

# The first row that is found decides, so the special come before the general.
_MEANINGS = (
    # What services behind modules say may hold any of the words below.
    _row(
        r"connection to:? (?P<service>[\w. ]{1,60}?) failed with status: 429",
        UsageLimitError,
        "A quota or rate limit of {service}, which a module of the server asks, is used up.",
    ),
    _row(
        r"connection to:? (?P<service>[\w. ]{1,60}?) failed with (?:status|error)",
        ServerError,
        "{service}, which a module of the server asks, did not answer as it should.",
    ),
    _row(
        r"failed to parse generative response",
        ServerError,
        "What the server's module reached is not the service it expected; check the provider's address.",
    ),
    # Credentials
    _row(
        r"rbac: authorization, forbidden|forbidden action", PermissionDeniedError, "The credentials lack a permission."
    ),
    _row(
        r"anonymous access not enabled",
        AuthenticationError,
        "The server wants credentials; pass auth=ApiKey(...).",
    ),
    _row(r"\bunauthorized\b|invalid api key", AuthenticationError, "The server does not accept the credentials."),
    # Tenants
    _row(
        r"class (?P<collection>\w+) has multi-tenancy enabled, but request was without tenant",
        TenantError,
        "{collection} keeps its objects by tenant; name one with session.tenant(...).",
    ),
    _row(
        r"class (?P<collection>\w+) has multi-tenancy disabled, but request was with tenant",
        TenantError,
        "{collection} has no tenants; leave the tenant out.",
    ),
    _row(
        r'multi-tenancy is not enabled for class "(?P<collection>\w+)"',
        TenantError,
        "{collection} has no tenants. Multi-tenancy is set when a collection is created.",
    ),
    _row(
        r"tenant not found: \"?(?P<tenant>[^\"\s]+)",
        TenantError,
        _NO_TENANT,
    ),
    _row(
        r"tenant not active: '?(?P<tenant>[^'\s]+)",
        TenantError,
        "The tenant {tenant!r} is not active. session.tenants(...).activate({tenant!r}) makes it active, and a collection that is "
        "created with MultiTenancy(auto_activate=True) does so by itself.",
    ),
    _row(
        r"TYPE_(?:UPDATE|DELETE)_TENANT: shard not found: (?P<tenant>\S+)",
        TenantError,
        _NO_TENANT,
    ),
    _row(
        r"can't offload tenants, because offload-s3 module is not enabled",
        UnsupportedFeatureError,
        "The server has nowhere to offload tenants to: it runs without the module offload-s3. session.tenants(...).deactivate(...) "
        "keeps them on its disk.",
    ),
    # Collections
    _row(
        r"could not find class (?P<collection>\w+) in schema",
        CollectionNotFoundError,
        "There is no collection {collection!r}. " + _CREATE,
    ),
    _row(
        r'class "(?P<collection>\w+)":? not found|target class "(?P<alias>\w+)" does not exist'
        r"|no such class with name '(?P<named>\w+)'|non-existing index for (?P<index>\w+)",
        CollectionNotFoundError,
        "There is no such collection. " + _CREATE,
    ),
    _row(r"\bclass not found|no such class", CollectionNotFoundError, "There is no such collection. " + _CREATE),
    _row(
        r"class name (?P<collection>\w+) already exists|class (?P<alias>\w+) already exists",
        CollectionExistsError,
        "A collection with this name exists; create(..., exist_ok=True) passes over it.",
    ),
    _row(r"\b(?P<alias>\w+), alias already exists", CollectionExistsError, "An alias {alias!r} exists."),
    # Properties
    _row(
        r"no such prop with name '(?P<field>[^']+)' found in class '(?P<collection>\w+)'",
        SchemaMismatchError,
        "The collection {collection} has no property {field!r}. Run session.schema.check to see how it differs from the model.",
    ),
    _row(
        r'class "(?P<collection>\w+)": conflict for property "(?P<field>[^"]+)": already in use',
        SchemaMismatchError,
        "The collection {collection} has a property {field!r} already.",
    ),
    # Vectors
    _row(
        r"vector with length (?P<given>\d+)\. Existing nodes have vectors with length (?P<stored>\d+)",
        VectorDimensionError,
        "The vector has {given} dimensions; those in the collection have {stored}. Use the model that made those.",
    ),
    _row(
        r"entrypoint and query node: (?P<stored>\d+) vs (?P<given>\d+)",
        VectorDimensionError,
        "The vector has {given} dimensions; those in the collection have {stored}. Use the model that made those.",
    ),
    _row(
        r"vector lengths don't match|vector dimensions do not match|vector length",
        VectorDimensionError,
        "The vector's length differs from that of the vectors in the collection.",
    ),
    _row(
        r"(?:class|collection) (?P<collection>\w+) does not have (?:named vector|configuration for vector) (?P<field>\w+)",
        SchemaMismatchError,
        "The collection {collection} has no vector {field!r}. Run session.schema.check to see how it differs from the model.",
    ),
    # Objects
    _row(
        r"id '(?P<id>[0-9a-fA-F-]{36})' already exists",
        ObjectExistsError,
        "An object {id} exists; session.insert_many([...]) writes over it.",
    ),
    _row(
        r"nearObject params: vector not found for target: (?P<field>\w+)",
        ServerError,
        "The object that near_object() starts from has no vector {field!r}. Give it one, or search by another: target=...",
    ),
    _row(
        r"nearObject search-object with id (?P<id>[0-9a-fA-F-]{36}) has no vector",
        ServerError,
        "The object {id} that near_object() starts from has no vector. Give it one, or search with near_vector().",
    ),
    _row(
        r"nearObject params: vector not found",  # 1.38 and before, which name no id
        ObjectNotFoundError,
        "The object that the search starts from, or is moved to, does not exist.",
    ),
    _row(
        r"nearObject search-object with id (?P<id>[0-9a-fA-F-]{36}) not found",
        ObjectNotFoundError,
        "The object {id} that the search starts from, or is moved to, does not exist.",
    ),
    _row(
        r"invalid cref: 'cref' (?P<collection>\w+):(?P<field>\w+): no object with id '?(?P<id>[0-9a-fA-F-]{36})",
        ObjectNotFoundError,
        "{collection}.{field} leads to {id}, which is not stored. Store what is referred to first, in a call of its own.",
    ),
    _row(r"no object with id '?(?P<id>[0-9a-fA-F-]{36})", ObjectNotFoundError, "There is no object {id}."),
    _row(
        r"ref batch: object with id (?P<id>[0-9a-fA-F-]{36}) not found", ObjectNotFoundError, "There is no object {id}."
    ),
    # Indexes that the collection was created without
    _row(
        r"Filtering by property '(?P<field>[^']+)' requires inverted index",
        SchemaMismatchError,
        "The collection has no filter index for {field!r}; declare it with prop(filterable=True). " + _FLAG,
    ),
    _row(
        r"Searching by property '(?P<field>[^']+)' requires inverted index",
        SchemaMismatchError,
        "The collection has no keyword index for {field!r}; declare a text property with prop(searchable=True). "
        + _FLAG,
    ),
    _row(
        r"No properties provided, and no indexed properties found",
        SchemaMismatchError,
        "The collection has no text with a keyword index; declare one with prop(searchable=True). " + _FLAG,
    ),
    _row(
        r"OPERATOR_AND_CROSS requires all searched properties to share the same tokenization",
        ServerError,
        "Words.every_across_properties() needs properties whose text is split alike. Name such ones with properties=[...].",
    ),
    _row(
        r"Nullstate must be indexed|bucket for prop (?P<field>\w+)_nullState not found",
        SchemaMismatchError,
        "Filtering for missing values needs inverted_index=InvertedIndex(null_state=True) on the model's class. "
        + _FLAG,
    ),
    _row(
        r"Property length must be indexed|bucket for prop (?P<field>\w+)_propertyLength not found",
        SchemaMismatchError,
        "Filtering by length needs inverted_index=InvertedIndex(property_length=True) on the model's class. " + _FLAG,
    ),
    _row(
        r"Timestamps must be indexed",
        SchemaMismatchError,
        "Filtering by creation or update time needs inverted_index=InvertedIndex(timestamps=True) on the model's class. "
        + _FLAG,
    ),
    _row(
        r"(?:could not find )?bucket for prop (?P<field>\w+)",
        SchemaMismatchError,
        "The collection has no index for {field!r}; declare it with prop(filterable=True). " + _FLAG,
    ),
    # Queries
    _row(
        r"only stopwords provided",
        ServerError,
        "The searched text has nothing but stopwords (such as 'the'), which the collection does not index. "
        "Search for another word, or declare the model with other stopwords.",
    ),
    _row(
        r"QUERY_MAXIMUM_RESULTS",
        ServerError,
        "The server does not look that far into a result. Narrow it with where(), or go page by page: where(Model.id > last_id) "
        "with order_by(Model.id).",
    ),
    # Texts that a model writes
    _row(
        r"Following property has empty value: '(?P<field>[^']*)'",
        ServerError,
        "An object that was found has no {field!r}, which the prompt names, and the server then writes nothing about any. Leave such "
        "objects out with where(), for example by is_null(False), or name only what all of them have.",
    ),
    _row(
        r"No results for generative search despite a search request",
        ServerError,
        "The model wrote nothing about one of the results: it refused the prompt, or an object has no value for a property that the "
        "prompt names.",
    ),
    # Modules
    _row(
        r"no module with name \"?(?P<module>[\w-]+)",
        UnsupportedFeatureError,
        "The server runs without the module {module!r}; enable it with the server's ENABLE_MODULES.",
    ),
    _row(
        r"could not vectorize input for collection (?P<collection>\w+)",
        UnsupportedFeatureError,
        "{collection} has no vectorizer for this search. Search with near_vector(), or declare vector(...) with a module.",
    ),
    _row(
        r"unknown capability: rerank",
        UnsupportedFeatureError,
        "The collection has no reranker; declare one on the model, and enable its module on the server.",
    ),
    _row(
        r"generate: client not found for provider: (?P<module>\w+)",
        UnsupportedFeatureError,
        "The server runs without the module 'generative-{module}'; enable it with the server's ENABLE_MODULES.",
    ),
    _row(
        r"extend generate: client not found",
        UnsupportedFeatureError,
        "The collection has no generative module; declare one on the model, or name a provider in the query.",
    ),
    _row(
        r"no api key found(?: neither in request header: (?P<header>[\w-]+))?",
        ServerError,
        "The server has no key for the module's provider; pass it to the session with headers={{...}}.",
    ),
    _row(
        r"\bdial tcp|\bDial\b.*(?:refused|no such host)|send (?:POST|GET) request",
        ServerError,
        "The server could not reach the service behind one of its modules; check the module's address from the server.",
    ),
    # Limits and modes
    _row(
        r"usage limit|count limit of \d+ reached",
        UsageLimitError,
        "A limit of the server is used up.",
    ),
    _row(
        r"read-only|\bREADONLY\b",
        ServerUnavailableError,
        "The server takes no writes now; its disk may be nearly full.",
    ),
)

_COLLECTION_GROUPS = ("collection", "alias", "named", "index")


def error_for_text(
    text: str,
    *,
    operation: str | None = None,
    status: int | str | None = None,
    collection: str | None = None,
) -> WeaviateError:
    """Give the error that a server's text means; ``ServerError`` when it is none of the known ones.

    Args:
        text: as the server wrote it; the error quotes it, shortened.
        collection: where the call was sent; what the text names comes first.
    """
    if text.startswith(ENGINE):
        own = UnsupportedFeatureError if text.startswith(ENGINE_LACKS) else ServerError
        return own(text, collection=collection, operation=operation, status=status)
    # Forty searches over a text of megabytes, which only something other than Weaviate sends, would take minutes.
    start = text[:_LONGEST_SEARCHED]
    for meaning in _MEANINGS:
        if found := _compiled(meaning.pattern).search(start):
            groups = {name: value for name, value in found.groupdict().items() if value is not None}
            named = next((groups[name] for name in _COLLECTION_GROUPS if name in groups), collection)
            message = f"{meaning.advice.format_map(groups)} {_quote(text)}"
            error = meaning.error(message, collection=named, operation=operation, status=status)
            error.field = groups.get("field")
            error.object_id = UUID(groups["id"]) if "id" in groups else None
            return error
    message = f"The server refused. {_quote(text)}" if text else "The server refused without saying why."
    return ServerError(message, collection=collection, operation=operation, status=status)


def error_for_rpc(refusal: RpcRefused, *, operation: str, collection: str | None = None) -> WeaviateError:
    """Give the error that a gRPC status means; the text decides where the status does not."""
    status, text = refusal.status, refusal.details
    error: type[WeaviateError]
    match status:
        case "RESOURCE_EXHAUSTED" if found := _TOO_LARGE.search(text):
            what, size, limit = found.groups()
            # "Received" is what grpcio says of a reply, "send" what a server says of its own; "Sent" and "received" concern the request.
            if what in ("Received", "send"):
                place, advice = "reply", "Ask for fewer objects, properties or vectors at once."
            else:
                place, advice = "request", "Send fewer objects at once."
            message = f"The {place} has {size} bytes; one message may have {limit}. {advice}"
            return MessageTooLargeError(message, collection=collection, operation=operation, status=status)
        case "RESOURCE_EXHAUSTED":
            error, advice = UsageLimitError, "A quota or rate limit of the server is used up."
        case "UNAUTHENTICATED":
            error, advice = AuthenticationError, "The server does not accept the credentials."
        case "PERMISSION_DENIED":
            error, advice = PermissionDeniedError, "The credentials lack a permission."
        case "UNIMPLEMENTED" if "http2 header" in text:
            error, advice = (
                ProtocolError,
                "What answers on the gRPC port is not Weaviate; check the port, or the proxy before it.",
            )
        case "UNIMPLEMENTED" if not text.startswith(ENGINE_LACKS):
            error, advice = UnsupportedFeatureError, f"The server does not know {operation}; it may be too old."
        case "UNAVAILABLE":
            error, advice = ServerUnavailableError, "The server says that it cannot serve now."
        case "DEADLINE_EXCEEDED":
            error, advice = RequestTimeoutError, "The server ran out of time."
        case "INTERNAL" if "deserializing response" in text:
            error, advice = ProtocolError, "The reply is not the message that was expected."
        case _:
            return error_for_text(text, operation=operation, status=status, collection=collection)
    return error(f"{advice} {_quote(text)}".rstrip(), collection=collection, operation=operation, status=status)


def error_for_rest(reply: RestReply, *, method: str, path: str, collection: str | None = None) -> WeaviateError:
    """Give the error that an unexpected HTTP status means; the text decides where the status does not."""
    operation, status, text = f"{method} /v1{path}", reply.status, reply_text(reply.body)
    error: type[WeaviateError]
    match status:
        case 401 if not text:
            error, advice = AuthenticationError, "The server does not accept the credentials."
        case 401:
            known = error_for_text(text, operation=operation, status=status, collection=collection)
            if isinstance(known, AuthenticationError):
                return known
            error, advice = AuthenticationError, "The server does not accept the credentials."
        case 403:
            error, advice = PermissionDeniedError, "The credentials lack a permission."
        case 404 if text.startswith("path "):
            error, advice = UnsupportedFeatureError, "The server does not know this request; it may be too old."
        case 404 if not text:
            return _nothing_found(operation, path, collection)
        case 405:
            error, advice = UnsupportedFeatureError, "The server does not know this request; it may be too old."
        case 413:
            error, advice = (
                MessageTooLargeError,
                "The request is over the size that is accepted. Send fewer objects at once.",
            )
        case 429:
            error, advice = UsageLimitError, "A quota or rate limit is used up."
        case 502 | 503 | 504:
            error, advice = ServerUnavailableError, "The server, or a proxy before it, says that it cannot serve now."
        case _ if 200 <= status < 400:
            error, advice = ProtocolError, f"The reply has the unexpected status {status}."
        case _:
            return error_for_text(text, operation=operation, status=status, collection=collection)
    return error(f"{advice} {_quote(text)}".rstrip(), collection=collection, operation=operation, status=status)


def _nothing_found(operation: str, path: str, collection: str | None) -> WeaviateError:
    """Weaviate's 404 mostly has no body, and for an object does not tell whether its collection exists."""
    where = f" {collection!r}" if collection else ""
    if path.startswith("/schema/"):
        return CollectionNotFoundError(
            f"There is no such collection{where}. {_CREATE}", collection=collection, operation=operation, status=404
        )
    if path.startswith("/objects/"):
        place = f"the collection{where} has" if collection else "there is"
        return ObjectNotFoundError(
            f"No such object: {place} none with this id, or the collection does not exist.",
            collection=collection,
            operation=operation,
            status=404,
        )
    return ServerError("The server has nothing at this path.", collection=collection, operation=operation, status=404)


def reply_text(body: object) -> str:
    """Give the text in an error body: ``{"error": [{"message": ..}]}``, ``{"code": .., "message": ..}``, or nothing."""
    fields = json_object(body)
    message, entries = fields.get("message"), fields.get("error")
    if isinstance(message, str):
        return message
    if isinstance(entries, str):
        return entries
    if isinstance(entries, list):
        texts = [reply_text(entry) for entry in cast("list[object]", entries)]  # isinstance gives no element type
        return "; ".join(text for text in texts if text)
    return ""


def _quote(text: str) -> str:
    shown = text.strip()
    if not shown:
        return ""
    if len(shown) > _LONGEST_QUOTE:
        shown = shown[:_LONGEST_QUOTE] + "..."
    return f"The server said: {shown}"
