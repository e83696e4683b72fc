"""Aggregation: every metric of every type, over everything, what is filtered, what a search finds, and groups."""

from __future__ import annotations

from typing import Any

from weaviate.classes.aggregate import GroupByAggregate, Metrics
from weaviate.classes.query import BM25Operator, Filter, Move

from .common import ID, OTHER, Intent, aggregates

likes = Metrics("likes")
title = Metrics("title")
mean = likes.integer(mean=True)


def of(*metrics: Any) -> Intent:
    return lambda c: aggregates(c).over_all(total_count=False, return_metrics=list(metrics))


INTENTS: dict[str, Intent] = {
    "count": lambda c: aggregates(c).over_all(total_count=True),
    "count, filtered": lambda c: aggregates(c).over_all(
        total_count=True, filters=Filter.by_property("likes").greater_than(5)
    ),
    "length of a collection": lambda c: len(c.collections.use("PeerExhibit")),
    "count of a tenant": lambda c: (
        c.collections.use("ZooLoan").with_tenant("acme").aggregate.over_all(total_count=True)
    ),
    "count and metrics": lambda c: aggregates(c).over_all(total_count=True, return_metrics=[mean]),
    # metrics
    "text, all": of(title.text(count=True, top_occurrences_count=True, top_occurrences_value=True, limit=3)),
    "text, count": of(title.text(count=True)),
    "text, top occurrences": of(title.text(top_occurrences_count=True, top_occurrences_value=True)),
    "whole numbers, all": of(likes.integer()),
    "whole numbers, one": of(likes.integer(median=True)),
    "numbers, all": of(Metrics("price").number()),
    "numbers, some": of(Metrics("price").number(sum_=True, maximum=True)),
    "truths, all": of(Metrics("shown").boolean()),
    "truths, some": of(Metrics("shown").boolean(total_true=True, percentage_false=True)),
    "dates, all": of(Metrics("published").date_()),
    "dates, some": of(Metrics("published").date_(maximum=True, minimum=True)),
    "references": of(Metrics("maker").reference(pointing_to=True)),
    "several properties": of(mean, Metrics("price").number(maximum=True), title.text(count=True)),
    # searches
    "near_text": lambda c: aggregates(c).near_text(
        "a", object_limit=10, target_vector="meaning", total_count=False, return_metrics=mean
    ),
    "near_text with everything": lambda c: aggregates(c).near_text(
        ["a", "b"],
        distance=0.5,
        move_to=Move(force=0.5, concepts=["c"]),
        move_away=Move(force=0.25, objects=[OTHER]),
        object_limit=10,
        filters=Filter.by_property("shown").equal(True),
        target_vector="meaning",
        total_count=True,
        return_metrics=mean,
    ),
    "near_text with a certainty": lambda c: aggregates(c).near_text(
        "a", certainty=0.5, target_vector="meaning", total_count=True
    ),
    "near_vector": lambda c: aggregates(c).near_vector(
        [1.0, 2.0], object_limit=10, target_vector="given", total_count=False, return_metrics=mean
    ),
    "near_vector within a distance": lambda c: aggregates(c).near_vector(
        [1.0, 2.0], distance=0.5, target_vector="given", total_count=True
    ),
    "near_vector with a certainty": lambda c: aggregates(c).near_vector(
        [1.0, 2.0], certainty=0.5, target_vector="given", total_count=True
    ),
    "near_object": lambda c: aggregates(c).near_object(
        ID, object_limit=10, target_vector="given", total_count=False, return_metrics=mean
    ),
    "near_object within a distance": lambda c: aggregates(c).near_object(
        ID, distance=0.5, target_vector="given", total_count=True
    ),
    "hybrid": lambda c: aggregates(c).hybrid(
        "red", alpha=0.5, object_limit=10, target_vector="meaning", total_count=False, return_metrics=mean
    ),
    "hybrid with everything": lambda c: aggregates(c).hybrid(
        "red",
        alpha=0.5,
        vector=[1.0, 2.0],
        query_properties=["title^2", "body"],
        bm25_operator=BM25Operator.and_(),
        object_limit=10,
        max_vector_distance=0.75,
        filters=Filter.by_property("shown").equal(True),
        target_vector="given",
        total_count=True,
        return_metrics=mean,
    ),
    # groups
    "grouped": lambda c: aggregates(c).over_all(group_by="category", total_count=True),
    "grouped with a limit": lambda c: aggregates(c).over_all(
        group_by=GroupByAggregate(prop="category", limit=3),
        total_count=True,
        return_metrics=[mean, title.text(count=True)],
    ),
    "grouped, filtered": lambda c: aggregates(c).over_all(
        group_by="shown", filters=Filter.by_property("likes").greater_than(5), total_count=False, return_metrics=mean
    ),
    "grouped near_text": lambda c: aggregates(c).near_text(
        "a",
        object_limit=10,
        target_vector="meaning",
        group_by=GroupByAggregate(prop="category", limit=3),
        total_count=True,
        return_metrics=mean,
    ),
    "grouped near_vector": lambda c: aggregates(c).near_vector(
        [1.0, 2.0], object_limit=10, target_vector="given", group_by="category", total_count=True
    ),
    "grouped near_object": lambda c: aggregates(c).near_object(
        ID, object_limit=10, target_vector="given", group_by="category", total_count=True
    ),
    "grouped hybrid": lambda c: aggregates(c).hybrid(
        "red", alpha=0.5, object_limit=10, target_vector="meaning", group_by="category", total_count=True
    ),
}
