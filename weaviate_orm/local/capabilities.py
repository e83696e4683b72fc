"""The one list of what the engine does not do, and of what it answers like a server that was started without special settings.

Two tables: ``CAPABILITIES`` for what a server does and the engine does not, each with a way out; and paths that a server itself refuses
by default, with its words. ``unsupported_path`` looks up both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from weaviate_orm.local.refusals import Refused, RestShape, Unsupported
from weaviate_orm.wire.status import ENGINE_LACKS

__all__ = ["CAPABILITIES", "Capability", "unsupported", "unsupported_path"]

_SERVER: Final = 'use a server (`Session("http://...")` or `Embedded()`)'


@dataclass(frozen=True, slots=True)
class Capability:
    """Something that a server does and the engine does not.

    Attributes:
        name: for tests and for ``unsupported``.
        feature: in a user's words.
        way_out: what to do instead.
        paths: REST paths below ``/v1`` that answer with this, and all below them.
        silent: not refused: the engine takes the setting and the rest works, as on a server with default settings.
    """

    name: str
    feature: str
    way_out: str
    paths: tuple[str, ...] = ()
    silent: bool = False


def _by_name(*capabilities: Capability) -> Mapping[str, Capability]:
    return {one.name: one for one in capabilities}


CAPABILITIES: Final[Mapping[str, Capability]] = _by_name(
    Capability("graphql", "GraphQL", f"use the query methods, which do the same, or {_SERVER}", ("/graphql",)),
    Capability(
        "backups",
        "backups",
        "close the session and copy its file",
        ("/backups",),
    ),
    Capability(
        "roles_and_users",
        "users, groups, roles and API keys",
        f"leave access to your own program, or {_SERVER}",
        ("/authz", "/users/db", "/experimental/export-db-users", "/experimental/import-db-users"),
    ),
    Capability(
        "classifications",
        "classifications",
        f"search and set the reference yourself, or {_SERVER}",
        ("/classifications",),
    ),
    Capability(
        "offloading",
        "tenants in cold storage (FROZEN, OFFLOADED)",
        "make the tenant COLD, or use a server with an offload module",
    ),
    Capability(
        "embedding",
        "an embedder for this vectorizer",
        'pip install "weaviate-typed-orm[local]" for WordLlama, pass one (`InProcess(embedder=...)`), or provide vectors yourself',
    ),
    Capability(
        "reranking",
        "a reranker",
        "pass one (`InProcess(reranker=...)`): a callable from a query and documents to scores",
    ),
    Capability(
        "generating",
        "a generator",
        "pass one (`InProcess(generator=...)`): a callable from a prompt to a text",
    ),
    Capability(
        "generating_from_images",
        "a generator that takes images",
        "pass one with a method `generate_with_images` (`InProcess(generator=...)`), or leave the images out",
    ),
    Capability(
        "media_vectorizers",
        "an embedder of images, sound or video",
        "pass one with a method `embed_media` (`InProcess(embedder=...)`), or provide vectors yourself",
    ),
    Capability(
        "multi_vector_vectorizers",
        "vectorizers that make several vectors of a text",
        "pass an embedder for that module (`InProcess(embedder={module: ...})`), provide multi-vectors yourself, or "
        + _SERVER,
    ),
    Capability(
        "phone_numbers",
        "phone numbers without their library",
        'pip install "weaviate-typed-orm[local]", or store them as text',
    ),
    Capability(
        "token_counts",
        "token counts of generators",
        "count them in the generator, or " + _SERVER,
        silent=True,
    ),
    Capability(
        "dictionary_tokenization",
        "tokenization by dictionary (gse, gse_ch, kagome_ja, kagome_kr)",
        'use tokenization="trigram", or a server with ENABLE_TOKENIZER_... set',
        silent=True,
    ),
    Capability(
        "expiry",
        "objects that expire",
        "delete by a filter on a date, or use a server with OBJECTS_TTL_DELETE_SCHEDULE set",
        silent=True,
    ),
    Capability(
        "approximate_search",
        "approximate search and quantization",
        "nothing to do: every index is searched exactly, settings are kept and given back",
        silent=True,
    ),
    Capability(
        "several_nodes",
        "more than one node, replication and moving of shards",
        "use a cluster of servers",
        silent=True,
    ),
    Capability(
        "asynchronous_indexing",
        "the dynamic index, which needs asynchronous indexing",
        "use hnsw or flat, or a server with ASYNC_INDEXING set",
        silent=True,
    ),
    Capability(
        "reindexing",
        "indexes of properties that are added or rebuilt later",
        "copy the objects into a new collection, or use a server with RUNTIME_REINDEX_ENABLED set",
        silent=True,
    ),
)
"""By name, in the order of the documentation."""


def unsupported(name: str, detail: str = "") -> Unsupported:
    """Give the refusal of a capability; ``name`` as in ``CAPABILITIES``, ``detail`` follows the feature."""
    one = CAPABILITIES[name]
    return Unsupported(f"{ENGINE_LACKS} {one.feature}{detail}: {one.way_out}.")


@dataclass(frozen=True, slots=True)
class _Off:
    """A path that a server refuses unless it was started otherwise. ``*`` stands for one segment, a last ``**`` for any rest."""

    pattern: str
    text: str
    http: int
    shape: RestShape = RestShape.ERRORS
    methods: tuple[str, ...] = ()


_OFF: Final = (
    _Off("/replication/**", "", 501, RestShape.EMPTY),
    _Off("/namespaces/**", "namespaces are not enabled", 404),
    _Off("/export/**", "export API is disabled; enable it via EXPORT_ENABLED=true or the runtime config", 422),
    _Off(
        "/mcp",
        "MCP server is not enabled. To enable it, either set MCP_SERVER_ENABLED=true (requires restart) or set "
        "mcp_server_enabled: true in the runtime overrides YAML (no restart needed). See "
        "https://docs.weaviate.io/weaviate/mcp/mcp-server",
        503,
        methods=("POST", "DELETE"),
    ),
    *(
        _Off(
            pattern,
            "rest search api is experimental and not enabled; set EXPERIMENTAL_REST_SEARCH_ENABLED=true to enable",
            422,
            methods=("POST",),
        )
        for pattern in ("/search/*/*", "/aggregate/*")
    ),
    *(
        _Off(pattern, "runtime reindex is disabled; enable with RUNTIME_REINDEX_ENABLED=true", 400, methods=(method,))
        for method, pattern in (
            ("PUT", "/schema/*/properties/*/index/*"),
            ("POST", "/schema/*/properties/*/index/*/rebuild"),
            ("POST", "/schema/*/properties/*/index/*/cancel"),
        )
    ),
    _Off(
        "/schema/*/vectors/*/index",
        "alter schema drop vector index endpoint is experimental and disabled by default, set the environment variable "
        "ENABLE_EXPERIMENTAL_ALTER_SCHEMA_DROP_VECTOR_INDEX_ENDPOINT=true to enable it",
        500,
        methods=("DELETE",),
    ),
)


def unsupported_path(method: str, path: str) -> Refused | None:
    """Give the refusal of a REST request that the engine does not answer, ``None`` when it may.

    Args:
        method: ``"GET"``, ``"POST"``, ...
        path: below ``/v1``.
    """
    parts = tuple(part for part in path.split("/") if part)
    for one in CAPABILITIES.values():
        if any(parts[: len(prefix)] == prefix for prefix in _prefixes(one)):
            return unsupported(one.name)
    for off in _OFF:
        if (not off.methods or method in off.methods) and _fits(tuple(off.pattern[1:].split("/")), parts):
            return Refused(off.text, http=off.http, shape=off.shape)
    return None


def _prefixes(one: Capability) -> Iterator[tuple[str, ...]]:
    for path in one.paths:
        yield tuple(path[1:].split("/"))


def _fits(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    if pattern[-1] == "**":
        return parts[: len(pattern) - 1] == pattern[:-1]
    return len(pattern) == len(parts) and all(
        expected in ("*", given) for expected, given in zip(pattern, parts, strict=True)
    )
