"""Which kind of column holds which data type. The kinds themselves are in ``columns_*.py``; others import them from here."""

from __future__ import annotations

from weaviate_orm.local.schema.parsed import PropertySchema
from weaviate_orm.local.storage.arrays import Lengths
from weaviate_orm.local.storage.columns_base import Column
from weaviate_orm.local.storage.columns_numbers import ArrayNumberColumn, NumberColumn, Numbers, ScalarNumberColumn
from weaviate_orm.local.storage.columns_other import GeoColumn, PlainColumn, ReferenceColumn
from weaviate_orm.local.storage.columns_text import TextColumn

__all__ = [
    "ArrayNumberColumn",
    "Column",
    "GeoColumn",
    "Lengths",
    "NumberColumn",
    "Numbers",
    "PlainColumn",
    "ReferenceColumn",
    "ScalarNumberColumn",
    "TextColumn",
    "make_column",
]

_KINDS: dict[str, type[Column]] = {
    "text": TextColumn,
    "text[]": TextColumn,
    "uuid": TextColumn,
    "uuid[]": TextColumn,
    "int": ScalarNumberColumn,
    "number": ScalarNumberColumn,
    "boolean": ScalarNumberColumn,
    "date": ScalarNumberColumn,
    "int[]": ArrayNumberColumn,
    "number[]": ArrayNumberColumn,
    "boolean[]": ArrayNumberColumn,
    "date[]": ArrayNumberColumn,
    "geoCoordinates": GeoColumn,
    "reference": ReferenceColumn,
}


def make_column(property: PropertySchema, size: int = 0) -> Column:
    """Give an empty column for a property, with ``size`` rows that have no value."""
    column = _KINDS.get(property.data_type, PlainColumn)(property)
    if size:
        column.skip(size)
    return column
