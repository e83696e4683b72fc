"""Search results in groups: by values of every type after a vector search, by texts after the others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from exchanges import call_rest

from weaviate_orm.transport.base import Exchange
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.status import RpcRefused

Fresh = Callable[[str], str]

ROWS = (
    {
        "title": "red apple",
        "tags": ["red", "fruit"],
        "rank": 1,
        "size": 0.5,
        "yes": True,
        "day": "2024-01-01T00:00:00Z",
    },
    {
        "title": "red wine",
        "tags": ["red"],
        "rank": 2,
        "size": 2.0,
        "yes": False,
        "place": {"latitude": 52.37, "longitude": 4.9},
    },
    {"title": "red <pear>", "tags": [], "rank": 1, "ranks": [7, 8]},
    {"title": "blue sky"},
)


@pytest.fixture
def things(exchange: Exchange, fresh: Fresh) -> str:
    name = fresh("Grouped")
    types = {
        "title": "text",
        "tags": "text[]",
        "rank": "int",
        "ranks": "int[]",
        "size": "number",
        "yes": "boolean",
        "day": "date",
        "place": "geoCoordinates",
    }
    body = {
        "class": name,
        "vectorizer": "none",
        "properties": [{"name": key, "dataType": [kind]} for key, kind in types.items()],
    }
    assert call_rest(exchange, "POST", "/schema", body).status == 200
    for number, values in enumerate(ROWS, 1):
        stored = {
            "class": name,
            "id": f"{number:02x}000000-0000-4000-8000-000000000000",
            "properties": values,
            "vector": [1.0, number / 10],
        }
        made = call_rest(exchange, "POST", "/objects", stored)
        assert made.status == 200, made.body
    return name


Groups = list[tuple[str, list[int]]]
NEAR = {"near_vector": pb.NearVector(vector=[1.0, 0.0])}
WORDS = {"bm25_search": pb.BM25(query="red", properties=["title"])}


def search(exchange: Exchange, collection: str, **fields: object) -> pb.SearchReply:
    request = pb.SearchRequest(collection=collection, uses_127_api=True, **fields)  # type: ignore[arg-type]  # any fields
    request.metadata.uuid = True
    request.metadata.distance = True
    reply = exchange.unary(rpcs.SEARCH, request)
    assert isinstance(reply, pb.SearchReply)
    assert not reply.results
    return reply


def by(name: str, groups: int = 9, members: int = 9) -> pb.GroupBy:
    return pb.GroupBy(path=[name], number_of_groups=groups, objects_per_group=members)


def found(exchange: Exchange, collection: str, group_by: pb.GroupBy, **fields: object) -> Groups:
    reply = search(exchange, collection, group_by=group_by, **fields)
    assert all(group.number_of_objects == len(group.objects) for group in reply.group_by_results)
    return [
        (group.name, [int(member.metadata.id[:2], 16) for member in group.objects]) for group in reply.group_by_results
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rank", [("1", [1, 3]), ("2", [2]), ("", [4])]),
        ("tags", [("red", [1, 2]), ("fruit", [1]), ("", [3, 4])]),
        ("ranks", [("", [1, 2, 4]), ("7", [3]), ("8", [3])]),
        ("size", [("0.5", [1]), ("2", [2]), ("", [3, 4])]),
        ("yes", [("true", [1]), ("false", [2]), ("", [3, 4])]),
        ("day", [("2024-01-01T00:00:00Z", [1]), ("", [2, 3, 4])]),
        ("place", [("", [1, 3, 4]), ('{"latitude":52.37,"longitude":4.9}', [2])]),
        ("title", [("red apple", [1]), ("red wine", [2]), ("red \\u003cpear\\u003e", [3]), ("blue sky", [4])]),
    ],
)
def test_after_a_vector_search(exchange: Exchange, things: str, name: str, expected: Groups) -> None:
    assert found(exchange, things, by(name), **NEAR) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tags", [("red", [1, 2]), ("fruit", [1])]),
        ("day", [("2024-01-01T00:00:00Z", [1])]),
        ("rank", []),
        ("yes", []),
        ("ranks", []),
        ("place", []),
    ],
)
def test_after_a_keyword_search(exchange: Exchange, things: str, name: str, expected: Groups) -> None:
    groups = found(exchange, things, by(name), **WORDS)
    assert [(name, sorted(members)) for name, members in groups] == expected


def test_after_a_hybrid_search(exchange: Exchange, things: str) -> None:
    hybrid = pb.Hybrid(query="wine", vector=[1.0, 0.0], alpha=0.5)
    reply = search(exchange, things, group_by=by("title"), hybrid_search=hybrid)
    groups = {group.name: group for group in reply.group_by_results}
    assert set(groups) == {"red apple", "red wine", "red <pear>", "blue sky"}
    # What words found too has no distance.
    assert groups["red wine"].min_distance == groups["red wine"].max_distance == 0
    assert groups["blue sky"].min_distance == groups["blue sky"].objects[0].metadata.distance > 0


@pytest.mark.parametrize(
    ("groups", "members", "expected"),
    [
        (1, 9, [("red", [1, 2])]),
        (2, 1, [("red", [1]), ("fruit", [1])]),
        (0, 1, []),
        (1, 0, []),
        (-1, -1, []),
    ],
)
def test_how_many(exchange: Exchange, things: str, groups: int, members: int, expected: Groups) -> None:
    assert found(exchange, things, by("tags", groups, members), **NEAR) == expected


def test_the_limit_counts_objects_and_the_offset_groups(exchange: Exchange, things: str) -> None:
    assert found(exchange, things, by("rank"), limit=2, **NEAR) == [("1", [1]), ("2", [2])]
    assert found(exchange, things, by("rank"), limit=2, offset=1, **NEAR) == [("2", [2])]


def test_distances_and_members(exchange: Exchange, things: str) -> None:
    reply = search(
        exchange, things, group_by=by("rank"), properties=pb.PropertiesRequest(non_ref_properties=["title"]), **NEAR
    )
    first = reply.group_by_results[0]
    distances = [member.metadata.distance for member in first.objects]
    assert (first.min_distance, first.max_distance) == (distances[0], distances[1])
    assert distances[0] < distances[1]
    assert set(first.objects[0].properties.non_ref_props.fields) == {"title", "rank"}
    assert not first.objects[0].metadata.score_present
    assert not first.HasField("rerank")
    assert not first.HasField("generative")


def test_thresholds_look_at_the_first_member(exchange: Exchange, things: str) -> None:
    near = pb.NearVector(vector=[1.0, 0.0], distance=0.01)
    assert found(exchange, things, by("rank"), near_vector=near) == [("1", [1, 3])]


@pytest.mark.parametrize(
    ("group_by", "fields", "text"),
    [
        (pb.GroupBy(path=["a", "b"]), NEAR, "groupby path can only have one entry, received [a b]"),
        (pb.GroupBy(), NEAR, "groupby path can only have one entry, received []"),
        (
            by("Rank"),
            NEAR,
            "no such prop with name 'Rank' found in class '{}' in the schema. Check your schema files for "
            "which properties in this class are available",
        ),
    ],
)
def test_what_cannot_be_grouped_by(
    exchange: Exchange, things: str, group_by: pb.GroupBy, fields: dict[str, object], text: str
) -> None:
    with pytest.raises(RpcRefused) as caught:
        search(exchange, things, group_by=group_by, **fields)
    assert caught.value.details == text.format(things)


def test_a_listing_has_no_groups(exchange: Exchange, things: str) -> None:
    with pytest.raises(RpcRefused, match=r"group is not present|cannot parse _additional"):
        search(exchange, things, group_by=by("rank"))
