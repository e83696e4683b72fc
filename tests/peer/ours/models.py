"""The models of the comparison, beside those of the zoo: what the options need that the zoo has not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from zoo import Author, Book

from weaviate_orm import (
    InvertedIndex,
    MultiVector,
    Property,
    Query,
    Reference,
    References,
    Session,
    Vector,
    WeaviateModel,
    prop,
    reference,
    references,
    vector,
)
from weaviate_orm.modules import generative_dummy, multi2vec_bind, reranker_transformers, text2vec_transformers

__all__ = ["Exhibit", "Shelf", "Title", "TitleAndBody", "Types", "exhibits"]


class Exhibit(
    WeaviateModel,
    collection="PeerExhibit",
    inverted_index=InvertedIndex(timestamps=True, null_state=True),
    generative=generative_dummy(),
    reranker=reranker_transformers(),
):
    """Properties of every kind that ranks, vectors of every kind that is searched."""

    title: Property[str]
    body: Property[str]
    category: Property[str] = prop(tokenization="field")
    likes: Property[int]
    price: Property[float]
    shown: Property[bool]
    published: Property[datetime]
    picture: Property[bytes]
    maker: Reference[Author] = reference()
    meaning: Vector = vector(text2vec_transformers(), source=["title"])
    content: Vector = vector(text2vec_transformers(), source=["body"])
    scene: Vector = vector(
        multi2vec_bind(
            image_fields=["picture"],
            audio_fields=["picture"],
            video_fields=["picture"],
            depth_fields=["picture"],
            thermal_fields=["picture"],
            imu_fields=["picture"],
        )
    )
    sight: Vector = vector(multi2vec_bind(image_fields=["picture"]))
    given: Vector = vector()
    second: Vector = vector()
    tokens: MultiVector = vector()


class Shelf(WeaviateModel, collection="PeerShelf"):
    """References to objects of more than one collection."""

    name: Property[str]
    items: References[Book | Author] = references()


class Types(WeaviateModel, collection="PeerTypes"):
    """The types that conditions compare."""

    text: Property[str]
    whole: Property[int]
    number: Property[float]
    truth: Property[bool]
    instant: Property[datetime]
    identity: Property[UUID]
    truths: Property[list[bool]]


# Projections.


class Title(BaseModel):
    title: str


class TitleAndBody(BaseModel):
    title: str
    body: str


def exhibits(session: Session) -> Query[Exhibit]:
    return session.query(Exhibit).limit(5)
