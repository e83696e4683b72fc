"""Search without a search: order, pages, cursors, sorting, and the server's words when they do not go together."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest
from exchanges import call_rest

from weaviate_orm.transport.base import Exchange
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.status import RpcRefused

Fresh = Callable[[str], str]

# Stored in this order; ids are out of order on purpose.
STORED = ((3, "delta", 2), (1, "Alpha", 1), (4, "charlie", 2), (2, "bravo", None), (5, "alpha", 3))


def identifier(number: int) -> str:
    return f"{number:02x}000000-0000-4000-8000-000000000000"


def search(exchange: Exchange, collection: str, **fields: object) -> pb.SearchReply:
    request = pb.SearchRequest(collection=collection, uses_127_api=True, metadata=pb.MetadataRequest(uuid=True))
    request.MergeFrom(pb.SearchRequest(**fields))  # type: ignore[arg-type]  # any fields of the message
    reply = exchange.unary(rpcs.SEARCH, request)
    assert isinstance(reply, pb.SearchReply)
    return reply


def found(exchange: Exchange, collection: str, **fields: object) -> list[int]:
    return [int(hit.metadata.id[:2], 16) for hit in search(exchange, collection, **fields).results]


def refusal(exchange: Exchange, collection: str, **fields: object) -> str:
    with pytest.raises(RpcRefused) as caught:
        search(exchange, collection, **fields)
    assert caught.value.status == "UNKNOWN"
    return caught.value.details


def keys(*names: str) -> Sequence[pb.SortBy]:
    return [pb.SortBy(path=[name.removeprefix("-")], ascending=not name.startswith("-")) for name in names]


def above(number: int) -> pb.Filters:
    target = pb.FilterTarget(property="rank")
    return pb.Filters(operator=pb.Filters.OPERATOR_GREATER_THAN_EQUAL, target=target, value_int=number)


@pytest.fixture
def letters(exchange: Exchange, fresh: Fresh) -> str:
    name = fresh("Letter")
    properties = [
        {"name": "word", "dataType": ["text"]},
        {"name": "rank", "dataType": ["int"]},
        {"name": "key", "dataType": ["uuid"]},
        {"name": "bare", "dataType": ["text"], "indexFilterable": False, "indexSearchable": False},
        {"name": "box", "dataType": ["object"], "nestedProperties": [{"name": "rank", "dataType": ["int"]}]},
    ]
    created = call_rest(exchange, "POST", "/schema", {"class": name, "vectorizer": "none", "properties": properties})
    assert created.status == 200, created.body
    for number, word, rank in STORED:
        values = {"word": word} | ({} if rank is None else {"rank": rank})
        body = {"class": name, "id": identifier(number), "properties": values}
        assert call_rest(exchange, "POST", "/objects", body).status == 200
    return name


def test_objects_stand_in_the_order_of_their_ids(exchange: Exchange, letters: str) -> None:
    assert found(exchange, letters) == [1, 2, 3, 4, 5]


def test_filtered_objects_stand_in_the_order_in_which_they_were_stored(exchange: Exchange, letters: str) -> None:
    assert found(exchange, letters, filters=above(1)) == [3, 1, 4, 5]


@pytest.mark.parametrize(
    ("limit", "offset", "expected"),
    [(2, 0, [1, 2]), (2, 3, [4, 5]), (2, 4, [5]), (2, 5, []), (0, 1, [2, 3, 4, 5]), (9_999, 1, [2, 3, 4, 5])],
)
def test_pages(exchange: Exchange, letters: str, limit: int, offset: int, expected: list[int]) -> None:
    assert found(exchange, letters, limit=limit, offset=offset) == expected


def test_without_a_limit_ten_are_found(exchange: Exchange, letters: str) -> None:
    for number in range(6, 20):
        body = {"class": letters, "id": identifier(number)}
        assert call_rest(exchange, "POST", "/objects", body).status == 200
    assert found(exchange, letters) == list(range(1, 11))


@pytest.mark.parametrize(("limit", "offset"), [(10_001, 0), (9_999, 2), (1, 10_000)])
def test_a_page_ends_at_ten_thousand(exchange: Exchange, letters: str, limit: int, offset: int) -> None:
    assert refusal(exchange, letters, limit=limit, offset=offset) == (
        "explorer: list class: search: invalid pagination params: query maximum results exceeded: the total limit calculated "
        f"from the provided offset '{offset}' and limit '{limit}' exceeds the configured value for QUERY_MAXIMUM_RESULTS "
        "'10000'. If you've supplied a negative offset or limit, this may be an underflow error"
    )


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (identifier(2), [3, 4]),
        ("02000000-0000-4000-8000-000000000001", [3, 4]),
        (identifier(2).upper(), [3, 4]),
        ("{" + identifier(2) + "}", [3, 4]),
        ("", [1, 2]),
        (identifier(5), []),
    ],
)
def test_going_on_after_an_id(exchange: Exchange, letters: str, after: str, expected: list[int]) -> None:
    assert found(exchange, letters, after=after, limit=2) == expected


def test_what_does_not_go_with_a_cursor(exchange: Exchange, letters: str) -> None:
    prefix = "cursor api: invalid 'after' parameter: "
    others = {"offset": 1, "filters": above(1), "sort_by": keys("rank")}
    assert refusal(exchange, letters, after=identifier(1), **others) == (
        f"{prefix}offset,where,sort cannot be set with after and limit parameters"
    )
    words = pb.BM25(query="alpha")
    assert refusal(exchange, letters, after=identifier(1), bm25_search=words) == (
        f"{prefix}other params cannot be set with after and limit parameters"
    )
    assert refusal(exchange, letters, after="x") == (
        f"{prefix}after parameter 'x' is not a valid uuid: invalid UUID length: 1"
    )


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (("rank",), [2, 1, 3, 4, 5]),
        (("-rank",), [5, 3, 4, 1, 2]),
        (("word", "-_id"), [5, 1, 2, 4, 3]),
        (("-rank", "word"), [5, 4, 3, 1, 2]),
        (("box",), [1, 2, 3, 4, 5]),
        (("box.rank",), [1, 2, 3, 4, 5]),
    ],
)
def test_sorting(exchange: Exchange, letters: str, sort: Sequence[str], expected: list[int]) -> None:
    assert found(exchange, letters, sort_by=keys(*sort)) == expected
    assert found(exchange, letters, sort_by=keys(*sort), limit=2, offset=1) == expected[1:3]


def test_what_cannot_be_sorted_by_is_named_together(exchange: Exchange, letters: str) -> None:
    text = refusal(exchange, letters, sort_by=[*keys("key"), *keys("nothing"), pb.SortBy(), pb.SortBy(path=["a", "b"])])
    assert re.fullmatch(
        r"invalid 'sort' parameter: sort parameter at position 0: prop \"key\" is of type uuid/uuid\[\]: sorting by uuid is "
        r"currently not supported .*, sort parameter at position 1: no such prop with name 'nothing' found in class .*, "
        r"sort parameter at position 2: path parameter cannot be empty, sort parameter at position 3: sorting by reference "
        r"not supported, path must have exactly one argument",
        text,
    )


def test_sorting_does_not_go_with_a_search(exchange: Exchange, letters: str) -> None:
    words = pb.BM25(query="alpha")
    text = "sorting cannot be combined with search"
    assert refusal(exchange, letters, sort_by=keys("rank"), bm25_search=words) == text
    prompt = pb.GenerativeSearch(single=pb.GenerativeSearch.Single(prompt="x"))
    assert refusal(exchange, letters, sort_by=keys("rank"), generative=prompt) == text


def test_autocut_of_a_listing_leaves_nothing(exchange: Exchange, letters: str) -> None:
    assert found(exchange, letters, autocut=1) == []


def test_a_missing_index_is_told_without_more_words(exchange: Exchange, letters: str) -> None:
    equal = pb.Filters(operator=pb.Filters.OPERATOR_EQUAL, target=pb.FilterTarget(property="bare"), value_text="x")
    assert refusal(exchange, letters, filters=equal) == (
        "Filtering by property 'bare' requires inverted index. Is `indexFilterable` option of property 'bare' enabled? "
        "Set it to `true` or leave empty"
    )


def test_an_empty_near_vector_lists_objects(exchange: Exchange, letters: str) -> None:
    near = pb.NearVector(vectors=[pb.Vectors()])
    hits = search(exchange, letters, near_vector=near, metadata=pb.MetadataRequest(distance=True), limit=2).results
    assert [(hit.metadata.id[:2], hit.metadata.distance) for hit in hits] == [("01", 0), ("02", 0)]
    assert all(hit.metadata.distance_present for hit in hits)


def test_unknown_collection(exchange: Exchange) -> None:
    assert refusal(exchange, "Nowhere_to_be_found") == "could not find class Nowhere_to_be_found in schema"


def test_aliases_and_small_first_letters_lead_to_the_collection(exchange: Exchange, letters: str) -> None:
    alias = f"{letters}_alias"
    assert call_rest(exchange, "POST", "/aliases", {"alias": alias, "class": letters}).status == 200
    try:
        reply = search(exchange, alias, limit=1)
    finally:
        call_rest(exchange, "DELETE", f"/aliases/{alias}")
    assert reply.results[0].properties.target_collection == letters
    assert found(exchange, letters[0].lower() + letters[1:], limit=1) == [1]


def test_tenancy(exchange: Exchange, fresh: Fresh, letters: str) -> None:
    name = fresh("Parted")
    body = {"class": name, "vectorizer": "none", "multiTenancyConfig": {"enabled": True}}
    assert call_rest(exchange, "POST", "/schema", body).status == 200
    tenants = [{"name": "one"}, {"name": "two"}, {"name": "asleep", "activityStatus": "COLD"}]
    assert call_rest(exchange, "POST", f"/schema/{name}/tenants", tenants).status == 200
    stored = {"class": name, "id": identifier(1), "tenant": "one"}
    assert call_rest(exchange, "POST", "/objects", stored).status == 200
    assert found(exchange, name, tenant="one") == [1]
    assert found(exchange, name, tenant="two") == []
    index = f"explorer: list class: search: object search at index {name.lower()}: "
    assert refusal(exchange, name) == f"{index}class {name} has multi-tenancy enabled, but request was without tenant"
    assert refusal(exchange, name, tenant="three") == f'{index}tenant not found: "three"'
    assert refusal(exchange, name, tenant="asleep") == f"{index}tenant not active: 'asleep'"
    assert refusal(exchange, letters, tenant="one") == (
        f"explorer: list class: search: object search at index {letters.lower()}: class {letters} has multi-tenancy disabled, "
        "but request was with tenant"
    )
