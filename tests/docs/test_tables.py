"""The tables of the documentation say what the code says.

``python tests/docs/test_tables.py`` writes the table of modules into ``docs/schema.md``; the other tables are written by hand and
compared here.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from pydantic import BaseModel

import weaviate_orm
from weaviate_orm import (
    BlobHash,
    GeoCoordinate,
    Hit,
    PhoneNumber,
    Query,
    SchemaHandle,
    Session,
    TenantsHandle,
    errors,
    modules,
    prop,
)
from weaviate_orm.expr.metrics import METRICS, Measured
from weaviate_orm.expr.operators import Expression
from weaviate_orm.local.capabilities import CAPABILITIES
from weaviate_orm.model import datatypes
from weaviate_orm.model.options import CollectionOptions
from weaviate_orm.schema.modules import (
    CustomModule,
    GenerativeModule,
    Module,
    MultiVectorVectorizer,
    Reranker,
    Vectorizer,
)
from weaviate_orm.schema.options import option_fields, required_options

DOCS = Path(__file__).resolve().parents[2] / "docs"
BEGIN, END = "<!-- modules: begin -->\n", "<!-- modules: end -->"


def page(name: str) -> str:
    return (DOCS / name).read_text()


def rows(name: str, first_heading: str) -> list[list[str]]:
    """Give the cells of the table whose first column has this heading."""
    lines = page(name).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first_heading} |"))
    found: list[list[str]] = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def named(cells: list[list[str]]) -> list[str]:
    """Give the names in code style in the first column."""
    return [name for row in cells for name in re.findall(r"`([^`]+)`", row[0])]


# --- modules -----------------------------------------------------------------------------------------------------------


def entries() -> list[type[Module]]:
    found = [getattr(modules, name) for name in modules.__all__]
    classes = [each for each in found if isinstance(each, type) and issubclass(each, Module) and each.module_key]
    return [each for each in classes if not issubclass(each, CustomModule)]


def module_table() -> str:
    """Give the tables of all modules, as Markdown."""
    kinds: list[tuple[str, list[type[Module]]]] = [("Vectorizers", []), ("Generative modules", []), ("Rerankers", [])]
    for each in entries():
        position = (
            0
            if issubclass(each, (Vectorizer, MultiVectorVectorizer))
            else 1
            if issubclass(each, GenerativeModule)
            else 2
        )
        assert position < 2 or issubclass(each, Reranker)
        kinds[position][1].append(each)
    parts = [f"### {title}\n\n" + "\n".join(_table(each)) for title, each in kinds]
    return "\n" + "\n\n".join(parts) + "\n\n"


def _table(found: list[type[Module]]) -> list[str]:
    return ["| module | is | needs | server |", "|---|---|---|---|", *map(_row, found)]


def _row(module: type[Module]) -> str:
    first_line = (inspect.getdoc(module) or "").splitlines()[0].replace("``", "`")
    needed = ", ".join(f"`{each.name}`" for each in option_fields(module) if each.name in required_options(module))
    return f"| `{module.__name__}` | {first_line} | {needed} | {module.since or ''} |"


def test_the_table_of_modules() -> None:
    shown = page("schema.md").partition(BEGIN)[2].partition(END)[0]
    assert shown == module_table(), "run python tests/docs/test_tables.py"


# --- what is written by hand -------------------------------------------------------------------------------------------


def test_the_table_of_data_types() -> None:
    class Inside(BaseModel):
        value: str

    types: dict[str, type] = {
        each.__name__: each
        for each in (str, bool, int, float, datetime, date, UUID, bytes, GeoCoordinate, PhoneNumber, BlobHash)
    }
    assert set(types.values()) == {python for python, _ in datatypes._SCALARS}
    cells = rows("models.md", "Python type")
    assert len(cells) == len(types) + 1
    for shown, data_type, listed in cells:
        python = types.get(shown.strip("`"), Inside)
        found = datatypes.resolve(python, "Model.field").name
        assert data_type == f"`{found}`"
        assert listed == (f"`{found}[]`" if found in datatypes.ARRAYS else "")


def test_the_table_of_class_keywords() -> None:
    assert named(rows("models.md", "keyword")) == [each.name for each in fields(CollectionOptions)]


def test_the_table_of_property_options() -> None:
    options = set(inspect.signature(prop).parameters) - {"default", "default_factory"}
    assert set(named(rows("schema.md", "`prop(...)`"))) == options


def test_every_operator_is_in_the_table() -> None:
    shown = " ".join(named(rows("conditions.md", "condition")))
    methods = public(Expression) - public(Measured) - {"asc", "desc", "weighted"} | {"has", "count"}
    assert [each for each in sorted(methods) if f"{each}(" not in shown] == []
    signs = {"==", "!=", "<", "<=", ">", ">=", "~condition"}
    assert signs <= set(named(rows("conditions.md", "condition")))


def test_every_metric_is_in_the_table() -> None:
    shown = dict(rows("aggregate.md", "Type"))
    types = {"int": "int", "float": "number", "datetime": "date", "str": "text", "bool": "boolean"}
    listed = {
        base: {
            name for types, cell in shown.items() if f"`{python}`" in types for name in re.findall(r"`(\w+)\(", cell)
        }
        for python, base in types.items()
    }
    assert listed == {base: set(names) - {"count", "type"} for base, names in METRICS.items()}
    assert public(Measured) == {name for names in METRICS.values() for name in names}


def test_every_query_method_is_described() -> None:
    text = page("queries.md")
    elsewhere = page("generate.md") + page("group_by.md")
    assert [each for each in sorted(public(Query)) if f"`{each}(" not in text + elsewhere] == []
    shown = set(re.findall(r"`(\w+)`", text))
    assert public(Hit) | set(Hit.__annotations__) <= shown


def test_every_session_method_is_described() -> None:
    text = "".join(
        map(
            page,
            (
                "storing.md",
                "updating.md",
                "events.md",
                "queries.md",
                "aggregate.md",
                "connecting.md",
                "repositories.md",
            ),
        )
    )
    members = public(Session) - {"schema", "server"}
    assert [each for each in sorted(members) if f"{each}(" not in text] == []
    assert public(SchemaHandle) == {
        each.partition("(")[0] for each in named(rows("schema.md", "method")) if "(" in each
    }


def test_the_table_of_tenants() -> None:
    assert public(TenantsHandle) == {each.partition("(")[0] for each in named(rows("repositories.md", "method"))}


def test_every_public_name_is_in_the_reference() -> None:
    listed = set(
        re.findall(
            r"^::: weaviate_orm\.(\w+)$", "".join(each.read_text() for each in (DOCS / "reference").glob("*.md")), re.M
        )
    )
    assert "errors" in listed
    missing = set(weaviate_orm.__all__) - listed - set(errors.__all__) - {"__version__"}
    assert missing == set()


def public(cls: type) -> set[str]:
    return {
        each for each in dir(cls) if not each.startswith("_") and (each in vars(cls) or callable(getattr(cls, each)))
    }


def test_what_the_engine_lacks() -> None:
    rows = [f"| {each.feature} | {each.way_out} |" for each in CAPABILITIES.values()]
    shown = [
        line for line in page("in-process.md").partition("## What it does not have")[2].splitlines() if line in rows
    ]
    assert sorted(shown) == sorted(rows)


if __name__ == "__main__":
    schema = DOCS / "schema.md"
    before, _, rest = schema.read_text().partition(BEGIN)
    schema.write_text(before + BEGIN + module_table() + END + rest.partition(END)[2])
