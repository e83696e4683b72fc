"""Texts written about results. The dummy generator repeats its prompt; behind the providers is the model of the examples."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from exchanges import call_rest
from inference_service.models import TextGenerator

from weaviate_orm.transport.base import Exchange
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.status import RpcRefused

Fresh = Callable[[str], str]
Write = pb.GenerativeSearch

FIRST = {
    "title": 'a "b" <c>',
    "tags": ["p", "q&"],
    "rank": 123456789,
    "size": 1e-7,
    "sizes": [1.0, 0.00001, 1e21],
    "yes": True,
    "day": "2024-01-01T00:00:00Z",
    "place": {"latitude": 52.37, "longitude": 4.9},
}


def text(prompt: str) -> str:
    return (
        f"You want me to generate something based on the following prompt: {prompt}. "
        "With settings: . I'm sorry, I'm just a dummy and can't generate anything."
    )


def echo(prompt: str, *images: bytes) -> str:
    """Give what the model behind the providers answers."""
    return TextGenerator().generate_with_images(prompt, images)


@pytest.fixture
def create(exchange: Exchange, fresh: Fresh) -> Callable[[dict[str, object]], str]:
    def make(modules: dict[str, object]) -> str:
        name = fresh("Written")
        types = {
            "title": "text",
            "tags": "text[]",
            "rank": "int",
            "size": "number",
            "sizes": "number[]",
            "yes": "boolean",
            "day": "date",
            "place": "geoCoordinates",
            "picture": "blob",
        }
        properties = [{"name": key, "dataType": [kind]} for key, kind in types.items()]
        body = {"class": name, "vectorizer": "none", "moduleConfig": modules, "properties": properties}
        assert call_rest(exchange, "POST", "/schema", body).status == 200
        for number, values in ((1, FIRST), (2, {"title": "second", "rank": 2})):
            stored = {
                "class": name,
                "id": f"{number:02x}000000-0000-4000-8000-000000000000",
                "properties": values,
                "vector": [1.0, number / 10],
            }
            made = call_rest(exchange, "POST", "/objects", stored)
            assert made.status == 200, made.body
        return name

    return make


@pytest.fixture
def written(create: Callable[[dict[str, object]], str]) -> str:
    return create({"generative-dummy": {}})


def search(exchange: Exchange, collection: str, generative: pb.GenerativeSearch, **fields: object) -> pb.SearchReply:
    request = pb.SearchRequest(collection=collection, uses_127_api=True, properties=pb.PropertiesRequest())
    request.MergeFrom(pb.SearchRequest(generative=generative, **fields))  # type: ignore[arg-type]  # any fields
    reply = exchange.unary(rpcs.SEARCH, request)
    assert isinstance(reply, pb.SearchReply)
    return reply


def refusal(exchange: Exchange, collection: str, generative: pb.GenerativeSearch, **fields: object) -> str:
    with pytest.raises(RpcRefused) as caught:
        search(exchange, collection, generative, **fields)
    return caught.value.details


def single(prompt: str) -> pb.GenerativeSearch:
    return Write(single=Write.Single(prompt=prompt))


def grouped(task: str, *properties: str) -> pb.GenerativeSearch:
    chosen = pb.TextArray(values=properties) if properties else None
    return Write(grouped=Write.Grouped(task=task, properties=chosen))


@pytest.mark.parametrize(
    ("prompt", "filled"),
    [
        ("Say", "Say"),
        ("{title}: {title}", 'a "b" <c>: a "b" <c>'),
        ("{rank} {size} {yes} {day}", "1.23456789e+08 1e-07 true 2024-01-01T00:00:00Z"),
        ("{tags} {sizes}", '["p","q\\u0026"] [1,0.00001,1e+21]'),
        ("{place}", '{"latitude":52.37,"longitude":4.9}'),
    ],
)
def test_a_text_for_each_object(exchange: Exchange, written: str, prompt: str, filled: str) -> None:
    reply = search(exchange, written, single(prompt), limit=1)
    (value,) = reply.results[0].generative.values
    assert value.result == text(filled)
    assert not value.HasField("debug")
    assert not reply.HasField("generative_grouped_results")
    # What a prompt reads is returned too.
    needed = {part.split("}")[0] for part in prompt.split("{")[1:]}
    assert set(reply.results[0].properties.non_ref_props.fields) == needed


def test_a_text_for_all(exchange: Exchange, written: str) -> None:
    reply = search(exchange, written, grouped("Sum up {title} and {nothing}", "title", "tags"))
    (value,) = reply.generative_grouped_results.values
    first = '{"tags":"[\\"p\\",\\"q\\\\u0026\\"]","title":"a \\"b\\" \\u003cc\\u003e"}'
    assert value.result == text(f'Sum up a "b" <c> and nothing: [{first},{{"title":"second"}}]')
    assert reply.generative_grouped_result == ""
    assert [len(hit.generative.values) for hit in reply.results] == [1, 0]


def test_a_task_without_properties_has_all_of_them(exchange: Exchange, written: str) -> None:
    reply = search(exchange, written, grouped("Sum up"), offset=1)
    assert reply.generative_grouped_results.values[0].result == text('Sum up: [{"rank":"2","title":"second"}]')
    assert "picture" not in reply.results[0].properties.non_ref_props.fields
    assert "size" in reply.results[0].properties.non_ref_props.fields


def test_both_at_once(exchange: Exchange, written: str) -> None:
    both = single("{rank}")
    both.MergeFrom(grouped("Sum up", "rank"))
    near = pb.NearVector(vector=[1.0, 0.0])
    reply = search(exchange, written, both, near_vector=near)
    assert [hit.generative.values[0].result for hit in reply.results] == [text("1.23456789e+08"), text("2")]
    assert reply.generative_grouped_results.values[0].result == text('Sum up: [{"rank":"1.23456789e+08"},{"rank":"2"}]')


def test_the_old_form(exchange: Exchange, written: str) -> None:
    old = Write(single_response_prompt="{rank}", grouped_response_task="Sum up", grouped_properties=["rank"])
    request = pb.SearchRequest(collection=written, generative=old, offset=1)
    reply = exchange.unary(rpcs.SEARCH, request)
    assert isinstance(reply, pb.SearchReply)
    metadata = reply.results[0].metadata
    assert (metadata.generative, metadata.generative_present) == (text("2"), True)
    assert reply.generative_grouped_result == text('Sum up: [{"rank":"2"}]')
    assert not reply.results[0].HasField("generative")


def test_groups_have_texts_of_their_first_members(exchange: Exchange, written: str) -> None:
    both = single("{rank}")
    both.MergeFrom(grouped("Sum up", "rank"))
    group_by = pb.GroupBy(path=["title"], number_of_groups=9, objects_per_group=9)
    near = pb.NearVector(vector=[1.0, 0.0])
    reply = search(exchange, written, both, near_vector=near, group_by=group_by)
    assert [group.generative.result for group in reply.group_by_results] == [text("1.23456789e+08"), text("2")]
    assert reply.generative_grouped_result == text('Sum up: [{"rank":"1.23456789e+08"},{"rank":"2"}]')


def openai(url: str, **more: Any) -> pb.GenerativeProvider:
    metadata: bool = more.pop("return_metadata", False)
    return pb.GenerativeProvider(
        return_metadata=metadata, openai=pb.GenerativeOpenAI(model="echo", base_url=url, **more)
    )


def test_the_request_names_the_provider(exchange: Exchange, written: str, store_models_url: str) -> None:
    url = store_models_url
    providers = [
        openai(url, return_metadata=True),
        pb.GenerativeProvider(anthropic=pb.GenerativeAnthropic(model="echo", base_url=url)),
        pb.GenerativeProvider(cohere=pb.GenerativeCohere(model="echo", base_url=url)),
        pb.GenerativeProvider(mistral=pb.GenerativeMistral(model="echo", base_url=url)),
        pb.GenerativeProvider(ollama=pb.GenerativeOllama(model="echo", api_endpoint=url)),
    ]
    for provider in providers:
        asked = Write(
            single=Write.Single(prompt="Say {rank}", queries=[provider]),
            grouped=Write.Grouped(task="Sum up", properties=pb.TextArray(values=["rank"]), queries=[provider]),
        )
        reply = search(exchange, written, asked, offset=1)
        (value,) = reply.results[0].generative.values
        assert value.result == echo("Say 2")
        assert value.HasField("metadata") is provider.return_metadata
        assert reply.generative_grouped_results.values[0].result == echo('Sum up: [{"rank":"2"}]')


def test_one_prompt_is_kept_for_debugging(exchange: Exchange, written: str, store_models_url: str) -> None:
    def asked(single: bool | None, grouped: bool | None) -> tuple[str, str]:
        """Give the prompts of the text for one object and of that for all."""
        queries = [openai(store_models_url)]
        message = Write()
        if single is not None:
            message.single.MergeFrom(Write.Single(prompt="Say {rank}", debug=single, queries=queries))
        if grouped is not None:
            chosen = pb.TextArray(values=["rank"])
            message.grouped.MergeFrom(Write.Grouped(task="Sum up", properties=chosen, debug=grouped, queries=queries))
        reply = search(exchange, written, message, offset=1)
        whole = reply.generative_grouped_results.values
        return reply.results[0].generative.values[0].debug.full_prompt, whole[0].debug.full_prompt if whole else ""

    assert asked(True, None) == ("Say 2", "")
    assert asked(None, True) == ("", 'Sum up: [{"rank":"2"}]')
    assert asked(True, True) == ("Say 2", "Say 2")
    assert asked(False, True) == ("", "Say 2")
    assert asked(True, False) == ("", "")


def test_images(exchange: Exchange, written: str, store_models_url: str) -> None:
    for number, picture in ((1, b"one"), (2, b"two")):
        path = f"/objects/{written}/{number:02x}000000-0000-4000-8000-000000000000"
        body = {"class": written, "properties": {"picture": b64encode(picture).decode()}}
        assert call_rest(exchange, "PATCH", path, body).status == 204
    given = pb.TextArray(values=[b64encode(b"given").decode()])
    shown = openai(store_models_url, images=given, image_properties=pb.TextArray(values=["picture"]))
    whole = pb.TextArray(values=["rank"])
    reply = search(exchange, written, Write(grouped=Write.Grouped(task="Sum up", properties=whole, queries=[shown])))
    ranks = '[{"rank":"1.23456789e+08"},{"rank":"2"}]'
    assert reply.generative_grouped_results.values[0].result == echo(f"Sum up: {ranks}", b"one", b"two", b"given")
    reply = search(exchange, written, Write(grouped=Write.Grouped(task="Sum up", queries=[shown])))
    assert reply.generative_grouped_results.values[0].result == echo("Sum up: []", b"one", b"two", b"given")

    def single(**fields: object) -> str:
        message = Write(single=Write.Single(prompt="Say", queries=[shown]))
        reply = search(exchange, written, message, limit=1, **fields)
        return reply.results[0].generative.values[0].result

    # What a search does not read of an object, it does not show either.
    near = pb.NearVector(vector=[1.0, 0.0])
    assert single() == echo("Say", b"one", b"given")
    assert single(near_vector=near) == echo("Say", b"given")
    chosen = pb.PropertiesRequest(non_ref_properties=["picture"])
    assert single(near_vector=near, properties=chosen) == echo("Say", b"one", b"given")


def test_a_failing_generator(exchange: Exchange, written: str, store_models_url: str) -> None:
    asked = Write(single=Write.Single(prompt="fail with status 503", queries=[openai(store_models_url)]))
    assert "the prompt asked for status 503" in refusal(exchange, written, asked)


def test_a_prompt_needs_values(exchange: Exchange, written: str) -> None:
    words = (
        "Following property has empty value: '{}'. Make sure you spell the property name correctly, verify that the property "
        "exists and has a value"
    )
    assert refusal(exchange, written, single("{tags}")) == words.format("tags")
    assert refusal(exchange, written, single("{picture}")) == words.format("picture")
    assert refusal(exchange, written, single("{nothing}")).startswith("no such prop with name 'nothing'")
    assert refusal(exchange, written, single("{ title }")).startswith("no such prop with name ' title '")


def test_the_dummy_has_no_metadata(exchange: Exchange, written: str) -> None:
    asked = Write(single=Write.Single(prompt="x", queries=[pb.GenerativeProvider(return_metadata=True)]))
    assert refusal(exchange, written, asked) == "provider: , not supported"


def test_a_collection_without_a_generator(exchange: Exchange, create: Callable[[dict[str, object]], str]) -> None:
    plain = create({})
    provider = "extend generate: client not found, empty provider"
    assert refusal(exchange, plain, single("x")) == f"explorer: list class: extend: {provider}"
    near = pb.NearVector(vector=[1.0, 0.0])
    assert refusal(exchange, plain, single("x"), near_vector=near) == (
        f"explorer: get class: concurrentTargetVectorSearch: explorer: get class: extend: {provider}"
    )


def test_the_dummy_cannot_be_chosen(exchange: Exchange, create: Callable[[dict[str, object]], str]) -> None:
    """It has a message as other providers have, which is not read."""
    chosen = pb.GenerativeSearch()
    chosen.single.prompt = "x"
    chosen.single.queries.add().dummy.SetInParent()
    assert "client not found, empty provider" in refusal(exchange, create({}), chosen)
