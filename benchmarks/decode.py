"""Reading a large reply: 1,000 objects with seven properties, all metadata and a 384-dimensional vector.

``official`` and ``ours`` query a server that does nothing, so the network is in their figures; the contenders named
``-decode`` start from the reply's bytes. ``-touch`` also reads every value of every object, because ours decodes metadata
and vectors when they are asked for. ``floor-parse`` is protobuf parsing the reply, with no object made of it.
"""

from __future__ import annotations

from benchmarks import data
from benchmarks.harness import Address, Benchmark, Sample, main, measure, null_server

HITS = 1_000
REPEAT = 20


def official(server: Address) -> Sample:
    from benchmarks import official

    vector = data.vectors(1)[0].tolist()
    with official.connect(server) as client:
        query = client.collections.use(data.COLLECTION).query
        return measure(
            lambda: query.near_vector(
                vector,
                limit=HITS,
                target_vector=data.VECTOR,
                include_vector=True,
                return_metadata=official.everything(),
            ),
            operations=1,
            repeat=REPEAT,
        )


def official_decode(server: Address) -> Sample:
    from benchmarks import official

    raw = data.search_reply(HITS).SerializeToString()
    with official.connect(server) as client:
        collection = client.collections.use(data.COLLECTION)
        return measure(lambda: official.decode(collection, raw), operations=1, repeat=REPEAT)


def official_touch(server: Address) -> Sample:
    from benchmarks import official

    raw = data.search_reply(HITS).SerializeToString()
    with official.connect(server) as client:
        collection = client.collections.use(data.COLLECTION)
        return measure(lambda: official.touch(official.decode(collection, raw)), operations=1, repeat=REPEAT)


def ours(server: Address) -> Sample:
    from benchmarks import ours

    with ours.connect(server) as session:
        query = session.query(ours.Article).near_vector(data.vectors(1)[0], target=ours.Article.embedding)
        query = query.limit(HITS).with_vectors()
        return measure(query.all, operations=1, repeat=REPEAT)


def ours_decode(server: Address) -> Sample:
    from benchmarks import ours

    raw = data.search_reply(HITS).SerializeToString()
    with ours.connect(server) as session:
        return measure(lambda: ours.decode(session, raw), operations=1, repeat=REPEAT)


def ours_touch(server: Address) -> Sample:
    from benchmarks import ours

    raw = data.search_reply(HITS).SerializeToString()
    with ours.connect(server) as session:
        return measure(lambda: ours.touch(ours.decode(session, raw)), operations=1, repeat=REPEAT)


def floor_stub(server: Address) -> Sample:
    from benchmarks import stub

    request = data.search_request(HITS)
    with stub.search(server) as search:
        return measure(lambda: search(request), operations=1, repeat=REPEAT)


def floor_parse(server: Address) -> Sample:
    from weaviate.proto.v1 import search_get_pb2

    raw = data.search_reply(HITS).SerializeToString()
    return measure(lambda: search_get_pb2.SearchReply.FromString(raw), operations=1, repeat=REPEAT)


BENCHMARK = Benchmark(
    name="decode",
    title=f"Read a reply of {HITS:,} objects: 7 properties, all metadata, {data.DIMENSIONS}-d vector",
    unit="reply",
    contenders={
        "official": official,
        "ours": ours,
        "floor-stub": floor_stub,
        "official-decode": official_decode,
        "ours-decode": ours_decode,
        "official-touch": official_touch,
        "ours-touch": ours_touch,
        "floor-parse": floor_parse,
    },
    server=lambda: null_server(hits=HITS),
)

if __name__ == "__main__":
    main(BENCHMARK)
