# ruff: noqa: N801 - the classes are the constructors that users call, see the docstring
"""Vector indexes and their quantizers, as the values that users write: ``index=hnsw(distance="dot", quantizer=rq())``.

Each name is a class in lower case, so that the name in a model, in an editor's hint, in a checker's message and in ``repr`` is one
and the same. ``None`` everywhere means that the server decides; the docstrings name the defaults of server 1.39.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import ClassVar, Final, Literal, TypeAlias

from weaviate_orm.errors import ModelDefinitionError
from weaviate_orm.schema.options import (
    Options,
    as_mapping,
    as_settings,
    build,
    json_key,
    named_options,
    option_fields,
    options,
)

__all__ = [
    "Distance",
    "Quantizer",
    "VectorIndex",
    "as_multi_vector",
    "bq",
    "custom_index",
    "dynamic",
    "flat",
    "hfresh",
    "hnsw",
    "late_interaction",
    "muvera",
    "pq",
    "read_index",
    "rq",
    "sq",
    "uncompressed",
]

Distance: TypeAlias = Literal["cosine", "dot", "l2-squared", "hamming", "manhattan"]
"""How far two vectors are apart; smaller is nearer in each of them, and ``dot`` is the negative dot product."""


class Quantizer(Options):
    """Base of the ways to compress the vectors an index keeps in memory."""

    __slots__ = ()

    key: ClassVar[str]

    def section(self) -> dict[str, object]:
        """Give the part of ``vectorIndexConfig`` that turns this quantizer on."""
        return {self.key: {"enabled": True, **self.settings()}}


@options
class pq(Quantizer):
    """Product quantization: segments of a vector replaced by the nearest of a trained set of centroids. For hnsw.

    Attributes:
        segments: how many parts a vector is cut into; default: the server derives it from the dimensions.
        centroids: how many centroids a segment has; default 256.
        training_limit: how many objects a shard trains on; default 100,000.
        encoder: how centroids are found; default ``kmeans``.
        distribution: the distribution the ``tile`` encoder assumes; default ``log-normal``.
        bit_compression: deprecated by the server, which ignores it.
    """

    key = "pq"
    json_keys = {"encoder": "encoder.type", "distribution": "encoder.distribution"}

    segments: int | None = None
    centroids: int | None = None
    training_limit: int | None = None
    encoder: Literal["kmeans", "tile"] | None = None
    distribution: Literal["log-normal", "normal"] | None = None
    bit_compression: bool | None = None


@options
class bq(Quantizer):
    """Binary quantization: one bit a dimension. For hnsw and flat.

    Attributes:
        rescore_limit: how many candidates are compared again on their full vectors; flat only.
        cache: keep the compressed vectors in memory; flat only.
    """

    key = "bq"

    rescore_limit: int | None = None
    cache: bool | None = None


@options
class sq(Quantizer):
    """Scalar quantization: eight bits a dimension, with bounds learnt from the data. For hnsw.

    Attributes:
        rescore_limit: how many candidates are compared again on their full vectors; default 20.
        training_limit: how many objects the bounds are learnt from; default 100,000.
    """

    key = "sq"

    rescore_limit: int | None = None
    training_limit: int | None = None


@options
class rq(Quantizer):
    """Rotational quantization: a random rotation, then few bits a dimension; needs no training. For hnsw, flat and hfresh.

    Attributes:
        bits: bits a dimension: 8 (the default of hnsw and flat), 4 (hnsw, server 1.39) or 1 (the only one of hfresh).
        rescore_limit: how many candidates are compared again; default 20, with one bit 512, in hfresh 350.
        cache: keep the compressed vectors in memory; flat only.
        centering: subtract the mean first, learnt from ``training_limit`` objects; hnsw with 4 bits, server 1.39.
        training_limit: how many objects ``centering`` learns from; default 10,000.
    """

    key = "rq"

    bits: Literal[1, 4, 8] | None = None
    rescore_limit: int | None = None
    cache: bool | None = None
    centering: bool | None = None
    training_limit: int | None = None


@options
class uncompressed(Quantizer):
    """Full vectors, also on a server that is set up to compress by default. Server 1.32.5 and 1.33."""

    def section(self) -> dict[str, object]:
        """Give the switch that keeps the server's default quantization off."""
        return {"skipDefaultQuantization": True}


@options
class muvera(Options):
    """MUVERA encoding: each set of vectors becomes one long vector, smaller and faster but approximate. Server 1.31.

    Attributes:
        ksim: log2 of the number of buckets, at most 10; default 4.
        dprojections: dimensions of a bucket after projection; default 16.
        repetitions: how often the encoding is repeated; default 10.
    """

    ksim: int | None = None
    dprojections: int | None = None
    repetitions: int | None = None


@options
class late_interaction(Options):
    """How an index treats embeddings of several vectors an object (ColBERT and kin). Server 1.29.

    Attributes:
        aggregation: how the distances of the single vectors become one; the server knows ``maxSim`` only.
        encoding: ``muvera()`` to index one encoded vector an object instead of all of them.
    """

    aggregation: Literal["maxSim"] | None = None
    encoding: muvera | None = None

    def settings(self) -> dict[str, object]:
        """Give the ``multivector`` section."""
        section: dict[str, object] = {"enabled": True}
        if self.aggregation is not None:
            section["aggregation"] = self.aggregation
        if self.encoding is not None:
            section["muvera"] = {"enabled": True, **self.encoding.settings()}
        return section


class VectorIndex(Options):
    """Base of the vector indexes."""

    __slots__ = ()

    index_type: ClassVar[str]

    @property
    def type_name(self) -> str:
        """The server's name of this index: ``vectorIndexType``."""
        return self.index_type

    def settings(self) -> dict[str, object]:
        """Give ``vectorIndexConfig``."""
        settings = super().settings()
        settings.pop("quantizer", None)
        quantizer = named_options(self).get("quantizer")
        return {**settings, **quantizer.section()} if isinstance(quantizer, Quantizer) else settings


@options
class hnsw(VectorIndex):
    """A navigable graph: fast and approximate, kept in memory. The server's default.

    Attributes:
        distance: default ``cosine``. Cannot be changed later.
        ef_construction: size of the candidate list while building, at least 4; default 128. Cannot be changed later.
        max_connections: edges a node, 4 to 2047; default 32. Cannot be changed later.
        ef: size of the candidate list while searching; -1, the default, derives it from the query's limit.
        dynamic_ef_min: least derived ef; default 100.
        dynamic_ef_max: greatest derived ef; default 500.
        dynamic_ef_factor: the limit times this is the derived ef; default 8.
        filter_strategy: how a filtered search walks the graph; default ``acorn``.
        flat_search_cutoff: below this number of objects that pass the filter, compare all; default 40,000.
        vector_cache_max_objects: how many vectors stay in memory; default 1e12.
        cleanup_interval_seconds: how often deleted nodes are cleaned up; default 300. Cannot be changed later.
        skip: build no index at all; such vectors cannot be searched.
        quantizer: one of ``pq()``, ``bq()``, ``sq()``, ``rq()``, ``uncompressed()``.
        multi_vector: ``late_interaction()`` for a ``MultiVector`` field.
    """

    index_type = "hnsw"
    json_keys = {"multi_vector": "multivector"}

    distance: Distance | None = None
    ef_construction: int | None = None
    max_connections: int | None = None
    ef: int | None = None
    dynamic_ef_min: int | None = None
    dynamic_ef_max: int | None = None
    dynamic_ef_factor: int | None = None
    filter_strategy: Literal["sweeping", "acorn"] | None = None
    flat_search_cutoff: int | None = None
    vector_cache_max_objects: int | None = None
    cleanup_interval_seconds: int | None = None
    skip: bool | None = None
    quantizer: Quantizer | None = None
    multi_vector: late_interaction | None = None


@options
class flat(VectorIndex):
    """No graph: every vector is compared. Exact, small in memory, for collections or tenants of some thousands.

    Attributes:
        distance: default ``cosine``. Cannot be changed later.
        vector_cache_max_objects: how many vectors stay in memory; default 1e12.
        quantizer: ``bq()``, ``rq()`` with 1 or 8 bits, or ``uncompressed()``.
    """

    index_type = "flat"

    distance: Distance | None = None
    vector_cache_max_objects: int | None = None
    quantizer: Quantizer | None = None


# Inside ``dynamic`` the two names mean its options.
_Flat: TypeAlias = flat
_Hnsw: TypeAlias = hnsw


@options
class dynamic(VectorIndex):
    """Starts flat and becomes a graph once it is large. Needs a server with ``ASYNC_INDEXING=true``.

    Attributes:
        distance: default ``cosine``. Cannot be changed later.
        threshold: number of objects at which the change happens; default 10,000.
        flat: options of the index below the threshold.
        hnsw: options of the index above it.
    """

    index_type = "dynamic"

    distance: Distance | None = None
    threshold: int | None = None
    flat: _Flat | None = None
    hnsw: _Hnsw | None = None


@options
class hfresh(VectorIndex):
    """Clusters on disk with a small part in memory, for very large collections. Server 1.36.

    Attributes:
        distance: ``cosine`` (the default) or ``l2-squared``. Cannot be changed later.
        max_posting_size_kb: size of a cluster, 8 to 1024 KB; default 48.
        replicas: how many clusters a vector may be in, at most 10; default 4.
        search_probe: how many clusters a search reads; default 256.
        quantizer: ``rq(bits=1)``, which is also the default.
    """

    index_type = "hfresh"
    json_keys = {"max_posting_size_kb": "maxPostingSizeKB"}

    distance: Literal["cosine", "l2-squared"] | None = None
    max_posting_size_kb: int | None = None
    replicas: int | None = None
    search_probe: int | None = None
    quantizer: Quantizer | None = None


@options
class custom_index(VectorIndex):
    """An index type that this library does not know, with its settings as they are.

    Attributes:
        name: the server's ``vectorIndexType``.
        config: the server's ``vectorIndexConfig``.
    """

    name: str
    config: Mapping[str, object] = field(default_factory=dict[str, object], hash=False)

    @property
    def type_name(self) -> str:
        """The server's name of this index."""
        return self.name

    def settings(self) -> dict[str, object]:
        """Give ``vectorIndexConfig``."""
        return as_settings(self.config)


def as_multi_vector(index: VectorIndex | None) -> hnsw:
    """Give the index for a field of several vectors an object: hnsw with ``late_interaction()`` unless it says so already.

    Raises:
        ModelDefinitionError: another index than hnsw.
    """
    if index is None:
        return hnsw(multi_vector=late_interaction())
    if not isinstance(index, hnsw):
        raise ModelDefinitionError(
            f"A multi-vector field needs index=hnsw(...), got {index!r}: only hnsw indexes several vectors an object."
        )
    if index.multi_vector is not None:
        return index
    return build(hnsw, {**named_options(index), "multi_vector": late_interaction()})


_QUANTIZERS: Final[tuple[type[Quantizer], ...]] = (pq, bq, sq, rq)
_INDEXES: Final[Mapping[str, type[VectorIndex]]] = {kind.index_type: kind for kind in (hnsw, flat, dynamic, hfresh)}


def read_index(index_type: str, settings: Mapping[str, object]) -> VectorIndex:
    """Build an index from ``vectorIndexType`` and ``vectorIndexConfig`` as the server gives them."""
    kind = _INDEXES.get(index_type)
    if kind is None:
        return custom_index(name=index_type, config=settings)
    nested = {
        "quantizer": _read_quantizer(settings),
        "multi_vector": _read_late_interaction(as_mapping(settings.get("multivector"))),
        "flat": read_index("flat", as_mapping(settings["flat"])) if "flat" in settings else None,
        "hnsw": read_index("hnsw", as_mapping(settings["hnsw"])) if "hnsw" in settings else None,
    }
    values = {
        option.name: nested[option.name] if option.name in nested else settings.get(json_key(kind, option.name))
        for option in option_fields(kind)
    }
    return build(kind, values)


def _read_quantizer(settings: Mapping[str, object]) -> Quantizer | None:
    # The server lists every quantizer it knows and says which one is on.
    for kind in _QUANTIZERS:
        section = as_mapping(settings.get(kind.key))
        if section.get("enabled") is True:
            return kind.read(section)
    return uncompressed() if settings.get("skipDefaultQuantization") is True else None


def _read_late_interaction(section: Mapping[str, object]) -> late_interaction | None:
    if section.get("enabled") is not True:
        return None
    encoding = as_mapping(section.get("muvera"))
    return build(
        late_interaction,
        {
            "aggregation": section.get("aggregation"),
            "encoding": muvera.read(encoding) if encoding.get("enabled") is True else None,
        },
    )
