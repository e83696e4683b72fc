"""What may be asked of a property: checked on the whole filter before any of it is answered, all mistakes in one text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from weaviate_orm.local.filters.clauses import (
    CONTAINS,
    ID_NAMES,
    NESTED,
    TIME_NAMES,
    Clause,
    Operator,
    length_subject,
    property_named,
    schema_named,
)
from weaviate_orm.local.filters.operands import go_type
from weaviate_orm.local.refusals import Refused

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Database

__all__ = ["NESTED_REFUSAL", "check_filter"]

NESTED_REFUSAL: Final = (
    "filtering on nested properties is a preview feature, disabled by default; "
    "set WEAVIATE_PREVIEW_NESTED_FILTERING=true to enable"
)

_COMPARISONS: Final = frozenset(
    {
        Operator.EQUAL,
        Operator.NOT_EQUAL,
        Operator.LESS_THAN,
        Operator.LESS_THAN_EQUAL,
        Operator.GREATER_THAN,
        Operator.GREATER_THAN_EQUAL,
    }
)


def check_filter(database: Database, clause: Clause) -> None:
    """Check a filter against the schema.

    Raises:
        Refused: a value of another kind than the property, or an operator that its data type does not have.
    """
    if clause.operands is None:
        _check_leaf(database, clause)
        return
    problems: list[str] = []
    for place, child in enumerate(clause.operands):
        try:
            check_filter(database, child)
        except Refused as refused:
            problems.append(f"child operand at position {place}: {refused.text}")
    if problems:
        raise Refused(", ".join(problems))


def _check_leaf(database: Database, clause: Clause) -> None:
    step = clause.path[-1]
    if step.property in ID_NAMES:
        _require(clause.type == "text", 'using ["_id"] to filter by uuid: must use "valueText" to specify the id')
        return
    if step.property in TIME_NAMES:
        reason = f'using ["{step.property}"] to filter by timestamp: must use "valueText" or "valueDate"'
        _require(clause.type in ("date", "text"), reason)
        return
    subject = length_subject(step.property)
    name = step.property if subject is None else subject
    property = property_named(schema_named(database, step.collection), name)
    if property.data_type in NESTED:
        raise Refused(NESTED_REFUSAL)
    if clause.operator is Operator.IS_NULL:
        reason = f"operator IsNull requires a booleanValue, got {_value_name(clause.type)} instead"
        _require(clause.type == "boolean", reason)
    elif subject is not None:
        _check_length(clause)
    elif property.element == "uuid":
        _check_uuid(clause, name)
    elif property.is_reference:
        _require(
            clause.type == "int",
            f'Property "{name}" is a ref prop to the class "{property.targets[0]}". Only "valueInt" can be used on a ref '
            "prop directly to count the number of refs. Or did you mean to filter on a primitive prop of the referenced "
            "class? In this case make sure your path contains 3 elements in the form of "
            "[<propName>, <ClassNameOfReferencedClass>, <primitvePropOnClass>]",
        )
    else:
        _require(
            clause.type == property.element,
            f'data type filter cannot use "{_value_name(clause.type)}" on type "{property.data_type}", '
            f'use "{_value_name(property.element)}" instead',
        )


def _check_length(clause: Clause) -> None:
    reason = f'Filtering for property length requires IntValue, got "{_value_name(clause.type)}" instead'
    _require(clause.type == "int", reason)
    _require(
        clause.operator in _COMPARISONS,
        "Filtering for property length supports operators (not) equal and greater/less than (equal), "
        f"got {int(clause.operator)} instead",
    )
    operand = clause.operand
    if not isinstance(operand, int) or isinstance(operand, bool):
        assert operand is not None
        raise Refused(f"panic occurred: interface conversion: interface {{}} is {go_type(operand)}, not int")
    _require(operand >= 0, f"Can only filter for positive property length got {operand} instead")


def _check_uuid(clause: Clause, name: str) -> None:
    _require(
        clause.type == "text",
        f'property "{name}" is of type "uuid" or "uuid[]": specify uuid as string using "valueText"',
    )
    allowed = clause.operator in _COMPARISONS or clause.operator in CONTAINS
    _require(allowed, f'operator "{clause.operator.label}" cannot be used on uuid/uuid[] props')


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise Refused(reason)


def _value_name(kind: str) -> str:
    return f"value{kind[:1].upper()}{kind[1:]}"
