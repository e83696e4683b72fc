"""How the server, a Go program, names and prints values: its error texts contain both, and its JSON numbers look like this.

A number that came as JSON is text to the server (``json.Number``), one that came in a message a ``float64`` or ``int64``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias

import numpy as np

from weaviate_orm.local.objects import Floats
from weaviate_orm.local.plain import is_mapping

__all__ = [
    "Origin",
    "float32_number",
    "float32_numbers",
    "go_syntax",
    "go_type",
    "number_text",
    "plain_text",
    "quoted_text",
    "rest_number",
]


class Origin(Enum):
    """Which way a value came in."""

    REST = "json"
    GRPC = "message"


_Given: TypeAlias = Any  # whatever JSON or a Struct can hold


def go_type(value: _Given, origin: Origin) -> str:
    """Give the name of the value's type, as ``%T`` prints it."""
    match value:
        case None:
            return "<nil>"
        case str():
            return "string"
        case bool():
            return "bool"
        case int():
            return "json.Number" if origin is Origin.REST else "int64"
        case float():
            return "json.Number" if origin is Origin.REST else "float64"
        case Mapping():
            return "map[string]interface {}"
        case _:
            return "[]interface {}"


def plain_text(value: _Given, origin: Origin) -> str:
    """Print a value as ``%v`` does: ``map[a:1 b:[x y]]``."""
    match value:
        case None:
            return "<nil>"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value) if origin is Origin.REST else number_text(value)
        case _:
            return _composite(value, lambda each: plain_text(each, origin))


def quoted_text(value: _Given, origin: Origin) -> str:
    """Print a value as ``%s`` does, which complains about all that is no text: ``[%!s(float64=1) x]``."""
    match value:
        case None:
            return "%!s(<nil>)"
        case bool():
            return f"%!s(bool={plain_text(value, origin)})"
        case int() | float():
            shown = plain_text(value, origin)
            return shown if origin is Origin.REST else f"%!s({go_type(value, origin)}={shown})"
        case _:
            return _composite(value, lambda each: quoted_text(each, origin))


def _composite(value: _Given, inner: Callable[[_Given], str]) -> str:
    if isinstance(value, str):
        return value
    if is_mapping(value):
        pairs = value
        return f"map[{' '.join(f'{key}:{inner(pairs[key])}' for key in sorted(pairs))}]"
    return f"[{' '.join(map(inner, value))}]"


def go_syntax(value: _Given) -> str:
    """Print a value that came as JSON as ``%#v`` does: ``map[string]interface {}{"a":"1"}``."""
    match value:
        case None:
            return "interface {}(nil)"
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case int() | float():
            return f'"{value!r}"'
        case _ if is_mapping(value):
            pairs = value
            inside = ", ".join(f'"{key}":{go_syntax(pairs[key])}' for key in sorted(pairs))
            return f"map[string]interface {{}}{{{inside}}}"
        case _:
            return "[]interface {}{" + ", ".join(map(go_syntax, value)) + "}"


def number_text(value: float) -> str:
    """Print a number as ``%v`` does: the shortest digits, with an exponent from 1e6 on (but for ``int64``) and below 1e-4."""
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    sign, digits, power = Decimal(repr(value)).normalize().as_tuple()
    shown = "".join(map(str, digits))
    exponent = len(digits) + int(power) - 1
    minus = "-" if sign else ""
    if not any(digits):
        return minus + "0"
    if -4 <= exponent < 6:
        return minus + format(Decimal(repr(abs(value))).normalize(), "f")
    fraction = f".{shown[1:]}" if len(shown) > 1 else ""
    return f"{minus}{shown[0]}{fraction}e{'-' if exponent < 0 else '+'}{abs(exponent):02}"


def rest_number(value: float) -> float:
    """Give a number as JSON from Go has it: whole ones without a fraction, with zeros behind their shortest digits, below 1e21."""
    if not value.is_integer() or abs(value) >= 1e21:
        return value
    return int(value) if abs(value) < 2**53 else int(Decimal(repr(value)))


def float32_number(value: float) -> float:
    """Give a number rounded to float32, with the fewest digits that lead back to it."""
    return float(str(np.float32(value)))


def float32_numbers(values: Floats) -> Any:  # nested lists of numbers, as deep as the array
    """Give float32 numbers as JSON from Go has them: whole, or with the fewest digits that lead back to them."""
    if values.ndim > 1:
        return [float32_numbers(row) for row in values]
    # By way of their digits. numpy writes ASCII faster than Unicode, and reads either slower than float() does.
    return [rest_number(float(digits)) for digits in values.astype("S32").tolist()]
