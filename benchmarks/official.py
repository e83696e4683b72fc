"""The official client, used the way its documentation shows. Only its contenders import this."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import weaviate
    from weaviate.classes.data import DataObject
    from weaviate.classes.query import MetadataQuery

from benchmarks import data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from uuid import UUID

    import numpy as np
    from numpy.typing import NDArray
    from weaviate.collections import Collection
    from weaviate.collections.classes.internal import Object, ReferenceInputs
    from weaviate.collections.classes.types import WeaviateField

    from benchmarks.harness import Address

    # The type that insert_many declares, spelled as it spells it.
    Wrapped = DataObject[Mapping[str, WeaviateField], ReferenceInputs | None]

__all__ = ["connect", "connect_async", "data_objects", "decode", "encode", "everything", "touch"]


@contextmanager
def connect(address: Address) -> Iterator[weaviate.WeaviateClient]:
    """Open a client without its start-up checks, one of which asks a package index."""
    client = weaviate.connect_to_custom(
        http_host=address.host,
        http_port=address.http,
        http_secure=False,
        grpc_host=address.host,
        grpc_port=address.grpc,
        grpc_secure=False,
        skip_init_checks=True,
    )
    with client:
        yield client


def connect_async(address: Address) -> weaviate.WeaviateAsyncClient:
    """Give the asynchronous client, not yet connected."""
    return weaviate.use_async_with_custom(
        http_host=address.host,
        http_port=address.http,
        http_secure=False,
        grpc_host=address.host,
        grpc_port=address.grpc,
        grpc_secure=False,
        skip_init_checks=True,
    )


def everything() -> MetadataQuery:
    """Ask for all metadata of a hit."""
    return MetadataQuery.full()


def data_objects(
    items: Iterable[tuple[UUID, data.Row, NDArray[np.float32]]],
) -> list[Wrapped]:
    """Wrap rows the way the client takes them."""
    return [DataObject(properties={**row}, uuid=id_, vector={data.VECTOR: vector}) for id_, row, vector in items]  # type: ignore[dict-item]  # takes numpy at run time


def decode(collection: Collection, raw: bytes) -> list[Object]:  # type: ignore[type-arg]  # its generics are of no use here
    """Turn the bytes of a reply into the client's objects, without the network."""
    from weaviate.collections.classes.internal import _QueryOptions
    from weaviate.proto.v1 import search_get_pb2

    options = _QueryOptions(
        include_metadata=True,
        include_properties=True,
        include_references=False,
        include_vector=True,
        is_group_by=False,
    )
    reply = search_get_pb2.SearchReply.FromString(raw)
    # Not public, and no other way to time the decoding alone; the contender that goes over the network needs no such thing.
    return collection.query._result_to_query_return(reply, options).objects


def encode(objects: list[Wrapped]) -> bytes:
    """Turn objects into the bytes of a batch request, without the network."""
    from weaviate.collections.batch.grpc_batch import _BatchGRPC
    from weaviate.collections.classes.batch import _BatchObject
    from weaviate.proto.v1 import batch_pb2
    from weaviate.util import _ServerVersion

    internal = [
        _BatchObject(
            collection=data.COLLECTION,
            vector=one.vector,
            uuid=str(one.uuid),
            properties=one.properties,  # type: ignore[arg-type]  # the client's insert_many casts here
            tenant=None,
            references=None,
            index=index,
        )
        for index, one in enumerate(objects)
    ]
    batch = _BatchGRPC(_ServerVersion(1, 39, 3), None, None)
    return batch_pb2.BatchObjectsRequest(objects=batch.grpc_objects(internal)).SerializeToString()


def touch(objects: Iterable[Object]) -> int:  # type: ignore[type-arg]  # its generics are of no use here
    """Read every property, the distance and the vector of every object, as a user would."""
    read = 0
    for one in objects:
        read += len(one.properties) + len(one.vector[data.VECTOR]) + (one.metadata.distance is not None)
    return read
