"""The configuration of a collection, as frozen values that know neither models nor JSON.

``None`` means that the server decides: it is not sent, and no difference is reported for it. The small values here
(:class:`InvertedIndex`, :class:`MultiTenancy`, :class:`Replication`, ...) are also what users write in a model's class line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from weaviate_orm.schema.indexes import Distance, VectorIndex
from weaviate_orm.schema.modules import AnyVectorizer, GenerativeModule, Reranker, Vectorizer
from weaviate_orm.schema.options import Options, options

__all__ = [
    "AsyncReplication",
    "CollectionConfig",
    "AnyVectorizer",
    "DeletionStrategy",
    "Distance",
    "GenerativeModule",
    "InvertedIndex",
    "MultiTenancy",
    "ObjectTimeToLive",
    "PropertyConfig",
    "ReferenceConfig",
    "Replication",
    "Reranker",
    "Sharding",
    "Stopwords",
    "TextAnalyzer",
    "Tokenization",
    "VectorConfig",
    "VectorIndex",
    "Vectorizer",
]

Tokenization: TypeAlias = Literal[
    "word", "lowercase", "whitespace", "field", "trigram", "gse", "gse_ch", "kagome_ja", "kagome_kr"
]
"""How text is cut for filters and keyword search. The last four need a server started with their ``ENABLE_TOKENIZER_...``."""

DeletionStrategy: TypeAlias = Literal["NoAutomatedResolution", "DeleteOnConflict", "TimeBasedResolution"]
"""What wins when one replica has an object and another has its deletion."""


@options
class TextAnalyzer(Options):
    """How a text property's tokens are treated after they were cut. Server 1.37; cannot be changed later.

    Attributes:
        ascii_fold: treat accented letters as their plain ones, so that ``Zoë`` matches ``Zoe``.
        ascii_fold_ignore: single characters that keep their accents.
        stopword_preset: ``en``, ``none`` or a name in ``InvertedIndex.stopword_presets``; with tokenization ``word`` only.
    """

    ascii_fold: bool | None = None
    ascii_fold_ignore: Sequence[str] | None = None
    stopword_preset: str | None = None


@options
class Stopwords(Options):
    """Words that keyword search leaves out.

    Attributes:
        preset: the list to start from: ``en`` (the default) or ``none``.
        additions: words to leave out besides.
        removals: words of the preset to keep.
    """

    preset: str | None = None
    additions: Sequence[str] | None = None
    removals: Sequence[str] | None = None


@options
class InvertedIndex(Options):
    """What filters and keyword search can use.

    Attributes:
        timestamps: index creation and update times, for filters on them. Cannot be changed later.
        null_state: index which properties are empty, for ``is_null()``. Cannot be changed later.
        property_length: index lengths, for filters on them. Cannot be changed later.
        bm25_b: how much long texts are marked down, 0 to 1; default 0.75. Goes with ``bm25_k1``.
        bm25_k1: how fast repeated words stop counting, 0 or more; default 1.2. Goes with ``bm25_b``.
        stopwords: words that keyword search leaves out.
        stopword_presets: named word lists for ``TextAnalyzer.stopword_preset``. Server 1.37.
        cleanup_interval_seconds: how often deleted entries are cleaned up; default 60.
    """

    json_keys = {
        "timestamps": "indexTimestamps",
        "null_state": "indexNullState",
        "property_length": "indexPropertyLength",
        "bm25_b": "bm25.b",
        "bm25_k1": "bm25.k1",
    }

    timestamps: bool | None = None
    null_state: bool | None = None
    property_length: bool | None = None
    bm25_b: float | None = None
    bm25_k1: float | None = None
    stopwords: Stopwords | None = None
    stopword_presets: Mapping[str, Sequence[str]] | None = field(default=None, hash=False)
    cleanup_interval_seconds: int | None = None


@options
class MultiTenancy(Options):
    """Separate objects by tenant: ``MultiTenancy()`` turns it on. Cannot be turned on or off later.

    Attributes:
        enabled: every object belongs to one tenant.
        auto_create: a write to an unknown tenant creates it.
        auto_activate: access to an inactive tenant activates it.
    """

    json_keys = {"auto_create": "autoTenantCreation", "auto_activate": "autoTenantActivation"}

    enabled: bool = True
    auto_create: bool | None = None
    auto_activate: bool | None = None


@options
class AsyncReplication(Options):
    """Tuning of the background repair between replicas. Server 1.36; times in milliseconds unless the name says otherwise.

    Attributes:
        hashtree_height: height of the tree of hashes that replicas compare.
        frequency: time between two comparisons.
        frequency_while_propagating: the same while repairs are under way.
        logging_frequency: seconds between two log lines.
        diff_batch_size: most object keys in one comparison.
        diff_per_node_timeout: seconds for a comparison with one node.
        pre_propagation_timeout: seconds for everything before a repair.
        propagation_timeout: seconds for sending one batch of repairs.
        propagation_limit: most objects repaired in one run.
        propagation_delay: age at which an object counts as missing elsewhere.
        propagation_concurrency: most batches on their way at once.
        propagation_batch_size: objects a batch.
    """

    hashtree_height: int | None = None
    frequency: int | None = None
    frequency_while_propagating: int | None = None
    logging_frequency: int | None = None
    diff_batch_size: int | None = None
    diff_per_node_timeout: int | None = None
    pre_propagation_timeout: int | None = None
    propagation_timeout: int | None = None
    propagation_limit: int | None = None
    propagation_delay: int | None = None
    propagation_concurrency: int | None = None
    propagation_batch_size: int | None = None


@options
class Replication(Options):
    """How many nodes keep a copy of each shard, and how they agree.

    Attributes:
        factor: number of copies; default 1, at most the number of nodes.
        async_enabled: repair differences in the background. Servers from 1.39 on decide that themselves.
        deletion_strategy: what wins between an object and its deletion; default ``TimeBasedResolution``.
        async_config: tuning of the background repair.
    """

    factor: int | None = None
    async_enabled: bool | None = None
    deletion_strategy: DeletionStrategy | None = None
    async_config: AsyncReplication | None = None


@options
class Sharding(Options):
    """How a collection without tenants is spread over nodes. Cannot be changed later.

    Attributes:
        desired_count: number of shards; default: the number of nodes.
        virtual_per_physical: virtual shards a shard; default 128.
        desired_virtual_count: virtual shards altogether; default: the product of the two.
    """

    desired_count: int | None = None
    virtual_per_physical: int | None = None
    desired_virtual_count: int | None = None


@options
class ObjectTimeToLive(Options):
    """Delete objects after a time. Server 1.35, started with ``OBJECTS_TTL_DELETE_SCHEDULE``.

    Attributes:
        seconds: the age at which an object goes; with ``property`` it may be negative, to go before that date.
        since: what the age counts from, where ``property`` is not given.
        property: name of a date property that the age counts from.
        filter_expired: leave objects out of results that are due but not deleted yet.
        enabled: objects are deleted; ``False`` keeps the setting without its effect.
    """

    seconds: int
    since: Literal["creation", "update"] = "creation"
    property: str | None = None
    filter_expired: bool | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyConfig:
    """A property of a collection, or of an object inside one.

    Attributes:
        name: the server's name; its first letter is in lower case at the top level.
        data_type: the server's data type, ``text[]`` for a list of text.
        description: what it holds, for people and language models.
        tokenization: how text is cut; for ``text`` and ``text[]``.
        filterable: keep an index for filters.
        searchable: keep an index for keyword search; for ``text`` and ``text[]``.
        range_filters: keep an index for ``<`` and ``>``; for ``int``, ``number`` and ``date``, not for lists.
        nested: the properties inside; for ``object`` and ``object[]``.
        skip_vectorization: leave its value out of the text that is embedded.
        vectorize_name: put its name before its value in the text that is embedded.
        text_analyzer: how tokens are treated after they were cut.
    """

    name: str
    data_type: str
    description: str | None = None
    tokenization: Tokenization | None = None
    filterable: bool | None = None
    searchable: bool | None = None
    range_filters: bool | None = None
    nested: tuple[PropertyConfig, ...] = ()
    skip_vectorization: bool | None = None
    vectorize_name: bool | None = None
    text_analyzer: TextAnalyzer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceConfig:
    """A cross-reference: a property whose values are objects of other collections.

    Attributes:
        name: the server's name of the property.
        targets: names of the collections it may point to, at least one.
        description: what it holds.
    """

    name: str
    targets: tuple[str, ...]
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorConfig:
    """A vector of every object: where it comes from and how it is indexed.

    Attributes:
        name: the vector's name, or ``None`` for the server's legacy unnamed vector.
        vectorizer: the module that makes it, or ``self_provided()``.
        index: its index.
        source: names of the properties it is made from; empty: all that the module can read.
    """

    name: str | None
    vectorizer: AnyVectorizer
    index: VectorIndex | None = None
    source: tuple[str, ...] = ()


_SERVER_INVERTED_INDEX: Final = InvertedIndex()
_NO_TENANTS: Final = MultiTenancy(enabled=False)
_SERVER_REPLICATION: Final = Replication()


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionConfig:
    """Everything that makes a collection.

    Attributes:
        name: the collection's name, first letter in upper case.
        description: what it holds.
        properties: its properties, in order.
        references: its cross-references, in order.
        vectors: its vectors; either named ones or one unnamed.
        generative: the language model that ``generate()`` uses by default.
        reranker: the model that ``rerank()`` uses.
        inverted_index: what filters and keyword search can use.
        multi_tenancy: whether objects are separated by tenant.
        replication: copies of each shard.
        sharding: how it is spread over nodes.
        object_ttl: deletion of old objects.
    """

    name: str
    description: str | None = None
    properties: tuple[PropertyConfig, ...] = ()
    references: tuple[ReferenceConfig, ...] = ()
    vectors: tuple[VectorConfig, ...] = ()
    generative: GenerativeModule | None = None
    reranker: Reranker | None = None
    inverted_index: InvertedIndex = _SERVER_INVERTED_INDEX
    multi_tenancy: MultiTenancy = _NO_TENANTS
    replication: Replication = _SERVER_REPLICATION
    sharding: Sharding | None = None
    object_ttl: ObjectTimeToLive | None = None
