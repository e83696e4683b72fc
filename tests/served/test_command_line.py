"""``weaviate-orm serve`` as a program: what it prints, how it ends, and what it refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from weaviate_orm import ApiKey, AuthenticationError, Property, Session, WeaviateModel

COMMAND = [sys.executable, "-W", "error", "-m", "weaviate_orm.cli"]
FREE = ["--http-port", "0", "--grpc-port", "0"]


class Note(WeaviateModel):
    text: Property[str]


def environment(**variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WEAVIATE_")}
    return {**kept, "COLUMNS": "200", "NO_COLOR": "1", **variables}


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], env=environment(**variables), capture_output=True, text=True, check=False, timeout=60
    )


@contextmanager
def serving(*arguments: str, ends_by: int = signal.SIGTERM, **variables: str) -> Iterator[dict[str, Any]]:
    """Start the program, give what it announces, and see it end as it should."""
    process = subprocess.Popen(
        [*COMMAND, "serve", *FREE, "--json", *arguments],
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            pytest.fail(process.communicate()[1])
        yield json.loads(line)
        process.send_signal(ends_by)
        rest, errors = process.communicate(timeout=60)
        assert (process.returncode, rest, errors) == (0, "", "")
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


@pytest.mark.parametrize("ends_by", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_and_ends(ends_by: int) -> None:
    with serving(ends_by=ends_by) as said:
        assert (said["path"], said["version"]) == (None, "1.39.3")
        with Session(said["url"], grpc_port=said["grpc_port"]) as session:
            session.schema.create(Note)
            session.insert(Note(text="kept in memory"))
            assert session.count(Note) == 1


def test_a_file_keeps_the_data(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    for count in (1, 2):
        with serving("--path", str(path)) as said, Session(said["url"], grpc_port=said["grpc_port"]) as session:
            session.schema.create(Note, exist_ok=True)
            session.insert(Note(text="kept in a file"))
            assert session.count(Note) == count
    with Session(path) as session:
        assert session.count(Note) == 2


def test_what_people_see() -> None:
    process = subprocess.Popen(
        [*COMMAND, "serve", *FREE], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
    finally:
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    assert (process.returncode, rest, errors) == (0, "", "")
    assert lines[0] == "The in-process engine, as Weaviate 1.39.3; in memory: the data is gone at the end.\n"
    assert lines[1].startswith("REST  http://127.0.0.1:")
    assert lines[2].startswith("gRPC  127.0.0.1:")
    assert lines[3] == "Stop with ctrl-C.\n"


def test_keys_are_asked_for() -> None:
    with serving(WEAVIATE_SERVE_API_KEYS="first,second") as said:
        assert httpx.get(f"{said['url']}/v1/meta", trust_env=False).status_code == 401
        with Session(said["url"], grpc_port=said["grpc_port"]) as session, pytest.raises(AuthenticationError):
            session.server.meta()
        with Session(said["url"], grpc_port=said["grpc_port"], auth=ApiKey("second")) as session:
            session.schema.create(Note)
            assert session.count(Note) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "0.0.0.0"], "everybody could read and change the data"),
        (["--http-port", "5001", "--grpc-port", "5001"], "need a port each"),
        (["--http-port", "70000"], "http_port is a number from 0"),
    ],
)
def test_what_it_refuses(arguments: list[str], said: str) -> None:
    done = run("serve", *FREE, *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: ")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_in_use(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    with serving("--path", str(path)):
        done = run("serve", *FREE, "--path", str(path))
        assert done.returncode == 1
        assert str(path) in done.stderr
        assert "Traceback" not in done.stderr


def test_help_and_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert "engine as Weaviate 1.39.3" in done.stdout
    assert "serve" in run("--help").stdout
    assert "WEAVIATE_SERVE_API_KEYS" in run("serve", "--help").stdout


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_a_missing_extra_is_named(missing: str) -> None:
    program = f"import sys; sys.modules[{missing!r}] = None; from weaviate_orm.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"weaviate-orm needs {missing}, which comes with the extra 'cli': pip install 'weaviate-typed-orm[cli]'\n"
    )
