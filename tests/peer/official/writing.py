"""What is written, deleted and listed over gRPC."""

from __future__ import annotations

from typing import Any

from weaviate.classes.config import ConsistencyLevel
from weaviate.classes.data import DataObject, GeoCoordinate, PhoneNumber, ReferenceToMulti
from weaviate.classes.query import Filter

from .common import ID, MAY, NOON, OTHER, Intent


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
    "arrays in nested objects": stored(
        "ZooEverything",
        properties={
            "part": {
                "name": "p",
                "names": ["a", "b"],
                "counts": [1, 2],
                "weights": [0.5, 1.5],
                "flags": [True, False],
                "dates": [MAY],
                "serials": [OTHER],
                "size": {"width": 1.5, "height": 2.5, "label": "l"},
                "sizes": [{"width": 0.5, "height": 1.0}],
            }
        },
    ),
    "numbers in nested objects": stored(
        "ZooEverything",
        properties={
            "part": {
                "name": "p",
                "count": 3,
                "weight": 0.5,
                "spare": False,
                "made": MAY,
                "serial": OTHER,
                "drawing": "AP8Q",
            }
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

unpopular = Filter.by_property("likes").less_than(5)

DELETIONS: dict[str, Intent] = {
    "by a condition": lambda c: c.collections.use("PeerExhibit").data.delete_many(unpopular),
    "dry run": lambda c: c.collections.use("PeerExhibit").data.delete_many(unpopular, dry_run=True),
    "verbose": lambda c: c.collections.use("PeerExhibit").data.delete_many(unpopular, verbose=True),
    "verbose dry run": lambda c: c.collections.use("PeerExhibit").data.delete_many(
        unpopular, dry_run=True, verbose=True
    ),
    "by ids": lambda c: c.collections.use("PeerExhibit").data.delete_many(Filter.by_id().contains_any([ID, OTHER])),
    "of a tenant": lambda c: (
        c.collections.use("ZooLoan")
        .with_tenant("acme")
        .with_consistency_level(ConsistencyLevel.QUORUM)
        .data.delete_many(Filter.by_property("title").equal("t"))
    ),
}

TENANTS: dict[str, Intent] = {
    "all": lambda c: c.collections.use("ZooLoan").tenants.get(),
    "by name": lambda c: c.collections.use("ZooLoan").tenants.get_by_names(["acme"]),
}
