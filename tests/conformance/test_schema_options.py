"""Every option of a collection, its properties and its vectors is taken by the server and read back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from zoo import created, unique_name

from weaviate_orm import (
    AsyncReplication,
    CollectionConfig,
    InvertedIndex,
    MultiTenancy,
    MultiVector,
    ObjectTimeToLive,
    Property,
    References,
    Replication,
    ServerError,
    Session,
    Sharding,
    Stopwords,
    UnsupportedFeatureError,
    Vector,
    VectorConfig,
    WeaviateModel,
    bq,
    flat,
    hfresh,
    hnsw,
    late_interaction,
    muvera,
    pq,
    prop,
    references,
    rq,
    sq,
    uncompressed,
    vector,
)
from weaviate_orm.modules import (
    generative_dummy,
    ref2vec_centroid,
    reranker_dummy,
    self_provided,
    text2vec_bigram,
    text2vec_ollama,
    text2vec_openai,
    text2vec_transformers,
)
from weaviate_orm.schema.indexes import VectorIndex

if TYPE_CHECKING:
    from weaviate_orm.schema.config import Tokenization

Create = Callable[..., None]


class Rich(
    WeaviateModel,
    collection=unique_name("Rich"),
    inverted_index=InvertedIndex(
        timestamps=True,
        null_state=True,
        property_length=True,
        bm25_b=0.5,
        bm25_k1=2.0,
        stopwords=Stopwords(preset="en", additions=["foo"], removals=["the"]),
        stopword_presets={"few": ["um", "er"]},
        cleanup_interval_seconds=30,
    ),
    replication=Replication(factor=1, deletion_strategy="NoAutomatedResolution"),
    sharding=Sharding(desired_count=1, virtual_per_physical=64),
    generative=generative_dummy(),
    reranker=reranker_dummy(),
):
    """Every option."""

    word: Property[str] = prop(tokenization="word", description="by words", filterable=True, searchable=True)
    field_: Property[str] = prop(name="field", tokenization="field", searchable=False)
    unindexed: Property[str] = prop(filterable=False, searchable=False)
    trigram: Property[list[str]] = prop(default_factory=list, tokenization="trigram", skip_vectorization=True)
    lower: Property[str] = prop(tokenization="lowercase", vectorize_name=True)
    spaced: Property[str] = prop(tokenization="whitespace", skip_vectorization=False, vectorize_name=False)
    whole: Property[int] = prop(range_filters=True)
    number: Property[float] = prop(filterable=False, range_filters=True)
    moment: Property[datetime] = prop(range_filters=True, filterable=True)
    raw: Property[dict[str, int]] = prop(data_type="text", default_factory=dict)
    meaning: Vector = vector(
        text2vec_transformers(vectorize_collection_name=False, pooling_strategy="cls"), source=["word"]
    )
    own: Vector = vector(name="mine", dimensions=4)


def test_every_option_of_properties_and_collections(session: Session, create: Create) -> None:
    create(Rich)
    assert session.schema.check(Rich) == []
    read = session.schema.get(Rich)
    assert read is not None
    properties = {each.name: each for each in read.properties}
    assert set(properties) == {
        *("word", "field", "unindexed", "trigram", "lower", "spaced", "whole", "number", "moment", "raw"),
    }
    assert (properties["word"].tokenization, properties["word"].description) == ("word", "by words")
    assert (properties["field"].filterable, properties["field"].searchable) == (True, False)
    assert (properties["unindexed"].filterable, properties["unindexed"].searchable) == (False, False)
    assert properties["trigram"].data_type == "text[]"
    assert (properties["number"].filterable, properties["number"].range_filters) == (False, True)
    assert read.inverted_index == Rich.__weaviate_options__.inverted_index
    assert read.replication.deletion_strategy == "NoAutomatedResolution"
    assert read.sharding is not None
    assert read.sharding.virtual_per_physical == 64
    assert read.generative == generative_dummy()
    assert read.reranker == reranker_dummy()
    assert {each.name for each in read.vectors} == {"meaning", "mine"}


def test_multi_tenancy(session: Session, create: Create) -> None:
    class Shared(
        WeaviateModel,
        collection=unique_name("Shared"),
        multi_tenancy=MultiTenancy(auto_create=True, auto_activate=True),
    ):
        name: Property[str]

    create(Shared)
    assert session.schema.check(Shared) == []
    read = session.schema.get(Shared)
    assert read is not None
    assert read.multi_tenancy == MultiTenancy(enabled=True, auto_create=True, auto_activate=True)


def test_time_to_live_needs_a_server_that_deletes(session: Session, create: Create) -> None:
    class Brief(
        WeaviateModel,
        collection=unique_name("Brief"),
        object_ttl=ObjectTimeToLive(seconds=3600, property="until", filter_expired=True),
    ):
        until: Property[datetime]

    class Old(
        WeaviateModel,
        collection=unique_name("Old"),
        inverted_index=InvertedIndex(timestamps=True),
        object_ttl=ObjectTimeToLive(seconds=3600, since="update"),
    ):
        name: Property[str]

    # The server of these tests deletes nothing by itself, and says what it would need for it.
    for model in (Brief, Old):
        with pytest.raises(ServerError, match="OBJECTS_TTL_DELETE_SCHEDULE"):
            create(model)


INDEXES: dict[str, VectorIndex] = {
    "hnsw": hnsw(
        distance="l2-squared",
        ef_construction=64,
        max_connections=16,
        ef=50,
        dynamic_ef_min=10,
        dynamic_ef_max=20,
        dynamic_ef_factor=4,
        filter_strategy="sweeping",
        flat_search_cutoff=1000,
        vector_cache_max_objects=100_000,
        cleanup_interval_seconds=60,
        quantizer=uncompressed(),
    ),
    "skipped": hnsw(skip=True),
    "dot": hnsw(distance="dot", quantizer=sq(rescore_limit=30, training_limit=5000)),
    "manhattan": hnsw(distance="manhattan"),
    "hamming": hnsw(distance="hamming"),
    "product": hnsw(quantizer=pq(segments=4, centroids=16, training_limit=1000, encoder="tile", distribution="normal")),
    "binary": hnsw(quantizer=bq()),
    "rotational": hnsw(quantizer=rq(bits=8, rescore_limit=10)),
    "rotational, 4 bits": hnsw(quantizer=rq(bits=4, centering=True, training_limit=500)),
    "rotational, 1 bit": hnsw(quantizer=rq(bits=1)),
    "flat": flat(distance="cosine", vector_cache_max_objects=1000, quantizer=bq(rescore_limit=5, cache=True)),
    "flat, rotational": flat(quantizer=rq(bits=1, rescore_limit=7, cache=True)),
    "hfresh": hfresh(distance="cosine", max_posting_size_kb=64, replicas=3, search_probe=32),
}


def test_every_index_with_every_option(session: Session) -> None:
    name = unique_name("Indexes")
    vectors = {f"v{number}": index for number, index in enumerate(INDEXES.values())}
    config = CollectionConfig(
        name=name,
        vectors=tuple(VectorConfig(name=each, vectorizer=self_provided(), index=vectors[each]) for each in vectors),
    )
    try:
        session.schema.create(config)
        read = session.schema.get(name)
        assert read is not None
        found = {each.name: each.index for each in read.vectors}
        for each, index in vectors.items():
            actual = found[each]
            assert type(actual) is type(index)
            assert isinstance(actual, VectorIndex)
            stated = {option: value for option, value in _options(index).items() if option != "quantizer"}
            assert {option: value for option, value in _options(actual).items() if option in stated} == stated
            wanted = _options(index).get("quantizer")
            if wanted is not None:
                got = _options(actual)["quantizer"]
                assert type(got) is type(wanted)
                assert {key: value for key, value in _options(got).items() if key in _options(wanted)} == _options(
                    wanted
                )
    finally:
        session.schema.drop(name)


def _options(value: object) -> dict[str, object]:
    """Give what was stated of an option value."""
    names = value.__dataclass_fields__  # type: ignore[attr-defined]  # every option value is a dataclass
    return {name: getattr(value, name) for name in names if getattr(value, name) is not None}


def test_several_vectors_an_object(session: Session, create: Create) -> None:
    class Late(WeaviateModel, collection=unique_name("Late")):
        plain: MultiVector = vector()
        encoded: MultiVector = vector(
            index=hnsw(
                multi_vector=late_interaction(
                    aggregation="maxSim", encoding=muvera(ksim=3, dprojections=8, repetitions=5)
                )
            )
        )
        name: Property[str]

    create(Late)
    assert session.schema.check(Late) == []
    read = session.schema.get(Late)
    assert read is not None
    encoded = next(each.index for each in read.vectors if each.name == "encoded")
    assert isinstance(encoded, hnsw)
    assert encoded.multi_vector == late_interaction(
        aggregation="maxSim", encoding=muvera(ksim=3, dprojections=8, repetitions=5)
    )


def test_vectorizers_without_their_services(session: Session, create: Create) -> None:
    class Modular(WeaviateModel, collection=unique_name("Modular")):
        title: Property[str]
        kin: References[Modular] = references()
        openai: Vector = vector(text2vec_openai(model="text-embedding-3-small", dimensions=512), source=["title"])
        bigram: Vector = vector(text2vec_bigram())
        centroid: Vector = vector(ref2vec_centroid(reference_properties=["kin"]))

    create(Modular)
    assert session.schema.check(Modular) == []


@pytest.mark.requires("missing modules")
def test_a_vectorizer_that_the_server_runs_without(session: Session) -> None:
    class Absent(WeaviateModel, collection=unique_name("Absent")):
        title: Property[str]
        ollama: Vector = vector(text2vec_ollama(api_endpoint="http://127.0.0.1:9", model="nomic-embed-text"))

    with pytest.raises(UnsupportedFeatureError, match=r"'text2vec-ollama'.*ENABLE_MODULES"):
        session.schema.create(Absent)
    assert not session.schema.exists(Absent)


@pytest.mark.parametrize("tokenization", ["word", "lowercase", "whitespace", "field", "trigram"])
def test_tokenizations_come_back(session: Session, create: Create, tokenization: Tokenization) -> None:
    class Text(WeaviateModel, collection=unique_name("Text")):
        text: Property[str] = prop(tokenization=tokenization)

    create(Text)
    read = session.schema.get(Text)
    assert read is not None
    assert read.properties[0].tokenization == tokenization


def test_async_replication_is_accepted(session: Session, create: Create) -> None:
    class Copied(
        WeaviateModel,
        collection=unique_name("Copied"),
        replication=Replication(factor=1, async_config=AsyncReplication(frequency=60_000)),
    ):
        name: Property[str]

    create(Copied)
    assert session.schema.exists(Copied)


def test_what_was_read_can_be_created_again(session: Session) -> None:
    with created(session, Rich):
        read = session.schema.get(Rich)
    assert read is not None
    try:
        session.schema.create(read)
        assert session.schema.get(read) == read
        assert session.schema.check(Rich) == []
    finally:
        session.schema.drop(read)
