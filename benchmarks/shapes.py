"""The replies of ``decode_shapes``: groups, generated texts, references, and long vectors.

Built with the official client's protobuf classes, as in ``data``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks import data

if TYPE_CHECKING:
    from weaviate.proto.v1 import search_get_pb2

__all__ = ["GROUPS", "LONG", "MEMBERS", "generative_reply", "grouped_reply", "linked_reply", "long_reply"]

GROUPS, MEMBERS = 100, 10
LINKS = 3
LONG = 1536


def grouped_reply() -> search_get_pb2.SearchReply:
    """Give 100 groups of ten objects, each with its seven properties, its distance and no vector."""
    from weaviate.proto.v1 import search_get_pb2

    flat = data.search_reply(GROUPS * MEMBERS, with_vectors=False)
    reply = search_get_pb2.SearchReply(took=0.001)
    for number in range(GROUPS):
        group = reply.group_by_results.add(
            name=f"group {number}", min_distance=0.1, max_distance=0.9, number_of_objects=MEMBERS
        )
        for result in flat.results[number * MEMBERS : (number + 1) * MEMBERS]:
            member = group.objects.add(properties=result.properties)
            member.metadata.id = result.metadata.id
            member.metadata.id_as_bytes = result.metadata.id_as_bytes
            member.metadata.distance = result.metadata.distance
            member.metadata.distance_present = True
    return reply


def generative_reply() -> search_get_pb2.SearchReply:
    """Give 1,000 objects without vectors, a text generated for each, and one for all of them."""
    reply = data.search_reply(1_000, with_vectors=False)
    for index, result in enumerate(reply.results):
        value = result.generative.values.add(result=f"What is to be said about number {index}. " * 5)
        value.debug.full_prompt = "Say something about it."
        value.metadata.openai.usage.prompt_tokens = 40
    reply.generative_grouped_results.values.add(result="What is to be said about all of them.")
    return reply


def linked_reply() -> search_get_pb2.SearchReply:
    """Give 1,000 objects without vectors, each with references to three others of seven properties."""
    reply = data.search_reply(1_000, with_vectors=False)
    linked = data.search_reply(LINKS, with_vectors=False)
    for result in reply.results:
        references = result.properties.ref_props.add(prop_name="related")
        result.properties.ref_props_requested = True
        for each in linked.results:
            properties = references.properties.add()
            properties.CopyFrom(each.properties)
            properties.metadata.id = each.metadata.id
            properties.metadata.id_as_bytes = each.metadata.id_as_bytes
    return reply


def long_reply() -> search_get_pb2.SearchReply:
    """Give 1,000 objects with a vector of 1,536 dimensions each."""
    reply = data.search_reply(1_000)
    vectors = np.random.default_rng(3).standard_normal((1_000, LONG), dtype=np.float32)
    for result, vector in zip(reply.results, vectors, strict=True):
        result.metadata.vectors[0].vector_bytes = vector.tobytes()
    return reply
