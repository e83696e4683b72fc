"""Generation: prompts, tasks, images, and every provider with all its options."""

from __future__ import annotations

from typing import Any

from weaviate.classes.generate import GenerativeConfig, GenerativeParameters
from weaviate.classes.query import GroupBy, HybridFusion, NearMediaType

from .common import ID, NEAR, OTHER, Intent, generates, listed, near, scored
from .searches import MEDIUM

PROMPT = "Summarise {title}: {body}"
TASK = "What do these have in common?"
URL = "https://example.com/v1"
TEXT_PROVIDER: Any = GenerativeConfig.openai(model="m")


def by(provider: Any) -> Intent:
    return lambda c: generates(c).fetch_objects(single_prompt=PROMPT, generative_provider=provider, **listed)


INTENTS: dict[str, Intent] = {
    # what is asked
    "a prompt": lambda c: generates(c).fetch_objects(single_prompt=PROMPT, **listed),
    "a task": lambda c: generates(c).fetch_objects(grouped_task=TASK, **listed),
    "a task about properties": lambda c: generates(c).fetch_objects(
        grouped_task=TASK, grouped_properties=["title", "body"], **listed
    ),
    "a prompt and a task": lambda c: generates(c).fetch_objects(single_prompt=PROMPT, grouped_task=TASK, **listed),
    "a prompt and a task of a provider": lambda c: generates(c).fetch_objects(
        single_prompt=PROMPT, grouped_task=TASK, generative_provider=TEXT_PROVIDER, **listed
    ),
    "a prompt with its debug output": lambda c: generates(c).fetch_objects(
        single_prompt=GenerativeParameters.single_prompt(PROMPT, debug=True), **listed
    ),
    "a prompt with metadata": lambda c: generates(c).fetch_objects(
        single_prompt=GenerativeParameters.single_prompt(PROMPT, metadata=True),
        generative_provider=TEXT_PROVIDER,
        **listed,
    ),
    "a prompt with everything": lambda c: generates(c).fetch_objects(
        single_prompt=GenerativeParameters.single_prompt(
            PROMPT, metadata=True, debug=True, images=[MEDIUM, MEDIUM], image_properties=["picture"]
        ),
        generative_provider=TEXT_PROVIDER,
        **listed,
    ),
    "a prompt with one image": lambda c: generates(c).fetch_objects(
        single_prompt=GenerativeParameters.single_prompt(PROMPT, images=MEDIUM),
        generative_provider=TEXT_PROVIDER,
        **listed,
    ),
    "a task with metadata": lambda c: generates(c).fetch_objects(
        grouped_task=GenerativeParameters.grouped_task(TASK, metadata=True),
        generative_provider=TEXT_PROVIDER,
        **listed,
    ),
    "a task with everything": lambda c: generates(c).fetch_objects(
        grouped_task=GenerativeParameters.grouped_task(
            TASK,
            non_blob_properties=["title"],
            metadata=True,
            images=[MEDIUM],
            image_properties=["picture"],
        ),
        generative_provider=TEXT_PROVIDER,
        **listed,
    ),
    # with each search
    "of several by their ids": lambda c: generates(c).fetch_objects_by_ids([ID, OTHER], single_prompt=PROMPT, **listed),
    "of near_text": lambda c: generates(c).near_text("a", single_prompt=PROMPT, target_vector="meaning", **near),
    "of near_vector": lambda c: generates(c).near_vector(
        [1.0, 2.0], single_prompt=PROMPT, target_vector="given", **near
    ),
    "of near_object": lambda c: generates(c).near_object(ID, single_prompt=PROMPT, target_vector="given", **near),
    "of near_image": lambda c: generates(c).near_image(MEDIUM, single_prompt=PROMPT, target_vector="scene", **near),
    "of near an audio": lambda c: generates(c).near_media(
        MEDIUM, NearMediaType.AUDIO, single_prompt=PROMPT, target_vector="scene", **near
    ),
    "of bm25": lambda c: generates(c).bm25("red", grouped_task=TASK, **scored),
    "of hybrid": lambda c: generates(c).hybrid(
        "red",
        grouped_task=TASK,
        alpha=0.5,
        fusion_type=HybridFusion.RELATIVE_SCORE,
        target_vector="meaning",
        **scored,
    ),
    "of groups": lambda c: generates(c).near_text(
        "a",
        single_prompt=PROMPT,
        grouped_task=TASK,
        group_by=GroupBy(prop="category", number_of_groups=3, objects_per_group=2),
        target_vector="meaning",
        limit=5,
        return_properties=listed["return_properties"],
        return_metadata=NEAR,
    ),
    # providers, with all that the client gives them
    "anthropic": by(
        GenerativeConfig.anthropic(
            base_url=URL,
            model="m",
            max_tokens=100,
            stop_sequences=["."],
            temperature=0.5,
            top_k=5,
            top_p=0.25,
        )
    ),
    "anyscale": by(GenerativeConfig.anyscale(base_url=URL, model="m", temperature=0.5)),
    "aws_bedrock": by(
        GenerativeConfig.aws_bedrock(
            endpoint=URL, max_tokens=100, model="m", region="r", temperature=0.5, stop_sequences=["."]
        )
    ),
    "aws_sagemaker": by(
        GenerativeConfig.aws_sagemaker(
            endpoint=URL,
            max_tokens=100,
            region="r",
            target_model="t",
            target_variant="v",
            temperature=0.5,
            stop_sequences=["."],
        )
    ),
    "cohere": by(
        GenerativeConfig.cohere(
            base_url=URL,
            frequency_penalty=0.5,
            k=5,
            max_tokens=100,
            model="m",
            p=0.25,
            presence_penalty=0.75,
            stop_sequences=["."],
            temperature=0.5,
        )
    ),
    "contextualai": by(
        GenerativeConfig.contextualai(
            model="m",
            max_new_tokens=100,
            temperature=0.5,
            top_p=0.25,
            system_prompt="s",
            avoid_commentary=True,
            knowledge=["k"],
        )
    ),
    "databricks": by(
        GenerativeConfig.databricks(
            endpoint=URL,
            frequency_penalty=0.5,
            log_probs=True,
            max_tokens=100,
            model="m",
            n=2,
            presence_penalty=0.75,
            stop=["."],
            temperature=0.5,
            top_log_probs=3,
            top_p=0.25,
        )
    ),
    "deepseek": by(
        GenerativeConfig.deepseek(
            base_url=URL,
            model="m",
            temperature=0.5,
            max_tokens=100,
            frequency_penalty=0.5,
            presence_penalty=0.75,
            top_p=0.25,
            stop=["."],
        )
    ),
    "dummy": by(GenerativeConfig.dummy()),
    "friendliai": by(
        GenerativeConfig.friendliai(base_url=URL, max_tokens=100, model="m", n=2, temperature=0.5, top_p=0.25)
    ),
    "google_vertex": by(
        GenerativeConfig.google_vertex(
            api_endpoint=URL,
            project_id="p",
            endpoint_id="e",
            region="r",
            frequency_penalty=0.5,
            max_tokens=100,
            model="m",
            presence_penalty=0.75,
            temperature=0.5,
            top_k=5,
            top_p=0.25,
            stop_sequences=["."],
            location="l",
        )
    ),
    "google_gemini": by(
        GenerativeConfig.google_gemini(
            frequency_penalty=0.5,
            max_tokens=100,
            model="m",
            presence_penalty=0.75,
            temperature=0.5,
            top_k=5,
            top_p=0.25,
            stop_sequences=["."],
        )
    ),
    "mistral": by(GenerativeConfig.mistral(base_url=URL, max_tokens=100, model="m", temperature=0.5, top_p=0.25)),
    "nvidia": by(GenerativeConfig.nvidia(base_url=URL, max_tokens=100, model="m", temperature=0.5, top_p=0.25)),
    "ollama": by(GenerativeConfig.ollama(api_endpoint=URL, model="m", temperature=0.5)),
    "openai": by(
        GenerativeConfig.openai(
            base_url=URL,
            frequency_penalty=0.5,
            max_tokens=100,
            model="m",
            n=2,
            presence_penalty=0.75,
            reasoning_effort="high",
            stop=["."],
            temperature=0.5,
            top_p=0.25,
            verbosity="low",
        )
    ),
    "azure_openai": by(
        GenerativeConfig.azure_openai(
            api_version="v",
            base_url=URL,
            deployment_id="d",
            frequency_penalty=0.5,
            max_tokens=100,
            model="m",
            n=2,
            presence_penalty=0.75,
            resource_name="r",
            stop=["."],
            temperature=0.5,
            top_p=0.25,
        )
    ),
    "xai": by(GenerativeConfig.xai(base_url=URL, max_tokens=100, model="m", temperature=0.5, top_p=0.25)),
    "a provider without options": by(GenerativeConfig.openai()),
}
for _level in ("minimal", "low", "medium"):
    INTENTS[f"openai, reasoning effort {_level}"] = by(GenerativeConfig.openai(reasoning_effort=_level))
for _level in ("medium", "high"):
    INTENTS[f"openai, verbosity {_level}"] = by(GenerativeConfig.openai(verbosity=_level))
# Images go to each provider that reads them by fields of its own.
for _name, _provider in {
    "anthropic": GenerativeConfig.anthropic(),
    "aws_bedrock": GenerativeConfig.aws_bedrock(),
    "cohere": GenerativeConfig.cohere(),
    "google_vertex": GenerativeConfig.google_vertex(),
    "ollama": GenerativeConfig.ollama(),
    "openai": GenerativeConfig.openai(),
    "xai": GenerativeConfig.xai(),
}.items():
    INTENTS[f"{_name} with images"] = lambda c, provider=_provider: generates(c).fetch_objects(  # type: ignore[misc]  # one a name
        single_prompt=GenerativeParameters.single_prompt(PROMPT, images=[MEDIUM], image_properties=["picture"]),
        generative_provider=provider,
        **listed,
    )
