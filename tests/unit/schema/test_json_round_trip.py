"""Whole configurations, made by Hypothesis, through JSON and back, through the checks, and through the difference."""

from __future__ import annotations

import json
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm import modules
from weaviate_orm.schema import config as c
from weaviate_orm.schema import indexes as i
from weaviate_orm.schema.check import validate
from weaviate_orm.schema.diff import diff
from weaviate_orm.schema.json import from_json, to_json

NAMES = st.from_regex(r"[a-z][a-zA-Z0-9]{0,8}", fullmatch=True).filter(lambda name: name not in ("id", "none"))
WORDS = st.text("abcdefgh", min_size=1, max_size=5)
TEXTS = st.text(min_size=1, max_size=12)
FLAGS = st.none() | st.booleans()
COUNTS = st.none() | st.integers(1, 1_000)
DISTANCES: st.SearchStrategy[i.Distance | None] = st.sampled_from((None, "cosine", "dot", "l2-squared", "manhattan"))
COLLECTIONS = NAMES.map(lambda name: name.capitalize())


def quantizers(*kinds: st.SearchStrategy[i.Quantizer]) -> st.SearchStrategy[i.Quantizer | None]:
    return st.none() | st.builds(i.uncompressed) | st.one_of(*kinds)


MUVERA = st.builds(i.muvera, ksim=st.none() | st.integers(1, 10), dprojections=COUNTS, repetitions=COUNTS)
LATE_INTERACTION = st.builds(
    i.late_interaction, aggregation=st.sampled_from((None, "maxSim")), encoding=st.none() | MUVERA
)
PQ = st.builds(i.pq, segments=COUNTS, centroids=COUNTS, encoder=st.sampled_from((None, "kmeans", "tile")))
SQ = st.builds(i.sq, rescore_limit=COUNTS, training_limit=COUNTS)
HNSW = st.builds(
    i.hnsw,
    distance=DISTANCES,
    ef=st.none() | st.just(-1) | st.integers(1, 500),
    ef_construction=st.none() | st.integers(4, 500),
    max_connections=st.none() | st.integers(4, 2047),
    filter_strategy=st.sampled_from((None, "acorn", "sweeping")),
    skip=FLAGS,
    quantizer=quantizers(PQ, SQ, st.builds(i.bq), st.builds(i.rq, bits=st.sampled_from((None, 1, 4, 8)))),
)
FLAT = st.builds(
    i.flat,
    distance=DISTANCES,
    vector_cache_max_objects=COUNTS,
    quantizer=quantizers(
        st.builds(i.bq, rescore_limit=COUNTS, cache=FLAGS),
        st.builds(i.rq, bits=st.sampled_from((None, 1, 8)), rescore_limit=COUNTS, cache=FLAGS),
    ),
)
INDEXES: st.SearchStrategy[i.VectorIndex | None] = st.one_of(
    st.none(),
    HNSW,
    FLAT,
    st.builds(i.dynamic, threshold=COUNTS, hnsw=st.none() | HNSW, flat=st.none() | FLAT),
    st.builds(
        i.hfresh,
        distance=st.sampled_from((None, "cosine", "l2-squared")),
        max_posting_size_kb=st.none() | st.integers(8, 1024),
        quantizer=st.none() | st.builds(i.rq, bits=st.just(1), rescore_limit=COUNTS),
    ),
)

GENERATIVE: st.SearchStrategy[c.GenerativeModule | None] = st.one_of(
    st.none(),
    st.builds(modules.generative_openai, model=st.none() | TEXTS, temperature=st.none() | st.floats(0, 1)),
    st.builds(modules.generative_azure_openai, resource_name=WORDS, deployment_id=WORDS),
    st.builds(modules.generative_google, project_id=WORDS, max_output_tokens=COUNTS),
    st.builds(modules.generative_anthropic, stop_sequences=st.none() | st.lists(TEXTS, min_size=1)),
    st.builds(modules.custom_generative, st.just("generative-acme"), st.dictionaries(WORDS, TEXTS)),
)
RERANKERS: st.SearchStrategy[c.Reranker | None] = st.one_of(
    st.none(),
    st.builds(modules.reranker_transformers),
    st.builds(modules.reranker_contextualai, top_n=COUNTS, instruction=st.none() | TEXTS),
    st.builds(modules.custom_reranker, st.just("reranker-acme"), st.dictionaries(WORDS, TEXTS)),
)

ANALYZERS = st.builds(c.TextAnalyzer, ascii_fold=st.just(True), ascii_fold_ignore=st.none() | st.lists(st.just("ë")))


def properties(name: str, *, nested: bool) -> st.SearchStrategy[c.PropertyConfig]:
    """Properties of a given name; ``nested`` says that they are inside an object."""
    skips = st.none() if nested else FLAGS
    tokenizations: st.SearchStrategy[c.Tokenization | None] = st.sampled_from((None, "word", "field"))
    text = st.builds(
        c.PropertyConfig,
        name=st.just(name),
        data_type=st.sampled_from(("text", "text[]")),
        description=st.none() | TEXTS,
        tokenization=tokenizations,
        searchable=FLAGS,
        filterable=st.sampled_from((None, True)),
        skip_vectorization=skips,
        vectorize_name=skips,
        text_analyzer=st.none() | ANALYZERS,
    )
    numbers = st.builds(
        c.PropertyConfig,
        name=st.just(name),
        data_type=st.sampled_from(("int", "number", "date")),
        filterable=FLAGS,
        range_filters=FLAGS,
        skip_vectorization=skips,
    )
    other = st.builds(c.PropertyConfig, name=st.just(name), data_type=st.sampled_from(("uuid[]", "boolean", "blob")))
    if nested:
        return st.one_of(text, numbers, other)
    objects = st.builds(
        c.PropertyConfig,
        name=st.just(name),
        data_type=st.sampled_from(("object", "object[]")),
        nested=_each(st.lists(NAMES, min_size=1, max_size=3, unique=True), lambda one: properties(one, nested=True)),
    )
    return st.one_of(text, numbers, other, objects)


def _each(
    names: st.SearchStrategy[list[str]], make: Callable[[str], st.SearchStrategy[c.PropertyConfig]]
) -> st.SearchStrategy[tuple[c.PropertyConfig, ...]]:
    return names.flatmap(lambda found: st.tuples(*map(make, found)))


@st.composite
def vectorizers(draw: st.DrawFn, names: tuple[str, ...]) -> c.AnyVectorizer:
    """Vectorizers of single vectors over the given properties."""
    choices: list[st.SearchStrategy[c.AnyVectorizer]] = [
        st.builds(modules.text2vec_openai, model=st.none() | TEXTS, vectorize_collection_name=FLAGS),
        st.builds(modules.text2vec_azure_openai, resource_name=WORDS, deployment_id=WORDS, dimensions=COUNTS),
        st.builds(modules.text2vec_huggingface, model=TEXTS, wait_for_model=FLAGS, use_gpu=FLAGS),
        st.builds(modules.text2vec_google_gemini, model=st.none() | TEXTS),
        st.builds(modules.custom_vectorizer, st.just("text2vec-acme"), st.dictionaries(WORDS, st.lists(TEXTS))),
    ]
    if names:
        fields = st.lists(st.sampled_from(names), min_size=1, unique=True)
        weights = fields.map(lambda found: [modules.weighted(name, 0.5) for name in found])
        choices.append(st.builds(modules.multi2vec_clip, image_fields=fields, inference_url=st.none() | TEXTS))
        choices.append(st.builds(modules.multi2vec_bind, imu_fields=weights, text_fields=st.none() | weights))
    made: st.SearchStrategy[c.AnyVectorizer] = st.one_of(choices)
    return draw(made)


@st.composite
def collections(draw: st.DrawFn) -> c.CollectionConfig:
    """Whole configurations."""
    names = draw(st.lists(NAMES, max_size=5, unique_by=str.lower))
    cut = draw(st.integers(0, len(names)))
    own = tuple(draw(properties(name, nested=False)) for name in names[:cut])
    references = tuple(
        c.ReferenceConfig(
            name=name,
            targets=tuple(draw(st.lists(COLLECTIONS, min_size=1, max_size=2, unique=True))),
            description=draw(st.none() | TEXTS),
        )
        for name in names[cut:]
    )
    unnamed = draw(st.booleans())
    vector_names: list[str | None] = (
        [None] if unnamed else [*draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))]
    )
    vectors = tuple(
        c.VectorConfig(
            name=name,
            vectorizer=draw(vectorizers(tuple(names[:cut]))),
            index=draw(INDEXES),
            source=tuple(draw(st.lists(st.sampled_from(names[:cut]), unique=True))) if cut else (),
        )
        for name in vector_names
    )
    if not unnamed:
        several = i.hnsw(multi_vector=draw(LATE_INTERACTION))
        vectors += (c.VectorConfig(name="_several", vectorizer=modules.self_provided(), index=several),)
    tenants = draw(st.booleans())
    shards = c.Sharding(desired_count=draw(st.integers(1, 3)))
    return c.CollectionConfig(
        name=draw(COLLECTIONS),
        description=draw(st.none() | TEXTS),
        properties=own,
        references=references,
        vectors=vectors,
        generative=draw(GENERATIVE),
        reranker=draw(RERANKERS),
        inverted_index=draw(inverted_indexes()),
        multi_tenancy=c.MultiTenancy(auto_create=draw(FLAGS)) if tenants else c.MultiTenancy(enabled=False),
        replication=c.Replication(
            factor=draw(COUNTS), async_config=draw(st.none() | st.builds(c.AsyncReplication, frequency=COUNTS))
        ),
        sharding=None if tenants else draw(st.none() | st.just(shards)),
        object_ttl=draw(
            st.none()
            | st.builds(
                c.ObjectTimeToLive,
                seconds=st.integers(60, 10_000),
                since=st.sampled_from(("creation", "update")),
                filter_expired=FLAGS,
                enabled=st.booleans(),
            )
        ),
    )


@st.composite
def inverted_indexes(draw: st.DrawFn) -> c.InvertedIndex:
    """Inverted indexes with both numbers of BM25 or none."""
    tuned = draw(st.booleans())
    return c.InvertedIndex(
        timestamps=draw(FLAGS),
        null_state=draw(FLAGS),
        bm25_b=draw(st.floats(0, 1)) if tuned else None,
        bm25_k1=draw(st.floats(0, 3)) if tuned else None,
        stopwords=draw(
            st.none()
            | st.builds(
                c.Stopwords, preset=st.sampled_from((None, "en", "none")), additions=st.none() | st.lists(WORDS)
            )
        ),
        stopword_presets=draw(st.none() | st.dictionaries(WORDS, st.lists(WORDS, min_size=1), min_size=1)),
        cleanup_interval_seconds=draw(COUNTS),
    )


@given(collections())
def test_what_is_written_is_read_back_the_same(config: c.CollectionConfig) -> None:
    body: dict[str, object] = json.loads(json.dumps(to_json(config)))
    assert from_json(body) == config


@given(collections())
def test_generated_configurations_are_valid_and_do_not_differ_from_themselves(config: c.CollectionConfig) -> None:
    validate(config)
    assert diff(config, from_json(to_json(config))) == []
