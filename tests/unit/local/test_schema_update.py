"""A changed collection: what a PUT may change, what it may not, and what is kept of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.create import created
from weaviate_orm.local.schema.surroundings import World
from weaviate_orm.local.schema.update import updated

Json = dict[str, Any]
PARSE = "updating schema: TYPE_UPDATE_CLASS: bad request :parse class update: "
WORLD = World(collections=["Article"])


def collection() -> Json:
    return created(
        {
            "class": "Article",
            "properties": [
                {"name": "zeta", "dataType": ["text"]},
                {"name": "alpha", "dataType": ["int"]},
                {"name": "own", "dataType": ["text"], "textAnalyzer": {"stopwordPreset": "mine"}},
            ],
            "vectorConfig": {
                "v": {"vectorizer": {"none": {}}},
                "w": {"vectorizer": {"text2vec-openai": {}}},
                "x": {"vectorizer": {"text2vec-transformers": {}}},
            },
            "moduleConfig": {"generative-dummy": {}},
            "invertedIndexConfig": {"stopwordPresets": {"mine": ["word"]}},
        },
        World(),
    )


def change(alter: Callable[[Json], object]) -> Json:
    current = collection()
    body = copy.deepcopy(current)
    alter(body)
    before = copy.deepcopy(current)
    try:
        return updated(current, body, WORLD, "shard").json
    finally:
        assert current == before


def put(path: str, value: object) -> Callable[[Json], None]:
    def alter(body: Json) -> None:
        *steps, last = path.split("/")
        place: Any = body
        for step in steps:
            place = place[int(step) if isinstance(place, list) else step]
        if value is None:
            del place[last]
        else:
            place[last] = value

    return alter


def test_an_update_with_the_same_json_sorts_the_properties_by_name_and_changes_nothing_else() -> None:
    new, old = change(lambda _: None), collection()
    assert [one["name"] for one in new["properties"]] == ["alpha", "own", "zeta"]
    assert {**new, "properties": None} == {**old, "properties": None}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("description", "new"),
        ("vectorConfig/v/vectorIndexConfig/ef", 64),
        ("vectorConfig/v/vectorIndexConfig/rq/enabled", True),
        ("invertedIndexConfig/bm25", {"b": 0.5, "k1": 1.0}),
        ("replicationConfig/deletionStrategy", "DeleteOnConflict"),
    ],
)
def test_what_may_change(path: str, value: object) -> None:
    found: Any = change(put(path, value))
    for step in path.split("/"):
        found = found[step]
    assert found == value


def test_descriptions_of_properties_may_change() -> None:
    new = change(put("properties/0/description", "said"))
    assert {one["name"]: one.get("description") for one in new["properties"]} == {
        "alpha": None,
        "own": None,
        "zeta": "said",
    }


def test_a_named_vector_may_be_added() -> None:
    new = change(put("vectorConfig/n", {"vectorizer": {"none": {}}}))
    assert new["vectorConfig"]["n"]["vectorIndexType"] == "hnsw"
    assert set(new["vectorConfig"]) == {"v", "w", "x", "n"}


def test_another_generator_replaces_the_old_one_and_a_reranker_stands_beside_it() -> None:
    assert change(put("moduleConfig", {"generative-cohere": {"k": 1}}))["moduleConfig"] == {
        "generative-cohere": {"k": 1}
    }
    assert change(put("moduleConfig", {"reranker-dummy": {}}))["moduleConfig"] == {
        "generative-dummy": {},
        "reranker-dummy": {},
    }
    assert change(put("moduleConfig", None))["moduleConfig"] == {"generative-dummy": {}}


def test_settings_of_modules_with_renamed_settings_may_change_because_the_server_lets_them() -> None:
    new = change(put("vectorConfig/w/vectorizer/text2vec-openai/model", "ada"))
    assert new["vectorConfig"]["w"]["vectorizer"]["text2vec-openai"]["model"] == "ada"


def test_the_reply_repeats_the_request_and_not_what_is_kept() -> None:
    current = collection()
    update = updated(current, {**current, "moduleConfig": {"reranker-dummy": {}}}, WORLD, "shard")
    assert update.reply["moduleConfig"] == {"reranker-dummy": {}}
    assert update.json["moduleConfig"] == {"generative-dummy": {}, "reranker-dummy": {}}


REFUSALS: list[tuple[str, object, str]] = [
    ("class", "Other", 'class name is immutable: attempted change from "Article" to "Other"'),
    (
        "vectorConfig/v/vectorIndexConfig/distance",
        "dot",
        f'{PARSE}invalid update for vector "v": distance is immutable: attempted change from "cosine" to "dot"',
    ),
    ("vectorConfig/v", None, f'{PARSE}missing config for vector "v"'),
    (
        "vectorConfig/x/vectorizer",
        {"text2vec-transformers": {"poolingStrategy": "cls"}},
        'vectorizer config of vector "x" is immutable for class Article',
    ),
    (
        "properties/0/tokenization",
        "field",
        f'{PARSE}property "zeta": property fields other than description cannot be updated through updating the class. Use '
        'the add property feature (e.g. "POST /v1/schema/{className}/properties") to add additional properties',
    ),
    (
        "properties",
        [],
        f"{PARSE}property fields other than description cannot be updated through updating the class. Use the add property "
        'feature (e.g. "POST /v1/schema/{className}/properties") to add additional properties',
    ),
    (
        "invertedIndexConfig/indexTimestamps",
        True,
        '"indexTimestamp" setting is immutable. Value changed from "false" to "true"',
    ),
    (
        "invertedIndexConfig/stopwordPresets",
        {"other": ["x"]},
        f'{PARSE}inverted index config: invertedIndexConfig.stopwordPresets: cannot remove preset "mine" because it is '
        'still used by property "own"',
    ),
    (
        "multiTenancyConfig/enabled",
        True,
        "enabling multi-tenancy for an existing class is not supported",
    ),
    (
        "replicationConfig/factor",
        2,
        'not enough replicas in shard "shard" to increase replication factor to 2 for class "Article"',
    ),
    (
        "shardingConfig/desiredCount",
        2,
        f"{PARSE}validate sharding config: re-sharding not supported yet: shard count is immutable: attempted change from "
        '"1" to "2"',
    ),
]


@pytest.mark.parametrize(("path", "value", "text"), REFUSALS, ids=[path for path, _, _ in REFUSALS])
def test_what_may_not_change(path: str, value: object, text: str) -> None:
    with pytest.raises(Refused) as refused:
        change(put(path, value))
    assert refused.value.text == text


def test_tenants_have_no_shard_that_would_lack_replicas() -> None:
    current = created({"class": "Article", "multiTenancyConfig": {"enabled": True}}, World())
    body = copy.deepcopy(current)
    body["replicationConfig"]["factor"] = 2
    assert updated(current, body, WORLD, None).json["replicationConfig"]["factor"] == 2
