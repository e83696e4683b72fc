"""All that the engine stores, who may read and write it when, and the one way to change it: ``Database.commit``.

A commit is looked through first, then written to the file in one transaction, then applied to memory while nobody reads. So what readers
see is always whole, and what was committed is in the file.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from weakref import WeakSet

from weaviate_orm.errors import ConfigurationError, SessionClosedError, WeaviateError
from weaviate_orm.local.objects import StoredObject
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import parse_collection
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
from weaviate_orm.local.storage.clock import milliseconds_now
from weaviate_orm.local.storage.collection import Collection
from weaviate_orm.local.storage.commits import Outlook
from weaviate_orm.local.storage.gate import Gate, uninterrupted

if TYPE_CHECKING:
    from weaviate_orm.local.services import Services
    from weaviate_orm.local.storage.file import File

__all__ = ["Collection", "Database"]


class Database:
    """The collections of an engine, in memory or also in a file.

    Attributes:
        services: what makes vectors, ranks again and writes texts.
        path: the file; ``None`` in memory only.
    """

    def __init__(
        self,
        services: Services,
        *,
        path: str | os.PathLike[str] | None = None,
        clock: Callable[[], int] = milliseconds_now,
    ) -> None:
        """Open the file, made if it is missing, and read all of it into memory.

        Args:
            services: what makes vectors, ranks again and writes texts.
            path: the file; ``None`` keeps everything in memory only.
            clock: gives milliseconds since 1970.

        Raises:
            ConfigurationError: the file cannot be used; the message says why and what to do.
        """
        self.services = services
        self.path = None if path is None else os.path.abspath(path)
        self._clock = clock
        self._collections: dict[str, Collection] = {}
        self._aliases: dict[str, str] = {}
        self._closed = False
        self._torn = False
        self._is_foreign = False
        self._writer: int | None = None
        self._renew_locks()
        self._file = None if path is None else _opened(path)
        if self._file is not None:
            try:
                with self._file.explaining():
                    self._load(self._file)
            except BaseException:
                self._file.close()
                raise
        _databases.add(self)

    def __repr__(self) -> str:
        state = "closed" if self._closed else f"{len(self._collections)} collections"
        return f"<Database {'in memory' if self.path is None else self.path}, {state}>"

    @property
    def collections(self) -> Mapping[str, Collection]:
        """By name, without aliases."""
        return self._collections

    @property
    def aliases(self) -> Mapping[str, str]:
        """Collection that each alias leads to, whether it is there or not."""
        return self._aliases

    def now(self) -> int:
        """Give the milliseconds since 1970."""
        return self._clock()

    def find(self, name: str) -> Collection | None:
        """Give a collection by its name or an alias; the first letter may be small."""
        name = _proper(name)
        return self._collections.get(name) or self._collections.get(self._aliases.get(name, ""))

    def collection(self, name: str) -> Collection:
        """Give a collection by its name or an alias.

        Raises:
            Refused: there is none.
        """
        found = self.find(name)
        if found is None:
            raise Refused(f"could not find class {_proper(name)} in schema")
        return found

    @contextmanager
    def reading(self) -> Generator[None, None, None]:
        """Hold what is stored as it is; many threads at once may, and one may again in itself.

        Raises:
            SessionClosedError: the database is closed.
            ConfigurationError: it is on file and was opened before this process was forked off.
        """
        self._check_usable()
        if self._writer == threading.get_ident():  # nobody but this thread can change anything
            yield
            return
        gate = self._gate  # another one in a forked child
        gate.begin_reading()
        try:
            self._check_usable()
            yield
        finally:
            gate.end_reading()

    @contextmanager
    def writing(self) -> Generator[None, None, None]:
        """Be the only one that writes; readers go on until ``commit`` applies.

        Raises:
            SessionClosedError: the database is closed.
            ConfigurationError: it is on file and was opened before this process was forked off.
        """
        self._check_usable()
        me = threading.get_ident()
        if self._writer == me:
            yield
            return
        if self._gate.is_reading:
            raise RuntimeError("a thread inside reading() cannot begin writing(): it would wait for itself")
        with self._writers:
            self._check_usable()
            self._writer = me
            try:
                yield
            finally:
                self._writer = None

    def commit(self, changes: Sequence[Change]) -> None:
        """Make changes, in order, all or none, durable when this returns.

        Objects with sequence 0 get the next number.

        Raises:
            Refused: a vector does not fit.
            WeaviateError: the file could not be written; nothing has changed.
        """
        with self.writing(), uninterrupted():
            outlook = Outlook(self._collections)
            try:
                outlook.take(changes)
                if self._file is not None:
                    self._file.write(changes, outlook.shard_names)
            except BaseException:
                outlook.undo()
                raise
            with self._gate.alone():
                try:
                    self._apply(changes, outlook.shard_names)
                except BaseException:
                    self._torn = True
                    raise

    def close(self) -> None:
        """Wait for readers and writers, then give back memory and file; closing twice does nothing."""
        if self._is_foreign:  # the file is the parent's
            return
        if self._gate.is_reading or self._writer == threading.get_ident():
            raise RuntimeError(
                "a thread inside reading() or writing() cannot close the database: it would wait for itself"
            )
        with self._writers, self._gate.alone():
            self._closed = True
            self._collections = {}
            self._aliases = {}
            if self._file is not None:
                self._file.close()

    def _apply(self, changes: Sequence[Change], shard_names: Mapping[str, str]) -> None:
        objects: dict[tuple[str, str], list[StoredObject]] = {}
        for change in changes:
            if isinstance(change, PutObject):  # gathered: columns are faster with many at once
                objects.setdefault((change.collection, change.tenant), []).append(change.object)
                continue
            self._put_objects(objects)
            self._apply_one(change, shard_names)
        self._put_objects(objects)

    def _put_objects(self, objects: dict[tuple[str, str], list[StoredObject]]) -> None:
        for (collection, tenant), batch in objects.items():
            self._collections[collection].stored(tenant).put_many(batch)
        objects.clear()

    def _apply_one(self, change: Change, shard_names: Mapping[str, str]) -> None:
        match change:
            case PutCollection(json):
                schema = parse_collection(json)
                existing = self._collections.get(schema.name)
                if existing is None:
                    self._add_collection(schema.name, json, shard_names.get(schema.name))
                else:
                    existing.alter(schema)
            case DropCollection(name):
                self._collections.pop(name, None)
            case PutAlias(alias, collection):
                self._aliases[alias] = collection
            case DropAlias(alias):
                self._aliases.pop(alias, None)
            case PutTenant(collection, name, status):
                self._collections[collection].put_tenant(name, status)
            case DropTenant(collection, name):
                self._collections[collection].drop_tenant(name)
            case SetShardStatus(collection, tenant, status):
                readonly = self._collections[collection].readonly
                (readonly.add if status == "READONLY" else readonly.discard)(tenant)
            case DropObject(collection, tenant, id):
                self._collections[collection].stored(tenant).remove(id)
            case PutObject():
                raise AssertionError("objects are put by _put_objects")

    def _add_collection(self, name: str, json: dict[str, object], shard_name: str | None) -> Collection:
        collection = self._collections[name] = Collection(parse_collection(json), self._activate)
        if shard_name is not None:
            collection.shard_names[""] = shard_name
        return collection

    def _activate(self, collection: str, tenant: str) -> None:
        if self._file is not None:
            self._file.activate(collection, tenant)

    def _load(self, file: File) -> None:
        for name, json in file.collections():
            self._add_collection(name, json, None)
        self._aliases.update(file.aliases())
        for shard in file.shards():
            collection = self._collections[shard.collection]
            collection.shard_names[shard.tenant] = shard.name
            if shard.tenant:
                collection.tenants[shard.tenant] = shard.status
        for shard, objects in file.objects():
            self._collections[shard.collection].stored(shard.tenant).put_many(objects)

    # Use after close, after a failed change and after fork.

    def _check_usable(self) -> None:
        if self._closed:
            raise SessionClosedError("The in-process engine is closed; open a new session.")
        if self._is_foreign:
            raise ConfigurationError(
                f"The in-process engine on {self.path} was opened before this process was forked off, and belongs to the parent "
                "process. Open sessions after the fork; to share one file between processes, run `weaviate-orm serve --path` "
                "and connect to its URL."
            )
        if self._torn:
            raise WeaviateError(
                "The in-process engine failed while it applied a change, and what it holds in memory may be incomplete. "
                + ("Close it and open it again: the file is whole." if self.path else "Open a new session.")
            )

    def _renew_locks(self) -> None:
        self._gate = Gate()
        self._writers = threading.Lock()
        self._writer = None

    def after_fork(self) -> None:
        """Be in a forked child: threads of the parent that held a lock are not there to let go, and a file stays the parent's."""
        self._torn = self._torn or self._gate.is_occupied
        self._is_foreign = self._file is not None
        self._renew_locks()


def _opened(path: str | os.PathLike[str]) -> File:
    from weaviate_orm.local.storage.file import File  # brings sqlite3, which a database in memory can do without

    return File(path)


_databases: WeakSet[Database] = WeakSet()


def _after_fork_in_child() -> None:
    for database in list(_databases):
        database.after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(after_in_child=_after_fork_in_child)


def _proper(name: str) -> str:
    """Give a collection's name as the server spells it: the first letter is a capital."""
    return name[:1].upper() + name[1:]
