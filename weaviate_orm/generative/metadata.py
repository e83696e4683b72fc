"""What providers report about an answer: how many tokens it took, in each provider's own terms.

Every class gives the three numbers that all have in some form as ``input_tokens``, ``output_tokens`` and ``total_tokens``; the rest is as
the provider names it. A number is ``None`` where the provider did not say.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    "ProviderMetadata",
    "TokenUsage",
    "UsageMetadata",
    "XAIMetadata",
]


class ProviderMetadata:
    """Base of what providers report."""

    __slots__ = ()

    @property
    def input_tokens(self) -> int | None:
        """Tokens of the prompt."""
        raise NotImplementedError

    @property
    def output_tokens(self) -> int | None:
        """Tokens of the answer."""
        raise NotImplementedError

    @property
    def total_tokens(self) -> int | None:
        """Both; their sum where the provider gives none itself."""
        return _sum(self.input_tokens, self.output_tokens)


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens of the prompt, of the answer, and of both."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class UsageMetadata(ProviderMetadata):
    """Base of the providers that report their usage in the terms of OpenAI's interface.

    Attributes:
        usage: ``None`` where the provider left it out.
    """

    usage: TokenUsage | None = None

    @property
    def input_tokens(self) -> int | None:
        """Tokens of the prompt."""
        return None if self.usage is None else self.usage.prompt_tokens

    @property
    def output_tokens(self) -> int | None:
        """Tokens of the answer."""
        return None if self.usage is None else self.usage.completion_tokens

    @property
    def total_tokens(self) -> int | None:
        """Both, as the provider counts them."""
        return None if self.usage is None else self.usage.total_tokens


class DatabricksMetadata(UsageMetadata):
    """What Databricks reports."""

    __slots__ = ()


class DeepSeekMetadata(UsageMetadata):
    """What DeepSeek reports."""

    __slots__ = ()


class FriendliAIMetadata(UsageMetadata):
    """What FriendliAI reports."""

    __slots__ = ()


class MistralMetadata(UsageMetadata):
    """What Mistral reports."""

    __slots__ = ()


class NvidiaMetadata(UsageMetadata):
    """What NVIDIA reports."""

    __slots__ = ()


class OpenAIMetadata(UsageMetadata):
    """What OpenAI reports, on Azure too."""

    __slots__ = ()


class XAIMetadata(UsageMetadata):
    """What xAI reports."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class AnthropicMetadata(ProviderMetadata):
    """What Anthropic reports.

    Attributes:
        prompt_tokens: tokens of the prompt.
        answer_tokens: tokens of the answer.
    """

    prompt_tokens: int | None = None
    answer_tokens: int | None = None

    @property
    def input_tokens(self) -> int | None:
        """Tokens of the prompt."""
        return self.prompt_tokens

    @property
    def output_tokens(self) -> int | None:
        """Tokens of the answer."""
        return self.answer_tokens


@dataclass(frozen=True, slots=True)
class CohereMetadata(ProviderMetadata):
    """What Cohere reports.

    Attributes:
        api_version: of Cohere's interface.
        is_deprecated: whether that version is.
        is_experimental: whether that version is.
        billed_input_tokens: tokens of the prompt that are paid for.
        billed_output_tokens: tokens of the answer that are paid for.
        search_units: searches that are paid for.
        classifications: classifications that are paid for.
        prompt_tokens: tokens of the prompt.
        answer_tokens: tokens of the answer.
        warnings: what Cohere remarks on the request.
    """

    api_version: str | None = None
    is_deprecated: bool | None = None
    is_experimental: bool | None = None
    billed_input_tokens: float | None = None
    billed_output_tokens: float | None = None
    search_units: float | None = None
    classifications: float | None = None
    prompt_tokens: float | None = None
    answer_tokens: float | None = None
    warnings: tuple[str, ...] = ()

    @property
    def input_tokens(self) -> int | None:
        """Tokens of the prompt."""
        return None if self.prompt_tokens is None else round(self.prompt_tokens)

    @property
    def output_tokens(self) -> int | None:
        """Tokens of the answer."""
        return None if self.answer_tokens is None else round(self.answer_tokens)


@dataclass(frozen=True, slots=True)
class GoogleMetadata(ProviderMetadata):
    """What Google reports: Vertex AI the tokens and characters of both sides, Gemini's interface the three counts.

    Attributes:
        prompt_token_count: Gemini: tokens of the prompt.
        candidates_token_count: Gemini: tokens of the answer.
        total_token_count: Gemini: both.
        input_total_tokens: Vertex AI: tokens of the prompt.
        input_billable_characters: Vertex AI: characters of the prompt that are paid for.
        output_total_tokens: Vertex AI: tokens of the answer.
        output_billable_characters: Vertex AI: characters of the answer that are paid for.
    """

    prompt_token_count: int | None = None
    candidates_token_count: int | None = None
    total_token_count: int | None = None
    input_total_tokens: int | None = None
    input_billable_characters: int | None = None
    output_total_tokens: int | None = None
    output_billable_characters: int | None = None

    @property
    def input_tokens(self) -> int | None:
        """Tokens of the prompt."""
        return self.input_total_tokens if self.prompt_token_count is None else self.prompt_token_count

    @property
    def output_tokens(self) -> int | None:
        """Tokens of the answer."""
        return self.output_total_tokens if self.candidates_token_count is None else self.candidates_token_count

    @property
    def total_tokens(self) -> int | None:
        """Both, as Google counts them."""
        summed = _sum(self.input_tokens, self.output_tokens)
        return summed if self.total_token_count is None else self.total_token_count


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None and other is None else (one or 0) + (other or 0)
