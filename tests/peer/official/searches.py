"""Fetching, and every search with its own options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from weaviate.classes.config import ConsistencyLevel
from weaviate.classes.query import (
    BM25Operator,
    Filter,
    HybridFusion,
    HybridVector,
    MetadataQuery,
    Move,
    NearMediaType,
    Sort,
)

from .common import (
    ID,
    NEAR,
    OTHER,
    PLAIN,
    SCORE,
    Client,
    Intent,
    article,
    articles,
    document,
    documents,
    exhibits,
    listed,
    near,
    scored,
)

MEDIUM = "AP8Q"  # base64 of three bytes
FILE = Path(__file__).with_name("medium.bin")


MEDIA = {
    "an audio": NearMediaType.AUDIO,
    "a video": NearMediaType.VIDEO,
    "a depth image": NearMediaType.DEPTH,
    "a thermal image": NearMediaType.THERMAL,
    "motion data": NearMediaType.IMU,
    "an image": NearMediaType.IMAGE,
}


def medium(kind: NearMediaType, **options: Any) -> Intent:
    return lambda c: exhibits(c).near_media(MEDIUM, kind, target_vector="scene", **options, **near)


def loans(client: Client, level: ConsistencyLevel) -> object:
    loan = client.collections.use("ZooLoan").with_tenant("acme").with_consistency_level(level)
    return loan.query.fetch_objects(limit=5, return_properties=["title"], return_metadata=PLAIN)


def opened(client: Client) -> object:
    with FILE.open("rb") as file:
        return exhibits(client).near_image(file, target_vector="scene", **near)


INTENTS: dict[str, Intent] = {
    "the client's defaults": lambda c: articles(c).fetch_objects(),
    "limit": lambda c: exhibits(c).fetch_objects(**listed),
    "limit and offset": lambda c: exhibits(c).fetch_objects(offset=3, **listed),
    "after": lambda c: exhibits(c).fetch_objects(after=ID, **listed),
    "sorted": lambda c: articles(c).fetch_objects(
        sort=Sort.by_property("word_count", ascending=False).by_property("title"), **article, return_metadata=PLAIN
    ),
    "sorted by id and times": lambda c: articles(c).fetch_objects(
        sort=Sort.by_id().by_creation_time(ascending=False).by_update_time(), **article, return_metadata=PLAIN
    ),
    "iterated": lambda c: next(
        iter(
            c.collections.use("PeerExhibit").iterator(
                return_properties=listed["return_properties"], return_metadata=PLAIN
            )
        ),
        None,
    ),
    "iterated from an id with vectors": lambda c: next(
        iter(
            c.collections.use("ZooDocument").iterator(
                after=ID,
                cache_size=20,
                include_vector=["meaning", "style", "tokens"],
                return_properties=["title"],
                return_metadata=PLAIN,
            )
        ),
        None,
    ),
    "one by its id": lambda c: exhibits(c).fetch_object_by_id(ID, return_properties=listed["return_properties"]),
    "several by their ids": lambda c: exhibits(c).fetch_objects_by_ids(
        [ID, OTHER], return_properties=listed["return_properties"], return_metadata=PLAIN
    ),
    "with a profile": lambda c: exhibits(c).near_text(
        "engines",
        target_vector="meaning",
        limit=5,
        return_properties=near["return_properties"],
        return_metadata=MetadataQuery(
            creation_time=True, last_update_time=True, distance=True, certainty=True, query_profile=True
        ),
    ),
    "consistency of one": lambda c: loans(c, ConsistencyLevel.ONE),
    "consistency of a quorum": lambda c: loans(c, ConsistencyLevel.QUORUM),
    "consistency of all": lambda c: loans(c, ConsistencyLevel.ALL),
    # near_text
    "near_text": lambda c: articles(c).near_text("engines", target_vector="embedding", **article, return_metadata=NEAR),
    "near_text of concepts within a distance": lambda c: exhibits(c).near_text(
        ["a", "b"], distance=0.25, target_vector="meaning", **near
    ),
    "near_text with a certainty": lambda c: exhibits(c).near_text("a", certainty=0.75, target_vector="meaning", **near),
    "near_text, filtered, with an offset": lambda c: exhibits(c).near_text(
        "a", target_vector="meaning", offset=2, filters=Filter.by_property("likes").greater_than(5), **near
    ),
    "near_text moved to concepts": lambda c: exhibits(c).near_text(
        "a", move_to=Move(force=0.5, concepts=["b", "c"]), target_vector="meaning", **near
    ),
    "near_text moved away from objects": lambda c: exhibits(c).near_text(
        "a", move_away=Move(force=0.25, objects=[ID, OTHER]), target_vector="meaning", **near
    ),
    "near_text moved both ways": lambda c: exhibits(c).near_text(
        "a",
        move_to=Move(force=0.5, concepts="b", objects=ID),
        move_away=Move(force=0.75, concepts="c", objects=OTHER),
        target_vector="meaning",
        **near,
    ),
    # near_vector
    "near_vector": lambda c: documents(c).near_vector(
        [1.0, 2.0, 3.0], target_vector="meaning", **document, return_metadata=NEAR
    ),
    "near_vector within a distance": lambda c: documents(c).near_vector(
        [1.0, 2.0, 3.0], distance=0.5, offset=1, target_vector="meaning", **document, return_metadata=NEAR
    ),
    "near_vector with a certainty": lambda c: documents(c).near_vector(
        [1.0, 2.0, 3.0], certainty=0.5, target_vector="meaning", **document, return_metadata=NEAR
    ),
    "near_vector with rows": lambda c: documents(c).near_vector(
        [[1.0, 2.0], [3.0, 4.0]], target_vector="tokens", **document, return_metadata=NEAR
    ),
    "near_vector without a name": lambda c: c.collections.use("ZooLegacy").query.near_vector(
        [1.0, 2.0], **document, return_metadata=NEAR
    ),
    # near_object
    "near_object": lambda c: documents(c).near_object(ID, target_vector="meaning", **document, return_metadata=NEAR),
    "near_object within a distance": lambda c: documents(c).near_object(
        ID, distance=0.5, target_vector="meaning", **document, return_metadata=NEAR
    ),
    "near_object with a certainty": lambda c: documents(c).near_object(
        ID, certainty=0.5, target_vector="meaning", **document, return_metadata=NEAR
    ),
    # near_image, near_media
    "near_image": lambda c: exhibits(c).near_image(MEDIUM, target_vector="scene", **near),
    "near_image of a file": lambda c: exhibits(c).near_image(FILE, distance=0.5, target_vector="scene", **near),
    "near_image of an open file": opened,
    "near_image with a certainty": lambda c: exhibits(c).near_image(
        MEDIUM, certainty=0.5, target_vector="scene", **near
    ),
    # bm25
    "bm25": lambda c: articles(c).bm25("red fox", **article, return_metadata=SCORE),
    "bm25 of properties": lambda c: exhibits(c).bm25("red fox", query_properties=["title", "body"], **scored),
    "bm25 of weighted properties": lambda c: exhibits(c).bm25(
        "red fox", query_properties=["title^3", "body", "category^1.5"], **scored
    ),
    "bm25 of any two words": lambda c: exhibits(c).bm25("red fox jumps", operator=BM25Operator.or_(2), **scored),
    "bm25 of every word": lambda c: exhibits(c).bm25("red fox", operator=BM25Operator.and_(), **scored),
    "bm25 of every word across the properties": lambda c: exhibits(c).bm25(
        "red fox", query_properties=["title", "body"], operator=BM25Operator.and_cross(), **scored
    ),
    "bm25, filtered, with an offset": lambda c: exhibits(c).bm25(
        "red fox", offset=1, filters=Filter.by_property("shown").equal(True), **scored
    ),
    # hybrid
    "hybrid": lambda c: articles(c).hybrid(
        "red fox",
        alpha=0.75,
        fusion_type=HybridFusion.RELATIVE_SCORE,
        target_vector="embedding",
        **article,
        return_metadata=SCORE,
    ),
    "hybrid by the client's defaults": lambda c: exhibits(c).hybrid("red fox", target_vector="meaning", **scored),
    "hybrid of keywords alone": lambda c: exhibits(c).hybrid(
        "red fox", alpha=0, fusion_type=HybridFusion.RELATIVE_SCORE, target_vector="meaning", **scored
    ),
    "hybrid of vectors alone": lambda c: exhibits(c).hybrid(
        "red fox", alpha=1, fusion_type=HybridFusion.RELATIVE_SCORE, target_vector="meaning", **scored
    ),
    "hybrid with everything": lambda c: documents(c).hybrid(
        "red fox",
        alpha=0.5,
        vector=[1.0, 2.0, 3.0],
        query_properties=["title"],
        fusion_type=HybridFusion.RANKED,
        max_vector_distance=0.5,
        target_vector="meaning",
        **document,
        return_metadata=SCORE,
    ),
    "hybrid with rows": lambda c: documents(c).hybrid(
        "red fox",
        alpha=0.5,
        vector=[[1.0, 2.0], [3.0, 4.0]],
        fusion_type=HybridFusion.RELATIVE_SCORE,
        target_vector="tokens",
        **document,
        return_metadata=SCORE,
    ),
    "hybrid of weighted properties": lambda c: exhibits(c).hybrid(
        "red fox",
        alpha=0.5,
        query_properties=["title^2", "body"],
        fusion_type=HybridFusion.RELATIVE_SCORE,
        target_vector="meaning",
        **scored,
    ),
    "hybrid of any two words": lambda c: exhibits(c).hybrid(
        "red fox",
        alpha=0.5,
        bm25_operator=BM25Operator.or_(2),
        fusion_type=HybridFusion.RELATIVE_SCORE,
        target_vector="meaning",
        **scored,
    ),
    "hybrid of every word": lambda c: exhibits(c).hybrid(
        "red fox",
        alpha=0.5,
        bm25_operator=BM25Operator.and_(),
        fusion_type=HybridFusion.RELATIVE_SCORE,
        target_vector="meaning",
        **scored,
    ),
    "hybrid of every word across the properties": lambda c: exhibits(c).hybrid(
        "red fox",
        alpha=0.5,
        query_properties=["title", "body"],
        bm25_operator=BM25Operator.and_cross(),
        fusion_type=HybridFusion.RELATIVE_SCORE,
        target_vector="meaning",
        **scored,
    ),
    "hybrid around another text": lambda c: exhibits(c).hybrid(
        "red fox",
        alpha=0.5,
        vector=HybridVector.near_text(["animals", "forest"], distance=0.5),
        fusion_type=HybridFusion.RELATIVE_SCORE,
        target_vector="meaning",
        **scored,
    ),
    "hybrid around a moved text": lambda c: exhibits(c).hybrid(
        "red fox",
        alpha=0.5,
        vector=HybridVector.near_text(
            "animals",
            certainty=0.5,
            move_to=Move(force=0.5, concepts=["wild"]),
            move_away=Move(force=0.25, concepts=["tame"]),
        ),
        fusion_type=HybridFusion.RELATIVE_SCORE,
        target_vector="meaning",
        **scored,
    ),
    "hybrid around a vector within a distance": lambda c: documents(c).hybrid(
        "red fox",
        alpha=0.5,
        vector=HybridVector.near_vector([1.0, 2.0, 3.0], distance=0.5),
        fusion_type=HybridFusion.RELATIVE_SCORE,
        target_vector="meaning",
        **document,
        return_metadata=SCORE,
    ),
    "hybrid, filtered, with an offset": lambda c: exhibits(c).hybrid(
        "red fox",
        alpha=0.5,
        offset=2,
        filters=Filter.by_property("shown").equal(True),
        fusion_type=HybridFusion.RELATIVE_SCORE,
        target_vector="meaning",
        **scored,
    ),
}
for _what, _kind in MEDIA.items():
    INTENTS[f"near_media, {_what}"] = medium(_kind)
    INTENTS[f"near_media, {_what}, within a distance"] = medium(_kind, distance=0.5)
    INTENTS[f"near_media, {_what}, with a certainty"] = medium(_kind, certainty=0.5)
