"""Instances: pydantic's own behaviour holds, and what references and vectors add to it."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated
from uuid import UUID, uuid4

import numpy as np
import pytest
from pydantic import BaseModel, Field, ValidationError, computed_field, field_validator, model_validator

from weaviate_orm import (
    GeoCoordinate,
    InvalidValueError,
    PhoneNumber,
    Property,
    Reference,
    ReferenceNotLoadedError,
    References,
    Transient,
    Vector,
    WeaviateModel,
    prop,
    reference,
    references,
    vector,
)
from weaviate_orm.model.links import LinkState


class Colour(Enum):
    RED = "red"


class Address(BaseModel):
    city: str


class Author(WeaviateModel):
    name: Property[str]
    articles: References[Article] = references()
    mentor: Reference[Author | None] = reference()


class Article(WeaviateModel):
    title: Property[Annotated[str, Field(min_length=1)]]
    words: Property[int] = prop(default=0)
    tags: Property[list[str]] = prop(default_factory=list)
    published: Property[datetime | None] = prop(default=None)
    colour: Property[Colour] = prop(default=Colour.RED)
    place: Property[GeoCoordinate | None] = prop(default=None)
    phone: Property[PhoneNumber | None] = prop(default=None)
    address: Property[Address | None] = prop(default=None)
    cover: Property[bytes | None] = prop(default=None)
    shown: Annotated[bool, Transient] = False
    author: Reference[Author] = reference()
    embedding: Vector = vector(dimensions=2)

    @field_validator("title")
    @classmethod
    def _stripped(cls, value: str) -> str:
        return value.strip()

    @model_validator(mode="after")
    def _not_both(self) -> Article:
        if self.words < 0:
            raise ValueError("words cannot be negative")
        return self

    @computed_field  # type: ignore[prop-decorator]  # as pydantic's documentation has it
    @property
    def heading(self) -> str:
        return self.title.upper()


def full() -> Article:
    return Article(
        title="x",
        words=1,
        tags=["a"],
        published=datetime(2024, 5, 1, tzinfo=UTC),
        place=GeoCoordinate(52.0, 5.0),
        phone=PhoneNumber(input="+31 20 1234567"),
        address=Address(city="Delft"),
        author=Author(name="Ada"),
        embedding=[1.0, 2.0],
    )


class TestValidation:
    def test_values_are_coerced_as_pydantic_does(self) -> None:
        article = Article.model_validate(
            {"title": " x ", "words": "3", "colour": "red", "place": {"latitude": 1, "longitude": 2}}
        )
        assert (article.title, article.words, article.colour, article.place) == (
            "x",
            3,
            Colour.RED,
            GeoCoordinate(1.0, 2.0),
        )

    def test_constraints_and_validators_run(self) -> None:
        with pytest.raises(ValidationError, match="at least 1 character"):
            Article(title="")
        with pytest.raises(ValidationError, match="words cannot be negative"):
            Article(title="x", words=-1)

    def test_assignment_is_validated(self) -> None:
        article = Article(title="x")
        article.title = " y "
        assert article.title == "y"
        with pytest.raises(ValidationError, match="title"):
            article.title = 1  # type: ignore[assignment]  # the point
        with pytest.raises(ValidationError, match="negative"):
            article.words = -1
        with pytest.raises(ValidationError, match="titel"):
            article.titel = "x"  # type: ignore[attr-defined]  # the point
        assert article.title == "y"

    def test_all_errors_of_an_object_come_together(self) -> None:
        with pytest.raises(ValidationError) as caught:
            Article.model_validate({"words": "many", "tags": 1, "embedding": [1], "author": 5})
        assert {error["loc"][0] for error in caught.value.errors()} == {"title", "words", "tags", "embedding", "author"}

    def test_defaults_are_made_anew(self) -> None:
        one, other = Article(title="x"), Article(title="x")
        one.tags.append("a")
        assert other.tags == []
        assert one.id != other.id

    def test_computed_fields_are_computed_and_not_given(self) -> None:
        assert Article(title="x").heading == "X"
        with pytest.raises(ValidationError, match="heading"):
            Article(title="x", heading="Y")  # type: ignore[call-arg]  # the point


class TestReferences:
    def test_an_object_its_id_and_a_mapping(self) -> None:
        author = Author(name="Ada")
        assert Article(title="x", author=author).author is author
        assert Article.author.id_of(Article(title="x", author=author.id)) == author.id
        assert Article.author.id_of(Article.model_validate({"title": "x", "author": str(author.id)})) == author.id
        assert Article.model_validate({"title": "x", "author": {"name": "Bob"}}).author.name == "Bob"

    def test_an_id_alone_is_not_an_object(self) -> None:
        article = Article(title="x", author=uuid4())
        with pytest.raises(ReferenceNotLoadedError) as caught:
            article.author
        assert caught.value.message == (
            "Article.author holds ids, not loaded objects. Read it with .include(Article.author), "
            "or take the id with Article.author.id_of(...)."
        )
        assert caught.value.field == "Article.author"
        assert caught.value.object_id == article.id

    def test_nothing_at_all(self) -> None:
        article = Article(title="x")
        with pytest.raises(ReferenceNotLoadedError, match=r"refers to nothing. Declare Reference\[\.\.\. \| None\]"):
            article.author
        assert Article.author.id_of(article) is None
        assert not hasattr(article, "author")
        assert Author(name="x").mentor is None
        assert Author(name="x").articles == []

    def test_not_included(self) -> None:
        author = Author(name="Ada")
        for field in ("articles", "mentor"):
            vars(author)[field] = LinkState.NOT_INCLUDED
        with pytest.raises(
            ReferenceNotLoadedError, match=r"was not loaded. Ask for it with \.include\(Author\.articles\)"
        ):
            author.articles
        with pytest.raises(ReferenceNotLoadedError, match=r"\.include\(Author\.mentor\)"):
            author.mentor
        with pytest.raises(ReferenceNotLoadedError):
            Author.articles.ids_of(author)

    def test_a_list_of_objects_and_ids(self) -> None:
        articles = [Article(title="a"), Article(title="b")]
        author = Author(name="Ada", articles=articles)
        assert author.articles == articles
        assert Author.articles.ids_of(author) == [each.id for each in articles]
        mixed = Author(name="Ada", articles=[articles[0], articles[1].id])
        assert Author.articles.ids_of(mixed) == [each.id for each in articles]
        with pytest.raises(ReferenceNotLoadedError, match=r"take the ids with Author\.articles\.ids_of"):
            mixed.articles

    @pytest.mark.parametrize("value", [1, "not a UUID", Address(city="x"), [1]])
    def test_what_is_no_reference(self, value: object) -> None:
        with pytest.raises(ValidationError, match="author"):
            Article.model_validate({"title": "x", "author": value})

    def test_an_object_of_another_model_is_named(self) -> None:
        with pytest.raises(ValidationError, match=r"a reference takes a Author or an id \(UUID\), got Article"):
            Article.model_validate({"title": "x", "author": Article(title="y")})

    @pytest.mark.parametrize(("value", "kind"), [("x", "str"), (1, "int"), (Address(city="x"), "Address")])
    def test_references_take_a_list(self, value: object, kind: str) -> None:
        with pytest.raises(ValidationError, match=f"references take a list of objects or ids, got {kind}"):
            Author.model_validate({"name": "x", "articles": value})

    def test_assignment(self) -> None:
        article, author = Article(title="x"), Author(name="Ada")
        article.author = author
        assert article.author is author
        article.author = author.id
        assert Article.author.id_of(article) == author.id
        with pytest.raises(ValidationError, match="author"):
            article.author = "Ada"  # type: ignore[assignment]  # the point


class TestCopies:
    def test_model_copy(self) -> None:
        article = full()
        other = article.model_copy(update={"title": "y"})
        assert (other.title, other.id, other.author) == ("y", article.id, article.author)
        assert article.title == "x"
        deep = article.model_copy(deep=True)
        deep.tags.append("b")
        assert article.tags == ["a"]
        assert deep.author is not article.author
        assert deep.author == article.author

    def test_deepcopy(self) -> None:
        article = full()
        other = copy.deepcopy(article)
        assert other == article
        assert other.embedding is not article.embedding

    def test_pickle(self) -> None:
        article = full()
        other = pickle.loads(pickle.dumps(article))
        assert other == article
        assert other.embedding is not None
        assert other.embedding.dtype == np.float32

    def test_states_survive_a_pickle(self) -> None:
        author = Author(name="x")
        vars(author)["articles"] = LinkState.NOT_INCLUDED
        with pytest.raises(ReferenceNotLoadedError, match="was not loaded"):
            pickle.loads(pickle.dumps(author)).articles

    def test_a_cycle_survives(self) -> None:
        author = Author(name="Ada")
        author.articles = [Article(title="x", author=author)]
        # Not deepcopy: pydantic before 2.13 copies the object once more on the way round.
        other = pickle.loads(pickle.dumps(author))
        assert other.articles[0].author is other


class TestEquality:
    def test_by_values(self) -> None:
        article = full()
        assert article == article.model_copy()
        assert article != article.model_copy(update={"words": 2})
        assert article != full()  # another id
        assert article != "x"

    def test_vectors_by_components(self) -> None:
        one = Article(title="x", embedding=[1, 2])
        assert one == one.model_copy(update={"embedding": np.array([1, 2], np.float32)})
        assert one != one.model_copy(update={"embedding": np.array([1, 3], np.float32)})
        assert one != one.model_copy(update={"embedding": np.array([1, 2, 3], np.float32)})
        assert one != one.model_copy(update={"embedding": None})
        assert Article(id=one.id, title="x") == Article(id=one.id, title="x")

    def test_a_subclass_is_another_class(self) -> None:
        class Essay(Article):
            pass

        article = Article(title="x")
        assert article != Essay(id=article.id, title="x")

    def test_instances_have_no_hash(self) -> None:
        with pytest.raises(TypeError, match="unhashable"):
            hash(Article(title="x"))
        assert isinstance(hash(Article), int)


class TestRepr:
    def test_vectors_by_their_shape_and_references_by_their_id(self) -> None:
        article = full()
        text = repr(article)
        assert "embedding=<vector of shape (2,)>" in text
        assert f"author={article.author.id!r}" in text
        assert "title='x'" in text

    def test_states_are_left_out(self) -> None:
        assert "author" not in repr(Article(title="x"))

    def test_a_cycle_ends(self) -> None:
        author = Author(name="Ada")
        author.articles = [Article(title="x", author=author)]
        assert len(repr(author)) < 1000


class TestDump:
    def test_python(self) -> None:
        article = full()
        dumped = article.model_dump()
        assert dumped["id"] == article.id
        assert dumped["author"] == {"id": article.author.id, "name": "Ada", "articles": [], "mentor": None}
        assert dumped["address"] == {"city": "Delft"}
        assert dumped["embedding"].tolist() == [1.0, 2.0]
        assert dumped["heading"] == "X"
        assert Article(title="x").model_dump()["author"] is None

    def test_json(self) -> None:
        article = full()
        loaded = json.loads(article.model_dump_json())
        assert loaded["id"] == str(article.id)
        assert loaded["embedding"] == [1.0, 2.0]
        assert loaded["author"]["name"] == "Ada"
        assert loaded["published"] == "2024-05-01T00:00:00Z"
        assert json.loads(Article(title="x", author=article.author.id).model_dump_json())["author"] == str(
            article.author.id
        )

    def test_json_comes_back(self) -> None:
        article = full()
        text = article.model_dump_json(exclude={"heading"})
        assert Article.model_validate_json(text) == article

    def test_a_cycle_of_references_ends_in_an_id(self) -> None:
        author = Author(name="Ada")
        author.articles = [Article(title="x", author=author)]
        loaded = json.loads(author.model_dump_json())
        assert loaded["articles"][0]["title"] == "x"
        assert loaded["articles"][0]["author"]["id"] == str(author.id)
        python = author.model_dump()
        assert isinstance(python["articles"][0]["author"]["id"], UUID)

    def test_what_to_leave_out(self) -> None:
        article = Article(title="x")
        assert set(article.model_dump(exclude_unset=True)) == {"title", "heading"}
        assert "published" not in article.model_dump(exclude_none=True)
        assert set(article.model_dump(include={"title"})) == {"title"}

    def test_none_as_a_vector(self) -> None:
        assert json.loads(Article(title="x").model_dump_json())["embedding"] is None


def test_json_schema() -> None:
    schema = Article.model_json_schema()
    properties = schema["properties"]
    assert schema["required"] == ["title"]
    assert properties["title"] == {"minLength": 1, "title": "Title", "type": "string"}
    assert properties["words"]["default"] == 0
    assert properties["tags"]["items"] == {"type": "string"}
    assert {"type": "string", "format": "uuid"} in properties["author"]["anyOf"]
    assert {"items": {"type": "number"}, "type": "array"} in properties["embedding"]["anyOf"]
    assert Author.model_json_schema()["properties"]["articles"]["items"] == {"format": "uuid", "type": "string"}
    assert "heading" in Article.model_json_schema(mode="serialization")["properties"]


def test_value_types_check_themselves() -> None:
    with pytest.raises(InvalidValueError, match=r"GeoCoordinate\.latitude takes degrees between -90 and 90, got 91"):
        GeoCoordinate(91, 0)
    with pytest.raises(InvalidValueError, match=r"GeoCoordinate\.longitude"):
        GeoCoordinate(0, float("nan"))
    with pytest.raises(ValidationError, match="latitude"):
        Article.model_validate({"title": "x", "place": {"latitude": 91, "longitude": 0}})


def test_objects_whose_references_go_round_can_be_compared() -> None:
    ann, ben = Author(name="Ann"), Author(name="Ben")
    ann.mentor, ben.mentor = ben, ann
    assert ann == ann.model_copy()
    assert ann != ben


def test_the_json_schema_of_what_is_dumped_says_what_references_are() -> None:
    identity: object = {"type": "string", "format": "uuid"}
    author = Article.model_json_schema(mode="serialization")["properties"]["author"]
    assert author["anyOf"] == [{"type": "object", "title": "Author"}, identity, {"type": "null"}]
    articles = Author.model_json_schema(mode="serialization")["properties"]["articles"]
    assert (articles["type"], articles["items"]) == (
        "array",
        {"anyOf": [{"type": "object", "title": "Article"}, identity]},
    )
