"""The pytest plugin in runs of its own: what its fixtures give, which server they choose, and what its loading costs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from zoo import unique_name

from weaviate_orm import Session

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "testing_an_application"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run pytest on a file with this text, in a folder of its own and with nobody else's plugins."""

    def pytest_run(text: str, *arguments: str, ini: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "test_it.py").write_text(text)
        (tmp_path / "pytest.ini").write_text(f"[pytest]\nfilterwarnings = error\n{ini}\n")
        return start(tmp_path, *arguments, **variables)

    return pytest_run


def start(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WEAVIATE_")}
    # Whether the plugin is installed as an entry point is the installation's business.
    environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT), **variables}
    options = ["-p", "weaviate_orm.testing.plugin", "-p", "no:cacheprovider", "-q", *arguments]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def passed(done: subprocess.CompletedProcess[str], count: int) -> None:
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{count} passed" in done.stdout
    assert "warning" not in done.stdout + done.stderr


FRESH = """
from weaviate_orm import Property, WeaviateModel

class Note(WeaviateModel):
    text: Property[str]

def test_one(weaviate_session):
    assert weaviate_session.schema.list() == []
    weaviate_session.schema.create(Note)
    weaviate_session.insert(Note(text="one"))
    assert weaviate_session.count(Note) == 1

test_two = test_one
"""


def test_every_test_has_an_empty_database(run: Run) -> None:
    passed(run(FRESH), 2)


def test_fixtures_that_live_longer(run: Run) -> None:
    text = """
import pytest

@pytest.fixture(scope="module")
def shared(weaviate_sessions):
    with weaviate_sessions() as session:
        yield session

def test_one(shared, weaviate_session):
    assert shared is not weaviate_session
    shared.schema.create({"class": "Kept"})
    assert weaviate_session.schema.list() == []

def test_two(shared):
    assert [each.name for each in shared.schema.list()] == ["Kept"]
"""
    passed(run(text, "-p", "no:randomly"), 2)


def test_asynchronous_sessions(run: Run) -> None:
    text = """
import asyncio

def test_one(weaviate_async_sessions):
    async def use():
        async with weaviate_async_sessions() as session:
            assert await session.schema.list() == []
            await session.schema.create({"class": "Note"})

    asyncio.run(use())

test_two = test_one
"""
    passed(run(text), 2)


def test_the_engine_is_given_an_embedder(run: Run) -> None:
    text = """
import pytest
from weaviate_orm import InProcess, Property, Vector, WeaviateModel, vector
from weaviate_orm.modules import text2vec_openai

class Note(WeaviateModel):
    text: Property[str]
    meaning: Vector = vector(text2vec_openai(), source=["text"])

@pytest.fixture(scope="session")
def weaviate_in_process():
    return InProcess(embedder=lambda texts: [[float("fire" in each), float("rain" in each)] for each in texts])

def test_it(weaviate_session):
    weaviate_session.schema.create(Note)
    weaviate_session.insert_many([Note(text="a fire"), Note(text="some rain")])
    assert weaviate_session.query(Note).near_text("when it rains").first().object.text == "some rain"
"""
    passed(run(text), 1)


def test_a_served_engine(run: Run) -> None:
    text = """
import threading
import pytest
from weaviate_orm import Session

def test_it(weaviate_server):
    assert weaviate_server.in_process
    with Session(weaviate_server.url, grpc_port=weaviate_server.grpc_port) as session:
        assert session.server.ready()
        assert str(weaviate_server.http_port) in weaviate_server.url

def test_again(weaviate_server):
    assert weaviate_server.in_process
"""
    passed(run(text), 2)


WHERE = """
def test_it(weaviate_server, pytestconfig):
    print("HERE", weaviate_server)
"""


@pytest.mark.parametrize(
    ("arguments", "variables", "ini", "url", "grpc_port"),
    [
        (["--weaviate-url=http://a.test:1/", "--weaviate-grpc-port=2"], {}, "", "http://a.test:1", 2),
        (["--weaviate-url=http://a.test"], {}, "", "http://a.test", 50051),
        ([], {"WEAVIATE_TEST_URL": "http://b.test:3", "WEAVIATE_TEST_GRPC_PORT": "4"}, "", "http://b.test:3", 4),
        ([], {}, "weaviate_url = http://c.test:5\nweaviate_grpc_port = 6", "http://c.test:5", 6),
        (
            ["--weaviate-url=http://a.test:1"],
            {"WEAVIATE_TEST_URL": "http://b.test:3"},
            "weaviate_url = http://c.test:5",
            "http://a.test:1",
            50051,
        ),
        ([], {"WEAVIATE_TEST_URL": "http://b.test:3"}, "weaviate_url = http://c.test:5", "http://b.test:3", 50051),
    ],
)
def test_which_server(
    run: Run, arguments: list[str], variables: dict[str, str], ini: str, url: str, grpc_port: int
) -> None:
    """Nothing is connected for that; the first that names one wins."""
    done = run(WHERE, "-s", *arguments, ini=ini, **variables)
    passed(done, 1)
    shown = next(line for line in done.stdout.splitlines() if "HERE" in line)
    assert f"url='{url}'" in shown
    assert f"grpc_port={grpc_port}, in_process=False" in shown


def test_a_real_server_is_named_at_the_start(run: Run) -> None:
    assert "weaviate: http://a.test:1, gRPC port 50051" in run(WHERE, "-v", "--weaviate-url=http://a.test:1").stdout
    assert "weaviate:" not in run("def test_it(): pass", "-v").stdout


def test_an_empty_url_is_the_engine(run: Run) -> None:
    done = run(WHERE, "-s", "--weaviate-url=", WEAVIATE_TEST_URL="http://b.test:3")
    passed(done, 1)
    assert "in_process=True" in done.stdout


def test_a_port_that_is_no_number(run: Run) -> None:
    done = run(WHERE, WEAVIATE_TEST_URL="http://b.test:3", WEAVIATE_TEST_GRPC_PORT="many")
    assert done.returncode != 0
    assert "weaviate_grpc_port is a number, not 'many'" in done.stdout + done.stderr


def test_loading_the_plugin_is_silent_and_light(run: Run) -> None:
    """pytest loads it in every run on a machine that has the library."""
    text = """
import sys

def test_it():
    heavy = {"grpc", "httpx", "numpy", "asyncio", "uvicorn", "typer", "wordllama", "sqlite3", "weaviate_orm.local"}
    assert heavy & sys.modules.keys() == set()
"""
    passed(run(text, "-W", "error"), 1)


def test_the_options_are_explained(run: Run) -> None:
    done = run("", "--help")
    assert "--weaviate-url=URL" in done.stdout
    assert "weaviate_grpc_port (string):" in done.stdout


# --- the worked example ------------------------------------------------------------------------------------------------


def test_a_server_keeps_what_was_there(run: Run, request: pytest.FixtureRequest) -> None:
    """What the tests create is dropped; what is there makes them fail, and stays."""
    text = f"""
import asyncio
import pytest
from weaviate_orm import CollectionExistsError, Property, WeaviateModel

class {(name := unique_name("PluginNote"))}(WeaviateModel):
    text: Property[str]

def test_one(weaviate_session):
    weaviate_session.schema.create({name})
    weaviate_session.insert({name}(text="one"))

def test_two(weaviate_async_sessions):
    async def use():
        async with weaviate_async_sessions() as session:
            await session.schema.create({name})

    asyncio.run(use())
"""
    server = request.getfixturevalue("weaviate_server")
    options = ["--weaviate-url", server.url, "--weaviate-grpc-port", str(server.grpc_port)]
    passed(run(text, *options), 2)
    with Session(server.url, grpc_port=server.grpc_port) as session:
        assert not session.schema.exists(name)
        session.schema.create({"class": name})
        try:
            done = run(text, *options)
            assert "2 failed" in done.stdout
            assert "CollectionExistsError" in done.stdout
            assert session.schema.exists(name)
        finally:
            session.schema.drop(name)


def test_the_example_runs_on_the_engine() -> None:
    passed(start(EXAMPLE), 9)


def test_the_example_runs_on_a_server(request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("weaviate_server")
    passed(start(EXAMPLE, "--weaviate-url", server.url, "--weaviate-grpc-port", str(server.grpc_port)), 9)
