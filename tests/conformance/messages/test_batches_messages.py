"""Batches of objects and batch deletion, over gRPC and REST: one that is refused does not hold up the others."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pytest
from exchanges import call_rest

from weaviate_orm.transport.base import Exchange
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.status import RpcRefused

Fresh = Callable[[str], str]
Json = Any  # JSON has no narrower type


def identifier(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


@pytest.fixture
def name(exchange: Exchange, fresh: Fresh) -> str:
    found = fresh("Article")
    properties = [{"name": "title", "dataType": ["text"]}, {"name": "year", "dataType": ["int"]}]
    body = {"class": found, "vectorizer": "none", "properties": properties}
    assert call_rest(exchange, "POST", "/schema", body).status == 200
    return found


def article(name: str, id: str, title: str = "x", vector: tuple[float, ...] = ()) -> pb.BatchObject:
    found = pb.BatchObject(collection=name, uuid=id, vector_bytes=struct.pack(f"<{len(vector)}f", *vector))
    found.properties.non_ref_properties.fields["title"].string_value = title
    return found


def put(exchange: Exchange, *objects: pb.BatchObject) -> dict[int, str]:
    """Send a batch; give the errors by index."""
    reply = exchange.unary(rpcs.BATCH_OBJECTS, pb.BatchObjectsRequest(objects=objects))
    assert isinstance(reply, pb.BatchObjectsReply)
    return {each.index: each.error for each in reply.errors}


def read(exchange: Exchange, name: str, number: int) -> Json:
    return call_rest(exchange, "GET", f"/objects/{name}/{identifier(number)}", None, include="vector").body


def test_the_good_ones_are_stored(exchange: Exchange, name: str) -> None:
    put(exchange, article(name, identifier(1), vector=(1, 2, 3)))
    wrong_type = article(name, identifier(3))
    wrong_type.properties.non_ref_properties.fields["year"].number_value = 1.5
    with_tenant = article(name, identifier(6))
    with_tenant.tenant = "t"
    unknown_vector = article(name, identifier(7))
    unknown_vector.vectors.add(name="other", vector_bytes=b"\0\0\0\0")
    errors = put(
        exchange,
        article(name, identifier(2)),
        wrong_type,
        article(name, "nope"),
        article(name, ""),
        article(name, identifier(5), vector=(1, 2)),
        with_tenant,
        unknown_vector,
        article(name.lower()[0] + name[1:], identifier(8)),
    )
    assert errors == {
        1: f"invalid integer property 'year' on class '{name}': requires an integer, the given value is '1.5'",
        2: "invalid UUID length: 4",
        3: "invalid UUID length: 0",
        4: f"Validate vector index for {identifier(5)}: new node has a vector with length 2. Existing nodes have vectors with length 3: "
        "vector dimensions do not match the index dimensions",
        5: f"class {name} has multi-tenancy disabled, but request was with tenant",
        6: f"collection {name} does not have configuration for vector other",
    }
    stored = [number for number in range(1, 9) if read(exchange, name, number) is not None]
    assert stored == [1, 2, 8]


def test_the_last_of_one_id_is_stored(exchange: Exchange, name: str) -> None:
    assert put(exchange, article(name, identifier(1), "first"), article(name, identifier(1), "last")) == {}
    assert read(exchange, name, 1)["properties"] == {"title": "last"}


def test_an_object_is_replaced_as_a_whole(exchange: Exchange, name: str) -> None:
    put(exchange, article(name, identifier(1), vector=(1, 2, 3)))
    before = read(exchange, name, 1)
    assert put(exchange, pb.BatchObject(collection=name, uuid=identifier(1))) == {}
    after = read(exchange, name, 1)
    assert (after["properties"], "vector" in after) == ({}, False)
    assert after["creationTimeUnix"] >= before["creationTimeUnix"]
    assert after["creationTimeUnix"] == after["lastUpdateTimeUnix"]


def test_nothing_to_store(exchange: Exchange) -> None:
    assert put(exchange) == {}


def test_properties_and_collections_are_made(exchange: Exchange, name: str, fresh: Fresh) -> None:
    other = fresh("Made")
    fits = article(name, identifier(1))
    fits.properties.int_array_properties.add(prop_name="years", values=[1, 2])
    does_not = article(name, identifier(2))
    does_not.properties.non_ref_properties.fields["id"].string_value = "x"
    assert put(exchange, fits, does_not, article(other, identifier(3))) == {
        1: "auto-schema: update collection: 'id' is a reserved property name"
    }
    assert read(exchange, name, 1)["properties"] == {"title": "x", "years": [1, 2]}
    assert read(exchange, other, 3)["properties"] == {"title": "x"}
    made = call_rest(exchange, "GET", f"/schema/{other}").body
    assert [(each["name"], each["dataType"]) for each in made["properties"]] == [("title", ["text"])]


# REST


def test_a_batch_over_rest(exchange: Exchange, name: str) -> None:
    objects = [
        {"class": name, "id": identifier(1), "properties": {"title": "x"}, "vector": [1, 2, 3]},
        {"class": name, "id": identifier(2), "properties": {"year": 1.5}},
        {"class": name},
    ]
    reply = call_rest(exchange, "POST", "/batch/objects", {"objects": objects})
    assert reply.status == 200
    good, bad, made = reply.body
    text = f"invalid integer property 'year' on class '{name}': the JSON number '1.5' could not be converted to an int"
    assert good["result"] == {"status": "SUCCESS"}
    assert (good["vector"], good["deprecations"]) == ([1, 2, 3], None)
    assert bad["result"] == {"status": "FAILED", "errors": {"error": [{"message": text}]}}
    assert bad["properties"] == {"year": 1.5}
    assert call_rest(exchange, "HEAD", f"/objects/{name}/{made['id']}").status == 204
    assert read(exchange, name, 2) is None


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        (None, 422, "body in body is required"),
        ({}, 422, "invalid param 'objects': cannot be empty, need at least one object for batching"),
        ({"objects": [{"class": "A", "id": "zz"}]}, 422, 'body.objects.0.id in body must be of type uuid: "zz"'),
    ],
)
def test_bodies_that_are_no_batches(exchange: Exchange, body: Json, status: int, text: str) -> None:
    reply = call_rest(exchange, "POST", "/batch/objects", body)
    found = reply.body["message"] if "message" in reply.body else reply.body["error"][0]["message"]
    assert (reply.status, found) == (status, text)


# Deletion


def titled(title: str) -> pb.Filters:
    return pb.Filters(operator=pb.Filters.OPERATOR_EQUAL, target=pb.FilterTarget(property="title"), value_text=title)


def delete(exchange: Exchange, **members: Json) -> tuple[int, int, int, list[str]]:
    """Give matches, successes, failures and the ids that were named."""
    reply = exchange.unary(rpcs.BATCH_DELETE, pb.BatchDeleteRequest(**members))
    assert isinstance(reply, pb.BatchDeleteReply)
    return reply.matches, reply.successful, reply.failed, sorted(each.uuid.hex() for each in reply.objects)


def test_deletion(exchange: Exchange, name: str) -> None:
    titles = ("one", "one", "two")
    put(exchange, *(article(name, identifier(number), title) for number, title in enumerate(titles, 1)))
    ids = [identifier(number).replace("-", "") for number in (1, 2)]
    assert delete(exchange, collection=name, filters=titled("one"), dry_run=True, verbose=True) == (2, 2, 0, ids)
    assert delete(exchange, collection=name, filters=titled("nothing"), verbose=True) == (0, 0, 0, [])
    assert delete(exchange, collection=name, filters=titled("one"), verbose=True) == (2, 2, 0, ids)
    assert delete(exchange, collection=name, filters=titled("one")) == (0, 0, 0, [])
    assert delete(exchange, collection=name, filters=titled("two")) == (1, 1, 0, [])


@pytest.mark.parametrize(
    ("members", "text"),
    [
        (
            {"filters": titled("x"), "collection": "Nowhere"},
            "batch delete params: could not find class Nowhere in schema",
        ),
        ({}, "batch delete params: no filters in batch delete request"),
        (
            {"filters": titled("x"), "tenant": "t"},
            "batch delete: cannot find objects: class C has multi-tenancy disabled, but request was with tenant",
        ),
    ],
)
def test_deletions_that_are_refused(exchange: Exchange, name: str, members: Json, text: str) -> None:
    with pytest.raises(RpcRefused) as refused:
        delete(exchange, **{"collection": name, **members})
    assert (refused.value.status, refused.value.details) == ("UNKNOWN", text.replace("class C", f"class {name}"))


def test_deletion_over_rest(exchange: Exchange, name: str) -> None:
    put(exchange, article(name, identifier(1), "one"))
    where = {"path": ["title"], "operator": "Equal", "valueText": "one"}
    match = {"class": name, "where": where}
    dry = call_rest(exchange, "DELETE", "/batch/objects", {"match": match, "dryRun": True, "output": "verbose"}).body
    assert dry == {
        "match": {"class": name, "where": {**where, "operands": None}},
        "dryRun": True,
        "output": "verbose",
        "deletionTimeUnixMilli": -62135596800000,
        "results": {
            "matches": 1,
            "successful": 0,
            "failed": 0,
            "limit": 10000,
            "objects": [{"id": identifier(1), "status": "DRYRUN"}],
        },
    }
    done = call_rest(exchange, "DELETE", "/batch/objects", {"match": match}).body
    assert (done["output"], done["results"]["successful"], done["results"]["objects"]) == ("minimal", 1, None)
    assert read(exchange, name, 1) is None


@pytest.mark.parametrize(
    ("match", "field"),
    [
        ([], "array into Go struct field BatchDelete.match of type models.BatchDeleteMatch"),
        ({"class": 1}, "number into Go struct field BatchDeleteMatch.match.class of type string"),
        ({"where": 1}, "number into Go struct field BatchDeleteMatch.match.where of type models.WhereFilter"),
        ({"where": {"path": "title"}}, "string into Go struct field WhereFilter.match.where.path of type []string"),
        ({"where": {"valueInt": "x"}}, "string into Go struct field WhereFilter.match.where.valueInt of type int64"),
        (
            {"where": {"operands": [1]}},
            "number into Go struct field WhereFilter.match.where.operands of type models.WhereFilter",
        ),
    ],
)
def test_deletions_that_cannot_be_read(exchange: Exchange, match: Json, field: str) -> None:
    reply = call_rest(exchange, "DELETE", "/batch/objects", {"match": match})
    text = f'parsing body body from "" failed, because json: cannot unmarshal {field}'
    assert (reply.status, reply.body) == (400, {"code": 400, "message": text})


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({}, 422, "validate: empty match clause"),
        ({"match": {"where": {}}}, 422, "validate: empty match.class clause"),
        ({"match": {"class": "C"}}, 422, "validate: empty match.where clause"),
        ({"match": {"class": "Nowhere", "where": {}}}, 422, "validate: failed to get class: Nowhere"),
        (
            {
                "match": {"class": "C", "where": {"path": ["title"], "operator": "Equal", "valueText": "x"}},
                "output": "bogus",
            },
            500,
            'validate: invalid output: "bogus", possible values are: "minimal", "verbose"',
        ),
    ],
)
def test_deletions_that_rest_refuses(exchange: Exchange, name: str, body: Json, status: int, text: str) -> None:
    if body.get("match", {}).get("class") == "C":
        body = {**body, "match": {**body["match"], "class": name}}
    reply = call_rest(exchange, "DELETE", "/batch/objects", body)
    assert (reply.status, reply.body["error"][0]["message"]) == (status, text)
