"""Reads the bodies of requests: what is not as a protocol has it is refused with a reason."""

from __future__ import annotations

import binascii
import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias

__all__ = ["Body", "RefusedError", "bytes_of", "read_body", "text_in", "texts_in"]

Body: TypeAlias = Mapping[str, object]


@dataclass
class RefusedError(Exception):
    """A request that is answered with an error.

    Attributes:
        status: of the reply.
        body: of the reply; each protocol has a form of its own.
    """

    status: int
    body: Body


def read_body(body: bytes) -> Body:
    """Give the JSON object of a request."""
    try:
        found: object = json.loads(body)
    except ValueError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, {"error": f"the body is not JSON: {error}"}) from error
    if not isinstance(found, dict):
        raise RefusedError(HTTPStatus.BAD_REQUEST, {"error": "the body must be a JSON object"})
    return found


def text_in(body: Body, name: str) -> str:
    """Give the string under a name."""
    text = body.get(name)
    if not isinstance(text, str):
        raise RefusedError(
            HTTPStatus.BAD_REQUEST, {"error": f'the body must be a JSON object with a string under "{name}"'}
        )
    return text


def texts_in(body: Body, name: str) -> list[str]:
    """Give the list of strings under a name, an empty one where there is none."""
    texts = body.get(name) or []  # Go writes null for an empty list
    if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
        raise RefusedError(HTTPStatus.BAD_REQUEST, {"error": f'the body must have a list of strings under "{name}"'})
    return texts


def bytes_of(text: str) -> bytes:
    """Give what base64 stands for."""
    try:
        return b64decode(text, validate=True)
    except binascii.Error as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, {"error": f"media must be base64: {error}"}) from error
