"""Vectorizers, rerankers and generators as the schema sees them: settings that are filled in, and what is refused.

What a module does with objects and queries is the business of ``services.py``; here it is a name with settings. Every module that
turns texts into vectors is accepted. Those of images, sound and other media are when the engine was given an embedder for media, those of
several vectors a text when it was given one for that very module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from weaviate_orm.local.capabilities import unsupported
from weaviate_orm.local.go_text import Origin, go_type
from weaviate_orm.local.schema.media import MEDIA_KINDS, check_media
from weaviate_orm.local.schema.module_checks import (
    CHECKS,
    REPORTS_SOURCES,
    check_centroid,
    check_sources,
)
from weaviate_orm.local.schema.names import check_vector_name, schema_refused
from weaviate_orm.local.schema.narrowing import as_object, part
from weaviate_orm.local.schema.parsed import Json

__all__ = [
    "MODULES",
    "Family",
    "Module",
    "check_module_settings",
    "check_property_modules",
    "check_vectorizer",
    "fill_collection",
    "fill_properties",
    "same_settings",
    "vectorizer_of",
]

Accepts = Callable[[str], bool]
"""Whether the engine was given an embedder for a module."""


class Family(Enum):
    """What a module works on."""

    TEXT = "text"
    MEDIA = "media"
    MULTI_VECTOR = "multi-vector"
    REFERENCES = "references"
    GENERATIVE = "generative"
    RERANKER = "reranker"

    @property
    def makes_vectors(self) -> bool:
        """Whether it is a vectorizer."""
        return self not in (Family.GENERATIVE, Family.RERANKER)


@dataclass(frozen=True, slots=True)
class Module:
    """One module.

    Attributes:
        family: what it works on.
        defaults: settings that are filled in.
        property_defaults: settings that are filled in at each property.
        relaxed: settings of which one must be there for the server to accept changes of all of them: it means to bring old names of
            settings up to date then, and accepts whatever comes.
    """

    family: Family
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    property_defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    relaxed: tuple[str, ...] = ()


_READ: Final = {"skip": False, "vectorizePropertyName": False}


def _text(*, class_name: bool, relaxed: tuple[str, ...] = (), **defaults: object) -> Module:
    return Module(Family.TEXT, {"vectorizeClassName": class_name, **defaults}, _READ, relaxed)


_MEDIA: Final = Module(Family.MEDIA)
_GENERATIVE: Final = Module(Family.GENERATIVE)
_RERANKER: Final = Module(Family.RERANKER)
_GOOGLE: Final = _text(class_name=False)
_LATE_JINAAI: Final = Module(
    Family.MULTI_VECTOR,
    {"vectorizeClassName": True, "model": "jina-colbert-v2", "baseURL": "https://api.jina.ai", "dimensions": 128},
    _READ,
)

MODULES: Final[Mapping[str, Module]] = {
    "text2vec-aws": _text(class_name=False, service="bedrock"),
    "text2vec-bigram": Module(
        Family.TEXT, {"vectorizeClassName": True}, {"skip": False, "vectorizePropertyName": True}
    ),
    "text2vec-cohere": _text(
        class_name=True,
        relaxed=("model", "truncate", "baseUrl"),
        model="embed-multilingual-v3.0",
        truncate="END",
        baseUrl="https://api.cohere.ai",
    ),
    "text2vec-contextionary": _text(class_name=True),
    "text2vec-databricks": _text(class_name=True),
    "text2vec-digitalocean": _text(class_name=True, baseURL="https://inference.do-ai.run"),
    "text2vec-google": _GOOGLE,
    "text2vec-palm": _GOOGLE,
    "text2vec-gpt4all": Module(Family.TEXT),
    "text2vec-huggingface": _text(
        class_name=True,
        relaxed=("model", "waitForModel", "useGPU", "useCache"),
        model="sentence-transformers/msmarco-bert-base-dot-v5",
        waitForModel=False,
        useGPU=False,
        useCache=True,
    ),
    "text2vec-jinaai": _text(
        class_name=False, relaxed=("baseURL",), model="jina-embeddings-v4", baseURL="https://api.jina.ai"
    ),
    # Skips each property unless told otherwise; the server has it so too.
    "text2vec-mistral": Module(
        Family.TEXT,
        {
            "vectorizeClassName": True,
            "baseURL": "https://api.mistral.ai/v1/embeddings",
            "model": "mistral-embed",
        },
        {"skip": True, "vectorizePropertyName": False},
    ),
    "text2vec-model2vec": _text(class_name=False),
    "text2vec-morph": _text(class_name=False, baseURL="https://api.morphllm.com", model="morph-embedding-v3"),
    "text2vec-nvidia": _text(
        class_name=False,
        model="nvidia/nv-embed-v1",
        truncate="NONE",
        baseUrl="https://integrate.api.nvidia.com",
    ),
    "text2vec-octoai": _text(class_name=True, model="thenlper/gte-large"),
    "text2vec-ollama": _text(class_name=False),
    "text2vec-openai": _text(
        class_name=True,
        relaxed=("modelVersion", "type", "baseURL"),
        baseURL="https://api.openai.com",
        model="text-embedding-3-small",
    ),
    "text2vec-transformers": _text(class_name=True, poolingStrategy="masked_mean"),
    "text2vec-voyageai": _text(
        class_name=True,
        relaxed=("baseURL", "model", "truncate"),
        baseURL="https://api.voyageai.com/v1",
        model="voyage-3",
        truncate=True,
    ),
    "text2vec-weaviate": _text(class_name=True, model="Snowflake/snowflake-arctic-embed-l-v2.0", baseURL=""),
    "ref2vec-centroid": Module(Family.REFERENCES, {"method": "mean"}),
    "text2multivec-jinaai": _LATE_JINAAI,
    "text2colbert-jinaai": _LATE_JINAAI,
    **dict.fromkeys(
        (
            *("img2vec-neural", "multi2multivec-jinaai", "multi2multivec-weaviate"),
            *("multi2vec-aws", "multi2vec-bind", "multi2vec-clip", "multi2vec-cohere", "multi2vec-google"),
            *("multi2vec-jinaai", "multi2vec-nvidia", "multi2vec-palm", "multi2vec-twelvelabs", "multi2vec-voyageai"),
        ),
        _MEDIA,
    ),
    **{
        f"generative-{name}": _GENERATIVE
        for name in (
            *("anthropic", "anyscale", "aws", "cohere", "contextualai", "databricks", "deepseek", "digitalocean"),
            *(
                "dummy",
                "friendliai",
                "google",
                "meta",
                "mistral",
                "nvidia",
                "octoai",
                "ollama",
                "openai",
                "palm",
                "xai",
            ),
        )
    },
    **{
        f"reranker-{name}": _RERANKER
        for name in ("cohere", "contextualai", "dummy", "jinaai", "nvidia", "transformers", "voyageai")
    },
}
"""Every module by name, old names included."""


def vectorizer_of(section: Json) -> str | None:
    """Give the module of a named vector, ``None`` when the section does not name exactly one."""
    value = part(section, "vectorizer")
    return next(iter(value)) if len(value) == 1 else None


def _is_legacy(collection: Json) -> bool:
    return any(collection.get(key) for key in ("vectorizer", "vectorIndexType")) or "vectorIndexConfig" in collection


# --- Filling in --------------------------------------------------------------------------------------------------------


def fill_collection(collection: Json) -> None:
    """Fill in the settings of the vectorizers, in the collection and its properties."""
    for module, settings in _vectorizer_settings(collection):
        known = MODULES.get(module)
        if known is None or not known.family.makes_vectors:
            continue
        merged = {**known.defaults, **part(settings, module)}
        if merged:
            settings[module] = merged
    fill_properties(collection, collection.get("properties") or [])


def fill_properties(collection: Json, properties: list[Json]) -> None:
    """Fill in the settings of the collection's vectorizers in some of its properties."""
    for module, _ in _vectorizer_settings(collection):
        known = MODULES.get(module)
        if known is None or not known.property_defaults:
            continue
        for one in properties:
            sections = dict(part(one, "moduleConfig"))
            sections[module] = {**known.property_defaults, **part(sections, module)}
            one["moduleConfig"] = sections


def _vectorizer_settings(collection: Json) -> Iterator[tuple[str, Json]]:
    """Give each vectorizer with the mapping that holds its settings under its name."""
    named: dict[str, Json] = collection.get("vectorConfig") or {}
    if not named or _is_legacy(collection):
        module: str = collection.get("vectorizer") or "none"
        if module != "none" and isinstance(collection.get("moduleConfig", {}), dict):
            settings: Json = dict(collection.get("moduleConfig") or {})
            yield module, settings
            if settings:
                collection["moduleConfig"] = settings
    for section in named.values():
        name = vectorizer_of(section)
        if name is not None and name != "none":
            yield name, section["vectorizer"]


# --- Validation --------------------------------------------------------------------------------------------------------


def check_vectorizer(name: str, accepts: Accepts) -> None:
    """Refuse what does not make vectors, or cannot in this engine.

    Raises:
        Refused: with the server's words.
        Unsupported: it needs an embedder that the engine was not given.
    """
    if name == "none":
        return
    module = MODULES.get(name)
    if module is None:
        raise schema_refused(f'vectorizer: no module with name "{name}" present')
    if not module.family.makes_vectors:
        raise schema_refused(
            f'vectorizer: module "{name}" exists, but does not provide the Vectorizer or ReferenceVectorizer capability'
        )
    if module.family is Family.MEDIA and not accepts(name):
        raise unsupported("media_vectorizers")
    if module.family is Family.MULTI_VECTOR and not accepts(name):
        raise unsupported("multi_vector_vectorizers")


def check_module_settings(collection: Json) -> None:
    """Refuse settings of modules that the server refuses, after ``fill_collection``."""
    named: dict[str, Json] = collection.get("vectorConfig") or {}
    modules = part(collection, "moduleConfig")
    if not named:
        if collection.get("vectorizer") != "none":
            _check_unnamed(collection, modules)
        return
    for name, section in named.items():
        check_vector_name(name)
        settings = as_object(section.get("vectorizer"))
        if settings is None:
            name_of_type = go_type(section.get("vectorizer"), Origin.REST)
            raise schema_refused(f"class.VectorConfig.Vectorizer must be an object, got {name_of_type}")
        if len(settings) != 1:
            raise schema_refused(
                f"class.VectorConfig.Vectorizer must consist only 1 configuration, got: {len(settings)}"
            )
        (module,) = settings
        if module != "none":
            if module not in MODULES:
                raise schema_refused(f"class.VectorConfig.Vectorizer module with name {module} doesn't exist")
            _check_settings(collection["class"], module, settings[module])
    for module, own in modules.items():
        if module not in MODULES:
            raise schema_refused(f"module with name {module} doesn't exist")
        if not MODULES[module].family.makes_vectors:
            _check_settings(collection["class"], module, own)


def _check_unnamed(collection: Json, modules: Json) -> None:
    vectorizers: list[str] = []
    for module, own in modules.items():
        _check_settings(collection["class"], module, own)
        if module in MODULES and MODULES[module].family.makes_vectors:
            vectorizers.append(module)
    if len(vectorizers) > 1:
        raise schema_refused(
            f"multiple vectorizers configured in class's moduleConfig: [{' '.join(vectorizers)}]. class.vectorizer is set "
            f'to "{collection.get("vectorizer")}"'
        )
    for module in (*vectorizers, str(collection.get("vectorizer"))):
        if module in MODULES and MODULES[module].family is Family.MULTI_VECTOR:
            raise schema_refused(
                f'multi vector vectorizer: "{module}" is only allowed to be defined using named vector configuration'
            )


def _check_settings(collection: str, module: str, given: object) -> None:
    known = MODULES.get(module)
    if known is None:
        return
    settings = as_object(given) or {}
    try:
        if known.family is Family.REFERENCES:
            check_centroid(collection, settings)
        elif known.family is Family.TEXT and module not in REPORTS_SOURCES:
            check_sources(settings)
        elif module in MEDIA_KINDS:
            check_media(module, settings)
        check = CHECKS.get(module)
        if check is not None:
            check(settings)
    except ValueError as error:
        raise schema_refused(f"module '{module}': {error}") from None


def check_property_modules(collection: Json, one: Json) -> None:
    """Refuse settings at a property of vectorizers that the collection has not."""
    given = one.get("moduleConfig")
    if given is None:
        return
    sections = as_object(given)
    if sections is None:
        raise schema_refused(f"{one.get('name')} property config invalid")
    named: dict[str, Json] = collection.get("vectorConfig") or {}
    configured = {collection.get("vectorizer"), *(vectorizer_of(section) for section in named.values())}
    for module, own in sections.items():
        known = MODULES.get(module)
        if known is None or not known.family.makes_vectors:
            continue
        if module not in configured:
            raise schema_refused(f'vectorizer "{module}" not configured for any of target vectors')
        if not isinstance(own, dict):
            raise schema_refused(f'vectorizer config for vectorizer "{module}" not of type map[string]interface{{}}')


def same_settings(module: str, old: object, new: object) -> bool:
    """Whether an update may have these settings of a vectorizer in place of the old ones.

    Only equal ones, but for modules whose settings had other names once: see ``Module.relaxed``.
    """
    if old == new:
        return True
    known = MODULES.get(module)
    before, after = as_object(old), as_object(new)
    if known is None or before is None or after is None:
        return False
    moved = any(settings.get(name) not in (None, "") for name in known.relaxed for settings in (before, after))
    return moved and {**before, **after} == after
