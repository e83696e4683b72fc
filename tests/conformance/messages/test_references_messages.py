"""References: one by one over REST, in batches over REST and gRPC, and inside of objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from exchanges import call_rest

from weaviate_orm.transport.base import Exchange
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.call import RestReply
from weaviate_orm.wire.status import RpcRefused

Fresh = Callable[[str], str]
Json = Any  # JSON has no narrower type


def identifier(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def text_of(reply: RestReply) -> str:
    body = reply.body
    text: str = body["message"] if "message" in body else body["error"][0]["message"]
    return text


class Library:
    """Articles 1 and 2 with references to authors 11 and 12, and to themselves."""

    def __init__(self, exchange: Exchange, fresh: Fresh) -> None:
        self.exchange = exchange
        self.author, self.article = fresh("Author"), fresh("Article")
        self._make(self.author, [{"name": "name", "dataType": ["text"]}])
        self._make(
            self.article,
            [
                {"name": "title", "dataType": ["text"]},
                {"name": "one", "dataType": [self.author]},
                {"name": "any", "dataType": [self.author, self.article]},
                {"name": "unique", "dataType": [self.author], "disableDuplicatedReferences": True},
            ],
        )
        for name, number in ((self.author, 11), (self.author, 12), (self.article, 1), (self.article, 2)):
            call_rest(exchange, "POST", "/objects", {"class": name, "id": identifier(number)})

    def _make(self, name: str, properties: Json) -> None:
        body = {"class": name, "vectorizer": "none", "properties": properties}
        assert call_rest(self.exchange, "POST", "/schema", body).status == 200

    def to(self, number: int, *, named: bool = True) -> dict[str, str]:
        collection = self.author if number > 10 else self.article
        return {"beacon": f"weaviate://localhost/{f'{collection}/' if named else ''}{identifier(number)}"}

    def ask(
        self, method: str, property: str, body: Json, *, number: int = 1, name: str = "", **query: str
    ) -> RestReply:
        path = f"/objects/{name or self.article}/{identifier(number)}/references/{property}"
        return call_rest(self.exchange, method, path, body, **query)

    def stored(self, number: int = 1) -> dict[str, list[str]]:
        """Give the beacons of an article by property."""
        body = call_rest(self.exchange, "GET", f"/objects/{self.article}/{identifier(number)}").body
        return {name: [each["beacon"] for each in value] for name, value in body["properties"].items()}

    def beacons(self, *numbers: int) -> list[str]:
        return [self.to(number)["beacon"] for number in numbers]


@pytest.fixture
def library(exchange: Exchange, fresh: Fresh) -> Library:
    return Library(exchange, fresh)


def test_references_are_appended(library: Library) -> None:
    for body in (library.to(11), library.to(12, named=False), library.to(11)):
        reply = library.ask("POST", "one", body)
        assert (reply.status, reply.body) == (200, None)
    for _ in range(2):
        library.ask("POST", "unique", library.to(12))
    library.ask("POST", "any", library.to(2))
    assert library.stored() == {
        "one": library.beacons(11, 12, 11),
        "unique": library.beacons(12),
        "any": library.beacons(2),
    }
    found = call_rest(library.exchange, "GET", f"/objects/{library.article}/{identifier(1)}").body
    assert found["properties"]["any"][0]["href"] == f"/v1/objects/{library.article}/{identifier(2)}"


def test_references_are_replaced(library: Library) -> None:
    library.ask("POST", "one", library.to(11))
    assert library.ask("PUT", "one", [library.to(12), library.to(12, named=False)]).status == 200
    assert library.stored() == {"one": library.beacons(12, 12)}
    assert library.ask("PUT", "one", []).status == 200
    assert library.stored() == {"one": []}


def test_references_are_taken_away(library: Library) -> None:
    library.ask("PUT", "one", [library.to(11), library.to(12), library.to(11)])
    assert library.ask("DELETE", "one", library.to(11, named=False)).status == 204
    assert library.stored() == {"one": library.beacons(12)}
    assert library.ask("DELETE", "one", library.to(11)).status == 204
    assert library.ask("DELETE", "any", library.to(11)).status == 204
    assert library.stored() == {"one": library.beacons(12)}


@pytest.mark.parametrize(
    ("property", "beacon", "text"),
    [
        (
            "one",
            "weaviate://localhost/Nowhere/" + identifier(11),
            "msg:validate existence code:400 err:validate reference: no object with id ID found",
        ),
        (
            "one",
            "weaviate://localhost/nope",
            "msg:validate inputs code:400 err:invalid reference: invalid cref URI: 1nd path segment must be "
            "uuid, but got 'nope'",
        ),
        (
            "one",
            "weaviate://localhost/a/b/c",
            "msg:validate inputs code:400 err:invalid reference: invalid cref URI: path must be of format "
            "'<class>/<uuid>', but got '/a/b/c'",
        ),
        (
            "one",
            "weaviate://elsewhere/" + identifier(11),
            "msg:validate inputs code:400 err:unrecognized cross-ref ref format",
        ),
        ("one", "not a uri", 'beacon in body must be of type uri: "not a uri"'),
        (
            "title",
            "weaviate://localhost/" + identifier(11),
            "msg:validate inputs code:400 err:property 'title' is not a reference-type",
        ),
        (
            "zz",
            "weaviate://localhost/" + identifier(11),
            "msg:validate inputs code:400 err:no such prop with name 'zz' found in class 'C' in the schema. "
            "Check your schema files for which properties in this class are available",
        ),
        (
            "id",
            "weaviate://localhost/" + identifier(11),
            "msg:'id' is a reserved property name code:400 err:'id' is a reserved property name",
        ),
    ],
)
def test_references_that_are_refused(library: Library, property: str, beacon: str, text: str) -> None:
    reply = library.ask("POST", property, {"beacon": beacon})
    assert reply.status == 422
    assert text_of(reply) == text.replace("'C'", f"'{library.article}'").replace("ID", identifier(11))
    assert library.stored() == {}


def test_sources_that_are_not_there(library: Library) -> None:
    for method, body in (("POST", library.to(11)), ("PUT", [library.to(11)]), ("DELETE", library.to(11))):
        missing = library.ask(method, "one", body, number=9)
        assert (missing.status, missing.body) == (404, None)
    nowhere = library.ask("POST", "one", library.to(11), name="Nowhere")
    assert (nowhere.status, text_of(nowhere)) == (
        422,
        'msg:collection not found code:400 err:collection "Nowhere" not found in schema',
    )
    assert library.ask("PUT", "one", [], name="Nowhere").status == 404
    tenant = library.ask("POST", "one", library.to(11), tenant="t")
    assert text_of(tenant) == (
        f"msg:source object code:422 err:determine shard: class {library.article} has multi-tenancy disabled, "
        f"but request was with tenant"
    )


# Inside of objects


def test_references_that_come_with_an_object(library: Library) -> None:
    body = {"class": library.article, "id": identifier(3)}
    reply = call_rest(
        library.exchange, "POST", "/objects", {**body, "properties": {"one": [library.to(11, named=False)], "any": []}}
    )
    assert reply.status == 200
    assert library.stored(3) == {"one": library.beacons(11), "any": []}
    path = f"/objects/{library.article}/{identifier(3)}"
    call_rest(library.exchange, "PATCH", path, {"properties": {"one": [library.to(12)], "any": []}})
    assert library.stored(3) == {"one": library.beacons(11, 12), "any": []}
    call_rest(library.exchange, "PATCH", path, {"properties": {"one": None}})
    assert library.stored(3) == {"any": []}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "reference property is not a slice x"),
        ([1], "reference property is not a map: map[string]interface {}"),
        ([{}], "beacon property is not a string: <nil>"),
        ([{"beacon": "x"}], "invalid cref URI: path must be of format '<class>/<uuid>', but got 'x'"),
        (
            [{"beacon": f"weaviate://elsewhere/Author/{identifier(11)}"}],
            "invalid cref: unrecognized cross-ref ref format",
        ),
        (
            [{"beacon": f"weaviate://localhost/Nowhere/{identifier(9)}"}],
            f"invalid cref: 'cref' C:one: no object with id {identifier(9)} found",
        ),
    ],
)
def test_references_that_do_not_fit_an_object(library: Library, value: Json, text: str) -> None:
    body = {"class": library.article, "id": identifier(3), "properties": {"one": value}}
    reply = call_rest(library.exchange, "POST", "/objects", body)
    assert (reply.status, text_of(reply)) == (422, "invalid object: " + text.replace("C:one", f"{library.article}:one"))


def article(library: Library, number: int) -> pb.BatchObject:
    return pb.BatchObject(collection=library.article, uuid=identifier(number))


def test_references_in_a_batch_message(library: Library) -> None:
    good, dangling, several, single, unknown = (article(library, number) for number in range(3, 8))
    good.properties.single_target_ref_props.add(prop_name="one", uuids=[identifier(11)])
    good.properties.multi_target_ref_props.add(
        prop_name="any", uuids=[identifier(12)], target_collection=library.author
    )
    good.properties.multi_target_ref_props.add(
        prop_name="any", uuids=[identifier(1)], target_collection=library.article
    )
    dangling.properties.single_target_ref_props.add(prop_name="one", uuids=[identifier(99)])
    several.properties.single_target_ref_props.add(prop_name="any", uuids=[identifier(11)])
    single.properties.multi_target_ref_props.add(
        prop_name="one", uuids=[identifier(11)], target_collection=library.author
    )
    unknown.properties.single_target_ref_props.add(prop_name="zz", uuids=[identifier(11)])
    request = pb.BatchObjectsRequest(objects=[good, dangling, several, single, unknown])
    reply = library.exchange.unary(rpcs.BATCH_OBJECTS, request)
    assert isinstance(reply, pb.BatchObjectsReply)
    author, name = library.author, library.article
    assert {each.index: each.error for each in reply.errors} == {
        1: f"invalid cref: 'cref' {name}:one: no object with id {identifier(99)} found",
        2: f"target is a multi-target reference, need single target [{author} {name}]",
        3: f"target is a single-target reference, need multi-target [{author}]",
        4: f"no such prop with name 'zz' found in class '{name}' in the schema. "
        "Check your schema files for which properties in this class are available",
    }
    assert library.stored(3) == {"one": library.beacons(11), "any": library.beacons(12, 1)}


# Many at once


def reference(library: Library, property: str, number: int, to: int, **members: str) -> pb.BatchReference:
    collection = members.pop("from_collection", library.article)
    return pb.BatchReference(
        name=property,
        from_collection=collection,
        from_uuid=identifier(number),
        to_uuid=identifier(to),
        **members,
    )


def test_batches_of_references(library: Library) -> None:
    request = pb.BatchReferencesRequest(
        references=[
            reference(library, "one", 1, 11),
            reference(library, "one", 1, 12, to_collection=library.author),
            reference(library, "one", 1, 99),  # targets are not looked for
            reference(library, "any", 1, 11),
            reference(library, "unique", 1, 11),
            reference(library, "unique", 1, 11),
            reference(library, "one", 9, 11),
            reference(library, "zz", 1, 11),
            reference(library, "one", 1, 11, from_collection="Nowhere"),
            reference(library, "one", 1, 11, from_collection="article"),
            reference(library, "one", 1, 11, tenant="t"),
            reference(library, "zz", 2, 11, to_collection=library.author),
        ]
    )
    reply = library.exchange.unary(rpcs.BATCH_REFERENCES, request)
    assert isinstance(reply, pb.BatchReferencesReply)
    name = library.article
    assert {each.index: each.error for each in reply.errors} == {
        6: f"ref batch: object with id {identifier(9)} not found",
        7: f"property zz does not exist for class {name}",
        8: 'source class "Nowhere" not found in schema',
        9: "className must start with an uppercase letter, but got article",
        10: f"class {name} has multi-tenancy disabled, but request was with tenant",
        11: "ref batch: property 'zz' not found in schema",
    }
    assert library.stored() == {
        "one": library.beacons(11, 12, 99),
        "any": [f"weaviate://localhost/{identifier(11)}"],
        "unique": library.beacons(11),
    }


def test_no_references_at_all(library: Library) -> None:
    with pytest.raises(RpcRefused) as refused:
        library.exchange.unary(rpcs.BATCH_REFERENCES, pb.BatchReferencesRequest())
    assert refused.value.details == ("invalid params: length cannot be 0, need at least one reference for batching")


def test_batches_of_references_over_rest(library: Library) -> None:
    start = f"weaviate://localhost/{library.article}/{identifier(1)}"
    bodies = [
        {"from": f"{start}/one", "to": library.to(11, named=False)["beacon"]},
        {"from": f"{start}/title", "to": library.to(11)["beacon"]},
        {"from": start, "to": "weaviate://localhost/nope"},
    ]
    call_rest(library.exchange, "PATCH", f"/objects/{library.article}/{identifier(1)}", {"properties": {"title": "x"}})
    reply = call_rest(library.exchange, "POST", "/batch/references", bodies)
    assert reply.status == 200
    good, text, bad = reply.body
    assert good == {"from": f"{start}/one", "to": library.to(11)["beacon"], "result": {"status": "SUCCESS"}}
    assert text["result"]["errors"]["error"][0]["message"].startswith("ref batch: ")
    path = start.removeprefix("weaviate://localhost")
    assert bad["result"]["errors"]["error"][0]["message"] == (
        "invalid cref URI: must use long-form: path must be of format '/<className>/<uuid>/<propertyName>', but got "
        f"'{path}', invalid cref URI: 1nd path segment must be uuid, but got 'nope'"
    )
    wrong = call_rest(library.exchange, "POST", "/batch/references", [{"from": "x", "to": bodies[0]["to"]}])
    assert (wrong.status, text_of(wrong)) == (422, 'from in body must be of type uri: "x"')
