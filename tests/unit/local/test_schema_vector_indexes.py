"""Settings of indexes: laid over the defaults, within their limits, and fixed where an update may not touch them."""

from __future__ import annotations

from typing import Any

import pytest

from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.vector_indexes import INDEX_TYPES, check_update, read_index

Json = dict[str, Any]


@pytest.mark.parametrize("kind", sorted(INDEX_TYPES))
def test_nothing_given_gives_a_copy_of_the_defaults(kind: str) -> None:
    first = read_index(kind, None)
    first["distance"] = "dot"
    assert read_index(kind, {}) == read_index(kind, None)
    assert read_index(kind, None)["distance"] == "cosine"


@pytest.mark.parametrize(
    ("kind", "given", "path", "expected"),
    [
        ("hnsw", {"ef": 5}, "ef", 5),
        ("hnsw", {"ef": "many"}, "ef", 0),
        ("hnsw", {"skip": "yes"}, "skip", False),
        ("hnsw", {"rq": {"bits": 1}}, "rq.rescoreLimit", 512),
        ("hnsw", {"rq": {"bits": 1, "rescoreLimit": 7}}, "rq.rescoreLimit", 7),
        ("hnsw", {"multivector": {"enabled": True, "aggregation": "x"}}, "multivector.aggregation", "maxSim"),
        ("hnsw", {"multivector": {"muvera": {}, "aggregation": "x"}}, "multivector.aggregation", "x"),
        ("hnsw", {"pq": 5}, "pq.centroids", 256),
        ("flat", {"bq": {"enabled": True, "cache": True}}, "bq.cache", True),
        ("flat", {"bq": {"enabled": True}}, "bq.rescoreLimit", -1),
        (
            "hfresh",
            {"rq": {"rescoreLimit": 5, "bits": 0}},
            "rq",
            {
                "enabled": True,
                "bits": 1,
                "rescoreLimit": 5,
                "centering": False,
                "trainingLimit": 0,
            },
        ),
        ("hfresh", {"rq": {"rescoreLimit": -5}}, "rq.rescoreLimit", 350),
        ("dynamic", {"hnsw": {"ef": 3}, "threshold": 9}, "hnsw.ef", 3),
        ("dynamic", {"hnsw": {"ef": 3}}, "flat.bq.enabled", False),
    ],
)
def test_settings_are_laid_over_defaults(kind: str, given: Json, path: str, expected: object) -> None:
    found: Any = read_index(kind, given)
    for step in path.split("."):
        found = found[step]
    assert found == expected


@pytest.mark.parametrize(
    ("kind", "given", "text"),
    [
        ("hnsw", 5, "input must be a non-nil map"),
        ("hnsw", {"ef": 1.5}, 'json.Number to int64 for "ef": strconv.ParseInt: parsing "1.5": invalid syntax'),
        (
            "hnsw",
            {"maxConnections": 2048, "efConstruction": 1, "filterStrategy": "x"},
            "invalid hnsw config: maxConnections must be less than 2048, efConstruction must be a positive integer with a "
            "minimum of 4, filterStrategy must be either 'sweeping' or 'acorn'",
        ),
        (
            "hnsw",
            {"pq": {"enabled": True}, "bq": {"enabled": True}},
            "invalid hnsw config: more than a single compression methods enabled",
        ),
        ("hnsw", {"pq": {"encoder": {"type": "x"}}}, "invalid encoder type x"),
        ("hnsw", {"rq": {"enabled": True, "bits": 5}}, "RQ bits must be 8, 4 or 1"),
        ("hnsw", {"rq": {"enabled": True, "centering": True}}, "RQ centering requires bits=4"),
        (
            "hnsw",
            {"multivector": {"enabled": True, "muvera": {"enabled": True, "ksim": 11}}},
            "invalid hnsw config: ksim must be at most 10",
        ),
        ("flat", {"bq": {"cache": True}}, "not possible to use the cache without compression"),
        ("flat", {"pq": {"enabled": True}}, "PQ is not currently supported for flat indices"),
        ("hfresh", {"bq": {}}, "bq is not supported for hfresh index (only rq-1 is supported)"),
        (
            "hfresh",
            {"distance": "dot", "replicas": 11},
            "invalid hfresh config: unsupported distance type 'dot', HFresh only supports 'cosine' or 'l2-squared' for the "
            "distance metric\nreplicas is '11' but must be less than 10",
        ),
        (
            "dynamic",
            {"hnsw": {"multivector": {"enabled": True}}},
            "multi vector index is not supported for dynamic index",
        ),
    ],
)
def test_limits(kind: str, given: object, text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_index(kind, given)
    assert refused.value.text == f"parse vector index config: {text}"


@pytest.mark.parametrize(
    ("kind", "before", "after", "text"),
    [
        ("hnsw", {}, {"ef": 9, "pq": {"enabled": True}, "filterStrategy": "sweeping"}, None),
        ("hnsw", {}, {"distance": "dot"}, 'distance is immutable: attempted change from "cosine" to "dot"'),
        (
            "hnsw",
            {},
            {"multivector": {"enabled": True}},
            'multivector enabled is immutable: attempted change from "false" to "true"',
        ),
        (
            "hnsw",
            {"rq": {"enabled": True}},
            {"rq": {"enabled": True, "bits": 1}},
            'rq bits is immutable: attempted change from "8" to "1"',
        ),
        ("hnsw", {"rq": {"enabled": True}}, {"rq": {"enabled": False, "bits": 1}}, None),
        ("flat", {}, {"bq": {"enabled": True}}, 'bq is immutable: attempted change from "false" to "true"'),
        ("flat", {"bq": {"enabled": True}}, {"bq": {"enabled": True, "cache": True}}, None),
        ("hfresh", {}, {"replicas": 2}, 'replicas is immutable: attempted change from "4" to "2"'),
        (
            "dynamic",
            {},
            {"hnsw": {"efConstruction": 5}},
            'efConstruction is immutable: attempted change from "128" to "5"',
        ),
    ],
)
def test_updates(kind: str, before: Json, after: Json, text: str | None) -> None:
    old, new = read_index(kind, before), read_index(kind, after)
    if text is None:
        check_update(kind, old, new)
        return
    with pytest.raises(ValueError, match="immutable") as error:
        check_update(kind, old, new)
    assert str(error.value) == text
