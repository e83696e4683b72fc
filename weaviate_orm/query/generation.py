"""What a generative model is asked to make of the results: checked prompts, and everything that goes with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

from weaviate_orm.errors import InvalidQueryError, near_names
from weaviate_orm.expr.nodes import PropertySubject
from weaviate_orm.expr.operators import Expression
from weaviate_orm.query.checks import checked_text
from weaviate_orm.query.media import Media, media_text

if TYPE_CHECKING:
    from weaviate_orm.generative.provider import Provider
    from weaviate_orm.model.info import ModelInfo, PropertyInfo
    from weaviate_orm.query.statement import Statement

__all__ = ["Generation", "check_generation", "generating"]

# What the server takes for a placeholder; it has no escape. Braces around anything else stay as they are.
_PLACEHOLDER: Final = re.compile(r"\{([\w\s]*?)\}", re.ASCII)
_BLOBS: Final = ("blob", "blobHash")


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """A prompt for each object, a task for all of them, or both.

    Attributes:
        single: asked about each object, with the names of properties in braces.
        grouped: asked about all of them together.
        named: the properties in braces.
        properties: what the task is given of each object; empty for all properties.
        provider: of the model; ``None`` for the collection's own module.
        images: shown with every prompt: base64.
        image_properties: whose images are shown with the prompt.
        debug: whether the filled prompts are given back.
        metadata: whether what the provider reports is given back.
    """

    single: str | None
    grouped: str | None
    named: tuple[PropertyInfo, ...] = ()
    properties: tuple[PropertyInfo, ...] = ()
    provider: Provider | None = None
    images: tuple[str, ...] = ()
    image_properties: tuple[PropertyInfo, ...] = ()
    debug: bool = False
    metadata: bool = False

    def __str__(self) -> str:
        given = (("single", self.single), ("grouped", self.grouped), ("provider", self.provider))
        return f"generate({', '.join(f'{name}={value!r}' for name, value in given if value is not None)})"


def generating(
    statement: Statement,
    *,
    single: str | None,
    grouped: str | None,
    grouped_properties: Sequence[Expression[Any]],  # of any type
    provider: Provider | None,
    images: Sequence[Media],
    image_properties: Sequence[Expression[Any]],  # the builders' methods say of which type
    debug: bool = False,
    metadata: bool = False,
) -> Statement:
    """Give a statement with the clause for what ``generate()`` was called with.

    Raises:
        InvalidQueryError: no prompt or an empty one, a placeholder or property that the model has not, or what the provider or the
            server cannot do.
        InvalidValueError: an image that is none, or a prompt that cannot be encoded.
        OSError: an image's file cannot be read.
    """
    info = statement.info
    if single is None and grouped is None:
        raise InvalidQueryError(
            "generate() takes a prompt for each object (single=...), a task for all of them (grouped=...), or both."
        )
    properties = _properties(info, grouped_properties, "grouped_properties")
    if grouped is None and properties:
        raise InvalidQueryError(
            "generate(grouped_properties=...) says what grouped=... is given; there is no grouped=...."
        )
    for each in properties:
        if each.data_type.base in _BLOBS:
            raise InvalidQueryError(
                f"generate(grouped_properties=...) takes properties that have a text; {info.name}.{each.field} is a blob. "
                "Images go in image_properties=....",
                field=f"{info.name}.{each.field}",
            )
    named: tuple[PropertyInfo, ...] = ()
    if single is not None:
        named = _named(info, "single", single, tuple(info.properties.values()))
    if grouped is not None:
        _named(info, "grouped", grouped, properties or tuple(info.properties.values()))
    if isinstance(images, str | bytes | bytearray | PathLike) or not isinstance(images, Sequence):
        raise InvalidQueryError(
            f"generate() takes a list as images, also of one: images=[...]; got {type(images).__name__}."
        )
    shown = tuple(media_text(each, "generate(images=[...])") for each in images)
    blobs = _properties(info, image_properties, "image_properties")
    for each in blobs:
        if each.data_type.base != "blob" or each.data_type.array:
            raise InvalidQueryError(
                f"generate(image_properties=...) takes properties that hold images, declared as Property[bytes]; "
                f"{info.name}.{each.field} is {each.data_type.name}.",
                field=f"{info.name}.{each.field}",
            )
    chosen = _chosen_provider(info, provider, images=bool(shown or blobs), metadata=metadata)
    return replace(
        statement, generation=Generation(single, grouped, named, properties, chosen, shown, blobs, debug, metadata)
    )


def check_generation(statement: Statement) -> None:
    """Refuse what does not go with prompts, in whichever order the steps were taken.

    Raises:
        InvalidQueryError: an order, or details of a text about a group.
    """
    generation = statement.generation
    if generation is None:
        return
    if statement.order:
        raise InvalidQueryError(
            "generate() does not go with order_by(); the server refuses both together. Leave one of them out, or rank by a search."
        )
    if statement.grouping is not None and (generation.debug or generation.metadata):
        raise InvalidQueryError(
            "generate(debug=True) and generate(metadata=True) do not go with group_by(): the server gives only the texts about groups."
        )


def _named(
    info: ModelInfo, argument: str, prompt: str, available: tuple[PropertyInfo, ...]
) -> tuple[PropertyInfo, ...]:
    """Give the properties that a prompt names."""
    if not isinstance(prompt, str) or not prompt.strip():
        raise InvalidQueryError(f"generate({argument}=...) takes a text that is not empty, got {prompt!r}.")
    checked_text(prompt, f"generate({argument}=...)")
    by_name = {each.name: each for each in available}
    found: list[PropertyInfo] = []
    for name in _PLACEHOLDER.findall(prompt):
        known = by_name.get(name)
        if known is None:
            raise InvalidQueryError(f"generate({argument}=...): {_unknown(info, name, by_name)}")
        if known.data_type.base in _BLOBS:
            raise InvalidQueryError(
                f"generate({argument}=...): {info.name}.{known.field} is a blob, which has no text to fill in. "
                "Images go in image_properties=....",
                field=f"{info.name}.{known.field}",
            )
        found.append(known)
    return tuple(found)


def _unknown(info: ModelInfo, name: str, available: Iterable[str]) -> str:
    written = f"{{{name}}}"
    bare = name.strip()
    if not bare:
        return f"{written} names no property; the server takes braces around nothing for a placeholder. Leave them out."
    if bare != name and bare in available:
        return f"{written} has blanks in it, which the server takes for part of the name. Write {{{bare}}}."
    same_field = info.properties.get(bare)
    if same_field is not None and same_field.name != bare:
        return (
            f"{written} names the field; in the collection it is {same_field.name!r}. An f-string writes the right name: "
            f'f"... {{{info.name}.{bare}}}".'
        )
    if any(each.name == bare for each in info.properties.values()):
        return f"{written} is not among the grouped_properties, so the server could not fill it in."
    return (
        f"{written} names no property of {info.name} in the collection.{near_names(bare, available)} "
        "Braces around a word are a placeholder to the server, and it has no way to write them otherwise."
    )


def _properties(
    info: ModelInfo, expressions: Sequence[Expression[Any]], argument: str
) -> tuple[PropertyInfo, ...]:  # of any type
    found: list[PropertyInfo] = []
    given: object = expressions  # whatever an untyped caller passes
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise InvalidQueryError(
            f"generate({argument}=...) takes a list of properties of {info.name}, got {expressions!r}."
        )
    for each in expressions:
        subject = each._subject if isinstance(each, Expression) else None
        if not isinstance(subject, PropertySubject) or not issubclass(info.model, subject.attribute.owner):
            raise InvalidQueryError(f"generate({argument}=...) takes properties of {info.name}, got {each!r}.")
        known = info.properties.get(subject.attribute.field)
        if known is None:
            raise InvalidQueryError(f"generate({argument}=...) takes whole properties of {info.name}, got {each!r}.")
        found.append(known)
    return tuple(dict.fromkeys(found))


def _chosen_provider(info: ModelInfo, given: Provider | None, *, images: bool, metadata: bool) -> Provider | None:
    if given is None and not (images or metadata):
        return None
    from weaviate_orm.generative.provider import Provider, plain_provider  # most programs never name one

    if given is not None and not isinstance(given, Provider):
        raise InvalidQueryError(
            f"generate(provider=...) takes a value of weaviate_orm.generative, such as openai(model=...), got {given!r}."
        )
    declared = info.options.generative
    module = None if declared is None else declared.module
    if given is not None and given.kind == "dummy" and module != given.module:
        # The server reads every provider but this one, and would use the collection's module without a word.
        raise InvalidQueryError(
            f"generate(provider=dummy()) works only where the model declares it: class {info.name}(..., generative=generative_dummy())."
        )
    if not (images or metadata):
        return given
    # Images and the wish for metadata travel with a provider; an empty one of the collection's own module changes nothing else.
    provider = plain_provider(module) if given is None and module is not None else given
    wanted = "images" if images else "metadata=True"
    if provider is None:
        raise InvalidQueryError(
            f"generate({wanted}) needs to know the provider: provider=..., or class {info.name}(..., generative=...)."
        )
    if images and not provider.takes_images:
        raise InvalidQueryError(f"generate(): the server shows no images to {provider.kind}; it takes text only.")
    if metadata and not provider.reports:
        raise InvalidQueryError(
            f"generate(metadata=True): the server has no metadata of {provider.kind}. Leave it out."
        )
    return provider
