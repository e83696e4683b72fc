"""Options of searches: targets, vectors of targets, movement, media, weighted properties, operators, parts of a hybrid search."""

from io import BytesIO, StringIO
from pathlib import Path
from typing import assert_type
from uuid import UUID

import numpy as np

from weaviate_orm import (
    AsyncSession,
    Fusion,
    HybridVector,
    Move,
    MultiVector,
    Query,
    Session,
    TargetVectors,
    Vector,
    Weighted,
    Words,
)

from .zoo import Article, Author


def targets(session: Session, article: Article) -> None:
    """One vector, a list, or a way to join them."""
    query = session.query(Article)
    assert_type(TargetVectors.sum(Article.embedding, Article.tokens), TargetVectors)
    assert_type(TargetVectors.average(Article.embedding), TargetVectors)
    assert_type(TargetVectors.minimum(Article.embedding), TargetVectors)
    assert_type(TargetVectors.manual_weights({Article.embedding: 1, Article.tokens: [0.5, 0.5]}), TargetVectors)
    assert_type(TargetVectors.relative_score({Article.tokens: 1.5}), TargetVectors)
    weights = {Article.embedding: 1.0}
    either: dict[Vector | MultiVector, list[float]] = {}
    TargetVectors.manual_weights(weights)
    TargetVectors.relative_score(either)
    assert_type(query.near_text("x", target=[Article.embedding, Article.tokens]), Query[Article])
    assert_type(query.near_object(article, target=TargetVectors.sum(Article.embedding)), Query[Article])
    listed = [Article.embedding]
    assert_type(query.near_object(article, target=listed), Query[Article])
    TargetVectors.sum("embedding")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    TargetVectors.sum(Article.title)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    TargetVectors.sum([Article.embedding])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    TargetVectors.manual_weights(Article.embedding)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    TargetVectors.manual_weights({"embedding": 1})  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    TargetVectors.manual_weights({Article.title: 1})  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    TargetVectors.manual_weights({Article.embedding: "1"})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    query.near_text("x", target=["embedding"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    query.near_text("x", target=[Article.title])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    query.near_text("x", target={Article.embedding: 1})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def vectors(session: Session) -> None:
    """One for all, or each target its own."""
    query = session.query(Article)
    assert_type(query.near_vector({Article.embedding: [1.0, 2.0]}), Query[Article])
    assert_type(query.near_vector({Article.embedding: np.zeros(3), Article.tokens: np.zeros((2, 3))}), Query[Article])
    assert_type(query.near_vector({Article.embedding: [[1, 2], [3, 4]], Article.tokens: [[1, 2]]}), Query[Article])
    mapping = {each: np.zeros(3) for each in (Article.embedding,)}
    assert_type(query.near_vector(mapping, target=[Article.embedding]), Query[Article])
    query.near_vector({"embedding": [1.0]})  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    query.near_vector({Article.title: [1.0]})  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]


def movement(session: Session, article: Article, id: UUID) -> None:
    """Concepts and objects to move to and away from."""
    query = session.query(Article)
    move = Move(force=0.5, concepts=["a"], objects=[article, id])
    assert_type(query.near_text("x", move_to=move, move_away=Move(force=2, concepts="b")), Query[Article])
    Move(concepts="a")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Move(force="much", concepts="a")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Move(force=0.5, objects=["id"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    query.near_text("x", move_to="a")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def media(session: Session, path: Path) -> None:
    """Bytes, paths, binary files and base64 text."""
    query = session.query(Article)
    assert_type(query.near_image(b"x"), Query[Article])
    assert_type(query.near_image(path, target=Article.embedding, distance=0.5), Query[Article])
    assert_type(query.near_image(BytesIO(b"x"), certainty=0.5), Query[Article])
    assert_type(query.near_image("eA=="), Query[Article])
    assert_type(query.near_media(b"x", kind="audio"), Query[Article])
    with path.open("rb") as file:
        assert_type(query.near_media(file, kind="imu", target=Article.embedding), Query[Article])
    several = TargetVectors.sum(Article.embedding)
    query.near_image(b"x", target=[Article.embedding])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.near_media(b"x", kind="imu", target=several)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.near_image(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.near_image(StringIO("x"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.near_media(b"x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    query.near_media(b"x", kind="smell")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.near_media(b"x", "audio")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def keywords(session: Session) -> None:
    """Weighted properties and operators."""
    query = session.query(Article)
    assert_type(Article.title.weighted(3), Weighted)
    assert_type(Article.tags.weighted(0.5), Weighted)
    assert_type(Article.genre.weighted(2), Weighted)
    assert_type(Article.status.weighted(2), Weighted)
    assert_type(query.bm25("x", properties=[Article.title.weighted(3), Article.body]), Query[Article])
    assert_type(query.bm25("x", operator=Words.any(minimum=2)), Query[Article])
    assert_type(query.hybrid("x", operator=Words.every_across_properties()), Query[Article])
    assert_type(Words.every(), Words)
    Article.word_count.weighted(3)  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.published.weighted(3)  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    Article.title.weighted("3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.where(Article.title.weighted(3))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.order_by(Article.title.weighted(3))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.bm25("x", operator="and")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.bm25("x", operator=Words.every)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.bm25(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Words.any(2)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    print(Author)


def hybrid(session: Session) -> None:
    """Keywords and vectors."""
    query = session.query(Article)
    assert_type(query.hybrid("x", vector=HybridVector.near_text(["a", "b"], move_to=Move(1, "c"))), Query[Article])
    assert_type(query.hybrid("x", vector=HybridVector.near_vector([1.0], distance=0.5)), Query[Article])
    assert_type(query.hybrid("x", vector=HybridVector.near_vector({Article.embedding: [1.0]})), Query[Article])
    assert_type(query.hybrid("x", vector={Article.embedding: [1.0]}, fusion=Fusion.RANKED), Query[Article])
    assert_type(query.hybrid(None, vector=np.zeros(3)), Query[Article])
    assert_type(query.hybrid("x", alpha=0, target=TargetVectors.average(Article.embedding)), Query[Article])
    query.hybrid("x", vector={"embedding": [1.0]})  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    HybridVector.near_text(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    HybridVector.near_text("x", distance=0.5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    query.hybrid()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def asynchronous(session: AsyncSession, path: Path) -> None:
    """The same names in the other colour."""
    query = session.query(Article)
    found = await query.near_image(path).limit(1).objects()
    assert_type(found, list[Article])
    hits = await query.near_vector({Article.embedding: [1.0]}).all()
    assert_type(hits[0].object.title, str)
