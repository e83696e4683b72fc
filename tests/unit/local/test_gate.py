from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

import pytest

from weaviate_orm.local.storage.gate import Gate, uninterrupted

SECONDS = 20.0
"""After which a wait has failed."""


class Steps:
    """Runs pieces of a test in threads and notes what they reached."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._threads: list[threading.Thread] = []

    def start(self, work: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def join(self) -> None:
        for thread in self._threads:
            thread.join(SECONDS)
            assert not thread.is_alive(), f"a thread waits for ever after {self.seen}"


def wait_until(test: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(SECONDS * 1000)):
        if test():
            return
        pause.wait(0.001)
    raise AssertionError("what was waited for did not happen")


def test_readers_read_together() -> None:
    gate, steps = Gate(), Steps()
    together = threading.Barrier(3)

    def read() -> None:
        with gate.reading():
            together.wait(SECONDS)

    for _ in range(3):
        steps.start(read)
    steps.join()


def test_who_is_alone_waits_for_readers_and_keeps_new_ones_out() -> None:
    gate, steps = Gate(), Steps()
    leave = threading.Event()

    def alone() -> None:
        with gate.alone():
            steps.seen.append("alone")

    def read() -> None:
        with gate.reading():
            steps.seen.append("late reader")

    with gate.reading():
        steps.start(alone)
        wait_until(lambda: gate._waiting == 1)
        steps.start(read)
        leave.wait(0.02)
        assert steps.seen == []
        with gate.reading():  # who reads already may again, though somebody waits
            assert gate.is_reading
        assert gate.is_reading
    steps.join()
    assert steps.seen == ["alone", "late reader"]
    assert not gate.is_reading


def test_a_failure_inside_leaves_the_gate_open() -> None:
    gate, steps = Gate(), Steps()
    for enter in (gate.reading, gate.alone):
        with pytest.raises(ZeroDivisionError), enter():
            raise ZeroDivisionError
    steps.start(lambda: gate.alone().__enter__())
    steps.join()


def test_an_interrupt_is_held_back_to_the_end() -> None:
    seen: list[str] = []
    before = signal.getsignal(signal.SIGINT)

    def interrupted() -> None:
        with uninterrupted():
            os.kill(os.getpid(), signal.SIGINT)
            seen.append("went on")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert seen == ["went on"]
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_have_no_interrupts_to_hold_back() -> None:
    steps = Steps()

    def work() -> None:
        with uninterrupted():
            steps.seen.append("done")

    steps.start(work)
    steps.join()
    assert steps.seen == ["done"]
