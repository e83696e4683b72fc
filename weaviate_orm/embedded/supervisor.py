"""Run one server for as long as its owner lives. A script: started by path with ``-I -S``, it imports nothing of this package.

``process.py`` starts it as ``supervisor.py LEASH OWNER GRACE LOCK FOLDER COMMAND...``:

- ``LEASH``: file descriptor of the read end of a pipe whose write end only the owner holds. It closes when the owner dies, however it
  dies; a byte in it asks for an orderly stop.
- ``OWNER``: process id of the owner. Somebody forked from the owner may hold the write end too, so a changed parent counts as well.
- ``GRACE``: seconds between SIGTERM and SIGKILL.
- ``LOCK``: file to lock while the server runs, so that no two servers use one data folder; ``-`` for none.
- ``FOLDER``: folder to remove when the owner died and cannot do so itself; ``-`` for none.

One line goes to standard output: ``started PID`` or ``failed REASON``. Both outputs of the server go to this script's standard error. The
exit status is the server's, or 128 + the signal that ended it.
"""

from __future__ import annotations

import fcntl
import os
import select
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from types import FrameType

_NONE = "-"
# How often to look whether the parent changed; the pipe tells of nearly every death at once.
_PARENT_CHECK_SECONDS = 0.5


def main(arguments: list[str]) -> int:
    leash, owner, grace = int(arguments[0]), int(arguments[1]), float(arguments[2])
    lock, folder, command = arguments[3], arguments[4], arguments[5:]
    os.set_inheritable(leash, False)
    wake = _wake_on_signals()
    try:
        locked = () if lock == _NONE else (_lock(lock),)
        # A group of its own, so that whatever the server starts ends with it. The server holds the lock: it lasts as long as the server
        # does, even if this script is killed.
        server = subprocess.Popen(  # noqa: S603 - the command is this script's purpose
            command, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno(), start_new_session=True, pass_fds=locked
        )
    except OSError as error:
        _say(f"failed {error}")
        return 127
    _say(f"started {server.pid}")
    orphaned = _watch(server, leash, wake, owner)
    _end(server, grace)
    if orphaned and folder != _NONE:
        shutil.rmtree(folder, ignore_errors=True)
    return server.returncode if server.returncode >= 0 else 128 - server.returncode


def _say(line: str) -> None:
    # The owner may be gone already; its server must be stopped all the same.
    with suppress(OSError):
        os.write(sys.stdout.fileno(), line.replace("\n", " ").encode() + b"\n")


def _lock(path: str) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise OSError(f"the data folder {os.path.dirname(path)} is in use by another embedded server") from error
    return descriptor


def _wake_on_signals() -> int:
    """Give a descriptor that becomes readable when the server ends or this script is asked to.

    Handlers rather than SIG_IGN, because an ignored signal would stay ignored in the server.
    """
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, _noted)
    return reader


def _noted(_number: int, _frame: FrameType | None) -> None:
    """Do nothing; the number arrives through the wake-up descriptor."""


def _watch(server: subprocess.Popen[bytes], leash: int, wake: int, owner: int) -> bool:
    """Wait until the server ended, a stop was asked for, or the owner died. Give whether the owner died."""
    while server.poll() is None:
        readable, _, _ = select.select([leash, wake], [], [], _PARENT_CHECK_SECONDS)
        if leash in readable:
            return os.read(leash, 1) == b""
        if os.getppid() != owner:
            return True
        if wake in readable and signal.SIGTERM in os.read(wake, 4096):
            return False
    return False


def _end(server: subprocess.Popen[bytes], grace: float) -> None:
    if server.poll() is None:
        _signal_group(server.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            server.wait(grace)
    # Also when the server ended: what it started may not have.
    _signal_group(server.pid, signal.SIGKILL)
    server.wait()


def _signal_group(group: int, number: signal.Signals) -> None:
    # PermissionError is what macOS says of a group whose processes have all ended.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
