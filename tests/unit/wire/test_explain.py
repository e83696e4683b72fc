"""The readable form of a request."""

from __future__ import annotations

from uuid import UUID

from zoo import Article, Document, Loan

from weaviate_orm.model.info import model_info
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall
from weaviate_orm.wire.explain import explain_call
from weaviate_orm.wire.objects import compile_delete
from weaviate_orm.wire.rpcs import BATCH_OBJECTS, SEARCH
from weaviate_orm.wire.search import compile_search


def test_every_field_has_a_line() -> None:
    call = compile_delete(model_info(Loan), UUID(int=1), Scope("acme", "ONE"))
    assert explain_call(call) == "\n".join(
        [
            "BatchDelete",
            "  collection: 'ZooLoan'",
            "  filters:",
            "    operator: OPERATOR_EQUAL",
            "    value_text: '00000000-0000-0000-0000-000000000001'",
            "    target:",
            "      property: '_id'",
            "  consistency_level: CONSISTENCY_LEVEL_ONE",
            "  tenant: 'acme'",
        ]
    )


def test_vectors_are_shown_by_their_size() -> None:
    query: Builder[Document] = Builder(Statement(model_info(Document)))
    text = explain_call(compile_search(query.near_vector([1, 2, 3], target=Document.meaning)._statement))
    assert "      vector_bytes: <12 bytes>\n" in text
    assert "      type: VECTOR_TYPE_SINGLE_FP32" in text
    assert "x80" not in text


def test_media_are_shown_by_their_size() -> None:
    message = pb.SearchRequest(near_image=pb.NearImageSearch(image="QUJD" * 1000))
    message.near_text.query.extend(["long " * 1000, "short"])
    lines = explain_call(GrpcCall(SEARCH, message, lambda reply: reply)).splitlines()
    assert "    image: <4000 characters>" in lines
    assert f"    query: {'long ' * 1000!r}" in lines
    assert "    query: 'short'" in lines


def test_repeated_fields_have_a_line_for_each_element() -> None:
    query: Builder[Article] = Builder(Statement(model_info(Article)))
    lines = explain_call(compile_search(query.near_text(["a", "it's"]).limit(3)._statement)).splitlines()
    assert lines[:3] == ["Search", "  collection: 'ZooArticle'", "  properties:"]
    assert [line for line in lines if line.startswith("    query")] == ["    query: 'a'", '    query: "it\'s"']
    assert "  limit: 3" in lines


def test_maps_are_sorted_by_key() -> None:
    message = pb.BatchObjectsRequest()
    message.objects.add().properties.non_ref_properties.update({"b": 1.5, "a": True})
    text = explain_call(GrpcCall(BATCH_OBJECTS, message, lambda reply: reply))
    assert text.index("fields[a]:") < text.index("fields[b]:")
    assert "number_value: 1.5" in text


def test_an_empty_request_is_its_name() -> None:
    assert explain_call(GrpcCall(BATCH_OBJECTS, pb.BatchObjectsRequest(), lambda reply: reply)) == "BatchObjects"
