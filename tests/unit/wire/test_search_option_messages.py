"""Options of searches as messages, to the field: targets and their order, movement, media, keywords, parts of a hybrid search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias
from uuid import UUID

import numpy as np
import pytest

from weaviate_orm import (
    Expression,
    HybridVector,
    Move,
    MultiVector,
    Property,
    TargetVectors,
    Vector,
    WeaviateModel,
    Weighted,
    Words,
    prop,
    vector,
)
from weaviate_orm.model.info import model_info
from weaviate_orm.modules import multi2vec_bind, text2vec_openai
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.statement import Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.features import Feature
from weaviate_orm.wire.search import compile_search, search_request
from weaviate_orm.wire.searches import SEARCHES

ID, OTHER = UUID(int=7), UUID(int=8)
SUM = pb.CombinationMethod.COMBINATION_METHOD_TYPE_SUM
AVERAGE = pb.CombinationMethod.COMBINATION_METHOD_TYPE_AVERAGE
MINIMUM = pb.CombinationMethod.COMBINATION_METHOD_TYPE_MIN
MANUAL = pb.CombinationMethod.COMBINATION_METHOD_TYPE_MANUAL
RELATIVE = pb.CombinationMethod.COMBINATION_METHOD_TYPE_RELATIVE_SCORE

Query: TypeAlias = Builder[Any]  # whatever its model


class Work(WeaviateModel):
    """Other names in the collection than in Python."""

    title: Property[str] = prop(name="workTitle")
    body: Property[str] = prop(default="")
    topic: Vector = vector(text2vec_openai(), source=["title"], name="workTopic")
    mood: Vector = vector(text2vec_openai(), source=["title"])
    own: Vector = vector(name="workOwn")
    far: Vector = vector()
    rows: MultiVector = vector()
    scene: Vector = vector(multi2vec_bind(image_fields=["title"]))


def of() -> Query:
    return Builder(Statement(model_info(Work)))


def request(query: Query) -> pb.SearchRequest:
    return search_request(query._statement)


def single(name: str, *values: float) -> pb.Vectors:
    return pb.Vectors(
        name=name, vector_bytes=np.array(values, dtype="<f4").tobytes(), type=pb.Vectors.VECTOR_TYPE_SINGLE_FP32
    )


def rows(name: str, values: list[list[float]]) -> pb.Vectors:
    array = np.array(values, dtype="<f4")
    packed = array.shape[1].to_bytes(2, "little") + array.tobytes()
    return pb.Vectors(name=name, vector_bytes=packed, type=pb.Vectors.VECTOR_TYPE_MULTI_FP32)


def weights(*pairs: tuple[str, float]) -> list[pb.WeightsForTarget]:
    return [pb.WeightsForTarget(target=target, weight=weight) for target, weight in pairs]


TARGETS: list[tuple[Callable[[], Query], pb.Targets]] = [
    (lambda: of().near_text("x", target=Work.topic), pb.Targets(target_vectors=["workTopic"])),
    (lambda: of().near_text("x", target=[Work.mood, Work.topic]), pb.Targets(target_vectors=["mood", "workTopic"])),
    (
        lambda: of().near_text("x", target=TargetVectors.sum(Work.topic, Work.mood)),
        pb.Targets(target_vectors=["workTopic", "mood"], combination=SUM),
    ),
    (
        lambda: of().near_text("x", target=TargetVectors.average(Work.topic, Work.mood)),
        pb.Targets(target_vectors=["workTopic", "mood"], combination=AVERAGE),
    ),
    (
        lambda: of().near_text("x", target=TargetVectors.minimum(Work.topic, Work.mood)),
        pb.Targets(target_vectors=["workTopic", "mood"], combination=MINIMUM),
    ),
    (
        lambda: of().near_text("x", target=TargetVectors.manual_weights({Work.topic: 2, Work.mood: 0})),
        pb.Targets(
            target_vectors=["workTopic", "mood"],
            combination=MANUAL,
            weights_for_targets=weights(("workTopic", 2), ("mood", 0)),
        ),
    ),
    (
        lambda: of().near_text("x", target=TargetVectors.relative_score({Work.mood: 0.25, Work.topic: [0.75]})),
        pb.Targets(
            target_vectors=["mood", "workTopic"],
            combination=RELATIVE,
            weights_for_targets=weights(("mood", 0.25), ("workTopic", 0.75)),
        ),
    ),
]


@pytest.mark.parametrize(("make", "expected"), TARGETS, ids=range(len(TARGETS)))
def test_targets(make: Callable[[], Query], expected: pb.Targets) -> None:
    assert request(make()).near_text == pb.NearTextSearch(query=["x"], targets=expected)


def test_every_search_takes_several_targets() -> None:
    several = pb.Targets(target_vectors=["workOwn", "far"], combination=SUM)
    target = TargetVectors.sum(Work.own, Work.far)
    assert request(of().near_vector([1, 2], target=target)).near_vector.targets == several
    assert request(of().near_object(ID, target=target)).near_object.targets == several
    assert request(of().hybrid("x", vector=[1], target=target)).hybrid_search.targets == several


VECTORS: list[tuple[Callable[[], Query], pb.NearVector]] = [
    (  # one for all
        lambda: of().near_vector([1, 2], target=[Work.own, Work.far], distance=0.5),
        pb.NearVector(
            vectors=[single("", 1, 2)], distance=0.5, targets=pb.Targets(target_vectors=["workOwn", "far"])
        ),
    ),
    (  # each its own
        lambda: of().near_vector({Work.far: [3], Work.own: [1, 2]}),
        pb.NearVector(
            vector_for_targets=[
                pb.VectorForTarget(name="far", vectors=[single("far", 3)]),
                pb.VectorForTarget(name="workOwn", vectors=[single("workOwn", 1, 2)]),
            ],
            targets=pb.Targets(target_vectors=["far", "workOwn"]),
        ),
    ),
    (  # in the order of the targets, each named once in one list and as often as it has vectors in the others
        lambda: of().near_vector(
            {Work.far: [3], Work.own: [[1, 2], [4, 5]]},
            target=TargetVectors.manual_weights({Work.own: [0.5, 0.25], Work.far: 2}),
        ),
        pb.NearVector(
            vector_for_targets=[
                pb.VectorForTarget(name="workOwn", vectors=[single("workOwn", 1, 2), single("workOwn", 4, 5)]),
                pb.VectorForTarget(name="far", vectors=[single("far", 3)]),
            ],
            targets=pb.Targets(
                target_vectors=["workOwn", "workOwn", "far"],
                combination=MANUAL,
                weights_for_targets=weights(("workOwn", 0.5), ("workOwn", 0.25), ("far", 2)),
            ),
        ),
    ),
    (  # several for the only target: named twice, or a server takes it for a search by one distance
        lambda: of().near_vector({Work.own: [[1, 2], [4, 5]]}),
        pb.NearVector(
            vector_for_targets=[
                pb.VectorForTarget(name="workOwn", vectors=[single("workOwn", 1, 2), single("workOwn", 4, 5)])
            ],
            targets=pb.Targets(target_vectors=["workOwn", "workOwn"]),
        ),
    ),
    (
        lambda: of().near_vector({Work.own: [1]}, target=TargetVectors.average(Work.own)),
        pb.NearVector(
            vector_for_targets=[pb.VectorForTarget(name="workOwn", vectors=[single("workOwn", 1)])],
            targets=pb.Targets(target_vectors=["workOwn"], combination=AVERAGE),
        ),
    ),
    (
        lambda: of().near_vector({Work.rows: [[1, 2], [3, 4]], Work.far: [5]}),
        pb.NearVector(
            vector_for_targets=[
                pb.VectorForTarget(name="rows", vectors=[rows("rows", [[1, 2], [3, 4]])]),
                pb.VectorForTarget(name="far", vectors=[single("far", 5)]),
            ],
            targets=pb.Targets(target_vectors=["rows", "far"]),
        ),
    ),
    (
        lambda: of().near_vector({Work.rows: [[[1, 2]], [[3, 4], [5, 6]]]}),
        pb.NearVector(
            vector_for_targets=[
                pb.VectorForTarget(name="rows", vectors=[rows("rows", [[1, 2]]), rows("rows", [[3, 4], [5, 6]])])
            ],
            targets=pb.Targets(target_vectors=["rows", "rows"]),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("make", "expected"), VECTORS, ids=range(len(VECTORS)))
def test_query_vectors(make: Callable[[], Query], expected: pb.NearVector) -> None:
    assert request(make()).near_vector == expected


def test_movement() -> None:
    query = of().near_text(
        ["a", "b"],
        target=Work.topic,
        move_to=Move(force=0.5, concepts="c", objects=[ID]),
        move_away=Move(force=2, objects=[OTHER, Work(id=ID, title="x")]),
    )
    move = pb.NearTextSearch.Move
    assert request(query).near_text == pb.NearTextSearch(
        query=["a", "b"],
        move_to=move(force=0.5, concepts=["c"], uuids=[str(ID)]),
        move_away=move(force=2, uuids=[str(OTHER), str(ID)]),
        targets=pb.Targets(target_vectors=["workTopic"]),
    )


TARGET = pb.Targets(target_vectors=["scene"])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("image", pb.SearchRequest(near_image=pb.NearImageSearch(image="eA==", distance=0.0, targets=TARGET))),
        ("audio", pb.SearchRequest(near_audio=pb.NearAudioSearch(audio="eA==", distance=0.0, targets=TARGET))),
        ("video", pb.SearchRequest(near_video=pb.NearVideoSearch(video="eA==", distance=0.0, targets=TARGET))),
        ("depth", pb.SearchRequest(near_depth=pb.NearDepthSearch(depth="eA==", distance=0.0, targets=TARGET))),
        ("thermal", pb.SearchRequest(near_thermal=pb.NearThermalSearch(thermal="eA==", distance=0.0, targets=TARGET))),
        ("imu", pb.SearchRequest(near_imu=pb.NearIMUSearch(imu="eA==", distance=0.0, targets=TARGET))),
    ],
)
def test_media(kind: Any, expected: pb.SearchRequest) -> None:
    found = request(of().near_media(b"x", kind=kind, target=Work.scene, distance=0.0))
    name = f"near_{kind}"
    assert getattr(found, name) == getattr(expected, name)
    assert [field.name for field, _ in found.ListFields() if field.name.startswith("near_")] == [name]
    if kind == "image":
        near = request(of().near_image(b"x", target=Work.scene, certainty=0.75)).near_image
        assert near == pb.NearImageSearch(image="eA==", certainty=0.75, targets=TARGET)


OR = pb.SearchOperatorOptions.OPERATOR_OR
AND = pb.SearchOperatorOptions.OPERATOR_AND
AND_CROSS = pb.SearchOperatorOptions.OPERATOR_AND_CROSS


def test_weighted_properties() -> None:
    searched: list[Expression[Any] | Weighted] = [Work.title.weighted(3), Work.body, Work.title.weighted(0.1)]
    expected = ["workTitle^3", "body", "workTitle^0.1"]
    assert list(request(of().bm25("x", properties=searched)).bm25_search.properties) == expected
    assert list(request(of().hybrid("x", alpha=0, properties=searched)).hybrid_search.properties) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (Words.any(minimum=2), pb.SearchOperatorOptions(operator=OR, minimum_or_tokens_match=2)),
        (Words.every(), pb.SearchOperatorOptions(operator=AND)),
        (Words.every_across_properties(), pb.SearchOperatorOptions(operator=AND_CROSS)),
    ],
)
def test_operators(words: Words, expected: pb.SearchOperatorOptions) -> None:
    assert request(of().bm25("x", operator=words)).bm25_search == pb.BM25(query="x", search_operator=expected)
    hybrid = request(of().hybrid("x", alpha=0, operator=words)).hybrid_search
    assert hybrid.bm25_search_operator == expected


def test_what_servers_do_anyway_is_not_said() -> None:
    """So that it works on servers that are too old for the operator."""
    query = of().bm25("x", operator=Words.any())
    assert request(query).bm25_search == pb.BM25(query="x")
    assert compile_search(query._statement).needs == ()
    assert not request(of().hybrid("x", alpha=0, operator=Words.any())).hybrid_search.HasField("bm25_search_operator")


def hybrid_part(query: Query) -> pb.Hybrid:
    """Give what differs from the plain search for x."""
    found = request(query).hybrid_search
    for name in ("alpha", "alpha_param", "use_alpha_param", "fusion_type", "query"):
        found.ClearField(name)
    return found


def test_the_vector_part_of_a_hybrid_search() -> None:
    """The targets stand in the hybrid search, never in the search inside."""
    own = pb.Targets(target_vectors=["workOwn"])
    assert hybrid_part(of().hybrid("x", vector=[1, 2], target=Work.own)) == pb.Hybrid(
        vectors=[single("", 1, 2)], targets=own
    )
    assert hybrid_part(of().hybrid("x", vector={Work.own: [1, 2]})) == pb.Hybrid(
        vectors=[single("", 1, 2)], targets=own
    )
    inside = HybridVector.near_vector([1, 2], distance=0.0)
    assert hybrid_part(of().hybrid("x", vector=inside, target=Work.own)) == pb.Hybrid(
        near_vector=pb.NearVector(vectors=[single("", 1, 2)], distance=0.0), targets=own
    )
    each = [
        pb.VectorForTarget(name="workOwn", vectors=[single("workOwn", 1), single("workOwn", 2)]),
        pb.VectorForTarget(name="far", vectors=[single("far", 3)]),
    ]
    joined = pb.Targets(target_vectors=["workOwn", "workOwn", "far"], combination=SUM)
    target = TargetVectors.sum(Work.own, Work.far)
    parts: tuple[Any, Any] = (
        {Work.far: [3], Work.own: [[1], [2]]},
        HybridVector.near_vector({Work.far: [3], Work.own: [[1], [2]]}),
    )
    for given in parts:
        assert hybrid_part(of().hybrid("x", vector=given, target=target)) == pb.Hybrid(
            near_vector=pb.NearVector(vector_for_targets=each), targets=joined
        )
    text = HybridVector.near_text(["a", "b"], move_away=Move(1, "c"))
    assert hybrid_part(of().hybrid("x", vector=text, target=Work.mood)) == pb.Hybrid(
        near_text=pb.NearTextSearch(
            query=["a", "b"], move_away=pb.NearTextSearch.Move(force=1, concepts=["c"])
        ),
        targets=pb.Targets(target_vectors=["mood"]),
    )  # fmt: skip


def test_a_hybrid_search_without_a_text() -> None:
    hybrid = request(of().hybrid(None, vector=[1], target=Work.own)).hybrid_search
    assert (hybrid.query, hybrid.alpha, hybrid.alpha_param, hybrid.use_alpha_param) == ("", 1, 1, True)


def test_the_call_names_what_it_needs_of_the_server() -> None:
    def needs(query: Query) -> tuple[Feature, ...]:
        return compile_search(query._statement).needs

    assert needs(of().near_vector({Work.own: [1], Work.far: [2]})) == (Feature.VECTORS_MESSAGE,)
    assert needs(of().hybrid("x", vector=HybridVector.near_vector([1]), target=Work.own)) == (Feature.VECTORS_MESSAGE,)
    assert needs(of().hybrid("x", vector=HybridVector.near_text("y"), target=Work.mood)) == ()
    assert needs(of().near_image(b"x", target=Work.scene)) == needs(of().near_object(ID, target=Work.own)) == ()
    assert needs(of().bm25("x", operator=Words.any(minimum=2))) == (Feature.BM25_OPERATOR,)
    assert needs(of().bm25("x", operator=Words.every_across_properties())) == (Feature.BM25_AND_CROSS,)
    assert needs(of().hybrid("x", vector=[1], operator=Words.every(), target=Work.own)) == (
        Feature.VECTORS_MESSAGE,
        Feature.BM25_OPERATOR,
    )


@pytest.mark.parametrize(
    ("make", "here", "there"),
    [
        (lambda: of().near_text("x", target=Work.topic, distance=0.5), "near_text", "near_text"),
        (lambda: of().near_vector({Work.own: [1]}), "near_vector", "near_vector"),
        (lambda: of().near_object(ID, target=Work.own), "near_object", "near_object"),
        (lambda: of().near_media(b"x", kind="imu", target=Work.scene), "near_imu", "near_imu"),
        (lambda: of().hybrid("x", vector=[1], target=Work.own), "hybrid_search", "hybrid"),
    ],
    ids=["near_text", "near_vector", "near_object", "near_media", "hybrid"],
)
def test_an_aggregation_has_the_same_searches(make: Callable[[], Query], here: str, there: str) -> None:
    query = make()
    search = query._statement.search
    aggregate = pb.AggregateRequest()
    SEARCHES[type(search)](aggregate, search)
    assert [field.name for field, _ in aggregate.ListFields()] == [there]
    assert getattr(aggregate, there) == getattr(request(query), here)
