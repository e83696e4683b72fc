"""What a subclass takes over: fields, options, keys; and what it may say anew. Warnings are errors here."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

import pytest
from pydantic import Field

from weaviate_orm import (
    InvertedIndex,
    ModelDefinitionError,
    MultiTenancy,
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
from weaviate_orm.model.info import model_info
from weaviate_orm.modules import text2vec_openai


class Person(WeaviateModel):
    name: Property[str]


class Document(WeaviateModel, key=("url",), inverted_index=InvertedIndex(timestamps=True), collection="Documents"):
    """The base."""

    url: Property[str] = prop(tokenization="field")
    title: Property[str] = prop(name="headline")
    views: Property[int] = prop(default=0)
    author: Reference[Person] = reference(name="writtenBy")
    readers: References[Person] = references()
    embedding: Vector = vector(text2vec_openai(), source=["title"], dimensions=3)


class Report(Document):
    pages: Property[int] = prop(default=1)


def test_fields_come_along_in_order() -> None:
    info = model_info(Report)
    assert list(info.properties) == ["url", "title", "views", "pages"]
    assert list(info.references) == ["author", "readers"]
    assert list(info.vectors) == ["embedding"]


def test_options_of_fields_come_along() -> None:
    info = model_info(Report)
    assert info.properties["url"].options.tokenization == "field"
    assert info.properties["title"].name == "headline"
    assert info.references["author"].name == "writtenBy"
    assert info.vectors["embedding"].source == ("headline",)
    assert info.vectors["embedding"].options.dimensions == 3


def test_class_options_come_along_except_the_collection() -> None:
    info = model_info(Report)
    assert info.collection == "Report"
    assert info.options.key == ("url",)
    assert info.options.inverted_index == InvertedIndex(timestamps=True)
    assert Report(url="a", title="b").id == Document(url="a", title="b").id


def test_class_options_can_be_said_anew() -> None:
    class Other(Document, key="title", inverted_index=InvertedIndex(null_state=True), multi_tenancy=MultiTenancy()):
        pass

    info = model_info(Other)
    assert info.options.key == ("title",)
    assert info.options.inverted_index == InvertedIndex(null_state=True)
    assert info.options.multi_tenancy == MultiTenancy()
    assert model_info(Document).options.multi_tenancy is None


def test_expressions_belong_to_the_class_they_are_read_from() -> None:
    assert repr(Document.views > 1) == "<Condition Document.views > 1>"
    assert repr(Report.views > 1) == "<Condition Report.views > 1>"


def test_a_field_can_be_declared_again_without_a_warning() -> None:
    class Strict(Document):
        views: Property[int] = prop(default=5, range_filters=True)
        title: Property[str | None] = prop(default=None)  # type: ignore[assignment]  # wider than the base's
        embedding: Vector = vector(dimensions=4)
        author: Reference[Person | None] = reference()  # type: ignore[assignment]  # wider than the base's
        readers: References[Person] = references(name="seenBy")

    info = model_info(Strict)
    assert Strict(url="a").views == 5
    assert Strict(url="a").title is None
    assert Strict(url="a").author is None
    assert info.properties["views"].options.range_filters is True
    assert info.properties["title"].name == "title"
    assert info.vectors["embedding"].options.dimensions == 4
    assert info.references["author"].optional
    assert info.references["readers"].name == "seenBy"
    assert model_info(Document).properties["views"].options.range_filters is None


def test_declaring_again_without_a_default_makes_it_required() -> None:
    class Required(Document):
        views: Property[int]  # pyright: ignore[reportGeneralTypeIssues]  # pyright wants the default to stay

    with pytest.raises(ValueError, match="views"):
        Required(url="a", title="b")  # type: ignore[call-arg]  # the point


def test_an_expression_of_the_base_is_no_default_of_the_subclass() -> None:
    class Again(Document):
        title: Property[str]

    with pytest.raises(ValueError, match="title"):
        Again(url="a")  # type: ignore[call-arg]  # the point


def test_abstract_bases_have_no_collection_and_pass_everything_on() -> None:
    class Stored(WeaviateModel, abstract=True, key="url"):
        url: Property[str]

    class Timed(WeaviateModel, abstract=True):
        seconds: Property[float] = prop(default=0.0)

    class Page(Stored, Timed):
        title: Property[str]

    info = model_info(Page)
    assert set(info.properties) == {"url", "seconds", "title"}
    assert info.options.key == ("url",)
    assert not info.options.abstract
    with pytest.raises(ModelDefinitionError, match="abstract"):
        model_info(Stored)


def test_a_plain_mixin_adds_methods() -> None:
    class Loud:
        def shout(self) -> str:
            return str(getattr(self, "name")).upper()  # noqa: B009  a mixin knows no fields

    class Shouter(Loud, WeaviateModel):
        name: Property[str]

    assert Shouter(name="x").shout() == "X"


def test_generic_models() -> None:
    T = TypeVar("T")

    class Envelope(WeaviateModel, Generic[T]):
        payload: Property[T]
        note: Property[str] = prop(default="")

    class Letter(Envelope[str]):
        stamp: Property[int] = prop(default=1)

    class Parcel(Envelope[int], collection="Parcels"):
        pass

    assert model_info(Letter).properties["payload"].data_type.name == "text"
    assert model_info(Parcel).properties["payload"].data_type.name == "int"
    assert model_info(Parcel).collection == "Parcels"
    assert Letter(payload="x").payload == "x"
    assert repr(Letter.payload == "x") == "<Condition Letter.payload == 'x'>"  # type: ignore[misc]  # mypy's limit
    with pytest.raises(ValueError, match="payload"):
        Parcel(payload="x")  # type: ignore[arg-type]  # the point
    with pytest.raises(ModelDefinitionError, match="abstract"):
        model_info(Envelope)


class TestAliases:
    class Article(WeaviateModel):
        title: Property[str]
        body: Property[str] = prop(name="text")

    def test_the_name_in_the_collection_is_not_for_input(self) -> None:
        assert model_info(self.Article).properties["body"].name == "text"
        assert model_info(self.Article).properties["body"].key == "body"
        with pytest.raises(ValueError, match="text"):
            self.Article.model_validate({"title": "a", "text": "b"})

    def test_a_field_alias(self) -> None:
        class Aliased(WeaviateModel):
            title: Annotated[Property[str], Field(alias="headline")]

        info = model_info(Aliased)
        assert info.properties["title"].key == "headline"
        assert info.properties["title"].name == "title"
        assert Aliased.model_validate({"headline": "x"}).title == "x"
        assert Aliased.model_validate({"title": "x"}).title == "x"
