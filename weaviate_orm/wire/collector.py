"""Keep Python's cyclic garbage collector still while a large reply is read.

Reading a reply makes some eight objects a row, all of which stay. Python's collector counts allocations that stay as a sign of garbage and
goes through the whole heap again and again, which takes up to a third of the time of reading a thousand rows and finds nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

__all__ = ["collector_paused", "read_rows"]

A = TypeVar("A")
R = TypeVar("R")

_MANY = 100  # rows from which on the collector would run at least once

_lock = Lock()
_readers = 0
_was_enabled = False


def read_rows(read: Callable[[A], R], reply: A, rows: int) -> R:
    """Give what a reply of so many rows is read into; the collector rests meanwhile where that is worth it."""
    if rows < _MANY:
        return read(reply)
    with collector_paused():
        return read(reply)


@contextmanager
def collector_paused() -> Generator[None, None, None]:
    """Pause the collector for the block, for all threads; it is as before when the last of those inside leaves.

    For blocks of milliseconds that do nothing but allocate; nothing may wait in one.
    """
    global _readers, _was_enabled
    with _lock:
        if _readers == 0:
            _was_enabled = gc.isenabled()
            gc.disable()
        _readers += 1
    try:
        yield
    finally:
        with _lock:
            _readers -= 1
            if _readers == 0 and _was_enabled:
                gc.enable()
