"""Each clause of a query and what it puts into the search request; and from the reply to hits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

import numpy as np
import pytest
from pydantic import BaseModel
from zoo import Address, Article, Author, Book, Company, Document, Legacy, Line, Loan, Page

from weaviate_orm import Fusion, WeaviateModel, created_at, updated_at
from weaviate_orm.model.info import model_info
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.results import Hit
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.features import Feature
from weaviate_orm.wire.rpcs import SEARCH
from weaviate_orm.wire.search import compile_search, search_request

ID = UUID(int=9)
RAW = b"\x00\x00\x80\x3f\x00\x00\x00\x40\x00\x00\x40\x40"  # 1, 2, 3
SINGLE, MULTI = pb.Vectors.VECTOR_TYPE_SINGLE_FP32, pb.Vectors.VECTOR_TYPE_MULTI_FP32
Query: TypeAlias = Builder[Any]  # whatever its model
Metadata: TypeAlias = Literal["distance", "certainty", "score", "explain_score", "is_consistent"]


class Card(BaseModel):
    id: UUID
    title: str


def of(model: type[WeaviateModel]) -> Query:
    return Builder(Statement(model_info(model)))


def request(query: Query, scope: Scope | None = None) -> pb.SearchRequest:
    return search_request(query._statement, scope or Scope())


def difference(query: Query, *metadata: Metadata) -> pb.SearchRequest:
    """Give what a query says beyond the plain query of its model, which the first tests pin."""
    found = request(query)
    base = request(of(query._statement.info.model))
    for name in ("properties", "uses_123_api", "uses_125_api", "uses_127_api"):
        assert getattr(found, name) == getattr(base, name)
        found.ClearField(name)
    asked = {field.name for field, _ in found.metadata.ListFields()}
    assert asked == {"uuid", "creation_time_unix", "last_update_time_unix", *metadata}
    found.ClearField("metadata")
    assert found.collection == base.collection
    found.ClearField("collection")
    return found


NEAR: tuple[Metadata, ...] = ("distance", "certainty")
SCORE: tuple[Metadata, ...] = ("score", "explain_score")


def test_a_plain_query_names_all_properties_and_asks_for_all_objects() -> None:
    assert request(of(Book)) == pb.SearchRequest(
        collection="ZooBook",
        limit=10_000,
        properties=pb.PropertiesRequest(non_ref_properties=["title"]),
        metadata=pb.MetadataRequest(uuid=True, creation_time_unix=True, last_update_time_unix=True),
        uses_123_api=True,
        uses_125_api=True,
        uses_127_api=True,
    )


def test_properties_go_by_their_names_in_the_collection() -> None:
    assert list(request(of(Line)).properties.non_ref_properties) == ["lineText", "copy", "lineNumber"]


def test_objects_name_their_properties_at_every_depth() -> None:
    address = pb.ObjectPropertiesRequest(
        primitive_properties=["street", "city"],
        object_properties=[pb.ObjectPropertiesRequest(prop_name="contacts", primitive_properties=["kind", "value"])],
    )
    seat, branches = pb.ObjectPropertiesRequest(), pb.ObjectPropertiesRequest()
    for message, name in ((seat, "seat"), (branches, "branches")):
        message.CopyFrom(address)
        message.prop_name = name
    assert list(Address.model_fields) == ["street", "city", "contacts"]
    assert request(of(Company)).properties == pb.PropertiesRequest(
        non_ref_properties=["name"], object_properties=[seat, branches]
    )


def test_a_model_without_properties_asks_for_none_of_them() -> None:
    class Bare(WeaviateModel):
        pass

    found = request(of(Bare))
    assert found.HasField("properties")  # without the field a server gives all properties
    assert found.properties == pb.PropertiesRequest()


def test_a_projection_asks_for_its_own_properties_alone() -> None:
    query = of(Article)
    projected = Builder[Card](query._projected(Card))
    assert request(projected).properties == pb.PropertiesRequest(non_ref_properties=["title"])


def test_included_references_ask_for_the_targets_properties_and_id() -> None:
    properties = request(of(Article).include(Article.author.include(Author.publisher), Article.related)).properties
    publisher = pb.RefPropertiesRequest(
        reference_property="publisher",
        properties=pb.PropertiesRequest(non_ref_properties=["name", "city"]),
        metadata=pb.MetadataRequest(uuid=True),
    )
    author = pb.RefPropertiesRequest(
        reference_property="author",
        properties=pb.PropertiesRequest(non_ref_properties=["name", "born"], ref_properties=[publisher]),
        metadata=pb.MetadataRequest(uuid=True),
    )
    names = ["title", "body", "word_count", "published", "tags"]
    related = pb.RefPropertiesRequest(
        reference_property="related",
        properties=pb.PropertiesRequest(non_ref_properties=names),
        metadata=pb.MetadataRequest(uuid=True),
    )
    assert properties == pb.PropertiesRequest(non_ref_properties=names, ref_properties=[author, related])


def test_vectors_are_asked_for_by_name() -> None:
    assert list(request(of(Document).with_vectors()).metadata.vectors) == ["meaning", "style", "tokens"]
    assert list(request(of(Document).with_vectors(Document.style)).metadata.vectors) == ["style"]
    assert list(request(of(Line).with_vectors()).metadata.vectors) == ["lineMeaning"]
    unnamed = request(of(Legacy).with_vectors()).metadata
    assert unnamed.vector
    assert not unnamed.vectors


def test_limit_and_offset() -> None:
    S = pb.SearchRequest
    assert difference(of(Book)) == S(limit=10_000)
    assert difference(of(Book).limit(7)) == S(limit=7)
    assert difference(of(Book).limit(7).offset(3)) == S(limit=7, offset=3)
    assert difference(of(Book).offset(3)) == S(limit=9_997, offset=3)
    assert difference(of(Book).bm25("x"), *SCORE) == S(bm25_search=pb.BM25(query="x"))
    assert difference(of(Book).bm25("x").offset(3), *SCORE) == S(bm25_search=pb.BM25(query="x"), offset=3)


def test_comparing_replicas() -> None:
    assert difference(of(Book).check_consistency(), "is_consistent") == pb.SearchRequest(limit=10_000)
    call = compile_search(of(Book).check_consistency()._statement)
    reply = pb.SearchReply()
    for agree in (True, False, None):
        result = reply.results.add()
        result.metadata.id_as_bytes = ID.bytes
        result.properties.non_ref_props.fields["title"].text_value = "t"
        if agree is not None:
            result.metadata.is_consistent, result.metadata.is_consistent_present = agree, True
    assert [hit.is_consistent for hit in call.read(reply)] == [True, False, None]


def test_order() -> None:
    query = of(Line).order_by(Line.number.desc(), Line.text, Line.id.asc(), created_at.desc(), updated_at)
    assert list(request(query).sort_by) == [
        pb.SortBy(ascending=False, path=["lineNumber"]),
        pb.SortBy(ascending=True, path=["lineText"]),
        pb.SortBy(ascending=True, path=["_id"]),
        pb.SortBy(ascending=False, path=["_creationTimeUnix"]),
        pb.SortBy(ascending=True, path=["_lastUpdateTimeUnix"]),
    ]


def test_conditions_of_several_calls_are_joined() -> None:
    equal = pb.Filters.OPERATOR_EQUAL
    title = pb.Filters(operator=equal, target=pb.FilterTarget(property="title"), value_text="t")
    found = request(of(Book).where(Book.title == "t", None)).filters
    assert found == title
    joined = request(of(Book).where(Book.title == "t").where(Book.title == "t")).filters
    assert joined == pb.Filters(operator=pb.Filters.OPERATOR_AND, filters=[title, title])
    assert not request(of(Book).where(None)).HasField("filters")


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(), pb.SearchRequest()),
        (Scope(tenant="acme"), pb.SearchRequest(tenant="acme")),
        *(
            (Scope(consistency=name), pb.SearchRequest(consistency_level=level))
            for name, level in (
                ("ONE", pb.ConsistencyLevel.CONSISTENCY_LEVEL_ONE),
                ("QUORUM", pb.ConsistencyLevel.CONSISTENCY_LEVEL_QUORUM),
                ("ALL", pb.ConsistencyLevel.CONSISTENCY_LEVEL_ALL),
            )
        ),
    ],
    ids=str,
)
def test_tenant_and_consistency(scope: Scope, expected: pb.SearchRequest) -> None:
    found = request(of(Book if scope.tenant is None else Loan), scope)
    assert found.tenant == expected.tenant
    assert found.HasField("consistency_level") == expected.HasField("consistency_level")
    assert found.consistency_level == expected.consistency_level


SEARCHES: dict[str, tuple[Callable[[], Query], pb.SearchRequest]] = {
    "near_text": (
        lambda: of(Article).near_text("a b"),
        pb.SearchRequest(near_text=pb.NearTextSearch(query=["a b"], targets=pb.Targets(target_vectors=["embedding"]))),
    ),
    "near_text of several concepts and a distance": (
        lambda: of(Article).near_text(["a", "b"], target=Article.embedding, distance=0.0),
        pb.SearchRequest(
            near_text=pb.NearTextSearch(
                query=["a", "b"], distance=0.0, targets=pb.Targets(target_vectors=["embedding"])
            )
        ),
    ),
    "near_text with a certainty": (
        lambda: of(Article).near_text("a", certainty=0.7),
        pb.SearchRequest(
            near_text=pb.NearTextSearch(query=["a"], certainty=0.7, targets=pb.Targets(target_vectors=["embedding"]))
        ),
    ),
    "near_vector": (
        lambda: of(Document).near_vector([1, 2, 3], target=Document.meaning, distance=0.5),
        pb.SearchRequest(
            near_vector=pb.NearVector(
                vectors=[pb.Vectors(vector_bytes=RAW, type=SINGLE)],
                distance=0.5,
                targets=pb.Targets(target_vectors=["meaning"]),
            )
        ),
    ),
    "near_vector of another name": (
        lambda: of(Line).near_vector(np.array([1, 2, 3])),
        pb.SearchRequest(
            near_vector=pb.NearVector(
                vectors=[pb.Vectors(vector_bytes=RAW, type=SINGLE)],
                targets=pb.Targets(target_vectors=["lineMeaning"]),
            )
        ),
    ),
    "near_vector with rows": (
        lambda: of(Document).near_vector([[1, 2, 3]], target=Document.tokens, distance=0.0),
        pb.SearchRequest(
            near_vector=pb.NearVector(
                vectors=[pb.Vectors(vector_bytes=b"\x03\x00" + RAW, type=MULTI)],
                distance=0.0,
                targets=pb.Targets(target_vectors=["tokens"]),
            )
        ),
    ),
    "near_vector without a name": (
        lambda: of(Legacy).near_vector([1, 2, 3]),
        pb.SearchRequest(near_vector=pb.NearVector(vectors=[pb.Vectors(vector_bytes=RAW, type=SINGLE)])),
    ),
    "near_object": (
        lambda: of(Document).near_object(ID, target=Document.style, distance=2),
        pb.SearchRequest(
            near_object=pb.NearObject(id=str(ID), distance=2, targets=pb.Targets(target_vectors=["style"]))
        ),
    ),
    "near_object by an object": (
        lambda: of(Page).near_object(Page(id=ID, title="t"), certainty=1),
        pb.SearchRequest(
            near_object=pb.NearObject(id=str(ID), certainty=1, targets=pb.Targets(target_vectors=["embedding"]))
        ),
    ),
}
KEYWORDS: dict[str, tuple[Callable[[], Query], pb.SearchRequest]] = {
    "bm25": (lambda: of(Book).bm25("x y"), pb.SearchRequest(bm25_search=pb.BM25(query="x y"))),
    "bm25 of properties": (
        lambda: of(Line).bm25("x", properties=[Line.text]),
        pb.SearchRequest(bm25_search=pb.BM25(query="x", properties=["lineText"])),
    ),
    "hybrid": (
        lambda: of(Article).hybrid("x"),
        pb.SearchRequest(
            hybrid_search=pb.Hybrid(
                query="x",
                alpha=0.75,
                alpha_param=0.75,
                use_alpha_param=True,
                fusion_type=pb.Hybrid.FUSION_TYPE_RELATIVE_SCORE,
                targets=pb.Targets(target_vectors=["embedding"]),
            )
        ),
    ),
    "hybrid with everything": (
        lambda: of(Document).hybrid(
            "x",
            alpha=1,
            vector=[1, 2, 3],
            properties=[Document.title],
            fusion=Fusion.RANKED,
            target=Document.meaning,
            max_vector_distance=0.0,
        ),
        pb.SearchRequest(
            hybrid_search=pb.Hybrid(
                query="x",
                alpha=1,
                alpha_param=1,
                use_alpha_param=True,
                fusion_type=pb.Hybrid.FUSION_TYPE_RANKED,
                properties=["title"],
                vectors=[pb.Vectors(vector_bytes=RAW, type=SINGLE)],
                targets=pb.Targets(target_vectors=["meaning"]),
                vector_distance=0.0,
            )
        ),
    ),
}


@pytest.mark.parametrize("name", SEARCHES)
def test_a_vector_search_becomes_exactly_this_message(name: str) -> None:
    make, expected = SEARCHES[name]
    assert difference(make(), *NEAR) == expected


@pytest.mark.parametrize("name", KEYWORDS)
def test_a_keyword_search_becomes_exactly_this_message(name: str) -> None:
    make, expected = KEYWORDS[name]
    assert difference(make(), *SCORE) == expected


def test_alpha_zero_is_said_in_all_three_fields() -> None:
    """An alpha that is left out means another number on each generation of servers."""
    hybrid = request(of(Document).hybrid("x", alpha=0)).hybrid_search
    assert (hybrid.alpha, hybrid.alpha_param, hybrid.use_alpha_param) == (0, 0, True)
    assert hybrid.HasField("alpha_param")
    assert list(hybrid.targets.target_vectors) == ["meaning"]


def test_thresholds_of_zero_are_said() -> None:
    near = request(of(Article).near_text("x", distance=0.0)).near_text
    assert near.HasField("distance")
    assert not near.HasField("certainty")
    assert request(of(Document).hybrid("x", alpha=0, max_vector_distance=0.0)).hybrid_search.WhichOneof("threshold")


def test_the_call_names_what_it_needs_of_the_server() -> None:
    def needs(query: Query) -> tuple[Feature, ...]:
        return compile_search(query._statement).needs

    assert needs(of(Book)) == needs(of(Article).hybrid("x")) == ()
    assert needs(of(Page).near_vector([1.0])) == (Feature.VECTORS_MESSAGE,)
    assert needs(of(Page).hybrid("x", vector=[1.0])) == (Feature.VECTORS_MESSAGE,)
    assert needs(of(Article).where(~(Article.title == "x"))) == (Feature.NOT_FILTER,)


def test_compiling_twice_gives_equal_and_separate_messages() -> None:
    query = of(Article).near_text("x").where(Article.word_count > 1).include(Article.author)
    first, second = request(query), request(query)
    assert first == second
    first.collection = "Other"
    assert request(query) == second


def test_queries_that_ask_for_the_same_share_no_message() -> None:
    plain = request(of(Book))
    scope = Scope(consistency="ALL")
    other = request(of(Book).where(Book.title == "t").order_by(Book.title).limit(3).offset(2), scope)
    other.properties.non_ref_properties.append("other")
    other.properties.return_all_nonref_properties = True
    other.metadata.vector = True
    other.uses_127_api = False
    assert request(of(Book)) == plain


# Replies.


def test_a_reply_becomes_hits_in_its_order() -> None:
    call = compile_search(of(Page).with_vectors()._statement)
    assert (call.rpc, call.collection) == (SEARCH, "ZooPage")
    reply = pb.SearchReply()
    for number, title in enumerate(["b", "a"], start=1):
        added = reply.results.add()
        added.properties.non_ref_props.fields["title"].text_value = title
        added.metadata.CopyFrom(
            pb.MetadataResult(
                id_as_bytes=UUID(int=number).bytes,
                distance=0.25 * number,
                distance_present=True,
                certainty=0.0,
                certainty_present=True,
                score=7.0,
                creation_time_unix=1_714_560_000_123,
                creation_time_unix_present=True,
                last_update_time_unix=1_714_560_000_123_000_000,
                last_update_time_unix_present=True,
                vectors=[pb.Vectors(name="embedding", vector_bytes=RAW)],
            )
        )
    hits: list[Hit[Page]] = call.read(pb.SearchReply.FromString(reply.SerializeToString()))
    assert [(hit.id.int, hit.object.id.int, hit.object.title, hit.distance) for hit in hits] == [
        (1, 1, "b", 0.25),
        (2, 2, "a", 0.5),
    ]
    first = hits[0]
    moment = datetime(2024, 5, 1, 10, 40, 0, 123000, UTC)
    assert (first.created_at, first.updated_at) == (moment, moment)  # the second in nanoseconds, as old servers had it
    assert first.certainty == 0.0
    assert first.score is None  # a number without its mark says nothing
    assert (first.explain_score, first.rerank_score) == (None, None)
    assert {name: array.tolist() for name, array in first.vectors.items()} == {"embedding": [1, 2, 3]}
    assert repr(first).startswith("Hit(Page(")
    assert repr(first).endswith(", distance=0.25, certainty=0)")


def test_an_empty_reply_has_no_hits() -> None:
    assert compile_search(of(Page)._statement).read(pb.SearchReply()) == []
