"""What a server wrote since it was started, and how to quote it in an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

__all__ = ["ServerLog"]

_LINES = 15
_WIDTH = 400
_BYTES = 64 * 1024


class ServerLog:
    """The part of a log file that is written from now on. A file that is there already is kept: it belongs to earlier starts."""

    def __init__(self, path: Path) -> None:
        path.touch()
        self.path = path
        self._start = path.stat().st_size

    def tail(self) -> bytes:
        """Give the last 64 KiB of what was written."""
        with self.path.open("rb") as file:
            file.seek(max(self._start, self.path.stat().st_size - _BYTES))
            return file.read()

    def quote(self) -> str:
        """Give the last lines, indented, under a sentence that names the file."""
        lines = [_readable(line)[:_WIDTH] for line in self.tail().decode(errors="replace").splitlines()[-_LINES:]]
        return f"The end of its log {self.path}:\n" + "\n".join(f"    {line}" for line in lines or ["(empty)"])


def _readable(line: str) -> str:
    """Shorten an entry of the server's JSON log to level, message and error; give any other line as it is."""
    try:
        entry: object = json.loads(line)
    except ValueError:
        return line
    if not isinstance(entry, dict):
        return line
    fields = cast("dict[str, object]", entry)  # the keys of a JSON object are strings
    if "msg" not in fields:
        return line
    return ": ".join(str(fields[key]) for key in ("level", "msg", "error") if fields.get(key))
