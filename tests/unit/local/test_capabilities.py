"""What the engine lacks has a name, a reason and a way out; what a server refuses by default has the server's words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import weaviate_orm.local
from weaviate_orm.local.capabilities import CAPABILITIES, unsupported, unsupported_path
from weaviate_orm.local.refusals import RestShape, Unsupported

SOURCES = sorted(Path(weaviate_orm.local.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("name", sorted(CAPABILITIES))
def test_every_capability_reads_as_a_sentence_with_a_way_out(name: str) -> None:
    refusal = unsupported(name)
    one = CAPABILITIES[name]
    assert one.name == name
    assert refusal.text == f"The in-process engine does not have {one.feature}: {one.way_out}."
    assert (refusal.http, refusal.grpc) == (501, "UNIMPLEMENTED")


def test_every_name_that_the_engine_uses_is_in_the_table() -> None:
    used = {name for path in SOURCES for name in re.findall(r'unsupported\("(\w+)"\)', path.read_text("utf-8"))}
    assert used
    assert used <= set(CAPABILITIES)


def test_nothing_else_makes_such_refusals() -> None:
    makers = {path.name for path in SOURCES if re.search(r"\bUnsupported\(", path.read_text("utf-8"))}
    assert makers <= {"capabilities.py", "refusals.py"}


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/graphql", "graphql"),
        ("POST", "/graphql/batch", "graphql"),
        ("GET", "/backups/filesystem", "backups"),
        ("POST", "/backups/filesystem/one/restore", "backups"),
        ("GET", "/authz/roles", "roles_and_users"),
        ("GET", "/users/db/ada", "roles_and_users"),
        ("POST", "/classifications", "classifications"),
    ],
)
def test_paths_of_what_is_missing(method: str, path: str, name: str) -> None:
    refusal = unsupported_path(method, path)
    assert isinstance(refusal, Unsupported)
    assert refusal.text == unsupported(name).text


@pytest.mark.parametrize(
    ("method", "path", "http", "text"),
    [
        ("GET", "/namespaces", 404, "namespaces are not enabled"),
        (
            "GET",
            "/export/filesystem/one",
            422,
            "export API is disabled; enable it via EXPORT_ENABLED=true or the runtime config",
        ),
        (
            "POST",
            "/aggregate/Article",
            422,
            "rest search api is experimental and not enabled; set EXPERIMENTAL_REST_SEARCH_ENABLED=true to enable",
        ),
        (
            "PUT",
            "/schema/Article/properties/title/index/filterable",
            400,
            "runtime reindex is disabled; enable with RUNTIME_REINDEX_ENABLED=true",
        ),
        (
            "DELETE",
            "/schema/Article/vectors/v/index",
            500,
            "alter schema drop vector index endpoint is experimental and disabled by default, set the environment variable "
            "ENABLE_EXPERIMENTAL_ALTER_SCHEMA_DROP_VECTOR_INDEX_ENDPOINT=true to enable it",
        ),
    ],
)
def test_paths_that_a_server_refuses_by_default(method: str, path: str, http: int, text: str) -> None:
    refusal = unsupported_path(method, path)
    assert refusal is not None
    assert not isinstance(refusal, Unsupported)
    assert (refusal.http, refusal.text) == (http, text)


def test_moving_replicas_has_no_body() -> None:
    refusal = unsupported_path("GET", "/replication/replicate/list")
    assert refusal is not None
    assert (refusal.http, refusal.shape) == (501, RestShape.EMPTY)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/schema"),
        ("GET", "/schema/Graphql"),
        ("DELETE", "/schema/Article/properties/title/index/filterable"),
        ("GET", "/users/own-info"),
        ("GET", "/objects/backups/one"),
        ("GET", "/meta"),
    ],
)
def test_other_paths_are_left_to_the_engine(method: str, path: str) -> None:
    assert unsupported_path(method, path) is None
