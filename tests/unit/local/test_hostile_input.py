"""Requests that no client of ours sends, and others may: each is answered or refused, and nothing else comes out of the engine."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import pytest

from weaviate_orm.errors import InvalidValueError
from weaviate_orm.local.engine import Engine
from weaviate_orm.local.services import Services
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.call import RestReply
from weaviate_orm.wire.status import RpcRefused

Json = Any  # JSON has no narrower type

INFINITY, NAN = float("inf"), float("nan")
HUGE = 10**400


def embed(texts: list[str]) -> list[list[float]]:
    return [[float(len(text)), 1.0, 0.5] for text in texts]


def rerank(query: str, documents: list[str]) -> list[float]:
    return [float(len(document)) for document in documents]


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine(services=Services(embedder=embed, reranker=rerank))
    properties: Json = [
        {"name": "title", "dataType": ["text"]},
        {"name": "count", "dataType": ["int"]},
        {"name": "score", "dataType": ["number"]},
        {"name": "place", "dataType": ["geoCoordinates"]},
        {"name": "address", "dataType": ["object"], "nestedProperties": [{"name": "city", "dataType": ["text"]}]},
    ]
    vectors: Json = {
        "plain": {"vectorizer": {"text2vec-transformers": {}}, "vectorIndexType": "hnsw"},
        "rows": {
            "vectorizer": {"none": {}},
            "vectorIndexType": "hnsw",
            "vectorIndexConfig": {"multivector": {"enabled": True}},
        },
    }
    body: Json = {
        "class": "Thing",
        "properties": properties,
        "vectorConfig": vectors,
        "moduleConfig": {"reranker-dummy": {}},
    }
    assert rest(engine, "POST", "/schema", body).status == 200
    thing: Json = {
        "class": "Thing",
        "properties": {"title": "one word", "address": {"city": "Ulm"}},
        "vectors": {"rows": [[1, 2], [3, 4]]},
    }
    assert rest(engine, "POST", "/objects", thing).status == 200
    yield engine
    engine.close()


def rest(engine: Engine, method: str, path: str, body: Json = None, **query: str) -> RestReply:
    return engine.rest(method, path, query=query, body=body)


def refusal(reply: RestReply) -> str:
    assert 400 <= reply.status < 500
    return str(reply.body["message"] if "message" in reply.body else reply.body["error"][0]["message"])


def search(**members: Json) -> pb.SearchRequest:
    return pb.SearchRequest(collection="Thing", uses_123_api=True, uses_125_api=True, uses_127_api=True, **members)


# Bodies


@pytest.mark.parametrize("value", [NAN, INFINITY, "\ud800"])
def test_what_json_does_not_have_is_refused_as_on_the_way_to_a_server(engine: Engine, value: Json) -> None:
    with pytest.raises(InvalidValueError, match="cannot be written as JSON"):
        rest(engine, "POST", "/objects", {"class": "Thing", "properties": {"title": value}})


def test_endless_nesting_is_refused(engine: Engine) -> None:
    nested: Json = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(InvalidValueError, match="inside one another"):
        rest(engine, "POST", "/objects", {"class": "Thing", "properties": {"title": nested}})


@pytest.mark.parametrize("depth", range(100, 700, 50))
def test_a_deep_body_is_answered_or_refused(engine: Engine, depth: int) -> None:
    where: Json = {"operator": "Equal", "path": ["title"], "valueText": "x"}
    for _ in range(depth):
        where = {"operator": "Not", "operands": [where]}
    try:
        reply = rest(engine, "DELETE", "/batch/objects", {"match": {"class": "Thing", "where": where}, "dryRun": True})
    except InvalidValueError:  # already too deep to be written
        return
    assert reply.status == 200 or "inside one another" in refusal(reply)


def test_deep_filters_are_refused(engine: Engine) -> None:
    request = search()
    at = request.filters
    for _ in range(3000):
        at.operator = pb.Filters.OPERATOR_NOT
        at = at.filters.add()
    at.operator = pb.Filters.OPERATOR_EQUAL
    at.on.append("title")
    at.value_text = "x"
    with pytest.raises(RpcRefused, match="make it flatter"):
        engine.unary(rpcs.SEARCH, request)


# Numbers


@pytest.mark.parametrize("vectors", [{"plain": [1, 1e39, 3]}, {"rows": [[1, 1e39]]}, {"plain": [HUGE]}])
def test_named_vectors_beyond_float32_are_refused(engine: Engine, vectors: Json) -> None:
    assert "cannot unmarshal vector" in refusal(
        rest(engine, "POST", "/objects", {"class": "Thing", "vectors": vectors})
    )


def test_a_bare_vector_beyond_float32_is_refused(engine: Engine) -> None:
    text = refusal(rest(engine, "POST", "/objects", {"class": "Thing", "vector": [1, -1e39]}))
    assert text.endswith("cannot unmarshal number -1e+39 into Go struct field Object.vector of type float32")


def test_the_largest_float32_is_none_of_them(engine: Engine) -> None:
    largest = float(np.finfo(np.float32).max)
    assert (
        rest(engine, "POST", "/objects", {"class": "Thing", "vectors": {"rows": [[largest, -largest]]}}).status == 200
    )


def test_numbers_beyond_float64_are_refused(engine: Engine) -> None:
    text = refusal(rest(engine, "POST", "/objects", {"class": "Thing", "properties": {"score": HUGE}}))
    assert text.endswith("could not be converted to a float")


def test_places_beyond_float32_are_refused(engine: Engine) -> None:
    place = {"latitude": 1e308, "longitude": 0}
    reply = rest(engine, "POST", "/objects", {"class": "Thing", "properties": {"place": place}})
    assert reply.status >= 400
    assert "unsupported value: +Inf" in str(reply.body)


def test_settings_beyond_float32_are_refused(engine: Engine) -> None:
    inverted = {"bm25": {"k1": 1e39, "b": 0.5}}
    text = refusal(rest(engine, "POST", "/schema", {"class": "Other", "invertedIndexConfig": inverted}))
    assert text.endswith("number 1e+39 into Go struct field BM25Config.invertedIndexConfig.bm25.k1 of type float32")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("x", "string into Go struct field WhereFilter.match.where.valueGeoRange of type models.WhereFilterGeoRange"),
        (
            {"distance": "x"},
            "string into Go struct field WhereFilterGeoRange.match.where.valueGeoRange.distance of type "
            "models.WhereFilterGeoRangeDistance",
        ),
        (
            {"distance": {"max": []}},
            "array into Go struct field WhereFilterGeoRangeDistance.match.where.valueGeoRange.distance.max of type float64",
        ),
        (
            {"distance": {"max": 1}, "geoCoordinates": {"latitude": 1e39}},
            "number 1e+39 into Go struct field GeoCoordinates.match.where.valueGeoRange.geoCoordinates.latitude of type float32",
        ),
    ],
)
def test_parts_of_a_range_that_are_none(engine: Engine, given: Json, text: str) -> None:
    where = {"path": ["place"], "operator": "WithinGeoRange", "valueGeoRange": given}
    reply = rest(engine, "DELETE", "/batch/objects", {"match": {"class": "Thing", "where": where}})
    assert refusal(reply).endswith(f"cannot unmarshal {text}")


@pytest.mark.parametrize("number", [2**70, 1.5])
def test_whole_numbers_that_are_none(engine: Engine, number: float) -> None:
    where = {"path": ["count"], "operator": "Equal", "valueInt": number}
    reply = rest(engine, "DELETE", "/batch/objects", {"match": {"class": "Thing", "where": where}})
    expected = f"cannot unmarshal number {number} into Go struct field WhereFilter.match.where.valueInt of type int64"
    assert refusal(reply).endswith(expected)


@pytest.mark.parametrize("alpha", [INFINITY, -INFINITY, NAN, 2.0])
@pytest.mark.parametrize("numbers", [(1.0, INFINITY, 0.0), (NAN, 0.0, 0.0), (3e38, 3e38, 3e38)])
def test_odd_numbers_in_a_search_raise_and_warn_of_nothing(
    engine: Engine, alpha: float, numbers: tuple[float, ...]
) -> None:
    vector = struct.pack("<3f", *numbers)
    hybrid = pb.Hybrid(query="word", vector_bytes=vector, alpha_param=alpha, use_alpha_param=True)
    hybrid.targets.target_vectors.append("plain")
    engine.unary(rpcs.SEARCH, search(hybrid_search=hybrid))
    near = pb.NearVector(vector_bytes=vector)
    near.targets.target_vectors.append("plain")
    engine.unary(rpcs.SEARCH, search(near_vector=near))


def test_an_endless_push_away_warns_of_nothing(engine: Engine) -> None:
    near = pb.NearTextSearch(query=["word"], move_away=pb.NearTextSearch.Move(force=INFINITY, concepts=["other"]))
    near.targets.target_vectors.append("plain")
    engine.unary(rpcs.SEARCH, search(near_text=near))


# Messages


def test_an_operator_of_a_newer_client_is_refused(engine: Engine) -> None:
    filters = pb.Filters(on=["title"], value_text="x")
    filters.operator = cast("pb.Filters.Operator", 99)  # what a message of theirs decodes to
    with pytest.raises(RpcRefused, match="unknown filter operator 99"):
        engine.unary(rpcs.SEARCH, search(filters=filters))


def test_the_mean_of_no_targets_is_none(engine: Engine) -> None:
    near = pb.NearVector(vector_bytes=struct.pack("<3f", 1, 2, 3))
    near.targets.combination = pb.CombinationMethod.COMBINATION_METHOD_TYPE_AVERAGE
    with pytest.raises(RpcRefused, match="no target vectors were provided"):
        engine.unary(rpcs.AGGREGATE, pb.AggregateRequest(collection="Thing", object_limit=1, near_vector=near))


def test_matrices_without_rows_are_no_query(engine: Engine) -> None:
    near = pb.NearVector()
    near.targets.target_vectors.append("plain")
    empty = pb.Vectors(type=pb.Vectors.VECTOR_TYPE_MULTI_FP32, vector_bytes=struct.pack("<H", 3))
    near.vector_for_targets.add(name="plain").vectors.append(empty)
    with pytest.raises(RpcRefused, match="vector is required"):
        engine.unary(rpcs.AGGREGATE, pb.AggregateRequest(collection="Thing", object_limit=1, near_vector=near))


def test_a_plain_vector_for_multi_vectors_is_one_row_to_hybrid_search(engine: Engine) -> None:
    hybrid = pb.Hybrid(query="word", vector_bytes=struct.pack("<2f", 1, 2), alpha=0.5)
    hybrid.targets.target_vectors.append("rows")
    reply = engine.unary(rpcs.SEARCH, search(hybrid_search=hybrid))
    assert isinstance(reply, pb.SearchReply)
    assert len(reply.results) == 1


def test_documents_of_a_nested_property_are_empty_to_a_reranker(engine: Engine) -> None:
    near = pb.NearVector(vector_bytes=struct.pack("<3f", 1, 2, 3))
    near.targets.target_vectors.append("plain")
    request = search(near_vector=near, rerank=pb.Rerank(property="address.city", query="x"))
    request.metadata.uuid = True
    reply = engine.unary(rpcs.SEARCH, request)
    assert isinstance(reply, pb.SearchReply)
    assert [result.metadata.rerank_score for result in reply.results] == [0.0]


def test_a_reference_through_a_property_of_objects_is_refused(engine: Engine) -> None:
    made = pb.BatchObject(collection="Thing", uuid="00000000-0000-4000-8000-000000000009")
    made.properties.non_ref_properties["new"] = "makes the schema be looked at"
    made.properties.single_target_ref_props.add(prop_name="address", uuids=[made.uuid])
    reply = engine.unary(rpcs.BATCH_OBJECTS, pb.BatchObjectsRequest(objects=[made]))
    assert isinstance(reply, pb.BatchObjectsReply)
    assert "object must be a map" in reply.errors[0].error


# Schema


def test_module_settings_of_any_kind_are_kept_and_mean_nothing(engine: Engine) -> None:
    reply = rest(engine, "POST", "/schema", {"class": "Other", "moduleConfig": "x"})
    assert (reply.status, reply.body["moduleConfig"]) == (200, "x")
    assert rest(engine, "POST", "/objects", {"class": "Other", "properties": {"title": "y"}}).status == 200


# Tokenization


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ([], "array into Go value of type models.TokenizeRequest"),
        (
            {"text": "a", "tokenization": "word", "analyzerConfig": "x"},
            "string into Go struct field TokenizeRequest.analyzerConfig of type models.TextAnalyzerConfig",
        ),
        (
            {"text": "a", "tokenization": "word", "analyzerConfig": {"asciiFold": 3}},
            "number into Go struct field TextAnalyzerConfig.analyzerConfig.asciiFold of type bool",
        ),
        (
            {"text": "a", "tokenization": "word", "stopwords": 3},
            "number into Go struct field TokenizeRequest.stopwords of type models.StopwordConfig",
        ),
    ],
)
def test_bodies_that_are_none(engine: Engine, body: Json, text: str) -> None:
    assert refusal(rest(engine, "POST", "/tokenize", body)).endswith(f"cannot unmarshal {text}")


def test_the_body_for_a_property_is_an_object(engine: Engine) -> None:
    text = refusal(rest(engine, "POST", "/schema/Thing/properties/title/tokenize", "x"))
    assert text.endswith("cannot unmarshal string into Go value of type models.PropertyTokenizeRequest")


def test_no_tokenization_is_not_a_choice(engine: Engine) -> None:
    text = refusal(rest(engine, "POST", "/tokenize", {"text": "a", "tokenization": ""}))
    assert text.startswith("tokenization in body should be one of [word ")
