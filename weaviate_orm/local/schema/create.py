"""A new collection: the body of ``POST /v1/schema`` -> the JSON that ``GET`` gives of it, or the server's refusal.

The steps and their order are the server's, because a body may have several faults and it names the first.
"""

from __future__ import annotations

import copy
from functools import partial
from typing import Final

from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.modules import (
    MODULES,
    Family,
    check_module_settings,
    check_property_modules,
    check_vectorizer,
    fill_collection,
    vectorizer_of,
)
from weaviate_orm.local.schema.names import (
    capitalized,
    check_collection_name,
    check_reserved_ending,
    check_unused,
    schema_refused,
    uncapitalized,
)
from weaviate_orm.local.schema.parsed import Json
from weaviate_orm.local.schema.properties import Surroundings, check_properties, is_reference, migrate, with_defaults
from weaviate_orm.local.schema.sections import (
    check_async_replication,
    check_inverted_index,
    check_tenancy,
    check_time_to_live,
    complete_inverted_index,
    read_sharding,
)
from weaviate_orm.local.schema.shapes import COLLECTION, decode_body, encode
from weaviate_orm.local.schema.surroundings import World
from weaviate_orm.local.schema.vector_indexes import DEFAULT_TYPE, DISTANCES, INDEX_TYPES, read_index

__all__ = ["check_vectors", "complete", "created", "finish", "has_unnamed_vector", "read_collection", "read_vectors"]

_LAST_STRATEGY: Final = "TimeBasedResolution"


def created(body: object, world: World) -> Json:
    """Give the complete JSON of a new collection.

    Args:
        body: what was sent.
        world: the collections and aliases that there are.

    Raises:
        Refused: with the server's words.
        Unsupported: it needs an embedder that the engine was not given.
    """
    collection = read_collection(body)
    collection["class"] = capitalized(collection.get("class", ""))
    properties: list[Json] = collection.get("properties") or []
    for one in properties:
        one["name"] = uncapitalized(one.get("name", ""))
    for one in properties:
        check_reserved_ending(one["name"])
    tenancy: Json = collection.setdefault("multiTenancyConfig", {})
    if "shardingConfig" in collection and tenancy.get("enabled"):
        raise schema_refused("cannot have both shardingConfig and multiTenancyConfig")
    complete(collection)
    replication: Json = collection["replicationConfig"]
    replication["deletionStrategy"] = replication.get("deletionStrategy") or _LAST_STRATEGY
    _check(collection, world)
    migrate(properties)
    if collection["class"].lower() == "raft":
        raise schema_refused("parse class name: class name `raft` is reserved")
    collection["shardingConfig"] = read_sharding(collection.get("shardingConfig"), tenants=bool(tenancy.get("enabled")))
    read_vectors(collection)
    if replication["factor"] > 1:
        raise schema_refused(
            "init sharding state: could not find enough weaviate nodes for replication: 1 available, "
            f"{replication['factor']} requested"
        )
    check_unused(collection["class"], world.collections, world.aliases)
    _check_targets(collection, world)
    _check_opening(collection)
    return finish(collection)


def read_collection(body: object) -> Json:
    """Read a whole body into a decoded section of its own."""
    return copy.deepcopy(decode_body(COLLECTION, body, "objectClass"))


def finish(collection: Json) -> Json:
    """Write a checked collection as the server gives it."""
    written = encode(COLLECTION, collection)
    # The server shows this flag and takes no value for it.
    replication: Json = written["replicationConfig"]
    written["replicationConfig"] = {**replication, "asyncEnabled": replication["factor"] > 1}
    return written


# --- Defaults ----------------------------------------------------------------------------------------------------------


def has_unnamed_vector(collection: Json) -> bool:
    """Whether something was said about the one vector without a name."""
    return "vectorIndexConfig" in collection or any(collection.get(key) for key in ("vectorizer", "vectorIndexType"))


def complete(collection: Json) -> None:
    """Fill in what a body may leave out, for a new collection as for a changed one."""
    named: dict[str, Json] = collection.get("vectorConfig") or {}
    if not named or has_unnamed_vector(collection):
        collection["vectorizer"] = collection.get("vectorizer") or "none"
        collection["vectorIndexType"] = collection.get("vectorIndexType") or DEFAULT_TYPE
    for section in named.values():
        section["vectorIndexType"] = section.get("vectorIndexType") or DEFAULT_TYPE
    complete_inverted_index(collection)
    with_defaults(collection.get("properties") or [])
    replication: Json = collection.setdefault("replicationConfig", {})
    if replication.get("factor", 0) < 1:
        replication["factor"] = 1
    fill_collection(collection)


# --- Validation --------------------------------------------------------------------------------------------------------


def _check(collection: Json, world: World) -> None:
    named: dict[str, Json] = collection.get("vectorConfig") or {}
    if named and has_unnamed_vector(collection):
        raise schema_refused("creating a class with both a class level vector index and named vectors is forbidden")
    for name, section in named.items():
        if section["vectorIndexType"] == "none":
            raise schema_refused(
                f'vector "{name}": cannot create a new class with vectorIndexType "none"; this is an internal sentinel for '
                "dropped indexes"
            )
    check_collection_name(collection["class"])
    around = Surroundings(
        collection=collection["class"],
        taken=(),
        known=None,
        presets=collection["invertedIndexConfig"].get("stopwordPresets") or {},
        check_modules=partial(check_property_modules, collection),
    )
    check_properties(collection.get("properties") or [], around)
    check_vectors(collection, world)
    check_module_settings(collection)
    check_tenancy(collection)
    check_async_replication(collection)
    check_time_to_live(collection)
    check_inverted_index(collection["invertedIndexConfig"])


def check_vectors(collection: Json, world: World) -> None:
    """Refuse vectorizers and index settings that the server refuses, in its order."""
    if has_unnamed_vector(collection):
        _check_index_type(collection["vectorIndexType"])
        check_vectorizer(collection["vectorizer"], world.accepts)
        given = collection.get("vectorIndexConfig")
        if isinstance(given, dict) and given:
            try:
                settings = read_index(collection["vectorIndexType"], collection["vectorIndexConfig"])
            except Refused as refused:
                raise refused.prefixed("class.VectorIndexConfig can not parse: ") from None
            _refuse_unnamed_multi_vector(settings)
    named: dict[str, Json] = collection.get("vectorConfig") or {}
    for name, section in named.items():
        try:
            module = vectorizer_of(section)
            if module is not None:
                check_vectorizer(module, world.accepts)
            _check_index_type(section["vectorIndexType"])
            if isinstance(section.get("vectorIndexConfig"), dict):
                _read_named(section)
        except Refused as refused:
            inner = "parse vector index config: " if refused.text.startswith("parse vector index config: ") else ""
            raise refused.prefixed(f'target vector "{name}": {inner}') from None


def _check_index_type(kind: str) -> None:
    if kind == "dynamic":
        raise schema_refused("the dynamic index can only be created when async indexing is enabled")
    if kind not in INDEX_TYPES:
        raise schema_refused(f'unrecognized or unsupported vectorIndexType "{kind}"')


def _refuse_unnamed_multi_vector(settings: Json) -> None:
    multi: Json = settings.get("multivector") or {}
    if multi.get("enabled"):
        raise schema_refused(
            "class.VectorIndexConfig multi vector type index type is only configurable using named vectors"
        )


def _makes_multi_vectors(module: str | None) -> bool:
    known = MODULES.get(module or "")
    return known is not None and known.family is Family.MULTI_VECTOR


def _read_named(section: Json) -> Json:
    multi = _makes_multi_vectors(vectorizer_of(section))
    settings = read_index(section["vectorIndexType"], section.get("vectorIndexConfig"), multi_module=multi)
    if multi:
        settings["multivector"]["enabled"] = True  # the server stores the settings after reading its own answer again
    return settings


def read_vectors(collection: Json) -> None:
    """Replace the settings of every index by complete ones."""
    try:
        if has_unnamed_vector(collection):
            settings = read_index(collection["vectorIndexType"], collection.get("vectorIndexConfig"))
            _refuse_unnamed_multi_vector(settings)
            collection["vectorIndexConfig"] = settings
        named: dict[str, Json] = collection.get("vectorConfig") or {}
        for name, section in named.items():
            _read_named_vector(name, section)
    except Refused as refused:
        raise refused.prefixed("parse vector index config: ") from None


def _read_named_vector(name: str, section: Json) -> None:
    module = vectorizer_of(section) or ""
    prefix = f"parse vector config for {name}: "
    if module != "none" and module not in MODULES:
        raise schema_refused(f'{prefix}vectorizer module not found with name: "{module}"')
    try:
        settings = _read_named(section)
    except Refused as refused:
        raise refused.prefixed(prefix) from None
    multi: Json = settings.get("multivector") or {}
    if multi.get("enabled") and module != "none" and not _makes_multi_vectors(module):
        raise schema_refused(
            f'{prefix}multi vector index configured but vectorizer: "{module}" doesn\'t support multi vectors'
        )
    section["vectorIndexConfig"] = settings


def _check_targets(collection: Json, world: World) -> None:
    for one in collection.get("properties") or ():
        if not is_reference(one):
            continue
        if any(target != collection["class"] and target not in world.collections for target in one["dataType"]):
            raise schema_refused("bad request: reference property to nonexistent class")


def _check_opening(collection: Json) -> None:
    """Refuse what the server finds out when it opens the files of a new collection."""
    opening = "updating db: TYPE_ADD_CLASS: apply add class: create index: "
    tenants = collection["multiTenancyConfig"].get("enabled")
    if not tenants and collection["shardingConfig"]["desiredCount"] == 0:
        raise schema_refused(
            f"{opening}failed to read sharding state: invalid sharding state: physical shards unavailable"
        )
    sections: dict[str, Json] = {"": collection} if has_unnamed_vector(collection) else {}
    sections.update(collection.get("vectorConfig") or {})
    for name, section in sections.items():
        distance = section["vectorIndexConfig"]["distance"]
        if distance not in DISTANCES:
            # The server's text also names the shard; here it has none yet.
            where = f'cannot create vector index for "{name}": ' if name else ""
            raise schema_refused(
                f'{opening}init shard vectors: {where}init vector index: unrecognized distance metric "{distance}",choose '
                'one of ["cosine", "dot", "l2-squared", "manhattan","hamming"]'
            )
