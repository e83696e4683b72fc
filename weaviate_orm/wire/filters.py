"""From a condition's tree to the filter message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.nodes import (
    And,
    Comparison,
    CountSubject,
    IdSubject,
    LengthSubject,
    Link,
    Node,
    Not,
    Operator,
    Or,
    PropertySubject,
    Subject,
    Through,
    TimeSubject,
    Within,
)
from weaviate_orm.expr.text import describe
from weaviate_orm.model.info import model_info
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.features import Feature
from weaviate_orm.wire.writing import plain_operand

__all__ = ["TIMES", "compile_filter", "fill_filter", "needed_features"]

_OPERATORS = {
    Operator.EQUAL: pb.Filters.OPERATOR_EQUAL,
    Operator.NOT_EQUAL: pb.Filters.OPERATOR_NOT_EQUAL,
    Operator.LESS: pb.Filters.OPERATOR_LESS_THAN,
    Operator.LESS_EQUAL: pb.Filters.OPERATOR_LESS_THAN_EQUAL,
    Operator.GREATER: pb.Filters.OPERATOR_GREATER_THAN,
    Operator.GREATER_EQUAL: pb.Filters.OPERATOR_GREATER_THAN_EQUAL,
    Operator.LIKE: pb.Filters.OPERATOR_LIKE,
    Operator.IS_NULL: pb.Filters.OPERATOR_IS_NULL,
    Operator.WITHIN: pb.Filters.OPERATOR_WITHIN_GEO_RANGE,
    Operator.CONTAINS_ANY: pb.Filters.OPERATOR_CONTAINS_ANY,
    Operator.CONTAINS_ALL: pb.Filters.OPERATOR_CONTAINS_ALL,
    Operator.CONTAINS_NONE: pb.Filters.OPERATOR_CONTAINS_NONE,
}

# What the server computes as the exact opposite, objects without the property included.
_OPPOSITES = {
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.CONTAINS_ANY: Operator.CONTAINS_NONE,
    Operator.CONTAINS_NONE: Operator.CONTAINS_ANY,
}

TIMES = {"created_at": "_creationTimeUnix", "updated_at": "_lastUpdateTimeUnix"}
"""The server's names of the timestamps, in filters and sort keys."""

Path = tuple[tuple[Link, type[object]], ...]


def compile_filter(node: Node) -> pb.Filters:
    """Give the message for a condition.

    Raises:
        InvalidQueryError: a negation inside ``has()`` that the protocol cannot express.
    """
    message = pb.Filters()
    fill_filter(message, node)
    return message


def fill_filter(message: pb.Filters, node: Node) -> None:
    """Write a condition into a request's own message, which spares a copy.

    Raises:
        InvalidQueryError: a negation inside ``has()`` that the protocol cannot express.
    """
    _fill(message, node, ())


def needed_features(node: Node | None) -> tuple[Feature, ...]:
    """Give the features that a condition needs and not every supported server has."""
    if node is None:
        return ()
    found: dict[Feature, None] = {}
    _collect_features(node, found)
    return tuple(found)


def _collect_features(node: Node, found: dict[Feature, None]) -> None:
    if isinstance(node, Comparison):
        if node.operator is Operator.CONTAINS_NONE:
            found[Feature.CONTAINS_NONE] = None
    elif isinstance(node, (And, Or)):  # a union would be made anew each time
        for each in node.nodes:
            _collect_features(each, found)
    else:
        if isinstance(node, Not):
            found[Feature.NOT_FILTER] = None
        _collect_features(node.node, found)


def _fill(message: pb.Filters, node: Node, path: Path) -> None:
    match node:
        case Comparison():
            operator, subject = node.operator, node.subject
            if path and operator is Operator.CONTAINS_NONE:
                _fill(message, _none_of(node, path), path)
                return
            message.operator = _OPERATORS[operator]
            if not path and isinstance(subject, PropertySubject):
                message.target.property = subject.attribute.name
            else:
                _set_target(message.target, subject, path)
            _set_value(message, node.operand)
        case And():
            message.operator = pb.Filters.OPERATOR_AND
            add = message.filters.add
            for each in _joined(node):
                _fill(add(), each, path)
        case Or(nodes):
            message.operator = pb.Filters.OPERATOR_OR
            for each in nodes:
                _fill(message.filters.add(), each, path)
        case Not(inner):
            if path:
                _fill(message, _negated(inner, path), path)
            else:
                message.operator = pb.Filters.OPERATOR_NOT
                _fill(message.filters.add(), inner, path)
        case Through(link, inner, target):
            _fill(message, inner, (*path, (link, target)))


def _joined(node: And) -> Iterator[Node]:
    """Give the members, those of members that join too in their place: ``where()`` called five times is five levels deep."""
    for each in node.nodes:
        if isinstance(each, And):
            yield from _joined(each)
        else:
            yield each


def _negated(node: Node, path: Path) -> Node:
    """Give a negation behind a reference as a comparison: a NOT there would be applied outside, to the referring object."""
    if isinstance(node, Comparison):
        if node.operator in _OPPOSITES:
            return Comparison(node.subject, _OPPOSITES[node.operator], node.operand)
        if node.operator is Operator.IS_NULL:
            return Comparison(node.subject, Operator.IS_NULL, not node.operand)
    link = path[-1][0]
    raise InvalidQueryError(
        f"{link}.has(~({describe(node)})): behind a reference the server negates only ==, contains_any() and is_null(). "
        f"To find objects without such a reference, negate outside: ~{link}.has(...).",
        field=str(link),
    )


def _none_of(node: Comparison, path: Path) -> Node:
    """Give contains_none() behind a reference as comparisons: the server would negate outside, and what refers to nothing would pass."""
    different = tuple(
        Comparison(node.subject, Operator.NOT_EQUAL, each) for each in cast("tuple[object, ...]", node.operand)
    )
    many = next((link for link, _ in path if link.many), None)
    if many is not None and len(different) > 1:
        raise InvalidQueryError(
            f"{many}.has({describe(node)}): behind a list of references the server answers for each value by itself, so several could be "
            f"fulfilled by different objects. To find objects without such a reference, negate outside: ~{many}.has(...).",
            field=str(many),
        )
    return different[0] if len(different) == 1 else And(different)


def _set_target(message: pb.FilterTarget, subject: Subject, path: Path) -> None:
    for link, model in path:
        reference = model_info(link.owner).references[link.field]
        if len(reference.targets) == 1:
            message.single_target.on = link.name
            message = message.single_target.target
        else:
            message.multi_target.on = link.name
            message.multi_target.target_collection = model_info(model).collection
            message = message.multi_target.target
    match subject:
        case PropertySubject(attribute):
            message.property = attribute.name
        case LengthSubject(attribute):
            message.property = f"len({attribute.name})"
        case CountSubject(link):
            message.count.on = link.name
        case IdSubject():
            message.property = "_id"
        case TimeSubject(name):
            message.property = TIMES[name]


def _set_value(message: pb.Filters, operand: object) -> None:
    if isinstance(operand, str):
        message.value_text = operand
    elif isinstance(operand, bool):
        message.value_boolean = operand
    elif isinstance(operand, int):
        message.value_int = operand
    elif isinstance(operand, float):
        message.value_number = operand
    elif isinstance(operand, tuple):
        _set_values(message, cast("tuple[object, ...]", operand))  # isinstance leaves the elements unknown
    elif isinstance(operand, Within):
        message.value_geo.latitude = operand.latitude
        message.value_geo.longitude = operand.longitude
        message.value_geo.distance = operand.distance
    else:
        text = plain_operand(operand)  # of dates and ids
        if not isinstance(text, str):
            raise TypeError(f"no filter value for {operand!r}")  # operands.py lets nothing else through
        message.value_text = text


def _set_values(message: pb.Filters, values: tuple[Any, ...]) -> None:  # all of one type, by operands.py
    first = values[0]
    if isinstance(first, str):
        message.value_text_array.values.extend(values)
    elif isinstance(first, bool):
        message.value_boolean_array.values.extend(values)
    elif isinstance(first, int):
        message.value_int_array.values.extend(values)
    elif isinstance(first, float):
        message.value_number_array.values.extend(values)
    else:
        message.value_text_array.values.extend(str(plain_operand(each)) for each in values)  # of dates and ids
