"""Providers: every option of the protocol is there, checked where it is written, and no secret is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from weaviate_orm import InvalidValueError, generative, modules
from weaviate_orm.generative import Provider, azure_openai, cohere, contextualai, databricks, google_gemini, openai
from weaviate_orm.generative.provider import plain_provider
from weaviate_orm.schema.options import option_fields
from weaviate_orm.wire import _pb as pb

PROVIDERS: list[type[Provider]] = [
    value
    for name in generative.__all__
    if issubclass(value := getattr(generative, name), Provider) and value is not Provider
]
IMAGES = {"images", "image_properties"}  # are given to generate()


def fields(kind: str) -> set[str]:
    message = pb.GenerativeProvider.DESCRIPTOR.fields_by_name[kind].message_type
    assert message is not None
    return set(message.fields_by_name)


def test_every_provider_of_the_protocol_is_there() -> None:
    kinds = {field.name for field in pb.GenerativeProvider.DESCRIPTOR.oneofs_by_name["kind"].fields}
    assert {each.kind for each in PROVIDERS} == kinds


@pytest.mark.parametrize("kind", sorted({each.kind for each in PROVIDERS}))
def test_every_option_of_the_protocol_is_there(kind: str) -> None:
    mine = [each for each in PROVIDERS if each.kind == kind]
    names = {name for each in mine for name in (*each.constants, *(option.name for option in option_fields(each)))}
    assert names == fields(kind) - IMAGES
    assert {each.takes_images for each in mine} == {fields(kind) >= IMAGES}


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda each: each.__name__)
def test_names_are_those_of_the_modules(provider: type[Provider]) -> None:
    assert hasattr(modules, f"generative_{provider.__name__}")
    assert getattr(modules, f"generative_{provider.__name__}").module_key == provider.module


@pytest.mark.parametrize(
    ("provider", "options", "message"),
    [
        (openai, {"model": " "}, r"openai\(model=\.\.\.\) takes a text that is not empty, got ' '"),
        (openai, {"model": 3}, "takes a text"),
        (openai, {"max_tokens": 0}, r"openai\(max_tokens=\.\.\.\) takes a whole number from 1 to 2\*\*63 - 1, got 0"),
        (openai, {"max_tokens": True}, "whole number"),
        (openai, {"max_tokens": 2**63}, "whole number"),
        (openai, {"model": "\ud800"}, r"openai\(model=\.\.\.\) takes a text that can be encoded"),
        (openai, {"stop": ["x", "\ud800"]}, "a text that can be encoded"),
        (openai, {"max_tokens": 1.5}, "whole number"),
        (openai, {"temperature": "hot"}, "takes a number, got 'hot'"),
        (openai, {"temperature": float("nan")}, "takes a number, got nan"),
        (openai, {"temperature": True}, "takes a number"),
        (databricks, {"log_probs": 1}, "takes True or False, got 1"),
        (openai, {"stop": "x"}, "takes a list of texts that are not empty, got 'x'"),
        (openai, {"stop": []}, "takes a list"),
        (openai, {"stop": ["x", ""]}, "takes a list"),
        (contextualai, {"knowledge": [1]}, "takes a list"),
        (openai, {"reasoning_effort": "lo"}, "'minimal', 'low', 'medium' or 'high', got 'lo'. Did you mean 'low'"),
        (openai, {"base_url": "http://ada:secret@host/v1"}, "without a user or password"),
    ],
)
def test_wrong_options_are_refused_where_they_are_written(
    provider: Callable[..., Provider], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidValueError, match=message) as caught:
        provider(**options)
    assert "secret" not in str(caught.value)


def test_unknown_options_are_no_options() -> None:
    options: dict[str, Any] = {"modle": "x"}
    with pytest.raises(TypeError, match="modle"):
        openai(**options)


def test_providers_are_values() -> None:
    one = openai(model="gpt-5", stop=["a", "b"], temperature=0)
    assert one == openai(model="gpt-5", stop=("a", "b"), temperature=0)
    assert len({one, openai(model="gpt-5", stop=["a", "b"], temperature=0)}) == 1
    assert repr(one) == "openai(model='gpt-5', temperature=0, stop=('a', 'b'))"
    assert one.fields() == {"model": "gpt-5", "stop": ("a", "b"), "temperature": 0}
    with pytest.raises(FrozenInstanceError):
        one.model = "other"  # type: ignore[misc]  # which is what is tested


def test_lists_are_not_shared_with_the_caller() -> None:
    words = ["a"]
    made = cohere(stop_sequences=words)
    words.append("b")
    assert made.stop_sequences == ("a",)


def test_what_tells_two_providers_of_one_message_apart() -> None:
    assert azure_openai(deployment_id="x").fields() == {"deployment_id": "x", "is_azure": True}
    assert google_gemini().fields() == {"api_endpoint": "generativelanguage.googleapis.com"}


def test_the_plain_provider_of_a_module() -> None:
    assert plain_provider("generative-openai") == openai()
    assert plain_provider("generative-acme") is None
