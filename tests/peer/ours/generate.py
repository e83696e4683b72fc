"""Generation: prompts, tasks, images, and every provider with all its options."""

from __future__ import annotations

from weaviate_orm import Query, Session
from weaviate_orm.generative import (
    Provider,
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

from .common import ID, MEDIUM, OTHER, Intent
from .models import Exhibit, exhibits

__all__ = ["INTENTS"]

PROMPT = f"Summarise {Exhibit.title}: {Exhibit.body}"
TASK = "What do these have in common?"
URL = "https://example.com/v1"


def by(provider: Provider) -> Intent:
    return lambda s: exhibits(s).generate(single=PROMPT, provider=provider).all()


def shown(provider: Provider) -> Intent:
    """Give the intent with images."""
    return lambda s: (
        exhibits(s)
        .generate(single=PROMPT, provider=provider, images=[MEDIUM], image_properties=[Exhibit.picture])
        .all()
    )


def near_text(session: Session) -> Query[Exhibit]:
    return exhibits(session).near_text("a", target=Exhibit.meaning)


INTENTS: dict[str, Intent] = {
    # what is asked
    "a prompt": lambda s: exhibits(s).generate(single=PROMPT).all(),
    "a task": lambda s: exhibits(s).generate(grouped=TASK).all(),
    "a task about properties": lambda s: (
        exhibits(s).generate(grouped=TASK, grouped_properties=[Exhibit.title, Exhibit.body]).all()
    ),
    "a prompt and a task": lambda s: exhibits(s).generate(single=PROMPT, grouped=TASK).all(),
    "a prompt and a task of a provider": lambda s: (
        exhibits(s).generate(single=PROMPT, grouped=TASK, provider=openai(model="m")).all()
    ),
    "a prompt with its debug output": lambda s: exhibits(s).generate(single=PROMPT, debug=True).all(),
    "a prompt with metadata": lambda s: (
        exhibits(s).generate(single=PROMPT, provider=openai(model="m"), metadata=True).all()
    ),
    "a prompt with everything": lambda s: (
        exhibits(s)
        .generate(
            single=PROMPT,
            provider=openai(model="m"),
            images=[MEDIUM, MEDIUM],
            image_properties=[Exhibit.picture],
            metadata=True,
            debug=True,
        )
        .all()
    ),
    "a prompt with one image": lambda s: (
        exhibits(s).generate(single=PROMPT, provider=openai(model="m"), images=[MEDIUM]).all()
    ),
    "a task with metadata": lambda s: (
        exhibits(s).generate(grouped=TASK, provider=openai(model="m"), metadata=True).all()
    ),
    "a task with everything": lambda s: (
        exhibits(s)
        .generate(
            grouped=TASK,
            grouped_properties=[Exhibit.title],
            provider=openai(model="m"),
            images=[MEDIUM],
            image_properties=[Exhibit.picture],
            metadata=True,
        )
        .all()
    ),
    # with each search
    "of several by their ids": lambda s: exhibits(s).where(Exhibit.id.in_([ID, OTHER])).generate(single=PROMPT).all(),
    "of near_text": lambda s: near_text(s).generate(single=PROMPT).all(),
    "of near_vector": lambda s: exhibits(s).near_vector([1, 2], target=Exhibit.given).generate(single=PROMPT).all(),
    "of near_object": lambda s: exhibits(s).near_object(ID, target=Exhibit.given).generate(single=PROMPT).all(),
    "of near_image": lambda s: exhibits(s).near_image(MEDIUM, target=Exhibit.scene).generate(single=PROMPT).all(),
    "of near an audio": lambda s: (
        exhibits(s).near_media(MEDIUM, kind="audio", target=Exhibit.scene).generate(single=PROMPT).all()
    ),
    "of bm25": lambda s: exhibits(s).bm25("red").generate(grouped=TASK).all(),
    "of hybrid": lambda s: exhibits(s).hybrid("red", alpha=0.5, target=Exhibit.meaning).generate(grouped=TASK).all(),
    "of groups": lambda s: (
        near_text(s).group_by(Exhibit.category, groups=3, per_group=2).generate(single=PROMPT, grouped=TASK).all()
    ),
    # providers, with all that the client gives them
    "anthropic": by(
        anthropic(base_url=URL, model="m", max_tokens=100, stop_sequences=["."], temperature=0.5, top_k=5, top_p=0.25)
    ),
    "anyscale": by(anyscale(base_url=URL, model="m", temperature=0.5)),
    "aws_bedrock": by(
        aws(
            service="bedrock",
            endpoint=URL,
            max_tokens=100,
            model="m",
            region="r",
            temperature=0.5,
            stop_sequences=["."],
        )
    ),
    "aws_sagemaker": by(
        aws(
            service="sagemaker",
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
        cohere(
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
        contextualai(
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
        databricks(
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
        deepseek(
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
    "dummy": by(dummy()),
    "friendliai": by(friendliai(base_url=URL, max_tokens=100, model="m", n=2, temperature=0.5, top_p=0.25)),
    "google_vertex": by(
        google(
            api_endpoint="example.com/v1",
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
        google_gemini(
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
    "mistral": by(mistral(base_url=URL, max_tokens=100, model="m", temperature=0.5, top_p=0.25)),
    "nvidia": by(nvidia(base_url=URL, max_tokens=100, model="m", temperature=0.5, top_p=0.25)),
    "ollama": by(ollama(api_endpoint=URL, model="m", temperature=0.5)),
    "openai": by(
        openai(
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
        azure_openai(
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
    "xai": by(xai(base_url=URL, max_tokens=100, model="m", temperature=0.5, top_p=0.25)),
    "a provider without options": by(openai()),
    "openai, reasoning effort minimal": by(openai(reasoning_effort="minimal")),
    "openai, reasoning effort low": by(openai(reasoning_effort="low")),
    "openai, reasoning effort medium": by(openai(reasoning_effort="medium")),
    "openai, verbosity medium": by(openai(verbosity="medium")),
    "openai, verbosity high": by(openai(verbosity="high")),
    # images go to each provider that reads them by fields of its own
    "anthropic with images": shown(anthropic()),
    "aws_bedrock with images": shown(aws(service="bedrock")),
    "cohere with images": shown(cohere()),
    "google_vertex with images": shown(google()),
    "ollama with images": shown(ollama()),
    "openai with images": shown(openai()),
    "xai with images": shown(xai()),
}
