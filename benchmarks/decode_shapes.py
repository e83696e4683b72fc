"""Reading replies of other shapes: groups, generated texts, objects with references, and vectors of 1,536 dimensions.

Every contender starts from the reply's bytes and ends at what a user gets. The ``-touch`` ones also read what is in it, because ours
decodes metadata, vectors and generated texts when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from benchmarks import data, shapes
from benchmarks.harness import Address, Benchmark, Sample, main, measure, null_server

REPEAT = 20


def _official(
    server: Address, reply: Callable[[], Any], method: str, touch: Callable[[Any], object], **options: bool
) -> Sample:
    from weaviate.collections.classes.internal import _QueryOptions
    from weaviate.proto.v1 import search_get_pb2

    from benchmarks import official

    raw = reply().SerializeToString()
    chosen = {"include_references": False, "include_vector": False, "is_group_by": False} | options
    settings = _QueryOptions(include_metadata=True, include_properties=True, **chosen)
    with official.connect(server) as client:
        collection = client.collections.use(data.COLLECTION)
        # Not public, and no other way to time the decoding alone.
        read = getattr(collection.query, method, None) or getattr(collection.generate, method)
        return measure(
            lambda: touch(read(search_get_pb2.SearchReply.FromString(raw), settings)), operations=1, repeat=REPEAT
        )


def _ours(
    server: Address, reply: Callable[[], Any], query: Callable[[Any], Any], touch: Callable[[Any], object]
) -> Sample:
    from benchmarks import ours

    raw = reply().SerializeToString()
    with ours.connect(server) as session:
        read = ours.reader(query(session))
        return measure(lambda: touch(read(raw)), operations=1, repeat=REPEAT)


def _as_it_is(result: object) -> object:
    return result


def _distances(objects: Iterable[Any]) -> int:
    return sum(len(each.properties) + (each.metadata.distance is not None) for each in objects)


def grouped_official(server: Address) -> Sample:
    return _official(server, shapes.grouped_reply, "_result_to_groupby_return", _as_it_is, is_group_by=True)


def grouped_official_touch(server: Address) -> Sample:
    def touch(result: Any) -> int:
        return sum(_distances(group.objects) for group in result.groups.values())

    return _official(server, shapes.grouped_reply, "_result_to_groupby_return", touch, is_group_by=True)


def _grouped(session: Any) -> Any:
    from benchmarks import ours

    query = session.query(ours.Article).near_vector(data.vectors(1)[0], target=ours.Article.embedding)
    return query.group_by(ours.Article.title, groups=shapes.GROUPS, per_group=shapes.MEMBERS)


def grouped_ours(server: Address) -> Sample:
    return _ours(server, shapes.grouped_reply, _grouped, _as_it_is)


def grouped_ours_touch(server: Address) -> Sample:
    def touch(groups: Any) -> int:
        return sum(
            len(hit.object.title) + hit.object.word_count + (hit.distance is not None)
            for group in groups
            for hit in group.hits
        )

    return _ours(server, shapes.grouped_reply, _grouped, touch)


def generated_official(server: Address) -> Sample:
    return _official(server, shapes.generative_reply, "_result_to_generative_query_return", _as_it_is)


def generated_official_touch(server: Address) -> Sample:
    def touch(result: Any) -> int:
        return _distances(result.objects) + sum(
            len(each.generative.text)
            + len(each.generative.debug.full_prompt)
            + (each.generative.metadata.usage.prompt_tokens or 0)
            for each in result.objects
        )

    return _official(server, shapes.generative_reply, "_result_to_generative_query_return", touch)


def _generated(session: Any) -> Any:
    from benchmarks import ours

    query = session.query(ours.Article).near_vector(data.vectors(1)[0], target=ours.Article.embedding)
    return query.limit(1_000).generate(single="Say something about it.", grouped="Say something about all of them.")


def generated_ours(server: Address) -> Sample:
    return _ours(server, shapes.generative_reply, _generated, _as_it_is)


def generated_ours_touch(server: Address) -> Sample:
    def touch(hits: Any) -> int:
        return sum(
            len(hit.object.title)
            + len(hit.generated)
            + len(details.prompt)
            + (details.metadata.usage.prompt_tokens or 0)
            + (hit.distance is not None)
            for hit in hits
            for details in (hit.generation,)
        )

    return _ours(server, shapes.generative_reply, _generated, touch)


def linked_official(server: Address) -> Sample:
    return _official(server, shapes.linked_reply, "_result_to_query_return", _as_it_is, include_references=True)


def linked_official_touch(server: Address) -> Sample:
    def touch(result: Any) -> int:
        return sum(
            len(each.properties) + len(other.properties)
            for each in result.objects
            for other in each.references["related"].objects
        )

    return _official(server, shapes.linked_reply, "_result_to_query_return", touch, include_references=True)


def _linked(session: Any) -> Any:
    from benchmarks import ours

    return session.query(ours.Linked).include(ours.Linked.related).limit(1_000)


def linked_ours(server: Address) -> Sample:
    return _ours(server, shapes.linked_reply, _linked, _as_it_is)


def linked_ours_touch(server: Address) -> Sample:
    def touch(hits: Any) -> int:
        return sum(
            len(hit.object.title) + len(other.title) + other.word_count for hit in hits for other in hit.object.related
        )

    return _ours(server, shapes.linked_reply, _linked, touch)


def long_official(server: Address) -> Sample:
    return _official(server, shapes.long_reply, "_result_to_query_return", _as_it_is, include_vector=True)


def long_official_touch(server: Address) -> Sample:
    def touch(result: Any) -> int:
        return sum(len(each.vector[data.VECTOR]) for each in result.objects)

    return _official(server, shapes.long_reply, "_result_to_query_return", touch, include_vector=True)


def _long(session: Any) -> Any:
    from benchmarks import ours

    return session.query(ours.Article).limit(1_000).with_vectors()


def long_ours(server: Address) -> Sample:
    return _ours(server, shapes.long_reply, _long, _as_it_is)


def long_ours_touch(server: Address) -> Sample:
    def touch(hits: Any) -> int:
        return sum(len(hit.vectors[data.VECTOR]) for hit in hits)

    return _ours(server, shapes.long_reply, _long, touch)


BENCHMARKS = (
    Benchmark(
        name="groups",
        title=f"Read {shapes.GROUPS} groups of {shapes.MEMBERS} objects: 7 properties and a distance",
        unit="reply",
        contenders={
            "official": grouped_official,
            "ours": grouped_ours,
            "official-touch": grouped_official_touch,
            "ours-touch": grouped_ours_touch,
        },
        server=lambda: null_server(hits=1),
    ),
    Benchmark(
        name="generated",
        title="Read 1,000 objects with a generated text each, without vectors",
        unit="reply",
        contenders={
            "official": generated_official,
            "ours": generated_ours,
            "official-touch": generated_official_touch,
            "ours-touch": generated_ours_touch,
        },
        server=lambda: null_server(hits=1),
    ),
    Benchmark(
        name="references",
        title="Read 1,000 objects with three referenced objects each, 7 properties all, without vectors",
        unit="reply",
        contenders={
            "official": linked_official,
            "ours": linked_ours,
            "official-touch": linked_official_touch,
            "ours-touch": linked_ours_touch,
        },
        server=lambda: null_server(hits=1),
    ),
    Benchmark(
        name="long vectors",
        title=f"Read 1,000 objects with a {shapes.LONG}-d vector each",
        unit="reply",
        contenders={
            "official": long_official,
            "ours": long_ours,
            "official-touch": long_official_touch,
            "ours-touch": long_ours_touch,
        },
        server=lambda: null_server(hits=1),
    ),
)

if __name__ == "__main__":
    main(*BENCHMARKS)
