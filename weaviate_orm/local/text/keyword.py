"""Keyword search: BM25F over the token indexes of one shard, with the server's scores.

The score of a row is the sum over properties of ``weight * idf * tf / (tf + k1 * (1 - b + b * length / average length))``, summed over the
terms of the query. ``idf`` comes from all live objects of the shard, filters aside, and is shared by properties that make the same tokens.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.objects import Bools, Floats, Ints
from weaviate_orm.local.ranking import Ranking
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import Analyzer, CollectionSchema, PropertySchema
from weaviate_orm.local.storage.columns import TextColumn
from weaviate_orm.local.text.missing_index import not_searchable
from weaviate_orm.local.text.token_index import TokenIndex
from weaviate_orm.local.text.tokenize import query_tokens
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.storage.shard import Shard

__all__ = ["keyword_search"]

Doubles = npt.NDArray[np.float64]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.ASCII | re.IGNORECASE)


@dataclass(slots=True)
class _Postings:
    """Where a term stands in a property."""

    rows: npt.NDArray[np.int32]
    frequencies: Floats
    idf: float = 0.0  # times how often the query has the term


@dataclass(slots=True)
class _Searched:
    """One property that is searched."""

    name: str
    weight: float
    index: TokenIndex
    postings: dict[str, _Postings] = field(default_factory=dict[str, _Postings])


def keyword_search(
    shard: Shard,
    query: str,
    properties: Sequence[str],
    *,
    operator: pb.SearchOperatorOptions | None,
    allowed: Bools | None,
    limit: int,
    explain: bool,
    text_only: bool = False,
) -> Ranking:
    """Give the rows that match best: by score, rows of one score by id. Of those, the ones stored first survive the limit.

    Args:
        shard: where to search.
        query: words; nothing is found when all of them are stopwords.
        properties: names, each may carry ``^weight``; none for all that are searchable.
        operator: how many of the words a property must have; any one by default.
        allowed: rows that may be found, shape ``(shard.size,)``.
        limit: at most so many rows; 0 for all.
        explain: also give frequencies and lengths as text.
        text_only: leave ``text[]`` out where no properties are named.

    Raises:
        Refused: a property is unknown or cannot be searched, or ``OPERATOR_AND_CROSS`` meets properties that make tokens differently.
    """
    schema = shard.schema
    weights = _weights(schema, properties, text_only)
    groups = _groups(shard, weights)
    kind = pb.SearchOperatorOptions.OPERATOR_OR if operator is None else operator.operator
    crossing = kind == pb.SearchOperatorOptions.OPERATOR_AND_CROSS
    if crossing and len({_settings(schema.properties[group[0].name]) for group in groups.values()}) > 1:
        raise Refused(
            "blockmaxwand: OPERATOR_AND_CROSS requires all searched properties to share the same tokenization and analyzer settings"
        )
    scorer = _Scorer(shard, allowed, limit)
    for group in groups.values():
        analyzer = _analyzer(schema.properties[group[0].name])
        terms = Counter(query_tokens(query, analyzer))
        scorer.look_up(group, terms)
        if crossing:
            continue
        needed = 1 if operator is None else max(operator.minimum_or_tokens_match, 1)
        if kind == pb.SearchOperatorOptions.OPERATOR_AND:
            needed = len(terms)
        for searched in group:
            scorer.add(searched, needed)
    everything = [searched for group in groups.values() for searched in group]
    if crossing:
        scorer.add_crossing(everything, query_tokens(query, _analyzer(schema.properties[everything[0].name])))
    rows, scores = scorer.best()
    return Ranking(rows, scores=scores, explanations=_explanations(everything, rows) if explain else {})


def _weights(schema: CollectionSchema, properties: Sequence[str], text_only: bool) -> dict[str, float]:
    """Give the properties to search with their weights, each once; of one that is named twice the last weight counts."""
    if not properties:
        kinds = ("text",) if text_only else ("text", "text[]")
        found = {each.name: 1.0 for each in schema.properties.values() if each.searchable and each.data_type in kinds}
        if not found:
            raise Refused("No properties provided, and no indexed properties found in class")
        return found
    weights: dict[str, float] = {}
    for text in properties:
        name, *weight = text.split("^")
        known = schema.properties.get(name)
        if known is None or not known.searchable:
            raise not_searchable(text)
        weights[name] = _weight(weight[0]) if weight else 1.0
    return weights


def _weight(text: str) -> float:
    # What is no number counts as 0. The server keeps weights as float32.
    return float(np.float32(text)) if _NUMBER.fullmatch(text) else 0.0


def _analyzer(property: PropertySchema) -> Analyzer:
    assert property.analyzer is not None  # only texts are searchable
    return property.analyzer


def _settings(property: PropertySchema) -> tuple[str, bool, frozenset[str], frozenset[str]]:
    own = _analyzer(property)
    return own.tokenization, own.ascii_fold, own.ascii_fold_ignore, own.stopwords


def _groups(shard: Shard, weights: Mapping[str, float]) -> dict[object, list[_Searched]]:
    """Give the properties by what they share document frequencies with: those of one tokenization without further settings."""
    schema = shard.schema
    bodies: dict[str, dict[str, Any]] = {one["name"]: one for one in schema.json.get("properties") or ()}  # JSON
    groups: dict[object, list[_Searched]] = {}
    for name, weight in weights.items():
        column = shard.column(name)
        assert isinstance(column, TextColumn)
        assert column.index is not None  # built where the property is searchable
        analyzer = _analyzer(schema.properties[name])
        own: dict[str, Any] = bodies.get(name, {}).get("textAnalyzer") or {}  # JSON
        alone = bool(own.get("stopwordPreset") or analyzer.ascii_fold_ignore)
        key = (analyzer.tokenization, analyzer.ascii_fold, name if alone else "")
        groups.setdefault(key, []).append(_Searched(name, weight, column.index))
    return groups


class _Scorer:
    """Scores of all rows of a shard, while they are added up."""

    def __init__(self, shard: Shard, allowed: Bools | None, limit: int) -> None:
        self._shard = shard
        self._admitted = shard.live if allowed is None else shard.live & allowed
        self._limit = limit
        self._k1 = shard.schema.bm25_k1
        self._b = shard.schema.bm25_b
        self._scores = np.zeros(shard.size, np.float32)
        self._found = np.zeros(shard.size, np.bool_)

    def look_up(self, group: Sequence[_Searched], terms: Mapping[str, int]) -> None:
        """Read the postings of the terms, and weigh each term by how rare it is in the group."""
        live = self._shard.live
        total = len(self._shard)
        for term, repeated in terms.items():
            counts: list[int] = []
            for searched in group:
                rows, frequencies = searched.index.postings(term)
                count = int(np.count_nonzero(live[rows]))
                if count:
                    searched.postings[term] = _Postings(rows, frequencies)
                    counts.append(count)
            if not counts:
                continue
            having = sum(counts) // len(counts)
            idf = math.log(1 + (max(total, having) - having + 0.5) / (having + 0.5)) * repeated
            for searched in group:
                if term in searched.postings:
                    searched.postings[term].idf = idf

    def add(self, searched: _Searched, needed: int) -> None:
        """Add the scores of one property, where it has at least so many of the terms.

        As on the server, a property gives its scores to a few more rows than are asked for, and none to all others: with several properties
        and more matches than that, low scores may lack a part.
        """
        if not searched.postings or len(searched.postings) < needed:
            return
        size = self._shard.size
        sums = np.zeros(size)
        matched = np.zeros(size, np.int32)
        for rows, scores in self._scored(searched):
            sums[rows] += scores
            matched[rows] += 1
        found = np.flatnonzero((matched >= needed) & self._admitted)
        self._add(found, sums, max(int(self._limit * 1.1), self._limit + 10) if self._limit > 0 else 0)

    def _add(self, rows: Ints, sums: Doubles, limit: int) -> None:
        """Add sums to the scores of the best of some rows."""
        scores = sums[rows].astype(np.float32)
        chosen = self._top(rows, scores, limit)
        self._scores[rows[chosen]] += scores[chosen]
        self._found[rows[chosen]] = True

    def add_crossing(self, everything: Sequence[_Searched], terms: Iterable[str]) -> None:
        """Add the scores of all properties, where together they have all terms."""
        wanted = set(terms)
        if not wanted:
            return
        size = self._shard.size
        sums = np.zeros(size)
        hits = np.ones(size, np.bool_)
        for term in wanted:
            has = np.zeros(size, np.bool_)
            for searched in everything:
                if term in searched.postings:
                    has[searched.postings[term].rows] = True
            hits &= has
        for searched in everything:
            for rows, scores in self._scored(searched):
                sums[rows] += scores
        self._add(np.flatnonzero(hits & self._admitted), sums, 0)

    def _scored(self, searched: _Searched) -> Iterable[tuple[npt.NDArray[np.int32], Doubles]]:
        k1, b = self._k1, self._b
        if not searched.postings:
            return
        damping: Doubles = k1 * (
            (1 - b) + b * (searched.index.lengths.astype(np.float64) / searched.index.average_length)
        )
        for found in searched.postings.values():
            frequencies = found.frequencies.astype(np.float64)
            yield found.rows, frequencies / (frequencies + damping[found.rows]) * found.idf * searched.weight

    def best(self) -> tuple[Ints, Floats]:
        """Give the rows to return with their scores."""
        rows = np.flatnonzero(self._found)
        scores = self._scores[rows]
        chosen = self._top(rows, scores, self._limit)
        rows, scores = rows[chosen], scores[chosen]
        ids = self._shard.uuids()[rows].view(">u8")
        order = np.lexsort((ids[:, 1], ids[:, 0], -scores))
        return rows[order].astype(np.int64), scores[order]

    def _top(self, rows: Ints, scores: Floats, limit: int) -> Ints:
        """Give the places of the best scores, in no order; of equal ones those stored first. All for limit 0."""
        if not 0 < limit < len(rows):
            return np.arange(len(rows))
        worst = np.partition(scores, len(rows) - limit)[len(rows) - limit]
        better = np.flatnonzero(scores > worst)
        ties = np.flatnonzero(scores == worst)
        ties = ties[np.argsort(self._shard.sequence[rows[ties]], kind="stable")[: limit - len(better)]]
        return np.concatenate((better, ties))


def _explanations(everything: Iterable[_Searched], rows: Ints) -> dict[int, str]:
    """Give for each row how often it has each term and how long the property is; of several properties the last one counts."""
    facts: dict[int, dict[str, int]] = {row: {} for row in rows.tolist()}
    for searched in everything:
        lengths = searched.index.lengths
        for term, found in searched.postings.items():
            places = np.searchsorted(found.rows, rows)
            for row, place in zip(rows.tolist(), places.tolist(), strict=True):
                if place < len(found.rows) and found.rows[place] == row:
                    facts[row][f"BM25F_{term}_frequency"] = int(found.frequencies[place])
                    facts[row][f"BM25F_{term}_propLength"] = int(lengths[row])
    return {row: "".join(f", {name}:{value}" for name, value in found.items()) for row, found in facts.items()}
