"""A shard against a dictionary, through every order of writes, compactions and reopenings of the file that Hypothesis finds."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
import stores
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

import weaviate_orm.local.storage.shard
from weaviate_orm.local.objects import Beacon, StoredObject
from weaviate_orm.local.storage.changes import Change, DropObject, PutCollection, PutObject
from weaviate_orm.local.storage.columns import NumberColumn, ReferenceColumn, TextColumn
from weaviate_orm.local.storage.database import Database
from weaviate_orm.local.storage.shard import Shard

_NUMBERS = st.integers(0, 12)
_WORDS = st.sampled_from(["red", "blue", "fish", "bird", "ünïcödé"])
_TEXTS = st.lists(_WORDS, max_size=3).map(" ".join)
_DATES = st.sampled_from(["2024-01-01T00:00:00Z", "2024-01-01T01:00:00.000000001+01:00"])
_PROPERTIES = st.fixed_dictionaries(
    {},
    optional={
        "title": _TEXTS,
        "tags": st.lists(_WORDS, max_size=3),
        "count": st.integers(-3, 3),
        "prices": st.lists(st.sampled_from([0.5, 1.5, -2.0]), max_size=3),
        "open": st.booleans(),
        "days": st.lists(_DATES, max_size=2),
        "address": st.dictionaries(_WORDS, st.integers(), max_size=2),
    },
)
_REFERENCES = st.fixed_dictionaries(
    {},
    optional={
        "author": st.lists(st.builds(Beacon, st.sampled_from(["", "A"]), _NUMBERS.map(stores.id_of)), max_size=3)
    },
)
_VECTORS = st.fixed_dictionaries(
    {},
    optional={
        "embedding": st.lists(st.integers(-9, 9), min_size=2, max_size=2),
        "tokens": st.lists(st.lists(st.integers(-9, 9), min_size=2, max_size=2), min_size=1, max_size=3),
    },
)


def _put(
    number: int, properties: dict[str, Any], references: dict[str, Any], vectors: dict[str, Any], stamp: int
) -> Change:
    arrays = {name: np.array(vector, np.float32) for name, vector in vectors.items()}
    return PutObject(
        "Article", "", StoredObject(stores.id_of(number), properties, references, arrays, stamp, stamp + 1)
    )


_CHANGES = st.lists(
    st.builds(_put, _NUMBERS, _PROPERTIES, _REFERENCES, _VECTORS, st.integers(0, 9)) | st.builds(stores.drop, _NUMBERS),
    max_size=6,
)


class StoredAndReopened(RuleBasedStateMachine):
    """Changes go to a database and to a dictionary; both always hold the same objects, in the same order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "objects.db"
        self.database = stores.open_database(self.path)
        self.model: dict[bytes, dict[str, Any]] = {}
        self.types = dict(stores.TYPES)

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    def body(self) -> dict[str, Any]:
        vectors = {
            "embedding": stores.vector_json("l2-squared"),
            "tokens": stores.vector_json(multivector={"enabled": True}),
        }
        return stores.collection_json("Article", self.types, vectors=vectors)

    @initialize()
    def create(self) -> None:
        self.database.commit([PutCollection(self.body())])

    @rule(changes=_CHANGES)
    def commit(self, changes: list[Change]) -> None:
        for change in changes:
            if isinstance(change, PutObject):
                self.model.pop(change.object.id, None)  # a replaced object goes to the end
                self.model[change.object.id] = stores.plain(change.object)
            elif isinstance(change, DropObject):
                self.model.pop(change.id, None)
        self.database.commit(changes)

    @rule()
    def add_a_property(self) -> None:
        if len(self.types) < len(stores.TYPES) + 3:
            self.types[f"added{len(self.types)}"] = "text[]"
            self.database.commit([PutCollection(self.body())])

    @rule()
    def reopen(self) -> None:
        self.database.close()
        self.database = stores.open_database(self.path)

    @invariant()
    def agree(self) -> None:
        if self.database.collections:
            check(self.database, self.model)


def check(database: Database, model: dict[bytes, dict[str, Any]]) -> None:
    shard = database.collections["Article"].stored("")
    live = np.flatnonzero(shard.live).tolist()
    assert len(shard) == len(model)
    assert [stores.plain(shard.object_at(row)) for row in live] == list(model.values())
    assert [shard.row(id) for id in model] == live
    assert [shard.id_at(row) for row in shard.in_uuid_order()] == sorted(model)
    assert len(set(shard.sequence[live].tolist())) == len(live)
    check_indexes(shard, list(model.values()), live)


def check_indexes(shard: Shard, objects: list[dict[str, Any]], live: list[int]) -> None:
    def rows(test: Callable[[dict[str, Any]], bool]) -> list[int]:
        return [row for row, one in zip(live, objects, strict=True) if test(one)]

    count, tags, author = shard.column("count"), shard.column("tags"), shard.column("author")
    assert isinstance(count, NumberColumn)
    assert isinstance(tags, TextColumn)
    assert isinstance(author, ReferenceColumn)
    assert np.flatnonzero(count.select(lambda given: given > 0) & shard.live).tolist() == rows(
        lambda one: one["properties"].get("count", 0) > 0
    )
    assert tags.index is not None
    found = [row for row in tags.index.rows("red").tolist() if shard.live[row]]
    assert found == rows(lambda one: "red" in one["properties"].get("tags", []))
    assert tags.index.live_count("red") == len(found)
    wanted = stores.id_of(3)
    assert np.flatnonzero(author.sources([wanted]) & shard.live).tolist() == rows(
        lambda one: any(beacon.id == wanted for beacon in one["references"].get("author", []))
    )
    embedding = shard.vectors("embedding")
    assert np.flatnonzero(embedding.has(shard.size)).tolist() == rows(lambda one: "embedding" in one["vectors"])
    assert sorted(embedding.nearest(np.zeros(2, np.float32), 100, None).rows.tolist()) == rows(
        lambda one: "embedding" in one["vectors"]
    )


@pytest.fixture(autouse=True)
def _compacts_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weaviate_orm.local.storage.shard, "_COMPACTED_FROM", 8)


def test_a_shard_is_what_a_dictionary_would_be() -> None:
    run_state_machine_as_test(
        StoredAndReopened, settings=settings(max_examples=60, stateful_step_count=12, deadline=None)
    )
