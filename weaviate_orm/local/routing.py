"""REST inside the process: a request as a value, a table of routes, and the search for the one that fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from weaviate_orm.local.refusals import Refused, RestShape
from weaviate_orm.wire.call import RestReply

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Database

__all__ = ["Handler", "RestRequest", "Route", "Router"]


@dataclass(frozen=True, slots=True)
class RestRequest:
    """One REST request below ``/v1``.

    Attributes:
        method: ``"GET"``, ``"POST"``, ...
        path: below ``/v1``, percent-encoded: ``"/schema/Article"``.
        query: the parameters that were given.
        body: decoded JSON, ``None`` for no body.
        variables: what stands at the places in braces of the route's pattern, decoded.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Any = None  # JSON has no narrower type
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


Handler = Callable[["Database", RestRequest], RestReply]


@dataclass(frozen=True, slots=True)
class Route:
    """One method and path.

    Attributes:
        method: ``"GET"``, ``"POST"``, ...
        pattern: ``"/schema/{collection}/shards"``.
        handler: answers, or raises Refused.
        writes: whether it may change what is stored; such requests run one at a time.
    """

    method: str
    pattern: str
    handler: Handler
    writes: bool = False


class Router:
    """Finds the route of a request."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_shape: dict[tuple[str, int], list[tuple[tuple[str, ...], Route]]] = {}
        for route in routes:
            parts = _segments(route.pattern)
            self._by_shape.setdefault((route.method, len(parts)), []).append((parts, route))
        for candidates in self._by_shape.values():
            candidates.sort(key=lambda entry: sum(part.startswith("{") for part in entry[0]))  # literal places first

    def find(self, request: RestRequest) -> tuple[Route, Mapping[str, str]]:
        """Give the route and the variables of its path.

        Raises:
            Refused: nothing answers there: 405 for another method of a known path, else 404.
        """
        parts = _segments(request.path)
        for pattern, route in self._by_shape.get((request.method, len(parts)), ()):
            variables = _fit(pattern, parts)
            if variables is not None:
                return route, variables
        others = sorted(
            method
            for (method, length), routes in self._by_shape.items()
            if length == len(parts) and any(_fit(pattern, parts) is not None for pattern, _ in routes)
        )
        if others:
            text = f"method {request.method} is not allowed, but [{','.join(others)}] are"
            raise Refused(text, http=405, shape=RestShape.CODE)
        raise Refused(f"path /v1{request.path} was not found", http=404, shape=RestShape.CODE)


def _segments(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part)


def _fit(pattern: tuple[str, ...], parts: tuple[str, ...]) -> dict[str, str] | None:
    variables: dict[str, str] = {}
    for expected, given in zip(pattern, parts, strict=True):
        if expected.startswith("{"):
            variables[expected[1:-1]] = unquote(given)
        elif expected != given:
            return None
    return variables
