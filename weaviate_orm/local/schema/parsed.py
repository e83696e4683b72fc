"""A collection's complete JSON -> what the engine looks up all the time, as frozen values.

``parse_collection`` takes the JSON that ``GET /v1/schema/{collection}`` gives: validated, with every default filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from weaviate_orm.local.plain import is_mapping
from weaviate_orm.local.schema.stopwords import PRESETS

__all__ = ["Analyzer", "CollectionSchema", "PropertySchema", "VectorSchema", "parse_collection", "parse_property"]

Json = dict[str, Any]  # JSON has no narrower type


@dataclass(frozen=True, slots=True)
class Analyzer:
    """How a text property becomes tokens.

    Attributes:
        tokenization: ``"word"``, ``"lowercase"``, ``"whitespace"``, ``"field"`` or ``"trigram"``.
        stopwords: dropped from queries, for tokenization ``word`` only.
        ascii_fold: whether accents are taken off, before tokens are made.
        ascii_fold_ignore: characters that keep theirs.
    """

    tokenization: str
    stopwords: frozenset[str] = frozenset()
    ascii_fold: bool = False
    ascii_fold_ignore: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PropertySchema:
    """One property, reference or nested property.

    Attributes:
        name: as stored.
        data_type: ``"text"``, ``"int[]"``, ``"object"``, ...; ``"reference"`` for a reference.
        targets: collections that a reference may lead to.
        analyzer: of ``text`` and ``text[]``; ``None`` for all others.
        filterable: has the index that filters use.
        searchable: has the index that keyword search uses.
        range_filters: has the index for ranges.
        nested: the properties of an object.
        settings: ``moduleConfig`` of the property, by module.
        disable_duplicates: ``disableDuplicatedReferences`` of a reference.
    """

    name: str
    data_type: str
    targets: tuple[str, ...] = ()
    analyzer: Analyzer | None = None
    filterable: bool = True
    searchable: bool = False
    range_filters: bool = False
    nested: Mapping[str, PropertySchema] = field(default_factory=dict[str, "PropertySchema"])
    settings: Mapping[str, Json] = field(default_factory=dict[str, Json])
    disable_duplicates: bool = False

    @property
    def is_reference(self) -> bool:
        """Whether it leads to objects."""
        return self.data_type == "reference"

    @property
    def is_array(self) -> bool:
        """Whether it holds several values."""
        return self.data_type.endswith("[]")

    @property
    def element(self) -> str:
        """The data type without ``[]``."""
        return self.data_type.removesuffix("[]")


@dataclass(frozen=True, slots=True)
class VectorSchema:
    """One target vector.

    Attributes:
        name: ``""`` for the unnamed vector of a collection without named ones.
        module: ``"none"`` or the vectorizer's name.
        settings: the module's settings.
        source: properties that the module reads; ``None`` for all texts.
        index: ``"hnsw"``, ``"flat"``, ``"dynamic"`` or ``"hfresh"``.
        distance: ``"cosine"``, ``"dot"``, ``"l2-squared"``, ``"hamming"`` or ``"manhattan"``.
        multi: whether objects have a matrix here, compared by MaxSim.
        skip: whether it cannot be searched (``skip`` of hnsw).
    """

    name: str
    module: str = "none"
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    source: tuple[str, ...] | None = None
    index: str = "hnsw"
    distance: str = "cosine"
    multi: bool = False
    skip: bool = False


@dataclass(frozen=True, slots=True)
class CollectionSchema:
    """One collection. ``json`` is what REST gives; nobody changes it in place."""

    name: str
    json: Json
    properties: Mapping[str, PropertySchema]
    vectors: Mapping[str, VectorSchema]
    multi_tenancy: bool = False
    auto_tenant_creation: bool = False
    auto_tenant_activation: bool = False
    bm25_b: float = 0.75
    bm25_k1: float = 1.2
    index_timestamps: bool = False
    index_null_state: bool = False
    index_property_length: bool = False
    reranker: str | None = None
    generative: str | None = None

    @property
    def has_unnamed_vector(self) -> bool:
        """Whether it has the one vector without a name; named ones may have been added beside it."""
        return "" in self.vectors

    @property
    def named_vectors(self) -> tuple[str, ...]:
        """The names of its vectors."""
        return tuple(name for name in self.vectors if name)


def parse_collection(body: Json) -> CollectionSchema:
    """Read a complete configuration."""
    inverted: Json = body.get("invertedIndexConfig") or {}
    tenancy: Json = body.get("multiTenancyConfig") or {}
    bm25: Json = inverted.get("bm25") or {}
    modules = _section(body, "moduleConfig")
    return CollectionSchema(
        name=body["class"],
        json=body,
        properties={one["name"]: parse_property(one, inverted) for one in body.get("properties") or ()},
        vectors=_vectors(body),
        multi_tenancy=bool(tenancy.get("enabled")),
        auto_tenant_creation=bool(tenancy.get("autoTenantCreation")),
        auto_tenant_activation=bool(tenancy.get("autoTenantActivation")),
        bm25_b=float(bm25.get("b", 0.75)),
        bm25_k1=float(bm25.get("k1", 1.2)),
        index_timestamps=bool(inverted.get("indexTimestamps")),
        index_null_state=bool(inverted.get("indexNullState")),
        index_property_length=bool(inverted.get("indexPropertyLength")),
        reranker=next((name for name in modules if name.startswith("reranker-")), None),
        generative=next((name for name in modules if name.startswith("generative-")), None),
    )


def parse_property(body: Json, inverted: Json) -> PropertySchema:
    """Read one complete property; ``inverted`` is the collection's ``invertedIndexConfig``, which has the stopwords."""
    types: list[str] = body["dataType"]
    reference = types[0][:1].isupper()
    text = types[0] in ("text", "text[]")
    return PropertySchema(
        name=body["name"],
        data_type="reference" if reference else types[0],
        targets=tuple(types) if reference else (),
        analyzer=_analyzer(body, inverted) if text else None,
        filterable=bool(body.get("indexFilterable", True)),
        searchable=bool(body.get("indexSearchable", False)),
        range_filters=bool(body.get("indexRangeFilters", False)),
        nested={one["name"]: parse_property(one, inverted) for one in body.get("nestedProperties") or ()},
        settings=_section(body, "moduleConfig"),
        disable_duplicates=bool(body.get("disableDuplicatedReferences", False)),
    )


def _section(body: Json, key: str) -> Json:
    """Give the object under a key; an empty one when there is something else, which the server keeps and passes over."""
    given = body.get(key)
    return given if is_mapping(given) else {}


def _analyzer(body: Json, inverted: Json) -> Analyzer:
    own: Json = body.get("textAnalyzer") or {}
    return Analyzer(
        tokenization=body.get("tokenization") or "word",
        stopwords=_stopwords(own.get("stopwordPreset"), inverted),
        ascii_fold=bool(own.get("asciiFold")),
        # Composed, because a decomposed letter would fall apart into the bare one and its mark.
        ascii_fold_ignore=frozenset(normalize("NFC", "".join(own.get("asciiFoldIgnore") or ()))),
    )


def _stopwords(preset: str | None, inverted: Json) -> frozenset[str]:
    """Give the words of a property's own preset, or those of the collection, with its additions and removals."""
    own_presets: Json = inverted.get("stopwordPresets") or {}
    if preset:
        words = own_presets.get(preset)
        return frozenset(words) if words is not None else PRESETS.get(preset, frozenset())
    section: Json = inverted.get("stopwords") or {}
    name = section.get("preset") or "en"
    base = frozenset(own_presets[name]) if name in own_presets else PRESETS.get(name, frozenset())
    return (base | set(section.get("additions") or ())) - set(section.get("removals") or ())


def _vectors(body: Json) -> dict[str, VectorSchema]:
    named: Json = body.get("vectorConfig") or {}
    found: dict[str, VectorSchema] = {}
    if not named or "vectorIndexConfig" in body:  # named vectors may have been added beside the one without a name
        module = body.get("vectorizer") or "none"
        settings = _section(_section(body, "moduleConfig"), module)
        found[""] = _vector("", module, settings, body)
    for name, section in named.items():
        ((module, settings),) = section["vectorizer"].items()
        found[name] = _vector(name, module, settings or {}, section)
    return found


def _vector(name: str, module: str, settings: Json, section: Json) -> VectorSchema:
    index: Json = section.get("vectorIndexConfig") or {}
    kind = section.get("vectorIndexType") or "hnsw"
    multi: Json = index.get("multivector") or {}
    source = settings.get("properties")
    return VectorSchema(
        name=name,
        module=module,
        settings=settings,
        source=tuple(source) if source else None,
        index=kind,
        distance=index.get("distance") or "cosine",
        multi=bool(multi.get("enabled")),
        skip=bool(index.get("skip")),
    )
