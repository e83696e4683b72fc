"""What a text becomes, asked of the endpoints for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from exchanges import call_rest

from weaviate_orm.transport.base import Exchange

Names = Callable[[str], str]


@pytest.mark.parametrize(
    ("tokenization", "text", "expected"),
    [
        ("word", "The Red Fox-glove_2", ["the", "red", "fox", "glove", "2"]),
        ("word", "Ünïcode ½Ⅷ日本語 e\u0301 x\u200by İI 👍", ["ünïcode", "½ⅷ日本語", "e", "x", "y", "ii"]),
        ("word", "-- !!", []),
        ("lowercase", "Red Fox-GLOVE\u3000x\x1cy\x85z", ["red", "fox-glove", "x\x1cy", "z"]),
        ("whitespace", "\tRed  Fox-GLOVE\n", ["Red", "Fox-GLOVE"]),
        ("field", "\u2003 Red Fox \n", ["Red Fox"]),
        ("field", "", [""]),
        ("trigram", "A b-cD 日", ["abc", "bcd", "cd日"]),
        ("trigram", "ab", []),
    ],
)
def test_tokens(exchange: Exchange, tokenization: str, text: str, expected: list[str]) -> None:
    reply = call_rest(exchange, "POST", "/tokenize", {"text": text, "tokenization": tokenization})
    assert reply.status == 200
    assert reply.body["indexed"] == expected
    stopwords = {"the"} if tokenization == "word" else set[str]()
    assert reply.body["query"] == [each for each in expected if each not in stopwords]


def test_a_final_sigma_is_like_any_other(exchange: Exchange) -> None:
    reply = call_rest(exchange, "POST", "/tokenize", {"text": "ΣΑΣ", "tokenization": "word"})
    assert [[f"{ord(letter):x}" for letter in token] for token in reply.body["indexed"]] == [["3c3", "3b1", "3c3"]]


@pytest.mark.parametrize(
    ("text", "ignore", "expected"),
    [
        ("Zürich Łódź Straße ﬁn Œuvre", [], ["Zurich", "Lodz", "Strasse", "fin", "OEuvre"]),
        ("café CAFÉ cafe\u0301 naïve", ["é"], ["café", "CAFÉ", "café", "naive"]),
        ("łø が 日本語", ["ł"], ["ło", "か", "日本語"]),
    ],
)
def test_folding(exchange: Exchange, text: str, ignore: list[str], expected: list[str]) -> None:
    settings = {"asciiFold": True, "asciiFoldIgnore": ignore}
    body = {"text": text, "tokenization": "whitespace", "analyzerConfig": settings}
    assert call_rest(exchange, "POST", "/tokenize", body).body["indexed"] == expected


@pytest.mark.parametrize(
    ("more", "query"),
    [
        ({"stopwords": {"preset": "none", "additions": ["fox"]}}, ["the", "a"]),
        ({"stopwords": {"additions": ["fox"], "removals": ["a"]}}, ["a"]),
        ({"stopwordPresets": {"mine": ["a"]}, "analyzerConfig": {"stopwordPreset": "mine"}}, ["the", "fox"]),
        ({"stopwordPresets": {"en": ["fox"]}}, ["the", "a"]),
        ({"analyzerConfig": {"stopwordPreset": "none"}}, ["the", "fox", "a"]),
    ],
)
def test_stopwords(exchange: Exchange, more: dict[str, Any], query: list[str]) -> None:
    body: dict[str, Any] = {"text": "The fox a", "tokenization": "word", **more}
    reply = call_rest(exchange, "POST", "/tokenize", body)
    assert reply.body == {"indexed": ["the", "fox", "a"], "query": query}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (None, "body in body is required"),
        ({"tokenization": "word"}, "text in body is required"),
        ({"text": "x"}, "tokenization in body is required"),
        (
            {"text": "x", "tokenization": "nope"},
            "tokenization in body should be one of "
            "[word lowercase whitespace field trigram gse kagome_kr kagome_ja gse_ch]",
        ),
        ({"text": "x" * 10_001, "tokenization": "word"}, "text exceeds maximum allowed length of 10,000 characters"),
        (
            {"text": "x", "tokenization": "word", "analyzerConfig": {"asciiFoldIgnore": ["é"]}},
            "asciiFoldIgnore requires asciiFold to be enabled",
        ),
        (
            {"text": "x", "tokenization": "word", "analyzerConfig": {"asciiFold": True, "asciiFoldIgnore": ["ab"]}},
            'each asciiFoldIgnore entry must be a single character, got "ab"',
        ),
        (
            {"text": "x", "tokenization": "word", "analyzerConfig": {"stopwordPreset": "zz"}},
            "unknown stopword preset \"zz\"; define it in stopwordPresets or use a built-in preset ('en', 'none')",
        ),
        ({"text": "x", "tokenization": "word", "stopwords": {"preset": "zz"}}, "stopwordPreset 'zz' does not exist"),
        (
            {"text": "x", "tokenization": "word", "stopwords": {"preset": "en"}, "stopwordPresets": {"a": ["b"]}},
            "stopwords and stopwordPresets are mutually exclusive; pass only one",
        ),
        (
            {"text": "x", "tokenization": "word", "stopwordPresets": {"a": []}},
            'stopwordPresets: preset "a" must have at least one word',
        ),
    ],
)
def test_refusals(exchange: Exchange, body: object, message: str) -> None:
    reply = call_rest(exchange, "POST", "/tokenize", body)
    assert reply.status == 422
    assert (reply.body.get("message") or reply.body["error"][0]["message"]) == message


def test_properties(exchange: Exchange, fresh: Names) -> None:
    name = fresh("Tokenized")
    properties = [
        {"name": "title", "dataType": ["text"]},
        {"name": "plain", "dataType": ["text"], "tokenization": "lowercase"},
        {"name": "folded", "dataType": ["text"], "textAnalyzer": {"asciiFold": True, "stopwordPreset": "none"}},
        {"name": "count", "dataType": ["int"]},
    ]
    assert call_rest(exchange, "POST", "/schema", {"class": name, "properties": properties}).status == 200

    def ask(path: str, text: str | None = "The Fóx") -> tuple[int, Any]:
        body = {} if text is None else {"text": text}
        reply = call_rest(exchange, "POST", f"/schema/{path}/tokenize", body)
        return reply.status, reply.body

    assert ask(f"{name}/properties/title") == (200, {"indexed": ["the", "fóx"], "query": ["fóx"]})
    assert ask(f"{name}/properties/TITLE") == (200, {"indexed": ["the", "fóx"], "query": ["fóx"]})
    assert ask(f"{name}/properties/plain") == (200, {"indexed": ["the", "fóx"], "query": ["fóx"]})
    assert ask(f"{name}/properties/folded") == (200, {"indexed": ["the", "fox"], "query": ["the", "fox"]})
    error = {"error": [{"message": "tokenization is not enabled for this property"}]}
    assert ask(f"{name}/properties/count") == (422, error)
    assert ask(f"{name}/properties/nope") == (404, None)
    assert ask(f"{name}x/properties/title") == (404, None)
    assert ask(f"{name}/properties/title", None) == (422, {"code": 602, "message": "text in body is required"})
