"""Cuts, boosts, diversity and reranking through sessions, beside figures calculated here."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pydantic import BaseModel
from zoo import created, unique_name

from weaviate_orm import (
    Boost,
    Hit,
    Property,
    Query,
    Session,
    TargetVectors,
    Vector,
    WeaviateModel,
    hnsw,
    prop,
    vector,
)
from weaviate_orm.modules import reranker_dummy


class Film(WeaviateModel, collection=unique_name("Film"), reranker=reranker_dummy()):
    """What is ranked. The dummy reranker's score is the length of the text in bytes."""

    title: Property[str] = prop(tokenization="field")
    plot: Property[str | None] = prop(default=None)
    likes: Property[int] = prop(default=0)
    price: Property[float | None] = prop(default=None)
    shown: Property[bool] = prop(default=False)
    released: Property[datetime | None] = prop(default=None)
    embedding: Vector = vector(index=hnsw(distance="l2-squared"))


class Card(BaseModel):
    title: str


def released(day: int) -> datetime:
    return datetime(2024, 5, day, tzinfo=UTC)


# Distances from the origin are 0, 1, 4, 9 and then, behind a jump, 100, 121.
FILMS = [
    Film(id=UUID(int=1), title="a", plot="red " * 1, likes=1, price=5.0, released=released(1), embedding=[0, 0]),
    Film(id=UUID(int=2), title="b", plot="red " * 5, likes=100, price=10.0, released=released(2), embedding=[1, 0]),
    Film(id=UUID(int=3), title="c", plot="red " * 3, likes=10, shown=True, embedding=[0, 2]),
    Film(id=UUID(int=4), title="d", plot="blue", likes=0, price=20.0, released=released(9), embedding=[3, 0]),
    Film(id=UUID(int=5), title="e", likes=50, shown=True, released=released(5), embedding=[0, 10]),
    Film(id=UUID(int=6), title="f", plot="red " * 2, likes=5, price=11.0, embedding=[11, 0]),
]
DISTANCES = dict(zip("abcdef", (0, 1, 4, 9, 100, 121), strict=True))


@pytest.fixture(scope="module", autouse=True)
def _data(session: Session) -> Iterator[None]:
    with created(session, Film):
        session.insert_many(FILMS)
        yield


@pytest.fixture
def near(session: Session) -> Query[Film]:
    return session.query(Film).near_vector([0, 0])


def titles(hits: list[Hit[Film]]) -> str:
    return "".join(hit.object.title for hit in hits)


def stretched(values: dict[str, float]) -> dict[str, float]:
    least, most = min(values.values()), max(values.values())
    return {name: (value - least) / (most - least) for name, value in values.items()}


def blended(counted: dict[str, float], weight: float) -> dict[str, float]:
    """Give the scores that the search's own distances and a count of each object make."""
    own = stretched({name: -distance for name, distance in DISTANCES.items()})
    return stretched({name: (1 - weight) * own[name] + weight * counted[name] for name in own})


def check_scores(hits: list[Hit[Film]], wanted: dict[str, float]) -> None:
    """Scores are these, and descend; the distance stays what it was."""
    found = {hit.object.title: hit.score for hit in hits}
    assert found == pytest.approx(wanted, abs=1e-5)
    assert list(found.values()) == sorted(found.values(), key=lambda score: -(score or 0))
    assert {hit.object.title: hit.distance for hit in hits} == pytest.approx(DISTANCES)


class TestCuts:
    def test_before_a_jump(self, near: Query[Film]) -> None:
        assert titles(near.limit(6).all()) == "abcdef"
        assert titles(near.limit(6).auto_limit(1).all()) == "abcd"
        assert titles(near.limit(6).auto_limit(5).all()) == "abcdef"
        assert titles(near.limit(4).auto_limit(1).where(Film.likes < 1000).all())[:2] == "ab"

    def test_pages_behind_an_id(self, session: Session) -> None:
        pages = session.query(Film).limit(4)
        assert titles(pages.all()) == "abcd"
        assert titles(pages.after(UUID(int=4)).all()) == "ef"
        assert titles(session.query(Film).after(UUID(int=2)).all()) == "cdef"
        assert pages.after(UUID(int=6)).first() is None


class TestBoosts:
    def test_by_a_condition(self, near: Query[Film]) -> None:
        shown = {each.title: float(each.shown) for each in FILMS}
        check_scores(near.boost(Boost.where(Film.shown == True), weight=0.75).all(), blended(shown, 0.75))  # noqa: E712 - an expression, not a truth value
        hits = near.boost(Boost.where((Film.title == "d") | ~(Film.likes < 100)), weight=1).limit(2).all()
        assert set(titles(hits)) == {"b", "d"}

    def test_by_a_value(self, near: Query[Film]) -> None:
        likes = {each.title: float(each.likes) for each in FILMS}
        check_scores(near.boost(Boost.value(Film.likes)).all(), blended(stretched(likes), 0.5))
        logs = stretched({name: math.log1p(value) for name, value in likes.items()})
        check_scores(near.boost(Boost.value(Film.likes, modifier="log1p")).all(), blended(logs, 0.5))
        roots = stretched({name: math.sqrt(value) for name, value in likes.items()})
        check_scores(near.boost(Boost.value(Film.likes, modifier="sqrt"), weight=1).all(), stretched(roots))

    @pytest.mark.parametrize(
        ("curve", "falls"),
        [
            (None, lambda parts: 0.5**parts),
            ("gauss", lambda parts: math.exp(math.log(0.5) * parts**2)),
            ("linear", lambda parts: max(0.0, 1 - 0.5 * parts)),
        ],
    )
    def test_by_nearness(self, near: Query[Film], curve: object, falls: Callable[[float], float]) -> None:
        boost: Boost = Boost.decay(Film.price, origin=10, scale=4, offset=1, curve=curve)  # type: ignore[call-overload]  # any of the three
        counted = {
            each.title: 0.0 if each.price is None else falls(max(0, abs(each.price - 10) - 1) / 4) for each in FILMS
        }
        check_scores(near.boost(boost).all(), blended(counted, 0.5))

    def test_by_nearness_to_a_date(self, near: Query[Film]) -> None:
        boost = Boost.decay(Film.released, origin=released(2), scale=timedelta(hours=36), decay=0.25)
        counted = {
            each.title: 0.0
            if each.released is None
            else 0.25 ** (abs(each.released - released(2)) / timedelta(hours=36))
            for each in FILMS
        }
        check_scores(near.boost(boost).all(), blended(counted, 0.5))

    def test_recency(self, near: Query[Film]) -> None:
        hits = near.boost(Boost.decay(Film.released, scale=timedelta(days=4000)), weight=1).all()
        assert titles(hits)[:4] == "deba"
        assert {hit.score for hit in hits[4:]} == {0}

    def test_several_and_a_negative_one(self, near: Query[Film]) -> None:
        likes = stretched({each.title: float(each.likes) for each in FILMS})
        counted = {each.title: (2 * likes[each.title] - each.shown) / 3 for each in FILMS}
        boosts = (Boost.value(Film.likes, weight=2), Boost.where(Film.shown == True, weight=-1))  # noqa: E712 - an expression, not a truth value
        check_scores(near.boost(*boosts, weight=0.5).all(), blended(counted, 0.5))

    def test_a_property_that_is_not_among_those_asked_for(self, near: Query[Film]) -> None:
        boosted = near.boost(Boost.value(Film.likes), weight=1).limit(2)
        assert [hit.object for hit in boosted.as_(Card)] == [Card(title="b"), Card(title="e")]

    def test_the_depth(self, near: Query[Film]) -> None:
        assert titles(near.boost(Boost.value(Film.likes), weight=1, depth=1).limit(2).all()) == "ba"
        assert titles(near.boost(Boost.value(Film.likes), weight=1, depth=5).limit(2).all()) == "be"
        assert titles(near.boost(Boost.value(Film.likes), weight=0).limit(3).all()) == "abc"

    def test_without_a_search_and_with_words(self, session: Session) -> None:
        by_likes = Boost.value(Film.likes)
        assert titles(session.query(Film).boost(by_likes).limit(3).all()) == "bec"
        assert titles(session.query(Film).bm25("red").boost(by_likes, weight=1).all()) == "bcfa"
        hybrid = session.query(Film).hybrid("red", vector=[0, 0]).boost(by_likes, weight=1)
        assert titles(hybrid.limit(2).all()) == "be"


class TestDiversity:
    def test_what_differs(self, near: Query[Film]) -> None:
        window = near.limit(4)
        assert titles(window.diversify(limit=3, balance=1).all()) == "abc"
        assert titles(window.diversify(limit=3, balance=0).all()) == "adc"
        assert titles(near.limit(6).diversify(limit=2, balance=0).all()) == "af"
        first = window.diversify(limit=2).first()
        assert first is not None
        assert first.object.title == "a"

    def test_in_a_hybrid_search(self, session: Session) -> None:
        hits = session.query(Film).hybrid("red", vector=[0, 0]).limit(6).diversify(limit=3, balance=0).all()
        assert len(hits) == 3
        assert {"e", "f"} & set(titles(hits))


class TestRerank:
    def test_the_page_is_ordered_by_the_reranker(self, near: Query[Film]) -> None:
        hits = near.limit(4).rerank(Film.plot, query="what?").all()
        assert [(hit.object.title, hit.rerank_score) for hit in hits] == [("b", 20), ("c", 12), ("a", 4), ("d", 4)]
        assert hits[0].distance == 1

    def test_after_words(self, session: Session) -> None:
        hits = session.query(Film).bm25("red").rerank(Film.plot).all()
        assert [(hit.object.title, hit.rerank_score) for hit in hits] == [("b", 20), ("c", 12), ("f", 8), ("a", 4)]

    def test_what_is_missing_is_empty(self, near: Query[Film]) -> None:
        hits = near.limit(6).rerank(Film.plot, query="what?").all()
        assert [(hit.object.title, hit.rerank_score) for hit in hits][-1] == ("e", 0)

    def test_the_first_of_a_page_is_the_first_after_reranking(self, near: Query[Film]) -> None:
        first = near.limit(4).rerank(Film.plot, query="what?").first()
        assert first is not None
        assert first.object.title == "b"

    def test_together(self, near: Query[Film]) -> None:
        query = near.limit(6).boost(Boost.value(Film.likes)).diversify(limit=4).rerank(Film.plot, query="what?")
        hits = query.all()
        assert len(hits) == 4
        scores = [hit.rerank_score or 0 for hit in hits]
        assert scores == sorted(scores, reverse=True)


class Point(WeaviateModel, collection=unique_name("Point")):
    """Two vectors, and more objects than a boost has candidates unless more are asked for."""

    number: Property[int]
    one: Vector = vector(index=hnsw(distance="l2-squared"))
    other: Vector = vector(index=hnsw(distance="l2-squared"))


def test_the_first_of_all_is_the_first(session: Session) -> None:
    # The nearest in each vector is far in the other, so the nearest in both is found when more than one is looked at.
    nearest = [([0], [9]), ([9], [0]), ([1], [1])]
    points = [
        Point(id=UUID(int=n + 1), number=n, one=one, other=other)
        for n, (one, other) in enumerate([*nearest, *[([20], [20])] * 120])
    ]
    with created(session, Point):
        session.insert_many(points)
        query = session.query(Point)
        both = {Point.one: [0.0], Point.other: [0.0]}
        near = query.near_vector(both, target=TargetVectors.sum(Point.one, Point.other), distance=3)
        boosted = query.near_vector([0.0], target=Point.one, distance=3).boost(Boost.value(Point.number), weight=0.4)
        for built, number in (
            (near, 2),
            (near.limit(5), 2),
            (query.boost(Boost.value(Point.number)), 122),
            (query.limit(120).boost(Boost.value(Point.number), depth=10), 119),
            (boosted.limit(123), 2),
        ):
            assert built.all()[0].object.number == number
            first = built.first()
            assert first is not None
            assert first.object.number == number
            assert built.exists()
        assert near.one().object.number == 2
        far = (
            query.near_vector([0.0], target=Point.one, distance=3).boost(Boost.value(Point.number), weight=1.0).limit(3)
        )
        assert (far.all(), far.first(), far.exists()) == ([], None, False)
