"""The ten queries of ``compile.py`` with weaviate_orm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from benchmarks import data, ours
from benchmarks.harness import Address
from weaviate_orm import Property, Query, Reference, Session, Vector, WeaviateModel, prop, reference, vector
from weaviate_orm.modules import reranker_cohere, text2vec_transformers
from weaviate_orm.wire.grouping import compile_groups
from weaviate_orm.wire.search import compile_search

__all__ = ["building"]


class Writer(WeaviateModel):
    name: Property[str]


class Story(WeaviateModel, reranker=reranker_cohere()):
    title: Property[str]
    body: Property[str]
    category: Property[str] = prop(tokenization="field")
    likes: Property[int] = prop(default=0)
    price: Property[float] = prop(default=0.0)
    published: Property[datetime | None] = prop(default=None)
    tags: Property[list[str]] = prop(default_factory=list)
    writer: Reference[Writer] = reference()
    embedding: Vector = vector(text2vec_transformers())


_SINCE = datetime(2024, 1, 1, tzinfo=UTC)
_VECTOR = data.vectors(1)[0]
_QUERIES: dict[str, Callable[[Query[Story]], Query[Story]]] = {
    "list": lambda q: q.limit(10),
    "near_text": lambda q: q.near_text("machines that think").limit(10),
    "near_vector": lambda q: q.near_vector(_VECTOR).limit(10),
    "bm25": lambda q: q.bm25("machines", properties=[Story.title, Story.body]).limit(10),
    "hybrid": lambda q: q.hybrid("machines that think", alpha=0.5).limit(10),
    "rerank": lambda q: q.near_text("machines").rerank(Story.body, query="who thinks?").limit(10),
    "include": lambda q: q.include(Story.writer).limit(10),
    "sort": lambda q: q.order_by(Story.published.desc(), Story.title).limit(10),
    "filters": lambda q: (
        q.near_text("machines")
        .where(
            Story.category == "news",
            Story.likes > 10,
            Story.price <= 9.5,
            Story.published >= _SINCE,
            Story.tags.contains_any(["history", "science"]),
        )
        .limit(10)
    ),
}


@contextmanager
def building(server: Address, name: str) -> Iterator[Callable[[], object]]:
    """Give the function that makes a request, and stops there."""
    with ours.connect(server) as session:
        yield _grouped(session) if name == "group_by" else _plain(session, _QUERIES[name])


def _plain(session: Session, query: Callable[[Query[Story]], Query[Story]]) -> Callable[[], object]:
    # What the terminals do before they send: below the public interface.
    return lambda: compile_search(query(session.query(Story))._statement)


def _grouped(session: Session) -> Callable[[], object]:
    def build() -> object:
        query = session.query(Story).near_text("machines").limit(10)
        return compile_groups(query.group_by(Story.category, groups=3, per_group=2)._statement)

    return build
