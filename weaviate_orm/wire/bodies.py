"""JSON bodies of requests, the same whether they go over a network or to the engine in this process."""

from __future__ import annotations

import json

from weaviate_orm.errors import InvalidValueError

__all__ = ["encode_body"]


def encode_body(body: object, operation: str) -> bytes | None:
    """Give the JSON of a body; ``None`` is no body.

    Raises:
        InvalidValueError: NaN, infinity or half of a surrogate pair, which JSON does not have, or too many values inside one another.
    """
    if body is None:
        return None
    try:
        return json.dumps(body, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:
        raise InvalidValueError(f"The request cannot be written as JSON: {error}.", operation=operation) from error
    except RecursionError as error:
        text = "The request cannot be written as JSON: it has too many values inside one another. Make it flatter."
        raise InvalidValueError(text, operation=operation) from error
