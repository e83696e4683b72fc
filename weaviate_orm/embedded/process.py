"""One server process under its supervisor: start it, see whether it lives, stop it.

The server must end with this process, however this process ends. Three cases:

1. ``stop()``, or the interpreter's exit: a byte goes down the leash and the supervisor ends the server.
2. This process is killed: the system closes the leash's write end, which the supervisor sees at once.
3. This process is killed while a fork of it lives on: the fork closes its copy of the write end right after the fork, and the supervisor
   looks at its parent's id too, for forks that never run Python.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from weakref import WeakSet

from weaviate_orm.errors import EmbeddedError

__all__ = ["SupervisedProcess"]

_SUPERVISOR = Path(__file__).with_name("supervisor.py")
# What the supervisor may take beyond the grace it gives the server.
_SUPERVISOR_SECONDS = 5.0
_NONE = "-"


class _Leash:
    """The write end of the pipe whose closing ends the server."""

    __slots__ = ("__weakref__", "_descriptor")

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor
        _leashes.add(self)

    def ask_to_stop(self) -> None:
        if self._descriptor is not None:
            with suppress(BrokenPipeError):
                os.write(self._descriptor, b"s")
        self.drop()

    def drop(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


# Process-wide, because a fork copies the process: every leash that a child inherits must be let go there.
_leashes: WeakSet[_Leash] = WeakSet()


def _drop_inherited() -> None:
    for leash in tuple(_leashes):
        leash.drop()


if hasattr(os, "register_at_fork"):  # absent on Windows, where nothing forks
    os.register_at_fork(after_in_child=_drop_inherited)


class SupervisedProcess:
    """A running command that ends with this process.

    Attributes:
        pid: process id of the command itself, which leads a process group of its own.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
        lock: Path | None = None,
        remove: Path | None = None,
        grace: float = 30.0,
    ) -> None:
        """Start the command in ``folder``, with both outputs going to the end of ``log``.

        ``lock`` is held by the command while it runs; ``remove`` is a folder that is deleted when this process dies without ``stop()``;
        ``grace`` is seconds between SIGTERM and SIGKILL.

        Raises:
            EmbeddedError: the command could not be run, or another one holds ``lock``.
        """
        self._owner = os.getpid()
        self._stopping = threading.Lock()
        self._grace = grace
        read_end, write_end = os.pipe()
        leash = _Leash(write_end)
        arguments = [str(read_end), str(self._owner), str(grace), str(lock or _NONE), str(remove or _NONE), *command]
        try:
            with log.open("ab") as output:
                supervisor = subprocess.Popen(  # noqa: S603 - our own script, no shell
                    [sys.executable, "-I", "-S", str(_SUPERVISOR), *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=output,
                    env=dict(environment),
                    cwd=folder,
                    # A session of its own, so that Ctrl-C in the terminal does not end the server before this process is done with it.
                    start_new_session=True,
                    pass_fds=(read_end,),
                )
        except OSError as error:
            leash.drop()
            raise EmbeddedError(
                f"could not run {sys.executable} to supervise the server: {error}", log=str(log)
            ) from error
        finally:
            os.close(read_end)
        self._leash = leash
        self._supervisor = supervisor
        self.pid = self._read_pid(command[0], log)

    def _read_pid(self, program: str, log: Path) -> int:
        report = self._supervisor.stdout
        if report is None:
            raise AssertionError("stdout=PIPE gives a stream")
        with report:
            word, _, rest = report.readline().decode(errors="replace").strip().partition(" ")
        if word == "started":
            return int(rest)
        self._leash.drop()
        self._supervisor.wait()
        reason = rest if word == "failed" else f"its supervisor ended with status {self._supervisor.returncode}"
        raise EmbeddedError(f"could not start {program}: {reason}. Log: {log}", log=str(log))

    def poll(self) -> int | None:
        """Give the exit status (128 + signal number when a signal ended it), or ``None`` while the command runs."""
        return self._supervisor.poll()

    def stop(self) -> None:
        """End the command and wait until it has ended. Does nothing the second time, and nothing in a fork of the owner."""
        if os.getpid() != self._owner:
            return
        with self._stopping:
            self._leash.ask_to_stop()
            try:
                self._supervisor.wait(self._grace + _SUPERVISOR_SECONDS)
            except subprocess.TimeoutExpired:
                self._supervisor.kill()
                self._supervisor.wait()
            if self._supervisor.returncode < 0:  # the supervisor was killed, so nobody looked after the command
                self._end_group()
                self._supervisor.returncode = 128 + signal.SIGKILL

    def _end_group(self) -> None:
        deadline = time.monotonic() + self._grace
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGTERM)
            while time.monotonic() < deadline:
                os.killpg(self.pid, 0)
                time.sleep(0.05)
            os.killpg(self.pid, signal.SIGKILL)
