"""Projections beyond plain properties: what comes from the hit, what references lead to, parts of nested objects."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from weaviate_orm import (
    FromHit,
    InvalidQueryError,
    MultiTenancy,
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
from weaviate_orm.model.info import model_info
from weaviate_orm.query.projection import Projection, check_grouped, project


class Room(BaseModel):
    number: int
    floor: int | None = None


class Address(BaseModel):
    street: str
    city: str | None = None
    rooms: list[Room] = []


class Author(WeaviateModel, collection="ProjectionAuthor"):
    name: Property[str]
    born: Property[int | None] = prop(default=None)
    mentor: Reference[Author | None] = reference()
    portrait: Vector = vector()


class Robot(WeaviateModel, collection="ProjectionRobot"):
    name: Property[str]
    serial: Property[int]


class Article(WeaviateModel, collection="ProjectionArticle"):
    title: Property[str]
    address: Property[Address | None] = prop(default=None)
    author: Reference[Author] = reference()
    editor: Reference[Author | None] = reference()
    readers: References[Author] = references()
    made_by: Reference[Author | Robot] = reference()
    meaning: Vector = vector()
    tokens: MultiVector = vector()


def card(**annotations: Any) -> type[BaseModel]:
    """Give a pydantic class with these fields."""
    return type("Card", (BaseModel,), {"__annotations__": annotations, "__module__": __name__})


def projected(**annotations: Any) -> Projection:
    return project(model_info(Article), card(**annotations))


class Name(BaseModel):
    name: str


class RobotCard(BaseModel):
    name: str
    serial: int


class AuthorCard(BaseModel):
    name: str
    born: int | None


Array = npt.NDArray[np.float32]


class TestFromHit:
    def test_fields_by_their_own_name_or_another(self) -> None:
        class Card(BaseModel):
            distance: Annotated[float | None, FromHit()]
            points: Annotated[float, FromHit("score")] = Field(default=0.0, alias="score")
            key: Annotated[UUID, FromHit("id")]
            made: Annotated[datetime, FromHit("created_at")]
            why: Annotated[str | None, FromHit("explain_score")]
            certainty: Annotated[float | None, FromHit]

        found = project(model_info(Article), Card)
        assert [(each.key, each.attribute, each.optional) for each in found.measures] == [
            ("distance", "distance", True),
            ("score", "score", False),
            ("key", "id", False),
            ("made", "created_at", False),
            ("why", "explain_score", True),
            ("certainty", "certainty", True),
        ]
        assert (found.properties, found.links, found.vectors, found.id_key) == ((), (), (), None)

    @pytest.mark.parametrize(
        ("annotation", "name", "message"),
        [
            (
                Annotated[float, FromHit()],
                "distance",
                r"Card\.distance must allow None .* not every search gives a distance",
            ),
            (Annotated[int | None, FromHit("score")], "x", r"Card\.x takes score of the hit, which is float \| None"),
            (Annotated[str, FromHit("id")], "x", r"Card\.x takes id of the hit, which is UUID"),
            (Annotated[date, FromHit("created_at")], "x", r"takes created_at of the hit, which is datetime"),
            (Annotated[dict[str, str], FromHit("score")], "x", r"takes score of the hit"),
            (Annotated[float | None, FromHit()], "distanz", r"FromHit\('distanz'\) is neither .* mean 'distance'"),
            (float | None, "distance", r"distance belongs to the hit.* distance: Annotated\[\.\.\., FromHit\(\)\]"),
            (str | None, "meaning", r"meaning belongs to the hit"),
            (Annotated[list[float] | None, FromHit()], "meaning", r"declare it as npt\.NDArray\[np\.float32\] \| None"),
            (Annotated[npt.NDArray[np.float64] | None, FromHit()], "meaning", r"npt\.NDArray\[np\.float32\] \| None"),
            (Annotated[Array, FromHit()], "meaning", r"Card\.meaning must allow None .* an object may have no meaning"),
        ],
    )
    def test_refusals(self, annotation: Any, name: str, message: str) -> None:
        with pytest.raises(InvalidQueryError, match=message):
            projected(**{name: annotation})

    def test_in_groups(self) -> None:
        check_grouped(
            projected(title=str, key=Annotated[UUID, FromHit("id")], d=Annotated[float | None, FromHit("distance")])
        )
        check_grouped(projected(made=Annotated[datetime | None, FromHit("created_at")]))
        with pytest.raises(
            InvalidQueryError, match=r"Card\.made must allow None .* no created_at of objects in groups"
        ):
            check_grouped(projected(made=Annotated[datetime, FromHit("created_at")]))

    def test_vectors(self) -> None:
        found = projected(
            meaning=Annotated[Array | None, FromHit()], rows=Annotated[npt.NDArray[Any] | None, FromHit("tokens")]
        )
        assert [(each.key, each.vector.field) for each in found.vectors] == [("meaning", "meaning"), ("rows", "tokens")]

    def test_a_class_with_arrays_is_like_any_other(self) -> None:
        class Card(BaseModel):
            meaning: Annotated[Array | None, FromHit()]
            rows: Annotated[Array, FromHit("tokens")] = Field(default_factory=lambda: np.zeros((1, 1), np.float32))

        made = Card(meaning=np.array([1.0, 2.0]), rows=np.ones((2, 2)))  # type: ignore[arg-type]  # converted to float32
        assert made.meaning is not None
        assert made.meaning.dtype == np.float32
        assert made.rows.shape == (2, 2)
        assert made.model_dump_json() == '{"meaning":[1.0,2.0],"rows":[[1.0,1.0],[1.0,1.0]]}'
        assert made.model_dump()["meaning"] is made.meaning
        assert Card(meaning=None).meaning is None
        assert Card.model_json_schema()["properties"]["meaning"]["anyOf"][1] == {"type": "null"}
        for wrong in ({"meaning": "x"}, {"meaning": [float("nan")]}, {"meaning": None, "rows": None}):
            with pytest.raises(ValidationError):
                Card.model_validate(wrong)


class TestReferences:
    def test_one_and_many(self) -> None:
        found = projected(author=Name, editor=AuthorCard | None, readers=list[Name])
        author, editor, readers = found.links
        assert [each.reference.field for each in found.links] == ["author", "editor", "readers"]
        assert [each.optional for each in found.links] == [False, True, False]
        assert [each.name for each in editor.targets[0].properties] == ["name", "born"]
        assert author.targets[0].shape is readers.targets[0].shape is Name

    def test_any_depth(self) -> None:
        class Pupil(BaseModel):
            mentor: AuthorCard | None

        found = projected(author=Pupil)
        (inner,) = found.links[0].targets[0].links
        assert inner.reference.name == "mentor"
        assert inner.targets[0].shape is AuthorCard

    def test_several_targets(self) -> None:
        either = projected(made_by=RobotCard | Name).links[0]
        assert [(each.info.name, each.shape) for each in either.targets] == [("Author", Name), ("Robot", RobotCard)]
        common = projected(made_by=Name).links[0]
        assert [each.shape for each in common.targets] == [Name, Name]

    def test_what_is_known_of_referenced_objects(self) -> None:
        class Known(BaseModel):
            id: UUID
            since: Annotated[datetime, FromHit("created_at")]
            portrait: Annotated[Array | None, FromHit()]

        target = projected(author=Known).links[0].targets[0]
        assert target.id_key == "id"
        assert [each.attribute for each in target.measures] == ["created_at"]
        assert [each.vector.field for each in target.vectors] == ["portrait"]

        class Far(BaseModel):
            distance: Annotated[float | None, FromHit()]

        with pytest.raises(InvalidQueryError, match=r"Far\.distance: only what a search found has a distance"):
            projected(author=Far)

    @pytest.mark.parametrize(
        ("annotation", "name", "message"),
        [
            (AuthorCard, "editor", r"Card\.editor must allow None .* Article\.editor may be missing"),
            (RobotCard, "author", r"RobotCard\.serial: Author has no property 'serial'"),
            (str, "author", r"Card\.author holds what a reference leads to, which str is not.*some of Author's fields"),
            (list[Name], "author", r"which a list of them is not"),
            (Name, "readers", r"Card\.readers holds what many references lead to: declare it as a list"),
            (list[UUID], "readers", r"which UUID is not"),
            (list, "readers", r"declare it as a list of a pydantic class"),
            (Author, "author", r"a projection is a plain pydantic class"),
            (AuthorCard | RobotCard, "author", r"no object would be a RobotCard"),
            (AuthorCard, "made_by", r"AuthorCard\.born: Robot has no property 'born'"),
            (RobotCard | Room, "made_by", r"none of its classes fits Author\. As RobotCard: .* As Room: "),
        ],
    )
    def test_refusals(self, annotation: Any, name: str, message: str) -> None:
        with pytest.raises(InvalidQueryError, match=message):
            projected(**{name: annotation})

    def test_a_class_inside_itself(self) -> None:
        with pytest.raises(InvalidQueryError, match="Endless contains itself; a projection has a fixed depth"):
            project(model_info(Author), Endless)

    def test_out_of_a_tenant(self) -> None:
        class Loan(WeaviateModel, collection="ProjectionLoan", multi_tenancy=MultiTenancy()):
            to: Reference[Author | None] = reference()

        with pytest.raises(InvalidQueryError, match=r"Loan\.to leads from Loan, which has tenants, to Author"):
            project(model_info(Loan), card(to=Name | None))


class Endless(BaseModel):
    mentor: Endless | None


class TestNestedObjects:
    def test_fewer_fields(self) -> None:
        class RoomCard(BaseModel):
            model_config = ConfigDict(extra="forbid")
            number: int

        class AddressCard(BaseModel):
            rooms: list[RoomCard]

        (found,) = projected(address=AddressCard | None).properties
        assert [each.name for each in found.data_type.nested] == ["rooms"]
        assert [each.name for each in found.data_type.nested[0].data_type.nested] == ["number"]

    def test_refusals(self) -> None:
        class Unknown(BaseModel):
            town: str | None

        class Wrong(BaseModel):
            street: int

        class Strict(BaseModel):
            city: str

        class Deep(BaseModel):
            rooms: list[Strict]

        for shape, message in (
            (Unknown, r"Unknown\.town: Address has no field 'town'"),
            (Wrong, r"Wrong\.street is int, but Address\.street is text"),
            (Strict, r"Strict\.city must allow None .* because Address\.city may be missing"),
            (Deep, r"Strict\.city: Room has no field 'city'"),
        ):
            with pytest.raises(InvalidQueryError, match=message):
                projected(address=shape | None)
