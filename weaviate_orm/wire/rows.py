"""One function that fetches all properties of a row, generated for what a model declares.

A loop over readers costs a call and a few tuple look-ups a value, which together are a third of reading a row. The generated function has
none: it is straight lines made of the fixed texts below. Names of fields and properties, which may come from a server one day, are
constants that it is given, never text of the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from weaviate_orm.model.datatypes import DataType
from weaviate_orm.wire.reading import Reader

if TYPE_CHECKING:
    from google.protobuf.internal.containers import MessageMap

    from weaviate_orm.wire import _pb as pb

__all__ = ["Cell", "FillRow", "compile_row"]

FillRow: TypeAlias = "Callable[[MessageMap[str, pb.Value], dict[str, Any]], None]"
"""Puts what a row's properties hold into a mapping by input key; the values are validated afterwards."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One property to fetch.

    Attributes:
        key: where the value goes.
        name: the property's name in the collection.
        data_type: what it holds.
        read: the reader; it is asked when the quick way gives nothing, and for types that have none.
        optional: a missing one is given as ``None``; otherwise it is left out, so that the model's default applies.
    """

    key: str
    name: str
    data_type: DataType
    read: Reader
    optional: bool


# The member of Value that holds a data type, and for arrays the way on to the elements; a slice is the quickest copy of those.
_SCALARS = {"text": "text_value", "int": "int_value", "number": "number_value", "boolean": "bool_value"}
_ARRAYS = {"text": "list_value.text_values.values[:]", "boolean": "list_value.bool_values.values[:]"}


def _lines(position: int, cell: Cell) -> Iterable[str]:
    member = (_ARRAYS if cell.data_type.array else _SCALARS).get(cell.data_type.base)
    if member is None:
        yield f"found = read{position}(fields[name{position}])"
    else:
        yield f"value = fields[name{position}]"
        yield f"found = value.{member}"
        # A zero may be a zero, which a scalar says of itself; lists have more to look at.
        yield "if not found:" if cell.data_type.array else f"if not found and not value.HasField('{member}'):"
        yield f"    found = read{position}(value)"
    if cell.optional:
        yield f"data[key{position}] = found"
    else:
        yield "if found is not None:"
        yield f"    data[key{position}] = found"


def compile_row(cells: Iterable[Cell]) -> FillRow:
    """Give the function for these properties."""
    constants: dict[str, Any] = {}  # readers and names, and then the function
    body = ["pass"]
    for position, cell in enumerate(cells):
        constants |= {f"key{position}": cell.key, f"name{position}": cell.name, f"read{position}": cell.read}
        body += _lines(position, cell)
    source = "\n    ".join(["def fill(fields, data):", *body])
    exec(compile(source, "<weaviate_orm row>", "exec"), constants)  # noqa: S102  made of the fixed texts above alone
    fill: FillRow = constants["fill"]
    return fill
