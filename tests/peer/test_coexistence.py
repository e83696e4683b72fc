"""Our message classes and weaviate-client's live in one process, whichever comes first, and read each other's bytes."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

OURS = "from weaviate_orm.wire import _pb as pb"

# The client warns about its own generated code while it is imported; everything else stays an error.
THEIRS = """
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from weaviate.proto.v1 import base_pb2, base_search_pb2, batch_pb2, properties_pb2, search_get_pb2
"""

EXCHANGE = """
from types import SimpleNamespace
from google.protobuf import descriptor_pool

assert pb.SearchRequest is not search_get_pb2.SearchRequest
assert search_get_pb2.SearchRequest.DESCRIPTOR.file.pool is descriptor_pool.Default()
assert pb.SearchRequest.DESCRIPTOR.file.pool is pb.POOL is not descriptor_pool.Default()

# The client has a module a file, where ours is one namespace.
modules = (base_pb2, base_search_pb2, search_get_pb2)
client = SimpleNamespace(**{name: value for module in modules for name, value in vars(module).items()})

def search_request(classes):
    Filters, TextArray, FilterTarget = classes.Filters, classes.TextArray, classes.FilterTarget
    return classes.SearchRequest(
        collection="Article",
        limit=7,
        uses_127_api=True,
        properties=classes.PropertiesRequest(non_ref_properties=["title", "body"]),
        metadata=classes.MetadataRequest(uuid=True, distance=True),
        near_vector=classes.NearVector(
            vector_bytes=bytes(range(16)),
            distance=0.25,
            targets=classes.Targets(target_vectors=["a", "b"]),
            vector_per_target={"a": b"1234", "b": b"5678"},
        ),
        filters=Filters(
            operator=Filters.OPERATOR_AND,
            filters=[
                Filters(operator=Filters.OPERATOR_EQUAL, value_int=-3, target=FilterTarget(property="count")),
                Filters(operator=Filters.OPERATOR_CONTAINS_ANY, value_text_array=TextArray(values=["x"])),
            ],
        ),
    )

ours, theirs = search_request(pb), search_request(client)
as_bytes = ours.SerializeToString(deterministic=True)
assert as_bytes == theirs.SerializeToString(deterministic=True)
assert search_get_pb2.SearchRequest.FromString(as_bytes) == theirs
assert pb.SearchRequest.FromString(theirs.SerializeToString()) == ours
assert str(ours) == str(theirs)

# A map of messages, a oneof, and google.protobuf.Struct, which has a class in each pool.
answer = properties_pb2.Properties(fields={"title": properties_pb2.Value(text_value="t")})
assert pb.Properties.FromString(answer.SerializeToString()).fields["title"].WhichOneof("kind") == "text_value"
stored = batch_pb2.BatchObject(uuid="u", collection="Article")
stored.properties.non_ref_properties.update({"title": "t", "tags": ["a", None]})
read = pb.BatchObject.FromString(stored.SerializeToString())
assert read.properties.non_ref_properties["title"] == "t"
written = pb.BatchObject(uuid="u", collection="Article")
written.properties.non_ref_properties.update({"title": "t", "tags": ["a", None]})
assert batch_pb2.BatchObject.FromString(written.SerializeToString()) == stored
print("both")
"""


@pytest.mark.parametrize("imports", [[OURS, THEIRS], [THEIRS, OURS]], ids=["ours first", "theirs first"])
def test_both_read_each_others_bytes_in_one_process(imports: list[str]) -> None:
    program = "\n".join(["import warnings", *map(textwrap.dedent, imports), EXCHANGE])
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "both\n"
