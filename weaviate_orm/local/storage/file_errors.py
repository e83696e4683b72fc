"""What can be wrong with the engine's file, in words that say what to do."""

from __future__ import annotations

import os
import sqlite3

from weaviate_orm.errors import ConfigurationError, ServerUnavailableError, WeaviateError

__all__ = ["explained", "foreign_file", "lost_file", "newer_file", "read_only_file", "unusable_path"]

_READ_ONLY = "it, or its folder, is read-only for this user. Change the permissions, or copy it elsewhere"


def unusable_path(path: str, error: Exception | None = None) -> ConfigurationError:
    """Give the error about a file that cannot be made."""
    if not path:
        return ConfigurationError("Expected the path of a file for the in-process engine, got an empty one.")
    folder = os.path.dirname(path)
    if os.path.isdir(path):
        reason = "it is a folder. Name a file in it"
    elif not os.path.isdir(folder):
        reason = f"the folder {folder} does not exist. Create it, or choose another path"
    elif isinstance(error, PermissionError):
        reason = f"this user may not create files in {folder}. Choose another folder, or change its permissions"
    else:
        reason = f"the system says: {error}. Choose another path"
    return ConfigurationError(f"The in-process engine cannot keep its data in {path}: {reason}.")


def foreign_file(path: str) -> ConfigurationError:
    """Give the error about a file that something else has written."""
    return ConfigurationError(
        f"{path} is not a file of the in-process engine; it was left as it is. Choose another path, or none to keep the data in memory."
    )


def lost_file(path: str) -> ConfigurationError:
    """Give the error about a file that somebody has removed, or replaced, while it was open."""
    return ConfigurationError(
        f"Nothing was written to {path}: the file was deleted, moved or replaced while this session had it open. What is in memory can "
        "still be read. Put the file back, or open a new session."
    )


def newer_file(path: str, found: int, known: int) -> ConfigurationError:
    """Give the error about a file of a later library."""
    return ConfigurationError(
        f"{path} has format {found}, written by a newer weaviate-typed-orm; this one knows formats up to {known}. Upgrade the library."
    )


def read_only_file(path: str) -> ConfigurationError:
    """Give the error about a file that this user may not write."""
    return ConfigurationError(f"The in-process engine cannot use {path}: {_READ_ONLY}.")


def explained(path: str, error: Exception, *, writing: bool) -> WeaviateError:
    """Give the error that says in the user's terms what SQLite, or a row that makes no sense, has raised."""
    code = getattr(error, "sqlite_errorcode", None)  # OperationalError has it, other exceptions do not
    primary = sqlite3.SQLITE_CORRUPT if code is None else code & 0xFF
    match primary:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            reason = (
                "another session, here or in another process, has it open. Close that one first; to share the file between "
                "processes, run `weaviate-orm serve --path` and connect all of them to its URL"
            )
        case sqlite3.SQLITE_NOTADB:
            return foreign_file(path)
        case sqlite3.SQLITE_CORRUPT:
            reason = f"it is damaged ({error}). Restore it from a copy, or choose another path and load the data again"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            reason = _READ_ONLY
        case sqlite3.SQLITE_CANTOPEN:
            reason = "it, or the log beside it, cannot be opened. Check the permissions of the file and of its folder"
        case sqlite3.SQLITE_FULL:
            reason = "the disk is full. Make room and try again"
        case _:
            reason = f"SQLite says: {error}"
    if writing:
        return ServerUnavailableError(f"Nothing was written to {path}, and nothing has changed in memory: {reason}.")
    return ConfigurationError(f"The in-process engine cannot use {path}: {reason}.")
