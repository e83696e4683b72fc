"""The table of providers in ``docs/generate.md`` says what the code says."""

from __future__ import annotations

from pathlib import Path

from weaviate_orm import generative
from weaviate_orm.generative import Provider
from weaviate_orm.schema.options import option_fields
from weaviate_orm.wire.features import Feature

PAGE = Path(__file__).resolve().parents[2] / "docs" / "generate.md"


def server(provider: type[Provider]) -> str:
    name = f"GENERATE_{provider.kind.upper()}"
    feature = Feature[name] if name in Feature.__members__ else Feature.GENERATE
    return ", ".join(".".join(map(str, version)) for version in sorted((*feature.backports, feature.since)))


def test_the_table_of_providers() -> None:
    wanted = ["| provider | options | images | server |", "|---|---|---|---|"]
    for name in generative.__all__:
        value = getattr(generative, name)
        if issubclass(value, Provider) and value is not Provider:
            options = ", ".join(f"`{each.name}`" for each in option_fields(value)) or "none"
            wanted.append(f"| `{name}` | {options} | {'yes' if value.takes_images else 'no'} | {server(value)} |")
    assert [line for line in PAGE.read_text().splitlines() if line.startswith("|")] == wanted
