"""A process that loads objects is killed at random moments; what it had been told is stored must be there, and nothing by halves."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import stores

from weaviate_orm.local.objects import StoredObject
from weaviate_orm.local.storage.changes import Change, PutCollection
from weaviate_orm.local.storage.columns import TextColumn
from weaviate_orm.local.storage.database import Database

ROUNDS = 10
KEPT = 20
"""Batches; older ones are dropped again, so that deletions are cut short too."""


def batch_size(batch: int) -> int:
    """Give how many objects a batch has: from one to many pages of the file."""
    return (1, 7, 60, 300)[batch % 4]


def batch_changes(batch: int) -> list[Change]:
    """Give the changes of one commit: the objects of a batch, one that every batch replaces, and the end of an old batch."""
    changes: list[Change] = [
        stores.put(1000 * batch + number, title=f"batch{batch}", count=batch, tags=["x" * 50] * 3)
        for number in range(1, batch_size(batch) + 1)
    ]
    changes.append(stores.put(0, title="latest", count=batch))
    old = batch - KEPT
    if old > 0:
        changes += [stores.drop(1000 * old + number) for number in range(1, batch_size(old) + 1)]
    return changes


def load(path: str, first: int) -> None:
    """Commit batches for ever, and say so after each; this is what the test kills."""
    database = stores.open_database(path)
    if not database.collections:
        database.commit([PutCollection(stores.collection_json("Article"))])
    for batch in range(first, first + 100_000):
        database.commit(batch_changes(batch))
        print(batch, flush=True)


def killed_load(path: Path, first: int, seconds: float, acknowledged: int) -> int:
    """Run the loader, kill it some time after its first commit, and give the last batch that it acknowledged."""
    folders = [*sys.path, str(Path(__file__).parent)]
    program = f"import sys; sys.path[:0] = {folders!r}; import test_file_crash as t; t.load({str(path)!r}, {first})"
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        line = process.stdout.readline()
        assert line, "the loader ended by itself"
        kill = threading.Timer(seconds, process.kill)  # SIGKILL
        kill.start()
        # A last line that was cut short by the kill has no end.
        lines = [line, *(line for line in process.stdout)]
    kill.join()
    assert process.wait() == -9
    return max([acknowledged, *(int(line) for line in lines if line.endswith("\n"))])


def check(database: Database, acknowledged: int) -> int:
    """See that every acknowledged batch is there and every batch is whole; gives the last one that is there."""
    shard = database.collections["Article"].stored("")
    objects = [shard.object_at(row) for row in np.flatnonzero(shard.live).tolist()]
    latest = next(one for one in objects if one.properties["title"] == "latest").properties["count"]
    # The kill may fall between the end of a commit and its acknowledgement.
    assert latest in (acknowledged, acknowledged + 1)
    expected = {batch: batch_size(batch) for batch in range(max(1, latest - KEPT + 1), latest + 1)}
    found: dict[int, int] = {}
    for one in objects:
        if one.properties["title"] != "latest":
            found[one.properties["count"]] = found.get(one.properties["count"], 0) + 1
    assert found == expected
    assert len(shard) == sum(expected.values()) + 1
    check_indexes(database, objects, expected)
    return int(latest)


def check_indexes(database: Database, objects: list[StoredObject], expected: dict[int, int]) -> None:
    shard = database.collections["Article"].stored("")
    title, embedding = shard.column("title"), shard.vectors("embedding")
    assert isinstance(title, TextColumn)
    assert title.index is not None
    for batch, size in expected.items():
        assert title.index.live_count(f"batch{batch}") == size
    live = {token for token in title.index.tokens() if title.index.live_count(token)}
    assert live == {"latest", *(f"batch{batch}" for batch in expected)}
    for one in objects:
        row = shard.row(one.id)
        assert row is not None
        vector = embedding.get(row)
        assert vector is not None
        number = int.from_bytes(one.id, "big")
        assert vector.tolist() == np.arange(number, number + 3, dtype=np.float32).tolist()
    assert [shard.id_at(row) for row in shard.in_uuid_order()] == sorted(one.id for one in objects)


def test_what_was_acknowledged_is_there_after_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "articles.db"
    moments = random.Random(20_26)
    latest = 0
    for _ in range(ROUNDS):
        acknowledged = killed_load(path, latest + 1, moments.uniform(0.0, 0.4), latest)
        assert acknowledged > latest
        database = stores.open_database(path)
        latest = check(database, acknowledged)
        database.close()


def test_the_loader_does_what_the_checks_expect() -> None:
    database = stores.open_database()
    database.commit([PutCollection(stores.collection_json("Article"))])
    for batch in range(1, 2 * KEPT):
        database.commit(batch_changes(batch))
        if batch % KEPT in (0, 1):
            check(database, batch)
