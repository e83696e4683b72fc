"""The tree as text, for ``repr`` and error messages."""

from __future__ import annotations

from typing import cast

from weaviate_orm.expr.nodes import And, Comparison, Node, Not, Operator, Or, Through, Within

__all__ = ["describe"]


def describe(node: Node) -> str:
    """Give the tree in the words it was written in: ``Article.word_count > 100 & Article.title.like('a*')``."""
    match node:
        case Comparison():
            return _comparison(node)
        case And(nodes):
            return " & ".join(_bracketed(inner) for inner in nodes)
        case Or(nodes):
            return " | ".join(_bracketed(inner) for inner in nodes)
        case Not(inner):
            return f"~{_bracketed(inner)}"
        case Through(link, inner):
            return f"{link}.has({describe(inner)})"


def _bracketed(node: Node) -> str:
    text = describe(node)
    return text if isinstance(node, Through) else f"({text})"


_METHODS = {
    Operator.LIKE: "like",
    Operator.CONTAINS_ANY: "contains_any",
    Operator.CONTAINS_ALL: "contains_all",
    Operator.CONTAINS_NONE: "contains_none",
}


def _comparison(node: Comparison) -> str:
    operator, operand = node.operator, node.operand
    if operator is Operator.IS_NULL:
        return f"{node.subject}.is_null({'' if operand else 'False'})"
    if isinstance(operand, Within):
        return f"{node.subject}.within({operand.latitude}, {operand.longitude}, metres={operand.distance})"
    if operator in _METHODS:
        # isinstance leaves the elements unknown
        shown = list(cast("tuple[object, ...]", operand)) if isinstance(operand, tuple) else operand
        return f"{node.subject}.{_METHODS[operator]}({shown!r})"
    return f"{node.subject} {operator.value} {operand!r}"
