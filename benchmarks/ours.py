"""weaviate_orm, used the way its documentation shows. Only its contenders import this.

The two functions that reach below the public interface, ``decode`` and ``encode``, are the only places here that know how
the inside is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from benchmarks import data
from benchmarks.harness import Address
from weaviate_orm import AsyncSession, Hit, Property, References, Session, Vector, WeaviateModel, references, vector

__all__ = [
    "Article",
    "Linked",
    "articles",
    "connect",
    "connect_async",
    "decode",
    "encode",
    "reader",
    "stream",
    "touch",
]


class Article(WeaviateModel):
    """The same seven properties and the same vector as everyone has."""

    title: Property[str]
    body: Property[str]
    word_count: Property[int]
    ratio: Property[float]
    published: Property[datetime]
    tags: Property[list[str]]
    flag: Property[bool]
    embedding: Vector = vector()


class Linked(Article, collection="Linked"):
    """The same, with references to others."""

    related: References[Article] = references()


def connect(address: Address) -> Session:
    """Open a session on the server."""
    return Session(address.url, grpc_port=address.grpc)


def connect_async(address: Address) -> AsyncSession:
    """Give the asynchronous session, not yet connected."""
    return AsyncSession(address.url, grpc_port=address.grpc)


def articles(items: Iterable[tuple[UUID, data.Row, NDArray[np.float32]]]) -> list[Article]:
    """Make a validated model of every row."""
    return list(stream(items))


def stream(items: Iterable[tuple[UUID, data.Row, NDArray[np.float32]]]) -> Iterator[Article]:
    """Make the models one by one, as a long import does."""
    for id_, row, embedding in items:
        yield Article(id=id_, embedding=embedding, **row)


def decode(session: Session, raw: bytes) -> list[Hit[Article]]:
    """Turn the bytes of a reply into hits, without the network."""
    from weaviate_orm.wire.rpcs import SEARCH
    from weaviate_orm.wire.search import compile_search

    query = session.query(Article).near_vector(data.vectors(1)[0], target=Article.embedding).limit(1_000).with_vectors()
    call = compile_search(query._statement)
    return call.read(SEARCH.reply.FromString(raw))


def reader(query: Any) -> Callable[[bytes], Any]:
    """Give the function from a reply's bytes to what the query gives: hits, groups or generated texts."""
    from weaviate_orm.wire.generative import compile_generated
    from weaviate_orm.wire.grouping import compile_groups
    from weaviate_orm.wire.rpcs import SEARCH
    from weaviate_orm.wire.search import compile_search

    statement = query._statement
    grouped, generated = statement.grouping is not None, statement.generation is not None
    call: Any = (compile_groups if grouped else compile_generated if generated else compile_search)(statement)
    return lambda raw: call.read(SEARCH.reply.FromString(raw))


def encode(objects: Iterable[Article]) -> bytes:
    """Turn models into the bytes of a batch request, without the network."""
    from weaviate_orm.query.statement import ANYWHERE
    from weaviate_orm.wire.objects import batch_message, object_encoder

    message = batch_message(ANYWHERE)
    encoder = object_encoder(Article)
    for each in objects:
        encoder.fill(message.objects.add(), each, None)
    return message.SerializeToString()


def touch(hits: Iterable[Hit[Article]]) -> int:
    """Read every property, the distance and the vector of every hit, as a user would."""
    read = 0
    for hit in hits:
        article = hit.object
        read += len(article.title) + len(article.body) + article.word_count + len(article.tags)
        read += (article.ratio > 0) + article.flag + article.published.year
        read += len(hit.vectors[data.VECTOR]) + (hit.distance is not None) + (hit.created_at is not None)
    return read
