"""From a result message to an instance: ids, defaults, references, vectors, and what is refused."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import numpy as np
import pytest
from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field
from zoo import Article, Author, Book, Document, Legacy, Line, Product, Publisher, Required

from weaviate_orm import (
    HydrationError,
    Property,
    ProtocolError,
    Reference,
    ReferenceNotLoadedError,
    References,
    WeaviateModel,
    prop,
    reference,
    references,
)
from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.model.attributes import as_inclusion
from weaviate_orm.model.info import model_info
from weaviate_orm.query.projection import project
from weaviate_orm.query.results import Hit
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.hydrate import compile_hydrate, read_vectors

ONE, TWO, THREE = UUID(int=1 << 120), UUID(int=2), UUID(int=3)


def text(value: str) -> pb.Value:
    return pb.Value(text_value=value)


def result(**fields: pb.Value) -> pb.PropertiesResult:
    return pb.PropertiesResult(non_ref_props=pb.Properties(fields=fields))


def identified(object_id: UUID, **more: Any) -> pb.MetadataResult:
    return pb.MetadataResult(id=str(object_id), id_as_bytes=object_id.bytes, **more)


def hydrated(
    model: type[WeaviateModel],
    properties: pb.PropertiesResult,
    metadata: pb.MetadataResult | None = None,
    *include: Inclusion,
    with_vectors: bool = False,
) -> Any:
    info = model_info(model)
    vectors = tuple(info.vectors.values()) if with_vectors else ()
    return compile_hydrate(info, None, include, vectors)(properties, metadata or identified(ONE))


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (pb.MetadataResult(id=str(ONE), id_as_bytes=ONE.bytes), ONE),
        (pb.MetadataResult(id_as_bytes=ONE.bytes), ONE),
        (pb.MetadataResult(id_as_bytes=TWO.bytes.lstrip(b"\0")), TWO),  # through a number, on old servers
        (pb.MetadataResult(id=str(ONE)), ONE),
    ],
    ids=["both", "16 bytes", "short bytes", "text"],
)
def test_the_id_is_read_however_the_server_gives_it(metadata: pb.MetadataResult, expected: UUID) -> None:
    book = hydrated(Book, result(title=text("t")), metadata)
    assert book == Book(id=expected, title="t")
    assert isinstance(book.id, UUID)
    assert Hit(book, metadata, lambda _: {}).id == expected


def test_a_result_without_an_id_is_refused() -> None:
    with pytest.raises(ProtocolError, match="without an id"):
        hydrated(Book, result(title=text("t")), pb.MetadataResult())


def test_a_missing_property_takes_the_models_default() -> None:
    line = hydrated(Line, result(lineText=text("t"), copy=pb.Value(null_value=0)))  # type: ignore[arg-type]  # the only value
    assert (line.text, line.copy_, line.number) == ("t", 1, None)
    article = hydrated(Article, result(title=text(""), body=text("")))
    assert (article.title, article.word_count, article.tags, article.published) == ("", 0, [], None)


def test_default_factories_make_a_value_for_each() -> None:
    first, second = (hydrated(Article, result(title=text(""), body=text(""))) for _ in range(2))
    assert first.tags == []
    assert first.tags is not second.tags


def test_none_beats_a_default_where_the_field_may_be_none() -> None:
    """What is stored decides: the property is missing, so it is not what new objects get."""

    class Noted(WeaviateModel):
        note: Property[str | None] = prop(default="none yet")

    assert hydrated(Noted, result()).note is None


def test_a_missing_required_value_is_named_with_object_and_way_out() -> None:
    with pytest.raises(HydrationError) as caught:
        hydrated(Required, result(text=text("t")))
    error = caught.value
    assert str(error).startswith(f"The object {ONE} of ZooRequired does not fit Required: whole: Field required")
    assert "give the field a default or allow None" in str(error)
    assert (error.collection, error.field, error.object_id) == ("ZooRequired", "whole", ONE)


def test_a_value_that_fails_the_models_validation_is_named() -> None:
    fields = {
        "maker": text("m"),
        "sku": pb.Value(int_value=1),
        "price": pb.Value(number_value=-1.0),
        "size": text("XL"),
    }
    with pytest.raises(
        HydrationError, match=r"price: Input should be greater than 0; size: Input should be 'S', 'M' or 'L'"
    ) as caught:
        hydrated(Product, result(**fields))
    assert (caught.value.field, caught.value.object_id) == ("price", ONE)


def test_a_value_of_another_type_is_named_with_object() -> None:
    with pytest.raises(
        HydrationError, match=r"Book\.title is declared as text, but the collection holds int"
    ) as caught:
        hydrated(Book, result(title=pb.Value(int_value=1)))
    error = caught.value
    assert (error.collection, error.field, error.object_id) == ("ZooBook", "Book.title", ONE)


def test_validators_and_enums_are_applied() -> None:
    fields = {
        "maker": text("  m "),
        "sku": pb.Value(int_value=1),
        "price": pb.Value(number_value=2),
        "mood": text("very loud"),
    }
    product = hydrated(Product, result(**fields))
    assert product == Product(id=ONE, maker="m", sku=1, price=2.0, mood="very loud")  # type: ignore[arg-type]  # pydantic converts
    assert product.colours == set()


def test_a_key_does_not_replace_the_stored_id() -> None:
    fields = {"maker": text("m"), "sku": pb.Value(int_value=1), "price": pb.Value(number_value=2)}
    assert hydrated(Product, result(**fields)).id == ONE


def test_validation_aliases_are_only_for_input() -> None:
    class Aliased(WeaviateModel):
        title: Property[str] = Field(validation_alias="heading")

    assert hydrated(Aliased, result(title=text("t"))).title == "t"


def test_properties_that_the_model_does_not_know_are_passed_over() -> None:
    assert hydrated(Book, result(title=text("t"), other=text("x"))) == Book(id=ONE, title="t")


# References.


def linked(name: str, *targets: pb.PropertiesResult) -> pb.RefPropertiesResult:
    return pb.RefPropertiesResult(prop_name=name, properties=targets)


def target(collection: str, object_id: UUID, *refs: pb.RefPropertiesResult, **fields: pb.Value) -> pb.PropertiesResult:
    return pb.PropertiesResult(
        target_collection=collection,
        metadata=identified(object_id),
        non_ref_props=pb.Properties(fields=fields),
        ref_props=refs,
    )


def test_a_reference_that_was_not_included_says_so() -> None:
    article = hydrated(Article, result(title=text(""), body=text("")))
    for field in ("author", "related"):
        with pytest.raises(
            ReferenceNotLoadedError, match=rf"Article\.{field} was not loaded.*\.include\(Article\.{field}\)"
        ):
            getattr(article, field)


def test_included_references_are_objects() -> None:
    properties = result(title=text(""), body=text(""))
    properties.ref_props.append(linked("author", target("ZooAuthor", TWO, name=text("Ada"))))
    properties.ref_props.append(
        linked(
            "related",
            target("ZooArticle", THREE, title=text("x"), body=text("")),
            target("ZooArticle", TWO, title=text("y"), body=text("")),
        )
    )
    article = hydrated(Article, properties, None, as_inclusion(Article.author), as_inclusion(Article.related))
    assert (article.author.id, article.author.name) == (TWO, "Ada")
    assert [(each.id, each.title) for each in article.related] == [(THREE, "x"), (TWO, "y")]
    with pytest.raises(ReferenceNotLoadedError, match=r"Author\.mentor was not loaded"):
        article.author.mentor


def test_references_are_included_at_depth() -> None:
    mentor = target("ZooAuthor", THREE, name=text("Eva"))
    publisher = target("ZooPublisher", ONE, name=text("P"))
    author = target("ZooAuthor", TWO, linked("mentor", mentor), linked("publisher", publisher), name=text("Ada"))
    properties = result(title=text(""), body=text(""))
    properties.ref_props.append(linked("author", author))
    inclusion = Article.author.include(Author.mentor, Author.publisher)
    article = hydrated(Article, properties, None, inclusion)
    assert article.author.mentor.name == "Eva"
    assert article.author.publisher == Publisher(id=ONE, name="P")


def test_an_included_reference_that_leads_nowhere_is_none_or_an_empty_list() -> None:
    author = hydrated(
        Author, result(name=text("Ada")), None, as_inclusion(Author.mentor), as_inclusion(Author.articles)
    )
    assert author.mentor is None
    assert author.articles == []
    article = hydrated(Article, result(title=text(""), body=text("")), None, as_inclusion(Article.author))
    with pytest.raises(ReferenceNotLoadedError, match=r"Article\.author refers to nothing"):
        article.author


def test_of_several_targets_a_single_reference_has_the_first() -> None:
    """The server does not keep a reference to one target; other programs may have added more."""
    properties = result(title=text(""), body=text(""))
    targets = (target("ZooAuthor", TWO, name=text("Ada")), target("ZooAuthor", THREE, name=text("Eva")))
    properties.ref_props.append(linked("author", *targets))
    assert hydrated(Article, properties, None, as_inclusion(Article.author)).author.name == "Ada"


class Shelf(WeaviateModel, collection="HydrateShelf"):
    top: Reference[Book | Author | None] = reference(name="topItem")
    items: References[Book | Author] = references()


def test_results_of_several_collections_become_their_own_models() -> None:
    properties = result()
    # As a request with one entry a target gives it: the property comes once a target.
    properties.ref_props.append(linked("items", target("ZooBook", ONE, title=text("b"))))
    properties.ref_props.append(linked("items", target("ZooAuthor", TWO, name=text("a"))))
    properties.ref_props.append(linked("topItem", target("ZooAuthor", TWO, name=text("a"))))
    shelf = hydrated(Shelf, properties, None, as_inclusion(Shelf.items), as_inclusion(Shelf.top))
    assert [type(each) for each in shelf.items] == [Book, Author]
    assert (shelf.top.id, shelf.top.name) == (TWO, "a")


def test_with_one_target_the_collections_name_does_not_matter() -> None:
    """A model may name an alias, where the reply has the real name."""
    properties = result(title=text(""), body=text(""))
    properties.ref_props.append(linked("author", target("Renamed", TWO, name=text("Ada"))))
    assert hydrated(Article, properties, None, as_inclusion(Article.author)).author.name == "Ada"


# Vectors.

RAW = np.array([1, 2, 3], "<f4").tobytes()


def test_vectors_are_decoded_when_they_are_read() -> None:
    vectors = [pb.Vectors(name="meaning", vector_bytes=RAW), pb.Vectors(name="style", vector_bytes=b"odd")]
    metadata = identified(ONE, vectors=vectors)
    document = hydrated(Document, result(title=text("t")), metadata, with_vectors=True)
    assert document.meaning.tolist() == [1, 2, 3]
    assert document.meaning is document.meaning
    assert document.tokens is None
    with pytest.raises(ProtocolError, match="3 bytes came"):
        document.style


def test_vectors_that_were_not_asked_for_are_none() -> None:
    metadata = identified(ONE, vectors=[pb.Vectors(name="meaning", vector_bytes=RAW)])
    assert hydrated(Document, result(title=text("t")), metadata).meaning is None


def test_named_and_unnamed_vectors_come_by_field() -> None:
    line = identified(
        ONE, vectors=[pb.Vectors(name="lineMeaning", vector_bytes=RAW), pb.Vectors(name="foreign", vector_bytes=RAW)]
    )
    found = read_vectors(tuple(model_info(Line).vectors.values()))(line)
    assert {name: array.tolist() for name, array in found.items()} == {"meaning": [1, 2, 3]}
    assert hydrated(Line, result(lineText=text("t")), line, with_vectors=True).meaning.tolist() == [1, 2, 3]
    # A server gives the unnamed vector twice: on its own, and among the named ones without a name.
    legacy = identified(ONE, vector_bytes=RAW, vectors=[pb.Vectors(vector_bytes=RAW)])
    found = read_vectors(tuple(model_info(Legacy).vectors.values()))(legacy)
    assert {name: array.tolist() for name, array in found.items()} == {"embedding": [1, 2, 3]}
    assert hydrated(Legacy, result(title=text("t")), legacy, with_vectors=True).embedding.tolist() == [1, 2, 3]


# Projections.


def test_a_projection_gives_its_own_class() -> None:
    info = model_info(Article)

    class Short(BaseModel):
        id: UUID
        word_count: int = 5
        title: str = Field(alias="heading")

    projection = project(info, Short)
    hydrate = compile_hydrate(info, projection, (), ())
    assert hydrate(result(title=text("x")), identified(TWO)) == Short(id=TWO, word_count=5, heading="x")
    with pytest.raises(HydrationError, match="of ZooArticle does not fit Short: heading: Field required") as caught:
        hydrate(result(), identified(TWO))
    assert caught.value.object_id == TWO


class Town(BaseModel):
    """Aliases that pydantic takes in different ways, and an optional field whose default is something else."""

    name: str = Field(default="?", validation_alias=AliasChoices("town", "city"))
    mayor: str = Field(default="?", alias="head")
    people: int | None = 5
    area: float | None


class Home(WeaviateModel):
    town: Property[Town]


def test_aliases_and_defaults_inside_objects() -> None:
    fields = {"name": text("Ghent"), "mayor": text("Jacob")}
    found = hydrated(Home, result(town=pb.Value(object_value=pb.Properties(fields=fields))))
    # None is not sent, so what is missing was None, as with the properties of a row.
    assert vars(found.town) == {"name": "Ghent", "mayor": "Jacob", "people": None, "area": None}


class Card(BaseModel):
    heading: str = Field(default="?", validation_alias=AliasChoices(AliasPath("x", 0), "title", "head"))


class Newspaper(WeaviateModel):
    heading: Property[str]


def test_aliases_of_a_projection() -> None:
    info = model_info(Newspaper)
    found = compile_hydrate(info, project(info, Card), (), ())(result(heading=text("t")), identified(ONE))
    assert found == Card.model_construct(heading="t")


class Shouting(WeaviateModel):
    model_config = ConfigDict(
        alias_generator=str.upper, populate_by_name=False, extra="ignore", strict=True, frozen=True
    )

    words: Property[set[str]] = prop(default_factory=set)


class ByName(WeaviateModel):
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=False, extra="ignore")

    title: Annotated[Property[str], Field(alias="heading")] = prop(default="?")


def test_ids_and_values_arrive_whatever_the_models_configuration_says_of_names() -> None:
    texts = pb.Value(list_value=pb.ListValue(text_values=pb.TextValues(values=["a"])))
    loud = hydrated(Shouting, result(words=texts), identified(TWO))
    assert (loud.id, loud.words) == (TWO, {"a"})
    named = hydrated(ByName, result(title=text("t")), identified(TWO))
    assert (named.id, named.title) == (TWO, "t")
