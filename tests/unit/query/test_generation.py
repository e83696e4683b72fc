"""Prompts: what an f-string makes of properties, and what is refused before anything is sent."""

from __future__ import annotations

from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from weaviate_orm import (
    InProcess,
    InvalidQueryError,
    InvalidValueError,
    Property,
    Reference,
    Session,
    Vector,
    WeaviateModel,
    created_at,
    prop,
    reference,
    vector,
)
from weaviate_orm.generative import aws, contextualai, dummy, mistral, ollama, openai
from weaviate_orm.model.info import model_info
from weaviate_orm.modules import custom_generative, generative_azure_openai, generative_dummy, generative_mistral
from weaviate_orm.query.generation import Generation, generating
from weaviate_orm.query.statement import Statement


class Person(WeaviateModel):
    name: Property[str]


class Letter(WeaviateModel):
    title: Property[str]
    body: Property[str | None] = prop(default=None, name="bodyText")
    pages: Property[int] = prop(default=1)
    scan: Property[bytes | None] = prop(default=None)
    sender: Reference[Person | None] = reference()
    topic: Vector = vector()


class Quick(Letter, generative=generative_dummy()):
    pass


class Remote(Letter, generative=generative_azure_openai(resource_name="r", deployment_id="d")):
    pass


class Textual(Letter, generative=generative_mistral()):
    pass


class Strange(Letter, generative=custom_generative("generative-acme", {})):
    pass


class Card(BaseModel):
    title: str


def clause(model: type[WeaviateModel] = Letter, **given: Any) -> Generation:
    options: dict[str, Any] = {
        "single": None,
        "grouped": None,
        "grouped_properties": (),
        "provider": None,
        "images": (),
        "image_properties": (),
    }
    found = generating(Statement(model_info(model)), **{**options, **given}).generation
    assert found is not None
    return found


@pytest.fixture
def session() -> Session:
    return Session(InProcess())


def test_an_f_string_names_properties_as_the_collection_does() -> None:
    assert f"Sum up {Letter.title}: {Letter.body}" == "Sum up {title}: {bodyText}"
    assert format(Letter.pages) == "{pages}"
    assert "{}".format(Letter.title) == "{title}"  # noqa: UP032  the other way to do it


@pytest.mark.parametrize("expression", [Letter.id, created_at, Letter.sender, Letter.topic])
def test_what_is_no_property_is_refused_in_an_f_string(expression: object) -> None:
    with pytest.raises(InvalidQueryError, match="stored properties only"):
        format(expression)


def test_a_format_is_refused_in_an_f_string() -> None:
    with pytest.raises(InvalidQueryError, match=r"Letter\.pages takes no format in a prompt, got '03'"):
        f"{Letter.pages:03}"


def test_prompts_know_what_they_name() -> None:
    found = clause(single=f"{Letter.body} {Letter.pages}", grouped=f"All {Letter.title}")
    assert [each.field for each in found.named] == ["body", "pages"]
    assert found.properties == ()


@pytest.mark.parametrize(
    "prompt", ['{"a": 1}', "{a.b}", "{a-b}", "{title!r}", "{über}", "}{", "{{", "no braces at all", "{\u00a0}"]
)
def test_braces_around_what_is_no_word_are_no_placeholder(prompt: str) -> None:
    assert clause(single=prompt, grouped=prompt).named == ()


@pytest.mark.parametrize(
    ("prompt", "message"),
    [
        ("{titel}", r"\{titel\} names no property of Letter in the collection\. Did you mean 'title'\?"),
        ("{{titel}}", "names no property"),
        ("{body}", r"\{body\} names the field; in the collection it is 'bodyText'.*\{Letter\.body\}"),
        ("{ title }", r"has blanks in it.*Write \{title\}"),
        ("{}", "braces around nothing"),
        ("{ \n}", "braces around nothing"),
        ("{some words}", "names no property"),
        ("{sender}", "names no property"),
        ("{id}", "names no property"),
        ("{scan}", r"Letter\.scan is a blob.*image_properties"),
        ("", "takes a text that is not empty, got ''"),
        (" \n", "takes a text that is not empty"),
        (3, "takes a text"),
    ],
)
@pytest.mark.parametrize("argument", ["single", "grouped"])
def test_wrong_prompts_are_refused(argument: str, prompt: object, message: str) -> None:
    with pytest.raises(InvalidQueryError, match=message) as caught:
        clause(Letter, **{argument: prompt})
    assert f"generate({argument}=...)" in str(caught.value)


@pytest.mark.parametrize("argument", ["single", "grouped"])
def test_prompts_that_cannot_be_encoded_are_refused(argument: str) -> None:
    with pytest.raises(InvalidValueError, match=rf"generate\({argument}=\.\.\.\) takes a text that can be encoded"):
        clause(Letter, **{argument: "a\ud800"})


def test_a_task_names_only_what_it_is_given() -> None:
    assert clause(grouped=f"{Letter.title}", grouped_properties=[Letter.title]).properties[0].field == "title"
    with pytest.raises(InvalidQueryError, match=r"\{title\} is not among the grouped_properties"):
        clause(grouped=f"{Letter.title}", grouped_properties=[Letter.pages])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "a prompt for each object"),
        ({"single": "x", "grouped_properties": [Letter.title]}, "there is no grouped"),
        (
            {"grouped": "x", "grouped_properties": [Person.name]},
            "takes properties of Letter, got <Property Person.name>",
        ),
        ({"grouped": "x", "grouped_properties": ["title"]}, "takes properties of Letter, got 'title'"),
        ({"grouped": "x", "grouped_properties": [Letter.sender]}, "takes properties of Letter"),
        ({"grouped": "x", "grouped_properties": [Letter.id]}, "takes properties of Letter"),
        ({"grouped": "x", "grouped_properties": Letter.title}, "takes a list of properties"),
        ({"grouped": "x", "grouped_properties": [Letter.scan]}, "Letter.scan is a blob"),
        ({"single": "x", "image_properties": [Letter.title], "provider": openai()}, "Letter.title is text"),
        ({"single": "x", "provider": "openai"}, "takes a value of weaviate_orm.generative"),
        ({"single": "x", "provider": openai}, "takes a value of weaviate_orm.generative"),
        ({"single": "x", "provider": dummy()}, "works only where the model declares it"),
        ({"single": "x", "images": b"x", "provider": openai()}, "takes a list as images"),
        ({"single": "x", "images": "eA==", "provider": openai()}, "takes a list as images"),
        ({"single": "x", "images": Path("x"), "provider": openai()}, "takes a list as images"),
        ({"single": "x", "images": [b"x"]}, r"generate\(images\) needs to know the provider"),
        ({"single": "x", "image_properties": [Letter.scan]}, r"generate\(images\) needs to know the provider"),
        ({"single": "x", "metadata": True}, r"generate\(metadata=True\) needs to know the provider"),
        ({"single": "x", "images": [b"x"], "provider": mistral()}, "shows no images to mistral"),
        ({"single": "x", "metadata": True, "provider": contextualai()}, "no metadata of contextualai"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidQueryError, match=message):
        clause(**given)


def test_images_of_every_form(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"png")
    found = clause(
        single="x",
        provider=ollama(),
        images=[b"raw", tmp_path / "x.png", BytesIO(b"file"), "dGV4dA==", "data:image/png;base64,dXJs"],
        image_properties=[Letter.scan],
    )
    assert found.images == ("cmF3", "cG5n", "ZmlsZQ==", "dGV4dA==", "dXJs")
    assert [each.name for each in found.image_properties] == ["scan"]
    for wrong in (b"", "no base64!", StringIO("x"), 3):
        with pytest.raises(InvalidValueError, match="generate"):
            clause(single="x", provider=openai(), images=[wrong])


def test_images_and_metadata_name_the_provider_of_the_collection() -> None:
    """Its options stay as the collection has them: none is given."""
    assert clause(Remote, single="x").provider is None
    assert clause(Remote, single="x", metadata=True).provider == openai()
    assert clause(Remote, single="x", images=[b"x"]).provider == openai()
    assert clause(Remote, single="x", images=[b"x"], provider=aws(model="m")).provider == aws(model="m")
    assert clause(Quick, single="x", provider=dummy()).provider == dummy()
    with pytest.raises(InvalidQueryError, match="no images to mistral"):
        clause(Textual, single="x", images=[b"x"])
    with pytest.raises(InvalidQueryError, match="no metadata of dummy"):
        clause(Quick, single="x", metadata=True)
    with pytest.raises(InvalidQueryError, match="needs to know the provider"):
        clause(Strange, single="x", metadata=True)


def test_an_order_is_refused_on_either_side(session: Session) -> None:
    with pytest.raises(InvalidQueryError, match=r"generate\(\) does not go with order_by\(\)"):
        session.query(Letter).order_by(Letter.title).generate(single="x")
    with pytest.raises(InvalidQueryError, match=r"generate\(\) does not go with order_by\(\)"):
        session.query(Letter).generate(single="x").order_by(Letter.title)


@pytest.mark.parametrize("details", [{"debug": True}, {"metadata": True, "provider": openai()}])
def test_details_of_groups_are_refused(session: Session, details: dict[str, Any]) -> None:
    with pytest.raises(InvalidQueryError, match=r"do not go with group_by\(\)"):
        session.query(Letter).bm25("x").generate(single="x", **details).group_by(Letter.title)


def test_queries_with_prompts_are_values(session: Session) -> None:
    query = session.query(Letter)
    about = query.generate(single=f"Sum up {Letter.title}", grouped="All", provider=openai(model="m"))
    assert repr(query) == "<Query Letter>"
    assert repr(about) == (
        "<GenerativeQuery Letter.generate(single='Sum up {title}', grouped='All', provider=openai(model='m'))>"
    )
    limited = about.limit(3).as_(Card)
    assert "limit(3)" in repr(limited)
    assert "limit" not in repr(about)


def test_one_hit_has_no_place_for_the_text_about_all(session: Session) -> None:
    session.schema.create(Person, Quick)
    session.insert(Quick(title="x"))
    for terminal in (session.query(Quick).generate(grouped="x").first, session.query(Quick).generate(grouped="x").one):
        with pytest.raises(InvalidQueryError, match="was given no single"):
            terminal()
