"""The garbage collector is paused while large replies are read, and afterwards it is as it was before."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest

from weaviate_orm.wire.collector import collector_paused


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


def test_paused_inside_and_running_outside() -> None:
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_who_runs_without_it_keeps_it_off() -> None:
    gc.disable()
    with collector_paused():
        pass
    assert not gc.isenabled()


def test_an_exception_leaves_it_running() -> None:
    with pytest.raises(ValueError, match="row"), collector_paused():
        raise ValueError("row")
    assert gc.isenabled()


def test_the_last_reader_of_several_threads_turns_it_on() -> None:
    inside, leave = threading.Event(), threading.Event()

    def read() -> None:
        with collector_paused():
            inside.set()
            leave.wait(10)

    other = threading.Thread(target=read)
    other.start()
    inside.wait(10)
    with collector_paused():
        pass
    assert not gc.isenabled()
    leave.set()
    other.join(10)
    assert gc.isenabled()
