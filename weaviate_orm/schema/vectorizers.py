# ruff: noqa: N801 - the classes are the constructors that users call, see modules.py
"""The table of vectorizers; what an entry is, and the options that many share, are explained in ``modules.py``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from weaviate_orm.schema.modules import Fields, MediaFields, MultiVectorVectorizer, Vectorizer, entry
from weaviate_orm.schema.options import options

__all__ = [
    "TaskType",
    "TextVectorizer",
    "Truncate",
    "img2vec_neural",
    "multi2multivec_jinaai",
    "multi2multivec_weaviate",
    "multi2vec_aws",
    "multi2vec_bind",
    "multi2vec_clip",
    "multi2vec_cohere",
    "multi2vec_google",
    "multi2vec_google_gemini",
    "multi2vec_jinaai",
    "multi2vec_nvidia",
    "multi2vec_twelvelabs",
    "multi2vec_voyageai",
    "ref2vec_centroid",
    "text2multivec_jinaai",
    "text2vec_aws",
    "text2vec_azure_openai",
    "text2vec_bigram",
    "text2vec_cohere",
    "text2vec_contextionary",
    "text2vec_databricks",
    "text2vec_digitalocean",
    "text2vec_google",
    "text2vec_google_gemini",
    "text2vec_gpt4all",
    "text2vec_huggingface",
    "text2vec_jinaai",
    "text2vec_mistral",
    "text2vec_model2vec",
    "text2vec_morph",
    "text2vec_nvidia",
    "text2vec_ollama",
    "text2vec_openai",
    "text2vec_transformers",
    "text2vec_voyageai",
    "text2vec_weaviate",
]

Truncate: TypeAlias = Literal["NONE", "START", "END"]
"""Which end of a text that is too long is cut off; ``NONE`` makes it an error."""

TaskType: TypeAlias = Literal[
    "RETRIEVAL_QUERY",
    "QUESTION_ANSWERING",
    "FACT_VERIFICATION",
    "CODE_RETRIEVAL_QUERY",
    "CLASSIFICATION",
    "CLUSTERING",
    "SEMANTIC_SIMILARITY",
]
"""What Google's models make the vectors for."""

_GEMINI = "generativelanguage.googleapis.com"


@options
class TextVectorizer(Vectorizer):
    """What every module that embeds text can be told.

    Attributes:
        vectorize_collection_name: put the collection's name before each text.
    """

    vectorize_collection_name: bool | None = None


# --- Text --------------------------------------------------------------------------------------------------------------


@entry("text2vec-transformers")
class text2vec_transformers(TextVectorizer):
    """Embeddings by a Sentence-Transformers container beside the server.

    Either ``inference_url`` or both ``passage_inference_url`` and ``query_inference_url`` replace the address in the server's environment.

    Attributes:
        pooling_strategy: how token vectors become one; default ``masked_mean``.
    """

    pooling_strategy: Literal["masked_mean", "cls"] | None = None
    inference_url: str | None = None
    passage_inference_url: str | None = None
    query_inference_url: str | None = None
    dimensions: int | None = None


@entry("text2vec-openai")
class text2vec_openai(TextVectorizer):
    """Embeddings by OpenAI.

    Attributes:
        type: for the old models: what is embedded.
        model_version: for the old models: ``001``, ``002`` or ``003``.
        endpoint: path of the interface below ``base_url``.
    """

    model: str | None = None
    model_version: str | None = None
    type: Literal["text", "code"] | None = None
    dimensions: int | None = None
    endpoint: str | None = None
    base_url: str | None = None


@entry("text2vec-openai")
class text2vec_azure_openai(TextVectorizer):
    """Embeddings by OpenAI's models on Azure.

    Attributes:
        resource_name: name of the Azure resource.
        deployment_id: name of the deployment in it.
        api_version: Azure's interface version, such as ``2024-02-01``.
    """

    constants = {"isAzure": True}

    resource_name: str
    deployment_id: str
    model: str | None = None
    dimensions: int | None = None
    api_version: str | None = None
    base_url: str | None = None


@entry("text2vec-aws")
class text2vec_aws(TextVectorizer):
    """Embeddings on AWS: a Bedrock ``model``, or a SageMaker ``endpoint``.

    Attributes:
        service: which of the two; default ``bedrock``.
        region: AWS region, such as ``eu-central-1``.
        endpoint: SageMaker's endpoint.
        target_model: the model of a SageMaker endpoint with several.
        target_variant: the variant of a SageMaker endpoint with several.
    """

    region: str
    service: Literal["bedrock", "sagemaker"] | None = None
    model: str | None = None
    endpoint: str | None = None
    target_model: str | None = None
    target_variant: str | None = None
    dimensions: int | None = None


@entry("text2vec-cohere")
class text2vec_cohere(TextVectorizer):
    """Embeddings by Cohere.

    Attributes:
        truncate: which end of a text that is too long is cut off; default ``END``.
    """

    server_extras = frozenset({"baseUrl"})

    model: str | None = None
    dimensions: int | None = None
    truncate: Truncate | Literal["LEFT", "RIGHT"] | None = None
    base_url: str | None = None


@entry("text2vec-databricks")
class text2vec_databricks(TextVectorizer):
    """Embeddings by a Databricks serving endpoint.

    Attributes:
        endpoint: the endpoint's full address.
        instruction: text for models that expect an instruction.
    """

    endpoint: str
    instruction: str | None = None


@entry("text2vec-digitalocean", since="1.35.21")
class text2vec_digitalocean(TextVectorizer):
    """Embeddings by DigitalOcean."""

    model: str
    base_url: str | None = None


@entry("text2vec-google")
class text2vec_google(TextVectorizer):
    """Embeddings by Google's Vertex AI.

    Attributes:
        project_id: the Google Cloud project.
        location: its region.
        api_endpoint: host of the interface.
        title_property: the property that holds an object's title.
        task_type: what the vectors are for.
    """

    json_keys = {"model": "modelId"}

    project_id: str
    model: str | None = None
    location: str | None = None
    dimensions: int | None = None
    api_endpoint: str | None = None
    title_property: str | None = None
    task_type: TaskType | None = None


@entry("text2vec-google")
class text2vec_google_gemini(TextVectorizer):
    """Embeddings by Google's Gemini interface, which needs no project.

    Attributes:
        title_property: the property that holds an object's title.
        task_type: what the vectors are for.
    """

    json_keys = {"model": "modelId"}
    constants = {"apiEndpoint": _GEMINI}

    model: str | None = None
    dimensions: int | None = None
    title_property: str | None = None
    task_type: TaskType | None = None


@entry("text2vec-huggingface")
class text2vec_huggingface(TextVectorizer):
    """Embeddings by Hugging Face's hosted inference.

    Attributes:
        passage_model: the model for stored texts; with ``query_model``, instead of ``model``.
        query_model: the model for queries.
        endpoint_url: address of a private inference endpoint, instead of a model.
        wait_for_model: wait while the model is loaded.
        use_gpu: run on a GPU.
        use_cache: accept cached results.
    """

    json_keys = {
        "wait_for_model": "options.waitForModel",
        "use_gpu": "options.useGPU",
        "use_cache": "options.useCache",
    }
    server_extras = frozenset({"waitForModel", "useGPU", "useCache"})

    model: str | None = None
    passage_model: str | None = None
    query_model: str | None = None
    endpoint_url: str | None = None
    wait_for_model: bool | None = None
    use_gpu: bool | None = None
    use_cache: bool | None = None


@entry("text2vec-jinaai")
class text2vec_jinaai(TextVectorizer):
    """Embeddings by Jina AI."""

    model: str | None = None
    dimensions: int | None = None
    base_url: str | None = None


@entry("text2vec-mistral")
class text2vec_mistral(TextVectorizer):
    """Embeddings by Mistral."""

    model: str | None = None
    base_url: str | None = None


@entry("text2vec-model2vec", since="1.31.0")
class text2vec_model2vec(TextVectorizer):
    """Static embeddings by a Model2Vec container beside the server."""

    inference_url: str | None = None


@entry("text2vec-morph", since="1.32.6")
class text2vec_morph(TextVectorizer):
    """Embeddings by Morph, made for code.

    Attributes:
        endpoint: path of the interface below ``base_url``.
    """

    model: str | None = None
    endpoint: str | None = None
    base_url: str | None = None


@entry("text2vec-nvidia", since="1.28.5")
class text2vec_nvidia(TextVectorizer):
    """Embeddings by NVIDIA NIM.

    Attributes:
        truncate: which end of a text that is too long is cut off; default ``NONE``.
    """

    server_extras = frozenset({"baseUrl"})

    model: str | None = None
    truncate: Truncate | None = None
    base_url: str | None = None


@entry("text2vec-ollama")
class text2vec_ollama(TextVectorizer):
    """Embeddings by Ollama.

    Attributes:
        api_endpoint: Ollama's address as the *server* sees it; default ``http://localhost:11434``.
    """

    api_endpoint: str | None = None
    model: str | None = None


@entry("text2vec-voyageai")
class text2vec_voyageai(TextVectorizer):
    """Embeddings by Voyage AI.

    Attributes:
        truncate: cut texts that are too long instead of refusing them; default true.
    """

    model: str | None = None
    truncate: bool | None = None
    dimensions: int | None = None
    base_url: str | None = None


@entry("text2vec-weaviate")
class text2vec_weaviate(TextVectorizer):
    """Embeddings by Weaviate Cloud."""

    model: str | None = None
    dimensions: int | None = None
    base_url: str | None = None


@entry("text2vec-contextionary")
class text2vec_contextionary(TextVectorizer):
    """Word vectors by a contextionary container. Deprecated by the server."""


@entry("text2vec-gpt4all")
class text2vec_gpt4all(TextVectorizer):
    """Embeddings by a GPT4All container. Deprecated by the server."""


@entry("text2vec-bigram")
class text2vec_bigram(TextVectorizer):
    """Letter pairs counted by the server itself, without any model. For tests."""


# --- Images, sound, video, references ----------------------------------------------------------------------------------


@entry("img2vec-neural")
class img2vec_neural(MediaFields, Vectorizer):
    """Image vectors by a ResNet container beside the server."""

    image_fields: Sequence[str]


@entry("multi2vec-clip")
class multi2vec_clip(MediaFields, Vectorizer):
    """Images and text in one space, by a CLIP container beside the server."""

    image_fields: Fields | None = None
    text_fields: Fields | None = None
    inference_url: str | None = None


@entry("multi2vec-bind")
class multi2vec_bind(MediaFields, Vectorizer):
    """Seven kinds of media in one space, by an ImageBind container beside the server.

    Attributes:
        imu_fields: motion data of inertial sensors.
    """

    audio_fields: Fields | None = None
    depth_fields: Fields | None = None
    image_fields: Fields | None = None
    imu_fields: Fields | None = None
    text_fields: Fields | None = None
    thermal_fields: Fields | None = None
    video_fields: Fields | None = None


@entry("multi2vec-aws", since="1.32.6")
class multi2vec_aws(MediaFields, Vectorizer):
    """Images and text in one space, on AWS Bedrock."""

    image_fields: Fields | None = None
    text_fields: Fields | None = None
    region: str | None = None
    model: str | None = None
    dimensions: int | None = None


@entry("multi2vec-cohere", since="1.27.5")
class multi2vec_cohere(MediaFields, Vectorizer):
    """Images and text in one space, by Cohere.

    Attributes:
        truncate: which end of a text that is too long is cut off.
    """

    server_extras = frozenset({"vectorizeClassName", "baseUrl"})

    image_fields: Fields | None = None
    text_fields: Fields | None = None
    model: str | None = None
    dimensions: int | None = None
    truncate: Truncate | Literal["LEFT", "RIGHT"] | None = None
    base_url: str | None = None


@entry("multi2vec-google")
class multi2vec_google(MediaFields, Vectorizer):
    """Images, text and video in one space, by Google's Vertex AI.

    Attributes:
        project_id: the Google Cloud project.
        location: its region.
        video_interval_seconds: length of the video pieces that are embedded.
    """

    json_keys = {"model": "modelId"}

    project_id: str
    location: str
    image_fields: Fields | None = None
    text_fields: Fields | None = None
    audio_fields: Fields | None = None
    video_fields: Fields | None = None
    model: str | None = None
    dimensions: int | None = None
    video_interval_seconds: int | None = None
    api_endpoint: str | None = None


@entry("multi2vec-google", since="1.34.20")
class multi2vec_google_gemini(MediaFields, Vectorizer):
    """Images, text, sound and video in one space, by Google's Gemini interface, which needs no project.

    Attributes:
        video_interval_seconds: length of the video pieces that are embedded.
    """

    json_keys = {"model": "modelId"}
    constants = {"apiEndpoint": _GEMINI}

    image_fields: Fields | None = None
    text_fields: Fields | None = None
    audio_fields: Fields | None = None
    video_fields: Fields | None = None
    model: str | None = None
    dimensions: int | None = None
    video_interval_seconds: int | None = None


@entry("multi2vec-jinaai", since="1.27.5")
class multi2vec_jinaai(MediaFields, Vectorizer):
    """Images and text in one space, by Jina AI."""

    image_fields: Fields | None = None
    text_fields: Fields | None = None
    model: str | None = None
    dimensions: int | None = None
    base_url: str | None = None


@entry("multi2vec-nvidia", since="1.28.5")
class multi2vec_nvidia(MediaFields, Vectorizer):
    """Images and text in one space, by NVIDIA NIM."""

    image_fields: Fields | None = None
    text_fields: Fields | None = None
    model: str | None = None
    base_url: str | None = None


@entry("multi2vec-twelvelabs", since="1.38.9")
class multi2vec_twelvelabs(MediaFields, Vectorizer):
    """Images and text in one space, by TwelveLabs."""

    image_fields: Fields | None = None
    text_fields: Fields | None = None
    model: str | None = None
    base_url: str | None = None


@entry("multi2vec-voyageai", since="1.27.8")
class multi2vec_voyageai(MediaFields, Vectorizer):
    """Images, text and video in one space, by Voyage AI.

    Attributes:
        truncate: cut inputs that are too long instead of refusing them.
    """

    image_fields: Fields | None = None
    text_fields: Fields | None = None
    video_fields: Fields | None = None
    model: str | None = None
    truncate: bool | None = None
    dimensions: int | None = None
    base_url: str | None = None


@entry("ref2vec-centroid")
class ref2vec_centroid(Vectorizer):
    """The mean of the vectors of referenced objects.

    Attributes:
        reference_properties: names of the references, at least one.
        method: how the vectors are joined; the server knows ``mean`` only.
    """

    reference_properties: Sequence[str]
    method: Literal["mean"] | None = None


# --- Several vectors an object, for MultiVector fields ------------------------------------------------------------------


@entry("text2multivec-jinaai", since="1.29.9")
class text2multivec_jinaai(MultiVectorVectorizer):
    """One vector a token of text, by Jina AI's ColBERT models.

    Attributes:
        vectorize_collection_name: put the collection's name before each text.
    """

    vectorize_collection_name: bool | None = None
    model: str | None = None
    dimensions: int | None = None
    base_url: str | None = None


@entry("multi2multivec-jinaai", since="1.32.0")
class multi2multivec_jinaai(MediaFields, MultiVectorVectorizer):
    """Several vectors an image or a text, by Jina AI; either ``image_fields`` or ``text_fields``, without weights."""

    image_fields: Sequence[str] | None = None
    text_fields: Sequence[str] | None = None
    model: str | None = None
    base_url: str | None = None


@entry("multi2multivec-weaviate", since="1.35.0")
class multi2multivec_weaviate(MediaFields, MultiVectorVectorizer):
    """Several vectors an image of a page, by Weaviate Cloud.

    Attributes:
        image_fields: exactly one property.
    """

    image_fields: Sequence[str]
    model: str | None = None
    base_url: str | None = None
