"""Local validation: every rule refuses what server 1.39.3 was seen to refuse, and names the place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from weaviate_orm import modules as m
from weaviate_orm.errors import ModelDefinitionError
from weaviate_orm.schema.check import validate
from weaviate_orm.schema.config import (
    AnyVectorizer,
    CollectionConfig,
    InvertedIndex,
    MultiTenancy,
    ObjectTimeToLive,
    PropertyConfig,
    ReferenceConfig,
    Replication,
    Sharding,
    Stopwords,
    TextAnalyzer,
    VectorConfig,
)
from weaviate_orm.schema.indexes import (
    VectorIndex,
    bq,
    dynamic,
    flat,
    hfresh,
    hnsw,
    late_interaction,
    muvera,
    pq,
    rq,
    sq,
    uncompressed,
)

P = PropertyConfig
TITLE = P(name="title", data_type="text")
BASE = CollectionConfig(
    name="Article",
    properties=(TITLE, P(name="cover", data_type="blob"), P(name="until", data_type="date")),
    references=(ReferenceConfig(name="author", targets=("Author",)),),
)


def refusal(config: CollectionConfig) -> str:
    with pytest.raises(ModelDefinitionError) as caught:
        validate(config)
    assert caught.value.collection == config.name
    return str(caught.value)


def with_index(index: VectorIndex, vectorizer: AnyVectorizer | None = None, name: str | None = "v") -> CollectionConfig:
    return replace(BASE, vectors=(VectorConfig(name=name, vectorizer=vectorizer or m.self_provided(), index=index),))


def with_vectorizer(vectorizer: AnyVectorizer, *source: str) -> CollectionConfig:
    return replace(BASE, vectors=(VectorConfig(name="v", vectorizer=vectorizer, source=source),))


@pytest.mark.parametrize("name", ["article", "Ra-ft", "", "1A", "A" * 256, "Raft", "Ärger"])
def test_collection_names(name: str) -> None:
    assert repr(name) in refusal(replace(BASE, name=name))


@pytest.mark.parametrize(
    "name",
    [
        *("id", "_id", "_additional", "a-b", "1a", "", "x" * 232, "größe", "a_temp", "a_searchable", "a_nullState"),
        *("a__map", "a__b_ingest_3"),
    ],
)
def test_property_names(name: str) -> None:
    message = refusal(CollectionConfig(name="C", properties=(P(name=name, data_type="int"),)))
    assert message.startswith(f"C.{name}: " if name else "C: ")


@pytest.mark.parametrize("name", ["x" * 231, "_a", "amap_3", "temp", "a__mapping"])
def test_property_names_that_are_allowed(name: str) -> None:
    validate(CollectionConfig(name="C", properties=(P(name=name, data_type="int"),)))


def test_properties_and_references_share_names_without_regard_to_case() -> None:
    clash = replace(BASE, references=(ReferenceConfig(name="Title", targets=("A",)),))
    assert "Article.Title: the name clashes with 'title'" in refusal(clash)
    twice = CollectionConfig(name="C", properties=(TITLE, replace(TITLE, name="".join(["ti", "tle"]))))
    assert "C.title: the name clashes" in refusal(twice)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (P(name="a", data_type="texty"), "C.a: unknown data type 'texty'"),
        (P(name="a", data_type="texty"), "Did you mean 'text'"),
        (P(name="a", data_type="object"), "C.a: object needs at least one property inside"),
        (P(name="a", data_type="text", nested=(TITLE,)), "C.a: only object and object[] hold properties, this is text"),
        (
            P(name="a", data_type="int", tokenization="word"),
            "C.a: tokenization='word' is for text and text[], this is int",
        ),
        (P(name="a", data_type="int", searchable=True), "C.a: searchable=True is for text and text[], this is int"),
        (P(name="a", data_type="int[]", range_filters=True), "C.a: range_filters=True is for int, number and date"),
        (P(name="a", data_type="int", text_analyzer=TextAnalyzer(ascii_fold=True)), "C.a: text_analyzer is for text"),
        (P(name="a", data_type="text", text_analyzer=TextAnalyzer(ascii_fold_ignore=["ë"])), "needs ascii_fold=True"),
        (
            P(name="a", data_type="text", text_analyzer=TextAnalyzer(ascii_fold=True, ascii_fold_ignore=["ëa"])),
            "single characters, got 'ëa'",
        ),
        (
            P(name="a", data_type="text", tokenization="field", text_analyzer=TextAnalyzer(stopword_preset="en")),
            "stopword_preset needs tokenization='word', got 'field'",
        ),
        (P(name="a", data_type="text", text_analyzer=TextAnalyzer(stopword_preset="enn")), "Did you mean 'en'"),
        (
            P(
                name="a",
                data_type="text",
                searchable=False,
                filterable=False,
                text_analyzer=TextAnalyzer(ascii_fold=True),
            ),
            "text_analyzer has nothing to work on",
        ),
    ],
)
def test_properties(config: PropertyConfig, expected: str) -> None:
    assert expected in refusal(CollectionConfig(name="C", properties=(config,)))


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (P(name="b", data_type="geoCoordinates"), "C.a.b: geoCoordinates is not allowed inside an object"),
        (P(name="b", data_type="blob", filterable=True), "C.a.b: filterable=True is not allowed for blob"),
        (P(name="b", data_type="text", tokenization="trigram"), "C.a.b: tokenization='trigram' is not allowed inside"),
        (P(name="b-c", data_type="text"), "C.a.b-c: the name 'b-c'"),
        (P(name="b", data_type="object[]"), "C.a.b: object[] needs at least one property"),
    ],
)
def test_properties_inside_objects(inner: PropertyConfig, expected: str) -> None:
    outer = P(name="a", data_type="object", nested=(inner,))
    assert expected in refusal(CollectionConfig(name="C", properties=(outer,)))


def test_names_the_server_keeps_are_free_inside_objects() -> None:
    outer = P(name="a", data_type="object", nested=(P(name="id", data_type="int"), P(name="ID", data_type="int")))
    validate(CollectionConfig(name="C", properties=(outer,)))


def test_falsy_switches_are_allowed_everywhere() -> None:
    validate(
        CollectionConfig(
            name="C",
            properties=(
                P(name="a", data_type="geoCoordinates", searchable=False, range_filters=False, filterable=False),
            ),
        )
    )


def test_references_need_a_target() -> None:
    assert "Article.author: a reference needs" in refusal(
        replace(BASE, references=(ReferenceConfig(name="author", targets=()),))
    )


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (hnsw(max_connections=3), "Article.v: max_connections=3 of hnsw is out of range; expected 4 to 2047"),
        (hnsw(max_connections=2048), "expected 4 to 2047"),
        (hnsw(ef_construction=3), "ef_construction=3 of hnsw is out of range; expected at least 4"),
        (dynamic(hnsw=hnsw(ef_construction=3)), "ef_construction=3"),
        (hfresh(max_posting_size_kb=4), "expected 8 to 1024"),
        (hfresh(replicas=11), "expected at most 10"),
        (hnsw(quantizer=pq(segments=-1)), "segments=-1"),
        (flat(quantizer=pq()), "flat does not take pq(); expected one of bq(), rq()"),
        (flat(quantizer=sq()), "flat does not take sq()"),
        (flat(quantizer=rq(bits=4)), "rq(bits=4) does not go with flat; expected 1 or 8"),
        (dynamic(flat=flat(quantizer=pq())), "flat does not take pq()"),
        (hfresh(quantizer=bq()), "hfresh does not take bq()"),
        (hfresh(quantizer=rq(bits=8)), "rq(bits=8) does not go with hfresh; expected 1"),
        (hnsw(quantizer=rq(centering=True)), "rq(centering=True) needs bits=4"),
        (hnsw(quantizer=bq(rescore_limit=5)), "the server drops bq(rescore_limit=...) in hnsw"),
        (hnsw(multi_vector=late_interaction(encoding=muvera(ksim=11))), "ksim=11 of muvera"),
        (dynamic(hnsw=hnsw(multi_vector=late_interaction())), "dynamic does not take late_interaction()"),
        (
            hnsw(quantizer=rq(bits=4, centering=True), multi_vector=late_interaction()),
            "rq(centering=True) does not go with several vectors",
        ),
    ],
)
def test_indexes(index: VectorIndex, expected: str) -> None:
    assert expected in refusal(with_index(index))


@pytest.mark.parametrize(
    "index",
    [
        hnsw(max_connections=4, ef_construction=4, quantizer=rq(bits=4, centering=True)),
        hnsw(max_connections=2047, quantizer=uncompressed()),
        flat(quantizer=bq(cache=True, rescore_limit=3)),
        hfresh(max_posting_size_kb=1024, replicas=10, quantizer=rq(bits=1)),
        hnsw(multi_vector=late_interaction(encoding=muvera(ksim=10))),
        hnsw(quantizer=rq(bits=4, centering=True), multi_vector=late_interaction(encoding=muvera())),
    ],
)
def test_indexes_that_are_allowed(index: VectorIndex) -> None:
    validate(with_index(index))


def test_several_vectors_an_object_need_a_name_and_a_module_that_makes_them() -> None:
    several = hnsw(multi_vector=late_interaction())
    assert "the unnamed vector cannot hold several" in refusal(with_index(several, name=None))
    assert "text2vec-openai makes one vector" in refusal(with_index(several, m.text2vec_openai()))
    assert "Declare a MultiVector field" in refusal(with_vectorizer(m.text2multivec_jinaai()))
    validate(with_index(several, m.text2multivec_jinaai()))


def test_vectors_are_named_or_one_is_not() -> None:
    def vectors(*names: str | None) -> CollectionConfig:
        made = tuple(VectorConfig(name=name, vectorizer=m.self_provided()) for name in names)
        return replace(BASE, vectors=made)

    assert "unnamed and 'v'" in refusal(vectors(None, "v"))
    assert "the unnamed vector is there 2 times" in refusal(vectors(None, None))
    assert "the vector 'v' is there 2 times" in refusal(vectors("v", "v"))
    assert "the vector's name 'a-b'" in refusal(vectors("a-b"))
    validate(vectors("a", "A", "x" * 230))


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            with_vectorizer(m.text2vec_openai(), "titel"),
            "Article.v: source names the property 'titel', which Article does not have. Did you mean 'title'",
        ),
        (with_vectorizer(m.multi2vec_clip(image_fields=["covr"])), "image_fields names the property 'covr'"),
        (
            with_vectorizer(m.multi2vec_clip(text_fields=[m.weighted("titl", 1)])),
            "text_fields names the property 'titl'",
        ),
        (with_vectorizer(m.ref2vec_centroid(reference_properties=["autor"])), "Did you mean 'author'"),
        (
            with_vectorizer(m.multi2vec_clip(image_fields=[m.weighted("cover", 0.5)], text_fields=["title"])),
            "needs a weight for every field or for none; 'title' has none",
        ),
        (
            with_index(
                hnsw(multi_vector=late_interaction()), m.multi2multivec_weaviate(image_fields=["cover", "cover"])
            ),
            "takes exactly one image field, got 2",
        ),
        (
            with_index(hnsw(multi_vector=late_interaction()), m.multi2multivec_jinaai()),
            "takes either image_fields or text_fields",
        ),
    ],
)
def test_sources(config: CollectionConfig, expected: str) -> None:
    assert expected in refusal(config)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (replace(BASE, inverted_index=InvertedIndex(bm25_b=0.5)), "bm25_b and bm25_k1 go together"),
        (replace(BASE, inverted_index=InvertedIndex(bm25_b=1.5, bm25_k1=1)), "bm25_b=1.5 is out of range"),
        (replace(BASE, inverted_index=InvertedIndex(bm25_b=0.5, bm25_k1=-1)), "bm25_k1=-1 is out of range"),
        (replace(BASE, inverted_index=InvertedIndex(cleanup_interval_seconds=-1)), "cleanup_interval_seconds=-1"),
        (replace(BASE, inverted_index=InvertedIndex(stopwords=Stopwords(preset="xx"))), "unknown preset 'xx'"),
        (
            replace(BASE, inverted_index=InvertedIndex(stopwords=Stopwords(additions=["a"], removals=["a"]))),
            "both added and removed: a",
        ),
        (replace(BASE, inverted_index=InvertedIndex(stopwords=Stopwords(additions=[" "]))), "empty word"),
        (replace(BASE, inverted_index=InvertedIndex(stopword_presets={"x": []})), "'x' needs at least one word"),
        (replace(BASE, multi_tenancy=MultiTenancy(enabled=False, auto_create=True)), "auto_create=True needs enabled"),
        (replace(BASE, multi_tenancy=MultiTenancy(), sharding=Sharding()), "sharding does not go with multi-tenancy"),
        (replace(BASE, replication=Replication(factor=0)), "replication factor 0"),
        (replace(BASE, object_ttl=ObjectTimeToLive(seconds=-5)), "must be above 0 seconds, got -5"),
        (replace(BASE, object_ttl=ObjectTimeToLive(seconds=5, property="untl")), "Did you mean 'until'"),
        (replace(BASE, object_ttl=ObjectTimeToLive(seconds=5, property="title")), "no date property of Article"),
    ],
)
def test_collections(config: CollectionConfig, expected: str) -> None:
    assert expected in refusal(config)


def test_all_problems_are_told_at_once() -> None:
    message = refusal(
        CollectionConfig(
            name="C", properties=(P(name="id", data_type="int"), P(name="b", data_type="int", searchable=True))
        )
    )
    assert [line.split(":")[0] for line in message.splitlines()] == ["C.id", "C.b"]
