"""A search request, read and checked in the server's order: what it asks for, before any shard is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from weaviate_orm.local.filters.clauses import property_named
from weaviate_orm.local.filters.filtering import checked_filter
from weaviate_orm.local.objects import Vector
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema
from weaviate_orm.local.search.boosting import Boost, read_boost
from weaviate_orm.local.search.generating import Generation, read_generation
from weaviate_orm.local.search.near_vectors import read_near_vector, read_vectors
from weaviate_orm.local.search.query_vectors import check_moves
from weaviate_orm.local.search.selection import Chosen, Kind, Metadata, Targets, choose, read_metadata
from weaviate_orm.local.vectors.targets import Combination, TargetQuery, read_combination
from weaviate_orm.local.writing.values import uuid_bytes
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.filters.clauses import Clause
    from weaviate_orm.local.storage.database import Collection, Database
    from weaviate_orm.local.storage.shard import Shard

__all__ = ["MAXIMUM", "Plan", "check_cursor", "check_page", "queries_of", "read_plan"]

_DEFAULT_LIMIT: Final = 10
MAXIMUM: Final = 10_000
_MEDIA: Final = ("near_image", "near_audio", "near_video", "near_depth", "near_thermal", "near_imu")
# In the order in which the server looks for targets; of several searches in one request the last one's count.
_WITH_TARGETS: Final = (
    "hybrid_search",
    "near_audio",
    "near_depth",
    "near_image",
    "near_imu",
    "near_object",
    "near_text",
    "near_thermal",
    "near_vector",
    "near_video",
)
_NEAR: Final = ("near_vector", "near_object", "near_text", *_MEDIA)
_LINK_DEPTH: Final = 5


@dataclass(slots=True)
class Plan:
    """What a request asks for.

    Attributes:
        database: where references and moves lead.
        collection: that is searched.
        request: the message itself, for what needs no reading.
        targets: the vectors that are searched, ``""`` for the unnamed one; a name may repeat. Empty without a vector part.
        combination: how several targets' distances become one.
        weights: of the targets; none where the combination has none.
        queries: the query vectors, where the request has them.
        chosen: properties to return.
        metadata: to return.
        limit: of the page; with ``mmr`` of the window that it chooses from.
        mmr: how results are chosen to differ from each other.
        generation: texts to be written.
        clause: the filter.
        boost: what moves results up or down; ``None`` also when it has no weight.
    """

    database: Database
    collection: Collection
    request: pb.SearchRequest
    targets: Sequence[str] = ()
    combination: Combination = Combination.MINIMUM
    weights: Sequence[float] = ()
    queries: list[TargetQuery] | None = None
    chosen: tuple[Chosen, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    limit: int = _DEFAULT_LIMIT
    mmr: pb.Selection.MMR | None = None
    generation: Generation | None = None
    clause: Clause | None = None
    boost: Boost | None = None

    @property
    def schema(self) -> CollectionSchema:
        """The collection's configuration."""
        return self.collection.schema

    @property
    def tenant(self) -> str:
        """``""`` without multi-tenancy."""
        return self.request.tenant

    @property
    def offset(self) -> int:
        """Results that the page leaves out in front."""
        return self.request.offset

    @property
    def index(self) -> str:
        """What the server calls the collection in words about searches."""
        return self.schema.name.lower()

    def shard(self) -> Shard:
        """Give the shard that is searched.

        Raises:
            Refused: tenancy and request disagree, or the tenant is unknown or COLD.
        """
        return self.collection.shard(self.tenant)

    @property
    def shard_id(self) -> str:
        """What the server calls the shard."""
        return f"{self.index}_{self.collection.shard_names.get(self.tenant, self.tenant)}"

    def has(self, *searches: str) -> bool:
        """Tell whether the request has any of these searches."""
        request: Any = self.request  # the names come from tables of this room
        return any(map(request.HasField, searches))

    @property
    def is_near(self) -> bool:
        """Whether it is a vector search, which a hybrid one is not."""
        return self.has(*_NEAR)

    @property
    def media(self) -> list[str]:
        """The searches by images, sound and the like in it."""
        return [each for each in _MEDIA if self.has(each)]


def read_plan(database: Database, request: pb.SearchRequest) -> Plan:
    """Read a request.

    Raises:
        Refused: it names what is not there, or what cannot be combined.
    """
    collection = database.collection(request.collection)
    plan = Plan(database, collection, request)
    _read_targets(plan)
    targets = Targets(tuple(plan.targets), searched=plan.has(*_WITH_TARGETS))
    plan.metadata = read_metadata(plan.schema, request.metadata, targets)
    try:
        properties = request.properties if request.HasField("properties") else None
        plan.chosen = choose(database, plan.schema, properties, targets)
    except Refused as refusal:
        raise refusal.prefixed("extract properties request: ") from None
    plan.limit = request.limit or _DEFAULT_LIMIT
    _read_near(plan)
    if request.HasField("hybrid_search"):
        _read_hybrid(plan)
    if request.HasField("near_text"):
        check_moves(request.near_text)
        plan.mmr = _mmr(request.near_text.selection)
    if request.HasField("generative"):
        plan.generation = read_generation(plan.schema, request.generative, old=not request.uses_127_api)
    if request.HasField("boost"):
        boost = read_boost(database, plan.schema, request.boost)
        plan.boost = boost if boost.weight > 0 else None
    if request.HasField("filters"):
        plan.clause = checked_filter(database, collection, request.filters)
    if request.sort_by and plan.has(*_NEAR[:6], "hybrid_search", "bm25_search", "generative"):
        raise Refused("sorting cannot be combined with search")
    if request.HasField("group_by"):
        _read_group(plan)
    if plan.mmr is not None:
        _check_mmr(plan, plan.mmr)
    _add_read_by_modules(plan)
    for each in plan.chosen:
        property_named(plan.schema, each.name)
    if _depth(plan.chosen) > _LINK_DEPTH:
        raise Refused(f"nested references depth exceeds QUERY_CROSS_REFERENCE_DEPTH_LIMIT ({_LINK_DEPTH})")
    return plan


def _read_targets(plan: Plan) -> None:
    last = next((each for each in reversed(_WITH_TARGETS) if plan.has(each)), None)
    if last is None:
        return
    message: Any = getattr(plan.request, last)  # all of these have the same two fields
    targets: pb.Targets | None = message.targets if message.HasField("targets") else None
    names: Sequence[str] = message.target_vectors if targets is None else targets.target_vectors
    if names or (targets is not None and targets.combination != pb.CombinationMethod.COMBINATION_METHOD_TYPE_AVERAGE):
        plan.combination, plan.weights = read_combination(targets)
    plan.targets = _target_names(plan.schema, list(names))


def _target_names(schema: CollectionSchema, names: list[str]) -> list[str]:
    """Give the targets: those that are named, or the only one that there is; the one without a name goes before named ones."""
    available = schema.named_vectors
    if not names:
        if schema.has_unnamed_vector:
            return [""]
        if len(available) > 1:
            raise Refused(
                f"extract target vectors: class {schema.name} has multiple vectors, but no target vectors were provided"
            )
        return list(available)
    for name in names:
        if name not in available:
            raise Refused(
                f"extract target vectors: class {schema.name} does not have named vector {name} configured. "
                f"Available named vectors [{' '.join(available)}]"
            )
    return names


def _both_thresholds(name: str, message: Any) -> None:  # all near_* messages have the same two fields
    if message.HasField("distance") and message.HasField("certainty"):
        raise Refused(f"{name}: cannot provide distance and certainty")


def _read_near(plan: Plan) -> None:
    request = plan.request
    if request.HasField("near_vector"):
        near = request.near_vector
        plan.queries = read_near_vector(plan.schema, near, plan.targets, plan.combination, plan.weights)
        _both_thresholds("near_vector", near)
        plan.mmr = _mmr(near.selection)
    if request.HasField("near_object"):
        if not request.near_object.id:
            raise Refused("near_object: id is required")
        plan.mmr = _mmr(request.near_object.selection)
        _both_thresholds("near_object", request.near_object)
    for each in plan.media:
        _both_thresholds(each, getattr(request, each))


def _read_hybrid(plan: Plan) -> None:
    hybrid = plan.request.hybrid_search
    vector = read_vectors("hybrid", hybrid.vectors, hybrid.vector_bytes, hybrid.vector)
    for name in ("near_text", "near_vector"):
        if getattr(hybrid, name).HasField("selection"):
            raise Refused(f"hybrid: selection must be set on the top-level hybrid search, not on the {name} sub-search")
    has_text, has_vector = hybrid.HasField("near_text"), hybrid.HasField("near_vector")
    if has_text:
        check_moves(hybrid.near_text)
    plan.mmr = _mmr(hybrid.selection)
    if has_vector:
        plan.queries = read_near_vector(plan.schema, hybrid.near_vector, plan.targets, plan.combination, plan.weights)
    if has_text and has_vector:
        raise Refused("cannot combine nearText and nearVector in hybrid search")
    if vector is None:
        return
    if has_text:
        raise Refused("cannot combine nearText and query in hybrid search")
    if has_vector:
        raise Refused("cannot combine nearVector and vector in hybrid search")
    if vector.size:
        plan.queries = queries_of(plan, [vector] * len(plan.targets))


def queries_of(plan: Plan, vectors: Sequence[Vector]) -> list[TargetQuery]:
    """Give the queries for vectors that stand for the plan's targets one by one."""
    weights = plan.weights or [1.0] * len(vectors)
    return [TargetQuery(*each) for each in zip(plan.targets, vectors, weights, strict=True)]


def _mmr(selection: pb.Selection) -> pb.Selection.MMR | None:
    return selection.mmr if selection.HasField("mmr") else None


def _check_mmr(plan: Plan, mmr: pb.Selection.MMR) -> None:
    if not mmr.limit:
        raise Refused("MMR limit must be at least 1")
    if mmr.limit > plan.limit:
        raise Refused(f"MMR limit ({mmr.limit}) cannot be larger than the query limit ({plan.limit})")
    if not 0 <= mmr.balance <= 1:
        raise Refused("MMR balance must be between 0 and 1")
    for name in plan.targets:
        if plan.schema.vectors[name].multi:
            raise Refused(f'MMR selection is not supported with multi-vector indexes (target vector "{name}")')


def _read_group(plan: Plan) -> None:
    path = plan.request.group_by.path
    if len(path) != 1:
        raise Refused(f"groupby path can only have one entry, received [{' '.join(path)}]")
    if all(each.name != path[0] for each in plan.chosen):
        reference = property_named(plan.schema, path[0]).is_reference
        plan.chosen += (Chosen(path[0], Kind.HIDDEN if reference else Kind.VALUE),)


def _add_read_by_modules(plan: Plan) -> None:
    """Choose also what a reranker or a generator reads: the server fetches and returns it."""
    names = list(plan.generation.needed) if plan.generation is not None else []
    if plan.request.HasField("rerank") and plan.request.rerank.property:
        names.append(plan.request.rerank.property)
    for name in names:
        if all(each.name != name for each in plan.chosen):
            of = plan.schema.properties.get(name)
            hidden = of is not None and of.data_type in ("blob", "blobHash")
            plan.chosen += (Chosen(name, Kind.HIDDEN if hidden else Kind.VALUE),)


def _depth(chosen: Sequence[Chosen]) -> int:
    """Give how many levels of properties there are, through references."""
    if not chosen:
        return 0
    return 1 + max((_depth(each.link.chosen) for each in chosen if each.link is not None), default=0)


def check_cursor(plan: Plan) -> None:
    """See whether the request may go on after an id.

    Raises:
        Refused: it has something else that decides about rows or their order, or the id is none.
    """
    request = plan.request
    if not request.after:
        return
    prefix = "cursor api: invalid 'after' parameter: "
    if plan.is_near or plan.has("hybrid_search", "bm25_search"):
        raise Refused(f"{prefix}other params cannot be set with after and limit parameters")
    others = [
        name
        for name, given in (
            ("offset", request.offset > 0),
            ("where", request.HasField("filters")),
            ("sort", bool(request.sort_by)),
        )
        if given
    ]
    if others:
        raise Refused(f"{prefix}{','.join(others)} cannot be set with after and limit parameters")
    try:
        uuid_bytes(request.after)
    except ValueError as error:
        raise Refused(f"{prefix}after parameter '{request.after}' is not a valid uuid: {error}") from None


def check_page(offset: int, limit: int) -> None:
    """See whether a page is within the server's bounds.

    Raises:
        Refused: it ends beyond the 10,000th result.
    """
    if offset + limit > MAXIMUM:
        raise Refused(
            "invalid pagination params: query maximum results exceeded: the total limit calculated from the provided offset "
            f"'{offset}' and limit '{limit}' exceeds the configured value for QUERY_MAXIMUM_RESULTS '{MAXIMUM}'. If you've "
            "supplied a negative offset or limit, this may be an underflow error"
        )
