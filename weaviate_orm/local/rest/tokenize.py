"""REST: what a text becomes, with settings that come in the request or those of a property."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from weaviate_orm.local.refusals import Refused, RestShape
from weaviate_orm.local.routing import RestRequest, Route
from weaviate_orm.local.schema.parsed import Analyzer
from weaviate_orm.local.schema.sections import check_presets, check_stopwords
from weaviate_orm.local.schema.shapes import PROPERTY_TOKENIZE, TOKENIZE, decode_body
from weaviate_orm.local.schema.stopwords import PRESETS
from weaviate_orm.local.text.tokenize import TOKENIZATIONS, tokenizer_of
from weaviate_orm.wire.call import RestReply

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Database

__all__ = ["ROUTES"]

Json = dict[str, Any]  # JSON has no narrower type

_LONGEST: Final = 10_000  # bytes


def _tokenize(database: Database, request: RestRequest) -> RestReply:
    body = decode_body(TOKENIZE, request.body, "body")
    text: str = body["text"]
    tokenization: str = body["tokenization"]
    if tokenization not in TOKENIZATIONS:  # those with dictionaries
        raise Refused(f"unsupported tokenization strategy: {tokenization}")
    if len(text.encode()) > _LONGEST:
        raise Refused("text exceeds maximum allowed length of 10,000 characters")
    settings: Json = body.get("analyzerConfig") or {}
    _check_analyzer(settings)
    return _reply(text, _analyzer(tokenization, settings, _stopwords(tokenization, settings, body)))


def _check_analyzer(settings: Json) -> None:
    ignored: list[str] = settings.get("asciiFoldIgnore") or []
    if ignored and not settings.get("asciiFold"):
        raise Refused("asciiFoldIgnore requires asciiFold to be enabled")
    for entry in ignored:
        if len(unicodedata.normalize("NFC", entry)) != 1:
            raise Refused(f'each asciiFoldIgnore entry must be a single character, got "{entry}"')


def _stopwords(tokenization: str, settings: Json, body: Json) -> frozenset[str]:
    """Give the words to leave out: of the preset that is named, else those of the request, else English ones for words."""
    section: Json | None = body.get("stopwords")
    presets: dict[str, list[str]] = body.get("stopwordPresets") or {}
    if section is not None and presets:
        raise Refused("stopwords and stopwordPresets are mutually exclusive; pass only one")
    try:
        if section is not None:
            section = dict(section)
            check_stopwords({"stopwords": section})  # fills in the preset, and drops additions that it has
        check_presets(presets)
    except Refused as refused:
        raise Refused(refused.text) from None  # in the shape of this endpoint
    named = settings.get("stopwordPreset") or ""
    if not named and section is not None:
        return (PRESETS[section["preset"]] | set(section.get("additions") or ())) - set(section.get("removals") or ())
    if not named and tokenization != "word":
        return frozenset()
    name = named or "en"
    if name in presets:
        return frozenset(presets[name])
    if name not in PRESETS:
        raise Refused(
            f"unknown stopword preset \"{name}\"; define it in stopwordPresets or use a built-in preset ('en', 'none')"
        )
    return PRESETS[name]


def _analyzer(tokenization: str, settings: Json, stopwords: frozenset[str]) -> Analyzer:
    ignored: list[str] = settings.get("asciiFoldIgnore") or []
    return Analyzer(
        tokenization,
        stopwords,
        ascii_fold=bool(settings.get("asciiFold")),
        ascii_fold_ignore=frozenset(unicodedata.normalize("NFC", "".join(ignored))),
    )


def _tokenize_property(database: Database, request: RestRequest) -> RestReply:
    text: str = decode_body(PROPERTY_TOKENIZE, request.body, "body")["text"]
    collection = database.find(request.variables["collection"])
    wanted = request.variables["property"].casefold()
    found = collection and next(
        (each for each in collection.schema.properties.values() if each.name.casefold() == wanted), None
    )
    if not found:
        raise Refused(http=404, shape=RestShape.EMPTY)
    if found.analyzer is None:
        raise Refused("tokenization is not enabled for this property")
    return _reply(text, found.analyzer)


def _reply(text: str, analyzer: Analyzer) -> RestReply:
    indexed = tokenizer_of(analyzer)(text)
    # Stopwords go here whatever the tokenization; searches leave them out of words only.
    query = [token for token in indexed if token not in analyzer.stopwords]
    return RestReply(200, {"indexed": indexed, "query": query})


ROUTES: Final = (
    Route("POST", "/tokenize", _tokenize),
    Route("POST", "/schema/{collection}/properties/{property}/tokenize", _tokenize_property),
)
"""The endpoints of this module."""
