"""Tenants: adding, switching, deleting, listing; and objects that are kept by tenant."""

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


class Shop:
    """A collection that keeps its objects by tenant."""

    def __init__(self, exchange: Exchange, fresh: Fresh, **tenancy: bool) -> None:
        self.exchange = exchange
        self.name = fresh("Shop")
        body = {
            "class": self.name,
            "vectorizer": "none",
            "multiTenancyConfig": {"enabled": True, **tenancy},
            "properties": [{"name": "title", "dataType": ["text"]}],
        }
        assert call_rest(exchange, "POST", "/schema", body).status == 200

    def ask(self, method: str, body: Json = None, *, name: str = "", tenant: str = "") -> RestReply:
        path = f"/schema/{name or self.name}/tenants{f'/{tenant}' if tenant else ''}"
        return call_rest(self.exchange, method, path, body)

    def tenants(self) -> dict[str, str]:
        return {each["name"]: each["activityStatus"] for each in self.ask("GET").body}

    def post(self, tenant: str | None, number: int = 1) -> RestReply:
        body = {"class": self.name, "id": identifier(number), "properties": {"title": "x"}}
        return call_rest(self.exchange, "POST", "/objects", body if tenant is None else {**body, "tenant": tenant})

    def object(self, method: str, tenant: str, body: Json = None, number: int = 1) -> RestReply:
        path = f"/objects/{self.name}/{identifier(number)}"
        return call_rest(self.exchange, method, path, body, tenant=tenant)

    def put(self, *tenants: str) -> dict[int, str]:
        """Send a batch with an object for each tenant; give the errors by index."""
        objects = [
            pb.BatchObject(collection=self.name, uuid=identifier(number), tenant=tenant)
            for number, tenant in enumerate(tenants, 1)
        ]
        reply = self.exchange.unary(rpcs.BATCH_OBJECTS, pb.BatchObjectsRequest(objects=objects))
        assert isinstance(reply, pb.BatchObjectsReply)
        return {each.index: each.error for each in reply.errors}


@pytest.fixture
def shop(exchange: Exchange, fresh: Fresh) -> Shop:
    found = Shop(exchange, fresh)
    found.ask("POST", [{"name": "hot"}, {"name": "cold", "activityStatus": "INACTIVE"}])
    return found


def test_tenants_are_added_once(shop: Shop) -> None:
    given = [{"name": "a"}, {"name": "b", "activityStatus": "ACTIVE"}, {"name": "hot", "activityStatus": "COLD"}]
    reply = shop.ask("POST", given)
    assert reply.status == 200
    assert reply.body == [{"name": "a"}, {"name": "b", "activityStatus": "HOT"}, given[2]]
    assert shop.tenants() == {"hot": "HOT", "cold": "COLD", "a": "HOT", "b": "HOT"}


def test_tenants_are_switched(shop: Shop) -> None:
    reply = shop.ask("PUT", [{"name": "cold", "activityStatus": "ACTIVE"}, {"name": "hot", "activityStatus": "COLD"}])
    assert reply.status == 200
    assert {each["name"]: each["activityStatus"] for each in reply.body} == {"cold": "HOT", "hot": "COLD"}
    missing = shop.ask("PUT", [{"name": "hot", "activityStatus": "HOT"}, {"name": "zz", "activityStatus": "HOT"}])
    assert (missing.status, text_of(missing)) == (422, "updating schema: TYPE_UPDATE_TENANT: shard not found: zz")
    assert shop.tenants() == {"hot": "HOT", "cold": "HOT"}


def test_tenants_are_deleted(shop: Shop) -> None:
    shop.post("hot")
    assert shop.ask("DELETE", ["hot", "unknown"]).status == 200
    assert shop.tenants() == {"cold": "COLD"}
    shop.ask("POST", [{"name": "hot"}])
    assert shop.object("HEAD", "hot").status == 404
    assert text_of(shop.ask("DELETE", [""])) == "empty tenant name at index 0"


def test_one_tenant(shop: Shop) -> None:
    assert shop.ask("GET", tenant="cold").body == {"name": "cold", "activityStatus": "COLD"}
    assert [shop.ask(method, tenant=name).status for method in ("GET", "HEAD") for name in ("hot", "zz")] == [
        200,
        404,
        200,
        404,
    ]


@pytest.mark.parametrize(
    ("method", "body", "text"),
    [
        ("POST", None, "body in body is required"),
        (
            "POST",
            {},
            'parsing body body from "" failed, because json: cannot unmarshal object into Go value of type '
            "[]*models.Tenant",
        ),
        ("POST", [{}], "tenant name at index 0: empty tenant name"),
        (
            "POST",
            [{"name": "a b"}],
            "tenant name at index 0:  'a b' is not a valid tenant name. should only contain alphanumeric "
            "characters (a-z, A-Z, 0-9), underscore (_), and hyphen (-), with a length between 1 and 64 "
            "characters",
        ),
        ("POST", [{"name": "f"}, {"name": "f"}], "tenant name f existed multiple times"),
        (
            "POST",
            [{"name": "g", "activityStatus": "OFFLOADED"}],
            "can't offload tenants, because offload-s3 module is not enabled",
        ),
        ("POST", [{"name": "g", "activityStatus": "FREEZING"}], "invalid activity status 'FREEZING' for tenant \"g\""),
        (
            "POST",
            [{"name": "g", "activityStatus": "BOGUS"}],
            "activityStatus in body should be one of [ACTIVE INACTIVE OFFLOADED OFFLOADING ONLOADING HOT "
            "COLD FROZEN FREEZING UNFREEZING]",
        ),
        ("PUT", [{"name": "hot"}], "invalid activity status '' for tenant \"hot\""),
        (
            "PUT",
            [{"name": f"m{number}", "activityStatus": "HOT"} for number in range(101)],
            "maximum number of tenants allowed to be updated simultaneously is 100. Please reduce the number "
            "of tenants in your request and try again",
        ),
        ("DELETE", None, "tenants in body is required"),
    ],
)
def test_what_is_refused(shop: Shop, method: str, body: Json, text: str) -> None:
    reply = shop.ask(method, body)
    assert reply.status in (400, 422)
    assert text_of(reply) == text
    assert shop.tenants() == {"hot": "HOT", "cold": "COLD"}


def test_collections_without_tenants(exchange: Exchange, shop: Shop, fresh: Fresh) -> None:
    name = fresh("Plain")
    call_rest(exchange, "POST", "/schema", {"class": name, "vectorizer": "none"})
    body = [{"name": "a", "activityStatus": "HOT"}]
    for method, change in (("POST", "ADD"), ("PUT", "UPDATE"), ("DELETE", "DELETE")):
        reply = shop.ask(method, ["a"] if method == "DELETE" else body, name=name)
        assert text_of(reply) == (
            f'updating schema: TYPE_{change}_TENANT: multi-tenancy is not enabled for class "{name}"'
        )
        nowhere = shop.ask(method, ["a"] if method == "DELETE" else body, name="Nowhere")
        assert text_of(nowhere) == f"updating schema: TYPE_{change}_TENANT: class not found"
    words = "failed to execute query: could not get tenants: could not get tenants: "
    assert text_of(shop.ask("GET", name=name)) == f'{words}multi-tenancy is not enabled for class "{name}"'
    assert text_of(shop.ask("GET", name="Nowhere")) == f"{words}class not found"


def test_tenants_over_grpc(shop: Shop) -> None:
    def listed(**members: Json) -> dict[str, int]:
        reply = shop.exchange.unary(rpcs.TENANTS_GET, pb.TenantsGetRequest(**{"collection": shop.name, **members}))
        assert isinstance(reply, pb.TenantsGetReply)
        return {each.name: each.activity_status for each in reply.tenants}

    assert listed() == {"hot": 1, "cold": 2}
    assert listed(names=pb.TenantNames(values=["cold", "zz"])) == {"cold": 2}
    for members, text in (
        ({"names": pb.TenantNames()}, "get tenants: must specify at least one tenant name"),
        ({"collection": ""}, "get tenants: missing collection "),
        (
            {"collection": "Nowhere"},
            "get tenants: failed to execute query: could not get tenants: could not get tenants: class not found",
        ),
    ):
        with pytest.raises(RpcRefused) as refused:
            listed(**members)
        assert refused.value.details == text


# Objects


def test_tenants_do_not_see_each_other(shop: Shop) -> None:
    shop.ask("POST", [{"name": "other"}])
    assert shop.post("hot").status == 200
    assert shop.object("HEAD", "other").status == 404
    assert shop.post("other").status == 200
    found = shop.object("GET", "hot").body
    assert found["tenant"] == "hot"
    listed = call_rest(shop.exchange, "GET", "/objects", None, **{"class": shop.name, "tenant": "hot"}).body
    assert [("tenant" in each, each["id"]) for each in listed["objects"]] == [(False, identifier(1))]


@pytest.mark.parametrize(
    ("tenant", "words"),
    [
        ("", "class C has multi-tenancy enabled, but request was without tenant"),
        ("cold", "tenant not active: 'cold'"),
        ("zz", 'tenant not found: "zz"'),
    ],
)
def test_tenants_that_do_not_answer(shop: Shop, tenant: str, words: str) -> None:
    words = words.replace("class C", f"class {shop.name}")
    index = shop.name.lower()
    body = {"class": shop.name, "id": identifier(1), "tenant": tenant}
    posted = "" if tenant != "zz" else f"put object: import into index {index}: "
    assert [
        (each.status, text_of(each))
        for each in (
            shop.post(tenant),
            shop.object("GET", tenant),
            shop.object("PATCH", "", {"tenant": tenant}),
            shop.object("PUT", "", body),
            shop.object("DELETE", tenant),
            call_rest(shop.exchange, "GET", "/objects", None, **{"class": shop.name, "tenant": tenant}),
        )
    ] == [
        (422, f"{posted}determine shard: {words}"),
        (422, f"repo: object by id: search index {index}: determine shard: {words}"),
        (422, f"msg:repo.object code:422 err:search index {index}: determine shard: {words}"),
        (422, f"repo: object by id: search index {index}: determine shard: {words}"),
        (422, f'delete object from vector repo: delete from index "{index}": determine shard: {words}'),
        (422, f"msg:search index {index} code:422 err:{words}"),
    ]
    assert shop.object("HEAD", tenant).status == 422
    assert shop.put("hot", tenant) == {1: words}


def test_tenants_that_are_made(exchange: Exchange, fresh: Fresh) -> None:
    shop = Shop(exchange, fresh, autoTenantCreation=True)
    assert shop.object("GET", "a").status == 422
    assert shop.post("a").status == 200
    assert shop.put("b", "c") == {}
    assert shop.tenants() == dict.fromkeys("abc", "HOT")
    start = f'auto-tenant: add tenants to collection "{shop.name}": tenant name at index '
    assert text_of(shop.post("a b")).startswith(f"{start}0:  'a b' is not a valid tenant name")
    with pytest.raises(RpcRefused) as refused:
        shop.put("x y")
    assert refused.value.details.startswith(f"auto create tenants: {start}0:  'x y' is not a valid tenant name")


def test_tenants_that_become_active(exchange: Exchange, fresh: Fresh) -> None:
    shop = Shop(exchange, fresh, autoTenantActivation=True)
    shop.ask("POST", [{"name": name, "activityStatus": "COLD"} for name in ("read", "written", "batched", "asleep")])
    assert shop.object("GET", "read").status == 404
    assert shop.post("written").status == 200
    assert shop.put("batched", "zz") == {1: 'tenant not found: "zz"'}
    assert shop.tenants() == {"read": "HOT", "written": "HOT", "batched": "HOT", "asleep": "COLD"}


def test_references_stay_inside_of_a_tenant(exchange: Exchange, shop: Shop) -> None:
    call_rest(exchange, "POST", f"/schema/{shop.name}/properties", {"name": "self", "dataType": [shop.name]})
    shop.ask("POST", [{"name": "other"}])
    shop.post("hot", 1)
    shop.post("hot", 2)
    shop.post("other", 3)
    path = f"/objects/{shop.name}/{identifier(1)}/references/self"
    beacon = f"weaviate://localhost/{shop.name}/"
    inside = call_rest(exchange, "POST", path, {"beacon": beacon + identifier(2)}, tenant="hot")
    outside = call_rest(exchange, "POST", path, {"beacon": beacon + identifier(3)}, tenant="hot")
    assert inside.status == 200
    assert text_of(outside) == (
        f"msg:validate existence code:400 err:validate reference: no object with id {identifier(3)} found"
    )
    request = pb.BatchReferencesRequest(
        references=[
            pb.BatchReference(
                name="self", from_collection=shop.name, from_uuid=identifier(1), to_uuid=identifier(to), tenant="hot"
            )
            for to in (2, 3)
        ]
    )
    reply = exchange.unary(rpcs.BATCH_REFERENCES, request)
    assert isinstance(reply, pb.BatchReferencesReply)
    assert [(each.index, each.error) for each in reply.errors] == [
        (1, f'target: object {shop.name}/{identifier(3)} not found for tenant "hot"')
    ]
