"""What all providers have in common: a frozen value of options, checked where it is made."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import ClassVar, Literal, TypeVar, cast, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from typing_extensions import dataclass_transform

from weaviate_orm.errors import InvalidValueError, near_names
from weaviate_orm.schema.options import Options, named_options, options

__all__ = ["Provider", "plain_provider", "provider"]

_PLAIN: dict[str, type[Provider]] = {}

P = TypeVar("P", bound="Provider")


class Provider(Options):
    """A provider of a language model, with its options for one query. ``None`` leaves an option to the collection or the server.

    Raises:
        InvalidValueError: an option has a value of another type than declared, an empty one, or one that the server would ignore.
    """

    __slots__ = ()

    kind: ClassVar[str] = ""
    """Name of the provider's message in the request: ``"openai"``."""
    module: ClassVar[str] = ""
    """The server's module: ``"generative-openai"``."""
    takes_images: ClassVar[bool] = False
    """Whether the provider's model can be shown images."""
    reports: ClassVar[bool] = True
    """Whether the server can be asked for the provider's metadata."""
    constants: ClassVar[Mapping[str, object]] = {}
    """Fields of the message that tell this provider from another one with the same message."""

    def __post_init__(self) -> None:
        for name, (kind, choices) in _declared(type(self)).items():
            value: object = getattr(self, name)
            if value is None:
                continue
            where = f"{type(self).__name__}({name}=...)"
            _CHECKS[kind](where, value, choices)
            if isinstance(value, list):
                object.__setattr__(self, name, tuple(cast("list[str]", value)))  # the check has seen to it
            elif isinstance(value, str) and "@" in urlsplit(value).netloc:
                # Options are shown by repr() and explain(), and go into the logs of servers.
                raise InvalidValueError(
                    f"{where} takes an address without a user or password in it. Keys go in the session's headers."
                )

    def fields(self) -> dict[str, object]:
        """Give what was set by the names of the message's fields; lists are tuples."""
        return {**named_options(self), **self.constants}


@dataclass_transform(kw_only_default=True, frozen_default=True)
def provider(
    kind: str, *, takes_images: bool = False, reports: bool = True, constants: Mapping[str, object] | None = None
) -> Callable[[type[P]], type[P]]:
    """Make a class the value for a provider whose message in the request is ``kind``."""

    def register(cls: type[P]) -> type[P]:
        made = options(cls)
        made.kind = kind
        made.module = f"generative-{kind}"
        made.takes_images = takes_images
        made.reports = reports
        made.constants = constants or {}
        if not constants:
            _PLAIN[made.module] = made
        return made

    return register


def plain_provider(module: str) -> Provider | None:
    """Give the provider of a module without any option, or ``None`` for a module that no query can name."""
    import_module("weaviate_orm.generative.providers")  # the table fills itself
    found = _PLAIN.get(module)
    return None if found is None else found()


_DECLARED: dict[type[object], dict[str, tuple[object, tuple[object, ...]]]] = {}


def _declared(cls: type[object]) -> dict[str, tuple[object, tuple[object, ...]]]:
    """Give the kind of each option of a class, and what it may be where that is a short list."""
    if cls in _DECLARED:
        return _DECLARED[cls]
    found: dict[str, tuple[object, tuple[object, ...]]] = {}
    for name, hint in get_type_hints(cls).items():
        if get_origin(hint) is ClassVar:
            continue
        kind = next(each for each in (get_args(hint) or (hint,)) if each is not type(None))
        origin = get_origin(kind) or kind
        found[name] = (origin, get_args(kind) if origin is Literal else ())
    _DECLARED[cls] = found
    return found


def _text(where: str, value: object, choices: Sequence[object]) -> None:
    if not isinstance(value, str) or not value.strip():
        raise InvalidValueError(f"{where} takes a text that is not empty, got {value!r}.")
    _check_encoding(where, value)


def _texts(where: str, value: object, choices: Sequence[object]) -> None:
    given = cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()
    if not given or any(not isinstance(each, str) or not each for each in given):
        raise InvalidValueError(f"{where} takes a list of texts that are not empty, got {value!r}.")
    _check_encoding(where, "".join(cast("Sequence[str]", given)))  # the line above has seen to it


def _check_encoding(where: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidValueError(f"{where} takes a text that can be encoded; half of a surrogate pair cannot.") from None


def _count(where: str, value: object, choices: Sequence[object]) -> None:
    # The server reads 0 and less as not given.
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value < 2**63:
        raise InvalidValueError(f"{where} takes a whole number from 1 to 2**63 - 1, got {value!r}.")


def _number(where: str, value: object, choices: Sequence[object]) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise InvalidValueError(f"{where} takes a number, got {value!r}.")


def _flag(where: str, value: object, choices: Sequence[object]) -> None:
    if not isinstance(value, bool):
        raise InvalidValueError(f"{where} takes True or False, got {value!r}.")


def _choice(where: str, value: object, choices: Sequence[object]) -> None:
    if value not in choices:
        names = [str(each) for each in choices]
        raise InvalidValueError(
            f"{where} takes {', '.join(map(repr, names[:-1]))} or {names[-1]!r}, got {value!r}.{near_names(str(value), names)}"
        )


_CHECKS: Mapping[object, Callable[[str, object, Sequence[object]], None]] = {
    str: _text,
    Sequence: _texts,
    int: _count,
    float: _number,
    bool: _flag,
    Literal: _choice,
}
