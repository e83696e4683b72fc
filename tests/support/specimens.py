"""Objects for filters: one property of every data type that filters know, in values near the edges, and references two levels deep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from weaviate_orm import (
    GeoCoordinate,
    InvertedIndex,
    Property,
    Reference,
    References,
    WeaviateModel,
    prop,
    reference,
    references,
)

__all__ = ["CODES", "HABITATS", "MOMENTS", "REGIONS", "SPECIMENS", "Habitat", "Region", "Specimen"]


class Region(WeaviateModel, collection="FilterRegion"):
    name: Property[str] = prop(tokenization="field")
    area: Property[int]


class Habitat(WeaviateModel, collection="FilterHabitat"):
    name: Property[str] = prop(tokenization="field")
    wet: Property[bool]
    depth: Property[int | None] = prop(default=None)
    region: Reference[Region | None] = reference()


class Specimen(
    WeaviateModel,
    collection="FilterSpecimen",
    inverted_index=InvertedIndex(timestamps=True, null_state=True, property_length=True),
):
    """One property of every data type that filters know, and text in every tokenization."""

    words: Property[str | None] = prop(default=None, tokenization="word")
    lower: Property[str | None] = prop(default=None, tokenization="lowercase")
    spaced: Property[str | None] = prop(default=None, tokenization="whitespace")
    whole_text: Property[str | None] = prop(default=None, tokenization="field")
    grams: Property[str | None] = prop(default=None, tokenization="trigram")
    names: Property[list[str] | None] = prop(default=None, tokenization="field")
    notes: Property[list[str] | None] = prop(default=None, tokenization="word")
    whole: Property[int | None] = prop(default=None)
    ranged: Property[int | None] = prop(default=None, filterable=False, range_filters=True)
    number: Property[float | None] = prop(default=None)
    truth: Property[bool | None] = prop(default=None)
    moment: Property[datetime | None] = prop(default=None)
    code: Property[UUID | None] = prop(default=None)
    wholes: Property[list[int] | None] = prop(default=None)
    numbers: Property[list[float] | None] = prop(default=None)
    truths: Property[list[bool] | None] = prop(default=None)
    moments: Property[list[datetime] | None] = prop(default=None)
    codes: Property[list[UUID] | None] = prop(default=None)
    place: Property[GeoCoordinate | None] = prop(default=None)
    home: Reference[Habitat | None] = reference()
    seen: References[Habitat] = references()


REGIONS = (
    Region(id=UUID(int=1), name="North", area=100),
    Region(id=UUID(int=2), name="South", area=20),
)
HABITATS = (
    Habitat(id=UUID(int=11), name="Lake", wet=True, depth=30, region=REGIONS[0]),
    Habitat(id=UUID(int=12), name="Moor", wet=True, region=REGIONS[1]),
    Habitat(id=UUID(int=13), name="Dune", wet=False, depth=0),
)

CODES = tuple(UUID(int=0x1000_0000_0000_0000_0000_0000_0000_0000 * n + n) for n in range(1, 9))
MOMENTS = (
    datetime(2024, 5, 1, 12, tzinfo=UTC),
    datetime(2024, 5, 1, 14, tzinfo=timezone(timedelta(hours=2))),  # the same instant
    datetime(2024, 5, 1, 12, 0, 0, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(1700, 1, 1, tzinfo=UTC),
    datetime(2200, 1, 1, tzinfo=UTC),
)
_TEXTS = (
    "Red Fox-glove",
    "red fox",
    "RED",
    "fox red fox",
    "Ünïcode straße 42",
    "a.b c_d e",
    "42",
    "  padded  ",
    "x",
    "",
    "-- !!",
    "日本語 text",
)
_PLACES = (
    GeoCoordinate(0.0, 0.0),
    GeoCoordinate(0.0, 1.0),
    GeoCoordinate(0.0, 179.5),
    GeoCoordinate(0.0, -179.5),
    GeoCoordinate(52.0, 5.0),
)


def _specimens() -> tuple[Specimen, ...]:
    wholes = (0, 1, -1, 7, 42, 2**53, -(2**53), 100)
    numbers = (0.0, -0.0, 0.5, -2.25, 1e300, 5e-324, 3.0)
    found: list[Specimen] = []
    for index in range(48):
        text = _TEXTS[index % len(_TEXTS)]
        missing = index % 7 == 5
        found.append(
            Specimen(
                id=UUID(int=0x77 * (index * 37 % 48) + 0x1_0000),  # the order of ids is not that of insertion
                words=None if missing else text,
                lower=None if missing else text,
                spaced=None if missing else text,
                whole_text=None if missing else text,
                grams=None if missing else text,
                names=(None, [], ["Ada"], ["Ada", "Bob"], ["bob"], ["Ada Bob"], ["", "Cyd"])[index % 7],
                notes=(None, [], ["red fox"], ["red", "fox"], ["blue"])[index % 5],
                whole=None if index % 9 == 4 else wholes[index % 8],
                ranged=None if index % 9 == 4 else wholes[index % 8],
                number=None if index % 8 == 3 else numbers[index % 7],
                truth=(None, True, False)[index % 3],
                moment=None if index % 11 == 2 else MOMENTS[index % 6],
                code=None if index % 10 == 1 else CODES[index % 4],
                wholes=(None, [], [1], [1, 2], [2, 2, 3], [0])[index % 6],
                numbers=(None, [], [0.5], [0.5, -1.0], [1e300])[index % 5],
                truths=(None, [], [True], [True, False], [False])[index % 5],
                moments=(None, [], [MOMENTS[0]], [MOMENTS[1], MOMENTS[4]], [MOMENTS[5]])[index % 5],
                codes=(None, [], [CODES[0]], [CODES[0], CODES[1]], [CODES[2]])[index % 5],
                place=None if index % 6 == 5 else _PLACES[index % 5],
                home=(None, *HABITATS)[index % 4],
                seen=([], [HABITATS[0]], [HABITATS[0], HABITATS[1]], list(HABITATS), [HABITATS[2]])[index % 5],
            )
        )
    return tuple(found)


SPECIMENS = _specimens()
