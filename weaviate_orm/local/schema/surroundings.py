"""What the schema is checked against, as a value: the other collections, the aliases, and which embedders there are."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Database

__all__ = ["World"]


def _nothing(_module: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class World:
    """Everything beside the collection itself.

    Attributes:
        collections: names of all collections.
        aliases: names of all aliases.
        accepts: whether the engine was given an embedder for a module.
    """

    collections: Collection[str] = ()
    aliases: Collection[str] = ()
    accepts: Callable[[str], bool] = _nothing

    @classmethod
    def of(cls, database: Database) -> World:
        """Give that of a database."""
        return cls(database.collections, database.aliases, database.services.accepts)
