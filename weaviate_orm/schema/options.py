"""Frozen values made of options: what modules, vector indexes and the sections of a collection's configuration have in common.

An option is a field of a frozen dataclass, written once: its name is what users type, ``None`` means that the server decides,
and its JSON key is its name in camel case unless ``json_keys`` says otherwise. Encoding, decoding, ``repr`` and the
difference between two values are all read from the fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import ClassVar, Final, TypeVar, cast

from typing_extensions import dataclass_transform

from weaviate_orm.errors import ModelDefinitionError

__all__ = [
    "Options",
    "as_mapping",
    "as_sequence",
    "build",
    "json_key",
    "named_options",
    "option_fields",
    "options",
    "required_options",
]

T = TypeVar("T")
O = TypeVar("O", bound="Options")  # noqa: E741 - O for options, as T for type

_SPELLINGS: Final[Mapping[str, str]] = {
    "base_url": "baseURL",
    "endpoint_url": "endpointURL",
    "vectorize_collection_name": "vectorizeClassName",
}
"""Keys that every part of the server spells against the camel-case rule."""


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def options(cls: type[T]) -> type[T]:
    """Make a class a frozen, slotted, keyword-only value whose ``repr`` shows only what was set."""
    return dataclass(frozen=True, kw_only=True, slots=True, repr=False)(cls)


class Options:
    """Base of values made of options."""

    __slots__ = ()

    json_keys: ClassVar[Mapping[str, str]] = {}
    """JSON keys that differ from the option's name in camel case; a dot descends into an object."""

    def __post_init__(self) -> None:
        for option in option_fields(type(self)):
            value: object = getattr(self, option.name)
            # Annotations are text here, and every list-valued option is declared as a Sequence or as Fields.
            if isinstance(value, str) and str(option.type).startswith(("Sequence[", "Fields")):
                raise ModelDefinitionError(
                    f"{type(self).__name__}({option.name}={value!r}): expected a list of names, got one text. "
                    f"Write {option.name}=[{value!r}]."
                )
            frozen = _frozen(value)
            if frozen is not value:
                object.__setattr__(self, option.name, frozen)

    def settings(self) -> dict[str, object]:
        """Give the options that were set, under the JSON keys that the server reads."""
        settings: dict[str, object] = {}
        for name, value in named_options(self).items():
            *parents, last = json_key(type(self), name).split(".")
            target = settings
            for parent in parents:
                target = cast("dict[str, object]", target.setdefault(parent, {}))  # only this loop writes objects there
            target[last] = _plain(value)
        return settings

    @classmethod
    def read(cls: type[O], settings: Mapping[str, object]) -> O:
        """Build the value from its JSON section; keys it does not know are passed over.

        Raises:
            TypeError: a required option is absent.
        """
        found = {option.name: _descend(settings, json_key(cls, option.name)) for option in option_fields(cls)}
        return build(cls, {name: value for name, value in found.items() if value is not None})

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in named_options(self).items())
        return f"{type(self).__name__}({shown})"


def named_options(value: Options) -> dict[str, object]:
    """Give the options of a value that were set, by the names that users type."""
    named: dict[str, object] = {}
    for option in option_fields(type(value)):
        setting: object = getattr(value, option.name)
        if setting is not None:
            named[option.name] = setting
    return named


def option_fields(cls: type[Options]) -> tuple[Field[object], ...]:
    """Give the fields of a class decorated with ``@options``."""
    # Options itself has no fields; every subclass that is built is a dataclass by @options.
    return cast("tuple[Field[object], ...]", fields(cast("type", cls))) if hasattr(cls, "__dataclass_fields__") else ()


def json_key(cls: type[Options], name: str) -> str:
    """Give the JSON key of an option."""
    if name in cls.json_keys:
        return cls.json_keys[name]
    if name in _SPELLINGS:
        return _SPELLINGS[name]
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def build(cls: type[T], values: Mapping[str, object]) -> T:
    """Construct a value from fields found at run time.

    Raises:
        TypeError: a required field is absent.
    """
    # The names come from the class's own fields, so only the types of the values are the server's word.
    return cast("Callable[..., T]", cls)(**values)


def required_options(cls: type[Options]) -> frozenset[str]:
    """Give the names of the options without a default."""
    return frozenset(
        option.name for option in option_fields(cls) if option.default is MISSING and option.default_factory is MISSING
    )


def as_mapping(value: object) -> Mapping[str, object]:
    """Give a JSON object, or an empty one for anything else."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def as_sequence(value: object) -> tuple[object, ...]:
    """Give the items of a JSON array, or none for anything else."""
    return tuple(cast("list[object] | tuple[object, ...]", value)) if isinstance(value, (list, tuple)) else ()


def as_settings(config: Mapping[str, object]) -> dict[str, object]:
    """Give settings that are kept as they came as JSON again."""
    return {name: _plain(value) for name, value in config.items()}


def _descend(settings: Mapping[str, object], key: str) -> object:
    *parents, last = key.split(".")
    for parent in parents:
        settings = as_mapping(settings.get(parent))
    return settings.get(last)


def _frozen(value: object) -> object:
    """Give lists as tuples, so that values compare by content, and mappings as copies that the caller cannot reach."""
    if isinstance(value, list):
        return as_sequence(cast(object, value))
    if isinstance(value, Mapping):
        return {name: _frozen(item) for name, item in as_mapping(cast(object, value)).items()}
    return value


def _plain(value: object) -> object:
    if isinstance(value, Options):
        return value.settings()
    if isinstance(value, tuple):
        return [_plain(item) for item in as_sequence(cast(object, value))]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in as_mapping(cast(object, value)).items()}
    return value
