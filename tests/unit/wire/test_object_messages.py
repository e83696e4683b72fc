"""Whole objects on their way out: ids, tenants, vectors and references, in a batch message and in a REST body."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import numpy as np
import pytest
from pydantic import ConfigDict
from zoo import Article, Author, Book, Document, Legacy, Line, Loan, Page, Publisher

from weaviate_orm import (
    InvalidValueError,
    MultiVector,
    Property,
    Reference,
    References,
    Vector,
    WeaviateModel,
    prop,
    reference,
    references,
    vector,
)
from weaviate_orm.query.statement import Scope
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import Patience, RestReply
from weaviate_orm.wire.objects import (
    batch_message,
    compile_batch,
    compile_delete,
    compile_exists,
    compile_insert,
    object_encoder,
)

ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)


class Shelf(WeaviateModel, collection="UnitShelf"):
    """References to objects of more than one collection."""

    name: Property[str]
    top: Reference[Book | Author | None] = reference(name="topItem")
    items: References[Book | Author] = references()


def filled(instance: WeaviateModel, tenant: str | None = None) -> pb.BatchObject:
    target = pb.BatchObject()
    object_encoder(type(instance)).fill(target, instance, tenant)
    return target


def test_a_batch_object_has_id_collection_and_tenant() -> None:
    expected = pb.BatchObject(uuid=str(ONE), collection="ZooBook", tenant="acme")
    expected.properties.non_ref_properties["title"] = "t"
    assert filled(Book(id=ONE, title="t"), "acme") == expected
    assert filled(Book(id=ONE, title="t")).tenant == ""


def test_a_rest_body_has_id_collection_and_tenant() -> None:
    encoder = object_encoder(Book)
    body = {"class": "ZooBook", "id": str(ONE), "properties": {"title": "t"}}
    assert encoder.body(Book(id=ONE, title="t"), None) == body
    assert encoder.body(Book(id=ONE, title="t"), "acme") == {**body, "tenant": "acme"}


def test_vectors_go_by_name_kind_and_little_endian_bytes() -> None:
    document = Document(title="t", meaning=[1, 0, -2], tokens=[[1, 2], [3, 4]])
    assert list(filled(document).vectors) == [
        pb.Vectors(
            name="meaning",
            type=pb.Vectors.VECTOR_TYPE_SINGLE_FP32,
            vector_bytes=b"\x00\x00\x80\x3f\x00\x00\x00\x00\x00\x00\x00\xc0",
        ),
        pb.Vectors(
            name="tokens",
            type=pb.Vectors.VECTOR_TYPE_MULTI_FP32,
            vector_bytes=b"\x02\x00\x00\x00\x80\x3f\x00\x00\x00\x40\x00\x00\x40\x40\x00\x00\x80\x40",
        ),
    ]
    body = object_encoder(Document).body(document, None)
    assert body["vectors"] == {"meaning": [1, 0, -2], "tokens": [[1, 2], [3, 4]]}
    assert "vector" not in body


def test_a_vector_goes_under_its_name_in_the_collection() -> None:
    line = Line(text="t", meaning=np.ones(3))
    assert [each.name for each in filled(line).vectors] == ["lineMeaning"]
    assert object_encoder(Line).body(line, None)["vectors"] == {"lineMeaning": [1, 1, 1]}


def test_the_unnamed_vector_has_fields_of_its_own() -> None:
    legacy = Legacy(title="t", embedding=[0.5])
    message = filled(legacy)
    assert message.vector_bytes == b"\x00\x00\x00\x3f"
    assert not message.vectors
    body = object_encoder(Legacy).body(legacy, None)
    assert body["vector"] == [0.5]
    assert "vectors" not in body


def test_no_vector_means_no_field() -> None:
    assert not filled(Document(title="t")).vectors
    assert filled(Legacy(title="t")).vector_bytes == b""
    assert object_encoder(Legacy).body(Legacy(title="t"), None).keys() == {"class", "id", "properties"}
    assert list(object_encoder(Document).dimensions(Document(title="t"))) == []


def test_dimensions_are_those_of_single_vectors_and_of_the_rows_of_multi_vectors() -> None:
    document = Document(title="t", meaning=[1, 0, 0], style=[1, 2], tokens=[[1, 2, 3, 4, 5]] * 7)
    assert list(object_encoder(Document).dimensions(document)) == [("meaning", 3), ("style", 2), ("tokens", 5)]


@pytest.mark.parametrize("author", [Author(id=ONE, name="Ada"), ONE, str(ONE)], ids=["object", "id", "text"])
def test_a_reference_goes_as_an_id(author: Author) -> None:
    article = Article(title="t", body="b", author=author)
    (sent,) = filled(article).properties.single_target_ref_props
    assert sent == pb.BatchObject.SingleTargetRefProps(prop_name="author", uuids=[str(ONE)])
    properties = object_encoder(Article).body(article, None)["properties"]
    assert properties["author"] == [{"beacon": f"weaviate://localhost/ZooAuthor/{ONE}"}]


def test_several_references_keep_their_order_and_may_mix_objects_and_ids() -> None:
    related = [Article(id=TWO, title="t", body="b"), ONE, THREE]
    article = Article(title="t", body="b", related=related)  # type: ignore[arg-type]  # ids are for assignment
    (sent,) = filled(article).properties.single_target_ref_props
    assert sent == pb.BatchObject.SingleTargetRefProps(prop_name="related", uuids=[str(TWO), str(ONE), str(THREE)])


def test_references_that_are_unset_none_or_empty_are_not_sent() -> None:
    for author in (Author(name="Ada"), Author(name="Ada", mentor=None, publisher=None, articles=[])):
        properties = filled(author).properties
        assert not properties.single_target_ref_props
        assert not properties.multi_target_ref_props
        assert object_encoder(Author).body(author, None)["properties"] == {"name": "Ada"}


def test_only_the_id_of_a_referenced_object_goes_out() -> None:
    author = Author(name="Ada", publisher=Publisher(id=TWO, name="P"))
    assert "P" not in str(filled(author)).replace("publisher", "")


def test_references_to_several_collections_say_to_which() -> None:
    book, author = Book(id=ONE, title="b"), Author(id=TWO, name="a")
    shelf = Shelf(name="s", top=author, items=[book, author, Book(id=THREE, title="c")])
    assert list(filled(shelf).properties.multi_target_ref_props) == [
        pb.BatchObject.MultiTargetRefProps(prop_name="topItem", target_collection="ZooAuthor", uuids=[str(TWO)]),
        pb.BatchObject.MultiTargetRefProps(
            prop_name="items", target_collection="ZooBook", uuids=[str(ONE), str(THREE)]
        ),
        pb.BatchObject.MultiTargetRefProps(prop_name="items", target_collection="ZooAuthor", uuids=[str(TWO)]),
    ]
    properties = object_encoder(Shelf).body(shelf, None)["properties"]
    assert properties["topItem"] == [{"beacon": f"weaviate://localhost/ZooAuthor/{TWO}"}]
    assert [each["beacon"].split("/", 3)[3] for each in properties["items"]] == [
        f"ZooBook/{ONE}",
        f"ZooBook/{THREE}",
        f"ZooAuthor/{TWO}",
    ]


def test_an_id_cannot_say_which_of_several_collections_it_is_of() -> None:
    shelf = Shelf(id=TWO, name="s", items=[ONE])
    with pytest.raises(InvalidValueError, match=r"Shelf\.items .*Book or Author; give the object itself") as caught:
        filled(shelf)
    assert (caught.value.field, caught.value.object_id) == ("Shelf.items", TWO)
    with pytest.raises(InvalidValueError, match="give the object itself"):
        object_encoder(Shelf).body(shelf, None)


def test_insert_is_a_post_that_is_not_repeated() -> None:
    call = compile_insert(Loan(id=ONE, title="t"), Scope("acme", "QUORUM"))
    assert (call.method, call.path, call.repeatable, call.patience) == ("POST", "/objects", False, Patience.INSERT)
    assert call.query == {"consistency_level": "QUORUM"}
    assert call.body == {"class": "ZooLoan", "id": str(ONE), "properties": {"title": "t"}, "tenant": "acme"}
    assert call.read(RestReply(200, {"id": str(TWO)})) == ONE


def test_exists_is_a_head_whose_replies_are_statuses() -> None:
    call = compile_exists(object_encoder(Loan).info, ONE, Scope("acme", "ONE"))
    assert (call.method, call.path) == ("HEAD", f"/objects/ZooLoan/{ONE}")
    assert call.query == {"tenant": "acme", "consistency_level": "ONE"}
    assert call.accept == {204, 404, 422}  # 422: test_tenant_calls.py
    assert call.read(RestReply(204, None)) is True
    assert call.read(RestReply(404, None)) is False


def test_delete_filters_by_id() -> None:
    call = compile_delete(object_encoder(Loan).info, ONE, Scope("acme", "ALL"))
    assert call.request == pb.BatchDeleteRequest(
        collection="ZooLoan",
        tenant="acme",
        consistency_level=pb.ConsistencyLevel.CONSISTENCY_LEVEL_ALL,
        filters=pb.Filters(
            operator=pb.Filters.OPERATOR_EQUAL, target=pb.FilterTarget(property="_id"), value_text=str(ONE)
        ),
    )
    assert call.read(pb.BatchDeleteReply(matches=1, successful=1)) is True
    assert call.read(pb.BatchDeleteReply(matches=0, successful=0)) is False
    plain = compile_delete(object_encoder(Book).info, ONE, Scope()).request
    assert {field.name for field, _ in plain.ListFields()} == {"collection", "filters"}


def test_a_batch_gives_errors_by_position() -> None:
    message = batch_message(Scope(consistency="ONE"))
    assert message == pb.BatchObjectsRequest(consistency_level=pb.ConsistencyLevel.CONSISTENCY_LEVEL_ONE)
    assert batch_message(Scope()) == pb.BatchObjectsRequest()
    error = pb.BatchObjectsReply.BatchError
    reply = pb.BatchObjectsReply(errors=[error(index=3, error="bad"), error(error="first")])
    assert compile_batch(message, "ZooBook").read(reply) == {3: "bad", 0: "first"}


def test_the_vector_of_a_reply_can_be_written_again() -> None:
    """An object that a query gave may go out again before its vector was ever read."""
    from weaviate_orm.model.arrays import LazyVector
    from weaviate_orm.wire.vectors import decode_named

    page = Page(title="t")
    raw = np.array([1, 2], "<f4").tobytes()
    metadata = pb.MetadataResult(vectors=[pb.Vectors(name="embedding", vector_bytes=raw)])
    page.__dict__["embedding"] = LazyVector(decode_named, metadata, "embedding")
    assert filled(page).vectors[0].vector_bytes == raw
    assert list(object_encoder(Page).dimensions(page)) == [("embedding", 2)]


class Loose(WeaviateModel):
    """Assignments are not validated, so an instance may hold anything."""

    model_config = ConfigDict(validate_assignment=False)

    name: Property[str] = prop(default="x")
    own: Vector = vector()
    rows: MultiVector = vector()


def rest_body(instance: WeaviateModel) -> dict[str, Any]:
    return object_encoder(type(instance)).body(instance, None)


def sent(instance: WeaviateModel) -> list[list[float]]:
    """What a message and a REST body have as vectors, which must be the same."""
    body = object_encoder(type(instance)).body(instance, None)["vectors"]
    found = {each.name: each.vector_bytes[2 if each.name == "rows" else 0 :] for each in filled(instance).vectors}
    assert {name: np.array(value, "<f4").tobytes() for name, value in body.items()} == found
    return list(body.values())


@pytest.mark.parametrize("given", [[1.0, 2.0], np.array([1.0, 2.0]), np.array([1, 2], ">f4"), (1, 2)], ids=repr)
def test_a_vector_that_came_past_validation_is_made_sound(given: object) -> None:
    loose = Loose()
    setattr(loose, "own", given)  # noqa: B010  the type would not fit
    assert sent(loose) == [[1.0, 2.0]]
    assert sent(Loose.model_construct(own=given, rows=[given])) == [[1.0, 2.0], [[1.0, 2.0]]]


def test_a_vector_that_was_changed_in_place_is_looked_at_again() -> None:
    # A NaN in the server's index would hide the other objects from every search.
    loose = Loose(id=ONE, own=[1, 2], rows=[[1, 2]])
    assert loose.rows is not None
    loose.rows[0, 1] = np.nan
    for build in (filled, lambda instance: object_encoder(Loose).body(instance, None)):
        with pytest.raises(
            InvalidValueError, match=r"Loose\.rows cannot be stored: .*nan at position \[0, 1\]"
        ) as caught:
            build(loose)
        assert (caught.value.field, caught.value.object_id) == ("Loose.rows", ONE)


@pytest.mark.parametrize(
    "values", [{}, {"name": 5}, {"name": "x", "own": "y"}, {"name": "x", "own": [[1.0]]}], ids=repr
)
def test_what_model_construct_let_pass_is_refused(values: Any) -> None:
    made = Book.model_construct(id=ONE) if not values else Loose.model_construct(id=ONE, **values)
    for build in (filled, rest_body):
        with pytest.raises(
            InvalidValueError, match=r"cannot be stored: (the object has no value|it is declared as|the vector)"
        ):
            build(made)


class Animal(WeaviateModel, collection="UnitAnimal"):
    name: Property[str]


class Dog(Animal, collection="UnitDog"):
    """Kept apart from other animals."""


class Cat(Animal, collection="UnitAnimal"):
    """Kept with other animals."""


class Household(WeaviateModel):
    pet: Reference[Animal | None] = reference()
    pets: References[Animal | Book] = references()


def test_an_object_of_a_subclass_with_its_own_collection_is_refused() -> None:
    # The server would look for its id among the animals.
    dog, cat = Dog(id=ONE, name="d"), Cat(id=TWO, name="c")
    assert list(filled(Household(pet=cat)).properties.single_target_ref_props[0].uuids) == [str(TWO)]
    for household, kind in ((Household(pet=dog), "Reference"), (Household(pets=[cat, dog]), "References")):
        with pytest.raises(InvalidValueError, match=rf"but a Dog is kept in .* Declare {kind}\[Animal .*\| Dog\]"):
            filled(household)
        with pytest.raises(InvalidValueError, match="a Dog is kept in a collection of its own"):
            object_encoder(Household).body(household, None)


@pytest.mark.parametrize("value", [str(ONE), "../x", None], ids=repr)
def test_exists_takes_a_uuid(value: Any) -> None:
    with pytest.raises(InvalidValueError, match=r"exists\(\) takes the id as a UUID"):
        compile_exists(object_encoder(Book).info, value, Scope())
