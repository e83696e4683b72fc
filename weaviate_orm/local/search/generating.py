"""Texts about results: prompts filled with their values, handed to a generator, and its answers put into the reply.

A prompt for each object has the names of properties in braces; a task for all of them is followed by their values as JSON.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from weaviate_orm.local.go_json import json_text
from weaviate_orm.local.go_text import number_text
from weaviate_orm.local.objects import Value
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema, PropertySchema
from weaviate_orm.local.search.hits import Generated, Hit
from weaviate_orm.local.writing.values import rest_value
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.services import Services
    from weaviate_orm.local.storage.shard import Shard

__all__ = ["Generation", "generate", "read_generation", "write_generated", "write_generated_group"]

_PLACEHOLDER: Final = re.compile(r"\{([\w\s]*?)\}", re.ASCII)
_BLOBS: Final = ("blob", "blobHash")
_AS_JSON: Final = ("object", "phoneNumber", "geoCoordinates")
_DUMMY: Final = "generative-dummy"
_NOT_SELECTING: Final = ("ollama", "xai")
"""Providers whose image properties the server forgets to read: they count where they are read for another reason."""
_WITHOUT_METADATA: Final = ("", "contextualai", "dummy")


@dataclass(frozen=True, slots=True)
class Generation:
    """What is to be written.

    Attributes:
        prompt: for each object; ``None`` for no such texts.
        task: for all objects together; ``None`` for no such text.
        properties: what the task is given of each object; empty for all values.
        needed: properties that the prompts read. They are returned too, as on a server.
        provider: named in the request instead of the collection's own module: ``"openai"``.
        images: that go with every prompt, in base64.
        image_properties: whose blobs go with the prompts about their objects, in front of ``images``.
        single_metadata: whether metadata of the provider is asked for with the texts for each object.
        grouped_metadata: the same with the text for all.
        single_debug: whether the filled prompts are asked for.
        grouped_debug: the same of the task.
        old: whether the request is of the old form, which has the answers in other places.
    """

    prompt: str | None = None
    task: str | None = None
    properties: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    provider: str = ""
    images: tuple[str, ...] = ()
    image_properties: tuple[str, ...] = ()
    single_metadata: bool = False
    grouped_metadata: bool = False
    single_debug: bool = False
    grouped_debug: bool = False
    old: bool = False


def read_generation(schema: CollectionSchema, message: pb.GenerativeSearch, *, old: bool) -> Generation:
    """Read what is to be written. ``old`` is the form before server 1.27."""
    if old:
        single = message.single_response_prompt or None
        grouped = message.grouped_response_task or None
        properties = tuple(message.grouped_properties) if grouped is not None else ()
        return Generation(
            single, grouped, properties, _needed(schema, single, grouped is not None, properties), old=True
        )
    has_single, has_grouped = message.HasField("single"), message.HasField("grouped")
    single = message.single.prompt if has_single else None
    queries = [
        *((message.single.queries[0],) if message.single.queries else ()),
        *((message.grouped.queries[0],) if message.grouped.queries else ()),
    ]
    # The server has a message for the dummy and does not read it.
    deciding = next((each for each in reversed(queries) if each.WhichOneof("kind") not in (None, "dummy")), None)
    shown = tuple(
        name
        for each in queries
        if each.WhichOneof("kind") not in _NOT_SELECTING
        for name in _image_values(each, "image_properties")
    )
    properties = (*shown, *message.grouped.properties.values) if has_grouped else shown
    return Generation(
        prompt=single,
        task=message.grouped.task if has_grouped else None,
        properties=properties,
        needed=_needed(schema, single, has_grouped, properties),
        provider="" if deciding is None else str(deciding.WhichOneof("kind")),
        images=() if deciding is None else _image_values(deciding, "images"),
        image_properties=() if deciding is None else _image_values(deciding, "image_properties"),
        single_metadata=bool(message.single.queries) and message.single.queries[0].return_metadata,
        grouped_metadata=bool(message.grouped.queries) and message.grouped.queries[0].return_metadata,
        # The server keeps one setting, the later one; without it there is no prompt to return.
        single_debug=has_single and message.single.debug and (message.grouped.debug or not has_grouped),
        grouped_debug=has_grouped and message.grouped.debug,
    )


def _image_values(query: pb.GenerativeProvider, name: str) -> tuple[str, ...]:
    """Give the texts of a field about images, which not every provider has."""
    kind = query.WhichOneof("kind")
    if kind is None:
        return ()
    provider = getattr(query, kind)
    return tuple(getattr(provider, name).values) if name in provider.DESCRIPTOR.fields_by_name else ()


def _needed(schema: CollectionSchema, prompt: str | None, grouped: bool, properties: Sequence[str]) -> tuple[str, ...]:
    names = [] if prompt is None else [match.strip("{}") for match in re.findall(r"\{[\w\s]*?\}", prompt, re.ASCII)]
    if grouped:
        names += properties or (each.name for each in schema.properties.values() if not each.is_reference)
    return tuple(dict.fromkeys(names))


def generate(services: Services, shard: Shard, wanted: Generation, hits: Sequence[Hit], read: Collection[str]) -> None:
    """Write the texts, and keep them with the hits; the one for all of them with the first.

    Args:
        services: has the generators.
        shard: of the hits.
        wanted: what to write.
        hits: the page.
        read: properties that the request chooses, or that are needed; images come from no others, but of whole hits.

    Raises:
        Refused: neither the collection nor the request names a generator, or a prompt names what an object does not have.
        Unsupported: nothing was given that does what the generator does.
    """
    if not hits:
        return
    module = f"generative-{wanted.provider}" if wanted.provider else shard.schema.generative
    if module is None:
        raise Refused("extend generate: client not found, empty provider")
    debugs = module != _DUMMY  # the server's dummy does not show its prompts
    if wanted.task is not None:
        names = wanted.properties or tuple(shard.schema.properties)
        texts = [_texts(shard, hit.row, names) for hit in hits]
        prompt = _fill_task(wanted.task, [each for each in texts if each])
        images = _images(shard, wanted, hits, read, of=wanted.properties)
        hits[0].generated = Generated(grouped=services.generate(module, prompt, images))
        if debugs:
            hits[0].generated.grouped_prompt = prompt
    if wanted.prompt is not None:
        names = tuple(name.strip() for name in _PLACEHOLDER.findall(wanted.prompt))
        for hit in hits:
            prompt = _fill_prompt(wanted.prompt, _texts(shard, hit.row, names))
            hit.generated = hit.generated or Generated()
            hit.generated.single = services.generate(module, prompt, _images(shard, wanted, [hit], read))
            if debugs:
                hit.generated.single_prompt = prompt
                # The server keeps one prompt a result; the one of the task is overwritten.
                hit.generated.grouped_prompt = prompt


def _texts(shard: Shard, row: int, names: Iterable[str]) -> dict[str, str]:
    """Give the values of a row as texts; blobs and references are none."""
    found: dict[str, str] = {}
    for name in names:
        of = shard.schema.properties.get(name)
        if of is None or of.is_reference or of.data_type in _BLOBS:
            continue
        value = shard.column(name).value(row)
        if value is not None:
            found[name] = _text(of, value)
    return found


def _images(
    shard: Shard, wanted: Generation, hits: Sequence[Hit], read: Collection[str], *, of: Collection[str] = ()
) -> list[bytes]:
    """Give the images that go with a prompt; those of the objects only from properties ``of``, where there are any."""
    found = [
        value
        for hit in hits
        for name in wanted.image_properties
        if (hit.whole or name in read)
        and (not of or name in of)
        and (property := shard.schema.properties.get(name)) is not None
        and property.data_type in _BLOBS
        and (value := shard.column(name).value(hit.row)) is not None
    ]
    try:
        return [b64decode(image, validate=True) for image in (*found, *wanted.images)]
    except ValueError as error:
        raise Refused(f"images must be base64: {error}") from None


def _text(of: PropertySchema, value: Value) -> str:
    if of.is_array or of.element in _AS_JSON:
        return json_text(rest_value(of, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(float(value)) if isinstance(value, int | float) else str(value)


def _fill_prompt(prompt: str, texts: Mapping[str, str]) -> str:
    for name in _PLACEHOLDER.findall(prompt):
        text = texts.get(name.strip())
        if not text:
            raise Refused(
                f"Following property has empty value: '{name.strip()}'. Make sure you spell the property name correctly, "
                "verify that the property exists and has a value"
            )
        prompt = prompt.replace(f"{{{name}}}", text)
    return prompt


def _fill_task(task: str, texts: Sequence[Mapping[str, str]]) -> str:
    """Give the task with what follows it. A name in braces becomes the value of the first object that has one, or just the name."""

    def value(match: re.Match[str]) -> str:
        name = match[0].strip("{}")
        return next((each[name] for each in texts if name in each), name)

    return f"{_PLACEHOLDER.sub(value, task)}: {json_text(texts)}"


def write_generated(wanted: Generation, hit: Hit, target: pb.SearchResult) -> None:
    """Put the text about one object into its result."""
    found = hit.generated or Generated()
    if wanted.old:
        if found.single:
            target.metadata.generative = found.single
            target.metadata.generative_present = True
        return
    with_metadata = wanted.single_metadata or wanted.grouped_metadata
    if hit.generated is not None and with_metadata and wanted.provider in _WITHOUT_METADATA:
        raise Refused(f"provider: {wanted.provider}, not supported")
    reply = target.generative.values.add(result=found.single or "")
    if wanted.single_debug and found.single_prompt:
        reply.debug.full_prompt = found.single_prompt
    if wanted.single_metadata:
        reply.metadata.SetInParent()


def write_generated_group(wanted: Generation, hits: Sequence[Hit], target: pb.SearchReply) -> None:
    """Put the text about all objects into the reply."""
    found = next(
        (hit.generated for hit in hits if hit.generated is not None and hit.generated.grouped is not None), None
    )
    if found is None or not found.grouped:
        return
    if wanted.old:
        target.generative_grouped_result = found.grouped
        return
    reply = target.generative_grouped_results.values.add(result=found.grouped)
    if wanted.grouped_debug and found.grouped_prompt:
        reply.debug.full_prompt = found.grouped_prompt
    if wanted.grouped_metadata:
        reply.metadata.SetInParent()
