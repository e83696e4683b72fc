"""What a collection lacks, or has otherwise, of what a configuration states.

Only what ``expected`` states is compared: ``None`` leaves the choice to the server. Order means nothing. A switch that the server does
not show is off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias, cast

from weaviate_orm.schema.config import (
    AsyncReplication,
    CollectionConfig,
    PropertyConfig,
    ReferenceConfig,
    Replication,
    Sharding,
    Stopwords,
    TextAnalyzer,
    VectorConfig,
)
from weaviate_orm.schema.json import vectorizer_modules
from weaviate_orm.schema.modules import CustomModule, Module
from weaviate_orm.schema.options import Options, as_mapping, named_options

__all__ = ["Difference", "DifferenceKind", "diff"]

DifferenceKind: TypeAlias = Literal["missing", "different", "extra"]
"""``missing``: the collection lacks it. ``different``: it has another value. ``extra``: only the collection has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One point on which a collection differs from what is expected.

    Attributes:
        path: the place: ``Article``, ``Article.word_count``, ``Article.address.city``.
        setting: what differs there: ``data type``, ``index ef``; empty when the place itself is missing or extra.
        expected: the expected value, ``None`` for what is extra.
        actual: the collection's value, ``None`` where it has none.
        kind: how it differs.
        breaking: no update of the collection can mend it; it needs a new collection.
    """

    path: str
    setting: str
    expected: object
    actual: object
    kind: DifferenceKind
    breaking: bool

    def __str__(self) -> str:
        if self.kind == "extra":
            return f"{self.path}: not expected, the collection has {_show(self.actual)}"
        setting = f"{self.setting} " if self.setting else ""
        return f"{self.path}: {setting}{_show(self.expected)} expected, the collection has {_show(self.actual)}"


_MUTABLE: Final[frozenset[str]] = frozenset(
    {
        "description",
        # vector index
        "index ef",
        "index dynamic_ef_min",
        "index dynamic_ef_max",
        "index dynamic_ef_factor",
        "index filter_strategy",
        "index flat_search_cutoff",
        "index vector_cache_max_objects",
        "index skip",
        "index search_probe",
        "index threshold",
        # inverted index
        "inverted index bm25_b",
        "inverted index bm25_k1",
        "inverted index stopwords",
        "inverted index stopword_presets",
        "inverted index cleanup_interval_seconds",
        # the rest
        "multi-tenancy auto_create",
        "multi-tenancy auto_activate",
        "replication factor",
        "replication async_enabled",
        "replication deletion_strategy",
        "replication async_config",
        "time to live",
        "generative",
        "reranker",
    }
)
"""Settings that ``PUT /v1/schema/{collection}`` changes; a setting below one of them is mutable too."""

_ALIASES: Final[Mapping[str, str]] = {
    "text2vec-palm": "text2vec-google",
    "multi2vec-palm": "multi2vec-google",
    "generative-palm": "generative-google",
    "text2colbert-jinaai": "text2multivec-jinaai",
}
"""Old names of modules that the server treats as the new ones."""

_SECTIONS: Final = (AsyncReplication, Sharding, Stopwords, TextAnalyzer)
"""Parts of the configuration that say nothing when they are empty; of a module or quantizer the presence alone counts."""


def diff(expected: CollectionConfig, actual: CollectionConfig) -> list[Difference]:
    """Give every point on which the collection differs from what is expected, in the order of ``expected``, extras last."""
    place = expected.name
    vectorized = bool(vectorizer_modules(expected))
    return [
        *_value(place, "description", expected.description, actual.description),
        *_properties(place, expected.properties, actual.properties, vectorized=vectorized),
        *_references(place, expected.references, actual.references),
        *_vectors(place, expected.vectors, actual.vectors),
        *_options(place, "generative", expected.generative, actual.generative),
        *_options(place, "reranker", expected.reranker, actual.reranker),
        *_options(place, "inverted index", expected.inverted_index, actual.inverted_index),
        *_options(place, "multi-tenancy", expected.multi_tenancy, actual.multi_tenancy),
        *_options(place, "replication", _comparable(expected.replication, actual.replication), actual.replication),
        *_options(place, "sharding", expected.sharding, actual.sharding),
        *_options(place, "time to live", expected.object_ttl, actual.object_ttl),
        *_extras(expected, actual),
    ]


def _properties(
    place: str,
    expected: tuple[PropertyConfig, ...],
    actual: tuple[PropertyConfig, ...],
    *,
    vectorized: bool,
    nested: bool = False,
) -> Iterator[Difference]:
    existing = {_property_key(one.name, nested=nested): one for one in actual}
    for one in expected:
        found = existing.get(_property_key(one.name, nested=nested))
        path = f"{place}.{one.name}"
        if found is None:
            # The server adds properties at the top level only.
            yield _missing(path, f"property of type {one.data_type}", breaking=nested)
            continue
        yield from _value(path, "data type", one.data_type, found.data_type)
        yield from _value(path, "description", one.description, found.description)
        yield from _value(path, "tokenization", one.tokenization, found.tokenization)
        for switch in ("filterable", "searchable", "range_filters"):
            wanted: object = getattr(one, switch)
            # An index that is not wanted can be dropped, one that is missing cannot be had later.
            yield from _value(path, switch, wanted, getattr(found, switch), breaking=wanted is True)
        if vectorized:
            yield from _value(path, "skip_vectorization", one.skip_vectorization, found.skip_vectorization)
            yield from _value(path, "vectorize_name", one.vectorize_name, found.vectorize_name)
        yield from _options(path, "text analyzer", one.text_analyzer, found.text_analyzer)
        yield from _properties(path, one.nested, found.nested, vectorized=False, nested=True)


def _references(
    place: str, expected: tuple[ReferenceConfig, ...], actual: tuple[ReferenceConfig, ...]
) -> Iterator[Difference]:
    existing = {_property_key(one.name): one for one in actual}
    for one in expected:
        found = existing.get(_property_key(one.name))
        path = f"{place}.{one.name}"
        if found is None:
            yield _missing(path, f"reference to {_join(one.targets)}")
            continue
        yield from _value(path, "reference to", frozenset(one.targets), frozenset(found.targets))
        yield from _value(path, "description", one.description, found.description)


def _vectors(place: str, expected: tuple[VectorConfig, ...], actual: tuple[VectorConfig, ...]) -> Iterator[Difference]:
    existing = {one.name: one for one in actual}
    for one in expected:
        found = existing.get(one.name)
        path = _vector_path(place, one.name)
        if found is None:
            # A named vector can be added, the unnamed one cannot.
            yield _missing(path, _vector_text(one), breaking=one.name is None)
            continue
        yield from _options(path, "vectorizer", one.vectorizer, found.vectorizer)
        if one.source:
            yield from _value(path, "source", frozenset(one.source), frozenset(found.source))
        yield from _options(path, "index", one.index, found.index)


def _extras(expected: CollectionConfig, actual: CollectionConfig) -> Iterator[Difference]:
    names = {_property_key(one.name) for one in expected.properties}
    names |= {_property_key(one.name) for one in expected.references}
    for one in actual.properties:
        if _property_key(one.name) not in names:
            yield _extra(f"{expected.name}.{one.name}", f"property of type {one.data_type}")
    for reference in actual.references:
        if _property_key(reference.name) not in names:
            yield _extra(f"{expected.name}.{reference.name}", f"reference to {_join(reference.targets)}")
    vectors = {one.name for one in expected.vectors}
    for vector in actual.vectors:
        # A collection that states no vectors gets the server's unnamed one.
        if vector.name not in vectors and (expected.vectors or vector.name is not None):
            yield _extra(_vector_path(expected.name, vector.name), _vector_text(vector))


def _options(path: str, setting: str, expected: Options | None, actual: Options | None) -> Iterator[Difference]:
    """Compare two values option by option; of two kinds of the same module, compare the JSON settings."""
    if expected is None:
        return
    if actual is None:
        if named_options(expected) or not isinstance(expected, _SECTIONS):
            yield _different(path, setting, expected, None)
        return
    if isinstance(expected, Module) and isinstance(actual, Module):
        if _canonical(expected.module) != _canonical(actual.module):
            yield _different(path, setting, expected.module, actual.module)
            return
        if type(expected) is not type(actual) or isinstance(expected, CustomModule):
            yield from _settings(path, setting, expected.settings(), actual.settings())
            return
    if type(expected) is not type(actual):
        yield _different(path, setting, expected, actual)
        return
    found = named_options(actual)
    for name, value in named_options(expected).items():
        present = found.get(name)
        if isinstance(value, Options):
            yield from _options(path, f"{setting} {name}", value, present if isinstance(present, Options) else None)
        else:
            yield from _value(path, f"{setting} {name}", value, present)


def _settings(
    path: str, setting: str, expected: Mapping[str, object], actual: Mapping[str, object]
) -> Iterator[Difference]:
    for key, value in expected.items():
        nested = as_mapping(value)
        if nested:
            yield from _settings(path, f"{setting} {key}", nested, as_mapping(actual.get(key)))
        else:
            yield from _value(path, f"{setting} {key}", value, actual.get(key))


def _value(
    path: str, setting: str, expected: object, actual: object, *, breaking: bool | None = None
) -> Iterator[Difference]:
    # A switch that the server does not show is off.
    if expected is None or expected == actual or (expected is False and actual is None):
        return
    yield _different(path, setting, expected, actual, breaking=breaking)


def _different(
    path: str, setting: str, expected: object, actual: object, *, breaking: bool | None = None
) -> Difference:
    return Difference(
        path=path,
        setting=setting,
        expected=expected,
        actual=actual,
        kind="different",
        breaking=breaking if breaking is not None else not _is_mutable(setting, expected, actual),
    )


def _missing(path: str, expected: str, *, breaking: bool = False) -> Difference:
    return Difference(path=path, setting="", expected=expected, actual=None, kind="missing", breaking=breaking)


def _extra(path: str, actual: str) -> Difference:
    return Difference(path=path, setting="", expected=None, actual=actual, kind="extra", breaking=False)


def _is_mutable(setting: str, expected: object, actual: object) -> bool:
    words = setting.split()
    if any(" ".join(words[:count]) in _MUTABLE for count in range(1, len(words) + 1)):
        return True
    # A quantizer can be turned on and tuned, but not exchanged for another.
    if setting.startswith("index quantizer"):
        return actual is None or not isinstance(expected, Options)
    return False


def _comparable(expected: Replication, actual: Replication) -> Replication:
    # One copy has nothing to repair, and the server then says that repairs are off, whatever was asked for.
    return replace(expected, async_enabled=None) if actual.factor == 1 else expected


def _canonical(module: str) -> str:
    return _ALIASES.get(module, module)


def _property_key(name: str, *, nested: bool = False) -> str:
    # The server lowers the first letter of names at the top level, and only there.
    return name if nested else name[:1].lower() + name[1:]


def _vector_path(place: str, name: str | None) -> str:
    return f"{place} (unnamed vector)" if name is None else f"{place}.{name}"


def _vector_text(config: VectorConfig) -> str:
    return f"vector by {config.vectorizer.module}"


def _join(names: Iterable[str]) -> str:
    return " or ".join(sorted(names))


def _show(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, frozenset):
        return _join(str(one) for one in cast("frozenset[object]", value))  # isinstance cannot say of what
    return str(value)
