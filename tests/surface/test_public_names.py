"""The public names, pinned: adding or removing one is a decision, made here and in the changelog."""

from __future__ import annotations

import ast
import inspect
import sys
import types
from collections.abc import Sequence
from pathlib import Path

import pytest

import weaviate_orm
from weaviate_orm import errors, events, generative, modules

GOLDEN = Path(__file__).parent / "data"


@pytest.mark.parametrize("module", [weaviate_orm, modules, generative, events], ids=lambda module: module.__name__)
def test_names_are_the_pinned_ones(module: types.ModuleType) -> None:
    golden = (GOLDEN / f"{module.__name__}.txt").read_text().split()
    names = list(module.__all__)
    assert set(names) - set(golden) == set(), "new public names: add them to the list"
    assert set(golden) - set(names) == set(), "public names are gone: users' imports break"
    assert len(names) == len(set(names))


def test_names_are_sorted() -> None:
    for module in (weaviate_orm, modules, generative, events):
        assert list(module.__all__) == sorted(module.__all__)


def test_nothing_public_is_left_out_of_all() -> None:
    """What ``weaviate_orm`` imports from its rooms, it exports."""
    held = {
        name
        for name, value in vars(weaviate_orm).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType) and name != "annotations"
    }
    assert held <= set(weaviate_orm.__all__)


def test_every_error_is_public() -> None:
    assert set(errors.__all__) <= set(weaviate_orm.__all__)


def public() -> list[tuple[str, object]]:
    return [
        (f"{module.__name__}.{name}", getattr(module, name))
        for module in (weaviate_orm, modules, generative, events)
        for name in module.__all__
        if name != "__version__"
    ]


def test_public_names_have_docstrings() -> None:
    missing: list[str] = []
    for name, value in public():
        if not isinstance(value, type | types.FunctionType):
            continue  # its docstring stands in the source, see below
        own = vars(value).get("__doc__") if isinstance(value, type) else value.__doc__
        # A dataclass without a docstring is given its signature as one.
        if not own or (isinstance(value, type) and str(own).startswith(f"{value.__name__}(")):
            missing.append(name)
    assert missing == []


def test_public_methods_have_docstrings() -> None:
    missing = [
        f"{name}.{member}"
        for name, value in public()
        if isinstance(value, type)
        for owner in value.__mro__
        if owner.__module__.startswith("weaviate_orm.")
        for member, found in vars(owner).items()
        if not member.startswith("_") and isinstance(found, types.FunctionType | property | classmethod | staticmethod)
        if not inspect.getdoc(found)
    ]
    assert missing == []


def test_constants_are_described() -> None:
    """A constant or alias carries its docstring in the source, below it, where editors and mkdocs find it."""
    undescribed: list[str] = []
    for name, value in public():
        if isinstance(value, type | types.FunctionType):
            continue
        short = name.rpartition(".")[2]
        home = _home(short)
        if not _has_docstring(home, short):
            undescribed.append(f"{home.__name__}.{short}")
    assert undescribed == []


def _home(name: str) -> types.ModuleType:
    """Give the module of ours that assigns a name."""
    for module_name, module in sorted(sys.modules.items()):
        if module_name.startswith("weaviate_orm.") and name in vars(module) and module.__file__:
            tree = ast.parse(Path(module.__file__).read_text())
            if any(_assigns(node, name) for node in tree.body):
                return module
    raise AssertionError(f"no module assigns {name}")


def _assigns(node: object, name: str) -> bool:
    targets: Sequence[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def _has_docstring(module: types.ModuleType, name: str) -> bool:
    body = ast.parse(Path(module.__file__ or "").read_text()).body
    for node, after in zip(body, [*body[1:], None], strict=True):
        if _assigns(node, name):
            return (
                isinstance(after, ast.Expr)
                and isinstance(after.value, ast.Constant)
                and isinstance(after.value.value, str)
            )
    return False
