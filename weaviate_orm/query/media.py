"""Images, sounds and other media that a search begins with, as the base64 text that travels."""

from __future__ import annotations

from base64 import b64encode
from binascii import Error, a2b_base64
from os import PathLike
from pathlib import Path
from typing import Protocol, TypeAlias, get_args

from weaviate_orm.errors import InvalidQueryError, InvalidValueError
from weaviate_orm.types import MediaKind

__all__ = ["BinaryFile", "Media", "checked_kind", "media_text"]


class BinaryFile(Protocol):
    """A file opened for reading bytes."""

    def read(self) -> bytes: ...


Media: TypeAlias = bytes | PathLike[str] | BinaryFile | str
"""A medium: its bytes, the path of a file, a binary file, or base64 text with or without a data URL in front."""


def checked_kind(kind: MediaKind) -> MediaKind:
    """Give a kind of media.

    Raises:
        InvalidQueryError: there is no such kind.
    """
    if kind not in get_args(MediaKind):
        kinds = ", ".join(map(repr, get_args(MediaKind)))
        raise InvalidQueryError(f"near_media() takes one of {kinds} as kind, got {kind!r:.80}.")
    return kind


def media_text(media: Media, method: str) -> str:
    """Give a medium as base64 text. Files are read here and now.

    Raises:
        InvalidValueError: empty, not base64, or none of what is taken.
        OSError: the file cannot be read.
    """
    if isinstance(media, str):
        return _checked_text(media, method)
    if isinstance(media, PathLike):
        raw = Path(media).read_bytes()
    else:
        given = _as_bytes(media)
        raw = given if given is not None else _read(media, method)
    if not raw:
        raise InvalidValueError(f"{method} got no data: {media!r:.80} is empty, or was read to its end before.")
    return b64encode(raw).decode("ascii")


def _as_bytes(data: object) -> bytes | None:
    if isinstance(data, memoryview):
        return data.tobytes()
    return bytes(data) if isinstance(data, bytes | bytearray) else None


def _read(file: object, method: str) -> bytes:
    read = getattr(file, "read", None)  # what a file has, to whatever class it belongs
    if read is None:
        raise InvalidValueError(
            f"{method} takes bytes, a path, a binary file or base64 text, got {type(file).__name__}: {file!r:.80}"
        )
    found: object = read()
    raw = _as_bytes(found)
    if raw is None:
        raise InvalidValueError(
            f"{method} takes a binary file, but reading it gave {type(found).__name__}. Open it with mode 'rb'."
        )
    return raw


def _checked_text(text: str, method: str) -> str:
    """Give base64 text without a data URL's beginning and without line breaks, which the server would not take."""
    if text.startswith("data:"):
        header, comma, text = text.partition(",")
        if not comma or not header.endswith(";base64"):
            raise InvalidValueError(
                f"{method} takes a data URL in base64, as in data:image/png;base64,..., got {header!r:.80}"
            )
    joined = "".join(text.split())
    if not joined:
        raise InvalidValueError(f"{method} got an empty text.")
    try:
        a2b_base64(joined, strict_mode=True)
    except (Error, ValueError) as error:
        raise InvalidValueError(
            f"{method} takes a text in base64, got {text!r:.60}: {error}. A file is given by its path: Path({text!r:.60})."
            if len(text) < 256
            else f"{method} takes a text in base64, got {text!r:.60}: {error}."
        ) from None
    return joined
