"""The generated function that fetches a row: names are data to it, never text of the program."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm import HydrationError
from weaviate_orm.model.datatypes import resolve
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.reading import compile_reader
from weaviate_orm.wire.rows import Cell, compile_row

NASTY = [
    "'",
    '"',
    '"""',
    "\\",
    "a\nraise SystemExit",
    "\ndata.clear()",
    "{name0}",
    "%s",
    "fields",
    "data",
    "found",
    "value",
    "read0",
    "key1",
    "__import__('os').abort()",
    "class",
    "",
    " ",
    "\0",
    "ünïcode",
    "]) or exit(",
]


def cell(key: str, name: str, annotation: object = str) -> Cell:
    data_type = resolve(annotation, key)
    return Cell(key, name, data_type, compile_reader(data_type, key), data_type.optional)


def filled(cells: list[Cell], **fields: pb.Value) -> dict[str, Any]:
    data: dict[str, Any] = {}
    compile_row(cells)(pb.Properties(fields=fields).fields, data)
    return data


def test_names_that_look_like_code_are_only_names() -> None:
    cells = [cell(f"key of {name}", name) for name in NASTY]
    fields = {name: pb.Value(text_value=f"value of {name}") for name in NASTY}
    assert filled(cells, **fields) == {f"key of {name}": f"value of {name}" for name in NASTY}


def test_keys_that_look_like_code_are_only_keys() -> None:
    cells = [cell(key, f"p{position}") for position, key in enumerate(NASTY)]
    fields = {f"p{position}": pb.Value(text_value=key) for position, key in enumerate(NASTY)}
    assert filled(cells, **fields) == {key: key for key in NASTY}


TEXTS = pb.Value(list_value=pb.ListValue(text_values=pb.TextValues(values=["y"])))
KINDS: list[tuple[object, pb.Value, object]] = [
    (str, pb.Value(text_value="x"), "x"),
    (int, pb.Value(int_value=3), 3),
    (list[str], TEXTS, ["y"]),
    (bool | None, pb.Value(), None),
]


@given(st.dictionaries(st.text(), st.sampled_from(KINDS)))
def test_any_name_is_harmless(named: dict[str, tuple[object, pb.Value, object]]) -> None:
    cells = [cell(name, name, annotation) for name, (annotation, _, _) in named.items()]
    found = filled(cells, **{name: value for name, (_, value, _) in named.items()})
    assert found == {name: expected for name, (_, _, expected) in named.items()}


def test_a_missing_value_is_left_out_unless_it_may_be_none() -> None:
    cells = [
        cell("required", "r"),
        cell("optional", "o", str | None),
        cell("many", "m", list[int]),
        cell("maybe", "y", list[str] | None),
    ]
    assert filled(cells) == {"optional": None, "maybe": None}
    null = pb.Value(null_value=0)  # type: ignore[arg-type]  # the only value
    assert filled(cells, r=null, o=null, m=null, y=null) == {"optional": None, "maybe": None}


def test_zero_values_are_kept() -> None:
    cells = [
        cell("a", "a"),
        cell("b", "b", int),
        cell("c", "c", float),
        cell("d", "d", bool),
        cell("e", "e", list[str]),
    ]
    fields = {
        "a": pb.Value(text_value=""),
        "b": pb.Value(int_value=0),
        "c": pb.Value(number_value=0.0),
        "d": pb.Value(bool_value=False),
        "e": pb.Value(list_value=pb.ListValue()),
    }
    assert filled(cells, **fields) == {"a": "", "b": 0, "c": 0.0, "d": False, "e": []}


@pytest.mark.parametrize("annotation", [str, int, float, bool, list[str], list[bool]], ids=str)
def test_the_quick_way_refuses_other_types_too(annotation: object) -> None:
    with pytest.raises(HydrationError, match="where is declared as"):
        filled([cell("where", "w", annotation)], w=pb.Value(date_value="2024-05-01T00:00:00Z"))


def test_no_properties_make_a_function_that_does_nothing() -> None:
    assert filled([]) == {}


def test_what_is_there_already_stays() -> None:
    data = {"id": 1}
    compile_row([cell("a", "a")])(pb.Properties(fields={"a": pb.Value(text_value="x")}).fields, data)
    assert data == {"id": 1, "a": "x"}
