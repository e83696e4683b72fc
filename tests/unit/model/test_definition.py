"""What a model may not say: refused when the class is defined, with the way out in the message."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, ClassVar, Literal, NewType
from uuid import UUID

import pytest
from pydantic import AliasPath, BaseModel, ConfigDict, Field, PrivateAttr, RootModel

from weaviate_orm import (
    BlobHash,
    GeoCoordinate,
    InvertedIndex,
    ModelDefinitionError,
    MultiVector,
    PhoneNumber,
    Property,
    Reference,
    References,
    Transient,
    Vector,
    WeaviateModel,
    prop,
    reference,
    references,
    vector,
)
from weaviate_orm.model.info import model_info
from weaviate_orm.modules import text2vec_openai
from weaviate_orm.schema.from_model import collection_config


class Person(WeaviateModel):
    name: Property[str]


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Mixed(Enum):
    ONE = 1
    TWO = "two"


class Empty(BaseModel):
    pass


class Endless(BaseModel):
    inner: list[Endless] = Field(default_factory=list)


class Holder(BaseModel):
    place: GeoCoordinate


def define(annotation: object, value: object = ..., name: str = "field", **keywords: Any) -> type[WeaviateModel]:
    """Define ``class Thing(WeaviateModel): field: annotation = value``."""
    body: dict[str, object] = {"__annotations__": {name: annotation}, "__module__": __name__}
    if value is not ...:
        body[name] = value
    metaclass: Any = type(WeaviateModel)
    model: type[WeaviateModel] = metaclass("Thing", (WeaviateModel,), body, **keywords)
    return model


def refusal(*arguments: Any, **keywords: Any) -> str:
    with pytest.raises(ModelDefinitionError) as caught:
        define(*arguments, **keywords)
    return caught.value.message


def test_a_plain_field_is_either_stored_or_transient() -> None:
    assert refusal(str, name="title") == (
        "Thing.title would not be stored: declare it as Property[str] to store it, "
        "or as Annotated[str, Transient] to keep it out of the collection."
    )


def test_the_refusal_of_a_field_names_it_in_its_data() -> None:
    with pytest.raises(ModelDefinitionError) as caught:
        define(str, name="title")
    assert caught.value.field == "Thing.title"
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    "name", ["copy", "json", "schema", "dict", "mro", "validate", "construct", "model_fields", "model_dump", "register"]
)
def test_names_that_pydantic_uses_are_refused_with_the_alias_to_write(name: str) -> None:
    message = refusal(Property[str], name=name)
    assert message == (
        f"Thing.{name}: pydantic models use this name themselves. Name the field {name}_ and keep the property's name: "
        f"{name}_: Property[...] = prop(name={name!r})"
    )


@pytest.mark.parametrize("name", ["copy", "json", "schema", "mro"])
def test_the_way_out_of_a_reserved_name_works(name: str) -> None:
    thing = define(Property[str], prop(name=name), name=f"{name}_")
    assert model_info(thing).properties[f"{name}_"].name == name
    assert getattr(thing.model_validate({f"{name}_": "x"}), f"{name}_") == "x"


@pytest.mark.parametrize(
    "name", ["vector", "_id", "_additional", "id", "title_searchable", "n_rangeable", "x_nullState"]
)
def test_property_names_that_the_server_reserves(name: str) -> None:
    assert f"the server reserves the property name {name!r}" in refusal(Property[str], prop(name=name))


def test_a_capital_property_name_says_what_the_server_would_make_of_it() -> None:
    message = refusal(Property[str], name="Title")
    assert "lower-cases the first letter" in message
    assert "name='title'" in message
    assert model_info(define(Property[str], prop(name="title"), name="Title")).properties["Title"].name == "title"


@pytest.mark.parametrize("name", ["1st", "with space", "dash-ed", "ünicode", "", "a" * 232])
def test_property_names_that_are_malformed(name: str) -> None:
    if name:
        assert "cannot name a property" in refusal(Property[str], prop(name=name))


def test_the_longest_property_name_is_accepted() -> None:
    assert model_info(define(Property[str], prop(name="a" * 231))).properties["field"].name == "a" * 231


@pytest.mark.parametrize("name", ["lower", "1Number", "With Space", "Raft", "RAFT", "A" * 256, "Ünicode"])
def test_collection_names(name: str) -> None:
    assert "cannot name a collection" in refusal(Property[str], collection=name)


def test_a_lower_case_class_needs_a_collection_name() -> None:
    with pytest.raises(ModelDefinitionError, match=re.escape("class article(WeaviateModel, collection='...')")):

        class article(WeaviateModel):
            title: Property[str]


def test_two_fields_with_one_name_in_the_collection() -> None:
    with pytest.raises(
        ModelDefinitionError, match=r"Twice\.headline and Twice\.title have the same name .*'Title'|same name"
    ):

        class Twice(WeaviateModel):
            title: Property[str]
            headline: Property[str] = prop(name="tiTle")


def test_a_property_and_a_reference_share_names() -> None:
    with pytest.raises(ModelDefinitionError, match="same name in the collection"):

        class Shared(WeaviateModel):
            author: Property[str]
            written_by: Reference[Person] = reference(name="author")


def test_two_vectors_with_one_name() -> None:
    with pytest.raises(ModelDefinitionError, match="same name in the collection"):

        class Vectors(WeaviateModel):
            one: Vector = vector(name="x")
            other: Vector = vector(name="x")


def test_a_vector_may_have_a_property_s_name() -> None:
    class Both(WeaviateModel):
        title: Property[str]
        title_vector: Vector = vector(name="title")

    assert model_info(Both).vectors["title_vector"].name == "title"


def test_a_wrong_source_offers_near_names() -> None:
    with pytest.raises(ModelDefinitionError) as caught:

        class Article(WeaviateModel):
            title: Property[str]
            body: Property[str]
            embedding: Vector = vector(source=["titel", "body"])

    assert caught.value.message == (
        "Article.embedding: source='titel' is not a property of Article. Did you mean 'title'?"
    )
    assert caught.value.field == "Article.embedding"


def test_a_source_without_a_vectorizer_is_refused() -> None:
    with pytest.raises(ModelDefinitionError, match="no vectorizer is named, so nothing would be"):

        class Article(WeaviateModel):
            title: Property[str]
            embedding: Vector = vector(source="title")


def test_a_source_is_renamed_as_its_property_is() -> None:
    class Article(WeaviateModel):
        title: Property[str] = prop(name="headline")
        embedding: Vector = vector(text2vec_openai(), source="title")

    assert model_info(Article).vectors["embedding"].source == ("headline",)


def test_an_unnamed_vector_is_alone() -> None:
    with pytest.raises(ModelDefinitionError, match="unnamed vector has no other vector"):

        class Vectors(WeaviateModel):
            one: Vector = vector(unnamed=True)
            other: Vector = vector()


def test_an_unnamed_vector_is_plain_and_has_no_name() -> None:
    assert "unnamed vector is a plain Vector" in refusal(MultiVector, vector(unnamed=True))
    assert "unnamed vector is a plain Vector" in refusal(Vector, vector(unnamed=True, name="x"))


class TestKey:
    def test_an_unknown_field(self) -> None:
        assert refusal(Property[str], name="url", key=("uri",)) == (
            "Thing: key='uri' is not a property of Thing. Did you mean 'url'?"
        )

    @pytest.mark.parametrize(
        ("annotation", "data_type"),
        [(list[str], "text[]"), (bytes, "blob"), (GeoCoordinate, "geoCoordinates"), (PhoneNumber, "phoneNumber")],
    )
    def test_a_type_that_is_no_key(self, annotation: Any, data_type: str) -> None:
        assert refusal(Property[annotation], key=("field",)) == (
            f"Thing.field is {data_type}: a key is made of single plain values."
        )

    @pytest.mark.parametrize("key", [1, ["field"], ("field", 1), None])
    def test_something_that_names_no_field(self, key: object) -> None:
        assert "key takes the name of a field or a tuple of names" in refusal(Property[str], key=key)

    def test_one_name_needs_no_tuple(self) -> None:
        assert model_info(define(Property[str], key="field")).options.key == ("field",)


class TestTypes:
    @pytest.mark.parametrize(
        ("annotation", "name"),
        [
            (str, "text"),
            (int, "int"),
            (float, "number"),
            (bool, "boolean"),
            (datetime, "date"),
            (date, "date"),
            (UUID, "uuid"),
            (bytes, "blob"),
            (GeoCoordinate, "geoCoordinates"),
            (PhoneNumber, "phoneNumber"),
            (BlobHash, "blobHash"),
            (list[str], "text[]"),
            (set[int], "int[]"),
            (tuple[float, ...], "number[]"),
            (frozenset[UUID], "uuid[]"),
            (list[datetime], "date[]"),
            (list[bool], "boolean[]"),
            (list[Colour], "text[]"),
            (list[Literal[1, 2]], "int[]"),
            (Literal["a", "b"], "text"),
            (Colour, "text"),
            (NewType("Url", str), "text"),
            (Annotated[str, Field(max_length=3)], "text"),
            (Annotated[list[Annotated[str, Field(min_length=1)]], Field(max_length=3)], "text[]"),
            (str | None, "text"),
            (list[str] | None, "text[]"),
        ],
        ids=str,
    )
    def test_data_types(self, annotation: Any, name: str) -> None:
        assert model_info(define(Property[annotation])).properties["field"].data_type.name == name

    def test_none_makes_a_property_optional(self) -> None:
        for annotation, optional in ((str, False), (str | None, True), (Annotated[list[str] | None, Field()], True)):
            info = model_info(define(Property[annotation]))  # type: ignore[valid-type]  # a value, here
            assert info.properties["field"].data_type.optional is optional

    @pytest.mark.parametrize(
        ("annotation", "message"),
        [
            (str | int, "Thing.field: a property has one data type, str | int would need several."),
            (str | int | None, "str | int would need several"),
            (list[str | None], "Thing.field: a list cannot hold None; the server has no null inside arrays."),
            (list, "Thing.field: say what the list holds, such as list[str]."),
            (set, "say what the list holds"),
            (list[list[str]], "no Weaviate data type stands for list"),
            (dict[str, str], "no Weaviate data type stands for dict"),
            (dict, "no Weaviate data type stands for dict"),
            (tuple[str, int], "a tuple must be of one type and any length: tuple[str, ...]."),
            (list[bytes], "the server has no arrays of blob"),
            (list[GeoCoordinate], "the server has no arrays of geoCoordinates"),
            (Decimal, "no Weaviate data type stands for Decimal"),
            (Any, "no Weaviate data type stands for Any"),
            (Mixed, "must all be str, or all be int: [1, 'two']"),
            (Literal["a", 1], "must all be str, or all be int: ['a', 1]"),
            (Empty, "Empty has no fields"),
            (Endless, "Endless contains itself"),
            (Holder, "Thing.field.place: geoCoordinates cannot stand inside a nested object."),
        ],
        ids=str,
    )
    def test_types_that_no_data_type_stands_for(self, annotation: Any, message: str) -> None:
        assert message in refusal(Property[annotation])

    def test_another_model_is_a_reference_and_no_property(self) -> None:
        assert "Reference[Person]" in refusal(Property[Person])

    def test_prop_can_name_the_data_type(self) -> None:
        info = model_info(define(Property[Decimal], prop(data_type="number")))
        assert info.properties["field"].data_type.name == "number"
        assert info.properties["field"].data_type.overridden

    def test_nested_models(self) -> None:
        class Street(BaseModel):
            name: str
            numbers: list[int]

        class Address(BaseModel):
            city: str = Field(description="where")
            streets: list[Street] = Field(default_factory=list)

        data_type = model_info(define(Property[list[Address] | None])).properties["field"].data_type
        assert data_type.name == "object[]"
        assert data_type.optional
        assert [(each.name, each.data_type.name, each.required) for each in data_type.nested] == [
            ("city", "text", True),
            ("streets", "object[]", False),
        ]
        assert data_type.nested[0].description == "where"
        assert [each.data_type.name for each in data_type.nested[1].data_type.nested] == ["text", "int[]"]


class TestReferences:
    @pytest.mark.parametrize("target", [str, BaseModel, UUID])
    def test_the_target_is_a_model(self, target: Any) -> None:
        assert "a reference leads to a WeaviateModel, not to" in refusal(Reference[target], reference())

    def test_a_list_of_references_cannot_hold_none(self) -> None:
        assert "a list of references cannot hold None" in refusal(References[Person | None], references())

    def test_several_targets_and_none(self) -> None:
        class Company(WeaviateModel):
            title: Property[str]

        info = model_info(define(Reference[Person | Company | None], reference())).references["field"]
        assert info.targets == (Person, Company)
        assert info.optional
        assert not info.many

    def test_a_reference_says_to_what(self) -> None:
        assert "Say what the field holds: Reference[Author]." in refusal(Reference, reference())
        assert "Say what the field holds: Property[str]." in refusal(Property)


def test_the_id_is_a_uuid() -> None:
    assert "the id is a UUID" in refusal(Property[str], name="id")


def test_class_keywords_are_checked() -> None:
    assert refusal(Property[str], colection="X") == (
        "Thing: there is no class keyword 'colection'. Did you mean 'collection' or 'replication'?"
    )


@pytest.mark.parametrize(
    ("keyword", "value", "expected"),
    [
        ("inverted_index", True, "InvertedIndex"),
        ("multi_tenancy", {"enabled": True}, "MultiTenancy"),
        ("reranker", "cohere", "Reranker"),
        ("generative", InvertedIndex(), "GenerativeModule"),
    ],
)
def test_values_of_class_keywords_are_checked(keyword: str, value: Any, expected: str) -> None:
    model = define(Property[str], **{keyword: value})
    with pytest.raises(
        ModelDefinitionError, match=f"Thing: the class keyword {keyword} takes a value of {expected}, got"
    ):
        collection_config(model_info(model))


def test_keywords_of_pydantic_and_of_base_classes_pass() -> None:
    class Base(WeaviateModel, abstract=True):
        seen: ClassVar[list[object]] = []

        def __init_subclass__(cls, colour: str = "", **keywords: Any) -> None:
            super().__init_subclass__(**keywords)
            cls.seen.append(colour)

    class Thing(Base, str_strip_whitespace=True, colour="red"):
        name: Property[str]

    assert Base.seen == ["red"]
    assert Thing(name=" x ").name == "x"


def test_unknown_fields_are_refused_unless_the_model_says_otherwise() -> None:
    with pytest.raises(ValueError, match="nmae"):
        Person(name="x", nmae="y")  # type: ignore[call-arg]  # the point

    class Lenient(WeaviateModel):
        model_config = ConfigDict(extra="ignore")
        name: Property[str]

    assert Lenient(name="x", nmae="y").name == "x"  # type: ignore[call-arg]  # the point


def test_what_is_not_a_field_is_left_alone() -> None:
    class Thing(WeaviateModel):
        name: Property[str]
        shown: Annotated[bool, Transient] = False
        marked: Annotated[int, Transient()] = 1
        total: ClassVar[int] = 3
        _cache: dict[str, int] = PrivateAttr(default_factory=dict)

    assert list(model_info(Thing).properties) == ["name"]
    assert Thing.total == 3
    thing = Thing(name="x", shown=True)
    thing._cache["a"] = 1
    assert (thing.shown, thing.marked, thing._cache) == (True, 1, {"a": 1})
    with pytest.raises(AttributeError, match=r"Thing\.shown is not stored"):
        Thing.shown


def test_the_description_is_the_class_s_own_docstring() -> None:
    class Documented(WeaviateModel):
        """One.

        Two.
        """

        name: Property[str] = prop(description="what it is called")

    class Undocumented(Documented):
        pass

    assert model_info(Documented).description == "One.\n\nTwo."
    assert model_info(Documented).properties["name"].description == "what it is called"
    assert model_info(Undocumented).description is None


def test_a_misspelt_class_attribute_offers_near_names() -> None:
    with pytest.raises(AttributeError, match=r"Person has no field 'nam'\. Did you mean 'name'\?"):
        Person.nam  # type: ignore[attr-defined]


def test_an_abstract_model_has_no_collection() -> None:
    class Base(WeaviateModel, abstract=True):
        name: Property[str]

    with pytest.raises(
        ModelDefinitionError, match=r"Base is abstract and has no collection\. Use one of its subclasses"
    ):
        model_info(Base)
    with pytest.raises(ModelDefinitionError, match="is not a WeaviateModel"):
        model_info(Empty)


def test_a_class_that_takes_what_it_has_no_field_for_is_refused() -> None:
    # What is not declared has no property, so it would be lost without a word.
    with pytest.raises(ModelDefinitionError, match=r"Open has extra='allow'.*would be lost.*extra='forbid'"):

        class Open(WeaviateModel):
            model_config = ConfigDict(extra="allow")

    class Loose(BaseModel):
        model_config = ConfigDict(extra="allow")

        name: str

    with pytest.raises(ModelDefinitionError, match=r"Owner\.part: Loose has extra='allow'"):

        class Owner(WeaviateModel):
            part: Property[list[Loose]]


def test_nested_classes_that_would_not_come_back_are_refused() -> None:
    class Word(RootModel[str]):
        pass

    class Capital(BaseModel):
        City: str

    class Deep(BaseModel):
        town: str = Field(validation_alias=AliasPath("places", 0))

    with pytest.raises(ModelDefinitionError, match=r"First\.word: Word is a RootModel"):

        class First(WeaviateModel):
            word: Property[Word]

    with pytest.raises(ModelDefinitionError, match=r"Second\.place\.City: .* Name the field 'city'"):

        class Second(WeaviateModel):
            place: Property[Capital]

    with pytest.raises(ModelDefinitionError, match=r"Deep\.town: .* validation alias that is one plain name"):

        class Third(WeaviateModel):
            place: Property[Deep]


@pytest.mark.parametrize("value", ["Person", 5, [Person], Person(name="x")], ids=repr)
def test_what_is_no_class_is_no_model(value: Any) -> None:
    with pytest.raises(ModelDefinitionError, match="Expected a model class, got "):
        model_info(value)


class Shelved(WeaviateModel):
    owner: Reference[Person | None] = reference()
    own: Vector = vector()


@pytest.mark.parametrize("kind", [Property[str | None], References[Person], MultiVector], ids=str)
@pytest.mark.parametrize("field", ["owner", "own"])
def test_a_subclass_keeps_the_kind_of_a_field(field: str, kind: Any) -> None:
    metaclass: Any = type(Shelved)
    with pytest.raises(
        ModelDefinitionError,
        match=rf"Again\.{field} is declared as \w+, but Shelved declares it as (Reference|Vector)\.",
    ):
        metaclass("Again", (Shelved,), {"__module__": __name__, "__annotations__": {field: kind}, field: None})


def test_a_field_that_is_not_stored_needs_a_default() -> None:
    with pytest.raises(ModelDefinitionError, match=r"Article.shown is not stored, so objects that are read have none"):

        class Article(WeaviateModel):
            shown: Annotated[bool, Transient]
