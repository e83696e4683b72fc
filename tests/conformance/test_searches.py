"""Every search: what is found, in which order, and with which numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import ON_A_SERVER
from zoo import Article, Author, Book, Document, Legacy, Publisher, created, unique_name

from weaviate_orm import (
    Fusion,
    InvalidQueryError,
    MultiVector,
    ObjectNotFoundError,
    Property,
    Session,
    Vector,
    WeaviateModel,
    flat,
    hnsw,
    prop,
    vector,
)

if TYPE_CHECKING:
    from weaviate_orm.model.arrays import FloatArray


class Shape(WeaviateModel, collection=unique_name("Shape")):
    """One vector for every distance, in both kinds of index."""

    name: Property[str] = prop(tokenization="field")
    cosine: Vector = vector(index=hnsw(distance="cosine"))
    dot: Vector = vector(index=hnsw(distance="dot"))
    squared: Vector = vector(index=flat(distance="l2-squared"))
    manhattan: Vector = vector(index=hnsw(distance="manhattan"))
    hamming: Vector = vector(index=flat(distance="hamming"))
    rows: MultiVector = vector(index=hnsw(distance="dot"))
    aligned: MultiVector = vector()


class Note(WeaviateModel, collection=unique_name("Note")):
    """Text for keyword search."""

    title: Property[str]
    body: Property[str | None] = prop(default=None)
    tags: Property[list[str]] = prop(default_factory=list)
    secret: Property[str | None] = prop(default=None, searchable=False)
    embedding: Vector = vector(dimensions=2)


_random = np.random.default_rng(20)
POINTS = _random.integers(-4, 5, (24, 6)).astype(np.float32)
ROWS = [_random.integers(-4, 5, (index % 3 + 1, 4)).astype(np.float32) + 0.5 for index in range(24)]
SHAPES = [
    Shape(
        id=UUID(int=index + 1),
        name=f"shape {index}",
        cosine=point,
        dot=point,
        squared=point,
        manhattan=point,
        hamming=point,
        rows=ROWS[index],
        aligned=ROWS[index],
    )
    for index, point in enumerate(POINTS)
]
NOTES = [
    Note(title="apple", body="an apple and a pear", embedding=[1, 0]),
    Note(title="pear", body="pear pear pear pear", embedding=[0, 1]),
    Note(title="apple pie", body="flour and butter", tags=["apple", "cake"], embedding=[1, 1]),
    Note(title="plum", body="no fruit like it in this long text about nothing else", secret="apple", embedding=[-1, 0]),
    Note(title="cake", embedding=[0, -1]),
    Note(title="without a vector", body="quince"),
]


@pytest.fixture(scope="module", autouse=True)
def _data(session: Session) -> Iterator[None]:
    with created(session, Shape, Note):
        session.insert_many(SHAPES)
        session.insert_many([Shape(name="no vectors")])
        session.insert_many(NOTES)
        yield


def cosine(one: FloatArray, other: FloatArray) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return max(0.0, 1 - float(one @ other) / lengths) if lengths else 1.0


DISTANCES: dict[str, Callable[[FloatArray, FloatArray], float]] = {
    "cosine": cosine,
    "dot": lambda one, other: -float(one @ other),
    "squared": lambda one, other: float(((one - other) ** 2).sum()),
    "manhattan": lambda one, other: float(np.abs(one - other).sum()),
    "hamming": lambda one, other: float((one != other).sum()),
}
TARGETS = {name: getattr(Shape, name) for name in DISTANCES}
each_distance = pytest.mark.parametrize("name", DISTANCES)


def numbered(hits_names: list[str]) -> list[int]:
    return [int(each.removeprefix("shape ")) for each in hits_names]


def check_distances(got: list[tuple[int, float | None]], wanted: list[float]) -> None:
    """Distances are those of the objects, ascending, and the nearest ones; equal distances come in any order."""
    distances = [distance for _, distance in got]
    assert distances == pytest.approx([wanted[index] for index, _ in got], rel=1e-5, abs=1e-5)
    assert distances == pytest.approx(sorted(wanted)[: len(got)], rel=1e-5, abs=1e-5)


@each_distance
@ON_A_SERVER
@given(query=st.lists(st.integers(-5, 5), min_size=6, max_size=6).filter(any))
def test_near_vector(session: Session, name: str, query: list[int]) -> None:
    hits = session.query(Shape).near_vector(query, target=TARGETS[name]).limit(8).all()
    array = np.array(query, dtype=np.float32)
    check_distances(
        [(numbered([hit.object.name])[0], hit.distance) for hit in hits],
        [DISTANCES[name](point, array) for point in POINTS],
    )
    for hit in hits:
        assert hit.score is None
        if name == "cosine":
            assert hit.distance is not None
            assert hit.certainty == pytest.approx(1 - hit.distance / 2, abs=1e-6)
        else:
            assert hit.certainty is None


@each_distance
def test_a_largest_distance(session: Session, name: str) -> None:
    query = np.array([1, -2, 3, 0, 1, 2], dtype=np.float32)
    wanted = sorted(DISTANCES[name](point, query) for point in POINTS)
    threshold = (wanted[7] + wanted[12]) / 2
    hits = session.query(Shape).near_vector(query, target=TARGETS[name], distance=threshold).limit(100).all()
    assert [hit.distance for hit in hits] == pytest.approx([each for each in wanted if each <= threshold], abs=1e-5)


def test_a_least_certainty(session: Session) -> None:
    wanted = sorted(cosine(point, POINTS[0]) for point in POINTS)
    hits = session.query(Shape).near_vector(POINTS[0], target=Shape.cosine, certainty=0.6).limit(100).all()
    assert len(hits) == sum(1 - each / 2 >= 0.6 for each in wanted)
    with pytest.raises(InvalidQueryError, match="certainty goes with the cosine distance only"):
        session.query(Shape).near_vector(POINTS[0], target=Shape.dot, certainty=0.6)


def test_a_search_without_a_limit_gives_ten(session: Session) -> None:
    assert len(session.query(Shape).near_vector(POINTS[0], target=Shape.dot).all()) == 10


def test_vectors_of_any_kind_are_taken(session: Session) -> None:
    query = session.query(Shape)
    ways = [POINTS[3], POINTS[3].tolist(), POINTS[3].astype(np.float64), memoryview(POINTS[3].copy()), tuple(POINTS[3])]
    found = [query.near_vector(each, target=Shape.squared).limit(1).one() for each in ways]
    assert {hit.distance for hit in found} == {0.0}


def test_near_object_begins_with_itself(session: Session) -> None:
    for start in (SHAPES[5], SHAPES[5].id):
        hits = session.query(Shape).near_object(start, target=Shape.squared).limit(3).all()
        assert (hits[0].id, hits[0].distance) == (SHAPES[5].id, 0.0)
        check_distances(
            [(numbered([hit.object.name])[0], hit.distance) for hit in hits],
            [DISTANCES["squared"](point, POINTS[5]) for point in POINTS],
        )


def test_near_an_object_that_is_not_there(session: Session) -> None:
    nobody = uuid4()
    with pytest.raises(ObjectNotFoundError, match=str(nobody)):
        session.query(Shape).near_object(nobody, target=Shape.squared).all()


def test_a_search_with_a_condition(session: Session) -> None:
    some = [f"shape {index}" for index in range(0, 24, 2)]
    hits = session.query(Shape).where(Shape.name.in_(some)).near_vector(POINTS[1], target=Shape.squared).limit(50).all()
    wanted = sorted(DISTANCES["squared"](POINTS[index], POINTS[1]) for index in range(0, 24, 2))
    assert [hit.distance for hit in hits] == wanted


def test_pages_of_a_search(session: Session) -> None:
    query = session.query(Shape).near_vector(POINTS[1] * 0.5, target=Shape.cosine)
    whole = [hit.id for hit in query.limit(24)]
    assert [hit.id for start in range(0, 24, 7) for hit in query.offset(start).limit(7)] == whole
    assert query.offset(40).limit(5).all() == []


@pytest.mark.parametrize(("target", "normalised"), [(Shape.rows, False), (Shape.aligned, True)])
def test_a_multi_vector(session: Session, target: MultiVector, normalised: bool) -> None:
    """The sum over the query's rows of the largest dot product; for cosine the query's rows are normalised, the stored ones not."""
    query = np.array([[1, 2, -1, 0], [0, 3, 4, 1]], dtype=np.float32)
    hits = session.query(Shape).near_vector(query, target=target).limit(5).all()
    compared = query / np.linalg.norm(query, axis=1, keepdims=True) if normalised else query
    wanted = [-float((compared @ rows.T).max(axis=1).sum()) for rows in ROWS]
    check_distances([(numbered([hit.object.name])[0], hit.distance) for hit in hits], wanted)


def test_several_vectors_need_a_target(session: Session) -> None:
    with pytest.raises(InvalidQueryError, match=r"target=Shape\.cosine or Shape\.dot"):
        session.query(Shape).near_vector(POINTS[0])


def test_with_vectors(session: Session) -> None:
    query = session.query(Shape).where(Shape.id == SHAPES[2].id)
    everything = query.with_vectors().one()
    assert everything.object == SHAPES[2]
    assert set(everything.vectors) == {*DISTANCES, "rows", "aligned"}
    assert everything.vectors["rows"].tolist() == ROWS[2].tolist()
    some = query.with_vectors(Shape.dot, Shape.rows).one()
    assert set(some.vectors) == {"dot", "rows"}
    assert some.object.dot is not None
    assert some.object.cosine is None
    none = query.one()
    assert none.vectors == {}
    assert none.object.dot is None


def test_objects_without_a_vector_are_not_found_by_it(session: Session) -> None:
    assert len(session.query(Shape).near_vector(POINTS[0], target=Shape.squared).limit(100).all()) == len(SHAPES)
    assert session.count(Shape) == len(SHAPES) + 1


def test_the_only_vector_needs_no_target(session: Session) -> None:
    hits = session.query(Note).near_vector([1, 0]).limit(2).all()
    assert [hit.object.title for hit in hits] == ["apple", "apple pie"]
    assert [hit.distance for hit in hits] == pytest.approx([0, 1 - math.sqrt(0.5)], abs=1e-6)


def test_the_vector_without_a_name(session: Session, create: Callable[..., None]) -> None:
    create(Legacy)
    near, far = Legacy(title="near", embedding=[1, 0.1]), Legacy(title="far", embedding=[-1, 0])
    session.insert_many([near, far])
    hits = session.query(Legacy).near_vector([1, 0], target=Legacy.embedding).with_vectors().all()
    assert [hit.object for hit in hits] == [near, far]
    assert set(hits[0].vectors) == {"embedding"}
    assert session.query(Legacy).near_object(far).limit(1).one().id == far.id
    assert session.query(Legacy).hybrid("far", vector=[-1, 0]).limit(1).one().id == far.id


# Keywords


def bm25(query: list[str], texts: list[list[str]]) -> list[float]:
    """Give the score of each text: the server's formula for one property."""
    k1, b = 1.2, 0.75
    average = sum(map(len, texts)) / sum(map(bool, texts))
    scores = [0.0] * len(texts)
    for term in query:
        holders = sum(term in text for text in texts)
        weight = math.log(1 + (len(texts) - holders + 0.5) / (holders + 0.5))
        for index, text in enumerate(texts):
            count = text.count(term)
            scores[index] += weight * count / (count + k1 * (1 - b + b * len(text) / average))
    return scores


@pytest.mark.parametrize("query", ["apple", "pear", "apple pear", "PEAR!", "butter flour", "nothing", "quince"])
def test_bm25_scores(session: Session, query: str) -> None:
    words = query.lower().strip("!").split()
    wanted = bm25(words, [(note.body or "").split() for note in NOTES])
    hits = session.query(Note).bm25(query, properties=[Note.body]).all()
    found = {hit.object.title: hit.score for hit in hits}
    assert found == pytest.approx(
        {note.title: score for note, score in zip(NOTES, wanted, strict=True) if score}, rel=1e-5
    )
    scores = [hit.score or 0 for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(hit.distance is None and hit.explain_score for hit in hits)


def test_bm25_searches_all_searchable_properties_by_default(session: Session) -> None:
    def titles(*properties: Property[str]) -> set[str]:
        return {hit.object.title for hit in session.query(Note).bm25("apple", properties=properties)}

    assert titles() == {"apple", "apple pie"}
    assert titles(Note.title) == {"apple", "apple pie"}
    tags = {hit.object.title for hit in session.query(Note).bm25("apple", properties=[Note.tags])}
    assert tags == {"apple pie"}
    with pytest.raises(InvalidQueryError, match=r"Note\.secret.*searchable=False"):
        session.query(Note).bm25("apple", properties=[Note.secret])


def test_bm25_of_stopwords_finds_nothing(session: Session) -> None:
    assert session.query(Note).bm25("the").all() == []


def test_bm25_with_condition_and_pages(session: Session) -> None:
    query = session.query(Note).bm25("apple pear butter", properties=[Note.body])
    whole = [hit.id for hit in query]
    assert [hit.id for hit in query.limit(1)] + [hit.id for hit in query.offset(1)] == whole
    assert [hit.object.title for hit in query.where(Note.title == "pear")] == ["pear"]


# Both together


def test_hybrid_of_keywords_alone(session: Session) -> None:
    hits = session.query(Note).hybrid("pear", alpha=0, properties=[Note.body]).all()
    assert [hit.object.title for hit in hits] == ["pear", "apple"]
    assert [hit.score for hit in hits] == pytest.approx([1, 0], abs=1e-6)


def test_hybrid_of_keywords_alone_over_several_vectors(session: Session, create: Callable[..., None]) -> None:
    create(Document)
    session.insert_many([Document(title="red fox"), Document(title="blue")])
    for target in (None, Document.style):
        assert [hit.object.title for hit in session.query(Document).hybrid("fox", alpha=0, target=target)] == [
            "red fox"
        ]


def test_hybrid_of_vectors_alone(session: Session) -> None:
    hits = session.query(Note).hybrid("pear", alpha=1, vector=[1, 0]).all()
    assert [hit.object.title for hit in hits][:2] == ["apple", "apple pie"]
    assert (hits[0].score, hits[-1].score) == pytest.approx((1, 0), abs=1e-6)
    assert len(hits) == sum(note.embedding is not None for note in NOTES)


def test_hybrid_ranked_fusion(session: Session) -> None:
    """Each ranking gives its weight divided by the rank from 60 on."""
    query = session.query(Note).hybrid("pear", alpha=0.25, vector=[0, 1], fusion=Fusion.RANKED, properties=[Note.body])
    found = {hit.object.title: hit.score for hit in query}
    assert found["pear"] == pytest.approx(0.25 / 60 + 0.75 / 60, rel=1e-5)
    assert found["apple pie"] == pytest.approx(0.25 / 61, rel=1e-5)


def test_hybrid_relative_fusion(session: Session) -> None:
    """Each ranking is stretched to 0..1 and weighted; the default weight of vectors is 0.75."""
    query = session.query(Note).hybrid("pear", vector=[1, 0], properties=[Note.body])
    found = {hit.object.title: hit.score for hit in query}
    # By distance 0 (apple) to 2 (plum); by keywords pear is first and apple last.
    assert found == pytest.approx(
        {"apple": 0.75, "pear": 0.375 + 0.25, "apple pie": 0.75 * (1 + math.sqrt(0.5)) / 2, "cake": 0.375, "plum": 0.0},
        abs=1e-5,
    )


def test_hybrid_with_a_largest_distance(session: Session) -> None:
    hits = session.query(Note).hybrid("pear", vector=[1, 0], max_vector_distance=0.5).all()
    assert {hit.object.title for hit in hits} == {"apple", "apple pie"}


# Meaning


TEXTS = {
    "Cooking": "Boil the noodles, then fry onions with garlic and serve the soup hot.",
    "Astronomy": "The telescope shows the moons of Jupiter and distant galaxies.",
    "Football": "The striker scored two goals before the referee ended the match.",
    "Banking": "The bank raised the interest rate on loans and mortgages.",
}


@pytest.fixture(scope="module")
def _articles(session: Session) -> Iterator[None]:
    with created(session, Publisher, Author, Article):
        ada = Author(name="Ada")
        session.insert_many([ada])
        session.insert_many(Article(title=title, body=body, author=ada) for title, body in TEXTS.items())
        yield


@pytest.mark.usefixtures("_articles")
@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("recipe for dinner", "Cooking"),
        ("stars and planets", "Astronomy"),
        ("sports game", "Football"),
        ("borrowing money", "Banking"),
    ],
)
def test_near_text(session: Session, query: str, title: str) -> None:
    search = session.query(Article).near_text(query)
    hits = search.all()
    assert hits[0].object.title == title
    assert len(hits) == len(TEXTS)
    distances = [hit.distance or 0 for hit in hits]
    assert distances == sorted(distances)
    assert search.limit(1).one().certainty == pytest.approx(1 - distances[0] / 2, abs=1e-6)
    near = session.query(Article).near_text(query, distance=(distances[0] + distances[1]) / 2).one()
    assert near.object.title == title
    others = session.query(Article).near_text(query).where(~(Article.title == title)).all()
    assert title not in {hit.object.title for hit in others}


@pytest.mark.usefixtures("_articles")
def test_near_text_of_several_concepts_is_their_mean(session: Session) -> None:
    hits = (
        session.query(Article).near_text(["telescope", "goals of the striker"], target=Article.embedding).limit(2).all()
    )
    assert {hit.object.title for hit in hits} == {"Astronomy", "Football"}


@pytest.mark.usefixtures("_articles")
def test_hybrid_embeds_its_text(session: Session) -> None:
    assert session.query(Article).hybrid("mortgages").limit(1).one().object.title == "Banking"
    assert session.query(Article).hybrid("money", alpha=1).limit(1).one().object.title == "Banking"


@pytest.mark.usefixtures("_articles")
def test_the_server_made_the_vectors(session: Session) -> None:
    for hit in session.query(Article).with_vectors():
        assert hit.object.embedding is not None
        assert hit.object.embedding.shape == (256,)


def test_near_text_without_a_vectorizer_is_refused_before_it_is_sent(session: Session) -> None:
    with pytest.raises(InvalidQueryError, match=r"near_vector\(\)"):
        session.query(Note).near_text("apple")
    with pytest.raises(InvalidQueryError, match="declares none"):
        session.query(Book).near_text("apple")
