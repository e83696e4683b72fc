"""The table of server features and the check that refuses what a server is too old for."""

from __future__ import annotations

import pytest

from weaviate_orm.errors import ProtocolError, UnsupportedFeatureError
from weaviate_orm.wire.features import MINIMUM_VERSION, Feature, require, supports
from weaviate_orm.wire.server import ServerInfo, parse_version


@pytest.mark.parametrize(
    ("feature", "version", "has"),
    [
        (Feature.AGGREGATE, "1.28.99", False),
        (Feature.AGGREGATE, "1.29.0", True),
        (Feature.AGGREGATE, "1.29.0-rc.1", True),
        (Feature.BM25_OPERATOR, "1.4.0", False),
        (Feature.CONTAINS_NONE, "1.33.0", True),
        (Feature.QUERY_PROFILE, "1.36.8", False),
        (Feature.QUERY_PROFILE, "1.36.10", True),
        (Feature.BM25_AND_CROSS, "1.37.14", False),
        (Feature.BM25_AND_CROSS, "1.37.15", True),
        (Feature.BM25_AND_CROSS, "1.38.7", False),
        (Feature.BM25_AND_CROSS, "1.38.11", True),
        (Feature.BM25_AND_CROSS, "2.0.0", True),
    ],
)
def test_versions_are_compared_as_numbers(feature: Feature, version: str, has: bool) -> None:
    assert supports(feature, ServerInfo(version)) is has


def test_a_refusal_names_feature_and_both_versions() -> None:
    require(Feature.AGGREGATE, ServerInfo("1.29.0"))
    with pytest.raises(
        UnsupportedFeatureError, match=r"Weaviate 1\.28\.4-x does not have aggregation.*1\.29\.0"
    ) as caught:
        require(Feature.AGGREGATE, ServerInfo("1.28.4-x"))
    error = caught.value
    assert (error.feature, error.required, error.connected) == (Feature.AGGREGATE.what, "1.29.0", "1.28.4-x")


def test_no_two_features_are_one() -> None:
    # An Enum would make members of equal values silently the same.
    assert len(Feature.__members__) == len(list(Feature))
    assert all(feature.since > MINIMUM_VERSION for feature in Feature)


@pytest.mark.parametrize("text", ["", "one", "1", "x1.2.3"])
def test_what_is_no_version(text: str) -> None:
    with pytest.raises(ProtocolError, match="version"):
        parse_version(text)
