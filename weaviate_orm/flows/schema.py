"""Creating, dropping and checking collections: what takes several calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from weaviate_orm.errors import CollectionNotFoundError, ModelDefinitionError, SchemaMismatchError
from weaviate_orm.flows.retry import Retry, retrying
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.info import model_info
from weaviate_orm.schema.config import CollectionConfig, ReferenceConfig
from weaviate_orm.schema.diff import Difference, diff
from weaviate_orm.schema.from_model import collection_config
from weaviate_orm.schema.json import to_json
from weaviate_orm.wire.call import Flow
from weaviate_orm.wire.schema import (
    compile_add_reference,
    compile_collection_exists,
    compile_create,
    compile_drop,
    compile_get_collection,
)

__all__ = [
    "Creatable",
    "Named",
    "check_models",
    "collection_name",
    "create_collections",
    "drop_collections",
    "ensure_collection",
]

Named: TypeAlias = type[WeaviateModel] | CollectionConfig | str
Creatable: TypeAlias = type[WeaviateModel] | CollectionConfig | Mapping[str, object]


def collection_name(what: Named) -> str:
    """Give the name of a collection that is named by model, configuration or text."""
    if isinstance(what, str):
        return what
    return what.name if isinstance(what, CollectionConfig) else model_info(what).collection


def _config(what: Creatable) -> CollectionConfig | Mapping[str, object]:
    if isinstance(what, type):
        return collection_config(model_info(what))
    if isinstance(what, CollectionConfig | Mapping):
        return what
    raise ModelDefinitionError(f"create() takes models, collection configurations or JSON mappings, got {what!r}.")


def create_collections(whats: Sequence[Creatable], *, exist_ok: bool, retry: Retry) -> Flow[None]:
    """Create collections so that every reference leads to one that exists.

    A collection is created with the references whose targets are there already; the others, of a cycle, are added when all are there.

    Raises:
        ModelDefinitionError: a model cannot be represented, before anything is created.
        CollectionNotFoundError: a reference leads to a collection that is neither given nor on the server, before anything is created.
        CollectionExistsError: a collection is there already, unless ``exist_ok``.
    """
    given = [_config(each) for each in whats]
    configs = {each.name: each for each in given if isinstance(each, CollectionConfig)}
    bodies = [(str(each.get("class", "")), each) for each in given if isinstance(each, Mapping)]
    yield from _check_targets(configs, [name for name, _ in bodies], retry)
    for name, body in bodies:
        yield from _create(name, body, exist_ok, retry)
    created: set[str] = set()
    later: list[tuple[str, ReferenceConfig]] = []
    for config in _ordered(configs):
        absent = [each for each in config.references if not _present(each, configs, created | {config.name})]
        kept = tuple(each for each in config.references if each not in absent)
        made = yield from _create(config.name, to_json(replace(config, references=kept)), exist_ok, retry)
        created.add(config.name)
        if made:
            later += [(config.name, each) for each in absent]
    for collection, reference in later:
        yield from retrying(compile_add_reference(collection, reference), retry)


def _create(name: str, body: Mapping[str, object], exist_ok: bool, retry: Retry) -> Flow[bool]:
    """Create one collection; give whether it was made now."""
    if exist_ok and (yield from retrying(compile_collection_exists(name), retry)):
        return False
    yield from retrying(compile_create(body), retry)
    return True


def _check_targets(configs: Mapping[str, CollectionConfig], given: Iterable[str], retry: Retry) -> Flow[None]:
    """Make sure that references lead to collections of ``configs``, to others that are ``given``, or to some on the server."""
    asked = set(given)
    for config in configs.values():
        for reference in config.references:
            for target in reference.targets:
                if target in configs or target in asked:
                    continue
                asked.add(target)
                if not (yield from retrying(compile_collection_exists(target), retry)):
                    raise CollectionNotFoundError(
                        f"{config.name}.{reference.name} leads to {target}, which has no collection yet. "
                        f"Create both at once, in any order: schema.create({target}, {config.name}).",
                        collection=target,
                    )


def _present(reference: ReferenceConfig, configs: Mapping[str, CollectionConfig], created: set[str]) -> bool:
    return all(target in created or target not in configs for target in reference.targets)


def _ordered(configs: Mapping[str, CollectionConfig]) -> list[CollectionConfig]:
    """Give the configurations so that targets come before what refers to them, as far as cycles allow."""
    ordered: list[CollectionConfig] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name in seen or name not in configs:
            return
        seen.add(name)
        for reference in configs[name].references:
            for target in reference.targets:
                visit(target)
        ordered.append(configs[name])

    for name in configs:
        visit(name)
    return ordered


def drop_collections(whats: Sequence[Named], retry: Retry) -> Flow[None]:
    """Drop collections with all their objects; those that are not there are passed over."""
    for name in [collection_name(each) for each in whats]:
        yield from retrying(compile_drop(name), retry)


def ensure_collection(model: type[WeaviateModel], verified: set[type], retry: Retry) -> Flow[None]:
    """Make sure, once a model and session, that the collection has what the model writes.

    Without this a server with auto-schema, which is its default, would make up what is missing: a collection or property of its own
    guess, which cannot be taken back.

    Args:
        model: what is about to be written.
        verified: the models that were looked at already; grows.
        retry: for the call.

    Raises:
        CollectionNotFoundError: there is no collection.
        SchemaMismatchError: a property, reference or vector of the model is not in it, or has another type there.
    """
    if model in verified:
        return
    found = yield from check_models([model], retry)
    wrong = [each for each in found if each.kind == "missing" or each.setting in ("data type", "reference to")]
    if wrong:
        raise SchemaMismatchError(
            f"The collection of {model.__name__} differs from the model: {'; '.join(map(str, wrong))}. "
            "Nothing was written. Change the model or create the collection anew; "
            f"session.schema.check({model.__name__}) lists every difference.",
            collection=model_info(model).collection,
        )
    verified.add(model)


def check_models(models: Sequence[type[WeaviateModel]], retry: Retry) -> Flow[list[Difference]]:
    """Compare models with their collections.

    Raises:
        CollectionNotFoundError: a model has no collection.
    """
    found: list[Difference] = []
    for model in models:
        expected = collection_config(model_info(model))
        actual = yield from retrying(compile_get_collection(expected.name), retry)
        if actual is None:
            raise CollectionNotFoundError(
                f"{model.__name__} has no collection {expected.name!r} yet. Create it: schema.create({model.__name__}).",
                collection=expected.name,
            )
        found += diff(expected, actual)
    return found
