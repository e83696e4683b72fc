"""The settings of vector indexes, one table a type: defaults, what is refused, and what an update may not change.

The engine answers all of them by exact search; the settings are kept and given back.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from weaviate_orm.local.schema.names import schema_refused
from weaviate_orm.local.schema.narrowing import as_object, part
from weaviate_orm.local.schema.parsed import Json

__all__ = ["INDEX_TYPES", "IndexType", "check_update", "read_index"]

DEFAULT_TYPE: Final = "hnsw"
_LARGEST: Final = 2**63 - 1
_MEGA: Final = 10**12

DISTANCES: Final = ("cosine", "dot", "l2-squared", "manhattan", "hamming")
ENCODERS: Final = ("kmeans", "tile")
DISTRIBUTIONS: Final = ("log-normal", "normal")

_HNSW: Final[Json] = {
    "maxConnections": 32,
    "cleanupIntervalSeconds": 300,
    "efConstruction": 128,
    "ef": -1,
    "dynamicEfFactor": 8,
    "dynamicEfMax": 500,
    "dynamicEfMin": 100,
    "vectorCacheMaxObjects": _MEGA,
    "flatSearchCutoff": 40000,
    "skip": False,
    "distance": "cosine",
    "pq": {
        "enabled": False,
        "bitCompression": False,
        "segments": 0,
        "centroids": 256,
        "trainingLimit": 100000,
        "encoder": {"type": "kmeans", "distribution": "log-normal"},
    },
    "bq": {"enabled": False},
    "sq": {"enabled": False, "trainingLimit": 100000, "rescoreLimit": 20},
    "rq": {"enabled": False, "bits": 8, "rescoreLimit": 20, "centering": False, "trainingLimit": 10000},
    "filterStrategy": "acorn",
    "multivector": {
        "enabled": False,
        "muvera": {"enabled": False, "ksim": 4, "dprojections": 16, "repetitions": 10},
        "aggregation": "maxSim",
    },
    "skipDefaultQuantization": False,
    "trackDefaultQuantization": False,
}
_FLAT_QUANTIZER: Final[Json] = {"enabled": False, "rescoreLimit": -1, "cache": False}
_FLAT: Final[Json] = {
    "distance": "cosine",
    "vectorCacheMaxObjects": _MEGA,
    "skipDefaultQuantization": False,
    "trackDefaultQuantization": False,
    "pq": _FLAT_QUANTIZER,
    "bq": _FLAT_QUANTIZER,
    "sq": _FLAT_QUANTIZER,
    "rq": {**_FLAT_QUANTIZER, "bits": 8},
}
_HFRESH: Final[Json] = {
    "maxPostingSizeKB": 48,
    "replicas": 4,
    "searchProbe": 256,
    "distance": "cosine",
    "rq": {"enabled": True, "bits": 1, "rescoreLimit": 350, "centering": False, "trainingLimit": 0},
}
_DYNAMIC: Final[Json] = {"distance": "cosine", "threshold": 10000, "hnsw": _HNSW, "flat": _FLAT}


@dataclass(frozen=True, slots=True)
class IndexType:
    """One type of index.

    Attributes:
        defaults: every setting.
        read: what was given, laid over the defaults; refuses what the server refuses.
        immutable: dotted settings that an update may not change, in the order of the checks, with their names in errors.
        children: settings that are indexes of another type.
    """

    defaults: Json
    read: Callable[[Json, bool], Json]
    immutable: Mapping[str, str]
    children: Mapping[str, str] = field(default_factory=dict[str, str])


def read_index(kind: str, given: object, *, multi_module: bool = False) -> Json:
    """Give the complete settings of an index.

    Args:
        kind: type of the index.
        given: the settings that were sent; ``None`` for none.
        multi_module: whether a module makes multi-vectors for it.

    Raises:
        Refused: with the server's words, up to and including its own first prefix.
    """
    if kind == "none":
        raise schema_refused(
            f'parse vector index config: "{kind}" is not a valid vector index type; it is an internal sentinel for dropped '
            "indexes"
        )
    if kind not in INDEX_TYPES:
        raise schema_refused(f'parse vector index config: unsupported vector index type: "{kind}"')
    if multi_module and kind != "hnsw":
        raise schema_refused(
            f'parse vector index config: multi vector index is not supported for vector index type: "{kind}", only '
            "supported type is hnsw"
        )
    index = INDEX_TYPES[kind]
    if given is None:
        return copy.deepcopy(index.defaults)
    settings = as_object(given)
    if settings is None:
        raise schema_refused("parse vector index config: input must be a non-nil map")
    try:
        return index.read(settings, multi_module)
    except ValueError as error:
        raise schema_refused(f"parse vector index config: {error}") from None


def check_update(kind: str, initial: Json, updated: Json) -> None:
    """Refuse changes of settings that are fixed; both are complete settings of one type.

    Raises:
        ValueError: with the server's words.
    """
    index = INDEX_TYPES[kind]
    for path, name in index.immutable.items():
        _check_same(name, _at(initial, path), _at(updated, path))
    if kind == "hnsw" and _at(initial, "rq.enabled") and _at(updated, "rq.enabled"):
        for setting in ("bits", "centering"):
            _check_same(f"rq {setting}", initial["rq"][setting], updated["rq"][setting])
    for setting, child in index.children.items():
        check_update(child, initial[setting], updated[setting])


def _check_same(name: str, old: object, new: object) -> None:
    if old != new:
        raise ValueError(f'{name} is immutable: attempted change from "{_shown(old)}" to "{_shown(new)}"')


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _at(settings: Json, path: str) -> Any:  # a setting may be of any JSON type
    value: Any = settings
    for step in path.split("."):
        value = value[step]
    return value


# --- Laying settings over defaults -------------------------------------------------------------------------------------


def _overlay(defaults: Json, given: Json) -> Json:
    """Give the defaults with what was given of the same type; the server passes over other types, and takes them as 0 for numbers."""
    result: Json = {}
    for name, default in defaults.items():
        value: Any = given.get(name)
        section = as_object(default)
        if section is not None:
            result[name] = _overlay(section, as_object(value) or {})
        elif isinstance(default, (bool, str)):
            result[name] = value if isinstance(value, type(default)) else default
        else:
            result[name] = _whole(name, value) if name in given else default
    return result


def _whole(name: str, value: object) -> int:
    if isinstance(value, float):
        raise ValueError(f'json.Number to int64 for "{name}": strconv.ParseInt: parsing "{value}": invalid syntax')
    if isinstance(value, int) and not isinstance(value, bool):
        return value if -_LARGEST <= value <= _LARGEST else _LARGEST
    return 0


def _read_hnsw(given: Json, multi_module: bool) -> Json:
    settings = _overlay(_HNSW, given)
    _check_encoder(part(part(given, "pq"), "encoder"))
    rq, multi = part(given, "rq"), part(given, "multivector")
    if settings["rq"]["bits"] == 1 and rq.get("rescoreLimit") is None:
        settings["rq"]["rescoreLimit"] = 512
    if not isinstance(multi.get("muvera"), dict):
        settings["multivector"]["aggregation"] = "maxSim"  # the server looks at it after MUVERA only
    if multi_module and isinstance(multi.get("enabled"), bool):
        settings["multivector"]["enabled"] = True
    _check_hnsw(settings)
    return settings


def _check_encoder(encoder: Json) -> None:
    for name, title, choices in (("type", "type", ENCODERS), ("distribution", "distribution", DISTRIBUTIONS)):
        value = encoder.get(name)
        if isinstance(value, str) and value not in choices:
            raise ValueError(f"invalid encoder {title} {value}")


def _check_hnsw(settings: Json) -> None:
    wrong = [text for text, holds in _HNSW_LIMITS if not holds(settings)]
    if wrong:
        raise ValueError(f"invalid hnsw config: {', '.join(wrong)}")
    for text, holds in _HNSW_RULES:
        if not holds(settings):
            raise ValueError(text)


_HNSW_LIMITS: Final[tuple[tuple[str, Callable[[Json], bool]], ...]] = (
    ("maxConnections must be a positive integer with a minimum of 4", lambda one: one["maxConnections"] >= 4),
    ("maxConnections must be less than 2048", lambda one: one["maxConnections"] <= 2047),
    ("efConstruction must be a positive integer with a minimum of 4", lambda one: one["efConstruction"] >= 4),
    (
        "filterStrategy must be either 'sweeping' or 'acorn'",
        lambda one: one["filterStrategy"] in ("sweeping", "acorn"),
    ),
)
_HNSW_RULES: Final[tuple[tuple[str, Callable[[Json], bool]], ...]] = (
    (
        "invalid hnsw config: more than a single compression methods enabled",
        lambda one: sum(bool(one[name]["enabled"]) for name in ("pq", "bq", "sq", "rq")) <= 1,
    ),
    (
        "pq segments must be non-negative",
        lambda one: not one["pq"]["enabled"] or one["pq"]["segments"] >= 0,
    ),
    ("RQ bits must be 8, 4 or 1", lambda one: not one["rq"]["enabled"] or one["rq"]["bits"] in (8, 4, 1)),
    ("RQ centering requires bits=4", lambda one: not _centered(one) or one["rq"]["bits"] == 4),
    (
        "RQ trainingLimit must be positive when centering is enabled",
        lambda one: not _centered(one) or one["rq"]["trainingLimit"] > 0,
    ),
    (
        "invalid hnsw config: rq centering is not supported for multivector indexes",
        lambda one: (
            not (_centered(one) and one["multivector"]["enabled"] and not one["multivector"]["muvera"]["enabled"])
        ),
    ),
    (
        "invalid hnsw config: ksim must be at most 10",
        lambda one: not one["multivector"]["muvera"]["enabled"] or one["multivector"]["muvera"]["ksim"] <= 10,
    ),
)


def _centered(settings: Json) -> bool:
    return bool(settings["rq"]["enabled"] and settings["rq"]["centering"])


def _read_flat(given: Json, _multi_module: bool = False) -> Json:
    settings = _overlay(_FLAT, given)
    quantizers = [settings[name] for name in ("pq", "bq", "sq", "rq")]
    if any(one["cache"] and not one["enabled"] for one in quantizers):
        raise ValueError("not possible to use the cache without compression")
    if settings["rq"]["enabled"] and settings["rq"]["bits"] not in (1, 8):
        raise ValueError("RQ bits must be either 1 or 8")
    if sum(bool(one["enabled"]) for one in quantizers) > 1:
        raise ValueError("cannot enable multiple quantization methods at the same time")
    for name in ("pq", "sq"):
        if settings[name]["enabled"]:
            raise ValueError(f"{name.upper()} is not currently supported for flat indices")
    return settings


def _read_dynamic(given: Json, multi_module: bool) -> Json:
    settings = _overlay({name: _DYNAMIC[name] for name in ("distance", "threshold")}, given)
    readers: tuple[tuple[str, Callable[[Json, bool], Json]], ...] = (("hnsw", _read_hnsw), ("flat", _read_flat))
    for name, read in readers:
        section = as_object(given.get(name))
        if section is None and given.get(name) is not None:
            raise ValueError("input must be a non-nil map")
        settings[name] = copy.deepcopy(_DYNAMIC[name]) if section is None else read(section, multi_module)
        if name == "hnsw" and settings[name]["multivector"]["enabled"]:
            raise ValueError("multi vector index is not supported for dynamic index")
    return settings


def _read_hfresh(given: Json, _multi_module: bool) -> Json:
    for name in ("pq", "sq", "bq"):
        if name in given:
            raise ValueError(f"{name} is not supported for hfresh index (only rq-1 is supported)")
    settings = _overlay(_HFRESH, {**given, "rq": {}})
    rq = part(given, "rq")
    if rq.get("enabled") is False:
        raise ValueError("hfresh only supports rq")
    bits = _whole("bits", rq.get("bits"))
    if bits > 1:
        raise ValueError(f"rq only supports 1 bit, got {bits}")
    if rq.get("centering") is True:
        raise ValueError("centering in HFresh not supported yet")
    rescore = _whole("rescoreLimit", rq["rescoreLimit"]) if "rescoreLimit" in rq else -1
    if rescore >= 0:
        settings["rq"]["rescoreLimit"] = rescore
    wrong = [text.format(**settings) for text, holds in _HFRESH_RULES if not holds(settings)]
    if wrong:
        raise ValueError("invalid hfresh config: " + "\n".join(wrong))
    return settings


_HFRESH_RULES: Final[tuple[tuple[str, Callable[[Json], bool]], ...]] = (
    (
        "unsupported distance type '{distance}', HFresh only supports 'cosine' or 'l2-squared' for the distance metric",
        lambda one: one["distance"] in ("cosine", "l2-squared"),
    ),
    (
        "maxPostingSizeKB is '{maxPostingSizeKB}' but must be at least 8",
        lambda one: one["maxPostingSizeKB"] >= 8,
    ),
    ("replicas is '{replicas}' but must be less than 10", lambda one: one["replicas"] <= 10),
    (
        "maxPostingSizeKB is '{maxPostingSizeKB}' but must be less than 1024",
        lambda one: one["maxPostingSizeKB"] <= 1024,
    ),
)

INDEX_TYPES: Final[Mapping[str, IndexType]] = {
    "hnsw": IndexType(
        _HNSW,
        _read_hnsw,
        {
            "efConstruction": "efConstruction",
            "maxConnections": "maxConnections",
            "cleanupIntervalSeconds": "cleanupIntervalSeconds",
            "distance": "distance",
            "multivector.enabled": "multivector enabled",
            "multivector.muvera.enabled": "muvera enabled",
        },
    ),
    "flat": IndexType(
        _FLAT,
        _read_flat,
        {
            "distance": "distance",
            "pq.cache": "pq.cache",
            "pq.enabled": "pq",
            "bq.enabled": "bq",
            "rq.enabled": "rq",
            "rq.bits": "rq.bits",
        },
    ),
    "dynamic": IndexType(_DYNAMIC, _read_dynamic, {"distance": "distance"}, {"flat": "flat", "hnsw": "hnsw"}),
    "hfresh": IndexType(_HFRESH, _read_hfresh, {"distance": "distance", "replicas": "replicas"}),
}
"""The types by name, as in ``vectorIndexType``."""
