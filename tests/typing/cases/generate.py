"""Prompts give queries of their own, in both colours and in groups; providers are typed values."""

from collections.abc import Iterator
from pathlib import Path
from typing import assert_type

from weaviate_orm import (
    AsyncGenerativeGroupedQuery,
    AsyncGenerativeQuery,
    AsyncSession,
    Generated,
    GeneratedGroups,
    GenerationDetails,
    GenerativeGroup,
    GenerativeGroupedQuery,
    GenerativeHit,
    GenerativeQuery,
    GroupedHit,
    Property,
    Session,
    WeaviateModel,
    prop,
)
from weaviate_orm.generative import OpenAIMetadata, ProviderMetadata, TokenUsage, google, ollama, openai

from .zoo import Article, Card


class Photo(WeaviateModel):
    """Holds images."""

    title: Property[str]
    image: Property[bytes]
    small: Property[bytes | None] = prop(default=None)


def builder(session: Session) -> None:
    """``generate()`` changes the kind of query, later steps keep it."""
    query = session.query(Article).near_text("x").limit(5)
    about = query.generate(single=f"Sum up {Article.title}")
    assert_type(about, GenerativeQuery[Article])
    assert_type(
        query.generate(grouped="x", grouped_properties=[Article.title, Article.word_count]), GenerativeQuery[Article]
    )
    assert_type(about.where(Article.word_count > 1).offset(1), GenerativeQuery[Article])
    assert_type(about.as_(Card), GenerativeQuery[Card])
    assert_type(query.as_(Card).generate(single="x"), GenerativeQuery[Card])
    query.generate(f"Sum up {Article.title}")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    query.generate(single=Article.title)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.generate(single="x", grouped_properties=["title"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    query.generate(single="x", provider="openai")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    about.generate(single="x")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    about.count()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def images(session: Session) -> None:
    """Images are data or properties that hold such."""
    query = session.query(Photo)
    query.generate(single="x", images=[b"x", Path("x.png"), "eA=="], image_properties=[Photo.image, Photo.small])
    query.generate(single="x", image_properties=[Photo.title])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    query.generate(single="x", images=[1])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]


def terminals(session: Session) -> None:
    """What a query with prompts gives."""
    query = session.query(Article).generate(single="x")
    found = query.all()
    assert_type(found, Generated[Article])
    assert_type(found.generated, str | None)
    assert_type(found.generation, GenerationDetails)
    assert_type(found[0], GenerativeHit[Article])
    assert_type(found[0].object, Article)
    assert_type(found[0].generated, str | None)
    assert_type(found[0].generation.prompt, str | None)
    assert_type(query.first(), GenerativeHit[Article] | None)
    assert_type(query.one(), GenerativeHit[Article])
    assert_type(iter(query), Iterator[GenerativeHit[Article]])
    for hit in found:
        assert_type(hit, GenerativeHit[Article])
        assert_type(hit.distance, float | None)


def metadata(details: GenerationDetails) -> None:
    """What providers report has a common part and one of their own."""
    if details.metadata is not None:
        assert_type(details.metadata, ProviderMetadata)
        assert_type(details.metadata.input_tokens, int | None)
    if isinstance(details.metadata, OpenAIMetadata):
        assert_type(details.metadata.usage, TokenUsage | None)


def groups(session: Session) -> None:
    """Grouping and prompts go in either order."""
    query = session.query(Article).near_text("x")
    one = query.generate(single="x").group_by(Article.title)
    assert_type(one, GenerativeGroupedQuery[str, Article])
    assert_type(query.group_by(Article.word_count).generate(single="x"), GenerativeGroupedQuery[int, Article])
    assert_type(one.where(Article.word_count > 1), GenerativeGroupedQuery[str, Article])
    assert_type(one.as_(Card), GenerativeGroupedQuery[str, Card])
    assert_type(one.all(), GeneratedGroups[str, Article])
    assert_type(one.all().generated, str | None)
    for group in one:
        assert_type(group, GenerativeGroup[str, Article])
        assert_type(group.key, str)
        assert_type(group.generated, str | None)
        assert_type(group.hits[0], GroupedHit[str, Article])
    query.group_by(Article.title).generate(single="x", debug=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def asynchronous(session: AsyncSession) -> None:
    """The same, awaited."""
    query = session.query(Article).near_text("x")
    assert_type(query.generate(single="x"), AsyncGenerativeQuery[Article])
    assert_type(await query.generate(single="x").all(), Generated[Article])
    assert_type(await query.generate(single="x").first(), GenerativeHit[Article] | None)
    assert_type(query.group_by(Article.title).generate(single="x"), AsyncGenerativeGroupedQuery[str, Article])
    assert_type(await query.generate(single="x").group_by(Article.title).all(), GeneratedGroups[str, Article])
    async for hit in query.generate(single="x"):
        assert_type(hit, GenerativeHit[Article])


def providers() -> None:
    """Options are those of the provider."""
    assert_type(openai(model="gpt-5", reasoning_effort="low", stop=["x"]), openai)
    openai("gpt-5")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    openai(modle="gpt-5")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    openai(reasoning_effort="xhigh")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    openai(max_tokens="5")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    google(project_id="x", top_k=3)
    ollama(top_k=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    openai(model="x").model = "y"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
