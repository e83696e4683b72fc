"""Texts that a generative model writes about results: what it is asked, and where its answers come out.

The model is a function of the prompt and its images (``examples/inference_service``), so what a backend asks shows in what it answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from inference_service.models import TextGenerator, count_tokens
from pydantic import BaseModel
from zoo import created, unique_name

from weaviate_orm import (
    Generated,
    Property,
    Reference,
    ServerError,
    Session,
    UnsupportedFeatureError,
    Vector,
    WeaviateModel,
    prop,
    reference,
    vector,
)
from weaviate_orm.generative import (
    AnthropicMetadata,
    CohereMetadata,
    MistralMetadata,
    OpenAIMetadata,
    Provider,
    ProviderMetadata,
    anthropic,
    cohere,
    dummy,
    mistral,
    ollama,
    openai,
)
from weaviate_orm.modules import generative_dummy


class Origin(BaseModel):
    country: str
    year: int | None = None


class Cook(WeaviateModel, collection=unique_name("Cook")):
    name: Property[str]


class Dish(WeaviateModel, collection=unique_name("Dish")):
    """No module of its own; something of every type that stands in a prompt in another way."""

    title: Property[str]
    story: Property[str | None] = prop(default=None, name="storyOfIt")
    spice: Property[int] = prop(default=0)
    weight: Property[float] = prop(default=0.5)
    hot: Property[bool] = prop(default=True)
    first: Property[datetime | None] = prop(default=None)
    tags: Property[list[str]] = prop(default_factory=list)
    origin: Property[Origin | None] = prop(default=None)
    photo: Property[bytes | None] = prop(default=None)
    cook: Reference[Cook | None] = reference()
    embedding: Vector = vector(dimensions=2)


class Snack(WeaviateModel, collection=unique_name("Snack"), generative=generative_dummy()):
    title: Property[str]


class Country(BaseModel):
    country: str


class Plain(BaseModel):
    title: str


class Card(BaseModel):
    title: str
    origin: Country | None = None


ADA = Cook(name="Ada")
SOUP = Dish(
    id=UUID(int=1),
    title="soup of {spice}",
    story="<hot> & sour",
    spice=3,
    first=datetime(1999, 1, 2, 3, 4, 5, tzinfo=UTC),
    tags=["warm", "red"],
    origin=Origin(country="Peru", year=1750),
    photo=b"a photo of soup",
    cook=ADA,
    embedding=[1, 0],
)
CAKE = Dish(
    id=UUID(int=2),
    title="cake",
    spice=1,
    origin=Origin(country="Wales"),
    photo=b"a photo of cake",
    embedding=[0, 1],
)
SOUP_JSON = (
    r'{"first":"1999-01-02T03:04:05Z","hot":"true","origin":"{\"country\":\"Peru\",\"year\":1750}","spice":"3",'
    r'"storyOfIt":"\u003chot\u003e \u0026 sour","tags":"[\"warm\",\"red\"]","title":"soup of {spice}","weight":"0.5"}'
)
CAKE_JSON = r'{"hot":"true","origin":"{\"country\":\"Wales\"}","spice":"1","tags":"[]","title":"cake","weight":"0.5"}'
answer = TextGenerator()


@pytest.fixture(scope="module", autouse=True)
def _stored(session: Session) -> Iterator[None]:
    with created(session, Cook, Dish, Snack):
        session.insert(ADA)
        session.insert_many([SOUP, CAKE])
        session.insert(Snack(title="crisps"))
        yield


@pytest.fixture
def provider(models_url: str) -> Provider:
    return openai(base_url=models_url, model="any")


def texts(found: Generated[Dish]) -> dict[str, str | None]:
    return {hit.object.title: hit.generated for hit in found}


def asked(found: Generated[Dish]) -> dict[str, str | None]:
    return {hit.object.title: hit.generation.prompt for hit in found}


def test_a_prompt_about_each_object(session: Session, provider: Provider) -> None:
    prompt = f"Praise {Dish.title}, {Dish.spice} {Dish.weight} {Dish.hot} {Dish.tags} {Dish.origin}!"
    found = session.query(Dish).generate(single=prompt, provider=provider, debug=True).all()
    filled = {
        # The value of one property may look like the name of another, which is then filled in too.
        SOUP.title: 'Praise soup of 3, 3 0.5 true ["warm","red"] {"country":"Peru","year":1750}!',
        CAKE.title: 'Praise cake, 1 0.5 true [] {"country":"Wales"}!',
    }
    assert asked(found) == filled
    assert texts(found) == {title: answer(each) for title, each in filled.items()}
    assert found.generated is None
    assert {hit.id: (hit.object.title, hit.object.photo) for hit in found} == {
        each.id: (each.title, each.photo) for each in (SOUP, CAKE)
    }


def test_braces_that_are_no_placeholder_stay(session: Session, provider: Provider) -> None:
    prompt = f'As {{"json": 1}}, {{a-b}}: {{{Dish.title}}}'
    found = session.query(Dish).where(Dish.id == CAKE.id).generate(single=prompt, provider=provider, debug=True).one()
    assert found.generation.prompt == 'As {"json": 1}, {a-b}: {cake}'


def test_a_task_for_all_objects(session: Session, provider: Provider) -> None:
    found = session.query(Dish).near_vector([1, 0]).generate(grouped="Sum up", provider=provider, debug=True).all()
    assert found.generation.prompt == f"Sum up: [{SOUP_JSON},{CAKE_JSON}]"
    assert found.generated == answer(found.generation.prompt)
    assert texts(found) == {SOUP.title: None, CAKE.title: None}
    assert [hit.distance for hit in found] == pytest.approx([0, 1], abs=1e-6)


def test_a_task_about_some_properties(session: Session, provider: Provider) -> None:
    task = f"Like {Dish.title}"
    query = session.query(Dish).near_vector([0, 1])
    found = query.generate(
        grouped=task, grouped_properties=[Dish.story, Dish.title], provider=provider, debug=True
    ).all()
    assert found.generation.prompt == (
        r'Like cake: [{"title":"cake"},{"storyOfIt":"\u003chot\u003e \u0026 sour","title":"soup of {spice}"}]'
    )
    assert found.generated == answer(found.generation.prompt)


def test_a_prompt_and_a_task(session: Session, provider: Provider) -> None:
    query = session.query(Dish).near_vector([1, 0]).include(Dish.cook)
    found = query.generate(
        single=f"Praise {Dish.title}", grouped="Sum up", grouped_properties=[Dish.spice], provider=provider, debug=True
    ).all()
    assert texts(found) == {SOUP.title: answer("Praise soup of {spice}"), CAKE.title: answer("Praise cake")}
    assert found.generated == answer('Sum up: [{"spice":"3"},{"spice":"1"}]')
    assert asked(found) == {SOUP.title: "Praise soup of {spice}", CAKE.title: "Praise cake"}
    assert found.generation.prompt is None
    assert found[0].object.cook == ADA


@pytest.mark.parametrize("make", [lambda url: openai(base_url=url, model="any"), lambda url: ollama(api_endpoint=url)])
def test_images(session: Session, models_url: str, make: Callable[[str], Provider]) -> None:
    """Some providers' image properties reach the model only when the request asks for them in another place too."""
    photos = [SOUP.photo or b"", CAKE.photo or b""]
    query = session.query(Dish).near_vector([1, 0])
    single = query.generate(
        single=f"See {Dish.title}", provider=make(models_url), images=[b"spoon"], image_properties=[Dish.photo]
    ).all()
    assert texts(single) == {
        SOUP.title: answer.generate_with_images("See soup of {spice}", [photos[0], b"spoon"]),
        CAKE.title: answer.generate_with_images("See cake", [photos[1], b"spoon"]),
    }
    grouped = query.generate(
        grouped="See", grouped_properties=[Dish.title], provider=make(models_url), image_properties=[Dish.photo]
    ).all()
    assert grouped.generated == answer.generate_with_images(
        'See: [{"title":"soup of {spice}"},{"title":"cake"}]', photos
    )
    everything = query.generate(grouped="See", provider=make(models_url), image_properties=[Dish.photo]).all()
    assert everything.generated == answer.generate_with_images(f"See: [{SOUP_JSON},{CAKE_JSON}]", photos)


@pytest.mark.parametrize(
    "card", [Plain(title=SOUP.title), Card(title=SOUP.title, origin=Country(country="Peru"))], ids=["all", "a part"]
)
def test_prompts_read_what_a_projection_leaves_out(session: Session, provider: Provider, card: Plain | Card) -> None:
    query = session.query(Dish).near_vector([1, 0]).as_(type(card)).limit(1)
    found = query.generate(
        single=f"Of {Dish.origin} {Dish.spice}",
        grouped="Sum up",
        provider=provider,
        image_properties=[Dish.photo],
    ).all()
    assert [hit.object for hit in found] == [card]
    photos = [SOUP.photo or b""]
    assert found[0].generated == answer.generate_with_images('Of {"country":"Peru","year":1750} 3', photos)
    assert found.generated == answer.generate_with_images(f"Sum up: [{SOUP_JSON}]", photos)


def test_texts_about_groups(session: Session, provider: Provider) -> None:
    query = session.query(Dish).near_vector([1, 0])
    groups = (
        query.group_by(Dish.hot)
        .generate(single=f"Praise {Dish.title}", grouped="Sum up", grouped_properties=[Dish.title], provider=provider)
        .all()
    )
    assert [(group.key, len(group), group.generated) for group in groups] == [
        (True, 2, answer("Praise soup of {spice}"))
    ]
    assert groups.generated == answer('Sum up: [{"title":"soup of {spice}"}]')
    other = query.generate(single=f"Praise {Dish.title}", provider=provider).group_by(Dish.title).all()
    assert {group.key: group.generated for group in other} == {
        SOUP.title: answer("Praise soup of {spice}"),
        CAKE.title: answer("Praise cake"),
    }
    assert other.generated is None


def test_the_first_the_only_and_those_behind(session: Session, provider: Provider) -> None:
    about = session.query(Dish).near_vector([0, 1]).generate(single=f"Praise {Dish.title}", provider=provider)
    first = about.first()
    assert first is not None
    assert (first.object.title, first.generated) == ("cake", answer("Praise cake"))
    behind = session.query(Dish).after(SOUP.id).generate(single=f"Praise {Dish.title}", provider=provider)
    assert behind.one().generated == answer("Praise cake")
    assert [hit.generated for hit in behind] == [answer("Praise cake")]


def test_nothing_is_found(session: Session, provider: Provider) -> None:
    query = session.query(Dish).where(Dish.id == UUID(int=77)).generate(single="x", grouped="y", provider=provider)
    found = query.all()
    assert (list(found), found.generated) == ([], None)
    assert query.first() is None


def test_the_module_of_the_collection(session: Session) -> None:
    for given in (None, dummy()):
        found = session.query(Snack).generate(single=f"Praise {Snack.title}", grouped="Sum up", provider=given).all()
        assert "following prompt: Praise crisps." in (found[0].generated or "")
        assert 'following prompt: Sum up: [{"title":"crisps"}].' in (found.generated or "")


def test_no_module(session: Session) -> None:
    with pytest.raises(UnsupportedFeatureError, match="no generative module"):
        session.query(Dish).generate(single="x").all()


def test_an_object_without_what_a_prompt_names(session: Session, provider: Provider) -> None:
    query = session.query(Dish).near_vector([1, 0]).generate(single=f"Tell {Dish.story}", provider=provider)
    with pytest.raises(ServerError, match="Leave such objects out") as caught:
        query.all()
    assert caught.value.field == "storyOfIt"
    assert query.limit(1).all()[0].generated == answer("Tell <hot> & sour")


def test_a_model_that_fails(session: Session, provider: Provider) -> None:
    query = session.query(Dish)
    for failing in (
        query.generate(single="fail with status 503", provider=provider),
        query.generate(grouped="fail with status 400", provider=provider),
    ):
        with pytest.raises(ServerError):
            failing.all()


PROVIDERS: list[tuple[Callable[[str], Provider], type[ProviderMetadata] | None]] = [
    (lambda url: openai(base_url=url, model="any", temperature=0.5, stop=["x"], verbosity="low"), OpenAIMetadata),
    (lambda url: anthropic(base_url=url, model="any", max_tokens=50, stop_sequences=["x"]), AnthropicMetadata),
    (lambda url: cohere(base_url=url, model="any", k=3, p=0.5), CohereMetadata),
    (lambda url: mistral(base_url=url, model="any", top_p=0.5), MistralMetadata),
    (lambda url: ollama(api_endpoint=url, model="any", temperature=0), None),
]


@pytest.mark.parametrize(
    ("make", "metadata"), PROVIDERS, ids=[each.__name__ if each else "none" for _, each in PROVIDERS]
)
def test_every_provider_answers(
    session: Session, models_url: str, make: Callable[[str], Provider], metadata: type[ProviderMetadata] | None
) -> None:
    query = session.query(Dish).near_vector([1, 0]).generate(single=f"Praise {Dish.title}", provider=make(models_url))
    assert texts(query.all()) == {SOUP.title: answer("Praise soup of {spice}"), CAKE.title: answer("Praise cake")}


@pytest.mark.requires("metadata of providers")
@pytest.mark.parametrize(
    ("make", "metadata"), PROVIDERS, ids=[each.__name__ if each else "none" for _, each in PROVIDERS]
)
def test_providers_report(
    session: Session, models_url: str, make: Callable[[str], Provider], metadata: type[ProviderMetadata] | None
) -> None:
    query = session.query(Dish).near_vector([1, 0]).limit(1)
    prompt = f"Praise {Dish.title}"
    single = query.generate(single=prompt, provider=make(models_url), metadata=True).all()
    grouped = query.generate(
        grouped=prompt, grouped_properties=[Dish.title], provider=make(models_url), metadata=True, debug=True
    ).all()
    for reported, question, text in (
        (single[0].generation.metadata, "Praise soup of {spice}", single[0].generated),
        (grouped.generation.metadata, grouped.generation.prompt, grouped.generated),
    ):
        assert question is not None
        assert text == answer(question)
        if metadata is None:
            assert reported is None
            continue
        assert isinstance(reported, metadata)
        tokens = (count_tokens(question), count_tokens(text))
        assert (reported.input_tokens, reported.output_tokens, reported.total_tokens) == (*tokens, sum(tokens))
