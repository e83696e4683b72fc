"""A bare gRPC stub: what is left of a client when everything but gRPC and protobuf is taken away. The floors use it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import grpc

if TYPE_CHECKING:
    from weaviate.proto.v1 import search_get_pb2

    from benchmarks.harness import Address

__all__ = ["OPTIONS", "async_search", "batch_objects", "search"]

_SEARCH = "/weaviate.v1.Weaviate/Search"
_BATCH_OBJECTS = "/weaviate.v1.Weaviate/BatchObjects"
OPTIONS = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]

Search = Callable[["search_get_pb2.SearchRequest"], "search_get_pb2.SearchReply"]
AsyncSearch = Callable[["search_get_pb2.SearchRequest"], Awaitable["search_get_pb2.SearchReply"]]


@contextmanager
def search(address: Address) -> Iterator[Search]:
    """Open a channel and give its Search method: messages in, messages out."""
    from weaviate.proto.v1 import search_get_pb2

    with grpc.insecure_channel(f"{address.host}:{address.grpc}", OPTIONS) as channel:
        yield channel.unary_unary(
            _SEARCH, search_get_pb2.SearchRequest.SerializeToString, search_get_pb2.SearchReply.FromString
        )


def async_search(channel: grpc.aio.Channel) -> AsyncSearch:
    """Give the Search method of an open asynchronous channel."""
    from weaviate.proto.v1 import search_get_pb2

    method: AsyncSearch = channel.unary_unary(
        _SEARCH, search_get_pb2.SearchRequest.SerializeToString, search_get_pb2.SearchReply.FromString
    )
    return method


@contextmanager
def batch_objects(address: Address) -> Iterator[Callable[[bytes], bytes]]:
    """Open a channel and give its BatchObjects method: bytes in, bytes out."""
    with grpc.insecure_channel(f"{address.host}:{address.grpc}", OPTIONS) as channel:
        yield channel.unary_unary(_BATCH_OBJECTS)
