"""Aggregation: every metric of every type, over everything, what is filtered, what a search finds, and groups."""

from __future__ import annotations

from zoo import Loan

from weaviate_orm import Aggregation, Metric, Move, Session, Words, count

from .common import ID, OTHER, Intent
from .models import Exhibit

__all__ = ["INTENTS"]

mean = Exhibit.likes.mean()


def exhibits(session: Session) -> Aggregation[Exhibit]:
    return session.aggregate(Exhibit)


def of(*metrics: Metric[object]) -> Intent:
    return lambda s: exhibits(s).compute(*metrics)


INTENTS: dict[str, Intent] = {
    "count": lambda s: exhibits(s).compute(count()),
    "count, filtered": lambda s: exhibits(s).where(Exhibit.likes > 5).compute(count()),
    "length of a collection": lambda s: s.count(Exhibit),
    "count of a tenant": lambda s: s.tenant("acme").query(Loan).count(),
    "count and metrics": lambda s: exhibits(s).compute(count(), mean),
    # metrics
    "text, all": of(Exhibit.title.count(), Exhibit.title.top_occurrences(limit=3)),
    "text, count": of(Exhibit.title.count()),
    "text, top occurrences": of(Exhibit.title.top_occurrences()),
    "whole numbers, all": lambda s: exhibits(s).compute(
        Exhibit.likes.count(),
        Exhibit.likes.sum(),
        Exhibit.likes.mean(),
        Exhibit.likes.median(),
        Exhibit.likes.mode(),
        Exhibit.likes.min(),
        Exhibit.likes.max(),
    ),
    "whole numbers, one": of(Exhibit.likes.median()),
    "numbers, all": lambda s: exhibits(s).compute(
        Exhibit.price.count(),
        Exhibit.price.sum(),
        Exhibit.price.mean(),
        Exhibit.price.median(),
        Exhibit.price.mode(),
        Exhibit.price.min(),
        Exhibit.price.max(),
    ),
    "numbers, some": of(Exhibit.price.sum(), Exhibit.price.max()),
    "truths, all": lambda s: exhibits(s).compute(
        Exhibit.shown.count(),
        Exhibit.shown.total_true(),
        Exhibit.shown.total_false(),
        Exhibit.shown.percentage_true(),
        Exhibit.shown.percentage_false(),
    ),
    "truths, some": of(Exhibit.shown.total_true(), Exhibit.shown.percentage_false()),
    "dates, all": lambda s: exhibits(s).compute(
        Exhibit.published.count(),
        Exhibit.published.median(),
        Exhibit.published.mode(),
        Exhibit.published.min(),
        Exhibit.published.max(),
    ),
    "dates, some": of(Exhibit.published.min(), Exhibit.published.max()),
    "references": of(Exhibit.maker.pointing_to()),
    "several properties": of(mean, Exhibit.price.max(), Exhibit.title.count()),
    # searches
    "near_text": lambda s: exhibits(s).near_text("a", target=Exhibit.meaning).object_limit(10).compute(mean),
    "near_text with everything": lambda s: (
        exhibits(s)
        .near_text(
            ["a", "b"],
            distance=0.5,
            move_to=Move(force=0.5, concepts=["c"]),
            move_away=Move(force=0.25, objects=[OTHER]),
            target=Exhibit.meaning,
        )
        .object_limit(10)
        .where(Exhibit.shown == True)  # noqa: E712 - a condition
        .compute(count(), mean)
    ),
    "near_text with a certainty": lambda s: (
        exhibits(s).near_text("a", certainty=0.5, target=Exhibit.meaning).compute(count())
    ),
    "near_vector": lambda s: exhibits(s).near_vector([1, 2], target=Exhibit.given).object_limit(10).compute(mean),
    "near_vector within a distance": lambda s: (
        exhibits(s).near_vector([1, 2], distance=0.5, target=Exhibit.given).compute(count())
    ),
    "near_vector with a certainty": lambda s: (
        exhibits(s).near_vector([1, 2], certainty=0.5, target=Exhibit.given).compute(count())
    ),
    "near_object": lambda s: exhibits(s).near_object(ID, target=Exhibit.given).object_limit(10).compute(mean),
    "near_object within a distance": lambda s: (
        exhibits(s).near_object(ID, distance=0.5, target=Exhibit.given).compute(count())
    ),
    "hybrid": lambda s: exhibits(s).hybrid("red", alpha=0.5, target=Exhibit.meaning).object_limit(10).compute(mean),
    "hybrid with everything": lambda s: (
        exhibits(s)
        .hybrid(
            "red",
            alpha=0.5,
            vector=[1, 2],
            properties=[Exhibit.title.weighted(2), Exhibit.body],
            operator=Words.every(),
            target=Exhibit.given,
            max_vector_distance=0.75,
        )
        .object_limit(10)
        .where(Exhibit.shown == True)  # noqa: E712 - a condition
        .compute(count(), mean)
    ),
    # groups
    "grouped": lambda s: exhibits(s).group_by(Exhibit.category).compute(count()),
    "grouped with a limit": lambda s: (
        exhibits(s).group_by(Exhibit.category, limit=3).compute(count(), mean, Exhibit.title.count())
    ),
    "grouped, filtered": lambda s: exhibits(s).where(Exhibit.likes > 5).group_by(Exhibit.shown).compute(mean),
    "grouped near_text": lambda s: (
        exhibits(s)
        .near_text("a", target=Exhibit.meaning)
        .object_limit(10)
        .group_by(Exhibit.category, limit=3)
        .compute(count(), mean)
    ),
    "grouped near_vector": lambda s: (
        exhibits(s)
        .near_vector([1, 2], target=Exhibit.given)
        .object_limit(10)
        .group_by(Exhibit.category)
        .compute(count())
    ),
    "grouped near_object": lambda s: (
        exhibits(s).near_object(ID, target=Exhibit.given).object_limit(10).group_by(Exhibit.category).compute(count())
    ),
    "grouped hybrid": lambda s: (
        exhibits(s)
        .hybrid("red", alpha=0.5, target=Exhibit.meaning)
        .object_limit(10)
        .group_by(Exhibit.category)
        .compute(count())
    ),
}
