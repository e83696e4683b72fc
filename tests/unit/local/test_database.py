from __future__ import annotations

import random
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import stores
from forks import alone

from weaviate_orm.errors import ServerUnavailableError, SessionClosedError, WeaviateError
from weaviate_orm.local.objects import StoredObject
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.storage.changes import (
    Change,
    DropAlias,
    DropCollection,
    DropTenant,
    PutAlias,
    PutCollection,
    PutObject,
    PutTenant,
    SetShardStatus,
)
from weaviate_orm.local.storage.database import Database
from weaviate_orm.local.storage.shard import Shard

ARTICLE = PutCollection(stores.collection_json("Article"))


def tenants(**settings: bool) -> list[Change]:
    body = stores.collection_json("Article", multiTenancyConfig={"enabled": True, **settings})
    return [PutCollection(body), PutTenant("Article", "hot", "HOT"), PutTenant("Article", "cold", "COLD")]


@pytest.fixture
def database() -> Database:
    return stores.open_database()


def test_collections_are_found_by_name_small_first_letter_and_alias(database: Database) -> None:
    database.commit([ARTICLE, PutAlias("Paper", "Article"), PutAlias("Lost", "Nowhere")])
    article = database.collections["Article"]
    assert database.find("Article") is article
    assert database.find("article") is article
    assert database.find("Paper") is article
    assert database.collection("paper") is article
    assert database.find("Lost") is None
    assert database.find("") is None
    with pytest.raises(Refused) as refusal:
        database.collection("nope")
    assert refusal.value.text == "could not find class Nope in schema"
    database.commit([DropAlias("Paper"), DropAlias("Never")])
    assert database.aliases == {"Lost": "Nowhere"}


def test_aliases_stay_when_their_collection_goes(database: Database) -> None:
    database.commit([ARTICLE, PutAlias("Paper", "Article"), DropCollection("Article")])
    assert database.aliases == {"Paper": "Article"}
    assert database.collections == {}


def test_a_collection_has_one_shard_with_a_name_like_the_servers(database: Database) -> None:
    database.commit([ARTICLE])
    article = database.collections["Article"]
    ((tenant, name),) = article.shard_names.items()
    assert tenant == ""
    assert len(name) == 12
    assert name.isascii()
    assert name.isalnum()
    assert dict(article.shards()) == {"": article.shard("")}


def test_changes_of_one_commit_build_on_each_other(database: Database) -> None:
    database.commit([*tenants(), stores.put(1, tenant="hot", title="one"), stores.put(1, tenant="cold", title="two")])
    article = database.collections["Article"]
    assert [stores.contents(database, tenant=name)[0]["properties"] for name in ("hot", "cold")] == [
        {"title": "one"},
        {"title": "two"},
    ]
    assert article.tenants == {"hot": "HOT", "cold": "COLD"}
    database.commit([DropTenant("Article", "hot"), PutTenant("Article", "hot", "COLD"), stores.put(2, tenant="hot")])
    assert [one["id"] for one in stores.contents(database, tenant="hot")] == [stores.id_of(2)]
    assert database.collections["Article"].stored("hot").sequence.tolist() == [1]


def test_objects_are_put_and_dropped_in_the_order_of_the_changes(database: Database) -> None:
    database.commit(
        [ARTICLE, stores.put(1), stores.drop(1), stores.put(2), stores.put(3), stores.drop(2), stores.put(1, count=4)]
    )
    assert [(one["id"], one["properties"]) for one in stores.contents(database)] == [
        (stores.id_of(3), {}),
        (stores.id_of(1), {"count": 4}),
    ]


def test_a_changed_configuration_keeps_objects(database: Database) -> None:
    database.commit([ARTICLE, stores.put(1, title="kept")])
    types = stores.TYPES | {"subtitle": "text"}
    database.commit([PutCollection(stores.collection_json("Article", types)), stores.put(2, subtitle="new")])
    assert [one["properties"] for one in stores.contents(database)] == [{"title": "kept"}, {"subtitle": "new"}]


def test_tenancy_refusals_have_the_servers_words(database: Database) -> None:
    database.commit([*tenants(), PutCollection(stores.collection_json("Author"))])
    article, author = database.collections["Article"], database.collections["Author"]
    for collection, tenant, text in [
        (article, "", "class Article has multi-tenancy enabled, but request was without tenant"),
        (article, "zz", 'tenant not found: "zz"'),
        (article, "cold", "tenant not active: 'cold'"),
        (author, "hot", "class Author has multi-tenancy disabled, but request was with tenant"),
    ]:
        with pytest.raises(Refused) as refusal:
            collection.shard(tenant)
        assert refusal.value.text == text
    assert isinstance(article.shard("hot"), Shard)
    assert [tenant for tenant, _ in article.shards()] == ["hot", "cold"]


def test_a_cold_tenant_wakes_by_itself_when_the_collection_says_so(tmp_path: Path) -> None:
    database = stores.open_database(tmp_path / "a.db")
    database.commit([*tenants(autoTenantActivation=True), stores.put(1, tenant="cold")])
    with database.reading():
        assert len(database.collections["Article"].shard("cold")) == 1
    assert database.collections["Article"].tenants["cold"] == "HOT"
    database.close()
    database = stores.open_database(tmp_path / "a.db")
    assert database.collections["Article"].tenants == {"hot": "HOT", "cold": "HOT"}
    database.close()


def test_a_shard_is_readonly_until_the_database_closes(tmp_path: Path) -> None:
    database = stores.open_database(tmp_path / "a.db")
    database.commit([ARTICLE, SetShardStatus("Article", "", "READONLY")])
    assert database.collections["Article"].readonly == {""}
    database.commit([SetShardStatus("Article", "", "READY")])
    assert database.collections["Article"].readonly == set()
    database.commit([SetShardStatus("Article", "", "READONLY")])
    database.close()
    database = stores.open_database(tmp_path / "a.db")
    assert database.collections["Article"].readonly == set()
    database.close()


def test_new_objects_are_numbered_from_one_on(database: Database) -> None:
    kept = stores.put(5)
    kept.object.sequence = 2
    database.commit([ARTICLE, stores.put(1), stores.put(2)])
    database.commit([kept, stores.put(3)])
    assert database.collections["Article"].stored("").sequence.tolist() == [1, 2, 2, 3]


def odd(**changes: object) -> PutObject:
    change = stores.put(9)
    for name, value in changes.items():
        setattr(change.object, name, value)
    return change


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (stores.put(2, collection="Nope"), LookupError),
        (stores.put(2, tenant="nope"), LookupError),
        (stores.put(2, nope=1), LookupError),
        (stores.drop(2, tenant="nope"), LookupError),
        (odd(vectors={"nope": np.ones(3, np.float32)}), LookupError),
        (odd(vectors={"embedding": np.ones(4, np.float32)}), Refused),
        (odd(vectors={"embedding": np.ones((1, 3), np.float32)}), Refused),
        (DropTenant("Nope", "x"), LookupError),
    ],
)
@pytest.mark.parametrize("on_file", [False, True])
def test_a_commit_with_a_bad_change_changes_nothing(
    bad: Change, error: type[Exception], on_file: bool, tmp_path: Path
) -> None:
    path = tmp_path / "a.db" if on_file else None
    database = stores.open_database(path)
    database.commit([ARTICLE, stores.put(1)])
    before = stores.contents(database)
    good = stores.put(2)
    with pytest.raises(error):
        database.commit([good, bad])
    assert good.object.sequence == 0
    assert stores.contents(database) == before
    if path is not None:
        database.close()
        database = stores.open_database(path)
        assert stores.contents(database) == before
    database.close()


def test_vectors_of_one_commit_must_be_of_one_length(database: Database) -> None:
    with pytest.raises(Refused, match="length 4"):
        database.commit([ARTICLE, stores.put(1), odd(vectors={"embedding": np.ones(4, np.float32)})])
    assert database.collections == {}


def test_when_the_file_cannot_be_written_memory_stays_as_it_is(tmp_path: Path) -> None:
    database = stores.open_database(tmp_path / "a.db")
    database.commit([ARTICLE, stores.put(1)])
    assert database._file is not None
    connection = database._file._connection
    assert connection is not None
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 5}")
    large = [stores.put(number, title="x" * 10_000) for number in range(2, 50)]
    with pytest.raises(ServerUnavailableError, match="disk is full") as failure:
        database.commit(large)
    assert "a.db" in str(failure.value)
    assert failure.value.__cause__ is not None
    assert [one["id"] for one in stores.contents(database)] == [stores.id_of(1)]
    assert large[0].object.sequence == 0
    database.commit([stores.put(2)])
    database.close()
    database = stores.open_database(tmp_path / "a.db")
    assert [one["id"] for one in stores.contents(database)] == [stores.id_of(1), stores.id_of(2)]
    database.close()


def test_after_a_failure_in_the_middle_nothing_is_answered_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = stores.open_database(tmp_path / "a.db")
    database.commit([ARTICLE])

    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(Shard, "put_many", fail)
        with pytest.raises(MemoryError):
            database.commit([stores.put(1)])
    with pytest.raises(WeaviateError, match="open it again"), database.reading():
        pass
    with pytest.raises(WeaviateError, match="open it again"):
        database.commit([])
    database.close()
    database = stores.open_database(tmp_path / "a.db")
    assert len(stores.contents(database)) == 1
    database.close()


def test_a_closed_database_says_so(database: Database) -> None:
    database.commit([ARTICLE])
    database.close()
    database.close()
    for enter in (database.reading, database.writing):
        with pytest.raises(SessionClosedError), enter():
            pass
    with pytest.raises(SessionClosedError):
        database.commit([])
    assert repr(database) == "<Database in memory, closed>"


def test_reading_and_writing_nest_where_that_cannot_block(database: Database) -> None:
    database.commit([ARTICLE])
    with database.writing(), database.reading(), database.writing():
        database.commit([stores.put(1)])
        assert len(database.collections["Article"].stored("")) == 1
    with database.reading(), database.reading():
        pass
    with database.reading(), pytest.raises(RuntimeError, match="wait for itself"), database.writing():
        pass


def test_a_thread_that_reads_or_writes_cannot_close(database: Database) -> None:
    for enter in (database.reading, database.writing):
        with enter(), pytest.raises(RuntimeError, match="wait for itself"):
            database.close()
    database.close()


def test_readers_see_all_of_a_commit_or_nothing_of_it(database: Database) -> None:
    """Writers replace pairs of objects whose counts are always equal; readers in several threads look for unequal ones."""
    database.commit([ARTICLE, stores.put(1, count=0), stores.put(2, count=0)])
    stop = threading.Event()
    failures: list[object] = []
    reads = 0

    def read() -> None:
        nonlocal reads
        while not stop.is_set():
            with database.reading():
                shard = database.collections["Article"].stored("")
                found = {one["properties"]["count"] for one in stores.contents(database)}
                with database.reading():
                    if len(found) != 1 or len(shard) != 2 or len(shard.in_uuid_order()) != 2:
                        failures.append((found, len(shard)))
            reads += 1

    def write(seed: int) -> None:
        generator = random.Random(seed)
        for _ in range(30):
            with database.writing():
                shard = database.collections["Article"].stored("")
                row = shard.row(stores.id_of(1))
                assert row is not None
                count = int(shard.object_at(row).properties["count"]) + 1
                time.sleep(generator.random() / 10_000)
                database.commit([stores.put(1, count=count), stores.put(2, count=count)])

    readers = [threading.Thread(target=read, daemon=True) for _ in range(4)]
    writers = [threading.Thread(target=write, args=(seed,), daemon=True) for seed in range(2)]
    for thread in [*readers, *writers]:
        thread.start()
    for thread in writers:
        thread.join(60)
    stop.set()
    for thread in readers:
        thread.join(60)
    assert not any(thread.is_alive() for thread in [*readers, *writers])
    assert failures == []
    assert reads
    assert {one["properties"]["count"] for one in stores.contents(database)} == {60}


def test_a_forked_child_may_not_use_a_database_on_file(tmp_path: Path) -> None:
    program = """
    database = stores.open_database(sys.argv[1])
    database.commit([ARTICLE])

    def use():
        with database.reading():
            pass

    for work in (use, lambda: database.commit([stores.put(1)])):
        text = in_child(work)
        assert text.startswith("ConfigurationError") and "a.db" in text and "forked" in text, text
    assert in_child(database.close) == "None"
    database.commit([stores.put(2)])
    database.close()
    database = stores.open_database(sys.argv[1])
    assert [one["id"] for one in stores.contents(database)] == [stores.id_of(2)]
    database.close()
    """
    alone(program, tmp_path / "a.db")


def test_a_forked_child_has_its_own_copy_of_a_database_in_memory() -> None:
    program = """
    database = stores.open_database(None)
    database.commit([ARTICLE, stores.put(1)])
    release, entered = threading.Event(), threading.Event()

    def hold():
        with database.writing():
            entered.set()
            release.wait(60)

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    entered.wait(60)

    def write():
        database.commit([stores.put(2)])
        return len(stores.contents(database))

    assert in_child(write) == "2"  # though the thread that held the lock is not there
    release.set()
    thread.join(60)
    assert len(stores.contents(database)) == 1
    """
    alone(program)


def test_an_object_may_be_read_from_several_tenants(database: Database) -> None:
    database.commit(
        [*tenants(), stores.put(1, tenant="hot"), PutObject("Article", "cold", StoredObject(stores.id_of(1)))]
    )
    assert [len(shard) for _, shard in database.collections["Article"].shards()] == [1, 1]
