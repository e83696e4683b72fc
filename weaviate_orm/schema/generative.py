# ruff: noqa: N801 - the classes are the constructors that users call, see modules.py
"""The table of generative modules; what an entry is, and the options that many share, are explained in ``modules.py``.

Options that most of them share: ``temperature`` is how freely the model chooses its words, ``top_p`` and ``top_k`` cut the
choice to the likeliest, ``max_tokens`` limits the answer, ``frequency_penalty`` and ``presence_penalty`` mark repeated words
down, ``stop_sequences`` end the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from weaviate_orm.schema.modules import GenerativeModule, entry

__all__ = [
    "ReasoningEffort",
    "generative_anthropic",
    "generative_anyscale",
    "generative_aws",
    "generative_azure_openai",
    "generative_cohere",
    "generative_contextualai",
    "generative_databricks",
    "generative_deepseek",
    "generative_digitalocean",
    "generative_dummy",
    "generative_friendliai",
    "generative_google",
    "generative_google_gemini",
    "generative_meta",
    "generative_mistral",
    "generative_nvidia",
    "generative_ollama",
    "generative_openai",
    "generative_xai",
]

ReasoningEffort: TypeAlias = Literal["none", "minimal", "low", "medium", "high", "xhigh"]
"""How long a model thinks before it answers."""

_GEMINI = "generativelanguage.googleapis.com"


@entry("generative-anthropic")
class generative_anthropic(GenerativeModule):
    """Answers by Anthropic."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop_sequences: Sequence[str] | None = None
    base_url: str | None = None


@entry("generative-anyscale")
class generative_anyscale(GenerativeModule):
    """Answers by Anyscale."""

    model: str | None = None
    temperature: float | None = None
    base_url: str | None = None


@entry("generative-aws")
class generative_aws(GenerativeModule):
    """Answers on AWS: a Bedrock ``model``, or a SageMaker ``endpoint``.

    Attributes:
        region: AWS region, such as ``eu-central-1``.
        service: which of the two; default ``bedrock``.
        endpoint: SageMaker's endpoint.
        target_model: the model of a SageMaker endpoint with several.
        target_variant: the variant of a SageMaker endpoint with several.
    """

    region: str | None = None
    service: Literal["bedrock", "sagemaker"] | None = None
    model: str | None = None
    endpoint: str | None = None
    target_model: str | None = None
    target_variant: str | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop_sequences: Sequence[str] | None = None
    max_tokens: int | None = None


@entry("generative-openai")
class generative_azure_openai(GenerativeModule):
    """Answers by OpenAI's models on Azure.

    Attributes:
        resource_name: name of the Azure resource.
        deployment_id: name of the deployment in it.
        api_version: Azure's interface version, such as ``2024-02-01``.
    """

    constants = {"isAzure": True}

    resource_name: str
    deployment_id: str
    api_version: str | None = None
    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    verbosity: Literal["low", "medium", "high"] | None = None
    reasoning_effort: ReasoningEffort | None = None
    base_url: str | None = None


@entry("generative-cohere")
class generative_cohere(GenerativeModule):
    """Answers by Cohere.

    Attributes:
        k: how many of the likeliest words the choice is cut to.
    """

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    k: int | None = None
    stop_sequences: Sequence[str] | None = None
    base_url: str | None = None


@entry("generative-contextualai", since="1.34.0")
class generative_contextualai(GenerativeModule):
    """Answers by Contextual AI.

    Attributes:
        max_new_tokens: limits the answer.
        system_prompt: instructions before every prompt.
        avoid_commentary: leave out what the sources do not say.
        knowledge: texts that every answer may draw from.
    """

    model: str | None = None
    max_new_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    system_prompt: str | None = None
    avoid_commentary: bool | None = None
    knowledge: Sequence[str] | None = None


@entry("generative-databricks")
class generative_databricks(GenerativeModule):
    """Answers by a Databricks serving endpoint.

    Attributes:
        endpoint: the endpoint's full address.
    """

    endpoint: str
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None


@entry("generative-deepseek", since="1.36.19")
class generative_deepseek(GenerativeModule):
    """Answers by DeepSeek.

    Attributes:
        stop: texts that end the answer.
    """

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    stop: Sequence[str] | None = None
    base_url: str | None = None


@entry("generative-digitalocean")
class generative_digitalocean(GenerativeModule):
    """Answers by DigitalOcean.

    Attributes:
        stop: texts that end the answer.
    """

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    stop: Sequence[str] | None = None
    base_url: str | None = None


@entry("generative-dummy")
class generative_dummy(GenerativeModule):
    """An answer that says what it was asked, made by the server itself. For tests."""


@entry("generative-friendliai")
class generative_friendliai(GenerativeModule):
    """Answers by FriendliAI."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    base_url: str | None = None


@entry("generative-google")
class generative_google(GenerativeModule):
    """Answers by Google's Vertex AI.

    Attributes:
        project_id: the Google Cloud project.
        endpoint_id: a tuned model's endpoint, instead of ``model``.
        region: region of the endpoint.
        location: region of the project.
        api_endpoint: host of the interface.
        max_output_tokens: limits the answer.
    """

    json_keys = {"model": "modelId", "max_output_tokens": "tokenLimit"}

    project_id: str
    model: str | None = None
    endpoint_id: str | None = None
    region: str | None = None
    location: str | None = None
    api_endpoint: str | None = None
    max_output_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None


@entry("generative-google")
class generative_google_gemini(GenerativeModule):
    """Answers by Google's Gemini interface, which needs no project.

    Attributes:
        max_output_tokens: limits the answer.
    """

    json_keys = {"model": "modelId", "max_output_tokens": "tokenLimit"}
    constants = {"apiEndpoint": _GEMINI}

    model: str | None = None
    max_output_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None


@entry("generative-meta")
class generative_meta(GenerativeModule):
    """Answers by Meta."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    reasoning_effort: ReasoningEffort | None = None
    base_url: str | None = None


@entry("generative-mistral")
class generative_mistral(GenerativeModule):
    """Answers by Mistral."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    base_url: str | None = None


@entry("generative-nvidia", since="1.28.5")
class generative_nvidia(GenerativeModule):
    """Answers by NVIDIA NIM."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    base_url: str | None = None


@entry("generative-ollama")
class generative_ollama(GenerativeModule):
    """Answers by Ollama.

    Attributes:
        api_endpoint: Ollama's address as the *server* sees it; default ``http://localhost:11434``.
    """

    api_endpoint: str | None = None
    model: str | None = None


@entry("generative-openai")
class generative_openai(GenerativeModule):
    """Answers by OpenAI.

    Attributes:
        verbosity: how long answers are.
        reasoning_effort: how long the model thinks before it answers.
    """

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    verbosity: Literal["low", "medium", "high"] | None = None
    reasoning_effort: ReasoningEffort | None = None
    base_url: str | None = None


@entry("generative-xai", since="1.30.0")
class generative_xai(GenerativeModule):
    """Answers by xAI."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    base_url: str | None = None
