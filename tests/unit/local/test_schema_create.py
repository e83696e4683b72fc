"""A new collection: what is filled in, what old forms become, and what is refused in whose words."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from weaviate_orm.local.refusals import Refused, RestShape, Unsupported
from weaviate_orm.local.schema.create import created
from weaviate_orm.local.schema.parsed import parse_collection
from weaviate_orm.local.schema.surroundings import World

Json = dict[str, Any]

WORLD = World(collections=["Author"], aliases=["Writer"])

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


def body(*properties: Json, **more: Any) -> Json:
    return {"class": "Article", "properties": list(properties), **more}


def prop(name: str, *types: str, **more: Any) -> Json:
    return {"name": name, "dataType": list(types), **more}


def vector(module: str = "none", settings: Json | None = None, **more: Any) -> Json:
    return {"vectorConfig": {"v": {"vectorizer": {module: settings or {}}, **more}}}


def test_the_smallest_body_becomes_a_complete_collection() -> None:
    assert created({"class": "article"}, WORLD) == {
        "class": "Article",
        "invertedIndexConfig": {
            "bm25": {"b": 0.75, "k1": 1.2},
            "cleanupIntervalSeconds": 60,
            "stopwords": {"additions": None, "preset": "en", "removals": None},
            "usingBlockMaxWAND": True,
        },
        "multiTenancyConfig": {"autoTenantActivation": False, "autoTenantCreation": False, "enabled": False},
        "properties": None,
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
        "vectorIndexConfig": HNSW,
        "vectorIndexType": "hnsw",
        "vectorizer": "none",
    }


def test_the_body_is_left_as_it_was() -> None:
    given = body(prop("Title", "string"), **vector("text2vec-openai"))
    before = copy.deepcopy(given)
    created(given, WORLD)
    assert given == before


def test_two_collections_share_no_defaults() -> None:
    first, second = created({"class": "A"}, WORLD), created({"class": "B"}, WORLD)
    first["vectorIndexConfig"]["pq"]["encoder"]["type"] = "tile"
    assert second["vectorIndexConfig"] == HNSW


def test_named_vectors_take_the_place_of_the_unnamed_one() -> None:
    made = created(body(**vector()), WORLD)
    assert made["vectorConfig"] == {
        "v": {"vectorizer": {"none": {}}, "vectorIndexType": "hnsw", "vectorIndexConfig": HNSW}
    }
    assert not {"vectorizer", "vectorIndexType", "vectorIndexConfig"} & made.keys()


def test_an_empty_mapping_of_named_vectors_is_none() -> None:
    made = created(body(vectorConfig={}), WORLD)
    assert made["vectorizer"] == "none"
    assert "vectorConfig" not in made


def test_the_json_is_what_the_engine_parses() -> None:
    made = created(body(prop("title", "text"), prop("by", "Author"), **vector("text2vec-openai")), WORLD)
    schema = parse_collection(made)
    assert schema.properties["by"].targets == ("Author",)
    assert schema.vectors["v"].module == "text2vec-openai"


INDEXES = ("indexFilterable", "indexSearchable", "indexRangeFilters")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (prop("Title", "text"), ("title", "text", "word", True, True, False)),
        (prop("t", "text[]", tokenization="field"), ("t", "text[]", "field", True, True, False)),
        (prop("t", "string"), ("t", "text", "whitespace", True, True, False)),
        (prop("t", "string[]", tokenization="field"), ("t", "text[]", "field", True, True, False)),
        (prop("n", "int", indexRangeFilters=True), ("n", "int", None, True, False, True)),
        (prop("b", "blob"), ("b", "blob", None, True, False, False)),
        (prop("t", "text", indexInverted=False), ("t", "text", "word", False, False, False)),
        (prop("t", "text", indexInverted=True), ("t", "text", "word", True, True, False)),
        (prop("n", "number", indexInverted=True), ("n", "number", None, True, False, False)),
        (prop("r", "Author"), ("r", "Author", None, True, False, False)),
    ],
)
def test_properties_are_completed(given: Json, expected: tuple[object, ...]) -> None:
    (made,) = created(body(given), WORLD)["properties"]
    flags = tuple(made[flag] for flag in INDEXES)
    assert (made["name"], made["dataType"][0], made.get("tokenization"), *flags) == expected
    assert "indexInverted" not in made


def test_nested_properties_have_defaults_of_their_own_and_keep_their_case() -> None:
    nested = [prop("Text", "text"), prop("data", "blob"), prop("deep", "object", nestedProperties=[prop("n", "int")])]
    (made,) = created(body(prop("o", "object", nestedProperties=nested)), WORLD)["properties"]
    text, data, deep = made["nestedProperties"]
    assert (text["name"], text["tokenization"], text["indexSearchable"]) == ("Text", "word", True)
    assert data["indexFilterable"] is False
    assert deep["nestedProperties"][0]["indexFilterable"] is True


def test_modules_fill_in_the_collection_and_its_properties() -> None:
    made = created(body(prop("t", "text"), **vector("text2vec-openai", {"model": "ada"})), WORLD)
    assert made["vectorConfig"]["v"]["vectorizer"] == {
        "text2vec-openai": {"vectorizeClassName": True, "baseURL": "https://api.openai.com", "model": "ada"}
    }
    assert made["properties"][0]["moduleConfig"] == {"text2vec-openai": {"skip": False, "vectorizePropertyName": False}}


def test_the_unnamed_vectorizer_is_configured_beside_other_modules() -> None:
    given = body(vectorizer="text2vec-transformers", moduleConfig={"generative-dummy": {}})
    assert created(given, WORLD)["moduleConfig"] == {
        "generative-dummy": {},
        "text2vec-transformers": {"vectorizeClassName": True, "poolingStrategy": "masked_mean"},
    }


def test_with_tenants_the_shards_are_all_zero() -> None:
    made = created(body(multiTenancyConfig={"enabled": True}), WORLD)
    assert set(made["shardingConfig"].values()) == {0, ""}


def test_keys_are_read_in_any_letter_case_and_unknown_ones_dropped() -> None:
    made = created({"CLASS": "Article", "Description": "d", "objectTTLConfig": {"DeleteOn": "x"}, "zz": 1}, WORLD)
    assert made["description"] == "d"
    assert made["objectTtlConfig"]["deleteOn"] == "x"
    assert "zz" not in made


def test_float32_numbers_come_back_as_the_server_writes_them() -> None:
    made = created(body(invertedIndexConfig={"bm25": {"b": 0.1, "k1": 1.23456789}}), WORLD)
    assert made["invertedIndexConfig"]["bm25"] == {"b": 0.1, "k1": 1.2345679}


def test_stopwords_that_the_preset_has_are_not_added() -> None:
    made = created(body(invertedIndexConfig={"stopwords": {"additions": ["foo", "the"], "removals": ["a"]}}), WORLD)
    assert made["invertedIndexConfig"]["stopwords"] == {"preset": "en", "additions": ["foo"], "removals": ["a"]}


REFUSALS: list[tuple[Json, str]] = [
    ({}, "'' is not a valid class name"),
    ({"class": "a b"}, "'A b' is not a valid class name"),
    ({"class": "raft"}, "parse class name: class name `raft` is reserved"),
    ({"class": "author"}, "class name Author already exists"),
    ({"class": "AUTHOR"}, 'class already exists: found similar class "Author"'),
    ({"class": "Writer"}, "alias name Writer already exists"),
    (body(prop("id", "text")), "'id' is a reserved property name"),
    (
        body(prop("a_temp", "text")),
        "'a_temp' is not a valid property name: suffix '_temp' is reserved for internal indices",
    ),
    (
        body(prop("a", "text"), prop("A", "int")),
        'class "Article": conflict for property "a": already in use or provided multiple times',
    ),
    (body(prop("a", "texty")), "property 'a': invalid dataType: [texty]: unknown primitive data type 'texty'"),
    (body(prop("a")), "property 'a': invalid dataType: []: dataType must have at least one element"),
    (body(prop("a", "Nope")), "bad request: reference property to nonexistent class"),
    (body(prop("a", "int", tokenization="word")), "tokenization is not allowed for data type 'int'"),
    (
        body(prop("a", "text", tokenization="gse")),
        "the GSE tokenizer is not enabled; set 'ENABLE_TOKENIZER_GSE' to 'true' to enable",
    ),
    (
        body(prop("a", "int", indexSearchable=True)),
        "`indexSearchable` is allowed only for text/text[] data types. For other data types set false or leave empty",
    ),
    (
        body(prop("o", "object")),
        "property 'o': At least one nested property is required for data type object/object[]",
    ),
    (
        body(prop("o", "object", nestedProperties=[prop("r", "Author")])),
        "property 'o.r': reference data type not allowed",
    ),
    (
        body(prop("t", "text", textAnalyzer={"stopwordPreset": "mine"})),
        "property 't': unknown stopword preset \"mine\"; must be a built-in preset ('en', 'none') or defined in "
        "invertedIndexConfig.stopwordPresets",
    ),
    (body(vectorizer="nope"), 'vectorizer: no module with name "nope" present'),
    (body(vectorIndexType="nope"), 'unrecognized or unsupported vectorIndexType "nope"'),
    (
        body(vectorIndexType="dynamic"),
        "the dynamic index can only be created when async indexing is enabled",
    ),
    (
        body(**vector(vectorIndexConfig={"maxConnections": 2})),
        'target vector "v": parse vector index config: parse vector index config: invalid hnsw config: maxConnections must '
        "be a positive integer with a minimum of 4",
    ),
    (
        body(vectorizer="none", **vector()),
        "creating a class with both a class level vector index and named vectors is forbidden",
    ),
    (
        body(**vector("text2vec-databricks")),
        "module 'text2vec-databricks': endpoint cannot be empty",
    ),
    (
        body(**vector("text2vec-transformers", vectorIndexConfig={"multivector": {"enabled": True}})),
        "parse vector index config: parse vector config for v: multi vector index configured but vectorizer: "
        '"text2vec-transformers" doesn\'t support multi vectors',
    ),
    (
        body(multiTenancyConfig={"autoTenantCreation": True}),
        "can't enable autoTenantCreation on a non-multi-tenant class",
    ),
    (
        body(multiTenancyConfig={"enabled": True}, shardingConfig={}),
        "cannot have both shardingConfig and multiTenancyConfig",
    ),
    (
        body(replicationConfig={"factor": 3}),
        "init sharding state: could not find enough weaviate nodes for replication: 1 available, 3 requested",
    ),
    (body(invertedIndexConfig={"bm25": {"b": 2, "k1": 1}}), "BM25.b must be >= 0 and <= 1"),
    (body(invertedIndexConfig={"stopwords": {"preset": "xx"}}), "stopwordPreset 'xx' does not exist"),
    (
        body(objectTtlConfig={"enabled": True, "deleteOn": "_creationTimeUnix", "defaultTtl": 100}),
        "ObjectTTLConfig: enabling objectTTL requires a running background scheduler. Set OBJECTS_TTL_DELETE_SCHEDULE to "
        "activate it",
    ),
]


@pytest.mark.parametrize(("given", "text"), REFUSALS, ids=[text[:50] for _, text in REFUSALS])
def test_refusals_have_the_words_of_the_server(given: Json, text: str) -> None:
    with pytest.raises(Refused) as refused:
        created(given, WORLD)
    assert (refused.value.text, refused.value.http) == (text, 422)
    assert refused.value.body() == {"allowed": None, "error": [{"message": text}]}


@pytest.mark.parametrize(
    ("given", "http", "code", "text"),
    [
        (None, 422, 602, "objectClass in body is required"),
        (
            {"class": 1},
            400,
            400,
            'parsing objectClass body from "" failed, because json: cannot unmarshal number into Go struct field '
            "Class.class of type string",
        ),
        (
            {"class": "A", "replicationConfig": {"factor": 1.5}},
            400,
            400,
            'parsing objectClass body from "" failed, because json: cannot unmarshal number 1.5 into Go struct field '
            "ReplicationConfig.replicationConfig.factor of type int64",
        ),
        (
            {"class": "A", "properties": [{"name": "t", "dataType": ["text"], "tokenization": "x"}]},
            422,
            606,
            "properties.0.tokenization in body should be one of [word lowercase whitespace field trigram gse kagome_kr "
            "kagome_ja gse_ch]",
        ),
    ],
)
def test_bodies_of_the_wrong_shape_are_refused_before_all_else(given: object, http: int, code: int, text: str) -> None:
    with pytest.raises(Refused) as refused:
        created(given, WORLD)
    assert (refused.value.http, refused.value.code, refused.value.shape) == (http, code, RestShape.CODE)
    assert refused.value.text == text


@pytest.mark.parametrize("module", ["multi2vec-clip", "img2vec-neural", "text2multivec-jinaai"])
def test_modules_beyond_text_need_an_embedder_of_their_own(module: str) -> None:
    settings: dict[str, object] = {} if module == "text2multivec-jinaai" else {"imageFields": ["picture"]}
    with pytest.raises(Unsupported, match="The in-process engine does not have"):
        created(body(**vector(module, settings)), WORLD)
    made = created(body(**vector(module, settings)), World(accepts=lambda name: name == module))
    assert module in made["vectorConfig"]["v"]["vectorizer"]


def test_a_module_of_multi_vectors_switches_the_index_over() -> None:
    world = World(accepts=lambda _: True)
    made = created(body(**vector("text2multivec-jinaai")), world)
    assert made["vectorConfig"]["v"]["vectorIndexConfig"]["multivector"]["enabled"] is True
