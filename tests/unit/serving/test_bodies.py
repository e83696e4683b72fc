"""JSON bodies: what the server reads, and its words about what is none. The texts are those of a real 1.39.3."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.serving.bodies import MalformedBody, body_name, decode_body, encode_body

REASONS = {
    '{"class":': "unexpected EOF",
    '{"a":"b"': "unexpected EOF",
    '{"a":"b': "unexpected EOF",
    "tru": "unexpected EOF",
    "-": "unexpected EOF",
    '{"class": nope}': "invalid character 'o' in literal null (expecting 'u')",
    '{"a":tru}': "invalid character '}' in literal true (expecting 'e')",
    '{"class": NaN}': "invalid character 'N' looking for beginning of value",
    '{"class": -Infinity}': "invalid character 'I' in numeric literal",
    "{'class': 1}": "invalid character '\\'' looking for beginning of object key string",
    '{"a":1,}': "invalid character '}' looking for beginning of object key string",
    "{,}": "invalid character ',' looking for beginning of object key string",
    "{1:2}": "invalid character '1' looking for beginning of object key string",
    "[,]": "invalid character ',' looking for beginning of value",
    "}": "invalid character '}' looking for beginning of value",
    "ä": "invalid character 'Ã' looking for beginning of value",
    '{"a":[1 2]}': "invalid character '2' after array element",
    '{"[":"]" 1}': "invalid character '1' after object key:value pair",
    '{"a":"b"] ': "invalid character ']' after object key:value pair",
    '{"a":01}': "invalid character '1' after object key:value pair",
    '{"a" 1}': "invalid character '1' after object key",
    '{"a":"x\ny"}': "invalid character '\\n' in string literal",
    '{"a":"\\q"}': "invalid character 'q' in string escape code",
    "[1.x]": "invalid character 'x' after decimal point in numeric literal",
    "[1ex]": "invalid character 'x' in exponent of numeric literal",
    "[1e-x]": "invalid character 'x' in exponent of numeric literal",
    '"\\u12x"': "invalid character 'x' in \\u hexadecimal character escape",
}


@pytest.mark.parametrize("text", REASONS)
def test_what_is_malformed_is_told_in_the_servers_words(text: str) -> None:
    with pytest.raises(MalformedBody) as caught:
        decode_body(text.encode())
    assert str(caught.value) == REASONS[text]


def test_a_number_that_is_too_large_is_refused() -> None:
    with pytest.raises(MalformedBody, match="cannot unmarshal number 1e999"):
        decode_body(b'{"a": 1e999}')
    assert decode_body(b'{"a": 1e300}') == {"a": 1e300}
    with pytest.raises(MalformedBody, match="cannot unmarshal number"):
        decode_body(b"1" * 5000)


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(MalformedBody):
        decode_body(b"[" * 200_000)


@pytest.mark.parametrize("text", ["", "  ", "\n\t\r "])
def test_blanks_are_no_body(text: str) -> None:
    assert decode_body(text.encode()) is None


def test_what_stands_behind_the_first_value_is_passed_over() -> None:
    assert decode_body(b' {"class": "A"} trailing') == {"class": "A"}


def test_text_can_always_be_written_again() -> None:
    assert decode_body(b'{"a": "\\ud83d", "\\udc00": ["\\ud83d\\ude00"]}') == {"a": "\ufffd", "\ufffd": ["😀"]}
    assert decode_body(b'{"a": "\xff"}') == {"a": "\ufffd"}


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(_JSON)
def test_both_directions_agree(value: object) -> None:
    assert decode_body(encode_body(value)) == value
    assert decode_body(json.dumps(value).encode()) == value


@given(_JSON, st.data())
def test_a_cut_body_ends_too_early_wherever_it_is_cut(value: object, data: st.DataObject) -> None:
    whole = json.dumps({"a": value})
    cut = whole[: data.draw(st.integers(1, len(whole) - 1))]
    with pytest.raises(MalformedBody, match="unexpected EOF"):
        decode_body(cut.encode())


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/schema", "objectClass"),
        ("PUT", "/schema/Article", "objectClass"),
        ("DELETE", "/schema/Article/tenants", "tenants"),
        ("POST", "/schema/Article/tenants", "body"),
        ("POST", "/objects", "body"),
        ("DELETE", "/batch/objects", "body"),
        ("PATCH", "/objects/Article/00000000-0000-0000-0000-000000000001", "body"),
        ("DELETE", "/objects/Article/00000000-0000-0000-0000-000000000001/references/author", "body"),
        ("GET", "/schema", None),
        ("DELETE", "/schema/Article", None),
        ("POST", "/nope", None),
    ],
)
def test_which_requests_have_a_body_and_what_it_is_called(method: str, path: str, name: str | None) -> None:
    assert body_name(method, path) == name
