"""The reader behind the quickstart: what it finds, what it must not do while it imports two hundred modules."""

from __future__ import annotations

import importlib.util
import inspect
import os
import subprocess
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import standard_library as library
else:
    # Examples are programs, not a package: load the file as it lies there.
    _PATH = Path(__file__).parents[3] / "examples" / "standard_library.py"
    _SPEC = importlib.util.spec_from_file_location("examples_standard_library", _PATH)
    library = importlib.util.module_from_spec(_SPEC)
    sys.modules[_SPEC.name] = library
    _SPEC.loader.exec_module(library)


@pytest.fixture(scope="module")
def skipped() -> list[library.SkippedModule]:
    return []


@pytest.fixture(scope="module")
def documents(skipped: list[library.SkippedModule]) -> list[library.ModuleDoc | library.MemberDoc]:
    return list(library.read_standard_library(skipped.append))


@pytest.fixture(scope="module")
def modules(documents: list[library.ModuleDoc | library.MemberDoc]) -> dict[str, library.ModuleDoc]:
    return {one.name: one for one in documents if isinstance(one, library.ModuleDoc)}


@pytest.fixture(scope="module")
def members(documents: list[library.ModuleDoc | library.MemberDoc]) -> dict[str, library.MemberDoc]:
    return {one.qualified_name: one for one in documents if isinstance(one, library.MemberDoc)}


def test_there_is_as_much_as_the_quickstart_says(
    modules: dict[str, library.ModuleDoc], members: dict[str, library.MemberDoc]
) -> None:
    assert 150 < len(modules) < 260
    assert 3_000 < len(members) < 6_500
    kinds = Counter(one.kind for one in members.values())
    assert min(kinds["function"], kinds["class"], kinds["method"]) > 500
    assert 700_000 < sum(len(one.text) for one in members.values()) < 2_000_000


def test_names_are_unique_and_a_module_comes_before_its_members(
    documents: list[library.ModuleDoc | library.MemberDoc],
) -> None:
    names = [one.name if isinstance(one, library.ModuleDoc) else one.qualified_name for one in documents]
    assert not [name for name, times in Counter(names).items() if times > 1]
    current = ""
    for one in documents:
        if isinstance(one, library.ModuleDoc):
            assert one.name > current
            current = one.name
        else:
            assert one.module == current
            assert one.qualified_name.startswith(f"{current}.")


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("subprocess.run", "function", "Run command with arguments"),
        ("subprocess.Popen.wait", "method", "Wait for child process"),
        ("json.JSONDecoder", "class", "Simple JSON"),  # defined in json.decoder, documented in json
        ("heapq.heappush", "function", "heap"),  # defined in _heapq
        ("os.getcwd", "function", "current working directory"),  # defined in posix or nt
        ("asyncio.run", "function", "coroutine"),
    ],
)
def test_a_member_is_found_where_its_documentation_is(
    members: dict[str, library.MemberDoc], name: str, kind: str, said: str
) -> None:
    assert members[name].kind == kind
    assert said in members[name].text


def test_the_module_of_the_quickstarts_question_says_what_it_is_for(modules: dict[str, library.ModuleDoc]) -> None:
    assert modules["subprocess"].summary.startswith("Subprocesses")
    assert "spawn" in modules["subprocess"].text
    assert modules["email"].is_package
    assert not modules["heapq"].is_package


def test_re_exports_and_inherited_documentation_are_not_taken(members: dict[str, library.MemberDoc]) -> None:
    assert "subprocess.Mapping" not in members
    assert "shutil.deepcopy" not in members
    # A subclass that repeats a method without a docstring is not listed with the inherited one.
    for name, member in members.items():
        if member.kind == "method":
            module, class_name, method = name.rsplit(".", 2)
            own = vars(getattr(sys.modules[module], class_name))[method]
            assert inspect.cleandoc(own.__doc__).strip() == member.text


def test_private_and_undocumented_names_are_left_out(members: dict[str, library.MemberDoc]) -> None:
    assert all(member.text for member in members.values())
    assert all(member.summary for member in members.values())
    assert not [name for name in members if any(part.startswith("_") for part in name.split("."))]


def test_text_is_dedented_and_a_summary_is_one_line(documents: list[library.ModuleDoc | library.MemberDoc]) -> None:
    for one in documents:
        assert one.text == one.text.strip()
        assert "\n" not in one.summary
        assert one.summary == one.summary.strip()
        assert len(one.summary) <= len(one.text)


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("Return it. And more.", "Return it."),
        ("Return\n  it", "Return it"),
        ("Take a size, e.g. 10. Then stop.", "Take a size, e.g. 10."),
        ("Read setup.cfg quickly.", "Read setup.cfg quickly."),
        ("f(x) -> string\n\nGive it back. Twice.", "Give it back."),
        ("f(x) -> string", "f(x) -> string"),
        ("", ""),
    ],
)
def test_summary_is_the_first_sentence(text: str, summary: str) -> None:
    assert library._summary(text, "f") == summary


def test_a_signature_shows_names_and_plain_defaults_only(members: dict[str, library.MemberDoc]) -> None:
    assert members["shutil.copy"].signature == "(src, dst, *, follow_symlinks=True)"
    assert not [name for name, member in members.items() if "0x" in member.signature]

    def surprising(name: str = "x", environment: object = os.environ, where: object = object()) -> None: ...

    assert library._signature(surprising).startswith("(name: 'str' = 'x', environment: 'object' = ..., where")
    assert "PATH" not in library._signature(surprising)


def test_skipped_modules_are_reported_with_a_reason(
    documents: list[library.ModuleDoc | library.MemberDoc], skipped: list[library.SkippedModule]
) -> None:
    assert documents
    reasons = {one.name: one.reason for one in skipped}
    assert {"antigravity", "this", "tkinter"} <= set(reasons)
    assert all(reasons.values())


def test_a_module_that_cannot_be_imported_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdlib_module_names", frozenset({"heapq", "no_such_module_anywhere"}))
    found: list[library.SkippedModule] = []
    names = {one.name for one in library.read_standard_library(found.append) if isinstance(one, library.ModuleDoc)}
    assert names == {"heapq"}
    assert [one.name for one in found] == ["no_such_module_anywhere"]
    assert "ModuleNotFoundError" in found[0].reason


def test_the_stream_leaves_warning_filters_alone_while_it_is_suspended() -> None:
    before = list(warnings.filters)
    stream = library.read_standard_library()
    assert next(stream).text
    assert list(warnings.filters) == before


_QUIET = """
import sys, warnings, hashlib
sys.path.insert(0, sys.argv[1])
import standard_library as library
digest = hashlib.sha256()
for one in library.read_standard_library():
    digest.update(repr(one).encode())
imported = {"antigravity", "this", "tkinter", "idlelib"} & set(sys.modules)
assert not imported, imported
sys.stderr.write(digest.hexdigest())
"""


def test_a_fresh_process_prints_nothing_warns_of_nothing_and_finds_the_same_twice() -> None:
    examples = str(Path(__file__).parents[3] / "examples")
    runs = [
        subprocess.run(
            [sys.executable, "-W", "error", "-c", _QUIET, examples],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONHASHSEED": seed, "A_SECRET_OF_THIS_TEST": seed},
        )
        for seed in ("1", "2")
    ]
    assert [run.returncode for run in runs] == [0, 0], runs[0].stderr
    assert [run.stdout for run in runs] == ["", ""]
    assert len(runs[0].stderr) == 64, runs[0].stderr
    assert runs[0].stderr == runs[1].stderr
