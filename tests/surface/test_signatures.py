"""The signatures of everything public: no ``Any`` comes out, and no type is named that a user cannot import.

Annotations are evaluated as the checkers see them, with the names that are only imported for them.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

import weaviate_orm
from weaviate_orm import embedded, events, generative, modules

PUBLIC_MODULES = (weaviate_orm, modules, generative, embedded, events)
PUBLIC = {f"{module.__name__}.{name}": getattr(module, name) for module in PUBLIC_MODULES for name in module.__all__}

# Users get instances of these and never make one, so their constructors and slots are not for them.
MADE_BY_THE_LIBRARY = {
    "Aggregation",
    "AsyncAggregation",
    "AsyncGroupedAggregation",
    "AsyncGroupedQuery",
    "Group",
    "GroupedAggregation",
    "GroupedHit",
    "GroupedQuery",
    "Metric",
    "GenerativeQuery",
    "GenerativeHit",
    "GenerativeGroupedQuery",
    "GenerativeGroup",
    "GeneratedGroups",
    "Generated",
    "AsyncGenerativeQuery",
    "AsyncGenerativeGroupedQuery",
    "Boost",
    "Condition",
    "EmbeddedServer",
    "Expression",
    "Hit",
    "Inclusion",
    "MultiVector",
    "Property",
    "Quantity",
    "AsyncQuery",
    "AsyncStream",
    "AsyncSchemaHandle",
    "AsyncServerHandle",
    "AsyncTenantsHandle",
    "Query",
    "Stream",
    "Reference",
    "References",
    "SchemaHandle",
    "ServerHandle",
    "Sort",
    "TenantsHandle",
    "Vector",
}
# What stands on the right of an annotated field has to fit any type.
FIELD_SPECIFIERS = {"prop", "reference", "references", "vector"}


_namespaces: dict[str, dict[str, Any]] = {}


def namespace(module_name: str) -> dict[str, Any]:
    """Give a module's names, with those under ``if TYPE_CHECKING``, which may come from under another module's."""
    if module_name not in _namespaces:
        module = importlib.import_module(module_name)
        names = _namespaces[module_name] = dict(vars(module))
        if not module_name.startswith("weaviate_orm"):
            return names
        for node in ast.parse(Path(module.__file__ or "").read_text()).body:
            if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
                for statement in node.body:
                    if isinstance(statement, ast.ImportFrom):
                        source = namespace(statement.module or "")
                        names.update((each.asname or each.name, source[each.name]) for each in statement.names)
                    else:
                        exec(compile(ast.Module([statement], []), module_name, "exec"), names)
    return _namespaces[module_name]


def functions(value: object) -> Iterator[tuple[str, types.FunctionType]]:
    """Give the public functions of a public class or function, inherited ones of ours included."""
    if isinstance(value, types.FunctionType):
        yield value.__name__, value
    elif isinstance(value, type):
        for owner in value.__mro__:
            if not owner.__module__.startswith("weaviate_orm."):
                continue
            for name, member in vars(owner).items():
                if name.startswith("_") and name not in (
                    "__init__",
                    "__iter__",
                    "__enter__",
                    "__aiter__",
                    "__aenter__",
                ):
                    continue
                if name == "__init__" and (
                    value.__name__ in MADE_BY_THE_LIBRARY or issubclass(value, weaviate_orm.WeaviateModel)
                ):
                    continue
                if isinstance(member, property):
                    member = member.fget
                elif isinstance(member, classmethod | staticmethod):
                    member = member.__func__
                # What a dataclass makes up says nothing that its attributes do not.
                if isinstance(member, types.FunctionType) and member.__code__.co_filename != "<string>":
                    yield f"{value.__name__}.{name}", member


def hints(function: types.FunctionType) -> dict[str, object]:
    return get_type_hints(function, globalns=namespace(function.__module__), include_extras=True)


def parts(hint: object) -> Iterator[object]:
    """Give a type and everything it is made of."""
    yield hint
    if isinstance(hint, TypeVar):
        if hint.__bound__ is not None:
            yield from parts(hint.__bound__)
        return
    origin: object = get_origin(hint)
    if origin is not None:
        yield origin
    # numpy writes the number of dimensions of an array as Any.
    for argument in get_args(hint)[1 if origin is np.ndarray else 0 :]:
        for each in argument if isinstance(argument, list) else [argument]:
            yield from parts(each)


PUBLIC_FUNCTIONS = sorted(
    {
        (f"{module}.{name}", function)
        for module, value in ((name.rpartition(".")[0], value) for name, value in PUBLIC.items())
        for name, function in functions(value)
        if function.__module__.startswith("weaviate_orm.")
    },
    key=lambda each: each[0],
)


def test_the_walk_sees_methods() -> None:
    names = {name for name, _ in PUBLIC_FUNCTIONS}
    assert {
        "weaviate_orm.Session.insert_many",
        "weaviate_orm.Query.near_text",
        "weaviate_orm.Hit.vectors",
        "weaviate_orm.Query.all",
        "weaviate_orm.prop",
    } <= names


def test_no_any_comes_out() -> None:
    returned = {name: hints(function).get("return") for name, function in PUBLIC_FUNCTIONS}
    leaks = {name: hint for name, hint in returned.items() if Any in list(parts(hint))}
    assert {name.rpartition(".")[2] for name in leaks} == FIELD_SPECIFIERS, leaks


def test_everything_is_annotated() -> None:
    missing: dict[str, set[str]] = {}
    for name, function in PUBLIC_FUNCTIONS:
        parameters = list(inspect.signature(function).parameters)
        first_is_self = "." in function.__qualname__ and parameters and parameters[0] in ("self", "cls")
        wanted = {*(parameters[1:] if first_is_self else parameters), "return"}
        missing[name] = wanted - hints(function).keys()
    assert {name: each for name, each in missing.items() if each} == {}


def hidden(hint: object) -> set[str]:
    """Give the classes of ours in a type that users cannot import."""
    return {
        f"{part.__module__}.{part.__qualname__}"
        for part in parts(hint)
        if isinstance(part, type)
        and part.__module__.startswith("weaviate_orm.")
        and not any(part is each for each in PUBLIC.values())
        # A protocol that narrows `self` is for checkers; nobody annotates with it.
        and not getattr(part, "_is_protocol", False)
    }


def test_every_type_in_a_signature_can_be_imported() -> None:
    found = {
        name: {each for hint in hints(function).values() for each in hidden(hint)}
        for name, function in PUBLIC_FUNCTIONS
    }
    assert {name: each for name, each in found.items() if each} == {}


def test_every_type_of_an_attribute_can_be_imported() -> None:
    found: dict[str, set[str]] = {}
    for name, value in PUBLIC.items():
        if not isinstance(value, type) or value.__name__ in MADE_BY_THE_LIBRARY:
            continue
        if issubclass(value, weaviate_orm.WeaviateModel):
            continue
        for owner in value.__mro__:
            if not owner.__module__.startswith("weaviate_orm."):
                continue
            for attribute, annotation in vars(owner).get("__annotations__", {}).items():
                if attribute.startswith("_") or "ClassVar" in annotation:
                    continue
                holder = types.SimpleNamespace(__annotations__={attribute: annotation})
                if leak := hidden(get_type_hints(holder, namespace(owner.__module__))[attribute]):
                    found[f"{name}.{attribute}"] = leak
    assert found == {}
