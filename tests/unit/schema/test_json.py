"""Configuration to JSON and back."""

from __future__ import annotations

from weaviate_orm import modules
from weaviate_orm.schema.config import (
    CollectionConfig,
    InvertedIndex,
    MultiTenancy,
    ObjectTimeToLive,
    PropertyConfig,
    ReferenceConfig,
    Replication,
    TextAnalyzer,
    VectorConfig,
)
from weaviate_orm.schema.indexes import hfresh, hnsw, late_interaction, muvera, pq, rq, uncompressed
from weaviate_orm.schema.json import from_json, to_json


def test_a_collection_of_named_vectors_as_the_server_wants_it() -> None:
    config = CollectionConfig(
        name="Article",
        description="News",
        properties=(
            PropertyConfig(name="title", data_type="text", tokenization="word", skip_vectorization=True),
            PropertyConfig(name="count", data_type="int", range_filters=True, filterable=False),
            PropertyConfig(name="place", data_type="object", nested=(PropertyConfig(name="City", data_type="text"),)),
        ),
        references=(ReferenceConfig(name="author", targets=("Author", "Robot"), description="by"),),
        vectors=(
            VectorConfig(
                name="embedding",
                vectorizer=modules.text2vec_openai(base_url="https://example.com", vectorize_collection_name=False),
                index=hnsw(distance="dot", ef_construction=256, quantizer=rq(bits=8)),
                source=("title",),
            ),
            VectorConfig(
                name="tokens",
                vectorizer=modules.text2multivec_jinaai(),
                index=hnsw(multi_vector=late_interaction(encoding=muvera(ksim=3))),
            ),
            VectorConfig(name="own", vectorizer=modules.self_provided()),
        ),
        generative=modules.generative_google_gemini(max_output_tokens=5),
        reranker=modules.reranker_transformers(),
        inverted_index=InvertedIndex(timestamps=True, bm25_b=0.5, bm25_k1=1.5),
        multi_tenancy=MultiTenancy(auto_create=True),
        replication=Replication(factor=3, async_enabled=True),
        object_ttl=ObjectTimeToLive(seconds=3600, since="update"),
    )
    vectorization = {"skip": True}
    assert to_json(config) == {
        "class": "Article",
        "description": "News",
        "properties": [
            {
                "name": "title",
                "dataType": ["text"],
                "tokenization": "word",
                "moduleConfig": {"text2vec-openai": vectorization, "text2multivec-jinaai": vectorization},
            },
            {"name": "count", "dataType": ["int"], "indexFilterable": False, "indexRangeFilters": True},
            {"name": "place", "dataType": ["object"], "nestedProperties": [{"name": "City", "dataType": ["text"]}]},
            {"name": "author", "dataType": ["Author", "Robot"], "description": "by"},
        ],
        "vectorConfig": {
            "embedding": {
                "vectorizer": {
                    "text2vec-openai": {
                        "baseURL": "https://example.com",
                        "vectorizeClassName": False,
                        "properties": ["title"],
                    }
                },
                "vectorIndexType": "hnsw",
                "vectorIndexConfig": {"distance": "dot", "efConstruction": 256, "rq": {"enabled": True, "bits": 8}},
            },
            "tokens": {
                "vectorizer": {"text2multivec-jinaai": {}},
                "vectorIndexType": "hnsw",
                "vectorIndexConfig": {"multivector": {"enabled": True, "muvera": {"enabled": True, "ksim": 3}}},
            },
            "own": {"vectorizer": {"none": {}}},
        },
        "moduleConfig": {
            "generative-google": {"tokenLimit": 5, "apiEndpoint": "generativelanguage.googleapis.com"},
            "reranker-transformers": {},
        },
        "invertedIndexConfig": {"indexTimestamps": True, "bm25": {"b": 0.5, "k1": 1.5}},
        "multiTenancyConfig": {"enabled": True, "autoTenantCreation": True},
        "replicationConfig": {"factor": 3, "asyncEnabled": True},
        "objectTtlConfig": {"enabled": True, "defaultTtl": 3600, "deleteOn": "_lastUpdateTimeUnix"},
    }


def test_the_unnamed_vector_takes_the_old_layout() -> None:
    vector = VectorConfig(
        name=None,
        vectorizer=modules.text2vec_transformers(pooling_strategy="cls"),
        index=hfresh(max_posting_size_kb=16),
        source=("title",),
    )
    properties = (PropertyConfig(name="title", data_type="text"),)
    body = to_json(CollectionConfig(name="Old", properties=properties, vectors=(vector,)))
    assert body == {
        "class": "Old",
        "properties": [{"name": "title", "dataType": ["text"]}],
        "vectorizer": "text2vec-transformers",
        "moduleConfig": {"text2vec-transformers": {"poolingStrategy": "cls", "properties": ["title"]}},
        "vectorIndexType": "hfresh",
        "vectorIndexConfig": {"maxPostingSizeKB": 16},
    }


def test_what_is_left_to_the_server_is_not_sent() -> None:
    assert to_json(CollectionConfig(name="Bare")) == {"class": "Bare", "properties": []}


def test_the_servers_defaults_are_read_as_values() -> None:
    """The shape is what server 1.39.3 answers; quantizers that are off are no quantizers."""
    config = from_json(
        {
            "class": "C",
            "properties": [
                {
                    "name": "title",
                    "dataType": ["text"],
                    "indexFilterable": True,
                    "tokenization": "word",
                    "textAnalyzer": {"stopwordPreset": "en"},
                    "moduleConfig": {"text2vec-cohere": {"skip": False, "vectorizePropertyName": True}},
                    "somethingNew": {"a": 1},
                }
            ],
            "vectorConfig": {
                "v": {
                    "vectorizer": {"text2vec-cohere": {"baseUrl": "https://api.cohere.ai", "truncate": "END"}},
                    "vectorIndexType": "hnsw",
                    "vectorIndexConfig": {
                        "ef": -1,
                        "pq": {"enabled": True, "segments": 0, "encoder": {"type": "tile", "distribution": "normal"}},
                        "bq": {"enabled": False},
                        "multivector": {"enabled": False, "muvera": {"enabled": False, "ksim": 4}},
                        "skipDefaultQuantization": False,
                    },
                },
                "w": {
                    "vectorizer": {"none": {}},
                    "vectorIndexType": "hnsw",
                    "vectorIndexConfig": {"rq": {"enabled": False, "bits": 8}, "skipDefaultQuantization": True},
                },
            },
            "invertedIndexConfig": {
                "bm25": {"b": 0.75, "k1": 1.2},
                "stopwords": {"preset": "en", "additions": None, "removals": None},
                "usingBlockMaxWAND": True,
            },
            "multiTenancyConfig": {"enabled": False, "autoTenantCreation": False},
            "shardingConfig": {"desiredCount": 1, "actualCount": 1, "key": "_id"},
            "somethingElse": [1],
        }
    )
    (title,) = config.properties
    assert (title.filterable, title.tokenization, title.vectorize_name) == (True, "word", True)
    assert title.text_analyzer == TextAnalyzer(stopword_preset="en")
    first, second = config.vectors
    assert first.vectorizer == modules.text2vec_cohere(truncate="END")
    assert first.index == hnsw(ef=-1, quantizer=pq(segments=0, encoder="tile", distribution="normal"))
    assert second.index == hnsw(quantizer=uncompressed())
    assert config.inverted_index.bm25_b == 0.75
    assert config.inverted_index.timestamps is None
    assert config.multi_tenancy == MultiTenancy(enabled=False, auto_create=False)
    assert config.sharding is not None
    assert config.sharding.desired_count == 1


def test_a_collection_with_tenants_has_no_sharding_though_the_server_shows_zeros() -> None:
    body = {"class": "C", "multiTenancyConfig": {"enabled": True}, "shardingConfig": {"desiredCount": 0, "key": ""}}
    assert from_json(body).sharding is None


def test_nothing_but_a_name_can_be_read() -> None:
    assert from_json({"class": "C", "properties": None}) == CollectionConfig(name="C")


def test_a_property_that_the_age_counts_from_is_told_from_the_servers_own_times() -> None:
    setting = ObjectTimeToLive(seconds=-5, property="until")
    body = to_json(CollectionConfig(name="C", object_ttl=setting))
    assert body["objectTtlConfig"] == {"enabled": True, "defaultTtl": -5, "deleteOn": "until"}
    assert from_json(body).object_ttl == setting
