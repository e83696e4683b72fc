"""What a case of this folder is handed: a bare exchange with the backend under test, and names for its collections."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator

import pytest
from exchanges import call_rest

from weaviate_orm.transport.base import Exchange

_numbers = itertools.count(1)


@pytest.fixture
def fresh(exchange: Exchange) -> Generator[Callable[[str], str]]:
    """``fresh("Article")`` gives a name that no other test uses; the collection is dropped afterwards."""
    names: list[str] = []

    def name(start: str) -> str:
        names.append(f"{start}_m{next(_numbers)}")
        return names[-1]

    yield name
    for each in reversed(names):
        call_rest(exchange, "DELETE", f"/schema/{each}")
