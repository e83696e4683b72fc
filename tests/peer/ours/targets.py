"""One search over several vectors, and several vectors searched in one."""

from __future__ import annotations

from weaviate_orm import HybridVector, TargetVectors

from .common import ID, Intent
from .models import Exhibit as E
from .models import exhibits

__all__ = ["INTENTS"]

INTENTS: dict[str, Intent] = {
    # ways to join, by text
    "a list": lambda s: exhibits(s).near_text("a", target=[E.meaning, E.content]).all(),
    "sum": lambda s: exhibits(s).near_text("a", target=TargetVectors.sum(E.meaning, E.content)).all(),
    "average": lambda s: exhibits(s).near_text("a", target=TargetVectors.average(E.meaning, E.content)).all(),
    "minimum": lambda s: exhibits(s).near_text("a", target=TargetVectors.minimum(E.meaning, E.content)).all(),
    "manual weights": lambda s: (
        exhibits(s).near_text("a", target=TargetVectors.manual_weights({E.meaning: 1.0, E.content: 0.5})).all()
    ),
    "relative score": lambda s: (
        exhibits(s).near_text("a", target=TargetVectors.relative_score({E.meaning: 0.75, E.content: 0.25})).all()
    ),
    # ... by an object, and both rankings of hybrid search
    "near_object, a list": lambda s: exhibits(s).near_object(ID, target=[E.given, E.second]).all(),
    "near_object, sum": lambda s: exhibits(s).near_object(ID, target=TargetVectors.sum(E.given, E.second)).all(),
    "near_object, relative score": lambda s: (
        exhibits(s).near_object(ID, target=TargetVectors.relative_score({E.given: 1.0, E.second: 2.0})).all()
    ),
    "hybrid, a list": lambda s: exhibits(s).hybrid("red", alpha=0.5, target=[E.meaning, E.content]).all(),
    "hybrid, average": lambda s: (
        exhibits(s).hybrid("red", alpha=0.5, target=TargetVectors.average(E.meaning, E.content)).all()
    ),
    "hybrid, manual weights": lambda s: (
        exhibits(s)
        .hybrid("red", alpha=0.5, target=TargetVectors.manual_weights({E.meaning: 1.0, E.content: 0.5}))
        .all()
    ),
    # one vector for several targets
    "near_vector, a list": lambda s: exhibits(s).near_vector([1, 2], target=[E.given, E.second]).all(),
    "near_vector, sum": lambda s: exhibits(s).near_vector([1, 2], target=TargetVectors.sum(E.given, E.second)).all(),
    "near_vector, manual weights": lambda s: (
        exhibits(s).near_vector([1, 2], target=TargetVectors.manual_weights({E.given: 1.0, E.second: 0.5})).all()
    ),
    # a vector for each target
    "a vector for each": lambda s: (
        exhibits(s).near_vector({E.given: [1, 2], E.second: [3, 4]}, target=[E.given, E.second]).all()
    ),
    "a vector for each, sum": lambda s: (
        exhibits(s).near_vector({E.given: [1, 2], E.second: [3, 4]}, target=TargetVectors.sum(E.given, E.second)).all()
    ),
    "a vector for each, minimum within a distance": lambda s: (
        exhibits(s)
        .near_vector({E.given: [1, 2], E.second: [3, 4]}, target=TargetVectors.minimum(E.given, E.second), distance=0.5)
        .all()
    ),
    "a vector for each, manual weights": lambda s: (
        exhibits(s)
        .near_vector(
            {E.given: [1, 2], E.second: [3, 4]}, target=TargetVectors.manual_weights({E.given: 1.0, E.second: 0.5})
        )
        .all()
    ),
    "a vector for each, relative score": lambda s: (
        exhibits(s)
        .near_vector(
            {E.given: [1, 2], E.second: [3, 4]}, target=TargetVectors.relative_score({E.given: 1.0, E.second: 0.5})
        )
        .all()
    ),
    # several vectors for one target
    "several vectors for one": lambda s: exhibits(s).near_vector({E.given: [[1, 2], [3, 4]], E.second: [5, 6]}).all(),
    "several vectors for one, average": lambda s: (
        exhibits(s).near_vector({E.given: [[1, 2], [3, 4]]}, target=TargetVectors.average(E.given)).all()
    ),
    "several vectors for one, manual weights": lambda s: (
        exhibits(s)
        .near_vector(
            {E.given: [[1, 2], [3, 4]], E.second: [5, 6]},
            target=TargetVectors.manual_weights({E.given: [1.0, 0.5], E.second: 0.25}),
        )
        .all()
    ),
    "rows beside a vector": lambda s: exhibits(s).near_vector({E.tokens: [[1, 2], [3, 4]], E.given: [1, 2]}).all(),
    "several rows for one": lambda s: (
        exhibits(s).near_vector({E.tokens: [[[1, 2], [3, 4]], [[5, 6]]], E.given: [1, 2]}).all()
    ),
    # the vectors of hybrid search
    "hybrid, a vector for each": lambda s: (
        exhibits(s)
        .hybrid("red", alpha=0.5, vector={E.given: [1, 2], E.second: [3, 4]}, target=[E.given, E.second])
        .all()
    ),
    "hybrid, a vector for each, sum": lambda s: (
        exhibits(s)
        .hybrid(
            "red",
            alpha=0.5,
            vector={E.given: [1, 2], E.second: [3, 4]},
            target=TargetVectors.sum(E.given, E.second),
        )
        .all()
    ),
    "hybrid around a vector for each": lambda s: (
        exhibits(s)
        .hybrid(
            "red",
            alpha=0.5,
            vector=HybridVector.near_vector({E.given: [1, 2], E.second: [3, 4]}, distance=0.5),
            target=[E.given, E.second],
        )
        .all()
    ),
    "hybrid around a text for several": lambda s: (
        exhibits(s)
        .hybrid(
            "red",
            alpha=0.5,
            vector=HybridVector.near_text("animals"),
            target=TargetVectors.average(E.meaning, E.content),
        )
        .all()
    ),
}
