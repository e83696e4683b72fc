"""Collection configuration to and from the JSON of ``/v1/schema``, both directions side by side.

Writing leaves out whatever is ``None``. Reading is tolerant: unknown keys are passed over, absent ones are ``None``, and the
server's defaults come back as values, so what was written is contained in what is read, not equal to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from weaviate_orm.schema.config import (
    AsyncReplication,
    CollectionConfig,
    InvertedIndex,
    MultiTenancy,
    ObjectTimeToLive,
    PropertyConfig,
    ReferenceConfig,
    Replication,
    Sharding,
    Stopwords,
    TextAnalyzer,
    VectorConfig,
)
from weaviate_orm.schema.indexes import VectorIndex, read_index
from weaviate_orm.schema.modules import (
    GenerativeModule,
    Reranker,
    read_generative,
    read_reranker,
    read_vectorizer,
    self_provided,
)
from weaviate_orm.schema.options import Options, as_mapping, as_sequence, build, json_key, option_fields

__all__ = ["from_json", "property_to_json", "reference_to_json", "to_json", "vector_to_json", "vectorizer_modules"]


_PROPERTY_KEYS: Final[Mapping[str, str]] = {
    "description": "description",
    "tokenization": "tokenization",
    "filterable": "indexFilterable",
    "searchable": "indexSearchable",
    "range_filters": "indexRangeFilters",
}
_TIME_TO_LIVE_BASES: Final = {"creation": "_creationTimeUnix", "update": "_lastUpdateTimeUnix"}


def to_json(config: CollectionConfig) -> dict[str, object]:
    """Give the body of ``POST /v1/schema``."""
    body: dict[str, object] = {"class": config.name}
    if config.description is not None:
        body["description"] = config.description
    modules = vectorizer_modules(config)
    body["properties"] = [
        *(property_to_json(one, modules) for one in config.properties),
        *(reference_to_json(one) for one in config.references),
    ]
    module_config: dict[str, object] = {
        module.module: module.settings() for module in (config.generative, config.reranker) if module is not None
    }
    for vector in config.vectors:
        if vector.name is None:
            body.update(_index_to_json(vector.index))
            body["vectorizer"] = vector.vectorizer.module
            if not isinstance(vector.vectorizer, self_provided):
                module_config[vector.vectorizer.module] = _vectorizer_settings(vector)
    named = {vector.name: vector_to_json(vector) for vector in config.vectors if vector.name is not None}
    sections: dict[str, Mapping[str, object]] = {
        "vectorConfig": named,
        "moduleConfig": module_config,
        "invertedIndexConfig": config.inverted_index.settings(),
        # A server without the section has no tenants, and {"enabled": false} would only repeat that.
        "multiTenancyConfig": {}
        if config.multi_tenancy == MultiTenancy(enabled=False)
        else config.multi_tenancy.settings(),
        "replicationConfig": config.replication.settings(),
        "shardingConfig": config.sharding.settings() if config.sharding is not None else {},
        "objectTtlConfig": _time_to_live_to_json(config.object_ttl) if config.object_ttl is not None else {},
    }
    body.update({key: section for key, section in sections.items() if section})
    return body


def vectorizer_modules(config: CollectionConfig) -> tuple[str, ...]:
    """Give the names of the modules that make the collection's vectors, each once, in order."""
    made = (vector.vectorizer for vector in config.vectors if not isinstance(vector.vectorizer, self_provided))
    return tuple(dict.fromkeys(vectorizer.module for vectorizer in made))


def property_to_json(config: PropertyConfig, modules: Iterable[str] = ()) -> dict[str, object]:
    """Give the JSON of a property, which is also the body of ``POST /v1/schema/{collection}/properties``.

    Args:
        config: the property.
        modules: the vectorizers of the collection; each is told whether to skip the property.
    """
    body: dict[str, object] = {"name": config.name, "dataType": [config.data_type]}
    for name, key in _PROPERTY_KEYS.items():
        value: object = getattr(config, name)
        if value is not None:
            body[key] = value
    if config.text_analyzer is not None:
        body["textAnalyzer"] = config.text_analyzer.settings()
    if config.nested:
        body["nestedProperties"] = [property_to_json(one) for one in config.nested]
    vectorization = {"skip": config.skip_vectorization, "vectorizePropertyName": config.vectorize_name}
    stated = {key: value for key, value in vectorization.items() if value is not None}
    if stated:
        module_config = {module: dict(stated) for module in modules}
        if module_config:
            body["moduleConfig"] = module_config
    return body


def reference_to_json(config: ReferenceConfig) -> dict[str, object]:
    """Give the JSON of a reference, which is also the body of ``POST /v1/schema/{collection}/properties``."""
    body: dict[str, object] = {"name": config.name, "dataType": list(config.targets)}
    if config.description is not None:
        body["description"] = config.description
    return body


def vector_to_json(config: VectorConfig) -> dict[str, object]:
    """Give the entry of a named vector in ``vectorConfig``."""
    return {"vectorizer": {config.vectorizer.module: _vectorizer_settings(config)}, **_index_to_json(config.index)}


def _vectorizer_settings(config: VectorConfig) -> dict[str, object]:
    settings = config.vectorizer.settings()
    return {**settings, "properties": list(config.source)} if config.source else settings


def _index_to_json(index: VectorIndex | None) -> dict[str, object]:
    if index is None:
        return {}
    settings = index.settings()
    return {"vectorIndexType": index.type_name, **({"vectorIndexConfig": settings} if settings else {})}


def _time_to_live_to_json(config: ObjectTimeToLive) -> dict[str, object]:
    body: dict[str, object] = {
        "enabled": config.enabled,
        "defaultTtl": config.seconds,
        "deleteOn": config.property if config.property is not None else _TIME_TO_LIVE_BASES[config.since],
    }
    if config.filter_expired is not None:
        body["filterExpiredObjects"] = config.filter_expired
    return body


def from_json(body: Mapping[str, object]) -> CollectionConfig:
    """Build the configuration from what ``GET /v1/schema/{collection}`` returns."""
    fields = [as_mapping(one) for one in as_sequence(body.get("properties"))]
    module_config = as_mapping(body.get("moduleConfig"))
    multi_tenancy = _read_multi_tenancy(as_mapping(body.get("multiTenancyConfig")))
    return CollectionConfig(
        name=_text(body.get("class")) or "",
        description=_text(body.get("description")) or None,
        properties=tuple(_read_property(one) for one in fields if not _is_reference(one)),
        references=tuple(_read_reference(one) for one in fields if _is_reference(one)),
        vectors=_read_vectors(body, module_config),
        generative=_first_generative(module_config),
        reranker=_first_reranker(module_config),
        inverted_index=_read_inverted_index(as_mapping(body.get("invertedIndexConfig"))),
        multi_tenancy=multi_tenancy,
        replication=_read_replication(as_mapping(body.get("replicationConfig"))),
        # With tenants the server shows the section filled with zeros.
        sharding=None if multi_tenancy.enabled else _read_sharding(as_mapping(body.get("shardingConfig"))),
        object_ttl=_read_time_to_live(as_mapping(body.get("objectTtlConfig"))),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _data_types(field: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(one for one in as_sequence(field.get("dataType")) if isinstance(one, str))


def _is_reference(field: Mapping[str, object]) -> bool:
    # Data types start in lower case, collections in upper case.
    return any(name[:1].isupper() for name in _data_types(field))


def _read_property(field: Mapping[str, object]) -> PropertyConfig:
    vectorization: dict[str, object] = {}
    for section in as_mapping(field.get("moduleConfig")).values():
        vectorization = {**as_mapping(section), **vectorization}
    stated = {name: field[key] for name, key in _PROPERTY_KEYS.items() if field.get(key) not in (None, "")}
    analyzer = as_mapping(field.get("textAnalyzer"))
    return build(
        PropertyConfig,
        {
            **stated,
            "name": _text(field.get("name")) or "",
            "data_type": next(iter(_data_types(field)), ""),
            "nested": tuple(_read_property(as_mapping(one)) for one in as_sequence(field.get("nestedProperties"))),
            "skip_vectorization": vectorization.get("skip"),
            "vectorize_name": vectorization.get("vectorizePropertyName"),
            "text_analyzer": TextAnalyzer.read(analyzer) if "textAnalyzer" in field else None,
        },
    )


def _read_reference(field: Mapping[str, object]) -> ReferenceConfig:
    return ReferenceConfig(
        name=_text(field.get("name")) or "",
        targets=_data_types(field),
        description=_text(field.get("description")) or None,
    )


def _read_vectors(body: Mapping[str, object], module_config: Mapping[str, object]) -> tuple[VectorConfig, ...]:
    vectors: list[VectorConfig] = []
    module = _text(body.get("vectorizer"))
    if module:
        vectors.append(_read_vector(None, module, as_mapping(module_config.get(module)), body))
    for name, entry in as_mapping(body.get("vectorConfig")).items():
        section = as_mapping(entry)
        for key, settings in as_mapping(section.get("vectorizer")).items():
            vectors.append(_read_vector(name, key, as_mapping(settings), section))
    return tuple(vectors)


def _read_vector(
    name: str | None, module: str, settings: Mapping[str, object], section: Mapping[str, object]
) -> VectorConfig:
    index_type = _text(section.get("vectorIndexType"))
    return VectorConfig(
        name=name,
        vectorizer=read_vectorizer(module, {key: value for key, value in settings.items() if key != "properties"}),
        index=read_index(index_type, as_mapping(section.get("vectorIndexConfig"))) if index_type else None,
        source=tuple(one for one in as_sequence(settings.get("properties")) if isinstance(one, str)),
    )


def _first_generative(module_config: Mapping[str, object]) -> GenerativeModule | None:
    keys = (key for key in module_config if key.startswith("generative-"))
    return next((read_generative(key, as_mapping(module_config[key])) for key in keys), None)


def _first_reranker(module_config: Mapping[str, object]) -> Reranker | None:
    keys = (key for key in module_config if key.startswith("reranker-"))
    return next((read_reranker(key, as_mapping(module_config[key])) for key in keys), None)


def _section(section: Mapping[str, object], kind: type[Options], key: str) -> Options | None:
    return kind.read(as_mapping(section[key])) if section.get(key) is not None else None


def _read_inverted_index(section: Mapping[str, object]) -> InvertedIndex:
    presets = {name: as_sequence(words) for name, words in as_mapping(section.get("stopwordPresets")).items()}
    nested = {"stopwords": _section(section, Stopwords, "stopwords"), "stopwordPresets": presets or None}
    return InvertedIndex.read({**section, **nested})


def _read_multi_tenancy(section: Mapping[str, object]) -> MultiTenancy:
    return MultiTenancy.read({"enabled": False, **section})


def _read_replication(section: Mapping[str, object]) -> Replication:
    return Replication.read({**section, "asyncConfig": _section(section, AsyncReplication, "asyncConfig")})


def _read_sharding(section: Mapping[str, object]) -> Sharding | None:
    stated = any(section.get(json_key(Sharding, option.name)) for option in option_fields(Sharding))
    return Sharding.read(section) if stated else None


def _read_time_to_live(section: Mapping[str, object]) -> ObjectTimeToLive | None:
    base = _text(section.get("deleteOn"))
    if not base:
        return None
    names = {key: name for name, key in _TIME_TO_LIVE_BASES.items()}
    return build(
        ObjectTimeToLive,
        {
            "seconds": section.get("defaultTtl", 0),
            "since": names.get(base, "creation"),
            "property": None if base in names else base,
            "filter_expired": section.get("filterExpiredObjects"),
            "enabled": section.get("enabled", False),
        },
    )
