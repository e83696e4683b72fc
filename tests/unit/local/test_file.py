from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import stores
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.errors import ConfigurationError, ServerUnavailableError, SessionClosedError
from weaviate_orm.local.objects import StoredObject
from weaviate_orm.local.storage.changes import (
    Change,
    DropAlias,
    DropCollection,
    DropTenant,
    PutAlias,
    PutCollection,
    PutObject,
    PutTenant,
)
from weaviate_orm.local.storage.file import File
from weaviate_orm.local.storage.file_errors import explained
from weaviate_orm.local.storage.file_rows import APPLICATION_ID, FORMAT_VERSION, from_rows, to_row

ARTICLE = PutCollection(stores.collection_json("Article"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "articles.db"


def stored_in(path: Path, *commits: list[Change]) -> None:
    database = stores.open_database(path)
    for changes in commits:
        database.commit(changes)
    database.close()


def test_everything_is_there_again(path: Path) -> None:
    tenancy = stores.collection_json("Shop", {"name": "text"}, multiTenancyConfig={"enabled": True})
    everything = stores.put(1, **stores.FULL)
    everything.object.references = {"author": stores.BEACONS}
    database = stores.open_database(path)
    database.commit([ARTICLE, PutCollection(tenancy), PutAlias("Paper", "Article"), PutTenant("Shop", "a", "HOT")])
    database.commit([PutTenant("Shop", "b", "COLD"), everything, stores.put(2), stores.put(9, "Shop", "b", name="Ann")])
    database.commit([stores.put(1, **stores.FULL), stores.put(3), stores.drop(2)])
    shard = database.collections["Article"].stored("")
    before = [
        stores.contents(database),
        stores.contents(database, "Shop", "b"),
        shard.sequence[shard.live].tolist(),
        {name: (one.schema.json, one.tenants, one.shard_names) for name, one in database.collections.items()},
        dict(database.aliases),
    ]
    assert len(before[0]) == 2
    database.close()
    database = stores.open_database(path)
    shard = database.collections["Article"].stored("")
    assert before == [
        stores.contents(database),
        stores.contents(database, "Shop", "b"),
        shard.sequence.tolist(),
        {name: (one.schema.json, one.tenants, one.shard_names) for name, one in database.collections.items()},
        dict(database.aliases),
    ]
    database.commit([stores.put(4)])
    assert shard.sequence.tolist()[-1] == max(shard.sequence)
    database.close()


def test_what_was_dropped_is_gone(path: Path) -> None:
    tenancy = PutCollection(stores.collection_json("Shop", {}, multiTenancyConfig={"enabled": True}))
    stored_in(
        path,
        [ARTICLE, stores.put(1), PutAlias("A", "Article"), PutAlias("B", "Article"), tenancy],
        [
            PutTenant("Shop", "a", "HOT"),
            PutTenant("Shop", "b", "HOT"),
            stores.put(1, "Shop", "a"),
            stores.put(1, "Shop", "b"),
        ],
        [DropCollection("Article"), DropAlias("A"), DropTenant("Shop", "a")],
        [ARTICLE, PutTenant("Shop", "a", "COLD")],
    )
    database = stores.open_database(path)
    assert stores.contents(database) == []
    assert stores.contents(database, "Shop", "a") == []
    assert len(stores.contents(database, "Shop", "b")) == 1
    assert database.aliases == {"B": "Article"}
    database.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM objects").fetchone() == (1,)
    connection.close()


_names = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
    max_leaves=5,
)
_shapes = st.tuples(st.integers(0, 3)) | st.tuples(st.integers(1, 3), st.integers(1, 3))


@given(
    st.dictionaries(_names, _json, max_size=3),
    st.dictionaries(_names, st.lists(st.sampled_from(stores.BEACONS), max_size=3), max_size=2),
    st.dictionaries(_names, _shapes, max_size=3),
)
def test_rows_give_back_their_objects(
    properties: dict[str, object], references: dict[str, list[object]], shapes: dict[str, tuple[int, ...]]
) -> None:
    vectors = {name: np.arange(np.prod(shape), dtype=np.float32).reshape(shape) + 0.1 for name, shape in shapes.items()}
    stored = StoredObject(stores.id_of(3), properties, references, vectors, 4, 5, 6)  # type: ignore[arg-type] # sampled beacons
    (given,) = from_rows([to_row(1, stored)])
    assert json.dumps(stores.plain(given), default=repr) == json.dumps(stores.plain(stored), default=repr)
    assert all(given.vectors[name].dtype == np.float32 for name in vectors)
    assert all(given.vectors[name].shape == vector.shape for name, vector in vectors.items())


@pytest.mark.parametrize(
    "name", ["with space.db", "ünïcödé-📚.db", "what?mode=ro#part.db", "100%25.db", "it's;--.db", ":memory:"]
)
def test_any_file_name_is_a_plain_one(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for spelling in (name, tmp_path / name):
        database = stores.open_database(spelling)
        if not database.collections:
            database.commit([ARTICLE, stores.put(1)])
        assert len(stores.contents(database)) == 1
        database.close()
    assert os.listdir(tmp_path) == [name]


def test_names_inside_are_data(path: Path) -> None:
    name = "A'); DROP TABLE objects; --"
    body = stores.collection_json(name, {'"p"\'': "text"}, multiTenancyConfig={"enabled": True})
    stored_in(path, [PutCollection(body), PutTenant(name, "t' OR 1=1 --", "HOT"), stores.put(1, name, "t' OR 1=1 --")])
    database = stores.open_database(path)
    assert len(stores.contents(database, name, "t' OR 1=1 --")) == 1
    database.close()


def test_the_file_is_the_users_alone(path: Path) -> None:
    database = stores.open_database(path)
    database.commit([ARTICLE])
    modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in path.parent.iterdir()}
    assert modes == {"articles.db": 0o600, "articles.db-wal": 0o600}
    database.close()
    assert os.listdir(path.parent) == ["articles.db"]


def test_permissions_that_the_user_gave_stay(path: Path) -> None:
    path.touch(mode=0o644)
    path.chmod(0o644)
    stored_in(path, [ARTICLE])
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_second_database_of_this_process_is_kept_out(path: Path) -> None:
    database = stores.open_database(path)
    database.commit([ARTICLE, stores.put(1)])
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="another session") as failure:
            stores.open_database(path)
        assert str(path) in str(failure.value)
        assert "weaviate-orm serve --path" in str(failure.value)
    database.commit([stores.put(2)])
    database.close()
    database = stores.open_database(path)
    assert len(stores.contents(database)) == 2
    database.close()


def test_a_second_process_is_kept_out_from_the_first_moment(path: Path) -> None:
    database = stores.open_database(path)
    program = (
        "import sys; from weaviate_orm.local.storage.file import File\n"
        "try: File(sys.argv[1])\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    run = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.startswith("ConfigurationError")
    assert "another session" in run.stdout
    database.close()


def sqlite_file(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_a_file_of_something_else_is_left_as_it_is(path: Path) -> None:
    sqlite_file(path, "CREATE TABLE notes (text)", "INSERT INTO notes VALUES ('mine')")
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="not a file of the in-process engine"):
        File(path)
    assert path.read_bytes() == before
    path.write_text("Dear diary, " * 1000)
    with pytest.raises(ConfigurationError, match="not a file of the in-process engine"):
        File(path)
    assert path.read_text() == "Dear diary, " * 1000
    assert os.listdir(path.parent) == ["articles.db"]


def test_a_file_of_a_newer_library_is_left_as_it_is(path: Path) -> None:
    stored_in(path, [ARTICLE])
    sqlite_file(path, f"PRAGMA user_version = {FORMAT_VERSION + 1}")
    with pytest.raises(ConfigurationError, match=f"format {FORMAT_VERSION + 1}.*Upgrade"):
        File(path)


def test_a_file_that_was_only_begun_is_taken_as_new(path: Path) -> None:
    path.touch()
    stored_in(path, [ARTICLE])
    other = path.with_name("other.db")
    sqlite_file(other, "PRAGMA journal_mode = WAL")
    stored_in(other, [ARTICLE])
    for one in (path, other):
        connection = sqlite3.connect(one)
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT_VERSION,)
        connection.close()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE objects SET properties = x'7b22'",
        "UPDATE objects SET properties = x'ff'",
        "UPDATE objects SET properties = '{},{}'",
        "UPDATE objects SET id = x'00'",
        "UPDATE objects SET vectors = x'0000'",
        "UPDATE objects SET vectors = x'00000000'",
        "UPDATE objects SET shard = 99",
        "UPDATE collections SET json = '{'",
        "UPDATE shards SET collection = 'Nope'",
        "DROP TABLE aliases",
    ],
)
def test_a_damaged_file_is_named(damage: str, path: Path) -> None:
    stored_in(path, [ARTICLE, stores.put(1)])
    sqlite_file(path, damage)
    for _ in range(2):  # the failed attempt lets go of the file
        with pytest.raises(ConfigurationError, match="cannot use") as failure:
            stores.open_database(path)
        assert str(path) in str(failure.value)


def test_a_file_with_torn_pages_is_named(path: Path) -> None:
    stored_in(path, [ARTICLE, *(stores.put(number, title="x" * 500) for number in range(200))])
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    path.write_bytes(data)
    with pytest.raises(ConfigurationError, match="damaged"):
        stores.open_database(path)


def test_paths_that_cannot_be_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is a folder"):
        File(tmp_path)
    with pytest.raises(ConfigurationError, match="does not exist"):
        File(tmp_path / "missing" / "articles.db")
    (tmp_path / "text").write_text("")
    with pytest.raises(ConfigurationError, match="does not exist"):
        File(tmp_path / "text" / "articles.db")
    with pytest.raises(ConfigurationError, match="empty"):
        File("")
    with pytest.raises(ConfigurationError, match="cannot keep"):
        File(tmp_path / "nul\0byte")
    with pytest.raises(ConfigurationError, match="cannot keep"):
        File(tmp_path / ("long" * 100))


def test_without_permissions_the_error_names_them(tmp_path: Path) -> None:
    """In a child that is nobody, since tests may run as root, whom nothing is forbidden."""
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "articles.db"
    stored_in(path, [ARTICLE])
    path.chmod(0o444)
    folder.chmod(0o555)
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    try:
        texts = [as_nobody(path), as_nobody(folder / "new.db")]
    finally:
        folder.chmod(0o755)
    assert "read-only" in texts[0]
    assert "may not create" in texts[1]


def as_nobody(path: Path) -> str:
    """Open a file in a process without rights; give its error."""
    program = (
        "import os, sys\nfrom weaviate_orm.local.storage.file import File\n"
        "if os.getuid() == 0:\n    os.setuid(65534)\n"
        "try:\n    File(sys.argv[1])\nexcept Exception as error:\n    print(f'{type(error).__name__}: {error}')"
    )
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith("ConfigurationError"), done.stdout
    return done.stdout


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_BUSY, "another session"),
        (sqlite3.SQLITE_CORRUPT, "damaged"),
        (sqlite3.SQLITE_READONLY, "read-only"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
        (sqlite3.SQLITE_FULL, "disk is full"),
        (sqlite3.SQLITE_IOERR | 1 << 8, "SQLite says: told"),
    ],
)
def test_what_sqlite_says_is_explained(code: int, words: str) -> None:
    error = sqlite3.OperationalError("told")
    error.sqlite_errorcode = code
    opening, writing = (explained("/data/a.db", error, writing=writing) for writing in (False, True))
    assert isinstance(opening, ConfigurationError)
    assert isinstance(writing, ServerUnavailableError)
    for explanation in (opening, writing):
        assert words in str(explanation)
        assert "/data/a.db" in str(explanation)


def test_a_closed_file_says_so(path: Path) -> None:
    file = File(path)
    file.close()
    file.close()
    with pytest.raises(SessionClosedError):
        file.write([PutAlias("A", "B")], {})
    assert "closed" in repr(file)


def test_values_that_json_cannot_hold_are_the_callers_mistake(path: Path) -> None:
    database = stores.open_database(path)
    database.commit([ARTICLE])
    with pytest.raises(TypeError):
        database.commit([PutObject("Article", "", StoredObject(stores.id_of(1), {"title": object()}))])
    database.commit([stores.put(2)])
    assert len(stores.contents(database)) == 1
    database.close()


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_was_taken_away_takes_no_more_writes(replaced: bool, path: Path) -> None:
    database = stores.open_database(path)
    database.commit([ARTICLE, stores.put(1)])
    kept = path.with_name("kept.db")
    path.rename(kept)
    if replaced:
        path.write_bytes(b"something else")
    with pytest.raises(ConfigurationError, match="deleted, moved or replaced"):
        database.commit([stores.put(2)])
    assert len(stores.contents(database)) == 1
    kept.replace(path)
    database.commit([stores.put(3)])
    assert len(stores.contents(database)) == 2
    database.close()
