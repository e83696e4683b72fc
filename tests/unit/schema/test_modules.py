"""The table of modules: the keys that the server reads, and the way back from its JSON."""

from __future__ import annotations

import pickle
from collections.abc import Mapping

import pytest

from weaviate_orm import modules as m
from weaviate_orm.errors import ModelDefinitionError
from weaviate_orm.schema.modules import Module, known_modules, read_generative, read_reranker, read_vectorizer
from weaviate_orm.schema.options import json_key, option_fields

COMMON = {
    "model",
    "dimensions",
    "baseURL",
    "endpoint",
    "vectorizeClassName",
    "imageFields",
    "textFields",
    "temperature",
    "topP",
    "topK",
    "maxTokens",
}
"""Keys without a trap, left out below."""

SPECIAL: Mapping[str, set[str]] = {
    "self_provided": set(),
    "text2vec_transformers": {"poolingStrategy", "inferenceUrl", "passageInferenceUrl", "queryInferenceUrl"},
    "text2vec_openai": {"modelVersion", "type"},
    "text2vec_azure_openai": {"resourceName", "deploymentId", "apiVersion"},
    "text2vec_aws": {"service", "region", "targetModel", "targetVariant"},
    "text2vec_cohere": {"truncate"},
    "text2vec_databricks": {"instruction"},
    "text2vec_google": {"projectId", "apiEndpoint", "location", "modelId", "titleProperty", "taskType"},
    "text2vec_google_gemini": {"modelId", "titleProperty", "taskType"},
    "text2vec_huggingface": {
        "passageModel",
        "queryModel",
        "endpointURL",
        "options.waitForModel",
        "options.useGPU",
        "options.useCache",
    },
    "text2vec_model2vec": {"inferenceUrl"},
    "text2vec_nvidia": {"truncate"},
    "text2vec_ollama": {"apiEndpoint"},
    "text2vec_voyageai": {"truncate"},
    "multi2vec_clip": {"inferenceUrl"},
    "multi2vec_bind": {"audioFields", "depthFields", "imuFields", "thermalFields", "videoFields"},
    "multi2vec_aws": {"region"},
    "multi2vec_cohere": {"truncate"},
    "multi2vec_google": {
        "projectId",
        "location",
        "audioFields",
        "videoFields",
        "modelId",
        "videoIntervalSeconds",
        "apiEndpoint",
    },
    "multi2vec_google_gemini": {"audioFields", "videoFields", "modelId", "videoIntervalSeconds"},
    "multi2vec_voyageai": {"videoFields", "truncate"},
    "ref2vec_centroid": {"referenceProperties", "method"},
    "generative_anthropic": {"stopSequences"},
    "generative_aws": {"region", "service", "targetModel", "targetVariant", "stopSequences"},
    "generative_azure_openai": {
        "resourceName",
        "deploymentId",
        "apiVersion",
        "frequencyPenalty",
        "presencePenalty",
        "verbosity",
        "reasoningEffort",
    },
    "generative_cohere": {"k", "stopSequences"},
    "generative_contextualai": {"maxNewTokens", "systemPrompt", "avoidCommentary", "knowledge"},
    "generative_deepseek": {"frequencyPenalty", "presencePenalty", "stop"},
    "generative_digitalocean": {"frequencyPenalty", "presencePenalty", "stop"},
    "generative_google": {
        "projectId",
        "modelId",
        "endpointId",
        "region",
        "location",
        "apiEndpoint",
        "tokenLimit",
    },
    "generative_google_gemini": {"modelId", "tokenLimit"},
    "generative_meta": {"frequencyPenalty", "presencePenalty", "reasoningEffort"},
    "generative_ollama": {"apiEndpoint"},
    "generative_openai": {"frequencyPenalty", "presencePenalty", "verbosity", "reasoningEffort"},
    "reranker_contextualai": {"instruction", "topN"},
}


def by_name(module: type[Module]) -> str:
    return module.__name__


@pytest.mark.parametrize("module", known_modules(), ids=by_name)
def test_keys_are_those_the_server_reads(module: type[Module]) -> None:
    keys = {json_key(module, option.name) for option in option_fields(module)}
    assert keys - COMMON == SPECIAL.get(module.__name__, set())


@pytest.mark.parametrize("module", known_modules(), ids=by_name)
def test_entries_are_public_under_their_own_name_and_documented(module: type[Module]) -> None:
    assert module.__name__ in m.__all__
    assert getattr(m, module.__name__) is module
    assert module.__doc__
    if not module.constants and module is not m.self_provided:
        assert module.__name__.replace("_", "-") == module.module_key


def test_settings_hold_what_was_set_and_nothing_else() -> None:
    assert m.text2vec_openai().settings() == {}
    azure = m.text2vec_azure_openai(resource_name="r", deployment_id="d", base_url="https://example.com")
    assert azure.settings() == {
        "resourceName": "r",
        "deploymentId": "d",
        "baseURL": "https://example.com",
        "isAzure": True,
    }
    assert m.text2vec_huggingface(model="a", use_gpu=True, wait_for_model=False).settings() == {
        "model": "a",
        "options": {"useGPU": True, "waitForModel": False},
    }


def test_weights_keep_the_order_of_their_fields() -> None:
    clip = m.multi2vec_clip(
        image_fields=[m.weighted("cover", 0.7)], text_fields=[m.weighted("title", 0.2), m.weighted("body", 0.1)]
    )
    settings = {
        "imageFields": ["cover"],
        "textFields": ["title", "body"],
        "weights": {"imageFields": [0.7], "textFields": [0.2, 0.1]},
    }
    assert clip.settings() == settings
    assert read_vectorizer("multi2vec-clip", settings) == clip


@pytest.mark.parametrize(
    ("key", "settings", "expected"),
    [
        ("none", {}, m.self_provided()),
        ("text2vec-openai", {"model": "a", "isAzure": False}, m.text2vec_openai(model="a")),
        (
            "text2vec-openai",
            {"resourceName": "r", "deploymentId": "d", "isAzure": True},
            m.text2vec_azure_openai(resource_name="r", deployment_id="d"),
        ),
        ("text2vec-google", {"projectId": "p"}, m.text2vec_google(project_id="p")),
        (
            "text2vec-google",
            {"apiEndpoint": "generativelanguage.googleapis.com", "modelId": "a"},
            m.text2vec_google_gemini(model="a"),
        ),
        (
            "text2vec-nvidia",
            {"baseUrl": "https://server.default", "truncate": "NONE"},
            m.text2vec_nvidia(truncate="NONE"),
        ),
        ("text2vec-huggingface", {"model": "a", "useCache": True}, m.text2vec_huggingface(model="a")),
        ("ref2vec-centroid", {"referenceProperties": ["author"]}, m.ref2vec_centroid(reference_properties=["author"])),
        # What no entry holds without loss stays as it is.
        ("text2vec-openai", {"brandNew": 1}, m.custom_vectorizer("text2vec-openai", {"brandNew": 1})),
        ("text2vec-openai", {"isAzure": True}, m.custom_vectorizer("text2vec-openai", {"isAzure": True})),
        ("text2vec-databricks", {}, m.custom_vectorizer("text2vec-databricks")),
        ("text2vec-palm", {"projectId": "p"}, m.custom_vectorizer("text2vec-palm", {"projectId": "p"})),
        ("generative-openai", {}, m.custom_vectorizer("generative-openai")),
    ],
)
def test_vectorizers_are_read_back(key: str, settings: dict[str, object], expected: m.Vectorizer) -> None:
    assert read_vectorizer(key, settings) == expected


def test_generative_modules_and_rerankers_are_read_back() -> None:
    settings: dict[str, object] = {"model": "a", "stopSequences": ["x", "y"]}
    assert read_generative("generative-anthropic", settings) == m.generative_anthropic(
        model="a", stop_sequences=["x", "y"]
    )
    assert read_generative("generative-acme", settings) == m.custom_generative("generative-acme", settings)
    assert read_reranker("reranker-contextualai", {"topN": 3}) == m.reranker_contextualai(top_n=3)
    assert read_reranker("reranker-acme", {}) == m.custom_reranker("reranker-acme")


def test_values_are_immutable_comparable_and_can_be_pickled() -> None:
    names = ["title"]
    module = m.ref2vec_centroid(reference_properties=names)
    names.append("body")
    assert module.reference_properties == ("title",)
    assert len({module, m.ref2vec_centroid(reference_properties=["title"])}) == 1
    assert pickle.loads(pickle.dumps(module)) == module
    with pytest.raises(AttributeError):
        setattr(module, "method", "mean")  # noqa: B010 - a checker refuses the plain assignment
    custom = m.custom_vectorizer("text2vec-acme", {"a": [1, {"b": 2}]})
    assert custom.settings() == {"a": [1, {"b": 2}]}
    assert isinstance(hash(custom), int)


def test_repr_reads_like_the_call() -> None:
    assert repr(m.text2vec_openai(model="a", dimensions=3)) == "text2vec_openai(model='a', dimensions=3)"
    assert repr(m.custom_reranker("reranker-acme")) == "custom_reranker(name='reranker-acme', config={})"


def test_one_text_where_a_list_of_names_belongs_is_refused() -> None:
    with pytest.raises(ModelDefinitionError, match=r"reference_properties=\['author'\]"):
        m.ref2vec_centroid(reference_properties="author")
    with pytest.raises(ModelDefinitionError, match=r"image_fields=\['cover'\]"):
        m.multi2vec_clip(image_fields="cover")


def test_modules_for_several_vectors_are_their_own_kind() -> None:
    assert not isinstance(m.text2multivec_jinaai(), m.Vectorizer)
    assert not isinstance(m.text2vec_jinaai(), m.MultiVectorVectorizer)
    assert isinstance(m.self_provided(), m.Vectorizer)
    assert isinstance(m.self_provided(), m.MultiVectorVectorizer)


def test_young_modules_say_since_when() -> None:
    assert m.multi2vec_twelvelabs.since == "1.38.9"
    assert m.text2vec_openai.since is None
