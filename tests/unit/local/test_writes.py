"""What a write does to numbers, times and vectors, where no reply shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from weaviate_orm.local.objects import StoredObject
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.rest.objects import ROUTES
from weaviate_orm.local.rest.references import ROUTES as REFERENCE_ROUTES
from weaviate_orm.local.routing import RestRequest, Router
from weaviate_orm.local.schema.create import created
from weaviate_orm.local.schema.surroundings import World
from weaviate_orm.local.services import Services
from weaviate_orm.local.storage.changes import PutCollection
from weaviate_orm.local.storage.database import Database
from weaviate_orm.local.writing.batches import batch_delete, batch_objects, batch_references
from weaviate_orm.local.writing.values import uuid_bytes
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import RestReply

Json = Any  # JSON has no narrower type
ROUTER = Router([*ROUTES, *REFERENCE_ROUTES])
PROPERTIES = [
    {"name": "title", "dataType": ["text"]},
    {"name": "place", "dataType": ["geoCoordinates"]},
    {"name": "self", "dataType": ["Article"]},
]


def identifier(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


class Embedder:
    """Counts its calls; the vector of a text is its length and the number of the call."""

    def __init__(self) -> None:
        self.texts: list[list[str]] = []

    def __call__(self, texts: list[str]) -> list[list[float]]:
        self.texts.append(texts)
        return [[float(len(text)), float(len(self.texts))] for text in texts]


class Store:
    """A database whose clock goes one further with every look."""

    def __init__(self) -> None:
        self.embedder = Embedder()
        self._now = 0
        self.database = Database(Services(embedder=self.embedder), clock=self._tick)

    def _tick(self) -> int:
        self._now += 1
        return self._now

    def make(self, **configuration: Json) -> None:
        body = {"class": "Article", "vectorizer": "none", "properties": PROPERTIES, **configuration}
        self.database.commit([PutCollection(created(body, World.of(self.database)))])

    def ask(self, method: str, path: str, body: Json = None) -> RestReply:
        request = RestRequest(method, path, {}, body)
        route, variables = ROUTER.find(request)
        with self.database.writing():
            return route.handler(self.database, RestRequest(method, path, {}, body, variables))

    def post(self, number: int, properties: Json = None, **members: Json) -> None:
        body = {"class": "Article", "id": identifier(number), "properties": properties or {}, **members}
        assert self.ask("POST", "/objects", body).status == 200

    def patch(self, number: int, **members: Json) -> None:
        assert self.ask("PATCH", f"/objects/Article/{identifier(number)}", members).status == 204

    def batch(self, *objects: pb.BatchObject) -> list[str]:
        with self.database.writing():
            reply = batch_objects(self.database, pb.BatchObjectsRequest(objects=objects))
        return [each.error for each in reply.errors]

    def __getitem__(self, number: int) -> StoredObject:
        shard = self.database.collection("Article").shard("")
        row = shard.row(uuid_bytes(identifier(number)))
        assert row is not None
        return shard.object_at(row)


@pytest.fixture
def store() -> Iterator[Store]:
    found = Store()
    yield found
    found.database.close()


def titled(number: int, title: str, vector: bytes = b"") -> pb.BatchObject:
    found = pb.BatchObject(collection="Article", uuid=identifier(number), vector_bytes=vector)
    found.properties.non_ref_properties.fields["title"].string_value = title
    return found


def test_an_object_keeps_its_number_while_vector_and_place_stay(store: Store) -> None:
    store.make()
    place = {"latitude": 51.1, "longitude": 0.1}
    store.post(1, {"place": place}, vector=[1, 2])
    store.post(2)
    first = store[1].sequence
    store.patch(1, properties={"title": "new"})
    assert store[1].sequence == first
    body = {"class": "Article", "id": identifier(1), "properties": {"place": place}, "vector": [1, 2]}
    store.ask("PUT", f"/objects/Article/{identifier(1)}", body)
    assert store[1].sequence == first
    store.patch(1, properties={"place": {"latitude": 51.2, "longitude": 0.1}})
    second = store[1].sequence
    assert second > store[2].sequence
    store.patch(1, vector=[3, 4])
    assert store[1].sequence > second


def test_references_keep_the_number(store: Store) -> None:
    store.make()
    store.post(1, vector=[1, 2])
    before = store[1]
    path = f"/objects/Article/{identifier(1)}/references/self"
    store.ask("POST", path, {"beacon": f"weaviate://localhost/{identifier(1)}"})
    with store.database.writing():
        reference = pb.BatchReference(
            name="self", from_collection="Article", from_uuid=identifier(1), to_uuid=identifier(2)
        )
        batch_references(store.database, pb.BatchReferencesRequest(references=[reference]))
    after = store[1]
    assert (after.sequence, after.created) == (before.sequence, before.created)
    assert after.updated > before.updated
    assert len(after.references["self"]) == 2


def test_a_batch_makes_objects_anew_and_rest_does_not(store: Store) -> None:
    store.make()
    store.post(1)
    made = store[1].created
    store.patch(1, properties={"title": "x"})
    assert store[1].created == made < store[1].updated
    store.batch(titled(1, "y"))
    assert store[1].created == store[1].updated > made


def test_vectors_of_one_batch_must_agree(store: Store) -> None:
    store.make()
    two, three = np.zeros(2, "<f4").tobytes(), np.zeros(3, "<f4").tobytes()
    errors = store.batch(titled(1, "x", two), titled(2, "x", three), titled(3, "x", two))
    assert len(errors) == 1
    assert "length 3. Existing nodes have vectors with length 2" in errors[0]
    assert len(store.database.collection("Article").shard("")) == 2


def test_one_call_makes_the_vectors_of_a_batch(store: Store) -> None:
    store.make(
        vectorizer="text2vec-transformers", moduleConfig={"text2vec-transformers": {"vectorizeClassName": False}}
    )
    assert store.batch(titled(1, "a"), titled(2, "bb"), titled(3, "own", np.ones(2, "<f4").tobytes())) == []
    assert store.embedder.texts == [["a", "bb"]]
    assert store[2].vectors[""].tolist() == [2, 1]
    assert store[3].vectors[""].tolist() == [1, 1]
    assert store.batch(titled(1, "a"), titled(2, "ccc")) == []
    assert store.embedder.texts[1:] == [["ccc"]]
    assert store[1].vectors[""].tolist() == [1, 1]


def test_patch_makes_a_vector_anew_when_the_text_changes(store: Store) -> None:
    store.make(
        vectorizer="text2vec-transformers", moduleConfig={"text2vec-transformers": {"vectorizeClassName": False}}
    )
    store.post(1, {"title": "a"})
    store.patch(1, properties={"place": {"latitude": 1, "longitude": 2}})
    assert len(store.embedder.texts) == 1
    store.patch(1, properties={"title": None})  # the server looks at the text from before
    assert store[1].vectors[""].tolist() == [1, 1]
    store.patch(1, properties={"title": "bb"})
    assert store[1].vectors[""].tolist() == [2, 2]


def test_an_embedder_that_fails_is_each_objects_error(store: Store) -> None:
    def broken(texts: list[str]) -> list[list[float]]:
        raise RuntimeError("no model")

    store.database.services = Services(embedder=broken)
    store.make(vectorizer="text2vec-transformers")
    errors = store.batch(titled(1, "a"), titled(2, "b"))
    assert len(errors) == 2
    assert all("no model" in error for error in errors)
    with pytest.raises(Refused, match=r"^The in-process engine's embedder for .*no model"):
        store.post(1, {"title": "a"})


def test_means_follow_references(store: Store) -> None:
    store.make(vectorConfig={}, vectorizer="none")
    settings = {"ref2vec-centroid": {"referenceProperties": ["to"]}}
    properties = [{"name": "to", "dataType": ["Article"]}]
    body = {"class": "Reader", "vectorizer": "ref2vec-centroid", "moduleConfig": settings, "properties": properties}
    store.database.commit([PutCollection(created(body, World.of(store.database)))])
    store.post(1, vector=[1, 3])
    store.post(2, vector=[3, 5])
    path = f"/objects/Reader/{identifier(9)}/references/to"
    to = [{"beacon": f"weaviate://localhost/Article/{identifier(number)}"} for number in (1, 2)]
    store.ask("POST", "/objects", {"class": "Reader", "id": identifier(9), "properties": {"to": to[:1]}})

    def vector() -> list[float] | None:
        shard = store.database.collection("Reader").shard("")
        row = shard.row(uuid_bytes(identifier(9)))
        assert row is not None
        found = shard.vectors("").get(row)
        return None if found is None else found.tolist()

    assert vector() == [1, 3]
    store.ask("POST", path, to[1])
    assert vector() == [2, 4]
    store.ask("DELETE", path, to[0])
    assert vector() == [3, 5]


def test_deletion_has_a_limit(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weaviate_orm.local.writing.batches.MOST_DELETED", 2)
    store.make()
    for number in (3, 1, 2):
        store.post(number, {"title": "x"})
    request = pb.BatchDeleteRequest(
        collection="Article",
        filters=pb.Filters(
            operator=pb.Filters.OPERATOR_EQUAL, target=pb.FilterTarget(property="title"), value_text="x"
        ),
    )
    with store.database.writing():
        reply = batch_delete(store.database, request)
    assert (reply.matches, reply.successful) == (3, 2)
    shard = store.database.collection("Article").shard("")
    assert [shard.row(uuid_bytes(identifier(number))) is not None for number in (1, 2, 3)] == [False, True, False]
