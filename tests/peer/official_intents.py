"""The official client's half of the comparison: run as a program with two ports, it says each intent in the client's own words.

It names no collection that the zoo has not. Each intent sends exactly one request; the names are printed in the order of sending.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import weaviate
    from weaviate.classes.config import ConsistencyLevel
    from weaviate.classes.data import DataObject, GeoCoordinate, PhoneNumber, ReferenceToMulti
    from weaviate.classes.query import (
        Filter,
        HybridFusion,
        MetadataQuery,
        QueryReference,
        Sort,
    )

ID, OTHER = UUID(int=7), UUID(int=8)
MAY = datetime(2024, 5, 1, 12, 30, 15, 250000, UTC)
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
ARTICLE = ["title", "body", "word_count", "published", "tags"]
PLAIN = MetadataQuery(creation_time=True, last_update_time=True)
NEAR = MetadataQuery(creation_time=True, last_update_time=True, distance=True, certainty=True)
SCORE = MetadataQuery(creation_time=True, last_update_time=True, score=True, explain_score=True)

Client = Any  # the client's generics would say nothing here
Intent = Callable[[Any], object]


def articles(client: Client) -> Any:
    return client.collections.use("ZooArticle").query


def documents(client: Client) -> Any:
    return client.collections.use("ZooDocument").query


def filtered(filters: Any, collection: str = "ZooArticle", names: list[str] = ARTICLE) -> Intent:
    return lambda client: client.collections.use(collection).query.fetch_objects(
        filters=filters, limit=5, return_properties=names, return_metadata=PLAIN
    )


def everything(filters: Any) -> Intent:
    return filtered(filters, "ZooPlace", ["name", "where"])


article = {"return_properties": ARTICLE}
document = {"return_properties": ["title"]}

SEARCHES: dict[str, Intent] = {
    "the client's defaults": lambda c: articles(c).fetch_objects(),
    "limit": lambda c: articles(c).fetch_objects(limit=5, **article, return_metadata=PLAIN),
    "limit and offset": lambda c: articles(c).fetch_objects(limit=5, offset=3, **article, return_metadata=PLAIN),
    "sorted": lambda c: articles(c).fetch_objects(
        limit=5,
        sort=Sort.by_property("word_count", ascending=False).by_property("title"),
        **article,
        return_metadata=PLAIN,
    ),
    "sorted by id and times": lambda c: articles(c).fetch_objects(
        limit=5,
        sort=Sort.by_id().by_creation_time(ascending=False).by_update_time(),
        **article,
        return_metadata=PLAIN,
    ),
    "near_text": lambda c: articles(c).near_text(
        "engines", limit=5, target_vector="embedding", **article, return_metadata=NEAR
    ),
    "near_text of concepts within a distance": lambda c: articles(c).near_text(
        ["a", "b"], distance=0.25, limit=5, target_vector="embedding", **article, return_metadata=NEAR
    ),
    "near_text with a certainty": lambda c: articles(c).near_text(
        "a", certainty=0.75, limit=5, target_vector="embedding", **article, return_metadata=NEAR
    ),
    "near_vector": lambda c: documents(c).near_vector(
        [1.0, 2.0, 3.0], limit=5, target_vector="meaning", **document, return_metadata=NEAR
    ),
    "near_vector within a distance": lambda c: documents(c).near_vector(
        [1.0, 2.0, 3.0], distance=0.5, limit=5, offset=1, target_vector="meaning", **document, return_metadata=NEAR
    ),
    "near_vector with rows": lambda c: documents(c).near_vector(
        [[1.0, 2.0], [3.0, 4.0]], limit=5, target_vector="tokens", **document, return_metadata=NEAR
    ),
    "near_vector without a name": lambda c: c.collections.use("ZooLegacy").query.near_vector(
        [1.0, 2.0], limit=5, **document, return_metadata=NEAR
    ),
    "near_object": lambda c: documents(c).near_object(
        ID, distance=0.5, limit=5, target_vector="meaning", **document, return_metadata=NEAR
    ),
    "bm25": lambda c: articles(c).bm25("red fox", limit=5, **article, return_metadata=SCORE),
    "bm25 of properties": lambda c: articles(c).bm25(
        "red fox", query_properties=["title", "body"], limit=5, **article, return_metadata=SCORE
    ),
    "hybrid": lambda c: articles(c).hybrid(
        "red fox",
        alpha=0.75,
        fusion_type=HybridFusion.RELATIVE_SCORE,
        limit=5,
        target_vector="embedding",
        **article,
        return_metadata=SCORE,
    ),
    "hybrid of keywords alone": lambda c: articles(c).hybrid(
        "red fox",
        alpha=0,
        fusion_type=HybridFusion.RELATIVE_SCORE,
        limit=5,
        target_vector="embedding",
        **article,
        return_metadata=SCORE,
    ),
    "hybrid with everything": lambda c: documents(c).hybrid(
        "red fox",
        alpha=0.5,
        vector=[1.0, 2.0, 3.0],
        query_properties=["title"],
        fusion_type=HybridFusion.RANKED,
        max_vector_distance=0.5,
        target_vector="meaning",
        limit=5,
        **document,
        return_metadata=SCORE,
    ),
    "equal": filtered(Filter.by_property("title").equal("t")),
    "not equal": filtered(Filter.by_property("title").not_equal("t")),
    "less": filtered(Filter.by_property("word_count").less_than(5)),
    "less or equal": filtered(Filter.by_property("word_count").less_or_equal(5)),
    "greater": filtered(Filter.by_property("word_count").greater_than(5)),
    "greater or equal": filtered(Filter.by_property("word_count").greater_or_equal(5)),
    "like": filtered(Filter.by_property("title").like("a*")),
    "missing": filtered(Filter.by_property("published").is_none(True)),
    "present": filtered(Filter.by_property("published").is_none(False)),
    "after": filtered(Filter.by_property("published").greater_than(MAY)),
    "contains any": filtered(Filter.by_property("tags").contains_any(["a", "b"])),
    "contains all": filtered(Filter.by_property("tags").contains_all(["a", "b"])),
    "contains none": filtered(Filter.by_property("tags").contains_none(["a", "b"])),
    "one of numbers": filtered(Filter.by_property("word_count").contains_any([1, 2])),
    "length": filtered(Filter.by_property("title", length=True).greater_than(3)),
    "by id": filtered(Filter.by_id().equal(ID)),
    "by ids": filtered(Filter.by_id().contains_any([ID, OTHER])),
    "created after": filtered(Filter.by_creation_time().greater_than(MAY)),
    "updated before": filtered(Filter.by_update_time().less_or_equal(MAY)),
    "within": everything(
        Filter.by_property("where").within_geo_range(GeoCoordinate(latitude=52.5, longitude=-13.25), 1500.0)
    ),
    "and": filtered(Filter.by_property("title").equal("t") & Filter.by_property("word_count").equal(1)),
    "or": filtered(Filter.by_property("title").equal("t") | Filter.by_property("word_count").equal(1)),
    "not": filtered(Filter.not_(Filter.by_property("title").equal("t"))),
    "behind a reference": filtered(Filter.by_ref("author").by_property("name").equal("Ada")),
    "behind two references": filtered(Filter.by_ref("author").by_ref("publisher").by_property("name").equal("P")),
    "number of references": filtered(Filter.by_ref_count("related").greater_or_equal(2)),
    "behind one of several targets": filtered(
        Filter.by_ref_multi_target("items", "ZooAuthor").by_property("name").equal("Ada"), "PeerShelf", ["name"]
    ),
    "included references": lambda c: articles(c).fetch_objects(
        limit=5,
        **article,
        return_metadata=PLAIN,
        return_references=[
            QueryReference(
                link_on="author",
                return_properties=["name", "born"],
                return_metadata=MetadataQuery(),
                return_references=[QueryReference(link_on="publisher", return_properties=["name", "city"])],
            )
        ],
    ),
    "vectors": lambda c: documents(c).fetch_objects(
        limit=5, include_vector=["meaning", "style", "tokens"], **document, return_metadata=PLAIN
    ),
    "the vector without a name": lambda c: c.collections.use("ZooLegacy").query.fetch_objects(
        limit=5, include_vector=True, **document, return_metadata=PLAIN
    ),
    "of a tenant": lambda c: (
        c.collections.use("ZooLoan")
        .with_tenant("acme")
        .with_consistency_level(ConsistencyLevel.QUORUM)
        .query.fetch_objects(limit=5, return_properties=["title"], return_metadata=PLAIN)
    ),
}


def stored(collection: str, **arguments: Any) -> Intent:
    return lambda client: client.collections.use(collection).data.insert_many([DataObject(uuid=ID, **arguments)])


BATCHES: dict[str, Intent] = {
    "scalars": stored(
        "ZooEverything",
        properties={
            "text": "Grüße",
            "whole": 5,
            "number": 0.5,
            "truth": False,
            "instant": MAY,
            "identity": OTHER,
            "place": GeoCoordinate(latitude=52.5, longitude=-13.25),
            "phone": PhoneNumber(number="020 1234567", default_country="NL"),
            "blob": "AP8Q",
        },
    ),
    "arrays": stored(
        "ZooEverything",
        properties={
            "texts": ["a", ""],
            "wholes": [1, 2],
            "numbers": [0.5, 1.5],
            "truths": [True, False],
            "instants": [MAY, NOON],
            "identities": [OTHER],
        },
    ),
    "empty arrays": stored("ZooRequired", properties={"texts": [], "wholes": [], "numbers": []}),
    "nested objects": stored(
        "ZooCompany",
        properties={
            "name": "C",
            "seat": {"street": "S", "city": "O", "contacts": [{"kind": "mail", "value": "v"}]},
            "branches": [{"street": "T", "city": "R", "contacts": []}],
        },
    ),
    "a named vector": stored("ZooPage", properties={"title": "t"}, vector={"embedding": [1.0, 2.0]}),
    "vectors": stored(
        "ZooDocument",
        properties={"title": "t"},
        vector={"meaning": [1.0, 2.0, 3.0], "tokens": [[1.0, 2.0], [3.0, 4.0]]},
    ),
    "the vector without a name": stored("ZooLegacy", properties={"title": "t"}, vector=[1.0, 2.0]),
    "a reference": stored(
        "ZooArticle", properties={"title": "t", "body": "b", "word_count": 0, "tags": []}, references={"author": OTHER}
    ),
    "several references": stored(
        "ZooArticle",
        properties={"title": "t", "body": "b", "word_count": 0, "tags": []},
        references={"related": [OTHER, ID]},
    ),
    "a reference to one of several targets": stored(
        "PeerShelf",
        properties={"name": "s"},
        references={"items": ReferenceToMulti(target_collection="ZooAuthor", uuids=[OTHER])},
    ),
    "for a tenant": lambda client: (
        client.collections.use("ZooLoan")
        .with_tenant("acme")
        .with_consistency_level(ConsistencyLevel.ALL)
        .data.insert_many([DataObject(uuid=ID, properties={"title": "t"})])
    ),
}

COUNTS: dict[str, Intent] = {
    "all": lambda c: c.collections.use("ZooArticle").aggregate.over_all(total_count=True),
    "filtered": lambda c: c.collections.use("ZooArticle").aggregate.over_all(
        total_count=True, filters=Filter.by_property("word_count").greater_than(5)
    ),
}


def main(http_port: int, grpc_port: int) -> None:
    """Send the requests of all intents."""
    client = weaviate.connect_to_custom(
        http_host="127.0.0.1",
        http_port=http_port,
        http_secure=False,
        grpc_host="127.0.0.1",
        grpc_port=grpc_port,
        grpc_secure=False,
        skip_init_checks=True,
    )
    with client:
        for table in (SEARCHES, BATCHES, COUNTS):
            for name, intent in table.items():
                intent(client)
                print(name, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
