"""What a query cannot combine, because the server refuses it or would answer something else than was asked.

``check_parts`` is asked of every query that is made, so no order of steps leads around it. ``check_whole`` is asked when the request is
compiled: a search or a limit that is missing until then could still have come.
"""

from __future__ import annotations

from dataclasses import replace

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.query.boosting import Boosting
from weaviate_orm.query.search import Bm25, Hybrid, NearText, Threshold
from weaviate_orm.query.statement import MOST_RESULTS, Statement, changed

__all__ = ["check_parts", "check_whole", "depends_on_limit", "limited", "words_of"]


def check_parts(statement: Statement) -> None:
    """Refuse what no further step could mend.

    Raises:
        InvalidQueryError: says which two steps do not go together, and why.
    """
    if statement.after is not None:
        _check_cursor(statement)
    if statement.order:
        if statement.search is not None:
            raise InvalidQueryError(
                "order_by() does not go with a search, which ranks by itself. Leave one of them out."
            )
        if statement.generation is not None:
            raise InvalidQueryError(
                "order_by() does not go with generate(): the server refuses to sort what a generative model reads. Leave one of them out."
            )
    if statement.diversity is not None and statement.search is not None:
        _check_diversity(statement)


def check_whole(statement: Statement) -> None:
    """Refuse what lacks a part, now that no step can bring it.

    Raises:
        InvalidQueryError: says what is missing.
    """
    check_parts(statement)
    if statement.auto_limit is not None and statement.search is None:
        raise InvalidQueryError(
            "auto_limit() ends the results where a distance or score jumps, and without a search there is none: the server would give "
            "nothing. Add a search, or use limit()."
        )
    if statement.rerank is not None and statement.rerank.query is None and words_of(statement) is None:
        raise InvalidQueryError(
            f"rerank() compares texts with a query, and {'this search has' if statement.search else 'without a search there are'} no "
            f"words that it could take: rerank({statement.info.name}.{statement.rerank.property.field}, query=...)."
        )
    if statement.diversity is not None:
        if statement.search is None:
            raise InvalidQueryError("diversify() chooses among the results of a vector search; the query has none.")
        if statement.limit is None:
            raise InvalidQueryError(
                f"diversify(limit={statement.diversity.limit}) chooses among the results that limit() lets through: add "
                f"limit(), say limit({4 * statement.diversity.limit})."
            )
        if statement.diversity.limit > statement.limit:
            raise InvalidQueryError(
                f"diversify(limit={statement.diversity.limit}) chooses among the results that limit({statement.limit}) lets "
                "through, so its limit cannot be larger."
            )


def limited(statement: Statement, limit: int) -> Statement:
    """Give a statement of fewer results that begin with the same ones, where that can be: what chooses from a page needs all of it."""
    if statement.rerank is not None or statement.diversity is not None or statement.auto_limit is not None:
        return statement
    if depends_on_limit(statement):
        return statement
    boost = statement.boost
    return changed(statement, limit=limit, boost=boost if boost is None else _as_deep(statement, boost))


def depends_on_limit(statement: Statement) -> bool:
    """Tell whether a search gives other results first, or none, when fewer are asked for.

    Of several distances that are joined, the server looks at so many objects a vector as the limit says, so the best of all need not be
    among them. And a threshold is applied to what the limit let through: with a boost, those need not be the nearest.
    """
    search = statement.search
    if search is None or isinstance(search, Bm25 | Hybrid):
        return False
    if search.targets.combination not in (None, "minimum"):
        return True
    return statement.boost is not None and search.threshold != _ANY


_ANY = Threshold()
_DEPTH = 100  # candidates of a boost when neither it nor the limit asks for more


def _as_deep(statement: Statement, boost: Boosting) -> Boosting:
    """Give the boost with as many candidates as it has under the statement's own limit, which the server boosts at least."""
    offset = statement.offset or 0
    everything = MOST_RESULTS - offset if statement.search is None else 0
    candidates = (statement.limit or everything) + offset
    return replace(boost, depth=candidates) if candidates > (boost.depth or _DEPTH) else boost


def words_of(statement: Statement) -> str | None:
    """Give the words that the query searches for, ``None`` when it does not search by words."""
    match statement.search:
        case NearText():
            return " ".join(statement.search.concepts)
        case Bm25():
            return statement.search.query
        case Hybrid():
            # Empty for a search by vectors alone, whose words, if any, are those of its near_text.
            inner = statement.search.vector
            return statement.search.query or (" ".join(inner.concepts) if isinstance(inner, NearText) else None)
        case _:
            return None


def _check_cursor(statement: Statement) -> None:
    others = {
        "where()": statement.condition is not None,
        "order_by()": bool(statement.order),
        "a search": statement.search is not None,
        "offset()": bool(statement.offset),
        "group_by()": statement.grouping is not None,
    }
    for other, there in others.items():
        if there:
            raise InvalidQueryError(
                f"after() goes on behind an id in the order of ids, which the server does over the whole collection only: it does not go "
                f"with {other}. Leave one of them out."
            )
    for other, there in (("boost()", statement.boost is not None), ("rerank()", statement.rerank is not None)):
        if there:
            raise InvalidQueryError(
                f"after() makes pages in the order of ids, and {other} orders each of them anew: going on behind the last object of one "
                "would leave objects out. Leave one of them out."
            )


def _check_diversity(statement: Statement) -> None:
    search = statement.search
    if search is None or isinstance(search, Bm25):
        raise InvalidQueryError(
            "diversify() compares vectors, which a keyword search has not. Use hybrid(), or leave one of them out."
        )
    multi = next((each for each in search.targets.vectors if each.multi), None)
    if multi is not None:
        raise InvalidQueryError(
            f"diversify() does not go with {statement.info.name}.{multi.field}: the server cannot compare multi-vectors with each other.",
            field=f"{statement.info.name}.{multi.field}",
        )
