"""The inverted index of one text property of one shard: token -> rows, with frequencies and lengths.

It knows nothing of columns and filters. Rows come in ascending order and are never taken out; a shard compacts by building it anew.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from itertools import chain

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.objects import Floats
from weaviate_orm.local.schema.parsed import Analyzer
from weaviate_orm.local.text.tokenize import Tokenizer, tokenizer_of

__all__ = ["TokenIndex"]

Rows = npt.NDArray[np.int32]

_new_postings = partial(array, "i")


class TokenIndex:
    """Tokens of a property with the rows that have them.

    Postings hold a row once for every occurrence, four bytes each, so that adding a document is one append a token; frequencies are the
    lengths of the runs and are counted when asked for.
    """

    def __init__(self, analyzer: Analyzer | None) -> None:
        """Make an empty index; without an analyzer every value is one token."""
        self._tokenize: Tokenizer | None = None if analyzer is None else tokenizer_of(analyzer)
        self._postings: defaultdict[str, array[int]] = defaultdict(_new_postings)
        self._dead: defaultdict[str, int] = defaultdict(int)
        self._lengths: array[int] = array("i")
        self._live_tokens = 0
        self._live_rows = 0
        self._sorted: list[str] = []

    def add(self, row: int, texts: Sequence[str]) -> None:
        """Add the values of a row that comes after all that are in."""
        self.extend(row)
        self.add_many([texts])

    def add_many(self, texts: Iterable[Sequence[str]]) -> None:
        """Add the values of the rows that come next, none for a row without the property."""
        postings, tokens_of = self._postings, self._tokens_of
        first = len(self._lengths)
        lengths: list[int] = []
        for row, values in enumerate(texts, first):
            tokens = tokens_of(values) if values else ()
            for token in tokens:
                postings[token].append(row)
            lengths.append(len(tokens))
        self._lengths.extend(lengths)
        self._live_tokens += sum(lengths)
        self._live_rows += len(lengths) - lengths.count(0)

    def remove(self, row: int, texts: Sequence[str]) -> None:
        """Take a row that died out of the counts, given the values it was added with. Its postings stay."""
        tokens = self._tokens_of(texts)
        for token in set(tokens):
            self._dead[token] += 1
        if tokens:
            self._live_tokens -= len(tokens)
            self._live_rows -= 1

    def extend(self, size: int) -> None:
        """Add rows without the property until there are so many."""
        missing = size - len(self._lengths)
        if missing > 0:
            self._lengths.frombytes(bytes(missing * self._lengths.itemsize))

    def _tokens_of(self, texts: Sequence[str]) -> Sequence[str]:
        if self._tokenize is None:
            return texts
        if len(texts) == 1:
            return self._tokenize(texts[0])
        return list(chain.from_iterable(map(self._tokenize, texts)))

    def tokens(self) -> Collection[str]:
        """Give every token, those of dead rows included."""
        return self._postings.keys()

    def sorted_tokens(self) -> list[str]:
        """Give every token in the order of its bytes; kept until tokens are added."""
        if len(self._sorted) != len(self._postings):
            self._sorted = sorted(self._postings)
        return self._sorted

    def starting_with(self, prefix: str) -> list[str]:
        """Give the tokens with a prefix, in order."""
        tokens = self.sorted_tokens()
        if not prefix:
            return tokens
        start = bisect_left(tokens, prefix)
        stop = start
        while stop < len(tokens) and tokens[stop].startswith(prefix):
            stop += 1
        return tokens[start:stop]

    def ordered(self, token: str, *, above: bool, inclusive: bool) -> list[str]:
        """Give the tokens above or below one, in order."""
        tokens = self.sorted_tokens()
        if above:
            return tokens[(bisect_left if inclusive else bisect_right)(tokens, token) :]
        return tokens[: (bisect_right if inclusive else bisect_left)(tokens, token)]

    def rows(self, token: str) -> Rows:
        """Give the rows with a token, ascending, each once, dead ones included."""
        occurrences = self._occurrences(token)
        first = _run_starts(occurrences)
        return occurrences if len(first) == len(occurrences) else occurrences[first]

    def frequencies(self, token: str) -> Floats:
        """Give how often each of ``rows(token)`` has the token."""
        occurrences = self._occurrences(token)
        return np.diff(_run_starts(occurrences), append=len(occurrences)).astype(np.float32)

    def postings(self, token: str) -> tuple[Rows, Floats]:
        """Give rows and frequencies together."""
        occurrences = self._occurrences(token)
        first = _run_starts(occurrences)
        if len(first) == len(occurrences):
            return occurrences, np.ones(len(first), np.float32)
        return occurrences[first], np.diff(first, append=len(occurrences)).astype(np.float32)

    def rows_of_any(self, tokens: Iterable[str]) -> Rows:
        """Give the rows with any of some tokens, in no order, some several times, dead ones included."""
        joined = _new_postings()
        for token in tokens:
            found = self._postings.get(token)
            if found is not None:
                joined.extend(found)
        return np.array(joined, np.int32)

    def live_count(self, token: str) -> int:
        """Give how many live rows have the token."""
        return len(self.rows(token)) - self._dead.get(token, 0)

    @property
    def lengths(self) -> Floats:
        """Tokens of each row, shape ``(size,)``; 0 without the property."""
        return np.array(self._lengths, np.float32)

    @property
    def average_length(self) -> float:
        """Mean number of tokens of the live rows that have any; 0 when there are none."""
        return self._live_tokens / self._live_rows if self._live_rows else 0.0

    def _occurrences(self, token: str) -> Rows:
        found = self._postings.get(token)
        # A copy: an array cannot grow while numpy looks at its memory.
        return np.empty(0, np.int32) if found is None else np.array(found, np.int32)


def _run_starts(occurrences: Rows) -> npt.NDArray[np.intp]:
    """Give the places at which a row differs from the one before."""
    if not len(occurrences):
        return np.empty(0, np.intp)
    return np.flatnonzero(np.concatenate(([True], occurrences[1:] != occurrences[:-1])))
