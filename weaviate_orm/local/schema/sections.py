"""The smaller sections of a collection: inverted index, tenants, replication, shards and expiry. Defaults, and what is refused.

Works on decoded sections (``shapes.py``); the engine is one node, and its shards are files of nothing, so most settings are kept only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from weaviate_orm.local.go_text import Origin, go_type
from weaviate_orm.local.schema.names import schema_refused
from weaviate_orm.local.schema.narrowing import as_object
from weaviate_orm.local.schema.parsed import Json
from weaviate_orm.local.schema.stopwords import PRESETS

__all__ = [
    "check_async_replication",
    "check_bm25",
    "check_inverted_index",
    "check_presets",
    "check_stopwords",
    "check_tenancy",
    "check_time_to_live",
    "complete_inverted_index",
    "read_sharding",
]

_LONGEST: Final = (2**63 - 1) // 1_000_000


# --- Inverted index ----------------------------------------------------------------------------------------------------


def complete_inverted_index(collection: Json) -> None:
    """Fill in the inverted index."""
    inverted: Json = collection.setdefault("invertedIndexConfig", {})
    inverted["usingBlockMaxWAND"] = True  # the server turns it on, whatever was sent
    if not inverted.get("cleanupIntervalSeconds"):
        inverted["cleanupIntervalSeconds"] = 60
    if inverted.get("bm25") is None:
        inverted["bm25"] = {"k1": 1.2, "b": 0.75}
    if inverted.get("stopwords") is None:
        inverted["stopwords"] = {"preset": "en"}


def check_inverted_index(inverted: Json) -> None:
    """Refuse what the server refuses."""
    if inverted.get("cleanupIntervalSeconds", 0) < 0:
        raise schema_refused("cleanup interval seconds must be > 0")
    check_bm25(inverted)
    check_stopwords(inverted)
    check_presets(inverted.get("stopwordPresets") or {})
    _check_dictionaries(inverted.get("tokenizerUserDict") or ())


def check_bm25(inverted: Json) -> None:
    """Refuse numbers out of range."""
    bm25: Json = inverted["bm25"]
    if bm25.get("k1", 0) < 0:
        raise schema_refused("BM25.k1 must be >= 0")
    if not 0 <= bm25.get("b", 0) <= 1:
        raise schema_refused("BM25.b must be >= 0 and <= 1")


def check_stopwords(inverted: Json) -> None:
    """Refuse unknown presets and contradictions; drop added stopwords that the preset has anyway."""
    stopwords: Json = inverted["stopwords"]
    preset: str = stopwords.get("preset") or "en"
    stopwords["preset"] = preset
    if preset not in PRESETS:
        raise schema_refused(f"stopwordPreset '{preset}' does not exist")
    additions: list[str] = stopwords.get("additions") or []
    for word in additions:
        if not word.strip():
            raise schema_refused("cannot use whitespace in stopword.additions")
    for word in stopwords.get("removals") or ():
        if not word.strip():
            raise schema_refused("cannot use whitespace in stopword.removals")
        if word in additions:
            raise schema_refused(f"found '{word}' in both stopwords.additions and stopwords.removals")
    new = [
        word
        for index, word in enumerate(additions)
        if word not in PRESETS[preset] or word in additions[index + 1 :]  # of twins, the last one goes
    ]
    if len(new) < len(additions):
        stopwords["additions"] = new or None


def check_presets(presets: Mapping[str, Sequence[str]]) -> None:
    """Refuse lists of stopwords without a name or without words."""
    for name, words in presets.items():
        if not name.strip():
            raise schema_refused("stopwordPresets: preset name must not be empty or whitespace-only")
        if not words:
            raise schema_refused(f'stopwordPresets: preset "{name}" must have at least one word')
        if any(not word.strip() for word in words):
            raise schema_refused(f'stopwordPresets: preset "{name}" contains empty or whitespace-only word')


def _check_dictionaries(dictionaries: Sequence[Json]) -> None:
    tokenizers: set[str] = set()
    for one in dictionaries:
        tokenizer: str = one.get("tokenizer") or ""
        if tokenizer not in ("kagome_kr", "kagome_ja"):
            raise schema_refused(f"tokenizer '{tokenizer}' in tokenizer user dict config is not supported")
        if tokenizer in tokenizers:
            raise schema_refused(f"found duplicate tokenizer '{tokenizer}' in tokenizer user dict config")
        tokenizers.add(tokenizer)
        sources: set[str] = set()
        for replacement in one.get("replacements") or ():
            source: str = replacement["source"]
            if not source.strip():
                raise schema_refused("source cannot be empty or whitespace")
            if source in sources:
                raise schema_refused(f"found duplicate replacement source '{source}'")
            sources.add(source)


# --- Tenants, shards, replication, expiry ------------------------------------------------------------------------------


def check_tenancy(collection: Json) -> None:
    """Refuse automatic tenants without tenants."""
    tenancy: Json = collection.get("multiTenancyConfig") or {}
    for name in ("autoTenantCreation", "autoTenantActivation"):
        if tenancy.get(name) and not tenancy.get("enabled"):
            raise schema_refused(f"can't enable {name} on a non-multi-tenant class")


_SHARDING: Final[Json] = {"key": "_id", "strategy": "hash", "function": "murmur3"}
_NUMBERS: Final = ("virtualPerPhysical", "desiredCount", "actualCount", "desiredVirtualCount", "actualVirtualCount")


def read_sharding(given: object, *, tenants: bool) -> Json:
    """Give the complete section; all zero with tenants, which are the shards then."""
    if tenants:
        return {**dict.fromkeys(_NUMBERS, 0), **dict.fromkeys(_SHARDING, "")}
    if given is None:
        given = {}
    section = as_object(given)
    if section is None:
        raise schema_refused(f"parse sharding config: input {go_type(given, Origin.REST)}-false must be a non-nil")
    virtual = _whole(section, "virtualPerPhysical", 128)
    count = _whole(section, "desiredCount", 1)
    texts: Json = {}
    for name, default in _SHARDING.items():
        value = section.get(name, default)
        if not isinstance(value, str):
            raise schema_refused(
                f'parse sharding config: field "{name}" must be of type string, got: {go_type(value, Origin.REST)}'
            )
        texts[name] = value
    for name, how in (("key", "on key"), ("strategy", "with strategy"), ("function", "with function")):
        if texts[name] != _SHARDING[name]:
            raise schema_refused(
                f"parse sharding config: sharding only supported {how} '{_SHARDING[name]}' for now, got: {texts[name]}"
            )
    if count < 0:
        raise schema_refused(f"parse sharding config: sharding config: desiredCount must not be negative, got: {count}")
    numbers = (virtual, count, count, count * virtual, count * virtual)
    return {**dict(zip(_NUMBERS, numbers, strict=True)), **texts}


def _whole(section: Json, name: str, default: int) -> int:
    value = section.get(name, default)
    if isinstance(value, float):
        raise schema_refused(f'parse sharding config: {name}: strconv.ParseInt: parsing "{value}": invalid syntax')
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _between(low: int, high: int) -> Callable[[str, int], str | None]:
    def check(name: str, value: int) -> str | None:
        return None if low <= value <= high else f"{name}: value {value} out of range: min {low}, max {high}"

    return check


def _milliseconds(name: str, value: int) -> str | None:
    if value < 0:
        return f"{name} must be >= 0"
    return None if value <= _LONGEST else f"{name} too large: {value} ms exceeds max {_LONGEST} ms"


def _positive(name: str, value: int) -> str | None:
    return None if value > 0 else f"{name} must be > 0"


_ASYNC_RULES: Final[Mapping[str, Callable[[str, int], str | None]]] = {
    "hashtreeHeight": _between(0, 20),
    "frequency": _milliseconds,
    "frequencyWhilePropagating": _milliseconds,
    "loggingFrequency": _positive,
    "diffBatchSize": _between(1, 10_000),
    "diffPerNodeTimeout": _positive,
    "prePropagationTimeout": _positive,
    "propagationTimeout": _positive,
    "propagationLimit": _between(1, 100_000),
    "propagationConcurrency": _between(1, 20),
    "propagationBatchSize": _between(1, 1_000),
    "propagationDelay": lambda name, value: None if value >= 0 else f"{name} must be >= 0",
}


def check_async_replication(collection: Json) -> None:
    """Refuse numbers out of range."""
    replication: Json = collection.get("replicationConfig") or {}
    settings: Json = replication.get("asyncConfig") or {}
    for name, rule in _ASYNC_RULES.items():
        text = rule(name, settings[name]) if settings.get(name) is not None else None
        if text:
            raise schema_refused(f"async replication config: {text}")


def check_time_to_live(collection: Json) -> None:
    """Refuse objects that expire: a server without a schedule for deleting them does the same, and by default it has none."""
    section: Json = collection.get("objectTtlConfig") or {}
    if section.get("enabled"):
        raise schema_refused(
            "ObjectTTLConfig: enabling objectTTL requires a running background scheduler. Set OBJECTS_TTL_DELETE_SCHEDULE "
            "to activate it"
        )
