"""Grouping of results by a property."""

from __future__ import annotations

from dataclasses import dataclass

from weaviate_orm.model.info import PropertyInfo, ReferenceInfo

__all__ = ["Grouping"]


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """So many groups by a property's value, of so many objects each."""

    subject: PropertyInfo | ReferenceInfo
    groups: int
    per_group: int
