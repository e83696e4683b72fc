"""Fetching, and every search with its own options."""

from __future__ import annotations

from zoo import Article, Document, Legacy, Loan

from weaviate_orm import Fusion, HybridVector, Move, Session, Words, created_at, updated_at
from weaviate_orm.types import MediaKind

from .common import FILE, ID, MEDIUM, OTHER, Intent
from .models import Exhibit, exhibits

__all__ = ["INTENTS", "MEDIA"]


MEDIA: dict[str, MediaKind] = {
    "an audio": "audio",
    "a video": "video",
    "a depth image": "depth",
    "a thermal image": "thermal",
    "motion data": "imu",
    "an image": "image",
}


def near_media(kind: MediaKind, *, distance: float | None = None, certainty: float | None = None) -> Intent:
    return lambda s: (
        exhibits(s).near_media(MEDIUM, kind=kind, distance=distance, certainty=certainty, target=Exhibit.scene).all()
    )


def opened(session: Session) -> object:
    with FILE.open("rb") as file:
        return exhibits(session).near_image(file, target=Exhibit.scene).all()


INTENTS: dict[str, Intent] = {
    "the client's defaults": lambda s: s.query(Article).all(),
    "limit": lambda s: s.query(Exhibit).limit(5).all(),
    "limit and offset": lambda s: s.query(Exhibit).limit(5).offset(3).all(),
    "after": lambda s: exhibits(s).after(ID).all(),
    "sorted": lambda s: s.query(Article).limit(5).order_by(Article.word_count.desc(), Article.title).all(),
    "sorted by id and times": lambda s: (
        s.query(Article).limit(5).order_by(Article.id, created_at.desc(), updated_at).all()
    ),
    "iterated": lambda s: next(iter(s.query(Exhibit).stream(page_size=100))),
    "iterated from an id with vectors": lambda s: next(
        iter(s.query(Document).with_vectors().stream(after=ID, page_size=20))
    ),
    "one by its id": lambda s: s.get(Exhibit, ID),
    "several by their ids": lambda s: s.get_many(Exhibit, [ID, OTHER]),
    "with a profile": lambda s: exhibits(s).near_text("engines", target=Exhibit.meaning).profile(),
    "consistency of one": lambda s: s.tenant("acme").consistency("ONE").query(Loan).limit(5).all(),
    "consistency of a quorum": lambda s: s.tenant("acme").consistency("QUORUM").query(Loan).limit(5).all(),
    "consistency of all": lambda s: s.tenant("acme").consistency("ALL").query(Loan).limit(5).all(),
    # near_text
    "near_text": lambda s: s.query(Article).near_text("engines").limit(5).all(),
    "near_text of concepts within a distance": lambda s: (
        exhibits(s).near_text(["a", "b"], distance=0.25, target=Exhibit.meaning).all()
    ),
    "near_text with a certainty": lambda s: exhibits(s).near_text("a", certainty=0.75, target=Exhibit.meaning).all(),
    "near_text, filtered, with an offset": lambda s: (
        exhibits(s).near_text("a", target=Exhibit.meaning).offset(2).where(Exhibit.likes > 5).all()
    ),
    "near_text moved to concepts": lambda s: (
        exhibits(s).near_text("a", move_to=Move(force=0.5, concepts=["b", "c"]), target=Exhibit.meaning).all()
    ),
    "near_text moved away from objects": lambda s: (
        exhibits(s).near_text("a", move_away=Move(force=0.25, objects=[ID, OTHER]), target=Exhibit.meaning).all()
    ),
    "near_text moved both ways": lambda s: (
        exhibits(s)
        .near_text(
            "a",
            move_to=Move(force=0.5, concepts="b", objects=[ID]),
            move_away=Move(force=0.75, concepts="c", objects=[OTHER]),
            target=Exhibit.meaning,
        )
        .all()
    ),
    # near_vector
    "near_vector": lambda s: s.query(Document).near_vector([1, 2, 3], target=Document.meaning).limit(5).all(),
    "near_vector within a distance": lambda s: (
        s.query(Document).near_vector([1, 2, 3], target=Document.meaning, distance=0.5).limit(5).offset(1).all()
    ),
    "near_vector with a certainty": lambda s: (
        s.query(Document).near_vector([1, 2, 3], target=Document.meaning, certainty=0.5).limit(5).all()
    ),
    "near_vector with rows": lambda s: (
        s.query(Document).near_vector([[1, 2], [3, 4]], target=Document.tokens).limit(5).all()
    ),
    "near_vector without a name": lambda s: s.query(Legacy).near_vector([1, 2]).limit(5).all(),
    # near_object
    "near_object": lambda s: s.query(Document).near_object(ID, target=Document.meaning).limit(5).all(),
    "near_object within a distance": lambda s: (
        s.query(Document).near_object(ID, target=Document.meaning, distance=0.5).limit(5).all()
    ),
    "near_object with a certainty": lambda s: (
        s.query(Document).near_object(ID, target=Document.meaning, certainty=0.5).limit(5).all()
    ),
    # near_image, near_media
    "near_image": lambda s: exhibits(s).near_image(MEDIUM, target=Exhibit.scene).all(),
    "near_image of a file": lambda s: exhibits(s).near_image(FILE, distance=0.5, target=Exhibit.scene).all(),
    "near_image of an open file": opened,
    "near_image with a certainty": lambda s: (
        exhibits(s).near_image(FILE.read_bytes(), certainty=0.5, target=Exhibit.scene).all()
    ),
    # bm25
    "bm25": lambda s: s.query(Article).bm25("red fox").limit(5).all(),
    "bm25 of properties": lambda s: exhibits(s).bm25("red fox", properties=[Exhibit.title, Exhibit.body]).all(),
    "bm25 of weighted properties": lambda s: (
        exhibits(s)
        .bm25("red fox", properties=[Exhibit.title.weighted(3), Exhibit.body, Exhibit.category.weighted(1.5)])
        .all()
    ),
    "bm25 of any two words": lambda s: exhibits(s).bm25("red fox jumps", operator=Words.any(minimum=2)).all(),
    "bm25 of every word": lambda s: exhibits(s).bm25("red fox", operator=Words.every()).all(),
    "bm25 of every word across the properties": lambda s: (
        exhibits(s)
        .bm25("red fox", properties=[Exhibit.title, Exhibit.body], operator=Words.every_across_properties())
        .all()
    ),
    "bm25, filtered, with an offset": lambda s: (
        exhibits(s).bm25("red fox").offset(1).where(Exhibit.shown == True).all()  # noqa: E712 - a condition
    ),
    # hybrid
    "hybrid": lambda s: s.query(Article).hybrid("red fox").limit(5).all(),
    "hybrid by the client's defaults": lambda s: exhibits(s).hybrid("red fox", target=Exhibit.meaning).all(),
    "hybrid of keywords alone": lambda s: exhibits(s).hybrid("red fox", alpha=0, target=Exhibit.meaning).all(),
    "hybrid of vectors alone": lambda s: exhibits(s).hybrid("red fox", alpha=1, target=Exhibit.meaning).all(),
    "hybrid with everything": lambda s: (
        s.query(Document)
        .hybrid(
            "red fox",
            alpha=0.5,
            vector=[1, 2, 3],
            properties=[Document.title],
            fusion=Fusion.RANKED,
            target=Document.meaning,
            max_vector_distance=0.5,
        )
        .limit(5)
        .all()
    ),
    "hybrid with rows": lambda s: (
        s.query(Document).hybrid("red fox", alpha=0.5, vector=[[1, 2], [3, 4]], target=Document.tokens).limit(5).all()
    ),
    "hybrid of weighted properties": lambda s: (
        exhibits(s)
        .hybrid("red fox", alpha=0.5, properties=[Exhibit.title.weighted(2), Exhibit.body], target=Exhibit.meaning)
        .all()
    ),
    "hybrid of any two words": lambda s: (
        exhibits(s).hybrid("red fox", alpha=0.5, operator=Words.any(minimum=2), target=Exhibit.meaning).all()
    ),
    "hybrid of every word": lambda s: (
        exhibits(s).hybrid("red fox", alpha=0.5, operator=Words.every(), target=Exhibit.meaning).all()
    ),
    "hybrid of every word across the properties": lambda s: (
        exhibits(s)
        .hybrid(
            "red fox",
            alpha=0.5,
            properties=[Exhibit.title, Exhibit.body],
            operator=Words.every_across_properties(),
            target=Exhibit.meaning,
        )
        .all()
    ),
    "hybrid around another text": lambda s: (
        exhibits(s)
        .hybrid("red fox", alpha=0.5, vector=HybridVector.near_text(["animals", "forest"]), target=Exhibit.meaning)
        .all()
    ),
    "hybrid around a moved text": lambda s: (
        exhibits(s)
        .hybrid(
            "red fox",
            alpha=0.5,
            vector=HybridVector.near_text(
                "animals", move_to=Move(force=0.5, concepts=["wild"]), move_away=Move(force=0.25, concepts=["tame"])
            ),
            target=Exhibit.meaning,
        )
        .all()
    ),
    "hybrid around a vector within a distance": lambda s: (
        s.query(Document)
        .hybrid("red fox", alpha=0.5, vector=HybridVector.near_vector([1, 2, 3], distance=0.5), target=Document.meaning)
        .limit(5)
        .all()
    ),
    "hybrid, filtered, with an offset": lambda s: (
        exhibits(s)
        .hybrid("red fox", alpha=0.5, target=Exhibit.meaning)
        .offset(2)
        .where(Exhibit.shown == True)  # noqa: E712 - a condition
        .all()
    ),
}
for _what, _kind in MEDIA.items():
    INTENTS[f"near_media, {_what}"] = near_media(_kind)
    INTENTS[f"near_media, {_what}, within a distance"] = near_media(_kind, distance=0.5)
    INTENTS[f"near_media, {_what}, with a certainty"] = near_media(_kind, certainty=0.5)
