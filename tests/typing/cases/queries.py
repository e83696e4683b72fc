"""Builder methods keep the query's type, ``as_()`` changes it, and terminals give hits of it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import assert_type
from uuid import UUID

import numpy as np
import numpy.typing as npt

from weaviate_orm import Fusion, Hit, Query, Session, created_at

from .zoo import Article, Author, Card, Essay


def builder(session: Session, article: Article) -> None:
    """Every method gives the same kind of query."""
    query = session.query(Article)
    assert_type(query, Query[Article])
    assert_type(session.query(Essay), Query[Essay])
    assert_type(query.where(Article.word_count > 1), Query[Article])
    assert_type(query.near_text("x"), Query[Article])
    assert_type(query.near_text(["x", "y"], target=Article.embedding, distance=0.4), Query[Article])
    assert_type(query.near_text("x", certainty=0.5), Query[Article])
    assert_type(query.near_vector([1.0, 2.0], target=Article.embedding), Query[Article])
    assert_type(query.near_vector(np.zeros(3), target=Article.tokens), Query[Article])
    assert_type(query.near_object(article), Query[Article])
    assert_type(query.near_object(article.id, target=Article.embedding), Query[Article])
    assert_type(query.bm25("x", properties=[Article.title, Article.tags]), Query[Article])
    assert_type(query.hybrid("x", alpha=0.5, fusion=Fusion.RANKED, vector=[1.0]), Query[Article])
    assert_type(query.limit(1), Query[Article])
    assert_type(query.offset(1), Query[Article])
    assert_type(query.order_by(Article.word_count.desc(), Article.title), Query[Article])
    assert_type(query.order_by(created_at.desc()), Query[Article])
    assert_type(query.include(Article.author), Query[Article])
    assert_type(query.with_vectors(), Query[Article])
    assert_type(query.with_vectors(Article.embedding, Article.tokens), Query[Article])
    assert_type(query.as_(Card), Query[Card])
    assert_type(query.as_(Card).where(Article.title == "x").limit(1), Query[Card])


def terminals(session: Session) -> None:
    """What a query gives."""
    query = session.query(Article).near_text("x").limit(5)
    assert_type(query.all(), list[Hit[Article]])
    assert_type(query.first(), Hit[Article] | None)
    assert_type(query.one(), Hit[Article])
    assert_type(query.objects(), list[Article])
    assert_type(query.count(), int)
    assert_type(query.explain(), str)
    assert_type(iter(query), Iterator[Hit[Article]])
    for hit in query:
        assert_type(hit, Hit[Article])
        assert_type(hit.object, Article)
        assert_type(hit.object.title, str)
        assert_type(hit.object.author.name, str)
        hit.object.titel  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    for card in query.as_(Card):
        assert_type(card, Hit[Card])
        assert_type(card.object.title, str)
        card.object.body  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    assert_type(query.as_(Card).all(), list[Hit[Card]])
    assert_type(query.as_(Card).first(), Hit[Card] | None)
    assert_type(query.as_(Card).objects(), list[Card])
    query.first().object  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]


def hits(hit: Hit[Article]) -> None:
    """What a hit says."""
    assert_type(hit.id, UUID)
    assert_type(hit.distance, float | None)
    assert_type(hit.certainty, float | None)
    assert_type(hit.score, float | None)
    assert_type(hit.explain_score, str | None)
    assert_type(hit.rerank_score, float | None)
    assert_type(hit.vectors, Mapping[str, npt.NDArray[np.float32]])
    assert_type(hit.created_at, datetime | None)
    assert_type(hit.updated_at, datetime | None)
    hit.title  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    hit.distanc  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def covariant(session: Session) -> None:
    """A query of essays is a query of articles, and so are its hits."""
    essays: Query[Article] = session.query(Essay)
    hit: Hit[Article] = session.query(Essay).one()
    articles: Query[Essay] = session.query(Article)  # type: ignore[arg-type]  # pyright: ignore[reportAssignmentType]
    print(essays, hit, articles)


def refused(session: Session) -> None:
    """Arguments of the wrong kind, and misspelt ones."""
    query = session.query(Article)
    session.query("Article")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.query(Card)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    session.query(Article(title="a", body="b", source="c"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.near_text(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.near_text("x", target="embedding")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.near_text("x", target=Article.title)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.near_text("x", distanse=0.4)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    query.near_text("x", Article.embedding)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    query.near_text("x", distance="near")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.near_vector(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.near_vector({"a": 1})  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    query.near_object("x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.bm25("x", properties=["title"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    query.bm25("x", properties=Article.title)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.hybrid("x", alpha="0.5")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.hybrid("x", fusion="ranked")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.limit("5")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.offset(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.order_by("title")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.order_by(Article.title > "a")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.order_by(Article.author)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.order_by(Article.embedding)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.with_vectors("embedding")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.with_vectors(Article.title)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.as_(dict)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
    query.as_(Card(title="a", word_count=1))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.sort(Article.title)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    query.all()[0].title  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    query.near_text("x").first(1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    print(Author)
