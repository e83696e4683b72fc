"""What is asked of references: one tree for includes and projections, and the requests that it takes.

The server looks up what one request asks of a reference in a single collection. A reference with several target models therefore takes
one request for each of them, and their replies are joined as messages, before anything is made of them. Order: by target model as the
reference declares them, and as stored within each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.model.info import ModelInfo, PropertyInfo, ReferenceInfo, VectorInfo, model_info
from weaviate_orm.query.projection import Projection
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.identity import result_id_text

__all__ = [
    "Choice",
    "LinkAsked",
    "Suspect",
    "TargetAsked",
    "join",
    "linked",
    "name_targets",
    "nested_for",
    "remove",
    "requests",
    "suspects",
    "vectors_asked",
    "vectors_for",
]


@dataclass(frozen=True, slots=True, eq=False)
class TargetAsked:
    """What is asked of the objects of one model that a reference leads to. The id always is."""

    info: ModelInfo
    properties: tuple[PropertyInfo, ...]
    times: tuple[str, ...]
    vectors: tuple[VectorInfo, ...]
    links: tuple[LinkAsked, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LinkAsked:
    """A reference, and what is asked of each of its target models."""

    reference: ReferenceInfo
    targets: tuple[TargetAsked, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What one request asks of one reference: objects of one target model.

    Attributes:
        reference: the reference.
        target: the model, and what is asked of its objects.
        links: what is asked of their references.
        whole: whether the objects are asked for; otherwise an earlier request had them, and this one brings more of their references.
        extra: whether they are asked for because the same objects may come farther below, where they are wanted; see ``_widened``.
    """

    reference: ReferenceInfo
    target: TargetAsked
    links: tuple[Choice, ...]
    whole: bool
    extra: bool = False


def nested_for(target: type[object], inclusion: Inclusion) -> tuple[Inclusion, ...]:
    """Give the nested inclusions that belong to one of a reference's target models."""
    return tuple(each for each in inclusion.nested if issubclass(target, each.link.owner))


def vectors_for(target: ModelInfo, inclusion: Inclusion) -> tuple[VectorInfo, ...]:
    """Give the vectors to load with the objects of one of a reference's target models."""
    if isinstance(inclusion.vectors, bool):
        return tuple(target.vectors.values()) if inclusion.vectors else ()
    return tuple(target.vectors[each.field] for each in inclusion.vectors if issubclass(target.model, each.owner))


def linked(info: ModelInfo, projection: Projection | None, inclusions: tuple[Inclusion, ...]) -> tuple[LinkAsked, ...]:
    """Give what a query asks of references."""
    if projection is not None:
        return _projected(projection)
    return tuple(_included(info.references[each.link.field], each) for each in inclusions)


def _included(reference: ReferenceInfo, inclusion: Inclusion) -> LinkAsked:
    targets: list[TargetAsked] = []
    for target in map(model_info, reference.targets):
        if inclusion.ids_only:
            targets.append(TargetAsked(target, (), (), (), ()))
        else:
            links = linked(target, None, nested_for(target.model, inclusion))
            targets.append(
                TargetAsked(target, tuple(target.properties.values()), (), vectors_for(target, inclusion), links)
            )
    return LinkAsked(reference, tuple(targets))


def _projected(projection: Projection) -> tuple[LinkAsked, ...]:
    return tuple(
        LinkAsked(
            link.reference,
            tuple(
                TargetAsked(
                    target.info,
                    target.properties,
                    tuple(each.attribute for each in target.measures if each.attribute != "id"),
                    tuple(each.vector for each in target.vectors),
                    _projected(target),
                )
                for target in link.targets
            ),
        )
        for link in projection.links
    )


@lru_cache(maxsize=2048)
def requests(
    info: ModelInfo, projection: Projection | None, inclusions: tuple[Inclusion, ...]
) -> tuple[tuple[Choice, ...], ...]:
    """Give what each of the requests asks of references.

    It is one request unless a reference has several target models, or two references lead to the same model and different references
    are asked for behind them.
    """
    return tuple(tuple(map(_widened, row)) for row in _requests(linked(info, projection, inclusions)))


def _requests(links: tuple[LinkAsked, ...]) -> tuple[tuple[Choice, ...], ...]:
    rows: list[list[Choice]] = [[]]
    for link in links:
        choices = [
            Choice(link.reference, target, nested, whole=position == 0)
            for target in link.targets
            for position, nested in enumerate(_requests(target.links))
        ]
        row = 0
        for choice in choices:
            # References beside each other go together where they can; those of one reference go one after the other.
            while row < len(rows) and any(_disturbs(choice, other) for other in rows[row]):
                row += 1
            if row == len(rows):
                rows.append([])
            rows[row].append(choice)
            row += 1
    return tuple(map(tuple, rows))


def _disturbs(one: Choice, other: Choice) -> bool:
    """Tell whether two choices cannot be in one request.

    However many references lead to an object, the server reads it once a request, with the references that one of them asks for; which
    one is a matter of luck (seen in 1.39.3).
    """
    mine, theirs = _behind(one), _behind(other)
    return any(mine[each] != theirs[each] for each in mine.keys() & theirs.keys())


def _behind(choice: Choice) -> dict[str, set[object]]:
    """Give what is asked for behind the objects of each collection, anywhere in a choice."""
    found: dict[str, set[object]] = {choice.target.info.collection: {_form(choice)}}
    for each in choice.links:
        for collection, forms in _behind(each).items():
            found.setdefault(collection, set()).update(forms)
    return found


def _form(choice: Choice) -> object:
    return frozenset((each.reference.name, each.target.info.collection, _form(each)) for each in choice.links)


def _widened(choice: Choice) -> Choice:
    """Give a choice that asks for all that is asked for below it, behind objects of the same collection.

    An object that a chain of references leads to twice is read with what its first place asks for, the one nearest to the start; the
    others would lack the rest (seen in 1.39.3).
    """
    links = tuple(map(_widened, choice.links))
    for below in _below(links):
        if below.target.info.collection == choice.target.info.collection:
            links = _with_extra(links, below.links)
    return replace(choice, links=links)


def _below(links: Iterable[Choice]) -> Iterator[Choice]:
    for each in links:
        yield each
        yield from _below(each.links)


def _with_extra(links: tuple[Choice, ...], more: tuple[Choice, ...]) -> tuple[Choice, ...]:
    found = {each.reference.name: each for each in links}
    for each in more:
        known = found.get(each.reference.name)
        if known is None:
            found[each.reference.name] = replace(each, extra=True)
        elif known.target.info.collection == each.target.info.collection:
            found[each.reference.name] = replace(known, links=_with_extra(known.links, each.links))
    return tuple(found.values())


def vectors_asked(choices: Iterable[Choice]) -> dict[str, tuple[VectorInfo, ...]]:
    """Give the vectors that a request asks for, by collection.

    They have to be asked for wherever a reference leads to the collection, for the same reason: an object that two references lead to
    has the vectors that one of them asks for.
    """
    found: dict[str, tuple[VectorInfo, ...]] = {}
    for choice in choices:
        for collection, vectors in (
            (choice.target.info.collection, choice.target.vectors if choice.whole else ()),
            *vectors_asked(choice.links).items(),
        ):
            found[collection] = tuple(dict.fromkeys((*found.get(collection, ()), *vectors)))
    return found


# Joining replies. Ids are compared as text, which every reply has.


def _by_name(choices: Iterable[Choice]) -> dict[str, Choice]:
    return {each.reference.name: each for each in choices}


def name_targets(properties: pb.PropertiesResult, choices: tuple[Choice, ...]) -> None:
    """Write the collections' names as the models have them into what came, and take out what was only asked for to have it below.

    A model may know its collection by an alias.
    """
    known = _by_name(choices)
    for held in properties.ref_props:
        choice = known[held.prop_name]
        if choice.extra:
            del held.properties[:]
        for each in held.properties:
            each.target_collection = choice.target.info.collection
            name_targets(each, choice.links)


def join(properties: pb.PropertiesResult, more: pb.PropertiesResult, choices: tuple[Choice, ...]) -> None:
    """Add to an object what a further request, which asked for ``choices``, gave of the same object."""
    known = _by_name(choices)
    places = {each.prop_name: each for each in properties.ref_props}
    for held in more.ref_props:
        choice = known[held.prop_name]
        place = places.get(held.prop_name)
        if choice.extra:
            continue
        if choice.whole:
            if place is None:
                place = properties.ref_props.add(prop_name=held.prop_name)
            for each in held.properties:
                added = place.properties.add()
                added.CopyFrom(each)
                added.target_collection = choice.target.info.collection
                name_targets(added, choice.links)
        elif place is not None:
            found = {result_id_text(each.metadata): each for each in held.properties}
            for each in place.properties:
                same = found.get(result_id_text(each.metadata))
                if same is not None and each.target_collection == choice.target.info.collection:
                    join(each, same, choice.links)


@dataclass(frozen=True, slots=True)
class Suspect:
    """An object that a reference may not lead to: several target models have one with this id, and the server gave each.

    It looks for the ids that a reference holds without looking at the collections that it holds them with.
    """

    source: ModelInfo
    reference: ReferenceInfo
    target: ModelInfo
    id: str


def suspects(
    info: ModelInfo, properties: pb.PropertiesResult, source: str, links: tuple[LinkAsked, ...]
) -> Iterator[tuple[Suspect, str]]:
    """Give the suspects among the objects behind an object's references, at every depth, each with the id of what refers to it."""
    known = {each.reference.name: each for each in links}
    for held in properties.ref_props:
        link = known.get(held.prop_name)
        if link is None:  # an extra
            continue
        targets = {each.info.collection: each for each in link.targets}
        seen: dict[str, set[str]] = {}
        for each in held.properties:
            seen.setdefault(result_id_text(each.metadata), set()).add(each.target_collection)
        for each in held.properties:
            id_ = result_id_text(each.metadata)
            # A reference to a single model gives its objects without a name that matters.
            target = targets[each.target_collection] if len(targets) > 1 else link.targets[0]
            if len(seen[id_]) > 1:
                yield Suspect(info, link.reference, target.info, id_), source
            if target.links:
                yield from suspects(target.info, each, id_, target.links)


def remove(
    info: ModelInfo,
    properties: pb.PropertiesResult,
    source: str,
    links: tuple[LinkAsked, ...],
    refuted: set[tuple[Suspect, str]],
) -> None:
    """Take the suspects out that turned out to be behind no reference, and what remains of a doubtful id more than once.

    For every time that a reference holds an id, the server gives the objects of all targets that have it.
    """
    known = {each.reference.name: each for each in links}
    for held in properties.ref_props:
        link = known.get(held.prop_name)
        if link is None:  # an extra
            continue
        targets = {each.info.collection: each for each in link.targets}
        for position in reversed(range(len(held.properties))):
            each = held.properties[position]
            target = targets[each.target_collection] if len(targets) > 1 else link.targets[0]
            id_ = result_id_text(each.metadata)
            if (Suspect(info, link.reference, target.info, id_), source) in refuted:
                del held.properties[position]
            elif target.links:
                remove(target.info, each, id_, target.links, refuted)
        _keep_once(held)


def _keep_once(held: pb.RefPropertiesResult) -> None:
    """Give every object of an id that a reference holds of several targets once; how often it holds each, nothing tells."""
    places: dict[str, dict[str, list[int]]] = {}
    for position, each in enumerate(held.properties):
        places.setdefault(result_id_text(each.metadata), {}).setdefault(each.target_collection, []).append(position)
    several = (by_target for by_target in places.values() if len(by_target) > 1)
    repeated = [position for by_target in several for positions in by_target.values() for position in positions[1:]]
    for position in sorted(repeated, reverse=True):
        del held.properties[position]
