"""Values as the server's JSON has them, byte for byte: group names and what generators read are made of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from weaviate_orm.local.objects import Beacon, Value

__all__ = ["json_number", "json_text"]

# Go escapes what could end a script in a page.
_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def json_number(value: float) -> str:
    """Write a number: the shortest digits that lead back to it, with an exponent below 1e-6 and from 1e21 on."""
    if isinstance(value, int):
        return str(value)
    if value.is_integer() and abs(value) < 1e21:
        return "-0" if str(value) == "-0.0" else str(int(value))
    if 1e-6 <= abs(value) < 1e21:
        return _plain(value)
    mantissa, _, exponent = repr(value).partition("e")
    return f"{mantissa}e{exponent[0]}{exponent[1:].lstrip('0')}" if exponent else mantissa


def _plain(value: float) -> str:
    """Write a number that is no whole one without exponent, which ``repr`` uses below 1e-4."""
    text = repr(value)
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text
    sign, digits = ("-", mantissa[1:]) if mantissa.startswith("-") else ("", mantissa)
    whole, _, fraction = digits.partition(".")
    shift = -int(exponent) - len(whole)
    return f"{sign}0.{'0' * shift}{whole}{fraction}"


def json_text(value: Value) -> str:
    """Write a value: keys in order, no blanks, characters of other scripts as they are."""
    whole: Any = value  # matching would narrow it to mappings of what checkers do not know
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return json_number(value)
        case str():
            return json.dumps(value, ensure_ascii=False).translate(_ESCAPED)
        case Beacon():
            return json_text({"beacon": value.text})
        case Mapping():
            return _members(whole)
        case _:
            return "[" + ",".join(map(json_text, value)) + "]"


def _members(pairs: Mapping[str, Any]) -> str:  # JSON has no narrower type
    return "{" + ",".join(f"{json_text(key)}:{json_text(pairs[key])}" for key in sorted(pairs)) + "}"
