"""Bodies of requests."""

from __future__ import annotations

from typing import Any

import pytest

from weaviate_orm.errors import InvalidValueError
from weaviate_orm.wire.bodies import encode_body


def test_bodies_are_utf8_without_blanks() -> None:
    assert encode_body({"a": [1, "é", None]}, "POST /v1/objects") == '{"a":[1,"é",null]}'.encode()
    assert encode_body(None, "GET /v1/meta") is None


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), "\ud800"])
def test_what_json_does_not_have(value: Any) -> None:
    with pytest.raises(InvalidValueError, match="cannot be written as JSON") as failure:
        encode_body({"a": value}, "POST /v1/objects")
    assert "POST /v1/objects" in str(failure.value)


def test_values_inside_one_another_have_an_end() -> None:
    nested: Any = []
    for _ in range(200_000):
        nested = [nested]
    with pytest.raises(InvalidValueError, match="Make it flatter"):
        encode_body(nested, "POST /v1/objects")
