"""Values as a Go program prints them."""

from __future__ import annotations

import numpy as np
import pytest

from weaviate_orm.local.go_text import (
    Origin,
    float32_numbers,
    go_syntax,
    number_text,
    plain_text,
    quoted_text,
    rest_number,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "-0"),
        (1.0, "1"),
        (1.5, "1.5"),
        (100000.0, "100000"),
        (1000000.0, "1e+06"),
        (123456789.0, "1.23456789e+08"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (1e300, "1e+300"),
        (-2.5e-7, "-2.5e-07"),
        (float("nan"), "NaN"),
        (float("-inf"), "-Inf"),
        (12345678, "12345678"),
        (999999.0, "999999"),
        (-0.5, "-0.5"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert number_text(value) == text


def test_values_inside_values() -> None:
    value = {"b": [1.0, "x", None], "a": True}
    assert plain_text(value, Origin.GRPC) == "map[a:true b:[1 x <nil>]]"
    assert quoted_text(value, Origin.GRPC) == "map[a:%!s(bool=true) b:[%!s(float64=1) x %!s(<nil>)]]"
    assert quoted_text(value, Origin.REST) == "map[a:%!s(bool=true) b:[1.0 x %!s(<nil>)]]"
    assert go_syntax({"a": 'say "hi"', "n": 1}) == r'map[string]interface {}{"a":"say \"hi\"", "n":"1"}'


def test_numbers_of_json() -> None:
    assert str([rest_number(each) for each in (5.0, 0.5, 1e21, 2.0**60)]) == "[5, 0.5, 1e+21, 1152921504606847000]"
    assert float32_numbers(np.array([[0.1, 1.0], [2.5, -3.0]], np.float32)) == [[0.1, 1], [2.5, -3]]
