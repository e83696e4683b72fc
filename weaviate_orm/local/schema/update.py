"""A changed collection: the body of ``PUT /v1/schema/{collection}`` -> its new JSON, or the server's refusal."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Final

from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.create import (
    check_vectors,
    complete,
    finish,
    has_unnamed_vector,
    read_collection,
    read_vectors,
)
from weaviate_orm.local.schema.modules import MODULES, Family, same_settings, vectorizer_of
from weaviate_orm.local.schema.names import schema_refused
from weaviate_orm.local.schema.narrowing import as_object, part
from weaviate_orm.local.schema.parsed import Json
from weaviate_orm.local.schema.sections import (
    check_async_replication,
    check_bm25,
    check_stopwords,
    check_tenancy,
    check_time_to_live,
    read_sharding,
)
from weaviate_orm.local.schema.shapes import COLLECTION, decode
from weaviate_orm.local.schema.stopwords import PRESETS
from weaviate_orm.local.schema.surroundings import World
from weaviate_orm.local.schema.vector_indexes import check_update

__all__ = ["Update", "updated"]

_PREFIX: Final = "updating schema: TYPE_UPDATE_CLASS: bad request :parse class update: "
_PROPERTIES_FIXED: Final = (
    "property fields other than description cannot be updated through updating the class. Use the add property feature "
    '(e.g. "POST /v1/schema/{className}/properties") to add additional properties'
)


class Update:
    """What an update gives.

    Attributes:
        json: the collection's new JSON.
        reply: the body of the reply, which repeats the request with its defaults.
    """

    __slots__ = ("json", "reply")

    def __init__(self, json: Json, reply: Json) -> None:
        self.json = json
        self.reply = reply


def updated(current: Json, body: object, world: World, shard: str | None) -> Update:
    """Give the new JSON of a collection.

    Args:
        current: its complete JSON.
        body: what was sent.
        world: the collections and aliases that there are.
        shard: name of one of its shards; ``None`` when it has none, which is when more replicas can be asked for.

    Raises:
        Refused: with the server's words.
    """
    new = read_collection(body)
    old = copy.deepcopy(decode(COLLECTION, current))
    complete(new)
    tenants = bool(part(new, "multiTenancyConfig").get("enabled"))
    check_async_replication(new)
    check_time_to_live(new)
    if new.get("class", "").lower() == "raft":
        raise schema_refused("parse class name: class name `raft` is reserved")
    new["shardingConfig"] = read_sharding(new.get("shardingConfig"), tenants=tenants)
    read_vectors(new)
    _check_maps(new)
    check_vectors(new, world)
    _check_tenants(old, new)
    factor = new["replicationConfig"]["factor"]
    if shard is not None and factor > old["replicationConfig"]["factor"]:
        raise schema_refused(
            f'not enough replicas in shard "{shard}" to increase replication factor to {factor} for class '
            f'"{current["class"]}"'
        )
    _check_name(old, new)
    _keep_quantization_flags(old, new)
    _check_vectorizers(old, new)
    _check_index_flags(old, new)
    reply = finish(new)
    try:
        _check_parts(old, new, tenants)
    except Refused as refused:
        raise refused.prefixed(_PREFIX) from None
    return Update(finish(_stored(old, new)), reply)


def _stored(old: Json, new: Json) -> Json:
    """Give what the server keeps of an update: the rest is as it was."""
    kept: Json = {key: old[key] for key in ("class", "shardingConfig", "vectorizer", "vectorIndexType") if key in old}
    replaced: Json = {
        key: new[key]
        for key in (
            "description",
            "invertedIndexConfig",
            "multiTenancyConfig",
            "objectTtlConfig",
            "properties",
            "replicationConfig",
            "vectorConfig",
            "vectorIndexConfig",
        )
        if key in new
    }
    modules = _modules(old, new)
    return {**kept, **replaced, **({"moduleConfig": modules} if modules is not None else {})}


# --- Checks before the change ------------------------------------------------------------------------------------------


def _check_maps(new: Json) -> None:
    given = new.get("moduleConfig")
    if given is None:
        return
    modules = as_object(given)
    if modules is None:
        raise schema_refused(f"parse module config: module config is not a map, got {_shown(given)}")
    for module, settings in modules.items():
        if settings is not None and not isinstance(settings, dict):
            raise schema_refused(
                f"parse module config: module config: module config for {module} is not a map, got {_shown(settings)}"
            )


def _check_tenants(old: Json, new: Json) -> None:
    before, after = (bool(part(one, "multiTenancyConfig").get("enabled")) for one in (old, new))
    if before != after:
        word = "disabling" if before else "enabling"
        raise schema_refused(f"{word} multi-tenancy for an existing class is not supported")
    check_tenancy(new)


def _check_name(old: Json, new: Json) -> None:
    if old["class"] != new.get("class", ""):
        raise schema_refused(
            f'class name is immutable: attempted change from "{old["class"]}" to "{new.get("class", "")}"'
        )


def _keep_quantization_flags(old: Json, new: Json) -> None:
    before: dict[str, Json] = old.get("vectorConfig") or {}
    after: dict[str, Json] = new.get("vectorConfig") or {}
    for name, section in after.items():
        if name not in before or section["vectorIndexType"] != before[name]["vectorIndexType"]:
            continue
        for flag in ("skipDefaultQuantization", "trackDefaultQuantization"):
            if flag in before[name]["vectorIndexConfig"]:
                section["vectorIndexConfig"][flag] = before[name]["vectorIndexConfig"][flag]


def _check_vectorizers(old: Json, new: Json) -> None:
    before: dict[str, Json] = old.get("vectorConfig") or {}
    for name, section in part(new, "vectorConfig").items():
        if name not in before or section["vectorizer"] == before[name]["vectorizer"]:
            continue
        module = vectorizer_of(section) or ""
        old_module = vectorizer_of(before[name])
        settings = before[name]["vectorizer"].get(module)
        if module != old_module or not same_settings(module, settings, section["vectorizer"][module]):
            raise schema_refused(f'vectorizer config of vector "{name}" is immutable for class {new["class"]}')


def _check_index_flags(old: Json, new: Json) -> None:
    for key, title in (
        ("indexTimestamps", "indexTimestamp"),
        ("indexNullState", "indexNullState"),
        ("indexPropertyLength", "indexPropertyLength"),
    ):
        before, after = (str(bool(one["invertedIndexConfig"].get(key))).lower() for one in (old, new))
        if before != after:
            raise schema_refused(f'"{title}" setting is immutable. Value changed from "{before}" to "{after}"')


# --- Checks of the parts -----------------------------------------------------------------------------------------------


def _check_parts(old: Json, new: Json, tenants: bool) -> None:
    _modules(old, new)
    _check_named_vectors(old, new)
    _check_unnamed_vector(old, new)
    before: dict[str, Json] = old.get("vectorConfig") or {}
    after: dict[str, Json] = new.get("vectorConfig") or {}
    for name, section in before.items():
        kind = section["vectorIndexType"]
        try:
            check_update(kind, section["vectorIndexConfig"], after[name]["vectorIndexConfig"])
        except ValueError as error:
            raise schema_refused(f'invalid update for vector "{name}": {error}') from None
    if not tenants:
        _check_sharding(old["shardingConfig"], new["shardingConfig"])
    _check_properties(old.get("properties") or [], new.get("properties") or [])
    new["properties"] = sorted(new.get("properties") or [], key=_name) or None
    try:
        _check_inverted_index(old, new)
    except Refused as refused:
        raise refused.prefixed("inverted index config: ") from None


def _check_named_vectors(old: Json, new: Json) -> None:
    after: dict[str, Json] = new.get("vectorConfig") or {}
    if has_unnamed_vector(old) and "default" in after:
        raise schema_refused("vector named default cannot be created when collection level vector index is configured")
    for name, section in part(old, "vectorConfig").items():
        if name not in after:
            raise schema_refused(f'missing config for vector "{name}"')
        _check_text(f'vector index type of vector "{name}"', section["vectorIndexType"], after[name]["vectorIndexType"])


def _check_unnamed_vector(old: Json, new: Json) -> None:
    for key, title in (("vectorizer", "vectorizer"), ("vectorIndexType", "vector index type")):
        _check_text(title, old.get(key, ""), new.get(key, ""))
    if has_unnamed_vector(old):
        try:
            check_update(old["vectorIndexType"], old["vectorIndexConfig"], new["vectorIndexConfig"])
        except ValueError as error:
            raise schema_refused(f"validate vector index config: {error}") from None


def _check_text(title: str, before: object, after: object) -> None:
    if before != after:
        raise schema_refused(f'{title} is immutable: attempted change from "{before}" to "{after}"')


def _check_sharding(before: Json, after: Json) -> None:
    for key, title in (
        ("desiredCount", "re-sharding not supported yet: shard count"),
        ("virtualPerPhysical", "virtual shards per physical"),
    ):
        try:
            _check_text(title, before[key], after[key])
        except Refused as refused:
            raise refused.prefixed("validate sharding config: ") from None


def _check_properties(before: list[Json], after: list[Json]) -> None:
    if len(before) != len(after):
        raise schema_refused(_PROPERTIES_FIXED)
    for old, new in zip(sorted(before, key=_name), sorted(after, key=_name), strict=True):
        text = _property_error(old, new)
        if text:
            raise schema_refused(f'property "{old["name"]}": {text}')


def _name(one: Json) -> str:
    return str(one.get("name", ""))


def _property_error(old: Json, new: Json) -> str | None:
    modules: Json = new.get("moduleConfig") or {}
    for module, settings in part(old, "moduleConfig").items():
        if module not in modules:
            return f'module "{module}" configuration was removed'
        if settings != modules[module]:
            return f'module "{module}" configuration cannot be updated'
    return None if _comparable(old) == _comparable(new) else _PROPERTIES_FIXED


def _comparable(one: Json) -> Json:
    rest = {key: value for key, value in one.items() if key not in ("description", "moduleConfig") and value != ""}
    if "nestedProperties" in one:
        rest["nestedProperties"] = [_comparable(nested) for nested in one["nestedProperties"]]
    return rest


def _check_inverted_index(old: Json, new: Json) -> None:
    inverted: Json = new["invertedIndexConfig"]
    if inverted["cleanupIntervalSeconds"] < 0:
        raise schema_refused("cleanup interval seconds must be > 0")
    check_bm25(inverted)
    check_stopwords(inverted)
    presets: Mapping[str, object] = inverted.get("stopwordPresets") or {}
    for one in old.get("properties") or ():
        _check_preset_kept(one, one["name"], presets)


def _check_preset_kept(one: Json, path: str, presets: Mapping[str, object]) -> None:
    preset = part(one, "textAnalyzer").get("stopwordPreset")
    if preset and preset not in PRESETS and preset not in presets:
        raise schema_refused(
            f'invertedIndexConfig.stopwordPresets: cannot remove preset "{preset}" because it is still used by property '
            f'"{path}"'
        )
    for nested in one.get("nestedProperties") or ():
        _check_preset_kept(nested, f"{path}.{nested['name']}", presets)


def _modules(old: Json, new: Json) -> Json | None:
    """Give the module settings after an update: another generator or reranker replaces the old one, vectorizers are fixed."""
    before: Json | None = old.get("moduleConfig")
    after: Json | None = new.get("moduleConfig")
    if after is None or before == after:
        return before
    families: list[Family] = []
    for module, settings in after.items():
        family = MODULES[module].family if module in MODULES else None
        if family in (Family.GENERATIVE, Family.RERANKER):
            if family in families:
                raise schema_refused(f"updated moduleconfig has multiple {family.value} modules: {_shown(after)}")
            families.append(family)
        elif module in (before or {}) and not same_settings(module, (before or {})[module], settings):
            raise schema_refused(
                f"can only update generative and reranker module configs. Got: {module} for class: {new['class']}"
            )
    kept = {
        module: settings
        for module, settings in (before or {}).items()
        if module not in MODULES or MODULES[module].family not in families
    }
    return {**kept, **after}


def _shown(value: object) -> str:
    """Give a value as the server prints it inside an error."""
    entries = as_object(value)
    if entries is not None:
        return f"map[{' '.join(f'{key}:{_shown(entries[key])}' for key in sorted(entries))}]"
    return str(value)
