"""What a server says about the time a query took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from weaviate_orm.query.results import Hit

__all__ = ["QueryProfile", "ShardProfile"]

R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True)
class ShardProfile:
    """What one shard did for a query.

    Attributes:
        name: the shard's, with its collection's.
        node: where it is.
        searches: what was measured, by kind of search: ``"vector"``, ``"keyword"`` (both for a hybrid search), ``"object"`` for a query
            without a search. Names and values are the server's own, and differ between versions: ``{"total_took": "149.949µs", ...}``.
    """

    name: str
    node: str
    searches: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class QueryProfile(Generic[R_co]):
    """The hits of a query, and what finding them took.

    Attributes:
        hits: as ``all()`` gives them.
        shards: every shard that was asked.
    """

    hits: list[Hit[R_co]]
    shards: tuple[ShardProfile, ...]

    def __str__(self) -> str:
        lines = [f"{len(self.hits)} hits"]
        for shard in self.shards:
            lines.append(f"{shard.name} on {shard.node}")
            for kind, details in shard.searches.items():
                lines.append(f"  {kind}")
                lines += [f"    {name}: {details[name]}" for name in sorted(details)]
        return "\n".join(lines)
