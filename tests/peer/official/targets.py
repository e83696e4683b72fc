"""One search over several vectors, and several vectors searched in one."""

from __future__ import annotations

from weaviate.classes.query import HybridFusion, HybridVector, NearVector, TargetVectors

from .common import ID, Intent, exhibits, near, scored

hybrid = {**scored, "alpha": 0.5, "fusion_type": HybridFusion.RELATIVE_SCORE}
TEXTS = ["meaning", "content"]
GIVEN = ["given", "second"]

INTENTS: dict[str, Intent] = {
    # ways to join, by text
    "a list": lambda c: exhibits(c).near_text("a", target_vector=TEXTS, **near),
    "sum": lambda c: exhibits(c).near_text("a", target_vector=TargetVectors.sum(TEXTS), **near),
    "average": lambda c: exhibits(c).near_text("a", target_vector=TargetVectors.average(TEXTS), **near),
    "minimum": lambda c: exhibits(c).near_text("a", target_vector=TargetVectors.minimum(TEXTS), **near),
    "manual weights": lambda c: exhibits(c).near_text(
        "a", target_vector=TargetVectors.manual_weights({"meaning": 1.0, "content": 0.5}), **near
    ),
    "relative score": lambda c: exhibits(c).near_text(
        "a", target_vector=TargetVectors.relative_score({"meaning": 0.75, "content": 0.25}), **near
    ),
    # ... by an object, and both rankings of hybrid search
    "near_object, a list": lambda c: exhibits(c).near_object(ID, target_vector=GIVEN, **near),
    "near_object, sum": lambda c: exhibits(c).near_object(ID, target_vector=TargetVectors.sum(GIVEN), **near),
    "near_object, relative score": lambda c: exhibits(c).near_object(
        ID, target_vector=TargetVectors.relative_score({"given": 1.0, "second": 2.0}), **near
    ),
    "hybrid, a list": lambda c: exhibits(c).hybrid("red", target_vector=TEXTS, **hybrid),
    "hybrid, average": lambda c: exhibits(c).hybrid("red", target_vector=TargetVectors.average(TEXTS), **hybrid),
    "hybrid, manual weights": lambda c: exhibits(c).hybrid(
        "red", target_vector=TargetVectors.manual_weights({"meaning": 1.0, "content": 0.5}), **hybrid
    ),
    # one vector for several targets
    "near_vector, a list": lambda c: exhibits(c).near_vector([1.0, 2.0], target_vector=GIVEN, **near),
    "near_vector, sum": lambda c: exhibits(c).near_vector([1.0, 2.0], target_vector=TargetVectors.sum(GIVEN), **near),
    "near_vector, manual weights": lambda c: exhibits(c).near_vector(
        [1.0, 2.0], target_vector=TargetVectors.manual_weights({"given": 1.0, "second": 0.5}), **near
    ),
    # a vector for each target
    "a vector for each": lambda c: exhibits(c).near_vector(
        {"given": [1.0, 2.0], "second": [3.0, 4.0]}, target_vector=GIVEN, **near
    ),
    "a vector for each, sum": lambda c: exhibits(c).near_vector(
        {"given": [1.0, 2.0], "second": [3.0, 4.0]}, target_vector=TargetVectors.sum(GIVEN), **near
    ),
    "a vector for each, minimum within a distance": lambda c: exhibits(c).near_vector(
        {"given": [1.0, 2.0], "second": [3.0, 4.0]},
        target_vector=TargetVectors.minimum(GIVEN),
        distance=0.5,
        **near,
    ),
    "a vector for each, manual weights": lambda c: exhibits(c).near_vector(
        {"given": [1.0, 2.0], "second": [3.0, 4.0]},
        target_vector=TargetVectors.manual_weights({"given": 1.0, "second": 0.5}),
        **near,
    ),
    "a vector for each, relative score": lambda c: exhibits(c).near_vector(
        {"given": [1.0, 2.0], "second": [3.0, 4.0]},
        target_vector=TargetVectors.relative_score({"given": 1.0, "second": 0.5}),
        **near,
    ),
    # several vectors for one target
    "several vectors for one": lambda c: exhibits(c).near_vector(
        {"given": NearVector.list_of_vectors([1.0, 2.0], [3.0, 4.0]), "second": [5.0, 6.0]},
        target_vector=GIVEN,
        **near,
    ),
    "several vectors for one, average": lambda c: exhibits(c).near_vector(
        {"given": NearVector.list_of_vectors([1.0, 2.0], [3.0, 4.0])},
        target_vector=TargetVectors.average(["given"]),
        **near,
    ),
    "several vectors for one, manual weights": lambda c: exhibits(c).near_vector(
        {"given": NearVector.list_of_vectors([1.0, 2.0], [3.0, 4.0]), "second": [5.0, 6.0]},
        target_vector=TargetVectors.manual_weights({"given": [1.0, 0.5], "second": 0.25}),
        **near,
    ),
    "rows beside a vector": lambda c: exhibits(c).near_vector(
        {"tokens": [[1.0, 2.0], [3.0, 4.0]], "given": [1.0, 2.0]}, target_vector=["tokens", "given"], **near
    ),
    "several rows for one": lambda c: exhibits(c).near_vector(
        {
            "tokens": NearVector.list_of_vectors([[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0]]),
            "given": [1.0, 2.0],
        },
        target_vector=["tokens", "given"],
        **near,
    ),
    # the vectors of hybrid search
    "hybrid, a vector for each": lambda c: exhibits(c).hybrid(
        "red", vector={"given": [1.0, 2.0], "second": [3.0, 4.0]}, target_vector=GIVEN, **hybrid
    ),
    "hybrid, a vector for each, sum": lambda c: exhibits(c).hybrid(
        "red",
        vector={"given": [1.0, 2.0], "second": [3.0, 4.0]},
        target_vector=TargetVectors.sum(GIVEN),
        **hybrid,
    ),
    "hybrid around a vector for each": lambda c: exhibits(c).hybrid(
        "red",
        vector=HybridVector.near_vector({"given": [1.0, 2.0], "second": [3.0, 4.0]}, distance=0.5),
        target_vector=GIVEN,
        **hybrid,
    ),
    "hybrid around a text for several": lambda c: exhibits(c).hybrid(
        "red", vector=HybridVector.near_text("animals"), target_vector=TargetVectors.average(TEXTS), **hybrid
    ),
}
