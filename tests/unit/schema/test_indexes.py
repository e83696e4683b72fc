"""Vector indexes: what is written, and what a multi-vector field makes of them."""

from __future__ import annotations

import pytest

from weaviate_orm.errors import ModelDefinitionError
from weaviate_orm.schema.indexes import (
    as_multi_vector,
    bq,
    custom_index,
    dynamic,
    flat,
    hnsw,
    late_interaction,
    pq,
    read_index,
    uncompressed,
)


def test_an_index_without_options_has_no_settings() -> None:
    assert hnsw().settings() == {}
    assert hnsw().type_name == "hnsw"


def test_quantizers_turn_themselves_on() -> None:
    assert hnsw(quantizer=pq(encoder="tile", centroids=16)).settings() == {
        "pq": {"enabled": True, "centroids": 16, "encoder": {"type": "tile"}}
    }
    assert flat(quantizer=uncompressed()).settings() == {"skipDefaultQuantization": True}


def test_dynamic_holds_both_of_its_indexes() -> None:
    index = dynamic(threshold=5, flat=flat(quantizer=bq(cache=True)), hnsw=hnsw(dynamic_ef_factor=4))
    settings = {
        "threshold": 5,
        "flat": {"bq": {"enabled": True, "cache": True}},
        "hnsw": {"dynamicEfFactor": 4},
    }
    assert index.settings() == settings
    assert read_index("dynamic", settings) == index


def test_an_unknown_index_is_kept_as_it_is() -> None:
    settings: dict[str, object] = {"a": {"b": [1]}}
    index = read_index("brand-new", settings)
    assert index == custom_index(name="brand-new", config=settings)
    assert (index.type_name, index.settings()) == ("brand-new", settings)


def test_a_multi_vector_field_gets_hnsw_for_several_vectors() -> None:
    assert as_multi_vector(None) == hnsw(multi_vector=late_interaction())
    assert as_multi_vector(hnsw(ef=5)) == hnsw(ef=5, multi_vector=late_interaction())
    stated = hnsw(multi_vector=late_interaction(aggregation="maxSim"))
    assert as_multi_vector(stated) is stated
    with pytest.raises(ModelDefinitionError, match=r"hnsw.*got flat\(\)"):
        as_multi_vector(flat())
