"""Prompts as messages, and from the reply to the texts that a generative model wrote: about each hit, each group, and all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.model.info import ModelInfo, PropertyInfo, VectorInfo
from weaviate_orm.query.generated import (
    AnswerReader,
    Generated,
    GeneratedGroups,
    GenerationDetails,
    GenerativeGroup,
    GenerativeHit,
)
from weaviate_orm.query.generation import Generation
from weaviate_orm.query.grouping import Group
from weaviate_orm.query.projection import Projection
from weaviate_orm.query.statement import ANYWHERE, Scope, Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall
from weaviate_orm.wire.collector import read_rows
from weaviate_orm.wire.features import Feature
from weaviate_orm.wire.grouping import compile_groups
from weaviate_orm.wire.hydrate import compile_hydrate, read_vectors
from weaviate_orm.wire.requested import set_object
from weaviate_orm.wire.search import compile_search

if TYPE_CHECKING:
    from google.protobuf.internal.containers import RepeatedCompositeFieldContainer

    from weaviate_orm.generative.provider import Provider

__all__ = ["compile_generated", "compile_generated_groups"]

_YOUNG: Final = {
    "contextualai": Feature.GENERATE_CONTEXTUALAI,
    "deepseek": Feature.GENERATE_DEEPSEEK,
    "nvidia": Feature.GENERATE_NVIDIA,
    "xai": Feature.GENERATE_XAI,
}
"""Providers that not every server with per-query providers has."""


def compile_generated(
    statement: Statement, scope: Scope = ANYWHERE
) -> GrpcCall[Generated[Any]]:  # the builder knows the class
    """Give the call for a statement with prompts; its result is the hits with their texts, best (or first) first."""
    generation, search = _generation(statement), compile_search(statement, scope)
    # A new message each time, which nobody else has seen yet.
    assert isinstance(search.request, pb.SearchRequest)
    _set_generation(search.request, statement, generation)
    read_hits = _hits_reader(
        statement.info,
        statement.projection,
        statement.inclusions,
        statement.vectors,
        _ANSWERS if generation.single is not None else _DETAILS,
    )
    # With both prompts the server gives the details of one answer with the other.
    grouped_only = generation.single is None

    def read(reply: pb.SearchReply) -> Generated[Any]:
        hits = read_hits(reply)
        if generation.grouped is None or not hits:
            return Generated(hits)
        answer = _answer(reply.generative_grouped_results)
        return Generated(hits, answer.result, _read_details(answer) if grouped_only else GenerationDetails())

    return GrpcCall(search.rpc, search.request, read, search.collection, (*search.needs, *_features(generation)))


@lru_cache(maxsize=2048)
def _hits_reader(
    info: ModelInfo,
    projection: Projection | None,
    inclusions: tuple[Inclusion, ...],
    wanted: tuple[VectorInfo, ...],
    answers: AnswerReader,
) -> Callable[[pb.SearchReply], list[GenerativeHit[Any]]]:
    hydrate = compile_hydrate(info, projection, inclusions, wanted)
    vectors = read_vectors(wanted)

    def hits(reply: pb.SearchReply) -> list[GenerativeHit[Any]]:
        return [
            GenerativeHit(hydrate(result.properties, metadata), metadata, vectors, result, answers)
            for result in reply.results
            for metadata in (result.metadata,)
        ]

    return lambda reply: read_rows(hits, reply, len(reply.results))


def compile_generated_groups(
    statement: Statement, scope: Scope = ANYWHERE
) -> GrpcCall[GeneratedGroups[Any, Any]]:  # the builder knows key and class
    """Give the call for a statement with prompts and a grouping; its result is the groups with their texts.

    Raises:
        InvalidQueryError: there is no search, or one of which the server groups by other properties only.
    """
    generation, search = _generation(statement), compile_groups(statement, scope)
    assert isinstance(search.request, pb.SearchRequest)
    _set_generation(search.request, statement, generation)
    read_groups: Callable[[pb.SearchReply], list[Group[Any, Any]]] = search.read

    def read(reply: pb.SearchReply) -> GeneratedGroups[Any, Any]:
        # The texts are in the fields of old servers, whatever the request's form.
        groups = [
            GenerativeGroup[Any, Any].of(group, generation.single and result.generative.result)
            for group, result in zip(read_groups(reply), reply.group_by_results, strict=True)
        ]
        return GeneratedGroups(groups, reply.generative_grouped_result if groups and generation.grouped else None)

    return GrpcCall(search.rpc, search.request, read, search.collection, (*search.needs, *_features(generation)))


def _features(generation: Generation) -> tuple[Feature, ...]:
    """Give what the server must have."""
    young = None if generation.provider is None else _YOUNG.get(generation.provider.kind)
    return (Feature.GENERATE,) if young is None else (Feature.GENERATE, young)


def _set_generation(request: pb.SearchRequest, statement: Statement, generation: Generation) -> None:
    """Write the prompts into a request."""
    message = request.generative
    image_names = [each.name for each in generation.image_properties]
    read = generation.named
    if generation.single is not None:
        message.single.prompt = generation.single
        message.single.debug = generation.debug
        _set_provider(message.single.queries, generation, image_names)
    if generation.grouped is not None:
        message.grouped.task = generation.grouped
        # The server keeps one setting for both prompts, the later one.
        message.grouped.debug = generation.debug
        _set_provider(message.grouped.queries, generation, image_names)
        properties = generation.properties or _texts(statement.info)
        read = (*read, *properties)
        # Beside images a task is given no texts, or of some providers beside texts no images, unless the request names both.
        if generation.properties or image_names:
            message.grouped.properties.values.extend((*(each.name for each in properties), *image_names))
    if statement.projection is not None:
        _request(request.properties, read, image_names)


def _request(message: pb.PropertiesRequest, read: Iterable[PropertyInfo], image_names: Iterable[str]) -> None:
    """Ask for what a projection leaves out and the server does not fetch by itself for its prompts: images, and nested objects."""
    message.non_ref_properties.extend(name for name in image_names if name not in message.non_ref_properties)
    requested = {each.prop_name: each for each in message.object_properties}
    for each in read:
        if each.data_type.base != "object":
            continue
        if each.name not in requested:
            requested[each.name] = message.object_properties.add()
        # What the projection asks of the object may be a part of it.
        requested[each.name].Clear()
        set_object(requested[each.name], each.name, each.data_type.nested)


def _texts(info: ModelInfo) -> tuple[PropertyInfo, ...]:
    """Give what a task is given unless it names something, as far as the model knows."""
    return tuple(each for each in info.properties.values() if each.data_type.base not in ("blob", "blobHash"))


def _set_provider(
    queries: RepeatedCompositeFieldContainer[pb.GenerativeProvider], generation: Generation, image_names: Sequence[str]
) -> None:
    provider = generation.provider
    if provider is None:
        return
    query = queries.add(return_metadata=generation.metadata)
    message = getattr(query, provider.kind)
    message.SetInParent()
    _set_options(message, provider)
    if generation.images:
        message.images.values.extend(generation.images)
    if image_names:
        message.image_properties.values.extend(image_names)


def _set_options(message: Any, provider: Provider) -> None:  # of the provider's own class
    for name, value in provider.fields().items():
        if isinstance(value, tuple):
            getattr(message, name).values.extend(value)
        elif (enum := message.DESCRIPTOR.fields_by_name[name].enum_type) is not None:
            setattr(message, name, enum.values_by_name[f"{name}_{value}".upper()].number)
        else:
            setattr(message, name, value)


def _generation(statement: Statement) -> Generation:
    assert statement.generation is not None, "only queries with prompts get here"
    return statement.generation


_NO_ANSWER: Final = pb.GenerativeReply()


def _text(result: pb.SearchResult) -> str:
    return _answer(result.generative).result


def _no_text(result: pb.SearchResult) -> None:
    return None


def _details(result: pb.SearchResult) -> GenerationDetails:
    return _read_details(_answer(result.generative))


_ANSWERS: Final = AnswerReader(_text, _details)
_DETAILS: Final = AnswerReader(_no_text, _details)
"""For a query without a prompt for each hit."""


def _answer(result: pb.GenerativeResult) -> pb.GenerativeReply:
    return result.values[0] if result.values else _NO_ANSWER


_NO_DETAILS: Final = GenerationDetails()


def _read_details(answer: pb.GenerativeReply) -> GenerationDetails:
    """Give how an answer came about."""
    if not answer.HasField("debug") and not answer.HasField("metadata"):
        return _NO_DETAILS
    from weaviate_orm.wire.provider_metadata import read_metadata  # most programs never ask for it

    debug = answer.debug
    prompt = debug.full_prompt if debug.HasField("full_prompt") else None
    return GenerationDetails(prompt, read_metadata(answer.metadata))
