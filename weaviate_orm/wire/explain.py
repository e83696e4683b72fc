"""A request as text that a person can read: field names and values, indented; vectors and media by their size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from weaviate_orm.wire.call import GrpcCall

__all__ = ["explain_call"]

_LONGEST_WORD = 500
"""A longer text without any blank is no text, but an image or the like in base64."""


def explain_call(call: GrpcCall[Any]) -> str:  # whatever its result
    """Give the request of a call: the method, then one field a line. Vectors and media are shown by their size."""
    return "\n".join([call.rpc.name, *_lines(call.request, "  ")])


def _lines(message: Message, indent: str) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            for key in sorted(value):
                yield from _entry(field, f"{field.name}[{key}]", value[key], indent)
        elif isinstance(value, Message | str | bytes | bool | int | float):
            yield from _entry(field, field.name, value, indent)
        else:
            for each in value:
                yield from _entry(field, field.name, each, indent)


def _entry(field: FieldDescriptor, name: str, value: object, indent: str) -> Iterator[str]:
    if isinstance(value, Message):
        yield f"{indent}{name}:"
        yield from _lines(value, indent + "  ")
    elif isinstance(value, bytes):
        yield f"{indent}{name}: <{len(value)} bytes>"
    elif isinstance(value, str) and len(value) > _LONGEST_WORD and not any(map(str.isspace, value)):
        yield f"{indent}{name}: <{len(value)} characters>"
    elif field.enum_type is not None and isinstance(value, int):
        names: Mapping[int, Any] = field.enum_type.values_by_number
        yield f"{indent}{name}: {names[value].name if value in names else value}"
    else:
        yield f"{indent}{name}: {value!r}"
