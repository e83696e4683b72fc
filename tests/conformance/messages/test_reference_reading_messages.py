"""References in Search replies: requests of their own at each step, deleted targets, several collections, tenants."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from exchanges import call_rest

from weaviate_orm.transport.base import Exchange
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.status import RpcRefused

Fresh = Callable[[str], str]
Wanted = pb.RefPropertiesRequest


def identifier(number: int) -> str:
    return f"{number:02x}000000-0000-4000-8000-000000000000"


def post(exchange: Exchange, path: str, body: object) -> None:
    made = call_rest(exchange, "POST", path, body)
    assert made.status == 200, made.body


class Linked:
    """Two people; a book by both, one by somebody who is gone, one with an empty list and one without a list."""

    def __init__(self, exchange: Exchange, fresh: Fresh) -> None:
        self.people, self.books = fresh("Person"), fresh("Book")
        name, title = ({"name": each, "dataType": ["text"]} for each in ("name", "title"))
        post(exchange, "/schema", {"class": self.people, "vectorizer": "none", "properties": [name]})
        post(exchange, "/schema", {"class": self.books, "vectorizer": "none", "properties": [title]})
        for property in (
            {"name": "authors", "dataType": [self.people]},
            {"name": "about", "dataType": [self.people, self.books]},
            {"name": "sequel", "dataType": [self.books]},
        ):
            post(exchange, f"/schema/{self.books}/properties", property)
        for number, person in ((1, "Ada"), (2, "Bob"), (3, "Gone")):
            self.store(exchange, self.people, number, {"name": person}, vector=[float(number), 1.0])
        to_person, to_book = self.beacon(self.people), self.beacon(self.books)
        self.store(exchange, self.books, 0x14, {"title": "bare"})
        self.store(exchange, self.books, 0x13, {"title": "empty", "authors": []})
        self.store(
            exchange, self.books, 0x12, {"title": "orphan", "authors": [to_person(3)], "sequel": [to_book(0x13)]}
        )
        both = {
            "authors": [to_person(2), to_person(1), to_person(3)],
            "sequel": [to_book(0x12)],
            "about": [to_person(1), to_book(0x14)],
        }
        self.store(exchange, self.books, 0x11, {"title": "both"} | both)
        assert call_rest(exchange, "DELETE", f"/objects/{self.people}/{identifier(3)}").status == 204

    @staticmethod
    def beacon(collection: str) -> Callable[[int], dict[str, str]]:
        return lambda number: {"beacon": f"weaviate://localhost/{collection}/{identifier(number)}"}

    @staticmethod
    def store(exchange: Exchange, collection: str, number: int, values: object, **others: object) -> None:
        post(
            exchange,
            "/objects",
            {"class": collection, "id": identifier(number), "properties": values, **others},
        )


@pytest.fixture
def linked(exchange: Exchange, fresh: Fresh) -> Linked:
    return Linked(exchange, fresh)


def search(exchange: Exchange, collection: str, *wanted: Wanted, **fields: object) -> list[pb.PropertiesResult]:
    request = pb.SearchRequest(collection=collection, uses_127_api=True, **fields)  # type: ignore[arg-type]  # any fields
    request.properties.ref_properties.extend(wanted)
    reply = exchange.unary(rpcs.SEARCH, request)
    assert isinstance(reply, pb.SearchReply)
    return [hit.properties for hit in reply.results]


def refusal(exchange: Exchange, collection: str, *wanted: Wanted, **fields: object) -> str:
    with pytest.raises(RpcRefused) as caught:
        search(exchange, collection, *wanted, **fields)
    return caught.value.details


def values(*names: str) -> pb.PropertiesRequest:
    return pb.PropertiesRequest(non_ref_properties=names)


def test_objects_at_the_end_of_references(exchange: Exchange, linked: Linked) -> None:
    both, orphan, empty, bare = search(exchange, linked.books, Wanted(reference_property="Authors"))
    assert all(each.ref_props_requested for each in (both, orphan, empty, bare))
    (authors,) = both.ref_props
    assert authors.prop_name == "authors"
    assert [each.non_ref_props.fields["name"].text_value for each in authors.properties] == ["Bob", "Ada"]
    assert [each.target_collection for each in authors.properties] == [linked.people] * 2
    assert not authors.properties[0].ref_props_requested
    # All authors of the second are gone; the third has an empty list, the last one none.
    assert [[len(held.properties) for held in each.ref_props] for each in (orphan, empty, bare)] == [[], [0], []]


def test_metadata_of_referenced_objects(exchange: Exchange, linked: Linked) -> None:
    wanted = pb.MetadataRequest(uuid=True, vector=True, creation_time_unix=True, distance=True, score=True)
    asked = Wanted(reference_property="authors", metadata=wanted, properties=pb.PropertiesRequest())
    near = search(exchange, linked.books, asked)[0].ref_props[0].properties[1]
    assert not near.HasField("non_ref_props")
    assert near.metadata.id == identifier(1)
    assert list(near.metadata.vector) == [1.0, 1.0]
    assert near.metadata.creation_time_unix_present
    assert not near.metadata.distance_present
    assert not near.metadata.score_present
    without = search(exchange, linked.books, Wanted(reference_property="authors"))[0].ref_props[0].properties[0]
    assert without.HasField("metadata")
    assert without.metadata.id == ""


def test_references_of_references(exchange: Exchange, linked: Linked) -> None:
    authors = Wanted(reference_property="authors", properties=values("name"))
    inner = pb.PropertiesRequest(non_ref_properties=["title"], ref_properties=[Wanted(reference_property="sequel")])
    inner.ref_properties.append(authors)
    first = search(exchange, linked.books, Wanted(reference_property="sequel", properties=inner))[0]
    (sequel,) = first.ref_props[0].properties
    assert sequel.non_ref_props.fields["title"].text_value == "orphan"
    assert [held.prop_name for held in sequel.ref_props] == ["sequel"]
    assert sequel.ref_props[0].properties[0].non_ref_props.fields["title"].text_value == "empty"


def test_a_reference_to_several_collections_needs_one(exchange: Exchange, linked: Linked) -> None:
    assert refusal(exchange, linked.books, Wanted(reference_property="about")) == (
        f"extract properties request: multi target references from collection {linked.books} and property about with need an "
        f"explicitlinked collection. Available linked collections are [{linked.people} {linked.books}]"
    )
    for collection, number in ((linked.people, 1), (linked.books, 0x14)):
        asked = Wanted(reference_property="about", target_collection=collection, metadata=pb.MetadataRequest(uuid=True))
        first = search(exchange, linked.books, asked)[0]
        assert [each.metadata.id for each in first.ref_props[0].properties] == [identifier(number)]
        assert first.ref_props[0].properties[0].target_collection == collection
    asked = Wanted(reference_property="about", target_collection="Nowhere_to_be_found")
    assert refusal(exchange, linked.books, asked) == (
        "extract properties request: could not find class Nowhere_to_be_found in schema"
    )


def test_what_is_no_reference(exchange: Exchange, linked: Linked) -> None:
    text = refusal(exchange, linked.books, Wanted(reference_property="title"))
    assert text == "extract properties request: could not find class text in schema"
    text = refusal(exchange, linked.books, Wanted(reference_property="nothing"))
    assert text.startswith("extract properties request: no such prop with name 'nothing' found in class")
    text = refusal(exchange, linked.books, Wanted(reference_property="authors", properties=values("nothing")))
    assert text.startswith(
        "extract properties request: extract properties request: get property by name nothing for class"
    )
    request = pb.SearchRequest(collection=linked.books, properties=values("authors"), uses_127_api=True)
    with pytest.raises(RpcRefused) as caught:
        exchange.unary(rpcs.SEARCH, request)
    assert caught.value.details == "creating primitive value for authors: proto: invalid type: models.MultipleRef"


def test_how_deep(exchange: Exchange, linked: Linked) -> None:
    def nested(depth: int) -> Wanted:
        inner = values("title")
        for _ in range(depth - 1):
            inner = pb.PropertiesRequest(ref_properties=[Wanted(reference_property="sequel", properties=inner)])
        return Wanted(reference_property="sequel", properties=inner)

    assert len(search(exchange, linked.books, nested(4))) == 4
    assert refusal(exchange, linked.books, nested(5)) == (
        "nested references depth exceeds QUERY_CROSS_REFERENCE_DEPTH_LIMIT (5)"
    )


def test_references_stay_in_the_tenant(exchange: Exchange, fresh: Fresh) -> None:
    name = fresh("Node")
    tenancy = {"enabled": True}
    post(exchange, "/schema", {"class": name, "vectorizer": "none", "multiTenancyConfig": tenancy})
    post(exchange, f"/schema/{name}/properties", {"name": "word", "dataType": ["text"]})
    post(exchange, f"/schema/{name}/properties", {"name": "next", "dataType": [name]})
    post(exchange, f"/schema/{name}/tenants", [{"name": "one"}, {"name": "two"}])
    for tenant in ("one", "two"):
        Linked.store(exchange, name, 1, {"word": tenant}, tenant=tenant)
        Linked.store(exchange, name, 2, {"next": [Linked.beacon(name)(1)]}, tenant=tenant)
    for tenant in ("one", "two"):
        second = search(exchange, name, Wanted(reference_property="next"), tenant=tenant)[1]
        assert second.ref_props[0].properties[0].non_ref_props.fields["word"].text_value == tenant
