"""Prompts as messages, and replies as texts."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from weaviate_orm import Property, UnsupportedFeatureError, WeaviateModel, prop
from weaviate_orm.generative import (
    AnthropicMetadata,
    CohereMetadata,
    DatabricksMetadata,
    DeepSeekMetadata,
    FriendliAIMetadata,
    GoogleMetadata,
    MistralMetadata,
    NvidiaMetadata,
    OpenAIMetadata,
    Provider,
    ProviderMetadata,
    TokenUsage,
    XAIMetadata,
    anthropic,
    aws,
    azure_openai,
    contextualai,
    deepseek,
    nvidia,
    ollama,
    openai,
    xai,
)
from weaviate_orm.model.info import model_info
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.generated import Generated, GenerationDetails
from weaviate_orm.query.generation import generating
from weaviate_orm.query.statement import Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.features import Feature, require, supports
from weaviate_orm.wire.generative import compile_generated, compile_generated_groups
from weaviate_orm.wire.provider_metadata import read_metadata
from weaviate_orm.wire.search import search_request
from weaviate_orm.wire.server import ServerInfo
from weaviate_orm.wire.status import error_for_text

NULL = pb.Value(null_value=0)  # type: ignore[arg-type]  # the only value


class Place(BaseModel):
    city: str
    street: str | None = None


class Letter(WeaviateModel):
    title: Property[str]
    body: Property[str | None] = prop(default=None, name="bodyText")
    scan: Property[bytes | None] = prop(default=None)
    stamp: Property[bytes | None] = prop(default=None)
    place: Property[Place | None] = prop(default=None)


class Card(BaseModel):
    title: str


def statement(query: Builder[Any] | None = None, **given: Any) -> Statement:
    options: dict[str, Any] = {
        "single": None,
        "grouped": None,
        "grouped_properties": (),
        "provider": None,
        "images": (),
        "image_properties": (),
    }
    base = Statement(model_info(Letter)) if query is None else query._statement
    return generating(base, **{**options, **given})


def request(query: Builder[Any] | None = None, **given: Any) -> pb.SearchRequest:
    found = compile_generated(statement(query, **given)).request
    assert isinstance(found, pb.SearchRequest)
    return found


def letters() -> Builder[Any]:
    return Builder(Statement(model_info(Letter)))


def read(reply: pb.SearchReply, **given: Any) -> Generated[Letter]:
    found: Generated[Letter] = compile_generated(statement(**given)).read(reply)
    return found


def result(number: int, **generative: Any) -> pb.SearchResult:
    metadata = pb.MetadataResult(id=f"00000000-0000-0000-0000-00000000000{number}")
    properties = pb.PropertiesResult(
        non_ref_props=pb.Properties(
            fields={
                "title": pb.Value(text_value=f"letter {number}"),
                **dict.fromkeys(("bodyText", "scan", "stamp", "place"), NULL),
            }
        )
    )
    found = pb.SearchResult(metadata=metadata, properties=properties)
    found.generative.values.add(**generative)
    return found


def test_the_rest_of_the_request_is_that_of_the_search() -> None:
    found = request(letters().bm25("x").limit(3), single="y")
    found.ClearField("generative")
    assert found == search_request(letters().bm25("x").limit(3)._statement)


def test_a_prompt_and_a_task_of_the_collections_own_module() -> None:
    assert request(single="Sum up {title}").generative == pb.GenerativeSearch(
        single=pb.GenerativeSearch.Single(prompt="Sum up {title}")
    )
    assert request(grouped="All", grouped_properties=[Letter.body], debug=True).generative == pb.GenerativeSearch(
        grouped=pb.GenerativeSearch.Grouped(task="All", properties=pb.TextArray(values=["bodyText"]), debug=True)
    )


def test_both_ask_the_same_provider_and_for_the_same_details() -> None:
    found = request(single="x", grouped="y", provider=openai(model="m"), debug=True, metadata=True).generative
    provider = pb.GenerativeProvider(return_metadata=True, openai=pb.GenerativeOpenAI(model="m"))
    assert list(found.single.queries) == list(found.grouped.queries) == [provider]
    assert (found.single.debug, found.grouped.debug) == (True, True)


PROVIDERS: list[tuple[Provider, pb.GenerativeProvider]] = [
    (ollama(), pb.GenerativeProvider(ollama=pb.GenerativeOllama())),
    (
        openai(n=2, stop=["a", "b"], reasoning_effort="minimal", verbosity="high", temperature=0, top_p=0.5),
        pb.GenerativeProvider(
            openai=pb.GenerativeOpenAI(
                n=2,
                stop=pb.TextArray(values=["a", "b"]),
                reasoning_effort=pb.GenerativeOpenAI.REASONING_EFFORT_MINIMAL,
                verbosity=pb.GenerativeOpenAI.VERBOSITY_HIGH,
                temperature=0,
                top_p=0.5,
            )
        ),
    ),
    (
        azure_openai(resource_name="r", deployment_id="d", api_version="v"),
        pb.GenerativeProvider(
            openai=pb.GenerativeOpenAI(is_azure=True, resource_name="r", deployment_id="d", api_version="v")
        ),
    ),
    (
        aws(service="sagemaker", stop_sequences=["a"], max_tokens=5, target_model="t"),
        pb.GenerativeProvider(
            aws=pb.GenerativeAWS(
                service="sagemaker", stop_sequences=pb.TextArray(values=["a"]), max_tokens=5, target_model="t"
            )
        ),
    ),
    (
        contextualai(avoid_commentary=False, knowledge=["a"]),
        pb.GenerativeProvider(
            contextualai=pb.GenerativeContextualAI(avoid_commentary=False, knowledge=pb.TextArray(values=["a"]))
        ),
    ),
]


@pytest.mark.parametrize(("provider", "message"), PROVIDERS, ids=[type(each).__name__ for each, _ in PROVIDERS])
def test_options_of_providers(provider: Provider, message: pb.GenerativeProvider) -> None:
    assert list(request(single="x", provider=provider).generative.single.queries) == [message]


def test_images_go_with_the_provider() -> None:
    found = request(
        single="x", grouped="y", provider=anthropic(), images=[b"raw"], image_properties=[Letter.scan, Letter.stamp]
    )
    message = pb.GenerativeProvider(
        anthropic=pb.GenerativeAnthropic(
            images=pb.TextArray(values=["cmF3"]), image_properties=pb.TextArray(values=["scan", "stamp"])
        )
    )
    assert list(found.generative.single.queries) == list(found.generative.grouped.queries) == [message]
    # Unless both are named, a task is given either the images or the texts.
    assert list(found.generative.grouped.properties.values) == ["title", "bodyText", "place", "scan", "stamp"]


def test_what_prompts_read_is_asked_for_beside_a_projection() -> None:
    cards = Builder[Card](letters()._projected(Card))
    plain = search_request(cards._statement).properties
    assert request(cards, single="{bodyText}").properties == plain, "the server fetches these itself"
    images = request(cards, single="x", provider=openai(), image_properties=[Letter.scan]).properties
    assert list(images.non_ref_properties) == ["title", "scan"]
    place = pb.ObjectPropertiesRequest(prop_name="place", primitive_properties=["city", "street"])
    for given in (
        {"single": "{place} {place}"},
        {"grouped": "x"},
        {"grouped": "x", "grouped_properties": [Letter.place]},
    ):
        assert list(request(cards, **given).properties.object_properties) == [place]
    assert not request(cards, grouped="x", grouped_properties=[Letter.body]).properties.object_properties
    assert plain == search_request(cards._statement).properties, "the part that queries share stays as it is"


def test_requests_share_nothing() -> None:
    again = [request(single="x", provider=openai(model="m")) for _ in range(2)]
    assert again[0] == again[1]
    assert not search_request(letters()._statement).HasField("generative")


def test_texts_about_hits() -> None:
    reply = pb.SearchReply(results=[result(1, result="one"), result(2, result="")], generative_grouped_result="")
    found = read(reply, single="x")
    assert [(hit.object.title, hit.generated, hit.generation) for hit in found] == [
        ("letter 1", "one", GenerationDetails()),
        ("letter 2", "", GenerationDetails()),
    ]
    assert found.generated is None
    assert [hit.object.title for hit in found[1:]] == ["letter 2"]
    assert (len(found), found[-1].id.int) == (2, 2)
    assert "generated='one'" in repr(found[0])
    assert repr(found[0]).startswith("GenerativeHit(Letter(")


def test_the_text_about_all_hits() -> None:
    reply = pb.SearchReply(results=[result(1)], generative_grouped_result="")
    # The server leaves an empty text out.
    assert read(reply, grouped="x").generated == ""
    answer = reply.generative_grouped_results.values.add(result="all")
    answer.debug.full_prompt = "x: []"
    answer.metadata.openai.usage.total_tokens = 3
    found = read(reply, grouped="x", provider=openai(), debug=True, metadata=True)
    assert (found.generated, found[0].generated) == ("all", None)
    assert found.generation == GenerationDetails("x: []", OpenAIMetadata(TokenUsage(total_tokens=3)))
    # With a prompt beside it, what comes is about that.
    assert read(reply, single="y", grouped="x", debug=True).generation == GenerationDetails()
    assert read(reply, single="y").generated is None
    assert read(pb.SearchReply(), single="y", grouped="x").generated is None


def test_details_of_hits() -> None:
    one = result(1, result="one", debug=pb.GenerativeDebug(full_prompt="Sum up letter 1"))
    one.generative.values[0].metadata.openai.usage.prompt_tokens = 4
    found = read(pb.SearchReply(results=[one]), single="x", provider=openai(), debug=True, metadata=True)
    assert found[0].generation == GenerationDetails("Sum up letter 1", OpenAIMetadata(TokenUsage(prompt_tokens=4)))


def test_texts_about_groups() -> None:
    query = Builder[Letter](letters().bm25("x")._grouped(Letter.title, 3, 2))
    call = compile_generated_groups(statement(query, single="x", grouped="y"))
    assert isinstance(call.request, pb.SearchRequest)
    assert call.request.group_by == pb.GroupBy(path=["title"], number_of_groups=3, objects_per_group=2)
    assert call.request.generative.single.prompt == "x"
    group = pb.GroupByResult(name="a", number_of_objects=1, objects=[result(1)])
    group.generative.result = "one"
    reply = pb.SearchReply(group_by_results=[group], generative_grouped_result="all")
    found = call.read(reply)
    assert [(each.key, each.generated, each.hits[0].object.title) for each in found] == [("a", "one", "letter 1")]
    assert found.generated == "all"
    assert compile_generated_groups(statement(query, single="x")).read(reply).generated is None
    (only,) = compile_generated_groups(statement(query, grouped="x")).read(reply)
    assert only.generated is None
    nothing = call.read(pb.SearchReply(generative_grouped_result=""))
    assert (list(nothing), nothing.generated) == ([], None)


REPORTED: list[tuple[pb.GenerativeMetadata, ProviderMetadata, tuple[int | None, int | None, int | None]]] = [
    (
        pb.GenerativeMetadata(
            anthropic=pb.GenerativeAnthropicMetadata(
                usage=pb.GenerativeAnthropicMetadata.Usage(input_tokens=1, output_tokens=2)
            )
        ),
        AnthropicMetadata(1, 2),
        (1, 2, 3),
    ),
    (pb.GenerativeMetadata(anthropic=pb.GenerativeAnthropicMetadata()), AnthropicMetadata(), (None, None, None)),
    (
        pb.GenerativeMetadata(
            cohere=pb.GenerativeCohereMetadata(
                api_version=pb.GenerativeCohereMetadata.ApiVersion(version="2", is_deprecated=False),
                billed_units=pb.GenerativeCohereMetadata.BilledUnits(input_tokens=3, search_units=1),
                tokens=pb.GenerativeCohereMetadata.Tokens(input_tokens=5, output_tokens=0),
                warnings=pb.TextArray(values=["old"]),
            )
        ),
        CohereMetadata(
            api_version="2",
            is_deprecated=False,
            billed_input_tokens=3,
            search_units=1,
            prompt_tokens=5,
            answer_tokens=0,
            warnings=("old",),
        ),
        (5, 0, 5),
    ),
    (pb.GenerativeMetadata(cohere=pb.GenerativeCohereMetadata()), CohereMetadata(), (None, None, None)),
    (
        pb.GenerativeMetadata(
            google=pb.GenerativeGoogleMetadata(
                usage_metadata=pb.GenerativeGoogleMetadata.UsageMetadata(
                    prompt_token_count=1, candidates_token_count=2, total_token_count=9
                )
            )
        ),
        GoogleMetadata(prompt_token_count=1, candidates_token_count=2, total_token_count=9),
        (1, 2, 9),
    ),
    (
        pb.GenerativeMetadata(
            google=pb.GenerativeGoogleMetadata(
                metadata=pb.GenerativeGoogleMetadata.Metadata(
                    token_metadata=pb.GenerativeGoogleMetadata.TokenMetadata(
                        input_token_count=pb.GenerativeGoogleMetadata.TokenCount(
                            total_tokens=1, total_billable_characters=6
                        ),
                        output_token_count=pb.GenerativeGoogleMetadata.TokenCount(total_tokens=2),
                    )
                )
            )
        ),
        GoogleMetadata(input_total_tokens=1, input_billable_characters=6, output_total_tokens=2),
        (1, 2, 3),
    ),
]


@pytest.mark.parametrize(("message", "wanted", "tokens"), REPORTED)
def test_what_providers_report(
    message: pb.GenerativeMetadata, wanted: ProviderMetadata, tokens: tuple[int | None, int | None, int | None]
) -> None:
    found = read_metadata(message)
    assert found == wanted
    assert found is not None
    assert (found.input_tokens, found.output_tokens, found.total_tokens) == tokens


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("databricks", DatabricksMetadata),
        ("deepseek", DeepSeekMetadata),
        ("friendliai", FriendliAIMetadata),
        ("mistral", MistralMetadata),
        ("nvidia", NvidiaMetadata),
        ("openai", OpenAIMetadata),
        ("xai", XAIMetadata),
    ],
)
def test_providers_that_report_alike_are_told_apart(kind: str, wanted: type[ProviderMetadata]) -> None:
    message = pb.GenerativeMetadata()
    part = getattr(message, kind)
    part.SetInParent()
    empty = read_metadata(message)
    assert type(empty) is wanted
    assert (empty.input_tokens, empty.output_tokens, empty.total_tokens) == (None, None, None)
    part.usage.prompt_tokens, part.usage.completion_tokens, part.usage.total_tokens = 1, 2, 4
    found = read_metadata(message)
    assert type(found) is wanted
    assert (found.input_tokens, found.output_tokens, found.total_tokens) == (1, 2, 4)


@pytest.mark.parametrize("kind", ["anyscale", "aws", "ollama", "dummy"])
def test_providers_that_report_nothing(kind: str) -> None:
    message = pb.GenerativeMetadata()
    getattr(message, kind).SetInParent()
    assert read_metadata(message) is None
    assert read_metadata(pb.GenerativeMetadata()) is None


def test_a_provider_that_is_newer_than_this_client() -> None:
    """What it reports is in a field that no message of ours has."""
    message = pb.GenerativeMetadata.FromString(bytes([0xF2, 0x3F, 2, 8, 1]))  # field 1022, two bytes
    assert message.ByteSize() == 5
    assert read_metadata(message) is None


@pytest.mark.parametrize(
    ("version", "has"),
    [
        ("1.36.18", False),
        ("1.36.19", True),
        ("1.37.0", False),
        ("1.37.9", False),
        ("1.37.10", True),
        ("1.38.1", False),
        ("1.38.2", True),
        ("1.39.0", True),
        ("1.40.0", True),
        ("2.0.0", True),
        ("1.35.30", False),
    ],
)
def test_a_feature_that_older_minor_versions_got_later(version: str, has: bool) -> None:
    assert supports(Feature.GENERATE_DEEPSEEK, ServerInfo(version)) is has
    if not has:
        with pytest.raises(UnsupportedFeatureError, match=r"it came with 1\.39\.0, 1\.36\.19, 1\.37\.10, 1\.38\.2"):
            require(Feature.GENERATE_DEEPSEEK, ServerInfo(version))


@pytest.mark.parametrize(
    ("provider", "feature"),
    [
        (None, None),
        (openai(), None),
        (nvidia(), Feature.GENERATE_NVIDIA),
        (xai(), Feature.GENERATE_XAI),
        (contextualai(), Feature.GENERATE_CONTEXTUALAI),
        (deepseek(), Feature.GENERATE_DEEPSEEK),
    ],
)
def test_what_a_server_must_have(provider: Provider | None, feature: Feature | None) -> None:
    call = compile_generated(statement(single="x", provider=provider))
    assert call.needs == ((Feature.GENERATE,) if feature is None else (Feature.GENERATE, feature))


def test_what_means_which_error() -> None:
    empty = error_for_text(
        "Following property has empty value: 'body'. Make sure you spell the property name correctly"
    )
    assert (type(empty).__name__, empty.field) == ("ServerError", "body")
    limited = error_for_text("connection to: OpenAI API failed with status: 429 request-id: 3 error: unauthorized")
    assert type(limited).__name__ == "UsageLimitError"
    assert "OpenAI API" in str(limited)
    # What a provider says of its own keys says nothing of the server's.
    refused = error_for_text("connection to Ollama API failed with error: invalid api key")
    assert type(refused).__name__ == "ServerError"
    missing = error_for_text("explorer: list class: extend: extend generate: client not found for provider: ollama")
    assert type(missing).__name__ == "UnsupportedFeatureError"
    assert "generative-ollama" in str(missing)
