"""Differences between what a configuration states and what a collection has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from weaviate_orm import modules as m
from weaviate_orm.schema.config import (
    CollectionConfig,
    InvertedIndex,
    MultiTenancy,
    PropertyConfig,
    ReferenceConfig,
    Replication,
    Stopwords,
    VectorConfig,
)
from weaviate_orm.schema.diff import diff
from weaviate_orm.schema.indexes import VectorIndex, bq, flat, hnsw, rq

P = PropertyConfig


def article(**changes: object) -> CollectionConfig:
    return replace(CollectionConfig(name="Article"), **changes)  # type: ignore[arg-type] # any field may be given


def told(expected: CollectionConfig, actual: CollectionConfig) -> list[tuple[str, str, bool]]:
    return [(str(one), one.kind, one.breaking) for one in diff(expected, actual)]


def vectors(index: VectorIndex | None, vectorizer: m.AnyVectorizer | None = None) -> CollectionConfig:
    return article(vectors=(VectorConfig(name="v", vectorizer=vectorizer or m.self_provided(), index=index),))


def test_a_difference_reads_as_a_sentence() -> None:
    expected = article(properties=(P(name="word_count", data_type="int"),))
    actual = article(properties=(P(name="word_count", data_type="number"),))
    (found,) = diff(expected, actual)
    assert str(found) == "Article.word_count: data type int expected, the collection has number"
    assert (found.path, found.setting, found.expected, found.actual) == (
        "Article.word_count",
        "data type",
        "int",
        "number",
    )
    assert (found.kind, found.breaking) == ("different", True)


def test_what_is_left_to_the_server_is_no_difference() -> None:
    expected = article(properties=(P(name="b", data_type="int"), P(name="a", data_type="text")))
    actual = article(
        description="from elsewhere",
        properties=(
            P(name="a", data_type="text", tokenization="word", filterable=True, searchable=True),
            P(name="b", data_type="int", filterable=True, range_filters=True),
        ),
        vectors=(VectorConfig(name=None, vectorizer=m.self_provided(), index=hnsw(ef=-1)),),
        inverted_index=InvertedIndex(timestamps=True, bm25_b=0.75, bm25_k1=1.2),
        replication=Replication(factor=3),
        reranker=m.reranker_cohere(),
    )
    assert diff(expected, actual) == []


def test_a_switch_that_the_server_does_not_show_is_off() -> None:
    assert diff(article(inverted_index=InvertedIndex(timestamps=False)), article()) == []
    assert told(article(inverted_index=InvertedIndex(timestamps=True)), article()) == [
        ("Article: inverted index timestamps true expected, the collection has none", "different", True)
    ]


def test_missing_and_extra_properties() -> None:
    expected = article(
        properties=(P(name="title", data_type="text"),), references=(ReferenceConfig(name="by", targets=("B", "A")),)
    )
    actual = article(properties=(P(name="old", data_type="int"),))
    assert told(expected, actual) == [
        ("Article.title: property of type text expected, the collection has none", "missing", False),
        ("Article.by: reference to A or B expected, the collection has none", "missing", False),
        ("Article.old: not expected, the collection has property of type int", "extra", False),
    ]


def test_the_first_letter_of_names_at_the_top_level_is_lower_case_on_the_server() -> None:
    def collection(name: str, inner: str) -> CollectionConfig:
        return article(
            properties=(P(name=name, data_type="object", nested=(P(name=inner, data_type="int"),)),),
        )

    assert diff(collection("Place", "city"), collection("place", "city")) == []
    assert told(collection("place", "City"), collection("place", "city")) == [
        ("Article.place.City: property of type int expected, the collection has none", "missing", True)
    ]


def test_an_unwanted_property_index_can_be_dropped_and_a_missing_one_not_added() -> None:
    def title(*, filterable: bool) -> CollectionConfig:
        return article(properties=(P(name="title", data_type="text", filterable=filterable),))

    (unwanted,) = diff(title(filterable=False), title(filterable=True))
    (lacking,) = diff(title(filterable=True), title(filterable=False))
    assert (unwanted.breaking, lacking.breaking) == (False, True)


def test_reference_targets_have_no_order() -> None:
    def by(*targets: str) -> CollectionConfig:
        return article(references=(ReferenceConfig(name="by", targets=targets),))

    assert diff(by("A", "B"), by("B", "A")) == []
    assert told(by("A"), by("B")) == [("Article.by: reference to A expected, the collection has B", "different", True)]


@pytest.mark.parametrize(
    ("expected", "actual", "sentence", "breaking"),
    [
        (hnsw(ef=64), hnsw(ef=-1), "index ef 64 expected, the collection has -1", False),
        (
            hnsw(distance="dot"),
            hnsw(distance="cosine"),
            "index distance dot expected, the collection has cosine",
            True,
        ),
        (hnsw(quantizer=rq(bits=8)), hnsw(), "index quantizer rq(bits=8) expected, the collection has none", False),
        (hnsw(quantizer=rq(bits=8)), hnsw(quantizer=bq()), "index quantizer rq(bits=8) expected", True),
        (hnsw(quantizer=rq(rescore_limit=5)), hnsw(quantizer=rq(rescore_limit=20)), "rescore_limit 5 expected", False),
        (flat(), hnsw(), "index flat() expected, the collection has hnsw()", True),
    ],
)
def test_indexes(expected: VectorIndex, actual: VectorIndex, sentence: str, breaking: bool) -> None:
    (found,) = diff(vectors(expected), vectors(actual))
    assert str(found).startswith("Article.v: ")
    assert sentence in str(found)
    assert found.breaking is breaking


def test_a_quantizer_that_is_only_named_is_missed() -> None:
    (found,) = diff(vectors(hnsw(quantizer=bq())), vectors(hnsw()))
    assert str(found) == "Article.v: index quantizer bq() expected, the collection has none"


def test_vectorizers_differ_by_module_and_by_stated_options_only() -> None:
    shown = m.text2vec_openai(model="a", base_url="https://example.com", vectorize_collection_name=True)
    assert diff(vectors(None, m.text2vec_openai(model="a")), vectors(None, shown)) == []
    assert told(vectors(None, m.text2vec_openai(model="b")), vectors(None, shown)) == [
        ("Article.v: vectorizer model b expected, the collection has a", "different", True)
    ]
    assert told(vectors(None, m.text2vec_cohere()), vectors(None, shown)) == [
        ("Article.v: vectorizer text2vec-cohere expected, the collection has text2vec-openai", "different", True)
    ]


def test_old_names_of_modules_and_unknown_options_are_seen_through() -> None:
    expected = vectors(None, m.text2vec_google(project_id="p"))
    shown = m.custom_vectorizer("text2vec-palm", {"projectId": "p", "location": "here"})
    assert diff(expected, vectors(None, shown)) == []
    own = m.custom_vectorizer("text2vec-acme", {"a": 1})
    assert diff(vectors(None, own), vectors(None, m.custom_vectorizer("text2vec-acme", {"a": 1, "b": 2}))) == []


def test_vectors_that_are_missing_or_extra() -> None:
    unnamed = article(vectors=(VectorConfig(name=None, vectorizer=m.self_provided()),))
    assert told(vectors(None), unnamed) == [
        ("Article.v: vector by none expected, the collection has none", "missing", False),
        ("Article (unnamed vector): not expected, the collection has vector by none", "extra", False),
    ]
    assert told(unnamed, vectors(None))[0][1:] == ("missing", True)


def test_skipping_matters_only_where_something_vectorizes() -> None:
    def title(vectorizer: m.AnyVectorizer, skip: bool | None) -> CollectionConfig:
        return replace(
            vectors(None, vectorizer), properties=(P(name="title", data_type="text", skip_vectorization=skip),)
        )

    assert diff(title(m.self_provided(), True), title(m.self_provided(), None)) == []
    assert len(diff(title(m.text2vec_openai(), True), title(m.text2vec_openai(), False))) == 1


def test_settings_of_the_collection() -> None:
    expected = article(
        description="new",
        inverted_index=InvertedIndex(stopwords=Stopwords(preset="none")),
        generative=m.generative_openai(model="a"),
        multi_tenancy=MultiTenancy(),
        replication=Replication(factor=3, async_enabled=True),
    )
    actual = article(
        description="old",
        inverted_index=InvertedIndex(stopwords=Stopwords(preset="en", additions=["x"])),
        multi_tenancy=MultiTenancy(enabled=False),
        replication=Replication(factor=1, async_enabled=False),
    )
    assert told(expected, actual) == [
        ("Article: description new expected, the collection has old", "different", False),
        (
            "Article: generative generative_openai(model='a') expected, the collection has none",
            "different",
            False,
        ),
        ("Article: inverted index stopwords preset none expected, the collection has en", "different", False),
        ("Article: multi-tenancy enabled true expected, the collection has false", "different", True),
        ("Article: replication factor 3 expected, the collection has 1", "different", False),
    ]


def test_a_collection_with_tenants_does_not_fit_a_model_without() -> None:
    (found,) = diff(article(), article(multi_tenancy=MultiTenancy()))
    assert found.breaking
