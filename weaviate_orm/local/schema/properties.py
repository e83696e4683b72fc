"""Properties, nested ones included: defaults, validation, and the old forms of data types and indexes.

Works on decoded sections (``shapes.py``) in place; callers own what they hand in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.names import (
    check_collection_name,
    check_nested_name,
    check_property_name,
    schema_refused,
)
from weaviate_orm.local.schema.parsed import Json
from weaviate_orm.local.schema.stopwords import PRESETS

__all__ = ["DATA_TYPES", "Surroundings", "check_properties", "is_object", "is_reference", "migrate", "with_defaults"]

TEXTS: Final = ("text", "text[]")
OLD_TEXTS: Final = {"string": "text", "string[]": "text[]"}
OBJECTS: Final = ("object", "object[]")
RANGED: Final = ("number", "int", "date")
DATA_TYPES: Final = (
    *TEXTS,
    *OLD_TEXTS,
    *OBJECTS,
    *("int", "number", "boolean", "date", "uuid", "int[]", "number[]", "boolean[]", "date[]", "uuid[]"),
    *("geoCoordinates", "phoneNumber", "blob", "blobHash"),
)
"""All but references, the old ``string`` and ``string[]`` included."""

_TOKENIZATIONS: Final = ("field", "word", "whitespace", "lowercase", "trigram")
_OFF: Final = {"gse": "GSE", "gse_ch": "Chinese", "kagome_kr": "Korean", "kagome_ja": "Japanese"}
"""Tokenizations by dictionary, with what the server calls them when it refuses them, as it does by default."""
_INDEX_FLAGS: Final = ("indexFilterable", "indexSearchable", "indexRangeFilters")


def _single(one: Json) -> str:
    """Give the data type, ``""`` when there are none or several."""
    types: list[str] = one.get("dataType") or []
    return types[0] if len(types) == 1 else ""


def is_object(one: Json) -> bool:
    """Whether a property holds objects with properties of their own."""
    return _single(one) in OBJECTS


def is_reference(one: Json) -> bool:
    """Whether a property refers to objects."""
    types: list[str] = one.get("dataType") or []
    return bool(types) and types[0][:1].isupper()


# --- Defaults and old forms --------------------------------------------------------------------------------------------


def with_defaults(properties: Sequence[Json]) -> None:
    """Fill in tokenization and indexes, nested properties included."""
    for one in properties:
        kind = _single(one)
        textual = kind in TEXTS or kind in OLD_TEXTS
        if textual and not one.get("tokenization"):
            one["tokenization"] = "word"
        # The old flag alone says what the new ones are to be; see migrate().
        if one.get("indexInverted") is None or any(one.get(flag) is not None for flag in _INDEX_FLAGS):
            _fill(one, filterable=True, searchable=textual)
        _nested_defaults(one.get("nestedProperties") or ())


def _nested_defaults(properties: Sequence[Json]) -> None:
    for one in properties:
        kind = _single(one)
        if kind in TEXTS and not one.get("tokenization"):
            one["tokenization"] = "word"
        _fill(one, filterable=kind not in ("blob", "blobHash"), searchable=kind in TEXTS)
        if kind in OBJECTS:
            _nested_defaults(one.get("nestedProperties") or ())


def _fill(one: Json, *, filterable: bool, searchable: bool) -> None:
    for flag, default in zip(_INDEX_FLAGS, (filterable, searchable, False), strict=True):
        if one.get(flag) is None:
            one[flag] = default


def migrate(properties: Sequence[Json]) -> None:
    """Turn the old data types ``string`` and ``string[]`` and the old flag ``indexInverted`` into today's form."""
    for one in properties:
        kind = _single(one)
        if kind in OLD_TEXTS:
            one["dataType"] = [OLD_TEXTS[kind]]
            if one.get("tokenization") == "word":
                one["tokenization"] = "whitespace"
        old = one.pop("indexInverted", None)
        if old is not None and all(one.get(flag) is None for flag in _INDEX_FLAGS):
            textual = _single(one) in TEXTS
            one.update(zip(_INDEX_FLAGS, (old, old and textual, False), strict=True))


# --- Validation --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What properties are checked against.

    Attributes:
        collection: the collection's name.
        taken: lower-cased names of properties that there are already.
        known: collections that a reference may lead to; ``None`` leaves that to a later check.
        presets: the collection's own lists of stopwords.
        check_modules: refuses settings of modules.
    """

    collection: str
    taken: Collection[str]
    known: Collection[str] | None
    presets: Mapping[str, object]
    check_modules: Callable[[Json], None]


def check_properties(properties: Sequence[Json], around: Surroundings) -> None:
    """Refuse what the server refuses of new properties, after ``with_defaults`` and before ``migrate``.

    Raises:
        Refused: with the server's words.
    """
    taken = set(around.taken)
    for one in properties:
        name: str = one.get("name") or ""
        check_property_name(name)
        if name.lower() in taken:
            raise schema_refused(
                f'class "{around.collection}": conflict for property "{name}": already in use or provided multiple times'
            )
        _check_data_type(one, name, around)
        nested: list[Json] = one.get("nestedProperties") or []
        if is_object(one):
            _check_nested(nested, name, around.presets)
        elif nested:
            raise schema_refused(
                f"property '{name}': nestedProperties not allowed for data types other than object/object[]"
            )
        _check_tokenization(one)
        _check_analyzer(one, _Place(name, nested=False), around.presets)
        _check_indexes(one)
        around.check_modules(one)
        taken.add(name.lower())


def _check_data_type(one: Json, name: str, around: Surroundings) -> None:
    types: list[str] = one.get("dataType") or []
    try:
        _check_types(types, around)
    except Refused as refused:
        listed = " ".join(types)
        raise refused.prefixed(f"property '{name}': invalid dataType: [{listed}]: ") from None


def _check_types(types: Sequence[str], around: Surroundings) -> None:
    if not types:
        raise schema_refused("dataType must have at least one element")
    if len(types) == 1:
        (kind,) = types
        if kind in DATA_TYPES:
            return
        if not kind:
            raise schema_refused("dataType cannot be an empty string")
        if kind[0] != kind[0].upper():
            raise schema_refused(f"unknown primitive data type '{kind}'")
    for target in types:
        check_collection_name(target)
        if target != around.collection and around.known is not None and target not in around.known:
            raise schema_refused("reference property to nonexistent class")


def _check_tokenization(one: Json) -> None:
    kind, tokenization = _single(one), one.get("tokenization") or ""
    if kind in OLD_TEXTS and tokenization in ("field", "word"):
        return
    if kind in TEXTS:
        if tokenization in _TOKENIZATIONS:
            return
        if tokenization in _OFF:
            setting = f"ENABLE_TOKENIZER_{tokenization.upper()}"
            raise schema_refused(
                f"the {_OFF[tokenization]} tokenizer is not enabled; set '{setting}' to 'true' to enable"
            )
    if kind in TEXTS or kind in OLD_TEXTS:
        raise schema_refused(f"tokenization '{tokenization}' is not allowed for data type '{kind}'")
    if tokenization:
        where = (
            "object/object[] data types"
            if kind in OBJECTS
            else f"data type '{kind}'"
            if kind in DATA_TYPES
            else "reference data type"
        )
        raise schema_refused(f"tokenization is not allowed for {where}")


def _check_indexes(one: Json) -> None:
    kind = _single(one)
    if one.get("indexInverted") is not None and any(one.get(flag) is not None for flag in _INDEX_FLAGS):
        raise schema_refused(
            "`indexInverted` is deprecated and can not be set together with `indexFilterable`, `indexSearchable` or "
            "`indexRangeFilters`"
        )
    if one.get("indexSearchable") and kind not in TEXTS and kind not in OLD_TEXTS:
        raise schema_refused(
            "`indexSearchable` is allowed only for text/text[] data types. For other data types set false or leave empty"
        )
    if one.get("indexRangeFilters") and kind not in RANGED:
        raise schema_refused(
            "`indexRangeFilters` is allowed only for number/int/date data types. For other data types set false or leave "
            "empty"
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a property is: its dotted path, and whether it is inside an object, where two of the server's texts differ."""

    path: str
    nested: bool


def _check_analyzer(one: Json, place: _Place, presets: Mapping[str, object]) -> None:
    analyzer: Json = one.get("textAnalyzer") or {}
    if not any(analyzer.get(key) for key in ("asciiFold", "asciiFoldIgnore", "stopwordPreset")):
        one.pop("textAnalyzer", None)  # the server takes an empty one as none
        return
    text = _analyzer_error(one, analyzer, place, presets)
    if text:
        raise schema_refused(f"property '{place.path}': {text}")


def _analyzer_error(one: Json, analyzer: Json, place: _Place, presets: Mapping[str, object]) -> str | None:
    kind, tokenization = _single(one), one.get("tokenization") or ""
    only = "processing options are only allowed for"
    if kind not in TEXTS:
        primitive = kind in DATA_TYPES and kind not in OBJECTS
        return f"{only} text and text[] data types" + (f", got '{kind}'" if primitive else "")
    if not one.get("indexSearchable") and not one.get("indexFilterable"):
        flags = ", got IndexSearchable={} and IndexFilterable={}".format(
            *(_shown(one.get(flag)) for flag in ("indexSearchable", "indexFilterable"))
        )
        return f"{only} properties with an inverted index" + ("" if place.nested else flags)
    ignored: list[str] = analyzer.get("asciiFoldIgnore") or []
    if ignored and not analyzer.get("asciiFold"):
        return "asciiFoldIgnore requires asciiFold to be enabled"
    for entry in ignored:
        if len(unicodedata.normalize("NFC", entry)) != 1:
            return f'each asciiFoldIgnore entry must be a single character, got "{entry}"'
    preset = analyzer.get("stopwordPreset")
    if preset and tokenization != "word":
        return f'stopwordPreset is only supported with tokenization "word", got "{tokenization}"'
    if preset and preset not in PRESETS and preset not in presets:
        return (
            f"unknown stopword preset \"{preset}\"; must be a built-in preset ('en', 'none') or defined in "
            "invertedIndexConfig.stopwordPresets"
        )
    return None


def _shown(flag: bool | None) -> str:
    return "<nil>" if flag is None else str(flag).lower()


def _check_nested(properties: Sequence[Json], parent: str, presets: Mapping[str, object]) -> None:
    if not properties:
        raise schema_refused(
            f"property '{parent}': At least one nested property is required for data type object/object[]"
        )
    for one in properties:
        name: str = one.get("name") or ""
        check_nested_name(name, parent)
        path = f"{parent}.{name}"
        text = _nested_error(one, path)
        if text:
            raise schema_refused(text)
        _check_analyzer(one, _Place(path, nested=True), presets)
        if is_object(one):
            _check_nested(one.get("nestedProperties") or [], path, presets)


def _nested_error(one: Json, path: str) -> str | None:
    kind, tokenization = _single(one), one.get("tokenization") or ""
    here = f"property '{path}': "
    if kind in OLD_TEXTS:
        return f"{here}data type '{kind}' is deprecated and not allowed as nested property"
    if kind in ("geoCoordinates", "phoneNumber"):
        return f"{here}data type '{kind}' not allowed as nested property"
    # An empty text as data type passes here, like in the server.
    if kind not in DATA_TYPES and one.get("dataType") != [""]:
        return f"{here}reference data type not allowed"
    if kind in TEXTS and tokenization not in ("field", "word", "whitespace", "lowercase"):
        return f"{here}Tokenization '{tokenization}' is not allowed for data type '{kind}'"
    if tokenization and kind in OBJECTS:
        return f"{here}Tokenization is not allowed for object/object[] data types"
    if tokenization and kind not in TEXTS:
        return f"{here}Tokenization is not allowed for data type '{kind}'"
    if one["indexFilterable"] and kind in ("blob", "blobHash"):
        return f"property: '{path}': indexFilterable is not allowed for {kind} data type"
    if one["indexSearchable"] and kind not in TEXTS:
        return f"{here}`indexSearchable` is not allowed for other than text/text[] data types"
    if one["indexRangeFilters"] and kind not in RANGED:
        return f"{here}`indexRangeFilters` is not allowed for other than number/int/date data types"
    return None
