"""The ten queries of ``compile.py`` with the official client. It has no place to stop at, so its call over gRPC is cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from weaviate.classes.query import Filter, GroupBy, MetadataQuery, QueryReference, Rerank, Sort

from benchmarks import data, official
from benchmarks.harness import Address

__all__ = ["building"]

_SINCE = datetime(2024, 1, 1, tzinfo=UTC)
_VECTOR = data.vectors(1)[0]
_PROPERTIES = ["title", "body", "category", "likes", "price", "published", "tags"]
# What weaviate_orm always asks for.
_TIMES = MetadataQuery(creation_time=True, last_update_time=True)
_NEAR = MetadataQuery(creation_time=True, last_update_time=True, distance=True, certainty=True)
_SCORED = MetadataQuery(creation_time=True, last_update_time=True, score=True, explain_score=True)
_plain: dict[str, Any] = {"limit": 10, "return_properties": _PROPERTIES, "return_metadata": _TIMES}
_near: dict[str, Any] = {**_plain, "return_metadata": _NEAR, "target_vector": "embedding"}
_scored: dict[str, Any] = {**_plain, "return_metadata": _SCORED}

_QUERIES: dict[str, Callable[[Any], object]] = {  # of the client's query namespace, generic in many ways
    "list": lambda q: q.fetch_objects(**_plain),
    "near_text": lambda q: q.near_text("machines that think", **_near),
    "near_vector": lambda q: q.near_vector(_VECTOR, **_near),
    "bm25": lambda q: q.bm25("machines", query_properties=["title", "body"], **_scored),
    "hybrid": lambda q: q.hybrid("machines that think", alpha=0.5, target_vector="embedding", **_scored),
    "group_by": lambda q: q.near_text(
        "machines", group_by=GroupBy(prop="category", number_of_groups=3, objects_per_group=2), **_near
    ),
    "rerank": lambda q: q.near_text("machines", rerank=Rerank(prop="body", query="who thinks?"), **_near),
    "include": lambda q: q.fetch_objects(
        return_references=QueryReference(link_on="writer", return_properties=["name"]), **_plain
    ),
    "sort": lambda q: q.fetch_objects(
        sort=Sort.by_property("published", ascending=False).by_property("title"), **_plain
    ),
    "filters": lambda q: q.near_text(
        "machines",
        filters=Filter.all_of(
            [
                Filter.by_property("category").equal("news"),
                Filter.by_property("likes").greater_than(10),
                Filter.by_property("price").less_or_equal(9.5),
                Filter.by_property("published").greater_or_equal(_SINCE),
                Filter.by_property("tags").contains_any(["history", "science"]),
            ]
        ),
        **_near,
    ),
}


class _Built(Exception):  # noqa: N818 - no error: the request is ready
    pass


@contextmanager
def building(server: Address, name: str) -> Iterator[Callable[[], object]]:
    """Give the function that makes a request, and stops there."""

    def stop(**arguments: object) -> object:
        raise _Built

    with official.connect(server) as client:
        query: Any = client.collections.use("Story").query
        query._connection.grpc_search = stop
        write = _QUERIES[name]

        def build() -> None:
            try:
                write(query)
            except _Built:
                return
            raise RuntimeError("the client sent a request past the place where it was cut off")

        yield build
