"""What providers report about an answer: from the message of each to the class of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

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
from weaviate_orm.wire import _pb as pb

__all__ = ["read_metadata"]


def read_metadata(message: pb.GenerativeMetadata) -> ProviderMetadata | None:
    """Give what the provider reports; ``None`` for nothing."""
    kind = message.WhichOneof("kind") or ""
    read = _METADATA.get(kind)
    return None if read is None else read(getattr(message, kind))


def _given(message: Any, name: str) -> Any:  # of any class, and the field's own type
    """Give a field that may be absent."""
    return getattr(message, name) if message.HasField(name) else None


def _usage(kind: type[UsageMetadata]) -> Callable[[Any], UsageMetadata]:
    def read(message: Any) -> UsageMetadata:  # seven classes with the same fields
        if not message.HasField("usage"):
            return kind()
        usage = message.usage
        return kind(
            TokenUsage(
                _given(usage, "prompt_tokens"), _given(usage, "completion_tokens"), _given(usage, "total_tokens")
            )
        )

    return read


def _anthropic(message: pb.GenerativeAnthropicMetadata) -> AnthropicMetadata:
    if not message.HasField("usage"):
        return AnthropicMetadata()
    return AnthropicMetadata(message.usage.input_tokens, message.usage.output_tokens)


def _cohere(message: pb.GenerativeCohereMetadata) -> CohereMetadata:
    version, billed, tokens = message.api_version, message.billed_units, message.tokens
    return CohereMetadata(
        api_version=_given(version, "version"),
        is_deprecated=_given(version, "is_deprecated"),
        is_experimental=_given(version, "is_experimental"),
        billed_input_tokens=_given(billed, "input_tokens"),
        billed_output_tokens=_given(billed, "output_tokens"),
        search_units=_given(billed, "search_units"),
        classifications=_given(billed, "classifications"),
        prompt_tokens=_given(tokens, "input_tokens"),
        answer_tokens=_given(tokens, "output_tokens"),
        warnings=tuple(message.warnings.values),
    )


def _google(message: pb.GenerativeGoogleMetadata) -> GoogleMetadata:
    gemini, vertex = message.usage_metadata, message.metadata.token_metadata
    return GoogleMetadata(
        prompt_token_count=_given(gemini, "prompt_token_count"),
        candidates_token_count=_given(gemini, "candidates_token_count"),
        total_token_count=_given(gemini, "total_token_count"),
        input_total_tokens=_given(vertex.input_token_count, "total_tokens"),
        input_billable_characters=_given(vertex.input_token_count, "total_billable_characters"),
        output_total_tokens=_given(vertex.output_token_count, "total_tokens"),
        output_billable_characters=_given(vertex.output_token_count, "total_billable_characters"),
    )


# By the name of the message's member. Anyscale, AWS, Ollama and the dummy report nothing.
_METADATA: Final[dict[str, Callable[[Any], ProviderMetadata]]] = {  # each takes the message it stands beside
    "anthropic": _anthropic,
    "cohere": _cohere,
    "databricks": _usage(DatabricksMetadata),
    "deepseek": _usage(DeepSeekMetadata),
    "friendliai": _usage(FriendliAIMetadata),
    "google": _google,
    "mistral": _usage(MistralMetadata),
    "nvidia": _usage(NvidiaMetadata),
    "openai": _usage(OpenAIMetadata),
    "xai": _usage(XAIMetadata),
}
