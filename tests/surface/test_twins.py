"""What a synchronous class has, its asynchronous twin has: the same names, the same parameters, the same results, awaited."""

from __future__ import annotations

import inspect
import re

import pytest

import weaviate_orm as w
from weaviate_orm.query.searching import Searching

TWINS = [
    (w.Session, w.AsyncSession),
    (w.Query, w.AsyncQuery),
    (w.Stream, w.AsyncStream),
    (w.GroupedQuery, w.AsyncGroupedQuery),
    (w.GenerativeQuery, w.AsyncGenerativeQuery),
    (w.GenerativeGroupedQuery, w.AsyncGenerativeGroupedQuery),
    (w.Aggregation, w.AsyncAggregation),
    (w.GroupedAggregation, w.AsyncGroupedAggregation),
    (w.SchemaHandle, w.AsyncSchemaHandle),
    (w.TenantsHandle, w.AsyncTenantsHandle),
    (w.ServerHandle, w.AsyncServerHandle),
    (w.Repository, w.AsyncRepository),
]

SPECIAL = {
    "__enter__": "__aenter__",
    "__exit__": "__aexit__",
    "__iter__": "__aiter__",
}
"""Python's own names for the two colours."""

# A query's own methods that talk to nobody, and what only makes another value.
UNCOLOURED = {
    "query",
    "repository",
    "everything",
    "explain",
    "stream",
    "as_",
    "aggregate",
    "generate",
    "group_by",
    "tenant",
    "tenants",
    "consistency",
    "session",
    "model",
    "schema",
    "server",
    "listen",
    "listens_for",
    "stop_listening",
}


def members(cls: type) -> dict[str, object]:
    """Give what the class itself shows to users, its base classes of this package included."""
    found: dict[str, object] = {}
    for base in reversed(cls.__mro__):
        if base.__module__.startswith("weaviate_orm"):
            found.update((name, value) for name, value in vars(base).items())
    return {name: value for name, value in found.items() if not name.startswith("_") or name in named_specially()}


def named_specially() -> set[str]:
    return {"__init__", *SPECIAL, *SPECIAL.values()}


def plain(annotation: object) -> str:
    """Give an annotation without what tells the colours apart."""
    return re.sub(r"\b(_?)Async(?=[A-Z])", r"\1", str(annotation))


@pytest.mark.parametrize(("sync", "asynchronous"), TWINS, ids=lambda each: each.__name__)
def test_the_same_names(sync: type, asynchronous: type) -> None:
    assert asynchronous.__name__ == f"Async{sync.__name__}"
    assert {SPECIAL.get(name, name) for name in members(sync)} == set(members(asynchronous))


@pytest.mark.parametrize(("sync", "asynchronous"), TWINS, ids=lambda each: each.__name__)
def test_the_same_parameters_and_results(sync: type, asynchronous: type) -> None:
    others = members(asynchronous)
    for name, value in members(sync).items():
        twin = others[SPECIAL.get(name, name)]
        if isinstance(value, property):
            assert isinstance(twin, property), name
            value, twin = value.fget, twin.fget
        assert callable(value)
        assert callable(twin)
        here, there = inspect.signature(value), inspect.signature(twin)
        assert [(each.name, each.kind, each.default, plain(each.annotation)) for each in here.parameters.values()] == [
            (each.name, each.kind, each.default, plain(each.annotation)) for each in there.parameters.values()
        ], name
        assert plain(here.return_annotation) == plain(there.return_annotation), name


@pytest.mark.parametrize(("sync", "asynchronous"), TWINS, ids=lambda each: each.__name__)
def test_what_talks_to_a_server_is_awaited_and_nothing_else(sync: type, asynchronous: type) -> None:
    builder = set(members(sync)) - set(vars(sync)) if issubclass(sync, Searching) else set()
    for name, twin in members(asynchronous).items():
        function = twin.fget if isinstance(twin, property) else twin
        awaited = inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
        assert awaited != (name in UNCOLOURED | builder | {"__init__"}), name


@pytest.mark.parametrize(("sync", "asynchronous"), TWINS, ids=lambda each: each.__name__)
def test_overloads_are_the_same(sync: type, asynchronous: type) -> None:
    from typing import get_overloads

    others = members(asynchronous)
    for name, value in members(sync).items():
        if inspect.isfunction(value):
            twin = others[SPECIAL.get(name, name)]
            assert inspect.isfunction(twin)
            here = [str(inspect.signature(each)) for each in get_overloads(value)]
            assert [plain(each) for each in here] == [plain(inspect.signature(each)) for each in get_overloads(twin)]
