"""The sections of a collection's JSON as tables: which keys there are, of which type, and which are left out when empty.

The server reads bodies tolerantly (keys in any letter case, unknown ones passed over, ``null`` like absent) and writes them strictly
(every key in its own spelling, some always there). ``decode`` and ``encode`` do both for any section of the tables, so that no other
module looks at spelling, types or emptiness. In between a section is a dictionary with the keys that carry a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from weaviate_orm.local.go_text import float32_number
from weaviate_orm.local.plain import is_float32
from weaviate_orm.local.refusals import Refused, RestShape
from weaviate_orm.local.schema.narrowing import as_list, as_object
from weaviate_orm.local.schema.parsed import Json

__all__ = [
    "ALIAS",
    "COLLECTION",
    "PROPERTY",
    "PROPERTY_TOKENIZE",
    "SHARD_STATUS",
    "TOKENIZE",
    "Section",
    "decode",
    "decode_body",
    "encode",
]

Value = Any
"""JSON as it came. It has no narrower type."""

TOKENIZATIONS: Final = (
    "word",
    "lowercase",
    "whitespace",
    "field",
    "trigram",
    "gse",
    "kagome_kr",
    "kagome_ja",
    "gse_ch",
)
_STRATEGIES: Final = ("NoAutomatedResolution", "DeleteOnConflict", "TimeBasedResolution")


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of a value.

    Attributes:
        title: what the server calls it in errors.
        empty: what stands for no value.
        section: of an object or the objects in a list or mapping.
        many: ``"list"``, ``"map"`` or ``"value"``.
        keeps_empty: ``False`` and 0 count as values, because absence is another thing.
    """

    title: str
    empty: Value = None
    section: Section | None = None
    many: str = "value"
    keeps_empty: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a section.

    Attributes:
        kind: type of the value.
        always: written even when empty.
        choices: values that are allowed, when limited; an empty text always is.
        required: must be there.
    """

    kind: Kind
    always: bool = False
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Section:
    """A JSON object of known keys. ``title`` is the server's name for it in errors."""

    title: str
    keys: dict[str, Key] = field(default_factory=dict[str, Key])


TEXT: Final = Kind("string", "")
FLAG: Final = Kind("bool", False)
OPTIONAL_FLAG: Final = Kind("bool", keeps_empty=True)
INTEGER: Final = Kind("int64", 0)
OPTIONAL_INTEGER: Final = Kind("int64", keeps_empty=True)
FLOAT: Final = Kind("float32", 0)
TEXTS: Final = Kind("[]string", many="list")
TEXT_LISTS: Final = Kind("map[string][]string", many="map")
ANYTHING: Final = Kind("any")


def _object(section: Section) -> Kind:
    return Kind(f"models.{section.title}", section=section)


def _objects(section: Section) -> Kind:
    return Kind(f"[]*models.{section.title}", section=section, many="list")


BM25: Final = Section("BM25Config", {"b": Key(FLOAT, always=True), "k1": Key(FLOAT, always=True)})
STOPWORDS: Final = Section(
    "StopwordConfig",
    {"additions": Key(TEXTS, always=True), "preset": Key(TEXT), "removals": Key(TEXTS, always=True)},
)
_REPLACEMENT: Final = Section(
    "TokenizerUserDictConfigReplacementsItems0",
    {"source": Key(TEXT, always=True, required=True), "target": Key(TEXT, always=True, required=True)},
)
USER_DICTIONARY: Final = Section(
    "TokenizerUserDictConfig", {"replacements": Key(_objects(_REPLACEMENT), always=True), "tokenizer": Key(TEXT)}
)
INVERTED_INDEX: Final = Section(
    "InvertedIndexConfig",
    {
        "bm25": Key(_object(BM25)),
        "cleanupIntervalSeconds": Key(INTEGER),
        "indexNullState": Key(FLAG),
        "indexPropertyLength": Key(FLAG),
        "indexTimestamps": Key(FLAG),
        "stopwordPresets": Key(TEXT_LISTS),
        "stopwords": Key(_object(STOPWORDS)),
        "tokenizerUserDict": Key(_objects(USER_DICTIONARY)),
        "usingBlockMaxWAND": Key(FLAG),
    },
)
MULTI_TENANCY: Final = Section(
    "MultiTenancyConfig",
    {name: Key(FLAG, always=True) for name in ("autoTenantActivation", "autoTenantCreation", "enabled")},
)
TIME_TO_LIVE: Final = Section(
    "ObjectTTLConfig",
    {
        "defaultTtl": Key(INTEGER, always=True),
        "deleteOn": Key(TEXT, always=True),
        "enabled": Key(FLAG, always=True),
        "filterExpiredObjects": Key(FLAG, always=True),
    },
)
ASYNC_REPLICATION: Final = Section(
    "ReplicationAsyncConfig",
    {
        name: Key(OPTIONAL_INTEGER)
        for name in (
            "diffBatchSize",
            "diffPerNodeTimeout",
            "frequency",
            "frequencyWhilePropagating",
            "hashtreeHeight",
            "loggingFrequency",
            "prePropagationTimeout",
            "propagationBatchSize",
            "propagationConcurrency",
            "propagationDelay",
            "propagationLimit",
            "propagationTimeout",
        )
    },
)
REPLICATION: Final = Section(
    "ReplicationConfig",
    {
        "asyncConfig": Key(_object(ASYNC_REPLICATION)),
        "deletionStrategy": Key(TEXT, choices=_STRATEGIES),
        "factor": Key(INTEGER),
    },
)
TEXT_ANALYZER: Final = Section(
    "TextAnalyzerConfig",
    {"asciiFold": Key(FLAG), "asciiFoldIgnore": Key(TEXTS), "stopwordPreset": Key(TEXT)},
)
VECTOR: Final = Section(
    "VectorConfig",
    {"vectorIndexConfig": Key(ANYTHING), "vectorIndexType": Key(TEXT), "vectorizer": Key(ANYTHING)},
)
NESTED_PROPERTY: Final = Section("NestedProperty")
NESTED_PROPERTY.keys.update(
    {
        "dataType": Key(TEXTS, always=True),
        "description": Key(TEXT),
        "indexFilterable": Key(OPTIONAL_FLAG),
        "indexRangeFilters": Key(OPTIONAL_FLAG),
        "indexSearchable": Key(OPTIONAL_FLAG),
        "name": Key(TEXT),
        "nestedProperties": Key(_objects(NESTED_PROPERTY)),
        "textAnalyzer": Key(_object(TEXT_ANALYZER)),
        "tokenization": Key(TEXT, choices=TOKENIZATIONS),
    }
)
PROPERTY: Final = Section(
    "Property",
    {
        "dataType": Key(TEXTS, always=True),
        "description": Key(TEXT),
        "disableDuplicatedReferences": Key(OPTIONAL_FLAG),
        "indexFilterable": Key(OPTIONAL_FLAG),
        "indexInverted": Key(OPTIONAL_FLAG),
        "indexRangeFilters": Key(OPTIONAL_FLAG),
        "indexSearchable": Key(OPTIONAL_FLAG),
        "moduleConfig": Key(ANYTHING),
        "name": Key(TEXT),
        "nestedProperties": Key(_objects(NESTED_PROPERTY)),
        "textAnalyzer": Key(_object(TEXT_ANALYZER)),
        "tokenization": Key(TEXT, choices=TOKENIZATIONS),
    },
)
COLLECTION: Final = Section(
    "Class",
    {
        "class": Key(TEXT),
        "description": Key(TEXT),
        "invertedIndexConfig": Key(_object(INVERTED_INDEX)),
        "moduleConfig": Key(ANYTHING),
        "multiTenancyConfig": Key(_object(MULTI_TENANCY)),
        "objectTtlConfig": Key(_object(TIME_TO_LIVE)),
        "properties": Key(_objects(PROPERTY), always=True),
        "replicationConfig": Key(_object(REPLICATION)),
        "shardingConfig": Key(ANYTHING),
        "vectorConfig": Key(Kind("map[string]models.VectorConfig", section=VECTOR, many="map")),
        "vectorIndexConfig": Key(ANYTHING),
        "vectorIndexType": Key(TEXT),
        "vectorizer": Key(TEXT),
    },
)
_ANALYZED: Final = {"text": Key(TEXT, required=True)}
TOKENIZE: Final = Section(
    "TokenizeRequest",
    {
        **_ANALYZED,
        "tokenization": Key(TEXT, choices=TOKENIZATIONS, required=True),
        "analyzerConfig": Key(_object(TEXT_ANALYZER)),
        "stopwordPresets": Key(TEXT_LISTS),
        "stopwords": Key(_object(STOPWORDS)),
    },
)
PROPERTY_TOKENIZE: Final = Section("PropertyTokenizeRequest", _ANALYZED)
ALIAS: Final = Section("Alias", {"alias": Key(TEXT), "class": Key(TEXT)})
SHARD_STATUS: Final = Section("ShardStatus", {"status": Key(TEXT)})

_ELEMENT: Final[Mapping[str, Kind]] = {"[]string": TEXT, "map[string][]string": TEXTS}


# --- Reading -----------------------------------------------------------------------------------------------------------


def decode_body(section: Section, body: object, parameter: str) -> Json:
    """Read a whole request body, as ``decode`` does.

    Args:
        section: what the body should be.
        body: decoded JSON; ``None`` when there was none.
        parameter: the server's name for the body.

    Raises:
        Refused: no body (422), a value of a wrong type (400), or one that is not among the choices or is missing (422).
    """
    if body is None:
        raise Refused(f"{parameter} in body is required", shape=RestShape.CODE, code=602)
    try:
        decoded = decode(section, body)
    except _WrongTypeError as wrong:
        text = f'parsing {parameter} body from "" failed, because {wrong}'
        raise Refused(text, http=400, shape=RestShape.CODE) from None
    _check(section, decoded, "")
    return decoded


def decode(section: Section, body: object) -> Json:
    """Read a section: keys in their own spelling, ``null`` and unknown ones dropped, in the order in which they came.

    Raises:
        ValueError: a value has the wrong type; the text is the server's.
    """
    return _decode_section(section, body, None, ())


class _WrongTypeError(ValueError):
    def __init__(self, value: object, kind: str, owner: str | None, path: tuple[str, ...]) -> None:
        place = f"Go struct field {owner}.{'.'.join(path)} of type" if owner else "Go value of type"
        super().__init__(f"json: cannot unmarshal {_named(value)} into {place} {kind}")


def _named(value: object) -> str:
    match value:
        case bool():
            return "bool"
        case int():
            return "number"
        case float():
            return f"number {value}"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _decode_section(section: Section, body: object, owner: str | None, path: tuple[str, ...]) -> Json:
    given = as_object(body)
    if given is None:
        raise _WrongTypeError(body if not isinstance(body, float) else 0, f"models.{section.title}", owner, path)
    spelling = {key.lower(): key for key in section.keys}
    decoded: Json = {}
    for name, value in given.items():
        key = name if name in section.keys else spelling.get(name.lower())
        if key is not None and value is not None:
            decoded[key] = _decode_value(section.keys[key].kind, value, section.title, (*path, key))
    return decoded


def _decode_value(kind: Kind, value: Value, owner: str, path: tuple[str, ...]) -> Value:
    if kind is ANYTHING:
        return value
    if kind.many == "list":
        elements = as_list(value)
        if elements is None:
            raise _WrongTypeError(value if not isinstance(value, float) else 0, kind.title, owner, path)
        return [_decode_element(kind, one, owner, path) for one in elements]
    if kind.many == "map":
        entries = as_object(value)
        if entries is None:
            raise _WrongTypeError(value if not isinstance(value, float) else 0, kind.title, owner, path)
        return {name: _decode_element(kind, one, owner, path) for name, one in entries.items()}
    if kind.section is not None:
        return _decode_section(kind.section, value, owner, path)
    return _decode_scalar(kind, value, owner, path)


def _decode_element(kind: Kind, value: Value, owner: str, path: tuple[str, ...]) -> Value:
    if kind.section is not None:
        return _decode_section(kind.section, {} if value is None else value, owner, path)
    element = _ELEMENT[kind.title]
    return element.empty if value is None else _decode_value(element, value, owner, path)


def _decode_scalar(kind: Kind, value: Value, owner: str, path: tuple[str, ...]) -> Value:
    flag = isinstance(value, bool)
    match kind.title:
        case "string" if isinstance(value, str):
            return value
        case "bool" if flag:
            return value
        case "int64" if isinstance(value, int) and not flag:
            return value
        case "float32" if isinstance(value, (int, float)) and not flag:
            if not is_float32(value):
                raise _WrongTypeError(value, kind.title, owner, path)
            return float32_number(value)
        case "int64":
            raise _WrongTypeError(value, kind.title, owner, path)
        case _:
            raise _WrongTypeError(0 if isinstance(value, float) else value, kind.title, owner, path)


def _check(section: Section, decoded: Json, prefix: str) -> None:
    """Refuse values outside their choices and missing ones; the first in the server's order of keys."""
    for name, key in section.keys.items():
        value: Value = decoded.get(name)
        if value is None:
            if key.required:
                raise Refused(f"{prefix}{name} in body is required", shape=RestShape.CODE, code=602)
            continue
        if key.choices and (value or key.required) and value not in key.choices:
            text = f"{prefix}{name} in body should be one of [{' '.join(key.choices)}]"
            raise Refused(text, shape=RestShape.CODE, code=606)
        inner = key.kind.section
        if inner is None:
            continue
        if key.kind.many == "list":
            for index, one in enumerate(value):
                _check(inner, one, f"{prefix}{name}.{index}.")
        elif key.kind.many == "map":
            for entry, one in value.items():
                if not one:
                    raise Refused(f"{prefix}{name}.{entry} in body is required", shape=RestShape.CODE, code=602)
                _check(inner, one, f"{prefix}{name}.{entry}.")
        else:
            _check(inner, value, f"{prefix}{name}.")


# --- Writing -----------------------------------------------------------------------------------------------------------


def encode(section: Section, decoded: Json) -> Json:
    """Write a section as the server does; the opposite of ``decode``. Values are shared, not copied."""
    written: Json = {}
    for name, key in section.keys.items():
        value: Value = decoded.get(name)
        missing = value is None or (
            not key.kind.keeps_empty and key.kind is not ANYTHING and _is_empty(value, key.kind)
        )
        if missing and not key.always:
            continue
        written[name] = key.kind.empty if value is None else _encode_value(key.kind, value)
    return written


def _is_empty(value: Value, kind: Kind) -> bool:
    return False if kind.section is not None and kind.many == "value" else not value


def _encode_value(kind: Kind, value: Value) -> Value:
    if kind.section is None:
        return value
    if kind.many == "list":
        return [encode(kind.section, one) for one in value]
    if kind.many == "map":
        return {name: encode(kind.section, one) for name, one in value.items()}
    return encode(kind.section, value)
