"""Who may touch the engine's memory when: many readers at once, or one thread alone; and a change that Ctrl-C cannot cut in two."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Gate", "uninterrupted"]


class Gate:
    """Lets many readers in, or one thread alone.

    Who waits to be alone goes first: new readers wait for it, so that they cannot keep it out for ever. A thread that reads already may
    read again, else it would wait for one that waits for itself.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        self._readers = 0
        self._waiting = 0
        self._alone = False
        self._mine = _Depth()

    @property
    def is_reading(self) -> bool:
        """Whether this thread reads."""
        return self._mine.depth > 0

    @property
    def is_occupied(self) -> bool:
        """Whether a thread is alone in it."""
        return self._alone

    @contextmanager
    def reading(self) -> Generator[None, None, None]:
        """Be let in with other readers."""
        self.begin_reading()
        try:
            yield
        finally:
            self.end_reading()

    def begin_reading(self) -> None:
        """Be let in with other readers; ``end_reading`` has to follow, in the same thread."""
        mine = self._mine
        if not mine.depth:
            with self._changed:
                while self._alone or self._waiting:
                    self._changed.wait()
                self._readers += 1
        mine.depth += 1

    def end_reading(self) -> None:
        """Leave."""
        mine = self._mine
        mine.depth -= 1
        if not mine.depth:
            with self._changed:
                self._readers -= 1
                if self._waiting and not self._readers:
                    self._changed.notify_all()

    @contextmanager
    def alone(self) -> Generator[None, None, None]:
        """Be let in when all others have left; one thread at a time asks for this."""
        with self._changed:
            self._waiting += 1
            try:
                while self._readers or self._alone:
                    self._changed.wait()
                self._alone = True
            finally:
                self._waiting -= 1
                if not self._alone:  # gave up: those who waited for it may go on
                    self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._changed.notify_all()


class _Depth(threading.local):
    """How often this thread has begun to read and not ended."""

    depth = 0


@contextmanager
def uninterrupted() -> Generator[None, None, None]:
    """Hold back KeyboardInterrupt until the end of the block, in the thread that gets it."""
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield
        return
    held: list[FrameType | None] = []
    signal.signal(signal.SIGINT, lambda _, frame: held.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
    if held:
        handler(signal.SIGINT, held[0])
