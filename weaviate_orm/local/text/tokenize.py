"""Text -> tokens, by the server's rules: for the index, for queries, and for patterns with wildcards.

Letters and numbers are those of Unicode's categories, lower-casing takes one character at a time as Go does, white space is Unicode's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

from weaviate_orm.local.schema.parsed import Analyzer
from weaviate_orm.local.text.token_folding import fold

__all__ = ["TOKENIZATIONS", "Tokenizer", "lower", "query_tokens", "tokenizer_of", "wildcard_tokens"]

Tokenizer: TypeAlias = Callable[[str], list[str]]

_SPACE: Final = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_SPACES: Final = "".join(
    map(chr, (*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000))
)
_spaced = re.compile(f"[^{_SPACE}]+").findall
_ascii_words = re.compile("[0-9a-z]+").findall
_words = re.compile(r"[^\W_]+").findall
_wildcard_words = re.compile(r"(?:[^\W_]|[?*])+").findall


def lower(text: str) -> str:
    """Give the text in lower case, character by character: a final sigma is like any other, and ``İ`` becomes ``i``."""
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").replace("Σ", "\N{GREEK SMALL LETTER SIGMA}").lower()


def _word(text: str) -> list[str]:
    if text.isascii():
        return _ascii_words(text.lower())
    return [lower(each) for each in _words(text)]


def _lowercase(text: str) -> list[str]:
    return _spaced(lower(text))


def _whitespace(text: str) -> list[str]:
    return _spaced(text)


def _field(text: str) -> list[str]:
    return [text.strip(_SPACES)]


def _trigram(text: str) -> list[str]:
    letters = "".join(_word(text))
    return [letters[start : start + 3] for start in range(len(letters) - 2)]


TOKENIZATIONS: Final[dict[str, Tokenizer]] = {
    "word": _word,
    "lowercase": _lowercase,
    "whitespace": _whitespace,
    "field": _field,
    "trigram": _trigram,
}
"""By name, in the order in which the server lists them. Those that need a dictionary are not here."""


@lru_cache(maxsize=256)
def tokenizer_of(analyzer: Analyzer) -> Tokenizer:
    """Give the function that turns a stored text into its tokens, duplicates and stopwords included."""
    plain = TOKENIZATIONS[analyzer.tokenization]
    if not analyzer.ascii_fold:
        return plain
    ignore = analyzer.ascii_fold_ignore
    return lambda text: plain(fold(text, ignore))


def query_tokens(text: str, analyzer: Analyzer) -> list[str]:
    """Give the tokens to look for: of tokenization ``word`` without the stopwords."""
    tokens = tokenizer_of(analyzer)(text)
    if analyzer.tokenization != "word" or not analyzer.stopwords:
        return tokens
    return [token for token in tokens if token not in analyzer.stopwords]


def wildcard_tokens(text: str, analyzer: Analyzer) -> list[str]:
    """Give the patterns to look for, with ``?`` and ``*`` kept inside; stopwords stay."""
    if analyzer.ascii_fold:
        text = fold(text, analyzer.ascii_fold_ignore)
    match analyzer.tokenization:
        case "word":
            return _wildcard_word(text)
        case "trigram":
            # The server slides over bytes here, so what is not ASCII hardly ever matches.
            letters = "".join(_wildcard_word(text)).encode()
            return [letters[start : start + 3].decode(errors="surrogateescape") for start in range(len(letters) - 2)]
        case other:
            return TOKENIZATIONS[other](text)


def _wildcard_word(text: str) -> list[str]:
    return [lower(each) for each in _wildcard_words(text)]
