"""Every operator on every kind of target."""

from __future__ import annotations

from typing import Any

from weaviate.classes.data import GeoCoordinate
from weaviate.classes.query import Filter

from .common import ARTICLE, ID, MAY, NOON, OTHER, PLAIN, Intent


def filtered(filters: Any, collection: str = "ZooArticle", names: list[str] = ARTICLE) -> Intent:
    return lambda client: client.collections.use(collection).query.fetch_objects(
        filters=filters, limit=5, return_properties=names, return_metadata=PLAIN
    )


def of_everything(filters: Any) -> Intent:
    return filtered(filters, "PeerTypes", ["text", "whole", "number", "truth", "instant", "identity", "truths"])


place = Filter.by_property("where").within_geo_range(GeoCoordinate(latitude=52.5, longitude=-13.25), 1500.0)

INTENTS: dict[str, Intent] = {
    "equal": filtered(Filter.by_property("title").equal("t")),
    "equal number": of_everything(Filter.by_property("number").equal(1.5)),
    "equal truth": of_everything(Filter.by_property("truth").equal(False)),
    "equal date": of_everything(Filter.by_property("instant").equal(MAY)),
    "equal uuid": of_everything(Filter.by_property("identity").equal(OTHER)),
    "not equal": filtered(Filter.by_property("title").not_equal("t")),
    "not equal truth": of_everything(Filter.by_property("truth").not_equal(True)),
    "not equal number": of_everything(Filter.by_property("number").not_equal(0.5)),
    "less": filtered(Filter.by_property("word_count").less_than(5)),
    "less or equal": filtered(Filter.by_property("word_count").less_or_equal(5)),
    "less number": of_everything(Filter.by_property("number").less_than(0.5)),
    "greater": filtered(Filter.by_property("word_count").greater_than(5)),
    "greater or equal": filtered(Filter.by_property("word_count").greater_or_equal(5)),
    "greater text": of_everything(Filter.by_property("text").greater_or_equal("m")),
    "like": filtered(Filter.by_property("title").like("a*")),
    "missing": filtered(Filter.by_property("published").is_none(True)),
    "present": filtered(Filter.by_property("published").is_none(False)),
    "after": filtered(Filter.by_property("published").greater_than(MAY)),
    "contains any": filtered(Filter.by_property("tags").contains_any(["a", "b"])),
    "contains all": filtered(Filter.by_property("tags").contains_all(["a", "b"])),
    "contains none": filtered(Filter.by_property("tags").contains_none(["a", "b"])),
    "contains truths": of_everything(Filter.by_property("truths").contains_any([True, False])),
    "one of whole numbers": filtered(Filter.by_property("word_count").contains_any([1, 2])),
    "one of numbers": of_everything(Filter.by_property("number").contains_any([0.5, 1.5])),
    "one of dates": of_everything(Filter.by_property("instant").contains_any([MAY, MAY.replace(year=2025)])),
    "one of uuids": of_everything(Filter.by_property("identity").contains_any([ID, OTHER])),
    "none of whole numbers": filtered(Filter.by_property("word_count").contains_none([1, 2])),
    "length": filtered(Filter.by_property("title", length=True).greater_than(3)),
    "length of a list": filtered(Filter.by_property("tags", length=True).equal(0)),
    "by id": filtered(Filter.by_id().equal(ID)),
    "by another id": filtered(Filter.by_id().not_equal(ID)),
    "by ids": filtered(Filter.by_id().contains_any([ID, OTHER])),
    "by none of ids": filtered(Filter.by_id().contains_none([ID, OTHER])),
    "created after": filtered(Filter.by_creation_time().greater_than(MAY)),
    "created before": filtered(Filter.by_creation_time().less_than(MAY)),
    "created then": filtered(Filter.by_creation_time().equal(NOON)),
    "updated before": filtered(Filter.by_update_time().less_or_equal(MAY)),
    "updated since": filtered(Filter.by_update_time().greater_or_equal(MAY)),
    "within": filtered(place, "ZooPlace", ["name", "where"]),
    "and": filtered(Filter.by_property("title").equal("t") & Filter.by_property("word_count").equal(1)),
    "or": filtered(Filter.by_property("title").equal("t") | Filter.by_property("word_count").equal(1)),
    "not": filtered(Filter.not_(Filter.by_property("title").equal("t"))),
    "all of": filtered(
        Filter.all_of([Filter.by_property("title").equal("t"), Filter.by_id().equal(ID), Filter.by_id().equal(OTHER)])
    ),
    "any of": filtered(
        Filter.any_of([Filter.by_property("title").equal("t"), Filter.by_id().equal(ID), Filter.by_id().equal(OTHER)])
    ),
    "nested logic": filtered(
        Filter.all_of(
            [
                Filter.by_property("title").equal("t"),
                Filter.any_of(
                    [Filter.by_property("word_count").less_than(1), Filter.by_property("word_count").greater_than(9)]
                ),
                Filter.not_(Filter.by_property("body").like("x*")),
            ]
        )
    ),
    "behind a reference": filtered(Filter.by_ref("author").by_property("name").equal("Ada")),
    "behind two references": filtered(Filter.by_ref("author").by_ref("publisher").by_property("name").equal("P")),
    "id behind a reference": filtered(Filter.by_ref("author").by_id().equal(OTHER)),
    "number of references": filtered(Filter.by_ref_count("related").greater_or_equal(2)),
    "number of references behind a reference": filtered(Filter.by_ref("author").by_ref_count("articles").equal(0)),
    "behind one of several targets": filtered(
        Filter.by_ref_multi_target("items", "ZooAuthor").by_property("name").equal("Ada"), "PeerShelf", ["name"]
    ),
    "behind the other of several targets": filtered(
        Filter.by_ref_multi_target("items", "ZooBook").by_property("title").like("A*"), "PeerShelf", ["name"]
    ),
}
