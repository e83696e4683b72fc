"""What the server would refuse in a collection's configuration, found before anything is sent.

One small function a rule, all in :data:`RULES`; each yields its problems as (field, sentence) pairs. The rules are those of
server 1.39. What depends on the server's own settings (tokenizers, replication, modules, asynchronous indexing) is left to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from weaviate_orm.errors import ModelDefinitionError, near_names
from weaviate_orm.schema.config import CollectionConfig, PropertyConfig
from weaviate_orm.schema.indexes import (
    Quantizer,
    VectorIndex,
    bq,
    dynamic,
    flat,
    hfresh,
    hnsw,
    pq,
    rq,
    sq,
    uncompressed,
)
from weaviate_orm.schema.modules import MediaFields, MultiVectorVectorizer, Vectorizer, field_name, weighted
from weaviate_orm.schema.options import as_sequence, named_options

__all__ = ["RULES", "Problem", "Rule", "validate"]

Problem: TypeAlias = tuple[str, str]
"""The field concerned, empty for the collection itself, and a sentence."""

Rule: TypeAlias = Callable[[CollectionConfig], Iterator[Problem]]

_TEXT: Final = ("text", "text[]")
_RANGES: Final = ("int", "number", "date")
_OBJECTS: Final = ("object", "object[]")
_SCALARS: Final = ("text", "int", "number", "boolean", "date", "uuid", "object")
_DATA_TYPES: Final = (
    *_SCALARS,
    *(f"{name}[]" for name in _SCALARS),
    "geoCoordinates",
    "phoneNumber",
    "blob",
    "blobHash",
)
_NOT_NESTED: Final = ("geoCoordinates", "phoneNumber")
_NESTED_TOKENIZATIONS: Final = ("word", "lowercase", "whitespace", "field")
_ANALYZED_TOKENIZATIONS: Final = (*_NESTED_TOKENIZATIONS, "trigram")
_DISTANCES: Final = ("cosine", "dot", "l2-squared", "hamming", "manhattan")
_STOPWORD_PRESETS: Final = ("en", "none")

_COLLECTION_NAME: Final = re.compile(r"[A-Z][_0-9A-Za-z]{0,254}")
_PROPERTY_NAME: Final = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,230}")
_NESTED_NAME: Final = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
_VECTOR_NAME: Final = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,229}")
_RESERVED_NAMES: Final = ("_additional", "_id", "id")
_RESERVED_ENDINGS: Final = ("_searchable", "_rangeable", "_temp", "__meta_count", "_propertyLength", "_nullState")

_MIGRATION_NAME: Final = re.compile(r".*?__(.*_)?(reindex|ingest|backup|map)(_[0-9]+)?")
"""``title__enable_ingest_3`` is where the server works when it migrates ``title``."""

_LIMITS: Final[tuple[tuple[type[VectorIndex], str, int | None, int | None], ...]] = (
    (hnsw, "max_connections", 4, 2047),
    (hnsw, "ef_construction", 4, None),
    (hfresh, "max_posting_size_kb", 8, 1024),
    (hfresh, "replicas", None, 10),
)
"""Option, least and greatest value."""

_QUANTIZERS: Final[tuple[tuple[type[VectorIndex], tuple[type[Quantizer], ...], tuple[int, ...]], ...]] = (
    (hnsw, (pq, bq, sq, rq), (1, 4, 8)),
    (flat, (bq, rq), (1, 8)),
    (hfresh, (rq,), (1,)),
)
"""Which quantizers an index takes, and how many bits of ``rq``."""

_FLAT_ONLY: Final[dict[type[Quantizer], tuple[str, ...]]] = {bq: ("cache", "rescore_limit"), rq: ("cache",)}
"""Options that the server takes without a word in other indexes too, and drops."""


def validate(config: CollectionConfig) -> None:
    """Refuse what the server would refuse.

    Raises:
        ModelDefinitionError: one or more rules are broken; the message names each with its place.
    """
    problems = [problem for rule in RULES for problem in rule(config)]
    if problems:
        lines = [f"{config.name}.{field}: {text}" if field else f"{config.name}: {text}" for field, text in problems]
        raise ModelDefinitionError("\n".join(lines), collection=config.name, field=problems[0][0] or None)


# --- Names ---------------------------------------------------------------------------------------------------------------


def _collection_name(config: CollectionConfig) -> Iterator[Problem]:
    if not _COLLECTION_NAME.fullmatch(config.name):
        yield (
            "",
            f"the collection's name {config.name!r} must start with an upper-case letter and hold up to 255 ASCII letters, "
            "digits and underscores.",
        )
    elif config.name.lower() == "raft":
        yield "", f"the server keeps the name {config.name!r} for itself. Choose another."


def _property_names(config: CollectionConfig) -> Iterator[Problem]:
    for name in (*(one.name for one in config.properties), *(one.name for one in config.references)):
        if not _PROPERTY_NAME.fullmatch(name):
            yield (
                name,
                f"the property's name {name!r} must start with a letter or underscore and hold up to 231 ASCII letters, "
                "digits and underscores.",
            )
        elif name in _RESERVED_NAMES:
            yield name, f"the server keeps the property name {name!r} for itself. Choose another."
        for ending in _RESERVED_ENDINGS:
            if name.endswith(ending):
                yield name, f"the server keeps property names that end in {ending!r} for itself. Choose another."
        if _MIGRATION_NAME.fullmatch(name):
            yield (
                name,
                f"the property's name {name!r} reads like a directory of the server's own migrations. Choose another.",
            )


def _nested_names(config: CollectionConfig) -> Iterator[Problem]:
    for path, one in _walk(config):
        if "." in path and not _NESTED_NAME.fullmatch(one.name):
            yield path, f"the name {one.name!r} must hold ASCII letters, digits and underscores, and no digit first."


def _name_clashes(config: CollectionConfig) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name in (*(one.name for one in config.properties), *(one.name for one in config.references)):
        earlier = seen.setdefault(name.lower(), name)
        if earlier is not name:
            yield (
                name,
                f"the name clashes with {earlier!r}: the server does not tell property names apart by letter case.",
            )


# --- Properties ----------------------------------------------------------------------------------------------------------


def _data_types(config: CollectionConfig) -> Iterator[Problem]:
    for path, one in _walk(config):
        if one.data_type not in _DATA_TYPES:
            hint = near_names(one.data_type, _DATA_TYPES)
            yield path, f"unknown data type {one.data_type!r}; expected one of {', '.join(_DATA_TYPES)}.{hint}"
        elif "." in path and one.data_type in _NOT_NESTED:
            yield path, f"{one.data_type} is not allowed inside an object. Move it to the collection itself."
        if one.data_type in _OBJECTS and not one.nested:
            yield path, f"{one.data_type} needs at least one property inside."
        if one.nested and one.data_type not in _OBJECTS:
            yield path, f"only object and object[] hold properties, this is {one.data_type}."


def _tokenizations(config: CollectionConfig) -> Iterator[Problem]:
    for path, one in _walk(config):
        if one.tokenization is None:
            continue
        if one.data_type not in _TEXT:
            yield path, f"tokenization={one.tokenization!r} is for text and text[], this is {one.data_type}. Remove it."
        elif "." in path and one.tokenization not in _NESTED_TOKENIZATIONS:
            expected = ", ".join(_NESTED_TOKENIZATIONS)
            yield (
                path,
                f"tokenization={one.tokenization!r} is not allowed inside an object; expected one of {expected}.",
            )


def _property_indexes(config: CollectionConfig) -> Iterator[Problem]:
    for path, one in _walk(config):
        if one.searchable and one.data_type not in _TEXT:
            yield path, f"searchable=True is for text and text[], this is {one.data_type}. Remove it."
        if one.range_filters and one.data_type not in _RANGES:
            yield path, f"range_filters=True is for int, number and date, this is {one.data_type}. Remove it."
        if one.filterable and "." in path and one.data_type in ("blob", "blobHash"):
            yield path, f"filterable=True is not allowed for {one.data_type} inside an object. Remove it."


def _text_analyzers(config: CollectionConfig) -> Iterator[Problem]:
    presets = (*_STOPWORD_PRESETS, *(config.inverted_index.stopword_presets or ()))
    for path, one in _walk(config):
        analyzer = one.text_analyzer
        if analyzer is None or not named_options(analyzer):
            continue
        if one.data_type not in _TEXT:
            yield path, f"text_analyzer is for text and text[], this is {one.data_type}. Remove it."
            continue
        if one.searchable is False and one.filterable is False:
            yield path, "text_analyzer has nothing to work on: searchable and filterable are both False."
        if one.tokenization is not None and one.tokenization not in _ANALYZED_TOKENIZATIONS:
            yield path, f"text_analyzer does not go with tokenization={one.tokenization!r}."
        if analyzer.ascii_fold_ignore and not analyzer.ascii_fold:
            yield path, "ascii_fold_ignore needs ascii_fold=True."
        for character in analyzer.ascii_fold_ignore or ():
            if len(unicodedata.normalize("NFC", character)) != 1:
                yield path, f"ascii_fold_ignore holds single characters, got {character!r}."
        preset = analyzer.stopword_preset
        if preset is not None and one.tokenization not in (None, "word"):
            yield path, f"stopword_preset needs tokenization='word', got {one.tokenization!r}."
        if preset is not None and preset not in presets:
            yield (
                path,
                f"unknown stopword_preset {preset!r}; expected one of {', '.join(presets)}.{near_names(preset, presets)} "
                "Define more in InvertedIndex(stopword_presets=...).",
            )


def _references(config: CollectionConfig) -> Iterator[Problem]:
    for one in config.references:
        if not one.targets:
            yield one.name, "a reference needs at least one collection to point to."
        for target in one.targets:
            if not _COLLECTION_NAME.fullmatch(target):
                yield one.name, f"{target!r} is not the name of a collection."


# --- Vectors -------------------------------------------------------------------------------------------------------------


def _vector_names(config: CollectionConfig) -> Iterator[Problem]:
    names = [one.name for one in config.vectors]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            which = f"the vector {name!r}" if name is not None else "the unnamed vector"
            yield name or "", f"{which} is there {names.count(name)} times; a collection has it at most once."
        if name is not None and not _VECTOR_NAME.fullmatch(name):
            yield (
                name,
                f"the vector's name {name!r} must start with a letter or underscore and hold up to 230 ASCII letters, "
                "digits and underscores.",
            )
    if None in names and len(set(names)) > 1:
        named = ", ".join(repr(name) for name in names if name is not None)
        yield "", f"a new collection has either one unnamed vector or named ones, got both: unnamed and {named}."


def _index_limits(config: CollectionConfig) -> Iterator[Problem]:
    for path, index in _indexes(config):
        options = named_options(index)
        for kind, name, least, greatest in _LIMITS:
            value = options.get(name)
            if not isinstance(index, kind) or not isinstance(value, int):
                continue
            if (least is not None and value < least) or (greatest is not None and value > greatest):
                yield path, f"{name}={value} of {index.type_name} is out of range; expected {_range(least, greatest)}."
        distance = options.get("distance")
        allowed = ("cosine", "l2-squared") if isinstance(index, hfresh) else _DISTANCES
        if distance is not None and distance not in allowed:
            hint = near_names(str(distance), allowed)
            yield path, f"{index.type_name} has no distance {distance!r}; expected one of {', '.join(allowed)}.{hint}"
        if isinstance(index, hnsw) and options.get("filter_strategy", "acorn") not in ("acorn", "sweeping"):
            yield path, f"filter_strategy={index.filter_strategy!r} is unknown; expected 'acorn' or 'sweeping'."


def _quantizers(config: CollectionConfig) -> Iterator[Problem]:
    for path, index in _indexes(config):
        quantizer = named_options(index).get("quantizer")
        for kind, allowed, bits in _QUANTIZERS:
            if (
                not isinstance(index, kind)
                or not isinstance(quantizer, Quantizer)
                or isinstance(quantizer, uncompressed)
            ):
                continue
            if not isinstance(quantizer, allowed):
                expected = ", ".join(f"{one.key}()" for one in allowed)
                yield path, f"{index.type_name} does not take {quantizer!r}; expected one of {expected}."
            for option in _FLAT_ONLY.get(type(quantizer), ()):
                if kind is not flat and option in named_options(quantizer):
                    yield (
                        path,
                        f"the server drops {quantizer.key}({option}=...) in {index.type_name}; it works in flat. Remove it.",
                    )
            if isinstance(quantizer, rq):
                yield from ((path, text) for text in _rotational(index.type_name, quantizer, bits))
            if isinstance(quantizer, pq) and quantizer.segments is not None and quantizer.segments < 0:
                yield path, f"segments={quantizer.segments} of pq is out of range; expected at least 0."


def _rotational(index: str, quantizer: rq, allowed: tuple[int, ...]) -> Iterator[str]:
    if quantizer.bits is not None and quantizer.bits not in allowed:
        yield f"rq(bits={quantizer.bits}) does not go with {index}; expected {' or '.join(map(str, allowed))}."
    if quantizer.centering and quantizer.bits != 4:
        yield f"rq(centering=True) needs bits=4 and hnsw, got bits={quantizer.bits} in {index}."
    if quantizer.centering and quantizer.training_limit is not None and quantizer.training_limit <= 0:
        yield f"rq(centering=True) needs a training_limit above 0, got {quantizer.training_limit}."


def _multi_vectors(config: CollectionConfig) -> Iterator[Problem]:
    for vector in config.vectors:
        path = vector.name or ""
        index = vector.index
        multiple = index.multi_vector if isinstance(index, hnsw) else None
        if isinstance(index, dynamic) and index.hnsw is not None and index.hnsw.multi_vector is not None:
            yield path, "dynamic does not take late_interaction(). Use index=hnsw(multi_vector=late_interaction())."
        # self_provided() and unknown modules are of both kinds.
        if multiple is None:
            if not isinstance(vector.vectorizer, Vectorizer):
                yield (
                    path,
                    f"{vector.vectorizer.module} makes several vectors an object. "
                    "Declare a MultiVector field, or use index=hnsw(multi_vector=late_interaction()).",
                )
            continue
        if vector.name is None:
            yield path, "the unnamed vector cannot hold several vectors an object. Give it a name."
        if not isinstance(vector.vectorizer, MultiVectorVectorizer):
            yield path, f"{vector.vectorizer.module} makes one vector an object, but the index expects several."
        if multiple.encoding is not None and multiple.encoding.ksim is not None and multiple.encoding.ksim > 10:
            yield path, f"ksim={multiple.encoding.ksim} of muvera is out of range; expected at most 10."
        quantizer = index.quantizer if isinstance(index, hnsw) else None
        if isinstance(quantizer, rq) and quantizer.centering and multiple.encoding is None:
            yield path, "rq(centering=True) does not go with several vectors an object unless muvera() encodes them."


def _vector_sources(config: CollectionConfig) -> Iterator[Problem]:
    from weaviate_orm.schema.vectorizers import ref2vec_centroid  # the tables are only loaded when needed

    properties = [one.name for one in config.properties]
    references = [one.name for one in config.references]
    for vector in config.vectors:
        path = vector.name or ""
        used = [("source", name) for name in vector.source]
        if isinstance(vector.vectorizer, MediaFields):
            fields = named_options(vector.vectorizer)
            names = (
                (option, entry) for option in fields if option.endswith("_fields") for entry in _entries(fields[option])
            )
            used += [(option, field_name(entry)) for option, entry in names]
        for option, name in used:
            if name not in properties:
                hint = near_names(name, properties)
                yield path, f"{option} names the property {name!r}, which {config.name} does not have.{hint}"
        if isinstance(vector.vectorizer, ref2vec_centroid):
            for name in vector.vectorizer.reference_properties:
                if name not in references:
                    hint = near_names(name, references)
                    yield path, f"reference_properties names {name!r}, which is no reference of {config.name}.{hint}"


def _media_fields(config: CollectionConfig) -> Iterator[Problem]:
    from weaviate_orm.schema.vectorizers import (  # the tables are only loaded when needed
        multi2multivec_jinaai,
        multi2multivec_weaviate,
    )

    for vector in config.vectors:
        module = vector.vectorizer
        path = vector.name or ""
        if isinstance(module, MediaFields):
            entries = [entry for fields in module.media_fields().values() for entry in fields]
            if len({isinstance(entry, weighted) for entry in entries}) > 1:
                bare = ", ".join(repr(entry) for entry in entries if isinstance(entry, str))
                yield path, f"{module.module} needs a weight for every field or for none; {bare} has none."
        if isinstance(module, multi2multivec_jinaai) and (module.image_fields is None) == (module.text_fields is None):
            yield path, f"{module.module} takes either image_fields or text_fields."
        if isinstance(module, multi2multivec_weaviate) and len(module.image_fields) != 1:
            yield path, f"{module.module} takes exactly one image field, got {len(module.image_fields)}."


# --- The collection ------------------------------------------------------------------------------------------------------


def _inverted_index(config: CollectionConfig) -> Iterator[Problem]:
    index = config.inverted_index
    if (index.bm25_b is None) != (index.bm25_k1 is None):
        yield "", f"bm25_b and bm25_k1 go together, got bm25_b={index.bm25_b} and bm25_k1={index.bm25_k1}."
    if index.bm25_b is not None and not 0 <= index.bm25_b <= 1:
        yield "", f"bm25_b={index.bm25_b} is out of range; expected 0 to 1."
    if index.bm25_k1 is not None and index.bm25_k1 < 0:
        yield "", f"bm25_k1={index.bm25_k1} is out of range; expected at least 0."
    if index.cleanup_interval_seconds is not None and index.cleanup_interval_seconds < 1:
        yield "", f"cleanup_interval_seconds={index.cleanup_interval_seconds} is out of range; expected at least 1."


def _stopwords(config: CollectionConfig) -> Iterator[Problem]:
    stopwords = config.inverted_index.stopwords
    if stopwords is not None:
        if stopwords.preset is not None and stopwords.preset not in _STOPWORD_PRESETS:
            hint = near_names(stopwords.preset, _STOPWORD_PRESETS)
            yield "", f"unknown preset {stopwords.preset!r} of stopwords; expected 'en' or 'none'.{hint}"
        both = sorted(set(stopwords.additions or ()) & set(stopwords.removals or ()))
        if both:
            yield "", f"stopwords are both added and removed: {', '.join(both)}."
        if any(not word.strip() for word in (*(stopwords.additions or ()), *(stopwords.removals or ()))):
            yield "", "stopwords hold an empty word."
    for name, words in (config.inverted_index.stopword_presets or {}).items():
        if not name.strip():
            yield "", "a stopword preset needs a name."
        if not words or any(not word.strip() for word in words):
            yield "", f"the stopword preset {name!r} needs at least one word, and no empty ones."


def _tenants_and_shards(config: CollectionConfig) -> Iterator[Problem]:
    tenancy = config.multi_tenancy
    for switch, value in (("auto_create", tenancy.auto_create), ("auto_activate", tenancy.auto_activate)):
        if value and not tenancy.enabled:
            yield "", f"multi-tenancy {switch}=True needs enabled=True."
    if tenancy.enabled and config.sharding is not None:
        yield "", "sharding does not go with multi-tenancy, where every tenant is a shard. Remove one of the two."
    factor = config.replication.factor
    if factor is not None and factor < 1:
        yield "", f"replication factor {factor} is out of range; expected at least 1."


def _time_to_live(config: CollectionConfig) -> Iterator[Problem]:
    setting = config.object_ttl
    if setting is None or not setting.enabled:
        return
    if setting.property is None:
        if setting.seconds <= 0:
            yield "", f"a time to live since {setting.since} must be above 0 seconds, got {setting.seconds}."
        return
    if setting.since != "creation":
        yield "", f"a time to live counts from since={setting.since!r} or from property={setting.property!r}, not both."
    dates = {one.name: one for one in config.properties if one.data_type == "date"}
    found = dates.get(setting.property)
    if found is None:
        hint = near_names(setting.property, dates)
        yield (
            "",
            f"the time to live counts from {setting.property!r}, which is no date property of {config.name}.{hint}",
        )
    elif found.filterable is False and not found.range_filters:
        yield setting.property, "the time to live counts from this property, which needs filterable or range_filters."


RULES: Final[tuple[Rule, ...]] = (
    _collection_name,
    _property_names,
    _nested_names,
    _name_clashes,
    _data_types,
    _tokenizations,
    _property_indexes,
    _text_analyzers,
    _references,
    _vector_names,
    _index_limits,
    _quantizers,
    _multi_vectors,
    _vector_sources,
    _media_fields,
    _inverted_index,
    _stopwords,
    _tenants_and_shards,
    _time_to_live,
)
"""Every rule, in the order its problems are reported."""


def _walk(config: CollectionConfig) -> Iterator[tuple[str, PropertyConfig]]:
    """Give every property with its path, those inside objects after the object."""

    def inside(prefix: str, properties: Iterable[PropertyConfig]) -> Iterator[tuple[str, PropertyConfig]]:
        for one in properties:
            yield prefix + one.name, one
            yield from inside(f"{prefix}{one.name}.", one.nested)

    return inside("", config.properties)


def _indexes(config: CollectionConfig) -> Iterator[tuple[str, VectorIndex]]:
    """Give every index with its vector's name, those inside ``dynamic`` too."""
    for vector in config.vectors:
        name = vector.name or ""
        if vector.index is not None:
            yield name, vector.index
        if isinstance(vector.index, dynamic):
            yield from ((name, part) for part in (vector.index.flat, vector.index.hnsw) if part is not None)


def _entries(value: object) -> tuple[str | weighted, ...]:
    return tuple(entry for entry in as_sequence(value) if isinstance(entry, (str, weighted)))


def _range(least: int | None, greatest: int | None) -> str:
    if least is None:
        return f"at most {greatest}"
    return f"at least {least}" if greatest is None else f"{least} to {greatest}"
