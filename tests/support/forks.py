"""Forks, in processes of their own: this one has threads of grpcio, which do not survive a fork and may take the process with them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

__all__ = ["alone", "in_child"]

_HEAD = """
import os, sys, threading
sys.path.insert(0, {folder!r})
import stores
from forks import in_child
from weaviate_orm.local.storage.changes import PutCollection
ARTICLE = PutCollection(stores.collection_json("Article"))
"""


def alone(program: str, *arguments: str | Path) -> None:
    """Run a program in a new process, with ``stores`` and ``in_child``; what fails there fails here."""
    source = _HEAD.format(folder=str(Path(__file__).parent)) + textwrap.dedent(program)
    command = [sys.executable, "-c", source, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def in_child(work: object) -> str:
    """Run a function in a forked child and give what it returns, or the error's class and text."""
    assert callable(work)
    receiving, sending = os.pipe()
    child = os.fork()
    if not child:
        try:
            text = str(work())
        except BaseException as error:  # whatever it is goes to the parent
            text = f"{type(error).__name__}: {error}"
        os.write(sending, text.encode())
        os._exit(0)
    os.close(sending)
    with os.fdopen(receiving, "rb") as pipe:
        text = pipe.read().decode()
    os.waitpid(child, 0)
    return text
