"""The engine's file: SQLite, one transaction a commit, one process at a time.

What is promised: what was committed outlives the end of the process at any moment, ``kill -9`` included, because it is then in the
operating system's hands; a commit is in the file whole or not at all. When the machine itself stops (power, kernel), the file stays whole,
but the last commits before may be gone: ``synchronous=NORMAL`` lets the system write to the disk when it sees fit. ``FULL`` would wait
for the disk at every commit, some milliseconds each, for a loss that only a server with its own replicas really prevents.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from weakref import WeakSet

from weaviate_orm.errors import SessionClosedError, WeaviateError
from weaviate_orm.local.objects import StoredObject
from weaviate_orm.local.schema.parsed import Json
from weaviate_orm.local.storage.changes import (
    Change,
    DropAlias,
    DropCollection,
    DropObject,
    DropTenant,
    PutAlias,
    PutCollection,
    PutObject,
    PutTenant,
    SetShardStatus,
)
from weaviate_orm.local.storage.file_errors import (
    explained,
    foreign_file,
    lost_file,
    newer_file,
    read_only_file,
    unusable_path,
)
from weaviate_orm.local.storage.file_rows import (
    APPLICATION_ID,
    FORMAT_VERSION,
    OBJECT_COLUMNS,
    TABLES,
    ObjectRow,
    from_rows,
    to_row,
)

__all__ = ["File", "FileShard"]

_READ_AT_ONCE = 2000
"""Objects in one piece while the file is read."""

_PAGE_BYTES = 8192
"""Of new files. An object with a vector takes one to six kilobytes: several fit a page, and a small commit still writes little."""

_KEPT_LOG_BYTES = 64 * 2**20
"""Of the write-ahead log, which a large commit may have made larger."""


@dataclass(frozen=True, slots=True)
class FileShard:
    """A shard as the file has it; ``tenant`` is ``""`` without multi-tenancy."""

    number: int
    collection: str
    tenant: str
    name: str
    status: str


class File:
    """An open file. Safe to use from several threads.

    Attributes:
        path: absolute.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open the file for this process alone, made if it is missing.

        Raises:
            ConfigurationError: it cannot be used; the message says why and what to do.
        """
        # Absolute: SQLite sees special meanings in ":memory:" and "", and none in a path that begins at the root.
        self.path = os.path.abspath(path)
        self._lock = threading.Lock()
        self._shards: dict[tuple[str, str], int] = {}
        _make_private(self.path, given=os.fspath(path))
        with self.explaining():
            # Without its transactions, so that ours are the only ones. No waiting: who has the file keeps it.
            self._connection: sqlite3.Connection | None = sqlite3.connect(
                self.path, timeout=0, isolation_level=None, check_same_thread=False
            )
        try:
            with self.explaining():
                self._begin_use(self._connection)
        except BaseException:
            self._connection.close()
            raise
        self._identity = _identity(self.path)
        _open_files.add(self)

    def __repr__(self) -> str:
        return f"<File {self.path}{'' if self._connection else ', closed'}>"

    def collections(self) -> Iterable[tuple[str, Json]]:
        """Give name and configuration of each collection."""
        rows = self._all("SELECT name, json FROM collections ORDER BY rowid")
        with self.explaining():
            return [(name, json.loads(text)) for name, text in rows]

    def aliases(self) -> Iterable[tuple[str, str]]:
        """Give each alias with its collection."""
        return self._all("SELECT alias, collection FROM aliases ORDER BY rowid")

    def shards(self) -> Iterable[FileShard]:
        """Give each shard."""
        return [
            FileShard(*row)
            for row in self._all("SELECT number, collection, tenant, name, status FROM shards ORDER BY number")
        ]

    def objects(self) -> Iterator[tuple[FileShard, list[StoredObject]]]:
        """Give all objects in the order of their writing, some of one shard at a time."""
        shards = {shard.number: shard for shard in self.shards()}
        with self._lock, self.explaining():
            # No name in it comes from outside.
            cursor = self._opened().execute(f"SELECT {OBJECT_COLUMNS} FROM objects ORDER BY place")  # noqa: S608 - a constant of ours
            while rows := cursor.fetchmany(_READ_AT_ONCE):
                gathered: dict[int, list[ObjectRow]] = {}
                for row in rows:
                    gathered.setdefault(row[0], []).append(row)
                for number, of_shard in gathered.items():
                    yield shards[number], from_rows(of_shard)

    def write(self, changes: Sequence[Change], shard_names: Mapping[str, str]) -> None:
        """Write changes in one transaction.

        Args:
            changes: in order.
            shard_names: of collections made by them that have no multi-tenancy.

        Raises:
            WeaviateError: they could not be written; the file is as before, or gone.
        """
        with self._lock:
            connection = self._opened()
            try:
                with self.explaining(writing=True):
                    if self._identity != _identity(self.path):
                        raise lost_file(self.path)  # SQLite would go on writing to what nobody can open again
                    connection.execute("BEGIN IMMEDIATE")
                    for kind, group in groupby(changes, type):
                        self._write_group(connection, kind, list(group), shard_names)
                    connection.execute("COMMIT")
            except BaseException:
                self._shards.clear()  # may hold what was never written
                with contextlib.suppress(sqlite3.Error):
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                raise

    def activate(self, collection: str, tenant: str) -> None:
        """Note that a tenant, if it is still there, is HOT."""
        with self._lock, self.explaining(writing=True):
            statement = "UPDATE shards SET status = 'HOT' WHERE collection = ? AND tenant = ?"
            self._opened().execute(statement, (collection, tenant))

    def close(self) -> None:
        """Give the file back; closing twice does nothing."""
        with self._lock:
            connection, self._connection = self._connection, None
            _open_files.discard(self)
            if connection is not None:
                connection.close()

    def _begin_use(self, connection: sqlite3.Connection) -> None:
        """Lock the file, see that it is ours, and make its tables when it is new."""
        # Exclusive: SQLite itself keeps out every other process and every other connection of this one, until this one ends, however.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        is_new = not (application or version or tables)
        if not is_new and application != APPLICATION_ID:
            raise foreign_file(self.path)
        if version > FORMAT_VERSION:
            raise newer_file(self.path, version, FORMAT_VERSION)
        if is_new:
            connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA journal_size_limit = {_KEPT_LOG_BYTES}")
        connection.execute("BEGIN EXCLUSIVE")
        if is_new:
            for statement in TABLES:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
        connection.execute("COMMIT")

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise SessionClosedError(f"The file {self.path} is closed; open a new session.")
        return self._connection

    def _all(self, statement: str) -> list[Any]:  # rows of whatever the statement asks for
        with self._lock, self.explaining():
            return self._opened().execute(statement).fetchall()

    @contextlib.contextmanager
    def explaining(self, *, writing: bool = False) -> Generator[None, None, None]:
        """Turn what SQLite raises, and what rows that make no sense do, into errors that say what to do."""
        try:
            yield
        except WeaviateError:  # some of ours are ValueErrors too
            raise
        except sqlite3.Error as error:
            raise explained(self.path, error, writing=writing) from error
        except (ValueError, LookupError, TypeError) as error:
            if writing:  # what a handler has made is wrong, not the file
                raise
            raise explained(self.path, error, writing=writing) from error

    def _write_group(
        self, connection: sqlite3.Connection, kind: type[Change], group: list[Change], shard_names: Mapping[str, str]
    ) -> None:
        if kind is PutObject:
            # OR REPLACE: the row goes to the end, as it does in memory.
            statement = f"INSERT OR REPLACE INTO objects ({OBJECT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - a constant of ours
            connection.executemany(statement, self._object_rows(group))
        elif kind is DropObject:
            connection.executemany(
                "DELETE FROM objects WHERE shard = ? AND id = ?",
                ((self._shard(one.collection, one.tenant), one.id) for one in group if isinstance(one, DropObject)),
            )
        else:
            for change in group:
                self._write_one(connection, change, shard_names)

    def _object_rows(self, group: list[Change]) -> Iterator[ObjectRow]:
        for change in group:
            if isinstance(change, PutObject):
                yield to_row(self._shard(change.collection, change.tenant), change.object)

    def _write_one(self, connection: sqlite3.Connection, change: Change, shard_names: Mapping[str, str]) -> None:
        match change:
            case PutCollection(body):
                name, text = body["class"], json.dumps(body)
                changed = connection.execute("UPDATE collections SET json = ? WHERE name = ?", (text, name))
                if not changed.rowcount:
                    connection.execute("INSERT INTO collections (name, json) VALUES (?, ?)", (name, text))
                    if name in shard_names:
                        self._add_shard(connection, name, "", shard_names[name], "HOT")
            case DropCollection(name):
                which = "IN (SELECT number FROM shards WHERE collection = ?)"
                connection.execute(f"DELETE FROM objects WHERE shard {which}", (name,))  # noqa: S608 - a constant
                connection.execute("DELETE FROM shards WHERE collection = ?", (name,))
                connection.execute("DELETE FROM collections WHERE name = ?", (name,))
                self._shards.clear()
            case PutAlias(alias, collection):
                connection.execute(
                    "INSERT OR REPLACE INTO aliases (alias, collection) VALUES (?, ?)", (alias, collection)
                )
            case DropAlias(alias):
                connection.execute("DELETE FROM aliases WHERE alias = ?", (alias,))
            case PutTenant(collection, tenant, status):
                statement = "UPDATE shards SET status = ? WHERE collection = ? AND tenant = ?"
                if not connection.execute(statement, (status, collection, tenant)).rowcount:
                    self._add_shard(connection, collection, tenant, tenant, status)
            case DropTenant(collection, tenant):
                which = "IN (SELECT number FROM shards WHERE collection = ? AND tenant = ?)"
                connection.execute(f"DELETE FROM objects WHERE shard {which}", (collection, tenant))  # noqa: S608 - a constant
                connection.execute("DELETE FROM shards WHERE collection = ? AND tenant = ?", (collection, tenant))
                self._shards.clear()
            case SetShardStatus():
                pass  # like the server's, forgotten at the end
            case PutObject() | DropObject():
                raise AssertionError("objects are written in groups")

    def _add_shard(self, connection: sqlite3.Connection, collection: str, tenant: str, name: str, status: str) -> None:
        connection.execute(
            "INSERT INTO shards (collection, tenant, name, status) VALUES (?, ?, ?, ?)",
            (collection, tenant, name, status),
        )

    def _shard(self, collection: str, tenant: str) -> int:
        number = self._shards.get((collection, tenant))
        if number is None:
            statement = "SELECT number FROM shards WHERE collection = ? AND tenant = ?"
            (number,) = self._opened().execute(statement, (collection, tenant)).fetchone()
            self._shards[collection, tenant] = number
        return number


def _make_private(path: str, *, given: str) -> None:
    """Make the file if it is missing, for this user alone: what people store is their own business. SQLite gives its log the same mode."""
    if not given or os.path.isdir(path):
        raise unusable_path(path if given else given)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        # SQLite's own errors about this are many and vague.
        if not (os.access(path, os.R_OK | os.W_OK) and os.access(os.path.dirname(path), os.W_OK | os.X_OK)):
            raise read_only_file(path) from None
    except (OSError, ValueError) as error:
        raise unusable_path(path, error) from error


def _identity(path: str) -> tuple[int, int] | None:
    """Give what tells a file from another one that has taken its path; ``None`` when there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


_open_files: WeakSet[File] = WeakSet()


def _abandon_in_child() -> None:
    """Keep a forked child from ever closing what the parent has open.

    SQLite would fold the log into the file and delete it, believing that it holds the lock, which only the parent does. One reference too
    many keeps the connection until the child is gone; the check in ``Database`` keeps it from being used.
    """
    import ctypes  # only here: few processes fork

    for file in list(_open_files):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(file._connection))


if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(after_in_child=_abandon_in_child)
