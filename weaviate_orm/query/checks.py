"""What a model can say about a query before it is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, Literal, TypeAlias, get_args
from uuid import UUID

from weaviate_orm.errors import InvalidQueryError, InvalidValueError
from weaviate_orm.expr.nodes import (
    And,
    Attribute,
    Comparison,
    CountSubject,
    Embedding,
    IdSubject,
    Inclusion,
    LengthSubject,
    Node,
    Not,
    Operator,
    Or,
    PropertySubject,
    SortKey,
    Through,
    TimeSubject,
)
from weaviate_orm.model.info import ModelInfo, PropertyInfo, ReferenceInfo, VectorInfo, model_info, owner_of
from weaviate_orm.schema.from_model import inverted_index
from weaviate_orm.schema.modules import self_provided

__all__ = [
    "MOST_IN_INT32",
    "ConsistencyLevel",
    "check_condition",
    "check_inclusion",
    "check_order",
    "check_targets",
    "checked_consistency",
    "checked_id",
    "checked_tenant",
    "checked_text",
    "declared_property",
    "embeds_text",
    "has_tenants",
    "is_number",
    "merged",
]

ConsistencyLevel: TypeAlias = Literal["ONE", "QUORUM", "ALL"]
"""How many replicas must agree."""

MOST_IN_INT32: Final = 2**31 - 1
"""The largest whole number that most numbers of a request can be."""

_MOST_IN_FLOAT32: Final = 3.4028234e38

_TENANT = re.compile(r"[A-Za-z0-9_-]{1,64}")


def checked_tenant(name: str) -> str:
    """Give a tenant's name.

    Raises:
        InvalidValueError: the server would not take it.
    """
    if not isinstance(name, str) or not _TENANT.fullmatch(name):
        raise InvalidValueError(f"A tenant's name is 1 to 64 letters, digits, '-' and '_', not {name!r:.80}.")
    return name


def has_tenants(info: ModelInfo) -> bool:
    """Tell whether every object of a model belongs to a tenant."""
    tenancy = info.options.multi_tenancy
    return tenancy is not None and tenancy.enabled


def checked_consistency(level: ConsistencyLevel) -> ConsistencyLevel:
    """Give a consistency level.

    Raises:
        InvalidValueError: there is no such level.
    """
    if level not in get_args(ConsistencyLevel):
        raise InvalidValueError(f"A consistency level is 'ONE', 'QUORUM' or 'ALL', not {level!r:.80}.")
    return level


def check_condition(info: ModelInfo, node: Node) -> None:
    """Refuse a condition that the model's collection cannot answer.

    Raises:
        InvalidQueryError: it is about another model, or needs an index that the model does not declare.
    """
    match node:
        case Comparison(PropertySubject(attribute), operator) if (
            attribute.owner is info.model and operator is not Operator.IS_NULL
        ):
            pass  # read from this very class, and needs no index of its own
        case Comparison():
            _check_owner(info, owner_of(node.subject), node.subject)
            if not isinstance(node.subject, TimeSubject | IdSubject):
                _check_declaration(info, node.subject)
            _check_index(info, node)
        case And(nodes) | Or(nodes):
            for inner in nodes:
                check_condition(info, inner)
        case Not(inner):
            check_condition(info, inner)
        case Through(link, inner, target):
            _check_owner(info, link.owner, str(link))
            _check_declaration(info, CountSubject(link))
            if link.many and _joins(inner):
                raise InvalidQueryError(
                    f"{link}.has() takes one comparison, or several joined with |: the server answers each comparison by itself, "
                    "so several joined with & could be fulfilled by different objects. "
                    f"If that is meant, write {link}.has(a) & {link}.has(b).",
                    field=str(link),
                )
            check_condition(model_info(target), inner)


def _joins(node: Node) -> bool:
    """Tell whether a condition joins comparisons with ``&``, at whatever depth and behind whatever further references."""
    match node:
        case And():
            return True
        case Or(nodes):
            return any(map(_joins, nodes))
        case Not(inner) | Through(_, inner):
            return _joins(inner)
        case Comparison():
            return False


def declared_property(info: ModelInfo, attribute: Attribute) -> PropertyInfo:
    """Give the model's own property that an expression names.

    Raises:
        InvalidQueryError: it is a property of another model, or one that the model declares anew.
    """
    _check_owner(info, attribute.owner, attribute)
    _check_declaration(info, PropertySubject(attribute))
    return info.properties[attribute.field]


def _check_declaration(info: ModelInfo, subject: PropertySubject | LengthSubject | CountSubject) -> None:
    """Refuse a field read from a base class where the model declares it again under another name or type in the collection."""
    own: PropertyInfo | ReferenceInfo
    if isinstance(subject, CountSubject):
        field = subject.link.field
        own = info.references[field]
        same = own.name == subject.link.name
    else:
        attribute = subject.attribute
        field = attribute.field
        own = info.properties[field]
        held = own.data_type
        same = own.name == attribute.name and held.base == attribute.base and held.array == attribute.array
    if not same:
        meant = (
            repr(subject.link.name)
            if isinstance(subject, CountSubject)
            else f"{subject.attribute.name!r} ({subject.attribute.data_type})"
        )
        raise InvalidQueryError(
            f"{subject} is the property {meant} of its own collection, but {info.name} declares {field} anew. "
            f"Use {info.name}.{field}.",
            field=str(subject),
        )


def _check_owner(info: ModelInfo, owner: type[object] | None, subject: object) -> None:
    # The subject is text only in the error: this runs for every comparison of every query.
    if owner is None or issubclass(info.model, owner):
        return
    paths = [each for each in info.references.values() if any(issubclass(target, owner) for target in each.targets)]
    way = (
        f" Ask through the reference: {info.name}.{paths[0].field}.has(...)."
        if paths
        else f" The query is over {info.name}; use its own attributes."
    )
    raise InvalidQueryError(f"{subject} is not a property of {info.name}.{way}", field=str(subject))


def _check_index(info: ModelInfo, node: Comparison) -> None:
    if isinstance(node.subject, PropertySubject) and node.operator is not Operator.IS_NULL:
        return  # needs no index of its own; the others are worked out anew each time
    index = inverted_index(info)
    if isinstance(node.subject, TimeSubject) and not index.timestamps:
        needed = "timestamps"
    elif isinstance(node.subject, LengthSubject) and not index.property_length:
        needed = "property_length"
    elif node.operator is Operator.IS_NULL and not index.null_state:
        needed = "null_state"
    else:
        return
    raise InvalidQueryError(
        f"A filter on {node.subject} ({node.operator.value}) needs an index that {info.name} does not declare: "
        f"class {info.name}(WeaviateModel, inverted_index=InvertedIndex({needed}=True)). "
        "A collection gets it when it is created and not later.",
        field=str(node.subject),
    )


def embeds_text(vector: VectorInfo) -> bool:
    """Tell whether the server can embed a query for this vector; it cannot when the vectors are self-provided."""
    vectorizer = vector.options.vectorizer
    return vectorizer is not None and not isinstance(vectorizer, self_provided)


def check_order(info: ModelInfo, order: tuple[SortKey, ...]) -> None:
    """Refuse sort keys of another model.

    Raises:
        InvalidQueryError: names the key.
    """
    for key in order:
        _check_owner(info, owner_of(key.subject), str(key.subject))
        if isinstance(key.subject, PropertySubject):
            _check_declaration(info, key.subject)


def checked_id(value: object, method: str) -> UUID:
    """Give an object's id.

    Raises:
        InvalidValueError: no UUID; its text would be compared with ids and equal none.
    """
    if isinstance(value, UUID):
        return value
    raise InvalidValueError(f"{method} takes the id as a UUID, got {value!r}. Make one of a text with UUID(...).")


def is_number(value: object) -> bool:
    """Tell whether something is a number that a float32, as weights and forces travel, does not turn into infinity."""
    # A comparison takes whole numbers of any size, math.isfinite() does not; NaN is never between two numbers.
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and -_MOST_IN_FLOAT32 <= value <= _MOST_IN_FLOAT32
    )


def checked_text(text: str, where: str) -> str:
    """Give a text that can be sent.

    Raises:
        InvalidValueError: half of a surrogate pair is in it, which UTF-8 has no bytes for.
    """
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise InvalidValueError(
                f"{where} takes a text that can be encoded, got {text!r:.80}: {error.reason} at position {error.start}. Decode the "
                "bytes it came from with errors='replace'."
            ) from None
    return text


def merged(inclusions: Iterable[Inclusion]) -> tuple[Inclusion, ...]:
    """Give each reference once, with all that shall be included behind it: asked for twice, its objects would come twice."""
    found: dict[str, Inclusion] = {}
    for each in inclusions:
        known = found.get(each.link.field)
        found[each.link.field] = each if known is None else _both(known, each)
    return tuple(replace(each, nested=merged(each.nested)) if each.nested else each for each in found.values())


def _both(one: Inclusion, other: Inclusion) -> Inclusion:
    vectors: bool | tuple[Embedding, ...]
    if isinstance(one.vectors, bool) or isinstance(other.vectors, bool):
        vectors = (one.vectors is True or other.vectors is True) or one.vectors or other.vectors
    else:
        vectors = tuple(dict.fromkeys((*one.vectors, *other.vectors)))
    return Inclusion(one.link, (*one.nested, *other.nested), vectors, one.ids_only and other.ids_only)


def check_inclusion(info: ModelInfo, inclusion: Inclusion) -> None:
    """Refuse references of another model, and those whose objects the server cannot give, at every depth.

    Raises:
        InvalidQueryError: names the reference.
    """
    link = inclusion.link
    _check_owner(info, link.owner, str(link))
    reference = info.references[link.field]
    check_targets(info, reference)
    names = " or ".join(each.__name__ for each in reference.targets)
    for nested in inclusion.nested:
        targets = [each for each in reference.targets if issubclass(each, nested.link.owner)]
        if not targets:
            raise InvalidQueryError(f"{link} leads to {names}, which {nested.link} does not belong to.")
        for target in targets:
            check_inclusion(model_info(target), nested)
    if inclusion.vectors is True:
        if not any(model_info(each).vectors for each in reference.targets):
            raise InvalidQueryError(f"{link} leads to {names}, which declares no vector to load.", field=str(link))
    elif inclusion.vectors:
        for vector in inclusion.vectors:
            if not any(issubclass(each, vector.owner) for each in reference.targets):
                raise InvalidQueryError(f"{link} leads to {names}, which {vector} does not belong to.", field=str(link))


def check_targets(info: ModelInfo, reference: ReferenceInfo) -> None:
    """Refuse a reference out of a tenant to a model without tenants.

    Raises:
        InvalidQueryError: names the reference.
    """
    where = f"{info.name}.{reference.field}"
    for target in map(model_info, reference.targets):
        if has_tenants(info) and not has_tenants(target):
            # The server looks for what is referred to in the tenant of the query, also where there are no tenants.
            raise InvalidQueryError(
                f"{where} leads from {info.name}, which has tenants, to {target.name}, which has none, and the server "
                f"cannot give its objects in a query of a tenant. Filter through it with {where}.has(...), or give both "
                "models tenants.",
                field=where,
            )
