"""REST, one object at a time: what is stored, what is refused in which words, and lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from exchanges import call_rest

from weaviate_orm.transport.base import Exchange
from weaviate_orm.wire.call import RestReply

Fresh = Callable[[str], str]
Json = Any  # JSON has no narrower type


def identifier(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def message(reply: RestReply) -> str:
    """Give the text of a refusal, without the name of a shard."""
    body = reply.body
    text: str = body["message"] if "message" in body else body["error"][0]["message"]
    return re.sub(r'shard="\w+"', "shard", text)


PROPERTIES = [
    {"name": "title", "dataType": ["text"]},
    {"name": "year", "dataType": ["int"]},
    {"name": "price", "dataType": ["number"]},
    {"name": "tags", "dataType": ["text[]"]},
    {"name": "day", "dataType": ["date"]},
    {"name": "key", "dataType": ["uuid"]},
    {"name": "place", "dataType": ["geoCoordinates"]},
    {"name": "phone", "dataType": ["phoneNumber"]},
    {"name": "picture", "dataType": ["blobHash"]},
    {"name": "part", "dataType": ["object"], "nestedProperties": [{"name": "size", "dataType": ["int"]}]},
]


class Articles:
    """A collection and requests about its objects."""

    def __init__(self, exchange: Exchange, fresh: Fresh, **configuration: Json) -> None:
        self.exchange = exchange
        self.name = fresh("Article")
        body = {"class": self.name, "vectorizer": "none", "properties": PROPERTIES, **configuration}
        if "vectorConfig" in body:
            del body["vectorizer"]
        assert call_rest(exchange, "POST", "/schema", body).status == 200

    def ask(self, method: str, number: int, body: Json = None, **query: str) -> RestReply:
        return call_rest(self.exchange, method, f"/objects/{self.name}/{identifier(number)}", body, **query)

    def post(self, number: int, properties: Json = None, **members: Json) -> RestReply:
        body = {"class": self.name, "id": identifier(number), **members}
        if properties is not None:
            body["properties"] = properties
        return call_rest(self.exchange, "POST", "/objects", body)

    def stored(self, number: int) -> Json:
        """Give properties and vectors of an object."""
        body = self.ask("GET", number, include="vector").body
        return {name: body[name] for name in ("properties", "vector", "vectors") if name in body}

    def listed(self, **query: str) -> RestReply:
        return call_rest(self.exchange, "GET", "/objects", None, **{"class": self.name, **query})


@pytest.fixture
def articles(exchange: Exchange, fresh: Fresh) -> Articles:
    return Articles(exchange, fresh)


def test_an_object_there_and_back(articles: Articles) -> None:
    given = {
        "title": "Engines",
        "year": 1843,
        "price": 5.0,
        "tags": [],
        "day": "2024-05-01T12:00:00.10+00:00",
        "key": "{ABCDEFAB-0000-4000-8000-000000000001}",
        "place": {"latitude": 51.5, "longitude": -0.1},
        "phone": {"input": "020 7946 0958", "defaultCountry": "gb"},
        "picture": "aGVsbG8=",
        "part": {"size": 3},
    }
    reply = articles.post(1, given, vector=[0.1, 2, 3])
    assert reply.status == 200
    expected = {
        **given,
        "day": "2024-05-01T12:00:00.1Z",
        "key": "abcdefab-0000-4000-8000-000000000001",
        "phone": {
            "input": "020 7946 0958",
            "defaultCountry": "GB",
            "countryCode": 44,
            "national": 2079460958,
            "nationalFormatted": "020 7946 0958",
            "internationalFormatted": "+44 20 7946 0958",
            "valid": True,
        },
        "picture": "333d6b3a3c1f5db6c9bdda5939b136986d170f4649172a68368d54ecb44c2ff2",
    }
    assert reply.body["properties"] == expected
    assert reply.body["creationTimeUnix"] == reply.body["lastUpdateTimeUnix"]
    assert articles.stored(1) == {"properties": expected, "vector": [0.1, 2, 3]}
    read = articles.ask("GET", 1).body
    assert read.keys() == {"class", "id", "creationTimeUnix", "lastUpdateTimeUnix", "properties", "vectorWeights"}


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ({"title": 1}, "invalid text property 'title' on class 'C': not a string, but json.Number"),
        (
            {"year": 1.5},
            "invalid integer property 'year' on class 'C': the JSON number '1.5' could not be converted to an int",
        ),
        ({"price": "x"}, "invalid number property 'price' on class 'C': requires a float, the given value is 'x'"),
        ({"tags": "x"}, "invalid text array property 'tags' on class 'C': not a text array, but string"),
        ({"tags": [1]}, "invalid text array property 'tags' on class 'C': invalid text array value: [1]"),
        (
            {"day": "2024-01-01"},
            "invalid date property 'day' on class 'C': requires a string with a RFC3339 formatted date, but "
            "the given value is '2024-01-01'",
        ),
        (
            {"key": "x"},
            "invalid uuid property 'key' on class 'C': requires a string of UUID format, but the given value is 'x'",
        ),
        (
            {"place": {}},
            "invalid geoCoordinates property 'place' on class 'C': geoCoordinates is missing required field "
            "'longitude'",
        ),
        (
            {"phone": {"input": "abc", "defaultCountry": "DE"}},
            "invalid phoneNumber property 'phone' on class 'C': invalid phone number: the phone number "
            "supplied is not a number",
        ),
        ({"picture": ""}, "invalid blobHash property 'picture' on class 'C': not a valid blob base64 string"),
        (
            {"part": {"size": "x"}},
            "invalid object property 'part' on class 'C': property 'part.size': invalid integer property "
            "'part.size' on class 'C': requires an integer, the given value is 'x'",
        ),
        ([1], "could not recognize object's properties: [1]"),
    ],
)
def test_values_that_do_not_fit(articles: Articles, properties: Json, text: str) -> None:
    reply = articles.post(1, properties)
    assert reply.status == 422
    assert message(reply) == "invalid object: " + text.replace("'C'", f"'{articles.name}'")
    assert articles.ask("HEAD", 1).status == 404


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        (None, 422, "body in body is required"),
        ({}, 422, "invalid object: the given class is empty"),
        (
            [],
            400,
            'parsing body body from "" failed, because json: cannot unmarshal array into Go value of type '
            "models.Object",
        ),
        (
            {"class": 1},
            400,
            'parsing body body from "" failed, because json: cannot unmarshal number into Go struct field '
            "Object.class of type string",
        ),
        ({"class": "Article", "id": "nope"}, 422, 'id in body must be of type uuid: "nope"'),
        (
            {"class": "Article", "vector": ["a"]},
            400,
            'parsing body body from "" failed, because json: cannot unmarshal string into Go struct field '
            "Object.vector of type float32",
        ),
        ({"class": "1bad"}, 500, "invalid object: auto-schema: create collection: '1bad' is not a valid class name"),
    ],
)
def test_bodies_that_are_no_objects(exchange: Exchange, body: Json, status: int, text: str) -> None:
    reply = call_rest(exchange, "POST", "/objects", body)
    assert (reply.status, message(reply)) == (status, text)


def test_ids(articles: Articles) -> None:
    name, upper = articles.name, "ABCDEFAB-0000-4000-8000-000000000001"
    first = call_rest(articles.exchange, "POST", "/objects", {"class": name, "id": upper})
    assert first.body["id"] == upper.lower()
    again = call_rest(articles.exchange, "POST", "/objects", {"class": name, "id": upper})
    assert (again.status, message(again)) == (422, f"id '{upper}' already exists")
    made = call_rest(articles.exchange, "POST", "/objects", {"class": name[0].lower() + name[1:]})
    assert made.body["class"] == name
    assert call_rest(articles.exchange, "HEAD", f"/objects/{name}/{made.body['id']}").status == 204


def test_vectors_of_a_collection_with_one(articles: Articles) -> None:
    articles.post(1, vector=[1, 2, 3])
    short = articles.post(2, vector=[1, 2])
    words = (
        f"put object: import into index {articles.name.lower()}: put local object: shard: store object in LSM store: "
        f"Validate vector index for {identifier(2)}: new node has a vector with length 2. Existing nodes have "
        f"vectors with length 3: "
        "vector dimensions do not match the index dimensions"
    )
    assert (short.status, message(short)) == (500, words)
    assert articles.ask("HEAD", 2).status == 404
    assert "vector" not in articles.post(3, vector=[]).body
    assert articles.post(4, vectors={"default": [4, 5, 6]}).body["vector"] == [4, 5, 6]
    unknown = articles.post(5, vectors={"other": [1]})
    assert unknown.status == 422
    assert message(unknown).endswith("does not have configuration for vector other")


def test_vectors_with_names(exchange: Exchange, fresh: Fresh) -> None:
    plain = {"vectorizer": {"none": {}}, "vectorIndexType": "hnsw"}
    multi = {**plain, "vectorIndexConfig": {"multivector": {"enabled": True}}}
    articles = Articles(exchange, fresh, vectorConfig={"a": plain, "m": multi})
    both = {"a": [1, 2], "m": [[1, 2], [3, 4]]}
    assert articles.post(1, vectors=both).body["vectors"] == both
    assert articles.stored(1)["vectors"] == both
    bare = articles.post(2, vector=[1, 2])
    assert (bare.status, message(bare)) == (
        422,
        f"invalid object: collection {articles.name} configuration does not have single vector index",
    )
    wrong: list[tuple[Json, str]] = [
        ({"a": [1]}, "Validate vector index a for target vector"),
        ({"m": [[1]]}, "Validate vector index m for target multi vector"),
        ({"a": [[1, 2]]}, "addMultiBatch called on non-multivector index"),
        ({"m": [1, 2]}, "AddBatch called on multivector index"),
    ]
    for number, (vectors, text) in enumerate(wrong, 10):
        reply = articles.post(number, vectors=vectors)
        assert reply.status == 500
        assert text in message(reply)
    assert articles.post(3, vectors={"a": [], "m": None}).status == 200
    assert "vectors" not in articles.stored(3)


def test_a_vector_without_name_belongs_to_the_only_one(exchange: Exchange, fresh: Fresh) -> None:
    articles = Articles(exchange, fresh, vectorConfig={"only": {"vectorizer": {"none": {}}, "vectorIndexType": "hnsw"}})
    articles.post(1, vector=[1, 2])
    assert articles.stored(1)["vectors"] == {"only": [1, 2]}


def test_patch_changes_what_is_given(articles: Articles) -> None:
    articles.post(1, {"title": "x", "year": 1, "tags": ["a"], "part": {"size": 1}}, vector=[1, 2, 3])
    before = articles.ask("GET", 1).body
    reply = articles.ask("PATCH", 1, {"class": "Other", "id": identifier(9), "properties": {"year": 2, "title": None}})
    assert (reply.status, reply.body) == (204, None)
    assert articles.stored(1) == {
        "properties": {"year": 2, "tags": ["a"], "part": {"size": 1}},
        "vector": [1, 2, 3],
    }
    after = articles.ask("GET", 1).body
    assert after["creationTimeUnix"] == before["creationTimeUnix"]
    assert after["lastUpdateTimeUnix"] >= before["lastUpdateTimeUnix"]
    articles.ask("PATCH", 1, {"vector": [4, 5, 6], "properties": {"fresh": "new property", "part": {"size": None}}})
    found = articles.stored(1)
    assert found["vector"] == [4, 5, 6]
    assert found["properties"]["fresh"] == "new property"
    assert found["properties"]["part"] == {"size": None}


def test_patches_that_are_refused(articles: Articles) -> None:
    articles.post(1, {"year": 1}, vector=[1, 2, 3])
    value = articles.ask("PATCH", 1, {"properties": {"year": "x"}})
    assert (value.status, message(value)) == (
        422,
        f"msg:bad request code:400 err:invalid integer property 'year' on class '{articles.name}': requires "
        f"an integer, the given value is 'x'",
    )
    vector = articles.ask("PATCH", 1, {"vector": [1]})
    assert vector.status == 500
    assert "msg:repo.merge code:500" in message(vector)
    assert "vector dimensions do not match" in message(vector)
    assert articles.ask("PATCH", 1).status == 400
    assert articles.ask("PATCH", 9, {}).status == 404
    assert articles.stored(1) == {"properties": {"year": 1}, "vector": [1, 2, 3]}


def test_put_replaces_all(articles: Articles) -> None:
    articles.post(1, {"title": "x", "year": 1}, vector=[1, 2, 3])
    before = articles.ask("GET", 1).body
    body = {"class": articles.name, "id": identifier(1), "properties": {"title": "y"}}
    assert articles.ask("PUT", 1, body).body["properties"] == {"title": "y"}
    assert articles.stored(1) == {"properties": {"title": "y"}}
    assert articles.ask("GET", 1).body["creationTimeUnix"] == before["creationTimeUnix"]
    other = articles.ask("PUT", 1, {**body, "id": identifier(2)})
    assert (other.status, message(other)) == (422, "invalid update: field 'id' is immutable")
    missing = articles.ask("PUT", 2, {**body, "id": identifier(2)})
    assert (missing.status, missing.body) == (404, None)


def test_delete(articles: Articles) -> None:
    articles.post(1)
    assert articles.ask("DELETE", 1).status == 204
    assert articles.ask("DELETE", 1).status == 204
    assert articles.ask("HEAD", 1).status == 404
    nowhere = call_rest(articles.exchange, "DELETE", f"/objects/Nowhere/{identifier(1)}")
    assert (nowhere.status, message(nowhere)) == (
        500,
        "could not delete object from vector repo: delete from non-existing index for Nowhere",
    )


def test_a_shard_that_takes_no_writes(articles: Articles) -> None:
    articles.post(1, {"title": "x"})
    (shard,) = call_rest(articles.exchange, "GET", f"/schema/{articles.name}/shards").body
    path = f"/schema/{articles.name}/shards/{shard['name']}"
    assert call_rest(articles.exchange, "PUT", path, {"status": "READONLY"}).status == 200
    index, words = articles.name.lower(), "shard: store is read-only due to: manually set by user"
    put = {"class": articles.name, "id": identifier(1)}
    assert [
        message(each) for each in (articles.post(2), articles.ask("PATCH", 1, {}), articles.ask("PUT", 1, put))
    ] == [
        f"put object: import into index {index}: put local object: {words}",
        f"msg:repo.merge code:500 err:merge into index {index}: update local object: {words}",
        f"put object: import into index {index}: put local object: {words}",
    ]
    deleted = articles.ask("DELETE", 1)
    assert (deleted.status, message(deleted)) == (
        500,
        f'could not delete object from vector repo: delete from index "{index}": delete local object: {words}',
    )
    call_rest(articles.exchange, "PUT", path, {"status": "READY"})
    assert articles.ask("DELETE", 1).status == 204


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [1, 2, 3, 4]),
        ({"limit": "2"}, [1, 2]),
        ({"limit": "2", "offset": "1"}, [2, 3]),
        ({"limit": "2", "after": identifier(2)}, [3, 4]),
        ({"limit": "2", "after": ""}, [1, 2]),
        ({"sort": "title", "order": "desc"}, [1, 2, 3, 4]),
        ({"sort": "title"}, [4, 3, 2, 1]),
        ({"sort": "year,title", "order": "asc,desc"}, [2, 4, 1, 3]),
        ({"limit": "0"}, []),
    ],
)
def test_lists(articles: Articles, query: dict[str, str], numbers: list[int]) -> None:
    for number, (title, year) in enumerate((("d", 2), ("c", 1), ("b", 2), ("a", 1)), 1):
        articles.post(number, {"title": title, "year": year})
    body = articles.listed(**query).body
    assert [each["id"] for each in body["objects"]] == [identifier(number) for number in numbers]
    assert body.get("totalResults", 0) == len(numbers)
    assert body["deprecations"] == []


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        (
            {"after": identifier(1)},
            422,
            "msg:cursor api: invalid 'after' parameter code:400 err:limit parameter must be set",
        ),
        (
            {"after": "nope", "limit": "1"},
            422,
            "msg:cursor api: invalid 'after' parameter code:400 err:after parameter 'nope' is not a valid "
            "uuid: invalid UUID length: 4",
        ),
        (
            {"after": identifier(1), "limit": "1", "offset": "1"},
            422,
            "msg:cursor api: invalid 'after' parameter code:400 err:offset cannot be set with after and "
            "limit parameters",
        ),
        (
            {"after": identifier(1), "limit": "1", "sort": "title"},
            422,
            "msg:cursor api: invalid 'after' parameter code:400 err:sort cannot be set with after and limit parameters",
        ),
        ({"limit": "x"}, 422, 'limit in query must be of type int64: "x"'),
        ({"include": "bogus"}, 400, "unrecognized property 'bogus' in ?include list"),
        (
            {"sort": "nope"},
            422,
            "msg:sorting code:400 err:sort parameter at position 0: no such prop with name 'nope' found in "
            "class 'C' in the schema. Check your schema files for which properties in this class are available",
        ),
    ],
)
def test_lists_that_are_refused(articles: Articles, query: dict[str, str], status: int, text: str) -> None:
    reply = articles.listed(**query)
    assert (reply.status, message(reply)) == (status, text.replace("'C'", f"'{articles.name}'"))


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {}), ("DELETE", None)])
def test_levels_of_consistency(articles: Articles, method: str, body: Json) -> None:
    articles.post(1)
    bogus = articles.ask(method, 1, body, consistency_level="BOGUS")
    assert (bogus.status, message(bogus)) == (
        400,
        "unrecognized consistency level 'BOGUS', try one of the following: ['ONE', 'QUORUM', 'ALL']",
    )
    assert articles.ask(method, 1, body, consistency_level="QUORUM").status in (200, 204)


def test_validation_stores_nothing(articles: Articles) -> None:
    def validated(body: Json) -> RestReply:
        return call_rest(articles.exchange, "POST", "/objects/validate", body)

    name = articles.name
    assert validated({"class": name, "id": identifier(1), "properties": {"year": 1}}).status == 200
    assert articles.ask("HEAD", 1).status == 404
    assert message(validated({"class": name})) == "invalid object: invalid UUID length: 0"
    assert (
        message(validated({"class": "Nowhere", "id": identifier(1)}))
        == 'invalid object: class "Nowhere" not found in schema'
    )
    unknown = validated({"class": name, "id": identifier(1), "properties": {"zzz": 1}})
    assert message(unknown).startswith(
        f"invalid object: no such prop with name 'zzz' found in class '{name}' in the schema"
    )
