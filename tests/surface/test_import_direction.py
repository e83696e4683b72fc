"""Imports point down the flow of values only: declare, schema, query, message, call, session."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import weaviate_orm

PACKAGE = Path(weaviate_orm.__file__).parent

# A room may import itself and the rooms of earlier lines; rooms of one line do not know each other.
FLOW = (
    ("_version", "errors"),
    ("types",),
    ("expr",),
    ("model",),
    ("schema",),
    ("generative",),
    ("modules", "query"),
    ("wire", "events"),
    ("flows", "embedded", "local"),
    ("transport", "serving"),
    ("session",),
    ("testing", "cli"),
)
LEVEL = {room: level for level, rooms in enumerate(FLOW) for room in rooms}
# The package itself only re-exports; the mypy plugin runs inside mypy and imports nothing of ours.
OUTSIDE = {"__init__", "mypy"}


# Modules of one room: a session gives queries, handles and repositories, and the latter are built on sessions.
SHELLS = dict.fromkeys(
    (
        "session_async",
        "runner",
        "aggregations",
        "aggregations_async",
        "queries",
        "queries_async",
        "streams",
        "streams_async",
        "queries_generative",
        "queries_generative_async",
        "handles",
        "handles_async",
        "repository",
    ),
    "session",
)


def room_of(module: str) -> str:
    parts = module.split(".")
    return SHELLS.get(parts[1], parts[1]) if len(parts) > 1 else "__init__"


def is_type_checking(node: ast.If) -> bool:
    return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def imports(nodes: list[ast.stmt]) -> Iterator[tuple[int, str]]:
    """Give line and module of every import that happens at run time, those inside functions included."""
    for node in nodes:
        if isinstance(node, ast.If) and is_type_checking(node):
            yield from imports(node.orelse)
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports of the package are absolute"
            module = node.module or ""
            # `from weaviate_orm import errors` names a room, `from weaviate_orm.errors import X` names it already.
            yield from (
                (node.lineno, f"{module}.{name.name}" if module == "weaviate_orm" else module) for name in node.names
            )
        else:
            for _, value in ast.iter_fields(node):
                for inner in value if isinstance(value, list) else [value]:
                    if isinstance(inner, ast.stmt):
                        yield from imports([inner])
                    elif isinstance(inner, ast.ExceptHandler | ast.match_case):
                        yield from imports(inner.body)


def arrows() -> Iterator[tuple[str, str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        relative = path.relative_to(PACKAGE).with_suffix("")
        room = room_of(f"weaviate_orm.{relative.parts[0]}")
        for line, module in imports(ast.parse(path.read_text()).body):
            if module.split(".")[0] == "weaviate_orm":
                yield room, room_of(module), f"{relative.as_posix()}.py:{line} imports {module}"


def test_every_room_has_a_place_in_the_flow() -> None:
    rooms = {
        room_of(f"weaviate_orm.{path.stem}")
        for path in PACKAGE.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert rooms - OUTSIDE - LEVEL.keys() == set(), "give the new room its line in FLOW"


def test_imports_point_down_the_flow() -> None:
    broken = [
        where
        for room, target, where in arrows()
        if room not in OUTSIDE and room != target and (target in OUTSIDE or LEVEL[target] >= LEVEL[room])
    ]
    assert broken == []


def test_the_walk_sees_imports() -> None:
    """So that the test above does not pass because nothing was found."""
    seen = {(room, target) for room, target, _ in arrows()}
    assert {("model", "expr"), ("query", "model"), ("wire", "query"), ("session", "flows")} <= seen


def test_the_walk_knows_what_happens_at_run_time() -> None:
    source = """
import weaviate_orm.errors
if TYPE_CHECKING:
    import weaviate_orm.session
else:
    import weaviate_orm.model.base
def later():
    try:
        from weaviate_orm import query
    except ImportError:
        import weaviate_orm.wire
"""
    assert [module for _, module in imports(ast.parse(source).body)] == [
        "weaviate_orm.errors",
        "weaviate_orm.model.base",
        "weaviate_orm.query",
        "weaviate_orm.wire",
    ]
