"""Several targets, and what each is compared with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import numpy as np
import pytest

from weaviate_orm import (
    Fusion,
    HybridVector,
    InvalidQueryError,
    InvalidValueError,
    MultiVector,
    Property,
    TargetVectors,
    Vector,
    WeaviateModel,
    flat,
    hnsw,
    vector,
)
from weaviate_orm.model.info import model_info
from weaviate_orm.modules import text2vec_openai
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.search import Hybrid, NearObject, NearText, NearVector
from weaviate_orm.query.statement import Statement
from weaviate_orm.query.targets import Targets

ID = UUID(int=7)
ANY: Any = TargetVectors  # given what it does not take


class Story(WeaviateModel):
    """Vectors of both kinds, embedded and given."""

    title: Property[str]
    topic: Vector = vector(text2vec_openai(), source=["title"])
    mood: Vector = vector(text2vec_openai(), source=["title"])
    own: Vector = vector(dimensions=2)
    far: Vector = vector(index=flat(distance="l2-squared"))
    rows: MultiVector = vector(index=hnsw(distance="dot"))


class Tale(Story):
    """An heir, whose fields are read from either class."""


class Old(WeaviateModel):
    """The vector without a name."""

    embedding: Vector = vector(unnamed=True)


def query(model: type[WeaviateModel] = Story) -> Any:  # a Builder, whose arguments are wrong in half of the tests
    return Builder[Any](Statement(model_info(model)))


def search(built: Any) -> Any:  # the clause, of whichever search
    return built._statement.search


def fields(targets: Targets) -> list[str]:
    return [each.field for each in targets.vectors]


class TestTargets:
    def test_one(self) -> None:
        targets = search(query().near_text("x", target=Story.topic)).targets
        assert (fields(targets), targets.combination, targets.weights) == (["topic"], None, ())

    @pytest.mark.parametrize("several", [[Story.topic, Story.mood], (Story.topic, Story.mood)])
    def test_a_list_leaves_the_combination_to_the_server(self, several: Any) -> None:
        targets = search(query().near_text("x", target=several)).targets
        assert (fields(targets), targets.combination) == (["topic", "mood"], None)

    @pytest.mark.parametrize(
        ("target", "combination"),
        [
            (TargetVectors.sum(Story.mood, Story.topic), "sum"),
            (TargetVectors.average(Story.mood, Story.topic), "average"),
            (TargetVectors.minimum(Story.mood, Story.topic), "minimum"),
        ],
    )
    def test_joined(self, target: TargetVectors, combination: str) -> None:
        targets = search(query().near_object(ID, target=target)).targets
        assert (fields(targets), targets.combination, targets.weights) == (["mood", "topic"], combination, ())

    @pytest.mark.parametrize(
        ("make", "combination"),
        [
            (TargetVectors.manual_weights, "manual_weights"),
            (TargetVectors.relative_score, "relative_score"),
        ],
    )
    def test_weighted(self, make: Any, combination: str) -> None:
        targets = search(query().near_text("x", target=make({Story.mood: 2, Story.topic: [0.5]}))).targets
        assert fields(targets) == ["mood", "topic"]
        assert (targets.combination, targets.weights) == (combination, ((2.0,), (0.5,)))

    def test_an_heir_takes_its_bases_vectors(self) -> None:
        targets = search(query(Tale).near_text("x", target=[Story.topic, Tale.mood])).targets
        assert targets.vectors == (model_info(Tale).vectors["topic"], model_info(Tale).vectors["mood"])

    @pytest.mark.parametrize(
        ("target", "message"),
        [
            ([], r"near_text\(\) got an empty list as target"),
            ([Story.topic, Story.topic], r"Story\.topic is named twice .* near_vector\(\{Story\.topic: \[first, second\]\}\)"),
            (TargetVectors.sum(Story.mood, Tale.mood), r"Tale\.mood is not a vector of Story"),
            ([Story.topic, Old.embedding], r"Old\.embedding is not a vector of Story"),
            (["topic"], r"target takes a vector of Story \(Story\.topic, .*\), got 'topic'"),
            ("topic", r"target takes a vector of Story .* got 'topic'"),
            (
                TargetVectors.manual_weights({Story.topic: [0.5, 0.5], Story.mood: 1}),
                r"near_text\(\): Story\.topic is compared with 1 vector, but has 2 weights in "
                r"TargetVectors\.manual_weights\(\{Story\.topic: \[0\.5, 0\.5\], Story\.mood: 1\}\)",
            ),
        ],
    )  # fmt: skip
    def test_what_is_refused(self, target: Any, message: str) -> None:
        with pytest.raises(InvalidQueryError, match=message):
            query().near_text("x", target=target)

    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (TargetVectors.sum, r"TargetVectors\.sum\(\) takes at least one vector"),
            (lambda: ANY.average("topic"), r"TargetVectors\.average\(\) takes vectors of a model, .* got 'topic'"),
            (lambda: ANY.minimum([Story.topic]), r"TargetVectors\.minimum\(\) takes vectors of a model"),
            (lambda: TargetVectors.manual_weights({}), r"takes at least one vector"),
            (lambda: ANY.manual_weights([Story.topic]), r"takes a mapping from vectors to weights"),
            (lambda: ANY.manual_weights({"topic": 1}), r"takes vectors of a model"),
            (lambda: ANY.relative_score({Story.topic: "1"}), r"takes a number, or a list of numbers"),
            (lambda: TargetVectors.relative_score({Story.topic: []}), r"takes a number, or a list of numbers"),
            (lambda: TargetVectors.relative_score({Story.topic: float("nan")}), r"takes a number, or a list of numbers"),
        ],
    )  # fmt: skip
    def test_values_that_are_none(self, make: Any, message: str) -> None:
        with pytest.raises(InvalidQueryError, match=message):
            make()

    def test_every_target_needs_a_module(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"near_text\(\) needs a vectorizer, but Story\.own holds vectors"):
            query().near_text("x", target=[Story.topic, Story.own])

    def test_repr(self) -> None:
        assert repr(TargetVectors.sum(Story.own, Story.far)) == "TargetVectors.sum(Story.own, Story.far)"
        weighted = TargetVectors.manual_weights({Story.own: [1, 0.5], Story.far: 2})
        assert repr(weighted) == "TargetVectors.manual_weights({Story.own: [1, 0.5], Story.far: 2})"


class TestQueryVectors:
    def test_one_vector_for_several_targets(self) -> None:
        found = search(query().near_vector([1, 2], target=[Story.own, Story.far]))
        assert isinstance(found, NearVector)
        assert isinstance(found.vectors, np.ndarray)
        assert fields(found.targets) == ["own", "far"]

    def test_one_vector_cannot_be_of_both_kinds(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"cannot compare one vector with \[Story\.own, Story\.rows\]"):
            query().near_vector([1, 2], target=[Story.own, Story.rows])

    def test_each_target_its_own(self) -> None:
        found = search(query().near_vector({Story.far: [3, 4, 5], Story.own: [1, 2]}))
        assert fields(found.targets) == ["far", "own"]
        assert [[each.tolist() for each in several] for several in found.vectors] == [[[3, 4, 5]], [[1, 2]]]
        assert all(each.dtype == np.float32 for several in found.vectors for each in several)

    def test_they_come_in_the_order_of_the_targets(self) -> None:
        target = TargetVectors.manual_weights({Story.own: [1, 2], Story.far: 3})
        found = search(query().near_vector({Story.far: [3, 4], Story.own: [[1, 2], [5, 6]]}, target=target))
        assert fields(found.targets) == ["own", "far"]
        assert [[each.tolist() for each in several] for several in found.vectors] == [[[1, 2], [5, 6]], [[3, 4]]]

    @pytest.mark.parametrize(
        ("given", "shapes"),
        [
            ([[1, 2], [3, 4]], [(2, 2)]),
            (np.ones((3, 2)), [(3, 2)]),
            ([[[1, 2], [3, 4]], [[5, 6]]], [(2, 2), (1, 2)]),
            ([np.ones((2, 2)), np.ones((1, 2))], [(2, 2), (1, 2)]),
            (np.ones((2, 4, 2)), [(4, 2), (4, 2)]),
        ],
    )
    def test_multi_vectors_have_one_dimension_more(self, given: Any, shapes: list[tuple[int, int]]) -> None:
        found = search(query().near_vector({Story.rows: given, Story.far: np.zeros(3, dtype=np.float64)}))
        assert [each.shape for each in found.vectors[0]] == shapes
        assert [each.shape for each in found.vectors[1]] == [(3,)]

    def test_a_mapping_of_one_vector_is_the_vector(self) -> None:
        found = search(query().near_vector({Story.own: [1, 2]}))
        assert isinstance(found.vectors, np.ndarray)
        old = search(query(Old).near_vector({Old.embedding: [1, 2, 3]}))
        assert old.vectors.tolist() == [1, 2, 3]

    @pytest.mark.parametrize(
        ("given", "target", "message"),
        [
            ({}, None, r"near_vector\(\) got an empty mapping"),
            ({Story.own: [1, 2]}, Story.far, r"got vectors for Story\.own, but the target is Story\.far"),
            (
                {Story.own: [1, 2], Story.far: [1]},
                Story.far,
                r"got vectors for \[Story\.own, Story\.far\], but the target is Story\.far",
            ),
            ({Story.own: [1, 2, 3]}, None, r"Story\.own is declared with 2 dimensions, the vector searched has 3"),
            (
                {Story.own: [[1, 2], [3, 4]]},
                TargetVectors.manual_weights({Story.own: 1}),
                r"Story\.own is compared with 2 vectors, but has 1 weight in TargetVectors",
            ),
            ({"own": [1, 2]}, None, r"target takes a vector of Story"),
            ({Story.own: [1, 2], Tale.own: [3, 4]}, None, r"Tale\.own is not a vector of Story"),
        ],
    )
    def test_what_does_not_fit(self, given: Any, target: Any, message: str) -> None:
        with pytest.raises(InvalidQueryError, match=message):
            query().near_vector(given, target=target)

    def test_a_vector_named_by_two_classes_counts_once(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"Tale\.own is named twice"):
            query(Tale).near_vector({Story.own: [1, 2], Tale.own: [3, 4]})

    def test_vectors_that_are_none(self) -> None:
        with pytest.raises(InvalidValueError, match=r"near_vector\(\), Story\.far, takes an array of numbers"):
            query().near_vector({Story.far: "x", Story.own: [1, 2]})
        with pytest.raises(InvalidValueError, match=r"Story\.rows, takes an array of shape \(rows, dimensions\)"):
            query().near_vector({Story.rows: [1, 2]})
        with pytest.raises(InvalidValueError, match=r"got several rows\. .* give \{Story\.own: \[first, second\]\}"):
            query().near_vector([[1, 2], [3, 4]], target=Story.own)

    def test_the_unnamed_vector_takes_one(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"Old\.embedding has no name in the collection"):
            query(Old).near_vector({Old.embedding: [[1, 2], [3, 4]]})


class TestCertainty:
    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: query().near_vector([1], target=Story.far, certainty=0.5), r"cosine distance only; Story\.far .* 'l2-squared'"),
            (lambda: query().near_vector([[1]], target=Story.rows, certainty=0.5), r"Story\.rows is a multi-vector"),
            (lambda: query().near_object(ID, target=[Story.own, Story.topic], certainty=0.5), r"by several distances"),
            (lambda: query().near_vector({Story.own: [[1, 2], [3, 4]]}, certainty=0.5), r"Story\.own by several distances"),
            (lambda: query().near_text("x", target=Story.mood, certainty="0.5"), r"takes a number as certainty"),
        ],
    )  # fmt: skip
    def test_where_the_server_has_none(self, make: Any, message: str) -> None:
        with pytest.raises(InvalidQueryError, match=message):
            make()

    def test_where_it_has_one(self) -> None:
        assert search(query().near_vector([1, 2], target=Story.own, certainty=0.5)).threshold.certainty == 0.5
        assert search(query().near_vector([1], target=[Story.far], distance=9)).threshold.distance == 9


class TestHybrid:
    def test_a_vector_for_each_target(self) -> None:
        target = TargetVectors.average(Story.own, Story.far)
        found = search(query().hybrid("x", vector={Story.far: [1], Story.own: [1, 2]}, target=target))
        assert isinstance(found, Hybrid)
        assert isinstance(found.vector, NearVector)
        assert fields(found.targets) == fields(found.vector.targets) == ["own", "far"]

    def test_text_for_several_targets(self) -> None:
        found = search(query().hybrid("x", target=[Story.topic, Story.mood]))
        assert (fields(found.targets), found.vector) == (["topic", "mood"], None)
        with pytest.raises(InvalidQueryError, match=r"hybrid\(\) needs vector=\.\.\., because Story\.own"):
            query().hybrid("x", target=[Story.topic, Story.own])

    def test_searches_of_their_own(self) -> None:
        found = search(query().hybrid("x", vector=HybridVector.near_text(["a", "b"]), target=Story.topic))
        assert isinstance(found.vector, NearText)
        assert found.vector.concepts == ("a", "b")
        found = search(query().hybrid("x", vector=HybridVector.near_vector([1, 2], distance=0.5), target=Story.own))
        assert isinstance(found.vector, NearVector)
        assert found.vector.threshold.distance == 0.5

    def test_keywords_alone_name_some_vector(self) -> None:
        assert fields(search(query().hybrid("x", alpha=0)).targets) == ["topic"]
        with pytest.raises(InvalidQueryError, match=r"Story has several vectors; say which one hybrid\(\) searches"):
            query().hybrid("x", alpha=0.1)


def test_every_query_reads_as_it_was_written() -> None:
    E = query()
    for built, text in (
        (E.near_text("x", target=Story.topic), "near_text('x', target=Story.topic)"),
        (E.near_object(ID, target=[Story.own, Story.far]), f"near_object({ID}, target=[Story.own, Story.far])"),
        (
            E.near_vector({Story.own: [[1, 2], [3, 4]], Story.far: [1]}, distance=0.5),
            "near_vector({Story.own: [<shape (2,)>, <shape (2,)>], Story.far: <shape (1,)>}, target=[Story.own, Story.far], distance=0.5)",
        ),
        (
            E.near_text("x", target=TargetVectors.relative_score({Story.topic: 2, Story.mood: 0.5})),
            "near_text('x', target=TargetVectors.relative_score({Story.topic: 2, Story.mood: 0.5}))",
        ),
        (
            E.hybrid(None, vector=[1, 2], target=Story.own, fusion=Fusion.RANKED),
            "hybrid(None, alpha=1, vector=<shape (2,)>, fusion=Fusion.RANKED, target=Story.own)",
        ),
        (
            E.hybrid("x", vector=HybridVector.near_vector([1, 2], distance=1), target=Story.own, max_vector_distance=2),
            "hybrid('x', alpha=0.75, vector=HybridVector.near_vector(<shape (2,)>, distance=1), target=Story.own, max_vector_distance=2)",
        ),
        (query(Old).near_vector([1]), "near_vector(<shape (1,)>)"),
    ):
        assert repr(built) == f"<Builder {built._statement.info.name}.{text}>"


def test_near_object_takes_no_list_of_weights() -> None:
    found = search(query().near_object(ID, target=TargetVectors.manual_weights({Story.own: 1, Story.far: 2})))
    assert isinstance(found, NearObject)
    with pytest.raises(InvalidQueryError, match=r"Story\.own is compared with 1 vector, but has 2 weights"):
        query().near_object(ID, target=TargetVectors.manual_weights({Story.own: [1, 2]}))


def test_a_query_keeps_the_numbers_that_it_was_given() -> None:
    array, rows = np.ones(2, np.float32), np.ones((1, 2), np.float32)
    one = query().near_vector(array, target=Story.own)
    mapped = query().near_vector({Story.own: [array, array], Story.rows: rows})
    mixed = query().hybrid("x", vector=array, target=Story.own)
    array[:], rows[:] = 7, 7
    assert search(one).vectors.tolist() == [1, 1]
    assert [[each.tolist() for each in several] for several in search(mapped).vectors] == [[[1, 1], [1, 1]], [[[1, 1]]]]
    assert search(mixed).vector.tolist() == [1, 1]


def test_a_target_with_no_vector_at_all() -> None:
    with pytest.raises(InvalidValueError, match=r"^near_vector\(\), Story\.own, got no vector at all"):
        query().near_vector({Story.own: np.zeros((0, 2))})
