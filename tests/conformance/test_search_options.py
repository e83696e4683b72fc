"""Options of searches: several targets, several vectors for one, movement, weighted properties, operators, parts of a hybrid search.

Distances are compared with sums in plain Python, on the vectors that the objects were stored with.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

import numpy as np
import pytest
from zoo import created, unique_name

from weaviate_orm import (
    Fusion,
    HybridVector,
    Move,
    MultiVector,
    ObjectNotFoundError,
    Property,
    Query,
    ServerError,
    Session,
    TargetVectors,
    Vector,
    WeaviateModel,
    Weighted,
    Words,
    flat,
    hnsw,
    prop,
    vector,
)
from weaviate_orm.modules import multi2vec_bind, text2vec_transformers

if TYPE_CHECKING:
    from weaviate_orm.model.arrays import FloatArray
    from weaviate_orm.types import MediaKind


class Story(WeaviateModel, collection=unique_name("Story")):
    """Vectors that are given, of both kinds, and vectors that the server makes."""

    number: Property[int]
    title: Property[str]
    body: Property[str] = prop(default="")
    topic: Vector = vector(text2vec_transformers(vectorize_collection_name=False), source=["title"])
    gist: Vector = vector(text2vec_transformers(vectorize_collection_name=False), source=["body"])
    near: Vector = vector(index=flat(distance="l2-squared"))
    far: Vector = vector(index=flat(distance="manhattan"))
    angle: Vector = vector()
    rows: MultiVector = vector(index=hnsw(distance="dot"))


_random = np.random.default_rng(6)
NEAR = _random.integers(-4, 5, (9, 3)).astype(np.float32)
FAR = _random.integers(-4, 5, (9, 2)).astype(np.float32)
ROWS = [_random.integers(-4, 5, (index % 2 + 1, 2)).astype(np.float32) for index in range(9)]
TEXTS = (
    ("red fox", "The quick red fox jumps over the lazy dog in the forest."),
    ("red wine", "A glass of red wine with cheese and bread for dinner."),
    ("fox hunting", "Riders and hounds hunt through the English countryside."),
    ("guitar music", "The band played songs with guitars and drums all night."),
    ("piano music", "She practised the sonata on her grand piano."),
    ("stock market", "Shares fell while the bank raised its interest rate."),
    ("space travel", "The rocket carried astronauts to the orbiting station."),
    ("red planet", "Mars rovers look for water below the red dust."),
    ("dinner recipe", "Boil the noodles and fry onions with garlic."),
)
STORIES = [
    Story(
        id=UUID(int=index + 1),
        number=index,
        title=title,
        body=body,
        near=NEAR[index],
        far=FAR[index],
        angle=NEAR[index] + 0.5,
        rows=ROWS[index],
    )
    for index, (title, body) in enumerate(TEXTS)
]


@pytest.fixture(scope="module", autouse=True)
def _data(session: Session) -> Iterator[None]:
    with created(session, Story):
        session.insert_many(STORIES)
        session.insert_many([Story(number=99, title="no vectors of its own", body="nothing", near=[100, 100, 100])])
        yield


Distances: TypeAlias = "list[float]"


def squared(query: Sequence[float]) -> Distances:
    return [float(((point - np.array(query, dtype=np.float32)) ** 2).sum()) for point in NEAR]


def manhattan(query: Sequence[float]) -> Distances:
    return [float(np.abs(point - np.array(query, dtype=np.float32)).sum()) for point in FAR]


def late(query: Sequence[Sequence[float]]) -> Distances:
    array = np.array(query, dtype=np.float32)
    return [-float((array @ rows.T).max(axis=1).sum()) for rows in ROWS]


def stretched(distances: Distances) -> Distances:
    least, most = min(distances), max(distances)
    return [(each - least) / (most - least) for each in distances]


def total(*columns: tuple[float, Distances]) -> Distances:
    return [sum(weight * column[index] for weight, column in columns) for index in range(len(STORIES))]


def check(query: Query[Story], wanted: Distances) -> None:
    """Distances are those of the objects, ascending; equal ones come in any order."""
    hits = [hit for hit in query.limit(50) if hit.object.number < 99]
    assert len(hits) == len(STORIES)
    assert [hit.distance for hit in hits] == pytest.approx(sorted(wanted), abs=1e-4)
    assert [hit.distance for hit in hits] == pytest.approx([wanted[hit.object.number] for hit in hits], abs=1e-4)
    assert all(hit.certainty is None for hit in hits)


A, B, C = [1.0, -2.0, 3.0], [0.5, 2.0], [-3.0, 1.0]
ONE, OTHER = squared(A), manhattan(B)
ANOTHER = manhattan(C)

JOINED: dict[str, tuple[TargetVectors | None, Distances]] = {
    "nothing said": (None, [min(pair) for pair in zip(ONE, OTHER, strict=True)]),
    "minimum": (
        TargetVectors.minimum(Story.near, Story.far),
        [min(pair) for pair in zip(ONE, OTHER, strict=True)],
    ),
    "sum": (TargetVectors.sum(Story.near, Story.far), total((1, ONE), (1, OTHER))),
    "average": (TargetVectors.average(Story.near, Story.far), total((0.5, ONE), (0.5, OTHER))),
    "manual weights": (
        TargetVectors.manual_weights({Story.far: 3, Story.near: 0.25}),
        total((0.25, ONE), (3, OTHER)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", JOINED)
def test_a_vector_for_each_target(session: Session, name: str) -> None:
    target, wanted = JOINED[name]
    check(session.query(Story).near_vector({Story.near: A, Story.far: B}, target=target), wanted)


def test_relative_scores(session: Session) -> None:
    """Distances of each target are stretched to 0..1 over what was found, then added by weight."""
    wanted = total((0.25, stretched(ONE)), (0.75, stretched(OTHER)))
    query = session.query(Story).where(Story.number < 99)
    target = TargetVectors.relative_score({Story.near: 0.25, Story.far: 0.75})
    check(query.near_vector({Story.near: A, Story.far: B}, target=target), wanted)


def test_several_vectors_for_a_target(session: Session) -> None:
    query = session.query(Story)
    vectors: Mapping[Vector, Sequence[float] | Sequence[Sequence[float]]] = {Story.far: [B, C], Story.near: A}
    check(query.near_vector({Story.far: [B, C]}), [min(pair) for pair in zip(OTHER, ANOTHER, strict=True)])
    check(
        query.near_vector({Story.far: np.array([B, C])}, target=TargetVectors.average(Story.far)),
        total((0.5, OTHER), (0.5, ANOTHER)),
    )
    check(
        query.near_vector(vectors, target=TargetVectors.sum(Story.near, Story.far)),
        total((1, ONE), (1, OTHER), (1, ANOTHER)),
    )
    check(
        query.near_vector(vectors, target=TargetVectors.average(Story.near, Story.far)),
        total((1 / 3, ONE), (1 / 3, OTHER), (1 / 3, ANOTHER)),
    )
    # In whichever order target and vectors are written.
    for target in (
        TargetVectors.manual_weights({Story.near: 1, Story.far: [2, 0.5]}),
        TargetVectors.manual_weights({Story.far: [2, 0.5], Story.near: [1]}),
    ):
        check(query.near_vector(vectors, target=target), total((1, ONE), (2, OTHER), (0.5, ANOTHER)))


def test_rows_beside_a_vector(session: Session) -> None:
    query = session.query(Story)
    first, second = [[1.0, 2.0], [0.0, -1.0]], [[-1.0, 0.5]]
    check(
        query.near_vector({Story.rows: first, Story.far: B}, target=TargetVectors.sum(Story.rows, Story.far)),
        total((1, late(first)), (1, OTHER)),
    )
    check(
        query.near_vector({Story.rows: [first, second]}, target=TargetVectors.sum(Story.rows)),
        total((1, late(first)), (1, late(second))),
    )


def test_one_vector_for_several_targets(session: Session) -> None:
    target = TargetVectors.sum(Story.near, Story.angle)
    hits = session.query(Story).near_vector(A, target=target).limit(50).all()
    array = np.array(A)

    def angle(point: FloatArray) -> float:
        return 1 - float(point @ array) / float(np.linalg.norm(point) * np.linalg.norm(array))

    wanted = total((1, ONE), (1, [angle(point + 0.5) for point in NEAR]))
    assert [hit.distance for hit in hits] == pytest.approx([wanted[hit.object.number] for hit in hits], abs=1e-4)
    assert [hit.distance for hit in hits] == pytest.approx(sorted(wanted), abs=1e-4)


def test_a_distance_over_several_targets(session: Session) -> None:
    wanted = sorted(total((1, ONE), (1, OTHER)))
    most = (wanted[3] + wanted[4]) / 2
    target = TargetVectors.sum(Story.near, Story.far)
    hits = session.query(Story).near_vector({Story.near: A, Story.far: B}, target=target, distance=most).all()
    assert [hit.distance for hit in hits] == pytest.approx([each for each in wanted if each <= most], abs=1e-4)


def test_near_object_and_near_text_over_several_targets(session: Session) -> None:
    start = STORIES[4]
    target = TargetVectors.manual_weights({Story.near: 1, Story.far: 2})
    check(
        session.query(Story).near_object(start, target=target),
        total((1, squared(NEAR[4].tolist())), (2, manhattan(FAR[4].tolist()))),
    )
    both = session.query(Story).near_text(
        "animals in the forest", target=TargetVectors.average(Story.topic, Story.gist)
    )
    hits = both.limit(3).all()
    assert hits[0].object.title == "red fox"
    alone = {
        name: {
            hit.object.number: hit.distance or 0
            for hit in session.query(Story).near_text("animals in the forest", target=target).limit(50)
        }
        for name, target in (("topic", Story.topic), ("gist", Story.gist))
    }
    assert [hit.distance for hit in hits] == pytest.approx(
        [(alone["topic"][hit.object.number] + alone["gist"][hit.object.number]) / 2 for hit in hits], abs=1e-4
    )


def test_near_an_object_that_lacks_the_vector(session: Session) -> None:
    query = session.query(Story)
    bare = query.where(Story.number == 99).objects()[0]
    for target in (Story.far, [Story.near, Story.far]):
        with pytest.raises(ServerError, match=r"starts from has no vector 'far'") as caught:
            query.near_object(bare, target=target).all()
        assert not isinstance(caught.value, ObjectNotFoundError)


# Movement


def distance_of(query: Query[Story], number: int) -> float:
    found = next(hit.distance for hit in query.limit(50) if hit.object.number == number)
    assert found is not None
    return found


def test_movement(session: Session) -> None:
    """Towards concepts or objects they come nearer, away from them they go farther."""
    query = session.query(Story)
    music, guitar = "guitar music", STORIES[3]
    before = distance_of(query.near_text("red fox", target=Story.topic), 3)
    for move in (Move(0.8, music), Move(0.8, objects=[guitar]), Move(0.8, [music], [guitar.id])):
        assert distance_of(query.near_text("red fox", target=Story.topic, move_to=move), 3) < before - 0.05
        assert distance_of(query.near_text("red fox", target=Story.topic, move_away=move), 3) > before + 0.02
    moved = query.near_text("red fox", target=Story.topic, move_to=Move(1, music), move_away=Move(2, "wine"))
    assert distance_of(moved, 3) < before < distance_of(moved, 1)


def test_movement_is_half_the_force(session: Session) -> None:
    """The vector searched is computed as the server does: of two texts, moved by the full force, it is the mean."""
    hits = {
        hit.object.number: hit.distance
        for hit in session.query(Story).near_text("red wine", target=Story.topic, move_to=Move(1, "piano")).limit(50)
    }
    stored = {hit.object.number: hit.object.topic for hit in session.query(Story).with_vectors(Story.topic)}
    wine, piano = (_embedded(session, text) for text in ("red wine", "piano"))
    mean = (wine + piano) / 2
    for number, distance in hits.items():
        topic = stored[number]
        assert topic is not None
        cosine = 1 - float(topic @ mean) / float(np.linalg.norm(topic) * np.linalg.norm(mean))
        assert distance == pytest.approx(cosine, abs=1e-4)


def _embedded(session: Session, text: str) -> FloatArray:
    """Give the vector that the server makes of a text, from an object with that title."""
    story = Story(number=98, title=text)
    session.insert(story)
    try:
        found = session.get(Story, story.id, with_vectors=True)
        assert found is not None
        assert found.topic is not None
        return found.topic
    finally:
        session.delete(story)


# Keywords


def scores(query: Query[Story]) -> dict[int, float]:
    return {hit.object.number: hit.score or 0 for hit in query.limit(50)}


def test_weighted_properties(session: Session) -> None:
    query = session.query(Story)

    def searched(*properties: Weighted | Property[str]) -> dict[int, float]:
        return scores(query.bm25("red fox", properties=properties))

    title, body, both = searched(Story.title), searched(Story.body), searched(Story.title.weighted(2.5), Story.body)
    assert searched(Story.title.weighted(3)) == pytest.approx({n: 3 * score for n, score in title.items()}, rel=1e-4)
    assert both.keys() == title.keys() | body.keys()
    # n_t is of both properties together, so that only what one property has alone can be compared.
    assert both[2] > 2 * title[2] * 0.5
    light, heavy = searched(Story.title, Story.body.weighted(0.5)), searched(Story.title, Story.body.weighted(5))
    assert heavy[1] > light[1]
    assert heavy[2] == pytest.approx(light[2], rel=1e-4)


OPERATORS: list[tuple[str, Words | None, set[int]]] = [
    ("red fox music", None, {0, 1, 2, 3, 4, 7}),
    ("red fox music", Words.any(), {0, 1, 2, 3, 4, 7}),
    ("red fox music", Words.any(minimum=2), {0}),
    ("red fox", Words.every(), {0}),
    ("fox hounds", Words.every(), set()),
    ("fox hounds", Words.every_across_properties(), {2}),
    ("music guitars night", Words.every_across_properties(), {3}),
]


@pytest.mark.parametrize(("text", "words", "found"), OPERATORS)
def test_operators(session: Session, text: str, words: Words | None, found: set[int]) -> None:
    properties = [Story.title, Story.body]
    query = session.query(Story)
    assert scores(query.bm25(text, properties=properties, operator=words)).keys() == found
    assert scores(query.hybrid(text, alpha=0, properties=properties, operator=words)).keys() == found


# Hybrid


PARTS: dict[str, Callable[[Query[Story]], Query[Story]]] = {
    "a vector": lambda q: q.hybrid(None, vector=A, target=Story.near),
    "a mapping": lambda q: q.hybrid(None, vector={Story.near: A}),
    "a search of its own": lambda q: q.hybrid(None, vector=HybridVector.near_vector(A), target=Story.near),
}


@pytest.mark.parametrize("name", PARTS)
def test_hybrid_without_a_text_is_a_search_by_vectors(session: Session, name: str) -> None:
    found = scores(PARTS[name](session.query(Story)).where(Story.number < 99))
    wanted = [1 - each for each in stretched(ONE)]
    assert found == pytest.approx(dict(enumerate(wanted)), abs=1e-4)


def test_hybrid_over_several_targets(session: Session) -> None:
    query = session.query(Story).where(Story.number < 99)
    for target, distances in (
        (TargetVectors.sum(Story.near, Story.far), total((1, ONE), (1, OTHER), (1, ANOTHER))),
        (
            TargetVectors.manual_weights({Story.far: [2, 0.5], Story.near: 1}),
            total((1, ONE), (2, OTHER), (0.5, ANOTHER)),
        ),
    ):
        vectors = {Story.near: [A], Story.far: [B, C]}
        for vector_part in (vectors, HybridVector.near_vector(vectors)):
            found = scores(query.hybrid("", vector=vector_part, target=target))
            assert found == pytest.approx(dict(enumerate(1 - each for each in stretched(distances))), abs=1e-4)


def test_hybrid_with_another_text_for_its_vectors(session: Session) -> None:
    query = session.query(Story)
    part = HybridVector.near_text("guitars", move_away=Move(0.5, "money"))
    hits = query.hybrid("recipe", vector=part, target=Story.topic, fusion=Fusion.RANKED, properties=[Story.title])
    assert {hit.object.number for hit in hits.limit(2)} == {3, 8}
    moved = query.hybrid(None, vector=HybridVector.near_text("red", move_to=Move(1, "piano music")), target=Story.topic)
    assert moved.limit(1).one().object.number == 4


def test_hybrid_within_a_distance_of_its_vectors(session: Session) -> None:
    """The distance of the part leaves keywords alone; the largest vector distance leaves out what they found, too."""
    most = (sorted(ONE)[2] + sorted(ONE)[3]) / 2
    near = {number for number, distance in enumerate(ONE) if distance <= most}
    words = {0, 2}
    query = session.query(Story)
    part = HybridVector.near_vector(A, distance=most)
    found = query.hybrid("fox", vector=part, target=Story.near, properties=[Story.title])
    assert scores(found).keys() == near | words
    found = query.hybrid("fox", vector=A, target=Story.near, properties=[Story.title], max_vector_distance=most)
    assert scores(found).keys() == near


# Media


class Picture(WeaviateModel, collection=unique_name("Picture")):
    """Images, in one space with text."""

    name: Property[str]
    image: Property[bytes]
    seen: Vector = vector(multi2vec_bind(image_fields=["image"]))


class Recording(WeaviateModel, collection=unique_name("Recording")):
    """One medium of any kind."""

    name: Property[str]
    image: Property[bytes | None] = prop(default=None)
    audio: Property[bytes | None] = prop(default=None)
    video: Property[bytes | None] = prop(default=None)
    depth: Property[bytes | None] = prop(default=None)
    thermal: Property[bytes | None] = prop(default=None)
    imu: Property[bytes | None] = prop(default=None)
    sensed: Vector = vector(
        multi2vec_bind(
            image_fields=["image"],
            audio_fields=["audio"],
            video_fields=["video"],
            depth_fields=["depth"],
            thermal_fields=["thermal"],
            imu_fields=["imu"],
        )
    )


KINDS: tuple[MediaKind, ...] = ("image", "audio", "video", "depth", "thermal", "imu")
# The tests' module takes bytes that are a text for a picture (a sound, ...) of what the text says.
SCENES = {"fox": b"a red fox in the forest", "harbour": b"ships in a harbour", "orchestra": b"an orchestra plays"}
BELL = b"a bell rings"


@pytest.fixture(scope="module")
def pictures(session: Session) -> Iterator[Query[Picture]]:
    with created(session, Picture):
        session.insert_many(Picture(name=name, image=scene) for name, scene in SCENES.items())
        yield session.query(Picture)


def test_near_image(pictures: Query[Picture], tmp_path: Path) -> None:
    path = tmp_path / "ships.png"
    path.write_bytes(SCENES["harbour"])
    text = b64encode(SCENES["harbour"]).decode()
    given: list[bytes | Path | str] = [SCENES["harbour"], path, text, f"data:image/png;base64,{text}"]
    for image in given:
        hits = pictures.near_image(image).limit(2).all()
        assert hits[0].object.name == "harbour"
        assert hits[0].distance == pytest.approx(0, abs=1e-5)
        assert hits[0].certainty == pytest.approx(1, abs=1e-5)
    with path.open("rb") as file:
        near = pictures.near_image(file, distance=0.2).all()
    assert [hit.object.name for hit in near] == ["harbour"]
    certain = pictures.near_image(SCENES["harbour"], certainty=0.9).all()
    assert [hit.object.name for hit in certain] == ["harbour"]


def test_near_media(session: Session, create: Callable[..., None]) -> None:
    create(Recording)
    for kind in KINDS:
        recording = Recording(name=kind)
        setattr(recording, kind, BELL)
        session.insert(recording)
    for kind in KINDS:
        hit = session.query(Recording).near_media(BELL, kind=kind).limit(1).one()
        assert (hit.object.name, round(hit.distance or 0, 4)) == (kind, 0)


def test_texts_find_images(pictures: Query[Picture]) -> None:
    for text, name in (("wild animals", "fox"), ("sailing boats", "harbour")):
        assert pictures.near_text(text).limit(1).one().object.name == name
