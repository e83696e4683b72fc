"""What every module of the server has in common, the registry of the known ones, and the ones we do not know.

The entries are in ``vectorizers.py``, ``generative.py`` and ``rerankers.py``. An entry is one small class: its key, its options and
since when the server has it. It is named as the module, with underscores, so that the name in a model, in an editor's hint, in
a checker's message and in ``repr`` is one and the same; each option is written once. JSON keys are those that the *server*
reads: they are case-sensitive here, and it drops unknown ones without a word. ``None`` means that the server decides.

Options that many modules share: ``model`` is the provider's name of the model, ``base_url`` another address of the same
interface, ``dimensions`` the length of the vectors, ``vectorize_collection_name`` whether the collection's name is put before
each text (the server's default differs from module to module). Keys of providers are never options: they go in headers or
in the server's environment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import ClassVar, Final, TypeAlias, TypeVar

from typing_extensions import dataclass_transform

from weaviate_orm.schema.options import (
    Options,
    as_mapping,
    as_sequence,
    as_settings,
    json_key,
    named_options,
    option_fields,
    options,
    required_options,
)

__all__ = [
    "AnyVectorizer",
    "CustomModule",
    "Fields",
    "GenerativeModule",
    "MediaFields",
    "Module",
    "MultiVectorVectorizer",
    "Reranker",
    "Vectorizer",
    "custom_generative",
    "custom_reranker",
    "custom_vectorizer",
    "entry",
    "field_name",
    "known_modules",
    "read_generative",
    "read_reranker",
    "read_vectorizer",
    "self_provided",
    "weighted",
]


M = TypeVar("M", bound="Module")


class Module(Options):
    """Base of all modules."""

    __slots__ = ()

    module_key: ClassVar[str] = ""
    since: ClassVar[str | None] = None
    """The least server version that has the module, where it is younger than 1.27."""
    constants: ClassVar[Mapping[str, object]] = {}
    """Settings that tell this entry from others of the same module."""
    server_extras: ClassVar[frozenset[str]] = frozenset()
    """Keys that the server shows when it is asked for the configuration, but does not read."""

    @property
    def module(self) -> str:
        """The server's name of the module, such as ``text2vec-openai``."""
        return self.module_key

    def settings(self) -> dict[str, object]:
        """Give the options that were set, under the JSON keys that the server reads."""
        return {**super().settings(), **self.constants}


class Vectorizer(Module):
    """A module that makes one vector an object."""

    __slots__ = ()


class MultiVectorVectorizer(Module):
    """A module that makes several vectors an object, for ``MultiVector`` fields."""

    __slots__ = ()


AnyVectorizer: TypeAlias = Vectorizer | MultiVectorVectorizer
"""A vectorizer of either kind."""


class GenerativeModule(Module):
    """A language model that answers from search results."""

    __slots__ = ()


class Reranker(Module):
    """A model that orders search results anew."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class weighted:  # noqa: N801 - a constructor users call
    """A field of a multi-modal vectorizer with its share in the vector: ``image_fields=[weighted("cover", 0.7)]``.

    Either every field of a vectorizer has a weight or none has.
    """

    name: str
    weight: float


Fields: TypeAlias = Sequence[str | weighted]
"""Names of properties, in any number, with or without weights."""


class MediaFields(Module):
    """Mixin of modules that are told which properties hold what: ``image_fields``, ``text_fields``, ..."""

    __slots__ = ()

    server_extras: ClassVar[frozenset[str]] = frozenset({"vectorizeClassName"})

    def settings(self) -> dict[str, object]:
        """Give the options, names and weights of fields in two lists of the same order."""
        settings = super().settings()
        weights: dict[str, object] = {}
        for key, fields in self.media_fields().items():
            settings[key] = [field_name(one) for one in fields]
            if any(isinstance(one, weighted) for one in fields):
                weights[key] = [one.weight if isinstance(one, weighted) else None for one in fields]
        return {**settings, "weights": weights} if weights else settings

    def media_fields(self) -> dict[str, tuple[str | weighted, ...]]:
        """Give the properties used, by JSON key."""
        return {
            json_key(type(self), name): tuple(one for one in as_sequence(value) if isinstance(one, (str, weighted)))
            for name, value in named_options(self).items()
            if name.endswith("_fields")
        }


def field_name(field: str | weighted) -> str:
    """Give the property's name of a field with or without a weight."""
    return field.name if isinstance(field, weighted) else field


_REGISTRY: Final[dict[str, list[type[Module]]]] = {}


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def entry(key: str, *, since: str | None = None) -> Callable[[type[M]], type[M]]:
    """Register a class as the entry of a module."""

    def register(cls: type[M]) -> type[M]:
        made = options(cls)
        made.module_key = key
        made.since = since
        # Entries with constants are narrower than the plain one of the same module, so they are tried first.
        _REGISTRY.setdefault(key, []).insert(0 if made.constants else len(_REGISTRY[key]), made)
        return made

    return register


@entry("none")
class self_provided(Vectorizer, MultiVectorVectorizer):  # noqa: N801 - a constructor users call
    """No module: your program brings the vector with each object and each search."""


@dataclass(frozen=True, slots=True, repr=False)
class CustomModule(Module):
    """Base of modules that this library does not know, with their settings as the server reads them.

    Attributes:
        name: the module's name, such as ``text2vec-acme``.
        config: its JSON settings; sent as they are.
    """

    name: str
    config: Mapping[str, object] = field(default_factory=dict[str, object], hash=False)

    @property
    def module(self) -> str:
        """The module's name."""
        return self.name

    def settings(self) -> dict[str, object]:
        """Give the settings as they are."""
        return as_settings(self.config)


class custom_vectorizer(CustomModule, Vectorizer, MultiVectorVectorizer):  # noqa: N801 - a constructor users call
    """A vectorizer that this library does not know: ``custom_vectorizer("text2vec-acme", {"model": "a"})``."""

    __slots__ = ()


class custom_generative(CustomModule, GenerativeModule):  # noqa: N801 - a constructor users call
    """A generative module that this library does not know: ``custom_generative("generative-acme", {"model": "a"})``."""

    __slots__ = ()


class custom_reranker(CustomModule, Reranker):  # noqa: N801 - a constructor users call
    """A reranker that this library does not know: ``custom_reranker("reranker-acme", {"model": "a"})``."""

    __slots__ = ()


# --- From the server's JSON back to the entries --------------------------------------------------------------------------


def read_vectorizer(key: str, settings: Mapping[str, object]) -> AnyVectorizer:
    """Build a vectorizer from its JSON; one that no entry holds without loss becomes a ``custom_vectorizer``."""
    known = _read(key, settings)
    return known if isinstance(known, (Vectorizer, MultiVectorVectorizer)) else custom_vectorizer(key, settings)


def read_generative(key: str, settings: Mapping[str, object]) -> GenerativeModule:
    """Build a generative module from its JSON; one that no entry holds without loss becomes a ``custom_generative``."""
    known = _read(key, settings)
    return known if isinstance(known, GenerativeModule) else custom_generative(key, settings)


def read_reranker(key: str, settings: Mapping[str, object]) -> Reranker:
    """Build a reranker from its JSON; one that no entry holds without loss becomes a ``custom_reranker``."""
    known = _read(key, settings)
    return known if isinstance(known, Reranker) else custom_reranker(key, settings)


@cache
def _load_tables() -> None:
    """Import the tables, which fill the registry; a program that names its modules has imported them already."""
    for table in ("vectorizers", "generative", "rerankers"):
        import_module(f"weaviate_orm.schema.{table}")


def known_modules() -> tuple[type[Module], ...]:
    """Give every entry, in the order of registration within each module."""
    _load_tables()
    return tuple(made for entries in _REGISTRY.values() for made in entries)


def _read(key: str, settings: Mapping[str, object]) -> Module | None:
    _load_tables()
    entries = _REGISTRY.get(key, [])
    # An explicit "isAzure": false says no more than its absence.
    distinctions = {name for made in entries for name in made.constants}
    settings = {name: value for name, value in settings.items() if not (name in distinctions and value is False)}
    for made in entries:
        if all(settings.get(name) == value for name, value in made.constants.items()):
            value = _read_entry(made, settings)
            if value is not None:
                return value
    return None


def _read_entry(made: type[Module], settings: Mapping[str, object]) -> Module | None:
    names = {option.name: json_key(made, option.name).split(".")[0] for option in option_fields(made)}
    media = issubclass(made, MediaFields)
    understood = {*names.values(), *made.constants, *made.server_extras, *(["weights"] if media else [])}
    if not understood.issuperset(settings) or any(settings.get(names[name]) is None for name in required_options(made)):
        return None
    if media:
        settings = {**settings, **_with_weights(settings, as_mapping(settings.get("weights")))}
    return made.read(settings)


def _with_weights(settings: Mapping[str, object], weights: Mapping[str, object]) -> dict[str, object]:
    weighted_fields: dict[str, object] = {}
    for key in weights:
        pairs = zip(as_sequence(settings.get(key)), as_sequence(weights[key]), strict=False)
        weighted_fields[key] = [
            weighted(name, float(weight)) if isinstance(weight, (int, float)) else name
            for name, weight in pairs
            if isinstance(name, str)
        ]
    return weighted_fields
