"""Providers for one query's ``generate()``, named as in ``weaviate_orm.modules`` without ``generative_``, and what they report.

    query.generate(single=f"Sum up {Article.body}", provider=openai(model="gpt-5-mini", temperature=0.2))

A provider named in a query goes before the collection's own module, which then need not exist; what is left out is taken from the module's
settings where the collection has the same module, and is the server's default otherwise. Every option is typed and keyword-only. Keys are
no options: they go in the session's ``headers`` or the server's environment. Needs server 1.27.14.
"""

from __future__ import annotations

from weaviate_orm.generative.metadata import (
    AnthropicMetadata,
    CohereMetadata,
    DatabricksMetadata,
    DeepSeekMetadata,
    FriendliAIMetadata,
    GoogleMetadata,
    MistralMetadata,
    NvidiaMetadata,
    OpenAIMetadata,
    ProviderMetadata,
    TokenUsage,
    UsageMetadata,
    XAIMetadata,
)
from weaviate_orm.generative.provider import Provider
from weaviate_orm.generative.providers import (
    anthropic,
    anyscale,
    aws,
    azure_openai,
    cohere,
    contextualai,
    databricks,
    deepseek,
    dummy,
    friendliai,
    google,
    google_gemini,
    mistral,
    nvidia,
    ollama,
    openai,
    xai,
)

__all__ = [
    "AnthropicMetadata",
    "CohereMetadata",
    "DatabricksMetadata",
    "DeepSeekMetadata",
    "FriendliAIMetadata",
    "GoogleMetadata",
    "MistralMetadata",
    "NvidiaMetadata",
    "OpenAIMetadata",
    "Provider",
    "ProviderMetadata",
    "TokenUsage",
    "UsageMetadata",
    "XAIMetadata",
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
