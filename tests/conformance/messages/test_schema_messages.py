"""The schema over REST: the JSON that comes back, and the words of refusals."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest
from exchanges import call_rest

from weaviate_orm.transport.base import Exchange

Json = dict[str, Any]
Fresh = Callable[[str], str]


def prop(name: str, *types: str, **more: Any) -> Json:
    return {"name": name, "dataType": list(types), **more}


def named(module: str = "none", settings: Json | None = None, **more: Any) -> Json:
    return {"vectorConfig": {"v": {"vectorizer": {module: settings or {}}, **more}}}


def create(exchange: Exchange, name: str, *properties: Json, **more: Any) -> Json:
    body = {"class": name, "properties": list(properties), **more}
    reply = call_rest(exchange, "POST", "/schema", body)
    assert reply.status == 200, reply.body
    read = call_rest(exchange, "GET", f"/schema/{name}")
    assert read.status == 200
    assert reply.body == read.body
    found: Json = read.body
    return found


def refusal(exchange: Exchange, method: str, path: str, body: object = None) -> tuple[int, str]:
    """Give status and text of a refusal; its body has the form of schema writes, of other writes, or of request validation."""
    reply = call_rest(exchange, method, path, body)
    assert reply.status >= 400, reply.body
    if reply.body is None:
        return reply.status, ""
    if "code" in reply.body:
        assert set(reply.body) == {"code", "message"}
        return reply.status, f"{reply.body['code']} {reply.body['message']}"
    (error,) = reply.body["error"]
    return reply.status, ("schema: " if "allowed" in reply.body else "") + error["message"]


def at(json: Any, path: str) -> Any:
    for step in path.split("/"):
        json = json[int(step) if isinstance(json, list) else step]
    return json


DEFAULTS: Json = {
    "invertedIndexConfig": {
        "bm25": {"b": 0.75, "k1": 1.2},
        "cleanupIntervalSeconds": 60,
        "stopwords": {"additions": None, "preset": "en", "removals": None},
        "usingBlockMaxWAND": True,
    },
    "multiTenancyConfig": {"autoTenantActivation": False, "autoTenantCreation": False, "enabled": False},
    "replicationConfig": {"factor": 1, "asyncEnabled": False, "deletionStrategy": "TimeBasedResolution"},
    "shardingConfig": {
        "virtualPerPhysical": 128,
        "desiredCount": 1,
        "actualCount": 1,
        "desiredVirtualCount": 128,
        "actualVirtualCount": 128,
        "key": "_id",
        "strategy": "hash",
        "function": "murmur3",
    },
}
HNSW: Json = {
    "skip": False,
    "cleanupIntervalSeconds": 300,
    "maxConnections": 32,
    "efConstruction": 128,
    "ef": -1,
    "dynamicEfMin": 100,
    "dynamicEfMax": 500,
    "dynamicEfFactor": 8,
    "vectorCacheMaxObjects": 1000000000000,
    "flatSearchCutoff": 40000,
    "distance": "cosine",
    "pq": {
        "enabled": False,
        "bitCompression": False,
        "segments": 0,
        "centroids": 256,
        "trainingLimit": 100000,
        "encoder": {"type": "kmeans", "distribution": "log-normal"},
    },
    "bq": {"enabled": False},
    "sq": {"enabled": False, "trainingLimit": 100000, "rescoreLimit": 20},
    "rq": {"enabled": False, "bits": 8, "rescoreLimit": 20, "centering": False, "trainingLimit": 10000},
    "filterStrategy": "acorn",
    "multivector": {
        "enabled": False,
        "muvera": {"enabled": False, "ksim": 4, "dprojections": 16, "repetitions": 10},
        "aggregation": "maxSim",
    },
    "skipDefaultQuantization": False,
    "trackDefaultQuantization": False,
}


def test_the_smallest_collection(exchange: Exchange, fresh: Fresh) -> None:
    name = fresh("Small")
    reply = call_rest(exchange, "POST", "/schema", {"class": name[:1].lower() + name[1:]})
    expected = {
        "class": name,
        "properties": None,
        "vectorizer": "none",
        "vectorIndexType": "hnsw",
        "vectorIndexConfig": HNSW,
        **DEFAULTS,
    }
    assert (reply.status, reply.body) == (200, expected)
    assert call_rest(exchange, "GET", f"/schema/{name}").body == expected


def test_a_collection_with_named_vectors_and_properties_of_every_kind(exchange: Exchange, fresh: Fresh) -> None:
    name = fresh("Full")
    made = create(
        exchange,
        name,
        prop("Title", "text", description="what it is called"),
        prop("old", "string"),
        prop("tags", "text[]", tokenization="field", indexSearchable=False),
        prop("n", "int", indexRangeFilters=True),
        prop("place", "geoCoordinates"),
        prop("own", name),
        prop("o", "object", nestedProperties=[prop("Deep", "text"), prop("data", "blob")]),
        **named("text2vec-transformers", {"properties": ["title"]}, vectorIndexType="flat"),
    )
    module: Json = {"moduleConfig": {"text2vec-transformers": {"skip": False, "vectorizePropertyName": False}}}
    filterable: Json = {"indexFilterable": True, "indexSearchable": False, "indexRangeFilters": False}
    searchable: Json = {**filterable, "indexSearchable": True}
    assert made == {
        "class": name,
        "properties": [
            {**prop("title", "text", description="what it is called", tokenization="word"), **searchable, **module},
            {**prop("old", "text", tokenization="whitespace"), **searchable, **module},
            {**prop("tags", "text[]", tokenization="field"), **filterable, **module},
            {**prop("n", "int"), **filterable, "indexRangeFilters": True, **module},
            {**prop("place", "geoCoordinates"), **filterable, **module},
            {**prop("own", name), **filterable, **module},
            {
                **prop("o", "object"),
                **filterable,
                **module,
                "nestedProperties": [
                    {**prop("Deep", "text", tokenization="word"), **searchable},
                    {**prop("data", "blob"), **filterable, "indexFilterable": False},
                ],
            },
        ],
        "vectorConfig": {
            "v": {
                "vectorizer": {
                    "text2vec-transformers": {
                        "vectorizeClassName": True,
                        "poolingStrategy": "masked_mean",
                        "properties": ["title"],
                    }
                },
                "vectorIndexType": "flat",
                "vectorIndexConfig": {
                    "distance": "cosine",
                    "vectorCacheMaxObjects": 1000000000000,
                    **{
                        quantizer: {"enabled": False, "rescoreLimit": -1, "cache": False}
                        for quantizer in ("pq", "bq", "sq")
                    },
                    "rq": {"enabled": False, "rescoreLimit": -1, "cache": False, "bits": 8},
                    "skipDefaultQuantization": False,
                    "trackDefaultQuantization": False,
                },
            }
        },
        **DEFAULTS,
    }


@pytest.mark.parametrize(
    ("more", "path", "expected"),
    [
        ({"vectorConfig": {}}, "vectorizer", "none"),
        ({"invertedIndexConfig": {"bm25": {"b": 0.1}}}, "invertedIndexConfig/bm25", {"b": 0.1, "k1": 0}),
        ({"INVERTEDINDEXCONFIG": {"IndexNullState": True}}, "invertedIndexConfig/indexNullState", True),
        ({"multiTenancyConfig": {"enabled": True}}, "shardingConfig/desiredCount", 0),
        ({"replicationConfig": {"deletionStrategy": "DeleteOnConflict"}}, "replicationConfig/factor", 1),
        ({"shardingConfig": {"virtualPerPhysical": 64}}, "shardingConfig/actualVirtualCount", 64),
        (
            named(vectorIndexConfig={"rq": {"enabled": True, "bits": 1}}),
            "vectorConfig/v/vectorIndexConfig/rq/rescoreLimit",
            512,
        ),
        (named(vectorIndexType="hfresh"), "vectorConfig/v/vectorIndexConfig/searchProbe", 256),
        (
            named(vectorIndexConfig={"multivector": {"enabled": True, "muvera": {"enabled": True}}}),
            "vectorConfig/v/vectorIndexConfig/multivector/muvera/ksim",
            4,
        ),
        ({"objectTtlConfig": {"deleteOn": "x"}}, "objectTtlConfig/enabled", False),
        (
            {"vectorizer": "text2vec-transformers"},
            "moduleConfig/text2vec-transformers",
            {"vectorizeClassName": True, "poolingStrategy": "masked_mean"},
        ),
        (
            named("ref2vec-centroid", {"referenceProperties": ["r"]}),
            "vectorConfig/v/vectorizer/ref2vec-centroid/method",
            "mean",
        ),
        ({"moduleConfig": {"generative-dummy": {}, "reranker-dummy": {}}}, "moduleConfig/reranker-dummy", {}),
    ],
)
def test_settings_are_completed(exchange: Exchange, fresh: Fresh, more: Json, path: str, expected: object) -> None:
    assert at(create(exchange, fresh("Settings"), **more), path) == expected


REFUSALS: list[tuple[Json, int, str]] = [
    ({"class": "a b"}, 422, "schema: 'A b' is not a valid class name"),
    ({"class": "Raft"}, 422, "schema: parse class name: class name `raft` is reserved"),
    ({"class": 1}, 400, "400 parsing objectClass body from \"\" failed, because json: cannot unmarshal number into Go struct "
        "field Class.class of type string"),
    ({"properties": [prop("a", "text", tokenization="x")]}, 422, "606 properties.0.tokenization in body should be one of "
        "[word lowercase whitespace field trigram gse kagome_kr kagome_ja gse_ch]"),
    ({"vectorConfig": {"v": {}}}, 422, "602 vectorConfig.v in body is required"),
    ({"properties": [prop("id", "text")]}, 422, "schema: 'id' is a reserved property name"),
    ({"properties": [prop("t_temp", "text")]}, 422, "schema: 't_temp' is not a valid property name: suffix '_temp' is "
        "reserved for internal indices"),
    ({"properties": [prop("a", "texty")]}, 422, "schema: property 'a': invalid dataType: [texty]: unknown primitive data "
        "type 'texty'"),
    ({"properties": [prop("a", "Nope_m0")]}, 422, "schema: bad request: reference property to nonexistent class"),
    ({"properties": [prop("a", "int", tokenization="word")]}, 422, "schema: tokenization is not allowed for data type 'int'"),
    ({"properties": [prop("a", "bool", indexSearchable=True)]}, 422, "schema: property 'a': invalid dataType: [bool]: "
        "unknown primitive data type 'bool'"),
    ({"properties": [prop("o", "object")]}, 422, "schema: property 'o': At least one nested property is required for data "
        "type object/object[]"),
    ({"properties": [prop("o", "object", nestedProperties=[prop("s", "string")])]}, 422, "schema: property 'o.s': data type "
        "'string' is deprecated and not allowed as nested property"),
    ({"properties": [prop("t", "text", textAnalyzer={"asciiFoldIgnore": ["é"]})]}, 422, "schema: property 't': "
        "asciiFoldIgnore requires asciiFold to be enabled"),
    ({"vectorizer": "nope"}, 422, 'schema: vectorizer: no module with name "nope" present'),
    ({"vectorIndexType": "nope"}, 422, 'schema: unrecognized or unsupported vectorIndexType "nope"'),
    ({"vectorIndexType": "dynamic"}, 422, "schema: the dynamic index can only be created when async indexing is enabled"),
    ({"vectorIndexConfig": {"multivector": {"enabled": True}}}, 422, "schema: class.VectorIndexConfig multi vector type "
        "index type is only configurable using named vectors"),
    (named(vectorIndexConfig={"maxConnections": 1}), 422, 'schema: target vector "v": parse vector index config: parse '
        "vector index config: invalid hnsw config: maxConnections must be a positive integer with a minimum of 4"),
    (named(vectorIndexType="flat", vectorIndexConfig={"sq": {"enabled": True}}), 422, 'schema: target vector "v": parse '
        "vector index config: parse vector index config: SQ is not currently supported for flat indices"),
    ({"vectorConfig": {"a b": {"vectorizer": {"none": {}}}}}, 422, 'schema: class.VectorConfig target vector name "a b" is '
        "not valid, in Weaviate target vector names are restricted to valid GraphQL names, which must be "
        "“/[_A-Za-z][_0-9A-Za-z]{0,229}/”."),
    (named("text2vec-transformers", {"queryInferenceUrl": "x"}), 422, "schema: module 'text2vec-transformers': "
        "queryInferenceUrl is set but passageInferenceUrl is empty, both needs to be set"),
    ({"vectorizer": "none", **named()}, 422, "schema: creating a class with both a class level vector index and named "
        "vectors is forbidden"),
    ({"multiTenancyConfig": {"autoTenantActivation": True}}, 422, "schema: can't enable autoTenantActivation on a "
        "non-multi-tenant class"),
    ({"multiTenancyConfig": {"enabled": True}, "shardingConfig": {}}, 422, "schema: cannot have both shardingConfig and "
        "multiTenancyConfig"),
    ({"shardingConfig": {"strategy": "x"}}, 422, "schema: parse sharding config: sharding only supported with strategy "
        "'hash' for now, got: x"),
    ({"invertedIndexConfig": {"bm25": {"k1": -1}}}, 422, "schema: BM25.k1 must be >= 0"),
    ({"invertedIndexConfig": {"stopwords": {"additions": ["a"], "removals": ["a"]}}}, 422, "schema: found 'a' in both "
        "stopwords.additions and stopwords.removals"),
    ({"replicationConfig": {"asyncConfig": {"hashtreeHeight": 50}}}, 422, "schema: async replication config: "
        "hashtreeHeight: value 50 out of range: min 0, max 20"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "status", "text"), REFUSALS, ids=[text[:60] for _, _, text in REFUSALS])
def test_refused_collections(exchange: Exchange, fresh: Fresh, more: Json, status: int, text: str) -> None:
    name = fresh("Refused")
    assert refusal(exchange, "POST", "/schema", {"class": name, **more}) == (status, text)
    assert call_rest(exchange, "GET", f"/schema/{name}").status == 404


def test_names_are_unique_in_any_letter_case(exchange: Exchange, fresh: Fresh) -> None:
    name = fresh("Once")
    create(exchange, name)
    other = name.swapcase()[:1].upper() + name.swapcase()[1:]
    assert refusal(exchange, "POST", "/schema", {"class": name}) == (422, f"schema: class name {name} already exists")
    assert refusal(exchange, "POST", "/schema", {"class": other}) == (
        422,
        f'schema: class already exists: found similar class "{name}"',
    )


def test_unknown_collections(exchange: Exchange, fresh: Fresh) -> None:
    name = fresh("Missing")
    assert refusal(exchange, "GET", f"/schema/{name}") == (404, "")
    assert refusal(exchange, "PUT", f"/schema/{name}", {"class": name}) == (404, "")
    assert refusal(exchange, "GET", f"/schema/{name}/indexes") == (404, "")
    assert call_rest(exchange, "DELETE", f"/schema/{name}").status == 200
    assert refusal(exchange, "POST", f"/schema/{name}/properties", prop("a", "text")) == (
        422,
        f'schema: class "{name}": not found',
    )
    assert refusal(exchange, "GET", f"/schema/{name}/shards") == (
        404,
        f"cannot get shards status for a non-existing index for {name}: not found",
    )


def test_properties_are_added(exchange: Exchange, fresh: Fresh) -> None:
    name = fresh("Growing")
    create(exchange, name, prop("a", "text"))
    path = f"/schema/{name}/properties"
    reply = call_rest(exchange, "POST", path, prop("New", "string[]"))
    expected = {
        **prop("new", "text[]", tokenization="whitespace"),
        "indexFilterable": True,
        "indexSearchable": True,
        "indexRangeFilters": False,
    }
    assert (reply.status, reply.body) == (200, expected)
    assert call_rest(exchange, "GET", f"/schema/{name}").body["properties"][1] == expected
    assert refusal(exchange, "POST", path) == (422, "602 body in body is required")
    assert refusal(exchange, "POST", path, {"dataType": ["text"]}) == (422, "schema: property must contain name")
    assert refusal(exchange, "POST", path, {"name": "b"}) == (422, "schema: property must contain dataType")
    assert refusal(exchange, "POST", path, prop("A", "text")) == (
        422,
        f'schema: class "{name}": conflict for property "a": already in use or provided multiple times',
    )
    assert refusal(exchange, "POST", path, prop("r", "Nope_m0")) == (
        422,
        "schema: property 'r': invalid dataType: [Nope_m0]: reference property to nonexistent class",
    )


def test_indexes_of_properties(exchange: Exchange, fresh: Fresh) -> None:
    name = fresh("Indexed")
    create(exchange, name, prop("a", "text"), prop("n", "int", indexRangeFilters=True, description="d"))
    path = f"/schema/{name}/properties"
    for _ in range(2):
        assert call_rest(exchange, "DELETE", f"{path}/a/index/searchable").status == 200
    assert call_rest(exchange, "DELETE", f"{path}/n/index/rangeable").status == 200
    assert call_rest(exchange, "GET", f"/schema/{name}/indexes").body == {
        "collection": name,
        "properties": [
            {
                "name": "a",
                "dataType": "text",
                "indexes": [{"type": "filterable", "status": "ready", "tokenization": "word"}],
            },
            {
                "name": "n",
                "dataType": "int",
                "description": "d",
                "indexes": [{"type": "filterable", "status": "ready"}],
            },
        ],
    }
    assert refusal(exchange, "DELETE", f"{path}/zz/index/filterable") == (422, "property name zz: not found")
    assert refusal(exchange, "DELETE", f"{path}/a/index/zz") == (
        422,
        "606 indexName in path should be one of [filterable searchable rangeFilters rangeable]",
    )
    status, text = refusal(exchange, "DELETE", f"/schema/{name}/vectors/v/index")
    assert (status, text[:58]) == (500, "alter schema drop vector index endpoint is experimental an")


PARSE = "schema: updating schema: TYPE_UPDATE_CLASS: bad request :parse class update: "


def test_an_update_sorts_the_properties_and_keeps_the_rest(exchange: Exchange, fresh: Fresh) -> None:
    name = fresh("Changed")
    made = create(exchange, name, prop("zeta", "text"), prop("alpha", "int"), **named())
    body = copy.deepcopy(made)
    body["description"] = "new"
    body["properties"][0]["description"] = "said"
    body["vectorConfig"]["v"]["vectorIndexConfig"]["ef"] = 64
    body["vectorConfig"]["more"] = {"vectorizer": {"none": {}}}
    body["moduleConfig"] = {"reranker-dummy": {}}
    reply = call_rest(exchange, "PUT", f"/schema/{name}", body)
    expected = copy.deepcopy(body)
    expected["vectorConfig"]["more"].update(vectorIndexType="hnsw", vectorIndexConfig=HNSW)
    assert (reply.status, reply.body) == (200, expected)
    expected["properties"].reverse()
    assert call_rest(exchange, "GET", f"/schema/{name}").body == expected


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("class", "Other_m0", 'schema: class name is immutable: attempted change from "{name}" to "Other_m0"'),
        (
            "vectorConfig/v/vectorIndexConfig/efConstruction",
            64,
            PARSE + 'invalid update for vector "v": efConstruction is immutable: attempted change from "128" to "64"',
        ),
        ("vectorConfig", {}, PARSE + 'missing config for vector "v"'),
        (
            "properties/0/indexFilterable",
            False,
            PARSE
            + 'property "a": property fields other than description cannot be updated through updating the class. '
            'Use the add property feature (e.g. "POST /v1/schema/{className}/properties") to add additional properties',
        ),
        (
            "invertedIndexConfig/indexNullState",
            True,
            'schema: "indexNullState" setting is immutable. Value changed from "false" to "true"',
        ),
        (
            "multiTenancyConfig/enabled",
            True,
            "schema: enabling multi-tenancy for an existing class is not supported",
        ),
        (
            "shardingConfig/desiredCount",
            2,
            PARSE
            + "validate sharding config: re-sharding not supported yet: shard count is immutable: attempted change "
            'from "1" to "2"',
        ),
        (
            "replicationConfig/factor",
            2,
            'schema: not enough replicas in shard "" to increase replication factor to 2 for class "{name}"',
        ),
    ],
)
def test_refused_updates(exchange: Exchange, fresh: Fresh, path: str, value: object, text: str) -> None:
    name = fresh("Fixed")
    made = create(exchange, name, prop("a", "text"), **named())
    body = copy.deepcopy(made)
    parent, _, last = path.rpartition("/")
    (at(body, parent) if parent else body)[last] = value
    status, found = refusal(exchange, "PUT", f"/schema/{name}", body)
    assert status == 422
    assert re.sub(r'in shard "\w+"', 'in shard ""', found) == text.replace("{name}", name)
    assert call_rest(exchange, "GET", f"/schema/{name}").body == made


def test_shards_can_be_made_read_only(exchange: Exchange, fresh: Fresh) -> None:
    name = fresh("Sharded")
    create(exchange, name)
    (shard,) = call_rest(exchange, "GET", f"/schema/{name}/shards").body
    assert re.fullmatch(r"[0-9A-Za-z]{12}", shard["name"])
    assert shard == {"name": shard["name"], "status": "READY", "vectorQueueSize": 0}
    path = f"/schema/{name}/shards/{shard['name']}"
    reply = call_rest(exchange, "PUT", path, {"status": "readonly"})
    assert (reply.status, reply.body) == (200, {"status": "readonly"})
    assert call_rest(exchange, "GET", f"/schema/{name}/shards").body == [{**shard, "status": "READONLY"}]
    assert call_rest(exchange, "PUT", path, {"status": "READY"}).status == 200
    assert call_rest(exchange, "GET", f"/schema/{name}/shards").body == [shard]
    assert call_rest(exchange, "GET", f"/schema/{name}/shards", tenant="zz").body == []
    assert call_rest(exchange, "PUT", f"/schema/{name}/shards/zz", {"status": "READY"}).status == 200
    assert refusal(exchange, "PUT", path, {"status": "bogus"}) == (
        500,
        "updating db: TYPE_UPDATE_SHARD_STATUS: bogus: invalid storage status",
    )


def test_aliases(exchange: Exchange, fresh: Fresh) -> None:
    first, second, alias = fresh("First"), fresh("Second"), fresh("Other")
    create(exchange, first)
    create(exchange, second)
    try:
        body = {"alias": alias[:1].lower() + alias[1:], "class": first}
        reply = call_rest(exchange, "POST", "/aliases", body)
        assert (reply.status, reply.body) == (200, {"alias": alias, "class": first})
        assert call_rest(exchange, "GET", f"/schema/{alias}").body["class"] == first
        assert call_rest(exchange, "GET", "/aliases", **{"class": first}).body == {"aliases": [reply.body]}
        assert refusal(exchange, "POST", "/aliases", body) == (
            422,
            f"validation: updating schema: TYPE_CREATE_ALIAS: create alias: {alias}, alias already exists",
        )
        assert refusal(exchange, "POST", "/aliases", {"alias": second, "class": first}) == (
            500,
            f"updating schema: TYPE_CREATE_ALIAS: create alias: class {second} already exists",
        )
        assert refusal(exchange, "POST", "/aliases", {"alias": "a b", "class": first}) == (
            422,
            "validation: 'A b' is not a valid alias name",
        )
        assert refusal(exchange, "POST", "/schema", {"class": alias}) == (
            422,
            f"schema: alias name {alias} already exists",
        )
        assert refusal(exchange, "PUT", f"/schema/{alias}", {"class": first}) == (404, "")
        moved = call_rest(exchange, "PUT", f"/aliases/{alias}", {"class": second})
        assert (moved.status, moved.body) == (200, {"alias": alias, "class": second})
        assert refusal(exchange, "PUT", f"/aliases/{alias}", {"class": "Nope_m0"}) == (
            422,
            'validation: target class "Nope_m0" does not exist',
        )
        assert call_rest(exchange, "DELETE", f"/schema/{alias}").status == 200
        assert call_rest(exchange, "DELETE", f"/schema/{second}").status == 200
        assert call_rest(exchange, "GET", f"/aliases/{alias}").body == {"alias": alias, "class": second}
        assert refusal(exchange, "GET", f"/schema/{alias}") == (404, "")
    finally:
        assert call_rest(exchange, "DELETE", f"/aliases/{alias}").status == 204
    assert refusal(exchange, "DELETE", f"/aliases/{alias}") == (404, "")


def test_auto_schema_adds_what_an_object_brings(exchange: Exchange, fresh: Fresh) -> None:
    name = fresh("Auto")
    values: Json = {
        "Text": "x",
        "when": "2020-01-01T00:00:00Z",
        "which": "6fd2a1b0-1f5e-4f1c-9d69-3d0c7a3e5b11",
        "n": 1,
        "many": [1, 2],
        "mixed": ["2020-01-01T00:00:00Z", "x"],
        "o": {"a": True},
        "place": {"latitude": 1, "longitude": 2},
        "nothing": None,
        "empty": [],
    }
    assert call_rest(exchange, "POST", "/objects", {"class": name, "properties": values}).status == 200
    made = call_rest(exchange, "GET", f"/schema/{name}").body
    assert {one["name"]: one["dataType"][0] for one in made["properties"]} == {
        "text": "text",
        "when": "date",
        "which": "uuid",
        "n": "number",
        "many": "number[]",
        "mixed": "text[]",
        "o": "object",
        "place": "geoCoordinates",
        "nothing": "text",
        "empty": "text[]",
    }
    sentence = r"This property was generated by Weaviate's auto-schema feature on \w{3} \w{3} [ \d]\d [\d:]{8} \d{4}"
    assert re.fullmatch(sentence, made["description"])
    assert re.fullmatch(sentence, made["properties"][0]["description"])
    assert made["vectorConfig"]["default"]["vectorizer"] == {"none": {}}
    assert call_rest(exchange, "POST", "/objects", {"class": name, "properties": {"o": {"b": 1}}}).status == 200
    made = call_rest(exchange, "GET", f"/schema/{name}").body
    (nested,) = (one["nestedProperties"] for one in made["properties"] if one["name"] == "o")
    assert [(one["name"], one["dataType"]) for one in nested] == [("a", ["boolean"]), ("b", ["number"])]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (
            {"x": [1, "a"]},
            "property 'x' on class '{name}': element [1]: mismatched data type - 'number' expected, got 'text'",
        ),
        (
            {"x": {}},
            "auto-schema: create collection: property 'x': At least one nested property is required for data type "
            "object/object[]",
        ),
        ({"id": 1}, "auto-schema: create collection: 'id' is a reserved property name"),
    ],
)
def test_auto_schema_refuses_what_it_cannot_guess(exchange: Exchange, fresh: Fresh, values: Json, text: str) -> None:
    name = fresh("Auto")
    assert refusal(exchange, "POST", "/objects", {"class": name, "properties": values}) == (
        500,
        "invalid object: " + text.replace("{name}", name),
    )
    assert call_rest(exchange, "GET", f"/schema/{name}").status == 404
