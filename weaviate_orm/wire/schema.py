"""Collections over REST: create, read, list, drop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote

from weaviate_orm.errors import ProtocolError
from weaviate_orm.schema.config import CollectionConfig, ReferenceConfig
from weaviate_orm.schema.json import from_json, reference_to_json
from weaviate_orm.wire.call import Patience, RestCall, RestReply

__all__ = [
    "compile_add_reference",
    "compile_collection_exists",
    "compile_create",
    "compile_drop",
    "compile_get_collection",
    "compile_list_collections",
]


def _nothing(reply: RestReply) -> None:
    return None


def _path(collection: str) -> str:
    return f"/schema/{quote(collection, safe='')}"


def compile_create(body: Mapping[str, object]) -> RestCall[None]:
    """Create the collection that a JSON body describes."""
    return RestCall(
        "POST", "/schema", _nothing, body=dict(body), patience=Patience.INSERT, collection=str(body.get("class", ""))
    )


def compile_add_reference(collection: str, reference: ReferenceConfig) -> RestCall[None]:
    """Add a reference property to a collection."""
    return RestCall(
        "POST",
        f"{_path(collection)}/properties",
        _nothing,
        body=reference_to_json(reference),
        patience=Patience.INSERT,
        collection=collection,
    )


def compile_get_collection(collection: str) -> RestCall[CollectionConfig | None]:
    """Read a collection's configuration; ``None`` when there is none of that name."""

    def read(reply: RestReply) -> CollectionConfig | None:
        return None if reply.status == 404 else from_json(_mapping(reply.body))

    return RestCall(
        "GET", _path(collection), read, accept=frozenset({200, 404}), repeatable=True, collection=collection
    )


def compile_list_collections() -> RestCall[list[CollectionConfig]]:
    """Read the configurations of all collections, sorted by name."""

    def read(reply: RestReply) -> list[CollectionConfig]:
        classes: Any = _mapping(reply.body).get("classes") or []  # JSON null when there is none
        return sorted((from_json(_mapping(each)) for each in classes), key=lambda config: config.name)

    return RestCall("GET", "/schema", read, repeatable=True)


def compile_collection_exists(collection: str) -> RestCall[bool]:
    """Ask whether a collection exists."""
    return RestCall(
        "GET",
        _path(collection),
        lambda reply: reply.status == 200,
        accept=frozenset({200, 404}),
        repeatable=True,
        collection=collection,
    )


def compile_drop(collection: str) -> RestCall[None]:
    """Delete a collection with all its objects; nothing happens when there is none."""
    return RestCall(
        "DELETE", _path(collection), _nothing, patience=Patience.INSERT, repeatable=True, collection=collection
    )


def _mapping(body: object) -> Mapping[str, object]:
    if not isinstance(body, dict):
        raise ProtocolError(f"expected a JSON object from the server, got {type(body).__name__}")
    return cast("Mapping[str, object]", body)  # JSON objects have text keys
