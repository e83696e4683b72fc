"""What changes the order or the choice of what a search found, with each search: cuts, rerankers, diversity, boosts and groups."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from zoo import Article

from weaviate_orm import Boost, Condition, Query, Session, Words
from weaviate_orm.types import MediaKind

from .common import ID, MEDIUM, Intent
from .models import Exhibit, exhibits
from .searches import MEDIA

__all__ = ["INTENTS"]

NOT_SHOWN: Condition = Exhibit.shown == False  # noqa: E712 - a condition


def near_text(session: Session) -> Query[Exhibit]:
    return exhibits(session).near_text("a", target=Exhibit.meaning)


def near_vector(session: Session) -> Query[Exhibit]:
    return exhibits(session).near_vector([1, 2], target=Exhibit.given)


def near_object(session: Session) -> Query[Exhibit]:
    return exhibits(session).near_object(ID, target=Exhibit.given)


def near_image(session: Session) -> Query[Exhibit]:
    return exhibits(session).near_image(MEDIUM, target=Exhibit.scene)


def bm25(session: Session) -> Query[Exhibit]:
    return exhibits(session).bm25("red")


def hybrid(session: Session) -> Query[Exhibit]:
    return exhibits(session).hybrid("red", alpha=0.5, target=Exhibit.meaning)


def boosted(*boosts: Boost, weight: float | None = None, depth: int | None = None) -> Intent:
    return lambda s: near_text(s).boost(*boosts, weight=weight, depth=depth).all()


def diversified(kind: MediaKind) -> Intent:
    return lambda s: (
        exhibits(s).near_media(MEDIUM, kind=kind, target=Exhibit.scene).diversify(limit=3, balance=0.25).all()
    )


POPULAR = Boost.value(Exhibit.likes)

INTENTS: dict[str, Intent] = {
    # autocut
    "near_text cut": lambda s: near_text(s).auto_limit(2).all(),
    "near_vector cut": lambda s: near_vector(s).auto_limit(1).all(),
    "near_object cut": lambda s: near_object(s).auto_limit(1).all(),
    "near_image cut": lambda s: near_image(s).auto_limit(3).all(),
    "near an audio cut": lambda s: (
        exhibits(s).near_media(MEDIUM, kind="audio", target=Exhibit.scene).auto_limit(1).all()
    ),
    "bm25 cut": lambda s: bm25(s).auto_limit(1).all(),
    "hybrid cut": lambda s: hybrid(s).auto_limit(1).all(),
    # rerank
    "bm25 reranked": lambda s: bm25(s).rerank(Exhibit.body).all(),
    "near_text reranked": lambda s: near_text(s).rerank(Exhibit.body).all(),
    "near_text reranked by a query": lambda s: near_text(s).rerank(Exhibit.body, query="which engine?").all(),
    "near_vector reranked by a query": lambda s: near_vector(s).rerank(Exhibit.body, query="which engine?").all(),
    "near_object reranked by a query": lambda s: near_object(s).rerank(Exhibit.body, query="which engine?").all(),
    "near_image reranked by a query": lambda s: near_image(s).rerank(Exhibit.body, query="which engine?").all(),
    "near a video reranked by a query": lambda s: (
        exhibits(s)
        .near_media(MEDIUM, kind="video", target=Exhibit.scene)
        .rerank(Exhibit.body, query="which engine?")
        .all()
    ),
    "bm25 reranked by a query": lambda s: bm25(s).rerank(Exhibit.body, query="which engine?").all(),
    "hybrid reranked": lambda s: hybrid(s).rerank(Exhibit.body).all(),
    # MMR
    "near_text diversified": lambda s: near_text(s).diversify(limit=3, balance=0.25).all(),
    "near_vector diversified": lambda s: near_vector(s).diversify(limit=3, balance=0.25).all(),
    "near_object diversified": lambda s: near_object(s).diversify(limit=3, balance=0.25).all(),
    "near_image diversified": lambda s: near_image(s).diversify(limit=3, balance=0.25).all(),
    "hybrid diversified": lambda s: hybrid(s).diversify(limit=3, balance=0.25).all(),
    "diversified without a balance": lambda s: near_text(s).diversify(limit=4).all(),
    # boosts
    "boosted by a filter": boosted(Boost.where(Exhibit.shown == True)),  # noqa: E712 - a condition
    "boosted by logic": boosted(Boost.where((Exhibit.likes > 5) & ~(Exhibit.category == "x")), weight=0.75, depth=50),
    "boosted by recency": boosted(Boost.decay(Exhibit.published, scale=timedelta(days=7))),
    "boosted by nearness to a date": boosted(
        Boost.decay(
            Exhibit.published,
            origin=datetime(2024, 5, 1, tzinfo=UTC),
            scale=timedelta(hours=36),
            offset=timedelta(minutes=90),
            curve="gauss",
            decay=0.25,
        ),
        weight=0.25,
        depth=200,
    ),
    "boosted by nearness in seconds": boosted(
        Boost.decay(Exhibit.published, scale=timedelta(seconds=45), offset=timedelta(seconds=1.5), curve="exponential")
    ),
    "boosted by nearness to a number": boosted(Boost.decay(Exhibit.price, origin=50, scale=10)),
    "boosted by nearness to a number with everything": boosted(
        Boost.decay(Exhibit.likes, origin=5, scale=2, offset=1, curve="linear", decay=0.25), weight=0.5, depth=20
    ),
    "boosted by a value": boosted(POPULAR),
    "boosted by a logarithm": boosted(Boost.value(Exhibit.likes, modifier="log1p"), weight=0.5),
    "boosted by a root": boosted(Boost.value(Exhibit.price, modifier="sqrt")),
    "boosted by a blend": boosted(
        Boost.where(NOT_SHOWN, weight=-1.0),
        Boost.decay(Exhibit.published, scale=timedelta(days=1), weight=2.0),
        Boost.decay(Exhibit.price, origin=50, scale=10, weight=0.5),
        POPULAR,
        weight=0.75,
        depth=200,
    ),
    "near_vector boosted": lambda s: near_vector(s).boost(POPULAR).all(),
    "near_object boosted": lambda s: near_object(s).boost(POPULAR).all(),
    "near_image boosted": lambda s: near_image(s).boost(POPULAR).all(),
    "near motion data boosted": lambda s: (
        exhibits(s).near_media(MEDIUM, kind="imu", target=Exhibit.scene).boost(POPULAR).all()
    ),
    "bm25 boosted": lambda s: bm25(s).boost(POPULAR).all(),
    "hybrid boosted": lambda s: hybrid(s).boost(POPULAR).all(),
    # groups
    "near_text grouped": lambda s: near_text(s).group_by(Exhibit.category, groups=3, per_group=2).all(),
    "near_vector grouped": lambda s: near_vector(s).group_by(Exhibit.category, groups=3, per_group=2).all(),
    "near_object grouped": lambda s: near_object(s).group_by(Exhibit.category, groups=3, per_group=2).all(),
    "near_image grouped": lambda s: near_image(s).group_by(Exhibit.category, groups=3, per_group=2).all(),
    "near a depth image grouped": lambda s: (
        exhibits(s)
        .near_media(MEDIUM, kind="depth", target=Exhibit.scene)
        .group_by(Exhibit.category, groups=3, per_group=2)
        .all()
    ),
    "bm25 grouped": lambda s: bm25(s).group_by(Exhibit.category, groups=3, per_group=2).all(),
    "hybrid grouped": lambda s: hybrid(s).group_by(Exhibit.category, groups=3, per_group=2).all(),
    "grouped by a reference": lambda s: near_text(s).group_by(Exhibit.maker, groups=2, per_group=1).all(),
    "grouped by a list": lambda s: (
        s.query(Article).near_text("a").limit(5).group_by(Article.tags, groups=2, per_group=1).all()
    ),
    "grouped and reranked": lambda s: (
        near_text(s).rerank(Exhibit.body, query="which engine?").group_by(Exhibit.category, groups=3, per_group=2).all()
    ),
    # everything at once
    "many options at once": lambda s: (
        exhibits(s)
        .hybrid(
            "red fox",
            alpha=0.5,
            properties=[Exhibit.title.weighted(2), Exhibit.body],
            operator=Words.any(minimum=1),
            target=Exhibit.meaning,
            max_vector_distance=0.75,
        )
        .offset(1)
        .auto_limit(2)
        .where(Exhibit.likes > 1)
        .rerank(Exhibit.body, query="which engine?")
        .boost(POPULAR)
        .all()
    ),
}
for _what, _kind in MEDIA.items():
    INTENTS[f"near_media diversified, {_what}"] = diversified(_kind)
