"""JSON bodies as the server reads and writes them: which requests have one, what is malformed, and the words about it."""

from __future__ import annotations

import json
import re
from string import hexdigits
from typing import Any, cast

__all__ = ["MalformedBody", "body_name", "decode_body", "encode_body"]

# Method and path of every request whose body the server reads; all other bodies are passed over, malformed or not. A place that may be
# anything is "*".
_WITH_BODY = tuple(
    (method, tuple(path.split("/")))
    for methods, path in (
        ("POST", "schema"),
        ("PUT", "schema/*"),
        ("POST", "schema/*/properties"),
        ("PUT", "schema/*/properties/*/index/*"),
        ("POST", "schema/*/properties/*/tokenize"),
        ("PUT", "schema/*/shards/*"),
        ("POST PUT DELETE", "schema/*/tenants"),
        ("POST", "tokenize"),
        ("POST", "aliases"),
        ("PUT", "aliases/*"),
        ("POST", "objects"),
        ("POST", "objects/validate"),
        ("PUT PATCH", "objects/*"),
        ("PUT PATCH", "objects/*/*"),
        ("POST PUT DELETE", "objects/*/references/*"),
        ("POST PUT DELETE", "objects/*/*/references/*"),
        ("POST DELETE", "batch/objects"),
        ("POST", "batch/references"),
        ("POST", "graphql"),
        ("POST", "graphql/batch"),
        ("POST", "classifications"),
        ("POST", "search/*/*"),
        ("POST", "aggregate/*"),
        ("POST", "backups/*"),
        ("POST", "backups/*/*/restore"),
        ("POST", "export/*"),
        ("POST", "replication/*"),
        ("POST", "replication/replicate/*"),
        ("POST", "authz/roles"),
        ("POST", "authz/*/*/*"),
        ("POST", "users/db/*"),
        ("POST", "users/db/*/*"),
        ("POST PUT", "namespaces/*"),
    )
    for method in methods.split()
)

# The server names the body in its errors; nearly all are called "body".
_NAMES = {("POST", 1, "schema"): "objectClass", ("PUT", 2, "schema"): "objectClass", ("DELETE", 3, "schema"): "tenants"}

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_LARGE_EXPONENT = re.compile(r"\d[eE]\+?\d{3}")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_BLANKS = " \t\r\n"
_LITERALS = ("true", "false", "null")
_GOES_ON = (".", "e", "E")
_SIGNS = ("+", "-")

_ACCORDING_TO_PYTHON = (
    ("Expecting property name", "looking for beginning of object key string"),
    ("Illegal trailing comma", "looking for beginning of object key string"),
    ("Expecting ':' delimiter", "after object key"),
    ("Invalid control character", "in string literal"),
    ("Invalid \\escape", "in string escape code"),
    ("Invalid \\u", "in \\u hexadecimal character escape"),
)


class MalformedBody(Exception):  # noqa: N818 - becomes a reply, never reaches users
    """A body that is not JSON; the text is the reason in the server's words."""


def body_name(method: str, path: str) -> str | None:
    """Give what the server calls the body of a request, or ``None`` when it reads none.

    Args:
        path: below ``/v1``, percent-encoded.
    """
    parts = tuple(part for part in path.split("/") if part)
    for known, pattern in _WITH_BODY:
        if (
            known == method
            and len(pattern) == len(parts)
            and all(expected in ("*", given) for expected, given in zip(pattern, parts, strict=True))
        ):
            return _NAMES.get((method, len(parts), parts[0]), "body")
    return None


def decode_body(content: bytes) -> Any:  # JSON has no narrower type
    """Give the first JSON value of a body, ``None`` for blanks alone. What stands behind the value is passed over, as by the server.

    Raises:
        MalformedBody: it does not start with a JSON value.
    """
    text = content.decode("utf-8", "replace")
    start = len(text) - len(text.lstrip(_BLANKS))
    if start == len(text):
        return None
    decoder = json.JSONDecoder(
        parse_constant=_refuse_constant, parse_float=_finite if _LARGE_EXPONENT.search(text) else None
    )
    try:
        value: object
        value, _ = decoder.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise MalformedBody(_reason(text, error)) from error
    except RecursionError as error:
        raise MalformedBody("exceeded max depth") from error
    except ValueError as error:  # Python reads no number of more than 4,300 digits
        raise MalformedBody("json: cannot unmarshal number into Go value of type float64") from error
    return _without_surrogates(value) if _SURROGATE.search(text) else value


def encode_body(body: object) -> bytes:
    """Give a body as the wire has it.

    Raises:
        ValueError: NaN or infinity, which JSON does not have.
    """
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def _refuse_constant(name: str) -> float:
    # Python knows NaN, Infinity and -Infinity, which are no JSON.
    if name.startswith("-"):
        raise MalformedBody("invalid character 'I' in numeric literal")
    raise MalformedBody(f"invalid character '{name[0]}' looking for beginning of value")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise MalformedBody(f"json: cannot unmarshal number {text} into Go value of type float64")
    return number


def _without_surrogates(value: Any) -> Any:  # JSON has no narrower type
    """Replace halves of pairs, which text in Python can hold and UTF-8 cannot."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        elements = cast("list[object]", value)  # isinstance gives no element type
        return [_without_surrogates(each) for each in elements]
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value)  # as above
        return {_without_surrogates(name): _without_surrogates(each) for name, each in entries.items()}
    return value


def _reason(text: str, error: json.JSONDecodeError) -> str:
    """Say in Go's words what Python found."""
    if error.msg.startswith("Unterminated string"):
        return "unexpected EOF"
    place = error.pos
    if error.msg.startswith("Illegal trailing comma"):  # newer Pythons point at the comma
        place += 1
    while place < len(text) and text[place] in _BLANKS and not error.msg.startswith("Invalid"):
        place += 1
    if error.msg.startswith("Expecting value"):
        return _literal_reason(text, place)
    if error.msg.startswith("Invalid \\"):
        # Python points at the backslash or behind it, Go at the first character that does not fit.
        place = text.rfind("\\", 0, place + 1) + 1
        if error.msg.startswith("Invalid \\u"):
            place = next((at for at in range(place + 1, len(text)) if text[at] not in hexdigits), len(text))
    where = next((words for says, words in _ACCORDING_TO_PYTHON if error.msg.startswith(says)), None)
    if where is None and text[place : place + 1] in _GOES_ON and text[place - 1].isdigit():
        # Python ends the number before it.
        point = text[place] == "."
        place += 1 if point or text[place + 1 : place + 2] not in _SIGNS else 2
        where = "after decimal point in numeric literal" if point else "in exponent of numeric literal"
    if where is None:
        where = "after array element" if _innermost(text[:place]) == "[" else "after object key:value pair"
    return _unexpected(text, place, where)


def _literal_reason(text: str, place: int) -> str:
    for literal in _LITERALS:
        if text[place : place + 1] == literal[0]:
            length = next(
                at for at in range(1, len(literal)) if text[place + at : place + at + 1] != literal[at]
            )  # a whole literal would have been a value
            return _unexpected(text, place + length, f"in literal {literal} (expecting '{literal[length]}')")
    if text[place : place + 1] == "-":
        return _unexpected(text, place + 1, "in numeric literal")
    return _unexpected(text, place, "looking for beginning of value")


def _unexpected(text: str, place: int, where: str) -> str:
    if place >= len(text):
        return "unexpected EOF"
    found = text[place].encode("utf-8")
    # Go looks at bytes, and shows each as the character of its number.
    character = repr(chr(found[0]))[1:-1] if found[0] != 0x27 else "\\'"
    return f"invalid character '{character}' {where}"


def _innermost(text: str) -> str:
    """Give the bracket that is open at the end of a text: ``"{"``, ``"["`` or ``""``."""
    open_: list[str] = []
    for found in _BRACKETS.finditer(text):
        bracket = found.group()
        if bracket in ("{", "["):
            open_.append(bracket)
        elif bracket in ("}", "]") and open_:
            open_.pop()
    return open_[-1] if open_ else ""
