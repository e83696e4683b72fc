# ruff: noqa: N801 - the classes are the constructors that users call, as in weaviate_orm.modules
"""The table of providers: one class each, whose fields are those of the provider's message in the request.

Options that most of them share: ``model`` is the provider's name of the model, ``base_url`` another address of the same interface, as the
*server* sees it, ``temperature`` is how freely the model chooses its words, ``top_p``, ``top_k``, ``p`` and ``k`` cut the choice to the
likeliest, ``max_tokens`` limits the answer, ``frequency_penalty`` and ``presence_penalty`` mark repeated words down, ``stop`` and
``stop_sequences`` end the answer. Of ``n`` answers the server gives the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from weaviate_orm.generative.provider import Provider, provider

__all__ = [
    "anthropic",
    "anyscale",
    "aws",
    "azure_openai",
    "cohere",
    "contextualai",
    "databricks",
    "deepseek",
    "dummy",
    "friendliai",
    "google",
    "google_gemini",
    "mistral",
    "nvidia",
    "ollama",
    "openai",
    "xai",
]


@provider("anthropic", takes_images=True)
class anthropic(Provider):
    """Anthropic. The key goes in the header ``X-Anthropic-Api-Key``."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop_sequences: Sequence[str] | None = None
    base_url: str | None = None


@provider("anyscale")
class anyscale(Provider):
    """Anyscale. The key goes in the header ``X-Anyscale-Api-Key``."""

    model: str | None = None
    temperature: float | None = None
    base_url: str | None = None


@provider("aws", takes_images=True)
class aws(Provider):
    """AWS: a Bedrock ``model``, or a SageMaker ``endpoint``. The keys go in ``X-AWS-Access-Key`` and ``X-AWS-Secret-Key``.

    A query cannot set ``top_p`` and ``top_k``: the server takes them from the collection's module only.

    Attributes:
        service: which of the two; default ``bedrock``.
        region: AWS region, such as ``eu-central-1``.
        endpoint: SageMaker's endpoint.
        target_model: the model of a SageMaker endpoint with several.
        target_variant: the variant of a SageMaker endpoint with several.
    """

    service: Literal["bedrock", "sagemaker"] | None = None
    region: str | None = None
    model: str | None = None
    endpoint: str | None = None
    target_model: str | None = None
    target_variant: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    stop_sequences: Sequence[str] | None = None


@provider("openai", takes_images=True, constants={"is_azure": True})
class azure_openai(Provider):
    """OpenAI's models on Azure. The key goes in the header ``X-Azure-Api-Key``.

    Attributes:
        resource_name: name of the Azure resource.
        deployment_id: name of the deployment in it.
        api_version: Azure's interface version, such as ``2024-02-01``.
    """

    resource_name: str | None = None
    deployment_id: str | None = None
    api_version: str | None = None
    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    n: int | None = None
    stop: Sequence[str] | None = None
    reasoning_effort: Literal["minimal", "low", "medium", "high"] | None = None
    verbosity: Literal["low", "medium", "high"] | None = None
    base_url: str | None = None


@provider("cohere", takes_images=True)
class cohere(Provider):
    """Cohere. The key goes in the header ``X-Cohere-Api-Key``."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    p: float | None = None
    k: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    stop_sequences: Sequence[str] | None = None
    base_url: str | None = None


@provider("contextualai", reports=False)
class contextualai(Provider):
    """Contextual AI (needs server 1.34). The key goes in the header ``X-ContextualAI-Api-Key``.

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


@provider("databricks")
class databricks(Provider):
    """A Databricks serving endpoint. The token goes in the header ``X-Databricks-Token``.

    Attributes:
        endpoint: the endpoint's full address.
        log_probs: have the model compute the likelihood of its words; the server does not pass it on.
        top_log_probs: of how many alternatives to each word.
    """

    endpoint: str | None = None
    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    n: int | None = None
    stop: Sequence[str] | None = None
    log_probs: bool | None = None
    top_log_probs: int | None = None


@provider("deepseek")
class deepseek(Provider):
    """DeepSeek (needs server 1.36.19, 1.37.10, 1.38.2 or 1.39). The key goes in the header ``X-Deepseek-Api-Key``."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    stop: Sequence[str] | None = None
    base_url: str | None = None


@provider("dummy", reports=False)
class dummy(Provider):
    """The server's own dummy, which repeats what it was asked. For tests, and only for models that declare ``generative_dummy()``."""


@provider("friendliai")
class friendliai(Provider):
    """FriendliAI. The token goes in the header ``X-Friendli-Token``."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    n: int | None = None
    base_url: str | None = None


@provider("google", takes_images=True)
class google(Provider):
    """Google's Vertex AI. The key goes in the header ``X-Goog-Vertex-Api-Key``.

    Attributes:
        project_id: the Google Cloud project.
        endpoint_id: a tuned model's endpoint, instead of ``model``.
        region: region of the endpoint.
        location: region of the project.
        api_endpoint: host of the interface.
    """

    project_id: str | None = None
    model: str | None = None
    endpoint_id: str | None = None
    region: str | None = None
    location: str | None = None
    api_endpoint: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    stop_sequences: Sequence[str] | None = None


@provider("google", takes_images=True, constants={"api_endpoint": "generativelanguage.googleapis.com"})
class google_gemini(Provider):
    """Google's Gemini interface, which needs no project. The key goes in the header ``X-Goog-Studio-Api-Key``."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    stop_sequences: Sequence[str] | None = None


@provider("mistral")
class mistral(Provider):
    """Mistral. The key goes in the header ``X-Mistral-Api-Key``."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    base_url: str | None = None


@provider("nvidia")
class nvidia(Provider):
    """NVIDIA NIM (needs server 1.28.5). The key goes in the header ``X-Nvidia-Api-Key``."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    base_url: str | None = None


@provider("ollama", takes_images=True)
class ollama(Provider):
    """Ollama, which needs no key.

    Attributes:
        api_endpoint: Ollama's address as the *server* sees it; default ``http://localhost:11434``.
    """

    model: str | None = None
    temperature: float | None = None
    api_endpoint: str | None = None


@provider("openai", takes_images=True)
class openai(Provider):
    """OpenAI, and what speaks its interface (``base_url``). The key goes in the header ``X-OpenAI-Api-Key``.

    Attributes:
        reasoning_effort: how long the model thinks before it answers.
        verbosity: how long answers are.
    """

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    n: int | None = None
    stop: Sequence[str] | None = None
    reasoning_effort: Literal["minimal", "low", "medium", "high"] | None = None
    verbosity: Literal["low", "medium", "high"] | None = None
    base_url: str | None = None


@provider("xai", takes_images=True)
class xai(Provider):
    """xAI (needs server 1.30). The key goes in the header ``X-xAI-Api-Key``."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    base_url: str | None = None
