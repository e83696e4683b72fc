"""What a server's texts mean, over both protocols. The texts are those that a real 1.39.3 sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from weaviate_orm import errors as e
from weaviate_orm.wire.call import RestReply
from weaviate_orm.wire.status import ENGINE_LACKS, RpcRefused, error_for_rest, error_for_rpc, error_for_text, reply_text

AT = "explorer: list class: search: object search at index foo: local shard object search foo_lz1Z2kNMfsFa: "
PAIR = AT + "resolve doc ids for prop/value pair: "
ID = "55138582-92a7-45cc-878f-590d47f2c728"
NO_PROP = (
    "no such prop with name 'zz' found in class 'Foo' in the schema. "
    "Check your schema files for which properties in this class are available"
)
NODES = (
    'put object: import into index foo: put local object: shard="lz1Z2kNMfsFa": store object in LSM store: Validate vector index emb '
    "for target vector b21537e9-5510-490f-87a9-3b211d8e19a7: new node has a vector with length 2. Existing nodes have vectors with "
    "length 3: vector dimensions do not match the index dimensions"
)
KNN = (
    "explorer: get class: vector search: object vector search at index foo: shard foo_lz: vector search: knn search: distance between "
    "entrypoint and query node: 3 vs 2: vector lengths don't match"
)

# text, error, collection, field, words of the advice
TEXTS: list[tuple[str, type[e.WeaviateError], str | None, str | None, str]] = [
    ("could not find class Nope in schema", e.CollectionNotFoundError, "Nope", None, "session.schema.create"),
    ("parse params: could not find class Nope in schema", e.CollectionNotFoundError, "Nope", None, "'Nope'"),
    ('class "Nope": not found', e.CollectionNotFoundError, "Nope", None, "no such collection"),
    ('validation: target class "Nope" does not exist', e.CollectionNotFoundError, "Nope", None, "no such collection"),
    ("could not get tenants: class not found", e.CollectionNotFoundError, "Asked", None, "no such collection"),
    ("delete from non-existing index for Nope", e.CollectionNotFoundError, "Nope", None, "no such collection"),
    (NO_PROP, e.SchemaMismatchError, "Foo", "zz", "session.schema.check"),
    (f"invalid 'sort' parameter: sort parameter at position 0: {NO_PROP}", e.SchemaMismatchError, "Foo", "zz", "'zz'"),
    (
        'class "Foo": conflict for property "title": already in use or provided multiple times',
        e.SchemaMismatchError,
        "Foo",
        "title",
        "already",
    ),
    (NODES, e.VectorDimensionError, "Asked", None, "has 2 dimensions; those in the collection have 3"),
    (KNN, e.VectorDimensionError, "Asked", None, "has 2 dimensions; those in the collection have 3"),
    ("vector lengths don't match", e.VectorDimensionError, "Asked", None, "length differs"),
    (
        "extract target vectors: class Foo does not have named vector zz configured. Available named vectors [emb]",
        e.SchemaMismatchError,
        "Foo",
        "zz",
        "no vector 'zz'",
    ),
    (
        "invalid object: collection Foo does not have configuration for vector zz",
        e.SchemaMismatchError,
        "Foo",
        "zz",
        "no vector",
    ),
    (
        AT + "class Ten has multi-tenancy enabled, but request was without tenant",
        e.TenantError,
        "Ten",
        None,
        "session.tenant(",
    ),
    (
        AT + "class Foo has multi-tenancy disabled, but request was with tenant",
        e.TenantError,
        "Foo",
        None,
        "leave the tenant out",
    ),
    (AT + 'tenant not found: "nope"', e.TenantError, "Asked", None, "tenants(...).create('nope')"),
    (AT + "tenant not active: 'cold'", e.TenantError, "Asked", None, "tenants(...).activate('cold')"),
    (
        'updating schema: TYPE_ADD_TENANT: multi-tenancy is not enabled for class "Foo"',
        e.TenantError,
        "Foo",
        None,
        "no tenants",
    ),
    (
        "can't offload tenants, because offload-s3 module is not enabled",
        e.UnsupportedFeatureError,
        "Asked",
        None,
        "tenants(...).deactivate(",
    ),
    ("updating schema: TYPE_UPDATE_TENANT: shard not found: zz", e.TenantError, "Asked", None, "no tenant 'zz'"),
    (f"id '{ID}' already exists", e.ObjectExistsError, "Asked", None, ID),
    ("class name Foo already exists", e.CollectionExistsError, "Foo", None, "exists"),
    (
        "updating schema: TYPE_CREATE_ALIAS: create alias: class Ten already exists",
        e.CollectionExistsError,
        "Ten",
        None,
        "exists",
    ),
    (
        "validation: updating schema: TYPE_CREATE_ALIAS: create alias: Al, alias already exists",
        e.CollectionExistsError,
        "Al",
        None,
        "'Al'",
    ),
    (
        "explorer: get class: concurrentTargetVectorSearch: explorer: get class: vectorize search vector: nearObject params: "
        "vector not found for target: far",
        e.ServerError,
        "Asked",
        "far",
        "has no vector 'far'",
    ),
    (
        f"explorer: get class: vectorize search vector: nearObject params: nearObject search-object with id {ID} has no vector",
        e.ServerError,
        "Asked",
        None,
        f"The object {ID} that near_object() starts from has no vector",
    ),
    (
        "explorer: get class: vectorize search vector: nearObject params: nearObject search-object with id "
        f"{ID} not found",
        e.ObjectNotFoundError,
        "Asked",
        None,
        f"The object {ID} that the search starts from, or is moved to",
    ),
    (
        AT
        + "blockmaxwand: OPERATOR_AND_CROSS requires all searched properties to share the same tokenization and analyzer settings",
        e.ServerError,
        "Asked",
        None,
        "properties=[...]",
    ),
    (
        AT + "invalid search term, only stopwords provided. Stopwords can be configured in "
        "class.invertedIndexConfig.stopwords",
        e.ServerError,
        "Asked",
        None,
        "nothing but stopwords",
    ),
    (
        "Filtering by property 'n' requires inverted index. Is `indexFilterable` option of property 'n' enabled? "
        "Set it to `true` or leave empty",
        e.SchemaMismatchError,
        "Asked",
        "n",
        "prop(filterable=True)",
    ),
    (
        "Searching by property 'r' requires inverted index. Is `indexSearchable` option of property 'r' enabled? "
        "Set it to `true` or leave empty",
        e.SchemaMismatchError,
        "Asked",
        "r",
        "prop(searchable=True)",
    ),
    (
        "object search at index nof: No properties provided, and no indexed properties found in class",
        e.SchemaMismatchError,
        "Asked",
        None,
        "prop(searchable=True)",
    ),
    (
        PAIR + "Nullstate must be indexed to be filterable! Add `indexNullState: true` to the invertedIndexConfig",
        e.SchemaMismatchError,
        "Asked",
        None,
        "InvertedIndex(null_state=True)",
    ),
    (
        PAIR + "Property length must be indexed to be filterable! add `IndexPropertyLength: true` to the "
        "invertedIndexConfig in Foo.",
        e.SchemaMismatchError,
        "Asked",
        None,
        "InvertedIndex(property_length=True)",
    ),
    (
        PAIR
        + "Timestamps must be indexed to be filterable! Add `IndexTimestamps: true` to the InvertedIndexConfig in Foo",
        e.SchemaMismatchError,
        "Asked",
        None,
        "InvertedIndex(timestamps=True)",
    ),
    (
        "aggregate: shard lz: aggregate properties: property n: could not find bucket for prop n",
        e.SchemaMismatchError,
        "Asked",
        "n",
        "prop(filterable=True)",
    ),
    (
        'target vector "a": vectorizer: no module with name "text2vec-nope" present',
        e.UnsupportedFeatureError,
        "Asked",
        None,
        "'text2vec-nope'",
    ),
    (
        "vectorize params: could not vectorize input for collection Foo with search-type nearText. "
        "Make sure a vectorizer module is configured for this collection",
        e.UnsupportedFeatureError,
        "Foo",
        None,
        "near_vector()",
    ),
    (
        "explorer: get class: extend: unknown capability: rerank",
        e.UnsupportedFeatureError,
        "Asked",
        None,
        "no reranker",
    ),
    (
        "explorer: list class: extend: extend generate: client not found, empty provider",
        e.UnsupportedFeatureError,
        "Asked",
        None,
        "no generative module",
    ),
    (
        "vectorize target vector : update vector: API Key: no api key found neither in request header: X-Openai-Api-Key "
        "nor in environment variable under OPENAI_APIKEY",
        e.ServerError,
        "Asked",
        None,
        "headers={...}",
    ),
    (
        "query maximum results exceeded: the total limit exceeds the configured value for QUERY_MAXIMUM_RESULTS '10000'",
        e.ServerError,
        "Asked",
        None,
        "order_by",
    ),
    ("extract auth: unauthorized: invalid api key", e.AuthenticationError, "Asked", None, "does not accept"),
    (
        "rbac: authorization, forbidden action: user 'weak' has insufficient permissions to read_data",
        e.PermissionDeniedError,
        "Asked",
        None,
        "permission",
    ),
    ("collections count limit of 1 reached for this instance.", e.UsageLimitError, "Asked", None, "limit"),
    ("store is read-only due to: disk usage too high", e.ServerUnavailableError, "Asked", None, "no writes"),
    ("something nobody has seen", e.ServerError, "Asked", None, "something nobody has seen"),
]


@pytest.mark.parametrize(("text", "kind", "collection", "field", "advice"), TEXTS)
def test_the_server_s_texts(
    text: str, kind: type[e.WeaviateError], collection: str | None, field: str | None, advice: str
) -> None:
    over_rpc = error_for_rpc(RpcRefused("UNKNOWN", text), operation="Search", collection="Asked")
    body = {"allowed": None, "error": [{"message": text}]}
    over_rest = error_for_rest(RestReply(422, body), method="POST", path="/objects", collection="Asked")
    alone = error_for_text(text, collection="Asked")
    for error in (over_rpc, over_rest, alone):
        assert type(error) is kind
        assert (error.collection, error.field) == (collection, field)
        assert error.object_id == (UUID(ID) if ID in text else None)
        assert advice in error.message
        assert text[:390] in error.message
    assert (over_rpc.operation, over_rpc.status) == ("Search", "UNKNOWN")
    assert (over_rest.operation, over_rest.status) == ("POST /v1/objects", 422)


@pytest.mark.parametrize(
    ("status", "text", "kind", "said"),
    [
        ("PERMISSION_DENIED", "rbac: no", e.PermissionDeniedError, "rbac: no"),
        ("UNAUTHENTICATED", "unauthorized: invalid api key", e.AuthenticationError, "credentials"),
        ("UNAVAILABLE", "maintenance mode", e.ServerUnavailableError, "maintenance mode"),
        ("UNIMPLEMENTED", "unknown method Aggregate", e.UnsupportedFeatureError, "does not know Search"),
        ("UNIMPLEMENTED", "Received http2 header with status: 404", e.ProtocolError, "not Weaviate"),
        ("DEADLINE_EXCEEDED", "", e.RequestTimeoutError, "time"),
        ("RESOURCE_EXHAUSTED", "objects count limit of 5 reached", e.UsageLimitError, "limit of 5"),
        (
            "RESOURCE_EXHAUSTED",
            "grpc: received message larger than max (9 vs. 5)",
            e.MessageTooLargeError,
            "request has 9",
        ),
        (
            "RESOURCE_EXHAUSTED",
            "CLIENT: Sent message larger than max (9 vs. 5)",
            e.MessageTooLargeError,
            "request has 9",
        ),
        (
            "RESOURCE_EXHAUSTED",
            "CLIENT: Received message larger than max (9 vs. 5)",
            e.MessageTooLargeError,
            "reply has 9",
        ),
        (
            "RESOURCE_EXHAUSTED",
            "grpc: trying to send message larger than max (9 vs. 5)",
            e.MessageTooLargeError,
            "reply has 9",
        ),
        ("INTERNAL", "Exception deserializing response!", e.ProtocolError, "not the message"),
        ("INTERNAL", "panic occurred", e.ServerError, "panic occurred"),
        ("FAILED_PRECONDITION", "restricted", e.ServerError, "restricted"),
        ("UNKNOWN", "", e.ServerError, "without saying why"),
    ],
)
def test_grpc_statuses(status: str, text: str, kind: type[e.WeaviateError], said: str) -> None:
    error = error_for_rpc(RpcRefused(status, text), operation="Search", collection="C")
    assert type(error) is kind
    assert said in error.message
    assert (error.status, error.operation, error.collection) == (status, "Search", "C")


@pytest.mark.parametrize(
    ("status", "body", "path", "kind", "said"),
    [
        (
            401,
            {"code": 401, "message": "unauthorized: invalid api key"},
            "/x",
            e.AuthenticationError,
            "invalid api key",
        ),
        (401, {"code": 401, "message": "anonymous access not enabled."}, "/x", e.AuthenticationError, "auth=ApiKey"),
        (401, None, "/x", e.AuthenticationError, "credentials"),
        (401, {"message": "(no JSON) <html>"}, "/x", e.AuthenticationError, "<html>"),
        (403, {"error": [{"message": "rbac: forbidden"}]}, "/x", e.PermissionDeniedError, "rbac: forbidden"),
        (404, None, "/schema/Foo", e.CollectionNotFoundError, "no such collection 'C'"),
        (404, None, "/objects/Foo/1", e.ObjectNotFoundError, "'C' has none"),
        (404, None, "/other", e.ServerError, "nothing at this path"),
        (404, {"code": 404, "message": "path /v1/x was not found"}, "/x", e.UnsupportedFeatureError, "too old"),
        (
            404,
            {"error": [{"message": "index for Nope: class not found"}]},
            "/x",
            e.CollectionNotFoundError,
            "collection",
        ),
        (405, {"code": 405, "message": "method PATCH is not allowed"}, "/x", e.UnsupportedFeatureError, "too old"),
        (413, None, "/x", e.MessageTooLargeError, "fewer"),
        (422, {"code": 601, "message": "id in path must be of type uuid"}, "/x", e.ServerError, "must be of type uuid"),
        (
            429,
            {
                "errorCode": "USAGE_LIMIT_EXCEEDED",
                "limit": "collections",
                "message": "count limit of 1 reached.",
                "value": 1,
            },
            "/x",
            e.UsageLimitError,
            "limit of 1",
        ),
        (500, {"error": [{"message": "one"}, {"message": "two"}]}, "/x", e.ServerError, "one; two"),
        (500, None, "/x", e.ServerError, "without saying why"),
        (502, None, "/x", e.ServerUnavailableError, "proxy"),
        (503, {"error": [{"message": "read-only mode is enabled"}]}, "/x", e.ServerUnavailableError, "read-only mode"),
        (504, None, "/x", e.ServerUnavailableError, "proxy"),
        (204, None, "/x", e.ProtocolError, "unexpected status 204"),
    ],
)
def test_http_statuses(status: int, body: Any, path: str, kind: type[e.WeaviateError], said: str) -> None:
    error = error_for_rest(RestReply(status, body), method="GET", path=path, collection="C")
    assert type(error) is kind
    assert said in error.message
    assert (error.status, error.operation, error.collection) == (status, f"GET /v1{path}", "C")


def test_long_texts_are_cut() -> None:
    assert len(error_for_text("x" * 100_000).message) < 500


@pytest.mark.parametrize("body", [None, "text", 5, [], {}, {"error": None}, {"error": [None, {}]}, {"message": 5}])
def test_bodies_without_a_text(body: Any) -> None:
    assert reply_text(body) == ""


def test_texts_with_braces_and_percent_signs_are_quoted_as_they_are() -> None:
    text = "could not find class Nope in schema {0} %s {x}"
    assert text in error_for_text(text).message


@pytest.mark.parametrize(
    "error",
    [
        lambda text: error_for_rpc(RpcRefused("UNIMPLEMENTED", text), operation="Search", collection="Article"),
        lambda text: error_for_rest(RestReply(501, {"error": [{"message": text}]}), method="POST", path="/graphql"),
        lambda text: error_for_text(text, operation="BatchObjects"),
    ],
)
def test_what_the_in_process_engine_lacks_is_said_in_its_own_words(error: Callable[[str], e.WeaviateError]) -> None:
    text = f"{ENGINE_LACKS} GraphQL: use session.query(), or a server."
    found = error(text)
    assert type(found) is e.UnsupportedFeatureError
    assert found.message == text
