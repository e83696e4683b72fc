"""JSON and numbers as the server writes them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.go_json import json_number, json_text
from weaviate_orm.local.objects import Beacon


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0"),
        (-0.0, "-0"),
        (1.0, "1"),
        (-1.5, "-1.5"),
        (123456789.5, "123456789.5"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (0.00001, "0.00001"),
        (-1.25e-6, "-0.00000125"),
        (1e-7, "1e-7"),
        (2.5e-10, "2.5e-10"),
        (7, "7"),
    ],
)
def test_numbers_in_json(value: float, expected: str) -> None:
    assert json_number(value) == expected


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_lead_back(value: float) -> None:
    assert float(json_number(value)) == value


def test_texts_keep_their_letters_and_hide_what_html_reads() -> None:
    assert json_text('é "x" <b>&\u2028') == '"é \\"x\\" \\u003cb\\u003e\\u0026\\u2028"'


def test_keys_stand_in_order() -> None:
    value = {"b": [True, None], "a": {"z": 1.0, "y": "t"}}
    assert json_text(value) == '{"a":{"y":"t","z":1},"b":[true,null]}'
    assert json.loads(json_text(value)) == value


def test_references_are_their_beacons() -> None:
    beacon = Beacon("Person", bytes(16))
    assert json_text([beacon]) == '[{"beacon":"weaviate://localhost/Person/00000000-0000-0000-0000-000000000000"}]'
