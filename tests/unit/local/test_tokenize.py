from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import pytest
import stores
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.rest.tokenize import ROUTES
from weaviate_orm.local.routing import RestRequest, Router
from weaviate_orm.local.schema.parsed import Analyzer
from weaviate_orm.local.storage.changes import PutCollection
from weaviate_orm.local.text.token_folding import fold
from weaviate_orm.local.text.tokenize import TOKENIZATIONS, lower, query_tokens, tokenizer_of, wildcard_tokens

ROUTER = Router(ROUTES)


@pytest.mark.parametrize(
    ("tokenization", "text", "expected"),
    [
        ("word", "Red Fox-glove_2, x", ["red", "fox", "glove", "2", "x"]),
        ("word", "Ünïcode STRASSE straße ½Ⅷ日本語", ["ünïcode", "strasse", "straße", "½ⅷ日本語"]),
        ("word", "e\u0301 a\u200bb 👍", ["e", "a", "b"]),  # a mark, a joiner and a picture are no letters
        ("word", " --", []),
        ("lowercase", "Red Fox-GLOVE\u3000x\x1cy\x85z", ["red", "fox-glove", "x\x1cy", "z"]),
        ("whitespace", "\tRed  Fox-GLOVE\n", ["Red", "Fox-GLOVE"]),
        ("field", "\u2003 Red Fox \n", ["Red Fox"]),
        ("field", "  ", [""]),
        ("trigram", "A b-cD", ["abc", "bcd"]),
        ("trigram", "日本語x", ["日本語", "本語x"]),
        ("trigram", "ab", []),
    ],
)
def test_tokens(tokenization: str, text: str, expected: list[str]) -> None:
    assert tokenizer_of(Analyzer(tokenization))(text) == expected


def test_lower_case_goes_letter_by_letter() -> None:
    assert (
        lower("ΣΑΣ") == "\N{GREEK SMALL LETTER SIGMA}\N{GREEK SMALL LETTER ALPHA}\N{GREEK SMALL LETTER SIGMA}"
    )  # no final form at the end of a word
    assert lower("İI") == "ii"
    assert lower("ẞ") == "ß"


@given(st.text())
def test_words_are_the_runs_of_letters_and_numbers(text: str) -> None:
    expected = "".join(each if unicodedata.category(each)[0] in "LN" else " " for each in text).split()
    assert tokenizer_of(Analyzer("word"))(text) == [lower(each) for each in expected]


@given(st.text(st.characters(max_codepoint=127)), st.sampled_from(sorted(TOKENIZATIONS)))
def test_what_follows_does_not_change_the_tokens_before(text: str, tokenization: str) -> None:
    # The quick way for ASCII and the other agree.
    tokens = tokenizer_of(Analyzer(tokenization))
    if tokenization in ("word", "lowercase", "whitespace"):
        assert tokens(text + " é") == [*tokens(text), "é"]


@pytest.mark.parametrize(
    ("text", "ignore", "expected"),
    [
        ("Zürich Łódź", "", "Zurich Lodz"),
        ("Straße ﬁn Œuvre ĳ", "", "Strasse fin OEuvre ij"),
        ("cafe\u0301 CAFÉ", "", "cafe CAFE"),
        ("café CAFÉ cafe\u0301 naïve", "é", "café CAFÉ café naive"),
        ("łø", "ł", "ło"),
        ("日本語", "", "日本語"),
        ("が", "", "か"),  # the voice mark is a mark
        ("plain", "é", "plain"),
    ],
)
def test_folding(text: str, ignore: str, expected: str) -> None:
    assert fold(text, frozenset(ignore)) == expected


def test_queries_lose_stopwords_of_words_only() -> None:
    word = Analyzer("word", frozenset({"the", "a"}))
    assert query_tokens("The fox a", word) == ["fox"]
    assert query_tokens("the a", word) == []
    assert query_tokens("the fox", replace(word, tokenization="lowercase")) == ["the", "fox"]
    assert tokenizer_of(word)("the fox") == ["the", "fox"]


def test_patterns_keep_wildcards_inside_tokens() -> None:
    assert wildcard_tokens("The R?d-fo* *", Analyzer("word", frozenset({"the"}))) == ["the", "r?d", "fo*", "*"]
    assert wildcard_tokens("R?d-Fo* x", Analyzer("whitespace")) == ["R?d-Fo*", "x"]
    assert wildcard_tokens(" R* x ", Analyzer("field")) == ["R* x"]
    assert wildcard_tokens("a?b*", Analyzer("trigram")) == ["a?b", "?b*"]
    assert wildcard_tokens("Caf* é", Analyzer("word", ascii_fold=True)) == ["caf*", "e"]


def ask(path: str, body: object) -> tuple[int, Any]:
    database = stores.open_database()
    database.commit([PutCollection(stores.collection_json("Article"))])
    request = RestRequest("POST", path, body=body)
    route, variables = ROUTER.find(request)
    try:
        reply = route.handler(database, replace(request, variables=variables))
    except Refused as refused:
        return refused.http, refused.body()
    return reply.status, reply.body


def test_rest_tokenizes_a_text() -> None:
    body: dict[str, object] = {"text": "The fox a", "tokenization": "word"}
    assert ask("/tokenize", body) == (200, {"indexed": ["the", "fox", "a"], "query": ["fox"]})
    own = body | {"stopwords": {"preset": "none", "additions": ["fox"]}}
    assert ask("/tokenize", own) == (200, {"indexed": ["the", "fox", "a"], "query": ["the", "a"]})
    preset = body | {"stopwordPresets": {"mine": ["a"]}, "analyzerConfig": {"stopwordPreset": "mine"}}
    assert ask("/tokenize", preset) == (200, {"indexed": ["the", "fox", "a"], "query": ["the", "fox"]})
    folded = {
        "text": "Café É",
        "tokenization": "field",
        "analyzerConfig": {"asciiFold": True, "asciiFoldIgnore": ["É"]},
    }
    assert ask("/tokenize", folded) == (200, {"indexed": ["Café É"], "query": ["Café É"]})


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (None, 422, "body in body is required"),
        ({"tokenization": "word"}, 422, "text in body is required"),
        ({"text": "x"}, 422, "tokenization in body is required"),
        ({"text": 5, "tokenization": "word"}, 400, "cannot unmarshal number"),
        ({"text": "x", "tokenization": "nope"}, 422, "should be one of [word lowercase whitespace field trigram gse"),
        ({"text": "x", "tokenization": "gse"}, 422, "unsupported tokenization strategy: gse"),
        ({"text": "x" * 10_001, "tokenization": "word"}, 422, "maximum allowed length of 10,000"),
        (
            {"text": "x", "tokenization": "word", "analyzerConfig": {"asciiFoldIgnore": ["é"]}},
            422,
            "asciiFoldIgnore requires",
        ),
        (
            {"text": "x", "tokenization": "word", "analyzerConfig": {"stopwordPreset": "zz"}},
            422,
            'unknown stopword preset "zz"',
        ),
        ({"text": "x", "tokenization": "word", "stopwords": {"preset": "zz"}}, 422, "'zz' does not exist"),
        (
            {"text": "x", "tokenization": "word", "stopwords": {}, "stopwordPresets": {"a": ["b"]}},
            422,
            "mutually exclusive",
        ),
    ],
)
def test_rest_refuses(body: object, status: int, message: str) -> None:
    found, reply = ask("/tokenize", body)
    assert found == status
    assert message in (reply.get("message") or reply["error"][0]["message"])


def test_rest_tokenizes_as_a_property_does() -> None:
    found = ask("/schema/article/properties/TITLE/tokenize", {"text": "The Fox"})
    assert found == (200, {"indexed": ["the", "fox"], "query": ["fox"]})
    status, body = ask("/schema/Article/properties/count/tokenize", {"text": "x"})
    assert (status, body) == (422, {"error": [{"message": "tokenization is not enabled for this property"}]})
    assert ask("/schema/Article/properties/nope/tokenize", {"text": "x"}) == (404, None)
    assert ask("/schema/Nope/properties/title/tokenize", {"text": "x"}) == (404, None)
