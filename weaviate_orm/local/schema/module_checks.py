"""What the server refuses of a module's own settings: one small function a module, raising ValueError with the server's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from weaviate_orm.local.go_text import Origin, go_type
from weaviate_orm.local.schema.narrowing import as_list
from weaviate_orm.local.schema.parsed import Json

__all__ = ["CHECKS", "REPORTS_SOURCES", "check_centroid", "check_sources"]

_V3_DIMENSIONS: Final = {"text-embedding-3-small": (512, 1536), "text-embedding-3-large": (256, 1024, 3072)}
_OLD_OPENAI: Final = ("ada", "babbage", "curie", "davinci")
_AWS_SERVICES: Final = ("bedrock", "sagemaker")
_TASK_TYPES: Final = (
    "RETRIEVAL_QUERY",
    "QUESTION_ANSWERING",
    "FACT_VERIFICATION",
    "CODE_RETRIEVAL_QUERY",
    "CLASSIFICATION",
    "CLUSTERING",
    "SEMANTIC_SIMILARITY",
)
_GEMINI: Final = "generativelanguage.googleapis.com"
_LABEL: Final = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"


def _text(settings: Json, name: str, default: str = "") -> str:
    value = settings.get(name)
    return value if isinstance(value, str) else default


def _list(values: Sequence[object]) -> str:
    return f"[{' '.join(str(value) for value in values)}]"


def check_sources(settings: Json) -> None:
    """Check ``properties``, which names the properties that a vectorizer reads."""
    if "properties" not in settings:
        return
    sources = as_list(settings["properties"])
    if sources is None:
        raise ValueError(
            f"properties field needs to be of array type, got: {go_type(settings['properties'], Origin.REST)}"
        )
    if not sources:
        raise ValueError("properties field needs to have at least 1 property defined")
    for source in sources:
        if not isinstance(source, str):
            raise ValueError(f"properties field value: {source} must be a string")


def _errors(settings: Json, *checks: Callable[[Json], None]) -> list[str]:
    """Give the texts of all checks that fail; some modules tell all of them."""
    found: list[str] = []
    for check in checks:
        try:
            check(settings)
        except ValueError as error:
            found.append(str(error))
    return found


def check_centroid(collection: str, settings: Json) -> None:
    """Check the references of ``ref2vec-centroid``."""
    given = settings.get("referenceProperties")
    prefix = f'validate "{collection}": '
    if "referenceProperties" not in settings or given == []:
        raise ValueError(f'{prefix}invalid config: must have at least one value in the "referenceProperties" field')
    references = as_list(given)
    if references is None:
        raise ValueError(
            f'{prefix}invalid config: expected array for field "referenceProperties", got {go_type(given, Origin.REST)}'
        )
    for one in references:
        if not isinstance(one, str):
            raise ValueError(
                f'{prefix}invalid config: expected "referenceProperties" to contain strings, found json.Number: '
                f"{_list(references)}"
            )
    if not isinstance(settings.get("method"), str):
        raise ValueError(
            f"{prefix}could not parse calculation methode. Expected a string, got: {settings.get('method')}"
        )


def _check_aws(settings: Json) -> None:
    wrong = _errors(settings, check_sources)
    service = _text(settings, "service")
    if service not in _AWS_SERVICES:
        wrong.append(f"wrong service, available services are: {_list(_AWS_SERVICES)}")
    if not _text(settings, "region"):
        wrong.append("region cannot be empty")
    wrong += _aws_errors(settings, service)
    if wrong:
        raise ValueError(", ".join(wrong))


def _aws_errors(settings: Json, service: str, *checks: Callable[[Json], None]) -> list[str]:
    """Give what is wrong with the model of a service; ``checks`` are about more settings of bedrock's."""
    model, endpoint = _text(settings, "model"), _text(settings, "endpoint")
    wrong: list[str] = []
    if service == "bedrock":
        if not model:
            wrong.append("model has to be defined")
        wrong += _errors(settings, *checks)
        if endpoint:
            wrong.append(f"wrong configuration: {endpoint}, not applicable to {service}")
    if service == "sagemaker":
        if not endpoint:
            wrong.append("endpoint cannot be empty")
        if model:
            wrong.append(f"wrong configuration: model, not applicable to {service}. did you mean targetModel")
    return wrong


def _check_google(settings: Json) -> None:
    wrong = _errors(settings, check_sources)
    endpoint, location = _text(settings, "apiEndpoint"), _text(settings, "location")
    if endpoint and not re.fullmatch(rf"{_LABEL}(\.{_LABEL})*\.googleapis\.com", endpoint.lower()):
        wrong.append(f'apiEndpoint must be a Google API host ending in .googleapis.com, got "{endpoint}"')
    if location and not re.fullmatch(_LABEL, location.lower()):
        wrong.append(f'location must be a Google region name, got "{location}"')
    if endpoint != _GEMINI and not _text(settings, "projectId"):
        wrong.append("projectId cannot be empty")
    if _text(settings, "taskType", _TASK_TYPES[0]) not in _TASK_TYPES:
        wrong.append(f"wrong taskType supported task types are: {_list(_TASK_TYPES)}")
    if wrong:
        raise ValueError(", ".join(wrong))


def _check_openai(settings: Json) -> None:
    kind = _text(settings, "type", "text")
    if kind not in ("text", "code"):
        raise ValueError("wrong OpenAI type name, available model names are: [text code]")
    model = _text(settings, "model", "text-embedding-3-small")
    azure = settings.get("isAzure") is True or all(_text(settings, name) for name in ("resourceName", "deploymentId"))
    elsewhere = "api.openai.com" not in _text(settings, "baseURL", "https://api.openai.com") and not azure
    available = (*_OLD_OPENAI, *_V3_DIMENSIONS)
    if not elsewhere and model not in available:
        raise ValueError(f"wrong OpenAI model name, available model names are: {_list(available)}")
    version = _text(settings, "modelVersion", _default_version(model, kind))
    if model not in _V3_DIMENSIONS:
        _check_openai_version(version, model, kind)
    dimensions = settings.get("dimensions")
    if not elsewhere and not version and isinstance(dimensions, int):
        if model not in _V3_DIMENSIONS:
            raise ValueError(
                f"dimensions setting can only be used with V3 embedding models: {_list([*_V3_DIMENSIONS])}"
            )
        if dimensions not in _V3_DIMENSIONS[model]:
            raise ValueError(
                f"wrong dimensions setting for {model} model, available dimensions are: {_list(_V3_DIMENSIONS[model])}"
            )
    if azure and bool(_text(settings, "resourceName")) != bool(_text(settings, "deploymentId")):
        raise ValueError("both resourceName and deploymentId must be provided")


def _default_version(model: str, kind: str) -> str:
    if model in _V3_DIMENSIONS:
        return ""
    return "002" if (model, kind) == ("ada", "text") else "001"


def _check_openai_version(version: str, model: str, kind: str) -> None:
    if version == "001":
        return
    if version == "002" and model not in ("ada", "davinci"):
        raise ValueError(f"unsupported version {version}")
    if version == "003" and model != "davinci":
        raise ValueError(f"unsupported version {version}")
    if version not in ("002", "003"):
        raise ValueError(f"model {model} is only available in version 001")
    if kind != "text":
        raise ValueError("ada-002 no longer distinguishes between text/code, use 'text' for all use cases")


def _check_transformers(settings: Json) -> None:
    both, passage, query = (
        _text(settings, name) for name in ("inferenceUrl", "passageInferenceUrl", "queryInferenceUrl")
    )
    if both and (passage or query):
        raise ValueError(
            "either inferenceUrl or passageInferenceUrl together with queryInferenceUrl needs to be set, not both"
        )
    for (name, url), (other, other_url) in (
        (("query", query), ("passage", passage)),
        (("passage", passage), ("query", query)),
    ):
        if url and not other_url:
            raise ValueError(f"{name}InferenceUrl is set but {other}InferenceUrl is empty, both needs to be set")


def _check_huggingface(settings: Json) -> None:
    endpoint = _text(settings, "endpointURL") or _text(settings, "endpointUrl")
    if not endpoint and _text(settings, "model") and _text(settings, "passageModel"):
        raise ValueError("only one setting must be set either 'model' or 'passageModel'")


def _check_generative_aws(settings: Json) -> None:
    wrong: list[str] = []
    service = _text(settings, "service", "bedrock")
    if service not in _AWS_SERVICES:
        wrong.append(f"wrong service, available services are: {_list(_AWS_SERVICES)}")
    wrong += _aws_errors(
        settings,
        service,
        _within("maxTokens", 1, 8192, "maxTokens has to be an integer value between 1 and 8096"),
        _within("temperature", 0, 1, "temperature has to be float value between 0 and 1"),
        _within("topP", 0, 1, "topP has to be an integer value between 0 and 1"),
    )
    if wrong:
        raise ValueError(", ".join(wrong))


def _check_generative_google(settings: Json) -> None:
    wrong = _errors(
        settings,
        _within("temperature", 0, 1, "temperature has to be float value between 0 and 1"),
        _within("topK", 1, float("inf"), "topK has to be an integer value above or equal 1"),
        _within("topP", 0, 1, "topP has to be float value between 0 and 1"),
    )
    if wrong:
        raise ValueError(", ".join(wrong))


def _one_of(name: str, choices: Sequence[str], default: str) -> Callable[[Json], None]:
    def check(settings: Json) -> None:
        if _text(settings, name, default) not in choices:
            raise ValueError(f"wrong {name} type, available types are: {_list(choices)}")

    return check


def _not_empty(text: str, name: str, default: str = "") -> Callable[[Json], None]:
    def check(settings: Json) -> None:
        if not _text(settings, name, default):
            raise ValueError(text)

    return check


def _all(*checks: Callable[[Json], None]) -> Callable[[Json], None]:
    def check(settings: Json) -> None:
        for one in checks:
            one(settings)

    return check


def _within(name: str, low: float, high: float, text: str) -> Callable[[Json], None]:
    def check(settings: Json) -> None:
        value = settings.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and not low <= value <= high:
            raise ValueError(text)

    return check


def _openai_like(upper: str, *, penalty_low: int, penalty_high: int, top: int) -> Callable[[Json], None]:
    low = f"{float(penalty_low)} and {float(penalty_high)}"
    nucleus = (
        "values are should have a minimal value of 1 and max of 5"
        if top == 5
        else ("values are should have a minimal value of 0 and max of 1")
    )
    return _all(
        _within("temperature", 0, float(upper), f"Wrong temperature configuration, values are between 0.0 and {upper}"),
        _within(
            "maxTokens",
            0,
            float("inf"),
            "Wrong maxTokens configuration, values are should have a minimal value of 1 and max is dependant on the model "
            "used",
        ),
        *(
            _within(name, penalty_low, penalty_high, f"Wrong {name} configuration, values are between {low}")
            for name in ("frequencyPenalty", "presencePenalty")
        ),
        _within("topP", 0, top, f"Wrong topP configuration, {nucleus}"),
    )


_LATER: Final = _all(
    *(
        _within(name, low, high, f"wrong {name} configuration, values are between {float(low)} and {float(high)}")
        for name, low, high in (("temperature", 0, 2), ("topP", 0, 1))
    ),
    _within("maxTokens", 1, float("inf"), "wrong maxTokens configuration, values have a minimal value of 1"),
    *(
        _within(name, -2, 2, f"wrong {name} configuration, values are between -2.0 and 2.0")
        for name in ("frequencyPenalty", "presencePenalty")
    ),
)

REPORTS_SOURCES: Final = frozenset(
    {"text2vec-aws", "text2vec-bigram", "text2vec-google", "text2vec-gpt4all", "text2vec-palm"}
)
"""Modules for which ``check_sources`` is not called before their own check: they do it there, or take anything."""

CHECKS: Final[Mapping[str, Callable[[Json], None]]] = {
    "text2vec-aws": _check_aws,
    "text2vec-cohere": _one_of("truncate", ("NONE", "START", "END", "LEFT", "RIGHT"), "END"),
    "text2vec-databricks": _not_empty("endpoint cannot be empty", "endpoint"),
    "text2vec-digitalocean": _not_empty(
        "model must be set; choose one from GET /v1/models on the DigitalOcean Serverless Inference endpoint", "model"
    ),
    "text2vec-google": _check_google,
    "text2vec-palm": _check_google,
    "text2vec-huggingface": _check_huggingface,
    "text2vec-nvidia": _one_of("truncate", ("NONE", "START", "END"), "NONE"),
    "text2vec-ollama": _all(
        _not_empty("apiEndpoint cannot be empty", "apiEndpoint", "-"), _not_empty("model cannot be empty", "model", "-")
    ),
    "text2vec-openai": _check_openai,
    "text2vec-transformers": _check_transformers,
    "generative-aws": _check_generative_aws,
    "generative-google": _check_generative_google,
    "generative-palm": _check_generative_google,
    "generative-databricks": _all(
        _within("temperature", 0, 1, "Wrong temperature configuration, values are between 0.0 and 1.0"),
        _within(
            "maxTokens", 1, float("inf"), "Wrong maxTokens configuration, values should be greater than zero or nil"
        ),
        _within("topP", 0, 5, "Wrong topP configuration, values are should have a minimal value of 1 and max of 5"),
        _within("topK", 1, float("inf"), "Wrong topK configuration, values should be greater than zero or nil"),
    ),
    "generative-deepseek": _openai_like("2.0", penalty_low=-2, penalty_high=2, top=1),
    "generative-digitalocean": _LATER,
    "generative-meta": _LATER,
    "generative-ollama": _all(
        _not_empty("apiEndpoint cannot be empty", "apiEndpoint", "-"), _not_empty("model cannot be empty", "model", "-")
    ),
    "generative-openai": _openai_like("1.0", penalty_low=0, penalty_high=1, top=5),
}
"""Checks by module; modules that are not here accept any settings."""
