"""The one table of server features: the least version that has each, and the check that uses it.

No other module compares versions. A new feature starts here.
"""

from __future__ import annotations

from enum import Enum

from weaviate_orm.errors import UnsupportedFeatureError
from weaviate_orm.wire.server import ServerInfo, Version

__all__ = ["MINIMUM_VERSION", "Feature", "require", "supports"]

MINIMUM_VERSION: Version = (1, 27, 0)
"""The least server version that this library speaks to."""


class Feature(Enum):
    """A feature that not every supported server has: its least version, and what it is in a user's words.

    ``backports`` are the least patch versions of older minor versions that have it too.
    """

    GENERATE = ((1, 27, 14), "generation from results (generate)")
    GENERATE_NVIDIA = ((1, 28, 5), "the generative provider nvidia")
    GENERATE_XAI = ((1, 30, 0), "the generative provider xai")
    GENERATE_CONTEXTUALAI = ((1, 34, 0), "the generative provider contextualai")
    GENERATE_DEEPSEEK = (
        (1, 39, 0),
        "the generative provider deepseek",
        ((1, 36, 19), (1, 37, 10), (1, 38, 2)),
    )
    AGGREGATE = ((1, 29, 0), "aggregation over gRPC")
    VECTORS_MESSAGE = ((1, 29, 0), "the form in which vectors are searched (near_vector)")
    MULTI_VECTOR = ((1, 29, 0), "multi-vectors (late interaction)")
    DATABASE_USERS = ((1, 30, 0), "users kept in the database")
    BM25_OPERATOR = ((1, 31, 0), "the operator (all words, or at least n words) of a keyword search")
    MUVERA = ((1, 31, 0), "MUVERA encoding of multi-vectors")
    ADD_VECTOR = ((1, 31, 0), "adding a named vector to an existing collection")
    ALIASES = ((1, 32, 0), "collection aliases")
    ROTATIONAL_QUANTIZATION = ((1, 32, 0), "rotational quantization")
    CONTAINS_NONE = ((1, 33, 0), "the filter contains_none()")
    NOT_FILTER = ((1, 33, 0), "negated filters (~condition)")
    OBJECT_TTL = ((1, 35, 0), "objects that expire")
    BATCH_STREAM = ((1, 36, 0), "streamed bulk loading")
    DROP_PROPERTY_INDEX = ((1, 36, 0), "deleting a property's index")
    QUERY_PROFILE = ((1, 36, 9), "query profiles")
    TOKENIZE = ((1, 37, 0), "tokenizing text on the server")
    EXPORT = ((1, 37, 0), "exports")
    MMR = ((1, 37, 0), "diverse results (maximal marginal relevance)")
    MMR_IN_HYBRID = ((1, 38, 6), "diverse results (maximal marginal relevance) in a hybrid search")
    BOOST = ((1, 38, 0), "boosting of results by conditions")
    NESTED_FILTERS = ((1, 38, 0), "filters on nested objects' properties")
    BM25_AND_CROSS = (
        (1, 39, 0),
        "a keyword search whose words may be spread over the properties",
        ((1, 37, 15), (1, 38, 8)),
    )

    def __init__(self, since: Version, what: str, backports: tuple[Version, ...] = ()) -> None:
        self.since = since
        self.what = what
        self.backports = backports


def supports(feature: Feature, server: ServerInfo) -> bool:
    """Tell whether the server is new enough for a feature."""
    release = server.release
    return release >= feature.since or any(each[:2] == release[:2] and release >= each for each in feature.backports)


def require(feature: Feature, server: ServerInfo) -> None:
    """Refuse a feature that the connected server is too old for.

    Raises:
        UnsupportedFeatureError: with the feature, the least version and the connected one as attributes.
    """
    if supports(feature, server):
        return
    required = ".".join(map(str, feature.since))
    patches = "".join(f", {'.'.join(map(str, each))}" for each in feature.backports)
    raise UnsupportedFeatureError(
        f"Weaviate {server.version} does not have {feature.what}; it came with {required}{patches}. "
        "Upgrade the server, or leave it out.",
        feature=feature.what,
        required=required,
        connected=server.version,
    )
