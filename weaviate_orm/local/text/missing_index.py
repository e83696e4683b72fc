"""What is said where a property has not the index that a query needs; the one refusal that the server passes up without prefixes."""

from __future__ import annotations

from weaviate_orm.local.refusals import Refused

__all__ = ["MissingIndex", "not_countable", "not_filterable", "not_searchable"]


class MissingIndex(Refused):
    """A property lacks an index.

    Attributes:
        bare: the text without prefixes: all that listings and keyword search give. Vector search and aggregation give the prefixes too.
    """

    def __init__(self, bare: str, prefix: str = "") -> None:
        super().__init__(prefix + bare)
        self.bare = bare
        self._prefix = prefix

    def prefixed(self, prefix: str) -> MissingIndex:
        """Give the same refusal with words in front, as the server adds them on the way up."""
        return MissingIndex(self.bare, prefix + self._prefix)


def not_filterable(name: str) -> MissingIndex:
    """Give the refusal to filter by a property."""
    return _missing(f"Filtering by property '{name}'", "indexFilterable", name)


def not_countable(name: str) -> MissingIndex:
    """Give the refusal to filter by the number of references."""
    return _missing(f"Searching by property '{name}' count", "indexFilterable", name)


def not_searchable(name: str) -> MissingIndex:
    """Give the refusal to search a property for words."""
    return _missing(f"Searching by property '{name}'", "indexSearchable", name)


def _missing(doing: str, option: str, name: str) -> MissingIndex:
    return MissingIndex(
        f"{doing} requires inverted index. "
        f"Is `{option}` option of property '{name}' enabled? Set it to `true` or leave empty"
    )
