"""The objects that all contenders read and write, and the messages that hold them.

Messages are built with the official client's protobuf classes: a second opinion on what a server sends, which ours must
be able to read. Only the null server and the floors import them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from weaviate.proto.v1 import batch_pb2, search_get_pb2

__all__ = [
    "COLLECTION",
    "DIMENSIONS",
    "VECTOR",
    "Row",
    "batch_request",
    "identifier",
    "rows",
    "schema",
    "search_reply",
    "search_request",
    "vectors",
]

COLLECTION = "Article"
VECTOR = "embedding"
DIMENSIONS = 384

_VOCABULARY = (
    "engine vector index query object schema filter search result value server client reply batch field model "
    "tenant shard replica cursor metric score distance token stream thread socket buffer memory record"
)
_WORDS = _VOCABULARY.split()
_BODY_WORDS = 27
_START = datetime(2024, 1, 1, 12, tzinfo=UTC)


class Row(TypedDict):
    """One object's seven properties."""

    title: str
    body: str
    word_count: int
    ratio: float
    published: datetime
    tags: list[str]
    flag: bool


def rows(number: int) -> Iterator[Row]:
    """Yield the same rows every time, each with its own text."""
    random = np.random.default_rng(1)
    for index in range(number):
        words = [_WORDS[one] for one in random.integers(0, len(_WORDS), _BODY_WORDS)]
        yield {
            "title": f"{words[0].title()} number {index}",
            "body": " ".join(words),
            "word_count": _BODY_WORDS,
            "ratio": index / 3,
            "published": _START + timedelta(minutes=index),
            "tags": [words[1], words[2]],
            "flag": index % 2 == 0,
        }


def vectors(number: int) -> NDArray[np.float32]:
    """Give random vectors: float32, shape (number, DIMENSIONS)."""
    return np.random.default_rng(2).standard_normal((number, DIMENSIONS), dtype=np.float32)


def identifier(index: int) -> uuid.UUID:
    """Give the id of one row; a valid random (version 4) UUID, the same every time."""
    return uuid.UUID(bytes=np.random.default_rng(index).bytes(16), version=4)


def schema(collection: str = COLLECTION) -> dict[str, object]:
    """Give the collection as REST takes and gives it."""
    kinds = {
        "title": "text",
        "body": "text",
        "word_count": "int",
        "ratio": "number",
        "published": "date",
        "tags": "text[]",
        "flag": "boolean",
    }
    return {
        "class": collection,
        "properties": [{"name": name, "dataType": [kind]} for name, kind in kinds.items()],
        "vectorConfig": {
            VECTOR: {
                "vectorizer": {"none": {}},
                "vectorIndexType": "hnsw",
                "vectorIndexConfig": {"distance": "cosine"},
            }
        },
    }


def search_reply(number: int, *, with_vectors: bool = True) -> search_get_pb2.SearchReply:
    """Build a reply with ``number`` hits, every property, every piece of metadata, and perhaps the named vector."""
    from weaviate.proto.v1 import base_pb2, search_get_pb2

    reply = search_get_pb2.SearchReply(took=0.001)
    created = int(_START.timestamp() * 1000)
    for index, (row, vector) in enumerate(zip(rows(number), vectors(number), strict=True)):
        result = reply.results.add()
        result.metadata.MergeFrom(
            search_get_pb2.MetadataResult(
                id=str(identifier(index)),
                id_as_bytes=identifier(index).bytes,
                creation_time_unix=created + index,
                creation_time_unix_present=True,
                last_update_time_unix=created + 2 * index,
                last_update_time_unix_present=True,
                distance=index / number,
                distance_present=True,
                certainty=1 - index / number / 2,
                certainty_present=True,
                score=1 - index / number,
                score_present=True,
                explain_score=f"vector, original score {index / number}",
                explain_score_present=True,
                is_consistent=True,
                is_consistent_present=True,
            )
        )
        if with_vectors:
            result.metadata.vectors.add(
                name=VECTOR, vector_bytes=vector.tobytes(), type=base_pb2.Vectors.VECTOR_TYPE_SINGLE_FP32
            )
        result.properties.target_collection = COLLECTION
        fields = result.properties.non_ref_props.fields
        fields["title"].text_value = row["title"]
        fields["body"].text_value = row["body"]
        fields["word_count"].int_value = row["word_count"]
        fields["ratio"].number_value = row["ratio"]
        fields["published"].date_value = row["published"].isoformat().replace("+00:00", "Z")
        fields["flag"].bool_value = row["flag"]
        fields["tags"].list_value.text_values.values.extend(row["tags"])
    return reply


def search_request(limit: int, *, with_vectors: bool = True) -> search_get_pb2.SearchRequest:
    """Build a near-vector search that asks for everything ``search_reply`` holds."""
    from weaviate.proto.v1 import base_pb2, base_search_pb2, search_get_pb2

    return search_get_pb2.SearchRequest(
        collection=COLLECTION,
        limit=limit,
        uses_123_api=True,
        uses_125_api=True,
        uses_127_api=True,
        properties=search_get_pb2.PropertiesRequest(return_all_nonref_properties=True),
        metadata=search_get_pb2.MetadataRequest(
            uuid=True,
            creation_time_unix=True,
            last_update_time_unix=True,
            distance=True,
            certainty=True,
            score=True,
            explain_score=True,
            is_consistent=True,
            vectors=[VECTOR] if with_vectors else [],
        ),
        near_vector=base_search_pb2.NearVector(
            targets=base_search_pb2.Targets(target_vectors=[VECTOR]),
            vectors=[
                base_pb2.Vectors(
                    name=VECTOR,
                    vector_bytes=vectors(1)[0].tobytes(),
                    type=base_pb2.Vectors.VECTOR_TYPE_SINGLE_FP32,
                )
            ],
        ),
    )


def batch_request(
    chunk: list[tuple[uuid.UUID, Row, NDArray[np.float32]]], collection: str = COLLECTION
) -> batch_pb2.BatchObjectsRequest:
    """Build the request that stores these objects."""
    from weaviate.proto.v1 import base_pb2, batch_pb2

    request = batch_pb2.BatchObjectsRequest()
    for id_, row, vector in chunk:
        item = request.objects.add(uuid=str(id_), collection=collection)
        item.vectors.add(name=VECTOR, vector_bytes=vector.tobytes(), type=base_pb2.Vectors.VECTOR_TYPE_SINGLE_FP32)
        item.properties.text_array_properties.add(prop_name="tags", values=row["tags"])
        fields = item.properties.non_ref_properties.fields
        fields["title"].string_value = row["title"]
        fields["body"].string_value = row["body"]
        fields["word_count"].number_value = row["word_count"]
        fields["ratio"].number_value = row["ratio"]
        fields["published"].string_value = row["published"].isoformat()
        fields["flag"].bool_value = row["flag"]
    return request
