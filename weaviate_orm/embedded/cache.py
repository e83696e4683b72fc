"""The folder that fetched and built servers are kept in, one folder a version, shared by every process of a user."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from weaviate_orm.errors import EmbeddedError

__all__ = ["PROGRAM", "ServerCache"]

PROGRAM = "weaviate-server"

_logger = logging.getLogger(__name__)


class ServerCache:
    """Where one version of the server is kept: ``$XDG_CACHE_HOME`` or ``~/.cache``, then ``weaviate_orm/weaviate-VERSION/``.

    A server that is there is complete: it is put there in one step, by whoever holds the lock.
    """

    def __init__(self, version: str, *, environ: Mapping[str, str]) -> None:
        root = environ.get("XDG_CACHE_HOME")
        # The specification of these folders says that a relative path is to be ignored.
        base = Path(root) if root and os.path.isabs(root) else Path(environ.get("HOME") or Path.home()) / ".cache"
        self.folder = base / "weaviate_orm" / f"weaviate-{version}"
        self.program = self.folder / PROGRAM

    def find(self) -> Path | None:
        """Give the cached server, or ``None``."""
        return self.program if os.access(self.program, os.X_OK) and self.program.is_file() else None

    @contextmanager
    def workshop(self) -> Generator[Path]:
        """Hold the lock of this version and give an empty folder to make the server in; the folder is removed afterwards.

        Another process may have installed the server while this one waited for the lock: look again with ``find()``.

        Raises:
            EmbeddedError: the folder cannot be written.
        """
        import fcntl  # not on Windows, where this module must still import

        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "lock").open("w")
        except OSError as error:
            raise EmbeddedError(
                f"cannot write the cache folder {self.folder}: {error}. Set XDG_CACHE_HOME to one that can be."
            ) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                _logger.warning("another process is installing a Weaviate server into %s; waiting for it", self.folder)
                fcntl.flock(lock, fcntl.LOCK_EX)
            # In the same folder, so that the finished server can be moved to its place in one step.
            bench = Path(tempfile.mkdtemp(prefix="making-", dir=self.folder))
            try:
                yield bench
            finally:
                shutil.rmtree(bench, ignore_errors=True)

    def install(self, made: Path) -> Path:
        """Move a finished server from the workshop to its place, and give the place."""
        made.chmod(0o755)
        made.replace(self.program)
        return self.program
