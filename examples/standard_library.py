"""The documentation of Python's own standard library, as plain values: real text that every machine has.

``read_standard_library()`` imports each public module that this interpreter ships, reads its docstrings with
``inspect``, and streams one ``ModuleDoc`` followed by the ``MemberDoc`` of each function, class and method documented
there. Nothing is downloaded and nothing here knows about Weaviate: the other examples turn these values into models.

    python examples/standard_library.py          prints how much there is, and what was left out and why
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import io
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Literal
from unittest import mock

__all__ = ["MemberDoc", "MemberKind", "ModuleDoc", "SkippedModule", "read_standard_library"]

MemberKind = Literal["function", "class", "method"]


@dataclass(frozen=True, slots=True)
class ModuleDoc:
    """One module: ``subprocess``.

    Attributes:
        name: as it is imported.
        summary: first sentence of the text.
        text: the docstring, dedented; empty for a module that documents its members only.
        is_package: whether it holds further modules.
    """

    name: str
    summary: str
    text: str
    is_package: bool


@dataclass(frozen=True, slots=True)
class MemberDoc:
    """One documented function, class or method: ``subprocess.run``.

    Attributes:
        module: name of the module that documents it; its ``ModuleDoc`` came before.
        qualified_name: unique, with the module: ``"subprocess.Popen.wait"``.
        kind: what it is.
        signature: ``"(self, timeout=None)"``; empty where Python does not know it.
        summary: first sentence of the text.
        text: its own docstring, dedented; never inherited, never empty.
    """

    module: str
    qualified_name: str
    kind: MemberKind
    signature: str
    summary: str
    text: str


@dataclass(frozen=True, slots=True)
class SkippedModule:
    """A module that was left out, and why."""

    name: str
    reason: str


_GRAPHICAL = "opens windows"
_IMPLEMENTATION = "implementation of os, where its functions are documented"
_LEFT_OUT = {
    "antigravity": "opens a web browser when imported",
    "distutils": "replaced by setuptools where that is installed",
    "idlelib": _GRAPHICAL,
    "nt": _IMPLEMENTATION,
    "posix": _IMPLEMENTATION,
    "pydoc_data": "data of the help() command",
    "test": "Python's own tests",
    "this": "prints when imported",
    "tkinter": _GRAPHICAL,
    "turtle": _GRAPHICAL,
    "turtledemo": _GRAPHICAL,
}

# An annotation may show where in memory an object is, and two runs would differ.
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_SENTENCE_END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)[.!?](?=\s|$)")
_BLANK_LINE = re.compile(r"\n\s*\n")


def read_standard_library(on_skip: Callable[[SkippedModule], None] | None = None) -> Iterator[ModuleDoc | MemberDoc]:
    """Stream the documentation of every public top-level module, in the order of the names.

    A module comes before its members. A member belongs to the module that defines it. A name that a module lists in
    ``__all__`` but takes from a private twin or from its own package (``heapq.heappush``, ``asyncio.run``) counts as
    defined there, because that is where its documentation says it is; any other re-export is passed over.

    Args:
        on_skip: told of each public module that was left out: not on this platform, or with an effect on import.
    """
    report = on_skip or (lambda skipped: None)
    for name in sorted(sys.stdlib_module_names):
        if name.startswith("_"):
            continue
        if name in _LEFT_OUT:
            report(SkippedModule(name, _LEFT_OUT[name]))
            continue
        try:
            module = _import_quietly(name)
        except Exception as error:  # a module of another platform may fail in any way
            report(SkippedModule(name, f"{type(error).__name__}: {error}"))
            continue
        # Read whole before the first yield: a suspended generator must not hold the process's warning filters.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            members = list(_read_members(module))
            described = _read_module(module)
        if described.text or members:
            yield described
            yield from members


def _import_quietly(name: str) -> ModuleType:
    """Import a module that may warn, print, or point a browser somewhere."""
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        mock.patch("webbrowser.open", return_value=False),
    ):
        warnings.simplefilter("ignore")
        return importlib.import_module(name)


def _read_module(module: ModuleType) -> ModuleDoc:
    text = _docstring(module)
    return ModuleDoc(module.__name__, _summary(text, module.__name__), text, is_package=hasattr(module, "__path__"))


def _read_members(module: ModuleType) -> Iterator[MemberDoc]:
    seen: set[int] = set()
    for name, value in sorted(vars(module).items()):
        if name.startswith("_") or id(value) in seen or not _is_defined_in(module, name, value):
            continue
        seen.add(id(value))
        if inspect.isclass(value):
            yield from _describe(module, name, "class", value)
            yield from _read_methods(module, name, value)
        elif inspect.isroutine(value):
            yield from _describe(module, name, "function", value)


def _read_methods(module: ModuleType, class_name: str, owner: type) -> Iterator[MemberDoc]:
    seen: set[int] = set()
    for name, value in sorted(vars(owner).items()):
        # A cached property looks like a method to inspect, but nobody calls it.
        if name.startswith("_") or id(value) in seen or isinstance(value, functools.cached_property):
            continue
        if inspect.isroutine(value):
            seen.add(id(value))
            yield from _describe(module, f"{class_name}.{name}", "method", value, bound=getattr(owner, name))


def _describe(
    module: ModuleType, path: str, kind: MemberKind, value: object, bound: object | None = None
) -> Iterator[MemberDoc]:
    """Yield the member when it has documentation of its own.

    ``bound`` is a method as its class gives it, whose signature leaves out the ``cls`` of a class method.
    """
    text = _docstring(value)
    if text:
        signature = _signature(value if bound is None else bound)
        summary = _summary(text, path.rpartition(".")[2])
        yield MemberDoc(module.__name__, f"{module.__name__}.{path}", kind, signature, summary, text)


def _is_defined_in(module: ModuleType, name: str, value: object) -> bool:
    home = getattr(value, "__module__", None)
    if not isinstance(home, str):
        return False
    if home == module.__name__:
        return True
    behind_the_scenes = home.startswith(("_", f"{module.__name__}.")) or _LEFT_OUT.get(home) is _IMPLEMENTATION
    return behind_the_scenes and name in getattr(module, "__all__", ())


def _docstring(value: object) -> str:
    """Give the value's own docstring, dedented; ``inspect.getdoc`` would borrow one from a base class."""
    text = getattr(value, "__doc__", None)
    return inspect.cleandoc(text).strip() if isinstance(text, str) else ""


class _Elided:
    def __repr__(self) -> str:
        return "..."


def _signature(value: object) -> str:
    if not callable(value):
        return ""
    try:
        signature = inspect.signature(value)
    except (ValueError, TypeError):  # written in C without one
        return ""
    parameters = [
        one if one.default is one.empty or _is_plain(one.default) else one.replace(default=_Elided())
        for one in signature.parameters.values()
    ]
    return _ADDRESS.sub("", str(signature.replace(parameters=parameters)))


def _is_plain(default: object) -> bool:
    """Tell whether a default may be shown: one of cgi's is the whole of ``os.environ``, with the secrets in it."""
    return default is None or (isinstance(default, bool | int | float | str | bytes) and len(repr(default)) <= 40)


def _summary(text: str, name: str) -> str:
    """Give the first sentence, on one line."""
    paragraphs = _BLANK_LINE.split(text)
    # Older docstrings of C functions start with how to call them: "ctime(seconds) -> string".
    if len(paragraphs) > 1 and paragraphs[0].startswith(f"{name}("):
        del paragraphs[0]
    first = " ".join(paragraphs[0].split())
    end = _SENTENCE_END.search(first)
    return first[: end.end()] if end else first


def main() -> None:
    """Print how much documentation there is and what was left out."""
    skipped: list[SkippedModule] = []
    documents = list(read_standard_library(skipped.append))
    modules = [document for document in documents if isinstance(document, ModuleDoc)]
    size = sum(len(document.text) for document in documents)
    members = len(documents) - len(modules)
    print(f"{len(modules)} modules, {members} functions, classes and methods, {size / 1e6:.2f} MB of text")
    for one in skipped:
        print(f"  left out {one.name}: {one.reason}")


if __name__ == "__main__":
    main()
