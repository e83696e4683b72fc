"""What ``import weaviate_orm`` costs: nothing is printed or warned of, and what a program may never need is not loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

import weaviate_orm
from weaviate_orm import modules


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("module", ["weaviate_orm", "weaviate_orm.modules", "weaviate_orm.mypy"])
def test_import_is_silent(module: str) -> None:
    done = run(f"import {module}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "unwanted", ["grpc", "httpx", "numpy", "asyncio", "mypy", "wordllama", "weaviate", "weaviate_orm.embedded.server"]
)
def test_import_leaves_what_is_not_needed_yet(unwanted: str) -> None:
    done = run(f"import sys, weaviate_orm, weaviate_orm.modules; sys.exit({unwanted!r} in sys.modules)")
    assert done.returncode == 0, f"import weaviate_orm also imports {unwanted}"


def test_declaring_a_model_loads_no_more() -> None:
    """Models are declared in programs that never connect: migrations, tests, command lines."""
    program = """
import sys
from weaviate_orm import Property, Reference, Vector, WeaviateModel, reference, vector
class Author(WeaviateModel):
    name: Property[str]
class Article(WeaviateModel):
    title: Property[str]
    author: Reference[Author] = reference()
    embedding: Vector = vector()
Article(title="x", author=Author(name="y"))
Article.title == "x"
sys.exit(bool({"grpc", "httpx", "numpy", "asyncio"} & set(sys.modules)))
"""
    done = run(program)
    assert (done.returncode, done.stderr) == (0, "")


def test_star_import_gives_the_public_names() -> None:
    names: dict[str, object] = {}
    exec("from weaviate_orm import *", names)
    assert names.keys() - {"__builtins__"} == set(weaviate_orm.__all__)


def test_modules_star_import_gives_the_public_names() -> None:
    names: dict[str, object] = {}
    exec("from weaviate_orm.modules import *", names)
    assert names.keys() - {"__builtins__"} == set(modules.__all__)
